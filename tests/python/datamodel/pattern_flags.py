# Which pattern a class with bases of both kinds matches: the first base tells.
import collections
import collections.abc


class C:
    pass


class M(collections.UserDict, C, list):
    pass


class S(collections.UserList, dict, C):
    pass


def kind(x):
    match x:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"


print(kind(M()), kind(S()), kind(C()))
