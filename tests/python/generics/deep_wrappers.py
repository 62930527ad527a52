# Wrappers of wrappers of wrappers: RecursionError or a result, whatever their number.
import types

N = 100_000


def nest(make, x):
    for _ in range(N):
        x = make(x)
    return x


def attempt(name, f):
    try:
        print(name, f())
    except RecursionError:
        print(name, "RecursionError")


m = nest(types.MappingProxyType, {"a": 1})
attempt("len", lambda: len(m))
attempt("in", lambda: "a" in m)
attempt("[]", lambda: m["a"])
attempt("==", lambda: m == {"a": 1})
attempt("|", lambda: m | {"b": 2})
attempt("|", lambda: {"b": 2} | m)
attempt("iter", lambda: list(m))
attempt("get", lambda: (m.get("a"), m.get("b", 3)))
attempt("views", lambda: (m.keys(), m.values(), m.items(), m.copy(), list(reversed(m))))
attempt("repr", lambda: len(repr(m)) and None)
c = nest(classmethod, len)
attempt("classmethod", lambda: c.__get__(1, int) and None)
a = nest(lambda x: types.GenericAlias(x, (int,)), list)
attempt("alias", lambda: a.append)

# expect: len 1
# expect: in True
# expect: [] 1
# expect: == True
# expect: | {'a': 1, 'b': 2}
# expect: | {'b': 2, 'a': 1}
# expect: iter ['a']
# expect: get (1, 3)
# expect: views (dict_keys(['a']), dict_values([1]), dict_items([('a', 1)]), {'a': 1}, ['a'])
# expect: repr RecursionError
# expect: classmethod RecursionError
# expect: alias RecursionError
