// SPDX-License-Identifier: MIT
// The interpreter's lock. The protocol is drawn in lock.c.
#ifndef QV_INTERPRETERS_LOCK_H
#define QV_INTERPRETERS_LOCK_H

#include "base/sync.h"

#define QV_LOCK_INTERVAL ((int64_t)5000000) // switch interval of a new one, ns

// The rows of waiters. The order of the first three is the order in which they are served.
typedef enum QvLockRow {
    QV_LOCK_DUE,  // have waited for a whole switch interval
    QV_LOCK_BACK, // came back from a blocking call; only while there is credit
    QV_LOCK_BUSY, // gave way at a safepoint and want to go on computing
    QV_LOCK_ROWS,
    QV_LOCK_NO_ROW = QV_LOCK_ROWS // does not wait, or has been granted the lock
} QvLockRow;

// A thread as waiter and holder; lives on the thread's record.
typedef struct QvLockNode {
    uint32_t word; // atomic: whether it spins, sleeps or has been granted the lock (lock.c)
    uint32_t row;  // QvLockRow; guarded by: lock->mu
    struct QvLockNode *next; // guarded by: lock->mu
    int64_t since;           // when its wait began, ns; guarded by: lock->mu
    int64_t until;  // as holder after BACK: others of its kind wait until then, ns; the same
    uint32_t tries; // how often it has asked in this wait; the same
    bool back;      // it waits, or holds the lock, as one of BACK; own thread and mu
    bool patient;   // another thread of the interpreter woke it, and may have things to finish:
                    // it asks after a moment only; own thread
    bool urgent;    // it has a signal's handler to run: it goes first; own thread
} QvLockNode;

typedef struct QvLockQueue {
    QvLockNode *head, *tail;
} QvLockQueue;

typedef struct QvLock {
    uint32_t state; // atomic: 0 free, 1 held, 2 held and somebody waits
    QvMutex mu;     // guards the rows and the credit; a leaf
    QvLockQueue rows[QV_LOCK_ROWS];
    int64_t credit;     // ns that threads of BACK may take from those of BUSY; guarded by: mu
    int64_t credit_at;  // when it was last filled up; guarded by: mu
    int64_t taken_at;   // since when they take it, 0: they do not; guarded by: mu
    bool broke;         // the credit was used up and is not yet worth asking; guarded by: mu
    uint32_t spin[2];   // atomic: ns that a wait of BUSY [0], BACK [1] may spin; adapts
    uint32_t *poll;     // the interpreter's poll flag
    int64_t interval;   // switch interval, ns; atomic
    uint64_t waits;     // atomic: acquires that had to wait
    uint64_t handovers; // atomic
} QvLock;

void qv_lock_init(QvLock *lock, uint32_t *poll);
QV_BLOCKS void qv_lock_acquire(QvLock *lock, QvLockNode *node);
void qv_lock_release(QvLock *lock);
// At a safepoint, when the poll flag says so: hands the lock to a waiter who may have it now, and
// waits to go on computing.
QV_BLOCKS void qv_lock_yield(QvLock *lock, QvLockNode *node);
// At a safepoint: the holder lets another thread, which has a signal's handler to run, go first
// where it waits for the lock.
QV_BLOCKS void qv_lock_favour(QvLock *lock, QvLockNode *node, QvLockNode *other);
// After a system call so short that the lock was kept: as if it had been released around the call,
// but only when somebody waits and this thread has had its share.
QV_BLOCKS void qv_lock_pause(QvLock *lock, QvLockNode *node);

#endif
