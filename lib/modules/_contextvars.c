// SPDX-License-Identifier: MIT
// The module _contextvars: values that belong to the running context.
//
// The current context is a field of the thread state. A context's values are in a dict that copies
// share: whoever writes while somebody else holds it copies it first, so that copying a context
// costs nothing and an iterator sees what was there when it began.
#include "base/hash.h"
#include "modules/modules.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Context {
    QvObj h;
    QvObj *values; // dict of ContextVar -> value, shared while others hold it
    QvObj *prev;   // while entered: what was current before, or NULL
    bool entered;
} Context;

typedef struct Var {
    QvObj h;
    QvObj *name;
    QvObj *dflt; // or NULL
} Var;

typedef struct Token {
    QvObj h;
    QvObj *context, *var;
    QvObj *old; // or NULL: there was none
    bool used;
} Token;

static Context *as_context(QvObj *o) { return (Context *)o; }
static Var *as_var(QvObj *o) { return (Var *)o; }
static Token *as_token(QvObj *o) { return (Token *)o; }

// ---- contexts -----------------------------------------------------------------------------------

static QvObj *context_with(QvInterp *qi, QvObj *values /*NULL: none*/)
{
    QvObj *o = qv_obj_new(qi, &qv_context_type);
    if (o) {
        as_context(o)->values = values ? qv_new_ref(qi, values) : qv_dict_new(qi);
        if (!as_context(o)->values) {
            qv_clear(qi, &o);
        }
    }
    return o;
}

// The current context, made when there is none: borrowed.
static QvObj *current(QvInterp *qi)
{
    if (!qi->ts->context) {
        qi->ts->context = context_with(qi, NULL);
    }
    return qi->ts->context;
}

// The values of c, for writing. NULL with MemoryError.
static QvObj *own_values(QvInterp *qi, Context *c)
{
    if (!qv_is_unshared(c->values)) {
        QvObj *copy = qv_dict_copy(qi, c->values);
        if (!copy) {
            return NULL;
        }
        qv_set_take(qi, &c->values, copy);
    }
    return c->values;
}

static QvObj *context_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    (void)type, (void)args;
    if (nargs || (kwnames && qv_tuple_len(kwnames))) {
        return qv_raise(qi, &qv_exc_TypeError, "Context() does not accept any arguments");
    }
    return context_with(qi, NULL);
}

static void context_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_context(o)->values);
    qv_clear(qi, &as_context(o)->prev);
}

static void context_clear(QvInterp *qi, QvObj *o)
{
    QvObj *empty = qv_dict_new(qi);
    if (empty) {
        qv_set_take(qi, &as_context(o)->values, empty);
    } else {
        qv_err_clear(qi);
        qv_dict_clear(qi, as_context(o)->values);
    }
    qv_clear(qi, &as_context(o)->prev);
}

static int context_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_context(o)->values);
    QV_VISIT(as_context(o)->prev);
    return 0;
}

static bool is_var(const QvObj *o) { return o->type == &qv_context_var_type; }

// The value of a key: 1 (*ret borrowed), 0 absent, -1 (TypeError: no ContextVar).
static int find(QvInterp *qi, QvObj *o, QvObj *key, QvObj **ret)
{
    if (!is_var(key)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "a ContextVar key was expected, got %R", key);
    }
    return qv_dict_get(qi, as_context(o)->values, key, ret);
}

static QvSsize context_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_dict_len(as_context(o)->values);
}

static QvObj *context_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvObj *value;
    int found = find(qi, o, key, &value);
    return found > 0    ? qv_new_ref(qi, value)
           : found == 0 ? qv_raise_obj(qi, &qv_exc_KeyError, key)
                        : NULL;
}

static int context_contains(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvObj *value;
    return find(qi, o, key, &value);
}

static QvObj *context_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (v->type != &qv_context_type || w->type != &qv_context_type ||
        (op != QV_EQ && op != QV_NE)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *a = qv_new_ref(qi, as_context(v)->values), *b = qv_new_ref(qi, as_context(w)->values);
    QvObj *ret = qv_compare(qi, a, b, op);
    qv_decref(qi, a);
    qv_decref(qi, b);
    return ret;
}

static QvObj *context_iter(QvInterp *qi, QvObj *o)
{
    return qv_dict_iter_new(qi, &qv_dict_keyiterator_type, as_context(o)->values);
}

static QvObj *context_keys(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return context_iter(qi, self);
}
static QvObj *context_values(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_dict_iter_new(qi, &qv_dict_valueiterator_type, as_context(self)->values);
}
static QvObj *context_items(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_dict_iter_new(qi, &qv_dict_itemiterator_type, as_context(self)->values);
}
static QvObj *context_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return context_with(qi, as_context(self)->values);
}
static QvObj *context_get(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *value;
    int found = find(qi, self, args[0], &value);
    return found > 0    ? qv_new_ref(qi, value)
           : found == 0 ? qv_new_ref(qi, args[1] ? args[1] : QV_NONE)
                        : NULL;
}

static QvObj *context_run(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    Context *c = as_context(self);
    QvThread *ts = qi->ts;
    bool plain = nargs != QV_NARGS_SLOTS; // else (args, kwargs)
    QvSsize n = plain ? nargs : qv_tuple_len(args[0]);
    if (n < 1) {
        return qv_raise(qi, &qv_exc_TypeError, "run() missing 1 required positional argument");
    }
    if (c->entered) {
        return qv_raise(qi, &qv_exc_RuntimeError, "cannot enter context: %R is already entered",
                        self);
    }
    QvObj *rest = plain ? NULL : qv_tuple_slice(qi, args[0], 1, n);
    if (!plain && !rest) {
        return NULL;
    }
    c->prev = ts->context;
    c->entered = true;
    ts->context = qv_new_ref(qi, self);
    QvObj *ret = plain ? qv_call(qi, args[0], args + 1, n - 1, NULL)
                       : qv_call_tuple(qi, qv_tuple_peek(args[0], 0), rest, args[1]);
    qv_xdecref(qi, rest);
    if (ts->context != self) {
        qv_xdecref(qi, ret);
        return qv_raise(qi, &qv_exc_RuntimeError,
                        "cannot exit context: thread state references a different context object");
    }
    ts->context = c->prev;
    c->prev = NULL;
    c->entered = false;
    qv_decref(qi, self); // the caller holds it too
    return ret;
}

static const QvNativeDef context_methods[] = {
    {"get", context_get, "($self, key, default=None, /)",
     "Return the value for `key` if `key` has the value in the context object."},
    {"items", context_items, "($self, /)",
     "Return all variables and their values in the context object."},
    {"keys", context_keys, "($self, /)", "Return a list of all variables in the context object."},
    {"values", context_values, "($self, /)",
     "Return a list of all variables' values in the context object."},
    {"copy", context_copy, "($self, /)", "Return a shallow copy of the context object."},
    {"run", context_run, "!($self, /, *args, **kwargs)",
     "run(callable, *args, **kwargs): call it in this context."},
    {0},
};

QV_SEALED QvType qv_context_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_contextvars.Context",
    .id = QV_TID_context,
    .flags = QV_T_GC | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(Context),
    .methods = context_methods,
    .new_ = context_new,
    .fini = context_fini,
    .clear = context_clear,
    .traverse = context_traverse,
    .hash = qv_hash_not_implemented,
    .richcmp = context_richcmp,
    .iter = context_iter,
    .len = context_len,
    .getitem = context_getitem,
    .contains = context_contains,
};

// ---- tokens -------------------------------------------------------------------------------------

static QvObj *missing_repr(QvInterp *qi, QvObj *o)
{
    (void)o;
    return qv_str_new_cstr(qi, "<Token.MISSING>");
}

QV_SEALED QvType qv_context_missing_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "Token.MISSING",
    .id = QV_TID_context_missing,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvObj),
    .repr = missing_repr,
};
static QV_SEALED QvObj missing = QV_STATIC_HEADER(&qv_context_missing_type);

static QvObj *token_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)type, (void)args, (void)nargs, (void)kwnames;
    return qv_raise(qi, &qv_exc_RuntimeError, "Tokens can only be created by ContextVars");
}

static void token_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_token(o)->context);
    qv_clear(qi, &as_token(o)->var);
    qv_clear(qi, &as_token(o)->old);
}

static int token_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_token(o)->context);
    QV_VISIT(as_token(o)->var);
    QV_VISIT(as_token(o)->old);
    return 0;
}

static QvObj *token_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<Token%s var=%R at %p>", as_token(o)->used ? " used" : "",
                         as_token(o)->var, (void *)o);
}

static QvObj *token_get_var(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_token(o)->var); }
static QvObj *token_get_old(QvInterp *qi, QvObj *o)
{
    return as_token(o)->old ? qv_new_ref(qi, as_token(o)->old) : &missing;
}
static QvObj *token_get_missing(QvInterp *qi, QvObj *o)
{
    (void)qi, (void)o;
    return &missing;
}

static const QvGetSet token_getsets[] = {
    {"var", token_get_var, NULL, NULL},
    {"old_value", token_get_old, NULL, NULL},
    {"MISSING", token_get_missing, NULL, NULL, true},
    {0},
};

static const QvNativeDef token_methods[] = {
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_context_token_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_contextvars.Token",
    .id = QV_TID_context_token,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(Token),
    .methods = token_methods,
    .getsets = token_getsets,
    .new_ = token_new,
    .fini = token_fini,
    .traverse = token_traverse,
    .repr = token_repr,
    .hash = qv_hash_not_implemented,
};

// ---- variables ----------------------------------------------------------------------------------

static QvObj *var_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[2];
    if (qv_args(qi, "ContextVar(name, /, *, default=None)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    if (!qv_is_str(slots[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "context variable name must be a str");
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_var(o)->name = qv_new_ref(qi, slots[0]);
        as_var(o)->dflt = qv_xnew_ref(qi, slots[1]);
    }
    return o;
}

static void var_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_var(o)->name);
    qv_clear(qi, &as_var(o)->dflt);
}

static void var_clear(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_var(o)->dflt); }

static int var_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_var(o)->name);
    QV_VISIT(as_var(o)->dflt);
    return 0;
}

static QvObj *var_repr(QvInterp *qi, QvObj *o)
{
    return as_var(o)->dflt
               ? qv_str_format(qi, "<ContextVar name=%R default=%R at %p>", as_var(o)->name,
                               as_var(o)->dflt, (void *)o)
               : qv_str_format(qi, "<ContextVar name=%R at %p>", as_var(o)->name, (void *)o);
}

static QvHash var_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_hash_ptr(o);
}

static QvObj *var_get(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (qi->ts->context) {
        QvObj *value;
        int found = qv_dict_get(qi, as_context(qi->ts->context)->values, self, &value);
        if (found != 0) {
            return found < 0 ? NULL : qv_new_ref(qi, value);
        }
    }
    QvObj *dflt = args[0] ? args[0] : as_var(self)->dflt;
    return dflt ? qv_new_ref(qi, dflt) : qv_raise_obj(qi, &qv_exc_LookupError, self);
}

static QvObj *var_set(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *context = current(qi), *old = NULL;
    QvObj *values = context ? own_values(qi, as_context(context)) : NULL;
    if (!values || qv_dict_get(qi, values, self, &old) < 0) {
        return NULL;
    }
    QvObj *token = qv_obj_new(qi, &qv_context_token_type);
    if (!token) {
        return NULL;
    }
    as_token(token)->context = qv_new_ref(qi, context);
    as_token(token)->var = qv_new_ref(qi, self);
    as_token(token)->old = qv_xnew_ref(qi, old);
    if (qv_dict_set(qi, values, self, args[0]) < 0) {
        qv_clear(qi, &token);
    }
    return token;
}

static QvObj *var_reset(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (args[0]->type != &qv_context_token_type) {
        return qv_raise(qi, &qv_exc_TypeError, "expected an instance of Token, got %R", args[0]);
    }
    Token *t = as_token(args[0]);
    if (t->used) {
        return qv_raise(qi, &qv_exc_RuntimeError, "%R has already been used once", args[0]);
    }
    if (t->var != self) {
        return qv_raise(qi, &qv_exc_ValueError, "%R was created by a different ContextVar",
                        args[0]);
    }
    QvObj *context = current(qi);
    if (!context) {
        return NULL;
    }
    if (t->context != context) {
        return qv_raise(qi, &qv_exc_ValueError, "%R was created in a different Context", args[0]);
    }
    QvObj *values = own_values(qi, as_context(context));
    if (!values) {
        return NULL;
    }
    t->used = true;
    if (t->old) {
        return qv_dict_set(qi, values, self, t->old) < 0 ? NULL : QV_NONE;
    }
    return qv_dict_del(qi, values, self) < 0 ? NULL : QV_NONE;
}

static QvObj *var_get_name(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_var(o)->name); }

static const QvGetSet var_getsets[] = {
    {"name", var_get_name, qv_getset_readonly, NULL},
    {0},
};

static const QvNativeDef var_methods[] = {
    {"get", var_get, "($self, default=None, /)",
     "Return a value for the context variable for the current context."},
    {"set", var_set, "($self, value, /)",
     "Call to set a new value for the context variable in the current context."},
    {"reset", var_reset, "($self, token, /)", "Reset the context variable."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_context_var_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_contextvars.ContextVar",
    .id = QV_TID_context_var,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(Var),
    .methods = var_methods,
    .getsets = var_getsets,
    .new_ = var_new,
    .fini = var_fini,
    .clear = var_clear,
    .traverse = var_traverse,
    .repr = var_repr,
    .hash = var_hash,
};

// ---- module -------------------------------------------------------------------------------------

QvObj *qv_context_copy(QvInterp *qi)
{
    QvObj *context = current(qi);
    return context ? context_with(qi, as_context(context)->values) : NULL;
}

static QvObj *mod_copy_context(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_context_copy(qi);
}

static const QvNativeDef functions[] = {
    {"copy_context", mod_copy_context, "($module, /)", NULL},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "Context", &qv_context_type.h) < 0 ||
                   qv_module_add(qi, m, "ContextVar", &qv_context_var_type.h) < 0
               ? -1
               : qv_module_add(qi, m, "Token", &qv_context_token_type.h);
}

const QvModuleDef qv_module__contextvars = {
    .name = "_contextvars",
    .doc = "Context Variables",
    .functions = functions,
    .init = init,
};
