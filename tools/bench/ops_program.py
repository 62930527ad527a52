# SPDX-License-Identifier: MIT
# For ops.py: nanoseconds of one turn of each operation, on any Python. Arguments: names of some.
import json
import logging
import re
import sys
import textwrap
import time
import warnings
from collections import deque, namedtuple
from copy import deepcopy
from itertools import chain
from operator import neg

warnings.simplefilter("ignore")
ENOUGH = 0.02  # seconds that one measurement lasts
ROUNDS = 5     # of which the fastest counts

Pair = namedtuple("Pair", "a b")
pair = Pair(1, 2)
ends = deque()
log = logging.getLogger("ops")
pattern = re.compile("a.c")
counter = 0


class Plain:
    pass


class Two:
    def __init__(self, a, b):
        self.a = a
        self.b = b


class Slots:
    __slots__ = ("a", "b")

    def __init__(self, a, b):
        self.a = a
        self.b = b


class Value:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        return self.v == other.v

    def __lt__(self, other):
        return self.v < other.v

    def __hash__(self):
        return hash(self.v)

    def __getitem__(self, k):
        return k

    def __len__(self):
        return 3

    def __add__(self, other):
        return self

    @property
    def prop(self):
        return self.v

    def method(self):
        return self.v


class Base:
    def method(self):
        return 1


class Derived(Base):
    def method(self):
        return super().method()


class Manager:
    def __enter__(self):
        return self

    def __exit__(self, *what):
        return None


derived = Derived()
manager = Manager()


def nothing():
    pass


def default(a, b=2):
    return a


def numbers(n):
    for k in range(n):
        yield k


async def coroutine():
    pass


OPERATIONS = {
    "empty loop": "pass",
    "x*x+x": "x*x+x",
    "i%7": "i%7",
    "i//7": "i//7",
    "i/7": "i/7",
    "x**2": "x**2",
    "big+1": "big+1",
    "big*big": "big*big",
    "abs": "abs(i)",
    "min": "min(i, 3)",
    "int of str": "int('12')",
    "str of int": "str(i)",
    "f-string": "f'{i} x'",
    "f-string .2f": "f'{x:.2f}'",
    "percent": "'%d x' % i",
    "format": "'{} x'.format(i)",
    "str + str": "'ab' + s",
    "str ==": "s == t",
    "str[k]": "s[2]",
    "str[a:b]": "s[1:3]",
    "split": "s.split('b')",
    "join": "','.join(words)",
    "replace": "s.replace('a', 'x')",
    "upper": "s.upper()",
    "list": "[i, i]",
    "tuple": "(i, i)",
    "dict": "{'a': i, 'b': i}",
    "set": "{1, i}",
    "list[k]": "four[1]",
    "list[k]=": "four[1] = i",
    "list[a:b]": "four[1:3]",
    "append, pop": "four.append(i); four.pop()",
    "dict[k]": "d['a']",
    "dict[k]=": "d['a'] = i",
    "dict.get": "d.get('a')",
    "in dict": "'a' in d",
    "in set": "i in three",
    "len": "len(four)",
    "unpack": "a, b = both",
    "swap": "a, b = i, i",
    "copy list": "ten[:]",
    "copy dict": "dict(d)",
    "set | set": "three | three",
    "frozenset": "frozenset(ten)",
    "deque": "ends.append(i); ends.popleft()",
    "call": "nothing()",
    "call default": "default(i)",
    "call keyword": "default(i, b=i)",
    "call *": "default(*both)",
    "call **": "default(**keyword)",
    "lambda": "lambda: i",
    "call lambda": "(lambda: i)()",
    "isinstance": "isinstance(v, Value)",
    "getattr": "getattr(v, 'v')",
    "global +=": "global counter; counter += 1",
    "method": "v.method()",
    "super": "derived.method()",
    "property": "v.prop",
    "__eq__": "v == w",
    "__lt__": "v < w",
    "__hash__": "v in by_value",
    "__getitem__": "v[1]",
    "__len__": "len(v)",
    "__add__": "v + v",
    "instance": "Plain()",
    "instance of two": "Two(i, i)",
    "instance, slots": "Slots(i, i)",
    "namedtuple": "Pair(i, i)",
    "namedtuple.a": "pair.a",
    "class": "class C: pass",
    "try": "try: pass\nexcept ValueError: pass",
    "raise": "try: raise ValueError\nexcept ValueError: pass",
    "KeyError": "try: d['zz']\nexcept KeyError: pass",
    "with": "with manager: pass",
    "comprehension": "[j for j in span]",
    "sum generator": "sum(j for j in span)",
    "any generator": "any(j > 100 for j in ten)",
    "for generator": "for j in numbers(10): pass",
    "for list": "for j in ten: pass",
    "for items": "for a, b in items.items(): pass",
    "for zip": "for a, b in zip(ten, ten): pass",
    "for enumerate": "for a, b in enumerate(ten): pass",
    "for chain": "for j in chain(ten, ten): pass",
    "sum list": "sum(ten)",
    "map": "list(map(neg, ten))",
    "sorted": "sorted(ten)",
    "sorted key": "sorted(ten, key=neg)",
    "list.sort": "ten.sort()",
    "coroutine": "coroutine().close()",
    "match regex": "pattern.match(s)",
    "deepcopy": "deepcopy(four)",
    "json.dumps": "json.dumps(d)",
    "log nothing": "log.debug('x %s', i)",
}

LOOP = """\
def run(n):
    s, t, words, x, big = 'abcd', 'abc' + chr(100), ['a', 'b', 'c'], 1.5, 3 ** 100
    four, both, three, ten, span = [1, 2, 3, 4], (1, 2), {1, 2, 3}, list(range(10)), range(10)
    d, keyword, items = {'a': 1, 'b': 2}, {'a': 1}, dict.fromkeys(range(10), 1)
    v, w = Value(1), Value(2)
    by_value = {v: 1}
    begun = clock()
    for i in range(n):
%s
    return clock() - begun
"""


def measure(operation):
    names = dict(globals(), clock=time.perf_counter)
    exec(LOOP % textwrap.indent(operation, " " * 8), names)
    run, turns = names["run"], 1000
    while (seconds := run(turns)) < ENOUGH / 4:
        turns *= 3
    turns = int(turns * ENOUGH / seconds) + 1
    return min(run(turns) for _ in range(ROUNDS)) / turns * 1e9


for name in sys.argv[1:] or OPERATIONS:
    print(f"{name}\t{measure(OPERATIONS[name]):.1f}")
