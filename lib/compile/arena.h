// SPDX-License-Identifier: MIT
// Bump arena that holds a syntax tree and the references it mentions.
//
// An arena belongs to one interpreter; every function needs that interpreter's lock. Blocks are
// never freed singly: qv_arena_fini() drops the owned references and returns all memory. Memory
// comes from qv_alloc(), so it is counted against the interpreter's limit.
#ifndef QV_COMPILE_ARENA_H
#define QV_COMPILE_ARENA_H

#include <stddef.h>

#include "object/fwd.h"

typedef struct QvArenaChunk QvArenaChunk;

typedef struct QvArena {
    QvInterp *qi;         // the owner; borrowed
    QvArenaChunk *chunks; // newest first; owned
    char *next;           // first free byte of the newest chunk
    char *end;            // its end
    QvObj **objs;         // references owned by the arena; from qv_alloc
    QvSsize nobjs;        // used entries of objs
    QvSsize objs_cap;     // allocated entries of objs
} QvArena;

// Makes an empty arena; allocates nothing, cannot fail.
void qv_arena_init(QvArena *arena, QvInterp *qi);

// Drops every owned reference and frees all memory. The arena may be initialised again.
void qv_arena_fini(QvArena *arena);

// Returns n zeroed bytes aligned to 8, or NULL with MemoryError set.
void *qv_arena_alloc(QvArena *arena, size_t n);

// Takes over the reference `obj` (stolen also on failure). Returns obj, borrowed from the arena, or
// NULL with MemoryError set. NULL is passed through, so that a constructor's result can be handed
// in unchecked.
QvObj *qv_arena_take(QvArena *arena, QvObj *obj);

#endif
