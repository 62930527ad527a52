// SPDX-License-Identifier: MIT
// Out-of-line pieces of opcodes that are operations on objects: raise, with, import, format,
// display.
#include "object/dict.h"
#include "object/module.h"
#include "vm/eval_internal.h"

// ---- raise and except ---------------------------------------------------------------------------

int qv_op_raise(QvInterp *qi, QvObj *exc, QvObj *cause)
{
    if (!exc) {
        QvObj *handled = qv_err_handled(qi);
        if (!handled) {
            return qv_raise_int(qi, &qv_exc_RuntimeError, "No active exception to reraise");
        }
        qv_err_restore(qi, qv_new_ref(qi, handled));
        return -1;
    }
    QvObj *value = qv_exc_make(qi, exc);
    if (!value) {
        return -1;
    }
    if (cause) {
        QvObj *from = NULL;
        if (cause != QV_NONE) {
            bool usable =
                qv_is_exc(cause) ||
                (qv_is_type(cause) && qv_type_is_subtype((QvType *)cause, &qv_exc_BaseException));
            if (!usable) {
                qv_decref(qi, value);
                return qv_raise_int(qi, &qv_exc_TypeError,
                                    "exception causes must derive from BaseException");
            }
            from = qv_exc_make(qi, cause);
            if (!from) {
                qv_decref(qi, value);
                return -1;
            }
        }
        qv_exc_set_cause(qi, value, from);
    }
    qv_raise_exc(qi, value);
    return -1;
}

static bool is_exc_class(const QvObj *o)
{
    return qv_is_type(o) && qv_type_is_subtype((const QvType *)o, &qv_exc_BaseException);
}

int qv_op_exc_match(QvInterp *qi, QvObj *exc, QvObj *type)
{
    static const char not_exc[] =
        "catching classes that do not inherit from BaseException is not allowed";
    if (qv_is_tuple(type)) {
        for (QvSsize k = 0; k < qv_tuple_len(type); k++) {
            if (!is_exc_class(qv_tuple_peek(type, k))) {
                return qv_raise_int(qi, &qv_exc_TypeError, not_exc);
            }
        }
        for (QvSsize k = 0; k < qv_tuple_len(type); k++) {
            if (qv_is_instance_of(exc, (QvType *)qv_tuple_peek(type, k))) {
                return 1;
            }
        }
        return 0;
    }
    if (!is_exc_class(type)) {
        return qv_raise_int(qi, &qv_exc_TypeError, not_exc);
    }
    return qv_is_instance_of(exc, (QvType *)type);
}

// ---- except* ------------------------------------------------------------------------------------

static int check_eg_types(QvInterp *qi, QvObj *type)
{
    QvObj *const *types = &type;
    QvSsize n = 1;
    if (qv_is_tuple(type)) {
        types = qv_tuple_items(type);
        n = qv_tuple_len(type);
    }
    for (QvSsize k = 0; k < n; k++) {
        if (!is_exc_class(types[k])) {
            return qv_raise_int(
                qi, &qv_exc_TypeError,
                "catching classes that do not inherit from BaseException is not allowed");
        }
        if (qv_type_is_subtype((QvType *)types[k], &qv_exc_BaseExceptionGroup)) {
            return qv_raise_int(
                qi, &qv_exc_TypeError,
                "catching ExceptionGroup with except* is not allowed. Use except instead.");
        }
    }
    return 0;
}

int qv_op_eg_match(QvInterp *qi, QvObj *exc, QvObj *type, QvObj **ret_match, QvObj **ret_rest)
{
    if (check_eg_types(qi, type) < 0) {
        return -1;
    }
    return qv_excgroup_split(qi, exc, type, ret_match, ret_rest);
}

QvObj *qv_op_prep_reraise_star(QvInterp *qi, QvObj *orig, QvObj *list)
{
    return qv_excgroup_reraise(qi, orig, list);
}

// ---- with ---------------------------------------------------------------------------------------

static int with_error(QvInterp *qi, QvObj *mgr, bool async, bool exit)
{
    const char *kind = async ? "asynchronous context manager" : "context manager";
    if (exit) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "'%T' object does not support the %s protocol (missed %s method)", mgr,
                            kind, async ? "__aexit__" : "__exit__");
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "'%T' object does not support the %s protocol", mgr,
                        kind);
}

int qv_op_with_enter(QvInterp *qi, QvObj *mgr, bool async, QvObj **ret_exit, QvObj **ret_entered)
{
    QvObj *leave = NULL;
    QvObj *enter = qv_type_lookup(qi, mgr->type, async ? QV_N(__aenter__) : QV_N(__enter__));
    bool plain = enter && enter->type == &qv_function_type; // called without a bound method
    int found = 1;
    if (plain) {
        qv_incref(qi, enter);
    } else {
        found = qv_lookup_special(qi, mgr, async ? QV_N(__aenter__) : QV_N(__enter__), &enter);
    }
    if (found <= 0) {
        return found < 0 ? -1 : with_error(qi, mgr, async, false);
    }
    found = qv_lookup_special(qi, mgr, async ? QV_N(__aexit__) : QV_N(__exit__), &leave);
    if (found <= 0) {
        qv_decref(qi, enter);
        return found < 0 ? -1 : with_error(qi, mgr, async, true);
    }
    QvObj *entered = plain ? qv_function_call(qi, enter, &mgr, 1, NULL) : qv_call0(qi, enter);
    qv_decref(qi, enter);
    if (!entered) {
        qv_decref(qi, leave);
        return -1;
    }
    *ret_exit = leave;
    *ret_entered = entered;
    return 0;
}

// ---- import -------------------------------------------------------------------------------------

QvObj *qv_op_import_from(QvInterp *qi, QvObj *module, QvObj *name)
{
    QvObj *x, *modname = NULL, *file = NULL;
    int found = qv_getattr_try(qi, module, name, &x);
    if (found != 0) {
        return found > 0 ? x : NULL;
    }
    // A submodule that is being imported (circular imports) may be in sys.modules already.
    found = qv_getattr_try(qi, module, QV_N(__name__), &modname);
    if (found < 0) {
        return NULL;
    }
    if (modname && found && qv_is_str(modname)) {
        QvObj *full = qv_str_format(qi, "%U.%U", modname, name);
        if (!full) {
            qv_decref(qi, modname);
            return NULL;
        }
        found = qv_dict_get(qi, qi->modules, full, &x);
        qv_decref(qi, full);
        if (found != 0) {
            qv_decref(qi, modname);
            return found > 0 ? qv_new_ref(qi, x) : NULL;
        }
    } else {
        modname = NULL;
    }
    if (qv_getattr_try(qi, module, QV_N(__file__), &file) <= 0) {
        qv_err_clear(qi);
        file = NULL;
    }
    bool partly = false;
    QvObj *spec;
    if (qv_getattr_try(qi, module, QV_N(__spec__), &spec) > 0) {
        QvObj *flag;
        if (qv_getattr_try(qi, spec, QV_N(_initializing), &flag) > 0) {
            partly = qv_is_true(qi, flag) > 0;
            qv_decref(qi, flag);
        }
        qv_decref(qi, spec);
    }
    qv_err_clear(qi);
    QvObj *shown = modname ? modname : QV_N(unknown_module);
    bool has_file = file && qv_is_str(file);
    if (has_file && partly) {
        qv_raise(qi, &qv_exc_ImportError,
                 "cannot import name %R from partially initialized module %R (most likely due to a "
                 "circular import) (%S)",
                 name, shown, file);
    } else if (has_file) {
        qv_raise(qi, &qv_exc_ImportError, "cannot import name %R from %R (%S)", name, shown, file);
    } else {
        qv_raise(qi, &qv_exc_ImportError, "cannot import name %R from %R (unknown location)", name,
                 shown);
    }
    QvObj *exc = qi->ts->exc;
    if (exc && exc->type == &qv_exc_ImportError) {
        qv_set_take(qi, &((QvImportError *)exc)->name, qv_new_ref(qi, shown));
        if (has_file) {
            qv_set_take(qi, &((QvImportError *)exc)->path, qv_new_ref(qi, file));
        }
    }
    qv_xdecref(qi, modname);
    qv_xdecref(qi, file);
    return NULL;
}

// Copies public names of a module into the frame's locals.
int qv_op_import_star(QvInterp *qi, QvFrame *f, QvObj *module)
{
    QvObj *all = NULL, *dict = NULL;
    int result = -1;
    bool skip_private = false;
    int found = qv_getattr_try(qi, module, QV_N(__all__), &all);
    if (found < 0) {
        return -1;
    }
    if (!found) {
        if (qv_getattr_try(qi, module, QV_N(__dict__), &dict) <= 0) {
            if (!qv_err_occurred(qi)) {
                qv_raise(qi, &qv_exc_ImportError,
                         "from-import-* object has no __dict__ and no __all__");
            }
            return -1;
        }
        all = qv_to_list(qi, dict);
        qv_decref(qi, dict);
        skip_private = true;
        if (!all) {
            return -1;
        }
    }
    if (!all->type->getitem) {
        qv_raise(qi, &qv_exc_TypeError, "'%.200T' object does not support indexing", all);
        qv_decref(qi, all);
        return -1;
    }
    QvObj *names = qv_to_list(qi, all);
    qv_decref(qi, all);
    if (!names) {
        return -1;
    }
    for (QvSsize k = 0; k < qv_list_len(names); k++) {
        QvObj *name = qv_list_peek(names, k);
        if (!qv_is_str(name)) {
            QvObj *modname = qv_getattr(qi, module, QV_N(__name__));
            if (modname) {
                qv_raise(qi, &qv_exc_TypeError, "%s in %U.%s must be str, not %.100T",
                         skip_private ? "Key" : "Item", modname,
                         skip_private ? "__dict__" : "__all__", name);
                qv_decref(qi, modname);
            }
            goto done;
        }
        if (skip_private && qv_str_len(name) > 0 && qv_str_read(name, 0) == '_') {
            continue;
        }
        QvObj *value = qv_getattr(qi, module, name);
        if (!value) {
            goto done;
        }
        int set = f->locals ? qv_setitem(qi, f->locals, name, value)
                            : qv_dict_set(qi, f->globals, name, value);
        qv_decref(qi, value);
        if (set < 0) {
            goto done;
        }
    }
    result = 0;
done:
    qv_decref(qi, names);
    return result;
}

// ---- rest ---------------------------------------------------------------------------------------

QvObj *qv_op_format(QvInterp *qi, QvObj *value, int conversion, QvObj *spec)
{
    if (value->type == &qv_int_type && qv_int_is_small(value) && conversion <= 2 && !spec) {
        return qv_int_to_text(qi, value, 10, false);
    }
    QvObj *text = NULL;
    switch (conversion) {
    case 1: text = qv_str(qi, value); break;
    case 2: text = qv_repr(qi, value); break;
    case 3: text = qv_ascii(qi, value); break;
    default: text = qv_new_ref(qi, value); break;
    }
    if (!text) {
        return NULL;
    }
    if (qv_is_str_exact(text) && (!spec || (qv_is_str_exact(spec) && qv_str_len(spec) == 0))) {
        return text;
    }
    QvObj *result = qv_format(qi, text, spec);
    qv_decref(qi, text);
    return result;
}

int qv_op_print_expr(QvInterp *qi, QvObj *value)
{
    if (!qi->sys_dict) { // sys is made when it is first needed
        QvObj *sys = qv_import(qi, "sys");
        if (!sys) {
            return -1;
        }
        qv_decref(qi, sys);
    }
    QvObj *hook = qv_dict_peek_str(qi->sys_dict, QV_N(displayhook));
    if (!hook) {
        return qv_raise_int(qi, &qv_exc_RuntimeError, "lost sys.displayhook");
    }
    QvObj *result = qv_call1(qi, hook, value);
    if (!result) {
        return -1;
    }
    qv_decref(qi, result);
    return 0;
}

int qv_op_setup_annotations(QvInterp *qi, QvFrame *f)
{
    if (!f->locals) {
        return qv_raise_int(qi, &qv_exc_SystemError, "no locals found when setting up annotations");
    }
    QvObj *have = NULL;
    if (qv_is_dict_exact(f->locals)) {
        int found = qv_dict_get(qi, f->locals, QV_N(__annotations__), &have);
        if (found != 0) {
            return found < 0 ? -1 : 0;
        }
    } else {
        have = qv_getitem(qi, f->locals, QV_N(__annotations__));
        if (have) {
            qv_decref(qi, have);
            return 0;
        }
        if (!qv_err_matches(qi, &qv_exc_KeyError)) {
            return -1;
        }
        qv_err_clear(qi);
    }
    QvObj *d = qv_dict_new(qi);
    if (!d) {
        return -1;
    }
    int set = qv_setitem(qi, f->locals, QV_N(__annotations__), d);
    qv_decref(qi, d);
    return set;
}
