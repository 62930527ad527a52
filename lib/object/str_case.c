// SPDX-License-Identifier: MIT
// Case mappings and character tests of str. ASCII text takes byte loops that the compiler
// vectorises.
#include <string.h>

#include "base/unicode.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/native.h"
#include "object/str_methods.h"
#include "object/str_units.h"

#define NO_ARGS() ((void)args, (void)nargs)

static inline bool ascii_upper(uint8_t c) { return (uint8_t)(c - 'A') < 26; }
static inline bool ascii_lower(uint8_t c) { return (uint8_t)(c - 'a') < 26; }
static inline uint8_t to_lower(uint8_t c) { return (uint8_t)(c | (ascii_upper(c) << 5)); }
static inline uint8_t to_upper(uint8_t c) { return (uint8_t)(c & ~(ascii_lower(c) << 5)); }

// The same for eight ASCII characters at once: a sum carries into the top bit of the letters.
#define EACH_BYTE(c) ((uint64_t)(c) * (uint64_t)0x0101010101010101)
static inline uint64_t word_lower(uint64_t w)
{
    uint64_t upper = (w + EACH_BYTE(0x80 - 'A')) & ~(w + EACH_BYTE(0x7F - 'Z')) & EACH_BYTE(0x80);
    return w | upper >> 2;
}
static inline uint64_t word_upper(uint64_t w)
{
    uint64_t lower = (w + EACH_BYTE(0x80 - 'a')) & ~(w + EACH_BYTE(0x7F - 'z')) & EACH_BYTE(0x80);
    return w & ~(lower >> 2);
}

// What becomes of a character: how many code points are written to out.
typedef int (*Mapper)(uint32_t c, uint32_t out[3]);

// GREEK CAPITAL SIGMA at i: final when a cased letter stands before and none after, ignoring
// what is case-ignorable.
static int lower_sigma(QvObj *s, QvSsize i, uint32_t out[3])
{
    QvSsize n = qv_str_len(s);
    QvSsize j = i - 1;
    while (j >= 0 && qv_uni_is_case_ignorable(qv_str_read(s, j))) {
        j--;
    }
    bool final = j >= 0 && qv_uni_is_cased(qv_str_read(s, j));
    if (final) {
        j = i + 1;
        while (j < n && qv_uni_is_case_ignorable(qv_str_read(s, j))) {
            j++;
        }
        final = j == n || !qv_uni_is_cased(qv_str_read(s, j));
    }
    out[0] = final ? 0x3C2 : 0x3C3;
    return 1;
}

static int lower_at(QvObj *s, QvSsize i, uint32_t c, uint32_t out[3])
{
    return c == 0x3A3 ? lower_sigma(s, i, out) : qv_uni_lower_full(c, out);
}

static inline void put_all(QvStrBuf *b, const uint32_t *c, int n)
{
    if (QV_LIKELY(n == 1)) {
        qv_strbuf_char(b, *c);
        return;
    }
    for (int i = 0; i < n; i++) {
        qv_strbuf_char(b, c[i]);
    }
}

static QvObj *map_all(QvInterp *qi, QvObj *s, Mapper mapper)
{
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize n = qv_str_len(s);
    qv_strbuf_reserve(&b, n);
    uint32_t out[3];
    for (QvSsize i = 0; i < n && !b.failed; i++) {
        put_all(&b, out, mapper(qv_str_read(s, i), out));
    }
    return qv_strbuf_finish(&b);
}

// ASCII text, each character mapped.
static QV_ALWAYS_INLINE QvObj *map_ascii(QvInterp *qi, QvObj *s, uint8_t (*map)(uint8_t))
{
    QvSsize n = qv_str_len(s);
    QvObj *ret = qv_str_alloc(qi, n, 0x7F);
    if (ret == NULL || n == 0) {
        return ret;
    }
    const uint8_t *p = qv_str_data(s);
    uint8_t *restrict q = qv_str_data(ret);
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_poll_slice(qi, from, n)) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
        for (QvSsize i = from; i < to; i++) {
            q[i] = map(p[i]);
        }
    }
    return ret;
}

#define FEW_WORDS 32 // characters: up to these, words are quicker than starting vectors

// The same by words for short text.
static QV_ALWAYS_INLINE QvObj *map_short(QvInterp *qi, QvObj *s, uint64_t (*map)(uint64_t))
{
    QvSsize n = qv_str_len(s);
    QvObj *ret = qv_str_alloc(qi, n, 0x7F);
    if (ret == NULL || n == 0) {
        return ret;
    }
    const char *p = qv_str_data(s);
    char *q = qv_str_data(ret);
    uint64_t w;
    if (n < 8) {
        w = map(qv_short_word(p, n));
        qv_copy_bytes(q, &w, (size_t)n & 7);
        return ret;
    }
    for (QvSsize i = 0; i < n - 8; i += 8) {
        memcpy(&w, p + i, 8);
        w = map(w);
        memcpy(q + i, &w, 8);
    }
    memcpy(&w, p + n - 8, 8); // the last eight, which may overlap those before
    w = map(w);
    memcpy(q + n - 8, &w, 8);
    return ret;
}

QV_STR_METHOD(upper)
{
    NO_ARGS();
    if (QV_LIKELY(qv_str_is_ascii(self))) {
        return QV_WORDS_IN_ORDER && qv_str_len(self) <= FEW_WORDS ? map_short(qi, self, word_upper)
                                                                  : map_ascii(qi, self, to_upper);
    }
    return map_all(qi, self, qv_uni_upper_full);
}

static QvObj *lower_ascii(QvInterp *qi, QvObj *s)
{
    return QV_WORDS_IN_ORDER && qv_str_len(s) <= FEW_WORDS ? map_short(qi, s, word_lower)
                                                           : map_ascii(qi, s, to_lower);
}

QV_STR_METHOD(lower)
{
    NO_ARGS();
    if (qv_str_is_ascii(self)) {
        return lower_ascii(qi, self);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize n = qv_str_len(self);
    uint32_t out[3];
    for (QvSsize i = 0; i < n && !b.failed; i++) {
        put_all(&b, out, lower_at(self, i, qv_str_read(self, i), out));
    }
    return qv_strbuf_finish(&b);
}

QV_STR_METHOD(casefold)
{
    NO_ARGS();
    return qv_str_is_ascii(self) ? lower_ascii(qi, self) : map_all(qi, self, qv_uni_fold_full);
}

QV_STR_METHOD(capitalize)
{
    NO_ARGS();
    QvSsize n = qv_str_len(self);
    if (n == 0) {
        return QV_N(empty);
    }
    if (qv_str_is_ascii(self)) {
        QvObj *ret = lower_ascii(qi, self);
        if (ret != NULL) {
            qv_str_write(ret, 0, to_upper((uint8_t)qv_str_read(self, 0)));
        }
        return ret;
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    uint32_t out[3];
    put_all(&b, out, qv_uni_title_full(qv_str_read(self, 0), out));
    for (QvSsize i = 1; i < n && !b.failed; i++) {
        put_all(&b, out, lower_at(self, i, qv_str_read(self, i), out));
    }
    return qv_strbuf_finish(&b);
}

static inline uint8_t swap_case(uint8_t c)
{
    return (uint8_t)(c ^ ((ascii_upper(c) || ascii_lower(c)) << 5));
}

QV_STR_METHOD(swapcase)
{
    NO_ARGS();
    if (qv_str_is_ascii(self)) {
        return map_ascii(qi, self, swap_case);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize n = qv_str_len(self);
    uint32_t out[3];
    for (QvSsize i = 0; i < n && !b.failed; i++) {
        uint32_t c = qv_str_read(self, i);
        if (qv_uni_is_upper(c)) {
            put_all(&b, out, lower_at(self, i, c, out));
        } else if (qv_uni_is_lower(c)) {
            put_all(&b, out, qv_uni_upper_full(c, out));
        } else {
            qv_strbuf_char(&b, c);
        }
    }
    return qv_strbuf_finish(&b);
}

// Eight characters of a title; *inside: the top bit of the lowest byte, whether a letter stands
// before them (afterwards: whether one is their last).
static inline uint64_t word_title(uint64_t w, uint64_t *inside)
{
    uint64_t folded = w | EACH_BYTE(0x20);
    uint64_t letters = (folded + EACH_BYTE(0x80 - 'a')) & ~(folded + EACH_BYTE(0x7F - 'z')) &
                       EACH_BYTE(0x80);
    uint64_t after = ((letters << 8 | *inside) >> 7) * 0xFF; // 0xFF for each behind a letter
    *inside = letters >> 56;
    return (word_lower(w) & after) | (word_upper(w) & ~after);
}

static QvObj *title_ascii(QvInterp *qi, QvObj *s)
{
    QvSsize n = qv_str_len(s);
    QvObj *ret = qv_str_alloc(qi, n, 0x7F);
    if (ret == NULL || n == 0) {
        return ret;
    }
    const uint8_t *p = qv_str_data(s);
    uint8_t *restrict q = qv_str_data(ret);
    bool inside = false;
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_poll_slice(qi, from, n)) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
        QvSsize i = from;
        if (QV_WORDS_IN_ORDER) {
            uint64_t w, before = inside ? 0x80 : 0;
            for (; to - i >= 8; i += 8) {
                memcpy(&w, p + i, 8);
                w = word_title(w, &before);
                memcpy(q + i, &w, 8);
            }
            inside = before != 0;
        }
        for (; i < to; i++) {
            uint8_t c = p[i];
            q[i] = inside ? to_lower(c) : to_upper(c);
            inside = ascii_upper(c) || ascii_lower(c);
        }
    }
    return ret;
}

QV_STR_METHOD(title)
{
    NO_ARGS();
    if (qv_str_is_ascii(self)) {
        return title_ascii(qi, self);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize n = qv_str_len(self);
    uint32_t out[3];
    bool after_cased = false;
    for (QvSsize i = 0; i < n && !b.failed; i++) {
        uint32_t c = qv_str_read(self, i);
        put_all(&b, out, after_cased ? lower_at(self, i, c, out) : qv_uni_title_full(c, out));
        after_cased = qv_uni_is_cased(c);
    }
    return qv_strbuf_finish(&b);
}

// ---- tests --------------------------------------------------------------------------------------

// All of characters from..to have one of the flags.
static bool part_has(const QvObj *s, QvSsize from, QvSsize to, unsigned flags)
{
    if (qv_str_kind(s) == QV_STR_1) {
        const uint8_t *p = qv_str_data(s);
        for (QvSsize i = from; i < to; i++) {
            if ((qv_uni_latin1_flags[p[i]] & flags) == 0) {
                return false;
            }
        }
        return true;
    }
    for (QvSsize i = from; i < to; i++) {
        if ((qv_uni_flags(qv_str_read(s, i)) & flags) == 0) {
            return false;
        }
    }
    return true;
}

// True when all characters have one of the flags, and there is one.
static QvObj *all_have(QvInterp *qi, QvObj *s, unsigned flags)
{
    QvSsize n = qv_str_len(s);
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_poll_slice(qi, from, n)) < 0) {
            return NULL;
        }
        if (!part_has(s, from, to, flags)) {
            return QV_FALSE;
        }
    }
    return qv_bool(n > 0);
}

#define DEFINE_TEST(name, flags)          \
    QV_STR_METHOD(name)                   \
    {                                     \
        NO_ARGS();                        \
        return all_have(qi, self, flags); \
    }

DEFINE_TEST(isalnum, QV_UNI_F_ALPHA | QV_UNI_F_DECIMAL | QV_UNI_F_DIGIT | QV_UNI_F_NUMERIC)
DEFINE_TEST(isalpha, QV_UNI_F_ALPHA)
DEFINE_TEST(isdecimal, QV_UNI_F_DECIMAL)
DEFINE_TEST(isdigit, QV_UNI_F_DIGIT)
DEFINE_TEST(isnumeric, QV_UNI_F_NUMERIC)
DEFINE_TEST(isspace, QV_UNI_F_SPACE)

QV_STR_METHOD(isprintable)
{
    NO_ARGS();
    return qv_str_len(self) == 0 ? QV_TRUE : all_have(qi, self, QV_UNI_F_PRINTABLE);
}

QV_STR_METHOD(isascii)
{
    NO_ARGS();
    (void)qi;
    return qv_bool(qv_str_is_ascii(self));
}

// All cased characters have `want`, none `refuse`, and there is one.
static QvObj *is_cased_as(QvInterp *qi, QvObj *s, unsigned want, unsigned refuse)
{
    bool seen = false;
    QvSsize n = qv_str_len(s);
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_poll_slice(qi, from, n)) < 0) {
            return NULL;
        }
        for (QvSsize i = from; i < to; i++) {
            unsigned f = qv_uni_flags(qv_str_read(s, i));
            if ((f & refuse) != 0) {
                return QV_FALSE;
            }
            seen = seen || (f & want) != 0;
        }
    }
    return qv_bool(seen);
}

QV_STR_METHOD(islower)
{
    NO_ARGS();
    return is_cased_as(qi, self, QV_UNI_F_LOWER, QV_UNI_F_UPPER | QV_UNI_F_TITLE);
}

QV_STR_METHOD(isupper)
{
    NO_ARGS();
    return is_cased_as(qi, self, QV_UNI_F_UPPER, QV_UNI_F_LOWER | QV_UNI_F_TITLE);
}

QV_STR_METHOD(istitle)
{
    NO_ARGS();
    bool seen = false;
    bool after_cased = false;
    QvSsize n = qv_str_len(self);
    for (QvSsize i = 0; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) {
            return NULL;
        }
        unsigned f = qv_uni_flags(qv_str_read(self, i));
        if ((f & (QV_UNI_F_UPPER | QV_UNI_F_TITLE)) != 0) {
            if (after_cased) {
                return QV_FALSE;
            }
            after_cased = seen = true;
        } else if ((f & QV_UNI_F_LOWER) != 0) {
            if (!after_cased) {
                return QV_FALSE;
            }
            seen = true;
        } else {
            after_cased = false;
        }
    }
    return qv_bool(seen);
}

static bool continues_identifier(const QvObj *s, QvSsize from, QvSsize to)
{
    for (QvSsize i = from; i < to; i++) {
        if (!qv_uni_is_xid_continue(qv_str_read(s, i))) {
            return false;
        }
    }
    return true;
}

bool qv_str_is_identifier(const QvObj *s)
{
    QvSsize n = qv_str_len(s);
    return n > 0 && qv_uni_is_xid_start(qv_str_read(s, 0)) && continues_identifier(s, 1, n);
}

QV_STR_METHOD(isidentifier)
{
    NO_ARGS();
    QvSsize n = qv_str_len(self);
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_poll_slice(qi, from, n)) < 0) {
            return NULL;
        }
        if ((from == 0 && !qv_uni_is_xid_start(qv_str_read(self, 0))) ||
            !continues_identifier(self, from + (from == 0), to)) {
            return QV_FALSE;
        }
    }
    return qv_bool(n > 0);
}
