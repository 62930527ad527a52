// SPDX-License-Identifier: MIT
// Machine code for names, attributes, subscripts and displays.
//
// The guards are those of the specialised forms (specialise.c), with what their caches say put into
// the code. Where a guard fails, the eval loop does the instruction, and gives it another form.
#include "vm/jit.h"

#if QV_JIT

#include "object/module.h"
#include "vm/jit_internal.h"

#define TYPE(reg)   ((QvMem){(reg), offsetof(QvObj, type)})
#define INT_AT(reg) ((QvMem){(reg), offsetof(QvInt, value)})

// ---- names --------------------------------------------------------------------------------------

// Leaves when the dict that the frame has at `field` has changed since.
static void guard_dict(QvJitGen *g, size_t field, uint64_t version)
{
    x64_load(&g->a, RCX, x64_mem(JFRAME, field));
    x64_move_imm(&g->a, RDX, version);
    x64_alu_to_mem(&g->a, ALU_CMP, x64_mem(RCX, offsetof(QvDict, version)), RDX);
    qv_jit_exit_if(g, CC_NE);
}

// A dict's value, whose place is the same as long as the guard before it holds. (A store of another
// value leaves a dict its version.)
static void put_entry(QvJitGen *g, QvObj *const *place)
{
    x64_move_ptr(&g->a, RAX, place);
    x64_load(&g->a, RAX, x64_mem(RAX, 0));
    qv_jit_incref(g, RAX);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static bool load_global_module(QvJitGen *g)
{
    const QvDict *d = (const QvDict *)g->globals;
    uint64_t version = qv_jit_cache(g, 0);
    if (!d || version == 0 || d->version != version) {
        return false;
    }
    guard_dict(g, offsetof(QvFrame, globals), version);
    put_entry(g, (QvObj **)(uintptr_t)qv_jit_cache(g, 1));
    return true;
}

static bool load_global_builtin(QvJitGen *g)
{
    const QvDict *d = (const QvDict *)g->globals, *b = (const QvDict *)g->builtins;
    uint64_t version = qv_jit_cache(g, 0), in_builtins = qv_jit_cache(g, 1) >> 16;
    if (!d || version == 0 || d->version != version || b->version != in_builtins) {
        return false;
    }
    guard_dict(g, offsetof(QvFrame, globals), version);
    guard_dict(g, offsetof(QvFrame, builtins), in_builtins);
    put_entry(g, &b->entries[qv_jit_cache(g, 1) & 0xFFFF].value);
    return true;
}

// ---- attributes ---------------------------------------------------------------------------------

// rsi = the object in the register, whose type has the version, and the word at `at` is `guard`.
static void guard_object(QvJitGen *g, unsigned reg, uint32_t version, size_t at, uint64_t guard)
{
    QvAsm *a = &g->a;
    x64_load(a, RSI, qv_jit_reg(reg));
    x64_load(a, RCX, TYPE(RSI));
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
    x64_load(a, RSI, qv_jit_reg(g->i.b));
    x64_load(a, RCX, TYPE(RSI));
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RCX, offsetof(QvType, version)), (int32_t)c0);
    qv_jit_exit_if(g, CC_NE);
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
    if (!qv_is_immortal(x)) {
        qv_jit_incref(g, RAX);
    }
    put_attribute(g);
}

// The value in register `from` comes into rax, owned: taken when the flag says so.
static void give(QvJitGen *g, unsigned from, unsigned flag)
{
    x64_load(&g->a, RAX, qv_jit_reg(from));
    if (g->i.flags & flag) {
        x64_store_imm(&g->a, qv_jit_reg(from), 0);
        g->facts[from] = QV_FACT_NULL;
    } else {
        if (!(g->facts[from] & QV_FACT_IMMORTAL)) {
            qv_jit_incref(g, RAX);
        }
        g->facts[from] &= (uint8_t)~QV_FACT_OWN;
    }
}

static void store_slot(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    guard_object(g, g->i.a, (uint32_t)c0, qv_jit_cache(g, 2), qv_jit_cache(g, 1));
    give(g, g->i.c, QV_TAKE_C);
    x64_load(a, RCX, x64_mem(RSI, c0 >> 32));
    x64_store(a, x64_mem(RSI, c0 >> 32), RAX);
    qv_jit_decref_rcx(g, true);
    qv_jit_taken(g, QV_TAKE_A, g->i.a);
}

static void store_member(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    x64_load(a, RSI, qv_jit_reg(g->i.a));
    x64_load(a, RCX, TYPE(RSI));
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RCX, offsetof(QvType, version)), (int32_t)c0);
    qv_jit_exit_if(g, CC_NE);
    give(g, g->i.c, QV_TAKE_C);
    x64_load(a, RCX, x64_mem(RSI, c0 >> 32));
    x64_store(a, x64_mem(RSI, c0 >> 32), RAX);
    qv_jit_decref_rcx(g, true);
    qv_jit_taken(g, QV_TAKE_A, g->i.a);
}

// The next shape has the attribute; the object must have room.
static void store_add(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    const QvShape *next = (const QvShape *)(uintptr_t)qv_jit_cache(g, 2);
    x64_load(a, RSI, qv_jit_reg(g->i.a));
    x64_load(a, RCX, TYPE(RSI));
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RCX, offsetof(QvType, version)), (int32_t)c0);
    qv_jit_exit_if(g, CC_NE);
    // A type's instances have their shape at one place, before the slots.
    size_t shape_at = (c0 >> 32) - offsetof(QvInstPart, slots) - (next->count - 1) * sizeof(QvObj *) +
                      offsetof(QvInstPart, shape);
    if (qv_jit_cache(g, 1) == 0) {
        x64_alu_mem_imm(a, ALU_CMP, x64_mem(RSI, shape_at), 0);
    } else {
        x64_move_imm(a, RDX, qv_jit_cache(g, 1));
        x64_alu_to_mem(a, ALU_CMP, x64_mem(RSI, shape_at), RDX);
    }
    qv_jit_exit_if(g, CC_NE);
    // qv_inst_cap: 2 * bits + 1
    x64_op_mem(a, 0, false, 0x0FB7, RDX, x64_mem(RSI, offsetof(QvObj, flags))); // movzx
    x64_shift_imm(a, 5, RDX, QV_F_CAP_SHIFT);
    x64_alu32_imm(a, ALU_AND, RDX, 15);
    x64_alu32_imm(a, ALU_CMP, RDX, (int32_t)next->count / 2); // count <= 2 * bits + 1
    qv_jit_exit_if(g, CC_B);
    give(g, g->i.c, QV_TAKE_C);
    x64_move_ptr(a, RDX, next);
    x64_store(a, x64_mem(RSI, shape_at), RDX);
    x64_store(a, x64_mem(RSI, c0 >> 32), RAX);
    qv_jit_taken(g, QV_TAKE_A, g->i.a);
}

static void load_method(QvJitGen *g)
{
    QvAsm *a = &g->a;
    uint64_t c0 = qv_jit_cache(g, 0);
    QvObj *x = (QvObj *)(uintptr_t)qv_jit_cache(g, 2);
    unsigned from = g->i.b, to = g->i.a;
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
    if (!qv_is_immortal(x)) {
        qv_jit_incref(g, RAX);
    }
    if (from == to) {
        x64_store(a, qv_jit_reg(to), RAX);
    } else {
        qv_jit_put(g, to);
    }
    x64_load(a, RAX, JSPILL);
    qv_jit_put(g, to + 1);
    g->facts[to] = g->facts[to + 1] = QV_FACT_BOUND;
}

// What a C function does whole: fn(qi, f, r, pc), an exception when it is negative. The words of
// its caches are skipped by the caller's order.
static void by_slow_attr(QvJitGen *g, const void *fn)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RCX, RDX);
    x64_move(a, RDX, JREGS);
    x64_move(a, RSI, JFRAME);
    x64_move(a, RDI, JQI);
    x64_call_c(a, fn);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    qv_jit_forget_owners(g);
}

// ---- subscripts ---------------------------------------------------------------------------------

// An item of a packed list, which is one of its own kind of look. 0, 1 in another case, -1.
static int get_packed(QvInterp *qi, QvObj **r, const QvInstr *pc)
{
    QvInstr i = pc[-1];
    const QvList *list = (const QvList *)r[i.b];
    const QvNumbers *n = list->numbers;
    int64_t at = qv_int_value(r[i.c]);
    if (n == NULL || i.a == i.b || (i.flags & QV_TAKE_B)) {
        return 1;
    }
    at += at < 0 ? n->len : 0;
    return (uint64_t)at < (uint64_t)n->len ? qv_reg_put_number(qi, &r[i.a], n, at) : 1;
}

// Calls fn(qi, r, pc) for what is rare here: goes on, leaves before the instruction or raises.
static void rare_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RSI, JREGS);
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)(uintptr_t)c->data);
    x64_test32(a, RAX);
    x64_jcc_to(a, CC_E, c->back);
    qv_jit_error_if(g, CC_S);
    qv_jit_exit(g, g->at);
}

static void get_list(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned o = g->i.b, k = g->i.c;
    x64_load(a, RSI, qv_jit_reg(o));
    x64_move_ptr(a, RCX, &qv_list_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RSI), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RDX, qv_jit_reg(k));
    if (!(g->facts[k] & QV_FACT_INT)) {
        x64_alu_to_mem(a, ALU_CMP, TYPE(RDX), JINT);
        qv_jit_exit_if(g, CC_NE);
        g->facts[k] |= QV_FACT_INT | QV_FACT_BOUND;
    }
    x64_load(a, RDX, INT_AT(RDX));
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvList, boxed)));
    x64_test(a, RDX);
    uint32_t positive = x64_jcc8(a, CC_NS);
    x64_alu(a, ALU_ADD, RDX, RCX);
    x64_land8(a, positive);
    x64_alu(a, ALU_CMP, RDX, RCX);
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_AE));
    c->fn = (const void *)rare_cold;
    c->data = (uintptr_t)get_packed;
    uint32_t cold = g->ncolds - 1;
    x64_load(a, RSI, x64_mem(RSI, offsetof(QvList, items)));
    x64_indexed(a, 0, true, 0x8B, RAX, RSI, RDX, 3, 0);
    qv_jit_incref(g, RAX);
    qv_jit_taken(g, QV_TAKE_B, o);
    qv_jit_put(g, g->i.a);
    g->colds[cold < g->cap_colds ? cold : 0].back = a->len;
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static void get_tuple(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned o = g->i.b, k = g->i.c;
    x64_load(a, RSI, qv_jit_reg(o));
    x64_move_ptr(a, RCX, &qv_tuple_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RSI), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RDX, qv_jit_reg(k));
    if (!(g->facts[k] & QV_FACT_INT)) {
        x64_alu_to_mem(a, ALU_CMP, TYPE(RDX), JINT);
        qv_jit_exit_if(g, CC_NE);
        g->facts[k] |= QV_FACT_INT | QV_FACT_BOUND;
    }
    x64_load(a, RDX, INT_AT(RDX));
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvTuple, len)));
    x64_test(a, RDX);
    uint32_t positive = x64_jcc8(a, CC_NS);
    x64_alu(a, ALU_ADD, RDX, RCX);
    x64_land8(a, positive);
    x64_alu(a, ALU_CMP, RDX, RCX);
    qv_jit_exit_if(g, CC_AE);
    x64_indexed(a, 0, true, 0x8B, RAX, RSI, RDX, 3, offsetof(QvTuple, items));
    qv_jit_incref(g, RAX);
    qv_jit_taken(g, QV_TAKE_B, o);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static int set_packed(QvInterp *qi, QvObj **r, const QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvNumbers *n = ((QvList *)r[i.a])->numbers;
    int64_t at = qv_int_value(r[i.b]);
    if (n == NULL) {
        return 1;
    }
    at += at < 0 ? n->len : 0;
    if ((uint64_t)at >= (uint64_t)n->len || !qv_numbers_put(n, at, r[i.c])) {
        return 1;
    }
    qv_take(qi, r, i, QV_TAKE_C);
    qv_take(qi, r, i, QV_TAKE_A);
    return 0;
}

static void set_list(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned o = g->i.a, k = g->i.b;
    x64_load(a, RSI, qv_jit_reg(o));
    x64_move_ptr(a, RCX, &qv_list_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RSI), RCX);
    qv_jit_exit_if(g, CC_NE);
    x64_load(a, RDI, qv_jit_reg(k));
    if (!(g->facts[k] & QV_FACT_INT)) {
        x64_alu_to_mem(a, ALU_CMP, TYPE(RDI), JINT);
        qv_jit_exit_if(g, CC_NE);
        g->facts[k] |= QV_FACT_INT | QV_FACT_BOUND;
    }
    x64_load(a, RDI, INT_AT(RDI));
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvList, boxed)));
    x64_test(a, RDI);
    uint32_t positive = x64_jcc8(a, CC_NS);
    x64_alu(a, ALU_ADD, RDI, RCX);
    x64_land8(a, positive);
    x64_alu(a, ALU_CMP, RDI, RCX);
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(a, CC_AE));
    c->fn = (const void *)rare_cold;
    c->data = (uintptr_t)set_packed;
    uint32_t cold = g->ncolds - 1;
    x64_load(a, RSI, x64_mem(RSI, offsetof(QvList, items)));
    uint8_t value = g->facts[g->i.c];
    give(g, g->i.c, QV_TAKE_C);
    x64_indexed(a, 0, true, 0x8B, RCX, RSI, RDI, 3, 0);
    x64_indexed(a, 0, true, 0x89, RAX, RSI, RDI, 3, 0);
    qv_jit_decref_rcx(g, false);
    qv_jit_taken(g, QV_TAKE_A, o);
    g->colds[cold < g->cap_colds ? cold : 0].back = a->len;
    (void)value;
    g->facts[g->i.c] = 0; // NULL on one way, perhaps a box on the other
    g->facts[o] = g->i.flags & QV_TAKE_A ? 0 : g->facts[o];
}

// A look-up in an exact dict, by a call.
static QvObj *get_in_dict(QvInterp *qi, QvObj *o, QvObj *k)
{
    QvObj *x;
    int found = qv_dict_get(qi, o, k, &x);
    if (QV_LIKELY(found > 0)) {
        return qv_new_ref(qi, x);
    }
    if (found == 0) {
        qv_raise_obj(qi, &qv_exc_KeyError, k);
    }
    return NULL;
}

static void get_dict(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_load(a, RSI, qv_jit_reg(g->i.b));
    x64_move_ptr(a, RCX, &qv_dict_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RSI), RCX);
    qv_jit_exit_if(g, CC_NE);
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_load(a, RDX, qv_jit_reg(g->i.c));
    x64_call_c(a, (const void *)get_in_dict);
    x64_test(a, RAX);
    qv_jit_error_if(g, CC_E);
    qv_jit_forget_owners(g);
    qv_jit_taken(g, QV_TAKE_B, g->i.b);
    qv_jit_taken(g, QV_TAKE_C, g->i.c);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static void set_dict(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_load(a, RSI, qv_jit_reg(g->i.a));
    x64_move_ptr(a, RCX, &qv_dict_type);
    x64_alu_to_mem(a, ALU_CMP, TYPE(RSI), RCX);
    qv_jit_exit_if(g, CC_NE);
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_load(a, RDX, qv_jit_reg(g->i.b));
    x64_load(a, RCX, qv_jit_reg(g->i.c));
    x64_call_c(a, (const void *)qv_dict_set);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    qv_jit_forget_owners(g);
    qv_jit_taken(g, QV_TAKE_A, g->i.a);
    qv_jit_taken(g, QV_TAKE_B, g->i.b);
    qv_jit_taken(g, QV_TAKE_C, g->i.c);
}

bool qv_jit_object(QvJitGen *g)
{
    QvInstr i = g->i;
    switch ((QvOp)i.op) {
    case QV_INS_LOAD_GLOBAL_MODULE: return load_global_module(g);
    case QV_INS_LOAD_GLOBAL_BUILTIN: return load_global_builtin(g);
    case QV_INS_LOAD_ATTR_SLOT: load_slot(g); return true;
    case QV_INS_LOAD_ATTR_CLASS: load_class_value(g); return true;
    case QV_INS_LOAD_ATTR_MEMBER: load_member(g); return true;
    case QV_INS_STORE_ATTR_SLOT: store_slot(g); return true;
    case QV_INS_STORE_ATTR_MEMBER: store_member(g); return true;
    case QV_INS_STORE_ATTR_ADD: store_add(g); return true;
    case QV_INS_LOAD_METHOD_CACHED: load_method(g); return true;
    case QV_INS_GETITEM_LIST_INT: get_list(g); return true;
    case QV_INS_GETITEM_TUPLE_INT: get_tuple(g); return true;
    case QV_INS_GETITEM_DICT: get_dict(g); return true;
    case QV_INS_SETITEM_LIST_INT: set_list(g); return true;
    case QV_INS_SETITEM_DICT: set_dict(g); return true;
    default: (void)by_slow_attr; return false;
    }
}

#endif
