// SPDX-License-Identifier: MIT
// Signals of the process, which one interpreter, the main one, handles in its main thread.
//
//   any thread, C handler     tripped[sig] = any = 1 · byte into the wake-up descriptor · poll flag
//                             of the main interpreter · wakes its sleepers · when this is not the
//                             main thread: an echo to that one, which ends its system call
//   main thread, safepoint    any = 0 · for each tripped signal: its Python handler
//
// Only the main thread answers. Another one that sees the poll bit clears it; the main thread sets
// it again when it takes the lock and `any` is set. Nothing in the handler allocates, locks or
// calls what is not async-signal-safe.
#include "interpreters/signals.h"

#include <errno.h>
#include <pthread.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "object/error.h"

typedef struct QvSignals {
    void *main;               // atomic: QvInstance that handles signals, or NULL
    uint64_t main_thread;     // atomic: pthread_self() of its main thread
    uint32_t main_tid;        // atomic: the same for the kernel
    uint32_t any;             // atomic: a signal waits for its Python handler
    uint32_t wakeup_fd;       // atomic: descriptor + 1; 0: none
    uint32_t wakeup_warn;     // atomic: tell when it is full
    uint32_t wakeup_errno;    // atomic: what the last write that failed said
    uint32_t plain;           // atomic: SIGINT raises KeyboardInterrupt
    uint32_t nudges;          // atomic: NUDGE has our handler
    uint8_t tripped[QV_NSIG]; // atomic
    uint8_t changed[QV_NSIG]; // before[sig] holds what was there; main thread
    struct sigaction before[QV_NSIG];
} QvSignals;

static QvSignals qv_signals;

#define NUDGE SIGURG // ignored by default; a handler of the script's own never hears of an echo

// ---- C handler ----------------------------------------------------------------------------------

// The mark of an echo: a signal that this process sent to its main thread only to end its system
// call.
static bool is_echo(const siginfo_t *info)
{
    return info && info->si_code == SI_QUEUE && info->si_value.sival_ptr == &qv_signals &&
           info->si_pid == getpid();
}

static void send_echo(int sig)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = sig;
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_ptr = &qv_signals;
    syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)qv_atomic_load_u32(&qv_signals.main_tid), sig,
            &info);
}

void qv_signals_trip(int sig)
{
    if (sig < 1 || sig >= QV_NSIG) {
        return;
    }
    qv_atomic_store_u8(&qv_signals.tripped[sig], 1);
    qv_atomic_store_u32(&qv_signals.any, 1);
    uint32_t fd = qv_atomic_load_u32(&qv_signals.wakeup_fd);
    if (fd) {
        unsigned char byte = (unsigned char)sig;
        ssize_t put;
        do {
            put = write((int)fd - 1, &byte, 1);
        } while (put < 0 && errno == EINTR);
        bool full = put < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
        if (put < 0 && (!full || qv_atomic_load_u32(&qv_signals.wakeup_warn))) {
            qv_atomic_store_u32(&qv_signals.wakeup_errno, (uint32_t)errno);
        }
    }
    QvInstance *inst = qv_atomic_load_ptr(&qv_signals.main);
    if (inst) {
        qv_poll_set(&inst->qi, QV_POLL_SIGNAL);
        if (sig == SIGINT && qv_atomic_load_u32(&qv_signals.plain)) {
            qv_wait_interrupt(inst);
        } else {
            qv_wait_wake_all(inst);
        }
    }
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
    (void)context;
    int err = errno;
    if (!is_echo(info)) {
        qv_signals_trip(sig);
        if (qv_atomic_load_ptr(&qv_signals.main) &&
            (uint64_t)pthread_self() != qv_atomic_load_u64(&qv_signals.main_thread)) {
            send_echo(sig);
        }
    }
    errno = err;
}

int qv_signals_set(int sig, QvSignalKind kind)
{
    struct sigaction sa, before;
    memset(&sa, 0, sizeof sa);
    sigemptyset(&sa.sa_mask);
    if (kind == QV_SIGNAL_HANDLE) {
        sa.sa_sigaction = on_signal;
        sa.sa_flags = SA_SIGINFO | SA_ONSTACK;
    } else {
        sa.sa_handler = kind == QV_SIGNAL_IGNORE ? SIG_IGN : SIG_DFL;
    }
    if (sigaction(sig, &sa, &before) < 0) {
        return -1;
    }
    if (!qv_signals.changed[sig]) {
        qv_signals.changed[sig] = 1;
        qv_signals.before[sig] = before;
    }
    return 0;
}

bool qv_signals_nudges(QvInstance *inst)
{
    // Only the main interpreter's end changes a disposition: by then the script's handlers have
    // run. Elsewhere a nudge needs the handler that stands.
    if (qv_signals_is_main(inst) && !qv_atomic_load_u32(&qv_signals.nudges) &&
        qv_signals_set(NUDGE, QV_SIGNAL_HANDLE) == 0) {
        qv_atomic_store_u32(&qv_signals.nudges, 1);
    }
    return qv_atomic_load_u32(&qv_signals.nudges);
}

void qv_signals_nudge(uint64_t thread)
{
    union sigval value = {.sival_ptr = &qv_signals};
    pthread_sigqueue((pthread_t)thread, NUDGE, value);
}

bool qv_signals_expected(void)
{
    for (int sig = 1; sig < QV_NSIG; sig++) {
        struct sigaction sa;
        if (sig != SIGINT && sig != NUDGE && sigaction(sig, NULL, &sa) == 0 &&
            (sa.sa_flags & SA_SIGINFO) && sa.sa_sigaction == on_signal) {
            return true;
        }
    }
    return false;
}

// ---- life ---------------------------------------------------------------------------------------

static void set_main_thread(QvInstance *inst)
{
    qv_atomic_store_u64(&inst->signal_thread, (uint64_t)pthread_self());
    qv_atomic_store_u64(&qv_signals.main_thread, inst->signal_thread);
    qv_atomic_store_u32(&qv_signals.main_tid, (uint32_t)gettid());
}

void qv_signals_begin(QvInstance *inst)
{
    void *none = NULL;
    if (!qv_atomic_cas_ptr(&qv_signals.main, &none, inst)) {
        return;
    }
    set_main_thread(inst);
    qv_atomic_store_u32(&qv_signals.plain, 1);
    struct sigaction now;
    // As CPython: what is not its default already was somebody's wish.
    if (sigaction(SIGINT, NULL, &now) == 0 && now.sa_handler == SIG_DFL) {
        qv_signals_set(SIGINT, QV_SIGNAL_HANDLE);
    }
    qv_signals_set(SIGPIPE, QV_SIGNAL_IGNORE);
    qv_signals_set(SIGXFSZ, QV_SIGNAL_IGNORE);
}

void qv_signals_end(QvInstance *inst)
{
    if (!qv_signals_is_main(inst)) {
        return;
    }
    for (int sig = 1; sig < QV_NSIG; sig++) {
        if (qv_signals.changed[sig]) {
            sigaction(sig, &qv_signals.before[sig], NULL);
            qv_signals.changed[sig] = 0;
        }
        qv_atomic_store_u8(&qv_signals.tripped[sig], 0);
    }
    qv_atomic_store_u32(&qv_signals.any, 0);
    qv_atomic_store_u32(&qv_signals.nudges, 0);
    qv_atomic_store_u32(&qv_signals.wakeup_fd, 0);
    qv_atomic_store_u64(&inst->signal_thread, 0);
    qv_atomic_store_ptr(&qv_signals.main, NULL);
}

void qv_signals_after_fork(QvInstance *inst)
{
    if (qv_signals_is_main(inst)) {
        set_main_thread(inst);
        for (int sig = 1; sig < QV_NSIG; sig++) { // they were the parent's
            qv_atomic_store_u8(&qv_signals.tripped[sig], 0);
        }
        qv_atomic_store_u32(&qv_signals.any, 0);
    } else {
        qv_atomic_store_ptr(&qv_signals.main, NULL); // its threads are gone
    }
}

bool qv_signals_is_main(const QvInstance *inst)
{
    return qv_atomic_load_ptr(&qv_signals.main) == inst;
}

bool qv_signals_anybody(void) { return qv_atomic_load_ptr(&qv_signals.main) != NULL; }

bool qv_signals_here(QvInterp *qi)
{
    QvInstance *inst = qv_instance_of(qi);
    return inst->signal_thread && inst->signal_thread == qi->ts->os_id;
}

bool qv_signals_pending(void) { return qv_atomic_load_u32(&qv_signals.any); }

void qv_signals_set_plain_interrupt(bool plain) { qv_atomic_store_u32(&qv_signals.plain, plain); }

int qv_signals_set_wakeup(int fd, bool warn)
{
    qv_atomic_store_u32(&qv_signals.wakeup_warn, warn);
    return (int)qv_atomic_exchange_u32(&qv_signals.wakeup_fd, (uint32_t)(fd + 1)) - 1;
}

// ---- Python handlers ----------------------------------------------------------------------------

static void tell_wakeup(QvInterp *qi)
{
    uint32_t err = qv_atomic_exchange_u32(&qv_signals.wakeup_errno, 0);
    if (err) {
        qv_raise_errno(qi, (int)err, NULL, NULL);
        qv_err_unraisable_as(qi, "Exception ignored when trying to write to the signal wakeup fd",
                             NULL);
    }
}

int qv_signals_run(QvInterp *qi)
{
    __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_SIGNAL, __ATOMIC_ACQ_REL);
    if (!qv_atomic_exchange_u32(&qv_signals.any, 0)) {
        return 0;
    }
    tell_wakeup(qi);
    for (int sig = 1; sig < QV_NSIG; sig++) {
        if (!qv_atomic_exchange_u8(&qv_signals.tripped[sig], 0)) {
            continue;
        }
        if (qv_signal_dispatch(qi, sig) < 0) {
            qv_atomic_store_u32(&qv_signals.any, 1); // the others' turn comes next
            qv_poll_set(qi, QV_POLL_SIGNAL);
            return -1;
        }
    }
    return 0;
}
