# SPDX-License-Identifier: MIT
"""Disassembler of Quiver's register code, with the interface of CPython's module `dis`.

Offsets count two for each instruction word, as co_lines(), tb_lasti and f_lasti do. `arg` is the operand
that `argval` explains (a constant, a name, a jump, a number or a register); `argrepr` shows all operands:
registers by the variable's name or as t0, t1, ... (temporaries), with `!` where they are taken.
"""
import collections
import io
import sys
import types

from opcode import *
from opcode import (
    __all__ as _opcodes_all, _general, _inline_cache_entries, _specializations, _specialized_instructions, operands,
)

__all__ = [
    "code_info", "dis", "disassemble", "distb", "disco", "findlinestarts", "findlabels", "show_code",
    "get_instructions", "Instruction", "Bytecode",
] + _opcodes_all
del _opcodes_all

_WORD = 8  # bytes
_NONE = 0xFFFF  # a register operand that is not there
_OPNAME_WIDTH = 20
_have_code = (types.MethodType, types.FunctionType, types.CodeType, classmethod, staticmethod, type)

COMPILER_FLAG_NAMES = {
    1: "OPTIMIZED",
    2: "NEWLOCALS",
    4: "VARARGS",
    8: "VARKEYWORDS",
    16: "NESTED",
    32: "GENERATOR",
    64: "NOFREE",
    128: "COROUTINE",
    256: "ITERABLE_COROUTINE",
    512: "ASYNC_GENERATOR",
}


def pretty_flags(flags):
    """Return pretty representation of code flags."""
    names = []
    for bit in range(32):
        if flags & 1 << bit:
            names.append(COMPILER_FLAG_NAMES.get(1 << bit, hex(1 << bit)))
    return ", ".join(names) or hex(flags)


class _Unknown:
    def __repr__(self):
        return "<unknown>"


UNKNOWN = _Unknown()


# ---- what to disassemble ----

def _try_compile(source, name):
    try:
        return compile(source, name, "eval")
    except SyntaxError:
        return compile(source, name, "exec")


def _get_code_object(x):
    """The code object of a method, function, generator, coroutine, class's code, or string of source."""
    x = getattr(x, "__func__", x)
    for name in ("__code__", "gi_code", "ag_code", "cr_code"):
        if hasattr(x, name):
            x = getattr(x, name)
            break
    if isinstance(x, str):
        x = _try_compile(x, "<disassembly>")
    if hasattr(x, "co_code"):
        return x
    raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


# ---- code_info ----

def code_info(x):
    """Formatted details of methods, functions, or code."""
    return _format_code_info(_get_code_object(x))


def _format_code_info(co):
    lines = [
        f"Name:              {co.co_name}",
        f"Filename:          {co.co_filename}",
        f"Argument count:    {co.co_argcount}",
        f"Positional-only arguments: {co.co_posonlyargcount}",
        f"Kw-only arguments: {co.co_kwonlyargcount}",
        f"Number of locals:  {co.co_nlocals}",
        f"Stack size:        {co.co_stacksize}",
        f"Flags:             {pretty_flags(co.co_flags)}",
    ]
    if co.co_consts:
        lines.append("Constants:")
        lines += [f"{i:4}: {value!r}" for i, value in enumerate(co.co_consts)]
    for title, names in (
        ("Names:", co.co_names), ("Variable names:", co.co_varnames),
        ("Free variables:", co.co_freevars), ("Cell variables:", co.co_cellvars),
    ):
        if names:
            lines.append(title)
            lines += [f"{i:4}: {name}" for i, name in enumerate(names)]
    return "\n".join(lines)


def show_code(co, *, file=None):
    """Print details of methods, functions, or code to *file* (default: standard output)."""
    print(code_info(co), file=file)


# ---- instructions ----

Positions = collections.namedtuple(
    "Positions", ["lineno", "end_lineno", "col_offset", "end_col_offset"], defaults=[None] * 4
)

_Instruction = collections.namedtuple(
    "_Instruction",
    ["opname", "opcode", "arg", "argval", "argrepr", "offset", "starts_line", "is_jump_target", "positions"],
    defaults=[None],
)
_Instruction.opname.__doc__ = "Human readable name for operation"
_Instruction.opcode.__doc__ = "Numeric code for operation"
_Instruction.arg.__doc__ = "Numeric argument to operation (if any), otherwise None"
_Instruction.argval.__doc__ = "Resolved arg value (if known), otherwise same as arg"
_Instruction.argrepr.__doc__ = "Human readable description of all operands"
_Instruction.offset.__doc__ = "Start of the operation: two for each instruction word before it"
_Instruction.starts_line.__doc__ = "Line started by this opcode (if any), otherwise None"
_Instruction.is_jump_target.__doc__ = "True if other code jumps to here, otherwise False"
_Instruction.positions.__doc__ = "Positions object of the source that this instruction belongs to"

_ExceptionTableEntry = collections.namedtuple("_ExceptionTableEntry", "start end target depth lasti")


class Instruction(_Instruction):
    """Details for one instruction

    Defined fields: opname, opcode, arg, argval, argrepr, offset, starts_line, is_jump_target, positions.
    """

    def _disassemble(self, lineno_width=3, mark_as_current=False, offset_width=4):
        fields = []
        if lineno_width:
            fields.append(f"{self.starts_line:{lineno_width}d}" if self.starts_line is not None else " " * lineno_width)
        fields.append("-->" if mark_as_current else "   ")
        fields.append(">>" if self.is_jump_target else "  ")
        fields.append(repr(self.offset).rjust(offset_width))
        fields.append(self.opname.ljust(_OPNAME_WIDTH))
        if self.argrepr:
            fields.append(self.argrepr)
        return " ".join(fields).rstrip()


def _words(code):
    """(index, opcode, flags, a, b, c, cache bytes) of each instruction in the bytes `code`."""
    index, count = 0, len(code) // _WORD
    while index < count:
        at = index * _WORD
        op, flags = code[at], code[at + 1]
        a, b, c = (code[at + k] | code[at + k + 1] << 8 for k in (2, 4, 6))
        words = _inline_cache_entries[op]
        yield index, op, flags, a, b, c, code[at + _WORD:at + _WORD * (1 + words)]
        index += 1 + words


def _signed(value, bits):
    return value - (1 << bits) if value >> bits - 1 else value


def _jump_target(index, op, a, b, c):
    """The offset that an instruction jumps to, or None."""
    kinds = operands.get(op, "")
    end = index + 1 + _inline_cache_entries[op]
    if "J" in kinds:
        return 2 * (end + _signed((a, b, c)[kinds.index("J")], 16))
    if "L" in kinds:
        return 2 * (end + _signed(b | c << 16, 32))
    return None


def findlabels(code):
    """Detect all offsets in the bytes of code (co_code) which are jump targets, as a list."""
    labels = []
    for index, op, _, a, b, c, _ in _words(code):
        target = _jump_target(index, op, a, b, c)
        if target is not None and target not in labels:
            labels.append(target)
    return labels


def findlinestarts(code):
    """Find the offsets in a code object which are the start of a line: (offset, lineno) pairs."""
    last = None
    for start, _, line in code.co_lines():
        if line is not None and line != last:
            last = line
            yield start, line


def _parse_varint(iterator):
    b = next(iterator)
    value = b & 63
    while b & 64:
        b = next(iterator)
        value = value << 6 | b & 63
    return value


def _parse_exception_table(code):
    iterator = iter(code.co_exceptiontable)
    entries = []
    try:
        while True:
            start = _parse_varint(iterator) * 2
            end = start + _parse_varint(iterator) * 2
            target = _parse_varint(iterator) * 2
            depth = _parse_varint(iterator)
            entries.append(_ExceptionTableEntry(start, end, target, depth >> 1, bool(depth & 1)))
    except StopIteration:
        return entries


class _Describer:
    """Explains the operands of one code object's instructions; without one, the bare numbers."""

    def __init__(self, co):
        self.co = co
        if co is not None:
            self.registers = co.co_varnames + tuple("&" + n for n in co.co_cellvars + co.co_freevars)

    def register(self, number):
        if number == _NONE:
            return "-"
        if self.co is None:
            return f"r{number}"
        if number < len(self.registers):
            return self.registers[number]
        return f"t{number - len(self.registers)}"

    def const(self, number):
        if self.co is None or number >= len(self.co.co_consts):
            return UNKNOWN
        return self.co.co_consts[number]

    def name(self, number):
        if self.co is None or number >= len(self.co.co_names):
            return UNKNOWN
        return self.co.co_names[number]

    def operand(self, kind, value, taken):
        """(argval, text)"""
        if kind in "DRTBW":
            text = self.register(value)
            if value != _NONE and (taken and kind == "R" or kind == "T"):
                text += "!"
            return (text.rstrip("!").lstrip("&"), text + ".." if kind == "B" else text)
        if kind == "K":
            const = self.const(value)
            return const, f"({const!r})" if const is not UNKNOWN else f"const {value}"
        if kind == "N":
            name = self.name(value)
            return name, f"({name})" if name is not UNKNOWN else f"name {value}"
        if kind == "I":
            value = _signed(value, 16)
        return value, str(value)

    def describe(self, index, op, flags, a, b, c, cache):
        """(arg, argval, argrepr)"""
        kinds = operands.get(op)
        if kinds is None:
            return None, None, ""
        target = _jump_target(index, op, a, b, c)
        name = opname[op]
        best = (-1, None, None)
        texts = []
        for position, (kind, value) in enumerate(zip(kinds, (a, b, c))):
            if kind == "_":
                continue
            if kind in "JL":
                argval, text = target, f"to {target}"
                value = abs(target // 2 - index - 1 - _inline_cache_entries[op])
            else:
                if kind == "K" and name in ("LOAD_K", "RETURN_K"):
                    value |= (c if name == "LOAD_K" else b) << 16
                argval, text = self.operand(kind, value, flags & 1 << position)
            texts.append(text)
            rank = "DRTBWUINKJL".index(kind)
            if rank > best[0]:
                best = (rank, value, argval)
        if name in ("CALL_KW", "CALL_METHOD_KW"):
            texts.append(f"names {self.const(int.from_bytes(cache[:4], 'little'))!r}")
        return best[1], best[2], ", ".join(texts)


def _get_instructions_bytes(code, co=None, line_starts=None, line_offset=0, positions=None, exception_entries=(),
                            show_caches=False):
    labels = set(findlabels(code))
    labels.update(entry.target for entry in exception_entries)
    describer = _Describer(co)
    positions = list(positions) if positions is not None else []
    for index, op, flags, a, b, c, cache in _words(code):
        offset = 2 * index
        line = line_starts.get(offset) if line_starts else None
        where = Positions(*positions[index]) if index < len(positions) else Positions()
        arg, argval, argrepr = describer.describe(index, op, flags, a, b, c, cache)
        yield Instruction(
            opname[op], op, arg, argval, argrepr, offset, line + line_offset if line is not None else None,
            offset in labels, where,
        )
        if show_caches:
            for k in range(len(cache) // _WORD):
                yield Instruction("CACHE", 0, 0, None, "", offset + 2 * (k + 1), None, False, where)


def get_instructions(x, *, first_line=None, show_caches=False, adaptive=False):
    """Iterator over the instructions of a function, method, code, generator or string of source.

    *first_line* is the line number to report for the first line. Code is shown in its general form: *adaptive*
    makes no difference.
    """
    co = _get_code_object(x)
    line_offset = first_line - co.co_firstlineno if first_line is not None else 0
    return _get_instructions_bytes(
        co.co_code, co, dict(findlinestarts(co)), line_offset, co.co_positions(), _parse_exception_table(co),
        show_caches,
    )


# ---- printing ----

def dis(x=None, *, file=None, depth=None, show_caches=False, adaptive=False):
    """Disassemble classes, methods, functions, and other compiled objects.

    Without an argument, disassemble the last traceback. Generators, asynchronous generators and coroutines show
    the code that they run.
    """
    if x is None:
        distb(file=file, show_caches=show_caches, adaptive=adaptive)
        return
    x = getattr(x, "__func__", x)
    for name in ("__code__", "gi_code", "ag_code", "cr_code"):
        if hasattr(x, name):
            x = getattr(x, name)
            break
    if hasattr(x, "__dict__") and not hasattr(x, "co_code"):  # class or module
        for name, value in sorted(x.__dict__.items()):
            if isinstance(value, _have_code):
                print(f"Disassembly of {name}:", file=file)
                try:
                    dis(value, file=file, depth=depth, show_caches=show_caches, adaptive=adaptive)
                except TypeError as error:
                    print("Sorry:", error, file=file)
                print(file=file)
    elif hasattr(x, "co_code"):
        _disassemble_recursive(x, file=file, depth=depth, show_caches=show_caches, adaptive=adaptive)
    elif isinstance(x, (bytes, bytearray)):
        _disassemble_bytes(x, file=file, show_caches=show_caches)
    elif isinstance(x, str):
        _disassemble_str(x, file=file, depth=depth, show_caches=show_caches, adaptive=adaptive)
    else:
        raise TypeError(f"don't know how to disassemble {type(x).__name__} objects")


def distb(tb=None, *, file=None, show_caches=False, adaptive=False):
    """Disassemble a traceback (default: last traceback)."""
    if tb is None:
        try:
            tb = sys.last_traceback
        except AttributeError:
            raise RuntimeError("no last traceback to disassemble") from None
        while tb.tb_next:
            tb = tb.tb_next
    disassemble(tb.tb_frame.f_code, tb.tb_lasti, file=file, show_caches=show_caches, adaptive=adaptive)


def disassemble(co, lasti=-1, *, file=None, show_caches=False, adaptive=False):
    """Disassemble a code object."""
    _disassemble_bytes(
        co.co_code, lasti, co, dict(findlinestarts(co)), file=file, positions=co.co_positions(),
        exception_entries=_parse_exception_table(co), show_caches=show_caches,
    )


disco = disassemble  # the name of old


def _disassemble_recursive(co, *, file=None, depth=None, show_caches=False, adaptive=False):
    disassemble(co, file=file, show_caches=show_caches, adaptive=adaptive)
    if depth is None or depth > 0:
        if depth is not None:
            depth -= 1
        for x in co.co_consts:
            if hasattr(x, "co_code"):
                print(file=file)
                print(f"Disassembly of {x!r}:", file=file)
                _disassemble_recursive(x, file=file, depth=depth, show_caches=show_caches, adaptive=adaptive)


def _disassemble_bytes(code, lasti=-1, co=None, line_starts=None, *, file=None, line_offset=0, positions=None,
                       exception_entries=(), show_caches=False):
    lineno_width = 0
    if line_starts:
        lineno_width = max(3, len(str(max(line_starts.values()) + line_offset)))
    width = max(4, len(str(max(len(code) // _WORD * 2 - 2, 0))))
    current = None  # the instruction that lasti is in
    instructions = list(_get_instructions_bytes(code, co, line_starts, line_offset, positions, exception_entries,
                                                show_caches))
    for instruction in instructions:
        if lasti >= 0 and instruction.offset <= lasti and instruction.opname != "CACHE":
            current = instruction.offset
    for instruction in instructions:
        if lineno_width and instruction.starts_line is not None and instruction.offset > 0:
            print(file=file)
        print(instruction._disassemble(lineno_width, instruction.offset == current, width), file=file)
    if exception_entries:
        describer = _Describer(co)
        print("ExceptionTable:", file=file)
        for entry in exception_entries:
            register = describer.register(entry.depth)
            print(f"  {entry.start} to {entry.end - 2} -> {entry.target}, exception in {register}", file=file)


def _disassemble_str(source, **kwargs):
    """Compile the source string, then disassemble the code object."""
    _disassemble_recursive(_try_compile(source, "<dis>"), **kwargs)


class Bytecode:
    """The instructions of a piece of code

    Instantiate this with a function, method, other compiled object, string of code, or a code object (as
    returned by compile()). Iterating over this yields the instructions as Instruction instances.
    """

    def __init__(self, x, *, first_line=None, current_offset=None, show_caches=False, adaptive=False):
        self.codeobj = co = _get_code_object(x)
        self.first_line = co.co_firstlineno if first_line is None else first_line
        self._line_offset = self.first_line - co.co_firstlineno
        self._linestarts = dict(findlinestarts(co))
        self._original_object = x
        self.current_offset = current_offset
        self.exception_entries = _parse_exception_table(co)
        self.show_caches = show_caches
        self.adaptive = adaptive

    def __iter__(self):
        co = self.codeobj
        return _get_instructions_bytes(
            co.co_code, co, self._linestarts, self._line_offset, co.co_positions(), self.exception_entries,
            self.show_caches,
        )

    def __repr__(self):
        return f"{self.__class__.__name__}({self._original_object!r})"

    @classmethod
    def from_traceback(cls, tb, *, show_caches=False, adaptive=False):
        """Construct a Bytecode from the given traceback."""
        while tb.tb_next:
            tb = tb.tb_next
        return cls(tb.tb_frame.f_code, current_offset=tb.tb_lasti, show_caches=show_caches, adaptive=adaptive)

    def info(self):
        """Return formatted information about the code object."""
        return _format_code_info(self.codeobj)

    def dis(self):
        """Return a formatted view of the instructions."""
        co = self.codeobj
        offset = self.current_offset if self.current_offset is not None else -1
        with io.StringIO() as output:
            _disassemble_bytes(
                co.co_code, offset, co, self._linestarts, file=output, line_offset=self._line_offset,
                positions=co.co_positions(), exception_entries=self.exception_entries, show_caches=self.show_caches,
            )
            return output.getvalue()


# ---- for modulefinder ----

def _find_imports(co):
    """(name, level, fromlist) of each import statement in a code object."""
    import_name, load_k, move = opmap["IMPORT_NAME"], opmap["LOAD_K"], opmap["TAKE"]
    known = {}  # register: constant
    for _, op, _, a, b, c, _ in _words(co.co_code):
        if op == load_k:
            known[a] = co.co_consts[b | c << 16]
        elif op == import_name:
            yield co.co_names[b], known.get(c, 0), known.get(c + 1)
        elif operands[op][:1] == "D" or op == move:
            known.pop(a, None)


def _find_store_names(co):
    """The names that a code object stores in its namespace."""
    stores = {opmap["STORE_NAME"], opmap["STORE_GLOBAL"]}
    for _, op, _, _, b, _, _ in _words(co.co_code):
        if op in stores:
            yield co.co_names[b]


def _unpack_opargs(code):
    """(offset, opcode, numeric argument or None) of each instruction."""
    describer = _Describer(None)
    for index, op, flags, a, b, c, cache in _words(code):
        yield 2 * index, op, describer.describe(index, op, flags, a, b, c, cache)[0]


def _test():
    """Disassemble a file: python -m dis [FILE]"""
    import argparse

    parser = argparse.ArgumentParser()
    parser.add_argument("infile", type=argparse.FileType("rb"), nargs="?", default="-")
    args = parser.parse_args()
    with args.infile as infile:
        source = infile.read()
    dis(compile(source, args.infile.name, "exec"))


if __name__ == "__main__":
    _test()
