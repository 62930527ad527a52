// SPDX-License-Identifier: MIT
// Standard streams that are not the process's own: where they lead (streams.c).
#ifndef QV_INTERPRETERS_STREAMS_H
#define QV_INTERPRETERS_STREAMS_H

#include "interpreters/instance.h"

// Sets the hooks for standard streams by the configuration, which is copied. 0 / -1 no memory.
int qv_streams_init(QvInstance *inst);
void qv_streams_reset(QvInstance *inst); // forgets what is captured
void qv_streams_fini(QvInstance *inst);  // when nobody has a handle any more

#endif
