// SPDX-License-Identifier: MIT
// What an interpreter that has limits lends to those that its scripts make.
//
//   maker  ── amount - lent ──>  what it may still use itself
//     └─ child: grant ── used ── left ──> given back when the child ends
//
// Memory, CPU time, fuel and output are taken out of the maker's when a child is made, so that all
// of them together never get more than the maker was given. Time needs no share: the child's ends
// when the maker's does. A budget of the maker that is set anew (quiver_set_limit, a reset) forgets
// what it has lent: nothing of that comes back to the new one.
//
// The maker is a handle: it may have ended before the child does. Giving back happens on any
// thread: CPU time and output at once, fuel and memory by the maker's next thread with its lock
// (limit.c, apply).
#include "interpreters/limit.h"

#include <stdlib.h>

#include "base/clock.h"
#include "interpreters/timer.h"
#include "object/exception.h"
#include "object/protocol.h"

static bool is_lent(QuiverLimit which)
{
    return which == QUIVER_LIMIT_MEMORY || which == QUIVER_LIMIT_CPU ||
           which == QUIVER_LIMIT_FUEL || which == QUIVER_LIMIT_OUTPUT;
}

uint64_t qv_lend_most(QvInstance *maker, QuiverLimit which)
{
    uint64_t left = UINT64_MAX;
    (void)qv_limit_left(maker, which, &left);
    return left == UINT64_MAX ? 0 : !is_lent(which) ? (left ? left : 1) : left > 1 ? left / 2 : 1;
}

void qv_lend_take(QvInstance *maker, QuiverLimit which, uint64_t amount, uint32_t *ret_epoch)
{
    QvInterp *qi = &maker->qi;
    QvLimits *l = &maker->limits;
    qv_mutex_lock(&l->mu);
    *ret_epoch = l->epoch[which];
    if (which == QUIVER_LIMIT_CPU && l->cpu_end != UINT64_MAX) {
        l->cpu_end -= amount < l->cpu_end ? amount : l->cpu_end;
    } else if (which == QUIVER_LIMIT_OUTPUT) {
        qv_atomic_add_u64(&l->output, amount);
    } else if (which == QUIVER_LIMIT_FUEL) {
        uint64_t fuel = qi->fuel;
        uint64_t taken = amount < fuel ? amount : fuel;
        l->fuel_from -= taken;
        __atomic_store_n(&qi->fuel, fuel - taken, __ATOMIC_RELAXED);
    } else if (which == QUIVER_LIMIT_MEMORY) {
        l->amount[which] -= amount < l->amount[which] ? amount : l->amount[which] - 1;
    }
    uint64_t memory = l->amount[QUIVER_LIMIT_MEMORY];
    qv_mutex_unlock(&l->mu);
    if (which == QUIVER_LIMIT_MEMORY) {
        qv_heap_set_limit(&qi->heap, memory);
        qv_exc_tell_memory_limit(qi);
    } else if (which == QUIVER_LIMIT_CPU) { // its end is nearer: the timer looks anew
        (void)qv_timer_arm(maker, qv_clock_monotonic());
    }
}

void qv_lend_return(QvInstance *maker, QuiverLimit which, uint64_t amount, uint32_t epoch)
{
    QvLimits *l = &maker->limits;
    qv_mutex_lock(&l->mu);
    bool same = l->epoch[which] == epoch && l->amount[which] && amount;
    if (same && which == QUIVER_LIMIT_CPU) {
        l->cpu_end += l->cpu_end != UINT64_MAX ? amount : 0;
    } else if (same && which == QUIVER_LIMIT_OUTPUT) {
        qv_atomic_sub_u64(&l->output, amount);
    } else if (same) {
        l->returned[which] += amount;
        qv_atomic_or_u32(&l->changed, QV_LIMITS_RETURNED);
    }
    qv_mutex_unlock(&l->mu);
    if (same) {
        qv_poll_set(&maker->qi, QV_POLL_STOP);
    }
}

void qv_lend_take_over(QvInstance *maker)
{
    QvInterp *qi = &maker->qi;
    QvLimits *l = &maker->limits;
    qv_mutex_lock(&l->mu);
    uint64_t fuel = l->returned[QUIVER_LIMIT_FUEL], memory = l->returned[QUIVER_LIMIT_MEMORY];
    l->returned[QUIVER_LIMIT_FUEL] = l->returned[QUIVER_LIMIT_MEMORY] = 0;
    if (fuel && qi->fuel_on) {
        l->fuel_from += fuel;
        __atomic_store_n(&qi->fuel, qi->fuel + fuel, __ATOMIC_RELAXED);
    }
    memory = memory ? l->amount[QUIVER_LIMIT_MEMORY] += memory : 0;
    qv_mutex_unlock(&l->mu);
    if (memory) {
        qv_heap_set_limit(&qi->heap, memory);
        QvObj *pending = qv_err_fetch(qi);
        qv_exc_tell_memory_limit(qi);
        qv_err_restore(qi, pending);
    }
}

void qv_lend_forget(QvInstance *maker, QuiverLimit which)
{
    maker->limits.epoch[which]++;
    maker->limits.returned[which] = 0;
}

// ---- the child's side ---------------------------------------------------------------------------

void qv_lend_note(QvInstance *child, QvInstance *maker, QuiverLimit which, uint64_t amount,
                  uint32_t epoch)
{
    QvLimits *l = &child->limits;
    QvInstance *old = NULL;
    qv_mutex_lock(&l->mu);
    if (l->lender != maker) {
        qv_instance_retain(maker);
        old = l->lender;
        l->lender = maker;
    }
    l->grant[which] = amount;
    l->lender_epoch[which] = epoch;
    qv_mutex_unlock(&l->mu);
    if (old) {
        qv_instance_release(old);
    }
}

bool qv_lend_is_from(QvInstance *child, QuiverLimit which, const QvInstance *maker)
{
    qv_mutex_lock(&child->limits.mu);
    bool from = child->limits.grant[which] && (!maker || child->limits.lender == maker);
    qv_mutex_unlock(&child->limits.mu);
    return from;
}

uint64_t qv_lend_left(QvInstance *child, QuiverLimit which)
{
    uint64_t left = 0;
    (void)qv_limit_left(child, which, &left);
    qv_mutex_lock(&child->limits.mu);
    uint64_t grant = child->limits.grant[which];
    qv_mutex_unlock(&child->limits.mu);
    if (which == QUIVER_LIMIT_MEMORY) { // all but what the child has lent: its heap goes with it
        qv_mutex_lock(&child->limits.mu);
        left = child->limits.amount[which] + child->limits.returned[which];
        qv_mutex_unlock(&child->limits.mu);
    }
    return left < grant ? left : grant;
}

// Memory that the process still has of a child that has ended: the maker gets each part when it is
// free.
typedef struct Rest {
    QvInstance *maker; // a handle
    uint32_t epoch;
} Rest;

static void return_rest(void *arg, size_t n)
{
    Rest *rest = arg;
    if (n) {
        qv_lend_return(rest->maker, QUIVER_LIMIT_MEMORY, n, rest->epoch);
        return;
    }
    qv_instance_release(rest->maker);
    free(rest);
}

// How much of what was lent is not free yet.
static uint64_t leave_rest(QvInstance *child, QvInstance *maker)
{
    if (!child->qi.heap.away) {
        return 0;
    }
    Rest *rest = malloc(sizeof *rest);
    if (!rest) { // it is lost to the maker
        return qv_heap_leave_away(&child->qi.heap, NULL, NULL);
    }
    *rest = (Rest){maker, child->limits.lender_epoch[QUIVER_LIMIT_MEMORY]};
    qv_instance_retain(maker);
    size_t n = qv_heap_leave_away(&child->qi.heap, return_rest, rest);
    if (!n) {
        qv_instance_release(maker);
        free(rest);
    }
    return n;
}

void qv_lend_give_back(QvInstance *child)
{
    QvLimits *l = &child->limits;
    QvInstance *maker = l->lender;
    for (QuiverLimit w = QUIVER_LIMIT_MEMORY; maker && w <= QUIVER_LIMIT_OUTPUT; w++) {
        if (l->grant[w]) {
            uint64_t left = qv_lend_left(child, w);
            uint64_t rest = w == QUIVER_LIMIT_MEMORY ? leave_rest(child, maker) : 0;
            qv_lend_return(maker, w, left > rest ? left - rest : 0, l->lender_epoch[w]);
            l->grant[w] = 0;
        }
    }
    l->lender = NULL;
    if (maker) {
        qv_instance_release(maker);
    }
}
