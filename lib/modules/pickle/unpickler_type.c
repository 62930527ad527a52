// SPDX-License-Identifier: MIT
// Unpickler and UnpicklerMemoProxy, as scripts see them.
#include "modules/pickle/pickle.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/str.h"
#include "object/type_ids.h"

static QvUnpickler *unpickler(QvObj *o) { return &((QvUnpicklerObj *)o)->u; }

static int check_idle(QvInterp *qi, const QvUnpickler *u)
{
    return u->running ? qv_raise_int(qi, &qv_exc_RuntimeError, "Unpickler object is already used")
                      : 0;
}

static QvObj *unpickler_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                            QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames; // they are __init__'s
    return qv_obj_new(qi, type);
}

static int unpickler_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    QvUnpickler *u = unpickler(self);
    QvObj *a[5];
    if (qv_args(qi,
                "Unpickler(file, *, fix_imports=True, encoding='ASCII', errors='strict', "
                "buffers=())",
                args, nargs, kwnames, a) < 0 ||
        check_idle(qi, u) < 0) {
        return -1;
    }
    int fix = a[1] ? qv_is_true(qi, a[1]) : 1;
    if (fix < 0) {
        return -1;
    }
    for (int i = 2; i < 4; i++) {
        if (a[i] && !qv_is_str(a[i])) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "Unpickler() argument '%s' must be str, not %s",
                                i == 2 ? "encoding" : "errors", qv_arg_type_name(a[i]));
        }
    }
    qv_unpickle_memo_clear(qi, u);
    qv_clear(qi, &u->read);
    if (qv_unpickler_init(qi, u, fix > 0, a[2], a[3], a[4]) < 0 ||
        qv_unpickle_set_file(u, a[0]) < 0) {
        return -1;
    }
    u->self = self;
    QvObj *pers;
    bool unbound;
    if (qv_pickle_optional(qi, self, QV_N(persistent_load), &pers, &unbound) < 0) {
        return -1;
    }
    qv_set_take(qi, &u->pers, pers);
    u->pers_unbound = unbound;
    return 0;
}

static QvObj *unpickler_load(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvUnpickler *u = unpickler(self);
    if (!u->read) {
        qv_unpickle_fail(qi, "Unpickler.__init__() was not called by %T.__init__()", self);
        return NULL;
    }
    if (check_idle(qi, u) < 0) {
        return NULL;
    }
    // A class of ours without a dict of its instances' can't have replaced find_class.
    u->own_find_class = self->type == &qv_unpickler_type;
    u->running = true;
    QvObj *o = qv_unpickler_load(u);
    u->running = false;
    return o;
}

static QvObj *unpickler_find_class(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvUnpickler *u = unpickler(self);
    QvPickleState *st = u->st ? u->st : qv_pickle_state(qi);
    return st ? qv_pickle_find_class(qi, st, u->proto, u->fix_imports, args[0], args[1]) : NULL;
}

static QvObj *unpickler_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    const QvUnpickler *u = unpickler(self);
    return qv_int_from_u64(qi, sizeof(QvUnpicklerObj) + u->cap * sizeof *u->stack +
                                   u->cap_marks * sizeof *u->marks + u->memo_cap * sizeof *u->memo);
}

static void unpickler_fini(QvInterp *qi, QvObj *o) { qv_unpickler_fini(qi, unpickler(o)); }

static int unpickler_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    const QvUnpickler *u = unpickler(o);
    for (size_t i = 0; i < u->len; i++) {
        QV_VISIT(u->stack[i]);
    }
    for (size_t i = 0; i < u->memo_cap; i++) {
        QV_VISIT(u->memo[i]);
    }
    QV_VISIT(u->memo_far);
    QV_VISIT(u->view.obj);
    QV_VISIT(u->encoding);
    QV_VISIT(u->errors);
    QV_VISIT(u->pers);
    QV_VISIT(u->buffers);
    QV_VISIT(u->read);
    QV_VISIT(u->readline);
    QV_VISIT(u->readinto);
    QV_VISIT(u->peek);
    QV_VISIT(u->held);
    return 0;
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *memo_dict(QvInterp *qi, QvUnpickler *u)
{
    QvObj *d = u->memo_far ? qv_dict_copy(qi, u->memo_far) : qv_dict_new(qi);
    for (size_t i = 0; d && i < u->memo_cap; i++) {
        QvObj *key = u->memo[i] ? qv_int_from_u64(qi, i) : NULL;
        if (u->memo[i] && (!key || qv_dict_set(qi, d, key, u->memo[i]) < 0)) {
            qv_clear(qi, &d);
        }
        qv_xdecref(qi, key);
    }
    return d;
}

static QvObj *get_memo(QvInterp *qi, QvObj *o)
{
    return qv_pickle_proxy_new(qi, &qv_unpickler_memo_type, o);
}

// Puts the entries of a dict into the memo of a fresh unpickler; then they change places. 0/-1.
static int memo_from_dict(QvInterp *qi, QvUnpickler *u, QvObj *d)
{
    QvUnpickler fresh = {.qi = qi};
    QvSsize pos = 0;
    QvObj *key, *value;
    int status = 0;
    while (status == 0 && qv_dict_next(d, &pos, &key, &value)) {
        QvSsize number;
        if (!qv_is_int(key)) {
            status = qv_raise_int(qi, &qv_exc_TypeError, "memo key must be integers");
        } else if (qv_int_to_ssize(qi, key, &number) < 0) {
            status = -1;
        } else if (number < 0) {
            status = qv_raise_int(qi, &qv_exc_ValueError, "memo key must be positive integers.");
        } else {
            status = qv_unpickle_memo_put(&fresh, (uint64_t)number, value);
        }
    }
    if (status == 0) {
        QvUnpickler old = *u;
        u->memo = fresh.memo;
        u->memo_cap = fresh.memo_cap;
        u->memo_used = fresh.memo_used;
        u->memo_far = fresh.memo_far;
        fresh = (QvUnpickler){.qi = qi,
                              .memo = old.memo,
                              .memo_cap = old.memo_cap,
                              .memo_used = old.memo_used,
                              .memo_far = old.memo_far};
    }
    qv_unpickle_memo_clear(qi, &fresh);
    return status;
}

static int set_memo(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "attribute deletion is not supported");
    }
    bool proxy = value->type == &qv_unpickler_memo_type;
    if (!proxy && !qv_is_dict(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "'memo' attribute must be an UnpicklerMemoProxy object or dict, not "
                            "%.200T",
                            value);
    }
    QvObj *d = proxy ? memo_dict(qi, unpickler(qv_pickle_proxy_owner(value)))
                     : qv_new_ref(qi, value);
    int status = d ? memo_from_dict(qi, unpickler(o), d) : -1;
    qv_xdecref(qi, d);
    return status;
}

static QvObj *get_pers(QvInterp *qi, QvObj *o)
{
    const QvUnpickler *u = unpickler(o);
    if (!u->pers) {
        return qv_raise(qi, &qv_exc_AttributeError, "persistent_load");
    }
    return u->pers_unbound ? qv_method_new(qi, u->pers, o) : qv_new_ref(qi, u->pers);
}

static int set_pers(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "attribute deletion is not supported");
    }
    if (!qv_is_callable(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "persistent_load must be a callable taking one argument");
    }
    unpickler(o)->pers_unbound = false;
    qv_set_take(qi, &unpickler(o)->pers, qv_new_ref(qi, value));
    return 0;
}

static const QvGetSet unpickler_getsets[] = {
    {"memo", get_memo, set_memo, NULL},
    {"persistent_load", get_pers, set_pers, NULL},
    {0},
};

static const QvNativeDef unpickler_methods[] = {
    {"load", unpickler_load, "($self, /)",
     "Load a pickle.\n\nRead a pickled object representation from the open file object given\nin "
     "the constructor, and return the reconstituted object hierarchy\nspecified therein."},
    {"find_class", unpickler_find_class, "($self, module_name, global_name, /)",
     "Return an object from a specified module.\n\nIf necessary, the module will be imported. "
     "Subclasses may override\nthis method (e.g. to restrict unpickling of arbitrary classes "
     "and\nfunctions).\n\nThis method is called whenever a class or a function object is\nneeded.  "
     "Both arguments passed are str objects."},
    {"__sizeof__", unpickler_sizeof, "($self, /)", "Returns size in memory, in bytes."},
    {0},
};

QV_SEALED QvType qv_unpickler_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_pickle.Unpickler",
    .id = QV_TID_unpickler,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvUnpicklerObj),
    .doc = "This takes a binary file for reading a pickle data stream.",
    .methods = unpickler_methods,
    .getsets = unpickler_getsets,
    .new_ = unpickler_new,
    .init = unpickler_init,
    .fini = unpickler_fini,
    .traverse = unpickler_traverse,
    .clear = unpickler_fini,
};

// ---- the memo proxy -----------------------------------------------------------------------------

static QvObj *proxy_clear(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    qv_unpickle_memo_clear(qi, unpickler(qv_pickle_proxy_owner(self)));
    return QV_NONE;
}
static QvObj *proxy_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return memo_dict(qi, unpickler(qv_pickle_proxy_owner(self)));
}
static QvObj *proxy_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return qv_pickle_proxy_reduce(qi, proxy_copy(qi, self, args, nargs));
}

static const QvNativeDef proxy_methods[] = {
    {"clear", proxy_clear, "($self, /)", "Remove all items from memo."},
    {"copy", proxy_copy, "($self, /)", "Copy the memo to a new object."},
    {"__reduce__", proxy_reduce, "($self, /)", "Implement pickling support."},
    {0},
};

QV_SEALED QvType qv_unpickler_memo_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_pickle.UnpicklerMemoProxy",
    .id = QV_TID_unpickler_memo,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvPickleMemoProxy),
    .methods = proxy_methods,
    .fini = qv_pickle_proxy_fini,
    .traverse = qv_pickle_proxy_traverse,
    .clear = qv_pickle_proxy_fini,
    .hash = qv_hash_not_implemented,
};
