// SPDX-License-Identifier: MIT
// Ends that threads of the host hold, as far as the search for deadlocks is concerned.
#include "channels/channel_internal.h"

// A thread of the host may receive what is queued, and with it the end that somebody waits for.
static bool may_bring_ends(void)
{
    bool may = false;
    qv_mutex_lock(&qv_channels.mu);
    for (QvChannel *c = qv_channels.first; c && !may; c = c->next) {
        if (qv_atomic_load_u32(&c->receiver.hosts)) {
            qv_chan_lock(c);
            may = qv_chan_queued(c) || c->senders.first;
            qv_chan_leave(c);
        }
    }
    qv_mutex_unlock(&qv_channels.mu);
    return may;
}

static bool is_held(const QvChannel *c)
{
    return qv_atomic_load_u32(&c->sender.hosts) || qv_atomic_load_u32(&c->receiver.hosts);
}

// Is there an end of a broadcast that a thread of the host holds? (Which subscriptions it serves is
// not asked.)
static bool holds_broadcast(void)
{
    bool holds = false;
    qv_mutex_lock(&qv_channels.mu);
    for (QvChannel *c = qv_channels.first; c && !holds; c = c->next) {
        holds = c->hub && is_held(c);
    }
    qv_mutex_unlock(&qv_channels.mu);
    return holds;
}

bool qv_chan_hosts_may_serve(const void *channels, size_t n)
{
    QvChannel *const *some = channels;
    bool hub = false;
    for (size_t k = 0; k < n; k++) {
        if (is_held(some[k])) {
            return true;
        }
        hub |= some[k]->hub != NULL;
    }
    return (hub && holds_broadcast()) || may_bring_ends();
}

void qv_chan_host_holds(QvChanEnd *end) { qv_atomic_add_u32(&end->hosts, 1); }

void qv_chan_host_drops(QvChanEnd *end) { qv_atomic_sub_u32(&end->hosts, 1); }
