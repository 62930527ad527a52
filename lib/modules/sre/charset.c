// SPDX-License-Identifier: MIT
// Categories, case folding and the code of character sets. This is the general way; for Latin-1
// characters its answers stand in tables (program.c).
#include "modules/sre/charset.h"

#include <ctype.h>
#include <string.h>

#include "base/unicode.h"
#include "modules/sre/codes.h"

static uint32_t lower_ascii(uint32_t c) { return c - 'A' < 26u ? c + 32 : c; }
static uint32_t lower_locale(uint32_t c) { return c < 256 ? (uint32_t)tolower((int)c) : c; }
static uint32_t upper_locale(uint32_t c) { return c < 256 ? (uint32_t)toupper((int)c) : c; }

// What CPython's engine takes for the simple mappings: the first character of the full one, where
// that has more than one (sharp s goes up to S).
uint32_t qv_sre_uni_lower(uint32_t c)
{
    uint32_t full[3];
    if (!(qv_uni_flags(c) & QV_UNI_F_SPECIAL_CASE)) {
        return qv_uni_lower(c);
    }
    return qv_uni_lower_full(c, full) > 0 ? full[0] : c;
}

uint32_t qv_sre_uni_upper(uint32_t c)
{
    uint32_t full[3];
    if (!(qv_uni_flags(c) & QV_UNI_F_SPECIAL_CASE)) {
        return qv_uni_upper(c);
    }
    return qv_uni_upper_full(c, full) > 0 ? full[0] : c;
}

uint32_t qv_sre_lower(QvSreFold fold, uint32_t c)
{
    switch (fold) {
    case QV_FOLD_NONE: return c;
    case QV_FOLD_ASCII: return lower_ascii(c);
    case QV_FOLD_UNI: return qv_sre_uni_lower(c);
    case QV_FOLD_LOC: return lower_locale(c);
    }
    return c;
}

static bool ascii_space(uint32_t c) { return c == ' ' || c - 9 < 5u; }
static bool ascii_word(uint32_t c) { return c - '0' < 10u || (c | 32) - 'a' < 26u || c == '_'; }
static bool locale_word(uint32_t c) { return c < 256 && (isalnum((int)c) || c == '_'); }
static bool uni_word(uint32_t c) { return qv_uni_is_alnum(c) || c == '_'; }

bool qv_sre_category(uint32_t category, uint32_t c)
{
    switch ((QvSreCategory)category) {
    case SRE_CAT_DIGIT: return c - '0' < 10u;
    case SRE_CAT_NOT_DIGIT: return c - '0' >= 10u;
    case SRE_CAT_SPACE: return ascii_space(c);
    case SRE_CAT_NOT_SPACE: return !ascii_space(c);
    case SRE_CAT_WORD: return ascii_word(c);
    case SRE_CAT_NOT_WORD: return !ascii_word(c);
    case SRE_CAT_LINEBREAK: return c == '\n';
    case SRE_CAT_NOT_LINEBREAK: return c != '\n';
    case SRE_CAT_LOC_WORD: return locale_word(c);
    case SRE_CAT_LOC_NOT_WORD: return !locale_word(c);
    case SRE_CAT_UNI_DIGIT: return qv_uni_is_decimal(c);
    case SRE_CAT_UNI_NOT_DIGIT: return !qv_uni_is_decimal(c);
    case SRE_CAT_UNI_SPACE: return qv_uni_is_space(c);
    case SRE_CAT_UNI_NOT_SPACE: return !qv_uni_is_space(c);
    case SRE_CAT_UNI_WORD: return uni_word(c);
    case SRE_CAT_UNI_NOT_WORD: return !uni_word(c);
    case SRE_CAT_UNI_LINEBREAK: return qv_uni_is_line_break(c);
    case SRE_CAT_UNI_NOT_LINEBREAK: return !qv_uni_is_line_break(c);
    case SRE_CAT_COUNT: break;
    }
    return false;
}

unsigned qv_sre_high_class(uint32_t c)
{
    return qv_uni_is_space(c)     ? QV_HIGH_SPACE
           : qv_uni_is_decimal(c) ? QV_HIGH_DIGIT
           : uni_word(c)          ? QV_HIGH_WORD
                                  : QV_HIGH_OTHER;
}

static bool in_range(const uint32_t *range, uint32_t c) { return range[0] <= c && c <= range[1]; }

bool qv_sre_in(const uint32_t *set, uint32_t c)
{
    bool found = true;
    for (;;) {
        switch (*set++) {
        case SRE_NEGATE: found = !found; break;
        case SRE_LITERAL:
            if (c == set[0]) {
                return found;
            }
            set++;
            break;
        case SRE_CATEGORY:
            if (qv_sre_category(set[0], c)) {
                return found;
            }
            set++;
            break;
        case SRE_CHARSET:
            if (c < 256 && (set[c >> 5] >> (c & 31) & 1)) {
                return found;
            }
            set += 8;
            break;
        case SRE_BIGCHARSET: {
            // Number of blocks; for each high byte the number of its block, as bytes; the blocks
            uint32_t blocks = set[0];
            const uint8_t *numbers = (const uint8_t *)(set + 1);
            set += 1 + 64;
            if (c < 65536) {
                const uint32_t *block = set + (size_t)numbers[c >> 8] * 8;
                if (block[(c & 255) >> 5] >> (c & 31) & 1) {
                    return found;
                }
            }
            set += (size_t)blocks * 8;
            break;
        }
        case SRE_RANGE:
            if (in_range(set, c)) {
                return found;
            }
            set += 2;
            break;
        case SRE_RANGE_UNI_IGNORE:
            if (in_range(set, c) || in_range(set, qv_sre_uni_upper(c))) {
                return found;
            }
            set += 2;
            break;
        default: return !found; // SRE_FAILURE: the end; the code has been checked
        }
    }
}

static bool is_locale_literal(uint32_t literal, uint32_t c)
{
    return c == literal || lower_locale(c) == literal || upper_locale(c) == literal;
}

bool qv_sre_set_test(const uint32_t *code, QvSreSetKind kind, uint32_t word, uint32_t c)
{
    switch (kind) {
    case QV_SET_CATEGORY: return qv_sre_category(word, c);
    case QV_SET_IN: return qv_sre_in(code + word, c);
    case QV_SET_IN_IGNORE: return qv_sre_in(code + word, lower_ascii(c));
    case QV_SET_IN_UNI: return qv_sre_in(code + word, qv_sre_uni_lower(c));
    case QV_SET_IN_LOC:
        return qv_sre_in(code + word, lower_locale(c)) || qv_sre_in(code + word, upper_locale(c));
    case QV_SET_LIT_IGNORE: return lower_ascii(c) == word;
    case QV_SET_NOT_IGNORE: return lower_ascii(c) != word;
    case QV_SET_LIT_UNI: return qv_sre_uni_lower(c) == word;
    case QV_SET_NOT_UNI: return qv_sre_uni_lower(c) != word;
    case QV_SET_LIT_LOC: return is_locale_literal(word, c);
    case QV_SET_NOT_LOC: return !is_locale_literal(word, c);
    }
    return false;
}

// ---- tables of Latin-1 --------------------------------------------------------------------------

enum {
    DIGIT = 1,
    SPACE = 2,
    WORD = 4,
    UNI_SPACE = 8,
    UNI_WORD = 16,
    BREAK = 32,
    UNI_BREAK = 64,
    ANY_SPACE = SPACE | UNI_SPACE,
    ANY_WORD = WORD | UNI_WORD,
};

static const uint8_t latin1_classes[256] = {
    [0x09] = ANY_SPACE,
    [0x0A] = ANY_SPACE | BREAK | UNI_BREAK,
    [0x0B ... 0x0D] = ANY_SPACE | UNI_BREAK,
    [0x1C ... 0x1E] = UNI_SPACE | UNI_BREAK,
    [0x1F] = UNI_SPACE,
    [' '] = ANY_SPACE,
    ['0' ... '9'] = DIGIT | ANY_WORD,
    ['A' ... 'Z'] = ANY_WORD,
    ['_'] = ANY_WORD,
    ['a' ... 'z'] = ANY_WORD,
    [0x85] = UNI_SPACE | UNI_BREAK,
    [0xA0] = UNI_SPACE,
    [0xAA] = UNI_WORD,
    [0xB2 ... 0xB3] = UNI_WORD,
    [0xB5] = UNI_WORD,
    [0xB9 ... 0xBA] = UNI_WORD,
    [0xBC ... 0xBE] = UNI_WORD,
    [0xC0 ... 0xD6] = UNI_WORD,
    [0xD8 ... 0xF6] = UNI_WORD,
    [0xF8 ... 0xFF] = UNI_WORD,
};

// The class of a category, and whether those outside it are meant; 0: only the locale knows.
static uint8_t class_of(uint32_t category, bool *ret_negated)
{
    static const struct {
        uint8_t bit;
        bool negated;
    } classes[SRE_CAT_COUNT] = {
        [SRE_CAT_DIGIT] = {DIGIT, false},
        [SRE_CAT_NOT_DIGIT] = {DIGIT, true},
        [SRE_CAT_SPACE] = {SPACE, false},
        [SRE_CAT_NOT_SPACE] = {SPACE, true},
        [SRE_CAT_WORD] = {WORD, false},
        [SRE_CAT_NOT_WORD] = {WORD, true},
        [SRE_CAT_LINEBREAK] = {BREAK, false},
        [SRE_CAT_NOT_LINEBREAK] = {BREAK, true},
        [SRE_CAT_UNI_DIGIT] = {DIGIT, false},
        [SRE_CAT_UNI_NOT_DIGIT] = {DIGIT, true},
        [SRE_CAT_UNI_SPACE] = {UNI_SPACE, false},
        [SRE_CAT_UNI_NOT_SPACE] = {UNI_SPACE, true},
        [SRE_CAT_UNI_WORD] = {UNI_WORD, false},
        [SRE_CAT_UNI_NOT_WORD] = {UNI_WORD, true},
        [SRE_CAT_UNI_LINEBREAK] = {UNI_BREAK, false},
        [SRE_CAT_UNI_NOT_LINEBREAK] = {UNI_BREAK, true},
    };
    *ret_negated = classes[category].negated;
    return classes[category].bit;
}

// ORs yes into out[c] of the characters of a category. False: only the locale knows.
static bool add_category(uint32_t category, uint8_t yes, uint8_t out[256])
{
    bool negated;
    uint8_t class = class_of(category, &negated);
    for (int c = 0; class != 0 && c < 256; c++) {
        out[c] |= ((latin1_classes[c] & class) != 0) != negated ? yes : 0;
    }
    return class != 0;
}

// The characters that a set's code names, in out: 1 found, 2 excluded (what comes first counts),
// else 0 for what the end decides. False: something in it asks for more than this.
static bool set_answers(const uint32_t *set, uint8_t out[256], bool *ret_negated)
{
    uint8_t hits[256];
    *ret_negated = false;
    for (;; set++) {
        uint32_t op = *set++;
        memset(hits, 0, sizeof hits);
        switch (op) {
        case SRE_NEGATE:
            *ret_negated = !*ret_negated;
            set--;
            continue;
        case SRE_LITERAL:
            if (*set < 256 && out[*set] == 0) {
                out[*set] = *ret_negated ? 2 : 1;
            }
            continue;
        case SRE_CATEGORY:
            if (!add_category(*set, 1, hits)) {
                return false;
            }
            break;
        case SRE_CHARSET:
            for (uint32_t c = 0; c < 256; c++) {
                hits[c] = set[c >> 5] >> (c & 31) & 1;
            }
            set += 7;
            break;
        case SRE_RANGE:
            for (uint32_t c = set[0]; c <= set[1] && c < 256; c++) {
                hits[c] = 1;
            }
            set++;
            break;
        case SRE_FAILURE: return true;
        default: return false;
        }
        for (int c = 0; c < 256; c++) {
            out[c] = out[c] != 0 || hits[c] == 0 ? out[c] : *ret_negated ? 2 : 1;
        }
    }
}

// Simple lower case of a Latin-1 character, which stays one.
static inline uint32_t lower_latin1(uint32_t c)
{
    return c - 'A' < 26u || (c - 0xC0 < 31u && c != 0xD7) ? c + 32 : c;
}

void qv_sre_set_table(const uint32_t *code, QvSreSetKind kind, uint32_t word, uint8_t bit,
                      uint8_t table[256])
{
    if (kind == QV_SET_CATEGORY && add_category(word, bit, table)) {
        return;
    }
    uint8_t answers[256] = {0};
    bool negated;
    if ((kind == QV_SET_IN || kind == QV_SET_IN_IGNORE || kind == QV_SET_IN_UNI) &&
        set_answers(code + word, answers, &negated)) {
        for (uint32_t c = 0; c < 256; c++) {
            uint32_t k = kind == QV_SET_IN          ? c
                         : kind == QV_SET_IN_IGNORE ? lower_ascii(c)
                                                    : lower_latin1(c);
            table[c] |= answers[k] == 1 || (answers[k] == 0 && negated) ? bit : 0;
        }
        return;
    }
    if (kind == QV_SET_LIT_UNI || kind == QV_SET_NOT_UNI) {
        for (uint32_t c = 0; c < 256; c++) {
            table[c] |= (lower_latin1(c) == word) == (kind == QV_SET_LIT_UNI) ? bit : 0;
        }
        return;
    }
    for (uint32_t c = 0; c < 256; c++) {
        if (qv_sre_set_test(code, kind, word, c)) {
            table[c] |= bit;
        }
    }
}
