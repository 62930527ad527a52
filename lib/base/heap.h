// SPDX-License-Identifier: MIT
// An interpreter's heap: slabs of one size class each up to 512 bytes, larger blocks from jemalloc,
// very large ones from the system.
//
// No function takes a lock: the owner's lock is held by the caller. Two families of blocks:
//   raw  qv_heap_alloc/realloc/free: any memory that the collector need not see. Aligned to 16
//        bytes, but for blocks of up to 64 whose size is no multiple of 16: those to 8;
//   gc   qv_heap_gc_alloc/gc_free: collectable objects, zeroed. qv_heap_gc_walk visits all of them
//        whose word at offset 8 (an object's type) is not 0; freeing a block clears that word.
//        The heap also knows in which slabs the young ones are, see "generations" below.
// Sizes are given back by the caller on free and must be those of the allocation.
//
// Every block counts with its size rounded up to 16 bytes, or up to 64 bytes to 8 (large ones with
// their prefix): `live` is exact at every moment, and an allocation that would take it past `limit`
// gives NULL, before anything is asked of the system.
#ifndef QV_BASE_HEAP_H
#define QV_BASE_HEAP_H

#include "base/config.h"

#define QV_HEAP_SMALL_MAX 512 // largest block in slabs, bytes
#define QV_HEAP_FINE      64  // up to here a class each 8 bytes, beyond one each 16 bytes
#define QV_HEAP_CLASSES   (QV_HEAP_SMALL_MAX / 16 + QV_HEAP_FINE / 16 + 1) // the first two: unused
#define QV_HEAP_SLAB_SIZE 16384 // bytes; slabs are so aligned
#define QV_HEAP_POISON    0xDB  // what freed memory is filled with in checked builds

// In these builds every call goes out of line, where blocks are checked and poisoned.
#define QV_HEAP_CHECKED (QV_DEBUG || QV_HARD || QV_SANITIZE)

// A free cell. Cells hold objects of any type in their other life.
typedef struct QvHeapCell {
    struct QvHeapCell *next; // free list
    uintptr_t type;          // gc cells: 0 marks a free one (an object has its type here)
} __attribute__((may_alias)) QvHeapCell;

// Header of a slab, at its start; cells follow.
typedef struct QvSlab {
    struct QvHeap *heap;         // owner; NULL in the pool
    struct QvSlab *next;         // the heap's list of its family, or the pool's list
    struct QvHeapExtent *extent; // where it was cut from
    QvHeapCell *free;            // gc: cells of its own that are on no class's list
    struct QvSlab *next_spare;   // gc: the class's list of slabs with such cells
    struct QvSlab *next_nursery; // gc: the heap's list
    struct QvSlab *next_middle;  // gc: the heap's list
    uint16_t cell_size;          // bytes
    uint16_t cells;              // how many fit
    uint16_t carved;             // how many have been handed to the free list so far; the starter:
                                 // QV_HEAP_MIXED
    uint16_t idle;               // scratch for qv_heap_trim: free cells counted
    uint16_t nfree;              // gc: length of `free`
    uint8_t klass;               // size class
    bool gc;                     // family
    bool spare;                  // gc: on the list of that name
    bool nursery;                // gc: on the list of that name
    bool middle;                 // gc: on the list of that name
    bool empty;                  // gc: qv_heap_scan_empty was called for it in the last first scan
} QvSlab;

#define QV_HEAP_MIXED     UINT16_MAX
#define QV_HEAP_SLAB_HEAD 80 // bytes before the first cell
_Static_assert(sizeof(QvSlab) <= QV_HEAP_SLAB_HEAD, "slab header outgrew its room");

// Prefix of a block larger than QV_HEAP_SMALL_MAX.
typedef struct QvHeapBig {
    struct QvHeapBig *next; // the heap's list of its family
    struct QvHeapBig *prev; // NULL for the first
    size_t size;            // accounted bytes: block and prefix
    uint32_t magic;         // tells raw, gc and loose blocks apart; 0 when freed
    bool mapped;            // it has pages of its own
} QvHeapBig;

#define QV_HEAP_BIG_HEAD 32 // from prefix to block; keeps 16 byte alignment
_Static_assert(sizeof(QvHeapBig) == QV_HEAP_BIG_HEAD, "prefix of big blocks");

// One size class of one family.
typedef struct QvHeapClass {
    QvHeapCell *free; // free cells of all slabs of the class, latest freed first
    QvSlab *slab;     // the slab that still has uncarved cells, or NULL
#if QV_HARD
    QvHeapCell *tail; // last of the free list: freed cells queue here, to be reused late
#endif
} QvHeapClass;

typedef struct QvHeapConfig {
    size_t limit; // bytes, 0 = none
    int arena;    // jemalloc arena for large blocks; negative = the calling thread's usual one
} QvHeapConfig;

// One heap. The counters may be read by any thread through qv_heap_stats.
typedef struct QvHeap {
    size_t live;     // accounted bytes now; written relaxed-atomically
    size_t mark;     // min(peak, limit, pressure): allocations that pass it take the slow path
    uint64_t allocs; // successful allocations so far; written relaxed-atomically
    size_t gc_count; // live gc blocks; written relaxed-atomically
    QvHeapClass raw[QV_HEAP_CLASSES];
    QvHeapClass gc[QV_HEAP_CLASSES];
    QvSlab *raw_slabs;         // all slabs of the family
    QvSlab *gc_slabs;          // and the starter
    QvSlab *starter;           // while it has room for runs: the first slab, shared by all classes
    QvHeapBig *raw_big;        // all large blocks of the family
    QvHeapBig *gc_big;         // latest first
    QvSlab *nursery;           // gc slabs that have given cells out since they were last aged
    QvSlab *middle;            // gc slabs with blocks aged once
    QvHeapBig *gc_big_aged[2]; // in gc_big: the first block aged once, the first aged twice
    QvSlab *gc_spare[QV_HEAP_CLASSES]; // gc slabs worth taking cells from
    size_t gc_base;    // gc_count when the collector last ran, lowered as older blocks are freed
    size_t gc_trigger; // gc_count that asks for a collection; SIZE_MAX: none is asked for
    size_t pressure;   // live that asks for a full collection, below the limit; SIZE_MAX: none
    struct QvHeapIter *iters;   // running walks, innermost first
    size_t peak;                // largest live so far; written relaxed-atomically
    size_t limit;               // bytes; SIZE_MAX = none; written relaxed-atomically
    size_t slab_bytes;          // memory held as slabs; written relaxed-atomically
    size_t outside;             // of live: what is no block of the heap; written relaxed-atomically
    struct QvHeapAway *away;    // account of what the process has of it, or NULL
    int64_t fail_in;            // fault injection: allocations until failure; negative = off
    bool fail_once;             // fault injection: only that one fails
    int big_flags;              // mallocx flags for large blocks
    bool pressed;               // live has passed `pressure`
    void (*put_later)(void *p); // not NULL: very large blocks are loosened and given to it (which
                                // calls qv_heap_loose_free, perhaps in another thread)
    const uint32_t *stops;      // or NULL. Atomic: when stop_bit is set in it while a very large
    uint32_t stop_bit;          // block is freed, put_aside gets the rest, as put_later would
    void (*put_aside)(void *p);
} QvHeap;

// For qv_heap_stats. Each number is exact at some moment, not all at the same one.
typedef struct QvHeapStats {
    size_t live;       // accounted bytes
    size_t peak;       // largest live so far
    size_t limit;      // 0 = none
    size_t slab_bytes; // memory held as slabs
    size_t gc_count;   // live gc blocks
    size_t outside;    // of live: memory of the process that counts, too
    uint64_t allocs;   // successful allocations so far
} QvHeapStats;

// Prepares an empty heap; config may be NULL. Makes no slab and asks nothing of the system. Returns
// 0 (kept fallible: a configuration may be refused one day).
QV_MUST_USE int qv_heap_init(QvHeap *h, const QvHeapConfig *config);

// Gives everything back at once: blocks still live are gone too. h may be initialised again.
void qv_heap_fini(QvHeap *h);

// Changes the limit (0 = none). It may be below `live`: then nothing more is given until enough is
// freed.
void qv_heap_set_limit(QvHeap *h, size_t limit);

// True if an allocation of n bytes would stay within the limit. For checking big requests early.
bool qv_heap_fits(QvHeap *h, size_t n);

// Reads the counters; the one function that needs no lock.
void qv_heap_stats(const QvHeap *h, QvHeapStats *ret);

// Frees slabs without a live cell. Costs one look at each free cell; for use after a full
// collection. Does nothing while a walk runs. Returns the bytes given back.
size_t qv_heap_trim(QvHeap *h);

// Fault injection, checked builds only (false elsewhere): allocation n from now (0 = the next)
// fails, and all after it unless `once`. Negative n turns it off.
bool qv_heap_fail_at(QvHeap *h, int64_t n, bool once);

// Sets the three fields. A heap that is initialised again has to be told again.
static inline void qv_heap_watch(QvHeap *h, const uint32_t *stops, uint32_t stop_bit,
                                 void (*put_aside)(void *p))
{
    h->stops = stops;
    h->stop_bit = stop_bit;
    h->put_aside = put_aside;
}

// Zeroed raw block (large ones are zeroed by the system where that is cheaper).
QV_MUST_USE void *qv_heap_alloc_zero(QvHeap *h, size_t n);

// Changes a raw block's size, keeping the contents; p may be NULL with old_n 0. NULL on failure,
// p is then untouched (that can happen when shrinking too).
QV_MUST_USE void *qv_heap_realloc(QvHeap *h, void *p, size_t old_n, size_t new_n);

// Many raw blocks of n bytes each (at most QV_HEAP_SMALL_MAX), contents undefined: how many have
// been given, fewer than count where the limit or the system allows no more. Blocks that were
// carved together are given side by side, in rising order.
QV_MUST_USE size_t qv_heap_alloc_many(QvHeap *h, size_t n, void **ret, size_t count);

// ---- loose blocks: large raw ones that leave the heap for a while, or for good ----

// The block of n bytes (more than QV_HEAP_SMALL_MAX) is the caller's alone, until it is fastened;
// qv_heap_fini does not free it. It still counts.
void qv_heap_loosen(QvHeap *h, void *p, size_t n);
void qv_heap_fasten(QvHeap *h, void *p, size_t n);
// A loose block of n bytes will not come back, and counts no longer. Does not touch the block,
// which another thread may have freed.
void qv_heap_forget(QvHeap *h, size_t n);
// A block of n bytes that counts nowhere enters this heap, whichever it came from. False: it does
// not fit the limit, or came from another arena; it stays loose then.
QV_MUST_USE bool qv_heap_adopt(QvHeap *h, void *p, size_t n);
// Frees a loose block. Any thread, without the lock; its heap may have ended.
void qv_heap_loose_free(void *p);
// Ends a block of n bytes that malloc has given, as large ones of the heap are ended: by put_later
// where there is one.
void qv_heap_free_plain(QvHeap *h, void *block, size_t n);
// Link of a loose block, for lists: a word of its prefix.
void **qv_heap_loose_link(void *p);

// n bytes more count, without a block: memory that the interpreter has elsewhere. False: they do
// not fit. Taken back by qv_heap_discharge.
QV_MUST_USE bool qv_heap_charge(QvHeap *h, size_t n);
void qv_heap_discharge(QvHeap *h, size_t n);

// Pages of its own, zeroed and writable, for what is to be protected; n bytes are whole pages.
// They count as the heap's. NULL when they do not fit or there are none.
QV_MUST_USE void *qv_heap_map(QvHeap *h, size_t n);
void qv_heap_unmap(QvHeap *h, void *p, size_t n);
// Bytes of the heap's own blocks.
static inline size_t qv_heap_own(const QvHeap *h) { return h->live - h->outside; }

// ---- memory away: charged to the heap, given back by any thread, perhaps after its end ----

typedef struct QvHeapAway QvHeapAway; // of one heap

// n bytes more count. *ret: for qv_heap_came_back; NULL: the heap has no limit, nothing counts.
// False: they do not fit.
QV_MUST_USE bool qv_heap_send_away(QvHeap *h, size_t n, QvHeapAway **ret);
// n of them are freed. Any thread, without the lock; NULL does nothing.
void qv_heap_came_back(QvHeapAway *away, size_t n);
// Counts what came back as free. True: there was some.
bool qv_heap_fetch_away(QvHeap *h);
// The heap ends, or begins anew: how many bytes are still away, which no longer count. Unless there
// are none, then(arg, n) is called for each part that comes back, by any thread, which holds no
// lock of channels, and at last with 0, when all are back (NULL: it is not).
size_t qv_heap_leave_away(QvHeap *h, void (*then)(void *arg, size_t n), void *arg);

// Out of line parts of the functions below.
void *qv_heap_alloc_slow(QvHeap *h, size_t n);
void qv_heap_free_slow(QvHeap *h, void *p, size_t n);
void *qv_heap_gc_alloc_slow(QvHeap *h, size_t n);
void qv_heap_gc_free_slow(QvHeap *h, void *p, size_t n, bool young);

// Bytes of the cells for blocks of n bytes, n at most QV_HEAP_SMALL_MAX. None has less than 16.
static inline size_t qv_heap_cell_bytes(size_t n)
{
    return n > QV_HEAP_FINE ? (n + 15) & ~(size_t)15 : n <= 16 ? 16 : (n + 7) & ~(size_t)7;
}

// Size class of cells of so many bytes, and the other way round.
static inline size_t qv_heap_class(size_t bytes)
{
    return bytes > QV_HEAP_FINE ? bytes / 16 + QV_HEAP_FINE / 16 : bytes / 8;
}
static inline size_t qv_heap_class_bytes(size_t k)
{
    return k > QV_HEAP_FINE / 8 ? (k - QV_HEAP_FINE / 16) * 16 : k * 8;
}

// Slab of a cell.
static inline QvSlab *qv_heap_slab(const void *cell)
{
    return (QvSlab *)((uintptr_t)cell & ~(uintptr_t)(QV_HEAP_SLAB_SIZE - 1));
}

// n bytes, contents undefined (n = 0 is allowed and gives a block). NULL on failure.
QV_MUST_USE static inline void *qv_heap_alloc(QvHeap *h, size_t n)
{
    if (QV_HEAP_CHECKED || QV_UNLIKELY(n > QV_HEAP_SMALL_MAX)) {
        return qv_heap_alloc_slow(h, n);
    }
    size_t size = qv_heap_cell_bytes(n), k = qv_heap_class(size);
    QvHeapCell *cell = h->raw[k].free;
    size_t live = h->live + size;
    if (QV_UNLIKELY(cell == NULL || live > h->mark)) {
        return qv_heap_alloc_slow(h, n);
    }
    h->raw[k].free = cell->next;
    __atomic_store_n(&h->live, live, __ATOMIC_RELAXED);
    __atomic_store_n(&h->allocs, h->allocs + 1, __ATOMIC_RELAXED);
    return cell;
}

// Frees a raw block of n bytes; p may be NULL.
static inline void qv_heap_free(QvHeap *h, void *p, size_t n)
{
    if (p == NULL) {
        return;
    }
    if (QV_HEAP_CHECKED || QV_UNLIKELY(n > QV_HEAP_SMALL_MAX)) {
        qv_heap_free_slow(h, p, n);
        return;
    }
    size_t size = qv_heap_cell_bytes(n), k = qv_heap_class(size);
    QvHeapCell *cell = (QvHeapCell *)p;
    cell->next = h->raw[k].free;
    h->raw[k].free = cell;
    __atomic_store_n(&h->live, h->live - size, __ATOMIC_RELAXED);
}

// n bytes of zeros for a collectable object (n >= 16). NULL on failure.
QV_MUST_USE static inline void *qv_heap_gc_alloc(QvHeap *h, size_t n)
{
    if (QV_HEAP_CHECKED || QV_UNLIKELY(n > QV_HEAP_SMALL_MAX)) {
        return qv_heap_gc_alloc_slow(h, n);
    }
    size_t size = qv_heap_cell_bytes(n), k = qv_heap_class(size);
    QvHeapCell *cell = h->gc[k].free;
    size_t live = h->live + size;
    if (QV_UNLIKELY(cell == NULL || live > h->mark)) {
        return qv_heap_gc_alloc_slow(h, n);
    }
    h->gc[k].free = cell->next;
    __atomic_store_n(&h->live, live, __ATOMIC_RELAXED);
    __atomic_store_n(&h->allocs, h->allocs + 1, __ATOMIC_RELAXED);
    __atomic_store_n(&h->gc_count, h->gc_count + 1, __ATOMIC_RELAXED);
    // `type` is zero in a free cell already. A constant n becomes straight stores; otherwise the
    // loop is better than a call of memset for the few words that an object has.
    if (__builtin_constant_p(n)) {
        __builtin_memset(cell, 0, size);
        return cell;
    }
    cell->next = NULL;
    *(uint64_t *)(void *)((char *)cell + size - 8) = 0; // the loop makes steps of 16
    QvHeapCell *end = (QvHeapCell *)(void *)((char *)cell + (size & ~(size_t)15));
    for (QvHeapCell *q = cell + 1; q < end; q++) {
        q->next = NULL;
        q->type = 0;
        __asm__("" : "+r"(q)); // keeps gcc from turning the loop into that call
    }
    return cell;
}

// Frees a collectable object of n bytes; p is not NULL. May be called from within a walk. young: it
// has not been aged (see below); only then may its cell be used again at once.
static inline void qv_heap_gc_free(QvHeap *h, void *p, size_t n, bool young)
{
    if (QV_HEAP_CHECKED || QV_UNLIKELY(n > QV_HEAP_SMALL_MAX) || QV_UNLIKELY(!young)) {
        qv_heap_gc_free_slow(h, p, n, young);
        return;
    }
    size_t size = qv_heap_cell_bytes(n), k = qv_heap_class(size);
    QvHeapCell *cell = (QvHeapCell *)p;
    cell->type = 0;
    cell->next = h->gc[k].free;
    h->gc[k].free = cell;
    __atomic_store_n(&h->live, h->live - size, __ATOMIC_RELAXED);
    __atomic_store_n(&h->gc_count, h->gc_count - 1, __ATOMIC_RELAXED);
}

// Live collectable blocks.
static inline size_t qv_heap_gc_count(const QvHeap *h) { return h->gc_count; }

// Has the gc cell a block in it?
#if QV_SANITIZE
bool qv_heap_cell_used(const void *cell); // free cells are forbidden to everyone else
#else
static inline bool qv_heap_cell_used(const void *cell)
{
    return ((const QvHeapCell *)cell)->type != 0;
}
#endif

// ---- generations -------------------------------------------------------------------------------
//
// The caller marks its blocks: a new one is young; one that has lived through a collection of
// generation 0 is middle-aged, one that was found by a collection of generation 1 or 2 is old. The
// heap sees to it that the cells of one generation are found without a look at all slabs, and
// without work when a block is made: the class's free list holds cells of a few slabs only, those
// in the nursery. A cell whose block dies young goes back there; one whose block was aged goes to
// its slab's own list, and the slab waits (gc_spare) until the class's list is empty. So every
// young block is in a slab of the nursery.

// A scan of the cells that can hold blocks of at most that generation (0 to 2; 2: all). Nothing is
// allocated or freed meanwhile.
//     QvHeapScan scan;
//     qv_heap_scan_init(h, generation, false, &scan);
//     while (qv_heap_scan_next(&scan)) {
//         for (char *cell = scan.first; cell < scan.end; cell += scan.step) {
//             if (qv_heap_cell_used(cell)) { ... }
typedef struct QvHeapScan {
    char *first, *end;  // the cells found by qv_heap_scan_next, side by side
    size_t step;        // bytes from one to the next
    const QvHeap *heap; // whose cells
    QvSlab *slab;       // the next to look at
    QvHeapBig *big;     // the next to look at, after all slabs
    QvHeapBig *big_end; // where the large ones end
    size_t run;         // the starter: next run
    QvSlab *current;    // whose cells are shown; NULL: the starter's, or a large block
    int generation;     // as asked for
    bool again;         // as asked for
    int list;           // which list of slabs is gone through
} QvHeapScan;

// again: leaves out what the last scan that was no such one has found empty.
void qv_heap_scan_init(const QvHeap *h, int generation, bool again, QvHeapScan *scan);
bool qv_heap_scan_next(QvHeapScan *scan);
// The cells that are shown hold nothing of interest.
static inline void qv_heap_scan_empty(QvHeapScan *scan)
{
    if (scan->current != NULL) {
        scan->current->empty = true;
    }
}

// The caller has aged every block that a scan of this generation shows (also dying ones): to middle
// after generation 0, else to old. Sets gc_base.
void qv_heap_gc_aged(QvHeap *h, int generation);

// A full collection has run: the next one is asked for when half of what is now left below the
// limit is used. (With gc_trigger and `pressed`.)
void qv_heap_relieve(QvHeap *h);

// A walk over the live gc blocks. Blocks may be freed and allocated meanwhile (new ones may be
// visited or not). Walks nest; end them in reverse order.
//     QvHeapIter it;
//     qv_heap_iter_init(h, &it);
//     for (void *cell; (cell = qv_heap_iter_next(&it)) != NULL;) { ... }
//     qv_heap_iter_fini(&it);
typedef struct QvHeapIter {
    QvHeap *heap;             // whose blocks
    struct QvHeapIter *outer; // the walk around this one
    QvSlab *slab;             // current slab, NULL when in the large blocks
    size_t cell;              // next cell of the slab; the starter: of the run
    size_t run;               // the starter: current run
    QvHeapBig *big;           // next large block
} QvHeapIter;

void qv_heap_iter_init(QvHeap *h, QvHeapIter *it);
void *qv_heap_iter_next(QvHeapIter *it);
void qv_heap_iter_fini(QvHeapIter *it);

// Calls visit for each live gc block; stops at the first result that is not 0 and returns it.
int qv_heap_gc_walk(QvHeap *h, int (*visit)(void *ctx, void *cell), void *ctx);

// ---- the process-wide pool of idle slabs -------------------------------------------------------

// Bytes of idle slabs that the pool keeps resident, at most. Beside them it keeps one large block
// of less than 16 MiB, until a heap ends.
#define QV_HEAP_POOL_MAX (4u << 20)

// Gives the pool's idle memory back to the system. Returns the bytes that were resident.
size_t qv_heap_pool_trim(void);

// Around fork(): hold the pool, so that the child finds it whole.
void qv_heap_pool_before_fork(void);
void qv_heap_pool_after_fork(void);

#endif
