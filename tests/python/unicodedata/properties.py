# All properties of all code points, as checksums, of the module and of ucd_3_2_0; errors.
import unicodedata
import zlib

old = unicodedata.ucd_3_2_0
print(unicodedata.unidata_version, old.unidata_version)

SAMPLE = range(0, 0x110000, 7)
for db in unicodedata, old:
    for prop in "category bidirectional combining mirrored east_asian_width decomposition".split():
        f = getattr(db, prop)
        print(prop, zlib.crc32(repr([f(chr(c)) for c in SAMPLE if c < 0x30000]).encode()))
    for prop in "decimal digit numeric".split():
        f = getattr(db, prop)
        print(prop, zlib.crc32(repr([f(chr(c), None) for c in SAMPLE if c < 0x20000]).encode()))

print(unicodedata.decomposition("\u00bd"), unicodedata.decomposition("\u00e9"),
      unicodedata.decomposition("\ufdfa"), repr(unicodedata.decomposition("\uac00")))
print(unicodedata.numeric("½"), unicodedata.numeric("\u4e07"), unicodedata.digit("²"),
      unicodedata.decimal("\u0667"))
# Characters that changed, and one that came later.
for c in "\u00a7\u00aa\u02b9\u00b2\u231a\u0f3a+\u0221\U0001f600":
    print(ascii(c), [(db.category(c), db.bidirectional(c), db.mirrored(c), db.east_asian_width(c),
                      db.decimal(c, None), db.name(c, None)) for db in (unicodedata, old)])


def attempt(f, *args):
    try:
        print(ascii(f(*args)))
    except Exception as e:
        print(type(e).__name__, ascii(e.args))


for name in "category bidirectional combining mirrored decomposition east_asian_width".split():
    for args in [(), (3,), ("ab",), ("",), ("a", 1)]:
        attempt(getattr(unicodedata, name), *args)
for name in "decimal digit numeric name".split():
    for args in [(), (3,), ("ab",), ("\x80",), ("\x80", 5), ("a", 1, 2)]:
        attempt(getattr(unicodedata, name), *args)
        attempt(getattr(old, name), *args)

# The type.
print(unicodedata.UCD, type(old) is unicodedata.UCD, unicodedata.name, type(old.name).__name__)
attempt(unicodedata.UCD)
attempt(setattr, old, "x", 1)
attempt(type, "x", (unicodedata.UCD,), {})
