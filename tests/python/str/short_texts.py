# replace, split and slices of short texts: many places, empty results, overlapping patterns, all
# the spaces of Latin-1, texts whose widest character goes.
import itertools

for text in "", "a", "aaaa", "abcabc" * 3, "ab" * 60, "x\xe9\xe9x", "\xe9" * 40, "\u20acab\u20ac":
    for old, new in itertools.product(("a", "aa", "ab", "bc", "\xe9", "x\xe9", "zz"),
                                      ("", "q", "qq", "-+-", "\xff", "\u20ac", "q" * 20)):
        for count in -1, 0, 1, 2, 33, 40:
            got = text.replace(old, new, count)
            parts = text.split(old, count)
            assert got == new.join(parts), (text, old, new, count, got)
            assert got.isascii() == all(ord(c) < 128 for c in got)
print("ababab".replace("ab", ""), "aXbXc".replace("X", "--"), ("ab" * 300).replace("ba", "").count("a"))
print(len(("ab" * 256).replace("ab", "c" * 512)), ("abc" * 170).replace("bc", "").count("a"))
print(("\xe9a" * 3).replace("\xe9a", "e").isascii(), "\xe9ab".replace("ab", "x"))

spaces = [chr(c) for c in range(256) if chr(c).isspace()]
print([hex(ord(c)) for c in spaces])
for c in map(chr, range(256)):
    text = f"{c}ab{c}{c}c d{c}"
    print(end=f"{len(text.split())}{len(text.split(None, 1))}{len(text.strip())}{len(text.rsplit(None, 1))} ")
print()
for text in "", "a", "abc", "\xe9b\xff", "a\u20acb", "\U0001f600xyz":
    print(ascii([text[::-1], text[::2], text[1::3], text[-1::-2], text[2:0:-1]]))
