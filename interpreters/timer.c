// SPDX-License-Identifier: MIT
// The timer: one thread, made when the first interpreter has a deadline, that sleeps on a futex
// until the earliest one.
//
//   qv_timer ── mu (TIMER) ──> list of armed instances (inst->timer), when the thread will look
//     arm      changes the instance's time; an earlier one than the thread waits for wakes it
//     thread   calls qv_limits_tick for those whose time has come, under mu: who disarms an
//              instance afterwards knows that nobody looks at it
//     end      a new generation; the thread of an older one ends at its next look
//
// The list is not sorted: the thread walks it once for each time that passes, which is what a
// deadline costs that nobody removes. Setting and removing one is a few stores.
#include "interpreters/timer.h"

#include <signal.h>

#include "base/clock.h"
#include "interpreters/limit.h"

#define STACK_SIZE ((size_t)64 << 10)

typedef struct QvTimerThread {
    QvMutex mu;
    QvInstance *first;
    QvOsThread thread;   // while running
    bool running;        // a thread of this generation
    uint32_t generation; // threads started so far
    uint32_t word;       // atomic: changes when the thread shall look again
    int64_t wake;        // what it sleeps for
} QvTimerThread;

static QvTimerThread qv_timer = {.mu = QV_MUTEX_INIT(QV_RANK_TIMER)};

static void unlink_timer(QvInstance *inst)
{
    QvTimer *t = &inst->timer;
    if (t->prev) {
        t->prev->timer.next = t->next;
    } else {
        qv_timer.first = t->next;
    }
    if (t->next) {
        t->next->timer.prev = t->prev;
    }
    t->prev = t->next = NULL;
    __atomic_store_n(&t->at, QV_NEVER, __ATOMIC_RELEASE);
}

// Looks at all whose time has come; the earliest of the others.
static int64_t look(void)
{
    int64_t now = qv_clock_monotonic(), earliest = QV_NEVER;
    for (QvInstance *inst = qv_timer.first, *next; inst; inst = next) {
        next = inst->timer.next;
        int64_t at = inst->timer.at;
        if (at <= now) {
            at = qv_limits_tick(inst, now);
            if (at == QV_NEVER) {
                unlink_timer(inst);
            } else {
                __atomic_store_n(&inst->timer.at, at, __ATOMIC_RELAXED);
            }
        }
        earliest = at < earliest ? at : earliest;
    }
    return earliest;
}

static void *thread_main(void *arg)
{
    uint32_t generation = (uint32_t)(uintptr_t)arg;
    qv_thread_set_name("quiver timer");
    qv_mutex_lock(&qv_timer.mu);
    while (qv_timer.generation == generation) {
        int64_t wake = qv_timer.wake = look();
        uint32_t word = qv_atomic_load_u32(&qv_timer.word);
        qv_mutex_unlock(&qv_timer.mu);
        qv_futex_wait(&qv_timer.word, word, wake);
        qv_mutex_lock(&qv_timer.mu);
    }
    qv_mutex_unlock(&qv_timer.mu);
    return NULL;
}

// Under mu. No signal is for this thread.
static int start(void)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    uintptr_t generation = ++qv_timer.generation;
    qv_timer.wake = QV_NEVER;
    int err = qv_thread_start(thread_main, (void *)generation, STACK_SIZE, &qv_timer.thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    qv_timer.running = err == 0;
    return err ? -1 : 0;
}

int qv_timer_arm(QvInstance *inst, int64_t at)
{
    int status = 0;
    qv_mutex_lock(&qv_timer.mu);
    if (at != QV_NEVER && !qv_timer.running) {
        status = start();
    }
    QvTimer *t = &inst->timer;
    bool armed = t->at != QV_NEVER;
    if (at == QV_NEVER || status < 0) {
        if (armed) {
            unlink_timer(inst);
        }
    } else {
        __atomic_store_n(&t->at, at, __ATOMIC_RELAXED);
        if (!armed) {
            t->next = qv_timer.first;
            if (t->next) {
                t->next->timer.prev = inst;
            }
            qv_timer.first = inst;
        }
        if (at < qv_timer.wake) {
            qv_atomic_add_u32(&qv_timer.word, 1);
            qv_futex_wake(&qv_timer.word, 1);
        }
    }
    qv_mutex_unlock(&qv_timer.mu);
    return status;
}

void qv_timer_end(void)
{
    qv_mutex_lock(&qv_timer.mu);
    bool end = qv_timer.running && !qv_timer.first;
    QvOsThread thread = qv_timer.thread;
    if (end) {
        qv_timer.running = false;
        qv_timer.generation++;
        qv_atomic_add_u32(&qv_timer.word, 1);
        qv_futex_wake(&qv_timer.word, 1);
    }
    qv_mutex_unlock(&qv_timer.mu);
    if (end) {
        qv_thread_join(&thread, NULL);
    }
}

void qv_timer_fork(QvInstance *inst, QvForkStep when)
{
    if (when == QV_FORK_BEFORE) {
        qv_mutex_hold(&qv_timer.mu);
        return;
    }
    int64_t at = inst->timer.at;
    if (when == QV_FORK_CHILD) { // the thread and the other interpreters are not here
        qv_timer.first = NULL;
        qv_timer.running = false;
        inst->timer = (QvTimer){.at = QV_NEVER};
    }
    qv_mutex_let_go(&qv_timer.mu);
    if (when == QV_FORK_CHILD && at != QV_NEVER) {
        (void)qv_timer_arm(inst, at);
    }
}
