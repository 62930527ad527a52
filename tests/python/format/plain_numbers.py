# Numbers under many specifications: one block for ASCII, the general way for other fills.
specs = ["", "d", "5", "05", "<5", "^7", ">7", "=+7", "+", " ", "-", "*^9", "\u00e9^9", "\u6f22>9", "1", "01",
         ",", "_", "010,", "011,", "012,", "013,", "09_", "x", "#x", "X", "#X", "#010x", "b", "#b", "_b", "#012_b",
         "o", "#o", "_x", "\u0665", "c", "n", ".2", "z", "q", "5.", ",,", "_,", "99999999999999999999"]
for v in [0, 7, -7, 12, -12, 255, 1000, -1000, 1234567, -1234567, 2**63, -2**63, 10**25, True]:
    for spec in specs:
        try:
            print(repr(format(v, spec)), end=" ")
        except (ValueError, OverflowError, TypeError) as e:
            print(type(e).__name__, e, end=" ")
    print()
floats = ["", "f", ".0f", "#.0f", "e", "10.3e", "g", "%", ".1%", "+.2f", "010.2f", "=+10.1f", "012,.2f", ",", "_.1f",
          "<9.1f", "^9.1f", "*>9.1f", "\u00e9>9.1f", "z.0f", "n", "x", ".3", "1.0f"]
for v in [0.0, -0.0, 1.5, -1.5, 1234567.891, 1e100, -1e-7, float("inf"), float("-inf"), float("nan")]:
    for spec in floats:
        try:
            print(repr(format(v, spec)), end=" ")
        except ValueError as e:
            print(e, end=" ")
    print()
for spec in ["", "s", "5", "^5", ">5.1", "\u6f22^6", "=5", "+", "05"]:
    for v in ["", "a", "abc", "\u00e9", "\u6f22\u5b57"]:
        try:
            print(ascii(format(v, spec)), end=" ")
        except ValueError as e:
            print(e, end=" ")
    print()


class S(str):
    def __str__(self):
        return "own"


class I(int):
    def __str__(self):
        return "int's own"

    def __format__(self, spec):
        return "formatted " + spec


print("%s|%s|%d|%s" % ("a", S("b"), True, I(3)), f"{S('x')}|{I(4)}|{I(4)!s}|{I(4)!r}|{7}|{7!s}|{7!r}|{7!a}")
print("%s" % "one", "%d" % 7, "%s" % 7, "%d" % -3, "%d%s" % (1, "\u6f22"), ascii("\u00e9%s" % "x"))
for fmt, args in [("%s", ()), ("%s%s", ("a",)), ("%d", ("a",)), ("%s", ("a", "b")), ("%d", "a"), ("%(a)s%d", {"a": 1}), ("%d", 1.9)]:
    try:
        print(fmt % args)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
for fmt in ["{", "}", "{{", "}}", "a{{b}}c{}", "{0", "y{0}z{0}", "{0!r:>5}", "\u6f22{}\u00e9", "z{{{}}}", "{:{}}", "{a}{", "|y}"]:
    try:
        print(ascii(fmt.format(5, 6, a=1)))
    except (ValueError, KeyError, IndexError) as e:
        print(type(e).__name__, e)
