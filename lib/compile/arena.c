// SPDX-License-Identifier: MIT
// Bump arena: chunks of doubling size, plus the list of owned references.
#include "compile/arena.h"

#include <string.h>

#include "object/key.h"
#include "object/object.h"

#define FIRST_CHUNK   4096u
#define LARGEST_CHUNK (256u * 1024u)

struct QvArenaChunk {
    QvArenaChunk *older;
    size_t size; // of the whole block, for the sized free
    char data[];
};

void qv_arena_init(QvArena *arena, QvInterp *qi) { *arena = (QvArena){.qi = qi}; }

void qv_arena_fini(QvArena *arena)
{
    QvInterp *qi = arena->qi;
    for (QvSsize i = 0; i < arena->nobjs; i++) {
        qv_decref(qi, arena->objs[i]);
    }
    if (arena->objs) {
        qv_free(qi, arena->objs, (size_t)arena->objs_cap * sizeof(QvObj *));
    }
    QvArenaChunk *chunk = arena->chunks;
    while (chunk) {
        QvArenaChunk *older = chunk->older;
        qv_free(qi, chunk, chunk->size);
        chunk = older;
    }
    *arena = (QvArena){.qi = qi};
}

static QV_NOINLINE void *alloc_in_new_chunk(QvArena *arena, size_t n)
{
    size_t size = arena->chunks ? arena->chunks->size * 2 : FIRST_CHUNK;
    if (size > LARGEST_CHUNK) {
        size = LARGEST_CHUNK;
    }
    if (size < sizeof(QvArenaChunk) + n) {
        size = sizeof(QvArenaChunk) + n;
    }
    // Whatever walks the tree allocates: here the compiler sees the poll flag, with an error that
    // all are prepared for.
    QvArenaChunk *chunk = qv_poll_here(arena->qi) < 0 ? NULL : qv_alloc(arena->qi, size);
    if (!chunk) {
        return NULL;
    }
    chunk->older = arena->chunks;
    chunk->size = size;
    arena->chunks = chunk;
    arena->next = chunk->data + n;
    arena->end = (char *)chunk + size;
    return memset(chunk->data, 0, n);
}

void *qv_arena_alloc(QvArena *arena, size_t n)
{
    if (n > PTRDIFF_MAX / 2) {
        n = PTRDIFF_MAX / 2; // no such block: qv_alloc raises MemoryError
    }
    n = (n + 7) & ~(size_t)7;
    if (QV_UNLIKELY((size_t)(arena->end - arena->next) < n)) {
        return alloc_in_new_chunk(arena, n);
    }
    void *p = arena->next;
    arena->next += n;
    return memset(p, 0, n);
}

QvObj *qv_arena_take(QvArena *arena, QvObj *obj)
{
    if (!obj || qv_is_immortal(obj)) {
        return obj;
    }
    if (arena->nobjs == arena->objs_cap) {
        QvSsize cap = arena->objs_cap ? arena->objs_cap * 2 : 64;
        QvObj **objs = qv_realloc(arena->qi, arena->objs, (size_t)arena->objs_cap * sizeof(QvObj *),
                                  (size_t)cap * sizeof(QvObj *));
        if (!objs) {
            qv_decref(arena->qi, obj);
            return NULL;
        }
        arena->objs = objs;
        arena->objs_cap = cap;
    }
    arena->objs[arena->nobjs++] = obj;
    return obj;
}
