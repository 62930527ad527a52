# SPDX-License-Identifier: MIT
# Small ints have one identity, however they were computed.
import operator
def f(a, b): return a + b
x = 0
for i in range(300): x += 1
y = 1000
for i in range(700): y -= 1
print(x is 300 + 0 or x == 300, x - 44 is 256, f(100, 56) is 156, y is y, f(3, 4) is not 7, operator.is_(f(2, 3), 5), operator.is_not(f(2, 3), 5))
print(id(f(2, 3)) == id(5), id(x - 290) == id(10), id(len('abc')) == id(3), id(int('7')) == id(7), id(2**8 - 1) == id(255))
print(True is 1, 1 is True, f(0, 1) is True, 1.0 is 1, f(0, 1) is 1.0, None is 0, False is 0)
class I(int): pass
print(I(5) is 5, I(5) is I(5), int(I(5)) is 5, id(I(5)) == id(5))
big = 10**18
print(f(big, 1) is f(big, 1), f(2**70, 0) is 2**70 + 0)
n = -8
seen = []
while n < 0:
    n += 1
    if n is -3 or n is 0: seen.append(n)
print(seen)
lst = [f(i, i) for i in range(5)]
print([v is w for v, w in zip(lst, (0, 2, 4, 6, 8))], any(v is 4 for v in lst), all(v is not 5 for v in lst))
def m(v):
    match v:
        case True: return 'true'
        case 1: return 'one'
        case None: return 'none'
print(m(f(0, 1)), m(True), m(None), m(f(1, 1)))
