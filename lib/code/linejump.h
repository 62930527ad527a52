// SPDX-License-Identifier: MIT
// Where an assignment to f_lineno may go: what stands open (loops, with blocks, handled exceptions,
// values of an unfinished expression) at two places of a code object, compared as CPython 3.11
// compares its value stacks.
#ifndef QV_CODE_LINEJUMP_H
#define QV_CODE_LINEJUMP_H

#include "code/code.h"

typedef enum QvOpenState { // what a temporary holds
    QV_OPEN_DEAD,          // = QV_FLOW_DEAD
    QV_OPEN_VALUE,
    QV_OPEN_ITER,
    QV_OPEN_AITER,
    QV_OPEN_AWAIT, // an iterator to delegate to
    QV_OPEN_LIST,
    QV_OPEN_SET,
    QV_OPEN_DICT,
    QV_OPEN_TUPLE,
    QV_OPEN_STR,
    QV_OPEN_SELF,    // may be NULL
    QV_OPEN_EXC,     // an exception
    QV_OPEN_CAUGHT,  // an exception that an except clause has taken
    QV_OPEN_SAVED,   // what was handled before it: in the register behind
    QV_OPEN_PAIR,    // item: both registers
    QV_OPEN_PENDING, // item behind a pair: its exception waits to be raised again
} QvOpenState;

typedef struct QvOpenItem {
    uint8_t kind;  // as CPython has it on its stack
    uint8_t state; // QvOpenState
    uint16_t reg;
} QvOpenItem;

enum { QV_OPEN_MAX = 21, QV_OPEN_UNREACHED = -2, QV_OPEN_TOO_DEEP = -1 };

typedef struct QvOpenStack {
    int n; // items, or one of the two above
    QvOpenItem items[QV_OPEN_MAX];
} QvOpenStack;

typedef struct QvLineJump {
    uint32_t word;        // target
    int32_t line;         // asked for; not that of the word when it is the function's first line
    QvOpenStack from, to; // what is open where the jump starts, and there
} QvLineJump;

// Does a tracer see the line of this instruction?
bool qv_code_is_silent(QvInstr w);

// A jump from before word `from` (suspended: a yield there has happened) to `line`. Goes on from
// jump->to instead when `again`. 0, or -1 with ValueError or MemoryError (*jump untouched).
int qv_code_line_jump(QvInterp *qi, const QvCode *code, uint32_t from, bool suspended, bool again,
                      int64_t line, QvLineJump *jump);

#endif
