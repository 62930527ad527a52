// SPDX-License-Identifier: MIT
// Python function objects. How they run is in vm/ (qv_function_call).
#include "object/function.h"

#include "object/audit.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/dictattr.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static QvFunction *as_func(QvObj *o) { return (QvFunction *)o; }

// The dict of builtins that code with these globals sees: new reference. An empty one where
// __builtins__ is no dict: names are then asked of it as of any mapping (load_global in
// vm/eval_names.c), and with None there are none.
static QvObj *find_builtins(QvInterp *qi, QvObj *globals)
{
    QvObj *b = qv_dict_peek_str(globals, QV_N(__builtins__));
    if (!b) {
        return qv_xnew_ref(qi, qv_frame_builtins(qi));
    }
    if (qv_is_module(b)) {
        b = qv_module_dict(b);
    }
    return qv_is_dict(b) ? qv_new_ref(qi, b) : qv_dict_new(qi);
}

QvObj *qv_function_new(QvInterp *qi, QvCode *code, QvObj *globals, QvObj *qualname)
{
    QvObj *builtins = find_builtins(qi, globals);
    QvObj *o = NULL;
    if (builtins || !qv_err_occurred(qi)) {
        o = qv_function_new_in(qi, code, globals, builtins, qualname);
    }
    qv_xdecref(qi, builtins);
    return o;
}

QvObj *qv_function_new_in(QvInterp *qi, QvCode *code, QvObj *globals, QvObj *builtins,
                          QvObj *qualname)
{
    QvObj *o = qv_obj_new(qi, &qv_function_type);
    if (!o) {
        return NULL;
    }
    QvFunction *f = as_func(o);
    f->code = (QvCode *)qv_new_ref(qi, (QvObj *)code);
    f->globals = qv_new_ref(qi, globals);
    f->builtins = qv_xnew_ref(qi, builtins);
    f->name = qv_new_ref(qi, qv_code_peek_name(code));
    f->qualname = qv_new_ref(qi, qualname ? qualname : qv_code_peek_qualname(code));
    f->module = qv_xnew_ref(qi, qv_dict_peek_str(globals, QV_N(__name__)));
    return o;
}

// ---- construction from Python -------------------------------------------------------------------

static int check_closure(QvInterp *qi, QvCode *code, QvObj *closure)
{
    QvSsize nfree = qv_code_free_count(code);
    if (!closure || closure == QV_NONE) {
        return nfree == 0 ? 0
                          : qv_raise_int(qi, &qv_exc_TypeError, "arg 5 (closure) must be tuple");
    }
    if (!qv_is_tuple(closure)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            nfree ? "arg 5 (closure) must be tuple"
                                  : "arg 5 (closure) must be None or tuple");
    }
    if (qv_tuple_len(closure) != nfree) {
        return qv_raise_int(qi, &qv_exc_ValueError, "%U requires closure of length %zd, not %zd",
                            qv_code_peek_name(code), nfree, qv_tuple_len(closure));
    }
    for (QvSsize i = 0; i < nfree; i++) {
        QvObj *cell = qv_tuple_peek(closure, i);
        if (cell->type != &qv_cell_type) {
            return qv_raise_int(qi, &qv_exc_TypeError, "arg 5 (closure) expected cell, found %T",
                                cell);
        }
    }
    return 0;
}

static QvObj *function_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    (void)type;
    QvObj *slots[5];
    if (qv_args(qi, "function(code, globals, name=None, argdefs=None, closure=None)", args, nargs,
                kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *code = slots[0], *globals = slots[1], *name = slots[2], *defaults = slots[3];
    QvObj *closure = slots[4];
    if (code->type != &qv_code_type) {
        return qv_raise(qi, &qv_exc_TypeError, "function() argument 'code' must be code, not %.50T",
                        code);
    }
    if (!qv_is_dict(globals)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "function() argument 'globals' must be dict, not %.50T", globals);
    }
    if (name && name != QV_NONE && !qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_TypeError, "arg 3 (name) must be None or string");
    }
    if (defaults && defaults != QV_NONE && !qv_is_tuple(defaults)) {
        return qv_raise(qi, &qv_exc_TypeError, "arg 4 (defaults) must be None or tuple");
    }
    if (check_closure(qi, (QvCode *)code, closure) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "function.__new__", "O", code) < 0) {
        return NULL;
    }
    QvObj *o = qv_function_new(qi, (QvCode *)code, globals, NULL);
    if (!o) {
        return NULL;
    }
    QvFunction *f = as_func(o);
    if (name && name != QV_NONE) {
        qv_set_take(qi, &f->name, qv_new_ref(qi, name));
    }
    if (defaults && defaults != QV_NONE) {
        f->defaults = qv_new_ref(qi, defaults);
    }
    if (closure && closure != QV_NONE && qv_tuple_len(closure) > 0) {
        f->closure = qv_new_ref(qi, closure);
    }
    return o;
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *or_none(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, o ? o : QV_NONE); }

static int audit_set(QvInterp *qi, QvObj *o, const char *name, QvObj *value)
{
    if (!qv_audit_on(qi)) {
        return 0;
    }
    return value ? qv_audit(qi, "object.__setattr__", "OsO", o, name, value)
                 : qv_audit(qi, "object.__delattr__", "Os", o, name);
}

// What a hook may object to being read. NULL: None.
static QvObj *get_told(QvInterp *qi, QvObj *o, const char *name, QvObj *value)
{
    value = or_none(qi, value); // before the hook can put another in its place
    if (qv_audit_on(qi) && qv_audit(qi, "object.__getattr__", "Os", o, name) < 0) {
        qv_clear(qi, &value);
    }
    return value;
}

static QvObj *get_code(QvInterp *qi, QvObj *o)
{
    return get_told(qi, o, "__code__", (QvObj *)as_func(o)->code);
}

static QvObj *get_doc(QvInterp *qi, QvObj *o)
{
    QvFunction *f = as_func(o);
    if (!f->doc) {
        f->doc = qv_xnew_ref(qi, qv_code_peek_doc(qi, f->code));
    }
    return qv_xnew_ref(qi, f->doc);
}

static int set_code(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvFunction *f = as_func(o);
    if (!value || value->type != &qv_code_type) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__code__ must be set to a code object");
    }
    QvSsize nfree = qv_code_free_count((QvCode *)value);
    QvSsize nclosure = f->closure ? qv_tuple_len(f->closure) : 0;
    if (nfree != nclosure) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "%U() requires a code object with %zd free vars, not %zd", f->name,
                            nclosure, nfree);
    }
    if (audit_set(qi, o, "__code__", value) < 0) {
        return -1;
    }
    QvObj *doc = get_doc(qi, o); // stays that of the first code
    if (!doc) {
        return -1;
    }
    qv_decref(qi, doc);
    QvObj *old = (QvObj *)f->code;
    f->code = (QvCode *)qv_new_ref(qi, value);
    qv_decref(qi, old);
    return 0;
}

static QvObj *get_defaults(QvInterp *qi, QvObj *o)
{
    return get_told(qi, o, "__defaults__", as_func(o)->defaults);
}

static int set_defaults(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (value == QV_NONE) {
        value = NULL;
    }
    if (value && !qv_is_tuple(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__defaults__ must be set to a tuple object");
    }
    if (audit_set(qi, o, "__defaults__", value) < 0) {
        return -1;
    }
    qv_set_take(qi, &as_func(o)->defaults, qv_xnew_ref(qi, value));
    return 0;
}

static QvObj *get_kwdefaults(QvInterp *qi, QvObj *o)
{
    return get_told(qi, o, "__kwdefaults__", as_func(o)->kwdefaults);
}

static int set_kwdefaults(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (value == QV_NONE) {
        value = NULL;
    }
    if (value && !qv_is_dict(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__kwdefaults__ must be set to a dict object");
    }
    if (audit_set(qi, o, "__kwdefaults__", value) < 0) {
        return -1;
    }
    qv_set_take(qi, &as_func(o)->kwdefaults, qv_xnew_ref(qi, value));
    return 0;
}

QvObj *qv_function_annotations(QvInterp *qi, QvObj *func)
{
    QvFunction *f = as_func(func);
    if (!f->annotations || qv_is_tuple(f->annotations)) {
        QvObj *d = qv_dict_new(qi);
        if (!d) {
            return NULL;
        }
        QvObj *pairs = f->annotations;
        for (QvSsize i = 0; pairs && i + 1 < qv_tuple_len(pairs); i += 2) {
            if (qv_dict_set(qi, d, qv_tuple_peek(pairs, i), qv_tuple_peek(pairs, i + 1)) < 0) {
                qv_decref(qi, d);
                return NULL;
            }
        }
        qv_set_take(qi, &f->annotations, d);
    }
    return qv_new_ref(qi, f->annotations);
}

static int set_annotations(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (value == QV_NONE) {
        value = NULL;
    }
    if (value && !qv_is_dict(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__annotations__ must be set to a dict object");
    }
    qv_set_take(qi, &as_func(o)->annotations, qv_xnew_ref(qi, value));
    return 0;
}

static QvObj *get_name(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_func(o)->name); }

static int set_name(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value || !qv_is_str(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__name__ must be set to a string object");
    }
    qv_set_take(qi, &as_func(o)->name, qv_new_ref(qi, value));
    return 0;
}

static QvObj *get_qualname(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_func(o)->qualname); }

static int set_qualname(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value || !qv_is_str(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__qualname__ must be set to a string object");
    }
    qv_set_take(qi, &as_func(o)->qualname, qv_new_ref(qi, value));
    return 0;
}

static QvObj *get_module(QvInterp *qi, QvObj *o) { return or_none(qi, as_func(o)->module); }

static int set_module(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &as_func(o)->module, qv_xnew_ref(qi, value));
    return 0;
}

static int set_doc(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &as_func(o)->doc, qv_new_ref(qi, value ? value : QV_NONE));
    return 0;
}

static QvObj *get_closure(QvInterp *qi, QvObj *o) { return or_none(qi, as_func(o)->closure); }

static QvObj *get_globals(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_func(o)->globals); }

static QvObj *get_builtins(QvInterp *qi, QvObj *o) { return or_none(qi, as_func(o)->builtins); }

static const QvGetSet function_getsets[] = {
    {"__closure__", get_closure, qv_getset_readonly, NULL},
    {"__doc__", get_doc, set_doc, NULL},
    {"__globals__", get_globals, qv_getset_readonly, NULL},
    {"__module__", get_module, set_module, NULL},
    {"__builtins__", get_builtins, qv_getset_readonly, NULL},
    {"__code__", get_code, set_code, NULL},
    {"__defaults__", get_defaults, set_defaults, NULL},
    {"__kwdefaults__", get_kwdefaults, set_kwdefaults, NULL},
    {"__annotations__", qv_function_annotations, set_annotations, NULL},
    {"__dict__", qv_dictattr_get, qv_dictattr_set, NULL},
    {"__name__", get_name, set_name, NULL},
    {"__qualname__", get_qualname, set_qualname, NULL},
    {0},
};

// ---- slots --------------------------------------------------------------------------------------

static QvObj *function_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<function %U at %p>", as_func(o)->qualname, (void *)o);
}

static QvObj *function_get(QvInterp *qi, QvObj *func, QvObj *obj, QvObj *type)
{
    (void)type;
    return obj && obj != QV_NONE ? qv_method_new(qi, func, obj) : qv_new_ref(qi, func);
}

static void function_fini(QvInterp *qi, QvObj *o)
{
    QvFunction *f = as_func(o);
    QvObj *code = (QvObj *)f->code;
    f->code = NULL;
    qv_xdecref(qi, code);
    QvObj **fields[] = {&f->globals, &f->builtins,    &f->name,     &f->qualname,
                        &f->module,  &f->doc,         &f->defaults, &f->kwdefaults,
                        &f->closure, &f->annotations, &f->dict};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        qv_clear(qi, fields[i]);
    }
}

// What every call needs (code, globals, names, the tuple of cells) stays: a finalizer may still
// call it. Cycles through those are broken at their other members: dicts and cells.
static void function_clear(QvInterp *qi, QvObj *o)
{
    QvFunction *f = as_func(o);
    QvObj **fields[] = {&f->module,     &f->doc,         &f->defaults,
                        &f->kwdefaults, &f->annotations, &f->dict};
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        qv_clear(qi, fields[i]);
    }
    // Names may be instances of classes. Somebody who still gets at the function finds str there.
    qv_set_take(qi, &f->name, QV_N(empty));
    qv_set_take(qi, &f->qualname, QV_N(empty));
}

static int function_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvFunction *f = as_func(o);
    QV_VISIT(f->code);
    QV_VISIT(f->globals);
    QV_VISIT(f->builtins);
    QV_VISIT(f->name);
    QV_VISIT(f->qualname);
    QV_VISIT(f->module);
    QV_VISIT(f->doc);
    QV_VISIT(f->defaults);
    QV_VISIT(f->kwdefaults);
    QV_VISIT(f->closure);
    QV_VISIT(f->annotations);
    QV_VISIT(f->dict);
    return 0;
}

QV_SEALED QvType qv_function_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "function",
    .id = QV_TID_function,
    .flags = QV_T_GC | QV_T_METHOD | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvFunction),
    .dict_offset = offsetof(QvFunction, dict),
    .doc = "Create a function object.\n\n"
           "  code\n    a code object\n"
           "  globals\n    the globals dictionary\n"
           "  name\n    replaces the name of the code object\n"
           "  argdefs\n    a tuple of default argument values\n"
           "  closure\n    a tuple of cells for the free variables",
    .getsets = function_getsets,
    .new_ = function_new,
    .fini = function_fini,
    .clear = function_clear,
    .traverse = function_traverse,
    .repr = function_repr,
    .call = qv_function_call,
    .descr_get = function_get,
};
