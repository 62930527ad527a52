// SPDX-License-Identifier: MIT
// Code for comprehensions and generator expressions: functions of one argument, the iterator of the
// outermost loop.
#include "compile/codegen.h"

#include "object/interp.h"

typedef struct Comp {
    const QvExpr *e;
    QvComprehensionSeq generators;
    unsigned result; // the list, set or dict being built
} Comp;

static void gen_element(QvGen *g, const Comp *c)
{
    unsigned t = g->u->top;
    switch (c->e->kind) {
    case QV_EXPR_GENERATOR_EXP: {
        const QvExpr *elt = c->e->u.comp.elt;
        unsigned r = qv_gen_expr(g, elt, QV_WANT_ANY);
        qv_gen_at(g, c->e->pos);
        if (g->u->scope->coroutine) {
            unsigned w = qv_gen_is_temp(g, r) ? r : qv_gen_temp(g);
            qv_gen_emit(g, QV_INS_ASYNC_GEN_WRAP, qv_gen_take_b(g, r, (int)w), w, r, 0);
            r = w;
        }
        g->u->top = t;
        unsigned d = qv_gen_temp(g);
        qv_gen_emit(g, QV_INS_YIELD, qv_gen_take_b(g, r, (int)d), d, r, 0);
        qv_gen_emit(g, QV_INS_DROP, 0, d, 0, 0);
        break;
    }
    case QV_EXPR_LIST_COMP:
    case QV_EXPR_SET_COMP: {
        unsigned r = qv_gen_expr(g, c->e->u.comp.elt, QV_WANT_ANY);
        qv_gen_at(g, c->e->pos);
        qv_gen_emit(g, c->e->kind == QV_EXPR_LIST_COMP ? QV_INS_LIST_APPEND : QV_INS_SET_ADD,
                    qv_gen_take_b(g, r, -1), c->result, r, 0);
        break;
    }
    default: {
        unsigned k = qv_gen_expr(g, c->e->u.dict_comp.key, QV_WANT_ANY);
        k = qv_gen_pin(g, k, c->e->u.dict_comp.value);
        unsigned v = qv_gen_expr(g, c->e->u.dict_comp.value, QV_WANT_ANY);
        qv_gen_at(g, c->e->pos);
        qv_gen_emit(g, QV_INS_DICT_PUT, qv_gen_take_bc(g, k, v, -1), c->result, k, v);
        break;
    }
    }
    g->u->top = t;
}

static void gen_loop(QvGen *g, const Comp *c, QvSsize i);

// Conditions, then the next loop or the element; goes on at `head`.
static void gen_inside(QvGen *g, const Comp *c, QvSsize i, int head)
{
    const QvComprehension *gen = c->generators.items[i];
    for (QvSsize j = 0; j < gen->ifs.count; j++) {
        qv_gen_at(g, c->e->pos);
        qv_gen_cond(g, gen->ifs.items[j], head, false);
    }
    if (i + 1 < c->generators.count) {
        gen_loop(g, c, i + 1);
    } else {
        gen_element(g, c);
    }
    qv_gen_at(g, c->e->pos);
    qv_gen_goto(g, head);
}

static void gen_sync_loop(QvGen *g, const Comp *c, QvSsize i)
{
    QvUnit *u = g->u;
    const QvComprehension *gen = c->generators.items[i];
    unsigned t = u->top;
    unsigned it = 0; // the argument
    int head = qv_gen_label(g);
    int end = qv_gen_label(g);
    if (i > 0) {
        unsigned r = qv_gen_expr(g, gen->iter, QV_WANT_ANY);
        u->top = t;
        it = qv_gen_temp(g);
        qv_gen_at(g, c->e->pos);
        qv_gen_emit(g, QV_INS_GET_ITER, qv_gen_take_b(g, r, (int)it), it, r, 0);
    }
    qv_gen_place_loop(g, head);
    qv_gen_at(g, c->e->pos);
    int reg = -1;
    if (gen->target->kind == QV_EXPR_NAME && gen->target->u.name.id != QV_N(__debug__)) {
        reg = qv_gen_local_reg(g, gen->target->u.name.id);
    }
    if (reg >= 0) {
        qv_gen_jump(g, QV_INS_FOR_ITER, 0, (unsigned)reg, it, end);
        qv_gen_mark_bound(g, (unsigned)reg, true);
    } else {
        unsigned v = qv_gen_temp(g);
        qv_gen_jump(g, QV_INS_FOR_ITER, 0, v, it, end);
        qv_gen_store(g, gen->target, v, true);
        u->top = v;
    }
    gen_inside(g, c, i, head);
    qv_gen_place(g, end);
    u->top = t;
}

static void gen_async_loop(QvGen *g, const Comp *c, QvSsize i)
{
    QvUnit *u = g->u;
    const QvComprehension *gen = c->generators.items[i];
    unsigned it = u->top;
    int head = qv_gen_label(g);
    if (i == 0) {
        qv_gen_temp(g);
        qv_gen_emit(g, QV_INS_MOVE, 0, it, 0, 0);
    } else {
        unsigned r = qv_gen_expr(g, gen->iter, QV_WANT_ANY);
        u->top = it;
        qv_gen_temp(g);
        qv_gen_at(g, c->e->pos);
        qv_gen_emit(g, QV_INS_GET_AITER, qv_gen_take_b(g, r, (int)it), it, r, 0);
    }
    qv_gen_place_loop(g, head);
    qv_gen_at(g, c->e->pos);
    int32_t outer_handler = u->handler;
    QvGenCover cover = qv_gen_cover(g, it + 1);
    unsigned v = qv_gen_temps(g, 2);
    qv_gen_emit(g, QV_INS_GET_ANEXT, 0, v + 1, it, 0);
    qv_gen_await_at(g, v + 1);
    u->handler = outer_handler;
    qv_gen_store(g, gen->target, v, true);
    u->top = it + 1;
    gen_inside(g, c, i, head);
    qv_gen_place_handler(g, &cover);
    qv_gen_at(g, c->e->pos);
    qv_gen_emit(g, QV_INS_END_ASYNC_FOR, 0, it, 0, 0);
    u->top = it;
}

static void gen_loop(QvGen *g, const Comp *c, QvSsize i)
{
    if (g->failed) {
        return;
    }
    if (c->generators.items[i]->is_async) {
        gen_async_loop(g, c, i);
    } else {
        gen_sync_loop(g, c, i);
    }
}

static void gen_comp_body(QvGen *g, Comp *c)
{
    static const uint8_t build[] = {
        [QV_EXPR_LIST_COMP] = QV_INS_BUILD_LIST,
        [QV_EXPR_SET_COMP] = QV_INS_BUILD_SET,
        [QV_EXPR_DICT_COMP] = QV_INS_BUILD_DICT,
    };
    qv_gen_at(g, c->e->pos);
    if (c->e->kind == QV_EXPR_GENERATOR_EXP) {
        gen_loop(g, c, 0);
        return;
    }
    c->result = qv_gen_temp(g);
    qv_gen_emit(g, (QvOp)build[c->e->kind], 0, c->result, 0, 0);
    gen_loop(g, c, 0);
    qv_gen_at(g, c->e->pos);
    qv_gen_return(g, c->result);
}

unsigned qv_gen_comprehension(QvGen *g, const QvExpr *e, int want)
{
    Comp c = {.e = e};
    c.generators = e->kind == QV_EXPR_DICT_COMP ? e->u.dict_comp.generators : e->u.comp.generators;
    QvUnit *outer = g->u;
    QvScope *scope = qv_scope_of(g->scopes, e);
    unsigned t = outer->top;
    QvUnit u;
    if (!qv_gen_enter(g, &u, scope, NULL, e->pos.lineno)) {
        return t;
    }
    gen_comp_body(g, &c);
    bool is_awaited = scope->coroutine && e->kind != QV_EXPR_GENERATOR_EXP;
    QvObj *code = qv_gen_leave(g);
    if (is_awaited && outer->scope->form != QV_FORM_ASYNC &&
        outer->scope->form < QV_FORM_LIST_COMP &&
        !(g->top_level_await && outer->scope->kind == QV_SCOPE_MODULE)) {
        qv_gen_error(g, e->pos, "asynchronous comprehension outside of an asynchronous function");
    }
    qv_gen_at(g, e->pos);
    unsigned f = t;
    qv_gen_make_function(g, code, scope, f, 0, f);
    qv_xdecref(g->qi, code);
    outer->top = t;
    qv_gen_temp(g);
    const QvComprehension *first = c.generators.items[0];
    unsigned r = qv_gen_expr(g, first->iter, QV_WANT_ANY);
    outer->top = f + 1;
    unsigned it = qv_gen_temp(g);
    qv_gen_at(g, e->pos);
    qv_gen_emit(g, first->is_async ? QV_INS_GET_AITER : QV_INS_GET_ITER,
                qv_gen_take_b(g, r, (int)it), it, r, 0);
    if (!is_awaited) {
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_emit(g, QV_INS_CALL, 0, d, f, 1);
        return d;
    }
    qv_gen_emit(g, QV_INS_CALL, 0, it, f, 1);
    qv_gen_emit(g, QV_INS_GET_AWAITABLE, 0, it, it, 0);
    qv_gen_await_at(g, it);
    if (want >= 0) {
        qv_gen_emit(g, QV_INS_TAKE, 0, (unsigned)want, t, 0);
        outer->top = t;
        return (unsigned)want;
    }
    return t;
}
