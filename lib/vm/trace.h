// SPDX-License-Identifier: MIT
// sys.settrace and sys.setprofile: events of running frames.
//
// While no thread of the interpreter traces, nothing is looked at: the eval loop jumps through the
// table in qi->dispatch, and only when a hook is set is that the table whose every entry leads to
// qv_trace_instr first.
#ifndef QV_VM_TRACE_H
#define QV_VM_TRACE_H

#include "vm/frame.h"

typedef enum QvTraceState {
    QV_TRACE_NEW,       // no event yet
    QV_TRACE_ENTERED,   // runs, its call was reported (or happened before there was a hook)
    QV_TRACE_SUSPENDED, // a generator that reported its yield
} QvTraceState;

// Sets (NULL or None: removes) this thread's hook. -1 with RuntimeError: what the former one drops
// as it goes sets another one.
QV_RUNS int qv_trace_set(QvInterp *qi, QvObj *callable);
QV_RUNS int qv_profile_set(QvInterp *qi, QvObj *callable);

// Before the instruction at f->pc - 1 runs: call, line, opcode, return and C call events. A hook
// may have moved f->pc to another line. Without a hook: what vm/jump.h has to do. 0, or -1 when a
// hook raised.
QV_RUNS int qv_trace_instr(QvInterp *qi, QvThread *ts, QvFrame *f);

// The generator f is about to stop in YIELD_FROM with this value. 0/-1.
QV_RUNS int qv_trace_yield(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *value);

// What YIELD_FROM delegated to ended with this value: told as CPython does while it traces, as an
// exception event of the StopIteration that carries it. 0/-1.
QV_RUNS int qv_trace_stop(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *iter, QvObj *value);

// The pending exception arrived in f (its traceback entry is made). A hook that raises replaces it.
QV_RUNS void qv_trace_exception(QvInterp *qi, QvThread *ts, QvFrame *f);

// f ends with the pending exception.
QV_RUNS void qv_trace_unwind(QvInterp *qi, QvThread *ts, QvFrame *f);

// Is a hook of this thread to be called?
static inline bool qv_trace_on(const QvInterp *qi, const QvThread *ts)
{
    return qi->tracing != 0 && (ts->trace || ts->profile) && ts->tracing == 0;
}

#endif
