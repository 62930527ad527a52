// SPDX-License-Identifier: MIT
// Memory that leaves one interpreter with a message and enters another, without being copied.
//
// A bytearray and an array.array keep their bytes in a block of the interpreter's heap. A large one
// is detached from it (lib/base/heap.h), belongs to the message then, counted as process memory,
// and is adopted by the receiver's heap: nothing depends on its size. Small ones are copied, which
// is faster than that.
//
// The object stays behind with another type, whose every use raises; it keeps its address, its
// count and its weak references. `bytes` cannot be moved: their data is part of the object itself,
// which the sender still refers to.
#include <stdlib.h>
#include <string.h>

#include "channels/block.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/pack.h"
#include "object/protocol.h"
#include "object/type_ids.h"

// ---- what stays behind --------------------------------------------------------------------------

typedef struct Moved {
    QvObj h;
    size_t size; // bytes of the object, as it was allocated
} Moved;

static QvObj *gone(QvInterp *qi)
{
    return qv_raise(qi, &qv_exc_ValueError, "its memory has been moved to another interpreter");
}

static size_t moved_memsize(const QvObj *o) { return ((const Moved *)o)->size; }

static QvObj *moved_unary(QvInterp *qi, QvObj *o)
{
    (void)o;
    return gone(qi);
}

static QvObj *moved_binary(QvInterp *qi, QvObj *v, QvObj *w)
{
    (void)v, (void)w;
    return gone(qi);
}

static int moved_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    (void)o, (void)key, (void)value;
    gone(qi);
    return -1;
}

static int moved_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    (void)o, (void)item;
    gone(qi);
    return -1;
}

static QvSsize moved_len(QvInterp *qi, QvObj *o)
{
    (void)o;
    gone(qi);
    return -1;
}

static int moved_bool(QvInterp *qi, QvObj *o)
{
    (void)o;
    gone(qi);
    return -1;
}

static int moved_buffer(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags)
{
    (void)o, (void)view, (void)flags;
    gone(qi);
    return -1;
}

static QvObj *moved_repeat(QvInterp *qi, QvObj *o, QvSsize n)
{
    (void)o, (void)n;
    return gone(qi);
}

static int moved_pack(QvInterp *qi, QvObj *o, QvPacker *packer)
{
    (void)o, (void)packer;
    gone(qi);
    return -1;
}

// What every object has (__class__, __repr__, ...) is still there.
static QvObj *moved_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *found;
    int r = qv_object_getattr_try(qi, o, name, &found);
    return r > 0 ? found : r < 0 ? NULL : gone(qi);
}

static QvObj *moved_repr(QvInterp *qi, QvObj *o)
{
    (void)o;
    return qv_str_format(qi, "<memory that has been moved to another interpreter>");
}

QV_SEALED QvType qv_channel_moved_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "channels.Moved",
    .id = QV_TID_channel_moved,
    .flags = QV_T_NO_NEW | QV_T_WEAK | QV_T_IMMUTABLE | QV_T_VAR,
    .size = sizeof(Moved),
    .base = &qv_object_type,
    .doc = "What is left of an object whose memory was sent with move=True.",
    .memsize = moved_memsize,
    .getattr = moved_getattr,
    .repr = moved_repr,
    .iter = moved_unary,
    .bool_ = moved_bool,
    .len = moved_len,
    .getitem = moved_binary,
    .setitem = moved_setitem,
    .contains = moved_contains,
    .concat = moved_binary,
    .repeat = moved_repeat,
    .inplace_concat = moved_binary,
    .inplace_repeat = moved_repeat,
    .buffer = moved_buffer,
    .pack = moved_pack,
};

// ---- leaving ------------------------------------------------------------------------------------

static void free_detached(void *p) { qv_heap_loose_free(p); }

// The memory of o. 0/-1 with an exception.
static int find_memory(QvInterp *qi, QvObj *o, QvArrayBlock *ret)
{
    if (o->type == &qv_bytearray_type) {
        const QvByteArray *b = (QvByteArray *)o;
        *ret = (QvArrayBlock){.items = b->data,
                              .used = (size_t)b->len,
                              .room = (size_t)b->cap,
                              .exported = b->exports > 0};
    } else if (o->type == &qv_array_type) {
        qv_array_block(o, ret);
    } else {
        QvType *type = qv_not_shareable(qi);
        return type ? qv_raise_int(qi, type,
                                   o->type == &qv_bytes_type
                                       ? "cannot move a '%T' object: its bytes are part of it; "
                                         "move a bytearray, or use channels.share()"
                                       : "cannot move a '%T' object: only a bytearray or an "
                                         "array.array",
                                   o)
                    : -1;
    }
    return ret->exported ? qv_raise_int(qi, &qv_exc_BufferError,
                                        "cannot move a '%T' object while buffers of it exist", o)
                         : 0;
}

QvMsg *qv_move_pack(QvInterp *qi, QvObj *o, QvMove *ret)
{
    QvArrayBlock memory;
    if (find_memory(qi, o, &memory) < 0) {
        return NULL;
    }
    QvMsg *msg = qv_msg_alloc_blocks(4, 0, 1);
    QvBlock *block = msg ? qv_block_new(NULL, memory.used, NULL, NULL) : NULL;
    if (!block || !qv_msg_pay(qi, msg) || !qv_block_charge(qi, block, sizeof *block)) {
        qv_block_release(block);
        if (msg) {
            msg->nblocks = 0;
            qv_msg_free(msg);
        }
        return (QvMsg *)qv_raise_oom(qi);
    }
    msg->data[0] = QV_WIRE_VERSION;
    msg->data[1] = QV_WIRE_MOVED;
    msg->data[2] = (uint8_t)memory.code;
    msg->data[3] = 0;
    msg->blocks[0] = block;
    size_t room = memory.items && memory.room > QV_HEAP_SMALL_MAX ? memory.room : 0;
    if (room) {
        qv_heap_loosen(&qi->heap, memory.items, room);
        qv_heap_forget(&qi->heap, room);
        bool paid = qv_block_charge(qi, block, room); // what counted until now fits, or it is free
        (void)paid;
        block->room = room;
        block->data = memory.items;
        block->user = memory.items;
        block->free = free_detached;
        block->counted += room;
        qv_msg_count((int64_t)room);
    } else if (memory.used) {
        block->data = qv_block_charge(qi, block, memory.used) ? malloc(memory.used) : NULL;
        if (!block->data) {
            qv_msg_free(msg);
            return (QvMsg *)qv_raise_oom(qi);
        }
        memcpy(block->data, memory.items, memory.used);
        block->user = block->data;
        block->free = free;
        block->counted += memory.used;
        qv_msg_count((int64_t)memory.used);
    }
    // Small memory stays with the fields that are kept, until the object is over or gets it back.
    QvType *type = o->type;
    size_t size = type->size;
    *ret = (QvMove){.o = o, .type = type};
    memcpy(ret->fields, o + 1, size - sizeof *o);
    if (!room && memory.items) {
        qv_free(qi, memory.items, memory.room);
    }
    memset((void *)(o + 1), 0, size - sizeof *o);
    o->type = &qv_channel_moved_type;
    ((Moved *)o)->size = size;
    return msg;
}

int qv_move_undo(QvInterp *qi, QvMove *move, QvMsg *msg)
{
    QvObj *back = qv_msg_open(qi, msg);
    if (!back) {
        return -1;
    }
    // The new object has the memory now; the old one takes its fields and it ends as one that was
    // moved.
    QvObj *o = move->o;
    size_t size = move->type->size;
    memcpy((void *)(o + 1), back + 1, size - sizeof *o);
    o->type = move->type;
    memset((void *)(back + 1), 0, size - sizeof *o);
    back->type = &qv_channel_moved_type;
    ((Moved *)back)->size = size;
    qv_decref(qi, back);
    return 0;
}

// ---- arriving -----------------------------------------------------------------------------------

// An object with a copy of the bytes.
static QvObj *arrive_copied(QvInterp *qi, const QvBlock *block, char code)
{
    if (code == 0) {
        return qv_bytearray_new(qi, block->data, (QvSsize)block->size);
    }
    size_t unit = qv_array_item_size(code);
    if (unit == 0 || block->size % unit) {
        return NULL;
    }
    QvArrayBlock memory = {.used = block->size, .room = block->size, .code = code};
    if (block->size) {
        memory.items = qv_alloc(qi, block->size);
        if (!memory.items) {
            return NULL;
        }
        memcpy(memory.items, block->data, block->size);
    }
    QvObj *o = qv_array_from_block(qi, &memory);
    if (!o && memory.items) {
        qv_free(qi, memory.items, memory.room);
    }
    return o;
}

QvObj *qv_move_arrive(QvInterp *qi, QvBlock *block, char code, bool consume)
{
    size_t unit = code ? qv_array_item_size(code) : 1;
    if (consume) { // it may be the same interpreter, for which it must not count twice
        qv_heap_came_back(block->payer, block->paid);
        block->payer = NULL;
        block->paid = 0;
    }
    if (!consume || block->free != free_detached || !unit || block->size % unit ||
        !qv_heap_adopt(&qi->heap, block->data, block->room)) {
        return arrive_copied(qi, block, code); // another arena; or MemoryError
    }
    size_t room = block->room;
    QvObj *o;
    if (code) {
        QvArrayBlock memory = {
            .items = block->data, .used = block->size, .room = room, .code = code};
        o = qv_array_from_block(qi, &memory);
    } else {
        o = qv_bytearray_new(qi, NULL, 0);
    }
    if (!o) { // the message still ends the block
        qv_heap_loosen(&qi->heap, block->data, room);
        qv_heap_forget(&qi->heap, room);
        return NULL;
    }
    if (!code) {
        QvByteArray *b = (QvByteArray *)o;
        b->data = block->data;
        b->len = (QvSsize)block->size;
        b->cap = (QvSsize)room;
    }
    qv_msg_count(-(int64_t)(block->counted - sizeof *block));
    block->counted = sizeof *block;
    block->data = NULL;
    block->size = 0;
    block->free = NULL;
    return o;
}
