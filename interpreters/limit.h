// SPDX-License-Identifier: MIT
// Limits and stop: what the other files of this layer call.
#ifndef QV_INTERPRETERS_LIMIT_H
#define QV_INTERPRETERS_LIMIT_H

#include "interpreters/instance.h"
#include "object/exception.h"

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

int64_t qv_limits_time_end(QvInstance *inst); // when its time is over; QV_NEVER

// The timer's thread: the time of inst has come. When to look again, or QV_NEVER.
int64_t qv_limits_tick(QvInstance *inst, int64_t now);

// ---- lend.c: limits of a maker are limits of all that it makes ----

#define QV_LIMITS_RETURNED (1u << 31) // bit of `changed`: something was given back

// What the maker can lend at most (0: it has no such limit): half of what it has left; of its time
// all.
uint64_t qv_lend_most(QvInstance *maker, QuiverLimit which);
// Takes it out of the maker's, whose lock is held.
void qv_lend_take(QvInstance *maker, QuiverLimit which, uint64_t amount, uint32_t *ret_epoch);
// Gives it back; any thread.
void qv_lend_return(QvInstance *maker, QuiverLimit which, uint64_t amount, uint32_t epoch);
void qv_lend_take_over(QvInstance *maker);                 // what was given back. Lock held
void qv_lend_forget(QvInstance *maker, QuiverLimit which); // it is set anew. limits.mu held
// Notes what the child was lent.
void qv_lend_note(QvInstance *child, QvInstance *maker, QuiverLimit which, uint64_t amount,
                  uint32_t epoch);
// Was it lent by this maker (NULL: anybody)?
bool qv_lend_is_from(QvInstance *child, QuiverLimit which, const QvInstance *maker);
uint64_t qv_lend_left(QvInstance *child, QuiverLimit which); // what it would give back
void qv_lend_give_back(QvInstance *child);                   // it ends; its heap is still there

// ---- lock held ----

// An outermost call of this thread begins: earlier stops do not concern it.
void qv_limits_call_begins(QvInstance *inst, QvThreadRec *rec);
// The thread has entered.
void qv_limits_enter(QvInstance *inst, const QvThreadRec *rec);
// What handles the thread's stop has a whole grace, whatever was used before.
void qv_limits_grant(QvInstance *inst, QvThreadRec *rec);
// At a safepoint: raises what stops this thread. 0: nothing, or its handlers may still run; -1.
int qv_limits_stop(QvInstance *inst);
// Did the exception (or none: NULL) come of a stop or an interrupt?
bool qv_limits_is_stop(const QvObj *exc);
// Raises KeyboardInterrupt with its origin. -1: another exception was raised.
int qv_raise_interrupt(QvInterp *qi, QvExcStop what);
// hooks.interrupt_again (safepoint.c).
void qv_interrupt_again(QvInterp *qi);
// May a thread that is being stopped wait, since one of its handlers does? Until when (ns), or 0.
int64_t qv_limits_graced(QvInstance *inst, QvThreadRec *rec);

// Is this thread to be stopped? Its own question; the lock need not be held.
static inline bool qv_limits_due(const QvInstance *inst, const QvThreadRec *rec)
{
    return qv_atomic_load_relaxed_u32(&inst->limits.exceeded) != 0 ||
           qv_atomic_load_relaxed_u32(&inst->limits.stops) != rec->stops_seen;
}

// The same, or is there an interrupt for it? (safepoint.c)
static inline bool qv_limits_wanted(const QvInstance *inst, const QvThreadRec *rec)
{
    return qv_limits_due(inst, rec) ||
           (qv_atomic_load_relaxed_u32(&inst->interrupted) != 0 && !rec->started);
}

// The thread has got the lock: another one may have cleared the poll bit that was for it.
static inline void qv_limits_notice(QvInstance *inst, const QvThreadRec *rec)
{
    if (QV_UNLIKELY(qv_limits_wanted(inst, rec) ||
                    qv_atomic_load_relaxed_u32(&inst->limits.changed) != 0)) {
        qv_poll_set(&inst->qi, QV_POLL_STOP);
    }
}

#endif
