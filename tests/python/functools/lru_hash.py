# A key is hashed once a call, also when it leaves the cache.
import functools


class K:
    count = 0

    def __hash__(self):
        K.count += 1
        return 1

    def __eq__(self, other):
        return self is other


@functools.lru_cache(maxsize=1)
def f(k):
    return k


a, b = K(), K()
for k in a, a, b, a:
    f(k)
    print(K.count, f.cache_info())
print(max.__doc__ == functools.wraps(max)(lambda: 0).__doc__, max.__doc__.splitlines()[0], min.__doc__.splitlines()[0])
