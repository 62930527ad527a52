// SPDX-License-Identifier: MIT
// The module _weakref: the types of object/weakref.c and what counts and lists references.
#include "object/weakref.h"

#include "modules/modules.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"

static QvObj *getweakrefcount(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return qv_int_from_i64(qi, qv_weakref_count(qi, args[0]));
}

static QvObj *getweakrefs(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *list = qv_list_new(qi, qv_weakref_count(qi, args[0]));
    for (QvWeakRef *r = list ? qv_weakref_head(qi, args[0]) : NULL; list && r; r = r->next) {
        if (!qv_is_ending(&r->h) && qv_list_append(qi, list, &r->h) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

static QvObj *proxy(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return qv_weakproxy_new(qi, args[0], args[1]);
}

// Deletes dct[key] if it is a dead reference, in one step as far as other threads can see.
static QvObj *remove_dead_weakref(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    if (!qv_is_dict(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "_remove_dead_weakref() argument 1 must be dict, not %T", args[0]);
    }
    QvObj *value;
    int found = qv_dict_get(qi, args[0], args[1], &value);
    if (found <= 0) {
        return found < 0 ? NULL : QV_NONE;
    }
    if (!qv_is_instance_of(value, &qv_weakref_type) &&
        !qv_is_instance_of(value, &qv_weakproxy_type) &&
        !qv_is_instance_of(value, &qv_weakcallableproxy_type)) {
        return qv_raise(qi, &qv_exc_TypeError, "not a weakref");
    }
    if (!((QvWeakRef *)value)->target) {
        QvObj *gone;
        found = qv_dict_pop(qi, args[0], args[1], &gone);
        if (found < 0) {
            return NULL;
        }
        if (found > 0) {
            qv_decref(qi, gone);
        }
    }
    return QV_NONE;
}

static int init(QvInterp *qi, QvObj *m)
{
    QvObj *ref = (QvObj *)&qv_weakref_type;
    return qv_module_add(qi, m, "ref", ref) < 0 || qv_module_add(qi, m, "ReferenceType", ref) < 0 ||
                   qv_module_add(qi, m, "ProxyType", (QvObj *)&qv_weakproxy_type) < 0 ||
                   qv_module_add(qi, m, "CallableProxyType", (QvObj *)&qv_weakcallableproxy_type) <
                       0
               ? -1
               : 0;
}

static const QvNativeDef functions[] = {
    {"_remove_dead_weakref", remove_dead_weakref, "($module, dct, key, /)",
     "Atomically remove key from dict if it points to a dead weakref."},
    {"getweakrefcount", getweakrefcount, "($module, object, /)",
     "Return the number of weak references to 'object'."},
    {"getweakrefs", getweakrefs, "($module, object, /)",
     "Return a list of all weak reference objects pointing to 'object'."},
    {"proxy", proxy, "($module, object, callback=None, /)",
     "Create a proxy object that weakly references 'object'.\n\n  object\n    A "
     "weakly-referencable object.\n  callback\n    A callable that takes one argument, the proxy."},
    {0},
};

const QvModuleDef qv_module__weakref = {
    .name = "_weakref",
    .doc = "Weak-reference support module.",
    .functions = functions,
    .init = init,
};
