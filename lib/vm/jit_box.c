// SPDX-License-Identifier: MIT
// The machine code that all units share for numbers that need a box.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

static int box_float(QvInterp *qi, QvObj **slot, double v) { return qv_reg_put_float(qi, slot, v); }
static int box_int(QvInterp *qi, QvObj **slot, int64_t v) { return qv_reg_put_int(qi, slot, v); }

// The place of jumps that have no end yet.
typedef struct Jumps {
    uint32_t from[6];
    unsigned n;
} Jumps;

static void jump_if(QvAsm *a, QvCc cc, Jumps *j) { j->from[j->n++] = x64_jcc(a, cc); }

static void land(QvAsm *a, const Jumps *j)
{
    for (unsigned k = 0; k < j->n; k++) {
        x64_land(a, j->from[k]);
    }
}

// One reference of rcx, which may be NULL, goes, unless it is the last one. Changes r8.
static void drop_old(QvAsm *a, Jumps *slow)
{
    x64_test(a, RCX);
    uint32_t null = x64_jcc8(a, CC_E);
    x64_load32(a, R8, JREFS(RCX));
    x64_alu32_imm(a, ALU_SUB, R8, 1);
    jump_if(a, CC_E, slow);
    uint32_t immortal = x64_jcc8(a, CC_S);
    x64_store32(a, JREFS(RCX), R8);
    x64_land8(a, immortal);
    x64_land8(a, null);
}

// A cached int: no box is made.
static void put_small(QvAsm *a, Jumps *slow)
{
    x64_lea(a, RDI, x64_mem(RAX, (size_t)-QV_SMALL_INT_MIN));
    x64_alu_mem(a, ALU_CMP, RDI, x64_mem(JQI, offsetof(QvInterp, small_ints)));
    uint32_t large = x64_jcc8(a, CC_AE);
    drop_old(a, slow);
    _Static_assert(sizeof(QvInt) == 24, "its place in the cache is found by three and eight");
    x64_indexed(a, 0, true, 0x8D, RDI, RDI, RDI, 1, 0); // rdi * 3
    x64_lea(a, RDX, x64_mem(JQI, offsetof(QvInterp, ints.small)));
    x64_indexed(a, 0, true, 0x8D, RDI, RDX, RDI, 3, 0);
    x64_store(a, x64_mem(RSI, 0), RDI);
    x64_zero(a, RDX);
    x64_ret(a);
    x64_land8(a, large);
}

_Static_assert(sizeof(QvInt) == sizeof(QvFloat), "one size class");
#define BOX_BYTES qv_heap_cell_bytes(sizeof(QvInt))

// The free cells for boxes.
static QvMem free_cells(void)
{
    return x64_mem(JQI, offsetof(QvInterp, heap.raw) +
                            qv_heap_class(BOX_BYTES) * sizeof(QvHeapClass) +
                            offsetof(QvHeapClass, free));
}

// As qv_heap_alloc does it.
static void put_new(QvAsm *a, bool is_float, Jumps *slow)
{
    QvMem cells = free_cells(), live = x64_mem(JQI, offsetof(QvInterp, heap.live));
    x64_load(a, RDI, cells);
    x64_test(a, RDI);
    jump_if(a, CC_E, slow);
    x64_load(a, RDX, live);
    x64_alu_imm(a, ALU_ADD, RDX, (int32_t)BOX_BYTES);
    x64_alu_mem(a, ALU_CMP, RDX, x64_mem(JQI, offsetof(QvInterp, heap.mark)));
    jump_if(a, CC_A, slow);
    drop_old(a, slow);
    x64_store(a, live, RDX);
    x64_alu_mem_imm(a, ALU_ADD, x64_mem(JQI, offsetof(QvInterp, heap.allocs)), 1);
    x64_load(a, RDX, x64_mem(RDI, offsetof(QvHeapCell, next)));
    x64_store(a, cells, RDX);
    x64_load(a, RDX, x64_mem(JQI, offsetof(QvInterp, header)));
    x64_store(a, x64_mem(RDI, 0), RDX);
    x64_store(a, x64_mem(RDI, offsetof(QvObj, type)), is_float ? JFLOAT : JINT);
    if (is_float) {
        x64_store_sd(a, x64_mem(RDI, offsetof(QvFloat, value)), XMM0);
    } else {
        x64_store(a, x64_mem(RDI, offsetof(QvInt, value)), RAX);
    }
    x64_store(a, x64_mem(RSI, 0), RDI);
    x64_zero(a, RDX);
    x64_ret(a);
}

void qv_jit_put_boxing(QvAsm *a, bool is_float)
{
    Jumps slow = {.n = 0};
    if (!is_float) {
        put_small(a, &slow);
    }
    if (!QV_HEAP_CHECKED) {
        put_new(a, is_float, &slow);
    }
    land(a, &slow);
    x64_push(a, RSI); // (which aligns the stack)
    x64_move(a, RDX, RAX);
    x64_move(a, RDI, JQI);
    x64_call_c(a, is_float ? (const void *)box_float : (const void *)box_int);
    x64_pop(a, RSI);
    x64_move(a, RDX, RAX);
    x64_test32(a, RDX);
    uint32_t failed = x64_jcc8(a, CC_S);
    x64_load(a, RCX, x64_mem(RSI, 0));
    if (is_float) {
        x64_load_sd(a, XMM0, x64_mem(RCX, offsetof(QvFloat, value)));
    } else {
        x64_load(a, RAX, x64_mem(RCX, offsetof(QvInt, value)));
    }
    x64_land8(a, failed);
    x64_ret(a);
}

// A number's box, as qv_heap_free does it.
static void free_box(QvAsm *a)
{
    QvMem cells = free_cells();
    x64_load(a, RDX, cells);
    x64_store(a, x64_mem(RCX, offsetof(QvHeapCell, next)), RDX);
    x64_store(a, cells, RCX);
    x64_alu_mem_imm(a, ALU_SUB, x64_mem(JQI, offsetof(QvInterp, heap.live)), (int32_t)BOX_BYTES);
    x64_ret(a);
}

void qv_jit_put_dealloc(QvAsm *a)
{
    if (!QV_HEAP_CHECKED) {
        x64_alu_to_mem(a, ALU_CMP, x64_mem(RCX, offsetof(QvObj, type)), JFLOAT);
        uint32_t is_float = x64_jcc8(a, CC_E);
        x64_alu_to_mem(a, ALU_CMP, x64_mem(RCX, offsetof(QvObj, type)), JINT);
        uint32_t other = x64_jcc8(a, CC_NE);
        x64_land8(a, is_float);
        free_box(a);
        x64_land8(a, other);
    }
    x64_store32_imm(a, JREFS(RCX), 0);
    x64_push(a, RAX); // (which aligns the stack)
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, RCX);
    x64_call_c(a, (const void *)qv_dealloc);
    x64_pop(a, RAX);
    x64_ret(a);
}

#endif
