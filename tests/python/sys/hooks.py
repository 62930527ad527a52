"""Hooks: values, exceptions nobody can catch, breakpoints, audit events."""
import os
import sys

sys.displayhook(5)
sys.displayhook(None)
print(_)
sys.stderr = sys.stdout
try:
    1 / 0
except ZeroDivisionError as e:
    sys.excepthook(type(e), e, e.__traceback__)
    sys.__excepthook__(type(e), e, None)
sys.excepthook(1, 2, 3)


class Bad:
    def __del__(self):
        1 / 0


def hook(args):
    print(type(args).__name__, args.exc_type, args.exc_value, args.err_msg, args.object.__qualname__, len(args))
    sys.__unraisablehook__(args) if args.err_msg else None


sys.unraisablehook = hook
Bad()
del sys.unraisablehook

for name in "0", "builtins.len", "len", "no.such", "os.nothing", ".":
    os.environ["PYTHONBREAKPOINT"] = name
    try:
        print(name, breakpoint([1]))
    except Exception as e:
        print(name, type(e).__name__, e)

events = []


def audit(event, args):
    if event.startswith("test.") or event == "sys.addaudithook":
        events.append((event, args))
        if event == "test.stop":
            raise ValueError("no")


sys.addaudithook(audit)
sys.audit("test.one")
sys.audit("test.two", 1, "x")
try:
    sys.audit("test.stop")
except ValueError as e:
    print("stopped", e)
try:
    sys.audit(1)
except TypeError as e:
    print(e)
sys.addaudithook(lambda event, args: None)
print(events)


def refuse(event, args):
    if event == "sys.addaudithook":
        raise RuntimeError


sys.addaudithook(refuse)
sys.addaudithook(lambda event, args: print("never"))
sys.audit("test.three")
print(events[-1])

# the hooks of the start are there under two names
for name in "breakpointhook", "displayhook", "excepthook", "unraisablehook":
    print(name, getattr(sys, f"__{name}__").__name__)
