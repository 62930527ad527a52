// SPDX-License-Identifier: MIT
// Heaps and the pool of idle slabs.
//
// A slab's cells are carved lazily, up to the end of the memory page that the first of them is in:
// the free list then never makes a page resident that nobody asked for, and growth does not come
// here for each cell.
//
// A heap's first slab, the starter, is shared by all classes of both families, because a slab for
// each of the dozen classes that the smallest program uses would cost a dozen pages. It is cut into
// runs: some cells of one class. It is in the nursery for good.
//
// Slabs are cut from extents of 1 MiB, since a system call for each would cost more than its use.
// An idle slab is either warm (resident, on a list through its header) or cold (given back, one
// bit of its extent): a short-lived interpreter gets the warm slabs of the last one and makes no
// system call at all. An extent whose slabs are all cold is unmapped, a few apart.
//
// Who may touch what: a QvHeap belongs to the holder of its interpreter's lock. Extents, and slabs
// while they are idle, belong to the holder of qv_heap_pool.mu.
#include "base/heap.h"
#include "base/bigmem.h"
#include "base/sync.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>

// Sanitizers see single allocations only when they come from malloc.
#define PLAIN_MALLOC (QV_SANITIZE || QV_SANITIZE_THREAD)

#if !PLAIN_MALLOC
#include <jemalloc/jemalloc.h>
#endif

#define PAGE              4096 // what carving keeps to; larger real pages make it less thrifty
#define EXTENT_SLABS      64
#define EXTENT_SIZE       ((size_t)EXTENT_SLABS * QV_HEAP_SLAB_SIZE)
#define COLD_EXTENTS_KEPT 8   // address space only
#define SMALL_PROCESS     32  // extents up to here ask for small pages, not 2 MiB at once
#define RUN_BYTES         512 // of the starter, if the class has no larger cells
#define BIG_RAW           UINT32_C(0x71B16BA0)
#define BIG_GC            UINT32_C(0x71B160C0)
#define BIG_LOOSE         UINT32_C(0x71B1100E)
#define BIG_PLAIN         UINT32_C(0x71B1F1A1) // a loose one that malloc has given
#define MAPPED_MIN        ((size_t)3 << 20)    // bytes of a large block that is mapped by itself
#define GROWN_MIN         ((size_t)512 << 10)  // the same for one that has grown to that
#define PUT_LATER_MIN     ((size_t)256 << 10)  // bytes of a block that `put_later` gets
#define DROP_MIN          ((size_t)16 << 20)   // bytes of a block that is freed part by part
#define DROP_STEP         ((size_t)8 << 20)
#define SPARE_SHARE       16 // a gc slab is taken from when one cell in so many is free
#define NURSERY_MAX       96 // slabs that stay in the nursery after a collection

// ---- ASan ------------------------------------------------------------------------------------

#if defined(__has_feature)
#define HAS_FEATURE_ASAN __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_FEATURE_ASAN 1
#else
#define HAS_FEATURE_ASAN 0
#endif

#if HAS_FEATURE_ASAN
#include <sanitizer/asan_interface.h>
// For the words of a cell that are forbidden to everyone else. Not inlined: the attribute would be
// lost in a function that is checked.
#define UNCHECKED __attribute__((no_sanitize_address, noinline))
static inline void forbid(const void *p, size_t n) { __asan_poison_memory_region(p, n); }
static inline void permit(const void *p, size_t n) { __asan_unpoison_memory_region(p, n); }
#else
#define UNCHECKED inline
static inline void forbid(const void *p, size_t n)
{
    (void)p;
    (void)n;
}
static inline void permit(const void *p, size_t n)
{
    (void)p;
    (void)n;
}
#endif

static UNCHECKED uintptr_t peek_type(const QvHeapCell *cell) { return cell->type; }

static UNCHECKED QvHeapCell *peek_next(const QvHeapCell *cell) { return cell->next; }

static UNCHECKED void poke_next(QvHeapCell *cell, QvHeapCell *next) { cell->next = next; }

// ---- the starter -------------------------------------------------------------------------------

// Cells of one class, side by side.
typedef struct Run {
    uint16_t start;    // bytes from the slab's start
    uint8_t klass;     // size class
    uint8_t cells : 7; // at most RUN_BYTES / 16
    uint8_t gc : 1;    // family
} Run;

// What follows the slab's header in the starter. A run takes more than half of RUN_BYTES.
typedef struct Runs {
    uint16_t n;
    uint16_t cells; // of all runs
    uint16_t used;  // bytes of the slab
    Run run[QV_HEAP_SLAB_SIZE / (RUN_BYTES / 2)];
} Runs;

#define RUNS_START (QV_HEAP_SLAB_HEAD + ((sizeof(Runs) + 15) & ~(size_t)15)) // of the first run

static Runs *runs_of(const QvSlab *slab)
{
    return (Runs *)((char *)(uintptr_t)slab + QV_HEAP_SLAB_HEAD);
}

// ---- the pool of idle slabs --------------------------------------------------------------------

// 64 slabs of address space.
typedef struct QvHeapExtent {
    char *base;                // first slab
    uint64_t cold;             // bit i: slab i is idle and not resident
    struct QvHeapExtent *next; // list of extents with a cold slab
    struct QvHeapExtent *prev; // NULL for the first, and off the list
} QvHeapExtent;

typedef struct QvHeapPool {
    QvMutex mu;          // guards all below
    QvSlab *warm;        // idle resident slabs
    size_t warm_count;   // their number
    QvHeapExtent *cold;  // extents that have a cold slab
    QvHeapBig *big;      // a mapped block that was freed, below DROP_MIN bytes; or NULL
    size_t extents;      // mapped
    size_t cold_extents; // mapped, with nothing but cold slabs
} QvHeapPool;

static QvHeapPool qv_heap_pool = {.mu = QV_MUTEX_INIT(QV_RANK_HEAP_POOL)};

#if !PLAIN_MALLOC
static void extent_link(QvHeapExtent *e)
{
    e->prev = NULL;
    e->next = qv_heap_pool.cold;
    if (e->next != NULL) {
        e->next->prev = e;
    }
    qv_heap_pool.cold = e;
}

static void extent_unlink(QvHeapExtent *e)
{
    if (e->prev != NULL) {
        e->prev->next = e->next;
    } else {
        qv_heap_pool.cold = e->next;
    }
    if (e->next != NULL) {
        e->next->prev = e->prev;
    }
    e->next = NULL;
    e->prev = NULL;
}

// Maps a new extent and links it; the pool's mutex is held.
static QvHeapExtent *extent_new(void)
{
    QvHeapExtent *e = malloc(sizeof(*e));
    if (e == NULL) {
        return NULL;
    }
    size_t slack = QV_HEAP_SLAB_SIZE - PAGE;
    char *p =
        mmap(NULL, EXTENT_SIZE + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        free(e);
        return NULL;
    }
    size_t lead = (0 - (uintptr_t)p) & (QV_HEAP_SLAB_SIZE - 1);
    if (lead > 0) {
        munmap(p, lead);
    }
    if (lead < slack) {
        munmap(p + lead + EXTENT_SIZE, slack - lead);
    }
    p += lead;
    if (qv_heap_pool.extents < SMALL_PROCESS) {
        (void)madvise(p, EXTENT_SIZE, MADV_NOHUGEPAGE); // refused where there are none
    }
    *e = (QvHeapExtent){.base = p, .cold = ~UINT64_C(0)};
    qv_heap_pool.extents++;
    qv_heap_pool.cold_extents++;
    extent_link(e);
    return e;
}

// An idle slab, contents undefined but for `extent`. NULL on failure.
static QvSlab *pool_take(void)
{
    QvHeapPool *pool = &qv_heap_pool;
    qv_mutex_lock(&pool->mu);
    QvSlab *slab = pool->warm;
    if (slab != NULL) {
        pool->warm = slab->next;
        pool->warm_count--;
        qv_mutex_unlock(&pool->mu);
        return slab;
    }
    QvHeapExtent *e = pool->cold != NULL ? pool->cold : extent_new();
    if (e == NULL) {
        qv_mutex_unlock(&pool->mu);
        return NULL;
    }
    if (e->cold == ~UINT64_C(0)) {
        pool->cold_extents--;
    }
    int bit = __builtin_ctzll(e->cold);
    e->cold &= e->cold - 1;
    if (e->cold == 0) {
        extent_unlink(e);
    }
    qv_mutex_unlock(&pool->mu);
    slab = (QvSlab *)(e->base + (size_t)bit * QV_HEAP_SLAB_SIZE);
    slab->extent = e;
    return slab;
}

// Gives `count` neighbouring slabs back to the system, from number `first` of the extent.
static void chill(QvHeapExtent *e, size_t first, size_t count)
{
    uint64_t mask = (count == EXTENT_SLABS ? ~UINT64_C(0) : (UINT64_C(1) << count) - 1) << first;
    (void)madvise(e->base + first * QV_HEAP_SLAB_SIZE, count * QV_HEAP_SLAB_SIZE, MADV_DONTNEED);
    QvHeapPool *pool = &qv_heap_pool;
    bool drop = false;
    qv_mutex_lock(&pool->mu);
    if (e->cold == 0) {
        extent_link(e);
    }
    e->cold |= mask;
    if (e->cold == ~UINT64_C(0)) {
        drop = pool->cold_extents >= COLD_EXTENTS_KEPT;
        if (drop) {
            extent_unlink(e);
            pool->extents--;
        } else {
            pool->cold_extents++;
        }
    }
    qv_mutex_unlock(&pool->mu);
    if (drop) {
        munmap(e->base, EXTENT_SIZE);
        free(e);
    }
}

// Chills a list of slabs, neighbours together: a heap's list mostly runs through its extents in
// order, and one madvise for each slab would be the larger part of a big heap's teardown.
static void chill_list(QvSlab *slab)
{
    while (slab != NULL) {
        QvHeapExtent *e = slab->extent;
        size_t low = (size_t)((char *)slab - e->base) / QV_HEAP_SLAB_SIZE;
        size_t high = low;
        slab = slab->next;
        while (slab != NULL && slab->extent == e) {
            size_t i = (size_t)((char *)slab - e->base) / QV_HEAP_SLAB_SIZE;
            if (i + 1 == low) {
                low = i;
            } else if (i == high + 1) {
                high = i;
            } else {
                break;
            }
            slab = slab->next;
        }
        chill(e, low, high - low + 1);
    }
}

// Takes back a list of slabs.
static void pool_give(QvSlab *list)
{
    QvHeapPool *pool = &qv_heap_pool;
    qv_mutex_lock(&pool->mu);
    while (list != NULL && pool->warm_count < QV_HEAP_POOL_MAX / QV_HEAP_SLAB_SIZE) {
        QvSlab *next = list->next;
        list->heap = NULL;
        list->next = pool->warm;
        pool->warm = list;
        pool->warm_count++;
        list = next;
    }
    qv_mutex_unlock(&pool->mu);
    chill_list(list);
}

static size_t pages_of(size_t size) { return (size + PAGE - 1) & ~(size_t)(PAGE - 1); }

static void unmap(QvHeapBig *big)
{
    if (big) {
        munmap(big, pages_of(big->size));
    }
}

// Puts another block, or none, into the pool, and takes the one that is there.
static QvHeapBig *swap_kept(QvHeapBig *big)
{
    qv_mutex_lock(&qv_heap_pool.mu);
    QvHeapBig *kept = qv_heap_pool.big;
    qv_heap_pool.big = big;
    qv_mutex_unlock(&qv_heap_pool.mu);
    return kept;
}

static void drop_kept(void) { unmap(swap_kept(NULL)); }

size_t qv_heap_pool_trim(void)
{
    QvHeapPool *pool = &qv_heap_pool;
    QvHeapBig *big = swap_kept(NULL);
    qv_mutex_lock(&pool->mu);
    QvSlab *list = pool->warm;
    size_t bytes = pool->warm_count * QV_HEAP_SLAB_SIZE + (big ? pages_of(big->size) : 0);
    pool->warm = NULL;
    pool->warm_count = 0;
    qv_mutex_unlock(&pool->mu);
    chill_list(list);
    unmap(big);
    qv_bigmem_trim();
    return bytes;
}
#else
// No pool: a sanitizer can then tell a slab's lives apart.
static QvSlab *pool_take(void)
{
    QvSlab *slab = aligned_alloc(QV_HEAP_SLAB_SIZE, QV_HEAP_SLAB_SIZE);
    if (slab != NULL) {
        slab->extent = NULL;
    }
    return slab;
}

static void pool_give(QvSlab *list)
{
    while (list != NULL) {
        QvSlab *next = list->next;
        permit(list, QV_HEAP_SLAB_SIZE);
        free(list);
        list = next;
    }
}

static void drop_kept(void) {}

size_t qv_heap_pool_trim(void) { return 0; }
#endif

void qv_heap_pool_before_fork(void) { qv_mutex_lock(&qv_heap_pool.mu); }

void qv_heap_pool_after_fork(void) { qv_mutex_unlock(&qv_heap_pool.mu); }

// ---- accounting --------------------------------------------------------------------------------

static void set_mark(QvHeap *h)
{
    size_t mark = h->peak < h->limit ? h->peak : h->limit;
    h->mark = mark < h->pressure ? mark : h->pressure;
}

// Is a block larger than the machine's memory? The system would promise it (pages are made on first
// use) and kill the process later, where MemoryError is due now.
static bool beyond_machine(size_t size)
{
    if (QV_LIKELY(size < (size_t)1 << 30)) {
        return false;
    }
    long pages = sysconf(_SC_PHYS_PAGES);
    long page = sysconf(_SC_PAGESIZE);
    return pages > 0 && page > 0 && size / (size_t)page >= (size_t)pages;
}

static bool fits_limit(QvHeap *h, size_t size)
{
    bool fits = h->live <= h->limit && size <= h->limit - h->live;
    if (QV_UNLIKELY(!fits) && qv_heap_fetch_away(h)) {
        fits = h->live <= h->limit && size <= h->limit - h->live;
    }
    return fits;
}

// May `size` accounted bytes more be allocated? Also the place where faults are injected.
static bool admit(QvHeap *h, size_t size)
{
    if (QV_HEAP_CHECKED && h->fail_in >= 0) {
        if (h->fail_in == 0) {
            if (h->fail_once) {
                h->fail_in = -1;
            }
            return false;
        }
        h->fail_in--;
    }
    return fits_limit(h, size) && !beyond_machine(size);
}

static void grow_live(QvHeap *h, size_t size)
{
    size_t live = h->live + size;
    __atomic_store_n(&h->live, live, __ATOMIC_RELAXED);
    if (live > h->peak) {
        __atomic_store_n(&h->peak, live, __ATOMIC_RELAXED);
        set_mark(h);
    }
    if (live > h->pressure) {
        h->pressed = true;
        h->gc_trigger = 0; // the next collectable object asks
        h->pressure = SIZE_MAX;
        set_mark(h);
    }
}

static void shrink_live(QvHeap *h, size_t size)
{
    qv_assert(h->live >= size);
    __atomic_store_n(&h->live, h->live - size, __ATOMIC_RELAXED);
}

// Counts an allocation that has succeeded.
static void count_alloc(QvHeap *h, size_t size, bool gc)
{
    grow_live(h, size);
    __atomic_store_n(&h->allocs, h->allocs + 1, __ATOMIC_RELAXED);
    if (gc) {
        __atomic_store_n(&h->gc_count, h->gc_count + 1, __ATOMIC_RELAXED);
    }
}

static void count_free(QvHeap *h, size_t size, bool gc)
{
    shrink_live(h, size);
    if (gc) {
        qv_assert(h->gc_count > 0);
        __atomic_store_n(&h->gc_count, h->gc_count - 1, __ATOMIC_RELAXED);
        if (h->gc_count < h->gc_base) {
            // What is made is counted from here, as if nothing older had died.
            h->gc_trigger -=
                h->gc_trigger != SIZE_MAX && h->gc_trigger > 0 ? h->gc_base - h->gc_count : 0;
            h->gc_base = h->gc_count;
        }
    }
}

// ---- poison ------------------------------------------------------------------------------------

#if QV_HEAP_CHECKED
// First byte of a free cell that is poisoned: what is before has a meaning.
static size_t poison_start(bool gc) { return gc ? sizeof(QvHeapCell) : offsetof(QvHeapCell, type); }

// Fills a cell that becomes free and forbids it.
static void poison_cell(QvHeapCell *cell, size_t size, bool gc)
{
    size_t start = poison_start(gc);
    memset((char *)cell + start, QV_HEAP_POISON, size - start);
    forbid(cell, size);
}

static bool all_poison(const QvHeapCell *cell, size_t size, bool gc)
{
    const uint8_t *p = (const uint8_t *)cell;
    for (size_t i = poison_start(gc); i < size; i++) {
        if (p[i] != QV_HEAP_POISON) {
            return false;
        }
    }
    return true;
}

// Gives n bytes of a cell to their user, after a look whether somebody wrote to it while it was
// free.
static void unpoison_cell(QvHeapCell *cell, size_t size, size_t n, bool gc)
{
    permit(cell, size);
    qv_assert(all_poison(cell, size, gc) && "written after free");
    if (gc) {
        qv_assert(cell->type == 0 && "written after free");
        memset(cell, 0, size);
    } else {
        memset(cell, 0xCB, size); // neither zero nor the poison: it was never written
    }
    if (n < size) {
        forbid((char *)cell + n, size - n);
    }
}

// The same for a cell of the starter.
static void check_run(const QvSlab *slab, const void *p, size_t size, bool gc)
{
    const Runs *runs = runs_of(slab);
    size_t at = (uintptr_t)p & (QV_HEAP_SLAB_SIZE - 1);
    size_t r = 0;
    while (r + 1 < runs->n && runs->run[r + 1].start <= at) {
        r++;
    }
    const Run *run = &runs->run[r];
    qv_assert(runs->n > 0 && at >= run->start && at < runs->used);
    qv_assert(run->gc == gc && "freed in the other family");
    qv_assert(qv_heap_class_bytes(run->klass) == size &&
              "freed with another size than it was allocated with");
    qv_assert((at - run->start) % size == 0 && "freed in the middle");
    (void)run;
    (void)size;
    (void)gc;
}

// Is p a cell in use, of this heap, family and size?
static void check_cell(const QvHeap *h, const void *p, size_t size, bool gc)
{
    const QvSlab *slab = qv_heap_slab(p);
    qv_assert(((uintptr_t)p & 7) == 0);
    qv_assert(slab->heap == h && "freed in another heap than it was allocated in");
    if (slab->carved == QV_HEAP_MIXED) {
        check_run(slab, p, size, gc);
        return;
    }
    qv_assert(slab->gc == gc && "freed in the other family");
    qv_assert(slab->cell_size == size && "freed with another size than it was allocated with");
    size_t offset = ((uintptr_t)p & (QV_HEAP_SLAB_SIZE - 1)) - QV_HEAP_SLAB_HEAD;
    qv_assert(offset % slab->cell_size == 0 && "freed in the middle");
    qv_assert(offset / slab->cell_size < slab->carved);
    (void)slab;
    (void)h;
    (void)size;
    (void)gc;
    (void)offset;
}
#else
static inline void poison_cell(QvHeapCell *cell, size_t size, bool gc)
{
    (void)cell;
    (void)size;
    (void)gc;
}
#endif

// ---- cells -------------------------------------------------------------------------------------

// Puts a free cell on its class's list: in front, or in hard mode at the back.
static void push_cell(QvHeapClass *class, QvHeapCell *cell)
{
#if QV_HARD
    poke_next(cell, NULL);
    if (class->free == NULL) {
        class->free = cell;
    } else {
        poke_next(class->tail, cell);
    }
    class->tail = cell;
#else
    poke_next(cell, class->free);
    class->free = cell;
#endif
}

static QvSlab *slab_new(QvHeap *h, size_t k, bool gc)
{
    QvSlab *slab = pool_take();
    if (slab == NULL) {
        return NULL;
    }
    size_t size = qv_heap_class_bytes(k);
    QvSlab **list = gc ? &h->gc_slabs : &h->raw_slabs;
    slab->heap = h;
    slab->next = *list;
    slab->free = NULL;
    slab->nfree = 0;
    slab->spare = slab->nursery = slab->middle = slab->empty = false;
    slab->cell_size = (uint16_t)size;
    slab->cells = (uint16_t)((QV_HEAP_SLAB_SIZE - QV_HEAP_SLAB_HEAD) / size);
    slab->carved = 0;
    slab->idle = 0;
    slab->klass = (uint8_t)k;
    slab->gc = gc;
    *list = slab;
    __atomic_store_n(&h->slab_bytes, h->slab_bytes + QV_HEAP_SLAB_SIZE, __ATOMIC_RELAXED);
    forbid((char *)slab + QV_HEAP_SLAB_HEAD, QV_HEAP_SLAB_SIZE - QV_HEAP_SLAB_HEAD);
    return slab;
}

static void nursery_add(QvHeap *h, QvSlab *slab)
{
    if (!slab->nursery) {
        slab->nursery = true;
        slab->next_nursery = h->nursery;
        h->nursery = slab;
    }
}

// Puts n new cells on the free list, the last one first, so that addresses rise as cells are taken
// from the front.
static void push_new(QvHeapClass *class, char *first, size_t n, size_t size, bool gc)
{
    permit(first, n * size);
    for (size_t i = n; i-- > 0;) {
        QvHeapCell *cell = (QvHeapCell *)(first + i * size);
        cell->type = 0;
        poison_cell(cell, size, gc);
        push_cell(class, cell);
    }
}

// Makes the starter. Without memory for it there is none.
static void starter_new(QvHeap *h)
{
    QvSlab *slab = slab_new(h, 1, true);
    if (slab != NULL) {
        slab->carved = QV_HEAP_MIXED;
        permit(runs_of(slab), sizeof(Runs));
        runs_of(slab)->n = 0;
        runs_of(slab)->cells = 0;
        runs_of(slab)->used = RUNS_START;
        h->starter = slab;
        nursery_add(h, slab);
    }
}

// Carves a run for a class from the starter; false when its room does not suffice, which is then
// left.
static bool carve_run(QvHeap *h, QvHeapClass *class, size_t k, bool gc)
{
    Runs *runs = runs_of(h->starter);
    size_t size = qv_heap_class_bytes(k);
    size_t n = RUN_BYTES / size;
    size_t start = runs->used;
    if (start + n * size > QV_HEAP_SLAB_SIZE) {
        h->starter = NULL;
        return false;
    }
    runs->run[runs->n++] =
        (Run){.start = (uint16_t)start, .klass = (uint8_t)k, .cells = n & 127, .gc = gc};
    runs->cells = (uint16_t)(runs->cells + n);
    runs->used = (uint16_t)(start + ((n * size + 15) & ~(size_t)15));
    push_new(class, (char *)h->starter + start, n, size, gc);
    return true;
}

// Carves cells of the class's slab onto the free list: those that begin in the page of the first.
static void carve(QvHeapClass *class)
{
    QvSlab *slab = class->slab;
    size_t size = slab->cell_size;
    size_t first = slab->carved;
    size_t start = QV_HEAP_SLAB_HEAD + first * size;
    size_t page_end = (start / PAGE + 1) * PAGE;
    size_t last = first + (page_end - start + size - 1) / size;
    if (last > slab->cells) {
        last = slab->cells;
    }
    push_new(class, (char *)slab + start, last - first, size, slab->gc);
    slab->carved = (uint16_t)last;
    if (last == slab->cells) {
        class->slab = NULL;
    }
}

// A cell of an aged block, or one that nobody has asked for: to its slab's own list.
static void give_to_slab(QvHeap *h, QvHeapCell *cell)
{
    QvSlab *slab = qv_heap_slab(cell);
    poke_next(cell, slab->free);
    slab->free = cell;
    slab->nfree++;
    if (!slab->spare && slab->nfree * SPARE_SHARE >= slab->cells) {
        slab->spare = true;
        slab->next_spare = h->gc_spare[slab->klass];
        h->gc_spare[slab->klass] = slab;
    }
}

// Moves the cells of a slab that has many of its own to the class's empty list.
static void take_spare(QvHeap *h, QvHeapClass *class, size_t k)
{
    QvSlab *slab = h->gc_spare[k];
    h->gc_spare[k] = slab->next_spare;
    slab->spare = false;
    nursery_add(h, slab);
    class->free = slab->free;
    slab->free = NULL;
    slab->nfree = 0;
#if QV_HARD
    QvHeapCell *tail = class->free;
    for (QvHeapCell *next; (next = peek_next(tail)) != NULL;) {
        tail = next;
    }
    class->tail = tail;
#endif
}

// Pops a free cell, making one if need be. NULL when the system has no memory.
static QvHeapCell *pop_cell(QvHeap *h, size_t k, bool gc)
{
    QvHeapClass *class = gc ? &h->gc[k] : &h->raw[k];
    // Hard mode carves on while it can, so that freed cells stay unused longer.
    if (class->free == NULL || (QV_HARD && class->slab != NULL)) {
        if (h->slab_bytes == 0) {
            starter_new(h);
        }
        if (h->starter == NULL || !carve_run(h, class, k, gc)) {
            if (gc && class->free == NULL && h->gc_spare[k] != NULL) {
                take_spare(h, class, k);
            } else {
                if (class->slab == NULL) {
                    class->slab = slab_new(h, k, gc);
                }
                if (class->slab == NULL) {
                    return NULL;
                }
                if (gc) {
                    nursery_add(h, class->slab);
                }
                carve(class);
            }
        }
    }
    QvHeapCell *cell = class->free;
    class->free = peek_next(cell);
    return cell;
}

#if QV_HEAP_CHECKED
// Is the cell on its class's free list? Slow: only asked when the contents look like it.
static bool is_free_cell(const QvHeap *h, size_t k, const QvHeapCell *cell, bool gc)
{
    const QvHeapCell *free_cell = gc ? h->gc[k].free : h->raw[k].free;
    while (free_cell != NULL && free_cell != cell) {
        free_cell = peek_next(free_cell);
    }
    if (free_cell == NULL && gc) {
        free_cell = qv_heap_slab(cell)->free;
        while (free_cell != NULL && free_cell != cell) {
            free_cell = peek_next(free_cell);
        }
    }
    return free_cell != NULL;
}
#endif

static void *cell_alloc(QvHeap *h, size_t n, bool gc)
{
    size_t size = qv_heap_cell_bytes(n), k = qv_heap_class(size);
    if (!admit(h, size)) {
        return NULL;
    }
    QvHeapCell *cell = pop_cell(h, k, gc);
    if (cell == NULL) {
        return NULL;
    }
    count_alloc(h, size, gc);
#if QV_HEAP_CHECKED
    unpoison_cell(cell, size, n > 0 ? n : 1, gc);
#else
    if (gc) {
        memset(cell, 0, size);
    }
#endif
    return cell;
}

// aged: it is a collectable block that was aged.
static void cell_free(QvHeap *h, void *p, size_t n, bool gc, bool aged)
{
    size_t size = qv_heap_cell_bytes(n), k = qv_heap_class(size);
    QvHeapCell *cell = p;
#if QV_HEAP_CHECKED
    check_cell(h, p, size, gc);
    permit(p, size);
    qv_assert(!(all_poison(cell, size, gc) && is_free_cell(h, k, cell, gc)) && "freed twice");
#endif
    if (gc) {
        cell->type = 0;
    }
    poison_cell(cell, size, gc);
    if (aged && qv_heap_slab(cell)->carved != QV_HEAP_MIXED) {
        give_to_slab(h, cell);
    } else {
        push_cell(gc ? &h->gc[k] : &h->raw[k], cell);
    }
    count_free(h, size, gc);
}

// ---- large blocks ------------------------------------------------------------------------------

#if !PLAIN_MALLOC
// A mapped block has pages of its own: it grows without being copied (and without being there
// twice), and what is freed is no longer resident. Very large blocks are, and those that have grown
// to some size, since they will go on growing; others come again too often for that. The pool keeps
// one, with its pages, for the next.
static QvHeapBig *remap(QvHeapBig *big, size_t size)
{
    void *p = mremap(big, pages_of(big->size), pages_of(size), MREMAP_MAYMOVE);
    return p == MAP_FAILED ? NULL : p;
}

// whole: all of the block will be used soon, so that large pages lose nothing.
static QvHeapBig *map(size_t size, bool zero, bool whole)
{
    QvHeapBig *kept = zero ? NULL : swap_kept(NULL);
    QvHeapBig *big = kept ? remap(kept, size) : NULL;
    if (kept && !big) {
        unmap(kept);
    }
    if (!big) {
        big =
            mmap(NULL, pages_of(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (big == MAP_FAILED) {
            return NULL;
        }
        if (whole) {
            (void)madvise(big, pages_of(size), MADV_HUGEPAGE); // refused where there are none
        }
    }
    big->mapped = true;
    return big;
}

static QvHeapBig *big_get(const QvHeap *h, size_t size, bool zero)
{
    if (size >= MAPPED_MIN) {
        return map(size, zero, true);
    }
    // MALLOCX_ZERO would have the kernel zero the pages of a block that was used before: a fault
    // for each, when it is written, takes ten times as long as writing it here.
    QvHeapBig *big = mallocx(size, h->big_flags);
    if (big && zero) {
        memset(big, 0, size);
    }
    if (big) {
        big->mapped = false;
    }
    return big;
}

static void big_put(QvHeapBig *big, int flags)
{
    if (!big->mapped) {
        sdallocx(big, big->size, flags);
    } else if (big->size < DROP_MIN) {
        unmap(swap_kept(big));
    } else {
        unmap(big);
    }
}

static QvHeapBig *big_resize(const QvHeap *h, QvHeapBig *big, size_t size)
{
    size_t old = big->size;
    if (big->mapped) {
        return remap(big, size);
    }
    if (size < old || size < GROWN_MIN) {
        return rallocx(big, size, h->big_flags);
    }
    QvHeapBig *to = map(size, false, false);
    if (to) {
        memcpy(to, big, old);
        to->mapped = true;
        sdallocx(big, old, h->big_flags);
    }
    return to;
}

static int flags_for_arena(int arena)
{
    // An explicit arena goes past the thread's cache, which might hold blocks of others.
    return arena < 0 ? 0 : MALLOCX_ARENA((unsigned)arena) | MALLOCX_TCACHE_NONE;
}
#else
static QvHeapBig *big_get(const QvHeap *h, size_t size, bool zero)
{
    (void)h;
    return zero ? calloc(1, size) : malloc(size);
}

static QvHeapBig *big_resize(const QvHeap *h, QvHeapBig *big, size_t size)
{
    (void)h;
    return realloc(big, size);
}

static void big_put(QvHeapBig *big, int flags)
{
    (void)flags;
    free(big);
}

static int flags_for_arena(int arena)
{
    (void)arena;
    return 0;
}
#endif

// Accounted size of a block of n bytes; 0 if there can be no such block.
static size_t big_size(size_t n)
{
    if (n > (size_t)PTRDIFF_MAX - 64) {
        return 0;
    }
    return (n + QV_HEAP_BIG_HEAD + 15) & ~(size_t)15;
}

static QvHeapBig *big_of(void *p, size_t n, bool gc)
{
    QvHeapBig *big = (QvHeapBig *)((char *)p - QV_HEAP_BIG_HEAD);
    qv_assert(big->magic == (gc ? BIG_GC : BIG_RAW) && "not a large block in use");
    qv_assert(big->size == big_size(n) && "freed with another size than it was allocated with");
    (void)n;
    return big;
}

// Points the neighbours (or the list's head) to where the block is now.
static void big_relink(QvHeap *h, QvHeapBig *big, bool gc)
{
    if (big->prev != NULL) {
        big->prev->next = big;
    } else if (gc) {
        h->gc_big = big;
    } else {
        h->raw_big = big;
    }
    if (big->next != NULL) {
        big->next->prev = big;
    }
}

static void big_unlink(QvHeap *h, QvHeapBig *big, bool gc)
{
    for (QvHeapIter *it = gc ? h->iters : NULL; it != NULL; it = it->outer) {
        if (it->big == big) {
            it->big = big->next;
        }
    }
    for (int i = 0; gc && i < 2; i++) {
        if (h->gc_big_aged[i] == big) {
            h->gc_big_aged[i] = big->next;
        }
    }
    if (big->prev != NULL) {
        big->prev->next = big->next;
    } else if (gc) {
        h->gc_big = big->next;
    } else {
        h->raw_big = big->next;
    }
    if (big->next != NULL) {
        big->next->prev = big->prev;
    }
}

static void *big_alloc(QvHeap *h, size_t n, bool gc, bool zero)
{
    size_t size = big_size(n);
    if (size == 0 || !admit(h, size)) {
        return NULL;
    }
    QvHeapBig *big = big_get(h, size, zero);
    if (big == NULL) {
        return NULL;
    }
    big->next = gc ? h->gc_big : h->raw_big;
    big->prev = NULL;
    big->size = size;
    big->magic = gc ? BIG_GC : BIG_RAW;
    big_relink(h, big, gc);
    count_alloc(h, size, gc);
    return (char *)big + QV_HEAP_BIG_HEAD;
}

// Takes a block off its list; the flags it was allocated with stay with it.
static void big_loosen(QvHeap *h, QvHeapBig *big, bool gc)
{
    big_unlink(h, big, gc);
    big->prev = (QvHeapBig *)(uintptr_t)(unsigned)h->big_flags;
    big->magic = BIG_LOOSE;
}

// Gives the pages of a very large block back, part by part, since that takes long. False: a stop
// has come, what is left can wait.
static bool drop_pages(const QvHeap *h, QvHeapBig *big)
{
#if !PLAIN_MALLOC
    uintptr_t page = (uintptr_t)big | (PAGE - 1); // the first one has the head
    uintptr_t end = ((uintptr_t)big + big->size) & ~(uintptr_t)(PAGE - 1);
    for (page++; page < end; page += DROP_STEP) {
        size_t part = end - page < DROP_STEP ? end - page : DROP_STEP;
        madvise((void *)page, part, MADV_DONTNEED);
        if (__atomic_load_n(h->stops, __ATOMIC_RELAXED) & h->stop_bit) {
            return false;
        }
    }
#else
    (void)h, (void)big;
#endif
    return true;
}

static void big_free(QvHeap *h, void *p, size_t n, bool gc)
{
    QvHeapBig *big = big_of(p, n, gc);
    size_t size = big->size;
    if (QV_UNLIKELY(h->put_later != NULL) && size >= PUT_LATER_MIN) {
        big_loosen(h, big, gc);
        count_free(h, size, gc);
        h->put_later(p);
        return;
    }
    if (QV_UNLIKELY(size >= DROP_MIN) && h->stops && !drop_pages(h, big)) {
        big_loosen(h, big, gc);
        count_free(h, size, gc);
        h->put_aside(p);
        return;
    }
    big_unlink(h, big, gc);
    count_free(h, size, gc);
    big->magic = 0;
#if QV_DEBUG || QV_HARD
    memset(p, QV_HEAP_POISON, n);
#endif
    big_put(big, h->big_flags);
}

// Changes a large raw block to another large size.
static void *big_realloc(QvHeap *h, void *p, size_t old_n, size_t new_n)
{
    QvHeapBig *big = big_of(p, old_n, false);
    size_t old_size = big->size;
    size_t size = big_size(new_n);
    if (size == old_size) {
        return p;
    }
    if (size == 0 || (size > old_size && !admit(h, size - old_size))) {
        return NULL;
    }
    big = big_resize(h, big, size);
    if (big == NULL) {
        return NULL;
    }
    big->size = size;
    big_relink(h, big, false);
    if (size > old_size) {
        grow_live(h, size - old_size);
    } else {
        shrink_live(h, old_size - size);
    }
    __atomic_store_n(&h->allocs, h->allocs + 1, __ATOMIC_RELAXED);
    return (char *)big + QV_HEAP_BIG_HEAD;
}

// ---- loose blocks ------------------------------------------------------------------------------

void qv_heap_loosen(QvHeap *h, void *p, size_t n) { big_loosen(h, big_of(p, n, false), false); }

void qv_heap_fasten(QvHeap *h, void *p, size_t n)
{
    QvHeapBig *big = (QvHeapBig *)((char *)p - QV_HEAP_BIG_HEAD);
    qv_assert(big->magic == BIG_LOOSE && big->size == big_size(n));
    (void)n;
    big->next = h->raw_big;
    big->prev = NULL;
    big->magic = BIG_RAW;
    big_relink(h, big, false);
}

void qv_heap_forget(QvHeap *h, size_t n) { shrink_live(h, big_size(n)); }

bool qv_heap_adopt(QvHeap *h, void *p, size_t n)
{
    const QvHeapBig *big = (QvHeapBig *)((char *)p - QV_HEAP_BIG_HEAD);
    if ((int)(unsigned)(uintptr_t)big->prev != h->big_flags || !admit(h, big->size)) {
        return false;
    }
    count_alloc(h, big->size, false);
    qv_heap_fasten(h, p, n);
    return true;
}

void qv_heap_loose_free(void *p)
{
    QvHeapBig *big = (QvHeapBig *)((char *)p - QV_HEAP_BIG_HEAD);
    if (big->magic == BIG_PLAIN) {
        free(big);
        return;
    }
    qv_assert(big->magic == BIG_LOOSE);
    int flags = (int)(unsigned)(uintptr_t)big->prev;
    big->magic = 0;
    big_put(big, flags);
}

void qv_heap_free_plain(QvHeap *h, void *block, size_t n)
{
    if (QV_LIKELY(h->put_later == NULL) || n < PUT_LATER_MIN) {
        free(block);
        return;
    }
    QvHeapBig *big = block;
    *big = (QvHeapBig){.size = n, .magic = BIG_PLAIN};
    h->put_later((char *)block + QV_HEAP_BIG_HEAD);
}

void **qv_heap_loose_link(void *p)
{
    return (void **)&((QvHeapBig *)((char *)p - QV_HEAP_BIG_HEAD))->next;
}

bool qv_heap_charge(QvHeap *h, size_t n)
{
    if (!admit(h, n)) {
        return false;
    }
    grow_live(h, n);
    __atomic_store_n(&h->outside, h->outside + n, __ATOMIC_RELAXED);
    return true;
}

void qv_heap_discharge(QvHeap *h, size_t n)
{
    n = n < h->outside ? n : h->outside; // a heap that began anew has forgotten some
    __atomic_store_n(&h->outside, h->outside - n, __ATOMIC_RELAXED);
    shrink_live(h, n);
}

void *qv_heap_map(QvHeap *h, size_t n)
{
    if (!admit(h, n)) {
        return NULL;
    }
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED) {
        return NULL;
    }
    grow_live(h, n);
    return p;
}

void qv_heap_unmap(QvHeap *h, void *p, size_t n)
{
    munmap(p, n);
    shrink_live(h, n);
}

// ---- the interface -----------------------------------------------------------------------------

// All zero. The counters that any thread may read are written as always (qv_heap_stats of an
// interpreter that is being reset).
static void clear(QvHeap *h)
{
    size_t *const counters[] = {&h->live,  &h->gc_count,   &h->peak,
                                &h->limit, &h->slab_bytes, &h->outside};
    for (size_t k = 0; k < sizeof counters / sizeof *counters; k++) {
        __atomic_store_n(counters[k], 0, __ATOMIC_RELAXED);
    }
    __atomic_store_n(&h->allocs, 0, __ATOMIC_RELAXED);
    h->mark = 0;
    memset(&h->raw, 0, offsetof(QvHeap, peak) - offsetof(QvHeap, raw));
    memset(&h->away, 0, sizeof *h - offsetof(QvHeap, away));
}

int qv_heap_init(QvHeap *h, const QvHeapConfig *config)
{
    clear(h);
    h->fail_in = -1;
    h->big_flags = flags_for_arena(config != NULL ? config->arena : -1);
    h->gc_trigger = SIZE_MAX;
    qv_heap_set_limit(h, config != NULL ? config->limit : 0);
    return 0;
}

// Wipes a list in hard mode. Returns its last slab.
static QvSlab *retire_slabs(QvSlab *list)
{
    QvSlab *last = NULL;
    for (QvSlab *slab = list; slab != NULL; slab = slab->next) {
#if QV_HARD
        char *cells = (char *)slab + QV_HEAP_SLAB_HEAD;
        size_t bytes = QV_HEAP_SLAB_SIZE - QV_HEAP_SLAB_HEAD;
        permit(cells, bytes);
        memset(cells, QV_HEAP_POISON, bytes);
        forbid(cells, bytes);
#endif
        last = slab;
    }
    return last;
}

static void free_big_list(const QvHeap *h, QvHeapBig *big)
{
    while (big != NULL) {
        QvHeapBig *next = big->next;
        big_put(big, h->big_flags);
        big = next;
    }
}

void qv_heap_fini(QvHeap *h)
{
    qv_assert(h->iters == NULL);
    (void)qv_heap_leave_away(h, NULL, NULL);
    free_big_list(h, h->raw_big);
    free_big_list(h, h->gc_big);
    QvSlab *last = retire_slabs(h->raw_slabs);
    (void)retire_slabs(h->gc_slabs);
    QvSlab *list = h->gc_slabs;
    if (last != NULL) {
        last->next = list;
        list = h->raw_slabs;
    }
    if (list != NULL) {
        pool_give(list);
    }
    drop_kept(); // it was this heap's, mostly
    qv_bigmem_trim();
    clear(h);
}

void qv_heap_set_limit(QvHeap *h, size_t limit)
{
    __atomic_store_n(&h->limit, limit != 0 ? limit : SIZE_MAX, __ATOMIC_RELAXED);
    qv_heap_relieve(h);
}

bool qv_heap_fits(QvHeap *h, size_t n)
{
    if (n > (size_t)PTRDIFF_MAX - 64) {
        return false;
    }
    size_t size = n > QV_HEAP_SMALL_MAX ? big_size(n) : qv_heap_cell_bytes(n);
    return fits_limit(h, size) && !beyond_machine(size);
}

void qv_heap_stats(const QvHeap *h, QvHeapStats *ret)
{
    size_t limit = __atomic_load_n(&h->limit, __ATOMIC_RELAXED);
    size_t live = __atomic_load_n(&h->live, __ATOMIC_RELAXED);
    size_t peak = __atomic_load_n(&h->peak, __ATOMIC_RELAXED);
    *ret = (QvHeapStats){
        .live = live,
        .peak = peak < live ? live : peak, // it is written a moment after live
        .limit = limit == SIZE_MAX ? 0 : limit,
        .slab_bytes = __atomic_load_n(&h->slab_bytes, __ATOMIC_RELAXED),
        .gc_count = __atomic_load_n(&h->gc_count, __ATOMIC_RELAXED),
        .outside = __atomic_load_n(&h->outside, __ATOMIC_RELAXED),
        .allocs = __atomic_load_n(&h->allocs, __ATOMIC_RELAXED),
    };
}

bool qv_heap_fail_at(QvHeap *h, int64_t n, bool once)
{
    h->fail_in = n < 0 ? -1 : n;
    h->fail_once = once;
    return QV_HEAP_CHECKED;
}

// Counts the free cells of one family in their slabs.
static void count_idle(QvHeap *h, bool gc)
{
    QvHeapClass *classes = gc ? h->gc : h->raw;
    for (size_t k = 1; k < QV_HEAP_CLASSES; k++) {
        for (QvHeapCell *cell = classes[k].free; cell != NULL; cell = peek_next(cell)) {
            qv_heap_slab(cell)->idle++;
        }
    }
}

// Is every cell free that the slab has handed out? The free cells are counted.
static bool is_empty(const QvSlab *slab)
{
    return slab->idle == (slab->carved == QV_HEAP_MIXED ? runs_of(slab)->cells : slab->carved);
}

// Takes the cells of empty slabs off the lists of one family.
static void unlist_cells(QvHeap *h, bool gc)
{
    QvHeapClass *classes = gc ? h->gc : h->raw;
    for (size_t k = 1; k < QV_HEAP_CLASSES; k++) {
        QvHeapCell *kept = NULL;
        QvHeapCell *next;
        for (QvHeapCell *cell = classes[k].free; cell != NULL; cell = next) {
            next = peek_next(cell);
            if (is_empty(qv_heap_slab(cell))) {
                continue;
            }
            if (kept == NULL) {
                classes[k].free = cell;
            } else {
                poke_next(kept, cell);
            }
            kept = cell;
        }
        if (kept == NULL) {
            classes[k].free = NULL;
        } else {
            poke_next(kept, NULL);
        }
#if QV_HARD
        classes[k].tail = kept;
#endif
        if (classes[k].slab != NULL && is_empty(classes[k].slab)) {
            classes[k].slab = NULL;
        }
    }
}

// Takes empty slabs off the lists that lead to gc slabs.
static void unlist_slabs(QvHeap *h)
{
    for (size_t k = 1; k < QV_HEAP_CLASSES; k++) {
        for (QvSlab **link = &h->gc_spare[k]; *link != NULL;) {
            if (is_empty(*link)) {
                *link = (*link)->next_spare;
            } else {
                link = &(*link)->next_spare;
            }
        }
    }
    for (QvSlab **link = &h->nursery; *link != NULL;) {
        if (is_empty(*link)) {
            *link = (*link)->next_nursery;
        } else {
            link = &(*link)->next_nursery;
        }
    }
    for (QvSlab **link = &h->middle; *link != NULL;) {
        if (is_empty(*link)) {
            *link = (*link)->next_middle;
        } else {
            link = &(*link)->next_middle;
        }
    }
}

// Drops the empty slabs of one family; the bytes.
static size_t drop_empty(QvSlab **link)
{
    QvSlab *empty = NULL;
    size_t bytes = 0;
    while (*link != NULL) {
        QvSlab *slab = *link;
        if (is_empty(slab)) {
            *link = slab->next;
            slab->next = empty;
            empty = slab;
            bytes += QV_HEAP_SLAB_SIZE;
        } else {
            link = &slab->next;
        }
    }
    if (empty != NULL) {
        (void)retire_slabs(empty);
        pool_give(empty);
    }
    return bytes;
}

size_t qv_heap_trim(QvHeap *h)
{
    if (h->iters != NULL) {
        return 0;
    }
    for (QvSlab *slab = h->raw_slabs; slab != NULL; slab = slab->next) {
        slab->idle = 0;
    }
    for (QvSlab *slab = h->gc_slabs; slab != NULL; slab = slab->next) {
        slab->idle = slab->nfree;
    }
    count_idle(h, false);
    count_idle(h, true);
    unlist_cells(h, false);
    unlist_cells(h, true);
    unlist_slabs(h);
    if (h->starter != NULL && is_empty(h->starter)) {
        h->starter = NULL;
    }
    size_t bytes = drop_empty(&h->raw_slabs) + drop_empty(&h->gc_slabs);
    __atomic_store_n(&h->slab_bytes, h->slab_bytes - bytes, __ATOMIC_RELAXED);
    return bytes;
}

QV_NOINLINE void *qv_heap_alloc_slow(QvHeap *h, size_t n)
{
    return n > QV_HEAP_SMALL_MAX ? big_alloc(h, n, false, false) : cell_alloc(h, n, false);
}

QV_NOINLINE void qv_heap_free_slow(QvHeap *h, void *p, size_t n)
{
    if (n > QV_HEAP_SMALL_MAX) {
        big_free(h, p, n, false);
    } else {
        cell_free(h, p, n, false, false);
    }
}

QV_NOINLINE void *qv_heap_gc_alloc_slow(QvHeap *h, size_t n)
{
    qv_assert(n >= sizeof(QvHeapCell));
    return n > QV_HEAP_SMALL_MAX ? big_alloc(h, n, true, true) : cell_alloc(h, n, true);
}

QV_NOINLINE void qv_heap_gc_free_slow(QvHeap *h, void *p, size_t n, bool young)
{
    if (n > QV_HEAP_SMALL_MAX) {
        big_free(h, p, n, true);
    } else {
        cell_free(h, p, n, true, !young);
    }
}

void *qv_heap_alloc_zero(QvHeap *h, size_t n)
{
    if (n > QV_HEAP_SMALL_MAX) {
        return big_alloc(h, n, false, true);
    }
    void *p = qv_heap_alloc(h, n);
    if (p != NULL) {
        memset(p, 0, n);
    }
    return p;
}

// Cells of the class's slab that nobody has had, without a detour over the free list, which would
// touch each of them once more. How many.
static size_t carve_to(QvHeapClass *class, void **ret, size_t count)
{
    QvSlab *slab = class->slab;
    size_t size = slab->cell_size, left = (size_t)(slab->cells - slab->carved);
    size_t n = count < left ? count : left;
    char *cell = (char *)slab + QV_HEAP_SLAB_HEAD + slab->carved * size;
    for (size_t i = 0; i < n; i++, cell += size) {
        ret[i] = cell;
    }
    slab->carved = (uint16_t)(slab->carved + n);
    if (n == left) {
        class->slab = NULL;
    }
    return n;
}

size_t qv_heap_alloc_many(QvHeap *h, size_t n, void **ret, size_t count)
{
    size_t size = qv_heap_cell_bytes(n), k = qv_heap_class(size), done = 0;
    QvHeapClass *class = &h->raw[k];
    // Near the limit each block is asked for by itself; checked builds look at each one.
    bool one_by_one = QV_HEAP_CHECKED || count > SIZE_MAX / size || !admit(h, size * count);
    while (done < count) {
        if (one_by_one) {
            ret[done] = qv_heap_alloc(h, n);
            if (ret[done] == NULL) {
                return done;
            }
            done++;
            continue;
        }
        QvHeapCell *cell = class->free;
        for (; cell != NULL && done < count; cell = cell->next) {
            ret[done++] = cell;
        }
        class->free = cell;
        if (done < count && class->slab != NULL) {
            done += carve_to(class, ret + done, count - done);
        } else if (done < count) {
            cell = pop_cell(h, k, false);
            if (cell == NULL) {
                break;
            }
            ret[done++] = cell;
        }
    }
    if (!one_by_one && done > 0) {
        grow_live(h, size * done);
        __atomic_store_n(&h->allocs, h->allocs + done, __ATOMIC_RELAXED);
    }
    return done;
}

void *qv_heap_realloc(QvHeap *h, void *p, size_t old_n, size_t new_n)
{
    if (p == NULL) {
        return qv_heap_alloc(h, new_n);
    }
    bool old_small = old_n <= QV_HEAP_SMALL_MAX;
    bool new_small = new_n <= QV_HEAP_SMALL_MAX;
    if (!old_small && !new_small) {
        return big_realloc(h, p, old_n, new_n);
    }
    if (old_small && new_small && qv_heap_cell_bytes(old_n) == qv_heap_cell_bytes(new_n)) {
        size_t size = qv_heap_cell_bytes(new_n);
        permit(p, size);
        if (new_n < size) {
            forbid((char *)p + new_n, size - new_n);
        }
        return p;
    }
    void *moved = qv_heap_alloc(h, new_n);
    if (moved == NULL) {
        return NULL;
    }
    memcpy(moved, p, old_n < new_n ? old_n : new_n);
    qv_heap_free(h, p, old_n);
    return moved;
}

// ---- the collector's view ----------------------------------------------------------------------

#if QV_SANITIZE
bool qv_heap_cell_used(const void *cell) { return peek_type(cell) != 0; }
#endif

// Not inlined: gcc would warn that a heap keeps the address of qv_heap_gc_walk's local.
QV_NOINLINE void qv_heap_iter_init(QvHeap *h, QvHeapIter *it)
{
    *it = (QvHeapIter){
        .heap = h,
        .outer = h->iters,
        .slab = h->gc_slabs,
        .big = h->gc_big,
    };
    h->iters = it;
}

// The same for the starter, whose runs are looked at one after another.
static void *next_in_runs(QvHeapIter *it, QvSlab *slab)
{
    const Runs *runs = runs_of(slab);
    for (; it->run < runs->n; it->run++, it->cell = 0) {
        const Run *run = &runs->run[it->run];
        for (size_t i = it->cell; run->gc && i < run->cells; i++) {
            void *cell = (char *)slab + run->start + i * qv_heap_class_bytes(run->klass);
            if (peek_type(cell) != 0) {
                it->slab = slab;
                it->cell = i + 1;
                return cell;
            }
        }
    }
    return NULL;
}

void *qv_heap_iter_next(QvHeapIter *it)
{
    for (QvSlab *slab = it->slab; slab != NULL; slab = slab->next, it->cell = 0) {
        if (slab->carved == QV_HEAP_MIXED) {
            void *cell = next_in_runs(it, slab);
            if (cell != NULL) {
                return cell;
            }
            continue;
        }
        size_t size = slab->cell_size;
        char *cells = (char *)slab + QV_HEAP_SLAB_HEAD;
        for (size_t i = it->cell; i < slab->carved; i++) {
            void *cell = cells + i * size;
            if (peek_type(cell) != 0) {
                it->slab = slab;
                it->cell = i + 1;
                return cell;
            }
        }
    }
    it->slab = NULL;
    while (it->big != NULL) {
        QvHeapBig *big = it->big;
        it->big = big->next;
        void *cell = (char *)big + QV_HEAP_BIG_HEAD;
        if (peek_type(cell) != 0) {
            return cell;
        }
    }
    return NULL;
}

void qv_heap_iter_fini(QvHeapIter *it)
{
    qv_assert(it->heap->iters == it);
    it->heap->iters = it->outer;
}

int qv_heap_gc_walk(QvHeap *h, int (*visit)(void *ctx, void *cell), void *ctx)
{
    QvHeapIter it;
    qv_heap_iter_init(h, &it);
    int result = 0;
    void *cell;
    while (result == 0 && (cell = qv_heap_iter_next(&it)) != NULL) {
        result = visit(ctx, cell);
    }
    qv_heap_iter_fini(&it);
    return result;
}

// ---- generations -------------------------------------------------------------------------------

typedef enum ScanList { SCAN_NURSERY, SCAN_MIDDLE, SCAN_ALL } ScanList;

void qv_heap_scan_init(const QvHeap *h, int generation, bool again, QvHeapScan *scan)
{
    *scan = (QvHeapScan){
        .heap = h,
        .generation = generation,
        .again = again,
        .list = generation < 2 ? SCAN_NURSERY : SCAN_ALL,
        .slab = generation < 2 ? h->nursery : h->gc_slabs,
        .big = h->gc_big,
        .big_end = generation < 2 ? h->gc_big_aged[generation] : NULL,
    };
}

static QvSlab *slab_after(const QvSlab *slab, int list)
{
    if (list == SCAN_NURSERY) {
        return slab->next_nursery;
    }
    return list == SCAN_MIDDLE ? slab->next_middle : slab->next;
}

// The next run of collectable cells of the starter.
static bool scan_run(QvHeapScan *scan, QvSlab *slab)
{
    const Runs *runs = runs_of(slab);
    while (scan->run < runs->n) {
        const Run *run = &runs->run[scan->run++];
        if (run->gc) {
            scan->step = qv_heap_class_bytes(run->klass);
            scan->first = (char *)slab + run->start;
            scan->end = scan->first + run->cells * scan->step;
            return true;
        }
    }
    return false;
}

bool qv_heap_scan_next(QvHeapScan *scan)
{
    scan->current = NULL;
    while (true) {
        QvSlab *slab = scan->slab;
        if (slab == NULL) {
            if (scan->list != SCAN_NURSERY || scan->generation == 0) {
                break;
            }
            scan->list = SCAN_MIDDLE;
            scan->slab = scan->heap->middle;
            continue;
        }
        if (slab->carved == QV_HEAP_MIXED && scan_run(scan, slab)) {
            return true;
        }
        scan->slab = slab_after(slab, scan->list);
        if (slab->carved == QV_HEAP_MIXED || (scan->list == SCAN_MIDDLE && slab->nursery) ||
            (scan->again && slab->empty)) {
            continue;
        }
        slab->empty = scan->again && slab->empty;
        scan->current = slab;
        scan->step = slab->cell_size;
        scan->first = (char *)slab + QV_HEAP_SLAB_HEAD;
        scan->end = scan->first + slab->carved * scan->step;
        return true;
    }
    if (scan->big == scan->big_end) {
        return false;
    }
    scan->first = (char *)scan->big + QV_HEAP_BIG_HEAD;
    scan->end = scan->first + 1;
    scan->step = 1;
    scan->big = scan->big->next;
    return true;
}

// Does the class's free list still hold cells of the slab? All that it has carved are in use, or
// there, or on its own list.
static bool has_listed(const QvSlab *slab)
{
    size_t used = slab->nfree;
    const char *cell = (const char *)slab + QV_HEAP_SLAB_HEAD;
    for (size_t i = 0; i < slab->carved; i++, cell += slab->cell_size) {
        used += qv_heap_cell_used(cell);
    }
    return used != slab->carved;
}

// Empties the free lists but for the starter's cells, and with them the nursery.
static void empty_nursery(QvHeap *h)
{
    for (size_t k = 1; k < QV_HEAP_CLASSES; k++) {
        QvHeapCell *cell = h->gc[k].free;
        h->gc[k].free = NULL;
        while (cell != NULL) {
            QvHeapCell *next = peek_next(cell);
            if (qv_heap_slab(cell)->carved == QV_HEAP_MIXED) {
                push_cell(&h->gc[k], cell);
            } else {
                give_to_slab(h, cell);
            }
            cell = next;
        }
    }
    for (QvSlab **link = &h->nursery; *link != NULL;) {
        QvSlab *slab = *link;
        if (slab->carved == QV_HEAP_MIXED) {
            link = &slab->next_nursery;
        } else {
            *link = slab->next_nursery;
            slab->nursery = false;
        }
    }
}

void qv_heap_gc_aged(QvHeap *h, int generation)
{
    if (generation > 0) {
        for (QvSlab *slab = h->middle; slab != NULL; slab = slab->next_middle) {
            slab->middle = false;
        }
        h->middle = NULL;
    }
    size_t kept = 0;
    for (QvSlab **link = &h->nursery; *link != NULL;) {
        QvSlab *slab = *link;
        bool mixed = slab->carved == QV_HEAP_MIXED;
        if (generation == 0 && !mixed && !slab->middle) {
            slab->middle = true;
            slab->next_middle = h->middle;
            h->middle = slab;
        }
        if (mixed || has_listed(slab)) {
            kept++;
            link = &slab->next_nursery;
        } else {
            *link = slab->next_nursery;
            slab->nursery = false;
        }
    }
    if (kept > NURSERY_MAX) {
        empty_nursery(h);
    }
    h->gc_big_aged[0] = h->gc_big;
    if (generation > 0) {
        h->gc_big_aged[1] = h->gc_big;
    }
    h->gc_base = h->gc_count;
}

void qv_heap_relieve(QvHeap *h)
{
    h->pressed = false;
    h->pressure = SIZE_MAX;
    if (h->limit != SIZE_MAX && h->live < h->limit) {
        // Near the limit one collection after another would find nothing.
        size_t room = h->limit - h->live;
        size_t least = h->limit / 32;
        h->pressure = h->live + (room / 2 > least ? room / 2 : least);
    }
    set_mark(h);
}
