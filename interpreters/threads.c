// SPDX-License-Identifier: MIT
// OS threads that scripts start: what they are to call waits in the interpreter until they are
// inside.
//
//   start    (func, args, kwargs) into inst->starting[number] · OS thread with only the number
//   thread   qv_attach · takes its entry out · calls · thread-local values go · sentinel released ·
//   qv_detach closing  a thread that can't attach any more touches nothing of the interpreter;
//   qv_instance_free drops its entry
#include "interpreters/limit.h"
#include "interpreters/signals.h"
#include "interpreters/threads.h"

#include <signal.h>
#include <stdlib.h>

#include "base/sync.h"
#include "modules/modules.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/function.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

#define STACK_SIZE ((size_t)16 << 20) // bytes of C stack, unless _thread.stack_size says otherwise

#define THREAD_BYTES \
    ((size_t)64 << 10) // what one counts: its record, what it touches of its stacks

typedef struct Start {
    QvInstance *inst;  // a handle
    QvThreadRec *rec;  // reserved
    QvHeapAway *payer; // the interpreter's account, or NULL
    uint64_t number;
    uint32_t stops_seen; // as of the thread that starts it: what stops that one stops it, too
} Start;

// The entry of `number`: new reference or NULL. Needs no memory: who waits for the thread is not to
// wait for ever because there was none.
static QvObj *take_entry(QvInstance *inst, uint64_t number)
{
    QvInterp *qi = &inst->qi;
    QvObj *key, *value, *entry = NULL;
    QvSsize pos = 0;
    while (inst->starting && qv_dict_next(inst->starting, &pos, &key, &value)) {
        if ((uint64_t)qv_int_value(key) == number) {
            qv_incref(qi, key);
            if (qv_dict_pop(qi, inst->starting, key, &entry) <= 0) {
                entry = NULL;
            }
            qv_decref(qi, key);
            break;
        }
    }
    qv_err_clear(qi);
    return entry;
}

static QvObj *call_named(QvInterp *qi, QvObj *o, const char *name)
{
    QvObj *method = qv_getattr_cstr(qi, o, name);
    QvObj *result = method ? qv_call0(qi, method) : NULL;
    qv_xdecref(qi, method);
    return result;
}

#define TRIES 10 // a new stop may end one

// Of a thread that threading still counts as not begun: it has ended, for join() and enumerate().
static void leave_limbo(QvInterp *qi, QvObj *threading, QvObj *thread)
{
    QvObj *limbo = qv_getattr_cstr(qi, threading, "_limbo"), *gone = NULL;
    if (limbo && qv_is_dict(limbo) && qv_dict_pop(qi, limbo, thread, &gone) > 0) {
        QvObj *name = qv_str_intern_cstr(qi, "_is_stopped");
        (void)(name && qv_setattr(qi, thread, name, QV_TRUE) == 0);
        qv_xdecref(qi, name);
    }
    qv_xdecref(qi, gone);
    qv_xdecref(qi, limbo);
    qv_err_clear(qi);
}

// threading.Thread.start() waits for an event that the new thread sets before all else. A stop, or
// no memory, may have ended Thread._bootstrap before that, or within. The exception counts as
// handled meanwhile, with a grace of its own.
static void say_started(QvInterp *qi, QvObj *func)
{
    QvInstance *inst = qv_instance_of(qi);
    QvObj *threading = qi->modules ? qv_dict_peek_str(qi->modules, QV_N(threading)) : NULL;
    if (!threading || !qv_is_method(func)) {
        return;
    }
    QvThread *ts = qi->ts;
    QvObj *exc = qv_err_fetch(qi), *thread = ((QvMethod *)func)->self, *result = NULL;
    qv_set_take(qi, &ts->exc_base.value, qv_xnew_ref(qi, exc));
    qv_incref(qi, threading);
    for (int k = 0; k < TRIES && !result; k++) {
        qv_limits_grant(inst, ts->owner);
        QvObj *type = qv_getattr_cstr(qi, threading, "Thread"), *started = NULL;
        int is_one = type ? qv_isinstance(qi, thread, type) : -1;
        if (is_one > 0) {
            leave_limbo(qi, threading, thread);
            started = qv_getattr_cstr(qi, thread, "_started");
            result = started ? call_named(qi, started, "set") : NULL;
            qv_thread_locks_end(qi, qi->ts->exc);
            qv_xdecref(qi, started);
        }
        qv_xdecref(qi, type);
        qv_err_clear(qi);
        if (is_one == 0) {
            break;
        }
    }
    qv_xdecref(qi, result);
    qv_clear(qi, &ts->exc_base.value);
    qv_decref(qi, threading);
    qv_err_restore(qi, exc);
}

static void run(QvInterp *qi, QvObj *entry)
{
    QvObj *func = qv_tuple_peek(entry, 0), *kwargs = qv_tuple_peek(entry, 2);
    QvObj *result =
        qv_call_tuple(qi, func, qv_tuple_peek(entry, 1), kwargs == QV_NONE ? NULL : kwargs);
    if (!result) {
        qv_thread_locks_end(qi, qi->ts->exc);
        say_started(qi, func);
        if (qv_err_matches(qi, &qv_exc_SystemExit)) {
            qv_err_clear(qi);
        } else {
            qv_err_unraisable_as(qi, "Exception ignored in thread started by", func);
        }
    }
    qv_xdecref(qi, result);
}

static void *thread_main(void *arg)
{
    Start *start = arg;
    QvInstance *inst = start->inst;
    if (qv_attach_started(inst, start->rec) == 0) {
        QvInterp *qi = &inst->qi;
        QvThreadRec *rec = qi->ts->owner;
        rec->stops_seen = start->stops_seen;
        qv_limits_notice(inst, rec);
        QvObj *entry = take_entry(inst, start->number);
        if (entry) {
            run(qi, entry);
            qv_decref(qi, entry);
        }
        qv_thread_local_end(qi);
        qv_thread_clear(qi, qi->ts); // the record serves another thread
        qi->ts->origin_depth = 0;
        inst->nstarted--;
        if (rec->sentinel) {
            qv_thread_lock_release(qi, rec->sentinel);
            qv_clear(qi, &rec->sentinel);
        }
        qv_detach(inst);
    }
    qv_heap_came_back(start->payer, THREAD_BYTES);
    qv_instance_release(inst);
    free(start);
    return NULL;
}

int qv_threads_start(QvInterp *qi, QvObj *func, QvObj *args, QvObj *kwargs, size_t stack_size,
                     uint64_t *ret_ident)
{
    QvInstance *inst = qv_instance_of(qi);
    if (!inst->starting && !(inst->starting = qv_dict_new(qi))) {
        return -1;
    }
    QvHeapAway *payer = NULL;
    Start *start = qv_heap_send_away(&qi->heap, THREAD_BYTES, &payer) ? malloc(sizeof *start)
                                                                      : NULL;
    if (!start) {
        qv_heap_came_back(payer, THREAD_BYTES);
        qv_raise_oom(qi);
        return -1;
    }
    *start = (Start){.inst = inst,
                     .payer = payer,
                     .number = ++inst->last_start,
                     .stops_seen = ((QvThreadRec *)qi->ts->owner)->stops_seen};
    QvObj *key = qv_int_from_u64(qi, start->number);
    QvObj *entry = key ? qv_tuple_of(qi, 3, func, args, kwargs ? kwargs : QV_NONE) : NULL;
    int status = entry ? qv_dict_set(qi, inst->starting, key, entry) : -1;
    qv_xdecref(qi, key);
    qv_xdecref(qi, entry);
    start->rec = status < 0 ? NULL : qv_attach_reserve(inst);
    if (!start->rec) {
        if (status == 0) {
            qv_raise_oom(qi);
        }
        QvObj *pending = qv_err_fetch(qi);
        QvObj *gone = take_entry(inst, start->number);
        qv_xdecref(qi, gone);
        qv_err_restore(qi, pending);
        qv_heap_came_back(payer, THREAD_BYTES);
        free(start);
        return -1;
    }
    qv_instance_retain(inst);
    uint64_t number = start->number;
    // Signals are for the host's threads; where there is a main interpreter, any thread passes them
    // on to it.
    sigset_t all, before;
    bool mask = !qv_signals_anybody();
    if (mask) {
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before);
    }
    QvOsThread thread;
    int err = qv_thread_start(thread_main, start, stack_size ? stack_size : STACK_SIZE, &thread);
    if (mask) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    if (err) {
        QvObj *gone = take_entry(inst, number);
        qv_xdecref(qi, gone);
        qv_attach_unreserve(inst, start->rec);
        qv_instance_release(inst);
        qv_heap_came_back(payer, THREAD_BYTES);
        free(start);
        return qv_raise_int(qi, &qv_exc_RuntimeError, "can't start new thread");
    }
    inst->nstarted++;
    *ret_ident = (uint64_t)thread.handle;
    qv_thread_detach(&thread);
    return 0;
}

void qv_threads_set_sentinel(QvInterp *qi, QvObj *lock)
{
    QvThreadRec *rec = qi->ts->owner;
    QvInstance *inst = rec->inst;
    qv_thread_lock_keep(lock);
    if (rec->started) {
        qv_set_take(qi, &rec->sentinel, qv_new_ref(qi, lock));
    } else {
        // Nothing tells when the host's thread ends: it counts as gone when another one destroys
        // the interpreter.
        qv_set_take(qi, &inst->host_sentinel, qv_new_ref(qi, lock));
        inst->host_sentinel_of = rec->ts.os_id;
    }
}

uint32_t qv_threads_count(QvInterp *qi) { return qv_instance_of(qi)->nstarted; }

void qv_threads_shutdown(QvInterp *qi)
{
    QvInstance *inst = qv_instance_of(qi);
    if (inst->host_sentinel && inst->host_sentinel_of != qi->ts->os_id) {
        qv_thread_lock_release(qi, inst->host_sentinel);
    }
    qv_clear(qi, &inst->host_sentinel);
    QvObj *threading = qi->modules ? qv_dict_peek_str(qi->modules, QV_N(threading)) : NULL;
    if (!threading) {
        return;
    }
    qv_incref(qi, threading);
    QvObj *result = call_named(qi, threading, "_shutdown");
    if (!result) {
        qv_err_unraisable(qi, threading);
    }
    qv_xdecref(qi, result);
    qv_decref(qi, threading);
}

void qv_threads_drop_pending(QvInstance *inst)
{
    qv_clear(&inst->qi, &inst->starting);
    // A host's thread that was still inside may have set one after qv_threads_shutdown.
    qv_clear(&inst->qi, &inst->host_sentinel);
}
