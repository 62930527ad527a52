#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Generate the tables of lib/base/unicode.c: gen_unicode.py OUT.inc /usr/share/unicode

The data files may be of a later version than 14.0, that of Python 3.11: code points that
DerivedAge.txt dates later count as unassigned.
"""
import bz2
import pathlib
import sys

MAX_AGE = (14, 0)
COUNT = 0x110000

# The numbers of QvUniCategory and the bits of QvUniFlags in lib/base/unicode.h; the output asserts
# it.
CATEGORIES = ("Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc "
              "Sk So").split()
BIDI = ["", "L", "LRE", "LRO", "R", "AL", "RLE", "RLO", "PDF", "EN", "ES", "ET", "AN", "CS", "NSM",
        "BN", "B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"]
# Python 3.11 calls what is not assigned "F", for the same reason: its index is 0.
WIDTHS = ["F", "H", "W", "Na", "A", "N"]
TAGS = ["", "<circle>", "<compat>", "<final>", "<font>", "<fraction>", "<initial>", "<isolated>",
        "<medial>", "<narrow>", "<noBreak>", "<small>", "<square>", "<sub>", "<super>",
        "<vertical>", "<wide>"]

FLAGS = ("ALPHA DECIMAL DIGIT NUMERIC SPACE PRINTABLE UPPER LOWER TITLE CASED CASE_IGNORABLE "
         "XID_START XID_CONTINUE SPECIAL_CASE LINE_BREAK").split()
BIT = {name: 1 << i for i, name in enumerate(FLAGS)}


# Old characters that became Lowercase (and so Cased) in 15.0.
LOWERCASE_SINCE_15 = {0x10FC, 0xA7F2, 0xA7F3, 0xA7F4, 0xAB69}


class Char:
    """What UnicodeData.txt says about one code point."""
    __slots__ = ("category", "combining", "bidi", "decomposition", "decimal", "digit", "numeric",
                 "mirrored", "upper", "lower", "title")

    def __init__(self, fields):
        self.category = fields[2]
        self.combining = int(fields[3])
        self.bidi = fields[4]
        self.decomposition = fields[5]
        self.decimal = fields[6]
        self.digit = fields[7]
        self.numeric = fields[8]
        self.mirrored = fields[9] == "Y"
        self.upper = int(fields[12], 16) if fields[12] else None
        self.lower = int(fields[13], 16) if fields[13] else None
        self.title = int(fields[14], 16) if fields[14] else None


class Data:
    """The files of the Unicode character database."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def lines(self, name):
        path = self.folder / name
        if path.suffix == ".bz2":
            text = bz2.decompress(path.read_bytes()).decode("utf-8")
        else:
            text = path.read_text(encoding="utf-8")
        for line in text.splitlines():
            line = line.partition("#")[0].strip()
            if line:
                yield line

    def rows(self, name):
        """Rows "first..last; field; field" as (first, last, [fields])."""
        for line in self.lines(name):
            fields = [f.strip() for f in line.split(";")]
            first, _, last = fields[0].partition("..")
            yield int(first, 16), int(last or first, 16), fields[1:]


def compose_chars(data):
    """Code point -> Char, for those assigned in MAX_AGE."""
    old = set()
    for first, last, (age,) in data.rows("DerivedAge.txt"):
        if tuple(map(int, age.split("."))) <= MAX_AGE:
            old.update(range(first, last + 1))
    chars = {}
    start = None
    for line in data.lines("UnicodeData.txt"):
        fields = line.split(";")
        cp = int(fields[0], 16)
        if fields[1].endswith(", First>"):
            start = cp
            continue
        first = cp
        if fields[1].endswith(", Last>"):
            first = start
        for i in range(first, cp + 1):
            if i in old:
                chars[i] = Char(fields)
    return chars


def properties(data, name, wanted, chars):
    found = {prop: set() for prop in wanted}
    for first, last, fields in data.rows(name):
        if fields[0] in found:
            found[fields[0]].update(cp for cp in range(first, last + 1) if cp in chars)
    return found


def special_casing(data, chars):
    """Code point -> [lower, title, upper], without the conditional rows."""
    special = {}
    for line in data.lines("SpecialCasing.txt"):
        fields = [f.strip() for f in line.split(";")]
        cp = int(fields[0], 16)
        if len(fields) > 4 and fields[4] or cp not in chars:
            continue
        special[cp] = [[int(c, 16) for c in f.split()] for f in fields[1:4]]
    return special


def case_folding(data, chars):
    """Code point -> full folding (status C and F)."""
    fold = {}
    for line in data.lines("CaseFolding.txt"):
        cp, status, mapping = [f.strip() for f in line.split(";")][:3]
        if status in "CF" and int(cp, 16) in chars:
            fold[int(cp, 16)] = [int(c, 16) for c in mapping.split()]
    return fold


def numeric_values(data, chars):
    """Code point -> text of the numeric value ("1/2", "7")."""
    values = {cp: c.numeric for cp, c in chars.items() if c.numeric}
    for line in data.lines("Unihan_NumericValues.txt.bz2"):
        cp, kind, value = line.split("\t")
        cp = int(cp[2:], 16)
        if cp in chars and kind in ("kAccountingNumeric", "kOtherNumeric", "kPrimaryNumeric"):
            # A few have two readings: the last word is the plain number.
            values[cp] = value.split()[0]
    return values


class Interner:
    """A table of distinct rows; row() gives the index."""

    def __init__(self, first=()):
        self.rows = list(first)
        self.index = {r: i for i, r in enumerate(self.rows)}

    def row(self, value):
        if value not in self.index:
            self.index[value] = len(self.rows)
            self.rows.append(value)
        return self.index[value]


def type_records(data, chars):
    """The table behind QvUniRecord: (records, index by code point, numbers, special words)."""
    core = properties(data, "DerivedCoreProperties.txt",
                      ("Uppercase", "Lowercase", "Cased", "Case_Ignorable", "XID_Start",
                       "XID_Continue"), chars)
    for name in ("Lowercase", "Cased"):
        core[name] -= LOWERCASE_SINCE_15
    breaks = properties(data, "LineBreak.txt", ("BK", "CR", "LF", "NL"), chars)
    mandatory = set().union(*breaks.values())
    special = special_casing(data, chars)
    fold = case_folding(data, chars)
    numeric = numeric_values(data, chars)

    numbers = Interner()
    words = []
    word_index = {}
    records = Interner([(0, 0, 0, 0, 0, -1, 0, 0)])
    index = [0] * COUNT
    for cp, c in chars.items():
        flags = 0

        def set_if(name, condition):
            nonlocal flags
            if condition:
                flags |= BIT[name]

        set_if("ALPHA", c.category in ("Lm", "Lt", "Lu", "Ll", "Lo"))
        set_if("DECIMAL", c.decimal)
        set_if("DIGIT", c.digit)
        set_if("NUMERIC", cp in numeric)
        set_if("SPACE", c.category == "Zs" or c.bidi in ("WS", "B", "S"))
        set_if("PRINTABLE", cp == 0x20 or
               c.category not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"))
        set_if("UPPER", cp in core["Uppercase"])
        set_if("LOWER", cp in core["Lowercase"])
        set_if("TITLE", c.category == "Lt")
        set_if("CASED", cp in core["Cased"])
        set_if("CASE_IGNORABLE", cp in core["Case_Ignorable"])
        set_if("XID_START", cp in core["XID_Start"] or cp == 0x5F)
        set_if("XID_CONTINUE", cp in core["XID_Continue"])
        set_if("LINE_BREAK", cp in mandatory or c.bidi == "B")

        upper = cp if c.upper is None else c.upper
        lower = cp if c.lower is None else c.lower
        title = upper if c.title is None else c.title
        full_lower, full_title, full_upper = special.get(cp, [[lower], [title], [upper]])
        full_fold = fold.get(cp, [cp])
        where = 0
        if (full_lower, full_title, full_upper, full_fold) != ([lower], [title], [upper], [lower]):
            flags |= BIT["SPECIAL_CASE"]
            key = tuple(map(tuple, (full_upper, full_lower, full_title, full_fold)))
            if key not in word_index:
                word_index[key] = len(words)
                words.append(sum(len(m) << (4 * i) for i, m in enumerate(key)))
                for mapping in key:
                    words.extend(mapping)
            where = word_index[key]
        number = numbers.row(numeric[cp]) + 1 if cp in numeric else 0
        index[cp] = records.row((
            upper - cp, lower - cp, title - cp, flags, CATEGORIES.index(c.category),
            int(c.digit) if c.digit else -1, number, where))
    return records.rows, index, numbers.rows, words


def database_records(data, chars):
    """The table behind bidirectional and the like."""
    widths = {}
    for first, last, (width,) in data.rows("EastAsianWidth.txt"):
        for cp in range(first, last + 1):
            widths[cp] = width
    records = Interner([(0, 0, 0, 0)])
    index = [0] * COUNT
    for cp, c in chars.items():
        index[cp] = records.row((BIDI.index(c.bidi), c.combining,
                                 WIDTHS.index(widths.get(cp, "N")), int(c.mirrored)))
    return records.rows, index


def decompositions(data, chars):
    """Words [tag << 8 | length, code points...]; index 0 is "none"."""
    excluded = properties(data, "DerivedNormalizationProps.txt", ("Full_Composition_Exclusion",),
                          chars)["Full_Composition_Exclusion"]
    words = [0]
    index = [0] * COUNT
    pairs = []
    for cp, c in chars.items():
        if not c.decomposition:
            continue
        parts = c.decomposition.split()
        tag = 0
        if parts[0].startswith("<"):
            tag = TAGS.index(parts[0])
            parts = parts[1:]
        points = [int(p, 16) for p in parts]
        index[cp] = len(words)
        words.append(tag << 8 | len(points))
        words.extend(points)
        if tag == 0 and len(points) == 2 and cp not in excluded:
            pairs.append((points[0], points[1], cp))
    return words, index, sorted(pairs)


def two_stages(index):
    """The cheapest split of an array into (shift, first stage, second stage)."""
    best = None
    for shift in range(4, 10):
        size = 1 << shift
        blocks = Interner()
        first = [blocks.row(tuple(index[i:i + size])) for i in range(0, len(index), size)]
        second = [v for block in blocks.rows for v in block]
        cost = len(first) * width(first) + len(second) * width(second)
        if best is None or cost < best[0]:
            best = cost, shift, first, second
    return best[1:]


def width(values):
    return 1 if max(values) < 256 else 2 if max(values) < 65536 else 4


class Writer:
    def __init__(self):
        self.out = ["// SPDX-License-Identifier: MIT",
                    "// Made by tools/gen_unicode.py from the Unicode character database."]

    def array(self, name, values, ctype=None):
        ctype = ctype or {1: "uint8_t", 2: "uint16_t", 4: "uint32_t"}[width(values)]
        self.out.append(f"static const {ctype} {name}[{len(values)}] = {{")
        line = "   "
        for v in values:
            text = f" {v},"
            if len(line) + len(text) > 100:
                self.out.append(line)
                line = "   "
            line += text
        self.out += [line, "};"]

    def stages(self, name, index):
        shift, first, second = two_stages(index)
        self.out.append(f"#define {name.upper()}_SHIFT {shift}")
        self.array(name + "_stage1", first)
        self.array(name + "_stage2", second)

    def check(self, name, value):
        self.out.append(f'_Static_assert({name} == {value}, "tools/gen_unicode.py: {name}");')

    def strings(self, name, values):
        quoted = ", ".join(f'"{v}"' for v in values)
        self.out.append(f"static const char *const {name}[{len(values)}] = {{{quoted}}};")

    def rows(self, name, ctype, rows):
        self.out.append(f"static const {ctype} {name}[{len(rows)}] = {{")
        self.out += ["    {" + ", ".join(map(str, row)) + "}," for row in rows]
        self.out.append("};")


def double_text(value):
    top, _, bottom = value.partition("/")
    return f"{float(top)!r} / {float(bottom)!r}" if bottom else repr(float(top))


def main(out, folder):
    data = Data(folder)
    chars = compose_chars(data)
    w = Writer()
    for i, name in enumerate(CATEGORIES):
        w.check("QV_UNI_" + name.upper(), i)
    for name, bit in BIT.items():
        w.check("QV_UNI_F_" + name, bit)

    records, index, numbers, words = type_records(data, chars)
    w.rows("uni_records", "QvUniRecord", records)
    w.stages("uni_type", index)
    w.array("uni_numbers", [double_text(v) for v in numbers], "double")
    w.array("uni_case_words", words, "uint32_t")
    w.out.append("#define LATIN1_FLAGS \\")
    flags = [str(records[index[cp]][3]) for cp in range(256)]
    for i in range(0, 256, 16):
        w.out.append("    " + ", ".join(flags[i:i + 16]) + (", \\" if i < 240 else ""))

    records, index = database_records(data, chars)
    w.rows("uni_db_records", "DbRecord", records)
    w.stages("uni_db", index)
    w.strings("uni_bidi_names", BIDI)
    w.strings("uni_width_names", WIDTHS)
    w.strings("uni_category_names", CATEGORIES)
    w.strings("uni_tag_names", TAGS)

    words, index, pairs = decompositions(data, chars)
    w.stages("uni_decomp", index)
    w.array("uni_decomp_words", words, "uint32_t")
    w.rows("uni_pairs", "Pair", pairs)

    pathlib.Path(out).write_text("\n".join(w.out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
