// SPDX-License-Identifier: MIT
// OS threads that scripts start (the module _thread).
#ifndef QV_INTERPRETERS_THREADS_H
#define QV_INTERPRETERS_THREADS_H

#include "interpreters/instance.h"

// Starts a thread that calls func(*args, **kwargs) in this interpreter. 0 with its get_ident()
// number; -1 with an exception (RuntimeError "can't start new thread").
int qv_threads_start(QvInterp *qi, QvObj *func, QvObj *args /*tuple*/,
                     QvObj *kwargs /*dict or NULL*/, size_t stack_size, uint64_t *ret_ident);

// The thread that runs now was started by a script: a lock to be released when it has ended
// (replaces an earlier one). Other threads end when their host says so: nothing is kept.
void qv_threads_set_sentinel(QvInterp *qi, QvObj *lock);

// Threads that were started and have not ended.
uint32_t qv_threads_count(QvInterp *qi);

// Before an interpreter is destroyed: threading's own shutdown (waits for the threads that are not
// daemons). Errors are printed.
QV_RUNS QV_BLOCKS void qv_threads_shutdown(QvInterp *qi);
// Drops what threads that never came to life would have called. The last ones cannot enter any
// more.
QV_RUNS void qv_threads_drop_pending(QvInstance *inst);

// ---- mod_thread.c ----
void qv_thread_lock_release(QvInterp *qi, QvObj *lock); // of allocate_lock(); nothing when it is
                                                        // free
// The outermost call of the running thread has ended with this exception. When that came of a stop,
// the locks that the call has taken are let go: a stop may come between taking a lock and the block
// that lets it go, and others would wait for ever.
void qv_thread_locks_end(QvInterp *qi, const QvObj *exc /*NULL*/);
// It is not one of them: taken for as long as a thread lives.
void qv_thread_lock_keep(QvObj *lock);
// ---- thread_local.c ----
QV_RUNS void qv_thread_local_end(QvInterp *qi); // the running thread ends: its values of all
                                                // thread-local objects go

#endif
