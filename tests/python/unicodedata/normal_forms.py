# normalize and is_normalized: every character, corrections of 3.2, long texts, errors.
import unicodedata
import zlib

old = unicodedata.ucd_3_2_0
FORMS = "NFC", "NFD", "NFKC", "NFKD"
chars = [chr(c) for c in range(0, 0x30000, 5) if not 0xD800 <= c < 0xE000]
for db in unicodedata, old:
    for form in FORMS:
        done = [db.normalize(form, c) for c in chars]
        print(form, zlib.crc32("".join(done).encode()),
              sum(db.is_normalized(form, c) for c in chars),
              all(db.is_normalized(form, c) for c in done))
for c in "\U0002f868\U0002f874\U0002f91f\U0002f95f\U0002f9bf\uf951\U0002f800":
    print(ascii(c), ascii(unicodedata.normalize("NFC", c)), ascii(old.normalize("NFC", c)))

TEXTS = ["", "abc", "\xe9", "e\u0301", "a\u0323\u0307", "a\u0307\u0323", "q\u0307\u0323",
         "\u1100\u1161\u11a8", "\uac00\u11a8", "\ufb01", "\u2126", "\u0344", "\u0f73\u0f71",
         "\u00bd", "\u0958", "\u1e9b\u0323", "\u0041\u0305\u0300", "\u09c7\u0334\u09be",
         "\u0b47\u0300\u0b3e", "\u1100\u0300\u1161\u0323", "\ud800", "\u0b47\u0b3e\u0b47\u0b3e",
         "\u0421\u0306 \u0300", "\uff21\u030a\u3000"]
for text in TEXTS:
    print(ascii(text), [(ascii(unicodedata.normalize(form, text)),
                         unicodedata.is_normalized(form, text)) for form in FORMS])

# Long runs of marks are sorted in linear time; cuts between pieces do not show.
marks = "a" + "\u0301\u0323\u0334\u0301" * 50000
print(zlib.crc32(unicodedata.normalize("NFC", marks).encode()),
      zlib.crc32(unicodedata.normalize("NFD", marks).encode()))
for unit in "e\u0301", "\u65e5\u0301", "\u1112\u1161\u11ab", "\uff76\uff9e", "x\u0323\u0301\xe9":
    text = unit * 70001
    for form in FORMS:
        print(len(unicodedata.normalize(form, text)),
              unicodedata.normalize(form, text)
              == unicodedata.normalize(form, unit * 1001) * 69 + unicodedata.normalize(
                  form, unit * 932))

plain = "plain text \xe9"
print(unicodedata.normalize("NFC", plain) is plain)


def attempt(f, *args):
    try:
        print(ascii(f(*args)))
    except Exception as e:
        print(type(e).__name__, ascii(e.args))


for args in [("NFX", "a"), ("nfc", "a"), ("NFX", ""), ("NF\ud800", "a"), (1, "a"), ("NFC", 1), (), ("NFC",),
             ("NFC", "a", "b")]:
    attempt(unicodedata.normalize, *args)
    attempt(unicodedata.is_normalized, *args)
    attempt(old.normalize, *args)
print("\ud55c\uae00.b\xfccher".encode("idna"), b"xn--bj0bj06e.xn--bcher-kva".decode("idna"))
attempt("\u0221".encode, "idna")
