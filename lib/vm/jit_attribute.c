// SPDX-License-Identifier: MIT
// Machine code for attributes.
//
// What the caches of a specialised form point to is looked at by machine code only, behind its
// guards: at the time of the translation it may be gone.
#include "vm/jit.h"

#if QV_JIT

#include "object/descr.h"
#include "object/module.h"
#include "vm/jit_internal.h"

#define NO_WORD SIZE_MAX // of a guard that looks at the type only

// ---- whole, by C: any object, by way of the shared cache ----------------------------------------

static QvObj *any_attr(QvInterp *qi, QvObj *o, QvObj *name)
{
    const QvAttrEntry *e = qv_find_attr(qi, o, name, QV_ATTR_LOAD);
    QvObj *x = e ? qv_attr_value(e, o, name) : NULL;
    if (QV_LIKELY(x != NULL)) {
        return qv_new_ref(qi, x);
    }
    x = qv_getattr(qi, o, name);
    if (x) {
        qv_spec_load_attr_any(qi, o, name);
    }
    return x;
}

static bool load_any(QvJitGen *g)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move_ptr(a, RDX, g->code->names[g->i.c]);
    x64_load(a, RSI, qv_jit_reg(g->i.b));
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)any_attr);
    qv_jit_put_made(g);
    return true;
}

static int any_method(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *o = r[i.b], *name = f->code->names[i.c], *x;
    const QvAttrEntry *e = qv_find_attr(qi, o, name, QV_ATTR_METHOD);
    int method = 1;
    if (QV_LIKELY(e != NULL)) {
        x = qv_new_ref(qi, e->value);
    } else {
        method = qv_get_method(qi, o, name, &x);
        if (method < 0) {
            return -1;
        }
        if (method) {
            qv_spec_load_method_any(qi, o, name);
        }
    }
    if (method) {
        qv_incref(qi, o);
    }
    if ((i.flags & QV_TAKE_B) && i.b != i.a && i.b != i.a + 1) {
        qv_reg_drop(qi, &r[i.b]);
    }
    qv_reg_put(qi, &r[i.a], x);
    qv_reg_put(qi, &r[i.a + 1], method ? o : NULL);
    return 0;
}

// What LOAD_METHOD gives: two registers.
static bool method_by_c(QvJitGen *g, QvJitFn fn)
{
    qv_jit_by_c(g, fn);
    g->facts[g->i.a + 1] = 0;
    return true;
}

// By the entry of the shared cache; 0: it does not say, or has no room; -1.
static int store_known(QvInterp *qi, QvFrame *f, QvInstr *pc, const QvAttrEntry *e)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *o = r[i.a], *x = r[i.c];
    QvShape *after = e->after;
    if (e->offset == QV_ATTR_IN_DICT) {
        QvObj *dict = qv_attr_dict(o);
        if (!dict) {
            return 0;
        }
        qv_incref(qi, dict); // the object may let go of it while the old value dies
        int done = qv_dict_set(qi, dict, f->code->names[i.b], x);
        qv_decref(qi, dict);
        if (done < 0) {
            return -1;
        }
        qv_take(qi, r, i, QV_TAKE_A | QV_TAKE_C);
        return 1;
    }
    if (after && after->count > qv_inst_cap(o)) {
        return 0;
    }
    if (i.flags & QV_TAKE_C) {
        r[i.c] = NULL;
    } else {
        qv_incref(qi, x);
    }
    QvObj **slot = (QvObj **)((char *)o + e->offset);
    if (after) {
        *(QvShape **)((char *)o + e->at) = after;
        *slot = x;
    } else {
        qv_reg_put(qi, slot, x);
    }
    qv_take(qi, r, i, QV_TAKE_A);
    return 1;
}

static int store_any(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *o = r[i.a], *name = f->code->names[i.b];
    const QvAttrEntry *e = qv_find_attr(qi, o, name, QV_ATTR_STORE);
    int known = e ? store_known(qi, f, pc, e) : 0;
    if (known != 0) {
        return known < 0 ? -1 : 0;
    }
    qv_spec_store_attr_any(qi, o, name);
    if (qv_setattr(qi, o, name, r[i.c]) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_A | QV_TAKE_C);
    return 0;
}

static int delete (QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_del_attr(qi, f, f->regs, pc);
}

static int load_super(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_load_super(qi, f, f->regs, pc, false);
}

static int load_super_method(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_load_super(qi, f, f->regs, pc, true);
}

// ---- by guards ----------------------------------------------------------------------------------

// rsi = the object in the register, whose type has the version; the word at `at` in it is `guard`.
static void guard_object(QvJitGen *g, unsigned reg, uint32_t version, size_t at, uint64_t guard)
{
    QvAsm *a = &g->a;
    x64_load(a, RSI, qv_jit_reg(reg));
    if (qv_jit_is_known(g, reg, version, at, guard)) {
        return;
    }
    x64_load(a, RCX, JTYPE(RSI));
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RCX, offsetof(QvType, version)), (int32_t)version);
    qv_jit_exit_if(g, CC_NE);
    if (guard == 0) {
        x64_alu_mem_imm(a, ALU_CMP, x64_mem(RSI, at), 0);
    } else {
        x64_move_imm(a, RDX, guard);
        x64_alu_to_mem(a, ALU_CMP, x64_mem(RSI, at), RDX);
    }
    qv_jit_exit_if(g, CC_NE);
    g->facts[reg] |= QV_FACT_BOUND;
}

// rsi = the object in the register, whose type has the version.
static void guard_version(QvJitGen *g, unsigned reg, uint32_t version)
{
    QvAsm *a = &g->a;
    x64_load(a, RSI, qv_jit_reg(reg));
    if (qv_jit_is_known(g, reg, version, NO_WORD, 0)) {
        return;
    }
    x64_load(a, RCX, JTYPE(RSI));
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RCX, offsetof(QvType, version)), (int32_t)version);
    qv_jit_exit_if(g, CC_NE);
    g->facts[reg] |= QV_FACT_BOUND;
}

// rax (owned) is the attribute of rsi, which register b holds.
static void put_attribute(QvJitGen *g)
{
    unsigned from = g->i.b;
    if (g->i.flags & QV_TAKE_B) {
        x64_move(&g->a, RCX, RSI);
        x64_store_imm(&g->a, qv_jit_reg(from), 0);
        g->facts[from] = QV_FACT_NULL;
        qv_jit_decref_rcx(g, false);
    }
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static void load_slot(QvJitGen *g)
{
    uint64_t c0 = qv_jit_cache(g, 0);
    guard_object(g, g->i.b, (uint32_t)c0, qv_jit_cache(g, 2), qv_jit_cache(g, 1));
    x64_load(&g->a, RAX, x64_mem(RSI, c0 >> 32));
    qv_jit_incref(g, RAX);
    put_attribute(g);
}

static void load_member(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    guard_version(g, g->i.b, (uint32_t)c0);
    x64_load(a, RAX, x64_mem(RSI, c0 >> 32));
    x64_test(a, RAX);
    qv_jit_exit_if(g, CC_E);
    qv_jit_incref(g, RAX);
    put_attribute(g);
}

static void load_class_value(QvJitGen *g)
{
    uint64_t c0 = qv_jit_cache(g, 0);
    QvObj *x = (QvObj *)(uintptr_t)qv_jit_cache(g, 2);
    guard_object(g, g->i.b, (uint32_t)c0, c0 >> 32, qv_jit_cache(g, 1));
    x64_move_ptr(&g->a, RAX, x);
    qv_jit_incref(g, RAX);
    put_attribute(g);
}

// Register c goes into the slot of rsi, which register a holds.
static void put_in_slot(QvJitGen *g)
{
    QvMem slot = x64_mem(RSI, qv_jit_cache(g, 0) >> 32);
    qv_jit_give(g, g->i.c, QV_TAKE_C);
    x64_load(&g->a, RCX, slot);
    x64_store(&g->a, slot, RAX);
    qv_jit_decref_rcx(g, true);
    qv_jit_taken(g, QV_TAKE_A, g->i.a);
}

static void store_slot(QvJitGen *g)
{
    guard_object(g, g->i.a, (uint32_t)qv_jit_cache(g, 0), qv_jit_cache(g, 2), qv_jit_cache(g, 1));
    put_in_slot(g);
}

static void store_member(QvJitGen *g)
{
    guard_version(g, g->i.a, (uint32_t)qv_jit_cache(g, 0));
    put_in_slot(g);
}

// The next shape has the attribute; the object must have room.
static void store_add(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    QvMem shape = x64_mem(RDI, offsetof(QvInstPart, shape));
    guard_version(g, g->i.a, (uint32_t)c0);
    x64_load(a, RCX, JTYPE(RSI));
    x64_load32(a, RDI, x64_mem(RCX, offsetof(QvType, inst_offset)));
    x64_alu(a, ALU_ADD, RDI, RSI); // the object's part with the shape
    x64_move_imm(a, RDX, qv_jit_cache(g, 1));
    x64_alu_to_mem(a, ALU_CMP, shape, RDX);
    qv_jit_exit_if(g, CC_NE);
    // qv_inst_cap: 2 * bits + 1
    x64_op_mem(a, 0, false, 0x0FB7, RDX, x64_mem(RSI, offsetof(QvObj, flags))); // movzx
    x64_shift_imm(a, 5, RDX, QV_F_CAP_SHIFT);
    x64_alu32_imm(a, ALU_AND, RDX, 15);
    x64_indexed(a, 0, false, 0x8D, RDX, RDX, RDX, 0, 1); // lea
    x64_move_imm(a, R8, qv_jit_cache(g, 2));
    x64_op_mem(a, 0, false, 0x0FB7, RCX, x64_mem(R8, offsetof(QvShape, count)));
    x64_alu32(a, ALU_CMP, RDX, RCX);
    qv_jit_exit_if(g, CC_B);
    qv_jit_give(g, g->i.c, QV_TAKE_C);
    x64_store(a, shape, R8);
    x64_store(a, x64_mem(RSI, c0 >> 32), RAX);
    qv_jit_taken(g, QV_TAKE_A, g->i.a);
}

// rax (owned) = what the module in register b has in its dict, whose version is in the cache.
static void module_value(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_load(a, RSI, qv_jit_reg(g->i.b));
    x64_move_ptr(a, RCX, &qv_module_type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RSI), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvModule, dict)));
    x64_move_imm(a, RDX, qv_jit_cache(g, 0));
    x64_alu_to_mem(a, ALU_CMP, x64_mem(RCX, offsetof(QvDict, version)), RDX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RCX, x64_mem(RCX, offsetof(QvDict, entries)));
    x64_load(a, RAX,
             x64_mem(RCX, qv_jit_cache(g, 1) * sizeof(QvDictEntry) + offsetof(QvDictEntry, value)));
    qv_jit_incref(g, RAX);
}

// rax (owned) = the value of the class in register b.
static void load_type_value(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_load(a, RSI, qv_jit_reg(g->i.b));
    x64_move_ptr(a, RCX, &qv_type_type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RSI), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RSI, offsetof(QvType, version)),
                      (int32_t)qv_jit_cache(g, 0));
    qv_jit_exit_if(g, CC_NE);
    x64_move_imm(a, RAX, qv_jit_cache(g, 2));
    qv_jit_incref(g, RAX);
    put_attribute(g);
}

static void load_tuple_item(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    uint32_t at = (uint32_t)(c0 >> 32);
    guard_version(g, g->i.b, (uint32_t)c0);
    x64_alu_mem_imm(a, ALU_CMP, x64_mem(RSI, offsetof(QvTuple, len)), (int32_t)at);
    qv_jit_exit_if(g, CC_LE);
    x64_load(a, RAX, x64_mem(RSI, offsetof(QvTuple, items) + at * sizeof(QvObj *)));
    qv_jit_incref(g, RAX);
    put_attribute(g);
}

static QvObj *bind(QvInterp *qi, QvObj *o, QvObj *d)
{
    return d->type == &qv_function_type ? qv_method_new(qi, d, o)
                                        : d->type->descr_get(qi, d, o, (QvObj *)o->type);
}

static void load_bound(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    guard_object(g, g->i.b, (uint32_t)c0, c0 >> 32, qv_jit_cache(g, 1));
    qv_jit_save(g, g->at + 1);
    x64_move_imm(a, RDX, qv_jit_cache(g, 2));
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)bind);
    qv_jit_put_made(g);
}

static void load_getset(QvJitGen *g)
{
    QvAsm *a = &g->a;
    guard_object(g, g->i.b, (uint32_t)qv_jit_cache(g, 0), offsetof(QvObj, type),
                 qv_jit_cache(g, 1));
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_move_imm(a, RAX, qv_jit_cache(g, 2));
    x64_load(a, RAX, x64_mem(RAX, offsetof(QvGetSetDescr, def)));
    x64_load(a, RAX, x64_mem(RAX, offsetof(QvGetSet, get)));
    x64_call_reg(a, RAX);
    qv_jit_put_made(g);
}

// ---- properties and descriptors in Python -------------------------------------------------------

static int load_general(QvInterp *qi, QvFrame *f, QvInstr i)
{
    QvObj **r = f->regs, *x = any_attr(qi, r[i.b], f->code->names[i.c]);
    if (!x) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

// The frame of a property's getter.
static int enter_getter(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new,
                        QvFunction *fn)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *o = r[i.b], **window = f->top;
    const QvCode *code = fn->code;
    if (QV_UNLIKELY(window + code->nregs > ts->stack_soft) &&
        qv_stack_grow(qi, ts, window + code->nregs) < 0) {
        return -1;
    }
    f->pc = pc + qv_op_info[QV_INS_LOAD_ATTR_PROPERTY].words;
    qv_unbind_locals(qi, window, 1, code->nlocals);
    *ret_new = qv_frame_push(qi, ts, qv_new_ref(qi, &fn->h), window, i.a, QV_FRAME_PLAIN);
    if (QV_UNLIKELY(!*ret_new)) {
        return -1;
    }
    qv_incref(qi, o);
    qv_take(qi, r, i, QV_TAKE_B);
    qv_reg_put(qi, &window[0], o);
    return 1;
}

static int enter_get(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new,
                     QvObj *descr)
{
    QvInstr i = pc[-1];
    *ret_new = qv_special_get(qi, ts, f, descr, f->regs[i.b], i.a);
    if (!*ret_new) {
        return load_general(qi, f, i);
    }
    f->pc = pc + qv_op_info[QV_INS_LOAD_ATTR_GET_PY].words;
    qv_take(qi, f->regs, i, QV_TAKE_B);
    return 1;
}

static int enter_setter(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new,
                        QvFunction *fn)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    *ret_new = qv_special_setter(qi, ts, f, fn, r[i.a], r[i.c]);
    return *ret_new ? 1 : store_any(qi, f, pc);
}

// The function in word 2 of the cache, whose code has the version in word 1, is called for the
// object in the register.
static void call_accessor(QvJitGen *g, unsigned reg, const void *fn)
{
    QvAsm *a = &g->a;
    guard_version(g, reg, (uint32_t)qv_jit_cache(g, 0));
    x64_move_imm(a, R9, qv_jit_cache(g, 2));
    x64_load(a, RCX, x64_mem(R9, offsetof(QvFunction, code)));
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RCX, offsetof(QvCode, version)),
                      (int32_t)qv_jit_cache(g, 1));
    qv_jit_exit_if(g, CC_NE);
    qv_jit_call_made(g, fn);
    g->comes_back = true;
}

static void call_descriptor(QvJitGen *g)
{
    uint64_t c0 = qv_jit_cache(g, 0);
    guard_object(g, g->i.b, (uint32_t)c0, c0 >> 32, qv_jit_cache(g, 1));
    x64_move_imm(&g->a, R9, qv_jit_cache(g, 2));
    qv_jit_call_made(g, (const void *)enter_get);
}

// ---- methods ------------------------------------------------------------------------------------

static void load_method(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    QvObj *x = (QvObj *)(uintptr_t)qv_jit_cache(g, 2);
    unsigned from = g->i.b, to = g->i.a;
    g->guess[to] = x;
    guard_object(g, from, (uint32_t)c0, c0 >> 32, qv_jit_cache(g, 1));
    x64_store(a, JSPILL, RSI);
    if (from != to) {
        if (g->i.flags & QV_TAKE_B) {
            x64_store_imm(a, qv_jit_reg(from), 0);
            g->facts[from] = QV_FACT_NULL;
        } else {
            qv_jit_incref(g, RSI);
        }
    }
    x64_move_ptr(a, RAX, x);
    qv_jit_incref(g, RAX);
    if (from == to) {
        x64_store(a, qv_jit_reg(to), RAX);
    } else {
        qv_jit_put(g, to);
    }
    x64_load(a, RAX, JSPILL);
    qv_jit_put(g, to + 1);
    g->facts[to] = g->facts[to + 1] = QV_FACT_BOUND;
}

// rax (owned) takes no self; register b is in rsi.
static void put_value(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned from = g->i.b, to = g->i.a;
    if (from != to && from != to + 1u) {
        qv_jit_taken(g, QV_TAKE_B, from);
    }
    qv_jit_put(g, to);
    g->facts[to] = QV_FACT_BOUND;
    x64_zero(a, RAX);
    qv_jit_put(g, to + 1);
    g->facts[to + 1] = QV_FACT_NULL;
}

static void load_method_value(QvJitGen *g)
{
    uint64_t c0 = qv_jit_cache(g, 0);
    if (g->i.op == QV_INS_LOAD_METHOD_SLOT) {
        guard_object(g, g->i.b, (uint32_t)c0, qv_jit_cache(g, 2), qv_jit_cache(g, 1));
        x64_load(&g->a, RAX, x64_mem(RSI, c0 >> 32));
    } else {
        guard_object(g, g->i.b, (uint32_t)c0, c0 >> 32, qv_jit_cache(g, 1));
        x64_move_imm(&g->a, RAX, qv_jit_cache(g, 2));
    }
    qv_jit_incref(g, RAX);
    put_value(g);
}

// ---- all ----------------------------------------------------------------------------------------

static bool guarded_load(QvJitGen *g)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_LOAD_ATTR_SLOT: load_slot(g); return true;
    case QV_INS_LOAD_ATTR_CLASS: load_class_value(g); return true;
    case QV_INS_LOAD_ATTR_MEMBER: load_member(g); return true;
    case QV_INS_LOAD_ATTR_TYPE: load_type_value(g); return true;
    case QV_INS_LOAD_ATTR_MODULE:
        module_value(g);
        put_attribute(g);
        return true;
    case QV_INS_LOAD_ATTR_TUPLE_ITEM: load_tuple_item(g); return true;
    case QV_INS_LOAD_ATTR_BOUND: load_bound(g); return true;
    case QV_INS_LOAD_ATTR_GETSET: load_getset(g); return true;
    case QV_INS_LOAD_ATTR_PROPERTY:
        call_accessor(g, g->i.b, (const void *)enter_getter);
        return true;
    case QV_INS_LOAD_ATTR_GET_PY: call_descriptor(g); return true;
    default: return false;
    }
}

static bool guarded_other(QvJitGen *g)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_STORE_ATTR_SLOT: store_slot(g); return true;
    case QV_INS_STORE_ATTR_MEMBER: store_member(g); return true;
    case QV_INS_STORE_ATTR_ADD: store_add(g); return true;
    case QV_INS_STORE_ATTR_PROPERTY:
        call_accessor(g, g->i.a, (const void *)enter_setter);
        return true;
    case QV_INS_LOAD_METHOD_CACHED: load_method(g); return true;
    case QV_INS_LOAD_METHOD_VALUE:
    case QV_INS_LOAD_METHOD_SLOT: load_method_value(g); return true;
    case QV_INS_LOAD_METHOD_MODULE:
        module_value(g);
        put_value(g);
        return true;
    default: return false;
    }
}

bool qv_jit_attribute(QvJitGen *g)
{
    QvOp op = (QvOp)g->i.op, general = (QvOp)qv_op_info[op].general;
    switch (op) {
    case QV_INS_DEL_ATTR: return qv_jit_by_c(g, delete);
    case QV_INS_LOAD_SUPER: return qv_jit_by_c(g, load_super);
    case QV_INS_LOAD_SUPER_METHOD: return method_by_c(g, load_super_method);
    case QV_INS_LOAD_ATTR:
    case QV_INS_STORE_ATTR:
    case QV_INS_LOAD_METHOD:
        if (!qv_jit_seen_general(g)) {
            return false;
        }
        general = op;
        break;
    default:
        if (!g->guarded && (guarded_load(g) || guarded_other(g))) {
            return true;
        }
    }
    switch (general) {
    case QV_INS_LOAD_ATTR: return load_any(g);
    case QV_INS_STORE_ATTR: return qv_jit_by_c(g, store_any);
    case QV_INS_LOAD_METHOD: return method_by_c(g, any_method);
    default: return false;
    }
}

#endif
