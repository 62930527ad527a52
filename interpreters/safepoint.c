// SPDX-License-Identifier: MIT
// What a thread does at a safepoint besides collecting: hand the lock over, notice interrupts.
#include "interpreters/limit.h"
#include "interpreters/signals.h"
#include "interpreters/workers.h"
#include "object/error.h"

#define STOPS_MAX 100 // handlers and finally blocks of a thread get so many chances to end

// Who stops the script does not wait for what it held: large containers die when the interpreter is
// next entered (or with the next collection, if the script goes on), large blocks elsewhere.
static void hurry(QvInterp *qi)
{
    if (!qi->finalizing) {
        qv_dealloc_later(qi);
        qi->heap.put_later = qv_workers_free;
    }
}

void qv_interrupt_again(QvInterp *qi)
{
    qv_atomic_store_u32(&qv_instance_of(qi)->interrupted, 1);
    qv_poll_set(qi, QV_POLL_STOP);
}

static int raise_stop(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    if (__atomic_load_n(&inst->state, __ATOMIC_RELAXED) == QV_INST_CLOSING && !qi->finalizing) {
        // Raised again at each safepoint until the thread has left: the interpreter is being
        // destroyed. A script that goes on catching it is unwound past its handlers; a thread that
        // the script started and did not wait for (a daemon) at once, as in CPython, where it just
        // never gets the lock again.
        QvThreadRec *rec = qi->ts->owner;
        qi->ts->past_handlers = ++qi->ts->stops > STOPS_MAX || rec->started;
        qv_raise(qi, &qv_exc_SystemExit, "interpreter is being destroyed");
        return -1;
    }
    __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_STOP, __ATOMIC_ACQ_REL);
    // A thread that the script started leaves an interrupt to the host's, where one is inside.
    QvThreadRec *mine = qi->ts->owner;
    bool takes = qv_atomic_load_u32(&inst->interrupted) &&
                 (!mine->started || !qv_attach_hosts_inside(inst));
    if (takes && qv_atomic_exchange_u32(&inst->interrupted, 0)) {
        qv_limits_notice(inst, qi->ts->owner);
        hurry(qi);
        if (qv_raise_interrupt(qi, QV_EXC_STOP_INTERRUPT) < 0) {
            qv_interrupt_again(qi);
        }
        return -1;
    }
    int status = qv_limits_stop(inst);
    if (status < 0) {
        hurry(qi);
    } else if (qv_dealloc_waits(qi)) {
        qv_poll_set(qi, QV_POLL_GC); // no stop after all: what was put aside for it dies now
    }
    return status;
}

// A signal waits for the main thread, and this is another one.
static void let_main_go_first(QvInstance *inst)
{
    QvThread *ts = inst->qi.ts;
    QvThreadRec *mine = ts->owner, *main = NULL;
    qv_mutex_lock(&inst->threads_mu);
    for (QvThreadRec *rec = inst->records; rec && !main; rec = rec->next) {
        main = rec->thread && rec->thread == inst->signal_thread ? rec : NULL;
    }
    qv_mutex_unlock(&inst->threads_mu);
    if (main && main != mine) {
        qv_lock_favour(&inst->lock, &mine->node, &main->node);
        inst->qi.ts = ts;
        qv_limits_notice(inst, mine);
    }
}

int qv_safepoint(QvInterp *qi, uint32_t reasons)
{
    QvInstance *inst = qv_instance_of(qi);
    if (reasons & QV_POLL_ALONE) {
        return raise_stop(inst);
    }
    if (reasons & QV_POLL_LOCK) {
        __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_LOCK, __ATOMIC_ACQ_REL);
        QvThreadRec *rec = qi->ts->owner;
        QvThread *ts = qi->ts;
        qv_lock_yield(&inst->lock, &rec->node);
        qi->ts = ts;
        qv_attach_notice(qi);
        qv_limits_notice(inst, rec);
        reasons |= qv_poll_peek(qi) & (QV_POLL_SIGNAL | QV_POLL_STOP | QV_POLL_CALLS);
    }
    if (qv_signals_here(qi) ? qv_signals_pending() : (reasons & QV_POLL_SIGNAL) != 0) {
        __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_SIGNAL, __ATOMIC_ACQ_REL);
        if (!qv_signals_here(qi)) {
            if (qv_signals_pending() && inst->signal_thread) {
                let_main_go_first(inst);
                reasons |= qv_poll_peek(qi) & (QV_POLL_STOP | QV_POLL_CALLS);
            }
        } else if (qv_signals_run(qi) < 0) {
            return -1;
        }
    }
    if (reasons & QV_POLL_CALLS) {
        // It may be meant for another thread, which raises the bit again when it gets the lock.
        __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_CALLS, __ATOMIC_ACQ_REL);
        QvObj *exc = qi->ts->async_exc;
        if (exc) {
            qi->ts->async_exc = NULL;
            qv_raise_exc(qi, exc);
            return -1;
        }
    }
    if (reasons & QV_POLL_STOP) {
        int status = raise_stop(inst);
        if (status == 0 && (qv_poll_peek(qi) & QV_POLL_STOP)) {
            qv_dealloc_some(qi); // the stop's handlers run
        }
        return status;
    }
    return 0;
}
