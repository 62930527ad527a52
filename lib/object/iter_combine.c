// SPDX-License-Identifier: MIT
// Iterators over other iterators: enumerate, zip, map, filter.
//
// enumerate and zip give the same tuple again when nobody has kept the last one. A loop that
// unpacks it right away does without (vm/for_iter.c).
#include "object/alloc.h"
#include "object/caller.h"
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

#define SMALL_CALL 8 // argument slots kept on the C stack

// Keywords count only for the type itself: a subclass may have an __init__ that takes them.
static int refuse_keywords(QvInterp *qi, const QvType *type, const QvType *exact, QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames) > 0 && (type == exact || type->init == exact->init)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%N() takes no keyword arguments", exact);
    }
    return 0;
}

// ---- enumerate ----------------------------------------------------------------------------------

static QvEnumerate *as_enum(QvObj *o) { return (QvEnumerate *)o; }

// enumerate(iterable, start=0), with the messages of CPython's own parsing.
static int enum_args(QvInterp *qi, QvObj *const *args, QvSsize nargs, QvObj *kwnames, QvObj **slots)
{
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    slots[0] = nargs > 0 ? args[0] : NULL;
    slots[1] = nargs > 1 ? args[1] : NULL;
    if (nargs + nkw > 2) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "enumerate() takes at most 2 arguments (%zd given)", nargs + nkw);
    }
    for (QvSsize i = 0; i < nkw; i++) {
        QvObj *key = qv_tuple_peek(kwnames, i);
        int slot = qv_str_eq_ascii(key, "iterable") ? 0 : qv_str_eq_ascii(key, "start") ? 1 : -1;
        if (slot < 0 || slots[slot]) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "'%U' is an invalid keyword argument for enumerate()", key);
        }
        slots[slot] = args[nargs + i];
    }
    if (!slots[0]) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "enumerate() missing required argument 'iterable'");
    }
    return 0;
}

static QvObj *enum_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    QvObj *slots[2];
    if (enum_args(qi, args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *start = slots[1] ? qv_index(qi, slots[1]) : NULL;
    if (slots[1] && !start) {
        return NULL;
    }
    QvObj *it = qv_iter(qi, slots[0]);
    QvObj *o = !it                          ? NULL
               : type == &qv_enumerate_type ? qv_alloc_gc(qi, type, sizeof(QvEnumerate))
                                            : qv_obj_new(qi, type);
    if (!o) {
        qv_xdecref(qi, it);
        qv_xdecref(qi, start);
        return NULL;
    }
    QvEnumerate *e = as_enum(o);
    e->it = it;
    if (start && !qv_int_as_i64(start, &e->index)) {
        e->big = start;
    } else {
        qv_xdecref(qi, start);
    }
    return o;
}

QvObj *qv_enumerate_count(QvInterp *qi, QvEnumerate *e)
{
    if (!e->big && e->index < INT64_MAX) {
        return qv_int_from_i64(qi, e->index++);
    }
    QvObj *n = e->big ? e->big : qv_int_from_i64(qi, e->index);
    QvObj *one = n ? qv_int_from_i64(qi, 1) : NULL;
    QvObj *next = one ? qv_int_add(qi, n, one) : NULL;
    qv_xdecref(qi, one);
    if (!next) {
        if (!e->big) {
            qv_xdecref(qi, n);
        }
        return NULL;
    }
    e->big = next;
    return n;
}

static QvObj *enum_next(QvInterp *qi, QvObj *o)
{
    QvEnumerate *e = as_enum(o);
    if (QV_UNLIKELY(!e->it)) {
        return NULL; // cleared by the collector
    }
    QvObj *item = qv_step(qi, e->it);
    if (!item) {
        return NULL;
    }
    QvObj *n = qv_enumerate_count(qi, e);
    if (!n) {
        qv_decref(qi, item);
        return NULL;
    }
    QvObj *result = e->result;
    if (result && qv_is_unshared(result)) {
        QvObj **items = qv_tuple_items(result);
        QvObj *old0 = items[0], *old1 = items[1];
        qv_gc_retrack(result);
        items[0] = n;
        items[1] = item;
        qv_incref(qi, result);
        qv_decref(qi, old0);
        qv_decref(qi, old1);
        return result;
    }
    QvObj *pair[] = {n, item};
    QvObj *fresh = qv_tuple_from_array_take(qi, pair, 2);
    if (!e->result) {
        e->result = qv_xnew_ref(qi, fresh);
    }
    return fresh;
}

static QvObj *enum_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvEnumerate *e = as_enum(self);
    QvObj *n = e->big ? qv_new_ref(qi, e->big) : qv_int_from_i64(qi, e->index);
    QvObj *own = n ? qv_tuple_of(qi, 2, e->it, n) : NULL;
    QvObj *r = own ? qv_tuple_of(qi, 2, self->type, own) : NULL;
    qv_xdecref(qi, own);
    qv_xdecref(qi, n);
    return r;
}

static const QvNativeDef enum_methods[] = {
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {"__reduce__", enum_reduce, "($self, /)", "Return state information for pickling."},
    {0},
};

static void enum_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_enum(o)->it);
    qv_clear(qi, &as_enum(o)->big);
    qv_clear(qi, &as_enum(o)->result);
}

QV_RUNS static void enum_dealloc(QvInterp *qi, QvObj *o)
{
    if (o->type != &qv_enumerate_type) {
        qv_obj_dealloc(qi, o);
        return;
    }
    enum_fini(qi, o);
    qv_alloc_gc_free(qi, o, sizeof(QvEnumerate));
}

static int enum_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_enum(o)->it);
    QV_VISIT(as_enum(o)->big);
    QV_VISIT(as_enum(o)->result);
    return 0;
}

QV_SEALED QvType qv_enumerate_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "enumerate",
    .id = QV_TID_enumerate,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvEnumerate),
    .doc = "enumerate(iterable, start=0)\n--\n\nReturn an enumerate object: pairs of a count (from "
           "start, 0 by default) and a value of "
           "the iterable.",
    .methods = enum_methods,
    .new_ = enum_new,
    .dealloc = enum_dealloc,
    .fini = enum_fini,
    .clear = enum_fini,
    .traverse = enum_traverse,
    .iter = qv_iter_self,
    .next = enum_next,
};

// ---- zip ----------------------------------------------------------------------------------------

static QvZip *as_zip(QvObj *o) { return (QvZip *)o; }

// A tuple of iter(x) for each x.
static QvObj *iters_of(QvInterp *qi, QvObj *const *args, QvSsize n)
{
    QvObj *its = qv_tuple_new(qi, n);
    for (QvSsize i = 0; its && i < n; i++) {
        qv_tuple_items(its)[i] = qv_poll_step(qi, i) < 0 ? NULL : qv_iter(qi, args[i]);
        if (!qv_tuple_items(its)[i]) {
            qv_clear(qi, &its);
        }
    }
    return its;
}

static int zip_keywords(QvInterp *qi, const QvType *type, QvObj *const *values, QvObj *kwnames,
                        bool *ret_strict)
{
    *ret_strict = false;
    QvSsize n = kwnames ? qv_tuple_len(kwnames) : 0;
    if (n > 1) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "zip() takes at most 1 keyword argument (%zd given)", n);
    }
    if (n == 0 || (type != &qv_zip_type && type->init != qv_zip_type.init)) {
        return 0;
    }
    QvObj *key = qv_tuple_peek(kwnames, 0);
    if (!qv_str_eq_ascii(key, "strict")) {
        return qv_raise_int(qi, &qv_exc_TypeError, "'%U' is an invalid keyword argument for zip()",
                            key);
    }
    int strict = qv_is_true(qi, values[0]);
    *ret_strict = strict > 0;
    return strict < 0 ? -1 : 0;
}

static QvObj *zip_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    bool strict;
    if (zip_keywords(qi, type, args + nargs, kwnames, &strict) < 0) {
        return NULL;
    }
    QvObj *its = iters_of(qi, args, nargs);
    QvObj *o = !its                   ? NULL
               : type == &qv_zip_type ? qv_alloc_gc(qi, type, sizeof(QvZip))
                                      : qv_obj_new(qi, type);
    if (!o) {
        qv_xdecref(qi, its);
        return NULL;
    }
    as_zip(o)->its = its;
    as_zip(o)->strict = strict;
    return o;
}

QvObj *qv_zip_end(QvInterp *qi, const QvZip *z, QvSsize i)
{
    QvObj *its = z->its;
    if (!z->strict || qv_err_occurred(qi)) {
        return NULL;
    }
    if (i > 0) {
        return qv_raise(qi, &qv_exc_ValueError, "zip() argument %zd is shorter than argument%s%zd",
                        i + 1, i == 1 ? " " : "s 1-", i);
    }
    for (i = 1; i < qv_tuple_len(its); i++) {
        QvObj *x = qv_next(qi, qv_tuple_peek(its, i));
        if (x) {
            qv_decref(qi, x);
            return qv_raise(qi, &qv_exc_ValueError,
                            "zip() argument %zd is longer than argument%s%zd", i + 1,
                            i == 1 ? " " : "s 1-", i);
        }
        if (qv_err_occurred(qi)) {
            return NULL;
        }
    }
    return NULL;
}

static QvObj *zip_next(QvInterp *qi, QvObj *o)
{
    QvZip *z = as_zip(o);
    QvObj *its = z->its;
    QvSsize n = its ? qv_tuple_len(its) : 0;
    if (n == 0) {
        return NULL;
    }
    bool reuse = z->result && qv_is_unshared(z->result);
    QvObj *result = reuse ? qv_new_ref(qi, z->result) : qv_tuple_new(qi, n);
    if (!result) {
        return NULL;
    }
    qv_gc_retrack(result);
    for (QvSsize i = 0; i < n; i++) {
        if (QV_UNLIKELY(qv_stop_step(qi, i) < 0)) {
            qv_decref(qi, result);
            return NULL;
        }
        QvObj *x = qv_step(qi, qv_tuple_peek(its, i));
        if (!x) {
            qv_decref(qi, result);
            return qv_zip_end(qi, z, i);
        }
        qv_set_take(qi, &qv_tuple_items(result)[i], x);
    }
    if (!z->result) {
        z->result = qv_new_ref(qi, result);
    }
    return result;
}

static QvObj *zip_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *its = as_zip(self)->its;
    return as_zip(self)->strict ? qv_tuple_of(qi, 3, self->type, its, QV_TRUE)
                                : qv_tuple_of(qi, 2, self->type, its);
}

static QvObj *zip_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int strict = qv_is_true(qi, args[0]);
    if (strict < 0) {
        return NULL;
    }
    as_zip(self)->strict = strict;
    return QV_NONE;
}

static const QvNativeDef zip_methods[] = {
    {"__reduce__", zip_reduce, "($self, /)", "Return state information for pickling."},
    {"__setstate__", zip_setstate, "($self, state, /)", "Set state information for unpickling."},
    {0},
};

static void zip_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_zip(o)->its);
    qv_clear(qi, &as_zip(o)->result);
}

QV_RUNS static void zip_dealloc(QvInterp *qi, QvObj *o)
{
    if (o->type != &qv_zip_type) {
        qv_obj_dealloc(qi, o);
        return;
    }
    zip_fini(qi, o);
    qv_alloc_gc_free(qi, o, sizeof(QvZip));
}

static int zip_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_zip(o)->its);
    QV_VISIT(as_zip(o)->result);
    return 0;
}

QV_SEALED QvType qv_zip_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "zip",
    .id = QV_TID_zip,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvZip),
    .doc =
        "zip(*iterables, strict=False): tuples of the i-th elements, until the shortest iterable "
        "ends; ValueError if strict and another is longer.",
    .methods = zip_methods,
    .new_ = zip_new,
    .dealloc = zip_dealloc,
    .fini = zip_fini,
    .clear = zip_fini,
    .traverse = zip_traverse,
    .iter = qv_iter_self,
    .next = zip_next,
};

// ---- map ----------------------------------------------------------------------------------------

typedef struct Map {
    QvObj h;
    QvObj *func;
    QvObj *its; // tuple of iterators
} Map;

static Map *as_map(QvObj *o) { return (Map *)o; }

static QvObj *map_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (refuse_keywords(qi, type, &qv_map_type, kwnames) < 0) {
        return NULL;
    }
    if (nargs < 2) {
        return qv_raise(qi, &qv_exc_TypeError, "map() must have at least two arguments.");
    }
    QvObj *its = iters_of(qi, args + 1, nargs - 1);
    QvObj *o = its ? qv_obj_new(qi, type) : NULL;
    if (!o) {
        qv_xdecref(qi, its);
        return NULL;
    }
    as_map(o)->func = qv_new_ref(qi, args[0]);
    as_map(o)->its = its;
    return o;
}

static QvObj *map_next(QvInterp *qi, QvObj *o)
{
    Map *m = as_map(o);
    QvObj *its = m->its;
    if (!its) {
        return NULL;
    }
    QvSsize n = qv_tuple_len(its);
    if (n == 1) {
        QvObj *x = qv_step(qi, qv_tuple_peek(its, 0));
        if (!x) {
            return NULL;
        }
        QvCaller caller = qv_caller(m->func);
        QvObj *r = qv_caller_call1(qi, &caller, x);
        qv_decref(qi, x);
        return r;
    }
    QvObj *small[SMALL_CALL];
    QvObj **array = small;
    size_t bytes = (size_t)n * sizeof(QvObj *);
    if (n > SMALL_CALL) {
        array = qv_alloc(qi, bytes);
        if (!array) {
            return NULL;
        }
    }
    QvSsize got = 0;
    while (got < n && (array[got] = qv_step(qi, qv_tuple_peek(its, got))) != NULL) {
        got++;
    }
    QvObj *r = got == n ? qv_call(qi, m->func, array, n, NULL) : NULL;
    while (got > 0) {
        qv_decref(qi, array[--got]);
    }
    if (array != small) {
        qv_free(qi, array, bytes);
    }
    return r;
}

static QvObj *map_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *its = as_map(self)->its;
    QvSsize n = qv_tuple_len(its);
    QvObj *own = qv_tuple_new(qi, n + 1);
    if (!own) {
        return NULL;
    }
    qv_tuple_items(own)[0] = qv_new_ref(qi, as_map(self)->func);
    for (QvSsize i = 0; i < n; i++) {
        qv_tuple_items(own)[i + 1] = qv_new_ref(qi, qv_tuple_peek(its, i));
    }
    QvObj *r = qv_tuple_of(qi, 2, self->type, own);
    qv_decref(qi, own);
    return r;
}

static const QvNativeDef map_methods[] = {
    {"__reduce__", map_reduce, "($self, /)", "Return state information for pickling."},
    {0},
};

static void map_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_map(o)->func);
    qv_clear(qi, &as_map(o)->its);
}

static int map_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_map(o)->func);
    QV_VISIT(as_map(o)->its);
    return 0;
}

QV_SEALED QvType qv_map_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "map",
    .id = QV_TID_map,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Map),
    .doc =
        "map(func, *iterables): func called with an element of each iterable, until the shortest "
        "one ends.",
    .methods = map_methods,
    .new_ = map_new,
    .fini = map_fini,
    .clear = map_fini,
    .traverse = map_traverse,
    .iter = qv_iter_self,
    .next = map_next,
};

// ---- filter -------------------------------------------------------------------------------------

typedef struct Filter {
    QvObj h;
    QvObj *func; // None or bool: truth of the item
    QvObj *it;
} Filter;

static Filter *as_filter(QvObj *o) { return (Filter *)o; }

static QvObj *filter_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    if (refuse_keywords(qi, type, &qv_filter_type, kwnames) < 0) {
        return NULL;
    }
    if (nargs != 2) {
        return qv_raise(qi, &qv_exc_TypeError, "filter expected 2 arguments, got %zd", nargs);
    }
    QvObj *it = qv_iter(qi, args[1]);
    QvObj *o = it ? qv_obj_new(qi, type) : NULL;
    if (!o) {
        qv_xdecref(qi, it);
        return NULL;
    }
    as_filter(o)->func = qv_new_ref(qi, args[0]);
    as_filter(o)->it = it;
    return o;
}

static int filter_accepts(QvInterp *qi, QvObj *func, QvObj *item)
{
    if (func == QV_NONE || func == (QvObj *)&qv_bool_type) {
        return qv_is_true(qi, item);
    }
    QvCaller caller = qv_caller(func);
    QvObj *r = qv_caller_call1(qi, &caller, item);
    if (!r) {
        return -1;
    }
    int ok = qv_is_true(qi, r);
    qv_decref(qi, r);
    return ok;
}

static QvObj *filter_next(QvInterp *qi, QvObj *o)
{
    Filter *f = as_filter(o);
    while (f->it) {
        QvObj *item = qv_step(qi, f->it);
        if (!item) {
            return NULL;
        }
        int ok = filter_accepts(qi, f->func, item);
        if (ok > 0) {
            return item;
        }
        qv_decref(qi, item);
        // With C functions all around, this loop may be the only one that runs.
        if (ok < 0 || (qv_poll_peek(qi) && qv_poll(qi) < 0)) {
            return NULL;
        }
    }
    return NULL;
}

static QvObj *filter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *own = qv_tuple_of(qi, 2, as_filter(self)->func, as_filter(self)->it);
    QvObj *r = own ? qv_tuple_of(qi, 2, self->type, own) : NULL;
    qv_xdecref(qi, own);
    return r;
}

static const QvNativeDef filter_methods[] = {
    {"__reduce__", filter_reduce, "($self, /)", "Return state information for pickling."},
    {0},
};

static void filter_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_filter(o)->func);
    qv_clear(qi, &as_filter(o)->it);
}

static int filter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_filter(o)->func);
    QV_VISIT(as_filter(o)->it);
    return 0;
}

QV_SEALED QvType qv_filter_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "filter",
    .id = QV_TID_filter,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Filter),
    .doc = "filter(function or None, iterable): the items for which function(item), or the item "
           "itself, is true.",
    .methods = filter_methods,
    .new_ = filter_new,
    .fini = filter_fini,
    .clear = filter_fini,
    .traverse = filter_traverse,
    .iter = qv_iter_self,
    .next = filter_next,
};
