# name and lookup: stored and computed names, aliases, named sequences; \N in literals and codecs.
import codecs
import re
import unicodedata
import zlib

old = unicodedata.ucd_3_2_0


def attempt(f, *args):
    try:
        print(ascii(f(*args)))
    except Exception as e:
        print(type(e).__name__, ascii(e.args))


names = {c: unicodedata.name(chr(c), None) for c in range(0, 0x20000, 3)}
print(sum(n is not None for n in names.values()), zlib.crc32(repr(names).encode()))
print([hex(c) for c, n in names.items() if n and c % 5 == 0 and unicodedata.lookup(n) != chr(c)])
print(zlib.crc32(repr([old.name(chr(c), None) for c in range(0, 0x20000, 11)]).encode()))

for c in "a\0\u00adé\u3400\u9fff\uac00\uac01\ud7a3\uf900\U00017000\U00018b00\U0001b170\U00020000" \
         "\U0003134a\U0001f431\U000e0100\U0010ffff\ud800\ue000\ufdd0":
    print(ascii(c), unicodedata.name(c, None), old.name(c, None))

for name in ["LATIN SMALL LETTER E WITH ACUTE", "latin small letter e with acute", "CAT FACE",
             "cat face", "CAT  FACE", "CAT FACE ", " CAT FACE", "", "CAT", "\0", "CAT FACE\0x", "é",
             "HANGUL SYLLABLE GAG", "HANGUL SYLLABLE A", "HANGUL SYLLABLE GAGX", "HANGUL SYLLABLE ",
             "HANGUL SYLLABLE", "hangul syllable gag", "HANGUL SYLLABLE SSYEOLB",
             "CJK UNIFIED IDEOGRAPH-4E00", "CJK UNIFIED IDEOGRAPH-20000",
             "CJK UNIFIED IDEOGRAPH-04E00", "CJK UNIFIED IDEOGRAPH-4e00",
             "CJK UNIFIED IDEOGRAPH-A000", "CJK UNIFIED IDEOGRAPH-", "cjk unified ideograph-4e00",
             "CJK COMPATIBILITY IDEOGRAPH-F900", "cjk compatibility ideograph-f900",
             "NULL", "null", "LF", "NBSP", "BELL", "ALERT", "LATIN SMALL LETTER GHA",
             "LATIN SMALL LETTER R WITH TILDE", "latin small letter r with tilde",
             "KEYCAP DIGIT ONE", "<control>", "x" * 256, "x" * 257]:
    attempt(unicodedata.lookup, name)
    attempt(old.lookup, name)
attempt(unicodedata.lookup, b"cat face")
attempt(unicodedata.lookup, bytearray(b"x\xff"))
attempt(unicodedata.lookup, 3)
attempt(unicodedata.lookup, "\ud800")
attempt(unicodedata.lookup)

# Literals.
print(ascii("\N{LATIN SMALL LETTER A WITH ACUTE}\N{space}\N{NULL}é\N{cat face}"))
print(f"\N{DIGIT ONE}{1}\N{LEFT CURLY BRACKET}{{\N{DIGIT TWO}", rf"\N{1}", b"\\N{x}", r"\N{x}")
for source in [r"'\N{HANGUL SYLLABLE GAG}'", r"'\N{Hangul syllable ga}'", r"'\N'", r"'\N{'",
               r"'a\N{}'", r"'\N{nope}'", r"f'{1}\N{nope}'", r"f'\N'", r"f'\N{'",
               r"'\N{LATIN SMALL LETTER R WITH TILDE}'", "'''\\N{DIGIT\nONE}'''"]:
    try:
        print(ascii(eval(source)))
    except SyntaxError as e:
        print(source, e)

# Codecs.
for b in b"\\N{DIGIT ONE}-", b"\\N{x}-", b"\\N{", b"\\N", b"\\N{}", b"\\Nx":
    attempt(b.decode, "unicode_escape")
    attempt(b.decode, "unicode_escape", "replace")
print("a\xe9\u0301\U00017000\ue000\uac00\u65e5".encode("ascii", "namereplace"))
attempt(codecs.namereplace_errors, UnicodeEncodeError("ascii", "a\xe9b", 1, 2, "why"))

# Patterns.
print(re.match(r"\N{DIGIT ONE}[\N{DIGIT TWO}-\N{DIGIT FOUR}]", "13"))
attempt(re.compile, r"\N{nope}")
attempt(re.compile, r"a\N")
attempt(re.compile, rb"\N{DIGIT ONE}")
