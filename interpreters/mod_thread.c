// SPDX-License-Identifier: MIT
// The module _thread: locks, thread start, thread-local objects (thread_local.c).
//
// A lock is only touched by threads that hold its interpreter's lock, so it needs no atomics:
// `locked`, and a row of sleepers. release() wakes the first sleeper, which tries again: a thread
// that runs may take the lock first (no convoy). Sleepers that wake in vain go back to the head of
// the row, and the next release gives the lock to them, locked as it is: a thread that holds the
// interpreter's lock whenever it does not hold this one would else starve them.
//
// Locks that are taken form a list, so that those of a thread that a stop has ended can be let go.
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "interpreters/limit.h"
#include "interpreters/signals.h"
#include "interpreters/threads.h"
#include "modules/modules.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/float.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "object/dict.h"
#include "object/type_ids.h"

#define TIMEOUT_MAX 9223372036.0
#define LOCK_SPIN   0 // rounds: the owner cannot let go while we hold the interpreter's lock
#define MIN_STACK   ((QvSsize)32768)

typedef struct Sleeper {
    struct Sleeper *prev, *next;
    uint32_t *word;
    bool queued;
    bool passed; // it has woken in vain
    bool given;  // the lock is its own
} Sleeper;

// What both kinds of lock have.
typedef struct QvGate {
    bool locked;
    bool kept; // its thread's life: see qv_thread_lock_keep
    bool is_rlock;
    uint32_t forks; // inst->forks when the row was last looked at: a fork's child has no sleepers
    uint32_t life;  // of the call that has taken it
    Sleeper *first, *last;
    struct QvGate *next_held, **link_held; // of inst->held; NULL: not in it
} Gate;

typedef struct Lock {
    QvObj h;
    Gate gate;
} Lock;

typedef struct RLock {
    QvObj h;
    Gate gate;
    uint64_t owner; // get_ident() of who has it, 0: nobody
    uint64_t count; // how often
} RLock;

typedef struct State {
    QvObj *error_hook_args; // type _ExceptHookArgs
    QvSsize stack_size;
} State;

static Lock *as_lock(QvObj *o) { return (Lock *)o; }
static RLock *as_rlock(QvObj *o) { return (RLock *)o; }
static State *state_of(QvObj *m) { return qv_module_state(m); }

// ---- gates --------------------------------------------------------------------------------------

static void forget_sleepers(QvInterp *qi, Gate *g)
{
    uint32_t forks = qv_instance_of(qi)->forks;
    if (g->forks != forks) {
        g->forks = forks;
        g->first = g->last = NULL;
    }
}

static void enqueue(Gate *g, Sleeper *s, bool at_head)
{
    s->queued = true;
    s->prev = at_head ? NULL : g->last;
    s->next = at_head ? g->first : NULL;
    *(s->prev ? &s->prev->next : &g->first) = s;
    *(s->next ? &s->next->prev : &g->last) = s;
}

static void dequeue(Gate *g, Sleeper *s)
{
    if (s->queued) {
        *(s->prev ? &s->prev->next : &g->first) = s->next;
        *(s->next ? &s->next->prev : &g->last) = s->prev;
        s->queued = false;
    }
}

#define EXIT_LOOK (20 * QV_NS_PER_MS) // between two looks whether anybody is left

// At the end of the script: no thread is left that could let go of a lock. (One that was stopped
// may have ended with it.) *ret_exiting: else that may come.
static bool nobody_left(QvInterp *qi, bool *ret_exiting)
{
    QvInstance *inst = qv_instance_of(qi);
    qv_mutex_lock(&inst->threads_mu);
    *ret_exiting = inst->state == QV_INST_EXITING;
    bool alone = *ret_exiting && inst->inside == 1 && inst->reserved == 0;
    qv_mutex_unlock(&inst->threads_mu);
    return alone || qi->finalizing;
}

static void unhold(Gate *g)
{
    if (g->link_held) {
        *g->link_held = g->next_held;
        if (g->next_held) {
            g->next_held->link_held = g->link_held;
        }
        g->link_held = NULL;
    }
}

// The running thread has taken it.
static void hold(QvInterp *qi, Gate *g)
{
    QvInstance *inst = qv_instance_of(qi);
    qv_assert(!g->link_held);
    g->locked = true;
    g->life = ((QvThreadRec *)qi->ts->owner)->life;
    g->next_held = inst->held;
    g->link_held = &inst->held;
    if (g->next_held) {
        g->next_held->link_held = &g->next_held;
    }
    inst->held = g;
}

// 1 taken, 0 not in time, -1 exception. deadline 0: do not wait.
static int gate_acquire(QvInterp *qi, Gate *g, int64_t deadline)
{
    bool again = false;
    while (g->locked) {
        if (deadline == 0) {
            return 0;
        }
        bool exiting = false;
        if (deadline == QV_NEVER && nobody_left(qi, &exiting)) {
            return qv_raise_int(qi, &qv_exc_RuntimeError,
                                "lock held by a thread that ended with the interpreter");
        }
        forget_sleepers(qi, g);
        Sleeper s = {.word = qv_wait_arm(qi), .passed = again};
        enqueue(g, &s, again);
        QvBlocked blocked;
        bool watched = deadline == QV_NEVER && qv_deadlock_mode() != QV_DEADLOCK_IGNORE;
        if (QV_UNLIKELY(watched)) {
            blocked = (QvBlocked){.what = "waits for a lock"};
            qv_blocked_enter(qi, &blocked, s.word);
        }
        int64_t until = exiting ? qv_clock_add(qv_clock_monotonic(), EXIT_LOOK) : deadline;
        QvWake wake = qv_wait_sleep(qi, s.word, until, LOCK_SPIN);
        if (QV_UNLIKELY(watched)) {
            qv_blocked_leave(&blocked);
        }
        dequeue(g, &s);
        qv_wait_disarm(s.word);
        if (s.given) {
            hold(qi, g);
            return 1;
        }
        again = true;
        if (wake == QV_WAKE_INTERRUPTED && qv_poll(qi) < 0) {
            return -1;
        }
        if (wake == QV_WAKE_TIMEOUT && g->locked && !exiting) {
            return 0;
        }
    }
    hold(qi, g);
    return 1;
}

static void gate_release(QvInterp *qi, Gate *g)
{
    unhold(g);
    g->locked = false;
    forget_sleepers(qi, g);
    for (Sleeper *s; (s = g->first) != NULL;) {
        uint32_t *asleep;
        dequeue(g, s);
        if (qv_wake_claim(s->word, &asleep)) {
            g->locked = s->given = s->passed;
            qv_wake(asleep);
            return;
        }
    }
}

// acquire(blocking=True, timeout=-1): the deadline. 0/-1.
static int acquire_args(QvInterp *qi, QvObj *blocking, QvObj *timeout, int64_t *ret_deadline)
{
    int wait = blocking ? qv_is_true(qi, blocking) : 1;
    int64_t ns = -QV_NS_PER_S;
    if (wait < 0 || (timeout && qv_time_to_ns(qi, timeout, &ns) < 0)) {
        return -1;
    }
    bool forever = ns == -QV_NS_PER_S;
    if (!wait && !forever) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "can't specify a timeout for a non-blocking call");
    }
    if (ns < 0 && !forever) {
        return qv_raise_int(qi, &qv_exc_ValueError, "timeout value must be positive");
    }
    if (ns > (int64_t)TIMEOUT_MAX * QV_NS_PER_S) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "timeout value is too large");
    }
    *ret_deadline = !wait || ns == 0 ? 0
                    : forever        ? QV_NEVER
                                     : qv_clock_add(qv_clock_monotonic(), ns);
    return 0;
}

// ---- lock ---------------------------------------------------------------------------------------

static QvObj *lock_acquire(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t deadline = 0;
    if (acquire_args(qi, args[0], args[1], &deadline) < 0) {
        return NULL;
    }
    int got = gate_acquire(qi, &as_lock(self)->gate, deadline);
    return got < 0 ? NULL : qv_bool(got);
}

static QvObj *lock_release(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    if (!as_lock(self)->gate.locked) {
        return qv_raise(qi, &qv_exc_RuntimeError, "release unlocked lock");
    }
    gate_release(qi, &as_lock(self)->gate);
    return QV_NONE;
}

void qv_thread_lock_release(QvInterp *qi, QvObj *lock)
{
    if (as_lock(lock)->gate.locked) {
        gate_release(qi, &as_lock(lock)->gate);
    }
}

void qv_thread_lock_keep(QvObj *lock) { as_lock(lock)->gate.kept = true; }

static QvObj *lock_locked(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    return qv_bool(as_lock(self)->gate.locked);
}

static QvObj *lock_reinit(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    unhold(&as_lock(self)->gate);
    as_lock(self)->gate = (Gate){0}; // the sleepers are in the parent process
    return QV_NONE;
}

static QvObj *lock_exit(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return lock_release(qi, self, args, nargs);
}

static QvObj *lock_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<%s %s object at %p>",
                         as_lock(o)->gate.locked ? "locked" : "unlocked", o->type->name, (void *)o);
}

static void lock_fini(QvInterp *qi, QvObj *o)
{
    (void)qi;
    unhold(&as_lock(o)->gate);
}

static const char acquire_doc[] =
    "acquire(blocking=True, timeout=-1) -> bool\n(acquire_lock() is an obsolete synonym)\n\nLock "
    "the lock.  Without argument, this blocks if the lock is already\nlocked (even by the same "
    "thread), waiting for another thread to release\nthe lock, and return True once the lock is "
    "acquired.\nWith an argument, this will only block if the argument is true,\nand the return "
    "value reflects whether the lock is acquired.\nThe blocking operation is interruptible.";
static const char release_doc[] =
    "release()\n(release_lock() is an obsolete synonym)\n\nRelease the lock, allowing another "
    "thread that is blocked waiting for\nthe lock to acquire the lock.  The lock must be in the "
    "locked state,\nbut it needn't be locked by the same thread that unlocks it.";
static const char locked_doc[] = "locked() -> bool\n(locked_lock() is an obsolete "
                                 "synonym)\n\nReturn whether the lock is in the locked state.";

static const QvNativeDef lock_methods[] = {
    {"acquire_lock", lock_acquire, "($self, /, blocking=True, timeout=-1)", acquire_doc},
    {"acquire", lock_acquire, "($self, /, blocking=True, timeout=-1)", acquire_doc},
    {"release_lock", lock_release, "($self, /)", release_doc},
    {"release", lock_release, "($self, /)", release_doc},
    {"locked_lock", lock_locked, "($self, /)", locked_doc},
    {"locked", lock_locked, "($self, /)", locked_doc},
    {"__enter__", lock_acquire, "($self, /, blocking=True, timeout=-1)", acquire_doc},
    {"__exit__", lock_exit, "($self, /, *args)", release_doc},
    {"_at_fork_reinit", lock_reinit, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_thread_lock_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_thread.lock",
    .id = QV_TID_thread_lock,
    .flags = QV_T_NO_NEW | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(Lock),
    .doc = "A lock object is a synchronization primitive.  To create a lock,\ncall "
           "threading.Lock().  Methods are:\n\nacquire() -- lock the lock, possibly blocking until "
           "it can be obtained\nrelease() -- unlock of the lock\nlocked() -- test whether the lock "
           "is currently locked\n\nA lock is not owned by the thread that locked it; another "
           "thread may\nunlock it.  A thread attempting to lock a lock that it has already "
           "locked\nwill block until another thread unlocks it.  Deadlocks may ensue.",
    .methods = lock_methods,
    .fini = lock_fini,
    .repr = lock_repr,
};

// ---- rlock --------------------------------------------------------------------------------------

static QvObj *rlock_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_rlock(o)->gate.is_rlock = true;
    }
    return o;
}

static void rlock_fini(QvInterp *qi, QvObj *o)
{
    (void)qi;
    unhold(&as_rlock(o)->gate);
}

static QvObj *rlock_acquire(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    RLock *l = as_rlock(self);
    int64_t deadline = 0;
    if (acquire_args(qi, args[0], args[1], &deadline) < 0) {
        return NULL;
    }
    uint64_t me = qi->ts->os_id;
    if (l->count && l->owner == me) {
        l->count++;
        return QV_TRUE;
    }
    int got = gate_acquire(qi, &l->gate, deadline);
    if (got > 0) {
        l->owner = me;
        l->count = 1;
    }
    return got < 0 ? NULL : qv_bool(got);
}

static QvObj *rlock_release(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    RLock *l = as_rlock(self);
    if (l->count == 0 || l->owner != qi->ts->os_id) {
        return qv_raise(qi, &qv_exc_RuntimeError, "cannot release un-acquired lock");
    }
    if (--l->count == 0) {
        l->owner = 0;
        gate_release(qi, &l->gate);
    }
    return QV_NONE;
}

static QvObj *rlock_exit(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return rlock_release(qi, self, args, nargs);
}

static QvObj *rlock_is_owned(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_bool(as_rlock(self)->count > 0 && as_rlock(self)->owner == qi->ts->os_id);
}

// For conditions: lets go altogether; the pair that gets it back as it was.
static QvObj *rlock_release_save(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    RLock *l = as_rlock(self);
    if (l->count == 0) {
        return qv_raise(qi, &qv_exc_RuntimeError, "cannot release un-acquired lock");
    }
    QvObj *count = qv_int_from_u64(qi, l->count), *owner = qv_int_from_u64(qi, l->owner);
    QvObj *saved = count && owner ? qv_tuple_of(qi, 2, count, owner) : NULL;
    qv_xdecref(qi, count);
    qv_xdecref(qi, owner);
    if (saved) {
        l->owner = l->count = 0;
        gate_release(qi, &l->gate);
    }
    return saved;
}

static QvObj *rlock_acquire_restore(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t count, owner;
    if (!qv_is_tuple(args[0]) || qv_tuple_len(args[0]) != 2) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "_acquire_restore() argument 1 must be 2-item tuple, not %T", args[0]);
    }
    if (qv_int_to_u64(qi, qv_tuple_peek(args[0], 0), &count) < 0 ||
        qv_int_to_u64(qi, qv_tuple_peek(args[0], 1), &owner) < 0) {
        return NULL;
    }
    if (gate_acquire(qi, &as_rlock(self)->gate, QV_NEVER) < 0) {
        return NULL;
    }
    as_rlock(self)->owner = owner;
    as_rlock(self)->count = count;
    return QV_NONE;
}

static QvObj *rlock_reinit(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    unhold(&as_rlock(self)->gate);
    as_rlock(self)->gate = (Gate){.is_rlock = true};
    as_rlock(self)->owner = as_rlock(self)->count = 0;
    return QV_NONE;
}

static QvObj *rlock_repr(QvInterp *qi, QvObj *o)
{
    RLock *l = as_rlock(o);
    return qv_str_format(qi, "<%s %s object owner=%llu count=%llu at %p>",
                         l->count ? "locked" : "unlocked", o->type->name,
                         (unsigned long long)l->owner, (unsigned long long)l->count, (void *)o);
}

static const char rlock_acquire_doc[] =
    "acquire(blocking=True) -> bool\n\nLock the lock.  `blocking` indicates whether we should "
    "wait\nfor the lock to be available or not.  If `blocking` is False\nand another thread holds "
    "the lock, the method will return False\nimmediately.  If `blocking` is True and another "
    "thread holds\nthe lock, the method will wait for the lock to be released,\ntake it and then "
    "return True.\n(note: the blocking operation is interruptible.)\n\nIn all other cases, the "
    "method will return True immediately.\nPrecisely, if the current thread already holds the "
    "lock, its\ninternal counter is simply incremented. If nobody holds the lock,\nthe lock is "
    "taken and its internal counter initialized to 1.";
static const char rlock_release_doc[] =
    "release()\n\nRelease the lock, allowing another thread that is blocked waiting for\nthe lock "
    "to acquire the lock.  The lock must be in the locked state,\nand must be locked by the same "
    "thread that unlocks it; otherwise a\n`RuntimeError` is raised.\n\nDo note that if the lock "
    "was acquire()d several times in a row by the\ncurrent thread, release() needs to be called as "
    "many times for the lock\nto be available for other threads.";

static const QvNativeDef rlock_methods[] = {
    {"acquire", rlock_acquire, "($self, /, blocking=True, timeout=-1)", rlock_acquire_doc},
    {"release", rlock_release, "($self, /)", rlock_release_doc},
    {"_is_owned", rlock_is_owned, "($self, /)",
     "_is_owned() -> bool\n\nFor internal use by `threading.Condition`."},
    {"_acquire_restore", rlock_acquire_restore, "($self, state, /)",
     "_acquire_restore(state) -> None\n\nFor internal use by `threading.Condition`."},
    {"_release_save", rlock_release_save, "($self, /)",
     "_release_save() -> tuple\n\nFor internal use by `threading.Condition`."},
    {"__enter__", rlock_acquire, "($self, /, blocking=True, timeout=-1)", rlock_acquire_doc},
    {"__exit__", rlock_exit, "($self, /, *args)", rlock_release_doc},
    {"_at_fork_reinit", rlock_reinit, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_thread_rlock_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_thread.RLock",
    .id = QV_TID_thread_rlock,
    .flags = QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(RLock),
    .methods = rlock_methods,
    .new_ = rlock_new,
    .fini = rlock_fini,
    .repr = rlock_repr,
};

// ---- the end of a call --------------------------------------------------------------------------

static void let_go(QvInterp *qi, Gate *g)
{
    if (g->is_rlock) {
        RLock *l = (RLock *)((char *)g - offsetof(RLock, gate));
        l->owner = l->count = 0;
    }
    gate_release(qi, g);
}

void qv_thread_locks_end(QvInterp *qi, const QvObj *exc)
{
    QvThread *ts = qi->ts;
    QvThreadRec *rec = ts->owner;
    if (ts->frame || rec->host_depth > 0 || !qv_limits_is_stop(exc)) {
        return;
    }
    Gate *next;
    for (Gate *g = qv_instance_of(qi)->held; g; g = next) {
        next = g->next_held;
        if (g->life == rec->life && !g->kept) {
            let_go(qi, g);
        }
    }
}

// ---- functions ----------------------------------------------------------------------------------

static QvObj *allocate_lock(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_obj_new(qi, &qv_thread_lock_type);
}

static QvObj *set_sentinel(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    QvObj *lock = qv_obj_new(qi, &qv_thread_lock_type);
    if (lock) {
        qv_threads_set_sentinel(qi, lock);
    }
    return lock;
}

static QvObj *get_ident(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_int_from_u64(qi, qi->ts->os_id);
}

static QvObj *get_native_id(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_int_from_i64(qi, gettid());
}

static QvObj *count(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_int_from_u64(qi, qv_threads_count(qi));
}

static QvObj *start_new_thread(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_callable(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "first arg must be callable");
    }
    if (!qv_is_tuple(args[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "2nd arg must be a tuple");
    }
    if (args[2] && !qv_is_dict(args[2])) {
        return qv_raise(qi, &qv_exc_TypeError, "optional 3rd arg must be a dictionary");
    }
    uint64_t ident;
    return qv_threads_start(qi, args[0], args[1], args[2], (size_t)state_of(m)->stack_size,
                            &ident) < 0
               ? NULL
               : qv_int_from_u64(qi, ident);
}

static QvObj *exit_thread(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_raise_none(qi, &qv_exc_SystemExit);
}

static QvObj *stack_size(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize now = 0, old = state_of(m)->stack_size;
    if (args[0]) {
        if (qv_index_ssize(qi, args[0], &now, &qv_exc_OverflowError) < 0) {
            return NULL;
        }
        if (now < 0) {
            return qv_raise(qi, &qv_exc_ValueError, "size must be 0 or a positive value");
        }
        if (now && now < MIN_STACK) {
            return qv_raise(qi, &qv_exc_ValueError, "size not valid: %zd bytes", now);
        }
        state_of(m)->stack_size = now;
    }
    return qv_int_from_i64(qi, old);
}

static QvObj *interrupt_main(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvSsize number = SIGINT;
    if (args[0] && qv_index_ssize(qi, args[0], &number, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (number < 1 || number >= NSIG) {
        return qv_raise(qi, &qv_exc_ValueError, "signal number out of range");
    }
    QvInstance *inst = qv_instance_of(qi);
    if (qv_signals_is_main(inst)) {
        if (qv_signal_is_handled(qi, (int)number)) {
            qv_signals_trip((int)number);
            if (qv_signals_here(qi) && qv_signals_run(qi) < 0) { // before the next statement
                return NULL;
            }
        }
    } else if (number == SIGINT) {
        qv_atomic_store_u32(&inst->interrupted, 1);
        qv_poll_set(qi, QV_POLL_STOP);
        qv_wait_interrupt(inst);
    }
    return QV_NONE;
}

static int write_to(QvInterp *qi, QvObj *file, QV_STOLEN QvObj *text)
{
    QvObj *r = text ? qv_call_method1(qi, file, QV_N(write), text) : NULL;
    if (r) {
        qv_decref(qi, r);
        r = qv_call_method0(qi, file, QV_N(flush));
    }
    qv_xdecref(qi, r);
    qv_xdecref(qi, text);
    return r ? 0 : -1;
}

// sys.stderr, or what it was when the thread was made: new reference; None: there is none.
static QvObj *error_stream(QvInterp *qi, QvObj *thread)
{
    QvObj *file = qv_sys_peek(qi, QV_N(stderr));
    if (file && file != QV_NONE) {
        return qv_new_ref(qi, file);
    }
    return thread == QV_NONE ? QV_NONE : qv_getattr_cstr(qi, thread, "_stderr");
}

// threading.excepthook: args is (exc_type, exc_value, exc_traceback, thread).
static QvObj *excepthook(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *type = state_of(m)->error_hook_args;
    if (!qv_is_instance_of(args[0], (QvType *)type)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "_thread.excepthook argument type must be ExceptHookArgs");
    }
    QvObj *exc_type = qv_tuple_peek(args[0], 0), *value = qv_tuple_peek(args[0], 1),
          *thread = qv_tuple_peek(args[0], 3);
    if (exc_type == (QvObj *)&qv_exc_SystemExit) {
        return QV_NONE;
    }
    QvObj *name = NULL;
    if (thread != QV_NONE && qv_getattr_try(qi, thread, QV_N(name), &name) < 0) {
        return NULL;
    }
    QvObj *file = error_stream(qi, thread);
    if (!file || file == QV_NONE) {
        qv_xdecref(qi, name);
        return file;
    }
    QvObj *head =
        name ? qv_str_format(qi, "Exception in thread %S:\n", name)
             : qv_str_format(qi, "Exception in thread %llu:\n", (unsigned long long)qi->ts->os_id);
    qv_xdecref(qi, name);
    int status = write_to(qi, file, head);
    if (status == 0 && value != QV_NONE && qv_is_exc(value)) {
        status = write_to(qi, file, qv_exc_format(qi, value));
    }
    qv_decref(qi, file);
    return status < 0 ? NULL : QV_NONE;
}

static const QvStructSeqField hook_fields[] = {
    {"exc_type", "Exception type"},
    {"exc_value", "Exception value"},
    {"exc_traceback", "Exception traceback"},
    {"thread", "Thread"},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    QvObj *type = qv_structseq_type(qi, "_thread._ExceptHookArgs", hook_fields, 4);
    state_of(m)->error_hook_args = type;
    if (!type || qv_module_add(qi, m, "_ExceptHookArgs", type) < 0 ||
        qv_module_add(qi, m, "LockType", (QvObj *)&qv_thread_lock_type) < 0 ||
        qv_module_add(qi, m, "RLock", (QvObj *)&qv_thread_rlock_type) < 0 ||
        qv_module_add(qi, m, "_local", (QvObj *)&qv_thread_local_type) < 0 ||
        qv_module_add(qi, m, "error", (QvObj *)&qv_exc_RuntimeError) < 0) {
        return -1;
    }
    return qv_module_add_take(qi, m, "TIMEOUT_MAX", qv_float_new(qi, TIMEOUT_MAX));
}

static void fini(QvInterp *qi, QvObj *m) { qv_clear(qi, &state_of(m)->error_hook_args); }

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(state_of(m)->error_hook_args);
    return 0;
}

static const char allocate_doc[] =
    "allocate_lock() -> lock object\n(allocate() is an obsolete synonym)\n\nCreate a new lock "
    "object. See help(type(threading.Lock())) for\ninformation about locks.";
static const char start_doc[] =
    "start_new_thread(function, args[, kwargs])\n(start_new() is an obsolete synonym)\n\nStart a "
    "new thread and return its identifier.\n\nThe thread will call the function with positional "
    "arguments from the\ntuple args and keyword arguments taken from the optional "
    "dictionary\nkwargs.  The thread exits when the function returns; the return value\nis "
    "ignored.  The thread will also exit when the function raises an\nunhandled exception; a stack "
    "trace will be printed unless the exception\nis SystemExit.\n";
static const char exit_doc[] =
    "exit()\n(exit_thread() is an obsolete synonym)\n\nThis is synonymous to ``raise SystemExit''. "
    " It will cause the current\nthread to exit silently unless the exception is caught.";

static const QvNativeDef functions[] = {
    {"start_new_thread", start_new_thread, "($module, function, args, kwargs=None, /)", start_doc},
    {"start_new", start_new_thread, "($module, function, args, kwargs=None, /)", start_doc},
    {"allocate_lock", allocate_lock, "($module, /)", allocate_doc},
    {"allocate", allocate_lock, "($module, /)", allocate_doc},
    {"exit_thread", exit_thread, "($module, /)", exit_doc},
    {"exit", exit_thread, "($module, /)", exit_doc},
    {"interrupt_main", interrupt_main, "($module, signum=signal.SIGINT, /)",
     "interrupt_main(signum=signal.SIGINT, /)\n\nSimulate the arrival of the given signal in the "
     "main thread,\nwhere the corresponding signal handler will be executed.\nIf *signum* is "
     "omitted, SIGINT is assumed.\nA subthread can use this function to interrupt the main "
     "thread."},
    {"get_ident", get_ident, "($module, /)",
     "get_ident() -> integer\n\nReturn a non-zero integer that uniquely identifies the current "
     "thread\namongst other threads that exist simultaneously."},
    {"get_native_id", get_native_id, "($module, /)",
     "get_native_id() -> integer\n\nReturn a non-negative integer identifying the thread as "
     "reported\nby the OS (kernel). This may be used to uniquely identify a\nparticular thread "
     "within a system."},
    {"_count", count, "($module, /)",
     "_count() -> integer\n\nReturn the number of currently running Python threads, excluding\nthe "
     "main thread."},
    {"stack_size", stack_size, "($module, size=0, /)",
     "stack_size([size]) -> size\n\nReturn the thread stack size used when creating new threads."},
    {"_set_sentinel", set_sentinel, "($module, /)",
     "_set_sentinel() -> lock\n\nSet a sentinel lock that will be released when the current "
     "thread\nstate is finalized (after it is untied from the interpreter).\n\nThis is a private "
     "API for the threading module."},
    {"_excepthook", excepthook, "($module, args, /)",
     "excepthook(exc_type, exc_value, exc_traceback, thread)\n\nHandle uncaught Thread.run() "
     "exception."},
    {0},
};

const QvModuleDef qv_module__thread = {
    .name = "_thread",
    .doc = "This module provides primitive operations to write multi-threaded programs.\nThe "
           "'threading' module provides a more convenient interface.",
    .functions = functions,
    .state_size = sizeof(State),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
