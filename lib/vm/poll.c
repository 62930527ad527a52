// SPDX-License-Identifier: MIT
// The safepoint: what a thread does when the poll flag is up.
#include "object/gc.h"
#include "vm/eval_internal.h"

// Work of built-ins: each step that they report counts as an instruction.
static void burn(QvInterp *qi, uint64_t steps)
{
    uint64_t left = qi->fuel;
    __atomic_store_n(&qi->fuel, left > steps ? left - steps : 0, __ATOMIC_RELAXED);
    if (left <= steps) {
        qi->hooks.fuel_out(qi);
    }
}

int qv_fuel_out(QvInterp *qi)
{
    qi->hooks.fuel_out(qi);
    return qv_poll_work(qi, 0);
}

int qv_poll(QvInterp *qi) { return qv_poll_work(qi, 1); }

int qv_poll_stop(QvInterp *qi)
{
    return (qv_poll_peek(qi) & QV_POLL_STOP) && qi->hooks.safepoint
               ? qi->hooks.safepoint(qi, QV_POLL_STOP | QV_POLL_ALONE)
               : 0;
}

int qv_poll_work(QvInterp *qi, uint64_t steps)
{
    uint32_t reasons = qv_poll_peek(qi);
    if ((reasons & QV_POLL_FUEL) && steps) {
        burn(qi, steps);
        reasons = qv_poll_peek(qi);
    }
    if ((reasons & QV_POLL_GC) && !(reasons & QV_POLL_STOP)) { // a stop does not wait for that
        __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_GC, __ATOMIC_ACQ_REL);
        bool late = qi->heap.put_later != NULL || qv_dealloc_waits(qi);
        if (QV_UNLIKELY(late) && !qv_dealloc_goes_on(qi)) {
            qv_gc_put_off(qi);
        } else {
            if (QV_UNLIKELY(late)) { // it has gone on after its stop, or there was none
                qv_dealloc_resume(qi);
            }
            qv_gc_collect_due(qi);
        }
        reasons = qv_poll_peek(qi);
    }
    if (reasons & ~(uint32_t)(QV_POLL_GC | QV_POLL_FUEL)) {
        if (qi->hooks.safepoint) {
            return qi->hooks.safepoint(qi, reasons);
        }
        __atomic_fetch_and(&qi->poll, QV_POLL_GC | QV_POLL_FUEL, __ATOMIC_ACQ_REL);
    }
    return 0;
}
