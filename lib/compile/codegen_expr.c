// SPDX-License-Identifier: MIT
// Code for expressions, conditions, and assignment to targets.
#include "compile/codegen.h"

#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- helpers ------------------------------------------------------------------------------------

static bool has_walrus(const QvExpr *e);

static bool any_walrus(QvExprSeq seq)
{
    for (QvSsize i = 0; i < seq.count; i++) {
        if (seq.items[i] && has_walrus(seq.items[i])) {
            return true;
        }
    }
    return false;
}

static bool keywords_walrus(QvKeywordSeq seq)
{
    for (QvSsize i = 0; i < seq.count; i++) {
        if (has_walrus(seq.items[i]->value)) {
            return true;
        }
    }
    return false;
}

// May evaluating e rebind a local? Answers true where looking closer does not pay.
static bool has_walrus(const QvExpr *e)
{
    switch (e->kind) {
    case QV_EXPR_CONSTANT:
    case QV_EXPR_NAME: return false;
    case QV_EXPR_ATTRIBUTE: return has_walrus(e->u.attribute.value);
    case QV_EXPR_SUBSCRIPT:
        return has_walrus(e->u.subscript.value) || has_walrus(e->u.subscript.slice);
    case QV_EXPR_BIN_OP: return has_walrus(e->u.bin_op.left) || has_walrus(e->u.bin_op.right);
    case QV_EXPR_UNARY_OP: return has_walrus(e->u.unary_op.operand);
    case QV_EXPR_COMPARE:
        return has_walrus(e->u.compare.left) || any_walrus(e->u.compare.comparators);
    case QV_EXPR_CALL:
        return has_walrus(e->u.call.func) || any_walrus(e->u.call.args) ||
               keywords_walrus(e->u.call.keywords);
    case QV_EXPR_BOOL_OP: return any_walrus(e->u.bool_op.values);
    case QV_EXPR_TUPLE:
    case QV_EXPR_LIST: return any_walrus(e->u.list.elts);
    default: return true;
    }
}

unsigned qv_gen_pin(QvGen *g, unsigned reg, const QvExpr *next)
{
    if (!qv_gen_is_local(g, reg) || !g->u->scope->has_walrus || !has_walrus(next)) {
        return reg;
    }
    unsigned t = qv_gen_temp(g);
    qv_gen_emit(g, QV_INS_MOVE, 0, t, reg, 0);
    return t;
}

QvPos qv_gen_attr_pos(QvPos pos, const QvExpr *attr)
{
    // A chain of method calls over several lines: point at the line with the name.
    if (pos.lineno != attr->pos.end_lineno) {
        pos.lineno = attr->pos.end_lineno;
        int32_t len = (int32_t)qv_str_len(attr->u.attribute.attr);
        pos.col_offset = len <= attr->pos.end_col_offset ? attr->pos.end_col_offset - len : -1;
    }
    return pos;
}

// A result lies in the fresh temporary t; moves it where it is wanted.
static unsigned deliver(QvGen *g, unsigned t, int want)
{
    g->u->top = t + 1;
    if (want < 0) {
        return t;
    }
    qv_gen_emit(g, QV_INS_TAKE, 0, (unsigned)want, t, 0);
    g->u->top = t;
    return (unsigned)want;
}

// An exact int constant that fits a 16-bit immediate.
static bool small_const(const QvExpr *e, unsigned *ret)
{
    if (e->kind != QV_EXPR_CONSTANT || e->u.constant.value->type != &qv_int_type) {
        return false;
    }
    int64_t v = qv_int_value(e->u.constant.value);
    if (v < INT16_MIN || v > INT16_MAX) {
        return false;
    }
    *ret = (uint16_t)(int16_t)v;
    return true;
}

static bool is_none(const QvExpr *e)
{
    return e->kind == QV_EXPR_CONSTANT && e->u.constant.value == QV_NONE;
}

// ---- operators ----------------------------------------------------------------------------------

QvOp qv_gen_binary_op(QvOperator op)
{
    static const uint8_t ops[] = {
        [QV_OPERATOR_ADD] = QV_INS_ADD,
        [QV_OPERATOR_SUB] = QV_INS_SUB,
        [QV_OPERATOR_MULT] = QV_INS_MUL,
        [QV_OPERATOR_MAT_MULT] = QV_INS_MATMUL,
        [QV_OPERATOR_DIV] = QV_INS_TRUEDIV,
        [QV_OPERATOR_MOD] = QV_INS_MOD,
        [QV_OPERATOR_POW] = QV_INS_POW,
        [QV_OPERATOR_L_SHIFT] = QV_INS_LSHIFT,
        [QV_OPERATOR_R_SHIFT] = QV_INS_RSHIFT,
        [QV_OPERATOR_BIT_OR] = QV_INS_OR,
        [QV_OPERATOR_BIT_XOR] = QV_INS_XOR,
        [QV_OPERATOR_BIT_AND] = QV_INS_AND,
        [QV_OPERATOR_FLOOR_DIV] = QV_INS_FLOORDIV,
    };
    return (QvOp)ops[op];
}

// The form with an immediate operand, or NOP.
static QvOp immediate_op(QvOperator op)
{
    switch (op) {
    case QV_OPERATOR_ADD: return QV_INS_ADD_I;
    case QV_OPERATOR_SUB: return QV_INS_SUB_I;
    case QV_OPERATOR_MULT: return QV_INS_MUL_I;
    case QV_OPERATOR_FLOOR_DIV: return QV_INS_FLOORDIV_I;
    case QV_OPERATOR_MOD: return QV_INS_MOD_I;
    case QV_OPERATOR_BIT_AND: return QV_INS_AND_I;
    case QV_OPERATOR_L_SHIFT: return QV_INS_LSHIFT_I;
    case QV_OPERATOR_R_SHIFT: return QV_INS_RSHIFT_I;
    default: return QV_INS_NOP;
    }
}

unsigned qv_gen_binary(QvGen *g, QvOperator op, unsigned l, const QvExpr *right, bool inplace,
                       int want, unsigned t, QvPos pos)
{
    unsigned flags = inplace ? QV_INPLACE : 0u;
    unsigned imm;
    QvOp op_i = immediate_op(op);
    if (op_i != QV_INS_NOP && small_const(right, &imm)) {
        qv_gen_at(g, pos);
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_emit(g, op_i, flags | qv_gen_take_b(g, l, (int)d), d, l, imm);
        return d;
    }
    l = qv_gen_pin(g, l, right);
    unsigned r = qv_gen_expr(g, right, QV_WANT_ANY);
    qv_gen_at(g, pos);
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, qv_gen_binary_op(op), flags | qv_gen_take_bc(g, l, r, (int)d), d, l, r);
    return d;
}

static unsigned gen_unary(QvGen *g, const QvExpr *e, int want)
{
    static const uint8_t ops[] = {
        [QV_UNARYOP_INVERT] = QV_INS_INVERT,
        [QV_UNARYOP_NOT] = QV_INS_NOT,
        [QV_UNARYOP_U_ADD] = QV_INS_POS,
        [QV_UNARYOP_U_SUB] = QV_INS_NEG,
    };
    unsigned t = g->u->top;
    unsigned r = qv_gen_expr(g, e->u.unary_op.operand, QV_WANT_ANY);
    qv_gen_at(g, e->pos);
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, (QvOp)ops[e->u.unary_op.op], qv_gen_take_b(g, r, (int)d), d, r, 0);
    return d;
}

static unsigned gen_bool_op(QvGen *g, const QvExpr *e, int want)
{
    QvOp op = e->u.bool_op.op == QV_BOOLOP_AND ? QV_INS_JFALSE : QV_INS_JTRUE;
    QvExprSeq values = e->u.bool_op.values;
    unsigned t = g->u->top;
    int end = qv_gen_label(g);
    for (QvSsize i = 0; i < values.count; i++) {
        g->u->top = t;
        qv_gen_expr(g, values.items[i], QV_WANT_PUSH);
        if (i + 1 < values.count) {
            qv_gen_at(g, e->pos);
            qv_gen_jump(g, op, 0, t, 0, end);
        }
    }
    qv_gen_place(g, end);
    return deliver(g, t, want);
}

static unsigned gen_if_exp(QvGen *g, const QvExpr *e, int want)
{
    unsigned t = g->u->top;
    int other = qv_gen_label(g);
    int end = qv_gen_label(g);
    // A local named in one branch only cannot be the result of both.
    int branch_want = want == QV_WANT_ANY ? QV_WANT_PUSH : want;
    qv_gen_at(g, e->pos);
    qv_gen_cond(g, e->u.if_exp.test, other, false);
    unsigned d = qv_gen_expr(g, e->u.if_exp.body, branch_want);
    qv_gen_goto(g, end);
    qv_gen_place(g, other);
    g->u->top = t;
    d = qv_gen_expr(g, e->u.if_exp.orelse, branch_want);
    qv_gen_place(g, end);
    return d;
}

// ---- comparisons --------------------------------------------------------------------------------

static QvOp compare_op(QvCmpOperator op)
{
    static const uint8_t ops[] = {
        [QV_CMPOP_EQ] = QV_INS_EQ, [QV_CMPOP_NOT_EQ] = QV_INS_NE,
        [QV_CMPOP_LT] = QV_INS_LT, [QV_CMPOP_LT_E] = QV_INS_LE,
        [QV_CMPOP_GT] = QV_INS_GT, [QV_CMPOP_GT_E] = QV_INS_GE,
        [QV_CMPOP_IS] = QV_INS_IS, [QV_CMPOP_IS_NOT] = QV_INS_IS_NOT,
        [QV_CMPOP_IN] = QV_INS_IN, [QV_CMPOP_NOT_IN] = QV_INS_NOT_IN,
    };
    return (QvOp)ops[op];
}

// The jump taken when the comparison has the outcome `jump_if`.
static QvOp compare_jump(QvCmpOperator op, bool jump_if, bool immediate)
{
    static const struct {
        uint8_t yes, no, yes_i, no_i;
    } ops[] = {
        [QV_CMPOP_EQ] = {QV_INS_JEQ, QV_INS_JNEQ, QV_INS_JEQ_I, QV_INS_JNEQ_I},
        [QV_CMPOP_NOT_EQ] = {QV_INS_JNE, QV_INS_JNNE, QV_INS_JNE_I, QV_INS_JNNE_I},
        [QV_CMPOP_LT] = {QV_INS_JLT, QV_INS_JNLT, QV_INS_JLT_I, QV_INS_JNLT_I},
        [QV_CMPOP_LT_E] = {QV_INS_JLE, QV_INS_JNLE, QV_INS_JLE_I, QV_INS_JNLE_I},
        [QV_CMPOP_GT] = {QV_INS_JGT, QV_INS_JNGT, QV_INS_JGT_I, QV_INS_JNGT_I},
        [QV_CMPOP_GT_E] = {QV_INS_JGE, QV_INS_JNGE, QV_INS_JGE_I, QV_INS_JNGE_I},
        [QV_CMPOP_IS] = {QV_INS_JIS, QV_INS_JISNOT, 0, 0},
        [QV_CMPOP_IS_NOT] = {QV_INS_JISNOT, QV_INS_JIS, 0, 0},
        [QV_CMPOP_IN] = {QV_INS_JIN, QV_INS_JNOTIN, 0, 0},
        [QV_CMPOP_NOT_IN] = {QV_INS_JNOTIN, QV_INS_JIN, 0, 0},
    };
    if (immediate) {
        return (QvOp)(jump_if ? ops[op].yes_i : ops[op].no_i);
    }
    return (QvOp)(jump_if ? ops[op].yes : ops[op].no);
}

static bool is_identity(QvCmpOperator op) { return op == QV_CMPOP_IS || op == QV_CMPOP_IS_NOT; }

// A literal whose identity is nobody's business.
static bool odd_identity(const QvExpr *e)
{
    if (e->kind != QV_EXPR_CONSTANT) {
        return false;
    }
    const QvObj *v = e->u.constant.value;
    return v != QV_NONE && v != QV_ELLIPSIS && !qv_is_bool(v);
}

static void check_compare(QvGen *g, const QvExpr *e)
{
    bool left = !odd_identity(e->u.compare.left);
    for (QvSsize i = 0; i < e->u.compare.ops.count; i++) {
        QvCmpOperator op = e->u.compare.ops.items[i];
        bool right = !odd_identity(e->u.compare.comparators.items[i]);
        if (is_identity(op) && (!right || !left)) {
            qv_gen_warn(g, e->pos,
                        op == QV_CMPOP_IS ? "\"is\" with a literal. Did you mean \"==\"?"
                                          : "\"is not\" with a literal. Did you mean \"!=\"?");
            return; // one is enough
        }
        left = right;
    }
}

// Places where a middle operand of a chain must be dropped before going on to `target`.
typedef struct ChainExit {
    int label;
    unsigned reg;
} ChainExit;

static unsigned gen_compare(QvGen *g, const QvExpr *e, int want)
{
    check_compare(g, e);
    QvCmpOpSeq ops = e->u.compare.ops;
    QvExprSeq rights = e->u.compare.comparators;
    unsigned t = g->u->top;
    if (ops.count == 1) {
        unsigned l = qv_gen_expr(g, e->u.compare.left, QV_WANT_ANY);
        l = qv_gen_pin(g, l, rights.items[0]);
        unsigned r = qv_gen_expr(g, rights.items[0], QV_WANT_ANY);
        qv_gen_at(g, e->pos);
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_emit(g, compare_op(ops.items[0]), qv_gen_take_bc(g, l, r, (int)d), d, l, r);
        return d;
    }
    ChainExit *exits = qv_arena_alloc(g->arena, (size_t)ops.count * sizeof(*exits));
    if (!qv_gen_check(g, exits)) {
        return t;
    }
    QvSsize nexits = 0;
    int end = qv_gen_label(g);
    unsigned result = qv_gen_temp(g);
    unsigned l = qv_gen_expr(g, e->u.compare.left, QV_WANT_ANY);
    for (QvSsize i = 0; i < ops.count; i++) {
        bool last = i + 1 == ops.count;
        l = qv_gen_pin(g, l, rights.items[i]);
        unsigned r = qv_gen_expr(g, rights.items[i], QV_WANT_ANY);
        if (!last) {
            r = qv_gen_pin(g, r, rights.items[i + 1]);
        }
        qv_gen_at(g, e->pos);
        unsigned take = last ? qv_gen_take_bc(g, l, r, -1) : qv_gen_take_b(g, l, -1);
        qv_gen_emit(g, compare_op(ops.items[i]), take, result, l, r);
        if (!last) {
            if (qv_gen_is_temp(g, r)) {
                exits[nexits] = (ChainExit){qv_gen_label(g), r};
                qv_gen_jump(g, QV_INS_JFALSE, 0, result, 0, exits[nexits++].label);
            } else {
                qv_gen_jump(g, QV_INS_JFALSE, 0, result, 0, end);
            }
        }
        l = r;
    }
    if (nexits > 0) {
        qv_gen_goto(g, end);
        for (QvSsize i = 0; i < nexits; i++) {
            qv_gen_place(g, exits[i].label);
            qv_gen_emit(g, QV_INS_DROP, 0, exits[i].reg, 0, 0);
            qv_gen_goto(g, end);
        }
    }
    qv_gen_place(g, end);
    return deliver(g, t, want);
}

// One comparison and jump; l is in a register, the right side not yet. keep: the right operand's
// register is wanted afterwards (chains) and returned.
static unsigned jump_compare(QvGen *g, const QvExpr *e, unsigned l, QvSsize i, int label,
                             bool jump_if, bool keep)
{
    QvCmpOperator op = e->u.compare.ops.items[i];
    const QvExpr *right = e->u.compare.comparators.items[i];
    unsigned imm;
    if (!keep && is_identity(op) && is_none(right)) {
        qv_gen_at(g, e->pos);
        qv_gen_jump(g, (op == QV_CMPOP_IS) == jump_if ? QV_INS_JNONE : QV_INS_JNOTNONE,
                    qv_gen_take_a(g, l), l, 0, label);
        return l;
    }
    if (!keep && op <= QV_CMPOP_GT_E && small_const(right, &imm)) {
        qv_gen_at(g, e->pos);
        qv_gen_jump(g, compare_jump(op, jump_if, true), qv_gen_take_a(g, l), l, imm, label);
        return l;
    }
    l = qv_gen_pin(g, l, right);
    unsigned r = qv_gen_expr(g, right, QV_WANT_ANY);
    if (keep) {
        r = qv_gen_pin(g, r, e->u.compare.comparators.items[i + 1]);
    }
    qv_gen_at(g, e->pos);
    unsigned take = qv_gen_take_a(g, l) | (keep ? 0u : qv_gen_take_b(g, r, -1));
    qv_gen_jump(g, compare_jump(op, jump_if, false), take, l, r, label);
    return r;
}

static void cond_compare(QvGen *g, const QvExpr *e, int label, bool jump_if)
{
    check_compare(g, e);
    QvSsize n = e->u.compare.ops.count;
    unsigned t = g->u->top;
    unsigned l = qv_gen_expr(g, e->u.compare.left, QV_WANT_ANY);
    if (n == 1) {
        jump_compare(g, e, l, 0, label, jump_if, false);
        g->u->top = t;
        return;
    }
    ChainExit *exits = qv_arena_alloc(g->arena, (size_t)n * sizeof(*exits));
    if (!qv_gen_check(g, exits)) {
        return;
    }
    QvSsize nexits = 0;
    int done = qv_gen_label(g);
    int on_false = jump_if ? done : label;
    for (QvSsize i = 0; i + 1 < n; i++) {
        // Where the middle operand lies is not known before it is evaluated: always go by the exit,
        // then see.
        int exit = qv_gen_label(g);
        unsigned r = jump_compare(g, e, l, i, exit, false, true);
        exits[nexits++] = (ChainExit){exit, r};
        l = r;
    }
    jump_compare(g, e, l, n - 1, label, jump_if, false);
    g->u->top = t;
    qv_gen_goto(g, done);
    for (QvSsize i = 0; i < nexits; i++) {
        qv_gen_place(g, exits[i].label);
        if (qv_gen_is_temp(g, exits[i].reg)) {
            qv_gen_emit(g, QV_INS_DROP, 0, exits[i].reg, 0, 0);
        }
        // Exits without anything to drop fall together.
        if (i + 1 == nexits || qv_gen_is_temp(g, exits[i].reg) ||
            qv_gen_is_temp(g, exits[i + 1].reg)) {
            qv_gen_goto(g, on_false);
        }
    }
    qv_gen_place(g, done);
}

// ---- conditions ---------------------------------------------------------------------------------

static void cond_bool_op(QvGen *g, const QvExpr *e, int label, bool jump_if)
{
    QvExprSeq values = e->u.bool_op.values;
    bool stop_on = e->u.bool_op.op == QV_BOOLOP_OR; // the outcome that ends the evaluation
    int done = qv_gen_label(g);
    for (QvSsize i = 0; i + 1 < values.count; i++) {
        qv_gen_cond(g, values.items[i], stop_on == jump_if ? label : done, stop_on);
    }
    qv_gen_cond(g, values.items[values.count - 1], label, jump_if);
    qv_gen_place(g, done);
}

static void gen_cond(QvGen *g, const QvExpr *e, int label, bool jump_if)
{
    QvPos pos = g->u->pos;
    switch (e->kind) {
    case QV_EXPR_CONSTANT: {
        int truth = qv_is_true(g->qi, e->u.constant.value);
        if (truth < 0) {
            g->failed = true;
        } else if ((truth != 0) == jump_if) {
            qv_gen_goto(g, label);
        }
        return;
    }
    case QV_EXPR_UNARY_OP:
        if (e->u.unary_op.op == QV_UNARYOP_NOT) {
            qv_gen_cond(g, e->u.unary_op.operand, label, !jump_if);
            return;
        }
        break;
    case QV_EXPR_BOOL_OP: cond_bool_op(g, e, label, jump_if); return;
    case QV_EXPR_COMPARE: cond_compare(g, e, label, jump_if); return;
    case QV_EXPR_IF_EXP: {
        int other = qv_gen_label(g);
        int end = qv_gen_label(g);
        qv_gen_cond(g, e->u.if_exp.test, other, false);
        qv_gen_cond(g, e->u.if_exp.body, label, jump_if);
        qv_gen_goto(g, end);
        qv_gen_place(g, other);
        qv_gen_cond(g, e->u.if_exp.orelse, label, jump_if);
        qv_gen_place(g, end);
        return;
    }
    default: break;
    }
    unsigned t = g->u->top;
    unsigned r = qv_gen_expr(g, e, QV_WANT_ANY);
    // As in CPython, the truth of a value is asked for by the statement or expression around it; a
    // comparison leaves its own position behind.
    qv_gen_at(g, pos);
    qv_gen_jump(g, jump_if ? QV_INS_JTRUE : QV_INS_JFALSE, qv_gen_take_a(g, r), r, 0, label);
    g->u->top = t;
}

void qv_gen_cond(QvGen *g, const QvExpr *e, int label, bool jump_if)
{
    if (g->failed) {
        return;
    }
    if (qv_enter_compiler(g->qi) < 0) {
        g->failed = true;
        return;
    }
    gen_cond(g, e, label, jump_if);
    qv_leave_recursive(g->qi);
}

// ---- attributes and subscripts ------------------------------------------------------------------

static unsigned gen_attribute(QvGen *g, const QvExpr *e, int want)
{
    unsigned super_attr = qv_gen_super_attr(g, e, want);
    if (super_attr != QV_NO_REGISTER) {
        return super_attr;
    }
    unsigned t = g->u->top;
    unsigned o = qv_gen_expr(g, e->u.attribute.value, QV_WANT_ANY);
    qv_gen_at(g, qv_gen_attr_pos(e->pos, e));
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_LOAD_ATTR, qv_gen_take_b(g, o, (int)d), d, o,
                qv_gen_name(g, e->u.attribute.attr));
    return d;
}

static const char *const_type_name(const QvExpr *e)
{
    switch (e->kind) {
    case QV_EXPR_CONSTANT: return qv_type_short_name(qv_type_of(e->u.constant.value));
    case QV_EXPR_TUPLE: return "tuple";
    case QV_EXPR_LIST:
    case QV_EXPR_LIST_COMP: return "list";
    case QV_EXPR_DICT:
    case QV_EXPR_DICT_COMP: return "dict";
    case QV_EXPR_SET:
    case QV_EXPR_SET_COMP: return "set";
    case QV_EXPR_GENERATOR_EXP: return "generator";
    case QV_EXPR_LAMBDA: return "function";
    case QV_EXPR_JOINED_STR:
    case QV_EXPR_FORMATTED_VALUE: return "str";
    default: return NULL;
    }
}

static void check_subscript(QvGen *g, const QvExpr *e)
{
    const QvExpr *o = e->u.subscript.value;
    const QvExpr *index = e->u.subscript.slice;
    bool subscriptable = true;
    switch (o->kind) {
    case QV_EXPR_CONSTANT: {
        const QvObj *v = o->u.constant.value;
        subscriptable =
            !(v == QV_NONE || v == QV_ELLIPSIS || qv_is_int(v) || v->type->getitem == NULL);
        break;
    }
    case QV_EXPR_SET:
    case QV_EXPR_SET_COMP:
    case QV_EXPR_GENERATOR_EXP:
    case QV_EXPR_LAMBDA: subscriptable = false; break;
    default: break;
    }
    if (!subscriptable) {
        qv_gen_warn(g, e->pos, "'%s' object is not subscriptable; perhaps you missed a comma?",
                    const_type_name(o));
        return;
    }
    const char *index_type = const_type_name(index);
    if (!index_type || (index->kind == QV_EXPR_CONSTANT && qv_is_int(index->u.constant.value))) {
        return;
    }
    bool sequence = o->kind == QV_EXPR_TUPLE || o->kind == QV_EXPR_LIST ||
                    o->kind == QV_EXPR_LIST_COMP || o->kind == QV_EXPR_JOINED_STR ||
                    o->kind == QV_EXPR_FORMATTED_VALUE ||
                    (o->kind == QV_EXPR_CONSTANT &&
                     (qv_is_str(o->u.constant.value) || qv_is_tuple(o->u.constant.value)));
    if (sequence || (o->kind == QV_EXPR_CONSTANT && qv_has_flag(o->u.constant.value, QV_T_BYTES))) {
        qv_gen_warn(g, e->pos,
                    "%s indices must be integers or slices, not %s; perhaps you missed a comma?",
                    const_type_name(o), index_type);
    }
}

// x[a:b], where a slice object is only made when x is of a type that wants one.
static bool is_plain_slice(const QvExpr *e) { return e->kind == QV_EXPR_SLICE && !e->u.slice.step; }

// The bounds of x[a:b] that are small numbers or left out, as GETITEM_SLICE_K has them; or x[::-1].
static bool small_bounds(const QvExpr *e, unsigned *ret)
{
    if (e->kind != QV_EXPR_SLICE) {
        return false;
    }
    const QvExpr *parts[2] = {e->u.slice.lower, e->u.slice.upper};
    if (e->u.slice.step) {
        unsigned step;
        *ret = 0x8081;
        return !parts[0] && !parts[1] && small_const(e->u.slice.step, &step) && (int16_t)step == -1;
    }
    *ret = 0;
    for (int i = 0; i < 2; i++) {
        unsigned v = 0x80; // none
        if (parts[i]) {
            if (!small_const(parts[i], &v) || (int16_t)v < -126 || (int16_t)v > 127) {
                return false;
            }
        }
        *ret |= (v & 0xFF) << (8 * i);
    }
    return true;
}

// Pushes the parts of a slice: two, or three with a step.
static unsigned push_bounds(QvGen *g, const QvExpr *e)
{
    const QvExpr *parts[] = {e->u.slice.lower, e->u.slice.upper, e->u.slice.step};
    unsigned n = parts[2] ? 3 : 2;
    for (unsigned i = 0; i < n; i++) {
        if (parts[i]) {
            qv_gen_expr(g, parts[i], QV_WANT_PUSH);
        } else {
            qv_gen_push_k(g, QV_NONE);
        }
    }
    return n;
}

static unsigned gen_subscript(QvGen *g, const QvExpr *e, int want)
{
    check_subscript(g, e);
    const QvExpr *index = e->u.subscript.slice;
    unsigned t = g->u->top;
    unsigned o = qv_gen_expr(g, e->u.subscript.value, QV_WANT_ANY);
    o = qv_gen_pin(g, o, index);
    unsigned both;
    if (small_bounds(index, &both)) {
        qv_gen_at(g, e->pos);
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_emit(g, QV_INS_GETITEM_SLICE_K, qv_gen_take_b(g, o, (int)d), d, o, both);
        return d;
    }
    if (is_plain_slice(index)) {
        unsigned bounds = g->u->top;
        push_bounds(g, index);
        qv_gen_at(g, e->pos);
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_emit(g, QV_INS_GETITEM_SLICE, qv_gen_take_b(g, o, (int)d), d, o, bounds);
        return d;
    }
    unsigned i = qv_gen_expr(g, index, QV_WANT_ANY);
    qv_gen_at(g, e->pos);
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_GETITEM, qv_gen_take_bc(g, o, i, (int)d), d, o, i);
    return d;
}

static unsigned gen_slice(QvGen *g, const QvExpr *e, int want)
{
    unsigned t = g->u->top;
    unsigned n = push_bounds(g, e);
    qv_gen_at(g, e->pos);
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_BUILD_SLICE, 0, d, t, n);
    return d;
}

// ---- yield and await ----------------------------------------------------------------------------

void qv_gen_await_at(QvGen *g, unsigned it)
{
    qv_gen_load_k(g, it - 1, QV_NONE);
    qv_gen_emit(g, QV_INS_YIELD_FROM, 0, it - 1, it, 0);
    g->u->top = it;
}

static bool in_async(const QvGen *g) { return g->u->scope->form == QV_FORM_ASYNC; }

static unsigned gen_await(QvGen *g, const QvExpr *e, int want)
{
    const QvScope *scope = g->u->scope;
    if (!(g->top_level_await && scope->kind == QV_SCOPE_MODULE)) {
        if (scope->kind != QV_SCOPE_FUNCTION) {
            qv_gen_error(g, e->pos, "'await' outside function");
        } else if (!in_async(g) && scope->form < QV_FORM_LIST_COMP) {
            qv_gen_error(g, e->pos, "'await' outside async function");
        }
    }
    unsigned t = g->u->top;
    qv_gen_expr(g, e->u.await.value, QV_WANT_PUSH);
    unsigned it = qv_gen_temp(g);
    qv_gen_at(g, e->pos);
    qv_gen_emit(g, QV_INS_GET_AWAITABLE, QV_TAKE_B, it, t, 0);
    qv_gen_await_at(g, it);
    return deliver(g, t, want);
}

static unsigned gen_yield(QvGen *g, const QvExpr *e, int want)
{
    const QvScope *scope = g->u->scope;
    if (scope->kind != QV_SCOPE_FUNCTION) {
        qv_gen_error(g, e->pos, "'yield' outside function");
        return g->u->first_temp;
    }
    unsigned t = g->u->top;
    unsigned r = e->u.yield.value ? qv_gen_expr(g, e->u.yield.value, QV_WANT_ANY)
                                  : qv_gen_push_k(g, QV_NONE);
    qv_gen_at(g, e->pos);
    if (scope->coroutine) {
        unsigned w = qv_gen_is_temp(g, r) ? r : qv_gen_temp(g);
        qv_gen_emit(g, QV_INS_ASYNC_GEN_WRAP, qv_gen_take_b(g, r, (int)w), w, r, 0);
        r = w;
    }
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_YIELD, qv_gen_take_b(g, r, (int)d), d, r, 0);
    return d;
}

static unsigned gen_yield_from(QvGen *g, const QvExpr *e, int want)
{
    const QvScope *scope = g->u->scope;
    if (scope->kind != QV_SCOPE_FUNCTION) {
        qv_gen_error(g, e->pos, "'yield' outside function");
        return g->u->first_temp;
    }
    if (in_async(g)) {
        qv_gen_error(g, e->pos, "'yield from' inside async function");
        return g->u->first_temp;
    }
    unsigned t = g->u->top;
    qv_gen_expr(g, e->u.yield_from.value, QV_WANT_PUSH);
    unsigned it = qv_gen_temp(g);
    qv_gen_at(g, e->pos);
    qv_gen_emit(g, QV_INS_GET_YIELD_FROM_ITER, QV_TAKE_B, it, t, 0);
    qv_gen_await_at(g, it);
    return deliver(g, t, want);
}

// ---- the rest of the expressions ----------------------------------------------------------------

static unsigned gen_walrus(QvGen *g, const QvExpr *e, int want)
{
    const QvExpr *target = e->u.named_expr.target;
    int reg = qv_gen_local_reg(g, target->u.name.id);
    unsigned t = g->u->top;
    if (reg >= 0) {
        qv_gen_expr(g, e->u.named_expr.value, reg);
        qv_gen_at(g, target->pos);
        if (target->u.name.id == QV_N(__debug__)) {
            qv_gen_error(g, target->pos, "cannot assign to __debug__");
        }
        qv_gen_mark_bound(g, (unsigned)reg, true);
        if (want == QV_WANT_ANY || want == reg) {
            return (unsigned)reg;
        }
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_emit(g, QV_INS_MOVE, 0, d, (unsigned)reg, 0);
        return d;
    }
    qv_gen_expr(g, e->u.named_expr.value, QV_WANT_PUSH);
    qv_gen_store_name(g, target->u.name.id, target->pos, t, false);
    return deliver(g, t, want);
}

static unsigned gen_expr(QvGen *g, const QvExpr *e, int want)
{
    switch (e->kind) {
    case QV_EXPR_CONSTANT: {
        unsigned d = qv_gen_dest(g, want, g->u->top);
        qv_gen_at(g, e->pos);
        qv_gen_load_k(g, d, e->u.constant.value);
        return d;
    }
    case QV_EXPR_NAME: return qv_gen_load_name(g, e->u.name.id, e->pos, want);
    case QV_EXPR_BIN_OP: {
        unsigned t = g->u->top;
        unsigned l = qv_gen_expr(g, e->u.bin_op.left, QV_WANT_ANY);
        return qv_gen_binary(g, e->u.bin_op.op, l, e->u.bin_op.right, false, want, t, e->pos);
    }
    case QV_EXPR_UNARY_OP: return gen_unary(g, e, want);
    case QV_EXPR_BOOL_OP: return gen_bool_op(g, e, want);
    case QV_EXPR_COMPARE: return gen_compare(g, e, want);
    case QV_EXPR_IF_EXP: return gen_if_exp(g, e, want);
    case QV_EXPR_NAMED_EXPR: return gen_walrus(g, e, want);
    case QV_EXPR_CALL: return qv_gen_call(g, e, want);
    case QV_EXPR_ATTRIBUTE: return gen_attribute(g, e, want);
    case QV_EXPR_SUBSCRIPT: return gen_subscript(g, e, want);
    case QV_EXPR_SLICE: return gen_slice(g, e, want);
    case QV_EXPR_LIST: return qv_gen_list(g, e, want);
    case QV_EXPR_TUPLE: return qv_gen_tuple(g, e, want);
    case QV_EXPR_SET: return qv_gen_set(g, e, want);
    case QV_EXPR_DICT: return qv_gen_dict(g, e, want);
    case QV_EXPR_JOINED_STR:
    case QV_EXPR_FORMATTED_VALUE: return qv_gen_joined_str(g, e, want);
    case QV_EXPR_LAMBDA: return qv_gen_lambda(g, e, want);
    case QV_EXPR_LIST_COMP:
    case QV_EXPR_SET_COMP:
    case QV_EXPR_DICT_COMP:
    case QV_EXPR_GENERATOR_EXP: return qv_gen_comprehension(g, e, want);
    case QV_EXPR_AWAIT: return gen_await(g, e, want);
    case QV_EXPR_YIELD: return gen_yield(g, e, want);
    case QV_EXPR_YIELD_FROM: return gen_yield_from(g, e, want);
    case QV_EXPR_STARRED: qv_gen_error(g, e->pos, "can't use starred expression here"); break;
    }
    return g->u->first_temp;
}

unsigned qv_gen_expr(QvGen *g, const QvExpr *e, int want)
{
    if (g->failed) {
        return g->u->first_temp;
    }
    if (qv_enter_compiler(g->qi) < 0) {
        g->failed = true;
        return g->u->first_temp;
    }
    unsigned reg = gen_expr(g, e, want);
    qv_leave_recursive(g->qi);
    return reg;
}

void qv_gen_effect(QvGen *g, const QvExpr *e)
{
    if (e->kind == QV_EXPR_CONSTANT) {
        return;
    }
    unsigned t = g->u->top;
    unsigned r = qv_gen_expr(g, e, QV_WANT_ANY);
    if (qv_gen_is_temp(g, r)) {
        qv_gen_at(g, e->pos);
        qv_gen_emit(g, QV_INS_DROP, 0, r, 0, 0);
    }
    g->u->top = t;
}

// ---- targets ------------------------------------------------------------------------------------

// When all targets are plain locals in consecutive registers, the first of them; else -1.
static int consecutive_locals(QvGen *g, QvExprSeq elts)
{
    int first = -1;
    for (QvSsize i = 0; i < elts.count; i++) {
        const QvExpr *e = elts.items[i];
        if (e->kind != QV_EXPR_NAME || e->u.name.id == QV_N(__debug__)) {
            return -1;
        }
        int reg = qv_gen_local_reg(g, e->u.name.id);
        if (reg < 0 || (i > 0 && reg != first + (int)i)) {
            return -1;
        }
        if (i == 0) {
            first = reg;
        }
    }
    return first;
}

static void store_sequence(QvGen *g, const QvExpr *target, unsigned reg, bool take)
{
    QvExprSeq elts = target->u.list.elts;
    unsigned t = g->u->top;
    QvSsize star = -1;
    for (QvSsize i = 0; i < elts.count; i++) {
        if (elts.items[i]->kind == QV_EXPR_STARRED) {
            if (star >= 0) {
                qv_gen_error(g, target->pos, "multiple starred expressions in assignment");
                return;
            }
            star = i;
        }
    }
    if (star >= 256 || (star >= 0 && elts.count - star - 1 >= 256)) {
        qv_gen_error(g, target->pos, "too many expressions in star-unpacking assignment");
        return;
    }
    qv_gen_at(g, target->pos);
    int locals = star < 0 && elts.count > 0 ? consecutive_locals(g, elts) : -1;
    if (locals >= 0) {
        qv_gen_emit(g, QV_INS_UNPACK, take ? qv_gen_take_b(g, reg, -1) : 0, (unsigned)locals, reg,
                    (unsigned)elts.count);
        for (QvSsize i = 0; i < elts.count; i++) {
            qv_gen_mark_bound(g, (unsigned)(locals + i), true);
        }
        return;
    }
    // The items go where the sequence was, if it is on top and dies here.
    bool on_top = take && qv_gen_is_temp(g, reg) && reg + 1 == t;
    if (on_top) {
        g->u->top = reg;
    }
    unsigned base = qv_gen_temps(g, (unsigned)elts.count);
    // base == reg: the item written there replaces the sequence.
    bool overlaps = on_top && elts.count > 0;
    unsigned take_flag = take && !overlaps ? qv_gen_take_b(g, reg, -1) : 0;
    if (star >= 0) {
        unsigned after = (unsigned)(elts.count - star - 1);
        qv_gen_emit(g, QV_INS_UNPACK_EX, take_flag, base, reg, (unsigned)star | after << 8);
    } else {
        qv_gen_emit(g, QV_INS_UNPACK, take_flag, base, reg, (unsigned)elts.count);
    }
    for (QvSsize i = 0; i < elts.count; i++) {
        const QvExpr *elt = elts.items[i];
        qv_gen_store(g, elt->kind == QV_EXPR_STARRED ? elt->u.starred.value : elt,
                     base + (unsigned)i, true);
    }
    g->u->top = t;
}

void qv_gen_store(QvGen *g, const QvExpr *target, unsigned reg, bool take)
{
    if (g->failed) {
        return;
    }
    if (qv_enter_compiler(g->qi) < 0) {
        g->failed = true;
        return;
    }
    unsigned t = g->u->top;
    switch (target->kind) {
    case QV_EXPR_NAME: qv_gen_store_name(g, target->u.name.id, target->pos, reg, take); break;
    case QV_EXPR_ATTRIBUTE: {
        if (target->u.attribute.attr == QV_N(__debug__)) {
            qv_gen_error(g, target->pos, "cannot assign to __debug__");
        }
        reg = qv_gen_pin(g, reg, target->u.attribute.value);
        unsigned o = qv_gen_expr(g, target->u.attribute.value, QV_WANT_ANY);
        qv_gen_at(g, qv_gen_attr_pos(target->pos, target));
        unsigned flags = qv_gen_take_a(g, o) |
                         ((take || reg >= t) && qv_gen_is_temp(g, reg) ? QV_TAKE_C : 0u);
        qv_gen_emit(g, QV_INS_STORE_ATTR, flags, o, qv_gen_name(g, target->u.attribute.attr), reg);
        break;
    }
    case QV_EXPR_SUBSCRIPT: {
        reg = qv_gen_pin(g, reg, target);
        unsigned o = qv_gen_expr(g, target->u.subscript.value, QV_WANT_ANY);
        const QvExpr *index = target->u.subscript.slice;
        o = qv_gen_pin(g, o, index);
        unsigned flags = (take || reg >= t) && qv_gen_is_temp(g, reg) ? QV_TAKE_C : 0u;
        if (is_plain_slice(index)) {
            unsigned bounds = g->u->top;
            push_bounds(g, index);
            qv_gen_at(g, target->pos);
            flags |= qv_gen_take_a(g, o);
            qv_gen_emit(g, QV_INS_SETITEM_SLICE, flags, o, bounds, reg);
            break;
        }
        unsigned i = qv_gen_expr(g, index, QV_WANT_ANY);
        qv_gen_at(g, target->pos);
        flags |= qv_gen_take_a(g, o) | qv_gen_take_b(g, i, -1);
        qv_gen_emit(g, QV_INS_SETITEM, flags, o, i, reg);
        break;
    }
    case QV_EXPR_LIST:
    case QV_EXPR_TUPLE: store_sequence(g, target, reg, take); break;
    case QV_EXPR_STARRED:
        qv_gen_error(g, target->pos, "starred assignment target must be in a list or tuple");
        break;
    default: qv_gen_error(g, target->pos, "invalid assignment target"); break;
    }
    g->u->top = t;
    qv_leave_recursive(g->qi);
}
