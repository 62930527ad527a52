// SPDX-License-Identifier: MIT
// Machine code for displays, comprehensions' steps, formatting, functions, imports and patterns:
// mostly calls of C functions that do the whole instruction.
#include "vm/jit.h"

#if QV_JIT

#include "object/set.h"
#include "vm/jit_internal.h"

// ---- displays -----------------------------------------------------------------------------------

static int build_tuple(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = qv_tuple_new(qi, i.c);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    QvObj **items = qv_tuple_items(x);
    for (unsigned j = 0; j < i.c; j++) {
        items[j] = r[i.b + j];
        r[i.b + j] = NULL;
    }
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static int build_list(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = qv_list_new(qi, i.c);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    QvList *list = (QvList *)x;
    for (unsigned j = 0; j < i.c; j++) {
        list->items[j] = r[i.b + j];
        r[i.b + j] = NULL;
    }
    list->boxed = i.c;
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

// The instruction may have ENTER_JIT for its opcode, which is what tells qv_slow_build the kind.
static int build_other(QvInterp *qi, QvFrame *f, QvInstr *pc, QvOp op)
{
    QvInstr own[1] = {pc[-1]};
    own->op = (uint8_t)op;
    return qv_slow_build(qi, f->regs, own + 1);
}

static int build_set(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return build_other(qi, f, pc, QV_INS_BUILD_SET);
}

static int build_dict(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return build_other(qi, f, pc, QV_INS_BUILD_DICT);
}

static int build_string(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return build_other(qi, f, pc, QV_INS_BUILD_STRING);
}

static int list_append(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = r[i.b];
    QvList *list = (QvList *)r[i.a];
    if (list->numbers != NULL && qv_numbers_add(list->numbers, x)) {
        if (i.flags & QV_TAKE_B) {
            r[i.b] = NULL;
            qv_number_drop(qi, x);
        }
        return 0;
    }
    if (i.flags & QV_TAKE_B) {
        r[i.b] = NULL;
    } else {
        qv_incref(qi, x);
    }
    if (QV_LIKELY(list->boxed < list->cap)) {
        list->items[list->boxed++] = x;
        return 0;
    }
    return qv_list_push_take(qi, &list->h, x);
}

// The list is a display that grows: nobody else has it.
static bool append(QvJitGen *g)
{
    QvAsm *a = &g->a;
    unsigned from = g->i.b;
    x64_load(a, RSI, qv_jit_reg(g->i.a));
    x64_alu_mem_imm(a, ALU_CMP, x64_mem(RSI, offsetof(QvList, numbers)), 0);
    uint32_t packed = qv_jit_rare_if(g, CC_NE, list_append);
    x64_load(a, RCX, x64_mem(RSI, offsetof(QvList, boxed)));
    x64_alu_mem(a, ALU_CMP, RCX, x64_mem(RSI, offsetof(QvList, cap)));
    uint32_t full = qv_jit_rare_if(g, CC_GE, list_append);
    x64_load(a, RDI, x64_mem(RSI, offsetof(QvList, items)));
    qv_jit_give(g, from, QV_TAKE_B);
    x64_indexed(a, 0, true, 0x89, RAX, RDI, RCX, 3, 0);
    x64_alu_imm(a, ALU_ADD, RCX, 1);
    x64_store(a, x64_mem(RSI, offsetof(QvList, boxed)), RCX);
    qv_jit_back_here(g, packed);
    qv_jit_back_here(g, full);
    return true;
}

static int list_extend(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_list_extend(qi, f->regs, pc);
}

static int list_to_tuple(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = qv_list_as_tuple(qi, r[i.b]);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    qv_reg_drop(qi, &r[i.b]);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static int set_add(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    if (qv_set_add(qi, f->regs[i.a], f->regs[i.b]) < 0) {
        return -1;
    }
    qv_take(qi, f->regs, i, QV_TAKE_B);
    return 0;
}

static int set_update(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    if (qv_set_update(qi, f->regs[i.a], f->regs[i.b]) < 0) {
        return -1;
    }
    qv_take(qi, f->regs, i, QV_TAKE_B);
    return 0;
}

static int dict_put(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    if (qv_dict_set(qi, r[i.a], r[i.b], r[i.c]) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    return 0;
}

static int dict_update(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_dict_update(qi, f->regs, pc);
}

static int dict_merge(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    if (qv_dict_merge_unique(qi, r[i.a], r[i.b], r[i.c]) < 0) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B);
    return 0;
}

static int unpack_star(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_unpack(qi, f->regs, pc, true);
}

static int format(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs;
    QvObj *x =
        qv_op_format(qi, r[i.b], (i.flags >> QV_CONV_SHIFT) & 3, i.c == 0xFFFF ? NULL : r[i.c]);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B);
    if (i.c != 0xFFFF) {
        qv_take(qi, r, i, QV_TAKE_C);
    }
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static bool star(QvJitGen *g)
{
    qv_jit_by_c(g, unpack_star);
    unsigned n = (g->i.c & 0xFFu) + 1 + (g->i.c >> 8);
    memset(g->facts + g->i.a, QV_FACT_BOUND, n);
    return true;
}

static bool translate_display(QvJitGen *g)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_BUILD_TUPLE: return qv_jit_by_c(g, build_tuple);
    case QV_INS_BUILD_LIST: return qv_jit_by_c(g, build_list);
    case QV_INS_BUILD_SET: return qv_jit_by_c(g, build_set);
    case QV_INS_BUILD_DICT: return qv_jit_by_c(g, build_dict);
    case QV_INS_BUILD_STRING: return qv_jit_by_c(g, build_string);
    case QV_INS_LIST_APPEND: return append(g);
    case QV_INS_LIST_EXTEND: return qv_jit_by_c(g, list_extend);
    case QV_INS_LIST_TO_TUPLE: return qv_jit_by_c(g, list_to_tuple);
    case QV_INS_SET_ADD: return qv_jit_by_c(g, set_add);
    case QV_INS_SET_UPDATE: return qv_jit_by_c(g, set_update);
    case QV_INS_DICT_PUT: return qv_jit_by_c(g, dict_put);
    case QV_INS_DICT_UPDATE: return qv_jit_by_c(g, dict_update);
    case QV_INS_DICT_MERGE: return qv_jit_by_c(g, dict_merge);
    case QV_INS_FORMAT: return qv_jit_by_c(g, format);
    case QV_INS_UNPACK_EX: return star(g);
    default: return false;
    }
}

// ---- functions, classes, imports ----------------------------------------------------------------

static int make_function(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_make_function(qi, f, f->regs, pc);
}

static int import_name(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_import(qi, f, f->regs, pc);
}

static int import_from(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj *x = qv_op_import_from(qi, f->regs[i.b], f->code->names[i.c]);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    qv_reg_put(qi, &f->regs[i.a], x);
    return 0;
}

static int load_assertion_error(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    qv_reg_put(qi, &f->regs[pc[-1].a], (QvObj *)&qv_exc_AssertionError);
    return 0;
}

// ---- patterns -----------------------------------------------------------------------------------

static int match_mapping(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    bool yes = qv_op_match_mapping(f->regs[i.b]);
    qv_take(qi, f->regs, i, QV_TAKE_B);
    qv_reg_put(qi, &f->regs[i.a], qv_bool(yes));
    return 0;
}

static int match_sequence(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    bool yes = qv_op_match_sequence(f->regs[i.b]);
    qv_take(qi, f->regs, i, QV_TAKE_B);
    qv_reg_put(qi, &f->regs[i.a], qv_bool(yes));
    return 0;
}

// 1: a sequence of so many, 0, -1.
static int is_sequence_of(QvInterp *qi, QvObj *o, QvSsize n)
{
    if (o->type == &qv_tuple_type) {
        return qv_tuple_len(o) == n;
    }
    if (!qv_op_match_sequence(o)) {
        return 0;
    }
    QvSsize len = qv_len(qi, o);
    return len < 0 ? -1 : len == n;
}

static bool jump_no_sequence(QvJitGen *g)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move_imm(a, RDX, g->i.b);
    x64_load(a, RSI, qv_jit_reg(g->i.a));
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)is_sequence_of);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    qv_jit_forget_owners(g);
    qv_jit_jump_if(g, CC_E, qv_jit_near(g));
    return true;
}

static int get_len(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvSsize n = qv_len(qi, f->regs[i.b]);
    if (QV_UNLIKELY(n < 0)) {
        return -1;
    }
    qv_take(qi, f->regs, i, QV_TAKE_B);
    return qv_reg_put_int(qi, &f->regs[i.a], n);
}

static int match_keys(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = qv_op_match_keys(qi, r[i.b], r[i.c]);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static int match_class(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = qv_op_match_class(qi, r[i.b], r[i.b + 1], i.c, r[i.b + 2]);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    qv_regs_drop(qi, &r[i.b], 3);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

static int match_rest(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    QvObj **r = f->regs, *x = qv_op_match_rest(qi, r[i.b], r[i.c]);
    if (QV_UNLIKELY(!x)) {
        return -1;
    }
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

bool qv_jit_build(QvJitGen *g)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_MAKE_FUNCTION: return qv_jit_by_c(g, make_function);
    case QV_INS_IMPORT_NAME: return qv_jit_by_c(g, import_name);
    case QV_INS_IMPORT_FROM: return qv_jit_by_c(g, import_from);
    case QV_INS_LOAD_ASSERTION_ERROR: return qv_jit_by_c(g, load_assertion_error);
    case QV_INS_MATCH_MAPPING: return qv_jit_by_c(g, match_mapping);
    case QV_INS_MATCH_SEQUENCE: return qv_jit_by_c(g, match_sequence);
    case QV_INS_JNOT_SEQUENCE: return jump_no_sequence(g);
    case QV_INS_GET_LEN: return qv_jit_by_c(g, get_len);
    case QV_INS_MATCH_KEYS: return qv_jit_by_c(g, match_keys);
    case QV_INS_MATCH_CLASS: return qv_jit_by_c(g, match_class);
    case QV_INS_MATCH_REST: return qv_jit_by_c(g, match_rest);
    default: return translate_display(g);
    }
}

#endif
