# find, rfind, index, count, startswith, endswith, replace over all kinds of text.
texts = ['', 'a', 'aaaa', 'abcabcabc', 'é\xff', 'aé' * 5, '\u1234a\u1234', 'ab\U0001f600ab', '\U0001f600' * 4,
         'x' * 50 + 'y', 'aaaaaaaaaab', 'abababababac']
subs = ['', 'a', 'aa', 'abc', 'b', 'é', '\xff', '\u1234', '\U0001f600', 'ab\U0001f600', 'xy', 'xxxy', 'abac', 'aab']
bounds = [(None, None), (1, None), (0, 3), (-3, None), (2, 1), (100, None), (-100, 100), (3, 3)]
for s in texts:
    for t in subs:
        row = []
        for a, b in bounds:
            row.append((s.find(t, a, b), s.rfind(t, a, b), s.count(t, a, b), s.startswith(t, a, b),
                        s.endswith(t, a, b)))
        print(ascii(s[:12]), ascii(t), t in s, row[0], sum(r[0] + 3 * r[1] + 7 * r[2]
              + 11 * r[3] + 13 * r[4] for r in row))
for s in texts:
    for t in subs:
        for r in ['', 'z', 'é', '\u4321', '\U0001f601\U0001f602', 'aba']:
            out = s.replace(t, r)
            out2 = s.replace(t, r, 2)
            print(ascii(out)[:60], len(out), ascii(out2)[:40], end=';')
    print()
print('abc'.index('c'), 'abcabc'.rindex('b'), 'a' .startswith(('x', 'a')), 'a'.endswith(()))
print('abc'.startswith(('', 'q')), ''.startswith(''), ''.endswith('', 1), 'a'.startswith('', 2))
for f in ('index', 'rindex'):
    try:
        getattr('abc', f)('x')
    except ValueError as e:
        print(e)
# hard cases for the search: periodic patterns in periodic text, in every kind
for pad in ('', 'é', '\u1234', '\U0001f600'):
    s = pad + ('ab' * 500 + 'a') * 3 + 'abc' + ('ba' * 300)
    for p in ('ab' * 40 + 'c', 'ba' * 100 + 'b', 'aab' * 3, 'b' + 'ab' * 299 + 'ab', 'abc' + 'ba' * 10, 'a' * 5):
        print(s.find(p), s.rfind(p), s.count(p), p in s)
    s = pad + 'a' * 2000
    p = 'a' * 999 + 'b' + 'a' * 10
    print(s.find(p), s.rfind(p), (s + p).find(p), (p + s).rfind(p))


class I:
    def __index__(self):
        return 2


print('abcabc'.find('c', I()), 'abcabc'.rfind('a', None, I()), 'xxxx'.replace('x', 'y', I()))
print('abc' in 'xabcx', '' in '', 'é' in 'abc', '\u1234' in 'é')
