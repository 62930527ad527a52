// SPDX-License-Identifier: MIT
// Channels: queues of messages between interpreters. Objects of the process; no Python here.
//
// A channel has two ends. An end is counted: each Python object and each message in flight that has
// it holds a reference. When the last sender goes, receivers get what is queued and then the end of
// the stream; when the last receiver goes, what is queued is dropped and senders fail. Functions
// that take qi need its lock and may release it to wait; the others need no lock.
//
// Receivers' ends that only queued messages hold, in queues that nobody can receive from, count as
// gone: such cycles are found when the last reference from outside goes (cycle.c).
#ifndef QV_CHANNELS_CHANNEL_H
#define QV_CHANNELS_CHANNEL_H

#include "base/sync.h"
#include "channels/wire.h"
#include "object/object.h"

#define QV_CHAN_UNBOUNDED SIZE_MAX

typedef struct QvChannel QvChannel;

struct QvChanEnd {
    QvChannel *channel; // fixed
    bool receiver;      // fixed
    uint32_t refs;      // guarded by: the channel's mutexes
    uint32_t queued;    // atomic: those of refs that queued messages hold (receivers only)
    uint32_t hosts;     // atomic: those of refs that threads of the host hold
};

typedef enum QvChanResult {
    QV_CHAN_OK,
    QV_CHAN_FULL,   // sending: no room (non-blocking, or the deadline has passed)
    QV_CHAN_EMPTY,  // receiving: nothing there (likewise)
    QV_CHAN_ENDED,  // receiving: all senders are gone and the queue is empty
    QV_CHAN_BROKEN, // sending: all receivers are gone, or the channel was shut down
    QV_CHAN_CLOSED, // this very end was closed while it waited
    QV_CHAN_ERROR,  // an exception is set (interrupt)
    QV_CHAN_NO_MEMORY,
    QV_CHAN_DEADLOCK, // all threads wait, and that is an error (deadlock.c)
    QV_CHAN_SLOW,     // broadcast: a receiver's queue is full, and that is an error
} QvChanResult;

// How an operation waits.
typedef struct QvChanWait {
    QvInterp *qi;       // who also pays; NULL: a thread that is inside no interpreter
    int64_t deadline;   // monotonic ns; QV_NEVER; 0: do not wait
    uint32_t *word;     // what such a thread sleeps on, on its stack; NULL with qi, or: never wait
    const void *owner;  // whom qv_chan_cancel names: the Python object that waits
    const bool *closed; // set when that has been closed (interpreter's lock); NULL: never
    const void *const *owners;       // of the cases of a choice, instead; or NULL
    bool (*gone)(const void *owner); // has one of those been closed?
    bool looked;                     // it has looked for a while already: it falls asleep at once
} QvChanWait;

// Counters of a channel, all since it was opened.
typedef struct QvChanStats {
    uint64_t id;
    size_t capacity;          // QV_CHAN_UNBOUNDED
    size_t depth;             // messages queued now
    size_t high_water;        // most messages queued at once
    uint64_t messages, bytes; // sent
    uint64_t received, received_bytes;
    uint64_t send_waits, receive_waits; // operations that had to wait
    uint64_t send_wait_ns, receive_wait_ns;
    uint64_t dropped;            // by slow receivers of a broadcast
    uint32_t senders, receivers; // references to the ends
    bool shut;
} QvChanStats;

// A new channel with one reference to each end. capacity 0: rendezvous. name (may be NULL) is
// copied. 0 / -1 no memory.
int qv_chan_open(size_t capacity, const char *name, QvChanEnd **ret_sender,
                 QvChanEnd **ret_receiver);

// The interpreter pays for the end's channel until it is gone, where it has a limit and nobody pays
// yet. False: it does not fit.
QV_MUST_USE bool qv_chan_charge(QvInterp *qi, QvChanEnd *end);

// What a send to all does when a receiver's queue is full.
typedef enum QvChanSlow { QV_CHAN_SLOW_BLOCKS, QV_CHAN_SLOW_DROPS, QV_CHAN_SLOW_FAILS } QvChanSlow;

// A broadcast channel with its first receiver: each gets each message that is sent from now on.
// capacity at least 1, of each receiver's queue. 0 / -1 no memory.
int qv_chan_broadcast(size_t capacity, const char *name, QvChanSlow slow, QvChanEnd **ret_sender,
                      QvChanEnd **ret_receiver);
bool qv_chan_is_broadcast(const QvChanEnd *end);
// Another receiver of a broadcast channel, one end of which is given. The same.
int qv_chan_subscribe(QvChanEnd *end, QvChanEnd **ret_receiver);

void qv_chan_retain(QvChanEnd *end); // of somebody who holds a reference
void qv_chan_release(QvChanEnd *end);
// qv_chan_release that leaves freeing to the caller: messages that nobody can receive any more come
// in front of the list `pending`, which is the result.
QvMsg *qv_chan_drop(QvChanEnd *end, QvMsg *pending);
// Ends the channel for all: senders fail at once, receivers get what is queued.
void qv_chan_shut(QvChanEnd *end);
// Wakes the waits that name this owner: they answer CLOSED.
void qv_chan_cancel(QvChanEnd *end, const void *owner);

// The message is taken when the result is OK, else it stays the caller's. Where they may wait, the
// caller holds a reference to the end that nobody else gives up meanwhile.
QV_BLOCKS QvChanResult qv_chan_send(QvChanEnd *end, const QvChanWait *wait, QvMsg *msg);
QV_BLOCKS QvChanResult qv_chan_recv(QvChanEnd *end, const QvChanWait *wait, QvMsg **ret);
// The same for a short message, when it can be done at once or by waiting for less than it takes to
// fall asleep, which qi (its lock is held) pays for where spin is set. False: nothing was done, the
// general functions know why.
bool qv_chan_send_small(QvChanEnd *end, QvInterp *qi, bool spin, const QvSmallMsg *small);
// What comes may be a block: *ret_msg, else NULL.
bool qv_chan_recv_small(QvChanEnd *end, QvInterp *qi, bool spin, QvSmallMsg *ret, QvMsg **ret_msg);
// The same for a batch, whose messages may be blocks (qv_small_block), without waiting: how many
// were put in, or taken out. *ret_bytes: of those. *ret_all: nothing is left to take; else more may
// be.
size_t qv_chan_put_batch(QvChanEnd *end, const QvSmallMsg *batch, size_t n, size_t *ret_bytes);
size_t qv_chan_take_batch(QvChanEnd *end, QvSmallMsg *ret, size_t max, bool *ret_all);
// The general way for many: puts messages of a list through `next` into the channel as far as none
// must wait: those that are left, which stay the caller's. *ret_why: OK when none is left, else
// FULL or BROKEN. qi (NULL: nobody) pays for memory that the channel needs.
QvMsg *qv_chan_put(QvChanEnd *end, QvInterp *qi, QvMsg *list, QvChanResult *ret_why);
// Takes up to max messages that are there: a list through `next`, or NULL. Never waits. qi (NULL:
// nobody) pays for blocks of short messages.
QvMsg *qv_chan_take(QvChanEnd *end, QvInterp *qi, size_t max);
// A look at the next message, which stays in the queue: OK, and *ret is shared or a copy; the
// caller gives it back with qv_msg_free. EMPTY, ENDED, NO_MEMORY: *ret is NULL or unset.
QvChanResult qv_chan_peek(QvChanEnd *end, QvMsg **ret);

// One of several things to do: `msg` is what to send, or what has been received.
typedef struct QvChanCase {
    QvChanEnd *end; // a sender's or a receiver's; held by the caller
    QvMsg *msg;
} QvChanCase;

// Does exactly one of the cases, looking from `start` on: OK, and *ret_at tells which. What has
// ended or broken is passed over; when all have: ENDED, or BROKEN where none was to receive. EMPTY:
// the deadline has passed. CLOSED: one of the owners has been closed. Messages that were not sent
// stay the caller's.
QV_BLOCKS QvChanResult qv_chan_choose(QvChanCase *cases, size_t n, size_t start,
                                      const QvChanWait *wait, size_t *ret_at);
// Makes msg (not sent yet) one whose receiver acknowledges it: *ret_receipt, the caller's, is a
// receiver's end that ends when msg goes: its channel is shut (stats) when it was received and its
// value made, else it was dropped. Of a broadcast: `messages` receivers got it, `received` of which
// have made its value. 0 / -1 no memory.
int qv_chan_request(QvMsg *msg, QvChanEnd **ret_receipt);
// For whoever received msg and could use it.
void qv_chan_acknowledge(const QvMsg *msg);

// A message that waits for a receiver without a thread (offer.c). owner as in QvChanWait. It has
// the message, and holds the end; qi pays for it. NULL: no memory, and the message is the caller's.
typedef struct QvChanOffer QvChanOffer;
QvChanOffer *qv_chan_offer(QvChanEnd *end, QvInterp *qi, const void *owner, QvMsg *msg);
// FULL: it waits; OK: it has been received; else it will not be.
QvChanResult qv_chan_offer_state(QvChanOffer *offer);
// Takes it back where it has not been received. While one that is decided stands, the sender's
// descriptor is readable.
void qv_chan_offer_end(QvChanOffer *offer);

// A thread of the host has got, or is about to give up, a reference to the end.
void qv_chan_host_holds(QvChanEnd *end);
void qv_chan_host_drops(QvChanEnd *end);

// A descriptor for event loops, made at the first call and the channel's (closed with it): readable
// while this side has something to do: a message or the end of the stream to receive; room, a
// waiting receiver or failure to send. -1 with errno.
int qv_chan_fd(QvChanEnd *end);

// The sender's end of a channel that still has senders, with a reference; NULL: there is none.
QvChanEnd *qv_chan_sender_of(uint64_t id);
void qv_chan_stats(QvChanEnd *end, QvChanStats *ret);
size_t qv_chan_depth(QvChanEnd *end);
const char *qv_chan_name(const QvChanEnd *end); // "" when it has none

// Calls visit for each live channel, oldest first, until it gives something else than 0. Under the
// table's mutex: visit must not take a lock.
int qv_chan_each(int (*visit)(void *ctx, const QvChanStats *stats, const char *name), void *ctx);

// ---- mod_channels.c ----
// A Python object for the end, which gets a reference of its own.
QvObj *qv_chan_wrap(QvInterp *qi, QvChanEnd *end);
// The end of such an object. NULL with TypeError, or ClosedError.
QV_BORROWED QvChanEnd *qv_chan_peek_end(QvInterp *qi, QvObj *o);
// Raises what a result other than OK means. NULL.
QvObj *qv_chan_raise(QvInterp *qi, QvChanResult r);
// Counts messages that the interpreter has sent or received.
void qv_chan_count(QvInterp *qi, bool received, size_t messages, size_t bytes);
// timeout (seconds or None; NULL: None) as a deadline. 0, or -1: errors call it `what`.
QV_RUNS int qv_chan_deadline(QvInterp *qi, QvObj *timeout, const char *what, int64_t *ret);

#endif
