// SPDX-License-Identifier: MIT
// The module _functools: partial, cmp_to_key, reduce; the cache of lru_cache is in
// _functools_lru.c.
#include "modules/modules.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/dictattr.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/walk.h"

// ---- partial ------------------------------------------------------------------------------------

typedef struct Partial {
    QvObj h;
    QvObj *func;
    QvObj *args; // tuple
    QvObj *kw;   // dict
    QvObj *dict; // __dict__ or NULL
} Partial;

static Partial *as_partial(QvObj *o) { return (Partial *)o; }

// kwargs of a call merged into dict d. 0/-1.
static int merge_keywords(QvInterp *qi, QvObj *d, QvObj *const *values, QvObj *kwnames)
{
    for (QvSsize k = 0; kwnames && k < qv_tuple_len(kwnames); k++) {
        if (qv_dict_set(qi, d, qv_tuple_peek(kwnames, k), values[k]) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvObj *tuple_plus(QvInterp *qi, QvObj *head, QvObj *const *more, QvSsize n)
{
    QvSsize have = head ? qv_tuple_len(head) : 0;
    QvObj *t = qv_tuple_new(qi, have + n);
    for (QvSsize k = 0; t && k < have + n; k++) {
        qv_tuple_items(t)[k] = qv_new_ref(qi, k < have ? qv_tuple_peek(head, k) : more[k - have]);
    }
    return t;
}

static QvObj *partial_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames);

static QvObj *partial_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    if (nargs < 1) {
        return qv_raise(qi, &qv_exc_TypeError, "type 'partial' takes at least one argument");
    }
    QvObj *func = args[0];
    if (!qv_is_callable(func)) {
        return qv_raise(qi, &qv_exc_TypeError, "the first argument must be callable");
    }
    // A partial of a plain partial is made flat.
    Partial *inner = func->type->call == partial_call && !as_partial(func)->dict ? as_partial(func)
                                                                                 : NULL;
    QvObj *o = qv_obj_new(qi, type);
    if (!o) {
        return NULL;
    }
    Partial *p = as_partial(o);
    p->func = qv_new_ref(qi, inner ? inner->func : func);
    p->args = tuple_plus(qi, inner ? inner->args : NULL, args + 1, nargs - 1);
    p->kw = inner ? qv_dict_copy(qi, inner->kw) : qv_dict_new(qi);
    if (!p->args || !p->kw || merge_keywords(qi, p->kw, args + nargs, kwnames) < 0) {
        qv_decref(qi, o);
        return NULL;
    }
    return o;
}

#define SMALL 12 // values that fit the C stack

static QvObj *partial_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    Partial *p = as_partial(f);
    QvSsize nhead = qv_tuple_len(p->args), ngiven = kwnames ? qv_tuple_len(kwnames) : 0;
    QvSsize nkw = qv_dict_len(p->kw) + ngiven, total = nhead + nargs + nkw;
    if (nhead == 0 && qv_dict_len(p->kw) == 0) {
        return qv_call(qi, p->func, args, nargs, kwnames);
    }
    QvObj *small[SMALL], **all = total <= SMALL ? small : qv_alloc(qi, (size_t)total * sizeof *all);
    if (!all) {
        return NULL;
    }
    QvObj *names = NULL, *ret = NULL;
    QvSsize n = 0;
    // The caller may drop f or change its keywords while the function runs.
    for (QvSsize k = 0; k < nhead; k++) {
        all[n++] = qv_new_ref(qi, qv_tuple_peek(p->args, k));
    }
    for (QvSsize k = 0; k < nargs; k++) {
        all[n++] = qv_new_ref(qi, args[k]);
    }
    if (nkw > 0) {
        QvSsize pos = 0, used = 0;
        QvObj *key, *value;
        names = qv_tuple_new(qi, nkw);
        if (!names) {
            goto done;
        }
        while (qv_dict_next(p->kw, &pos, &key, &value)) {
            for (QvSsize k = 0; k < ngiven; k++) { // the caller's value wins, in the place of ours
                if (qv_str_equal(qv_tuple_peek(kwnames, k), key)) {
                    value = args[nargs + k];
                }
            }
            qv_tuple_items(names)[used++] = qv_new_ref(qi, key);
            all[n++] = qv_new_ref(qi, value);
        }
        for (QvSsize k = 0; k < ngiven; k++) {
            QvObj *name = qv_tuple_peek(kwnames, k);
            if (!qv_dict_peek_str(p->kw, name)) {
                qv_tuple_items(names)[used++] = qv_new_ref(qi, name);
                all[n++] = qv_new_ref(qi, args[nargs + k]);
            }
        }
        if (used < nkw) {
            QvObj *shorter = qv_tuple_from_array(qi, qv_tuple_items(names), used);
            for (QvSsize k = used; k < nkw; k++) {
                qv_tuple_items(names)[k] = QV_NONE;
            }
            qv_set_take(qi, &names, shorter);
            if (!shorter) {
                goto done;
            }
        }
    }
    QvObj *func = qv_new_ref(qi, p->func);
    ret = qv_call(qi, func, all, nhead + nargs, names);
    qv_decref(qi, func);
done:
    for (QvSsize k = 0; k < n; k++) {
        qv_decref(qi, all[k]);
    }
    if (all != small) {
        qv_free(qi, all, (size_t)total * sizeof *all);
    }
    qv_xdecref(qi, names);
    return ret;
}

static QvObj *partial_repr(QvInterp *qi, QvObj *o)
{
    int busy = qv_repr_enter(qi, o);
    if (busy) {
        return busy < 0 ? NULL : qv_str_new_ascii(qi, "...", 3);
    }
    Partial *p = as_partial(o);
    QvObj *args = qv_new_ref(qi, p->args), *kw = qv_dict_items_list(qi, p->kw),
          *func = qv_new_ref(qi, p->func), *ret = NULL;
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvObj *part = kw ? qv_str_format(qi, "%s(%R", o->type->name, func) : NULL;
    for (QvSsize k = -1, n = qv_tuple_len(args), m = kw ? qv_list_len(kw) : 0; part && k < n + m;) {
        qv_strbuf_str(&b, part);
        qv_clear(qi, &part);
        if (++k < n) {
            part = qv_str_format(qi, ", %R", qv_tuple_peek(args, k));
        } else if (k < n + m) {
            QvObj *item = qv_new_ref(qi, qv_list_peek(kw, k - n));
            part = qv_str_format(qi, ", %S=%R", qv_tuple_peek(item, 0), qv_tuple_peek(item, 1));
            qv_decref(qi, item);
        } else {
            qv_strbuf_char(&b, ')');
            ret = qv_strbuf_finish(&b);
        }
    }
    if (!ret) {
        qv_strbuf_fini(&b);
    }
    qv_decref(qi, args);
    qv_decref(qi, func);
    qv_xdecref(qi, kw);
    qv_repr_leave(qi, o);
    return ret;
}

static QvObj *partial_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Partial *p = as_partial(self);
    QvObj *inner = qv_tuple_of(qi, 1, p->func);
    QvObj *state = inner ? qv_tuple_of(qi, 4, p->func, p->args, p->kw, p->dict ? p->dict : QV_NONE)
                         : NULL;
    QvObj *ret = state ? qv_tuple_of(qi, 3, self->type, inner, state) : NULL;
    qv_xdecref(qi, inner);
    qv_xdecref(qi, state);
    return ret;
}

static QvObj *partial_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Partial *p = as_partial(self);
    QvObj *s = args[0];
    if (!qv_is_tuple(s) || qv_tuple_len(s) != 4 || !qv_is_callable(qv_tuple_peek(s, 0)) ||
        !qv_is_tuple(qv_tuple_peek(s, 1)) ||
        (qv_tuple_peek(s, 2) != QV_NONE && !qv_is_dict(qv_tuple_peek(s, 2))) ||
        (qv_tuple_peek(s, 3) != QV_NONE && !qv_is_dict(qv_tuple_peek(s, 3)))) {
        return qv_raise(qi, &qv_exc_TypeError, "invalid partial state");
    }
    QvObj *pargs = qv_is_tuple_exact(qv_tuple_peek(s, 1))
                       ? qv_new_ref(qi, qv_tuple_peek(s, 1))
                       : qv_tuple_from_array(qi, qv_tuple_items(qv_tuple_peek(s, 1)),
                                             qv_tuple_len(qv_tuple_peek(s, 1)));
    QvObj *kw = qv_tuple_peek(s, 2), *dict = qv_tuple_peek(s, 3);
    QvObj *pkw = kw == QV_NONE          ? qv_dict_new(qi)
                 : qv_is_dict_exact(kw) ? qv_new_ref(qi, kw)
                                        : qv_dict_copy(qi, kw);
    if (!pargs || !pkw) {
        qv_xdecref(qi, pargs);
        qv_xdecref(qi, pkw);
        return NULL;
    }
    qv_set_take(qi, &p->func, qv_new_ref(qi, qv_tuple_peek(s, 0)));
    qv_set_take(qi, &p->args, pargs);
    qv_set_take(qi, &p->kw, pkw);
    qv_set_take(qi, &p->dict, dict == QV_NONE ? NULL : qv_new_ref(qi, dict));
    return QV_NONE;
}

static void partial_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_partial(o)->func);
    qv_clear(qi, &as_partial(o)->args);
    qv_clear(qi, &as_partial(o)->kw);
    qv_clear(qi, &as_partial(o)->dict);
}

// __setstate__ can put it into itself. What is left can still be called: TypeError.
static void partial_clear(QvInterp *qi, QvObj *o)
{
    qv_set_take(qi, &as_partial(o)->func, QV_NONE);
    qv_set_take(qi, &as_partial(o)->args, QV_EMPTY_TUPLE);
}

static int partial_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_partial(o)->func);
    QV_VISIT(as_partial(o)->args);
    QV_VISIT(as_partial(o)->kw);
    QV_VISIT(as_partial(o)->dict);
    return 0;
}

static QvObj *partial_get_func(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, as_partial(o)->func);
}
static QvObj *partial_get_args(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, as_partial(o)->args);
}
static QvObj *partial_get_kw(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_partial(o)->kw); }

static const QvGetSet partial_getsets[] = {
    {"func", partial_get_func, qv_getset_readonly,
     "function object to use in future partial calls"},
    {"args", partial_get_args, qv_getset_readonly, "tuple of arguments to future partial calls"},
    {"keywords", partial_get_kw, qv_getset_readonly,
     "dictionary of keyword arguments to future partial calls"},
    {"__dict__", qv_dictattr_get, qv_dictattr_set, NULL},
    {0},
};
static const QvNativeDef partial_methods[] = {
    {"__reduce__", partial_reduce, "($self, /)", NULL},
    {"__setstate__", partial_setstate, "($self, state, /)", NULL},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_functools_partial_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "functools.partial",
    .id = QV_TID_functools_partial,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(Partial),
    .dict_offset = offsetof(Partial, dict),
    .doc = "partial(func, *args, **keywords) - new function with partial application\n    of the "
           "given arguments and keywords.\n",
    .methods = partial_methods,
    .getsets = partial_getsets,
    .new_ = partial_new,
    .fini = partial_fini,
    .clear = partial_clear,
    .traverse = partial_traverse,
    .call = partial_call,
    .repr = partial_repr,
};

// ---- cmp_to_key ---------------------------------------------------------------------------------

typedef struct Key {
    QvObj h;
    QvObj *cmp;
    QvObj *object; // NULL: the factory
} Key;

static Key *as_key(QvObj *o) { return (Key *)o; }

static QvObj *key_make(QvInterp *qi, QvObj *cmp, QvObj *object)
{
    QvObj *o = qv_obj_new(qi, &qv_functools_key_type);
    if (o) {
        as_key(o)->cmp = qv_new_ref(qi, cmp);
        as_key(o)->object = qv_xnew_ref(qi, object);
    }
    return o;
}

static QvObj *key_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *object;
    return qv_args(qi, "K(obj)", args, nargs, kwnames, &object) < 0
               ? NULL
               : key_make(qi, as_key(f)->cmp, object);
}

static QvObj *key_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (w->type != v->type) {
        return qv_raise(qi, &qv_exc_TypeError, "other argument must be K instance");
    }
    if (!as_key(v)->object || !as_key(w)->object) {
        return qv_raise(qi, &qv_exc_AttributeError, "object");
    }
    QvObj *r = qv_call2(qi, as_key(v)->cmp, as_key(v)->object, as_key(w)->object);
    QvObj *zero = r ? qv_int_from_i64(qi, 0) : NULL;
    QvObj *ret = zero ? qv_compare(qi, r, zero, op) : NULL;
    qv_xdecref(qi, r);
    qv_xdecref(qi, zero);
    return ret;
}

static void key_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_key(o)->cmp);
    qv_clear(qi, &as_key(o)->object);
}

static int key_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_key(o)->cmp);
    QV_VISIT(as_key(o)->object);
    return 0;
}

static QvObj *key_get(QvInterp *qi, QvObj *o)
{
    return as_key(o)->object ? qv_new_ref(qi, as_key(o)->object)
                             : qv_raise(qi, &qv_exc_AttributeError, "obj");
}
static int key_set(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &as_key(o)->object, qv_xnew_ref(qi, value));
    return 0;
}
static const QvGetSet key_getsets[] = {
    {"obj", key_get, key_set, "Value wrapped by a key function."}, {0}};

QV_SEALED QvType qv_functools_key_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "functools.KeyWrapper",
    .id = QV_TID_functools_key,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Key),
    .getsets = key_getsets,
    .fini = key_fini,
    .traverse = key_traverse,
    .call = key_call,
    .hash = qv_hash_not_implemented,
    .richcmp = key_richcmp,
};

static QvObj *cmp_to_key(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return key_make(qi, args[0], NULL);
}

// ---- reduce -------------------------------------------------------------------------------------

static QvObj *reduce(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *it = qv_iter(qi, args[1]);
    if (!it) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            qv_raise(qi, &qv_exc_TypeError, "reduce() arg 2 must support iteration");
        }
        return NULL;
    }
    QvObj *total = qv_xnew_ref(qi, args[2]), *x = NULL;
    for (QvSsize i = 0; qv_poll_step(qi, i) == 0 && (x = qv_step(qi, it)) != NULL; i++) {
        if (!total) {
            total = x;
            continue;
        }
        QvObj *pair[] = {total, x};
        QvObj *next = qv_call(qi, args[0], pair, 2, NULL);
        qv_decref(qi, x);
        qv_set_take(qi, &total, next);
        if (!next) {
            break;
        }
    }
    qv_decref(qi, it);
    if (qv_err_occurred(qi)) {
        qv_xdecref(qi, total);
        return NULL;
    }
    return total ? total
                 : qv_raise(qi, &qv_exc_TypeError,
                            "reduce() of empty iterable with no initial value");
}

static int init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "partial", (QvObj *)&qv_functools_partial_type) < 0 ||
                   qv_module_add(qi, m, "_lru_cache_wrapper", (QvObj *)&qv_functools_lru_type) < 0
               ? -1
               : 0;
}

static const QvNativeDef functions[] = {
    {"cmp_to_key", cmp_to_key, "($module, /, mycmp)",
     "Convert a cmp= function into a key= function."},
    {"reduce", reduce, "($module, function, iterable, initial=None, /)",
     "reduce(function, iterable[, initial]) -> value\n\nApply a function of two arguments "
     "cumulatively to the items of a sequence\nor iterable, from left to right, so as to reduce "
     "the iterable to a single\nvalue.  For example, reduce(lambda x, y: x+y, [1, 2, 3, 4, 5]) "
     "calculates\n((((1+2)+3)+4)+5).  If initial is present, it is placed before the items\nof the "
     "iterable in the calculation, and serves as a default when the\niterable is empty."},
    {0},
};

const QvModuleDef qv_module__functools = {
    .name = "_functools",
    .doc = "Tools that operate on functions.",
    .functions = functions,
    .init = init,
};
