// SPDX-License-Identifier: MIT
// Pickler and PicklerMemoProxy, as scripts see them.
#include "modules/pickle/pickle.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static QvPickler *pickler(QvObj *o) { return &((QvPicklerObj *)o)->p; }

static int check_idle(QvInterp *qi, const QvPickler *p)
{
    return p->running ? qv_raise_int(qi, &qv_exc_RuntimeError, "Pickler object is already used")
                      : 0;
}

static QvObj *pickler_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames; // they are __init__'s
    return qv_obj_new(qi, type);
}

static int pickler_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvPickler *p = pickler(self);
    QvObj *a[4];
    if (qv_args(qi, "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)", args,
                nargs, kwnames, a) < 0 ||
        check_idle(qi, p) < 0) {
        return -1;
    }
    int fix = a[2] ? qv_is_true(qi, a[2]) : 1;
    if (fix < 0) {
        return -1;
    }
    qv_pickle_memo_clear(qi, &p->memo);
    qv_clear(qi, &p->write);
    QvObj *callback = a[3] ? a[3] : QV_NONE, *table = NULL;
    if (qv_pickler_init(qi, p, a[1], fix > 0, callback) < 0 || qv_pickler_set_file(p, a[0]) < 0) {
        return -1;
    }
    p->self = self;
    p->fast = false;
    p->fast_nesting = 0;
    QvObj *pers;
    bool unbound;
    if (qv_pickle_optional(qi, self, QV_N(persistent_id), &pers, &unbound) < 0) {
        return -1;
    }
    qv_set_take(qi, &p->pers, pers);
    p->pers_unbound = unbound;
    if (qv_getattr_try(qi, self, QV_N(dispatch_table), &table) < 0) {
        return -1;
    }
    qv_set_take(qi, &p->dispatch, table);
    return 0;
}

static QvObj *pickler_dump(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvPickler *p = pickler(self);
    if (!p->write) {
        qv_pickle_fail(qi, "Pickler.__init__() was not called by %T.__init__()", self);
        return NULL;
    }
    if (check_idle(qi, p) < 0) {
        return NULL;
    }
    QvObj *override = NULL;
    if (qv_getattr_try(qi, self, QV_N(reducer_override), &override) < 0) {
        return NULL;
    }
    qv_set_take(qi, &p->override, override);
    p->running = true;
    int status = qv_pickler_dump(p, args[0]);
    p->running = false;
    qv_clear(qi, &p->override); // a bound method: it would hold the pickler
    qv_pickle_memo_clear(qi, &p->fast_memo);
    return status < 0 ? NULL : QV_NONE;
}

static QvObj *pickler_clear_memo(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    qv_pickle_memo_clear(qi, &pickler(self)->memo);
    return QV_NONE;
}

static QvObj *pickler_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    const QvPickler *p = pickler(self);
    return qv_int_from_u64(qi, sizeof(QvPicklerObj) + p->cap + qv_pickle_memo_bytes(p->memo.size));
}

static void pickler_fini(QvInterp *qi, QvObj *o) { qv_pickler_fini(qi, pickler(o)); }

static int pickler_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    const QvPickler *p = pickler(o);
    QV_VISIT(p->write);
    QV_VISIT(p->pers);
    QV_VISIT(p->dispatch);
    QV_VISIT(p->override);
    QV_VISIT(p->buffer_callback);
    QV_VISIT(p->held);
    QV_VISIT(p->owners);
    int r = qv_pickle_memo_traverse(&p->memo, visit, ctx);
    return r ? r : qv_pickle_memo_traverse(&p->fast_memo, visit, ctx);
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *get_memo(QvInterp *qi, QvObj *o)
{
    return qv_pickle_proxy_new(qi, &qv_pickler_memo_type, o);
}

static int set_memo(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvPickler *p = pickler(o);
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "attribute deletion is not supported");
    }
    if (value->type == &qv_pickler_memo_type) {
        return qv_pickle_memo_copy(qi, &p->memo, &pickler(qv_pickle_proxy_owner(value))->memo);
    }
    if (!qv_is_dict(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "'memo' attribute must be a PicklerMemoProxy object or dict, not "
                            "%.200T",
                            value);
    }
    return qv_pickle_memo_from_dict(qi, &p->memo, value);
}

static QvObj *get_pers(QvInterp *qi, QvObj *o)
{
    const QvPickler *p = pickler(o);
    if (!p->pers) {
        return qv_raise(qi, &qv_exc_AttributeError, "persistent_id");
    }
    return p->pers_unbound ? qv_method_new(qi, p->pers, o) : qv_new_ref(qi, p->pers);
}

static int set_pers(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "attribute deletion is not supported");
    }
    if (!qv_is_callable(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "persistent_id must be a callable taking one argument");
    }
    pickler(o)->pers_unbound = false;
    qv_set_take(qi, &pickler(o)->pers, qv_new_ref(qi, value));
    return 0;
}

static QvObj *get_bin(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, pickler(o)->bin); }
static QvObj *get_fast(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, pickler(o)->fast); }

static int set_flag(QvInterp *qi, QvObj *value, bool *ret)
{
    int64_t v;
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "can't delete numeric/char attribute");
    }
    if (qv_int_to_i64(qi, value, &v) < 0) {
        return -1;
    }
    *ret = v != 0;
    return 0;
}
static int set_bin(QvInterp *qi, QvObj *o, QvObj *v) { return set_flag(qi, v, &pickler(o)->bin); }
static int set_fast(QvInterp *qi, QvObj *o, QvObj *v) { return set_flag(qi, v, &pickler(o)->fast); }

static QvObj *get_dispatch(QvInterp *qi, QvObj *o)
{
    return pickler(o)->dispatch ? qv_new_ref(qi, pickler(o)->dispatch)
                                : qv_attr_error(qi, o, QV_N(dispatch_table));
}
static int set_dispatch(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &pickler(o)->dispatch, qv_xnew_ref(qi, value));
    return 0;
}

static const QvGetSet pickler_getsets[] = {
    {"memo", get_memo, set_memo, NULL},
    {"persistent_id", get_pers, set_pers, NULL},
    {"bin", get_bin, set_bin, NULL},
    {"fast", get_fast, set_fast, NULL},
    {"dispatch_table", get_dispatch, set_dispatch, NULL},
    {0},
};

static const QvNativeDef pickler_methods[] = {
    {"dump", pickler_dump, "($self, obj, /)",
     "Write a pickled representation of the given object to the open file."},
    {"clear_memo", pickler_clear_memo, "($self, /)",
     "Clears the pickler's \"memo\".\n\nThe memo is the data structure that remembers which "
     "objects the\npickler has already seen, so that shared or recursive objects are\npickled by "
     "reference and not by value.  This method is useful when\nre-using picklers."},
    {"__sizeof__", pickler_sizeof, "($self, /)", "Returns size in memory, in bytes."},
    {0},
};

QV_SEALED QvType qv_pickler_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_pickle.Pickler",
    .id = QV_TID_pickler,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvPicklerObj),
    .doc = "This takes a binary file for writing a pickle data stream.",
    .methods = pickler_methods,
    .getsets = pickler_getsets,
    .new_ = pickler_new,
    .init = pickler_init,
    .fini = pickler_fini,
    .traverse = pickler_traverse,
    .clear = pickler_fini,
};

// ---- the memo proxy -----------------------------------------------------------------------------

QvObj *qv_pickle_proxy_new(QvInterp *qi, QvType *type, QvObj *owner)
{
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        ((QvPickleMemoProxy *)o)->owner = qv_new_ref(qi, owner);
    }
    return o;
}

void qv_pickle_proxy_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvPickleMemoProxy *)o)->owner);
}

int qv_pickle_proxy_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvPickleMemoProxy *)o)->owner);
    return 0;
}

QvObj *qv_pickle_proxy_reduce(QvInterp *qi, QV_STOLEN QvObj *copy)
{
    QvObj *args = copy ? qv_tuple_of(qi, 1, copy) : NULL;
    QvObj *ret = args ? qv_tuple_of(qi, 2, &qv_dict_type.h, args) : NULL;
    qv_xdecref(qi, copy);
    qv_xdecref(qi, args);
    return ret;
}

static QvObj *proxy_clear(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return pickler_clear_memo(qi, qv_pickle_proxy_owner(self), args, nargs);
}
static QvObj *proxy_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_pickle_memo_dict(qi, &pickler(qv_pickle_proxy_owner(self))->memo);
}
static QvObj *proxy_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return qv_pickle_proxy_reduce(qi, proxy_copy(qi, self, args, nargs));
}

static const QvNativeDef proxy_methods[] = {
    {"clear", proxy_clear, "($self, /)", "Remove all items from memo."},
    {"copy", proxy_copy, "($self, /)", "Copy the memo to a new object."},
    {"__reduce__", proxy_reduce, "($self, /)", "Implement pickle support."},
    {0},
};

QV_SEALED QvType qv_pickler_memo_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_pickle.PicklerMemoProxy",
    .id = QV_TID_pickler_memo,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvPickleMemoProxy),
    .methods = proxy_methods,
    .fini = qv_pickle_proxy_fini,
    .traverse = qv_pickle_proxy_traverse,
    .clear = qv_pickle_proxy_fini,
    .hash = qv_hash_not_implemented,
};
