// SPDX-License-Identifier: MIT
// Work that one interpreter gives to another: a request in a message, done on this or on a new OS
// thread, and its outcome in a message.
#ifndef QV_INTERPRETERS_JOB_H
#define QV_INTERPRETERS_JOB_H

#include "interpreters/instance.h"
#include "object/pack.h"

typedef enum QvJobKind {
    // (source str, function or None; dict of globals or None): runs in __main__; gives None
    QV_JOB_EXEC,
    QV_JOB_CALL, // (callable, args tuple, kwargs dict): gives the result
} QvJobKind;

typedef struct QvJob QvJob;

// Does the request (taken) in the target: enters it on this thread, runs, leaves. The outcome as a
// message: a tuple (True, value), or (False, type name, qualname, module, str(exception), traceback
// text). NULL: the target is being destroyed, or there is no memory. No lock of another interpreter
// is held by the caller.
QvMsg *qv_job_run(QvInstance *target, QvJobKind kind, QV_STOLEN QvMsg *request);

// A job for a new OS thread, started; it takes the request (also on failure) and a handle of the
// target, and calls `after` with the target at the end, outside of it. NULL: no thread or no
// memory.
QvJob *qv_job_start(QvInstance *target, QvJobKind kind, QV_STOLEN QvMsg *request,
                    void (*after)(QvInstance *target));
// What a failed outcome tells of an exception, as a tuple of texts. NULL: no memory.
QV_RUNS QvObj *qv_job_describe(QvInterp *qi, QvObj *exc);
void qv_job_release(QvJob *job);
bool qv_job_is_done(QvJob *job);
// Waits for the end: 1 done, 0 the deadline has passed, -1 with an exception (interrupt).
QV_BLOCKS int qv_job_join(QvInterp *qi, QvJob *job, int64_t deadline);
// The outcome of a job that is done; NULL as qv_job_run. Stays the job's.
const QvMsg *qv_job_outcome(const QvJob *job);
const QvInstance *qv_job_target(const QvJob *job);

#endif
