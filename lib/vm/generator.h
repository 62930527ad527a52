// SPDX-License-Identifier: MIT
// What generators, coroutines and async generators share inside vm/.
#ifndef QV_VM_GENERATOR_H
#define QV_VM_GENERATOR_H

#include "vm/frame.h"

extern QvType qv_coroutine_wrapper_type;

const char *qv_generator_kind(const QvGenerator *g); // "generator", "coroutine", "async generator"
QV_RUNS int qv_generator_close(QvInterp *qi, QvGenerator *g); // 0/-1
// Turns (type, value, traceback) of throw() into the pending exception. args[1], args[2] may be
// NULL. 0/-1 (another exception is set, not to be thrown).
QV_RUNS int qv_generator_raise_args(QvInterp *qi, QvObj *const *args);
// Result of send/throw for Python: yielded value, or StopIteration raised. Takes x.
QvObj *qv_generator_result(QvInterp *qi, int got, QV_STOLEN QvObj *x);

// Slots.
int qv_generator_traverse(QvObj *o, QvVisit visit, void *ctx);
void qv_generator_fini(QvInterp *qi, QvObj *o);
QV_RUNS void qv_generator_finalize(QvInterp *qi, QvObj *o);
size_t qv_generator_memsize(const QvObj *o);

#endif
