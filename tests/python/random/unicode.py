# SPDX-License-Identifier: MIT
# Case mapping and classification of every code point, as checksums by plane part.
def check(f):
    h = 0
    parts = []
    for base in range(0, 0x20000, 0x1000):
        for cp in range(base, base + 0x1000, 17):
            for c in str(f(chr(cp))): h = (h * 131 + ord(c)) % 2147483647
        parts.append(h)
    return hash(tuple(parts))
for name in ('upper', 'lower', 'title', 'casefold', 'isalpha', 'isdigit', 'isdecimal', 'isnumeric', 'isspace', 'isupper', 'islower', 'istitle', 'isprintable', 'isidentifier'):
    print(name, check(lambda c: getattr(c, name)()))
print(hash(tuple(len(repr(chr(cp))) for cp in range(0, 0x110000, 211))))
print(sum(('a' + chr(cp)).isidentifier() for cp in range(0, 0x20000, 29)), [chr(c) for c in range(0x3000) if chr(c).isspace()])
print('ΑΣ ΑΣΑ Σ'.lower(), 'ŉ ǰ ΐ ﬁ ß'.upper(), 'ﬁ ǆ ß'.title(), 'İ'.lower().encode(), 'ß'.casefold(), 'ᾳ'.upper(), 'ᾳ'.title(), "o'neill it's".title(), 'ǅ'.swapcase())
