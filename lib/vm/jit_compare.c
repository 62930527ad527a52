// SPDX-License-Identifier: MIT
// Machine code for comparison and truth: ints of 64 bits, floats and strings.
//
// As in jit_number.c, other operands leave at first and go by way of a C function later. Membership
// and truth always do.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

#define FLAGS_OF(reg) ((QvMem){(reg), offsetof(QvObj, flags)})

// A test that jumps: what decides, in which case, and where to.
typedef struct Test {
    QvCmpOp op;
    bool want;
    bool imm;
    uint32_t word;
} Test;

static uint32_t far_target(const QvJitGen *g)
{
    return qv_jit_after(g) + ((uint32_t)g->i.b | (uint32_t)g->i.c << 16);
}

static bool test_of(const QvJitGen *g, Test *ret)
{
    static const QvCmpOp ops[] = {QV_LT, QV_LE, QV_EQ, QV_NE, QV_GT, QV_GE};
    _Static_assert(QV_INS_JNGE_I - QV_INS_JLT == 23 && QV_INS_JNLT - QV_INS_JLT == 6 &&
                       QV_INS_JLT_I - QV_INS_JLT == 12 && QV_INS_JNLT_I - QV_INS_JLT == 18,
                   "they stand in a row");
    unsigned n = (unsigned)g->i.op - QV_INS_JLT;
    if (g->i.op < QV_INS_JLT || n > 23) {
        return false;
    }
    *ret = (Test){ops[n % 6], n / 6 % 2 == 0, n >= 12, qv_jit_near(g)};
    return true;
}

// Goes on where eax, the answer of a C function, tells: -1 raised, 2 a frame is to be entered.
static void jump_by_answer(QvJitGen *g, bool want, uint32_t word)
{
    QvAsm *a = &g->a;
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    x64_alu32_imm(a, ALU_CMP, RAX, 1);
    qv_jit_called_if(g, CC_A);
    uint32_t other = x64_jcc(a, want ? CC_NE : CC_E);
    qv_jit_check_hooks(g, word);
    qv_jit_jump(g, word);
    x64_land(a, other);
    qv_jit_check_hooks(g, qv_jit_after(g));
}

// ---- compare and jump: the general way ----------------------------------------------------------

// What qv_slow_test_imm does, with the arguments of the others.
static QV_RUNS int test_imm(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvCmpOp op,
                            QvFrame **ret_new)
{
    (void)ts;
    (void)ret_new;
    return qv_slow_test_imm(qi, f->regs, pc, op);
}

static void emit_general_test(QvJitGen *g)
{
    Test t = {0};
    test_of(g, &t);
    qv_jit_call_general(g, t.imm ? (const void *)test_imm : (const void *)qv_slow_test, t.op);
    jump_by_answer(g, t.want, t.word);
}

static void general_test_cold(QvJitGen *g, const QvCold *c)
{
    if (c->data) {
        qv_jit_put_constant(g, (const QvObj *)(uintptr_t)c->data, c->reg);
    }
    emit_general_test(g);
    x64_jmp_to(&g->a, c->back);
}

static void forget_taken(QvJitGen *g, unsigned flag, unsigned reg)
{
    if (g->i.flags & flag) {
        g->facts[reg] = 0;
    }
}

static bool may_be_heap(QvJitKind kind) { return kind == QV_JIT_OTHER || kind == QV_JIT_UNKNOWN; }

// What follows may be where a method in Python comes back to.
static void make_entry(QvJitGen *g) { g->entry[qv_jit_after(g)] |= JIT_LABEL | JIT_ENTRY; }

static void general_test_facts(QvJitGen *g, bool imm)
{
    if (may_be_heap(qv_jit_kind(g, g->i.a))) {
        make_entry(g);
    }
    qv_jit_forget_owners(g);
    forget_taken(g, QV_TAKE_A, g->i.a);
    if (!imm) {
        forget_taken(g, QV_TAKE_B, g->i.b);
    }
    if (g->constant) {
        g->facts[g->constant_reg] = 0;
    }
}

// ---- compare and jump: ints and floats ----------------------------------------------------------

// The condition under which signed ints compare so.
static QvCc int_cond(QvCmpOp op)
{
    switch (op) {
    case QV_LT: return CC_L;
    case QV_LE: return CC_LE;
    case QV_EQ: return CC_E;
    case QV_NE: return CC_NE;
    case QV_GT: return CC_G;
    default: return CC_GE;
    }
}

static void jump_by_ints(QvJitGen *g, Test t)
{
    QvCc cc = int_cond(t.op);
    qv_jit_jump_if(g, t.want ? cc : (QvCc)(cc ^ 1), t.word);
}

// Compares xmm0 with xmm1. `above` and `above or equal` do not hold of NaN.
static void jump_by_floats(QvJitGen *g, Test t)
{
    QvAsm *a = &g->a;
    if (t.op == QV_EQ || t.op == QV_NE) {
        x64_ucomisd(a, XMM0, XMM1);
        if ((t.op == QV_EQ) == t.want) { // jumps where they are equal
            uint32_t unordered = x64_jcc(a, CC_P);
            qv_jit_jump_if(g, CC_E, t.word);
            x64_land(a, unordered);
        } else {
            qv_jit_jump_if(g, CC_P, t.word);
            qv_jit_jump_if(g, CC_NE, t.word);
        }
        return;
    }
    bool swap = t.op == QV_LT || t.op == QV_LE;
    x64_ucomisd(a, swap ? XMM1 : XMM0, swap ? XMM0 : XMM1);
    QvCc cc = t.op == QV_LT || t.op == QV_GT ? CC_A : CC_AE;
    qv_jit_jump_if(g, t.want ? cc : (QvCc)(cc ^ 1), t.word);
}

static void test_ints(QvJitGen *g, Test t)
{
    QvAsm *a = &g->a;
    if (t.imm) {
        qv_jit_int_value(g, RAX, g->i.a);
        x64_alu_imm(a, ALU_CMP, RAX, (int16_t)g->i.b);
    } else {
        qv_jit_int_value(g, RCX, g->i.b);
        qv_jit_int_value(g, RAX, g->i.a);
        x64_alu(a, ALU_CMP, RAX, RCX);
    }
    jump_by_ints(g, t);
}

static void test_floats(QvJitGen *g, Test t)
{
    QvAsm *a = &g->a;
    if (t.imm) {
        qv_jit_float_value(g, XMM0, g->i.a, QV_JIT_FLOAT);
        x64_move_imm(a, RDX, (uint64_t)(int16_t)g->i.b);
        x64_zero_sd(a, XMM1);
        x64_op_reg(a, 0xF2, true, 0x0F2A, XMM1, RDX); // cvtsi2sd
    } else {
        qv_jit_float_value(g, XMM1, g->i.b, QV_JIT_FLOAT);
        qv_jit_float_value(g, XMM0, g->i.a, QV_JIT_FLOAT);
    }
    jump_by_floats(g, t);
}

// Two ints, or two floats: nothing is known of them.
static void test_either(QvJitGen *g, Test t)
{
    QvAsm *a = &g->a;
    x64_load(a, RAX, qv_jit_reg(g->i.a));
    x64_load(a, RCX, qv_jit_reg(g->i.b));
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RAX), JINT);
    uint32_t no_int = x64_jcc(a, CC_NE);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), JINT);
    qv_jit_guard(g, CC_NE);
    x64_load(a, RAX, JINT_AT(RAX));
    x64_alu_mem(a, ALU_CMP, RAX, JINT_AT(RCX));
    jump_by_ints(g, t);
    uint32_t done = x64_jmp(a);
    x64_land(a, no_int);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RAX), JFLOAT);
    qv_jit_guard(g, CC_NE);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), JFLOAT);
    qv_jit_guard(g, CC_NE);
    x64_load_sd(a, XMM0, JFLOAT_AT(RAX));
    x64_load_sd(a, XMM1, JFLOAT_AT(RCX));
    jump_by_floats(g, t);
    x64_land(a, done);
}

// ---- strings ------------------------------------------------------------------------------------

static void check_str(QvJitGen *g, QvReg o, unsigned reg)
{
    if (!(g->facts[reg] & QV_FACT_STR)) {
        x64_move_ptr(&g->a, RDX, &qv_str_type);
        x64_alu_to_mem(&g->a, ALU_CMP, JTYPE(o), RDX);
        qv_jit_guard(g, CC_NE);
        g->facts[reg] |= (g->otherwise ? 0 : QV_FACT_STR) | QV_FACT_BOUND;
    }
}

static void load_str(QvJitGen *g, QvReg to, unsigned reg)
{
    if (qv_jit_is_constant(g, reg)) {
        x64_move_ptr(&g->a, to, g->constant);
        return;
    }
    x64_load(&g->a, to, qv_jit_reg(reg));
    check_str(g, to, reg);
}

// eax: are two strings the same? As qv_str_same.
static void compare_strings(QvJitGen *g, unsigned x, unsigned y)
{
    QvAsm *a = &g->a;
    load_str(g, RDI, x);
    load_str(g, RSI, y);
    x64_move_imm(a, RAX, 1);
    x64_alu(a, ALU_CMP, RDI, RSI);
    uint32_t one = x64_jcc8(a, CC_E);
    x64_zero(a, RAX);
    x64_load32(a, RDX, FLAGS_OF(RDI));
    x64_op_mem(a, 0, false, 0x23, RDX, FLAGS_OF(RSI)); // and
    x64_op_reg(a, 0, false, 0xF7, 0, RDX);             // test
    x64_u32(a, QV_F_INTERNED);
    uint32_t interned = x64_jcc8(a, CC_NE);
    x64_call_c(a, (const void *)qv_str_equal);
    x64_op_reg(a, 0, false, 0x0FB6, RAX, RAX); // movzx eax, al
    x64_land8(a, one);
    x64_land8(a, interned);
}

static bool is_equality(QvCmpOp op) { return op == QV_EQ || op == QV_NE; }

static void test_strings(QvJitGen *g, Test t)
{
    compare_strings(g, g->i.a, g->i.b);
    if (!qv_jit_is_constant(g, g->i.a)) {
        qv_jit_taken(g, QV_TAKE_A, g->i.a);
    }
    if (!qv_jit_is_constant(g, g->i.b)) {
        qv_jit_taken(g, QV_TAKE_B, g->i.b);
    }
    x64_test32(&g->a, RAX);
    qv_jit_jump_if(g, (t.op == QV_EQ) == t.want ? CC_NE : CC_E, t.word);
}

// ---- which way ----------------------------------------------------------------------------------

// Two operands are compared as what the one is that is known, when the other may be that too.
static QvJitKind common_kind(QvJitKind x, QvJitKind y)
{
    return x == y || y == QV_JIT_UNKNOWN ? x : x == QV_JIT_UNKNOWN ? y : QV_JIT_OTHER;
}

static bool test_fast(QvJitGen *g, Test t)
{
    QvJitKind x = qv_jit_kind(g, g->i.a);
    bool known = x != QV_JIT_UNKNOWN && (t.imm || qv_jit_kind(g, g->i.b) != QV_JIT_UNKNOWN);
    g->otherwise = g->guarded || !known ? general_test_cold : NULL;
    QvJitKind kind = t.imm ? common_kind(x, x == QV_JIT_FLOAT ? x : QV_JIT_INT)
                           : common_kind(x, qv_jit_kind(g, g->i.b));
    switch (kind) {
    case QV_JIT_INT: test_ints(g, t); return true;
    case QV_JIT_FLOAT: test_floats(g, t); return true;
    case QV_JIT_UNKNOWN: test_either(g, t); return true;
    case QV_JIT_STR:
        if (is_equality(t.op)) {
            test_strings(g, t);
            return true;
        }
        return false;
    default: return false;
    }
}

static void test_and_jump(QvJitGen *g, Test t)
{
    uint32_t first = g->ncolds;
    if (test_fast(g, t)) {
        qv_jit_join(g, first);
        if (g->otherwise) {
            general_test_facts(g, t.imm);
        }
        return;
    }
    if (g->constant) {
        qv_jit_put_constant(g, g->constant, g->constant_reg);
    }
    emit_general_test(g);
    general_test_facts(g, t.imm);
}

// ---- comparisons whose result is an object ------------------------------------------------------

static QvCmpOp cmp_of(QvOp op)
{
    return op == QV_INS_LT   ? QV_LT
           : op == QV_INS_LE ? QV_LE
           : op == QV_INS_EQ ? QV_EQ
           : op == QV_INS_NE ? QV_NE
           : op == QV_INS_GT ? QV_GT
                             : QV_GE;
}

static void emit_general_compare(QvJitGen *g)
{
    qv_jit_call_general(g, (const void *)qv_slow_compare, cmp_of((QvOp)g->i.op));
    qv_jit_perhaps_called(g);
    qv_jit_check_hooks(g, qv_jit_after(g));
}

static void general_compare_cold(QvJitGen *g, const QvCold *c)
{
    emit_general_compare(g);
    x64_jmp_to(&g->a, c->back);
}

static void general_compare_facts(QvJitGen *g)
{
    if (may_be_heap(qv_jit_kind(g, g->i.b))) {
        make_entry(g);
    }
    qv_jit_forget_owners(g);
    forget_taken(g, QV_TAKE_B, g->i.b);
    forget_taken(g, QV_TAKE_C, g->i.c);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

// True or False, by a condition, into the register.
static void put_bool(QvJitGen *g, QvCc cc)
{
    QvAsm *a = &g->a;
    x64_move_ptr(a, RAX, QV_TRUE); // (changes no flags)
    uint32_t holds = x64_jcc8(a, cc);
    x64_move_ptr(a, RAX, QV_FALSE);
    x64_land8(a, holds);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND | QV_FACT_IMMORTAL;
}

static void compare_ints(QvJitGen *g, QvCmpOp op)
{
    qv_jit_int_value(g, RCX, g->i.c);
    qv_jit_int_value(g, RAX, g->i.b);
    x64_alu(&g->a, ALU_CMP, RAX, RCX);
    put_bool(g, int_cond(op));
}

static void compare_texts(QvJitGen *g, QvCmpOp op)
{
    compare_strings(g, g->i.b, g->i.c);
    qv_jit_taken(g, QV_TAKE_B, g->i.b);
    qv_jit_taken(g, QV_TAKE_C, g->i.c);
    x64_test32(&g->a, RAX);
    put_bool(g, op == QV_EQ ? CC_NE : CC_E);
}

static void compare_floats(QvJitGen *g, QvCmpOp op)
{
    QvAsm *a = &g->a;
    qv_jit_float_value(g, XMM1, g->i.c, QV_JIT_FLOAT);
    qv_jit_float_value(g, XMM0, g->i.b, QV_JIT_FLOAT);
    if (is_equality(op)) {
        x64_ucomisd(a, XMM0, XMM1);
        x64_move_ptr(a, RAX, op == QV_EQ ? QV_FALSE : QV_TRUE);
        uint32_t unordered = x64_jcc8(a, CC_P), differ = x64_jcc8(a, CC_NE);
        x64_move_ptr(a, RAX, op == QV_EQ ? QV_TRUE : QV_FALSE);
        x64_land8(a, unordered);
        x64_land8(a, differ);
        qv_jit_put(g, g->i.a);
        g->facts[g->i.a] = QV_FACT_BOUND | QV_FACT_IMMORTAL;
        return;
    }
    bool swap = op == QV_LT || op == QV_LE;
    x64_ucomisd(a, swap ? XMM1 : XMM0, swap ? XMM0 : XMM1);
    put_bool(g, op == QV_LT || op == QV_GT ? CC_A : CC_AE);
}

static bool compare_fast(QvJitGen *g, QvCmpOp op)
{
    QvJitKind x = qv_jit_kind(g, g->i.b), y = qv_jit_kind(g, g->i.c);
    bool known = x != QV_JIT_UNKNOWN && y != QV_JIT_UNKNOWN;
    g->otherwise = g->guarded || !known ? general_compare_cold : NULL;
    switch (common_kind(x, y)) {
    case QV_JIT_UNKNOWN:
    case QV_JIT_INT: compare_ints(g, op); return true;
    case QV_JIT_FLOAT: compare_floats(g, op); return true;
    case QV_JIT_STR:
        if (is_equality(op)) {
            compare_texts(g, op);
            return true;
        }
        return false;
    default: return false;
    }
}

static void compare(QvJitGen *g)
{
    uint32_t first = g->ncolds;
    if (compare_fast(g, cmp_of((QvOp)g->i.op))) {
        qv_jit_join(g, first);
        if (g->otherwise) {
            general_compare_facts(g);
        }
        return;
    }
    emit_general_compare(g);
    general_compare_facts(g);
}

// ---- truth --------------------------------------------------------------------------------------

// The truth of register x: 1/0/-1, or 2 with *ret_new.
static QV_RUNS int truth_of(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, unsigned x,
                            QvFrame **ret_new)
{
    QvObj *o = f->regs[x];
    if ((o->type->flags & QV_T_HEAP) && (*ret_new = qv_special_truth(qi, ts, f, o)) != NULL) {
        return 2;
    }
    int truth = qv_is_true(qi, o);
    if (truth >= 0) {
        qv_take(qi, f->regs, pc[-1], QV_TAKE_A); // (NOT has no such flag)
    }
    return truth;
}

static void truth_cold(QvJitGen *g, const QvCold *c)
{
    qv_jit_call_general(g, (const void *)truth_of, g->i.a);
    jump_by_answer(g, g->i.op == QV_INS_JTRUE, far_target(g));
    x64_jmp_to(&g->a, c->back);
}

// Jumps to the word if rax is True (want) or False, and goes on at *other_way if it is the other.
static uint32_t jump_by_bool(QvJitGen *g, bool want, uint32_t word)
{
    QvAsm *a = &g->a;
    x64_move_ptr(a, RCX, want ? QV_TRUE : QV_FALSE);
    x64_alu(a, ALU_CMP, RAX, RCX);
    qv_jit_jump_if(g, CC_E, word);
    x64_move_ptr(a, RCX, want ? QV_FALSE : QV_TRUE);
    x64_alu(a, ALU_CMP, RAX, RCX);
    return x64_jcc(a, CC_E);
}

static void truth_jump(QvJitGen *g, bool want)
{
    QvAsm *a = &g->a;
    unsigned x = g->i.a;
    uint32_t word = far_target(g), first = g->ncolds;
    if (qv_jit_kind(g, x) == QV_JIT_INT && !g->guarded) {
        qv_jit_int_value(g, RAX, x);
        x64_test(a, RAX);
        qv_jit_jump_if(g, want ? CC_NE : CC_E, word);
        return;
    }
    g->otherwise = truth_cold;
    g->constant_reg = 0;
    x64_load(a, RAX, qv_jit_reg(x));
    uint32_t other = jump_by_bool(g, want, word), none = 0;
    x64_move_ptr(a, RCX, QV_NONE);
    x64_alu(a, ALU_CMP, RAX, RCX);
    if (want) {
        none = x64_jcc(a, CC_E);
    } else {
        qv_jit_jump_if(g, CC_E, word);
    }
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RAX), JINT);
    qv_jit_guard(g, CC_NE);
    x64_alu_mem_imm(a, ALU_CMP, JINT_AT(RAX), 0);
    qv_jit_jump_if(g, want ? CC_NE : CC_E, word);
    x64_land(a, other);
    if (want) {
        x64_land(a, none);
    }
    qv_jit_join(g, first);
    qv_jit_forget_owners(g);
    forget_taken(g, QV_TAKE_A, x);
}

// The whole of NOT: 0, 1 with *ret_new, -1.
static QV_RUNS int negate(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, unsigned unused,
                          QvFrame **ret_new)
{
    (void)unused;
    QvInstr i = pc[-1];
    int truth = truth_of(qi, ts, f, pc, i.b, ret_new);
    if (truth < 0 || truth > 1) {
        return truth < 0 ? -1 : 1;
    }
    qv_take(qi, f->regs, i, QV_TAKE_B);
    qv_reg_put(qi, &f->regs[i.a], qv_bool(!truth));
    return 0;
}

static void negate_cold(QvJitGen *g, const QvCold *c)
{
    qv_jit_call_general(g, (const void *)negate, 0);
    qv_jit_perhaps_called(g);
    qv_jit_check_hooks(g, qv_jit_after(g));
    x64_jmp_to(&g->a, c->back);
}

static void logical_not(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint32_t first = g->ncolds;
    g->otherwise = negate_cold;
    x64_load(a, RSI, qv_jit_reg(g->i.b));
    x64_move_ptr(a, RAX, QV_FALSE);
    x64_move_ptr(a, RCX, QV_TRUE);
    x64_alu(a, ALU_CMP, RSI, RCX);
    uint32_t is_true = x64_jcc8(a, CC_E);
    x64_alu(a, ALU_CMP, RSI, RAX);
    qv_jit_guard(g, CC_NE);
    x64_move(a, RAX, RCX);
    x64_land8(a, is_true);
    qv_jit_put(g, g->i.a);
    qv_jit_join(g, first);
    qv_jit_forget_owners(g);
    forget_taken(g, QV_TAKE_B, g->i.b);
    g->facts[g->i.a] = QV_FACT_BOUND | QV_FACT_IMMORTAL;
}

// ---- membership ---------------------------------------------------------------------------------

// 1/0/-1, or 2 with *ret_new.
static QV_RUNS int contains(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, unsigned jumps,
                            QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    unsigned container = jumps ? i.b : i.c, item = jumps ? i.a : i.b;
    if ((r[container]->type->flags & QV_T_HEAP) &&
        (*ret_new = qv_special_contains(qi, ts, f, r[container], r[item])) != NULL) {
        return 2;
    }
    return qv_slow_contains(qi, r, pc, (int)container, (int)item,
                            jumps ? QV_TAKE_A | QV_TAKE_B : QV_TAKE_B | QV_TAKE_C);
}

static void contains_jump(QvJitGen *g, bool want)
{
    qv_jit_call_general(g, (const void *)contains, 1);
    jump_by_answer(g, want, qv_jit_near(g));
    qv_jit_forget_owners(g);
    forget_taken(g, QV_TAKE_A, g->i.a);
    forget_taken(g, QV_TAKE_B, g->i.b);
    if (qv_jit_kind(g, g->i.b) == QV_JIT_OTHER && (g->hot_regs[g->i.b]->type->flags & QV_T_HEAP)) {
        make_entry(g);
    }
}

static void contains_value(QvJitGen *g, bool want)
{
    QvAsm *a = &g->a;
    qv_jit_call_general(g, (const void *)contains, 0);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    x64_alu32_imm(a, ALU_CMP, RAX, 1);
    qv_jit_called_if(g, CC_A);
    qv_jit_forget_owners(g);
    forget_taken(g, QV_TAKE_B, g->i.b);
    forget_taken(g, QV_TAKE_C, g->i.c);
    put_bool(g, want ? CC_E : CC_NE);
    qv_jit_check_hooks(g, qv_jit_after(g));
}

bool qv_jit_compare(QvJitGen *g)
{
    Test t;
    if (test_of(g, &t)) {
        test_and_jump(g, t);
        return true;
    }
    switch ((QvOp)g->i.op) {
    case QV_INS_LT:
    case QV_INS_LE:
    case QV_INS_EQ:
    case QV_INS_NE:
    case QV_INS_GT:
    case QV_INS_GE: compare(g); return true;
    case QV_INS_JTRUE: truth_jump(g, true); return true;
    case QV_INS_JFALSE: truth_jump(g, false); return true;
    case QV_INS_NOT: logical_not(g); return true;
    case QV_INS_JIN: contains_jump(g, true); return true;
    case QV_INS_JNOTIN: contains_jump(g, false); return true;
    case QV_INS_IN: contains_value(g, true); return true;
    case QV_INS_NOT_IN: contains_value(g, false); return true;
    default: return false;
    }
}

#endif
