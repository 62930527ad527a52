# Long lists of numbers: each method and operator, over each kind of number, compared with the same
# done item by item.
import math

N = 2000
INF = math.inf


def kinds():
    yield "tiny", [k % 100 for k in range(N)]
    yield "small", [k % 1000 - 500 for k in range(N)]
    yield "short", [k * 16 - 16000 for k in range(N)]
    yield "middle", [k * 1000003 - 10**9 for k in range(N)]
    yield "long", [k * 10**15 - 10**18 for k in range(N)]
    yield "floats", [k * 0.5 - 300.25 for k in range(N)]
    yield "zeros", [0.0 if k % 2 else -0.0 for k in range(N)]
    yield "infinities", [INF if k % 3 else -INF for k in range(N)]
    yield "range", list(range(-5, N - 5))
    yield "repeat", [0] * N
    yield "float repeat", [1.5] * N
    yield "pattern", [3, 1, 2] * 700
    yield "nan", [math.nan if k == 1500 else k * 1.0 for k in range(N)]
    yield "bools", [k % 2 == 0 for k in range(N)]
    yield "mixed", [k if k % 7 else k * 1.5 for k in range(N)]
    yield "big", [k + (1 << 70) for k in range(N)]
    yield "late float", [k for k in range(N)] + [0.5]
    yield "late none", [k for k in range(N)] + [None]


def show(x):
    return [repr(v) for v in x]


def sums(x):
    return f"{len(x)} {hash(tuple(map(repr, x))) == hash(tuple(map(repr, [*x])))} {show(x[:3])} {show(x[-3:])}"


def check(name, what, got, want):
    got = list(got)
    if len(got) != len(want) or got != list(want) or show(got[:9]) != show(want[:9]) or show(got[-9:]) != show(want[-9:]):
        if name == "nan" and show(got) == show(want):
            return
        print("DIFFERENT", name, what)


for name, l in kinds():
    model = tuple(l)
    print(name, sums(l), type(l[0]).__name__)
    check(name, "copy", l.copy(), model)
    check(name, "list", list(l), model)
    check(name, "slice", l[5:1700], model[5:1700])
    check(name, "short slice", l[5:17], model[5:17])
    check(name, "empty slice", l[17:5], model[17:5])
    check(name, "steps", l[3:1999:7], model[3:1999:7])
    check(name, "steps 1", l[::1], model)
    check(name, "back", l[::-1], model[::-1])
    check(name, "back 3", l[1900:2:-1], model[1900:2:-1])
    check(name, "add", l + l, model + model)
    check(name, "add few", l + [7], model + (7,))
    check(name, "few add", [7, 2.5] + l, (7, 2.5) + model)
    check(name, "times", l * 3, model * 3)
    check(name, "times 0", l * 0, ())
    check(name, "reversed", list(reversed(l)), model[::-1])
    check(name, "iter", [x for x in l], model)
    check(name, "tuple", tuple(l), model)
    check(name, "star", [*l, *l], model + model)
    check(name, "map", list(map(abs, l)), tuple(map(abs, model)) if name != "late none" else ()) if name != "late none" else None
    m = l.copy()
    m.reverse()
    check(name, "reverse", m, model[::-1])
    m = l.copy()
    m.append(5)
    m.append(300)
    m.append(1.25)
    m.append(True)
    m.append(None)
    m.append(1 << 80)
    check(name, "append", m, model + (5, 300, 1.25, True, None, 1 << 80))
    m = l.copy()
    m.extend(l)
    m.extend(m)
    check(name, "extend", m, model * 4)
    m = l.copy()
    m += range(3000)
    m += (x for x in range(5))
    m += (1, 2)
    m += [0.5, 0.75]
    check(name, "extend by others", m, model + tuple(range(3000)) + (0, 1, 2, 3, 4, 1, 2, 0.5, 0.75))
    m = l.copy()
    m *= 2
    check(name, "times in place", m, model * 2)
    m *= -1
    check(name, "times none", m, ())
    m = l.copy()
    got = [m.pop(), m.pop(0), m.pop(100), m.pop(-100)]
    w = list(model)
    w = [*w]
    want = [model[-1], model[0], model[101], model[:-1][-100]]
    check(name, "pop", got, want)
    check(name, "popped", m, model[1:101] + model[102:-101] + model[-100:-1])
    m = l.copy()
    m.insert(0, 4)
    m.insert(-1, 40000)
    m.insert(99999, 2.5)
    m.insert(-99999, 9)
    check(name, "insert", m, (9, 4) + model[:-1] + (40000,) + model[-1:] + (2.5,))
    m = l.copy()
    del m[5:1000]
    del m[-3]
    check(name, "del", m, (model[:5] + model[1000:])[:-3] + (model[:5] + model[1000:])[-2:])
    m = l.copy()
    del m[1::3]
    check(name, "del steps", m, tuple(x for k, x in enumerate(model) if k % 3 != 1))
    m = l.copy()
    del m[1900:10:-2]
    gone = set(range(1900, 10, -2))
    check(name, "del back", m, tuple(x for k, x in enumerate(model) if k not in gone))
    m = l.copy()
    m[10:20] = l
    m[0:5] = [1, 2]
    m[1:1] = (3.5,)
    m[2:3] = []
    check(name, "store slice", m, ((1, 2) + (model[:10] + model + model[20:])[5:])[:1] + (3.5,)
          + ((1, 2) + (model[:10] + model + model[20:])[5:])[2:])
    m = l.copy()
    m[100:200] = l[500:1900]
    check(name, "store long slice", m, model[:100] + model[500:1900] + model[200:])
    m = l.copy()
    m[:] = m
    check(name, "store itself", m, model)
    m = l.copy()
    m[::2] = m[1::2] if len(m) % 2 == 0 else m[1::2] + m[-1:]
    w = list(model) + [None]
    w.pop()
    w[::2] = model[1::2] if len(w) % 2 == 0 else model[1::2] + model[-1:]
    check(name, "store steps", m, w)
    m = [None]
    m[:] = l
    check(name, "store in another", m, model)
    m = [None, 7]
    m[1:1] = l
    check(name, "store between", m, (None,) + model + (7,))
    if name not in ("late none",):
        for reverse in (False, True):
            m = l.copy()
            m.sort(reverse=reverse)
            want = sorted([*model, None][:-1], key=lambda x: x, reverse=reverse)
            if name != "nan":
                check(name, "sort", m, want)
                check(name, "sorted", sorted(l, reverse=reverse), want)
                check(name, "sort sorted", sorted(m, reverse=reverse), want)
                if name != "zeros":
                    check(name, "sort back", sorted(m[::-1], reverse=reverse), want)
            m = l.copy()
            m.sort(key=str, reverse=reverse)
            check(name, "sort key", m, sorted(model, key=str, reverse=reverse))
        print(" ", sum(l) if name != "infinities" else "", min(l), max(l), any(l), all(l))
        print(" ", sum(l, 1.5) if name != "infinities" else "", sum(l, True) if name != "infinities" else "")
    for x in (l[3], l[-1], l[1000], 7, 7.0, 0, -0.0, 300, 70000, 1 << 40, 1 << 70, 1e300, True, None, "x",
              2.5, -1, INF, 2**53 + 1, complex(7)):
        a, b = l.index(x) if x in l else None, model.index(x) if x in model else None
        if (a, l.count(x)) != (b, model.count(x)):
            print("DIFFERENT", name, "index", x)
    try:
        l.index(123456789)
    except ValueError as e:
        print(" ", e)
    print(" ", l.index(l[1700], 5, 1900) == model.index(model[1700], 5, 1900), l[1999] is not None)
    m = l.copy()
    m.remove(m[70])
    m.remove(m[-1])
    w = [*model]
    w.remove(w[70])
    w.remove(w[-1])
    check(name, "remove", m, w)
    print(" ", l == m, l != m, l == l.copy(), l == [*model], l == list(map(lambda x: x, model)), [] == l, l == model)
    m = l.copy()
    m[1234] = 5
    if name not in ("late none",):
        print(" ", l < m, l > m, l <= m, l >= m, l[:1500] < l, l < l[:1500], l < [100], [100.5] > l)
    for bad in (N * 3, -N * 3):
        for do in (lambda: l[bad], lambda: l.__setitem__(bad, 1), lambda: l.__delitem__(bad), lambda: l.pop(bad)):
            try:
                do()
                print("NO ERROR")
            except IndexError as e:
                print("   ", e)
    m = l.copy()
    m.clear()
    m.append(1)
    print(" ", m, l.__len__(), bool(l), bool(m))
