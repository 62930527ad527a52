# What the site module does at start is there without the module.
import sys, builtins
print([hasattr(builtins, n) for n in ("exit", "quit", "copyright", "credits", "license", "help")], "site" in sys.modules)
# expect: [True, True, True, True, True, True] False
print(repr(exit), "|", repr(copyright), "os" in sys.modules)
# expect: Use exit() or Ctrl-D (i.e. EOF) to exit | Copyright (c) Quiver authors. False
print(type(quit).__name__, type(license).__name__, type(help).__name__)
# expect: Quitter _Printer _Helper
before = list(sys.path)
import site
print("site" in sys.modules, all(p in sys.path for p in before if p), repr(exit))
# expect: True True Use exit() or Ctrl-D (i.e. EOF) to exit
