// SPDX-License-Identifier: MIT
// fork(): what the process has is whole in the child, and what belonged to threads that the child
// has not is gone.
#ifndef QV_INTERPRETERS_FORK_H
#define QV_INTERPRETERS_FORK_H

#include "interpreters/instance.h"

// The hook `fork`. Lock of qi held. BEFORE: 0, or -1 with RuntimeError where a fork is not possible
// (an interpreter that a script made, or a thread that is inside others, too).
int qv_fork(QvInterp *qi, QvForkStep when);

// process.c: its mutex is held over the fork; the child forgets all interpreters but inst.
void qv_process_fork(QvInstance *inst, QvForkStep when);

#endif
