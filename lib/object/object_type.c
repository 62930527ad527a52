// SPDX-License-Identifier: MIT
// The type `object`: what every value can do, and the pickle protocol's default reduction.
#include <string.h>

#include "base/hash.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/module.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/type_internal.h"

// ---- creation -----------------------------------------------------------------------------------

static bool any_arguments(QvSsize nargs, QvObj *kwnames)
{
    return nargs > 0 || (kwnames && qv_tuple_len(kwnames) > 0);
}

static QvObj *raise_abstract(QvInterp *qi, QvType *type)
{
    QvObj *set = qv_dict_peek_str(type->dict, QV_N(__abstractmethods__));
    if (!set) {
        return qv_raise_obj(qi, &qv_exc_AttributeError, QV_N(__abstractmethods__));
    }
    qv_incref(qi, set);
    QvObj *list = qv_to_list(qi, set);
    qv_decref(qi, set);
    QvObj *joined = NULL;
    QvSsize n = 0;
    if (list && qv_list_sort(qi, list, NULL, false) == 0) {
        n = qv_list_len(list);
        QvObj *sep = qv_str_new_ascii(qi, ", ", 2);
        joined = sep ? qv_str_join(qi, sep, list) : NULL;
        qv_xdecref(qi, sep);
    }
    qv_xdecref(qi, list);
    if (joined) {
        qv_raise(qi, &qv_exc_TypeError,
                 "Can't instantiate abstract class %N with abstract method%s %U", type,
                 n > 1 ? "s" : "", joined);
        qv_decref(qi, joined);
    }
    return NULL;
}

// Arguments are excess when nobody else takes them: a class that overrides only one of __new__ and
// __init__ leaves the other's arguments to it.
QvObj *qv_object_new_slot(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    (void)args;
    if (QV_UNLIKELY(any_arguments(nargs, kwnames))) {
        if (type->new_ != qv_object_new_slot) {
            return qv_raise(
                qi, &qv_exc_TypeError,
                "object.__new__() takes exactly one argument (the type to instantiate)");
        }
        if (type->init == qv_object_init_slot) {
            return qv_raise(qi, &qv_exc_TypeError, "%.200N() takes no arguments", type);
        }
    }
    if (QV_UNLIKELY(type->flags & QV_T_ABSTRACT)) {
        return raise_abstract(qi, type);
    }
    return qv_obj_new(qi, type);
}

int qv_object_init_slot(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)args;
    if (QV_UNLIKELY(any_arguments(nargs, kwnames))) {
        const QvType *type = self->type;
        if (type->init != qv_object_init_slot) {
            return qv_raise_int(
                qi, &qv_exc_TypeError,
                "object.__init__() takes exactly one argument (the instance to initialize)");
        }
        if (type->new_ == qv_object_new_slot) {
            return qv_raise_int(
                qi, &qv_exc_TypeError,
                "%.200N.__init__() takes exactly one argument (the instance to initialize)", type);
        }
    }
    return 0;
}

// ---- basic slots --------------------------------------------------------------------------------

static QvObj *object_repr(QvInterp *qi, QvObj *o)
{
    QvType *t = qv_type_of(o);
    QvObj *mod = qv_type_get_module(qi, t);
    if (!mod) {
        qv_err_clear(qi);
    }
    QvObj *qual = qv_type_get_qualname(qi, t);
    QvObj *r = NULL;
    if (qual) {
        if (mod && qv_is_str(mod) && !qv_str_eq_ascii(mod, "builtins")) {
            r = qv_str_format(qi, "<%U.%U object at %p>", mod, qual, (void *)o);
        } else {
            r = qv_str_format(qi, "<%U object at %p>", qual, (void *)o);
        }
    }
    qv_xdecref(qi, mod);
    qv_xdecref(qi, qual);
    return r;
}

static QvObj *object_str(QvInterp *qi, QvObj *o)
{
    return o->type->repr ? o->type->repr(qi, o) : object_repr(qi, o);
}

static QvHash object_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_hash_ptr(o);
}

static QvObj *object_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (op == QV_EQ) {
        return v == w ? QV_TRUE : QV_NOTIMPLEMENTED;
    }
    if (op == QV_NE && v->type->richcmp) {
        // By default != is the opposite of ==, whoever defines that.
        QvObj *r = v->type->richcmp(qi, v, w, QV_EQ);
        if (!r || r == QV_NOTIMPLEMENTED) {
            return r;
        }
        int truth = qv_is_true(qi, r);
        qv_decref(qi, r);
        return truth < 0 ? NULL : qv_bool(!truth);
    }
    return QV_NOTIMPLEMENTED;
}

// ---- __class__ ----------------------------------------------------------------------------------

static QvObj *get_class(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, &qv_type_of(o)->h); }

static int set_class(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "can't delete __class__ attribute");
    }
    if (!qv_is_type(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "__class__ must be set to a class, not '%T' object", value);
    }
    if (qv_audit_on(qi) && qv_audit(qi, "object.__setattr__", "OsO", o, "__class__", value) < 0) {
        return -1;
    }
    QvType *to = (QvType *)value;
    QvType *from = o->type;
    bool modules = qv_type_is_subtype(to, &qv_module_type) &&
                   qv_type_is_subtype(from, &qv_module_type);
    if (!modules && ((to->flags & QV_T_IMMUTABLE) || (from->flags & QV_T_IMMUTABLE))) {
        return qv_raise_int(
            qi, &qv_exc_TypeError,
            "__class__ assignment only supported for mutable types or ModuleType subclasses");
    }
    if (to == from) {
        return 0;
    }
    if (!qv_type_same_layout(to, from)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "__class__ assignment: '%N' object layout differs from '%N'", to, from);
    }
    if (from->inst_offset && qv_inst_rehome(qi, o, to) < 0) {
        return -1;
    }
    qv_incref(qi, &to->h);
    o->type = to;
    qv_decref(qi, &from->h);
    return 0;
}

// ---- reduction ----------------------------------------------------------------------------------

// A function of module copyreg.
static QvObj *copyreg_attr(QvInterp *qi, QvObj *name)
{
    QvObj *m = qi->modules && qv_is_dict_exact(qi->modules)
                   ? qv_dict_peek_str(qi->modules, QV_N(copyreg))
                   : NULL;
    QvObj *f = m && qv_is_module(m) ? qv_dict_peek_str(qv_module_dict(m), name) : NULL;
    if (QV_LIKELY(f != NULL)) {
        return qv_new_ref(qi, f);
    }
    m = qv_import(qi, "copyreg");
    f = m ? qv_getattr(qi, m, name) : NULL;
    qv_xdecref(qi, m);
    return f;
}

static QvObj *copyreg_cstr(QvInterp *qi, const char *name)
{
    QvObj *s = qv_str_intern_cstr(qi, name);
    QvObj *f = s ? copyreg_attr(qi, s) : NULL;
    qv_xdecref(qi, s);
    return f;
}

// Names of the members by __slots__ in the class and its bases: list, or None.
static QvObj *slot_names(QvInterp *qi, QvType *type)
{
    if (type->flags & QV_T_HEAP) {
        QvObj *cached = qv_dict_peek_str(type->dict, QV_N(__slotnames__));
        if (cached) {
            return qv_new_ref(qi, cached);
        }
    }
    QvObj *f = copyreg_cstr(qi, "_slotnames");
    QvObj *names = f ? qv_call1(qi, f, &type->h) : NULL;
    qv_xdecref(qi, f);
    if (names && names != QV_NONE && !qv_is_list(names)) {
        qv_raise(qi, &qv_exc_TypeError, "copyreg._slotnames didn't return a list or None");
        qv_clear(qi, &names);
    }
    return names;
}

// The values of the members: dict, or NULL without an exception when none is set.
static QvObj *slot_values(QvInterp *qi, QvObj *o, QvObj *names)
{
    QvObj *values = qv_list_box(qi, names) < 0 ? NULL : qv_dict_new(qi);
    for (QvSsize i = 0; values && i < qv_list_len(names); i++) {
        QvObj *name = qv_new_ref(qi, qv_list_peek(names, i));
        QvObj *v;
        int r = qv_getattr_try(qi, o, name, &v);
        if (r > 0) {
            r = qv_dict_set(qi, values, name, v);
            qv_decref(qi, v);
        }
        qv_decref(qi, name);
        if (r < 0) {
            qv_clear(qi, &values);
        }
    }
    if (values && qv_dict_len(values) == 0) {
        qv_clear(qi, &values);
    }
    return values;
}

// `required`: the object will be made by __new__ without arguments, so hidden C fields would be
// lost.
static QvObj *default_state(QvInterp *qi, QvObj *o, bool required)
{
    QvType *t = qv_type_of(o);
    const QvType *solid = t;
    while (solid->flags & QV_T_HEAP) {
        solid = solid->base;
    }
    if (required && (solid->size > sizeof(QvObj) || (solid->flags & QV_T_VAR))) {
        return qv_raise(qi, &qv_exc_TypeError, "cannot pickle '%.200N' object", t);
    }
    QvObj *state = NULL;
    if (t->inst_offset) {
        state = qv_inst_is_empty(o) ? QV_NONE : qv_inst_copy_dict(qi, o);
    } else if (t->dict_offset) {
        QvObj *dict = *(QvObj **)((char *)o + t->dict_offset);
        state = dict && qv_dict_len(dict) ? qv_new_ref(qi, dict) : QV_NONE;
    } else {
        state = QV_NONE;
    }
    QvObj *names = state ? slot_names(qi, t) : NULL;
    if (!names) {
        qv_xdecref(qi, state);
        return NULL;
    }
    if (names != QV_NONE && qv_list_len(names)) {
        QvObj *values = slot_values(qi, o, names);
        if (values) {
            QvObj *pair = qv_tuple_of(qi, 2, state, values);
            qv_decref(qi, values);
            qv_decref(qi, state);
            state = pair;
        } else if (qv_err_occurred(qi)) {
            qv_clear(qi, &state);
        }
    }
    qv_decref(qi, names);
    return state;
}

static QvObj *object_getstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return default_state(qi, self, false);
}

static QvObj *state_of(QvInterp *qi, QvObj *o, bool required)
{
    QvObj *f = qv_getattr(qi, o, QV_N(__getstate__));
    if (!f) {
        return NULL;
    }
    QvObj *state;
    if (f->type == &qv_builtin_type && ((QvBuiltin *)f)->self == o &&
        ((QvBuiltin *)f)->sig->def->fn == object_getstate) {
        state = default_state(qi, o, required);
    } else {
        state = qv_call0(qi, f);
    }
    qv_decref(qi, f);
    return state;
}

// __getnewargs_ex__ or __getnewargs__: *ret_args a tuple or NULL, *ret_kwargs a dict or NULL. 0/-1.
static int new_arguments(QvInterp *qi, QvObj *o, QvObj **ret_args, QvObj **ret_kwargs)
{
    *ret_args = NULL;
    *ret_kwargs = NULL;
    QvObj *f;
    int r = qv_lookup_special(qi, o, QV_N(__getnewargs_ex__), &f);
    if (r < 0) {
        return -1;
    }
    if (r > 0) {
        QvObj *pair = qv_call0(qi, f);
        qv_decref(qi, f);
        if (!pair) {
            return -1;
        }
        r = -1;
        if (!qv_is_tuple(pair)) {
            qv_raise(qi, &qv_exc_TypeError, "__getnewargs_ex__ should return a tuple, not '%.200T'",
                     pair);
        } else if (qv_tuple_len(pair) != 2) {
            qv_raise(qi, &qv_exc_ValueError,
                     "__getnewargs_ex__ should return a tuple of length 2, not %zd",
                     qv_tuple_len(pair));
        } else if (!qv_is_tuple(qv_tuple_peek(pair, 0))) {
            qv_raise(qi, &qv_exc_TypeError,
                     "first item of the tuple returned by __getnewargs_ex__ must be a tuple, not "
                     "'%.200T'",
                     qv_tuple_peek(pair, 0));
        } else if (!qv_is_dict(qv_tuple_peek(pair, 1))) {
            qv_raise(qi, &qv_exc_TypeError,
                     "second item of the tuple returned by __getnewargs_ex__ must be a dict, not "
                     "'%.200T'",
                     qv_tuple_peek(pair, 1));
        } else {
            *ret_args = qv_new_ref(qi, qv_tuple_peek(pair, 0));
            *ret_kwargs = qv_new_ref(qi, qv_tuple_peek(pair, 1));
            r = 0;
        }
        qv_decref(qi, pair);
        return r;
    }
    r = qv_lookup_special(qi, o, QV_N(__getnewargs__), &f);
    if (r <= 0) {
        return r;
    }
    QvObj *args = qv_call0(qi, f);
    qv_decref(qi, f);
    if (!args) {
        return -1;
    }
    if (!qv_is_tuple(args)) {
        qv_raise(qi, &qv_exc_TypeError, "__getnewargs__ should return a tuple, not '%.200T'", args);
        qv_decref(qi, args);
        return -1;
    }
    *ret_args = args;
    return 0;
}

// Iterators over the items that list and dict subclasses hold besides their state. 0/-1.
static int item_iterators(QvInterp *qi, QvObj *o, QvObj **ret_list, QvObj **ret_dict)
{
    *ret_list = QV_NONE;
    *ret_dict = QV_NONE;
    if (qv_is_list(o)) {
        *ret_list = qv_iter(qi, o);
        return *ret_list ? 0 : -1;
    }
    if (qv_is_dict(o)) {
        QvObj *items = qv_call_method0(qi, o, QV_N(items));
        *ret_dict = items ? qv_iter(qi, items) : NULL;
        qv_xdecref(qi, items);
        return *ret_dict ? 0 : -1;
    }
    return 0;
}

static QvObj *reduce_newobj(QvInterp *qi, QvObj *o)
{
    QvType *cls = qv_type_of(o);
    if (!cls->new_ || (cls->flags & QV_T_NO_NEW)) {
        return qv_raise(qi, &qv_exc_TypeError, "cannot pickle '%.200N' object", cls);
    }
    QvObj *args;
    QvObj *kwargs;
    if (new_arguments(qi, o, &args, &kwargs) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    QvObj *f = NULL;
    QvObj *newargs = NULL;
    QvObj *state = NULL;
    QvObj *items = NULL;
    QvObj *pairs = NULL;
    bool has_args = args != NULL;
    if (!kwargs || qv_dict_len(kwargs) == 0) {
        f = copyreg_attr(qi, QV_N(__newobj__));
        QvSsize n = args ? qv_tuple_len(args) : 0;
        newargs = f ? qv_tuple_new(qi, n + 1) : NULL;
        if (!newargs) {
            goto done;
        }
        qv_tuple_items(newargs)[0] = qv_new_ref(qi, &cls->h);
        for (QvSsize i = 0; i < n; i++) {
            qv_tuple_items(newargs)[i + 1] = qv_new_ref(qi, qv_tuple_peek(args, i));
        }
    } else {
        f = copyreg_attr(qi, QV_N(__newobj_ex__));
        newargs = f ? qv_tuple_of(qi, 3, cls, args, kwargs) : NULL;
        if (!newargs) {
            goto done;
        }
    }
    state = state_of(qi, o, !(has_args || qv_is_list(o) || qv_is_dict(o)));
    if (!state || item_iterators(qi, o, &items, &pairs) < 0) {
        goto done;
    }
    result = qv_tuple_of(qi, 5, f, newargs, state, items, pairs);
done:
    qv_xdecref(qi, args);
    qv_xdecref(qi, kwargs);
    qv_xdecref(qi, f);
    qv_xdecref(qi, newargs);
    qv_xdecref(qi, state);
    qv_xdecref(qi, items);
    qv_xdecref(qi, pairs);
    return result;
}

static QvObj *common_reduce(QvInterp *qi, QvObj *o, QvSsize protocol)
{
    if (protocol >= 2) {
        return reduce_newobj(qi, o);
    }
    QvObj *f = copyreg_cstr(qi, "_reduce_ex");
    QvObj *n = f ? qv_int_from_i64(qi, protocol) : NULL;
    QvObj *r = n ? qv_call2(qi, f, o, n) : NULL;
    qv_xdecref(qi, f);
    qv_xdecref(qi, n);
    return r;
}

static QvObj *object_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return common_reduce(qi, self, 0);
}

static QvObj *object_reduce_ex(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int protocol;
    if (qv_index_int(qi, args[0], &protocol) < 0) {
        return NULL;
    }
    QvObj *reduce = qv_type_lookup(qi, self->type, QV_N(__reduce__));
    QvObj *own = qv_dict_peek_str(qv_object_type.dict, QV_N(__reduce__));
    if (reduce != own) {
        return qv_call_method0(qi, self, QV_N(__reduce__));
    }
    return common_reduce(qi, self, protocol);
}

// ---- other methods ------------------------------------------------------------------------------

static QvObj *object_format(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "__format__() argument must be str, not %s",
                        qv_arg_type_name(args[0]));
    }
    if (qv_str_len(args[0]) > 0) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "unsupported format string passed to %.200T.__format__", self);
    }
    return qv_str(qi, self);
}

// Adds what a class and its bases define, as a class's own __dict__ and __bases__ show it.
static int merge_class(QvInterp *qi, QvObj *all, QvObj *cls)
{
    if (qv_enter_recursive(qi, " in dir") < 0) {
        return -1;
    }
    QvObj *dict;
    int r = qv_getattr_try(qi, cls, QV_N(__dict__), &dict);
    if (r > 0) {
        r = qv_dict_update(qi, all, dict);
        qv_decref(qi, dict);
    }
    QvObj *bases = NULL;
    if (r == 0) {
        r = qv_getattr_try(qi, cls, QV_N(__bases__), &bases);
    }
    if (r > 0) {
        r = 0;
        for (QvSsize i = 0; r == 0 && qv_is_tuple(bases) && i < qv_tuple_len(bases); i++) {
            r = merge_class(qi, all, qv_tuple_peek(bases, i));
        }
        qv_decref(qi, bases);
    }
    qv_leave_recursive(qi);
    return r;
}

static QvObj *object_dir(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *dict;
    int r;
    if (self->type->getattr == qv_object_getattr && self->type->inst_offset &&
        qv_type_lookup(qi, self->type, QV_N(__dict__))) {
        dict = qv_inst_copy_dict(qi, self); // leaves the object in its shape
        r = dict ? 1 : -1;
    } else {
        r = qv_getattr_try(qi, self, QV_N(__dict__), &dict);
    }
    if (r < 0) {
        return NULL;
    }
    QvObj *all = NULL;
    if (r > 0) {
        all = qv_is_dict(dict) ? qv_dict_copy(qi, dict) : qv_dict_new(qi);
        qv_decref(qi, dict);
    } else {
        all = qv_dict_new(qi);
    }
    QvObj *cls;
    if (!all || (r = qv_getattr_try(qi, self, QV_N(__class__), &cls)) < 0) {
        qv_xdecref(qi, all);
        return NULL;
    }
    if (r > 0) {
        r = merge_class(qi, all, cls);
        qv_decref(qi, cls);
    }
    QvObj *keys = r == 0 ? qv_dict_keys_list(qi, all) : NULL;
    qv_decref(qi, all);
    return keys;
}

static QvObj *object_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvType *t = self->type;
    size_t n = t->flags & QV_T_VAR ? t->memsize(self) : t->size;
    if (t->inst_offset) {
        n += sizeof(QvInstPart) + qv_inst_cap(self) * sizeof(QvObj *);
    }
    return qv_int_from_i64(qi, (int64_t)n);
}

static QvObj *object_init_subclass(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi;
    (void)self;
    (void)args;
    (void)nargs;
    return QV_NONE;
}

static QvObj *object_subclasshook(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi;
    (void)self;
    (void)args;
    (void)nargs;
    return QV_NOTIMPLEMENTED;
}

static const QvNativeDef object_methods[] = {
    {"__reduce_ex__", object_reduce_ex, "($self, protocol, /)", "Helper for pickle."},
    {"__reduce__", object_reduce, "($self, /)", "Helper for pickle."},
    {"__getstate__", object_getstate, "($self, /)", "Helper for pickle."},
    {"__subclasshook__", object_subclasshook, "($type, *args)",
     "Abstract classes can override this to customize issubclass().\n\nThis is invoked early on by "
     "abc.ABCMeta.__subclasscheck__().\nIt should return True, False or NotImplemented.  If it "
     "returns\n"
     "NotImplemented, the normal algorithm is used.  Otherwise, it\noverrides the normal algorithm "
     "(and "
     "the outcome is cached).\n"},
    {"__init_subclass__", object_init_subclass, "($type, /)",
     "This method is called when a class is subclassed.\n\nThe default implementation does "
     "nothing. It may "
     "be\noverridden to extend subclasses.\n"},
    {"__format__", object_format, "($self, format_spec, /)", "Default object formatter."},
    {"__sizeof__", object_sizeof, "($self, /)", "Size of object in memory, in bytes."},
    {"__dir__", object_dir, "($self, /)", "Default dir() implementation."},
    {0},
};

static const QvGetSet object_getsets[] = {
    {"__class__", get_class, set_class, "the object's class"},
    {0},
};

QV_SEALED QvType qv_object_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "object",
    .id = QV_TID_object,
    .flags = QV_T_BASE,
    .size = sizeof(QvObj),
    .doc = "object()\n--\n\nThe base class of the class hierarchy.\n\nWhen called, it accepts no "
           "arguments and "
           "returns a new "
           "featureless\ninstance that has no instance attributes and cannot be given any.\n",
    .new_ = qv_object_new_slot,
    .init = qv_object_init_slot,
    .dealloc = qv_obj_dealloc,
    .getattr = qv_object_getattr,
    .setattr = qv_object_setattr,
    .repr = object_repr,
    .str = object_str,
    .hash = object_hash,
    .richcmp = object_richcmp,
    .methods = object_methods,
    .getsets = object_getsets,
};
