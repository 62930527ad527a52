// SPDX-License-Identifier: MIT
// Senders and receivers as Python objects.
//
// An end object holds one reference to its end of the channel until it is closed or dies. While it
// waits it holds a second one, so that another thread of the interpreter may close the object
// meanwhile; that ends the wait with ClosedError.
#include <errno.h>
#include <string.h>

#include "base/clock.h"
#include "channels/block.h"
#include "channels/mod_channels.h"
#include "interpreters/instance.h"
#include "object/capsule.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- end objects --------------------------------------------------------------------------------

static QvEndObject *as_end(QvObj *o) { return (QvEndObject *)o; }

QvChanEnd *qv_channels_open_end(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = as_end(o)->end;
    if (!end) {
        qv_chan_raise(qi, QV_CHAN_CLOSED);
    }
    return end;
}

QvObj *qv_channels_wrap_take(QvInterp *qi, QvChanEnd *end)
{
    QvObj *o = qv_obj_new(qi, end->receiver ? &qv_channel_receiver_type : &qv_channel_sender_type);
    if (!o) {
        qv_chan_release(end);
        return NULL;
    }
    as_end(o)->end = end;
    as_end(o)->closed = as_end(o)->awaited = false;
    as_end(o)->awaiting = NULL;
    return o;
}

QvObj *qv_chan_wrap(QvInterp *qi, QvChanEnd *end)
{
    qv_chan_retain(end);
    return qv_channels_wrap_take(qi, end);
}

QvChanEnd *qv_chan_peek_end(QvInterp *qi, QvObj *o)
{
    if (!qv_is_sender(o) && !qv_is_receiver(o)) {
        qv_raise(qi, &qv_exc_TypeError, "expected an end of a channel, not %T", o);
        return NULL;
    }
    return qv_channels_open_end(qi, o);
}

static void close_end(QvObj *o)
{
    QvEndObject *e = as_end(o);
    QvChanEnd *end = e->end;
    if (end) {
        e->end = NULL;
        e->closed = true;
        qv_chan_cancel(end, o);
        for (const QvAwaited *one = e->awaiting; one; one = one->next) {
            qv_chan_cancel(one->receipt, o);
        }
        qv_chan_release(end);
    }
}

bool qv_channels_end_is_closed(const void *o) { return ((const QvEndObject *)o)->closed; }

static void end_fini(QvInterp *qi, QvObj *o)
{
    (void)qi;
    QvEndObject *e = as_end(o);
    if (e->end) {
        qv_chan_release(e->end);
        e->end = NULL;
    }
}

static QvObj *end_repr(QvInterp *qi, QvObj *o)
{
    const char *type = qv_is_receiver(o) ? "Receiver" : "Sender";
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
    QvChanEnd *end = qv_channels_open_end(qi, o);
    return end ? (QvSsize)qv_chan_depth(end) : -1;
}

static int end_bool(QvInterp *qi, QvObj *o)
{ // an empty channel is still something
    (void)qi, (void)o;
    return 1;
}

static int end_pack(QvInterp *qi, QvObj *o, QvPacker *packer)
{
    QvChanEnd *end = qv_channels_open_end(qi, o);
    if (!end || !end->receiver || !qv_chan_is_broadcast(end)) {
        return end ? qv_pack_end(packer, qi, end) : -1;
    }
    QvChanEnd *another; // each receiver gets each message
    if (qv_chan_subscribe(end, &another) < 0) {
        qv_raise_oom(qi);
        return -1;
    }
    int r = !qv_chan_charge(qi, another) ? (qv_raise_oom(qi), -1)
                                         : qv_pack_end(packer, qi, another);
    qv_chan_release(another);
    return r;
}

// ---- waiting ------------------------------------------------------------------------------------

int qv_chan_deadline(QvInterp *qi, QvObj *timeout, const char *what, int64_t *ret)
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
        return qv_raise_int(qi, &qv_exc_ValueError, "%s must be a non-negative number", what);
    }
    *ret = qv_clock_deadline(seconds);
    return 0;
}

void qv_chan_count(QvInterp *qi, bool received, size_t messages, size_t bytes)
{
    QvTraffic *t = &qv_instance_of(qi)->traffic;
    uint64_t *m = received ? &t->messages_received : &t->messages_sent;
    uint64_t *b = received ? &t->bytes_received : &t->bytes_sent;
    __atomic_store_n(m, *m + messages, __ATOMIC_RELAXED); // the lock is held: no other writer
    __atomic_store_n(b, *b + bytes, __ATOMIC_RELAXED);
}

// The message stays the caller's unless the result is OK.
static QvChanResult try_message(QvInterp *qi, QvObj *o, QvMsg *msg, int64_t deadline, bool looked)
{
    QvEndObject *e = as_end(o);
    QvChanEnd *end = e->end; // packing may have run Python that closed it
    size_t size = qv_msg_size(msg);
    const QvChanWait never = {.qi = qi};
    QvChanResult r = end ? qv_chan_send(end, &never, msg) : QV_CHAN_CLOSED;
    if (r == QV_CHAN_FULL && deadline != 0) {
        QvChanWait wait = {
            .qi = qi, .deadline = deadline, .owner = o, .closed = &e->closed, .looked = looked};
        qv_incref(qi, o);
        qv_chan_retain(end);
        r = qv_chan_send(end, &wait, msg);
        qv_chan_release(end);
        qv_decref(qi, o);
    }
    if (r == QV_CHAN_OK) {
        qv_chan_count(qi, false, 1, size);
    }
    return r;
}

// The message is used up in any case.
static QvChanResult send_message(QvInterp *qi, QvObj *o, QvMsg *msg, int64_t deadline, bool looked)
{
    QvChanResult r = try_message(qi, o, msg, deadline, looked);
    if (r != QV_CHAN_OK) {
        qv_msg_free(msg);
    }
    return r;
}

// Sends the memory of an object, which comes back to it when that fails.
static QvChanResult send_moved(QvInterp *qi, QvObj *o, QvObj *value, int64_t deadline, bool urgent)
{
    QvMove move;
    QvMsg *msg = qv_channels_open_end(qi, o) ? qv_move_pack(qi, value, &move) : NULL;
    if (!msg) {
        return QV_CHAN_ERROR;
    }
    msg->urgent = urgent;
    qv_incref(qi, value); // another thread may drop it while this one waits
    QvChanResult r = try_message(qi, o, msg, deadline, false);
    if (r != QV_CHAN_OK) {
        QvObj *exc = r == QV_CHAN_ERROR ? qv_err_fetch(qi) : NULL;
        if (qv_move_undo(qi, &move, msg) < 0) {
            r = QV_CHAN_ERROR;
        } else if (exc) {
            qv_err_restore(qi, exc);
            exc = NULL;
        }
        qv_xdecref(qi, exc);
        qv_msg_free(msg);
    }
    qv_decref(qi, value);
    return r;
}

static QvChanResult send_value(QvInterp *qi, QvObj *o, QvObj *value, int64_t deadline, bool urgent)
{
    if (!qv_channels_open_end(qi, o)) {
        return QV_CHAN_ERROR;
    }
    QvSmallMsg small;
    QvMsg *msg = qv_msg_pack_small(qi, value, &small);
    bool looked = !msg && !urgent;
    if (!msg) {
        QvChanEnd *end = as_end(o)->end; // packing may have run Python that closed it
        if (small.size && end && !urgent && qv_chan_send_small(end, qi, deadline != 0, &small)) {
            qv_chan_count(qi, false, 1, small.size);
            return QV_CHAN_OK;
        }
        msg = small.size ? qv_msg_from_bytes(small.data, small.size) : NULL;
        if (!msg) {
            return small.size ? QV_CHAN_NO_MEMORY : QV_CHAN_ERROR;
        }
        if (!qv_msg_pay(qi, msg)) {
            qv_msg_free(msg);
            return QV_CHAN_NO_MEMORY;
        }
    }
    msg->urgent = urgent;
    return send_message(qi, o, msg, deadline, looked);
}

// Waits until the message has been received or dropped. The receipt is used up.
static QvObj *await_receipt(QvInterp *qi, QvObj *o, QvChanEnd *receipt, int64_t deadline)
{
    QvEndObject *e = as_end(o);
    QvChanWait wait = {.qi = qi, .deadline = deadline, .owner = o, .closed = &e->closed};
    QvAwaited awaited = {.receipt = receipt, .next = e->awaiting};
    QvMsg *nothing;
    QvChanStats stats;
    e->awaiting = &awaited;
    qv_incref(qi, o);
    QvChanResult r = qv_chan_recv(receipt, &wait, &nothing);
    QvAwaited **link = &e->awaiting;
    while (*link != &awaited) { // other threads may have come and gone
        link = &(*link)->next;
    }
    *link = awaited.next;
    qv_decref(qi, o);
    qv_chan_stats(receipt, &stats);
    qv_chan_release(receipt);
    bool by_all = stats.messages && stats.received == stats.messages; // of a broadcast
    if (r == QV_CHAN_ENDED && (stats.shut || by_all)) {
        return QV_NONE;
    }
    if (r == QV_CHAN_EMPTY) {
        return qv_raise(qi, &qv_exc_TimeoutError, "the message has not been received yet");
    }
    if (r != QV_CHAN_ENDED) {
        return qv_chan_raise(qi, r);
    }
    QvChannelsState *state = qv_channels_state(qi);
    return state ? qv_raise(qi, (QvType *)state->dropped,
                            "the message was dropped, or its receiver could not make its value")
                 : NULL;
}

static QvObj *send_acknowledged(QvInterp *qi, QvObj *o, QvObj *value, int64_t deadline, bool urgent)
{
    if (!qv_channels_open_end(qi, o)) {
        return NULL;
    }
    QvMsg *msg = qv_msg_pack(qi, value);
    QvChanEnd *receipt;
    if (!msg) {
        return NULL;
    }
    if (qv_chan_request(msg, &receipt) < 0) {
        qv_msg_free(msg);
        return qv_raise_oom(qi);
    }
    if (!qv_chan_charge(qi, receipt)) {
        qv_msg_free(msg);
        qv_chan_release(receipt);
        return qv_raise_oom(qi);
    }
    msg->urgent = urgent;
    QvChanResult r = send_message(qi, o, msg, deadline, false);
    if (r == QV_CHAN_OK) {
        return await_receipt(qi, o, receipt, deadline);
    }
    qv_chan_release(receipt);
    return qv_chan_raise(qi, r);
}

// looked: it was not there a moment ago.
static QvChanResult receive_message(QvInterp *qi, QvObj *o, int64_t deadline, bool looked,
                                    QvMsg **ret)
{
    QvEndObject *e = as_end(o);
    QvChanEnd *end = qv_channels_open_end(qi, o);
    if (!end) {
        return QV_CHAN_ERROR;
    }
    const QvChanWait never = {0};
    QvChanResult r = looked && deadline != 0 ? QV_CHAN_EMPTY : qv_chan_recv(end, &never, ret);
    if (r == QV_CHAN_EMPTY && deadline != 0) {
        QvChanWait wait = {
            .qi = qi, .deadline = deadline, .owner = o, .closed = &e->closed, .looked = looked};
        qv_incref(qi, o);
        qv_chan_retain(end);
        r = qv_chan_recv(end, &wait, ret);
        qv_chan_release(end);
        qv_decref(qi, o);
    }
    return r;
}

QvObj *qv_channels_open_message(QvInterp *qi, QvMsg *msg)
{
    qv_chan_count(qi, true, 1, qv_msg_size(msg));
    QvObj *value = qv_msg_open(qi, msg);
    if (value) {
        qv_chan_acknowledge(msg);
    }
    qv_msg_free(msg);
    return value;
}

// The next message's value; NULL with *ret_why, which is ERROR when an exception is set.
static QvObj *receive_value(QvInterp *qi, QvObj *o, int64_t deadline, QvChanResult *ret_why)
{
    QvChanEnd *end = as_end(o)->end;
    QvSmallMsg small;
    QvMsg *msg = NULL;
    *ret_why = QV_CHAN_ERROR;
    if (QV_LIKELY(end && qv_chan_recv_small(end, qi, deadline != 0, &small, &msg))) {
        if (!msg) {
            qv_chan_count(qi, true, 1, small.size);
            return qv_msg_open_small(qi, &small);
        }
    } else {
        QvChanResult r = receive_message(qi, o, deadline, true, &msg);
        if (r != QV_CHAN_OK) {
            *ret_why = r;
            return NULL;
        }
    }
    return qv_channels_open_message(qi, msg);
}

// ---- sending ------------------------------------------------------------------------------------

static int get_flag(QvInterp *qi, QvObj *o, bool *ret)
{
    int flag = o ? qv_is_true(qi, o) : 0;
    *ret = flag > 0;
    return flag;
}

static QvObj *sender_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t deadline = 0;
    bool urgent, ack, move;
    if (qv_chan_deadline(qi, args[1], "timeout", &deadline) < 0 ||
        get_flag(qi, args[2], &urgent) < 0 || get_flag(qi, args[3], &ack) < 0 ||
        get_flag(qi, args[4], &move) < 0) {
        return NULL;
    }
    if (ack && move) { // what could not be delivered could not come back
        return qv_raise(qi, &qv_exc_ValueError, "move and ack exclude each other");
    }
    if (ack) {
        return send_acknowledged(qi, self, args[0], deadline, urgent);
    }
    QvChanResult r = move ? send_moved(qi, self, args[0], deadline, urgent)
                          : send_value(qi, self, args[0], deadline, urgent);
    return r == QV_CHAN_OK ? QV_NONE : qv_chan_raise(qi, r);
}

static QvObj *sender_try_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    bool urgent, move;
    if (get_flag(qi, args[1], &urgent) < 0 || get_flag(qi, args[2], &move) < 0) {
        return NULL;
    }
    QvChanResult r = move ? send_moved(qi, self, args[0], 0, urgent)
                          : send_value(qi, self, args[0], 0, urgent);
    return r == QV_CHAN_OK || r == QV_CHAN_FULL || r == QV_CHAN_SLOW ? qv_bool(r == QV_CHAN_OK)
                                                                     : qv_chan_raise(qi, r);
}

// ---- batches ----

#define BATCH 64   // messages that enter or leave the channel together
#define MOST  4096 // taken by one call before it asks how many more there are

// Sends a list of messages, which is used up. *sent grows by those that have gone.
static QvChanResult send_list(QvInterp *qi, QvObj *self, QvMsg *list, int64_t deadline,
                              int64_t *sent)
{
    QvChanResult r = QV_CHAN_OK;
    while (list && r == QV_CHAN_OK) {
        size_t n = 0, bytes = 0;
        for (const QvMsg *msg = list; msg; msg = msg->next) { // they may be gone afterwards
            n++;
            bytes += msg->size;
        }
        QvChanEnd *end = as_end(self)->end;
        if (!end) {
            r = QV_CHAN_CLOSED;
            break;
        }
        list = qv_chan_put(end, qi, list, &r);
        for (const QvMsg *msg = list; msg; msg = msg->next) {
            n--;
            bytes -= msg->size;
        }
        qv_chan_count(qi, false, n, bytes);
        *sent += (int64_t)n;
        if (r == QV_CHAN_FULL) { // the first one waits
            QvMsg *first = list;
            list = first->next;
            r = send_message(qi, self, first, deadline, true);
            *sent += r == QV_CHAN_OK;
        }
    }
    qv_msg_free_list(list);
    return r;
}

// The messages as a list, which they become part of. NULL: no memory, and they are gone.
static QvMsg *list_of(QvInterp *qi, const QvSmallMsg *batch, size_t n)
{
    QvMsg *first = NULL;
    bool fits = true;
    while (n > 0) {
        const QvSmallMsg *small = &batch[--n];
        QvMsg *msg = qv_small_block(small);
        if (!msg && fits) {
            msg = qv_msg_from_bytes(small->data, small->size);
            fits = msg && qv_msg_pay(qi, msg);
        }
        if (msg) {
            msg->next = first;
            first = msg;
        }
    }
    if (!fits) {
        qv_msg_free_list(first);
        first = NULL;
    }
    return first;
}

// Sends n messages, which are used up, the short way as far as it goes. *sent grows by those that
// have gone.
static QvChanResult send_batch(QvInterp *qi, QvObj *self, const QvSmallMsg *batch, size_t n,
                               int64_t deadline, int64_t *sent)
{
    size_t done = 0;
    QvChanEnd *end = as_end(self)->end; // packing may have run Python that closed it
    while (end && done < n) {
        size_t bytes, put = qv_chan_put_batch(end, batch + done, n - done, &bytes);
        done += put;
        const QvSmallMsg *next = &batch[done];
        if (done < n && !qv_small_block(next) &&
            qv_chan_send_small(end, qi, deadline != 0, next)) { // there is room again
            done++;
            put++;
            bytes += next->size;
        }
        qv_chan_count(qi, false, put, bytes);
        *sent += (int64_t)put;
        if (put == 0) {
            break;
        }
    }
    if (done == n) {
        return QV_CHAN_OK;
    }
    QvMsg *rest = list_of(qi, batch + done, n - done);
    return rest ? send_list(qi, self, rest, deadline, sent) : QV_CHAN_NO_MEMORY;
}

// The items of a list or tuple, many at a time. (Those of any iterator go one by one: making the
// next may take time, or wait for an answer to the last.)
static QvObj *send_sequence(QvInterp *qi, QvObj *self, QvObj *items, int64_t deadline)
{
    int64_t sent = 0;
    bool list = qv_is_list(items);
    QvSsize k = 0;
    for (;;) {
        QvSmallMsg batch[BATCH];
        size_t n = 0;
        bool failed = false;
        // Packing may run Python, which may change the list.
        while (n < BATCH && k < (list ? qv_list_len(items) : qv_tuple_len(items))) {
            QvObj *o = list ? qv_list_at(qi, items, k) : qv_new_ref(qi, qv_tuple_peek(items, k));
            QvSmallMsg *small = &batch[n];
            QvMsg *msg = o ? qv_msg_pack_small(qi, o, small) : NULL;
            failed = !o || (!msg && !small->size);
            qv_xdecref(qi, o);
            if (failed) {
                break;
            }
            if (msg) {
                *small = qv_small_of(msg);
            }
            n++;
            k++;
        }
        QvObj *exc = failed ? qv_err_fetch(qi) : NULL;
        QvChanResult r = n ? send_batch(qi, self, batch, n, deadline, &sent) : QV_CHAN_OK;
        if (exc && r == QV_CHAN_OK) {
            qv_err_restore(qi, exc);
            return NULL;
        }
        qv_xdecref(qi, exc);
        if (r != QV_CHAN_OK) {
            return qv_chan_raise(qi, r);
        }
        if (n == 0) {
            return qv_int_from_i64(qi, sent);
        }
        if (qv_poll(qi) < 0) {
            return NULL;
        }
    }
}

static QvObj *sender_send_many(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t deadline = 0, n = 0;
    if (qv_chan_deadline(qi, args[1], "timeout", &deadline) < 0) {
        return NULL;
    }
    if (!qv_channels_open_end(qi, self)) {
        return NULL;
    }
    if (qv_is_list_exact(args[0]) || qv_is_tuple_exact(args[0])) {
        return send_sequence(qi, self, args[0], deadline);
    }
    QvObj *it = qv_iter(qi, args[0]);
    if (!it) {
        return NULL;
    }
    QvObj *value;
    while ((value = qv_next(qi, it)) != NULL) {
        QvChanResult r = send_value(qi, self, value, deadline, false);
        qv_decref(qi, value);
        if (r != QV_CHAN_OK) {
            qv_decref(qi, it);
            return qv_chan_raise(qi, r);
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
    QvChanResult why;
    if (qv_chan_deadline(qi, args[0], "timeout", &deadline) < 0) {
        return NULL;
    }
    QvObj *value = receive_value(qi, self, deadline, &why);
    return value ? value : qv_chan_raise(qi, why);
}

// The default, or WouldBlock where there is none.
static QvObj *nothing_there(QvInterp *qi, QvObj *otherwise)
{
    if (otherwise) {
        return qv_new_ref(qi, otherwise);
    }
    QvChannelsState *state = qv_channels_state(qi);
    return state ? qv_raise(qi, (QvType *)state->would_block, "nothing is there to receive") : NULL;
}

static QvObj *receiver_try_recv(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvChanResult why;
    QvObj *value = receive_value(qi, self, 0, &why);
    if (value) {
        return value;
    }
    return why == QV_CHAN_EMPTY ? nothing_there(qi, args[0]) : qv_chan_raise(qi, why);
}

static QvObj *receiver_peek(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvChanEnd *end = qv_channels_open_end(qi, self);
    if (!end) {
        return NULL;
    }
    QvMsg *msg;
    QvChanResult r = qv_chan_peek(end, &msg);
    if (r != QV_CHAN_OK) {
        return r == QV_CHAN_EMPTY ? nothing_there(qi, args[0]) : qv_chan_raise(qi, r);
    }
    QvObj *value = qv_msg_unpack(qi, msg);
    qv_msg_free(msg);
    return value;
}

// Opens n messages of a batch, which are used up, and appends their values. 0/-1.
static int append_batch(QvInterp *qi, QvObj *list, const QvSmallMsg *batch, size_t n)
{
    size_t bytes = 0, smalls = 0;
    int r = 0;
    for (size_t k = 0; k < n; k++) {
        QvMsg *msg = qv_small_block(&batch[k]);
        if (!msg) {
            smalls++;
            bytes += batch[k].size;
            r = r < 0 ? r : qv_list_append_take(qi, list, qv_msg_open_small(qi, &batch[k]));
        } else if (r < 0) {
            qv_msg_free(msg);
        } else {
            r = qv_list_append_take(qi, list, qv_channels_open_message(qi, msg));
        }
    }
    qv_chan_count(qi, true, smalls, bytes);
    return r;
}

// The general way: what is there now, up to max messages. All are taken before the first is opened.
static int take_list(QvInterp *qi, QvChanEnd *end, QvObj *list, size_t max)
{
    int r = 0;
    QvMsg *next;
    for (QvMsg *msg = qv_chan_take(end, qi, max); msg; msg = next) {
        next = msg->next;
        if (r < 0) {
            qv_msg_free(msg);
        } else {
            r = qv_list_append_take(qi, list, qv_channels_open_message(qi, msg));
        }
    }
    return r;
}

// Appends what is there, up to max messages, at least one. 0/-1.
static int take_many(QvInterp *qi, QvObj *self, QvObj *list, size_t max, int64_t deadline)
{
    QvSmallMsg batch[BATCH];
    bool all = false, bounded = false;
    QvChanEnd *end = qv_channels_open_end(qi, self);
    if (!end) {
        return -1;
    }
    size_t n = qv_chan_take_batch(end, batch, max < BATCH ? max : BATCH, &all);
    if (n == 0) {
        QvMsg *msg = NULL;
        if (!qv_chan_recv_small(end, qi, deadline != 0, &batch[0], &msg)) {
            QvChanResult r = receive_message(qi, self, deadline, true, &msg);
            if (r != QV_CHAN_OK) {
                qv_chan_raise(qi, r);
                return -1;
            }
            batch[0] = qv_small_of(msg);
        }
        n = 1;
        all = false;
    }
    size_t done = 0;
    for (;;) {
        done += n;
        if (append_batch(qi, list, batch, n) < 0) {
            return -1;
        }
        end = as_end(self)->end; // making values may have run Python that closed it
        if (all || !end || done == max || qv_stop_here(qi) < 0) {
            return qv_err_occurred(qi) ? -1 : 0;
        }
        if (done >= MOST && !bounded) { // senders may bring more all the time
            size_t there = qv_chan_depth(end);
            max = max - done < there ? max : done + there;
            bounded = true;
        }
        n = max - done < BATCH ? max - done : BATCH;
        n = n ? qv_chan_take_batch(end, batch, n, &all) : 0;
        if (n == 0) {
            break;
        }
    }
    if (all || done == max) {
        return 0;
    }
    size_t there = qv_chan_depth(end); // and not what senders that wait put in behind it
    size_t left = max - done < there ? max - done : there;
    return left ? take_list(qi, end, list, left) : 0;
}

static QvObj *receiver_recv_many(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int64_t deadline = 0;
    QvSsize max = PTRDIFF_MAX;
    if (args[0] && args[0] != QV_NONE && qv_index_ssize(qi, args[0], &max, NULL) < 0) {
        return NULL;
    }
    if (max < 1) {
        return qv_raise(qi, &qv_exc_ValueError, "max must be at least 1");
    }
    if (qv_chan_deadline(qi, args[1], "timeout", &deadline) < 0) {
        return NULL;
    }
    QvObj *list = qv_list_new(qi, 0);
    if (!list || take_many(qi, self, list, (size_t)max, deadline) < 0) {
        qv_clear(qi, &list);
    }
    return list;
}

static QvObj *receiver_next(QvInterp *qi, QvObj *self)
{
    QvChanResult why;
    QvObj *value = receive_value(qi, self, QV_NEVER, &why);
    return value || why == QV_CHAN_ENDED ? value : qv_chan_raise(qi, why);
}

static QvObj *receiver_iter(QvInterp *qi, QvObj *self) { return qv_new_ref(qi, self); }

// ---- both ---------------------------------------------------------------------------------------

static QvObj *call_aio(QvInterp *qi, const char *name, QvObj *o)
{
    QvObj *m = qv_import(qi, "_channels_aio");
    QvObj *f = m ? qv_getattr_cstr(qi, m, name) : NULL;
    QvObj *result = f ? qv_call1(qi, f, o) : NULL;
    qv_xdecref(qi, f);
    qv_xdecref(qi, m);
    return result;
}

// Waits of threads end by themselves, those of tasks are told.
static int close_both(QvInterp *qi, QvObj *o)
{
    bool tell = as_end(o)->end && as_end(o)->awaited;
    close_end(o);
    QvObj *result = tell ? call_aio(qi, "closed", o) : QV_NONE;
    qv_xdecref(qi, result);
    return result ? 0 : -1;
}

static QvObj *end_fileno(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = qv_channels_open_end(qi, self);
    if (!end) {
        return NULL;
    }
    int fd = qv_chan_fd(end);
    return fd < 0 ? qv_raise_errno(qi, errno, NULL, NULL) : qv_int_from_i64(qi, fd);
}

// For _channels_aio: an object that keeps the end, and with it the descriptor, during a wait.
static QvObj *end_hold(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = qv_channels_open_end(qi, self);
    as_end(self)->awaited = true;
    return end ? qv_chan_wrap(qi, end) : NULL;
}

// For _channels_aio: what waits for a receiver without a thread. It is taken back when the capsule
// goes.
#define OFFER "channels.offer"

static void drop_offer(void *offer) { qv_chan_offer_end(offer); }

static QvObj *sender_offer(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    bool urgent;
    if (!qv_channels_open_end(qi, self) || get_flag(qi, args[1], &urgent) < 0) {
        return NULL;
    }
    QvMsg *msg = qv_msg_pack(qi, args[0]);
    QvChanEnd *end = msg ? qv_channels_open_end(qi, self) : NULL; // packing may have run Python
    if (!end) {
        qv_msg_free(msg);
        return NULL;
    }
    msg->urgent = urgent;
    size_t size = qv_msg_size(msg);
    QvChanOffer *offer = qv_chan_offer(end, qi, self, msg);
    if (!offer) {
        qv_msg_free(msg);
        return qv_raise_oom(qi);
    }
    QvObj *capsule = qv_capsule_new(qi, offer, OFFER, drop_offer);
    QvObj *bytes = capsule ? qv_int_from_u64(qi, size) : NULL;
    QvObj *pair = bytes ? qv_tuple_of(qi, 2, capsule, bytes) : NULL;
    if (!capsule) {
        qv_chan_offer_end(offer);
    }
    qv_xdecref(qi, capsule);
    qv_xdecref(qi, bytes);
    return pair;
}

static QvObj *sender_settle(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)nargs;
    int64_t size;
    QvObj *given = args[0];
    if (!qv_is_tuple_exact(given) || qv_tuple_len(given) != 2 ||
        !qv_is_int(qv_tuple_peek(given, 1)) || !qv_int_as_i64(qv_tuple_peek(given, 1), &size)) {
        return qv_raise(qi, &qv_exc_TypeError, "expected what _offer() has given");
    }
    QvChanOffer *offer = qv_capsule_get(qi, qv_tuple_peek(given, 0), OFFER);
    if (!offer) {
        return NULL;
    }
    QvChanResult r = qv_chan_offer_state(offer);
    if (r == QV_CHAN_OK) {
        qv_chan_count(qi, false, 1, (size_t)size);
    }
    return r == QV_CHAN_OK || r == QV_CHAN_FULL ? qv_bool(r == QV_CHAN_OK) : qv_chan_raise(qi, r);
}

static QvObj *get_aio(QvInterp *qi, QvObj *o)
{
    return call_aio(qi, qv_is_receiver(o) ? "Receiver" : "Sender", o);
}

static QvObj *receiver_aiter(QvInterp *qi, QvObj *self) { return get_aio(qi, self); }

static QvObj *end_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return close_both(qi, self) < 0 ? NULL : QV_NONE;
}

static QvObj *end_shutdown(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = qv_channels_open_end(qi, self);
    if (!end) {
        return NULL;
    }
    qv_chan_shut(end);
    return QV_NONE;
}

static QvObj *end_enter(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_channels_open_end(qi, self) ? qv_new_ref(qi, self) : NULL;
}

static QvObj *end_exit(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return close_both(qi, self) < 0 ? NULL : QV_FALSE;
}

static QvObj *subscribe(QvInterp *qi, QvChanEnd *end)
{
    QvChanEnd *receiver;
    if (qv_chan_subscribe(end, &receiver) < 0) {
        return qv_raise_oom(qi);
    }
    if (!qv_chan_charge(qi, receiver)) {
        qv_chan_release(receiver);
        return qv_raise_oom(qi);
    }
    return qv_channels_wrap_take(qi, receiver);
}

static QvObj *end_dup(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = qv_channels_open_end(qi, self);
    if (!end || !end->receiver || !qv_chan_is_broadcast(end)) {
        return end ? qv_chan_wrap(qi, end) : NULL;
    }
    return subscribe(qi, end);
}

static QvObj *sender_subscribe(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = qv_channels_open_end(qi, self);
    if (end && !qv_chan_is_broadcast(end)) {
        return qv_raise(qi, &qv_exc_ValueError, "not a broadcast channel");
    }
    return end ? subscribe(qi, end) : NULL;
}

static QvObj *capacity_of(QvInterp *qi, const QvChanStats *s)
{
    return s->capacity == QV_CHAN_UNBOUNDED ? QV_NONE : qv_int_from_u64(qi, s->capacity);
}

static QvObj *name_of(QvInterp *qi, const char *name)
{
    return name[0] ? qv_str_new_cstr(qi, name) : QV_NONE;
}

static QvObj *seconds_of(QvInterp *qi, uint64_t ns) { return qv_float_new(qi, (double)ns / 1e9); }

QvObj *qv_channels_stats_dict(QvInterp *qi, const QvChanStats *s, const char *name)
{
    const struct {
        const char *key;
        uint64_t value;
    } counts[] = {
        {"messages", s->messages},
        {"bytes", s->bytes},
        {"received", s->received},
        {"received_bytes", s->received_bytes},
        {"depth", s->depth},
        {"high_water", s->high_water},
        {"waits", s->send_waits + s->receive_waits},
        {"send_waits", s->send_waits},
        {"receive_waits", s->receive_waits},
        {"dropped", s->dropped},
        {"senders", s->senders},
        {"receivers", s->receivers},
    };
    QvObj *d = qv_dict_new(qi);
    int r = !d || qv_dict_set_cstr_take(qi, d, "id", qv_int_from_u64(qi, s->id)) < 0 ||
                    qv_dict_set_cstr_take(qi, d, "name", name_of(qi, name)) < 0 ||
                    qv_dict_set_cstr_take(qi, d, "capacity", capacity_of(qi, s)) < 0
                ? -1
                : 0;
    for (size_t k = 0; r == 0 && k < sizeof counts / sizeof *counts; k++) {
        r = qv_dict_set_cstr_take(qi, d, counts[k].key, qv_int_from_u64(qi, counts[k].value));
    }
    if (r < 0 ||
        qv_dict_set_cstr_take(qi, d, "wait_seconds",
                              seconds_of(qi, s->send_wait_ns + s->receive_wait_ns)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "send_wait_seconds", seconds_of(qi, s->send_wait_ns)) < 0 ||
        qv_dict_set_cstr_take(qi, d, "receive_wait_seconds", seconds_of(qi, s->receive_wait_ns)) <
            0) {
        qv_clear(qi, &d);
    }
    return d;
}

static QvObj *end_stats(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvChanEnd *end = qv_channels_open_end(qi, self);
    QvChanStats s;
    if (!end) {
        return NULL;
    }
    qv_chan_stats(end, &s);
    return qv_channels_stats_dict(qi, &s, qv_chan_name(end));
}

static QvObj *get_closed(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_end(o)->end == NULL);
}

static QvObj *get_capacity(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = qv_channels_open_end(qi, o);
    QvChanStats s;
    if (!end) {
        return NULL;
    }
    qv_chan_stats(end, &s);
    return capacity_of(qi, &s);
}

static QvObj *get_name(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = qv_channels_open_end(qi, o);
    return end ? name_of(qi, qv_chan_name(end)) : NULL;
}

static QvObj *get_id(QvInterp *qi, QvObj *o)
{
    QvChanEnd *end = qv_channels_open_end(qi, o);
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
#define DUP_DOC                                                                               \
    "Another end of the same kind, closed on its own. Of a receiver of a broadcast: another " \
    "receiver, which gets each message from now on."
#define STATS_DOC                                                                                  \
    "Counters of the channel as a dict. Of the senders: messages, bytes, send_waits (calls that "  \
    "had to wait), send_wait_seconds; of the receivers: received, received_bytes, receive_waits, " \
    "receive_wait_seconds; of both: depth, high_water, waits, wait_seconds, ..."

#define FILENO_DOC                                                                               \
    "A descriptor for event loops: readable while recv() (or send()) would not wait. It is the " \
    "channel's: valid while this end is open, not to be read or closed."

#define END_METHODS                                                                                \
    {"close", end_close, "($self, /)", CLOSE_DOC},                                                 \
        {"shutdown", end_shutdown, "($self, /)", SHUTDOWN_DOC},                                    \
        {"dup", end_dup, "($self, /)", DUP_DOC}, {"stats", end_stats, "($self, /)", STATS_DOC},    \
        {"fileno", end_fileno, "($self, /)", FILENO_DOC}, {"_hold", end_hold, "($self, /)", NULL}, \
        {"__enter__", end_enter, "($self, /)", NULL},                                              \
    {                                                                                              \
        "__exit__", end_exit, "($self, type=None, value=None, traceback=None, /)", "close()."      \
    }

static const QvNativeDef sender_methods[] = {
    {"send", sender_send, "($self, obj, /, timeout=None, *, urgent=False, ack=False, move=False)",
     "Send a copy of obj. move: the memory itself of a bytearray or array.array, whatever its "
     "size, after which using obj here raises ValueError. urgent: in front of what is not. ack: "
     "return when a receiver has taken "
     "it and made its value (of a broadcast: all receivers); DroppedError when that cannot happen "
     "any "
     "more. Waits while the "
     "channel is full, for `timeout` seconds at most: then "
     "TimeoutError. ClosedError when nobody can "
     "receive any more; NotShareableError for what cannot be sent."},
    {"try_send", sender_try_send, "($self, obj, /, *, urgent=False, move=False)",
     "Send without waiting: True, or False when the channel is full."},
    {"send_many", sender_send_many, "($self, iterable, /, timeout=None)",
     "Send each item as a message of its own; how many. When it fails, the items before have been "
     "sent."},
    {"_offer", sender_offer, "($self, obj, /, urgent=False)", NULL},
    {"_settle", sender_settle, "($self, offer, /)", NULL},
    {"subscribe", sender_subscribe, "($self, /)",
     "Of a broadcast channel: another receiver, which gets each message from now on."},
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
    {"peek", receiver_peek, "($self, default=None, /)",
     "A copy of the next message, which stays; when there is none, the default, or WouldBlock "
     "where none was given."},
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
    {"aio", get_aio, NULL,
     "This end for asyncio: an object whose recv() or send() is a coroutine."},
    {"name", get_name, NULL, "The name given to open(), or None."},
    {"id", get_id, NULL, "The channel's number in the process; the same for all its ends."},
    {0},
};

QV_SEALED QvType qv_channel_sender_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "channels.Sender",
    .id = QV_TID_channel_sender,
    .flags = QV_T_NO_NEW | QV_T_WEAK | QV_T_IMMUTABLE,
    .size = sizeof(QvEndObject),
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
    .size = sizeof(QvEndObject),
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
    .aiter = receiver_aiter,
    .next = receiver_next,
    .pack = end_pack,
};
