// SPDX-License-Identifier: MIT
// itertools: groupby and tee.
#include "modules/itertools.h"

#include "object/alloc.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/walk.h"

// ---- groupby ------------------------------------------------------------------------------------

typedef struct GroupBy {
    QvObj h;
    QvObj *it, *func;   // func NULL: the items are their keys
    QvObj *target;      // key of the group that was given out last, or NULL
    QvObj *key, *value; // of the item that was read last; value NULL: given out already
    const QvObj *group; // the newest group (not owned, only compared): older ones are over
} GroupBy;

typedef struct Grouper {
    QvObj h;
    QvObj *parent, *target;
} Grouper;

static GroupBy *as_groupby(QvObj *o) { return (GroupBy *)o; }
static Grouper *as_grouper(QvObj *o) { return (Grouper *)o; }

static QvObj *groupby_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    QvObj *slots[2];
    if (qv_args(qi, "groupby(iterable, key=None)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *it = qv_iter(qi, slots[0]);
    QvObj *o = it ? qv_obj_new(qi, type) : NULL;
    if (!o) {
        qv_xdecref(qi, it);
        return NULL;
    }
    as_groupby(o)->it = it;
    as_groupby(o)->func = slots[1] && slots[1] != QV_NONE ? qv_new_ref(qi, slots[1]) : NULL;
    return o;
}

// Reads the next item. 0, or -1: the end, or an exception.
static int groupby_step(QvInterp *qi, GroupBy *g)
{
    QvObj *value = qv_step(qi, g->it);
    QvObj *key = !value ? NULL : g->func ? qv_call1(qi, g->func, value) : qv_new_ref(qi, value);
    if (!key) {
        qv_xdecref(qi, value);
        return -1;
    }
    QvObj *old_value = g->value, *old_key = g->key;
    g->value = value;
    g->key = key;
    qv_xdecref(qi, old_value);
    qv_xdecref(qi, old_key);
    return 0;
}

static int same_key(QvInterp *qi, QvObj *a, QvObj *b)
{
    if (a->type == b->type && (a->type == &qv_int_type || a->type == &qv_str_type)) {
        bool known;
        return qv_key_same(a, b, &known);
    }
    qv_incref(qi, a);
    qv_incref(qi, b);
    int same = qv_eq(qi, a, b);
    qv_decref(qi, a);
    qv_decref(qi, b);
    return same;
}

static QvObj *grouper_make(QvInterp *qi, QvType *type, QvObj *parent, QvObj *target)
{
    QvObj *o = type == &qv_itertools_grouper_type ? qv_alloc_gc(qi, type, sizeof(Grouper))
                                                  : qv_obj_new(qi, type);
    if (o) {
        as_grouper(o)->parent = qv_new_ref(qi, parent);
        as_grouper(o)->target = qv_new_ref(qi, target);
        as_groupby(parent)->group = o;
    }
    return o;
}

static QvObj *groupby_next(QvInterp *qi, QvObj *o)
{
    GroupBy *g = as_groupby(o);
    g->group = NULL;
    for (QvSsize i = 0;; i++) { // over the rest of the group
        int same = !g->key ? 1 : !g->target ? 0 : same_key(qi, g->target, g->key);
        if (same < 0) {
            return NULL;
        }
        if (!same) {
            break;
        }
        if (qv_poll_step(qi, i) < 0 || groupby_step(qi, g) < 0) {
            return NULL;
        }
    }
    qv_set_take(qi, &g->target, qv_new_ref(qi, g->key));
    QvObj *group = grouper_make(qi, &qv_itertools_grouper_type, o, g->target);
    if (!group) {
        return NULL;
    }
    QvObj *both[2] = {qv_new_ref(qi, g->key), group};
    return qv_tuple_from_array_take(qi, both, 2);
}

static QvObj *groupby_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    GroupBy *g = as_groupby(self);
    QvObj *inner = qv_tuple_of(qi, 2, g->it, g->func ? g->func : QV_NONE), *ret = NULL;
    if (inner && g->target && g->key && g->value) {
        QvObj *state = qv_tuple_of(qi, 3, g->key, g->value, g->target);
        ret = state ? qv_tuple_of(qi, 3, self->type, inner, state) : NULL;
        qv_xdecref(qi, state);
    } else if (inner) {
        ret = qv_tuple_of(qi, 2, self->type, inner);
    }
    qv_xdecref(qi, inner);
    return ret;
}

static QvObj *groupby_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_tuple(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "state is not a tuple");
    }
    if (qv_tuple_len(args[0]) != 3) {
        return qv_raise(qi, &qv_exc_TypeError, "function takes exactly 3 arguments (%zd given)",
                        qv_tuple_len(args[0]));
    }
    GroupBy *g = as_groupby(self);
    qv_set_take(qi, &g->key, qv_new_ref(qi, qv_tuple_peek(args[0], 0)));
    qv_set_take(qi, &g->value, qv_new_ref(qi, qv_tuple_peek(args[0], 1)));
    qv_set_take(qi, &g->target, qv_new_ref(qi, qv_tuple_peek(args[0], 2)));
    return QV_NONE;
}

static void groupby_fini(QvInterp *qi, QvObj *o)
{
    GroupBy *g = as_groupby(o);
    qv_clear(qi, &g->it);
    qv_clear(qi, &g->func);
    qv_clear(qi, &g->target);
    qv_clear(qi, &g->key);
    qv_clear(qi, &g->value);
}

static int groupby_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    GroupBy *g = as_groupby(o);
    QV_VISIT(g->it);
    QV_VISIT(g->func);
    QV_VISIT(g->target);
    QV_VISIT(g->key);
    QV_VISIT(g->value);
    return 0;
}

static const QvNativeDef groupby_methods[] = {
    {"__reduce__", groupby_reduce, "($self, /)", "Return state information for pickling."},
    {"__setstate__", groupby_setstate, "($self, state, /)",
     "Set state information for unpickling."},
    {0},
};

QV_SEALED QvType qv_itertools_groupby_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools.groupby",
    .id = QV_TID_itertools_groupby,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(GroupBy),
    .doc = "groupby(iterable, key=None)\n--\n\nmake an iterator that returns consecutive keys and "
           "groups from the iterable\n\n  iterable\n    Elements to divide into groups according "
           "to the key function.\n  key\n    A function for computing the group category for each "
           "element.\n    If the key function is not specified or is None, the element itself\n    "
           "is used for grouping.",
    .methods = groupby_methods,
    .new_ = groupby_new,
    .fini = groupby_fini,
    .traverse = groupby_traverse,
    .iter = qv_iter_self,
    .next = groupby_next,
};

static QvObj *grouper_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    QvObj *slots[2];
    if (qv_args(qi, "_grouper(parent, tgtkey, /)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    if (!qv_is_instance_of(slots[0], &qv_itertools_groupby_type)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "_grouper() argument 1 must be itertools.groupby, not %T", slots[0]);
    }
    return grouper_make(qi, type, slots[0], slots[1]);
}

static QvObj *grouper_next(QvInterp *qi, QvObj *o)
{
    GroupBy *g = as_groupby(as_grouper(o)->parent);
    if (g->group != o || (!g->value && groupby_step(qi, g) < 0)) {
        return NULL;
    }
    if (same_key(qi, as_grouper(o)->target, g->key) <= 0) {
        return NULL; // the next group begins, or the comparison failed
    }
    QvObj *value = g->value;
    g->value = NULL;
    return value;
}

static QvObj *grouper_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *inner, *ret = NULL;
    if (as_groupby(as_grouper(self)->parent)->group != self) {
        QvObj *iter = qv_iter_builtin(qi, QV_N(iter));
        inner = iter ? qv_tuple_of(qi, 1, QV_EMPTY_TUPLE) : NULL;
        ret = inner ? qv_tuple_of(qi, 2, iter, inner) : NULL;
        qv_xdecref(qi, iter);
    } else {
        inner = qv_tuple_of(qi, 2, as_grouper(self)->parent, as_grouper(self)->target);
        ret = inner ? qv_tuple_of(qi, 2, self->type, inner) : NULL;
    }
    qv_xdecref(qi, inner);
    return ret;
}

static void grouper_fini(QvInterp *qi, QvObj *o)
{
    Grouper *r = as_grouper(o);
    if (r->parent && as_groupby(r->parent)->group == o) {
        as_groupby(r->parent)->group = NULL;
    }
    qv_clear(qi, &r->parent);
    qv_clear(qi, &r->target);
}

// The end of one in one call: a loop makes one for each group.
QV_RUNS static void grouper_dealloc(QvInterp *qi, QvObj *o)
{
    if (QV_UNLIKELY(o->type != &qv_itertools_grouper_type)) {
        qv_obj_dealloc(qi, o);
        return;
    }
    grouper_fini(qi, o);
    qv_alloc_gc_free(qi, o, sizeof(Grouper));
}

static int grouper_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_grouper(o)->parent);
    QV_VISIT(as_grouper(o)->target);
    return 0;
}

static const QvNativeDef grouper_methods[] = {
    {"__reduce__", grouper_reduce, "($self, /)", "Return state information for pickling."},
    {0},
};

QV_SEALED QvType qv_itertools_grouper_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools._grouper",
    .id = QV_TID_itertools_grouper,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(Grouper),
    .methods = grouper_methods,
    .new_ = grouper_new,
    .dealloc = grouper_dealloc,
    .fini = grouper_fini,
    .traverse = grouper_traverse,
    .iter = qv_iter_self,
    .next = grouper_next,
};

// ---- tee ----------------------------------------------------------------------------------------
// The items that were read stand in a list of blocks; each tee has its place in one block. A block
// dies when the last tee has left it.

#define BLOCK 57 // items; CPython's number, which its pickles show

typedef struct TeeData {
    QvObj h;
    QvObj *it;
    int count;    // items read into this block
    bool running; // the source is being asked
    QvObj *next;  // following block, made when asked for
    QvObj *items[BLOCK];
} TeeData;

typedef struct Tee {
    QvObj h;
    QvObj *data;
    int index;
} Tee;

static TeeData *as_data(QvObj *o) { return (TeeData *)o; }
static Tee *as_tee(QvObj *o) { return (Tee *)o; }

static QvObj *data_make(QvInterp *qi, QvObj *it)
{
    QvObj *o = qv_obj_new(qi, &qv_itertools_teedata_type);
    if (o) {
        as_data(o)->it = qv_new_ref(qi, it);
    }
    return o;
}

static QvObj *data_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)type;
    QvObj *slots[3];
    if (qv_args(qi, "teedataobject(iterable, values, next, /)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    if (!qv_is_list(slots[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "teedataobject() argument 2 must be list, not %T",
                        slots[1]);
    }
    if (qv_list_box(qi, slots[1]) < 0) {
        return NULL;
    }
    QvSsize n = qv_list_len(slots[1]);
    if (n > BLOCK ||
        (slots[2] != QV_NONE && (n < BLOCK || slots[2]->type != &qv_itertools_teedata_type))) {
        return qv_raise(qi, &qv_exc_ValueError, "Invalid arguments");
    }
    QvObj *o = data_make(qi, slots[0]);
    if (o) {
        for (; as_data(o)->count < n; as_data(o)->count++) {
            as_data(o)->items[as_data(o)->count] =
                qv_new_ref(qi, qv_list_peek(slots[1], as_data(o)->count));
        }
        as_data(o)->next = slots[2] == QV_NONE ? NULL : qv_new_ref(qi, slots[2]);
    }
    return o;
}

static QvObj *data_item(QvInterp *qi, TeeData *d, int index)
{
    if (index < d->count) {
        return qv_new_ref(qi, d->items[index]);
    }
    if (d->running) {
        return qv_raise(qi, &qv_exc_RuntimeError, "cannot re-enter the tee iterator");
    }
    d->running = true;
    QvObj *x = qv_step(qi, d->it);
    d->running = false;
    if (!x) {
        return NULL;
    }
    d->items[d->count++] = x;
    return qv_new_ref(qi, x);
}

static QvObj *data_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    TeeData *d = as_data(self);
    QvObj *list = qv_list_from_array(qi, d->items, d->count);
    QvObj *inner = list ? qv_tuple_of(qi, 3, d->it, list, d->next ? d->next : QV_NONE) : NULL;
    QvObj *ret = inner ? qv_tuple_of(qi, 2, self->type, inner) : NULL;
    qv_xdecref(qi, list);
    qv_xdecref(qi, inner);
    return ret;
}

static void data_fini(QvInterp *qi, QvObj *o)
{
    TeeData *d = as_data(o);
    int n = d->count;
    d->count = 0;
    for (int k = 0; k < n; k++) {
        qv_clear(qi, &d->items[k]);
    }
    qv_clear(qi, &d->it);
    qv_clear(qi, &d->next);
}

static int data_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    TeeData *d = as_data(o);
    QV_VISIT(d->it);
    QV_VISIT(d->next);
    for (int k = 0; k < d->count; k++) {
        QV_VISIT(d->items[k]);
    }
    return 0;
}

static const QvNativeDef data_methods[] = {
    {"__reduce__", data_reduce, "($self, /)", "Return state information for pickling."}, {0}};

QV_SEALED QvType qv_itertools_teedata_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools._tee_dataobject",
    .id = QV_TID_itertools_teedata,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(TeeData),
    .doc = "teedataobject(iterable, values, next, /)\n--\n\nData container common to multiple tee "
           "objects.",
    .methods = data_methods,
    .new_ = data_new,
    .fini = data_fini,
    .clear = data_fini,
    .traverse = data_traverse,
};

static QvObj *tee_at(QvInterp *qi, QvObj *data, int index)
{
    QvObj *o = qv_obj_new(qi, &qv_itertools_tee_type);
    if (o) {
        as_tee(o)->data = qv_new_ref(qi, data);
        as_tee(o)->index = index;
    }
    return o;
}

static QvObj *tee_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    (void)type;
    QvObj *iterable;
    if (qv_args(qi, "_tee(iterable, /)", args, nargs, kwnames, &iterable) < 0) {
        return NULL;
    }
    QvObj *it = qv_iter(qi, iterable);
    if (!it) {
        return NULL;
    }
    QvObj *o;
    if (it->type == &qv_itertools_tee_type) {
        o = tee_at(qi, as_tee(it)->data, as_tee(it)->index);
    } else {
        QvObj *data = data_make(qi, it);
        o = data ? tee_at(qi, data, 0) : NULL;
        qv_xdecref(qi, data);
    }
    qv_decref(qi, it);
    return o;
}

static QvObj *tee_next(QvInterp *qi, QvObj *o)
{
    Tee *t = as_tee(o);
    if (t->index >= BLOCK) {
        TeeData *d = as_data(t->data);
        if (!d->next && !(d->next = data_make(qi, d->it))) {
            return NULL;
        }
        t->index = 0;
        qv_set_take(qi, &t->data, qv_new_ref(qi, d->next));
    }
    QvObj *data = qv_new_ref(qi, t->data);
    QvObj *x = data_item(qi, as_data(data), t->index);
    qv_decref(qi, data);
    t->index += x != NULL;
    return x;
}

static QvObj *tee_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return tee_at(qi, as_tee(self)->data, as_tee(self)->index);
}

static QvObj *tee_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *inner = qv_tuple_of(qi, 1, QV_EMPTY_TUPLE),
          *index = inner ? qv_int_from_i64(qi, as_tee(self)->index) : NULL;
    QvObj *state = index ? qv_tuple_of(qi, 2, as_tee(self)->data, index) : NULL;
    QvObj *ret = state ? qv_tuple_of(qi, 3, self->type, inner, state) : NULL;
    qv_xdecref(qi, inner);
    qv_xdecref(qi, index);
    qv_xdecref(qi, state);
    return ret;
}

static QvObj *tee_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize index;
    if (!qv_is_tuple(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "state is not a tuple");
    }
    if (qv_tuple_len(args[0]) != 2 ||
        qv_tuple_peek(args[0], 0)->type != &qv_itertools_teedata_type) {
        return qv_raise(qi, &qv_exc_TypeError, "state must be a tee data object and an index");
    }
    if (qv_int_to_ssize(qi, qv_tuple_peek(args[0], 1), &index) < 0) {
        return NULL;
    }
    if (index < 0 || index > BLOCK || index > as_data(qv_tuple_peek(args[0], 0))->count) {
        return qv_raise(qi, &qv_exc_ValueError, "Index out of range");
    }
    qv_set_take(qi, &as_tee(self)->data, qv_new_ref(qi, qv_tuple_peek(args[0], 0)));
    as_tee(self)->index = (int)index;
    return QV_NONE;
}

static void tee_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_tee(o)->data); }

static int tee_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_tee(o)->data);
    return 0;
}

static const QvNativeDef tee_methods[] = {
    {"__copy__", tee_copy, "($self, /)", "Returns an independent iterator."},
    {"__reduce__", tee_reduce, "($self, /)", "Return state information for pickling."},
    {"__setstate__", tee_setstate, "($self, state, /)", "Set state information for unpickling."},
    {0},
};

QV_SEALED QvType qv_itertools_tee_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "itertools._tee",
    .id = QV_TID_itertools_tee,
    .flags = QV_T_GC | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(Tee),
    .doc = "_tee(iterable, /)\n--\n\nIterator wrapped to make it copyable.",
    .methods = tee_methods,
    .new_ = tee_new,
    .fini = tee_fini,
    .traverse = tee_traverse,
    .iter = qv_iter_self,
    .next = tee_next,
};
