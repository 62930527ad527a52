// SPDX-License-Identifier: MIT
// The interpreter's lock.
//
//   acquire   1. state 0 -> 1 by one compare-and-swap: done (the usual case).
//             2. else: under mu, state := 2; was it free meanwhile? then it is ours. Otherwise join
//             the queue's end and sleep on the
//                node's own word. After each switch interval still asleep, the waiter raises
//                QV_POLL_LOCK in the poll flag.
//   release   1. state 1 -> 0 by one compare-and-swap: done.
//             2. else (somebody waits): under mu, take the first waiter off the queue, leave state
//             held (2, or 1 when it was the last),
//                set its word, wake it. The lock has never been free: nobody can snatch it (direct
//                hand-over).
//   safepoint the holder sees QV_POLL_LOCK: clears it, releases as above, acquires anew (at the
//   queue's end).
//
// So a computing thread loses the lock at most once per interval, and a thread that comes back from
// a blocking call waits at most one interval plus the time to the next safepoint.
#include "interpreters/lock.h"

#include "base/clock.h"
#include "object/interp.h"

#define DEFAULT_INTERVAL (5 * QV_NS_PER_MS)

void qv_lock_init(QvLock *lock, uint32_t *poll)
{
    *lock = (QvLock){.mu = QV_MUTEX_INIT(QV_RANK_LEAF), .poll = poll, .interval = DEFAULT_INTERVAL};
}

static void acquire_slow(QvLock *lock, QvLockNode *node)
{
    qv_mutex_lock(&lock->mu);
    if (qv_atomic_exchange_u32(&lock->state, 2) == 0) {
        if (!lock->head) {
            qv_atomic_store_u32(&lock->state, 1);
        }
        qv_mutex_unlock(&lock->mu);
        return;
    }
    node->next = NULL;
    qv_atomic_store_u32(&node->granted, 0);
    if (lock->tail) {
        lock->tail->next = node;
    } else {
        lock->head = node;
    }
    lock->tail = node;
    qv_mutex_unlock(&lock->mu);
    qv_atomic_add_u64(&lock->waits, 1);

    while (!qv_atomic_load_acquire_u32(&node->granted)) {
        int64_t deadline =
            qv_clock_add(qv_clock_monotonic(), __atomic_load_n(&lock->interval, __ATOMIC_RELAXED));
        if (qv_futex_wait(&node->granted, 0, deadline) == QV_WAIT_TIMEOUT &&
            !qv_atomic_load_acquire_u32(&node->granted)) {
            qv_atomic_or_u32(lock->poll, QV_POLL_LOCK);
        }
    }
}

void qv_lock_acquire(QvLock *lock, QvLockNode *node)
{
    uint32_t expected = 0;
    if (!qv_atomic_cas_u32(&lock->state, &expected, 1)) {
        acquire_slow(lock, node);
    }
    qv_lock_enter(QV_RANK_INTERP);
}

void qv_lock_release(QvLock *lock)
{
    qv_lock_leave(QV_RANK_INTERP);
    uint32_t expected = 1;
    if (qv_atomic_cas_u32(&lock->state, &expected, 0)) {
        return;
    }
    qv_mutex_lock(&lock->mu);
    QvLockNode *first = lock->head;
    if (!first) {
        qv_atomic_store_u32(&lock->state, 0);
        qv_mutex_unlock(&lock->mu);
        return;
    }
    lock->head = first->next;
    if (!lock->head) {
        lock->tail = NULL;
        qv_atomic_store_u32(&lock->state, 1);
    }
    qv_atomic_add_u64(&lock->handovers, 1);
    qv_mutex_unlock(&lock->mu);
    uint32_t *word = &first->granted; // the node may be gone as soon as it is granted
    qv_atomic_store_release_u32(word, 1);
    qv_futex_wake(word, 1);
}

void qv_lock_yield(QvLock *lock, QvLockNode *node)
{
    if (qv_atomic_load_relaxed_u32(&lock->state) != 2) {
        return;
    }
    qv_lock_release(lock);
    qv_lock_acquire(lock, node);
}
