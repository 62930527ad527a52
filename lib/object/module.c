// SPDX-License-Identifier: MIT
// Module objects, and modules made from a native definition.
#include "object/module.h"

#include <stdio.h>
#include <string.h>

#include "object/caps.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static QvModule *as_module(QvObj *o) { return (QvModule *)o; }

// ---- construction -------------------------------------------------------------------------------

static QvObj *module_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (!o) {
        return NULL;
    }
    as_module(o)->dict = qv_dict_new(qi);
    if (!as_module(o)->dict) {
        qv_decref(qi, o);
        return NULL;
    }
    return o;
}

// The attributes that every module starts with.
static int fill_dict(QvInterp *qi, QvObj *dict, QvObj *name, QvObj *doc)
{
    return qv_dict_set(qi, dict, QV_N(__name__), name) < 0 ||
                   qv_dict_set(qi, dict, QV_N(__doc__), doc) < 0 ||
                   qv_dict_set(qi, dict, QV_N(__package__), QV_NONE) < 0 ||
                   qv_dict_set(qi, dict, QV_N(__loader__), QV_NONE) < 0 ||
                   qv_dict_set(qi, dict, QV_N(__spec__), QV_NONE) < 0
               ? -1
               : 0;
}

static int module_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[2];
    if (qv_args(qi, "module(name, doc=None)", args, nargs, kwnames, slots) < 0) {
        return -1;
    }
    if (!qv_is_str(slots[0])) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "module() argument 'name' must be str, not %.50T", slots[0]);
    }
    return fill_dict(qi, as_module(self)->dict, slots[0], slots[1] ? slots[1] : QV_NONE);
}

QvObj *qv_module_new(QvInterp *qi, QvObj *name)
{
    QvObj *o = module_new(qi, &qv_module_type, NULL, 0, NULL);
    if (o && fill_dict(qi, as_module(o)->dict, name, QV_NONE) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

QvObj *qv_module_from_dict(QvInterp *qi, const QvModuleDef *def, QV_STOLEN QvObj *dict)
{
    QvObj *o = dict ? qv_obj_new(qi, &qv_module_type) : NULL;
    if (!o) {
        qv_xdecref(qi, dict);
        return NULL;
    }
    as_module(o)->dict = dict;
    as_module(o)->def = def;
    return o;
}

static bool is_built_in(const QvModuleDef *def)
{
    for (const QvModuleRow *row = qv_module_rows; row->name; row++) {
        if (row->def == def) {
            return true;
        }
    }
    return false;
}

static int add_functions(QvInterp *qi, QvObj *m, const QvModuleDef *def, QvObj *name)
{
    bool open = !qi->deny || !is_built_in(def); // what the host's own functions do the host decides
    for (const QvNativeDef *row = def->functions; row && row->name; row++) {
        QvObj *f = open ? qv_builtin_from_def(qi, row, m, name)
                        : qv_guard_function(qi, def->name, row, m, name);
        if (qv_module_add_take(qi, m, row->name, f) < 0) {
            return -1;
        }
    }
    return 0;
}

QvObj *qv_module_from_def(QvInterp *qi, const QvModuleDef *def)
{
    if (qv_cap_denied(qi, QV_CAP_NATIVE) && !is_built_in(def)) {
        char text[200];
        snprintf(text, sizeof text, "import of the native module '%.150s'", def->name);
        qv_cap_raise(qi, QV_CAP_NATIVE, text);
        return NULL;
    }
    QvObj *name = qv_str_intern_cstr(qi, def->name);
    QvObj *m = name ? qv_module_new(qi, name) : NULL;
    if (!m) {
        qv_xdecref(qi, name);
        return NULL;
    }
    bool ok = true;
    if (def->state_size) {
        as_module(m)->state = qv_alloc(qi, def->state_size);
        ok = as_module(m)->state != NULL;
        if (ok) {
            memset(as_module(m)->state, 0, def->state_size);
        }
    }
    if (ok) {
        // From here on def->fini takes down what init has built, also half of it.
        as_module(m)->def = def;
        ok = (!def->doc || qv_module_add_str(qi, m, "__doc__", def->doc) == 0) &&
             add_functions(qi, m, def, name) == 0 && (!def->init || def->init(qi, m) == 0);
    }
    qv_decref(qi, name);
    if (!ok) {
        QvObj *exc = qv_err_fetch(qi);
        // The functions hold the module.
        qv_dict_clear(qi, as_module(m)->dict);
        qv_decref(qi, m);
        qv_err_restore(qi, exc);
        return NULL;
    }
    return m;
}

int qv_module_add(QvInterp *qi, QvObj *m, const char *name, QvObj *value)
{
    QvObj *key = qv_str_intern_cstr(qi, name);
    if (!key) {
        return -1;
    }
    int r = qv_dict_set(qi, as_module(m)->dict, key, value);
    qv_decref(qi, key);
    return r;
}

int qv_module_add_take(QvInterp *qi, QvObj *m, const char *name, QvObj *value)
{
    if (!value) {
        return -1;
    }
    int r = qv_module_add(qi, m, name, value);
    qv_decref(qi, value);
    return r;
}

int qv_module_add_int(QvInterp *qi, QvObj *m, const char *name, int64_t v)
{
    return qv_module_add_take(qi, m, name, qv_int_from_i64(qi, v));
}

int qv_module_add_str(QvInterp *qi, QvObj *m, const char *name, const char *v)
{
    return qv_module_add_take(qi, m, name, qv_str_new_cstr(qi, v));
}

// ---- attributes ---------------------------------------------------------------------------------

// Is the module in the middle of its import? 1/0, errors count as no.
static bool is_initializing(QvInterp *qi, QvObj *spec)
{
    if (!spec || spec == QV_NONE) {
        return false;
    }
    QvObj *v;
    qv_incref(qi, spec);
    int has = qv_getattr_try(qi, spec, QV_N(_initializing), &v);
    qv_decref(qi, spec);
    if (has > 0) {
        has = qv_is_true(qi, v);
        qv_decref(qi, v);
    }
    if (has < 0) {
        qv_err_clear(qi);
    }
    return has > 0;
}

// Is attr a part of the package whose import is going on? Errors count as no.
static bool is_part_in_import(QvInterp *qi, QvObj *spec, QvObj *attr)
{
    QvObj *parts;
    if (!spec || spec == QV_NONE) {
        return false;
    }
    qv_incref(qi, spec);
    int has = qv_getattr_try(qi, spec, QV_N(_uninitialized_submodules), &parts);
    qv_decref(qi, spec);
    if (has > 0) {
        has = qv_contains(qi, parts, attr);
        qv_decref(qi, parts);
    }
    if (has < 0) {
        qv_err_clear(qi);
    }
    return has > 0;
}

static void no_attribute(QvInterp *qi, QvObj *dict, QvObj *attr)
{
    QvObj *name = qv_dict_peek_str(dict, QV_N(__name__));
    if (!name || !qv_is_str(name)) {
        qv_raise(qi, &qv_exc_AttributeError, "module has no attribute '%U'", attr);
        return;
    }
    qv_incref(qi, name);
    const char *fmt = "module '%U' has no attribute '%U'";
    if (is_initializing(qi, qv_dict_peek_str(dict, QV_N(__spec__)))) {
        fmt = "partially initialized module '%U' has no attribute '%U' (most likely due to a "
              "circular import)";
    } else if (is_part_in_import(qi, qv_dict_peek_str(dict, QV_N(__spec__)), attr)) {
        qv_raise(qi, &qv_exc_AttributeError,
                 "cannot access submodule '%U' of module '%U' (most likely due to a circular "
                 "import)",
                 attr, name);
        qv_decref(qi, name);
        return;
    }
    qv_raise(qi, &qv_exc_AttributeError, fmt, name, attr);
    qv_decref(qi, name);
}

static QvObj *module_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *r;
    int has = qv_object_getattr_try(qi, o, name, &r);
    if (has != 0) {
        return has > 0 ? r : NULL;
    }
    QvObj *dict = as_module(o)->dict;
    QvObj *hook = qv_dict_peek_str(dict, QV_N(__getattr__));
    if (hook) {
        qv_incref(qi, hook);
        r = qv_call1(qi, hook, name);
        qv_decref(qi, hook);
        return r;
    }
    no_attribute(qi, dict, name);
    qv_attr_error_details(qi, o, name);
    return NULL;
}

static QvObj *get_dict(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_module(o)->dict); }

static int set_dict(QvInterp *qi, QvObj *o, QvObj *value)
{
    (void)o;
    (void)value;
    return qv_raise_int(qi, &qv_exc_AttributeError, "readonly attribute");
}

static QvObj *get_annotations(QvInterp *qi, QvObj *o)
{
    QvObj *dict = as_module(o)->dict;
    QvObj *d = qv_dict_peek_str(dict, QV_N(__annotations__));
    if (d) {
        return qv_new_ref(qi, d);
    }
    d = qv_dict_new(qi);
    if (d && qv_dict_set(qi, dict, QV_N(__annotations__), d) < 0) {
        qv_clear(qi, &d);
    }
    return d;
}

static int set_annotations(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvObj *dict = as_module(o)->dict;
    if (value) {
        return qv_dict_set(qi, dict, QV_N(__annotations__), value);
    }
    if (!qv_dict_peek_str(dict, QV_N(__annotations__))) {
        return qv_raise_int(qi, &qv_exc_AttributeError, "__annotations__");
    }
    return qv_dict_del(qi, dict, QV_N(__annotations__));
}

static const QvGetSet module_getsets[] = {
    {"__dict__", get_dict, set_dict, NULL},
    {"__annotations__", get_annotations, set_annotations, NULL},
    {0},
};

static QvObj *module_dir(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    // As the instance shows it: a subclass may have a __dict__ of its own.
    QvObj *dict = qv_getattr(qi, self, QV_N(__dict__));
    if (!dict) {
        return NULL;
    }
    if (!qv_is_dict(dict)) {
        qv_decref(qi, dict);
        return qv_raise(qi, &qv_exc_TypeError, "<module>.__dict__ is not a dictionary");
    }
    QvObj *r;
    QvObj *hook = qv_dict_peek_str(dict, QV_N(__dir__));
    if (hook) {
        qv_incref(qi, hook);
        r = qv_call0(qi, hook);
        qv_decref(qi, hook);
    } else {
        r = qv_dict_keys_list(qi, dict);
    }
    qv_decref(qi, dict);
    return r;
}

static const QvNativeDef module_methods[] = {
    {"__dir__", module_dir, "($self, /)", "The sorted names of the module."},
    {0},
};

// ---- repr ---------------------------------------------------------------------------------------

// spec.name. 1/0/-1 like qv_getattr_try, None counts as absent.
static int spec_part(QvInterp *qi, QvObj *spec, QvObj *attr, QvObj **ret)
{
    int has = qv_getattr_try(qi, spec, attr, ret);
    if (has > 0 && *ret == QV_NONE) {
        qv_clear(qi, ret);
        has = 0;
    }
    if (has <= 0) {
        *ret = NULL;
    }
    return has;
}

static QvObj *repr_by_spec(QvInterp *qi, QvObj *spec)
{
    QvObj *name = NULL, *origin = NULL, *loader = NULL, *located = NULL, *r = NULL;
    if (spec_part(qi, spec, QV_N(name), &name) < 0 ||
        spec_part(qi, spec, QV_N(origin), &origin) < 0 ||
        spec_part(qi, spec, QV_N(loader), &loader) < 0 ||
        spec_part(qi, spec, QV_N(has_location), &located) < 0) {
        goto done;
    }
    QvObj *shown = name ? name : QV_N(unknown_mark);
    int in_file = located ? qv_is_true(qi, located) : 0;
    if (in_file < 0) {
        goto done;
    }
    if (origin) {
        r = in_file ? qv_str_format(qi, "<module %R from %R>", shown, origin)
                    : qv_str_format(qi, "<module %R (%S)>", shown, origin);
    } else {
        r = loader ? qv_str_format(qi, "<module %R (%R)>", shown, loader)
                   : qv_str_format(qi, "<module %R>", shown);
    }
done:
    qv_xdecref(qi, name);
    qv_xdecref(qi, origin);
    qv_xdecref(qi, loader);
    qv_xdecref(qi, located);
    return r;
}

// loader.module_repr(module), as loaders were asked up to 3.11. NULL without an exception: there is
// none, or it failed.
static QvObj *repr_by_loader(QvInterp *qi, QvObj *module, QvObj *loader)
{
    QvObj *name = loader ? qv_str_intern_cstr(qi, "module_repr") : NULL;
    if (!name) {
        return NULL;
    }
    loader = qv_new_ref(qi, loader);
    QvObj *method;
    int has = qv_getattr_try(qi, loader, name, &method);
    QvObj *r = has > 0 ? qv_call1(qi, method, module) : NULL;
    if (has > 0) {
        qv_decref(qi, method);
        if (!r && qv_err_matches(qi, &qv_exc_Exception)) {
            qv_err_clear(qi);
        }
    }
    qv_decref(qi, loader);
    qv_decref(qi, name);
    return r;
}

static QvObj *module_repr(QvInterp *qi, QvObj *o)
{
    QvObj *dict = as_module(o)->dict;
    QvObj *spec = qv_dict_peek_str(dict, QV_N(__spec__));
    if (spec && spec != QV_NONE) {
        qv_incref(qi, spec);
        QvObj *r = repr_by_spec(qi, spec);
        qv_decref(qi, spec);
        return r;
    }
    QvObj *r = repr_by_loader(qi, o, qv_dict_peek_str(dict, QV_N(__loader__)));
    if (r || qi->ts->exc) {
        return r;
    }
    // References of our own: the reprs of the parts may change the dict.
    QvObj *name = qv_dict_peek_str(dict, QV_N(__name__));
    QvObj *file = qv_dict_peek_str(dict, QV_N(__file__));
    QvObj *loader = qv_dict_peek_str(dict, QV_N(__loader__));
    name = qv_new_ref(qi, name ? name : QV_N(unknown_mark));
    qv_xincref(qi, file);
    qv_xincref(qi, loader);
    if (file) {
        r = qv_str_format(qi, "<module %R from %R>", name, file);
    } else if (loader && loader != QV_NONE) {
        r = qv_str_format(qi, "<module %R (%R)>", name, loader);
    } else {
        r = qv_str_format(qi, "<module %R>", name);
    }
    qv_decref(qi, name);
    qv_xdecref(qi, file);
    qv_xdecref(qi, loader);
    return r;
}

// ---- life ---------------------------------------------------------------------------------------

static void module_fini(QvInterp *qi, QvObj *o)
{
    QvModule *m = as_module(o);
    const QvModuleDef *def = m->def;
    m->def = NULL;
    if (def && def->fini) {
        def->fini(qi, o);
    }
    if (def && m->state) {
        qv_free(qi, m->state, def->state_size);
        m->state = NULL;
    }
    qv_clear(qi, &m->dict);
}

static int module_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvModule *m = as_module(o);
    QV_VISIT(m->dict);
    return m->def && m->def->traverse ? m->def->traverse(o, visit, ctx) : 0;
}

QV_SEALED QvType qv_module_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "module",
    .id = QV_TID_module,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvModule),
    .dict_offset = offsetof(QvModule, dict),
    .doc = "Create a module object.\n\n"
           "The name must be a string; the optional docstring can have any type.",
    .methods = module_methods,
    .getsets = module_getsets,
    .new_ = module_new,
    .init = module_init,
    .fini = module_fini,
    .traverse = module_traverse,
    .getattr = module_getattr,
    .repr = module_repr,
};
