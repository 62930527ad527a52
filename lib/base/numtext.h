// SPDX-License-Identifier: MIT
// Numbers to text and back, exactly and without the process locale.
#ifndef QV_BASE_NUMTEXT_H
#define QV_BASE_NUMTEXT_H

#include "base/buf.h"
#include "base/config.h"

// Flags of qv_num_format_double.
typedef enum QvNumFlags {
    QV_NUM_PLAIN = 0,
    QV_NUM_SIGN = 1,     // always a sign ("+1.5"); also for inf and nan
    QV_NUM_ALT = 2,      // '#': keep the point and, for 'g', trailing zeros
    QV_NUM_DOT_ZERO = 4, // add ".0" to what would look like an integer
    QV_NUM_NO_NEG_0 = 8, // 'z': a result that rounds to negative zero is written without '-'
} QvNumFlags;

#define QV_NUM_REPR_MAX 32 // bytes that hold any repr of a double with its NUL
#define QV_NUM_I64_MAX  72 // bytes that hold any int64 in base 2 with prefix, sign and NUL

// repr(float): shortest digits that read back the same, as Python writes them ("1.0", "1e-05",
// "inf", "nan"). Writes a NUL too. Returns the length.
int qv_num_repr_double(double v, char buf[QV_NUM_REPR_MAX]);

// Appends v. type: 'e' 'E' 'f' 'F' 'g' 'G' with prec digits (as CPython's PyOS_double_to_string),
// 'r' = repr (prec not used), '%' = v*100 in 'f' with a percent sign. 'g' with prec 0 means 1.
// Failure (memory) is told by out->oom. prec is at most INT_MAX / 2.
void qv_num_format_double(QvBuf *out, double v, char type, int prec, QvNumFlags flags);

// '%.{prec}f' of v where 128 bits are enough for it: prec is at most QV_NUM_FIXED_PREC and v
// neither very large nor (for more than 3 places) very small. No NUL. The length, or 0: not such a
// case.
#define QV_NUM_FIXED_PREC 17
#define QV_NUM_FIXED_MAX  48
int qv_num_fixed_double(double v, int prec, char buf[QV_NUM_FIXED_MAX]);

// round(v, places), places from 0, in the same cases, if the digits fit a double. False: they
// don't.
bool qv_num_round_double(double v, int places, double *ret);

// The decimal digits behind these: correctly rounded (half to even) exact conversion of a finite
// v >= 0. mode 'r': shortest digits; 'e': ndigits significant digits (>= 1); 'f': ndigits after the
// point (may be negative: rounds to tens). Digits without trailing zeros go to *digits (emptied
// first); the value is 0.d1d2d3... * 10**result. Zero gives no digits and result 1.
int qv_num_digits_double(double v, char mode, int ndigits, QvBuf *digits);

// Reads a number from s: [sign] digits [. digits] [e [sign] digits], or inf, infinity, nan (any
// case). Exactly rounded, no white space, no underscores, no hexadecimal. Returns the end of what
// was read, NULL if nothing could be. Too large gives infinity, too small zero.
const char *qv_num_scan_double(const char *s, const char *end, double *ret);

// v in base 2..36 (lower case, no prefix). Writes a NUL. Returns the length.
int qv_num_from_i64(int64_t v, int base, char buf[QV_NUM_I64_MAX]);
int qv_num_from_u64(uint64_t v, int base, char buf[QV_NUM_I64_MAX]);

// Reads digits of the base (2..36, any case), an optional sign first; the whole text must be a
// number. Returns 1 and sets *ret; 0 when the text is no number; -1 when it does not fit 64 bits.
int qv_num_parse_i64(const char *s, size_t n, int base, int64_t *ret);

// Value of a digit 0..35, or 255.
uint8_t qv_num_digit_value(char c);

#endif
