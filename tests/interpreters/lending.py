# SPDX-License-Identifier: MIT
# What an interpreter with limits makes lives on its limits: all of them together get no more than it was
# given, and what they leave comes back. Directories go to them, too.
# expect: ok
import os
import tempfile

from concurrent import interpreters
from concurrent.interpreters import ExecutionFailed, create


def many():  # in an interpreter with fuel: children that are never ended, as many as can be made
    from concurrent import interpreters
    kids, used = [], 0
    while len(kids) < 30:
        kid = interpreters.create()
        kids.append(kid)
        kid_fuel = kid.limit_left("fuel")
        used += kid_fuel
        if kid_fuel < 3000:
            break
        try:
            kid.exec("while True: pass")
        except interpreters.ExecutionFailed as e:
            assert "fuel limit" in str(e), e
        else:
            raise AssertionError("it did not end")
        assert kid.limit_left("fuel") == 0
        kid.set_limit("fuel", 10**9)  # half of what is left, again; it comes back with the child
        assert 0 < kid.limit_left("fuel") < kid_fuel
    return used, len(kids)


maker = create(limits={"fuel": 500_000})
used, kids = maker.call(many)
assert 3 < kids < 30 and used > 300_000 and used + maker.limit_left("fuel") <= 500_000, (used, kids, maker.limit_left("fuel"))
try:
    maker.exec("while True: pass")
except ExecutionFailed as e:
    assert e.excinfo.formatted.startswith("LimitExceeded: fuel limit"), e
else:
    raise AssertionError


def comes_back():
    from concurrent import interpreters
    kid = interpreters.create(limits={"fuel": 100_000, "output": 50, "cpu": 1}, stdout="capture")
    kid.exec("print('12345', flush=True)")
    assert kid.limit_left("output") == 44 and kid.limit_left("fuel") > 90_000
    again = interpreters.create(limits={"fuel": 100_000})
    again.reset()  # gives it nothing anew
    again.exec("for n in range(1000): pass")
    left = again.limit_left("fuel")
    again.reset()
    assert again.limit_left("fuel") <= left < 100_000
    kid.close()
    again.close()


maker = create(limits={"fuel": 300_000, "output": 100, "cpu": 3}, stdout="capture")
maker.call(comes_back)
left = maker.limit_left("fuel")
maker.exec("pass")
assert maker.limit_left("fuel") > 200_000
assert maker.limit_left("output") == 94, maker.limit_left("output")
assert 2.5 < maker.limit_left("cpu") <= 3


def memory():
    from concurrent import interpreters
    mine = interpreters.get_current().limit_left("memory")
    kids = [interpreters.create(limits={"memory": 4_000_000}) for _ in range(2)]
    assert interpreters.get_current().limit_left("memory") <= mine - 8_000_000
    sizes = []
    for kid in kids:
        try:
            kid.exec("x = []\nwhile True: x.append(bytes(100_000))")
        except interpreters.ExecutionFailed as e:
            sizes.append(str(e))
    try:
        x = []
        while True:
            x.append(bytes(100_000))
    except MemoryError:
        sizes.append(len(x) * 100_000)
        del x
    [kid.close() for kid in kids]
    for _ in range(100):
        pass
    assert interpreters.get_current().limit_left("memory") > mine - 1_000_000
    y = bytes(10_000_000)
    return sizes


m1, m2, m3 = create(limits={"memory": 16_000_000}).call(memory)
assert "memory limit of 4000000 bytes" in m1 and m1 == m2 and m3 < 8_000_000, (m1, m2, m3)


# Time: a child's ends with its maker's.
def outlives():
    import threading
    from concurrent import interpreters
    kid = interpreters.create(limits={"time": 1000})
    try:
        kid.exec("import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nwhile True: pass")
    except BaseException as e:
        return
    raise AssertionError


try:
    create(limits={"time": 0.05}).call(outlives)
except ExecutionFailed as e:
    assert "time limit" in e.excinfo.formatted, e

# Directories.
with tempfile.TemporaryDirectory() as top:
    top = os.path.realpath(top)
    os.makedirs(top + "/in/deep")
    os.mkdir(top + "/out")
    for place in "in", "in/deep", "out":
        with open(f"{top}/{place}/file", "w") as f:
            f.write(place)

    def look(top, **options):
        from concurrent import interpreters

        def reach(top):
            found = []
            for place in "in", "in/deep", "out":
                for mode in "r", "r+":
                    try:
                        with open(f"{top}/{place}/file", mode) as f:
                            f.read()
                        found.append(f"{place}:{mode}")
                    except PermissionError:
                        pass
            return found

        try:
            return interpreters.create(**options).call(reach, top)
        except PermissionError as e:
            return str(e)

    box = create(read_dirs=[top + "/in"], write_dirs=[top + "/in/deep"])
    assert box.call(look, top) == ["in:r", "in/deep:r", "in/deep:r+"], box.call(look, top)
    assert box.call(look, top, read_dirs=[top + "/in/deep"]) == ["in/deep:r", "in/deep:r+"]
    assert box.call(look, top, write_dirs=[]) == ["in:r", "in/deep:r"]
    assert "denied" in box.call(look, top, read_dirs=[top])
    assert "denied" in box.call(look, top, write_dirs=[top + "/in/deep", top + "/in"])
    assert "denied" in box.call(look, top, read_dirs=[top + "/in/../out"])
    # A link that shows elsewhere than it did when the maker was made.
    os.symlink(top + "/in", top + "/link")
    linked = create(read_dirs=[top + "/link"], deny=["write"])
    assert linked.call(look, top) == ["in:r", "in/deep:r"]
    os.unlink(top + "/link")
    os.symlink(top + "/out", top + "/link")
    assert "denied" in linked.call(look, top)
    off = create(deny=["read"])
    assert "denied" in off.call(look, top, read_dirs=[top])
print("ok")
