// SPDX-License-Identifier: MIT
// Blocks: memory of the process that messages hand over instead of holding a copy of it.
#ifndef QV_CHANNELS_BLOCK_H
#define QV_CHANNELS_BLOCK_H

#include "channels/wire.h"

// Counted; whoever drops the last reference, on any thread, frees the memory.
struct QvBlock {
    uint32_t refs;            // atomic
    size_t size;              // bytes at data
    void *data;               // fixed; stays where it is
    void (*free)(void *user); // what ends it; NULL: nothing does
    void *user;
    size_t room;              // bytes of the block, where it is a loose one of a heap
    size_t counted;           // bytes counted by qv_msg_count for it
    struct QvHeapAway *payer; // who pays for it: an interpreter's account, or NULL
    size_t paid;              // bytes of that
    bool constant;            // nobody changes the memory: views of it can be sent on
};

// A block around memory that somebody has, with one reference. NULL: no memory, and free is not
// called.
QvBlock *qv_block_new(void *data, size_t size, void (*free_)(void *user), void *user);
void qv_block_retain(QvBlock *block);
void qv_block_release(QvBlock *block); // NULL is fine
// n bytes of it are charged to the interpreter until it is freed; nobody else has it yet. False:
// they do not fit its limit.
QV_MUST_USE bool qv_block_charge(QvInterp *qi, QvBlock *block, size_t n);
// Whether the caller's reference is the only one.
bool qv_block_is_alone(const QvBlock *block);
// A message that is this block, which it takes over when the result is not NULL (no memory).
QvMsg *qv_block_message(QvBlock *block, bool writable);
// A memoryview of the block, which gets a reference of its own. NULL with MemoryError.
QV_MUST_USE QvObj *qv_block_view(QvInterp *qi, QvBlock *block, bool writable);
// The same of some of its bytes, read-only.
QV_MUST_USE QvObj *qv_block_view_part(QvInterp *qi, QvBlock *block, size_t at, size_t n);
// The block that a memoryview shows read-only and that never changes, and which part of it; NULL:
// the view is of something else.
QvBlock *qv_block_of_view(QvObj *view, const uint8_t **ret_data, size_t *ret_n);
// A constant block with a copy of the bytes. NULL: no memory.
QvBlock *qv_block_copy(const void *data, size_t n);

// ---- move.c: memory that leaves an interpreter with a message -----------------------------------
// What was moved, so that it can come back when the message could not be sent.
typedef struct QvMove {
    QvObj *o;           // borrowed
    QvType *type;       // its own
    uint64_t fields[8]; // of the struct, behind the header
} QvMove;
// A message with the memory of a bytearray or array.array, which is left as an object that raises.
// NULL with an exception: NotShareableError, BufferError.
QV_RUNS QvMsg *qv_move_pack(QvInterp *qi, QvObj *o, QvMove *ret);
// Gives the memory back to the object it came from; the message stays the caller's. 0/-1
// MemoryError: it no longer fits the interpreter's limit.
int qv_move_undo(QvInterp *qi, QvMove *move, QvMsg *msg);
// What arrives: code 0 a bytearray, else an array. consume: the block is taken over. NULL with an
// exception, or without one for a code that there is not.
QV_MUST_USE QvObj *qv_move_arrive(QvInterp *qi, QvBlock *block, char code, bool consume);

#endif
