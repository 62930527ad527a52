// SPDX-License-Identifier: MIT
// The module channels: open(), the two ends as Python objects, select().
//
// An end object holds one reference to its end of the channel until it is closed or dies. While it
// waits it holds a second one, so that another thread of the interpreter may close the object
// meanwhile; that ends the wait with ClosedError.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "channels/channel.h"
#include "interpreters/instance.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

extern const QvModuleDef qv_module_channels;

typedef struct EndObject {
    QvObj h;
    QvChanEnd *end; // one reference; NULL when closed
    bool closed;
} EndObject;

// ---- exceptions ---------------------------------------------------------------------------------

typedef struct State {
    QvObj *not_shareable, *error, *closed, *end_of_stream, *would_block; // classes, owned
} State;

// The module's state in this interpreter, or NULL with an exception.
static State *state_of(QvInterp *qi)
{
    QvObj *m = qv_import(qi, "channels");
    if (!m) {
        return NULL;
    }
    bool ours = qv_is_module(m) && ((QvModule *)m)->def == &qv_module_channels;
    State *state = ours ? qv_module_state(m) : NULL;
    qv_decref(qi, m); // sys.modules keeps it
    if (!state) {
        qv_raise(qi, &qv_exc_RuntimeError, "sys.modules['channels'] has been replaced");
    }
    return state;
}

QvType *qv_not_shareable(QvInterp *qi)
{
    State *state = state_of(qi);
    return state ? (QvType *)state->not_shareable : NULL;
}

static QvObj *raise_result(QvInterp *qi, QvChanResult r)
{
    if (r == QV_CHAN_ERROR) {
        return NULL;
    }
    if (r == QV_CHAN_NO_MEMORY) {
        return qv_raise_oom(qi);
    }
    if (r == QV_CHAN_FULL) {
        return qv_raise(qi, &qv_exc_TimeoutError, "the channel is full");
    }
    if (r == QV_CHAN_EMPTY) {
        return qv_raise(qi, &qv_exc_TimeoutError, "nothing came through the channel");
    }
    State *state = state_of(qi);
    if (!state) {
        return NULL;
    }
    if (r == QV_CHAN_ENDED) {
        return qv_raise(qi, (QvType *)state->end_of_stream,
                        "all senders are closed and nothing is left");
    }
    return qv_raise(qi, (QvType *)state->closed,
                    r == QV_CHAN_BROKEN ? "nobody can receive from this channel any more"
                                        : "this end is closed");
}

// ---- for quiver.h -------------------------------------------------------------------------------

QvObj *qv_chan_raise(QvInterp *qi, QvChanResult r) { return raise_result(qi, r); }

QvChanEnd *qv_chan_peek_end(QvInterp *qi, QvObj *o)
{
    if (o->type != &qv_channel_sender_type && o->type != &qv_channel_receiver_type) {
        qv_raise(qi, &qv_exc_TypeError, "expected an end of a channel, not %T", o);
        return NULL;
    }
    QvChanEnd *end = ((EndObject *)o)->end;
    if (!end) {
        raise_result(qi, QV_CHAN_CLOSED);
    }
    return end;
}

static void count(uint64_t *messages, uint64_t *bytes, size_t size);

void qv_chan_count(QvInterp *qi, bool received, size_t size)
{
    QvTraffic *t = &qv_instance_of(qi)->traffic;
    count(received ? &t->messages_received : &t->messages_sent,
          received ? &t->bytes_received : &t->bytes_sent, size);
}

// ---- end objects --------------------------------------------------------------------------------

static EndObject *as_end(QvObj *o) { return (EndObject *)o; }

static bool is_receiver(const QvObj *o) { return o->type == &qv_channel_receiver_type; }

// The end, or NULL with ClosedError.
static QvChanEnd *open_end(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = as_end(o)->end;
    if (!end) {
        raise_result(qi, QV_CHAN_CLOSED);
    }
    return end;
}

// A reference to the end is taken over, on failure too.
static QvObj *wrap_take(QvInterp *qi, QvChanEnd *end)
{
    QvObj *o = qv_obj_new(qi, end->receiver ? &qv_channel_receiver_type : &qv_channel_sender_type);
    if (!o) {
        qv_chan_release(end);
        return NULL;
    }
    as_end(o)->end = end;
    as_end(o)->closed = false;
    return o;
}

QvObj *qv_chan_wrap(QvInterp *qi, QvChanEnd *end)
{
    qv_chan_retain(end);
    return wrap_take(qi, end);
}

static void close_end(QvObj *o)
{
    EndObject *e = as_end(o);
    QvChanEnd *end = e->end;
    if (end) {
        e->end = NULL;
        e->closed = true;
        qv_chan_cancel(end, o);
        qv_chan_release(end);
    }
}

static void end_fini(QvInterp *qi, QvObj *o)
{
    (void)qi;
    EndObject *e = as_end(o);
    if (e->end) {
        qv_chan_release(e->end);
        e->end = NULL;
    }
}

static QvObj *end_repr(QvInterp *qi, QvObj *o)
{
    const char *type = is_receiver(o) ? "Receiver" : "Sender";
    QvChanEnd *end = as_end(o)->end;
    if (!end) {
        return qv_str_format(qi, "<channels.%s closed>", type);
    }
    QvChanStats s;
    qv_chan_stats(end, &s);
    const char *name = qv_chan_name(end);
    return name[0] ? qv_str_format(qi, "<channels.%s of channel %llu '%s', %zu queued>", type,
                                   (unsigned long long)s.id, name, s.depth)
                   : qv_str_format(qi, "<channels.%s of channel %llu, %zu queued>", type,
                                   (unsigned long long)s.id, s.depth);
}

static QvSsize end_len(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = open_end(qi, o);
    return end ? (QvSsize)qv_chan_depth(end) : -1;
}

static int end_bool(QvInterp *qi, QvObj *o)
{ // an empty channel is still something
    (void)qi, (void)o;
    return 1;
}

static int end_pack(QvInterp *qi, QvObj *o, QvPacker *packer)
{
    QvChanEnd *end = open_end(qi, o);
    return end ? qv_pack_end(packer, qi, end) : -1;
}

// ---- waiting ------------------------------------------------------------------------------------

static int get_deadline(QvInterp *qi, QvObj *timeout, int64_t *ret)
{
    double seconds;
    if (!timeout || timeout == QV_NONE) {
        *ret = QV_NEVER;
        return 0;
    }
    if (qv_as_double(qi, timeout, &seconds) < 0) {
        return -1;
    }
    if (!(seconds >= 0)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "timeout must be a non-negative number");
    }
    double ns = seconds * 1e9;
    *ret = seconds == 0 ? 0
           : ns >= 9e18 ? QV_NEVER
                        : qv_clock_add(qv_clock_monotonic(), (int64_t)ceil(ns));
    return 0;
}

static void count(uint64_t *messages, uint64_t *bytes, size_t size)
{ // the lock is held: no other writer
    __atomic_store_n(messages, *messages + 1, __ATOMIC_RELAXED);
    __atomic_store_n(bytes, *bytes + size, __ATOMIC_RELAXED);
}

// The message is used up in any case.
static QvChanResult send_message(QvInterp *qi, QvObj *o, QvMsg *msg, int64_t deadline)
{
    EndObject *e = as_end(o);
    QvChanEnd *end = e->end; // packing may have run Python that closed it
    size_t size = qv_msg_size(msg);
    const QvChanWait never = {0};
    QvChanResult r = end ? qv_chan_send(end, &never, msg) : QV_CHAN_CLOSED;
    if (r == QV_CHAN_FULL && deadline != 0) {
        QvChanWait wait = {.qi = qi, .deadline = deadline, .owner = o, .closed = &e->closed};
        qv_incref(qi, o);
        qv_chan_retain(end);
        r = qv_chan_send(end, &wait, msg);
        qv_chan_release(end);
        qv_decref(qi, o);
    }
    if (r == QV_CHAN_OK) {
        QvTraffic *t = &qv_instance_of(qi)->traffic;
        count(&t->messages_sent, &t->bytes_sent, size);
    } else {
        qv_msg_free(msg);
    }
    return r;
}

static QvChanResult send_value(QvInterp *qi, QvObj *o, QvObj *value, int64_t deadline)
{
    if (!open_end(qi, o)) {
        return QV_CHAN_ERROR;
    }
    QvMsg *msg = qv_msg_pack(qi, value);
    return msg ? send_message(qi, o, msg, deadline) : QV_CHAN_ERROR;
}

static QvChanResult receive_message(QvInterp *qi, QvObj *o, int64_t deadline, QvMsg **ret)
{
    EndObject *e = as_end(o);
    QvChanEnd *end = open_end(qi, o);
    if (!end) {
        return QV_CHAN_ERROR;
    }
    const QvChanWait never = {0};
    QvChanResult r = qv_chan_recv(end, &never, ret);
    if (r == QV_CHAN_EMPTY && deadline != 0) {
        QvChanWait wait = {.qi = qi, .deadline = deadline, .owner = o, .closed = &e->closed};
        qv_incref(qi, o);
        qv_chan_retain(end);
        r = qv_chan_recv(end, &wait, ret);
        qv_chan_release(end);
        qv_decref(qi, o);
    }
    return r;
}

// The value of a message, which is used up.
static QvObj *open_message(QvInterp *qi, QvMsg *msg)
{
    QvTraffic *t = &qv_instance_of(qi)->traffic;
    count(&t->messages_received, &t->bytes_received, qv_msg_size(msg));
    QvObj *value = qv_msg_unpack(qi, msg);
    qv_msg_free(msg);
    return value;
}

// ---- sending ------------------------------------------------------------------------------------

static QvObj *sender_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t deadline = 0;
    if (get_deadline(qi, args[1], &deadline) < 0) {
        return NULL;
    }
    QvChanResult r = send_value(qi, self, args[0], deadline);
    return r == QV_CHAN_OK ? QV_NONE : raise_result(qi, r);
}

static QvObj *sender_try_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvChanResult r = send_value(qi, self, args[0], 0);
    return r == QV_CHAN_OK || r == QV_CHAN_FULL ? qv_bool(r == QV_CHAN_OK) : raise_result(qi, r);
}

static QvObj *sender_send_many(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t deadline = 0, n = 0;
    if (get_deadline(qi, args[1], &deadline) < 0) {
        return NULL;
    }
    QvObj *it = qv_iter(qi, args[0]);
    if (!it) {
        return NULL;
    }
    QvObj *value;
    while ((value = qv_next(qi, it)) != NULL) {
        QvChanResult r = send_value(qi, self, value, deadline);
        qv_decref(qi, value);
        if (r != QV_CHAN_OK) {
            qv_decref(qi, it);
            return raise_result(qi, r);
        }
        n++;
    }
    qv_decref(qi, it);
    return qv_err_occurred(qi) ? NULL : qv_int_from_i64(qi, n);
}

// ---- receiving ----------------------------------------------------------------------------------

static QvObj *receiver_recv(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t deadline = 0;
    QvMsg *msg;
    if (get_deadline(qi, args[0], &deadline) < 0) {
        return NULL;
    }
    QvChanResult r = receive_message(qi, self, deadline, &msg);
    return r == QV_CHAN_OK ? open_message(qi, msg) : raise_result(qi, r);
}

static QvObj *receiver_try_recv(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvMsg *msg;
    QvChanResult r = receive_message(qi, self, 0, &msg);
    if (r == QV_CHAN_OK) {
        return open_message(qi, msg);
    }
    if (r != QV_CHAN_EMPTY) {
        return raise_result(qi, r);
    }
    if (args[0]) {
        return qv_new_ref(qi, args[0]);
    }
    State *state = state_of(qi);
    return state ? qv_raise(qi, (QvType *)state->would_block, "nothing is there to receive") : NULL;
}

static QvObj *receiver_recv_many(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t deadline = 0;
    QvSsize max = PTRDIFF_MAX;
    QvMsg *msg;
    if (args[0] && args[0] != QV_NONE && qv_index_ssize(qi, args[0], &max, NULL) < 0) {
        return NULL;
    }
    if (max < 1) {
        return qv_raise(qi, &qv_exc_ValueError, "max must be at least 1");
    }
    if (get_deadline(qi, args[1], &deadline) < 0) {
        return NULL;
    }
    QvChanResult r = receive_message(qi, self, deadline, &msg);
    if (r != QV_CHAN_OK) {
        return raise_result(qi, r);
    }
    // Python may run while values are made, and close this object: everything is taken before.
    QvChanEnd *end = as_end(self)->end;
    msg->next = end ? qv_chan_take(end, (size_t)max - 1) : NULL;
    QvObj *list = qv_list_new(qi, 0);
    while (msg) {
        QvMsg *next = msg->next;
        if (!list) {
            qv_msg_free(msg);
        } else if (qv_list_append_take(qi, list, open_message(qi, msg)) < 0) {
            qv_clear(qi, &list);
        }
        msg = next;
    }
    return list;
}

static QvObj *receiver_next(QvInterp *qi, QvObj *self)
{
    QvMsg *msg;
    QvChanResult r = receive_message(qi, self, QV_NEVER, &msg);
    if (r == QV_CHAN_OK) {
        return open_message(qi, msg);
    }
    return r == QV_CHAN_ENDED ? NULL : raise_result(qi, r);
}

static QvObj *receiver_iter(QvInterp *qi, QvObj *self) { return qv_new_ref(qi, self); }

// ---- both ---------------------------------------------------------------------------------------

static QvObj *end_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    close_end(self);
    return QV_NONE;
}

static QvObj *end_shutdown(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = open_end(qi, self);
    if (!end) {
        return NULL;
    }
    qv_chan_shut(end);
    return QV_NONE;
}

static QvObj *end_enter(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return open_end(qi, self) ? qv_new_ref(qi, self) : NULL;
}

static QvObj *end_exit(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    close_end(self);
    return QV_FALSE;
}

static QvObj *end_dup(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = open_end(qi, self);
    return end ? qv_chan_wrap(qi, end) : NULL;
}

static QvObj *capacity_of(QvInterp *qi, const QvChanStats *s)
{
    return s->capacity == QV_CHAN_UNBOUNDED ? QV_NONE : qv_int_from_u64(qi, s->capacity);
}

static QvObj *name_of(QvInterp *qi, const char *name)
{
    return name[0] ? qv_str_new_cstr(qi, name) : QV_NONE;
}

static QvObj *stats_dict(QvInterp *qi, const QvChanStats *s, const char *name)
{
    QvObj *d = qv_dict_new(qi);
    if (!d || qv_dict_set_cstr_take(qi, d, "id", qv_int_from_u64(qi, s->id)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "name", name_of(qi, name)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "capacity", capacity_of(qi, s)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "messages", qv_int_from_u64(qi, s->messages)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "bytes", qv_int_from_u64(qi, s->bytes)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "received", qv_int_from_u64(qi, s->received)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "depth", qv_int_from_u64(qi, s->depth)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "high_water", qv_int_from_u64(qi, s->high_water)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "waits",
                              qv_int_from_u64(qi, s->send_waits + s->receive_waits)) < 0 ||
        qv_dict_set_cstr_take(
            qi, d, "wait_seconds",
            qv_float_new(qi, (double)(s->send_wait_ns + s->receive_wait_ns) / 1e9)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "send_waits", qv_int_from_u64(qi, s->send_waits)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "receive_waits", qv_int_from_u64(qi, s->receive_waits)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "senders", qv_int_from_u64(qi, s->senders)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "receivers", qv_int_from_u64(qi, s->receivers)) < 0) {
        qv_xdecref(qi, d);
        return NULL;
    }
    return d;
}

static QvObj *end_stats(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = open_end(qi, self);
    QvChanStats s;
    if (!end) {
        return NULL;
    }
    qv_chan_stats(end, &s);
    return stats_dict(qi, &s, qv_chan_name(end));
}

static QvObj *get_closed(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_end(o)->end == NULL);
}

static QvObj *get_capacity(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = open_end(qi, o);
    QvChanStats s;
    if (!end) {
        return NULL;
    }
    qv_chan_stats(end, &s);
    return capacity_of(qi, &s);
}

static QvObj *get_name(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = open_end(qi, o);
    return end ? name_of(qi, qv_chan_name(end)) : NULL;
}

static QvObj *get_id(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = open_end(qi, o);
    QvChanStats s;
    if (!end) {
        return NULL;
    }
    qv_chan_stats(end, &s);
    return qv_int_from_u64(qi, s.id);
}

// ---- types --------------------------------------------------------------------------------------

#define CLOSE_DOC                                                                                 \
    "Give up this end. When it was the last sender, receivers get what is queued and then the "   \
    "end of the stream; when it was the "                                                         \
    "last receiver, senders fail with ClosedError. A wait of another thread on this object ends " \
    "with ClosedError."
#define SHUTDOWN_DOC                                                                         \
    "End the channel for all: senders fail with ClosedError at once, receivers get what is " \
    "queued."
#define DUP_DOC "Another end of the same kind, closed on its own."
#define STATS_DOC                                                                               \
    "Counters of the channel as a dict: messages and bytes sent, received, depth, high_water, " \
    "waits, wait_seconds, ..."

#define END_METHODS                                                                             \
    {"close", end_close, "($self, /)", CLOSE_DOC},                                              \
        {"shutdown", end_shutdown, "($self, /)", SHUTDOWN_DOC},                                 \
        {"dup", end_dup, "($self, /)", DUP_DOC}, {"stats", end_stats, "($self, /)", STATS_DOC}, \
        {"__enter__", end_enter, "($self, /)", NULL},                                           \
    {                                                                                           \
        "__exit__", end_exit, "($self, type=None, value=None, traceback=None, /)", "close()."   \
    }

static const QvNativeDef sender_methods[] = {
    {"send", sender_send, "($self, obj, /, timeout=None)",
     "Send a copy of obj. Waits while the channel is full, for `timeout` seconds at most: then "
     "TimeoutError. ClosedError when nobody can "
     "receive any more; NotShareableError for what cannot be sent."},
    {"try_send", sender_try_send, "($self, obj, /)",
     "Send without waiting: True, or False when the channel is full."},
    {"send_many", sender_send_many, "($self, iterable, /, timeout=None)",
     "Send each item as a message of its own; how many. When it fails, the items before have been "
     "sent."},
    END_METHODS,
    {0},
};

static const QvNativeDef receiver_methods[] = {
    {"recv", receiver_recv, "($self, /, timeout=None)",
     "The next message. Waits for it, for `timeout` seconds at most: then TimeoutError. "
     "EndOfStream when all senders are closed and nothing "
     "is left. Where the value cannot be made here (a class is missing), that error is raised and "
     "the message is lost."},
    {"try_recv", receiver_try_recv, "($self, default=None, /)",
     "The next message without waiting; when there is none, the default, or WouldBlock where none "
     "was given."},
    {"recv_many", receiver_recv_many, "($self, max=None, /, timeout=None)",
     "A list of messages: waits for the first as recv() does, then takes what is there, up to "
     "max."},
    END_METHODS,
    {0},
};

static const QvGetSet end_getsets[] = {
    {"closed", get_closed, NULL, "True after close()."},
    {"capacity", get_capacity, NULL,
     "Messages that may be queued; None: any number; 0: a sender waits for its receiver."},
    {"name", get_name, NULL, "The name given to open(), or None."},
    {"id", get_id, NULL, "The channel's number in the process; the same for all its ends."},
    {0},
};

QV_SEALED QvType qv_channel_sender_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "channels.Sender",
    .id = QV_TID_channel_sender,
    .flags = QV_T_NO_NEW | QV_T_WEAK | QV_T_IMMUTABLE,
    .size = sizeof(EndObject),
    .base = &qv_object_type,
    .doc = "The end of a channel that messages go into. len() is the number of queued messages. "
           "Can be sent in messages.",
    .methods = sender_methods,
    .getsets = end_getsets,
    .fini = end_fini,
    .repr = end_repr,
    .len = end_len,
    .bool_ = end_bool,
    .pack = end_pack,
};

QV_SEALED QvType qv_channel_receiver_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "channels.Receiver",
    .id = QV_TID_channel_receiver,
    .flags = QV_T_NO_NEW | QV_T_WEAK | QV_T_IMMUTABLE,
    .size = sizeof(EndObject),
    .base = &qv_object_type,
    .doc = "The end of a channel that messages come out of. Iteration receives until the end of "
           "the stream. len() is the number of queued "
           "messages. Can be sent in messages.",
    .methods = receiver_methods,
    .getsets = end_getsets,
    .fini = end_fini,
    .repr = end_repr,
    .len = end_len,
    .bool_ = end_bool,
    .iter = receiver_iter,
    .next = receiver_next,
    .pack = end_pack,
};

// ---- functions ----------------------------------------------------------------------------------

int qv_channel_post(QvInterp *qi, uint64_t id, QvObj *o)
{
    QvChanEnd *end = qv_chan_sender_of(id);
    if (!end) {
        return 0;
    }
    QvMsg *msg = qv_msg_pack(qi, o);
    const QvChanWait wait = {.qi = NULL};
    QvChanResult r = msg ? qv_chan_send(end, &wait, msg) : QV_CHAN_ERROR;
    if (r != QV_CHAN_OK) {
        qv_msg_free(msg);
    }
    qv_chan_release(end);
    return msg ? r == QV_CHAN_OK : -1;
}

static QvObj *channels_open(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    size_t capacity = QV_CHAN_UNBOUNDED;
    if (args[0] && args[0] != QV_NONE) {
        QvSsize n;
        if (qv_index_ssize(qi, args[0], &n, &qv_exc_OverflowError) < 0) {
            return NULL;
        }
        if (n < 0) {
            return qv_raise(qi, &qv_exc_ValueError, "capacity must not be negative");
        }
        capacity = (size_t)n;
    }
    QvUtf8 name = {0};
    if (args[1] && args[1] != QV_NONE) {
        if (!qv_is_str(args[1])) {
            return qv_raise(qi, &qv_exc_TypeError, "name must be a str or None, not '%T'", args[1]);
        }
        if (qv_str_utf8(qi, args[1], &name) < 0) {
            return NULL;
        }
        if (memchr(name.s, 0, (size_t)name.n)) {
            qv_utf8_release(qi, &name);
            return qv_raise(qi, &qv_exc_ValueError, "embedded null character");
        }
    }
    QvChanEnd *sender, *receiver;
    int opened = qv_chan_open(capacity, name.s, &sender, &receiver);
    if (name.s) {
        qv_utf8_release(qi, &name);
    }
    if (opened < 0) {
        return qv_raise_oom(qi);
    }
    QvObj *tx = wrap_take(qi, sender);
    QvObj *rx = wrap_take(qi, receiver);
    QvObj *pair = tx && rx ? qv_tuple_of(qi, 2, tx, rx) : NULL;
    qv_xdecref(qi, tx);
    qv_xdecref(qi, rx);
    return pair;
}

// Selects among n receivers, whose ends are held. Result as select().
static QvObj *select_ends(QvInterp *qi, QvObj *receivers, QvChanEnd **ends, size_t n,
                          int64_t deadline)
{
    QvChanWait wait = {.qi = qi, .deadline = deadline, .owner = receivers};
    QvMsg *msg;
    size_t at;
    QvChanResult r = qv_chan_select(ends, n, &wait, &msg, &at);
    if (r != QV_CHAN_OK) {
        return raise_result(qi, r);
    }
    QvObj *value = open_message(qi, msg);
    QvObj *pair = value ? qv_tuple_of(qi, 2, qv_tuple_peek(receivers, (QvSsize)at), value) : NULL;
    qv_xdecref(qi, value);
    return pair;
}

static QvObj *channels_select(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int64_t deadline = 0;
    if (get_deadline(qi, args[1], &deadline) < 0) {
        return NULL;
    }
    if (is_receiver(args[0])) { // iterating over it would wait for all its messages
        return qv_raise(qi, &qv_exc_TypeError, "select() takes a sequence of receivers, not one");
    }
    QvObj *receivers = qv_to_tuple(qi, args[0]);
    if (!receivers) {
        return NULL;
    }
    size_t n = (size_t)qv_tuple_len(receivers), held = 0;
    QvChanEnd **ends = malloc((n + 1) * sizeof *ends);
    QvObj *result = NULL;
    if (!ends) {
        qv_raise_oom(qi);
        goto done;
    }
    if (n == 0) {
        qv_raise(qi, &qv_exc_ValueError, "select() needs at least one receiver");
        goto done;
    }
    for (; held < n; held++) {
        QvObj *o = qv_tuple_peek(receivers, (QvSsize)held);
        if (!is_receiver(o)) {
            qv_raise(qi, &qv_exc_TypeError, "select() takes receivers, not '%T'", o);
            goto done;
        }
        ends[held] = open_end(qi, o);
        if (!ends[held]) {
            goto done;
        }
        qv_chan_retain(ends[held]);
    }
    result = select_ends(qi, receivers, ends, n, deadline);
done:
    while (held > 0) {
        qv_chan_release(ends[--held]);
    }
    free(ends);
    qv_decref(qi, receivers);
    return result;
}

static QvObj *channels_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return qv_wire_encode(qi, args[0]);
}

static QvObj *channels_decode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *o = qv_wire_decode(qi, view.buf, (size_t)view.len);
    qv_buffer_release(qi, &view);
    return o;
}

// What list_all gathers under the table's mutex: plain memory.
typedef struct Listing {
    struct Listed {
        QvChanStats stats;
        char name[48]; // cut
    } * rows;
    size_t n, cap;
} Listing;

static int list_one(void *ctx, const QvChanStats *stats, const char *name)
{
    Listing *l = ctx;
    if (l->n == l->cap) {
        size_t cap = l->cap * 2 + 16;
        void *rows = realloc(l->rows, cap * sizeof *l->rows);
        if (!rows) {
            return -1;
        }
        l->rows = rows;
        l->cap = cap;
    }
    struct Listed *row = &l->rows[l->n++];
    row->stats = *stats;
    size_t k = 0;
    for (; name[k] && k < sizeof row->name - 1; k++) {
        row->name[k] = name[k];
    }
    row->name[k] = 0;
    return 0;
}

static QvObj *channels_list_all(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    Listing l = {0};
    QvObj *list = NULL;
    if (qv_chan_each(list_one, &l) < 0) {
        qv_raise_oom(qi);
    } else {
        list = qv_list_new(qi, (QvSsize)l.n);
    }
    for (size_t k = 0; list && k < l.n; k++) {
        if (qv_list_append_take(qi, list, stats_dict(qi, &l.rows[k].stats, l.rows[k].name)) < 0) {
            qv_clear(qi, &list);
        }
    }
    free(l.rows);
    return list;
}

// ---- module -------------------------------------------------------------------------------------

static QvObj *new_error(QvInterp *qi, QvObj *m, const char *dotted, QvObj *base, const char *doc)
{
    QvObj *ns = qv_dict_new(qi);
    QvObj *type = NULL;
    if (ns && qv_dict_set_cstr_take(qi, ns, "__doc__", qv_str_new_cstr(qi, doc)) == 0) {
        type = qv_type_new_exception(qi, dotted, base, ns);
    }
    qv_xdecref(qi, ns);
    if (type && qv_module_add(qi, m, dotted + sizeof "channels." - 1, type) < 0) {
        qv_clear(qi, &type);
    }
    return type;
}

static int channels_init(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    s->not_shareable = new_error(qi, m, "channels.NotShareableError", &qv_exc_TypeError.h,
                                 "An object that cannot be sent to another interpreter.");
    s->error = s->not_shareable ? new_error(qi, m, "channels.Error", &qv_exc_Exception.h,
                                            "Base of the errors of channels.")
                                : NULL;
    s->closed = s->error ? new_error(qi, m, "channels.ClosedError", s->error,
                                     "This end, or all of the other side, is closed.")
                         : NULL;
    s->end_of_stream = s->closed
                           ? new_error(qi, m, "channels.EndOfStream", s->closed,
                                       "All senders are closed and nothing is left to receive.")
                           : NULL;
    s->would_block = s->end_of_stream ? new_error(qi, m, "channels.WouldBlock", s->error,
                                                  "try_recv() without a default found nothing.")
                                      : NULL;
    if (!s->would_block) {
        return -1;
    }
    return qv_module_add(qi, m, "Sender", &qv_channel_sender_type.h) < 0
               ? -1
               : qv_module_add(qi, m, "Receiver", &qv_channel_receiver_type.h);
}

static void channels_fini(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    qv_clear(qi, &s->not_shareable);
    qv_clear(qi, &s->error);
    qv_clear(qi, &s->closed);
    qv_clear(qi, &s->end_of_stream);
    qv_clear(qi, &s->would_block);
}

static int channels_traverse(QvObj *m, QvVisit visit, void *ctx)
{
    State *s = qv_module_state(m);
    QV_VISIT(s->not_shareable);
    QV_VISIT(s->error);
    QV_VISIT(s->closed);
    QV_VISIT(s->end_of_stream);
    QV_VISIT(s->would_block);
    return 0;
}

static const QvNativeDef functions[] = {
    {"open", channels_open, "($module, capacity=None, name=None)",
     "A new channel: (sender, receiver). capacity is how many messages may be queued before "
     "senders wait: None for any number, 0 for a "
     "rendezvous. Both ends can be sent to other interpreters, in messages and as arguments."},
    {"select", channels_select, "($module, receivers, timeout=None)",
     "Wait until one of the receivers has a message: (receiver, message). Those at the end of "
     "their stream are passed over; EndOfStream when "
     "all are. TimeoutError after `timeout` seconds."},
    {"list_all", channels_list_all, "($module, /)",
     "stats() of all live channels of the process, oldest first."},
    {"encode", channels_encode, "($module, obj, /)", "The bytes of a message with obj."},
    {"decode", channels_decode, "($module, data, /)",
     "The value of encode()'s bytes: plain data only; ValueError for anything else, whatever the "
     "bytes are."},
    {0},
};

const QvModuleDef qv_module_channels = {
    .name = "channels",
    .doc = "Channels between interpreters: queues of copied values.\n\n"
           "    tx, rx = channels.open(capacity=16)\n"
           "    tx.send({'job': 1})        # here, or in any interpreter that got tx\n"
           "    for job in rx: ...         # until the last sender is closed",
    .functions = functions,
    .state_size = sizeof(State),
    .init = channels_init,
    .fini = channels_fini,
    .traverse = channels_traverse,
};
