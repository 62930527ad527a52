#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Generate the tables of lib/base/unicode_names.c: gen_unicode_names.py OUT.inc /usr/share/unicode

Entries are the named characters by code point, then the aliases, then the named sequences. A name
is a list of words, a word a number of one or two bytes. An entry is a byte (words in common with the
entry before it << 4 | words that follow) and those words; the first of each block of BLOCK entries
has none in common. Hangul syllables and unified ideographs are computed, not stored.
"""
import collections
import pathlib
import sys

from gen_unicode import Data, MAX_AGE, Writer, compose_chars

BLOCK = 16       # entries
WORD_BLOCK = 8   # words
MOST = 15        # words of one name
# Aliases of old characters that came with 15.0.
ALIASES_SINCE_15 = {"EM", "ARABIC SMALL HIGH LIGATURE ALEF WITH YEH BARREE",
                    "SUNDANESE LETTER ARCHAIC I"}
CODE = "\0"      # the word that stands for the code point in hexadecimal, without a space before it


def words_of(cp, name):
    code = "%04X" % cp
    if name.endswith("-" + code):
        return name[:-len(code)].split(" ") + [CODE]
    return name.split(" ")


def read_names(data, chars):
    """[(code points, words)], number of characters, number of aliases."""
    entries = []
    for line in data.lines("UnicodeData.txt"):
        code, name = line.split(";")[:2]
        cp = int(code, 16)
        if cp in chars and not name.startswith("<"):
            entries.append(((cp,), words_of(cp, name)))
    entries.sort()
    named = len(entries)
    aliases = []
    for line in data.lines("NameAliases.txt"):
        code, name = line.split(";")[:2]
        if int(code, 16) in chars and name not in ALIASES_SINCE_15:
            aliases.append(((int(code, 16),), name.split(" ")))
    sequences = []
    for line in data.lines("NamedSequences.txt"):
        name, codes = line.split(";")
        points = tuple(int(c, 16) for c in codes.split())
        if all(p in chars for p in points):
            sequences.append((points, name.split(" ")))
    entries += sorted(aliases) + sorted(sequences)
    return entries, named, len(aliases)


def ideographs(data, chars):
    """[(first, last)] of the unified ideographs, whose names are computed."""
    ranges = []
    start = None
    for line in data.lines("UnicodeData.txt"):
        code, name = line.split(";")[:2]
        if name.startswith("<CJK Ideograph"):
            if name.endswith("First>"):
                start = int(code, 16)
            else:
                known = [cp for cp in range(start, int(code, 16) + 1) if cp in chars]
                if known:
                    ranges.append((known[0], known[-1]))
                    assert len(known) == known[-1] - known[0] + 1
    return ranges


def encode(entries):
    """The lists of words that each entry adds, by words: (in common, words) for each entry."""
    coded = []
    before = []
    for i, (_, words) in enumerate(entries):
        shared = 0
        if i % BLOCK:
            while shared < min(len(before), len(words), MOST) and before[shared] == words[shared]:
                shared += 1
        coded.append((shared, words[shared:]))
        before = words
    return coded


def main(out, folder):
    data = Data(folder)
    chars = compose_chars(data)
    entries, named, aliases = read_names(data, chars)
    assert max(len(words) for _, words in entries) <= MOST
    coded = encode(entries)
    use = collections.Counter(word for _, words in coded for word in words)
    del use[CODE]
    lexicon = [CODE] + sorted(use, key=lambda word: (-use[word], word))
    number = {word: i for i, word in enumerate(lexicon)}
    short = 256 - (len(lexicon) + 255) // 256  # words below it take one byte

    w = Writer()
    w.out.append(f"#define NAME_BLOCK {BLOCK}")
    w.out.append(f"#define NAME_WORD_BLOCK {WORD_BLOCK}")
    w.out.append(f"#define NAME_WORDS_MOST {MOST}")
    w.out.append(f"#define NAME_SHORT {short}u")
    w.out.append(f"#define NAME_CHARS {named}u")
    w.out.append(f"#define NAME_ALIASES {aliases}u")
    w.out.append(f"#define NAME_ENTRIES {len(entries)}u")
    w.out.append(f'#define UNIDATA_VERSION "{".".join(map(str, MAX_AGE))}.0"')

    text, starts = [], []
    for i, word in enumerate(lexicon):
        if i % WORD_BLOCK == 0:
            starts.append(len(text))
        text += word[:-1].encode("ascii") + bytes([ord(word[-1]) | 0x80])
    w.array("name_words", text)
    w.array("name_word_blocks", starts)

    stream, blocks = [], []
    for i, (shared, words) in enumerate(coded):
        if i % BLOCK == 0:
            blocks.append(len(stream))
        stream.append(shared << 4 | len(words))
        for word in words:
            n = number[word]
            stream += [n] if n < short else [short + (n - short) // 256, (n - short) % 256]
    w.array("name_stream", stream)
    w.array("name_blocks", blocks)

    runs = []
    for i, ((cp, *_), _) in enumerate(entries[:named]):
        if not runs or cp - i != runs[-1][0] - runs[-1][1]:
            runs.append((cp, i))
    w.rows("name_ideographs", "NameRange", ideographs(data, chars))
    w.rows("name_runs", "NameRun", runs)
    w.array("name_alias_points", [points[0] for points, _ in entries[named:named + aliases]])
    points, ends = [], []
    for sequence, _ in entries[named + aliases:]:
        points += sequence
        ends.append(len(points))
    w.check("QV_UNI_SEQUENCE_MOST", max(len(points) for points, _ in entries))
    w.array("name_sequence_points", points)
    w.array("name_sequence_ends", ends)

    full = [" ".join(words).replace(" " + CODE, "%04X" % points[0]) for points, words in entries]
    w.check("QV_UNI_NAME_MOST", max(map(len, full)))
    assert len(set(full)) == len(full) < 65536
    w.array("name_order", sorted(range(len(full)), key=full.__getitem__), "uint16_t")
    pathlib.Path(out).write_text("\n".join(w.out) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
