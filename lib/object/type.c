// SPDX-License-Identifier: MIT
// The type object: look-up along the mro with the method cache, attributes of types, calling a
// type, and what `type` offers to Python. Class creation is in type_build.c, slots are in
// type_slots.c.
#include "object/audit.h"
#include "object/type.h"

#include <string.h>

#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/seal.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/type_internal.h"

// ---- tests --------------------------------------------------------------------------------------

QvType *qv_type_of(const QvObj *o) { return o->type == &qv_bigint_type ? &qv_int_type : o->type; }

bool qv_type_is_subtype(const QvType *a, const QvType *b)
{
    if (a == b) {
        return true;
    }
    QvType *const *mro = a->mro;
    if (QV_LIKELY(mro != NULL)) {
        for (int i = 0; i < a->mro_len; i++) {
            if (mro[i] == b) {
                return true;
            }
        }
        return false;
    }
    // Being built, or taken apart by the collector.
    for (; a; a = a->base) {
        if (a == b) {
            return true;
        }
    }
    return b == &qv_object_type;
}

// ---- look-up ------------------------------------------------------------------------------------

QvObj *qv_type_find(const QvType *type, QvObj *name)
{
    for (int i = 0; i < type->mro_len; i++) {
        QvObj *dict = type->mro[i]->dict;
        QvObj *v = dict ? qv_dict_peek_str(dict, name) : NULL;
        if (v) {
            return v;
        }
    }
    return NULL;
}

static uint32_t cache_slot(uint32_t version, const QvObj *name)
{
    return (version * 0x9E3779B1u ^ (uint32_t)((uintptr_t)name >> 4)) & (QV_METHOD_CACHE - 1);
}

uint32_t qv_type_assign_version(QvInterp *qi, QvType *type)
{
    if (type->version) {
        return type->version;
    }
    if (!type->mro || qi->types.next_version == 0) {
        return 0;
    }
    // A type with a version has bases with versions: so a change can stop at types without.
    for (int i = 0; i < type->mro_len; i++) {
        if (type->mro[i] != type && !type->mro[i]->version &&
            !qv_type_assign_version(qi, type->mro[i])) {
            return 0;
        }
    }
    type->version = qi->types.next_version++;
    return type->version;
}

static QV_NOINLINE QvObj *lookup_slow(QvInterp *qi, QvType *type, QvObj *name)
{
    QvObj *value = qv_type_find(type, name);
    uint32_t version = qv_type_assign_version(qi, type);
    if (!version || !qv_str_is_interned(name)) {
        return value;
    }
    if (QV_UNLIKELY(qi->types.cache == qv_shared.no_cache)) {
        size_t bytes = QV_METHOD_CACHE * sizeof(QvMethodCacheEntry);
        QvMethodCacheEntry *cache = qv_heap_alloc(&qi->heap, bytes);
        if (!cache) {
            return value;
        }
        memset(cache, 0, bytes);
        qi->types.cache = cache;
    }
    QvMethodCacheEntry *e = &qi->types.cache[cache_slot(version, name)];
    QvObj *old = e->name;
    *e = (QvMethodCacheEntry){.version = version, .name = qv_new_ref(qi, name), .value = value};
    qv_xdecref(qi, old);
    return value;
}

QV_HOT QvObj *qv_type_lookup(QvInterp *qi, QvType *type, QvObj *name)
{
    uint32_t version = type->version;
    const QvMethodCacheEntry *e = &qi->types.cache[cache_slot(version, name)];
    if (QV_LIKELY(e->version == version && e->name == name)) {
        return e->value;
    }
    return lookup_slow(qi, type, name);
}

int qv_lookup_special(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret)
{
    QvObj *f = qv_type_lookup(qi, o->type, name);
    if (!f) {
        return 0;
    }
    if (!f->type->descr_get) {
        *ret = qv_new_ref(qi, f);
        return 1;
    }
    qv_incref(qi, f);
    *ret = f->type->descr_get(qi, f, o, &qv_type_of(o)->h);
    qv_decref(qi, f);
    return *ret ? 1 : -1;
}

// ---- changes ------------------------------------------------------------------------------------

static void forget_version(QvInterp *qi, QvType *type)
{
    if (!type->version || !(type->flags & QV_T_HEAP)) {
        return;
    }
    type->version = 0;
    for (uint32_t i = 0; i < type->nsubclasses; i++) {
        forget_version(qi, type->subclasses[i]);
    }
}

int qv_type_modified(QvInterp *qi, QvType *type, QvObj *name)
{
    forget_version(qi, type);
    if (!name) {
        for (const QvSlotRow *row = qv_slot_rows; row->name; row++) {
            qv_slots_update(qi, type, row->name);
        }
    } else if (qv_slots_has_name(name)) {
        qv_slots_update(qi, type, name);
    }
    return 0;
}

// ---- subclasses ---------------------------------------------------------------------------------

// Where a type keeps its subclass list; NULL: MemoryError.
static QvStaticState *static_state(QvInterp *qi, const QvType *type)
{
    if (!qi->types.statics) {
        size_t bytes = QV_TID_COUNT * sizeof(QvStaticState);
        qi->types.statics = qv_alloc(qi, bytes);
        if (!qi->types.statics) {
            return NULL;
        }
        memset(qi->types.statics, 0, bytes);
    }
    return &qi->types.statics[type->id];
}

static int list_add(QvInterp *qi, QvType ***list, uint32_t *n, uint32_t *cap, QvType *type)
{
    if (*n == *cap) {
        uint32_t more = *cap ? *cap * 2 : 2;
        QvType **p = qv_realloc(qi, *list, *cap * sizeof(QvType *), more * sizeof(QvType *));
        if (!p) {
            return -1;
        }
        *list = p;
        *cap = more;
    }
    (*list)[(*n)++] = type;
    return 0;
}

static void list_remove(QvType **list, uint32_t *n, const QvType *type)
{
    for (uint32_t i = 0; i < *n; i++) {
        if (list[i] == type) {
            memmove(&list[i], &list[i + 1], (*n - i - 1) * sizeof(QvType *));
            (*n)--;
            return;
        }
    }
}

int qv_type_add_subclass(QvInterp *qi, QvType *base, QvType *type)
{
    if (base->flags & QV_T_HEAP) {
        return list_add(qi, &base->subclasses, &base->nsubclasses, &base->cap_subclasses, type);
    }
    QvStaticState *s = static_state(qi, base);
    return s ? list_add(qi, &s->subclasses, &s->nsubclasses, &s->cap_subclasses, type) : -1;
}

void qv_type_remove_subclass(QvInterp *qi, QvType *base, QvType *type)
{
    if (base->flags & QV_T_HEAP) {
        list_remove(base->subclasses, &base->nsubclasses, type);
    } else if (qi->types.statics) {
        QvStaticState *s = &qi->types.statics[base->id];
        list_remove(s->subclasses, &s->nsubclasses, type);
    }
}

QvType **qv_type_subclasses(QvInterp *qi, const QvType *type, uint32_t *ret_n)
{
    if (type->flags & QV_T_HEAP) {
        *ret_n = type->nsubclasses;
        return type->subclasses;
    }
    *ret_n = qi->types.statics ? qi->types.statics[type->id].nsubclasses : 0;
    return qi->types.statics ? qi->types.statics[type->id].subclasses : NULL;
}

// ---- attributes of types ------------------------------------------------------------------------

static QvObj *type_attr(QvInterp *qi, QvType *type, QvObj *name, bool raise)
{
    QvType *meta = type->h.type;
    QvObj *meta_attr = qv_type_lookup(qi, meta, name);
    QvDescrGetFn meta_get = NULL;
    qv_xincref(qi, meta_attr);
    QvObj *r = NULL;
    if (meta_attr) {
        meta_get = meta_attr->type->descr_get;
        if (meta_get && (meta_attr->type->flags & QV_T_DATA_DESCR)) {
            r = meta_get(qi, meta_attr, &type->h, &meta->h);
            goto done;
        }
    }
    QvObj *attr = qv_type_lookup(qi, type, name);
    if (attr) {
        QvDescrGetFn get = attr->type->descr_get;
        qv_incref(qi, attr);
        if (!get) {
            r = attr;
        } else {
            r = get(qi, attr, NULL, &type->h);
            qv_decref(qi, attr);
        }
    } else if (meta_get) {
        r = meta_get(qi, meta_attr, &type->h, &meta->h);
    } else if (meta_attr) {
        r = meta_attr;
        meta_attr = NULL;
    } else if (raise) {
        qv_attr_error(qi, &type->h, name);
    }
done:
    qv_xdecref(qi, meta_attr);
    return r;
}

// The interned exact str of a name (new reference), or NULL with TypeError.
static QvObj *intern_name(QvInterp *qi, QvObj *name)
{
    if (!qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_TypeError, "attribute name must be string, not '%.200T'", name);
    }
    QvObj *s = qv_is_str_exact(name) ? qv_new_ref(qi, name) : qv_str_exact(qi, name);
    if (s && !qv_str_is_interned(s) && qv_str_intern(qi, &s) < 0) {
        qv_decref(qi, s);
        return NULL;
    }
    return s;
}

QvObj *qv_type_getattr(QvInterp *qi, QvObj *type, QvObj *name)
{
    if (QV_LIKELY(qv_is_str_exact(name) && qv_str_is_interned(name))) {
        return type_attr(qi, (QvType *)type, name, true);
    }
    name = intern_name(qi, name);
    if (!name) {
        return NULL;
    }
    QvObj *r = type_attr(qi, (QvType *)type, name, true);
    qv_decref(qi, name);
    return r;
}

int qv_type_getattr_try(QvInterp *qi, QvObj *type, QvObj *name, QvObj **ret)
{
    QvObj *own = NULL;
    if (QV_UNLIKELY(!qv_is_str_exact(name) || !qv_str_is_interned(name))) {
        name = own = intern_name(qi, name);
        if (!own) {
            return -1;
        }
    }
    *ret = type_attr(qi, (QvType *)type, name, false);
    qv_xdecref(qi, own);
    if (*ret) {
        return 1;
    }
    if (qi->ts->exc) {
        if (!qv_err_matches(qi, &qv_exc_AttributeError)) {
            return -1;
        }
        qv_err_clear(qi);
    }
    return 0;
}

int qv_type_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    QvType *type = (QvType *)o;
    name = intern_name(qi, name);
    if (!name) {
        return -1;
    }
    int r = -1;
    if (type->flags & QV_T_IMMUTABLE) {
        qv_raise(qi, &qv_exc_TypeError, "cannot set '%U' attribute of immutable type '%N'", name,
                 type);
        goto done;
    }
    QvObj *meta_attr = qv_type_lookup(qi, o->type, name);
    if (meta_attr && (meta_attr->type->flags & QV_T_DATA_DESCR)) {
        qv_incref(qi, meta_attr);
        r = meta_attr->type->descr_set(qi, meta_attr, o, value);
        qv_decref(qi, meta_attr);
        goto done;
    }
    // The caches may not hand out the old value while it dies: it is kept until they are told.
    QvObj *old = NULL;
    if (value) {
        old = qv_xnew_ref(qi, qv_dict_peek_str(type->dict, name));
        r = qv_dict_set(qi, type->dict, name, value);
    } else {
        r = qv_dict_pop(qi, type->dict, name, &old);
        if (r == 0) {
            qv_attr_error(qi, o, name);
            old = NULL;
        }
        r = r > 0 ? 0 : -1;
    }
    if (r == 0) {
        r = qv_type_modified(qi, type, name);
    }
    qv_xdecref(qi, old);
done:
    qv_decref(qi, name);
    return r;
}

// ---- names --------------------------------------------------------------------------------------

const char *qv_type_short_name(const QvType *t)
{
    if (t->flags & QV_T_HEAP) {
        return t->name;
    }
    const char *dot = strrchr(t->name, '.');
    return dot ? dot + 1 : t->name;
}

QvObj *qv_type_get_name(QvInterp *qi, QvType *t)
{
    if (t->flags & QV_T_HEAP) {
        return qv_new_ref(qi, t->ht_name);
    }
    return qv_str_intern_cstr(qi, qv_type_short_name(t));
}

QvObj *qv_type_get_qualname(QvInterp *qi, QvType *t)
{
    if (t->flags & QV_T_HEAP) {
        return qv_new_ref(qi, t->ht_qualname);
    }
    return qv_type_get_name(qi, t);
}

QvObj *qv_type_get_module(QvInterp *qi, QvType *t)
{
    if (t->flags & QV_T_HEAP) {
        QvObj *m = qv_dict_peek_str(t->dict, QV_N(__module__));
        return m ? qv_new_ref(qi, m) : qv_raise_obj(qi, &qv_exc_AttributeError, QV_N(__module__));
    }
    const char *dot = strrchr(t->name, '.');
    if (!dot) {
        return QV_N(builtins);
    }
    return qv_str_intern_utf8(qi, t->name, dot - t->name);
}

// ---- calling a type -----------------------------------------------------------------------------

QvObj *qv_type_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvType *type = (QvType *)o;
    if (QV_UNLIKELY(type == &qv_type_type)) {
        bool keywords = kwnames && qv_tuple_len(kwnames);
        if (nargs == 1 && !keywords) {
            return qv_new_ref(qi, &qv_type_of(args[0])->h);
        }
        if (nargs != 3) {
            return qv_raise(qi, &qv_exc_TypeError, "type() takes 1 or 3 arguments");
        }
    }
    if (QV_UNLIKELY(!type->new_ || (type->flags & QV_T_NO_NEW))) {
        return qv_raise(qi, &qv_exc_TypeError, "cannot create '%.100N' instances", type);
    }
    QvObj *r;
    if (type == &qv_str_type && nargs == 1 && !kwnames) {
        r = qv_str(qi, args[0]);
        if (QV_LIKELY(r && r->type == &qv_str_type)) {
            return r; // has no __init__ of its own
        }
    } else {
        r = type->new_(qi, type, args, nargs, kwnames);
    }
    if (!r) {
        return NULL;
    }
    QvInitFn init = r->type->init;
    if (!init || !qv_is_instance_of(r, type)) {
        return r;
    }
    if (init(qi, r, args, nargs, kwnames) < 0) {
        qv_decref(qi, r);
        return NULL;
    }
    return r;
}

// ---- __new__ of static types --------------------------------------------------------------------

QvType *qv_new_wrapper_type(const QvObj *o)
{
    return o->type == &qv_builtin_type && ((const QvBuiltin *)o)->sig == &qv_new_sig
               ? (QvType *)((const QvBuiltin *)o)->self
               : NULL;
}

QvObj *qv_new_wrapper_call(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    if (nargs < 1) {
        return qv_raise(qi, &qv_exc_TypeError, "%N.__new__(): not enough arguments", type);
    }
    if (!qv_is_type(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "%N.__new__(X): X is not a type object (%T)", type,
                        args[0]);
    }
    QvType *sub = (QvType *)args[0];
    if (!qv_type_is_subtype(sub, type)) {
        return qv_raise(qi, &qv_exc_TypeError, "%N.__new__(%N): %N is not a subtype of %N", type,
                        sub, sub, type);
    }
    if (sub->flags & QV_T_NO_NEW) {
        return qv_raise(qi, &qv_exc_TypeError, "%N.__new__(%N) is not safe, use %N.__new__()", type,
                        sub, sub);
    }
    // object.__new__(dict) would make a dict whose fields nobody set up.
    const QvType *solid = sub;
    while (solid && (solid->flags & QV_T_HEAP)) {
        solid = solid->base;
    }
    if (solid && solid->new_ != type->new_) {
        return qv_raise(qi, &qv_exc_TypeError, "%N.__new__(%N) is not safe, use %N.__new__()", type,
                        sub, solid);
    }
    return type->new_(qi, sub, args + 1, nargs - 1, kwnames);
}

// The row behind all __new__ objects, for callers that go through the signature.
static QvObj *new_native(QvInterp *qi, QvObj *self, QvObj *const *slots, QvSsize nargs)
{
    (void)nargs;
    QvObj *args = slots[0];
    QvObj *kwargs = slots[1];
    if (!kwargs) {
        return qv_new_wrapper_call(qi, (QvType *)self, qv_tuple_items(args), qv_tuple_len(args),
                                   NULL);
    }
    QvSsize n = qv_tuple_len(args);
    QvSsize k = qv_dict_len(kwargs);
    QvObj *names = qv_tuple_new(qi, k);
    size_t bytes = (size_t)(n + k) * sizeof(QvObj *);
    QvObj **all = names ? qv_alloc(qi, bytes) : NULL;
    if (!all) {
        qv_xdecref(qi, names);
        return NULL;
    }
    memcpy(all, qv_tuple_items(args), (size_t)n * sizeof(QvObj *));
    QvSsize pos = 0;
    QvObj *key;
    QvObj *value;
    for (QvSsize i = 0; qv_dict_next(kwargs, &pos, &key, &value); i++) {
        qv_tuple_items(names)[i] = qv_new_ref(qi, key);
        all[n + i] = value;
    }
    QvObj *r = qv_new_wrapper_call(qi, (QvType *)self, all, n, names);
    qv_free(qi, all, bytes);
    qv_decref(qi, names);
    return r;
}

static const QvNativeDef new_def = {
    "__new__", new_native, "($type, *args, **kwargs)",
    "Create and return a new object.  See help(type) for accurate signature."};

static QvObj *new_names[] QV_SEALED = {QV_N(args), QV_N(kwargs)};

const QvSig qv_new_sig = {
    .def = &new_def,
    .kind = QV_SIG_TYPE,
    .nparams = 2,
    .varargs = 0,
    .varkw = 1,
    .names = new_names,
};

// ---- life of a type object ----------------------------------------------------------------------

static int type_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvType *t = (QvType *)o;
    if (!(t->flags & QV_T_HEAP)) {
        return 0;
    }
    for (int i = 0; i < t->mro_len; i++) {
        if (t->mro[i] != t) {
            QV_VISIT(t->mro[i]);
        }
    }
    QV_VISIT(t->base);
    QV_VISIT(t->bases);
    QV_VISIT(t->dict);
    QV_VISIT(t->ht_slots);
    return 0;
}

static void drop_mro(QvInterp *qi, QvType *t)
{
    QvType **mro = t->mro;
    uint16_t n = t->mro_len;
    t->mro = NULL;
    t->mro_len = 0;
    qv_type_drop_mro(qi, t, mro, n);
}

// Breaks the cycles of a dead type. Its instances may still be taken apart after it: base, layout
// and C slots stay.
static void type_clear(QvInterp *qi, QvObj *o)
{
    QvType *t = (QvType *)o;
    if (!(t->flags & QV_T_HEAP)) {
        return;
    }
    forget_version(qi, t);
    if (t->dict) {
        qv_dict_clear(qi, t->dict);
    }
    drop_mro(qi, t);
    if (t->bases && qv_tuple_len(t->bases)) {
        for (QvSsize i = 0; i < qv_tuple_len(t->bases); i++) {
            qv_type_remove_subclass(qi, (QvType *)qv_tuple_peek(t->bases, i), t);
        }
        qv_set_take(qi, &t->bases, QV_EMPTY_TUPLE);
    }
}

static void type_fini(QvInterp *qi, QvObj *o)
{
    QvType *t = (QvType *)o;
    for (QvSsize i = 0; t->bases && i < qv_tuple_len(t->bases); i++) {
        qv_type_remove_subclass(qi, (QvType *)qv_tuple_peek(t->bases, i), t);
    }
    t->version = 0;
    drop_mro(qi, t);
    qv_clear(qi, &t->dict);
    qv_clear(qi, &t->bases);
    qv_clear(qi, (QvObj **)&t->base);
    qv_clear(qi, &t->ht_slots);
    if (t->name) {
        qv_free(qi, (void *)(uintptr_t)t->name, strlen(t->name) + 1);
    }
    qv_clear(qi, &t->ht_name);
    qv_clear(qi, &t->ht_qualname);
    qv_shape_free(qi, t->root_shape);
    t->root_shape = NULL;
    qv_free(qi, t->subclasses, t->cap_subclasses * sizeof(QvType *));
    t->subclasses = NULL;
}

int qv_type_inst_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvType *t = o->type;
    QV_VISIT(t);
    for (; t->flags & QV_T_HEAP; t = t->base) {
        QvObj **members = (QvObj **)((char *)o + t->size) - t->nmembers;
        for (int i = 0; i < t->nmembers; i++) {
            QV_VISIT(members[i]);
        }
    }
    if (o->type->inst_offset) {
        int r = qv_inst_traverse(o, visit, ctx);
        if (r) {
            return r;
        }
    }
    return t->traverse ? t->traverse(o, visit, ctx) : 0;
}

void qv_type_inst_clear(QvInterp *qi, QvObj *o)
{
    QvType *t = o->type;
    for (; t->flags & QV_T_HEAP; t = t->base) {
        QvObj **members = (QvObj **)((char *)o + t->size) - t->nmembers;
        for (int i = 0; i < t->nmembers; i++) {
            qv_clear(qi, &members[i]);
        }
    }
    if (o->type->inst_offset) {
        qv_inst_clear(qi, o);
    }
    if (t->clear) {
        t->clear(qi, o);
    }
}

// ---- what Python sees of a type -----------------------------------------------------------------

static QvObj *type_repr(QvInterp *qi, QvObj *o)
{
    QvType *t = (QvType *)o;
    QvObj *mod = qv_type_get_module(qi, t);
    if (!mod) {
        qv_err_clear(qi);
    }
    QvObj *qual = qv_type_get_qualname(qi, t);
    QvObj *r = NULL;
    if (qual) {
        if (mod && qv_is_str(mod) && !qv_str_eq_ascii(mod, "builtins")) {
            r = qv_str_format(qi, "<class '%U.%U'>", mod, qual);
        } else {
            r = qv_str_format(qi, "<class '%U'>", qual);
        }
    }
    qv_xdecref(qi, mod);
    qv_xdecref(qi, qual);
    return r;
}

// Setting a special attribute: allowed for heap types, not to be deleted. 0 or -1.
static int check_set(QvInterp *qi, QvType *t, QvObj *value, const char *name)
{
    if (t->flags & QV_T_IMMUTABLE) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "cannot set '%s' attribute of immutable type '%N'", name, t);
    }
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "cannot delete '%s' attribute of immutable type '%N'", name, t);
    }
    return qv_audit_on(qi) ? qv_audit(qi, "object.__setattr__", "OsO", &t->h, name, value) : 0;
}

static QvObj *get_name(QvInterp *qi, QvObj *o) { return qv_type_get_name(qi, (QvType *)o); }

static int set_name(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvType *t = (QvType *)o;
    if (check_set(qi, t, value, "__name__") < 0) {
        return -1;
    }
    if (!qv_is_str(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "can only assign string to %N.__name__, not '%T'", t, value);
    }
    QvUtf8 u;
    if (qv_str_utf8(qi, value, &u) < 0) {
        return -1;
    }
    char *copy = NULL;
    if (strlen(u.s) != (size_t)u.n) {
        qv_raise(qi, &qv_exc_ValueError, "type name must not contain null characters");
    } else {
        copy = qv_alloc(qi, (size_t)u.n + 1);
    }
    if (copy) {
        memcpy(copy, u.s, (size_t)u.n + 1);
    }
    qv_utf8_release(qi, &u);
    if (!copy) {
        return -1;
    }
    qv_free(qi, (void *)(uintptr_t)t->name, strlen(t->name) + 1);
    t->name = copy;
    qv_set_take(qi, &t->ht_name, qv_new_ref(qi, value));
    return 0;
}

static QvObj *get_qualname(QvInterp *qi, QvObj *o) { return qv_type_get_qualname(qi, (QvType *)o); }

static int set_qualname(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvType *t = (QvType *)o;
    if (check_set(qi, t, value, "__qualname__") < 0) {
        return -1;
    }
    if (!qv_is_str(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "can only assign string to %N.__qualname__, not '%T'", t, value);
    }
    qv_set_take(qi, &t->ht_qualname, qv_new_ref(qi, value));
    return 0;
}

static QvObj *get_module(QvInterp *qi, QvObj *o) { return qv_type_get_module(qi, (QvType *)o); }

static int set_in_dict(QvInterp *qi, QvType *t, QvObj *name, QvObj *value)
{
    QvObj *old = qv_xnew_ref(qi, qv_dict_peek_str(t->dict, name));
    int r = qv_dict_set(qi, t->dict, name, value);
    if (r == 0) {
        r = qv_type_modified(qi, t, name);
    }
    qv_xdecref(qi, old);
    return r;
}

static int set_module(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvType *t = (QvType *)o;
    return check_set(qi, t, value, "__module__") < 0 ? -1
                                                     : set_in_dict(qi, t, QV_N(__module__), value);
}

// A static type's doc may start with the signature: "name(...)\n--\n\n". What stands behind the
// parenthesis, or NULL.
static const char *signature_end(const QvType *t)
{
    const char *name = qv_type_short_name(t);
    size_t n = strlen(name);
    if ((t->flags & QV_T_HEAP) || !t->doc || strncmp(t->doc, name, n) != 0 || t->doc[n] != '(') {
        return NULL;
    }
    const char *end = strstr(t->doc, ")\n--\n\n");
    return end ? end + 1 : NULL;
}

const char *qv_type_plain_doc(const QvType *t)
{
    const char *end = signature_end(t);
    return end ? end + strlen("\n--\n\n") : t->doc;
}

static QvObj *get_doc(QvInterp *qi, QvObj *o)
{
    QvType *t = (QvType *)o;
    if (!(t->flags & QV_T_HEAP)) {
        return t->doc ? qv_str_new_cstr(qi, qv_type_plain_doc(t)) : QV_NONE;
    }
    QvObj *doc = qv_dict_peek_str(t->dict, QV_N(__doc__));
    if (!doc) {
        return QV_NONE;
    }
    qv_incref(qi, doc);
    if (!doc->type->descr_get) {
        return doc;
    }
    QvObj *r = doc->type->descr_get(qi, doc, NULL, o);
    qv_decref(qi, doc);
    return r;
}

static int set_doc(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvType *t = (QvType *)o;
    return check_set(qi, t, value, "__doc__") < 0 ? -1 : set_in_dict(qi, t, QV_N(__doc__), value);
}

static QvObj *get_bases(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, ((QvType *)o)->bases); }

static QvObj *get_mro(QvInterp *qi, QvObj *o)
{
    const QvType *t = (QvType *)o;
    return t->mro ? qv_tuple_from_array(qi, (QvObj *const *)t->mro, t->mro_len) : QV_NONE;
}

static QvObj *get_base(QvInterp *qi, QvObj *o)
{
    const QvType *t = (QvType *)o;
    return t->base ? qv_new_ref(qi, &t->base->h) : QV_NONE;
}

static QvObj *get_dict(QvInterp *qi, QvObj *o)
{
    return qv_mappingproxy_new(qi, ((QvType *)o)->dict);
}

static QvObj *get_abstract(QvInterp *qi, QvObj *o)
{
    const QvType *t = (QvType *)o;
    // `type` itself has this getset under the name: that is not meant.
    QvObj *v = t == &qv_type_type ? NULL : qv_dict_peek_str(t->dict, QV_N(__abstractmethods__));
    return v ? qv_new_ref(qi, v)
             : qv_raise_obj(qi, &qv_exc_AttributeError, QV_N(__abstractmethods__));
}

static int set_abstract(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvType *t = (QvType *)o;
    if (t->flags & QV_T_IMMUTABLE) {
        return check_set(qi, t, value, "__abstractmethods__");
    }
    int truth = 0;
    if (value) {
        truth = qv_is_true(qi, value);
        if (truth < 0 || set_in_dict(qi, t, QV_N(__abstractmethods__), value) < 0) {
            return -1;
        }
    } else {
        QvObj *old;
        int r = qv_dict_pop(qi, t->dict, QV_N(__abstractmethods__), &old);
        if (r <= 0) {
            if (r == 0) {
                qv_raise_obj(qi, &qv_exc_AttributeError, QV_N(__abstractmethods__));
            }
            return -1;
        }
        qv_type_modified(qi, t, QV_N(__abstractmethods__));
        qv_decref(qi, old);
    }
    t->flags = truth ? t->flags | QV_T_ABSTRACT : t->flags & ~(uint32_t)QV_T_ABSTRACT;
    return 0;
}

static QvObj *get_annotations(QvInterp *qi, QvObj *o)
{
    QvType *t = (QvType *)o;
    if (!(t->flags & QV_T_HEAP)) {
        return qv_raise(qi, &qv_exc_AttributeError,
                        "type object '%N' has no attribute '__annotations__'", t);
    }
    QvObj *a = qv_dict_peek_str(t->dict, QV_N(__annotations__));
    if (a) {
        qv_incref(qi, a);
        if (!a->type->descr_get) {
            return a;
        }
        QvObj *r = a->type->descr_get(qi, a, NULL, o);
        qv_decref(qi, a);
        return r;
    }
    a = qv_dict_new(qi);
    if (a && set_in_dict(qi, t, QV_N(__annotations__), a) < 0) {
        qv_clear(qi, &a);
    }
    return a;
}

static int set_annotations(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvType *t = (QvType *)o;
    if (t->flags & QV_T_IMMUTABLE) {
        return check_set(qi, t, value, "__annotations__");
    }
    if (value) {
        return set_in_dict(qi, t, QV_N(__annotations__), value);
    }
    QvObj *old;
    int r = qv_dict_pop(qi, t->dict, QV_N(__annotations__), &old);
    if (r == 0) {
        qv_raise_obj(qi, &qv_exc_AttributeError, QV_N(__annotations__));
    }
    if (r > 0) {
        qv_type_modified(qi, t, QV_N(__annotations__));
        qv_decref(qi, old);
    }
    return r > 0 ? 0 : -1;
}

static QvObj *get_text_signature(QvInterp *qi, QvObj *o)
{
    const char *end = signature_end((QvType *)o);
    const char *start = ((QvType *)o)->doc + (end ? strlen(qv_type_short_name((QvType *)o)) : 0);
    return end ? qv_str_new_utf8(qi, start, end - start) : QV_NONE;
}

// CPython's Py_TPFLAGS bits, for inspect and abc.
static QvObj *get_flags(QvInterp *qi, QvObj *o)
{
    const QvType *t = (QvType *)o;
    static const struct {
        uint32_t ours;
        uint32_t theirs;
    } bits[] = {
        {QV_T_SEQUENCE, 1u << 5}, {QV_T_MAPPING, 1u << 6},   {QV_T_IMMUTABLE, 1u << 8},
        {QV_T_HEAP, 1u << 9},     {QV_T_BASE, 1u << 10},     {QV_T_GC, 1u << 14},
        {QV_T_METHOD, 1u << 17},  {QV_T_ABSTRACT, 1u << 20}, {QV_T_MATCH_SELF, 1u << 22},
        {QV_T_INT, 1u << 24},     {QV_T_LIST, 1u << 25},     {QV_T_TUPLE, 1u << 26},
        {QV_T_BYTES, 1u << 27},   {QV_T_STR, 1u << 28},      {QV_T_DICT, 1u << 29},
        {QV_T_EXC, 1u << 30},     {QV_T_TYPE, 1u << 31},
    };
    uint32_t flags = 1u << 12; // ready
    if (t->flags & QV_T_NO_NEW) {
        flags |= 1u << 7;
    }
    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
        if (t->flags & bits[i].ours) {
            flags |= bits[i].theirs;
        }
    }
    return qv_int_from_i64(qi, flags);
}

static QvObj *get_basicsize(QvInterp *qi, QvObj *o)
{
    const QvType *t = (QvType *)o;
    return qv_int_from_i64(qi, t->size + (t->inst_offset ? 8 : 0));
}

static QvObj *get_itemsize(QvInterp *qi, QvObj *o)
{
    const QvType *t = (QvType *)o;
    int64_t n = 0;
    if (qv_type_is_subtype(t, &qv_tuple_type)) {
        n = 8;
    } else if (t->flags & QV_T_BYTES) {
        n = 1;
    } else if (t->flags & QV_T_INT) {
        n = 4;
    } else if (t->flags & QV_T_TYPE) {
        n = 40;
    }
    return qv_int_from_i64(qi, n);
}

static QvObj *get_dictoffset(QvInterp *qi, QvObj *o)
{
    const QvType *t = (QvType *)o;
    int64_t n = t->dict_offset;
    if (t->inst_offset) {
        n = t->inst_offset == QV_INST_VAR ? -8 : (int64_t)t->inst_offset;
    } else if (t->flags & QV_T_TYPE) {
        n = (int64_t)offsetof(QvType, dict);
    }
    return qv_int_from_i64(qi, n);
}

static QvObj *get_weakrefoffset(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, ((QvType *)o)->flags & QV_T_WEAK ? 8 : 0);
}

// __bases__ = ...: new bases of the same layout; mros of the type and of all below it are computed
// anew before anything is given up.
typedef struct SavedMro {
    QvType *type;
    QvType **mro; // the old one
    uint16_t len;
    uintptr_t stamp; // of the new one
} SavedMro;

typedef struct SavedMros {
    SavedMro *all;
    uint32_t n, cap;
} SavedMros;

static int remake_mros(QvInterp *qi, QvType *type, SavedMros *saved)
{
    if (saved->n == saved->cap) {
        uint32_t cap = saved->cap ? saved->cap * 2 : 4;
        SavedMro *p =
            qv_realloc(qi, saved->all, saved->cap * sizeof(SavedMro), cap * sizeof(SavedMro));
        if (!p) {
            return -1;
        }
        saved->all = p;
        saved->cap = cap;
    }
    // Of use only if mro() leaves them where they are.
    QvType **old = type->mro;
    uint16_t old_len = type->mro_len;
    int r = qv_type_set_mro(qi, type);
    if (r <= 0) {
        return r;
    }
    qv_incref(qi, &type->h);
    saved->all[saved->n++] =
        (SavedMro){.type = type, .mro = old, .len = old_len, .stamp = qv_type_mro_stamp(type)};
    forget_version(qi, type);
    // The list may change meanwhile.
    QvObj *below = qv_list_from_array(qi, (QvObj *const *)type->subclasses, type->nsubclasses);
    r = below ? 0 : -1;
    for (QvSsize i = 0; r == 0 && i < qv_list_len(below); i++) {
        r = remake_mros(qi, (QvType *)qv_list_peek(below, i), saved);
    }
    qv_xdecref(qi, below);
    return r;
}

// Is t among the bases that the bases of type were laid out upon? Their mro may not tell yet.
static bool has_base(const QvType *type, const QvType *t)
{
    while (type && type != t) {
        type = type->base;
    }
    return type != NULL;
}

static int set_bases(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvType *t = (QvType *)o;
    if (check_set(qi, t, value, "__bases__") < 0) {
        return -1;
    }
    if (!qv_is_tuple(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "can only assign tuple to %N.__bases__, not %T",
                            t, value);
    }
    QvSsize n = qv_tuple_len(value);
    if (n == 0) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "can only assign non-empty tuple to %N.__bases__, not ()", t);
    }
    for (QvSsize i = 0; i < n; i++) {
        QvObj *b = qv_tuple_peek(value, i);
        if (!qv_is_type(b)) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "%N.__bases__ must be tuple of classes, not '%T'", t, b);
        }
        if (qv_type_is_subtype((QvType *)b, t) || has_base((QvType *)b, t)) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "a __bases__ item causes an inheritance cycle");
        }
    }
    QvType *base = qv_type_best_base(qi, value);
    if (!base) {
        return -1;
    }
    if ((t->base->flags ^ base->flags) & QV_T_HEAP) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "__bases__ assignment: '%N' deallocator differs from '%N'", base,
                            t->base);
    }
    if (!qv_type_same_layout(t->base, base)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "__bases__ assignment: '%N' object layout differs from '%N'", base,
                            t->base);
    }
    QvObj *old_bases = t->bases;
    QvType *old_base = t->base;
    t->bases = qv_new_ref(qi, value);
    t->base = (QvType *)qv_new_ref(qi, &base->h);
    SavedMros saved = {0};
    int r = remake_mros(qi, t, &saved);
    for (uint32_t i = 0; i < saved.n; i++) {
        SavedMro *s = &saved.all[i];
        if (r < 0 && qv_type_mro_stamp(s->type) == s->stamp) {
            QvType **failed = s->type->mro;
            uint16_t len = s->type->mro_len;
            s->type->mro = s->mro;
            s->type->mro_len = s->len;
            forget_version(qi, s->type);
            s->mro = failed;
            s->len = len;
        }
        qv_type_drop_mro(qi, s->type, s->mro, s->len);
        qv_decref(qi, &s->type->h);
    }
    qv_free(qi, saved.all, saved.cap * sizeof(SavedMro));
    if (t->bases != value) {
        // A mro() has assigned others, which stay.
        qv_decref(qi, old_bases);
        qv_decref(qi, &old_base->h);
        return r;
    }
    if (r < 0) {
        t->bases = old_bases;
        t->base = old_base;
        qv_decref(qi, value);
        qv_decref(qi, &base->h);
        return -1;
    }
    for (QvSsize i = 0; i < qv_tuple_len(old_bases); i++) {
        qv_type_remove_subclass(qi, (QvType *)qv_tuple_peek(old_bases, i), t);
    }
    for (QvSsize i = 0; i < n && r == 0; i++) {
        r = qv_type_add_subclass(qi, (QvType *)qv_tuple_peek(value, i), t);
    }
    qv_type_modified(qi, t, NULL);
    qv_decref(qi, old_bases);
    qv_decref(qi, &old_base->h);
    return r;
}

static QvObj *type_mro(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvType *t = (QvType *)self;
    if (!(t->flags & QV_T_HEAP)) {
        return qv_list_from_array(qi, (QvObj *const *)t->mro, t->mro_len);
    }
    return qv_type_c3(qi, t);
}

static QvObj *type_subclasses(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    uint32_t n;
    QvType **subs = qv_type_subclasses(qi, (QvType *)self, &n);
    QvObj *list = qv_list_from_array(qi, (QvObj *const *)subs, n);
    if (list && !(((QvType *)self)->flags & QV_T_HEAP)) {
        // The static ones are the same in all interpreters and stand in no list. They come first.
        for (uint32_t i = QV_TID_COUNT; i-- > 1;) {
            QvType *t = qv_shared.types[i];
            if (t != &qv_bigint_type) {
                for (QvSsize k = 0; k < qv_tuple_len(t->bases); k++) {
                    if (qv_tuple_peek(t->bases, k) == self &&
                        qv_list_insert(qi, list, 0, &t->h) < 0) {
                        qv_decref(qi, list);
                        return NULL;
                    }
                }
            }
        }
    }
    return list;
}

static QvObj *type_prepare(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self;
    (void)args;
    (void)nargs;
    return qv_dict_new(qi);
}

static QvObj *type_instancecheck(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int r = qv_isinstance_real(qi, args[0], self);
    return r < 0 ? NULL : qv_bool(r);
}

static QvObj *type_subclasscheck(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int r = qv_issubclass_real(qi, args[0], self);
    return r < 0 ? NULL : qv_bool(r);
}

static QvObj *type_dir(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvType *t = (QvType *)self;
    QvObj *all = qv_dict_new(qi);
    for (int i = 0; all && i < t->mro_len; i++) {
        if (qv_dict_update(qi, all, t->mro[i]->dict) < 0) {
            qv_clear(qi, &all);
        }
    }
    QvObj *keys = all ? qv_dict_keys_list(qi, all) : NULL;
    qv_xdecref(qi, all);
    return keys;
}

static QvObj *type_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvType *t = (QvType *)self;
    return qv_int_from_i64(qi, (int64_t)(sizeof(QvType) + t->mro_len * sizeof(QvType *)));
}

static int type_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    (void)self;
    (void)args;
    if (kwnames && qv_tuple_len(kwnames) && nargs == 1) {
        return qv_raise_int(qi, &qv_exc_TypeError, "type.__init__() takes no keyword arguments");
    }
    if (nargs != 1 && nargs != 3) {
        return qv_raise_int(qi, &qv_exc_TypeError, "type.__init__() takes 1 or 3 arguments");
    }
    return 0;
}

static const QvNativeDef type_methods[] = {
    {"mro", type_mro, "($self, /)", "Return a type's method resolution order."},
    {"__subclasses__", type_subclasses, "($self, /)", "Return a list of immediate subclasses."},
    {"__prepare__", type_prepare, "($type, /, *args, **kwargs)",
     "__prepare__() -> dict\nused to create the namespace for the class statement"},
    {"__instancecheck__", type_instancecheck, "($self, instance, /)",
     "Check if an object is an instance."},
    {"__subclasscheck__", type_subclasscheck, "($self, subclass, /)",
     "Check if a class is a subclass."},
    {"__dir__", type_dir, "($self, /)", "Specialized __dir__ implementation for types."},
    {"__sizeof__", type_sizeof, "($self, /)", "Return memory consumption of the type object."},
    {0},
};

static const QvGetSet type_getsets[] = {
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {"__module__", get_module, set_module, NULL},
    {"__bases__", get_bases, set_bases, NULL},
    {"__mro__", get_mro, qv_getset_readonly, NULL},
    {"__base__", get_base, qv_getset_readonly, NULL},
    {"__dict__", get_dict, NULL, NULL},
    {"__doc__", get_doc, set_doc, NULL},
    {"__abstractmethods__", get_abstract, set_abstract, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {"__text_signature__", get_text_signature, NULL, NULL},
    {"__flags__", get_flags, qv_getset_readonly, NULL},
    {"__basicsize__", get_basicsize, qv_getset_readonly, NULL},
    {"__itemsize__", get_itemsize, qv_getset_readonly, NULL},
    {"__dictoffset__", get_dictoffset, qv_getset_readonly, NULL},
    {"__weakrefoffset__", get_weakrefoffset, qv_getset_readonly, NULL},
    {0},
};

QV_SEALED QvType qv_type_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "type",
    .id = QV_TID_type,
    .flags = QV_T_GC | QV_T_BASE | QV_T_TYPE | QV_T_WEAK,
    .size = sizeof(QvType),
    .doc = "type(object) -> the object's type\ntype(name, bases, dict, **kwds) -> a new type",
    .new_ = qv_type_new_slot,
    .init = type_init,
    .fini = type_fini,
    .clear = type_clear,
    .traverse = type_traverse,
    .getattr = qv_type_getattr,
    .setattr = qv_type_setattr,
    .call = qv_type_call,
    .repr = type_repr,
    .or_ = qv_union_or,
    .methods = type_methods,
    .getsets = type_getsets,
};
