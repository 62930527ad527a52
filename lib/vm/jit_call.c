// SPDX-License-Identifier: MIT
// Machine code for calls and returns.
//
// A call of a Python function pushes the frame record that the eval loop would push, and goes to
// the callee's machine code, or leaves for the eval loop at its first instruction. A return pops it
// and goes to where the caller goes on: an entry, since every call is followed by one; if it has
// none (it was dropped meanwhile), to the eval loop there.
#include "vm/jit.h"

#if QV_JIT

#include "object/descr.h"
#include "vm/jit_internal.h"

#define TYPE(reg) ((QvMem){(reg), offsetof(QvObj, type)})
#define REFS(reg) ((QvMem){(reg), offsetof(QvObj, refs)})

static void load16(QvAsm *a, QvReg to, QvMem m) { x64_op_mem(a, 0, false, 0x0FB7, to, m); }

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
    load16(a, RCX, x64_mem(RDX, offsetof(QvCode, nlocals)));
    x64_move_imm(a, RDX, c->data);
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)unbind);
    for (int k = 5; k >= 0; k--) {
        x64_pop(a, kept[k]);
    }
    x64_jmp_to(a, c->back);
}

// The function in register b is called with the n values from register `first` on.
static bool call_python(QvJitGen *g, unsigned n, unsigned first)
{
    if (g->generator) {
        return false;
    }
    QvAsm *a = &g->a;
    unsigned b = g->i.b;
    x64_load(a, RAX, qv_jit_reg(b));
    x64_move_ptr(a, RCX, &qv_function_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RAX), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RDX, x64_mem(RAX, offsetof(QvFunction, code)));
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RDX, offsetof(QvCode, exact_args)), (int32_t)n);
    qv_jit_exit_if(g, CC_NE);
    x64_lea(a, RSI, qv_jit_reg(first));
    load16(a, RCX, x64_mem(RDX, offsetof(QvCode, nregs)));
    x64_indexed(a, 0, true, 0x8D, RCX, RSI, RCX, 3, 0);
    x64_alu_mem(a, ALU_CMP, RCX, x64_mem(JTS, offsetof(QvThread, stack_soft)));
    qv_jit_exit_if(g, CC_A);
    x64_load(a, RDI, x64_mem(JTS, offsetof(QvThread, frames_top)));
    x64_alu_mem(a, ALU_CMP, RDI, x64_mem(JTS, offsetof(QvThread, frames_limit)));
    qv_jit_exit_if(g, CC_AE);
    // Nothing leaves from here on.
    x64_move_ptr(a, R8, qv_jit_pc(g, qv_jit_after(g)));
    x64_store(a, x64_mem(JFRAME, offsetof(QvFrame, pc)), R8);
    load16(a, R8, x64_mem(RDX, offsetof(QvCode, nlocals)));
    x64_move_imm(a, R9, n);
    uint32_t done = x64_jmp8(a);
    uint32_t again = a->len;
    x64_indexed(a, 0, true, 0x83, 7, RSI, R9, 3, 0); // cmp qword [rsi + r9 * 8], 0
    x64_byte(a, 0);
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_NE));
    c->fn = (const void *)unbind_cold;
    c->data = n;
    uint32_t cold = g->ncolds - 1;
    x64_alu_imm(a, ALU_ADD, R9, 1);
    x64_land8(a, done);
    x64_alu(a, ALU_CMP, R9, R8);
    x64_jcc_to(a, CC_B, again);
    g->colds[cold < g->cap_colds ? cold : 0].back = a->len;
    x64_store_imm(a, qv_jit_reg(b), 0); // the frame takes the function
    // qv_push_record
    x64_lea(a, R9, x64_mem(RDI, sizeof(QvFrame)));
    x64_store(a, x64_mem(JTS, offsetof(QvThread, frames_top)), R9);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, prev)), JFRAME);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, regs)), RSI);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, top)), RCX);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, code)), RDX);
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, owner)), RAX);
    x64_load(a, R9, x64_mem(RAX, offsetof(QvFunction, globals)));
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, globals)), R9);
    x64_load(a, R9, x64_mem(RAX, offsetof(QvFunction, builtins)));
    x64_store(a, x64_mem(RDI, offsetof(QvFrame, builtins)), R9);
    x64_store16_imm(a, x64_mem(RDI, offsetof(QvFrame, dst)), g->i.a);
    x64_store8_imm(a, x64_mem(RDI, offsetof(QvFrame, kind)), QV_FRAME_PLAIN);
    qv_jit_enter(g);
    return true;
}

// ---- returns ------------------------------------------------------------------------------------

// rcx, which the caller's frame took from its own; rax, rsi stay.
static void owner_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    x64_store32_imm(a, REFS(RCX), 0);
    x64_push(a, RAX);
    x64_push(a, RSI);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, RCX);
    x64_call_c(a, (const void *)qv_dealloc);
    x64_pop(a, RSI);
    x64_pop(a, RAX);
    x64_jmp_to(a, c->back);
}

// A called function ends; its result is in register `from`, or is the constant k. Registers up to
// `live` may hold something.
static bool leave(QvJitGen *g, unsigned from, QvObj *k, unsigned live)
{
    enum { MOST = 24 };
    if (g->generator || live > MOST) {
        return false;
    }
    QvAsm *a = &g->a;
    x64_cmp8_mem_imm(a, x64_mem(JFRAME, offsetof(QvFrame, kind)), QV_FRAME_PLAIN);
    qv_jit_exit_if(g, CC_NE);
    for (unsigned j = 0; j < live; j++) {
        if (k || j != from) {
            qv_jit_drop(g, j);
        }
    }
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
    load16(a, RSI, x64_mem(JFRAME, offsetof(QvFrame, dst)));
    x64_store(a, x64_mem(JTS, offsetof(QvThread, frames_top)), JFRAME);
    x64_load(a, JFRAME, x64_mem(JFRAME, offsetof(QvFrame, prev)));
    x64_store(a, x64_mem(JTS, offsetof(QvThread, frame)), JFRAME);
    x64_load(a, JREGS, x64_mem(JFRAME, offsetof(QvFrame, regs)));
    // The function, which mostly lives on.
    x64_load32(a, RDX, REFS(RCX));
    x64_alu32_imm(a, ALU_SUB, RDX, 1);
    uint32_t immortal = x64_jcc8(a, CC_S);
    qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_E))->fn = (const void *)owner_cold;
    uint32_t cold = g->ncolds - 1;
    x64_store32(a, REFS(RCX), RDX);
    x64_land8(a, immortal);
    g->colds[cold < g->cap_colds ? cold : 0].back = a->len;
    // qv_reg_put of the caller's register; its pc is saved.
    x64_indexed(a, 0, true, 0x8D, RSI, JREGS, RSI, 3, 0);
    x64_load(a, RCX, x64_mem(RSI, 0));
    x64_store(a, x64_mem(RSI, 0), RAX);
    x64_test(a, RCX);
    uint32_t null = x64_jcc8(a, CC_E);
    x64_load32(a, RDX, REFS(RCX));
    x64_alu32_imm(a, ALU_SUB, RDX, 1);
    uint32_t kept = x64_jcc8(a, CC_S);
    qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_E))->fn = (const void *)owner_cold;
    cold = g->ncolds - 1;
    x64_store32(a, REFS(RCX), RDX);
    x64_land8(a, null);
    x64_land8(a, kept);
    g->colds[cold < g->cap_colds ? cold : 0].back = a->len;
    // Where the caller goes on.
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
    x64_move_ptr(a, RCX, g->jit->go_on);
    x64_jump_reg(a, RCX);
    return true;
}

// ---- C functions --------------------------------------------------------------------------------

// rax is the result of a call in C of what stands in register b with n registers behind it, or
// NULL; the caches are `words` long.
static void call_done(QvJitGen *g, unsigned n, unsigned words)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b;
    x64_test(a, RAX);
    qv_jit_error_if(g, CC_E);
    g->colds[g->ncolds - 1].reg = (uint16_t)words;
    qv_jit_forget_owners(g);
    for (unsigned k = 0; k <= n; k++) { // keeps rax
        if (k == 0) { // qv_clear of the callable
            x64_load(a, RCX, qv_jit_reg(b));
            x64_store_imm(a, qv_jit_reg(b), 0);
            qv_jit_decref_rcx(g, false);
            g->facts[b] = QV_FACT_NULL;
        } else {
            qv_jit_drop(g, b + k);
        }
    }
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
    qv_jit_check_hooks(g, qv_jit_after(g));
}

// The pc is saved behind the caches, as the eval loop does before it calls.
static void save_after(QvJitGen *g) { qv_jit_save(g, qv_jit_after(g)); }

static bool call_native(QvJitGen *g)
{
    QvAsm *a = &g->a;
    const QvSig *sig = (const QvSig *)(uintptr_t)qv_jit_cache(g, 0);
    unsigned b = g->i.b, n = g->i.c;
    x64_load(a, RCX, qv_jit_reg(b));
    x64_move_ptr(a, RDX, &qv_builtin_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RCX), RDX);
    qv_jit_exit_if(g, CC_NE);
    x64_move_ptr(a, RDX, sig);
    x64_alu_to_mem(a, ALU_CMP, x64_mem(RCX, offsetof(QvBuiltin, sig)), RDX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RSI, x64_mem(RCX, offsetof(QvBuiltin, self)));
    save_after(g);
    x64_move(a, RDI, JQI);
    x64_lea(a, RDX, qv_jit_reg(b + 1));
    x64_move_imm(a, RCX, n);
    x64_load(a, RAX, qv_jit_reg(b));
    x64_load(a, RAX, x64_mem(RAX, offsetof(QvBuiltin, sig)));
    x64_load(a, RAX, x64_mem(RAX, offsetof(QvSig, def)));
    x64_op_mem(a, 0, false, 0xFF, 2, x64_mem(RAX, offsetof(QvNativeDef, fn))); // call
    call_done(g, n, 3);
    return true;
}

static bool call_method_native(QvJitGen *g)
{
    QvAsm *a = &g->a;
    const QvSig *sig = (const QvSig *)(uintptr_t)qv_jit_cache(g, 0);
    unsigned b = g->i.b, n = g->i.c;
    x64_load(a, RCX, qv_jit_reg(b));
    x64_move_ptr(a, RDX, &qv_method_descriptor_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RCX), RDX);
    qv_jit_exit_if(g, CC_NE);
    x64_move_ptr(a, RDX, sig);
    x64_alu_to_mem(a, ALU_CMP, x64_mem(RCX, offsetof(QvMethodDescr, sig)), RDX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RSI, qv_jit_reg(b + 1));
    x64_test(a, RSI);
    qv_jit_exit_if(g, CC_E);
    x64_load(a, RDX, TYPE(RSI)); // of a subclass: the eval loop's
    x64_alu_mem(a, ALU_CMP, RDX, x64_mem(RCX, offsetof(QvMethodDescr, type)));
    qv_jit_exit_if(g, CC_NE);
    save_after(g);
    x64_move(a, RDI, JQI);
    x64_lea(a, RDX, qv_jit_reg(b + 2));
    x64_load(a, RAX, x64_mem(RCX, offsetof(QvMethodDescr, sig)));
    x64_move_imm(a, RCX, n);
    x64_load(a, RAX, x64_mem(RAX, offsetof(QvSig, def)));
    x64_op_mem(a, 0, false, 0xFF, 2, x64_mem(RAX, offsetof(QvNativeDef, fn))); // call
    call_done(g, n + 1, 3);
    return true;
}

static int64_t plain_len(const QvObj *o) { return qv_plain_len(o); }

static void call_len(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b;
    x64_move_imm(a, RCX, qv_jit_cache(g, 0));
    x64_alu_to_mem(a, ALU_CMP, qv_jit_reg(b), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RDI, qv_jit_reg(b + 1));
    x64_call_c(a, (const void *)plain_len);
    x64_test(a, RAX);
    qv_jit_exit_if(g, CC_S);
    x64_load(a, RCX, qv_jit_reg(b));
    x64_store_imm(a, qv_jit_reg(b), 0);
    qv_jit_decref_rcx(g, false);
    g->facts[b] = QV_FACT_NULL;
    qv_jit_drop(g, b + 1);
    qv_jit_put_int(g, g->i.a);
}

// list.append of what stands at b + 2.
static QvObj *append(QvInterp *qi, QvObj **base)
{
    QvList *list = (QvList *)base[1];
    QvObj *x = base[2];
    base[2] = NULL;
    if (QV_LIKELY(list->boxed < list->cap)) {
        list->items[list->boxed++] = x;
        return QV_NONE;
    }
    return qv_list_push_take(qi, (QvObj *)list, x) < 0 ? NULL : QV_NONE;
}

static void call_append(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b;
    x64_move_imm(a, RCX, qv_jit_cache(g, 0));
    x64_alu_to_mem(a, ALU_CMP, qv_jit_reg(b), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RCX, qv_jit_reg(b + 1));
    x64_test(a, RCX);
    qv_jit_exit_if(g, CC_E);
    x64_move_ptr(a, RDX, &qv_list_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RCX), RDX);
    qv_jit_exit_if(g, CC_NE);
    save_after(g);
    x64_move(a, RDI, JQI);
    x64_lea(a, RSI, qv_jit_reg(b));
    x64_call_c(a, (const void *)append);
    g->facts[b + 2] = QV_FACT_NULL;
    call_done(g, 1, 3);
}

static QvObj *is_instance(QvInterp *qi, QvObj **base)
{
    int yes = qv_isinstance(qi, base[1], base[2]);
    return yes < 0 ? NULL : qv_bool(yes);
}

static void call_isinstance(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b;
    x64_move_imm(a, RCX, qv_jit_cache(g, 0));
    x64_alu_to_mem(a, ALU_CMP, qv_jit_reg(b), RCX);
    qv_jit_exit_if(g, CC_NE);
    save_after(g);
    x64_move(a, RDI, JQI);
    x64_lea(a, RSI, qv_jit_reg(b));
    x64_call_c(a, (const void *)is_instance);
    call_done(g, 2, 3);
}

bool qv_jit_call(QvJitGen *g)
{
    QvInstr i = g->i;
    switch ((QvOp)i.op) {
    case QV_INS_CALL_PY: return call_python(g, i.c, i.b + 1u);
    case QV_INS_CALL_METHOD_PY:
        if (g->generator) {
            return false;
        }
        x64_alu_mem_imm(&g->a, ALU_CMP, qv_jit_reg(i.b + 1u), 0);
        qv_jit_exit_if(g, CC_E);
        return call_python(g, i.c + 1u, i.b + 1u);
    case QV_INS_CALL_METHOD_VALUE_PY:
        if (g->generator) {
            return false;
        }
        x64_alu_mem_imm(&g->a, ALU_CMP, qv_jit_reg(i.b + 1u), 0);
        qv_jit_exit_if(g, CC_NE);
        return call_python(g, i.c, i.b + 2u);
    case QV_INS_CALL_NATIVE: return call_native(g);
    case QV_INS_CALL_METHOD_NATIVE: return call_method_native(g);
    case QV_INS_CALL_LEN: call_len(g); return true;
    case QV_INS_CALL_METHOD_APPEND: call_append(g); return true;
    case QV_INS_CALL_ISINSTANCE: call_isinstance(g); return true;
    case QV_INS_RETURN: return leave(g, i.a, NULL, i.b);
    case QV_INS_RETURN_K:
        return leave(g, UINT32_MAX, g->code->consts[(uint32_t)i.a | (uint32_t)i.b << 16], i.c);
    default: return false;
    }
}

#endif
