// SPDX-License-Identifier: MIT
// quiver.h: channels for threads of the host, inside an interpreter or in none.
#include <cjson/cJSON.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "channels/block.h"
#include "channels/channel.h"
#include "channels/mod_channels.h"
#include "channels/plain.h"
#include "interpreters/api.h"
#include "object/protocol.h"

// Whom quiver_end_cancel wakes.
static const char host_threads;

static QvChanEnd *end_of(const QuiverEnd *end) { return (QvChanEnd *)(uintptr_t)end; }

static QvMsg *msg_of(const QuiverMessage *msg) { return (QvMsg *)(uintptr_t)msg; }
static const QvMsg *body_of(const QuiverMessage *msg) { return qv_msg_body(msg_of(msg)); }

static QuiverMessage *give(QvMsg *msg) { return (QuiverMessage *)msg; }

static QuiverStatus status_of(QvChanResult r)
{
    switch (r) {
    case QV_CHAN_OK: return QUIVER_OK;
    case QV_CHAN_FULL:
    case QV_CHAN_SLOW:
    case QV_CHAN_EMPTY: return QUIVER_TIMEOUT;
    case QV_CHAN_ENDED: return QUIVER_ENDED;
    case QV_CHAN_BROKEN: return QUIVER_BROKEN;
    case QV_CHAN_CLOSED: return QUIVER_CANCELLED;
    case QV_CHAN_ERROR: return QUIVER_STOPPED;
    default: return QUIVER_NO_MEMORY;
    }
}

static QuiverStatus fit(QvPlainResult r)
{
    return r == QV_PLAIN_OK ? QUIVER_OK : r == QV_PLAIN_NO_MEMORY ? QUIVER_NO_MEMORY : QUIVER_UNFIT;
}

const char *quiver_status_text(QuiverStatus status)
{
    switch (status) {
    case QUIVER_OK: return "done";
    case QUIVER_TIMEOUT: return "time is over";
    case QUIVER_ENDED: return "all senders have gone and nothing is left";
    case QUIVER_BROKEN: return "nobody can receive from this channel any more";
    case QUIVER_CANCELLED: return "the wait was cancelled";
    case QUIVER_STOPPED: return "the script shall stop";
    case QUIVER_NO_MEMORY: return "no memory";
    case QUIVER_INVALID: return "an argument is not valid";
    case QUIVER_UNFIT: return "the message is of another kind";
    }
    return "an unknown status";
}

// ---- ends ---------------------------------------------------------------------------------------

QuiverStatus quiver_channel_open(size_t capacity, const char *name, QuiverEnd **ret_sender,
                                 QuiverEnd **ret_receiver)
{
    QvChanEnd *sender, *receiver;
    QvUtf8Info info;
    if (ret_sender) {
        *ret_sender = NULL;
    }
    if (ret_receiver) {
        *ret_receiver = NULL;
    }
    if (!ret_sender || !ret_receiver ||
        (name && qv_utf8_scan(name, strlen(name), false, &info) < 0)) {
        return QUIVER_INVALID;
    }
    if (qv_process_start() < 0 || qv_chan_open(capacity, name, &sender, &receiver) < 0) {
        return QUIVER_NO_MEMORY;
    }
    qv_chan_host_holds(sender);
    qv_chan_host_holds(receiver);
    *ret_sender = (QuiverEnd *)sender;
    *ret_receiver = (QuiverEnd *)receiver;
    return QUIVER_OK;
}

QuiverEnd *quiver_end_retain(QuiverEnd *end)
{
    if (end) {
        qv_chan_retain(end_of(end));
        qv_chan_host_holds(end_of(end));
    }
    return end;
}

void quiver_end_release(QuiverEnd *end)
{
    if (end) {
        qv_chan_host_drops(end_of(end));
        qv_chan_release(end_of(end));
        if (qv_deadlock_mode() != QV_DEADLOCK_IGNORE) {
            qv_deadlock_look();
        }
    }
}

void quiver_end_shut(QuiverEnd *end)
{
    if (end) {
        qv_chan_shut(end_of(end));
    }
}

void quiver_end_cancel(QuiverEnd *end)
{
    if (end) {
        qv_chan_cancel(end_of(end), &host_threads);
    }
}

bool quiver_end_is_receiver(const QuiverEnd *end) { return end && end_of(end)->receiver; }

// ---- sending and receiving ----------------------------------------------------------------------

static int64_t deadline_of(int64_t wait_ns)
{
    return wait_ns == 0 ? 0 : wait_ns < 0 ? QV_NEVER : qv_clock_add(qv_clock_monotonic(), wait_ns);
}

// How this thread waits: as a guest of the interpreter whose lock it holds, or for itself.
static QvChanWait wait_for(int64_t deadline, uint32_t *word)
{
    QvInstance *inst = qv_attached_instance();
    QvThreadRec *rec = inst ? qv_attached_record(inst) : NULL;
    bool inside = rec && rec->holds && !qv_err_occurred(&inst->qi);
    return (QvChanWait){.qi = inside ? &inst->qi : NULL,
                        .word = inside ? NULL : word,
                        .deadline = deadline,
                        .owner = &host_threads};
}

// A stop that came while no function of the host was running for a script: the host's own call is
// what was stopped, and its error.
static QuiverStatus stopped(const QvChanWait *wait)
{
    QvInstance *inst = qv_instance_of(wait->qi);
    const QvThreadRec *rec = inst->qi.ts->owner;
    if (rec->host_depth == 0) {
        qv_error_capture(inst);
    }
    return QUIVER_STOPPED;
}

QuiverStatus quiver_send(QuiverEnd *sender, QuiverMessage *msg, int64_t wait_ns)
{
    QvChanEnd *end = end_of(sender);
    const QvChanWait never = {0};
    if (!end || end->receiver || !msg) {
        return QUIVER_INVALID;
    }
    QvChanResult r = qv_chan_send(end, &never, msg_of(msg));
    if (r == QV_CHAN_FULL && wait_ns != 0) {
        uint32_t word;
        QvChanWait wait = wait_for(deadline_of(wait_ns), &word);
        r = qv_chan_send(end, &wait, msg_of(msg));
        if (r == QV_CHAN_ERROR) {
            return stopped(&wait);
        }
    }
    return status_of(r);
}

QuiverStatus quiver_receive(QuiverEnd *receiver, QuiverMessage **ret, int64_t wait_ns)
{
    QvChanEnd *end = end_of(receiver);
    const QvChanWait never = {0};
    QvMsg *msg = NULL;
    if (ret) {
        *ret = NULL;
    }
    if (!end || !end->receiver || !ret) {
        return QUIVER_INVALID;
    }
    QvChanResult r = qv_chan_recv(end, &never, &msg);
    if (r == QV_CHAN_EMPTY && wait_ns != 0) {
        uint32_t word;
        QvChanWait wait = wait_for(deadline_of(wait_ns), &word);
        r = qv_chan_recv(end, &wait, &msg);
        if (r == QV_CHAN_ERROR) {
            return stopped(&wait);
        }
    }
    if (r == QV_CHAN_OK) {
        qv_chan_acknowledge(msg);
    }
    *ret = r == QV_CHAN_OK ? give(msg) : NULL;
    return status_of(r);
}

_Static_assert(sizeof(QuiverCase) == sizeof(QvChanCase) &&
                   offsetof(QuiverCase, end) == offsetof(QvChanCase, end) &&
                   offsetof(QuiverCase, msg) == offsetof(QvChanCase, msg),
               "cases are passed on as they are");

QuiverStatus quiver_select(QuiverCase *cases, size_t n, int64_t wait_ns, size_t *ret_at)
{
    bool good = cases && n && ret_at;
    for (size_t k = 0; good && k < n; k++) {
        good = cases[k].end && end_of(cases[k].end)->receiver == !cases[k].msg;
    }
    if (!good) {
        return QUIVER_INVALID;
    }
    uint32_t word;
    QvChanWait wait = wait_for(deadline_of(wait_ns), &word);
    size_t start = (size_t)qv_clock_monotonic() % n; // as good as any, and another one next time
    QvChanResult r = qv_chan_choose((QvChanCase *)(void *)cases, n, start, &wait, ret_at);
    if (r == QV_CHAN_ERROR) {
        return stopped(&wait);
    }
    if (r == QV_CHAN_OK && !end_of(cases[*ret_at].end)->receiver) {
        cases[*ret_at].msg = NULL;
    } else if (r == QV_CHAN_OK) {
        qv_chan_acknowledge(msg_of(cases[*ret_at].msg));
    }
    return status_of(r);
}

int quiver_end_fd(QuiverEnd *end)
{
    if (!end) {
        errno = EINVAL;
        return -1;
    }
    return qv_chan_fd(end_of(end));
}

// Sends a message that has just been made.
static QuiverStatus send_take(QuiverEnd *sender, QvPlainResult made, QvMsg *msg, int64_t wait_ns)
{
    if (made != QV_PLAIN_OK || !msg) {
        return made == QV_PLAIN_UNFIT ? QUIVER_INVALID : QUIVER_NO_MEMORY;
    }
    QuiverStatus status = quiver_send(sender, give(msg), wait_ns);
    if (status != QUIVER_OK) {
        qv_msg_free(msg);
    }
    return status;
}

QuiverStatus quiver_send_null(QuiverEnd *sender, int64_t wait_ns)
{
    return send_take(sender, QV_PLAIN_OK, qv_plain_simple(QV_WIRE_NONE), wait_ns);
}

QuiverStatus quiver_send_bool(QuiverEnd *sender, bool v, int64_t wait_ns)
{
    return send_take(sender, QV_PLAIN_OK, qv_plain_simple(v ? QV_WIRE_TRUE : QV_WIRE_FALSE),
                     wait_ns);
}

QuiverStatus quiver_send_int(QuiverEnd *sender, int64_t v, int64_t wait_ns)
{
    return send_take(sender, QV_PLAIN_OK, qv_plain_from_i64(v), wait_ns);
}

QuiverStatus quiver_send_double(QuiverEnd *sender, double v, int64_t wait_ns)
{
    return send_take(sender, QV_PLAIN_OK, qv_plain_from_double(v), wait_ns);
}

static QvPlainResult make_text(const char *utf8, ptrdiff_t size, QvMsg **ret)
{
    *ret = NULL;
    if (size < -1 || (!utf8 && size != 0)) {
        return QV_PLAIN_UNFIT;
    }
    return qv_plain_from_text(utf8 ? utf8 : "", size < 0 ? strlen(utf8) : (size_t)size, ret);
}

QuiverStatus quiver_send_text(QuiverEnd *sender, const char *utf8, ptrdiff_t size, int64_t wait_ns)
{
    QvMsg *msg;
    QvPlainResult made = make_text(utf8, size, &msg);
    return send_take(sender, made, msg, wait_ns);
}

static QvPlainResult make_bytes(const void *data, size_t size, QvMsg **ret)
{
    *ret = NULL;
    if (!data && size) {
        return QV_PLAIN_UNFIT;
    }
    *ret = qv_plain_from_bytes(data, size);
    return *ret ? QV_PLAIN_OK : QV_PLAIN_NO_MEMORY;
}

QuiverStatus quiver_send_bytes(QuiverEnd *sender, const void *data, size_t size, int64_t wait_ns)
{
    QvMsg *msg;
    QvPlainResult made = make_bytes(data, size, &msg);
    return send_take(sender, made, msg, wait_ns);
}

QuiverStatus quiver_send_cjson(QuiverEnd *sender, const struct cJSON *tree, int64_t wait_ns)
{
    QvMsg *msg;
    QvPlainResult made = qv_plain_from_json(tree, &msg);
    return send_take(sender, made, msg, wait_ns);
}

// ---- making messages ----------------------------------------------------------------------------

QuiverMessage *quiver_message_null(void) { return give(qv_plain_simple(QV_WIRE_NONE)); }

QuiverMessage *quiver_message_bool(bool v)
{
    return give(qv_plain_simple(v ? QV_WIRE_TRUE : QV_WIRE_FALSE));
}

QuiverMessage *quiver_message_int(int64_t v) { return give(qv_plain_from_i64(v)); }

QuiverMessage *quiver_message_double(double v) { return give(qv_plain_from_double(v)); }

QuiverMessage *quiver_message_bytes(const void *data, size_t size)
{
    QvMsg *msg;
    make_bytes(data, size, &msg);
    return give(msg);
}

QuiverMessage *quiver_message_text(const char *utf8, ptrdiff_t size)
{
    QvMsg *msg;
    make_text(utf8, size, &msg);
    return give(msg);
}

QuiverMessage *quiver_message_cjson(const struct cJSON *tree)
{
    QvMsg *msg;
    qv_plain_from_json(tree, &msg);
    return give(msg);
}

QuiverMessage *quiver_message_buffer(void *data, size_t size, bool writable,
                                     void (*free_)(void *user), void *user)
{
    bool good = size <= PTRDIFF_MAX && (data || !size);
    QvBlock *block = good ? qv_block_new(data, size, free_, user) : NULL;
    if (!block) {
        if (free_) {
            free_(user);
        }
        return NULL;
    }
    QvMsg *msg = qv_block_message(block, writable);
    if (!msg) {
        qv_block_release(block);
    }
    return give(msg);
}

QuiverMessage *quiver_message_end(QuiverEnd *end)
{
    return end ? give(qv_plain_from_end(end_of(end))) : NULL;
}

QuiverMessage *quiver_message_urgent(QuiverMessage *msg)
{
    if (msg) {
        msg_of(msg)->urgent = true;
    }
    return msg;
}

void quiver_message_free(QuiverMessage *msg) { qv_msg_free(msg_of(msg)); }

// ---- looking at messages ------------------------------------------------------------------------

QuiverKind quiver_message_kind(const QuiverMessage *msg)
{
    switch (msg ? qv_plain_tag(body_of(msg)) : (QvWireTag)0) {
    case QV_WIRE_NONE: return QUIVER_NONE;
    case QV_WIRE_FALSE:
    case QV_WIRE_TRUE: return QUIVER_BOOL;
    case QV_WIRE_INT:
    case QV_WIRE_BIGINT: return QUIVER_INT;
    case QV_WIRE_FLOAT: return QUIVER_FLOAT;
    case QV_WIRE_COMPLEX: return QUIVER_COMPLEX;
    case QV_WIRE_ASCII:
    case QV_WIRE_LATIN1:
    case QV_WIRE_UCS2:
    case QV_WIRE_UCS4: return QUIVER_STR;
    case QV_WIRE_BYTES:
    case QV_WIRE_BYTEARRAY:
    case QV_WIRE_MEMORYVIEW:
    case QV_WIRE_BLOCK:
    case QV_WIRE_MOVED: return QUIVER_BYTES;
    case QV_WIRE_LIST: return QUIVER_LIST;
    case QV_WIRE_TUPLE: return QUIVER_TUPLE;
    case QV_WIRE_INTS:
    case QV_WIRE_FLOATS:
        return strcmp(qv_plain_name(body_of(msg)), "tuple") == 0 ? QUIVER_TUPLE : QUIVER_LIST;
    case QV_WIRE_DICT: return QUIVER_DICT;
    case QV_WIRE_SET:
    case QV_WIRE_FROZENSET: return QUIVER_SET;
    case QV_WIRE_FUNCTION:
    case QV_WIRE_CODE: return QUIVER_FUNCTION;
    case QV_WIRE_CHANNEL: return QUIVER_END;
    default: return QUIVER_OTHER;
    }
}

const char *quiver_message_kind_name(const QuiverMessage *msg)
{
    return msg ? qv_plain_name(body_of(msg)) : "";
}

size_t quiver_message_size(const QuiverMessage *msg) { return msg ? qv_msg_size(msg_of(msg)) : 0; }

QuiverStatus quiver_message_to_bool(const QuiverMessage *msg, bool *ret)
{
    return msg && ret ? fit(qv_plain_bool(body_of(msg), ret)) : QUIVER_INVALID;
}

QuiverStatus quiver_message_to_int(const QuiverMessage *msg, int64_t *ret)
{
    return msg && ret ? fit(qv_plain_i64(body_of(msg), ret)) : QUIVER_INVALID;
}

QuiverStatus quiver_message_to_double(const QuiverMessage *msg, double *ret)
{
    return msg && ret ? fit(qv_plain_double(body_of(msg), ret)) : QUIVER_INVALID;
}

QuiverStatus quiver_message_to_text(const QuiverMessage *msg, char **ret, size_t *ret_size)
{
    QvPlainText t;
    if (ret) {
        *ret = NULL;
    }
    if (!msg || !ret) {
        return QUIVER_INVALID;
    }
    QvPlainResult r = qv_plain_text(body_of(msg), &t);
    if (r == QV_PLAIN_OK) {
        *ret = t.text;
        if (ret_size) {
            *ret_size = t.size;
        }
    }
    return fit(r);
}

QuiverStatus quiver_message_view(const QuiverMessage *msg, const void **ret_data, size_t *ret_size)
{
    QvBlock *block;
    bool writable;
    return msg && ret_data && ret_size
               ? fit(qv_plain_bytes(body_of(msg), ret_data, ret_size, &block, &writable))
               : QUIVER_INVALID;
}

QuiverStatus quiver_message_to_cjson(const QuiverMessage *msg, struct cJSON **ret, char *error,
                                     size_t room)
{
    if (ret) {
        *ret = NULL;
    }
    return msg && ret ? fit(qv_plain_to_json(body_of(msg), ret, error, room)) : QUIVER_INVALID;
}

QuiverStatus quiver_message_to_end(const QuiverMessage *msg, QuiverEnd **ret)
{
    QvChanEnd *end;
    if (ret) {
        *ret = NULL;
    }
    if (!msg || !ret) {
        return QUIVER_INVALID;
    }
    QvPlainResult r = qv_plain_end(body_of(msg), &end);
    if (r == QV_PLAIN_OK) {
        qv_chan_retain(end);
        qv_chan_host_holds(end);
        *ret = (QuiverEnd *)end;
    }
    return fit(r);
}

static void drop_message(void *msg) { qv_msg_free(msg); }

static void drop_block(void *block) { qv_block_release(block); }

QuiverStatus quiver_message_take_buffer(QuiverMessage *msg, QuiverBuffer *ret)
{
    const void *data;
    size_t size;
    QvBlock *block;
    bool writable;
    if (ret) {
        *ret = (QuiverBuffer){0};
    }
    if (!msg || !ret) {
        return QUIVER_INVALID;
    }
    QvPlainResult r = qv_plain_bytes(body_of(msg), &data, &size, &block, &writable);
    if (r != QV_PLAIN_OK) {
        return fit(r);
    }
    *ret = (QuiverBuffer){.data = (void *)(uintptr_t)data, .size = size};
    if (block) {
        qv_block_retain(block);
        qv_msg_free(msg_of(msg));
        ret->free = drop_block;
        ret->user = block;
        ret->writable = writable && qv_block_is_alone(block);
    } else { // the message itself becomes the buffer
        ret->free = drop_message;
        ret->user = msg;
        ret->writable = qv_atomic_load_u32(&msg_of(msg)->sharers) == 0;
    }
    return QUIVER_OK;
}

// ---- statistics ---------------------------------------------------------------------------------

static void show(const QvChanStats *s, const char *name, QuiverChannelStats *ret)
{
    *ret = (QuiverChannelStats){.id = s->id,
                                .capacity = s->capacity,
                                .depth = s->depth,
                                .high_water = s->high_water,
                                .messages = s->messages,
                                .bytes = s->bytes,
                                .received = s->received,
                                .received_bytes = s->received_bytes,
                                .send_waits = s->send_waits,
                                .receive_waits = s->receive_waits,
                                .send_wait_ns = s->send_wait_ns,
                                .receive_wait_ns = s->receive_wait_ns,
                                .senders = s->senders,
                                .receivers = s->receivers,
                                .shut = s->shut};
    size_t n = strlen(name);
    if (n >= sizeof ret->name) { // whole characters only
        for (n = sizeof ret->name - 1; n > 0 && ((unsigned char)name[n] & 0xC0) == 0x80;) {
            n--;
        }
    }
    memcpy(ret->name, name, n);
}

bool quiver_end_stats(const QuiverEnd *end, QuiverChannelStats *ret)
{
    QvChanStats stats;
    if (!end || !ret) {
        return false;
    }
    qv_chan_stats(end_of(end), &stats);
    show(&stats, qv_chan_name(end_of(end)), ret);
    return true;
}

typedef struct List {
    QuiverChannelStats *list;
    size_t n, max;
} List;

static int visit(void *ctx, const QvChanStats *stats, const char *name)
{
    List *l = ctx;
    if (l->n < l->max) {
        show(stats, name, &l->list[l->n]);
    }
    l->n++;
    return 0;
}

size_t quiver_channels(QuiverChannelStats *list, size_t max)
{
    List l = {.list = list, .max = list ? max : 0};
    qv_chan_each(visit, &l);
    return l.n;
}

// ---- with an interpreter ------------------------------------------------------------------------

// False with ValueError where there is no end, or the other one.
static bool end_given(QvInstance *inst, QuiverEnd *end, bool receiver)
{
    if (!qv_api_given(inst, end, receiver ? "receiver" : "sender")) {
        return false;
    }
    if (end_of(end)->receiver != receiver) {
        qv_raise(&inst->qi, &qv_exc_ValueError,
                 receiver ? "the end is a sender" : "the end is a receiver");
        return false;
    }
    return true;
}

QuiverValue *quiver_from_end(Quiver *q, QuiverEnd *end)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    bool given = qv_api_given(inst, end, "end");
    return qv_api_value(inst, given ? qv_chan_wrap(&inst->qi, end_of(end)) : NULL);
}

QuiverEnd *quiver_to_end(Quiver *q, QuiverValue *value)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvObj *o = qv_api_arg(inst, value);
    QvChanEnd *end = o ? qv_chan_peek_end(&inst->qi, o) : NULL;
    if (end) {
        qv_chan_retain(end);
        qv_chan_host_holds(end);
    }
    qv_api_status(inst, end ? 0 : -1);
    return (QuiverEnd *)end;
}

QuiverMessage *quiver_to_message(Quiver *q, QuiverValue *value)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvObj *o = qv_api_arg(inst, value);
    QvMsg *msg = o ? qv_msg_pack(&inst->qi, o) : NULL;
    qv_api_status(inst, msg ? 0 : -1);
    return give(msg);
}

QuiverValue *quiver_from_message(Quiver *q, const QuiverMessage *msg)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    bool given = qv_api_given(inst, msg, "msg");
    return qv_api_value(inst, given ? qv_msg_unpack(&inst->qi, msg_of(msg)) : NULL);
}

int quiver_send_value(Quiver *q, QuiverEnd *sender, QuiverValue *value, int64_t wait_ns)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *o = end_given(inst, sender, false) ? qv_api_arg(inst, value) : NULL;
    QvMsg *msg = o ? qv_msg_pack(qi, o) : NULL;
    if (!msg) {
        return qv_api_status(inst, -1);
    }
    size_t size = qv_msg_size(msg);
    QvChanWait wait = {.qi = qi, .deadline = deadline_of(wait_ns)};
    QvChanResult r = qv_chan_send(end_of(sender), &wait, msg);
    if (r == QV_CHAN_OK) {
        qv_chan_count(qi, false, 1, size);
    } else {
        qv_msg_free(msg);
        qv_chan_raise(qi, r);
    }
    return qv_api_status(inst, r == QV_CHAN_OK ? 0 : -1);
}

QuiverValue *quiver_receive_value(Quiver *q, QuiverEnd *receiver, int64_t wait_ns)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    if (!end_given(inst, receiver, true)) {
        return qv_api_value(inst, NULL);
    }
    QvMsg *msg;
    QvChanWait wait = {.qi = qi, .deadline = deadline_of(wait_ns)};
    QvChanResult r = qv_chan_recv(end_of(receiver), &wait, &msg);
    if (r != QV_CHAN_OK) {
        return qv_api_value(inst, qv_chan_raise(qi, r));
    }
    return qv_api_value(inst, qv_channels_open_message(qi, msg));
}
