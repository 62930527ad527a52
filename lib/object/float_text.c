// SPDX-License-Identifier: MIT
// float: text in decimal and hexadecimal, and rounding to decimal places (which goes by way of
// digits).
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/numtext.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/int_internal.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"

static inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// ---- decimal ------------------------------------------------------------------------------------

#define SIGNIFICANT 800 // digits: no double is told from its neighbours by more than 767

int qv_float_strip_underscores(QvInterp *qi, const char *s, QvSsize n, char **ret_block,
                               QvSsize *ret_n)
{
    *ret_block = NULL;
    static const char underscore = '_';
    QvSsize first = qv_units_find_long(qi, s, QV_STR_1, n, &underscore, QV_STR_1, 1, false);
    if (first < 0) {
        return first == -2 ? -1 : 0;
    }
    for (QvSsize i = first; i < n; i++) {
        if (qv_stop_step(qi, i) < 0) {
            return -1;
        }
        if (s[i] == '_' && (i == 0 || i == n - 1 || !is_digit(s[i - 1]) || !is_digit(s[i + 1]))) {
            return -2;
        }
    }
    char *out = qv_alloc(qi, (size_t)n + 1);
    if (!out) {
        return -1;
    }
    QvSsize k = 0;
    for (QvSsize i = 0; i < n; i++) {
        if (s[i] != '_') {
            out[k++] = s[i];
        }
        if (qv_stop_step(qi, i) < 0) {
            qv_free(qi, out, (size_t)n + 1);
            return -1;
        }
    }
    *ret_block = out;
    *ret_n = k;
    return 1;
}

// A number in a long text, see qv_float_shorten.
typedef struct Digits {
    char kept[SIGNIFICANT + 1]; // from the first that is not 0 on
    int n;
    bool more;    // digits that are not 0 follow those
    int64_t down; // places after the point, less the digits that were left out
} Digits;

static void add_digit(Digits *d, char c, bool after_point)
{
    d->down += after_point;
    if (d->n == 0 && c == '0') {
        return;
    }
    if (d->n < SIGNIFICANT) {
        d->kept[d->n++] = c;
    } else {
        d->more |= c != '0';
        d->down--;
    }
}

// An exponent at s; where it ends. Without one: s, and 0.
static const char *read_exponent(const char *s, const char *end, int64_t *ret)
{
    const char *p = s;
    *ret = 0;
    if (p < end && (*p | 32) == 'e') {
        p++;
        bool negative = p < end && *p == '-';
        p += p < end && (*p == '-' || *p == '+');
        if (p < end && is_digit(*p)) {
            for (; p < end && is_digit(*p); p++) { // no polls: who writes a long exponent
                *ret = *ret < INT64_C(1) << 52 ? *ret * 10 + (*p - '0') : *ret;
            }
            *ret = negative ? -*ret : *ret;
            return p;
        }
    }
    return s;
}

int qv_float_shorten(QvInterp *qi, const char *s, QvSsize n, char ret[QV_FLOAT_SHORT_MAX],
                     QvSsize *ret_n)
{
    const char *p = s, *end = s + n;
    QvSsize k = 0;
    while (p < end) {
        if (k > QV_FLOAT_SHORT_MAX - SIGNIFICANT - 64) {
            return 1; // more numbers, or more between them, than any number has
        }
        bool number = is_digit(*p) || (*p == '.' && p + 1 < end && is_digit(p[1]));
        if (!number) {
            bool space = is_space(*p);
            ret[k++] = *p++;
            while (space && p < end && is_space(*p)) { // one is as good as many
                if (qv_stop_step(qi, p++ - s) < 0) {
                    return -1;
                }
            }
            continue;
        }
        Digits d = {.n = 0};
        bool point = false;
        for (QvSsize i = 0; p < end && (is_digit(*p) || (*p == '.' && !point)); p++, i++) {
            if (*p == '.') {
                point = true;
            } else {
                add_digit(&d, *p, point);
            }
            if (qv_stop_step(qi, i) < 0) {
                return -1;
            }
        }
        int64_t exponent;
        p = read_exponent(p, end, &exponent);
        if (d.n == 0) {
            d.kept[d.n++] = '0';
        } else if (d.more) {
            d.kept[d.n++] = '1'; // enough to tell it from a tie
            d.down++;
        }
        memcpy(ret + k, d.kept, (size_t)d.n);
        k += d.n;
        k += snprintf(ret + k, 32, "e%lld", (long long)(exponent - d.down));
    }
    *ret_n = k;
    return 0;
}

static QvObj *bad_text(QvInterp *qi, const char *s, QvSsize n, QvObj *literal)
{
    if (literal) {
        return qv_raise(qi, &qv_exc_ValueError, "could not convert string to float: %R", literal);
    }
    QvObj *text = qv_str_new_latin1(qi, (const uint8_t *)s, n);
    if (text) {
        qv_raise(qi, &qv_exc_ValueError, "could not convert string to float: %R", text);
        qv_decref(qi, text);
    }
    return NULL;
}

QvObj *qv_float_parse(QvInterp *qi, const char *s, QvSsize n, QvObj *literal)
{
    const char *start = s, *end = s + n;
    while (start < end && is_space(*start)) {
        if (qv_stop_step(qi, start++ - s) < 0) {
            return NULL;
        }
    }
    while (start < end && is_space(end[-1])) {
        if (qv_stop_step(qi, end-- - s) < 0) {
            return NULL;
        }
    }
    if (start == end) {
        return bad_text(qi, s, n, literal);
    }
    char *block;
    QvSsize length = end - start;
    int stripped = qv_float_strip_underscores(qi, start, end - start, &block, &length);
    if (stripped < 0) {
        return stripped == -1 ? NULL : bad_text(qi, s, n, literal);
    }
    const char *p = stripped ? block : start;
    double v = 0.0;
    char room[QV_FLOAT_SHORT_MAX];
    int shortened = 0;
    if (QV_UNLIKELY(length > QV_FLOAT_LONG)) {
        shortened = qv_float_shorten(qi, p, length, room, &length);
        p = room;
    }
    bool good = shortened == 0 && qv_num_scan_double(p, p + length, &v) == p + length;
    if (block) {
        qv_free(qi, block, (size_t)(end - start) + 1);
    }
    if (shortened < 0) {
        return NULL;
    }
    return good ? qv_float_new(qi, v) : bad_text(qi, s, n, literal);
}

// ---- rounding -----------------------------------------------------------------------------------

// No double has digits that matter beyond 323 places, and 10**309 is above all of them.
#define MAX_PLACES 323
#define MIN_PLACES (-308)

QvObj *qv_float_round_digits(QvInterp *qi, double v, QvObj *ndigits)
{
    QvSsize places;
    if (qv_index_ssize(qi, ndigits, &places, NULL) < 0) {
        return NULL;
    }
    if (!isfinite(v) || places > MAX_PLACES) {
        return qv_float_new(qi, v);
    }
    if (places < MIN_PLACES) {
        return qv_float_new(qi, 0.0 * v);
    }
    double r = 0.0;
    if (QV_LIKELY(places >= 0) && qv_num_round_double(v, (int)places, &r)) {
        return qv_float_new(qi, r);
    }
    QvBuf digits = {0};
    int point = qv_num_digits_double(fabs(v), 'f', (int)places, &digits);
    if (digits.len > 0 && !digits.oom) {
        qv_buf_printf(&digits, "e%d", point - (int)digits.len);
    }
    bool oom = digits.oom;
    if (digits.len > 0 && !oom) {
        qv_num_scan_double(digits.data, digits.data + digits.len, &r);
    }
    qv_buf_fini(&digits);
    if (oom) {
        return qv_raise_oom(qi);
    }
    if (isinf(r)) {
        return qv_raise(qi, &qv_exc_OverflowError, "rounded value too large to represent");
    }
    return qv_float_new(qi, copysign(r, v));
}

// ---- hexadecimal --------------------------------------------------------------------------------

QvObj *qv_float_hex(QvInterp *qi, double v)
{
    if (!isfinite(v)) {
        return qv_float_repr(qi, v);
    }
    uint64_t bits;
    memcpy(&bits, &v, sizeof(bits));
    const char *sign = bits >> 63 ? "-" : "";
    int exponent = (int)(bits >> 52 & 0x7FF);
    uint64_t m = bits & ((UINT64_C(1) << 52) - 1);
    if (exponent == 0 && m == 0) {
        return qv_str_format(qi, "%s0x0.0p+0", sign);
    }
    char text[14];
    for (int i = 12; i >= 0; i--, m >>= 4) {
        text[i] = "0123456789abcdef"[m & 15];
    }
    text[13] = 0;
    int lead = exponent != 0;
    int e = exponent ? exponent - 1023 : -1022;
    return qv_str_format(qi, "%s0x%d.%sp%s%d", sign, lead, text, e < 0 ? "" : "+", e);
}

// What is read of [0x] digits [. digits] [p exponent].
typedef struct HexNumber {
    uint64_t m;       // the first 16 significant digits
    bool sticky;      // a digit that is not 0 follows them
    int64_t exponent; // of two, for m
} HexNumber;

// 1 and the end in *p; 0 no number.
static int scan_hex(const char **p, const char *end, HexNumber *ret)
{
    const char *s = *p;
    bool any = false, after_point = false;
    int kept = 0;
    *ret = (HexNumber){0};
    if (end - s >= 2 && s[0] == '0' && (s[1] | 32) == 'x') {
        s += 2;
    }
    for (; s < end; s++) {
        if (*s == '.' && !after_point) {
            after_point = true;
            continue;
        }
        uint8_t digit = qv_num_digit_value(*s);
        if (digit >= 16) {
            break;
        }
        any = true;
        if (after_point) {
            ret->exponent -= 4;
        }
        if (kept == 0 && digit == 0) {
            continue;
        }
        if (kept < 16) {
            ret->m = ret->m << 4 | digit;
            kept++;
        } else {
            ret->sticky |= digit != 0;
            ret->exponent += 4;
        }
    }
    if (!any) {
        return 0;
    }
    if (s < end && (*s | 32) == 'p') {
        s++;
        bool negative = false;
        if (s < end && (*s == '+' || *s == '-')) {
            negative = *s++ == '-';
        }
        if (s == end || !is_digit(*s)) {
            return 0;
        }
        int64_t e = 0;
        for (; s < end && is_digit(*s); s++) {
            if (e < INT64_C(1) << 55) {
                e = e * 10 + (*s - '0');
            }
        }
        ret->exponent += negative ? -e : e;
    }
    *p = s;
    return 1;
}

static bool scan_word(const char **p, const char *end, const char *word)
{
    QvSsize n = (QvSsize)strlen(word);
    if (end - *p < n) {
        return false;
    }
    for (QvSsize i = 0; i < n; i++) {
        if (((*p)[i] | 32) != word[i]) {
            return false;
        }
    }
    *p += n;
    return true;
}

int qv_float_from_hex(QvInterp *qi, QvObj *text, double *ret)
{
    QvUtf8 u;
    if (qv_str_utf8(qi, text, &u) < 0) {
        return -1;
    }
    const char *p = u.s, *end = u.s + u.n;
    bool negative = false;
    HexNumber number = {0};
    double v = 0.0;
    while (p < end && is_space(*p)) {
        p++;
    }
    if (p < end && (*p == '+' || *p == '-')) {
        negative = *p++ == '-';
    }
    bool good = true;
    if (scan_word(&p, end, "infinity") || scan_word(&p, end, "inf")) {
        v = INFINITY;
    } else if (scan_word(&p, end, "nan")) {
        v = NAN;
    } else if (scan_hex(&p, end, &number)) {
        v = qv_round_double(number.m, number.sticky, number.exponent);
    } else {
        good = false;
    }
    while (p < end && is_space(*p)) {
        p++;
    }
    good = good && p == end;
    qv_utf8_release(qi, &u);
    if (!good) {
        return qv_raise_int(qi, &qv_exc_ValueError, "invalid hexadecimal floating-point string");
    }
    if (number.m != 0 && isinf(v)) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "hexadecimal value too large to represent as a float");
    }
    *ret = negative ? -v : v;
    return 0;
}
