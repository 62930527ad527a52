// SPDX-License-Identifier: MIT
// Raising, testing and saving exceptions. The pending exception is qi->ts->exc, always an instance.
#ifndef QV_OBJECT_ERROR_H
#define QV_OBJECT_ERROR_H

#include <stdarg.h>

#include "object/type.h"

#define EXC(name, base) extern QvType qv_exc_##name;
#include "object/exceptions.def"
#undef EXC

// Raise with a formatted message. Always NULL. Directives: %s C string (utf-8), %.*s, %c, %d %u %ld
// %zd %zu %lld %llu %x %p, %R repr(obj), %S str(obj), %A ascii(obj), %U QvObj* str, %T name of the
// type of obj, %N name of a QvType*, %%. Precision on %R %S %U %s %T %N limits code points (as in
// CPython's "%.200s").
QvObj *qv_raise(QvInterp *qi, QvType *type, const char *fmt, ...);
QvObj *qv_raise_v(QvInterp *qi, QvType *type, const char *fmt, va_list ap);
QvObj *qv_raise_none(QvInterp *qi, QvType *type);            // no arguments
QvObj *qv_raise_obj(QvInterp *qi, QvType *type, QvObj *arg); // one argument (KeyError(key)); tuple
                                                             // is one argument too
QvObj *qv_raise_exc(QvInterp *qi, QV_STOLEN QvObj *exc); // this instance; sets __context__ from the
                                                         // handled exception
QvObj *qv_raise_oom(QvInterp *qi);                       // the preallocated MemoryError
QvObj *qv_raise_errno(QvInterp *qi, int err, QvObj *filename /*NULL*/,
                      QvObj *filename2 /*NULL*/); // OSError subclass by errno
QvObj *qv_raise_errno_path(QvInterp *qi, int err, const char *path);
QvObj *qv_raise_stop(QvInterp *qi, QvObj *value); // StopIteration(value)
// Like qv_raise for int-returning functions: always -1.
int qv_raise_int(QvInterp *qi, QvType *type, const char *fmt, ...);

// The type name of an argument as messages about arguments show it ("None" for None).
const char *qv_arg_type_name(QvObj *o);

// SyntaxError and its subclasses. Columns are 1-based code points as CPython stores them; end_* 0
// when unknown (QV_NO_COLUMN: None); text NULL or the source line.
#define QV_NO_COLUMN (-2)
QvObj *qv_raise_syntax(QvInterp *qi, QvType *type, const char *msg, QvObj *filename, int lineno,
                       int col, int end_lineno, int end_col, QvObj *text);

// Formats as qv_raise does; new str.
QvObj *qv_str_format(QvInterp *qi, const char *fmt, ...);
QvObj *qv_str_format_v(QvInterp *qi, const char *fmt, va_list ap);

bool qv_err_occurred(QvInterp *qi);
bool qv_err_matches(QvInterp *qi, const QvType *type); // pending exception is an instance of type
bool qv_err_given_matches(QvInterp *qi, QvObj *exc, QvObj *type_or_tuple); // except clause test
                                                                           // without errors
void qv_err_clear(QvInterp *qi);
// Drops an exception that was fetched and that the script will not see. Not so an interrupt: it is
// raised again at the next safepoint.
void qv_err_drop_take(QvInterp *qi, QV_STOLEN QvObj *exc);
QvObj *qv_err_fetch(QvInterp *qi); // takes the pending exception away (new reference or NULL)
void qv_err_restore(QvInterp *qi, QV_STOLEN QvObj *exc); // makes it pending (NULL: none); no
                                                         // chaining
// For destructors: prints "Exception ignored in: ..." through sys.unraisablehook and clears it.
QV_RUNS void qv_err_unraisable(QvInterp *qi, QvObj *where /*NULL*/);
// Writes a str to sys.stderr, or to the host's stream when there is none yet. Errors are dropped,
// also a pending one.
QV_RUNS void qv_err_write(QvInterp *qi, QvObj *s);
// The same with another text than "Exception ignored in" before where.
QV_RUNS void qv_err_unraisable_as(QvInterp *qi, const char *message, QvObj *where);
// o is what a hook in sys.unraisablehook was given.
bool qv_err_is_unraisable_args(QvInterp *qi, const QvObj *o);
// What sys.unraisablehook does by default: exc, message and where may be NULL or None.
QV_RUNS void qv_err_write_unraisable(QvInterp *qi, QvObj *exc, QvObj *message, QvObj *where);
// "raise X from Y" in C: pending.__cause__ and __context__ = cause. Without a pending exception,
// cause becomes it.
void qv_err_set_cause(QvInterp *qi, QV_STOLEN QvObj *cause);
void qv_err_chain(QvInterp *qi, QV_STOLEN QvObj *context); // pending.__context__ = context unless
                                                           // already set
// The exception being handled (sys.exc_info()[1]), borrowed or NULL.
QV_BORROWED QvObj *qv_err_handled(QvInterp *qi);

// Warnings: 0, or -1 when the warning was turned into an error. category e.g.
// &qv_exc_DeprecationWarning.
QV_RUNS int qv_warn(QvInterp *qi, QvType *category, int stack_level, const char *fmt, ...);
// "coroutine 'qualname' was never awaited", told by the module warnings if that is loaded. Errors
// are printed.
QV_RUNS void qv_warn_unawaited(QvInterp *qi, QvObj *coroutine, QvObj *qualname);
// For the compiler: a warning about a place in a source file. 0, or -1 when it was turned into an
// error.
QV_RUNS int qv_warn_explicit(QvInterp *qi, QvType *category, QvObj *text, QvObj *filename,
                             int lineno);

// Prints a warning as "file:line: Category: text" with the source line. filename NULL: "sys:1".
QV_RUNS void qv_warn_show(QvInterp *qi, QvType *category, QvObj *text, QvObj *filename, int lineno);

// Breakpoint anchor: called at every raise in debug builds.
void qv_dbg_raise(QvInterp *qi, QvObj *exc);

#endif
