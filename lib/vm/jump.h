// SPDX-License-Identifier: MIT
// Assignments to f_lineno: a trace function moves its frame to another line.
//
// The setter only finds out where to go. The frame itself is moved when the trace function has
// returned, or, when that was told of a yield, when the generator goes on: nobody sees a frame that
// is halfway.
#ifndef QV_VM_JUMP_H
#define QV_VM_JUMP_H

#include "vm/frame.h"

// The setter. 0/-1.
int qv_jump_set(QvInterp *qi, QvFrameObj *fo, QvObj *value);

// Moves f, whose object has a jump to make; f->pc is behind the target's first word then, as if it
// was about to run. 0, or -1 with MemoryError (nothing has moved).
QV_RUNS int qv_jump_now(QvInterp *qi, QvThread *ts, QvFrame *f);

// The same while an exception is pending, which stays: f->pc.
QV_RUNS QvInstr *qv_jump_thrown(QvInterp *qi, QvThread *ts, QvFrame *f);

// The frame runs through qv_trace_instr from now on, traced or not, until qv_jump_forget.
void qv_jump_watch(QvInterp *qi, QvFrameObj *fo);
void qv_jump_forget(QvInterp *qi, QvFrameObj *fo);

// Are there locals that are not bound, as far as the compiler knows them to be? Then each
// instruction's operands are looked at first.
void qv_jump_check_locals(QvInterp *qi, QvFrameObj *fo);
// 0, or -1 with UnboundLocalError when the instruction at f->pc - 1 reads an unbound local.
int qv_jump_check_instr(QvInterp *qi, QvFrame *f);

#endif
