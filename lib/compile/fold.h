// SPDX-License-Identifier: MIT
// Constant folding on the syntax tree.
#ifndef QV_COMPILE_FOLD_H
#define QV_COMPILE_FOLD_H

#include "compile/ast.h"

// Replaces constant expressions by their values, in place, as CPython 3.11 does: arithmetic on
// literals (bounded in size), `not` of comparisons, constant tuples and subscripts, list and set
// literals that are only iterated or searched, __debug__. Annotations stay as they are when their
// text will be kept (future_annotations). 0, or -1 with RecursionError or MemoryError.
int qv_fold(QvInterp *qi, QvArena *arena, QvMod *mod, int optimize, bool future_annotations);

// The frozenset of a constant set literal, from its items as a tuple (which it takes; NULL: passed
// through). CPython builds such a constant twice, the second time in the order of the first, and
// the order of the items shows it.
QvObj *qv_fold_set(QvInterp *qi, QvObj *items);

#endif
