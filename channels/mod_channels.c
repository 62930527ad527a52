// SPDX-License-Identifier: MIT
// The module channels: open(), select(), errors.
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "channels/block.h"
#include "channels/mod_channels.h"
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

// ---- exceptions ---------------------------------------------------------------------------------

QvChannelsState *qv_channels_state(QvInterp *qi)
{
    QvObj *m = qv_import(qi, "channels");
    if (!m) {
        return NULL;
    }
    bool ours = qv_is_module(m) && ((QvModule *)m)->def == &qv_module_channels;
    QvChannelsState *state = ours ? qv_module_state(m) : NULL;
    qv_decref(qi, m); // sys.modules keeps it
    if (!state) {
        qv_raise(qi, &qv_exc_RuntimeError, "sys.modules['channels'] has been replaced");
    }
    return state;
}

QvType *qv_not_shareable(QvInterp *qi)
{
    QvChannelsState *state = qv_channels_state(qi);
    return state ? (QvType *)state->not_shareable : NULL;
}

QvObj *qv_chan_raise(QvInterp *qi, QvChanResult r)
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
    QvChannelsState *state = qv_channels_state(qi);
    if (!state) {
        return NULL;
    }
    if (r == QV_CHAN_DEADLOCK) {
        return qv_raise(qi, (QvType *)state->deadlock,
                        "all threads wait, and nobody is left to serve them");
    }
    if (r == QV_CHAN_SLOW) {
        return qv_raise(qi, (QvType *)state->would_block, "a receiver is slow: its queue is full");
    }
    if (r == QV_CHAN_ENDED) {
        return qv_raise(qi, (QvType *)state->end_of_stream,
                        "all senders are closed and nothing is left");
    }
    return qv_raise(qi, (QvType *)state->closed,
                    r == QV_CHAN_BROKEN ? "nobody can receive from this channel any more"
                                        : "this end is closed");
}

// ---- functions ----------------------------------------------------------------------------------

int qv_channel_post(QvInterp *qi, uint64_t id, QvObj *o)
{
    QvChanEnd *end = qv_chan_sender_of(id);
    if (!end) {
        return 0;
    }
    QvMsg *msg = qv_msg_pack(qi, o);
    const QvChanWait wait = {.qi = qi};
    QvChanResult r = msg ? qv_chan_send(end, &wait, msg) : QV_CHAN_ERROR;
    if (r != QV_CHAN_OK) {
        qv_msg_free(msg);
    }
    qv_chan_release(end);
    return msg ? r == QV_CHAN_OK : -1;
}

// capacity and name of open() and broadcast(). The name is given back with qv_utf8_release.
static int get_options(QvInterp *qi, QvObj *o, size_t *ret_capacity, QvObj *given, QvUtf8 *ret_name)
{
    QvSsize n;
    *ret_capacity = QV_CHAN_UNBOUNDED;
    *ret_name = (QvUtf8){0};
    if (o && o != QV_NONE) {
        if (qv_index_ssize(qi, o, &n, &qv_exc_OverflowError) < 0) {
            return -1;
        }
        if (n < 0) {
            return qv_raise_int(qi, &qv_exc_ValueError, "capacity must not be negative");
        }
        *ret_capacity = (size_t)n;
    }
    if (!given || given == QV_NONE) {
        return 0;
    }
    if (!qv_is_str(given)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "name must be a str or None, not '%T'", given);
    }
    if (qv_str_utf8(qi, given, ret_name) < 0) {
        return -1;
    }
    if (memchr(ret_name->s, 0, (size_t)ret_name->n)) {
        qv_utf8_release(qi, ret_name);
        return qv_raise_int(qi, &qv_exc_ValueError, "embedded null character");
    }
    return 0;
}

// Both ends, whose references are taken over, as a tuple.
static QvObj *pair_take(QvInterp *qi, QvChanEnd *sender, QvChanEnd *receiver)
{
    QvObj *tx = qv_channels_wrap_take(qi, sender);
    QvObj *rx = qv_channels_wrap_take(qi, receiver);
    QvObj *pair = tx && rx ? qv_tuple_of(qi, 2, tx, rx) : NULL;
    qv_xdecref(qi, tx);
    qv_xdecref(qi, rx);
    return pair;
}

// The same of a new channel, which the interpreter pays for.
static QvObj *paid_pair_take(QvInterp *qi, QvChanEnd *sender, QvChanEnd *receiver)
{
    bool one = receiver->channel == sender->channel; // else a broadcast and its first receiver
    if (qv_chan_charge(qi, sender) && (one || qv_chan_charge(qi, receiver))) {
        return pair_take(qi, sender, receiver);
    }
    qv_chan_release(sender);
    qv_chan_release(receiver);
    return qv_raise_oom(qi);
}

static QvObj *channels_open(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    size_t capacity;
    QvUtf8 name;
    QvChanEnd *sender, *receiver;
    if (get_options(qi, args[0], &capacity, args[1], &name) < 0) {
        return NULL;
    }
    int opened = qv_chan_open(capacity, name.s, &sender, &receiver);
    if (name.s) {
        qv_utf8_release(qi, &name);
    }
    return opened < 0 ? qv_raise_oom(qi) : paid_pair_take(qi, sender, receiver);
}

static int get_slow(QvInterp *qi, QvObj *o, QvChanSlow *ret)
{
    static const char *const names[] = {"block", "drop", "error"};
    for (int k = 0; k < 3; k++) {
        if (!o ? k == 0 : qv_is_str(o) && qv_str_eq_ascii(o, names[k])) {
            *ret = (QvChanSlow)k;
            return 0;
        }
    }
    return qv_raise_int(qi, &qv_exc_ValueError, "slow must be 'block', 'drop' or 'error', not %R",
                        o);
}

static QvObj *channels_broadcast(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    size_t capacity;
    QvUtf8 name;
    QvChanSlow slow = QV_CHAN_SLOW_BLOCKS;
    QvChanEnd *sender, *receiver;
    if (get_slow(qi, args[2], &slow) < 0 ||
        get_options(qi, args[0], &capacity, args[1], &name) < 0) {
        return NULL;
    }
    int opened = -1;
    if (capacity > 0) {
        opened = qv_chan_broadcast(capacity, name.s, slow, &sender, &receiver);
    }
    if (name.s) {
        qv_utf8_release(qi, &name);
    }
    if (capacity == 0) {
        return qv_raise(qi, &qv_exc_ValueError, "a broadcast cannot be a rendezvous");
    }
    return opened < 0 ? qv_raise_oom(qi) : paid_pair_take(qi, sender, receiver);
}

// One of the things to select among: a receiver, or a tuple of a sender and what to send. A
// reference to its end is taken. 0, or -1 with an exception.
static int get_case(QvInterp *qi, QvObj *o, QvChanCase *ret)
{
    bool sends = qv_is_tuple(o) && qv_tuple_len(o) == 2 && qv_is_sender(qv_tuple_peek(o, 0));
    if (!sends && !qv_is_receiver(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "select() takes receivers and (sender, object), not '%T'", o);
    }
    QvObj *which = sends ? qv_tuple_peek(o, 0) : o;
    *ret = (QvChanCase){0};
    if (!qv_channels_open_end(qi, which)) {
        return -1;
    }
    if (sends) {
        ret->msg = qv_msg_pack(qi, qv_tuple_peek(o, 1));
        if (!ret->msg) {
            return -1;
        }
    }
    QvChanEnd *end = qv_channels_open_end(qi, which); // packing may have run Python
    if (!end) {
        qv_msg_free(ret->msg);
        return -1;
    }
    qv_chan_retain(end);
    ret->end = end;
    return 0;
}

// What select() works with, n of each, in one block.
typedef struct Choice {
    QvChanCase *cases;   // their ends are held
    const void **owners; // the end objects, which the argument holds
    size_t *sizes;       // of the messages to send
} Choice;

#define CHOICE (sizeof(QvChanCase) + sizeof(void *) + sizeof(size_t))

// Result as select().
static QvObj *choose(QvInterp *qi, QvObj *list, const Choice *c, size_t n, int64_t deadline)
{
    QvChanCase *cases = c->cases;
    QvChannelsState *state = qv_channels_state(qi);
    if (!state) {
        return NULL;
    }
    QvChanWait wait = {
        .qi = qi, .deadline = deadline, .owners = c->owners, .gone = qv_channels_end_is_closed};
    size_t at, start = state->turn++ % n;
    QvChanResult r = qv_chan_choose(cases, n, start, &wait, &at);
    if (r == QV_CHAN_EMPTY) {
        return qv_raise(qi, &qv_exc_TimeoutError, "none of the channels was ready");
    }
    if (r != QV_CHAN_OK) {
        return qv_chan_raise(qi, r);
    }
    QvMsg *msg = cases[at].msg;
    cases[at].msg = NULL;
    QvObj *o = qv_tuple_peek(list, (QvSsize)at);
    if (!cases[at].end->receiver) { // the message has gone, its block perhaps, too
        qv_chan_count(qi, false, 1, c->sizes[at]);
        return qv_tuple_of(qi, 2, qv_tuple_peek(o, 0), QV_NONE);
    }
    QvObj *value = qv_channels_open_message(qi, msg);
    QvObj *pair = value ? qv_tuple_of(qi, 2, o, value) : NULL;
    qv_xdecref(qi, value);
    return pair;
}

static QvObj *channels_select(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int64_t deadline = 0;
    if (qv_chan_deadline(qi, args[1], "timeout", &deadline) < 0) {
        return NULL;
    }
    if (qv_is_receiver(args[0])) { // iterating over it would wait for all its messages
        return qv_raise(qi, &qv_exc_TypeError, "select() takes a sequence of receivers, not one");
    }
    QvObj *list = qv_to_tuple(qi, args[0]);
    if (!list) {
        return NULL;
    }
    size_t n = (size_t)qv_tuple_len(list), held = 0;
    QvChanCase *cases = qv_alloc(qi, (n + 1) * CHOICE);
    QvObj *result = NULL;
    if (!cases) {
        qv_raise_oom(qi);
        goto done;
    }
    const void **owners = (const void **)(void *)(cases + n + 1);
    const Choice c = {.cases = cases, .owners = owners, .sizes = (size_t *)(void *)(owners + n)};
    if (n == 0) {
        qv_raise(qi, &qv_exc_ValueError, "select() needs at least one end");
        goto done;
    }
    for (; held < n; held++) {
        QvObj *o = qv_tuple_peek(list, (QvSsize)held);
        if (get_case(qi, o, &cases[held]) < 0) {
            goto done;
        }
        c.owners[held] = qv_is_receiver(o) ? o : qv_tuple_peek(o, 0);
        c.sizes[held] = cases[held].msg ? qv_msg_size(cases[held].msg) : 0;
    }
    result = choose(qi, list, &c, n, deadline);
done:
    while (held > 0) {
        QvChanCase *one = &cases[--held];
        if (!one->end->receiver) {
            qv_msg_free(one->msg);
        }
        qv_chan_release(one->end);
    }
    qv_free(qi, cases, (n + 1) * CHOICE);
    qv_decref(qi, list);
    return result;
}

static QvObj *channels_share(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvBlock *block = NULL;
    if (qv_heap_fits(&qi->heap, (size_t)view.len)) { // no way around the limit of one allocation
        block = qv_block_copy(view.buf, (size_t)view.len);
    }
    if (block && !qv_block_charge(qi, block, block->counted)) {
        qv_block_release(block);
        block = NULL;
    }
    qv_buffer_release(qi, &view);
    QvObj *shared = block ? qv_block_view(qi, block, false) : qv_raise_oom(qi);
    qv_block_release(block);
    return shared;
}

static const char *const deadlock_modes[] = {"ignore", "report", "raise"};

static int get_mode(const char *s, size_t n)
{
    for (int k = 0; k < 3; k++) {
        if (strlen(deadlock_modes[k]) == n && memcmp(deadlock_modes[k], s, n) == 0) {
            return k;
        }
    }
    return -1;
}

static QvObj *channels_on_deadlock(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvDeadlockMode before = qv_deadlock_mode();
    if (args[0]) {
        QvUtf8 s;
        if (!qv_is_str(args[0])) {
            return qv_raise(qi, &qv_exc_TypeError, "what must be a str, not '%T'", args[0]);
        }
        if (qv_str_utf8(qi, args[0], &s) < 0) {
            return NULL;
        }
        int mode = get_mode(s.s, (size_t)s.n);
        qv_utf8_release(qi, &s);
        if (mode < 0) {
            return qv_raise(qi, &qv_exc_ValueError,
                            "what must be 'ignore', 'report' or 'raise', not %R", args[0]);
        }
        qv_deadlock_set((QvDeadlockMode)mode);
    }
    return qv_str_new_cstr(qi, deadlock_modes[before]);
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
        if (qv_list_append_take(qi, list,
                                qv_channels_stats_dict(qi, &l.rows[k].stats, l.rows[k].name)) < 0) {
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
    QvChannelsState *s = qv_module_state(m);
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
    s->dropped = s->would_block ? new_error(qi, m, "channels.DroppedError", s->error,
                                            "What send(ack=True) has sent will never be received.")
                                : NULL;
    s->deadlock = s->dropped ? new_error(qi, m, "channels.DeadlockError", s->error,
                                         "All threads of the process wait for each other.")
                             : NULL;
    if (!s->deadlock) {
        return -1;
    }
    const char *asked = getenv("QUIVER_DEADLOCK");
    int mode = asked && qv_deadlock_mode() == QV_DEADLOCK_IGNORE ? get_mode(asked, strlen(asked))
                                                                 : 0;
    if (mode > 0) {
        qv_deadlock_set((QvDeadlockMode)mode);
    }
    return qv_module_add(qi, m, "Sender", &qv_channel_sender_type.h) < 0
               ? -1
               : qv_module_add(qi, m, "Receiver", &qv_channel_receiver_type.h);
}

static void channels_fini(QvInterp *qi, QvObj *m)
{
    QvChannelsState *s = qv_module_state(m);
    qv_clear(qi, &s->not_shareable);
    qv_clear(qi, &s->error);
    qv_clear(qi, &s->closed);
    qv_clear(qi, &s->end_of_stream);
    qv_clear(qi, &s->would_block);
    qv_clear(qi, &s->dropped);
    qv_clear(qi, &s->deadlock);
}

static int channels_traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QvChannelsState *s = qv_module_state(m);
    QV_VISIT(s->not_shareable);
    QV_VISIT(s->error);
    QV_VISIT(s->closed);
    QV_VISIT(s->end_of_stream);
    QV_VISIT(s->would_block);
    QV_VISIT(s->dropped);
    QV_VISIT(s->deadlock);
    return 0;
}

static const QvNativeDef functions[] = {
    {"open", channels_open, "($module, capacity=None, name=None)",
     "A new channel: (sender, receiver). capacity is how many messages may be queued before "
     "senders wait: None for any number, 0 for a "
     "rendezvous. Both ends can be sent to other interpreters, in messages and as arguments."},
    {"broadcast", channels_broadcast, "($module, capacity=None, name=None, *, slow='block')",
     "A new broadcast channel: (sender, receiver). Each receiver, here and in other "
     "interpreters, "
     "gets each message from then on: more of them come from rx.dup(), tx.subscribe(), and "
     "each "
     "time that one is sent in a message. capacity is of each receiver's queue. slow says what "
     "happens when one is full: 'block' waits, 'drop' drops its oldest message, 'error' raises "
     "WouldBlock and sends to nobody."},
    {"select", channels_select, "($module, ends, timeout=None)",
     "Do one of several things, whichever can be done first: receive from a receiver, "
     "(receiver, message), or send to a sender that is given as (sender, object): (sender, "
     "None). "
     "When several can be, each has its turn. Ends whose other side is closed are passed over; "
     "EndOfStream when all are (ClosedError where all send). TimeoutError after `timeout` "
     "seconds."},
    {"share", channels_share, "($module, data, /)",
     "A read-only memoryview of a copy of data's bytes in memory of the process. Sending it, "
     "or a "
     "slice of it, sends a reference: each receiver has a view of the same memory, which lives "
     "as "
     "long as one of them."},
    {"on_deadlock", channels_on_deadlock, "($module, what=<unrepresentable>, /)",
     "What happens, in the whole process, when all threads of all interpreters wait for channels "
     "and locks so that nobody can ever go on: 'ignore' (the default), 'report' (on stderr: which "
     "threads, channels and lines), or 'raise' DeadlockError in those that wait for channels. It "
     "is only looked for while the thread that calls this waits, too. Returns what was set. "
     "QUIVER_DEADLOCK in the environment sets it when channels is first imported."},
    {"list_all", channels_list_all, "($module, /)",
     "stats() of all live channels of the process, oldest first."},
    {"encode", channels_encode, "($module, obj, /)", "The bytes of a message with obj."},
    {"decode", channels_decode, "($module, data, /)",
     "The value of encode()'s bytes: plain data only; ValueError for anything "
     "else, whatever the "
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
    .state_size = sizeof(QvChannelsState),
    .init = channels_init,
    .fini = channels_fini,
    .traverse = channels_traverse,
};
