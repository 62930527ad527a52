// SPDX-License-Identifier: MIT
// int: text in any base. Digits to limbs and back by mpn_set_str and mpn_get_str; long decimal
// texts are split in halves by powers of the base, so that the poll flag is seen between the parts.
#include <math.h>
#include <string.h>

#include "base/numtext.h"
#include "base/unicode.h"
#include "object/error.h"
#include "object/int_heavy.h"
#include "object/int_internal.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"

#define DEFAULT_MAX_DIGITS 4300
#define PART_DIGITS        4096 // digits converted in one step
#define MAX_POWERS         40

static const char limit_text[] = "; use sys.set_int_max_str_digits() to increase the limit";

// Most decimal digits of a conversion; 0: no limit.
static QvSsize max_digits(const QvInterp *qi)
{
    int32_t n = qi->int_max_str_digits;
    return n == 0 ? DEFAULT_MAX_DIGITS : n < 0 ? 0 : n;
}

static inline bool power_of_two(int base) { return (base & (base - 1)) == 0; }

// The powers base ** (PART_DIGITS << k), made one from the other as far as they are needed.
typedef struct Powers {
    QvLimbs *p[MAX_POWERS];
    QvSsize cap[MAX_POWERS]; // limbs allocated
    QvSsize n[MAX_POWERS];   // limbs used
    int count;
    int base;
} Powers;

static void powers_fini(QvInterp *qi, Powers *w)
{
    for (int i = 0; i < w->count; i++) {
        qv_limbs_free(qi, w->p[i], w->cap[i]);
    }
}

// Limbs that hold n digits of the base.
static QvSsize limbs_for(QvSsize n, int base) { return (QvSsize)((double)n * log2(base) / 64) + 2; }

// Adds the next power. 0/-1.
static int powers_grow(QvInterp *qi, Powers *w)
{
    int k = w->count;
    if (k == 0) {
        uint8_t digits[PART_DIGITS + 1] = {1};
        w->cap[0] = limbs_for(PART_DIGITS + 1, w->base);
        w->p[0] = qv_limbs_new(qi, w->cap[0]);
        if (!w->p[0]) {
            return -1;
        }
        w->n[0] = mpn_set_str(w->p[0]->limb, digits, PART_DIGITS + 1, w->base);
    } else {
        w->cap[k] = 2 * w->n[k - 1];
        if (qv_int_heavy(qi, w->cap[k]) < 0) {
            return -1;
        }
        w->p[k] = qv_limbs_new(qi, w->cap[k]);
        if (!w->p[k]) {
            return -1;
        }
        if (qv_limbs_mul(qi, w->p[k]->limb, w->p[k - 1]->limb, w->n[k - 1], w->p[k - 1]->limb,
                         w->n[k - 1]) < 0) {
            qv_limbs_free(qi, w->p[k], w->cap[k]);
            return -1;
        }
        w->n[k] = w->cap[k] - (w->p[k]->limb[w->cap[k] - 1] == 0);
    }
    w->count = k + 1;
    return 0;
}

// ---- from text ----------------------------------------------------------------------------------

// Bits of a digit.
static int digit_bits(int base) { return __builtin_ctz((unsigned)base); }

// The same as set_digits for a base that is a power of two: parts of whole limbs, from the end.
static QvSsize set_digits_pow2(QvInterp *qi, uint64_t *r, const uint8_t *digits, QvSsize n,
                               int base)
{
    QvSsize part_limbs = PART_DIGITS / 64 * digit_bits(base), used = 0;
    for (QvSsize k = 0; n > 0; k++) {
        QvSsize more = n < PART_DIGITS ? n : PART_DIGITS, at = k * part_limbs;
        n -= more;
        QvSsize got = mpn_set_str(r + at, digits + n, (size_t)more, base);
        while (got > 0 && r[at + got - 1] == 0) {
            got--;
        }
        used = got ? at + got : used;
        for (; n > 0 && got < part_limbs; got++) {
            r[at + got] = 0;
        }
        if (n > 0 && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    return used;
}

// Values of n digits to limbs at r (limbs_for(n) of room); the number of limbs, zeros at the top
// dropped, or -1. r is filled with zeros beyond.
static QvSsize set_digits(QvInterp *qi, Powers *w, uint64_t *r, const uint8_t *digits, QvSsize n)
{
    while (n > 0 && *digits == 0) {
        digits++;
        n--;
    }
    if (n == 0) {
        return 0;
    }
    if (n > 2 * PART_DIGITS && power_of_two(w->base)) {
        return set_digits_pow2(qi, r, digits, n, w->base);
    }
    if (n <= 2 * PART_DIGITS) {
        return mpn_set_str(r, digits, (size_t)n, w->base);
    }
    int k = 0;
    while ((QvSsize)PART_DIGITS << (k + 1) < n) {
        k++;
    }
    while (w->count <= k) {
        if (powers_grow(qi, w) < 0) {
            return -1;
        }
    }
    if (qv_poll_here(qi) < 0) {
        return -1;
    }
    QvSsize low_digits = (QvSsize)PART_DIGITS << k, high_digits = n - low_digits;
    QvSsize high_cap = limbs_for(high_digits, w->base);
    QvLimbs *high = qv_limbs_new(qi, high_cap);
    if (!high) {
        return -1;
    }
    QvSsize ret = -1;
    QvSsize hn = set_digits(qi, w, high->limb, digits, high_digits);
    QvSsize low_cap = limbs_for(low_digits, w->base);
    QvLimbs *low = hn < 0 ? NULL : qv_limbs_new(qi, low_cap);
    QvLimbs *product = NULL;
    QvSsize pn = hn + w->n[k];
    if (low) {
        QvSsize ln = set_digits(qi, w, low->limb, digits + high_digits, low_digits);
        product = ln < 0 || qv_int_heavy(qi, pn) < 0 ? NULL : qv_limbs_new(qi, pn);
        // The first digit is not 0, so neither is the high part.
        if (product &&
            qv_limbs_mul(qi, product->limb, high->limb, hn, w->p[k]->limb, w->n[k]) == 0) {
            uint64_t carry = mpn_add(product->limb, product->limb, pn, low->limb, ln);
            (void)carry; // none: the digits of the low part are below the power
            ret = pn - (product->limb[pn - 1] == 0);
            memcpy(r, product->limb, (size_t)ret * sizeof(uint64_t));
        }
    }
    qv_limbs_free(qi, product, pn);
    qv_limbs_free(qi, low, low_cap);
    qv_limbs_free(qi, high, high_cap);
    return ret;
}

// The int of n digit values.
static QvObj *from_digits(QvInterp *qi, const uint8_t *digits, QvSsize n, int base, bool negative)
{
    QvSsize cap = limbs_for(n, base);
    QvLimbs *l = qv_int_heavy(qi, cap) < 0 ? NULL : qv_limbs_new(qi, cap);
    if (!l) {
        return NULL;
    }
    Powers w = {.base = base};
    QvSsize used = set_digits(qi, &w, l->limb, digits, n);
    powers_fini(qi, &w);
    if (used < 0) {
        qv_limbs_free(qi, l, cap);
        return NULL;
    }
    memset(l->limb + used, 0, (size_t)(cap - used) * sizeof(uint64_t));
    return qv_int_from_limbs_take(qi, l, cap, negative);
}

// Digits in s (underscores skipped, already found well placed) to an int; n characters, ndigits of
// them digits.
static QvObj *convert(QvInterp *qi, const char *s, QvSsize n, QvSsize ndigits, int base,
                      bool negative)
{
    if (ndigits <= 12) {
        int64_t v = 0;
        for (QvSsize i = 0; i < n; i++) {
            if (s[i] != '_') {
                v = v * base + qv_num_digit_value(s[i]);
            }
        }
        return qv_int_from_i64(qi, negative ? -v : v);
    }
    uint8_t stack[256];
    uint8_t *digits = stack;
    if (ndigits > (QvSsize)sizeof(stack)) {
        digits = qv_alloc(qi, (size_t)ndigits);
        if (!digits) {
            return NULL;
        }
    }
    QvSsize k = 0;
    bool stopped = false;
    for (QvSsize i = 0; i < n && !stopped; i++) {
        // A script that runs in the poll may write to the buffer that the text is in.
        if (s[i] != '_' && k < ndigits) {
            uint8_t digit = (uint8_t)qv_num_digit_value(s[i]);
            digits[k++] = digit < base ? digit : 0;
        }
        stopped = (i & 65535) == 65535 && qv_poll_here(qi) < 0;
    }
    QvObj *ret = NULL;
    if (!stopped) {
        memset(digits + k, 0, (size_t)(ndigits - k)); // nothing, unless it was written to
        ret = from_digits(qi, digits, ndigits, base, negative);
    }
    if (digits != stack) {
        qv_free(qi, digits, (size_t)ndigits);
    }
    return ret;
}

static int check_limit(QvInterp *qi, QvSsize ndigits, int base)
{
    QvSsize limit = max_digits(qi);
    if (limit == 0 || ndigits <= limit || power_of_two(base)) {
        return 0;
    }
    return qv_raise_int(
        qi, &qv_exc_ValueError,
        "Exceeds the limit (%zd digits) for integer string conversion: value has %zd digits%s",
        limit, ndigits, limit_text);
}

QvObj *qv_int_from_text(QvInterp *qi, const char *s, QvSsize n, int base)
{
    bool good = n > 0;
    for (QvSsize i = 0; i < n && good; i++) {
        good = qv_num_digit_value(s[i]) < base;
    }
    if (!good) {
        QvObj *text = qv_str_new_utf8(qi, s, n);
        if (text) {
            qv_raise(qi, &qv_exc_ValueError, "invalid literal for int() with base %d: %.200R", base,
                     text);
            qv_decref(qi, text);
        }
        return NULL;
    }
    return check_limit(qi, n, base) < 0 ? NULL : convert(qi, s, n, n, base, false);
}

static inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static QvObj *bad_literal(QvInterp *qi, const char *s, QvSsize n, int base, QvObj *literal)
{
    if (literal) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid literal for int() with base %d: %.200R",
                        base, literal);
    }
    QvObj *text = qv_str_new_latin1(qi, (const uint8_t *)s, n);
    if (text) {
        qv_raise(qi, &qv_exc_ValueError, "invalid literal for int() with base %d: %.200R", base,
                 text);
        qv_decref(qi, text);
    }
    return NULL;
}

QvObj *qv_int_parse(QvInterp *qi, const char *s, QvSsize n, int base, QvObj *literal)
{
    const char *p = s, *end = s + n;
    int told_base = base;
    bool negative = false;
    while (p < end && is_space(*p)) {
        p++;
    }
    if (p < end && (*p == '+' || *p == '-')) {
        negative = *p++ == '-';
    }
    int prefix_base = 10;
    if (end - p >= 2 && p[0] == '0') {
        char c = (char)(p[1] | 32);
        prefix_base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
    }
    // Base 0 takes a literal of the source language: no zeros before a decimal number, but 0
    // itself.
    bool only_zero = base == 0 && prefix_base == 10 && p < end && p[0] == '0';
    if (base == 0) {
        base = prefix_base;
    }
    if (prefix_base != 10 && prefix_base == base) {
        p += 2;
        if (p < end && *p == '_') {
            p++; // one underscore may follow the prefix
        }
    }
    const char *start = p;
    QvSsize ndigits = 0;
    bool after_digit = false;
    for (; p < end; p++) {
        if (*p == '_') {
            if (!after_digit) {
                return bad_literal(qi, s, n, told_base, literal);
            }
            after_digit = false;
        } else if (qv_num_digit_value(*p) < base) {
            after_digit = true;
            if (QV_UNLIKELY((++ndigits & 65535) == 0) && qv_poll_here(qi) < 0) {
                return NULL;
            }
        } else {
            break;
        }
    }
    if (!after_digit) {
        return bad_literal(qi, s, n, told_base, literal);
    }
    if (check_limit(qi, ndigits, base) < 0) {
        return NULL;
    }
    const char *stop = p;
    while (p < end && is_space(*p)) {
        p++;
    }
    if (p != end) {
        return bad_literal(qi, s, n, told_base, literal);
    }
    if (only_zero) {
        for (const char *z = start; z < stop; z++) {
            if (*z != '0' && *z != '_') {
                return bad_literal(qi, s, n, told_base, literal);
            }
        }
    }
    return convert(qi, start, stop - start, ndigits, base, negative);
}

int qv_number_text(QvInterp *qi, QvObj *s, const char **ret, QvSsize *ret_n, char **ret_block)
{
    QvSsize n = qv_str_len(s);
    *ret_n = n;
    *ret_block = NULL;
    if (qv_str_is_ascii(s)) {
        *ret = qv_str_data(s);
        return 0;
    }
    char *buf = qv_alloc(qi, (size_t)n + 1);
    if (!buf) {
        return -1;
    }
    for (QvSsize i = 0; i < n; i++) {
        uint32_t c = qv_str_read(s, i);
        if (c >= 128) {
            int digit = qv_uni_decimal(c);
            c = qv_uni_is_space(c) ? ' ' : digit < 0 ? '?' : (uint32_t)('0' + digit);
        }
        buf[i] = (char)c;
        if (qv_stop_step(qi, i) < 0) {
            qv_free(qi, buf, (size_t)n + 1);
            return -1;
        }
    }
    buf[n] = 0;
    *ret = *ret_block = buf;
    return 0;
}

QvObj *qv_int_from_str(QvInterp *qi, QvObj *s, int base)
{
    const char *text;
    QvSsize n;
    char *block;
    if (qv_number_text(qi, s, &text, &n, &block) < 0) {
        return NULL;
    }
    QvObj *ret = qv_int_parse(qi, text, n, base, s);
    if (block) {
        qv_free(qi, block, (size_t)n + 1);
    }
    return ret;
}

// ---- to text ------------------------------------------------------------------------------------

// Writes {p, n} as exactly `width` digit values, zeros before it. p is destroyed. 0/-1.
static int get_digits(QvInterp *qi, Powers *w, uint64_t *p, QvSsize n, uint8_t *out, QvSsize width)
{
    while (n > 0 && p[n - 1] == 0) {
        n--;
    }
    int k = -1;
    while (k + 1 < w->count &&
           (n > w->n[k + 1] || (n == w->n[k + 1] && mpn_cmp(p, w->p[k + 1]->limb, n) >= 0))) {
        k++;
    }
    if (k < 0 || n == 0) {
        uint8_t part[PART_DIGITS + 2 + 128];
        size_t got = n == 0 ? 0 : mpn_get_str(part, w->base, p, n);
        size_t skip = 0;
        while (skip < got && part[skip] == 0) {
            skip++;
        }
        got -= skip;
        memset(out, 0, (size_t)width - got);
        memcpy(out + width - (QvSsize)got, part + skip, got);
        return 0;
    }
    if (qv_int_heavy(qi, n) < 0 || qv_poll_here(qi) < 0) {
        return -1;
    }
    QvSsize pn = w->n[k], qn = n - pn + 1;
    QvLimbs *work = qv_limbs_new(qi, qn + pn);
    if (!work) {
        return -1;
    }
    QvSsize low = (QvSsize)PART_DIGITS << k;
    if (qv_limbs_divide(qi, work->limb, work->limb + qn, p, n, w->p[k]->limb, pn) < 0) {
        qv_limbs_free(qi, work, qn + pn);
        return -1;
    }
    int r = get_digits(qi, w, work->limb, qn, out, width - low);
    if (r == 0) {
        r = get_digits(qi, w, work->limb + qn, pn, out + width - low, low);
    }
    qv_limbs_free(qi, work, qn + pn);
    return r;
}

// The same for a base that is a power of two: parts of whole limbs and digits, from the top.
static QvSsize get_digits_pow2(QvInterp *qi, const QvMag *m, int base, uint8_t *out)
{
    QvSsize part_limbs = PART_DIGITS / 64 * digit_bits(base), n = m->n, at = 0;
    for (QvSsize k = 0; n > 0; k++) {
        QvSsize more = n % part_limbs ? n % part_limbs : part_limbs;
        QvSsize from = n - more, top = n;
        while (top > from && m->p[top - 1] == 0) {
            top--;
        }
        uint8_t part[PART_DIGITS + 64];
        size_t got = top == from
                         ? 0
                         : mpn_get_str(part, base, (mp_limb_t *)(uintptr_t)m->p + from, top - from);
        if (n < m->n) { // not the first one: with its zeros
            memset(out + at, 0, PART_DIGITS - got);
            at += PART_DIGITS - (QvSsize)got;
        }
        memcpy(out + at, part, got);
        at += (QvSsize)got;
        n = from;
        if (n > 0 && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    return at;
}

// Digit values of a magnitude into out (room for `width`). Number of digits, or -1.
static QvSsize mag_digits(QvInterp *qi, const QvMag *m, int base, uint8_t *out, QvSsize width)
{
    if (power_of_two(base)) {
        return get_digits_pow2(qi, m, base, out);
    }
    QvLimbs *copy = qv_limbs_new(qi, m->n);
    if (!copy) {
        return -1;
    }
    memcpy(copy->limb, m->p, (size_t)m->n * sizeof(uint64_t));
    QvSsize ret = -1;
    if (width <= PART_DIGITS) {
        ret = (QvSsize)mpn_get_str(out, base, copy->limb, m->n);
    } else {
        Powers w = {.base = base};
        int r = powers_grow(qi, &w);
        while (r == 0 && 2 * w.n[w.count - 1] <= m->n + 1 && w.count < MAX_POWERS) {
            r = powers_grow(qi, &w);
        }
        if (r == 0 && get_digits(qi, &w, copy->limb, m->n, out, width) == 0) {
            ret = width;
        }
        powers_fini(qi, &w);
    }
    qv_limbs_free(qi, copy, m->n);
    return ret;
}

static QvObj *too_long(QvInterp *qi, QvSsize limit)
{
    return qv_raise(qi, &qv_exc_ValueError,
                    "Exceeds the limit (%zd digits) for integer string conversion%s", limit,
                    limit_text);
}

static QvObj *big_text(QvInterp *qi, const QvMag *m, int base, const char *prefix)
{
    double bits = (double)qv_mag_bits(m->p, m->n);
    QvSsize width = (QvSsize)(bits / log2(base)) + 3;
    QvSsize limit = base == 10 ? max_digits(qi) : 0;
    if (limit && (bits - 1) / log2(base) > (double)(limit + 1)) {
        return too_long(qi, limit);
    }
    size_t room = (size_t)width + 64;
    uint8_t *digits = qv_alloc(qi, room);
    if (!digits) {
        return NULL;
    }
    QvObj *ret = NULL;
    QvSsize n = mag_digits(qi, m, base, digits, width);
    if (n >= 0) {
        QvSsize skip = 0;
        while (skip < n - 1 && digits[skip] == 0) {
            skip++;
        }
        QvSsize prefix_n = (QvSsize)strlen(prefix);
        if (limit && n - skip > limit) {
            too_long(qi, limit);
        } else {
            ret = qv_str_alloc(qi, m->negative + prefix_n + n - skip, 127);
        }
        if (ret) {
            char *out = qv_str_data(ret);
            if (m->negative) {
                *out++ = '-';
            }
            memcpy(out, prefix, (size_t)prefix_n);
            out += prefix_n;
            for (QvSsize i = skip; i < n; i++) {
                *out++ = "0123456789abcdefghijklmnopqrstuvwxyz"[digits[i]];
                if (QV_UNLIKELY((i & 65535) == 65535) && qv_poll_here(qi) < 0) {
                    qv_clear(qi, &ret);
                    break;
                }
            }
        }
    }
    qv_free(qi, digits, room);
    return ret;
}

QvObj *qv_int_to_text(QvInterp *qi, QvObj *o, int base, bool prefix)
{
    if (QV_LIKELY(base == 10) && qv_int_is_small(o)) {
        char buf[QV_NUM_I64_MAX];
        return qv_str_new_ascii(qi, buf, qv_num_from_i64(qv_int_value(o), 10, buf));
    }
    const char *mark = !prefix ? "" : base == 2 ? "0b" : base == 8 ? "0o" : base == 16 ? "0x" : "";
    QvSsize mark_n = (QvSsize)strlen(mark);
    if (qv_int_is_small(o)) {
        char buf[QV_NUM_I64_MAX + 3];
        int64_t v = qv_int_value(o);
        char *start = buf;
        if (v < 0) {
            *start++ = '-';
        }
        memcpy(start, mark, (size_t)mark_n);
        int n = qv_num_from_u64(qv_abs_u64(v), base, start + mark_n);
        return qv_str_new_ascii(qi, buf, (v < 0) + mark_n + n);
    }
    QvMag m;
    qv_mag_init(&m, o);
    return big_text(qi, &m, base, mark);
}
