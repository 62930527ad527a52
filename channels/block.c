// SPDX-License-Identifier: MIT
// Blocks of memory that messages hand over.
#include "channels/block.h"

#include <stdlib.h>
#include <string.h>

#include "base/sync.h"
#include "object/bytes.h"
#include "object/capsule.h"
#include "object/interp.h"
#include "object/object.h"

QvBlock *qv_block_new(void *data, size_t size, void (*free_)(void *user), void *user)
{
    QvBlock *block = malloc(sizeof *block);
    if (block) {
        *block = (QvBlock){.refs = 1,
                           .size = size,
                           .data = data,
                           .free = free_,
                           .user = user,
                           .counted = sizeof *block};
        qv_msg_count(sizeof *block);
    }
    return block;
}

void qv_block_retain(QvBlock *block) { qv_atomic_add_u32(&block->refs, 1); }

void qv_block_release(QvBlock *block)
{
    if (block && qv_atomic_sub_u32(&block->refs, 1) == 1) {
        if (block->free) {
            block->free(block->user);
        }
        qv_msg_count(-(int64_t)block->counted);
        qv_heap_came_back(block->payer, block->paid);
        free(block);
    }
}

bool qv_block_charge(QvInterp *qi, QvBlock *block, size_t n)
{
    QvHeapAway *payer;
    if (!qv_heap_send_away(&qi->heap, n, &payer)) {
        return false;
    }
    if (payer) {
        block->payer = payer;
        block->paid += n;
    }
    return true;
}

bool qv_block_is_alone(const QvBlock *block) { return qv_atomic_load_u32(&block->refs) == 1; }

QvMsg *qv_block_message(QvBlock *block, bool writable)
{
    QvMsg *msg = qv_msg_alloc_blocks(4, 0, 1);
    if (msg) {
        msg->data[0] = QV_WIRE_VERSION;
        msg->data[1] = QV_WIRE_BLOCK;
        msg->data[2] = writable;
        msg->data[3] = 0;
        msg->blocks[0] = block;
    }
    return msg;
}

static void drop(void *block) { qv_block_release(block); }

static QvObj *view_of(QvInterp *qi, QvBlock *block, size_t at, size_t n, bool writable)
{
    static const char nothing = 0;
    void *data = n ? (char *)block->data + at : (void *)(uintptr_t)&nothing;
    QvObj *keeper = qv_capsule_new(qi, block, "channels.block", drop);
    if (!keeper) {
        return NULL;
    }
    qv_block_retain(block);
    QvObj *view = qv_memoryview_from_memory(qi, data, (QvSsize)n, !writable, keeper);
    qv_decref(qi, keeper); // with no view, this is the end of it
    return view;
}

QvObj *qv_block_view(QvInterp *qi, QvBlock *block, bool writable)
{
    return view_of(qi, block, 0, block->size, writable);
}

QvObj *qv_block_view_part(QvInterp *qi, QvBlock *block, size_t at, size_t n)
{
    return view_of(qi, block, at, n, false);
}

QvBlock *qv_block_of_view(QvObj *view, const uint8_t **ret_data, size_t *ret_n)
{
    QvObj *keeper = qv_memoryview_peek_keeper(view, ret_data, ret_n);
    if (!keeper || keeper->type != &qv_capsule_type) {
        return NULL;
    }
    const QvCapsule *capsule = (const QvCapsule *)keeper;
    QvBlock *block = capsule->destroy == drop ? capsule->pointer : NULL;
    return block && block->constant ? block : NULL;
}

QvBlock *qv_block_copy(const void *data, size_t n)
{
    QvBlock *block = malloc(sizeof *block + n); // one piece: the bytes end with it
    if (block) {
        *block = (QvBlock){.refs = 1,
                           .size = n,
                           .data = block + 1,
                           .constant = true,
                           .counted = sizeof *block + n};
        if (n) {
            memcpy(block + 1, data, n);
        }
        qv_msg_count((int64_t)block->counted);
    }
    return block;
}
