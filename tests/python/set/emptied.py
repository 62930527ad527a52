# Comparisons that empty the sets of an operation while it goes on: what it still has to look at
# may be gone, and nothing worse.
import operator
import random


class Bad:
    armed = 0
    sets = ()

    def __init__(self, group):
        self.group = group

    def __hash__(self):
        return self.group

    def __eq__(self, other):
        if Bad.armed:
            Bad.armed -= 1
            if not Bad.armed:
                for s in Bad.sets:
                    s.clear()
        return self.group < 0 and self is other


operations = [operator.sub, operator.and_, operator.or_, operator.xor, operator.isub, operator.iand,
              operator.ior, operator.ixor, operator.le, operator.eq, set.isdisjoint]
random.seed(5)
done = 0
for turn in range(3000):
    a = {Bad(random.randrange(3)) for _ in range(random.randrange(12))}
    b = {Bad(random.randrange(3)) for _ in range(random.randrange(12))}
    if random.random() < 0.5:
        b.update(range(3))
    Bad.sets = random.choice([(a,), (b,), (a, b)])
    Bad.armed = random.randrange(1, 40)
    try:
        random.choice(operations)(a, b)
    except RuntimeError:  # changed size during iteration
        pass
    Bad.armed = 0
    done += 1
print(done)
