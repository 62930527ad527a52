# ExceptionGroup: construction, checks, split, subgroup, derive, except*.
def show(source):
    try:
        print(source, "->", repr(eval(source, globals())))
    except BaseException as e:
        print(source, "->", type(e).__name__ + ":", e)


class Both(Exception, BaseExceptionGroup):
    pass


g = ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("n", [KeyError(3), ValueError(4)])])
for source in ["BaseExceptionGroup(1)", "BaseExceptionGroup(1, 2)", "ExceptionGroup('a', 2)", "ExceptionGroup('a', [])",
               "ExceptionGroup('a', [1])", "ExceptionGroup('a', [KeyboardInterrupt()])", "Both('a', [KeyboardInterrupt()])",
               "ExceptionGroup('a', {1: 2})", "ExceptionGroup('a', 'xy')", "ExceptionGroup('m', [ValueError(1)], x=1)",
               "ExceptionGroup('a', (e for e in [ValueError()]))", "BaseExceptionGroup('m', [ValueError(1)])",
               "BaseExceptionGroup('m', [KeyboardInterrupt()])", "ExceptionGroup('m', (ValueError(1),))",
               "Both('b', [ValueError()]).exceptions", "str(g)", "str(ExceptionGroup('m', [ValueError()]))",
               "g.split(ValueError)", "g.split((ValueError, KeyError))", "g.split(ExceptionGroup)", "g.split(OSError)",
               "g.split(lambda e: isinstance(e, TypeError))", "g.split(3)", "g.split((3,))", "g.split(print)",
               "g.subgroup(KeyError)", "g.subgroup(OSError)", "g.subgroup(lambda e: True) is g", "g.subgroup((ValueError, int))",
               "g.derive([OSError()])", "g.derive([1])", "g.derive([KeyboardInterrupt()])", "g.message", "g.exceptions",
               "ExceptionGroup[int]", "ExceptionGroup.__mro__", "g.__reduce__()", "g.args"]:
    show(source)
for name in ("message", "exceptions"):
    try:
        setattr(g, name, 1)
    except AttributeError as e:
        print(e)
g.add_note("note")
try:
    raise g from OSError("cause")
except ExceptionGroup:
    pass
match, rest = g.split(ValueError)
print(match.__notes__, match.__notes__ is g.__notes__, match.__cause__, match.__traceback__ is g.__traceback__,
      rest.__suppress_context__)


class Own(ExceptionGroup):
    def derive(self, excs):
        return Own("derived " + self.message, excs)


print(repr(Own("o", [ValueError(), KeyError()]).split(ValueError)))


class Wrong(ExceptionGroup):
    def derive(self, excs):
        return 1


show("Wrong('w', [ValueError(), KeyError()]).split(ValueError)")


def star(e):
    try:
        try:
            raise e
        except* ValueError as v:
            print("  ValueError part:", repr(v))
        except* TypeError as t:
            print("  TypeError part:", repr(t))
            raise
    except BaseException as out:
        print("  out:", repr(out), "| context", repr(out.__context__))
    else:
        print("  nothing left")


for e in (ValueError("naked"), TypeError("t"), OSError("o"), KeyboardInterrupt(), ExceptionGroup("v", [ValueError()]),
          ExceptionGroup("mix", [ValueError(), TypeError(), OSError()]),
          BaseExceptionGroup("b", [ValueError(), KeyboardInterrupt()]),
          ExceptionGroup("deep", [ExceptionGroup("in", [ValueError(1), OSError(2)]), ValueError(3)])):
    print(repr(e))
    star(e)
try:
    try:
        raise ExceptionGroup("x", [ValueError(1), TypeError(2), OSError(3)])
    except* ValueError:
        raise KeyError("new")
    except* TypeError:
        raise
except BaseException as e:
    print(repr(e))
