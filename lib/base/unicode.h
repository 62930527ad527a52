// SPDX-License-Identifier: MIT
// Properties, case mappings, numbers and normal forms of Unicode 14 (that of Python 3.11).
//
// Every function takes any uint32_t; values past 0x10FFFF behave as unassigned. Results equal
// those of Python 3.11's str methods for a string of that one character, unless said otherwise.
#ifndef QV_BASE_UNICODE_H
#define QV_BASE_UNICODE_H

#include "base/heap.h"

// General category. The generated tables assert that they use these numbers.
typedef enum QvUniCategory {
    QV_UNI_CN,
    QV_UNI_LU,
    QV_UNI_LL,
    QV_UNI_LT,
    QV_UNI_MN,
    QV_UNI_MC,
    QV_UNI_ME,
    QV_UNI_ND,
    QV_UNI_NL,
    QV_UNI_NO,
    QV_UNI_ZS,
    QV_UNI_ZL,
    QV_UNI_ZP,
    QV_UNI_CC,
    QV_UNI_CF,
    QV_UNI_CS,
    QV_UNI_CO,
    QV_UNI_LM,
    QV_UNI_LO,
    QV_UNI_PC,
    QV_UNI_PD,
    QV_UNI_PS,
    QV_UNI_PE,
    QV_UNI_PI,
    QV_UNI_PF,
    QV_UNI_PO,
    QV_UNI_SM,
    QV_UNI_SC,
    QV_UNI_SK,
    QV_UNI_SO,
    QV_UNI_CATEGORY_COUNT,
} QvUniCategory;

// Bits of a character's record. The generated tables assert that they use these.
typedef enum QvUniFlags {
    QV_UNI_F_ALPHA = 1 << 0,
    QV_UNI_F_DECIMAL = 1 << 1,
    QV_UNI_F_DIGIT = 1 << 2,
    QV_UNI_F_NUMERIC = 1 << 3,
    QV_UNI_F_SPACE = 1 << 4,
    QV_UNI_F_PRINTABLE = 1 << 5,
    QV_UNI_F_UPPER = 1 << 6,
    QV_UNI_F_LOWER = 1 << 7,
    QV_UNI_F_TITLE = 1 << 8,
    QV_UNI_F_CASED = 1 << 9,
    QV_UNI_F_CASE_IGNORABLE = 1 << 10,
    QV_UNI_F_XID_START = 1 << 11, // Python's rule: includes '_', closed under NFKC
    QV_UNI_F_XID_CONTINUE = 1 << 12,
    QV_UNI_F_SPECIAL_CASE = 1 << 13, // a full mapping differs from the simple one
    QV_UNI_F_LINE_BREAK = 1 << 14,   // str.splitlines splits here
} QvUniFlags;

// One record of the table; many characters share one.
typedef struct QvUniRecord {
    int32_t upper; // simple mappings, as differences to the code point
    int32_t lower;
    int32_t title;
    uint16_t flags;   // QvUniFlags
    uint8_t category; // QvUniCategory
    int8_t digit;     // digit value, -1 if none
    uint16_t numeric; // 1 + index in the table of numeric values, 0 if none
    uint16_t special; // index in the table of full mappings, if QV_UNI_F_SPECIAL_CASE
} QvUniRecord;

// The record of a character; never NULL.
const QvUniRecord *qv_uni_record(uint32_t cp);

// Flags of the Latin-1 characters, for loops over narrow strings.
extern const uint16_t qv_uni_latin1_flags[256];

// All flags of a character (QvUniFlags).
static inline unsigned qv_uni_flags(uint32_t cp)
{
    return cp < 256 ? qv_uni_latin1_flags[cp] : qv_uni_record(cp)->flags;
}

static inline bool qv_uni_is_alpha(uint32_t cp) { return (qv_uni_flags(cp) & QV_UNI_F_ALPHA) != 0; }
static inline bool qv_uni_is_decimal(uint32_t cp)
{
    return (qv_uni_flags(cp) & QV_UNI_F_DECIMAL) != 0;
}
static inline bool qv_uni_is_digit(uint32_t cp) { return (qv_uni_flags(cp) & QV_UNI_F_DIGIT) != 0; }
static inline bool qv_uni_is_numeric(uint32_t cp)
{
    return (qv_uni_flags(cp) & QV_UNI_F_NUMERIC) != 0;
}
// str.isalnum: alpha, decimal, digit or numeric.
static inline bool qv_uni_is_alnum(uint32_t cp)
{
    return (qv_uni_flags(cp) &
            (QV_UNI_F_ALPHA | QV_UNI_F_DECIMAL | QV_UNI_F_DIGIT | QV_UNI_F_NUMERIC)) != 0;
}
static inline bool qv_uni_is_space(uint32_t cp) { return (qv_uni_flags(cp) & QV_UNI_F_SPACE) != 0; }
static inline bool qv_uni_is_line_break(uint32_t cp)
{
    return (qv_uni_flags(cp) & QV_UNI_F_LINE_BREAK) != 0;
}
static inline bool qv_uni_is_printable(uint32_t cp)
{
    return (qv_uni_flags(cp) & QV_UNI_F_PRINTABLE) != 0;
}
static inline bool qv_uni_is_upper(uint32_t cp) { return (qv_uni_flags(cp) & QV_UNI_F_UPPER) != 0; }
static inline bool qv_uni_is_lower(uint32_t cp) { return (qv_uni_flags(cp) & QV_UNI_F_LOWER) != 0; }
// Titlecase letter (category Lt).
static inline bool qv_uni_is_title(uint32_t cp) { return (qv_uni_flags(cp) & QV_UNI_F_TITLE) != 0; }
static inline bool qv_uni_is_cased(uint32_t cp) { return (qv_uni_flags(cp) & QV_UNI_F_CASED) != 0; }
static inline bool qv_uni_is_case_ignorable(uint32_t cp)
{
    return (qv_uni_flags(cp) & QV_UNI_F_CASE_IGNORABLE) != 0;
}
// First and later characters of an identifier (str.isidentifier; '_' is a start).
static inline bool qv_uni_is_xid_start(uint32_t cp)
{
    return (qv_uni_flags(cp) & QV_UNI_F_XID_START) != 0;
}
static inline bool qv_uni_is_xid_continue(uint32_t cp)
{
    return (qv_uni_flags(cp) & QV_UNI_F_XID_CONTINUE) != 0;
}

QvUniCategory qv_uni_category(uint32_t cp);
// "Lu", "Cn"...
const char *qv_uni_category_name(QvUniCategory category);

// Simple mappings: one character to one (what re.IGNORECASE uses). cp itself when there is none.
uint32_t qv_uni_upper(uint32_t cp);
uint32_t qv_uni_lower(uint32_t cp);
uint32_t qv_uni_title(uint32_t cp);

// Full mappings (str.upper...): write 1..3 code points to ret, return how many. Lower is that of a
// lone character: the final sigma depends on its context and is the caller's business.
int qv_uni_upper_full(uint32_t cp, uint32_t ret[3]);
int qv_uni_lower_full(uint32_t cp, uint32_t ret[3]);
int qv_uni_title_full(uint32_t cp, uint32_t ret[3]);
int qv_uni_fold_full(uint32_t cp, uint32_t ret[3]);

// unicodedata.decimal / digit: the value, or -1.
int qv_uni_decimal(uint32_t cp);
int qv_uni_digit(uint32_t cp);
// unicodedata.numeric: true and the value, or false.
bool qv_uni_numeric(uint32_t cp, double *ret);

// unicodedata.bidirectional ("L", "" when none), combining, east_asian_width ("N"...; "F" for
// what is not assigned, as in Python 3.11), mirrored.
const char *qv_uni_bidirectional(uint32_t cp);
int qv_uni_combining(uint32_t cp);
const char *qv_uni_east_asian_width(uint32_t cp);
bool qv_uni_is_mirrored(uint32_t cp);
// The text of a number that unicode_old.h gives.
const char *qv_uni_bidi_name(int bidi);
const char *qv_uni_width_name(int width);

// One step of decomposition as in UnicodeData.txt: writes at most 18 code points to ret, returns
// how many (0 = none). *ret_tag is "<compat>"..., or NULL for a canonical one. No Hangul
// (computed).
int qv_uni_decomposition(uint32_t cp, uint32_t ret[18], const char **ret_tag);

typedef enum QvUniForm {
    QV_UNI_NFC,
    QV_UNI_NFD,
    QV_UNI_NFKC,
    QV_UNI_NFKD,
} QvUniForm;

// Normalises n code points. *ret is a malloc'ed array (release with free()), *ret_n its length.
// Returns 0, or -1 when there is no memory.
QV_MUST_USE int qv_uni_normalize(QvUniForm form, const uint32_t *s, size_t n, QvHeap *heap,
                                 uint32_t **ret, size_t *ret_n);

// The same by the rules of Unicode 3.2.
QV_MUST_USE int qv_uni_normalize_old(QvUniForm form, const uint32_t *s, size_t n, QvHeap *heap,
                                     uint32_t **ret, size_t *ret_n);

// True when a text may be cut before cp and the parts normalised alone: cp and all that it
// decomposes to neither moves before, nor composes with, what stands before it. False for some that
// could.
static inline bool qv_uni_is_boundary(uint32_t cp)
{
    return cp < 0x300 || (cp >= 0x3200 && cp < 0xA000) || (cp >= 0xAC00 && cp < 0xD7A4) ||
           (cp >= 0xFB50 && cp < 0xFE00);
}

// NFKC of an identifier: qv_uni_normalize(QV_UNI_NFKC, ...).
QV_MUST_USE int qv_uni_nfkc(const uint32_t *s, size_t n, uint32_t **ret, size_t *ret_n);

#endif
