# SPDX-License-Identifier: MIT
"""Quiver's instruction set, under the names that CPython's module `opcode` has.

An instruction is one 64-bit word: opcode, flags, and three operands of 16 bits, each of a kind:
D register written, R read, T and B taken, W changed in place; K constant, N name, U and I number,
J and L jump. Some words of cache may follow. `operands[op]` tells the kinds.
"""
from _quiver_opcodes import opcodes as _rows

__all__ = [
    "cmp_op", "hasconst", "hasname", "hasjrel", "hasjabs", "haslocal", "hascompare", "hasfree", "opname", "opmap",
    "HAVE_ARGUMENT", "EXTENDED_ARG", "hasnargs", "stack_effect",
]

cmp_op = ("<", "<=", "==", "!=", ">", ">=")

opname = [f"<{op}>" for op in range(256)]
opmap = {}
operands = {}  # opcode: letters of the kinds of a, b, c
_inline_cache_entries = [0] * 256
_specializations = {}  # general opcode's name: names of its specialised forms
_specialized_instructions = []
_general = {}  # specialised opcode: the general one

hasconst, hasname, hasjrel, haslocal, hascompare, hasfree = [], [], [], [], [], []
hasjabs, hasnargs = [], []  # there are none

for _op, (_name, _kinds, _words, _jumps, _of) in enumerate(_rows):
    operands[_op] = _kinds
    _inline_cache_entries[_op] = _words
    if _of is not None:
        _general[_op] = _of
        _specialized_instructions.append(_name)
        _specializations.setdefault(_rows[_of][0], []).append(_name)
        continue
    opname[_op] = _name
    opmap[_name] = _op
    if "K" in _kinds:
        hasconst.append(_op)
    if "N" in _kinds:
        hasname.append(_op)
    if _jumps:
        hasjrel.append(_op)
    if set(_kinds) & set("DRTBW"):
        haslocal.append(_op)
    if "CELL" in _name:
        hasfree.append(_op)
    if _name in ("LT", "LE", "EQ", "NE", "GT", "GE"):
        hascompare.append(_op)

# Programs that look for constants by CPython's name find Quiver's opcode.
opmap["LOAD_CONST"] = opmap["LOAD_K"]

HAVE_ARGUMENT = 1  # nearly all have operands
EXTENDED_ARG = 256  # no opcode: operands are wide enough

try:
    from _opcode import stack_effect
except ImportError:

    def stack_effect(opcode, oparg=None, /, *, jump=None):
        """Compute the stack effect of the opcode: 0, for registers are no stack."""
        if not isinstance(opcode, int) or opcode not in operands:
            raise ValueError("invalid opcode or oparg")
        if jump not in (None, True, False):
            raise ValueError("stack_effect: jump must be False, True or None")
        return 0


del _op, _name, _kinds, _words, _jumps, _of
