// SPDX-License-Identifier: MIT
// Signals: from the C handler to the main thread of the main interpreter.
#ifndef QV_INTERPRETERS_SIGNALS_H
#define QV_INTERPRETERS_SIGNALS_H

#include <signal.h>

#include "interpreters/instance.h"

#define QV_NSIG 65 // signals 1 to 64

// What a signal does, as Python sees it. Stands in inst->signals as an object; these are the C
// dispositions behind it.
typedef enum QvSignalKind { QV_SIGNAL_DEFAULT, QV_SIGNAL_IGNORE, QV_SIGNAL_HANDLE } QvSignalKind;

// Makes inst, which the calling thread has entered, the main interpreter, and that thread the main
// one. SIGINT is handled (unless it is ignored), SIGPIPE and SIGXFSZ are ignored. Nothing happens
// when there is a main interpreter already.
void qv_signals_begin(QvInstance *inst);
// Gives all dispositions back as they were before. Nothing for others than the main interpreter.
void qv_signals_end(QvInstance *inst);
// In the child of a fork: the calling thread is the main thread now.
void qv_signals_after_fork(QvInstance *inst);

bool qv_signals_is_main(const QvInstance *inst);
bool qv_signals_anybody(void); // there is a main interpreter
// This thread (lock held) may handle signals: main thread of the main interpreter.
bool qv_signals_here(QvInterp *qi);
// A handler is due. The main thread sets its poll flag after it has taken the lock.
bool qv_signals_pending(void);

// Sets the disposition. 0, or -1 with errno.
int qv_signals_set(int sig, QvSignalKind kind);
// SIGINT's Python handler is the one that raises KeyboardInterrupt: then it also stops what the
// main thread runs in other interpreters.
void qv_signals_set_plain_interrupt(bool plain);
// Threads of inst may be sent a signal without effect that ends a system call: signals are ours.
bool qv_signals_expected(void); // some signal other than SIGINT has a handler of a script
bool qv_signals_nudges(QvInstance *inst);
// Sends it to a thread (pthread_self()) that has not ended.
void qv_signals_nudge(uint64_t thread);
// As if the signal had come (async-signal-safe).
void qv_signals_trip(int sig);
// The descriptor that gets a byte for each signal, -1: none; the one before. warn: tell when it is
// full.
int qv_signals_set_wakeup(int fd, bool warn);

// Runs the Python handlers that are due. Main thread, lock held. 0 or -1 with an exception.
QV_RUNS int qv_signals_run(QvInterp *qi);

// ---- mod_faulthandler.c ----
// Takes its handlers away, so that those from before them stand again.
void qv_faults_end(QvInstance *inst);
// ---- mod_signal.c ----
// Calls what the module signal has set for sig. 0 or -1.
QV_RUNS int qv_signal_dispatch(QvInterp *qi, int sig);
// Its Python handler is neither SIG_DFL nor SIG_IGN.
bool qv_signal_is_handled(QvInterp *qi, int sig);

#endif
