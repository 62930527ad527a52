# SPDX-License-Identifier: MIT
# A trace or profile function that sets another one as it is dropped.
import sys


def foo(*args):
    pass


def bar(*args):
    pass


class T:
    def __init__(self, setter):
        self.setter = setter

    def __call__(self, *args):
        pass

    def __del__(self):
        try:
            self.setter(bar)
        except RuntimeError as e:
            seen.append(str(e))


seen = []
sys.settrace(T(sys.settrace))
sys.settrace(foo)
got = sys.gettrace()
sys.settrace(None)
print(seen, got is foo)
sys.setprofile(T(sys.setprofile))
sys.setprofile(foo)
got = sys.getprofile()
sys.setprofile(None)
print(seen[1:], got is foo)
seen.clear()
sys.settrace(T(sys.setprofile))
sys.settrace(None)
got = sys.getprofile()
sys.setprofile(None)
print(seen, got is bar)
