// SPDX-License-Identifier: MIT
// Channels.
//
//   table (process)   ── CHANNEL_TABLE ──> all live channels, oldest first; last id
//   QvChannel         ── mu (CHANNEL) ───> queue of messages · two rows of sleeping threads ·
//                                          counters · counts of the two ends
//     sleeper's node  on its C stack; belongs to the channel while it is in a row (under mu)
//     sleeper's word  on its thread record; won by exactly one of waker, interrupt and deadline
//                     (interpreters/wait.c)
//
// Under mu there is no Python, no allocation and no other lock; a message is packed before and
// unpacked after. Messages are handed over directly: a sender gives its message to the first
// sleeping receiver, a receiver that makes room moves the first sleeping sender's message into the
// queue, so one message costs at most one wake-up, and sleepers are served in order. With capacity
// 0 the queue is never used, and that is a rendezvous.
//
// The queue is a list through the messages themselves: no ring to allocate under the mutex, and
// taking many is a splice.
//
// A node is unlinked before its word is claimed: after the claim the sleeper may be gone. When the
// claim fails, the sleeper has been interrupted or its time is over, and it will come for the mutex
// before it leaves: the node is still good until mu is let go.
#include "channels/channel.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "interpreters/instance.h"
#include "object/protocol.h"

#define SPIN_START   60 // rounds of looking before a thread sleeps; adapts by channel
#define SPIN_MAX     400
#define SPIN_PAYS_NS (6 * QV_NS_PER_US) // a wait shorter than this was worth spinning for

typedef struct Node {
    struct Node *prev, *next;
    uint32_t *word;
    const void *owner;
    QvMsg *msg;           // what a sender brings or a receiver was given
    QvChanResult outcome; // set by the waker before the claim
    bool queued;          // guarded by: mu
} Node;

typedef struct Row {
    Node *first, *last;
} Row;

struct QvChannel {
    QvMutex mu;
    QvChanEnd sender, receiver; // refs guarded by: mu
    QvMsg *head, *tail;         // queue; guarded by: mu
    size_t capacity;            // fixed
    Row senders, receivers;     // sleeping; guarded by: mu
    uint32_t pins;              // waits in progress, which keep the struct; guarded by: mu
    uint32_t spin;              // rounds; guarded by: mu
    QvChanStats stats;          // guarded by: mu
    QvChannel *prev, *next;     // guarded by: the table's mutex
    size_t bytes;               // of this block
    char name[];
};

// All live channels of the process.
static struct QvChannelTable {
    QvMutex mu;
    QvChannel *first, *last;
    uint64_t last_id;
} qv_channels = {.mu = QV_MUTEX_INIT(QV_RANK_CHANNEL_TABLE)};

// ---- life ---------------------------------------------------------------------------------------

int qv_chan_open(size_t capacity, const char *name, QvChanEnd **ret_sender,
                 QvChanEnd **ret_receiver)
{
    size_t n = name ? strlen(name) : 0;
    size_t bytes = sizeof(QvChannel) + n + 1;
    QvChannel *c = calloc(1, bytes);
    if (!c) {
        return -1;
    }
    qv_mutex_init(&c->mu, QV_RANK_CHANNEL);
    c->sender = (QvChanEnd){.channel = c, .refs = 1};
    c->receiver = (QvChanEnd){.channel = c, .receiver = true, .refs = 1};
    c->capacity = capacity;
    c->spin = qv_thread_cpu_count() > 1 ? SPIN_START : 0;
    c->stats.capacity = capacity;
    c->bytes = bytes;
    if (n) {
        memcpy(c->name, name, n);
    }
    qv_msg_count((int64_t)bytes);
    qv_mutex_lock(&qv_channels.mu);
    c->stats.id = ++qv_channels.last_id;
    c->prev = qv_channels.last;
    if (qv_channels.last) {
        qv_channels.last->next = c;
    } else {
        qv_channels.first = c;
    }
    qv_channels.last = c;
    qv_mutex_unlock(&qv_channels.mu);
    *ret_sender = &c->sender;
    *ret_receiver = &c->receiver;
    return 0;
}

static void channel_free(QvChannel *c)
{
    qv_mutex_lock(&qv_channels.mu);
    if (c->prev) {
        c->prev->next = c->next;
    } else {
        qv_channels.first = c->next;
    }
    if (c->next) {
        c->next->prev = c->prev;
    } else {
        qv_channels.last = c->prev;
    }
    qv_mutex_unlock(&qv_channels.mu);
    qv_msg_count(-(int64_t)c->bytes);
    free(c);
}

// Lets go of the mutex; the last one out frees the channel.
static void unlock(QvChannel *c)
{
    bool last = c->sender.refs == 0 && c->receiver.refs == 0 && c->pins == 0;
    qv_mutex_unlock(&c->mu);
    if (last) {
        channel_free(c);
    }
}

// ---- rows of sleepers (mu held) -----------------------------------------------------------------

static void row_add(Row *row, Node *node)
{
    node->queued = true;
    node->next = NULL;
    node->prev = row->last;
    if (row->last) {
        row->last->next = node;
    } else {
        row->first = node;
    }
    row->last = node;
}

static void row_remove(Row *row, Node *node)
{
    if (!node->queued) {
        return;
    }
    node->queued = false;
    if (node->prev) {
        node->prev->next = node->next;
    } else {
        row->first = node->next;
    }
    if (node->next) {
        node->next->prev = node->prev;
    } else {
        row->last = node->prev;
    }
}

// Ends the sleep of all in the row, or of those of one owner.
static void row_end(Row *row, QvChanResult outcome, const void *owner)
{
    Node *next;
    for (Node *node = row->first; node; node = next) {
        next = node->next;
        if (owner && node->owner != owner) {
            continue;
        }
        row_remove(row, node);
        node->outcome = outcome;
        uint32_t *word = node->word;
        if (qv_wake_claim(word)) {
            qv_wake(word);
        }
    }
}

// Gives msg to the first receiver that is still there: its word, to be woken after mu. NULL: nobody
// is.
static uint32_t *give(QvChannel *c, QvMsg *msg)
{
    for (Node *node; (node = c->receivers.first);) {
        row_remove(&c->receivers, node);
        uint32_t *word = node->word;
        node->msg = msg;
        node->outcome = QV_CHAN_OK;
        if (qv_wake_claim(word)) {
            return word;
        }
        node->msg = NULL;
    }
    return NULL;
}

// The message of the first sender that is still there, and its word. NULL: nobody is.
static QvMsg *take_from_sleeper(QvChannel *c, uint32_t **ret_word)
{
    for (Node *node; (node = c->senders.first);) {
        row_remove(&c->senders, node);
        uint32_t *word = node->word;
        QvMsg *msg = node->msg;
        node->outcome = QV_CHAN_OK;
        if (qv_wake_claim(word)) {
            *ret_word = word;
            return msg;
        }
    }
    return NULL;
}

// ---- the queue (mu held) ------------------------------------------------------------------------

static void push(QvChannel *c, QvMsg *msg)
{
    msg->next = NULL;
    if (c->tail) {
        c->tail->next = msg;
    } else {
        c->head = msg;
    }
    c->tail = msg;
    if (++c->stats.depth > c->stats.high_water) {
        c->stats.high_water = c->stats.depth;
    }
}

static void count_sent(QvChannel *c, const QvMsg *msg)
{
    c->stats.messages++;
    c->stats.bytes += msg->size;
}

// What there is to receive, or NULL; a sleeping sender's message moves up. *ret_word: whom to wake,
// or NULL.
static QvMsg *pop(QvChannel *c, uint32_t **ret_word)
{
    *ret_word = NULL;
    QvMsg *msg = c->head;
    if (msg) {
        c->head = msg->next;
        if (!c->head) {
            c->tail = NULL;
        }
        c->stats.depth--;
        QvMsg *more = take_from_sleeper(c, ret_word);
        if (more) {
            count_sent(c, more);
            push(c, more);
        }
    } else {
        msg = take_from_sleeper(c, ret_word);
        if (msg) {
            count_sent(c, msg);
        }
    }
    if (msg) {
        msg->next = NULL;
        c->stats.received++;
    }
    return msg;
}

static bool may_wait(const QvChanWait *wait)
{
    return (wait->qi || wait->word) && wait->deadline > 0;
}

// ---- ends ---------------------------------------------------------------------------------------

void qv_chan_retain(QvChanEnd *end)
{
    QvChannel *c = end->channel;
    qv_mutex_lock(&c->mu);
    end->refs++;
    qv_mutex_unlock(&c->mu);
}

QvMsg *qv_chan_drop(QvChanEnd *end, QvMsg *pending)
{
    QvChannel *c = end->channel;
    qv_mutex_lock(&c->mu);
    if (--end->refs == 0) {
        if (end->receiver) {
            if (c->head) {
                c->tail->next = pending;
                pending = c->head;
            }
            c->head = c->tail = NULL;
            c->stats.depth = 0;
            row_end(&c->senders, QV_CHAN_BROKEN, NULL);
        } else {
            row_end(&c->receivers, QV_CHAN_ENDED, NULL);
        }
    }
    unlock(c);
    return pending;
}

void qv_chan_release(QvChanEnd *end) { qv_msg_free_list(qv_chan_drop(end, NULL)); }

void qv_chan_shut(QvChanEnd *end)
{
    QvChannel *c = end->channel;
    qv_mutex_lock(&c->mu);
    c->stats.shut = true;
    row_end(&c->senders, QV_CHAN_BROKEN, NULL);
    row_end(&c->receivers, QV_CHAN_ENDED, NULL);
    qv_mutex_unlock(&c->mu);
}

void qv_chan_cancel(QvChanEnd *end, const void *owner)
{
    QvChannel *c = end->channel;
    qv_mutex_lock(&c->mu);
    row_end(end->receiver ? &c->receivers : &c->senders, QV_CHAN_CLOSED, owner);
    qv_mutex_unlock(&c->mu);
}

// ---- waiting ------------------------------------------------------------------------------------

static uint32_t *arm(const QvChanWait *wait)
{
    return wait->qi ? qv_wait_arm(wait->qi) : qv_wait_arm_word(wait->word);
}

static QvWake sleep_on(const QvChanWait *wait, uint32_t *word, uint32_t spin)
{
    return wait->qi ? qv_wait_sleep(wait->qi, word, wait->deadline, spin)
                    : qv_wait_sleep_word(word, wait->deadline, spin);
}

// Sleeps in a row. mu is held at the call and not afterwards. What the wait brought; FULL and EMPTY
// for a deadline.
static QvWake sleep_in(QvChannel *c, Row *row, Node *node, const QvChanWait *wait, uint64_t *waits,
                       uint64_t *wait_ns)
{
    node->word = arm(wait);
    node->owner = wait->owner;
    row_add(row, node);
    c->pins++;
    ++*waits;
    uint32_t spin = c->spin;
    qv_mutex_unlock(&c->mu);

    int64_t start = qv_clock_monotonic();
    QvWake wake = sleep_on(wait, node->word, spin);
    int64_t took = qv_clock_monotonic() - start;

    qv_mutex_lock(&c->mu);
    row_remove(row, node);
    c->pins--;
    *wait_ns += (uint64_t)took;
    if (spin || c->spin) {
        c->spin = took < SPIN_PAYS_NS ? (c->spin < SPIN_MAX ? c->spin + SPIN_START / 4 : SPIN_MAX)
                                      : (c->spin > 8 ? c->spin - c->spin / 4 : 4);
    }
    unlock(c);
    qv_wait_disarm(node->word);
    return wake;
}

// After an interrupt: OK to go on, CLOSED, or ERROR with an exception.
static QvChanResult interrupted(const QvChanWait *wait, QvChanResult outcome)
{
    if (wait->qi && qv_poll(wait->qi) < 0) {
        return QV_CHAN_ERROR;
    }
    return outcome == QV_CHAN_CLOSED || (wait->closed && *wait->closed) ? QV_CHAN_CLOSED
                                                                        : QV_CHAN_OK;
}

// ---- sending and receiving ----------------------------------------------------------------------

QvChanResult qv_chan_send(QvChanEnd *end, const QvChanWait *wait, QvMsg *msg)
{
    QvChannel *c = end->channel;
    for (;;) {
        qv_mutex_lock(&c->mu);
        if (c->stats.shut || c->receiver.refs == 0) {
            qv_mutex_unlock(&c->mu);
            return QV_CHAN_BROKEN;
        }
        size_t size = msg->size; // the receiver may free it before we count
        uint32_t *word = give(c, msg);
        if (word) {
            c->stats.messages++;
            c->stats.bytes += size;
            c->stats.received++;
            qv_mutex_unlock(&c->mu);
            qv_wake(word);
            return QV_CHAN_OK;
        }
        if (c->stats.depth < c->capacity) {
            count_sent(c, msg);
            push(c, msg);
            qv_mutex_unlock(&c->mu);
            return QV_CHAN_OK;
        }
        if (!may_wait(wait)) {
            qv_mutex_unlock(&c->mu);
            return QV_CHAN_FULL;
        }
        Node node = {.msg = msg};
        switch (
            sleep_in(c, &c->senders, &node, wait, &c->stats.send_waits, &c->stats.send_wait_ns)) {
        case QV_WAKE_DONE: return node.outcome;
        case QV_WAKE_TIMEOUT: return QV_CHAN_FULL;
        default: {
            QvChanResult end_it = interrupted(wait, node.outcome);
            if (end_it != QV_CHAN_OK) {
                return end_it;
            }
        }
        }
    }
}

static bool has_ended(const QvChannel *c) { return c->stats.shut || c->sender.refs == 0; }

QvChanResult qv_chan_recv(QvChanEnd *end, const QvChanWait *wait, QvMsg **ret)
{
    QvChannel *c = end->channel;
    for (;;) {
        uint32_t *word;
        qv_mutex_lock(&c->mu);
        *ret = pop(c, &word);
        if (*ret || has_ended(c) || !may_wait(wait)) {
            bool ended = has_ended(c);
            qv_mutex_unlock(&c->mu);
            if (word) {
                qv_wake(word);
            }
            return *ret ? QV_CHAN_OK : ended ? QV_CHAN_ENDED : QV_CHAN_EMPTY;
        }
        Node node = {0};
        switch (sleep_in(c, &c->receivers, &node, wait, &c->stats.receive_waits,
                         &c->stats.receive_wait_ns)) {
        case QV_WAKE_DONE: *ret = node.msg; return node.outcome;
        case QV_WAKE_TIMEOUT: return QV_CHAN_EMPTY;
        default: {
            QvChanResult end_it = interrupted(wait, node.outcome);
            if (end_it != QV_CHAN_OK) {
                return end_it;
            }
        }
        }
    }
}

QvMsg *qv_chan_take(QvChanEnd *end, size_t max)
{
    QvChannel *c = end->channel;
    QvMsg *first = NULL, **link = &first;
    qv_mutex_lock(&c->mu);
    for (; max > 0; max--) {
        uint32_t *word;
        QvMsg *msg = pop(c, &word);
        if (!msg) {
            break;
        }
        *link = msg;
        link = &msg->next;
        if (word) {
            qv_wake(word);
        }
    }
    qv_mutex_unlock(&c->mu);
    return first;
}

// ---- select -------------------------------------------------------------------------------------

// One look at each end, without waiting.
static QvChanResult try_each(QvChanEnd *const *ends, size_t n, QvMsg **ret, size_t *ret_at)
{
    const QvChanWait never = {0};
    size_t ended = 0;
    for (size_t k = 0; k < n; k++) {
        QvChanResult r = qv_chan_recv(ends[k], &never, ret);
        if (r == QV_CHAN_OK) {
            *ret_at = k;
            return r;
        }
        ended += r == QV_CHAN_ENDED;
    }
    return ended == n ? QV_CHAN_ENDED : QV_CHAN_EMPTY;
}

// Puts a node into each row that has not ended. The first that has something to give meanwhile ends
// the wait at once, unless another thread has just given us something: either way the word is no
// longer armed.
static void enter_rows(QvChanEnd *const *ends, size_t n, Node *nodes, const QvChanWait *wait,
                       uint32_t *word)
{
    for (size_t k = 0; k < n; k++) {
        QvChannel *c = ends[k]->channel;
        nodes[k] = (Node){.word = word, .owner = wait->owner, .outcome = QV_CHAN_EMPTY};
        qv_mutex_lock(&c->mu);
        c->pins++;
        if (c->head || c->senders.first) {
            qv_wake_claim(word);
        } else if (!has_ended(c)) {
            row_add(&c->receivers, &nodes[k]);
            c->stats.receive_waits++;
        }
        qv_mutex_unlock(&c->mu);
    }
}

QvChanResult qv_chan_select(QvChanEnd *const *ends, size_t n, const QvChanWait *wait, QvMsg **ret,
                            size_t *ret_at)
{
    Node *nodes = malloc((n ? n : 1) * sizeof *nodes);
    if (!nodes) {
        return QV_CHAN_NO_MEMORY;
    }
    QvChanResult result;
    for (;;) {
        result = try_each(ends, n, ret, ret_at);
        if (result != QV_CHAN_EMPTY || !may_wait(wait)) {
            break;
        }
        uint32_t *word = arm(wait);
        enter_rows(ends, n, nodes, wait, word);
        QvWake wake = sleep_on(wait, word, 0);
        bool closed = false;
        for (size_t k = 0; k < n; k++) {
            QvChannel *c = ends[k]->channel;
            qv_mutex_lock(&c->mu);
            row_remove(&c->receivers, &nodes[k]);
            c->pins--;
            unlock(c);
            if (nodes[k].msg) {
                *ret = nodes[k].msg;
                *ret_at = k;
                result = QV_CHAN_OK;
            }
            closed |= nodes[k].outcome == QV_CHAN_CLOSED;
        }
        qv_wait_disarm(word);
        if (result == QV_CHAN_OK) {
            break;
        }
        if (wake == QV_WAKE_INTERRUPTED || closed) {
            QvChanResult end_it = interrupted(wait, closed ? QV_CHAN_CLOSED : QV_CHAN_OK);
            if (end_it != QV_CHAN_OK) {
                result = end_it;
                break;
            }
        }
        if (wake == QV_WAKE_TIMEOUT) {
            break;
        }
    }
    free(nodes);
    return result;
}

// ---- looking ------------------------------------------------------------------------------------

static void read_stats(QvChannel *c, QvChanStats *ret)
{
    qv_mutex_lock(&c->mu);
    *ret = c->stats;
    ret->senders = c->sender.refs;
    ret->receivers = c->receiver.refs;
    qv_mutex_unlock(&c->mu);
}

void qv_chan_stats(QvChanEnd *end, QvChanStats *ret) { read_stats(end->channel, ret); }

size_t qv_chan_depth(QvChanEnd *end)
{
    QvChanStats stats;
    read_stats(end->channel, &stats);
    return stats.depth;
}

const char *qv_chan_name(const QvChanEnd *end) { return end->channel->name; }

int qv_chan_each(int (*visit)(void *ctx, const QvChanStats *stats, const char *name), void *ctx)
{
    int r = 0;
    qv_mutex_lock(&qv_channels.mu);
    for (QvChannel *c = qv_channels.first; c && r == 0; c = c->next) {
        QvChanStats stats;
        read_stats(c, &stats);
        r = visit(ctx, &stats, c->name);
    }
    qv_mutex_unlock(&qv_channels.mu);
    return r;
}

QvChanEnd *qv_chan_sender_of(uint64_t id)
{
    QvChanEnd *end = NULL;
    qv_mutex_lock(&qv_channels.mu);
    for (QvChannel *c = qv_channels.first; c && !end; c = c->next) {
        qv_mutex_lock(&c->mu);
        if (c->stats.id == id && c->sender.refs > 0) {
            end = &c->sender;
            end->refs++;
        }
        qv_mutex_unlock(&c->mu);
    }
    qv_mutex_unlock(&qv_channels.mu);
    return end;
}

// ---- fork ---------------------------------------------------------------------------------------

void qv_channels_fork(bool before, bool child)
{
    if (before) {
        qv_mutex_hold(&qv_channels.mu);
        for (QvChannel *c = qv_channels.first; c; c = c->next) {
            qv_mutex_hold(&c->mu);
        }
        return;
    }
    for (QvChannel *c = qv_channels.first; c; c = c->next) {
        if (child) {
            c->senders = c->receivers = (Row){0};
            c->pins = 0;
        }
        qv_mutex_let_go(&c->mu);
    }
    qv_mutex_let_go(&qv_channels.mu);
}
