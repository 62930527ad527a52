// SPDX-License-Identifier: MIT
// Out-of-line bodies of instructions: names, attributes, functions, import.
#include <string.h>

#include "object/module.h"
#include "vm/eval_internal.h"

// ---- unbound names ------------------------------------------------------------------------------

static void set_name(QvInterp *qi, QvObj *name)
{
    QvObj *exc = qi->ts->exc;
    if (exc && exc->type == &qv_exc_NameError) { // not UnboundLocalError
        qv_set_take(qi, &((QvNameError *)exc)->name, qv_new_ref(qi, name));
    }
}

static int raise_name_error(QvInterp *qi, QvObj *name)
{
    qv_raise(qi, &qv_exc_NameError, "name '%U' is not defined", name);
    set_name(qi, name);
    return -1;
}

int qv_raise_unbound(QvInterp *qi, QvFrame *f, unsigned reg)
{
    QvObj *name = f->code->localnames[reg];
    qv_raise(qi, &qv_exc_UnboundLocalError,
             "cannot access local variable '%U' where it is not associated with a value", name);
    set_name(qi, name);
    return -1;
}

int qv_raise_unbound_cell(QvInterp *qi, QvFrame *f, unsigned reg)
{
    unsigned cell = reg - f->code->nlocals;
    QvObj *name = f->code->cellnames[cell];
    if (cell < f->code->ncells) {
        qv_raise(qi, &qv_exc_UnboundLocalError,
                 "cannot access local variable '%U' where it is not associated with a value", name);
    } else {
        qv_raise(qi, &qv_exc_NameError,
                 "cannot access free variable '%U' where it is not associated with a value in "
                 "enclosing scope",
                 name);
    }
    set_name(qi, name);
    return -1;
}

// ---- names --------------------------------------------------------------------------------------

// A name in any mapping: 1 (*ret new), 0, -1. KeyError means absent.
static int mapping_get(QvInterp *qi, QvObj *mapping, QvObj *name, QvObj **ret)
{
    if (qv_is_dict_exact(mapping)) {
        int found = qv_dict_get(qi, mapping, name, ret);
        if (found > 0) {
            qv_incref(qi, *ret);
        }
        return found;
    }
    *ret = qv_getitem(qi, mapping, name);
    if (*ret) {
        return 1;
    }
    if (!qv_err_matches(qi, &qv_exc_KeyError)) {
        return -1;
    }
    qv_err_clear(qi);
    return 0;
}

static int load_global(QvInterp *qi, QvFrame *f, QvObj *name, QvObj **ret)
{
    int found = mapping_get(qi, f->globals, name, ret);
    if (found == 0) {
        found = mapping_get(qi, f->builtins, name, ret);
    }
    if (found == 0) {
        QvObj *own = qv_dict_peek_str(f->globals, QV_N(__builtins__));
        if (own && !qv_is_dict(own) && !qv_is_module(own)) {
            qv_incref(qi, own);
            found = mapping_get(qi, own, name, ret);
            qv_decref(qi, own);
        }
    }
    if (found == 0) {
        return raise_name_error(qi, name);
    }
    return found;
}

int qv_slow_load_global(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *name = f->code->names[i.b];
    QvObj *x;
    if (load_global(qi, f, name, &x) < 0) {
        return -1;
    }
    qv_spec_load_global(qi, f, &pc[-1], name);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

int qv_slow_load_name(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *name = f->code->names[i.b];
    QvObj *x = NULL;
    int found = 0;
    if (f->locals && f->locals != f->globals) {
        found = mapping_get(qi, f->locals, name, &x);
        if (found < 0) {
            return -1;
        }
    }
    if (!found) {
        if (load_global(qi, f, name, &x) < 0) {
            return -1;
        }
        if (f->locals == f->globals && qv_is_dict_exact(f->globals) &&
            qv_dict_find_str(f->globals, name) >= 0) {
            qv_spec_load_global(qi, f, &pc[-1], name); // fills the cache; LOAD_NAME stays LOAD_NAME
        }
    }
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

int qv_slow_store_name(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *name = f->code->names[i.b];
    if (!f->locals) {
        qv_raise(qi, &qv_exc_SystemError, "no locals found when storing %R", name);
        return -1;
    }
    int result = qv_is_dict_exact(f->locals) ? qv_dict_set(qi, f->locals, name, r[i.a])
                                             : qv_setitem(qi, f->locals, name, r[i.a]);
    if (result == 0 && (i.flags & QV_TAKE_A)) {
        qv_reg_drop(qi, &r[i.a]);
    }
    return result;
}

int qv_slow_del_name(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvObj *name = f->code->names[pc[-1].a];
    if (!f->locals) {
        qv_raise(qi, &qv_exc_SystemError, "no locals when deleting %R", name);
        return -1;
    }
    if (qv_delitem(qi, f->locals, name) < 0) {
        if (qv_err_matches(qi, &qv_exc_KeyError)) {
            qv_err_clear(qi);
            return raise_name_error(qi, name);
        }
        return -1;
    }
    return 0;
}

int qv_slow_del_global(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvObj *name = f->code->names[pc[-1].a];
    if (qv_dict_del(qi, f->globals, name) < 0) {
        if (qv_err_matches(qi, &qv_exc_KeyError)) {
            qv_err_clear(qi);
            return raise_name_error(qi, name);
        }
        return -1;
    }
    return 0;
}

int qv_slow_load_class_cell(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *x = NULL;
    int found = f->locals ? mapping_get(qi, f->locals, f->code->names[i.c], &x) : 0;
    if (found < 0) {
        return -1;
    }
    if (!found) {
        x = ((QvCell *)r[i.b])->value;
        if (!x) {
            return qv_raise_unbound_cell(qi, f, i.b);
        }
        qv_incref(qi, x);
    }
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

// ---- attributes ---------------------------------------------------------------------------------

int qv_slow_load_attr(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *o = r[i.b];
    QvObj *name = f->code->names[i.c];
    QvObj *x = qv_getattr(qi, o, name);
    if (!x) {
        return -1;
    }
    if (i.op == QV_INS_LOAD_ATTR_ANY) {
        qv_spec_load_attr_any(qi, o, name);
    } else {
        qv_spec_load_attr(qi, &pc[-1], o, name);
    }
    qv_take(qi, r, i, QV_TAKE_B);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

int qv_slow_store_attr(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *o = r[i.a];
    QvObj *name = f->code->names[i.b];
    if (i.op == QV_INS_STORE_ATTR_ANY) {
        qv_spec_store_attr_any(qi, o, name);
    } else {
        qv_spec_store_attr(qi, &pc[-1], o, name);
    }
    if (qv_setattr(qi, o, name, r[i.c]) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_A | QV_TAKE_C);
    return 0;
}

int qv_slow_del_attr(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    if (qv_setattr(qi, r[i.a], f->code->names[i.b], NULL) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_A);
    return 0;
}

int qv_slow_load_method(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *o = r[i.b];
    QvObj *name = f->code->names[i.c];
    QvObj *x;
    int method = qv_get_method(qi, o, name, &x);
    if (method < 0) {
        return -1;
    }
    if (method) {
        if (i.op == QV_INS_LOAD_METHOD_ANY) {
            qv_spec_load_method_any(qi, o, name);
        } else {
            qv_spec_load_method(qi, &pc[-1], o, name);
        }
        qv_incref(qi, o);
    } else if (i.op == QV_INS_LOAD_METHOD) {
        qv_spec_load_method_value(qi, &pc[-1], o, name);
    }
    if ((i.flags & QV_TAKE_B) && i.b != i.a && i.b != i.a + 1) {
        qv_reg_drop(qi, &r[i.b]);
    }
    qv_reg_put(qi, &r[i.a], x);
    qv_reg_put(qi, &r[i.a + 1], method ? o : NULL);
    return 0;
}

int qv_slow_load_super(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc, bool method)
{
    QvInstr i = pc[-1];
    QvObj **part = &r[i.b];
    QvObj *name = f->code->names[i.c];
    QvObj *x, *self = NULL;
    if (part[0] == (QvObj *)&qv_super_type && qv_is_type(part[1])) {
        int unbound = 0;
        x = qv_super_lookup(qi, (QvType *)part[1], part[2], name, method ? &unbound : NULL);
        if (x && unbound) {
            self = qv_new_ref(qi, part[2]);
        }
    } else {
        // `super` is somebody's own: super().name as a plain call. In a method it is given what the
        // built-in would find itself.
        bool builtin = part[0] == (QvObj *)&qv_super_type;
        QvObj *made = qv_call(qi, part[0], &part[1], builtin ? 2 : 0, NULL);
        x = made ? qv_getattr(qi, made, name) : NULL;
        qv_xdecref(qi, made);
    }
    if (!x) {
        return -1;
    }
    qv_regs_drop(qi, part, 3);
    qv_reg_put(qi, &r[i.a], x);
    if (method) {
        qv_reg_put(qi, &r[i.a + 1], self);
    }
    return 0;
}

// ---- functions ----------------------------------------------------------------------------------

int qv_slow_make_function(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **part = &r[i.c];
    QvObj *func =
        qv_function_new_in(qi, (QvCode *)f->code->consts[i.b], f->globals, f->builtins, NULL);
    if (!func) {
        return -1;
    }
    QvFunction *fn = (QvFunction *)func;
    QvObj **fields[4] = {&fn->defaults, &fn->kwdefaults, &fn->annotations, &fn->closure};
    static const uint8_t has[4] = {QV_HAS_DEFAULTS, QV_HAS_KWDEFAULTS, QV_HAS_ANNOTATIONS,
                                   QV_HAS_CLOSURE};
    for (int k = 0; k < 4; k++) {
        if (i.flags & has[k]) {
            qv_set_take(qi, fields[k], *part);
            *part++ = NULL;
        }
    }
    qv_reg_put(qi, &r[i.a], func);
    return 0;
}

// ---- import -------------------------------------------------------------------------------------

int qv_slow_import(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **part = &r[i.c];
    QvObj *name = f->code->names[i.b];
    QvObj *importer = qv_dict_peek_str(f->builtins, QV_N(__import__));
    if (!importer) {
        qv_raise(qi, &qv_exc_ImportError, "__import__ not found");
        return -1;
    }
    QvObj *x;
    if (importer->type == &qv_builtin_type &&
        strcmp(((QvBuiltin *)importer)->sig->def->name, "__import__") == 0) {
        int64_t level = 0;
        if (qv_int_to_i64(qi, part[0], &level) < 0) {
            return -1;
        }
        qi->import_of_library = f->code->library;
        x = qv_import_level(qi, name, f->globals, part[1], (int)level);
    } else {
        QvObj *args[5] = {name, f->globals, f->locals ? f->locals : QV_NONE, part[1], part[0]};
        x = qv_call(qi, importer, args, 5, NULL);
    }
    if (!x) {
        return -1;
    }
    qv_regs_drop(qi, part, 2);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}
