# SPDX-License-Identifier: MIT
"""Records what CPython 3.11 says about the sources in bad_syntax.txt and good_syntax.txt.

Run with /usr/bin/python3.11. Each line is one case, its fields separated by tabs; backslash escapes
(\\n \\t \\\\ \\xNN) stand for what a line cannot hold. The first fields are given, the others are written
by this script:

    bad_syntax.txt:  mode, source, type, lineno, offset, end_lineno, end_offset, message, text
    good_syntax.txt: mode, source, ast.dump(..., include_attributes=True)

mode: exec, eval or single, for bytes; a following "+" allows incomplete input, "u" is for a str.
"""
import ast
import os
import warnings

ALLOW_INCOMPLETE = 0x4000
DONT_IMPLY_DEDENT = 0x200


def escape(data):
    out = []
    for byte in data:
        if byte == 0x5C:
            out.append("\\\\")
        elif byte == 0x0A:
            out.append("\\n")
        elif byte == 0x09:
            out.append("\\t")
        elif 0x20 <= byte < 0x7F:
            out.append(chr(byte))
        else:
            out.append("\\x%02x" % byte)
    return "".join(out)


def unescape(text):
    return text.encode("latin-1").decode("unicode_escape").encode("latin-1")


def parse(mode, source):
    flags = ast.PyCF_ONLY_AST
    if mode.endswith("+"):
        flags |= ALLOW_INCOMPLETE | DONT_IMPLY_DEDENT
    if mode.endswith("u"):
        source = source.decode("utf-8")
    return compile(source, "<test>", mode.rstrip("+u"), flags)


def record_bad(mode, source):
    try:
        parse(mode, source)
    except SyntaxError as e:
        text = "None" if e.text is None else e.text
        fields = [type(e).__name__, e.lineno, e.offset, e.end_lineno, e.end_offset,
                  escape(e.msg.encode("utf-8")), escape(text.encode("utf-8"))]
        return [str(field) for field in fields]
    return ["OK"]


def record_good(mode, source):
    return [escape(ast.dump(parse(mode, source), include_attributes=True).encode("utf-8"))]


def record(name, how):
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    with open(path, encoding="ascii") as file:
        cases = [line.rstrip("\n").split("\t")[:2] for line in file]
    lines = ["\t".join([mode, source] + how(mode, unescape(source))) for mode, source in cases]
    with open(path, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    record("bad_syntax.txt", record_bad)
    record("good_syntax.txt", record_good)
