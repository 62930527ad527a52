// SPDX-License-Identifier: MIT
// Offers: messages that wait for a receiver while no thread waits with them. Tasks of asyncio send
// through a rendezvous this way.
//
// An offer is a node in the channel's row of senders like that of a sleeping thread, but with a
// word of its own, on which nobody sleeps. Whoever takes the message claims the word, and the
// sender's descriptor shows it (pollfd.c).
#include <stdlib.h>

#include "channels/channel_internal.h"

QvChanOffer *qv_chan_offer(QvChanEnd *end, QvInterp *qi, const void *owner, QvMsg *msg)
{
    QvChannel *c = end->channel;
    const QvChanWait never = {.qi = qi};
    QvHeapAway *payer;
    bool fits = qv_heap_send_away(&qi->heap, sizeof(QvChanOffer), &payer);
    QvChanOffer *offer = fits ? calloc(1, sizeof *offer) : NULL;
    if (!offer) {
        qv_heap_came_back(payer, sizeof *offer);
        return NULL;
    }
    offer->payer = payer;
    offer->end = end;
    offer->node.msg = msg;
    offer->node.owner = owner;
    offer->node.word = qv_wait_arm_word(&offer->word);
    qv_chan_retain(end);
    for (;;) {
        offer->node.outcome = qv_chan_send(end, &never, msg);
        if (offer->node.outcome != QV_CHAN_FULL) {
            return offer;
        }
        qv_chan_lock(c);
        bool waits = !c->receivers.first && !qv_chan_broken(c);
        if (waits) { // else somebody has come meanwhile
            offer->next = c->offers;
            c->offers = offer;
            offer->listed = true;
            qv_chan_senders_add(&c->senders, &offer->node);
        }
        qv_chan_unlock(c);
        if (waits) {
            return offer;
        }
    }
}

QvChanResult qv_chan_offer_state(QvChanOffer *offer)
{
    QvChannel *c = offer->end->channel;
    qv_chan_lock(c);
    QvChanResult r = offer->node.queued ? QV_CHAN_FULL : offer->node.outcome;
    qv_chan_leave(c);
    return r;
}

void qv_chan_offer_end(QvChanOffer *offer)
{
    QvChannel *c = offer->end->channel;
    qv_chan_lock(c);
    bool taken = !offer->node.queued && offer->node.outcome == QV_CHAN_OK;
    qv_chan_row_remove(&c->senders, &offer->node);
    QvChanOffer **link = &c->offers;
    while (offer->listed && *link != offer) {
        link = &(*link)->next;
    }
    if (offer->listed) {
        *link = offer->next;
        offer->listed = false;
    }
    qv_chan_unlock(c);
    if (!taken) {
        qv_msg_free(offer->node.msg);
    }
    qv_chan_release(offer->end);
    qv_heap_came_back(offer->payer, sizeof *offer);
    free(offer);
}

bool qv_chan_offers_decided(const QvChannel *c)
{
    for (const QvChanOffer *offer = c->offers; offer; offer = offer->next) {
        if (!offer->node.queued) {
            return true;
        }
    }
    return false;
}

void qv_chan_offers_fork(QvChannel *c)
{
    for (QvChanOffer *offer = c->offers; offer; offer = offer->next) {
        if (offer->node.queued) {
            qv_chan_senders_add(&c->senders, &offer->node);
        }
    }
}
