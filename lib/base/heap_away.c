// SPDX-License-Identifier: MIT
// What an interpreter has given to the process and still pays for: messages, shared buffers.
//
//   the owner, its lock held          any thread
//   send away: live, out += n    ┌──  came back: back += n
//   fetch:     live, out -= back ┘
//
// So the owner's counters need no atomics, and a heap that is full looks at what came back before
// it refuses. When the heap ends first, the account stays until the rest has come back, and hands
// each part on: ENDED is then added, less what is still out, and whoever brings `back` to ENDED is
// the last one.
#include <stdlib.h>

#include "base/heap.h"
#include "base/sync.h"

#define ENDED (UINT64_C(1) << 62)

struct QvHeapAway {
    _Alignas(64) uint64_t back;        // atomic: bytes that came back since the last fetch
    size_t out;                        // bytes away, those in `back` included; the owner's
    void (*then)(void *arg, size_t n); // qv_heap_leave_away; fixed when the heap has ended
    void *arg;
};

bool qv_heap_fetch_away(QvHeap *h)
{
    QvHeapAway *away = h->away;
    if (away == NULL || qv_atomic_load_u64(&away->back) == 0) {
        return false;
    }
    size_t n = __atomic_exchange_n(&away->back, 0, __ATOMIC_ACQ_REL);
    away->out -= n;
    qv_heap_discharge(h, n);
    return true;
}

bool qv_heap_send_away(QvHeap *h, size_t n, QvHeapAway **ret)
{
    *ret = NULL;
    if (h->limit == SIZE_MAX || n == 0) {
        return true;
    }
    if (h->away == NULL) {
        void *p = aligned_alloc(64, sizeof *h->away);
        if (p == NULL) {
            return false;
        }
        h->away = p;
        *h->away = (QvHeapAway){0};
    }
    (void)qv_heap_fetch_away(h);
    if (!qv_heap_charge(h, n)) {
        return false;
    }
    h->away->out += n;
    *ret = h->away;
    return true;
}

// The heap has ended: the owner's thread has left the account, which is there until the last part.
static void hand_on(QvHeapAway *away, size_t n)
{
    void (*then)(void *arg, size_t n) = away->then;
    void *arg = away->arg;
    if (then != NULL) {
        then(arg, n);
    }
    if (__atomic_add_fetch(&away->back, n, __ATOMIC_ACQ_REL) == ENDED) {
        free(away);
        if (then != NULL) {
            then(arg, 0);
        }
    }
}

void qv_heap_came_back(QvHeapAway *away, size_t n)
{
    if (away == NULL || n == 0) {
        return;
    }
    uint64_t back = __atomic_load_n(&away->back, __ATOMIC_ACQUIRE);
    do {
        if (back > ENDED / 2) {
            hand_on(away, n);
            return;
        }
    } while (!__atomic_compare_exchange_n(&away->back, &back, back + n, true, __ATOMIC_ACQ_REL,
                                          __ATOMIC_ACQUIRE));
}

size_t qv_heap_leave_away(QvHeap *h, void (*then)(void *arg, size_t n), void *arg)
{
    QvHeapAway *away = h->away;
    if (away == NULL) {
        return 0;
    }
    (void)qv_heap_fetch_away(h);
    h->away = NULL;
    size_t rest = away->out;
    qv_heap_discharge(h, rest);
    if (rest == 0) {
        free(away);
        return 0;
    }
    away->then = then;
    away->arg = arg;
    uint64_t start = ENDED - rest;
    uint64_t back = __atomic_add_fetch(&away->back, start, __ATOMIC_ACQ_REL);
    if (back == ENDED) {
        free(away);
    }
    return rest - (size_t)(back - start); // what came back meanwhile was seen by nobody else
}
