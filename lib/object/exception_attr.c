// SPDX-License-Identifier: MIT
// Exceptions with a field or two: StopIteration, SystemExit, LimitExceeded, KeyError, ImportError,
// NameError, AttributeError.
#include "object/dict.h"
#include "object/exception_base.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- StopIteration ------------------------------------------------------------------------------

QV_EXC_FIELD(QvStopIteration, value)

static int stop_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, kwnames) < 0) {
        return -1;
    }
    return set_value(qi, self, nargs > 0 ? args[0] : QV_NONE);
}

static void stop_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvStopIteration *)o)->value);
    qv_exc_base_fini(qi, o);
}

static void stop_clear(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvStopIteration *)o)->value);
    qv_exc_base_clear(qi, o);
}

static int stop_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvStopIteration *)o)->value);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet stop_getsets[] = {
    {"value", get_value, set_value, "generator return value"},
    {0},
};

QV_SEALED QvType qv_exc_StopIteration = {
    QV_EXC_TYPE(StopIteration, Exception, QvStopIteration),
    .doc = "Signals the end of an iteration from __next__.",
    .getsets = stop_getsets,
    .init = stop_init,
    .fini = stop_fini,
    .clear = stop_clear,
    .traverse = stop_traverse,
};

// ---- SystemExit ---------------------------------------------------------------------------------

QV_EXC_FIELD(QvSystemExit, code)

static int exit_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, kwnames) < 0) {
        return -1;
    }
    return nargs == 0 ? 0 : set_code(qi, self, nargs == 1 ? args[0] : ((QvExc *)self)->args);
}

static void exit_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvSystemExit *)o)->code);
    qv_exc_base_fini(qi, o);
}

static void exit_clear(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvSystemExit *)o)->code);
    qv_exc_base_clear(qi, o);
}

static int exit_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvSystemExit *)o)->code);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet exit_getsets[] = {
    {"code", get_code, set_code, "exception code"},
    {0},
};

QV_SEALED QvType qv_exc_SystemExit = {
    QV_EXC_TYPE(SystemExit, BaseException, QvSystemExit),
    .doc = "Request to exit from the interpreter.",
    .getsets = exit_getsets,
    .init = exit_init,
    .fini = exit_fini,
    .clear = exit_clear,
    .traverse = exit_traverse,
};

// ---- LimitExceeded ------------------------------------------------------------------------------

QV_EXC_FIELD(QvLimitExceeded, limit)

static void limit_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvLimitExceeded *)o)->limit);
    qv_exc_base_fini(qi, o);
}

static void limit_clear(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvLimitExceeded *)o)->limit);
    qv_exc_base_clear(qi, o);
}

static int limit_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvLimitExceeded *)o)->limit);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet limit_getsets[] = {
    {"limit", get_limit, set_limit, "which limit: 'time', 'cpu', 'fuel' or 'output'"},
    {0},
};

QV_SEALED QvType qv_exc_LimitExceeded = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "concurrent.interpreters.LimitExceeded", // where a program finds it
    .flags = QV_EXC_FLAGS,
    .id = QV_TID_exc_LimitExceeded,
    .base = &qv_exc_BaseException,
    .size = sizeof(QvLimitExceeded),
    .dict_offset = offsetof(QvExc, dict),
    .doc = "A limit that the host has set for this interpreter is exceeded: it is being stopped.",
    .getsets = limit_getsets,
    .fini = limit_fini,
    .clear = limit_clear,
    .traverse = limit_traverse,
};

// ---- KeyError -----------------------------------------------------------------------------------

// A lone key is shown by its repr: KeyError('') would else print nothing.
static QvObj *key_str(QvInterp *qi, QvObj *o)
{
    QvObj *args = ((QvExc *)o)->args;
    if (args && qv_tuple_len(args) == 1) {
        QvObj *key = qv_new_ref(qi, qv_tuple_peek(args, 0));
        QvObj *r = qv_repr(qi, key);
        qv_decref(qi, key);
        return r;
    }
    return qv_exc_base_str(qi, o);
}

QV_SEALED QvType qv_exc_KeyError = {
    QV_EXC_TYPE(KeyError, LookupError, QvExc),
    .doc = "Mapping key not found.",
    .str = key_str,
};

// ---- ImportError --------------------------------------------------------------------------------

QV_EXC_FIELD(QvImportError, msg)
QV_EXC_FIELD(QvImportError, name)
QV_EXC_FIELD(QvImportError, path)

static int import_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, NULL) < 0) {
        return -1;
    }
    QvObj *const names[] = {QV_N(name), QV_N(path)};
    QvObj *kw[2];
    if (qv_exc_keywords(qi, "ImportError", args + nargs, kwnames, names, 2, kw) < 0) {
        return -1;
    }
    set_name(qi, self, kw[0]);
    set_path(qi, self, kw[1]);
    return set_msg(qi, self, nargs == 1 ? args[0] : NULL);
}

static QvObj *import_str(QvInterp *qi, QvObj *o)
{
    QvObj *msg = ((QvImportError *)o)->msg;
    return msg && qv_is_str_exact(msg) ? qv_new_ref(qi, msg) : qv_exc_base_str(qi, o);
}

// The state that __setstate__ restores: __dict__ with name and path. *ret NULL: there is none.
static int import_state(QvInterp *qi, QvImportError *e, QvObj **ret)
{
    *ret = NULL;
    if (!e->name && !e->path) {
        *ret = qv_xnew_ref(qi, e->e.dict);
        return 0;
    }
    QvObj *d = e->e.dict ? qv_dict_copy(qi, e->e.dict) : qv_dict_new(qi);
    if (!d || (e->name && qv_dict_set(qi, d, QV_N(name), e->name) < 0) ||
        (e->path && qv_dict_set(qi, d, QV_N(path), e->path) < 0)) {
        qv_xdecref(qi, d);
        return -1;
    }
    *ret = d;
    return 0;
}

static QvObj *import_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *state;
    if (import_state(qi, (QvImportError *)self, &state) < 0) {
        return NULL;
    }
    QvObj *own_args = ((QvExc *)self)->args;
    if (!state) {
        return qv_tuple_of(qi, 2, self->type, own_args);
    }
    QvObj *r = qv_tuple_of(qi, 3, self->type, own_args, state);
    qv_decref(qi, state);
    return r;
}

static void import_clear_fields(QvInterp *qi, QvObj *o)
{
    QvImportError *e = (QvImportError *)o;
    qv_clear(qi, &e->msg);
    qv_clear(qi, &e->name);
    qv_clear(qi, &e->path);
}

static void import_fini(QvInterp *qi, QvObj *o)
{
    import_clear_fields(qi, o);
    qv_exc_base_fini(qi, o);
}

static void import_clear(QvInterp *qi, QvObj *o)
{
    import_clear_fields(qi, o);
    qv_exc_base_clear(qi, o);
}

static int import_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvImportError *e = (QvImportError *)o;
    QV_VISIT(e->msg);
    QV_VISIT(e->name);
    QV_VISIT(e->path);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet import_getsets[] = {
    {"msg", get_msg, set_msg, "exception message"},
    {"name", get_name, set_name, "module name"},
    {"path", get_path, set_path, "module path"},
    {0},
};

static const QvNativeDef import_methods[] = {
    {"__reduce__", import_reduce, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_exc_ImportError = {
    QV_EXC_TYPE(ImportError, Exception, QvImportError),
    .doc = "An import found no module, or a module has no attribute of the name.",
    .methods = import_methods,
    .getsets = import_getsets,
    .init = import_init,
    .fini = import_fini,
    .clear = import_clear,
    .traverse = import_traverse,
    .str = import_str,
};

// ---- NameError, AttributeError ------------------------------------------------------------------
// Both have `name`, at different places.

static QvObj *get_nameerror_name(QvInterp *qi, QvObj *o)
{
    QvObj *v = ((QvNameError *)o)->name;
    return qv_new_ref(qi, v ? v : QV_NONE);
}

static int set_nameerror_name(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_xincref(qi, value);
    qv_set_take(qi, &((QvNameError *)o)->name, value);
    return 0;
}

static int name_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, NULL) < 0) {
        return -1;
    }
    QvObj *const names[] = {QV_N(name)};
    QvObj *kw[1];
    if (qv_exc_keywords(qi, "NameError", args + nargs, kwnames, names, 1, kw) < 0) {
        return -1;
    }
    return set_nameerror_name(qi, self, kw[0]);
}

static void name_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvNameError *)o)->name);
    qv_exc_base_fini(qi, o);
}

static void name_clear(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvNameError *)o)->name);
    qv_exc_base_clear(qi, o);
}

static int name_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvNameError *)o)->name);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet name_getsets[] = {
    {"name", get_nameerror_name, set_nameerror_name, "name"},
    {0},
};

QV_SEALED QvType qv_exc_NameError = {
    QV_EXC_TYPE(NameError, Exception, QvNameError),
    .doc = "Name not found in any scope.",
    .getsets = name_getsets,
    .init = name_init,
    .fini = name_fini,
    .clear = name_clear,
    .traverse = name_traverse,
};

QV_EXC_FIELD(QvAttributeError, obj)

static QvObj *get_attr_name(QvInterp *qi, QvObj *o)
{
    QvObj *v = ((QvAttributeError *)o)->name;
    return qv_new_ref(qi, v ? v : QV_NONE);
}

static int set_attr_name(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_xincref(qi, value);
    qv_set_take(qi, &((QvAttributeError *)o)->name, value);
    return 0;
}

static int attr_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, NULL) < 0) {
        return -1;
    }
    QvObj *const names[] = {QV_N(name), QV_N(obj)};
    QvObj *kw[2];
    if (qv_exc_keywords(qi, "AttributeError", args + nargs, kwnames, names, 2, kw) < 0) {
        return -1;
    }
    set_attr_name(qi, self, kw[0]);
    return set_obj(qi, self, kw[1]);
}

static void attr_fini(QvInterp *qi, QvObj *o)
{
    QvAttributeError *e = (QvAttributeError *)o;
    qv_clear(qi, &e->obj);
    qv_clear(qi, &e->name);
    qv_exc_base_fini(qi, o);
}

static void attr_clear(QvInterp *qi, QvObj *o)
{
    QvAttributeError *e = (QvAttributeError *)o;
    qv_clear(qi, &e->obj);
    qv_clear(qi, &e->name);
    qv_exc_base_clear(qi, o);
}

static int attr_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvAttributeError *e = (QvAttributeError *)o;
    QV_VISIT(e->obj);
    QV_VISIT(e->name);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet attr_getsets[] = {
    {"name", get_attr_name, set_attr_name, "attribute name"},
    {"obj", get_obj, set_obj, "object"},
    {0},
};

QV_SEALED QvType qv_exc_AttributeError = {
    QV_EXC_TYPE(AttributeError, Exception, QvAttributeError),
    .doc = "Attribute not found.",
    .getsets = attr_getsets,
    .init = attr_init,
    .fini = attr_fini,
    .clear = attr_clear,
    .traverse = attr_traverse,
};
