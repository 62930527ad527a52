// SPDX-License-Identifier: MIT
// Machine code for names, and what jit_attribute.c, jit_item.c and jit_build.c share: instructions
// that a C function does whole.
//
// The guards are those of the specialised forms (specialise.c), with what their caches say put into
// the code. Where a guard fails, the eval loop does the instruction, and gives it another form.
#include "vm/jit.h"

#if QV_JIT

#include "vm/jit_internal.h"

#define MANY_TIMES 3 // translations, after which no better form of an instruction is waited for

// ---- instructions done by C ---------------------------------------------------------------------

// What registers hold after C code did the instruction: those that it takes or writes may hold
// anything, and boxes may be shared.
static void forget_written(QvJitGen *g)
{
    const QvOpInfo *info = &qv_op_info[g->i.op];
    const uint8_t kinds[3] = {info->a, info->b, info->c},
                  flags[3] = {QV_TAKE_A, QV_TAKE_B, QV_TAKE_C};
    const uint16_t regs[3] = {g->i.a, g->i.b, g->i.c};
    unsigned n = g->code->nregs;
    for (int k = 0; k < 3; k++) {
        if (kinds[k] == QV_K_B) { // temporaries that are used up, and dead ones behind them
            memset(g->facts + regs[k], 0, regs[k] < n ? n - regs[k] : 0);
        } else if (kinds[k] == QV_K_D || kinds[k] == QV_K_T ||
                   (kinds[k] == QV_K_R && (g->i.flags & flags[k]) && regs[k] < n)) {
            g->facts[regs[k]] = 0;
        }
    }
    qv_jit_forget_owners(g);
    if (kinds[0] == QV_K_D) {
        g->facts[g->i.a] = QV_FACT_BOUND;
    }
}

static void after_c(QvJitGen *g)
{
    forget_written(g);
    if (qv_op_info[g->i.op].traits & QV_TR_RUN) {
        qv_jit_check_hooks(g, qv_jit_after(g));
    }
}

bool qv_jit_by_c(QvJitGen *g, QvJitFn fn)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RSI, JFRAME);
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)fn);
    x64_test32(a, RAX);
    qv_jit_error_if(g, CC_S);
    after_c(g);
    return true;
}

void qv_jit_call_made(QvJitGen *g, const void *fn)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RCX, RDX);
    x64_lea(a, R8, JSPILL);
    x64_move(a, RDX, JFRAME);
    x64_move(a, RSI, JTS);
    x64_move(a, RDI, JQI);
    x64_call_c(a, fn);
    qv_jit_perhaps_called(g);
    after_c(g);
}

bool qv_jit_by_c_made(QvJitGen *g, QvJitMadeFn fn)
{
    qv_jit_call_made(g, (const void *)fn);
    return true;
}

void qv_jit_put_made(QvJitGen *g)
{
    x64_test(&g->a, RAX);
    qv_jit_error_if(g, CC_E);
    qv_jit_forget_owners(g);
    qv_jit_taken(g, QV_TAKE_B, g->i.b);
    qv_jit_put(g, g->i.a);
    g->facts[g->i.a] = QV_FACT_BOUND;
    if (qv_op_info[g->i.op].traits & QV_TR_RUN) {
        qv_jit_check_hooks(g, qv_jit_after(g));
    }
}

static void rare_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, g->at + 1);
    x64_move(a, RSI, JFRAME);
    x64_move(a, RDI, JQI);
    x64_call_c(a, (const void *)(uintptr_t)c->data);
    x64_test32(a, RAX);
    x64_jcc_to(a, CC_NS, c->back);
    qv_jit_raised(g);
}

uint32_t qv_jit_rare_if(QvJitGen *g, QvCc cc, QvJitFn fn)
{
    QvCold *c = qv_jit_cold(g, COLD_CUSTOM, x64_jcc(&g->a, cc));
    c->fn = (const void *)rare_cold;
    c->data = (uintptr_t)fn;
    return g->ncolds - 1;
}

void qv_jit_back_here(QvJitGen *g, uint32_t cold)
{
    g->colds[cold < g->cap_colds ? cold : 0].back = g->a.len;
}

bool qv_jit_seen_general(QvJitGen *g)
{
    bool seen = (g->left[g->at] & QV_JIT_COLD) || g->code->jit_times >= MANY_TIMES;
    g->left[g->at] |= QV_JIT_COLD;
    return seen;
}

// ---- names --------------------------------------------------------------------------------------

// Leaves when the dict that the frame has at `field` has changed since.
static void guard_dict(QvJitGen *g, size_t field, uint64_t version, bool *known)
{
    if (*known) {
        return;
    }
    *known = true;
    x64_load(&g->a, RCX, x64_mem(JFRAME, field));
    x64_move_imm(&g->a, RDX, version);
    x64_alu_to_mem(&g->a, ALU_CMP, x64_mem(RCX, offsetof(QvDict, version)), RDX);
    qv_jit_exit_if(g, CC_NE);
}

// A dict's value, whose place is the same as long as the guard before it holds. (A store of another
// value leaves a dict its version.)
static void put_entry(QvJitGen *g, QvObj *const *place)
{
    g->guess[g->i.a] = *place;
    g->guess[g->i.a] = *place;
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
    guard_dict(g, offsetof(QvFrame, globals), version, &g->known_globals);
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
    guard_dict(g, offsetof(QvFrame, globals), version, &g->known_globals);
    guard_dict(g, offsetof(QvFrame, builtins), in_builtins, &g->known_builtins);
    put_entry(g, &b->entries[qv_jit_cache(g, 1) & 0xFFFF].value);
    return true;
}

static int general_global(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_load_global(qi, f, f->regs, pc);
}

static bool load_global(QvJitGen *g)
{
    bool known = !g->guarded && (g->i.op == QV_INS_LOAD_GLOBAL_MODULE    ? load_global_module(g)
                                 : g->i.op == QV_INS_LOAD_GLOBAL_BUILTIN ? load_global_builtin(g)
                                                                         : false);
    return known || ((g->guarded || qv_jit_seen_general(g)) && qv_jit_by_c(g, general_global));
}

static int load_name(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    const QvDict *d = (const QvDict *)f->globals;
    const uint64_t *cache = (const uint64_t *)pc;
    if (QV_LIKELY(f->locals == &d->h && d->version == cache[0] && cache[0] != 0)) {
        qv_reg_put(qi, &f->regs[pc[-1].a], qv_new_ref(qi, *(QvObj **)(uintptr_t)cache[1]));
        return 0;
    }
    return qv_slow_load_name(qi, f, f->regs, pc);
}

static int store_name(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_store_name(qi, f, f->regs, pc);
}

static int store_global(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvInstr i = pc[-1];
    if (qv_dict_set(qi, f->globals, f->code->names[i.b], f->regs[i.a]) < 0) {
        return -1;
    }
    qv_take(qi, f->regs, i, QV_TAKE_A);
    return 0;
}

static int load_class_cell(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    return qv_slow_load_class_cell(qi, f, f->regs, pc);
}

static bool translate_name(QvJitGen *g)
{
    switch ((QvOp)g->i.op) {
    case QV_INS_LOAD_GLOBAL:
    case QV_INS_LOAD_GLOBAL_MODULE:
    case QV_INS_LOAD_GLOBAL_BUILTIN: return load_global(g);
    case QV_INS_STORE_GLOBAL: return qv_jit_by_c(g, store_global);
    case QV_INS_DEL_GLOBAL: return qv_jit_by_c(g, qv_slow_del_global);
    case QV_INS_LOAD_NAME: return qv_jit_by_c(g, load_name);
    case QV_INS_STORE_NAME: return qv_jit_by_c(g, store_name);
    case QV_INS_DEL_NAME: return qv_jit_by_c(g, qv_slow_del_name);
    case QV_INS_LOAD_CLASS_CELL: return qv_jit_by_c(g, load_class_cell);
    default: return false;
    }
}

bool qv_jit_object(QvJitGen *g)
{
    return translate_name(g) || qv_jit_attribute(g) || qv_jit_item(g) || qv_jit_build(g);
}

#endif
