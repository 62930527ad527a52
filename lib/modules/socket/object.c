// SPDX-License-Identifier: MIT
// _socket: the type socket.
//
// An object that still has its descriptor when it dies warns and closes it.
#include <math.h>
#include <poll.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sync.h"
#include "modules/socket/socket.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/tuple.h"

static QvObj *raise_now(QvInterp *qi) { return qv_raise_errno(qi, errno, NULL, NULL); }

// ---- timeouts -----------------------------------------------------------------------------------

int qv_sock_timeout_get(QvInterp *qi, QvObj *o, int64_t *ret)
{
    *ret = -1;
    if (o == QV_NONE) {
        return 0;
    }
    bool fits;
    if (qv_is_float(o)) {
        double d = qv_float_value(o);
        if (isnan(d)) {
            return qv_raise_int(qi, &qv_exc_ValueError, "Invalid value NaN (not a number)");
        }
        d *= (double)QV_NS_PER_S;
        d = d < 0 ? floor(d) : ceil(d); // away from zero: a negative one stays negative
        fits = d >= -9.2e18 && d <= 9.2e18;
        *ret = fits ? (int64_t)d : 0;
    } else {
        QvObj *n = qv_index(qi, o);
        if (!n) {
            return -1;
        }
        int64_t v;
        fits = qv_int_as_i64(n, &v) == 1 && !__builtin_mul_overflow(v, QV_NS_PER_S, ret);
        qv_decref(qi, n);
    }
    if (!fits) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "timestamp too large to convert to C _PyTime_t");
    }
    return *ret < 0 ? qv_raise_int(qi, &qv_exc_ValueError, "Timeout value out of range") : 0;
}

QvObj *qv_sock_timeout_make(QvInterp *qi, int64_t timeout)
{
    return timeout < 0 ? QV_NONE : qv_float_new(qi, (double)timeout / (double)QV_NS_PER_S);
}

// 0, or -1 with OSError.
static int set_timeout(QvInterp *qi, QvSocket *s, int64_t timeout)
{
    s->timeout = timeout;
    if (qv_sock_set_blocking(s->fd, timeout < 0) < 0) {
        raise_now(qi);
        return -1;
    }
    return 0;
}

static SOCK_FN(sock_setblocking)
{
    (void)nargs;
    int flag;
    if (qv_index_int(qi, args[0], &flag) < 0) {
        return NULL;
    }
    return set_timeout(qi, qv_as_socket(self), flag ? -1 : 0) < 0 ? NULL : QV_NONE;
}

static SOCK_FN(sock_getblocking)
{
    (void)qi, (void)args, (void)nargs;
    return qv_bool(qv_as_socket(self)->timeout != 0);
}

static SOCK_FN(sock_settimeout)
{
    (void)nargs;
    int64_t timeout;
    return qv_sock_timeout_get(qi, args[0], &timeout) < 0 ||
                   set_timeout(qi, qv_as_socket(self), timeout) < 0
               ? NULL
               : QV_NONE;
}

static SOCK_FN(sock_gettimeout)
{
    (void)args, (void)nargs;
    return qv_sock_timeout_make(qi, qv_as_socket(self)->timeout);
}

// ---- life ---------------------------------------------------------------------------------------

static QvObj *sock_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        qv_as_socket(o)->fd = -1;
        qv_as_socket(o)->timeout = -1;
    }
    return o;
}

static int close_fd(QvInterp *qi, QvSocket *s)
{
    int fd = s->fd, result = 0;
    s->fd = -1; // other threads see it closed before the number can be used again
    if (fd >= 0 && !(qv_cap_tracks_fds(qi) && !qv_cap_fd_is_own(qi, fd))) {
        qv_cap_fd_disown(qi, fd);
        qv_posix_unlock(qi);
        result = close(fd);
        qv_posix_lock(qi);
    }
    // A connection that the peer has reset is closed all the same.
    return result < 0 && errno != ECONNRESET ? -1 : 0;
}

// Takes over an open descriptor: what is -1 of family, type and proto is asked of it. 0, or -1 with
// errno.
static int adopt(int fd, int *family, int *type, int *proto)
{
    struct sockaddr_storage addr = {0};
    socklen_t len = sizeof addr, size = sizeof(int);
    if (getsockname(fd, (struct sockaddr *)&addr, &len) < 0) {
        if (*family == -1 || errno == EBADF || errno == ENOTSOCK) {
            return -1;
        }
    } else if (*family == -1) {
        *family = addr.ss_family;
    }
    if (*type == -1 && getsockopt(fd, SOL_SOCKET, SO_TYPE, type, &size) < 0) {
        return -1;
    }
    size = sizeof(int);
    return *proto == -1 ? getsockopt(fd, SOL_SOCKET, SO_PROTOCOL, proto, &size) : 0;
}

static int sock_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[4];
    int part[3] = {-1, -1, -1}, fd = -1;
    if (qv_args(qi, "socket(family=-1, type=-1, proto=-1, fileno=None)", args, nargs, kwnames,
                slots) < 0) {
        return -1;
    }
    for (int k = 0; k < 3; k++) {
        if (slots[k] && qv_index_int(qi, slots[k], &part[k]) < 0) {
            return -1;
        }
    }
    bool given = slots[3] && slots[3] != QV_NONE;
    if (qv_cap_check(qi, QV_CAP_SOCKET, "socket.socket") < 0) {
        return -1;
    }
    if (qv_audit_on(qi) &&
        qv_audit(qi, "socket.__new__", "Oiii", self, part[0], part[1], part[2]) < 0) {
        return -1;
    }
    QvSocketState *state = qv_sock_state(qi);
    if (!state || (given && qv_index_int(qi, slots[3], &fd) < 0)) {
        return -1;
    }
    if (given) {
        if (fd < 0) {
            return qv_raise_int(qi, &qv_exc_ValueError, "negative file descriptor");
        }
        if (qv_cap_fd(qi, fd, QV_CAP_READ | QV_CAP_WRITE, "socket.socket") < 0) {
            return -1;
        }
        if (adopt(fd, &part[0], &part[1], &part[2]) < 0) {
            raise_now(qi);
            return -1;
        }
    } else {
        part[0] = part[0] == -1 ? AF_INET : part[0];
        part[1] = part[1] == -1 ? SOCK_STREAM : part[1];
        part[2] = part[2] == -1 ? 0 : part[2];
        fd = socket(part[0], part[1] | SOCK_CLOEXEC, part[2]);
        if (fd < 0) {
            raise_now(qi);
            return -1;
        }
        qv_cap_fd_own(qi, fd);
    }
    QvSocket *s = qv_as_socket(self);
    close_fd(qi, s); // of an earlier __init__
    s->fd = fd;
    s->family = part[0];
    s->type = part[1] & ~(SOCK_NONBLOCK | SOCK_CLOEXEC);
    s->proto = part[2];
    s->timeout = part[1] & SOCK_NONBLOCK ? 0 : state->timeout;
    if (!(part[1] & SOCK_NONBLOCK) && state->timeout >= 0 && qv_sock_set_blocking(fd, false) < 0) {
        raise_now(qi);
        s->fd = given ? -1 : s->fd; // not ours to close
        return -1;
    }
    return 0;
}

static void sock_finalize(QvInterp *qi, QvObj *o)
{
    QvSocket *s = qv_as_socket(o);
    if (s->fd < 0) {
        return;
    }
    QvObj *pending = qv_err_fetch(qi);
    if (qv_warn(qi, &qv_exc_ResourceWarning, 1, "unclosed %R", o) < 0) {
        if (qv_err_matches(qi, &qv_exc_Warning)) {
            qv_err_unraisable(qi, o);
        } else {
            qv_err_clear(qi);
        }
    }
    close_fd(qi, s);
    qv_err_restore(qi, pending);
}

static void sock_fini(QvInterp *qi, QvObj *o) { close_fd(qi, qv_as_socket(o)); }

static SOCK_FN(sock_close)
{
    (void)args, (void)nargs;
    return close_fd(qi, qv_as_socket(self)) < 0 ? raise_now(qi) : QV_NONE;
}

static SOCK_FN(sock_detach)
{
    (void)args, (void)nargs;
    int fd = qv_as_socket(self)->fd;
    qv_as_socket(self)->fd = -1;
    return qv_int_from_i64(qi, fd);
}

static SOCK_FN(sock_fileno)
{
    (void)args, (void)nargs;
    return qv_int_from_i64(qi, qv_as_socket(self)->fd);
}

// ---- connections --------------------------------------------------------------------------------

static ssize_t run_accept(QvSockCall *c, int fd, int extra)
{
    (void)extra;
    c->addr->len = sizeof c->addr->storage;
    return accept4(fd, &c->addr->sa, &c->addr->len, SOCK_CLOEXEC);
}

static SOCK_FN(sock_accept)
{
    (void)args, (void)nargs;
    QvSocket *s = qv_as_socket(self);
    QvSockAddr addr;
    QvSockCall call = {.run = run_accept, .events = POLLIN, .wait_first = true, .addr = &addr};
    int fd = (int)qv_sock_call(qi, s, &call, qv_sock_deadline(s));
    if (fd < 0) {
        return NULL;
    }
    qv_cap_fd_own(qi, (int)fd);
    QvObj *number = qv_int_from_i64(qi, fd);
    QvObj *from = number ? qv_sock_addr_make(qi, fd, &addr.sa, addr.len) : NULL;
    QvObj *ret = from ? qv_tuple_of(qi, 2, number, from) : NULL;
    qv_xdecref(qi, number);
    qv_xdecref(qi, from);
    if (!ret) {
        close(fd);
    }
    return ret;
}

static SOCK_FN(sock_bind)
{
    (void)nargs;
    QvSocket *s = qv_as_socket(self);
    QvSockAddr addr;
    if (qv_sock_addr_get(qi, s, args[0], "bind", &addr) < 0 ||
        (qv_audit_on(qi) && qv_audit(qi, "socket.bind", "OO", self, args[0]) < 0)) {
        return NULL;
    }
    qv_posix_unlock(qi);
    int result = bind(s->fd, &addr.sa, addr.len);
    qv_posix_lock(qi);
    return result < 0 ? raise_now(qi) : QV_NONE;
}

// A local socket does not connect in the background: it is connected, or the call has to wait for
// the other side's queue, of which no descriptor tells.
typedef struct LocalCall {
    QvBlocking b;
    int fd, err;
    const QvSockAddr *addr;
} LocalCall;

static bool attempt_local(QvBlocking *b)
{
    LocalCall *c = (LocalCall *)b;
    bool flip = !qv_fd_is_nonblocking(c->fd) && qv_sock_set_blocking(c->fd, false) == 0;
    c->err = connect(c->fd, &c->addr->sa, c->addr->len) < 0 ? errno : 0;
    if (flip) {
        qv_sock_set_blocking(c->fd, true);
    }
    return !flip || c->err != EAGAIN;
}

static int connect_local(QvInterp *qi, int fd, const QvSockAddr *addr)
{
    LocalCall c = {.b = {.attempt = attempt_local, .deadline = QV_NEVER}, .fd = fd, .addr = addr};
    return qv_block(qi, &c.b) < 0 ? -1 : c.err;
}

// Connects: 0, the errno of a failure (EWOULDBLOCK: timed out while waiting, *ret_waited), or -1
// with an exception.
static int do_connect(QvInterp *qi, QvSocket *s, const QvSockAddr *addr, bool *ret_waited)
{
    // To be able to wait for it the descriptor must not block.
    bool flip = s->timeout < 0;
    int64_t deadline = qv_sock_deadline(s);
    int fd = s->fd;
    *ret_waited = false;
    if (flip && s->family == AF_UNIX) {
        return connect_local(qi, fd, addr);
    }
    qv_posix_unlock(qi);
    flip = flip && qv_sock_set_blocking(fd, false) == 0;
    int err = connect(fd, &addr->sa, addr->len) < 0 ? errno : 0;
    if (flip) {
        qv_sock_set_blocking(fd, true);
    }
    qv_posix_lock(qi);
    if (err == EINTR && qv_poll_here(qi) < 0) {
        return -1;
    }
    bool waits = (err == EINPROGRESS && s->timeout != 0) || (err == EINTR && s->timeout != 0);
    if (!waits) {
        return err;
    }
    for (;;) {
        int ready = qv_sock_wait(qi, s, POLLOUT, deadline);
        if (ready <= 0) {
            *ret_waited = ready == 0;
            return ready == 0 ? EWOULDBLOCK : -1;
        }
        if (!flip) {
            break;
        }
        // Asking again, and not for SO_ERROR, leaves a socket that has failed ready for another
        // connect(), as one that blocks is.
        qv_posix_unlock(qi);
        err = connect(s->fd, &addr->sa, addr->len) < 0 ? errno : 0;
        qv_posix_lock(qi);
        if (err != EINPROGRESS && err != EALREADY && err != EINTR) {
            return err == EISCONN ? 0 : err;
        }
        if (qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    socklen_t len = sizeof err;
    if (getsockopt(s->fd, SOL_SOCKET, SO_ERROR, &err, &len) < 0) {
        return errno;
    }
    return err == EISCONN ? 0 : err;
}

static SOCK_FN(sock_connect)
{
    (void)nargs;
    QvSocket *s = qv_as_socket(self);
    QvSockAddr addr;
    bool waited;
    if (qv_sock_addr_get(qi, s, args[0], "connect", &addr) < 0 ||
        (qv_audit_on(qi) && qv_audit(qi, "socket.connect", "OO", self, args[0]) < 0)) {
        return NULL;
    }
    int err = do_connect(qi, s, &addr, &waited);
    if (err <= 0) {
        return err < 0 ? NULL : QV_NONE;
    }
    return waited ? qv_sock_timed_out(qi) : qv_raise_errno(qi, err, NULL, NULL);
}

static SOCK_FN(sock_connect_ex)
{
    (void)nargs;
    QvSocket *s = qv_as_socket(self);
    QvSockAddr addr;
    bool waited;
    if (qv_sock_addr_get(qi, s, args[0], "connect_ex", &addr) < 0 ||
        (qv_audit_on(qi) && qv_audit(qi, "socket.connect", "OO", self, args[0]) < 0)) {
        return NULL;
    }
    int err = do_connect(qi, s, &addr, &waited);
    return err < 0 ? NULL : qv_int_from_i64(qi, err);
}

static SOCK_FN(sock_listen)
{
    (void)nargs;
    int backlog = SOMAXCONN < 128 ? SOMAXCONN : 128;
    if (args[0] && qv_index_int(qi, args[0], &backlog) < 0) {
        return NULL;
    }
    return listen(qv_as_socket(self)->fd, backlog < 0 ? 0 : backlog) < 0 ? raise_now(qi) : QV_NONE;
}

static SOCK_FN(sock_shutdown)
{
    (void)nargs;
    int how;
    if (qv_index_int(qi, args[0], &how) < 0) {
        return NULL;
    }
    qv_posix_unlock(qi);
    int result = shutdown(qv_as_socket(self)->fd, how);
    qv_posix_lock(qi);
    return result < 0 ? raise_now(qi) : QV_NONE;
}

static QvObj *name_of(QvInterp *qi, QvObj *self, bool peer)
{
    int fd = qv_as_socket(self)->fd;
    QvSockAddr addr = {.len = sizeof addr.storage};
    int result = peer ? getpeername(fd, &addr.sa, &addr.len) : getsockname(fd, &addr.sa, &addr.len);
    return result < 0 ? raise_now(qi) : qv_sock_addr_make(qi, fd, &addr.sa, addr.len);
}

static SOCK_FN(sock_getpeername) { return (void)args, (void)nargs, name_of(qi, self, true); }
static SOCK_FN(sock_getsockname) { return (void)args, (void)nargs, name_of(qi, self, false); }

// ---- options ------------------------------------------------------------------------------------

static SOCK_FN(sock_getsockopt)
{
    (void)nargs;
    int fd = qv_as_socket(self)->fd, level, option, size = 0;
    if (qv_index_int(qi, args[0], &level) < 0 || qv_index_int(qi, args[1], &option) < 0 ||
        (args[2] && qv_index_int(qi, args[2], &size) < 0)) {
        return NULL;
    }
    if (size == 0 && qv_as_socket(self)->family == AF_VSOCK) { // its options have 64 bits
        uint64_t value = 0;
        socklen_t len = sizeof value;
        return getsockopt(fd, level, option, &value, &len) < 0 ? raise_now(qi)
                                                               : qv_int_from_u64(qi, value);
    }
    if (size == 0) {
        int value = 0;
        socklen_t len = sizeof value;
        return getsockopt(fd, level, option, &value, &len) < 0 ? raise_now(qi)
                                                               : qv_int_from_i64(qi, value);
    }
    if (size < 0 || size > 1024) {
        return qv_raise(qi, &qv_exc_OSError, "getsockopt buflen out of range");
    }
    char value[1024];
    socklen_t len = (socklen_t)size;
    return getsockopt(fd, level, option, value, &len) < 0 ? raise_now(qi)
                                                          : qv_bytes_new(qi, value, len);
}

static SOCK_FN(sock_setsockopt)
{
    (void)nargs;
    int fd = qv_as_socket(self)->fd, level, option, value, result;
    if (qv_index_int(qi, args[0], &level) < 0 || qv_index_int(qi, args[1], &option) < 0) {
        return NULL;
    }
    if (!args[3] && qv_as_socket(self)->family == AF_VSOCK && qv_is_int(args[2])) {
        uint64_t wide = qv_int_as_u64_mask(args[2]);
        return setsockopt(fd, level, option, &wide, sizeof wide) < 0 ? raise_now(qi) : QV_NONE;
    }
    bool is_number = !args[3] && (qv_is_int(args[2]) || args[2]->type->index);
    if (is_number && qv_index_int(qi, args[2], &value) < 0) {
        if (!qv_err_matches(qi, &qv_exc_OverflowError)) {
            return NULL;
        }
        qv_err_clear(qi);
        is_number = false; // and so no value at all
    }
    if (args[3]) {
        QvObj *n = args[2] == QV_NONE && qv_is_int(args[3]) ? args[3] : NULL;
        if (!n) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "setsockopt() takes exactly 3 arguments (4 given)");
        }
        result = setsockopt(fd, level, option, NULL, (socklen_t)qv_int_as_u64_mask(n));
    } else if (is_number) {
        result = setsockopt(fd, level, option, &value, sizeof value);
    } else {
        QvBufferView view;
        if (qv_buffer_get(qi, args[2], &view, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        result = setsockopt(fd, level, option, view.buf, (socklen_t)view.len);
        int err = errno;
        qv_buffer_release(qi, &view);
        errno = err;
    }
    return result < 0 ? raise_now(qi) : QV_NONE;
}

// ---- the type -----------------------------------------------------------------------------------

static QvObj *sock_repr(QvInterp *qi, QvObj *o)
{
    const QvSocket *s = qv_as_socket(o);
    return qv_str_format(qi, "<socket object, fd=%d, family=%d, type=%d, proto=%d>", s->fd,
                         s->family, s->type, s->proto);
}

static QvObj *get_family(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_as_socket(o)->family);
}
static QvObj *get_type(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_as_socket(o)->type);
}
static QvObj *get_proto(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_as_socket(o)->proto);
}
static QvObj *get_timeout(QvInterp *qi, QvObj *o)
{
    return qv_sock_timeout_make(qi, qv_as_socket(o)->timeout);
}

static const QvGetSet getsets[] = {
    {"family", get_family, NULL, "the socket family"},
    {"type", get_type, NULL, "the socket type"},
    {"proto", get_proto, NULL, "the socket protocol"},
    {"timeout", get_timeout, NULL, "the socket timeout"},
    {0},
};

static const QvNativeDef methods[] = {
    {"_accept", sock_accept, "($self, /)",
     "Wait for an incoming connection: the descriptor of a new socket, and the client's address."},
    {"bind", sock_bind, "($self, address, /)", "Bind the socket to a local address."},
    {"close", sock_close, "($self, /)", "Close the socket."},
    {"connect", sock_connect, "($self, address, /)", "Connect the socket to a remote address."},
    {"connect_ex", sock_connect_ex, "($self, address, /)",
     "Like connect(address), but returns the errno of a failure."},
    {"detach", sock_detach, "($self, /)",
     "Close the socket object without closing the underlying file descriptor."},
    {"fileno", sock_fileno, "($self, /)", "Return the file descriptor of the socket."},
    {"getpeername", sock_getpeername, "($self, /)", "Return the address of the remote endpoint."},
    {"getsockname", sock_getsockname, "($self, /)", "Return the address of the local endpoint."},
    {"getsockopt", sock_getsockopt, "($self, level, option, buffersize=0, /)",
     "Get a socket option."},
    {"listen", sock_listen, "($self, backlog=128, /)",
     "Enable a server to accept connections, up to backlog of them waiting."},
    {"recv", qv_sock_recv, "($self, buffersize, flags=0, /)",
     "Receive up to buffersize bytes from the socket."},
    {"recv_into", qv_sock_recv_into, "($self, /, buffer, nbytes=0, flags=0)",
     "Receive into a buffer; returns the number of bytes."},
    {"recvfrom", qv_sock_recvfrom, "($self, buffersize, flags=0, /)",
     "Like recv(), but returns the data and the sender's address."},
    {"recvfrom_into", qv_sock_recvfrom_into, "($self, /, buffer, nbytes=0, flags=0)",
     "Like recv_into(), but returns the number of bytes and the sender's address."},
    {"recvmsg", qv_sock_recvmsg, "($self, bufsize, ancbufsize=0, flags=0, /)",
     "Receive data and ancillary data: (data, ancdata, msg_flags, address)."},
    {"recvmsg_into", qv_sock_recvmsg_into, "($self, buffers, ancbufsize=0, flags=0, /)",
     "Receive data into buffers, and ancillary data: (nbytes, ancdata, msg_flags, address)."},
    {"send", qv_sock_send, "($self, data, flags=0, /)",
     "Send data; returns the number of bytes sent, which may be less than there are."},
    {"sendall", qv_sock_sendall, "($self, data, flags=0, /)", "Send all data."},
    {"sendmsg", qv_sock_sendmsg, "($self, buffers, ancdata=(), flags=0, address=None, /)",
     "Send the data of buffers, and ancillary data; returns the number of bytes sent."},
    {"sendto", qv_sock_sendto, "($self, /, *args)", "Send data to an address."},
    {"setblocking", sock_setblocking, "($self, flag, /)",
     "Set the socket to blocking (flag is true) or non-blocking (false)."},
    {"getblocking", sock_getblocking, "($self, /)", "False if the socket is non-blocking."},
    {"setsockopt", sock_setsockopt, "($self, level, option, value, optlen=0, /)",
     "Set a socket option."},
    {"settimeout", sock_settimeout, "($self, timeout, /)",
     "Set a timeout in seconds on the operations of the socket; None: no timeout."},
    {"gettimeout", sock_gettimeout, "($self, /)", "Return the timeout in seconds, or None."},
    {"shutdown", sock_shutdown, "($self, flag, /)",
     "Shut down the reading side, the writing side, or both."},
    {0},
};

QV_SEALED QvType qv_socket_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_socket.socket",
    .id = QV_TID_socket,
    .flags = QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(QvSocket),
    .doc = "socket(family=AF_INET, type=SOCK_STREAM, proto=0) -> socket object\n"
           "socket(family=-1, type=-1, proto=-1, fileno=None) -> socket object\n\n"
           "One endpoint of a network connection, which is not inherited by other programs.\n"
           "With a fileno, family, type and proto are those of the descriptor unless they\n"
           "are given.",
    .methods = methods,
    .getsets = getsets,
    .new_ = sock_new,
    .init = sock_init,
    .repr = sock_repr,
    .finalize = sock_finalize,
    .fini = sock_fini,
};
