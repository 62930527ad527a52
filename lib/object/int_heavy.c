// SPDX-License-Identifier: MIT
// int: GMP's slow functions on worker threads.
//
// A job is one block: its description, copies of the operands, room for the results. It comes from
// the interpreter's heap, so that it counts and the limit holds, and is loosened from it while the
// worker has it; what GMP will ask the system for is charged as an estimate. When there is not
// enough memory for that, the work is done here and now: a stop then waits for it.
#include "object/int_heavy.h"

#include <stddef.h>
#include <string.h>

#include "object/error.h"
#include "object/heavy.h"
#include "object/key.h"

#define HEAVY_NS   2e6 // work from here on goes to a worker
#define LIGHT_GCD  400 // the same for a gcd
#define SCRATCH(n) ((size_t)(n) * sizeof(uint64_t) * 4)

typedef enum Op { OP_MUL, OP_DIVIDE, OP_GCD, OP_GCDEXT, OP_SQRT } Op;

typedef struct Task {
    QvHeavyJob job; // first
    Op op;
    QvSsize an, bn;
    uint64_t *a, *b; // copies, or the caller's operands when they need not be copied
    uint64_t *r, *s; // results
    QvSsize rn, sn;  // limbs of them; sn with a sign
    uint64_t limbs[];
} Task;

// ---- what it takes (measured with GMP 6.2 on the machine that DESIGN.md speaks of) --------------

static double mul_ns(QvSsize an, QvSsize bn)
{
    double small = (double)(an < bn ? an : bn), large = (double)(an < bn ? bn : an);
    double each = small * 0.4;
    return large * (each < 160 ? each : 160);
}

static double divide_ns(QvSsize an, QvSsize bn) { return 2.5 * mul_ns(an - bn + 1, bn); }

static double gcd_ns(QvSsize an, QvSsize bn)
{
    double each = (double)bn * 4;
    return divide_ns(an, bn) + (double)bn * (each < 10000 ? each : 10000);
}

// ---- the work -----------------------------------------------------------------------------------

static void compute(Op op, Task *t)
{
    mp_size_t n;
    switch (op) {
    case OP_MUL:
        if (t->a == t->b && t->an == t->bn) {
            mpn_sqr(t->r, t->a, t->an);
        } else if (t->an >= t->bn) {
            mpn_mul(t->r, t->a, t->an, t->b, t->bn);
        } else {
            mpn_mul(t->r, t->b, t->bn, t->a, t->an);
        }
        break;
    case OP_DIVIDE: mpn_tdiv_qr(t->r, t->s, 0, t->a, t->an, t->b, t->bn); break;
    case OP_GCD: t->rn = mpn_gcd(t->r, t->a, t->an, t->b, t->bn); break;
    case OP_GCDEXT:
        t->rn = mpn_gcdext(t->r, t->s, &n, t->a, t->an, t->b, t->bn);
        t->sn = n;
        break;
    case OP_SQRT: mpn_sqrtrem(t->r, NULL, t->a, t->an); break;
    }
}

static void run(QvHeavyJob *job)
{
    Task *t = (Task *)job;
    compute(t->op, t);
}

static void drop(QvHeavyJob *job) { qv_heap_loose_free(job); }

int qv_limbs_copy(QvInterp *qi, uint64_t *to, const uint64_t *from, QvSsize n)
{
    for (QvSsize i = 0; i < n; i += QV_LIMBS_STEP) {
        QvSsize more = n - i < QV_LIMBS_STEP ? n - i : QV_LIMBS_STEP;
        memcpy(to + i, from + i, (size_t)more * sizeof(uint64_t));
        if (n > QV_LIMBS_STEP && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvSsize magnitude(QvSsize n) { return n < 0 ? -n : n; }

// In a worker. 1: done; 0: there is no memory for that; -1.
static int elsewhere(QvInterp *qi, Task *here, QvSsize r_room, QvSsize s_room)
{
    bool square = here->a == here->b && here->an == here->bn;
    QvSsize an = here->an, bn = square ? 0 : here->bn;
    QvSsize limbs = an + 1 + bn + 1 + r_room + s_room; // gcdext uses a limb behind each operand
    size_t size = sizeof(Task) + (size_t)limbs * sizeof(uint64_t), scratch = SCRATCH(an + bn);
    Task *t = qv_heap_alloc(&qi->heap, size < 1024 ? size = 1024 : size);
    if (!t) {
        return 0;
    }
    *t = *here;
    t->job = (QvHeavyJob){.run = run, .drop = drop};
    t->a = t->limbs;
    t->b = square ? t->a : t->a + an + 1;
    t->r = t->limbs + an + 1 + bn + 1;
    t->s = t->r + r_room;
    int status = 0;
    if (qv_heap_charge(&qi->heap, scratch)) {
        status = qv_limbs_copy(qi, t->a, here->a, an) < 0 ||
                         (bn && qv_limbs_copy(qi, t->b, here->b, bn) < 0)
                     ? -1
                     : 1;
        if (status == 1) {
            if (qv_heavy_run(qi, &t->job, size) < 0) {
                qv_heap_discharge(&qi->heap, scratch);
                return -1;
            }
            bool counted = t->op == OP_GCD || t->op == OP_GCDEXT; // else all of the room is filled
            here->rn = counted ? t->rn : r_room;
            here->sn = counted ? t->sn : s_room;
            if (qv_limbs_copy(qi, here->r, t->r, here->rn) < 0 ||
                (s_room && qv_limbs_copy(qi, here->s, t->s, magnitude(here->sn)) < 0)) {
                status = -1;
            }
        }
        qv_heap_discharge(&qi->heap, scratch);
    }
    qv_free(qi, t, size);
    return status;
}

static int work(QvInterp *qi, Task *t, QvSsize r_room, QvSsize s_room)
{
    if (qi->hooks.heavy) {
        int status = elsewhere(qi, t, r_room, s_room);
        if (status != 0) {
            return status < 0 ? -1 : 0;
        }
    }
    compute(t->op, t);
    return 0;
}

// GMP takes operands as const where it does not destroy them.
static uint64_t *operand(const uint64_t *p) { return (uint64_t *)(uintptr_t)p; }

int qv_limbs_mul(QvInterp *qi, uint64_t *r, const uint64_t *a, QvSsize an, const uint64_t *b,
                 QvSsize bn)
{
    Task t = {.op = OP_MUL, .an = an, .bn = bn, .a = operand(a), .b = operand(b), .r = r};
    if (QV_LIKELY(an + bn < QV_LIMBS_LIGHT) || mul_ns(an, bn) < HEAVY_NS) {
        compute(OP_MUL, &t);
        return 0;
    }
    return work(qi, &t, an + bn, 0);
}

int qv_limbs_divide_long(QvInterp *qi, uint64_t *q, uint64_t *r, const uint64_t *a, QvSsize an,
                         const uint64_t *b, QvSsize bn)
{
    Task t = {.op = OP_DIVIDE, .an = an, .bn = bn, .a = operand(a), .b = operand(b)};
    t.r = q;
    t.s = r;
    if (divide_ns(an, bn) < HEAVY_NS) {
        compute(OP_DIVIDE, &t);
        return 0;
    }
    return work(qi, &t, an - bn + 1, bn);
}

static int gcd(QvInterp *qi, Task *t, QvSsize s_room)
{
    if (QV_LIKELY(t->an < LIGHT_GCD) || gcd_ns(t->an, t->bn) < HEAVY_NS) {
        compute(t->op, t);
        return 0;
    }
    return work(qi, t, t->bn + 1, s_room);
}

int qv_limbs_gcd(QvInterp *qi, uint64_t *r, QvSsize *ret_n, uint64_t *a, QvSsize an, uint64_t *b,
                 QvSsize bn)
{
    Task t = {.op = OP_GCD, .an = an, .bn = bn, .a = a, .b = b, .r = r};
    int status = gcd(qi, &t, 0);
    *ret_n = t.rn;
    return status;
}

int qv_limbs_gcdext(QvInterp *qi, uint64_t *r, QvSsize *ret_n, uint64_t *s, QvSsize *ret_sn,
                    uint64_t *a, QvSsize an, uint64_t *b, QvSsize bn)
{
    Task t = {.op = OP_GCDEXT, .an = an, .bn = bn, .a = a, .b = b, .r = r};
    t.s = s;
    int status = gcd(qi, &t, bn + 1);
    *ret_n = t.rn;
    *ret_sn = t.sn;
    return status;
}

int qv_limbs_sqrt(QvInterp *qi, uint64_t *r, const uint64_t *a, QvSsize an)
{
    Task t = {.op = OP_SQRT, .an = an, .a = operand(a), .r = r};
    if (QV_LIKELY(an < QV_LIMBS_LIGHT) || divide_ns(an, an / 2) < HEAVY_NS) {
        compute(OP_SQRT, &t);
        return 0;
    }
    return work(qi, &t, (an + 1) / 2, 0);
}
