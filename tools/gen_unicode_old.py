#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Generate the tables of lib/base/unicode_old.c, what was different in Unicode 3.2:
gen_unicode_old.py OUT.inc /usr/share/unicode unicode_3_2.txt
"""
import pathlib
import sys

from gen_unicode import BIDI, CATEGORIES, WIDTHS, Data, Writer

AGE = (3, 2)
# The numbers of QvUniOldField in lib/base/unicode_old.h.
FIELDS = ["gc", "bc", "Bidi_M", "ea", "decimal"]
NAMES = ["CATEGORY", "BIDI", "MIRRORED", "WIDTH", "DECIMAL"]
VALUES = [CATEGORIES, BIDI, ["N", "Y"], WIDTHS, ["N", "Y"]]


def assigned(data):
    """[(first, last)] of what was assigned then, merged."""
    ranges = []
    for first, last, (age,) in sorted(data.rows("DerivedAge.txt")):
        if tuple(map(int, age.split("."))) <= AGE:
            if ranges and ranges[-1][1] == first - 1:
                ranges[-1] = (ranges[-1][0], last)
            else:
                ranges.append((first, last))
    return ranges


def corrections(data):
    """(character, its decomposition then) where a later version corrected it."""
    rows = []
    for line in data.lines("NormalizationCorrections.txt"):
        cp, wrong, _, version = [f.strip() for f in line.split(";")]
        if tuple(map(int, version.split(".")[:2])) > AGE:
            rows.append((int(cp, 16), int(wrong, 16)))
    return sorted(rows)


def main(out, folder, changes):
    data = Data(folder)
    w = Writer()
    for i, name in enumerate(NAMES):
        w.check("QV_UNI_OLD_" + name, i)
    # Private use and surrogates have an age; unassigned noncharacters too, but no category of
    # their own: their record is that of what is not assigned, now as then.
    w.rows("old_assigned", "OldRange", assigned(data))
    w.rows("old_corrections", "OldCorrection", corrections(data))
    rows = []
    for first, last, (field, value) in Data(pathlib.Path(changes).parent).rows(
            pathlib.Path(changes).name):
        f = FIELDS.index(field)
        rows.append((f, first, last, VALUES[f].index(value)))
    w.rows("old_changes", "OldChange", sorted(rows))
    pathlib.Path(out).write_text("\n".join(w.out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
