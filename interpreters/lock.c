// SPDX-License-Identifier: MIT
// The interpreter's lock.
//
//   acquire   1. state 0 -> 1 by one compare-and-swap: done (the usual case).
//             2. else: under mu, state := 2; was it free meanwhile? then it is ours. Otherwise the
//                thread joins the row BACK, asks, and waits on its own node's word.
//   release   1. state 1 -> 0 by one compare-and-swap: done.
//             2. else (somebody waits): under mu, take the next one out of its row, leave state
//             held
//                (2, or 1 when it was the last), set its word, wake it if it sleeps. The lock has
//                never been free: nobody can snatch it (direct hand-over).
//   safepoint the holder sees QV_POLL_LOCK: clears it, and if somebody may have the lock now, hands
//             it over as above and waits in the row BUSY.
//
// Who is next:
//
//   DUE    have waited for a switch interval (5 ms): first come, first served
//   BACK   come back from a blocking call or are new. While there is credit they go before BUSY and
//          ask at once, so that I/O beside a computing thread is quick (no convoy). Without credit
//          they go after BUSY, and ask when there is some again.
//          Who was woken by another thread (a lock, a queue) asks 50 us later: the waker usually
//          waits itself by then, and programs expect it to get there.
//          Who has a signal's handler to run (the main thread) goes to the head of DUE.
//   BUSY   were computing. One that had to give way to BACK goes on first; one whose interval was
//          over joins the end.
//
// To ask is to raise QV_POLL_LOCK in the poll flag. Every waiter looks again after a while: those
// that have become due move to the row DUE and ask; so nobody waits for ever.
//
// Credit is the time that threads of BACK have used, from the safepoint where a computing thread
// gave way to when it runs again, against SHARE of the time that passes. So they cannot starve it,
// however many they are: it keeps the rest. A thread that goes on computing after its blocking call
// uses the credit up within a millisecond or two and must then give way like any other.
//
// Waiting spins a little before it sleeps where the lock is likely to come soon: a computing thread
// is at a safepoint within a microsecond, and who answers a request lets go after a few. How long
// pays is learnt: a spin that was in vain halves the next ones, so that on a busy machine, or on
// one processor, there is next to none.
#include "interpreters/lock.h"

#include "base/clock.h"
#include "object/interp.h"

#define SHARE        8                    // BACK may take 1/8 of the time
#define CREDIT_MAX   (2 * QV_NS_PER_MS)   // saved up while nobody needs it
#define CREDIT_WORTH (90 * QV_NS_PER_US)  // after it was used up: not before there is so much
#define KEEPS        (100 * QV_NS_PER_US) // a thread of BACK is not sent away by another one
#define ASK_AGAIN    (100 * QV_NS_PER_US) // doubles each time
#define PATIENCE     (50 * QV_NS_PER_US)
#define SPIN_MAX     UINT32_C(20000) // ns
#define SPIN_MIN     UINT32_C(300)   // ns: what costs nothing beside a sleep

// QvLockNode.word
enum { SPINS, SLEEPS, GRANTED };

void qv_lock_init(QvLock *lock, uint32_t *poll)
{
    *lock = (QvLock){.mu = QV_MUTEX_INIT(QV_RANK_LEAF),
                     .poll = poll,
                     .interval = QV_LOCK_INTERVAL,
                     .spin = {SPIN_MAX, SPIN_MAX},
                     .credit = CREDIT_MAX};
}

// ---- rows; all with mu held ---------------------------------------------------------------------

static QvLockNode *first_of(const QvLock *lock, QvLockRow row) { return lock->rows[row].head; }

static bool anybody(const QvLock *lock)
{
    return first_of(lock, QV_LOCK_DUE) || first_of(lock, QV_LOCK_BACK) ||
           first_of(lock, QV_LOCK_BUSY);
}

static void enqueue(QvLock *lock, QvLockNode *node, QvLockRow row, bool at_head)
{
    QvLockQueue *q = &lock->rows[row];
    node->row = row;
    node->next = at_head ? q->head : NULL;
    if (at_head) {
        q->head = node;
        q->tail = q->tail ? q->tail : node;
    } else {
        *(q->tail ? &q->tail->next : &q->head) = node;
        q->tail = node;
    }
}

static void dequeue(QvLock *lock, QvLockNode *node)
{
    QvLockQueue *q = &lock->rows[node->row];
    QvLockNode *before = NULL;
    for (QvLockNode *n = q->head; n != node; n = n->next) {
        before = n;
    }
    *(before ? &before->next : &q->head) = node->next;
    if (q->tail == node) {
        q->tail = before;
    }
    node->row = QV_LOCK_NO_ROW;
}

// ---- credit; with mu held -----------------------------------------------------------------------

static int64_t credit_left(QvLock *lock, int64_t now)
{
    if (now - lock->credit_at > CREDIT_MAX * SHARE * 2) {
        lock->credit_at = now - CREDIT_MAX * SHARE * 2;
    }
    int64_t more = (now - lock->credit_at) / SHARE;
    lock->credit_at += more * SHARE;
    lock->credit = lock->credit + more < CREDIT_MAX ? lock->credit + more : CREDIT_MAX;
    return lock->credit - (lock->taken_at ? now - lock->taken_at : 0);
}

static bool has_credit(QvLock *lock, int64_t now)
{
    int64_t left = credit_left(lock, now);
    if (left <= 0) {
        lock->broke = true;
    } else if (left >= CREDIT_WORTH) {
        lock->broke = false;
    }
    return !lock->broke;
}

// A computing thread runs again.
static void settle(QvLock *lock)
{
    if (lock->taken_at) {
        int64_t now = qv_clock_monotonic();
        credit_left(lock, now);
        lock->credit -= now - lock->taken_at;
        if (lock->credit < -CREDIT_MAX) {
            lock->credit = -CREDIT_MAX; // a long wait in one piece is not held against all
        }
        lock->taken_at = 0;
    }
}

// ---- waiting ------------------------------------------------------------------------------------

// Asks for the lock when the waiter's time has come. Returns when to look again. mu held.
static int64_t ask(QvLock *lock, QvLockNode *node, int64_t now)
{
    int64_t interval = __atomic_load_n(&lock->interval, __ATOMIC_RELAXED);
    int64_t due = qv_clock_add(node->since, interval);
    int64_t again = ASK_AGAIN << (node->tries < 8 ? node->tries : 8);
    int64_t next;
    bool asks;
    if (now >= due) {
        if (node->row != QV_LOCK_DUE) {
            dequeue(lock, node);
            enqueue(lock, node, QV_LOCK_DUE, false);
        }
        qv_atomic_or_u32(lock->poll, QV_POLL_LOCK);
        return qv_clock_add(now, interval);
    }
    bool credit = has_credit(lock, now);
    if (node->row == QV_LOCK_BACK) {
        asks = credit;
        next = asks ? again : (CREDIT_WORTH - credit_left(lock, now)) * SHARE;
    } else {
        asks = lock->taken_at && !credit;
        next = asks ? again : lock->taken_at ? credit_left(lock, now) : interval;
    }
    if (asks) {
        node->tries++;
        qv_atomic_or_u32(lock->poll, QV_POLL_LOCK);
    }
    next = qv_clock_add(now, next > 20 * QV_NS_PER_US ? next : 20 * QV_NS_PER_US);
    return next < due ? next : due;
}

static bool spin(QvLock *lock, QvLockNode *node, bool back)
{
    uint32_t *learnt = &lock->spin[back];
    uint32_t most = qv_atomic_load_relaxed_u32(learnt);
    int64_t end = qv_clock_monotonic() + most;
    do {
        for (int k = 0; k < 8; k++) {
            if (qv_atomic_load_acquire_u32(&node->word) == GRANTED) {
                most += most / 8 + 100;
                qv_atomic_store_relaxed_u32(learnt, most < SPIN_MAX ? most : SPIN_MAX);
                return true;
            }
            qv_cpu_pause();
        }
    } while (qv_clock_monotonic() < end);
    most -= most / 8;
    qv_atomic_store_relaxed_u32(learnt, most > SPIN_MIN ? most : SPIN_MIN);
    return false;
}

// The node stands in a row. soon: it is likely to be granted the lock in a few microseconds. back:
// it was put into the row of those who come back (node->back is the granter's to write by now).
// look: what ask() said. Returns with the lock.
static void wait_granted(QvLock *lock, QvLockNode *node, bool soon, bool back, int64_t look)
{
    qv_atomic_add_u64(&lock->waits, 1);
    bool granted = soon && spin(lock, node, back);
    uint32_t expected = SPINS;
    if (!granted && qv_atomic_cas_u32(&node->word, &expected, SLEEPS)) {
        while (qv_atomic_load_acquire_u32(&node->word) != GRANTED) {
            if (qv_futex_wait(&node->word, SLEEPS, look) != QV_WAIT_TIMEOUT) {
                continue;
            }
            qv_mutex_lock(&lock->mu);
            if (node->row != QV_LOCK_NO_ROW) {
                look = ask(lock, node, qv_clock_monotonic());
            }
            qv_mutex_unlock(&lock->mu);
        }
    }
    if (!node->back) {
        qv_mutex_lock(&lock->mu);
        settle(lock);
        qv_mutex_unlock(&lock->mu);
    }
}

// ---- handing over -------------------------------------------------------------------------------

// Whose turn it is. NULL: nobody waits. mu held.
static QvLockNode *pick(QvLock *lock, int64_t now)
{
    QvLockNode *due = first_of(lock, QV_LOCK_DUE);
    QvLockNode *back = first_of(lock, QV_LOCK_BACK), *busy = first_of(lock, QV_LOCK_BUSY);
    return due ? due : back && (!busy || has_credit(lock, now)) ? back : busy;
}

// Takes next out of its row and makes it the holder; mu held, and released here.
static void grant(QvLock *lock, QvLockNode *next, int64_t now)
{
    next->back = next->row == QV_LOCK_BACK;
    dequeue(lock, next);
    if (next->back) {
        next->until = now + KEEPS;
        if (!lock->taken_at && first_of(lock, QV_LOCK_BUSY)) {
            lock->taken_at = now;
        }
    }
    bool others = anybody(lock);
    if (others && first_of(lock, QV_LOCK_BACK) && !next->back && has_credit(lock, now)) {
        qv_atomic_or_u32(lock->poll, QV_POLL_LOCK); // they asked, and were passed over
    }
    qv_atomic_store_u32(&lock->state, others ? 2 : 1);
    qv_atomic_add_u64(&lock->handovers, 1);
    qv_mutex_unlock(&lock->mu);
    uint32_t *word = &next->word; // the node may be gone as soon as it is granted
    if (qv_atomic_exchange_u32(word, GRANTED) == SLEEPS) {
        qv_futex_wake(word, 1);
    }
}

// The calling thread joins a row and next becomes the holder; mu held, and released here.
static void change_places(QvLock *lock, QvLockNode *node, QvLockNode *next, QvLockRow row,
                          int64_t now)
{
    bool gives_way = row == QV_LOCK_BUSY && next->row == QV_LOCK_BACK;
    bool first = gives_way && !node->back;
    node->back = row == QV_LOCK_BACK;
    node->since = now;
    node->tries = 0;
    qv_atomic_store_u32(&node->word, SPINS);
    enqueue(lock, node, row, first);
    if (gives_way && !lock->taken_at) {
        lock->taken_at = now;
    }
    int64_t look = ask(lock, node, now);
    grant(lock, next, now);
    wait_granted(lock, node, gives_way, row == QV_LOCK_BACK, look);
}

// ---- the four operations ------------------------------------------------------------------------

static void acquire_slow(QvLock *lock, QvLockNode *node)
{
    qv_mutex_lock(&lock->mu);
    if (qv_atomic_exchange_u32(&lock->state, 2) == 0) {
        if (!anybody(lock)) {
            qv_atomic_store_u32(&lock->state, 1);
        }
        lock->taken_at = 0;
        qv_mutex_unlock(&lock->mu);
        return;
    }
    int64_t now = qv_clock_monotonic();
    node->back = true;
    node->since = node->urgent ? 0 : now;
    node->tries = 0;
    qv_atomic_store_u32(&node->word, SPINS);
    enqueue(lock, node, node->urgent ? QV_LOCK_DUE : QV_LOCK_BACK, node->urgent);
    int64_t look = node->patient && !node->urgent ? now + PATIENCE : ask(lock, node, now);
    bool soon = node->tries && first_of(lock, QV_LOCK_BACK) == node;
    qv_mutex_unlock(&lock->mu);
    wait_granted(lock, node, soon, !node->urgent, look);
}

void qv_lock_acquire(QvLock *lock, QvLockNode *node)
{
    uint32_t expected = 0;
    node->back = false;
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
    int64_t now = qv_clock_monotonic();
    QvLockNode *next = pick(lock, now);
    if (!next) {
        lock->taken_at = 0;
        qv_atomic_store_u32(&lock->state, 0);
        qv_mutex_unlock(&lock->mu);
        return;
    }
    grant(lock, next, now);
}

// A waiter may have the lock now, though the holder would go on. mu held.
static bool must_yield(QvLock *lock, const QvLockNode *node, int64_t now)
{
    if (first_of(lock, QV_LOCK_DUE)) {
        return true;
    }
    bool credit = has_credit(lock, now);
    if (first_of(lock, QV_LOCK_BACK) && credit) {
        return !node->back || now >= node->until;
    }
    return first_of(lock, QV_LOCK_BUSY) && lock->taken_at && !credit;
}

void qv_lock_yield(QvLock *lock, QvLockNode *node)
{
    if (qv_atomic_load_relaxed_u32(&lock->state) != 2) {
        return;
    }
    qv_mutex_lock(&lock->mu);
    int64_t now = qv_clock_monotonic();
    if (!must_yield(lock, node, now)) {
        qv_mutex_unlock(&lock->mu);
        return;
    }
    qv_lock_leave(QV_RANK_INTERP);
    change_places(lock, node, pick(lock, now), QV_LOCK_BUSY, now);
    qv_lock_enter(QV_RANK_INTERP);
}

static bool stands_in(const QvLock *lock, QvLockRow row, const QvLockNode *node)
{
    const QvLockNode *n = first_of(lock, row);
    while (n && n != node) {
        n = n->next;
    }
    return n != NULL;
}

void qv_lock_favour(QvLock *lock, QvLockNode *node, QvLockNode *other)
{
    qv_mutex_lock(&lock->mu);
    if (!stands_in(lock, QV_LOCK_DUE, other) && !stands_in(lock, QV_LOCK_BACK, other) &&
        !stands_in(lock, QV_LOCK_BUSY, other)) {
        qv_mutex_unlock(&lock->mu);
        return; // it is on its way, and will be urgent
    }
    dequeue(lock, other);
    other->since = 0;
    enqueue(lock, other, QV_LOCK_DUE, true);
    qv_lock_leave(QV_RANK_INTERP);
    change_places(lock, node, other, QV_LOCK_BUSY, qv_clock_monotonic());
    qv_lock_enter(QV_RANK_INTERP);
}

void qv_lock_pause(QvLock *lock, QvLockNode *node)
{
    if (qv_atomic_load_relaxed_u32(&lock->state) != 2) {
        return;
    }
    qv_mutex_lock(&lock->mu);
    int64_t now = qv_clock_monotonic();
    bool stays = node->back && !first_of(lock, QV_LOCK_DUE) && has_credit(lock, now) &&
                 (now < node->until || !first_of(lock, QV_LOCK_BACK));
    if (stays || !anybody(lock)) {
        qv_mutex_unlock(&lock->mu);
        return;
    }
    qv_lock_leave(QV_RANK_INTERP);
    change_places(lock, node, pick(lock, now), QV_LOCK_BACK, now);
    qv_lock_enter(QV_RANK_INTERP);
}
