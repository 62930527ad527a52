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

void qv_bigmem_trim(void) {}
#else
#include <jemalloc/jemalloc.h>

#define WARM_MIN ((size_t)7 << 20) // what is rounded up to 8 MiB, too
#define WARM_MAX ((size_t)64 << 20)
#define NONE     UINT32_MAX

// atomic: 0: not asked for yet; NONE: there is none; else the arena's number + 1.
static uint32_t qv_bigmem_arena;

// Two threads that are the first at the same time make two arenas, of which one stays empty.
static uint32_t make_arena(void)
{
    unsigned number;
    size_t size = sizeof number;
    uint32_t made = mallctl("arenas.create", &number, &size, NULL, 0) == 0 ? number + 1 : NONE;
    uint32_t expected = 0;
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

void *qv_bigmem_alloc(size_t n)
{
    int flags = qv_bigmem_flags(n);
    return flags ? mallocx(n, flags) : malloc(n);
}

void *qv_bigmem_realloc(void *p, size_t n)
{
    int flags = qv_bigmem_flags(n);
    if (!flags) {
        return realloc(p, n);
    }
    return p ? rallocx(p, n, flags) : mallocx(n, flags);
}

void qv_bigmem_trim(void)
{
    uint32_t arena = qv_atomic_load_u32(&qv_bigmem_arena);
    char name[40];
    if (arena && arena != NONE) {
        snprintf(name, sizeof name, "arena.%u.purge", (unsigned)(arena - 1));
        mallctl(name, NULL, NULL, NULL, 0);
    }
}
#endif
