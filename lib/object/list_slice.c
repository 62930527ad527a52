// SPDX-License-Identifier: MIT
// list: assigning to slices, and deleting them. The rules of list.c hold here, too.
#include "object/alloc.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list_internal.h"
#include "object/list_numbers.h"
#include "object/protocol.h"
#include "object/slice.h"

static inline QvList *as_list(const QvObj *o) { return (QvList *)(uintptr_t)o; }

// Replaces items[start:end] by n others (borrowed, not inside this list). The old ones are dropped
// last.
static int replace(QvInterp *qi, QvList *l, QvSsize start, QvSsize end, QvObj *const *with,
                   QvSsize n)
{
    QvSsize old_n = end - start, rest = l->boxed - end;
    if (n > QV_LIST_MAX - (l->boxed - old_n)) {
        qv_raise_oom(qi);
        return -1;
    }
    QvObj *few[16];
    QvObj **old = few;
    if (old_n > 16) {
        old = (QvObj **)qv_alloc(qi, (size_t)old_n * sizeof(QvObj *));
        if (old == NULL) {
            return -1;
        }
    }
    if (n > old_n && qv_list_reserve(qi, l, l->boxed - old_n + n) < 0) {
        if (old != few) {
            qv_free(qi, old, (size_t)old_n * sizeof(QvObj *));
        }
        return -1;
    }
    if (old_n > 0) {
        memcpy(old, l->items + start, (size_t)old_n * sizeof(QvObj *));
    }
    if (n != old_n && rest > 0) {
        memmove(l->items + start + n, l->items + end, (size_t)rest * sizeof(QvObj *));
    }
    for (QvSsize i = 0; i < n; i++) {
        l->items[start + i] = qv_new_ref(qi, with[i]);
    }
    l->boxed += n - old_n;
    if (n < old_n) {
        qv_list_shrink(qi, l);
    }
    for (QvSsize i = old_n; i-- > 0;) {
        qv_decref(qi, old[i]);
    }
    if (old != few) {
        qv_free(qi, old, (size_t)old_n * sizeof(QvObj *));
    }
    return 0;
}

// The iterable as an ordinary list or a tuple, or a packed list, that cannot be the list o itself:
// new reference.
static QvObj *as_items(QvInterp *qi, QvObj *o, QvObj *iterable, const char *message)
{
    if (iterable == o) {
        return qv_list_slice(qi, o, 0, qv_list_len(o));
    }
    if (qv_is_list_exact(iterable) || qv_is_tuple_exact(iterable)) {
        return qv_new_ref(qi, iterable);
    }
    QvObj *it = qv_iter(qi, iterable);
    if (it == NULL) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            qv_raise(qi, &qv_exc_TypeError, "%s", message);
        }
        return NULL;
    }
    QvObj *ret = qv_to_list(qi, it);
    qv_decref(qi, it);
    return ret;
}

// The same items, where items_of can give them: a packed list stays what it is. NULL: MemoryError.
static QvObj *boxed_take(QvInterp *qi, QV_STOLEN QvObj *from)
{
    if (!qv_is_list(from) || !qv_list_is_packed(from)) {
        return from;
    }
    QvObj *tuple = qv_list_as_tuple(qi, from);
    qv_decref(qi, from);
    return tuple;
}

QV_RUNS int qv_list_set_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end,
                              QvObj *iterable /*NULL deletes*/)
{
    QvList *l = as_list(o);
    qv_check_own(qi, o);
    QvObj *from = NULL;
    QvObj **with = NULL;
    QvSsize n = 0;
    if (iterable) {
        from = as_items(qi, o, iterable, "can only assign an iterable");
        if (from == NULL) {
            return -1;
        }
    }
    QvSsize len = qv_list_len(o);
    start = start < 0 ? 0 : start > len ? len : start;
    end = end < start ? start : end > len ? len : end;
    int r = 0;
    if (QV_UNLIKELY(l->numbers != NULL)) {
        bool numbers = from && qv_is_list(from) && qv_list_is_packed(from);
        int done = numbers || !from || qv_list_items_len(from) == 0
                       ? qv_numbers_replace(qi, l, start, end, numbers ? qv_numbers_of(from) : NULL)
                       : 0;
        if (done != 0 || qv_list_box(qi, o) < 0) {
            qv_xdecref(qi, from);
            return done > 0 ? 0 : -1;
        }
    }
    if (from && (from = boxed_take(qi, from)) == NULL) {
        return -1;
    }
    if (from) {
        with = qv_list_items_of(from, &n);
    }
    r = replace(qi, l, start, end, with, n);
    qv_xdecref(qi, from);
    return r;
}

// del o[start:stop:step]; step is positive, start the lowest, count at least 1.
static int delete_steps(QvInterp *qi, QvList *l, QvSsize start, QvSsize step, QvSsize count)
{
    QvObj **old = (QvObj **)qv_alloc(qi, (size_t)count * sizeof(QvObj *));
    if (old == NULL) {
        return -1;
    }
    QvSsize to = start;
    for (QvSsize k = 0; k < count; k++) {
        QvSsize at = start + k * step;
        QvSsize next = k + 1 < count ? at + step : l->boxed;
        old[k] = l->items[at];
        memmove(l->items + to, l->items + at + 1, (size_t)(next - at - 1) * sizeof(QvObj *));
        to += next - at - 1;
    }
    l->boxed -= count;
    qv_list_shrink(qi, l);
    for (QvSsize k = 0; k < count; k++) {
        qv_decref(qi, old[k]);
    }
    qv_free(qi, old, (size_t)count * sizeof(QvObj *));
    return 0;
}

// o[start:stop:step] = value, the bounds not adjusted yet.
static int assign_steps(QvInterp *qi, QvObj *o, QvSsize start, QvSsize stop, QvSsize step,
                        QvObj *value)
{
    QvList *l = as_list(o);
    QvObj *from = as_items(qi, o, value, "must assign iterable to extended slice");
    if (from == NULL) {
        return -1;
    }
    if (qv_list_box(qi, o) < 0 || (from = boxed_take(qi, from)) == NULL) {
        qv_xdecref(qi, from);
        return -1;
    }
    // Reading the iterable may have changed the list: its length counts from now on.
    QvSsize n;
    QvObj **with = qv_list_items_of(from, &n);
    QvSsize count = qv_slice_adjust(l->boxed, &start, &stop, step);
    int r = 0;
    if (count != n) {
        r = qv_raise_int(qi, &qv_exc_ValueError,
                         "attempt to assign sequence of size %zd to extended slice of size %zd", n,
                         count);
    } else if (n > 0) {
        QvObj **old = (QvObj **)qv_alloc(qi, (size_t)n * sizeof(QvObj *));
        if (old == NULL) {
            r = -1;
        } else {
            for (QvSsize k = 0; k < n; k++) {
                QvObj **slot = &l->items[start + k * step];
                old[k] = *slot;
                *slot = qv_new_ref(qi, with[k]);
            }
            for (QvSsize k = 0; k < n; k++) {
                qv_decref(qi, old[k]);
            }
            qv_free(qi, old, (size_t)n * sizeof(QvObj *));
        }
    }
    qv_decref(qi, from);
    return r;
}

QV_RUNS int qv_list_set_by_slice(QvInterp *qi, QvObj *o, QvObj *slice, QvObj *value)
{
    QvList *l = as_list(o);
    QvSsize start, stop, step;
    if (qv_slice_unpack(qi, slice, &start, &stop, &step) < 0) {
        return -1;
    }
    if (step != 1 && value) {
        return assign_steps(qi, o, start, stop, step, value);
    }
    QvSsize count = qv_slice_adjust(qv_list_len(o), &start, &stop, step);
    if (step == 1) {
        return qv_list_set_slice(qi, o, start, stop, value);
    }
    if (count <= 0) {
        return 0;
    }
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    return l->numbers ? qv_numbers_delete(qi, l, start, step, count)
                      : delete_steps(qi, l, start, step, count);
}
