// SPDX-License-Identifier: MIT
// types.GenericAlias: list[int] and the like, and the substitution of type variables.
#include "object/genericalias.h"

#include "object/dict.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static QvGenericAlias *as_alias(QvObj *o) { return (QvGenericAlias *)o; }

// ---- construction -------------------------------------------------------------------------------

static QvObj *alias_make(QvInterp *qi, QvType *type, QvObj *origin, QvObj *args)
{
    QvObj *own = qv_is_tuple(args) ? qv_new_ref(qi, args) : qv_tuple_of(qi, 1, args);
    QvObj *o = own ? qv_obj_new(qi, type) : NULL;
    if (!o) {
        qv_xdecref(qi, own);
        return NULL;
    }
    as_alias(o)->origin = qv_new_ref(qi, origin);
    as_alias(o)->args = own;
    return o;
}

QvObj *qv_generic_alias_new(QvInterp *qi, QvObj *origin, QvObj *args)
{
    return alias_make(qi, &qv_generic_alias_type, origin, args);
}

QvObj *qv_class_getitem(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_generic_alias_new(qi, type, args[0]);
}

static QvObj *alias_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames) > 0) {
        return qv_raise(qi, &qv_exc_TypeError, "GenericAlias() takes no keyword arguments");
    }
    if (nargs != 2) {
        return qv_raise(qi, &qv_exc_TypeError, "GenericAlias expected 2 arguments, got %zd", nargs);
    }
    return alias_make(qi, type, args[0], args[1]);
}

// ---- iteration ----------------------------------------------------------------------------------
// Gives the one starred alias: *tuple[int].

typedef struct AliasIter {
    QvObj h;
    QvObj *alias; // owned; NULL at the end
} AliasIter;

static QvObj *alias_iter(QvInterp *qi, QvObj *o)
{
    QvObj *it = qv_obj_new(qi, &qv_generic_alias_iterator_type);
    if (it) {
        ((AliasIter *)it)->alias = qv_new_ref(qi, o);
    }
    return it;
}

static QvObj *iter_next(QvInterp *qi, QvObj *o)
{
    QvObj *alias = ((AliasIter *)o)->alias;
    if (!alias) {
        return NULL;
    }
    ((AliasIter *)o)->alias = NULL;
    QvObj *star =
        alias_make(qi, &qv_generic_alias_type, as_alias(alias)->origin, as_alias(alias)->args);
    if (star) {
        as_alias(star)->starred = true;
    }
    qv_decref(qi, alias);
    return star;
}

static void iter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((AliasIter *)o)->alias); }

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((AliasIter *)o)->alias);
    return 0;
}

static QvObj *iter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *alias = ((AliasIter *)self)->alias;
    QvObj *own = qv_tuple_of(qi, 1, alias ? alias : QV_EMPTY_TUPLE);
    QvObj *iter = own ? qv_iter_builtin(qi, QV_N(iter)) : NULL;
    QvObj *r = iter ? qv_tuple_of(qi, 2, iter, own) : NULL;
    qv_xdecref(qi, own);
    qv_xdecref(qi, iter);
    return r;
}

static const QvNativeDef iter_methods[] = {
    {"__reduce__", iter_reduce, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_generic_alias_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "generic_alias_iterator",
    .id = QV_TID_generic_alias_iterator,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(AliasIter),
    .methods = iter_methods,
    .fini = iter_fini,
    .clear = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = iter_next,
};

// ---- type variables -----------------------------------------------------------------------------

static QvSsize index_in(QvObj *const *items, QvSsize n, const QvObj *o)
{
    for (QvSsize i = 0; i < n; i++) {
        if (items[i] == o) {
            return i;
        }
    }
    return -1;
}

static int add_unique(QvInterp *qi, QvObj *list, QvObj *o)
{
    for (QvSsize i = 0; i < qv_list_len(list); i++) {
        if (qv_list_peek(list, i) == o) {
            return 0;
        }
    }
    return qv_list_append(qi, list, o);
}

// The tuple o.__parameters__. 1 (*ret new), 0 when it is absent or no tuple, -1.
static int own_parameters(QvInterp *qi, QvObj *o, QvObj **ret)
{
    int has = qv_getattr_try(qi, o, QV_N(__parameters__), ret);
    if (has > 0 && !qv_is_tuple(*ret)) {
        qv_clear(qi, ret);
        return 0;
    }
    return has;
}

// Adds the type variables that `arg` is or has.
static int add_parameters(QvInterp *qi, QvObj *list, QvObj *arg)
{
    if (qv_is_type(arg)) {
        return 0; // its __parameters__ are those of the class, not of this use
    }
    QvObj *subst;
    int has = qv_getattr_try(qi, arg, QV_N(__typing_subst__), &subst);
    if (has < 0) {
        return -1;
    }
    if (has) {
        qv_decref(qi, subst);
        return add_unique(qi, list, arg);
    }
    QvObj *params;
    has = own_parameters(qi, arg, &params);
    if (has <= 0) {
        return has;
    }
    int result = 0;
    for (QvSsize i = 0; i < qv_tuple_len(params) && result == 0; i++) {
        result = add_unique(qi, list, qv_tuple_peek(params, i));
    }
    qv_decref(qi, params);
    return result;
}

QvObj *qv_generic_parameters(QvInterp *qi, QvObj *args)
{
    QvObj *list = qv_list_new(qi, 0);
    if (!list) {
        return NULL;
    }
    QvObj *r = NULL;
    QvSsize i = 0;
    while (i < qv_tuple_len(args) && add_parameters(qi, list, qv_tuple_peek(args, i)) == 0) {
        i++;
    }
    if (i == qv_tuple_len(args)) {
        r = qv_list_as_tuple(qi, list);
    }
    qv_decref(qi, list);
    return r;
}

// The arguments in item as a tuple; *tuple[...] among them is spread.
static QvObj *unpack_args(QvInterp *qi, QvObj *item)
{
    QvObj *list = qv_list_new(qi, 0);
    if (!list) {
        return NULL;
    }
    bool is_tuple = qv_is_tuple(item);
    QvSsize n = is_tuple ? qv_tuple_len(item) : 1;
    for (QvSsize i = 0; i < n; i++) {
        QvObj *o = is_tuple ? qv_tuple_peek(item, i) : item;
        QvObj *inner = NULL;
        int has = 0;
        if (!qv_is_type(o)) {
            has = qv_getattr_try(qi, o, QV_N(__typing_unpacked_tuple_args__), &inner);
        }
        bool spread = has > 0 && qv_is_tuple(inner) &&
                      !(qv_tuple_len(inner) > 0 &&
                        qv_tuple_peek(inner, qv_tuple_len(inner) - 1) == QV_ELLIPSIS);
        int ok = has < 0  ? -1
                 : spread ? qv_list_extend(qi, list, inner)
                          : qv_list_append(qi, list, o);
        if (has > 0) {
            qv_decref(qi, inner);
        }
        if (ok < 0) {
            qv_decref(qi, list);
            return NULL;
        }
    }
    QvObj *r = qv_list_as_tuple(qi, list);
    qv_decref(qi, list);
    return r;
}

// Lets each parameter prepare the arguments (TypeVarTuple collects its share). Takes items.
static QvObj *prepare_args(QvInterp *qi, QvObj *self, QvObj *parameters, QvObj *items)
{
    for (QvSsize i = 0; items && i < qv_tuple_len(parameters); i++) {
        QvObj *prepare;
        int has = qv_getattr_try(qi, qv_tuple_peek(parameters, i), QV_N(__typing_prepare_subst__),
                                 &prepare);
        if (has < 0) {
            qv_clear(qi, &items);
        } else if (has) {
            if (prepare != QV_NONE) {
                QvObj *next = qv_call2(qi, prepare, self, items);
                qv_decref(qi, items);
                items = next;
                if (items && !qv_is_tuple(items)) {
                    QvObj *one = qv_tuple_of(qi, 1, items);
                    qv_decref(qi, items);
                    items = one;
                }
            }
            qv_decref(qi, prepare);
        }
    }
    return items;
}

// obj[...] with its own parameters replaced; obj itself when it has none.
static QvObj *substitute_inside(QvInterp *qi, QvObj *obj, QvObj *parameters, QvObj *items)
{
    QvObj *own;
    int has = own_parameters(qi, obj, &own);
    if (has <= 0) {
        return has < 0 ? NULL : qv_new_ref(qi, obj);
    }
    if (qv_tuple_len(own) == 0) {
        qv_decref(qi, own);
        return qv_new_ref(qi, obj);
    }
    QvObj *list = qv_list_new(qi, 0), *r = NULL;
    bool ok = list != NULL;
    for (QvSsize i = 0; ok && i < qv_tuple_len(own); i++) {
        QvObj *arg = qv_tuple_peek(own, i);
        QvSsize at = index_in(qv_tuple_items(parameters), qv_tuple_len(parameters), arg);
        if (at >= 0) {
            QvObj *param = arg;
            arg = qv_tuple_peek(items, at);
            if (param->type->iter && qv_is_tuple(arg)) { // a TypeVarTuple stands for several
                ok = qv_list_extend(qi, list, arg) == 0;
                continue;
            }
        }
        ok = qv_list_append(qi, list, arg) == 0;
    }
    QvObj *key = ok ? qv_list_as_tuple(qi, list) : NULL;
    if (key) {
        r = qv_getitem(qi, obj, key);
        qv_decref(qi, key);
    }
    qv_xdecref(qi, list);
    qv_decref(qi, own);
    return r;
}

// Is it *Ts of a TypeVarTuple? 1/0/-1.
static int is_unpacked_tuple_var(QvInterp *qi, QvObj *arg)
{
    QvObj *v;
    int has = qv_getattr_try(qi, arg, QV_N(__typing_is_unpacked_typevartuple__), &v);
    if (has > 0) {
        has = qv_is_true(qi, v);
        qv_decref(qi, v);
    }
    return has;
}

// What stands for one old argument: appended to list.
static int substitute_one(QvInterp *qi, QvObj *list, QvObj *arg, QvObj *parameters, QvObj *items)
{
    if (qv_is_type(arg)) {
        return qv_list_append(qi, list, arg);
    }
    int spread = is_unpacked_tuple_var(qi, arg);
    QvObj *subst;
    int has = spread < 0 ? -1 : qv_getattr_try(qi, arg, QV_N(__typing_subst__), &subst);
    if (has < 0) {
        return -1;
    }
    QvObj *r;
    if (has) {
        QvSsize at = index_in(qv_tuple_items(parameters), qv_tuple_len(parameters), arg);
        r = at < 0 ? qv_new_ref(qi, arg) : qv_call1(qi, subst, qv_tuple_peek(items, at));
        qv_decref(qi, subst);
    } else {
        r = substitute_inside(qi, arg, parameters, items);
    }
    if (!r) {
        return -1;
    }
    if (!spread) {
        return qv_list_append_take(qi, list, r);
    }
    int ok;
    if (qv_is_tuple(r)) {
        ok = qv_list_extend(qi, list, r);
    } else {
        ok = qv_raise_int(qi, &qv_exc_TypeError,
                          "expected __typing_subst__ of %T objects to return a "
                          "tuple, not %T",
                          arg, r);
    }
    qv_decref(qi, r);
    return ok;
}

QvObj *qv_generic_substitute(QvInterp *qi, QvObj *self, QvObj *args, QvObj *parameters, QvObj *item)
{
    QvSsize nparams = qv_tuple_len(parameters);
    if (nparams == 0) {
        return qv_raise(qi, &qv_exc_TypeError, "%R is not a generic class", self);
    }
    QvObj *items = unpack_args(qi, item);
    items = items ? prepare_args(qi, self, parameters, items) : NULL;
    if (!items) {
        return NULL;
    }
    QvSsize nitems = qv_tuple_len(items);
    if (nitems != nparams) {
        qv_raise(qi, &qv_exc_TypeError, "Too %s arguments for %R; actual %zd, expected %zd",
                 nitems > nparams ? "many" : "few", self, nitems, nparams);
        qv_decref(qi, items);
        return NULL;
    }
    QvObj *list = qv_list_new(qi, qv_tuple_len(args)), *r = NULL;
    QvSsize i = 0;
    while (list && i < qv_tuple_len(args) &&
           substitute_one(qi, list, qv_tuple_peek(args, i), parameters, items) == 0) {
        i++;
    }
    if (list && i == qv_tuple_len(args)) {
        r = qv_list_as_tuple(qi, list);
    }
    qv_xdecref(qi, list);
    qv_decref(qi, items);
    return r;
}

// ---- repr ---------------------------------------------------------------------------------------

// Does o have both attributes? 1/0/-1; *ret_a and *ret_b new when 1.
static int two_attributes(QvInterp *qi, QvObj *o, QvObj *a, QvObj *b, QvObj **ret_a, QvObj **ret_b)
{
    int has = qv_getattr_try(qi, o, a, ret_a);
    if (has <= 0) {
        return has;
    }
    has = qv_getattr_try(qi, o, b, ret_b);
    if (has <= 0) {
        qv_clear(qi, ret_a);
    }
    return has;
}

QvObj *qv_generic_repr_item(QvInterp *qi, QvObj *o)
{
    if (o == QV_ELLIPSIS) {
        return qv_str_new_ascii(qi, "...", 3);
    }
    QvObj *a, *b;
    int has = two_attributes(qi, o, QV_N(__origin__), QV_N(__args__), &a, &b);
    if (has != 0) {
        if (has < 0) {
            return NULL;
        }
        qv_decref(qi, a);
        qv_decref(qi, b);
        return qv_repr(qi, o);
    }
    has = two_attributes(qi, o, QV_N(__qualname__), QV_N(__module__), &a, &b);
    if (has < 0) {
        return NULL;
    }
    if (!has) {
        return qv_repr(qi, o);
    }
    QvObj *r;
    if (b == QV_NONE) {
        r = qv_repr(qi, o);
    } else if (qv_is_str(b) && qv_str_eq_ascii(b, "builtins")) {
        r = qv_str(qi, a);
    } else {
        r = qv_str_format(qi, "%S.%S", b, a);
    }
    qv_decref(qi, a);
    qv_decref(qi, b);
    return r;
}

static bool put_take(QvInterp *qi, QvStrBuf *b, QvObj *s)
{
    if (!s) {
        return false;
    }
    qv_strbuf_str(b, s);
    qv_decref(qi, s);
    return !b->failed; // nothing more may run with its MemoryError pending
}

// [int, str] as the arguments of a Callable show them.
static QvObj *repr_list(QvInterp *qi, QvObj *list)
{
    if (qv_list_box(qi, list) < 0) {
        return NULL;
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_char(&b, '[');
    for (QvSsize i = 0; i < qv_list_len(list); i++) {
        if (i > 0) {
            qv_strbuf_ascii(&b, ", ", 2);
        }
        if (!put_take(qi, &b, qv_generic_repr_item(qi, qv_list_peek(list, i)))) {
            qv_strbuf_fini(&b);
            return NULL;
        }
    }
    qv_strbuf_char(&b, ']');
    return qv_strbuf_finish(&b);
}

static QvObj *alias_repr(QvInterp *qi, QvObj *o)
{
    QvGenericAlias *a = as_alias(o);
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    if (a->starred) {
        qv_strbuf_char(&b, '*');
    }
    bool ok = put_take(qi, &b, qv_generic_repr_item(qi, a->origin));
    qv_strbuf_char(&b, '[');
    QvSsize n = qv_tuple_len(a->args);
    for (QvSsize i = 0; ok && i < n; i++) {
        if (i > 0) {
            qv_strbuf_ascii(&b, ", ", 2);
        }
        QvObj *arg = qv_tuple_peek(a->args, i);
        ok = put_take(qi, &b,
                      qv_is_list_exact(arg) ? repr_list(qi, arg) : qv_generic_repr_item(qi, arg));
    }
    if (n == 0) {
        qv_strbuf_ascii(&b, "()", 2);
    }
    qv_strbuf_char(&b, ']');
    if (!ok) {
        qv_strbuf_fini(&b);
        return NULL;
    }
    return qv_strbuf_finish(&b);
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *alias_parameters(QvInterp *qi, QvObj *o)
{
    QvGenericAlias *a = as_alias(o);
    if (!a->parameters) {
        QvObj *p = qv_generic_parameters(qi, a->args);
        if (!p) {
            return NULL;
        }
        qv_set_take(qi, &a->parameters, p);
    }
    return qv_new_ref(qi, a->parameters);
}

// The names that are the alias's own; everything else is the origin's.
static const char *const own_names[] = {
    "__class__",
    "__origin__",
    "__args__",
    "__unpacked__",
    "__parameters__",
    "__mro_entries__",
    "__reduce_ex__",
    "__reduce__",
    "__copy__",
    "__deepcopy__",
    "__typing_unpacked_tuple_args__",
    NULL,
};

static QvObj *alias_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    for (const char *const *own = own_names; *own; own++) {
        if (qv_str_eq_ascii(name, *own)) {
            return qv_object_getattr(qi, o, name);
        }
    }
    if (qv_enter_recursive(qi, "") < 0) { // the origin may be another alias
        return NULL;
    }
    QvObj *ret = qv_getattr(qi, as_alias(o)->origin, name);
    qv_leave_recursive(qi);
    return ret;
}

static QvObj *get_origin(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_alias(o)->origin); }

static QvObj *get_args(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_alias(o)->args); }

static QvObj *get_unpacked(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_alias(o)->starred);
}

static QvObj *get_unpacked_args(QvInterp *qi, QvObj *o)
{
    QvGenericAlias *a = as_alias(o);
    bool spread = a->starred && a->origin == (QvObj *)&qv_tuple_type;
    return qv_new_ref(qi, spread ? a->args : QV_NONE);
}

static const QvGetSet alias_getsets[] = {
    {"__origin__", get_origin, NULL, NULL},
    {"__args__", get_args, NULL, NULL},
    {"__unpacked__", get_unpacked, NULL, NULL},
    {"__parameters__", alias_parameters, NULL, "Type variables in the GenericAlias."},
    {"__typing_unpacked_tuple_args__", get_unpacked_args, NULL, NULL},
    {0},
};

// ---- methods ------------------------------------------------------------------------------------

static QvObj *alias_mro_entries(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_tuple_of(qi, 1, as_alias(self)->origin);
}

static QvObj *alias_instancecheck(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self;
    (void)args;
    (void)nargs;
    return qv_raise(qi, &qv_exc_TypeError,
                    "isinstance() argument 2 cannot be a parameterized generic");
}

static QvObj *alias_subclasscheck(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self;
    (void)args;
    (void)nargs;
    return qv_raise(qi, &qv_exc_TypeError,
                    "issubclass() argument 2 cannot be a parameterized generic");
}

static QvObj *alias_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvGenericAlias *a = as_alias(self);
    if (!a->starred) {
        QvObj *own = qv_tuple_of(qi, 2, a->origin, a->args);
        QvObj *r = own ? qv_tuple_of(qi, 2, self->type, own) : NULL;
        qv_xdecref(qi, own);
        return r;
    }
    // The starred form is what iterating over the plain one gives.
    QvObj *plain = alias_make(qi, &qv_generic_alias_type, a->origin, a->args);
    QvObj *it = plain ? alias_iter(qi, plain) : NULL;
    QvObj *own = it ? qv_tuple_of(qi, 1, it) : NULL;
    QvObj *next = own ? qv_iter_builtin(qi, QV_N(next)) : NULL;
    QvObj *r = next ? qv_tuple_of(qi, 2, next, own) : NULL;
    qv_xdecref(qi, plain);
    qv_xdecref(qi, it);
    qv_xdecref(qi, own);
    qv_xdecref(qi, next);
    return r;
}

static QvObj *alias_dir(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *list = qv_dir(qi, as_alias(self)->origin);
    for (const char *const *own = own_names; list && *own; own++) {
        QvObj *s = qv_str_intern_cstr(qi, *own);
        int has = s ? qv_contains(qi, list, s) : -1;
        if (has < 0 || (!has && qv_list_append(qi, list, s) < 0)) {
            qv_clear(qi, &list);
        }
        qv_xdecref(qi, s);
    }
    return list;
}

static const QvNativeDef alias_methods[] = {
    {"__mro_entries__", alias_mro_entries, "($self, bases, /)", NULL},
    {"__instancecheck__", alias_instancecheck, "($self, instance, /)", NULL},
    {"__subclasscheck__", alias_subclasscheck, "($self, cls, /)", NULL},
    {"__reduce__", alias_reduce, "($self, /)", NULL},
    {"__dir__", alias_dir, "($self, /)", NULL},
    {0},
};

// ---- slots --------------------------------------------------------------------------------------

static QvObj *alias_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *o = qv_call(qi, as_alias(f)->origin, args, nargs, kwnames);
    if (!o) {
        return NULL;
    }
    // For typing; most objects cannot have it.
    if (qv_setattr(qi, o, QV_N(__orig_class__), f) < 0) {
        if (!qv_err_matches(qi, &qv_exc_AttributeError) && !qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_decref(qi, o);
            return NULL;
        }
        qv_err_clear(qi);
    }
    return o;
}

static QvObj *alias_getitem(QvInterp *qi, QvObj *o, QvObj *item)
{
    QvObj *params = alias_parameters(qi, o);
    if (!params) {
        return NULL;
    }
    QvObj *args = qv_generic_substitute(qi, o, as_alias(o)->args, params, item);
    qv_decref(qi, params);
    if (!args) {
        return NULL;
    }
    QvObj *r = qv_generic_alias_new(qi, as_alias(o)->origin, args);
    qv_decref(qi, args);
    if (r) {
        as_alias(r)->starred = as_alias(o)->starred;
    }
    return r;
}

static QvHash alias_hash(QvInterp *qi, QvObj *o)
{
    QvHash a = qv_hash(qi, as_alias(o)->origin);
    QvHash b = a == -1 ? -1 : qv_hash(qi, as_alias(o)->args);
    if (b == -1) {
        return -1;
    }
    QvHash h = a ^ b;
    return h == -1 ? -2 : h;
}

static QvObj *alias_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if ((op != QV_EQ && op != QV_NE) || !qv_is_generic_alias(v) || !qv_is_generic_alias(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvGenericAlias *a = as_alias(v), *b = as_alias(w);
    int eq = a->starred == b->starred;
    if (eq) {
        eq = qv_eq(qi, a->origin, b->origin);
    }
    if (eq > 0) {
        eq = qv_eq(qi, a->args, b->args);
    }
    return eq < 0 ? NULL : qv_bool(op == QV_EQ ? eq : !eq);
}

static void alias_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_alias(o)->origin);
    qv_clear(qi, &as_alias(o)->args);
    qv_clear(qi, &as_alias(o)->parameters);
}

static int alias_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_alias(o)->origin);
    QV_VISIT(as_alias(o)->args);
    QV_VISIT(as_alias(o)->parameters);
    return 0;
}

QV_SEALED QvType qv_generic_alias_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "types.GenericAlias",
    .id = QV_TID_generic_alias,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvGenericAlias),
    .doc = "Represent a PEP 585 generic type, e.g. for t = list[int], t.__origin__ is list and "
           "t.__args__ is (int,).",
    .methods = alias_methods,
    .getsets = alias_getsets,
    .new_ = alias_new,
    .fini = alias_fini,
    .traverse = alias_traverse,
    .getattr = alias_getattr,
    .call = alias_call,
    .repr = alias_repr,
    .hash = alias_hash,
    .richcmp = alias_richcmp,
    .iter = alias_iter,
    .getitem = alias_getitem,
    .or_ = qv_union_or,
};
