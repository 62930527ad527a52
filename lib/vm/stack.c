// SPDX-License-Identifier: MIT
// The frame and register stacks of a thread: reserved address ranges, touched as they are used.
#include <sys/mman.h>

#include "vm/eval_internal.h"

// Reserved, not committed: what a deep recursion may use at most.
#define STACK_REGISTERS ((size_t)4 << 20)   // 32 MiB of address space
#define STACK_FRAMES    ((size_t)192 << 10) // records; also the highest useful recursion limit
#define SOFT_STEP       512                 // registers by which the soft limit is first raised

static void *reserve(size_t bytes)
{
    void *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

int qv_stack_init(QvInterp *qi, QvThread *ts)
{
    ts->stack = reserve(STACK_REGISTERS * sizeof(QvObj *));
    ts->frames = reserve(STACK_FRAMES * sizeof(QvFrame));
    if (!ts->stack || !ts->frames) {
        if (ts->stack) {
            munmap(ts->stack, STACK_REGISTERS * sizeof(QvObj *));
        }
        if (ts->frames) {
            munmap(ts->frames, STACK_FRAMES * sizeof(QvFrame));
        }
        ts->stack = NULL;
        ts->frames = NULL;
        if (qi->ts) {
            qv_raise_oom(qi);
        }
        return -1;
    }
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
    munmap(ts->stack, STACK_REGISTERS * sizeof(QvObj *));
    munmap(ts->frames, STACK_FRAMES * sizeof(QvFrame));
    ts->stack = NULL;
    ts->frames = NULL;
}

int qv_stack_grow(QvInterp *qi, QvThread *ts, QvObj **need)
{
    if (need > ts->stack_end) {
        qv_raise(qi, &qv_exc_RecursionError, "maximum recursion depth exceeded");
        return -1;
    }
    size_t used = (size_t)(ts->stack_soft - ts->stack);
    size_t want = (size_t)(need - ts->stack);
    while (used < want) {
        used *= 2;
    }
    ts->stack_soft = used < STACK_REGISTERS ? ts->stack + used : ts->stack_end;
    return 0;
}
