// SPDX-License-Identifier: MIT
// The interpreter's lock. The protocol is drawn in lock.c.
#ifndef QV_INTERPRETERS_LOCK_H
#define QV_INTERPRETERS_LOCK_H

#include "base/sync.h"

// A waiter; lives on the waiting thread's record.
typedef struct QvLockNode {
    uint32_t granted;        // atomic: 1 when the lock has been handed over to this waiter
    struct QvLockNode *next; // guarded by: lock->mu
} QvLockNode;

typedef struct QvLock {
    uint32_t state; // atomic: 0 free, 1 held, 2 held and somebody waits
    QvMutex mu;     // guards the queue; a leaf
    QvLockNode *head, *tail;
    uint32_t *poll;     // the interpreter's poll flag
    int64_t interval;   // switch interval, ns; atomic
    uint64_t waits;     // atomic: acquires that had to wait
    uint64_t handovers; // atomic
} QvLock;

void qv_lock_init(QvLock *lock, uint32_t *poll);
QV_BLOCKS void qv_lock_acquire(QvLock *lock, QvLockNode *node);
void qv_lock_release(QvLock *lock);
// At a safepoint: hands the lock to the first waiter, if there is one, and queues again behind the
// others.
QV_BLOCKS void qv_lock_yield(QvLock *lock, QvLockNode *node);

#endif
