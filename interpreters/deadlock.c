// SPDX-License-Identifier: MIT
// Deadlocks: all threads of all interpreters wait for channels or locks, without a deadline, and so
// nobody is left to serve them.
//
//   watch (process) ── mu ──> the waits that are going on, each on its thread's stack
//
// A thread that goes to sleep (and a script's thread that ends) looks whether it was the last one
// that could run: every thread that is inside an interpreter has a wait in the list whose word is
// still armed. Only somebody who runs can change that, so what is found stays true. Nothing polls,
// and while nobody has asked for it nothing is noted either.
//
// A report must not be false. What might still act counts as somebody who runs: threads that are
// about to start or wait to enter, waits of any other kind (sleep, input and output, join with a
// limit), C threads where they hold ends of the channels that are waited for, or could receive
// some, signals with a handler, timers; and the thread that asked for the watch has to wait, too,
// since a host's thread that is outside may come back.
#include "base/sync.h"

#include <signal.h>
#include <stdio.h>
#include <sys/time.h>

#include "interpreters/fault_text.h"
#include "interpreters/instance.h"
#include "interpreters/signals.h"

static struct QvDeadlockWatch {
    QvMutex mu;       // unranked: taken with an interpreter's lock, before the registry's
    QvBlocked *first; // guarded by: mu
    uint64_t asked;   // thread that asked for the watch; guarded by: mu
    uint32_t mode;    // atomic: QvDeadlockMode
    uint32_t others;  // atomic: threads about to enter
} qv_watch;

QvDeadlockMode qv_deadlock_mode(void)
{
    return (QvDeadlockMode)qv_atomic_load_relaxed_u32(&qv_watch.mode);
}

void qv_deadlock_set(QvDeadlockMode mode)
{
    qv_mutex_lock(&qv_watch.mu);
    qv_watch.asked = (uint64_t)pthread_self();
    qv_atomic_store_u32(&qv_watch.mode, mode);
    qv_mutex_unlock(&qv_watch.mu);
}

QuiverDeadlock quiver_on_deadlock(QuiverDeadlock what)
{
    QvDeadlockMode before = qv_deadlock_mode();
    if (what >= QUIVER_DEADLOCK_IGNORE && what <= QUIVER_DEADLOCK_RAISE) {
        qv_deadlock_set((QvDeadlockMode)what);
    }
    return (QuiverDeadlock)before;
}

void qv_deadlock_others(int by) { qv_atomic_add_u32(&qv_watch.others, (uint32_t)by); }

static bool is_blocked(uint64_t thread)
{
    const QvBlocked *b = qv_watch.first;
    while (b && b->thread != thread) {
        b = b->next;
    }
    return b != NULL;
}

// True while some thread of the interpreter may run.
static bool may_run(QvInstance *inst, void *ctx)
{
    (void)ctx;
    qv_mutex_lock(&inst->threads_mu);
    bool runs = inst->state != QV_INST_ALIVE || inst->reserved > 0 ||
                __atomic_load_n(&inst->timer.at, __ATOMIC_ACQUIRE) != QV_NEVER;
    uint32_t inside = 0;
    for (const QvThreadRec *rec = inst->records; rec && !runs; rec = rec->next) {
        if (rec->thread) {
            inside++;
            runs = !is_blocked(rec->thread);
        }
    }
    runs |= inside != inst->inside;
    qv_mutex_unlock(&inst->threads_mu);
    return runs;
}

static bool timer_runs(void)
{
    static const __itimer_which_t kinds[] = {ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF};
    for (int k = 0; k < 3; k++) {
        struct itimerval left;
        if (getitimer(kinds[k], &left) == 0 && (left.it_value.tv_sec || left.it_value.tv_usec)) {
            return true;
        }
    }
    return false;
}

static bool is_deadlock(void)
{
    bool channel = false;
    for (const QvBlocked *b = qv_watch.first; b; b = b->next) {
        if (!qv_wait_is_armed(b->word)) {
            return false; // it has been served
        }
        channel |= b->channel;
    }
    if (!channel) {
        return false;
    }
    for (const QvBlocked *b = qv_watch.first; b; b = b->next) {
        if (b->others_may_serve && b->others_may_serve(b->channels, b->nchannels)) {
            return false;
        }
    }
    return is_blocked(qv_watch.asked) && qv_atomic_load_u32(&qv_watch.others) == 0 &&
           !qv_process_any(may_run, NULL) && !timer_runs() && !qv_signals_expected();
}

static void report(void)
{
    char line[sizeof qv_watch.first->what + 100];
    qv_fault_puts(2, "Deadlock: each thread waits for a channel or a lock, and nobody is left to "
                     "serve them.\n");
    for (const QvBlocked *b = qv_watch.first; b; b = b->next) {
        snprintf(line, sizeof line, "\nInterpreter %llu, thread 0x%llx %s\n",
                 (unsigned long long)b->interpreter, (unsigned long long)b->thread, b->what);
        qv_fault_puts(2, line);
        qv_fault_stack(2, b->ts);
    }
}

// mu held.
static void look(void)
{
    QvDeadlockMode mode = qv_deadlock_mode();
    if (!mode || !qv_watch.first || !is_deadlock()) {
        return;
    }
    if (mode == QV_DEADLOCK_REPORT) {
        report();
        return;
    }
    for (QvBlocked *b = qv_watch.first; b; b = b->next) {
        if (b->channel) {
            b->found = true;
            qv_wake_interrupt(b->word);
        }
    }
}

void qv_deadlock_look(void)
{
    qv_mutex_lock(&qv_watch.mu);
    look();
    qv_mutex_unlock(&qv_watch.mu);
}

void qv_blocked_enter(QvInterp *qi, QvBlocked *b, const uint32_t *word)
{
    b->ts = qi->ts;
    b->word = (uint32_t *)(uintptr_t)word;
    b->thread = (uint64_t)pthread_self();
    b->interpreter = qi->id;
    b->found = false;
    b->prev = NULL;
    qv_mutex_lock(&qv_watch.mu);
    b->next = qv_watch.first;
    if (b->next) {
        b->next->prev = b;
    }
    qv_watch.first = b;
    look();
    qv_mutex_unlock(&qv_watch.mu);
}

bool qv_blocked_leave(QvBlocked *b)
{
    qv_mutex_lock(&qv_watch.mu);
    if (b->prev) {
        b->prev->next = b->next;
    } else {
        qv_watch.first = b->next;
    }
    if (b->next) {
        b->next->prev = b->prev;
    }
    bool found = b->found;
    qv_mutex_unlock(&qv_watch.mu);
    return found;
}

void qv_deadlock_fork(bool before, bool child)
{
    if (before) {
        qv_mutex_hold(&qv_watch.mu);
        return;
    }
    if (child) { // the other threads are gone; who forks does not wait
        qv_watch.first = NULL;
        qv_watch.asked = (uint64_t)pthread_self();
    }
    qv_mutex_let_go(&qv_watch.mu);
}
