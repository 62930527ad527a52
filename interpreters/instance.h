// SPDX-License-Identifier: MIT
// The internal handle of an interpreter: QvInterp (its shape, used by lib/) and what surrounds it.
//
//   process (one)            qv_process: start-up state, table of live instances, id counters
//   mutex: REGISTRY
//     └─ QvInstance (many)   lock, thread records, state see fields
//          ├─ QvInterp       touched only by the thread that holds `lock` (poll: any thread)
//          └─ QvThreadRec    one for each OS thread that is inside, or idle for reuse mutex:
//          threads_mu
#ifndef QV_INTERPRETERS_INSTANCE_H
#define QV_INTERPRETERS_INSTANCE_H

#include "interpreters/lock.h"
#include "interpreters/quiver.h"
#include "object/interp.h"

typedef struct QvInstance QvInstance;

typedef struct QvThreadRec {
    QvThread ts;
    QvLockNode node;
    QvInstance *inst;
    uint32_t enters;   // nested enters by its OS thread
    uint32_t relocked; // bit n: nested enter n came from inside a blocking call and took the lock;
                       // its leave gives it back
    uint32_t host_depth;     // host functions that run in this thread; lock held
    uint32_t host_floor;     // `enters` where the innermost of them, or scope, began; lock held
    struct QvScopes *scopes; // open scopes of values (api_scope.c), kept for reuse; own thread only
    bool in_scope;           // values that are given out belong to the innermost; own thread only
    bool holds;              // its OS thread holds the lock now (own thread only)
    int64_t cpu_start;       // thread CPU time at the outermost enter; guarded by: threads_mu
    uint32_t wake;           // atomic: QvWake; what its OS thread sleeps on in wait.c
    uint32_t listens;        // atomic: it sleeps on its bell, or is about to (poll.c)
    uint32_t bell;           // atomic: the bell's descriptor + 1; 0: none yet
    QvInstance *callee; // atomic: the interpreter that its OS thread now runs in on behalf of this
                        // one, or NULL (wait.c)
    bool started;       // a script started its OS thread (threads.c); guarded by: threads_mu
    uint64_t thread;    // pthread_self() while it is inside, else 0; guarded by: threads_mu
    QvObj *sentinel;    // lock to release when that thread ends, or NULL; lock held
    // ---- limits and stop: lock held ----
    uint32_t life;       // number of the outermost call that it now serves
    uint32_t stops_seen; // quiver_stop calls before that call
    uint32_t swallowed;  // times that the call has caught the stop and gone on
    int64_t grace_end;   // monotonic ns: its handlers may run so long; 0: it has not been stopped
    // --------
    struct QvThreadRec *outer;     // next outer record of the same OS thread (thread-local chain)
    struct QvThreadRec *next;      // all records of the instance; guarded by: threads_mu
    struct QvThreadRec *next_idle; // guarded by: threads_mu
} QvThreadRec;

// Limits and stop (limit.c).
typedef struct QvLimits {
    QvMutex mu;
    uint64_t amount[QUIVER_LIMIT_OUTPUT + 1]; // by QuiverLimit; 0: none; guarded by: mu
    int64_t time_end;                         // monotonic ns, or QV_NEVER; guarded by: mu
    uint64_t cpu_end;     // ns used by its threads, or UINT64_MAX; guarded by: mu
    uint64_t output;      // atomic: bytes written since the limit was set
    uint32_t waiting;     // atomic: bits of budgets that count from the first run on
    uint32_t changed;     // atomic: bits of new amounts that no thread with the lock has taken over
    uint32_t count_cpu;   // atomic: cpu_end is set
    uint32_t exceeded;    // atomic: bits of limits that are exceeded, until they are set anew
    uint32_t stops;       // atomic: calls of quiver_stop
    int64_t grace;        // ns for handlers and finally blocks
    uint64_t fuel_from;   // what the interpreter's fuel began with; lock held, and guarded by: mu
    uint64_t fuel_before; // used of earlier amounts; the same
    // ---- what makers lend (lend.c); by QuiverLimit; guarded by: mu ----
    uint32_t epoch[QUIVER_LIMIT_OUTPUT + 1];    // times that it was set anew
    uint64_t returned[QUIVER_LIMIT_OUTPUT + 1]; // by children, and not taken over yet
    QvInstance *lender;                         // a handle; NULL: nothing was lent to this one
    uint64_t grant[QUIVER_LIMIT_OUTPUT + 1];    // that it was lent; 0: nothing
    uint32_t lender_epoch[QUIVER_LIMIT_OUTPUT + 1];
    int64_t time_cap; // monotonic ns: its time ends then at the latest; QV_NEVER
} QvLimits;

// What wakes an interpreter at a given time (timer.c); guarded by the timer's mutex.
typedef struct QvTimer {
    QvInstance *prev, *next; // armed ones
    int64_t at;              // monotonic ns; QV_NEVER: not armed; atomic
} QvTimer;

typedef enum QvInstanceState {
    QV_INST_ALIVE,
    QV_INST_EXITING, // somebody destroys it: exit functions run, the script's threads still do
    QV_INST_CLOSING, // nobody can enter
    QV_INST_DEAD     // the same, and nothing is in it: a reset found no memory
} QvInstanceState;

// Messages sent and received by an interpreter. Written under its lock, read by any thread
// (atomic).
typedef struct QvTraffic {
    uint64_t messages_sent, bytes_sent, messages_received, bytes_received;
} QvTraffic;

// The error of a thread's last API call, as C strings.
typedef struct QvErrorText {
    QuiverError view;
    char *type, *message, *traceback; // malloc'ed
    QvObj *exc;     // the exception, when the call came from inside a host function; lock held
    uint64_t os_id; // pthread_self() of the thread
    struct QvErrorText *next; // guarded by: threads_mu
} QvErrorText;

struct QvInstance {
    QvLock lock;
    QvMutex threads_mu;
    QvCond threads_cond;  // signalled when a thread leaves
    QvThreadRec *records; // guarded by: threads_mu
    QvThreadRec *idle;    // guarded by: threads_mu
    uint32_t inside;      // OS threads inside or waiting to enter; guarded by: threads_mu
    uint32_t state;       // QvInstanceState; guarded by: threads_mu
    uint32_t reserved; // threads that were started and are not inside yet; guarded by: threads_mu
    uint32_t interrupted;    // atomic: quiver_interrupt was called
    uint64_t cpu_ns;         // atomic
    QvHeapAway *payer;       // who pays for this struct: the maker's account, or NULL
    uint32_t handles;        // atomic: references that keep the struct (not the interpreter) alive
    QvInstance *prev, *next; // live table; guarded by: qv_process.mu
    QuiverConfig config;     // callbacks; strings are in `strings`
    struct QvCapture *captures[2]; // streams.c: of stdout and stderr, or NULL
    char *strings;                 // one block with all copied configuration strings and pointers
    QvTraffic traffic;             // atomic
    uint64_t family;      // atomic: 0: made by the host; else by a script: 1 + id of the host's
                          // interpreter that it descends from
    uint32_t has_family;  // atomic: 1: made by the host, and its script has made others
    uint32_t owners;      // atomic: Interpreter objects that name it (mod_interpreters.c)
    uint32_t running;     // atomic: 1 while _interpreters runs something in it
    uint32_t linked;      // atomic: 1: it ends with the last of them
    uint32_t orphan;      // atomic: 1: to be destroyed by the thread that now runs in it
    QvObj *host_sentinel; // threads.c: of the latest host thread that set one, or NULL; lock held
    uint64_t host_sentinel_of; // pthread_self() of that thread
    QvObj *starting; // threads.c: dict number -> what a started thread shall call, or NULL; lock
                     // held
    uint64_t last_start;    // last such number; lock held
    bool unwound;           // a thread was unwound past its handlers; lock held
    uint32_t nstarted;      // threads that scripts started and that have not ended; lock held
    uint32_t lives;         // outermost calls so far; lock held
    struct QvGate *held;    // locks of scripts that are taken (mod_thread.c); lock held
    struct QvLocal *locals; // thread-local objects (thread_local.c); lock held
    QvErrorText *errors;    // one for each thread whose last call failed; guarded by: threads_mu
    uint64_t error_lost;    // atomic: thread whose last error found no memory, or 0
    QvObj *main;            // module __main__, owned; NULL at the end
    // What the host adds (host_type.c, host_module.c); lock held.
    struct QvHostClass *host_classes; // classes of QuiverTypes, malloc'ed
    uint32_t nhost_classes, cap_host_classes;
    struct QvHostModule *host_modules; // one for each of config.modules, malloc'ed; fixed
    size_t nhost_modules;
    QvObj *host_sources;    // dict filename -> bytes of modules that the host has loaded, or NULL
    uint64_t signal_thread; // atomic: os_id of the main thread, where signals are handled; 0: not
                            // this one
    QvObj *signals;         // list: Python handler of each signal, or NULL: the module signal was
                            // not used; lock held (mod_signal.c)
    QvLimits limits;
    QvTimer timer;
    uint32_t forks; // times that this process is a fork's child since inst was made
    QvInterp qi;    // last: its end is large and mostly untouched
};

static inline QvInstance *qv_instance_of(QvInterp *qi)
{
    return (QvInstance *)((char *)qi - offsetof(QvInstance, qi));
}

// ---- process (process.c) ------------------------------------------------------------------------
int qv_process_start(void);            // once; 0/-1 no memory
void qv_process_add(QvInstance *inst); // gives it an id and an owner stamp
void qv_process_remove(QvInstance *inst);
QvInstance *qv_process_find(uint64_t id); // with a handle taken, or NULL
size_t qv_process_count(void);
uint64_t qv_process_live_bytes(void);
// Up to max interpreters of a family (the field) with ids beyond `after`, oldest first, each with a
// handle taken. How many.
size_t qv_process_family(uint64_t family, uint64_t after, QvInstance **ret, size_t max);

// True when test is for one of the live ones. Under the registry's mutex.
bool qv_process_any(bool (*test)(QvInstance *inst, void *ctx), void *ctx);
size_t qv_process_list(uint64_t *ids, size_t max); // ids of live ones in order of creation; returns
                                                   // how many there are

// ---- life (lifecycle.c) -------------------------------------------------------------------------
QvInstance *qv_instance_new(const QuiverConfig *config); // NULL no memory
// For tests: allocation fail_in of its heap fails (qv_heap_fail_at).
QvInstance *qv_instance_new_failing(const QuiverConfig *config, int64_t fail_in, bool once);
int qv_instance_free(QvInstance *inst);    // -1: called from inside; 1: ended, output was lost
int qv_instance_reset(QvInstance *inst);   // the same, and then it is as new; -1: no memory, too
void qv_instance_retain(QvInstance *inst); // handle count: the memory, not the life
void qv_instance_release(QvInstance *inst);

// ---- threads (attach.c) -------------------------------------------------------------------------
int qv_attach(QvInstance *inst); // enter; nests. 0/-1 (closing, no memory)
// The same in a thread that a script starts, with a record that was reserved when it was started:
// only an interpreter that ends turns it away (and keeps the record). reserve: NULL no memory,
// which is raised; unreserve: the thread could not be started.
QvThreadRec *qv_attach_reserve(QvInstance *inst);
void qv_attach_unreserve(QvInstance *inst, QvThreadRec *rec);
int qv_attach_started(QvInstance *inst, QvThreadRec *reserved);
void qv_detach(QvInstance *inst);
// Are threads of the host inside, besides the one that holds the lock?
bool qv_attach_hosts_inside(QvInstance *inst);
QvThreadRec *qv_attached_record(const QvInstance *inst); // of this OS thread, or NULL
QvInstance *qv_attached_instance(void);                  // innermost of this OS thread, or NULL
QV_BLOCKS void qv_attach_unlock(QvInterp *qi);           // hooks: around blocking calls
QV_BLOCKS void qv_attach_lock(QvInterp *qi);
// After the lock was had again: raises the poll bits of what waits for this very thread, which
// another one may have cleared.
void qv_attach_notice(QvInterp *qi);
QV_BLOCKS void qv_attach_pause(QvInterp *qi); // hook: after a short call with the lock
int qv_attach_init(QvInstance *inst);         // first record, for the creating thread, not entered
void qv_attach_fini(QvInstance *inst);        // frees all records; nobody is inside

// ---- waiting (wait.c) ---------------------------------------------------------------------------
// A thread that waits for another one (channel, join) arms its record's word, makes the word known
// to whoever shall wake it, and sleeps. Exactly one of waker, interrupt and deadline wins the word;
// the protocol is drawn in wait.c.
typedef enum QvWake {
    QV_WAKE_ARMED,
    QV_WAKE_DONE,
    QV_WAKE_INTERRUPTED,
    QV_WAKE_TIMEOUT,
    QV_WAKE_IDLE,
    QV_WAKE_ASLEEP // armed, and it has to be woken
} QvWake;

uint32_t *qv_wait_arm(QvInterp *qi);
// Sleeps until woken, interrupted, or the deadline (monotonic ns, QV_NEVER) has passed. The
// interpreter's lock is released meanwhile. spin: rounds to look before sleeping. INTERRUPTED: call
// qv_poll once the word is nobody's any more.
QV_BLOCKS QvWake qv_wait_sleep(QvInterp *qi, uint32_t *word, int64_t deadline, uint32_t spin);
void qv_wait_disarm(uint32_t *word);
// Until when (ns) the waits of a thread that is being stopped may go on, since one of its handlers
// waits; 0: it is not being stopped. Lock held.
int64_t qv_wait_grace(QvInstance *inst, QvThreadRec *rec);
// Shall a thread that waits come back and look at the poll flag? graced: what qv_wait_grace gave.
bool qv_wait_is_over(QvInstance *inst, const QvThreadRec *rec, int64_t graced);
// The same for a thread that is inside no interpreter, with a word of its own: nothing interrupts
// it.
uint32_t *qv_wait_arm_word(uint32_t *word);
QvWake qv_wait_sleep_word(uint32_t *word, int64_t deadline, uint32_t spin);
// Only sleeps: until the deadline or an interrupt. The hook `sleep`.
QV_BLOCKS void qv_wait_deadline(QvInterp *qi, int64_t deadline);
// For the waker: true when the sleeper is now its own to wake: then, at once or later, qv_wake on
// *ret_asleep (by address only), which is NULL where nobody has fallen asleep yet, or claimed.
bool qv_wake_claim(uint32_t *word, uint32_t **ret_asleep);
void qv_wake(uint32_t *asleep); // NULL: nothing
// Both: true when it was still there.
bool qv_wake_now(uint32_t *word);
bool qv_wake_interrupt(uint32_t *word); // as an interrupt
bool qv_wait_is_armed(const uint32_t *word);
// May a thread that holds the lock look for a while for what another one brings? Not when somebody
// waits for the lock or there is something else to do.
static inline bool qv_wait_may_spin(QvInterp *qi)
{
    return qv_atomic_load_relaxed_u32(&qv_instance_of(qi)->lock.state) != 2 &&
           qv_atomic_load_relaxed_u32(&qi->poll) == 0;
}
// Around running code of another interpreter on this thread: an interrupt of qi then reaches that
// one, too. Lock of qi held; the caller has a handle of the callee. leave gives back what enter
// gave.
QvInstance *qv_wait_enter_callee(QvInterp *qi, QvInstance *callee);
void qv_wait_leave_callee(QvInterp *qi, QvInstance *before);
// Wakes all threads of the interpreter that sleep in qv_wait_sleep, and passes the interrupt on
// where they run in another one. Any thread, also a signal handler.
void qv_wait_interrupt(QvInstance *inst);
void qv_wait_stop(QvInstance *inst); // the same for quiver_stop
// Only wakes its sleepers, which then look at the poll flag. The same.
void qv_wait_wake_all(QvInstance *inst);

// ---- waiting for descriptors (poll.c) -----------------------------------------------------------
// The hooks of object/blocking.h.
struct QvBlocking;
struct QvRow;
QV_BLOCKS int qv_poll_block(QvInterp *qi, struct QvBlocking *b);
bool qv_bell_is(QvInterp *qi, int fd, bool give_up);
QV_BLOCKS int qv_row_sleep(QvInterp *qi, struct QvRow *row, int64_t deadline);
void qv_row_rouse(QvInterp *qi, struct QvRow *row);
void qv_bell_ring(QvThreadRec *rec);  // wakes it where it sleeps; any thread, also a signal handler
void qv_bell_close(QvThreadRec *rec); // nobody rings it any more

// ---- deadlocks (deadlock.c) ---------------------------------------------------------------------
typedef enum QvDeadlockMode {
    QV_DEADLOCK_IGNORE,
    QV_DEADLOCK_REPORT,
    QV_DEADLOCK_RAISE
} QvDeadlockMode;

// A wait without a deadline that only another thread of some interpreter can end. On the stack.
typedef struct QvBlocked {
    struct QvBlocked *prev, *next; // guarded by: the watch's mutex, like all but `what`, `channel`
    const QvThread *ts;
    uint32_t *word;
    uint64_t thread, interpreter;
    bool channel; // it is told about a deadlock; else it is only part of it
    bool found;
    char what[160]; // "receives from channel 3": for the report
    // Not NULL: true while somebody who is in no interpreter could end the wait. Takes locks of
    // channels.
    bool (*others_may_serve)(const void *channels, size_t n);
    const void *channels; // its arguments
    size_t nchannels;
} QvBlocked;

// For all threads of the process. By default they are ignored, and nobody need call the functions
// below.
QvDeadlockMode qv_deadlock_mode(void);
void qv_deadlock_set(QvDeadlockMode mode); // the calling thread has to be part of what is found
// Threads (or what C threads hold) come or go that may serve who waits, besides those inside.
void qv_deadlock_others(int by);
// Around a sleep on the armed word; channel and what are set. Lock of qi held. leave: true when a
// deadlock was found and this wait is to fail.
void qv_blocked_enter(QvInterp *qi, QvBlocked *b, const uint32_t *word);
bool qv_blocked_leave(QvBlocked *b);
void qv_deadlock_look(void); // a thread has ended
void qv_deadlock_fork(bool before, bool child);

// ---- safepoint (safepoint.c) --------------------------------------------------------------------
int qv_safepoint(QvInterp *qi, uint32_t reasons);

// ---- errors (api_error.c) -----------------------------------------------------------------------
// All with the lock held.
void qv_error_capture(QvInstance *inst); // pending exception -> this thread's text; cleared
void qv_error_forget(QvInstance *inst);  // this thread's text
void qv_error_forget_all(QvInstance *inst);
QvErrorText *qv_error_take(QvInstance *inst);         // unlinked: now the caller's; NULL: none
void qv_error_put(QvInstance *inst, QvErrorText *e);  // as this thread's, which has none
void qv_error_drop(QvInstance *inst, QvErrorText *e); // frees it; NULL is fine

// ---- the end of a program (uncaught.c) ----------------------------------------------------------
// Tells people of the pending exception as CPython's command does: through sys.excepthook, or for
// SystemExit by its text. The exception stays pending; it is another one when the hook itself ends
// the program.
QV_RUNS void qv_uncaught(QvInterp *qi);

#endif
