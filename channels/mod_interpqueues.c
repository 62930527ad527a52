// SPDX-License-Identifier: MIT
// The module _interpqueues: queues named by a number, as CPython 3.13 has them, and on top of that
// a time to wait in put() and get(). Use concurrent.interpreters.create_queue().
#include <stdlib.h>

#include "channels/box.h"
#include "channels/channel.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/list.h"
#include "object/interp.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type.h"

extern const QvModuleDef qv_module_interpqueues;

typedef struct State {         // nothing but references (qv_box_state_fini)
    QvObj *error, *not_found;  // classes, owned
    QvObj *queue;              // registered class of queues, or NULL
    QvObj *is_empty, *is_full; // registered exceptions, or NULL
} State;

static State *state_of(const QvObj *m) { return qv_module_state(m); }

// ---- errors -------------------------------------------------------------------------------------

// QueueEmpty or QueueFull: the class that a wrapper has registered, or ours, which registers itself
// when it is imported.
static QvObj *raise_state(QvInterp *qi, QvObj *m, bool full, uint64_t id)
{
    State *s = state_of(m);
    if (!s->is_empty) {
        QvObj *ours = qv_import(qi, "concurrent.interpreters._queues");
        if (!ours) {
            return NULL;
        }
        qv_decref(qi, ours);
    }
    QvObj *type = full ? s->is_full : s->is_empty;
    if (!type) {
        return qv_raise(qi, &qv_exc_RuntimeError, "no exceptions of queues are registered");
    }
    return qv_raise(qi, (QvType *)type, "queue %llu is %s", (unsigned long long)id,
                    full ? "full" : "empty");
}

static QvObj *answer(QvInterp *qi, QvObj *m, QvBoxResult r, uint64_t id)
{
    switch (r) {
    case QV_BOX_OK: return QV_NONE;
    case QV_BOX_FULL: return raise_state(qi, m, true, id);
    case QV_BOX_EMPTY: return raise_state(qi, m, false, id);
    case QV_BOX_NOT_FOUND:
        return qv_raise(qi, (QvType *)state_of(m)->not_found, "queue %llu not found",
                        (unsigned long long)id);
    case QV_BOX_NOT_BOUND:
        return qv_raise(qi, (QvType *)state_of(m)->error, "queue %llu never bound",
                        (unsigned long long)id);
    case QV_BOX_NO_MEMORY: return qv_raise_oom(qi);
    default: return NULL; // ERROR; the others are of channels
    }
}

// ---- functions ----------------------------------------------------------------------------------

static QvObj *queues_create(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize max_size;
    int format;
    QvBoxInfo as = {0};
    if (qv_arg_ssize(qi, args[0], &max_size) < 0 || qv_index_int(qi, args[1], &format) < 0 ||
        qv_box_get_unbound(qi, args[2], true, &as.unbound) < 0) {
        return NULL;
    }
    as.max_size = max_size;
    as.format = format;
    uint64_t id = 0;
    QvBoxResult r = qv_box_new(qi, QV_BOX_QUEUE, &as, &id);
    return r == QV_BOX_OK ? qv_int_from_u64(qi, id) : answer(qi, m, r, id);
}

static QvObj *with_id(QvInterp *qi, QvObj *m, QvObj *arg,
                      QvBoxResult (*act)(QvInterp *qi, QvBoxKind kind, uint64_t id))
{
    uint64_t id;
    return qv_box_get_id(qi, arg, "queue", &id) < 0 ? NULL
                                                    : answer(qi, m, act(qi, QV_BOX_QUEUE, id), id);
}

static QvObj *queues_destroy(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return with_id(qi, m, args[0], qv_box_destroy);
}

static QvObj *queues_bind(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return with_id(qi, m, args[0], qv_box_bind);
}

static QvObj *queues_release(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return with_id(qi, m, args[0], qv_box_release);
}

static QvObj *queues_put(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t id;
    int format;
    int64_t deadline = 0;
    QvBoxItem item = {0};
    if (qv_box_get_id(qi, args[0], "queue", &id) < 0 || qv_index_int(qi, args[2], &format) < 0 ||
        qv_box_get_unbound(qi, args[3], true, &item.unbound) < 0 ||
        (args[4] && qv_chan_deadline(qi, args[4], "timeout value", &deadline) < 0)) {
        return NULL;
    }
    item.format = format;
    item.msg = qv_msg_pack(qi, args[1]);
    if (!item.msg) {
        return NULL;
    }
    QvBoxResult r = qv_box_put(qi, id, &item, deadline);
    if (r != QV_BOX_OK) {
        qv_msg_free(item.msg);
    }
    return answer(qi, m, r, id);
}

static QvObj *queues_get(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t id;
    int64_t deadline = 0;
    QvBoxItem item;
    if (qv_box_get_id(qi, args[0], "queue", &id) < 0 ||
        (args[1] && qv_chan_deadline(qi, args[1], "timeout value", &deadline) < 0)) {
        return NULL;
    }
    QvBoxResult r = qv_box_get(qi, id, deadline, &item);
    return r == QV_BOX_OK ? qv_box_open_item(qi, &item, true) : answer(qi, m, r, id);
}

// What the queue is like: 0, or -1 with an exception.
static int get_info(QvInterp *qi, QvObj *m, QvObj *arg, QvBoxInfo *ret)
{
    uint64_t id;
    if (qv_box_get_id(qi, arg, "queue", &id) < 0) {
        return -1;
    }
    return answer(qi, m, qv_box_info(qi, QV_BOX_QUEUE, id, ret), id) ? 0 : -1;
}

static QvObj *queues_get_maxsize(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBoxInfo is;
    return get_info(qi, m, args[0], &is) < 0 ? NULL : qv_int_from_i64(qi, is.max_size);
}

static QvObj *queues_is_full(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBoxInfo is;
    return get_info(qi, m, args[0], &is) < 0
               ? NULL
               : qv_bool(is.max_size > 0 && is.count >= (uint64_t)is.max_size);
}

static QvObj *queues_get_count(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBoxInfo is;
    return get_info(qi, m, args[0], &is) < 0 ? NULL : qv_int_from_u64(qi, is.count);
}

// A tuple of ints: (id,) or nothing, then format and unbound.
static QvObj *defaults(QvInterp *qi, const QvBoxInfo *is, bool with_id_first)
{
    QvObj *format = qv_int_from_i64(qi, is->format), *op = qv_int_from_i64(qi, is->unbound);
    QvObj *id = with_id_first ? qv_int_from_u64(qi, is->id) : NULL, *result = NULL;
    if (format && op && (id || !with_id_first)) {
        result = id ? qv_tuple_of(qi, 3, id, format, op) : qv_tuple_of(qi, 2, format, op);
    }
    qv_xdecref(qi, format);
    qv_xdecref(qi, op);
    qv_xdecref(qi, id);
    return result;
}

static QvObj *queues_get_queue_defaults(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBoxInfo is;
    return get_info(qi, m, args[0], &is) < 0 ? NULL : defaults(qi, &is, false);
}

static QvObj *queues_list_all(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    size_t n;
    QvBoxInfo *rows = qv_box_list(qi, QV_BOX_QUEUE, &n);
    if (!rows) {
        return qv_raise_oom(qi);
    }
    QvObj *list = qv_list_new(qi, 0);
    for (size_t k = 0; list && k < n; k++) {
        if (qv_list_append_take(qi, list, defaults(qi, &rows[k], true)) < 0) {
            qv_clear(qi, &list);
        }
    }
    free(rows);
    return list;
}

static bool is_exception(QvObj *o)
{
    return qv_is_type(o) && qv_type_is_subtype((QvType *)o, &qv_exc_BaseException);
}

static QvObj *queues_register(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_type(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "expected a type for 'queuetype'");
    }
    if (!is_exception(args[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "expected an exception type for 'emptyerror'");
    }
    if (!is_exception(args[2])) {
        return qv_raise(qi, &qv_exc_TypeError, "expected an exception type for 'fullerror'");
    }
    if (qv_box_register_type(qi, m, args[0], "_reduce_queue") < 0) {
        return NULL;
    }
    State *s = state_of(m);
    QvObj *before[] = {s->queue, s->is_empty, s->is_full};
    s->queue = qv_new_ref(qi, args[0]);
    s->is_empty = qv_new_ref(qi, args[1]);
    s->is_full = qv_new_ref(qi, args[2]);
    for (int k = 0; k < 3; k++) {
        qv_xdecref(qi, before[k]);
    }
    return QV_NONE;
}

static QvObj *queues_reduce(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *id = qv_getattr_cstr(qi, args[0], "_id");
    QvObj *call = id ? qv_tuple_of(qi, 1, id) : NULL;
    QvObj *result = call ? qv_tuple_of(qi, 2, &qv_type_of(args[0])->h, call) : NULL;
    qv_xdecref(qi, id);
    qv_xdecref(qi, call);
    return result;
}

int qv_interpqueues_hold(QvInterp *qi, QvObj *o, QvBlock **ret)
{
    *ret = NULL;
    QvObj *name = qv_str_intern_cstr(qi, "_interpqueues"), *m = NULL;
    int loaded = name ? qv_dict_get(qi, qi->modules, name, &m) : -1;
    qv_xdecref(qi, name);
    if (loaded <= 0) {
        return loaded;
    }
    if (!qv_is_module(m) || ((QvModule *)m)->def != &qv_module_interpqueues ||
        state_of(m)->queue != &qv_type_of(o)->h) {
        return 0;
    }
    QvObj *id = qv_getattr_cstr(qi, o, "_id");
    int64_t number = -1;
    bool named = id && qv_is_int(id) && qv_int_as_i64(id, &number) && number >= 0;
    qv_xdecref(qi, id);
    if (!id) {
        return -1;
    }
    if (named && qv_box_hold(qi, QV_BOX_QUEUE, (uint64_t)number, ret) == QV_BOX_NO_MEMORY) {
        qv_raise_oom(qi);
        return -1;
    }
    return 0;
}

// ---- module -------------------------------------------------------------------------------------

static int queues_init(QvInterp *qi, QvObj *m)
{
    State *s = state_of(m);
    s->error =
        qv_box_add_error(qi, m, "concurrent.interpreters.QueueError", &qv_exc_RuntimeError.h);
    s->not_found = qv_box_add_error(qi, m, "concurrent.interpreters.QueueNotFoundError", s->error);
    return s->not_found ? 0 : -1;
}

static void queues_fini(QvInterp *qi, QvObj *m) { qv_box_state_fini(qi, m, sizeof(State)); }

static int queues_traverse(QvObj *m, QvVisit visit, void *ctx)
{
    return qv_box_state_traverse(m, sizeof(State), visit, ctx);
}

static const QvNativeDef functions[] = {
    {"create", queues_create, "($module, /, maxsize, fmt, unboundop)",
     "A new queue; its number. maxsize 0 or less: any number of items. unboundop: what becomes of "
     "an item whose interpreter ends: 1 it is removed, 2 and 3 it stays without its value."},
    {"destroy", queues_destroy, "($module, /, qid)",
     "Destroy the queue with what is in it, whoever refers to it."},
    {"list_all", queues_list_all, "($module, /)",
     "(qid, fmt, unboundop) of all queues, newest first."},
    {"put", queues_put, "($module, /, qid, obj, fmt, unboundop, *, timeout=0)",
     "Add a copy of obj. timeout: seconds to wait for room, None forever; then QueueFull."},
    {"get", queues_get, "($module, /, qid, *, timeout=0)",
     "Take the first item: (obj, fmt, None), or (None, fmt, unboundop) when its interpreter has "
     "ended. timeout: seconds to wait for one, None forever; then QueueEmpty."},
    {"bind", queues_bind, "($module, /, qid)", "Take a reference to the queue."},
    {"release", queues_release, "($module, /, qid)",
     "Give a reference back; the queue is destroyed with the last one."},
    {"get_maxsize", queues_get_maxsize, "($module, /, qid)", "The maxsize of create()."},
    {"get_queue_defaults", queues_get_queue_defaults, "($module, /, qid)",
     "(fmt, unboundop) of create()."},
    {"is_full", queues_is_full, "($module, /, qid)",
     "True when the queue has a maxsize and so many items."},
    {"get_count", queues_get_count, "($module, /, qid)", "The number of items."},
    {"_register_heap_types", queues_register, "($module, /, queuetype, emptyerror, fullerror)",
     "Set the class of queues, which can be sent from now on, and the exceptions of get() and "
     "put()."},
    {"_reduce_queue", queues_reduce, "($module, queue, /)", "How a registered queue is sent."},
    {0},
};

const QvModuleDef qv_module_interpqueues = {
    .name = "_interpqueues",
    .doc = "Queues between interpreters. Use concurrent.interpreters.create_queue().",
    .functions = functions,
    .state_size = sizeof(State),
    .init = queues_init,
    .fini = queues_fini,
    .traverse = queues_traverse,
};
