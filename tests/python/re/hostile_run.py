# Random code words: what is accepted runs, on all kinds of text, without a crash.
# expect: done
import _sre
import re

seeds = ["a(b|c)*d", r"(?i)(\w+)\1?(?(1)x|y)", "(?>a+)b*+(?=c)(?<!d)", "[a-z\u0431]+?|(?:ab|cd|ef)++", "(a{2,3}?b|[^c])*?$", "(?:a|(b)|[x\u1234])*(?!q)"]
codes = []
for s in seeds:
    p = re._parser.parse(s)
    codes.append((re._compiler._code(p, 32), p.state.groups - 1))
x = 12345
accepted = 0
for n in range(4000):
    code, groups = codes[n % len(codes)]
    code = list(code)
    for _ in range(1 + n % 3):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        at = (x >> 8) % (len(code) - 1)
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        code[at] = (x >> 8) % 44 if x & 1 else (0, 1, 2, 3, len(code), 0xFFFFFFFF, 0x7FFFFFFF, 255)[(x >> 8) % 8]
    try:
        p = _sre.compile("", 32, code, groups, {}, ())
    except RuntimeError:
        continue
    accepted += 1
    for text in ("", "abcd", "aabbab\u0431", "ab\U00010400"):
        try:
            p.search(text, 0, 6)
            p.fullmatch(text)
            p.findall(text)
        except SystemError:
            pass
assert accepted > 200, accepted
print("done")
