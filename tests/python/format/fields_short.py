# SPDX-License-Identifier: MIT
# Fields with short specifications, of all kinds of values, beside one another in one format string.
import itertools


class Text(str):
    def __format__(self, spec):
        return "<%s>" % spec


class Number(int):
    pass


values = [0, 7, -12, 123456789, -(2**63), 2**70, True, 1.5, -0.0, 2.0 / 3, 1e22, float("nan"),
          float("-inf"), "", "ab", "h\xe9", "\u20ac5", "x" * 70, Text("t"), Number(5), None]
specs = ["", "5", "<6", ">6", "^7", "=7", "*^9", "0<5", "05", "-05", "+", " 4", "#x", "x", "#06x",
         "X", "b", "o", "c", "d", "n", ",", ",d", "9,", "_", "x,", ".1", ".0f", ".3f", "8.2f", ",.2f",
         "010.3f", "+.1f", "e", ".2e", "g", "%", ".1%", "s", ".2s", "4.1s", "^6.2s", "5d", "zf", "z.1f",
         "\xe9<5", "}<5", "120", "300", "999", "0300", "q", "-", "=", "#", "0", "00", "5x5", "1.", "#f"]

lines = {}
for value, spec in itertools.product(values, specs):
    forms = ["[{:%s}]" % spec, "{0:%s}|{0:%s}" % (spec, spec), "{name:%s}" % spec]
    out = []
    for form in forms:
        for run in (lambda: form.format(value, name=value), lambda: form.format(value),
                    lambda: form.format_map({"name": value})):
            try:
                out.append(run())
            except Exception as e:
                out.append("%s: %s" % (type(e).__name__, e))
    try:
        out.append(format(value, spec))
    except Exception as e:
        out.append("%s: %s" % (type(e).__name__, e))
    lines[id(value), spec] = out
for (_, spec), out in lines.items():
    different = list(dict.fromkeys(out))
    if sum(map(len, different)) < 100:
        print(spec, *different, sep=";")
    else:
        print(spec, [len(text) for text in different], different[0].strip(), sep=";")

# Names: what they are looked up in, and what of them is no plain word.


class Missing(dict):
    def __missing__(self, key):
        return "no " + key


class Key(str):
    def __hash__(self):
        return hash("a")

    def __eq__(self, other):
        return other == "a"


many = {"k%d" % i: i for i in range(20)}
kept = {"a": 1, "b": 2, "c": 3}
del kept["b"]
for form, arguments, names in [
    ("{a}{b}", (), Missing(a=1)), ("{k3}{k19}", (), many), ("{a.real}{a[0]}", (), {"a": [4]}),
    ("{a.real}", (), {"a": 4}), ("{}{a}{}", (1, 2), {"a": 3}), ("{}{0}", (1, 2), {}),
    ("{0}{}", (1, 2), {}), ("{1}{0}{1}", (1, 2), {}), ("{9}", (1,), {}), ("{10}", tuple(range(11)), {}),
    ("{01}", (1, 2), {}), ("{ 0}", (1,), {}), ("{ 0}", (1,), {" 0": 5}), ("{a b}", (), {"a b": 5}),
    ("{-1}", (1,), {"-1": 6}), ("{x}", (), {}), ("{h\xe9}", (), {"h\xe9": 7}),
    ("{a}", (), {Key("zz"): "key"}), ("{b}", (), kept), ("{c}{a}", (), kept), ("{}", (), {}),
    ("{a!r:>6}{a!s}{a!a}", (), {"a": "\u20ac"}), ("{:{}}", ("x", 5), {}), ("{:{w}}|", (3,), {"w": 4}),
    ("{a:{b}}", (), {"a": 2, "b": "03"}), ("{{{}}}", (1,), {}), ("{", (1,), {}), ("}", (1,), {}),
    ("{!x}", (1,), {}), ("{a", (), kept), ("{a:", (), kept), ("\u20ac{:>5}{a:<3}|", ("q",), kept),
]:
    for run in (lambda: form.format(*arguments, **names), lambda: form.format_map(names),
                lambda: str.format(form, *arguments)):
        try:
            print(repr(form), ascii(run()))
        except Exception as e:
            print(repr(form), type(e).__name__, e)

print("{a}".format_map({1: 2, "a": 3}))
for bad in (lambda: str.format(), lambda: str.format(1), lambda: "{}".format_map()):
    try:
        print(bad())
    except TypeError as e:
        print("TypeError")


class Grows:
    "Its text is made while the format is under way."

    def __init__(self, depth):
        self.depth = depth

    def __format__(self, spec):
        return "{:>%d}/{}".format(self.depth, "%s" % spec) % 3 if self.depth == 0 else \
            "({:>3})".format(Grows(self.depth - 1))


try:
    print("{} {:2} {}".format(1, Grows(2), "end"))
except Exception as e:
    print(type(e).__name__, e)
