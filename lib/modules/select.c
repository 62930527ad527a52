// SPDX-License-Identifier: MIT
// The module select: select, poll and epoll, without the interpreter's lock while they wait.
//
// All three wait by qv_block(), which an interrupt ends: so a script that waits for descriptors can
// be stopped, and runs its signal handlers, like any other. select() is made of poll(), which can
// wait for one descriptor more whatever its number.
#include <limits.h>
#include <math.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/select.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sync.h"
#include "modules/modules.h"
#include "modules/posix/posix.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

#define FD_NEED (QV_CAP_READ | QV_CAP_WRITE) // of descriptors that are not its own

// A timeout in units of `unit` nanoseconds, rounded up: missing or None (or negative where allowed)
// is QV_NEVER. 0/-1.
static int read_timeout(QvInterp *qi, QvObj *o, int64_t unit, const char *error, int64_t *ret)
{
    *ret = QV_NEVER;
    if (!o || o == QV_NONE) {
        return 0;
    }
    if (qv_is_float(o)) {
        double d = qv_float_value(o);
        if (isnan(d)) {
            return qv_raise_int(qi, &qv_exc_ValueError, "Invalid value NaN (not a number)");
        }
        d *= (double)unit;
        d = d < 0 ? floor(d) : ceil(d); // away from zero: a negative one stays negative
        if (!(d >= -9.2e18 && d <= 9.2e18)) {
            return qv_raise_int(qi, &qv_exc_OverflowError,
                                "timestamp too large to convert to C _PyTime_t");
        }
        *ret = (int64_t)d;
        return 0;
    }
    if (!qv_is_int(o) && !o->type->index) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s", error);
    }
    QvObj *n = qv_index(qi, o);
    int64_t v;
    bool fits = n && qv_int_as_i64(n, &v) == 1 && !__builtin_mul_overflow(v, unit, ret);
    qv_xdecref(qi, n);
    if (n && !fits) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "timestamp too large to convert to C _PyTime_t");
    }
    return n ? 0 : -1;
}

static int64_t deadline_of(int64_t timeout)
{
    return timeout == QV_NEVER || timeout < 0 ? QV_NEVER
                                              : qv_clock_add(qv_clock_monotonic(), timeout);
}

static int append_pair(QvInterp *qi, QvObj *list, int64_t a, int64_t b)
{
    QvObj *x = qv_int_from_i64(qi, a), *y = x ? qv_int_from_i64(qi, b) : NULL;
    QvObj *pair = y ? qv_tuple_of(qi, 2, x, y) : NULL;
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return qv_list_append_take(qi, list, pair);
}

// ---- select -------------------------------------------------------------------------------------

typedef struct FdList {
    QvObj *items; // list of the objects whose descriptors are in fds
    int fds[FD_SETSIZE];
    int n;
    fd_set set;
} FdList;

// Adds the descriptor of an object (which l->items holds). 0/-1.
static int add_fd(QvInterp *qi, FdList *l, QvObj *item, int *max)
{
    int fd;
    if (qv_posix_fd(qi, item, &fd) < 0 || qv_cap_fd(qi, fd, FD_NEED, "select.select") < 0) {
        return -1;
    }
    if (fd >= FD_SETSIZE) {
        return qv_raise_int(qi, &qv_exc_ValueError, "filedescriptor out of range in select()");
    }
    if (l->n >= FD_SETSIZE) {
        return qv_raise_int(qi, &qv_exc_ValueError, "too many file descriptors in select()");
    }
    FD_SET(fd, &l->set);
    l->fds[l->n++] = fd;
    *max = fd >= *max ? fd + 1 : *max;
    return 0;
}

// Fills l from a sequence; *max becomes the largest descriptor + 1. 0/-1.
static int read_fds(QvInterp *qi, QvObj *o, FdList *l, int *max)
{
    l->n = 0;
    FD_ZERO(&l->set);
    // A list may change while fileno() runs: its length is looked at again each time.
    QvObj *source = qv_is_list_exact(o) || qv_is_tuple_exact(o) ? qv_new_ref(qi, o)
                    : o->type->iter || qv_is_sequence(o)        ? qv_to_list(qi, o)
                                                                : NULL;
    if (!source) {
        return qv_err_occurred(qi)
                   ? -1
                   : qv_raise_int(qi, &qv_exc_TypeError, "arguments 1-3 must be sequences");
    }
    l->items = qv_list_new(qi, 0);
    bool list = qv_is_list(source);
    int status = l->items && (!list || qv_list_box(qi, source) == 0) ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < (list ? qv_list_len(source) : qv_tuple_len(source));
         k++) {
        QvObj *item = list ? qv_list_peek(source, k) : qv_tuple_peek(source, k);
        status = qv_list_append(qi, l->items, item);
        status = status == 0 ? add_fd(qi, l, item, max) : status;
    }
    qv_decref(qi, source);
    return status;
}

static QvObj *ready_list(QvInterp *qi, const FdList *l, const fd_set *set)
{
    QvObj *list = qv_list_new(qi, 0);
    for (int k = 0; list && k < l->n; k++) {
        if (FD_ISSET(l->fds[k], set) && qv_list_append(qi, list, qv_list_peek(l->items, k)) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

// What select() calls readable, writable and exceptional, in poll()'s words.
static const short asked[3] = {POLLIN | POLLRDNORM | POLLRDBAND, POLLOUT | POLLWRNORM | POLLWRBAND,
                               POLLPRI};
static const short counts[3] = {POLLIN | POLLRDNORM | POLLRDBAND | POLLHUP | POLLERR,
                                POLLOUT | POLLWRNORM | POLLWRBAND | POLLERR, POLLPRI};

// select(): sets becomes what is ready. 0/-1.
static int wait_sets(QvInterp *qi, int max, fd_set sets[3], int64_t deadline)
{
    size_t n = 0, block = ((size_t)max + 1) * sizeof(struct pollfd);
    struct pollfd *fds = qv_alloc(qi, block);
    if (!fds) {
        return -1;
    }
    for (int fd = 0; fd < max; fd++) {
        short events = 0;
        for (int k = 0; k < 3; k++) {
            events = (short)(FD_ISSET(fd, &sets[k]) ? events | asked[k] : events);
        }
        if (events) {
            fds[n++] = (struct pollfd){.fd = fd, .events = events};
        }
    }
    QvBlocking b = {.fds = fds, .n = n, .deadline = deadline};
    int status = qv_block(qi, &b) < 0 ? -1 : 0;
    for (int k = 0; k < 3; k++) {
        FD_ZERO(&sets[k]);
    }
    for (size_t i = 0; i < n && status == 0; i++) {
        if (fds[i].revents & POLLNVAL) {
            qv_raise_errno(qi, EBADF, NULL, NULL);
            status = -1;
        }
        for (int k = 0; k < 3; k++) {
            if (fds[i].events & asked[k] & ~POLLERR && fds[i].revents & counts[k]) {
                FD_SET(fds[i].fd, &sets[k]);
            }
        }
    }
    qv_free(qi, fds, block);
    return status;
}

static QvObj *mod_select(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int64_t timeout;
    if (read_timeout(qi, args[3], 1000000000, "timeout must be a float or None", &timeout) < 0) {
        return NULL;
    }
    if (timeout < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "timeout must be non-negative");
    }
    size_t block = 3 * sizeof(FdList);
    FdList *lists = qv_alloc(qi, block); // too large for the C stack of a small thread
    if (!lists) {
        return NULL;
    }
    memset(lists, 0, block);
    int max = 0, over = 0;
    QvObj *ret = NULL, *parts[3] = {NULL, NULL, NULL};
    for (int k = 0; k < 3; k++) {
        if (read_fds(qi, args[k], &lists[k], &max) < 0) {
            goto done;
        }
    }
    fd_set sets[3] = {lists[0].set, lists[1].set, lists[2].set};
    over = wait_sets(qi, max, sets, deadline_of(timeout));
    for (int k = 0; k < 3 && over >= 0; k++) {
        parts[k] = ready_list(qi, &lists[k], &sets[k]);
    }
    if (over >= 0 && parts[0] && parts[1] && parts[2]) {
        ret = qv_tuple_from_array(qi, parts, 3);
    }
done:
    for (int k = 0; k < 3; k++) {
        qv_xdecref(qi, parts[k]);
        qv_xdecref(qi, lists[k].items);
    }
    qv_free(qi, lists, block);
    return ret;
}

// ---- poll ---------------------------------------------------------------------------------------

typedef struct Poll {
    QvObj h;
    QvObj *fds; // dict: descriptor -> event mask
    bool busy;  // a thread waits in it
} Poll;

static Poll *as_poll(QvObj *o) { return (Poll *)o; }

static QvObj *mod_poll(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    QvObj *o = qv_obj_new(qi, &qv_select_poll_type);
    if (o && !(as_poll(o)->fds = qv_dict_new(qi))) {
        qv_clear(qi, &o);
    }
    return o;
}

static void poll_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_poll(o)->fds); }

// An event mask: missing is dflt. 0/-1.
static int read_mask(QvInterp *qi, QvObj *o, int dflt, int64_t *ret)
{
    *ret = dflt;
    if (!o) {
        return 0;
    }
    if (!qv_is_int(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "an integer is required");
    }
    if (qv_int_sign(o) < 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "value must be positive");
    }
    if (qv_int_as_i64(o, ret) != 1) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "Python int too large to convert to C unsigned long");
    }
    return *ret > USHRT_MAX ? qv_raise_int(qi, &qv_exc_OverflowError,
                                           "Python int too large for C unsigned short")
                            : 0;
}

// register and modify.
static QvObj *poll_set(QvInterp *qi, QvObj *self, QvObj *const *args, bool known)
{
    int fd;
    int64_t mask;
    if (qv_posix_fd(qi, args[0], &fd) < 0 || qv_cap_fd(qi, fd, FD_NEED, "poll.register") < 0 ||
        read_mask(qi, args[1], POLLIN | POLLPRI | POLLOUT, &mask) < 0) {
        return NULL;
    }
    QvObj *key = qv_int_from_i64(qi, fd), *value = key ? qv_int_from_i64(qi, mask) : NULL, *old;
    int there = value && known ? qv_dict_get(qi, as_poll(self)->fds, key, &old) : 1;
    int status = -1;
    if (value && there == 0) {
        qv_raise_errno(qi, ENOENT, NULL, NULL);
    } else if (value && there > 0) {
        status = qv_dict_set(qi, as_poll(self)->fds, key, value);
    }
    qv_xdecref(qi, key);
    qv_xdecref(qi, value);
    return status < 0 ? NULL : QV_NONE;
}

static QvObj *poll_register(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return poll_set(qi, self, args, false);
}
static QvObj *poll_modify(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return poll_set(qi, self, args, true);
}

static QvObj *poll_unregister(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int fd;
    if (qv_posix_fd(qi, args[0], &fd) < 0) {
        return NULL;
    }
    QvObj *key = qv_int_from_i64(qi, fd);
    int status = key ? qv_dict_del(qi, as_poll(self)->fds, key) : -1;
    qv_xdecref(qi, key);
    return status < 0 ? NULL : QV_NONE;
}

static QvObj *poll_poll(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Poll *p = as_poll(self);
    int64_t timeout;
    if (read_timeout(qi, args[0], 1000000, "timeout must be an integer or None", &timeout) < 0) {
        return NULL;
    }
    if (timeout != QV_NEVER && timeout / 1000000 > INT_MAX) {
        return qv_raise(qi, &qv_exc_OverflowError, "timeout is too large");
    }
    if (p->busy) {
        return qv_raise(qi, &qv_exc_RuntimeError, "concurrent poll() invocation");
    }
    QvSsize n = 0, pos = 0;
    size_t block = ((size_t)qv_dict_len(p->fds) + 1) * sizeof(struct pollfd);
    struct pollfd *fds = qv_alloc(qi, block);
    if (!fds) {
        return NULL;
    }
    for (QvObj *key, *value; qv_dict_next(p->fds, &pos, &key, &value); n++) {
        fds[n] = (struct pollfd){.fd = (int)qv_int_value(key),
                                 .events = (short)(unsigned short)qv_int_value(value)};
    }
    QvBlocking b = {.fds = fds, .n = (size_t)n, .deadline = deadline_of(timeout)};
    p->busy = true;
    int over = qv_block(qi, &b);
    p->busy = false;
    QvObj *list = over >= 0 ? qv_list_new(qi, 0) : NULL;
    for (QvSsize k = 0; list && k < n; k++) {
        if (fds[k].revents &&
            append_pair(qi, list, fds[k].fd, (unsigned short)fds[k].revents) < 0) {
            qv_clear(qi, &list);
        }
    }
    qv_free(qi, fds, block);
    return list;
}

static const QvNativeDef poll_methods[] = {
    {"register", poll_register, "($self, fd, eventmask=7, /)",
     "Register a file descriptor with the polling object."},
    {"modify", poll_modify, "($self, fd, eventmask, /)",
     "Modify an already registered file descriptor."},
    {"unregister", poll_unregister, "($self, fd, /)",
     "Remove a file descriptor being tracked by the polling object."},
    {"poll", poll_poll, "($self, timeout=None, /)",
     "Polls the set of registered file descriptors."},
    {0},
};

QV_SEALED QvType qv_select_poll_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "select.poll",
    .id = QV_TID_select_poll,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Poll),
    .methods = poll_methods,
    .fini = poll_fini,
};

// ---- epoll --------------------------------------------------------------------------------------

typedef struct Epoll {
    QvObj h;
    int fd; // -1: closed
} Epoll;

static Epoll *as_epoll(QvObj *o) { return (Epoll *)o; }

static int check_open(QvInterp *qi, QvObj *o)
{
    return as_epoll(o)->fd < 0
               ? qv_raise_int(qi, &qv_exc_ValueError, "I/O operation on closed epoll object")
               : 0;
}

static QvObj *epoll_of_fd(QvInterp *qi, int fd)
{
    QvObj *o = qv_obj_new(qi, &qv_select_epoll_type);
    if (o) {
        as_epoll(o)->fd = fd;
    }
    return o;
}

static QvObj *epoll_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)type;
    QvObj *slots[2];
    int sizehint = -1, flags = 0;
    if (qv_args(qi, "epoll(sizehint=-1, flags=0)", args, nargs, kwnames, slots) < 0 ||
        (slots[0] && qv_posix_int(qi, slots[0], &sizehint) < 0) ||
        (slots[1] && qv_posix_int(qi, slots[1], &flags) < 0)) {
        return NULL;
    }
    if (sizehint == 0 || sizehint < -1) {
        return qv_raise(qi, &qv_exc_ValueError, "negative sizehint");
    }
    if (flags && flags != EPOLL_CLOEXEC) {
        return qv_raise(qi, &qv_exc_OSError, "invalid flags");
    }
    int fd = epoll_create1(EPOLL_CLOEXEC);
    if (fd < 0) {
        return qv_raise_errno(qi, errno, NULL, NULL);
    }
    QvObj *o = epoll_of_fd(qi, fd);
    if (!o) {
        close(fd);
    }
    return o;
}

static void epoll_fini(QvInterp *qi, QvObj *o)
{
    (void)qi;
    if (as_epoll(o)->fd >= 0) {
        close(as_epoll(o)->fd);
        as_epoll(o)->fd = -1;
    }
}

static QvObj *epoll_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    int fd = as_epoll(self)->fd, result = 0;
    as_epoll(self)->fd = -1;
    if (fd >= 0) {
        qv_posix_unlock(qi);
        result = close(fd);
        qv_posix_lock(qi);
    }
    return result < 0 ? qv_raise_errno(qi, errno, NULL, NULL) : QV_NONE;
}

static QvObj *epoll_fileno(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return check_open(qi, self) < 0 ? NULL : qv_int_from_i64(qi, as_epoll(self)->fd);
}

static QvObj *epoll_fromfd(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs)
{
    (void)type, (void)nargs;
    int fd;
    return qv_posix_int(qi, args[0], &fd) < 0 || qv_cap_fd(qi, fd, FD_NEED, "epoll.fromfd") < 0
               ? NULL
               : epoll_of_fd(qi, fd);
}

static QvObj *control(QvInterp *qi, QvObj *self, int op, QvObj *fd_arg, QvObj *mask_arg)
{
    int fd;
    int64_t mask = EPOLLIN | EPOLLOUT | EPOLLPRI;
    if (check_open(qi, self) < 0 || qv_posix_fd(qi, fd_arg, &fd) < 0 ||
        qv_cap_fd(qi, fd, FD_NEED, "epoll") < 0) {
        return NULL;
    }
    if (mask_arg) {
        QvObj *n = qv_index(qi, mask_arg);
        if (!n) {
            return NULL;
        }
        mask = (int64_t)(qv_int_as_u64_mask(n) & UINT32_MAX);
        qv_decref(qi, n);
    }
    struct epoll_event event = {.events = (uint32_t)mask, .data.fd = fd};
    qv_posix_unlock(qi);
    int result = epoll_ctl(as_epoll(self)->fd, op, fd, &event);
    qv_posix_lock(qi);
    return result < 0 ? qv_raise_errno(qi, errno, NULL, NULL) : QV_NONE;
}

static QvObj *epoll_register(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return control(qi, self, EPOLL_CTL_ADD, args[0], args[1]);
}
static QvObj *epoll_modify(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return control(qi, self, EPOLL_CTL_MOD, args[0], args[1]);
}
static QvObj *epoll_unregister(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return control(qi, self, EPOLL_CTL_DEL, args[0], NULL);
}

typedef struct EpollCall {
    QvBlocking b;
    struct pollfd fds[2]; // an epoll descriptor can itself be waited for
    struct epoll_event *events;
    int max, result, err;
} EpollCall;

static bool attempt_epoll(QvBlocking *b)
{
    EpollCall *c = (EpollCall *)b;
    do {
        c->result = epoll_wait(c->fds->fd, c->events, c->max, 0);
    } while (c->result < 0 && errno == EINTR);
    c->err = errno;
    return c->result != 0;
}

static QvObj *epoll_poll(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t timeout;
    int max = -1;
    if (args[1] && qv_posix_int(qi, args[1], &max) < 0) {
        return NULL;
    }
    if (check_open(qi, self) < 0 ||
        read_timeout(qi, args[0], 1000000000, "timeout must be an integer or None", &timeout) < 0) {
        return NULL;
    }
    if (timeout != QV_NEVER && timeout / 1000000 > INT_MAX) {
        return qv_raise(qi, &qv_exc_OverflowError, "timeout is too large");
    }
    if (max == -1) {
        max = FD_SETSIZE - 1;
    } else if (max < 1) {
        return qv_raise(qi, &qv_exc_ValueError, "maxevents must be greater than 0, got %d", max);
    }
    size_t block = (size_t)max * sizeof(struct epoll_event);
    struct epoll_event *events = qv_alloc(qi, block);
    if (!events) {
        return NULL;
    }
    EpollCall c = {.b = {.attempt = attempt_epoll, .n = 1, .deadline = deadline_of(timeout)},
                   .fds = {{.fd = as_epoll(self)->fd, .events = POLLIN}},
                   .events = events,
                   .max = max};
    c.b.fds = c.fds;
    int over = qv_block(qi, &c.b);
    if (over > 0 && c.result < 0) {
        qv_raise_errno(qi, c.err, NULL, NULL);
        over = -1;
    }
    QvObj *list = over >= 0 ? qv_list_new(qi, over > 0 ? c.result : 0) : NULL;
    for (int k = 0; list && over > 0 && k < c.result; k++) {
        if (append_pair(qi, list, events[k].data.fd, events[k].events) < 0) {
            qv_clear(qi, &list);
        }
    }
    qv_free(qi, events, block);
    return list;
}

static QvObj *epoll_enter(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return check_open(qi, self) < 0 ? NULL : qv_new_ref(qi, self);
}

static QvObj *epoll_get_closed(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_epoll(o)->fd < 0);
}

static const QvGetSet epoll_getsets[] = {
    {"closed", epoll_get_closed, NULL, "True if the epoll handler is closed"},
    {0},
};

static const QvNativeDef epoll_methods[] = {
    {"fromfd", epoll_fromfd, "($type, fd, /)", "Create an epoll object from a given control fd."},
    {"close", epoll_close, "($self, /)", "Close the epoll control file descriptor."},
    {"fileno", epoll_fileno, "($self, /)", "Return the epoll control file descriptor."},
    {"register", epoll_register, "($self, /, fd, eventmask=7)",
     "Registers a new fd or raises an OSError if the fd is already registered."},
    {"modify", epoll_modify, "($self, /, fd, eventmask)",
     "Modify event mask for a registered file descriptor."},
    {"unregister", epoll_unregister, "($self, /, fd)",
     "Remove a registered file descriptor from the epoll object."},
    {"poll", epoll_poll, "($self, /, timeout=None, maxevents=-1)",
     "Wait for events on the epoll file descriptor."},
    {"__enter__", epoll_enter, "($self, /)", NULL},
    {"__exit__", epoll_close, "($self, exc_type=None, exc_value=None, exc_tb=None, /)", NULL},
    {0},
};

QV_SEALED QvType qv_select_epoll_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "select.epoll",
    .id = QV_TID_select_epoll,
    .base = &qv_object_type,
    .size = sizeof(Epoll),
    .doc = "select.epoll(sizehint=-1, flags=0)\n\nReturns an epolling object",
    .methods = epoll_methods,
    .getsets = epoll_getsets,
    .new_ = epoll_new,
    .fini = epoll_fini,
};

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"select", mod_select, "($module, rlist, wlist, xlist, timeout=None, /)",
     "Wait until one or more file descriptors are ready for some kind of I/O."},
    {"poll", mod_poll, "($module, /)", "Returns a polling object."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    static const struct {
        const char *name;
        uint32_t value;
    } rows[] = {
        {"PIPE_BUF", PIPE_BUF},         {"POLLIN", POLLIN},
        {"POLLPRI", POLLPRI},           {"POLLOUT", POLLOUT},
        {"POLLERR", POLLERR},           {"POLLHUP", POLLHUP},
        {"POLLNVAL", POLLNVAL},         {"POLLRDNORM", POLLRDNORM},
        {"POLLRDBAND", POLLRDBAND},     {"POLLWRNORM", POLLWRNORM},
        {"POLLWRBAND", POLLWRBAND},     {"POLLMSG", POLLMSG},
        {"POLLRDHUP", POLLRDHUP},       {"EPOLLIN", EPOLLIN},
        {"EPOLLOUT", EPOLLOUT},         {"EPOLLPRI", EPOLLPRI},
        {"EPOLLERR", EPOLLERR},         {"EPOLLHUP", EPOLLHUP},
        {"EPOLLRDHUP", EPOLLRDHUP},     {"EPOLLET", EPOLLET},
        {"EPOLLONESHOT", EPOLLONESHOT}, {"EPOLLEXCLUSIVE", EPOLLEXCLUSIVE},
        {"EPOLLRDNORM", EPOLLRDNORM},   {"EPOLLRDBAND", EPOLLRDBAND},
        {"EPOLLWRNORM", EPOLLWRNORM},   {"EPOLLWRBAND", EPOLLWRBAND},
        {"EPOLLMSG", EPOLLMSG},         {"EPOLL_CLOEXEC", EPOLL_CLOEXEC},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        if (qv_module_add_int(qi, m, rows[k].name, rows[k].value) < 0) {
            return -1;
        }
    }
    return qv_module_add(qi, m, "error", (QvObj *)&qv_exc_OSError) < 0
               ? -1
               : qv_module_add(qi, m, "epoll", &qv_select_epoll_type.h);
}

const QvModuleDef qv_module_select = {
    .name = "select",
    .doc = "This module supports asynchronous I/O on multiple file descriptors.",
    .functions = functions,
    .init = init,
};
