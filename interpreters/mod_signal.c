// SPDX-License-Identifier: MIT
// The module _signal: Python handlers of signals, masks, timers. What C does is in signals.c.
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/clock.h"
#include "interpreters/signals.h"
#include "modules/modules.h"
#include "object/audit.h"
#include "object/blocking.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "vm/frame.h"

typedef struct State {
    QvObj *itimer_error; // type ItimerError
    QvObj *siginfo;      // type struct_siginfo
} State;

static State *state_of(QvObj *m) { return qv_module_state(m); }

static QvObj *os_error(QvInterp *qi) { return qv_raise_errno(qi, errno, NULL, NULL); }

// Handlers that are due run before the function returns. 0 or -1.
static int check(QvInterp *qi)
{
    return qv_signals_here(qi) && qv_signals_pending() ? qv_signals_run(qi) : 0;
}

static int signal_number(QvInterp *qi, QvObj *o, int *ret)
{
    if (qv_index_int(qi, o, ret) < 0) {
        return -1;
    }
    if (*ret < 1 || *ret >= QV_NSIG) {
        return qv_raise_int(qi, &qv_exc_ValueError, "signal number out of range");
    }
    return 0;
}

// ---- handlers -----------------------------------------------------------------------------------

static QvObj *default_int_handler(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_raise_none(qi, &qv_exc_KeyboardInterrupt);
}

static bool is_small(QvObj *o, int64_t want)
{
    int64_t v;
    return o && qv_is_int(o) && qv_int_as_i64(o, &v) && v == want;
}

bool qv_signal_is_handled(QvInterp *qi, int sig)
{
    QvObj *table = qv_instance_of(qi)->signals;
    if (!table) {
        return sig == SIGINT; // as qv_signals_begin left it
    }
    QvObj *handler = qv_list_peek(table, sig);
    return handler != QV_NONE && !is_small(handler, 0) && !is_small(handler, 1);
}

int qv_signal_dispatch(QvInterp *qi, int sig)
{
    QvObj *table = qv_instance_of(qi)->signals;
    if (!qv_signal_is_handled(qi, sig)) {
        return 0; // came before its handler was taken away
    }
    if (!table) {
        qv_raise_none(qi, &qv_exc_KeyboardInterrupt);
        return -1;
    }
    QvFrame *f = qi->ts->frame;
    QvObj *frame = f ? (QvObj *)qv_frame_object(qi, f) : QV_NONE;
    QvObj *number = frame ? qv_int_from_i64(qi, sig) : NULL;
    QvObj *handler = qv_new_ref(qi, qv_list_peek(table, sig));
    QvObj *result = number ? qv_call2(qi, handler, number, frame) : NULL;
    qv_decref(qi, handler);
    qv_xdecref(qi, number);
    qv_xdecref(qi, frame);
    qv_xdecref(qi, result);
    return result ? 0 : -1;
}

// What the process does now, as far as Python has a word for it.
static QvObj *disposition(QvInterp *qi, QvObj *m, int sig)
{
    struct sigaction sa;
    if (sigaction(sig, NULL, &sa) < 0) {
        return QV_NONE;
    }
    if (!(sa.sa_flags & SA_SIGINFO) && (sa.sa_handler == SIG_DFL || sa.sa_handler == SIG_IGN)) {
        return qv_int_from_i64(qi, sa.sa_handler == SIG_IGN);
    }
    return sig == SIGINT && qv_signals_is_main(qv_instance_of(qi))
               ? qv_getattr_cstr(qi, m, "default_int_handler")
               : QV_NONE;
}

static int make_table(QvInterp *qi, QvObj *m)
{
    QvObj *table = qv_list_new(qi, QV_NSIG);
    if (!table || qv_list_append_take(qi, table, QV_NONE) < 0) {
        qv_xdecref(qi, table);
        return -1;
    }
    for (int sig = 1; sig < QV_NSIG; sig++) {
        if (qv_list_append_take(qi, table, disposition(qi, m, sig)) < 0) {
            qv_decref(qi, table);
            return -1;
        }
    }
    qv_set_take(qi, &qv_instance_of(qi)->signals, table);
    return 0;
}

static QvObj *set_handler(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int sig = 0;
    if (qv_index_int(qi, a[0], &sig) < 0) {
        return NULL;
    }
    if (!qv_signals_here(qi)) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "signal only works in main thread of the main interpreter");
    }
    if (sig < 1 || sig >= QV_NSIG) {
        return qv_raise(qi, &qv_exc_ValueError, "signal number out of range");
    }
    QvSignalKind kind = QV_SIGNAL_HANDLE;
    if (is_small(a[1], 1)) {
        kind = QV_SIGNAL_IGNORE;
    } else if (is_small(a[1], 0)) {
        kind = QV_SIGNAL_DEFAULT;
    } else if (!qv_is_callable(a[1])) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable "
                        "object");
    }
    if (check(qi) < 0) {
        return NULL;
    }
    if (qv_signals_set(sig, kind) < 0) {
        return os_error(qi);
    }
    QvObj *table = qv_instance_of(qi)->signals;
    QvObj *before = qv_new_ref(qi, qv_list_peek(table, sig));
    if (qv_list_set(qi, table, sig, a[1]) < 0) {
        qv_decref(qi, before);
        return NULL;
    }
    if (sig == SIGINT) {
        QvObj *usual = qv_getattr_cstr(qi, m, "default_int_handler");
        qv_err_clear(qi);
        qv_signals_set_plain_interrupt(a[1] == usual);
        qv_xdecref(qi, usual);
    }
    return before;
}

static QvObj *get_handler(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int sig = 0;
    return signal_number(qi, a[0], &sig) < 0
               ? NULL
               : qv_new_ref(qi, qv_list_peek(qv_instance_of(qi)->signals, sig));
}

static QvObj *signal_interrupt(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int sig = 0, flag = 0;
    struct sigaction sa;
    if (qv_index_int(qi, a[0], &sig) < 0 || qv_index_int(qi, a[1], &flag) < 0) {
        return NULL;
    }
    if (sig < 1 || sig >= QV_NSIG) {
        return qv_raise(qi, &qv_exc_ValueError, "signal number out of range");
    }
    if (sigaction(sig, NULL, &sa) < 0) {
        return os_error(qi);
    }
    sa.sa_flags = flag ? sa.sa_flags & ~SA_RESTART : sa.sa_flags | SA_RESTART;
    return sigaction(sig, &sa, NULL) < 0 ? os_error(qi) : QV_NONE;
}

static QvObj *set_wakeup_fd(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int fd = -1, warn = 1;
    if (qv_index_int(qi, a[0], &fd) < 0 || (a[1] && (warn = qv_is_true(qi, a[1])) < 0)) {
        return NULL;
    }
    if (!qv_signals_here(qi)) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "set_wakeup_fd only works in main thread of the main interpreter");
    }
    if (fd != -1) {
        struct stat st;
        int flags = fstat(fd, &st) < 0 ? -1 : fcntl(fd, F_GETFL);
        if (flags < 0) {
            return os_error(qi);
        }
        if (!(flags & O_NONBLOCK)) {
            return qv_raise(qi, &qv_exc_ValueError, "the fd %d must be in non-blocking mode", fd);
        }
    }
    return qv_int_from_i64(qi, qv_signals_set_wakeup(fd, warn));
}

// ---- sending ------------------------------------------------------------------------------------

static QvObj *raise_signal(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int sig = 0;
    if (qv_index_int(qi, a[0], &sig) < 0) {
        return NULL;
    }
    if (raise(sig) != 0) {
        return os_error(qi);
    }
    return check(qi) < 0 ? NULL : QV_NONE;
}

// pthread_kill of a number that is no thread would read wild memory: only threads that are inside
// this interpreter, and the caller, count.
static QvObj *thread_kill(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    uint64_t id = 0;
    int sig = 0;
    if (!qv_is_int(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "pthread_kill() argument 1 must be int, not %T",
                        a[0]);
    }
    if (qv_int_to_u64(qi, a[0], &id) < 0) {
        qv_err_clear(qi);
        id = 0;
    }
    if (qv_index_int(qi, a[1], &sig) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "signal.pthread_kill", "Oi", a[0], sig) < 0) {
        return NULL;
    }
    QvThread *ts = qi->threads;
    while (ts && ts->os_id != id) {
        ts = ts->next;
    }
    errno = ts ? pthread_kill((pthread_t)id, sig) : ESRCH;
    if (errno) {
        return os_error(qi);
    }
    return check(qi) < 0 ? NULL : QV_NONE;
}

static QvObj *pidfd_send_signal(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int fd = 0, sig = 0, flags = 0;
    if (qv_index_int(qi, a[0], &fd) < 0 || qv_index_int(qi, a[1], &sig) < 0 ||
        (a[3] && qv_index_int(qi, a[3], &flags) < 0)) {
        return NULL;
    }
    if (a[2] && a[2] != QV_NONE) {
        return qv_raise(qi, &qv_exc_TypeError, "siginfo must be None");
    }
    if (syscall(SYS_pidfd_send_signal, fd, sig, NULL, flags) < 0) {
        return os_error(qi);
    }
    return check(qi) < 0 ? NULL : QV_NONE;
}

// ---- masks and waiting --------------------------------------------------------------------------

static int set_from(QvInterp *qi, QvObj *iterable, sigset_t *ret)
{
    sigemptyset(ret);
    QvObj *it = qv_iter(qi, iterable);
    if (!it) {
        return -1;
    }
    for (QvObj *item; (item = qv_next(qi, it)) != NULL;) {
        QvObj *number = qv_index(qi, item);
        int64_t sig = 0;
        qv_decref(qi, item);
        if (!number) {
            break;
        }
        if (!qv_int_as_i64(number, &sig)) {
            sig = -1;
        }
        qv_decref(qi, number);
        if (sig < 1 || sig >= QV_NSIG) {
            qv_raise(qi, &qv_exc_ValueError, "signal number %lld out of range [1; %d]",
                     (long long)sig, QV_NSIG - 1);
            break;
        }
        sigaddset(ret, (int)sig); // glibc refuses its own two: they stay out
    }
    qv_decref(qi, it);
    return qv_err_occurred(qi) ? -1 : 0;
}

static QvObj *set_to(QvInterp *qi, const sigset_t *set)
{
    QvObj *ret = qv_set_new(qi, NULL);
    for (int sig = 1; ret && sig < QV_NSIG; sig++) {
        if (sigismember(set, sig) != 1) {
            continue;
        }
        QvObj *number = qv_int_from_i64(qi, sig);
        if (!number || qv_set_add(qi, ret, number) < 0) {
            qv_clear(qi, &ret);
        }
        qv_xdecref(qi, number);
    }
    return ret;
}

static QvObj *thread_mask(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int how = 0;
    sigset_t set, before;
    if (qv_index_int(qi, a[0], &how) < 0 || set_from(qi, a[1], &set) < 0) {
        return NULL;
    }
    errno = pthread_sigmask(how, &set, &before);
    if (errno) {
        return os_error(qi);
    }
    return check(qi) < 0 ? NULL : set_to(qi, &before); // what was held back may have come now
}

static QvObj *pending(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    sigset_t set;
    return sigpending(&set) < 0 ? os_error(qi) : set_to(qi, &set);
}

static QvObj *valid_signals(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    sigset_t set;
    return sigfillset(&set) < 0 ? os_error(qi) : set_to(qi, &set);
}

// Takes a signal of the set. A signalfd tells when one has come; they are held back from handlers
// meanwhile, as sigwaitinfo() does it.
typedef struct SignalCall {
    QvBlocking b;
    struct pollfd fds[2];
    const sigset_t *set;
    siginfo_t *info;
    int result, err;
} SignalCall;

static bool attempt_signal(QvBlocking *b)
{
    SignalCall *c = (SignalCall *)b;
    c->result = sigtimedwait(c->set, c->info, &(struct timespec){0});
    c->err = errno;
    return c->result >= 0 || (c->err != EAGAIN && c->err != EINTR);
}

// 1, 0 when the deadline has passed, -1 with an exception.
static int wait_signal(QvInterp *qi, const sigset_t *set, int64_t deadline, siginfo_t *ret)
{
    SignalCall c = {
        .b = {.attempt = attempt_signal, .deadline = deadline}, .set = set, .info = ret};
    int fd = signalfd(-1, set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) {
        os_error(qi);
        return -1;
    }
    sigset_t before;
    pthread_sigmask(SIG_BLOCK, set, &before);
    c.fds[0] = (struct pollfd){.fd = fd, .events = POLLIN};
    c.b.fds = c.fds;
    c.b.n = 1;
    int got = qv_block(qi, &c.b);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    close(fd);
    if (got > 0 && c.result < 0) {
        errno = c.err;
        os_error(qi);
        return -1;
    }
    return got;
}

static QvObj *wait_any(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    sigset_t set;
    if (set_from(qi, a[0], &set) < 0) {
        return NULL;
    }
    siginfo_t info;
    int got = wait_signal(qi, &set, QV_NEVER, &info);
    return got < 0 ? NULL : qv_int_from_i64(qi, info.si_signo);
}

static QvObj *info_from(QvInterp *qi, QvObj *m, const siginfo_t *si)
{
    QvObj *values[] = {qv_int_from_i64(qi, si->si_signo), qv_int_from_i64(qi, si->si_code),
                       qv_int_from_i64(qi, si->si_errno), qv_int_from_i64(qi, si->si_pid),
                       qv_int_from_i64(qi, si->si_uid),   qv_int_from_i64(qi, si->si_status),
                       qv_int_from_i64(qi, si->si_band)};
    return qv_structseq_new(qi, state_of(m)->siginfo, values);
}

// deadline QV_NEVER: none. None when it has passed.
static QvObj *wait_info(QvInterp *qi, QvObj *m, QvObj *signals, int64_t deadline)
{
    sigset_t set;
    siginfo_t info;
    if (set_from(qi, signals, &set) < 0) {
        return NULL;
    }
    int got = wait_signal(qi, &set, deadline, &info);
    return got < 0 ? NULL : got > 0 ? info_from(qi, m, &info) : QV_NONE;
}

static QvObj *sig_waitinfo(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return wait_info(qi, m, a[0], QV_NEVER);
}

// Seconds as an int or a float, in ns, up to the far future. 0/-1.
static int seconds_arg(QvInterp *qi, QvObj *o, double *ret)
{
    if (!qv_is_instance_of(o, &qv_float_type)) {
        QvObj *n = qv_index(qi, o);
        int status = n ? qv_as_double(qi, n, ret) : -1;
        qv_xdecref(qi, n);
        return status;
    }
    *ret = qv_float_value(o);
    return isnan(*ret) ? qv_raise_int(qi, &qv_exc_ValueError, "Invalid value NaN (not a number)")
                       : 0;
}

static QvObj *sig_timedwait(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    double seconds = 0;
    if (seconds_arg(qi, a[1], &seconds) < 0) {
        return NULL;
    }
    if (seconds < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "timeout must be non-negative");
    }
    if (seconds > 9e9) {
        return qv_raise(qi, &qv_exc_OverflowError, "timestamp too large to convert to C _PyTime_t");
    }
    return wait_info(qi, m, a[0], qv_clock_add(qv_clock_monotonic(), (int64_t)ceil(seconds * 1e9)));
}

static QvObj *pause_until(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    // Comes back after a signal, or when there is something to look at.
    QvBlocking b = {.deadline = QV_NEVER};
    qv_poll_block(qi, &b);
    return qv_poll(qi) < 0 ? NULL : QV_NONE;
}

// ---- timers -------------------------------------------------------------------------------------

static QvObj *set_alarm(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int seconds = 0;
    return qv_index_int(qi, a[0], &seconds) < 0 ? NULL
                                                : qv_int_from_i64(qi, alarm((unsigned)seconds));
}

static int timeval_from(QvInterp *qi, QvObj *o, struct timeval *ret)
{
    double seconds = 0;
    if (o && seconds_arg(qi, o, &seconds) < 0) {
        return -1;
    }
    if (fabs(seconds) > 9.2e9) {
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "timestamp too large to convert to C _PyTime_t");
    }
    double whole = floor(seconds), micro = ceil((seconds - whole) * 1e6);
    bool carry = micro >= 1e6;
    ret->tv_sec = (time_t)whole + carry;
    ret->tv_usec = carry ? 0 : (suseconds_t)micro;
    return 0;
}

static QvObj *timer_tuple(QvInterp *qi, const struct itimerval *v)
{
    QvObj *delay = qv_float_new(qi, (double)v->it_value.tv_sec + (double)v->it_value.tv_usec / 1e6);
    QvObj *every =
        qv_float_new(qi, (double)v->it_interval.tv_sec + (double)v->it_interval.tv_usec / 1e6);
    QvObj *pair = delay && every ? qv_tuple_of(qi, 2, delay, every) : NULL;
    qv_xdecref(qi, delay);
    qv_xdecref(qi, every);
    return pair;
}

// ItimerError(errno, text).
static QvObj *timer_error(QvInterp *qi, QvObj *m)
{
    QvObj *number = qv_int_from_i64(qi, errno), *text = qv_str_new_cstr(qi, strerror(errno));
    QvObj *exc = number && text ? qv_call2(qi, state_of(m)->itimer_error, number, text) : NULL;
    qv_xdecref(qi, number);
    qv_xdecref(qi, text);
    return exc ? qv_raise_exc(qi, exc) : NULL;
}

// glibc names the timers by an enum, which is not to be made from any number.
static int timer_call(int which, const struct itimerval *v, struct itimerval *before)
{
    return (int)(v ? syscall(SYS_setitimer, which, v, before)
                   : syscall(SYS_getitimer, which, before));
}

static QvObj *set_timer(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int which = 0;
    struct itimerval v, before;
    if (qv_index_int(qi, a[0], &which) < 0 || timeval_from(qi, a[1], &v.it_value) < 0 ||
        timeval_from(qi, a[2], &v.it_interval) < 0) {
        return NULL;
    }
    return timer_call(which, &v, &before) < 0 ? timer_error(qi, m) : timer_tuple(qi, &before);
}

static QvObj *get_timer(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int which = 0;
    struct itimerval v;
    if (qv_index_int(qi, a[0], &which) < 0) {
        return NULL;
    }
    return timer_call(which, NULL, &v) < 0 ? timer_error(qi, m) : timer_tuple(qi, &v);
}

static QvObj *describe(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int sig = 0;
    if (signal_number(qi, a[0], &sig) < 0) {
        return NULL;
    }
    const char *text = sigdescr_np(sig);
    if (text) {
        return qv_str_new_cstr(qi, text);
    }
    return sig >= SIGRTMIN && sig <= SIGRTMAX
               ? qv_str_format(qi, "Real-time signal %d", sig - SIGRTMIN)
               : QV_NONE;
}

// ---- the module ---------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"alarm", set_alarm, "($module, seconds, /)",
     "Arrange for SIGALRM to arrive after the given number of seconds."},
    {"default_int_handler", default_int_handler, "($module, signalnum, frame, /)",
     "The default handler for SIGINT installed by Python.\n\nIt raises KeyboardInterrupt."},
    {"getitimer", get_timer, "($module, which, /)", "Returns current value of given itimer."},
    {"getsignal", get_handler, "($module, signalnum, /)",
     "Return the current action for the given signal: SIG_IGN, SIG_DFL, None for an unknown\n"
     "handler, or the callable Python object used as a handler."},
    {"pause", pause_until, "($module, /)", "Wait until a signal arrives."},
    {"pidfd_send_signal", pidfd_send_signal,
     "($module, pidfd, signalnum, siginfo=None, flags=0, /)",
     "Send a signal to a process referred to by a pid file descriptor."},
    {"pthread_kill", thread_kill, "($module, thread_id, signalnum, /)",
     "Send a signal to a thread."},
    {"pthread_sigmask", thread_mask, "($module, how, mask, /)",
     "Fetch and/or change the signal mask of the calling thread."},
    {"raise_signal", raise_signal, "($module, signalnum, /)",
     "Send a signal to the executing process."},
    {"set_wakeup_fd", set_wakeup_fd, "($module, fd, /, *, warn_on_full_buffer=True)",
     "Sets the fd to be written to (with the signal number) when a signal comes in.\n\nThe "
     "previous fd or -1 is returned. The fd must be non-blocking."},
    {"setitimer", set_timer, "($module, which, seconds, interval=0.0, /)",
     "Sets given itimer (one of ITIMER_REAL, ITIMER_VIRTUAL or ITIMER_PROF).\n\nReturns old "
     "values as a tuple: (delay, interval)."},
    {"siginterrupt", signal_interrupt, "($module, signalnum, flag, /)",
     "Change system call restart behaviour."},
    {"signal", set_handler, "($module, signalnum, handler, /)",
     "Set the action for the given signal.\n\nThe action can be SIG_DFL, SIG_IGN, or a callable "
     "Python object. The previous action is\nreturned. A handler is called with the signal number "
     "and the interrupted stack frame."},
    {"sigpending", pending, "($module, /)", "Examine pending signals: a set of signal numbers."},
    {"sigtimedwait", sig_timedwait, "($module, sigset, timeout, /)",
     "Like sigwaitinfo(), but with a timeout in seconds."},
    {"sigwait", wait_any, "($module, sigset, /)", "Wait for a signal of the set; its number."},
    {"sigwaitinfo", sig_waitinfo, "($module, sigset, /)",
     "Wait synchronously until one of the signals in *sigset* is delivered."},
    {"strsignal", describe, "($module, signalnum, /)",
     "Return the system description of the given signal."},
    {"valid_signals", valid_signals, "($module, /)",
     "Return a set of valid signal numbers on this platform."},
    {0},
};

static const struct {
    const char *name;
    int value;
} constants[] = {
    {"NSIG", QV_NSIG},
    {"SIG_DFL", 0},
    {"SIG_IGN", 1},
    {"SIG_BLOCK", SIG_BLOCK},
    {"SIG_UNBLOCK", SIG_UNBLOCK},
    {"SIG_SETMASK", SIG_SETMASK},
    {"ITIMER_REAL", ITIMER_REAL},
    {"ITIMER_VIRTUAL", ITIMER_VIRTUAL},
    {"ITIMER_PROF", ITIMER_PROF},
    {"SIGABRT", SIGABRT},
    {"SIGALRM", SIGALRM},
    {"SIGBUS", SIGBUS},
    {"SIGCHLD", SIGCHLD},
    {"SIGCLD", SIGCHLD},
    {"SIGCONT", SIGCONT},
    {"SIGFPE", SIGFPE},
    {"SIGHUP", SIGHUP},
    {"SIGILL", SIGILL},
    {"SIGINT", SIGINT},
    {"SIGIO", SIGIO},
    {"SIGIOT", SIGIOT},
    {"SIGKILL", SIGKILL},
    {"SIGPIPE", SIGPIPE},
    {"SIGPOLL", SIGPOLL},
    {"SIGPROF", SIGPROF},
    {"SIGPWR", SIGPWR},
    {"SIGQUIT", SIGQUIT},
    {"SIGSEGV", SIGSEGV},
    {"SIGSTKFLT", SIGSTKFLT},
    {"SIGSTOP", SIGSTOP},
    {"SIGSYS", SIGSYS},
    {"SIGTERM", SIGTERM},
    {"SIGTRAP", SIGTRAP},
    {"SIGTSTP", SIGTSTP},
    {"SIGTTIN", SIGTTIN},
    {"SIGTTOU", SIGTTOU},
    {"SIGURG", SIGURG},
    {"SIGUSR1", SIGUSR1},
    {"SIGUSR2", SIGUSR2},
    {"SIGVTALRM", SIGVTALRM},
    {"SIGWINCH", SIGWINCH},
    {"SIGXCPU", SIGXCPU},
    {"SIGXFSZ", SIGXFSZ},
};

static const QvStructSeqField siginfo_fields[] = {
    {"si_signo", "signal number"},
    {"si_code", "signal code"},
    {"si_errno", "errno associated with this signal"},
    {"si_pid", "sending process ID"},
    {"si_uid", "real user ID of sending process"},
    {"si_status", "exit value or signal"},
    {"si_band", "band event for SIGPOLL"},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    State *s = state_of(m);
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        if (qv_module_add_int(qi, m, constants[k].name, constants[k].value) < 0) {
            return -1;
        }
    }
    s->siginfo = qv_structseq_type(qi, "signal.struct_siginfo", siginfo_fields, 7);
    s->itimer_error =
        qv_type_new_exception(qi, "signal.itimer_error", (QvObj *)&qv_exc_OSError, NULL);
    if (!s->siginfo || !s->itimer_error || qv_module_add(qi, m, "struct_siginfo", s->siginfo) < 0 ||
        qv_module_add(qi, m, "ItimerError", s->itimer_error) < 0 ||
        qv_module_add_int(qi, m, "SIGRTMIN", SIGRTMIN) < 0 ||
        qv_module_add_int(qi, m, "SIGRTMAX", SIGRTMAX) < 0) {
        return -1;
    }
    return qv_instance_of(qi)->signals ? 0 : make_table(qi, m);
}

static void fini(QvInterp *qi, QvObj *m)
{
    qv_clear(qi, &state_of(m)->siginfo);
    qv_clear(qi, &state_of(m)->itimer_error);
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(state_of(m)->siginfo);
    QV_VISIT(state_of(m)->itimer_error);
    return 0;
}

const QvModuleDef qv_module__signal = {
    .name = "_signal",
    .doc = "This module provides mechanisms to use signal handlers in Python.",
    .functions = functions,
    .state_size = sizeof(State),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
