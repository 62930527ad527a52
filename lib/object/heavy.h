// SPDX-License-Identifier: MIT
// Long work in C that cannot be interrupted, on a worker thread: the thread that waits for it can.
#ifndef QV_OBJECT_HEAVY_H
#define QV_OBJECT_HEAVY_H

#include "object/interp.h"

// Runs job->run elsewhere and waits, without the interpreter's lock; without worker threads here.
// The job is the beginning of a block of `size` bytes of the heap, more than QV_HEAP_SMALL_MAX. It
// counts all the time. 0; or -1 with an exception: a stop, and the block is not the caller's any
// more: job->drop is called when it has run, which frees the block (qv_heap_loose_free) and what
// else the job owns.
QV_RUNS QV_BLOCKS int qv_heavy_run(QvInterp *qi, QvHeavyJob *job, size_t size);

#endif
