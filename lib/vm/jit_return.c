// SPDX-License-Identifier: MIT
// Machine code for returns.
//
// The return of a plain call pops the frame record and goes to where the caller goes on. Of other
// frames (__init__, special methods, what C has called) a C function does the rest: what is to be
// done with the result is in the frame's kind.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

// ---- frames that are no plain calls -------------------------------------------------------------

// Frame f goes on at pc: where its machine code does, if it has some there.
static QvJitExit resume(QvInterp *qi, const QvFrame *f, QvInstr *pc)
{
    QvJit *jit = qi->jit.state;
    const QvJitUnit *u = f->code->jit;
    if (pc->op != QV_INS_ENTER_JIT || qi->dispatch != jit->dispatch || qv_poll_peek(qi)) {
        return (QvJitExit){.pc = pc, .how = QV_JIT_ELSEWHERE};
    }
    const uint8_t *to = u->base + u->native[pc - f->code->instrs];
    return (QvJitExit){.pc = (QvInstr *)(uintptr_t)to, .how = QV_JIT_RESUME};
}

QvJitExit qv_jit_frame_ended(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *result, size_t live)
{
    qv_regs_drop(qi, f->regs, live);
    QvCall ended = qv_call_of(f);
    QvObj *owner = f->owner;
    QvFrame *back = f->prev;
    ts->frames_top = f;
    ts->frame = back;
    qv_decref(qi, owner);
    if (ended.kind & QV_FRAME_ENTRY) {
        return (QvJitExit){.pc = (QvInstr *)result, .how = QV_JIT_RETURN};
    }
    QvInstr *pc = qv_call_result(qi, back, ended, result);
    return pc ? resume(qi, back, pc) : (QvJitExit){.pc = back->pc, .how = QV_JIT_ERROR};
}

// The result of a frame that is no plain call's; nothing has changed yet.
static void other_kind_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    bool constant = g->i.op == QV_INS_RETURN_K;
    // test byte [kind], GEN | WATCHED
    x64_op_mem(a, 0, false, 0xF6, 0, x64_mem(JFRAME, offsetof(QvFrame, kind)));
    x64_byte(a, QV_FRAME_GEN | QV_FRAME_WATCHED);
    qv_jit_exit_if(g, CC_NE);
    qv_jit_save(g, c->at + 1);
    if (constant) {
        QvObj *k = g->code->consts[(uint32_t)g->i.a | (uint32_t)g->i.b << 16];
        x64_move_ptr(a, RCX, k);
        if (!qv_is_immortal(k)) {
            qv_jit_incref(g, RCX);
        }
    } else {
        x64_load(a, RCX, qv_jit_reg(g->i.a));
        x64_store_imm(a, qv_jit_reg(g->i.a), 0);
    }
    x64_move_imm(a, R8, constant ? g->i.c : g->i.b);
    x64_move_ptr(a, RAX, g->jit->ended);
    x64_jump_reg(a, RAX);
}

// ---- plain calls --------------------------------------------------------------------------------

// rcx, which the caller's frame took from its own; rax, rsi stay.
static void owner_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    x64_store32_imm(a, JREFS(RCX), 0);
    x64_push(a, RAX);
    x64_push(a, RSI);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, RCX);
    x64_call_c(a, (const void *)qv_dealloc);
    x64_pop(a, RSI);
    x64_pop(a, RAX);
    x64_jmp_to(a, c->back);
}

// rcx loses a reference, in the caller's frame; rax and rsi stay.
static void decref_in_caller(QvJitGen *g, bool may_be_null)
{
    qv_jit_cold(g, COLD_CUSTOM, qv_jit_count_down_rcx(g, may_be_null))->fn =
        (const void *)owner_cold;
}

static void drop_registers(QvInterp *qi, QvObj **r, size_t n) { qv_regs_drop(qi, r, n); }

// The registers up to `live` are dropped, but for number `except`.
static void drop_window(QvJitGen *g, unsigned live, unsigned except)
{
    enum { MOST = 8 }; // by code of their own
    QvAsm *a = &g->a;
    unsigned unknown = 0;
    for (unsigned j = 0; j < live; j++) {
        unknown += j != except && !(g->facts[j] & (QV_FACT_NULL | QV_FACT_OWN));
    }
    if (unknown <= MOST) {
        for (unsigned j = 0; j < live; j++) {
            if (j != except) {
                qv_jit_drop(g, j);
            }
        }
        return;
    }
    qv_jit_save(g, g->at + 1);
    if (except < live) {
        x64_load(a, RAX, qv_jit_reg(except));
        x64_store_imm(a, qv_jit_reg(except), 0);
        x64_store(a, JSPILL, RAX);
    }
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JREGS);
    x64_move_imm(a, RDX, live);
    x64_call_c(a, (const void *)drop_registers);
    if (except < live) {
        x64_load(a, RAX, JSPILL);
        x64_store(a, qv_jit_reg(except), RAX);
    }
}

// A called function ends; its result is in register `from`, or is the constant k. Registers up to
// `live` may hold something.
static bool leave(QvJitGen *g, unsigned from, QvObj *k, unsigned live)
{
    if (g->generator) {
        return false;
    }
    QvAsm *a = &g->a;
    x64_cmp8_mem_imm(a, x64_mem(JFRAME, offsetof(QvFrame, kind)), QV_FRAME_PLAIN);
    qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_NE))->fn = (const void *)other_kind_cold;
    drop_window(g, live, from);
    if (k) {
        x64_move_ptr(a, RAX, k);
        if (!qv_is_immortal(k)) {
            qv_jit_incref(g, RAX);
        }
    } else {
        x64_load(a, RAX, qv_jit_reg(from));
        x64_store_imm(a, qv_jit_reg(from), 0);
    }
    x64_load(a, RCX, x64_mem(JFRAME, offsetof(QvFrame, owner)));
    x64_load16(a, RSI, x64_mem(JFRAME, offsetof(QvFrame, dst)));
    x64_store(a, x64_mem(JTS, offsetof(QvThread, frames_top)), JFRAME);
    x64_load(a, JFRAME, x64_mem(JFRAME, offsetof(QvFrame, prev)));
    x64_store(a, x64_mem(JTS, offsetof(QvThread, frame)), JFRAME);
    x64_load(a, JREGS, x64_mem(JFRAME, offsetof(QvFrame, regs)));
    decref_in_caller(g, false); // the function, which mostly lives on
    // qv_reg_put of the caller's register; its pc is saved.
    x64_indexed(a, 0, true, 0x8D, RSI, JREGS, RSI, 3, 0);
    x64_load(a, RCX, x64_mem(RSI, 0));
    x64_store(a, x64_mem(RSI, 0), RAX);
    decref_in_caller(g, true);
    x64_move_ptr(a, RCX, g->jit->go_back);
    x64_jump_reg(a, RCX);
    return true;
}

bool qv_jit_return(QvJitGen *g)
{
    QvInstr i = g->i;
    if (i.op == QV_INS_RETURN) {
        return leave(g, i.a, NULL, i.b);
    }
    return i.op == QV_INS_RETURN_K &&
           leave(g, UINT32_MAX, g->code->consts[(uint32_t)i.a | (uint32_t)i.b << 16], i.c);
}

#endif
