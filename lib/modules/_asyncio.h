// SPDX-License-Identifier: MIT
// What the parts of the module _asyncio share: futures, tasks and the module's state.
#ifndef QV_MODULES__ASYNCIO_H
#define QV_MODULES__ASYNCIO_H

#include "modules/modules.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/type_ids.h"

// Names that are looked up or given to Python.
#define QV_AIO_NAMES(X)         \
    X(_asyncio_future_blocking) \
    X(_loop)                    \
    X(add)                      \
    X(add_done_callback)        \
    X(call_exception_handler)   \
    X(call_soon)                \
    X(cancel)                   \
    X(context)                  \
    X(discard)                  \
    X(exception)                \
    X(future)                   \
    X(get_debug)                \
    X(get_event_loop)           \
    X(get_loop)                 \
    X(message)                  \
    X(msg)                      \
    X(result)                   \
    X(send)                     \
    X(source_traceback)         \
    X(task)                     \
    X(throw)                    \
    X(limit)                    \
    X(file)                     \
    X(PENDING)                  \
    X(CANCELLED)                \
    X(FINISHED)                 \
    X(running_loop)

typedef enum QvAioName {
#define X(name) QV_AIO_##name,
    QV_AIO_NAMES(X)
#undef X
        QV_AIO_NNAMES
} QvAioName;

// What the library's own modules have, fetched when it is first needed: asyncio's modules import
// this one.
typedef enum QvAioThing {
    QV_AIO_CANCELLED_ERROR,
    QV_AIO_INVALID_STATE,
    QV_AIO_FUTURE_REPR,
    QV_AIO_TASK_REPR,
    QV_AIO_GET_STACK,
    QV_AIO_PRINT_STACK,
    QV_AIO_ISCOROUTINE,
    QV_AIO_GET_POLICY,
    QV_AIO_EXTRACT_STACK,
    QV_AIO_NTHINGS
} QvAioThing;

#define QV_AIO_NO_THREAD UINT64_MAX

typedef struct QvAio {
    QvObj *module;                 // borrowed: whose state this is
    QvObj *names[QV_AIO_NNAMES];   // interned
    QvObj *things[QV_AIO_NTHINGS]; // or NULL: not needed yet
    QvObj *kw_context, *kw_msg;    // ("context",), ("msg",)
    QvObj *all_tasks;              // WeakSet
    QvObj *current_tasks;          // dict: loop -> task
    QvSig *wakeup;                 // of the callback by which a task is woken
    uint64_t task_names;           // given so far
    uint64_t loop_thread;          // id of the QvThread whose running loop was asked for last, or
                                   // QV_AIO_NO_THREAD
    QvObj *loop;                   // that loop (borrowed: in the thread's dict) or NULL
    bool loaded;                   // qv_aio_load has been here
    bool fork_watched;             // a fork's child forgets what runs in its parent
} QvAio;

typedef enum QvFutureState {
    QV_FUTURE_PENDING,
    QV_FUTURE_CANCELLED,
    QV_FUTURE_FINISHED
} QvFutureState;

typedef struct QvFuture {
    QvObj h;
    QvObj *dict;   // attributes that others set, or NULL
    QvObj *module; // keeps the state; NULL like `loop`: __init__ has not run
    QvObj *loop;
    QvObj *callback, *context;    // the first to be called, or NULL
    QvObj *callbacks;             // list of the others, (callback, context), or NULL; private
    QvObj *result;                // or NULL
    QvObj *exception, *traceback; // as they were set, or NULL
    QvObj *source_traceback;      // of a loop in debug mode, or NULL
    QvObj *cancel_message;        // or NULL: None
    QvObj *cancelled_error;       // raised once when the result is asked for, or NULL
    uint8_t state;                // QvFutureState
    bool log_traceback;           // nobody has seen the exception
    bool blocking;                // _asyncio_future_blocking
} QvFuture;

typedef struct QvTask {
    QvFuture f;
    QvObj *waiter; // the future that it waits for, or NULL
    QvObj *coro;
    QvObj *name;              // str or NULL: made of `number`
    QvObj *context;           // in which it runs
    uint64_t number;          // for the name
    int64_t cancels;          // requests
    bool must_cancel;         // at the next step
    bool log_destroy_pending; // say so when it dies unfinished
} QvTask;

extern QvType qv_aio_future_type, qv_aio_future_iter_type, qv_aio_task_type, qv_aio_step_type;

static inline QvAio *qv_aio_of(const QvFuture *f) { return qv_module_state(f->module); }

// ---- _asyncio.c ---------------------------------------------------------------------------------
// One of the library's things, borrowed; NULL with an exception.
QV_BORROWED QV_RUNS QvObj *qv_aio_thing(QvInterp *qi, QvAio *s, QvAioThing which);
// Fetches what a future may need when nothing can be imported any more. 0/-1.
QV_RUNS int qv_aio_load(QvInterp *qi, QvAio *s);
// The running loop, or the policy's: new reference.
QV_RUNS QvObj *qv_aio_event_loop(QvInterp *qi, QvAio *s);
// loop.call_soon(callback[, arg], context=context). 0/-1.
QV_RUNS int qv_aio_call_soon(QvInterp *qi, QvAio *s, QvObj *loop, QvObj *callback,
                             QvObj *arg /*NULL*/, QvObj *context);
QV_RUNS int qv_aio_enter_task(QvInterp *qi, QvAio *s, QvObj *loop, QvObj *task);
QV_RUNS int qv_aio_leave_task(QvInterp *qi, QvAio *s, QvObj *loop, QvObj *task);
QV_RUNS int qv_aio_register_task(QvInterp *qi, QvAio *s, QvObj *task);

// ---- _asyncio_future.c --------------------------------------------------------------------------
// RuntimeError unless __init__ has run. 0/-1.
int qv_future_alive(QvInterp *qi, const QvFuture *f);
// What __init__ does; loop None or NULL: the current one. 0/-1.
QV_RUNS int qv_future_init(QvInterp *qi, QvFuture *f, QvObj *loop);
QV_RUNS int qv_future_add_callback(QvInterp *qi, QvFuture *f, QvObj *callback, QvObj *context);
QV_RUNS int qv_future_set_result(QvInterp *qi, QvFuture *f, QvObj *result);
QV_RUNS int qv_future_set_exception(QvInterp *qi, QvFuture *f, QvObj *exception);
// 1 cancelled, 0 it was done, -1.
QV_RUNS int qv_future_cancel(QvInterp *qi, QvFuture *f, QvObj *message /*NULL*/);
// The CancelledError to be raised: new reference.
QV_RUNS QvObj *qv_future_make_cancelled(QvInterp *qi, QvFuture *f);
// 1: *ret is the result; 0: *ret is the exception to be raised; -1 error. New references.
QV_RUNS int qv_future_get(QvInterp *qi, QvFuture *f, QvObj **ret);
// The context dict for the loop's exception handler is given and its handler called; errors are
// printed. `key` is what the future is called there.
QV_RUNS void qv_future_complain(QvInterp *qi, QvFuture *f, QvAioName key, QV_STOLEN QvObj *message,
                                QvObj *exception /*NULL*/);
QV_RUNS void qv_future_finalize(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_future_iter(QvInterp *qi, QvObj *o);
QV_RUNS void qv_future_fini(QvInterp *qi, QvObj *o);
int qv_future_traverse(QvObj *o, QvVisit visit, void *ctx);
// Rows that both types have, for their tables.
extern const QvGetSet qv_future_getsets[];
QV_RUNS QvObj *qv_future_m_result(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QV_RUNS QvObj *qv_future_m_exception(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

// ---- _asyncio_task.c ----------------------------------------------------------------------------
QV_RUNS int qv_task_cancel(QvInterp *qi, QvTask *t, QvObj *message /*NULL*/); // 1 asked, 0 done, -1
QV_RUNS QvObj *qv_task_wakeup(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

#endif
