// SPDX-License-Identifier: MIT
// What the files behind quiver.h share.
#ifndef QV_INTERPRETERS_API_H
#define QV_INTERPRETERS_API_H

#include "interpreters/instance.h"

static inline QvInstance *qv_api_inst(Quiver *q) { return (QvInstance *)q; }
static inline QvObj *qv_api_obj(QuiverValue *v) { return (QvObj *)v; }

// Enters and forgets the last error. NULL: q is NULL, the interpreter is being destroyed, or there
// is no memory.
static inline QvInstance *qv_api_begin(Quiver *q)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    qv_error_forget(inst);
    return inst;
}

// ---- what a host passes is looked at before it is used: mistakes are errors, in any build ----

// Raises what is wrong with v; NULL.
QvObj *qv_api_bad_arg(QvInstance *inst, const QuiverValue *v);

// A value, borrowed. NULL with ValueError where it is NULL or belongs to another interpreter.
static inline QvObj *qv_api_arg(QvInstance *inst, QuiverValue *v)
{
    QvObj *o = qv_api_obj(v);
    return o && (o->owner == 0 || o->owner == inst->qi.owner) ? o : qv_api_bad_arg(inst, v);
}

// n such values. False with ValueError.
bool qv_api_args(QvInstance *inst, QuiverValue *const *values, size_t n);
// A pointer that must not be NULL; `what` names it. False with ValueError.
bool qv_api_given(QvInstance *inst, const void *p, const char *what);

// Leaves with a result: NULL captures the pending exception.
static inline QuiverValue *qv_api_value(QvInstance *inst, QvObj *o)
{
    if (!o) {
        qv_error_capture(inst);
    }
    qv_detach(inst);
    return (QuiverValue *)o;
}

// Leaves with 0 or -1 (pending exception captured).
static inline int qv_api_status(QvInstance *inst, int status)
{
    if (status < 0) {
        qv_error_capture(inst);
    }
    qv_detach(inst);
    return status < 0 ? -1 : 0;
}

extern QvType qv_host_function_type;

// A Python object that calls fn; new reference or NULL.
QvObj *qv_host_function_new(QvInterp *qi, const char *name, QuiverFunction fn, size_t min_args,
                            size_t max_args, void *user, void (*user_free)(void *user));

#endif
