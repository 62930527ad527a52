// SPDX-License-Identifier: MIT
// What the files that make up a channel share: its struct, rows of sleepers.
#ifndef QV_CHANNELS_CHANNEL_INTERNAL_H
#define QV_CHANNELS_CHANNEL_INTERNAL_H

#include <string.h>

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
    bool queued;          // guarded by: both of the channel's mutexes
} QvChanNode;

typedef struct QvChanRow {
    QvChanNode *first, *last;
} QvChanRow;

struct QvChanOffer {
    QvChanNode node;   // in the row of senders; guarded by: mu
    uint32_t word;     // claimed by whoever takes the message
    QvChanEnd *end;    // owned
    QvHeapAway *payer; // who pays for it, or NULL; fixed
    QvChanOffer *next; // the channel's list; guarded by: mu
    bool listed;       // there; guarded by: mu
};

// One message of the ring: a cache line, so that whoever waits for it and whoever brings it touch
// nothing else.
typedef struct QvSlot {
    _Alignas(QV_CACHE_LINE) uint64_t number; // atomic: of the message in it, from 1; else: not
                                             // there
    QvSmallMsg small;                        // the message itself, or where it is
} QvSlot;

_Static_assert(sizeof(QvSlot) == QV_CACHE_LINE, "a slot is a cache line");

static inline size_t qv_small_size(const QvSmallMsg *small)
{
    const QvMsg *msg = qv_small_block(small);
    return msg ? qv_msg_size(msg) : small->size;
}

// What senders touch, and nobody else while all goes well (ring.c). Guarded by: mu.
typedef struct QvChanTx {
    _Alignas(QV_CACHE_LINE) QvMutex mu;
    uint32_t slow;  // atomic: messages go the general way, with both mutexes
    uint64_t tail;  // messages that were put into the ring
    uint64_t seen;  // of head, when it was last looked at
    uint64_t high;  // most messages queued at once
    uint64_t sent;  // messages
    uint64_t bytes; // of them
    QvSlot *ring;
    uint16_t mask;  // slots - 1
    uint16_t limit; // messages that the ring may hold: its slots, or the capacity
    uint16_t spin;  // rounds to wait for room
    uint16_t naps;  // waits since it last looked long
} QvChanTx;

// And receivers.
typedef struct QvChanRx {
    _Alignas(QV_CACHE_LINE) QvMutex mu;
    uint32_t slow;     // atomic: messages come the general way, with both mutexes
    uint64_t at;       // messages that were taken out of the ring
    uint64_t received; // messages
    uint64_t bytes;    // of them
    const QvSlot *ring;
    uint16_t mask;
    uint16_t spin;     // rounds to wait for a message
    uint16_t naps;     // waits since it last looked long
    uint32_t spinners; // threads that look at slots without the mutex
} QvChanRx;

// A list of messages, through `next`.
typedef struct QvChanList {
    QvMsg *first, *last;
} QvChanList;

struct QvChannel {
    QvChanTx tx;
    QvChanRx rx;
    _Alignas(QV_CACHE_LINE) uint64_t head; // atomic: rx.at, for senders to look at
    // From here on, guarded by both mutexes (qv_chan_lock) unless it says otherwise.
    _Alignas(QV_CACHE_LINE) QvChanEnd sender, receiver;
    QvChanList urgent;            // before the ring
    QvChanList more;              // behind the ring: what it has no room for
    size_t listed;                // messages in these lists
    size_t capacity;              // fixed
    QvChanRow senders, receivers; // sleeping
    QvChanOffer *offers;          // without a thread
    uint32_t pins;                // who keeps the struct without a reference
    uint32_t spin;                // rounds of a rendezvous
    uint32_t nested;              // receivers' ends in queued messages
    bool lost;                    // what receivers' ends are left nobody can get at
    bool hidden;                  // not shown by qv_chan_each; set before anybody else has an end
    bool front;                   // its sender's end sends to all of hub; fixed
    bool polled;                  // it has a descriptor
    bool spins;             // looking before sleeping may pay: there are several processors; fixed
    bool fd_ready[2];       // what the descriptors show
    bool shown_full;        // counted in hub's `full`
    int fd[2];              // eventfds of the sender's and the receiver's side, or -1
    QvSlot *retired;        // rings that somebody may still look at; linked in their first slots
    QvChanStats stats;      // without what tx and rx count
    struct QvHub *hub;      // broadcast.c, or NULL; fixed before anybody else has an end
    QvChannel *prev, *next; // guarded by: the table's mutex
    QvChannel *mark_next;   // cycle.c; guarded by: the table's mutex
    uint32_t marked, outer; // likewise
    size_t bytes;           // of this block
    QvHeapAway *payer;      // who pays for it, or NULL; guarded by: both mutexes
    QvHeapAway *ring_payer; // who pays for the ring, or NULL
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

// ---- both mutexes -------------------------------------------------------------------------------
static inline void qv_chan_lock(QvChannel *c)
{
    qv_mutex_lock(&c->tx.mu);
    qv_mutex_lock(&c->rx.mu);
}
static inline void qv_chan_hold(QvChannel *c) // of many channels, or around fork
{
    qv_mutex_hold(&c->tx.mu);
    qv_mutex_hold(&c->rx.mu);
}
static inline void qv_chan_let_go(QvChannel *c)
{
    qv_mutex_let_go(&c->rx.mu);
    qv_mutex_let_go(&c->tx.mu);
}
// After changes: says anew whether messages may go the short way, and lets go.
void qv_chan_leave(QvChannel *c);
// The same without letting go.
void qv_chan_settle(QvChannel *c);

// ---- ring.c: both mutexes held ------------------------------------------------------------------
static inline uint64_t qv_ring_count(const QvChannel *c) { return c->tx.tail - c->rx.at; }
static inline size_t qv_chan_queued(const QvChannel *c)
{
    return c->listed + (size_t)qv_ring_count(c);
}
// A channel without a ring; it gets one when it is used.
void qv_ring_init(QvChannel *c);
void qv_ring_fini(QvChannel *c);
// The message number k of those in the ring.
const QvSmallMsg *qv_ring_peek(const QvChannel *c, uint64_t k);
// Puts msg into the ring: true; false: it has no room.
bool qv_ring_put(QvChannel *c, QvMsg *msg);
bool qv_ring_take(QvChannel *c, QvSmallMsg *ret);
// There is none, or more than it has room for and it may grow.
bool qv_ring_is_small(const QvChannel *c);

// Makes an empty ring that is large go: rings for qv_ring_free, or NULL.
QvSlot *qv_ring_trim(QvChannel *c);
// The learning of how long to look, after a sleep of `took` ns.
void qv_lane_learn(QvChannel *c, uint16_t *spin, int64_t took);

// ---- ring.c: no mutex held ----------------------------------------------------------------------
// A larger ring, if there is memory for it, which qi (its lock is held; NULL: nobody) pays for;
// what waits behind the old one moves into it.
void qv_ring_grow(QvChannel *c, QvInterp *qi);
void qv_ring_free(QvSlot *rings); // retired ones; NULL is fine
// The short ways: false: it has to go the general way. spin: look a little for room, or a message.
bool qv_lane_send(QvChannel *c, QvInterp *qi, bool spin, QvMsg *msg);
bool qv_lane_recv(QvChannel *c, QvInterp *qi, bool spin, QvSmallMsg *ret);

// ---- channel.c: both mutexes held ---------------------------------------------------------------
void qv_chan_row_add(QvChanRow *row, QvChanNode *node);
void qv_chan_row_remove(QvChanRow *row, QvChanNode *node);
// A sender with its message: urgent ones in front of the others.
void qv_chan_senders_add(QvChanRow *row, QvChanNode *node);
// Moves messages from the list behind the ring into it.
void qv_chan_move_up(QvChannel *c);
// Ends the sleep of all in the row, or of those of one owner.
void qv_chan_row_end(QvChanRow *row, QvChanResult outcome, const void *owner);
// Takes the whole queue; what has a block comes in front of `pending`.
QvMsg *qv_chan_take_queue(QvChannel *c, QvMsg *pending);
static inline bool qv_chan_ended(const QvChannel *c)
{
    return c->stats.shut || c->sender.refs == 0;
}
static inline bool qv_chan_broken(const QvChannel *c)
{
    return c->stats.shut || c->lost || c->receiver.refs == 0;
}
// qv_chan_leave; the last one out frees the channel.
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
// (*ret_lost, else NULL) where there is no room. qi (NULL: nobody) pays for what that takes. False:
// nobody can receive.
bool qv_chan_deliver(QvChannel *c, QvInterp *qi, QvMsg *msg, QvMsg **ret_lost);
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
void qv_chan_show(QvChannel *c); // makes the descriptors show the truth; both mutexes held
void qv_chan_fd_close(QvChannel *c);
void qv_chan_fd_fork(QvChannel *c); // in the child: descriptors of its own

// ---- cycle.c ------------------------------------------------------------------------------------
// Messages of channels that only messages of such channels can receive from, in front of `pending`.
QvMsg *qv_chan_collect(QvMsg *pending);

#endif
