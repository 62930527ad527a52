// SPDX-License-Identifier: MIT
// Broadcast: each receiver gets each message that is sent after it came.
//
//   front (QvChannel)  ── its sender's end is what senders hold; nothing is ever queued in it
//   hub (QvHub)        ── mu (SELECT) ──> subscriptions, in no order
//   subscription       ── an ordinary channel of one receiver, whose sender's end the hub holds:
//                         waiting, select, descriptors and the end of the stream are as anywhere
//
// The message is one block, shared: what a subscription queues is a small message that stands for
// it (QvMsg.body). A send is all or nothing, in one order for all: with the hub's mutex held nobody
// else adds to the queues, so room that has been seen stays. Who has to wait for room lets the hub
// go and sleeps among the senders of the full subscription with nothing to send, then looks again.
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "channels/channel_internal.h"

struct QvHub {
    QvMutex mu;
    uint32_t refs;    // atomic: channels that name it
    size_t capacity;  // of each subscription; fixed
    QvChanSlow slow;  // fixed
    bool ended;       // all senders are gone; guarded by: mu
    QvChannel **subs; // with a reference to each one's sender's end; guarded by: mu
    size_t n, cap;    // guarded by: mu
    uint64_t dropped; // messages of slow receivers; guarded by: mu
    QvMutex show_mu;  // innermost: under a subscription's mutex
    int fd;           // eventfd of the senders, or -1; guarded by: show_mu, set under mu, too
    size_t full;      // subscriptions without room, while there is an fd; guarded by: show_mu
};

void qv_hub_release(QvHub *hub)
{
    if (qv_atomic_sub_u32(&hub->refs, 1) == 1) {
        if (hub->fd >= 0) {
            close(hub->fd);
        }
        free(hub->subs);
        free(hub);
    }
}

static void join(QvChannel *c, QvHub *hub, bool front)
{
    qv_atomic_add_u32(&hub->refs, 1);
    // The table knows it: fork() looks at it with that mutex, statistics with its own.
    qv_mutex_lock(&qv_channels.mu);
    qv_chan_lock(c);
    c->hub = hub;
    c->front = front;
    qv_chan_leave(c);
    qv_mutex_unlock(&qv_channels.mu);
}

// ---- the senders' descriptor --------------------------------------------------------------------
// Readable while no subscription is in the way of a send: they count themselves.

static bool is_full(const QvChannel *c)
{
    return !qv_chan_broken(c) && qv_chan_queued(c) >= c->capacity;
}

static void set_shown(QvHub *hub, bool ready)
{
    int before = errno;
    uint64_t one = 1;
    ssize_t n = ready ? write(hub->fd, &one, sizeof one) : read(hub->fd, &one, sizeof one);
    (void)n; // it does not block and counts to one
    errno = before;
}

void qv_hub_show(QvChannel *c)
{
    QvHub *hub = c->hub;
    bool full = hub->slow == QV_CHAN_SLOW_BLOCKS && is_full(c);
    if (full == c->shown_full) {
        return;
    }
    c->shown_full = full;
    qv_mutex_lock(&hub->show_mu);
    bool ready = hub->full == 0;
    hub->full += full ? 1 : SIZE_MAX;
    if (hub->fd >= 0 && ready != (hub->full == 0)) {
        set_shown(hub, !ready);
    }
    qv_mutex_unlock(&hub->show_mu);
}

// From now on the subscription counts. mu of the hub held.
static void watch(QvChannel *c)
{
    qv_chan_lock(c);
    c->polled = true;
    qv_hub_show(c);
    qv_chan_leave(c);
}

int qv_hub_fd(QvChannel *front)
{
    QvHub *hub = front->hub;
    qv_mutex_lock(&hub->mu);
    if (hub->fd < 0) {
        int fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
        qv_mutex_lock(&hub->show_mu);
        hub->fd = fd;
        qv_mutex_unlock(&hub->show_mu);
        for (size_t k = 0; fd >= 0 && k < hub->n; k++) {
            watch(hub->subs[k]);
        }
    }
    int fd = hub->fd;
    qv_mutex_unlock(&hub->mu);
    return fd;
}

// ---- subscriptions ------------------------------------------------------------------------------

static int add(QvHub *hub, QvChannel *c)
{
    if (hub->n == hub->cap) {
        size_t cap = hub->cap * 2 + 4;
        QvChannel **subs = realloc(hub->subs, cap * sizeof *subs);
        if (!subs) {
            return -1;
        }
        hub->subs = subs;
        hub->cap = cap;
    }
    hub->subs[hub->n++] = c;
    return 0;
}

int qv_chan_subscribe(QvChanEnd *end, QvChanEnd **ret_receiver)
{
    QvHub *hub = end->channel->hub;
    QvChanEnd *sender;
    if (qv_chan_open(hub->capacity, qv_chan_name(end), &sender, ret_receiver) < 0) {
        return -1;
    }
    join(sender->channel, hub, false);
    qv_mutex_lock(&hub->mu);
    bool ended = hub->ended;
    int added = ended ? 0 : add(hub, sender->channel);
    if (hub->fd >= 0) {
        watch(sender->channel);
    }
    qv_mutex_unlock(&hub->mu);
    if (ended || added < 0) {
        qv_chan_release(sender);
    }
    if (added < 0) {
        qv_chan_release(*ret_receiver);
    }
    return added;
}

int qv_chan_broadcast(size_t capacity, const char *name, QvChanSlow slow, QvChanEnd **ret_sender,
                      QvChanEnd **ret_receiver)
{
    QvHub *hub = calloc(1, sizeof *hub);
    QvChanEnd *unused;
    if (!hub || qv_chan_open(capacity, name, ret_sender, &unused) < 0) {
        free(hub);
        return -1;
    }
    qv_mutex_init(&hub->mu, QV_RANK_SELECT);
    qv_mutex_init(&hub->show_mu, QV_RANK_LEAF);
    hub->fd = -1;
    hub->capacity = capacity;
    hub->slow = slow;
    join((*ret_sender)->channel, hub, true);
    qv_chan_release(unused);
    if (qv_chan_subscribe(*ret_sender, ret_receiver) < 0) {
        qv_chan_release(*ret_sender);
        return -1;
    }
    return 0;
}

QvMsg *qv_hub_leave(QvChannel *c, QvMsg *pending)
{
    QvHub *hub = c->hub;
    bool held = false;
    qv_mutex_lock(&hub->mu);
    for (size_t k = 0; k < hub->n && !held; k++) {
        if (hub->subs[k] == c) {
            hub->subs[k] = hub->subs[--hub->n];
            held = true;
        }
    }
    qv_mutex_unlock(&hub->mu);
    return held ? qv_chan_drop(&c->sender, pending) : pending;
}

QvMsg *qv_hub_end(QvChannel *front, QvMsg *pending)
{
    QvHub *hub = front->hub;
    qv_mutex_lock(&hub->mu);
    QvChannel **subs = hub->subs;
    size_t n = hub->n;
    hub->ended = true;
    hub->subs = NULL;
    hub->n = hub->cap = 0;
    qv_mutex_unlock(&hub->mu);
    for (size_t k = 0; k < n; k++) {
        pending = qv_chan_drop(&subs[k]->sender, pending);
    }
    free(subs);
    return pending;
}

void qv_hub_shut(QvChannel *front)
{
    QvHub *hub = front->hub;
    qv_mutex_lock(&hub->mu);
    for (size_t k = 0; k < hub->n; k++) {
        qv_chan_shut(&hub->subs[k]->sender);
    }
    qv_mutex_unlock(&hub->mu);
}

void qv_hub_cancel(QvChannel *front, const void *owner)
{
    QvHub *hub = front->hub;
    qv_mutex_lock(&hub->mu);
    for (size_t k = 0; k < hub->n; k++) {
        qv_chan_cancel(&hub->subs[k]->sender, owner);
    }
    qv_mutex_unlock(&hub->mu);
}

// ---- sending ------------------------------------------------------------------------------------

// Messages that stand for another one: a list of n more in front of `spare`, which qi (NULL:
// nobody) pays for. NULL: no memory, and the list is gone.
static QvMsg *more_spare(QvMsg *spare, QvInterp *qi, size_t n)
{
    while (n-- > 0) {
        QvMsg *one = qv_msg_alloc(0, 0);
        bool paid = one && qv_msg_pay(qi, one);
        if (one) {
            one->next = spare;
            spare = one;
        }
        if (!paid) {
            qv_msg_free_list(spare);
            return NULL;
        }
    }
    return spare;
}

// The first subscription without room, or NULL. mu of the hub held.
static QvChannel *find_full(QvHub *hub)
{
    QvChannel *full = NULL;
    for (size_t k = 0; k < hub->n && !full; k++) {
        QvChannel *c = hub->subs[k];
        qv_chan_lock(c);
        if (is_full(c)) {
            full = c;
        }
        qv_chan_leave(c);
    }
    return full;
}

bool qv_hub_pin_full(QvChannel *front, QvChannel **ret)
{
    QvHub *hub = front->hub;
    *ret = NULL;
    qv_chan_lock(front);
    bool shut = front->stats.shut;
    qv_chan_leave(front);
    qv_mutex_lock(&hub->mu);
    bool any = hub->n > 0 && !shut;
    QvChannel *full = any && hub->slow != QV_CHAN_SLOW_DROPS ? find_full(hub) : NULL;
    if (full) {
        qv_chan_lock(full);
        full->pins++;
        qv_chan_leave(full);
        *ret = full;
    }
    qv_mutex_unlock(&hub->mu);
    return any;
}

// A subscription's part of the receipt that a send waits for.
static void hand_receipt(const QvMsg *msg, QvMsg *one)
{
    if (msg->receipt) {
        qv_chan_retain(msg->receipt);
        one->receipt = msg->receipt;
    }
}

static void count_receipt(QvChanEnd *receipt, int by)
{
    QvChannel *c = receipt->channel;
    qv_chan_lock(c);
    c->tx.sent += (uint64_t)(int64_t)by;
    qv_chan_leave(c);
}

// Gives msg to all subscriptions; how many there were. What the slow ones lose goes to *garbage.
static size_t deliver(QvHub *hub, QvInterp *qi, QvMsg *msg, QvMsg **spare, QvMsg **garbage)
{
    size_t delivered = 0;
    for (size_t k = 0; k < hub->n; k++) {
        QvMsg *one = *spare;
        *spare = one->next;
        one->body = msg->body ? msg->body : msg;
        one->urgent = msg->urgent;
        qv_msg_share(one->body);
        hand_receipt(msg, one);
        if (msg->receipt) {
            count_receipt(msg->receipt, 1);
        }
        QvMsg *lost;
        if (qv_chan_deliver(hub->subs[k], qi, one, &lost)) {
            delivered++;
        } else {
            lost = one;
            if (msg->receipt) {
                count_receipt(msg->receipt, -1);
            }
        }
        if (lost) {
            hub->dropped += lost != one;
            lost->next = *garbage;
            *garbage = lost;
        }
    }
    return delivered;
}

static void count_message(QvChannel *front, size_t size)
{
    qv_chan_lock(front);
    front->tx.sent++;
    front->tx.bytes += size;
    qv_chan_leave(front);
}

QvChanResult qv_hub_send(QvChannel *front, const QvChanWait *wait, QvMsg *msg)
{
    QvHub *hub = front->hub;
    QvMsg *spare = NULL, *garbage = NULL;
    size_t nspare = 0, size = qv_msg_size(msg);
    QvChanResult result = QV_CHAN_OK;
    for (;;) {
        qv_chan_lock(front);
        bool shut = front->stats.shut;
        qv_chan_leave(front);
        qv_mutex_lock(&hub->mu);
        if (hub->n == 0 || shut) {
            result = QV_CHAN_BROKEN;
            break;
        }
        if (hub->n > nspare) {
            size_t missing = hub->n - nspare;
            qv_mutex_unlock(&hub->mu);
            spare = more_spare(spare, wait->qi, missing);
            nspare += missing;
            if (!spare) {
                return QV_CHAN_NO_MEMORY;
            }
            continue;
        }
        QvChannel *full = hub->slow == QV_CHAN_SLOW_DROPS ? NULL : find_full(hub);
        if (!full) {
            if (deliver(hub, wait->qi, msg, &spare, &garbage) == 0) {
                result = QV_CHAN_BROKEN;
            }
            break;
        }
        if (hub->slow == QV_CHAN_SLOW_FAILS || !qv_chan_may_wait(wait)) {
            result = hub->slow == QV_CHAN_SLOW_FAILS ? QV_CHAN_SLOW : QV_CHAN_FULL;
            break;
        }
        qv_chan_lock(full);
        full->pins++;
        qv_chan_leave(full);
        qv_mutex_unlock(&hub->mu);
        result = qv_chan_wait_room(full, front, wait);
        if (result != QV_CHAN_OK) {
            qv_msg_free_list(spare);
            return result;
        }
    }
    qv_mutex_unlock(&hub->mu);
    qv_msg_free_list(spare);
    qv_msg_free_list(garbage);
    if (result == QV_CHAN_OK) {
        count_message(front, size);
        QvChanEnd *receipt = msg->receipt; // they have parts of their own
        msg->receipt = NULL;
        if (receipt) {
            qv_chan_release(receipt);
        }
        qv_msg_free(msg); // the subscriptions share it
    }
    return result;
}

// ---- looking ------------------------------------------------------------------------------------

void qv_hub_stats(QvChannel *front, QvChanStats *ret)
{
    QvHub *hub = front->hub;
    qv_mutex_lock(&hub->mu);
    ret->receivers = (uint32_t)hub->n;
    ret->dropped = hub->dropped;
    for (size_t k = 0; k < hub->n; k++) {
        QvChannel *c = hub->subs[k];
        qv_chan_lock(c);
        size_t depth = qv_chan_queued(c), high = (size_t)c->tx.high;
        ret->depth = depth > ret->depth ? depth : ret->depth;
        ret->high_water = high > ret->high_water ? high : ret->high_water;
        ret->received += c->rx.received;
        ret->received_bytes += c->rx.bytes;
        qv_chan_leave(c);
    }
    qv_mutex_unlock(&hub->mu);
}

bool qv_chan_is_broadcast(const QvChanEnd *end) { return end->channel->hub != NULL; }

void qv_hub_fork(QvChannel *front, bool before)
{
    if (before) {
        qv_mutex_hold(&front->hub->mu);
    } else {
        qv_mutex_let_go(&front->hub->mu);
    }
}
