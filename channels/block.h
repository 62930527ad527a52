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
};

// A block around memory that somebody has, with one reference. NULL: no memory, and free is not
// called.
QvBlock *qv_block_new(void *data, size_t size, void (*free_)(void *user), void *user);
void qv_block_retain(QvBlock *block);
void qv_block_release(QvBlock *block); // NULL is fine
// Whether the caller's reference is the only one.
bool qv_block_is_alone(const QvBlock *block);
// A message that is this block, which it takes over when the result is not NULL (no memory).
QvMsg *qv_block_message(QvBlock *block, bool writable);
// A memoryview of the block, which gets a reference of its own. NULL with MemoryError.
QV_MUST_USE QvObj *qv_block_view(QvInterp *qi, QvBlock *block, bool writable);

#endif
