// SPDX-License-Identifier: MIT
// Running a request inside another interpreter, on this thread or on one of its own.
//
//   QvJob ── mu (LEAF) ──> done, row of sleeping joiners
//
// It has two references: the handle object's and the thread's.
//
// The request and the outcome are messages, so nothing of one interpreter is ever seen by the
// other.
#include "interpreters/job.h"
#include "interpreters/limit.h"
#include "interpreters/signals.h"
#include "interpreters/threads.h"

#include <signal.h>
#include <stdlib.h>

#include "base/sync.h"
#include "modules/modules.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

#define STACK_SIZE ((size_t)16 << 20) // bytes of C stack of a job's thread
#define JOIN_SPIN  40                 // rounds

// ---- inside the target --------------------------------------------------------------------------

static QvObj *text_or_empty(QvInterp *qi, QvObj *s)
{
    if (!s) {
        qv_err_clear(qi);
        return qv_str_new_ascii(qi, "", 0);
    }
    return s;
}

QvObj *qv_job_describe(QvInterp *qi, QvObj *exc)
{
    QvType *type = qv_type_of(exc);
    QvObj *module = qv_type_get_module(qi, type);
    if (module && !qv_is_str(module)) {
        qv_clear(qi, &module);
    }
    QvObj *parts[] = {
        QV_FALSE,
        text_or_empty(qi, qv_type_get_name(qi, type)),
        text_or_empty(qi, qv_type_get_qualname(qi, type)),
        text_or_empty(qi, module),
        text_or_empty(qi, qv_str(qi, exc)),
        text_or_empty(qi, qv_exc_format(qi, exc)),
    };
    enum { N = sizeof parts / sizeof *parts };
    bool whole = true;
    for (int k = 0; k < N; k++) {
        whole &= parts[k] != NULL;
    }
    QvObj *tuple = whole ? qv_tuple_from_array(qi, parts, N) : NULL;
    for (int k = 0; k < N; k++) {
        qv_xdecref(qi, parts[k]);
    }
    return tuple;
}

static QvMsg *pack_description(QvInterp *qi, QvObj *exc)
{
    QvObj *tuple = qv_job_describe(qi, exc);
    QvMsg *msg = tuple ? qv_msg_pack(qi, tuple) : NULL;
    qv_xdecref(qi, tuple);
    qv_err_clear(qi);
    return msg;
}

// The pending exception as a message. NULL: no memory even for that; no exception is left.
static QvMsg *pack_error(QvInterp *qi)
{
    QvObj *exc = qv_err_fetch(qi);
    if (!exc) {
        return NULL;
    }
    qv_thread_locks_end(qi, exc);
    QvMsg *msg = pack_description(qi, exc);
    if (!msg) { // what its frames hold may be all the memory there is
        qv_clear(qi, &((QvExc *)exc)->traceback);
        qv_clear(qi, &((QvExc *)exc)->context);
        qv_clear(qi, &((QvExc *)exc)->cause);
        (void)qv_gc_collect(qi);
        qv_err_clear(qi);
        msg = pack_description(qi, exc);
    }
    qv_decref(qi, exc);
    return msg;
}

static QvObj *run_source(QvInterp *qi, QvObj *source, QvObj *globals)
{
    QvUtf8 text;
    if (qv_str_utf8(qi, source, &text) < 0) {
        return NULL;
    }
    QvObj *filename = qv_str_new_ascii(qi, "<string>", 8);
    QvObj *code = filename ? qi->hooks.compile(qi, text.s, text.n, filename, 0, 0, qi->optimize)
                           : NULL;
    qv_xdecref(qi, filename);
    qv_utf8_release(qi, &text);
    QvObj *result = code ? qv_eval_code(qi, (QvCode *)code, globals, globals, NULL) : NULL;
    qv_xdecref(qi, code);
    return result;
}

// A function's body, with __main__ as its globals.
static QvObj *run_body(QvInterp *qi, QvObj *f, QvObj *globals)
{
    QvObj *g = qv_function_new(qi, ((QvFunction *)f)->code, globals, NULL);
    QvObj *result = g ? qv_call0(qi, g) : NULL;
    qv_xdecref(qi, g);
    return result;
}

static QvObj *do_exec(QvInterp *qi, QvObj *request)
{
    QvObj *globals = qv_module_dict(qv_instance_of(qi)->main);
    QvObj *what = qv_tuple_peek(request, 0), *shared = qv_tuple_peek(request, 1);
    if (shared != QV_NONE && qv_dict_update(qi, globals, shared) < 0) {
        return NULL;
    }
    if (what == QV_NONE) {
        return QV_NONE;
    }
    QvObj *result = qv_is_str(what) ? run_source(qi, what, globals) : run_body(qi, what, globals);
    qv_xdecref(qi, result);
    return result ? QV_NONE : NULL;
}

// Lock held. The request is well formed: mod_interpreters.c has checked it. The message goes at
// once: channel ends in it would count as open.
static QvMsg *run_inside(QvInterp *qi, QvJobKind kind, QV_STOLEN QvMsg *message)
{
    QvObj *request = qv_msg_unpack(qi, message);
    qv_msg_free(message);
    QvObj *result = NULL;
    if (request) {
        result = kind == QV_JOB_EXEC
                     ? do_exec(qi, request)
                     : qv_call_tuple(qi, qv_tuple_peek(request, 0), qv_tuple_peek(request, 1),
                                     qv_tuple_peek(request, 2));
        qv_decref(qi, request);
    }
    QvObj *pair = result ? qv_tuple_of(qi, 2, QV_TRUE, result) : NULL;
    qv_xdecref(qi, result);
    QvMsg *outcome = pair ? qv_msg_pack(qi, pair) : NULL;
    qv_xdecref(qi, pair);
    if (!outcome) {
        outcome = pack_error(qi);
    }
    if (qv_io_flush_standard(qi) < 0) {
        qv_err_clear(qi);
    }
    return outcome;
}

// since: stops of the target that were there when the job was given; NULL: all that are there now.
static QvMsg *run_since(QvInstance *target, QvJobKind kind, QV_STOLEN QvMsg *request,
                        const uint32_t *since)
{
    QvInterp *qi = &target->qi;
    QvThreadRec *rec = qv_attached_record(target);
    if (rec) {
        // This thread is in a blocking call of the target further out: only the lock has to be
        // taken, and let go again.
        if (rec->holds) {
            qv_msg_free(request);
            return NULL;
        }
        qv_attach_lock(qi);
        QvMsg *outcome = run_inside(qi, kind, request);
        qv_attach_unlock(qi);
        return outcome;
    }
    if (qv_attach(target) < 0) {
        qv_msg_free(request);
        return NULL;
    }
    if (since) {
        qv_deadlock_others(-1);
        rec = qi->ts->owner;
        rec->stops_seen = *since;
        qv_limits_notice(target, rec);
    }
    QvMsg *outcome = run_inside(qi, kind, request);
    if (since) {
        qv_deadlock_others(1);
    }
    qv_detach(target);
    return outcome;
}

QvMsg *qv_job_run(QvInstance *target, QvJobKind kind, QvMsg *request)
{
    return run_since(target, kind, request, NULL);
}

// ---- on a thread of its own ---------------------------------------------------------------------

typedef struct Joiner {
    struct Joiner *prev, *next;
    uint32_t *word;
    bool queued;
} Joiner;

struct QvJob {
    uint32_t refs;      // atomic
    QvInstance *target; // a handle
    QvJobKind kind;
    uint32_t stops; // of the target, when it was given
    QvMsg *request; // NULL when it has been used
    QvMsg *outcome; // set before done
    void (*after)(QvInstance *target);
    QvMutex mu;
    bool done;       // guarded by: mu
    Joiner *joiners; // guarded by: mu
};

void qv_job_release(QvJob *job)
{
    if (qv_atomic_sub_u32(&job->refs, 1) != 1) {
        return;
    }
    qv_msg_free(job->request);
    qv_msg_free(job->outcome);
    qv_instance_release(job->target);
    free(job);
}

static void unlink_joiner(QvJob *job, Joiner *j)
{
    if (j->queued) {
        *(j->prev ? &j->prev->next : &job->joiners) = j->next;
        if (j->next) {
            j->next->prev = j->prev;
        }
        j->queued = false;
    }
}

static void finish(QvJob *job)
{
    qv_mutex_lock(&job->mu);
    job->done = true;
    for (Joiner *j; (j = job->joiners) != NULL;) {
        uint32_t *word = j->word;
        unlink_joiner(job, j);
        qv_wake_now(word);
    }
    qv_mutex_unlock(&job->mu);
}

static void *thread_main(void *arg)
{
    QvJob *job = arg;
    qv_thread_set_name("quiver worker");
    job->outcome = run_since(job->target, job->kind, job->request, &job->stops);
    job->request = NULL;
    job->after(job->target);
    finish(job);
    qv_job_release(job);
    qv_deadlock_others(-1);
    if (QV_UNLIKELY(qv_deadlock_mode() != QV_DEADLOCK_IGNORE)) {
        qv_deadlock_look();
    }
    return NULL;
}

QvJob *qv_job_start(QvInstance *target, QvJobKind kind, QvMsg *request,
                    void (*after)(QvInstance *target))
{
    QvJob *job = calloc(1, sizeof *job);
    if (!job) {
        qv_msg_free(request);
        return NULL;
    }
    qv_mutex_init(&job->mu, QV_RANK_LEAF);
    qv_instance_retain(target);
    job->refs = 2;
    job->target = target;
    job->kind = kind;
    job->stops = qv_atomic_load_u32(&target->limits.stops);
    job->request = request;
    job->after = after;
    // Signals are for the host's threads; where there is a main interpreter, any thread passes them
    // on to it.
    sigset_t all, before;
    bool mask = !qv_signals_anybody();
    if (mask) {
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
    }
    QvOsThread thread;
    qv_deadlock_others(1); // until it is inside, and again from then on until it has finished
    int err = qv_thread_start(thread_main, job, STACK_SIZE, &thread);
    if (mask) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    if (err) {
        qv_deadlock_others(-1);
        job->refs = 1;
        qv_job_release(job);
        return NULL;
    }
    qv_thread_detach(&thread);
    return job;
}

bool qv_job_is_done(QvJob *job)
{
    qv_mutex_lock(&job->mu);
    bool done = job->done;
    qv_mutex_unlock(&job->mu);
    return done;
}

int qv_job_join(QvInterp *qi, QvJob *job, int64_t deadline)
{
    for (;;) {
        if (qv_job_is_done(job)) {
            return 1;
        }
        Joiner j = {.word = qv_wait_arm(qi)};
        qv_mutex_lock(&job->mu);
        if (job->done) {
            qv_mutex_unlock(&job->mu);
            qv_wait_disarm(j.word);
            return 1;
        }
        j.queued = true;
        j.next = job->joiners;
        if (j.next) {
            j.next->prev = &j;
        }
        job->joiners = &j;
        qv_mutex_unlock(&job->mu);
        QvBlocked blocked = {.what = "waits for a thread"};
        bool watched = deadline == QV_NEVER && qv_deadlock_mode() != QV_DEADLOCK_IGNORE;
        if (QV_UNLIKELY(watched)) {
            qv_blocked_enter(qi, &blocked, j.word);
        }
        QvWake wake = qv_wait_sleep(qi, j.word, deadline, JOIN_SPIN);
        if (QV_UNLIKELY(watched)) {
            qv_blocked_leave(&blocked);
        }
        qv_mutex_lock(&job->mu);
        unlink_joiner(job, &j);
        qv_mutex_unlock(&job->mu);
        qv_wait_disarm(j.word);
        if (wake == QV_WAKE_TIMEOUT) {
            return qv_job_is_done(job);
        }
        if (wake == QV_WAKE_INTERRUPTED && qv_poll(qi) < 0) {
            return -1;
        }
    }
}

const QvMsg *qv_job_outcome(const QvJob *job) { return job->outcome; }

const QvInstance *qv_job_target(const QvJob *job) { return job->target; }
