// SPDX-License-Identifier: MIT
// What the files of the module itertools share.
#ifndef QV_MODULES_ITERTOOLS_H
#define QV_MODULES_ITERTOOLS_H

#include "object/native.h"
#include "object/type.h"

// Binds the arguments of a constructor (sig as for qv_args). Keywords are left to a subclass that
// has an __init__ of its own.
int qv_itertools_args(QvInterp *qi, QvType *exact, QvType *type, const char *sig,
                      QvObj *const *args, QvSsize nargs, QvObj *kwnames, QvObj **slots);
// The tuple to be filled with the next result: *slot itself when nobody else has it, else a copy
// that replaces it. New reference.
QvObj *qv_itertools_fresh(QvInterp *qi, QvObj **slot);

#endif
