// SPDX-License-Identifier: MIT
// complex: two doubles and Python's arithmetic on them.
#include <float.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/numtext.h"
#include "object/descr.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/int_internal.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Pair {
    double re, im;
} Pair;

static inline Pair value_of(const QvObj *o)
{
    return (Pair){((const QvComplex *)o)->real, ((const QvComplex *)o)->imag};
}

QvObj *qv_complex_new(QvInterp *qi, double re, double im)
{
    QvComplex *o = qv_heap_alloc(&qi->heap, sizeof(QvComplex));
    if (QV_UNLIKELY(!o)) {
        return qv_raise_oom(qi);
    }
    memcpy(&o->h, &qi->header, sizeof(qi->header));
    o->h.type = &qv_complex_type;
    o->real = re;
    o->imag = im;
    return &o->h;
}

static inline QvObj *from_pair(QvInterp *qi, Pair p) { return qv_complex_new(qi, p.re, p.im); }

// An instance of type (complex or a subclass).
static QvObj *make(QvInterp *qi, QvType *type, Pair p)
{
    if (type == &qv_complex_type) {
        return from_pair(qi, p);
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        ((QvComplex *)o)->real = p.re;
        ((QvComplex *)o)->imag = p.im;
    }
    return o;
}

// ---- arithmetic ---------------------------------------------------------------------------------

// Operand of complex arithmetic: 1, 0 for other types, -1 (an int too large).
static int operand(QvInterp *qi, QvObj *o, Pair *ret)
{
    ret->im = 0.0;
    if (qv_is_complex(o)) {
        *ret = value_of(o);
        return 1;
    }
    if (qv_is_float(o)) {
        ret->re = qv_float_value(o);
        return 1;
    }
    if (qv_is_int(o)) {
        return qv_int_to_double(qi, o, &ret->re) < 0 ? -1 : 1;
    }
    return 0;
}

static bool operands(QvInterp *qi, QvObj *v, QvObj *w, Pair *ret_a, Pair *ret_b, QvObj **ret_other)
{
    int r = operand(qi, v, ret_a);
    if (r > 0) {
        r = operand(qi, w, ret_b);
    }
    *ret_other = r < 0 ? NULL : QV_NOTIMPLEMENTED;
    return r > 0;
}

static inline Pair product(Pair a, Pair b)
{
    return (Pair){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}

// a / b scaled by the larger part of b (Smith), so that squares do not overflow. false: b is 0.
static bool quotient(Pair a, Pair b, Pair *ret)
{
    double re_size = fabs(b.re), im_size = fabs(b.im);
    if (re_size >= im_size) {
        if (re_size == 0.0) {
            *ret = (Pair){0.0, 0.0};
            return false;
        }
        double ratio = b.im / b.re;
        double denominator = b.re + b.im * ratio;
        *ret = (Pair){(a.re + a.im * ratio) / denominator, (a.im - a.re * ratio) / denominator};
    } else if (im_size >= re_size) {
        double ratio = b.re / b.im;
        double denominator = b.re * ratio + b.im;
        *ret = (Pair){(a.re * ratio + a.im) / denominator, (a.im * ratio - a.re) / denominator};
    } else {
        *ret = (Pair){NAN, NAN}; // a part of b is NaN
    }
    return true;
}

static QvObj *complex_add(QvInterp *qi, QvObj *v, QvObj *w)
{
    Pair a, b;
    QvObj *other;
    return operands(qi, v, w, &a, &b, &other) ? qv_complex_new(qi, a.re + b.re, a.im + b.im)
                                              : other;
}

static QvObj *complex_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    Pair a, b;
    QvObj *other;
    return operands(qi, v, w, &a, &b, &other) ? qv_complex_new(qi, a.re - b.re, a.im - b.im)
                                              : other;
}

static QvObj *complex_mul(QvInterp *qi, QvObj *v, QvObj *w)
{
    Pair a, b;
    QvObj *other;
    return operands(qi, v, w, &a, &b, &other) ? from_pair(qi, product(a, b)) : other;
}

static QvObj *complex_truediv(QvInterp *qi, QvObj *v, QvObj *w)
{
    Pair a, b, r;
    QvObj *other;
    if (!operands(qi, v, w, &a, &b, &other)) {
        return other;
    }
    if (!quotient(a, b, &r)) {
        return qv_raise(qi, &qv_exc_ZeroDivisionError, "complex division by zero");
    }
    return from_pair(qi, r);
}

// a ** n by squaring; n >= 0.
static Pair whole_power(Pair a, long n)
{
    Pair r = {1.0, 0.0};
    for (long bit = 1; bit <= n; bit <<= 1) {
        if (n & bit) {
            r = product(r, a);
        }
        a = product(a, a);
    }
    return r;
}

QvObj *qv_complex_pow(QvInterp *qi, double a_re, double a_im, double b_re, double b_im)
{
    Pair a = {a_re, a_im}, r;
    bool domain = false; // no value: division by zero
    if (b_im == 0.0 && b_re == floor(b_re) && fabs(b_re) <= 100.0) {
        if (b_re > 0) {
            r = whole_power(a, (long)b_re);
        } else {
            domain = !quotient((Pair){1.0, 0.0}, whole_power(a, (long)-b_re), &r);
        }
    } else if (b_re == 0.0 && b_im == 0.0) {
        r = (Pair){1.0, 0.0};
    } else if (a_re == 0.0 && a_im == 0.0) {
        domain = b_im != 0.0 || b_re < 0.0;
        r = (Pair){0.0, 0.0};
    } else {
        double size = hypot(a_re, a_im);
        double length = pow(size, b_re);
        double angle = atan2(a_im, a_re);
        double phase = angle * b_re;
        if (b_im != 0.0) {
            length /= exp(angle * b_im);
            phase += b_im * log(size);
        }
        r = (Pair){length * cos(phase), length * sin(phase)};
        domain = isinf(phase);
    }
    if (domain) {
        return qv_raise(qi, &qv_exc_ZeroDivisionError, "0.0 to a negative or complex power");
    }
    if (isinf(r.re) || isinf(r.im)) {
        return qv_raise(qi, &qv_exc_OverflowError, "complex exponentiation");
    }
    return from_pair(qi, r);
}

static QvObj *complex_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *z)
{
    Pair a, b;
    QvObj *other;
    if (!operands(qi, v, w, &a, &b, &other)) {
        return other;
    }
    if (z != QV_NONE) {
        return qv_raise(qi, &qv_exc_ValueError, "complex modulo");
    }
    return qv_complex_pow(qi, a.re, a.im, b.re, b.im);
}

// ---- unary and basic slots ----------------------------------------------------------------------

static QvObj *complex_exact(QvInterp *qi, QvObj *o)
{
    return o->type == &qv_complex_type ? qv_new_ref(qi, o) : from_pair(qi, value_of(o));
}

static QvObj *complex_neg(QvInterp *qi, QvObj *o)
{
    Pair p = value_of(o);
    return qv_complex_new(qi, -p.re, -p.im);
}

static QvObj *complex_abs(QvInterp *qi, QvObj *o)
{
    Pair p = value_of(o);
    double r = hypot(p.re, p.im);
    if (isinf(r) && isfinite(p.re) && isfinite(p.im)) {
        return qv_raise(qi, &qv_exc_OverflowError, "absolute value too large");
    }
    return qv_float_new(qi, r);
}

static int complex_bool(QvInterp *qi, QvObj *o)
{
    (void)qi;
    Pair p = value_of(o);
    return p.re != 0.0 || p.im != 0.0;
}

static QvObj *complex_repr(QvInterp *qi, QvObj *o)
{
    Pair p = value_of(o);
    QvBuf b = {0};
    bool whole = p.re != 0.0 || signbit(p.re);
    if (whole) {
        qv_buf_append_char(&b, '(');
        qv_num_format_double(&b, p.re, 'r', 0, QV_NUM_PLAIN);
    }
    qv_num_format_double(&b, p.im, 'r', 0, whole ? QV_NUM_SIGN : QV_NUM_PLAIN);
    qv_buf_append_cstr(&b, whole ? "j)" : "j");
    QvObj *ret = b.oom ? qv_raise_oom(qi) : qv_str_new_ascii(qi, b.data, (QvSsize)b.len);
    qv_buf_fini(&b);
    return ret;
}

static QvHash hash_part(QvObj *o, double v)
{
    return isnan(v) ? qv_hash_ptr(o) : qv_hash_double(v);
}

static QvHash complex_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    Pair p = value_of(o);
    QvHash h = (QvHash)((uint64_t)hash_part(o, p.re) + QV_HASH_IMAG * (uint64_t)hash_part(o, p.im));
    return h == -1 ? -2 : h;
}

static QvObj *complex_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    (void)qi;
    if (op != QV_EQ && op != QV_NE) {
        return QV_NOTIMPLEMENTED;
    }
    Pair a = value_of(v);
    bool equal;
    if (qv_is_complex(w)) {
        Pair b = value_of(w);
        equal = a.re == b.re && a.im == b.im;
    } else if (qv_is_int(w)) {
        // Without rounding the int.
        equal = a.im == 0.0 && !isnan(a.re) && qv_int_compare_double(w, a.re) == 0;
    } else if (qv_is_float(w)) {
        equal = a.im == 0.0 && a.re == qv_float_value(w);
    } else {
        return QV_NOTIMPLEMENTED;
    }
    return qv_bool(equal == (op == QV_EQ));
}

// ---- construction -------------------------------------------------------------------------------

static inline bool is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

static const char *skip_spaces(const char *p, const char *end)
{
    while (p < end && is_space(*p)) {
        p++;
    }
    return p;
}

// The end of a number from p, or p itself when there is none.
static const char *scan(const char *p, const char *end, double *ret)
{
    const char *stop = qv_num_scan_double(p, end, ret);
    return stop ? stop : p;
}

// [(] a | bj | a+bj [)] with white space around and inside the parentheses.
static bool parse_pair(const char *p, const char *end, Pair *ret)
{
    double v;
    *ret = (Pair){0.0, 0.0};
    p = skip_spaces(p, end);
    bool bracket = p < end && *p == '(';
    if (bracket) {
        p = skip_spaces(p + 1, end);
    }
    const char *q = scan(p, end, &v);
    bool imaginary = true;
    if (q != p) {
        p = q;
        if (p < end && (*p == '+' || *p == '-')) {
            ret->re = v;
            q = scan(p, end, &ret->im);
            if (q == p) {
                ret->im = *p == '+' ? 1.0 : -1.0;
                q = p + 1;
            }
            p = q;
        } else if (p < end && (*p | 32) == 'j') {
            ret->im = v;
        } else {
            ret->re = v;
            imaginary = false;
        }
    } else {
        ret->im = 1.0;
        if (p < end && (*p == '+' || *p == '-')) {
            ret->im = *p++ == '+' ? 1.0 : -1.0;
        }
    }
    if (imaginary) {
        if (p >= end || (*p | 32) != 'j') {
            return false;
        }
        p++;
    }
    p = skip_spaces(p, end);
    if (bracket) {
        if (p >= end || *p != ')') {
            return false;
        }
        p = skip_spaces(p + 1, end);
    }
    return p == end;
}

static QvObj *from_str(QvInterp *qi, QvType *type, QvObj *s)
{
    const char *text;
    QvSsize n;
    char *block, *stripped;
    if (qv_number_text(qi, s, &text, &n, &block) < 0) {
        return NULL;
    }
    QvSsize length = n;
    QvObj *ret = NULL;
    Pair p;
    int r = qv_float_strip_underscores(qi, text, n, &stripped, &length);
    const char *clean = r == 1 ? stripped : text;
    char room[QV_FLOAT_SHORT_MAX];
    if (QV_UNLIKELY(r >= 0 && length > QV_FLOAT_LONG)) {
        r = qv_float_shorten(qi, clean, length, room, &length);
        clean = r == 0 ? room : "?"; // 1: nothing that is a number
        length = r == 0 ? length : 1;
    }
    if (r != -1) {
        if (r == -2) {
            qv_raise(qi, &qv_exc_ValueError, "could not convert string to complex: %R", s);
        } else if (!parse_pair(clean, clean + length, &p)) {
            qv_raise(qi, &qv_exc_ValueError, "complex() arg is a malformed string");
        } else {
            ret = make(qi, type, p);
        }
    }
    if (stripped) {
        qv_free(qi, stripped, (size_t)n + 1);
    }
    if (block) {
        qv_free(qi, block, (size_t)n + 1);
    }
    return ret;
}

// o.__complex__(): 1 *ret is a complex, 0 there is none, -1 error.
static int by_special(QvInterp *qi, QvObj *o, QvObj **ret)
{
    QvObj *method;
    int has = qv_lookup_special(qi, o, QV_N(__complex__), &method);
    if (has <= 0) {
        return has;
    }
    QvObj *r = qv_call0(qi, method);
    qv_decref(qi, method);
    if (!r) {
        return -1;
    }
    if (r->type != &qv_complex_type) {
        if (!qv_is_complex(r)) {
            qv_raise(qi, &qv_exc_TypeError, "__complex__ returned non-complex (type %.200T)", r);
            qv_decref(qi, r);
            return -1;
        }
        if (qv_warn(qi, &qv_exc_DeprecationWarning, 1,
                    "__complex__ returned non-complex (type %.200T).  The ability to return an "
                    "instance of a "
                    "strict subclass of complex is deprecated, and may be removed in a "
                    "future version of "
                    "Python.",
                    r) < 0) {
            qv_decref(qi, r);
            return -1;
        }
    }
    *ret = r;
    return 1;
}

static bool is_number(const QvObj *o)
{
    return qv_is_complex(o) || o->type->to_float || o->type->index;
}

// The value of an argument. 0/-1.
static int part_of(QvInterp *qi, QvObj *o, Pair *ret)
{
    if (qv_is_complex(o)) {
        *ret = value_of(o);
        return 0;
    }
    QvObj *f = qv_to_float(qi, o);
    if (!f) {
        return -1;
    }
    *ret = (Pair){qv_float_value(f), 0.0};
    qv_decref(qi, f);
    return 0;
}

static QvObj *complex_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    QvObj *slots[2] = {NULL, NULL};
    if (qv_args(qi, "complex(real=0, imag=0)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *r = slots[0], *i = slots[1];
    if (r && !i && r->type == &qv_complex_type && type == &qv_complex_type) {
        return qv_new_ref(qi, r);
    }
    if (r && qv_is_str(r)) {
        if (i) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "complex() can't take second arg if first is a string");
        }
        return from_str(qi, type, r);
    }
    if (i && qv_is_str(i)) {
        return qv_raise(qi, &qv_exc_TypeError, "complex() second arg can't be a string");
    }
    QvObj *special = NULL;
    if (r && r->type != &qv_complex_type) {
        if (by_special(qi, r, &special) < 0) {
            return NULL;
        }
        r = special ? special : r;
    }
    QvObj *ret = NULL;
    Pair a = {0.0, 0.0}, b = {0.0, 0.0};
    if (r && !is_number(r)) {
        qv_raise(qi, &qv_exc_TypeError,
                 "complex() first argument must be a string or a number, not '%.200T'", r);
    } else if (i && !is_number(i)) {
        qv_raise(qi, &qv_exc_TypeError, "complex() second argument must be a number, not '%.200T'",
                 i);
    } else if ((r == NULL || part_of(qi, r, &a) == 0) && (i == NULL || part_of(qi, i, &b) == 0)) {
        // real + imag * 1j, where zeros that were not given leave signs alone.
        Pair sum = {a.re, i ? b.re : a.im};
        if (i && qv_is_complex(i)) {
            sum.re -= b.im;
        }
        if (i && r && qv_is_complex(r)) {
            sum.im += a.im;
        }
        ret = make(qi, type, sum);
    }
    qv_xdecref(qi, special);
    return ret;
}

static void complex_dealloc(QvInterp *qi, QvObj *o)
{
    qv_heap_free(&qi->heap, o, sizeof(QvComplex));
}

// ---- methods ------------------------------------------------------------------------------------

static QvObj *complex_conjugate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    Pair p = value_of(self);
    return qv_complex_new(qi, p.re, -p.im);
}

static QvObj *complex_complex(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return complex_exact(qi, self);
}

static QvObj *complex_getnewargs(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    Pair p = value_of(self);
    QvObj *re = qv_float_new(qi, p.re);
    QvObj *im = re ? qv_float_new(qi, p.im) : NULL;
    QvObj *ret = im ? qv_tuple_of(qi, 2, re, im) : NULL;
    qv_xdecref(qi, re);
    qv_xdecref(qi, im);
    return ret;
}

static QvObj *complex_format(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "__format__() argument must be str, not %s",
                        qv_arg_type_name(args[0]));
    }
    return qv_format_complex(qi, self, args[0]);
}

static QvObj *complex_get_real(QvInterp *qi, QvObj *o)
{
    return qv_float_new(qi, ((QvComplex *)o)->real);
}

static QvObj *complex_get_imag(QvInterp *qi, QvObj *o)
{
    return qv_float_new(qi, ((QvComplex *)o)->imag);
}

static const QvNativeDef complex_methods[] = {
    {"conjugate", complex_conjugate, "($self, /)",
     "Return the complex conjugate of its argument. (3-4j).conjugate() == 3+4j."},
    {"__complex__", complex_complex, "($self, /)", "Convert this value to exact type complex."},
    {"__getnewargs__", complex_getnewargs, "($self, /)", NULL},
    {"__format__", complex_format, "($self, format_spec, /)",
     "Convert to a string according to format_spec."},
    {0},
};

static const QvGetSet complex_getsets[] = {
    {"real", complex_get_real, qv_getset_readonly, "the real part of a complex number"},
    {"imag", complex_get_imag, qv_getset_readonly, "the imaginary part of a complex number"},
    {0},
};

QV_SEALED QvType qv_complex_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "complex",
    .id = QV_TID_complex,
    .flags = QV_T_BASE | QV_T_IMMUTABLE,
    .size = sizeof(QvComplex),
    .base = &qv_object_type,
    .doc = "complex(real=0, imag=0)\n--\n\n"
           "Create a complex number from a real part and an optional imaginary part.\n\n"
           "This is equivalent to (real + imag*1j) where imag defaults to 0.",
    .methods = complex_methods,
    .getsets = complex_getsets,
    .new_ = complex_make,
    .dealloc = complex_dealloc,
    .repr = complex_repr,
    .hash = complex_hash,
    .richcmp = complex_richcmp,
    .add = complex_add,
    .sub = complex_sub,
    .mul = complex_mul,
    .truediv = complex_truediv,
    .pow = complex_pow,
    .neg = complex_neg,
    .pos = complex_exact,
    .abs = complex_abs,
    .bool_ = complex_bool,
};
