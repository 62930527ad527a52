# Many patterns against many texts, all ways to look for a match.
import re


def show(m):
    return m and (m.regs, m.lastindex, m.lastgroup)


PATTERNS = [
    "", "a", "abc", "a|b", "ab|cd|a", "a*", "a+", "a?", "a*?", "a+?b", "a??b", "a{2}", "a{1,2}", "a{2,}b", "(a)(b)?",
    "(a*)*", "(a*)+", "(a|b)*", "(?:a|(b))*c", "(a+|b+)*?c", "((a)|(b))+", "(?:(a)|(b)|(c))*", "(a)|b", "(?P<x>a)(?P<y>b)?",
    ".", ".*", ".*?b", ".+a", "[ab]+", "[^ab]+", "[a-c]*d", r"\w+", r"\W", r"\d+", r"\D+", r"\s", r"\S+", r"\bab", r"b\b",
    r"\Ba", "^a", "a$", r"\Aa", r"a\Z", "^$", "(?m)^b", "(?m)a$", "(?s).+", r"(a)\1", r"(a|b)\1+", r"(a)?b(?(1)c|d)",
    r"(a)?(?(1)b)", r"(?:(a)|b)(?(1)c|d)+", "(?=ab)a", "(?!ab)a", "(?<=a)b", "(?<!a)b", "(?<=ab)c|b", "(?=(a+))a*b", "(?!(a)b)a",
    "(?>a+)b", "(?>a+)a", "(?>a|ab)c", "a*+b", "a*+a", "a++b", "a?+a", "a{1,2}+a", "(?:ab)*+a", "(?:ab)*+c", "(?:a|b)++c", "(?:)*+",
    "(?:a?)*", "(?:a?)*?b", "(?:a?){3}", "(?:a|b|c|d)(?:b|c)", "(?:ab|ac|ad|bc)+", "(?:abc|ab|a)(?:c|)", "|a", "a|", "x*y*z*",
    "(?i)AB", "(?i)[A-C]+", "(?i)a*B", r"(?i)(a)\1", "(?ai)K", "(?i:a)B", "(?-i:a)b", "[b-]+", r"[\w-]+", r"[^\W\d]+", r"[\d\s]+",
    "é+", "[à-ÿ]+", "[\u0100-\u017f]+", "[^\u0100-\u017f]+", "\u0431.", "[\u0430-\u044fa]+", "(?i)\u0411+", "\U0001F600+", "[\U00010400-\U0001044F]+",
    "(?i)[\U00010400-\U0001044F]+", "(?i)\u0130", "(?i)[\u0130\u0131]", "(?i)ſ", "(?i)[k\xe5]+", "[a\u0430\U00010428]+", "(?a)\\w+", "(?a)\\W+",
    "(?s)a.*b", "a.*?b.*?c", "a[^b]*b", ".*a.*b", "(.*)(.*)", "(.*?)(.*)", "(a*?)(a*)", "(?:a{2}){2}", "(?:a{1,2}){2,3}?b", "(((a)))", "()", "(|a)+",
    "(a|)+?b", "(?:(?:a|b)*c)*d", "a(?#comment)b", "(?x) a  b # c", "(?:(?=a)a|b)+", "(?:(?!b)[ab])+", "(?:a(?<=a)|b)*", "(ab?)+?c", "(?:.(?!c))+",
    "(?:foo|bar|baz|ba)+", "(?:x|y|[ab]|\u0431)+", "(?:a+|b|c+)*d", r"\.|,|a", "(?:a|.)b", "(?m)^.*$", "(?m)^", "$",
]
TEXTS = [
    "", "a", "b", "ab", "aab", "abc", "abab", "aaa", "abcd", "acbd", "ABab", "a\nb", "ab\n", "\nb\n", "foo bar", "bazbar", "a b_1 2", "été", "\u0100\u0110a",
    "\u0431\u0411a\u0430", "x\U00010400\U00010428a", "\U0001F600\U0001F600b", "K\u212ak\xc5\xe5\u212b", "\u0130i\u0131I", "sSſ", "aaaabbbbccccd", "ad.c,a",
]
for pattern in PATTERNS:
    p = re.compile(pattern)
    for text in TEXTS:
        found = [show(p.match(text)), show(p.search(text)), show(p.fullmatch(text)), show(p.search(text, 1)), show(p.match(text, 1, 3)),
                 p.findall(text), p.split(text), p.split(text, 1), [m.span() for m in p.finditer(text)], p.subn("-", text), p.sub("<\\g<0>>", text, 2)]
        digest = 0
        line = ascii(found)
        for c in line:
            digest = (digest * 31 + ord(c)) & 0xFFFFFFFF
        print(ascii(pattern), ascii(text), found[1] and found[1][0][0], len(line), digest)
