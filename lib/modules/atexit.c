// SPDX-License-Identifier: MIT
// The module atexit: functions that run when an interpreter ends, last registered first. The list
// stands in qi->atexit as (func, args, kwargs) tuples, None where one was unregistered.
#include "modules/modules.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/tuple.h"

static QvObj *atexit_register(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *func = qv_tuple_len(a[0]) > 0 ? qv_tuple_peek(a[0], 0) : NULL;
    if (!func) {
        return qv_raise(qi, &qv_exc_TypeError, "register() takes at least 1 argument (0 given)");
    }
    if (!qv_is_callable(func)) {
        return qv_raise(qi, &qv_exc_TypeError, "the first argument must be callable");
    }
    if (!qi->atexit) {
        qi->atexit = qv_list_new(qi, 4);
        if (!qi->atexit) {
            return NULL;
        }
    }
    QvObj *args = qv_tuple_slice(qi, a[0], 1, qv_tuple_len(a[0]));
    QvObj *entry = args ? qv_tuple_of(qi, 3, func, args, a[1] ? a[1] : QV_NONE) : NULL;
    qv_xdecref(qi, args);
    return qv_list_append_take(qi, qi->atexit, entry) < 0 ? NULL : qv_new_ref(qi, func);
}

static QvObj *atexit_unregister(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    for (QvSsize k = 0; qi->atexit && k < qv_list_len(qi->atexit); k++) {
        QvObj *entry = qv_list_peek(qi->atexit, k);
        if (entry == QV_NONE) {
            continue;
        }
        qv_incref(qi, entry);
        int same = qv_eq(qi, qv_tuple_peek(entry, 0), a[0]);
        qv_decref(qi, entry);
        if (same < 0) {
            return NULL;
        }
        // The comparison may have changed the list.
        if (same && qi->atexit && k < qv_list_len(qi->atexit) &&
            qv_list_set(qi, qi->atexit, k, QV_NONE) < 0) {
            return NULL;
        }
    }
    return QV_NONE;
}

static QvObj *atexit_clear(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    qv_clear(qi, &qi->atexit);
    return QV_NONE;
}

static QvObj *atexit_ncallbacks(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qi->atexit ? qv_list_len(qi->atexit) : 0);
}

void qv_atexit_run(QvInterp *qi)
{
    // A function may register more: they run too, at once.
    while (qi->atexit && qv_list_len(qi->atexit) > 0) {
        QvSsize last = qv_list_len(qi->atexit) - 1;
        QvObj *entry = qv_new_ref(qi, qv_list_peek(qi->atexit, last));
        if (qv_list_set_slice(qi, qi->atexit, last, last + 1, NULL) < 0) {
            qv_err_unraisable(qi, NULL);
        }
        if (entry != QV_NONE) {
            QvObj *func = qv_tuple_peek(entry, 0), *kwargs = qv_tuple_peek(entry, 2);
            QvObj *result =
                qv_call_tuple(qi, func, qv_tuple_peek(entry, 1), kwargs == QV_NONE ? NULL : kwargs);
            if (!result) {
                qv_err_unraisable(qi, func);
            }
            qv_xdecref(qi, result);
        }
        qv_decref(qi, entry);
    }
    qv_clear(qi, &qi->atexit);
}

static QvObj *atexit_run(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    qv_atexit_run(qi);
    return QV_NONE;
}

static const QvNativeDef functions[] = {
    {"_clear", atexit_clear, "($module, /)",
     "Clear the list of previously registered exit functions."},
    {"_ncallbacks", atexit_ncallbacks, "($module, /)",
     "Return the number of registered exit functions."},
    {"_run_exitfuncs", atexit_run, "($module, /)", "Run all registered exit functions."},
    {"register", atexit_register, "($module, /, *args, **kwargs)",
     "Register a function to be executed upon normal program termination."},
    {"unregister", atexit_unregister, "($module, func, /)",
     "Unregister an exit function which was previously registered."},
    {0},
};

const QvModuleDef qv_module_atexit = {
    .name = "atexit",
    .doc = "allow programmer to define multiple exit functions to be executed\nupon normal program "
           "termination.\n",
    .functions = functions,
};
