// SPDX-License-Identifier: MIT
// The module fcntl: control of open files.
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/blocking.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/protocol.h"

#define BUFFER_MOST 1024 // bytes of an argument, as in CPython

static int descriptor(QvInterp *qi, QvObj *o, int *ret)
{
    if (qv_posix_fd(qi, o, ret) < 0) {
        return -1;
    }
    return *ret < 0 ? qv_raise_int(qi, &qv_exc_ValueError,
                                   "file descriptor cannot be a negative integer (%d)", *ret)
                    : 0;
}

// An unsigned or signed int, which the C functions take bit by bit.
static int bits(QvInterp *qi, QvObj *o, unsigned long *ret)
{
    QvObj *i = qv_index(qi, o);
    int64_t v = 0;
    uint64_t u = 0;
    int status = -1;
    if (i && qv_int_as_i64(i, &v)) {
        *ret = (unsigned long)v;
        status = 0;
    } else if (i && qv_int_to_u64(qi, i, &u) == 0) {
        *ret = (unsigned long)u;
        status = 0;
    }
    qv_xdecref(qi, i);
    return status;
}

static QvObj *fcntl_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int fd, cmd, r;
    unsigned long arg = 0;
    if (descriptor(qi, a[0], &fd) < 0 || qv_index_int(qi, a[1], &cmd) < 0) {
        return NULL;
    }
    // Other commands take an address, or name a process that shall get signals.
    static const int plain[] = {F_DUPFD, F_DUPFD_CLOEXEC, F_GETFD,      F_SETFD,     F_GETFL,
                                F_SETFL, F_GETPIPE_SZ,    F_SETPIPE_SZ, F_GET_SEALS, F_ADD_SEALS};
    bool known = !qv_cap_denied(qi, QV_CAP_NATIVE);
    for (size_t k = 0; k < sizeof plain / sizeof *plain; k++) {
        known |= cmd == plain[k];
    }
    if (qv_cap_fd(qi, fd, QV_CAP_READ | QV_CAP_WRITE, "fcntl.fcntl") < 0 ||
        (!known && qv_cap_check(qi, QV_CAP_NATIVE, "fcntl.fcntl with this command") < 0)) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "fcntl.fcntl", "iiO", fd, cmd, a[2]) < 0) {
        return NULL;
    }
    if (a[2] && (qv_is_str(a[2]) || qv_has_buffer(a[2]))) {
        char buf[BUFFER_MOST + 1];
        QvBufferView view;
        QvUtf8 u = {0};
        bool is_text = qv_is_str(a[2]);
        if (is_text ? qv_str_utf8(qi, a[2], &u) < 0
                    : qv_buffer_get(qi, a[2], &view, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        QvSsize size = is_text ? u.n : view.len;
        if (size <= BUFFER_MOST) {
            memcpy(buf, is_text ? u.s : view.buf, (size_t)size);
            buf[size] = 0;
        }
        if (is_text) {
            qv_utf8_release(qi, &u);
        } else {
            qv_buffer_release(qi, &view);
        }
        if (size > BUFFER_MOST) {
            return qv_raise(qi, &qv_exc_ValueError, "fcntl string arg too long");
        }
        bool waits = (cmd == F_SETLKW || cmd == F_OFD_SETLKW) &&
                     size >= (QvSsize)sizeof(struct flock);
        if (waits) {
            struct flock l;
            memcpy(&l, buf, sizeof l);
            r = qv_posix_lock_file(qi, fd, cmd, &l);
        } else {
            QV_POSIX_CALL(r, fcntl(fd, cmd, buf));
        }
        return r < 0 ? qv_posix_error(qi) : qv_bytes_new(qi, buf, size);
    }
    if (a[2] && bits(qi, a[2], &arg) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, fcntl(fd, cmd, (int)arg));
    return r < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, r);
}

typedef struct IoctlCall {
    QvErrand e; // first
    int fd;
    unsigned long request, arg;
    int result, err;
} IoctlCall;

static void run_ioctl(QvErrand *e)
{
    IoctlCall *c = (IoctlCall *)e;
    pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL); // it is no cancellation point
    c->result = ioctl(c->fd, c->request, c->arg);
    pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
    c->err = errno;
}
static void drop_ioctl(QvErrand *e) { (void)e; }

// A request may wait, as far as nobody knows better: terminals (type 'T') do where they are
// drained, sockets (type 0x89) do not.
static bool may_wait(unsigned long request)
{
    switch (request) {
    case TCSBRK:
    case TCSBRKP:
    case TCSETAW:
    case TCSETAF:
    case TCSETSW:
    case TCSETSF: return true;
    default: {
        unsigned type = _IOC_TYPE(request);
        return type != 'T' && type != 0x89;
    }
    }
}

// -1 with errno, or with EINTR and an exception.
static int control(QvInterp *qi, int fd, unsigned long request, unsigned long arg)
{
    if (!may_wait(request)) {
        int r;
        QV_POSIX_CALL(r, ioctl(fd, request, arg));
        return r;
    }
    // It is joined in any case, so what arg points to stays.
    IoctlCall c = {.e = {.run = run_ioctl, .drop = drop_ioctl, .hears = true},
                   .fd = fd,
                   .request = request,
                   .arg = arg};
    int status = qv_errand(qi, &c.e);
    errno = status < 0 ? EINTR : c.err;
    return status < 0 ? -1 : c.result;
}

// With bytes, or a writable buffer that is to be left alone (mutate_flag false): a changed copy.
static QvObj *ioctl_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    int fd, r;
    unsigned long request = 0, arg = 0;
    int mutate = a[3] ? qv_is_true(qi, a[3]) : 1;
    bool is_text = a[2] && qv_is_str(a[2]);
    if (mutate < 0 || descriptor(qi, a[0], &fd) < 0 || bits(qi, a[1], &request) < 0) {
        return NULL;
    }
    if (!is_text && qv_audit_on(qi) &&
        qv_audit(qi, "fcntl.ioctl", "iLO", fd, (int64_t)request, a[2]) < 0) {
        return NULL;
    }
    if (is_text) { // as the bytes of its UTF-8, which the call gets a copy of
        QvObj *bytes = qv_str_encode(qi, a[2], "utf-8", NULL);
        QvObj *with[4] = {a[0], a[1], bytes, a[3]};
        QvObj *ret = bytes ? ioctl_fn(qi, m, with, n) : NULL;
        qv_xdecref(qi, bytes);
        return ret;
    }
    if (!a[2] || !qv_has_buffer(a[2])) {
        if (a[2] && bits(qi, a[2], &arg) < 0) {
            return NULL;
        }
        r = control(qi, fd, request, arg);
        return r < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, r);
    }
    QvBufferView view;
    if (qv_buffer_get(qi, a[2], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    char buf[BUFFER_MOST + 1];
    bool in_place = mutate && !view.readonly, small = view.len <= BUFFER_MOST;
    if (!in_place && !small) {
        qv_buffer_release(qi, &view);
        return qv_raise(qi, &qv_exc_ValueError, "ioctl string arg too long");
    }
    if (small) { // what the call may write beyond a short buffer lands here
        memset(buf, 0, sizeof buf);
        memcpy(buf, view.buf, (size_t)view.len);
    }
    r = control(qi, fd, request, (unsigned long)(small ? buf : (char *)view.buf));
    if (r >= 0 && in_place && small) {
        memcpy(view.buf, buf, (size_t)view.len);
    }
    QvSsize size = view.len;
    qv_buffer_release(qi, &view);
    return r < 0      ? qv_posix_error(qi)
           : in_place ? qv_int_from_i64(qi, r)
                      : qv_bytes_new(qi, buf, size);
}

static QvObj *flock_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int fd, operation, r;
    if (descriptor(qi, a[0], &fd) < 0 || qv_index_int(qi, a[1], &operation) < 0 ||
        (qv_audit_on(qi) && qv_audit(qi, "fcntl.flock", "ii", fd, operation) < 0)) {
        return NULL;
    }
    r = qv_posix_flock(qi, fd, operation);
    return r < 0 ? qv_posix_error(qi) : QV_NONE;
}

static QvObj *lockf_fn(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int fd, operation, whence = 0, r;
    int64_t length = 0, start = 0;
    if (descriptor(qi, a[0], &fd) < 0 || qv_index_int(qi, a[1], &operation) < 0 ||
        (a[2] && qv_int_to_i64(qi, a[2], &length) < 0) ||
        (a[3] && qv_int_to_i64(qi, a[3], &start) < 0) ||
        (a[4] && qv_index_int(qi, a[4], &whence) < 0) ||
        (qv_audit_on(qi) &&
         qv_audit(qi, "fcntl.lockf", "iiLLi", fd, operation, length, start, whence) < 0)) {
        return NULL;
    }
    struct flock l = {.l_whence = (short)whence, .l_start = start, .l_len = length};
    if (operation == LOCK_UN) {
        l.l_type = F_UNLCK;
    } else if (operation & LOCK_SH) {
        l.l_type = F_RDLCK;
    } else if (operation & LOCK_EX) {
        l.l_type = F_WRLCK;
    } else {
        return qv_raise(qi, &qv_exc_ValueError, "unrecognized lockf argument");
    }
    r = qv_posix_lock_file(qi, fd, operation & LOCK_NB ? F_SETLK : F_SETLKW, &l);
    return r < 0 ? qv_posix_error(qi) : QV_NONE;
}

static const QvNativeDef functions[] = {
    {"fcntl", fcntl_fn, "($module, fd, cmd, arg=0, /)",
     "Perform the operation `cmd` on file descriptor fd."},
    {"flock", flock_fn, "($module, fd, operation, /)",
     "Perform the lock operation `operation` on file descriptor `fd`."},
    {"ioctl", ioctl_fn, "($module, fd, request, arg=0, mutate_flag=True, /)",
     "Perform the operation `request` on file descriptor `fd`."},
    {"lockf", lockf_fn, "($module, fd, cmd, len=0, start=0, whence=0, /)",
     "A wrapper around the fcntl() locking calls."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
#define C(name)     \
    {               \
#name, name \
    }
    static const struct {
        const char *name;
        int64_t value;
    } constants[] = {
        C(DN_ACCESS),    C(DN_ATTRIB),       C(DN_CREATE),   C(DN_DELETE),   C(DN_MODIFY),
        C(DN_MULTISHOT), C(DN_RENAME),       C(FASYNC),      C(FD_CLOEXEC),  C(F_ADD_SEALS),
        C(F_DUPFD),      C(F_DUPFD_CLOEXEC), C(F_EXLCK),     C(F_GETFD),     C(F_GETFL),
        C(F_GETLEASE),   C(F_GETLK),         C(F_GETLK64),   C(F_GETOWN),    C(F_GETPIPE_SZ),
        C(F_GETSIG),     C(F_GET_SEALS),     C(F_NOTIFY),    C(F_OFD_GETLK), C(F_OFD_SETLK),
        C(F_OFD_SETLKW), C(F_RDLCK),         C(F_SEAL_GROW), C(F_SEAL_SEAL), C(F_SEAL_SHRINK),
        C(F_SEAL_WRITE), C(F_SETFD),         C(F_SETFL),     C(F_SETLEASE),  C(F_SETLK),
        C(F_SETLK64),    C(F_SETLKW),        C(F_SETLKW64),  C(F_SETOWN),    C(F_SETPIPE_SZ),
        C(F_SETSIG),     C(F_SHLCK),         C(F_UNLCK),     C(F_WRLCK),     C(LOCK_EX),
        C(LOCK_MAND),    C(LOCK_NB),         C(LOCK_READ),   C(LOCK_RW),     C(LOCK_SH),
        C(LOCK_UN),      C(LOCK_WRITE),
    };
#undef C
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        if (qv_module_add_int(qi, m, constants[k].name, constants[k].value) < 0) {
            return -1;
        }
    }
    return 0;
}

const QvModuleDef qv_module_fcntl = {
    .name = "fcntl",
    .doc = "This module performs file control and I/O control on file descriptors.",
    .functions = functions,
    .init = init,
};
