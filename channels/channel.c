// SPDX-License-Identifier: MIT
// Channels.
//
//   table (process)   ── CHANNEL_TABLE ──> all live channels, oldest first; last id
//   QvChannel         ── tx.mu, rx.mu ───> queue of messages · two rows of sleeping threads ·
//                        (CHANNEL and      counters · counts of the two ends
//                        CHANNEL_RX)
//     sleeper's node  on its C stack; belongs to the channel while it is in a row (under both)
//     sleeper's word  on its thread record; won by exactly one of waker, interrupt and deadline
//                     (interpreters/wait.c)
//
// Here is the general way, which holds both mutexes; ring.c has the short ones, which hold one.
//
// Under the mutexes there is no Python, no allocation and no other lock; a message is packed before
// and unpacked after. Messages are handed over directly: a sender gives its message to the first
// sleeping receiver, a receiver that makes room moves the first sleeping sender's message into the
// queue, so one message costs at most one wake-up, and sleepers are served in order. With capacity
// 0 the queue is never used, and that is a rendezvous.
//
// The queue is in three parts: urgent messages, the ring, and a list of what the ring has no room
// for, each part empty or not; lists are linked through the messages.
//
// A node is unlinked before its word is claimed: after the claim the sleeper may be gone. When the
// claim fails, the sleeper has been interrupted or its time is over, and it will come for the
// mutexes before it leaves: the node is still good until they are let go.
#include "channels/channel_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "object/protocol.h"

#define NAMED 4 // channels that a report names
// A rendezvous:
#define SPIN_START   60 // rounds of looking before a thread sleeps; adapts by channel
#define SPIN_MAX     200
#define SPIN_PAYS_NS (8 * QV_NS_PER_US) // a wait shorter than this was worth spinning for

QvChannelTable qv_channels = {.mu = QV_MUTEX_INIT(QV_RANK_CHANNEL_TABLE)};

// ---- life ---------------------------------------------------------------------------------------

int qv_chan_open(size_t capacity, const char *name, QvChanEnd **ret_sender,
                 QvChanEnd **ret_receiver)
{
    size_t n = name ? strlen(name) : 0;
    size_t bytes = sizeof(QvChannel) + n + 1;
    bytes = (bytes + QV_CACHE_LINE - 1) & ~(size_t)(QV_CACHE_LINE - 1);
    QvChannel *c = aligned_alloc(QV_CACHE_LINE, bytes);
    if (!c) {
        return -1;
    }
    memset(c, 0, bytes);
    qv_mutex_init(&c->tx.mu, QV_RANK_CHANNEL);
    qv_mutex_init(&c->rx.mu, QV_RANK_CHANNEL_RX);
    c->sender = (QvChanEnd){.channel = c, .refs = 1};
    c->receiver = (QvChanEnd){.channel = c, .receiver = true, .refs = 1};
    c->capacity = capacity;
    c->fd[0] = c->fd[1] = -1;
    c->spins = qv_thread_cpu_count() > 1;
    c->spin = c->spins ? SPIN_START : 0;
    qv_ring_init(c);
    qv_chan_settle(c);
    c->stats.capacity = capacity;
    c->bytes = bytes;
    if (n) {
        memcpy(c->name, name, n);
    }
    qv_msg_count((int64_t)bytes);
    qv_mutex_lock(&qv_channels.mu);
    c->stats.id = ++qv_channels.last_id;
    qv_channels.count++;
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
    qv_channels.count--;
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
    if (c->polled) {
        qv_chan_fd_close(c);
    }
    if (c->hub) {
        qv_hub_release(c->hub);
    }
    qv_ring_fini(c);
    qv_msg_count(-(int64_t)c->bytes);
    qv_heap_came_back(c->payer, c->bytes);
    free(c);
}

bool qv_chan_charge(QvInterp *qi, QvChanEnd *end)
{
    QvChannel *c = end->channel;
    QvHeapAway *payer;
    if (!qv_heap_send_away(&qi->heap, c->bytes, &payer)) {
        return false;
    }
    qv_chan_lock(c);
    if (!c->payer) {
        c->payer = payer;
        payer = NULL;
    }
    qv_chan_leave(c);
    qv_heap_came_back(payer, c->bytes);
    return true;
}

static void set_slow(uint32_t *slow, bool now)
{
    if (*slow != now) {
        qv_atomic_store_relaxed_u32(slow, now);
    }
}

void qv_chan_settle(QvChannel *c)
{
    bool both = c->listed || c->senders.first || c->receivers.first || c->polled ||
                c->capacity == 0;
    set_slow(&c->tx.slow, both || qv_chan_broken(c) || c->front);
    set_slow(&c->rx.slow, both || qv_chan_ended(c) || c->nested);
}

void qv_chan_leave(QvChannel *c)
{
    if (QV_UNLIKELY(c->polled)) {
        qv_chan_show(c);
    }
    qv_chan_settle(c);
    qv_mutex_unlock(&c->rx.mu);
    qv_mutex_unlock(&c->tx.mu);
}

void qv_chan_unlock(QvChannel *c)
{
    bool last = c->sender.refs == 0 && c->receiver.refs == 0 && c->pins == 0;
    qv_chan_leave(c);
    if (last) {
        channel_free(c);
    }
}

// ---- rows of sleepers (both held) ---------------------------------------------------------------

void qv_chan_row_add(QvChanRow *row, QvChanNode *node)
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

void qv_chan_row_remove(QvChanRow *row, QvChanNode *node)
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

void qv_chan_row_end(QvChanRow *row, QvChanResult outcome, const void *owner)
{
    QvChanNode *next;
    for (QvChanNode *node = row->first; node; node = next) {
        next = node->next;
        if (owner && node->owner != owner) {
            continue;
        }
        qv_chan_row_remove(row, node);
        node->outcome = outcome;
        qv_wake_now(node->word);
    }
}

// Gives msg to the first receiver that is still there; *ret_asleep: its word, to be woken after the
// mutexes, or NULL. False: nobody is.
static bool give(QvChannel *c, QvMsg *msg, uint32_t **ret_asleep)
{
    *ret_asleep = NULL;
    for (QvChanNode *node; (node = c->receivers.first);) {
        qv_chan_row_remove(&c->receivers, node);
        uint32_t *word = node->word;
        node->msg = msg;
        node->outcome = QV_CHAN_OK;
        if (qv_wake_claim(word, ret_asleep)) {
            return true;
        }
        node->msg = NULL;
        node->outcome = QV_CHAN_EMPTY;
    }
    return false;
}

// A sender with its message: urgent ones sleep in front of the others.
void qv_chan_senders_add(QvChanRow *row, QvChanNode *node)
{
    QvChanNode *before = row->first;
    if (!node->msg->urgent) {
        qv_chan_row_add(row, node);
        return;
    }
    while (before && before->msg && before->msg->urgent) {
        before = before->next;
    }
    if (!before) {
        qv_chan_row_add(row, node);
        return;
    }
    node->queued = true;
    node->next = before;
    node->prev = before->prev;
    *(before->prev ? &before->prev->next : &row->first) = node;
    before->prev = node;
}

// The message of the first sender that is still there, and its word if it sleeps. NULL: nobody is.
static QvMsg *take_from_sleeper(QvChannel *c, uint32_t **ret_asleep)
{
    *ret_asleep = NULL;
    for (QvChanNode *node; (node = c->senders.first);) {
        qv_chan_row_remove(&c->senders, node);
        uint32_t *word = node->word;
        QvMsg *msg = node->msg;
        node->outcome = QV_CHAN_OK;
        if (!msg) { // waits for room, to look again
            qv_wake_now(word);
            continue;
        }
        if (qv_wake_claim(word, ret_asleep)) {
            return msg;
        }
        node->outcome = QV_CHAN_FULL; // it has not been sent
    }
    return NULL;
}

// ---- the queue (both held) ----------------------------------------------------------------------

// Receivers' ends in a message that enters (by 1) or leaves (by -1) the queue: see cycle.c.
static void count_nested(QvChannel *c, const QvMsg *msg, int by)
{
    for (size_t k = 0; k < msg->nends; k++) {
        if (msg->ends[k]->receiver) {
            c->nested += (uint32_t)by;
            qv_atomic_add_u32(&msg->ends[k]->queued, (uint32_t)by);
        }
    }
}

static void append(QvChannel *c, QvChanList *list, QvMsg *msg)
{
    msg->next = NULL;
    *(list->last ? &list->last->next : &list->first) = msg;
    list->last = msg;
    c->listed++;
}

static QvMsg *take_first(QvChannel *c, QvChanList *list)
{
    QvMsg *msg = list->first;
    if (msg) {
        list->first = msg->next;
        if (!list->first) {
            list->last = NULL;
        }
        c->listed--;
    }
    return msg;
}

void qv_chan_move_up(QvChannel *c)
{
    QvMsg *next;
    for (QvMsg *msg; (msg = c->more.first) != NULL;) {
        next = msg->next;
        if (!qv_ring_put(c, msg)) {
            return;
        }
        c->more.first = next;
        if (!next) {
            c->more.last = NULL;
        }
        c->listed--;
    }
}

static void push(QvChannel *c, QvMsg *msg)
{
    if (QV_UNLIKELY(msg->nends)) {
        count_nested(c, msg, 1);
    }
    if (QV_UNLIKELY(msg->urgent)) {
        append(c, &c->urgent, msg);
    } else if (c->more.first || !qv_ring_put(c, msg)) {
        append(c, &c->more, msg);
    }
    size_t depth = qv_chan_queued(c);
    c->tx.high = depth > c->tx.high ? depth : c->tx.high;
}

// The next message, whose block comes as one; false: there is none.
static bool shift(QvChannel *c, QvSmallMsg *ret)
{
    QvMsg *msg = NULL;
    if (QV_UNLIKELY(c->urgent.first != NULL)) {
        msg = take_first(c, &c->urgent);
    } else if (qv_ring_take(c, ret)) {
        msg = qv_small_block(ret);
        qv_chan_move_up(c);
    } else {
        msg = take_first(c, &c->more);
        if (!msg) {
            return false;
        }
    }
    if (msg) {
        *ret = qv_small_of(msg);
        if (QV_UNLIKELY(msg->nends)) {
            count_nested(c, msg, -1);
        }
    }
    return true;
}

QvMsg *qv_chan_take_queue(QvChannel *c, QvMsg *pending)
{
    QvSmallMsg small;
    while (shift(c, &small)) {
        QvMsg *msg = qv_small_block(&small);
        if (msg) {
            msg->next = pending;
            pending = msg;
        }
    }
    return pending;
}

static void count_sent(QvChannel *c, size_t size)
{
    c->tx.sent++;
    c->tx.bytes += size;
}

static void count_received(QvChannel *c, size_t size)
{
    c->rx.received++;
    c->rx.bytes += size;
}

// Gives msg to a receiver that waits (*ret_asleep: to be woken), or queues it. False: there is no
// room.
static bool offer(QvChannel *c, QvMsg *msg, uint32_t **ret_asleep)
{
    size_t size = qv_msg_size(msg); // whoever gets it may free it
    if (give(c, msg, ret_asleep)) {
        count_received(c, size);
    } else if (qv_chan_queued(c) < c->capacity) {
        push(c, msg);
    } else {
        return false;
    }
    count_sent(c, size);
    return true;
}

// Whether the next message has no block, and one has to be made for who wants one.
static bool next_is_small(const QvChannel *c)
{
    return !c->urgent.first && qv_ring_count(c) && !qv_small_block(qv_ring_peek(c, 0));
}

// The short message in the spare block, which was made for one, or the block that it is.
static QvMsg *to_block(const QvSmallMsg *small, QvMsg **spare)
{
    QvMsg *msg = qv_small_block(small);
    if (!msg) {
        msg = *spare;
        *spare = msg->next;
        memcpy(msg->data, small->data, small->size);
        msg->size = small->size;
    }
    msg->next = NULL;
    return msg;
}

// What there is to receive; false: nothing. A sleeping sender's message moves up. *ret_asleep:
// whom to wake.
static bool pop(QvChannel *c, QvSmallMsg *ret, uint32_t **ret_asleep)
{
    bool got = shift(c, ret);
    QvMsg *more = take_from_sleeper(c, ret_asleep);
    if (more) {
        count_sent(c, qv_msg_size(more));
        if (got) {
            push(c, more);
        } else {
            *ret = qv_small_of(more);
            got = true;
        }
    }
    if (got) {
        count_received(c, qv_small_size(ret));
    }
    return got;
}

// ---- ends ---------------------------------------------------------------------------------------

void qv_chan_retain(QvChanEnd *end)
{
    QvChannel *c = end->channel;
    qv_chan_lock(c);
    end->refs++;
    qv_chan_leave(c);
}

QvMsg *qv_chan_drop(QvChanEnd *end, QvMsg *pending)
{
    QvChannel *c = end->channel;
    bool cycle = false, parts = false;
    qv_chan_lock(c);
    if (--end->refs == 0) {
        if (end->receiver) {
            pending = qv_chan_take_queue(c, pending);
            qv_chan_row_end(&c->senders, QV_CHAN_BROKEN, NULL);
        } else {
            qv_chan_row_end(&c->receivers, QV_CHAN_ENDED, NULL);
        }
        parts = c->hub && end->receiver != c->front;
        c->pins += parts;
    } else if (QV_UNLIKELY(c->nested > 0)) {
        cycle = end->receiver && end->refs == qv_atomic_load_u32(&end->queued);
    }
    qv_chan_unlock(c);
    if (QV_UNLIKELY(parts)) {
        pending = end->receiver ? qv_hub_leave(c, pending) : qv_hub_end(c, pending);
        qv_chan_lock(c);
        c->pins--;
        qv_chan_unlock(c);
    }
    return QV_UNLIKELY(cycle) ? qv_chan_collect(pending) : pending;
}

void qv_chan_release(QvChanEnd *end) { qv_msg_free_list(qv_chan_drop(end, NULL)); }

void qv_chan_shut(QvChanEnd *end)
{
    QvChannel *c = end->channel;
    qv_chan_lock(c);
    c->stats.shut = true;
    qv_chan_row_end(&c->senders, QV_CHAN_BROKEN, NULL);
    qv_chan_row_end(&c->receivers, QV_CHAN_ENDED, NULL);
    qv_chan_leave(c);
    if (c->front) {
        qv_hub_shut(c);
    }
}

void qv_chan_cancel(QvChanEnd *end, const void *owner)
{
    QvChannel *c = end->channel;
    qv_chan_lock(c);
    qv_chan_row_end(end->receiver ? &c->receivers : &c->senders, QV_CHAN_CLOSED, owner);
    qv_chan_leave(c);
    if (c->front) {
        qv_hub_cancel(c, owner);
    }
}

// ---- waiting ------------------------------------------------------------------------------------

uint32_t *qv_chan_arm(const QvChanWait *wait)
{
    return wait->qi ? qv_wait_arm(wait->qi) : qv_wait_arm_word(wait->word);
}

QvWake qv_chan_sleep(const QvChanWait *wait, uint32_t *word, uint32_t spin)
{
    return wait->qi ? qv_wait_sleep(wait->qi, word, wait->deadline, spin)
                    : qv_wait_sleep_word(word, wait->deadline, spin);
}

bool qv_chan_watch(const QvChanWait *wait, QvBlocked *b, const uint32_t *word, const char *does,
                   const QvChannel *const *channels, size_t n)
{
    if (QV_LIKELY(qv_deadlock_mode() == QV_DEADLOCK_IGNORE) || !wait->qi ||
        wait->deadline != QV_NEVER) {
        return false;
    }
    size_t at = (size_t)snprintf(b->what, sizeof b->what, "%s", does);
    for (size_t k = 0; k < n && k < NAMED && at < sizeof b->what; k++) {
        const QvChannel *c = channels[k];
        at += (size_t)snprintf(b->what + at, sizeof b->what - at, "%s channel %llu%s%.40s%s",
                               k ? "," : "", (unsigned long long)c->stats.id, *c->name ? " '" : "",
                               c->name, *c->name ? "'" : "");
    }
    b->channel = true;
    b->others_may_serve = qv_chan_hosts_may_serve;
    b->channels = channels;
    b->nchannels = n;
    qv_blocked_enter(wait->qi, b, word);
    return true;
}

// Sleeps in a row. The mutexes are held at the call and not afterwards. What the wait brought; FULL
// and EMPTY for a deadline.
static QvWake sleep_in(QvChannel *c, QvChanRow *row, QvChanNode *node, const QvChanWait *wait,
                       uint64_t *waits, uint64_t *wait_ns)
{
    node->word = qv_chan_arm(wait);
    node->owner = wait->owner;
    if (node->msg) {
        qv_chan_senders_add(row, node);
    } else {
        qv_chan_row_add(row, node);
    }
    c->pins++;
    ++*waits;
    QvSlot *unused = qv_ring_trim(c);
    uint32_t spin = c->capacity ? 0 : c->spin; // others have looked before they came here
    qv_chan_leave(c);
    qv_ring_free(unused);

    QvBlocked blocked;
    const char *does = row == &c->receivers ? c->hidden ? "waits for a receipt:" : "receives from"
                                            : "sends to";
    bool watched = qv_chan_watch(wait, &blocked, node->word, does, (const QvChannel *const *)&c, 1);
    int64_t start = qv_clock_monotonic();
    QvWake wake = qv_chan_sleep(wait, node->word, spin);
    int64_t took = qv_clock_monotonic() - start;
    bool deadlock = watched && qv_blocked_leave(&blocked);

    qv_chan_lock(c);
    qv_chan_row_remove(row, node);
    c->pins--;
    *wait_ns += (uint64_t)took;
    if (c->capacity) {
        qv_lane_learn(c, row == &c->receivers ? &c->rx.spin : &c->tx.spin, took);
    } else if (c->spins) {
        c->spin = took < SPIN_PAYS_NS ? (c->spin < SPIN_MAX ? c->spin + SPIN_START / 4 : SPIN_MAX)
                                      : (c->spin > 8 ? c->spin - c->spin / 4 : 4);
    }
    qv_chan_unlock(c);
    qv_wait_disarm(node->word);
    if (QV_UNLIKELY(deadlock) && wake == QV_WAKE_INTERRUPTED) {
        node->outcome = QV_CHAN_DEADLOCK;
    }
    return wake;
}

QvChanResult qv_chan_interrupted(const QvChanWait *wait, QvChanResult outcome)
{
    if (wait->qi && qv_poll(wait->qi) < 0) {
        return QV_CHAN_ERROR;
    }
    if (outcome == QV_CHAN_DEADLOCK) {
        return outcome;
    }
    return outcome == QV_CHAN_CLOSED || (wait->closed && *wait->closed) ? QV_CHAN_CLOSED
                                                                        : QV_CHAN_OK;
}

// ---- sending and receiving ----------------------------------------------------------------------

// Lets go after an offer that was taken. qi (NULL: nobody) pays for a larger ring.
static void leave_sent(QvChannel *c, QvInterp *qi, uint32_t *asleep)
{
    bool grow = QV_UNLIKELY(qv_ring_is_small(c)) && !qv_chan_broken(c);
    qv_chan_leave(c);
    qv_wake(asleep);
    if (grow) {
        qv_ring_grow(c, qi);
    }
}

QvChanResult qv_chan_send(QvChanEnd *end, const QvChanWait *wait, QvMsg *msg)
{
    QvChannel *c = end->channel;
    if (QV_UNLIKELY(c->front)) {
        return qv_hub_send(c, wait, msg);
    }
    for (;;) {
        if (qv_lane_send(c, wait->qi, qv_chan_may_wait(wait) && !wait->looked, msg)) {
            return QV_CHAN_OK;
        }
        qv_chan_lock(c);
        if (qv_chan_broken(c)) {
            qv_chan_leave(c);
            return QV_CHAN_BROKEN;
        }
        uint32_t *asleep;
        if (offer(c, msg, &asleep)) {
            leave_sent(c, wait->qi, asleep);
            return QV_CHAN_OK;
        }
        if (!qv_chan_may_wait(wait)) {
            qv_chan_leave(c);
            return QV_CHAN_FULL;
        }
        QvChanNode node = {.msg = msg};
        switch (
            sleep_in(c, &c->senders, &node, wait, &c->stats.send_waits, &c->stats.send_wait_ns)) {
        case QV_WAKE_DONE: return node.outcome;
        case QV_WAKE_TIMEOUT: return QV_CHAN_FULL;
        default: {
            QvChanResult end_it = qv_chan_interrupted(wait, node.outcome);
            if (end_it != QV_CHAN_OK) {
                return end_it;
            }
        }
        }
    }
}

// Blocks for n short messages in front of `spare`, which qi (NULL: nobody) pays for; fewer where
// there is no memory.
static QvMsg *more_spare(QvMsg *spare, QvInterp *qi, size_t n)
{
    for (QvMsg *one; n > 0 && (one = qv_msg_alloc(QV_SMALL_MSG, 0)) != NULL; n--) {
        one->next = NULL;
        if (!qv_msg_pay(qi, one)) {
            qv_msg_free(one);
            break;
        }
        one->next = spare;
        spare = one;
    }
    return spare;
}

static QvChanResult receive(QvChannel *c, const QvChanWait *wait, QvMsg **ret, QvMsg **spare)
{
    QvSmallMsg small;
    for (;;) {
        if (qv_lane_recv(c, wait->qi, qv_chan_may_wait(wait) && !wait->looked, &small)) {
            *ret = to_block(&small, spare);
            return QV_CHAN_OK;
        }
        qv_chan_lock(c);
        uint32_t *asleep;
        bool got = pop(c, &small, &asleep);
        if (got || qv_chan_ended(c) || !qv_chan_may_wait(wait)) {
            bool ended = qv_chan_ended(c);
            qv_chan_leave(c);
            qv_wake(asleep);
            *ret = got ? to_block(&small, spare) : NULL;
            return got ? QV_CHAN_OK : ended ? QV_CHAN_ENDED : QV_CHAN_EMPTY;
        }
        QvChanNode node = {0};
        switch (sleep_in(c, &c->receivers, &node, wait, &c->stats.receive_waits,
                         &c->stats.receive_wait_ns)) {
        case QV_WAKE_DONE: *ret = node.msg; return node.outcome;
        case QV_WAKE_TIMEOUT: return QV_CHAN_EMPTY;
        default: {
            QvChanResult end_it = qv_chan_interrupted(wait, node.outcome);
            if (end_it != QV_CHAN_OK) {
                return end_it;
            }
        }
        }
    }
}

QvChanResult qv_chan_recv(QvChanEnd *end, const QvChanWait *wait, QvMsg **ret)
{
    QvChannel *c = end->channel;
    QvMsg *spare = c->capacity ? more_spare(NULL, NULL, 1) : NULL; // a short message may come
    *ret = NULL;
    if (c->capacity && !spare) {
        return QV_CHAN_NO_MEMORY;
    }
    QvChanResult r = receive(c, wait, ret, &spare);
    qv_msg_free_list(spare);
    return r;
}

bool qv_chan_deliver(QvChannel *c, QvInterp *qi, QvMsg *msg, QvMsg **ret_lost)
{
    *ret_lost = NULL;
    uint32_t *asleep = NULL;
    qv_chan_lock(c);
    bool broken = qv_chan_broken(c);
    if (!broken && !offer(c, msg, &asleep)) {
        QvSmallMsg lost;
        *ret_lost = shift(c, &lost) ? qv_small_block(&lost) : NULL;
        c->stats.dropped++;
        offer(c, msg, &asleep);
    }
    leave_sent(c, qi, asleep);
    return !broken;
}

QvChanResult qv_chan_wait_room(QvChannel *c, QvChannel *front, const QvChanWait *wait)
{
    QvChanNode node = {0};
    QvWake wake = QV_WAKE_DONE;
    uint64_t unused = 0, wait_ns = 0;
    node.outcome = QV_CHAN_OK;
    qv_chan_lock(front);
    front->stats.send_waits++;
    qv_chan_leave(front);
    qv_chan_lock(c);
    if (qv_chan_broken(c) || qv_chan_queued(c) < c->capacity) {
        qv_chan_leave(c);
    } else {
        wake = sleep_in(c, &c->senders, &node, wait, &unused, &wait_ns);
    }
    qv_chan_lock(c);
    c->pins--;
    qv_chan_unlock(c);
    qv_chan_lock(front);
    front->stats.send_wait_ns += wait_ns;
    qv_chan_leave(front);
    if (wake == QV_WAKE_TIMEOUT) {
        return QV_CHAN_FULL;
    }
    if (wake == QV_WAKE_INTERRUPTED) {
        return qv_chan_interrupted(wait, node.outcome);
    }
    return node.outcome == QV_CHAN_BROKEN ? QV_CHAN_OK : node.outcome;
}

// The next message, or that of a sender that waits: it leaves the row before it takes it back.
static QvMsg *peek_block(const QvChannel *c)
{
    QvMsg *msg = c->urgent.first    ? c->urgent.first
                 : qv_ring_count(c) ? qv_small_block(qv_ring_peek(c, 0))
                                    : c->more.first;
    for (const QvChanNode *node = c->senders.first; node && !msg; node = node->next) {
        msg = node->msg;
    }
    return msg;
}

QvChanResult qv_chan_peek(QvChanEnd *end, QvMsg **ret)
{
    QvChannel *c = end->channel;
    QvMsg *spare = more_spare(NULL, NULL, 1);
    if (!spare) {
        return QV_CHAN_NO_MEMORY;
    }
    qv_chan_lock(c);
    if (next_is_small(c)) {
        *ret = to_block(qv_ring_peek(c, 0), &spare);
    } else {
        *ret = peek_block(c);
        if (*ret) {
            qv_msg_share(*ret);
        }
    }
    bool ended = qv_chan_ended(c);
    qv_chan_leave(c);
    qv_msg_free_list(spare);
    return *ret ? QV_CHAN_OK : ended ? QV_CHAN_ENDED : QV_CHAN_EMPTY;
}

QvMsg *qv_chan_put(QvChanEnd *end, QvInterp *qi, QvMsg *list, QvChanResult *ret_why)
{
    QvChannel *c = end->channel;
    *ret_why = QV_CHAN_OK;
    if (QV_UNLIKELY(c->front)) {
        const QvChanWait never = {.qi = qi};
        while (list) {
            QvMsg *next = list->next;
            *ret_why = qv_hub_send(c, &never, list);
            if (*ret_why != QV_CHAN_OK) {
                break;
            }
            list = next;
        }
        return list;
    }
    qv_chan_lock(c);
    while (list) {
        if (qv_chan_broken(c)) {
            *ret_why = QV_CHAN_BROKEN;
            break;
        }
        QvMsg *msg = list, *next = msg->next;
        uint32_t *asleep;
        msg->next = NULL;
        if (!offer(c, msg, &asleep)) {
            msg->next = next;
            *ret_why = QV_CHAN_FULL;
            break;
        }
        qv_wake(asleep);
        list = next;
    }
    leave_sent(c, qi, NULL);
    return list;
}

// Takes what is there, up to max, and puts it behind *tail; as far as there are spare blocks for
// short messages. How many more are there and need one.
static size_t take_some(QvChannel *c, size_t *max, QvMsg ***tail, QvMsg **spare)
{
    size_t lack = 0;
    qv_chan_lock(c);
    for (; *max > 0; --*max) {
        QvSmallMsg small;
        uint32_t *asleep;
        if (!*spare && next_is_small(c)) {
            lack = qv_chan_queued(c);
            lack = lack < *max ? lack : *max;
            break;
        }
        if (!pop(c, &small, &asleep)) {
            break;
        }
        QvMsg *msg = to_block(&small, spare);
        **tail = msg;
        *tail = &msg->next;
        qv_wake(asleep);
    }
    qv_chan_leave(c);
    return lack;
}

#define TAKEN 16 // short messages that are taken at once

QvMsg *qv_chan_take(QvChanEnd *end, QvInterp *qi, size_t max)
{
    QvChannel *c = end->channel;
    QvMsg *first = NULL, **tail = &first, *spare = NULL;
    size_t lack = 0;
    do {
        if (lack) {
            spare = more_spare(spare, qi, lack < TAKEN ? lack : TAKEN);
            if (!spare) {
                break;
            }
        }
        lack = take_some(c, &max, &tail, &spare);
    } while (lack);
    qv_msg_free_list(spare);
    return first;
}

// ---- acknowledgement ----------------------------------------------------------------------------

int qv_chan_request(QvMsg *msg, QvChanEnd **ret_receipt)
{
    if (qv_chan_open(0, NULL, &msg->receipt, ret_receipt) < 0) {
        msg->receipt = NULL;
        return -1;
    }
    QvChannel *c = (*ret_receipt)->channel;
    qv_chan_lock(c); // the table knows it
    c->hidden = true;
    qv_chan_leave(c);
    return 0;
}

void qv_chan_acknowledge(const QvMsg *msg)
{
    if (msg->receipt && msg->body) { // of a broadcast: each receiver
        QvChannel *c = msg->receipt->channel;
        qv_chan_lock(c);
        c->rx.received++;
        qv_chan_leave(c);
    } else if (msg->receipt) {
        qv_chan_shut(msg->receipt);
    }
}

// ---- looking ------------------------------------------------------------------------------------

// Both held.
static void get_stats(const QvChannel *c, QvChanStats *ret)
{
    *ret = c->stats;
    ret->depth = qv_chan_queued(c);
    ret->high_water = c->tx.high;
    ret->messages = c->tx.sent;
    ret->bytes = c->tx.bytes;
    ret->received = c->rx.received;
    ret->received_bytes = c->rx.bytes;
    ret->senders = c->sender.refs;
    ret->receivers = c->receiver.refs;
}

// True: it is one that qv_chan_each shows.
static bool read_stats(QvChannel *c, QvChanStats *ret)
{
    qv_chan_lock(c);
    get_stats(c, ret);
    bool front = c->front, shown = !c->hidden; // who has found it in the table may be early
    qv_chan_leave(c);
    if (front) {
        qv_hub_stats(c, ret);
    }
    return shown;
}

void qv_chan_stats(QvChanEnd *end, QvChanStats *ret) { (void)read_stats(end->channel, ret); }

size_t qv_chan_depth(QvChanEnd *end)
{
    QvChanStats stats;
    (void)read_stats(end->channel, &stats);
    return stats.depth;
}

const char *qv_chan_name(const QvChanEnd *end) { return end->channel->name; }

int qv_chan_each(int (*visit)(void *ctx, const QvChanStats *stats, const char *name), void *ctx)
{
    int r = 0;
    qv_mutex_lock(&qv_channels.mu);
    for (QvChannel *c = qv_channels.first; c && r == 0; c = c->next) {
        QvChanStats stats;
        r = read_stats(c, &stats) ? visit(ctx, &stats, c->name) : 0;
    }
    qv_mutex_unlock(&qv_channels.mu);
    return r;
}

QvChanEnd *qv_chan_sender_of(uint64_t id)
{
    QvChanEnd *end = NULL;
    qv_mutex_lock(&qv_channels.mu);
    for (QvChannel *c = qv_channels.first; c && !end; c = c->next) {
        qv_chan_lock(c);
        if (c->stats.id == id && c->sender.refs > 0) {
            end = &c->sender;
            end->refs++;
        }
        qv_chan_leave(c);
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
            if (c->front) {
                qv_hub_fork(c, before);
            }
        }
        for (QvChannel *c = qv_channels.first; c; c = c->next) {
            qv_chan_hold(c);
        }
        return;
    }
    for (QvChannel *c = qv_channels.first; c; c = c->next) {
        if (child) {
            c->senders = c->receivers = (QvChanRow){0};
            qv_chan_offers_fork(c);
            c->pins = 0;
            c->rx.spinners = 0;
            qv_chan_settle(c);
            if (c->polled) {
                qv_chan_fd_fork(c);
            }
        }
        qv_chan_let_go(c);
        if (c->front) {
            qv_hub_fork(c, before);
        }
    }
    qv_mutex_let_go(&qv_channels.mu);
}
