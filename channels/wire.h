// SPDX-License-Identifier: MIT
// Messages and the wire format (specified in wire.def).
#ifndef QV_CHANNELS_WIRE_H
#define QV_CHANNELS_WIRE_H

#include "object/pack.h"

#define QV_WIRE_VERSION 1
#define QV_WIRE_SHARED 0x80 // bit of a tag: the value enters the message's table

typedef enum QvWireTag {
#define WIRE(number, name) QV_WIRE_##name = number,
#include "channels/wire.def"
#undef WIRE
} QvWireTag;

typedef struct QvChanEnd QvChanEnd; // channels/channel.h

// One block of process memory; owned by whoever holds the pointer; any thread may free it.
struct QvMsg {
    size_t size;        // bytes of data
    uint32_t nends;     // channel ends inside, each a counted reference
    QvChanEnd **ends;   // in the same block
    uint8_t data[];
};

// Bytes of all messages in existence in the process (atomic).
uint64_t qv_msg_live_bytes(void);

// The value in `size` bytes that may come from anywhere: a value, or NULL with ValueError. No channel ends.
QV_MUST_USE QvObj *qv_wire_decode(QvInterp *qi, const uint8_t *data, size_t size);
// The bytes of a value without channel ends, as a bytes object.
QV_MUST_USE QvObj *qv_wire_encode(QvInterp *qi, QvObj *o);

// Raised for what cannot be sent: the interpreter's own class, made on first use (borrowed).
QV_BORROWED QvType *qv_not_shareable(QvInterp *qi);

#endif
