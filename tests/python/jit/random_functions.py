# Functions made at random of what machine code is made of: arithmetic on numbers of all sizes,
# comparisons, lists, dicts, attributes, calls, loops, exceptions. Each is called until it is
# translated, with numbers, then with operands of other types.
#   random_functions.py [FROM TO]    the seeds
import random
import sys
import traceback


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def move(self, d):
        self.x = self.x + d
        return self.y

    def __add__(self, other):
        return Point(self.x + 1, other)

    def __lt__(self, other):
        return self.x is None

    def __eq__(self, other):
        return isinstance(other, Point) and self.x == other.x

    def __repr__(self):
        return f"P({self.x!r})"


class Slotted:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x, self.y = x, y

    def move(self, d):
        self.y = d
        return self.x


def helper(a, b):
    return a + b


def pick(a, b=3):
    if a:
        return b
    return a


VALUES = [0, 1, 2, -1, 7, 1023, 1025, -6, 2**31, 2**62, 2**63 - 1, -2**63, 2**64, 10**30, 0.5, -0.0, 1e308,
          float("inf"), float("nan"), True, False, None, "", "a", "ab", (), (1, 2), b"x"]


class Maker:
    def __init__(self, seed):
        self.r = random.Random(seed)
        self.lines = []
        self.depth = 1
        self.loops = 0

    def name(self):
        return self.r.choice("abcde")

    def atom(self):
        kind = self.r.randrange(10)
        if kind < 6:
            return self.name()
        if kind < 8:
            return repr(self.r.choice([0, 1, 2, 3, 5, -1, 100, 1000, 70000, 1 << 40]))
        if kind < 9:
            return repr(self.r.choice([0.5, 2.0, -1.25, 1e100]))
        return self.r.choice(["p.x", "p.y", "s.x", "l[0]", "l[-1]", "d['k']", "g", "t[1]"])

    def expr(self, deep=2):
        kind = self.r.randrange(13)
        if deep == 0 or kind < 2:
            return self.atom()
        x, y = self.expr(deep - 1), self.expr(deep - 1)
        if kind < 7:
            op = self.r.choice(["+", "-", "*", "+", "-", "*", "//", "%", "/", "&", "|", "^"])
            return f"({x} {op} {y})"
        if kind == 7:
            return f"({x} {self.r.choice(['<<', '>>'])} {self.r.randrange(8)})"
        if kind == 8:
            return f"({x} {self.r.choice(['<', '<=', '==', '!=', '>', '>='])} {y})"
        if kind == 9:
            return f"({x} if {self.test()} else {y})"
        if kind == 10:
            return self.r.choice([f"-({x})", f"helper({x}, {y})", f"pick({x})", f"(not {x})", f"p.move({x})",
                                  f"s.move({x})", f"len(l)", f"isinstance({x}, int)", f"min(3, 4)"])
        if kind == 11:
            return self.r.choice([f"l[{self.r.randrange(-3, 4)}]", "[" + x + "][0]", f"({x}, {y})[{self.r.randrange(2)}]",
                                  f"d.get('k')", f"abs(-5)", f"'%s' % 3", f"f'{{{x}}}'[:3]", "l[1:3][0]"])
        return f"({x} {self.r.choice(['and', 'or'])} {y})"

    def test(self):
        x, y = self.expr(1), self.expr(1)
        return self.r.choice([f"{x} < {y}", f"{x} == {y}", f"{x} != {self.r.randrange(4)}", f"{x}", f"not {x}", f"{x} is None",
                              f"{x} > {self.r.randrange(-2, 2000)}", f"{x} in l", f"{self.name()} is not None"])

    def add(self, text):
        self.lines.append("    " * self.depth + text)

    def block(self, n):
        self.depth += 1
        for _ in range(n):
            self.statement()
        self.depth -= 1

    def statement(self):
        kind = self.r.randrange(16)
        if self.depth > 4:
            kind = kind % 6
        if kind < 4:
            self.add(f"{self.name()} = {self.expr()}")
        elif kind < 6:
            self.add(self.r.choice([f"p.x = {self.expr(1)}", f"l[{self.r.randrange(-2, 3)}] = {self.expr(1)}", f"d['k'] = {self.expr(1)}",
                                    f"s.x = {self.expr(1)}", f"l.append({self.expr(1)})", f"{self.name()} += {self.expr(1)}",
                                    f"a, {self.r.choice('bcde')} = {self.atom()}, {self.atom()}", f"p.z = {self.atom()}",
                                    "del l[5:]", f"{self.name()} -= 1"]))
        elif kind < 9:
            self.add(f"if {self.test()}:")
            self.block(self.r.randrange(1, 3))
            if self.r.randrange(2):
                self.add("else:")
                self.block(1)
        elif kind < 12 and self.loops < 2:
            self.loops += 1
            i = "ij"[self.loops - 1]
            self.add(self.r.choice([f"for {i} in range({self.r.randrange(1, 6)}):", f"for {i} in l[:3]:", f"for {i} in (1, 2.5, 'q'):",
                                    f"for {i}, {self.name()} in zip(l, range(3)):", f"for {i} in d:",
                                    f"for {i} in gen(3):"]))
            self.block(self.r.randrange(1, 4))
            if self.r.randrange(3) == 0:
                self.depth += 1
                self.add(self.r.choice(["continue", "break"]))
                self.depth -= 1
            self.loops -= 1
        elif kind < 14:
            self.add("try:")
            self.block(self.r.randrange(1, 3))
            self.add(self.r.choice(["except TypeError:", "except (TypeError, ValueError) as e:", "except ArithmeticError:", "finally:"]))
            self.block(1)
        elif kind == 14:
            self.add(f"if {self.test()}: return {self.name()}")
        else:
            self.add(f"n = {self.r.randrange(1, 5)}")
            self.add("while n > 0:")
            self.depth += 1
            self.add("n -= 1")
            self.depth -= 1
            self.block(1)

    def function(self):
        self.lines = ["def f(a, b, c, p, s, l, d, t):", "    i = j = e = n = 0"]
        for _ in range(self.r.randrange(4, 9)):
            self.statement()
        self.add("return a, b, c, i, j, n")
        return "\n".join(self.lines)


def gen(n):
    for k in range(n):
        yield k * 1.5


def outcome(f, a, b, c):
    l, d = [1, 2.5, a, 7], {"k": b}
    p, s = Point(a, b), Slotted(c, a)
    try:
        result = f(a, b, c, p, s, l, d, (1, b, c))
        text = repr(result)
    except Exception as error:
        line = error.__traceback__.tb_next.tb_lineno if error.__traceback__.tb_next else 0
        text = f"{type(error).__name__} {error} line {line}"
    try:
        return text[:300] + " | " + repr((p, s.x, s.y, l, d))[:300]
    except Exception as error:
        return text[:300] + " | " + type(error).__name__


def main():
    first, last = map(int, sys.argv[1:3]) if len(sys.argv) > 2 else (1, 40)
    for seed in range(first, last + 1):
        maker = Maker(seed)
        source = maker.function()
        space = {"helper": helper, "pick": pick, "gen": gen, "g": seed}
        try:
            exec(compile(source, f"<seed {seed}>", "exec"), space)
        except SyntaxError as error:
            print(seed, error)
            continue
        f = space["f"]
        r = maker.r
        seen = []
        for k in range(120):
            seen.append(outcome(f, k, k + 1, 3))
        for k in range(60):
            seen.append(outcome(f, k * 0.5, 2.0, 1.5))
        for k in range(80):
            seen.append(outcome(f, r.choice(VALUES), r.choice(VALUES), r.choice(VALUES)))
        digest = 0
        for text in seen:
            for ch in text:
                digest = (digest * 31 + ord(ch)) % (1 << 61)
        print(seed, digest, seen[0][:100], "...", seen[-1][:100])
        if "-v" in sys.argv:
            print(source)
            print("\n".join(seen))


main()
