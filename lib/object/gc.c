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
// Marking needs no memory, and touches no reference count: how many of an object's references come
// from inside is counted in its header, in the stamp of its owner, from that on (all of them have
// the same one, so it is put back from qi->owner). What does not fit in the 16 bits is taken off
// the count itself, 65,536 at a time, and noted in a short list (count_many).
//   1. each member is traversed; for each member that it refers to one more is counted
//      (QV_F_GC_INSIDE says that there are some);
//   2. a member that has more references than that is held from outside: it is reached
//      (QV_F_GC_REACHED) and traversed; what it refers to is reached, too;
//   3. a member with QV_F_GC_INSIDE that was not reached is garbage. One walk takes the marks and
//      the counts away, lists the garbage (with a reference to each, so that it lives till its turn
//      comes) and makes the members older.
// No Python runs meanwhile and no object is made or freed. Should there be no memory for the stack
// of 2, objects are left unreached and count as held from outside, and 2 is done again until there
// are none.
//
// Objects that are just dying (count 0, or queued by qv_dealloc) are left alone: what they refer to
// counts as held from outside. So does what immortal objects refer to.
//
// Order of the end (PEP 442): weak references to the garbage are cleared, then their callbacks run;
// finalizers run; what they have brought back to life, with all it reaches, is let go; the rest is
// cleared. Each piece of garbage is held by one reference of the collector's meanwhile.
//
// A stop that comes meanwhile ends the collection within some microseconds, at any size: the visits
// look at the poll flag, and so do the walks, for each slab. Marking just stops where it is. What
// it leaves are marks and wrong stamps (gc.stale), which mean nothing to anybody else: who compares
// stamps asks qv_owned. The next collection first takes them away (unmark), and that, too, can be
// stopped and begun again. Nothing has been lost: members are as old as before, or older, what was
// found to be garbage is found again. The collection does not count, and is due as before.
// In the later steps the references to the garbage, and weak references whose callbacks have still
// to be called, are left for qv_gc_resume. What has been finalized or cleared stays so.
// A collection that is due does not begin when a stop has come, nor in the next 20 ms, in which
// nothing is known of the script's going on (qv_dealloc_goes_on). One that somebody asks for begins
// again when the flag meant no stop, and has done nothing when the stop's handlers call it.
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
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/weakref.h"

#define MIN_TRIM ((size_t)2 << 20) // bytes of slabs that are not worth a look

#define THRESHOLD 700 // of generation 0, at first

#define MARKS (QV_F_GC_INSIDE | QV_F_GC_REACHED)

#define FEW 256 // objects that a list holds without memory: a small heap can always be collected

#define LISTED 1024 // members of a young collection that are listed, on the C stack

#define STAMPS 65536 // inside references that a header counts

#define STEP 256 // pieces of garbage between two looks at the poll flag

#define CUT_SHORT (-2) // of a collection: a stop has ended it

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
    const uint32_t *poll; // the poll flag; or a zero, where nothing stops the collection
    int generation;
    unsigned members; // flags of the generations that are collected
    unsigned next;    // flag of the generation that members go to
    uint16_t stamp;   // the members' owner
    bool cut_short;   // by a stop
    bool again;       // slabs without members are known
    bool dropped;     // no memory for the stack: some have been left unreached
    bool lost;        // no memory for the list of garbage: nothing is done about it
    GcVec stack;      // reached objects whose references are not followed yet
    GcVec garbage;    // unreached ones; each is held
    GcVec many;       // objects whose count is STAMPS lower than it should be, once for each time
    size_t survivors; // members that are in the next generation now
    size_t found;     // pieces of garbage that have ended
    bool weak;        // some of the garbage has weak references
    bool finalizers;  // some of the garbage has a finalizer
    QvObj **list;     // the members, so that not all cells are looked at again; or NULL
    size_t listed;
} Collection;

// Is the script to be stopped? Not the one that ends here, whose garbage has to go.
static bool hurries(const QvInterp *qi)
{
    return (qv_poll_peek(qi) & QV_POLL_STOP) && !qi->finalizing;
}

static const uint32_t no_stop;

static const uint32_t *poll_of(const QvInterp *qi) { return qi->finalizing ? &no_stop : &qi->poll; }

static inline bool has_stop(const Collection *c)
{
    return QV_UNLIKELY(__atomic_load_n(c->poll, __ATOMIC_RELAXED) & QV_POLL_STOP);
}

// f for each cell in use that a collection of the generation looks at, until a stop comes. Inlined
// with f, which is worth it for cells that are no members.
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
        if (QV_UNLIKELY(c->cut_short) || has_stop(c)) {
            c->cut_short = true;
            return;
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
// The visits end a traversal when a stop has come.

// The header has no room for one more. Without memory for the note it keeps counting as many as it
// can, and so is held from outside.
static QV_NOINLINE void count_many(Collection *c, QvObj *o)
{
    if (o->refs >= STAMPS && push(&c->many, o)) {
        o->refs -= STAMPS;
        o->owner = c->stamp;
    }
}

static int visit_count(void *ctx, QvObj *o)
{
    Collection *c = ctx;
    if ((o->flags & c->members) && o->refs >= 0) {
        o->flags = (uint16_t)(o->flags | QV_F_GC_INSIDE);
        uint16_t stamp = (uint16_t)(o->owner + 1);
        if (QV_LIKELY(stamp != c->stamp)) {
            o->owner = stamp;
        } else {
            count_many(c, o);
        }
    }
    return has_stop(c);
}

// References of a member that do not come from members. (Negative where a traverse slot shows what
// its object does not own.)
static inline int32_t from_outside(const Collection *c, const QvObj *o)
{
    int32_t n = o->refs - (uint16_t)(o->owner - c->stamp);
    qv_assert(n >= 0 && "a traverse slot shows what its object does not own");
    return n;
}

static void traverse(Collection *c, QvObj *o, QvVisit visit)
{
    if (QV_UNLIKELY(o->type->traverse(o, visit, c) != 0)) {
        c->cut_short = true;
    }
}

static void count_inside(Collection *c)
{
    QvHeapScan scan;
    qv_heap_scan_init(&c->qi->heap, c->generation, false, &scan);
    while (!c->cut_short && qv_heap_scan_next(&scan)) {
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
                // One whose count was lowered to 0 (count_many) is not dying.
                if (o->refs > 0 || (o->flags & QV_F_GC_INSIDE)) {
                    traverse(c, o, visit_count);
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
    if ((o->flags & MARKS) == QV_F_GC_INSIDE) {
        if (QV_LIKELY(push(&c->stack, o))) {
            o->flags = (uint16_t)(o->flags | QV_F_GC_REACHED);
        } else { // the next round finds it
            c->dropped = true;
            o->owner = (uint16_t)(o->owner - (o->owner != c->stamp));
        }
    }
    return has_stop(c);
}

static void follow(Collection *c, QvObj *o)
{
    o->flags = (uint16_t)(o->flags | QV_F_GC_REACHED);
    traverse(c, o, visit_reach);
    while (c->stack.n && !c->cut_short) {
        traverse(c, c->stack.items[--c->stack.n], visit_reach);
    }
}

static inline void reach(Collection *c, QvObj *o)
{
    if ((o->flags & c->members) && o->refs > 0 && !(o->flags & QV_F_GC_REACHED) &&
        from_outside(c, o) > 0) {
        follow(c, o);
    }
}

static void give_many_back(Collection *c)
{
    while (c->many.n) {
        c->many.items[--c->many.n]->refs += STAMPS;
    }
}

static bool is_garbage(const QvObj *o) { return (o->flags & MARKS) == QV_F_GC_INSIDE; }

// Takes away what a marking that was cut short has left.
static inline void unmark(Collection *c, QvObj *o)
{
    if (o->flags & MARKS) {
        o->flags &= (uint16_t)~MARKS;
        o->owner = c->stamp;
    }
}

static bool unmark_all(QvInterp *qi)
{
    Collection all = {.qi = qi, .poll = poll_of(qi), .generation = 2, .stamp = qi->owner};
    each_cell(&all, unmark);
    qi->gc.stale = all.cut_short;
    return !all.cut_short;
}

// Does a tuple or dict hold atoms only? c may be NULL; no, when a stop comes.
static bool has_atoms_only(const Collection *c, const QvObj *o)
{
    if (o->type == &qv_tuple_type) {
        QvObj *const *items = ((const QvTuple *)o)->items;
        for (QvSsize i = 0; i < qv_tuple_len(o); i++) {
            if (!items[i] || !qv_gc_is_atom(items[i]) || (c && has_stop(c))) {
                return false; // NULL: it is being made
            }
        }
        return true;
    }
    QvSsize pos = 0;
    QvObj *key;
    QvObj *value;
    while (qv_dict_next(o, &pos, &key, &value)) {
        if (!qv_gc_is_atom(key) || !qv_gc_is_atom(value) || (c && has_stop(c))) {
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
           has_atoms_only(c, o);
}

// All members grow older and lose their marks; only garbage keeps QV_F_GC_INSIDE, and is held.
static inline void age(Collection *c, QvObj *o)
{
    if (!(o->flags & c->members)) {
        return;
    }
    unsigned flags = (o->flags & ~(c->members | MARKS)) | c->next;
    o->owner = c->stamp;
    if (is_garbage(o) && !c->lost) {
        if (push(&c->garbage, o)) {
            o->refs++;
            o->flags = (uint16_t)(flags | QV_F_GC_INSIDE);
            c->weak = c->weak || (flags & QV_F_WEAKREF);
            c->finalizers = c->finalizers || qv_has_flag(o, QV_T_HAS_DEL);
            return;
        }
        c->lost = true;
    }
    c->survivors++;
    if (is_untrackable(c, o)) {
        flags &= ~(unsigned)QV_F_GENERATIONS;
        c->survivors--;
    }
    o->flags = (uint16_t)flags;
}

// ---- the end of garbage -------------------------------------------------------------------------

// Puts by what a stop leaves undone, from the i-th on; v is empty then. What is short is done at
// once. What is already put by is done before anything else (guarded_collect), so there is none.
static void put_by(QvInterp *qi, QvGcLeft *left, GcVec *v, size_t i)
{
    if (v->few) {
        for (; i < v->n; i++) {
            qv_decref(qi, v->items[i]);
        }
    } else {
        *left = (QvGcLeft){.items = v->items, .i = i, .n = v->n};
        v->items = NULL;
        v->cap = 0;
    }
    v->n = 0;
}

// Weak references to garbage, held, from the i-th on. Where a stop comes it goes no further: the
// index.
static size_t call_back(QvInterp *qi, QvObj **refs, size_t i, size_t n)
{
    for (; i < n && !hurries(qi); i++) {
        QvWeakRef *r = (QvWeakRef *)refs[i];
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
    return i;
}

// All weak references to garbage are dead before the first callback runs; those that are garbage
// themselves never call back.
static void end_weakrefs(Collection *c)
{
    QvInterp *qi = c->qi;
    GcVec *g = &c->garbage;
    QvObj *room[FEW / 8];
    GcVec calls = {.items = room, .cap = FEW / 8, .few = true};
    for (size_t i = 0; i < g->n && !(i % STEP == 0 && has_stop(c)); i++) {
        QvObj *o = g->items[i];
        if (!(o->flags & QV_F_WEAKREF)) {
            continue;
        }
        for (QvWeakRef *r = qv_weakref_head(qi, o); r; r = r->next) {
            // Without memory for the list a callback is lost rather than the object's end.
            if (r->callback && !qv_is_ending(&r->h) && !(r->h.flags & QV_F_GC_INSIDE) &&
                push(&calls, &r->h)) {
                qv_incref(qi, &r->h);
            }
        }
        qv_weakref_clear(qi, o, false);
    }
    size_t called = call_back(qi, calls.items, 0, calls.n);
    if (called < calls.n) {
        if (calls.few) { // they have to outlive this function
            GcVec more = {0};
            while (called < calls.n && push(&more, calls.items[called])) {
                called++;
            }
            for (; called < calls.n; called++) { // without memory they are lost
                qv_decref(qi, calls.items[called]);
            }
            calls = more;
            called = 0;
        }
        put_by(qi, &qi->gc.callers, &calls, called);
    }
    free_vec(&calls);
    c->cut_short = hurries(qi);
}

// Is it a script's __del__, and not what a class has from a built-in type?
static bool is_scripts(const QvType *t)
{
    const QvType *native = t;
    while (native->flags & QV_T_HEAP) {
        native = native->base;
    }
    return t->finalize != native->finalize;
}

// Those of scripts first: they should still find files, sockets and the like open.
static bool run_finalizers(Collection *c)
{
    bool any = false;
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < c->garbage.n; i++) {
            QvObj *o = c->garbage.items[i];
            if ((o->type->flags & QV_T_HAS_DEL) && !(o->flags & QV_F_FINALIZED) &&
                (round > 0 || is_scripts(o->type))) {
                o->flags |= QV_F_FINALIZED;
                o->type->finalize(c->qi, o);
                any = true;
            }
            if (has_stop(c)) {
                c->cut_short = true;
                return any;
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
    c->members = QV_F_GC_INSIDE;
    for (size_t i = 0; i < g->n && !c->cut_short; i++) {
        traverse(c, g->items[i], visit_count);
    }
    do {
        c->dropped = false;
        for (size_t i = 0; i < g->n && !c->cut_short; i++) {
            QvObj *o = g->items[i];
            // One reference is the collector's.
            if (!(o->flags & QV_F_GC_REACHED) && (o->refs < 0 || from_outside(c, o) > 1)) {
                follow(c, o);
            }
            c->cut_short |= has_stop(c);
        }
    } while (c->dropped && !c->cut_short);
    give_many_back(c);
    if (c->cut_short) {
        return;
    }
    size_t n = 0;
    for (size_t i = 0; i < g->n; i++) {
        QvObj *o = g->items[i];
        if (is_garbage(o)) { // to the front of the array
            g->items[i] = g->items[n];
            g->items[n++] = o;
        } else {
            o->flags &= (uint16_t)~MARKS;
        }
        o->owner = c->stamp;
        if (i % STEP == 0 && has_stop(c)) {
            c->cut_short = true;
            return;
        }
    }
    while (g->n > n) {
        qv_decref(qi, g->items[--g->n]);
        if (g->n % STEP == 0 && has_stop(c)) {
            c->cut_short = true;
            return;
        }
    }
}

static void clear_garbage(Collection *c)
{
    QvInterp *qi = c->qi;
    GcVec *g = &c->garbage;
    size_t done = 0;
    for (; done < g->n; done++) {
        g->items[done]->flags &= (uint16_t)~QV_F_GC_INSIDE;
        if (done % STEP == 0 && has_stop(c)) {
            c->cut_short = true;
            return;
        }
    }
    for (done = 0; done < g->n && !(done % STEP == 0 && has_stop(c)); done++) {
        QvObj *o = g->items[done];
        if ((qi->gc.debug & QV_GC_SAVEALL) && qi->gc.garbage) {
            (void)qv_list_append(qi, qi->gc.garbage, o);
        } else if (o->refs > 1 && o->type->clear) {
            o->type->clear(qi, o);
        }
        if (qv_err_occurred(qi)) {
            qv_err_unraisable(qi, NULL);
        }
    }
    c->found = g->n;
    // What is not cleared is found again.
    for (done = 0; done < g->n && !(done % STEP == 0 && has_stop(c)); done++) {
        qv_decref(qi, g->items[done]);
    }
    if (done < g->n) {
        put_by(qi, &qi->gc.left, g, done);
    }
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

// False when a stop has cut it short.
static bool mark(Collection *c)
{
#if QV_DEBUG
    each_cell(c, check_owners);
#endif
    count_inside(c);
    do {
        c->dropped = false;
        if (!c->cut_short) {
            each_member(c, reach);
        }
    } while (c->dropped && !c->cut_short);
    give_many_back(c);
    if (!c->cut_short) {
        each_member(c, age);
    }
    if (c->cut_short) {
        return false;
    }
    if (c->lost) {
        for (size_t i = 0; i < c->garbage.n; i++) {
            QvObj *o = c->garbage.items[i];
            o->flags &= (uint16_t)~QV_F_GC_INSIDE;
            o->refs--;
        }
        c->garbage.n = 0;
    }
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
    return true;
}

static void note_pause(QvGc *gc, uint64_t ns)
{
    __atomic_store_n(&gc->spent, gc->spent + ns, __ATOMIC_RELAXED);
    if (ns > gc->longest) {
        __atomic_store_n(&gc->longest, ns, __ATOMIC_RELAXED);
    }
}

static void end_garbage(Collection *c)
{
    if (c->weak) {
        end_weakrefs(c);
    }
    if (!c->cut_short && c->finalizers && run_finalizers(c) && !c->cut_short) {
        keep_resurrected(c);
    }
    if (!c->cut_short) {
        clear_garbage(c);
    }
}

// All of a collection but for the callbacks: how much was found; -1: no memory for it; CUT_SHORT.
static QvSsize collect(QvInterp *qi, int generation)
{
    if (qi->gc.stale && !unmark_all(qi)) {
        return CUT_SHORT;
    }
    QvObj *room[2][FEW], *list[LISTED];
    Collection c = {
        .qi = qi,
        .poll = poll_of(qi),
        .stamp = qi->owner,
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
    bool marked = mark(&c);
    if (marked && c.garbage.n) {
        QvObj *pending = qv_err_fetch(qi);
        if (qi->gc.debug & QV_GC_COLLECTABLE) {
            for (size_t i = 0; i < c.garbage.n; i++) {
                qv_gc_report_collectable(qi, c.garbage.items[i]);
            }
        }
        end_garbage(&c);
        qv_err_restore(qi, pending);
    }
    QvSsize found = (QvSsize)c.found;
    if (c.cut_short) {
        qi->gc.stale = true;
        put_by(qi, &qi->gc.left, &c.garbage, 0);
        found = CUT_SHORT;
    }
    free_vec(&c.many);
    free_vec(&c.stack);
    free_vec(&c.garbage);
    int64_t took = qv_clock_monotonic() - start;
    if (qi->gc.debug & QV_GC_STATS) {
        qv_gc_report_end(qi, found < 0 ? 0 : found, took);
    }
    note_pause(&qi->gc, (uint64_t)took);
    if (!marked) {
        return CUT_SHORT;
    }
    uint64_t *times = &qi->gc.stats[generation].collections;
    __atomic_store_n(times, *times + 1, __ATOMIC_RELAXED);
    qi->gc.stats[generation].collected += (uint64_t)(found < 0 ? 0 : found);
    if (generation == 2 && !hurries(qi)) {
        trim(qi);
        qv_heap_relieve(&qi->heap);
    }
    return c.lost ? -1 : found;
}

// What a collection has left undone; gc.running is set. False when a stop has come again.
static bool finish_left(QvInterp *qi)
{
    QvGcLeft *calls = &qi->gc.callers, *left = &qi->gc.left;
    if (calls->items) {
        calls->i = call_back(qi, calls->items, calls->i, calls->n);
        if (calls->i < calls->n) {
            return false;
        }
        free(calls->items);
        *calls = (QvGcLeft){0};
    }
    if (left->items) {
        while (left->i < left->n) {
            qv_decref(qi, left->items[left->i++]);
            if (hurries(qi)) {
                return left->i == left->n;
            }
        }
        free(left->items);
        *left = (QvGcLeft){0};
    }
    return true;
}

void qv_gc_resume(QvInterp *qi)
{
    if (!qi->gc.running) {
        qi->gc.running = true;
        (void)finish_left(qi);
        qi->gc.running = false;
    }
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
    QvSsize found = finish_left(qi) ? collect(qi, generation) : CUT_SHORT;
    if (tell) {
        qv_gc_tell(qi, "stop", generation, found < 0 ? 0 : found);
    }
    qi->gc.running = false;
    set_trigger(qi);
    return found;
}

// When a stop was seen: -1 with its exception; 0: its handlers run; 1: there was none.
static int look_again(QvInterp *qi) { return qv_poll_stop(qi) < 0 ? -1 : !hurries(qi); }

static QvSsize collect_now(QvInterp *qi, int generation, bool tell)
{
    QvSsize found;
    int again = 0;
    do {
        found = guarded_collect(qi, generation, tell);
    } while (found == CUT_SHORT && (again = look_again(qi)) > 0);
    if (found == CUT_SHORT) {
        return again;
    }
    if (found < 0) {
        qv_raise_oom(qi);
    }
    return found;
}

QvSsize qv_gc_collect_generation(QvInterp *qi, int generation)
{
    return collect_now(qi, generation, true);
}

QvSsize qv_gc_collect(QvInterp *qi) { return collect_now(qi, 2, false); }

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

void qv_gc_put_off(QvInterp *qi)
{
    set_trigger(qi);
    if (qi->heap.gc_trigger <= qi->heap.gc_count) {
        qi->heap.gc_trigger = qi->heap.gc_count + THRESHOLD;
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
    qv_gc_resume(qi);
    free(qi->gc.left.items);
    free(qi->gc.callers.items);
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
        return !has_atoms_only(NULL, o); // a frozen one
    }
    // CPython leaves a dict untracked until it gets its first key or value that is tracked.
    return o->type != &qv_dict_type || !has_atoms_only(NULL, o);
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
           !((o->type == &qv_tuple_type || o->type == &qv_dict_type) && has_atoms_only(NULL, o));
}

// f for all objects. 0, or -1 with a stop's exception: some are left out.
static QV_ALWAYS_INLINE int each_object(QvInterp *qi, void (*f)(Collection *c, QvObj *o),
                                        size_t *ret_count)
{
    for (const uint32_t *poll = poll_of(qi);;) {
        Collection all = {.qi = qi, .poll = poll, .generation = 2};
        each_cell(&all, f);
        int again = all.cut_short ? look_again(qi) : 0;
        if (!all.cut_short || again < 0) {
            *ret_count = all.survivors;
            return again;
        }
        poll = again > 0 ? poll : &no_stop; // handlers of a stop have time for this
    }
}

static inline void freeze(Collection *c, QvObj *o)
{
    (void)c;
    if (o->refs > 0) {
        o->flags &= (uint16_t)~QV_F_GENERATIONS;
    }
}

int qv_gc_freeze(QvInterp *qi)
{
    size_t unused;
    qi->gc.frozen = true;
    if (each_object(qi, freeze, &unused) < 0) {
        return -1;
    }
    for (int k = 0; k < QV_GC_GENERATIONS; k++) {
        qi->gc.counts[k] = 0;
    }
    qi->heap.gc_base = qi->heap.gc_count;
    set_trigger(qi);
    return 0;
}

// Tuples of atoms, too: the next collection lets them go again.
static inline void unfreeze(Collection *c, QvObj *o)
{
    (void)c;
    if (o->refs > 0 && !(o->flags & (QV_F_GENERATIONS | QV_F_QUEUED))) {
        o->flags = (uint16_t)(o->flags | QV_F_OLD);
    }
}

int qv_gc_unfreeze(QvInterp *qi)
{
    size_t unused;
    if (qi->gc.frozen) {
        if (each_object(qi, unfreeze, &unused) < 0) {
            return -1;
        }
        qi->gc.frozen = false;
    }
    return 0;
}

static inline void count_frozen(Collection *c, QvObj *o) { c->survivors += is_frozen(o); }

QvSsize qv_gc_freeze_count(QvInterp *qi)
{
    size_t n = 0;
    return qi->gc.frozen && each_object(qi, count_frozen, &n) < 0 ? -1 : (QvSsize)n;
}
