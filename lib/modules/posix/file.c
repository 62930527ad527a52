// SPDX-License-Identifier: MIT
// posix: functions on open files.
#include <fcntl.h>
#include <limits.h>
#include <pty.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/structseq.h"
#include "object/tuple.h"

#define MOST_BUFFERS  1024  // of readv and writev
#define SENDFILE_MOST 32768 // bytes sent at once to a socket that blocks

static QvObj *int_or_error(QvInterp *qi, int64_t r)
{
    return r < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, r);
}
static QvObj *none_or_error(QvInterp *qi, int r) { return r < 0 ? qv_posix_error(qi) : QV_NONE; }

static int offset(QvInterp *qi, QvObj *o, int64_t *ret)
{
    QvObj *i = qv_index(qi, o);
    int r = i ? qv_int_to_i64(qi, i, ret) : -1;
    qv_xdecref(qi, i);
    return r;
}

POSIX_FN(posix_open)
{
    (void)m, (void)n;
    int flags, mode = 0777, dir, fd = -1;
    QvPath p;
    if (qv_posix_int(qi, a[1], &flags) < 0 || (a[2] && qv_posix_int(qi, a[2], &mode) < 0) ||
        qv_posix_dir_fd(qi, a[3], &dir) < 0 || qv_path_get(qi, a[0], "open", "path", 0, &p) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "open", "OOi", a[0], NULL, flags | O_CLOEXEC) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    do {
        fd = qv_cap_open(qi, dir, p.u.s, flags | O_CLOEXEC, (unsigned)mode, "os.open");
    } while (fd == -1 && errno == EINTR && (qv_poll_peek(qi) == 0 || qv_poll(qi) == 0));
    QvObj *r = fd < 0 ? qv_path_raise(qi, &p) : qv_int_from_i64(qi, fd);
    qv_path_release(qi, &p);
    return r;
}

// The descriptor is the interpreter's own (object/blocking.h): for scripts it is not there.
static bool is_bell(QvInterp *qi, int fd)
{
    return qi->hooks.is_bell && qi->hooks.is_bell(qi, fd, false);
}

POSIX_FN(posix_close)
{
    (void)m, (void)n;
    int fd, r;
    if (qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    if (is_bell(qi, fd)) {
        errno = EBADF;
        return qv_posix_error(qi);
    }
    qv_cap_fd_disown(qi, fd);
    qv_posix_unlock(qi);
    r = close(fd); // not again after a signal: it is closed then
    qv_posix_lock(qi);
    return r < 0 && errno != EINTR ? qv_posix_error(qi) : QV_NONE;
}

POSIX_FN(posix_closerange)
{
    (void)m, (void)n;
    int low, high;
    if (qv_posix_int(qi, a[0], &low) < 0 || qv_posix_int(qi, a[1], &high) < 0) {
        return NULL;
    }
    if (qv_cap_denied(qi, QV_CAP_WRITE)) { // its own ones; errors are ignored here anyway
        for (int fd = low < 0 ? 0 : low; fd < high && (size_t)fd / 64 < qi->caps->nfds; fd++) {
            if (qv_cap_fd_is_own(qi, fd)) {
                qv_cap_fd_disown(qi, fd);
                close(fd);
            }
        }
        return QV_NONE;
    }
    qv_posix_unlock(qi);
    for (int fd = low; fd < high; fd++) {
        if (!is_bell(qi, fd)) {
            close(fd);
        }
    }
    qv_posix_lock(qi);
    return QV_NONE;
}

#define MOST ((QvSsize)4 << 20) // bytes of a file that are read or written between two polls

// pread to `to`, or pwrite from `from`, in parts. -1 with errno, or with EINTR and an exception.
static ssize_t transfer_at(QvInterp *qi, int fd, void *to, const void *from, QvSsize n, int64_t at)
{
    ssize_t done = 0, got;
    do {
        size_t more = (size_t)(n - done < MOST ? n - done : MOST);
        QV_POSIX_CALL(got, to ? pread(fd, (char *)to + done, more, at + done)
                              : pwrite(fd, (const char *)from + done, more, at + done));
        if (got <= 0) {
            return done ? done : got;
        }
        done += got;
        if (done < n && qv_poll_peek(qi) != 0 && qv_poll(qi) < 0) {
            errno = EINTR;
            return -1;
        }
        if ((size_t)got < more) {
            break;
        }
    } while (done < n);
    return done;
}

static QvObj *read_at(QvInterp *qi, QvObj *fd_arg, QvObj *size_arg, QvObj *offset_arg)
{
    int fd;
    QvSsize size;
    int64_t at = 0;
    if (qv_posix_int(qi, fd_arg, &fd) < 0 ||
        qv_index_ssize(qi, size_arg, &size, &qv_exc_OverflowError) < 0 ||
        (offset_arg && offset(qi, offset_arg, &at) < 0)) {
        return NULL;
    }
    if (size < 0) {
        errno = EINVAL;
        return qv_posix_error(qi);
    }
    QvObj *data = qv_bytes_new(qi, NULL, size);
    ssize_t got;
    if (!data) {
        return NULL;
    }
    if (offset_arg) {
        got = transfer_at(qi, fd, qv_bytes_data(data), NULL, size, at);
    } else {
        got = qv_fd_read(qi, fd, qv_bytes_data(data), (size_t)size, false);
    }
    if (got < 0) {
        int err = errno;
        qv_decref(qi, data);
        errno = err;
        return qv_posix_error(qi);
    }
    return got == size || qv_bytes_resize(qi, &data, got) == 0 ? data : NULL;
}

static QvObj *write_at(QvInterp *qi, QvObj *fd_arg, QvObj *data, QvObj *offset_arg)
{
    int fd;
    int64_t at = 0;
    QvBufferView view;
    if (qv_posix_int(qi, fd_arg, &fd) < 0 || (offset_arg && offset(qi, offset_arg, &at) < 0) ||
        qv_buffer_get(qi, data, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    ssize_t put;
    if (offset_arg) {
        put = transfer_at(qi, fd, NULL, view.buf, view.len, at);
    } else {
        put = qv_fd_write(qi, fd, view.buf, (size_t)view.len, false);
    }
    int err = errno;
    bool cut = put >= 0 && put < view.len;
    qv_buffer_release(qi, &view);
    errno = err;
    if (cut && qv_poll_here(qi) < 0) { // a signal's handler runs before the caller goes on
        return NULL;
    }
    return int_or_error(qi, put);
}

POSIX_FN(posix_read)
{
    (void)m, (void)n;
    return read_at(qi, a[0], a[1], NULL);
}
POSIX_FN(posix_pread)
{
    (void)m, (void)n;
    return read_at(qi, a[0], a[1], a[2]);
}
POSIX_FN(posix_write)
{
    (void)m, (void)n;
    return write_at(qi, a[0], a[1], NULL);
}
POSIX_FN(posix_pwrite)
{
    (void)m, (void)n;
    return write_at(qi, a[0], a[1], a[2]);
}

// at: where in the file, or NULL: where the descriptor stands; flags RWF_*.
static QvObj *vector_io(QvInterp *qi, QvObj *fd_arg, QvObj *buffers, bool writing, QvObj *at,
                        QvObj *flags_arg)
{
    int fd, flags = 0;
    int64_t place = 0;
    if (qv_posix_int(qi, fd_arg, &fd) < 0 || (at && offset(qi, at, &place) < 0) ||
        (flags_arg && qv_posix_int(qi, flags_arg, &flags) < 0)) {
        return NULL;
    }
    if (!qv_is_sequence(buffers)) {
        return qv_raise(qi, &qv_exc_TypeError, "%s() arg 2 must be a sequence",
                        at ? (writing ? "pwritev" : "preadv") : (writing ? "writev" : "readv"));
    }
    QvObj *items = qv_to_tuple(qi, buffers);
    QvSsize count = items ? qv_tuple_len(items) : 0;
    if (!items || count > MOST_BUFFERS) {
        qv_xdecref(qi, items);
        errno = EINVAL;
        return qv_posix_error(qi);
    }
    size_t bytes = (size_t)(count ? count : 1) * (sizeof(struct iovec) + sizeof(QvBufferView));
    QvBufferView *views = qv_alloc(qi, bytes);
    QvObj *result = NULL;
    QvSsize have = 0;
    if (views) {
        struct iovec *iov = (struct iovec *)(void *)(views + (count ? count : 1));
        while (have < count && qv_buffer_get(qi, qv_tuple_peek(items, have), &views[have],
                                             writing ? QV_BUF_SIMPLE : QV_BUF_WRITABLE) == 0) {
            iov[have] =
                (struct iovec){.iov_base = views[have].buf, .iov_len = (size_t)views[have].len};
            have++;
        }
        if (have == count) {
            ssize_t r;
            if (at) {
                QV_POSIX_CALL(r, writing ? pwritev2(fd, iov, (int)count, place, flags)
                                         : preadv2(fd, iov, (int)count, place, flags));
            } else {
                r = writing ? qv_fd_writev(qi, fd, iov, (int)count, false)
                            : qv_fd_readv(qi, fd, iov, (int)count, false);
            }
            result = int_or_error(qi, r);
        }
        while (have > 0) {
            qv_buffer_release(qi, &views[--have]);
        }
        qv_free(qi, views, bytes);
    }
    qv_decref(qi, items);
    return result;
}
POSIX_FN(posix_readv)
{
    (void)m, (void)n;
    return vector_io(qi, a[0], a[1], false, NULL, NULL);
}
POSIX_FN(posix_writev)
{
    (void)m, (void)n;
    return vector_io(qi, a[0], a[1], true, NULL, NULL);
}

POSIX_FN(posix_preadv)
{
    (void)m, (void)n;
    return vector_io(qi, a[0], a[1], false, a[2], a[3]);
}
POSIX_FN(posix_pwritev)
{
    (void)m, (void)n;
    return vector_io(qi, a[0], a[1], true, a[2], a[3]);
}

POSIX_FN(posix_lseek)
{
    (void)m, (void)n;
    int fd, whence;
    int64_t at, r;
    if (qv_posix_int(qi, a[0], &fd) < 0 || offset(qi, a[1], &at) < 0 ||
        qv_posix_int(qi, a[2], &whence) < 0) {
        return NULL;
    }
    qv_posix_unlock(qi);
    r = lseek(fd, at, whence);
    qv_posix_lock(qi);
    return int_or_error(qi, r);
}

POSIX_FN(posix_dup)
{
    (void)m, (void)n;
    int fd;
    return qv_posix_int(qi, a[0], &fd) < 0 ? NULL : int_or_error(qi, fcntl(fd, F_DUPFD_CLOEXEC, 0));
}

POSIX_FN(posix_dup2)
{
    (void)m, (void)n;
    int fd, to, r;
    bool inheritable;
    if (qv_posix_int(qi, a[0], &fd) < 0 || qv_posix_int(qi, a[1], &to) < 0 ||
        qv_posix_flag(qi, a[2], true, &inheritable) < 0) {
        return NULL;
    }
    if (qi->hooks.is_bell) {
        qi->hooks.is_bell(qi, to, true);
    }
    QV_POSIX_CALL(r, inheritable || fd == to ? dup2(fd, to) : dup3(fd, to, O_CLOEXEC));
    return int_or_error(qi, r);
}

static QvObj *pair(QvInterp *qi, int x, int y)
{
    QvObj *both[2] = {qv_int_from_i64(qi, x), qv_int_from_i64(qi, y)};
    if (!both[0] || !both[1]) {
        qv_xdecref(qi, both[0]);
        qv_xdecref(qi, both[1]);
        return NULL;
    }
    return qv_tuple_from_array_take(qi, both, 2);
}

POSIX_FN(posix_pipe)
{
    (void)m, (void)a, (void)n;
    int fds[2];
    return pipe2(fds, O_CLOEXEC) < 0 ? qv_posix_error(qi) : pair(qi, fds[0], fds[1]);
}
POSIX_FN(posix_pipe2)
{
    (void)m, (void)n;
    int fds[2], flags;
    if (qv_posix_int(qi, a[0], &flags) < 0) {
        return NULL;
    }
    return pipe2(fds, flags) < 0 ? qv_posix_error(qi) : pair(qi, fds[0], fds[1]);
}
POSIX_FN(posix_openpty)
{
    (void)m, (void)a, (void)n;
    int master, slave;
    if (openpty(&master, &slave, NULL, NULL, NULL) < 0) {
        return qv_posix_error(qi);
    }
    fcntl(master, F_SETFD, FD_CLOEXEC);
    fcntl(slave, F_SETFD, FD_CLOEXEC);
    return pair(qi, master, slave);
}

POSIX_FN(posix_isatty)
{
    (void)m, (void)n;
    int fd;
    return qv_posix_int(qi, a[0], &fd) < 0 ? NULL : qv_bool(isatty(fd));
}
POSIX_FN(posix_ttyname)
{
    (void)m, (void)n;
    int fd;
    char name[256];
    if (qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    int err = ttyname_r(fd, name, sizeof name);
    return err ? qv_raise_errno(qi, err, NULL, NULL) : qv_str_fsdecode(qi, name);
}

POSIX_FN(posix_ftruncate)
{
    (void)m, (void)n;
    int fd, r;
    int64_t size;
    if (qv_posix_int(qi, a[0], &fd) < 0 || offset(qi, a[1], &size) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.truncate", "iL", fd, size) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, ftruncate(fd, size));
    return none_or_error(qi, r);
}
POSIX_FN(posix_fsync)
{
    (void)m, (void)n;
    int fd, r;
    if (qv_posix_fd(qi, a[0], &fd) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, fsync(fd));
    return none_or_error(qi, r);
}
POSIX_FN(posix_fdatasync)
{
    (void)m, (void)n;
    int fd, r;
    if (qv_posix_fd(qi, a[0], &fd) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, fdatasync(fd));
    return none_or_error(qi, r);
}

POSIX_FN(posix_get_inheritable)
{
    (void)m, (void)n;
    int fd;
    if (qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? qv_posix_error(qi) : qv_bool(!(flags & FD_CLOEXEC));
}
POSIX_FN(posix_set_inheritable)
{
    (void)m, (void)n;
    int fd;
    bool yes;
    if (qv_posix_int(qi, a[0], &fd) < 0 || qv_posix_flag(qi, a[1], false, &yes) < 0) {
        return NULL;
    }
    int flags = fcntl(fd, F_GETFD);
    return none_or_error(
        qi, flags < 0 ? -1 : fcntl(fd, F_SETFD, yes ? flags & ~FD_CLOEXEC : flags | FD_CLOEXEC));
}
POSIX_FN(posix_get_blocking)
{
    (void)m, (void)n;
    int fd;
    if (qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    int flags = fcntl(fd, F_GETFL);
    return flags < 0 ? qv_posix_error(qi) : qv_bool(!(flags & O_NONBLOCK));
}
POSIX_FN(posix_set_blocking)
{
    (void)m, (void)n;
    int fd;
    bool yes;
    if (qv_posix_int(qi, a[0], &fd) < 0 || qv_posix_flag(qi, a[1], false, &yes) < 0) {
        return NULL;
    }
    int flags = fcntl(fd, F_GETFL);
    return none_or_error(
        qi, flags < 0 ? -1 : fcntl(fd, F_SETFL, yes ? flags & ~O_NONBLOCK : flags | O_NONBLOCK));
}

// Bytes that the system copies in one call, so that a script that copies much can be stopped: it
// has to expect fewer than it asked for.
#define COPY_MOST ((QvSsize)16 << 20)

POSIX_FN(posix_sendfile)
{
    (void)m, (void)n;
    int out, in;
    int64_t at = 0;
    QvSsize count;
    if (qv_posix_int(qi, a[0], &out) < 0 || qv_posix_int(qi, a[1], &in) < 0 ||
        (a[2] != QV_NONE && offset(qi, a[2], &at) < 0) ||
        qv_index_ssize(qi, a[3], &count, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    off_t off = at;
    ssize_t r;
    struct stat st;
    count = count > COPY_MOST ? COPY_MOST : count;
    // What has room for a little takes a little without waiting.
    if (fstat(out, &st) == 0 && !S_ISREG(st.st_mode) && !qv_fd_is_nonblocking(out)) {
        QvSsize most = S_ISSOCK(st.st_mode) ? SENDFILE_MOST : PIPE_BUF;
        count = count < 0 || count > most ? most : count;
        if (qv_block_fd(qi, out, POLLOUT, QV_NEVER) < 0) {
            return NULL;
        }
    }
    QV_POSIX_CALL(r, sendfile(out, in, a[2] == QV_NONE ? NULL : &off, (size_t)count));
    return int_or_error(qi, r);
}

POSIX_FN(posix_copy_file_range)
{
    (void)m, (void)n;
    int from, to;
    int64_t places[2] = {0, 0};
    QvSsize count;
    if (qv_posix_int(qi, a[0], &from) < 0 || qv_posix_int(qi, a[1], &to) < 0 ||
        qv_index_ssize(qi, a[2], &count, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    for (int k = 0; k < 2; k++) {
        if (a[3 + k] && a[3 + k] != QV_NONE && offset(qi, a[3 + k], &places[k]) < 0) {
            return NULL;
        }
    }
    if (count < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "negative value for 'count' not allowed");
    }
    count = count > COPY_MOST ? COPY_MOST : count;
    off_t src = places[0], dst = places[1];
    bool has_src = a[3] && a[3] != QV_NONE, has_dst = a[4] && a[4] != QV_NONE;
    ssize_t r;
    QV_POSIX_CALL(r, copy_file_range(from, has_src ? &src : NULL, to, has_dst ? &dst : NULL,
                                     (size_t)count, 0));
    return int_or_error(qi, r);
}

POSIX_FN(posix_lockf)
{
    (void)m, (void)n;
    int fd, command, r;
    int64_t size;
    if (qv_posix_int(qi, a[0], &fd) < 0 || qv_posix_int(qi, a[1], &command) < 0 ||
        offset(qi, a[2], &size) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.lockf", "iiL", fd, command, size) < 0) {
        return NULL;
    }
    if (command == F_LOCK) { // what lockf() makes of it
        struct flock l = {.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_len = size};
        r = qv_posix_lock_file(qi, fd, F_SETLKW, &l);
    } else {
        QV_POSIX_CALL(r, lockf(fd, command, size));
    }
    return none_or_error(qi, r);
}

POSIX_FN(posix_posix_fallocate)
{
    (void)m, (void)n;
    int fd, err;
    int64_t from, size;
    if (qv_posix_int(qi, a[0], &fd) < 0 || offset(qi, a[1], &from) < 0 ||
        offset(qi, a[2], &size) < 0) {
        return NULL;
    }
    qv_posix_unlock(qi);
    err = posix_fallocate(fd, from, size);
    qv_posix_lock(qi);
    return err ? qv_raise_errno(qi, err, NULL, NULL) : QV_NONE;
}
POSIX_FN(posix_posix_fadvise)
{
    (void)m, (void)n;
    int fd, advice, err;
    int64_t from, size;
    if (qv_posix_int(qi, a[0], &fd) < 0 || offset(qi, a[1], &from) < 0 ||
        offset(qi, a[2], &size) < 0 || qv_posix_int(qi, a[3], &advice) < 0) {
        return NULL;
    }
    err = posix_fadvise(fd, from, size, advice);
    return err ? qv_raise_errno(qi, err, NULL, NULL) : QV_NONE;
}

POSIX_FN(posix_get_terminal_size)
{
    (void)n;
    int fd = STDOUT_FILENO;
    struct winsize w;
    if (a[0] && qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    if (ioctl(fd, TIOCGWINSZ, &w) < 0) {
        return qv_posix_error(qi);
    }
    QvObj *const values[2] = {qv_int_from_i64(qi, w.ws_col), qv_int_from_i64(qi, w.ws_row)};
    return qv_structseq_new(qi, qv_posix_state(m)->terminal_size, values);
}

POSIX_FN(posix_device_encoding)
{
    (void)m, (void)n;
    int fd;
    if (qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    return isatty(fd) ? QV_N(utf8) : QV_NONE;
}

POSIX_FN(posix_eventfd)
{
    (void)m, (void)n;
    int64_t initial;
    int flags = EFD_CLOEXEC;
    if (offset(qi, a[0], &initial) < 0 || (a[1] && qv_posix_int(qi, a[1], &flags) < 0)) {
        return NULL;
    }
    return int_or_error(qi, eventfd((unsigned)initial, flags));
}
POSIX_FN(posix_eventfd_read)
{
    (void)m, (void)n;
    int fd;
    eventfd_t v;
    if (qv_posix_fd(qi, a[0], &fd) < 0) {
        return NULL;
    }
    ssize_t r = qv_fd_read(qi, fd, &v, sizeof v, false);
    return r < 0 ? qv_posix_error(qi) : qv_int_from_u64(qi, v);
}
POSIX_FN(posix_eventfd_write)
{
    (void)m, (void)n;
    int fd;
    uint64_t v;
    if (qv_posix_fd(qi, a[0], &fd) < 0 || qv_int_to_u64(qi, a[1], &v) < 0) {
        return NULL;
    }
    return none_or_error(qi, qv_fd_write(qi, fd, &v, sizeof v, false) < 0 ? -1 : 0);
}

POSIX_FN(posix_memfd_create)
{
    (void)m, (void)n;
    int flags = MFD_CLOEXEC;
    QvPath p;
    if ((a[1] && qv_posix_int(qi, a[1], &flags) < 0) ||
        qv_path_get(qi, a[0], "memfd_create", "name", 0, &p) < 0) {
        return NULL;
    }
    int fd = memfd_create(p.u.s, (unsigned)flags);
    QvObj *r = int_or_error(qi, fd);
    qv_path_release(qi, &p);
    return r;
}

POSIX_FN(posix_splice)
{
    (void)m, (void)n;
    int src, dst, flags = 0;
    QvSsize count;
    int64_t from = 0, to = 0;
    bool has_from = a[3] && a[3] != QV_NONE, has_to = a[4] && a[4] != QV_NONE;
    if (qv_posix_int(qi, a[0], &src) < 0 || qv_posix_int(qi, a[1], &dst) < 0 ||
        qv_index_ssize(qi, a[2], &count, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (count < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "negative value for 'count' not allowed");
    }
    if ((has_from && offset(qi, a[3], &from) < 0) || (has_to && offset(qi, a[4], &to) < 0) ||
        (a[5] && qv_posix_int(qi, a[5], &flags) < 0)) {
        return NULL;
    }
    ssize_t moved;
    // Pipes that block and have nothing, or no room: waits for whichever it is, then tries again.
    bool waits = !(flags & SPLICE_F_NONBLOCK);
    for (;;) {
        QV_POSIX_CALL(moved, splice(src, has_from ? &from : NULL, dst, has_to ? &to : NULL,
                                    (size_t)count, (unsigned)flags | SPLICE_F_NONBLOCK));
        if (moved >= 0 || errno != EAGAIN || !waits || qv_fd_is_nonblocking(src) ||
            qv_fd_is_nonblocking(dst)) {
            return int_or_error(qi, moved);
        }
        if (qv_block_fd(qi, src, POLLIN, QV_NEVER) < 0 ||
            qv_block_fd(qi, dst, POLLOUT, QV_NEVER) < 0) {
            return NULL;
        }
    }
}
