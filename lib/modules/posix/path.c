// SPDX-License-Identifier: MIT
// Arguments of the functions of posix: paths, descriptors, flags.
#include <fcntl.h>
#include <string.h>

#include "modules/posix/posix.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"
#include "object/module.h"
#include "object/protocol.h"

QvObj *qv_posix_error(QvInterp *qi)
{
    return qv_err_occurred(qi) ? NULL : qv_raise_errno(qi, errno, NULL, NULL);
}

// A C int, with the message that CPython's fileno() protocol has.
static int fd_value(QvInterp *qi, QvObj *o, int *ret)
{
    int64_t v;
    if (qv_int_as_i64(o, &v) != 1 || v != (int)v) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    *ret = (int)v;
    return 0;
}

int qv_posix_fd(QvInterp *qi, QvObj *o, int *ret)
{
    if (qv_is_int(o)) {
        if (fd_value(qi, o, ret) < 0) {
            return -1;
        }
    } else {
        QvObj *fileno;
        int has = qv_getattr_try(qi, o, QV_N(fileno), &fileno);
        if (has <= 0) {
            return has < 0 ? -1
                           : qv_raise_int(qi, &qv_exc_TypeError,
                                          "argument must be an int, or have a fileno() method.");
        }
        QvObj *fd = qv_call0(qi, fileno);
        qv_decref(qi, fileno);
        if (!fd) {
            return -1;
        }
        if (!qv_is_int(fd)) {
            qv_decref(qi, fd);
            return qv_raise_int(qi, &qv_exc_TypeError, "fileno() returned a non-integer");
        }
        int bad = fd_value(qi, fd, ret);
        qv_decref(qi, fd);
        if (bad < 0) {
            return -1;
        }
    }
    return *ret < 0 ? qv_raise_int(qi, &qv_exc_ValueError,
                                   "file descriptor cannot be a negative integer (%d)", *ret)
                    : 0;
}

int qv_posix_dir_fd(QvInterp *qi, QvObj *o, int *ret)
{
    *ret = AT_FDCWD;
    if (!o || o == QV_NONE) {
        return 0;
    }
    if (!qv_is_int(o) && !o->type->index) {
        return qv_raise_int(qi, &qv_exc_TypeError, "argument should be integer or None, not %.200T",
                            o);
    }
    return qv_posix_int(qi, o, ret);
}

int qv_posix_flag(QvInterp *qi, QvObj *o, bool dflt, bool *ret)
{
    int yes = o ? qv_is_true(qi, o) : dflt;
    *ret = yes > 0;
    return yes < 0 ? -1 : 0;
}

int qv_posix_id(QvInterp *qi, QvObj *o, const char *what, uint32_t *ret)
{
    if (!qv_is_int(o) && !o->type->index) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s should be integer, not %.200T", what, o);
    }
    QvObj *i = qv_index(qi, o);
    int64_t v = 0;
    int fits = i ? qv_int_as_i64(i, &v) : 0;
    int sign = i ? qv_int_sign(i) : 0;
    qv_xdecref(qi, i);
    if (!i) {
        return -1;
    }
    if (!fits || v < -1 || v > UINT32_MAX) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            sign < 0 ? "%s is less than minimum" : "%s is greater than maximum",
                            what);
    }
    *ret = (uint32_t)v;
    return 0;
}

// ---- paths --------------------------------------------------------------------------------------

static int path_of_text(QvInterp *qi, QvObj *o, const char *func, const char *param, QvPath *p)
{
    if (qv_is_str(o)) {
        if (qv_str_utf8_surrogates(qi, o, &p->u, true) < 0) {
            return -1;
        }
    } else {
        p->u = (QvUtf8){.s = (const char *)qv_bytes_data(o), .n = qv_bytes_len(o)};
        p->is_bytes = true;
    }
    p->obj = qv_new_ref(qi, o);
    if (strlen(p->u.s) != (size_t)p->u.n) {
        bool worded = p->is_bytes && func; // CPython finds it in one place or another
        qv_path_release(qi, p);
        return worded ? qv_raise_int(qi, &qv_exc_ValueError, "%s: embedded null character in %s",
                                     func, param)
                      : qv_raise_int(qi, &qv_exc_ValueError, "embedded null byte");
    }
    return 0;
}

// What is taken, by `also`.
static const char *const kinds[4] = {
    "string, bytes or os.PathLike", "string, bytes, os.PathLike or integer",
    "string, bytes, os.PathLike or None", "string, bytes, os.PathLike, integer or None"};

// bytearray and the like: still taken, with a warning.
static int path_of_buffer(QvInterp *qi, QvObj *o, const char *func, const char *param,
                          unsigned also, QvPath *ret)
{
    if (qv_warn(qi, &qv_exc_DeprecationWarning, 1, "%s: %s should be %s, not %.200T", func, param,
                kinds[also & 3], o) < 0) {
        return -1;
    }
    QvBufferView view;
    if (qv_buffer_get(qi, o, &view, 0) < 0) {
        return -1;
    }
    QvObj *bytes = qv_bytes_new(qi, view.buf, view.len);
    qv_buffer_release(qi, &view);
    int status = bytes ? path_of_text(qi, bytes, func, param, ret) : -1;
    qv_xdecref(qi, bytes);
    return status;
}

int qv_path_get(QvInterp *qi, QvObj *o, const char *func, const char *param, unsigned also,
                QvPath *ret)
{
    *ret = (QvPath){.fd = -1};
    if (!o || o == QV_NONE) {
        if (also & QV_PATH_NONE) {
            return 0;
        }
    } else if (qv_is_str(o) || qv_is_bytes(o)) {
        return path_of_text(qi, o, func, param, ret);
    } else if (func && qv_has_buffer(o)) {
        return path_of_buffer(qi, o, func, param, also, ret);
    } else if ((also & QV_PATH_FD) && (qv_is_int(o) || o->type->index)) {
        if (qv_posix_int(qi, o, &ret->fd) < 0) {
            return -1;
        }
        ret->is_fd = true;
        ret->obj = qv_new_ref(qi, o);
        return 0;
    } else {
        QvObj *fspath;
        int has = qv_lookup_special(qi, o, QV_N(__fspath__), &fspath);
        if (has < 0) {
            return -1;
        }
        if (has > 0) {
            QvObj *text = qv_call0(qi, fspath);
            qv_decref(qi, fspath);
            if (!text) {
                return -1;
            }
            int bad = -1;
            if (qv_is_str(text) || qv_is_bytes(text)) {
                bad = path_of_text(qi, text, func, param, ret);
            } else {
                qv_raise(qi, &qv_exc_TypeError,
                         "expected %.200T.__fspath__() to return str or bytes, not %.200T", o,
                         text);
            }
            qv_decref(qi, text);
            return bad;
        }
    }
    if (!func) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "expected str, bytes or os.PathLike object, not %.200T",
                            o ? o : QV_NONE);
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "%s: %s should be %s, not %.200T", func, param,
                        kinds[also & 3], o ? o : QV_NONE);
}

int qv_path_look(QvInterp *qi, QvPath *p, int *dir, uint64_t need, QvCapUse use, const char *func)
{
    if (p->is_fd) {
        return qv_cap_fd(qi, p->fd, need, func);
    }
    QvCapPath *allowed = qv_alloc(qi, sizeof *allowed);
    if (!allowed) {
        return -1;
    }
    int status =
        qv_cap_path(qi, dir ? *dir : AT_FDCWD, p->u.s ? p->u.s : ".", need, use, func, allowed);
    if (status != 0) {
        if (status > 0) {
            qv_raise_errno(qi, status, p->obj, NULL);
        }
        qv_free(qi, allowed, sizeof *allowed);
        return -1;
    }
    p->allowed = allowed;
    p->followed = !allowed->named;
    p->given = p->u;
    p->u.s = allowed->path;
    if (dir) {
        *dir = AT_FDCWD;
    }
    return 0;
}

void qv_path_restore(QvInterp *qi, QvPath *p)
{
    if (p->allowed) {
        int err = errno;
        qv_cap_path_close(p->allowed);
        qv_free(qi, p->allowed, sizeof *p->allowed);
        p->allowed = NULL;
        p->followed = false;
        p->u = p->given;
        errno = err;
    }
}

void qv_path_release(QvInterp *qi, QvPath *p)
{
    qv_path_restore(qi, p);
    if (p->u.s && !p->is_bytes) {
        qv_utf8_release(qi, &p->u);
    }
    p->u = (QvUtf8){0};
    qv_clear(qi, &p->obj);
}

QvObj *qv_path_raise(QvInterp *qi, const QvPath *p)
{
    return qv_err_occurred(qi) ? NULL : qv_raise_errno(qi, errno, p->obj, NULL);
}
QvObj *qv_path_raise2(QvInterp *qi, const QvPath *p, const QvPath *q)
{
    return qv_err_occurred(qi) ? NULL : qv_raise_errno(qi, errno, p->obj, q->obj);
}

QvObj *qv_path_text(QvInterp *qi, const char *s, QvSsize n, bool as_bytes)
{
    if (as_bytes) {
        return qv_bytes_new(qi, s, n);
    }
    return s[n] == 0 ? qv_str_fsdecode(qi, s) : qv_str_decode(qi, s, n, "utf-8", "surrogateescape");
}

QvPosixState *qv_posix_state_find(QvInterp *qi)
{
    QvObj *m = qv_import(qi, "posix");
    QvPosixState *state = m ? qv_posix_state(m) : NULL;
    qv_xdecref(qi, m); // sys.modules, or the caller's globals, keep it
    return state;
}
