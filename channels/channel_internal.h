// SPDX-License-Identifier: MIT
// What the files that make up a channel share: its struct, rows of sleepers.
#ifndef QV_CHANNELS_CHANNEL_INTERNAL_H
#define QV_CHANNELS_CHANNEL_INTERNAL_H

#include "channels/channel.h"
#include "interpreters/instance.h"

// A thread that sleeps in a row: on its C stack (or in its select's block), the channel's while
// `queued`.
typedef struct QvChanNode {
    struct QvChanNode *prev, *next;
    uint32_t *word;
    const void *owner;
    QvMsg *msg; // what a sender brings or a receiver was given; NULL in a sender: waits for room
    QvChanResult outcome; // set by the waker before the claim
    bool queued;          // guarded by: mu
} QvChanNode;

typedef struct QvChanRow {
    QvChanNode *first, *last;
} QvChanRow;

struct QvChanOffer {
    QvChanNode node;   // in the row of senders; guarded by: mu
    uint32_t word;     // claimed by whoever takes the message
    QvChanEnd *end;    // owned
    QvChanOffer *next; // the channel's list; guarded by: mu
    bool listed;       // there; guarded by: mu
};

struct QvChannel {
    QvMutex mu;
    QvChanEnd sender, receiver;   // refs guarded by: mu
    QvMsg *head, *tail;           // queue; guarded by: mu
    QvMsg *urgent;                // its last urgent message, or NULL; guarded by: mu
    size_t capacity;              // fixed
    QvChanRow senders, receivers; // sleeping; guarded by: mu
    QvChanOffer *offers;          // without a thread; guarded by: mu
    uint32_t pins;                // who keeps the struct without a reference; guarded by: mu
    uint32_t spin;                // rounds; guarded by: mu
    uint32_t nested;              // receivers' ends in queued messages; guarded by: mu
    bool lost;                    // what receivers' ends are left nobody can get at; guarded by: mu
    bool hidden; // not shown by qv_chan_each; set before anybody else has an end; guarded by: mu
    bool front;  // its sender's end sends to all of hub; fixed
    bool polled; // it has a descriptor; guarded by: mu
    bool fd_ready[2];       // what the descriptors show; guarded by: mu
    bool shown_full;        // counted in hub's `full`; guarded by: mu
    int fd[2];              // eventfds of the sender's and the receiver's side, or -1; likewise
    QvChanStats stats;      // guarded by: mu
    struct QvHub *hub;      // broadcast.c, or NULL; fixed before anybody else has an end
    QvChannel *prev, *next; // guarded by: the table's mutex
    QvChannel *mark_next;   // cycle.c; guarded by: the table's mutex
    uint32_t marked, outer; // likewise
    size_t bytes;           // of this block
    QvHeapAway *payer;      // who pays for it, or NULL; guarded by: mu
    char name[];
};

// All live channels of the process.
typedef struct QvChannelTable {
    QvMutex mu;
    QvChannel *first, *last;
    uint64_t last_id;
    size_t count;    // live ones
    size_t suspects; // see cycle.c
} QvChannelTable;

extern QvChannelTable qv_channels;

static inline bool qv_chan_may_wait(const QvChanWait *wait)
{
    return (wait->qi || wait->word) && wait->deadline > 0;
}

// ---- channel.c: mu held -------------------------------------------------------------------------
void qv_chan_row_add(QvChanRow *row, QvChanNode *node);
void qv_chan_row_remove(QvChanRow *row, QvChanNode *node);
// A sender with its message: urgent ones in front of the others.
void qv_chan_senders_add(QvChanRow *row, QvChanNode *node);
// Ends the sleep of all in the row, or of those of one owner.
void qv_chan_row_end(QvChanRow *row, QvChanResult outcome, const void *owner);
// Takes the whole queue, in front of `pending`.
QvMsg *qv_chan_take_queue(QvChannel *c, QvMsg *pending);
static inline bool qv_chan_ended(const QvChannel *c)
{
    return c->stats.shut || c->sender.refs == 0;
}
static inline bool qv_chan_broken(const QvChannel *c)
{
    return c->stats.shut || c->lost || c->receiver.refs == 0;
}
// Lets go of mu; the last one out frees the channel.
void qv_chan_unlock(QvChannel *c);

// ---- channel.c: waiting -------------------------------------------------------------------------
uint32_t *qv_chan_arm(const QvChanWait *wait);
QvWake qv_chan_sleep(const QvChanWait *wait, uint32_t *word, uint32_t spin);
// Around such a sleep when deadlocks are watched for; b is left alone where they are not: false.
// True: qv_blocked_leave after it; until then the array of channels stays.
bool qv_chan_watch(const QvChanWait *wait, QvBlocked *b, const uint32_t *word, const char *does,
                   const QvChannel *const *channels, size_t n);
// After an interrupt: OK to go on, CLOSED, or ERROR with an exception.
QvChanResult qv_chan_interrupted(const QvChanWait *wait, QvChanResult outcome);

// For broadcasts: queues msg (or gives it to a receiver), which takes the place of the oldest one
// (*ret_lost, else NULL) where there is no room. False: nobody can receive.
bool qv_chan_deliver(QvChannel *c, QvMsg *msg, QvMsg **ret_lost);
// Sleeps until there may be room in c, whose pin it takes over. OK: look again.
QV_BLOCKS QvChanResult qv_chan_wait_room(QvChannel *c, QvChannel *front, const QvChanWait *wait);

// ---- broadcast.c --------------------------------------------------------------------------------
typedef struct QvHub QvHub;
void qv_hub_release(QvHub *hub);
// A subscription without receivers, or the front without senders, goes. c is pinned.
QvMsg *qv_hub_leave(QvChannel *c, QvMsg *pending);
QvMsg *qv_hub_end(QvChannel *front, QvMsg *pending);
void qv_hub_shut(QvChannel *front);
void qv_hub_cancel(QvChannel *front, const void *owner);
QV_BLOCKS QvChanResult qv_hub_send(QvChannel *front, const QvChanWait *wait, QvMsg *msg);
void qv_hub_stats(QvChannel *front, QvChanStats *ret);
void qv_hub_fork(QvChannel *front, bool before);
// For a select: a subscription without room, pinned, or NULL where all have room. False: nobody can
// receive.
bool qv_hub_pin_full(QvChannel *front, QvChannel **ret);
// The descriptor of the senders.
int qv_hub_fd(QvChannel *front);
void qv_hub_show(QvChannel *c); // a subscription has changed; its mu held

// ---- offer.c, hosts.c ---------------------------------------------------------------------------
bool qv_chan_offers_decided(const QvChannel *c); // mu held
void qv_chan_offers_fork(QvChannel *c);
// Could a thread of the host end a wait for one of these n channels (QvChannel **)?
bool qv_chan_hosts_may_serve(const void *channels, size_t n);

// ---- pollfd.c -----------------------------------------------------------------------------------
void qv_chan_show(QvChannel *c); // makes the descriptors show the truth; mu held
void qv_chan_fd_close(QvChannel *c);
void qv_chan_fd_fork(QvChannel *c); // in the child: descriptors of its own

// ---- cycle.c ------------------------------------------------------------------------------------
// Messages of channels that only messages of such channels can receive from, in front of `pending`.
QvMsg *qv_chan_collect(QvMsg *pending);

#endif
