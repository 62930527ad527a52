# repr, hash, comparison, conversion, iteration, subclasses, translate.
for s in ['', "'", '"', '\'"', 'a\'b', '\\', '\n\r\t\x00\x1f\x7f', '\x80\xa0\xad\xff', 'é\u1234', '\u200b\u2028\ud800',
          '\U0001f600\U000e0001', '\U0010ffff', 'plain', '\udc80x']:
    print(ascii(repr(s)), ascii(s), len(repr(s)), str(s) == s, eval(repr(s)) == s)
words = ['', 'a', 'b', 'ab', 'B', 'é', 'è', '\xff', '\u0100', '\uffff', '\U00010000', 'aé', 'a\u1234', 'a\U0001f600', '\ud800']
print(ascii(sorted(words)))
for a in words:
    print([(a < b) + 2 * (a <= b) + 4 * (a == b) + 8 * (a != b) + 16 * (a > b) + 32 * (a >= b) for b in words])
print('a' == 1, 'a' != b'a', 'a' == None, 'a'.__eq__(1), 'a'.__lt__(1))
print(hash('') == 0, hash('abc') == hash('ab' + 'c'), len({'a', 'b', 'a'}), {'é': 1}['\xe9'])
print(list('aé\u1234\U0001f600') == ['a', 'é', '\u1234', '\U0001f600'], list(''), [c for c in 'xyz'], list(reversed('abc')))
it = iter('abcd')
print(next(it), it.__length_hint__(), list(it), next(it, 'end'), it.__length_hint__())
it = iter('abcd')
it.__setstate__(2)
print(list(it), it.__reduce__()[1:])
print(str(), str(12), str('x'), str(b'abc', 'ascii'), str(b'\xc3\xa9', 'utf-8'), str(object=5), str(b'a', errors='strict'))
print(chr(65), ord('é'), ascii(chr(0x10ffff)), min('hello'), max('hello'), sorted('hello'), 'abc'.__len__())


class S(str):
    def __new__(cls, x, tag=None):
        self = super().__new__(cls, x)
        self.tag = tag
        return self

    def shout(self):
        return self.upper() + '!'


s = S('hey', 7)
print(s, s.tag, s.shout(), type(s).__name__, type(s + 'x').__name__, type(s[:]).__name__, type(str(s)).__name__)
print(repr(s), s == 'hey', hash(s) == hash('hey'), {s: 1}['hey'], s.__dict__, isinstance(s, str), len(s))
print(type(s.strip()).__name__, type(s.replace('q', 'z')).__name__, type(s * 1).__name__, type(''.join([s])).__name__,
      type(s.split()[0]).__name__, type('%s' % s).__name__, type('{}'.format(s)).__name__, type(f'{s}').__name__)
e = S('')
e.more = [1, 2]
print(repr(e), e.more, e.tag, bool(e), bool(s), S('é\u1234').tag, S('\U0001f600' * 3, 'emoji').tag)


class T(str):
    def __str__(self):
        return 'T!'

    def __repr__(self):
        return 'T?'

    def __format__(self, spec):
        return 'F' + spec


t = T('base')
print(str(t), repr(t), f'{t}', f'{t:x}', f'{t!s}', f'{t!r}', '%s %r' % (t, t), t + '', '{:>3}'.format(t))
table = str.maketrans('abc', 'xyz', 'd')
print(table, 'aabbccdd e'.translate(table), 'é\u1234a'.translate(table) == 'é\u1234x')
print('hello'.translate({ord('l'): 'LL', ord('o'): None, 104: 0x1f600}) == '\U0001f600eLLLL', 'abc'.translate({}))
print('abc'.translate(str.maketrans({'a': 'é', 'b': None, 99: 'zz'})) == 'ézz')


class M:
    def __getitem__(self, k):
        if k == 98:
            raise LookupError
        return chr(k).upper()


print('abcabc'.translate(M()), ('abc' * 100).translate(M()) == 'AbC' * 100)


class Bad:
    def __getitem__(self, k):
        raise ZeroDivisionError('no')


try:
    'abc'.translate(Bad())
except ZeroDivisionError as e:
    print(e)
print('abc'.__mod__(()), '%s'.__mod__((1,)), 'x'.__rmod__('%s!'), 'a'.__add__('b'), 'ab'.__mul__(2), 'ab'.__rmul__(2))
print('abc'.__contains__('b'), 'abc'.__getitem__(1), 'abc'.__getitem__(slice(1, None)), 'abc'.__format__('>5'))
print(ascii('\u0660\u0661'), int('\u0660\u0661'), float('\u0663.5'), '\u0661'.isdecimal())
print('a\x00b' == 'a\x00b', len('a\x00b'), 'a\x00b'.find('\x00'), 'a\x00b'.split('\x00'))
