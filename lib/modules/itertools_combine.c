// SPDX-License-Identifier: MIT
// itertools: product, combinations, combinations_with_replacement, permutations.
//
// All four walk an array of indices into pools of items; `result` holds the last tuple and is
// written in place when the caller has dropped it.
#include "modules/itertools.h"

#include <string.h>

#include "object/error.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Combo {
    QvObj h;
    QvObj *pool;    // tuple of items; product: tuple of such tuples, one for each place
    QvObj *result;  // the last tuple, NULL before the first
    QvSsize *index; // nindex of them; permutations: all items, then the cycles
    QvSsize nindex; // words of `index`
    QvSsize r;      // length of results
    bool stopped;
} Combo;

static Combo *as_combo(QvObj *o) { return (Combo *)o; }

static void combo_fini(QvInterp *qi, QvObj *o)
{
    Combo *c = as_combo(o);
    qv_clear(qi, &c->pool);
    qv_clear(qi, &c->result);
    if (c->index) {
        qv_free(qi, c->index, (size_t)c->nindex * sizeof(QvSsize));
        c->index = NULL;
    }
}

static int combo_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_combo(o)->pool);
    QV_VISIT(as_combo(o)->result);
    return 0;
}

// A new object; takes pool. index is zeroed, with nindex words.
static QvObj *combo_make(QvInterp *qi, QvType *type, QV_STOLEN QvObj *pool, QvSsize r,
                         QvSsize nindex)
{
    QvObj *o = qv_obj_new(qi, type);
    if (!o) {
        qv_decref(qi, pool);
        return NULL;
    }
    Combo *c = as_combo(o);
    c->pool = pool;
    c->r = r;
    if (nindex > PTRDIFF_MAX / 16) {
        qv_raise_oom(qi);
        qv_decref(qi, o);
        return NULL;
    }
    if (nindex) {
        c->index = qv_alloc(qi, (size_t)nindex * sizeof(QvSsize));
        if (!c->index) {
            qv_decref(qi, o);
            return NULL;
        }
        c->nindex = nindex;
        QvSsize bytes = nindex * (QvSsize)sizeof(QvSsize);
        if (qv_units_fill_long(qi, c->index, QV_STR_1, bytes, 0) < 0) {
            qv_clear(qi, &o);
        }
    }
    return o;
}

static bool is_product(const Combo *c)
{
    return c->h.type == &qv_itertools_product_type ||
           (c->h.type->flags & QV_T_HEAP &&
            qv_type_is_subtype(c->h.type, &qv_itertools_product_type));
}

static inline QvObj *item_at(const Combo *c, bool product, QvSsize place)
{
    return qv_tuple_peek(product ? qv_tuple_peek(c->pool, place) : c->pool, c->index[place]);
}

// give() for short results.
static QV_ALWAYS_INLINE QvObj *give_short(QvInterp *qi, Combo *c, QvSsize from, bool product)
{
    QvObj *old = c->result;
    QvSsize r = c->r;
    if (old && qv_is_unshared(old)) {
        qv_incref(qi, old);
        qv_gc_retrack(old);
        for (QvSsize k = from; k < r; k++) {
            QvObj **slot = &qv_tuple_items(old)[k], *gone = *slot;
            *slot = qv_new_ref(qi, item_at(c, product, k));
            qv_decref(qi, gone); // the pool has it, too
        }
        return old;
    }
    QvObj *result = qv_tuple_new(qi, r);
    if (QV_UNLIKELY(!result)) {
        return NULL;
    }
    QvObj **items = qv_tuple_items(result);
    QvSsize k = 0;
    for (; old && k < from; k++) {
        items[k] = qv_new_ref(qi, qv_tuple_peek(old, k));
    }
    for (; k < r; k++) {
        items[k] = qv_new_ref(qi, item_at(c, product, k));
    }
    c->result = qv_new_ref(qi, result);
    qv_xdecref(qi, old);
    return result;
}

static QV_NOINLINE QvObj *give_long(QvInterp *qi, Combo *c, QvSsize from, bool product)
{
    QvObj *old = c->result;
    if (old && qv_is_unshared(old)) {
        qv_incref(qi, old);
        qv_gc_retrack(old);
        for (QvSsize k = from; k < c->r; k++) {
            qv_set_take(qi, &qv_tuple_items(old)[k], qv_new_ref(qi, item_at(c, product, k)));
            if (qv_stop_step(qi, k) < 0) {
                qv_decref(qi, old);
                return NULL;
            }
        }
        return old;
    }
    QvObj *result = qv_tuple_new(qi, c->r);
    if (!result) {
        return NULL;
    }
    QvObj **items = qv_tuple_items(result);
    QvSsize k = 0;
    for (; old && k < from; k++) {
        items[k] = qv_new_ref(qi, qv_tuple_peek(old, k));
        if (qv_stop_step(qi, k) < 0) {
            qv_decref(qi, result);
            return NULL;
        }
    }
    for (; k < c->r; k++) {
        items[k] = qv_new_ref(qi, item_at(c, product, k));
        if (qv_stop_step(qi, k) < 0) {
            qv_decref(qi, result);
            return NULL;
        }
    }
    qv_set_take(qi, &c->result, qv_new_ref(qi, result));
    return result;
}

// The result whose places from `from` on have changed: new reference.
static QV_ALWAYS_INLINE QvObj *give_as(QvInterp *qi, Combo *c, QvSsize from, bool product)
{
    return QV_LIKELY(c->r < 4096) ? give_short(qi, c, from, product)
                                  : give_long(qi, c, from, product);
}

static QvObj *give(QvInterp *qi, Combo *c, QvSsize from) { return give_as(qi, c, from, false); }

static QvObj *give_product(QvInterp *qi, Combo *c, QvSsize from)
{
    return give_as(qi, c, from, true);
}

static QvObj *stop(Combo *c)
{
    c->stopped = true;
    return NULL;
}

// (type, args) or (type, args, state); takes both.
static QvObj *reduced(QvInterp *qi, QvObj *o, QV_STOLEN QvObj *args, QV_STOLEN QvObj *state,
                      bool with_state)
{
    QvObj *ret = !args || (with_state && !state) ? NULL
                 : with_state                    ? qv_tuple_of(qi, 3, o->type, args, state)
                                                 : qv_tuple_of(qi, 2, o->type, args);
    qv_xdecref(qi, args);
    qv_xdecref(qi, state);
    return ret;
}

static QvObj *indices_tuple(QvInterp *qi, const QvSsize *index, QvSsize n)
{
    QvObj *t = qv_tuple_new(qi, n);
    for (QvSsize k = 0; t && k < n; k++) {
        QvObj *i = qv_stop_step(qi, k) < 0 ? NULL : qv_int_from_i64(qi, index[k]);
        if (!i) {
            qv_clear(qi, &t);
        } else {
            qv_tuple_items(t)[k] = i;
        }
    }
    return t;
}

// (pool, r)
static QvObj *pool_and_r(QvInterp *qi, QvObj *pool, QvSsize r)
{
    QvObj *n = qv_int_from_i64(qi, r);
    QvObj *args = n ? qv_tuple_of(qi, 2, pool, n) : NULL;
    qv_xdecref(qi, n);
    return args;
}

// Reads n indices from a tuple, each brought into 0..max(k). 0/-1.
static int read_indices(QvInterp *qi, QvObj *t, QvSsize from, QvSsize *out, QvSsize n, QvSsize low,
                        QvSsize high)
{
    for (QvSsize k = 0; k < n; k++) {
        QvSsize i;
        if (qv_stop_step(qi, k) < 0 || qv_int_to_ssize(qi, qv_tuple_peek(t, from + k), &i) < 0) {
            return -1;
        }
        out[k] = i < low ? low : i > high ? high : i;
    }
    return 0;
}

// ---- product ------------------------------------------------------------------------------------

static QvObj *product_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    QvSsize repeat = 1, n;
    if (kwnames && qv_tuple_len(kwnames) > 0) {
        for (QvSsize k = 0; k < qv_tuple_len(kwnames); k++) {
            if (!qv_str_eq_ascii(qv_tuple_peek(kwnames, k), "repeat")) {
                return qv_raise(qi, &qv_exc_TypeError,
                                "'%U' is an invalid keyword argument for product()",
                                qv_tuple_peek(kwnames, k));
            }
        }
        if (qv_index_ssize(qi, args[nargs], &repeat, &qv_exc_OverflowError) < 0) {
            return NULL;
        }
        if (repeat < 0) {
            return qv_raise(qi, &qv_exc_ValueError, "repeat argument cannot be negative");
        }
    }
    QvSsize own = repeat == 0 ? 0 : nargs;
    if (__builtin_mul_overflow(own, repeat, &n) || n > PTRDIFF_MAX / 16) {
        return qv_raise(qi, &qv_exc_OverflowError, "repeat argument too large");
    }
    QvObj *pools = qv_tuple_new(qi, n);
    bool empty = false;
    for (QvSsize k = 0; pools && k < n; k++) {
        QvObj *pool = qv_stop_step(qi, k) < 0 ? NULL
                      : k < own               ? qv_to_tuple(qi, args[k])
                                              : qv_new_ref(qi, qv_tuple_peek(pools, k - own));
        if (!pool) {
            qv_clear(qi, &pools);
            break;
        }
        qv_tuple_items(pools)[k] = pool;
        empty |= qv_tuple_len(pool) == 0;
    }
    QvObj *o = pools ? combo_make(qi, type, pools, n, n) : NULL;
    if (o) {
        as_combo(o)->stopped = empty;
    }
    return o;
}

static QvObj *product_next(QvInterp *qi, QvObj *o)
{
    Combo *c = as_combo(o);
    if (c->stopped) {
        return NULL;
    }
    if (!c->result) {
        return give_product(qi, c, 0);
    }
    for (QvSsize k = c->r - 1; k >= 0; k--) { // like an odometer
        if (++c->index[k] < qv_tuple_len(qv_tuple_peek(c->pool, k))) {
            return give_product(qi, c, k);
        }
        c->index[k] = 0;
    }
    return stop(c);
}

static QvObj *product_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Combo *c = as_combo(self);
    if (c->stopped) {
        return reduced(qi, self, qv_tuple_of(qi, 1, QV_EMPTY_TUPLE), NULL, false);
    }
    QvObj *pools = qv_new_ref(qi, c->pool);
    return c->result ? reduced(qi, self, pools, indices_tuple(qi, c->index, c->r), true)
                     : reduced(qi, self, pools, NULL, false);
}

// Makes the last result again from restored indices.
static QvObj *restore(QvInterp *qi, Combo *c)
{
    qv_clear(qi, &c->result);
    QvObj *result = is_product(c) ? give_product(qi, c, 0) : give(qi, c, 0);
    if (!result) {
        return NULL;
    }
    qv_decref(qi, result);
    return QV_NONE;
}

static QvObj *product_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Combo *c = as_combo(self);
    if (!qv_is_tuple(args[0]) || qv_tuple_len(args[0]) != c->r) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid arguments");
    }
    for (QvSsize k = 0; k < c->r; k++) {
        QvSsize n = qv_tuple_len(qv_tuple_peek(c->pool, k));
        if (n == 0) {
            c->stopped = true;
            return QV_NONE;
        }
        if (read_indices(qi, args[0], k, &c->index[k], 1, 0, n - 1) < 0) {
            return NULL;
        }
    }
    return restore(qi, c);
}

static const QvNativeDef product_methods[] = {
    {"__reduce__", product_reduce, "($self, /)", "Return state information for pickling."},
    {"__setstate__", product_setstate, "($self, state, /)",
     "Set state information for unpickling."},
    {0},
};

QV_SEALED QvType qv_itertools_product_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.product",
    .id = QV_TID_itertools_product,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Combo),
    .doc = "product(*iterables, repeat=1) --> product object\n\nCartesian product of input "
           "iterables.  Equivalent to nested for-loops.\n\nFor example, product(A, B) returns the "
           "same as:  ((x,y) for x in A for y in B).\nThe leftmost iterators are in the outermost "
           "for-loop, so the output tuples\ncycle in a manner similar to an odometer (with the "
           "rightmost element changing\non every iteration).\n\nTo compute the product of an "
           "iterable with itself, specify the number\nof repetitions with the optional repeat "
           "keyword argument. For example,\nproduct(A, repeat=4) means the same as product(A, A, "
           "A, A).\n\nproduct('ab', range(3)) --> ('a',0) ('a',1) ('a',2) ('b',0) ('b',1) "
           "('b',2)\nproduct((0,1), (0,1), (0,1)) --> (0,0,0) (0,0,1) (0,1,0) (0,1,1) (1,0,0) ...",
    .methods = product_methods,
    .new_ = product_new,
    .fini = combo_fini,
    .traverse = combo_traverse,
    .iter = qv_iter_self,
    .next = product_next,
};

// ---- combinations -------------------------------------------------------------------------------

// Common start of combinations(iterable, r) and its sister.
static QvObj *choose_new(QvInterp *qi, QvType *type, const char *sig, QvObj *const *args,
                         QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[2];
    QvSsize r;
    if (qv_args(qi, sig, args, nargs, kwnames, slots) < 0 ||
        qv_index_ssize(qi, slots[1], &r, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    QvObj *pool = qv_to_tuple(qi, slots[0]);
    if (pool && r < 0) {
        qv_decref(qi, pool);
        return qv_raise(qi, &qv_exc_ValueError, "r must be non-negative");
    }
    return pool ? combo_make(qi, type, pool, r, r) : NULL;
}

// index[k] = k. 0/-1.
static int count_up(QvInterp *qi, Combo *c, QvSsize n)
{
    for (QvSsize k = 0; k < n; k++) {
        c->index[k] = k;
        if (qv_stop_step(qi, k) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvObj *combinations_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                               QvObj *kwnames)
{
    QvObj *o = choose_new(qi, type, "combinations(iterable, r)", args, nargs, kwnames);
    if (o) {
        Combo *c = as_combo(o);
        c->stopped = c->r > qv_tuple_len(c->pool);
        if (count_up(qi, c, c->r) < 0) {
            qv_clear(qi, &o);
        }
    }
    return o;
}

static QvObj *combinations_next(QvInterp *qi, QvObj *o)
{
    Combo *c = as_combo(o);
    if (c->stopped) {
        return NULL;
    }
    if (!c->result) {
        return give(qi, c, 0);
    }
    QvSsize n = qv_tuple_len(c->pool), k = c->r - 1;
    while (k >= 0 && c->index[k] == k + n - c->r) {
        k--;
    }
    if (k < 0) {
        return stop(c);
    }
    c->index[k]++;
    for (QvSsize j = k + 1; j < c->r; j++) {
        c->index[j] = c->index[j - 1] + 1;
        if (qv_stop_step(qi, j) < 0) {
            return NULL;
        }
    }
    return give(qi, c, k);
}

static QvObj *choose_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Combo *c = as_combo(self);
    if (c->result && c->stopped) {
        return reduced(qi, self, pool_and_r(qi, QV_EMPTY_TUPLE, c->r), NULL, false);
    }
    QvObj *inner = pool_and_r(qi, c->pool, c->r);
    return c->result ? reduced(qi, self, inner, indices_tuple(qi, c->index, c->r), true)
                     : reduced(qi, self, inner, NULL, false);
}

static QvObj *combinations_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Combo *c = as_combo(self);
    QvSsize n = qv_tuple_len(c->pool);
    if (!qv_is_tuple(args[0]) || qv_tuple_len(args[0]) != c->r || n < c->r) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid arguments");
    }
    for (QvSsize k = 0; k < c->r; k++) {
        if (read_indices(qi, args[0], k, &c->index[k], 1, 0, k + n - c->r) < 0) {
            return NULL;
        }
    }
    return restore(qi, c);
}

static const QvNativeDef combinations_methods[] = {
    {"__reduce__", choose_reduce, "($self, /)", "Return state information for pickling."},
    {"__setstate__", combinations_setstate, "($self, state, /)",
     "Set state information for unpickling."},
    {0},
};

QV_SEALED QvType qv_itertools_combinations_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.combinations",
    .id = QV_TID_itertools_combinations,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Combo),
    .doc = "combinations(iterable, r)\n--\n\nReturn successive r-length combinations of elements "
           "in the iterable.\n\ncombinations(range(4), 3) --> (0,1,2), (0,1,3), (0,2,3), (1,2,3)",
    .methods = combinations_methods,
    .new_ = combinations_new,
    .fini = combo_fini,
    .traverse = combo_traverse,
    .iter = qv_iter_self,
    .next = combinations_next,
};

// ---- combinations_with_replacement --------------------------------------------------------------

static QvObj *cwr_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *o =
        choose_new(qi, type, "combinations_with_replacement(iterable, r)", args, nargs, kwnames);
    if (o) {
        as_combo(o)->stopped = qv_tuple_len(as_combo(o)->pool) == 0 && as_combo(o)->r > 0;
    }
    return o;
}

static QvObj *cwr_next(QvInterp *qi, QvObj *o)
{
    Combo *c = as_combo(o);
    if (c->stopped) {
        return NULL;
    }
    if (!c->result) {
        return give(qi, c, 0);
    }
    QvSsize n = qv_tuple_len(c->pool), k = c->r - 1;
    while (k >= 0 && c->index[k] == n - 1) {
        k--;
    }
    if (k < 0) {
        return stop(c);
    }
    QvSsize next = c->index[k] + 1;
    for (QvSsize j = k; j < c->r; j++) {
        c->index[j] = next;
        if (qv_stop_step(qi, j) < 0) {
            return NULL;
        }
    }
    return give(qi, c, k);
}

static QvObj *cwr_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Combo *c = as_combo(self);
    QvSsize n = qv_tuple_len(c->pool);
    if (!qv_is_tuple(args[0]) || qv_tuple_len(args[0]) != c->r || (n == 0 && c->r > 0)) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid arguments");
    }
    return read_indices(qi, args[0], 0, c->index, c->r, 0, n - 1) < 0 ? NULL : restore(qi, c);
}

static const QvNativeDef cwr_methods[] = {
    {"__reduce__", choose_reduce, "($self, /)", "Return state information for pickling."},
    {"__setstate__", cwr_setstate, "($self, state, /)", "Set state information for unpickling."},
    {0},
};

QV_SEALED QvType qv_itertools_cwr_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.combinations_with_replacement",
    .id = QV_TID_itertools_cwr,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Combo),
    .doc = "combinations_with_replacement(iterable, r)\n--\n\nReturn successive r-length "
           "combinations of elements in the iterable allowing individual elements to have "
           "successive repeats.\n\ncombinations_with_replacement('ABC', 2) --> ('A','A'), "
           "('A','B'), ('A','C'), ('B','B'), ('B','C'), ('C','C')",
    .methods = cwr_methods,
    .new_ = cwr_new,
    .fini = combo_fini,
    .traverse = combo_traverse,
    .iter = qv_iter_self,
    .next = cwr_next,
};

// ---- permutations -------------------------------------------------------------------------------
// index[0..n-1]: order of the items; index[n..n+r-1]: cycles, how often each place still moves on.

static QvObj *permutations_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                               QvObj *kwnames)
{
    QvObj *slots[2];
    if (qv_args(qi, "permutations(iterable, r=None)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *pool = qv_to_tuple(qi, slots[0]);
    if (!pool) {
        return NULL;
    }
    QvSsize n = qv_tuple_len(pool), r = n;
    if (slots[1] && slots[1] != QV_NONE) {
        if (!qv_is_int(slots[1])) {
            qv_raise(qi, &qv_exc_TypeError, "Expected int as r");
        } else if (qv_int_to_ssize(qi, slots[1], &r) == 0 && r < 0) {
            qv_raise(qi, &qv_exc_ValueError, "r must be non-negative");
        }
        if (qv_err_occurred(qi)) {
            qv_decref(qi, pool);
            return NULL;
        }
    }
    QvObj *o = combo_make(qi, type, pool, r, r > n ? n : n + r);
    if (o) {
        Combo *c = as_combo(o);
        c->stopped = r > n;
        if (count_up(qi, c, n) < 0) {
            qv_decref(qi, o);
            return NULL;
        }
        for (QvSsize k = 0; k < r && r <= n; k++) {
            c->index[n + k] = n - k;
            if (qv_stop_step(qi, k) < 0) {
                qv_decref(qi, o);
                return NULL;
            }
        }
    }
    return o;
}

static QvObj *permutations_next(QvInterp *qi, QvObj *o)
{
    Combo *c = as_combo(o);
    if (c->stopped) {
        return NULL;
    }
    if (!c->result) {
        return give(qi, c, 0);
    }
    QvSsize n = qv_tuple_len(c->pool), *index = c->index, *cycles = c->index + n;
    for (QvSsize k = c->r - 1; k >= 0; k--) {
        if (--cycles[k] == 0) { // this place has had them all: back to the order before
            QvSsize first = index[k];
            memmove(&index[k], &index[k + 1], (size_t)(n - 1 - k) * sizeof(QvSsize));
            index[n - 1] = first;
            cycles[k] = n - k;
            continue;
        }
        QvSsize j = n - cycles[k], swap = index[k];
        index[k] = index[j];
        index[j] = swap;
        return give(qi, c, k);
    }
    return stop(c);
}

static QvObj *permutations_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Combo *c = as_combo(self);
    if (c->stopped) {
        return reduced(qi, self, pool_and_r(qi, c->result ? QV_EMPTY_TUPLE : c->pool, c->r), NULL,
                       false);
    }
    QvObj *inner = pool_and_r(qi, c->pool, c->r);
    if (!c->result) {
        return reduced(qi, self, inner, NULL, false);
    }
    QvSsize n = qv_tuple_len(c->pool);
    QvObj *order = indices_tuple(qi, c->index, n),
          *cycles = order ? indices_tuple(qi, c->index + n, c->r) : NULL;
    QvObj *state = cycles ? qv_tuple_of(qi, 2, order, cycles) : NULL;
    qv_xdecref(qi, order);
    qv_xdecref(qi, cycles);
    return reduced(qi, self, inner, state, true);
}

static QvObj *permutations_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Combo *c = as_combo(self);
    QvSsize n = qv_tuple_len(c->pool);
    if (qv_is_tuple(args[0]) && qv_tuple_len(args[0]) != 2) {
        return qv_raise(qi, &qv_exc_TypeError, "function takes exactly 2 arguments (%zd given)",
                        qv_tuple_len(args[0]));
    }
    QvObj *order = qv_is_tuple(args[0]) ? qv_tuple_peek(args[0], 0) : NULL;
    QvObj *cycles = order ? qv_tuple_peek(args[0], 1) : NULL;
    if (!order || !qv_is_tuple(order) || !qv_is_tuple(cycles) || c->r > n ||
        qv_tuple_len(order) != n || qv_tuple_len(cycles) != c->r) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid arguments");
    }
    if (read_indices(qi, order, 0, c->index, n, 0, n - 1) < 0) {
        return NULL;
    }
    for (QvSsize k = 0; k < c->r; k++) {
        if (read_indices(qi, cycles, k, &c->index[n + k], 1, 1, n - k) < 0) {
            return NULL;
        }
    }
    return restore(qi, c);
}

static const QvNativeDef permutations_methods[] = {
    {"__reduce__", permutations_reduce, "($self, /)", "Return state information for pickling."},
    {"__setstate__", permutations_setstate, "($self, state, /)",
     "Set state information for unpickling."},
    {0},
};

QV_SEALED QvType qv_itertools_permutations_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.permutations",
    .id = QV_TID_itertools_permutations,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Combo),
    .doc = "permutations(iterable, r=None)\n--\n\nReturn successive r-length permutations of "
           "elements in the iterable.\n\npermutations(range(3), 2) --> (0,1), (0,2), (1,0), (1,2), "
           "(2,0), (2,1)",
    .methods = permutations_methods,
    .new_ = permutations_new,
    .fini = combo_fini,
    .traverse = combo_traverse,
    .iter = qv_iter_self,
    .next = permutations_next,
};
