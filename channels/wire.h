// SPDX-License-Identifier: MIT
// Messages and the wire format (specified in wire.def).
#ifndef QV_CHANNELS_WIRE_H
#define QV_CHANNELS_WIRE_H

#include <string.h>

#include "object/pack.h"

#define QV_WIRE_VERSION 1
#define QV_WIRE_SHARED  0x80 // bit of a tag: the value enters the message's table

typedef enum QvWireTag {
#define WIRE(number, name) QV_WIRE_##name = number,
#include "channels/wire.def"
#undef WIRE
} QvWireTag;

typedef struct QvChanEnd QvChanEnd; // channels/channel.h
typedef struct QvBlock QvBlock;     // channels/block.h

// One block of process memory; owned by whoever holds the pointer; any thread may free it.
struct QvMsg {
    size_t size;      // bytes of data
    size_t block;     // bytes of the whole block, as counted in qv_msg_live_bytes
    QvMsg *next;      // for whoever holds it: a list of messages
    QvChanEnd **ends; // channel ends inside, each a counted reference; behind the data
    size_t nends;
    QvMsg *body;              // the shared message that this one stands for, or NULL (broadcasts)
    struct QvHeapAway *payer; // who pays for the block: the sender's account, or NULL
    QvChanEnd *receipt;       // of who waits until it has been received, or NULL; owned
    uint32_t sharers; // atomic: who holds it besides the first: `data` and `ends` are read-only
    uint32_t urgent;  // goes in front of the ordinary ones
    QvBlock **blocks; // memory that is handed over, each a counted reference; behind the ends
    size_t nblocks;
    uint8_t data[]; // at the very end of the struct, so that writing the fields leaves it alone
};

// Where its value is.
static inline const QvMsg *qv_msg_body(const QvMsg *msg) { return msg->body ? msg->body : msg; }

_Static_assert(offsetof(QvMsg, data) == sizeof(QvMsg), "padding before the data");

// ---- the format's uint (wire.def) ----

#define QV_WIRE_UINT_MAX 10 // bytes that one takes at most

// Writes n; where the next byte goes. There is room.
static inline uint8_t *qv_wire_put_uint(uint8_t *at, uint64_t n)
{
    while (n >= 0x80) {
        *at++ = (uint8_t)(n | 0x80);
        n >>= 7;
    }
    *at++ = (uint8_t)n;
    return at;
}

// Reads one that ends before `end`; where it ends. NULL: it is cut off, or too large.
static inline const uint8_t *qv_wire_get_uint(const uint8_t *at, const uint8_t *end, uint64_t *ret)
{
    uint64_t n = 0;
    for (unsigned shift = 0; at < end; shift += 7) {
        uint8_t b = *at++;
        if (shift == 63 && b > 1) {
            break;
        }
        n |= (uint64_t)(b & 0x7F) << shift;
        if (!(b & 0x80)) {
            *ret = n;
            return at;
        }
    }
    return NULL;
}

// ---- messages ----

// A short message without a block of its own, and without ends and blocks inside.
#define QV_SMALL_MSG 55 // bytes
typedef struct QvSmallMsg {
    uint8_t size; // bytes of data
    uint8_t data[QV_SMALL_MSG];
} QvSmallMsg;

#define QV_SMALL_BLOCK 0xFF // size of one that is a pointer to a QvMsg instead

static inline QvMsg *qv_small_block(const QvSmallMsg *small)
{
    QvMsg *msg = NULL;
    if (small->size == QV_SMALL_BLOCK) {
        memcpy(&msg, small->data, sizeof msg);
    }
    return msg;
}

static inline QvSmallMsg qv_small_of(QvMsg *msg)
{
    QvSmallMsg small;
    small.size = QV_SMALL_BLOCK;
    memcpy(small.data, &msg, sizeof msg);
    return small;
}

// Packs o. A short plain message is written to *ret: NULL, and ret->size is not 0. Others get a
// block. NULL with an exception, and ret->size is 0.
QV_MUST_USE QvMsg *qv_msg_pack_small(QvInterp *qi, QvObj *o, QvSmallMsg *ret);
QV_RUNS QvObj *qv_msg_open_small(QvInterp *qi, const QvSmallMsg *small);

// A block for `size` bytes of data and `nends` ends (both uninitialised, counts set). NULL: no
// memory.
QvMsg *qv_msg_alloc(size_t size, uint32_t nends);
// The same with room for blocks.
QvMsg *qv_msg_alloc_blocks(size_t size, uint32_t nends, uint32_t nblocks);
// A malloc'ed block for `room` bytes of data, of which `size` have been written, becomes a message
// with so many ends and blocks (uninitialised). NULL: no memory, and the block is as it was.
QvMsg *qv_msg_finish(QvMsg *msg, size_t size, size_t room, uint32_t nends, uint32_t nblocks);
// A message of bytes from anywhere (tests, fuzzing); unpacking it may import modules and call what
// the bytes name.
QvMsg *qv_msg_from_bytes(const void *data, size_t size);
// qi (its lock is held; NULL: nobody) pays for the block until it is freed. False: it does not fit
// its limit.
QV_MUST_USE bool qv_msg_pay(QvInterp *qi, QvMsg *msg);
// One more holder, who gives it back with qv_msg_free and leaves `next` alone.
void qv_msg_share(QvMsg *msg);
// Frees a list through `next`, and what is queued in channels that end with it.
void qv_msg_free_list(QvMsg *pending);
// Process memory that channels hold besides messages, counted with them; negative when it goes.
void qv_msg_count(int64_t bytes);

// The value in `size` bytes that may come from anywhere: a value, or NULL with ValueError. Plain
// data only: no channel ends, and nothing that would import a module or call a function.
QV_MUST_USE QvObj *qv_wire_decode(QvInterp *qi, const uint8_t *data, size_t size);
// The bytes of a value without channel ends, as a bytes object.
QV_MUST_USE QvObj *qv_wire_encode(QvInterp *qi, QvObj *o);

// For the pack slot of an end's type: puts the end into the message, which takes a reference of its
// own. 0/-1.
int qv_pack_end(QvPacker *packer, QvInterp *qi, QvChanEnd *end);

// As qv_msg_unpack for a message that is used up: what was moved is taken out of it, where
// qv_msg_unpack gives a copy. The message is still the caller's to free.
QV_RUNS QvObj *qv_msg_open(QvInterp *qi, QvMsg *msg);

// Raised for what cannot be sent: the interpreter's own class, made on first use (borrowed). NULL
// with an exception.
QV_BORROWED QvType *qv_not_shareable(QvInterp *qi);

#endif
