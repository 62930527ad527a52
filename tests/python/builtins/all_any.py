# SPDX-License-Identifier: MIT
# all any: ordinary and odd arguments.
from _probe import *
probe(globals(), (
    'all([])',
    'any([])',
    'all([1, 2])',
    'all([1, 0])',
    "any([0, '', 5])",
    'all(5)',
    'any(None)',
    'all([bad])',
    'any([bad])',
    'all(Gen(1, 0, bad))',
    'any(Gen(0, 1, bad))',
    'all(x > 0 for x in [1, 2])',
    'any(GetItem())',
    'all(GetItem())',
    "all('')",
    'any({0: 1})',
    'all()',
    'any(1, 2)',
    'all(iterable=[])',
))
