# SPDX-License-Identifier: MIT
# Loops over lists of tuples: values go to the targets without the tuple.
import sys
from collections import namedtuple

Point = namedtuple("Point", "x y")


def two(rows):
    out = []
    for a, b in rows:
        out.append((a, b))
    return out


def nested(rows):
    out = []
    for a, (b, c) in rows:
        out.append((a, b, c))
    return out


def many(rows):
    return [[a, b, c] for a, b, c in rows], [d for *_, d in rows]


def four(rows):
    for a, b, c, d in rows:
        yield a + b + c + d


def five(rows):
    return [a + e for a, b, c, d, e in rows]


def tell(call, *arguments):
    try:
        print(call(*arguments))
    except Exception as e:
        print(type(e).__name__, e, e.__traceback__.tb_next.tb_lineno - call.__code__.co_firstlineno
              if e.__traceback__.tb_next else None)


pairs = [(1, 2), (3, 4), (5, 6)]
for rows in (pairs, [], pairs, [(1, 2), [3, 4], "ab", Point(5, 6), {7: 8, 9: 10}, (11, 12)], pairs,
             [(1, 2), (3,)], [(1, 2), (3, 4, 5)], [(1, 2), 3], [(1, 2), None], [Point(1, 2)], pairs,
             list(range(2000)), [(1, 2), range(2), (3, 4)], tuple(pairs), iter(pairs), pairs):
    tell(two, rows)
tell(nested, [(1, (2, 3)), (4, (5, 6))])
tell(nested, [(1, (2, 3)), (4, [5, 6]), (7, "89"), (1, (2, 3)), (0, 0)])
tell(nested, [(1, (2, 3)), (4, (5,))])
tell(many, [(1, 2, 3), (4, 5, 6)])
tell(list, four([(1, 2, 3, 4), (5, 6, 7, 8)]))
tell(five, [(1, 2, 3, 4, 5)])


# The list changes under way.
def grows(rows):
    for a, b in rows:
        if len(rows) < 6:
            rows.append((a + 1, b))
    return rows


def shrinks(rows):
    out = []
    for a, b in rows:
        out.append(a)
        rows.pop()
    return out, rows


def replaced(rows):
    out = []
    for a, b in rows:
        out.append((a, b))
        rows[1:] = [(8, 9)]
    return out


tell(grows, [(1, 2)])
tell(shrinks, [(1, 2), (3, 4), (5, 6)])
tell(replaced, [(1, 2), (3, 4), (5, 6)])


# What a target held goes, and changes the list.
class Clears:
    def __init__(self, rows):
        self.rows = rows

    def __del__(self):
        print("clears", len(self.rows))
        self.rows.clear()


def dying():
    rows = []
    rows.append((Clears(rows), "b"))
    rows[:] = [(rows[0][0], "b")] + [(str(n), "x" * n) for n in range(3)]
    first = True
    for a, b in rows:
        if first:
            rows[0] = None
            first = False
    return type(a).__name__, b, rows


tell(dying)

# The iterator has another holder.
it = iter([(1, 2), (3, 4), (5, 6)])
for a, b in it:
    if a == 1:
        print(next(it))
print(a, b, list(it), next(it, "end"))


def shared(it):
    for a, b in it:
        yield a, next(it, None)


tell(list, shared(iter(pairs)))


# The same name twice, the loop's own variable among them, and targets that are no names.
class Box:
    pass


def targets(rows):
    box, d = Box(), {}
    for a, a in rows:
        pass
    for rows, b in rows:
        pass
    for box.x, d["k"] in pairs:
        pass
    return a, rows, b, box.x, d


tell(targets, [(1, 2), (3, 4)])
for i, (x, y) in enumerate([(1, 2), (3, 4)]):
    print(i, x, y, end=";")
print()

# Under a tracer each part is told.
lines = []


def tracer(frame, event, arg):
    if frame.f_code is two.__code__:
        lines.append((event, frame.f_lineno - two.__code__.co_firstlineno))
        return tracer


two(pairs)
sys.settrace(tracer)
two(pairs[:2])
sys.settrace(None)
print(lines)
two(pairs)
