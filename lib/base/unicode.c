// SPDX-License-Identifier: MIT
// Look-ups in the tables that tools/gen_unicode.py makes, and the normal forms.
//
// All tables have two stages: the upper bits of a code point select a block of the second stage,
// the lower bits an entry there. Blocks that are equal are stored once.
#include "base/unicode.h"
#include "base/buf.h"
#include "base/unicode_old.h"

#include <stdlib.h>
#include <string.h>

// What only the unicodedata module asks for.
typedef struct DbRecord {
    uint8_t bidi;      // index of uni_bidi_names
    uint8_t combining; // canonical combining class
    uint8_t width;     // index of uni_width_names
    uint8_t mirrored;  // 0 or 1
} DbRecord;

// A canonical composition.
typedef struct Pair {
    uint32_t first;
    uint32_t second;
    uint32_t composed;
} Pair;

#include "unicode_tables.inc"

#define LAST 0x10FFFFu

// Position in a table's second stage.
#define STAGES(NAME, SHIFT, CP)                                           \
    NAME##_stage2[((uint32_t)NAME##_stage1[(CP) >> (SHIFT)] << (SHIFT)) + \
                  ((CP) & ((1u << (SHIFT)) - 1))]

const uint16_t qv_uni_latin1_flags[256] = {LATIN1_FLAGS};

const QvUniRecord *qv_uni_record(uint32_t cp)
{
    return &uni_records[cp > LAST ? 0 : STAGES(uni_type, UNI_TYPE_SHIFT, cp)];
}

static const DbRecord *db_record(uint32_t cp)
{
    return &uni_db_records[cp > LAST ? 0 : STAGES(uni_db, UNI_DB_SHIFT, cp)];
}

QvUniCategory qv_uni_category(uint32_t cp) { return (QvUniCategory)qv_uni_record(cp)->category; }

const char *qv_uni_category_name(QvUniCategory category)
{
    return (unsigned)category < QV_UNI_CATEGORY_COUNT ? uni_category_names[category] : "Cn";
}

_Static_assert(sizeof(uni_category_names) / sizeof(uni_category_names[0]) == QV_UNI_CATEGORY_COUNT,
               "the generator knows other categories than unicode.h");

// ---- case --------------------------------------------------------------------------------------

uint32_t qv_uni_upper(uint32_t cp) { return cp + (uint32_t)qv_uni_record(cp)->upper; }

uint32_t qv_uni_lower(uint32_t cp) { return cp + (uint32_t)qv_uni_record(cp)->lower; }

uint32_t qv_uni_title(uint32_t cp) { return cp + (uint32_t)qv_uni_record(cp)->title; }

// Which of the four mappings that stand one after the other in uni_case_words.
typedef enum CaseMapping {
    MAP_UPPER,
    MAP_LOWER,
    MAP_TITLE,
    MAP_FOLD,
} CaseMapping;

static int full_mapping(const QvUniRecord *record, CaseMapping mapping, uint32_t ret[3])
{
    const uint32_t *word = &uni_case_words[record->special];
    uint32_t lengths = *word++;
    for (unsigned i = 0; i < (unsigned)mapping; i++) {
        word += lengths & 0xF;
        lengths >>= 4;
    }
    int n = (int)(lengths & 0xF);
    memcpy(ret, word, (size_t)n * sizeof(uint32_t));
    return n;
}

int qv_uni_upper_full(uint32_t cp, uint32_t ret[3])
{
    const QvUniRecord *record = qv_uni_record(cp);
    if ((record->flags & QV_UNI_F_SPECIAL_CASE) != 0) {
        return full_mapping(record, MAP_UPPER, ret);
    }
    ret[0] = cp + (uint32_t)record->upper;
    return 1;
}

int qv_uni_lower_full(uint32_t cp, uint32_t ret[3])
{
    const QvUniRecord *record = qv_uni_record(cp);
    if ((record->flags & QV_UNI_F_SPECIAL_CASE) != 0) {
        return full_mapping(record, MAP_LOWER, ret);
    }
    ret[0] = cp + (uint32_t)record->lower;
    return 1;
}

int qv_uni_title_full(uint32_t cp, uint32_t ret[3])
{
    const QvUniRecord *record = qv_uni_record(cp);
    if ((record->flags & QV_UNI_F_SPECIAL_CASE) != 0) {
        return full_mapping(record, MAP_TITLE, ret);
    }
    ret[0] = cp + (uint32_t)record->title;
    return 1;
}

int qv_uni_fold_full(uint32_t cp, uint32_t ret[3])
{
    const QvUniRecord *record = qv_uni_record(cp);
    if ((record->flags & QV_UNI_F_SPECIAL_CASE) != 0) {
        return full_mapping(record, MAP_FOLD, ret);
    }
    ret[0] = cp + (uint32_t)record->lower;
    return 1;
}

// ---- numbers and the rest of the database
// --------------------------------------------------------

int qv_uni_decimal(uint32_t cp)
{
    const QvUniRecord *record = qv_uni_record(cp);
    return (record->flags & QV_UNI_F_DECIMAL) != 0 ? record->digit : -1;
}

int qv_uni_digit(uint32_t cp) { return qv_uni_record(cp)->digit; }

bool qv_uni_numeric(uint32_t cp, double *ret)
{
    unsigned i = qv_uni_record(cp)->numeric;
    if (i == 0) {
        return false;
    }
    *ret = uni_numbers[i - 1];
    return true;
}

const char *qv_uni_bidirectional(uint32_t cp) { return uni_bidi_names[db_record(cp)->bidi]; }

int qv_uni_combining(uint32_t cp) { return db_record(cp)->combining; }

const char *qv_uni_east_asian_width(uint32_t cp) { return uni_width_names[db_record(cp)->width]; }

bool qv_uni_is_mirrored(uint32_t cp) { return db_record(cp)->mirrored != 0; }

const char *qv_uni_bidi_name(int bidi) { return uni_bidi_names[bidi]; }

const char *qv_uni_width_name(int width) { return uni_width_names[width]; }

// The words of a decomposition: tag << 8 | length, then the code points. NULL if there is none.
static const uint32_t *decomposition_of(uint32_t cp)
{
    size_t i = cp > LAST ? 0 : STAGES(uni_decomp, UNI_DECOMP_SHIFT, cp);
    return i == 0 ? NULL : &uni_decomp_words[i];
}

int qv_uni_decomposition(uint32_t cp, uint32_t ret[18], const char **ret_tag)
{
    const uint32_t *word = decomposition_of(cp);
    *ret_tag = NULL;
    if (word == NULL) {
        return 0;
    }
    unsigned tag = *word >> 8;
    unsigned n = *word & 0xFF;
    if (tag != 0) {
        *ret_tag = uni_tag_names[tag];
    }
    memcpy(ret, word + 1, n * sizeof(uint32_t));
    return (int)n;
}

// ---- normal forms
// --------------------------------------------------------------------------------

// Hangul syllables are computed (The Unicode Standard, section 3.12).
#define S_BASE  0xAC00u
#define L_BASE  0x1100u
#define V_BASE  0x1161u
#define T_BASE  0x11A7u // the place before the first trailing consonant
#define L_COUNT 19u
#define V_COUNT 21u
#define T_COUNT 28u
#define S_COUNT (L_COUNT * V_COUNT * T_COUNT)

static void put(QvBuf *out, uint32_t cp) { qv_buf_append(out, &cp, sizeof(cp)); }

static void decompose(QvBuf *out, uint32_t cp, bool compat, bool old)
{
    if (cp - S_BASE < S_COUNT) {
        uint32_t s = cp - S_BASE;
        put(out, L_BASE + s / (V_COUNT * T_COUNT));
        put(out, V_BASE + s % (V_COUNT * T_COUNT) / T_COUNT);
        if (s % T_COUNT != 0) {
            put(out, T_BASE + s % T_COUNT);
        }
        return;
    }
    const uint32_t *word = cp < 0xA0 ? NULL : decomposition_of(cp);
    if (word == NULL || (*word >> 8 != 0 && !compat) || (old && !qv_uni_old_is_assigned(cp))) {
        put(out, cp);
        return;
    }
    uint32_t wrong = old ? qv_uni_old_correction(cp) : 0;
    if (wrong != 0) {
        put(out, wrong);
        return;
    }
    unsigned n = *word & 0xFF;
    for (unsigned i = 1; i <= n; i++) {
        decompose(out, word[i], compat, old); // the table holds one step
    }
}

// Runs of combining characters from here on are counted, not inserted: a text may be made of them.
#define LONG_RUN 64u

// Sorts by class, equal ones in place, in linear time. 0, or -1 without memory.
static int reorder_long(QvHeap *heap, uint32_t *s, size_t n)
{
    size_t start[257] = {0};
    if (heap != NULL && !qv_heap_charge(heap, n * sizeof(uint32_t))) {
        return -1;
    }
    uint32_t *copy = malloc(n * sizeof(uint32_t));
    if (copy == NULL) {
        if (heap != NULL) {
            qv_heap_discharge(heap, n * sizeof(uint32_t));
        }
        return -1;
    }
    memcpy(copy, s, n * sizeof(uint32_t));
    for (size_t i = 0; i < n; i++) {
        start[qv_uni_combining(copy[i]) + 1]++;
    }
    for (size_t i = 1; i < 257; i++) {
        start[i] += start[i - 1];
    }
    for (size_t i = 0; i < n; i++) {
        s[start[qv_uni_combining(copy[i])]++] = copy[i];
    }
    free(copy);
    if (heap != NULL) {
        qv_heap_discharge(heap, n * sizeof(uint32_t));
    }
    return 0;
}

// Sorts each run of combining characters by class, equal ones in place: by insertion when they are
// few. 0, or -1 without memory.
static int reorder(QvHeap *heap, uint32_t *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (qv_uni_combining(s[i]) == 0) {
            continue;
        }
        size_t run = i;
        do {
            i++;
        } while (i < n && qv_uni_combining(s[i]) != 0);
        if (i - run >= LONG_RUN) {
            if (reorder_long(heap, s + run, i - run) < 0) {
                return -1;
            }
            continue;
        }
        for (size_t k = run + 1; k < i; k++) {
            uint32_t cp = s[k];
            int class = qv_uni_combining(cp);
            size_t j = k;
            while (j > run && qv_uni_combining(s[j - 1]) > class) {
                s[j] = s[j - 1];
                j--;
            }
            s[j] = cp;
        }
    }
    return 0;
}

static int compare_pairs(const void *a, const void *b)
{
    const Pair *x = a;
    const Pair *y = b;
    if (x->first != y->first) {
        return x->first < y->first ? -1 : 1;
    }
    return x->second == y->second ? 0 : x->second < y->second ? -1 : 1;
}

// The character that two make together, 0 if none.
static uint32_t composed(uint32_t first, uint32_t second)
{
    if (first - L_BASE < L_COUNT && second - V_BASE < V_COUNT) {
        return S_BASE + ((first - L_BASE) * V_COUNT + (second - V_BASE)) * T_COUNT;
    }
    if (first - S_BASE < S_COUNT && (first - S_BASE) % T_COUNT == 0 &&
        second - (T_BASE + 1) < T_COUNT - 1) {
        return first + (second - T_BASE);
    }
    Pair key = {.first = first, .second = second};
    const Pair *found = bsearch(&key, uni_pairs, sizeof(uni_pairs) / sizeof(uni_pairs[0]),
                                sizeof(uni_pairs[0]), compare_pairs);
    return found != NULL ? found->composed : 0;
}

// Composes in place. Returns the new length.
static size_t compose(uint32_t *s, size_t n)
{
    size_t out = 0;
    size_t starter = SIZE_MAX; // where the last starter went
    int last_class = 0;        // of the last character kept after it; 0 = none
    for (size_t i = 0; i < n; i++) {
        uint32_t cp = s[i];
        int class = qv_uni_combining(cp);
        bool adjacent = starter != SIZE_MAX && starter + 1 == out;
        // Blocked if something of the same or a higher class stands between.
        if (starter != SIZE_MAX && (adjacent || (last_class != 0 && last_class < class))) {
            uint32_t both = composed(s[starter], cp);
            if (both != 0) {
                s[starter] = both;
                continue;
            }
        }
        if (class == 0) {
            starter = out;
        }
        last_class = class;
        s[out++] = cp;
    }
    return out;
}

// True if the text is in the form already, by a glance at its largest character.
static bool is_plain(QvUniForm form, const uint32_t *s, size_t n)
{
    // Below U+0300 everything is composed; below U+00A0 nothing decomposes.
    uint32_t bound = form == QV_UNI_NFC ? 0x300 : 0xA0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] >= bound) {
            return false;
        }
    }
    return true;
}

static int normalize(QvUniForm form, bool old, const uint32_t *s, size_t n, QvHeap *heap,
                     uint32_t **ret, size_t *ret_n)
{
    QvBuf out = {.heap = heap};
    if (is_plain(form, s, n)) {
        qv_buf_append(&out, s, n * sizeof(uint32_t));
    } else {
        bool compat = form == QV_UNI_NFKC || form == QV_UNI_NFKD;
        qv_buf_reserve(&out, n * sizeof(uint32_t));
        for (size_t i = 0; i < n; i++) {
            decompose(&out, s[i], compat, old);
        }
        if (!out.oom) {
            uint32_t *points = (uint32_t *)(void *)out.data;
            size_t count = out.len / sizeof(uint32_t);
            if (reorder(out.heap, points, count) < 0) {
                qv_buf_fini(&out);
                return -1;
            }
            if (form == QV_UNI_NFC || form == QV_UNI_NFKC) {
                qv_buf_truncate(&out, compose(points, count) * sizeof(uint32_t));
            }
        }
    }
    size_t bytes;
    char *data = qv_buf_take(&out, &bytes);
    if (data == NULL) {
        return -1;
    }
    *ret = (uint32_t *)(void *)data;
    *ret_n = bytes / sizeof(uint32_t);
    return 0;
}

int qv_uni_normalize(QvUniForm form, const uint32_t *s, size_t n, QvHeap *heap, uint32_t **ret,
                     size_t *ret_n)
{
    return normalize(form, false, s, n, heap, ret, ret_n);
}

int qv_uni_normalize_old(QvUniForm form, const uint32_t *s, size_t n, QvHeap *heap, uint32_t **ret,
                         size_t *ret_n)
{
    return normalize(form, true, s, n, heap, ret, ret_n);
}

int qv_uni_nfkc(const uint32_t *s, size_t n, uint32_t **ret, size_t *ret_n)
{
    return qv_uni_normalize(QV_UNI_NFKC, s, n, NULL, ret, ret_n);
}
