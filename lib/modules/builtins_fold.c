// SPDX-License-Identifier: MIT
// sum, any, all, min, max and sorted: what makes one value of many.
//
// Each has a sink (object/walk.h) for the items that cost nothing to fold: ints and floats, and for
// any and all whatever is true or false by itself.
#include "modules/builtins.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/key.h"
#include "object/str.h"
#include "object/walk.h"

// ---- any, all -----------------------------------------------------------------------------------

typedef struct Truths {
    QvSink sink;
    bool stop_at;
} Truths;

// The truth of what needs no call for it; else -1.
static inline int plain_truth(const QvObj *o)
{
    if (o == QV_TRUE || o == QV_FALSE) {
        return o == QV_TRUE;
    }
    return o->type == &qv_int_type ? qv_int_value(o) != 0 : o == QV_NONE ? 0 : -1;
}

static bool take_truth(QvInterp *qi, QvSink *sink, QvObj *item)
{
    (void)qi;
    int truth = plain_truth(item);
    return truth >= 0 && (truth != 0) != ((Truths *)sink)->stop_at;
}

static QvObj *any_or_all(QvInterp *qi, QvObj *iterable, bool stop_at)
{
    Truths t = {.sink.take = take_truth, .stop_at = stop_at};
    QvWalk walk;
    if (qv_walk_init(qi, &walk, iterable) < 0) {
        return NULL;
    }
    QvObj *item, *result = NULL;
    while (!result && (item = qv_walk_next(qi, &walk, &t.sink, take_truth)) != NULL) {
        int truth = qv_is_true(qi, item);
        qv_decref(qi, item);
        if (truth < 0) {
            break;
        }
        if ((truth != 0) == stop_at) {
            result = qv_bool(stop_at);
        }
    }
    qv_walk_fini(qi, &walk);
    return result || qv_err_occurred(qi) ? result : qv_bool(!stop_at);
}

QvObj *qv_builtin_all(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return any_or_all(qi, a[0], false);
}

QvObj *qv_builtin_any(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return any_or_all(qi, a[0], true);
}

// ---- sum ----------------------------------------------------------------------------------------

// Adds with a machine word or double as long as the items are exact ints or floats; any other item
// sends the rest through qv_binary.
typedef struct Sum {
    QvSink sink;
    enum { INTS, FLOATS, ANY } mode;
    int64_t ints;
    double floats;
    QvObj *total; // owned, ANY only
} Sum;

static QV_ALWAYS_INLINE bool take_number(QvInterp *qi, QvSink *sink, QvObj *item)
{
    (void)qi;
    Sum *s = (Sum *)sink;
    if (item->type == &qv_bool_type) { // its value is inline too, and it counts as an int
        int one = item == QV_TRUE;
        if (s->mode == INTS && s->ints < INT64_MAX) {
            s->ints += one;
            return true;
        }
        s->floats += s->mode == FLOATS ? one : 0;
        return s->mode == FLOATS;
    }
    if (QV_LIKELY(s->mode == INTS)) {
        int64_t sum;
        if (QV_LIKELY(item->type == &qv_int_type) &&
            !__builtin_add_overflow(s->ints, qv_int_value(item), &sum)) {
            s->ints = sum;
            return true;
        }
        if (item->type == &qv_float_type) {
            s->mode = FLOATS;
            s->floats = (double)s->ints + qv_float_value(item);
            return true;
        }
    } else if (s->mode == FLOATS) {
        if (QV_LIKELY(item->type == &qv_float_type)) {
            s->floats += qv_float_value(item);
            return true;
        }
        if (item->type == &qv_int_type) {
            s->floats += (double)qv_int_value(item);
            return true;
        }
    }
    return false;
}

static bool take_number_call(QvInterp *qi, QvSink *sink, QvObj *item)
{
    return take_number(qi, sink, item);
}

// What has been added so far, as an object: new reference.
static QvObj *sum_value(QvInterp *qi, Sum *s)
{
    return s->mode == INTS     ? qv_int_from_i64(qi, s->ints)
           : s->mode == FLOATS ? qv_float_new(qi, s->floats)
                               : qv_xnew_ref(qi, s->total);
}

// 0 or -1.
static int sum_start(QvInterp *qi, Sum *s, QvObj *start)
{
    *s = (Sum){.sink.take = take_number_call, .mode = INTS};
    if (!start) {
        return 0;
    }
    if (start->type == &qv_int_type) {
        s->ints = qv_int_value(start);
        return 0;
    }
    if (start->type == &qv_float_type) {
        s->mode = FLOATS;
        s->floats = qv_float_value(start);
        return 0;
    }
    const char *what = qv_is_str(start)         ? "strings [use ''.join(seq) instead]"
                       : qv_is_bytes(start)     ? "bytes [use b''.join(seq) instead]"
                       : qv_is_bytearray(start) ? "bytearray [use b''.join(seq) instead]"
                                                : NULL;
    if (what) {
        return qv_raise_int(qi, &qv_exc_TypeError, "sum() can't sum %s", what);
    }
    s->mode = ANY;
    s->total = qv_new_ref(qi, start);
    return 0;
}

// The general way: item is dropped. 0 or -1.
static int sum_add_take(QvInterp *qi, Sum *s, QV_STOLEN QvObj *item)
{
    QvObj *before = sum_value(qi, s);
    QvObj *after = before ? qv_binary(qi, QV_BIN_ADD, before, item) : NULL;
    qv_decref(qi, item);
    qv_xdecref(qi, before);
    s->mode = ANY;
    qv_set_take(qi, &s->total, after);
    return after ? qv_poll_here(qi) : -1; // each step may take long: a list, a big int
}

// Adds the numbers of the packed list that is walked, as far as machine numbers go. 0, or -1 when
// the script is being stopped.
static int sum_numbers(QvInterp *qi, Sum *s, QvWalk *w)
{
    const QvNumbers *n = qv_numbers_of(w->over);
    if (n->kind == QV_NUM_F64 && s->mode == INTS) {
        s->mode = FLOATS;
        s->floats = (double)s->ints;
    }
    for (QvSsize end; w->at < n->len && s->mode != ANY; w->at = end) {
        if ((end = qv_stop_slice(qi, w->at, n->len)) < 0) {
            return -1;
        }
        if (s->mode == FLOATS) {
            double sum = s->floats;
            for (QvSsize i = w->at; i < end; i++) {
                sum += n->kind == QV_NUM_F64 ? qv_numbers_float(n, i)
                                             : (double)qv_numbers_int(n, i);
            }
            s->floats = sum;
            continue;
        }
        int64_t sum = 0;
        bool good = true;
        for (QvSsize i = w->at; good && i < end; i++) {
            good = !__builtin_add_overflow(sum, qv_numbers_int(n, i), &sum);
        }
        if (!good || __builtin_add_overflow(s->ints, sum, &sum)) {
            break; // the general way finds out where
        }
        s->ints = sum;
    }
    return 0;
}

// n * start + step * n * (n - 1) / 2, when that fits. 1 or 0.
static int sum_range(const QvRange *r, int64_t *ret)
{
    if (!qv_int_is_small(r->start) || !qv_int_is_small(r->step) || !qv_int_is_small(r->length)) {
        return 0;
    }
    int64_t n = qv_int_value(r->length), steps;
    if (n >= INT32_MAX || __builtin_mul_overflow(qv_int_value(r->step), n * (n - 1) / 2, &steps)) {
        return 0;
    }
    int64_t starts;
    return !__builtin_mul_overflow(qv_int_value(r->start), n, &starts) &&
           !__builtin_add_overflow(starts, steps, ret);
}

QvObj *qv_builtin_sum(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m;
    Sum s;
    QvWalk walk;
    if (qv_walk_init(qi, &walk, a[0]) < 0) {
        return NULL;
    }
    int r = sum_start(qi, &s, n == 1 ? NULL : a[1]);
    int64_t all;
    if (a[0]->type == &qv_range_type && r == 0 && s.mode == INTS &&
        sum_range((QvRange *)a[0], &all) && !__builtin_add_overflow(s.ints, all, &all)) {
        qv_walk_fini(qi, &walk);
        return qv_int_from_i64(qi, all);
    }
    if (r == 0 && walk.kind == QV_WALK_LIST && qv_list_is_packed(walk.over)) {
        r = sum_numbers(qi, &s, &walk);
    }
    QvObj *item;
    while (r == 0 && (item = qv_walk_next(qi, &walk, &s.sink, take_number)) != NULL) {
        r = sum_add_take(qi, &s, item);
    }
    qv_walk_fini(qi, &walk);
    QvObj *result = r < 0 || qv_err_occurred(qi) ? NULL : sum_value(qi, &s);
    qv_xdecref(qi, s.total);
    return result;
}

// ---- min, max -----------------------------------------------------------------------------------

typedef struct Extreme {
    QvSink sink;
    QvCmpOp op;
    QvObj *best, *best_key; // owned; best_key NULL without a key function
} Extreme;

// Is a better than b, where that runs nothing: 1 or 0; else -1.
static inline int plain_better(const QvObj *a, const QvObj *b, QvCmpOp op)
{
    return op == QV_GT ? qv_key_less(b, a) : qv_key_less(a, b);
}

static bool take_better(QvInterp *qi, QvSink *sink, QvObj *item)
{
    Extreme *e = (Extreme *)sink;
    int better = e->best ? plain_better(item, e->best, e->op) : -1;
    if (better > 0) {
        qv_set_take(qi, &e->best, qv_new_ref(qi, item)); // the end of the old one runs nothing
    }
    return better >= 0;
}

// The general way: item is dropped. 0 or -1.
static int compare_take(QvInterp *qi, Extreme *e, QvObj *key, QV_STOLEN QvObj *item)
{
    QvObj *item_key = key ? qv_call1(qi, key, item) : NULL;
    if (key && !item_key) {
        qv_decref(qi, item);
        return -1;
    }
    int better = 1;
    if (e->best) {
        QvObj *a = key ? item_key : item, *b = key ? e->best_key : e->best;
        better = plain_better(a, b, e->op);
        if (better < 0) {
            better = qv_compare_bool(qi, a, b, e->op);
        }
    }
    if (better > 0) {
        QvObj *old = e->best;
        e->best = item;
        item = old;
        old = e->best_key;
        e->best_key = item_key;
        item_key = old;
    }
    qv_xdecref(qi, item);
    qv_xdecref(qi, item_key);
    return better < 0 ? -1 : 0;
}

// The best of items[0..n), n >= 2.
static QvObj *best_argument(QvInterp *qi, QvObj *const *items, QvSsize n, QvObj *key, QvCmpOp op)
{
    QvSsize at = 0, i = 1;
    while (!key && i < n) {
        int better = plain_better(items[i], items[at], op);
        if (better < 0) {
            break;
        }
        at = better ? i : at;
        i++;
    }
    if (i == n) {
        return qv_new_ref(qi, items[at]);
    }
    Extreme e = {.op = op, .best = i > 1 ? qv_new_ref(qi, items[at]) : NULL};
    int r = 0;
    for (i = i > 1 ? i : 0; r == 0 && i < n; i++) {
        r = qv_poll_step(qi, i) < 0 ? -1 : compare_take(qi, &e, key, qv_new_ref(qi, items[i]));
    }
    if (r < 0) {
        qv_clear(qi, &e.best);
    }
    qv_xdecref(qi, e.best_key);
    return e.best;
}

// The best of a packed list that is not empty.
static QvObj *best_number(QvInterp *qi, QvObj *list, QvCmpOp op)
{
    const QvNumbers *n = qv_numbers_of(list);
    QvSsize best = 0;
    for (QvSsize from = 0, to; from < n->len; from = to) {
        if ((to = qv_stop_slice(qi, from, n->len)) < 0) {
            return NULL;
        }
        if (n->kind == QV_NUM_F64) {
            double v = qv_numbers_float(n, best);
            for (QvSsize i = from; i < to; i++) {
                double x = qv_numbers_float(n, i);
                if (op == QV_GT ? x > v : x < v) {
                    v = x;
                    best = i;
                }
            }
        } else {
            int64_t v = qv_numbers_int(n, best);
            for (QvSsize i = from; i < to; i++) {
                int64_t x = qv_numbers_int(n, i);
                if (op == QV_GT ? x > v : x < v) {
                    v = x;
                    best = i;
                }
            }
        }
    }
    return qv_list_number(qi, list, best);
}

static QvObj *best_item(QvInterp *qi, QvObj *iterable, QvObj *key, QvObj *dflt, QvCmpOp op)
{
    if (!key && qv_is_list_exact(iterable) && qv_list_is_packed(iterable) &&
        qv_list_len(iterable) > 0) {
        return best_number(qi, iterable, op);
    }
    Extreme e = {.sink.take = take_better, .op = op};
    QvWalk walk;
    if (qv_walk_init(qi, &walk, iterable) < 0) {
        return NULL;
    }
    QvObj *item;
    int r = 0;
    while (r == 0 && (item = key ? qv_walk_next(qi, &walk, NULL, NULL)
                                 : qv_walk_next(qi, &walk, &e.sink, take_better)) != NULL) {
        r = compare_take(qi, &e, key, item);
    }
    qv_walk_fini(qi, &walk);
    qv_xdecref(qi, e.best_key);
    if (r < 0 || qv_err_occurred(qi)) {
        qv_xdecref(qi, e.best);
        return NULL;
    }
    if (!e.best) {
        return dflt ? qv_new_ref(qi, dflt)
                    : qv_raise(qi, &qv_exc_ValueError, "%s() arg is an empty sequence",
                               op == QV_GT ? "max" : "min");
    }
    return e.best;
}

// The arguments as they stand, or (n is QV_NARGS_SLOTS) the tuple of them, key and default.
static QvObj *extreme(QvInterp *qi, QvObj *const *a, QvSsize n, QvCmpOp op)
{
    QvObj *key = NULL, *dflt = NULL;
    if (n == QV_NARGS_SLOTS) {
        key = a[1] == QV_NONE ? NULL : a[1];
        dflt = a[2];
        n = qv_tuple_len(a[0]);
        a = qv_tuple_items(a[0]);
    }
    const char *name = op == QV_GT ? "max" : "min";
    if (n == 0) {
        return qv_raise(qi, &qv_exc_TypeError, "%s expected at least 1 argument, got 0", name);
    }
    if (n == 1) {
        return best_item(qi, a[0], key, dflt, op);
    }
    if (dflt) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "Cannot specify a default for %s() with multiple positional arguments",
                        name);
    }
    return best_argument(qi, a, n, key, op);
}

QvObj *qv_builtin_max(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m;
    return extreme(qi, a, n, QV_GT);
}

QvObj *qv_builtin_min(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m;
    return extreme(qi, a, n, QV_LT);
}

// ---- sorted -------------------------------------------------------------------------------------

QvObj *qv_builtin_sorted(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m;
    QvObj *key = NULL;
    int reverse = 0;
    QvObj *list = qv_list_new(qi, 0);
    if (list && qv_list_extend_packing(qi, list, a[0]) < 0) {
        qv_clear(qi, &list);
    }
    if (list && n == QV_NARGS_SLOTS) {
        key = a[1] == QV_NONE ? NULL : a[1];
        if (a[2] && qv_index_int(qi, a[2], &reverse) < 0) {
            qv_decref(qi, list);
            return NULL;
        }
    }
    if (list && qv_list_sort(qi, list, key, reverse) < 0) {
        qv_clear(qi, &list);
    }
    return list;
}
