// SPDX-License-Identifier: MIT
// Code for simple statements, loops and conditionals.
#include "compile/codegen.h"

#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

static void gen_stmt(QvGen *g, const QvStmt *s);

void qv_gen_stmts(QvGen *g, QvStmtSeq body)
{
    for (QvSsize i = 0; i < body.count && !g->failed; i++) {
        if (qv_poll_step(g->qi, i) < 0 || qv_enter_compiler(g->qi) < 0) {
            g->failed = true;
            return;
        }
        unsigned t = g->u->top;
        gen_stmt(g, body.items[i]);
        qv_assert(g->failed || g->u->top == t);
        (void)t;
        qv_leave_recursive(g->qi);
    }
}

// Does the body, outside of inner functions and classes, contain `x: T`?
static bool has_annotations(QvStmtSeq body)
{
    for (QvSsize i = 0; i < body.count; i++) {
        const QvStmt *s = body.items[i];
        bool found = false;
        switch (s->kind) {
        case QV_STMT_ANN_ASSIGN: return true;
        case QV_STMT_FOR:
        case QV_STMT_ASYNC_FOR:
            found = has_annotations(s->u.for_.body) || has_annotations(s->u.for_.orelse);
            break;
        case QV_STMT_WHILE:
            found = has_annotations(s->u.while_.body) || has_annotations(s->u.while_.orelse);
            break;
        case QV_STMT_IF:
            found = has_annotations(s->u.if_.body) || has_annotations(s->u.if_.orelse);
            break;
        case QV_STMT_WITH:
        case QV_STMT_ASYNC_WITH: found = has_annotations(s->u.with.body); break;
        case QV_STMT_MATCH:
            for (QvSsize j = 0; j < s->u.match.cases.count && !found; j++) {
                found = has_annotations(s->u.match.cases.items[j]->body);
            }
            break;
        case QV_STMT_TRY:
        case QV_STMT_TRY_STAR:
            found = has_annotations(s->u.try_.body) || has_annotations(s->u.try_.orelse) ||
                    has_annotations(s->u.try_.finalbody);
            for (QvSsize j = 0; j < s->u.try_.handlers.count && !found; j++) {
                found = has_annotations(s->u.try_.handlers.items[j]->body);
            }
            break;
        default: break;
        }
        if (found) {
            return true;
        }
    }
    return false;
}

void qv_gen_setup_annotations(QvGen *g, QvStmtSeq body)
{
    if (has_annotations(body)) {
        qv_gen_at(g, body.items[0]->pos);
        qv_gen_emit(g, QV_INS_SETUP_ANNOTATIONS, 0, 0, 0, 0);
    }
}

void qv_gen_body(QvGen *g, QvStmtSeq body)
{
    qv_gen_setup_annotations(g, body);
    if (body.count > 0 && body.items[0]->kind == QV_STMT_EXPR) {
        const QvExpr *e = body.items[0]->u.expr.value;
        if (e->kind == QV_EXPR_CONSTANT && qv_is_str(e->u.constant.value)) {
            if (g->optimize < 2) {
                unsigned t = g->u->top;
                qv_gen_at(g, e->pos);
                unsigned r = qv_gen_push_k(g, e->u.constant.value);
                qv_gen_store_name(g, QV_N(__doc__), e->pos, r, true);
                g->u->top = t;
            }
            body.items++;
            body.count--;
        }
    }
    qv_gen_stmts(g, body);
}

// ---- leaving blocks -----------------------------------------------------------------------------

static bool needs_unwind(const QvGenBlock *b, const QvGenBlock *until)
{
    for (; b != until; b = b->outer) {
        if (b->kind >= QV_BLOCK_FINALLY_TRY) {
            return true;
        }
    }
    return false;
}

static void leave_block(QvGen *g, const QvGenBlock *b, int value)
{
    unsigned t = g->u->top;
    switch (b->kind) {
    case QV_BLOCK_FOR: // dropped before outer blocks run code
        if (needs_unwind(b->outer, NULL)) {
            qv_gen_emit(g, QV_INS_DROP, 0, b->reg, 0, 0);
        }
        break;
    case QV_BLOCK_WHILE:
    case QV_BLOCK_TRY:
    case QV_BLOCK_STAR_HANDLER: break;
    case QV_BLOCK_FINALLY_TRY:
        if (value >= 0) {
            QvGenBlock pending = {.kind = QV_BLOCK_VALUE,
                                  .outer = g->u->block,
                                  .outer_handler = g->u->handler,
                                  .reg = (unsigned)value};
            g->u->block = &pending;
            qv_gen_stmts(g, b->finalbody);
            g->u->block = pending.outer;
        } else {
            qv_gen_stmts(g, b->finalbody);
        }
        break;
    case QV_BLOCK_FINALLY_END:
    case QV_BLOCK_HANDLER: qv_gen_emit(g, QV_INS_POP_EXC, 0, b->reg, 0, 0); break;
    case QV_BLOCK_HANDLER_NAME: qv_gen_unbind_name(g, b->name, b->pos); break;
    case QV_BLOCK_WITH:
    case QV_BLOCK_ASYNC_WITH: qv_gen_with_exit(g, b); break;
    case QV_BLOCK_VALUE: qv_gen_emit(g, QV_INS_DROP, 0, b->reg, 0, 0); break;
    }
    g->u->top = t;
}

void qv_gen_unwind(QvGen *g, QvGenBlock *until, int value)
{
    QvUnit *u = g->u;
    QvGenBlock *saved = u->block;
    int32_t handler = u->handler;
    QvPos pos = u->pos;
    for (QvGenBlock *b = saved; b != until && !g->failed; b = b->outer) {
        u->block = b->outer;
        u->handler = b->outer_handler;
        leave_block(g, b, value);
        u->pos = pos;
    }
    u->block = saved;
    u->handler = handler;
}

static bool in_star_handler(const QvGen *g, const QvGenBlock *until)
{
    for (const QvGenBlock *b = g->u->block; b != until; b = b->outer) {
        if (b->kind == QV_BLOCK_STAR_HANDLER) {
            return true;
        }
    }
    return false;
}

#define STAR_MESSAGE "'break', 'continue' and 'return' cannot appear in an except* block"

// The handler in force when all blocks have been left. A return may poll, and so raise: no handler
// of what was just left may see that (a finally body would run again).
static int32_t handler_outside(const QvUnit *u)
{
    int32_t handler = u->handler;
    for (const QvGenBlock *b = u->block; b; b = b->outer) {
        handler = b->outer_handler;
    }
    return handler;
}

static void gen_return(QvGen *g, const QvStmt *s)
{
    QvUnit *u = g->u;
    const QvExpr *value = s->u.return_.value;
    if (u->scope->kind != QV_SCOPE_FUNCTION) {
        qv_gen_error(g, s->pos, "'return' outside function");
        return;
    }
    if (value && u->scope->coroutine && u->scope->generator) {
        qv_gen_error(g, s->pos, "'return' with value in async generator");
        return;
    }
    if (in_star_handler(g, NULL)) {
        bool at_value = value && value->kind == QV_EXPR_CONSTANT &&
                        value->pos.lineno == s->pos.lineno;
        qv_gen_error(g, at_value ? value->pos : s->pos, STAR_MESSAGE);
        return;
    }
    unsigned t = u->top;
    bool unwind = needs_unwind(u->block, NULL);
    int32_t handler = u->handler;
    if (!value || value->kind == QV_EXPR_CONSTANT) {
        qv_gen_at(g, s->pos);
        if (unwind) {
            qv_gen_emit(g, QV_INS_NOP, 0, 0, 0, 0); // tracers see its line before what it unwinds
        }
        qv_gen_unwind(g, NULL, -1);
        if (u->reachable) {
            u->handler = handler_outside(u);
            qv_gen_return_k(g, value ? value->u.constant.value : QV_NONE, unwind ? QV_IMPLICIT : 0);
            u->handler = handler;
        }
        return;
    }
    unsigned r = qv_gen_expr(g, value, unwind ? QV_WANT_PUSH : QV_WANT_ANY);
    qv_gen_at(g, s->pos);
    if (unwind) {
        qv_gen_unwind(g, NULL, (int)r);
    }
    bool no_line = u->no_line;
    u->no_line = no_line || unwind; // tracers have seen its line
    u->handler = handler_outside(u);
    qv_gen_return(g, r);
    u->handler = handler;
    u->no_line = no_line;
    u->top = t;
}

static void gen_loop_exit(QvGen *g, const QvStmt *s)
{
    bool is_break = s->kind == QV_STMT_BREAK;
    QvGenBlock *loop = g->u->block;
    while (loop && loop->kind != QV_BLOCK_WHILE && loop->kind != QV_BLOCK_FOR) {
        loop = loop->outer;
    }
    if (in_star_handler(g, loop)) {
        qv_gen_error(g, s->pos, STAR_MESSAGE);
        return;
    }
    if (!loop) {
        qv_gen_error(g, s->pos,
                     is_break ? "'break' outside loop" : "'continue' not properly in loop");
        return;
    }
    qv_gen_at(g, s->pos);
    bool unwind = needs_unwind(g->u->block, loop);
    if (unwind) {
        qv_gen_emit(g, QV_INS_NOP, 0, 0, 0, 0);
    }
    qv_gen_unwind(g, loop, -1);
    // The jump may poll, and so raise: no handler of what was just left may see that.
    int32_t handler = g->u->handler;
    g->u->handler = loop->outer_handler;
    if (is_break && loop->kind == QV_BLOCK_FOR) {
        qv_gen_emit(g, QV_INS_DROP, 0, loop->reg, 0, 0);
    }
    qv_gen_jump(g, QV_INS_JUMP, unwind ? 0 : QV_JUMP_STMT, 0, 0,
                is_break ? loop->break_label : loop->continue_label);
    g->u->handler = handler;
}

// ---- conditionals and loops ---------------------------------------------------------------------

// A condition that takes no instruction has a line all the same.
static void mark_constant(QvGen *g, const QvExpr *test)
{
    if (test->kind == QV_EXPR_CONSTANT) {
        qv_gen_emit(g, QV_INS_NOP, 0, 0, 0, 0);
    }
}

static void gen_if(QvGen *g, const QvStmt *s)
{
    int end = qv_gen_label(g);
    for (;;) {
        int other = s->u.if_.orelse.count > 0 ? qv_gen_label(g) : end;
        qv_gen_at(g, s->pos);
        mark_constant(g, s->u.if_.test);
        qv_gen_cond(g, s->u.if_.test, other, false);
        qv_gen_stmts(g, s->u.if_.body);
        if (s->u.if_.orelse.count == 0) {
            break;
        }
        qv_gen_goto(g, end);
        qv_gen_place(g, other);
        // A chain of elif is a loop here, not recursion.
        if (s->u.if_.orelse.count == 1 && s->u.if_.orelse.items[0]->kind == QV_STMT_IF) {
            s = s->u.if_.orelse.items[0];
            continue;
        }
        qv_gen_stmts(g, s->u.if_.orelse);
        break;
    }
    qv_gen_place(g, end);
}

static void gen_while(QvGen *g, const QvStmt *s)
{
    QvUnit *u = g->u;
    int body = qv_gen_label(g);
    int test = qv_gen_label(g);
    int other = qv_gen_label(g);
    int end = qv_gen_label(g);
    // The test stands in front of the loop and again at its end, so that one jump per turn is
    // enough.
    qv_gen_at(g, s->pos);
    mark_constant(g, s->u.while_.test);
    qv_gen_cond(g, s->u.while_.test, other, false);
    qv_gen_place_loop(g, body);
    QvGenBlock block = {.kind = QV_BLOCK_WHILE,
                        .outer_handler = u->handler,
                        .break_label = end,
                        .continue_label = test};
    qv_gen_push_block(g, &block);
    qv_gen_stmts(g, s->u.while_.body);
    u->block = block.outer;
    qv_gen_place(g, test);
    qv_gen_at(g, s->pos);
    if (s->u.while_.test->kind == QV_EXPR_CONSTANT && g->u->reachable) {
        qv_gen_jump(g, QV_INS_JUMP, QV_JUMP_STMT, 0, 0, body); // only true: else it is not reached
    } else {
        qv_gen_cond(g, s->u.while_.test, body, true);
    }
    qv_gen_place(g, other);
    qv_gen_stmts(g, s->u.while_.orelse);
    qv_gen_place(g, end);
}

// The target of a for statement is a plain local: its register, else -1.
static int simple_target(QvGen *g, const QvExpr *target)
{
    if (target->kind != QV_EXPR_NAME || target->u.name.id == QV_N(__debug__)) {
        return -1;
    }
    return qv_gen_local_reg(g, target->u.name.id);
}

static void gen_for(QvGen *g, const QvStmt *s)
{
    QvUnit *u = g->u;
    unsigned it = u->top;
    int head = qv_gen_label(g);
    int other = qv_gen_label(g);
    int end = qv_gen_label(g);
    unsigned r = qv_gen_expr(g, s->u.for_.iter, QV_WANT_ANY);
    u->top = it;
    qv_gen_temp(g);
    qv_gen_at(g, s->pos);
    qv_gen_emit(g, QV_INS_GET_ITER, qv_gen_take_b(g, r, (int)it), it, r, 0);
    QvGenBlock block = {.kind = QV_BLOCK_FOR,
                        .outer_handler = u->handler,
                        .reg = it,
                        .break_label = end,
                        .continue_label = head};
    qv_gen_push_block(g, &block);
    qv_gen_place_loop(g, head);
    int reg = simple_target(g, s->u.for_.target);
    qv_gen_at(g, s->pos);
    if (reg >= 0) {
        qv_gen_jump(g, QV_INS_FOR_ITER, 0, (unsigned)reg, it, other);
        qv_gen_mark_bound(g, (unsigned)reg, true);
    } else {
        unsigned t = qv_gen_temp(g);
        qv_gen_jump(g, QV_INS_FOR_ITER, 0, t, it, other);
        qv_gen_store(g, s->u.for_.target, t, true);
        u->top = it + 1;
    }
    qv_gen_stmts(g, s->u.for_.body);
    qv_gen_at(g, s->u.for_.iter->pos);
    qv_gen_goto(g, head);
    u->block = block.outer;
    u->top = it;
    qv_gen_place(g, other);
    qv_gen_stmts(g, s->u.for_.orelse);
    qv_gen_place(g, end);
}

static bool async_allowed(QvGen *g, const QvStmt *s, const char *what)
{
    if (g->u->scope->form != QV_FORM_ASYNC &&
        !(g->top_level_await && g->u->scope->kind == QV_SCOPE_MODULE)) {
        qv_gen_error(g, s->pos, "'async %s' outside async function", what);
        return false;
    }
    return true;
}

static void gen_async_for(QvGen *g, const QvStmt *s)
{
    QvUnit *u = g->u;
    if (!async_allowed(g, s, "for")) {
        return;
    }
    unsigned it = u->top;
    int head = qv_gen_label(g);
    int end = qv_gen_label(g);
    unsigned r = qv_gen_expr(g, s->u.for_.iter, QV_WANT_ANY);
    u->top = it;
    qv_gen_temp(g);
    qv_gen_at(g, s->pos);
    qv_gen_emit(g, QV_INS_GET_AITER, qv_gen_take_b(g, r, (int)it), it, r, 0);
    QvGenBlock block = {.kind = QV_BLOCK_FOR,
                        .outer_handler = u->handler,
                        .reg = it,
                        .break_label = end,
                        .continue_label = head};
    qv_gen_push_block(g, &block);
    qv_gen_place_loop(g, head);
    // Only the step to the next item is covered: the end of the iteration arrives as an exception.
    qv_gen_at(g, s->pos);
    int32_t outer_handler = u->handler;
    QvGenCover cover = qv_gen_cover(g, it + 1);
    unsigned t = qv_gen_temps(g, 2);
    qv_gen_emit(g, QV_INS_GET_ANEXT, 0, t + 1, it, 0);
    qv_gen_await_at(g, t + 1);
    u->handler = outer_handler;
    qv_gen_store(g, s->u.for_.target, t, true);
    u->top = it + 1;
    qv_gen_stmts(g, s->u.for_.body);
    qv_gen_at(g, s->u.for_.iter->pos);
    qv_gen_goto(g, head);
    u->block = block.outer;
    qv_gen_place_handler(g, &cover);
    qv_gen_at(g, s->u.for_.iter->pos);
    qv_gen_emit(g, QV_INS_END_ASYNC_FOR, 0, it, 0, 0);
    u->top = it;
    qv_gen_stmts(g, s->u.for_.orelse);
    qv_gen_place(g, end);
}

// ---- assignments --------------------------------------------------------------------------------

#define MAX_PAIRWISE 64

// Need the value of e not be copied before the targets in front of number i are assigned?
static bool stays_put(QvGen *g, const QvExpr *e, QvExprSeq targets, QvSsize i)
{
    if (e->kind != QV_EXPR_NAME) {
        return e->kind != QV_EXPR_NAMED_EXPR; // a temporary, then
    }
    if (g->u->scope->has_walrus) {
        return false;
    }
    for (QvSsize j = 0; j < i; j++) {
        QvExprKind kind = targets.items[j]->kind;
        if (kind == QV_EXPR_TUPLE || kind == QV_EXPR_LIST ||
            (kind == QV_EXPR_NAME && targets.items[j]->u.name.id == e->u.name.id)) {
            return false;
        }
    }
    return true;
}

// a, b = x, y: no tuple is made. True when it applied.
static bool assign_pairwise(QvGen *g, const QvStmt *s)
{
    const QvExpr *target = s->u.assign.targets.items[0];
    const QvExpr *value = s->u.assign.value;
    if (s->u.assign.targets.count != 1 || value->kind != QV_EXPR_TUPLE ||
        (target->kind != QV_EXPR_TUPLE && target->kind != QV_EXPR_LIST) ||
        target->u.list.elts.count != value->u.list.elts.count || target->u.list.elts.count == 0) {
        return false;
    }
    QvExprSeq to = target->u.list.elts;
    QvExprSeq from = value->u.list.elts;
    for (QvSsize i = 0; i < to.count; i++) {
        if (to.items[i]->kind == QV_EXPR_STARRED || from.items[i]->kind == QV_EXPR_STARRED) {
            return false;
        }
    }
    unsigned regs[MAX_PAIRWISE];
    if (to.count > MAX_PAIRWISE) {
        return false;
    }
    unsigned t = g->u->top;
    for (QvSsize i = 0; i < from.count; i++) {
        regs[i] = qv_gen_expr(g, from.items[i],
                              stays_put(g, from.items[i], to, i) ? QV_WANT_ANY : QV_WANT_PUSH);
    }
    for (QvSsize i = 0; i < to.count; i++) {
        qv_gen_store(g, to.items[i], regs[i], true);
    }
    g->u->top = t;
    return true;
}

static void gen_assign(QvGen *g, const QvStmt *s)
{
    QvExprSeq targets = s->u.assign.targets;
    if (assign_pairwise(g, s)) {
        return;
    }
    unsigned t = g->u->top;
    if (targets.items[0]->kind == QV_EXPR_NAME) {
        // The value goes straight to the (first) local.
        int reg = simple_target(g, targets.items[0]);
        if (reg >= 0) {
            qv_gen_expr(g, s->u.assign.value, targets.count == 1 ? reg : QV_WANT_PUSH);
            if (targets.count == 1) {
                qv_gen_mark_bound(g, (unsigned)reg, true);
                return;
            }
            for (QvSsize i = 0; i < targets.count; i++) {
                qv_gen_store(g, targets.items[i], t, i + 1 == targets.count);
            }
            g->u->top = t;
            return;
        }
    }
    unsigned r = qv_gen_expr(g, s->u.assign.value, targets.count == 1 ? QV_WANT_ANY : QV_WANT_PUSH);
    for (QvSsize i = 0; i < targets.count; i++) {
        qv_gen_store(g, targets.items[i], r, i + 1 == targets.count);
    }
    g->u->top = t;
}

static void gen_aug_assign(QvGen *g, const QvStmt *s)
{
    const QvExpr *target = s->u.aug_assign.target;
    const QvExpr *value = s->u.aug_assign.value;
    QvOperator op = s->u.aug_assign.op;
    unsigned t = g->u->top;
    switch (target->kind) {
    case QV_EXPR_NAME: {
        int reg = simple_target(g, target);
        unsigned l = qv_gen_load_name(g, target->u.name.id, target->pos, QV_WANT_ANY);
        unsigned d = qv_gen_binary(g, op, l, value, true, reg >= 0 ? reg : QV_WANT_PUSH, t, s->pos);
        if (reg < 0) {
            qv_gen_store_name(g, target->u.name.id, target->pos, d, true);
        }
        break;
    }
    case QV_EXPR_ATTRIBUTE: {
        unsigned o = qv_gen_expr(g, target->u.attribute.value, QV_WANT_ANY);
        o = qv_gen_pin(g, o, value);
        unsigned v = qv_gen_temp(g);
        QvPos pos = qv_gen_attr_pos(target->pos, target);
        qv_gen_at(g, pos);
        qv_gen_emit(g, QV_INS_LOAD_ATTR, 0, v, o, qv_gen_name(g, target->u.attribute.attr));
        qv_gen_binary(g, op, v, value, true, QV_WANT_PUSH, v, s->pos);
        qv_gen_at(g, pos);
        qv_gen_emit(g, QV_INS_STORE_ATTR, qv_gen_take_a(g, o) | QV_TAKE_C, o,
                    qv_gen_name(g, target->u.attribute.attr), v);
        break;
    }
    case QV_EXPR_SUBSCRIPT: {
        unsigned o = qv_gen_expr(g, target->u.subscript.value, QV_WANT_ANY);
        o = qv_gen_pin(g, qv_gen_pin(g, o, target->u.subscript.slice), value);
        unsigned i = qv_gen_expr(g, target->u.subscript.slice, QV_WANT_ANY);
        i = qv_gen_pin(g, i, value);
        unsigned v = qv_gen_temp(g);
        qv_gen_at(g, target->pos);
        qv_gen_emit(g, QV_INS_GETITEM, 0, v, o, i);
        qv_gen_binary(g, op, v, value, true, QV_WANT_PUSH, v, s->pos);
        qv_gen_at(g, target->pos);
        qv_gen_emit(g, QV_INS_SETITEM, qv_gen_take_a(g, o) | qv_gen_take_b(g, i, -1) | QV_TAKE_C, o,
                    i, v);
        break;
    }
    default: qv_gen_error(g, target->pos, "illegal expression for augmented assignment"); break;
    }
    g->u->top = t;
}

static void gen_ann_assign(QvGen *g, const QvStmt *s)
{
    const QvExpr *target = s->u.ann_assign.target;
    bool evaluated = g->u->scope->kind != QV_SCOPE_FUNCTION;
    unsigned t = g->u->top;
    if (s->u.ann_assign.value) {
        int reg = target->kind == QV_EXPR_NAME ? simple_target(g, target) : -1;
        unsigned r = qv_gen_expr(g, s->u.ann_assign.value, reg >= 0 ? reg : QV_WANT_ANY);
        if (reg >= 0) {
            qv_gen_mark_bound(g, (unsigned)reg, true);
        } else {
            qv_gen_store(g, target, r, true);
        }
        g->u->top = t;
    }
    switch (target->kind) {
    case QV_EXPR_NAME:
        if (target->u.name.id == QV_N(__debug__)) {
            qv_gen_error(g, s->pos, "cannot assign to __debug__");
        }
        if (s->u.ann_assign.simple && evaluated) {
            QvObj *name = qv_scope_mangle(g->arena, g->u->scope->private_name, target->u.name.id);
            if (!qv_gen_check(g, name)) {
                return;
            }
            qv_gen_annotation_value(g, s->u.ann_assign.annotation);
            qv_gen_at(g, s->pos);
            unsigned d = qv_gen_temp(g);
            qv_gen_emit(g, QV_INS_LOAD_NAME, 0, d, qv_gen_name(g, QV_N(__annotations__)), 0);
            unsigned k = qv_gen_push_k(g, name);
            qv_gen_emit(g, QV_INS_SETITEM, QV_TAKE_A | QV_TAKE_B | QV_TAKE_C, d, k, t);
            g->u->top = t;
        }
        break;
    case QV_EXPR_ATTRIBUTE:
        if (target->u.attribute.attr == QV_N(__debug__)) {
            qv_gen_error(g, s->pos, "cannot assign to __debug__");
        }
        if (!s->u.ann_assign.value) {
            qv_gen_effect(g, target->u.attribute.value);
        }
        break;
    case QV_EXPR_SUBSCRIPT:
        if (!s->u.ann_assign.value) {
            qv_gen_effect(g, target->u.subscript.value);
            qv_gen_effect(g, target->u.subscript.slice);
        }
        break;
    default: break;
    }
    if (!s->u.ann_assign.simple && evaluated && !g->scopes->future_annotations) {
        qv_gen_effect(g, s->u.ann_assign.annotation);
    }
}

static void gen_delete(QvGen *g, const QvExpr *e)
{
    unsigned t = g->u->top;
    switch (e->kind) {
    case QV_EXPR_NAME: qv_gen_del_name(g, e->u.name.id, e->pos); break;
    case QV_EXPR_ATTRIBUTE: {
        if (e->u.attribute.attr == QV_N(__debug__)) {
            qv_gen_error(g, e->pos, "cannot delete __debug__");
        }
        unsigned o = qv_gen_expr(g, e->u.attribute.value, QV_WANT_ANY);
        qv_gen_at(g, qv_gen_attr_pos(e->pos, e));
        qv_gen_emit(g, QV_INS_DEL_ATTR, qv_gen_take_a(g, o), o, qv_gen_name(g, e->u.attribute.attr),
                    0);
        break;
    }
    case QV_EXPR_SUBSCRIPT: {
        unsigned o = qv_gen_expr(g, e->u.subscript.value, QV_WANT_ANY);
        o = qv_gen_pin(g, o, e->u.subscript.slice);
        unsigned i = qv_gen_expr(g, e->u.subscript.slice, QV_WANT_ANY);
        qv_gen_at(g, e->pos);
        qv_gen_emit(g, QV_INS_DELITEM, qv_gen_take_a(g, o) | qv_gen_take_b(g, i, -1), o, i, 0);
        break;
    }
    case QV_EXPR_TUPLE:
    case QV_EXPR_LIST:
        for (QvSsize i = 0; i < e->u.list.elts.count; i++) {
            gen_delete(g, e->u.list.elts.items[i]);
        }
        break;
    default: qv_gen_error(g, e->pos, "cannot delete expression"); break;
    }
    g->u->top = t;
}

// ---- raise, assert ------------------------------------------------------------------------------

static void gen_raise(QvGen *g, const QvStmt *s)
{
    unsigned t = g->u->top;
    if (!s->u.raise.exc) {
        qv_gen_at(g, s->pos);
        qv_gen_emit(g, QV_INS_RAISE0, 0, 0, 0, 0);
        return;
    }
    unsigned e = qv_gen_expr(g, s->u.raise.exc, QV_WANT_ANY);
    if (s->u.raise.cause) {
        e = qv_gen_pin(g, e, s->u.raise.cause);
        unsigned c = qv_gen_expr(g, s->u.raise.cause, QV_WANT_ANY);
        qv_gen_at(g, s->pos);
        qv_gen_emit(g, QV_INS_RAISE2, qv_gen_take_a(g, e) | qv_gen_take_b(g, c, -1), e, c, 0);
    } else {
        qv_gen_at(g, s->pos);
        qv_gen_emit(g, QV_INS_RAISE1, qv_gen_take_a(g, e), e, 0, 0);
    }
    g->u->top = t;
}

static void gen_assert(QvGen *g, const QvStmt *s)
{
    const QvExpr *test = s->u.assert_.test;
    if ((test->kind == QV_EXPR_TUPLE && test->u.list.elts.count > 0) ||
        (test->kind == QV_EXPR_CONSTANT && qv_is_tuple(test->u.constant.value) &&
         qv_tuple_len(test->u.constant.value) > 0)) {
        qv_gen_warn(g, s->pos, "assertion is always true, perhaps remove parentheses?");
    }
    if (g->optimize > 0) {
        return;
    }
    int end = qv_gen_label(g);
    unsigned t = g->u->top;
    qv_gen_at(g, s->pos);
    qv_gen_cond(g, test, end, true);
    QvPos pos = g->u->pos;
    qv_gen_emit(g, QV_INS_LOAD_ASSERTION_ERROR, 0, qv_gen_temp(g), 0, 0);
    if (s->u.assert_.msg) {
        qv_gen_expr(g, s->u.assert_.msg, QV_WANT_PUSH);
        qv_gen_at(g, pos);
        qv_gen_emit(g, QV_INS_CALL, 0, t, t, 1);
    }
    qv_gen_emit(g, QV_INS_RAISE1, QV_TAKE_A, t, 0, 0);
    g->u->top = t;
    qv_gen_place(g, end);
}

// ---- import -------------------------------------------------------------------------------------

// The interned part [start, end) of a dotted name; borrowed from the arena.
static QvObj *name_part(QvGen *g, QvObj *name, QvSsize start, QvSsize end)
{
    QvObj *part = qv_str_slice(g->qi, name, start, end);
    if (part && qv_str_intern(g->qi, &part) < 0) {
        qv_clear(g->qi, &part);
    }
    part = qv_arena_take(g->arena, part);
    qv_gen_check(g, part);
    return part;
}

// Pushes the module: level and fromlist are constants (fromlist None or a tuple).
static unsigned push_import(QvGen *g, QvObj *name, int level, QvObj *fromlist)
{
    unsigned t = g->u->top;
    QvObj *level_obj = qv_int_from_i64(g->qi, level);
    if (!qv_gen_check(g, level_obj)) {
        return t;
    }
    qv_gen_push_k(g, level_obj);
    qv_decref(g->qi, level_obj);
    qv_gen_push_k(g, fromlist);
    g->u->top = t;
    qv_gen_emit(g, QV_INS_IMPORT_NAME, 0, qv_gen_temp(g), qv_gen_name(g, name), t);
    return t;
}

static void gen_import(QvGen *g, const QvStmt *s)
{
    for (QvSsize i = 0; i < s->u.import.names.count && !g->failed; i++) {
        const QvAlias *alias = s->u.import.names.items[i];
        unsigned t = g->u->top;
        QvSsize len = qv_str_len(alias->name);
        QvSsize dot = qv_str_find(alias->name, QV_N(dot), 0, len);
        qv_gen_at(g, s->pos);
        push_import(g, alias->name, 0, QV_NONE);
        if (alias->asname) {
            // import a.b.c as m: the last part, reached step by step.
            while (dot >= 0 && !g->failed) {
                QvSsize next = qv_str_find(alias->name, QV_N(dot), dot + 1, len);
                QvObj *part = name_part(g, alias->name, dot + 1, next < 0 ? len : next);
                if (part) {
                    qv_gen_emit(g, QV_INS_IMPORT_FROM, 0, t, t, qv_gen_name(g, part));
                }
                dot = next;
            }
            qv_gen_store_name(g, alias->asname, s->pos, t, true);
        } else {
            QvObj *head = dot < 0 ? alias->name : name_part(g, alias->name, 0, dot);
            if (head) {
                qv_gen_store_name(g, head, s->pos, t, true);
            }
        }
        g->u->top = t;
    }
}

static void gen_import_from(QvGen *g, const QvStmt *s)
{
    QvAliasSeq names = s->u.import_from.names;
    QvObj *module = s->u.import_from.module;
    if (module && s->pos.lineno > g->scopes->future_line && qv_str_eq_ascii(module, "__future__")) {
        qv_gen_error(g, s->pos, "from __future__ imports must occur at the beginning of the file");
        return;
    }
    QvObj *fromlist = qv_tuple_new(g->qi, names.count);
    if (!qv_gen_check(g, fromlist)) {
        return;
    }
    for (QvSsize i = 0; i < names.count; i++) {
        qv_tuple_items(fromlist)[i] = qv_new_ref(g->qi, names.items[i]->name);
    }
    unsigned t = g->u->top;
    qv_gen_at(g, s->pos);
    push_import(g, module ? module : QV_N(empty), s->u.import_from.level, fromlist);
    qv_decref(g->qi, fromlist);
    for (QvSsize i = 0; i < names.count && !g->failed; i++) {
        const QvAlias *alias = names.items[i];
        if (i == 0 && qv_str_len(alias->name) == 1 && qv_str_read(alias->name, 0) == '*') {
            qv_gen_emit(g, QV_INS_IMPORT_STAR, QV_TAKE_A, t, 0, 0);
            g->u->top = t;
            return;
        }
        unsigned v = qv_gen_temp(g);
        qv_gen_emit(g, QV_INS_IMPORT_FROM, 0, v, t, qv_gen_name(g, alias->name));
        qv_gen_store_name(g, alias->asname ? alias->asname : alias->name, s->pos, v, true);
        g->u->top = t + 1;
    }
    qv_gen_emit(g, QV_INS_DROP, 0, t, 0, 0);
    g->u->top = t;
}

// ---- all of them --------------------------------------------------------------------------------

// For tracers: the line of a statement that has no instruction of its own.
static void gen_line(QvGen *g, const QvStmt *s)
{
    qv_gen_at(g, s->pos);
    qv_gen_emit(g, QV_INS_NOP, 0, 0, 0, 0);
}

static void gen_expr_stmt(QvGen *g, const QvStmt *s)
{
    const QvExpr *e = s->u.expr.value;
    if (g->interactive && g->u->outer == NULL) {
        unsigned t = g->u->top;
        unsigned r = qv_gen_expr(g, e, QV_WANT_ANY);
        qv_gen_at(g, s->pos);
        qv_gen_emit(g, QV_INS_PRINT_EXPR, qv_gen_take_a(g, r), r, 0, 0);
        g->u->top = t;
        return;
    }
    if (e->kind == QV_EXPR_CONSTANT) {
        gen_line(g, s);
    } else {
        qv_gen_effect(g, e);
    }
}

static void gen_stmt(QvGen *g, const QvStmt *s)
{
    switch (s->kind) {
    case QV_STMT_FUNCTION_DEF:
    case QV_STMT_ASYNC_FUNCTION_DEF: qv_gen_function(g, s); break;
    case QV_STMT_CLASS_DEF: qv_gen_class(g, s); break;
    case QV_STMT_RETURN: gen_return(g, s); break;
    case QV_STMT_DELETE:
        for (QvSsize i = 0; i < s->u.delete_.targets.count; i++) {
            gen_delete(g, s->u.delete_.targets.items[i]);
        }
        break;
    case QV_STMT_ASSIGN: gen_assign(g, s); break;
    case QV_STMT_AUG_ASSIGN: gen_aug_assign(g, s); break;
    case QV_STMT_ANN_ASSIGN: gen_ann_assign(g, s); break;
    case QV_STMT_FOR: gen_for(g, s); break;
    case QV_STMT_ASYNC_FOR: gen_async_for(g, s); break;
    case QV_STMT_WHILE: gen_while(g, s); break;
    case QV_STMT_IF: gen_if(g, s); break;
    case QV_STMT_ASYNC_WITH:
        if (!async_allowed(g, s, "with")) {
            break;
        }
        qv_gen_with(g, s);
        break;
    case QV_STMT_WITH: qv_gen_with(g, s); break;
    case QV_STMT_MATCH: qv_gen_match(g, s); break;
    case QV_STMT_RAISE: gen_raise(g, s); break;
    case QV_STMT_TRY:
    case QV_STMT_TRY_STAR:
        gen_line(g, s);
        qv_gen_try(g, s);
        break;
    case QV_STMT_ASSERT: gen_assert(g, s); break;
    case QV_STMT_IMPORT: gen_import(g, s); break;
    case QV_STMT_IMPORT_FROM: gen_import_from(g, s); break;
    case QV_STMT_GLOBAL:
    case QV_STMT_NONLOCAL:
    case QV_STMT_PASS: gen_line(g, s); break;
    case QV_STMT_EXPR: gen_expr_stmt(g, s); break;
    case QV_STMT_BREAK:
    case QV_STMT_CONTINUE: gen_loop_exit(g, s); break;
    }
}
