// SPDX-License-Identifier: MIT
// Globals by name: dotted names, the module of an object, and the names that Python 2 had.
#include "modules/pickle/pickle.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

QvObj *qv_pickle_split(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *parts;
    if (qv_str_find(name, QV_N(dot), 0, qv_str_len(name)) < 0) {
        parts = qv_list_from_array(qi, &name, 1); // the very same name: it may be memoized
    } else {
        parts = qv_call_method1(qi, name, QV_N(split), QV_N(dot));
    }
    for (QvSsize i = 0; parts && i < qv_list_len(parts); i++) {
        if (qv_str_eq_ascii(qv_list_peek(parts, i), "<locals>")) {
            if (o) {
                qv_raise(qi, &qv_exc_AttributeError, "Can't pickle local attribute %R on %R", name,
                         o);
            } else {
                qv_raise(qi, &qv_exc_AttributeError, "Can't pickle local object %R", name);
            }
            qv_clear(qi, &parts);
        }
    }
    return parts;
}

int qv_pickle_deep(QvInterp *qi, QvObj *o, QvObj *parts, QvObj **ret, QvObj **ret_parent)
{
    QvObj *parent = NULL;
    qv_incref(qi, o);
    for (QvSsize i = 0; i < qv_list_len(parts); i++) {
        qv_xdecref(qi, parent);
        parent = o;
        QvObj *part = qv_new_ref(qi, qv_list_peek(parts, i));
        int found = qv_getattr_try(qi, parent, part, &o);
        qv_decref(qi, part);
        if (found <= 0) {
            qv_decref(qi, parent);
            return found;
        }
    }
    *ret = o;
    if (ret_parent) {
        *ret_parent = parent;
    } else {
        qv_xdecref(qi, parent);
    }
    return 1;
}

QvObj *qv_pickle_whichmodule(QvInterp *qi, QvObj *o, QvObj *parts)
{
    QvObj *name = NULL;
    int found = qv_getattr_try(qi, o, QV_N(__module__), &name);
    if (found < 0) {
        return NULL;
    }
    if (found && name != QV_NONE) {
        return name;
    }
    qv_xdecref(qi, name);
    // A copy: looking at modules may import others.
    QvObj *items = qv_dict_items_list(qi, qi->modules);
    QvObj *ret = NULL;
    bool good = items != NULL;
    for (QvSsize i = 0; good && !ret && i < qv_list_len(items); i++) {
        QvObj *pair = qv_list_peek(items, i), *module = qv_tuple_peek(pair, 1), *value;
        QvObj *key = qv_tuple_peek(pair, 0);
        if (module == QV_NONE || (qv_is_str(key) && qv_str_eq_ascii(key, "__main__"))) {
            continue;
        }
        found = qv_pickle_deep(qi, module, parts, &value, NULL);
        if (found > 0) {
            ret = value == o ? qv_new_ref(qi, key) : NULL;
            qv_decref(qi, value);
        }
        good = found >= 0 && qv_poll_here(qi) == 0;
    }
    qv_xdecref(qi, items);
    if (!good) {
        qv_clear(qi, &ret);
        return NULL;
    }
    return ret ? ret : QV_N(__main__);
}

int qv_pickle_map_names(QvInterp *qi, QvObj *names, QvObj *imports, const char *names_text,
                        const char *imports_text, QvObj **module, QvObj **name)
{
    QvObj *key = qv_tuple_of(qi, 2, *module, *name), *to = NULL;
    int found = key ? qv_dict_get(qi, names, key, &to) : -1;
    qv_xdecref(qi, key);
    if (found < 0) {
        return -1;
    }
    if (found) {
        if (!qv_is_tuple(to) || qv_tuple_len(to) != 2) {
            return qv_raise_int(qi, &qv_exc_RuntimeError,
                                "_compat_pickle.%s values should be 2-tuples, not %.200T",
                                names_text, to);
        }
        QvObj *m = qv_tuple_peek(to, 0), *n = qv_tuple_peek(to, 1);
        if (!qv_is_str(m) || !qv_is_str(n)) {
            return qv_raise_int(qi, &qv_exc_RuntimeError,
                                "_compat_pickle.%s values should be pairs of str, not (%.200T, "
                                "%.200T)",
                                names_text, m, n);
        }
        qv_set_take(qi, module, qv_new_ref(qi, m));
        qv_set_take(qi, name, qv_new_ref(qi, n));
        return 0;
    }
    found = qv_dict_get(qi, imports, *module, &to);
    if (found > 0) {
        if (!qv_is_str(to)) {
            return qv_raise_int(qi, &qv_exc_RuntimeError,
                                "_compat_pickle.%s values should be strings, not %.200T",
                                imports_text, to);
        }
        qv_set_take(qi, module, qv_new_ref(qi, to));
    }
    return found < 0 ? -1 : 0;
}

QvObj *qv_pickle_import(QvInterp *qi, QvObj *name)
{
    if (!qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_TypeError, "module name must be a string");
    }
    QvObj *some = qv_tuple_of(qi, 1, QV_N(__name__)); // asks for the module itself, not its package
    QvObj *m = some ? qv_import_level(qi, name, NULL, some, 0) : NULL;
    qv_xdecref(qi, some);
    return m;
}

// The attribute of a module. dotted: names of protocol 4.
static QvObj *get_global(QvInterp *qi, QvObj *module, QvObj *name, bool dotted)
{
    QvObj *parts = dotted ? qv_pickle_split(qi, module, name) : qv_list_from_array(qi, &name, 1);
    QvObj *ret = NULL;
    int found = parts ? qv_pickle_deep(qi, module, parts, &ret, NULL) : -1;
    qv_xdecref(qi, parts);
    if (found == 0) {
        qv_raise(qi, &qv_exc_AttributeError, "Can't get attribute %R on %R", name, module);
    }
    return found > 0 ? ret : NULL;
}

QvObj *qv_pickle_find_class(QvInterp *qi, QvPickleState *st, int proto, bool fix_imports,
                            QvObj *module, QvObj *name)
{
    if (qv_audit_on(qi) && qv_audit(qi, "pickle.find_class", "OO", module, name) < 0) {
        return NULL;
    }
    if (!qv_is_str(module) || !qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_TypeError, "attribute name must be string, not '%.200T'",
                        qv_is_str(module) ? name : module);
    }
    qv_incref(qi, module);
    qv_incref(qi, name);
    QvObj *ret = NULL, *m = NULL;
    if (proto >= 3 || !fix_imports ||
        qv_pickle_map_names(qi, st->name_2to3, st->import_2to3, "NAME_MAPPING", "IMPORT_MAPPING",
                            &module, &name) == 0) {
        m = qv_pickle_import(qi, module);
        ret = m ? get_global(qi, m, name, proto >= 4) : NULL;
    }
    qv_xdecref(qi, m);
    qv_decref(qi, module);
    qv_decref(qi, name);
    return ret;
}
