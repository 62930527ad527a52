// SPDX-License-Identifier: MIT
// Machine code for arithmetic and comparison: ints of 64 bits and floats.
//
// Exact numbers only; for any other operand the eval loop does the instruction. A result goes into
// the box of its register where that is its own, as in qv_reg_put_int.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

#define INT_AT(reg)   ((QvMem){(reg), offsetof(QvInt, value)})
#define FLOAT_AT(reg) ((QvMem){(reg), offsetof(QvFloat, value)})
#define TYPE(reg)     ((QvMem){(reg), offsetof(QvObj, type)})

static void learn(QvJitGen *g, unsigned reg, uint8_t fact)
{
    g->facts[reg] |= fact | QV_FACT_BOUND;
}

// `to` = the object in the register, an exact int; leaves for another one.
static void load_int(QvJitGen *g, QvReg to, unsigned reg)
{
    x64_load(&g->a, to, qv_jit_reg(reg));
    if (!(g->facts[reg] & QV_FACT_INT)) {
        x64_alu_to_mem(&g->a, ALU_CMP, TYPE(to), JINT);
        qv_jit_exit_if(g, CC_NE);
        learn(g, reg, QV_FACT_INT);
    }
}

static void load_float(QvJitGen *g, QvReg to, unsigned reg)
{
    x64_load(&g->a, to, qv_jit_reg(reg));
    if (!(g->facts[reg] & QV_FACT_FLOAT)) {
        x64_alu_to_mem(&g->a, ALU_CMP, TYPE(to), JFLOAT);
        qv_jit_exit_if(g, CC_NE);
        learn(g, reg, QV_FACT_FLOAT);
    }
}

// ---- ints ---------------------------------------------------------------------------------------

static void int_operation(QvJitGen *g, QvAlu op, bool overflows)
{
    load_int(g, RAX, g->i.b);
    load_int(g, RCX, g->i.c);
    x64_load(&g->a, RAX, INT_AT(RAX));
    x64_alu_mem(&g->a, op, RAX, INT_AT(RCX));
    if (overflows) {
        qv_jit_exit_if(g, CC_O);
    }
    qv_jit_put_int(g, g->i.a);
}

static void int_operation_imm(QvJitGen *g, QvAlu op, bool overflows)
{
    load_int(g, RAX, g->i.b);
    x64_load(&g->a, RAX, INT_AT(RAX));
    x64_alu_imm(&g->a, op, RAX, (int16_t)g->i.c);
    if (overflows) {
        qv_jit_exit_if(g, CC_O);
    }
    qv_jit_put_int(g, g->i.a);
}

// rax / rcx, rcx positive: rounded down in rax, the remainder in rdx.
static void divide_down(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_cqo(a);
    x64_idiv(a, RCX);
    x64_test(a, RDX);
    uint32_t positive = x64_jcc8(a, CC_NS);
    x64_alu_imm(a, ALU_SUB, RAX, 1);
    x64_alu(a, ALU_ADD, RDX, RCX);
    x64_land8(a, positive);
}

static void int_division(QvJitGen *g, bool imm, bool remainder)
{
    QvAsm *a = &g->a;
    load_int(g, RAX, g->i.b);
    if (imm) {
        int16_t by = (int16_t)g->i.c;
        x64_load(a, RAX, INT_AT(RAX));
        if ((by & (by - 1)) == 0) { // a power of two: two's complement rounds down
            if (remainder) {
                x64_alu_imm(a, ALU_AND, RAX, by - 1);
            } else {
                x64_shift_imm(a, 7, RAX, (unsigned)__builtin_ctz((unsigned)by));
            }
            qv_jit_put_int(g, g->i.a);
            return;
        }
        x64_move_imm(a, RCX, (uint64_t)by);
    } else {
        load_int(g, RCX, g->i.c);
        x64_load(a, RAX, INT_AT(RAX));
        x64_load(a, RCX, INT_AT(RCX));
        x64_test(a, RCX);
        qv_jit_exit_if(g, CC_LE);
    }
    divide_down(g);
    if (remainder) {
        x64_move(a, RAX, RDX);
    }
    qv_jit_put_int(g, g->i.a);
}

// by a constant, or by rcx
static void int_shift(QvJitGen *g, bool imm, bool left)
{
    QvAsm *a = &g->a;
    load_int(g, RAX, g->i.b);
    if (!imm) {
        load_int(g, RCX, g->i.c);
    }
    x64_load(a, RAX, INT_AT(RAX));
    if (left) {
        x64_movsxd(a, RDX, RAX);
        x64_alu(a, ALU_CMP, RDX, RAX);
        qv_jit_exit_if(g, CC_NE);
    }
    if (imm) {
        x64_shift_imm(a, left ? 4 : 7, RAX, g->i.c);
    } else {
        x64_load(a, RCX, INT_AT(RCX));
        x64_alu_imm(a, ALU_CMP, RCX, left ? 32 : 64);
        qv_jit_exit_if(g, CC_AE);
        x64_shift_cl(a, left ? 4 : 7, RAX);
    }
    qv_jit_put_int(g, g->i.a);
}

// ---- floats -------------------------------------------------------------------------------------

static void float_operation(QvJitGen *g, QvSse op)
{
    QvAsm *a = &g->a;
    load_float(g, RAX, g->i.b);
    load_float(g, RCX, g->i.c);
    if (op == SSE_DIV) {
        x64_zero_sd(a, XMM1);
        x64_ucomisd_mem(a, XMM1, FLOAT_AT(RCX));
        uint32_t unordered = x64_jcc8(a, CC_P);
        qv_jit_exit_if(g, CC_E);
        x64_land8(a, unordered);
    }
    x64_load_sd(a, XMM0, FLOAT_AT(RAX));
    x64_sse_mem(a, op, XMM0, FLOAT_AT(RCX));
    qv_jit_put_float(g, g->i.a);
}

// ---- comparison ---------------------------------------------------------------------------------

// The condition under which signed ints compare so.
static QvCond int_cond(QvCmpOp op)
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

// Compares xmm0 with xmm1 and jumps to the word where op holds (want), or does not.
static void float_jump(QvJitGen *g, QvCmpOp op, bool want, uint32_t word)
{
    QvAsm *a = &g->a;
    if (op == QV_EQ || op == QV_NE) {
        bool equal = (op == QV_EQ) == want; // jumps where they are equal
        x64_ucomisd(a, XMM0, XMM1);
        if (equal) {
            uint32_t unordered = x64_jcc(a, CC_P);
            qv_jit_jump_if(g, CC_E, word);
            x64_land(a, unordered);
        } else {
            qv_jit_jump_if(g, CC_P, word);
            qv_jit_jump_if(g, CC_NE, word);
        }
        return;
    }
    // `above` and `above or equal` do not hold of NaN.
    bool swap = op == QV_LT || op == QV_LE;
    x64_ucomisd(a, swap ? XMM1 : XMM0, swap ? XMM0 : XMM1);
    QvCond cc = op == QV_LT || op == QV_GT ? CC_A : CC_AE;
    qv_jit_jump_if(g, want ? cc : (QvCond)(cc ^ 1), word);
}

// What is known of a register, or was there at the last look, decides which case comes first.
static bool mostly_float(const QvJitGen *g, unsigned reg)
{
    return (g->facts[reg] & QV_FACT_FLOAT) != 0;
}

static void compare_jump(QvJitGen *g, QvCmpOp op, bool want, uint32_t word)
{
    QvAsm *a = &g->a;
    unsigned x = g->i.a, y = g->i.b;
    if (mostly_float(g, x) || mostly_float(g, y)) {
        load_float(g, RAX, x);
        load_float(g, RCX, y);
        x64_load_sd(a, XMM0, FLOAT_AT(RAX));
        x64_load_sd(a, XMM1, FLOAT_AT(RCX));
        float_jump(g, op, want, word);
        return;
    }
    bool known = (g->facts[x] & QV_FACT_INT) && (g->facts[y] & QV_FACT_INT);
    bool one = (g->facts[x] | g->facts[y]) & QV_FACT_INT;
    if (known || one) {
        load_int(g, RAX, x);
        load_int(g, RCX, y);
        x64_load(a, RAX, INT_AT(RAX));
        x64_alu_mem(a, ALU_CMP, RAX, INT_AT(RCX));
        QvCond cc = int_cond(op);
        qv_jit_jump_if(g, want ? cc : (QvCond)(cc ^ 1), word);
        return;
    }
    // Both cases.
    x64_load(a, RAX, qv_jit_reg(x));
    x64_load(a, RCX, qv_jit_reg(y));
    x64_alu_to_mem(a, ALU_CMP, TYPE(RAX), JINT);
    uint32_t no_int = x64_jcc(a, CC_NE);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RCX), JINT);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RAX, INT_AT(RAX));
    x64_alu_mem(a, ALU_CMP, RAX, INT_AT(RCX));
    QvCond cc = int_cond(op);
    qv_jit_jump_if(g, want ? cc : (QvCond)(cc ^ 1), word);
    uint32_t done = x64_jmp(a);
    x64_land(a, no_int);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RAX), JFLOAT);
    qv_jit_exit_if(g, CC_NE);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RCX), JFLOAT);
    qv_jit_exit_if(g, CC_NE);
    x64_load_sd(a, XMM0, FLOAT_AT(RAX));
    x64_load_sd(a, XMM1, FLOAT_AT(RCX));
    float_jump(g, op, want, word);
    x64_land(a, done);
}

static void compare_jump_imm(QvJitGen *g, QvCmpOp op, bool want, uint32_t word)
{
    QvAsm *a = &g->a;
    unsigned x = g->i.a;
    int16_t with = (int16_t)g->i.b;
    if (mostly_float(g, x)) {
        x64_load(a, RAX, qv_jit_reg(x));
        x64_load_sd(a, XMM0, FLOAT_AT(RAX));
        x64_move_imm(a, RCX, (uint64_t)(int64_t)with);
        x64_op_reg(a, 0xF2, true, 0x0F2A, XMM1, RCX); // cvtsi2sd
        float_jump(g, op, want, word);
        return;
    }
    load_int(g, RAX, x);
    x64_alu_mem_imm(a, ALU_CMP, INT_AT(RAX), with);
    QvCond cc = int_cond(op);
    qv_jit_jump_if(g, want ? cc : (QvCond)(cc ^ 1), word);
}

// A comparison whose result is an object.
static void compare(QvJitGen *g, QvCmpOp op)
{
    QvAsm *a = &g->a;
    load_int(g, RAX, g->i.b);
    load_int(g, RCX, g->i.c);
    x64_load(a, RAX, INT_AT(RAX));
    x64_alu_mem(a, ALU_CMP, RAX, INT_AT(RCX));
    x64_move_ptr(a, RAX, QV_TRUE);
    uint32_t holds = x64_jcc8(a, int_cond(op));
    x64_move_ptr(a, RAX, QV_FALSE);
    x64_land8(a, holds);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND | QV_FACT_IMMORTAL;
}

static void truth_jump(QvJitGen *g, bool want, uint32_t word)
{
    QvAsm *a = &g->a;
    unsigned x = g->i.a;
    x64_load(a, RAX, qv_jit_reg(x));
    if (g->facts[x] & QV_FACT_INT) {
        x64_alu_mem_imm(a, ALU_CMP, INT_AT(RAX), 0);
        qv_jit_jump_if(g, want ? CC_NE : CC_E, word);
        return;
    }
    // True, False and None are most of them.
    x64_move_ptr(a, RCX, want ? QV_TRUE : QV_FALSE);
    x64_alu(a, ALU_CMP, RAX, RCX);
    qv_jit_jump_if(g, CC_E, word);
    x64_move_ptr(a, RCX, want ? QV_FALSE : QV_TRUE);
    x64_alu(a, ALU_CMP, RAX, RCX);
    uint32_t other = x64_jcc(a, CC_E);
    uint32_t none = 0;
    x64_move_ptr(a, RCX, QV_NONE);
    x64_alu(a, ALU_CMP, RAX, RCX);
    if (want) {
        none = x64_jcc(a, CC_E);
    } else {
        qv_jit_jump_if(g, CC_E, word);
    }
    x64_alu_to_mem(a, ALU_CMP, TYPE(RAX), JINT);
    qv_jit_exit_if(g, CC_NE);
    x64_alu_mem_imm(a, ALU_CMP, INT_AT(RAX), 0);
    qv_jit_jump_if(g, want ? CC_NE : CC_E, word);
    x64_land(a, other);
    if (want) {
        x64_land(a, none);
    }
}

bool qv_jit_number(QvJitGen *g)
{
    QvInstr i = g->i;
    uint32_t next = qv_jit_after(g), near = next + (uint32_t)(int32_t)(int16_t)i.c;
    uint32_t far = next + ((uint32_t)i.b | (uint32_t)i.c << 16);
    switch ((QvOp)i.op) {
    case QV_INS_ADD: int_operation(g, ALU_ADD, true); return true;
    case QV_INS_SUB: int_operation(g, ALU_SUB, true); return true;
    case QV_INS_AND: int_operation(g, ALU_AND, false); return true;
    case QV_INS_OR: int_operation(g, ALU_OR, false); return true;
    case QV_INS_XOR: int_operation(g, ALU_XOR, false); return true;
    case QV_INS_ADD_I: int_operation_imm(g, ALU_ADD, true); return true;
    case QV_INS_SUB_I: int_operation_imm(g, ALU_SUB, true); return true;
    case QV_INS_AND_I: int_operation_imm(g, ALU_AND, false); return true;
    case QV_INS_MUL:
        load_int(g, RAX, i.b);
        load_int(g, RCX, i.c);
        x64_load(&g->a, RAX, INT_AT(RAX));
        x64_imul_mem(&g->a, RAX, INT_AT(RCX));
        qv_jit_exit_if(g, CC_O);
        qv_jit_put_int(g, i.a);
        return true;
    case QV_INS_MUL_I:
        load_int(g, RAX, i.b);
        x64_load(&g->a, RAX, INT_AT(RAX));
        x64_imul_imm(&g->a, RAX, RAX, (int16_t)i.c);
        qv_jit_exit_if(g, CC_O);
        qv_jit_put_int(g, i.a);
        return true;
    case QV_INS_FLOORDIV: int_division(g, false, false); return true;
    case QV_INS_MOD: int_division(g, false, true); return true;
    case QV_INS_FLOORDIV_I:
    case QV_INS_MOD_I:
        if ((int16_t)i.c <= 0) {
            return false;
        }
        int_division(g, true, i.op == QV_INS_MOD_I);
        return true;
    case QV_INS_LSHIFT: int_shift(g, false, true); return true;
    case QV_INS_RSHIFT: int_shift(g, false, false); return true;
    case QV_INS_LSHIFT_I:
    case QV_INS_RSHIFT_I:
        if (i.c >= (i.op == QV_INS_LSHIFT_I ? 32 : 64)) {
            return false;
        }
        int_shift(g, true, i.op == QV_INS_LSHIFT_I);
        return true;
    case QV_INS_NEG:
        load_int(g, RAX, i.b);
        x64_load(&g->a, RAX, INT_AT(RAX));
        x64_neg(&g->a, RAX);
        qv_jit_exit_if(g, CC_O);
        qv_jit_put_int(g, i.a);
        return true;
    case QV_INS_ADD_FLOAT: float_operation(g, SSE_ADD); return true;
    case QV_INS_SUB_FLOAT: float_operation(g, SSE_SUB); return true;
    case QV_INS_MUL_FLOAT: float_operation(g, SSE_MUL); return true;
    case QV_INS_TRUEDIV_FLOAT: float_operation(g, SSE_DIV); return true;
    case QV_INS_LT: compare(g, QV_LT); return true;
    case QV_INS_LE: compare(g, QV_LE); return true;
    case QV_INS_EQ: compare(g, QV_EQ); return true;
    case QV_INS_NE: compare(g, QV_NE); return true;
    case QV_INS_GT: compare(g, QV_GT); return true;
    case QV_INS_GE: compare(g, QV_GE); return true;
    case QV_INS_JLT: compare_jump(g, QV_LT, true, near); return true;
    case QV_INS_JLE: compare_jump(g, QV_LE, true, near); return true;
    case QV_INS_JEQ: compare_jump(g, QV_EQ, true, near); return true;
    case QV_INS_JNE: compare_jump(g, QV_NE, true, near); return true;
    case QV_INS_JGT: compare_jump(g, QV_GT, true, near); return true;
    case QV_INS_JGE: compare_jump(g, QV_GE, true, near); return true;
    case QV_INS_JNLT: compare_jump(g, QV_LT, false, near); return true;
    case QV_INS_JNLE: compare_jump(g, QV_LE, false, near); return true;
    case QV_INS_JNEQ: compare_jump(g, QV_EQ, false, near); return true;
    case QV_INS_JNNE: compare_jump(g, QV_NE, false, near); return true;
    case QV_INS_JNGT: compare_jump(g, QV_GT, false, near); return true;
    case QV_INS_JNGE: compare_jump(g, QV_GE, false, near); return true;
    case QV_INS_JLT_I: compare_jump_imm(g, QV_LT, true, near); return true;
    case QV_INS_JLE_I: compare_jump_imm(g, QV_LE, true, near); return true;
    case QV_INS_JEQ_I: compare_jump_imm(g, QV_EQ, true, near); return true;
    case QV_INS_JNE_I: compare_jump_imm(g, QV_NE, true, near); return true;
    case QV_INS_JGT_I: compare_jump_imm(g, QV_GT, true, near); return true;
    case QV_INS_JGE_I: compare_jump_imm(g, QV_GE, true, near); return true;
    case QV_INS_JNLT_I: compare_jump_imm(g, QV_LT, false, near); return true;
    case QV_INS_JNLE_I: compare_jump_imm(g, QV_LE, false, near); return true;
    case QV_INS_JNEQ_I: compare_jump_imm(g, QV_EQ, false, near); return true;
    case QV_INS_JNNE_I: compare_jump_imm(g, QV_NE, false, near); return true;
    case QV_INS_JNGT_I: compare_jump_imm(g, QV_GT, false, near); return true;
    case QV_INS_JNGE_I: compare_jump_imm(g, QV_GE, false, near); return true;
    case QV_INS_JTRUE: truth_jump(g, true, far); return true;
    case QV_INS_JFALSE: truth_jump(g, false, far); return true;
    default: return false;
    }
}

#endif
