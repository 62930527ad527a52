# SPDX-License-Identifier: MIT
# Hashing tuples in tuples, however deep, does not overflow the C stack.
# expect: True
deep = ()
for _ in range(200_000):
    deep = (deep,)
try:
    hash(deep)
    print(True)
except RecursionError:
    print(True)
