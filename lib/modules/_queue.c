// SPDX-License-Identifier: MIT
// The module _queue: SimpleQueue, an unbounded queue whose put may be called from anywhere (also
// from a finalizer).
//
// Everything but the sleep happens under the interpreter's lock. A getter that finds nothing sleeps
// in `getters`, and every put wakes the first of them.
#include <math.h>

#include "base/clock.h"
#include "modules/modules.h"
#include "object/blocking.h"
#include "object/error.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct State {
    QvObj *empty; // _queue.Empty
} State;

typedef struct Queue {
    QvObj h;
    QvObj **ring; // cap slots (a power of two), raw block
    QvSsize cap, first, len;
    QvRow getters;
} Queue;

static Queue *as_queue(QvObj *o) { return (Queue *)o; }

static int grow(QvInterp *qi, Queue *q)
{
    QvSsize cap = q->cap ? q->cap * 2 : 8;
    QvObj **ring = qv_alloc(qi, (size_t)cap * sizeof *ring);
    if (!ring) {
        return -1;
    }
    for (QvSsize k = 0; k < q->len; k++) {
        ring[k] = q->ring[(q->first + k) & (q->cap - 1)];
    }
    if (q->ring) {
        qv_free(qi, q->ring, (size_t)q->cap * sizeof *ring);
    }
    q->ring = ring;
    q->cap = cap;
    q->first = 0;
    return 0;
}

static QvObj *take(Queue *q)
{
    QvObj *x = q->ring[q->first];
    q->first = (q->first + 1) & (q->cap - 1);
    q->len--;
    return x;
}

static void queue_fini(QvInterp *qi, QvObj *o)
{
    Queue *q = as_queue(o);
    QvObj **ring = q->ring;
    QvSsize cap = q->cap, first = q->first, len = q->len;
    q->ring = NULL;
    q->cap = q->first = q->len = 0;
    for (QvSsize k = 0; k < len; k++) {
        qv_decref(qi, ring[(first + k) & (cap - 1)]);
    }
    if (ring) {
        qv_free(qi, ring, (size_t)cap * sizeof *ring);
    }
}

static int queue_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    Queue *q = as_queue(o);
    for (QvSsize k = 0; k < q->len; k++) {
        QV_VISIT(q->ring[(q->first + k) & (q->cap - 1)]);
    }
    return 0;
}

static QvObj *queue_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)args;
    if (type == &qv_simple_queue_type) {
        if (kwnames && qv_tuple_len(kwnames)) {
            return qv_raise(qi, &qv_exc_TypeError, "SimpleQueue() takes no keyword arguments");
        }
        if (nargs) {
            return qv_raise(qi, &qv_exc_TypeError, "SimpleQueue expected 0 arguments, got %zd",
                            nargs);
        }
    }
    return qv_obj_new(qi, type);
}

static QvObj *queue_put(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Queue *q = as_queue(self);
    if (q->len == q->cap && grow(qi, q) < 0) {
        return NULL;
    }
    q->ring[(q->first + q->len++) & (q->cap - 1)] = qv_new_ref(qi, args[0]);
    qv_row_wake(qi, &q->getters);
    return QV_NONE;
}

static QvObj *raise_empty(QvInterp *qi)
{
    State *s = qv_modules_state(qi, &qv_module__queue);
    return s ? qv_raise_none(qi, (QvType *)s->empty) : NULL;
}

// The deadline of get(timeout=o). 0/-1.
static int read_deadline(QvInterp *qi, QvObj *o, int64_t *ret)
{
    double d;
    *ret = QV_NEVER;
    if (!o || o == QV_NONE) {
        return 0;
    }
    if (qv_as_double(qi, o, &d) < 0) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            qv_raise(qi, &qv_exc_TypeError, "'%T' object cannot be interpreted as an integer", o);
        }
        return -1;
    }
    if (isnan(d)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "Invalid value NaN (not a number)");
    }
    if (d < 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "'timeout' must be a non-negative number");
    }
    d = ceil(d * 1e9);
    if (d > 9.2e18) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "timeout value is too large");
    }
    *ret = qv_clock_add(qv_clock_monotonic(), (int64_t)d);
    return 0;
}

static QvObj *get(QvInterp *qi, Queue *q, int64_t deadline)
{
    while (q->len == 0) {
        if (deadline != QV_NEVER && qv_clock_monotonic() >= deadline) {
            return raise_empty(qi);
        }
        if (qv_row_wait(qi, &q->getters, deadline) < 0) {
            return NULL;
        }
    }
    return take(q);
}

static QvObj *queue_get(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int block = args[0] ? qv_is_true(qi, args[0]) : 1;
    int64_t deadline = INT64_MIN;
    if (block < 0 || (block && read_deadline(qi, args[1], &deadline) < 0)) {
        return NULL;
    }
    return get(qi, as_queue(self), deadline);
}

static QvObj *queue_get_nowait(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return get(qi, as_queue(self), INT64_MIN);
}

static QvObj *queue_empty(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    return qv_bool(as_queue(self)->len == 0);
}

static QvObj *queue_qsize(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_int_from_i64(qi, as_queue(self)->len);
}

static const QvNativeDef queue_methods[] = {
    {"empty", queue_empty, "($self, /)",
     "Return True if the queue is empty, False otherwise (not reliable!)."},
    {"get", queue_get, "($self, /, block=True, timeout=None)",
     "Remove and return an item from the queue."},
    {"get_nowait", queue_get_nowait, "($self, /)",
     "Remove and return an item from the queue without blocking."},
    {"put", queue_put, "($self, /, item, block=True, timeout=None)", "Put the item on the queue."},
    {"put_nowait", queue_put, "($self, /, item)", "Put an item into the queue without blocking."},
    {"qsize", queue_qsize, "($self, /)",
     "Return the approximate size of the queue (not reliable!)."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_simple_queue_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_queue.SimpleQueue",
    .id = QV_TID_simple_queue,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(Queue),
    .doc = "Simple, unbounded, reentrant FIFO queue.",
    .methods = queue_methods,
    .new_ = queue_new,
    .fini = queue_fini,
    .clear = queue_fini,
    .traverse = queue_traverse,
};

static int init(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    s->empty = qv_modules_exception(qi, "_queue.Empty", NULL);
    return !s->empty || qv_module_add(qi, m, "Empty", s->empty) < 0
               ? -1
               : qv_module_add(qi, m, "SimpleQueue", &qv_simple_queue_type.h);
}

static void fini(QvInterp *qi, QvObj *m) { qv_clear(qi, &((State *)qv_module_state(m))->empty); }

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(((State *)qv_module_state(m))->empty);
    return 0;
}

const QvModuleDef qv_module__queue = {
    .name = "_queue",
    .doc = "C implementation of the Python queue module.\nThis module is an implementation detail, "
           "please do not use it directly.",
    .state_size = sizeof(State),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
