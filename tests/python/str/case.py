# Case mappings and character classes.
samples = ['', 'hello world', 'HELLO World', "they're bill's", 'ǆ ǅ Ǆ', 'straße', 'ŉ ﬁ ﬃ', 'ΑΣ ΑΣΑ Σ', 'ὈΔΥΣΣΕΎΣ', 'İi̇ı',
           '\u1e9e', '\u0345\u0399', 'ᾳ ᾼ', '\U00010400\U00010428', '123', 'a1B2', 'Ⅷ ⅷ', '\u01c5x', 'x\u0301y', "l'été",
           'ΣΑΣ.', 'aΣ\u0301', '\xdf\xff\xb5', 'Džungla']
for s in samples:
    print(ascii(s))
    for f in ('upper', 'lower', 'title', 'capitalize', 'swapcase', 'casefold'):
        print(' ', f, ascii(getattr(s, f)()))
tests = ['isalnum', 'isalpha', 'isascii', 'isdecimal', 'isdigit', 'isidentifier', 'islower', 'isnumeric',
         'isprintable', 'isspace', 'istitle', 'isupper']
more = ['', 'a', 'A', 'Ab', 'AB', '1', '²', '½', '٣', '一', ' ', '\t\n', '\xa0', '\u2003', '_', '_a1', '1a', 'é', 'ª', 'ǅ',
        '\u0301', '\u200b', '\ud800', '\U0001f600', 'a b', 'Hello World', 'Hello world', 'HeLlo', '℘', '·a', 'a·', '\x00', '\x7f',
        '\x85', '\u2028', '①', 'Ⅷ', 'class', 'Σ', 'ⅷ', 'ʰ', '\ufeff', 'ﬀ']
for s in samples + more:
    print(ascii(s), ''.join('01'[getattr(s, t)()] for t in tests))
# over all of the first planes, as counts
for t in tests:
    print(t, sum(getattr(chr(c), t)() for c in range(0x3000)), sum(getattr(chr(c), t)() for c in range(0x1f000, 0x20000)))
for f in ('upper', 'lower', 'title', 'capitalize', 'swapcase', 'casefold'):
    total = 0
    for c in range(0, 0x11000):
        for i, d in enumerate(getattr(chr(c), f)()):
            total = (total * 31 + ord(d) + i) % 1000000007
    print(f, total)
print('abc'.upper() is not None, 'ABC'.lower(), 'mIxEd'.swapcase())
long = 'The Quick Brown Fox ' * 200
print(long.upper().lower().title() == long, len(long.swapcase()), long.upper()[:20], long.lower()[-20:])
