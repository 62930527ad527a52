// SPDX-License-Identifier: MIT
// Pages for machine code.
//
// Room is taken from the newest pages in order; pages are given back as a whole, with the last unit
// in them.
#include "vm/jit.h"

#if QV_JIT

#include <sys/mman.h>

#include "vm/jit_internal.h"

#define PAGES_BYTES ((size_t)64 << 10)
#define MOST_BYTES  ((size_t)4 << 20) // of one interpreter

bool qv_jit_is_spare(const QvHeap *h, size_t n) { return h->live + n <= h->limit - h->limit / 4; }

static QvJitPages *more(QvInterp *qi, QvJit *jit, uint32_t n)
{
    size_t size = n > PAGES_BYTES ? (n + 4095) & ~(size_t)4095 : PAGES_BYTES;
    if (size > MOST_BYTES - jit->bytes || !qv_jit_is_spare(&qi->heap, size)) {
        return NULL;
    }
    QvJitPages *p = qv_heap_alloc(&qi->heap, sizeof *p);
    void *bytes = p ? qv_heap_map(&qi->heap, size) : NULL;
    if (!bytes) {
        qv_heap_free(&qi->heap, p, sizeof *p);
        return NULL;
    }
    *p = (QvJitPages){.next = jit->pages, .size = (uint32_t)size, .bytes = bytes};
    jit->pages = p;
    jit->bytes += size;
    return p;
}

static void unmap(QvInterp *qi, QvJit *jit, QvJitPages *p)
{
    for (QvJitPages **link = &jit->pages; *link; link = &(*link)->next) {
        if (*link == p) {
            *link = p->next;
            break;
        }
    }
    jit->bytes -= p->size;
    qv_heap_unmap(&qi->heap, p->bytes, p->size);
    qv_heap_free(&qi->heap, p, sizeof *p);
}

const uint8_t *qv_jit_place(QvInterp *qi, QvJit *jit, const uint8_t *code, uint32_t n,
                            QvJitPages **ret_pages)
{
    QvJitPages *p = jit->pages;
    if (!p || p->size - p->used < n) {
        p = more(qi, jit, n);
        if (!p) {
            return NULL;
        }
    } else if (mprotect(p->bytes, p->size, PROT_READ | PROT_WRITE) < 0) {
        return NULL;
    }
    uint8_t *to = p->bytes + p->used;
    memcpy(to, code, n);
    if (mprotect(p->bytes, p->size, PROT_READ | PROT_EXEC) < 0) {
        return NULL; // a host may forbid it
    }
    p->used += (n + 15) & ~15u;
    p->used = p->used > p->size ? p->size : p->used;
    p->units++;
    *ret_pages = p;
    return to;
}

void qv_jit_take_back(QvInterp *qi, QvJit *jit, QvJitPages *pages)
{
    if (--pages->units == 0) {
        unmap(qi, jit, pages);
    }
}

void qv_jit_free_pages(QvInterp *qi, QvJit *jit)
{
    while (jit->pages) {
        unmap(qi, jit, jit->pages);
    }
}

#endif
