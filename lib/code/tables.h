// SPDX-License-Identifier: MIT
// The position and exception tables of a code object in the bytes that Python programs know from
// CPython 3.11 (co_linetable, co_exceptiontable), and code objects from their parts.
//
// A unit of these tables is one instruction word. Both ways are exact: what one function writes,
// the other reads back.
#ifndef QV_CODE_TABLES_H
#define QV_CODE_TABLES_H

#include "code/code.h"

// New bytes, or NULL with MemoryError.
QvObj *qv_code_linetable(QvInterp *qi, const QvCode *code);
QvObj *qv_code_exceptiontable(QvInterp *qi, const QvCode *code);
// The old form: pairs of (bytes, lines) to go on, two bytes for a word.
QvObj *qv_code_lnotab(QvInterp *qi, const QvCode *code);

// Fill code->poss or code->excs (empty so far; firstline and ninstrs are set). 0, or -1 with
// ValueError or MemoryError.
int qv_code_set_linetable(QvInterp *qi, QvCode *code, const uint8_t *p, size_t n);
int qv_code_set_exceptiontable(QvInterp *qi, QvCode *code, const uint8_t *p, size_t n);

// The parts of a code object as types.CodeType() takes them, in order.
typedef enum QvCodePart {
    QV_CODE_ARGCOUNT,
    QV_CODE_POSONLY,
    QV_CODE_KWONLY,
    QV_CODE_NLOCALS,
    QV_CODE_STACKSIZE,
    QV_CODE_FLAGS,
    QV_CODE_CODE,
    QV_CODE_CONSTS,
    QV_CODE_NAMES,
    QV_CODE_VARNAMES,
    QV_CODE_FILENAME,
    QV_CODE_NAME,
    QV_CODE_QUALNAME,
    QV_CODE_FIRSTLINE,
    QV_CODE_LINETABLE,
    QV_CODE_EXCEPTIONTABLE,
    QV_CODE_FREEVARS,
    QV_CODE_CELLVARS,
    QV_CODE_PARTS
} QvCodePart;

// A verified code object of these parts (none NULL). function: "code", "replace", for messages. New
// reference, or NULL with TypeError, ValueError (also when the instructions are not Quiver's) or
// MemoryError.
QV_RUNS QvObj *qv_code_build(QvInterp *qi, QvObj *const *parts, const char *function);

#endif
