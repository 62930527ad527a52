// SPDX-License-Identifier: MIT
// collections.deque: a ring buffer, so that both ends and any index are reached in constant time.
#include <string.h>

#include "modules/modules.h"
#include "object/descr.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/slice.h"
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/walk.h"

typedef struct Deque {
    QvObj h;
    QvObj **ring; // cap slots (a power of two), owned; NULL when cap is 0
    QvSsize cap, first, len;
    QvSsize maxlen; // -1: none
    uint64_t state; // changes whenever the length or the order does
} Deque;

static Deque *as_deque(QvObj *o) { return (Deque *)o; }
static bool is_deque(const QvObj *o) { return qv_is_instance_of(o, &qv_collections_deque_type); }
static QvObj **slot(const Deque *d, QvSsize i) { return &d->ring[(d->first + i) & (d->cap - 1)]; }

// Room for one more. 0/-1.
static int reserve(QvInterp *qi, Deque *d)
{
    if (d->len < d->cap) {
        return 0;
    }
    QvSsize cap = d->cap ? d->cap * 2 : 8;
    QvObj **ring = qv_alloc(qi, (size_t)cap * sizeof *ring);
    if (!ring) {
        return -1;
    }
    QvSsize head = d->cap - d->first;
    if (d->cap) {
        QvSsize size = (QvSsize)sizeof *ring;
        if (qv_units_copy_long(qi, ring, QV_STR_1, d->ring + d->first, QV_STR_1, head * size) < 0 ||
            qv_units_copy_long(qi, ring + head, QV_STR_1, d->ring, QV_STR_1, d->first * size) < 0) {
            qv_free(qi, ring, (size_t)cap * sizeof *ring);
            return -1;
        }
        qv_free(qi, d->ring, (size_t)d->cap * sizeof *ring);
    }
    d->ring = ring;
    d->cap = cap;
    d->first = 0;
    return 0;
}

static QvObj *pop_right(Deque *d)
{
    d->state++;
    return *slot(d, --d->len);
}

static QvObj *pop_left(Deque *d)
{
    QvObj *x = *slot(d, 0);
    d->first = (d->first + 1) & (d->cap - 1);
    d->len--;
    d->state++;
    return x;
}

// Adds at one end; with maxlen the other end gives way. 0/-1.
static int push(QvInterp *qi, Deque *d, QV_STOLEN QvObj *x, bool left)
{
    if (d->maxlen == 0) {
        qv_decref(qi, x);
        return 0;
    }
    QvObj *gone = d->maxlen > 0 && d->len >= d->maxlen ? (left ? pop_right(d) : pop_left(d)) : NULL;
    if (reserve(qi, d) < 0) {
        qv_decref(qi, x);
        qv_xdecref(qi, gone);
        return -1;
    }
    if (left) {
        d->first = (d->first - 1) & (d->cap - 1);
        d->ring[d->first] = x;
    } else {
        *slot(d, d->len) = x;
    }
    d->len++;
    d->state++;
    qv_xdecref(qi, gone);
    return 0;
}

static void clear_all(QvInterp *qi, Deque *d)
{
    QvObj **ring = d->ring;
    QvSsize cap = d->cap, first = d->first, len = d->len;
    d->ring = NULL;
    d->cap = d->first = d->len = 0;
    d->state++;
    for (QvSsize k = 0; k < len; k++) {
        qv_decref(qi, ring[(first + k) & (cap - 1)]);
        if (QV_UNLIKELY(k % QV_DEALLOC_STEP == QV_DEALLOC_STEP - 1 && qv_dealloc_hurries(qi)) &&
            qv_dealloc_pause(qi, &d->h)) {
            d->ring = ring;
            d->cap = cap;
            d->first = (first + k + 1) & (cap - 1);
            d->len = len - k - 1;
            return;
        }
    }
    if (ring) {
        qv_free(qi, ring, (size_t)cap * sizeof *ring);
    }
}

static int extend(QvInterp *qi, Deque *d, QvObj *iterable, bool left)
{
    QvObj *source = iterable == &d->h ? qv_to_list(qi, iterable)
                                      : qv_new_ref(qi, iterable); // d.extend(d)
    QvObj *it = source ? qv_iter(qi, source) : NULL, *x;
    qv_xdecref(qi, source);
    if (!it) {
        return -1;
    }
    int status = 0;
    for (QvSsize i = 0;
         status == 0 && (status = qv_poll_step(qi, i)) == 0 && (x = qv_step(qi, it)) != NULL; i++) {
        status = push(qi, d, x, left);
    }
    qv_decref(qi, it);
    return status < 0 || qv_err_occurred(qi) ? -1 : 0;
}

// ---- life ---------------------------------------------------------------------------------------

static QvObj *deque_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_deque(o)->maxlen = -1;
    }
    return o;
}

static int deque_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[2];
    QvSsize maxlen = -1;
    if (qv_args(qi, "deque(iterable=(), maxlen=None)", args, nargs, kwnames, slots) < 0) {
        return -1;
    }
    if (slots[1] && slots[1] != QV_NONE) {
        if (!qv_is_int(slots[1])) {
            return qv_raise_int(qi, &qv_exc_TypeError, "an integer is required");
        }
        if (qv_int_to_ssize(qi, slots[1], &maxlen) < 0) {
            return -1;
        }
        if (maxlen < 0) {
            return qv_raise_int(qi, &qv_exc_ValueError, "maxlen must be non-negative");
        }
    }
    as_deque(self)->maxlen = maxlen;
    if (as_deque(self)->len > 0) {
        clear_all(qi, as_deque(self));
    }
    return slots[0] ? extend(qi, as_deque(self), slots[0], false) : 0;
}

static void deque_fini(QvInterp *qi, QvObj *o) { clear_all(qi, as_deque(o)); }

static int deque_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    for (QvSsize k = 0; k < as_deque(o)->len; k++) {
        QV_VISIT(*slot(as_deque(o), k));
    }
    return 0;
}

// A new deque of the same class with these items; of a subclass by calling it.
static QvObj *copy_of(QvInterp *qi, QvObj *o)
{
    if (o->type == &qv_collections_deque_type) {
        QvObj *copy = deque_new(qi, o->type, NULL, 0, NULL);
        if (copy) {
            as_deque(copy)->maxlen = as_deque(o)->maxlen;
            for (QvSsize k = 0; k < as_deque(o)->len; k++) {
                if (qv_stop_step(qi, k) < 0 ||
                    push(qi, as_deque(copy), qv_new_ref(qi, *slot(as_deque(o), k)), false) < 0) {
                    qv_decref(qi, copy);
                    return NULL;
                }
            }
        }
        return copy;
    }
    QvObj *copy;
    if (as_deque(o)->maxlen < 0) {
        copy = qv_call1(qi, (QvObj *)o->type, o);
    } else {
        QvObj *n = qv_int_from_i64(qi, as_deque(o)->maxlen);
        copy = n ? qv_call2(qi, (QvObj *)o->type, o, n) : NULL;
        qv_xdecref(qi, n);
    }
    if (copy && !is_deque(copy)) {
        qv_raise(qi, &qv_exc_TypeError, "%N() must return a deque, not %T", o->type, copy);
        qv_clear(qi, &copy);
    }
    return copy;
}

// ---- methods ------------------------------------------------------------------------------------

#define METHOD(name) \
    static QvObj *deque_##name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)

METHOD(append)
{
    (void)nargs;
    return push(qi, as_deque(self), qv_new_ref(qi, args[0]), false) < 0 ? NULL : QV_NONE;
}
METHOD(appendleft)
{
    (void)nargs;
    return push(qi, as_deque(self), qv_new_ref(qi, args[0]), true) < 0 ? NULL : QV_NONE;
}
METHOD(extend)
{
    (void)nargs;
    return extend(qi, as_deque(self), args[0], false) < 0 ? NULL : QV_NONE;
}
METHOD(extendleft)
{
    (void)nargs;
    return extend(qi, as_deque(self), args[0], true) < 0 ? NULL : QV_NONE;
}
METHOD(pop)
{
    (void)args, (void)nargs;
    return as_deque(self)->len ? pop_right(as_deque(self))
                               : qv_raise(qi, &qv_exc_IndexError, "pop from an empty deque");
}
METHOD(popleft)
{
    (void)args, (void)nargs;
    return as_deque(self)->len ? pop_left(as_deque(self))
                               : qv_raise(qi, &qv_exc_IndexError, "pop from an empty deque");
}
METHOD(clear)
{
    (void)args, (void)nargs;
    clear_all(qi, as_deque(self));
    return QV_NONE;
}
METHOD(copy)
{
    (void)args, (void)nargs;
    return copy_of(qi, self);
}

// 0/-1: a stop, with what was moved until then.
static int rotate(QvInterp *qi, Deque *d, QvSsize n)
{
    if (d->len <= 1) {
        return 0;
    }
    d->state++;
    n %= d->len;
    n += n < 0 ? d->len : 0;
    if (n <= d->len / 2) {
        for (; n > 0; n--) {
            QvObj *x = pop_right(d);
            d->first = (d->first - 1) & (d->cap - 1);
            d->ring[d->first] = x;
            d->len++;
            if (qv_stop_step(qi, n) < 0) {
                return -1;
            }
        }
    } else {
        for (n = d->len - n; n > 0; n--) {
            QvObj *x = pop_left(d);
            *slot(d, d->len) = x;
            d->len++;
            if (qv_stop_step(qi, n) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

METHOD(rotate)
{
    (void)nargs;
    QvSsize n = 1;
    if (args[0] && qv_index_ssize(qi, args[0], &n, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    return rotate(qi, as_deque(self), n) < 0 ? NULL : QV_NONE;
}

METHOD(reverse)
{
    (void)args, (void)nargs;
    Deque *d = as_deque(self);
    for (QvSsize i = 0, j = d->len - 1; i < j; i++, j--) {
        QvObj *x = *slot(d, i);
        *slot(d, i) = *slot(d, j);
        *slot(d, j) = x;
        if (qv_stop_step(qi, i) < 0) {
            return NULL;
        }
    }
    return QV_NONE;
}

// Index of the first item equal to x in [start, stop); -1 none, -2 exception ("deque mutated during
// iteration").
static QvSsize find(QvInterp *qi, Deque *d, QvObj *x, QvSsize start, QvSsize stop, QvType *mutated)
{
    uint64_t state = d->state;
    for (QvSsize k = start; k < stop && k < d->len; k++) {
        int same = qv_item_eq(qi, *slot(d, k), x);
        if (same < 0 || qv_poll_step(qi, k) < 0) {
            return -2;
        }
        if (d->state != state) {
            qv_raise(qi, mutated, "deque mutated during %s",
                     mutated == &qv_exc_IndexError ? "remove()." : "iteration");
            return -2;
        }
        if (same) {
            return k;
        }
    }
    return -1;
}

METHOD(count)
{
    (void)nargs;
    Deque *d = as_deque(self);
    uint64_t state = d->state;
    QvSsize n = 0;
    for (QvSsize k = 0; k < d->len; k++) {
        int same = qv_item_eq(qi, *slot(d, k), args[0]);
        if (same < 0 || qv_poll_step(qi, k) < 0) {
            return NULL;
        }
        if (d->state != state) {
            return qv_raise(qi, &qv_exc_RuntimeError, "deque mutated during iteration");
        }
        n += same;
    }
    return qv_int_from_i64(qi, n);
}

METHOD(index)
{
    (void)nargs;
    Deque *d = as_deque(self);
    QvSsize start = 0, stop = PTRDIFF_MAX;
    if ((args[1] && qv_slice_position(qi, args[1], &start) < 0) ||
        (args[2] && qv_slice_position(qi, args[2], &stop) < 0)) {
        return NULL;
    }
    start += start < 0 ? d->len : 0;
    stop += stop < 0 ? d->len : 0;
    QvSsize at = find(qi, d, args[0], start < 0 ? 0 : start, stop, &qv_exc_RuntimeError);
    if (at == -1) {
        return qv_raise(qi, &qv_exc_ValueError, "%R is not in deque", args[0]);
    }
    return at < 0 ? NULL : qv_int_from_i64(qi, at);
}

// The shorter side moves: no stop can end it halfway, so it should not take long.
static QvObj *take_at(Deque *d, QvSsize i)
{
    QvObj *x = *slot(d, i);
    if (i < d->len / 2) {
        for (; i > 0; i--) {
            *slot(d, i) = *slot(d, i - 1);
        }
        d->first = (d->first + 1) & (d->cap - 1);
    } else {
        for (; i + 1 < d->len; i++) {
            *slot(d, i) = *slot(d, i + 1);
        }
    }
    d->len--;
    d->state++;
    return x;
}

METHOD(remove)
{
    (void)nargs;
    QvSsize at = find(qi, as_deque(self), args[0], 0, PTRDIFF_MAX, &qv_exc_IndexError);
    if (at == -1) {
        return qv_raise(qi, &qv_exc_ValueError, "%R is not in deque", args[0]);
    }
    if (at < 0) {
        return NULL;
    }
    QvObj *gone = take_at(as_deque(self), at);
    qv_decref(qi, gone);
    return QV_NONE;
}

METHOD(insert)
{
    (void)nargs;
    Deque *d = as_deque(self);
    QvSsize i;
    if (qv_index_ssize(qi, args[0], &i, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (d->maxlen >= 0 && d->len >= d->maxlen) {
        return qv_raise(qi, &qv_exc_IndexError, "deque already at its maximum size");
    }
    i += i < 0 ? d->len : 0;
    i = i < 0 ? 0 : i > d->len ? d->len : i;
    bool left = i < d->len / 2;
    if (push(qi, d, qv_new_ref(qi, args[1]), left) < 0) {
        return NULL;
    }
    QvObj *x = args[1];
    if (left) {
        for (QvSsize k = 0; k < i; k++) {
            *slot(d, k) = *slot(d, k + 1);
        }
    } else {
        for (QvSsize k = d->len - 1; k > i; k--) {
            *slot(d, k) = *slot(d, k - 1);
        }
    }
    *slot(d, i) = x;
    return QV_NONE;
}

METHOD(reduce)
{
    (void)args, (void)nargs;
    QvObj *state = NULL, *inner = QV_EMPTY_TUPLE, *ret = NULL, *it = NULL;
    QvObj *getstate = qv_getattr_cstr(qi, self, "__getstate__");
    state = getstate ? qv_call0(qi, getstate) : NULL;
    qv_xdecref(qi, getstate);
    if (!state) {
        return NULL;
    }
    if (as_deque(self)->maxlen >= 0) {
        QvObj *n = qv_int_from_i64(qi, as_deque(self)->maxlen);
        inner = n ? qv_tuple_of(qi, 2, QV_EMPTY_TUPLE, n) : NULL;
        qv_xdecref(qi, n);
    }
    it = inner ? qv_iter(qi, self) : NULL;
    ret = it ? qv_tuple_of(qi, 4, self->type, inner, state, it) : NULL;
    qv_decref(qi, state);
    qv_xdecref(qi, inner);
    qv_xdecref(qi, it);
    return ret;
}

static QvObj *iter_make(QvInterp *qi, QvType *type, QvObj *deque);

METHOD(reversed)
{
    (void)args, (void)nargs;
    return iter_make(qi, &qv_collections_deque_reverse_iterator_type, self);
}

METHOD(sizeof)
{
    (void)args, (void)nargs;
    return qv_int_from_u64(qi, sizeof(Deque) + (size_t)as_deque(self)->cap * sizeof(QvObj *));
}

// ---- slots --------------------------------------------------------------------------------------

static QvSsize deque_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return as_deque(o)->len;
}

static int deque_bool(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return as_deque(o)->len > 0;
}

// The place that a key names, or NULL with an exception.
static QvObj **place(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvSsize i;
    if (!key->type->index && !qv_is_int(key)) {
        qv_raise(qi, &qv_exc_TypeError, "sequence index must be integer, not '%T'", key);
        return NULL;
    }
    if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
        return NULL;
    }
    i += i < 0 ? as_deque(o)->len : 0;
    if (i < 0 || i >= as_deque(o)->len) {
        qv_raise(qi, &qv_exc_IndexError, "deque index out of range");
        return NULL;
    }
    return slot(as_deque(o), i);
}

static QvObj *deque_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvObj **at = place(qi, o, key);
    return at ? qv_new_ref(qi, *at) : NULL;
}

static int deque_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    QvObj **at = place(qi, o, key);
    if (!at) {
        return -1;
    }
    if (value) {
        qv_set_take(qi, at, qv_new_ref(qi, value));
    } else {
        QvObj *gone = take_at(as_deque(o), (at - as_deque(o)->ring - as_deque(o)->first) &
                                               (as_deque(o)->cap - 1));
        qv_decref(qi, gone);
    }
    return 0;
}

static int deque_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    QvSsize at = find(qi, as_deque(o), item, 0, PTRDIFF_MAX, &qv_exc_RuntimeError);
    return at == -2 ? -1 : at >= 0;
}

static QvObj *deque_concat(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!is_deque(w)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "can only concatenate deque (not \"%.200T\") to deque", w);
    }
    QvObj *both = copy_of(qi, v);
    if (both && extend(qi, as_deque(both), w, false) < 0) {
        qv_clear(qi, &both);
    }
    return both;
}

static QvObj *deque_iconcat(QvInterp *qi, QvObj *v, QvObj *w)
{
    return extend(qi, as_deque(v), w, false) < 0 ? NULL : qv_new_ref(qi, v);
}

static QvObj *deque_irepeat(QvInterp *qi, QvObj *o, QvSsize n)
{
    Deque *d = as_deque(o);
    QvSsize len = d->len;
    if (n <= 0) {
        clear_all(qi, d);
    } else if (len > 0 && n > 1) {
        QvSsize total;
        if (__builtin_mul_overflow(len, n, &total) || total > PTRDIFF_MAX / 16) {
            return qv_raise_oom(qi);
        }
        QvObj *items = qv_to_list(qi, o);
        QvSsize want = d->maxlen >= 0 && total > d->maxlen + len
                           ? (d->maxlen + len - 1) / len * len + len
                           : total;
        // With a bound only the last maxlen items stay, whatever came before them.
        for (QvSsize k = len; items && k < want; k++) {
            if (qv_poll_step(qi, k) < 0 ||
                push(qi, d, qv_new_ref(qi, qv_list_peek(items, k % len)), false) < 0) {
                qv_clear(qi, &items);
            }
        }
        if (!items) {
            return NULL;
        }
        qv_decref(qi, items);
    }
    return qv_new_ref(qi, o);
}

static QvObj *deque_repeat(QvInterp *qi, QvObj *o, QvSsize n)
{
    QvObj *copy = copy_of(qi, o);
    QvObj *ret = copy ? deque_irepeat(qi, copy, n) : NULL;
    qv_xdecref(qi, copy);
    return ret;
}

static QvObj *deque_repr(QvInterp *qi, QvObj *o)
{
    int busy = qv_repr_enter(qi, o);
    if (busy) {
        return busy < 0 ? NULL : qv_str_new_ascii(qi, "[...]", 5);
    }
    QvObj *list = qv_to_list(qi, o), *ret = NULL;
    if (list) {
        const char *name = qv_type_short_name(o->type);
        ret = as_deque(o)->maxlen >= 0
                  ? qv_str_format(qi, "%s(%R, maxlen=%zd)", name, list, as_deque(o)->maxlen)
                  : qv_str_format(qi, "%s(%R)", name, list);
        qv_decref(qi, list);
    }
    qv_repr_leave(qi, o);
    return ret;
}

static QvObj *deque_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!is_deque(v) || !is_deque(w)) {
        return QV_NOTIMPLEMENTED;
    }
    if ((op == QV_EQ || op == QV_NE) && (v == w || as_deque(v)->len != as_deque(w)->len)) {
        return qv_bool((op == QV_EQ) == (v == w));
    }
    QvObj *a = qv_iter(qi, v), *b = a ? qv_iter(qi, w) : NULL, *ret = NULL;
    QvObj *x = NULL, *y = NULL;
    while (b) {
        x = qv_step(qi, a);
        y = qv_err_occurred(qi) ? NULL : qv_step(qi, b);
        if (!x || !y || qv_err_occurred(qi)) {
            break;
        }
        int same = qv_item_eq(qi, x, y);
        if (same == 0) {
            ret = op == QV_EQ ? QV_FALSE : op == QV_NE ? QV_TRUE : qv_compare(qi, x, y, op);
        }
        if (same <= 0) {
            break;
        }
        qv_clear(qi, &x);
        qv_clear(qi, &y);
    }
    if (b && !ret && !qv_err_occurred(qi)) { // one is the start of the other
        bool more = x != NULL, less = y != NULL;
        switch (op) {
        case QV_LT: ret = qv_bool(less); break;
        case QV_LE: ret = qv_bool(!more); break;
        case QV_EQ: ret = qv_bool(!more && !less); break;
        case QV_NE: ret = qv_bool(more || less); break;
        case QV_GT: ret = qv_bool(more); break;
        case QV_GE: ret = qv_bool(!less); break;
        }
    }
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return ret;
}

static QvObj *deque_get_maxlen(QvInterp *qi, QvObj *o)
{
    return as_deque(o)->maxlen < 0 ? QV_NONE : qv_int_from_i64(qi, as_deque(o)->maxlen);
}

static QvObj *deque_iter(QvInterp *qi, QvObj *o)
{
    return iter_make(qi, &qv_collections_deque_iterator_type, o);
}

static const QvGetSet deque_getsets[] = {
    {"maxlen", deque_get_maxlen, NULL, "maximum size of a deque or None if unbounded"}, {0}};
static const QvNativeDef deque_methods[] = {
    {"append", deque_append, "($self, x, /)", "Add an element to the right side of the deque."},
    {"appendleft", deque_appendleft, "($self, x, /)",
     "Add an element to the left side of the deque."},
    {"clear", deque_clear, "($self, /)", "Remove all elements from the deque."},
    {"__copy__", deque_copy, "($self, /)", "Return a shallow copy of a deque."},
    {"copy", deque_copy, "($self, /)", "Return a shallow copy of a deque."},
    {"count", deque_count, "($self, v, /)",
     "D.count(value) -- return number of occurrences of value"},
    {"extend", deque_extend, "($self, iterable, /)",
     "Extend the right side of the deque with elements from the iterable"},
    {"extendleft", deque_extendleft, "($self, iterable, /)",
     "Extend the left side of the deque with elements from the iterable"},
    {"index", deque_index, "($self, value, start=0, stop=9223372036854775807, /)",
     "D.index(value, [start, [stop]]) -- return first index of value.\nRaises ValueError if the "
     "value is not present."},
    {"insert", deque_insert, "($self, index, object, /)",
     "D.insert(index, object) -- insert object before index"},
    {"pop", deque_pop, "($self, /)", "Remove and return the rightmost element."},
    {"popleft", deque_popleft, "($self, /)", "Remove and return the leftmost element."},
    {"__reduce__", deque_reduce, "($self, /)", "Return state information for pickling."},
    {"remove", deque_remove, "($self, value, /)",
     "D.remove(value) -- remove first occurrence of value."},
    {"__reversed__", deque_reversed, "($self, /)",
     "D.__reversed__() -- return a reverse iterator over the deque"},
    {"reverse", deque_reverse, "($self, /)", "D.reverse() -- reverse *IN PLACE*"},
    {"rotate", deque_rotate, "($self, n=1, /)",
     "Rotate the deque n steps to the right (default n=1).  If n is negative, rotates left."},
    {"__sizeof__", deque_sizeof, "($self, /)", "D.__sizeof__() -- size of D in memory, in bytes"},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_collections_deque_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "collections.deque",
    .id = QV_TID_collections_deque,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK | QV_T_SEQUENCE,
    .base = &qv_object_type,
    .size = sizeof(Deque),
    .doc = "deque([iterable[, maxlen]]) --> deque object\n\nA list-like sequence optimized for "
           "data accesses near its endpoints.",
    .methods = deque_methods,
    .getsets = deque_getsets,
    .new_ = deque_new,
    .init = deque_init,
    .fini = deque_fini,
    .clear = deque_fini,
    .traverse = deque_traverse,
    .repr = deque_repr,
    .hash = qv_hash_not_implemented,
    .richcmp = deque_richcmp,
    .iter = deque_iter,
    .bool_ = deque_bool,
    .len = deque_len,
    .getitem = deque_getitem,
    .setitem = deque_setitem,
    .contains = deque_contains,
    .concat = deque_concat,
    .repeat = deque_repeat,
    .inplace_concat = deque_iconcat,
    .inplace_repeat = deque_irepeat,
};

// ---- iterators ----------------------------------------------------------------------------------

typedef struct DequeIter {
    QvObj h;
    QvObj *deque;   // NULL: ended
    QvSsize index;  // items given out
    uint64_t state; // the deque's when it was made
} DequeIter;

static DequeIter *as_iter(QvObj *o) { return (DequeIter *)o; }

static QvObj *iter_make(QvInterp *qi, QvType *type, QvObj *deque)
{
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_iter(o)->deque = qv_new_ref(qi, deque);
        as_iter(o)->state = as_deque(deque)->state;
    }
    return o;
}

static QvObj *step(QvInterp *qi, QvObj *o, bool back)
{
    DequeIter *it = as_iter(o);
    if (!it->deque) {
        return NULL;
    }
    Deque *d = as_deque(it->deque);
    if (d->state != it->state) {
        qv_clear(qi, &it->deque);
        return qv_raise(qi, &qv_exc_RuntimeError, "deque mutated during iteration");
    }
    if (it->index >= d->len) {
        qv_clear(qi, &it->deque);
        return NULL;
    }
    QvSsize k = it->index++;
    return qv_new_ref(qi, *slot(d, back ? d->len - 1 - k : k));
}

static QvObj *iter_next(QvInterp *qi, QvObj *o) { return step(qi, o, false); }
static QvObj *reverse_next(QvInterp *qi, QvObj *o) { return step(qi, o, true); }

static QvObj *iter_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    QvObj *slots[2];
    QvSsize index = 0;
    if (qv_args(qi, "_deque_iterator(deque, index=0, /)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    if (!is_deque(slots[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "argument 1 must be collections.deque, not %T",
                        slots[0]);
    }
    if (slots[1] && qv_index_ssize(qi, slots[1], &index, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    QvObj *o = iter_make(qi, type, slots[0]);
    if (o) {
        as_iter(o)->index = index < 0 ? 0 : index;
    }
    return o;
}

static QvObj *iter_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    DequeIter *it = as_iter(self);
    return qv_int_from_i64(qi, it->deque && as_deque(it->deque)->len > it->index
                                   ? as_deque(it->deque)->len - it->index
                                   : 0);
}

static QvObj *iter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    DequeIter *it = as_iter(self);
    QvObj *deque = it->deque ? qv_new_ref(qi, it->deque)
                             : deque_new(qi, &qv_collections_deque_type, NULL, 0, NULL);
    QvObj *index = deque ? qv_int_from_i64(qi, it->deque ? it->index : 0) : NULL;
    QvObj *inner = index ? qv_tuple_of(qi, 2, deque, index) : NULL;
    QvObj *ret = inner ? qv_tuple_of(qi, 2, self->type, inner) : NULL;
    qv_xdecref(qi, deque);
    qv_xdecref(qi, index);
    qv_xdecref(qi, inner);
    return ret;
}

static void iter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_iter(o)->deque); }

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_iter(o)->deque);
    return 0;
}

static const QvNativeDef iter_methods[] = {
    {"__length_hint__", iter_hint, "($self, /)",
     "Private method returning an estimate of len(list(it))."},
    {"__reduce__", iter_reduce, "($self, /)", "Return state information for pickling."},
    {0},
};

QV_SEALED QvType qv_collections_deque_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_collections._deque_iterator",
    .id = QV_TID_collections_deque_iterator,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(DequeIter),
    .methods = iter_methods,
    .new_ = iter_new,
    .fini = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = iter_next,
};

QV_SEALED QvType qv_collections_deque_reverse_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_collections._deque_reverse_iterator",
    .id = QV_TID_collections_deque_reverse_iterator,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(DequeIter),
    .methods = iter_methods,
    .new_ = iter_new,
    .fini = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = reverse_next,
};
