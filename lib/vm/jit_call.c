// SPDX-License-Identifier: MIT
// Machine code for calls of what may be a Python function.
//
// A call of a Python function pushes the frame record that the eval loop would push, and goes to
// the callee's machine code, or leaves for the eval loop at its first instruction. Where the callee
// can be guessed (from what the load of the callable will give), its code is guarded and the
// numbers that are the code's are put into the machine code. All that is rarer is done by C
// functions.
#include "vm/jit.h"

#if QV_JIT

#include "vm/call_enter.h"
#include "vm/jit_internal.h"

// ---- Python functions ---------------------------------------------------------------------------

static void unbind(QvInterp *qi, QvObj **w, QvSsize from, QvSsize to)
{
    qv_unbind_locals(qi, w, (unsigned)from, (unsigned)to);
}

// rsi the window, rdx the code: its locals from number `n` on are not NULL. All of rax, rcx, rdx,
// rsi and rdi stay.
static void unbind_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    static const QvReg kept[] = {RAX, RCX, RDX, RSI, RDI, RDI};
    for (int k = 0; k < 6; k++) {
        x64_push(a, kept[k]);
    }
    x64_load16(a, RCX, x64_mem(RDX, offsetof(QvCode, nlocals)));
    x64_move_imm(a, RDX, c->data);
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)unbind);
    for (int k = 5; k >= 0; k--) {
        x64_pop(a, kept[k]);
    }
    x64_jmp_to(a, c->back);
}

static QvCold *unbind_if_bound(QvJitGen *g, unsigned n)
{
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(&g->a, CC_NE));
    c->fn = (const void *)unbind_cold;
    c->data = n;
    return c;
}

// Locals behind the n arguments of the window at rsi are made NULL, of a code that is known.
static void unbind_known(QvJitGen *g, unsigned first, unsigned n, unsigned nlocals)
{
    enum { MOST = 8 };
    QvAsm *a = &g->a;
    if (nlocals - n > MOST) { // without looking first
        QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jmp(a));
        c->fn = (const void *)unbind_cold;
        c->data = n;
        c->back = a->len;
        return;
    }
    uint32_t ncolds = g->ncolds;
    for (unsigned k = n; k < nlocals; k++) {
        unsigned own = first + k; // of the caller's registers, if it has so many
        if (own < g->code->nregs && (g->facts[own] & QV_FACT_NULL)) {
            continue;
        }
        x64_alu_mem_imm(a, ALU_CMP, x64_mem(RSI, k * sizeof(QvObj *)), 0);
        unbind_if_bound(g, n);
    }
    for (; ncolds < g->ncolds; ncolds++) {
        g->colds[ncolds].back = a->len; // (it does the others, too)
    }
}

// The same of the code at rdx.
static void unbind_unknown(QvJitGen *g, unsigned n)
{
    QvAsm *a = &g->a;
    x64_load16(a, R8, x64_mem(RDX, offsetof(QvCode, nlocals)));
    x64_move_imm(a, R9, n);
    uint32_t done = x64_jmp8(a);
    uint32_t again = a->len;
    x64_indexed(a, 0, true, 0x83, 7, RSI, R9, 3, 0); // cmp qword [rsi + r9 * 8], 0
    x64_byte(a, 0);
    QvCold *c = unbind_if_bound(g, n);
    x64_alu_imm(a, ALU_ADD, R9, 1);
    x64_land8(a, done);
    x64_alu(a, ALU_CMP, R9, R8);
    x64_jcc_to(a, CC_B, again);
    c->back = a->len;
}

// What the callable in register b is thought to be: its code, with a version; or NULL.
static const QvCode *guess_code(QvJitGen *g, unsigned n)
{
    QvFunction *fn = (QvFunction *)g->guess[g->i.b];
    if (!fn || fn->h.type != &qv_function_type || fn->code->exact_args != (int32_t)n) {
        return NULL;
    }
    return qv_spec_code_version(g->qi, fn->code) ? fn->code : NULL;
}

// qv_push_record of rdi: caller's JFRAME, window rsi, its end rcx, code rdx, function rax.
static void push_record(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_lea(a, R9, x64_mem(RDI, sizeof(QvFrame)));
    x64_store(a, x64_mem(JTS, offsetof(QvThread, frames_top)), R9);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, prev)), JFRAME);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, regs)), RSI);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, top)), RCX);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, code)), RDX);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, owner)), RAX);
    // globals and builtins at once
    x64_op_mem(a, 0, false, 0x0F10, XMM0, x64_mem(RAX, offsetof(QvFunction, globals)));
    x64_op_mem(a, 0, false, 0x0F11, XMM0, x64_mem(RDI, offsetof(QvFrame, globals)));
    x64_store16_imm(a, x64_mem(RDI, offsetof(QvFrame, dst)), g->i.a);
    x64_store8_imm(a, x64_mem(RDI, offsetof(QvFrame, kind)), QV_FRAME_PLAIN);
}

// The function in register b is called with the n values from register `first` on.
static void call_python(QvJitGen *g, unsigned n, unsigned first)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b;
    const QvCode *known = guess_code(g, n);
    x64_load(a, RAX, qv_jit_reg(b));
    x64_move_ptr(a, RCX, &qv_function_type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RAX), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RDX, x64_mem(RAX, offsetof(QvFunction, code)));
    if (known) {
        x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RDX, offsetof(QvCode, version)),
                          (int32_t)known->version);
    } else {
        x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RDX, offsetof(QvCode, exact_args)), (int32_t)n);
    }
    qv_jit_exit_if(g, CC_NE);
    x64_lea(a, RSI, qv_jit_reg(first));
    if (known) {
        x64_lea(a, RCX, qv_jit_reg(first + known->nregs));
    } else {
        x64_load16(a, RCX, x64_mem(RDX, offsetof(QvCode, nregs)));
        x64_indexed(a, 0, true, 0x8D, RCX, RSI, RCX, 3, 0);
    }
    x64_alu_mem(a, ALU_CMP, RCX, x64_mem(JTS, offsetof(QvThread, stack_soft)));
    qv_jit_exit_if(g, CC_A);
    x64_load(a, RDI, x64_mem(JTS, offsetof(QvThread, frames_top)));
    x64_alu_mem(a, ALU_CMP, RDI, x64_mem(JTS, offsetof(QvThread, frames_limit)));
    qv_jit_exit_if(g, CC_AE);
    // Nothing leaves from here on.
    x64_move_ptr(a, R8, qv_jit_pc(g, qv_jit_after(g)));
    x64_store(a, x64_mem(JFRAME, offsetof(QvFrame, pc)), R8);
    if (known) {
        unbind_known(g, first, n, known->nlocals);
    } else {
        unbind_unknown(g, n);
    }
    x64_store_imm(a, qv_jit_reg(b), 0); // the frame takes the function
    push_record(g);
    qv_jit_enter(g);
}

// ---- by C functions -----------------------------------------------------------------------------

void qv_jit_helper(QvJitGen *g, const void *fn, QvOp op)
{
    QvAsm *a = &g->a;
    QvInstr i = g->i;
    i.op = (uint8_t)op;
    uint64_t word;
    memcpy(&word, &i, sizeof word);
    qv_jit_save(g, qv_jit_after(g));
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JTS);
    x64_move(a, RDX, JFRAME);
    x64_move_imm(a, RCX, word);
    x64_lea(a, R8, JSPILL);
    x64_call_c(a, fn);
}

static bool is_method(QvInstr i)
{
    QvOp general = qv_op_info[i.op].general ? (QvOp)qv_op_info[i.op].general : (QvOp)i.op;
    return general == QV_INS_CALL_METHOD || general == QV_INS_CALL_METHOD_KW;
}

// qv_slow_call with what instruction i gives.
static int call_general(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvObj *kwnames,
                        QvFrame **ret_new)
{
    QvObj **first = &f->regs[i.b + 1];
    unsigned n = i.c;
    if (is_method(i)) {
        bool self = *first != NULL;
        first += !self;
        n += self;
    }
    return qv_slow_call(qi, ts, f, f->regs, i, first, n, kwnames, ret_new);
}

// The same for an instruction that had no form of its own: it may get one. Then its machine code is
// no longer the best.
static int call_unknown(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvObj *kwnames,
                        QvFrame **ret_new)
{
    QvInstr *word = f->pc - 1 - qv_op_info[i.op].words;
    const QvJitUnit *u = f->code->jit;
    bool entry = word->op == QV_INS_ENTER_JIT;
    QvInstr own = qv_code_instr(f->code, (uint32_t)(word - f->code->instrs));
    if (own.op != i.op) { // it has one meanwhile
        qv_jit_outdated(qi, f);
        return call_general(qi, ts, f, own, kwnames, ret_new);
    }
    word->op = own.op; // it is looked at
    int made = call_general(qi, ts, f, i, kwnames, ret_new);
    if (entry && word->op == own.op && u == f->code->jit) {
        word->op = QV_INS_ENTER_JIT;
    }
    return made;
}

int qv_jit_call_any(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    bool entered = qv_enter_any(qi, ts, f, f->regs, i.a, i.b, i.c, is_method(i), f->pc, ret_new) ==
                   QV_ENTERED;
    return entered ? 1 : call_general(qi, ts, f, i, NULL, ret_new);
}

static int call_plain(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    return call_unknown(qi, ts, f, i, NULL, ret_new);
}

static QvObj *keyword_names(const QvFrame *f)
{
    uint64_t word;
    memcpy(&word, f->pc - 2, sizeof word);
    return f->code->consts[(uint32_t)word];
}

static int call_keywords(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    return call_unknown(qi, ts, f, i, keyword_names(f), ret_new);
}

// CALL_KW_PY and CALL_METHOD_KW_PY.
static int call_mapped(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    uint64_t cache[2];
    memcpy(cache, f->pc - 2, sizeof cache);
    QvObj **base = &f->regs[i.b];
    const QvFunction *fn = (QvFunction *)base[0];
    bool method = i.op == QV_INS_CALL_METHOD_KW_PY, self = method && base[1] != NULL;
    if (QV_UNLIKELY(fn->h.type != &qv_function_type ||
                    fn->code->version != (uint32_t)(cache[0] >> 32) ||
                    (method && self != cache[1] >> 63))) {
        return call_general(qi, ts, f, i, keyword_names(f), ret_new);
    }
    *ret_new =
        qv_call_mapped(qi, ts, f, base, base + 1 + (method && !self), i.c + self, cache[1], i.a);
    return *ret_new ? 1 : -1;
}

// What machine code does after the attempt to enter: 1, -1, or the general way.
static int entered_or(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvEntered entered,
                      QvFrame **ret_new)
{
    if (QV_LIKELY(entered == QV_ENTERED)) {
        return 1;
    }
    return entered == QV_ENTER_RAISED ? -1 : qv_jit_call_any(qi, ts, f, i, ret_new);
}

static int call_class(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    bool method = i.op == QV_INS_CALL_METHOD_CLASS;
    QvEntered entered = qv_enter_class(qi, ts, f, f->regs, i.a, i.b, i.c, method,
                                       (uint64_t *)(f->pc - 3), f->pc, ret_new);
    return entered_or(qi, ts, f, i, entered, ret_new);
}

static int call_new(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    QvEntered entered =
        qv_enter_new(qi, ts, f, f->regs, i.a, i.b, i.c, (uint64_t *)(f->pc - 3), f->pc, ret_new);
    return entered_or(qi, ts, f, i, entered, ret_new);
}

static int call_spread(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    return qv_slow_call_ex(qi, ts, f, i, ret_new);
}

// The whole instruction by fn, as `op`.
static bool by_helper(QvJitGen *g,
                      int (*fn)(QvInterp *, QvThread *, QvFrame *, QvInstr, QvFrame **), QvOp op)
{
    qv_jit_helper(g, (const void *)fn, op);
    qv_jit_perhaps_called(g);
    qv_jit_check_hooks(g, qv_jit_after(g));
    g->comes_back = true;
    return true;
}

// A form's guard has failed here, or it has none: whatever is called. The op is one that is not
// given another form.
static bool call_whatever(QvJitGen *g)
{
    switch (qv_op_info[g->i.op].general ? (QvOp)qv_op_info[g->i.op].general : (QvOp)g->i.op) {
    case QV_INS_CALL: return by_helper(g, qv_jit_call_any, QV_INS_CALL_PY_ANY);
    case QV_INS_CALL_METHOD: return by_helper(g, qv_jit_call_any, QV_INS_CALL_METHOD_PY_ANY);
    default: return false;
    }
}

bool qv_jit_call(QvJitGen *g)
{
    QvInstr i = g->i;
    if (g->guarded && i.op != QV_INS_CALL_LEN && call_whatever(g)) {
        return true;
    }
    switch ((QvOp)i.op) {
    case QV_INS_CALL:
    case QV_INS_CALL_METHOD: return by_helper(g, call_plain, (QvOp)i.op);
    case QV_INS_CALL_PY_GEN:
    case QV_INS_CALL_METHOD_PY_GEN:
    case QV_INS_CALL_PY_ANY:
    case QV_INS_CALL_METHOD_PY_ANY: return call_whatever(g);
    case QV_INS_CALL_CLASS:
    case QV_INS_CALL_METHOD_CLASS: return by_helper(g, call_class, (QvOp)i.op);
    case QV_INS_CALL_NEW: return by_helper(g, call_new, QV_INS_CALL_NEW);
    case QV_INS_CALL_KW:
    case QV_INS_CALL_METHOD_KW: return by_helper(g, call_keywords, (QvOp)i.op);
    case QV_INS_CALL_KW_PY:
    case QV_INS_CALL_METHOD_KW_PY: return by_helper(g, call_mapped, (QvOp)i.op);
    case QV_INS_CALL_EX: return by_helper(g, call_spread, QV_INS_CALL_EX);
    case QV_INS_CALL_PY:
    case QV_INS_CALL_METHOD_PY:
    case QV_INS_CALL_METHOD_VALUE_PY: break;
    default: return false;
    }
    if (g->generator) {
        return call_whatever(g);
    }
    if (i.op == QV_INS_CALL_PY) {
        call_python(g, i.c, i.b + 1u);
        return true;
    }
    bool self = i.op == QV_INS_CALL_METHOD_PY;
    if (!self || !(g->facts[i.b + 1u] & QV_FACT_BOUND)) {
        x64_alu_mem_imm(&g->a, ALU_CMP, qv_jit_reg(i.b + 1u), 0);
        qv_jit_exit_if(g, self ? CC_E : CC_NE);
    }
    call_python(g, i.c + (self ? 1u : 0u), i.b + (self ? 1u : 2u));
    return true;
}

#endif
