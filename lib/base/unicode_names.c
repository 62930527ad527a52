// SPDX-License-Identifier: MIT
// Names of characters, from the tables that tools/gen_unicode_names.py makes (it says how they are
// packed: 330 KB for 35,000 names). Nothing is unpacked but what is asked for: a name takes a walk
// through at most one block of entries, a look-up a binary search with one such walk a step.
#include "base/unicode_names.h"

#include <stdio.h>
#include <string.h>

// Named characters without a gap: `entry` is the number of the first.
typedef struct NameRun {
    uint32_t first;
    uint32_t entry;
} NameRun;

typedef struct NameRange {
    uint32_t first, last;
} NameRange;

#include "unicode_names.inc"

const char qv_uni_version[] = UNIDATA_VERSION;

#define COUNT(ARRAY) (sizeof(ARRAY) / sizeof((ARRAY)[0]))

// Hangul syllables are L V T (The Unicode Standard, section 3.12); these are the short names.
#define S_BASE  0xAC00u
#define L_COUNT 19u
#define V_COUNT 21u
#define T_COUNT 28u
#define S_COUNT (L_COUNT * V_COUNT * T_COUNT)

static const char jamo_l[L_COUNT][3] = {"G",  "GG", "N", "D",  "DD", "R", "M", "B", "BB", "S",
                                        "SS", "",   "J", "JJ", "C",  "K", "T", "P", "H"};
static const char jamo_v[V_COUNT][4] = {"A",   "AE", "YA", "YAE", "EO", "E",  "YEO",
                                        "YE",  "O",  "WA", "WAE", "OE", "YO", "U",
                                        "WEO", "WE", "WI", "YU",  "EU", "YI", "I"};
static const char jamo_t[T_COUNT][3] = {"",   "G",  "GG", "GS", "N",  "NJ", "NH", "D", "L",  "LG",
                                        "LM", "LB", "LS", "LT", "LP", "LH", "M",  "B", "BS", "S",
                                        "SS", "NG", "J",  "C",  "K",  "T",  "P",  "H"};

static const char hangul[] = "HANGUL SYLLABLE ";
static const char ideograph[] = "CJK UNIFIED IDEOGRAPH-";

static bool is_ideograph(uint32_t cp)
{
    for (size_t i = 0; i < COUNT(name_ideographs); i++) {
        if (cp >= name_ideographs[i].first && cp <= name_ideographs[i].last) {
            return true;
        }
    }
    return false;
}

// ---- the stored names ---------------------------------------------------------------------------

// The words of an entry; returns how many.
static unsigned entry_words(unsigned entry, unsigned words[NAME_WORDS_MOST])
{
    const uint8_t *p = name_stream + name_blocks[entry / NAME_BLOCK];
    unsigned count = 0;
    for (unsigned k = 0; k <= entry % NAME_BLOCK; k++) {
        unsigned shared = *p >> 4;
        count = shared + (*p++ & 15);
        for (unsigned i = shared; i < count; i++) {
            unsigned word = *p++;
            if (word >= NAME_SHORT) {
                word = NAME_SHORT + ((word - NAME_SHORT) << 8 | *p++);
            }
            words[i] = word;
        }
    }
    return count;
}

// The characters of a word; the last has its high bit set.
static const uint8_t *word_text(unsigned word)
{
    const uint8_t *p = name_words + name_word_blocks[word / NAME_WORD_BLOCK];
    for (unsigned skip = word % NAME_WORD_BLOCK; skip > 0; skip--) {
        while ((*p++ & 0x80) == 0) {}
    }
    return p;
}

// The code points of an entry; returns how many.
static int entry_points(unsigned entry, uint32_t ret[QV_UNI_SEQUENCE_MOST])
{
    if (entry < NAME_CHARS) {
        size_t low = 0, high = COUNT(name_runs); // the run is in low..high-1
        while (high - low > 1) {
            size_t middle = (low + high) / 2;
            if (name_runs[middle].entry <= entry) {
                low = middle;
            } else {
                high = middle;
            }
        }
        ret[0] = name_runs[low].first + (entry - name_runs[low].entry);
        return 1;
    }
    entry -= NAME_CHARS;
    if (entry < NAME_ALIASES) {
        ret[0] = name_alias_points[entry];
        return 1;
    }
    entry -= NAME_ALIASES;
    unsigned start = entry == 0 ? 0 : name_sequence_ends[entry - 1];
    unsigned n = name_sequence_ends[entry] - start;
    for (unsigned i = 0; i < n; i++) {
        ret[i] = name_sequence_points[start + i];
    }
    return (int)n;
}

static int entry_name(unsigned entry, char ret[QV_UNI_NAME_MOST])
{
    unsigned words[NAME_WORDS_MOST];
    unsigned count = entry_words(entry, words);
    int n = 0;
    for (unsigned i = 0; i < count; i++) {
        if (words[i] == 0) { // the code point itself
            uint32_t points[QV_UNI_SEQUENCE_MOST];
            entry_points(entry, points);
            char hex[16];
            int digits = snprintf(hex, sizeof hex, "%04X", (unsigned)points[0]);
            memcpy(ret + n, hex, (size_t)digits);
            n += digits;
            continue;
        }
        if (i > 0) {
            ret[n++] = ' ';
        }
        const uint8_t *p = word_text(words[i]);
        do {
            ret[n++] = (char)(*p & 0x7F);
        } while ((*p++ & 0x80) == 0);
    }
    return n;
}

int qv_uni_name(uint32_t cp, char ret[QV_UNI_NAME_MOST])
{
    if (cp - S_BASE < S_COUNT) {
        uint32_t s = cp - S_BASE;
        char text[32];
        int n = snprintf(text, sizeof text, "%s%s%s%s", hangul, jamo_l[s / (V_COUNT * T_COUNT)],
                         jamo_v[s % (V_COUNT * T_COUNT) / T_COUNT], jamo_t[s % T_COUNT]);
        memcpy(ret, text, (size_t)n);
        return n;
    }
    if (is_ideograph(cp)) {
        char text[40];
        int n = snprintf(text, sizeof text, "%s%X", ideograph, (unsigned)cp);
        memcpy(ret, text, (size_t)n);
        return n;
    }
    size_t low = 0, high = COUNT(name_runs);
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (name_runs[middle].first <= cp) {
            low = middle;
        } else {
            high = middle;
        }
    }
    const NameRun *run = &name_runs[low];
    uint32_t end = low + 1 < COUNT(name_runs) ? run[1].entry : NAME_CHARS;
    if (cp < run->first || cp - run->first >= end - run->entry) {
        return 0;
    }
    return entry_name(run->entry + (cp - run->first), ret);
}

// ---- look-up ------------------------------------------------------------------------------------

// The longest of the short names that p starts with: its index, or -1.
static int longest_jamo(const char *names, size_t width, unsigned count, const char *p, size_t n,
                        size_t *ret_len)
{
    int best = -1;
    for (unsigned i = 0; i < count; i++) {
        size_t len = strlen(names + i * width);
        if (len <= n && (best < 0 || len > *ret_len) && memcmp(names + i * width, p, len) == 0) {
            best = (int)i;
            *ret_len = len;
        }
    }
    return best;
}

static bool find_syllable(const char *p, size_t n, uint32_t *ret)
{
    size_t len = 0;
    int l = longest_jamo(jamo_l[0], sizeof jamo_l[0], L_COUNT, p, n, &len);
    p += len, n -= len;
    int v = longest_jamo(jamo_v[0], sizeof jamo_v[0], V_COUNT, p, n, &len);
    if (l < 0 || v < 0) {
        return false;
    }
    p += len, n -= len;
    int t = longest_jamo(jamo_t[0], sizeof jamo_t[0], T_COUNT, p, n, &len);
    if (t < 0 || len != n) {
        return false;
    }
    *ret = S_BASE + ((uint32_t)l * V_COUNT + (uint32_t)v) * T_COUNT + (uint32_t)t;
    return true;
}

static bool find_ideograph(const char *p, size_t n, uint32_t *ret)
{
    if (n != 4 && n != 5) {
        return false;
    }
    uint32_t cp = 0;
    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        if (c >= '0' && c <= '9') {
            cp = cp << 4 | (uint32_t)(c - '0');
        } else if (c >= 'A' && c <= 'F') {
            cp = cp << 4 | (uint32_t)(c - 'A' + 10);
        } else {
            return false;
        }
    }
    *ret = cp;
    return is_ideograph(cp);
}

// How a stored name (capitals) stands to one that may have small letters: <0, 0, >0.
static int compare_names(const char *stored, size_t stored_len, const char *name, size_t n)
{
    for (size_t i = 0; i < stored_len && i < n; i++) {
        unsigned char c = (unsigned char)name[i];
        c = c >= 'a' && c <= 'z' ? (unsigned char)(c - 32) : c;
        if ((unsigned char)stored[i] != c) {
            return (unsigned char)stored[i] < c ? -1 : 1;
        }
    }
    return stored_len == n ? 0 : stored_len < n ? -1 : 1;
}

int qv_uni_lookup(const char *name, size_t n, unsigned kinds, uint32_t ret[QV_UNI_SEQUENCE_MOST])
{
    size_t head = sizeof hangul - 1;
    if (n >= head && memcmp(name, hangul, head) == 0) {
        return find_syllable(name + head, n - head, ret);
    }
    head = sizeof ideograph - 1;
    if (n >= head && memcmp(name, ideograph, head) == 0) {
        return find_ideograph(name + head, n - head, ret);
    }
    if (n > QV_UNI_NAME_MOST) {
        return 0;
    }
    size_t low = 0, high = NAME_ENTRIES;
    while (low < high) {
        size_t middle = (low + high) / 2;
        unsigned entry = name_order[middle];
        char text[QV_UNI_NAME_MOST];
        int order = compare_names(text, (size_t)entry_name(entry, text), name, n);
        if (order == 0) {
            bool known = entry < NAME_CHARS || (entry < NAME_CHARS + NAME_ALIASES
                                                    ? (kinds & QV_UNI_NAMES_ALIASES) != 0
                                                    : (kinds & QV_UNI_NAMES_SEQUENCES) != 0);
            return known ? entry_points(entry, ret) : 0;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return 0;
}
