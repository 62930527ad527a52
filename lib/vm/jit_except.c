// SPDX-License-Identifier: MIT
// Machine code for exceptions and with. A handler is entered by the eval loop, which unwinds.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

static QvJitTo raised(QvInterp *qi, const QvInstr *pc)
{
    const QvJit *jit = qi->jit.state;
    return (QvJitTo){pc, jit->error};
}

static QvJitTo unwinds(QvInterp *qi, const QvInstr *pc)
{
    const QvJit *jit = qi->jit.state;
    return (QvJitTo){pc, jit->unwind};
}

static QvJitTo raise_handled(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    (void)ts;
    f->pc = pc;
    bool active = qv_err_handled(qi) != NULL;
    qv_op_raise(qi, NULL, NULL);
    return active ? unwinds(qi, pc) : raised(qi, pc); // its traceback has this frame already
}

static QvJitTo raise_one(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    (void)ts;
    f->pc = pc;
    qv_op_raise(qi, f->regs[pc[-1].a], NULL);
    return raised(qi, pc);
}

static QvJitTo raise_from(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    (void)ts;
    f->pc = pc;
    qv_op_raise(qi, f->regs[pc[-1].a], f->regs[pc[-1].b]);
    return raised(qi, pc);
}

static QvJitTo reraise(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    (void)ts;
    QvObj *exc = f->regs[pc[-1].a];
    f->regs[pc[-1].a] = NULL;
    f->pc = pc;
    qv_err_restore(qi, exc);
    if (QV_UNLIKELY(f->obj != NULL) && (pc[-1].flags & QV_IMPLICIT)) {
        const QvTraceback *tb = (const QvTraceback *)((const QvExc *)exc)->traceback;
        if (tb && tb->frame == (QvObj *)f->obj) {
            f->pc = f->code->instrs + tb->lasti / 2 + 1;
        }
    }
    return unwinds(qi, pc);
}

static void push_exc(QvInterp *qi, QvThread *ts, QvObj **at)
{
    QvExcInfo *info = ts->exc_info;
    qv_reg_put(qi, &at[1], info->value); // may be NULL
    info->value = qv_new_ref(qi, at[0]);
}

static void pop_exc(QvInterp *qi, QvThread *ts, QvObj **at)
{
    QvExcInfo *info = ts->exc_info;
    QvObj *old = info->value;
    info->value = at[1];
    at[1] = NULL;
    qv_xdecref(qi, old);
    qv_clear(qi, &at[0]);
}

// fn(qi, ts, &r[a]), which has to do with a and a+1.
static void on_pair(QvJitGen *g, const void *fn)
{
    QvAsm *a = &g->a;
    unsigned reg = g->i.a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JTS);
    x64_lea(a, RDX, qv_jit_reg(reg));
    x64_call_c(a, fn);
    g->facts[reg] = g->facts[reg + 1] = 0;
}

static void jump_no_match(QvJitGen *g, uint32_t word)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_load(a, RSI, qv_jit_reg(g->i.a));
    x64_load(a, RDX, qv_jit_reg(g->i.b));
    x64_call_c(a, (const void *)qv_op_exc_match);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    qv_jit_forget_owners(g);
    qv_jit_taken(g, QV_TAKE_B, g->i.b); // keeps rax
    x64_test32(a, RAX);
    qv_jit_jump_if(g, CC_E, word);
}

// made = fn(qi, ts, f, the instruction, &nf)
static void perhaps_calls(QvJitGen *g, const void *fn)
{
    QvAsm *a = &g->a;
    uint64_t w;
    memcpy(&w, &g->i, sizeof w);
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JTS);
    x64_move(a, RDX, JFRAME);
    x64_move_imm(a, RCX, w);
    x64_lea(a, R8, JSPILL);
    x64_call_c(a, fn);
    qv_jit_perhaps_called(g);
    memset(g->facts, 0, g->code->nregs);
    qv_jit_check_hooks(g, qv_jit_after(g));
}

bool qv_jit_except(QvJitGen *g)
{
    uint32_t near = qv_jit_near(g);
    switch ((QvOp)g->i.op) {
    case QV_INS_RAISE0: qv_jit_step(g, raise_handled); return true;
    case QV_INS_RAISE1: qv_jit_step(g, raise_one); return true;
    case QV_INS_RAISE2: qv_jit_step(g, raise_from); return true;
    case QV_INS_RERAISE: qv_jit_step(g, reraise); return true;
    case QV_INS_PUSH_EXC: on_pair(g, (const void *)push_exc); return true;
    case QV_INS_POP_EXC: on_pair(g, (const void *)pop_exc); return true;
    case QV_INS_JNOT_EXC_MATCH: jump_no_match(g, near); return true;
    case QV_INS_WITH_ENTER: perhaps_calls(g, (const void *)qv_slow_with_enter); return true;
    case QV_INS_WITH_EXIT: perhaps_calls(g, (const void *)qv_slow_with_exit); return true;
    default: return false;
    }
}

#endif
