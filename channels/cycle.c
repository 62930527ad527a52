// SPDX-License-Identifier: MIT
// Cycles: receivers' ends that lie in queues which nobody can receive from.
//
// A queued message keeps the ends inside it alive. When the last receivers of A lie in the queue of
// B and those of B in the queue of A (or A is B), nobody can ever get at them. That is looked for
// when a reference to a receiver's end goes and all that are left lie in queues, while its own
// queue has such ends too: no cycle without both, and passing an end on costs nothing.
//
// Then all channels are looked at, with all their mutexes held: those with a receiver outside of
// queues are alive, so are those whose receivers lie in the queue of one that is alive; the others
// give up their messages. Where there are many channels, only one in so many occasions is taken:
// what may lie around is a small share of them, and so is the time that it costs. Ends in messages
// of sleeping senders count as outside.
#include "channels/channel_internal.h"

#define PATIENCE 64 // one occasion is taken for so many live channels

typedef void (*Visit)(QvChannel *c, QvChannel **todo);

static void visit_ends(const QvMsg *msg, Visit visit, QvChannel **todo)
{
    for (size_t k = 0; k < msg->nends; k++) {
        if (msg->ends[k]->receiver) {
            visit(msg->ends[k]->channel, todo);
        }
    }
}

static void visit_nested(QvChannel *c, Visit visit, QvChannel **todo)
{
    if (c->nested == 0) {
        return;
    }
    for (const QvMsg *msg = c->urgent.first; msg; msg = msg->next) {
        visit_ends(msg, visit, todo);
    }
    for (uint64_t k = 0; k < qv_ring_count(c); k++) {
        const QvMsg *msg = qv_small_block(qv_ring_peek(c, k));
        if (msg) {
            visit_ends(msg, visit, todo);
        }
    }
    for (const QvMsg *msg = c->more.first; msg; msg = msg->next) {
        visit_ends(msg, visit, todo);
    }
}

static void count_off(QvChannel *c, QvChannel **todo)
{
    (void)todo;
    c->outer--;
}

static void mark(QvChannel *c, QvChannel **todo)
{
    if (!c->marked) {
        c->marked = 1;
        c->mark_next = *todo;
        *todo = c;
    }
}

QvMsg *qv_chan_collect(QvMsg *pending)
{
    QvChannel *todo = NULL;
    qv_mutex_lock(&qv_channels.mu);
    if (++qv_channels.suspects < qv_channels.count / PATIENCE) {
        qv_mutex_unlock(&qv_channels.mu);
        return pending;
    }
    qv_channels.suspects = 0;
    for (QvChannel *c = qv_channels.first; c; c = c->next) {
        qv_chan_hold(c);
        c->marked = 0;
        c->outer = c->receiver.refs;
    }
    for (QvChannel *c = qv_channels.first; c; c = c->next) {
        visit_nested(c, count_off, NULL);
    }
    for (QvChannel *c = qv_channels.first; c; c = c->next) {
        if (c->outer > 0) {
            mark(c, &todo);
        }
    }
    while (todo) {
        QvChannel *c = todo;
        todo = c->mark_next;
        visit_nested(c, mark, &todo);
    }
    for (QvChannel *c = qv_channels.first; c; c = c->next) {
        if (!c->marked && c->receiver.refs > 0) {
            c->lost = true;
            pending = qv_chan_take_queue(c, pending);
            qv_chan_row_end(&c->senders, QV_CHAN_BROKEN, NULL);
            if (c->polled) {
                qv_chan_show(c);
            }
            qv_chan_settle(c);
        }
    }
    for (QvChannel *c = qv_channels.first; c; c = c->next) {
        qv_chan_let_go(c);
    }
    qv_mutex_unlock(&qv_channels.mu);
    return pending;
}
