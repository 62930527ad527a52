// SPDX-License-Identifier: MIT
// Message blocks: memory of the process, counted.
//
// They come from jemalloc, whose caches are what a free list for each thread and size class would
// be, and which exchange blocks many at a time when one thread allocates what another frees.
//
// The count is kept in parts, each on its own cache line: one number that all threads change would
// move its cache line from core to core with each message.
#include <stdlib.h>
#include <string.h>

#include "base/bigmem.h"
#include "base/heap.h"
#include "base/sync.h"
#include "channels/block.h"
#include "channels/channel.h"
#include "channels/wire.h"
#include "object/interp.h"

#define PARTS 16

// Bytes of all messages, and of the channels that hold them: the sum of the parts, each modulo 2^64
// (a block may be added to one and taken from another). Atomic.
static struct QvMsgLive {
    _Alignas(64) uint64_t part[8]; // the first is used
} qv_msg_live[PARTS];

uint64_t qv_msg_live_bytes(void)
{
    uint64_t sum = 0;
    for (size_t k = 0; k < PARTS; k++) {
        sum += qv_atomic_load_u64(&qv_msg_live[k].part[0]);
    }
    return sum;
}

void qv_msg_count(int64_t bytes)
{
    // Threads differ in where their stacks are.
    uintptr_t at = (uintptr_t)__builtin_frame_address(0) >> 16;
    size_t k = (size_t)((at ^ (at >> 4) ^ (at >> 8)) % PARTS);
    qv_atomic_add_u64(&qv_msg_live[k].part[0], (uint64_t)bytes);
}

// The struct of a block with so much data, and where its ends and blocks are.
static QvMsg set_up(size_t size, uint32_t nends, uint32_t nblocks, size_t *ret_ends,
                    size_t *ret_blocks)
{
    *ret_ends = (sizeof(QvMsg) + size + sizeof(void *) - 1) & ~(sizeof(void *) - 1);
    *ret_blocks = *ret_ends + nends * sizeof(QvChanEnd *);
    bool plain = nends == 0 && nblocks == 0;
    return (QvMsg){.size = size,
                   .block = plain ? sizeof(QvMsg) + size
                                  : *ret_blocks + nblocks * sizeof(QvBlock *),
                   .nends = nends,
                   .nblocks = nblocks};
}

static void place(QvMsg *msg, const QvMsg *as, size_t ends_at, size_t blocks_at)
{
    *msg = *as;
    msg->ends = msg->nends ? (QvChanEnd **)(void *)((char *)msg + ends_at) : NULL;
    msg->blocks = msg->nblocks ? (QvBlock **)(void *)((char *)msg + blocks_at) : NULL;
    qv_msg_count((int64_t)msg->block);
}

QvMsg *qv_msg_alloc_blocks(size_t size, uint32_t nends, uint32_t nblocks)
{
    size_t ends_at, blocks_at;
    QvMsg as = set_up(size, nends, nblocks, &ends_at, &blocks_at);
    QvMsg *msg = size > PTRDIFF_MAX / 2 ? NULL : qv_bigmem_alloc(as.block);
    if (msg) {
        place(msg, &as, ends_at, blocks_at);
    }
    return msg;
}

QvMsg *qv_msg_finish(QvMsg *msg, size_t size, size_t room, uint32_t nends, uint32_t nblocks)
{
    size_t ends_at, blocks_at, had = sizeof(QvMsg) + room;
    QvMsg as = set_up(size, nends, nblocks, &ends_at, &blocks_at);
    if (as.block > had || had - as.block > room / 8) {
        QvMsg *fit = qv_bigmem_realloc(msg, as.block);
        if (!fit && as.block > had) {
            return NULL;
        }
        msg = fit ? fit : msg;
    }
    place(msg, &as, ends_at, blocks_at);
    return msg;
}

QvMsg *qv_msg_alloc(size_t size, uint32_t nends) { return qv_msg_alloc_blocks(size, nends, 0); }

QvMsg *qv_msg_from_bytes(const void *data, size_t size)
{
    QvMsg *msg = qv_msg_alloc(size, 0);
    if (msg && size) {
        memcpy(msg->data, data, size);
    }
    return msg;
}

bool qv_msg_pay(QvInterp *qi, QvMsg *msg)
{
    return !qi || qv_heap_send_away(&qi->heap, msg->block, &msg->payer);
}

void qv_msg_share(QvMsg *msg) { qv_atomic_add_u32(&msg->sharers, 1); }

// Gives up one holder's part: true when it was the last.
static bool is_last(QvMsg *msg)
{
    return qv_atomic_load_acquire_u32(&msg->sharers) == 0 ||
           qv_atomic_sub_u32(&msg->sharers, 1) == 0;
}

// Ends in a message may be the last of their channel, whose messages go then, too: one after the
// other, not by recursion, which a chain of channels would make as deep as it is long.
void qv_msg_free_list(QvMsg *pending)
{
    while (pending) {
        QvMsg *msg = pending;
        pending = msg->next;
        if (!is_last(msg)) {
            continue;
        }
        if (msg->body && is_last(msg->body)) {
            msg->body->sharers = 0;
            msg->body->next = pending;
            pending = msg->body;
        }
        if (msg->receipt) {
            pending = qv_chan_drop(msg->receipt, pending);
        }
        for (size_t k = 0; k < msg->nends; k++) {
            pending = qv_chan_drop(msg->ends[k], pending);
        }
        for (size_t k = 0; k < msg->nblocks; k++) {
            qv_block_release(msg->blocks[k]);
        }
        qv_msg_count(-(int64_t)msg->block);
        qv_heap_came_back(msg->payer, msg->block);
        qv_bigmem_free(msg, msg->block);
    }
}

void qv_msg_free(QvMsg *msg)
{
    if (msg && is_last(msg)) { // `next` is the last holder's
        msg->sharers = 0;
        msg->next = NULL;
        qv_msg_free_list(msg);
    }
}

size_t qv_msg_size(const QvMsg *msg) { return qv_msg_body(msg)->size; }
