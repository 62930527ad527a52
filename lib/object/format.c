// SPDX-License-Identifier: MIT
// The format specification mini-language: format(x, spec) of int, float, complex and str.
//
// [[fill]align][sign]['z']['#']['0'][width][grouping]['.' precision][type]. 'n' is 'd' or 'g'
// with the point, the separator and the groups of the locale that _locale.setlocale() has set.
#include "object/format.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#include "base/numtext.h"
#include "base/unicode.h"
#include "object/error.h"
#include "object/float.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str_units.h"

// What type 'n' takes from the locale.
typedef struct Conventions {
    QvObj *point;      // owned str
    QvObj *separator;  // owned str
    uint8_t sizes[16]; // digits of the groups, from the right
    int nsizes;        // 0: no groups
    bool endless;      // the last size goes on for ever; else the rest is one group
} Conventions;

typedef struct Spec {
    uint32_t fill;
    uint32_t align; // '<' '>' '=' '^'
    uint32_t sign;  // '+' '-' ' ' or 0
    uint32_t type;
    QvSsize width;     // -1: none
    QvSsize precision; // -1: none
    char separator;    // ',' '_' or 0
    uint8_t group;     // digits between separators
    bool alternate;
    bool no_neg_zero;
    bool align_given;
    const Conventions *locale; // for type 'n' when one is set; or NULL
} Spec;

static bool is_align(uint32_t c) { return c == '<' || c == '>' || c == '=' || c == '^'; }

// Characters of a specification: nearly always ASCII, and then read through `ascii`.
static inline uint32_t char_at(const QvObj *s, const uint8_t *ascii, QvSsize i)
{
    return QV_LIKELY(ascii != NULL) ? ascii[i] : qv_str_read(s, i);
}

// Decimal digits at *pos: their number, value in *ret; -1 with ValueError.
static int read_number(QvInterp *qi, QvObj *s, const uint8_t *ascii, QvSsize *pos, QvSsize *ret)
{
    QvSsize value = 0;
    int digits = 0;
    for (; *pos < qv_str_len(s); ++*pos, digits++) {
        uint32_t c = char_at(s, ascii, *pos);
        int d = c < 0x80 ? (c >= '0' && c <= '9' ? (int)(c - '0') : -1) : qv_uni_decimal(c);
        if (d < 0) {
            break;
        }
        if (value > (PTRDIFF_MAX - d) / 10) {
            return qv_raise_int(qi, &qv_exc_ValueError, "Too many decimal digits in format string");
        }
        value = value * 10 + d;
    }
    *ret = value;
    return digits;
}

static int bad_separator(QvInterp *qi, char separator, uint32_t type)
{
    if (type > 32 && type < 128) {
        return qv_raise_int(qi, &qv_exc_ValueError, "Cannot specify '%c' with '%c'.", separator,
                            (int)type);
    }
    return qv_raise_int(qi, &qv_exc_ValueError, "Cannot specify '%c' with '\\x%x'.", separator,
                        type);
}

static int check_separator(QvInterp *qi, Spec *f)
{
    switch (f->type) {
    case 'd':
    case 'e':
    case 'f':
    case 'g':
    case 'E':
    case 'G':
    case '%':
    case 'F':
    case 0: return 0;
    case 'b':
    case 'o':
    case 'x':
    case 'X':
        if (f->separator == '_') {
            f->group = 4;
            return 0;
        }
        break;
    default: break;
    }
    return bad_separator(qi, f->separator, f->type);
}

static inline bool is_digit(uint8_t c) { return c >= '0' && c <= '9'; }

// Decimal digits at *p, where no more than eight characters are.
static inline QvSsize read_small(const uint8_t **p)
{
    QvSsize value = 0;
    for (; is_digit(**p); ++*p) {
        value = value * 10 + (**p - '0');
    }
    return value;
}

// The plain ones: [[fill]align][sign]['#']['0'][width][','][.precision][type] in ASCII, short. They
// may be part of a longer text: what is behind them belongs to none of these. False: not so; what
// is in *f then is of no use, and nothing is said.
static bool parse_plain(const uint8_t *p, QvSsize n, Spec *f, uint32_t type, uint32_t align)
{
    *f =
        (Spec){.fill = ' ', .align = align, .type = type, .width = -1, .precision = -1, .group = 3};
    const uint8_t *end = p + n;
    if (n > 8) {
        return false;
    }
    bool fill_given = n >= 2 && is_align(p[1]);
    if (fill_given) {
        f->fill = *p++;
    }
    if (is_align(*p)) {
        f->align = *p++;
        f->align_given = true;
    }
    if (*p == '+' || *p == '-' || *p == ' ') {
        f->sign = *p++;
    }
    if (*p == '#') {
        f->alternate = true;
        p++;
    }
    if (*p == '0' && !fill_given) {
        f->fill = '0';
        if (!f->align_given && align == '>') {
            f->align = '=';
        }
        p++;
    }
    if (is_digit(*p)) {
        f->width = read_small(&p);
    }
    if (*p == ',') {
        f->separator = (char)*p++;
    }
    if (*p == '.') {
        p++;
        if (!is_digit(*p)) {
            return false;
        }
        f->precision = read_small(&p);
    }
    if ((*p >= 'a' && *p < 'z') || (*p >= 'A' && *p <= 'Z') || *p == '%') { // 'z' is a flag
        f->type = *p++;
    }
    return p == end && (f->separator == 0 || f->type == 'd' || f->type == 'f' || f->type == 0);
}

static int parse_spec(QvInterp *qi, QvObj *o, QvObj *s, Spec *f, uint32_t type, uint32_t align)
{
    if (QV_LIKELY(qv_str_is_ascii(s)) &&
        QV_LIKELY(parse_plain(qv_str_data(s), qv_str_len(s), f, type, align))) {
        return 0;
    }
    *f =
        (Spec){.fill = ' ', .align = align, .type = type, .width = -1, .precision = -1, .group = 3};
    QvSsize n = qv_str_len(s);
    const uint8_t *ascii = qv_str_is_ascii(s) ? (const uint8_t *)qv_str_data(s) : NULL;
    QvSsize i = 0;
    bool fill_given = false;
    if (n >= 2 && is_align(char_at(s, ascii, 1))) {
        f->fill = char_at(s, ascii, 0);
        f->align = char_at(s, ascii, 1);
        fill_given = f->align_given = true;
        i = 2;
    } else if (n >= 1 && is_align(char_at(s, ascii, 0))) {
        f->align = char_at(s, ascii, 0);
        f->align_given = true;
        i = 1;
    }
    if (i < n) {
        uint32_t c = char_at(s, ascii, i);
        if (c == '+' || c == '-' || c == ' ') {
            f->sign = c;
            i++;
        }
    }
    if (i < n && char_at(s, ascii, i) == 'z') {
        f->no_neg_zero = true;
        i++;
    }
    if (i < n && char_at(s, ascii, i) == '#') {
        f->alternate = true;
        i++;
    }
    if (!fill_given && i < n && char_at(s, ascii, i) == '0') {
        f->fill = '0';
        if (!f->align_given && align == '>') {
            f->align = '=';
        }
        i++;
    }
    QvSsize value = 0;
    int digits = read_number(qi, s, ascii, &i, &value);
    if (digits < 0) {
        return -1;
    }
    if (digits > 0) {
        f->width = value;
    }
    for (int k = 0; k < 3 && i < n; k++) {
        uint32_t c = char_at(s, ascii, i);
        if (c != ',' && c != '_') {
            break;
        }
        if (f->separator != 0) {
            if (f->separator == (char)c) {
                break;
            }
            return qv_raise_int(qi, &qv_exc_ValueError, "Cannot specify both ',' and '_'.");
        }
        f->separator = (char)c;
        i++;
    }
    if (i < n && char_at(s, ascii, i) == '.') {
        i++;
        digits = read_number(qi, s, ascii, &i, &value);
        if (digits < 0) {
            return -1;
        }
        if (digits == 0) {
            return qv_raise_int(qi, &qv_exc_ValueError, "Format specifier missing precision");
        }
        f->precision = value;
    }
    if (n - i > 1) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "Invalid format specifier '%U' for object of type '%.200T'", s, o);
    }
    if (n - i == 1) {
        f->type = char_at(s, ascii, i);
    }
    return f->separator != 0 ? check_separator(qi, f) : 0;
}

static QvObj *unknown_type(QvInterp *qi, uint32_t type, QvObj *o)
{
    if (type > 32 && type < 128) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Unknown format code '%c' for object of type '%.200T'", (int)type, o);
    }
    return qv_raise(qi, &qv_exc_ValueError,
                    "Unknown format code '\\x%x' for object of type '%.200T'", type, o);
}

// Left and right padding of `len` characters in the width.
static void padding(const Spec *f, QvSsize len, QvSsize *ret_left, QvSsize *ret_right)
{
    QvSsize total = f->width > len ? f->width - len : 0;
    QvSsize left = f->align == '>' || f->align == '=' ? total : f->align == '^' ? total / 2 : 0;
    *ret_left = left;
    *ret_right = total - left;
}

// ---- str ----------------------------------------------------------------------------------------

QvObj *qv_format_str(QvInterp *qi, QvObj *o, QvObj *spec)
{
    if (qv_str_len(spec) == 0) {
        return qv_is_str_exact(o) ? qv_new_ref(qi, o) : qv_str(qi, o);
    }
    Spec f;
    if (parse_spec(qi, o, spec, &f, 's', '<') < 0) {
        return NULL;
    }
    if (f.type != 's') {
        return unknown_type(qi, f.type, o);
    }
    const char *bad = NULL;
    if (f.sign != 0) {
        bad = f.sign == ' ' ? "Space not allowed in string format specifier"
                            : "Sign not allowed in string format specifier";
    } else if (f.no_neg_zero) {
        bad = "Negative zero coercion (z) not allowed in string format specifier";
    } else if (f.alternate) {
        bad = "Alternate form (#) not allowed in string format specifier";
    } else if (f.align == '=') {
        bad = "'=' alignment not allowed in string format specifier";
    }
    if (bad != NULL) {
        return qv_raise(qi, &qv_exc_ValueError, "%s", bad);
    }
    QvSsize n = qv_str_len(o);
    if (f.precision >= 0 && f.precision < n) {
        n = f.precision;
    }
    QvSsize left, right;
    padding(&f, n, &left, &right);
    if (left == 0 && right == 0) {
        return qv_str_slice(qi, o, 0, n);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_fill(&b, f.fill, left);
    qv_strbuf_slice(&b, o, 0, n);
    qv_strbuf_fill(&b, f.fill, right);
    return qv_strbuf_finish(&b);
}

// ---- numbers ------------------------------------------------------------------------------------

// A number as text, in parts.
typedef struct Number {
    char sign;          // '-' or 0
    const char *prefix; // "0x"... or ""
    const char *digits; // before the point
    QvSsize ndigits;
    const char *rest; // the point and all after it ("inf" and "nan" too)
    QvSsize nrest;
    uint32_t character; // type 'c': instead of digits
} Number;

// What is written for the sign under the specification, or 0.
static char shown_sign(const Spec *f, char sign)
{
    return sign != 0 ? sign : f->sign == '+' || f->sign == ' ' ? (char)f->sign : 0;
}

// Number of characters that n digits take with separators and zeros up to at least min characters.
static QvSsize grouped_width(const Spec *f, QvSsize n, QvSsize min, QvSsize *ret_zeros)
{
    if (f->separator == 0) {
        *ret_zeros = min > n ? min - n : 0;
        return n + *ret_zeros;
    }
    QvSsize digits = n;
    QvSsize width = digits + (digits > 0 ? (digits - 1) / f->group : 0);
    if (width < min) {
        // d digits take d + (d - 1) / group characters: the least d that reaches min.
        digits = min - min / (f->group + 1);
        if (digits + (digits - 1) / f->group < min) {
            digits++;
        }
        width = digits + (digits - 1) / f->group;
    }
    *ret_zeros = digits - n;
    return width;
}

static void put_grouped(QvStrBuf *b, const Spec *f, const char *digits, QvSsize n, QvSsize zeros)
{
    if (f->separator == 0) {
        qv_strbuf_fill(b, '0', zeros);
        qv_strbuf_ascii(b, digits, n);
        return;
    }
    QvSsize left = zeros + n;
    for (QvSsize i = 0; left > 0 && !b->failed; i++, left--) {
        qv_strbuf_char(b, i < zeros ? '0' : (uint8_t)digits[i - zeros]);
        if (left > 1 && (left - 1) % f->group == 0) {
            qv_strbuf_char(b, (uint8_t)f->separator);
        }
    }
}

// The same into memory that has room; where it ends. NULL: a stop.
static char *write_grouped(QvInterp *qi, char *p, const Spec *f, const char *digits, QvSsize n,
                           QvSsize zeros)
{
    if (f->separator == 0) {
        if (qv_bytes_fill(qi, p, '0', zeros) < 0 || qv_bytes_put(qi, p + zeros, digits, n) < 0) {
            return NULL;
        }
        return p + zeros + n;
    }
    for (QvSsize i = 0, left = zeros + n; left > 0; i++, left--) {
        if (qv_stop_step(qi, i) < 0) {
            return NULL;
        }
        *p++ = i < zeros ? '0' : digits[i - zeros];
        if (left > 1 && (left - 1) % f->group == 0) {
            *p++ = f->separator;
        }
    }
    return p;
}

// ---- type 'n' -----------------------------------------------------------------------------------

static void conventions_fini(QvInterp *qi, Conventions *c)
{
    qv_xdecref(qi, c->point);
    qv_xdecref(qi, c->separator);
}

// Borrowed item of a dict, or NULL (also with MemoryError).
static QvObj *peek_named(QvInterp *qi, QvObj *d, const char *name)
{
    QvObj *key = qv_str_intern_cstr(qi, name);
    QvObj *value = key ? qv_dict_peek_str(d, key) : NULL;
    qv_xdecref(qi, key);
    return value;
}

static int read_conventions(QvInterp *qi, QvObj *d, Conventions *c)
{
    QvObj *point = peek_named(qi, d, "decimal_point");
    QvObj *separator = point ? peek_named(qi, d, "thousands_sep") : NULL;
    QvObj *sizes = separator ? peek_named(qi, d, "grouping") : NULL;
    if (sizes == NULL || !qv_is_str(point) || !qv_is_str(separator) || !qv_is_list(sizes)) {
        return qv_err_occurred(qi) ? -1 : 0;
    }
    c->point = qv_new_ref(qi, point);
    c->separator = qv_new_ref(qi, separator);
    if (qv_list_box(qi, sizes) < 0) {
        return -1;
    }
    for (QvSsize i = 0; i < qv_list_len(sizes) && c->nsizes < (int)sizeof(c->sizes); i++) {
        int64_t size;
        QvObj *o = qv_list_peek(sizes, i);
        if (!qv_is_int(o) || !qv_int_as_i64(o, &size) || size < 0 || size >= CHAR_MAX) {
            break;
        }
        if (size == 0) {
            c->endless = true;
            break;
        }
        c->sizes[c->nsizes++] = (uint8_t)size;
    }
    if (qv_str_len(separator) == 0) {
        c->nsizes = 0;
    }
    return 1;
}

// The interpreter's locale, which the module _locale holds; without that module it is C's. 1 when
// there is one, 0, -1.
static int find_conventions(QvInterp *qi, Conventions *c)
{
    *c = (Conventions){0};
    QvObj *m = qv_is_dict(qi->modules) ? peek_named(qi, qi->modules, "_locale") : NULL;
    QvObj *dict = m && qv_is_module(m) ? qv_module_dict(m) : NULL;
    QvObj *f = dict ? peek_named(qi, dict, "localeconv") : NULL;
    if (f == NULL) {
        return qv_err_occurred(qi) ? -1 : 0;
    }
    qv_incref(qi, f);
    QvObj *d = qv_call0(qi, f);
    qv_decref(qi, f);
    int r = d == NULL ? -1 : qv_is_dict(d) ? read_conventions(qi, d, c) : 0;
    qv_xdecref(qi, d);
    return r;
}

// The digits in the groups of a locale, with zeros in front up to min characters. They are told
// from the right into *ret: digits and ',' for a separator. The characters in all; ret->oom.
static QvSsize locale_groups(const Conventions *c, const char *digits, QvSsize n, QvSsize min,
                             QvBuf *ret)
{
    QvSsize width = 0, separator = qv_str_len(c->separator);
    for (QvSsize i = 0, in_group = 0, group = 0; i < n || width < min; i++, in_group++) {
        if (group < c->nsizes && in_group == c->sizes[group]) {
            qv_buf_append_char(ret, ',');
            width += separator;
            in_group = 0;
            group += group + 1 < c->nsizes || !c->endless;
        }
        qv_buf_append_char(ret, i < n ? digits[n - 1 - i] : '0');
        width++;
        if (ret->oom) {
            break;
        }
    }
    return width;
}

// How many characters the parts of a number's text take that is ASCII.
typedef struct Layout {
    char sign; // or 0
    QvSsize prefix, zeros, left, right, total;
} Layout;

static Layout lay_out(const Spec *f, const Number *number)
{
    Layout l = {.sign = shown_sign(f, number->sign), .prefix = (QvSsize)strlen(number->prefix)};
    QvSsize fixed = (l.sign != 0) + l.prefix + number->nrest;
    bool zero_fill = f->fill == '0' && f->align == '=';
    QvSsize grouped = 0;
    if (number->ndigits > 0) {
        grouped = grouped_width(f, number->ndigits, zero_fill ? f->width - fixed : 0, &l.zeros);
    }
    padding(f, fixed + grouped, &l.left, &l.right);
    l.total = l.left + fixed + grouped + l.right;
    return l;
}

// Writes it to where total characters have room. 0, or -1: a stop.
static int write_number(QvInterp *qi, char *p, const Spec *f, const Number *number, const Layout *l)
{
    bool inside = f->align == '='; // the padding comes after sign and prefix
    if (qv_bytes_fill(qi, inside ? p + (l->sign != 0) + l->prefix : p, (int)f->fill, l->left) < 0) {
        return -1;
    }
    p += inside ? 0 : l->left;
    if (l->sign != 0) {
        *p++ = l->sign;
    }
    memcpy(p, number->prefix, (size_t)l->prefix);
    p += l->prefix + (inside ? l->left : 0);
    p = write_grouped(qi, p, f, number->digits, number->ndigits, l->zeros);
    if (p == NULL) {
        return -1;
    }
    memcpy(p, number->rest, (size_t)number->nrest);
    return qv_bytes_fill(qi, p + number->nrest, (int)f->fill, l->right);
}

// The text of a number that is ASCII, in one block: what nearly all are.
static QvObj *plain_number(QvInterp *qi, const Spec *f, const Number *number)
{
    Layout l = lay_out(f, number);
    if (l.total == 1) { // from the cache
        return qv_str_from_char(qi, number->ndigits > 0 ? (uint8_t)*number->digits
                                                        : (uint8_t)*number->rest);
    }
    QvObj *ret = qv_str_alloc(qi, l.total, 0x7F);
    if (ret != NULL && write_number(qi, qv_str_data(ret), f, number, &l) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

// The text of a number inside its width.
static void put_number(QvStrBuf *b, const Spec *f, const Number *number)
{
    char sign = shown_sign(f, number->sign);
    QvSsize prefix_len = (QvSsize)strlen(number->prefix);
    QvSsize fixed = (sign != 0) + prefix_len + number->nrest;
    bool own_point = f->locale && number->nrest > 0 && *number->rest == '.';
    if (own_point) {
        fixed += qv_str_len(f->locale->point) - 1;
    }
    bool zero_fill = f->fill == '0' && f->align == '=';
    QvSsize zeros = 0;
    QvSsize grouped;
    QvBuf groups = {.heap = &b->qi->heap};
    if (number->character != UINT32_MAX) {
        grouped = 1;
    } else if (number->ndigits == 0) {
        grouped = 0;
    } else if (f->locale && f->locale->nsizes > 0) {
        QvSsize min = zero_fill ? f->width - fixed : 0;
        bool fits = min < 1 << 20 || qv_heap_fits(&b->qi->heap, (size_t)min);
        grouped = fits ? locale_groups(f->locale, number->digits, number->ndigits, min, &groups)
                       : 0;
        if (!fits || groups.oom) {
            qv_raise_oom(b->qi);
            b->failed = true;
        }
    } else {
        grouped = grouped_width(f, number->ndigits, zero_fill ? f->width - fixed : 0, &zeros);
    }
    QvSsize left, right;
    padding(f, fixed + grouped, &left, &right);
    if (f->align != '=') {
        qv_strbuf_fill(b, f->fill, left);
    }
    if (sign != 0) {
        qv_strbuf_char(b, (uint8_t)sign);
    }
    qv_strbuf_ascii(b, number->prefix, prefix_len);
    if (f->align == '=') {
        qv_strbuf_fill(b, f->fill, left);
    }
    if (number->character != UINT32_MAX) {
        qv_strbuf_char(b, number->character);
    } else if (groups.len > 0) {
        for (size_t i = groups.len; i-- > 0;) {
            if (groups.data[i] == ',') {
                qv_strbuf_str(b, f->locale->separator);
            } else {
                qv_strbuf_char(b, (uint8_t)groups.data[i]);
            }
        }
    } else if (grouped > 0) {
        put_grouped(b, f, number->digits, number->ndigits, zeros);
    }
    qv_buf_fini(&groups);
    if (own_point) {
        qv_strbuf_str(b, f->locale->point);
        qv_strbuf_ascii(b, number->rest + 1, number->nrest - 1);
    } else {
        qv_strbuf_ascii(b, number->rest, number->nrest);
    }
    qv_strbuf_fill(b, f->fill, right);
}

static QvObj *number_text(QvInterp *qi, const Spec *f, const Number *number)
{
    if (QV_LIKELY(f->locale == NULL && number->character == UINT32_MAX && f->fill < 0x80 &&
                  f->width < QV_UNITS_MAX)) {
        return plain_number(qi, f, number);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    put_number(&b, f, number);
    return qv_strbuf_finish(&b);
}

// Splits [-]digits[rest] into a Number.
static Number split_number(const char *s, QvSsize n)
{
    Number number = {.prefix = "", .character = UINT32_MAX};
    if (n > 0 && *s == '-') {
        number.sign = '-';
        s++;
        n--;
    }
    QvSsize k = 0;
    while (k < n && s[k] >= '0' && s[k] <= '9') {
        k++;
    }
    number.digits = s;
    number.ndigits = k;
    number.rest = s + k;
    number.nrest = n - k;
    return number;
}

static const char *float_text(QvInterp *qi, const Spec *f, double v, uint32_t type, QvBuf *out)
{
    unsigned flags = QV_NUM_PLAIN;
    QvSsize precision = f->precision;
    if (precision > INT_MAX) {
        qv_raise(qi, &qv_exc_ValueError, "precision too big");
        return NULL;
    }
    if (type == 'n') {
        type = 'g';
    }
    if (type == 0) {
        flags |= QV_NUM_DOT_ZERO;
        type = precision < 0 ? 'r' : 'g';
    } else if (precision < 0) {
        precision = 6;
    }
    if (f->alternate) {
        flags |= QV_NUM_ALT;
    }
    if (f->no_neg_zero) {
        flags |= QV_NUM_NO_NEG_0;
    }
    // No double has more than 1,074 digits that are not zero after the point; more zeros are added
    // in memory that is counted.
    if (precision > (1 << 20) && !qv_heap_fits(&qi->heap, (size_t)precision)) {
        qv_raise_oom(qi);
        return NULL;
    }
    qv_num_format_double(out, v, (char)type, precision > INT_MAX / 2 ? INT_MAX / 2 : (int)precision,
                         (QvNumFlags)flags);
    if (out->oom) {
        qv_raise_oom(qi);
        return NULL;
    }
    return out->data;
}

static bool is_float_type(uint32_t type)
{
    return type == 'e' || type == 'E' || type == 'f' || type == 'F' || type == 'g' || type == 'G' ||
           type == '%';
}

static QvObj *format_double(QvInterp *qi, const Spec *f, double v)
{
    if ((f->type == 'f' || f->type == 'F' || f->type == '%') && !f->alternate && !f->no_neg_zero &&
        f->precision <= QV_NUM_FIXED_PREC) {
        char text[QV_NUM_FIXED_MAX + 1];
        bool percent = f->type == '%';
        int n = qv_num_fixed_double(percent ? v * 100 : v, f->precision < 0 ? 6 : (int)f->precision,
                                    text);
        if (QV_LIKELY(n > 0)) {
            if (percent) {
                text[n++] = '%';
            }
            if (f->width <= n && f->separator == 0 && f->sign == 0) {
                return qv_str_new_ascii(qi, text, n);
            }
            Number number = split_number(text, n);
            return number_text(qi, f, &number);
        }
    }
    QvBuf text = {.heap = &qi->heap};
    QvObj *ret = NULL;
    if (float_text(qi, f, v, f->type, &text) != NULL) {
        Number number = split_number(text.data, (QvSsize)text.len);
        ret = number_text(qi, f, &number);
    }
    qv_buf_fini(&text);
    return ret;
}

static QvObj *format_float_value(QvInterp *qi, const Spec *f, QvObj *o)
{
    return format_double(qi, f, qv_float_value(o));
}

// A format function, with the locale for type 'n'.
static QvObj *format_in_locale(QvInterp *qi, Spec *f, QvObj *o,
                               QvObj *(*format)(QvInterp *qi, const Spec *f, QvObj *o))
{
    if (f->type != 'n') {
        return format(qi, f, o);
    }
    Conventions conventions;
    int r = find_conventions(qi, &conventions);
    f->locale = r > 0 ? &conventions : NULL;
    QvObj *ret = r < 0 ? NULL : format(qi, f, o);
    conventions_fini(qi, &conventions);
    return ret;
}

QvObj *qv_format_float(QvInterp *qi, QvObj *o, QvObj *spec)
{
    if (qv_str_len(spec) == 0) {
        return qv_str(qi, o);
    }
    Spec f;
    if (parse_spec(qi, o, spec, &f, 0, '>') < 0) {
        return NULL;
    }
    if (f.type != 0 && f.type != 'n' && !is_float_type(f.type)) {
        return unknown_type(qi, f.type, o);
    }
    return format_in_locale(qi, &f, o, format_float_value);
}

static QvObj *format_char(QvInterp *qi, const Spec *f, QvObj *o)
{
    int64_t c;
    if (f->sign != 0) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Sign not allowed with integer format specifier 'c'");
    }
    if (f->alternate) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Alternate form (#) not allowed with integer format specifier 'c'");
    }
    if (!qv_int_as_i64(o, &c)) {
        return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C long");
    }
    if (c < 0 || c > 0x10FFFF) {
        return qv_raise(qi, &qv_exc_OverflowError, "%%c arg not in range(0x110000)");
    }
    Number number = {.prefix = "", .rest = "", .character = (uint32_t)c};
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    put_number(&b, f, &number);
    return qv_strbuf_finish(&b);
}

static QvObj *format_integer(QvInterp *qi, const Spec *f, QvObj *o)
{
    int base = f->type == 'b' ? 2 : f->type == 'o' ? 8 : f->type == 'x' || f->type == 'X' ? 16 : 10;
    char small[QV_NUM_I64_MAX];
    const char *s = small;
    QvSsize n;
    QvObj *text = NULL;
    if (qv_int_is_small(o)) {
        n = qv_num_from_i64(qv_int_value(o), base, small);
        for (QvSsize i = 0; f->type == 'X' && i < n; i++) {
            small[i] = small[i] >= 'a' ? (char)(small[i] - 32) : small[i];
        }
    } else {
        text = qv_int_to_text(qi, o, base, false);
        if (text == NULL) {
            return NULL;
        }
        s = qv_str_data(text);
        n = qv_str_len(text);
    }
    Number number = {.prefix = "", .rest = "", .character = UINT32_MAX};
    if (*s == '-') {
        number.sign = '-';
        s++;
        n--;
    }
    number.digits = s;
    number.ndigits = n;
    if (f->alternate) {
        number.prefix = base == 2        ? "0b"
                        : base == 8      ? "0o"
                        : f->type == 'X' ? "0X"
                        : base == 16     ? "0x"
                                         : "";
    }
    if (f->type == 'X' && text != NULL) {
        QvObj *upper = qv_str_alloc(qi, n, 0x7F);
        if (upper == NULL) {
            qv_decref(qi, text);
            return NULL;
        }
        char *p = qv_str_data(upper);
        bool stopped = false;
        for (QvSsize i = 0; i < n && !stopped; i++) {
            p[i] = s[i] >= 'a' ? (char)(s[i] - 32) : s[i];
            stopped = qv_stop_step(qi, i) < 0;
        }
        qv_decref(qi, text);
        text = upper;
        number.digits = p;
        if (stopped) {
            qv_decref(qi, text);
            return NULL;
        }
    }
    QvObj *ret = number_text(qi, f, &number);
    qv_xdecref(qi, text);
    return ret;
}

QvObj *qv_format_int(QvInterp *qi, QvObj *o, QvObj *spec)
{
    if (qv_str_len(spec) == 0) {
        return qv_is_int_exact(o) ? qv_int_to_text(qi, o, 10, false) : qv_str(qi, o);
    }
    Spec f;
    if (parse_spec(qi, o, spec, &f, 'd', '>') < 0) {
        return NULL;
    }
    if (is_float_type(f.type)) {
        double v;
        return qv_int_to_double(qi, o, &v) < 0 ? NULL : format_double(qi, &f, v);
    }
    if (f.type != 'b' && f.type != 'c' && f.type != 'd' && f.type != 'o' && f.type != 'x' &&
        f.type != 'X' && f.type != 'n') {
        return unknown_type(qi, f.type, o);
    }
    if (f.precision >= 0) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Precision not allowed in integer format specifier");
    }
    if (f.no_neg_zero) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Negative zero coercion (z) not allowed in integer format specifier");
    }
    return f.type == 'c' ? format_char(qi, &f, o) : format_in_locale(qi, &f, o, format_integer);
}

// ---- into a longer text -------------------------------------------------------------------------

// Appends an ASCII number. False: it is too long for that.
static bool append_number(QvStrBuf *b, const Spec *f, const Number *number)
{
    char text[128];
    Layout l = lay_out(f, number);
    if (l.total > (QvSsize)sizeof(text) || write_number(b->qi, text, f, number, &l) < 0) { // (so
                                                                                           // short
                                                                                           // that
                                                                                           // no
                                                                                           // stop
                                                                                           // comes)
        return false;
    }
    qv_strbuf_ascii(b, text, l.total);
    return true;
}

static bool append_str(QvStrBuf *b, const Spec *f, QvObj *o)
{
    if (f->type != 's' || f->sign != 0 || f->alternate || f->align == '=' || f->separator != 0) {
        return false;
    }
    QvSsize n = qv_str_len(o);
    if (f->precision >= 0 && f->precision < n) {
        n = f->precision;
    }
    QvSsize left, right;
    padding(f, n, &left, &right);
    qv_strbuf_fill(b, f->fill, left);
    qv_strbuf_slice(b, o, 0, n);
    qv_strbuf_fill(b, f->fill, right);
    return true;
}

static bool append_int(QvStrBuf *b, const Spec *f, QvObj *o)
{
    if (f->precision >= 0 || (f->type != 'd' && f->type != 'x')) {
        return false;
    }
    bool hex = f->type == 'x';
    char digits[QV_NUM_I64_MAX];
    QvSsize n = qv_num_from_i64(qv_int_value(o), hex ? 16 : 10, digits);
    bool negative = *digits == '-';
    Number number = {.sign = negative ? '-' : 0,
                     .prefix = hex && f->alternate ? "0x" : "",
                     .digits = digits + negative,
                     .ndigits = n - negative,
                     .rest = "",
                     .character = UINT32_MAX};
    return append_number(b, f, &number);
}

static bool append_float(QvStrBuf *b, const Spec *f, QvObj *o)
{
    char text[QV_NUM_FIXED_MAX];
    if (f->type != 'f' || f->alternate || f->precision > QV_NUM_FIXED_PREC) {
        return false;
    }
    int n = qv_num_fixed_double(qv_float_value(o), f->precision < 0 ? 6 : (int)f->precision, text);
    if (n <= 0) {
        return false;
    }
    Number number = split_number(text, n);
    return append_number(b, f, &number);
}

bool qv_format_append(QvStrBuf *b, QvObj *o, const char *spec, QvSsize n)
{
    Spec f;
    const uint8_t *p = (const uint8_t *)spec;
    if (o->type == &qv_str_type) {
        return parse_plain(p, n, &f, 's', '<') && append_str(b, &f, o);
    }
    if (o->type == &qv_int_type && qv_int_is_small(o)) {
        return parse_plain(p, n, &f, 'd', '>') && append_int(b, &f, o);
    }
    return o->type == &qv_float_type && parse_plain(p, n, &f, 0, '>') && append_float(b, &f, o);
}

// ---- complex ------------------------------------------------------------------------------------

static QvObj *format_complex_value(QvInterp *qi, const Spec *f, QvObj *o)
{
    double re = ((QvComplex *)o)->real;
    double im = ((QvComplex *)o)->imag;
    bool skip_re = f->type == 0 && re == 0 && !signbit(re);
    bool parens = f->type == 0 && !skip_re;
    QvObj *ret = NULL;
    QvBuf re_text = {.heap = &qi->heap}, im_text = {.heap = &qi->heap};
    Spec part = *f; // one part: no width
    part.width = -1;
    part.align = '<';
    // Unlike float, the plain form is repr without ".0".
    QvSsize precision = f->precision;
    if (f->type == 0 && precision < 0) {
        unsigned flags = f->no_neg_zero ? QV_NUM_NO_NEG_0 : QV_NUM_PLAIN;
        flags |= f->alternate ? QV_NUM_ALT : QV_NUM_PLAIN;
        qv_num_format_double(&re_text, re, 'r', 0, (QvNumFlags)flags);
        qv_num_format_double(&im_text, im, 'r', 0, (QvNumFlags)flags);
        if (re_text.oom || im_text.oom) {
            qv_raise_oom(qi);
            goto done;
        }
    } else {
        uint32_t type = f->type == 0 ? 'g' : f->type;
        if (float_text(qi, &part, re, type, &re_text) == NULL ||
            float_text(qi, &part, im, type, &im_text) == NULL) {
            goto done;
        }
    }
    Number re_number = split_number(re_text.data, (QvSsize)re_text.len);
    Number im_number = split_number(im_text.data, (QvSsize)im_text.len);
    QvStrBuf inner;
    qv_strbuf_init(qi, &inner);
    if (parens) {
        qv_strbuf_char(&inner, '(');
    }
    if (!skip_re) {
        put_number(&inner, &part, &re_number);
        part.sign = '+';
    }
    put_number(&inner, &part, &im_number);
    qv_strbuf_char(&inner, 'j');
    if (parens) {
        qv_strbuf_char(&inner, ')');
    }
    QvObj *text = qv_strbuf_finish(&inner);
    if (text == NULL) {
        goto done;
    }
    QvSsize left, right;
    padding(f, qv_str_len(text), &left, &right);
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_fill(&b, f->fill, left);
    qv_strbuf_str(&b, text);
    qv_strbuf_fill(&b, f->fill, right);
    qv_decref(qi, text);
    ret = qv_strbuf_finish(&b);
done:
    qv_buf_fini(&re_text);
    qv_buf_fini(&im_text);
    return ret;
}

QvObj *qv_format_complex(QvInterp *qi, QvObj *o, QvObj *spec)
{
    if (qv_str_len(spec) == 0) {
        return qv_str(qi, o);
    }
    Spec f;
    if (parse_spec(qi, o, spec, &f, 0, '>') < 0) {
        return NULL;
    }
    if (f.type != 0 && f.type != 'n' && (!is_float_type(f.type) || f.type == '%')) {
        return unknown_type(qi, f.type, o);
    }
    if (f.fill == '0') {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Zero padding is not allowed in complex format specifier");
    }
    if (f.align == '=') {
        return qv_raise(qi, &qv_exc_ValueError,
                        "'=' alignment flag is not allowed in complex format specifier");
    }
    return format_in_locale(qi, &f, o, format_complex_value);
}

QvObj *qv_float_repr(QvInterp *qi, double v)
{
    char text[QV_NUM_REPR_MAX];
    int n = qv_num_repr_double(v, text);
    return qv_str_new_ascii(qi, text, n);
}
