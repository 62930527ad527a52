// SPDX-License-Identifier: MIT
// OSError: the constructor that picks a subclass by errno, and its text.
//
// Work is done in __new__, so that OSError(2, "...") can become a FileNotFoundError. A subclass
// that overrides __init__ but not __new__ gets it done in OSError.__init__ instead, since its own
// arguments mean something else.
#include <errno.h>

#include "object/dict.h"
#include "object/exception_base.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

#define NOT_WRITTEN (-1) // characters_written was never set

static QvOSError *as_os(QvObj *o) { return (QvOSError *)o; }

static QvType *type_for_errno(int64_t err)
{
    switch (err) {
    case EAGAIN:
    case EALREADY:
    case EINPROGRESS: return &qv_exc_BlockingIOError;
    case EPIPE:
    case ESHUTDOWN: return &qv_exc_BrokenPipeError;
    case ECHILD: return &qv_exc_ChildProcessError;
    case ECONNABORTED: return &qv_exc_ConnectionAbortedError;
    case ECONNREFUSED: return &qv_exc_ConnectionRefusedError;
    case ECONNRESET: return &qv_exc_ConnectionResetError;
    case EEXIST: return &qv_exc_FileExistsError;
    case ENOENT: return &qv_exc_FileNotFoundError;
    case EISDIR: return &qv_exc_IsADirectoryError;
    case ENOTDIR: return &qv_exc_NotADirectoryError;
    case EINTR: return &qv_exc_InterruptedError;
    case EACCES:
    case EPERM: return &qv_exc_PermissionError;
    case ESRCH: return &qv_exc_ProcessLookupError;
    case ETIMEDOUT: return &qv_exc_TimeoutError;
    default: return NULL;
    }
}
_Static_assert(EAGAIN == EWOULDBLOCK, "type_for_errno has one case for both");

static bool is_given(const QvObj *o) { return o && o != QV_NONE; }

// Sets the fields from the constructor's arguments.
static int fill(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    QvOSError *e = as_os(self);
    QvSsize kept = nargs;
    if (nargs >= 2 && nargs <= 5) {
        QvObj *filename = nargs > 2 ? args[2] : NULL;
        QvObj *filename2 = nargs > 4 ? args[4] : NULL;
        if (is_given(filename)) {
            if (self->type == &qv_exc_BlockingIOError &&
                (filename->type->index || filename->type->to_int || filename->type->to_float)) {
                QvSsize written;
                if (qv_index_ssize(qi, filename, &written, &qv_exc_ValueError) < 0) {
                    return -1;
                }
                e->written = written;
            } else {
                qv_set_take(qi, &e->filename, qv_new_ref(qi, filename));
                if (is_given(filename2)) {
                    qv_set_take(qi, &e->filename2, qv_new_ref(qi, filename2));
                }
                kept = 2; // the names are not part of args
            }
        }
        qv_set_take(qi, &e->err_no, qv_new_ref(qi, args[0]));
        qv_set_take(qi, &e->strerror, qv_new_ref(qi, args[1]));
    }
    return qv_exc_set_args(qi, self, args, kept);
}

static int os_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames);
static QvObj *os_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames);

static bool work_in_init(const QvType *type)
{
    return type->init != os_init && type->new_ == os_new;
}

static QvObj *os_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    bool later = work_in_init(type);
    if (!later) {
        if (qv_exc_no_keywords(qi, type, kwnames) < 0) {
            return NULL;
        }
        if (type == &qv_exc_OSError && nargs >= 2 && nargs <= 5 && qv_is_int(args[0])) {
            int64_t err;
            QvType *t = qv_int_as_i64(args[0], &err) ? type_for_errno(err) : NULL;
            type = t ? t : type;
        }
    }
    QvObj *self = qv_obj_new(qi, type);
    if (!self) {
        return NULL;
    }
    as_os(self)->written = NOT_WRITTEN;
    if (later ? qv_exc_set_args(qi, self, NULL, 0) < 0 : fill(qi, self, args, nargs) < 0) {
        qv_decref(qi, self);
        return NULL;
    }
    return self;
}

static int os_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (!work_in_init(self->type)) {
        return 0;
    }
    if (qv_exc_no_keywords(qi, self->type, kwnames) < 0) {
        return -1;
    }
    return fill(qi, self, args, nargs);
}

static QvObj *os_str(QvInterp *qi, QvObj *o)
{
    QvOSError *e = as_os(o);
    QvObj *err = e->err_no ? e->err_no : QV_NONE;
    QvObj *text = e->strerror ? e->strerror : QV_NONE;
    if (e->filename && e->filename2) {
        return qv_str_format(qi, "[Errno %S] %S: %R -> %R", err, text, e->filename, e->filename2);
    }
    if (e->filename) {
        return qv_str_format(qi, "[Errno %S] %S: %R", err, text, e->filename);
    }
    if (e->err_no && e->strerror) {
        return qv_str_format(qi, "[Errno %S] %S", err, text);
    }
    return qv_exc_base_str(qi, o);
}

static QvObj *os_reduce(QvInterp *qi, QvObj *self, QvObj *const *unused, QvSsize nunused)
{
    QvOSError *e = as_os(self);
    QvObj *args = e->e.args;
    if (qv_tuple_len(args) != 2 || !e->filename) {
        return qv_exc_base_reduce(qi, self, unused, nunused);
    }
    QvObj *first = qv_tuple_peek(args, 0), *second = qv_tuple_peek(args, 1);
    QvObj *full = e->filename2
                      ? qv_tuple_of(qi, 5, first, second, e->filename, QV_NONE, e->filename2)
                      : qv_tuple_of(qi, 3, first, second, e->filename);
    if (!full) {
        return NULL;
    }
    QvObj *r = e->e.dict ? qv_tuple_of(qi, 3, self->type, full, e->e.dict)
                         : qv_tuple_of(qi, 2, self->type, full);
    qv_decref(qi, full);
    return r;
}

static QvObj *get_written(QvInterp *qi, QvObj *o)
{
    if (as_os(o)->written == NOT_WRITTEN) {
        return qv_raise(qi, &qv_exc_AttributeError, "characters_written");
    }
    return qv_int_from_i64(qi, as_os(o)->written);
}

static int set_written(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        if (as_os(o)->written == NOT_WRITTEN) {
            return qv_raise_int(qi, &qv_exc_AttributeError, "characters_written");
        }
        as_os(o)->written = NOT_WRITTEN;
        return 0;
    }
    QvSsize n;
    if (qv_index_ssize(qi, value, &n, &qv_exc_ValueError) < 0) {
        return -1;
    }
    as_os(o)->written = n;
    return 0;
}

QV_EXC_FIELD(QvOSError, err_no)
QV_EXC_FIELD(QvOSError, strerror)
QV_EXC_FIELD(QvOSError, filename)
QV_EXC_FIELD(QvOSError, filename2)

static void os_clear_fields(QvInterp *qi, QvObj *o)
{
    QvOSError *e = as_os(o);
    qv_clear(qi, &e->err_no);
    qv_clear(qi, &e->strerror);
    qv_clear(qi, &e->filename);
    qv_clear(qi, &e->filename2);
}

static void os_fini(QvInterp *qi, QvObj *o)
{
    os_clear_fields(qi, o);
    qv_exc_base_fini(qi, o);
}

static void os_clear(QvInterp *qi, QvObj *o)
{
    os_clear_fields(qi, o);
    qv_exc_base_clear(qi, o);
}

static int os_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvOSError *e = as_os(o);
    QV_VISIT(e->err_no);
    QV_VISIT(e->strerror);
    QV_VISIT(e->filename);
    QV_VISIT(e->filename2);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet os_getsets[] = {
    {"errno", get_err_no, set_err_no, "POSIX exception code"},
    {"strerror", get_strerror, set_strerror, "exception strerror"},
    {"filename", get_filename, set_filename, "exception filename"},
    {"filename2", get_filename2, set_filename2, "second exception filename"},
    {"characters_written", get_written, set_written, NULL},
    {0},
};

static const QvNativeDef os_methods[] = {
    {"__reduce__", os_reduce, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_exc_OSError = {
    QV_EXC_TYPE(OSError, Exception, QvOSError),
    .doc = "Base class for errors of the operating system.",
    .methods = os_methods,
    .getsets = os_getsets,
    .new_ = os_new,
    .init = os_init,
    .fini = os_fini,
    .clear = os_clear,
    .traverse = os_traverse,
    .str = os_str,
};
