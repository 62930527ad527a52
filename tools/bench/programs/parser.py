# SPDX-License-Identifier: MIT
# A hand-written tokenizer and recursive descent parser; the tree is then evaluated many times.
from time import perf_counter


class Lexer:
    def __init__(self, text):
        self.text = text
        self.at = 0

    def next(self):
        text, at, end = self.text, self.at, len(self.text)
        while at < end and text[at] == " ":
            at += 1
        if at == end:
            self.at = at
            return None
        c = text[at]
        start = at
        if c.isdigit():
            while at < end and (text[at].isdigit() or text[at] == "."):
                at += 1
            kind = "number"
        elif c.isalpha():
            while at < end and text[at].isalnum():
                at += 1
            kind = "name"
        else:
            at += 1
            kind = c
        self.at = at
        return kind, text[start:at]


class Parser:
    def __init__(self, text):
        self.lexer = Lexer(text)
        self.token = self.lexer.next()

    def advance(self):
        token = self.token
        self.token = self.lexer.next()
        return token

    def at_any(self, kinds):
        return self.token is not None and self.token[0] in kinds

    def expression(self):
        left = self.term()
        while self.at_any("+-"):
            operator = self.advance()[0]
            left = (operator, left, self.term())
        return left

    def term(self):
        left = self.factor()
        while self.at_any("*/"):
            operator = self.advance()[0]
            left = (operator, left, self.factor())
        return left

    def factor(self):
        kind, text = self.advance()
        if kind == "number":
            return ("number", float(text))
        if kind == "name":
            return ("name", text)
        if kind == "-":
            return ("negate", self.factor())
        if kind == "(":
            inner = self.expression()
            self.advance()
            return inner
        raise SyntaxError(text)


def evaluate(node, names):
    match node:
        case ("number", value):
            return value
        case ("name", name):
            return names[name]
        case ("negate", inner):
            return -evaluate(inner, names)
        case ("+", a, b):
            return evaluate(a, names) + evaluate(b, names)
        case ("-", a, b):
            return evaluate(a, names) - evaluate(b, names)
        case ("*", a, b):
            return evaluate(a, names) * evaluate(b, names)
        case ("/", a, b):
            return evaluate(a, names) / evaluate(b, names)
    raise ValueError(node)


TEXT = "1 + x * (3 - y / 2.5) - -z * 4 + (x + y) * (x - y) / (1 + z * z) + alpha1 * 2"


def work(n):
    total = 0.0
    for i in range(n):
        tree = Parser(TEXT).expression()
        names = {"x": i % 10, "y": 2.0, "z": 0.5, "alpha1": 1.5}
        for _ in range(3):
            total += evaluate(tree, names)
    return total


start = perf_counter()
answer = work(5000)
elapsed = perf_counter() - start
print("answer: %.6f" % answer)
print("time:", elapsed)
