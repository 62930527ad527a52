# Methods of bytes and bytearray side by side.
def show(x):
    if isinstance(x, (list, tuple)):
        return type(x).__name__[0] + '(' + ','.join(show(i) for i in x) + ')'
    return type(x).__name__[:5] + ':' + repr(bytes(x)) if isinstance(x, (bytes, bytearray)) else repr(x)


calls = [
    ('capitalize',), ('center', 9), ('center', 8, b'*'), ('count', b'a'), ('count', 97), ('count', b''),
    ('decode',), ('decode', 'latin-1'), ('endswith', b'c'), ('endswith', (b'x', b'C')), ('expandtabs',),
    ('expandtabs', 3), ('find', b'b'), ('find', 98), ('find', b'', 2), ('rfind', b'a'), ('hex',), ('hex', '-'),
    ('hex', ':', 2), ('hex', ':', -2), ('isalnum',), ('isalpha',), ('isascii',), ('isdigit',), ('islower',),
    ('isspace',), ('istitle',), ('isupper',), ('join', [b'x', b'y', bytearray(b'z')]), ('ljust', 8, b'.'),
    ('lower',), ('lstrip',), ('lstrip', b'ab '), ('partition', b' '), ('rpartition', b' '), ('partition', b'zz'),
    ('removeprefix', b'a'), ('removesuffix', b'c'), ('replace', b'a', b'XX'), ('replace', b'a', b'', 1),
    ('replace', b'', b'-'), ('replace', b' ', b'_'), ('replace', b'', b'-', 2), ('rjust', 8), ('rsplit',),
    ('rsplit', None, 1), ('rsplit', b' ', 1), ('rstrip',), ('split',), ('split', b' '), ('split', None, 1),
    ('split', b'a'), ('splitlines',), ('splitlines', True), ('startswith', b'a'), ('startswith', b'b', 1),
    ('startswith', (b'q', b'a')), ('strip',), ('strip', b'abc'), ('swapcase',), ('title',), ('upper',), ('zfill', 8),
    ('translate', None, b'ab'), ('translate', bytes(range(255, -1, -1))), ('translate', None), ('__contains__', b'bc'),
    ('__contains__', 99), ('__len__',), ('__getitem__', slice(None, None, -1)), ('__mul__', 2), ('__rmul__', 0),
    ('__add__', b'++'), ('__add__', bytearray(b'++')), ('__eq__', b'abc'), ('__lt__', b'b'), ('__mod__', ()),
]
for text in (b'', b'abc', b'aBc aBc', b' \tab\n', b'a\r\nb\nc\rd', b'-12', b'Hello World', b'\x00\x7f', b'aaa'):
    for name, *args in calls:
        row = []
        for kind in (bytes, bytearray):
            try:
                row.append(show(getattr(kind(text), name)(*args)))
            except Exception as e:
                row.append(type(e).__name__ + ' ' + str(e))
        print(name, *(row if row[0] != row[1] else row[:1]))
print(bytes.fromhex('00 ff 10'), bytearray.fromhex('41'), bytes.maketrans(b'ab', b'xy')[95:100], bytes.fromhex(''))


class B(bytes):
    pass


class BA(bytearray):
    pass


b = B(b'xy')
b.tag = 1
print(b, type(b).__name__, b.tag, type(b + b'').__name__, type(b[:]).__name__, hash(b) == hash(b'xy'), type(b.upper()).__name__)
a = BA(b'xy')
a.tag = 2
a += b'z'
print(a, type(a).__name__, a.tag, type(a + b'').__name__, type(a[:]).__name__, type(a.copy()).__name__, type(BA.fromhex('41')).__name__)
print(type(B.fromhex('41')).__name__, B.fromhex('4142'), B(5), B([1, 2]), B('é', 'utf-8'))
print(b'a' in {b'a': 1}, b'abc' == bytearray(b'abc'), bytearray(b'abc') == b'abc', b'a' < b'b', bytearray(b'a') < b'b', b'' < b'a')
print(list(b'abc'), list(bytearray(b'abc')), b'abc'[1], b'abc'[-1], b'abc'[0:2], bytes([1, 2, 3]), bytes(3), bytes((255,)))
it = iter(b'abcd')
print(next(it), it.__length_hint__(), list(it), next(it, None), it.__reduce__()[1])
it = iter(bytearray(b'abcd'))
it.__setstate__(3)
print(list(it))
a = bytearray(b'abc')
it = iter(a)
next(it)
a.clear()
print(list(it), a)
for x in (b'', b"'", b'"', b'\'"', b'\\', b'\n\t\r\x00\x7f\x80\xff', bytes(range(32, 127))):
    print(x, repr(x), str(x), repr(bytearray(x)), len(repr(x)))
print(b'%s|%5d|%r' % (b'x', 3, 'é'), b'ab' * 3, 2 * b'xy', b','.join([]), b','.join([b'one']), bytes(reversed(b'abc')))
print(b'ab' * 1000 == (b'ab' * 500) * 2, b'\x00' * 5, len(bytes(10**6)), sum(bytes(range(256))), max(b'az'), sorted(b'hello'))
