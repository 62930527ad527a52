// SPDX-License-Identifier: MIT
// Machine code for moves, cells, jumps and iteration.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

// ---- moves --------------------------------------------------------------------------------------

static void move(QvJitGen *g)
{
    unsigned from = g->i.b, to = g->i.a;
    x64_load(&g->a, RAX, qv_jit_reg(from));
    uint8_t fact = g->facts[from] & (uint8_t) ~(QV_FACT_OWN | QV_FACT_NULL);
    if (!(fact & QV_FACT_IMMORTAL)) {
        qv_jit_incref(g, RAX);
    }
    g->facts[from] = fact | QV_FACT_BOUND;
    qv_jit_put(g, to);
    g->facts[to] = fact | QV_FACT_BOUND;
}

static void take(QvJitGen *g)
{
    unsigned from = g->i.b, to = g->i.a;
    uint8_t fact = g->facts[from];
    x64_load(&g->a, RAX, qv_jit_reg(from));
    x64_store_imm(&g->a, qv_jit_reg(from), 0);
    g->facts[from] = QV_FACT_NULL;
    qv_jit_put(g, to);
    g->facts[to] = fact;
}

static void load_constant(QvJitGen *g)
{
    QvObj *k = g->code->consts[(uint32_t)g->i.b | (uint32_t)g->i.c << 16];
    x64_move_ptr(&g->a, RAX, k);
    bool immortal = qv_is_immortal(k);
    if (!immortal) {
        qv_jit_incref(g, RAX);
    }
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND | (immortal ? QV_FACT_IMMORTAL : 0) |
                       (k->type == &qv_int_type     ? QV_FACT_INT
                        : k->type == &qv_float_type ? QV_FACT_FLOAT
                        : k->type == &qv_str_type   ? QV_FACT_STR
                                                    : 0);
}

// qv_clear
static void clear(QvJitGen *g, unsigned reg)
{
    uint8_t had = g->facts[reg];
    if (had & QV_FACT_NULL) {
        return;
    }
    x64_load(&g->a, RCX, qv_jit_reg(reg));
    x64_store_imm(&g->a, qv_jit_reg(reg), 0);
    if (!(had & QV_FACT_IMMORTAL)) {
        qv_jit_decref_rcx(g, !(had & QV_FACT_BOUND));
    }
    g->facts[reg] = QV_FACT_NULL;
}

static bool check_bound(QvJitGen *g)
{
    if (!(g->facts[g->i.a] & QV_FACT_BOUND)) {
        x64_alu_mem_imm(&g->a, ALU_CMP, qv_jit_reg(g->i.a), 0);
        qv_jit_exit_if(g, CC_E);
        g->facts[g->i.a] |= QV_FACT_BOUND;
    }
    return true;
}

// ---- cells --------------------------------------------------------------------------------------

static void load_cell(QvJitGen *g)
{
    x64_load(&g->a, RAX, qv_jit_reg(g->i.b));
    x64_load(&g->a, RAX, x64_mem(RAX, offsetof(QvCell, value)));
    x64_test(&g->a, RAX);
    qv_jit_exit_if(g, CC_E);
    qv_jit_incref(g, RAX);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static void store_cell(QvJitGen *g)
{
    QvAsm *a = &g->a;
    qv_jit_give(g, g->i.b, QV_TAKE_B);
    x64_load(a, RSI, qv_jit_reg(g->i.a));
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvCell, value)));
    x64_store(a, x64_mem(RSI, offsetof(QvCell, value)), RAX);
    qv_jit_decref_rcx(g, true);
}

static int make_cell(QvInterp *qi, QvObj **r, unsigned to, unsigned from)
{
    QvObj *cell = qv_cell_new(qi, from == UINT32_MAX ? NULL : r[from]);
    if (!cell) {
        return -1;
    }
    if (from != UINT32_MAX) {
        qv_clear(qi, &r[from]);
    }
    qv_reg_put(qi, &r[to], cell);
    return 0;
}

static void new_cell(QvJitGen *g)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JREGS);
    x64_move_imm(a, RDX, g->i.a);
    x64_move_imm(a, RCX, g->i.c ? g->i.b : UINT32_MAX);
    x64_call_c(a, (const void *)make_cell);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    if (g->i.c) {
        g->facts[g->i.b] = QV_FACT_NULL;
    }
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static void copy_free(QvJitGen *g)
{
    QvAsm *a = &g->a;
    for (unsigned k = 0; k < g->i.b; k++) {
        x64_load(a, RCX, x64_mem(JFRAME, offsetof(QvFrame, owner)));
        x64_load(a, RCX, x64_mem(RCX, offsetof(QvFunction, closure)));
        x64_load(a, RAX, x64_mem(RCX, offsetof(QvTuple, items) + k * sizeof(QvObj *)));
        qv_jit_incref(g, RAX);
        qv_jit_put(g, g->i.a + k);
        g->facts[g->i.a + k] = QV_FACT_BOUND;
    }
}

static void delete_cell(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_load(a, RSI, qv_jit_reg(g->i.a));
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvCell, value)));
    x64_test(a, RCX);
    qv_jit_exit_if(g, CC_E);
    x64_store_imm(a, x64_mem(RSI, offsetof(QvCell, value)), 0);
    qv_jit_decref_rcx(g, false);
}

static void load_type(QvJitGen *g, const QvType *type)
{
    x64_move_ptr(&g->a, RAX, type);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND | QV_FACT_IMMORTAL;
}

// ---- jumps --------------------------------------------------------------------------------------

static void jump_none(QvJitGen *g, bool want, uint32_t word)
{
    QvAsm *a = &g->a;
    unsigned x = g->i.a;
    x64_load(a, RAX, qv_jit_reg(x));
    qv_jit_taken(g, QV_TAKE_A, x); // keeps rax
    x64_move_ptr(a, RCX, QV_NONE);
    x64_alu(a, ALU_CMP, RAX, RCX);
    qv_jit_jump_if(g, want ? CC_E : CC_NE, word);
}

static int is_same_int(const QvObj *x, const QvObj *y) { return qv_is_same(x, y); }

// rdi and rsi are different objects, but the first is an int.
static void same_int_cold(QvJitGen *g, const QvCold *c)
{
    x64_call_c(&g->a, (const void *)is_same_int);
    x64_alu32_imm(&g->a, ALU_CMP, RAX, 1);
    x64_jmp_to(&g->a, c->back);
}

// The zero flag: are x and y the same?
static void same(QvJitGen *g, unsigned x, unsigned y)
{
    QvAsm *a = &g->a;
    x64_load(a, RDI, qv_jit_reg(x));
    x64_load(a, RSI, qv_jit_reg(y));
    x64_alu(a, ALU_CMP, RDI, RSI);
    uint32_t yes = x64_jcc8(a, CC_E);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RDI), JINT);
    uint32_t is_int = x64_jcc(a, CC_E);
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, is_int);
    c->fn = (const void *)same_int_cold;
    x64_land8(a, yes);
    c->back = a->len;
}

static void jump_same(QvJitGen *g, bool want, uint32_t word)
{
    QvAsm *a = &g->a;
    same(g, g->i.a, g->i.b);
    if (g->i.flags & (QV_TAKE_A | QV_TAKE_B)) {
        x64_op_reg(a, 0, false, 0x0F94, 0, RAX);   // sete al
        x64_op_reg(a, 0, false, 0x0FB6, RAX, RAX); // movzx eax, al
        qv_jit_taken(g, QV_TAKE_A, g->i.a);
        qv_jit_taken(g, QV_TAKE_B, g->i.b);
        x64_test32(a, RAX);
        want = !want;
    }
    qv_jit_jump_if(g, want ? CC_E : CC_NE, word);
}

static void is_same(QvJitGen *g, bool want)
{
    QvAsm *a = &g->a;
    same(g, g->i.b, g->i.c);
    x64_move_ptr(a, RAX, want ? QV_TRUE : QV_FALSE);
    uint32_t yes = x64_jcc8(a, CC_E);
    x64_move_ptr(a, RAX, want ? QV_FALSE : QV_TRUE);
    x64_land8(a, yes);
    qv_jit_taken(g, QV_TAKE_B, g->i.b);
    qv_jit_taken(g, QV_TAKE_C, g->i.c);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND | QV_FACT_IMMORTAL;
}

// ---- iteration ----------------------------------------------------------------------------------

// The iterator is dropped, the loop left.
static void end_cold(QvJitGen *g, const QvCold *c)
{
    (void)c;
    x64_load(&g->a, RCX, qv_jit_reg(g->i.b));
    x64_store_imm(&g->a, qv_jit_reg(g->i.b), 0);
    qv_jit_decref_rcx(g, false);
    qv_jit_jump(g, qv_jit_near(g));
}

// Packed numbers and the end.
static int list_step(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvSeqIter *it = (QvSeqIter *)r[pc[-1].b];
    const QvList *list = (const QvList *)it->seq;
    if (it->h.type == &qv_list_iterator_type && list != NULL && list->numbers != NULL &&
        it->index < list->numbers->len) {
        return qv_reg_put_number(qi, &r[pc[-1].a], list->numbers, it->index++) < 0 ? -1 : 1;
    }
    return qv_slow_for_iter(qi, r, pc);
}

static void step_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JREGS);
    // rdx is the pc already
    x64_call_c(a, (const void *)list_step);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    x64_jcc_to(a, CC_NE, c->back);
    qv_jit_jump(g, qv_jit_near(g));
}

static void cold_if(QvJitGen *g, QvCc cc, QvJitCold fn)
{
    qv_jit_cold(g, COLD_CUSTOM, x64_jcc(&g->a, cc))->fn = (const void *)fn;
}

// left == 0: it is put right before the iterator, which others may have, is dropped.
static void range_end_cold(QvJitGen *g, const QvCold *c)
{
    x64_store_imm(&g->a, x64_mem(RCX, offsetof(QvRangeIter, left)), 0);
    end_cold(g, c);
}

static void for_range(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_load(a, RCX, qv_jit_reg(g->i.b));
    x64_move_ptr(a, RDX, &qv_range_iterator_type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), RDX);
    qv_jit_exit_if(g, CC_NE);
    x64_alu_mem_imm(a, ALU_SUB, x64_mem(RCX, offsetof(QvRangeIter, left)), 1);
    uint32_t end = x64_jcc(a, CC_B); // it was 0
    x64_load(a, RAX, x64_mem(RCX, offsetof(QvRangeIter, next)));
    x64_load(a, RDX, x64_mem(RCX, offsetof(QvRangeIter, step)));
    x64_alu(a, ALU_ADD, RDX, RAX);
    x64_store(a, x64_mem(RCX, offsetof(QvRangeIter, next)), RDX);
    qv_jit_put_int(g, g->i.a);
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, end);
    c->fn = (const void *)range_end_cold;
}

static void for_list(QvJitGen *g, bool tuple)
{
    QvAsm *a = &g->a;
    uint32_t first = g->ncolds;
    x64_load(a, RCX, qv_jit_reg(g->i.b));
    x64_move_ptr(a, RDX, tuple ? &qv_tuple_iterator_type : &qv_list_iterator_type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), RDX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RSI, x64_mem(RCX, offsetof(QvSeqIter, seq)));
    x64_test(a, RSI);
    cold_if(g, CC_E, step_cold);
    x64_load(a, RDX, x64_mem(RCX, offsetof(QvSeqIter, index)));
    x64_alu_mem(a, ALU_CMP, RDX,
                x64_mem(RSI, tuple ? offsetof(QvTuple, len) : offsetof(QvList, boxed)));
    cold_if(g, CC_GE, step_cold);
    if (tuple) {
        x64_indexed(a, 0, true, 0x8B, RAX, RSI, RDX, 3, offsetof(QvTuple, items));
    } else {
        x64_load(a, RSI, x64_mem(RSI, offsetof(QvList, items)));
        x64_indexed(a, 0, true, 0x8B, RAX, RSI, RDX, 3, 0);
    }
    x64_alu_imm(a, ALU_ADD, RDX, 1);
    x64_store(a, x64_mem(RCX, offsetof(QvSeqIter, index)), RDX);
    qv_jit_incref(g, RAX);
    qv_jit_put(g, g->i.a);
    qv_jit_come_back(g, first, step_cold);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

// Of whatever iterable.
static void unpack_any(QvJitGen *g, bool star)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JREGS);
    // rdx is the pc already
    x64_move_imm(a, RCX, star);
    x64_call_c(a, (const void *)qv_slow_unpack);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    memset(g->facts, 0, g->code->nregs);
    qv_jit_check_hooks(g, qv_jit_after(g));
}

static void unpack(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned from = g->i.b, to = g->i.a, n = g->i.c;
    bool mine = (g->i.flags & QV_TAKE_B) || (from >= to && from < to + n);
    x64_load(a, RAX, qv_jit_reg(from));
    x64_move_ptr(a, RCX, &qv_tuple_type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RAX), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_alu_mem_imm(a, ALU_CMP, x64_mem(RAX, offsetof(QvTuple, len)), (int32_t)n);
    qv_jit_exit_if(g, CC_NE);
    if (mine) {
        x64_store_imm(a, qv_jit_reg(from), 0);
        g->facts[from] = QV_FACT_NULL;
    }
    x64_store(a, JSPILL, RAX);
    for (unsigned k = 0; k < n; k++) {
        if (k > 0) {
            x64_load(a, RAX, JSPILL);
        }
        x64_load(a, RAX, x64_mem(RAX, offsetof(QvTuple, items) + k * sizeof(QvObj *)));
        qv_jit_incref(g, RAX);
        qv_jit_put(g, to + k);
        g->facts[to + k] = QV_FACT_BOUND;
    }
    if (mine) {
        x64_load(a, RCX, JSPILL);
        qv_jit_decref_rcx(g, false);
    }
}

bool qv_jit_move(QvJitGen *g)
{
    QvInstr i = g->i;
    uint32_t next = qv_jit_after(g), near = qv_jit_near(g);
    uint32_t far = next + ((uint32_t)i.b | (uint32_t)i.c << 16);
    switch ((QvOp)i.op) {
    case QV_INS_NOP: return true;
    case QV_INS_MOVE: move(g); return true;
    case QV_INS_TAKE: take(g); return true;
    case QV_INS_LOAD_K: load_constant(g); return true;
    case QV_INS_DROP: clear(g, i.a); return true;
    case QV_INS_DROP_RANGE:
        if (i.b > 8) {
            return false;
        }
        for (unsigned k = 0; k < i.b; k++) {
            qv_jit_drop(g, i.a + k);
        }
        return true;
    case QV_INS_CHECK_BOUND: return check_bound(g);
    case QV_INS_DEL_FAST:
        check_bound(g);
        clear(g, i.a);
        return true;
    case QV_INS_MAKE_CELL: new_cell(g); return true;
    case QV_INS_COPY_FREE:
        if (i.b > 8) {
            return false;
        }
        copy_free(g);
        return true;
    case QV_INS_DEL_CELL: delete_cell(g); return true;
    case QV_INS_LOAD_ASSERTION_ERROR: load_type(g, &qv_exc_AssertionError); return true;
    case QV_INS_LOAD_CELL: load_cell(g); return true;
    case QV_INS_STORE_CELL: store_cell(g); return true;
    case QV_INS_JUMP: qv_jit_jump(g, far); return true;
    case QV_INS_JNONE: jump_none(g, true, far); return true;
    case QV_INS_JNOTNONE: jump_none(g, false, far); return true;
    case QV_INS_JIS: jump_same(g, true, near); return true;
    case QV_INS_JISNOT: jump_same(g, false, near); return true;
    case QV_INS_IS: is_same(g, true); return true;
    case QV_INS_IS_NOT: is_same(g, false); return true;
    case QV_INS_FOR_ITER_RANGE: for_range(g); return true;
    case QV_INS_FOR_ITER_LIST: for_list(g, false); return true;
    case QV_INS_FOR_ITER_TUPLE: for_list(g, true); return true;
    case QV_INS_UNPACK:
        if (i.c > 8 || g->guarded) {
            unpack_any(g, false);
        } else {
            unpack(g);
        }
        return true;
    case QV_INS_UNPACK_EX: unpack_any(g, true); return true;
    default: return false;
    }
}

#endif
