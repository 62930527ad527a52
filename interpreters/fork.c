// SPDX-License-Identifier: MIT
// Around fork(): all mutexes of the process are held over it, so that the child finds what they
// guard whole. The child then has one thread and one interpreter:
//
//   registry          holds that interpreter alone; the others' memory stays, unreachable
//   its lock          held by this thread, nobody waits
//   thread records    this thread's and idle ones; what the other threads' stacks held is never
//                     dropped, since nobody knows how far they were with it
//   locks, channels   nobody sleeps in their rows (mod_thread.c looks at inst->forks)
#include "interpreters/fork.h"

#include "code/cache.h"
#include "interpreters/signals.h"
#include "interpreters/threads.h"
#include "interpreters/timer.h"
#include "interpreters/workers.h"
#include "object/error.h"
#include "object/pack.h"
#include "vm/frame.h"

static void hold(QvInstance *inst)
{
    qv_deadlock_fork(true, false);
    qv_process_fork(inst, QV_FORK_BEFORE);
    qv_timer_fork(inst, QV_FORK_BEFORE);
    qv_mutex_hold(&inst->threads_mu);
    qv_code_cache_fork(true);
    qv_channels_fork(true, false);
    qv_boxes_fork(true, false);
    qv_stack_pool_fork(true);
    qv_heap_pool_before_fork();
    qv_workers_fork(QV_FORK_BEFORE);
}

static void let_go(QvInstance *inst, QvForkStep when)
{
    qv_workers_fork(when);
    qv_heap_pool_after_fork();
    qv_stack_pool_fork(false);
    qv_boxes_fork(false, when == QV_FORK_CHILD);
    qv_channels_fork(false, when == QV_FORK_CHILD);
    qv_code_cache_fork(false);
    qv_mutex_let_go(&inst->threads_mu);
    qv_timer_fork(inst, when);
    qv_process_fork(inst, when);
    qv_deadlock_fork(false, when == QV_FORK_CHILD);
}

// Lost records keep their memory: a lock's row of sleepers may still point into them.
static void forget_threads(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    QvThreadRec *mine = qi->ts->owner;
    QvThreadRec *records = NULL;
    for (QvThreadRec *rec = inst->records; rec; rec = rec->next) {
        qv_bell_close(rec); // the parent's threads sleep on it, too
    }
    mine->listens = 0;
    for (QvThreadRec *rec = inst->idle; rec; rec = rec->next_idle) {
        rec->next = records;
        records = rec;
    }
    mine->next = records;
    inst->records = mine;
    for (QvThread *ts = qi->threads; ts; ts = ts->next) {
        qi->lost_threads |= ts != qi->ts;
    }
    qi->ts->prev = qi->ts->next = NULL;
    qi->threads = qi->ts;
    inst->inside = 1;
    inst->nstarted = mine->started;
    qv_cond_init(&inst->threads_cond);
    int64_t interval = inst->lock.interval;
    qv_lock_init(&inst->lock, &qi->poll);
    inst->lock.interval = interval;
    inst->lock.state = 1;
    inst->forks++;
    __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_LOCK, __ATOMIC_ACQ_REL);
}

int qv_fork(QvInterp *qi, QvForkStep when)
{
    QvInstance *inst = qv_instance_of(qi);
    QvThreadRec *mine = qi->ts->owner;
    if (when == QV_FORK_BEFORE) {
        if (qv_atomic_load_u64(&inst->family) || mine->outer || qv_attached_instance() != inst) {
            return qv_raise_int(qi, &qv_exc_RuntimeError, "fork not supported for subinterpreters");
        }
        hold(inst);
        return 0;
    }
    if (when == QV_FORK_CHILD) {
        forget_threads(inst);
    }
    let_go(inst, when);
    if (when == QV_FORK_CHILD) {
        qv_signals_after_fork(inst);
        qv_threads_drop_pending(inst);
    }
    return 0;
}
