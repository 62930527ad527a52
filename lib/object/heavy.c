// SPDX-License-Identifier: MIT
// Long work on worker threads: see heavy.h.
#include "object/heavy.h"

int qv_heavy_run(QvInterp *qi, QvHeavyJob *job, size_t size)
{
    qv_assert(size > QV_HEAP_SMALL_MAX);
    if (!qi->hooks.heavy) {
        job->run(job);
        return 0;
    }
    qv_heap_loosen(&qi->heap, job, size);
    if (qi->hooks.heavy(qi, job) < 0) {
        qv_heap_forget(&qi->heap, size);
        return -1;
    }
    qv_heap_fasten(&qi->heap, job, size);
    return 0;
}
