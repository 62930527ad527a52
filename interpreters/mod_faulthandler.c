// SPDX-License-Identifier: MIT
// The module faulthandler: tracebacks when the program crashes, hangs, or is sent a signal.
//
//   qv_faults (one)        handlers of signals: who set them (the main interpreter alone, signals
//                          are the process's), where to write. Handlers read it; it is written
//                          with that interpreter's lock held, while the handler is not in place
//   module state (many)    the file objects, so that their descriptors stay open · the watchdog, a
//                          thread that waits for its deadline and never takes the interpreter's
//                          lock: what it is to tell about may be a thread that keeps it
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sync.h"
#include "interpreters/fault_text.h"
#include "interpreters/signals.h"
#include "modules/modules.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/module.h"
#include "object/native.h"
#include "object/protocol.h"

#define ALT_STACK ((size_t)64 << 10) // bytes: a crash may be that the stack is full

typedef struct Fatal {
    int sig;
    const char *name;
} Fatal;

static const Fatal fatals[] = {
    {SIGBUS, "Bus error"}, {SIGILL, "Illegal instruction"}, {SIGFPE, "Floating point exception"},
    {SIGABRT, "Aborted"},  {SIGSEGV, "Segmentation fault"}, // last: the most likely one to come
                                                            // while others are set
};
enum { NFATALS = sizeof fatals / sizeof *fatals };

typedef struct UserSignal {
    bool on, all_threads, chain;
    int fd;
    struct sigaction before;
} UserSignal;

typedef struct QvFaults {
    void *inst; // atomic: QvInstance, the main interpreter, once a handler was asked for, or NULL
    bool on;    // handlers of crashes
    bool all_threads;
    int fd;
    struct sigaction before[NFATALS];
    UserSignal user[QV_NSIG];
    stack_t stack, stack_before;
} QvFaults;

static QvFaults qv_faults;

// A thread that writes when time is over.
typedef struct Watchdog {
    QvInstance *inst;
    QvMutex mu;
    QvCond cond;
    bool cancelled; // guarded by: mu
    bool repeat, leave;
    int fd;
    int64_t period; // ns
    pid_t pid;      // of the process that has the thread
    char header[64];
    QvOsThread thread;
} Watchdog;

typedef struct State {
    QvObj *file;               // of enable()
    QvObj *later_file;         // of dump_traceback_later()
    QvObj *user_file[QV_NSIG]; // of register()
    Watchdog *watchdog;
} State;

static State *state_of(QvObj *m) { return qv_module_state(m); }

// ---- handlers -----------------------------------------------------------------------------------

static void dump(int fd, QvInstance *inst, bool all_threads)
{
    const QvThreadRec *rec = qv_attached_record(inst);
    if (all_threads) {
        qv_fault_threads(fd, inst, rec ? &rec->ts : NULL);
    } else if (rec) {
        qv_fault_stack(fd, &rec->ts);
    }
}

static void on_fatal(int sig)
{
    int err = errno;
    int k = 0;
    while (k < NFATALS - 1 && fatals[k].sig != sig) {
        k++;
    }
    sigaction(sig, &qv_faults.before[k], NULL); // a crash in here is the last one
    int fd = qv_faults.fd;
    qv_fault_puts(fd, "Fatal Python error: ");
    qv_fault_puts(fd, fatals[k].name);
    qv_fault_puts(fd, "\n\n");
    QvInstance *inst = qv_attached_instance(); // where it crashed
    dump(fd, inst ? inst : qv_atomic_load_ptr(&qv_faults.inst), qv_faults.all_threads);
    errno = err;
    raise(sig);
}

static void on_user(int sig);

static int catch_user(int sig, struct sigaction *before)
{
    struct sigaction sa = {.sa_handler = on_user};
    sigemptyset(&sa.sa_mask);
    // With chain, the handler raises the signal anew for the one before it.
    sa.sa_flags = SA_RESTART | SA_ONSTACK | (qv_faults.user[sig].chain ? SA_NODEFER : 0);
    return sigaction(sig, &sa, before);
}

static void on_user(int sig)
{
    UserSignal *user = &qv_faults.user[sig];
    if (!user->on) {
        return;
    }
    int err = errno;
    QvInstance *inst = qv_atomic_load_ptr(&qv_faults.inst);
    if (inst) {
        dump(user->fd, inst, user->all_threads);
    }
    if (user->chain) {
        sigaction(sig, &user->before, NULL);
        errno = err;
        raise(sig);
        err = errno;
        catch_user(sig, NULL);
    }
    errno = err;
}

// ---- arguments ----------------------------------------------------------------------------------

// The descriptor of file (missing or None: sys.stderr), and what keeps it open (new reference; None
// for a number). 0/-1
static int descriptor(QvInterp *qi, QvObj *file, int *ret_fd, QvObj **ret_file)
{
    if (!file || file == QV_NONE) {
        file = qv_sys_peek(qi, QV_N(stderr));
        if (!file) {
            return qv_raise_int(qi, &qv_exc_RuntimeError, "unable to get sys.stderr");
        }
        if (file == QV_NONE) {
            return qv_raise_int(qi, &qv_exc_RuntimeError, "sys.stderr is None");
        }
    } else if (qv_is_int(file)) {
        if (qv_index_int(qi, file, ret_fd) < 0) {
            return -1;
        }
        *ret_file = QV_NONE;
        return *ret_fd < 0
                   ? qv_raise_int(qi, &qv_exc_ValueError, "file is not a valid file descripter")
                   : 0;
    }
    qv_incref(qi, file);
    QvObj *number = qv_call_method0(qi, file, QV_N(fileno));
    int status = number ? 0 : -1;
    if (number && (!qv_is_int(number) || qv_index_int(qi, number, ret_fd) < 0 || *ret_fd < 0)) {
        qv_err_clear(qi);
        status =
            qv_raise_int(qi, &qv_exc_RuntimeError, "file.fileno() is not a valid file descriptor");
    }
    qv_xdecref(qi, number);
    if (status < 0) {
        qv_decref(qi, file);
        return -1;
    }
    QvObj *flushed = qv_call_method0(qi, file, QV_N(flush));
    qv_xdecref(qi, flushed);
    if (!flushed) {
        qv_err_clear(qi);
    }
    *ret_file = file;
    return 0;
}

static int flag(QvInterp *qi, QvObj *o, bool dflt, bool *ret)
{
    int value = dflt;
    if (o && qv_index_int(qi, o, &value) < 0) {
        return -1;
    }
    *ret = value != 0;
    return 0;
}

static int need_main(QvInterp *qi)
{
    return qv_signals_is_main(qv_instance_of(qi))
               ? 0
               : qv_raise_int(qi, &qv_exc_RuntimeError,
                              "faulthandler handles signals in the main interpreter only");
}

static bool is_of(const QvInstance *inst) { return qv_atomic_load_ptr(&qv_faults.inst) == inst; }

static bool mine(QvInterp *qi) { return is_of(qv_instance_of(qi)); }

// ---- enable, disable ----------------------------------------------------------------------------

static bool disable(void)
{
    bool was = qv_faults.on;
    for (int k = 0; was && k < NFATALS; k++) {
        sigaction(fatals[k].sig, &qv_faults.before[k], NULL);
    }
    qv_faults.on = false;
    return was;
}

static void free_stack(void)
{
    if (!qv_faults.stack.ss_sp) {
        return;
    }
    stack_t now; // not if somebody has set another one
    if (sigaltstack(NULL, &now) == 0 && now.ss_sp == qv_faults.stack.ss_sp) {
        sigaltstack(&qv_faults.stack_before, NULL);
        free(qv_faults.stack.ss_sp);
    }
    qv_faults.stack.ss_sp = NULL;
}

static void make_stack(void)
{
    if (!qv_faults.stack.ss_sp) {
        qv_faults.stack = (stack_t){.ss_sp = malloc(ALT_STACK), .ss_size = ALT_STACK};
        if (qv_faults.stack.ss_sp && sigaltstack(&qv_faults.stack, &qv_faults.stack_before) < 0) {
            free(qv_faults.stack.ss_sp);
            qv_faults.stack.ss_sp = NULL;
        }
    }
}

static QvObj *faults_enable(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int fd;
    bool all;
    QvObj *file;
    if (need_main(qi) < 0 || flag(qi, a[1], true, &all) < 0 ||
        descriptor(qi, a[0], &fd, &file) < 0) {
        return NULL;
    }
    qv_set_take(qi, &state_of(m)->file, file);
    qv_atomic_store_ptr(&qv_faults.inst, qv_instance_of(qi));
    qv_faults.fd = fd;
    qv_faults.all_threads = all;
    if (qv_faults.on) {
        return QV_NONE;
    }
    make_stack();
    for (int k = 0; k < NFATALS; k++) {
        struct sigaction sa = {.sa_handler = on_fatal, .sa_flags = SA_NODEFER | SA_ONSTACK};
        sigemptyset(&sa.sa_mask);
        if (sigaction(fatals[k].sig, &sa, &qv_faults.before[k]) < 0) {
            qv_raise_errno(qi, errno, NULL, NULL);
            while (--k >= 0) {
                sigaction(fatals[k].sig, &qv_faults.before[k], NULL);
            }
            return NULL;
        }
    }
    qv_faults.on = true;
    return QV_NONE;
}

static QvObj *faults_disable(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    bool was = mine(qi) && disable();
    qv_clear(qi, &state_of(m)->file);
    return qv_bool(was);
}

static QvObj *faults_is_enabled(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_bool(mine(qi) && qv_faults.on);
}

// ---- at once ------------------------------------------------------------------------------------

static QvObj *faults_dump(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int fd;
    bool all;
    QvObj *file;
    if (flag(qi, a[1], true, &all) < 0 || descriptor(qi, a[0], &fd, &file) < 0) {
        return NULL;
    }
    dump(fd, qv_instance_of(qi), all);
    qv_decref(qi, file);
    return qv_poll(qi) < 0 ? NULL : QV_NONE;
}

// ---- on a signal --------------------------------------------------------------------------------

static int signal_number(QvInterp *qi, QvObj *o, int *ret)
{
    if (qv_index_int(qi, o, ret) < 0) {
        return -1;
    }
    for (int k = 0; k < NFATALS; k++) {
        if (fatals[k].sig == *ret) {
            return qv_raise_int(qi, &qv_exc_RuntimeError,
                                "signal %d cannot be registered, use enable() instead", *ret);
        }
    }
    return *ret < 1 || *ret >= QV_NSIG
               ? qv_raise_int(qi, &qv_exc_ValueError, "signal number out of range")
               : 0;
}

static QvObj *faults_register(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int sig, fd;
    bool all, chain;
    QvObj *file;
    if (need_main(qi) < 0 || signal_number(qi, a[0], &sig) < 0 || flag(qi, a[2], true, &all) < 0 ||
        flag(qi, a[3], false, &chain) < 0 || descriptor(qi, a[1], &fd, &file) < 0) {
        return NULL;
    }
    UserSignal *user = &qv_faults.user[sig];
    qv_atomic_store_ptr(&qv_faults.inst, qv_instance_of(qi));
    user->chain = chain;
    struct sigaction before;
    if (!user->on) {
        make_stack();
        if (catch_user(sig, &before) < 0) {
            qv_decref(qi, file);
            return qv_raise_errno(qi, errno, NULL, NULL);
        }
        user->before = before;
    }
    user->fd = fd;
    user->all_threads = all;
    user->on = true;
    qv_set_take(qi, &state_of(m)->user_file[sig], file);
    return QV_NONE;
}

static bool unregister(int sig)
{
    bool was = qv_faults.user[sig].on;
    if (was) {
        sigaction(sig, &qv_faults.user[sig].before, NULL);
        qv_faults.user[sig].on = false;
    }
    return was;
}

static QvObj *faults_unregister(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int sig;
    if (signal_number(qi, a[0], &sig) < 0) {
        return NULL;
    }
    bool was = mine(qi) && unregister(sig);
    qv_clear(qi, &state_of(m)->user_file[sig]);
    return qv_bool(was);
}

// ---- after some time ----------------------------------------------------------------------------

static void *watch(void *arg)
{
    Watchdog *w = arg;
    int64_t deadline = qv_clock_add(qv_clock_monotonic(), w->period);
    qv_mutex_lock(&w->mu);
    while (!w->cancelled) {
        if (qv_clock_monotonic() < deadline) {
            qv_cond_wait(&w->cond, &w->mu, deadline);
            continue;
        }
        qv_fault_puts(w->fd, w->header);
        qv_fault_threads(w->fd, w->inst, NULL);
        if (w->leave) {
            _exit(1);
        }
        if (!w->repeat) {
            break;
        }
        // From now, not from when it was due: who cancels gets the mutex while this one waits,
        // which it would never do when writing takes longer than the period.
        deadline = qv_clock_add(qv_clock_monotonic(), w->period);
    }
    qv_mutex_unlock(&w->mu);
    return NULL;
}

static void cancel(State *st)
{
    Watchdog *w = st->watchdog;
    st->watchdog = NULL;
    if (!w) {
        return;
    }
    if (w->pid == getpid()) { // else: a fork's child, which has no such thread
        qv_mutex_lock(&w->mu);
        w->cancelled = true;
        qv_cond_signal(&w->cond);
        qv_mutex_unlock(&w->mu);
        qv_thread_join(&w->thread, NULL);
    }
    free(w);
}

static int period_of(QvInterp *qi, QvObj *o, int64_t *ret)
{
    if (qv_time_to_ns(qi, o, ret) < 0) {
        return -1;
    }
    return *ret <= 0 ? qv_raise_int(qi, &qv_exc_ValueError, "timeout must be greater than 0") : 0;
}

static void write_header(char *text, size_t size, int64_t ns)
{
    uint64_t us = (uint64_t)(ns + 999) / 1000, s = us / 1000000;
    us %= 1000000;
    char fraction[16] = "";
    if (us) {
        snprintf(fraction, sizeof fraction, ".%06u", (unsigned)us);
    }
    snprintf(text, size, "Timeout (%llu:%02u:%02u%s)!\n", (unsigned long long)(s / 3600),
             (unsigned)(s % 3600 / 60), (unsigned)(s % 60), fraction);
}

static QvObj *faults_later(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int64_t period;
    int fd;
    bool repeat, leave;
    QvObj *file;
    if (period_of(qi, a[0], &period) < 0 || flag(qi, a[1], false, &repeat) < 0 ||
        flag(qi, a[3], false, &leave) < 0 || (leave && need_main(qi) < 0) ||
        descriptor(qi, a[2], &fd, &file) < 0) {
        return NULL;
    }
    State *st = state_of(m);
    cancel(st);
    qv_set_take(qi, &st->later_file, file);
    Watchdog *w = malloc(sizeof *w);
    if (!w) {
        return qv_raise_oom(qi);
    }
    *w = (Watchdog){
        .inst = qv_instance_of(qi),
        .mu = QV_MUTEX_INIT(QV_RANK_LEAF),
        .repeat = repeat,
        .leave = leave,
        .fd = fd,
        .period = period,
        .pid = getpid(),
    };
    qv_cond_init(&w->cond);
    write_header(w->header, sizeof w->header, period);
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int err = qv_thread_start(watch, w, 0, &w->thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (err) {
        free(w);
        return qv_raise(qi, &qv_exc_RuntimeError, "unable to start watchdog thread");
    }
    st->watchdog = w;
    return QV_NONE;
}

static QvObj *faults_cancel(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    cancel(state_of(m));
    qv_clear(qi, &state_of(m)->later_file);
    return QV_NONE;
}

// ---- crashes for tests --------------------------------------------------------------------------

static QvObj *crash(QvInterp *qi, int sig)
{
    return need_main(qi) < 0 ? NULL
           : raise(sig) != 0 ? qv_raise_errno(qi, errno, NULL, NULL)
                             : QV_NONE;
}

static QvObj *faults_sigsegv(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    bool unlocked;
    if (flag(qi, a[0], false, &unlocked) < 0) {
        return NULL;
    }
    if (!unlocked) {
        return crash(qi, SIGSEGV);
    }
    if (need_main(qi) < 0) {
        return NULL;
    }
    qi->hooks.unlock(qi);
    raise(SIGSEGV);
    qi->hooks.lock(qi);
    return QV_NONE;
}

static QvObj *faults_sigabrt(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return crash(qi, SIGABRT);
}

static QvObj *faults_sigfpe(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return crash(qi, SIGFPE);
}

// ---- the module ---------------------------------------------------------------------------------

void qv_faults_end(QvInstance *inst)
{
    if (is_of(inst)) {
        disable();
        for (int sig = 1; sig < QV_NSIG; sig++) {
            unregister(sig);
        }
        free_stack();
        qv_atomic_store_ptr(&qv_faults.inst, NULL);
    }
}

static void fini(QvInterp *qi, QvObj *m)
{
    State *st = state_of(m);
    cancel(st);
    qv_faults_end(qv_instance_of(qi)); // imported and enabled by a late finalizer
    qv_clear(qi, &st->file);
    qv_clear(qi, &st->later_file);
    for (int sig = 1; sig < QV_NSIG; sig++) {
        qv_clear(qi, &st->user_file[sig]);
    }
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    State *st = state_of(m);
    QV_VISIT(st->file);
    QV_VISIT(st->later_file);
    for (int sig = 1; sig < QV_NSIG; sig++) {
        QV_VISIT(st->user_file[sig]);
    }
    return 0;
}

static const QvNativeDef functions[] = {
    {"enable", faults_enable, "($module, /, file=sys.stderr, all_threads=True)",
     "enable(file=sys.stderr, all_threads=True): enable the fault handler"},
    {"disable", faults_disable, "($module, /)", "disable(): disable the fault handler"},
    {"is_enabled", faults_is_enabled, "($module, /)",
     "is_enabled()->bool: check if the handler is enabled"},
    {"dump_traceback", faults_dump, "($module, /, file=sys.stderr, all_threads=True)",
     "dump_traceback(file=sys.stderr, all_threads=True): dump the traceback of the current thread, "
     "or of all threads if all_threads is True, into file"},
    {"dump_traceback_later", faults_later,
     "($module, /, timeout, repeat=False, file=sys.stderr, exit=False)",
     "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False):\ndump the "
     "traceback of all threads in timeout seconds,\nor each timeout seconds if repeat is True. If "
     "exit is True, call _exit(1) which is not safe."},
    {"cancel_dump_traceback_later", faults_cancel, "($module, /)",
     "cancel_dump_traceback_later():\ncancel the previous call to dump_traceback_later()."},
    {"register", faults_register,
     "($module, /, signum, file=sys.stderr, all_threads=True, chain=False)",
     "register(signum, file=sys.stderr, all_threads=True, chain=False): register a handler for the "
     "signal 'signum': dump the traceback of the current thread, or of all threads if all_threads "
     "is True, into file"},
    {"unregister", faults_unregister, "($module, signum, /)",
     "unregister(signum): unregister the handler of the signal 'signum' registered by register()"},
    {"_read_null", faults_sigsegv, "($module, release_gil=False, /)",
     "_read_null(): ends the program by SIGSEGV"},
    {"_sigsegv", faults_sigsegv, "($module, release_gil=False, /)",
     "_sigsegv(release_gil=False): raise a SIGSEGV signal"},
    {"_sigabrt", faults_sigabrt, "($module, /)", "_sigabrt(): raise a SIGABRT signal"},
    {"_sigfpe", faults_sigfpe, "($module, /)", "_sigfpe(): raise a SIGFPE signal"},
    {0},
};

const QvModuleDef qv_module_faulthandler = {
    .name = "faulthandler",
    .doc = "faulthandler module.",
    .functions = functions,
    .state_size = sizeof(State),
    .fini = fini,
    .traverse = traverse,
};
