// SPDX-License-Identifier: MIT
// Audit events: sys.audit, and what the runtime itself tells of (open, compile, exec, import...).
//
//     if (qv_audit_on(qi) && qv_audit(qi, "os.chdir", "O", path) < 0) { return NULL; }
//
// While nobody listens an event costs one load.
#ifndef QV_OBJECT_AUDIT_H
#define QV_OBJECT_AUDIT_H

#include "object/interp.h"

static inline bool qv_audit_on(const QvInterp *qi) { return QV_UNLIKELY(qi->audit_hooks != NULL); }

// Calls the hooks. format has a letter for each argument: O object (NULL: None), s C string (file
// system encoding; NULL: None), i int, L int64_t. 0, or -1 with a hook's exception.
QV_RUNS int qv_audit(QvInterp *qi, const char *event, const char *format, ...);
// The same with the arguments in a tuple.
QV_RUNS int qv_audit_tuple(QvInterp *qi, QvObj *event, QvObj *args);

#endif
