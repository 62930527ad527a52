// SPDX-License-Identifier: MIT
// The arena of large blocks, made when the first one is asked for.
#include "base/bigmem.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/sync.h"

#if QV_SANITIZE || QV_SANITIZE_THREAD
// Sanitizers see single allocations only when they come from malloc.
int qv_bigmem_flags(size_t n)
{
    (void)n;
    return 0;
}

void *qv_bigmem_alloc(size_t n) { return malloc(n); }

void *qv_bigmem_realloc(void *p, size_t n) { return realloc(p, n); }

void qv_bigmem_free(void *p, size_t n)
{
    (void)n;
    free(p);
}

void qv_bigmem_trim(void) {}

void *qv_bigmem_life_alloc(size_t n) { return malloc(n); }

void qv_bigmem_life_free(void *p, size_t n)
{
    (void)n;
    free(p);
}
#else
#include <jemalloc/jemalloc.h>
#include <sys/mman.h>

#define WARM_MIN ((size_t)7 << 20) // what is rounded up to 8 MiB, too
#define WARM_MAX ((size_t)64 << 20)
#define KEEP_MAX ((uint64_t)64 << 20) // free bytes that stay warm
#define LIFE_MAX ((uint64_t)2 << 20)  // free bytes of interpreters that stay warm
#define NONE     UINT32_MAX

#define LARGE_PAGE ((size_t)2 << 20)

// atomic: 0: not asked for yet; NONE: there is none; else the arena's number + 1.
static uint32_t qv_bigmem_arena;
// atomic: free bytes of the arena that may be warm, roughly.
static uint64_t qv_bigmem_warm;
// atomic: bytes of interpreters that were freed and not asked for again, roughly.
static uint64_t qv_bigmem_life;

static void set(unsigned arena, const char *what, void *value, size_t size)
{
    char name[48];
    snprintf(name, sizeof name, "arena.%u.%s", arena, what);
    mallctl(name, NULL, NULL, value, size);
}

// Two threads that are the first at the same time make two arenas, of which one stays empty.
static uint32_t make_arena(void)
{
    unsigned number;
    size_t size = sizeof number, never = SIZE_MAX;
    uint32_t made = mallctl("arenas.create", &number, &size, NULL, 0) == 0 ? number + 1 : NONE;
    uint32_t expected = 0;
    if (made != NONE) { // it would give back at once what is larger than 8 MiB
        set(number, "oversize_threshold", &never, sizeof never);
    }
    return qv_atomic_cas_u32(&qv_bigmem_arena, &expected, made) ? made : expected;
}

int qv_bigmem_flags(size_t n)
{
    if (QV_LIKELY(n < WARM_MIN) || n > WARM_MAX) {
        return 0;
    }
    uint32_t arena = qv_atomic_load_u32(&qv_bigmem_arena);
    arena = arena ? arena : make_arena();
    return arena == NONE ? 0 : MALLOCX_ARENA(arena - 1) | MALLOCX_TCACHE_NONE;
}

// n of the free bytes are used again.
static void use(uint64_t *count, size_t n)
{
    uint64_t warm = qv_atomic_load_u64(count);
    qv_atomic_sub_u64(count, warm < n ? warm : n);
}

// What is too large to stay warm is at least made of large pages, with a fault for 2 MiB instead of
// 4 KiB: it takes a fourth of the time.
static void *with_large_pages(void *p, size_t n)
{
    if (QV_UNLIKELY(p && n > WARM_MAX)) {
        uintptr_t from = ((uintptr_t)p + LARGE_PAGE - 1) & ~(uintptr_t)(LARGE_PAGE - 1);
        uintptr_t to = ((uintptr_t)p + n) & ~(uintptr_t)(LARGE_PAGE - 1);
        (void)madvise((void *)from, to - from, MADV_HUGEPAGE); // refused where there are none
    }
    return p;
}

void *qv_bigmem_alloc(size_t n)
{
    int flags = qv_bigmem_flags(n);
    if (!flags) {
        return with_large_pages(malloc(n), n);
    }
    use(&qv_bigmem_warm, n);
    return mallocx(n, flags);
}

void *qv_bigmem_realloc(void *p, size_t n)
{
    int flags = qv_bigmem_flags(n);
    if (!flags) {
        return with_large_pages(realloc(p, n), n);
    }
    use(&qv_bigmem_warm, n);
    return p ? rallocx(p, n, flags) : mallocx(n, flags);
}

void qv_bigmem_free(void *p, size_t n)
{
    free(p);
    if (QV_UNLIKELY(n >= WARM_MIN && n <= WARM_MAX)) {
        // The arena gives back what has been free for some seconds, but only while it is used:
        // many large blocks that are freed at the end of something would stay.
        if (qv_atomic_add_u64(&qv_bigmem_warm, n) + n > KEEP_MAX) {
            qv_bigmem_trim();
        }
    }
}

void qv_bigmem_trim(void)
{
    uint32_t arena = qv_atomic_load_u32(&qv_bigmem_arena);
    if (arena && arena != NONE) {
        qv_atomic_store_u64(&qv_bigmem_warm, 0);
        set(arena - 1, "purge", NULL, 0);
    }
}

// Not malloc, which in a host's process may be another one than jemalloc.
void *qv_bigmem_life_alloc(size_t n)
{
    use(&qv_bigmem_life, n);
    return mallocx(n, 0);
}

void qv_bigmem_life_free(void *p, size_t n)
{
    if (!p) {
        return;
    }
    if (QV_LIKELY(qv_atomic_add_u64(&qv_bigmem_life, n) + n <= LIFE_MAX)) {
        sdallocx(p, n, 0);
        return;
    }
    unsigned arena;
    size_t size = sizeof arena;
    bool found = mallctl("arenas.lookup", &arena, &size, &p, sizeof p) == 0;
    sdallocx(p, n, 0);
    qv_atomic_store_u64(&qv_bigmem_life, 0);
    if (found) {
        // Blocks of this size are in the thread's cache first.
        (void)mallctl("thread.tcache.flush", NULL, NULL, NULL, 0);
        set(arena, "purge", NULL, 0);
    }
}
#endif
