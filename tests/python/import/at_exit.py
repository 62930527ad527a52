# Imports by the last finalizers fail cleanly, or work; nothing is left over.
class Late:
    def __del__(self):
        try:
            import colorsys
            import importlib
        except ImportError:
            pass
a, b = Late(), Late()
a.other, b.other = b, a
keep = Late()
import builtins
builtins.keep_too = Late()
print("end")
# expect: end
