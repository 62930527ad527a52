// SPDX-License-Identifier: MIT
// One thread of the process that looks at interpreters when their time has come.
#ifndef QV_INTERPRETERS_TIMER_H
#define QV_INTERPRETERS_TIMER_H

#include "interpreters/instance.h"

// From `at` on (monotonic ns) qv_limits_tick(inst) is called, once; an earlier time of the same
// instance is forgotten. QV_NEVER: not any more, and no such call is running when this returns. 0,
// or -1: the thread could not be started. Any thread that holds no lock but interpreters'.
int qv_timer_arm(QvInstance *inst, int64_t at);

// The last interpreter has gone: ends the thread, if there is one.
void qv_timer_end(void);

// Around fork().
void qv_timer_fork(QvInstance *inst, QvForkStep when);

#endif
