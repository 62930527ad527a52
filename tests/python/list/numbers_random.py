# Random changes of long lists of numbers, beside the same changes of a list that cannot be anything
# but an ordinary one: it holds each number in an object.
import random


class Box:
    def __init__(self, v):
        self.v = v


def wrap(x):
    return [Box(v) for v in x]


def same(l, m):
    return len(l) == len(m) and all(type(a) is type(b.v) and repr(a) == repr(b.v) for a, b in zip(l, m))


R = random.Random(20231)


def number(kind):
    if kind == "tiny":
        return R.randrange(-100, 100)
    if kind == "floats":
        return R.choice([0.0, -0.0, 1.5, R.random(), 1e300])
    if kind == "grows":
        return R.randrange(-(1 << R.randrange(1, 66)), 1 << R.randrange(1, 66))
    return R.choice([R.randrange(100), R.random()])


for kind in ("tiny", "floats", "grows", "mixed"):
    for trial in range(2):
        first = [number(kind) for _ in range(1300 + 300 * trial)]
        l, m = list(map(lambda x: x, first)), wrap(first)
        l = l[:] if trial % 2 else [x for x in first]
        for step in range(30):
            n = len(l)
            i, j = sorted((R.randrange(n + 1), R.randrange(n + 1)))
            few = [number(kind) for _ in range(R.randrange(4))]
            many = [number(kind) for _ in range(1200)]
            what = R.randrange(16)
            if what == 0:
                l.extend(few), m.extend(wrap(few))
            elif what == 1:
                l[i:j], m[i:j] = many, wrap(many)
            elif what == 2:
                del l[i : i + 30], m[i : i + 30]
            elif what == 3:
                for v in few:
                    l.append(v), m.append(Box(v))
            elif what == 4 and n > 1:
                k = R.randrange(-n, n)
                a, b = l.pop(k), m.pop(k)
                assert repr(a) == repr(b.v)
            elif what == 5:
                l.reverse(), m.reverse()
            elif what == 6:
                back = R.random() < 0.5
                l.sort(reverse=back), m.sort(key=lambda b: b.v, reverse=back)
            elif what == 7:
                l, m = l + many, m + wrap(many)
            elif what == 8:
                l, m = l[i:] + l[:i], m[i:] + m[:i]
            elif what == 9:
                step_ = R.choice([-3, -1, 2, 5])
                if len(l[i:j:step_]) > 3:
                    del l[i:j:step_], m[i:j:step_]
            elif what == 10:
                for v in few:
                    l.insert(i, v), m.insert(i, Box(v))
            elif what == 11 and n > 0:
                for v in few:
                    k = R.randrange(n)
                    l[k], m[k] = v, Box(v)
            elif what == 12 and n < 2000:
                l *= 2
                m = m + [Box(b.v) for b in m]
            elif what == 13 and n > 0:
                x = l[R.randrange(n)]
                assert l.index(x) == next(k for k, b in enumerate(m) if b.v == x)
                assert l.count(x) == sum(b.v == x for b in m)
            elif what == 14:
                l = l[::-1] if R.random() < 0.5 else list(reversed(l))
                m = m[::-1]
            elif what == 15 and n > 0:
                assert max(l) == max(b.v for b in m) and min(l) == min(b.v for b in m)
                total = 0
                for b in m:
                    total += b.v
                assert repr(sum(l)) == repr(total), (sum(l), total)
            assert step % 10 or same(l, m), (kind, trial, step, what)
            if len(l) > 3000:
                del l[1500:], m[1500:]
        assert same(l, m)
    print(kind, "ok")
