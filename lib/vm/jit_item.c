// SPDX-License-Identifier: MIT
// Machine code for subscripts.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

// ---- whole, by C --------------------------------------------------------------------------------

// The eval loop's own function changes an instruction's form at pc[-1], where the entry to machine
// code may stand: it is put aside meanwhile.
static bool hide_entry(QvFrame *f, QvInstr *at)
{
    bool entry = at->op == QV_INS_ENTER_JIT;
    qv_jit_skip(f, at);
    return entry;
}

static void show_entry(QvFrame *f, QvInstr *at, bool entry)
{
    QvJitUnit *u = f->code->jit;
    uint32_t word = (uint32_t)(at - f->code->instrs);
    if (entry && u && u->native[word] && at->op != QV_INS_ENTER_JIT) {
        u->ops[word] = at->op;
        at->op = QV_INS_ENTER_JIT;
    }
}

static int slow_get(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new)
{
    bool entry = hide_entry(f, pc - 1);
    int done = qv_slow_getitem(qi, ts, f, pc, ret_new);
    show_entry(f, pc - 1, entry);
    return done;
}

static int slow_set(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new)
{
    bool entry = hide_entry(f, pc - 1);
    int done = qv_slow_setitem(qi, ts, f, pc, ret_new);
    show_entry(f, pc - 1, entry);
    return done;
}

// An item of what sites meet most, new; NULL: another case (no exception).
static QvObj *plain_item(QvInterp *qi, QvObj *o, const QvObj *k)
{
    if (k->type != &qv_int_type) {
        return NULL;
    }
    int64_t at = qv_int_value(k);
    if (o->type == &qv_list_type) {
        const QvList *list = (const QvList *)o;
        at += at < 0 ? qv_list_len(o) : 0;
        if ((uint64_t)at < (uint64_t)list->boxed) {
            return qv_new_ref(qi, list->items[at]);
        }
    } else if (o->type == &qv_tuple_type) {
        at += at < 0 ? qv_tuple_len(o) : 0;
        if ((uint64_t)at < (uint64_t)qv_tuple_len(o)) {
            return qv_new_ref(qi, qv_tuple_peek(o, at));
        }
    }
    return NULL;
}

static int get_any(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *o = r[i.b], *x;
    if (o->type == &qv_dict_type) {
        int found = qv_dict_get(qi, o, r[i.c], &x);
        if (QV_UNLIKELY(found <= 0)) {
            if (found == 0) {
                qv_raise_obj(qi, &qv_exc_KeyError, r[i.c]);
            }
            return -1;
        }
        qv_incref(qi, x);
    } else if ((x = plain_item(qi, o, r[i.c])) == NULL) {
        return slow_get(qi, ts, f, pc, ret_new);
    }
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static int set_any(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *o = r[i.a];
    if (o->type == &qv_dict_type) {
        if (qv_dict_set(qi, o, r[i.b], r[i.c]) < 0) {
            return -1;
        }
        qv_take(qi, r, i, QV_TAKE_A);
        qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
        return 0;
    }
    return slow_set(qi, ts, f, pc, ret_new);
}

static int get_slice(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_getitem_slice(qi, f->regs, pc);
}

static int get_slice_k(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_getitem_slice_k(qi, f->regs, pc);
}

static int set_slice(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_setitem_slice(qi, f->regs, pc);
}

static int del_item(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    if ((r[i.a]->type->flags & QV_T_HEAP) &&
        (*ret_new = qv_special_setitem(qi, ts, f, r[i.a], r[i.b], NULL)) != NULL) {
        return 1;
    }
    return qv_slow_delitem(qi, r, pc);
}

static int build_slice(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    QvObj *x = qv_slice_new(qi, r[i.b], r[i.b + 1], i.c == 3 ? r[i.b + 2] : NULL);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    qv_regs_drop(qi, &r[i.b], i.c);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

// ---- lists and tuples ---------------------------------------------------------------------------

// A packed list's number, or IndexError.
static int get_packed(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *o = r[i.b];
    const QvNumbers *n = ((const QvList *)o)->numbers;
    int64_t at = qv_int_value(r[i.c]);
    if (n != NULL && i.a != i.b && !(i.flags & QV_TAKE_B)) {
        at += at < 0 ? n->len : 0;
        if (QV_LIKELY((uint64_t)at < (uint64_t)n->len)) {
            return qv_reg_put_number(qi, &r[i.a], n, at);
        }
    }
    QvObj *x = qv_getitem(qi, o, r[i.c]);
    if (!x) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static int set_packed(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    QvNumbers *n = ((QvList *)r[i.a])->numbers;
    int64_t at = qv_int_value(r[i.b]);
    at += at < 0 && n ? n->len : 0;
    if ((n == NULL || (uint64_t)at >= (uint64_t)n->len || !qv_numbers_put(n, at, r[i.c])) &&
        qv_setitem(qi, r[i.a], r[i.b], r[i.c]) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_C);
    qv_take(qi, r, i, QV_TAKE_A);
    return 0;
}

// to = the value of the int in register k.
static void load_index(QvJitGen *g, QvReg to, unsigned k)
{
    x64_load(&g->a, to, qv_jit_reg(k));
    if (!(g->facts[k] & QV_FACT_INT)) {
        x64_alu_to_mem(&g->a, ALU_CMP, JTYPE(to), JINT);
        qv_jit_exit_if(g, CC_NE);
        g->facts[k] |= QV_FACT_INT | QV_FACT_BOUND;
    }
    x64_load(&g->a, to, JINT_AT(to));
}

// rsi = the object in register o, of that exact type, else it leaves.
static void load_exact(QvJitGen *g, unsigned o, const QvType *type)
{
    x64_load(&g->a, RSI, qv_jit_reg(o));
    x64_move_ptr(&g->a, RCX, type);
    x64_alu_to_mem(&g->a, ALU_CMP, JTYPE(RSI), RCX);
    qv_jit_exit_if(g, CC_NE);
}

// at += length when it is negative; compares it with the length.
static void count_from_end(QvJitGen *g, QvReg at, QvReg len)
{
    QvAsm *a = &g->a;
    x64_test(a, at);
    uint32_t positive = x64_jcc8(a, CC_NS);
    x64_alu(a, ALU_ADD, at, len);
    x64_land8(a, positive);
    x64_alu(a, ALU_CMP, at, len);
}

static void put_item(QvJitGen *g)
{
    qv_jit_incref(g, RAX);
    qv_jit_taken(g, QV_TAKE_B, g->i.b);
    qv_jit_put(g, g->i.a);
}

// The numbers of the packed list that the frame that is hot has in local o, if it is one: what the
// instruction is translated for.
static const QvNumbers *looks_packed(const QvJitGen *g, unsigned o)
{
    const QvObj *x = !g->guarded && o < g->code->nlocals ? g->hot_regs[o] : NULL;
    return x && x->type == &qv_list_type ? ((const QvList *)x)->numbers : NULL;
}

// rdi = the numbers of the list in register o, of that kind; rdx = the index in register k, which
// they have. Leaves in all other cases.
static void load_place(QvJitGen *g, unsigned o, unsigned k, QvNumKind kind)
{
    QvAsm *a = &g->a;
    load_exact(g, o, &qv_list_type);
    x64_load(a, RDI, x64_mem(RSI, offsetof(QvList, numbers)));
    x64_test(a, RDI);
    qv_jit_exit_if(g, CC_E);
    _Static_assert(sizeof(QvNumKind) == 4, "compared as that");
    x64_alu32_mem_imm(a, ALU_CMP, x64_mem(RDI, offsetof(QvNumbers, kind)), (int32_t)kind);
    qv_jit_exit_if(g, CC_NE);
    load_index(g, RDX, k);
    x64_load(a, RCX, x64_mem(RDI, offsetof(QvNumbers, len)));
    count_from_end(g, RDX, RCX);
    qv_jit_exit_if(g, CC_AE);
}

static void get_number(QvJitGen *g, QvNumKind kind)
{
    QvAsm *a = &g->a;
    int at = offsetof(QvNumbers, data);
    load_place(g, g->i.b, g->i.c, kind);
    switch (kind) {
    case QV_NUM_F64:
        x64_indexed(a, 0xF2, false, 0x0F10, XMM0, RDI, RDX, 3, at);
        qv_jit_put_float(g, g->i.a);
        return;
    case QV_NUM_I8: x64_indexed(a, 0, true, 0x0FBE, RAX, RDI, RDX, 0, at); break; // movsx
    case QV_NUM_I16: x64_indexed(a, 0, true, 0x0FBF, RAX, RDI, RDX, 1, at); break;
    case QV_NUM_I32: x64_indexed(a, 0, true, 0x63, RAX, RDI, RDX, 2, at); break;
    case QV_NUM_I64: x64_indexed(a, 0, true, 0x8B, RAX, RDI, RDX, 3, at); break;
    }
    qv_jit_put_int(g, g->i.a);
}

static void get_list(QvJitGen *g)
{
    QvAsm *a = &g->a;
    const QvNumbers *packed = looks_packed(g, g->i.b);
    if (packed && g->i.a != g->i.b && !(g->i.flags & QV_TAKE_B)) {
        get_number(g, packed->kind);
        return;
    }
    load_exact(g, g->i.b, &qv_list_type);
    load_index(g, RDX, g->i.c);
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvList, boxed)));
    count_from_end(g, RDX, RCX);
    uint32_t cold = qv_jit_rare_if(g, CC_AE, get_packed);
    x64_load(a, RSI, x64_mem(RSI, offsetof(QvList, items)));
    x64_indexed(a, 0, true, 0x8B, RAX, RSI, RDX, 3, 0);
    put_item(g);
    qv_jit_back_here(g, cold);
    if (g->i.flags & QV_TAKE_B) {
        g->facts[g->i.b] = 0;
    }
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static void get_tuple(QvJitGen *g)
{
    QvAsm *a = &g->a;
    load_exact(g, g->i.b, &qv_tuple_type);
    load_index(g, RDX, g->i.c);
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvTuple, len)));
    count_from_end(g, RDX, RCX);
    qv_jit_exit_if(g, CC_AE);
    x64_indexed(a, 0, true, 0x8B, RAX, RSI, RDX, 3, offsetof(QvTuple, items));
    put_item(g);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

static void set_float(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned from = g->i.c;
    load_place(g, g->i.a, g->i.b, QV_NUM_F64);
    x64_load(a, RAX, qv_jit_reg(from));
    if (!(g->facts[from] & QV_FACT_FLOAT)) {
        x64_alu_to_mem(a, ALU_CMP, JTYPE(RAX), JFLOAT);
        qv_jit_exit_if(g, CC_NE);
        g->facts[from] |= QV_FACT_FLOAT | QV_FACT_BOUND;
    }
    x64_load_sd(a, XMM0, x64_mem(RAX, offsetof(QvFloat, value)));
    x64_ucomisd(a, XMM0, XMM0);
    qv_jit_exit_if(g, CC_P); // NaN is kept as the object it is
    x64_indexed(a, 0xF2, false, 0x0F11, XMM0, RDI, RDX, 3, offsetof(QvNumbers, data));
    qv_jit_taken(g, QV_TAKE_C, from);
}

static void set_list(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned o = g->i.a;
    const QvNumbers *packed = looks_packed(g, o);
    if (packed && packed->kind == QV_NUM_F64 && !(g->i.flags & QV_TAKE_A)) {
        set_float(g);
        return;
    }
    load_exact(g, o, &qv_list_type);
    load_index(g, RDI, g->i.b);
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvList, boxed)));
    count_from_end(g, RDI, RCX);
    uint32_t cold = qv_jit_rare_if(g, CC_AE, set_packed);
    x64_load(a, RSI, x64_mem(RSI, offsetof(QvList, items)));
    qv_jit_give(g, g->i.c, QV_TAKE_C);
    x64_indexed(a, 0, true, 0x8B, RCX, RSI, RDI, 3, 0);
    x64_indexed(a, 0, true, 0x89, RAX, RSI, RDI, 3, 0);
    qv_jit_decref_rcx(g, false);
    qv_jit_taken(g, QV_TAKE_A, o);
    qv_jit_back_here(g, cold);
    if (g->i.flags & QV_TAKE_C) {
        g->facts[g->i.c] = 0; // NULL on one way, perhaps a box on the other
    }
    if (g->i.flags & QV_TAKE_A) {
        g->facts[o] = 0;
    }
}

// ---- strings and dicts --------------------------------------------------------------------------

static QvObj *get_character(QvInterp *qi, QvObj *o, int64_t at)
{
    return qv_str_from_char(qi, qv_str_read(o, at));
}

static void get_str(QvJitGen *g)
{
    QvAsm *a = &g->a;
    load_exact(g, g->i.b, &qv_str_type);
    load_index(g, RDX, g->i.c);
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvStr, len)));
    count_from_end(g, RDX, RCX);
    qv_jit_exit_if(g, CC_AE);
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)get_character);
    x64_test(a, RAX);
    qv_jit_error_if(g, CC_E);
    qv_jit_taken(g, QV_TAKE_B, g->i.b);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
}

// A look-up in an exact dict.
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
    load_exact(g, g->i.b, &qv_dict_type);
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
    qv_jit_check_hooks(g, qv_jit_after(g));
}

static void set_dict(QvJitGen *g)
{
    QvAsm *a = &g->a;
    load_exact(g, g->i.a, &qv_dict_type);
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
    qv_jit_check_hooks(g, qv_jit_after(g));
}

// The forms that are guarded, as long as their guards hold.
static bool guarded_form(QvJitGen *g)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_GETITEM_LIST_INT: get_list(g); return true;
    case QV_INS_GETITEM_TUPLE_INT: get_tuple(g); return true;
    case QV_INS_GETITEM_STR_INT: get_str(g); return true;
    case QV_INS_GETITEM_DICT: get_dict(g); return true;
    case QV_INS_SETITEM_LIST_INT: set_list(g); return true;
    case QV_INS_SETITEM_DICT: set_dict(g); return true;
    default: return false;
    }
}

bool qv_jit_item(QvJitGen *g)
{
    if (!g->guarded && guarded_form(g)) {
        return true;
    }
    switch ((QvOp)g->i.op) {
    case QV_INS_GETITEM:
        if (!qv_jit_seen_general(g)) {
            return false;
        }
        __attribute__((fallthrough));
    case QV_INS_GETITEM_LIST_INT:
    case QV_INS_GETITEM_TUPLE_INT:
    case QV_INS_GETITEM_STR_INT:
    case QV_INS_GETITEM_DICT: return qv_jit_by_c_made(g, get_any);
    case QV_INS_SETITEM:
        if (!qv_jit_seen_general(g)) {
            return false;
        }
        __attribute__((fallthrough));
    case QV_INS_SETITEM_LIST_INT:
    case QV_INS_SETITEM_DICT: return qv_jit_by_c_made(g, set_any);
    case QV_INS_DELITEM: return qv_jit_by_c_made(g, del_item);
    case QV_INS_GETITEM_SLICE: return qv_jit_by_c(g, get_slice);
    case QV_INS_GETITEM_SLICE_K: return qv_jit_by_c(g, get_slice_k);
    case QV_INS_SETITEM_SLICE: return qv_jit_by_c(g, set_slice);
    case QV_INS_BUILD_SLICE: return qv_jit_by_c(g, build_slice);
    default: return false;
    }
}

#endif
