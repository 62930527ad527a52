// SPDX-License-Identifier: MIT
// Select: whichever of several sends and receives can be done first, exactly one.
//
// One node for each case, all with the same word: whoever claims it has decided for its case. A
// channel that is ready while the nodes are put into the rows ends the wait, unless another thread
// has just decided: either way the word is no longer armed.
#include <stdlib.h>

#include "channels/channel_internal.h"

// One look at each case, without waiting, from `start` on.
static QvChanResult try_each(QvChanCase *cases, size_t n, size_t start, size_t *ret_at)
{
    const QvChanWait never = {0};
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

static void enter_rows(QvChanCase *cases, size_t n, QvChanNode *nodes, const QvChanWait *wait,
                       uint32_t *word)
{
    for (size_t k = 0; k < n; k++) {
        QvChannel *c = cases[k].end->channel;
        bool receiver = cases[k].end->receiver;
        nodes[k] = (QvChanNode){.word = word, .owner = wait->owner, .outcome = QV_CHAN_EMPTY};
        qv_mutex_lock(&c->mu);
        c->pins++;
        if (receiver ? c->head || has_other(&c->senders, word)
                     : !qv_chan_broken(c) &&
                           (c->stats.depth < c->capacity || has_other(&c->receivers, word))) {
            qv_wake_claim(word);
        } else if (receiver && !qv_chan_ended(c)) {
            qv_chan_row_add(&c->receivers, &nodes[k]);
            c->stats.receive_waits++;
        } else if (!receiver && !qv_chan_broken(c)) {
            nodes[k].msg = cases[k].msg;
            qv_chan_row_add(&c->senders, &nodes[k]);
            c->stats.send_waits++;
        }
        qv_chan_unlock(c);
    }
}

// Takes the nodes back. Which case was decided, or n; *ret_closed: one of the ends was closed.
static size_t leave_rows(QvChanCase *cases, size_t n, QvChanNode *nodes, bool *ret_closed)
{
    size_t at = n;
    *ret_closed = false;
    for (size_t k = 0; k < n; k++) {
        QvChanEnd *end = cases[k].end;
        QvChannel *c = end->channel;
        qv_mutex_lock(&c->mu);
        qv_chan_row_remove(end->receiver ? &c->receivers : &c->senders, &nodes[k]);
        c->pins--;
        qv_chan_unlock(c);
        if (nodes[k].outcome == QV_CHAN_OK) {
            at = k;
            cases[k].msg = nodes[k].msg;
        }
        *ret_closed |= nodes[k].outcome == QV_CHAN_CLOSED;
    }
    return at;
}

static bool watch(const QvChanCase *cases, size_t n, const QvChanWait *wait, QvBlocked *b,
                  const uint32_t *word)
{
    const QvChannel *some[4]; // more are not named
    size_t m = n < 4 ? n : 4;
    for (size_t k = 0; k < m; k++) {
        some[k] = cases[k].end->channel;
    }
    return qv_chan_watch(wait, b, word, "selects among", some, m);
}

QvChanResult qv_chan_choose(QvChanCase *cases, size_t n, size_t start, const QvChanWait *wait,
                            size_t *ret_at)
{
    QvChanNode *nodes = malloc((n ? n : 1) * sizeof *nodes);
    if (!nodes) {
        return QV_CHAN_NO_MEMORY;
    }
    QvChanResult result;
    for (;;) {
        result = try_each(cases, n, start, ret_at);
        if (result != QV_CHAN_EMPTY || !qv_chan_may_wait(wait)) {
            break;
        }
        uint32_t *word = qv_chan_arm(wait);
        enter_rows(cases, n, nodes, wait, word);
        QvBlocked blocked;
        bool watched = watch(cases, n, wait, &blocked, word);
        QvWake wake = qv_chan_sleep(wait, word, 0);
        bool deadlock = watched && qv_blocked_leave(&blocked);
        bool closed;
        size_t at = leave_rows(cases, n, nodes, &closed);
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
    free(nodes);
    return result;
}
