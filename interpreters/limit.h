// SPDX-License-Identifier: MIT
// Limits and stop: what the other files of this layer call.
#ifndef QV_INTERPRETERS_LIMIT_H
#define QV_INTERPRETERS_LIMIT_H

#include "interpreters/instance.h"

void qv_limits_init(QvInstance *inst);  // from inst->config; nothing runs yet
void qv_limits_begin(QvInstance *inst); // the interpreter is made: its budgets wait for a run
void qv_limits_reset(QvInstance *inst); // after fini: as init, whatever was set since. Lock held
void qv_limits_fini(QvInstance *inst);  // nobody will look at it any more

// As quiver_set_limit and quiver_limit_left.
int qv_limit_set(QvInstance *inst, QuiverLimit which, uint64_t amount);
int qv_limit_left(QvInstance *inst, QuiverLimit which, uint64_t *ret);

// CPU time that its threads have spent inside, those that are inside now included. Any thread.
uint64_t qv_limits_cpu_used(QvInstance *inst);
uint64_t qv_limits_fuel_used(QvInstance *inst); // instructions counted so far; any thread

// The timer's thread: the time of inst has come. When to look again, or QV_NEVER.
int64_t qv_limits_tick(QvInstance *inst, int64_t now);

// ---- lock held ----

// An outermost call of this thread begins: earlier stops do not concern it.
void qv_limits_call_begins(QvInstance *inst, QvThreadRec *rec);
// The thread has entered.
void qv_limits_enter(QvInstance *inst, const QvThreadRec *rec);
// At a safepoint: raises what stops this thread. 0: nothing, or its handlers may still run; -1.
int qv_limits_stop(QvInstance *inst);
// May a thread that is being stopped wait, since one of its handlers does? Until when (ns), or 0.
int64_t qv_limits_graced(QvInstance *inst, QvThreadRec *rec);

// Is this thread to be stopped? Its own question; the lock need not be held.
static inline bool qv_limits_due(const QvInstance *inst, const QvThreadRec *rec)
{
    return qv_atomic_load_relaxed_u32(&inst->limits.exceeded) != 0 ||
           qv_atomic_load_relaxed_u32(&inst->limits.stops) != rec->stops_seen;
}

// The thread has got the lock: another one may have cleared the poll bit that was for it.
static inline void qv_limits_notice(QvInstance *inst, const QvThreadRec *rec)
{
    if (QV_UNLIKELY(qv_limits_due(inst, rec) ||
                    qv_atomic_load_relaxed_u32(&inst->limits.changed) != 0)) {
        qv_poll_set(&inst->qi, QV_POLL_STOP);
    }
}

#endif
