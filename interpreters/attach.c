// SPDX-License-Identifier: MIT
// OS threads inside interpreters: entering, leaving, blocking.
//
// This is the one place that uses thread-local storage: which interpreters is this OS thread in?
// Records form a chain from the innermost to the outermost (a host function of one interpreter may
// call into another).
#include "interpreters/api.h"
#include "interpreters/limit.h"
#include "interpreters/signals.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/clock.h"
#include "object/protocol.h"
#include "vm/frame.h"

#define C_STACK_RESERVE ((size_t)192 << 10) // bytes below which no new C recursion starts
#define MAIN_STACK_MOST ((rlim_t)64 << 20)  // bytes; the kernel keeps 128 MiB below its top free

static _Thread_local QvThreadRec *attached; // innermost record of this OS thread
static _Thread_local char *c_limit;         // lowest address its C stack may reach

// The lowest address of the block that the main thread's stack may grow to fill: RLIMIT_STACK below
// the path of the program, which the kernel puts at the top. NULL on other stacks, and for a limit
// so large that something else may stand in the way.
static char *main_stack(size_t *ret_size)
{
    uintptr_t top = getauxval(AT_EXECFN), here = (uintptr_t)__builtin_frame_address(0);
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) < 0 || limit.rlim_cur > MAIN_STACK_MOST || here > top ||
        top - here > limit.rlim_cur) {
        return NULL;
    }
    *ret_size = limit.rlim_cur;
    return (char *)(top - limit.rlim_cur);
}

// pthread_getattr_np knows every thread's block, but reads all of /proc/self/maps for the main one.
static char *find_c_limit(void)
{
    size_t size = 0;
    void *low = main_stack(&size);
    pthread_attr_t attr;
    if (!low && pthread_getattr_np(pthread_self(), &attr) == 0) {
        pthread_attr_getstack(&attr, &low, &size);
        pthread_attr_destroy(&attr);
    }
    if (!low) {
        return (char *)__builtin_frame_address(0) - ((size_t)512 << 10); // unknown: a modest guess
    }
    return (char *)low + (size > 4 * C_STACK_RESERVE ? C_STACK_RESERVE : size / 4);
}

QvThreadRec *qv_attached_record(const QvInstance *inst)
{
    for (QvThreadRec *rec = attached; rec; rec = rec->outer) {
        if (rec->inst == inst) {
            return rec;
        }
    }
    return NULL;
}

QvInstance *qv_attached_instance(void) { return attached ? attached->inst : NULL; }

static QvThreadRec *new_record(QvInstance *inst)
{
    QvThreadRec *rec = calloc(1, sizeof *rec);
    if (!rec) {
        return NULL;
    }
    rec->inst = inst;
    rec->ts.qi = &inst->qi;
    rec->ts.exc_info = &rec->ts.exc_base;
    rec->ts.owner = rec;
    rec->ts.lock_node = &rec->node;
    rec->wake = QV_WAKE_IDLE;
    if (qv_stack_init(&inst->qi, &rec->ts) < 0) {
        free(rec);
        return NULL;
    }
    return rec;
}

int qv_attach_init(QvInstance *inst)
{
    QvThreadRec *rec = new_record(inst);
    if (!rec) {
        return -1;
    }
    inst->records = rec;
    inst->idle = rec;
    qv_eval_choose_dispatch(&inst->qi); // later ones change it with the lock held
    return 0;
}

void qv_attach_fini(QvInstance *inst)
{
    QvThreadRec *rec = inst->records;
    while (rec) {
        QvThreadRec *next = rec->next;
        qv_scopes_free(rec);
        qv_bell_close(rec);
        free(rec);
        rec = next;
    }
    inst->records = NULL;
    inst->idle = NULL;
}

// An idle record, or a new one; NULL: no memory. threads_mu is held.
static QvThreadRec *idle_record(QvInstance *inst)
{
    QvThreadRec *rec = inst->idle;
    if (rec) {
        inst->idle = rec->next_idle;
        return rec;
    }
    rec = new_record(inst);
    if (rec) {
        rec->next = inst->records;
        // qv_wait_interrupt walks the list without the mutex
        __atomic_store_n(&inst->records, rec, __ATOMIC_RELEASE);
    }
    return rec;
}

// A record for this OS thread, or the one that was reserved for it; counts it as inside. NULL:
// closing, or no memory.
static QvThreadRec *take_record(QvInstance *inst, QvThreadRec *reserved)
{
    int64_t cpu_start = qv_clock_thread_cpu();
    qv_mutex_lock(&inst->threads_mu);
    QvThreadRec *rec = NULL;
    if (inst->state < QV_INST_CLOSING) {
        rec = reserved ? reserved : idle_record(inst);
        if (rec) {
            rec->started = reserved != NULL;
            inst->reserved -= reserved != NULL;
            rec->thread = (uint64_t)pthread_self();
            rec->cpu_start = cpu_start;
            inst->inside++;
        }
    }
    qv_mutex_unlock(&inst->threads_mu);
    return rec;
}

static void give_record(QvInstance *inst, QvThreadRec *rec)
{
    int64_t cpu_end = qv_clock_thread_cpu();
    qv_mutex_lock(&inst->threads_mu);
    qv_atomic_add_u64(&inst->cpu_ns, (uint64_t)(cpu_end - rec->cpu_start));
    rec->started = false;
    rec->thread = 0;
    rec->next_idle = inst->idle;
    inst->idle = rec;
    inst->inside--;
    qv_cond_broadcast(&inst->threads_cond);
    qv_mutex_unlock(&inst->threads_mu);
    if (QV_UNLIKELY(qv_deadlock_mode() != QV_DEADLOCK_IGNORE)) {
        qv_deadlock_look();
    }
}

bool qv_attach_hosts_inside(QvInstance *inst)
{
    bool found = false;
    qv_mutex_lock(&inst->threads_mu);
    for (QvThreadRec *rec = inst->records; rec; rec = rec->next) {
        found |= rec->thread && !rec->started && &rec->ts != inst->qi.ts;
    }
    qv_mutex_unlock(&inst->threads_mu);
    return found;
}

// Links the thread state into the interpreter's list while its thread is inside. Lock held.
static void link_thread(QvInterp *qi, QvThread *ts)
{
    ts->prev = NULL;
    ts->next = qi->threads;
    if (qi->threads) {
        qi->threads->prev = ts;
    }
    qi->threads = ts;
}

static void unlink_thread(QvInterp *qi, QvThread *ts)
{
    if (ts->prev) {
        ts->prev->next = ts->next;
    } else {
        qi->threads = ts->next;
    }
    if (ts->next) {
        ts->next->prev = ts->prev;
    }
    ts->prev = ts->next = NULL;
}

void qv_attach_notice(QvInterp *qi)
{
    if (qv_signals_here(qi) && qv_signals_pending()) {
        qv_poll_set(qi, QV_POLL_SIGNAL);
    }
    if (QV_UNLIKELY(qi->ts->async_exc != NULL)) {
        qv_poll_set(qi, QV_POLL_CALLS);
    }
}

QvThreadRec *qv_attach_reserve(QvInstance *inst)
{
    qv_mutex_lock(&inst->threads_mu);
    QvThreadRec *rec = idle_record(inst);
    inst->reserved += rec != NULL;
    qv_mutex_unlock(&inst->threads_mu);
    return rec;
}

void qv_attach_unreserve(QvInstance *inst, QvThreadRec *rec)
{
    qv_mutex_lock(&inst->threads_mu);
    rec->next_idle = inst->idle;
    inst->idle = rec;
    inst->reserved--;
    qv_mutex_unlock(&inst->threads_mu);
}

static int enter(QvInstance *inst, QvThreadRec *reserved)
{
    QvThreadRec *rec = qv_attached_record(inst);
    if (rec) {
        rec->enters++;
        if (!rec->holds) { // from inside a blocking call of the same interpreter
            qv_attach_lock(&inst->qi);
            rec->relocked |= 1u << (rec->enters & 31);
        }
        return 0;
    }
    rec = take_record(inst, reserved);
    if (!rec) {
        return -1;
    }
    if (!c_limit) {
        c_limit = find_c_limit();
    }
    rec->ts.c_limit = c_limit;
    rec->ts.os_id = (uint64_t)pthread_self();
    rec->enters = 1;
    rec->outer = attached;
    attached = rec;
    qv_lock_acquire(&inst->lock, &rec->node);
    rec->holds = true;
    inst->qi.ts = &rec->ts;
    link_thread(&inst->qi, &rec->ts);
    qv_stack_set_limit(&inst->qi, &rec->ts);
    qv_attach_notice(&inst->qi);
    qv_limits_call_begins(inst, rec);
    qv_limits_enter(inst, rec);
    if (QV_UNLIKELY(qv_dealloc_waits(&inst->qi))) {
        qv_dealloc_resume(&inst->qi);
    }
    return 0;
}

int qv_attach(QvInstance *inst) { return enter(inst, NULL); }

int qv_attach_started(QvInstance *inst, QvThreadRec *reserved) { return enter(inst, reserved); }

void qv_detach(QvInstance *inst)
{
    QvThreadRec *rec = qv_attached_record(inst);
    if (!rec) {
        return;
    }
    uint32_t level = 1u << (rec->enters & 31);
    if (--rec->enters > 0) {
        if (rec->relocked & level) {
            rec->relocked &= ~level;
            qv_attach_unlock(&inst->qi);
        }
        return;
    }
    unlink_thread(&inst->qi, &rec->ts);
    inst->qi.ts = NULL;
    rec->holds = false;
    QvThreadRec **link = &attached;
    while (*link != rec) {
        link = &(*link)->outer;
    }
    *link = rec->outer;
    qv_lock_release(&inst->lock);
    give_record(inst, rec);
}

void qv_attach_unlock(QvInterp *qi)
{
    QvInstance *inst = qv_instance_of(qi);
    QvThreadRec *rec = qi->ts->owner;
    rec->holds = false;
    qi->ts = NULL;
    qv_lock_release(&inst->lock);
}

void qv_attach_lock(QvInterp *qi)
{
    QvInstance *inst = qv_instance_of(qi);
    QvThreadRec *rec = qv_attached_record(inst);
    rec->node.urgent = qv_atomic_load_relaxed_u64(&inst->signal_thread) == rec->ts.os_id &&
                       qv_signals_pending();
    qv_lock_acquire(&inst->lock, &rec->node);
    rec->node.urgent = false;
    rec->holds = true;
    qi->ts = &rec->ts;
    qv_attach_notice(qi);
    qv_limits_notice(inst, rec);
}

void qv_attach_pause(QvInterp *qi)
{
    QvThread *ts = qi->ts;
    QvThreadRec *rec = ts->owner;
    qv_lock_pause(&rec->inst->lock, &rec->node);
    qi->ts = ts;
    qv_attach_notice(qi);
    qv_limits_notice(rec->inst, rec);
}
