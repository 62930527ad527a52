// SPDX-License-Identifier: MIT
// FileIO: a file descriptor as a raw stream. Every system call that may wait releases the
// interpreter's lock and is tried again after a signal, once its handlers have run.
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/io/io.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"

#define READ_MOST ((QvSsize)0x7FFFF000) // what one read or write of Linux transfers

static QvFileIO *as_file(QvObj *o) { return (QvFileIO *)o; }

// ---- system calls -------------------------------------------------------------------------------

// After an interrupted call: runs the signal handlers. True: try again.
static bool again(QvInterp *qi, int err)
{
    return err == EINTR && (qv_poll_peek(qi) == 0 || qv_poll(qi) == 0);
}

// Whether the interpreter's capabilities still let it use the descriptor: a script may have closed
// it behind the file's back, and the number is a stranger's now. 0/-1.
static int may_use(QvInterp *qi, const QvFileIO *f, uint64_t cap)
{
    return f->given ? 0 : qv_cap_fd(qi, f->fd, cap, "file");
}

// What a read or write has given, as callers want it.
static QvSsize transferred(QvInterp *qi, ssize_t n)
{
    if (n >= 0) {
        return n;
    }
    if (errno == EAGAIN) {
        return QV_IO_BLOCKED;
    }
    int err = errno;
    if (!qv_err_occurred(qi)) {
        qv_raise_errno(qi, err, NULL, NULL);
    }
    return -1;
}

QvSsize qv_fileio_read(QvInterp *qi, QvFileIO *f, void *p, QvSsize n)
{
    if (f->host >= 0) {
        return qi->hooks.read ? qi->hooks.read(qi, p, n) : 0;
    }
    int fd = f->fd;
    if (may_use(qi, f, QV_CAP_READ) < 0) {
        return -1;
    }
    size_t size = (size_t)(n > READ_MOST ? READ_MOST : n);
    return transferred(qi, qv_fd_read(qi, fd, p, size, f->seekable > 0));
}

QvSsize qv_fileio_write(QvInterp *qi, QvFileIO *f, const void *p, QvSsize n)
{
    if (qi->hooks.output && n > 0 && (f->host > 0 || f->fd == 1 || f->fd == 2)) {
        n = qi->hooks.output(qi, n);
        if (n < 0) {
            return -1;
        }
    }
    if (f->host >= 0) {
        return qi->hooks.write && qi->hooks.write(qi, f->host, p, n) < 0 ? -1 : n;
    }
    int fd = f->fd;
    if (may_use(qi, f, QV_CAP_WRITE) < 0) {
        return -1;
    }
    size_t size = (size_t)(n > READ_MOST ? READ_MOST : n);
    return transferred(qi, qv_fd_write(qi, fd, p, size, f->seekable > 0));
}

int64_t qv_fileio_seek(QvInterp *qi, QvFileIO *f, int64_t offset, int whence)
{
    int fd = f->fd;
    if (may_use(qi, f, QV_CAP_READ) < 0) {
        return -1;
    }
    qv_io_unlock(qi);
    off_t at = lseek(fd, offset, whence);
    int err = errno;
    qv_io_lock(qi);
    if (f->seekable < 0) {
        f->seekable = at >= 0;
    }
    if (at < 0) {
        qv_raise_errno(qi, err, NULL, NULL);
    }
    return at;
}

static int close_fd(QvInterp *qi, QvFileIO *f)
{
    int fd = f->fd;
    f->fd = -1;
    if (fd < 0 || (qv_cap_denied(qi, QV_CAP_WRITE) && !qv_cap_fd_is_own(qi, fd))) {
        return 0; // or closed by somebody else: the number may be a stranger's by now
    }
    qv_cap_fd_disown(qi, fd);
    qv_io_unlock(qi);
    int r = close(fd);
    int err = errno;
    qv_io_lock(qi);
    if (r < 0 && err != EINTR) {
        qv_raise_errno(qi, err, NULL, NULL);
        return -1;
    }
    return 0;
}

int qv_fileio_isatty(QvInterp *qi, QvFileIO *f)
{
    (void)qi;
    return f->host < 0 && isatty(f->fd);
}

// ---- opening ------------------------------------------------------------------------------------

static int parse_mode(QvInterp *qi, QvFileIO *f, QvObj *mode, int *ret_flags)
{
    QvUtf8 u = {.s = "r", .n = 1};
    if (mode && qv_str_utf8(qi, mode, &u) < 0) {
        return -1;
    }
    bool plus = false, main_mode = false, ok = true, known = true;
    int flags = 0;
    f->created = f->readable = f->writable = f->appending = false;
    for (QvSsize k = 0; k < u.n; k++) {
        switch (u.s[k]) {
        case 'x':
        case 'r':
        case 'w':
        case 'a':
            ok = ok && !main_mode;
            main_mode = true;
            f->readable = f->readable || u.s[k] == 'r';
            f->writable = f->writable || u.s[k] != 'r';
            f->created = f->created || u.s[k] == 'x';
            f->appending = f->appending || u.s[k] == 'a';
            flags |= u.s[k] == 'x'   ? O_EXCL | O_CREAT
                     : u.s[k] == 'w' ? O_CREAT | O_TRUNC
                     : u.s[k] == 'a' ? O_APPEND | O_CREAT
                                     : 0;
            break;
        case 'b': break;
        case '+':
            ok = ok && !plus;
            plus = true;
            break;
        default: known = false; break;
        }
    }
    if (!known) {
        qv_raise(qi, &qv_exc_ValueError, "invalid mode: %.200s", u.s);
    } else if (!ok || !main_mode) {
        qv_raise(qi, &qv_exc_ValueError,
                 "Must have exactly one of create/read/write/append mode and at most one plus");
    }
    qv_utf8_release(qi, &u);
    if (!known || !ok || !main_mode) {
        return -1;
    }
    if (plus) {
        f->readable = f->writable = true;
    }
    flags |= f->readable && f->writable ? O_RDWR : f->readable ? O_RDONLY : O_WRONLY;
    *ret_flags = flags | O_CLOEXEC;
    return 0;
}

static int open_by_opener(QvInterp *qi, QvFileIO *f, QvObj *file, int flags, QvObj *opener)
{
    QvObj *o = qv_int_from_i64(qi, flags);
    QvObj *r = o ? qv_call2(qi, opener, file, o) : NULL;
    qv_xdecref(qi, o);
    if (!r) {
        return -1;
    }
    if (!qv_is_int(r)) {
        qv_decref(qi, r);
        return qv_raise_int(qi, &qv_exc_TypeError, "expected integer from opener");
    }
    int64_t fd;
    int fits = qv_int_as_i64(r, &fd);
    qv_decref(qi, r);
    if (!fits || fd > INT32_MAX) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    if (fd < 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "opener returned %d", (int)fd);
    }
    if (qv_cap_fd(qi, (int)fd, (f->readable ? QV_CAP_READ : 0u) | (f->writable ? QV_CAP_WRITE : 0u),
                  "open") < 0) {
        return -1;
    }
    f->fd = (int)fd;
    int set = fcntl(f->fd, F_GETFD);
    if (set < 0 || fcntl(f->fd, F_SETFD, set | FD_CLOEXEC) < 0) {
        qv_raise_errno(qi, errno, NULL, NULL);
        return -1;
    }
    return 0;
}

static int open_path(QvInterp *qi, QvFileIO *f, QvObj *file, int flags)
{
    QvUtf8 path;
    if (qv_fspath_utf8(qi, file, &path) < 0) {
        return -1;
    }
    int status = 0;
    for (;;) {
        int fd = qv_cap_open(qi, AT_FDCWD, path.s, flags, 0666, "open");
        int err = errno;
        if (fd == -2) {
            status = -1;
            break;
        }
        if (fd >= 0) {
            f->fd = fd;
            break;
        }
        if (!again(qi, err)) {
            if (!qv_err_occurred(qi)) {
                qv_raise_errno(qi, err, file, NULL);
            }
            status = -1;
            break;
        }
    }
    qv_utf8_release(qi, &path);
    return status;
}

// The file descriptor that `file` is; -1: it is no int; -2 with an exception.
static int fd_argument(QvInterp *qi, QvObj *file)
{
    if (!qv_is_int(file) && !file->type->index) {
        return -1;
    }
    QvObj *i = qv_index(qi, file);
    int64_t fd = 0;
    int fits = i ? qv_int_as_i64(i, &fd) : 0;
    qv_xdecref(qi, i);
    if (!i) {
        return -2;
    }
    if (!fits || fd > INT32_MAX || fd < INT32_MIN) {
        qv_raise(qi, &qv_exc_OverflowError,
                 fd > 0 ? "Python int too large to convert to C int"
                        : "Python int too small to convert to C int");
        return -2;
    }
    if (fd < 0) {
        qv_raise(qi, &qv_exc_ValueError, "negative file descriptor");
        return -2;
    }
    return (int)fd;
}

static int file_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slot[4];
    if (qv_args(qi, "FileIO(file, mode='r', closefd=True, opener=None)", args, nargs, kwnames,
                slot) < 0) {
        return -1;
    }
    QvFileIO *f = as_file(self);
    if (f->fd >= 0) {
        if (!f->closefd) {
            f->fd = -1;
        } else if (close_fd(qi, f) < 0) {
            return -1;
        }
    }
    if (slot[1] && !qv_is_str(slot[1])) {
        return qv_raise_int(qi, &qv_exc_TypeError, "FileIO() argument 'mode' must be str, not %T",
                            slot[1]);
    }
    int closefd = slot[2] ? qv_is_true(qi, slot[2]) : 1;
    int fd = closefd < 0 ? -2 : fd_argument(qi, slot[0]);
    int flags;
    if (fd == -2 || parse_mode(qi, f, slot[1], &flags) < 0) {
        return -1;
    }
    f->seekable = -1;
    f->closefd = closefd;
    bool ours = false;
    if (qv_audit_on(qi)) {
        QvObj *letters = slot[1] ? slot[1] : QV_N(r);
        if (qv_audit(qi, "open", "OOi", slot[0], letters, flags) < 0) {
            return -1;
        }
    }
    f->host = -1;
    f->given = false;
    if (fd >= 0) {
        if (qv_cap_fd(qi, fd, (f->readable ? QV_CAP_READ : 0u) | (f->writable ? QV_CAP_WRITE : 0u),
                      "open") < 0) {
            return -1;
        }
        f->fd = fd;
    } else {
        if (!closefd) {
            return qv_raise_int(qi, &qv_exc_ValueError, "Cannot use closefd=False with file name");
        }
        ours = true;
        QvObj *opener = slot[3] && slot[3] != QV_NONE ? slot[3] : NULL;
        if (opener ? open_by_opener(qi, f, slot[0], flags, opener) < 0
                   : open_path(qi, f, slot[0], flags) < 0) {
            goto fail;
        }
    }
    struct stat st;
    f->blksize = QV_IO_BUFFER_SIZE;
    if (fstat(f->fd, &st) == 0) {
        if (S_ISDIR(st.st_mode)) {
            qv_raise_errno(qi, EISDIR, slot[0], NULL);
            goto fail;
        }
        if (st.st_blksize > 1) {
            f->blksize = (uint32_t)st.st_blksize;
        }
        f->seekable = S_ISREG(st.st_mode) ? 1 : -1;
    } else if (errno == EBADF) {
        qv_raise_errno(qi, EBADF, NULL, NULL);
        goto fail;
    }
    if (qv_is_fileio_exact(self)) {
        qv_set_take(qi, &f->name, qv_new_ref(qi, slot[0]));
    } else if (qv_setattr(qi, self, QV_N(name), slot[0]) < 0) {
        goto fail;
    }
    if (f->appending && lseek(f->fd, 0, SEEK_END) < 0 && errno != ESPIPE) {
        qv_raise_errno(qi, errno, slot[0], NULL);
        goto fail;
    }
    return 0;
fail:
    if (!ours) {
        f->fd = -1; // not ours to close
    } else if (f->fd >= 0) {
        QvObj *exc = qv_err_fetch(qi);
        if (close_fd(qi, f) < 0) {
            qv_err_clear(qi);
        }
        qv_err_restore(qi, exc);
    }
    return -1;
}

static QvObj *file_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    QvFileIO *f = (QvFileIO *)qv_obj_new(qi, type);
    if (f) {
        f->fd = -1;
        f->host = -1;
        f->closefd = true;
        f->seekable = -1;
    }
    return (QvObj *)f;
}

QvObj *qv_fileio_new_fd(QvInterp *qi, int fd, bool writable, QvObj *name, bool host)
{
    QvFileIO *f = (QvFileIO *)file_new(qi, &qv_io_fileio_type, NULL, 0, NULL);
    if (f) {
        f->fd = fd;
        f->host = host ? fd : -1;
        f->closefd = false;
        f->given = true;
        f->readable = !writable;
        f->writable = writable;
        f->blksize = QV_IO_BUFFER_SIZE;
        f->seekable = host ? 0 : -1;
        f->name = qv_new_ref(qi, name);
    }
    return (QvObj *)f;
}

// ---- methods ------------------------------------------------------------------------------------

static int check_open(QvInterp *qi, const QvFileIO *f)
{
    return f->fd < 0 ? qv_raise_int(qi, &qv_exc_ValueError, "I/O operation on closed file") : 0;
}
static int check_readable(QvInterp *qi, const QvFileIO *f)
{
    if (check_open(qi, f) < 0) {
        return -1;
    }
    if (!f->readable) {
        qv_io_unsupported(qi, "File not open for reading");
        return -1;
    }
    return 0;
}
static int check_writable(QvInterp *qi, const QvFileIO *f)
{
    if (check_open(qi, f) < 0) {
        return -1;
    }
    if (!f->writable) {
        qv_io_unsupported(qi, "File not open for writing");
        return -1;
    }
    return 0;
}

QvObj *qv_fileio_readall(QvInterp *qi, QvFileIO *f, const void *p, QvSsize head)
{
    // One read of what the file has left and a byte more, which meets the end, then one more read.
    QvSsize room = head + QV_IO_BUFFER_SIZE;
    struct stat st;
    if (f->host < 0 && fstat(f->fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0) {
        off_t at = lseek(f->fd, 0, SEEK_CUR);
        if (at >= 0 && at <= st.st_size) {
            room = head + (QvSsize)(st.st_size - at) + 1;
        }
    }
    QvObj *data = qv_bytes_new(qi, NULL, room);
    if (!data) {
        return NULL;
    }
    if (head) {
        memcpy(qv_bytes_data(data), p, (size_t)head);
    }
    QvSsize have = head;
    for (;;) {
        if (have == room) {
            QvSsize more = room > 65536 ? room / 2 : room;
            if (room > PTRDIFF_MAX - more || qv_bytes_resize(qi, &data, room + more) < 0) {
                qv_xdecref(qi, data);
                return qv_err_occurred(qi) ? NULL
                                           : qv_raise(qi, &qv_exc_OverflowError,
                                                      "unbounded read returned more bytes than a "
                                                      "Python bytes object can hold");
            }
            room += more;
        }
        QvSsize got = qv_fileio_read(qi, f, qv_bytes_data(data) + have, room - have);
        if (got == QV_IO_BLOCKED && have == 0) {
            qv_decref(qi, data);
            return QV_NONE;
        }
        if (got == -1) {
            qv_decref(qi, data);
            return NULL;
        }
        if (got <= 0) {
            break;
        }
        have += got;
    }
    return have == room || qv_bytes_resize(qi, &data, have) == 0 ? data : NULL;
}

QV_IO_METHOD(file_readall)
{
    (void)args, (void)nargs;
    QvFileIO *f = as_file(self);
    return check_open(qi, f) < 0 ? NULL : qv_fileio_readall(qi, f, NULL, 0);
}

QV_IO_METHOD(file_read)
{
    (void)nargs;
    QvFileIO *f = as_file(self);
    QvSsize n;
    if (check_readable(qi, f) < 0 || qv_io_size_arg(qi, args[0], -1, &n) < 0) {
        return NULL;
    }
    if (n < 0) {
        return qv_fileio_readall(qi, f, NULL, 0);
    }
    QvObj *data = qv_bytes_new(qi, NULL, n);
    if (!data) {
        return NULL;
    }
    QvSsize got = n == 0 ? 0 : qv_fileio_read(qi, f, qv_bytes_data(data), n);
    if (got < 0) {
        qv_decref(qi, data);
        return got == QV_IO_BLOCKED ? QV_NONE : NULL;
    }
    return got == n || qv_bytes_resize(qi, &data, got) == 0 ? data : NULL;
}

QV_IO_METHOD(file_readinto)
{
    (void)nargs;
    QvFileIO *f = as_file(self);
    QvBufferView view;
    if (check_readable(qi, f) < 0 || qv_io_writable_buffer(qi, args[0], "readinto", &view) < 0) {
        return NULL;
    }
    QvSsize got = qv_fileio_read(qi, f, view.buf, view.len);
    qv_buffer_release(qi, &view);
    return got == QV_IO_BLOCKED ? QV_NONE : got < 0 ? NULL : qv_int_from_i64(qi, got);
}

QV_IO_METHOD(file_write)
{
    (void)nargs;
    QvFileIO *f = as_file(self);
    QvBufferView view;
    if (check_writable(qi, f) < 0 || qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvSsize put = qv_fileio_write(qi, f, view.buf, view.len);
    bool whole = put == view.len;
    qv_buffer_release(qi, &view);
    if (put >= 0 && !whole && qv_poll_here(qi) < 0) { // a signal has cut it short: its handler runs
        return NULL;                                  // before the caller goes on
    }
    return put == QV_IO_BLOCKED ? QV_NONE : put < 0 ? NULL : qv_int_from_i64(qi, put);
}

static int offset_arg(QvInterp *qi, QvObj *o, int64_t *ret)
{
    QvObj *i = qv_index(qi, o);
    int r = i ? qv_int_to_i64(qi, i, ret) : -1;
    qv_xdecref(qi, i);
    return r;
}

QV_IO_METHOD(file_seek)
{
    (void)nargs;
    int64_t offset, whence = 0;
    if (check_open(qi, as_file(self)) < 0 || offset_arg(qi, args[0], &offset) < 0 ||
        (args[1] && offset_arg(qi, args[1], &whence) < 0)) {
        return NULL;
    }
    int64_t at = qv_fileio_seek(qi, as_file(self), offset, (int)whence);
    return at < 0 ? NULL : qv_int_from_i64(qi, at);
}

QV_IO_METHOD(file_tell)
{
    (void)args, (void)nargs;
    if (check_open(qi, as_file(self)) < 0) {
        return NULL;
    }
    int64_t at = qv_fileio_seek(qi, as_file(self), 0, SEEK_CUR);
    return at < 0 ? NULL : qv_int_from_i64(qi, at);
}

QV_IO_METHOD(file_truncate)
{
    (void)nargs;
    QvFileIO *f = as_file(self);
    if (check_writable(qi, f) < 0) {
        return NULL;
    }
    int64_t size;
    if (args[0] && args[0] != QV_NONE) {
        if (offset_arg(qi, args[0], &size) < 0) {
            return NULL;
        }
    } else {
        size = qv_fileio_seek(qi, f, 0, SEEK_CUR);
        if (size < 0) {
            return NULL;
        }
    }
    int fd = f->fd;
    if (may_use(qi, f, QV_CAP_WRITE) < 0) {
        return NULL;
    }
    qv_io_unlock(qi);
    int r = ftruncate(fd, size);
    int err = errno;
    qv_io_lock(qi);
    return r < 0 ? qv_raise_errno(qi, err, NULL, NULL) : qv_int_from_i64(qi, size);
}

static int warn_unclosed(QvInterp *qi, QvFileIO *f, QvObj *source)
{
    if (f->fd < 0 || !f->closefd) {
        return 0;
    }
    // Ignored unless somebody asked for it, by an option or through the module: then the text need
    // not be made.
    const QvHostConfig *host = &qi->config;
    bool loaded = qi->modules && qv_is_dict(qi->modules) &&
                  qv_dict_peek_str(qi->modules, QV_N(warnings));
    bool ends = qi->finalizing && qi->warn_state; // the module is gone, its filters are not
    if (!loaded && !ends && !host->nwarn && !host->dev_mode) {
        return 0;
    }
    QvObj *pending = qv_err_fetch(qi);
    if (qv_warn(qi, &qv_exc_ResourceWarning, 1, "unclosed file %R", source) < 0) {
        if (qv_err_matches(qi, &qv_exc_Warning)) {
            qv_err_unraisable(qi, (QvObj *)f);
        } else {
            qv_err_clear(qi);
        }
    }
    qv_err_restore(qi, pending);
    return 0;
}

QV_IO_METHOD(file_dealloc_warn)
{
    (void)nargs;
    return warn_unclosed(qi, as_file(self), args[0]) < 0 ? NULL : QV_NONE;
}

QV_IO_METHOD(file_close)
{
    (void)args, (void)nargs;
    QvFileIO *f = as_file(self);
    QvObj *failure = NULL;
    // A subclass or the object itself may have a flush of its own.
    if (!qv_is_fileio_exact(self) || f->b.dict) {
        QvObj *r = qv_io_base_close(qi, self, NULL, 0);
        if (!r) {
            failure = qv_err_fetch(qi);
        }
    }
    f->shut = true;
    int status = 0;
    if (!f->closefd) {
        f->fd = -1;
    } else {
        if (f->finalizing) {
            warn_unclosed(qi, f, self);
        }
        status = close_fd(qi, f);
    }
    if (failure) {
        qv_io_chain(qi, failure);
        return NULL;
    }
    return status < 0 ? NULL : QV_NONE;
}

QV_IO_METHOD(file_seekable)
{
    (void)args, (void)nargs;
    QvFileIO *f = as_file(self);
    if (check_open(qi, f) < 0) {
        return NULL;
    }
    if (f->seekable < 0) {
        f->seekable = lseek(f->fd, 0, SEEK_CUR) >= 0;
    }
    return qv_bool(f->seekable);
}
QV_IO_METHOD(file_readable)
{
    (void)args, (void)nargs;
    return check_open(qi, as_file(self)) < 0 ? NULL : qv_bool(as_file(self)->readable);
}
QV_IO_METHOD(file_writable)
{
    (void)args, (void)nargs;
    return check_open(qi, as_file(self)) < 0 ? NULL : qv_bool(as_file(self)->writable);
}
QV_IO_METHOD(file_fileno)
{
    (void)args, (void)nargs;
    return check_open(qi, as_file(self)) < 0 ? NULL : qv_int_from_i64(qi, as_file(self)->fd);
}
QV_IO_METHOD(file_isatty)
{
    (void)args, (void)nargs;
    return check_open(qi, as_file(self)) < 0 ? NULL : qv_bool(qv_fileio_isatty(qi, as_file(self)));
}

// ---- attributes ---------------------------------------------------------------------------------

static const char *mode_text(const QvFileIO *f)
{
    if (f->created) {
        return f->readable ? "xb+" : "xb";
    }
    if (f->appending) {
        return f->readable ? "ab+" : "ab";
    }
    return f->readable ? (f->writable ? "rb+" : "rb") : "wb";
}
static QvObj *get_mode(QvInterp *qi, QvObj *o)
{
    return qv_str_new_cstr(qi, mode_text(as_file(o)));
}
static QvObj *get_closed(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_file(o)->fd < 0);
}
static QvObj *get_closefd(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_file(o)->closefd);
}
static QvObj *get_name(QvInterp *qi, QvObj *o)
{
    return as_file(o)->name ? qv_new_ref(qi, as_file(o)->name) : qv_attr_error(qi, o, QV_N(name));
}
static int set_name(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &as_file(o)->name, qv_xnew_ref(qi, value));
    return 0;
}
static QvObj *get_finalizing(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_file(o)->finalizing);
}
static int set_finalizing(QvInterp *qi, QvObj *o, QvObj *value)
{
    int yes = value ? qv_is_true(qi, value) : 0;
    as_file(o)->finalizing = yes > 0;
    return yes < 0 ? -1 : 0;
}
static QvObj *get_blksize(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_file(o)->blksize);
}
static int set_blksize(QvInterp *qi, QvObj *o, QvObj *value)
{
    int64_t n;
    if (!value || qv_int_to_i64(qi, value, &n) < 0) {
        return -1;
    }
    as_file(o)->blksize = (uint32_t)n;
    return 0;
}

static QvObj *file_repr(QvInterp *qi, QvObj *o)
{
    QvFileIO *f = as_file(o);
    if (f->fd < 0) {
        return qv_str_new_cstr(qi, "<_io.FileIO [closed]>");
    }
    const char *closefd = f->closefd ? "True" : "False";
    if (!f->name) {
        return qv_str_format(qi, "<_io.FileIO fd=%d mode='%s' closefd=%s>", f->fd, mode_text(f),
                             closefd);
    }
    int status = qv_repr_enter(qi, o);
    if (status != 0) {
        return status < 0
                   ? NULL
                   : qv_raise(qi, &qv_exc_RuntimeError, "reentrant call inside %T.__repr__", o);
    }
    QvObj *r = qv_str_format(qi, "<_io.FileIO name=%R mode='%s' closefd=%s>", f->name, mode_text(f),
                             closefd);
    qv_repr_leave(qi, o);
    return r;
}

static void file_fini(QvInterp *qi, QvObj *o)
{
    QvFileIO *f = as_file(o);
    qv_clear(qi, &f->name);
    qv_clear(qi, &f->b.dict);
}

static int file_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_file(o)->name);
    return qv_io_traverse(o, visit, ctx);
}

static const QvNativeDef file_methods[] = {
    {"read", file_read, "($self, size=-1, /)", "Read at most size bytes, returned as bytes."},
    {"readall", file_readall, "($self, /)", "Read all data from the file, returned as bytes."},
    {"readinto", file_readinto, "($self, buffer, /)", "Same as RawIOBase.readinto()."},
    {"write", file_write, "($self, b, /)",
     "Write buffer b to file, return number of bytes written."},
    {"seek", file_seek, "($self, pos, whence=0, /)",
     "Move to new file position and return the file position."},
    {"tell", file_tell, "($self, /)", "Current file position."},
    {"truncate", file_truncate, "($self, size=None, /)",
     "Truncate the file to at most size bytes and return the truncated size."},
    {"close", file_close, "($self, /)", "Close the file."},
    {"seekable", file_seekable, "($self, /)", "True if file supports random-access."},
    {"readable", file_readable, "($self, /)", "True if file was opened in a read mode."},
    {"writable", file_writable, "($self, /)", "True if file was opened in a write mode."},
    {"fileno", file_fileno, "($self, /)", "Return the underlying file descriptor (an integer)."},
    {"isatty", file_isatty, "($self, /)", "True if the file is connected to a TTY device."},
    {"_dealloc_warn", file_dealloc_warn, "($self, source, /)", NULL},
    {"__getstate__", qv_io_no_pickle, "($self, /)", NULL},
    {0},
};

static const QvGetSet file_getsets[] = {
    {"closed", get_closed, NULL, "True if the file is closed"},
    {"closefd", get_closefd, NULL, "True if the file descriptor will be closed by close()."},
    {"mode", get_mode, NULL, "String giving the file mode"},
    {"name", get_name, set_name, NULL},
    {"_finalizing", get_finalizing, set_finalizing, NULL},
    {"_blksize", get_blksize, set_blksize, NULL},
    {0},
};

QV_SEALED QvType qv_io_fileio_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io.FileIO",
    .id = QV_TID_io_fileio,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_io_rawiobase_type,
    .size = sizeof(QvFileIO),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "FileIO(file, mode='r', closefd=True, opener=None)\n--\n\nOpen a file.\n\nThe mode can "
           "be 'r' (default), 'w', 'x' or 'a' for reading, writing,\n"
           "exclusive creation or appending.",
    .methods = file_methods,
    .getsets = file_getsets,
    .new_ = file_new,
    .init = file_init,
    .fini = file_fini,
    .clear = file_fini,
    .traverse = file_traverse,
    .repr = file_repr,
};
