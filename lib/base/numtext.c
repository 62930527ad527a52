// SPDX-License-Identifier: MIT
// Numbers to text and back.
//
// Shortest digits: Schubfach (R. Giulietti, "The Schubfach way to render doubles"): one table
// look-up and three multiplications of 64 by 128 bits; no case needs big numbers.
// Digits to a given precision: a product of 128 bits when the fraction fits 64 bits, else the exact
// decimal expansion in limbs of nine digits.
// Reading: the interval in which the value must lie, by the same table; if both of its ends round
// to the same double, that is it. Otherwise (a few in 10**5 of random input) an exact comparison
// with the point half-way between the two.
#include "base/numtext.h"

#include <limits.h>
#include <math.h>
#include <string.h>

typedef unsigned __int128 Wide;

#define POW10_FIRST      (-342)
#define POW10_LAST       324
#define EXACT_POW10_LAST 55 // 10**0 to 10**55 have at most 128 significant bits

static const struct {
    uint64_t high;
    uint64_t low;
} pow10_table[POW10_LAST - POW10_FIRST + 1] = {
#define POW10(K, HIGH, LOW) [(K)-POW10_FIRST] = {UINT64_C(HIGH), UINT64_C(LOW)},
#include "base/pow10.def"
#undef POW10
};

static const uint64_t small_pow10[20] = {
    UINT64_C(1),
    UINT64_C(10),
    UINT64_C(100),
    UINT64_C(1000),
    UINT64_C(10000),
    UINT64_C(100000),
    UINT64_C(1000000),
    UINT64_C(10000000),
    UINT64_C(100000000),
    UINT64_C(1000000000),
    UINT64_C(10000000000),
    UINT64_C(100000000000),
    UINT64_C(1000000000000),
    UINT64_C(10000000000000),
    UINT64_C(100000000000000),
    UINT64_C(1000000000000000),
    UINT64_C(10000000000000000),
    UINT64_C(100000000000000000),
    UINT64_C(1000000000000000000),
    UINT64_C(10000000000000000000),
};

#define HIDDEN_BIT    (UINT64_C(1) << 52)
#define EXPONENT_BIAS 1075 // of the 53-bit integer significand

// floor(log2(10**k)), right for |k| <= 1233.
static int floor_log2_pow10(int k) { return (k * 1741647) >> 19; }

static uint64_t bits_of(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof(bits));
    return bits;
}

static double double_of(uint64_t bits)
{
    double v;
    memcpy(&v, &bits, sizeof(v));
    return v;
}

// Takes a finite v >= 0 apart: v = result * 2**exponent.
static uint64_t split(double v, int *ret_exponent)
{
    uint64_t bits = bits_of(v);
    uint64_t m = bits & (HIDDEN_BIT - 1);
    int e = (int)(bits >> 52 & 0x7FF);
    if (e == 0) {
        *ret_exponent = 1 - EXPONENT_BIAS;
        return m;
    }
    *ret_exponent = e - EXPONENT_BIAS;
    return m | HIDDEN_BIT;
}

// ---- digits of integers ------------------------------------------------------------------------

// The two digits of 0..99.
static const char digit_pairs[201] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

// Number of decimal digits of v; 1 for 0.
static int count_digits(uint64_t v)
{
    // bits * log10(2) is the count, or one too few.
    int guess = (64 - __builtin_clzll(v | 1)) * 1233 >> 12;
    return guess + (guess < 20 && v >= small_pow10[guess] ? 1 : 0) + (v == 0);
}

// Writes exactly n digits of v.
static void write_digits(char *dst, uint64_t v, int n)
{
    char *p = dst + n;
    while (n >= 2) {
        unsigned pair = (unsigned)(v % 100);
        v /= 100;
        p -= 2;
        memcpy(p, digit_pairs + 2 * (size_t)pair, 2);
        n -= 2;
    }
    if (n > 0) {
        *--p = (char)('0' + v % 10);
    }
}

static int write_u64(uint64_t v, int base, char *buf)
{
    if (base == 10) {
        int n = count_digits(v);
        write_digits(buf, v, n);
        buf[n] = '\0';
        return n;
    }
    qv_assert(base >= 2 && base <= 36);
    char reversed[64];
    int n = 0;
    uint64_t b = (uint64_t)base;
    if ((b & (b - 1)) == 0) {
        int shift = __builtin_ctzll(b);
        do {
            reversed[n++] = "0123456789abcdefghijklmnopqrstuvwxyz"[v & (b - 1)];
            v >>= shift;
        } while (v != 0);
    } else {
        do {
            reversed[n++] = "0123456789abcdefghijklmnopqrstuvwxyz"[v % b];
            v /= b;
        } while (v != 0);
    }
    for (int i = 0; i < n; i++) {
        buf[i] = reversed[n - 1 - i];
    }
    buf[n] = '\0';
    return n;
}

int qv_num_from_u64(uint64_t v, int base, char buf[QV_NUM_I64_MAX])
{
    return write_u64(v, base, buf);
}

int qv_num_from_i64(int64_t v, int base, char buf[QV_NUM_I64_MAX])
{
    if (v >= 0) {
        return write_u64((uint64_t)v, base, buf);
    }
    buf[0] = '-';
    return 1 + write_u64(0 - (uint64_t)v, base, buf + 1);
}

uint8_t qv_num_digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return (uint8_t)(c - '0');
    }
    char lower = (char)(c | 0x20);
    if (lower >= 'a' && lower <= 'z') {
        return (uint8_t)(lower - 'a' + 10);
    }
    return 255;
}

int qv_num_parse_i64(const char *s, size_t n, int base, int64_t *ret)
{
    size_t i = 0;
    bool negative = false;
    if (n > 0 && (s[0] == '-' || s[0] == '+')) {
        negative = s[0] == '-';
        i = 1;
    }
    if (i == n) {
        return 0;
    }
    uint64_t v = 0;
    bool fits = true;
    for (; i < n; i++) {
        unsigned digit = qv_num_digit_value(s[i]);
        if (digit >= (unsigned)base) {
            return 0;
        }
        if (__builtin_mul_overflow(v, (uint64_t)base, &v) ||
            __builtin_add_overflow(v, (uint64_t)digit, &v)) {
            fits = false; // go on: it may turn out to be no number at all
        }
    }
    if (!fits || v > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        return -1;
    }
    *ret = negative ? (int64_t)(0 - v) : (int64_t)v;
    return 1;
}

// ---- shortest digits ---------------------------------------------------------------------------

// The top 64 bits of g * cp / 2**64, with its lowest bit set if anything below is lost.
static inline uint64_t round_to_odd(uint64_t high, uint64_t low, uint64_t cp)
{
    uint64_t below = (uint64_t)((Wide)low * cp >> 64);
    Wide product = (Wide)high * cp + below;
    return (uint64_t)(product >> 64) | ((uint64_t)product > 1);
}

// Shortest decimal that reads back as v (finite, > 0), nearest to v among those: the result times
// 10**exponent. It may end in zeros.
static uint64_t shortest(double v, int *ret_exponent)
{
    int q;
    uint64_t c = split(v, &q);
    if (q <= 0 && q > -53 && (c & ((UINT64_C(1) << -q) - 1)) == 0) {
        *ret_exponent = 0; // a small integer
        return c >> -q;
    }
    uint64_t odd = c & 1;
    // The next smaller double is only half as far below a power of two.
    bool closer = c == HIDDEN_BIT && q > 1 - EXPONENT_BIAS;
    uint64_t cb = 4 * c;
    uint64_t cb_left = cb - 2 + (closer ? 1 : 0);
    uint64_t cb_right = cb + 2;
    int k = (q * 1262611 - (closer ? 524031 : 0)) >> 22;
    int h = q + floor_log2_pow10(-k) + 1;
    uint64_t g_high = pow10_table[-k - POW10_FIRST].high;
    uint64_t g_low = pow10_table[-k - POW10_FIRST].low;
    if (k > 0 || -k > EXACT_POW10_LAST) {
        g_low++; // the method wants the ceiling; no row ends in 64 ones
    }
    uint64_t vb_left = round_to_odd(g_high, g_low, cb_left << h);
    uint64_t vb = round_to_odd(g_high, g_low, cb << h);
    uint64_t vb_right = round_to_odd(g_high, g_low, cb_right << h);
    // The ends of the interval read back as v only if v's significand is even.
    uint64_t lower = vb_left + odd;
    uint64_t upper = vb_right - odd;
    uint64_t s = vb / 4;
    if (s >= 10) {
        uint64_t tens = s / 10;
        bool down = lower <= 40 * tens;
        bool up = 40 * tens + 40 <= upper;
        if (down != up) {
            *ret_exponent = k + 1;
            return tens + (up ? 1 : 0);
        }
    }
    *ret_exponent = k;
    bool down = lower <= 4 * s;
    bool up = 4 * s + 4 <= upper;
    if (down != up) {
        return s + (up ? 1 : 0);
    }
    uint64_t middle = 4 * s + 2;
    return s + (vb > middle || (vb == middle && (s & 1) != 0) ? 1 : 0);
}

// As shortest, without trailing zeros and with the number of digits.
static uint64_t shortest_stripped(double v, int *ret_exponent, int *ret_count)
{
    uint64_t digits = shortest(v, ret_exponent);
    while (digits % 100 == 0) {
        digits /= 100;
        *ret_exponent += 2;
    }
    if (digits % 10 == 0) {
        digits /= 10;
        *ret_exponent += 1;
    }
    *ret_count = count_digits(digits);
    return digits;
}

int qv_num_repr_double(double v, char buf[QV_NUM_REPR_MAX])
{
    char *p = buf;
    if (isnan(v)) {
        memcpy(buf, "nan", 4);
        return 3;
    }
    if (signbit(v)) {
        *p++ = '-';
        v = -v;
    }
    if (isinf(v)) {
        memcpy(p, "inf", 4);
        return (int)(p - buf) + 3;
    }
    if (v == 0) {
        memcpy(p, "0.0", 4);
        return (int)(p - buf) + 3;
    }
    int exponent;
    int count;
    uint64_t digits = shortest_stripped(v, &exponent, &count);
    int point = exponent + count; // digits before the point
    if (point > 16 || point <= -4) {
        if (count > 1) {
            write_digits(p + 1, digits, count);
            p[0] = p[1];
            p[1] = '.';
            p += count + 1;
        } else {
            *p++ = (char)('0' + digits);
        }
        *p++ = 'e';
        int e = point - 1;
        *p++ = e < 0 ? '-' : '+';
        unsigned size = (unsigned)(e < 0 ? -e : e);
        int width = size >= 100 ? 3 : 2;
        write_digits(p, size, width);
        p += width;
    } else if (point <= 0) {
        memcpy(p, "0.000", 5);
        p += 2 - point;
        write_digits(p, digits, count);
        p += count;
    } else if (point >= count) {
        write_digits(p, digits, count);
        p += count;
        for (int i = count; i < point; i++) {
            *p++ = '0';
        }
        memcpy(p, ".0", 2);
        p += 2;
    } else {
        write_digits(p + 1, digits, count);
        memmove(p, p + 1, (size_t)point);
        p[point] = '.';
        p += count + 1;
    }
    *p = '\0';
    return (int)(p - buf);
}

// ---- digits to a precision ---------------------------------------------------------------------

#define LIMB       UINT32_C(1000000000)
#define INT_LIMBS  36  // 309 digits, and a spare one
#define FRAC_LIMBS 121 // 1074 digits, and a spare one

// The exact decimal expansion: limbs[first .. end), nine digits each, the point after limb
// INT_LIMBS-1.
typedef struct Expansion {
    uint32_t limbs[INT_LIMBS + FRAC_LIMBS];
    int first; // most significant limb that is not 0
    int end;   // after the last limb
} Expansion;

// v = m * 2**e, m > 0.
static void expand(Expansion *x, uint64_t m, int e)
{
    int zeros = __builtin_ctzll(m);
    m >>= zeros;
    e += zeros;
    x->first = INT_LIMBS;
    x->end = INT_LIMBS;
    while (m > 0) {
        x->limbs[--x->first] = (uint32_t)(m % LIMB);
        m /= LIMB;
    }
    while (e > 0) {
        int shift = e < 29 ? e : 29;
        uint64_t carry = 0;
        for (int i = x->end - 1; i >= x->first; i--) {
            carry += (uint64_t)x->limbs[i] << shift;
            x->limbs[i] = (uint32_t)(carry % LIMB);
            carry /= LIMB;
        }
        if (carry > 0) {
            x->limbs[--x->first] = (uint32_t)carry;
        }
        e -= shift;
    }
    while (e < 0) {
        // 10**9 is divisible by 2**9: what falls off a limb is a whole number in the next.
        int shift = -e < 9 ? -e : 9;
        uint32_t carry = 0;
        for (int i = x->first; i < x->end; i++) {
            uint32_t low = x->limbs[i] & ((1u << shift) - 1);
            x->limbs[i] = (x->limbs[i] >> shift) + carry;
            carry = (LIMB >> shift) * low;
        }
        if (carry > 0) {
            x->limbs[x->end++] = carry;
        }
        while (x->limbs[x->first] == 0) {
            x->first++;
        }
        e += shift;
    }
}

// Adds one unit to the last of *digits. True if that made it longer ("999" -> "1", one place up).
static bool round_up(QvBuf *digits)
{
    for (size_t i = digits->len; i-- > 0;) {
        if (digits->data[i] != '9') {
            digits->data[i]++;
            digits->len = i + 1;
            return false;
        }
    }
    digits->len = 0;
    qv_buf_append_char(digits, '1');
    return true;
}

static void strip_zeros(QvBuf *digits)
{
    while (digits->len > 0 && digits->data[digits->len - 1] == '0') {
        digits->len--;
    }
}

// Exact digits. keep: how many significant digits when !fixed, digits after the point when fixed.
static int exact_digits(uint64_t m, int e, bool fixed, int keep, QvBuf *digits)
{
    Expansion x;
    expand(&x, m, e);
    int lead = count_digits(x.limbs[x.first]);
    int point = (INT_LIMBS - 1 - x.first) * 9 + lead;
    int64_t want = fixed ? (int64_t)point + keep : keep;
    if (want < 0) {
        return 1; // below half of the last place: zero
    }
    // Write whole limbs until one digit more than wanted is there.
    int i = x.first;
    for (; i < x.end && (int64_t)digits->len <= want; i++) {
        int width = i == x.first ? lead : 9;
        char *p = qv_buf_extend(digits, (size_t)width);
        if (p == NULL) {
            return 1;
        }
        write_digits(p, x.limbs[i], width);
    }
    if ((int64_t)digits->len > want) {
        size_t n = (size_t)want;
        char next = digits->data[n];
        bool sticky = false;
        for (size_t j = n + 1; j < digits->len && !sticky; j++) {
            sticky = digits->data[j] != '0';
        }
        for (; i < x.end && !sticky; i++) {
            sticky = x.limbs[i] != 0;
        }
        bool odd = n > 0 && ((digits->data[n - 1] - '0') & 1) != 0;
        digits->len = n;
        if ((next > '5' || (next == '5' && (sticky || odd))) && round_up(digits)) {
            point++;
        }
    }
    strip_zeros(digits);
    return digits->len > 0 ? point : 1;
}

// m * 2**e, -64 <= e <= 10, to n <= 17 places: the number before the point, and the digits after it
// as a number. The fraction times 10**n is exact in 128 bits.
static inline uint64_t fixed_parts(uint64_t m, int e, int n, uint64_t *ret_after)
{
    uint64_t whole;
    uint64_t fraction; // in units of 2**-64
    if (e >= 0) {
        whole = m << e;
        fraction = 0;
    } else if (e == -64) {
        whole = 0;
        fraction = m;
    } else {
        whole = m >> -e;
        fraction = m << (64 + e);
    }
    Wide scaled = (Wide)fraction * small_pow10[n];
    uint64_t after = (uint64_t)(scaled >> 64);
    uint64_t rest = (uint64_t)scaled;
    bool odd = ((n > 0 ? after : whole) & 1) != 0;
    if (rest > UINT64_C(1) << 63 || (rest == UINT64_C(1) << 63 && odd)) {
        after++;
        if (after == small_pow10[n]) {
            after = 0;
            whole++;
        }
    }
    *ret_after = after;
    return whole;
}

// The same for v >= 0. False: v or n is out of these bounds.
static inline bool fixed_parts_of(double v, int n, uint64_t *ret_whole, uint64_t *ret_after)
{
    if (!(v < 9e18) || n < 0 || n > QV_NUM_FIXED_PREC) {
        return false;
    }
    int e;
    uint64_t m = split(v, &e);
    if (e < -64) { // below 2**-12
        *ret_whole = *ret_after = 0;
        return m == 0 || n <= 3;
    }
    if (e > 10) {
        return false;
    }
    *ret_whole = fixed_parts(m, e, n, ret_after);
    return true;
}

int qv_num_fixed_double(double v, int prec, char buf[QV_NUM_FIXED_MAX])
{
    uint64_t whole, after;
    if (!fixed_parts_of(fabs(v), prec, &whole, &after)) {
        return 0;
    }
    char *p = buf;
    if (signbit(v)) {
        *p++ = '-';
    }
    int n = count_digits(whole);
    write_digits(p, whole, n);
    p += n;
    if (prec > 0) {
        *p++ = '.';
        write_digits(p, after, prec);
        p += prec;
    }
    return (int)(p - buf);
}

bool qv_num_round_double(double v, int places, double *ret)
{
    uint64_t whole, after, digits;
    if (!fixed_parts_of(fabs(v), places, &whole, &after) ||
        __builtin_mul_overflow(whole, small_pow10[places], &digits) ||
        __builtin_add_overflow(digits, after, &digits) || digits > UINT64_C(1) << 53) {
        return false;
    }
    // Both are exact, so the quotient is the double nearest to the decimal number.
    *ret = copysign((double)digits / (double)small_pow10[places], v);
    return true;
}

static int short_fixed_digits(uint64_t m, int e, int n, QvBuf *digits)
{
    uint64_t after;
    uint64_t whole = fixed_parts(m, e, n, &after);
    int point = 0;
    if (whole > 0) {
        point = count_digits(whole);
        char *p = qv_buf_extend(digits, (size_t)point);
        if (p == NULL) {
            return 1;
        }
        write_digits(p, whole, point);
    }
    if (after > 0) {
        int width = n;
        if (whole == 0) {
            width = count_digits(after);
            point = width - n;
        }
        char *p = qv_buf_extend(digits, (size_t)width);
        if (p == NULL) {
            return 1;
        }
        write_digits(p, after, width);
    }
    strip_zeros(digits);
    return digits->len > 0 ? point : 1;
}

int qv_num_digits_double(double v, char mode, int ndigits, QvBuf *digits)
{
    digits->len = 0;
    qv_assert(isfinite(v) && !(v < 0));
    if (v == 0) {
        return 1;
    }
    if (mode == 'r') {
        int exponent;
        int count;
        uint64_t value = shortest_stripped(v, &exponent, &count);
        char *p = qv_buf_extend(digits, (size_t)count);
        if (p != NULL) {
            write_digits(p, value, count);
        }
        return exponent + count;
    }
    int e;
    uint64_t m = split(v, &e);
    if (mode == 'f' && ndigits >= 0 && ndigits <= 17 && e >= -64 && e <= 10) {
        return short_fixed_digits(m, e, ndigits, digits);
    }
    return exact_digits(m, e, mode == 'f', ndigits, digits);
}

// Writes digits[from..to) where the string is thought to go on with zeros on both sides.
static void append_window(QvBuf *out, const QvBuf *digits, int64_t from, int64_t to)
{
    int64_t have = (int64_t)digits->len;
    if (from < 0 && from < to) {
        int64_t upto = to < 0 ? to : 0;
        qv_buf_append_fill(out, '0', (size_t)(upto - from));
        from = upto;
    }
    if (from < to && from < have) {
        int64_t upto = to < have ? to : have;
        qv_buf_append(out, digits->data + from, (size_t)(upto - from));
        from = upto;
    }
    if (from < to) {
        qv_buf_append_fill(out, '0', (size_t)(to - from));
    }
}

void qv_num_format_double(QvBuf *out, double v, char type, int prec, QvNumFlags flags)
{
    bool upper = type == 'E' || type == 'F' || type == 'G';
    bool percent = type == '%';
    if (percent) {
        v *= 100;
        type = 'f';
    }
    char mode = (char)(type | 0x20);
    bool negative = signbit(v) && !isnan(v);
    if (!isfinite(v)) {
        if (negative || (flags & QV_NUM_SIGN) != 0) {
            qv_buf_append_char(out, negative ? '-' : '+');
        }
        qv_buf_append_cstr(out, isnan(v) ? (upper ? "NAN" : "nan") : (upper ? "INF" : "inf"));
        if (percent) {
            qv_buf_append_char(out, '%');
        }
        return;
    }
    if (prec < 0) {
        prec = 0;
    }
    if (mode == 'g' && prec == 0) {
        prec = 1;
    }
    // Digits are at most 767 and a spare limb long: they fit without another allocation mostly.
    QvBuf digits = {.heap = out->heap};
    double size = negative ? -v : v;
    int64_t point;
    bool exponent = false;
    int64_t last = 0; // digits to show at least, counted from the first
    switch (mode) {
    case 'e':
        point = qv_num_digits_double(size, 'e', prec + 1, &digits);
        exponent = true;
        last = (int64_t)prec + 1;
        break;
    case 'f':
        point = qv_num_digits_double(size, 'f', prec, &digits);
        last = point + prec;
        break;
    case 'g':
        point = qv_num_digits_double(size, 'e', prec, &digits);
        exponent = point <= -4 || point > prec - ((flags & QV_NUM_DOT_ZERO) != 0 ? 1 : 0);
        last = (flags & QV_NUM_ALT) != 0 ? prec : 0;
        break;
    default:
        point = qv_num_digits_double(size, 'r', 0, &digits);
        exponent = point <= -4 || point > 16;
        break;
    }
    if (digits.oom) {
        out->oom = true;
        qv_buf_fini(&digits);
        return;
    }
    if (negative && digits.len == 0 && (flags & QV_NUM_NO_NEG_0) != 0) {
        negative = false;
    }
    if (negative || (flags & QV_NUM_SIGN) != 0) {
        qv_buf_append_char(out, negative ? '-' : '+');
    }
    int64_t shown = point - 1; // the power of ten of the first digit
    if (exponent) {
        point = 1;
    }
    if (last < (int64_t)digits.len) {
        last = (int64_t)digits.len;
    }
    int64_t least = point + (!exponent && (flags & QV_NUM_DOT_ZERO) != 0 ? 1 : 0);
    if (last < least) {
        last = least;
    }
    append_window(out, &digits, point <= 0 ? point - 1 : 0, point);
    if (last > point || (flags & QV_NUM_ALT) != 0) {
        qv_buf_append_char(out, '.');
        append_window(out, &digits, point, last);
    }
    if (exponent) {
        char text[8];
        qv_buf_append_char(out, upper ? 'E' : 'e');
        qv_buf_append_char(out, shown < 0 ? '-' : '+');
        int n = shown < 0 ? (int)-shown : (int)shown;
        int width = n >= 100 ? 3 : 2;
        write_digits(text, (uint64_t)n, width);
        qv_buf_append(out, text, (size_t)width);
    }
    if (percent) {
        qv_buf_append_char(out, '%');
    }
    qv_buf_fini(&digits);
}

// ---- reading -----------------------------------------------------------------------------------

#define MAX_DIGITS 800 // more than 767, the longest point half-way between two doubles
#define BIG_LIMBS  192 // of 32 bits: 6,144 bits; 4,000 are needed

// A natural number, least significant limb first.
typedef struct Big {
    uint32_t limbs[BIG_LIMBS];
    int n; // limbs in use
} Big;

static void big_mul_add(Big *b, uint32_t factor, uint32_t add)
{
    uint64_t carry = add;
    for (int i = 0; i < b->n; i++) {
        carry += (uint64_t)b->limbs[i] * factor;
        b->limbs[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry > 0 && b->n < BIG_LIMBS) {
        b->limbs[b->n++] = (uint32_t)carry;
    }
}

static void big_mul_pow5(Big *b, int k)
{
    for (; k >= 13; k -= 13) {
        big_mul_add(b, 1220703125, 0); // 5**13
    }
    for (; k > 0; k--) {
        big_mul_add(b, 5, 0);
    }
}

static void big_shift(Big *b, int bits)
{
    int whole = bits / 32;
    bits %= 32;
    if (bits > 0) {
        big_mul_add(b, 1u << bits, 0);
    }
    if (whole > 0 && b->n > 0 && b->n + whole <= BIG_LIMBS) {
        memmove(b->limbs + whole, b->limbs, (size_t)b->n * sizeof(uint32_t));
        memset(b->limbs, 0, (size_t)whole * sizeof(uint32_t));
        b->n += whole;
    }
}

static int big_compare(const Big *a, const Big *b)
{
    if (a->n != b->n) {
        return a->n < b->n ? -1 : 1;
    }
    for (int i = a->n - 1; i >= 0; i--) {
        if (a->limbs[i] != b->limbs[i]) {
            return a->limbs[i] < b->limbs[i] ? -1 : 1;
        }
    }
    return 0;
}

// A number as it stood in the text: its digits from the first that is not 0.
typedef struct Decimal {
    const char *digits; // may contain one '.'
    const char *end;
    int64_t count;    // digits
    int64_t exponent; // of the last digit: value = digits * 10**exponent
    uint64_t head;    // the first 19 digits, as a number
    bool more;        // a digit after those is not 0
} Decimal;

// Exact: is the number below, at or above the point half-way between `below` and the next double?
static int compare_with_middle(const Decimal *d, double below)
{
    Big value = {.n = 0};
    int64_t taken = 0;
    bool sticky = false;
    for (const char *p = d->digits; p < d->end; p++) {
        if (*p == '.') {
            continue;
        }
        if (taken < MAX_DIGITS) {
            big_mul_add(&value, 10, (uint32_t)(*p - '0'));
            taken++;
        } else if (*p != '0') {
            sticky = true;
            break;
        }
    }
    int64_t exponent = d->exponent + (d->count - taken);
    if (sticky) {
        // One more digit stands for all that follow: only "not zero" matters so far down.
        big_mul_add(&value, 10, 1);
        exponent--;
    }
    int e;
    uint64_t m = split(below, &e);
    m = 2 * m + 1;
    e--;
    Big middle = {.limbs = {(uint32_t)m, (uint32_t)(m >> 32)}, .n = m >> 32 != 0 ? 2 : 1};
    int k = (int)exponent;
    if (k >= 0) {
        big_mul_pow5(&value, k);
    } else {
        big_mul_pow5(&middle, -k);
    }
    if (k > e) {
        big_shift(&value, k - e);
    } else {
        big_shift(&middle, e - k);
    }
    return big_compare(&value, &middle);
}

// The double nearest to x * 2**e2, ties to even; x = {high, middle, low} has its top or second bit
// set.
static double round_192(uint64_t high, uint64_t middle, uint64_t low, int e2)
{
    int e = e2 + 191;
    if (high >> 63 == 0) {
        high = high << 1 | middle >> 63;
        middle = middle << 1 | low >> 63;
        low <<= 1;
        e--;
    }
    int keep = e >= -1022 ? 53 : 53 - (-1022 - e);
    if (keep < 0) {
        return 0;
    }
    uint64_t m = keep > 0 ? high >> (64 - keep) : 0;
    uint64_t rest = high << keep;
    bool sticky = (rest << 1) != 0 || middle != 0 || low != 0;
    if (rest >> 63 != 0 && (sticky || (m & 1) != 0)) {
        m++;
    }
    // The hidden bit of m adds one to the exponent field, and so does a carry out of the rounding.
    uint64_t bits = m;
    if (e >= -1022) {
        if (e > 1023) {
            return INFINITY;
        }
        bits += (uint64_t)(e + 1022) << 52;
    }
    return double_of(bits);
}

static double decimal_value(const Decimal *d)
{
    static const double exact_pow10[23] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    };
    uint64_t w = d->head;
    int64_t taken = d->count < 19 ? d->count : 19;
    int64_t q = d->exponent + (d->count - taken); // value = (w or a little more) * 10**q
    if (w == 0) {
        return 0;
    }
    if (q + taken > 310) {
        return INFINITY;
    }
    if (q + taken < -323) {
        return 0; // below 10**-324: less than half of the smallest double
    }
    // Both factors exact: one rounding.
    if (!d->more && w <= UINT64_C(1) << 53 && q >= -22 && q <= 22) {
        double v = (double)w;
        return q < 0 ? v / exact_pow10[-q] : v * exact_pow10[q];
    }
    int k = (int)q;
    uint64_t g_high = pow10_table[k - POW10_FIRST].high;
    uint64_t g_low = pow10_table[k - POW10_FIRST].low;
    int zeros = __builtin_clzll(w);
    w <<= zeros;
    int e2 = floor_log2_pow10(k) - 127 - zeros;
    // The lower end: w * g, 192 bits.
    Wide part = (Wide)w * g_low;
    Wide top = (Wide)w * g_high + (uint64_t)(part >> 64);
    uint64_t low = (uint64_t)part;
    uint64_t middle = (uint64_t)top;
    uint64_t high = (uint64_t)(top >> 64);
    double v = round_192(high, middle, low, e2);
    bool exact = k >= 0 && k <= EXACT_POW10_LAST;
    if (exact && !d->more) {
        return v;
    }
    // The upper end: (w + one unit of the digits left out) * (g + 1).
    Wide add = exact ? 0 : w;
    uint64_t add_high = 0;
    if (d->more) {
        // unit * (g + 1), where the unit is 2**zeros; zeros <= 4, as w has 19 digits.
        Wide g = ((Wide)g_high << 64 | g_low) + 1;
        Wide shifted = g << zeros;
        add_high = zeros > 0 ? (uint64_t)(g >> (128 - zeros)) : 0;
        add += shifted;
        add_high += add < shifted;
    }
    Wide sum = ((Wide)middle << 64 | low) + add;
    high += add_high + (sum < add);
    double v2 = round_192(high, (uint64_t)(sum >> 64), (uint64_t)sum, e2);
    if (v == v2) {
        return v;
    }
    int order = compare_with_middle(d, v);
    if (order == 0) {
        return (bits_of(v) & 1) == 0 ? v : v2;
    }
    return order < 0 ? v : v2;
}

// True, and moves *p on, if the text goes on with this word (lower case) in any case.
static bool accept_word(const char **p, const char *end, const char *word)
{
    const char *s = *p;
    for (; *word != '\0'; word++, s++) {
        if (s == end || (*s | 0x20) != *word) {
            return false;
        }
    }
    *p = s;
    return true;
}

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads "[e [sign] digits]"; the exponent is cut off at a size that no text can make up for.
static const char *scan_exponent(const char *p, const char *end, int64_t *ret)
{
    *ret = 0;
    const char *s = p;
    if (s == end || (*s | 0x20) != 'e') {
        return p;
    }
    s++;
    bool negative = false;
    if (s < end && (*s == '-' || *s == '+')) {
        negative = *s == '-';
        s++;
    }
    if (s == end || !is_digit(*s)) {
        return p;
    }
    int64_t e = 0;
    for (; s < end && is_digit(*s); s++) {
        if (e < INT64_MAX / 20) {
            e = e * 10 + (*s - '0');
        }
    }
    *ret = negative ? -e : e;
    return s;
}

const char *qv_num_scan_double(const char *s, const char *end, double *ret)
{
    const char *p = s;
    bool negative = false;
    if (p < end && (*p == '-' || *p == '+')) {
        negative = *p == '-';
        p++;
    }
    double v;
    if (accept_word(&p, end, "inf")) {
        (void)accept_word(&p, end, "inity");
        v = INFINITY;
    } else if (accept_word(&p, end, "nan")) {
        v = NAN;
    } else {
        Decimal d = {0};
        bool any = false;   // a digit was there
        bool point = false; // the '.' has been passed
        int64_t after = 0;  // digits after it
        for (; p < end; p++) {
            if (*p == '.' && !point) {
                point = true;
                continue;
            }
            if (!is_digit(*p)) {
                break;
            }
            any = true;
            after += point;
            if (d.count == 0) {
                if (*p == '0') {
                    continue;
                }
                d.digits = p;
            }
            if (d.count < 19) {
                d.head = d.head * 10 + (uint64_t)(*p - '0');
            } else {
                d.more |= *p != '0';
            }
            d.count++;
        }
        if (!any) {
            return NULL;
        }
        d.end = p;
        int64_t exponent;
        p = scan_exponent(p, end, &exponent);
        d.exponent = exponent - after;
        v = decimal_value(&d);
    }
    *ret = negative ? -v : v;
    return p;
}
