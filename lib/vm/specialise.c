// SPDX-License-Identifier: MIT
// The specialiser: after a general instruction has run, looks at its operands and rewrites it to a
// guarded fast form.
//
// A guard that fails puts the general opcode back, and the general form specialises anew: a site
// that alternates between two kinds of operands pays one store for each change of mind.
#include <string.h>

#include "object/descr.h"
#include "object/module.h"
#include "vm/eval_internal.h"

static uint64_t *cache_of(QvInstr *at) { return (uint64_t *)(at + 1); }

void qv_spec_binary(QvInstr *at, QvBinOp op, QvObj *v, QvObj *w)
{
    if (v->type == &qv_float_type && w->type == &qv_float_type) {
        switch (op) {
        case QV_BIN_ADD: at->op = QV_INS_ADD_FLOAT; break;
        case QV_BIN_SUB: at->op = QV_INS_SUB_FLOAT; break;
        case QV_BIN_MUL: at->op = QV_INS_MUL_FLOAT; break;
        case QV_BIN_TRUEDIV: at->op = QV_INS_TRUEDIV_FLOAT; break;
        default: break;
        }
    } else if (op == QV_BIN_ADD && v->type == &qv_str_type && w->type == &qv_str_type) {
        at->op = QV_INS_ADD_STR;
    }
}

// The version that guards calls of functions with fn's code, given on first use. 0: all numbers are
// used up. It is the code's and not the function's, so that a closure made anew for each call stays
// on the fast path.
uint32_t qv_spec_code_version(QvInterp *qi, QvCode *code)
{
    if (code->version == 0 && qi->code_version != UINT32_MAX) {
        code->version = ++qi->code_version;
    }
    return code->version;
}

// ---- attributes ---------------------------------------------------------------------------------

// Instances whose attributes are found by shape at a fixed offset.
static bool has_fixed_part(const QvType *t)
{
    return t->inst_offset != 0 && t->inst_offset != QV_INST_VAR;
}

// True when getattr is the generic look-up (no __getattr__, __getattribute__).
static bool generic_getattr(const QvType *t) { return t->getattr == qv_object_getattr; }

static bool is_data_descr(const QvObj *d) { return d->type->descr_set != NULL; }

static void set_words(QvInstr *at, QvOp op, uint64_t w0, uint64_t w1, uint64_t w2)
{
    uint64_t *c = cache_of(at);
    c[0] = w0;
    c[1] = w1;
    c[2] = w2;
    at->op = (uint8_t)op;
}

static uint64_t pair(uint32_t low, size_t high) { return (uint64_t)low | (uint64_t)high << 32; }

// Where the guard of a look-up stands that the type alone decides.
#define AT_TYPE offsetof(QvObj, type)

static size_t slot_offset(const QvType *t, uint32_t slot)
{
    return t->inst_offset + offsetof(QvInstPart, slots) + slot * sizeof(QvObj *);
}

// The plans: false when there is no fast form; else *e tells it (all but the key).

// `value` of the class, which no attribute of the instance hides.
static bool plan_class_value(const QvObj *o, QvObj *value, QvObj *name, QvAttrEntry *e)
{
    QvType *t = o->type;
    *e = (QvAttrEntry){.version = t->version, .at = AT_TYPE, .guard = (uintptr_t)t, .value = value};
    if (t->dict_offset != 0) {
        e->at = t->dict_offset; // as long as no dict was made
        e->guard = 0;
        return t->inst_offset == 0 && qv_attr_dict(o) == NULL;
    }
    if (t->inst_offset == 0) {
        return true;
    }
    QvShape *shape = has_fixed_part(t) ? qv_inst_part(o)->shape : &qv_shape_dict;
    if (shape && (shape->is_dict || qv_shape_find(shape, name) >= 0)) {
        return false;
    }
    e->at = t->inst_offset;
    e->guard = (uintptr_t)shape;
    return true;
}

static bool plan_member(const QvObj *o, const QvObj *descr, QvAttrEntry *e)
{
    QvType *t = o->type;
    size_t offset =
        descr->type == &qv_member_descriptor_type ? ((const QvMemberDescr *)descr)->offset : 0;
    *e = (QvAttrEntry){
        .version = t->version, .at = AT_TYPE, .guard = (uintptr_t)t, .offset = offset};
    return offset != 0;
}

// An attribute in a slot of the instance.
static bool plan_slot(const QvObj *o, QvObj *name, QvAttrEntry *e)
{
    QvType *t = o->type;
    if (!has_fixed_part(t) || t->dict_offset != 0) {
        return false;
    }
    QvShape *shape = qv_inst_part(o)->shape;
    int slot = shape && !shape->is_dict ? qv_shape_find(shape, name) : -1;
    if (slot < 0) {
        return false;
    }
    *e = (QvAttrEntry){.version = t->version,
                       .at = t->inst_offset,
                       .guard = (uintptr_t)shape,
                       .offset = slot_offset(t, (uint32_t)slot)};
    return true;
}

// An attribute in a dict of the object.
static bool plan_in_dict(const QvObj *o, QvAttrEntry *e)
{
    QvType *t = o->type;
    if (!qv_attr_dict(o) || qv_is_sealed(o)) {
        return false;
    }
    *e = (QvAttrEntry){
        .version = t->version, .at = AT_TYPE, .guard = (uintptr_t)t, .offset = QV_ATTR_IN_DICT};
    if (t->inst_offset) {
        e->at = t->inst_offset;
        e->guard = (uintptr_t)&qv_shape_dict;
    }
    return true;
}

static bool plan_load(QvInterp *qi, QvObj *o, QvObj *name, QvAttrEntry *e)
{
    QvType *t = o->type;
    if (!generic_getattr(t)) {
        return false;
    }
    QvObj *descr = qv_type_lookup(qi, t, name);
    if (t->version == 0) {
        return false;
    }
    if (descr && is_data_descr(descr)) {
        if (name == QV_N(__class__) && (t->flags & QV_T_HEAP) &&
            descr == qv_type_lookup(qi, &qv_object_type, name)) {
            *e = (QvAttrEntry){
                .version = t->version, .at = AT_TYPE, .guard = (uintptr_t)t, .value = &t->h};
            return true;
        }
        return plan_member(o, descr, e);
    }
    if (qv_attr_dict(o) && qv_dict_find_str(qv_attr_dict(o), name) >= 0) {
        return plan_in_dict(o, e);
    }
    return plan_slot(o, name, e) ||
           (descr && !descr->type->descr_get && plan_class_value(o, descr, name, e));
}

static bool plan_method(QvInterp *qi, QvObj *o, QvObj *name, QvAttrEntry *e)
{
    QvType *t = o->type;
    if (!generic_getattr(t)) {
        return false;
    }
    QvObj *descr = qv_type_lookup(qi, t, name);
    return descr && qv_has_flag(descr, QV_T_METHOD) && t->version != 0 &&
           plan_class_value(o, descr, name, e);
}

// Before the store: what it will do tells the fast form.
static bool plan_store(QvInterp *qi, QvObj *o, QvObj *name, QvAttrEntry *e)
{
    QvType *t = o->type;
    if (t->setattr != qv_object_setattr) {
        return false;
    }
    QvObj *descr = qv_type_lookup(qi, t, name);
    if (t->version == 0) {
        return false;
    }
    if (descr && is_data_descr(descr)) {
        return plan_member(o, descr, e);
    }
    if (plan_slot(o, name, e) || plan_in_dict(o, e)) {
        return true;
    }
    QvShape *shape = has_fixed_part(t) && !t->dict_offset ? qv_inst_part(o)->shape : &qv_shape_dict;
    if (shape && shape->is_dict) {
        return false;
    }
    QvShape *from = shape ? shape : qv_shape_root(qi, t);
    QvShape *after = from && from->count < qv_inst_cap(o) ? qv_shape_add(qi, from, name) : NULL;
    if (!after) {
        qv_err_clear(qi); // no memory for the shape: the general form stays
        return false;
    }
    *e = (QvAttrEntry){.version = t->version,
                       .at = t->inst_offset,
                       .guard = (uintptr_t)shape,
                       .offset = slot_offset(t, from->count),
                       .after = after};
    return true;
}

// Into the cache that all sites share.
static void remember(QvInterp *qi, QvAttrEntry *e, QvObj *name, QvAttrUse use)
{
    if (qi->types.attrs == qv_no_attrs) {
        const QvAttrEntry *fresh = qv_heap_alloc_zero(&qi->heap, sizeof(qv_no_attrs));
        if (!fresh) {
            return; // it works without
        }
        qi->types.attrs = fresh;
    }
    e->key = (uintptr_t)name + use;
    QvAttrEntry *entries = (QvAttrEntry *)(uintptr_t)qi->types.attrs;
    uint32_t at = qv_attr_slot(e->version, e->key);
    // The second place is for the other of two shapes of one class, or as long as it is free.
    if (entries[at ^ 1].version == 0 ||
        (entries[at].version == e->version && entries[at].key == e->key)) {
        entries[at ^ 1] = entries[at];
    }
    entries[at] = *e;
}

// What a property of the class calls with n arguments, when that is a plain Python function.
static QvFunction *property_function(QvInterp *qi, QvObj *o, QvObj *name, int n)
{
    QvObj *descr = qv_type_lookup(qi, o->type, name);
    if (!descr || descr->type != &qv_property_type || o->type->version == 0) {
        return NULL;
    }
    const QvProperty *property = (QvProperty *)descr;
    QvFunction *fn = (QvFunction *)(n == 1 ? property->get : property->set);
    const unsigned makers = QV_CO_GENERATOR | QV_CO_COROUTINE | QV_CO_ASYNC_GENERATOR;
    return fn && fn->h.type == &qv_function_type && fn->code->exact_args == n &&
                   !(fn->code->flags & makers) && qv_spec_code_version(qi, fn->code)
               ? fn
               : NULL;
}

static void spec_property(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvFunction *fn = generic_getattr(o->type) ? property_function(qi, o, name, 1) : NULL;
    if (fn) {
        set_words(at, QV_INS_LOAD_ATTR_PROPERTY, pair(o->type->version, 0), fn->code->version,
                  (uintptr_t)fn);
    }
}

// What is made anew at each look-up: a bound method, a field of a named tuple.
static bool spec_made(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvType *t = o->type;
    QvObj *descr = generic_getattr(t) ? qv_type_lookup(qi, t, name) : NULL;
    QvAttrEntry e;
    if (!descr || t->version == 0) {
        return false;
    }
    if (descr->type == &qv_collections_tuplegetter_type && qv_is_tuple(o)) {
        QvSsize index = ((QvTupleGetter *)descr)->index;
        if (index >= 0 && index <= INT32_MAX) {
            set_words(at, QV_INS_LOAD_ATTR_TUPLE_ITEM, pair(t->version, (size_t)index), 0, 0);
            return true;
        }
    } else if ((descr->type == &qv_function_type ||
                (descr->type == &qv_method_descriptor_type &&
                 qv_type_is_subtype(t, ((QvMethodDescr *)descr)->type))) &&
               plan_class_value(o, descr, name, &e)) {
        set_words(at, QV_INS_LOAD_ATTR_BOUND, pair(e.version, e.at), e.guard, (uintptr_t)descr);
        return true;
    } else if ((descr->type == &qv_getset_descriptor_type ||
                descr->type == &qv_member_descriptor_type) &&
               ((QvGetSetDescr *)descr)->def &&
               qv_type_is_subtype(t, ((QvGetSetDescr *)descr)->type) &&
               ((QvGetSetDescr *)descr)->def->get) {
        set_words(at, QV_INS_LOAD_ATTR_GETSET, pair(t->version, AT_TYPE), (uintptr_t)t,
                  (uintptr_t)descr);
        return true;
    } else if ((descr->type->flags & QV_T_HEAP) && descr->type->descr_get) {
        QvObj *get = qv_type_lookup(qi, descr->type, QV_N(__get__));
        bool fast = get && get->type == &qv_function_type;
        if (fast && is_data_descr(descr)) {
            e = (QvAttrEntry){.version = t->version, .at = AT_TYPE, .guard = (uintptr_t)t};
        } else {
            fast = fast && plan_class_value(o, descr, name, &e);
        }
        if (fast) {
            set_words(at, QV_INS_LOAD_ATTR_GET_PY, pair(e.version, e.at), e.guard,
                      (uintptr_t)descr);
            return true;
        }
    }
    return false;
}

// The word of a class that changes with its version, as a guard like a shape in an instance.
// (`size`, the other half of the word, does not change.)
#define AT_VERSION offsetof(QvType, version)
static uint64_t version_word(const QvType *cls)
{
    _Static_assert(AT_VERSION % 8 == 0 && offsetof(QvType, size) == AT_VERSION + 4,
                   "the guard is a word of 64 bits");
    uint64_t word;
    memcpy(&word, (const char *)cls + AT_VERSION, sizeof word);
    return word;
}

// Is it a descriptor that a class gives as it is?
static bool is_bound_by_instances_only(const QvObj *d)
{
    return d->type == &qv_function_type || d->type == &qv_method_descriptor_type ||
           d->type == &qv_wrapper_descriptor_type;
}

// Are attributes of classes of this metaclass found as type finds them (whatever it does about
// those that are not found)?
static bool finds_as_type(QvInterp *qi, QvType *meta)
{
    return qv_type_lookup(qi, meta, QV_N(__getattribute__)) ==
           qv_type_lookup(qi, &qv_type_type, QV_N(__getattribute__));
}

// What a class of the metaclass has itself, where reading it off the class gives it as it is.
static bool plan_class_attr(QvInterp *qi, QvType *cls, QvObj *name, QvAttrEntry *e)
{
    QvType *metatype = cls->h.type;
    if (!finds_as_type(qi, metatype)) {
        return false;
    }
    QvObj *meta = qv_type_lookup(qi, metatype, name);
    QvObj *value = qv_type_lookup(qi, cls, name);
    if (!value || (meta && is_data_descr(meta)) || !cls->version || !metatype->version ||
        (value->type->descr_get && !is_bound_by_instances_only(value))) {
        return false;
    }
    *e = (QvAttrEntry){
        .version = metatype->version, .at = AT_VERSION, .guard = version_word(cls), .value = value};
    return true;
}

void qv_spec_load_attr(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvAttrEntry e;
    if (o->type == &qv_module_type) {
        QvObj *d = qv_module_dict(o);
        QvSsize idx = qv_dict_find_str(d, name);
        if (idx >= 0) {
            set_words(at, QV_INS_LOAD_ATTR_MODULE, qv_dict_version(qi, d), (uint64_t)idx, 0);
        }
    } else if (qv_is_type(o)) {
        if (!plan_class_attr(qi, (QvType *)o, name, &e)) {
            return;
        }
        if (o->type == &qv_type_type) {
            set_words(at, QV_INS_LOAD_ATTR_TYPE, ((QvType *)o)->version, 0, (uintptr_t)e.value);
        } else {
            set_words(at, QV_INS_LOAD_ATTR_CLASS, pair(e.version, e.at), e.guard,
                      (uintptr_t)e.value);
        }
    } else if (!plan_load(qi, o, name, &e)) {
        if (!spec_made(qi, at, o, name)) {
            spec_property(qi, at, o, name);
        }
    } else if (e.offset == QV_ATTR_IN_DICT) {
        at->op = QV_INS_LOAD_ATTR_ANY;
        remember(qi, &e, name, QV_ATTR_LOAD);
    } else if (e.value) {
        set_words(at, QV_INS_LOAD_ATTR_CLASS, pair(e.version, e.at), e.guard, (uintptr_t)e.value);
    } else if (e.at == AT_TYPE) {
        set_words(at, QV_INS_LOAD_ATTR_MEMBER, pair(e.version, e.offset), 0, 0);
    } else {
        set_words(at, QV_INS_LOAD_ATTR_SLOT, pair(e.version, e.offset), e.guard, e.at);
    }
}

void qv_spec_load_method(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvAttrEntry e;
    if (plan_method(qi, o, name, &e)) {
        set_words(at, QV_INS_LOAD_METHOD_CACHED, pair(e.version, e.at), e.guard,
                  (uintptr_t)e.value);
    }
}

// A method called on a class itself.
static void spec_class_method(QvInterp *qi, QvInstr *at, QvType *cls, QvObj *name)
{
    QvType *metatype = cls->h.type;
    QvObj *meta = qv_type_lookup(qi, metatype, name);
    QvObj *value = qv_type_lookup(qi, cls, name);
    if (!value || (meta && is_data_descr(meta)) || !metatype->version || !cls->version) {
        return;
    }
    QvOp op = QV_INS_LOAD_METHOD_VALUE;
    if (value->type == &qv_classmethod_type) {
        value = ((QvWrapDescr *)value)->callable;
        op = QV_INS_LOAD_METHOD_CACHED; // the class goes first
        if (value->type != &qv_function_type) {
            return;
        }
    } else if (value->type == &qv_staticmethod_type) {
        value = ((QvWrapDescr *)value)->callable;
    } else if (value->type->descr_get && !is_bound_by_instances_only(value)) {
        return;
    }
    set_words(at, op, pair(metatype->version, AT_VERSION), version_word(cls), (uintptr_t)value);
}

void qv_spec_load_method_value(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvType *t = o->type;
    QvAttrEntry e;
    if (t == &qv_module_type) {
        QvObj *d = qv_module_dict(o);
        QvSsize idx = qv_dict_find_str(d, name);
        if (idx >= 0) {
            set_words(at, QV_INS_LOAD_METHOD_MODULE, qv_dict_version(qi, d), (uint64_t)idx, 0);
        }
        return;
    }
    if (qv_is_type(o)) {
        if (finds_as_type(qi, t)) {
            spec_class_method(qi, at, (QvType *)o, name);
        }
        return;
    }
    if (!generic_getattr(t)) {
        return;
    }
    QvObj *descr = qv_type_lookup(qi, t, name);
    if (t->version == 0 || (descr && is_data_descr(descr))) {
        return;
    }
    if (plan_slot(o, name, &e)) {
        set_words(at, QV_INS_LOAD_METHOD_SLOT, pair(e.version, e.offset), e.guard, e.at);
    } else if (descr && descr->type == &qv_staticmethod_type) {
        QvObj *value = ((QvWrapDescr *)descr)->callable;
        if (plan_class_value(o, value, name, &e)) {
            set_words(at, QV_INS_LOAD_METHOD_VALUE, pair(e.version, e.at), e.guard,
                      (uintptr_t)value);
        }
    }
}

void qv_spec_store_attr(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvAttrEntry e;
    if (!plan_store(qi, o, name, &e)) {
        QvFunction *fn = o->type->setattr == qv_object_setattr ? property_function(qi, o, name, 2)
                                                               : NULL;
        if (fn) {
            set_words(at, QV_INS_STORE_ATTR_PROPERTY, pair(o->type->version, 0), fn->code->version,
                      (uintptr_t)fn);
        }
        return;
    }
    if (e.offset == QV_ATTR_IN_DICT) {
        at->op = QV_INS_STORE_ATTR_ANY;
        remember(qi, &e, name, QV_ATTR_STORE);
    } else if (e.after) {
        set_words(at, QV_INS_STORE_ATTR_ADD, pair(e.version, e.offset), e.guard,
                  (uintptr_t)e.after);
    } else if (e.at == AT_TYPE) {
        set_words(at, QV_INS_STORE_ATTR_MEMBER, pair(e.version, e.offset), 0, 0);
    } else {
        set_words(at, QV_INS_STORE_ATTR_SLOT, pair(e.version, e.offset), e.guard, e.at);
    }
}

// ---- attributes where many types meet -----------------------------------------------------------

void qv_spec_load_attr_any(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvAttrEntry e;
    if (qv_is_type(o) ? plan_class_attr(qi, (QvType *)o, name, &e) : plan_load(qi, o, name, &e)) {
        remember(qi, &e, name, QV_ATTR_LOAD);
    }
}

void qv_spec_load_method_any(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvAttrEntry e;
    if (plan_method(qi, o, name, &e)) {
        remember(qi, &e, name, QV_ATTR_METHOD);
    }
}

void qv_spec_store_attr_any(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvAttrEntry e;
    if (plan_store(qi, o, name, &e)) {
        remember(qi, &e, name, QV_ATTR_STORE);
    }
}

// ---- names and subscripts -----------------------------------------------------------------------

void qv_spec_load_global(QvInterp *qi, QvFrame *f, QvInstr *at, QvObj *name)
{
    uint64_t *c = cache_of(at);
    if (!qv_is_dict_exact(f->globals) || !qv_is_dict_exact(f->builtins)) {
        return;
    }
    QvSsize idx = qv_dict_find_str(f->globals, name);
    if (idx >= 0) {
        c[0] = qv_dict_version(qi, f->globals);
        c[1] = (uintptr_t) & ((QvDict *)f->globals)->entries[idx].value;
        if (at->op == QV_INS_LOAD_GLOBAL) {
            at->op = QV_INS_LOAD_GLOBAL_MODULE;
        }
        return;
    }
    idx = qv_dict_find_str(f->builtins, name);
    if (idx >= 0 && idx < 0x10000 && at->op == QV_INS_LOAD_GLOBAL) {
        uint64_t version = qv_dict_version(qi, f->builtins);
        if (version >> 48 == 0) {
            c[0] = qv_dict_version(qi, f->globals);
            c[1] = version << 16 | (uint64_t)idx;
            at->op = QV_INS_LOAD_GLOBAL_BUILTIN;
        }
    }
}

void qv_spec_getitem(QvInstr *at, QvObj *o, QvObj *key)
{
    if (o->type == &qv_dict_type) {
        at->op = QV_INS_GETITEM_DICT;
    } else if (key->type == &qv_int_type) {
        if (o->type == &qv_list_type) {
            at->op = QV_INS_GETITEM_LIST_INT;
        } else if (o->type == &qv_tuple_type) {
            at->op = QV_INS_GETITEM_TUPLE_INT;
        } else if (o->type == &qv_str_type) {
            at->op = QV_INS_GETITEM_STR_INT;
        }
    }
}

void qv_spec_setitem(QvInstr *at, QvObj *o, QvObj *key)
{
    if (o->type == &qv_dict_type) {
        at->op = QV_INS_SETITEM_DICT;
    } else if (o->type == &qv_list_type && key->type == &qv_int_type) {
        at->op = QV_INS_SETITEM_LIST_INT;
    }
}

// ---- calls --------------------------------------------------------------------------------------

// The Python function that a call of this, a function or a bound method, enters; or NULL.
static QvFunction *entered(QvObj *callable, QvSsize *nargs)
{
    if (callable->type == &qv_method_type) {
        *nargs += 1;
        callable = ((QvMethod *)callable)->func;
    }
    return callable->type == &qv_function_type ? (QvFunction *)callable : NULL;
}

// Is it called by a slot that is the same for all of its type?
static bool has_own_call(const QvObj *callable)
{
    const QvType *t = callable->type;
    return !(t->flags & QV_T_HEAP) && t->call && t != &qv_type_type && t != &qv_function_type &&
           t != &qv_method_type;
}

static void spec_call_class(QvInterp *qi, QvInstr *at, QvType *cls, QvSsize nargs)
{
    bool method = at->op == QV_INS_CALL_METHOD;
    QvObj *init = cls->flags & QV_T_HEAP ? qv_inline_init(qi, cls) : NULL;
    QvObj *make = method || init ? NULL : qv_inline_new(qi, cls);
    QvFunction *fn = (QvFunction *)(init ? init : make);
    if (fn) {
        if (qv_missing(fn, nargs + 1) >= 0 && cls->version && qv_spec_code_version(qi, fn->code)) {
            QvOp op = method ? QV_INS_CALL_METHOD_CLASS
                      : init ? QV_INS_CALL_CLASS
                             : QV_INS_CALL_NEW;
            set_words(at, op, cls->version, fn->code->version, (uintptr_t)fn);
        }
    } else if (method) {
        return;
    } else if (nargs == 0 && qv_makes_plain_instance(qi, cls)) {
        if (cls->version) {
            set_words(at, QV_INS_CALL_CLASS_PLAIN, cls->version, 0, 0);
        }
    } else {
        set_words(at, QV_INS_CALL_ONE_TYPE, (uintptr_t)cls, 0, 0);
    }
}

void qv_spec_call(QvInterp *qi, QvInstr *at, QvObj *callable, QvSsize nargs)
{
    QvType *t = callable->type;
    QvSsize n = nargs;
    QvFunction *fn = entered(callable, &n);
    if (fn) {
        if (t == &qv_function_type && fn->code->exact_args == nargs) {
            at->op = QV_INS_CALL_PY;
        } else if (qv_missing(fn, n) >= 0) {
            at->op = QV_INS_CALL_PY_ANY;
        }
    } else if (t == &qv_builtin_type) {
        const QvSig *sig = ((QvBuiltin *)callable)->sig;
        QvObj *b = qi->builtins;
        if ((nargs == 2 || nargs == 3) && callable == qv_dict_peek_str(b, QV_N(getattr))) {
            set_words(at, QV_INS_CALL_GETATTR, (uintptr_t)callable, 0, 0);
        } else if (nargs == 1 && callable == qv_dict_peek_str(b, QV_N(len))) {
            set_words(at, QV_INS_CALL_LEN, (uintptr_t)callable, 0, 0);
        } else if (nargs == 2 && callable == qv_dict_peek_str(b, QV_N(isinstance))) {
            set_words(at, QV_INS_CALL_ISINSTANCE, (uintptr_t)callable, 0, 0);
        } else if (nargs == 1 && qv_is_immortal(callable) && strcmp(sig->def->name, "next") == 0) {
            set_words(at, QV_INS_CALL_NEXT, (uintptr_t)callable, 0, 0);
        } else if (qv_sig_takes(sig, nargs)) {
            set_words(at, QV_INS_CALL_NATIVE, (uintptr_t)sig, 0, 0);
        } else if (qv_sig_takes_fewer(sig, nargs)) {
            set_words(at, QV_INS_CALL_NATIVE_FEWER, (uintptr_t)sig, 0, 0);
        } else {
            set_words(at, QV_INS_CALL_TYPED, (uintptr_t)t, 0, 0);
        }
    } else if (callable == (QvObj *)&qv_type_type && nargs == 1) {
        at->op = QV_INS_CALL_TYPE1;
    } else if (t == &qv_type_type) {
        spec_call_class(qi, at, (QvType *)callable, nargs);
    } else if (has_own_call(callable)) {
        set_words(at, QV_INS_CALL_TYPED, (uintptr_t)t, 0, 0);
    }
}

// Keywords of a call whose parameters are found once: word 1 has a byte for each, the index of its
// parameter, in bits 56 to 62 their number, and bit 63 when a self stands before the arguments.
void qv_spec_call_kw(QvInterp *qi, QvInstr *at, QvObj *callable, bool self, QvSsize nvalues,
                     QvObj *kwnames)
{
    QvSsize nkw = qv_tuple_len(kwnames), npos = nvalues - nkw;
    if (callable->type != &qv_function_type || nkw < 1 || nkw > 7) {
        return;
    }
    QvFunction *fn = (QvFunction *)callable;
    const QvCode *co = fn->code;
    unsigned first = co->posonly > npos ? co->posonly : (unsigned)npos;
    unsigned nparams = (unsigned)co->argcount + co->kwonly;
    if ((co->flags & (QV_CO_VARARGS | QV_CO_VARKEYWORDS)) || !(co->flags & QV_CO_OPTIMIZED) ||
        npos > co->argcount || nparams > 256 || co->image || !qv_spec_code_version(qi, fn->code)) {
        return;
    }
    uint64_t map = (uint64_t)nkw << 56 | (uint64_t)self << 63;
    for (QvSsize k = 0; k < nkw; k++) {
        unsigned j = first;
        while (j < nparams && co->localnames[j] != qv_tuple_peek(kwnames, k)) {
            j++;
        }
        if (j == nparams) {
            return;
        }
        map |= (uint64_t)j << (8 * k);
    }
    uint64_t *c = cache_of(at);
    c[0] = (uint32_t)c[0] | (uint64_t)co->version << 32;
    c[1] = map;
    at->op = at->op == QV_INS_CALL_KW ? QV_INS_CALL_KW_PY : QV_INS_CALL_METHOD_KW_PY;
}

// A call of an attribute that took no self (LOAD_METHOD gave NULL): what CALL does, with the
// arguments one register further.
static void spec_call_value(QvInterp *qi, QvInstr *at, QvObj *callable, QvSsize nargs)
{
    QvType *t = callable->type;
    QvSsize n = nargs;
    QvFunction *fn = entered(callable, &n);
    if (fn) {
        if (t == &qv_function_type && fn->code->exact_args == nargs) {
            at->op = QV_INS_CALL_METHOD_VALUE_PY;
        } else if (qv_missing(fn, n) >= 0) {
            at->op = QV_INS_CALL_METHOD_PY_ANY;
        }
    } else if (t == &qv_type_type) {
        spec_call_class(qi, at, (QvType *)callable, nargs);
    } else if (t == &qv_builtin_type && qv_sig_takes(((QvBuiltin *)callable)->sig, nargs)) {
        set_words(at, QV_INS_CALL_METHOD_VALUE_NATIVE, (uintptr_t)((QvBuiltin *)callable)->sig, 0,
                  0);
    } else if (has_own_call(callable)) {
        set_words(at, QV_INS_CALL_METHOD_VALUE_TYPED, (uintptr_t)t, 0, 0);
    }
}

void qv_spec_call_method(QvInterp *qi, QvInstr *at, QvObj *callable, QvObj *self, QvSsize nargs)
{
    if (!self) {
        spec_call_value(qi, at, callable, nargs);
        return;
    }
    if (callable->type == &qv_function_type) {
        if (((QvFunction *)callable)->code->exact_args == nargs) {
            at->op = QV_INS_CALL_METHOD_PY;
        } else if (qv_missing((QvFunction *)callable, nargs) >= 0) {
            at->op = QV_INS_CALL_METHOD_PY_ANY;
        }
    } else if (callable->type == &qv_method_descriptor_type) {
        const QvSig *sig = ((QvMethodDescr *)callable)->sig;
        if (self->type == &qv_list_type && nargs == 2 && strcmp(sig->def->name, "append") == 0 &&
            qv_is_immortal(callable)) {
            set_words(at, QV_INS_CALL_METHOD_APPEND, (uintptr_t)callable, 0, 0);
        } else if (qv_is_generator(self) && nargs == 2 && strcmp(sig->def->name, "send") == 0 &&
                   qv_is_immortal(callable)) {
            set_words(at, QV_INS_CALL_METHOD_SEND, (uintptr_t)callable, 0, 0);
        } else if (qv_sig_takes(sig, nargs - 1)) {
            set_words(at, QV_INS_CALL_METHOD_NATIVE, (uintptr_t)sig, 0, 0);
        } else if (qv_sig_takes_fewer(sig, nargs - 1)) {
            set_words(at, QV_INS_CALL_METHOD_NATIVE_FEWER, (uintptr_t)sig, 0, 0);
        } else {
            at->op = QV_INS_CALL_METHOD_NATIVE_ANY;
        }
    }
}

void qv_spec_call_in_generator(QvInstr *at)
{
    switch (at->op) {
    case QV_INS_CALL_PY: at->op = QV_INS_CALL_PY_GEN; break;
    case QV_INS_CALL_METHOD_PY: at->op = QV_INS_CALL_METHOD_PY_GEN; break;
    case QV_INS_CALL_METHOD_VALUE_PY: at->op = QV_INS_CALL_METHOD_PY_ANY; break;
    default: break;
    }
}
