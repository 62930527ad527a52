// SPDX-License-Identifier: MIT
// _socket: sending and receiving.
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "modules/socket/socket.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/list.h"
#include "object/tuple.h"

// ---- receiving ----------------------------------------------------------------------------------

static ssize_t run_recv(QvSockCall *c, int fd, int extra)
{
    if (!c->addr) {
        return recv(fd, c->buf, c->n, c->flags | extra);
    }
    c->addr->len = sizeof c->addr->storage;
    return recvfrom(fd, c->buf, c->n, c->flags | extra, &c->addr->sa, &c->addr->len);
}

// addr: who has sent it, or NULL. -1 with an exception.
static ssize_t receive(QvInterp *qi, QvSocket *s, void *buf, QvSsize n, int flags, QvSockAddr *addr)
{
    QvSockCall call = {.run = run_recv,
                       .events = POLLIN,
                       .flags = flags,
                       .buf = buf,
                       .n = (size_t)n,
                       .addr = addr};
    int64_t deadline = qv_sock_deadline(s);
    if (addr) {
        memset(addr, 0, sizeof *addr);
    }
    ssize_t total = qv_sock_call(qi, s, &call, deadline);
    // The kernel would wait for the rest where it is allowed to wait.
    while ((flags & MSG_WAITALL) && !(flags & MSG_PEEK) && s->timeout < 0 &&
           s->type == SOCK_STREAM && total > 0 && total < n) {
        call.buf = (char *)buf + total;
        call.n = (size_t)(n - total);
        ssize_t more = qv_sock_call(qi, s, &call, deadline);
        if (more <= 0) {
            return more < 0 ? -1 : total;
        }
        total += more;
    }
    return total;
}

// Two results as a tuple; stolen, NULL: failed.
static QvObj *pair_take(QvInterp *qi, QvObj *a, QvObj *b)
{
    QvObj *ret = a && b ? qv_tuple_of(qi, 2, a, b) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return ret;
}

static QvObj *recv_bytes(QvInterp *qi, QvObj *self, QvObj *const *args, const char *name,
                         QvSockAddr *addr)
{
    QvSsize n;
    int flags = 0;
    if (qv_arg_ssize(qi, args[0], &n) < 0 || (args[1] && qv_index_int(qi, args[1], &flags) < 0)) {
        return NULL;
    }
    if (n < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "negative buffersize in %s", name);
    }
    QvObj *data = qv_bytes_new(qi, NULL, n);
    if (!data) {
        return NULL;
    }
    ssize_t got = receive(qi, qv_as_socket(self), qv_bytes_data(data), n, flags, addr);
    if (got < 0) {
        qv_decref(qi, data);
        return NULL;
    }
    got = got < n ? got : n; // MSG_TRUNC tells the length of the whole datagram
    return got == n || qv_bytes_resize(qi, &data, got) == 0 ? data : NULL;
}

SOCK_FN(qv_sock_recv) { return (void)nargs, recv_bytes(qi, self, args, "recv", NULL); }

static QvObj *addr_of(QvInterp *qi, QvObj *self, const QvSockAddr *addr)
{
    return qv_sock_addr_make(qi, qv_as_socket(self)->fd, &addr->sa, addr->len);
}

SOCK_FN(qv_sock_recvfrom)
{
    (void)nargs;
    QvSockAddr addr;
    QvObj *data = recv_bytes(qi, self, args, "recvfrom", &addr);
    return data ? pair_take(qi, data, addr_of(qi, self, &addr)) : NULL;
}

static int writable_view(QvInterp *qi, QvObj *o, const char *name, QvBufferView *view)
{
    if (qv_buffer_get(qi, o, view, QV_BUF_SIMPLE | QV_BUF_WRITABLE) == 0) {
        return 0;
    }
    if (!qv_err_matches(qi, &qv_exc_TypeError) && !qv_err_matches(qi, &qv_exc_BufferError)) {
        return -1;
    }
    qv_err_clear(qi);
    return qv_raise_int(qi, &qv_exc_TypeError,
                        "%s() argument 1 must be read-write bytes-like object, not %s", name,
                        qv_arg_type_name(o));
}

static QvObj *recv_into(QvInterp *qi, QvObj *self, QvObj *const *args, const char *name,
                        const char *too_small, QvSockAddr *addr)
{
    QvBufferView view;
    QvSsize n = 0;
    int flags = 0;
    if (writable_view(qi, args[0], name, &view) < 0) {
        return NULL;
    }
    ssize_t got = -1;
    if ((args[1] && qv_arg_ssize(qi, args[1], &n) < 0) ||
        (args[2] && qv_index_int(qi, args[2], &flags) < 0)) {
    } else if (n < 0) {
        qv_raise(qi, &qv_exc_ValueError, "negative buffersize in %s", name);
    } else if (n > view.len) {
        qv_raise(qi, &qv_exc_ValueError, "%s", too_small);
    } else {
        got = receive(qi, qv_as_socket(self), view.buf, n ? n : view.len, flags, addr);
    }
    qv_buffer_release(qi, &view);
    return got < 0 ? NULL : qv_int_from_i64(qi, got);
}

SOCK_FN(qv_sock_recv_into)
{
    (void)nargs;
    return recv_into(qi, self, args, "recv_into", "buffer too small for requested bytes", NULL);
}

SOCK_FN(qv_sock_recvfrom_into)
{
    (void)nargs;
    QvSockAddr addr;
    QvObj *n = recv_into(qi, self, args, "recvfrom_into",
                         "nbytes is greater than the length of the buffer", &addr);
    return n ? pair_take(qi, n, addr_of(qi, self, &addr)) : NULL;
}

// ---- sending ------------------------------------------------------------------------------------

// MSG_NOSIGNAL: a peer that has gone is an error of the call, never the end of a host that does not
// ignore SIGPIPE.
static ssize_t run_send(QvSockCall *c, int fd, int extra)
{
    int flags = c->flags | extra | MSG_NOSIGNAL;
    return c->addr ? sendto(fd, c->buf, c->n, flags, &c->addr->sa, c->addr->len)
                   : send(fd, c->buf, c->n, flags);
}

SOCK_FN(qv_sock_send)
{
    (void)nargs;
    QvSocket *s = qv_as_socket(self);
    QvBufferView view;
    int flags = 0;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvSockCall call = {.run = run_send, .events = POLLOUT, .buf = view.buf, .n = (size_t)view.len};
    QvSsize total = 0;
    ssize_t put = -1;
    if (!args[1] || qv_index_int(qi, args[1], &flags) == 0) {
        call.flags = flags;
        do { // the kernel, where it is allowed to wait, sends everything
            put = qv_sock_call(qi, s, &call, qv_sock_deadline(s));
            total += put > 0 ? put : 0;
            call.buf = (char *)view.buf + total;
            call.n = (size_t)(view.len - total);
        } while (put > 0 && call.n && s->timeout < 0 && s->type == SOCK_STREAM &&
                 !(flags & MSG_DONTWAIT));
    }
    qv_buffer_release(qi, &view);
    if (put < 0 && total > 0 && qv_err_matches(qi, &qv_exc_OSError)) {
        qv_err_clear(qi); // the next call meets the error again
        put = 0;
    }
    return put < 0 ? NULL : qv_int_from_i64(qi, total);
}

SOCK_FN(qv_sock_sendall)
{
    (void)nargs;
    QvSocket *s = qv_as_socket(self);
    QvBufferView view;
    int flags = 0;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvSockCall call = {.run = run_send, .events = POLLOUT, .buf = view.buf, .n = (size_t)view.len};
    int status = args[1] ? qv_index_int(qi, args[1], &flags) : 0;
    int64_t deadline = qv_sock_deadline(s); // of the whole
    call.flags = flags;
    while (status == 0) {
        ssize_t put = qv_sock_call(qi, s, &call, deadline);
        if (put < 0) {
            status = -1;
            break;
        }
        call.buf = (char *)call.buf + put;
        call.n -= (size_t)put;
        if (call.n == 0) {
            break;
        }
        status = qv_poll_here(qi);
    }
    qv_buffer_release(qi, &view);
    return status < 0 ? NULL : QV_NONE;
}

SOCK_FN(qv_sock_sendto)
{
    QvSocket *s = qv_as_socket(self);
    QvBufferView view;
    QvSockAddr addr;
    int flags = 0;
    if (nargs != 2 && nargs != 3) {
        return qv_raise(qi, &qv_exc_TypeError, "sendto() takes 2 or 3 arguments (%zd given)",
                        nargs);
    }
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *to = args[nargs - 1];
    ssize_t put = -1;
    if ((nargs == 2 || qv_index_int(qi, args[1], &flags) == 0) &&
        qv_sock_addr_get(qi, s, to, "sendto", &addr) == 0 &&
        (!qv_audit_on(qi) || qv_audit(qi, "socket.sendto", "OO", self, to) == 0)) {
        QvSockCall call = {.run = run_send,
                           .events = POLLOUT,
                           .flags = flags,
                           .buf = view.buf,
                           .n = (size_t)view.len,
                           .addr = &addr};
        put = qv_sock_call(qi, s, &call, qv_sock_deadline(s));
    }
    qv_buffer_release(qi, &view);
    return put < 0 ? NULL : qv_int_from_i64(qi, put);
}

// ---- several buffers and ancillary data ---------------------------------------------------------

// The buffers of one message.
typedef struct Vector {
    QvObj *items; // tuple that holds the objects
    struct iovec *iov;
    QvBufferView *views;
    QvSsize n;    // views that are held
    QvSsize room; // entries of the blocks
} Vector;

static void vector_fini(QvInterp *qi, Vector *v)
{
    while (v->n > 0) {
        qv_buffer_release(qi, &v->views[--v->n]);
    }
    if (v->iov) {
        qv_free(qi, v->iov, (size_t)v->room * sizeof *v->iov);
    }
    if (v->views) {
        qv_free(qi, v->views, (size_t)v->room * sizeof *v->views);
    }
    qv_clear(qi, &v->items);
}

// An iterable argument as a tuple; NULL with TypeError.
static QvObj *iterable_argument(QvInterp *qi, QvObj *o, const char *name, int argument)
{
    QvObj *ret = qv_to_tuple(qi, o);
    if (!ret && qv_err_matches(qi, &qv_exc_TypeError) && !o->type->iter && !o->type->getitem) {
        qv_err_clear(qi);
        return qv_raise(qi, &qv_exc_TypeError, "%s() argument %d must be an iterable", name,
                        argument);
    }
    return ret;
}

static int vector_init(QvInterp *qi, Vector *v, QvObj *buffers, const char *name, bool writable)
{
    *v = (Vector){.items = iterable_argument(qi, buffers, name, 1)};
    if (!v->items) {
        return -1;
    }
    QvSsize n = qv_tuple_len(v->items);
    if (n > INT_MAX) {
        return qv_raise_int(qi, &qv_exc_OSError, "%s() argument 1 is too long", name);
    }
    v->room = n + 1;
    if (!(v->iov = qv_alloc(qi, (size_t)v->room * sizeof *v->iov)) ||
        !(v->views = qv_alloc(qi, (size_t)v->room * sizeof *v->views))) {
        return -1;
    }
    for (QvSsize k = 0; k < n; k++) {
        QvObj *item = qv_tuple_peek(v->items, k);
        unsigned flags = writable ? QV_BUF_SIMPLE | QV_BUF_WRITABLE : QV_BUF_SIMPLE;
        if (qv_buffer_get(qi, item, &v->views[k], flags) < 0) {
            if (writable && qv_has_buffer(item) &&
                (qv_err_matches(qi, &qv_exc_BufferError) ||
                 qv_err_matches(qi, &qv_exc_TypeError))) {
                qv_err_clear(qi);
                qv_raise(qi, &qv_exc_TypeError,
                         "%s() argument 1 must be an iterable of single-segment read-write "
                         "buffers",
                         name);
            }
            return -1;
        }
        v->iov[k] = (struct iovec){v->views[k].buf, (size_t)v->views[k].len};
        v->n++;
    }
    return 0;
}

static ssize_t run_recvmsg(QvSockCall *c, int fd, int extra)
{
    c->msg->msg_namelen = sizeof c->addr->storage;
    c->msg->msg_controllen = c->n;
    return recvmsg(fd, c->msg, c->flags | extra);
}

static ssize_t run_sendmsg(QvSockCall *c, int fd, int extra)
{
    return sendmsg(fd, c->msg, c->flags | extra | MSG_NOSIGNAL);
}

// How much of the data of a control message was received.
static size_t cmsg_have(const struct msghdr *msg, const struct cmsghdr *c)
{
    size_t at = (size_t)((const char *)CMSG_DATA(c) - (const char *)msg->msg_control);
    size_t want = c->cmsg_len > CMSG_LEN(0) ? c->cmsg_len - CMSG_LEN(0) : 0;
    size_t room = at < msg->msg_controllen ? msg->msg_controllen - at : 0;
    return want < room ? want : room;
}

static QvObj *cmsg_list(QvInterp *qi, struct msghdr *msg)
{
    QvObj *list = qv_list_new(qi, 0);
    for (struct cmsghdr *c = msg->msg_controllen ? CMSG_FIRSTHDR(msg) : NULL; list && c;
         c = CMSG_NXTHDR(msg, c)) {
        QvObj *level = qv_int_from_i64(qi, c->cmsg_level),
              *type = qv_int_from_i64(qi, c->cmsg_type);
        QvObj *data = qv_bytes_new(qi, CMSG_DATA(c), (QvSsize)cmsg_have(msg, c));
        QvObj *row = level && type && data ? qv_tuple_of(qi, 3, level, type, data) : NULL;
        qv_xdecref(qi, level);
        qv_xdecref(qi, type);
        qv_xdecref(qi, data);
        if (qv_list_append_take(qi, list, row) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

// Descriptors that nobody will get because making the result has failed.
static void cmsg_close_fds(struct msghdr *msg)
{
    for (struct cmsghdr *c = msg->msg_controllen ? CMSG_FIRSTHDR(msg) : NULL; c;
         c = CMSG_NXTHDR(msg, c)) {
        if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
            size_t n = cmsg_have(msg, c) / sizeof(int);
            for (size_t k = 0; k < n; k++) {
                int fd;
                memcpy(&fd, CMSG_DATA(c) + k * sizeof fd, sizeof fd);
                close(fd);
            }
        }
    }
}

// Receives into the vector: (data or the number of bytes, ancdata, flags, address). data is the
// bytes object that the vector points into, or NULL.
static QvObj *receive_message(QvInterp *qi, QvObj *self, struct iovec *iov, QvSsize n,
                              QvObj *const *args, QvObj **data)
{
    QvSocket *s = qv_as_socket(self);
    QvSsize control = 0;
    int flags = 0;
    if ((args[1] && qv_arg_ssize(qi, args[1], &control) < 0) ||
        (args[2] && qv_index_int(qi, args[2], &flags) < 0)) {
        return NULL;
    }
    if (control < 0 || control > INT_MAX) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid ancillary data buffer length");
    }
    void *block = control ? qv_alloc(qi, (size_t)control) : NULL;
    if (control && !block) {
        return NULL;
    }
    QvSockAddr addr;
    memset(&addr, 0, sizeof addr);
    struct msghdr msg = {
        .msg_name = &addr.storage, .msg_iov = iov, .msg_iovlen = (size_t)n, .msg_control = block};
    QvSockCall call = {.run = run_recvmsg,
                       .events = POLLIN,
                       .flags = flags,
                       .n = (size_t)control,
                       .addr = &addr,
                       .msg = &msg};
    QvObj *parts[4] = {NULL}, *ret = NULL;
    ssize_t got = qv_sock_call(qi, s, &call, qv_sock_deadline(s));
    if (got >= 0) {
        QvSsize len = data ? qv_bytes_len(*data) : 0;
        if (!data) {
            parts[0] = qv_int_from_i64(qi, got);
        } else if (got >= len || qv_bytes_resize(qi, data, got) == 0) {
            parts[0] = qv_new_ref(qi, *data);
        }
        parts[1] = parts[0] ? cmsg_list(qi, &msg) : NULL;
        parts[2] = parts[1] ? qv_int_from_i64(qi, msg.msg_flags) : NULL;
        parts[3] = parts[2] ? qv_sock_addr_make(qi, s->fd, &addr.sa,
                                                msg.msg_namelen > sizeof addr.storage
                                                    ? sizeof addr.storage
                                                    : msg.msg_namelen)
                            : NULL;
        ret = parts[3] ? qv_tuple_from_array(qi, parts, 4) : NULL;
        if (!ret) {
            cmsg_close_fds(&msg);
        }
    }
    for (int k = 0; k < 4; k++) {
        qv_xdecref(qi, parts[k]);
    }
    if (block) {
        qv_free(qi, block, (size_t)control);
    }
    return ret;
}

SOCK_FN(qv_sock_recvmsg)
{
    (void)nargs;
    QvSsize n;
    if (qv_arg_ssize(qi, args[0], &n) < 0) {
        return NULL;
    }
    if (n < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "negative buffer size in recvmsg()");
    }
    QvObj *data = qv_bytes_new(qi, NULL, n);
    if (!data) {
        return NULL;
    }
    struct iovec iov = {qv_bytes_data(data), (size_t)n};
    QvObj *ret = receive_message(qi, self, &iov, 1, args, &data);
    qv_xdecref(qi, data);
    return ret;
}

SOCK_FN(qv_sock_recvmsg_into)
{
    (void)nargs;
    Vector v;
    QvObj *ret = NULL;
    if (vector_init(qi, &v, args[0], "recvmsg_into", true) == 0) {
        ret = receive_message(qi, self, v.iov, v.n, args, NULL);
    }
    vector_fini(qi, &v);
    return ret;
}

// The control messages of (level, type, data) items in a block: 0, or -1 with an exception.
static int make_control(QvInterp *qi, QvObj *items, struct msghdr *msg)
{
    // Two rounds: the sizes, then the data, whose buffers cannot have changed their sizes because
    // the views are held in between.
    QvSsize n = qv_tuple_len(items), held = 0;
    if (n == 0) {
        return 0;
    }
    typedef struct Item {
        int level, type;
        QvBufferView view;
    } Item;
    size_t bytes = (size_t)n * sizeof(Item), total = 0;
    Item *rows = qv_alloc(qi, bytes);
    if (!rows) {
        return -1;
    }
    int status = -1;
    for (; held < n; held++) {
        QvObj *item = qv_tuple_peek(items, held);
        if (!qv_is_sequence(item) || qv_is_str(item)) {
            qv_raise(qi, &qv_exc_TypeError,
                     "[sendmsg() ancillary data items]() argument must be 3-item sequence, not %s",
                     qv_arg_type_name(item));
            goto done;
        }
        QvObj *row = qv_to_tuple(qi, item);
        if (!row) {
            goto done;
        }
        bool good = false;
        if (qv_tuple_len(row) != 3) {
            qv_raise(qi, &qv_exc_TypeError,
                     "[sendmsg() ancillary data items]() argument must be sequence of length 3, "
                     "not %zd",
                     qv_tuple_len(row));
        } else {
            good = qv_index_int(qi, qv_tuple_peek(row, 0), &rows[held].level) == 0 &&
                   qv_index_int(qi, qv_tuple_peek(row, 1), &rows[held].type) == 0 &&
                   qv_buffer_get(qi, qv_tuple_peek(row, 2), &rows[held].view, QV_BUF_SIMPLE) == 0;
        }
        qv_decref(qi, row);
        if (!good) {
            goto done;
        }
        size_t space;
        if (!qv_sock_cmsg_space((size_t)rows[held].view.len, &space)) {
            held++;
            qv_raise(qi, &qv_exc_OSError, "ancillary data item too large");
            goto done;
        }
        total += space;
        if (total > INT_MAX) {
            held++;
            qv_raise(qi, &qv_exc_OSError, "too much ancillary data");
            goto done;
        }
    }
    if (!(msg->msg_control = qv_alloc(qi, total))) {
        goto done;
    }
    memset(msg->msg_control, 0, total);
    msg->msg_controllen = total;
    struct cmsghdr *c = CMSG_FIRSTHDR(msg);
    for (QvSsize k = 0; k < n; k++, c = CMSG_NXTHDR(msg, c)) {
        size_t len = (size_t)rows[k].view.len;
        if (qv_cap_denied(qi, QV_CAP_READ | QV_CAP_WRITE) && rows[k].level == SOL_SOCKET) {
            qv_cap_check(qi, QV_CAP_READ | QV_CAP_WRITE, "socket.sendmsg of descriptors");
            goto done;
        }
        c->cmsg_level = rows[k].level;
        c->cmsg_type = rows[k].type;
        c->cmsg_len = CMSG_LEN(len);
        memcpy(CMSG_DATA(c), rows[k].view.buf, len);
    }
    status = 0;
done:
    while (held > 0) {
        qv_buffer_release(qi, &rows[--held].view);
    }
    qv_free(qi, rows, bytes);
    return status;
}

SOCK_FN(qv_sock_sendmsg)
{
    (void)nargs;
    QvSocket *s = qv_as_socket(self);
    Vector v;
    QvSockAddr addr;
    struct msghdr msg = {0};
    int flags = 0;
    ssize_t put = -1;
    QvObj *ancillary = NULL;
    if (vector_init(qi, &v, args[0], "sendmsg", false) < 0 ||
        (args[2] && qv_index_int(qi, args[2], &flags) < 0)) {
        goto done;
    }
    msg.msg_iov = v.iov;
    msg.msg_iovlen = (size_t)v.n;
    if (args[3] && args[3] != QV_NONE) {
        if (qv_sock_addr_get(qi, s, args[3], "sendmsg", &addr) < 0) {
            goto done;
        }
        msg.msg_name = &addr.storage;
        msg.msg_namelen = addr.len;
    }
    if (qv_audit_on(qi) &&
        qv_audit(qi, "socket.sendmsg", "OO", self, msg.msg_name ? args[3] : QV_NONE) < 0) {
        goto done;
    }
    if (args[1]) {
        ancillary = iterable_argument(qi, args[1], "sendmsg", 2);
        if (!ancillary || make_control(qi, ancillary, &msg) < 0) {
            goto done;
        }
    }
    QvSockCall call = {.run = run_sendmsg, .events = POLLOUT, .flags = flags, .msg = &msg};
    put = qv_sock_call(qi, s, &call, qv_sock_deadline(s));
done:
    if (msg.msg_control) {
        qv_free(qi, msg.msg_control, msg.msg_controllen);
    }
    qv_xdecref(qi, ancillary);
    vector_fini(qi, &v);
    return put < 0 ? NULL : qv_int_from_i64(qi, put);
}
