// SPDX-License-Identifier: MIT
// Code for try, except, except*, finally and with.
//
// A handler is entered with the exception in register d, the first one that is dead there:
//
//     H:  PUSH_EXC d          d+1: what was handled before; both stay while the handler runs
//         ...                 covered by C
//         MOVE d+2, d         not handled: raised as if by the last line of the handler
//         POP_EXC d
//         RERAISE d+2
//     C:  POP_EXC d           entered with depth d+2
//         RERAISE d+2         the frame stands where that exception was raised
//
// finally bodies are compiled once for each way out: falling off the end, the exception, and every
// return, break and continue inside.
#include "compile/codegen.h"

#include "object/interp.h"

enum { MAX_BLOCKS = 20 }; // as in CPython, whose frames have room for no more

void qv_gen_push_block(QvGen *g, QvGenBlock *b)
{
    b->outer = g->u->block;
    b->depth = b->outer ? b->outer->depth + 1 : 1;
    if (b->depth > MAX_BLOCKS) {
        qv_gen_error(g, g->u->pos, "too many statically nested blocks");
    }
    g->u->block = b;
}

static void pop_block(QvGen *g, const QvGenBlock *b) { g->u->block = b->outer; }

// The end of a handler (see above): what is not handled, and the cleanup.
static void reraise_end(QvGen *g, unsigned d, const QvGenCover *cleanup, int32_t outer_handler,
                        unsigned flags)
{
    g->u->top = d + 2;
    qv_gen_temp(g);
    g->u->no_line = true;
    qv_gen_emit(g, QV_INS_MOVE, 0, d + 2, d, 0);
    g->u->handler = outer_handler;
    qv_gen_emit(g, QV_INS_POP_EXC, 0, d, 0, 0);
    qv_gen_emit(g, QV_INS_RERAISE, flags, d + 2, 0, 0);
    qv_gen_place_handler(g, cleanup);
    g->u->top = d + 3;
    qv_gen_emit(g, QV_INS_POP_EXC, 0, d, 0, 0);
    qv_gen_emit(g, QV_INS_RERAISE, QV_IMPLICIT, d + 2, 0, 0);
    g->u->no_line = false;
    g->u->top = d;
}

// One clause's body with its name bound; leaves by a jump to `end`. d: register of the exception.
static void except_body(QvGen *g, const QvExceptHandler *h, unsigned d, int32_t outer_handler,
                        int end)
{
    QvUnit *u = g->u;
    int32_t cleanup = u->handler;
    QvGenBlock handler = {.kind = QV_BLOCK_HANDLER, .outer_handler = outer_handler, .reg = d};
    if (!h->name) {
        qv_gen_push_block(g, &handler);
        qv_gen_stmts(g, h->body);
        pop_block(g, &handler);
        qv_gen_at(g, h->pos);
        u->handler = outer_handler;
        qv_gen_emit(g, QV_INS_POP_EXC, 0, d, 0, 0);
        qv_gen_goto(g, end);
        u->handler = cleanup;
        return;
    }
    qv_gen_store_name(g, h->name, h->pos, d, false);
    qv_gen_push_block(g, &handler);
    QvGenBlock name = {
        .kind = QV_BLOCK_HANDLER_NAME, .outer_handler = cleanup, .name = h->name, .pos = h->pos};
    qv_gen_push_block(g, &name);
    QvGenCover cover = qv_gen_cover(g, d + 2);
    qv_gen_stmts(g, h->body);
    pop_block(g, &name);
    pop_block(g, &handler);
    u->handler = outer_handler;
    qv_gen_emit(g, QV_INS_POP_EXC, 0, d, 0, 0);
    qv_gen_unbind_name(g, h->name, u->pos);
    qv_gen_goto(g, end);
    // The body raised: the name goes all the same.
    u->handler = cleanup;
    qv_gen_place_handler(g, &cover);
    qv_gen_temp(g);
    qv_gen_unbind_name(g, h->name, u->pos);
    qv_gen_emit(g, QV_INS_RERAISE, QV_IMPLICIT, d + 2, 0, 0);
    u->top = d + 2;
}

static void gen_try_except(QvGen *g, const QvStmt *s)
{
    QvUnit *u = g->u;
    QvExceptHandlerSeq handlers = s->u.try_.handlers;
    unsigned d = u->top;
    int32_t outer_handler = u->handler;
    int end = qv_gen_label(g);
    QvGenBlock block = {.kind = QV_BLOCK_TRY, .outer_handler = outer_handler};
    QvGenCover cover = qv_gen_cover(g, d);
    qv_gen_push_block(g, &block);
    qv_gen_stmts(g, s->u.try_.body);
    pop_block(g, &block);
    u->handler = outer_handler;
    qv_gen_stmts(g, s->u.try_.orelse);
    qv_gen_at(g, s->pos);
    qv_gen_goto(g, end);

    qv_gen_place_handler(g, &cover);
    qv_gen_temps(g, 2);
    qv_gen_emit(g, QV_INS_PUSH_EXC, 0, d, 0, 0);
    QvGenCover cleanup = qv_gen_cover(g, d + 2);
    for (QvSsize i = 0; i < handlers.count && !g->failed; i++) {
        const QvExceptHandler *h = handlers.items[i];
        if (!h->type && i + 1 < handlers.count) {
            qv_gen_error(g, h->pos, "default 'except:' must be last");
            return;
        }
        int next = qv_gen_label(g);
        if (h->type) {
            unsigned r = qv_gen_expr(g, h->type, QV_WANT_ANY);
            qv_gen_at(g, h->pos);
            qv_gen_jump(g, QV_INS_JNOT_EXC_MATCH, qv_gen_take_b(g, r, -1), d, r, next);
            u->top = d + 2;
        }
        qv_gen_at(g, h->pos);
        if (!h->type) {
            qv_gen_emit(g, QV_INS_NOP, 0, d, 0, 1); // tracers see its line; d is taken
        }
        except_body(g, h, d, outer_handler, end);
        qv_gen_place(g, next);
    }
    qv_gen_at(g, handlers.items[handlers.count - 1]->pos);
    reraise_end(g, d, &cleanup, outer_handler, 0);
    qv_gen_place(g, end);
}

// except*: registers behind the handled pair: what is left of the group, the list of what to raise
// in the end.
static void gen_try_star(QvGen *g, const QvStmt *s)
{
    QvUnit *u = g->u;
    QvExceptHandlerSeq handlers = s->u.try_.handlers;
    unsigned d = u->top;
    int32_t outer_handler = u->handler;
    int end = qv_gen_label(g);
    QvGenBlock block = {.kind = QV_BLOCK_TRY, .outer_handler = outer_handler};
    QvGenCover cover = qv_gen_cover(g, d);
    qv_gen_push_block(g, &block);
    qv_gen_stmts(g, s->u.try_.body);
    pop_block(g, &block);
    u->handler = outer_handler;
    qv_gen_stmts(g, s->u.try_.orelse);
    qv_gen_at(g, s->pos);
    qv_gen_goto(g, end);

    qv_gen_place_handler(g, &cover);
    qv_gen_temps(g, 2);
    u->no_line = true;
    qv_gen_emit(g, QV_INS_PUSH_EXC, 0, d, 0, 0);
    QvGenCover cleanup = qv_gen_cover(g, d + 2);
    int32_t in_handler = u->handler;
    unsigned rest = qv_gen_temp(g);
    unsigned list = qv_gen_temp(g);
    qv_gen_emit(g, QV_INS_MOVE, 0, rest, d, 0);
    qv_gen_emit(g, QV_INS_BUILD_LIST, 0, list, 0, 0);
    u->no_line = false;
    for (QvSsize i = 0; i < handlers.count && !g->failed; i++) {
        const QvExceptHandler *h = handlers.items[i];
        int no_match = qv_gen_label(g);
        int next = qv_gen_label(g);
        unsigned r = qv_gen_expr(g, h->type, QV_WANT_ANY);
        u->top = list + 1;
        unsigned match = qv_gen_temps(g, 2);
        qv_gen_at(g, h->pos);
        unsigned take = r == match || r == match + 1 ? 0u
                        : qv_gen_take_b(g, r, -1)    ? QV_TAKE_C
                                                     : 0u;
        qv_gen_emit(g, QV_INS_CHECK_EG_MATCH, take, match, rest, r);
        qv_gen_emit(g, QV_INS_TAKE, 0, rest, match + 1, 0);
        u->top = match + 1;
        qv_gen_jump(g, QV_INS_JNONE, 0, match, 0, no_match);
        qv_gen_at(g, h->pos);
        if (h->name) {
            qv_gen_store_name(g, h->name, h->pos, match, true);
        } else {
            qv_gen_emit(g, QV_INS_DROP, 0, match, 0, 0);
        }
        u->top = list + 1;
        QvGenBlock star = {.kind = QV_BLOCK_STAR_HANDLER, .outer_handler = in_handler};
        qv_gen_push_block(g, &star);
        QvGenCover body = qv_gen_cover(g, list + 1);
        qv_gen_stmts(g, h->body);
        pop_block(g, &star);
        u->handler = in_handler;
        u->no_line = true;
        if (h->name) {
            qv_gen_unbind_name(g, h->name, u->pos);
        }
        qv_gen_goto(g, next);
        // The body raised: kept for the end.
        qv_gen_place_handler(g, &body);
        unsigned raised = qv_gen_temp(g);
        if (h->name) {
            qv_gen_unbind_name(g, h->name, u->pos);
        }
        qv_gen_at(g, h->pos);
        qv_gen_emit(g, QV_INS_LIST_APPEND, QV_TAKE_B, list, raised, 0);
        qv_gen_goto(g, next);
        qv_gen_place(g, no_match);
        qv_gen_emit(g, QV_INS_DROP, 0, match, 0, 0);
        qv_gen_place(g, next);
        u->no_line = false;
        u->top = list + 1;
    }
    u->no_line = true;
    int reraise = qv_gen_label(g);
    qv_gen_at(g, s->pos);
    qv_gen_emit(g, QV_INS_LIST_APPEND, QV_TAKE_B, list, rest, 0);
    qv_gen_emit(g, QV_INS_PREP_RERAISE_STAR, QV_TAKE_C, rest, d, list);
    qv_gen_jump(g, QV_INS_JNOTNONE, 0, rest, 0, reraise);
    qv_gen_emit(g, QV_INS_DROP, 0, rest, 0, 0);
    u->handler = outer_handler;
    qv_gen_emit(g, QV_INS_POP_EXC, 0, d, 0, 0);
    qv_gen_goto(g, end);
    // rest is register d+2: where the cleanup expects the exception to raise.
    qv_gen_place(g, reraise);
    qv_gen_place_handler(g, &cleanup);
    qv_gen_emit(g, QV_INS_POP_EXC, 0, d, 0, 0);
    qv_gen_emit(g, QV_INS_RERAISE, 0, d + 2, 0, 0);
    u->no_line = false;
    u->top = d;
    qv_gen_place(g, end);
}

static void gen_try_body(QvGen *g, const QvStmt *s)
{
    if (s->u.try_.handlers.count == 0) {
        qv_gen_stmts(g, s->u.try_.body);
    } else if (s->kind == QV_STMT_TRY_STAR) {
        gen_try_star(g, s);
    } else {
        gen_try_except(g, s);
    }
}

void qv_gen_try(QvGen *g, const QvStmt *s)
{
    QvStmtSeq final = s->u.try_.finalbody;
    if (final.count == 0) {
        gen_try_body(g, s);
        return;
    }
    QvUnit *u = g->u;
    unsigned d = u->top;
    int32_t outer_handler = u->handler;
    int end = qv_gen_label(g);
    QvGenBlock block = {
        .kind = QV_BLOCK_FINALLY_TRY, .outer_handler = outer_handler, .finalbody = final};
    QvGenCover cover = qv_gen_cover(g, d);
    qv_gen_push_block(g, &block);
    gen_try_body(g, s);
    pop_block(g, &block);
    u->handler = outer_handler;
    qv_gen_stmts(g, final);
    qv_gen_at(g, s->pos);
    qv_gen_goto(g, end);

    qv_gen_place_handler(g, &cover);
    qv_gen_temps(g, 2);
    qv_gen_emit(g, QV_INS_PUSH_EXC, 0, d, 0, 0);
    QvGenBlock in_final = {.kind = QV_BLOCK_FINALLY_END, .outer_handler = outer_handler, .reg = d};
    QvGenCover cleanup = qv_gen_cover(g, d + 2);
    qv_gen_push_block(g, &in_final);
    qv_gen_stmts(g, final);
    pop_block(g, &in_final);
    reraise_end(g, d, &cleanup, outer_handler, 0);
    qv_gen_place(g, end);
}

// ---- with ---------------------------------------------------------------------------------------

void qv_gen_with_exit(QvGen *g, const QvGenBlock *b)
{
    unsigned t = g->u->top;
    unsigned d = qv_gen_temp(g);
    qv_gen_at(g, b->pos);
    qv_gen_emit(g, QV_INS_WITH_EXIT, 0, d, b->reg, QV_NO_REGISTER);
    if (b->kind == QV_BLOCK_ASYNC_WITH) {
        unsigned it = qv_gen_temp(g);
        qv_gen_emit(g, QV_INS_GET_AWAITABLE, QV_TAKE_B, it, d, 2);
        qv_gen_await_at(g, it);
    }
    qv_gen_emit(g, QV_INS_DROP, 0, d, 0, 0);
    g->u->top = t;
}

static void with_item(QvGen *g, const QvStmt *s, QvSsize i)
{
    QvUnit *u = g->u;
    if (g->failed || i == s->u.with.items.count) {
        qv_gen_stmts(g, s->u.with.body);
        return;
    }
    const QvWithItem *item = s->u.with.items.items[i];
    bool is_async = s->kind == QV_STMT_ASYNC_WITH;
    int32_t outer_handler = u->handler;
    unsigned t = u->top;
    int end = qv_gen_label(g);
    unsigned r = qv_gen_expr(g, item->context_expr, QV_WANT_ANY);
    u->top = t;
    qv_gen_temps(g, 2);
    QvPos pos = s->pos;
    qv_gen_at(g, pos);
    unsigned take = qv_gen_take_b(g, r, (int)t);
    if (is_async) {
        qv_gen_emit(g, QV_INS_ASYNC_WITH_ENTER, take, t, r, 0);
        unsigned it = qv_gen_temp(g);
        qv_gen_emit(g, QV_INS_GET_AWAITABLE, QV_TAKE_B, it, t + 1, 1);
        qv_gen_await_at(g, it);
    } else {
        qv_gen_emit(g, QV_INS_WITH_ENTER, take, t, r, 0);
    }
    QvGenBlock block = {.kind = is_async ? QV_BLOCK_ASYNC_WITH : QV_BLOCK_WITH,
                        .outer_handler = outer_handler,
                        .reg = t,
                        .pos = pos};
    QvGenCover cover = qv_gen_cover(g, t + 1);
    qv_gen_push_block(g, &block);
    if (item->optional_vars) {
        qv_gen_store(g, item->optional_vars, t + 1, true);
    } else {
        qv_gen_emit(g, QV_INS_DROP, 0, t + 1, 0, 0);
    }
    u->top = t + 1;
    with_item(g, s, i + 1);
    pop_block(g, &block);
    u->handler = outer_handler;
    qv_gen_with_exit(g, &block);
    qv_gen_goto(g, end);

    unsigned d = t + 1;
    int suppressed = qv_gen_label(g);
    qv_gen_at(g, pos);
    qv_gen_place_handler(g, &cover);
    u->top = d;
    qv_gen_temps(g, 2);
    qv_gen_emit(g, QV_INS_PUSH_EXC, 0, d, 0, 0);
    QvGenCover cleanup = qv_gen_cover(g, d + 2);
    unsigned result = qv_gen_temp(g);
    qv_gen_emit(g, QV_INS_WITH_EXIT, 0, result, t, d);
    if (is_async) {
        unsigned it = qv_gen_temp(g);
        qv_gen_emit(g, QV_INS_GET_AWAITABLE, QV_TAKE_B, it, result, 2);
        qv_gen_await_at(g, it);
    }
    qv_gen_jump(g, QV_INS_JTRUE, QV_TAKE_A, result, 0, suppressed);
    reraise_end(g, d, &cleanup, outer_handler, QV_IMPLICIT);
    qv_gen_place(g, suppressed);
    qv_gen_emit(g, QV_INS_POP_EXC, 0, d, 0, 0);
    u->top = t;
    qv_gen_place(g, end);
}

void qv_gen_with(QvGen *g, const QvStmt *s) { with_item(g, s, 0); }
