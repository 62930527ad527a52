// SPDX-License-Identifier: MIT
// Functions of the host as Python objects.
#include <string.h>

#include "interpreters/api.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct HostFunction {
    QvObj h;
    QvObj *name; // str
    QuiverFunction fn;
    size_t min_args, max_args;
    void *user;
    void (*user_free)(void *user);
} HostFunction;

static void host_fini(QvInterp *qi, QvObj *o)
{
    HostFunction *f = (HostFunction *)o;
    qv_clear(qi, &f->name);
    if (f->user_free) {
        f->user_free(f->user);
        f->user_free = NULL;
    }
}

static QvObj *host_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<host function %U>", ((HostFunction *)o)->name);
}

static QvObj *host_name(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((HostFunction *)o)->name);
}

static QvObj *host_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    HostFunction *f = (HostFunction *)o;
    if (kwnames && qv_tuple_len(kwnames)) {
        return qv_raise(qi, &qv_exc_TypeError, "%U() takes no keyword arguments", f->name);
    }
    if ((size_t)nargs < f->min_args || (size_t)nargs > f->max_args) {
        bool few = (size_t)nargs < f->min_args;
        size_t want = few ? f->min_args : f->max_args;
        return qv_raise(qi, &qv_exc_TypeError, "%U() takes %s %zu argument%s (%zd given)", f->name,
                        f->min_args == f->max_args ? "exactly"
                        : few                      ? "at least"
                                                   : "at most",
                        want, want == 1 ? "" : "s", nargs);
    }
    QvInstance *inst = qv_instance_of(qi);
    QvThreadRec *rec = qi->ts->owner;
    uint32_t floor = rec->host_floor, enters = rec->enters;
    rec->host_depth++;
    rec->host_floor = enters;
    QvObj *result =
        (QvObj *)f->fn((Quiver *)inst, f->user, (QuiverValue *const *)args, (size_t)nargs);
    while (rec->enters > enters) { // it forgot to leave
        qv_detach(inst);
    }
    rec->host_floor = floor;
    rec->host_depth--;
    if (result && result->owner != 0 && result->owner != qi->owner) {
        qv_api_bad_arg(inst, (QuiverValue *)result);
        result = NULL;
    }
    QvErrorText *left = qv_error_take(inst); // of a call that failed inside
    if (!result && !qv_err_occurred(qi)) {
        if (left && left->exc) {
            qv_err_restore(qi, left->exc);
            left->exc = NULL;
        } else if (left) {
            quiver_raise((Quiver *)inst, left->view.type, left->view.message);
        } else {
            qv_raise(qi, &qv_exc_SystemError, "%U returned no value and raised nothing", f->name);
        }
    } else if (result && qv_err_occurred(qi)) {
        qv_clear(qi, &result);
    }
    qv_error_drop(inst, left);
    return result;
}

static const QvGetSet host_getsets[] = {
    {"__name__", host_name, NULL, NULL},
    {"__qualname__", host_name, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_host_function_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "host_function",
    .id = QV_TID_host_function,
    .flags = QV_T_NO_NEW,
    .size = sizeof(HostFunction),
    .base = &qv_object_type,
    .getsets = host_getsets,
    .fini = host_fini,
    .repr = host_repr,
    .call = host_call,
};

QvObj *qv_host_function_new(QvInterp *qi, const char *name, QuiverFunction fn, size_t min_args,
                            size_t max_args, void *user, void (*user_free)(void *user))
{
    QvObj *text = qv_str_intern_cstr(qi, name);
    HostFunction *f = text ? (HostFunction *)qv_obj_new(qi, &qv_host_function_type) : NULL;
    if (!f) {
        qv_xdecref(qi, text);
        return NULL;
    }
    f->name = text;
    f->fn = fn;
    f->min_args = min_args;
    f->max_args = max_args;
    f->user = user;
    f->user_free = user_free;
    return (QvObj *)f;
}

int quiver_register(Quiver *q, const char *module, const char *name, QuiverFunction fn,
                    size_t min_args, size_t max_args, void *user, void (*user_free)(void *user))
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *m = NULL, *key = NULL;
    int status = -1;
    void *code; // a pointer to a function is no pointer to an object
    memcpy(&code, &fn, sizeof code);
    if (!qv_api_given(inst, name, "name") || !qv_api_given(inst, code, "fn")) {
        return qv_api_status(inst, -1);
    }
    if (min_args > max_args) {
        return qv_api_status(
            inst, qv_raise_int(qi, &qv_exc_ValueError, "min_args is larger than max_args"));
    }
    if (!module) {
        m = qv_new_ref(qi, inst->main);
    } else {
        key = qv_str_intern_cstr(qi, module);
        int found = key ? qv_dict_get(qi, qi->modules, key, &m) : -1;
        if (found > 0) {
            qv_incref(qi, m);
        } else {
            m = found == 0 ? qv_module_new(qi, key) : NULL;
            if (m && qv_dict_set(qi, qi->modules, key, m) < 0) {
                qv_clear(qi, &m);
            }
        }
    }
    if (m) {
        QvObj *f = qv_host_function_new(qi, name, fn, min_args, max_args, user, user_free);
        status = f ? qv_dict_set_cstr(qi, qv_module_dict(m), name, f) : -1;
        qv_xdecref(qi, f);
    }
    qv_xdecref(qi, key);
    qv_xdecref(qi, m);
    return qv_api_status(inst, status);
}

QuiverValue *quiver_raise(Quiver *q, const char *type, const char *message)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    type = type ? type : "RuntimeError";
    message = message ? message : "";
    QvObj *name = qv_str_intern_cstr(qi, type);
    QvObj *cls = name ? qv_dict_peek_str(qi->builtins, name) : NULL;
    if (name) {
        if (cls && qv_is_type(cls) && qv_type_is_subtype((QvType *)cls, &qv_exc_BaseException)) {
            qv_raise(qi, (QvType *)cls, "%s", message);
        } else {
            qv_raise(qi, &qv_exc_RuntimeError, "%s: %s", type, message);
        }
        qv_decref(qi, name);
    }
    QvThreadRec *rec = qi->ts->owner;
    if (rec->host_depth == 0) { // nobody is there to raise it for: an error as any other
        qv_error_capture(inst);
    }
    qv_detach(inst);
    return NULL;
}
