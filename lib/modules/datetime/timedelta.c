// SPDX-License-Identifier: MIT
// datetime.timedelta. Sums of microseconds need 77 bits: they are computed in 128.
#include <math.h>
#include <stdio.h>

#include "base/hash.h"
#include "modules/datetime/datetime.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

#define MAX_US ((__int128)1 << 100) // beyond any duration; sums below it cannot overflow

// ---- integers of 128 bits -----------------------------------------------------------------------

static QvObj *int_new(QvInterp *qi, __int128 v)
{
    if (v == (int64_t)v) {
        return qv_int_from_i64(qi, (int64_t)v);
    }
    return qv_int_from_bytes(qi, (const uint8_t *)&v, sizeof v, true, true);
}

// False: it does not fit.
static bool int_value(const QvObj *o, __int128 *ret)
{
    int64_t v;
    if (qv_int_as_i64(o, &v)) {
        *ret = v;
        return true;
    }
    if (qv_int_bit_length(o) > 126) {
        return false;
    }
    QvInt *big = (QvInt *)(uintptr_t)o;
    unsigned __int128 mag = big->big->limb[0];
    if (big->big->size > 1 || big->big->size < -1) {
        mag |= (unsigned __int128)big->big->limb[1] << 64;
    }
    *ret = big->big->size < 0 ? -(__int128)mag : (__int128)mag;
    return true;
}

// b > 0
static __int128 floor_div(__int128 a, __int128 b)
{
    __int128 q = a / b;
    return q - (a % b < 0);
}

// To the nearest, halves to the even one. b != 0
static __int128 near_div(__int128 a, __int128 b)
{
    if (b < 0) {
        a = -a;
        b = -b;
    }
    __int128 q = floor_div(a, b), r = a - q * b;
    return q + (r > b - r || (r == b - r && (q & 1)));
}

// ---- making -------------------------------------------------------------------------------------

static QvObj *delta_make(QvInterp *qi, QvType *type, int64_t days, int64_t seconds, int64_t us)
{
    if (us < 0 || us >= QV_US_PER_S) {
        int64_t s = us / QV_US_PER_S - (us % QV_US_PER_S < 0);
        us -= s * QV_US_PER_S;
        seconds += s;
    }
    if (seconds < 0 || seconds >= QV_S_PER_DAY) {
        int64_t d = seconds / QV_S_PER_DAY - (seconds % QV_S_PER_DAY < 0);
        seconds -= d * QV_S_PER_DAY;
        days += d;
    }
    if (days != (int)days) {
        return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    if (days < -QV_DELTA_DAYS || days > QV_DELTA_DAYS) {
        return qv_raise(qi, &qv_exc_OverflowError, "days=%d; must have magnitude <= %d", (int)days,
                        QV_DELTA_DAYS);
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        QvDelta *d = qv_as_delta(o);
        d->days = (int32_t)days;
        d->seconds = (int32_t)seconds;
        d->us = (int32_t)us;
    }
    return o;
}

QvObj *qv_delta_new(QvInterp *qi, int64_t days, int64_t seconds, int64_t us)
{
    return delta_make(qi, &qv_datetime_timedelta_type, days, seconds, us);
}

static QvObj *from_us(QvInterp *qi, QvType *type, __int128 us)
{
    __int128 days = floor_div(us, QV_US_PER_DAY);
    int64_t rest = (int64_t)(us - days * QV_US_PER_DAY);
    if (days != (int64_t)days) {
        days = days < 0 ? INT64_MIN : INT64_MAX; // the message is the same
    }
    return delta_make(qi, type, (int64_t)days, rest / QV_US_PER_S, rest % QV_US_PER_S);
}

static QvObj *too_large(QvInterp *qi)
{
    return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
}

// ---- the constructor ----------------------------------------------------------------------------

// Adds an argument in its unit; what is below a microsecond goes to *rest. 0/-1.
static int add_part(QvInterp *qi, const char *name, QvObj *o, int64_t unit, __int128 *sum,
                    double *rest)
{
    __int128 n;
    double fraction = 0;
    if (qv_is_int(o)) {
        if (!int_value(o, &n)) {
            too_large(qi);
            return -1;
        }
    } else if (qv_is_float(o)) {
        double whole;
        fraction = modf(qv_float_value(o), &whole);
        if (!isfinite(whole)) { // int() has the words
            QvObj *i = qv_int_from_double(qi, whole);
            qv_xdecref(qi, i);
            return -1;
        }
        if (fabs(whole) > 0x1p100) {
            too_large(qi);
            return -1;
        }
        n = (__int128)whole;
    } else {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "unsupported type for timedelta %s component: %T", name, o);
    }
    __int128 product;
    if (__builtin_mul_overflow(n, (__int128)unit, &product) || product > MAX_US ||
        product < -MAX_US) {
        too_large(qi);
        return -1;
    }
    *sum += product;
    if (fraction != 0) {
        double whole;
        *rest += modf((double)unit * fraction, &whole);
        *sum += (__int128)whole;
    }
    return 0;
}

static QvObj *delta_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    // Smallest unit first, as CPython adds them; slot: where it stands in the signature.
    static const struct {
        const char *name;
        int slot;
        int64_t us;
    } parts[] = {
        {"microseconds", 2, 1},
        {"milliseconds", 3, 1000},
        {"seconds", 1, QV_US_PER_S},
        {"minutes", 4, INT64_C(60) * QV_US_PER_S},
        {"hours", 5, INT64_C(3600) * QV_US_PER_S},
        {"days", 0, QV_US_PER_DAY},
        {"weeks", 6, 7 * QV_US_PER_DAY},
    };
    QvObj *slots[7];
    if (qv_args(qi,
                "__new__(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, "
                "weeks=0)",
                args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    __int128 sum = 0;
    double rest = 0;
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        QvObj *o = slots[parts[k].slot];
        if (o && add_part(qi, parts[k].name, o, parts[k].us, &sum, &rest) < 0) {
            return NULL;
        }
    }
    if (rest != 0) {
        // Halves go to the even sum, not to the even rest.
        double whole = round(rest);
        if (fabs(whole - rest) == 0.5) {
            int odd = (int)(sum & 1);
            whole = 2.0 * round((rest + odd) * 0.5) - odd;
        }
        sum += (__int128)whole;
    }
    return from_us(qi, type, sum);
}

// ---- arithmetic ---------------------------------------------------------------------------------

static QvObj *delta_add(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_delta(v) || !qv_is_delta(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvDelta *a = qv_as_delta(v), *b = qv_as_delta(w);
    return qv_delta_new(qi, (int64_t)a->days + b->days, a->seconds + b->seconds, a->us + b->us);
}

QvObj *qv_delta_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvDelta *a = qv_as_delta(v), *b = qv_as_delta(w);
    return qv_delta_new(qi, (int64_t)a->days - b->days, a->seconds - b->seconds, a->us - b->us);
}

static QvObj *delta_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_is_delta(v) && qv_is_delta(w) ? qv_delta_sub(qi, v, w) : QV_NOTIMPLEMENTED;
}

static QvObj *delta_neg(QvInterp *qi, QvObj *o)
{
    QvDelta *d = qv_as_delta(o);
    return qv_delta_new(qi, -(int64_t)d->days, -d->seconds, -d->us);
}

static QvObj *delta_pos(QvInterp *qi, QvObj *o)
{
    QvDelta *d = qv_as_delta(o);
    return qv_delta_new(qi, d->days, d->seconds, d->us);
}

static QvObj *delta_abs(QvInterp *qi, QvObj *o)
{
    return qv_as_delta(o)->days < 0 ? delta_neg(qi, o) : delta_pos(qi, o);
}

static int delta_bool(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return !qv_delta_is_zero(qv_as_delta(o));
}

// a / b to the nearest, both Python ints; both are dropped.
static QvObj *near_div_ints(QvInterp *qi, QV_STOLEN QvObj *a, QV_STOLEN QvObj *b)
{
    QvObj *ret = NULL, *pair = a && b ? qv_int_divmod(qi, a, b) : NULL;
    if (pair) {
        QvObj *q = qv_tuple_peek(pair, 0), *r = qv_tuple_peek(pair, 1);
        QvObj *twice = qv_int_add(qi, r, r);
        if (twice) {
            // The remainder has the divisor's sign.
            int c = qv_int_compare(twice, b) * qv_int_sign(b);
            bool up = c > 0 || (c == 0 && (qv_int_as_u64_mask(q) & 1));
            QvObj *one = up ? qv_int_from_i64(qi, 1) : NULL;
            ret = !up ? qv_new_ref(qi, q) : one ? qv_int_add(qi, q, one) : NULL;
            qv_xdecref(qi, one);
            qv_decref(qi, twice);
        }
    }
    qv_xdecref(qi, pair);
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return ret;
}

// The delta times (over: divided by) a float, exactly and then rounded.
static QvObj *scale_by_float(QvInterp *qi, QvObj *delta, QvObj *f, bool over)
{
    QvObj *ratio = qv_call_method0(qi, f, QV_N(as_integer_ratio));
    if (!ratio) {
        return NULL;
    }
    if (!qv_is_tuple(ratio)) {
        qv_raise(qi, &qv_exc_TypeError,
                 "unexpected return type from as_integer_ratio(): expected tuple, got '%T'", ratio);
        qv_decref(qi, ratio);
        return NULL;
    }
    if (qv_tuple_len(ratio) != 2) {
        qv_raise(qi, &qv_exc_ValueError, "as_integer_ratio() must return a 2-tuple");
        qv_decref(qi, ratio);
        return NULL;
    }
    QvObj *up = qv_tuple_peek(ratio, over ? 1 : 0), *down = qv_tuple_peek(ratio, over ? 0 : 1);
    QvObj *ret = NULL;
    if (!qv_is_int(up) || !qv_is_int(down)) {
        qv_raise(qi, &qv_exc_TypeError, "as_integer_ratio() must return two integers");
    } else {
        QvObj *us = int_new(qi, qv_delta_us(qv_as_delta(delta)));
        QvObj *product = us ? qv_int_mul(qi, us, up) : NULL;
        qv_xdecref(qi, us);
        QvObj *q = near_div_ints(qi, product, qv_new_ref(qi, down));
        __int128 n;
        if (q) {
            ret = int_value(q, &n) ? from_us(qi, &qv_datetime_timedelta_type, n) : too_large(qi);
            qv_decref(qi, q);
        }
    }
    qv_decref(qi, ratio);
    return ret;
}

static QvObj *delta_mul(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_delta(v)) {
        QvObj *t = v;
        v = w;
        w = t;
    }
    if (qv_is_float(w)) {
        return scale_by_float(qi, v, w, false);
    }
    if (!qv_is_int(w)) {
        return QV_NOTIMPLEMENTED;
    }
    __int128 us = qv_delta_us(qv_as_delta(v)), n, product;
    if (!int_value(w, &n)) {
        return us == 0 ? qv_delta_new(qi, 0, 0, 0) : too_large(qi);
    }
    return __builtin_mul_overflow(us, n, &product)
               ? too_large(qi)
               : from_us(qi, &qv_datetime_timedelta_type, product);
}

static QvObj *no_zero(QvInterp *qi, const char *text)
{
    return qv_raise(qi, &qv_exc_ZeroDivisionError, "%s", text);
}

static QvObj *delta_floordiv(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_delta(v) || (!qv_is_delta(w) && !qv_is_int(w))) {
        return QV_NOTIMPLEMENTED;
    }
    __int128 a = qv_delta_us(qv_as_delta(v)), b;
    if (qv_is_delta(w)) {
        b = qv_delta_us(qv_as_delta(w));
    } else if (!int_value(w, &b)) {
        b = qv_int_sign(w) * MAX_US; // larger than any duration: it has the same quotient
    }
    if (b == 0) {
        return no_zero(qi, "integer division or modulo by zero");
    }
    __int128 q = b < 0 ? floor_div(-a, -b) : floor_div(a, b);
    return qv_is_delta(w) ? int_new(qi, q) : from_us(qi, &qv_datetime_timedelta_type, q);
}

static QvObj *delta_truediv(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_delta(v)) {
        return QV_NOTIMPLEMENTED;
    }
    __int128 a = qv_delta_us(qv_as_delta(v)), b;
    if (qv_is_delta(w)) {
        QvObj *x = int_new(qi, a), *y = int_new(qi, qv_delta_us(qv_as_delta(w)));
        QvObj *ret = x && y ? qv_int_truediv(qi, x, y) : NULL;
        qv_xdecref(qi, x);
        qv_xdecref(qi, y);
        return ret;
    }
    if (qv_is_float(w)) {
        return scale_by_float(qi, v, w, true);
    }
    if (!qv_is_int(w)) {
        return QV_NOTIMPLEMENTED;
    }
    if (!int_value(w, &b)) {
        b = qv_int_sign(w) * MAX_US;
    }
    return b == 0 ? no_zero(qi, "integer division or modulo by zero")
                  : from_us(qi, &qv_datetime_timedelta_type, near_div(a, b));
}

// Quotient and remainder of two durations; the latter has the divisor's sign. False: by zero.
static bool divide(QvObj *v, QvObj *w, __int128 *ret_q, __int128 *ret_r)
{
    __int128 a = qv_delta_us(qv_as_delta(v)), b = qv_delta_us(qv_as_delta(w));
    if (b == 0) {
        return false;
    }
    *ret_q = b < 0 ? floor_div(-a, -b) : floor_div(a, b);
    *ret_r = a - *ret_q * b;
    return true;
}

static QvObj *delta_mod(QvInterp *qi, QvObj *v, QvObj *w)
{
    __int128 q, r;
    if (!qv_is_delta(v) || !qv_is_delta(w)) {
        return QV_NOTIMPLEMENTED;
    }
    return divide(v, w, &q, &r) ? from_us(qi, &qv_datetime_timedelta_type, r)
                                : no_zero(qi, "integer modulo by zero");
}

static QvObj *delta_divmod(QvInterp *qi, QvObj *v, QvObj *w)
{
    __int128 q, r;
    if (!qv_is_delta(v) || !qv_is_delta(w)) {
        return QV_NOTIMPLEMENTED;
    }
    if (!divide(v, w, &q, &r)) {
        return no_zero(qi, "integer division or modulo by zero");
    }
    QvObj *x = int_new(qi, q), *y = from_us(qi, &qv_datetime_timedelta_type, r);
    QvObj *ret = x && y ? qv_tuple_of(qi, 2, x, y) : NULL;
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return ret;
}

// ---- comparing, text, state ---------------------------------------------------------------------

static QvObj *delta_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    (void)qi;
    if (!qv_is_delta(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvDelta *a = qv_as_delta(v), *b = qv_as_delta(w);
    int order = a->days != b->days         ? (a->days < b->days ? -1 : 1)
                : a->seconds != b->seconds ? (a->seconds < b->seconds ? -1 : 1)
                                           : a->us - b->us;
    return qv_dt_order(order, op);
}

static QvHash delta_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    QvDelta *d = qv_as_delta(o);
    uint64_t acc = qv_hash_tuple_start();
    acc = qv_hash_tuple_add(acc, qv_hash_i64(d->days));
    acc = qv_hash_tuple_add(acc, qv_hash_i64(d->seconds));
    acc = qv_hash_tuple_add(acc, qv_hash_i64(d->us));
    return qv_hash_tuple_end(acc, 3);
}

static QvObj *delta_repr(QvInterp *qi, QvObj *o)
{
    QvDelta *d = qv_as_delta(o);
    char text[96];
    int n = 0;
    const char *comma = "";
    if (d->days) {
        n += snprintf(text, sizeof text, "days=%d", d->days);
        comma = ", ";
    }
    if (d->seconds) {
        n += snprintf(text + n, sizeof text - (size_t)n, "%sseconds=%d", comma, d->seconds);
        comma = ", ";
    }
    if (d->us) {
        n += snprintf(text + n, sizeof text - (size_t)n, "%smicroseconds=%d", comma, d->us);
    }
    return qv_str_format(qi, "%T(%s)", o, n ? text : "0");
}

static QvObj *delta_str(QvInterp *qi, QvObj *o)
{
    QvDelta *d = qv_as_delta(o);
    char text[64];
    int n = 0;
    if (d->days) {
        n = snprintf(text, sizeof text, "%d day%s, ", d->days,
                     d->days == 1 || d->days == -1 ? "" : "s");
    }
    n += snprintf(text + n, sizeof text - (size_t)n, "%d:%02d:%02d", d->seconds / 3600,
                  d->seconds / 60 % 60, d->seconds % 60);
    if (d->us) {
        n += snprintf(text + n, sizeof text - (size_t)n, ".%06d", d->us);
    }
    return qv_str_new_ascii(qi, text, n);
}

static QvObj *delta_total_seconds(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    __int128 us = qv_delta_us(qv_as_delta(self));
    if (us < (INT64_C(1) << 53) && us > -(INT64_C(1) << 53)) { // both are exact doubles
        return qv_float_new(qi, (double)(int64_t)us / QV_US_PER_S);
    }
    QvObj *x = int_new(qi, us), *y = qv_int_from_i64(qi, QV_US_PER_S);
    QvObj *ret = x && y ? qv_int_truediv(qi, x, y) : NULL;
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return ret;
}

static QvObj *delta_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvDelta *d = qv_as_delta(self);
    QvObj *days = qv_int_from_i64(qi, d->days), *seconds = qv_int_from_i64(qi, d->seconds),
          *us = qv_int_from_i64(qi, d->us);
    QvObj *state = days && seconds && us ? qv_tuple_of(qi, 3, days, seconds, us) : NULL;
    QvObj *ret = state ? qv_tuple_of(qi, 2, self->type, state) : NULL;
    qv_xdecref(qi, days);
    qv_xdecref(qi, seconds);
    qv_xdecref(qi, us);
    qv_xdecref(qi, state);
    return ret;
}

static QvObj *get_days(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, qv_as_delta(o)->days); }
static QvObj *get_seconds(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_as_delta(o)->seconds);
}
static QvObj *get_us(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, qv_as_delta(o)->us); }

// ---- constants of the class ---------------------------------------------------------------------

static QV_SEALED QvDelta delta_min = {.h = QV_STATIC_HEADER(&qv_datetime_timedelta_type),
                                      .days = -QV_DELTA_DAYS};
static QV_SEALED QvDelta delta_max = {.h = QV_STATIC_HEADER(&qv_datetime_timedelta_type),
                                      .days = QV_DELTA_DAYS,
                                      .seconds = QV_S_PER_DAY - 1,
                                      .us = QV_US_PER_S - 1};
static QV_SEALED QvDelta tick = {.h = QV_STATIC_HEADER(&qv_datetime_timedelta_type), .us = 1};

static QvObj *get_min(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &delta_min.h;
}
static QvObj *get_max(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &delta_max.h;
}
QvObj *qv_delta_get_tick(QvInterp *qi, QvObj *type)
{
    (void)qi, (void)type;
    return &tick.h;
}

static const QvNativeDef methods[] = {
    {"total_seconds", delta_total_seconds, "($self, /)", "Total seconds in the duration."},
    {"__reduce__", delta_reduce, "($self, /)", "__reduce__() -> (cls, state)"},
    {0},
};

static const QvGetSet getsets[] = {
    {"days", get_days, NULL, "Number of days.", false},
    {"seconds", get_seconds, NULL, "Number of seconds (>= 0 and less than 1 day).", false},
    {"microseconds", get_us, NULL, "Number of microseconds (>= 0 and less than 1 second).", false},
    {"min", get_min, NULL, NULL, true},
    {"max", get_max, NULL, NULL, true},
    {"resolution", qv_delta_get_tick, NULL, NULL, true},
    {0},
};

QV_SEALED QvType qv_datetime_timedelta_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "datetime.timedelta",
    .id = QV_TID_datetime_timedelta,
    .flags = QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvDelta),
    .doc = "Difference between two datetime values.\n\n"
           "timedelta(days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, "
           "weeks=0)\n\n"
           "All arguments are optional and default to 0.\n"
           "Arguments may be integers or floats, and may be positive or negative.",
    .methods = methods,
    .getsets = getsets,
    .new_ = delta_new,
    .repr = delta_repr,
    .str = delta_str,
    .hash = delta_hash,
    .richcmp = delta_richcmp,
    .add = delta_add,
    .sub = delta_sub,
    .mul = delta_mul,
    .truediv = delta_truediv,
    .floordiv = delta_floordiv,
    .mod = delta_mod,
    .divmod = delta_divmod,
    .neg = delta_neg,
    .pos = delta_pos,
    .abs = delta_abs,
    .bool_ = delta_bool,
};
