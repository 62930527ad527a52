// SPDX-License-Identifier: MIT
// The module _bisect: binary search in, and insertion into, sorted sequences.
#include "modules/modules.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/list_numbers.h"
#include "object/protocol.h"

// The slots of all four functions: (a, x, lo=0, hi=None, *, key=None).
enum { ARG_A, ARG_X, ARG_LO, ARG_HI, ARG_KEY };

static QvObj *item_at(QvInterp *qi, QvObj *a, QvSsize i, QvObj *key)
{
    QvObj *item = NULL;
    if (qv_is_list_exact(a)) {
        item = i < qv_list_len(a) ? qv_list_at(qi, a, i)
                                  : qv_raise(qi, &qv_exc_IndexError, "list index out of range");
    } else {
        item = qv_is_dict(a) ? qv_raise(qi, &qv_exc_TypeError, "%T is not a sequence", a)
                             : qv_getitem_i(qi, a, i);
    }
    if (item && key) {
        QvObj *value = qv_call1(qi, key, item);
        qv_decref(qi, item);
        item = value;
    }
    return item;
}

// x < a[i] (right) or a[i] < x, where that runs nothing: 1 or 0; else -1.
static int less_quickly(const QvObj *a, QvSsize i, const QvObj *x, bool right)
{
    if (!qv_is_list_exact(a) || i >= qv_list_len(a)) {
        return -1;
    }
    if (!qv_list_is_packed(a)) {
        const QvObj *item = qv_list_peek(a, i);
        return right ? qv_key_less(x, item) : qv_key_less(item, x);
    }
    const QvNumbers *n = qv_numbers_of(a);
    if (n->kind == QV_NUM_F64 || x->type != &qv_int_type) {
        return -1;
    }
    int64_t item = qv_numbers_int(n, i), value = qv_int_value(x);
    return right ? value < item : item < value;
}

// Where x belongs: behind its equals (right) or before them. -1 with an exception.
static QvSsize search(QvInterp *qi, QvObj *const *args, QvObj *x, bool right)
{
    QvObj *a = args[ARG_A], *key = args[ARG_KEY] == QV_NONE ? NULL : args[ARG_KEY];
    QvSsize lo = 0, hi = -1;
    if (args[ARG_LO] && qv_index_ssize(qi, args[ARG_LO], &lo, &qv_exc_OverflowError) < 0) {
        return -1;
    }
    if (args[ARG_HI] && args[ARG_HI] != QV_NONE) {
        if (!qv_is_int(args[ARG_HI]) && !args[ARG_HI]->type->index) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "argument should be integer or None, not '%.200T'", args[ARG_HI]);
        }
        if (qv_index_ssize(qi, args[ARG_HI], &hi, &qv_exc_OverflowError) < 0) {
            return -1;
        }
    }
    if (lo < 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "lo must be non-negative");
    }
    if (hi == -1 && (hi = qv_len(qi, a)) < 0) {
        return -1;
    }
    while (lo < hi) {
        QvSsize middle = lo + (hi - lo) / 2;
        int quick = key ? -1 : less_quickly(a, middle, x, right);
        if (QV_LIKELY(quick >= 0)) {
            hi = (quick != 0) == right ? middle : hi;
            lo = (quick != 0) == right ? lo : middle + 1;
            continue;
        }
        QvObj *item = item_at(qi, a, middle, key);
        if (!item) {
            return -1;
        }
        int less = right ? qv_compare_bool(qi, x, item, QV_LT)
                         : qv_compare_bool(qi, item, x, QV_LT);
        qv_decref(qi, item);
        if (less < 0) {
            return -1;
        }
        if ((less != 0) == right) {
            hi = middle;
        } else {
            lo = middle + 1;
        }
    }
    return lo;
}

static QvObj *bisect(QvInterp *qi, QvObj *const *args, bool right)
{
    QvSsize at = search(qi, args, args[ARG_X], right);
    return at < 0 ? NULL : qv_int_from_i64(qi, at);
}

static QvObj *insort(QvInterp *qi, QvObj *const *args, bool right)
{
    QvObj *x = args[ARG_X], *key = args[ARG_KEY];
    x = key && key != QV_NONE ? qv_call1(qi, key, x) : qv_new_ref(qi, x);
    QvSsize at = x ? search(qi, args, x, right) : -1;
    qv_xdecref(qi, x);
    if (at < 0) {
        return NULL;
    }
    if (qv_is_list_exact(args[ARG_A])) {
        return qv_list_insert(qi, args[ARG_A], at, args[ARG_X]) < 0 ? NULL : QV_NONE;
    }
    QvObj *call[2] = {qv_int_from_i64(qi, at), args[ARG_X]};
    QvObj *ret = call[0] ? qv_call_method(qi, args[ARG_A], QV_N(insert), call, 2) : NULL;
    qv_xdecref(qi, call[0]);
    qv_xdecref(qi, ret);
    return ret ? QV_NONE : NULL;
}

static QvObj *bisect_right(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return bisect(qi, args, true);
}
static QvObj *bisect_left(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return bisect(qi, args, false);
}
static QvObj *insort_right(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return insort(qi, args, true);
}
static QvObj *insort_left(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return insort(qi, args, false);
}

static const QvNativeDef functions[] = {
    {"bisect_right", bisect_right, "($module, /, a, x, lo=0, hi=None, *, key=None)",
     "Return the index where to insert item x in list a, assuming a is sorted."},
    {"insort_right", insort_right, "($module, /, a, x, lo=0, hi=None, *, key=None)",
     "Insert item x in list a, and keep it sorted assuming a is sorted."},
    {"bisect_left", bisect_left, "($module, /, a, x, lo=0, hi=None, *, key=None)",
     "Return the index where to insert item x in list a, assuming a is sorted."},
    {"insort_left", insort_left, "($module, /, a, x, lo=0, hi=None, *, key=None)",
     "Insert item x in list a, and keep it sorted assuming a is sorted."},
    {0},
};

const QvModuleDef qv_module__bisect = {
    .name = "_bisect",
    .doc = "Bisection algorithms.\n\nThis module provides support for maintaining a list in sorted "
           "order without\nhaving to sort the list after each insertion.",
    .functions = functions,
};
