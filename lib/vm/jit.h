// SPDX-License-Identifier: MIT
// Machine code for hot code objects (x86-64; elsewhere, and with -Djit=disabled, none is made).
//
// A baseline translator: each instruction of a code object, in the form that the specialiser has
// given it, becomes a short run of machine code that does what its fast path in eval.c does, on the
// same registers of the same frame. Between two instructions all state is where the eval loop would
// have it. So machine code can be left before any instruction: where a guard fails, where an
// instruction has no translation, where the poll flag is up, the eval loop goes on at that
// instruction. Machine code raises nothing by itself; a C function that it called may have.
//
// Which code is hot: the eval loop counts backward jumps and calls in qi->jit.heat, and each time
// that is used up, the code object that runs is marked; the second mark translates it, and later
// ones, which say that the eval loop is still busy there, do it again, with the forms that the
// instructions have by then, a few times.
//
// How the eval loop comes to machine code: entries (the first instruction, the targets of backward
// jumps, what follows instructions that have no translation, handlers) get the opcode ENTER_JIT;
// the unit has their own opcodes. Whoever reads instructions otherwise than the eval loop does uses
// qv_code_instr, in vm/ too where a word is looked at again after Python ran.
//
// Machine code calls and returns without the C stack: it pushes and pops frame records as the eval
// loop does, and goes to the entry of the code that runs then; without one, to the eval loop.
//
// Memory: pages of the interpreter, charged to its heap, writable while code is put there and
// executable afterwards, never both. The interpreter's lock is held by whoever writes or runs them.
// A unit that is dropped while machine code of this interpreter runs (of any thread: one may wait
// for the lock inside) is freed later.
#ifndef QV_VM_JIT_H
#define QV_VM_JIT_H

#include "vm/frame.h"

#if defined __x86_64__ && defined __linux__ && defined QV_WITH_JIT
#define QV_JIT 1
#else
#define QV_JIT 0
#endif

// Why machine code was left.
typedef enum QvJitHow {
    QV_JIT_GO_ON,     // the eval loop runs the instruction at pc
    QV_JIT_ELSEWHERE, // the same where no guard has failed: what runs now has no machine code
    QV_JIT_ERROR,     // an exception is pending, raised by the word before pc
    QV_JIT_UNWIND,    // the same, whose traceback has this frame already
    QV_JIT_RETURN,    // the frame that C called has ended; pc is its result
    QV_JIT_RESUME,    // (within machine code: it goes on at pc)
} QvJitHow;

typedef struct QvJitExit {
    union {
        QvInstr *pc;
        QvObj *result; // owned
    };
    uint64_t how; // QvJitHow
} QvJitExit;

#if QV_JIT
// Runs machine code at pc, whose opcode is ENTER_JIT, in frame f, which runs. ts->frame is where it
// stopped. At pc, when nobody but the eval loop can run it, its own opcode is back.
QV_RUNS QvJitExit qv_jit_run(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc);
// The eval loop itself is to run the instruction at pc: it is no entry any more.
void qv_jit_skip(const QvFrame *f, QvInstr *pc);
// qi->jit.heat is used up while f runs.
void qv_jit_sample(QvInterp *qi, QvFrame *f);
#endif

#endif
