// SPDX-License-Identifier: MIT
// The safepoint: what a thread does when the poll flag is up.
#include "object/gc.h"
#include "vm/eval_internal.h"

int qv_poll(QvInterp *qi)
{
    uint32_t reasons = qv_poll_peek(qi);
    if (reasons & QV_POLL_GC) {
        __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_GC, __ATOMIC_ACQ_REL);
        qv_gc_collect_due(qi);
        reasons = qv_poll_peek(qi);
    }
    if (reasons & ~(uint32_t)QV_POLL_GC) {
        if (qi->hooks.safepoint) {
            return qi->hooks.safepoint(qi, reasons);
        }
        __atomic_fetch_and(&qi->poll, QV_POLL_GC, __ATOMIC_ACQ_REL);
    }
    return 0;
}
