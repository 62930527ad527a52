// SPDX-License-Identifier: MIT
// Threads of the process for work in C that cannot be interrupted: big integers, and giving back
// very large blocks while a script is being stopped.
#ifndef QV_INTERPRETERS_WORKERS_H
#define QV_INTERPRETERS_WORKERS_H

#include "interpreters/instance.h"

// The hook `heavy`: lock of qi held, which is released meanwhile.
QV_BLOCKS int qv_workers_call(QvInterp *qi, QvHeavyJob *job);

// Frees a loose block soon, in a worker if there can be one. Any thread.
void qv_workers_free(void *loose);

// CPU time of the jobs that now run for inst, ns. Any thread.
uint64_t qv_workers_cpu_used(const QvInstance *inst);

// No interpreter is left: idle workers end, and have ended on return.
void qv_workers_end(void);

void qv_workers_fork(QvForkStep when);

#endif
