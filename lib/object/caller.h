// SPDX-License-Identifier: MIT
// Calling one function many times from C (map, filter, key functions): what is asked about it is
// asked once.
#ifndef QV_OBJECT_CALLER_H
#define QV_OBJECT_CALLER_H

#include "object/function.h"
#include "object/interp.h"
#include "object/protocol.h"

typedef struct QvCaller {
    QvObj *func;       // borrowed
    QvNativeFn native; // of a built-in function that takes one argument as it stands, else NULL
    QvObj *self;       // its first argument
    QvCallFn call;     // of another object of a static type that is called in C, else NULL
} QvCaller;

static inline QvCaller qv_caller(QvObj *func)
{
    QvCaller c = {.func = func};
    if (func->type == &qv_builtin_type && qv_sig_takes(((QvBuiltin *)func)->sig, 1)) {
        c.native = ((QvBuiltin *)func)->sig->def->fn;
        c.self = ((QvBuiltin *)func)->self;
    } else if (func->type != &qv_function_type && !(func->type->flags & QV_T_HEAP)) {
        c.call = func->type->call;
    }
    return c;
}

QV_RUNS static inline QvObj *qv_caller_call1(QvInterp *qi, const QvCaller *c, QvObj *arg)
{
    // Near the end of the C stack qv_call tells so.
    if ((c->native || c->call) &&
        QV_LIKELY((char *)__builtin_frame_address(0) >= qi->ts->c_limit)) {
        QvObj *r = c->native ? c->native(qi, c->self, &arg, 1)
                             : c->call(qi, c->func, &arg, 1, NULL);
        qv_assert((r != NULL) == (qi->ts->exc == NULL));
        return r;
    }
    return qv_call1(qi, c->func, arg);
}

#endif
