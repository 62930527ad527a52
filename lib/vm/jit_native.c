// SPDX-License-Identifier: MIT
// Machine code for calls of C functions.
//
// The pc is saved behind the caches, as the eval loop does before it calls. The callable and the
// values are dropped after the call.
#include "vm/jit.h"

#if QV_JIT

#include "object/descr.h"
#include "vm/jit_internal.h"

// rax is the result of a call in C of what stands in register b with n registers behind it, or
// NULL.
static void call_done(QvJitGen *g, unsigned n)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b;
    x64_test(a, RAX);
    qv_jit_error_if(g, CC_E);
    qv_jit_forget_owners(g);
    for (unsigned k = 0; k <= n; k++) { // keeps rax
        if (k == 0) {                   // qv_clear of the callable
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

// Guard: register `reg` holds this very object.
static void guard_is(QvJitGen *g, unsigned reg, uint64_t o)
{
    x64_move_imm(&g->a, RCX, o);
    x64_alu_to_mem(&g->a, ALU_CMP, qv_jit_reg(reg), RCX);
    qv_jit_exit_if(g, CC_NE);
}

// Guard: rax, which is what register b holds, is of this type.
static void guard_callable(QvJitGen *g, uint64_t type)
{
    x64_load(&g->a, RAX, qv_jit_reg(g->i.b));
    x64_move_imm(&g->a, RCX, type);
    x64_alu_to_mem(&g->a, ALU_CMP, JTYPE(RAX), RCX);
    qv_jit_exit_if(g, CC_NE);
}

// Guard: there is no self at b + 1 (a method call of a plain value).
static void guard_no_self(QvJitGen *g)
{
    x64_alu_mem_imm(&g->a, ALU_CMP, qv_jit_reg(g->i.b + 1u), 0);
    qv_jit_exit_if(g, CC_NE);
}

static void guard_sig(QvJitGen *g, size_t at)
{
    x64_move_imm(&g->a, RDX, qv_jit_cache(g, 0));
    x64_alu_to_mem(&g->a, ALU_CMP, x64_mem(RAX, at), RDX);
    qv_jit_exit_if(g, CC_NE);
}

// rdi, rdx, rcx of a call in C: the n values from register `first` on.
static void give_values(QvJitGen *g, unsigned first, unsigned n)
{
    save_after(g);
    x64_move(&g->a, RDI, JQI);
    x64_lea(&g->a, RDX, qv_jit_reg(first));
    x64_move_imm(&g->a, RCX, n);
}

// The function of the signature in rax.
static void call_sig(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_load(a, RAX, x64_mem(RAX, offsetof(QvSig, def)));
    x64_op_mem(a, 0, false, 0xFF, 2, x64_mem(RAX, offsetof(QvNativeDef, fn))); // call
}

// The values are `skip` registers behind the callable.
static bool call_native(QvJitGen *g, unsigned skip)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b, n = g->i.c;
    guard_callable(g, (uintptr_t)&qv_builtin_type);
    guard_sig(g, offsetof(QvBuiltin, sig));
    if (skip) {
        guard_no_self(g);
    }
    x64_load(a, RSI, x64_mem(RAX, offsetof(QvBuiltin, self)));
    x64_load(a, RAX, x64_mem(RAX, offsetof(QvBuiltin, sig)));
    give_values(g, b + 1 + skip, n);
    call_sig(g);
    call_done(g, n + skip);
    return true;
}

static bool call_native_fewer(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b, n = g->i.c;
    guard_callable(g, (uintptr_t)&qv_builtin_type);
    guard_sig(g, offsetof(QvBuiltin, sig));
    save_after(g);
    x64_move(a, RDI, JQI);
    x64_load(a, RSI, x64_mem(RAX, offsetof(QvBuiltin, sig)));
    x64_load(a, RDX, x64_mem(RAX, offsetof(QvBuiltin, self)));
    x64_lea(a, RCX, qv_jit_reg(b + 1));
    x64_move_imm(a, R8, n);
    x64_call_c(a, (const void *)qv_native_call_padded);
    call_done(g, n);
    return true;
}

// A subclass's instance: rsi, of the method rax, both kept.
static bool is_self(const QvObj *self, const QvMethodDescr *fn)
{
    return qv_type_is_subtype(self->type, fn->type);
}
static void subclass_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    x64_move(a, RDI, RSI);
    x64_move(a, RSI, RAX);
    x64_call_c(a, (const void *)is_self);
    x64_op_reg(a, 0, false, 0x84, RAX, RAX); // test al, al
    qv_jit_exit_if(g, CC_E);
    x64_load(a, RAX, qv_jit_reg(g->i.b));
    x64_load(a, RSI, qv_jit_reg(g->i.b + 1u));
    x64_jmp_to(a, c->back);
}

// rax the method with the signature, rsi self, of its type.
static void guard_method(QvJitGen *g)
{
    QvAsm *a = &g->a;
    guard_callable(g, (uintptr_t)&qv_method_descriptor_type);
    guard_sig(g, offsetof(QvMethodDescr, sig));
    x64_load(a, RSI, qv_jit_reg(g->i.b + 1u));
    if (!(g->facts[g->i.b + 1u] & QV_FACT_BOUND)) {
        x64_test(a, RSI);
        qv_jit_exit_if(g, CC_E);
    }
    x64_load(a, RDX, JTYPE(RSI));
    x64_alu_mem(a, ALU_CMP, RDX, x64_mem(RAX, offsetof(QvMethodDescr, type)));
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_NE));
    c->fn = (const void *)subclass_cold;
    c->back = a->len;
}

static bool call_method_native(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b, n = g->i.c;
    guard_method(g);
    x64_load(a, RAX, x64_mem(RAX, offsetof(QvMethodDescr, sig)));
    give_values(g, b + 2, n);
    call_sig(g);
    call_done(g, n + 1);
    return true;
}

static bool call_method_native_fewer(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b, n = g->i.c;
    guard_method(g);
    save_after(g);
    x64_move(a, RDX, RSI);
    x64_load(a, RSI, x64_mem(RAX, offsetof(QvMethodDescr, sig)));
    x64_move(a, RDI, JQI);
    x64_lea(a, RCX, qv_jit_reg(b + 2));
    x64_move_imm(a, R8, n);
    x64_call_c(a, (const void *)qv_native_call_padded);
    call_done(g, n + 1);
    return true;
}

static QvObj *call_descriptor(QvInterp *qi, QvObj *fn, QvObj **values, QvSsize n)
{
    return qv_method_descriptor_type.call(qi, fn, values, n, NULL);
}

static bool call_method_native_any(QvJitGen *g)
{
    unsigned b = g->i.b, n = g->i.c;
    guard_callable(g, (uintptr_t)&qv_method_descriptor_type);
    x64_alu_mem_imm(&g->a, ALU_CMP, qv_jit_reg(b + 1), 0);
    qv_jit_exit_if(g, CC_E);
    x64_move(&g->a, RSI, RAX);
    give_values(g, b + 1, n + 1);
    x64_call_c(&g->a, (const void *)call_descriptor);
    call_done(g, n + 1);
    return true;
}

// By the call slot of a built-in type.
static bool call_typed(QvJitGen *g, unsigned skip)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b, n = g->i.c;
    guard_callable(g, qv_jit_cache(g, 0));
    if (skip) {
        guard_no_self(g);
    }
    x64_move(a, RSI, RAX);
    give_values(g, b + 1 + skip, n);
    x64_zero(a, R8);
    x64_load(a, RAX, JTYPE(RSI));
    x64_op_mem(a, 0, false, 0xFF, 2, x64_mem(RAX, offsetof(QvType, call))); // call
    call_done(g, n + skip);
    return true;
}

static bool call_one_type(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b, n = g->i.c;
    guard_is(g, b, qv_jit_cache(g, 0));
    guard_callable(g, (uintptr_t)&qv_type_type);
    x64_move(a, RSI, RAX);
    give_values(g, b + 1, n);
    x64_zero(a, R8);
    x64_call_c(a, (const void *)qv_type_call);
    call_done(g, n);
    return true;
}

static bool call_class_plain(QvJitGen *g)
{
    QvAsm *a = &g->a;
    if (g->i.c != 0) {
        return false;
    }
    guard_callable(g, (uintptr_t)&qv_type_type);
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RAX, offsetof(QvType, version)),
                      (int32_t)qv_jit_cache(g, 0));
    qv_jit_exit_if(g, CC_NE);
    save_after(g);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, RAX);
    x64_call_c(a, (const void *)qv_obj_new);
    call_done(g, 0);
    return true;
}

static bool call_type(QvJitGen *g)
{
    QvAsm *a = &g->a;
    guard_is(g, g->i.b, (uintptr_t)&qv_type_type);
    save_after(g);
    x64_load(a, RDI, qv_jit_reg(g->i.b + 1u));
    x64_call_c(a, (const void *)qv_type_of);
    qv_jit_incref(g, RAX);
    call_done(g, 1);
    return true;
}

// getattr(o, name[, default]): the shared cache knows what names it has met.
static QvObj *get_attribute(QvInterp *qi, QvObj *fn, QvObj **values, QvSsize n)
{
    const QvAttrEntry *e = qv_find_attr(qi, values[0], values[1], QV_ATTR_LOAD);
    QvObj *x = e ? qv_attr_value(e, values[0], values[1]) : NULL;
    return QV_LIKELY(x != NULL) ? qv_new_ref(qi, x) : qv_slow_getattr(qi, fn, values, n);
}

static bool call_getattr(QvJitGen *g)
{
    unsigned b = g->i.b, n = g->i.c;
    guard_is(g, b, qv_jit_cache(g, 0));
    x64_load(&g->a, RSI, qv_jit_reg(b));
    give_values(g, b + 1, n);
    x64_call_c(&g->a, (const void *)get_attribute);
    call_done(g, n);
    return true;
}

static int64_t plain_len(const QvObj *o) { return qv_plain_len(o); }

// len() of whatever it is: 0, 1 with the frame of __len__, -1. The pc is behind the word.
static int any_len(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    QvObj **r = f->regs;
    QvObj *o = r[i.b + 1];
    QvSsize n = qv_plain_len(o);
    if (n < 0) {
        QvInstr *after = f->pc;
        f->pc = after - 3;
        if ((o->type->flags & QV_T_HEAP) && (*ret_new = qv_special_len(qi, ts, f, o)) != NULL) {
            return 1;
        }
        f->pc = after;
        n = qv_len(qi, o);
        if (QV_UNLIKELY(n < 0)) {
            return -1;
        }
    }
    qv_drop_call(qi, &r[i.b], 1);
    return qv_reg_put_int(qi, &r[i.a], n);
}

// rcx is the object whose length is asked for; its type is no list's with items.
static void other_len_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    x64_move(a, RDI, RCX);
    x64_call_c(a, (const void *)plain_len);
    x64_test(a, RAX);
    qv_jit_exit_if(g, CC_S);
    x64_jmp_to(a, c->back);
}

static bool call_len(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned b = g->i.b;
    guard_is(g, b, qv_jit_cache(g, 0));
    if (g->guarded) {
        qv_jit_helper(g, (const void *)any_len, QV_INS_CALL_LEN);
        qv_jit_perhaps_called(g);
        qv_jit_forget_owners(g);
        g->facts[b] = QV_FACT_NULL;
        g->facts[b + 1] = 0;
        g->facts[g->i.a] = QV_FACT_BOUND;
        qv_jit_check_hooks(g, qv_jit_after(g));
        return true;
    }
    x64_load(a, RCX, qv_jit_reg(b + 1));
    x64_move_ptr(a, RDX, &qv_list_type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), RDX);
    QvCold *other = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_NE));
    x64_load(a, RAX, x64_mem(RCX, offsetof(QvList, boxed)));
    x64_test(a, RAX);
    QvCold *empty = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_E)); // or a packed one
    other->fn = empty->fn = (const void *)other_len_cold;
    other->back = empty->back = a->len;
    x64_load(a, RCX, qv_jit_reg(b));
    x64_store_imm(a, qv_jit_reg(b), 0);
    qv_jit_decref_rcx(g, false);
    g->facts[b] = QV_FACT_NULL;
    qv_jit_drop(g, b + 1);
    qv_jit_put_int(g, g->i.a);
    return true;
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
    guard_is(g, b, qv_jit_cache(g, 0));
    x64_load(a, RCX, qv_jit_reg(b + 1));
    x64_test(a, RCX);
    qv_jit_exit_if(g, CC_E);
    x64_move_ptr(a, RDX, &qv_list_type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), RDX);
    qv_jit_exit_if(g, CC_NE);
    save_after(g);
    x64_move(a, RDI, JQI);
    x64_lea(a, RSI, qv_jit_reg(b));
    x64_call_c(a, (const void *)append);
    g->facts[b + 2] = QV_FACT_NULL;
    call_done(g, 1);
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
    guard_is(g, b, qv_jit_cache(g, 0));
    x64_load(a, RCX, qv_jit_reg(b + 1));
    x64_load(a, RCX, JTYPE(RCX));
    x64_move_ptr(a, RAX, QV_TRUE);
    x64_alu_to_mem(a, ALU_CMP, qv_jit_reg(b + 2), RCX);
    uint32_t exactly = x64_jcc8(a, CC_E);
    save_after(g);
    x64_move(a, RDI, JQI);
    x64_lea(a, RSI, qv_jit_reg(b));
    x64_call_c(a, (const void *)is_instance);
    x64_land8(a, exactly);
    call_done(g, 2);
}

bool qv_jit_native(QvJitGen *g)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_CALL_NATIVE: return call_native(g, 0);
    case QV_INS_CALL_METHOD_VALUE_NATIVE: return call_native(g, 1);
    case QV_INS_CALL_NATIVE_FEWER: return call_native_fewer(g);
    case QV_INS_CALL_METHOD_NATIVE: return call_method_native(g);
    case QV_INS_CALL_METHOD_NATIVE_FEWER: return call_method_native_fewer(g);
    case QV_INS_CALL_METHOD_NATIVE_ANY: return call_method_native_any(g);
    case QV_INS_CALL_TYPED: return call_typed(g, 0);
    case QV_INS_CALL_METHOD_VALUE_TYPED: return call_typed(g, 1);
    case QV_INS_CALL_ONE_TYPE: return call_one_type(g);
    case QV_INS_CALL_CLASS_PLAIN: return call_class_plain(g);
    case QV_INS_CALL_TYPE1: return call_type(g);
    case QV_INS_CALL_GETATTR: return call_getattr(g);
    case QV_INS_CALL_LEN: return call_len(g);
    case QV_INS_CALL_METHOD_APPEND: call_append(g); return true;
    case QV_INS_CALL_ISINSTANCE: call_isinstance(g); return true;
    default: return false;
    }
}

#endif
