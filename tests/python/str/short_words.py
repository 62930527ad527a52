# Short texts take words of eight bytes at once: every length around the edges against plain loops.
import re


def plain_find(s, c):
    for i, x in enumerate(s):
        if x == c:
            return i
    return -1


LETTERS = "aZ@[`{z!~\x00\x7f mM"
bad = 0
for n in range(0, 40):
    for shift in range(len(LETTERS)):
        s = "".join(LETTERS[(i * 5 + shift) % len(LETTERS)] for i in range(n))
        for c in "aZ\x00\x7f?\u0161\xe9":
            at = plain_find(s, c)
            bad += s.find(c) != at
            bad += (c in s) != (at >= 0)
            bad += (c not in s) != (at < 0)
            head, mark, tail = s.partition(c)
            bad += (head, mark, tail) != ((s[:at], c, s[at + 1:]) if at >= 0 else (s, "", ""))
            parts = s.split(c)
            bad += c.join(parts) != s or len(parts) != sum(x == c for x in s) + 1
            for most in range(4):
                some = s.split(c, most)
                bad += some != parts[:most] + ([c.join(parts[most:])] if len(parts) > most else [])
            bad += s.replace(c, "<>") != "".join("<>" if x == c else x for x in s)
            bad += s.replace(c, "<>", 1) != ("<>".join(some) if len(some := s.split(c, 1)) > 1 else s)
        low = "".join(chr(ord(x) + 32) if "A" <= x <= "Z" else x for x in s)
        up = "".join(chr(ord(x) - 32) if "a" <= x <= "z" else x for x in s)
        bad += s.lower() != low or s.upper() != up or s.casefold() != low
        title = "".join(
            (low if i > 0 and s[i - 1].isalpha() else up)[i] for i in range(n)
        )
        bad += s.title() != title
        bad += s.lower().isascii() is False or len(s.upper()) != n
        bad += s[::-1] != "".join([s[n - 1 - i] for i in range(n)])
        bad += s[::-1][::-1] != s
        for k in range(5):
            bad += s * k != "".join([s for _ in range(k)])
        b = s.encode()
        bad += b.find(b"Z") != s.find("Z") or b.split(b"a") != [x.encode() for x in s.split("a")]
        bad += b.rsplit(b"a", 2) != [x.encode() for x in s.rsplit("a", 2)]
        bad += b"-".join([b, b"", b]) != b + b"--" + b
        lines = ("x" * n + "\n" + "y" * n + "\x1e" + "\t" * n + "z\r\n" + "\x85" * (n % 3)).splitlines()
        bad += lines != ["x" * n, "y" * n, "\t" * n + "z"] + [""] * (n % 3)
print("bad:", bad)

# All 256 characters before and behind the words' edges.
for at in (0, 3, 7, 8, 12):
    for c in range(256):
        s = "." * at + chr(c) + "." * 5
        assert (chr(c) in s) and s.find(chr(c)) == (0 if c == 46 else at), (at, c)
        assert len(s.splitlines()) == len(re.split("\r\n|[\n\r\v\f\x1c-\x1e\x85]", s)), (at, c)

# [::-1] of other things, and the bounds beside its code.
text = "0123456789" * 30
print(text[-127:][:5], text[-126:][:5], text[-128:5], text[-127:-120], text[:-127][-3:])
print([1, 2, 3][::-1], (1, 2, 3)[::-1], b"abc"[::-1], range(4)[::-1], bytearray(b"xy")[::-1])
print("h\xe9llo"[::-1], "\u0161ab"[::-1], "\U0001f600ab"[::-1], ""[::-1], "a"[::-1])


class Sub(str):
    pass


class Get:
    def __getitem__(self, key):
        return key


print(Sub("abc")[::-1], type(Sub("abc")[::-1]).__name__, type(Sub("a")[::-1]).__name__)
print(Get()[::-1], Get()[-127:], Get()[-127:-1], Get()[::-2])
for what in (5, {1: 2}, None):
    try:
        print(what[::-1])
    except TypeError as e:
        print(type(e).__name__, e)

# `in` with what is no plain text.
for item in (1, None, b"a"):
    try:
        print(item in "abc")
    except TypeError as e:
        print(e)
print(Sub("b") in "abc", "b" in Sub("abc"), "" in "", "" in "a", "\xe9" in "caf\xe9", "\u0161" in "abc")


# str() of what answers with a subclass runs its __init__, as any call of a class does.
class Loud(str):
    def __init__(self, *args):
        print("init", [type(a).__name__ for a in args])


class Answers:
    def __str__(self):
        return Loud("loud")


print(eval("type(str(Answers())).__name__"))  # code that CPython has not specialised yet
print(str(12), str(-5), str(10**30), str(True), str("x"), str())


class Int(int):
    def __str__(self):
        return "an int"


print(str(Int(3)), f"{Int(3)}", "%s" % Int(3))

# bytes: what can change is held, what cannot is not.
print(b",".join([b"a", bytearray(b"b"), memoryview(b"c")]), b"".join([]), b"x".join([b"only"]))
print(bytearray(b",").join([b"a", b"b"]), b"".join([b"", b""]), b"ab".join([b"1", b"2", b"3"]))
print(b"a b".split(), bytearray(b"a,b").split(b","), b"a,b".split(bytearray(b",")))
for sep in (b"", bytearray(), "x", 5):
    try:
        print(b"a,b".split(sep))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
