// SPDX-License-Identifier: MIT
// Unit tests of base/heap.h.
#include "base/heap.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What the collector's objects look like to the heap: the type at offset 8.
typedef struct Object {
    uint64_t count;
    const void *type;
    uint64_t rest[];
} Object;

static const char some_type[] = "type";

static uint32_t seed = 12345;

static uint32_t next_random(void)
{
    seed = seed * 1664525u + 1013904223u;
    return seed >> 8;
}

static Object *object_new(QvHeap *h, size_t n)
{
    Object *o = qv_heap_gc_alloc(h, n);
    ck_assert_ptr_nonnull(o);
    o->type = some_type;
    return o;
}

START_TEST(test_sizes)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    size_t live = 0;
    char *blocks[1200];
    for (size_t n = 0; n < 1200; n++) {
        blocks[n] = qv_heap_alloc(&h, n);
        ck_assert_ptr_nonnull(blocks[n]);
        bool fine = n > 16 && n <= 64;
        ck_assert_uint_eq((uintptr_t)blocks[n] % (fine && n % 16 > 0 ? 8 : 16), 0);
        memset(blocks[n], (int)(n & 0xFF), n);
        live += fine       ? (n + 7) / 8 * 8
                : n <= 512 ? (n + (n == 0) + 15) / 16 * 16
                           : (n + 32 + 15) / 16 * 16;
        ck_assert_uint_eq(h.live, live);
    }
    for (size_t n = 0; n < 1200; n++) {
        for (size_t i = 0; i < n; i++) {
            ck_assert_int_eq((unsigned char)blocks[n][i], (int)(n & 0xFF));
        }
    }
    ck_assert_uint_eq(h.peak, live);
    for (size_t n = 0; n < 1200; n += 2) {
        qv_heap_free(&h, blocks[n], n);
    }
    for (size_t n = 1; n < 1200; n += 2) {
        qv_heap_free(&h, blocks[n], n);
    }
    ck_assert_uint_eq(h.live, 0);
    ck_assert_uint_eq(h.peak, live);
    ck_assert_uint_eq(h.allocs, 1200);
    qv_heap_free(&h, NULL, 10);
    qv_heap_fini(&h);
}
END_TEST

START_TEST(test_zeroed)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    for (int round = 0; round < 3; round++) {
        for (size_t n = 16; n < 900; n += 7) {
            unsigned char *p = qv_heap_gc_alloc(&h, n);
            ck_assert_ptr_nonnull(p);
            for (size_t i = 0; i < n; i++) {
                ck_assert_int_eq(p[i], 0);
            }
            memset(p, 0xAA, n);
            qv_heap_gc_free(&h, p, n, true);
            unsigned char *q = qv_heap_alloc_zero(&h, n);
            ck_assert_ptr_nonnull(q);
            for (size_t i = 0; i < n; i++) {
                ck_assert_int_eq(q[i], 0);
            }
            memset(q, 0xAA, n);
            qv_heap_free(&h, q, n);
        }
    }
    qv_heap_fini(&h);
}
END_TEST

START_TEST(test_realloc)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    size_t n = 0;
    unsigned char *p = NULL;
    unsigned char *other = qv_heap_alloc(&h, 700);
    for (int i = 0; i < 3000; i++) {
        size_t size = next_random() % (i % 10 == 0 ? 40000 : 700);
        unsigned char *q = qv_heap_realloc(&h, p, n, size);
        ck_assert_ptr_nonnull(q);
        for (size_t j = 0; j < size && j < n; j++) {
            ck_assert_int_eq(q[j], (int)(j * 7 & 0xFF));
        }
        for (size_t j = 0; j < size; j++) {
            q[j] = (unsigned char)(j * 7);
        }
        p = q;
        n = size;
    }
    qv_heap_free(&h, p, n);
    qv_heap_free(&h, other, 700);
    ck_assert_uint_eq(h.live, 0);
    qv_heap_fini(&h);
}
END_TEST

START_TEST(test_limit)
{
    QvHeap h;
    QvHeapConfig config = {.limit = 100000, .arena = -1};
    ck_assert_int_eq(qv_heap_init(&h, &config), 0);
    ck_assert_ptr_null(qv_heap_alloc(&h, 100001));
    ck_assert_ptr_null(qv_heap_alloc(&h, SIZE_MAX));
    ck_assert_ptr_null(qv_heap_alloc(&h, (size_t)PTRDIFF_MAX));
    ck_assert_ptr_null(qv_heap_gc_alloc(&h, SIZE_MAX - 3));
    ck_assert(qv_heap_fits(&h, 99000));
    ck_assert(!qv_heap_fits(&h, 100000));
    ck_assert(!qv_heap_fits(&h, SIZE_MAX));
    ck_assert_uint_eq(h.live, 0);
    void *cells[100000 / 48 + 1];
    size_t n = 0;
    for (;;) {
        void *p = qv_heap_alloc(&h, 41);
        if (p == NULL) {
            break;
        }
        cells[n++] = p;
    }
    ck_assert_uint_eq(n, 100000 / 48);
    ck_assert_uint_eq(h.live, n * 48);
    // A second heap is not concerned.
    QvHeap other;
    ck_assert_int_eq(qv_heap_init(&other, NULL), 0);
    ck_assert_ptr_nonnull(qv_heap_alloc(&other, 1000000));
    qv_heap_fini(&other);
    // One freed, one given.
    qv_heap_free(&h, cells[--n], 41);
    cells[n] = qv_heap_alloc(&h, 41);
    ck_assert_ptr_nonnull(cells[n]);
    n++;
    ck_assert_ptr_null(qv_heap_alloc(&h, 41));
    // A limit below what is live gives nothing, and lets free go on.
    qv_heap_set_limit(&h, 1000);
    qv_heap_free(&h, cells[--n], 41);
    ck_assert_ptr_null(qv_heap_alloc(&h, 41));
    qv_heap_set_limit(&h, 0);
    void *p = qv_heap_alloc(&h, 1 << 20);
    ck_assert_ptr_nonnull(p);
    qv_heap_set_limit(&h, h.live + 1000);
    ck_assert_ptr_null(qv_heap_realloc(&h, p, 1 << 20, 1 << 21));
    p = qv_heap_realloc(&h, p, 1 << 20, 1 << 19);
    ck_assert_ptr_nonnull(p);
    QvHeapStats stats;
    qv_heap_stats(&h, &stats);
    ck_assert_uint_eq(stats.live, n * 48 + (1 << 19) + 32);
    ck_assert_uint_gt(stats.peak, 1 << 20);
    qv_heap_fini(&h);
}
END_TEST

typedef struct Walk {
    QvHeap *heap;
    size_t seen;
    size_t n; // size of every object
    Object *victims[64];
    size_t victim_count;
    bool free_self;
} Walk;

static int visit_count(void *ctx, void *cell)
{
    Walk *w = ctx;
    ck_assert_ptr_eq(((Object *)cell)->type, some_type);
    w->seen++;
    return 0;
}

static int visit_free(void *ctx, void *cell)
{
    Walk *w = ctx;
    Object *o = cell;
    w->seen++;
    if (w->free_self || o->count % 3 == 0) {
        qv_heap_gc_free(w->heap, o, w->n, true);
    }
    // Frees a neighbour too, which the walk may be about to visit.
    while (w->victim_count > 0) {
        qv_heap_gc_free(w->heap, w->victims[--w->victim_count], w->n, true);
    }
    return 0;
}

static int visit_stop(void *ctx, void *cell)
{
    (void)cell;
    return ++*(int *)ctx == 5 ? 77 : 0;
}

static void walk_size(size_t n)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    Walk w = {.heap = &h, .n = n};
    Object *all[3000];
    for (size_t i = 0; i < 3000; i++) {
        all[i] = object_new(&h, n);
        all[i]->count = i;
        // Raw blocks stay out of sight.
        ck_assert_ptr_nonnull(memset(qv_heap_alloc(&h, n), 0xFF, n));
    }
    ck_assert_uint_eq(qv_heap_gc_count(&h), 3000);
    ck_assert_int_eq(qv_heap_gc_walk(&h, visit_count, &w), 0);
    ck_assert_uint_eq(w.seen, 3000);
    int calls = 0;
    ck_assert_int_eq(qv_heap_gc_walk(&h, visit_stop, &calls), 77);
    for (size_t i = 0; i < 10; i++) {
        w.victims[i] = all[i * 15 + 1]; // none divisible by three
    }
    w.victim_count = 10;
    w.seen = 0;
    ck_assert_int_eq(qv_heap_gc_walk(&h, visit_free, &w), 0);
    ck_assert_uint_ge(w.seen, 2990);
    ck_assert_uint_eq(qv_heap_gc_count(&h), 1990);
    w.seen = 0;
    ck_assert_int_eq(qv_heap_gc_walk(&h, visit_count, &w), 0);
    ck_assert_uint_eq(w.seen, 1990);
    // Everything goes; then the slabs can.
    w.free_self = true;
    ck_assert_int_eq(qv_heap_gc_walk(&h, visit_free, &w), 0);
    ck_assert_uint_eq(qv_heap_gc_count(&h), 0);
    size_t slabs = h.slab_bytes;
    size_t freed = qv_heap_trim(&h);
    if (n <= 512) {
        ck_assert_uint_ge(freed, 3000 * n / 16384 * 16384);
    }
    ck_assert_uint_eq(h.slab_bytes, slabs - freed);
    Object *o = object_new(&h, n);
    w.seen = 0;
    ck_assert_int_eq(qv_heap_gc_walk(&h, visit_count, &w), 0);
    ck_assert_uint_eq(w.seen, 1);
    qv_heap_gc_free(&h, o, n, true);
    qv_heap_fini(&h);
}

START_TEST(test_walk)
{
    walk_size(16);
    walk_size(48);
    walk_size(333);
    walk_size(512);
    walk_size(513);
    walk_size(5000);
}
END_TEST

// What a scan shows: each block of this age or younger once, and maybe older ones.
static void expect_scan(QvHeap *h, int generation, Object *const *all, size_t n)
{
    QvHeapScan scan;
    qv_heap_scan_init(h, generation, false, &scan);
    while (qv_heap_scan_next(&scan)) {
        for (char *cell = scan.first; cell < scan.end; cell += scan.step) {
            if (qv_heap_cell_used(cell)) {
                ((Object *)cell)->rest[0] += 100;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (all[i] == NULL) {
            continue;
        }
        // rest[0] % 100 is the block's age.
        if (all[i]->rest[0] % 100 <= (uint64_t)generation) {
            ck_assert_uint_eq(all[i]->rest[0] / 100, 1);
        } else {
            ck_assert_uint_le(all[i]->rest[0] / 100, 1);
        }
        all[i]->rest[0] %= 100;
    }
}

static void collect(QvHeap *h, int generation, Object *const *all, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (all[i] != NULL && all[i]->rest[0] <= (uint64_t)generation) {
            all[i]->rest[0] = generation == 0 ? 1 : 2;
        }
    }
    qv_heap_gc_aged(h, generation);
}

// Blocks of all sizes are made, aged and freed at random; every scan shows what it has to.
START_TEST(test_generations)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    enum { N = 4000 };
    static Object *all[N];
    static size_t sizes[N];
    size_t live = 0;
    for (int round = 0; round < 120; round++) {
        // Sometimes nearly all die, sometimes many are made.
        uint32_t deaths = next_random() % 8;
        for (int step = 0; step < 600; step++) {
            size_t i = next_random() % N;
            if (all[i] == NULL) {
                sizes[i] = 24 + (next_random() % 40 == 0 ? 600 : next_random() % 6 * 40);
                all[i] = object_new(&h, sizes[i]);
                live++;
            } else if (next_random() % 8 < deaths) {
                qv_heap_gc_free(&h, all[i], sizes[i], all[i]->rest[0] == 0);
                all[i] = NULL;
                live--;
            }
        }
        if (round % 37 == 36) {
            for (size_t i = 0; i < N; i++) {
                if (all[i] != NULL && i % 50 != 0) {
                    qv_heap_gc_free(&h, all[i], sizes[i], all[i]->rest[0] == 0);
                    all[i] = NULL;
                    live--;
                }
            }
            (void)qv_heap_trim(&h);
        }
        ck_assert_uint_eq(qv_heap_gc_count(&h), live);
        for (int g = 0; g < 3; g++) {
            expect_scan(&h, g, all, N);
        }
        if (round % 3 != 2) {
            collect(&h, round % 12 == 0 ? 2 : round % 4 == 0, all, N);
            ck_assert_uint_eq(h.gc_base, live);
        }
    }
    qv_heap_fini(&h);
}
END_TEST

// After a collection a young scan shows a few slabs, however many there are.
START_TEST(test_young_scan_is_short)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    for (int i = 0; i < 100000; i++) {
        (void)object_new(&h, 48);
    }
    qv_heap_gc_aged(&h, 0);
    qv_heap_gc_aged(&h, 1);
    for (int i = 0; i < 700; i++) {
        (void)object_new(&h, 48);
    }
    size_t cells[3] = {0};
    for (int g = 0; g < 3; g++) {
        QvHeapScan scan;
        qv_heap_scan_init(&h, g, false, &scan);
        while (qv_heap_scan_next(&scan)) {
            cells[g] += (size_t)(scan.end - scan.first) / scan.step;
        }
    }
    ck_assert_uint_lt(cells[0], 2500);
    ck_assert_uint_ge(cells[0], 700);
    ck_assert_uint_eq(cells[0], cells[1]);
    ck_assert_uint_ge(cells[2], 100700);
    qv_heap_fini(&h);
}
END_TEST

START_TEST(test_trim)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    char *blocks[4000];
    for (int i = 0; i < 4000; i++) {
        blocks[i] = qv_heap_alloc(&h, 100);
    }
    ck_assert_uint_eq(qv_heap_trim(&h), 0);
    for (int i = 0; i < 4000; i++) {
        if (i % 1000 != 0) {
            qv_heap_free(&h, blocks[i], 100);
        }
    }
    ck_assert_uint_ge(qv_heap_trim(&h), 20 * 16384);
    for (int i = 0; i < 4000; i++) {
        if (i % 1000 != 0) {
            blocks[i] = qv_heap_alloc(&h, 100);
            memset(blocks[i], i, 100);
        }
    }
    for (int i = 0; i < 4000; i++) {
        qv_heap_free(&h, blocks[i], 100);
    }
    (void)qv_heap_trim(&h);
    ck_assert_uint_eq(h.slab_bytes, 0);
    ck_assert_ptr_nonnull(qv_heap_alloc(&h, 100));
    qv_heap_fini(&h);
}
END_TEST

// Against a plain model: what was written is there, whatever else happens.
START_TEST(test_random)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    enum { SLOTS = 500 };
    struct {
        unsigned char *p;
        size_t n;
        unsigned char mark;
        bool gc;
    } slots[SLOTS] = {0};
    for (int step = 0; step < 60000; step++) {
        size_t i = next_random() % SLOTS;
        if (slots[i].p != NULL) {
            for (size_t j = 16; j < slots[i].n; j++) {
                ck_assert_int_eq(slots[i].p[j], slots[i].mark);
            }
            if (slots[i].gc) {
                qv_heap_gc_free(&h, slots[i].p, slots[i].n, true);
            } else {
                qv_heap_free(&h, slots[i].p, slots[i].n);
            }
            slots[i].p = NULL;
            continue;
        }
        slots[i].n = 16 + next_random() % (step % 16 == 0 ? 3000 : 300);
        slots[i].gc = next_random() % 2 == 0;
        slots[i].mark = (unsigned char)next_random();
        slots[i].p = slots[i].gc ? (void *)object_new(&h, slots[i].n)
                                 : qv_heap_alloc(&h, slots[i].n);
        ck_assert_ptr_nonnull(slots[i].p);
        memset(slots[i].p + 16, slots[i].mark, slots[i].n - 16);
        if (step % 5000 == 4999) {
            (void)qv_heap_trim(&h);
        }
    }
    qv_heap_fini(&h);
}
END_TEST

START_TEST(test_faults)
{
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    if (qv_heap_fail_at(&h, 2, true)) {
        ck_assert_ptr_nonnull(qv_heap_alloc(&h, 16));
        ck_assert_ptr_nonnull(qv_heap_alloc(&h, 1600));
        ck_assert_ptr_null(qv_heap_gc_alloc(&h, 16));
        ck_assert_ptr_nonnull(qv_heap_gc_alloc(&h, 16));
        ck_assert(qv_heap_fail_at(&h, 1, false));
        ck_assert_ptr_nonnull(qv_heap_alloc(&h, 16));
        ck_assert_ptr_null(qv_heap_alloc(&h, 16));
        ck_assert_ptr_null(qv_heap_alloc(&h, 16));
        ck_assert(qv_heap_fail_at(&h, -1, false));
        ck_assert_ptr_nonnull(qv_heap_alloc(&h, 16));
    }
    qv_heap_fini(&h);
}
END_TEST

START_TEST(test_pool)
{
    // Many more slabs than the pool keeps, twice: teardown gives them back and they come again.
    for (int round = 0; round < 2; round++) {
        QvHeap heaps[4];
        for (int i = 0; i < 4; i++) {
            ck_assert_int_eq(qv_heap_init(&heaps[i], NULL), 0);
        }
        for (int n = 0; n < 100000; n++) {
            char *p = qv_heap_alloc(&heaps[n % 4], 500);
            ck_assert_ptr_nonnull(p);
            p[0] = 1;
            p[499] = 1;
        }
        for (int i = 0; i < 4; i++) {
            qv_heap_fini(&heaps[i]);
        }
    }
    (void)qv_heap_pool_trim();
    ck_assert_uint_eq(qv_heap_pool_trim(), 0);
    qv_heap_pool_before_fork();
    qv_heap_pool_after_fork();
    QvHeap h;
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    ck_assert_ptr_nonnull(qv_heap_alloc(&h, 100));
    qv_heap_fini(&h);
}
END_TEST

typedef struct Rest {
    size_t back;
    bool over;
} Rest;

static void note_rest(void *arg, size_t n)
{
    Rest *rest = arg;
    ck_assert(!rest->over);
    rest->back += n;
    rest->over = n == 0;
}

// Bytes that the process has of a heap count until they come back, also after its end.
START_TEST(test_away)
{
    QvHeap h;
    QvHeapAway *away, *none;
    Rest rest = {0};
    ck_assert_int_eq(qv_heap_init(&h, NULL), 0);
    ck_assert(qv_heap_send_away(&h, 1000, &none));
    ck_assert_ptr_null(none); // no limit, nobody counts
    ck_assert_uint_eq(h.live, 0);
    qv_heap_set_limit(&h, 10000);
    ck_assert(qv_heap_send_away(&h, 6000, &away));
    ck_assert(qv_heap_send_away(&h, 3000, &none));
    ck_assert_ptr_eq(away, none);
    ck_assert_uint_eq(h.live, 9000);
    ck_assert_uint_eq(qv_heap_own(&h), 0);
    ck_assert(!qv_heap_send_away(&h, 2000, &none));
    ck_assert_ptr_null(qv_heap_alloc(&h, 2000));
    qv_heap_came_back(away, 3000);
    void *p = qv_heap_alloc(&h, 2000); // looks at what came back
    ck_assert_ptr_nonnull(p);
    qv_heap_free(&h, p, 2000);
    ck_assert_uint_eq(h.live, 6000);
    ck_assert_uint_eq(qv_heap_leave_away(&h, note_rest, &rest), 6000);
    ck_assert_uint_eq(h.live, 0);
    qv_heap_came_back(away, 1000);
    ck_assert(rest.back == 1000 && !rest.over);
    qv_heap_came_back(away, 5000);
    ck_assert(rest.back == 6000 && rest.over);
    ck_assert(qv_heap_send_away(&h, 100, &away)); // an account of its own
    qv_heap_fini(&h);
    qv_heap_came_back(away, 100);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("base/heap");
    TCase *tests = tcase_create("heap");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_sizes);
    tcase_add_test(tests, test_zeroed);
    tcase_add_test(tests, test_realloc);
    tcase_add_test(tests, test_limit);
    tcase_add_test(tests, test_walk);
    tcase_add_test(tests, test_generations);
    tcase_add_test(tests, test_young_scan_is_short);
    tcase_add_test(tests, test_trim);
    tcase_add_test(tests, test_random);
    tcase_add_test(tests, test_faults);
    tcase_add_test(tests, test_pool);
    tcase_add_test(tests, test_away);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
