// SPDX-License-Identifier: MIT
// The cycle collector: see gc.h.
//
// Generations. An object's header says whether it is young, middle-aged or old; which cells can
// hold young and middle-aged ones is known to the heap (base/heap.h), so that a young collection's
// cost depends on what was made since the last one and not on the size of the heap. References from
// older objects need no record (no write barrier): the collector counts the references that the
// members of the collected generations have to one another, and what has more references than that
// is held from outside, by whatever.
//
// Marking needs no memory. The references from inside are subtracted from the very counts in the
// headers, and added again when the holder is followed or found to be garbage:
//   1. each member is traversed; each member that it refers to loses one reference (QV_F_GC_INSIDE
//      says that it has);
//   2. a member that has references left is held from outside: it is reached (QV_F_GC_REACHED) and
//      traversed; what it refers to gets its reference back, and is reached, too;
//   3. a member with QV_F_GC_INSIDE that was not reached is garbage; it is traversed, and what it
//      refers to gets its reference back. All counts are as before.
// No Python runs meanwhile and no object is made or freed. Should there be no memory for the stack
// of 2, objects are left unreached with references, and 2 is done again until none is.
//
// Objects that are just dying (count 0, or queued by qv_dealloc) are left alone: what they refer to
// counts as held from outside. So does what immortal objects refer to.
//
// Order of the end (PEP 442): weak references to the garbage are cleared, then their callbacks run;
// finalizers run; what they have brought back to life, with all it reaches, is let go; the rest is
// cleared. Each piece of garbage is held by one reference of the collector's meanwhile.
//
// A stop that comes meanwhile: marking goes on to its end, since the counts are not right before
// (30 to 60 ns for each object of the generations that are collected; to go back would take as long
// as it has taken till then). What was found is then left alone, and a later collection finds it
// again; so do the rest of those that are being cleared. A collection that is due does not begin
// when a stop has come.
//
// Tuples and dicts that hold only atoms leave the generations when they live through a collection,
// as in CPython. Nothing can be put into such a tuple any more (but see qv_gc_retrack); a dict
// comes back with the first key or value that is no atom (qv_gc_note_store), as an old one.
//
// How to make full collections incremental, later. Young ones take well under a millisecond as
// they are; a full one stops the program for some 50 ns for each object. It can be cut in slices
// without a write barrier on every store, because a mistake in one direction is harmless:
//   - a slice takes the next few hundred slabs as its members and treats everything else as outside
//     (this is step 1 to 3 on a part). That frees all cycles within a slice. Objects made together
//     die together and mostly lie in neighbouring slabs, so this finds most garbage;
//   - to find cycles across slices, the slices of one round share the marks: old objects get a
//     second count beside the slab (4 bytes each, made for the round only). Phase A, in slices:
//     subtract the references of each object from the second counts. Phase B, in slices: objects
//     whose second count shows references from outside are reached, and what they reach. Between
//     slices the program changes references; what is then believed to be garbage is only suspected.
//     The last slice takes the suspects alone, as the members of an ordinary collection like the
//     one below, which asks their true counts: a suspect that has come to be held from outside is
//     reached then. So errors of A and B cost time, never an object. Objects made meanwhile are
//     young and not part of the round; an object that dies meanwhile clears its second count (the
//     slow path of qv_heap_gc_free, which is where aged objects go);
//   - the pause is then the largest slice, or the suspects. Pace: one slice with each young
//     collection, sized so that a round ends before long_lived_pending passes a quarter of
//     long_lived.
#include "object/gc.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/weakref.h"

#define MIN_TRIM ((size_t)2 << 20) // bytes of slabs that are not worth a look

#define THRESHOLD 700 // of generation 0, at first

#define MARKS (QV_F_GC_INSIDE | QV_F_GC_REACHED)

#define FEW 256 // objects that a list holds without memory: a small heap can always be collected

#define LISTED 1024 // members of a young collection that are listed, on the C stack

// A list of objects on process memory, or at first on the C stack.
typedef struct GcVec {
    QvObj **items;
    size_t n, cap;
    bool few; // items is the room that it was given
} GcVec;

// False when there is no memory.
static bool push(GcVec *v, QvObj *o)
{
    if (QV_UNLIKELY(v->n == v->cap)) {
        size_t cap = v->cap ? v->cap * 2 : 512;
        QvObj **p = realloc(v->few ? NULL : v->items, cap * sizeof(QvObj *));
        if (!p) {
            return false;
        }
        if (v->few) {
            memcpy(p, v->items, v->n * sizeof(QvObj *));
            v->few = false;
        }
        v->items = p;
        v->cap = cap;
    }
    v->items[v->n++] = o;
    return true;
}

static void free_vec(const GcVec *v)
{
    if (!v->few) {
        free(v->items);
    }
}

typedef struct Collection {
    QvInterp *qi;
    int generation;
    unsigned members; // flags of the generations that are collected
    unsigned next;    // flag of the generation that members go to
    bool again;       // slabs without members are known
    bool dropped;     // no memory for the stack: some have been left unreached
    bool lost;        // no memory for the list of garbage: nothing is done about it
    GcVec stack;      // reached objects whose references are not followed yet
    GcVec garbage;    // unreached ones
    size_t survivors; // members that are in the next generation now
    bool weak;        // some of the garbage has weak references
    bool finalizers;  // some of the garbage has a finalizer
    QvObj **list;     // the members, so that not all cells are looked at again; or NULL
    size_t listed;
} Collection;

// f for each cell in use that a collection of the generation looks at. Inlined with f, which is
// worth it for cells that are no members.
static QV_ALWAYS_INLINE void each_cell(Collection *c, void (*f)(Collection *c, QvObj *o))
{
    QvHeapScan scan;
    qv_heap_scan_init(&c->qi->heap, c->generation, c->again, &scan);
    while (qv_heap_scan_next(&scan)) {
        for (char *cell = scan.first; cell < scan.end; cell += scan.step) {
            if (qv_heap_cell_used(cell)) {
                f(c, (QvObj *)cell);
            }
        }
    }
}

// f for each member, once they are known (subtract).
static QV_ALWAYS_INLINE void each_member(Collection *c, void (*f)(Collection *c, QvObj *o))
{
    if (!c->list) {
        each_cell(c, f);
        return;
    }
    for (size_t i = 0; i < c->listed; i++) {
        f(c, c->list[i]);
    }
}

// ---- marking ------------------------------------------------------------------------------------

static int visit_subtract(void *ctx, QvObj *o)
{
    unsigned members = (unsigned)(uintptr_t)ctx;
    if ((o->flags & members) && o->refs >= 0) {
        qv_assert(o->refs > 0 && "a traverse slot shows what its object does not own");
        if (QV_LIKELY(o->refs > 0)) {
            o->refs--;
            o->flags = (uint16_t)(o->flags | QV_F_GC_INSIDE);
        }
    }
    return 0;
}

static void subtract(Collection *c)
{
    QvHeapScan scan;
    qv_heap_scan_init(&c->qi->heap, c->generation, false, &scan);
    while (qv_heap_scan_next(&scan)) {
        bool seen = false;
        for (char *cell = scan.first; cell < scan.end; cell += scan.step) {
            if (qv_heap_cell_used(cell)) {
                QvObj *o = (QvObj *)cell;
                if (!(o->flags & c->members)) {
                    continue;
                }
                seen = true;
                if (c->list) {
                    c->list[c->listed] = o;
                    c->list = ++c->listed < LISTED ? c->list : NULL;
                }
                // One whose references were all subtracted has a count of 0, too, but is not dying.
                if (o->refs > 0 || (o->flags & QV_F_GC_INSIDE)) {
                    o->type->traverse(o, visit_subtract, (void *)(uintptr_t)c->members);
                }
            }
        }
        if (!seen) {
            qv_heap_scan_empty(&scan);
        }
    }
    c->again = true;
}

static int visit_reach(void *ctx, QvObj *o)
{
    Collection *c = ctx;
    if (o->flags & QV_F_GC_INSIDE) {
        o->refs++;
        if (!(o->flags & QV_F_GC_REACHED)) {
            if (push(&c->stack, o)) {
                o->flags = (uint16_t)(o->flags | QV_F_GC_REACHED);
            } else {
                c->dropped = true;
            }
        }
    }
    return 0;
}

static void follow(Collection *c, QvObj *o)
{
    o->flags = (uint16_t)(o->flags | QV_F_GC_REACHED);
    o->type->traverse(o, visit_reach, c);
    while (c->stack.n) {
        o = c->stack.items[--c->stack.n];
        o->type->traverse(o, visit_reach, c);
    }
}

static inline void reach(Collection *c, QvObj *o)
{
    if ((o->flags & c->members) && o->refs > 0 && !(o->flags & QV_F_GC_REACHED)) {
        follow(c, o);
    }
}

static bool is_garbage(const QvObj *o) { return (o->flags & MARKS) == QV_F_GC_INSIDE; }

static int visit_restore(void *ctx, QvObj *o)
{
    (void)ctx;
    if (o->flags & QV_F_GC_INSIDE) { // sealed objects are not even written in vain
        o->refs++;
    }
    return 0;
}

static inline void gather(Collection *c, QvObj *o)
{
    if (is_garbage(o)) {
        o->type->traverse(o, visit_restore, NULL);
        c->weak = c->weak || (o->flags & QV_F_WEAKREF);
        c->finalizers = c->finalizers || qv_has_flag(o, QV_T_HAS_DEL);
        c->lost = c->lost || !push(&c->garbage, o);
    }
}

// Does a tuple or dict hold atoms only?
static bool has_atoms_only(const QvObj *o)
{
    if (o->type == &qv_tuple_type) {
        QvObj *const *items = ((const QvTuple *)o)->items;
        for (QvSsize i = 0; i < qv_tuple_len(o); i++) {
            if (!items[i] || !qv_gc_is_atom(items[i])) { // NULL: it is being made
                return false;
            }
        }
        return true;
    }
    QvSsize pos = 0;
    QvObj *key;
    QvObj *value;
    while (qv_dict_next(o, &pos, &key, &value)) {
        if (!qv_gc_is_atom(key) || !qv_gc_is_atom(value)) {
            return false;
        }
    }
    return true;
}

// May the object leave the generations? Dicts are looked at when they get old only.
static bool is_untrackable(const Collection *c, const QvObj *o)
{
    return o->refs > 0 &&
           (o->type == &qv_tuple_type || (o->type == &qv_dict_type && c->generation > 0)) &&
           has_atoms_only(o);
}

// All members grow older; only garbage keeps its mark.
static inline void age(Collection *c, QvObj *o)
{
    if (!(o->flags & c->members)) {
        return;
    }
    unsigned flags = (o->flags & ~(c->members | QV_F_GC_REACHED)) | c->next;
    if (!is_garbage(o) || c->lost) {
        flags &= ~(unsigned)QV_F_GC_INSIDE;
        c->survivors++;
        if (is_untrackable(c, o)) {
            flags &= ~(unsigned)QV_F_GENERATIONS;
            c->survivors--;
        }
    }
    o->flags = (uint16_t)flags;
}

// ---- the end of garbage -------------------------------------------------------------------------

// All weak references to garbage are dead before the first callback runs; those that are garbage
// themselves never call back.
static void end_weakrefs(Collection *c)
{
    QvInterp *qi = c->qi;
    GcVec *g = &c->garbage;
    QvObj *room[FEW / 8];
    GcVec calls = {.items = room, .cap = FEW / 8, .few = true};
    for (size_t i = 0; i < g->n; i++) {
        QvObj *o = g->items[i];
        if (!(o->flags & QV_F_WEAKREF)) {
            continue;
        }
        for (QvWeakRef *r = qv_weakref_head(qi, o); r; r = r->next) {
            // Without memory for the list a callback is lost rather than the object's end.
            if (r->callback && r->h.refs > 0 && !(r->h.flags & QV_F_GC_INSIDE) &&
                push(&calls, &r->h)) {
                qv_incref(qi, &r->h);
            }
        }
        qv_weakref_clear(qi, o, false);
    }
    for (size_t i = 0; i < calls.n; i++) {
        QvWeakRef *r = (QvWeakRef *)calls.items[i];
        QvObj *callback = r->callback;
        r->callback = NULL;
        if (callback) {
            QvObj *result = qv_call1(qi, callback, &r->h);
            if (!result) {
                qv_err_unraisable(qi, callback);
            }
            qv_xdecref(qi, result);
            qv_decref(qi, callback);
        }
        qv_decref(qi, &r->h);
    }
    free_vec(&calls);
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

// Takes out of the garbage what is held from outside again, with all it reaches. The same marking
// once more, with the garbage as the only members.
static void keep_resurrected(Collection *c)
{
    QvInterp *qi = c->qi;
    GcVec *g = &c->garbage;
    for (size_t i = 0; i < g->n; i++) {
        g->items[i]->type->traverse(g->items[i], visit_subtract, (void *)QV_F_GC_INSIDE);
    }
    do {
        c->dropped = false;
        for (size_t i = 0; i < g->n; i++) {
            QvObj *o = g->items[i];
            // One reference is the collector's.
            if ((o->refs > 1 || o->refs < 0) && !(o->flags & QV_F_GC_REACHED)) {
                follow(c, o);
            }
        }
    } while (c->dropped);
    for (size_t i = 0; i < g->n; i++) {
        if (is_garbage(g->items[i])) {
            g->items[i]->type->traverse(g->items[i], visit_restore, NULL);
        }
    }
    size_t n = 0;
    GcVec kept = {.items = g->items, .cap = g->n}; // at the end of the same array
    for (size_t i = 0; i < g->n; i++) {
        QvObj *o = g->items[i];
        if (is_garbage(o)) {
            g->items[i] = g->items[n];
            g->items[n++] = o;
        }
    }
    for (size_t i = n; i < kept.cap; i++) {
        kept.items[i]->flags &= (uint16_t)~MARKS;
    }
    g->n = n;
    for (size_t i = n; i < kept.cap; i++) {
        qv_decref(qi, kept.items[i]);
    }
}

// Is the script to be stopped? Not the one that ends here, whose garbage has to go.
static bool hurries(const QvInterp *qi)
{
    return (qv_poll_peek(qi) & QV_POLL_STOP) && !qi->finalizing;
}

static void clear_garbage(Collection *c)
{
    QvInterp *qi = c->qi;
    GcVec *g = &c->garbage;
    for (size_t i = 0; i < g->n; i++) {
        g->items[i]->flags &= (uint16_t)~QV_F_GC_INSIDE;
    }
    for (size_t i = 0; i < g->n; i++) {
        QvObj *o = g->items[i];
        if ((qi->gc.debug & QV_GC_SAVEALL) && qi->gc.garbage) {
            (void)qv_list_append(qi, qi->gc.garbage, o);
        } else if (o->refs > 1 && o->type->clear) {
            o->type->clear(qi, o);
        }
        if (qv_err_occurred(qi)) {
            qv_err_unraisable(qi, NULL);
        }
        if (QV_UNLIKELY(i % QV_DEALLOC_STEP == QV_DEALLOC_STEP - 1 && hurries(qi))) {
            break; // the rest is found again
        }
    }
    for (size_t i = 0; i < g->n; i++) {
        qv_decref(qi, g->items[i]);
    }
}

// Leaves it as it is: it has grown older, and a later collection finds it again.
static void spare_garbage(Collection *c)
{
    for (size_t i = 0; i < c->garbage.n; i++) {
        c->garbage.items[i]->flags &= (uint16_t)~QV_F_GC_INSIDE;
    }
    c->garbage.n = 0;
}

// ---- a collection -------------------------------------------------------------------------------

// Hard mode collects all the time, unless the program has said how often it wants that.
static bool is_hard(const QvInterp *qi) { return QV_HARD && qi->gc.thresholds[0] == THRESHOLD; }

// The count of live objects at which the next collection is asked for.
static void set_trigger(QvInterp *qi)
{
    QvHeap *h = &qi->heap;
    if (!qi->gc.enabled || qi->gc.thresholds[0] <= 0) {
        h->gc_trigger = SIZE_MAX;
    } else if (h->pressed) {
        h->gc_trigger = 0;
    } else if (is_hard(qi)) {
        // Nearly at every allocation, but not so that large heaps take for ever.
        h->gc_trigger = h->gc_count + 1 + h->gc_count / 64;
    } else {
        h->gc_trigger = h->gc_base + (size_t)qi->gc.thresholds[0] + 1;
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

#if QV_DEBUG
// Whatever way a reference took into a container: it is one of this interpreter's objects.
static int visit_owner(void *ctx, QvObj *o)
{
    qv_check_owner(ctx, o);
    return 0;
}

static inline void check_owners(Collection *c, QvObj *o)
{
    if ((o->flags & c->members) && o->refs > 0) {
        qv_check_own(c->qi, o);
        o->type->traverse(o, visit_owner, c->qi);
    }
}
#endif

static void mark(Collection *c)
{
#if QV_DEBUG
    each_cell(c, check_owners);
#endif
    subtract(c);
    do {
        c->dropped = false;
        each_member(c, reach);
    } while (c->dropped);
    each_member(c, gather);
    if (c->lost) {
        c->garbage.n = 0;
    }
    each_member(c, age);
    qv_heap_gc_aged(&c->qi->heap, c->generation);
    QvGc *gc = &c->qi->gc;
    if (c->generation < 2) {
        gc->counts[c->generation + 1]++;
    }
    for (int k = 0; k <= c->generation; k++) {
        gc->counts[k] = 0;
    }
    if (c->generation == 1) {
        gc->long_lived_pending += c->survivors;
    } else if (c->generation == 2) {
        gc->long_lived_pending = 0;
        gc->long_lived = c->survivors;
    }
}

static void note_pause(QvGc *gc, uint64_t ns)
{
    __atomic_store_n(&gc->spent, gc->spent + ns, __ATOMIC_RELAXED);
    if (ns > gc->longest) {
        __atomic_store_n(&gc->longest, ns, __ATOMIC_RELAXED);
    }
}

// All of a collection but for the callbacks.
static QvSsize collect(QvInterp *qi, int generation)
{
    QvObj *room[2][FEW], *list[LISTED];
    Collection c = {
        .qi = qi,
        .stack = {.items = room[0], .cap = FEW, .few = true},
        .garbage = {.items = room[1], .cap = FEW, .few = true},
        .generation = generation,
        .list = generation == 0 ? list : NULL,
        .members = generation == 0   ? QV_F_YOUNG
                   : generation == 1 ? QV_F_YOUNG | QV_F_MIDDLE
                                     : QV_F_GENERATIONS,
        .next = generation == 0 ? QV_F_MIDDLE : QV_F_OLD,
    };
    if (qi->gc.debug & QV_GC_STATS) {
        qv_gc_report_start(qi, generation);
    }
    int64_t start = qv_clock_monotonic();
    mark(&c);
    QvSsize found = (QvSsize)c.garbage.n;
    if (found && hurries(qi)) {
        spare_garbage(&c);
        found = 0;
    }
    if (found) {
        QvObj *pending = qv_err_fetch(qi);
        for (size_t i = 0; i < c.garbage.n; i++) {
            qv_incref(qi, c.garbage.items[i]);
        }
        if (qi->gc.debug & QV_GC_COLLECTABLE) {
            for (size_t i = 0; i < c.garbage.n; i++) {
                qv_gc_report_collectable(qi, c.garbage.items[i]);
            }
        }
        if (c.weak) {
            end_weakrefs(&c);
        }
        if (c.finalizers && run_finalizers(&c)) {
            keep_resurrected(&c);
            found = (QvSsize)c.garbage.n;
        }
        clear_garbage(&c);
        qv_err_restore(qi, pending);
    }
    free_vec(&c.stack);
    free_vec(&c.garbage);
    int64_t took = qv_clock_monotonic() - start;
    if (qi->gc.debug & QV_GC_STATS) {
        qv_gc_report_end(qi, found, took);
    }
    note_pause(&qi->gc, (uint64_t)took);
    uint64_t *times = &qi->gc.stats[generation].collections;
    __atomic_store_n(times, *times + 1, __ATOMIC_RELAXED);
    qi->gc.stats[generation].collected += (uint64_t)found;
    if (generation == 2) {
        trim(qi);
        qv_heap_relieve(&qi->heap);
    }
    return c.lost ? -1 : found;
}

static QvSsize guarded_collect(QvInterp *qi, int generation, bool tell)
{
    if (qi->gc.running) {
        return 0;
    }
    qi->gc.running = true;
    if (tell) {
        qv_gc_tell(qi, "start", generation, 0);
    }
    QvSsize found = collect(qi, generation);
    if (tell) {
        qv_gc_tell(qi, "stop", generation, found < 0 ? 0 : found);
    }
    qi->gc.running = false;
    set_trigger(qi);
    return found;
}

QvSsize qv_gc_collect_generation(QvInterp *qi, int generation)
{
    QvSsize found = guarded_collect(qi, generation, true);
    if (found < 0) {
        qv_raise_oom(qi);
    }
    return found;
}

QvSsize qv_gc_collect(QvInterp *qi)
{
    QvSsize found = guarded_collect(qi, 2, false);
    if (found < 0) {
        qv_raise_oom(qi);
    }
    return found;
}

// The oldest generation whose turn it is.
static int due(const QvInterp *qi)
{
    const QvGc *gc = &qi->gc;
    if (qi->heap.pressed) {
        return 2;
    }
    if (is_hard(qi)) { // all of them
        return (gc->stats[0].collections & 3) == 3   ? 1
               : (gc->stats[0].collections & 1) == 0 ? 2
                                                     : 0;
    }
    // A full one only when a quarter of the heap is new: the cost stays linear while a heap grows.
    if (gc->counts[2] > gc->thresholds[2] && gc->long_lived_pending >= gc->long_lived / 4) {
        return 2;
    }
    return gc->counts[1] > gc->thresholds[1];
}

void qv_gc_collect_due(QvInterp *qi)
{
    if (qi->gc.enabled && !qi->gc.running) {
        // Without memory for it there is no collection, until the next one is due.
        (void)guarded_collect(qi, due(qi), true);
    }
}

// ---- control ------------------------------------------------------------------------------------

int qv_gc_init(QvInterp *qi)
{
    QvGc *gc = &qi->gc;
    memset(gc, 0, offsetof(QvGc, stats));
    for (int k = 0; k < QV_GC_GENERATIONS; k++) {
        __atomic_store_n(&gc->stats[k].collections, 0, __ATOMIC_RELAXED);
        __atomic_store_n(&gc->stats[k].collected, 0, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&gc->spent, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&gc->longest, 0, __ATOMIC_RELAXED);
    gc->enabled = true;
    gc->thresholds[0] = THRESHOLD;
    gc->thresholds[1] = gc->thresholds[2] = 10;
    gc->trim_at = MIN_TRIM;
    set_trigger(qi);
    return 0;
}

void qv_gc_fini(QvInterp *qi)
{
    qi->gc.enabled = false;
    qi->heap.gc_trigger = SIZE_MAX;
    qv_clear(qi, &qi->gc.garbage);
    qv_clear(qi, &qi->gc.callbacks);
}

void qv_gc_enable(QvInterp *qi, bool on)
{
    qi->gc.enabled = on;
    set_trigger(qi);
}

void qv_gc_set_threshold(QvInterp *qi, const int64_t thresholds[QV_GC_GENERATIONS])
{
    for (int k = 0; k < QV_GC_GENERATIONS; k++) {
        qi->gc.thresholds[k] = thresholds[k];
    }
    set_trigger(qi);
}

void qv_gc_request(QvInterp *qi)
{
    qi->heap.gc_trigger = SIZE_MAX; // asked for once; the collection sets the next one
    if (qi->gc.enabled && !qi->gc.running) {
        qv_poll_set(qi, QV_POLL_GC);
    }
}

int64_t qv_gc_count(const QvInterp *qi, int generation)
{
    if (generation > 0) {
        return qi->gc.counts[generation];
    }
    const QvHeap *h = &qi->heap;
    return h->gc_count > h->gc_base ? (int64_t)(h->gc_count - h->gc_base) : 0;
}

bool qv_gc_is_tracked(const QvObj *o)
{
    if (!(o->type->flags & QV_T_GC) || qv_is_sealed(o)) {
        return false;
    }
    if (o->type == &qv_tuple_type && !(o->flags & QV_F_GENERATIONS)) {
        return !has_atoms_only(o); // a frozen one
    }
    // CPython leaves a dict untracked until it gets its first key or value that is tracked.
    return o->type != &qv_dict_type || !has_atoms_only(o);
}

int qv_gc_generation(const QvObj *o)
{
    return o->flags & QV_F_YOUNG ? 0 : o->flags & QV_F_MIDDLE ? 1 : o->flags & QV_F_OLD ? 2 : -1;
}

// ---- frozen objects -----------------------------------------------------------------------------

// What is frozen is in no generation. Nor are tuples and dicts of atoms; they are told apart by
// what they hold.
static bool is_frozen(const QvObj *o)
{
    return (o->type->flags & QV_T_GC) && !(o->flags & (QV_F_GENERATIONS | QV_F_QUEUED)) &&
           o->refs > 0 &&
           !((o->type == &qv_tuple_type || o->type == &qv_dict_type) && has_atoms_only(o));
}

static inline void freeze(Collection *c, QvObj *o)
{
    (void)c;
    if (o->refs > 0) {
        o->flags &= (uint16_t)~QV_F_GENERATIONS;
    }
}

void qv_gc_freeze(QvInterp *qi)
{
    Collection all = {.qi = qi, .generation = 2};
    each_cell(&all, freeze);
    qi->gc.frozen = true;
    for (int k = 0; k < QV_GC_GENERATIONS; k++) {
        qi->gc.counts[k] = 0;
    }
    qi->heap.gc_base = qi->heap.gc_count;
    set_trigger(qi);
}

// Tuples of atoms, too: the next collection lets them go again.
static inline void unfreeze(Collection *c, QvObj *o)
{
    (void)c;
    if (o->refs > 0 && !(o->flags & (QV_F_GENERATIONS | QV_F_QUEUED))) {
        o->flags = (uint16_t)(o->flags | QV_F_OLD);
    }
}

void qv_gc_unfreeze(QvInterp *qi)
{
    if (qi->gc.frozen) {
        Collection all = {.qi = qi, .generation = 2};
        each_cell(&all, unfreeze);
        qi->gc.frozen = false;
    }
}

static inline void count_frozen(Collection *c, QvObj *o) { c->survivors += is_frozen(o); }

size_t qv_gc_freeze_count(QvInterp *qi)
{
    Collection all = {.qi = qi, .generation = 2};
    if (qi->gc.frozen) {
        each_cell(&all, count_frozen);
    }
    return all.survivors;
}
