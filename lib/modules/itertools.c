// SPDX-License-Identifier: MIT
// The module itertools: count, cycle, repeat, accumulate, chain, compress, dropwhile, takewhile,
// filterfalse, starmap, islice, pairwise, zip_longest. The others are in itertools_group.c
// (groupby, tee) and itertools_combine.c (product and its kin).
#include "modules/itertools.h"

#include "modules/modules.h"
#include "object/error.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/walk.h"

// The state of most iterators here: a source and up to two more objects.
typedef struct Pipe {
    QvObj h;
    QvObj *it;    // source iterator; NULL: exhausted (where that is kept)
    QvObj *func;  // predicate, function, second iterator
    QvObj *value; // what is carried from step to step
    QvObj *extra;
    QvSsize n, index;
    bool flag;
} Pipe;

static Pipe *as_pipe(QvObj *o) { return (Pipe *)o; }

static void pipe_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_pipe(o)->it);
    qv_clear(qi, &as_pipe(o)->func);
    qv_clear(qi, &as_pipe(o)->value);
    qv_clear(qi, &as_pipe(o)->extra);
}

static int pipe_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_pipe(o)->it);
    QV_VISIT(as_pipe(o)->func);
    QV_VISIT(as_pipe(o)->value);
    QV_VISIT(as_pipe(o)->extra);
    return 0;
}

int qv_itertools_args(QvInterp *qi, QvType *exact, QvType *type, const char *sig,
                      QvObj *const *args, QvSsize nargs, QvObj *kwnames, QvObj **slots)
{
    bool own_init = type != exact && type->init != exact->init;
    return qv_args(qi, sig, args, nargs, own_init ? NULL : kwnames, slots);
}

QvObj *qv_itertools_fresh(QvInterp *qi, QvObj **slot)
{
    if (!qv_is_unshared(*slot)) {
        QvObj *copy = qv_tuple_from_array(qi, qv_tuple_items(*slot), qv_tuple_len(*slot));
        if (!copy) {
            return NULL;
        }
        qv_set_take(qi, slot, copy);
    }
    return qv_new_ref(qi, *slot);
}

// A new object of `type` over iter(iterable), with func (may be NULL).
static QvObj *make_pipe(QvInterp *qi, QvType *type, QvObj *iterable, QvObj *func)
{
    QvObj *it = qv_iter(qi, iterable);
    QvObj *o = it ? qv_obj_new(qi, type) : NULL;
    if (!o) {
        qv_xdecref(qi, it);
        return NULL;
    }
    as_pipe(o)->it = it;
    as_pipe(o)->func = qv_xnew_ref(qi, func);
    return o;
}

// (type, (func, it)[, flag])
static QvObj *reduce_func(QvInterp *qi, QvObj *o, bool with_flag)
{
    QvObj *args = qv_tuple_of(qi, 2, as_pipe(o)->func, as_pipe(o)->it);
    QvObj *flag = with_flag ? qv_int_from_i64(qi, as_pipe(o)->flag) : NULL, *ret = NULL;
    if (args && (flag || !with_flag)) {
        ret = with_flag ? qv_tuple_of(qi, 3, o->type, args, flag)
                        : qv_tuple_of(qi, 2, o->type, args);
    }
    qv_xdecref(qi, args);
    qv_xdecref(qi, flag);
    return ret;
}

static QvObj *reduce_with_flag(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return reduce_func(qi, self, true);
}
static QvObj *reduce_plain(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return reduce_func(qi, self, false);
}
static QvObj *set_flag(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int flag = qv_is_true(qi, args[0]);
    if (flag < 0) {
        return NULL;
    }
    as_pipe(self)->flag = flag;
    return QV_NONE;
}

#define REDUCE_DOC   "Return state information for pickling."
#define SETSTATE_DOC "Set state information for unpickling."
static const QvNativeDef flag_methods[] = {
    {"__reduce__", reduce_with_flag, "($self, /)", REDUCE_DOC},
    {"__setstate__", set_flag, "($self, state, /)", SETSTATE_DOC},
    {0},
};
static const QvNativeDef plain_methods[] = {{"__reduce__", reduce_plain, "($self, /)", REDUCE_DOC},
                                            {0}};

// ---- count --------------------------------------------------------------------------------------

typedef struct Count {
    QvObj h;
    int64_t next, step; // while big is NULL
    QvObj *big;         // next number when it is not a 64-bit int
    QvObj *big_step;    // the step then
} Count;

static Count *as_count(QvObj *o) { return (Count *)o; }

static bool is_number(const QvObj *o)
{
    return o->type->index || o->type->to_int || o->type->to_float || qv_has_flag(o, QV_T_INT) ||
           qv_type_is_subtype(o->type, &qv_complex_type);
}

static QvObj *count_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvObj *slots[2];
    if (qv_itertools_args(qi, &qv_itertools_count_type, type, "count(start=0, step=1)", args, nargs,
                          kwnames, slots) < 0) {
        return NULL;
    }
    if ((slots[0] && !is_number(slots[0])) || (slots[1] && !is_number(slots[1]))) {
        return qv_raise(qi, &qv_exc_TypeError, "a number is required");
    }
    QvObj *o = qv_obj_new(qi, type);
    if (!o) {
        return NULL;
    }
    Count *c = as_count(o);
    c->step = 1;
    if ((!slots[0] || slots[0]->type == &qv_int_type) &&
        (!slots[1] || slots[1]->type == &qv_int_type)) {
        c->next = slots[0] ? qv_int_value(slots[0]) : 0;
        c->step = slots[1] ? qv_int_value(slots[1]) : 1;
        return o;
    }
    c->big = slots[0] ? qv_new_ref(qi, slots[0]) : qv_int_from_i64(qi, 0);
    c->big_step = slots[1] ? qv_new_ref(qi, slots[1]) : qv_int_from_i64(qi, 1);
    return o;
}

static QvObj *count_next(QvInterp *qi, QvObj *o)
{
    Count *c = as_count(o);
    int64_t after;
    if (!c->big) {
        QvObj *now = qv_int_from_i64(qi, c->next);
        if (now && !__builtin_add_overflow(c->next, c->step, &after)) {
            c->next = after;
            return now;
        }
        if (!now || !(c->big_step = qv_int_from_i64(qi, c->step))) {
            qv_xdecref(qi, now);
            return NULL;
        }
        c->big = now;
    }
    QvObj *sum = qv_binary(qi, QV_BIN_ADD, c->big, c->big_step);
    if (!sum) {
        return NULL;
    }
    QvObj *now = c->big;
    c->big = sum;
    return now;
}

static bool is_one(const QvObj *o)
{
    int64_t v;
    return qv_is_int(o) && qv_int_as_i64(o, &v) && v == 1;
}

static QvObj *count_repr(QvInterp *qi, QvObj *o)
{
    Count *c = as_count(o);
    const char *name = qv_type_short_name(o->type);
    if (!c->big) {
        return c->step == 1 ? qv_str_format(qi, "%s(%lld)", name, (long long)c->next)
                            : qv_str_format(qi, "%s(%lld, %lld)", name, (long long)c->next,
                                            (long long)c->step);
    }
    return is_one(c->big_step) ? qv_str_format(qi, "%s(%R)", name, c->big)
                               : qv_str_format(qi, "%s(%R, %R)", name, c->big, c->big_step);
}

static QvObj *count_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Count *c = as_count(self);
    QvObj *start = c->big ? qv_new_ref(qi, c->big) : qv_int_from_i64(qi, c->next);
    QvObj *step = c->big ? qv_new_ref(qi, c->big_step) : qv_int_from_i64(qi, c->step);
    QvObj *pair = !start || !step          ? NULL
                  : c->big || c->step != 1 ? qv_tuple_of(qi, 2, start, step)
                                           : qv_tuple_of(qi, 1, start);
    QvObj *ret = pair ? qv_tuple_of(qi, 2, self->type, pair) : NULL;
    qv_xdecref(qi, start);
    qv_xdecref(qi, step);
    qv_xdecref(qi, pair);
    return ret;
}

static void count_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_count(o)->big);
    qv_clear(qi, &as_count(o)->big_step);
}

static int count_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_count(o)->big);
    QV_VISIT(as_count(o)->big_step);
    return 0;
}

static const QvNativeDef count_methods[] = {{"__reduce__", count_reduce, "($self, /)", REDUCE_DOC},
                                            {0}};

QV_SEALED QvType qv_itertools_count_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.count",
    .id = QV_TID_itertools_count,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Count),
    .doc = "count(start=0, step=1)\n--\n\nReturn a count object whose .__next__() method returns "
           "consecutive values.\n\nEquivalent to:\n    def count(firstval=0, step=1):\n        x = "
           "firstval\n        while 1:\n            yield x\n            x += step",
    .methods = count_methods,
    .new_ = count_new,
    .fini = count_fini,
    .traverse = count_traverse,
    .repr = count_repr,
    .iter = qv_iter_self,
    .next = count_next,
};

// ---- cycle --------------------------------------------------------------------------------------
// value: list of what the source gave; index: next of it; flag: the list is complete although the
// source goes on (unpickled).

static QvObj *cycle_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvObj *iterable;
    if (qv_itertools_args(qi, &qv_itertools_cycle_type, type, "cycle(iterable, /)", args, nargs,
                          kwnames, &iterable) < 0) {
        return NULL;
    }
    QvObj *o = make_pipe(qi, type, iterable, NULL);
    if (o && !(as_pipe(o)->value = qv_list_new(qi, 0))) {
        qv_clear(qi, &o);
    }
    return o;
}

static QvObj *cycle_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    if (p->it) {
        QvObj *x = qv_step(qi, p->it);
        if (x) {
            if (!p->flag && qv_list_append(qi, p->value, x) < 0) {
                qv_clear(qi, &x);
            }
            return x;
        }
        if (qv_err_occurred(qi)) {
            return NULL;
        }
        qv_clear(qi, &p->it);
    }
    QvSsize n = qv_list_len(p->value);
    if (n == 0) {
        return NULL;
    }
    QvObj *x = qv_list_at(qi, p->value, p->index < n ? p->index : 0);
    p->index = p->index + 1 >= n ? 0 : p->index + 1;
    return x;
}

static QvObj *cycle_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Pipe *p = as_pipe(self);
    QvObj *it = p->it ? qv_new_ref(qi, p->it) : qv_iter(qi, p->value), *ret = NULL;
    bool complete = p->flag;
    if (it && !p->it) {
        QvObj *index = p->index ? qv_int_from_i64(qi, p->index) : NULL;
        QvObj *r = index ? qv_call_method1(qi, it, QV_N(__setstate__), index) : QV_NONE;
        qv_xdecref(qi, index);
        if (!r) {
            qv_decref(qi, it);
            return NULL;
        }
        qv_decref(qi, r);
        complete = true;
    }
    QvObj *its = it ? qv_tuple_of(qi, 1, it) : NULL, *flag = qv_bool(complete);
    QvObj *state = its ? qv_tuple_of(qi, 2, p->value, flag) : NULL;
    ret = state ? qv_tuple_of(qi, 3, self->type, its, state) : NULL;
    qv_xdecref(qi, it);
    qv_xdecref(qi, its);
    qv_xdecref(qi, state);
    return ret;
}

static QvObj *cycle_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_tuple(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "state is not a tuple");
    }
    if (qv_tuple_len(args[0]) != 2 || !qv_is_list(qv_tuple_peek(args[0], 0))) {
        return qv_raise(qi, &qv_exc_TypeError, "state must be a list and an int");
    }
    int flag;
    if (qv_index_int(qi, qv_tuple_peek(args[0], 1), &flag) < 0) {
        return NULL;
    }
    qv_set_take(qi, &as_pipe(self)->value, qv_new_ref(qi, qv_tuple_peek(args[0], 0)));
    as_pipe(self)->flag = flag != 0;
    as_pipe(self)->index = 0;
    return QV_NONE;
}

static const QvNativeDef cycle_methods[] = {
    {"__reduce__", cycle_reduce, "($self, /)", REDUCE_DOC},
    {"__setstate__", cycle_setstate, "($self, state, /)", SETSTATE_DOC},
    {0},
};

QV_SEALED QvType qv_itertools_cycle_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.cycle",
    .id = QV_TID_itertools_cycle,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "cycle(iterable, /)\n--\n\nReturn elements from the iterable until it is exhausted. "
           "Then repeat the sequence indefinitely.",
    .methods = cycle_methods,
    .new_ = cycle_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = cycle_next,
};

// ---- repeat -------------------------------------------------------------------------------------
// value: the object; n: how many are left, -1 without end.

static QvObj *repeat_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    QvObj *slots[2];
    QvSsize times = -1;
    if (qv_itertools_args(qi, &qv_itertools_repeat_type, type, "repeat(object, times=None)", args,
                          nargs, kwnames, slots) < 0 ||
        (slots[1] && qv_index_ssize(qi, slots[1], &times, &qv_exc_OverflowError) < 0)) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_pipe(o)->value = qv_new_ref(qi, slots[0]);
        as_pipe(o)->n = slots[1] && times < 0 ? 0 : times;
    }
    return o;
}

static QvObj *repeat_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    if (p->n == 0) {
        return NULL;
    }
    p->n -= p->n > 0;
    return qv_new_ref(qi, p->value);
}

static QvObj *repeat_repr(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    const char *name = qv_type_short_name(o->type);
    return p->n < 0 ? qv_str_format(qi, "%s(%R)", name, p->value)
                    : qv_str_format(qi, "%s(%R, %zd)", name, p->value, p->n);
}

static QvObj *repeat_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Pipe *p = as_pipe(self);
    QvObj *n = qv_int_from_i64(qi, p->n);
    QvObj *pair = !n         ? NULL
                  : p->n < 0 ? qv_tuple_of(qi, 1, p->value)
                             : qv_tuple_of(qi, 2, p->value, n);
    QvObj *ret = pair ? qv_tuple_of(qi, 2, self->type, pair) : NULL;
    qv_xdecref(qi, n);
    qv_xdecref(qi, pair);
    return ret;
}

static QvObj *repeat_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    if (as_pipe(self)->n < 0) {
        return qv_raise(qi, &qv_exc_TypeError, "len() of unsized object");
    }
    return qv_int_from_i64(qi, as_pipe(self)->n);
}

static const QvNativeDef repeat_methods[] = {
    {"__length_hint__", repeat_hint, "($self, /)",
     "Private method returning an estimate of len(list(it))."},
    {"__reduce__", repeat_reduce, "($self, /)", REDUCE_DOC},
    {0},
};

QV_SEALED QvType qv_itertools_repeat_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.repeat",
    .id = QV_TID_itertools_repeat,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "repeat(object [,times]) -> create an iterator which returns the object\nfor the "
           "specified number of times.  If not specified, returns the object\nendlessly.",
    .methods = repeat_methods,
    .new_ = repeat_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .repr = repeat_repr,
    .iter = qv_iter_self,
    .next = repeat_next,
};

// ---- accumulate ---------------------------------------------------------------------------------
// value: the total; extra: the initial value that has still to be given out.

static QvObj *accumulate_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                             QvObj *kwnames)
{
    QvObj *slots[3];
    if (qv_args(qi, "accumulate(iterable, func=None, *, initial=None)", args, nargs, kwnames,
                slots) < 0) {
        return NULL;
    }
    QvObj *o = make_pipe(qi, type, slots[0], slots[1] == QV_NONE ? NULL : slots[1]);
    if (o && slots[2] && slots[2] != QV_NONE) {
        as_pipe(o)->extra = qv_new_ref(qi, slots[2]);
    }
    return o;
}

static QvObj *accumulate_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    QvObj *total;
    if (p->extra) {
        total = p->extra;
        p->extra = NULL;
    } else {
        QvObj *x = qv_step(qi, p->it);
        if (!x) {
            return NULL;
        }
        if (!p->value) {
            total = x;
        } else {
            total = p->func ? qv_call2(qi, p->func, p->value, x)
                            : qv_binary(qi, QV_BIN_ADD, p->value, x);
            qv_decref(qi, x);
            if (!total) {
                return NULL;
            }
        }
    }
    qv_incref(qi, total);
    qv_set_take(qi, &p->value, total);
    return total;
}

// (*before, *it) as a chain object.
static QvObj *chained(QvInterp *qi, QvObj *before, QvObj *it)
{
    QvObj *first = qv_tuple_of(qi, 1, before);
    QvObj *ret = first ? qv_call2(qi, (QvObj *)&qv_itertools_chain_type, first, it) : NULL;
    qv_xdecref(qi, first);
    return ret;
}

static QvObj *accumulate_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Pipe *p = as_pipe(self);
    QvObj *func = p->func ? p->func : QV_NONE, *ret = NULL;
    if (!p->extra && p->value == QV_NONE) {
        // None as a state would mean "no total yet": the first result of a new one is skipped
        // instead.
        QvObj *it = chained(qi, QV_NONE, p->it);
        QvObj *again = it ? qv_call2(qi, (QvObj *)self->type, it, func) : NULL,
              *one = qv_int_from_i64(qi, 1);
        QvObj *inner = again && one ? qv_tuple_of(qi, 3, again, one, QV_NONE) : NULL;
        ret = inner ? qv_tuple_of(qi, 2, &qv_itertools_islice_type, inner) : NULL;
        qv_xdecref(qi, it);
        qv_xdecref(qi, again);
        qv_xdecref(qi, one);
        qv_xdecref(qi, inner);
        return ret;
    }
    QvObj *it = p->extra ? chained(qi, p->extra, p->it) : qv_new_ref(qi, p->it);
    QvObj *pair = it ? qv_tuple_of(qi, 2, it, func) : NULL;
    ret = pair ? qv_tuple_of(qi, 3, self->type, pair, p->value && !p->extra ? p->value : QV_NONE)
               : NULL;
    qv_xdecref(qi, it);
    qv_xdecref(qi, pair);
    return ret;
}

static QvObj *accumulate_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    qv_set_take(qi, &as_pipe(self)->value, args[0] == QV_NONE ? NULL : qv_new_ref(qi, args[0]));
    return QV_NONE;
}

static const QvNativeDef accumulate_methods[] = {
    {"__reduce__", accumulate_reduce, "($self, /)", REDUCE_DOC},
    {"__setstate__", accumulate_setstate, "($self, state, /)", SETSTATE_DOC},
    {0},
};

QV_SEALED QvType qv_itertools_accumulate_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.accumulate",
    .id = QV_TID_itertools_accumulate,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "accumulate(iterable, func=None, *, initial=None)\n--\n\nReturn series of accumulated "
           "sums (or other binary function results).",
    .methods = accumulate_methods,
    .new_ = accumulate_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = accumulate_next,
};

// ---- chain --------------------------------------------------------------------------------------
// it: iterator over the sources; func: the iterator in use.

static QvObj *chain_over(QvInterp *qi, QvType *type, QvObj *iterables)
{
    return make_pipe(qi, type, iterables, NULL);
}

static QvObj *chain_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames) &&
        (type == &qv_itertools_chain_type || type->init == qv_itertools_chain_type.init)) {
        return qv_raise(qi, &qv_exc_TypeError, "chain() takes no keyword arguments");
    }
    QvObj *tuple = qv_tuple_from_array(qi, args, nargs);
    QvObj *o = tuple ? chain_over(qi, type, tuple) : NULL;
    qv_xdecref(qi, tuple);
    return o;
}

static QvObj *chain_from_iterable(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return chain_over(qi, (QvType *)type, args[0]);
}

static QvObj *chain_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    for (QvSsize i = 0; p->it; i++) {
        if (qv_poll_step(qi, i) < 0) {
            return NULL;
        }
        if (!p->func) {
            QvObj *iterable = qv_step(qi, p->it);
            if (!iterable) {
                QvObj *exc = qv_err_fetch(qi);
                qv_clear(qi, &p->it);
                qv_err_restore(qi, exc);
                return NULL;
            }
            p->func = qv_iter(qi, iterable);
            qv_decref(qi, iterable);
            if (!p->func) {
                QvObj *exc = qv_err_fetch(qi);
                qv_clear(qi, &p->it);
                qv_err_restore(qi, exc);
                return NULL;
            }
        }
        QvObj *x = qv_step(qi, p->func);
        if (x || qv_err_occurred(qi)) {
            return x;
        }
        qv_clear(qi, &p->func);
    }
    return NULL;
}

static QvObj *chain_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Pipe *p = as_pipe(self);
    if (!p->it) {
        return qv_tuple_of(qi, 2, self->type, QV_EMPTY_TUPLE);
    }
    QvObj *state = p->func ? qv_tuple_of(qi, 2, p->it, p->func) : qv_tuple_of(qi, 1, p->it);
    QvObj *ret = state ? qv_tuple_of(qi, 3, self->type, QV_EMPTY_TUPLE, state) : NULL;
    qv_xdecref(qi, state);
    return ret;
}

static QvObj *chain_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_tuple(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "state is not a tuple");
    }
    QvSsize n = qv_tuple_len(args[0]);
    if (n < 1 || n > 2) {
        return qv_raise(qi, &qv_exc_TypeError, "function missing required argument (pos 1)");
    }
    for (QvSsize k = 0; k < n; k++) {
        if (!qv_tuple_peek(args[0], k)->type->next) {
            return qv_raise(qi, &qv_exc_TypeError, "Arguments must be iterators.");
        }
    }
    qv_set_take(qi, &as_pipe(self)->it, qv_new_ref(qi, qv_tuple_peek(args[0], 0)));
    qv_set_take(qi, &as_pipe(self)->func, n > 1 ? qv_new_ref(qi, qv_tuple_peek(args[0], 1)) : NULL);
    return QV_NONE;
}

static const QvNativeDef chain_methods[] = {
    {"from_iterable", chain_from_iterable, "($type, iterable, /)",
     "Alternative chain() constructor taking a single iterable argument that evaluates lazily."},
    {"__reduce__", chain_reduce, "($self, /)", REDUCE_DOC},
    {"__setstate__", chain_setstate, "($self, state, /)", SETSTATE_DOC},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_itertools_chain_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.chain",
    .id = QV_TID_itertools_chain,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "chain(*iterables) --> chain object\n\nReturn a chain object whose .__next__() method "
           "returns elements from the\nfirst iterable until it is exhausted, then elements from "
           "the next\niterable, until all of the iterables are exhausted.",
    .methods = chain_methods,
    .new_ = chain_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = chain_next,
};

// ---- compress -----------------------------------------------------------------------------------
// it: the data; func: the selectors.

static QvObj *compress_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    QvObj *slots[2];
    if (qv_args(qi, "compress(data, selectors)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *o = make_pipe(qi, type, slots[0], NULL);
    if (o && !(as_pipe(o)->func = qv_iter(qi, slots[1]))) {
        qv_clear(qi, &o);
    }
    return o;
}

static QvObj *compress_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    for (QvSsize i = 0;; i++) {
        QvObj *x = qv_poll_step(qi, i) < 0 ? NULL : qv_step(qi, p->it);
        QvObj *selector = x ? qv_step(qi, p->func) : NULL;
        if (!selector) {
            qv_xdecref(qi, x);
            return NULL;
        }
        int yes = qv_is_true(qi, selector);
        qv_decref(qi, selector);
        if (yes > 0) {
            return x;
        }
        qv_decref(qi, x);
        if (yes < 0) {
            return NULL;
        }
    }
}

static QvObj *compress_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *pair = qv_tuple_of(qi, 2, as_pipe(self)->it, as_pipe(self)->func);
    QvObj *ret = pair ? qv_tuple_of(qi, 2, self->type, pair) : NULL;
    qv_xdecref(qi, pair);
    return ret;
}

static const QvNativeDef compress_methods[] = {
    {"__reduce__", compress_reduce, "($self, /)", REDUCE_DOC}, {0}};

QV_SEALED QvType qv_itertools_compress_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.compress",
    .id = QV_TID_itertools_compress,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "compress(data, selectors)\n--\n\nReturn data elements corresponding to true selector "
           "elements.\n\nForms a shorter iterator from selected data elements using the selectors "
           "to\nchoose the data elements.",
    .methods = compress_methods,
    .new_ = compress_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = compress_next,
};

// ---- dropwhile, takewhile, filterfalse, starmap -------------------------------------------------

static QvObj *func_new(QvInterp *qi, QvType *exact, QvType *type, const char *sig,
                       QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[2];
    if (qv_itertools_args(qi, exact, type, sig, args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    return make_pipe(qi, type, slots[1], slots[0]);
}

static QvObj *dropwhile_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                            QvObj *kwnames)
{
    return func_new(qi, &qv_itertools_dropwhile_type, type, "dropwhile(predicate, iterable, /)",
                    args, nargs, kwnames);
}
static QvObj *takewhile_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                            QvObj *kwnames)
{
    return func_new(qi, &qv_itertools_takewhile_type, type, "takewhile(predicate, iterable, /)",
                    args, nargs, kwnames);
}
static QvObj *filterfalse_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                              QvObj *kwnames)
{
    return func_new(qi, &qv_itertools_filterfalse_type, type, "filterfalse(function, iterable, /)",
                    args, nargs, kwnames);
}
static QvObj *starmap_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    return func_new(qi, &qv_itertools_starmap_type, type, "starmap(function, iterable, /)", args,
                    nargs, kwnames);
}

static int test(QvInterp *qi, QvObj *func, QvObj *x)
{
    if (func == QV_NONE || func == (QvObj *)&qv_bool_type) {
        return qv_is_true(qi, x);
    }
    QvObj *r = qv_call1(qi, func, x);
    int yes = r ? qv_is_true(qi, r) : -1;
    qv_xdecref(qi, r);
    return yes;
}

static int call_test(QvInterp *qi, QvObj *func, QvObj *x)
{
    QvObj *r = qv_call1(qi, func, x);
    int yes = r ? qv_is_true(qi, r) : -1;
    qv_xdecref(qi, r);
    return yes;
}

static QvObj *dropwhile_next(QvInterp *qi, QvObj *o)
{ // flag: started
    Pipe *p = as_pipe(o);
    QvObj *x;
    for (QvSsize i = 0; qv_poll_step(qi, i) == 0 && (x = qv_step(qi, p->it)) != NULL; i++) {
        if (p->flag) {
            return x;
        }
        int yes = call_test(qi, p->func, x);
        if (yes == 0) {
            p->flag = true;
            return x;
        }
        qv_decref(qi, x);
        if (yes < 0) {
            return NULL;
        }
    }
    return NULL;
}

static QvObj *takewhile_next(QvInterp *qi, QvObj *o)
{ // flag: stopped
    Pipe *p = as_pipe(o);
    QvObj *x = p->flag ? NULL : qv_step(qi, p->it);
    if (!x) {
        return NULL;
    }
    int yes = call_test(qi, p->func, x);
    if (yes > 0) {
        return x;
    }
    qv_decref(qi, x);
    p->flag = yes == 0;
    return NULL;
}

static QvObj *filterfalse_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    for (QvSsize i = 0;; i++) {
        QvObj *x = qv_poll_step(qi, i) < 0 ? NULL : qv_step(qi, p->it);
        int yes = x ? test(qi, p->func, x) : -1;
        if (yes == 0) {
            return x;
        }
        qv_xdecref(qi, x);
        if (yes < 0) {
            return NULL;
        }
    }
}

static QvObj *starmap_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    QvObj *x = qv_step(qi, p->it);
    QvObj *args = x ? qv_to_tuple(qi, x) : NULL;
    QvObj *ret = args ? qv_call_tuple(qi, p->func, args, NULL) : NULL;
    qv_xdecref(qi, x);
    qv_xdecref(qi, args);
    return ret;
}

QV_SEALED QvType qv_itertools_dropwhile_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.dropwhile",
    .id = QV_TID_itertools_dropwhile,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "dropwhile(predicate, iterable, /)\n--\n\nDrop items from the iterable while "
           "predicate(item) is true.\n\nAfterwards, return every element until the iterable is "
           "exhausted.",
    .methods = flag_methods,
    .new_ = dropwhile_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = dropwhile_next,
};

QV_SEALED QvType qv_itertools_takewhile_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.takewhile",
    .id = QV_TID_itertools_takewhile,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "takewhile(predicate, iterable, /)\n--\n\nReturn successive entries from an iterable as "
           "long as the predicate evaluates to true for each entry.",
    .methods = flag_methods,
    .new_ = takewhile_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = takewhile_next,
};

QV_SEALED QvType qv_itertools_filterfalse_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.filterfalse",
    .id = QV_TID_itertools_filterfalse,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "filterfalse(function, iterable, /)\n--\n\nReturn those items of iterable for which "
           "function(item) is false.\n\nIf function is None, return the items that are false.",
    .methods = plain_methods,
    .new_ = filterfalse_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = filterfalse_next,
};

QV_SEALED QvType qv_itertools_starmap_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.starmap",
    .id = QV_TID_itertools_starmap,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "starmap(function, iterable, /)\n--\n\nReturn an iterator whose values are returned "
           "from the function evaluated with an argument tuple taken from the given sequence.",
    .methods = plain_methods,
    .new_ = starmap_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = starmap_next,
};

// ---- islice -------------------------------------------------------------------------------------

typedef struct ISlice {
    QvObj h;
    QvObj *it;                       // NULL: exhausted
    QvSsize next, stop, step, count; // stop -1: none
} ISlice;

static ISlice *as_islice(QvObj *o) { return (ISlice *)o; }

// None: dflt. 0, or -1 without an exception when it is no index or negative.
static int islice_index(QvInterp *qi, QvObj *o, QvSsize dflt, QvSsize *ret)
{
    *ret = dflt;
    if (!o || o == QV_NONE) {
        return 0;
    }
    if (qv_index_ssize(qi, o, ret, &qv_exc_OverflowError) < 0) {
        qv_err_clear(qi);
        return -1;
    }
    return *ret < 0 ? -1 : 0;
}

static QvObj *islice_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    bool own_init = type != &qv_itertools_islice_type &&
                    type->init != qv_itertools_islice_type.init;
    if (qv_ctor_check(qi, "islice", nargs, 2, 4, own_init ? NULL : kwnames) < 0) {
        return NULL;
    }
    QvSsize start = 0, stop, step = 1;
    if (nargs == 2) {
        if (islice_index(qi, args[1], -1, &stop) < 0) {
            return qv_raise(
                qi, &qv_exc_ValueError,
                "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
        }
    } else if (islice_index(qi, args[2], -1, &stop) < 0) {
        return qv_raise(
            qi, &qv_exc_ValueError,
            "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    } else if (islice_index(qi, args[1], 0, &start) < 0) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.");
    }
    if (nargs == 4 && (islice_index(qi, args[3], 1, &step) < 0 || step < 1)) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Step for islice() must be a positive integer or None.");
    }
    QvObj *it = qv_iter(qi, args[0]);
    QvObj *o = it ? qv_obj_new(qi, type) : NULL;
    if (!o) {
        qv_xdecref(qi, it);
        return NULL;
    }
    ISlice *s = as_islice(o);
    s->it = it;
    s->next = start;
    s->stop = stop;
    s->step = step;
    return o;
}

static QvObj *islice_next(QvInterp *qi, QvObj *o)
{
    ISlice *s = as_islice(o);
    QvObj *x = NULL;
    while (s->it && s->count < s->next) {
        x = qv_poll_step(qi, s->count) < 0 ? NULL : qv_step(qi, s->it);
        if (!x) {
            goto end;
        }
        qv_decref(qi, x);
        s->count++;
    }
    if (!s->it) {
        return NULL;
    }
    x = s->stop != -1 && s->count >= s->stop ? NULL : qv_step(qi, s->it);
    if (x) {
        s->count++;
        if (__builtin_add_overflow(s->next, s->step, &s->next) ||
            (s->stop != -1 && s->next > s->stop)) {
            s->next = s->stop != -1 ? s->stop : PTRDIFF_MAX;
        }
        return x;
    }
end:;
    QvObj *exc = qv_err_fetch(qi);
    qv_clear(qi, &s->it);
    qv_err_restore(qi, exc);
    return NULL;
}

static QvObj *islice_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    ISlice *s = as_islice(self);
    QvObj *ret = NULL, *inner = NULL, *count = NULL;
    if (!s->it) {
        QvObj *list = qv_list_new(qi, 0), *it = list ? qv_iter(qi, list) : NULL,
              *zero = qv_int_from_i64(qi, 0);
        inner = it && zero ? qv_tuple_of(qi, 2, it, zero) : NULL;
        ret = inner ? qv_tuple_of(qi, 3, self->type, inner, zero) : NULL;
        qv_xdecref(qi, list);
        qv_xdecref(qi, it);
        qv_xdecref(qi, zero);
    } else {
        QvObj *next = qv_int_from_i64(qi, s->next), *step = qv_int_from_i64(qi, s->step);
        QvObj *stop = s->stop < 0 ? QV_NONE : qv_int_from_i64(qi, s->stop);
        count = qv_int_from_i64(qi, s->count);
        inner = next && step && stop && count ? qv_tuple_of(qi, 4, s->it, next, stop, step) : NULL;
        ret = inner ? qv_tuple_of(qi, 3, self->type, inner, count) : NULL;
        qv_xdecref(qi, next);
        qv_xdecref(qi, step);
        qv_xdecref(qi, stop);
        qv_xdecref(qi, count);
    }
    qv_xdecref(qi, inner);
    return ret;
}

static QvObj *islice_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_int_to_ssize(qi, args[0], &as_islice(self)->count) < 0 ? NULL : QV_NONE;
}

static void islice_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_islice(o)->it); }

static int islice_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_islice(o)->it);
    return 0;
}

static const QvNativeDef islice_methods[] = {
    {"__reduce__", islice_reduce, "($self, /)", REDUCE_DOC},
    {"__setstate__", islice_setstate, "($self, state, /)", SETSTATE_DOC},
    {0},
};

QV_SEALED QvType qv_itertools_islice_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.islice",
    .id = QV_TID_itertools_islice,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(ISlice),
    .doc = "islice(iterable, stop) --> islice object\nislice(iterable, start, stop[, step]) --> "
           "islice object\n\nReturn an iterator whose next() method returns selected values from "
           "an\niterable.  If start is specified, will skip all preceding elements;\notherwise, "
           "start defaults to zero.  Step defaults to one.  If\nspecified as another value, step "
           "determines how many values are\nskipped between successive calls.  Works like a "
           "slice() on a list\nbut returns an iterator.",
    .methods = islice_methods,
    .new_ = islice_new,
    .fini = islice_fini,
    .traverse = islice_traverse,
    .iter = qv_iter_self,
    .next = islice_next,
};

// ---- pairwise -----------------------------------------------------------------------------------
// value: the item before.

static QvObj *pairwise_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    QvObj *iterable;
    if (qv_itertools_args(qi, &qv_itertools_pairwise_type, type, "pairwise(iterable, /)", args,
                          nargs, kwnames, &iterable) < 0) {
        return NULL;
    }
    return make_pipe(qi, type, iterable, NULL);
}

static QvObj *pairwise_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    if (!p->it) {
        return NULL;
    }
    if (!p->value) {
        QvObj *first = qv_step(qi, p->it);
        qv_set_take(qi, &p->value, first);
    }
    QvObj *old = qv_xnew_ref(qi, p->value);
    QvObj *now = old && p->it ? qv_step(qi, p->it) : NULL;
    if (!now) {
        QvObj *exc = qv_err_fetch(qi);
        qv_clear(qi, &p->it);
        qv_clear(qi, &p->value);
        qv_xdecref(qi, old);
        qv_err_restore(qi, exc);
        return NULL;
    }
    QvObj *pair = qv_tuple_of(qi, 2, old, now);
    qv_decref(qi, old);
    qv_set_take(qi, &p->value, now);
    return pair;
}

QV_SEALED QvType qv_itertools_pairwise_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.pairwise",
    .id = QV_TID_itertools_pairwise,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc = "pairwise(iterable, /)\n--\n\nReturn an iterator of overlapping pairs taken from the "
           "input iterator.\n\n    s -> (s0,s1), (s1,s2), (s2, s3), ...",
    .new_ = pairwise_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = pairwise_next,
};

// ---- zip_longest --------------------------------------------------------------------------------
// it: tuple of iterators, None where one has ended; value: the tuple to be reused; extra:
// fillvalue; n: how many go on.

static QvObj *zip_longest_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                              QvObj *kwnames)
{
    QvObj *fill = QV_NONE;
    if (kwnames && qv_tuple_len(kwnames) > 0) {
        if (qv_tuple_len(kwnames) > 1 || !qv_str_eq_ascii(qv_tuple_peek(kwnames, 0), "fillvalue")) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "zip_longest() got an unexpected keyword argument");
        }
        fill = args[nargs];
    }
    QvObj *its = qv_tuple_new(qi, nargs);
    for (QvSsize k = 0; its && k < nargs; k++) {
        QvObj *it = qv_iter(qi, args[k]);
        if (!it) {
            qv_clear(qi, &its);
        } else {
            qv_tuple_items(its)[k] = it;
        }
    }
    QvObj *result = its ? qv_tuple_new(qi, nargs) : NULL;
    for (QvSsize k = 0; result && k < nargs; k++) {
        qv_tuple_items(result)[k] = QV_NONE;
    }
    QvObj *o = result ? qv_obj_new(qi, type) : NULL;
    if (!o) {
        qv_xdecref(qi, its);
        qv_xdecref(qi, result);
        return NULL;
    }
    Pipe *p = as_pipe(o);
    p->it = its;
    p->value = result;
    p->extra = qv_new_ref(qi, fill);
    p->n = nargs;
    return o;
}

static QvObj *zip_longest_next(QvInterp *qi, QvObj *o)
{
    Pipe *p = as_pipe(o);
    if (!p->it || p->n == 0) {
        return NULL;
    }
    QvObj *result = qv_itertools_fresh(qi, &p->value);
    for (QvSsize k = 0; result && k < qv_tuple_len(p->it); k++) {
        QvObj **it = &qv_tuple_items(p->it)[k];
        QvObj *x = *it != QV_NONE ? qv_step(qi, *it) : NULL;
        if (!x && *it != QV_NONE) {
            p->n--;
            if (p->n <= 0 || qv_err_occurred(qi)) {
                p->n = 0;
                qv_decref(qi, result);
                return NULL;
            }
            QvObj *gone = *it;
            *it = QV_NONE;
            qv_decref(qi, gone);
        }
        qv_set_take(qi, &qv_tuple_items(result)[k], x ? x : qv_new_ref(qi, p->extra));
    }
    return result;
}

static QvObj *zip_longest_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Pipe *p = as_pipe(self);
    QvObj *its = qv_tuple_new(qi, qv_tuple_len(p->it));
    for (QvSsize k = 0; its && k < qv_tuple_len(p->it); k++) {
        QvObj *it = qv_tuple_peek(p->it, k);
        qv_tuple_items(its)[k] = it == QV_NONE ? QV_EMPTY_TUPLE : qv_new_ref(qi, it);
    }
    QvObj *ret = its ? qv_tuple_of(qi, 3, self->type, its, p->extra) : NULL;
    qv_xdecref(qi, its);
    return ret;
}

static QvObj *zip_longest_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    qv_set_take(qi, &as_pipe(self)->extra, qv_new_ref(qi, args[0]));
    return QV_NONE;
}

static const QvNativeDef zip_longest_methods[] = {
    {"__reduce__", zip_longest_reduce, "($self, /)", REDUCE_DOC},
    {"__setstate__", zip_longest_setstate, "($self, state, /)", SETSTATE_DOC},
    {0},
};

QV_SEALED QvType qv_itertools_zip_longest_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.zip_longest",
    .id = QV_TID_itertools_zip_longest,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Pipe),
    .doc =
        "zip_longest(iter1 [,iter2 [...]], [fillvalue=None]) --> zip_longest object\n\nReturn a "
        "zip_longest object whose .__next__() method returns a tuple where\nthe i-th element comes "
        "from the i-th iterable argument.  The .__next__()\nmethod continues until the longest "
        "iterable in the argument sequence\nis exhausted and then it raises StopIteration.  When "
        "the shorter iterables\nare exhausted, the fillvalue is substituted in their place.  The "
        "fillvalue\ndefaults to None or can be specified by a keyword argument.\n",
    .methods = zip_longest_methods,
    .new_ = zip_longest_new,
    .fini = pipe_fini,
    .traverse = pipe_traverse,
    .iter = qv_iter_self,
    .next = zip_longest_next,
};

// ---- the module ---------------------------------------------------------------------------------

// tee(iterable, n=2): copies of one iterator.
static QvObj *tee(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvSsize n = 2;
    if (args[1] && qv_index_ssize(qi, args[1], &n, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (n < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "n must be >= 0");
    }
    QvObj *result = qv_tuple_new(qi, n);
    if (!result || n == 0) {
        return result;
    }
    QvObj *it = qv_iter(qi, args[0]), *copy = NULL;
    int found = it ? qv_getattr_try(qi, it, QV_N(__copy__), &copy) : -1;
    if (found == 0) {
        QvObj *own = qv_call1(qi, (QvObj *)&qv_itertools_tee_type, it);
        qv_set_take(qi, &it, own);
        found = own ? qv_getattr_try(qi, it, QV_N(__copy__), &copy) : -1;
    }
    if (found <= 0) {
        qv_xdecref(qi, it);
        qv_decref(qi, result);
        return NULL;
    }
    qv_tuple_items(result)[0] = it;
    for (QvSsize k = 1; result && k < n; k++) {
        QvObj *next = qv_poll_step(qi, k) < 0 ? NULL : qv_call0(qi, copy);
        if (!next) {
            qv_clear(qi, &result);
        } else {
            qv_tuple_items(result)[k] = next;
        }
    }
    qv_decref(qi, copy);
    return result;
}

static int init(QvInterp *qi, QvObj *m)
{
    static QvType *const types[] = {
        &qv_itertools_accumulate_type,   &qv_itertools_combinations_type,
        &qv_itertools_cwr_type,          &qv_itertools_cycle_type,
        &qv_itertools_dropwhile_type,    &qv_itertools_takewhile_type,
        &qv_itertools_islice_type,       &qv_itertools_starmap_type,
        &qv_itertools_chain_type,        &qv_itertools_compress_type,
        &qv_itertools_filterfalse_type,  &qv_itertools_count_type,
        &qv_itertools_zip_longest_type,  &qv_itertools_pairwise_type,
        &qv_itertools_permutations_type, &qv_itertools_product_type,
        &qv_itertools_repeat_type,       &qv_itertools_groupby_type,
        &qv_itertools_grouper_type,      &qv_itertools_tee_type,
        &qv_itertools_teedata_type,
    };
    for (size_t k = 0; k < sizeof types / sizeof types[0]; k++) {
        if (qv_module_add(qi, m, qv_type_short_name(types[k]), &types[k]->h) < 0) {
            return -1;
        }
    }
    return 0;
}

static const QvNativeDef functions[] = {
    {"tee", tee, "($module, iterable, n=2, /)", "Returns a tuple of n independent iterators."},
    {0},
};

const QvModuleDef qv_module_itertools = {
    .name = "itertools",
    .doc =
        "Functional tools for creating and using iterators.\n\nInfinite iterators:\ncount(start=0, "
        "step=1) --> start, start+step, start+2*step, ...\ncycle(p) --> p0, p1, ... plast, p0, p1, "
        "...\nrepeat(elem [,n]) --> elem, elem, elem, ... endlessly or up to n times\n",
    .functions = functions,
    .init = init,
};
