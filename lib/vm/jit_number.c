// SPDX-License-Identifier: MIT
// Machine code for arithmetic: ints of 64 bits and floats.
//
// A result goes into the box of its register where that is its own, as in qv_reg_put_int. Operands
// of other types: at first the eval loop does the instruction; where that has happened, a C
// function, behind the fast path or in its place.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

#define EXACT (INT64_C(1) << 53) // ints up to here are doubles too

// ---- operands -----------------------------------------------------------------------------------

static QvJitKind kind_of_object(const QvObj *o)
{
    return o == NULL                   ? QV_JIT_UNKNOWN
           : o->type == &qv_int_type   ? QV_JIT_INT
           : o->type == &qv_float_type ? QV_JIT_FLOAT
           : o->type == &qv_str_type   ? QV_JIT_STR
                                       : QV_JIT_OTHER;
}

static bool is_number(QvJitKind kind) { return kind == QV_JIT_INT || kind == QV_JIT_FLOAT; }

bool qv_jit_is_constant(const QvJitGen *g, unsigned reg)
{
    return g->constant != NULL && g->constant_reg == reg;
}

QvJitKind qv_jit_kind(const QvJitGen *g, unsigned reg)
{
    if (qv_jit_is_constant(g, reg)) {
        return kind_of_object(g->constant);
    }
    uint8_t fact = g->facts[reg];
    return fact & QV_FACT_INT       ? QV_JIT_INT
           : fact & QV_FACT_FLOAT   ? QV_JIT_FLOAT
           : fact & QV_FACT_STR     ? QV_JIT_STR
           : reg < g->code->nlocals ? kind_of_object(g->hot_regs[reg])
                                    : QV_JIT_UNKNOWN; // temporaries change their types
}

void qv_jit_guard(QvJitGen *g, QvCc cc)
{
    if (!g->otherwise) {
        qv_jit_exit_if(g, cc);
        return;
    }
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(&g->a, cc));
    c->fn = (const void *)g->otherwise;
    c->reg = g->constant_reg;
    c->data = (uintptr_t)g->constant;
}

void qv_jit_join(QvJitGen *g, uint32_t first)
{
    if (g->otherwise) {
        qv_jit_come_back(g, first, g->otherwise);
    }
}

// `to` = the object in the register, whose type is checked. (Where the general way comes back, it
// may have had another one.)
static void load_checked(QvJitGen *g, QvReg to, unsigned reg, QvReg type, uint8_t fact)
{
    x64_load(&g->a, to, qv_jit_reg(reg));
    if (!(g->facts[reg] & fact)) {
        x64_alu_to_mem(&g->a, ALU_CMP, JTYPE(to), type);
        qv_jit_guard(g, CC_NE);
        g->facts[reg] |= (g->otherwise ? 0 : fact) | QV_FACT_BOUND;
    }
}

void qv_jit_int_value(QvJitGen *g, QvReg to, unsigned reg)
{
    if (qv_jit_is_constant(g, reg)) {
        x64_move_imm(&g->a, to, (uint64_t)qv_int_value(g->constant));
    } else if (g->at_hand == QV_FACT_INT && g->hand_reg == reg) {
        if (to != RAX) {
            x64_move(&g->a, to, RAX);
        }
    } else {
        load_checked(g, to, reg, JINT, QV_FACT_INT);
        x64_load(&g->a, to, JINT_AT(to));
    }
}

static void float_constant(QvJitGen *g, QvXmm to, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    if (bits == 0) {
        x64_zero_sd(&g->a, to);
        return;
    }
    x64_move_imm(&g->a, RDX, bits);
    x64_op_reg(&g->a, 0x66, true, 0x0F6E, to, RDX); // movq
}

static double constant_as_double(const QvObj *k)
{
    return k->type == &qv_int_type ? (double)qv_int_value(k) : qv_float_value(k);
}

void qv_jit_float_value(QvJitGen *g, QvXmm to, unsigned reg, QvJitKind kind)
{
    QvAsm *a = &g->a;
    if (qv_jit_is_constant(g, reg)) {
        float_constant(g, to, constant_as_double(g->constant));
    } else if (kind == QV_JIT_INT) {
        load_checked(g, RDX, reg, JINT, QV_FACT_INT);
        x64_zero_sd(a, to); // (the conversion leaves the rest of it)
        x64_op_mem(a, 0xF2, true, 0x0F2A, to, JINT_AT(RDX)); // cvtsi2sd
    } else if (g->at_hand == QV_FACT_FLOAT && g->hand_reg == reg) {
        if (to != XMM0) {
            x64_op_reg(a, 0, false, 0x0F28, to, XMM0); // movaps
        }
    } else {
        load_checked(g, RDX, reg, JFLOAT, QV_FACT_FLOAT);
        x64_load_sd(a, to, JFLOAT_AT(RDX));
    }
}

// ---- results ------------------------------------------------------------------------------------

static void put_int(QvJitGen *g)
{
    qv_jit_put_int(g, g->i.a);
    g->next_hand = QV_FACT_INT;
    g->hand_reg = g->i.a;
}

static void put_float(QvJitGen *g)
{
    qv_jit_put_float(g, g->i.a);
    g->next_hand = QV_FACT_FLOAT;
    g->hand_reg = g->i.a;
}

// ---- the general way ----------------------------------------------------------------------------

void qv_jit_put_constant(QvJitGen *g, const QvObj *k, unsigned reg)
{
    x64_move_ptr(&g->a, RAX, k);
    if (!qv_is_immortal(k)) {
        qv_jit_incref(g, RAX);
    }
    x64_load(&g->a, RCX, qv_jit_reg(reg));
    x64_store(&g->a, qv_jit_reg(reg), RAX);
    qv_jit_decref_rcx(g, true);
}

void qv_jit_call_general(QvJitGen *g, const void *fn, unsigned operation)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_lea(a, R9, JSPILL);
    x64_move_imm(a, R8, operation);
    x64_move(a, RCX, RDX);
    x64_move(a, RDX, JFRAME);
    x64_move(a, RSI, JTS);
    x64_move(a, RDI, JQI);
    x64_call_c(a, fn);
}

// s + t of strings, s += t in place where nobody else sees s. 0, 1 with *ret_new, -1.
static QV_RUNS int add_strings(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvBinOp op,
                               QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = r[i.b], *y = r[i.c];
    if (x->type != &qv_str_type || y->type != &qv_str_type) {
        return qv_slow_binary(qi, ts, f, pc, op, ret_new);
    }
    if (i.a == i.b && x->refs == 1 && x != y) {
        r[i.a] = NULL;
        if (qv_str_append(qi, &x, y) < 0) {
            return -1;
        }
        r[i.a] = x;
        qv_take(qi, r, i, QV_TAKE_C);
        return 0;
    }
    x = qv_str_concat(qi, x, y);
    if (!x) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static QV_RUNS int unary(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, unsigned op,
                         QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = r[i.b];
    if (op == QV_INS_NEG && (x->type->flags & QV_T_HEAP) &&
        (*ret_new = qv_special_unary(qi, ts, f, i, QV_N(__neg__), x)) != NULL) {
        qv_take(qi, r, i, QV_TAKE_B);
        return 1;
    }
    return qv_slow_unary(qi, r, pc,
                         op == QV_INS_NEG   ? qv_neg
                         : op == QV_INS_POS ? qv_pos
                                            : qv_invert);
}

typedef enum Shape { SHAPE_NONE, SHAPE_BINARY, SHAPE_IMM, SHAPE_UNARY } Shape;

typedef struct Operation {
    uint8_t shape; // Shape
    uint8_t op;    // QvBinOp, or the opcode
} Operation;

static Operation operation_of(QvOp op)
{
    switch (op) {
    case QV_INS_ADD:
    case QV_INS_ADD_STR:
    case QV_INS_ADD_FLOAT: return (Operation){SHAPE_BINARY, QV_BIN_ADD};
    case QV_INS_SUB:
    case QV_INS_SUB_FLOAT: return (Operation){SHAPE_BINARY, QV_BIN_SUB};
    case QV_INS_MUL:
    case QV_INS_MUL_FLOAT: return (Operation){SHAPE_BINARY, QV_BIN_MUL};
    case QV_INS_TRUEDIV:
    case QV_INS_TRUEDIV_FLOAT: return (Operation){SHAPE_BINARY, QV_BIN_TRUEDIV};
    case QV_INS_MATMUL: return (Operation){SHAPE_BINARY, QV_BIN_MATMUL};
    case QV_INS_FLOORDIV: return (Operation){SHAPE_BINARY, QV_BIN_FLOORDIV};
    case QV_INS_MOD: return (Operation){SHAPE_BINARY, QV_BIN_MOD};
    case QV_INS_LSHIFT: return (Operation){SHAPE_BINARY, QV_BIN_LSHIFT};
    case QV_INS_RSHIFT: return (Operation){SHAPE_BINARY, QV_BIN_RSHIFT};
    case QV_INS_AND: return (Operation){SHAPE_BINARY, QV_BIN_AND};
    case QV_INS_OR: return (Operation){SHAPE_BINARY, QV_BIN_OR};
    case QV_INS_XOR: return (Operation){SHAPE_BINARY, QV_BIN_XOR};
    case QV_INS_POW: return (Operation){SHAPE_BINARY, QV_BIN_POW};
    case QV_INS_ADD_I: return (Operation){SHAPE_IMM, QV_BIN_ADD};
    case QV_INS_SUB_I: return (Operation){SHAPE_IMM, QV_BIN_SUB};
    case QV_INS_MUL_I: return (Operation){SHAPE_IMM, QV_BIN_MUL};
    case QV_INS_FLOORDIV_I: return (Operation){SHAPE_IMM, QV_BIN_FLOORDIV};
    case QV_INS_MOD_I: return (Operation){SHAPE_IMM, QV_BIN_MOD};
    case QV_INS_AND_I: return (Operation){SHAPE_IMM, QV_BIN_AND};
    case QV_INS_LSHIFT_I: return (Operation){SHAPE_IMM, QV_BIN_LSHIFT};
    case QV_INS_RSHIFT_I: return (Operation){SHAPE_IMM, QV_BIN_RSHIFT};
    case QV_INS_NEG:
    case QV_INS_POS:
    case QV_INS_INVERT: return (Operation){SHAPE_UNARY, (uint8_t)op};
    default: return (Operation){SHAPE_NONE, 0};
    }
}

bool qv_jit_takes_constant(const QvJitGen *g, unsigned reg, const QvObj *k, QvInstr then)
{
    QvJitKind kind = kind_of_object(k);
    unsigned first_temporary = (unsigned)g->code->nlocals;
    if (reg < first_temporary) {
        return false;
    }
    if (then.op >= QV_INS_JLT && then.op <= QV_INS_JNGE) {
        bool equality = then.op == QV_INS_JEQ || then.op == QV_INS_JNE || then.op == QV_INS_JNEQ ||
                        then.op == QV_INS_JNNE;
        bool last = (then.a == reg && then.b != reg && (then.flags & QV_TAKE_A)) ||
                    (then.b == reg && then.a != reg && (then.flags & QV_TAKE_B));
        return last &&
               (kind == QV_JIT_INT || kind == QV_JIT_FLOAT || (kind == QV_JIT_STR && equality));
    }
    if (operation_of((QvOp)then.op).shape != SHAPE_BINARY ||
        (kind != QV_JIT_INT && kind != QV_JIT_FLOAT)) {
        return false;
    }
    return (then.b == reg && then.c != reg && (then.a == reg || (then.flags & QV_TAKE_B))) ||
           (then.c == reg && then.b != reg && (then.a == reg || (then.flags & QV_TAKE_C)));
}

static void emit_general(QvJitGen *g)
{
    Operation o = operation_of((QvOp)g->i.op);
    const void *fn = g->i.op == QV_INS_ADD_STR ? (const void *)add_strings
                     : o.shape == SHAPE_BINARY ? (const void *)qv_slow_binary
                     : o.shape == SHAPE_IMM    ? (const void *)qv_slow_binary_imm
                                               : (const void *)unary;
    qv_jit_call_general(g, fn, o.op);
    qv_jit_perhaps_called(g);
    qv_jit_check_hooks(g, qv_jit_after(g));
}

static void general_cold(QvJitGen *g, const QvCold *c)
{
    if (c->data) {
        qv_jit_put_constant(g, (const QvObj *)(uintptr_t)c->data, c->reg);
    }
    emit_general(g);
    x64_jmp_to(&g->a, c->back);
}

// What holds after an instruction that may have gone the general way. A method in Python comes back
// there, when it was one.
static void general_facts(QvJitGen *g)
{
    QvInstr i = g->i;
    if (!is_number(qv_jit_kind(g, i.b)) && g->i.op != QV_INS_ADD_STR) {
        g->entry[qv_jit_after(g)] |= JIT_LABEL | JIT_ENTRY;
    }
    qv_jit_forget_owners(g);
    if (i.flags & QV_TAKE_B) {
        g->facts[i.b] = 0;
    }
    if (operation_of((QvOp)i.op).shape == SHAPE_BINARY && (i.flags & QV_TAKE_C)) {
        g->facts[i.c] = 0;
    }
    if (g->constant) {
        g->facts[g->constant_reg] = 0;
    }
    g->facts[i.a] = QV_FACT_BOUND;
    g->next_hand = 0;
}

static void general(QvJitGen *g)
{
    if (g->constant) {
        qv_jit_put_constant(g, g->constant, g->constant_reg);
    }
    emit_general(g);
    general_facts(g);
}

// ---- ints ---------------------------------------------------------------------------------------

// The operands in rax and rcx.
static void load_ints(QvJitGen *g)
{
    qv_jit_int_value(g, RCX, g->i.c);
    qv_jit_int_value(g, RAX, g->i.b);
}

static bool is_short_constant(const QvJitGen *g, unsigned reg)
{
    return qv_jit_is_constant(g, reg) &&
           qv_int_value(g->constant) == (int32_t)qv_int_value(g->constant);
}

static void int_operation(QvJitGen *g, QvAlu op)
{
    if (is_short_constant(g, g->i.c)) {
        qv_jit_int_value(g, RAX, g->i.b);
        x64_alu_imm(&g->a, op, RAX, (int32_t)qv_int_value(g->constant));
    } else {
        load_ints(g);
        x64_alu(&g->a, op, RAX, RCX);
    }
    if (op == ALU_ADD || op == ALU_SUB) {
        qv_jit_guard(g, CC_O);
    }
    put_int(g);
}

static void int_operation_imm(QvJitGen *g, QvAlu op)
{
    qv_jit_int_value(g, RAX, g->i.b);
    x64_alu_imm(&g->a, op, RAX, (int16_t)g->i.c);
    if (op == ALU_ADD || op == ALU_SUB) {
        qv_jit_guard(g, CC_O);
    }
    put_int(g);
}

static void int_product(QvJitGen *g)
{
    load_ints(g);
    x64_imul(&g->a, RAX, RCX);
    qv_jit_guard(g, CC_O);
    put_int(g);
}

static void int_product_imm(QvJitGen *g)
{
    qv_jit_int_value(g, RAX, g->i.b);
    x64_imul_imm(&g->a, RAX, RAX, (int16_t)g->i.c);
    qv_jit_guard(g, CC_O);
    put_int(g);
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

static void int_division_by(QvJitGen *g, int64_t by, bool remainder)
{
    QvAsm *a = &g->a;
    qv_jit_int_value(g, RAX, g->i.b);
    if ((by & (by - 1)) == 0 && by <= INT32_MAX) { // two's complement rounds down
        if (remainder) {
            x64_alu_imm(a, ALU_AND, RAX, (int32_t)by - 1);
        } else {
            x64_shift_imm(a, 7, RAX, (unsigned)__builtin_ctz((unsigned)by));
        }
    } else {
        x64_move_imm(a, RCX, (uint64_t)by);
        divide_down(g);
        if (remainder) {
            x64_move(a, RAX, RDX);
        }
    }
    put_int(g);
}

static void int_division(QvJitGen *g, bool remainder)
{
    QvAsm *a = &g->a;
    if (qv_jit_is_constant(g, g->i.c) && qv_int_value(g->constant) > 0) {
        int_division_by(g, qv_int_value(g->constant), remainder);
        return;
    }
    load_ints(g);
    x64_test(a, RCX);
    qv_jit_guard(g, CC_LE);
    divide_down(g);
    if (remainder) {
        x64_move(a, RAX, RDX);
    }
    put_int(g);
}

// by a constant, or by rcx
static void int_shift(QvJitGen *g, bool imm, bool left)
{
    QvAsm *a = &g->a;
    if (imm) {
        qv_jit_int_value(g, RAX, g->i.b);
    } else {
        load_ints(g);
        x64_alu_imm(a, ALU_CMP, RCX, left ? 32 : 64);
        qv_jit_guard(g, CC_AE);
    }
    if (left) {
        x64_movsxd(a, RDX, RAX);
        x64_alu(a, ALU_CMP, RDX, RAX);
        qv_jit_guard(g, CC_NE);
    }
    if (imm) {
        x64_shift_imm(a, left ? 4 : 7, RAX, g->i.c);
    } else {
        x64_shift_cl(a, left ? 4 : 7, RAX);
    }
    put_int(g);
}

// x ** 2
static void int_square(QvJitGen *g)
{
    qv_jit_int_value(g, RAX, g->i.b);
    x64_imul(&g->a, RAX, RAX);
    qv_jit_guard(g, CC_O);
    put_int(g);
}

static void int_unary(QvJitGen *g, bool negate)
{
    qv_jit_int_value(g, RAX, g->i.b);
    if (negate) {
        x64_neg(&g->a, RAX);
        qv_jit_guard(g, CC_O);
    } else {
        x64_op_reg(&g->a, 0, true, 0xF7, 2, RAX); // not
    }
    put_int(g);
}

// Only ints below 2**53, whose quotient of doubles is the correctly rounded one.
static void check_exact(QvJitGen *g, QvReg r)
{
    QvAsm *a = &g->a;
    x64_move_imm(a, RDX, (uint64_t)EXACT);
    x64_alu(a, ALU_ADD, RDX, r);
    x64_shift_imm(a, 5, RDX, 54);
    qv_jit_guard(g, CC_NE);
}

static void int_quotient(QvJitGen *g)
{
    QvAsm *a = &g->a;
    load_ints(g);
    x64_test(a, RCX);
    qv_jit_guard(g, CC_E);
    check_exact(g, RAX);
    check_exact(g, RCX);
    x64_zero_sd(a, XMM0);
    x64_zero_sd(a, XMM1);
    x64_op_reg(a, 0xF2, true, 0x0F2A, XMM0, RAX); // cvtsi2sd
    x64_op_reg(a, 0xF2, true, 0x0F2A, XMM1, RCX);
    x64_op_reg(a, 0xF2, false, SSE_DIV, XMM0, XMM1);
    put_float(g);
}

// ---- floats -------------------------------------------------------------------------------------

static QvSse float_op(QvBinOp op)
{
    return op == QV_BIN_ADD   ? SSE_ADD
           : op == QV_BIN_SUB ? SSE_SUB
           : op == QV_BIN_MUL ? SSE_MUL
                              : SSE_DIV;
}

static bool has_float_op(QvBinOp op)
{
    return op == QV_BIN_ADD || op == QV_BIN_SUB || op == QV_BIN_MUL || op == QV_BIN_TRUEDIV;
}

static void check_divisor(QvJitGen *g)
{
    QvAsm *a = &g->a;
    if (qv_jit_is_constant(g, g->i.c) && constant_as_double(g->constant) != 0.0) {
        return;
    }
    x64_zero_sd(a, XMM2);
    x64_ucomisd(a, XMM2, XMM1);
    uint32_t unordered = x64_jcc8(a, CC_P);
    qv_jit_guard(g, CC_E);
    x64_land8(a, unordered);
}

// One operand may be an int.
static void float_operation(QvJitGen *g, QvBinOp op, QvJitKind b, QvJitKind c)
{
    qv_jit_float_value(g, XMM1, g->i.c, c);
    qv_jit_float_value(g, XMM0, g->i.b, b);
    if (op == QV_BIN_TRUEDIV) {
        check_divisor(g);
    }
    x64_op_reg(&g->a, 0xF2, false, float_op(op), XMM0, XMM1);
    put_float(g);
}

static void float_operation_imm(QvJitGen *g, QvBinOp op)
{
    float_constant(g, XMM1, (int16_t)g->i.c);
    qv_jit_float_value(g, XMM0, g->i.b, QV_JIT_FLOAT);
    x64_op_reg(&g->a, 0xF2, false, float_op(op), XMM0, XMM1);
    put_float(g);
}

static void float_negation(QvJitGen *g)
{
    QvAsm *a = &g->a;
    qv_jit_float_value(g, XMM0, g->i.b, QV_JIT_FLOAT);
    float_constant(g, XMM1, -0.0);
    x64_op_reg(a, 0, false, 0x0F57, XMM0, XMM1); // xorps
    put_float(g);
}

// ---- which way ----------------------------------------------------------------------------------

static bool translate_ints(QvJitGen *g)
{
    int64_t imm = (int16_t)g->i.c;
    switch ((QvOp)g->i.op) {
    case QV_INS_ADD: int_operation(g, ALU_ADD); return true;
    case QV_INS_SUB: int_operation(g, ALU_SUB); return true;
    case QV_INS_AND: int_operation(g, ALU_AND); return true;
    case QV_INS_OR: int_operation(g, ALU_OR); return true;
    case QV_INS_XOR: int_operation(g, ALU_XOR); return true;
    case QV_INS_MUL: int_product(g); return true;
    case QV_INS_TRUEDIV: int_quotient(g); return true;
    case QV_INS_FLOORDIV: int_division(g, false); return true;
    case QV_INS_MOD: int_division(g, true); return true;
    case QV_INS_LSHIFT: int_shift(g, false, true); return true;
    case QV_INS_RSHIFT: int_shift(g, false, false); return true;
    case QV_INS_POW:
        if (!qv_jit_is_constant(g, g->i.c) || qv_int_value(g->constant) != 2) {
            return false;
        }
        int_square(g);
        return true;
    case QV_INS_ADD_I: int_operation_imm(g, ALU_ADD); return true;
    case QV_INS_SUB_I: int_operation_imm(g, ALU_SUB); return true;
    case QV_INS_AND_I: int_operation_imm(g, ALU_AND); return true;
    case QV_INS_MUL_I: int_product_imm(g); return true;
    case QV_INS_FLOORDIV_I:
    case QV_INS_MOD_I:
        if (imm <= 0) {
            return false;
        }
        int_division_by(g, imm, g->i.op == QV_INS_MOD_I);
        return true;
    case QV_INS_LSHIFT_I:
    case QV_INS_RSHIFT_I:
        if (g->i.c >= (g->i.op == QV_INS_LSHIFT_I ? 32 : 64)) {
            return false;
        }
        int_shift(g, true, g->i.op == QV_INS_LSHIFT_I);
        return true;
    case QV_INS_NEG: int_unary(g, true); return true;
    case QV_INS_INVERT: int_unary(g, false); return true;
    default: return false;
    }
}

// The kinds of the operands, as far as they can be told: what the form of the instruction says
// comes first. An operand that nothing is known of is an int, since the form would be that for
// floats otherwise. False: that is a mere guess.
static bool guess(const QvJitGen *g, Operation o, QvJitKind *b, QvJitKind *c)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_ADD_FLOAT:
    case QV_INS_SUB_FLOAT:
    case QV_INS_MUL_FLOAT:
    case QV_INS_TRUEDIV_FLOAT:
        *b = g->facts[g->i.b] & QV_FACT_INT ? QV_JIT_INT : QV_JIT_FLOAT;
        *c = g->facts[g->i.c] & QV_FACT_INT ? QV_JIT_INT : QV_JIT_FLOAT;
        return true;
    default: break;
    }
    *b = qv_jit_kind(g, g->i.b);
    *c = o.shape == SHAPE_BINARY ? qv_jit_kind(g, g->i.c) : QV_JIT_INT;
    bool known = *b != QV_JIT_UNKNOWN && *c != QV_JIT_UNKNOWN;
    *b = *b == QV_JIT_UNKNOWN ? QV_JIT_INT : *b;
    *c = *c == QV_JIT_UNKNOWN ? QV_JIT_INT : *c;
    return known;
}

// The fast path for the kinds; false: there is none.
static bool translate_fast(QvJitGen *g, Operation o)
{
    QvJitKind b, c;
    bool known = guess(g, o, &b, &c);
    g->otherwise = g->guarded || !known ? general_cold : NULL;
    if (g->i.op == QV_INS_ADD_STR || !is_number(b) || !is_number(c)) {
        return false;
    }
    if (b == QV_JIT_INT && c == QV_JIT_INT) {
        return translate_ints(g);
    }
    if (g->i.op == QV_INS_NEG) {
        float_negation(g);
        return true;
    }
    if (o.shape == SHAPE_UNARY || !has_float_op((QvBinOp)o.op)) {
        return false;
    }
    if (o.shape == SHAPE_IMM) {
        float_operation_imm(g, (QvBinOp)o.op);
    } else {
        float_operation(g, (QvBinOp)o.op, b, c);
    }
    return true;
}

bool qv_jit_number(QvJitGen *g)
{
    Operation o = operation_of((QvOp)g->i.op);
    if (o.shape == SHAPE_NONE) {
        return false;
    }
    uint32_t first = g->ncolds;
    if (!translate_fast(g, o)) {
        general(g);
        return true;
    }
    qv_jit_join(g, first);
    if (g->otherwise) {
        general_facts(g);
    }
    return true;
}

#endif
