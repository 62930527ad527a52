// SPDX-License-Identifier: MIT
// Waiting for another thread, so that interrupts and deadlines work too.
//
// Each thread record has one word. The life of a wait:
//
//            arm                  claim (waker)
//   IDLE ----------> ARMED ------------------------> DONE
//     ^                | '-- interrupt -> INTERRUPTED |
//     |                '--- deadline ---> TIMEOUT     |
//     '------------------- disarm --------------------'
//
// ARMED is two states: the sleeper says ASLEEP just before it sleeps, and only then it has to be
// woken. Each arrow from ARMED is one compare-and-swap: one of the three wins. A waker that loses
// leaves what it had to give with itself and looks for another sleeper, so nothing is given to a
// thread that has gone. The winning store is the last access to the sleeper's memory; waking the
// futex afterwards uses the address alone, which at worst wakes somebody who looks again.
//
// An interrupt sets the poll flag first and then looks at the words; a sleeper arms its word first
// and then looks at the flag: one of them sees the other.
#include "base/clock.h"
#include "interpreters/limit.h"

#define LOCKED_SPIN 64 // rounds before the interpreter's lock is let go: less than what that costs

uint32_t *qv_wait_arm(QvInterp *qi)
{
    QvThreadRec *rec = qi->ts->owner;
    qv_atomic_store_u32(&rec->wake, QV_WAKE_ARMED);
    return &rec->wake;
}

void qv_wait_disarm(uint32_t *word) { qv_atomic_store_u32(word, QV_WAKE_IDLE); }

// *ret_asleep: the word if somebody sleeps on it and has to be woken, else NULL.
static bool move(uint32_t *word, QvWake to, uint32_t **ret_asleep)
{
    uint32_t expected = QV_WAKE_ARMED;
    bool won = qv_atomic_cas_u32(word, &expected, to) ||
               (expected == QV_WAKE_ASLEEP && qv_atomic_cas_u32(word, &expected, to));
    *ret_asleep = won && expected == QV_WAKE_ASLEEP ? word : NULL;
    return won;
}

static bool move_and_wake(uint32_t *word, QvWake to)
{
    uint32_t *asleep;
    bool won = move(word, to, &asleep);
    qv_wake(asleep);
    return won;
}

bool qv_wake_claim(uint32_t *word, uint32_t **ret_asleep)
{
    return move(word, QV_WAKE_DONE, ret_asleep);
}

void qv_wake(uint32_t *asleep)
{
    if (asleep) {
        qv_futex_wake(asleep, 1);
    }
}

bool qv_wake_now(uint32_t *word) { return move_and_wake(word, QV_WAKE_DONE); }

bool qv_wake_interrupt(uint32_t *word) { return move_and_wake(word, QV_WAKE_INTERRUPTED); }

bool qv_wait_is_armed(const uint32_t *word)
{
    uint32_t state = qv_atomic_load_u32(word);
    return state == QV_WAKE_ARMED || state == QV_WAKE_ASLEEP;
}

// Of the sleeper: false when there is nothing to sleep for any more.
static bool fall_asleep(uint32_t *word)
{
    uint32_t expected = QV_WAKE_ARMED;
    return qv_atomic_cas_u32(word, &expected, QV_WAKE_ASLEEP) || expected == QV_WAKE_ASLEEP;
}

static void end_own(uint32_t *word, QvWake to)
{
    uint32_t *asleep;
    move(word, to, &asleep);
}

static bool spin_on(const uint32_t *word, uint32_t rounds)
{
    for (uint32_t k = 0; k < rounds; k++) {
        if (qv_atomic_load_acquire_u32(word) != QV_WAKE_ARMED) {
            return true;
        }
        qv_cpu_pause();
    }
    return false;
}

int64_t qv_wait_grace(QvInstance *inst, QvThreadRec *rec)
{
    return qv_limits_due(inst, rec) ? qv_limits_graced(inst, rec) : 0;
}

bool qv_wait_is_over(QvInstance *inst, const QvThreadRec *rec, int64_t graced)
{
    uint32_t poll = qv_atomic_load_u32(&inst->qi.poll);
    bool stop = (poll & QV_POLL_STOP) || qv_limits_wanted(inst, rec);
    return (poll & (QV_POLL_SIGNAL | QV_POLL_CALLS)) ||
           (stop && (!graced || qv_clock_monotonic() >= graced));
}

QvWake qv_wait_sleep(QvInterp *qi, uint32_t *word, int64_t deadline, uint32_t spin)
{
    QvInstance *inst = qv_instance_of(qi);
    QvThreadRec *rec = qi->ts->owner;
    int64_t graced = qv_wait_grace(inst, rec);
    if (spin && spin_on(word, spin < LOCKED_SPIN ? spin : LOCKED_SPIN)) {
        return (QvWake)qv_atomic_load_acquire_u32(word);
    }
    qi->hooks.unlock(qi);
    spin_on(word, spin);
    while (fall_asleep(word)) {
        if (qv_wait_is_over(inst, rec, graced)) {
            end_own(word, QV_WAKE_INTERRUPTED);
            break;
        }
        int64_t until = graced && graced < deadline ? graced : deadline;
        if (qv_futex_wait(word, QV_WAKE_ASLEEP, until) == QV_WAIT_TIMEOUT && until == deadline) {
            end_own(word, QV_WAKE_TIMEOUT);
        }
    }
    rec->node.patient = qv_atomic_load_u32(word) == QV_WAKE_DONE;
    qi->hooks.lock(qi);
    rec->node.patient = false;
    return (QvWake)qv_atomic_load_acquire_u32(word);
}

uint32_t *qv_wait_arm_word(uint32_t *word)
{
    qv_atomic_store_u32(word, QV_WAKE_ARMED);
    return word;
}

QvWake qv_wait_sleep_word(uint32_t *word, int64_t deadline, uint32_t spin)
{
    spin_on(word, spin);
    while (fall_asleep(word)) {
        if (qv_futex_wait(word, QV_WAKE_ASLEEP, deadline) == QV_WAIT_TIMEOUT) {
            end_own(word, QV_WAKE_TIMEOUT);
        }
    }
    return (QvWake)qv_atomic_load_acquire_u32(word);
}

void qv_wait_deadline(QvInterp *qi, int64_t deadline)
{
    uint32_t *word = qv_wait_arm(qi);
    qv_wait_sleep(qi, word, deadline, 0);
    qv_wait_disarm(word);
}

// ---- calls into other interpreters --------------------------------------------------------------
// Who passes an interrupt on borrows the pointer by putting CALLEE_BUSY in its place; the owner
// waits for it to come back before it gives up its handle. A signal handler on the owner's own
// thread finishes before the owner goes on; one that finds it busy leaves it.

#define CALLEE_BUSY ((void *)1)

QvInstance *qv_wait_enter_callee(QvInterp *qi, QvInstance *callee)
{
    QvThreadRec *rec = qi->ts->owner;
    void **slot = (void **)&rec->callee;
    for (;;) {
        void *before = qv_atomic_load_ptr((void *const *)slot);
        if (before != CALLEE_BUSY && qv_atomic_cas_ptr(slot, &before, callee)) {
            return before;
        }
        qv_cpu_pause();
    }
}

void qv_wait_leave_callee(QvInterp *qi, QvInstance *before) { qv_wait_enter_callee(qi, before); }

typedef enum PassOn { PASS_NOTHING, PASS_INTERRUPT, PASS_STOP } PassOn;

static void pass_on(QvThreadRec *rec, PassOn what)
{
    void **slot = (void **)&rec->callee;
    void *callee = qv_atomic_load_ptr((void *const *)slot);
    if (callee && callee != CALLEE_BUSY && qv_atomic_cas_ptr(slot, &callee, CALLEE_BUSY)) {
        if (what == PASS_STOP) {
            quiver_stop((Quiver *)callee);
        } else {
            quiver_interrupt((Quiver *)callee);
        }
        qv_atomic_store_ptr(slot, callee);
    }
}

static void wake_all(QvInstance *inst, PassOn inner)
{
    qv_atomic_or_u32(&inst->qi.poll, 0); // orders the flag, set before, with the words
    for (QvThreadRec *rec = __atomic_load_n(&inst->records, __ATOMIC_ACQUIRE); rec;
         rec = rec->next) {
        qv_wake_interrupt(&rec->wake);
        qv_bell_ring(rec);
        if (inner) {
            pass_on(rec, inner);
        }
    }
}

void qv_wait_interrupt(QvInstance *inst) { wake_all(inst, PASS_INTERRUPT); }

void qv_wait_stop(QvInstance *inst) { wake_all(inst, PASS_STOP); }

void qv_wait_wake_all(QvInstance *inst) { wake_all(inst, PASS_NOTHING); }
