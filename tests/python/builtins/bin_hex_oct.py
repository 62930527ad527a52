# SPDX-License-Identifier: MIT
# bin hex oct: ordinary and odd arguments.
from _probe import *
probe(globals(), (
    'bin(5)',
    'bin(-5)',
    'bin(0)',
    'bin(True)',
    'bin(2**70)',
    'hex(255)',
    'hex(-255)',
    'hex(0)',
    'hex(2**70)',
    'oct(8)',
    'oct(-8)',
    'oct(2**70)',
    'bin(1.0)',
    "hex('a')",
    'oct(None)',
    'bin(Index(3))',
    "hex(Index('a'))",
    'hex(Index(True))',
    'bin()',
    'hex(1, 2)',
    'hex(IntSub(15))',
    'bin(-2**63)',
    'hex(2**64-1)',
    'oct(10**30)',
))
