// SPDX-License-Identifier: MIT
// Functions of the module builtins that stand in files of their own (builtins_code.c,
// builtins_compile.c, builtins_fold.c).
#ifndef QV_MODULES_BUILTINS_H
#define QV_MODULES_BUILTINS_H

#include "object/protocol.h"
#include "object/str.h"

// Source as bytes: str or bytes-like.
typedef struct QvSourceText {
    const char *s;
    QvSsize n;
    bool from_str; // no coding line applies
    QvUtf8 utf8;
    QvBufferView view;
} QvSourceText;

// Gets argument 1 of `function`, which takes a `what` object. 0, or -1 with an exception.
int qv_source_get(QvInterp *qi, QvObj *o, const char *function, const char *what,
                  QvSourceText *src);
void qv_source_release(QvInterp *qi, QvSourceText *src);
int qv_source_audit(QvInterp *qi, const char *s, QvSsize n, QvObj *filename); // "compile"; 0/-1
// A file name for messages: str, bytes, os.PathLike. New str, or NULL with an exception.
QV_RUNS QvObj *qv_source_filename(QvInterp *qi, QvObj *o);
// Future features (QvCompileFlags) of the code that calls.
unsigned qv_source_inherited(QvInterp *qi);

QvObj *qv_builtin_compile(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_eval(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_exec(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_all(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_any(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_max(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_min(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_sorted(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);
QvObj *qv_builtin_sum(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n);

#endif
