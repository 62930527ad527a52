// SPDX-License-Identifier: MIT
// float: IEEE doubles, their arithmetic by Python's rules, comparison with ints without rounding.
#include "object/float.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "object/int.h"
#include "object/int_internal.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

QV_HOT QvObj *qv_float_new(QvInterp *qi, double v)
{
    QvFloat *o = qv_heap_alloc(&qi->heap, sizeof(QvFloat));
    if (QV_UNLIKELY(!o)) {
        return qv_raise_oom(qi);
    }
    memcpy(&o->h, &qi->header, sizeof(qi->header));
    o->h.type = &qv_float_type;
    o->value = v;
    return &o->h;
}

// Operand of float arithmetic: 1, 0 for other types, -1 (an int too large).
static inline int operand(QvInterp *qi, QvObj *o, double *ret)
{
    if (QV_LIKELY(qv_is_float(o))) {
        *ret = qv_float_value(o);
        return 1;
    }
    if (qv_is_int(o)) {
        return qv_int_to_double(qi, o, ret) < 0 ? -1 : 1;
    }
    return 0;
}

// Both operands, or what the slot answers instead in *ret_other.
static inline bool operands(QvInterp *qi, QvObj *v, QvObj *w, double *ret_a, double *ret_b,
                            QvObj **ret_other)
{
    int r = operand(qi, v, ret_a);
    if (r > 0) {
        r = operand(qi, w, ret_b);
    }
    *ret_other = r < 0 ? NULL : QV_NOTIMPLEMENTED;
    return r > 0;
}

// ---- arithmetic ---------------------------------------------------------------------------------

static QvObj *float_add(QvInterp *qi, QvObj *v, QvObj *w)
{
    double a, b;
    QvObj *other;
    return operands(qi, v, w, &a, &b, &other) ? qv_float_new(qi, a + b) : other;
}

static QvObj *float_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    double a, b;
    QvObj *other;
    return operands(qi, v, w, &a, &b, &other) ? qv_float_new(qi, a - b) : other;
}

static QvObj *float_mul(QvInterp *qi, QvObj *v, QvObj *w)
{
    double a, b;
    QvObj *other;
    return operands(qi, v, w, &a, &b, &other) ? qv_float_new(qi, a * b) : other;
}

static QvObj *zero_division(QvInterp *qi, const char *text)
{
    return qv_raise(qi, &qv_exc_ZeroDivisionError, "%s", text);
}

static QvObj *float_truediv(QvInterp *qi, QvObj *v, QvObj *w)
{
    double a, b;
    QvObj *other;
    if (!operands(qi, v, w, &a, &b, &other)) {
        return other;
    }
    return b == 0 ? zero_division(qi, "float division by zero") : qv_float_new(qi, a / b);
}

// Quotient and remainder with the divisor's sign; b is not 0. The quotient goes to the nearest
// whole number first, since (a - mod) / b may be a little off.
static void float_divmod_parts(double a, double b, double *ret_div, double *ret_mod)
{
    double mod = fmod(a, b);
    double div = (a - mod) / b;
    if (mod != 0) {
        if ((b < 0) != (mod < 0)) {
            mod += b;
            div -= 1.0;
        }
    } else {
        mod = copysign(0.0, b);
    }
    double whole;
    if (div != 0) {
        whole = floor(div);
        if (div - whole > 0.5) {
            whole += 1.0;
        }
    } else {
        whole = copysign(0.0, a / b);
    }
    *ret_div = whole;
    *ret_mod = mod;
}

int qv_float_divmod(QvInterp *qi, double v, double w, double *ret_div, double *ret_mod)
{
    if (w == 0) {
        zero_division(qi, "float divmod()");
        return -1;
    }
    float_divmod_parts(v, w, ret_div, ret_mod);
    return 0;
}

static QvObj *float_floordiv(QvInterp *qi, QvObj *v, QvObj *w)
{
    double a, b, div, mod;
    QvObj *other;
    if (!operands(qi, v, w, &a, &b, &other)) {
        return other;
    }
    if (b == 0) {
        return zero_division(qi, "float floor division by zero");
    }
    float_divmod_parts(a, b, &div, &mod);
    return qv_float_new(qi, div);
}

static QvObj *float_mod(QvInterp *qi, QvObj *v, QvObj *w)
{
    double a, b, div, mod;
    QvObj *other;
    if (!operands(qi, v, w, &a, &b, &other)) {
        return other;
    }
    if (b == 0) {
        return zero_division(qi, "float modulo");
    }
    float_divmod_parts(a, b, &div, &mod);
    return qv_float_new(qi, mod);
}

static QvObj *float_divmod(QvInterp *qi, QvObj *v, QvObj *w)
{
    double a, b, div, mod;
    QvObj *other;
    if (!operands(qi, v, w, &a, &b, &other)) {
        return other;
    }
    if (qv_float_divmod(qi, a, b, &div, &mod) < 0) {
        return NULL;
    }
    QvObj *q = qv_float_new(qi, div);
    QvObj *r = q ? qv_float_new(qi, mod) : NULL;
    QvObj *ret = r ? qv_tuple_of(qi, 2, q, r) : NULL;
    qv_xdecref(qi, q);
    qv_xdecref(qi, r);
    return ret;
}

// OverflowError(34, 'Numerical result out of range'), as the C library's error would be told.
static QvObj *range_error(QvInterp *qi)
{
    QvObj *text = qv_str_new_cstr(qi, "Numerical result out of range");
    QvObj *code = qv_int_from_i64(qi, 34);
    QvObj *exc = text && code ? qv_call2(qi, &qv_exc_OverflowError.h, code, text) : NULL;
    qv_xdecref(qi, text);
    qv_xdecref(qi, code);
    return exc ? qv_raise_exc(qi, exc) : NULL;
}

static inline bool is_odd(double v) { return fmod(fabs(v), 2.0) == 1.0; }

QvObj *qv_float_pow(QvInterp *qi, double v, double w)
{
    // The special cases are those of C99's pow; they are spelt out since an infinite result of
    // finite operands must be told from an infinite operand.
    if (QV_LIKELY(v > 0 && v <= DBL_MAX && w > 0 && w <= DBL_MAX)) {
        double r = pow(v, w);
        return QV_UNLIKELY(isinf(r)) ? range_error(qi) : qv_float_new(qi, r);
    }
    if (w == 0) {
        return qv_float_new(qi, 1.0);
    }
    if (isnan(v)) {
        return qv_float_new(qi, v);
    }
    if (isnan(w)) {
        return qv_float_new(qi, v == 1.0 ? 1.0 : w);
    }
    if (isinf(w)) {
        double size = fabs(v);
        return qv_float_new(qi, size == 1.0 ? 1.0 : (w > 0) == (size > 1.0) ? fabs(w) : 0.0);
    }
    if (isinf(v)) {
        bool odd = is_odd(w);
        if (w > 0) {
            return qv_float_new(qi, odd ? v : fabs(v));
        }
        return qv_float_new(qi, odd ? copysign(0.0, v) : 0.0);
    }
    if (v == 0) {
        if (w < 0) {
            return zero_division(qi, "0.0 cannot be raised to a negative power");
        }
        return qv_float_new(qi, is_odd(w) ? v : 0.0);
    }
    bool negate = false;
    if (v < 0) {
        if (w != floor(w)) {
            return qv_complex_pow(qi, v, 0.0, w, 0.0);
        }
        v = -v;
        negate = is_odd(w);
    }
    double r = v == 1.0 ? 1.0 : pow(v, w);
    if (isinf(r)) {
        return range_error(qi);
    }
    return qv_float_new(qi, negate ? -r : r);
}

static QvObj *float_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *z)
{
    if (z != QV_NONE) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "pow() 3rd argument not allowed unless all arguments are integers");
    }
    double a, b;
    QvObj *other;
    return operands(qi, v, w, &a, &b, &other) ? qv_float_pow(qi, a, b) : other;
}

// ---- unary and basic slots ----------------------------------------------------------------------

// The plain float of the same value.
static QvObj *float_exact(QvInterp *qi, QvObj *o)
{
    return qv_is_float_exact(o) ? qv_new_ref(qi, o) : qv_float_new(qi, qv_float_value(o));
}

static QvObj *float_neg(QvInterp *qi, QvObj *o) { return qv_float_new(qi, -qv_float_value(o)); }

static QvObj *float_abs(QvInterp *qi, QvObj *o)
{
    return qv_float_new(qi, fabs(qv_float_value(o)));
}

static int float_bool(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_float_value(o) != 0;
}

static QvObj *float_to_int(QvInterp *qi, QvObj *o)
{
    return qv_int_from_double(qi, qv_float_value(o));
}

static QvObj *float_repr(QvInterp *qi, QvObj *o) { return qv_float_repr(qi, qv_float_value(o)); }

static QvHash float_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    double v = qv_float_value(o);
    return isnan(v) ? qv_hash_ptr(o) : qv_hash_double(v);
}

static QvObj *float_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    (void)qi;
    double a = qv_float_value(v);
    int c;
    if (QV_LIKELY(qv_is_float(w))) {
        double b = qv_float_value(w);
        switch (op) {
        case QV_LT: return qv_bool(a < b);
        case QV_LE: return qv_bool(a <= b);
        case QV_EQ: return qv_bool(a == b);
        case QV_NE: return qv_bool(a != b);
        case QV_GT: return qv_bool(a > b);
        default: return qv_bool(a >= b);
        }
    }
    if (!qv_is_int(w)) {
        return QV_NOTIMPLEMENTED;
    }
    if (isnan(a)) {
        return qv_bool(op == QV_NE);
    }
    c = -qv_int_compare_double(w, a);
    switch (op) {
    case QV_LT: return qv_bool(c < 0);
    case QV_LE: return qv_bool(c <= 0);
    case QV_EQ: return qv_bool(c == 0);
    case QV_NE: return qv_bool(c != 0);
    case QV_GT: return qv_bool(c > 0);
    default: return qv_bool(c >= 0);
    }
}

// ---- construction -------------------------------------------------------------------------------

static QvObj *float_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    // A subclass with its own __init__ may take what it likes by keyword.
    bool lenient = type != &qv_float_type && type->init != qv_float_type.init;
    if (qv_ctor_check(qi, "float", nargs, 0, 1, lenient ? NULL : kwnames) < 0) {
        return NULL;
    }
    QvObj *plain = nargs ? qv_to_float(qi, args[0]) : qv_float_new(qi, 0.0);
    if (plain == NULL || type == &qv_float_type) {
        return plain;
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        ((QvFloat *)o)->value = qv_float_value(plain);
    }
    qv_decref(qi, plain);
    return o;
}

static void float_dealloc(QvInterp *qi, QvObj *o) { qv_heap_free(&qi->heap, o, sizeof(QvFloat)); }

// ---- methods ------------------------------------------------------------------------------------

static QvObj *float_self(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return float_exact(qi, self);
}

static QvObj *float_trunc(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_int_from_double(qi, qv_float_value(self));
}

static QvObj *float_floor(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_int_from_double(qi, floor(qv_float_value(self)));
}

static QvObj *float_ceil(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_int_from_double(qi, ceil(qv_float_value(self)));
}

static QvObj *float_round(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    double v = qv_float_value(self);
    if (args[0] == NULL || args[0] == QV_NONE) {
        return qv_int_from_double(qi, rint(v)); // half to even
    }
    return qv_float_round_digits(qi, v, args[0]);
}

static QvObj *float_as_integer_ratio(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    double v = qv_float_value(self);
    if (isinf(v)) {
        return qv_raise(qi, &qv_exc_OverflowError, "cannot convert Infinity to integer ratio");
    }
    if (isnan(v)) {
        return qv_raise(qi, &qv_exc_ValueError, "cannot convert NaN to integer ratio");
    }
    int exponent;
    int64_t m = (int64_t)ldexp(frexp(v, &exponent), 53);
    exponent -= 53;
    int twos = m == 0 ? 0 : __builtin_ctzll((uint64_t)m);
    if (m == 0) {
        exponent = 0;
    } else if (exponent < 0) {
        int common = twos < -exponent ? twos : -exponent;
        m /= (int64_t)1 << common;
        exponent += common;
    }
    QvObj *ret = NULL;
    QvObj *mantissa = qv_int_from_i64(qi, m);
    QvObj *one = qv_int_from_i64(qi, 1);
    QvObj *shift = qv_int_from_i64(qi, exponent < 0 ? -exponent : exponent);
    QvObj *shifted = mantissa && shift ? qv_int_lshift(qi, exponent < 0 ? one : mantissa, shift)
                                       : NULL;
    if (shifted) {
        ret = exponent < 0 ? qv_tuple_of(qi, 2, mantissa, shifted)
                           : qv_tuple_of(qi, 2, shifted, one);
    }
    qv_xdecref(qi, mantissa);
    qv_xdecref(qi, shift);
    qv_xdecref(qi, shifted);
    return ret;
}

static QvObj *float_is_integer(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi;
    (void)args;
    (void)nargs;
    double v = qv_float_value(self);
    return qv_bool(isfinite(v) && floor(v) == v);
}

static QvObj *float_hex(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_float_hex(qi, qv_float_value(self));
}

static QvObj *float_fromhex(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    double v = 0.0;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "bad argument type for built-in operation");
    }
    if (qv_float_from_hex(qi, args[0], &v) < 0) {
        return NULL;
    }
    QvObj *ret = qv_float_new(qi, v);
    if (ret && type != &qv_float_type.h) {
        qv_set_take(qi, &ret, qv_call1(qi, type, ret));
    }
    return ret;
}

static QvObj *float_getnewargs(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *plain = float_exact(qi, self);
    QvObj *ret = qv_tuple_of(qi, 1, plain);
    qv_xdecref(qi, plain);
    return ret;
}

static QvObj *float_getformat(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs)
{
    (void)type;
    (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "__getformat__() argument must be str, not %s",
                        qv_arg_type_name(args[0]));
    }
    if (!qv_str_eq_ascii(args[0], "double") && !qv_str_eq_ascii(args[0], "float")) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "__getformat__() argument 1 must be 'double' or 'float'");
    }
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    return qv_str_new_cstr(qi, "IEEE, little-endian");
#else
    return qv_str_new_cstr(qi, "IEEE, big-endian");
#endif
}

static QvObj *float_format(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "__format__() argument must be str, not %s",
                        qv_arg_type_name(args[0]));
    }
    return qv_format_float(qi, self, args[0]);
}

static QvObj *float_get_imag(QvInterp *qi, QvObj *o)
{
    (void)o;
    return qv_float_new(qi, 0.0);
}

static const QvNativeDef float_methods[] = {
    {"conjugate", float_self, "($self, /)", "Return self, the complex conjugate of any float."},
    {"__trunc__", float_trunc, "($self, /)", "Return the Integral closest to x between 0 and x."},
    {"__floor__", float_floor, "($self, /)", "Return the floor as an Integral."},
    {"__ceil__", float_ceil, "($self, /)", "Return the ceiling as an Integral."},
    {"__round__", float_round, "($self, ndigits=None, /)",
     "Return the Integral closest to x, rounding half toward even.\n\n"
     "When an argument is passed, work like built-in round(x, ndigits)."},
    {"as_integer_ratio", float_as_integer_ratio, "($self, /)",
     "Return a pair of integers, whose ratio is exactly equal to the float, with a positive "
     "denominator."},
    {"fromhex", float_fromhex, "($type, string, /)",
     "Create a floating-point number from a hexadecimal string."},
    {"hex", float_hex, "($self, /)",
     "Return a hexadecimal representation of a floating-point number."},
    {"is_integer", float_is_integer, "($self, /)", "Return True if the float is an integer."},
    {"__getnewargs__", float_getnewargs, "($self, /)", NULL},
    {"__getformat__", float_getformat, "($type, typestr, /)",
     "Tells how the C type 'double' or 'float' is stored: 'IEEE, little-endian' or 'IEEE, "
     "big-endian'."},
    {"__format__", float_format, "($self, format_spec, /)",
     "Formats the float according to format_spec."},
    {0},
};

static const QvGetSet float_getsets[] = {
    {"real", float_exact, NULL, "the real part of a complex number"},
    {"imag", float_get_imag, NULL, "the imaginary part of a complex number"},
    {0},
};

QV_SEALED QvType qv_float_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "float",
    .id = QV_TID_float,
    .flags = QV_T_BASE | QV_T_MATCH_SELF | QV_T_IMMUTABLE,
    .size = sizeof(QvFloat),
    .base = &qv_object_type,
    .doc =
        "float(x=0, /)\n--\n\nConvert a string or number to a floating point number, if possible.",
    .methods = float_methods,
    .getsets = float_getsets,
    .new_ = float_make,
    .dealloc = float_dealloc,
    .repr = float_repr,
    .hash = float_hash,
    .richcmp = float_richcmp,
    .add = float_add,
    .sub = float_sub,
    .mul = float_mul,
    .truediv = float_truediv,
    .floordiv = float_floordiv,
    .mod = float_mod,
    .divmod = float_divmod,
    .pow = float_pow,
    .neg = float_neg,
    .pos = float_exact,
    .abs = float_abs,
    .to_int = float_to_int,
    .to_float = float_exact,
    .bool_ = float_bool,
};
