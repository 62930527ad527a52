// SPDX-License-Identifier: MIT
// posix: waiting for children with more than their status; descriptors of processes.
#include <fcntl.h>
#include <pthread.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "modules/resource.h"
#include "object/int.h"
#include "object/structseq.h"
#include "object/tuple.h"

// ---- waiting ------------------------------------------------------------------------------------
// A child that one knows has a descriptor that says when it has ended. Where there is none (any
// child; one that stops or goes on) another thread makes the call that waits, and lets the child be
// (WNOWAIT): whoever wins, nothing is lost when it is left behind.

typedef struct WaitCall {
    QvBlocking b;
    struct pollfd fds[2];
    idtype_t type; // of waitid; else `which` as wait4 takes it
    pid_t which;
    int options;
    siginfo_t *info; // waitid's result; NULL: this is wait4
    int status;
    struct rusage usage;
    int result, err;
} WaitCall;

static bool attempt_wait(QvBlocking *b)
{
    WaitCall *c = (WaitCall *)b;
    if (c->info) {
        *c->info = (siginfo_t){0};
        c->result = waitid(c->type, (id_t)c->which, c->info, c->options | WNOHANG);
    } else {
        c->result = wait4(c->which, &c->status, c->options | WNOHANG, &c->usage);
    }
    c->err = errno;
    bool none = c->info ? c->result == 0 && c->info->si_pid == 0 : c->result == 0;
    return !none || (c->options & WNOHANG);
}

static int pidfd_open_of(pid_t pid) { return (int)syscall(SYS_pidfd_open, pid, 0); }

typedef struct Watch {
    QvErrand e;
    idtype_t type;
    id_t which;
    int options;
} Watch;

static void run_watch(QvErrand *e)
{
    Watch *w = (Watch *)e;
    siginfo_t info;
    waitid(w->type, w->which, &info, w->options | WNOWAIT);
}
static void drop_watch(QvErrand *e) { (void)e; }

static int watch(QvInterp *qi, const WaitCall *c)
{
    Watch w = {{.run = run_watch, .drop = drop_watch}, c->type, (id_t)c->which, c->options};
    if (!c->info) {
        w.type = c->which > 0 ? P_PID : c->which == -1 ? P_ALL : P_PGID;
        w.which = c->which > 0     ? (id_t)c->which
                  : c->which == -1 ? 0
                  : c->which == 0  ? (id_t)getpgrp()
                                   : (id_t)-c->which;
        w.options |= WEXITED;
    }
    return qv_errand(qi, &w.e);
}

// The call's result: -1 with errno, or EINTR and an exception.
static int wait_for(QvInterp *qi, WaitCall *c)
{
    const int others = c->info ? WSTOPPED | WCONTINUED : WUNTRACED | WCONTINUED;
    c->b = (QvBlocking){.attempt = attempt_wait, .fds = c->fds, .deadline = QV_NEVER};
    qv_posix_unlock(qi);
    bool done = attempt_wait(&c->b);
    bool known = !done && !(c->options & others) && (c->info ? c->type == P_PID : c->which > 0);
    int fd = known ? pidfd_open_of(c->which) : -1;
    qv_posix_lock(qi);
    int status = 1;
    if (fd >= 0) {
        c->fds[0] = (struct pollfd){.fd = fd, .events = POLLIN};
        c->b.n = 1;
        status = qv_block(qi, &c->b);
        close(fd);
    } else {
        while (!done && (status = watch(qi, c)) > 0) {
            done = attempt_wait(&c->b); // another thread may have been quicker
        }
    }
    errno = status < 0 ? EINTR : c->err;
    return status < 0 ? -1 : c->result;
}

pid_t qv_posix_wait(QvInterp *qi, pid_t pid, int *status, int options, struct rusage *usage)
{
    WaitCall c = {.which = pid, .options = options};
    pid_t got = wait_for(qi, &c);
    *status = c.status;
    if (usage) {
        *usage = c.usage;
    }
    return got;
}

// ---- file locks ---------------------------------------------------------------------------------
// Nothing tells when one becomes free but the call that waits for it, which also finds deadlocks.

typedef struct LockCall {
    QvErrand e;
    int fd, cmd, operation; // cmd -1: flock(operation)
    struct flock *l;
    int result, err;
} LockCall;

static void run_lock(QvErrand *e)
{
    LockCall *c = (LockCall *)e;
    if (c->cmd >= 0) {
        c->result = fcntl(c->fd, c->cmd, c->l);
    } else { // no cancellation point, but a system call and nothing else
        pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, NULL);
        c->result = flock(c->fd, c->operation);
        pthread_setcanceltype(PTHREAD_CANCEL_DEFERRED, NULL);
    }
    c->err = errno;
}
// Got in the very moment of the stop: it is the script's, as where a signal comes just after.
static void drop_lock(QvErrand *e) { (void)e; }

static int lock_call(QvInterp *qi, LockCall *c)
{
    c->e = (QvErrand){.run = run_lock, .drop = drop_lock};
    int status = qv_errand(qi, &c->e);
    errno = status < 0 ? EINTR : c->err;
    return status < 0 ? -1 : c->result;
}

int qv_posix_lock_file(QvInterp *qi, int fd, int cmd, struct flock *l)
{
    int r, now = cmd == F_SETLKW ? F_SETLK : cmd == F_OFD_SETLKW ? F_OFD_SETLK : cmd;
    QV_POSIX_CALL(r, fcntl(fd, now, l));
    if (r >= 0 || now == cmd || (errno != EAGAIN && errno != EACCES)) {
        return r;
    }
    LockCall c = {.fd = fd, .cmd = cmd, .l = l};
    return lock_call(qi, &c);
}

int qv_posix_flock(QvInterp *qi, int fd, int operation)
{
    int r;
    QV_POSIX_CALL(r, flock(fd, operation | LOCK_NB));
    if (r >= 0 || (operation & LOCK_NB) || errno != EWOULDBLOCK) {
        return r;
    }
    LockCall c = {.fd = fd, .cmd = -1, .operation = operation};
    return lock_call(qi, &c);
}

// ---- the functions ------------------------------------------------------------------------------

// (pid, status, usage), as wait3 and wait4 give it.
static QvObj *with_usage(QvInterp *qi, pid_t pid, int status, const struct rusage *usage)
{
    if (pid < 0) {
        return qv_posix_error(qi);
    }
    QvObj *values[3] = {qv_int_from_i64(qi, pid), qv_int_from_i64(qi, status),
                        qv_resource_usage(qi, usage)};
    if (!values[0] || !values[1] || !values[2]) {
        for (int k = 0; k < 3; k++) {
            qv_xdecref(qi, values[k]);
        }
        return NULL;
    }
    return qv_tuple_from_array_take(qi, values, 3);
}

POSIX_FN(posix_wait3)
{
    (void)m, (void)n;
    int options, status = 0;
    pid_t pid;
    struct rusage usage = {0};
    if (qv_posix_int(qi, a[0], &options) < 0) {
        return NULL;
    }
    pid = qv_posix_wait(qi, -1, &status, options, &usage);
    return with_usage(qi, pid, status, &usage);
}
POSIX_FN(posix_wait4)
{
    (void)m, (void)n;
    int which, options, status = 0;
    pid_t pid;
    struct rusage usage = {0};
    if (qv_posix_int(qi, a[0], &which) < 0 || qv_posix_int(qi, a[1], &options) < 0) {
        return NULL;
    }
    pid = qv_posix_wait(qi, which, &status, options, &usage);
    return with_usage(qi, pid, status, &usage);
}

POSIX_FN(posix_waitid)
{
    (void)n;
    int type, which, options, r;
    siginfo_t info = {0};
    if (qv_posix_int(qi, a[0], &type) < 0 || qv_posix_int(qi, a[1], &which) < 0 ||
        qv_posix_int(qi, a[2], &options) < 0) {
        return NULL;
    }
    WaitCall c = {.type = (idtype_t)type, .which = which, .options = options, .info = &info};
    r = wait_for(qi, &c);
    if (r < 0) {
        return qv_posix_error(qi);
    }
    if (info.si_pid == 0) {
        return QV_NONE;
    }
    QvObj *values[5] = {qv_int_from_i64(qi, info.si_pid), qv_int_from_u64(qi, info.si_uid),
                        qv_int_from_i64(qi, info.si_signo), qv_int_from_i64(qi, info.si_status),
                        qv_int_from_i64(qi, info.si_code)};
    return qv_structseq_new(qi, qv_posix_state(m)->waitid_result, values);
}

int qv_posix_wait_init(QvInterp *qi, QvObj *m)
{
    static const QvStructSeqField fields[] = {{"si_pid", NULL},   {"si_uid", NULL},
                                              {"si_signo", NULL}, {"si_status", NULL},
                                              {"si_code", NULL},  {0}};
    QvPosixState *s = qv_posix_state(m);
    s->waitid_result = qv_structseq_type(qi, "posix.waitid_result", fields, 5);
    return s->waitid_result ? qv_module_add(qi, m, "waitid_result", s->waitid_result) : -1;
}

POSIX_FN(posix_pidfd_open)
{
    (void)m, (void)n;
    int pid, flags = 0;
    if (qv_posix_int(qi, a[0], &pid) < 0 || (a[1] && qv_posix_int(qi, a[1], &flags) < 0)) {
        return NULL;
    }
    long fd = syscall(SYS_pidfd_open, pid, flags);
    return fd < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, fd);
}
