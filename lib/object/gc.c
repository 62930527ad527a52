// SPDX-License-Identifier: MIT
// The cycle collector: see gc.h.
//
// A collection is always of everything; it is asked for when the live collectable objects have
// doubled since the last one, which makes its cost constant for each object made. The words beside
// the slabs (scratch) hold, in turn: the object's count, minus the references from inside; then
// whether something outside holds it.
//
// Order of the end (PEP 442): weak references to the garbage are cleared and their callbacks run;
// finalizers run; what they have brought back to life, with all it reaches, is let go; the rest is
// cleared. Each piece of garbage is held by one reference of the collector's meanwhile.
//
// Objects that are just dying (count 0, or queued by qv_dealloc) are left alone: what they refer to
// counts as held from outside.
#include "object/gc.h"

#include <stdlib.h>

#include "object/error.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/weakref.h"

#define REACHED       UINT32_MAX // scratch: held from outside
#define MIN_THRESHOLD 2000
#define MIN_TRIM      ((size_t)2 << 20) // bytes of slabs that are not worth a look

// A stack or list of objects on process memory.
typedef struct GcVec {
    QvObj **items;
    size_t n, cap;
    bool oom;
} GcVec;

static void push(GcVec *v, QvObj *o)
{
    if (v->n == v->cap) {
        size_t cap = v->cap ? v->cap * 2 : 1024;
        QvObj **p = realloc(v->items, cap * sizeof(QvObj *));
        if (!p) {
            v->oom = true;
            return;
        }
        v->items = p;
        v->cap = cap;
    }
    v->items[v->n++] = o;
}

typedef struct Collection {
    QvInterp *qi;
    GcVec stack;   // reached objects whose references are not followed yet
    GcVec garbage; // unreached ones
} Collection;

static bool is_dying(const QvObj *o) { return o->refs == 0 || (o->flags & QV_F_QUEUED); }

// Does the collector count this object?
static bool is_counted(const QvObj *o)
{
    return (o->type->flags & QV_T_GC) && o->refs > 0 && !(o->flags & QV_F_QUEUED);
}

static uint32_t *scratch(Collection *c, QvObj *o) { return qv_heap_gc_scratch(&c->qi->heap, o); }

static int visit_subtract(void *ctx, QvObj *o)
{
    if (is_counted(o)) {
        uint32_t *word = scratch(ctx, o);
        if (*word != REACHED && *word > 0) {
            --*word;
        }
    }
    return 0;
}

static int visit_reach(void *ctx, QvObj *o)
{
    Collection *c = ctx;
    if (is_counted(o)) {
        uint32_t *word = scratch(c, o);
        if (*word != REACHED) {
            *word = REACHED;
            push(&c->stack, o);
        }
    }
    return 0;
}

static void follow(Collection *c)
{
    while (c->stack.n) {
        QvObj *o = c->stack.items[--c->stack.n];
        o->type->traverse(o, visit_reach, c);
    }
}

static void each_cell(Collection *c, void (*f)(Collection *c, QvObj *o))
{
    QvHeapIter it;
    qv_heap_iter_init(&c->qi->heap, &it);
    for (QvObj *o; (o = qv_heap_iter_next(&it)) != NULL;) {
        f(c, o);
    }
    qv_heap_iter_fini(&it);
}

static void start_count(Collection *c, QvObj *o)
{
    // Immortal by overflow, or dying: held from outside, for our purposes.
    *scratch(c, o) = o->refs > 0 && !is_dying(o) ? (uint32_t)o->refs : REACHED;
}

static void subtract(Collection *c, QvObj *o)
{
    if (is_counted(o)) {
        o->type->traverse(o, visit_subtract, c);
    }
}

static void reach_roots(Collection *c, QvObj *o)
{
    uint32_t *word = scratch(c, o);
    if (*word != 0 && *word != REACHED) {
        *word = REACHED;
        push(&c->stack, o);
        follow(c);
    } else if (*word == REACHED && o->refs < 0 && !(o->flags & QV_F_QUEUED)) {
        // An immortal object in a slab: what it holds is held from outside.
        o->type->traverse(o, visit_reach, c);
        follow(c);
    }
}

static void gather(Collection *c, QvObj *o)
{
    if (*scratch(c, o) == 0) {
        push(&c->garbage, o);
    }
}

static void mark_reached(Collection *c, QvObj *o) { *scratch(c, o) = REACHED; }

// Weak references: those that are garbage themselves never call back; the others do, once all are
// dead.
static void end_weakrefs(Collection *c)
{
    GcVec *g = &c->garbage;
    for (size_t i = 0; i < g->n; i++) {
        QvObj *o = g->items[i];
        if (!(o->flags & QV_F_WEAKREF)) {
            continue;
        }
        for (QvWeakRef *r = qv_weakref_head(c->qi, o); r;) {
            QvWeakRef *next = r->next;
            if (r->callback && *scratch(c, &r->h) == 0) {
                // Its callback is garbage's own, or held elsewhere: dropping it runs nothing of
                // value.
                QvObj *callback = r->callback;
                r->callback = NULL;
                qv_incref(c->qi, &r->h);
                qv_decref(c->qi, callback);
                next = r->next;
                qv_decref(c->qi, &r->h);
            }
            r = next;
        }
    }
    for (size_t i = 0; i < g->n; i++) {
        if (g->items[i]->flags & QV_F_WEAKREF) {
            qv_weakref_clear(c->qi, g->items[i], true);
        }
    }
}

// Objects of classes first: their __del__ should still find files and the like open.
static bool run_finalizers(Collection *c)
{
    bool any = false;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < c->garbage.n; i++) {
            QvObj *o = c->garbage.items[i];
            if ((o->type->flags & QV_T_HAS_DEL) && !(o->flags & QV_F_FINALIZED) &&
                (round > 0 || (o->type->flags & QV_T_HEAP))) {
                o->flags |= QV_F_FINALIZED;
                o->type->finalize(c->qi, o);
                any = true;
            }
        }
    }
    return any;
}

// Takes out of the garbage what is held from outside again.
static void keep_resurrected(Collection *c)
{
    GcVec *g = &c->garbage;
    // Everything else, also what the finalizers have made, counts as outside.
    each_cell(c, mark_reached);
    for (size_t i = 0; i < g->n; i++) {
        if (g->items[i]->refs > 1) {
            *scratch(c, g->items[i]) = (uint32_t)g->items[i]->refs - 1; // one is the collector's
        } else {
            *scratch(c, g->items[i]) = 0;
        }
    }
    for (size_t i = 0; i < g->n; i++) {
        g->items[i]->type->traverse(g->items[i], visit_subtract, c);
    }
    for (size_t i = 0; i < g->n; i++) {
        uint32_t *word = scratch(c, g->items[i]);
        if (*word != 0 && *word != REACHED) {
            *word = REACHED;
            push(&c->stack, g->items[i]);
            follow(c);
        }
    }
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        QvObj *o = g->items[i];
        if (*scratch(c, o) == 0) {
            g->items[n++] = o;
        } else {
            qv_decref(c->qi, o);
        }
    }
    g->n = n;
}

static void set_threshold(QvInterp *qi)
{
    uint64_t live = qv_heap_gc_count(&qi->heap);
    uint64_t next = live * 2;
    // Hard mode: nearly at every allocation, but not so that large heaps take for ever.
    qi->gc.threshold = QV_HARD ? live + 1 + live / 64 : next < MIN_THRESHOLD ? MIN_THRESHOLD : next;
    if (!qi->gc.enabled) {
        qi->gc.threshold = UINT64_MAX;
    }
}

int qv_gc_init(QvInterp *qi)
{
    qi->gc = (QvGc){.enabled = true, .thresholds = {700, 10, 10}, .trim_at = MIN_TRIM};
    set_threshold(qi);
    return 0;
}

void qv_gc_fini(QvInterp *qi)
{
    qi->gc.enabled = false;
    qi->gc.threshold = UINT64_MAX;
    qv_clear(qi, &qi->gc.garbage);
    qv_clear(qi, &qi->gc.callbacks);
}

void qv_gc_enable(QvInterp *qi, bool on)
{
    qi->gc.enabled = on;
    set_threshold(qi);
}

void qv_gc_request(QvInterp *qi)
{
    if (qi->gc.enabled && !qi->gc.running) {
        qi->gc.threshold = UINT64_MAX; // asked for once; the collection sets the next one
        qv_poll_set(qi, QV_POLL_GC);
    }
}

// A collection looks at every cell, also at free ones: after a large structure has died, most of
// them. The slabs that are empty then go back to the pool. The next look is when the heap has
// doubled, since live objects may be spread thinly over all slabs.
static void trim(QvInterp *qi)
{
    const QvHeap *heap = &qi->heap;
    if (heap->slab_bytes > qi->gc.trim_at && heap->live < heap->slab_bytes / 4) {
        qv_heap_trim(&qi->heap);
        qi->gc.trim_at = heap->slab_bytes < MIN_TRIM / 2 ? MIN_TRIM : heap->slab_bytes * 2;
    }
}

QvSsize qv_gc_collect(QvInterp *qi)
{
    if (qi->gc.running) {
        return 0;
    }
    if (qv_heap_gc_prepare(&qi->heap) < 0) {
        set_threshold(qi);
        qv_raise_oom(qi);
        return -1;
    }
    qi->gc.running = true;
    Collection c = {.qi = qi};
    each_cell(&c, start_count);
    each_cell(&c, subtract);
    each_cell(&c, reach_roots);
    if (!c.stack.oom) {
        each_cell(&c, gather);
    }
    QvSsize found = (QvSsize)c.garbage.n;
    if (c.stack.oom || c.garbage.oom) {
        free(c.stack.items);
        free(c.garbage.items);
        qi->gc.running = false;
        set_threshold(qi);
        qv_raise_oom(qi);
        return -1;
    }
    if (found) {
        QvObj *pending = qv_err_fetch(qi);
        for (size_t i = 0; i < c.garbage.n; i++) {
            qv_incref(qi, c.garbage.items[i]);
        }
        end_weakrefs(&c);
        if (run_finalizers(&c)) {
            // What finalizers have made may stand in slabs that are new.
            if (qv_heap_gc_prepare(&qi->heap) == 0) {
                keep_resurrected(&c);
            } else {
                for (size_t i = 0; i < c.garbage.n; i++) {
                    qv_decref(qi, c.garbage.items[i]);
                }
                c.garbage.n = 0;
            }
            found = (QvSsize)c.garbage.n;
        }
        for (size_t i = 0; i < c.garbage.n; i++) {
            QvObj *o = c.garbage.items[i];
            if ((qi->gc.debug & QV_GC_SAVEALL) && qi->gc.garbage) {
                (void)qv_list_append(qi, qi->gc.garbage, o);
            } else if (o->refs > 1 && o->type->clear) {
                o->type->clear(qi, o);
            }
            if (qv_err_occurred(qi)) {
                qv_err_unraisable(qi, NULL);
            }
        }
        for (size_t i = 0; i < c.garbage.n; i++) {
            qv_decref(qi, c.garbage.items[i]);
        }
        qv_err_restore(qi, pending);
    }
    free(c.stack.items);
    free(c.garbage.items);
    qi->gc.running = false;
    qi->gc.collections++;
    qi->gc.collected += (uint64_t)found;
    set_threshold(qi);
    trim(qi);
    return found;
}
