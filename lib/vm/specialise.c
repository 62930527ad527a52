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
static uint32_t version_of(QvInterp *qi, QvFunction *fn)
{
    QvCode *code = fn->code;
    if (code->version == 0 && qi->code_version != UINT32_MAX) {
        code->version = ++qi->code_version;
    }
    return code->version;
}

static bool plain_python(QvInterp *qi, QvFunction *fn, QvSsize nargs)
{
    return fn->code->simple_args && fn->code->argcount == nargs &&
           (fn->code->flags & QV_CO_OPTIMIZED) && version_of(qi, fn) != 0;
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

static void spec_load_attr_class(QvInstr *at, QvOp op, QvObj *o, QvObj *value, QvObj *name)
{
    QvType *t = o->type;
    if (t->inst_offset == 0 && t->dict_offset == 0) {
        set_words(at, op, pair(t->version, 0), 0, (uintptr_t)value);
    } else if (has_fixed_part(t) && t->dict_offset == 0) {
        QvShape *shape = qv_inst_part(o)->shape;
        if (!shape || (!shape->is_dict && qv_shape_find(shape, name) < 0)) {
            set_words(at, op, pair(t->version, t->inst_offset), (uintptr_t)shape, (uintptr_t)value);
        }
    }
}

void qv_spec_load_attr(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvType *t = o->type;
    if (t == &qv_module_type) {
        QvObj *d = qv_module_dict(o);
        QvSsize idx = qv_dict_find_str(d, name);
        if (idx >= 0) {
            set_words(at, QV_INS_LOAD_ATTR_MODULE, qv_dict_version(qi, d), (uint64_t)idx, 0);
        }
        return;
    }
    if (t == &qv_type_type) {
        QvType *cls = (QvType *)o;
        QvObj *meta = qv_type_lookup(qi, t, name);
        QvObj *value = qv_type_lookup(qi, cls, name);
        if (value && !(meta && is_data_descr(meta)) && !value->type->descr_get && cls->version) {
            set_words(at, QV_INS_LOAD_ATTR_TYPE, cls->version, 0, (uintptr_t)value);
        } else if (value && value->type == &qv_function_type && !(meta && is_data_descr(meta)) &&
                   cls->version) {
            set_words(at, QV_INS_LOAD_ATTR_TYPE, cls->version, 0, (uintptr_t)value); // plain
                                                                                     // function
                                                                                     // from the
                                                                                     // class
        }
        return;
    }
    if (!generic_getattr(t)) {
        return;
    }
    QvObj *descr = qv_type_lookup(qi, t, name);
    if (t->version == 0) {
        return;
    }
    if (descr && is_data_descr(descr)) {
        if (descr->type == &qv_member_descriptor_type) {
            size_t offset = ((QvMemberDescr *)descr)->offset;
            if (offset) {
                set_words(at, QV_INS_LOAD_ATTR_MEMBER, pair(t->version, offset), 0, 0);
            }
        } else if (descr->type == &qv_property_type) {
            QvFunction *fn = (QvFunction *)((QvProperty *)descr)->get;
            if (fn && fn->h.type == &qv_function_type && fn->code->simple_args &&
                fn->code->argcount == 1 &&
                !(fn->code->flags & (QV_CO_GENERATOR | QV_CO_COROUTINE | QV_CO_ASYNC_GENERATOR)) &&
                version_of(qi, fn)) {
                set_words(at, QV_INS_LOAD_ATTR_PROPERTY, pair(t->version, 0), fn->code->version,
                          (uintptr_t)fn);
            }
        }
        return;
    }
    if (has_fixed_part(t) && t->dict_offset == 0) {
        QvShape *shape = qv_inst_part(o)->shape;
        if (shape && !shape->is_dict) {
            int slot = qv_shape_find(shape, name);
            if (slot >= 0) {
                size_t offset = t->inst_offset + offsetof(QvInstPart, slots) +
                                (size_t)slot * sizeof(QvObj *);
                set_words(at, QV_INS_LOAD_ATTR_SLOT, pair(t->version, offset), (uintptr_t)shape,
                          t->inst_offset);
                return;
            }
        }
    }
    if (descr && !descr->type->descr_get) {
        spec_load_attr_class(at, QV_INS_LOAD_ATTR_CLASS, o, descr, name);
    }
}

void qv_spec_load_method(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvType *t = o->type;
    if (!generic_getattr(t)) {
        return;
    }
    QvObj *descr = qv_type_lookup(qi, t, name);
    if (!descr || !qv_has_flag(descr, QV_T_METHOD) || t->version == 0) {
        return;
    }
    spec_load_attr_class(at, QV_INS_LOAD_METHOD_CACHED, o, descr, name);
}

// Before the store: what it will do tells the fast form.
void qv_spec_store_attr(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name)
{
    QvType *t = o->type;
    if (t->setattr != qv_object_setattr) {
        return;
    }
    QvObj *descr = qv_type_lookup(qi, t, name);
    if (t->version == 0) {
        return;
    }
    if (descr && is_data_descr(descr)) {
        if (descr->type == &qv_member_descriptor_type) {
            size_t offset = ((QvMemberDescr *)descr)->offset;
            if (offset) {
                set_words(at, QV_INS_STORE_ATTR_MEMBER, pair(t->version, offset), 0, 0);
            }
        }
        return;
    }
    if (!has_fixed_part(t) || t->dict_offset != 0) {
        return;
    }
    QvShape *shape = qv_inst_part(o)->shape;
    if (shape && shape->is_dict) {
        return;
    }
    int slot = shape ? qv_shape_find(shape, name) : -1;
    if (slot >= 0) {
        size_t offset = t->inst_offset + offsetof(QvInstPart, slots) +
                        (size_t)slot * sizeof(QvObj *);
        set_words(at, QV_INS_STORE_ATTR_SLOT, pair(t->version, offset), (uintptr_t)shape,
                  t->inst_offset);
        return;
    }
    QvShape *from = shape ? shape : qv_shape_root(qi, t);
    QvShape *next = from && from->count < qv_inst_cap(o) ? qv_shape_add(qi, from, name) : NULL;
    if (!next) {
        qv_err_clear(qi); // no memory for the shape: the general form stays
        return;
    }
    size_t offset = t->inst_offset + offsetof(QvInstPart, slots) +
                    (size_t)from->count * sizeof(QvObj *);
    set_words(at, QV_INS_STORE_ATTR_ADD, pair(t->version, offset), (uintptr_t)shape,
              (uintptr_t)next);
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

void qv_spec_call(QvInterp *qi, QvInstr *at, QvObj *callable, QvSsize nargs)
{
    QvType *t = callable->type;
    if (t == &qv_function_type) {
        QvFunction *fn = (QvFunction *)callable;
        if (plain_python(qi, fn, nargs)) {
            set_words(at, QV_INS_CALL_PY, fn->code->version, 0, 0);
        } else if (fn->code->simple_args && nargs < fn->code->argcount && fn->defaults &&
                   nargs + qv_tuple_len(fn->defaults) >= fn->code->argcount && version_of(qi, fn)) {
            set_words(at, QV_INS_CALL_PY_DEFAULTS, fn->code->version, 0, 0);
        }
    } else if (t == &qv_builtin_type) {
        const QvSig *sig = ((QvBuiltin *)callable)->sig;
        QvObj *b = qi->builtins;
        if (nargs == 1 && callable == qv_dict_peek_str(b, QV_N(len))) {
            set_words(at, QV_INS_CALL_LEN, (uintptr_t)callable, 0, 0);
        } else if (nargs == 2 && callable == qv_dict_peek_str(b, QV_N(isinstance))) {
            set_words(at, QV_INS_CALL_ISINSTANCE, (uintptr_t)callable, 0, 0);
        } else if (sig->simple && sig->nparams == nargs) {
            set_words(at, QV_INS_CALL_NATIVE, (uintptr_t)sig, 0, 0);
        }
    } else if (t == &qv_method_type) {
        QvObj *func = ((QvMethod *)callable)->func;
        if (func->type == &qv_function_type && plain_python(qi, (QvFunction *)func, nargs + 1)) {
            set_words(at, QV_INS_CALL_BOUND, ((QvFunction *)func)->code->version, 0, 0);
        }
    } else if (callable == (QvObj *)&qv_type_type && nargs == 1) {
        at->op = QV_INS_CALL_TYPE1;
    } else if (t == &qv_type_type) {
        QvType *cls = (QvType *)callable;
        QvObj *init = qv_inline_init(qi, cls);
        if (init && plain_python(qi, (QvFunction *)init, nargs + 1) && cls->version) {
            set_words(at, QV_INS_CALL_CLASS, cls->version, ((QvFunction *)init)->code->version,
                      (uintptr_t)init);
        }
    }
}

void qv_spec_call_method(QvInterp *qi, QvInstr *at, QvObj *callable, QvObj *self, QvSsize nargs)
{
    if (!self) {
        return;
    }
    if (callable->type == &qv_function_type) {
        QvFunction *fn = (QvFunction *)callable;
        if (plain_python(qi, fn, nargs)) {
            set_words(at, QV_INS_CALL_METHOD_PY, fn->code->version, 0, 0);
        }
    } else if (callable->type == &qv_method_descriptor_type) {
        const QvSig *sig = ((QvMethodDescr *)callable)->sig;
        if (self->type == &qv_list_type && nargs == 2 && strcmp(sig->def->name, "append") == 0 &&
            qv_is_immortal(callable)) {
            set_words(at, QV_INS_CALL_METHOD_APPEND, (uintptr_t)callable, 0, 0);
        } else if (sig->simple && sig->nparams == nargs - 1) {
            set_words(at, QV_INS_CALL_METHOD_NATIVE, (uintptr_t)sig, 0, 0);
        }
    }
}

void qv_spec_call_in_generator(QvInstr *at)
{
    switch (at->op) {
    case QV_INS_CALL_PY: at->op = QV_INS_CALL_PY_GEN; break;
    case QV_INS_CALL_METHOD_PY: at->op = QV_INS_CALL_METHOD_PY_GEN; break;
    case QV_INS_CALL_PY_DEFAULTS:
    case QV_INS_CALL_CLASS:
    case QV_INS_CALL_BOUND: at->op = QV_INS_CALL; break;
    default: break;
    }
}
