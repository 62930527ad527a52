// SPDX-License-Identifier: MIT
// Select: whichever of several sends and receives can be done first, exactly one.
//
// One node for each case, all with the same word: whoever claims it has decided for its case. A
// channel that is ready while the nodes are put into the rows ends the wait, unless another thread
// has just decided: either way the word is no longer armed.
#include <stdlib.h>

#include "base/clock.h"
#include "channels/channel_internal.h"

// One look at each case, without waiting, from `start` on.
static QvChanResult try_each(QvInterp *qi, QvChanCase *cases, size_t n, size_t start,
                             size_t *ret_at)
{
    const QvChanWait never = {.qi = qi};
    size_t over = 0;
    bool receives = false;
    for (size_t k = 0; k < n; k++) {
        size_t at = start + k < n ? start + k : start + k - n;
        QvChanCase *one = &cases[at];
        QvChanResult r = one->end->receiver ? qv_chan_recv(one->end, &never, &one->msg)
                                            : qv_chan_send(one->end, &never, one->msg);
        if (r == QV_CHAN_OK) {
            *ret_at = at;
            return r;
        }
        over += r == QV_CHAN_ENDED || r == QV_CHAN_BROKEN;
        receives |= one->end->receiver;
    }
    return over < n ? QV_CHAN_EMPTY : receives ? QV_CHAN_ENDED : QV_CHAN_BROKEN;
}

static bool has_other(const QvChanRow *row, const uint32_t *word)
{ // this select may be on both sides of a channel, and does not meet itself
    for (const QvChanNode *node = row->first; node; node = node->next) {
        if (node->word != word) {
            return true;
        }
    }
    return false;
}

// What one case waits with.
typedef struct Seat {
    QvChanNode node;
    QvChannel *in; // pinned; NULL: none
    bool waited;   // in its row
} Seat;

// Room in all receivers' queues is waited for in one that has none; then all are looked at again.
static QvChannel *find_row(const QvChanCase *one, uint32_t *word)
{
    QvChannel *c = one->end->channel, *full;
    if (c->front) {
        if (qv_hub_pin_full(c, &full) && !full) {
            uint32_t *asleep;
            qv_wake_claim(word, &asleep); // there is room
        }
        return full;
    }
    qv_chan_lock(c);
    c->pins++;
    qv_chan_leave(c);
    return c;
}

static void enter_rows(QvChanCase *cases, size_t n, Seat *seats, const QvChanWait *wait,
                       uint32_t *word)
{
    for (size_t k = 0; k < n; k++) {
        bool receiver = cases[k].end->receiver, front = cases[k].end->channel->front;
        QvChanNode *node = &seats[k].node;
        QvChannel *c = find_row(&cases[k], word);
        seats[k].in = c;
        seats[k].waited = false;
        *node = (QvChanNode){.word = word,
                             .owner = wait->owners ? wait->owners[k] : wait->owner,
                             .outcome = QV_CHAN_EMPTY};
        if (!c) {
            continue;
        }
        qv_chan_lock(c);
        uint32_t *asleep; // nobody: it is this thread's
        bool over = receiver ? qv_chan_ended(c) : qv_chan_broken(c);
        if (receiver ? qv_chan_queued(c) || has_other(&c->senders, word)
                     : !over && (qv_chan_queued(c) < c->capacity ||
                                 (!front && has_other(&c->receivers, word)))) {
            qv_wake_claim(word, &asleep);
        } else if (over && front) { // a receiver has gone: look again
            qv_wake_claim(word, &asleep);
        } else if (receiver && !over) {
            qv_chan_row_add(&c->receivers, node);
            c->stats.receive_waits++;
            seats[k].waited = true;
        } else if (!over) {
            node->msg = front ? NULL : cases[k].msg;
            qv_chan_row_add(&c->senders, node);
            c->stats.send_waits++;
            seats[k].waited = true;
        }
        qv_chan_unlock(c);
    }
}

// Takes the nodes back. Which case was decided, or n; *ret_closed: one of the ends was closed.
static size_t leave_rows(QvChanCase *cases, size_t n, Seat *seats, int64_t took, bool *ret_closed)
{
    size_t at = n;
    *ret_closed = false;
    for (size_t k = 0; k < n; k++) {
        QvChanEnd *end = cases[k].end;
        QvChannel *c = seats[k].in;
        QvChanNode *node = &seats[k].node;
        if (!c) {
            continue;
        }
        qv_chan_lock(c);
        qv_chan_row_remove(end->receiver ? &c->receivers : &c->senders, node);
        c->pins--;
        if (seats[k].waited) {
            *(end->receiver ? &c->stats.receive_wait_ns : &c->stats.send_wait_ns) += (uint64_t)took;
        }
        qv_chan_unlock(c);
        if (node->outcome == QV_CHAN_OK && !end->channel->front) {
            at = k;
            cases[k].msg = node->msg;
        }
        *ret_closed |= node->outcome == QV_CHAN_CLOSED;
    }
    return at;
}

static bool any_gone(const QvChanWait *wait, size_t n)
{
    for (size_t k = 0; wait->owners && k < n; k++) {
        if (wait->gone(wait->owners[k])) {
            return true;
        }
    }
    return false;
}

QvChanResult qv_chan_choose(QvChanCase *cases, size_t n, size_t start, const QvChanWait *wait,
                            size_t *ret_at)
{
    // Behind the seats: the channels, for the search for deadlocks.
    Seat *seats = malloc((n ? n : 1) * (sizeof *seats + sizeof(QvChannel *)));
    if (!seats) {
        return QV_CHAN_NO_MEMORY;
    }
    const QvChannel **channels = (const QvChannel **)(void *)(seats + n);
    for (size_t k = 0; k < n; k++) {
        channels[k] = cases[k].end->channel;
    }
    QvChanResult result;
    for (;;) {
        if (any_gone(wait, n)) {
            result = QV_CHAN_CLOSED;
            break;
        }
        result = try_each(wait->qi, cases, n, start, ret_at);
        if (result != QV_CHAN_EMPTY || !qv_chan_may_wait(wait)) {
            break;
        }
        uint32_t *word = qv_chan_arm(wait);
        enter_rows(cases, n, seats, wait, word);
        QvBlocked blocked;
        bool watched = qv_chan_watch(wait, &blocked, word, "selects among", channels, n);
        int64_t since = qv_clock_monotonic();
        QvWake wake = qv_chan_sleep(wait, word, 0);
        int64_t took = qv_clock_monotonic() - since;
        bool deadlock = watched && qv_blocked_leave(&blocked);
        bool closed;
        size_t at = leave_rows(cases, n, seats, took, &closed);
        qv_wait_disarm(word);
        if (at < n) {
            *ret_at = at;
            result = QV_CHAN_OK;
            break;
        }
        if (wake == QV_WAKE_INTERRUPTED || closed) {
            QvChanResult end_it = qv_chan_interrupted(wait, deadlock ? QV_CHAN_DEADLOCK
                                                            : closed ? QV_CHAN_CLOSED
                                                                     : QV_CHAN_OK);
            if (end_it != QV_CHAN_OK) {
                result = end_it;
                break;
            }
        }
        if (wake == QV_WAKE_TIMEOUT) {
            break;
        }
    }
    free(seats);
    return result;
}
