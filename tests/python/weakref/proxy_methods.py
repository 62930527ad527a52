# reversed() and bytes() of a proxy.
import weakref


class C:
    def __len__(self):
        return 3

    def __reversed__(self):
        return iter("cba")

    def __bytes__(self):
        return b"bytes"


c = C()
p = weakref.proxy(c)
print("".join(reversed(p)), bytes(p))
del c
for f in reversed, bytes:
    try:
        print(f(p))
    except ReferenceError as e:
        print(e)
