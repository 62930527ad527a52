// SPDX-License-Identifier: MIT
// Boxes: queues that are named by a number, whose items are bound to the interpreter that put them.
// What _interpqueues and _interpchannels are made of; no Python here.
//
// A box lives until it is destroyed, whoever still knows its number: every operation finds it anew.
// Only interpreters of the family in which it was made find it. When an interpreter ends or is
// reset, its items lose their values (see QvUnbound) and its ends are closed.
#ifndef QV_CHANNELS_BOX_H
#define QV_CHANNELS_BOX_H

#include "base/sync.h"
#include "channels/wire.h"
#include "object/gc.h"
#include "object/object.h"

// What becomes of an item whose interpreter ends. CPython's numbers.
typedef enum QvUnbound {
    QV_UNBOUND_REMOVE = 1, // it goes
    QV_UNBOUND_ERROR,      // it stays without a value: the other side makes an error of it,
    QV_UNBOUND_REPLACE,    // or UNBOUND
} QvUnbound;

typedef enum QvBoxKind { QV_BOX_QUEUE, QV_BOX_CHANNEL } QvBoxKind;

typedef enum QvBoxResult {
    QV_BOX_OK,
    QV_BOX_FULL,      // putting: no room (also when the deadline has passed)
    QV_BOX_EMPTY,     // getting: nothing there (likewise)
    QV_BOX_NOT_FOUND, // there is no such box, or no more
    QV_BOX_NOT_BOUND, // a queue that nobody has bound is released
    QV_BOX_CLOSED,    // channels: for all
    QV_BOX_RELEASED,  // channels: this interpreter has given up that end
    QV_BOX_NOT_EMPTY, // channels: it may not be closed like that
    QV_BOX_LATE,      // channels: the deadline has passed before somebody received the item
    QV_BOX_ERROR,     // an exception is set (interrupt)
    QV_BOX_NO_MEMORY,
} QvBoxResult;

// An item on its way in or out.
typedef struct QvBoxItem {
    QvMsg *msg;        // NULL: its interpreter has ended
    int64_t format;    // queues: the caller's own number
    QvUnbound unbound; // 0 for putting: as the box says
} QvBoxItem;

typedef struct QvBoxWait QvBoxWait;

// One interpreter's hold of one end of a channel.
typedef struct QvBoxEnd {
    struct QvBoxEnd *next; // in order of their first use
    uint64_t interp;
    bool open;
} QvBoxEnd;

typedef enum QvBoxSide { QV_BOX_SEND, QV_BOX_RECV, QV_BOX_BOTH } QvBoxSide;

// All fields but the fixed ones as they are at one moment.
typedef struct QvBoxInfo {
    uint64_t id;
    int64_t max_size, format; // fixed; max_size <= 0: any number
    QvUnbound unbound;        // fixed
    size_t count;
    bool closing, closed;
    // Channels: interpreters that have used an end, by what they still have.
    int64_t nsend, nsend_released, nrecv, nrecv_released; // that have used this end alone
    int64_t nboth, nboth_released, nboth_send_released, nboth_recv_released;
    bool send_associated, send_released, recv_associated, recv_released; // this interpreter
} QvBoxInfo;

// ---- life ---------------------------------------------------------------------------------------
// A new box; its number. Numbers of a kind go up from 1 (queues) or 0 (channels).
QvBoxResult qv_box_new(QvInterp *qi, QvBoxKind kind, const QvBoxInfo *as, uint64_t *ret_id);
QvBoxResult qv_box_destroy(QvInterp *qi, QvBoxKind kind, uint64_t id);
// Counted references: a queue goes with its last one; a channel, too (its ChannelIDs).
QvBoxResult qv_box_bind(QvInterp *qi, QvBoxKind kind, uint64_t id);
QvBoxResult qv_box_release(QvInterp *qi, QvBoxKind kind, uint64_t id);
// A reference that is a block, for messages that name the box: given back when the block goes, by
// any thread.
QvBoxResult qv_box_hold(QvInterp *qi, QvBoxKind kind, uint64_t id, QvBlock **ret);
QvBoxResult qv_box_info(QvInterp *qi, QvBoxKind kind, uint64_t id, QvBoxInfo *ret);
// All boxes of the kind in the family, newest first: a malloc'ed array, NULL for no memory.
QvBoxInfo *qv_box_list(QvInterp *qi, QvBoxKind kind, size_t *ret_n);

// ---- items --------------------------------------------------------------------------------------
// deadline: monotonic ns, QV_NEVER, or 0: do not wait. A wait ends at once when its reason does.
// put takes the message when the result is OK, else it stays the caller's.
QV_BLOCKS QvBoxResult qv_box_put(QvInterp *qi, uint64_t id, const QvBoxItem *item,
                                 int64_t deadline);
QV_BLOCKS QvBoxResult qv_box_get(QvInterp *qi, uint64_t id, int64_t deadline, QvBoxItem *ret);
// Channels. until_received: the item is taken back when the deadline passes before (LATE). The
// message is taken in any case.
QV_BLOCKS QvBoxResult qv_box_send(QvInterp *qi, uint64_t id, const QvBoxItem *item,
                                  bool until_received, int64_t deadline);
QvBoxResult qv_box_recv(QvInterp *qi, uint64_t id, QvBoxItem *ret);
// Closes a channel for all. side SEND: what is queued may still be received.
QvBoxResult qv_box_close(QvInterp *qi, uint64_t id, QvBoxSide side, bool force);
// Closes ends for this interpreter; the channel closes with the last open one.
QvBoxResult qv_box_release_end(QvInterp *qi, uint64_t id, QvBoxSide side);
// The interpreters that have an end open: a malloc'ed array in *ret.
QvBoxResult qv_box_interpreters(QvInterp *qi, uint64_t id, bool send, uint64_t **ret,
                                size_t *ret_n);

// ---- mod_interpqueues.c -------------------------------------------------------------------------
// For an object on its way out: a hold of the queue that it is (see qv_box_hold), or NULL: it is
// none, or names none any more. 0/-1.
QV_RUNS int qv_interpqueues_hold(QvInterp *qi, QvObj *o, QvBlock **ret);

// ---- box_args.c: what the two modules share -----------------------------------------------------
// The number in an argument; what: "queue" or "channel". 0/-1.
QV_RUNS int qv_box_get_id(QvInterp *qi, QvObj *o, const char *what, uint64_t *ret);
// An argument that is 1, 2 or 3; absent, None or -1: 0, where it need not be there. 0/-1.
QV_RUNS int qv_box_get_unbound(QvInterp *qi, QvObj *o, bool needed, QvUnbound *ret);
// (value, format or left out, None), or (None, format or left out, number) for an item without its
// value. The message is used up.
QV_RUNS QvObj *qv_box_open_item(QvInterp *qi, const QvBoxItem *item, bool with_format);
// A class of exceptions, which the module gets by its last name. NULL with an exception; also where
// base is NULL, and one is set.
QvObj *qv_box_add_error(QvInterp *qi, QvObj *m, const char *dotted, QvObj *base);
// fini and traverse of a module whose state, of so many bytes, is nothing but owned references.
void qv_box_state_fini(QvInterp *qi, QvObj *m, size_t size);
int qv_box_state_traverse(QvObj *m, size_t size, QvVisit visit, void *ctx);
// From now on, instances of that class are sent as a call of it with what the native function
// `reduce` of module m gives, unless the class says itself how. 0/-1.
QV_RUNS int qv_box_register_type(QvInterp *qi, QvObj *m, QvObj *type, const char *reduce);

#endif
