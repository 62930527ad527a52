// SPDX-License-Identifier: MIT
// Inline forms of qv_obj_new and qv_obj_free for the built-in types that are made and die most.
//
// They are for exact static types without an instance part, whose size the caller knows: nothing is
// asked of the type. Blocks made here may be given back by qv_obj_free, and the other way round.
#ifndef QV_OBJECT_ALLOC_H
#define QV_OBJECT_ALLOC_H

#include "object/error.h"
#include "object/gc.h"
#include "object/interp.h"

static QV_ALWAYS_INLINE void qv_alloc_header(QvInterp *qi, QvObj *o, QvType *type, uint16_t flags)
{
    __builtin_memcpy(o, &qi->header, sizeof(qi->header));
    o->flags = flags;
    o->type = type;
}

// A collectable object of n bytes, zeroed behind its header. NULL with MemoryError.
QV_MUST_USE static QV_ALWAYS_INLINE QvObj *qv_alloc_gc(QvInterp *qi, QvType *type, size_t n)
{
    QvObj *o = qv_heap_gc_alloc(&qi->heap, n);
    if (QV_UNLIKELY(qi->heap.gc_count >= qi->heap.gc_trigger)) {
        qv_gc_request(qi);
    }
    if (QV_UNLIKELY(o == NULL)) {
        return qv_raise_oom(qi);
    }
    qv_alloc_header(qi, o, type, QV_F_YOUNG);
    return o;
}

// One that the collector need not see; undefined behind its header. NULL with MemoryError.
QV_MUST_USE static QV_ALWAYS_INLINE QvObj *qv_alloc_atom(QvInterp *qi, QvType *type, size_t n)
{
    QvObj *o = qv_heap_alloc(&qi->heap, n);
    if (QV_UNLIKELY(o == NULL)) {
        return qv_raise_oom(qi);
    }
    qv_alloc_header(qi, o, type, 0);
    return o;
}

static QV_ALWAYS_INLINE void qv_alloc_gc_free(QvInterp *qi, QvObj *o, size_t n)
{
    qv_heap_gc_free(&qi->heap, o, n, (o->flags & QV_F_YOUNG) != 0);
}

#endif
