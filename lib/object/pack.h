// SPDX-License-Identifier: MIT
// How a type's pack slot writes its value for another interpreter, without knowing tags or bytes: a
// vtable that channels/ implements. Containers call `value` for their parts; the packer keeps the
// table of objects already written, so shared and cyclic references survive.
#ifndef QV_OBJECT_PACK_H
#define QV_OBJECT_PACK_H

#include "object/fwd.h"

typedef struct QvPackOps {
    int (*value)(QvPacker *p, QvInterp *qi, QvObj *o); // any object
} QvPackOps;

struct QvPacker {
    const QvPackOps *ops;
};

// ---- upward calls, implemented in channels/ -----------------------------------------------------
// A message: one block of process memory in the wire format. It holds no pointer into any
// interpreter and may be freed by any thread.
typedef struct QvMsg QvMsg;

// The value as a message, or NULL with NotShareableError (or what its __reduce_ex__ raised). Lock
// of qi held.
QV_RUNS QvMsg *qv_msg_pack(QvInterp *qi, QvObj *o);
// The value of a message in this interpreter (the message stays). NULL with an exception.
QV_RUNS QvObj *qv_msg_unpack(QvInterp *qi, const QvMsg *msg);
void qv_msg_free(QvMsg *msg);         // NULL is fine; no lock needed
size_t qv_msg_size(const QvMsg *msg); // bytes
// Bytes of all messages in existence in the process, and of the channels that hold them (atomic).
uint64_t qv_msg_live_bytes(void);
// Sends o to the channel of that id, without waiting: 1; 0: it is full, ended or not there; -1 with
// an exception.
QV_RUNS int qv_channel_post(QvInterp *qi, uint64_t id, QvObj *o);
// ---- the block of an array.array, implemented in lib/modules/array.c ----
typedef struct QvArrayBlock {
    uint8_t *items; // raw block of the interpreter's heap, or NULL
    size_t used;    // bytes of items
    size_t room;    // bytes of the block
    bool exported;  // buffers exist: it must stay
    char code;      // typecode
} QvArrayBlock;
void qv_array_block(QvObj *o, QvArrayBlock *ret); // o: an array.array; the block stays its own
// An array of that code around a block, which it takes over unless the result is NULL (MemoryError;
// ValueError for a code that is none, or a size that does not fit it).
QvObj *qv_array_from_block(QvInterp *qi, const QvArrayBlock *block);
// Bytes of an item; 0: no such code.
size_t qv_array_item_size(char code);

// Around fork(): all channels' mutexes are held; in the child nobody waits in them.
void qv_channels_fork(bool before, bool child);
// The same for the queues and channels that are named by a number (channels/box.h); and what the
// end or reset of an interpreter means to them.
void qv_boxes_fork(bool before, bool child);
void qv_boxes_forget(QvInterp *qi);

#endif
