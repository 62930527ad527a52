# SPDX-License-Identifier: MIT
# print fn: ordinary and odd arguments.
import sys
from _probe import *
probe(globals(), (
    'print()',
    'print(1, 2)',
    "print(1, 2, sep='-')",
    "print(1, end='')",
    'print(1, sep=None, end=None)',
    'print(1, sep=5)',
    'print(1, end=5)',
    'print(1, foo=2)',
    'print(1, file=5)',
    'print(1, file=None)',
    "print(*[1, 2, 3], sep='\\n')",
    "print('a', flush=True)",
    "print('é', sep='')",
    "print([1, 'a'], (1,), {1: 2})",
    "print(StrSub('x'))",
    'print(None, True, ...)',
    "print(b'a', 1.0, 1j)",
    "print(1, sep=StrSub('|'))",
    "print(end='end\\n')",
    "print('a', 'b', sep='')",
    'print(1, flush=bad)',
    'print(bad)',
    "print(1, file=type('F', (), {'write': lambda s, x: sys.stdout.write('<' + x + '>')})())",
    "print(1, 2, file=type('F', (), {'write': lambda s, x: 1 / 0})())",
    "print(1, flush=True, file=type('F', (), {'write': lambda s, x: 0})())",
))
