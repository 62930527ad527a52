// SPDX-License-Identifier: MIT
// Which code has machine code, how it is entered and how it goes.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

#define MARKS      2   // samples of a code object until it is translated, and
#define MARK_WORDS 16u // one more for so many words of it: machine code is some ten times as long
#define MARKS_MORE 6   // until it is translated again
#define EXITS      200 // by guards, until it is translated again
#define TIMES      5   // that it is translated at most; a long one
#define TIMES_LONG 3
#define LONG       600u // words

// Leaves with rax and rdx.
static void put_leave(QvAsm *a)
{
    x64_alu_imm(a, ALU_ADD, RSP, 24);
    static const QvReg saved[] = {R15, R14, R13, R12, RBP, RBX};
    for (int k = 0; k < 6; k++) {
        x64_pop(a, saved[k]);
    }
    x64_ret(a);
}

static void put_exit(QvAsm *a, QvJitHow how)
{
    x64_move_imm(a, RDX, how);
    put_leave(a);
}

// Goes on in the frame at its pc.
static void put_go_back(QvAsm *a)
{
    x64_load(a, RAX, x64_mem(JFRAME, offsetof(QvFrame, pc)));
    x64_cmp8_mem_imm(a, x64_mem(RAX, 0), QV_INS_ENTER_JIT);
    uint32_t none = x64_jcc8(a, CC_NE);
    x64_load(a, RCX, x64_mem(JFRAME, offsetof(QvFrame, code)));
    x64_load(a, RDX, x64_mem(RCX, offsetof(QvCode, jit)));
    x64_alu_mem(a, ALU_SUB, RAX, x64_mem(RCX, offsetof(QvCode, instrs)));
    x64_load(a, RSI, x64_mem(RDX, offsetof(QvJitUnit, native)));
    x64_shift_imm(a, 7, RAX, 1); // words of eight bytes, places of four
    x64_indexed(a, 0, false, 0x8B, RAX, RSI, RAX, 0, 0);
    x64_alu_mem(a, ALU_ADD, RAX, x64_mem(RDX, offsetof(QvJitUnit, base)));
    x64_jump_reg(a, RAX);
    x64_land8(a, none);
    put_exit(a, QV_JIT_ELSEWHERE);
}

static void put_ended(QvAsm *a)
{
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JTS);
    x64_move(a, RDX, JFRAME);
    x64_call_c(a, (const void *)qv_jit_frame_ended);
    x64_alu32_imm(a, ALU_CMP, RDX, QV_JIT_RESUME);
    uint32_t out = x64_jcc8(a, CC_NE);
    x64_load(a, JFRAME, x64_mem(JTS, offsetof(QvThread, frame)));
    x64_load(a, JREGS, x64_mem(JFRAME, offsetof(QvFrame, regs)));
    x64_jump_reg(a, RAX);
    x64_land8(a, out);
    put_leave(a);
}

// The ways in and out.
static QvJit *start(QvInterp *qi)
{
    QvJit *jit = qv_heap_alloc(&qi->heap, sizeof *jit);
    if (!jit) {
        return NULL;
    }
    *jit = (QvJit){.dispatch = qi->dispatch};
    uint8_t code[1024];
    QvAsm a = {.bytes = code, .cap = sizeof code};
    static const QvReg saved[] = {RBX, RBP, R12, R13, R14, R15};
    for (int k = 0; k < 6; k++) {
        x64_push(&a, saved[k]);
    }
    x64_alu_imm(&a, ALU_SUB, RSP, 24); // two words to spill to, and the stack is aligned
    x64_move(&a, JQI, RDI);
    x64_move(&a, JTS, RSI);
    x64_move(&a, JFRAME, RDX);
    x64_move(&a, JREGS, RCX);
    x64_move_ptr(&a, JINT, &qv_int_type);
    x64_move_ptr(&a, JFLOAT, &qv_float_type);
    x64_jump_reg(&a, R8);
    uint32_t go_on = a.len;
    put_exit(&a, QV_JIT_GO_ON);
    uint32_t error = a.len;
    put_exit(&a, QV_JIT_ERROR);
    uint32_t box_float = a.len;
    qv_jit_put_boxing(&a, true);
    uint32_t box_int = a.len;
    qv_jit_put_boxing(&a, false);
    uint32_t go_back = a.len;
    put_go_back(&a);
    uint32_t ended = a.len;
    put_ended(&a);
    uint32_t unwind = a.len;
    put_exit(&a, QV_JIT_UNWIND);
    uint32_t result = a.len;
    put_exit(&a, QV_JIT_RETURN);
    uint32_t dealloc = a.len;
    qv_jit_put_dealloc(&a);
    QvJitPages *pages;
    const uint8_t *base = a.failed ? NULL : qv_jit_place(qi, jit, code, a.len, &pages);
    if (!base) {
        qv_heap_free(&qi->heap, jit, sizeof *jit);
        return NULL;
    }
    memcpy(&jit->enter, &base, sizeof base);
    jit->go_on = base + go_on;
    jit->error = base + error;
    jit->box_float = base + box_float;
    jit->box_int = base + box_int;
    jit->go_back = base + go_back;
    jit->ended = base + ended;
    jit->unwind = base + unwind;
    jit->result = base + result;
    jit->dealloc = base + dealloc;
    return jit;
}

static void free_unit(QvInterp *qi, QvJitUnit *u)
{
    qv_jit_take_back(qi, qi->jit.state, u->pages);
    qv_heap_free(&qi->heap, u->native, u->nwords * sizeof *u->native);
    qv_heap_free(&qi->heap, u->ops, 2 * (size_t)u->nwords);
    qv_heap_free(&qi->heap, u, sizeof *u);
}

static void free_dropped(QvInterp *qi, QvJit *jit)
{
    QvJitUnit *next;
    for (QvJitUnit *u = jit->dropped; u; u = next) {
        next = u->next;
        free_unit(qi, u);
    }
    jit->dropped = NULL;
}

static void forget_unit(QvInterp *qi, QvCode *code)
{
    QvJit *jit = qi->jit.state;
    QvJitUnit *u = code->jit;
    code->jit = NULL;
    code->own_ops = NULL;
    for (uint32_t at = 0; at < u->nwords; at++) {
        if (u->native[at] && code->instrs[at].op == QV_INS_ENTER_JIT) {
            code->instrs[at].op = u->ops[at];
        }
    }
    if (jit->running) {
        u->next = jit->dropped;
        jit->dropped = u;
    } else {
        free_unit(qi, u);
    }
}

static bool may_translate(const QvCode *code)
{
    return code->jit_times < (code->ninstrs > LONG ? TIMES_LONG : TIMES);
}

static void patch(QvCode *code, QvJitUnit *u)
{
    code->jit = u;
    code->own_ops = u->ops;
    for (uint32_t at = 0; at < u->nwords; at++) {
        if (u->native[at]) {
            code->instrs[at].op = QV_INS_ENTER_JIT;
        }
    }
}

// (Again:) translates what f runs.
static void translate(QvInterp *qi, QvFrame *f)
{
    QvCode *code = f->code;
    QvJit *jit = qi->jit.state;
    if (!jit) {
        jit = qi->jit.state = start(qi);
        qi->jit.forget = forget_unit;
        if (!jit) {
            qi->jit.heat = UINT32_MAX;
            return;
        }
    }
    code->jit_marks = 0;
    code->jit_times++;
    QvJitUnit *old = code->jit;
    jit->running++; // it keeps what it drops
    if (old) {
        forget_unit(qi, code);
    }
    QvJitUnit *u = qv_jit_translate(qi, jit, f, old ? old->left : NULL);
    if (u) {
        patch(code, u);
    }
    if (--jit->running == 0) {
        free_dropped(qi, jit);
    }
}

void qv_jit_sample(QvInterp *qi, QvFrame *f)
{
    QvCode *code = f->code;
    qi->jit.heat = QV_JIT_HEAT;
    if (!qi->config.no_jit && !qi->tracing && !qi->fuel_on && may_translate(code) &&
        ++code->jit_marks >= (code->jit_times ? MARKS_MORE : MARKS) + code->ninstrs / MARK_WORDS) {
        translate(qi, f);
    }
}

void qv_jit_skip(const QvFrame *f, QvInstr *pc)
{
    if (pc->op == QV_INS_ENTER_JIT) {
        pc->op = f->code->jit->ops[pc - f->code->instrs];
    }
}

void qv_jit_outdated(QvInterp *qi, QvFrame *f)
{
    QvJitUnit *u = f->code->jit;
    if (u && ++u->exits == EXITS && may_translate(f->code)) {
        translate(qi, f);
    }
}

// Machine code has left f for the eval loop at pc.
static void left(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvCode *code = f->code;
    QvJitUnit *u = code->jit;
    uint32_t at = (uint32_t)(pc - code->instrs);
    if (!u || (u->left[at] & (QV_JIT_NONE | QV_JIT_COLD)) == QV_JIT_NONE || qv_poll_peek(qi)) {
        return;
    }
    if (!(u->left[at] & QV_JIT_NONE)) {
        qv_jit_skip(f, pc); // it is no entry any more
        u->left[at] |= QV_JIT_GUARD;
    }
    if (++u->exits == EXITS && may_translate(code)) {
        translate(qi, f);
    }
}

QvJitExit qv_jit_run(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc)
{
    QvJit *jit = qi->jit.state;
    QvCode *code = f->code;
    const QvJitUnit *u = code->jit;
    if (QV_UNLIKELY(qi->dispatch != jit->dispatch)) { // it is traced
        forget_unit(qi, code);
        return (QvJitExit){{pc}, QV_JIT_GO_ON};
    }
    jit->running++;
    QvJitExit e = jit->enter(qi, ts, f, f->regs, u->base + u->native[pc - code->instrs]);
    if (--jit->running == 0 && QV_UNLIKELY(jit->dropped != NULL)) {
        free_dropped(qi, jit);
    }
    if (e.how == QV_JIT_GO_ON) {
        left(qi, ts->frame, e.pc);
    }
    return e;
}

void qv_jit_fini(QvInterp *qi)
{
    QvJit *jit = qi->jit.state;
    if (jit) {
        free_dropped(qi, jit);
        qv_jit_free_pages(qi, jit);
        qv_heap_free(&qi->heap, jit, sizeof *jit);
        qi->jit.state = NULL;
    }
}

#else

#include "object/protocol.h"

void qv_jit_fini(QvInterp *qi) { (void)qi; }

#endif
