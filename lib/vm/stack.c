// SPDX-License-Identifier: MIT
// The frame and register stacks of a thread: reserved address ranges, touched as they are used.
//
// A pair is one mapping: the frame records, then the registers. Idle pairs wait in a pool with
// their first pages resident, so that a short-lived interpreter makes no system call and no page
// fault for them. What the VM relies on holds for them as for fresh ones: all registers are NULL,
// and a frame record has no leftovers (its last frame has ended properly).
#include <sys/mman.h>

#include "base/sync.h"
#include "vm/eval_internal.h"

// Reserved, not committed: what a deep recursion may use at most.
#define STACK_REGISTERS ((size_t)4 << 20)   // 32 MiB of address space
#define STACK_FRAMES    ((size_t)192 << 10) // records; also the highest useful recursion limit
#define FRAME_BYTES     (STACK_FRAMES * sizeof(QvFrame))
#define REGISTER_BYTES  (STACK_REGISTERS * sizeof(QvObj *))
#define SOFT_STEP       128            // registers by which the soft limit is first raised
#define SOFT_MOST       ((size_t)4096) // registers by which it is raised at a time

// Registers beyond these count as memory of the interpreter, with the frame records that as many
// may have: a frame has four or more. So no thread has more than IDLE_KEPT of either for nothing.
#define FREE_REGISTERS IDLE_REGISTERS
#define REGISTER_COST  (sizeof(QvObj *) + sizeof(QvFrame) / 4) // bytes

#define IDLE_MOST      64                 // pairs in the pool
#define IDLE_KEPT      ((size_t)64 << 10) // bytes of each stack that may stay resident in the pool
#define IDLE_REGISTERS 512 // so many registers used: no more than IDLE_KEPT of either

// An idle pair, at the start of its registers.
typedef struct IdlePair {
    struct IdlePair *next;
    char *base; // of the mapping
} IdlePair;

typedef struct QvStackPool {
    QvMutex mu; // guards all below
    IdlePair *first;
    size_t count;
} QvStackPool;

static QvStackPool qv_stack_pool = {.mu = QV_MUTEX_INIT(QV_RANK_STACK_POOL)};

// The base of a pair, or NULL.
static char *take_pair(void)
{
    QvStackPool *pool = &qv_stack_pool;
    qv_mutex_lock(&pool->mu);
    IdlePair *pair = pool->first;
    if (pair) {
        pool->first = pair->next;
        pool->count--;
    }
    qv_mutex_unlock(&pool->mu);
    if (pair) {
        char *base = pair->base;
        *pair = (IdlePair){0};
        return base;
    }
    char *base = mmap(NULL, FRAME_BYTES + REGISTER_BYTES, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED) {
        return NULL;
    }
    // Where the system is set to give every mapping huge pages, the first frame would cost 2 MiB.
    (void)madvise(base, FRAME_BYTES + REGISTER_BYTES, MADV_NOHUGEPAGE);
    return base;
}

// Takes a pair back whose registers are all NULL again; the first `used` of them may be resident.
static void give_pair(char *base, size_t used)
{
    if (used > IDLE_REGISTERS) {
        (void)madvise(base + IDLE_KEPT, FRAME_BYTES - IDLE_KEPT, MADV_DONTNEED);
        (void)madvise(base + FRAME_BYTES + IDLE_KEPT, REGISTER_BYTES - IDLE_KEPT, MADV_DONTNEED);
    }
    IdlePair *pair = (IdlePair *)(void *)(base + FRAME_BYTES);
    QvStackPool *pool = &qv_stack_pool;
    qv_mutex_lock(&pool->mu);
    bool keep = !QV_HARD && pool->count < IDLE_MOST;
    if (keep) {
        *pair = (IdlePair){.next = pool->first, .base = base};
        pool->first = pair;
        pool->count++;
    }
    qv_mutex_unlock(&pool->mu);
    if (!keep) {
        munmap(base, FRAME_BYTES + REGISTER_BYTES);
    }
}

// Bytes that so many registers count.
static size_t cost_of(size_t registers)
{
    return registers > FREE_REGISTERS ? (registers - FREE_REGISTERS) * REGISTER_COST : 0;
}

int qv_stack_init(QvInterp *qi, QvThread *ts)
{
    char *base = take_pair();
    if (!base) {
        return -1;
    }
    ts->frames = (QvFrame *)(void *)base;
    ts->stack = (QvObj **)(void *)(base + FRAME_BYTES);
    ts->stack_end = ts->stack + STACK_REGISTERS;
    ts->stack_soft = ts->stack + SOFT_STEP;
    ts->stack_base = ts->stack;
    ts->frames_top = ts->frames;
    ts->frames_end = ts->frames + STACK_FRAMES;
    qv_stack_set_limit(qi, ts);
    return 0;
}

void qv_stack_set_limit(QvInterp *qi, QvThread *ts)
{
    size_t limit = qi->recursion_limit;
    ts->frames_limit = limit < STACK_FRAMES ? ts->frames + limit : ts->frames_end;
}

void qv_stack_purge(QvInterp *qi, QvThread *ts)
{
    for (QvObj **p = *qv_stack_top(ts); p < ts->stack_soft; p++) {
        qv_clear(qi, p); // dead ints and floats left for reuse
    }
}

void qv_stack_fini(QvInterp *qi, QvThread *ts)
{
    if (!ts->stack) {
        return;
    }
    qv_stack_purge(qi, ts);
    size_t used = (size_t)(ts->stack_soft - ts->stack);
    qv_heap_discharge(&qi->heap, cost_of(used));
    give_pair((char *)ts->frames, used);
    ts->stack = NULL;
    ts->frames = NULL;
}

int qv_stack_grow(QvInterp *qi, QvThread *ts, QvObj **need)
{
    if (need > ts->stack_end) {
        qv_raise(qi, &qv_exc_RecursionError, "maximum recursion depth exceeded");
        return -1;
    }
    size_t had = (size_t)(ts->stack_soft - ts->stack), used = had;
    size_t want = (size_t)(need - ts->stack);
    while (used < want) {
        used += used < SOFT_MOST ? used : SOFT_MOST;
    }
    used = used < STACK_REGISTERS ? used : STACK_REGISTERS;
    if (!qv_heap_charge(&qi->heap, cost_of(used) - cost_of(had))) {
        qv_raise_oom(qi);
        return -1;
    }
    ts->stack_soft = ts->stack + used;
    return 0;
}

void qv_stack_pool_fork(bool before)
{
    if (before) {
        qv_mutex_hold(&qv_stack_pool.mu);
    } else {
        qv_mutex_let_go(&qv_stack_pool.mu);
    }
}
