# SPDX-License-Identifier: MIT
# Trains the profile-guided build: regular expressions compiled and matched, text taken apart.
import fnmatch
import re
import shlex
import tokenize
import io

PATTERNS = [
    r"(\w+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s;]+)",
    r"^(?P<when>\d{4}/\d\d/\d\d) (?P<level>[A-Z]+) \[(?P<who>[^\]]+)\] (?P<rest>.*)$",
    r"(?:https?|ftp)://(?:[\w-]+\.)+[a-z]{2,6}(?::\d+)?(?:/[^\s?#]*)?(?:\?[^\s#]*)?",
    r"\b[A-Z][a-z]+(?:\s[A-Z][a-z]+)*\b",
    r"(?i)\b(select|insert|update)\b.+?\bfrom\b\s+(\w+)",
    r"[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?",
    r"(?x) ( \d{1,3} (?: \. \d{1,3} ){3} ) (?: / (\d+) )?   # an address",
    r"(?<=\$)\d+(?:,\d{3})*(?!\d)",
    r"(a|ab|abc)*d?$",
    r"(['\"])(?:\\.|(?!\1).)*\1",
    r"\s+|[,;:]",
    r"[^\x00-\x7f]+",
    r"(?s)/\*.*?\*/|//[^\n]*",
    r"^\s*(?:def|class)\s+([A-Za-z_]\w*)",
    r"x*y+z?(?:foo|bar|foobar){1,3}",
    r"<(\w+)(?:\s+[\w-]+=\"[^\"]*\")*\s*/?>|</(\w+)>",
    r"(?m)^#+\s*(.+?)\s*#*$",
    r"(\d+)-(\d+)(?:-(\d+))?",
    r"[aeiouAEIOU]{2,}",
    r"\A\W*(\S{3,})",
]
TEXT = """2031/04/05 WARN [disk one] space is low: 91.5 % of /var, limit="90"; see
 http://a.example.org/x?y=1
2031/04/06 INFO [Mary Jane Smith] paid $12,345 and 1.5e-3 of 10.1.2.3/24 to 'the \\'old\\' bank'
 // note
# A heading #
def function(name, value=3): /* a comment
 of two lines */ return name + "text" * value
<p class="big" id="x">Hello <b>World</b><br/></p> select a, b from things where abcabd xyyzfoobar
The quick Brown Fox jumps über the lazy dog; queue, eerie, 10-20-30 and 5-6.
"""
LINES = TEXT.splitlines()


def compiled(rounds):
    count = 0
    for _ in range(rounds):
        re.purge()
        for pattern in PATTERNS:
            p = re.compile(pattern)
            count += p.groups + len(p.groupindex)
    return count


def searched(rounds):
    found = 0
    patterns = [re.compile(p) for p in PATTERNS]
    for _ in range(rounds):
        for p in patterns:
            found += len(p.findall(TEXT))
            for m in p.finditer(TEXT):
                found += m.end() - m.start() + len(m.groups())
                found += len(m.group()) + (m.lastindex or 0) + m.span()[0]
            for line in LINES:
                if m := p.match(line):
                    found += len(m[0]) + len(m.groupdict())
                if m := p.search(line):
                    found += m.pos + m.endpos
                found += p.fullmatch(line) is not None
            found += len(p.sub("-", TEXT)) + len(p.sub(lambda m: m.group(0)[::-1], TEXT))
            found += len(p.split(TEXT)) + p.subn(r"[\g<0>]", TEXT)[1]
    return found


def scanned(rounds):
    token = re.compile(r"(?P<space>\s+)|(?P<number>\d+(?:\.\d+)?)|(?P<name>[^\W\d]\w*)"
                       r"|(?P<string>\"[^\"]*\")|(?P<op>[-+*/=<>!]=?|[()\[\]{},;:.])|(?P<other>.)")
    kinds = {}
    for _ in range(rounds):
        at = 0
        while at < len(TEXT):
            m = token.match(TEXT, at)
            kind = m.lastgroup
            if kind != "space":
                kinds[kind] = kinds.get(kind, 0) + len(m.group(kind))
            at = m.end()
    return kinds


def functions(rounds):
    total = 0
    for i in range(rounds):
        for line in LINES:
            total += len(re.split(r"\s+", line)) + len(re.sub(r"\d+", "0", line))
            total += bool(re.search(r"(\w+) (\w+)", line)) + bool(re.match(r".*o", line))
            total += len(re.findall(rb"[a-z]+", line.encode())) + len(re.escape(line))
            total += bool(re.fullmatch(r"[\w\s]*", line, re.I))
            total += fnmatch.fnmatch(line, "*The*dog?*")
    return total


def backtracks(rounds):
    total = 0
    text = "a" * 18 + "c" + "ab" * 40
    for _ in range(rounds):
        for p in (r"(a+)+c", r"(?:a|ab)*b$", r".*?b.*?c?", r"(a*)(b*)", r"([ab]{3})+",
                  r"(?:a?){6}a{6}", "a++c"):
            total += bool(re.search(p, text))
    return total


def state_machine(text):
    state, word, words = "out", [], []
    for c in text:
        if state == "out":
            if c.isalpha() or c == "_":
                state, word = "in", [c]
            elif c == '"':
                state, word = "string", []
        elif state == "in":
            if c.isalnum():
                word.append(c)
            else:
                words.append("".join(word))
                state = "out"
        elif c == '"':
            words.append("".join(word))
            state = "out"
        else:
            word.append(c)
    return words


print(compiled(12))
print(searched(25))
print(scanned(40))
print(functions(120))
print(backtracks(60))
print(sum(len(state_machine(TEXT)) for _ in range(40)))
print(sum(len(shlex.split("cp -r 'a b' \"c\\\"d\" e\\ f # no", comments=True)) for _ in range(150)))
source = "def f(x, *a):\n    if x > 3.5e1: return [x ** 2, 'text', f'{x}']\n    # end\n" * 30
print(sum(1 for _ in tokenize.generate_tokens(io.StringIO(source).readline)))
