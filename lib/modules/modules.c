// SPDX-License-Identifier: MIT
// The tables of built-in and embedded modules, and the parts every interpreter starts with.
#include "modules/modules.h"

#include <string.h>

#include "object/dict.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/seal.h"
#include "object/str.h"

const QvModuleRow qv_module_rows[] = {
#define MODULE(name, stem) {name, &qv_module_##stem},
#include "modules/modules.def"
#undef MODULE
    {0},
};

const QvModuleDef *qv_modules_find(QvInterp *qi, const QvObj *name)
{
    for (const QvModuleRow *row = qv_module_rows; row->name; row++) {
        if (qv_str_eq_ascii(name, row->name)) {
            return row->def;
        }
    }
    const QvModuleDef *def;
    for (size_t i = 0; qi->hooks.host_module && (def = qi->hooks.host_module(qi, i)); i++) {
        if (qv_str_eq_ascii(name, def->name)) {
            return def;
        }
    }
    return NULL;
}

void *qv_modules_state(QvInterp *qi, const QvModuleDef *def)
{
    QvObj *name = qv_str_intern_cstr(qi, def->name);
    QvObj *m = NULL;
    int found = name ? qv_dict_get(qi, qi->modules, name, &m) : -1;
    qv_xdecref(qi, name);
    if (found < 0) {
        return NULL;
    }
    if (found && qv_is_module(m) && ((QvModule *)m)->def == def) {
        return qv_module_state(m);
    }
    m = qv_import(qi, def->name);
    if (!m) {
        return NULL;
    }
    bool ours = qv_is_module(m) && ((QvModule *)m)->def == def;
    qv_decref(qi, m); // sys.modules holds it
    return ours ? qv_module_state(m)
                : qv_raise(qi, &qv_exc_SystemError, "module %s was replaced", def->name);
}

// Is t the class "module.Name"? 1/0/-1
static int is_class(QvInterp *qi, QvType *t, const char *module, QvSsize n, const char *name)
{
    if (!qv_type_has(t, QV_T_HEAP) || strcmp(qv_type_short_name(t), name) != 0) {
        return 0;
    }
    QvObj *of = qv_type_get_module(qi, t);
    if (!of) {
        return -1;
    }
    bool same = qv_is_str(of) && qv_str_is_ascii(of) && qv_str_len(of) == n &&
                memcmp(qv_str_data(of), module, (size_t)n) == 0;
    qv_decref(qi, of);
    return same;
}

QvObj *qv_modules_exception(QvInterp *qi, const char *dotted, QvType *base)
{
    const char *dot = strrchr(dotted, '.');
    base = base ? base : &qv_exc_Exception;
    QvObj *method = qv_getattr_cstr(qi, &base->h, "__subclasses__");
    QvObj *classes = method ? qv_call0(qi, method) : NULL, *ret = NULL;
    qv_xdecref(qi, method);
    int found = classes ? 0 : -1;
    for (QvSsize k = 0; found == 0 && k < qv_list_len(classes); k++) {
        QvObj *t = qv_list_peek(classes, k);
        found = is_class(qi, (QvType *)t, dotted, dot - dotted, dot + 1);
        ret = found > 0 ? qv_new_ref(qi, t) : NULL;
    }
    qv_xdecref(qi, classes);
    return found ? ret : qv_type_new_exception(qi, dotted, &base->h, NULL);
}

const QvEmbeddedModule qv_embedded_modules[] = {
#include "embedded_python.inc"
    {0},
};

const QvEmbeddedModule *qv_embedded_find(const QvObj *name)
{
    for (const QvEmbeddedModule *row = qv_embedded_modules; row->name; row++) {
        if (qv_str_eq_ascii(name, row->name)) {
            return row;
        }
    }
    return NULL;
}

// sys.modules and the module builtins; everything else is made when it is asked for.
int qv_modules_init(QvInterp *qi)
{
    qi->modules = qv_dict_new(qi);
    if (!qi->modules) {
        return -1;
    }
    qi->builtins = qv_dict_copy(qi, qv_shared.builtins);
    if (!qi->builtins ||
        (qi->optimize && qv_dict_set(qi, qi->builtins, QV_N(__debug__), QV_FALSE) < 0)) {
        return -1;
    }
    QvObj *builtins = qv_module_from_dict(qi, &qv_module_builtins, qv_new_ref(qi, qi->builtins));
    int set = builtins ? qv_dict_set(qi, qi->modules, QV_N(builtins), builtins) : -1;
    qv_xdecref(qi, builtins);
    return set;
}

QvObj *qv_sys_module(QvInterp *qi)
{
    if (!qi->sys && !qi->finalizing) {
        QvObj *sys = qv_module_from_def(qi, &qv_module_sys);
        if (!sys || qv_dict_set(qi, qi->modules, QV_N(sys), sys) < 0) {
            qv_xdecref(qi, sys);
            return NULL;
        }
        qv_decref(qi, sys); // qi->sys and sys.modules hold it
    }
    return qi->sys;
}

QvObj *qv_sys_peek(QvInterp *qi, QvObj *name)
{
    QvObj *sys = qv_sys_module(qi);
    return sys ? qv_dict_peek_str(qv_module_dict(sys), name) : NULL;
}
