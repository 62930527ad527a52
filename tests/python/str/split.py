# split, rsplit, splitlines, partition, strip and padding.
texts = ['', ' ', 'a', ' a b  c ', 'a,b,,c', ',', ',,', 'é\u2003b\xa0c', '\u3000x\u3000', 'a\x1cb\x1dc\x85d',
         '1<>2<>3', '<><>', 'abc' * 3, '\U0001f600 \U0001f601']
for s in texts:
    for sep in (None, ',', '<>', 'b', '\U0001f600', 'abc'):
        for n in (-1, 0, 1, 2):
            print(ascii(s.split(sep, n)), ascii(s.rsplit(sep, n)), end=' ')
        print()
    for sep in (',', '<>', 'é', '\u3000'):
        print(ascii(s.partition(sep)), ascii(s.rpartition(sep)), end=' ')
    print()
    for chars in (None, '', ' ', 'abc', ', <>', '\u3000\U0001f600'):
        print(ascii((s.strip(chars), s.lstrip(chars), s.rstrip(chars))), end=' ')
    print()
print('a b c'.split(maxsplit=1), 'a b c'.split(sep=' ', maxsplit=1), 'a b c'.rsplit(None, 1))
lines = 'a\nb\rc\r\nd\x0be\x0cf\x1cg\x1dh\x1ei\x85j\u2028k\u2029l\n\n\r\r\n'
print(ascii(lines.splitlines()))
print(ascii(lines.splitlines(True)))
print(ascii(lines.splitlines(keepends=True)) == ascii(lines.splitlines(True)))
print(''.splitlines(), '\n'.splitlines(), 'a'.splitlines(), 'a\n'.splitlines(True), 'a\n\nb'.splitlines())
for s in ('', 'ab', 'abc', '+1', '-', '-42', 'é', '\u1234\U0001f600'):
    for w in (-1, 0, 3, 4, 7, 8):
        print(ascii((s.center(w), s.center(w, '*'), s.ljust(w, 'é'), s.rjust(w, '\U0001f600'), s.zfill(w))))
for s in ('', '\t', 'a\tb', '123456789\tx', 'a\n\tb\r\tc', '\t\t', 'é\t\u1234\t'):
    for n in (8, 4, 1, 0, -3):
        print(ascii(s.expandtabs(n)), end=' ')
    print(ascii(s.expandtabs()), ascii(s.expandtabs(tabsize=2)))
print('prefix'.removeprefix('pre'), 'prefix'.removeprefix('x'), 'prefix'.removesuffix('fix'), ''.removeprefix('a'))
print('aaa'.removeprefix('a'), 'aaa'.removesuffix(''), 'é\u1234'.removeprefix('é'), 'ab'.removesuffix('ab') == '')
print(len('x y ' * 1000), len(('x y ' * 1000).split()), len(('x,y,' * 1000).split(',')))
print(('word ' * 3000).split() == ['word'] * 3000, ','.join(['word'] * 3000).split(',') == ['word'] * 3000)
