# SPDX-License-Identifier: MIT
# abs: ordinary and odd arguments.
from _probe import *
probe(globals(), (
    'abs(-5)',
    'abs(-5.5)',
    'abs(3+4j)',
    'abs(True)',
    'abs(-0.0)',
    'abs(-2**70)',
    "abs('a')",
    'abs(None)',
    'abs([])',
    'abs(IntSub(-3))',
    "abs(float('-inf'))",
    'abs(1, 2)',
    "abs(complex('nan'))",
    'abs(-2**63)',
    'abs(1e308+1e308j)',
))
