// SPDX-License-Identifier: MIT
// Work without the interpreter's lock, and objects that one thread at a time may work on meanwhile.
#ifndef QV_MODULES_GATE_H
#define QV_MODULES_GATE_H

#include "base/clock.h"
#include "base/sync.h"
#include "object/interp.h"

#define QV_UNLOCK_MIN 2048 // bytes of work from which it pays to release the lock

// Around work that touches no object: other threads may run Python meanwhile.
static inline void qv_unlocked_begin(QvInterp *qi)
{
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
}
static inline void qv_unlocked_end(QvInterp *qi)
{
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
}

// The fields are guarded by the interpreter's lock; `turn` is also a futex word.
typedef struct QvGate {
    bool busy;        // a thread is inside
    uint32_t waiters; // threads that wait for it
    uint32_t turn;    // changes when it leaves and somebody waits
} QvGate;

// Waits until no other thread is inside. The object's state may have changed meanwhile.
QV_BLOCKS static inline void qv_gate_enter(QvInterp *qi, QvGate *g)
{
    while (QV_UNLIKELY(g->busy)) {
        uint32_t turn = g->turn;
        g->waiters++;
        qv_unlocked_begin(qi);
        qv_futex_wait(&g->turn, turn, QV_NEVER);
        qv_unlocked_end(qi);
        g->waiters--;
    }
    g->busy = true;
}

static inline void qv_gate_leave(QvGate *g)
{
    g->busy = false;
    if (QV_UNLIKELY(g->waiters)) {
        __atomic_store_n(&g->turn, g->turn + 1, __ATOMIC_RELEASE);
        qv_futex_wake(&g->turn, 1);
    }
}

#endif
