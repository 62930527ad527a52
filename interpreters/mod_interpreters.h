// SPDX-License-Identifier: MIT
// What the files of the module _interpreters share.
#ifndef QV_INTERPRETERS_MOD_INTERPRETERS_H
#define QV_INTERPRETERS_MOD_INTERPRETERS_H

#include "interpreters/instance.h"

// InterpreterError with this text. NULL.
QvObj *qv_interpreters_raise(QvInterp *qi, QvObj *m, const char *text);
// The live interpreter of the family with this id, with a handle taken. NULL with
// InterpreterNotFoundError, or PermissionError where it may do more than this one.
QvInstance *qv_interpreters_find(QvInterp *qi, QvObj *m, QvObj *id);
// 1 + the id of the host's interpreter that it is, or descends from.
uint64_t qv_interpreters_family(const QvInstance *inst);

// The host's interpreter has no objects any more: those that its scripts have made, and that are
// still there (whoever should have closed them was stopped), end as soon as nothing runs in them.
// No lock is held.
void qv_interpreters_end_family(QvInstance *head);

// ---- mod_interpreters_create.c ----
QvObj *qv_interpreters_create(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_interpreters_new_config(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_interpreters_get_config(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_interpreters_set_limit(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_interpreters_limit_left(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_interpreters_take_output(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);

#define QV_INTERPRETERS_CREATE_SIG "($module, /, config='isolated', *, reqrefs=False, options=None)"

#endif
