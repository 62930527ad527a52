// SPDX-License-Identifier: MIT
// Out-of-line bodies of instructions: arithmetic, comparison, containers, building.
//
// Each works on the caller's registers and honours the TAKE flags. Operands stay in their registers
// while Python code may run: nothing but the frame itself changes its registers, and the frame is
// suspended.
#include "object/bytes.h"
#include "object/float.h"
#include "object/set.h"
#include "object/str_units.h"
#include "vm/eval_internal.h"

// ---- arithmetic ---------------------------------------------------------------------------------

// Float results of float and small-int operands, without allocation when the register's box can be
// reused: 1 done, 0 not ours.
static QV_ALWAYS_INLINE int mixed_float(QvInterp *qi, QvObj **r, QvInstr i, QvBinOp op, QvObj *v,
                                        QvObj *w)
{
    double x, y;
    if (v->type == &qv_float_type) {
        x = qv_float_value(v);
    } else if (v->type == &qv_int_type) {
        x = (double)qv_int_value(v);
    } else {
        return 0;
    }
    if (w->type == &qv_float_type) {
        y = qv_float_value(w);
    } else if (w->type == &qv_int_type && v->type == &qv_float_type) {
        y = (double)qv_int_value(w);
    } else {
        return 0;
    }
    switch (op) {
    case QV_BIN_ADD: x += y; break;
    case QV_BIN_SUB: x -= y; break;
    case QV_BIN_MUL: x *= y; break;
    case QV_BIN_TRUEDIV:
        if (y == 0.0) {
            return 0;
        }
        x /= y;
        break;
    default: return 0;
    }
    return qv_reg_put_float(qi, &r[i.a], x) < 0 ? -1 : 1;
}

// A number as a complex one. False: not one of the exact types, or not in 64 bits.
static inline bool complex_parts(const QvObj *o, double *re, double *im)
{
    *im = 0.0;
    if (o->type == &qv_complex_type) {
        *re = ((const QvComplex *)o)->real;
        *im = ((const QvComplex *)o)->imag;
    } else if (o->type == &qv_float_type) {
        *re = qv_float_value(o);
    } else if (o->type == &qv_int_type) {
        *re = (double)qv_int_value(o);
    } else {
        return false;
    }
    return true;
}

// The same for complex numbers.
static QV_NOINLINE int mixed_complex(QvInterp *qi, QvObj **r, QvInstr i, QvBinOp op, QvObj *v,
                                     QvObj *w)
{
    double a, b, c, d;
    if (!complex_parts(v, &a, &b) || !complex_parts(w, &c, &d)) {
        return 0;
    }
    double re, im;
    switch (op) {
    case QV_BIN_ADD:
        re = a + c;
        im = b + d;
        break;
    case QV_BIN_SUB:
        re = a - c;
        im = b - d;
        break;
    case QV_BIN_MUL:
        re = a * c - b * d;
        im = a * d + b * c;
        break;
    default: return 0;
    }
    QvObj *old = r[i.a];
    if (old != NULL && old->type == &qv_complex_type && old->refs == 1) {
        qv_check_owner(qi, old);
        ((QvComplex *)old)->real = re;
        ((QvComplex *)old)->imag = im;
        return 1;
    }
    QvObj *x = qv_complex_new(qi, re, im);
    if (!x) {
        return -1;
    }
    qv_reg_put(qi, &r[i.a], x);
    return 1;
}

static inline bool has_complex(const QvObj *v, const QvObj *w)
{
    return v->type == &qv_complex_type || w->type == &qv_complex_type;
}

// v op w, exact ints of any size without a look at their types' slots.
static QvObj *apply(QvInterp *qi, QvInstr i, QvBinOp op, QvObj *v, QvObj *w)
{
    if (qv_is_int_exact(v) && qv_is_int_exact(w)) {
        switch (op) {
        case QV_BIN_ADD: return qv_int_add(qi, v, w);
        case QV_BIN_SUB: return qv_int_sub(qi, v, w);
        case QV_BIN_MUL: return qv_int_mul(qi, v, w);
        case QV_BIN_FLOORDIV: return qv_int_floordiv(qi, v, w);
        case QV_BIN_MOD: return qv_int_mod(qi, v, w);
        default: break;
        }
    }
    return (i.flags & QV_INPLACE) ? qv_inplace(qi, op, v, w) : qv_binary(qi, op, v, w);
}

// v op w for operands that are no plain numbers. Out of line, to keep what those need short.
static QV_NOINLINE int binary_general(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvBinOp op,
                                      QvObj *v, QvObj *w, QvFrame **ret_new)
{
    QvObj **r = f->regs;
    if (has_complex(v, w)) {
        int done = mixed_complex(qi, r, i, op, v, w);
        if (done != 0) {
            return done < 0 ? -1 : 0;
        }
    }
    if (((v->type->flags | w->type->flags) & QV_T_HEAP) &&
        (*ret_new = qv_special_binary(qi, ts, f, i, op, v, w)) != NULL) {
        return 1;
    }
    QvObj *x;
    if (op == QV_BIN_ADD && qv_is_list_exact(v) && qv_is_list_exact(w) && !(i.flags & QV_INPLACE)) {
        x = qv_list_concat_dying(qi, v, i.flags & QV_TAKE_B, w, i.flags & QV_TAKE_C);
    } else {
        x = apply(qi, i, op, v, w);
    }
    if (!x) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

int qv_slow_binary(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvBinOp op,
                   QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    QvObj *v = r[i.b], *w = r[i.c];
    qv_spec_binary(&pc[-1], op, v, w);
    int done = mixed_float(qi, r, i, op, v, w);
    if (done != 0) {
        return done < 0 ? -1 : 0; // operands are numbers: they may stay
    }
    return binary_general(qi, ts, f, i, op, v, w, ret_new);
}

int qv_slow_binary_imm(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvBinOp op,
                       QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    QvObj *v = r[i.b];
    QvObj *w = qv_int_from_i64(qi, (int16_t)i.c);
    if (!w) {
        return -1;
    }
    if ((v->type->flags & QV_T_HEAP) &&
        (*ret_new = qv_special_binary(qi, ts, f, i, op, v, w)) != NULL) {
        qv_decref(qi, w);
        return 1;
    }
    int done = v->type == &qv_float_type     ? mixed_float(qi, r, i, op, v, w)
               : v->type == &qv_complex_type ? mixed_complex(qi, r, i, op, v, w)
                                             : 0;
    if (done == 0) {
        QvObj *x = apply(qi, i, op, v, w);
        done = x ? 1 : -1;
        if (x) {
            qv_take(qi, r, i, QV_TAKE_B);
            qv_reg_put(qi, &r[i.a], x);
        }
    }
    qv_decref(qi, w);
    return done < 0 ? -1 : 0;
}

int qv_slow_unary(QvInterp *qi, QvObj **r, QvInstr *pc, QvUnaryFn fn)
{
    QvInstr i = pc[-1];
    QvObj *x = fn(qi, r[i.b]);
    if (!x) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

// ---- comparison ---------------------------------------------------------------------------------

int qv_slow_compare(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvCmpOp op,
                    QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    if (r[i.b]->type->flags & QV_T_HEAP) {
        *ret_new = qv_special_compare(qi, ts, f, i.a, QV_FRAME_OPERATOR, op, r[i.b], r[i.c]);
        if (*ret_new) {
            return 1;
        }
    }
    QvObj *x = qv_compare(qi, r[i.b], r[i.c], op);
    if (!x) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static int test(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    QvObj *x = qv_compare(qi, v, w, op);
    if (!x) {
        return -1;
    }
    int truth = x == QV_TRUE ? 1 : x == QV_FALSE ? 0 : qv_is_true(qi, x);
    qv_decref(qi, x);
    return truth;
}

int qv_slow_test(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvCmpOp op, QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    if (r[i.a]->type->flags & QV_T_HEAP) {
        *ret_new = qv_special_compare(qi, ts, f, 0, QV_FRAME_RESULT, op, r[i.a], r[i.b]);
        if (*ret_new) {
            return 2;
        }
    }
    int truth = test(qi, r[i.a], r[i.b], op);
    if (truth >= 0) {
        qv_take(qi, r, i, QV_TAKE_A | QV_TAKE_B);
    }
    return truth;
}

int qv_slow_test_imm(QvInterp *qi, QvObj **r, QvInstr *pc, QvCmpOp op)
{
    QvInstr i = pc[-1];
    QvObj *w = qv_int_from_i64(qi, (int16_t)i.b);
    if (!w) {
        return -1;
    }
    int truth = test(qi, r[i.a], w, op);
    qv_decref(qi, w);
    if (truth >= 0 && (i.flags & QV_TAKE_A)) {
        qv_reg_drop(qi, &r[i.a]);
    }
    return truth;
}

int qv_slow_contains(QvInterp *qi, QvObj **r, QvInstr *pc, int container, int item, unsigned taken)
{
    QvInstr i = pc[-1];
    QvObj *o = r[container], *x = r[item];
    int found;
    if (qv_is_str_exact(o) && qv_is_str_exact(x) && qv_str_len(x) == 1 && qv_str_kind(o) == 0 &&
        qv_str_kind(x) == 0 && qv_str_len(o) <= QV_POLL_SLICE) {
        // One narrow character in a short text, as lexers ask.
        found = qv_find_byte(qv_str_data(o), qv_str_len(o), *(const uint8_t *)qv_str_data(x)) >= 0;
    } else {
        found = qv_contains(qi, o, x);
    }
    if (found >= 0) {
        qv_take(qi, r, i, taken);
    }
    return found;
}

// ---- subscripts ---------------------------------------------------------------------------------

int qv_slow_getitem(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    if ((r[i.b]->type->flags & QV_T_HEAP) &&
        (*ret_new = qv_special_getitem(qi, ts, f, i, r[i.b], r[i.c])) != NULL) {
        return 1;
    }
    qv_spec_getitem(&pc[-1], r[i.b], r[i.c]);
    QvObj *x = qv_getitem(qi, r[i.b], r[i.c]);
    if (!x) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

int qv_slow_setitem(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    if ((r[i.a]->type->flags & QV_T_HEAP) &&
        (*ret_new = qv_special_setitem(qi, ts, f, r[i.a], r[i.b], r[i.c])) != NULL) {
        return 1;
    }
    qv_spec_setitem(&pc[-1], r[i.a], r[i.b]);
    if (qv_setitem(qi, r[i.a], r[i.b], r[i.c]) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_A);
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    return 0;
}

// A number as a bound of a sequence of len items.
static inline QvSsize clip(QvSsize v, QvSsize len)
{
    v = v < 0 ? v + len : v;
    return v < 0 ? 0 : v > len ? len : v;
}

// A bound of x[a:b], clipped to 0..len: None or an exact int of 64 bits. False: any other object.
static bool plain_bound(const QvObj *o, QvSsize len, QvSsize absent, QvSsize *ret)
{
    if (o == QV_NONE) {
        *ret = absent;
        return true;
    }
    if (o->type != &qv_int_type) {
        return false;
    }
    *ret = clip(qv_int_value(o), len);
    return true;
}

static bool plain_bounds(QvObj *const *bounds, QvSsize len, QvSsize *ret_start, QvSsize *ret_stop)
{
    if (!plain_bound(bounds[0], len, 0, ret_start) || !plain_bound(bounds[1], len, len, ret_stop)) {
        return false;
    }
    if (*ret_stop < *ret_start) {
        *ret_stop = *ret_start;
    }
    return true;
}

// The length of a sequence that plain_slice takes; -1: of anything else.
static inline QvSsize slice_len(const QvObj *o)
{
    return o->type == &qv_dict_type ? -1 : qv_plain_len(o);
}

static inline QvObj *plain_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize stop)
{
    const QvType *t = o->type;
    return t == &qv_list_type    ? qv_list_slice(qi, o, start, stop)
           : t == &qv_str_type   ? qv_str_slice(qi, o, start, stop)
           : t == &qv_tuple_type ? qv_tuple_slice(qi, o, start, stop)
                                 : qv_bytes_slice(qi, o, start, stop);
}

static QvObj *get_slice(QvInterp *qi, QvObj *o, QvObj *const *bounds)
{
    QvSsize start, stop, len = slice_len(o);
    if (len >= 0 && plain_bounds(bounds, len, &start, &stop)) {
        return plain_slice(qi, o, start, stop);
    }
    QvObj *slice = qv_slice_new(qi, bounds[0], bounds[1], NULL);
    QvObj *x = slice ? qv_getitem(qi, o, slice) : NULL;
    qv_xdecref(qi, slice);
    return x;
}

int qv_slow_getitem_slice(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *x = get_slice(qi, r[i.b], &r[i.c]);
    if (!x) {
        return -1;
    }
    qv_regs_drop(qi, &r[i.c], 2);
    qv_take(qi, r, i, QV_TAKE_B);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

// x[::-1].
static QvObj *reversed(QvInterp *qi, QvObj *o)
{
    if (qv_is_str_exact(o) && qv_str_is_ascii(o) && qv_str_len(o) <= QV_POLL_SLICE) {
        return qv_str_reverse_ascii(qi, o);
    }
    QvObj *step = qv_int_from_i64(qi, -1);
    QvObj *slice = step ? qv_slice_new(qi, NULL, NULL, step) : NULL;
    QvObj *x = slice ? qv_getitem(qi, o, slice) : NULL;
    qv_xdecref(qi, slice);
    qv_xdecref(qi, step);
    return x;
}

// A bound of -128 stands for one that is not there, a low one of -127 for [::-1].
int qv_slow_getitem_slice_k(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *o = r[i.b], *x;
    int8_t low = (int8_t)(i.c & 0xFF), high = (int8_t)(i.c >> 8);
    QvSsize len = slice_len(o);
    if (low == -127) {
        x = reversed(qi, o);
    } else if (QV_LIKELY(len >= 0)) {
        QvSsize start = low == INT8_MIN ? 0 : clip(low, len);
        QvSsize stop = high == INT8_MIN ? len : clip(high, len);
        x = plain_slice(qi, o, start, stop < start ? start : stop);
    } else {
        QvObj *bounds[2] = {low == INT8_MIN ? QV_NONE : qv_int_from_i64(qi, low),
                            high == INT8_MIN ? QV_NONE : qv_int_from_i64(qi, high)};
        x = bounds[0] && bounds[1] ? get_slice(qi, o, bounds) : NULL;
        qv_xdecref(qi, bounds[0]);
        qv_xdecref(qi, bounds[1]);
    }
    if (!x) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

int qv_slow_setitem_slice(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *o = r[i.a];
    QvSsize start, stop;
    int result = -1;
    if (o->type == &qv_list_type && plain_bounds(&r[i.b], qv_list_len(o), &start, &stop)) {
        result = qv_list_set_slice(qi, o, start, stop, r[i.c]);
    } else {
        QvObj *slice = qv_slice_new(qi, r[i.b], r[i.b + 1], NULL);
        result = slice ? qv_setitem(qi, o, slice, r[i.c]) : -1;
        qv_xdecref(qi, slice);
    }
    if (result < 0) {
        return -1;
    }
    qv_regs_drop(qi, &r[i.b], 2);
    qv_take(qi, r, i, QV_TAKE_A | QV_TAKE_C);
    return 0;
}

int qv_slow_delitem(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    if (qv_delitem(qi, r[i.a], r[i.b]) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_A | QV_TAKE_B);
    return 0;
}

// ---- getattr() ----------------------------------------------------------------------------------

QvObj *qv_slow_getattr(QvInterp *qi, QvObj *getattr, QvObj *const *args, QvSsize n)
{
    QvObj *o = args[0], *name = args[1];
    bool plain = name->type == &qv_str_type && qv_str_is_interned(name);
    if (plain && n == 3) { // mostly the attribute is not there: nothing to remember
        QvObj *value;
        int found = qv_getattr_try(qi, o, name, &value);
        if (found <= 0) {
            return found < 0 ? NULL : qv_new_ref(qi, args[2]);
        }
        qv_spec_load_attr_any(qi, o, name);
        return value;
    }
    if (plain) {
        qv_spec_load_attr_any(qi, o, name);
    }
    return qv_builtin_type.call(qi, getattr, args, n, NULL);
}

// ---- iteration ----------------------------------------------------------------------------------

int qv_slow_for_iter(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *it = r[i.b];
    if (QV_UNLIKELY(!it->type->next)) { // the class has lost its __next__ meanwhile
        return qv_raise_int(qi, &qv_exc_TypeError, "'%.200T' object is not iterable", it);
    }
    QvObj *x = it->type->next(qi, it);
    if (x) {
        qv_reg_put(qi, &r[i.a], x);
        return 1;
    }
    return qv_for_iter_end(qi, &r[i.b]);
}

int qv_for_iter_end(QvInterp *qi, QvObj **slot)
{
    if (qi->ts->exc) {
        if (!qv_err_matches(qi, &qv_exc_StopIteration)) {
            return -1;
        }
        qv_err_clear(qi);
    }
    qv_clear(qi, slot);
    return 0;
}

int qv_slow_unpack(QvInterp *qi, QvObj **r, QvInstr *pc, bool star)
{
    QvInstr i = pc[-1];
    QvSsize before = star ? (i.c & 0xFF) : i.c;
    QvSsize after = star ? (i.c >> 8) : -1;
    QvSsize n = star ? before + 1 + after : before;
    QvObj *few[16];
    QvObj **items = few;
    if (n > 16) {
        items = qv_alloc(qi, (size_t)n * sizeof *items);
        if (!items) {
            return -1;
        }
    }
    int result = qv_unpack_iterable(qi, r[i.b], before, after, items);
    if (result == 0) {
        qv_take(qi, r, i, QV_TAKE_B);
        for (QvSsize j = 0; j < n; j++) {
            qv_reg_put(qi, &r[i.a + j], items[j]);
        }
    }
    if (items != few) {
        qv_free(qi, items, (size_t)n * sizeof *items);
    }
    return result;
}

// ---- building -----------------------------------------------------------------------------------

// Different names, as in most displays and calls: no look-up tells more.
static bool are_different_names(QvObj *const *items, unsigned n)
{
    for (unsigned j = 0; j < n; j++) {
        const QvObj *key = items[2 * j];
        if (key->type != &qv_str_type || !qv_str_is_interned(key)) {
            return false;
        }
        for (unsigned k = 0; k < j; k++) {
            if (items[2 * k] == key) {
                return false;
            }
        }
    }
    return true;
}

static QvObj *build_dict(QvInterp *qi, QvObj **items, unsigned n)
{
    if (n > 0 && n <= 8 && are_different_names(items, n)) {
        return qv_dict_from_names(qi, items, n);
    }
    return qv_dict_from_pairs(qi, items, n);
}

int qv_slow_build(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **items = &r[i.b];
    unsigned n = i.c;
    QvObj *x;
    switch (i.op) {
    case QV_INS_BUILD_SET: x = qv_set_from_array(qi, items, n); break;
    case QV_INS_BUILD_DICT:
        x = build_dict(qi, items, n); // (registers it has taken are NULL)
        n *= 2;
        break;
    default: x = qv_str_join_array(qi, items, n); break;
    }
    if (!x) {
        return -1;
    }
    qv_regs_drop(qi, items, n);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

int qv_slow_list_extend(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *it = r[i.b];
    if (qv_list_extend_packing(qi, r[i.a], it) < 0) {
        if (qv_err_matches(qi, &qv_exc_TypeError) && !it->type->iter && !qv_is_sequence(it)) {
            qv_err_clear(qi);
            qv_raise(qi, &qv_exc_TypeError, "Value after * must be an iterable, not %T", it);
        }
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B);
    return 0;
}

int qv_slow_dict_update(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *other = r[i.b];
    if (!qv_is_dict(other)) {
        QvObj *keys;
        int found = qv_getattr_try(qi, other, QV_N(keys), &keys);
        if (found < 0) {
            return -1;
        }
        if (!found) {
            qv_raise(qi, &qv_exc_TypeError, "'%T' object is not a mapping", other);
            return -1;
        }
        qv_decref(qi, keys);
    }
    if (qv_dict_update(qi, r[i.a], other) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B);
    return 0;
}
