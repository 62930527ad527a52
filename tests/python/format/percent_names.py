# SPDX-License-Identifier: MIT
# Names of % formats in dicts of all sizes, with keys of all kinds; what is literal around them.
class Key(str):
    def __hash__(self):
        return hash("a")

    def __eq__(self, other):
        return other == "a"

    __ne__ = None


class Missing(dict):
    def __missing__(self, key):
        return "no " + key


for n in (0, 1, 7, 8, 9, 20, 63, 64, 65, 300):
    d = {"k%d" % i: i for i in range(n)}
    d["last"] = "end"
    try:
        print("%(k0)s %(last)5s %(last)s" % d, "%%%(last)r%(last).2s" % d)
        print("%(none)d" % d)
    except KeyError as e:
        print(n, "KeyError", e)
    for i in range(0, n, 2):
        del d["k%d" % i]
    print(["%%(%s)d|" % key % d if key != "last" else "%(last)s" % d for key in list(d)[-3:]])
for d in ({1: 2, "a": 3}, {Key("zz"): "key", "b": 4}, Missing(b=1), {"": "empty", "a": 0, " a": 9},
          {"\xe9": 1, "a": 2}, {"a": {"a": 1}}, {"a": (1, 2)}, dict.fromkeys(map(str, range(12)), 1)):
    for f in ("%(a)s", "%(b)d", "%()s", "%( a)s", "%(\xe9)s", "%(a)s%(a)s", "%(a)", "%(a", "%(a)s %s",
              "%(11)s", "%(a(b))s", "%(a)-5d|", "%(a)05.1f"):
        try:
            print(ascii(f % d), end=" ; ")
        except Exception as e:
            print(type(e).__name__, ascii(str(e)), end=" ; ")
    print()
for text in ("", "a", "a" * 15, "a" * 16, "a" * 17, "\xe9" * 20, "\u20ac", "x" * 100 + "\U0001f600"):
    for f in (text + "%d" + text, "%s" + text, text + "%%", text + "%", text + "%r%d" + text):
        try:
            print(ascii(f % ((7, 8) if "%r" in f else 7 if "%d" in f else (text,) if "%s" in f else ())))
        except Exception as e:
            print(type(e).__name__, e)

# Reversed and stepped text and lists, partition at one character, starred targets of lists.
for text in ("", "a", "abcdefgh", "abcdefghi", "0123456789abcdefg", "h\xe9llo w\xf6rld", "\u20ac" * 3 + "abcdefghij"):
    print(ascii([text[::-1], text[::2], text[::-2], text[7::-1], text[-1:0:-3], text[20:2:-1]]),
          ascii([text.partition(c) for c in ("a", "e", "\xe9", "\u20ac", "9", "ab")]), list(text)[::-1],
          list(text)[1::3], list(text)[-2::-2])
for values in ((), (1,), (1, 2), (1, 2, 3), [1, 2, 3], list(range(5)), list(range(2000)), [1, 2]):
    try:
        a, *b = values
        print(a, b[:5], len(b))
        *a, b = values
        print(a[:5], b)
        a, *b, c = values
        print(a, b[-2:], c, type(b))
    except ValueError as e:
        print(e)
