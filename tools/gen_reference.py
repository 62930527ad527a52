#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Make the reference of the C interface from the comments of quiver.h.

Usage: gen_reference.py quiver.h --man quiver.3 --markdown quiver.md
       gen_reference.py quiver.h --check          names functions without a contract; exit code 1

The header is the manual: sections begin with `// ---- title ----`; a comment stands right above what
it is about; declarations that follow without an empty line share it. Indented lines of a comment
are code. Nothing is left out, so that the page says what the header says.
"""
import argparse
import pathlib
import re
import sys

SECTION = re.compile(r"^// ---- (.*?) -*$")
FUNCTION = re.compile(r"\b(quiver_\w+)\(")
OPENS = re.compile(r"^(typedef )?(struct|enum)\b.*\{$")


class Item:
    """A comment and the declarations below it."""

    def __init__(self, text, code):
        self.text, self.code = text, code

    def functions(self):
        if self.code and self.code[0].startswith("typedef"):
            return []
        joined = " ".join(self.code)
        return [FUNCTION.search(part)[1] for part in joined.split(";") if "QV_API" in part]


def public_lines(source):
    """From the file's comment to the end, without the preprocessor's and C++'s frame."""
    lines = source.splitlines()
    skip = re.compile(r"^(#(ifndef|endif|if|include)\b.*|#define (QUIVER_H|QV_API)\b.*|extern \"C\" \{|\}|// SPDX.*)$")
    return [line for line in lines if not skip.match(line)]


def parse(source):
    """[(title, [Item])]; the first title is empty: the introduction."""
    sections = [("", [])]
    text, code, depth = [], [], 0

    def finish():
        if text or code:
            sections[-1][1].append(Item(text[:], code[:]))
        text.clear()
        code.clear()

    for line in public_lines(source) + [""]:
        if depth:
            code.append(line)
            depth = 0 if line.startswith("}") else 1
            continue
        if match := SECTION.match(line):
            finish()
            sections.append((match[1], []))
        elif not line:
            finish()
        elif line.startswith("//"):
            if code:
                finish()
            text.append(line[3:])
        else:
            code.append(line)
            depth = 1 if OPENS.match(line) else 0
    return sections


def missing(sections):
    for _, items in sections:
        for item in items:
            commented = item.text or all("//" in line for line in item.code)
            yield from [] if commented else item.functions()


def clean(code):
    return [line.replace("QV_API ", "") for line in code]


def paragraphs(text):
    """(is_code, lines): runs of a comment's lines."""
    run, kind = [], None
    for line in text + [""]:
        now = None if not line else "code" if line.startswith("    ") else "text"
        if now != kind:
            if run:
                yield kind == "code", run
            run = []
        kind = now
        if line:
            run.append(line[4:] if now == "code" else line)


def markdown(sections, version):
    out = [f"# quiver.h, version {version}", ""]
    for title, items in sections:
        if title:
            out += [f"## {title[0].upper()}{title[1:]}", ""]
        for item in items:
            if item.code:
                out += ["```c", *clean(item.code), "```", ""]
            for is_code, lines in paragraphs(item.text):
                out += (["```c", *lines, "```"] if is_code else [escape_markdown(" ".join(lines))]) + [""]
    return "\n".join(out).rstrip() + "\n"


def escape_markdown(text):
    return re.sub(r"([*_<>`\[\]|])", r"\\\1", text)


def troff(line):
    line = line.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + line if line.startswith((".", "'")) else line


def man(sections, version):
    out = [f'.TH QUIVER 3 "" "Quiver {version}" "Quiver"', ".SH NAME",
           "quiver \\- Python 3.11 in your program", ".SH SYNOPSIS", ".nf", "#include <quiver.h>",
           "cc prog.c $(pkg\\-config \\-\\-cflags \\-\\-libs quiver)", ".fi", ".SH DESCRIPTION"]
    for title, items in sections:
        if title:
            out.append(f'.SH "{troff(title).upper()}"')
        for item in items:
            if item.code:
                lines = [troff(line) for line in clean(item.code)]
                out += [".PP", ".nf", ".ft B", *lines, ".ft R", ".fi"]
            for is_code, lines in paragraphs(item.text):
                body = [troff(line) for line in lines]
                out += [".RS", ".nf", *body, ".fi", ".RE"] if is_code else [".PP", *body]
    return "\n".join(out) + "\n"


def version_of(source):
    return ".".join(re.search(rf"QUIVER_VERSION_{part} (\d+)", source)[1] for part in ("MAJOR", "MINOR", "PATCH"))


def main():
    parser = argparse.ArgumentParser(description="Make the reference of quiver.h.")
    parser.add_argument("header", type=pathlib.Path)
    parser.add_argument("--man", type=pathlib.Path)
    parser.add_argument("--markdown", type=pathlib.Path)
    parser.add_argument("--check", action="store_true")
    given = parser.parse_args()
    source = given.header.read_text(encoding="utf-8")
    sections = parse(source)
    if given.man:
        given.man.write_text(man(sections, version_of(source)), encoding="utf-8")
    if given.markdown:
        given.markdown.write_text(markdown(sections, version_of(source)), encoding="utf-8")
    names = list(missing(sections)) if given.check else []
    for name in names:
        print(f"{given.header}: {name} has no comment")
    return 1 if names else 0


if __name__ == "__main__":
    sys.exit(main())
