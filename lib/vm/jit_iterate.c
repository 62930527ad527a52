// SPDX-License-Identifier: MIT
// Machine code for the loops whose step is a C function.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

// What a step has come to.
enum { STEP_ERROR = -1, STEP_END, STEP_ITEM, STEP_GENERAL };

static int by_step(QvInterp *qi, QvObj **slot, QvForStep step)
{
    switch (step) {
    case QV_FOR_DONE: return STEP_ITEM;
    case QV_FOR_GENERAL: return STEP_GENERAL;
    case QV_FOR_ERROR: return STEP_ERROR;
    default: qv_clear(qi, slot); return STEP_END;
    }
}

// Steps: pc is behind the word of FOR_ITER.
static int step_enumerate(QvInterp *qi, QvObj **r, const QvInstr *pc)
{
    QvObj **slot = &r[pc[-1].b];
    return by_step(qi, slot, qv_for_enumerate(qi, *slot, &r[pc[1].a], pc[1].c));
}

static int step_zip(QvInterp *qi, QvObj **r, const QvInstr *pc)
{
    QvObj **slot = &r[pc[-1].b];
    return by_step(qi, slot, qv_for_zip(qi, *slot, &r[pc[1].a], pc[1].c));
}

static int step_tuples(QvInterp *qi, QvObj **r, const QvInstr *pc)
{
    QvObj **slot = &r[pc[-1].b];
    return by_step(qi, slot, qv_for_tuples(qi, *slot, &r[pc[1].a], pc[1].c));
}

static int step_items(QvInterp *qi, QvObj **r, const QvInstr *pc)
{
    QvDictIter *it = (QvDictIter *)r[pc[-1].b];
    QvObj *key, *value, **to = &r[pc[1].a];
    if (QV_UNLIKELY(!qv_dict_iter_step(it, &key, &value))) {
        if (it->h.refs == 1 && qv_dict_iter_ended(it)) {
            qv_clear(qi, &r[pc[-1].b]);
            return STEP_END;
        }
        return STEP_GENERAL;
    }
    qv_incref(qi, key);
    qv_incref(qi, value);
    qv_reg_put(qi, &to[0], key);
    qv_reg_put(qi, &to[1], value);
    return STEP_ITEM;
}

static int step_dict(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvDictIter *it = (QvDictIter *)r[pc[-1].b];
    bool keys = it->h.type == &qv_dict_keyiterator_type;
    QvObj *key, *x;
    if (QV_LIKELY(keys || it->h.type == &qv_dict_valueiterator_type)) {
        if (QV_LIKELY(qv_dict_iter_step(it, &key, &x))) {
            qv_reg_put(qi, &r[pc[-1].a], qv_new_ref(qi, keys ? key : x));
            return STEP_ITEM;
        }
        if (it->h.refs == 1 && qv_dict_iter_ended(it)) {
            qv_clear(qi, &r[pc[-1].b]);
            return STEP_END;
        }
    }
    return qv_slow_for_iter(qi, r, pc);
}

static int step_any(QvInterp *qi, QvObj **r, QvInstr *pc)
{
    QvObj *it = r[pc[-1].b];
    if (QV_UNLIKELY(it->type->next == NULL)) {
        return qv_slow_for_iter(qi, r, pc);
    }
    QvObj *x = it->type->next(qi, it);
    if (QV_LIKELY(x != NULL)) {
        qv_reg_put(qi, &r[pc[-1].a], x);
        return STEP_ITEM;
    }
    return qv_for_iter_end(qi, &r[pc[-1].b]) < 0 ? STEP_ERROR : STEP_END;
}

// eax = fn(qi, r, pc)
static void call_step(QvJitGen *g, const void *fn)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JREGS);
    // rdx is the pc already
    x64_call_c(a, fn);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    qv_jit_forget_owners(g);
}

static void for_step(QvJitGen *g, const void *fn)
{
    call_step(g, fn);
    g->facts[g->i.b] = 0;
    qv_jit_jump_if(g, CC_E, qv_jit_near(g));
    g->facts[g->i.a] = QV_FACT_BOUND;
    qv_jit_check_hooks(g, qv_jit_after(g));
}

// With the UNPACK that follows: it is done only behind the general step.
static void for_fused(QvJitGen *g, const QvType *type, const void *fn)
{
    QvAsm *a = &g->a;
    if (g->guarded) {
        for_step(g, (const void *)qv_slow_for_iter);
        return;
    }
    x64_load(a, RCX, qv_jit_reg(g->i.b));
    x64_move_ptr(a, RDX, type);
    x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), RDX);
    qv_jit_exit_if(g, CC_NE);
    call_step(g, fn);
    g->facts[g->i.b] = 0;
    qv_jit_jump_if(g, CC_E, qv_jit_near(g));
    x64_alu32_imm(a, ALU_CMP, RAX, STEP_ITEM);
    qv_jit_jump_if(g, CC_E, qv_jit_after(g) + 1 + qv_op_info[QV_INS_UNPACK].words);
    for_step(g, (const void *)qv_slow_for_iter);
}

bool qv_jit_iterate(QvJitGen *g)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_FOR_ITER: for_step(g, (const void *)qv_slow_for_iter); return true;
    case QV_INS_FOR_ITER_ANY: for_step(g, (const void *)step_any); return true;
    case QV_INS_FOR_ITER_DICT: for_step(g, (const void *)step_dict); return true;
    case QV_INS_FOR_ITER_ITEMS:
        for_fused(g, &qv_dict_itemiterator_type, (const void *)step_items);
        return true;
    case QV_INS_FOR_ITER_ENUM:
        for_fused(g, &qv_enumerate_type, (const void *)step_enumerate);
        return true;
    case QV_INS_FOR_ITER_ZIP: for_fused(g, &qv_zip_type, (const void *)step_zip); return true;
    case QV_INS_FOR_ITER_TUPLES:
        for_fused(g, &qv_list_iterator_type, (const void *)step_tuples);
        return true;
    default: return false;
    }
}

#endif
