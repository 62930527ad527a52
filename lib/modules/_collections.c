// SPDX-License-Identifier: MIT
// The module _collections: defaultdict, _tuplegetter, _count_elements; deque is in
// _collections_deque.c, OrderedDict in _collections_ordered.c.
#include "modules/modules.h"
#include "object/dict.h"
#include "object/descr.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/walk.h"

// ---- defaultdict --------------------------------------------------------------------------------

typedef struct DefaultDict {
    QvDict d;
    QvObj *factory; // or NULL
} DefaultDict;

static DefaultDict *as_defdict(QvObj *o) { return (DefaultDict *)o; }

static int defdict_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvObj *factory = nargs > 0 && args[0] != QV_NONE ? args[0] : NULL;
    if (factory && !qv_is_callable(factory)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "first argument must be callable or None");
    }
    qv_set_take(qi, &as_defdict(self)->factory, qv_xnew_ref(qi, factory));
    return nargs > 0 ? qv_dict_type.init(qi, self, args + 1, nargs - 1, kwnames)
                     : qv_dict_type.init(qi, self, args, 0, kwnames);
}

static void defdict_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_defdict(o)->factory);
    if (qv_dict_type.fini) {
        qv_dict_type.fini(qi, o);
    }
}

static void defdict_clear(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_defdict(o)->factory);
    qv_dict_type.clear(qi, o);
}

static int defdict_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_defdict(o)->factory);
    return qv_dict_type.traverse(o, visit, ctx);
}

static QvObj *defdict_missing(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *factory = qv_xnew_ref(qi, as_defdict(self)->factory);
    if (!factory) {
        return qv_raise_obj(qi, &qv_exc_KeyError, args[0]);
    }
    QvObj *value = qv_call0(qi, factory);
    qv_decref(qi, factory);
    if (value && qv_setitem(qi, self, args[0], value) < 0) {
        qv_clear(qi, &value);
    }
    return value;
}

static QvObj *defdict_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *factory = as_defdict(self)->factory;
    return qv_call2(qi, (QvObj *)self->type, factory ? factory : QV_NONE, self);
}

static QvObj *defdict_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *factory = as_defdict(self)->factory;
    QvObj *inner = factory ? qv_tuple_of(qi, 1, factory) : QV_EMPTY_TUPLE;
    QvObj *items = inner ? qv_call_method0(qi, self, QV_N(items)) : NULL,
          *it = items ? qv_iter(qi, items) : NULL;
    QvObj *ret = it ? qv_tuple_of(qi, 5, self->type, inner, QV_NONE, QV_NONE, it) : NULL;
    qv_xdecref(qi, inner);
    qv_xdecref(qi, items);
    qv_xdecref(qi, it);
    return ret;
}

static QvObj *defdict_repr(QvInterp *qi, QvObj *o)
{
    QvObj *base = qv_dict_type.repr(qi, o), *factory = as_defdict(o)->factory, *text = NULL;
    if (!base) {
        return NULL;
    }
    if (!factory) {
        text = qv_str_new_ascii(qi, "None", 4);
    } else {
        int busy = qv_repr_enter(qi, factory);
        if (busy == 0) {
            text = qv_repr(qi, factory);
            qv_repr_leave(qi, factory);
        } else if (busy > 0) {
            text = qv_str_new_ascii(qi, "...", 3);
        }
    }
    QvObj *ret = text ? qv_str_format(qi, "%s(%U, %U)", qv_type_short_name(o->type), text, base)
                      : NULL;
    qv_xdecref(qi, text);
    qv_decref(qi, base);
    return ret;
}

static QvObj *defdict_or(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *self = qv_is_instance_of(v, &qv_collections_defaultdict_type) ? v : w,
          *other = self == v ? w : v;
    if (!qv_is_dict(other)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *factory = as_defdict(self)->factory;
    QvObj *both = qv_call2(qi, (QvObj *)self->type, factory ? factory : QV_NONE, v);
    if (both && !qv_is_dict(both)) { // a subclass may make anything
        qv_raise(qi, &qv_exc_TypeError, "%.200N() must return a dict, not %.200T", self->type,
                 both);
        qv_clear(qi, &both);
    }
    if (both && qv_dict_update(qi, both, w) < 0) {
        qv_clear(qi, &both);
    }
    return both;
}

static QvObj *defdict_get_factory(QvInterp *qi, QvObj *o)
{
    return as_defdict(o)->factory ? qv_new_ref(qi, as_defdict(o)->factory) : QV_NONE;
}
static int defdict_set_factory(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &as_defdict(o)->factory,
                !value || value == QV_NONE ? NULL : qv_new_ref(qi, value));
    return 0;
}

static const QvGetSet defdict_getsets[] = {{"default_factory", defdict_get_factory,
                                            defdict_set_factory,
                                            "Factory for default value called by __missing__()."},
                                           {0}};
static const QvNativeDef defdict_methods[] = {
    {"__missing__", defdict_missing, "($self, key, /)",
     "__missing__(key) # Called by __getitem__ for missing key; pseudo-code:\n  if "
     "self.default_factory is None: raise KeyError((key,))\n  self[key] = value = "
     "self.default_factory()\n  return value\n"},
    {"copy", defdict_copy, "($self, /)", "D.copy() -> a shallow copy of D."},
    {"__copy__", defdict_copy, "($self, /)", "D.copy() -> a shallow copy of D."},
    {"__reduce__", defdict_reduce, "($self, /)", "Return state information for pickling."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_collections_defaultdict_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "collections.defaultdict",
    .id = QV_TID_collections_defaultdict,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_dict_type,
    .size = sizeof(DefaultDict),
    .doc = "defaultdict(default_factory=None, /, [...]) --> dict with default factory\n\nThe "
           "default factory is called without arguments to produce\na new value when a key is not "
           "present, in __getitem__ only.\nA defaultdict compares equal to a dict with the same "
           "items.\nAll remaining arguments are treated the same as if they were\npassed to the "
           "dict constructor, including keyword arguments.",
    .methods = defdict_methods,
    .getsets = defdict_getsets,
    .init = defdict_init,
    .fini = defdict_fini,
    .clear = defdict_clear,
    .traverse = defdict_traverse,
    .repr = defdict_repr,
    .or_ = defdict_or,
};

// ---- _tuplegetter -------------------------------------------------------------------------------
// The properties of named tuples.

static QvTupleGetter *as_tuplegetter(QvObj *o) { return (QvTupleGetter *)o; }

static QvObj *tuplegetter_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                              QvObj *kwnames)
{
    QvObj *slots[2];
    QvSsize index;
    if (qv_args(qi, "_tuplegetter(index, doc, /)", args, nargs, kwnames, slots) < 0 ||
        qv_index_ssize(qi, slots[0], &index, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_tuplegetter(o)->index = index;
        as_tuplegetter(o)->doc = qv_new_ref(qi, slots[1]);
    }
    return o;
}

static QvObj *tuplegetter_get(QvInterp *qi, QvObj *o, QvObj *obj, QvObj *type)
{
    (void)type;
    if (!obj) {
        return qv_new_ref(qi, o);
    }
    QvSsize index = as_tuplegetter(o)->index;
    if (!qv_is_tuple(obj)) {
        if (obj == QV_NONE) {
            return qv_new_ref(qi, o);
        }
        return qv_raise(
            qi, &qv_exc_TypeError,
            "descriptor for index '%zd' for tuple subclasses doesn't apply to '%T' object", index,
            obj);
    }
    if (index < 0 || index >= qv_tuple_len(obj)) {
        return qv_raise(qi, &qv_exc_IndexError, "tuple index out of range");
    }
    return qv_new_ref(qi, qv_tuple_peek(obj, index));
}

static int tuplegetter_set(QvInterp *qi, QvObj *o, QvObj *obj, QvObj *value)
{
    (void)o, (void)obj;
    return qv_raise_int(qi, &qv_exc_AttributeError,
                        value ? "can't set attribute" : "can't delete attribute");
}

static void tuplegetter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_tuplegetter(o)->doc); }

static int tuplegetter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_tuplegetter(o)->doc);
    return 0;
}

static QvObj *tuplegetter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *index = qv_int_from_i64(qi, as_tuplegetter(self)->index);
    QvObj *inner = index ? qv_tuple_of(qi, 2, index, as_tuplegetter(self)->doc) : NULL;
    QvObj *ret = inner ? qv_tuple_of(qi, 2, self->type, inner) : NULL;
    qv_xdecref(qi, index);
    qv_xdecref(qi, inner);
    return ret;
}

static QvObj *tuplegetter_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "%s(%zd, %R)", qv_type_short_name(o->type), as_tuplegetter(o)->index,
                         as_tuplegetter(o)->doc);
}

static QvObj *tuplegetter_get_doc(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, as_tuplegetter(o)->doc ? as_tuplegetter(o)->doc : QV_NONE);
}
static int tuplegetter_set_doc(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &as_tuplegetter(o)->doc, qv_new_ref(qi, value ? value : QV_NONE));
    return 0;
}

static const QvGetSet tuplegetter_getsets[] = {
    {"__doc__", tuplegetter_get_doc, tuplegetter_set_doc, NULL}, {0}};
static const QvNativeDef tuplegetter_methods[] = {
    {"__reduce__", tuplegetter_reduce, "($self, /)", NULL}, {0}};

QV_SEALED QvType qv_collections_tuplegetter_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_collections._tuplegetter",
    .id = QV_TID_collections_tuplegetter,
    .flags = QV_T_GC | QV_T_DATA_DESCR,
    .base = &qv_object_type,
    .size = sizeof(QvTupleGetter),
    .methods = tuplegetter_methods,
    .getsets = tuplegetter_getsets,
    .new_ = tuplegetter_new,
    .fini = tuplegetter_fini,
    .traverse = tuplegetter_traverse,
    .repr = tuplegetter_repr,
    .descr_get = tuplegetter_get,
    .descr_set = tuplegetter_set,
};

// ---- _count_elements ----------------------------------------------------------------------------

// Has the type under name what dict has? The slot does not tell: Counter has a __delitem__ of its
// own, which shares the slot with __setitem__.
static bool is_dicts_own(QvInterp *qi, QvType *type, QvObj *name)
{
    return qv_type_lookup(qi, type, name) == qv_type_lookup(qi, &qv_dict_type, name);
}

// mapping[key] += 1 for an exact dict way of storing. 0/-1.
static int count_in_dict(QvInterp *qi, QvObj *d, QvObj *key, QvObj *one)
{
    QvHash hash = qv_key_hash(qi, key);
    QvObj *old = NULL;
    QvSsize at = hash == -1 ? -2 : qv_dict_find_hashed(qi, d, key, hash);
    if (at < -1) {
        return -1;
    }
    bool found = at >= 0;
    if (QV_LIKELY(found)) { // making an int changes no dict: the entry is still there
        QvObj **place = &((QvDict *)d)->entries[at].value;
        old = *place;
        if (QV_LIKELY(old->type == &qv_int_type && qv_int_value(old) < INT64_MAX)) {
            QvObj *more = qv_int_from_i64(qi, qv_int_value(old) + 1);
            if (more) {
                *place = more;
                qv_decref(qi, old);
            }
            return more ? 0 : -1;
        }
    }
    old = found ? qv_new_ref(qi, old) : NULL; // its __add__ may take it out of the dict
    QvObj *sum = found ? qv_binary(qi, QV_BIN_ADD, old, one) : qv_new_ref(qi, one);
    qv_xdecref(qi, old);
    int status = sum ? qv_dict_set_hashed(qi, d, key, hash, sum) : -1;
    qv_xdecref(qi, sum);
    return status;
}

static int count_in_mapping(QvInterp *qi, QvObj *m, QvObj *key, QvObj *get, QvObj *zero, QvObj *one)
{
    QvObj *old = qv_call2(qi, get, key, zero),
          *sum = old ? qv_binary(qi, QV_BIN_ADD, old, one) : NULL;
    int status = sum ? qv_setitem(qi, m, key, sum) : -1;
    qv_xdecref(qi, old);
    qv_xdecref(qi, sum);
    return status;
}

static QvObj *count_elements(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvWalk walk;
    if (qv_walk_init(qi, &walk, args[1]) < 0) {
        return NULL;
    }
    QvObj *mapping = args[0], *one = qv_int_from_i64(qi, 1), *zero = qv_int_from_i64(qi, 0),
          *get = NULL;
    int status = one && zero ? 0 : -1;
    // Fast when get() and item assignment are dict's own.
    bool plain = qv_is_dict(mapping) && is_dicts_own(qi, mapping->type, QV_N(get)) &&
                 is_dicts_own(qi, mapping->type, QV_N(__setitem__));
    if (status == 0 && !plain) {
        get = qv_getattr(qi, mapping, QV_N(get));
        status = get ? 0 : -1;
    }
    QvObj *key;
    while (status == 0 && (key = qv_walk_next(qi, &walk, NULL, NULL)) != NULL) {
        status = plain ? count_in_dict(qi, mapping, key, one)
                       : count_in_mapping(qi, mapping, key, get, zero, one);
        qv_decref(qi, key);
    }
    qv_walk_fini(qi, &walk);
    qv_xdecref(qi, one);
    qv_xdecref(qi, zero);
    qv_xdecref(qi, get);
    return status < 0 || qv_err_occurred(qi) ? NULL : QV_NONE;
}

static int init(QvInterp *qi, QvObj *m)
{
    static QvType *const types[] = {
        &qv_collections_defaultdict_type,    &qv_collections_OrderedDict_type,
        &qv_collections_tuplegetter_type,    &qv_collections_deque_type,
        &qv_collections_deque_iterator_type, &qv_collections_deque_reverse_iterator_type,
    };
    for (size_t k = 0; k < sizeof types / sizeof types[0]; k++) {
        if (qv_module_add(qi, m, qv_type_short_name(types[k]), &types[k]->h) < 0) {
            return -1;
        }
    }
    return 0;
}

static const QvNativeDef functions[] = {
    {"_count_elements", count_elements, "($module, mapping, iterable, /)",
     "Count elements in the iterable, updating the mapping"},
    {0},
};

const QvModuleDef qv_module__collections = {
    .name = "_collections",
    .doc = "High performance data structures.\n- deque:        ordered collection accessible from "
           "endpoints only\n- defaultdict:  dict subclass with a default value factory\n- "
           "OrderedDict:  dict subclass with an order that can be changed\n",
    .functions = functions,
    .init = init,
};
