# The objects: attributes, conversions, errors.
import copy
import copyreg
import re
import weakref

import _sre


def t(f, *args, **kw):
    try:
        return f(*args, **kw)
    except BaseException as e:
        return f"{type(e).__name__}: {e}"


p = re.compile("(?P<first>a)(b)?(?P<third>c)?", re.I | re.M)
m = p.search("xxABzz", 1)
print(p, p.pattern, p.flags, p.groups, p.groupindex, dict(p.groupindex))
print(type(p.groupindex).__name__, re.compile("a").groupindex, type(re.compile("a").groupindex).__name__)
print(m, m.re is p, m.string, m.pos, m.endpos, m.lastindex, m.lastgroup, m.regs, m.regs is m.regs)
print(m.group(), m.group(0), m.group(1), m.group("first", 2, "third"), m[0], m["first"], m[True], m.groups(), m.groups("-"))
print(m.groupdict(), m.groupdict("?"), m.start(), m.end(), m.span(), m.start(3), m.end("third"), m.span("first"))
for bad in (4, -1, "x", 1.5, None, 2**70, -(2**70)):
    print(bad, t(m.group, bad), t(m.start, bad), t(lambda: m[bad]), t(m.span, bad))
print(t(m.group, []), t(m.start, 0, 1), t(m.groups, 1, 2), t(m.groupdict, default=1), t(m.expand), bool(m))
print(m.expand(r"[\1\g<first>\2\3\n]"), t(m.expand, r"\9"), t(m.expand, r"\g<x>"))
print(copy.copy(m) is m, copy.deepcopy(m) is m, copy.copy(p) is p, copy.deepcopy(p) is p)
print(copyreg.dispatch_table[re.Pattern](p)[1], t(m.__reduce_ex__, 2))
print(t(re.Pattern), t(re.Match), t(type(p.scanner(""))), re.Pattern[str], re.Match[bytes], type(p.scanner("")))
print(re.Pattern.__module__, re.Pattern.__name__, re.Match.__module__, type(p.finditer("")).__name__)
for name in ("pattern", "flags", "groups", "groupindex", "foo"):
    print(t(setattr, p, name, 1))
for name in ("string", "re", "pos", "endpos", "regs", "lastindex", "lastgroup", "foo"):
    print(t(setattr, m, name, 1))
print(t(lambda: p.foo), t(lambda: m.foo), t(setattr, re.Pattern, "x", 1))
w = weakref.ref(p)
print(w() is p, t(weakref.ref, m), t(weakref.ref, p.scanner("")))

q = re.compile("(?P<first>a)(b)?(?P<third>c)?", re.I | re.M)
re.purge()
r = re.compile("(?P<first>a)(b)?(?P<third>c)?", re.I | re.M)
print(p == q, p is r, p == r, hash(p) == hash(r), p != r, p == re.compile("a"), p == 1, {p: 1}[r], re.compile("a") == re.compile(b"a"))
print(re.compile("a") == re.compile("a", re.X), t(lambda: p < q))

for x in (re.compile(b"a'", re.I | re.A), re.compile("a", re.I | re.M | re.S | re.X), re.compile(b"a", re.L), re.compile("a", re.U),
          re.compile("a", re.A | 1024), re.compile("a" * 300), re.compile(b"\xff" * 300, re.S), re.compile('"\'\n\u0431')):
    print(x)
print(re.match(".*", "x" * 100), re.match(b".*", b"y" * 100), re.match("(?s).*", "'\n\u0431"))

# Subjects
for s in ("ab", b"ab", bytearray(b"ab"), memoryview(b"ab"), memoryview(b"abab")[::2], 1, None, [], "\u0431"):
    for x in ("(a|\u0431)", b"(a)"):
        print(type(s).__name__, x, t(re.match, x, s), t(re.findall, x, s), t(re.split, x, s))
print(re.sub(b"a", b"x", bytearray(b"aba")), re.sub(b"a", bytearray(b"y"), b"aba"), re.sub(b"a", memoryview(b"z"), memoryview(b"aba")))


class S(str):
    pass


s = S("aaa")
print(type(re.match("a+", s).group()), re.match("a+", s).string is s, type(re.sub("b", "", s)), type(re.split("b", s)[0]), type(re.findall("a+", s)[0]))
b = b"aaa"
print(re.match(b"a+", b).group() is b, re.sub(b"b", b"", b) is b)
text = "xyz"
print(re.match("x.*", text).group() is text, re.sub("b", "", text) is text)

# Arguments
f = re.compile("a")
print(t(f.match), t(f.match, "a", "b"), t(f.match, "a", 2**70), t(f.match, "a", -5), t(f.match, "a", 0, -1), t(f.search, "ba", pos=1, endpos=2))
print(t(f.split, "a", 1.5), t(f.findall, string="aa", pos=1), t(f.match, "a", x=1), t(f.sub, "x"), t(f.sub, "x", "aaa", count=2), t(f.subn, "x", "aaa", 0))
print(t(f.sub, "x", "aaa", -1), t(f.split, "aba", -1), t(f.split, "aba", maxsplit=1), t(f.finditer, 1), t(f.scanner, 1))
e = re.compile("")
print(e.match("abc", 2, 1), e.search("abc", 2, 1), e.fullmatch("abc", 2, 1), e.findall("abc", 2, 1), e.findall("abc"), e.split("abc"), e.sub("-", "abc"))
print(re.compile("^b").search("ab", 1), re.compile("(?<=a)b").match("ab", 1), re.compile(r"\bb").match("ab", 1), re.compile("a$").match("ab", 0, 1))

# Replacing
print(t(f.sub, 1, "a"), t(f.sub, lambda m: 1, "ba"), t(f.sub, None, "a"), t(f.sub, b"x", "ba"), t(f.sub, "\\2", "a"), t(f.sub, lambda: 1, "a"))
g = re.compile(b"a")
print(t(g.sub, lambda m: "x", b"ba"), t(g.sub, "x", b"ba"), t(g.sub, lambda m: b"[" + m[0] + b"]", b"bab"), t(g.sub, b"\\\\", b"a"))
print(f.sub(lambda m: None, "bab"), f.sub(lambda m: "\u0431", "bab"), f.sub(lambda m: S("<>"), "bab"), f.subn("\U0001F600", "aa"))
print(re.sub("(a)(b)?", r"[\1|\2]", "abaxa"), re.sub("(?P<n>.)", r"\g<n>\g<n>", "ab"), re.sub("a*", "-", "baac"), re.sub("a*?", "-", "baac"), re.sub("", "-", "\u0431"))
print(re.sub("x", r"\n\t\\", "axb").encode(), t(re.sub, "x", r"\q", "x"), re.escape("a.b*c\n"), re.sub("a", r"\x41" if False else "A", "aba"))
calls = []
print(t(re.sub, "a", lambda m: calls.append(m.start()) or 5, "aXa"), calls)


def boom(m):
    raise KeyError(m.start())


print(t(re.sub, "a", boom, "xa"))

# Scanner
c = re.compile("a|(b)").scanner("aab-a")
print(c.pattern, c.match(), c.search(), c.match(), c.match(), c.match(), c.search())
c = re.compile("a*").scanner("baac", 1, 3)
print([c.search() for _ in range(4)])
it = re.finditer("a", "banana")
print([m.start() for m in it], next(it, "end"), re.Scanner([("a+", lambda s, x: x.upper()), ("b", 1), (" ", None)]).scan("aa b ab?"))
x = bytearray(b"ab" * 3)
it = re.finditer(b"b", x)
print(next(it), t(x.clear))
m = re.match(b"ab", x)
del it
x.clear()
print(m.group(), m)

# _sre itself
print(_sre.MAGIC, _sre.CODESIZE, _sre.MAXREPEAT, _sre.MAXGROUPS, _sre.getcodesize())
for fn in (_sre.ascii_iscased, _sre.ascii_tolower, _sre.unicode_iscased, _sre.unicode_tolower):
    print(fn.__name__, [t(fn, c) for c in (65, 97, 48, 0xC0, 0xDF, 0x130, 0x131, 0x1E9E, 0x10400, 0x110000, -1, True)], t(fn, "a"), t(fn, 2**31), t(fn, 2**70))
digest = 0
for c in range(0, 0x20000):
    digest = (digest * 31 + _sre.unicode_tolower(c) * 2 + _sre.unicode_iscased(c)) & 0xFFFFFFFF
print(digest)
