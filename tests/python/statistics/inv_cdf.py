# _statistics: quantiles of normal distributions, to the last bit; NormalDist on it.
import random
from _statistics import _normal_dist_inv_cdf as inv_cdf
from statistics import NormalDist

def attempt(f, *args, **kw):
    try:
        print(ascii(f(*args, **kw)))
    except BaseException as e:
        print(type(e).__name__, ascii(e.args))


for args in [(.5, 0, 1), (.3, 2, 3), (.999, 0, 1), (1e-20, 0, 1), (0, 0, 1), (1, 0, 1), (.5, 0, 0),
             (.5, 0, -1), (float("nan"), 0, 1), ("a", 0, 1), (1, 2), (1, 2, 3, 4),
             (1 - 1e-16, 0, 1), (.5, 0, float("nan")), (5e-324, 0, 1), (-.0, 0, 1)]:
    attempt(inv_cdf, *args)
random.seed(1)
for i in range(600):
    p = random.choice([random.random(), 10 ** random.uniform(-300, 0),
                       1 - 10 ** random.uniform(-15, 0)])
    if 0 < p < 1:
        print(inv_cdf(p, random.random(), random.random() + .1))
print(NormalDist(100, 15).quantiles(7), NormalDist().inv_cdf(.975))
