# Corners that were found by comparing with CPython on random patterns.
import re

# Upper case of a character with a longer full mapping is that mapping's first character.
print(re.match("(?i)ß", "ß"), re.match("(?i)[ß]", "ẞ"), re.match("(?i)ſ", "S"), re.match("(?i)[k-l]", "\u212a"))
# A group that a failed assertion or alternative had set is not set afterwards.
print(re.match(r"(?!(a)b)a", "ac").groups(), re.match(r"(?:(?!(a)b)a)*", "aaa").groups(), re.match(r"(?:(a)(?=x)|a)+", "aa").groups())
print(re.match(r"(a)?(?:(b)c|bd)", "abd").regs, re.match(r"(?:(a)|(b)|c)+", "abc").regs, re.match(r"(?:(x)|y)*?z", "xyz").regs)
# Nothing is copied where nothing matches, and the subject comes back itself.
s = "x" * 100
print(re.sub(r"\Ay", "", s) is s, re.subn("y", "-", s)[0] is s, re.sub("", "-", "") == "-")
# Loops that can't give anything back, and look-alikes that must.
print(re.match(r"\w+\s", "ab c").end(), re.match(r"\w+\d", "ab12"), re.match(r"[a-c]+d", "abcd"), re.match(r"[a-d]+d", "abcd"), re.match(r"\d+\w", "12"))
print(re.match(r"\w+é", "aé\u0431é"), re.match(r"[^\W\d]+\d", "ab\u06611"), re.match("\\S+\u2003", "ab\u2003"), re.match("[^a]+a", "\u0431ba"), re.match(r".+\n", "ab\n"))
print(re.match(r"(?:a+)+b?c", "aaac"), re.match(r"(a*)(?=a)", "aaa").span(1), re.match(r"(a+)(?!b)a", "aaab"), re.match(r"a+(?:|b)a", "aaa"))
# Search by prefix, first characters, lines, in all three widths.
for text in ("xxabxxabcx\nabc", "x\u0431xxabxxabcx\nabc", "x\U0001F600xabxxabcx\nabc"):
    print([re.search(p, text) and re.search(p, text).span() for p in (
        "abc", "abcx", "a(b)c", "[bc]c", "(?m)^a", "(?m)^abc$", "^x", "^a", "b|c", r"\bx", "(?:ab)+c", "\u0431x", "\U0001F600", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz")])
long = "0123456789" * 5
print(re.search(long, "-" + long[:-1] + "-" + long), re.search(long + "(.)", long[:-1] + "x" + long + "y"), re.findall("\n|$", "a\nb\n"))
# Alternatives by first character.
p = re.compile("(?:if|in|import|is|(?:el|fina)lly|else|\\w|\u0431+|)(?:;|$)")
print([p.match(w) and p.match(w).end() for w in ("if;", "import;", "i;", "elly;", "else", ";", "", "\u0431\u0431;", "?", "finally;")])
