# SPDX-License-Identifier: MIT
# Trains the profile-guided build: strings, formatting, regex, JSON, pickle, parsing.
import copy
import io
import json
import pickle
import re
import string
import textwrap

WORDS = """the quick brown fox jumps over a lazy dog while seven wizards quietly mix potions of
jade vapour near the old stone bridge and nobody in the village asks why""".split()


def sentences(n):
    state, out = 7, []
    for k in range(n):
        state = (state * 1103515245 + 12345) & 0x7FFFFFFF
        size = 4 + state % 9
        line = " ".join(WORDS[(state >> s) % len(WORDS)] for s in range(size))
        out.append(line.capitalize() + ("." if k % 3 else "!"))
    return out


def words_by_length(lines):
    found = {}
    for line in lines:
        for word in line.rstrip(".!").lower().split(" "):
            found.setdefault(len(word), set()).add(word)
    return sorted((k, len(v)) for k, v in found.items())


def report(lines):
    out = io.StringIO()
    for number, line in enumerate(lines, 1):
        out.write(f"{number:>5}: {line[:30]!s:<32}|{len(line):04d} {number / 7:8.3f}\n")
        out.write("%s has %d of %.2f\n" % (line[:5], number, number * 0.5))
        out.write("{0:<10}{1:^8}{name!r}\n".format(number, line[-4:], name=line[:3]))
    return len(out.getvalue())


def caesar(text):
    table = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[3:] + "abc")
    return "".join(chr((ord(c) - 84) % 26 + 97) if c.isalpha() else c for c in
                   text.lower().translate(table))


TOKEN = re.compile(r"\s*(?:(?P<num>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<op>[-+*/()=]))")


def evaluate(source, names):
    tokens = [(m.lastgroup, m.group(m.lastgroup)) for m in TOKEN.finditer(source)]
    tokens.append(("end", ""))
    at = 0

    def peek():
        return tokens[at][1]

    def take():
        nonlocal at
        at += 1
        return tokens[at - 1]

    def atom():
        kind, text = take()
        if kind == "num":
            return float(text)
        if kind == "name":
            return names[text]
        value = total()
        take()
        return value

    def product():
        value = atom()
        while peek() in ("*", "/"):
            value = value * atom() if take()[1] == "*" else value / atom()
        return value

    def total():
        value = product()
        while peek() in ("+", "-"):
            value = value + product() if take()[1] == "+" else value - product()
        return value

    return total()


def documents(n):
    return [{"id": k, "title": WORDS[k % len(WORDS)] * 2, "score": k / 3, "tags": WORDS[:k % 5],
             "open": k % 2 == 0, "owner": None if k % 7 else {"name": "é" + WORDS[k % 9]}}
            for k in range(n)]


LINES = sentences(1200)
print(words_by_length(LINES))
print(report(LINES))
print(len(caesar(" ".join(LINES))))
total = 0.0
for k in range(500):
    total += evaluate("(a + 3.5) * b - 12 / (c + %d) + a*a" % (k + 1), {"a": k, "b": 2, "c": 1.5})
print(round(total, 4))
docs = documents(400)
for _ in range(4):
    text = json.dumps(docs)
    assert json.loads(text) == docs
    assert pickle.loads(pickle.dumps(docs)) == docs
print(len(json.dumps(docs, indent=2, sort_keys=True)), len(copy.deepcopy(docs)))
found = 0
for line in LINES:
    found += len(re.findall(r"\b(\w+)s\b", line)) + bool(re.match(r"(The|Quick).*(fox|dog)", line))
    found += len(re.sub(r"[aeiou]+", lambda m: m[0].upper(), line))
print(found)
print(len(textwrap.fill(" ".join(LINES[:60]), 50)))
page = ""
for line in LINES:
    page += line.replace("e", "E").strip().title() + "\n"
print(page.count("E"), page.find("Bridge"), page.upper().index("DOG"), len(page.splitlines()))
