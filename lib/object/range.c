// SPDX-License-Identifier: MIT
// range and its iterators.
//
// Bounds are int objects of any size; all operations try 64-bit arithmetic first. An iterator is of
// the 64-bit kind when every number it will ever hold fits, else it holds int objects.
#include "base/hash.h"
#include "object/alloc.h"
#include "object/descr.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct QvLongRangeIter {
    QvObj h;
    QvObj *next, *step, *left; // ints, owned
    QvObj *count;              // of the whole range, owned
} QvLongRangeIter;

// ---- arithmetic on ints that may be small -------------------------------------------------------

// a + b * c: new reference.
static QvObj *muladd(QvInterp *qi, QvObj *a, QvObj *b, QvObj *c)
{
    if (qv_int_is_small(a) && qv_int_is_small(b) && qv_int_is_small(c)) {
        int64_t product, sum;
        if (!__builtin_mul_overflow(qv_int_value(b), qv_int_value(c), &product) &&
            !__builtin_add_overflow(qv_int_value(a), product, &sum)) {
            return qv_int_from_i64(qi, sum);
        }
    }
    QvObj *product = qv_int_mul(qi, b, c);
    QvObj *sum = product ? qv_int_add(qi, a, product) : NULL;
    qv_xdecref(qi, product);
    return sum;
}

// Number of items between start and stop: new reference.
static QvObj *count_items(QvInterp *qi, QvObj *start, QvObj *stop, QvObj *step)
{
    if (qv_int_is_small(start) && qv_int_is_small(stop) && qv_int_is_small(step)) {
        int64_t a = qv_int_value(start), b = qv_int_value(stop), s = qv_int_value(step);
        if (a == 0 && s == 1 && b >= 0) {
            return qv_new_ref(qi, stop);
        }
        uint64_t n = 0;
        if (s > 0 && a < b) {
            n = ((uint64_t)b - (uint64_t)a - 1) / (uint64_t)s;
        } else if (s < 0 && a > b) {
            n = ((uint64_t)a - (uint64_t)b - 1) / (0 - (uint64_t)s);
        } else {
            return qv_int_from_i64(qi, 0);
        }
        return qv_int_from_u64(qi,
                               n + 1); // n + 1 fits: the distance of two 64-bit ints is below 2**64
    }
    bool up = qv_int_sign(step) > 0;
    QvObj *low = up ? start : stop, *high = up ? stop : start;
    if (qv_int_compare(low, high) >= 0) {
        return qv_int_from_i64(qi, 0);
    }
    // (high - low - 1) // abs(step) + 1
    QvObj *one = qv_int_from_i64(qi, 1);
    QvObj *span = qv_int_sub(qi, high, low);
    QvObj *last = span && one ? qv_int_sub(qi, span, one) : NULL;
    QvObj *stride = up ? qv_new_ref(qi, step) : qv_neg(qi, step);
    QvObj *steps = last && stride ? qv_int_floordiv(qi, last, stride) : NULL;
    QvObj *ret = steps ? qv_int_add(qi, steps, one) : NULL;
    qv_xdecref(qi, one);
    qv_xdecref(qi, span);
    qv_xdecref(qi, last);
    qv_xdecref(qi, stride);
    qv_xdecref(qi, steps);
    return ret;
}

// ---- construction and life ----------------------------------------------------------------------

static QvObj *as_int(QvInterp *qi, QvObj *o)
{
    if (qv_is_int_exact(o)) {
        return qv_new_ref(qi, o);
    }
    QvObj *i = qv_index(qi, o);
    if (i && !qv_is_int_exact(i)) {
        qv_set_take(qi, &i, qv_int_exact(qi, i));
    }
    return i;
}

// Takes the three references.
static QvObj *range_from(QvInterp *qi, QV_STOLEN QvObj *start, QV_STOLEN QvObj *stop,
                         QV_STOLEN QvObj *step)
{
    QvObj *length = start && stop && step ? count_items(qi, start, stop, step) : NULL;
    QvRange *r = length ? (QvRange *)qv_alloc_atom(qi, &qv_range_type, sizeof(QvRange)) : NULL;
    if (r == NULL) {
        qv_xdecref(qi, start);
        qv_xdecref(qi, stop);
        qv_xdecref(qi, step);
        qv_xdecref(qi, length);
        return NULL;
    }
    r->start = start;
    r->stop = stop;
    r->step = step;
    r->length = length;
    return (QvObj *)r;
}

QvObj *qv_range_new(QvInterp *qi, QvObj *start, QvObj *stop, QvObj *step)
{
    QvObj *a = start ? as_int(qi, start) : qv_int_from_i64(qi, 0);
    QvObj *b = a ? as_int(qi, stop) : NULL;
    QvObj *s = b ? (step ? as_int(qi, step) : qv_int_from_i64(qi, 1)) : NULL;
    if (s && qv_int_sign(s) == 0) {
        qv_raise(qi, &qv_exc_ValueError, "range() arg 3 must not be zero");
        qv_clear(qi, &s);
    }
    return range_from(qi, a, b, s);
}

static QvObj *range_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)type;
    if (qv_ctor_check(qi, "range", nargs, 1, 3, kwnames) < 0) {
        return NULL;
    }
    if (nargs == 1) {
        return qv_range_new(qi, NULL, args[0], NULL);
    }
    return qv_range_new(qi, args[0], args[1], nargs > 2 ? args[2] : NULL);
}

static void range_fini(QvInterp *qi, QvObj *o)
{
    QvRange *r = (QvRange *)o;
    qv_clear(qi, &r->start);
    qv_clear(qi, &r->stop);
    qv_clear(qi, &r->step);
    qv_clear(qi, &r->length);
}

QV_RUNS static void range_dealloc(QvInterp *qi, QvObj *o)
{
    range_fini(qi, o);
    qv_heap_free(&qi->heap, o, sizeof(QvRange));
}

QV_RUNS static void iter_dealloc(QvInterp *qi, QvObj *o)
{
    qv_heap_free(&qi->heap, o, sizeof(QvRangeIter));
}

// ---- basic --------------------------------------------------------------------------------------

static QvObj *range_repr(QvInterp *qi, QvObj *o)
{
    const QvRange *r = (const QvRange *)o;
    if (qv_int_is_small(r->step) && qv_int_value(r->step) == 1) {
        return qv_str_format(qi, "range(%R, %R)", r->start, r->stop);
    }
    return qv_str_format(qi, "range(%R, %R, %R)", r->start, r->stop, r->step);
}

// 0, 1, or 2 for more: how much of (start, step) tells ranges of one length apart.
static int length_kind(const QvRange *r)
{
    return !qv_int_is_small(r->length) || qv_int_value(r->length) > 1
               ? 2
               : (int)qv_int_value(r->length);
}

static bool range_equal(const QvRange *a, const QvRange *b)
{
    if (a == b) {
        return true;
    }
    if (qv_int_compare(a->length, b->length) != 0) {
        return false;
    }
    int kind = length_kind(a);
    return (kind < 1 || qv_int_compare(a->start, b->start) == 0) &&
           (kind < 2 || qv_int_compare(a->step, b->step) == 0);
}

static QvObj *range_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    (void)qi;
    if (!qv_is_range(v) || !qv_is_range(w) || (op != QV_EQ && op != QV_NE)) {
        return QV_NOTIMPLEMENTED;
    }
    return qv_bool(range_equal((const QvRange *)v, (const QvRange *)w) == (op == QV_EQ));
}

// hash((length, start or None, step or None)): equal ranges hash alike.
static QvHash range_hash(QvInterp *qi, QvObj *o)
{
    const QvRange *r = (const QvRange *)o;
    int kind = length_kind(r);
    QvHash none = qv_hash(qi, QV_NONE);
    if (none == -1) {
        return -1;
    }
    uint64_t acc = qv_hash_tuple_add(qv_hash_tuple_start(), qv_int_hash(r->length));
    acc = qv_hash_tuple_add(acc, kind < 1 ? none : qv_int_hash(r->start));
    acc = qv_hash_tuple_add(acc, kind < 2 ? none : qv_int_hash(r->step));
    return qv_hash_tuple_end(acc, 3);
}

static int range_bool(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return length_kind((const QvRange *)o) > 0;
}

static QvSsize range_len(QvInterp *qi, QvObj *o)
{
    QvSsize n;
    return qv_int_to_ssize(qi, ((const QvRange *)o)->length, &n) < 0 ? -1 : n;
}

// ---- items --------------------------------------------------------------------------------------

static QvObj *range_item(QvInterp *qi, const QvRange *r, QvObj *index)
{
    QvObj *i = qv_int_sign(index) < 0 ? qv_int_add(qi, index, r->length) : qv_new_ref(qi, index);
    if (i == NULL) {
        return NULL;
    }
    QvObj *ret;
    if (qv_int_sign(i) < 0 || qv_int_compare(i, r->length) >= 0) {
        ret = qv_raise(qi, &qv_exc_IndexError, "range object index out of range");
    } else {
        ret = muladd(qi, r->start, i, r->step);
    }
    qv_decref(qi, i);
    return ret;
}

static QvObj *range_slice(QvInterp *qi, const QvRange *r, QvObj *slice)
{
    QvObj *start, *stop, *step;
    if (qv_slice_long_indices(qi, slice, r->length, &start, &stop, &step) < 0) {
        return NULL;
    }
    QvObj *new_step = qv_int_mul(qi, r->step, step);
    QvObj *new_start = new_step ? muladd(qi, r->start, start, r->step) : NULL;
    QvObj *new_stop = new_start ? muladd(qi, r->start, stop, r->step) : NULL;
    qv_decref(qi, start);
    qv_decref(qi, stop);
    qv_decref(qi, step);
    return range_from(qi, new_start, new_stop, new_step);
}

static QvObj *range_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    const QvRange *r = (const QvRange *)o;
    if (qv_is_int_exact(key)) {
        return range_item(qi, r, key);
    }
    if (qv_is_slice(key)) {
        return range_slice(qi, r, key);
    }
    if (key->type->index == NULL) {
        return qv_raise(qi, &qv_exc_TypeError, "range indices must be integers or slices, not %T",
                        key);
    }
    QvObj *index = qv_index(qi, key);
    QvObj *ret = index ? range_item(qi, r, index) : NULL;
    qv_xdecref(qi, index);
    return ret;
}

// Whether the int is an item: 1, 0, -1.
static int contains_int(QvInterp *qi, const QvRange *r, QvObj *item)
{
    bool up = qv_int_sign(r->step) > 0;
    int from_start = qv_int_compare(item, r->start), from_stop = qv_int_compare(item, r->stop);
    if (up ? from_start < 0 || from_stop >= 0 : from_start > 0 || from_stop <= 0) {
        return 0;
    }
    if (qv_int_is_small(item) && qv_int_is_small(r->start) && qv_int_is_small(r->step)) {
        // The distance fits 64 unsigned bits, whichever way it goes.
        uint64_t a = (uint64_t)qv_int_value(item), b = (uint64_t)qv_int_value(r->start);
        uint64_t s = (uint64_t)qv_int_value(r->step);
        return up ? (a - b) % s == 0 : (b - a) % (0 - s) == 0;
    }
    QvObj *distance = qv_int_sub(qi, item, r->start);
    QvObj *rest = distance ? qv_int_mod(qi, distance, r->step) : NULL;
    int ret = rest ? qv_int_sign(rest) == 0 : -1;
    qv_xdecref(qi, distance);
    qv_xdecref(qi, rest);
    return ret;
}

static bool is_plain_int(const QvObj *o) { return qv_is_int_exact(o) || qv_is_bool(o); }

// Items equal to any other object, by comparison: their number, or the index of the first; -1 none,
// -2 error.
static QvSsize search(QvInterp *qi, QvObj *o, QvObj *item, bool count)
{
    QvObj *it = qv_iter(qi, o);
    if (it == NULL) {
        return -2;
    }
    QvSsize found = 0, i = 0;
    int r = 0;
    QvObj *x;
    for (; (x = qv_next(qi, it)) != NULL; i++) {
        r = qv_poll_step(qi, i) < 0 ? -1 : qv_item_eq(qi, x, item);
        qv_decref(qi, x);
        if (r < 0 || (r > 0 && !count)) {
            break;
        }
        found += r;
    }
    qv_decref(qi, it);
    if (r < 0 || (x == NULL && qv_err_occurred(qi))) {
        return -2;
    }
    return count ? found : r > 0 ? i : -1;
}

static int range_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    if (is_plain_int(item)) {
        return contains_int(qi, (const QvRange *)o, item);
    }
    QvSsize i = search(qi, o, item, false);
    return i == -2 ? -1 : i >= 0;
}

static QvObj *range_index(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    const QvRange *r = (const QvRange *)self;
    if (!is_plain_int(args[0])) {
        QvSsize i = search(qi, self, args[0], false);
        if (i == -1) {
            qv_raise(qi, &qv_exc_ValueError, "sequence.index(x): x not in sequence");
        }
        return i < 0 ? NULL : qv_int_from_i64(qi, i);
    }
    int found = contains_int(qi, r, args[0]);
    if (found <= 0) {
        return found < 0 ? NULL : qv_raise(qi, &qv_exc_ValueError, "%R is not in range", args[0]);
    }
    QvObj *distance = qv_int_sub(qi, args[0], r->start);
    QvObj *ret = distance ? qv_int_floordiv(qi, distance, r->step) : NULL;
    qv_xdecref(qi, distance);
    return ret;
}

static QvObj *range_count(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize n;
    if (is_plain_int(args[0])) {
        int found = contains_int(qi, (const QvRange *)self, args[0]);
        n = found < 0 ? -2 : found;
    } else {
        n = search(qi, self, args[0], true);
    }
    return n < 0 ? NULL : qv_int_from_i64(qi, n);
}

// ---- iteration ----------------------------------------------------------------------------------

// An iterator over `count` items from start by step (borrowed ints).
static QvObj *iter_new(QvInterp *qi, QvObj *start, QvObj *step, QvObj *count)
{
    int64_t product, end;
    if (qv_int_is_small(start) && qv_int_is_small(step) && qv_int_is_small(count) &&
        !__builtin_mul_overflow(qv_int_value(count), qv_int_value(step), &product) &&
        !__builtin_add_overflow(qv_int_value(start), product, &end)) {
        QvRangeIter *it =
            (QvRangeIter *)qv_alloc_atom(qi, &qv_range_iterator_type, sizeof(QvRangeIter));
        if (it) {
            it->next = qv_int_value(start);
            it->step = qv_int_value(step);
            it->left = it->count = (uint64_t)qv_int_value(count);
        }
        return (QvObj *)it;
    }
    QvLongRangeIter *it = (QvLongRangeIter *)qv_obj_new(qi, &qv_longrange_iterator_type);
    if (it) {
        it->next = qv_new_ref(qi, start);
        it->step = qv_new_ref(qi, step);
        it->left = qv_new_ref(qi, count);
        it->count = qv_new_ref(qi, count);
    }
    return (QvObj *)it;
}

static QvObj *range_iter(QvInterp *qi, QvObj *o)
{
    const QvRange *r = (const QvRange *)o;
    return iter_new(qi, r->start, r->step, r->length);
}

static QvObj *range_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvRange *r = (const QvRange *)self;
    QvObj *minus_one = qv_int_from_i64(qi, -1);
    QvObj *step = minus_one ? qv_int_mul(qi, r->step, minus_one) : NULL;
    QvObj *last = step ? qv_int_add(qi, r->length, minus_one) : NULL;
    QvObj *start = last ? muladd(qi, r->start, last, r->step) : NULL;
    QvObj *ret = start ? iter_new(qi, start, step, r->length) : NULL;
    qv_xdecref(qi, minus_one);
    qv_xdecref(qi, step);
    qv_xdecref(qi, last);
    qv_xdecref(qi, start);
    return ret;
}

static QvObj *iter_next(QvInterp *qi, QvObj *o)
{
    QvRangeIter *it = (QvRangeIter *)o;
    if (it->left == 0) {
        return NULL;
    }
    QvObj *ret = qv_int_from_i64(qi, it->next);
    if (QV_LIKELY(ret != NULL)) {
        it->next += it->step;
        it->left--;
    }
    return ret;
}

// The state of either kind of iterator in int objects.
typedef struct Parts {
    QvObj *next, *step, *left, *index; // owned; index: how many items have been given out
} Parts;

static void parts_fini(QvInterp *qi, Parts *p)
{
    qv_xdecref(qi, p->next);
    qv_xdecref(qi, p->step);
    qv_xdecref(qi, p->left);
    qv_xdecref(qi, p->index);
}

// 0 or -1.
static int parts_init(QvInterp *qi, Parts *p, QvObj *o)
{
    if (o->type == &qv_longrange_iterator_type) {
        const QvLongRangeIter *it = (const QvLongRangeIter *)o;
        *p = (Parts){qv_new_ref(qi, it->next), qv_new_ref(qi, it->step), qv_new_ref(qi, it->left),
                     qv_int_sub(qi, it->count, it->left)};
    } else {
        const QvRangeIter *it = (const QvRangeIter *)o;
        *p = (Parts){qv_int_from_i64(qi, it->next), qv_int_from_i64(qi, it->step),
                     qv_int_from_u64(qi, it->left), qv_int_from_u64(qi, it->count - it->left)};
    }
    if (p->next && p->step && p->left && p->index) {
        return 0;
    }
    parts_fini(qi, p);
    return -1;
}

static QvObj *iter_length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    if (self->type == &qv_longrange_iterator_type) {
        return qv_new_ref(qi, ((QvLongRangeIter *)self)->left);
    }
    return qv_int_from_u64(qi, ((QvRangeIter *)self)->left);
}

// (iter, (the whole range,), index)
static QvObj *iter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    Parts p;
    if (parts_init(qi, &p, self) < 0) {
        return NULL;
    }
    QvObj *back = qv_int_mul(qi, p.index, p.step);
    QvObj *start = back ? qv_int_sub(qi, p.next, back) : NULL;
    QvObj *end = start ? muladd(qi, p.next, p.left, p.step) : NULL;
    qv_xdecref(qi, back);
    QvObj *range = range_from(qi, start, end, qv_new_ref(qi, p.step));
    QvObj *inner = qv_tuple_of(qi, 1, range);
    QvObj *builtin = inner ? qv_iter_builtin(qi, QV_N(iter)) : NULL;
    QvObj *ret = qv_tuple_of(qi, 3, builtin, inner, p.index);
    qv_xdecref(qi, builtin);
    qv_xdecref(qi, range);
    qv_xdecref(qi, inner);
    parts_fini(qi, &p);
    return ret;
}

// An index for an iterator over `count` items: new reference.
static QvObj *index_within(QvInterp *qi, const QvObj *self, QvObj *state, const Parts *p)
{
    QvObj *index = qv_index(qi, state);
    QvObj *count = index ? qv_int_add(qi, p->index, p->left) : NULL;
    int64_t n;
    if (count && self->type == &qv_range_iterator_type && qv_int_to_i64(qi, index, &n) < 0) {
        qv_clear(qi, &index);
    } else if (count && qv_int_sign(index) < 0) {
        qv_set_take(qi, &index, qv_int_from_i64(qi, 0));
    } else if (count && qv_int_compare(index, count) > 0) {
        qv_set_take(qi, &index, qv_new_ref(qi, count));
    }
    if (count == NULL) {
        qv_clear(qi, &index);
    }
    qv_xdecref(qi, count);
    return index;
}

// Goes to the item with this index, or to one of the ends.
static QvObj *iter_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Parts p;
    if (parts_init(qi, &p, self) < 0) {
        return NULL;
    }
    QvObj *index = index_within(qi, self, args[0], &p);
    QvObj *by = index ? qv_int_sub(qi, index, p.index) : NULL;
    QvObj *next = by ? muladd(qi, p.next, by, p.step) : NULL;
    QvObj *left = next ? qv_int_sub(qi, p.left, by) : NULL;
    qv_xdecref(qi, index);
    qv_xdecref(qi, by);
    parts_fini(qi, &p);
    if (left == NULL) {
        qv_xdecref(qi, next);
        return NULL;
    }
    if (self->type == &qv_longrange_iterator_type) {
        QvLongRangeIter *it = (QvLongRangeIter *)self;
        qv_set_take(qi, &it->next, next);
        qv_set_take(qi, &it->left, left);
        return QV_NONE;
    }
    ((QvRangeIter *)self)->next = qv_int_value(next);
    ((QvRangeIter *)self)->left = (uint64_t)qv_int_value(left);
    qv_decref(qi, next);
    qv_decref(qi, left);
    return QV_NONE;
}

static const QvNativeDef iter_methods[] = {
    {"__length_hint__", iter_length_hint, "($self, /)", "How many items are left."},
    {"__reduce__", iter_reduce, "($self, /)", "State for pickling."},
    {"__setstate__", iter_setstate, "($self, state, /)", "Restores the state from pickling."},
    {0},
};

QV_SEALED QvType qv_range_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "range_iterator",
    .id = QV_TID_range_iterator,
    .flags = QV_T_NO_NEW | QV_T_IMMUTABLE,
    .size = sizeof(QvRangeIter),
    .base = &qv_object_type,
    .methods = iter_methods,
    .dealloc = iter_dealloc,
    .iter = qv_iter_self,
    .next = iter_next,
};

static void long_iter_fini(QvInterp *qi, QvObj *o)
{
    QvLongRangeIter *it = (QvLongRangeIter *)o;
    qv_clear(qi, &it->next);
    qv_clear(qi, &it->step);
    qv_clear(qi, &it->left);
    qv_clear(qi, &it->count);
}

static QvObj *long_iter_next(QvInterp *qi, QvObj *o)
{
    QvLongRangeIter *it = (QvLongRangeIter *)o;
    if (qv_int_sign(it->left) == 0) {
        return NULL;
    }
    QvObj *minus_one = qv_int_from_i64(qi, -1);
    QvObj *left = minus_one ? qv_int_add(qi, it->left, minus_one) : NULL;
    QvObj *next = left ? qv_int_add(qi, it->next, it->step) : NULL;
    qv_xdecref(qi, minus_one);
    if (next == NULL) {
        qv_xdecref(qi, left);
        return NULL;
    }
    QvObj *ret = it->next;
    it->next = next;
    qv_set_take(qi, &it->left, left);
    return ret;
}

QV_SEALED QvType qv_longrange_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "longrange_iterator",
    .id = QV_TID_longrange_iterator,
    .flags = QV_T_NO_NEW | QV_T_IMMUTABLE,
    .size = sizeof(QvLongRangeIter),
    .base = &qv_object_type,
    .methods = iter_methods,
    .fini = long_iter_fini,
    .iter = qv_iter_self,
    .next = long_iter_next,
};

// ---- type ---------------------------------------------------------------------------------------

static QvObj *range_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvRange *r = (const QvRange *)self;
    QvObj *parts = qv_tuple_of(qi, 3, r->start, r->stop, r->step);
    QvObj *ret = qv_tuple_of(qi, 2, &qv_range_type, parts);
    qv_xdecref(qi, parts);
    return ret;
}

static QvObj *range_get_start(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvRange *)o)->start);
}

static QvObj *range_get_stop(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvRange *)o)->stop);
}

static QvObj *range_get_step(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvRange *)o)->step);
}

static const QvGetSet range_getsets[] = {
    {"start", range_get_start, qv_getset_readonly, NULL},
    {"stop", range_get_stop, qv_getset_readonly, NULL},
    {"step", range_get_step, qv_getset_readonly, NULL},
    {0},
};

static const QvNativeDef range_methods[] = {
    {"__reversed__", range_reversed, "($self, /)", "An iterator over the items, last one first."},
    {"__reduce__", range_reduce, "($self, /)", "State for pickling."},
    {"count", range_count, "($self, value, /)", "Number of items equal to value."},
    {"index", range_index, "($self, value, /)",
     "Index of the item equal to value; ValueError when there is none."},
    {0},
};

QV_SEALED QvType qv_range_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "range",
    .id = QV_TID_range,
    .flags = QV_T_SEQUENCE | QV_T_IMMUTABLE,
    .size = sizeof(QvRange),
    .base = &qv_object_type,
    .doc = "range(stop) -> range object\nrange(start, stop[, step]) -> range object\n\n"
           "The integers from start (default 0) up to but without stop, by step (default 1).",
    .methods = range_methods,
    .getsets = range_getsets,
    .new_ = range_make,
    .dealloc = range_dealloc,
    .fini = range_fini,
    .repr = range_repr,
    .hash = range_hash,
    .richcmp = range_richcmp,
    .iter = range_iter,
    .bool_ = range_bool,
    .len = range_len,
    .getitem = range_getitem,
    .contains = range_contains,
};
