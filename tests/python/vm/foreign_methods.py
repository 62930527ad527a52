# SPDX-License-Identifier: MIT
# Methods of built-in types in classes that do not derive from them, at sites that have been hot.


class A:
    append = list.append
    upper = str.upper
    pop = list.pop
    get = dict.get
    new = int.__new__
    add = int.__add__
    conv = str
    length = len


class L(list):
    upper = str.upper


def attempt(f):
    try:
        print(f())
    except TypeError as e:
        print(e)


def go(a):
    for _ in range(4):
        attempt(lambda: a.upper())
        attempt(lambda: a.append(1))
        attempt(lambda: a.pop())
        attempt(lambda: a.pop(0))
        attempt(lambda: a.get(1))
        attempt(lambda: a.add(1))


def one_site(objects):
    for o in objects:
        try:
            print(o.pop())
        except (TypeError, KeyError) as e:
            print(e)


def call_sites(functions, x):
    for f in functions:
        try:
            print(f(x))
        except TypeError as e:
            print(e)
        try:
            print(f(x, x))
        except (TypeError, ValueError) as e:
            print(e)
        try:
            print(f())
        except (TypeError, ValueError) as e:
            print(e)


for a in (A(), L([1, 2]), [1, 2, 3, 4, 5], A()):
    try:
        go(a)
    except AttributeError as e:
        print(e)
one_site([[1], [2], L([3]), A(), [4], A(), bytearray(b"a"), {1}, L([5])])
call_sites([int.__new__, str, int, len, list.append, abs, dict.get, print, A().new, str.upper, list, bool.__new__] * 2, int)
print(A.conv(5), A().length("abc") if False else A.length("abc"))
