// SPDX-License-Identifier: MIT
// Life and death of objects: allocation, the end of life, raw memory of an interpreter.
//
// A chain of containers a million deep must not need a C stack a million deep to die: qv_dealloc
// counts its nesting in the thread and, past QV_DEALLOC_DEPTH, puts the dead object in the thread's
// queue. The outermost qv_dealloc empties it. A queued object needs no memory for the link: it goes
// into the header's refs and owner (an address of 8-aligned memory has at most 45 significant bits
// on the machines we know; 48 fit), with QV_F_QUEUED telling the collector to keep away.
#include "object/object.h"

#include <string.h>

#include "base/clock.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/weakref.h"

#if QV_DEBUG
void qv_check_owner(QvInterp *qi, const QvObj *o)
{
    qv_assert(o->owner == 0 || qv_owned(o, qi->owner));
}

void qv_check_own(QvInterp *qi, const QvObj *o) { qv_assert(qv_owned(o, qi->owner)); }
#endif

// ---- raw memory ---------------------------------------------------------------------------------

void *qv_alloc(QvInterp *qi, size_t n)
{
    void *p = qv_heap_alloc(&qi->heap, n);
    if (QV_UNLIKELY(!p)) {
        qv_raise_oom(qi);
    }
    return p;
}

void *qv_realloc(QvInterp *qi, void *p, size_t old_n, size_t new_n)
{
    void *q = qv_heap_realloc(&qi->heap, p, old_n, new_n);
    if (QV_UNLIKELY(!q)) {
        qv_raise_oom(qi);
    }
    return q;
}

void qv_free(QvInterp *qi, void *p, size_t n) { qv_heap_free(&qi->heap, p, n); }

// ---- objects ------------------------------------------------------------------------------------

static size_t inst_bytes(uint32_t cap) { return sizeof(QvInstPart) + cap * sizeof(QvObj *); }

// n bytes in all; collectable ones are zeroed in any case, others if `zero`.
static QV_ALWAYS_INLINE QvObj *new_cell(QvInterp *qi, QvType *type, size_t n, bool zero,
                                        uint16_t flags)
{
    QvObj *o;
    if (type->flags & QV_T_GC) {
        o = qv_heap_gc_alloc(&qi->heap, n);
        flags = (uint16_t)(flags | QV_F_YOUNG);
        if (QV_UNLIKELY(qi->heap.gc_count >= qi->heap.gc_trigger)) {
            qv_gc_request(qi);
        }
    } else {
        o = qv_heap_alloc(&qi->heap, n);
        if (zero && o) {
            // A few words: a loop is better than a call. Blocks are multiples of 8 bytes.
            uint64_t *end = (uint64_t *)((char *)o + n);
            for (uint64_t *p = (uint64_t *)(o + 1); p < end; p++) {
                *p = 0;
            }
        }
    }
    if (QV_UNLIKELY(!o)) {
        return qv_raise_oom(qi);
    }
    memcpy(o, &qi->header, sizeof(qi->header));
    o->flags = flags;
    o->type = type;
    if (type->flags & QV_T_HEAP) {
        qv_incref(qi, &type->h);
    }
    return o;
}

QvObj *qv_obj_new(QvInterp *qi, QvType *type)
{
    size_t n = type->size;
    if (type->inst_offset == 0) {
        return new_cell(qi, type, n, true, 0);
    }
    n += inst_bytes(type->inst_cap);
    return new_cell(qi, type, n, true, (uint16_t)((type->inst_cap >> 1) << QV_F_CAP_SHIFT));
}

QvObj *qv_obj_new_var(QvInterp *qi, QvType *type, size_t bytes)
{
    if (QV_UNLIKELY(bytes > (size_t)PTRDIFF_MAX - 4096)) {
        return qv_raise_oom(qi);
    }
    if (type->inst_offset == 0) {
        return new_cell(qi, type, bytes, false, 0);
    }
    // A heap subclass: always collectable, hence zeroed.
    size_t n = ((bytes + 7) & ~(size_t)7) + inst_bytes(type->inst_cap);
    return new_cell(qi, type, n, false, (uint16_t)((type->inst_cap >> 1) << QV_F_CAP_SHIFT));
}

void qv_obj_free(QvInterp *qi, QvObj *o, size_t bytes)
{
    if (o->type->flags & QV_T_GC) {
        qv_heap_gc_free(&qi->heap, o, bytes, (o->flags & QV_F_YOUNG) != 0);
    } else {
        qv_heap_free(&qi->heap, o, bytes);
    }
}

// Bytes of the whole object, as allocated.
static size_t whole_size(const QvObj *o)
{
    const QvType *t = o->type;
    size_t n = t->flags & QV_T_VAR ? t->memsize(o) : t->size;
    if (t->inst_offset) {
        n = ((n + 7) & ~(size_t)7) + inst_bytes(qv_inst_cap(o));
    }
    return n;
}

// The attributes of an instance that is beyond reach: unlike qv_inst_clear it need not fear that a
// drop sets new ones.
static inline void drop_attributes(QvInterp *qi, QvObj *o)
{
    QvInstPart *part = qv_inst_part(o);
    const QvShape *shape = part->shape;
    if (shape == NULL) {
        return;
    }
    part->shape = NULL; // nobody looks at the slots any more
    uint32_t n = shape->is_dict ? 1 : shape->count;
    for (uint32_t i = 0; i < n; i++) {
        QvObj *x = part->slots[i];
        part->slots[i] = NULL;
        qv_decref(qi, x);
    }
}

void qv_obj_dealloc(QvInterp *qi, QvObj *o)
{
    QvType *t = o->type;
    size_t n = whole_size(o);
    if (t->flags & QV_T_HEAP) {
        for (QvType *k = t; k->flags & QV_T_HEAP; k = k->base) {
            QvObj **members = (QvObj **)((char *)o + k->size) - k->nmembers;
            for (int i = 0; i < k->nmembers; i++) {
                qv_clear(qi, &members[i]);
            }
        }
        if (t->inst_offset) {
            drop_attributes(qi, o);
        }
    }
    if (t->fini) {
        t->fini(qi, o);
        if (QV_UNLIKELY(o->flags & QV_F_QUEUED)) {
            return; // it has been put aside; begun again later, nothing is done twice
        }
    }
    qv_obj_free(qi, o, n);
    if (t->flags & QV_T_HEAP) {
        qv_decref(qi, &t->h);
    }
}

// ---- the end of life ----------------------------------------------------------------------------

// Finalizers and callbacks may run for as long as they like: what they drop must not wait for us,
// so they start with a fresh nesting and an empty queue.
typedef struct Nesting {
    uint32_t depth;
    QvObj *queue;
} Nesting;

static Nesting suspend(QvThread *ts)
{
    Nesting n = {.depth = ts->dealloc_depth, .queue = ts->dealloc_queue};
    ts->dealloc_depth = 0;
    ts->dealloc_queue = NULL;
    return n;
}

static void resume(QvThread *ts, Nesting n)
{
    ts->dealloc_depth = n.depth;
    ts->dealloc_queue = n.queue;
}

// Runs the finalizer once; true when the object has been given a new reference by it.
static bool finalize(QvInterp *qi, QvObj *o)
{
    QvThread *ts = qi->ts;
    Nesting n = suspend(ts);
    o->flags |= QV_F_FINALIZED;
    o->refs = 1;
    o->type->finalize(qi, o);
    resume(ts, n);
    return o->refs < 0 || --o->refs > 0;
}

static void end_of_life(QvInterp *qi, QvObj *o)
{
    if ((o->type->flags & QV_T_HAS_DEL) && !(o->flags & QV_F_FINALIZED) && finalize(qi, o)) {
        return;
    }
    if (o->flags & QV_F_WEAKREF) {
        QvThread *ts = qi->ts;
        Nesting n = suspend(ts);
        qv_weakref_clear(qi, o, true);
        resume(ts, n);
    }
    o->type->dealloc(qi, o); // the type read now: a finalizer may have assigned __class__
}

static void enqueue(QvObj **queue, QvObj *o)
{
    uintptr_t link = (uintptr_t)*queue >> 3;
    o->refs = (int32_t)(uint32_t)link;
    o->owner = (uint16_t)(link >> 32);
    // The collector keeps away, and the link is no stamp that it has left.
    o->flags = (uint16_t)((o->flags & ~(QV_F_GENERATIONS | QV_F_GC_INSIDE | QV_F_GC_REACHED)) |
                          QV_F_QUEUED);
    *queue = o;
}

static QvObj *dequeue(QvInterp *qi, QvObj **queue)
{
    QvObj *o = *queue;
    uintptr_t link = (uintptr_t)(uint32_t)o->refs | (uintptr_t)o->owner << 32;
    *queue = (QvObj *)(link << 3);
    o->refs = 0;
    o->owner = qi->owner;
    o->flags &= (uint16_t)~QV_F_QUEUED;
    return o;
}

// Freeing so many items takes a millisecond or more.
#define LARGE 4096

static bool is_large(const QvObj *o)
{
    const QvType *t = o->type;
    return t == &qv_list_type    ? qv_list_len(o) >= LARGE
           : t == &qv_tuple_type ? qv_tuple_len(o) >= LARGE
           : t == &qv_dict_type  ? qv_dict_len(o) >= LARGE
           : t == &qv_set_type   ? qv_set_len(o) >= LARGE
                                 : false;
}

// Containers that may still die once the script is to be stopped: a millisecond of them.
#define DEATHS_MAX   8192
#define DEATHS_CLASS 16 // of one with a finalizer, which runs Python

// qv_dealloc_hurries. Is this one to die later?
static bool dies_later(QvInterp *qi, const QvObj *o)
{
    if (qi->finalizing || o == qi->mem_error) {
        return false;
    }
    if (o->type == &qv_frame_type || (o->type->flags & QV_T_TYPE)) {
        return false; // a frame that runs and a base class know of them, and would show them
    }
    qi->deaths += o->type->flags & QV_T_HAS_DEL ? DEATHS_CLASS : 1;
    return qi->deaths > DEATHS_MAX || is_large(o);
}

bool qv_dealloc_pause(QvInterp *qi, QvObj *o)
{
    if (!qv_dealloc_hurries(qi) || qi->finalizing || o->refs != 0) {
        return false;
    }
    enqueue(&qi->later, o);
    return true;
}

static void dealloc_now(QvInterp *qi, QvThread *ts, QvObj *o)
{
    ts->dealloc_depth++;
    if (QV_LIKELY(!(o->type->flags & QV_T_HAS_DEL) && !(o->flags & QV_F_WEAKREF))) {
        o->type->dealloc(qi, o);
    } else {
        end_of_life(qi, o);
    }
    while (QV_UNLIKELY(ts->dealloc_depth == 1 && ts->dealloc_queue)) {
        QvObj *next = dequeue(qi, &ts->dealloc_queue);
        if (QV_UNLIKELY(qv_dealloc_hurries(qi)) && dies_later(qi, next)) {
            enqueue(&qi->later, next);
        } else {
            end_of_life(qi, next);
        }
    }
    ts->dealloc_depth--;
}

static void dealloc_container(QvInterp *qi, QvObj *o)
{
    QvThread *ts = qi->ts;
    if (QV_UNLIKELY(ts->dealloc_depth >= qi->dealloc_limit || (qv_poll_peek(qi) & QV_POLL_STOP))) {
        bool deep = ts->dealloc_depth >= QV_DEALLOC_DEPTH;
        if (deep ? o != qi->mem_error : dies_later(qi, o)) {
            enqueue(deep ? &ts->dealloc_queue : &qi->later, o);
            return;
        }
    }
    dealloc_now(qi, ts, o);
}

// A script that is still there so long after its stop was raised goes on.
#define AFTER_STOP (20 * QV_NS_PER_MS)

// While a script is being stopped: what would take long waits.
void qv_dealloc_later(QvInterp *qi)
{
    qi->dealloc_limit = 0;
    qi->deaths = 0;
    qi->stopped_at = qv_clock_monotonic();
}

bool qv_dealloc_goes_on(const QvInterp *qi)
{
    return qi->dealloc_limit != 0 || qi->heap.pressed || qi->finalizing ||
           qv_clock_monotonic() - qi->stopped_at > AFTER_STOP;
}

void qv_dealloc_resume(QvInterp *qi)
{
    QvThread *ts = qi->ts;
    qi->dealloc_limit = QV_DEALLOC_DEPTH;
    qi->heap.put_later = NULL;
    qi->deaths = 0;
    QvObj *pending = qv_err_fetch(qi);
    while (qi->later && (qi->finalizing || !qv_dealloc_hurries(qi))) {
        dealloc_now(qi, ts, dequeue(qi, &qi->later));
    }
    qv_gc_resume(qi); // callbacks of weak references
    qv_err_restore(qi, pending);
}

#define SLICE (200 * QV_NS_PER_US)

void qv_dealloc_some(QvInterp *qi)
{
    QvThread *ts = qi->ts;
    if (!qi->later || ts->dealloc_depth) { // a finalizer that this very function runs polls, too
        return;
    }
    QvObj *pending = qv_err_fetch(qi);
    int64_t end = qv_clock_add(qv_clock_monotonic(), SLICE);
    do {
        dealloc_now(qi, ts, dequeue(qi, &qi->later));
    } while (qi->later && qv_clock_monotonic() < end);
    qv_err_restore(qi, pending);
}

QV_HOT void qv_dealloc(QvInterp *qi, QvObj *o)
{
    QvType *t = o->type;
    if (t == &qv_str_type && !(o->flags & (QV_F_INTERNED | QV_STR_F_GROWN | QV_F_WEAKREF))) {
        size_t n = sizeof(QvStr) + ((size_t)(qv_str_len(o) + 1) << qv_str_kind(o));
        qv_heap_free(&qi->heap, o, n); // what str's own function does, without the call
        return;
    }
    if (t->flags & (QV_T_GC | QV_T_HAS_DEL)) {
        dealloc_container(qi, o);
        return;
    }
    if (QV_UNLIKELY(o->flags & QV_F_WEAKREF)) {
        qv_weakref_clear(qi, o, true);
    }
    t->dealloc(qi, o);
}
