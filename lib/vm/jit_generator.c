// SPDX-License-Identifier: MIT
// Machine code for generators and coroutines.
//
// A generator that a for loop, `yield from`, await, next() or send() resumes runs in the same
// machine code: a C function switches frames as the eval loop does and says where to go on. What C
// resumed gives its values by leaving (QV_JIT_RETURN), or into the sink of a loop over it.
#include "vm/jit.h"

#if QV_JIT

#include "object/walk.h"
#include "vm/jit_internal.h"
#include "vm/trace.h"

static QvJitTo error_at(QvInterp *qi, const QvInstr *pc)
{
    const QvJit *jit = qi->jit.state;
    return (QvJitTo){pc, jit->error};
}

// The eval loop does the instruction before pc.
static QvJitTo by_eval(QvInterp *qi, const QvInstr *pc)
{
    const QvJit *jit = qi->jit.state;
    return (QvJitTo){pc - 1, jit->go_on};
}

static QvJitTo to_c(QvInterp *qi, const QvObj *result)
{
    const QvJit *jit = qi->jit.state;
    return (QvJitTo){result, jit->result};
}

// `enter_generator` in eval.c. nf's stage and dst are set.
static QvJitTo enter(QvInterp *qi, QvThread *ts, QvFrame *f, QvFrame *nf)
{
    nf->prev = f;
    nf->kind = QV_FRAME_GEN | QV_FRAME_GEN_INLINE;
    qv_generator_enter(ts, nf->gen);
    ts->frames_top++;
    ts->frame = nf;
    return qv_jit_to(qi, nf, nf->pc);
}

// `delegate_returned`: f's YIELD_FROM before pc has this result (owned).
static QvJitTo delegate_returned(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvObj *result)
{
    QvObj **r = f->regs;
    if (QV_UNLIKELY(qv_trace_on(qi, ts)) && qv_trace_stop(qi, ts, f, r[pc[-1].b], result) < 0) {
        qv_decref(qi, result);
        return error_at(qi, pc);
    }
    qv_clear(qi, &r[pc[-1].b]);
    qv_reg_put(qi, &r[pc[-1].a], result);
    return qv_jit_to(qi, f, pc);
}

// `suspend`: the generator frame f stops with `result` (owned), to go on at pc; so do those that
// delegate to it.
static QvJitTo suspend(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvObj *result)
{
    for (;;) {
        QvGenerator *g = f->gen;
        f->pc = pc;
        qv_generator_leave(ts, g);
        g->state = QV_GEN_SUSPENDED;
        QvFrame *back = f->prev;
        f->prev = NULL;
        ts->frame = back;
        if (!(f->kind & QV_FRAME_GEN_INLINE)) {
            return to_c(qi, result);
        }
        ts->frames_top--;
        QvObj **dst = &back->regs[f->dst];
        pc = back->pc;
        if (f->stage == QV_RESUMED_BY_FOR) {
            qv_reg_put(qi, dst, result);
            return qv_jit_to(qi, back, pc + 1);
        }
        if (f->stage == QV_RESUMED_BY_CALL) {
            qv_drop_call(qi, &back->regs[pc[-4].b], f->operation);
            qv_reg_put(qi, dst, result);
            return qv_jit_to(qi, back, pc);
        }
        g->sink = NULL; // lent by back
        if (QV_UNLIKELY(qv_trace_on(qi, ts)) && qv_trace_yield(qi, ts, back, result) < 0) {
            qv_decref(qi, result);
            return error_at(qi, back->pc);
        }
        pc--; // executed again when resumed
        f = back;
    }
}

// ---- yield --------------------------------------------------------------------------------------

static QvJitTo yield_value(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *result = f->regs[i.b];
    if ((i.flags & QV_TAKE_B) || (i.a == i.b && i.b >= f->code->nlocals)) {
        f->regs[i.b] = NULL; // a temporary: the generator does not keep what it has given away
    } else {
        qv_incref(qi, result);
    }
    return suspend(qi, ts, f, pc, result);
}

// There is a sink, rsi: when it takes the value, the generator goes on.
static void sink_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    unsigned to = g->i.a, from = g->i.b;
    x64_move(a, RDI, JQI);
    x64_load(a, RDX, qv_jit_reg(from));
    x64_op_mem(a, 0, false, 0xFF, 2, x64_mem(RSI, offsetof(QvSink, take))); // call
    x64_op_reg(a, 0, false, 0x84, RAX, RAX);                                // test al, al
    x64_jcc_to(a, CC_E, c->back);
    g->facts[to] = g->facts[from] = 0;
    if (to == from || (g->i.flags & QV_TAKE_B)) {
        qv_jit_drop(g, from);
    }
    uint32_t next = qv_jit_after(g);
    QvInstr drop = g->code->instrs[next];
    if (drop.op == QV_INS_DROP && drop.a == to) {
        qv_jit_jump(g, next + 1);
        return;
    }
    x64_move_ptr(a, RAX, QV_NONE);
    qv_jit_put(g, to);
    qv_jit_jump(g, next);
}

static void yield(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_load(a, RCX, x64_mem(JFRAME, offsetof(QvFrame, gen)));
    x64_load(a, RSI, x64_mem(RCX, offsetof(QvGenerator, sink)));
    x64_test(a, RSI);
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_NE));
    c->fn = (const void *)sink_cold;
    c->back = a->len;
    qv_jit_step(g, yield_value);
}

static QvJitTo yield_from(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    QvObj **r = f->regs, *sent = r[pc[-1].a], *result;
    QvGenerator *g = (QvGenerator *)r[pc[-1].b];
    if (QV_UNLIKELY(qv_poll_peek(qi))) {
        return by_eval(qi, pc);
    }
    f->pc = pc;
    r[pc[-1].a] = NULL;
    if (QV_LIKELY(qv_is_generator(&g->h)) && qv_generator_ready(qi, ts, g, sent)) {
        QvFrame *nf = qv_generator_sent(qi, g, sent);
        qv_decref(qi, sent);
        g->sink = f->gen->sink;
        nf->stage = QV_RESUMED_BY_FROM;
        return enter(qi, ts, f, nf);
    }
    int got = qv_yield_from_send(qi, &g->h, sent, &result);
    qv_decref(qi, sent);
    if (QV_UNLIKELY(got < 0)) {
        return error_at(qi, pc);
    }
    if (!got) {
        return delegate_returned(qi, ts, f, pc, result);
    }
    QvSink *sink = f->gen->sink;
    if (sink != NULL && qi->tracing == 0 && !qv_poll_peek(qi) && sink->take(qi, sink, result)) {
        qv_decref(qi, result); // something plain
        r[pc[-1].a] = QV_NONE;
        return qv_jit_to(qi, f, pc - 1);
    }
    if (QV_UNLIKELY(qv_trace_on(qi, ts)) && qv_trace_yield(qi, ts, f, result) < 0) {
        qv_decref(qi, result);
        return error_at(qi, f->pc);
    }
    return suspend(qi, ts, f, pc - 1, result);
}

// ---- resuming -----------------------------------------------------------------------------------

static QvJitTo for_general(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    f->pc = pc;
    int more = qv_slow_for_iter(qi, f->regs, pc);
    if (QV_UNLIKELY(more < 0)) {
        return error_at(qi, pc);
    }
    return qv_jit_to(qi, f, pc + 1 + (more ? 0 : (int16_t)pc[-1].c));
}

static QvJitTo for_generator(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    QvGenerator *g = (QvGenerator *)f->regs[pc[-1].b];
    if (QV_UNLIKELY(g->h.type != &qv_generator_type || qv_poll_peek(qi))) {
        return by_eval(qi, pc);
    }
    if (QV_UNLIKELY(g->state > QV_GEN_SUSPENDED || ts->frames_top >= ts->frames_limit)) {
        return for_general(qi, f, pc);
    }
    f->pc = pc;
    QvFrame *nf = qv_generator_sent(qi, g, QV_NONE);
    nf->stage = QV_RESUMED_BY_FOR;
    nf->dst = pc[-1].a;
    return enter(qi, ts, f, nf);
}

// Generators and others come here by turns.
static QvJitTo for_several(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    if (f->regs[pc[-1].b]->type == &qv_generator_type) {
        return for_generator(qi, ts, f, pc);
    }
    return for_general(qi, f, pc);
}

// next(g), or g.send(x): n registers behind the callable, the generator the first of them.
static QvJitTo call_generator(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvObj *value,
                              unsigned n)
{
    QvGenerator *g = (QvGenerator *)f->regs[pc[-1].b + 1];
    if (QV_UNLIKELY(qv_poll_peek(qi)) || !qv_generator_ready(qi, ts, g, value)) {
        return by_eval(qi, pc);
    }
    f->pc = pc + 3;
    QvFrame *nf = qv_generator_sent(qi, g, value);
    nf->operation = (uint8_t)n;
    nf->stage = QV_RESUMED_BY_CALL;
    nf->dst = pc[-1].a;
    return enter(qi, ts, f, nf);
}

// These do nothing but resume: what else they may do is left to the eval loop.
static QvJitTo call_next(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    const QvObj *const *b = (const QvObj *const *)&f->regs[pc[-1].b];
    if ((uintptr_t)b[0] != *(const uint64_t *)pc || b[1]->type != &qv_generator_type) {
        return by_eval(qi, pc);
    }
    return call_generator(qi, ts, f, pc, QV_NONE, 1);
}

static QvJitTo call_send(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    QvObj **b = &f->regs[pc[-1].b];
    if ((uintptr_t)b[0] != *(const uint64_t *)pc || b[1] == NULL ||
        b[1]->type != ((const QvMethodDescr *)b[0])->type) {
        return by_eval(qi, pc);
    }
    return call_generator(qi, ts, f, pc, b[2], 2);
}

// ---- the beginning and the end ------------------------------------------------------------------

static QvJitTo gen_start(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    f->pc = pc;
    QvObj *result = qv_generator_from_frame(qi, f, pc);
    if (QV_UNLIKELY(!result)) {
        return error_at(qi, pc);
    }
    QvFrame *back = f->prev;
    uint8_t kind = f->kind;
    uint16_t dst = f->dst;
    ts->frame = back;
    ts->frames_top = f;
    if (kind & QV_FRAME_ENTRY) {
        return to_c(qi, result);
    }
    qv_reg_put(qi, &back->regs[dst], result);
    return qv_jit_to(qi, back, back->pc);
}

// `leave` of a generator, with `result` (owned).
static QvJitTo end(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvObj *result)
{
    QvGenerator *g = f->gen;
    uint8_t kind = f->kind, stage = f->stage;
    QvFrame *back = f->prev;
    f->pc = pc;
    qv_generator_leave(ts, g);
    qv_generator_finish(qi, g);
    ts->frame = back;
    if (!(kind & QV_FRAME_GEN_INLINE)) {
        return to_c(qi, result);
    }
    ts->frames_top--;
    pc = back->pc;
    if (stage == QV_RESUMED_BY_FROM) {
        return delegate_returned(qi, ts, back, pc, result);
    }
    if (stage == QV_RESUMED_BY_CALL) {
        if (result == QV_NONE) {
            qv_raise_none(qi, &qv_exc_StopIteration);
        } else {
            qv_raise_stop(qi, result);
            qv_decref(qi, result);
        }
        return error_at(qi, pc);
    }
    qv_decref(qi, result);
    qv_clear(qi, &back->regs[pc[-1].b]);
    return qv_jit_to(qi, back, pc + 1 + (int16_t)pc[-1].c);
}

static QvJitTo return_value(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    QvObj **slot = &f->regs[pc[-1].a], *result = *slot;
    if (f->obj != NULL) {
        qv_incref(qi, result); // the frame object keeps its locals
    } else {
        *slot = NULL;
    }
    return end(qi, ts, f, pc, result);
}

static QvJitTo return_constant(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    QvObj *result = f->code->consts[(uint32_t)pc[-1].a | (uint32_t)pc[-1].b << 16];
    qv_incref(qi, result);
    return end(qi, ts, f, pc, result);
}

// ---- await --------------------------------------------------------------------------------------

static QvObj *awaitable(QvInterp *qi, QvObj *o, int context)
{
    if (o->type == &qv_coroutine_type && ((const QvGenerator *)o)->state == QV_GEN_CREATED) {
        return qv_new_ref(qi, o);
    }
    return qv_get_awaitable(qi, o, context);
}

// a = fn(b, argument)
static void unary(QvJitGen *g, const void *fn, unsigned argument, bool takes)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_load(a, RSI, qv_jit_reg(g->i.b));
    x64_move_imm(a, RDX, argument);
    x64_call_c(a, fn);
    x64_test(a, RAX);
    qv_jit_error_if(g, CC_E);
    qv_jit_forget_owners(g);
    if (takes) {
        qv_jit_taken(g, QV_TAKE_B, g->i.b);
    }
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
    qv_jit_check_hooks(g, qv_jit_after(g));
}

bool qv_jit_generator(QvJitGen *g)
{
    bool guarded = g->guarded;
    switch ((QvOp)g->i.op) {
    case QV_INS_GEN_START: qv_jit_step(g, gen_start); return true;
    case QV_INS_YIELD: yield(g); return true;
    case QV_INS_YIELD_FROM: qv_jit_step(g, yield_from); return true;
    case QV_INS_FOR_ITER_GEN: qv_jit_step(g, guarded ? for_several : for_generator); return true;
    case QV_INS_CALL_NEXT:
        if (guarded) {
            return false;
        }
        qv_jit_step(g, call_next);
        return true;
    case QV_INS_CALL_METHOD_SEND:
        if (guarded) {
            return false;
        }
        qv_jit_step(g, call_send);
        return true;
    case QV_INS_RETURN:
        if (!g->generator) {
            return false;
        }
        qv_jit_step(g, return_value);
        return true;
    case QV_INS_RETURN_K:
        if (!g->generator) {
            return false;
        }
        qv_jit_step(g, return_constant);
        return true;
    case QV_INS_GET_ITER: unary(g, (const void *)qv_iter, 0, true); return true;
    case QV_INS_GET_AWAITABLE: unary(g, (const void *)awaitable, g->i.c, true); return true;
    case QV_INS_GET_YIELD_FROM_ITER:
        unary(g, (const void *)qv_get_yield_from_iter,
              (g->code->flags & (QV_CO_COROUTINE | QV_CO_ITERABLE_COROUTINE)) != 0, true);
        return true;
    case QV_INS_GET_AITER: unary(g, (const void *)qv_get_aiter, 0, true); return true;
    case QV_INS_GET_ANEXT: unary(g, (const void *)qv_get_anext, 0, false); return true;
    case QV_INS_ASYNC_GEN_WRAP: unary(g, (const void *)qv_async_gen_wrap, 0, true); return true;
    default: return false;
    }
}

#endif
