# Methods that change a bytearray; an exported buffer forbids resizing.
def t(f):
    try:
        print(repr(f()))
    except Exception as e:
        print(type(e).__name__, e)


a = bytearray(b'abc')
t(lambda: a.append(256))
t(lambda: a.append('a'))
t(lambda: a.append(-1))
t(lambda: a.extend('a'))
t(lambda: a.extend(1))
t(lambda: a.extend([256]))
t(lambda: a.extend(['a']))
t(lambda: a.insert(0,256))
t(lambda: a.insert('a',1))
t(lambda: a.pop(10))
t(lambda: a.remove(256))
t(lambda: a.remove(5))
t(lambda: a.remove('a'))
t(lambda: a.__setitem__(0,256))
t(lambda: a.__setitem__(0,'a'))
t(lambda: a.__setitem__(10,1))
t(lambda: a.__setitem__('a',1))
t(lambda: a.__setitem__(slice(0,1),'a'))
t(lambda: a.__setitem__(slice(0,1),5))
t(lambda: a.__setitem__(slice(0,1),b'xyz'))
t(lambda: a.__setitem__(slice(0,None,2),b'xyz'))
t(lambda: a.__delitem__(10))
t(lambda: a.__delitem__(slice(None,None,2)))
t(lambda: a)
t(lambda: a.__iadd__(1))
t(lambda: a.__iadd__('a'))
t(lambda: a.__imul__(2))
t(lambda: a.__imul__('a'))
t(lambda: a.reverse())
t(lambda: a.copy())
t(lambda: a.clear())
a = bytearray(b'abc')
m = memoryview(a)
t(lambda: a.append(1))
t(lambda: a.clear())
t(lambda: a.extend(b''))
t(lambda: a.extend(b'x'))
t(lambda: a.pop())
t(lambda: a.__setitem__(slice(0,1),b'xx'))
t(lambda: a.__setitem__(slice(0,1),b'x'))
t(lambda: a.__init__(b'x'))
t(lambda: a.__iadd__(b''))
t(lambda: a.__imul__(1))
t(lambda: a.__imul__(2))
t(lambda: a.insert(0,1))
t(lambda: a.remove(99))
t(lambda: a.__delitem__(0))
m.release()
a.append(33)
print(a)

# slices
for start in (None, 0, 1, -2, 5):
    for stop in (None, 0, 3, -1):
        for step in (1, 2, -1, -2):
            a = bytearray(range(65, 73))
            s = slice(start, stop, step)
            print(start, stop, step, a[s], end=' ')
            del a[s]
            print(a, end=' ')
            a = bytearray(range(65, 73))
            n = len(a[s])
            a[s] = bytes(range(97, 97 + n))
            print(a)
a = bytearray(b'0123456789')
a[2:5] = b'abcdef'
print(a)
a[2:8] = b''
print(a)
a[3:3] = a
print(a)
a[:0] = [1, 2, 3]
print(a)
try:
    a += a
except BufferError as e:
    print(e)
a.extend(a)
print(a)
a *= 2
print(len(a))
b = bytearray()
for i in range(1000):
    b.append(i % 256)
while len(b) > 3:
    b.pop(0)
print(b)
for i in range(300):
    b += bytes([i % 7])
print(len(b), sum(b))
