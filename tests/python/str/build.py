# Concatenation, repetition, join, growth in place, slices and indexing.
parts = ['', 'a', 'bc', 'é', '\u1234', '\U0001f600']
for a in parts:
    for b in parts:
        print(ascii(a + b), len(a + b), a * 3 == a + a + a, (a + b)[::-1] == b[::-1] + a[::-1], end=' ')
    print()
for sep in ['', ',', 'é', '\u1234\U0001f600']:
    print(ascii(sep.join(parts)), ascii(sep.join(tuple(parts))), ascii(sep.join(c for c in 'xyz')), sep.join([]),
          sep.join(['q']), ascii(sep.join({'k': 1})), ascii(sep.join('abc')))
s = ''
for i in range(2000):
    s += chr(97 + i % 26)
print(len(s), s[:30], s[-10:], hash(s) == hash(''.join(chr(97 + i % 26) for i in range(2000))))
s = 'x'
for i in range(300):
    t = s
    s += 'é' if i == 150 else '\U0001f600' if i == 250 else 'y'
    if i in (149, 150, 151, 249, 250, 299):
        print(len(t), len(s), ascii(s[-2:]), ascii(t[-1]))
s = 'ab'
s += s
s += s[1:] + s
print(s)
d = {}
key = 'k'
for i in range(5):
    d[key] = i
    key += 'k'
print(d, key)


class C:
    pass


c = C()
c.s = ''
for i in range(100):
    c.s += str(i)
print(len(c.s), c.s[:20])
lst = ['']
for i in range(100):
    lst[0] += 'z'
print(lst[0] == 'z' * 100)
for s in ('', 'a', 'abcdefgh', 'éé\u1234\U0001f600xyz'):
    for start in (None, 0, 1, -2, 5, 100):
        for stop in (None, 0, 2, -1, 100):
            for step in (None, 1, 2, -1, -3):
                print(ascii(s[start:stop:step]), end=' ')
    print()
print([ 'abc'[i] for i in range(-3, 3)], 'é\u1234'[1] == '\u1234', 'abc'[True])
print('a' * 0, 'a' * -5, 'ab' * True, 3 * 'xy', 'é' * 5)
print(('é\u1234' + 'a')[2:] == 'a', ('é\u1234' + 'a')[2:].isascii(), hash(('\U0001f600abc')[1:]) == hash('abc'))
print(len('a' * 1000000), ('abc' * 100000).count('ca'), ('\u1234' * 1000)[500:503] == '\u1234' * 3)
for f in (lambda: 'abc'[::0], lambda: 'a' + None, lambda: None + 'a', lambda: 'a' * 1.5, lambda: 'abc'['x':],
          lambda: 'a' * 10**12 * 10**6 * 10**6, lambda: ','.join([1, 2]), lambda: ','.join(5), lambda: ','.join(['a', b'b'])):
    try:
        print(len(f()))
    except Exception as e:
        print(type(e).__name__, e)
