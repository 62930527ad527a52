// SPDX-License-Identifier: MIT
// Functions of the module builtins that stand in files of their own (builtins_code.c).
#ifndef QV_MODULES_BUILTINS_H
#define QV_MODULES_BUILTINS_H

#include "object/protocol.h"

QvObj *qv_builtin_compile(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_eval(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_exec(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);

#endif
