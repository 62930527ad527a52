// SPDX-License-Identifier: MIT
// The translation of a code object: labels, cold parts, references; the instructions themselves are
// in the other jit_*.c.
#include "vm/jit.h"

#if QV_JIT

#include "code/flow.h"
#include "vm/jit_internal.h"

#define MOST_WORDS  20000u // of a code object
#define WORD_BYTES  80u    // of machine code for one word: most need less
#define EXTRA_BYTES 2048u

// ---- leaving ------------------------------------------------------------------------------------

QvCold *qv_jit_cold(QvJitGen *g, QvColdKind kind, uint32_t from)
{
    if (g->ncolds == g->cap_colds) {
        g->a.failed = true;
        return &g->lost;
    }
    QvCold *c = &g->colds[g->ncolds++];
    *c = (QvCold){.kind = (uint8_t)kind, .from = from, .back = g->a.len, .at = g->at};
    return c;
}

void qv_jit_exit_if(QvJitGen *g, QvCc cc)
{
    qv_jit_cold(g, COLD_EXIT, x64_jcc(&g->a, cc))->at = g->leave_at;
}

static void leave_at(QvJitGen *g, const uint8_t *stub, const QvInstr *pc)
{
    x64_move_ptr(&g->a, RAX, pc);
    x64_move_ptr(&g->a, RCX, stub);
    x64_jump_reg(&g->a, RCX);
}

void qv_jit_exit(QvJitGen *g, uint32_t word) { leave_at(g, g->jit->go_on, qv_jit_pc(g, word)); }

void qv_jit_error_if(QvJitGen *g, QvCc cc)
{
    qv_jit_cold(g, COLD_ERROR, x64_jcc(&g->a, cc))->data = g->saved;
}

void qv_jit_raised(QvJitGen *g) { leave_at(g, g->jit->error, qv_jit_pc(g, g->saved)); }

static void to_word(QvJitGen *g, uint32_t from, uint32_t word)
{
    if (g->nfixes == g->cap_fixes) {
        g->a.failed = true;
        return;
    }
    g->fixes[g->nfixes++] = (QvFix){from, word};
}

static void poll(QvJitGen *g, uint32_t word)
{
    x64_alu32_mem_imm(&g->a, ALU_CMP, x64_mem(JQI, offsetof(QvInterp, poll)), 0);
    qv_jit_cold(g, COLD_EXIT, x64_jcc(&g->a, CC_NE))->at = word;
}

void qv_jit_jump(QvJitGen *g, uint32_t word)
{
    if (word <= g->at) {
        poll(g, word);
    }
    to_word(g, x64_jmp(&g->a), word);
}

void qv_jit_jump_if(QvJitGen *g, QvCc cc, uint32_t word)
{
    if (word > g->at) {
        to_word(g, x64_jcc(&g->a, cc), word);
        return;
    }
    uint32_t not = x64_jcc(&g->a, cc ^ 1);
    qv_jit_jump(g, word);
    x64_land(&g->a, not );
}

void qv_jit_save(QvJitGen *g, uint32_t word)
{
    g->runs = true;
    g->saved = word;
    x64_move_ptr(&g->a, RDX, qv_jit_pc(g, word));
    x64_store(&g->a, x64_mem(JFRAME, offsetof(QvFrame, pc)), RDX);
}

void qv_jit_enter(QvJitGen *g)
{
    QvAsm *a = &g->a;
    x64_store(a, x64_mem(JTS, offsetof(QvThread, frame)), RDI);
    x64_move(a, JFRAME, RDI);
    x64_move(a, JREGS, RSI);
    x64_load(a, R8, x64_mem(RDX, offsetof(QvCode, jit)));
    x64_load(a, RAX, x64_mem(RDX, offsetof(QvCode, instrs)));
    x64_test(a, R8);
    uint32_t none = x64_jcc8(a, CC_E);
    x64_load(a, RCX, x64_mem(R8, offsetof(QvJitUnit, entry)));
    x64_jump_reg(a, RCX);
    x64_land8(a, none);
    x64_move_ptr(a, RCX, g->jit->go_on);
    x64_jump_reg(a, RCX);
}

QvJitTo qv_jit_to(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    const QvJit *jit = qi->jit.state;
    if (pc->op != QV_INS_ENTER_JIT || QV_UNLIKELY(qi->dispatch != jit->dispatch)) {
        return (QvJitTo){pc, jit->go_on};
    }
    const QvJitUnit *u = f->code->jit;
    return (QvJitTo){pc, u->base + u->native[pc - f->code->instrs]};
}

void qv_jit_step(QvJitGen *g, QvJitStep fn)
{
    QvAsm *a = &g->a;
    x64_move(a, RDI, JQI);
    x64_move(a, RSI, JTS);
    x64_move(a, RDX, JFRAME);
    x64_move_ptr(a, RCX, qv_jit_pc(g, g->at + 1));
    const void *code;
    memcpy(&code, &fn, sizeof code);
    x64_call_c(a, code);
    x64_load(a, JFRAME, x64_mem(JTS, offsetof(QvThread, frame)));
    x64_test(a, JFRAME);
    uint32_t none = x64_jcc8(a, CC_E); // C gets a result
    x64_load(a, JREGS, x64_mem(JFRAME, offsetof(QvFrame, regs)));
    x64_land8(a, none);
    x64_jump_reg(a, RDX);
}

static void called_cold(QvJitGen *g, const QvCold *c)
{
    (void)c;
    QvAsm *a = &g->a;
    x64_load(a, RDI, JSPILL);
    x64_load(a, RSI, x64_mem(RDI, offsetof(QvFrame, regs)));
    x64_load(a, RDX, x64_mem(RDI, offsetof(QvFrame, code)));
    qv_jit_enter(g);
}

void qv_jit_called_if(QvJitGen *g, QvCc cc)
{
    qv_jit_cold(g, COLD_CUSTOM, x64_jcc(&g->a, cc))->fn = (const void *)called_cold;
}

void qv_jit_perhaps_called(QvJitGen *g)
{
    x64_test32(&g->a, RAX);
    qv_jit_error_if(g, CC_S);
    qv_jit_called_if(g, CC_NE);
}

void qv_jit_check_hooks(QvJitGen *g, uint32_t word)
{
    x64_move_ptr(&g->a, RCX, g->jit->dispatch);
    x64_alu_mem(&g->a, ALU_CMP, RCX, x64_mem(JQI, offsetof(QvInterp, dispatch)));
    qv_jit_cold(g, COLD_EXIT, x64_jcc(&g->a, CC_NE))->at = word;
}

// ---- guards that are known to hold --------------------------------------------------------------

bool qv_jit_is_known(QvJitGen *g, unsigned reg, uint32_t version, size_t at, uint64_t guard)
{
    for (unsigned k = 0; k < g->nknown; k++) {
        const QvKnownGuard *x = &g->known[k];
        if (x->reg == reg && x->version == version && x->at == at && x->guard == guard) {
            return true;
        }
    }
    if (g->nknown < QV_KNOWN_GUARDS) {
        g->known[g->nknown++] = (QvKnownGuard){(uint16_t)reg, version, at, guard};
    }
    return false;
}

static void forget_guards(QvJitGen *g)
{
    g->nknown = 0;
    g->known_globals = g->known_builtins = false;
}

static void forget_guards_of(QvJitGen *g, unsigned reg)
{
    unsigned n = 0;
    for (unsigned k = 0; k < g->nknown; k++) {
        if (g->known[k].reg != reg) {
            g->known[n++] = g->known[k];
        }
    }
    g->nknown = n;
}

// Instructions that write no register but those that their operands tell, and change no shape.
static bool is_simple(QvOp op)
{
    switch (op) {
    case QV_INS_NOP:
    case QV_INS_MOVE:
    case QV_INS_TAKE:
    case QV_INS_LOAD_K:
    case QV_INS_CHECK_BOUND:
    case QV_INS_LOAD_GLOBAL_MODULE:
    case QV_INS_LOAD_GLOBAL_BUILTIN:
    case QV_INS_LOAD_ATTR_SLOT:
    case QV_INS_LOAD_ATTR_CLASS:
    case QV_INS_LOAD_ATTR_MEMBER:
    case QV_INS_STORE_ATTR_SLOT:
    case QV_INS_STORE_ATTR_MEMBER:
    case QV_INS_GETITEM_LIST_INT:
    case QV_INS_GETITEM_TUPLE_INT:
    case QV_INS_SETITEM_LIST_INT: return true;
    default: return op >= QV_INS_ADD && op <= QV_INS_JISNOT; // arithmetic, comparison, jumps
    }
}

// Can a cold part run Python and come back?
static bool cold_runs(const QvCold *c)
{
    switch ((QvColdKind)c->kind) {
    case COLD_EXIT:
    case COLD_ERROR: return false;
    case COLD_DEALLOC:
    case COLD_DROP:
    case COLD_BOX_FLOAT:
    case COLD_BOX_INT: return !c->number;
    default: return true;
    }
}

// After an instruction whose cold parts begin at number `first`.
static void keep_guards(QvJitGen *g, uint32_t first)
{
    bool runs = g->runs || !is_simple((QvOp)g->i.op);
    for (uint32_t k = first; k < g->ncolds && !runs; k++) {
        runs = cold_runs(&g->colds[k]);
    }
    if (runs) {
        forget_guards(g);
        return;
    }
    const QvOpInfo *info = &qv_op_info[g->i.op];
    if (info->a == QV_K_D || (g->i.flags & QV_TAKE_A)) {
        forget_guards_of(g, g->i.a);
    }
    if (info->b == QV_K_T || (g->i.flags & QV_TAKE_B)) {
        forget_guards_of(g, g->i.b);
    }
    if (g->i.flags & QV_TAKE_C) {
        forget_guards_of(g, g->i.c);
    }
}

// Does the register, of which `had` is known, hold a number at most? (Temporaries that are no
// operands are dead when they are written.)
static bool is_number_at_most(const QvJitGen *g, unsigned reg, uint8_t had)
{
    const QvOpInfo *info = &qv_op_info[g->i.op];
    unsigned temporary = (unsigned)g->code->nlocals + g->code->ncells + g->code->nfree;
    bool operand = (info->b != QV_K__ && g->i.b == reg) || (info->c != QV_K__ && g->i.c == reg);
    return (had & (QV_FACT_INT | QV_FACT_FLOAT)) || (reg >= temporary && !operand);
}

// ---- references ---------------------------------------------------------------------------------

void qv_jit_incref(QvJitGen *g, QvReg o)
{
    QvAsm *a = &g->a;
    x64_load32(a, RDX, JREFS(o));
    x64_alu32_imm(a, ALU_ADD, RDX, 1);
    uint32_t immortal = x64_jcc8(a, CC_LE); // (a count never overflows into 0)
    x64_store32(a, JREFS(o), RDX);
    x64_land8(a, immortal);
}

uint32_t qv_jit_count_down_rcx(QvJitGen *g, bool may_be_null)
{
    QvAsm *a = &g->a;
    uint32_t null = 0;
    if (may_be_null) {
        x64_test(a, RCX);
        null = x64_jcc8(a, CC_E);
    }
    x64_load32(a, RDX, JREFS(RCX));
    x64_alu32_imm(a, ALU_SUB, RDX, 1);
    uint32_t immortal = x64_jcc8(a, CC_S);
    uint32_t last = x64_jcc(a, CC_E);
    x64_store32(a, JREFS(RCX), RDX);
    if (may_be_null) {
        x64_land8(a, null);
    }
    x64_land8(a, immortal);
    return last;
}

void qv_jit_decref_rcx(QvJitGen *g, bool may_be_null)
{
    qv_jit_cold(g, COLD_DEALLOC, qv_jit_count_down_rcx(g, may_be_null));
}

void qv_jit_give(QvJitGen *g, unsigned from, unsigned flag)
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

void qv_jit_put(QvJitGen *g, unsigned reg)
{
    uint8_t had = g->facts[reg];
    g->facts[reg] = 0;
    if (had & (QV_FACT_NULL | QV_FACT_IMMORTAL)) {
        x64_store(&g->a, qv_jit_reg(reg), RAX);
        return;
    }
    x64_load(&g->a, RCX, qv_jit_reg(reg));
    x64_store(&g->a, qv_jit_reg(reg), RAX);
    qv_jit_decref_rcx(g, !(had & QV_FACT_BOUND));
    g->colds[g->ncolds - 1].number = is_number_at_most(g, reg, had);
}

void qv_jit_drop(QvJitGen *g, unsigned reg)
{
    QvAsm *a = &g->a;
    uint8_t had = g->facts[reg];
    if ((had & QV_FACT_NULL) || ((had & QV_FACT_OWN))) {
        return; // an own box stays, for the next number
    }
    g->facts[reg] = 0;
    if (had & QV_FACT_IMMORTAL) {
        x64_store_imm(a, qv_jit_reg(reg), 0);
        g->facts[reg] = QV_FACT_NULL;
        return;
    }
    x64_load(a, RCX, qv_jit_reg(reg));
    uint32_t null = 0;
    bool may_be_null = !(had & QV_FACT_BOUND);
    if (may_be_null) {
        x64_test(a, RCX);
        null = x64_jcc8(a, CC_E);
    }
    x64_load32(a, RDX, JREFS(RCX));
    x64_alu32_imm(a, ALU_SUB, RDX, 1);
    uint32_t last = x64_jcc(a, CC_E);
    x64_store_imm(a, qv_jit_reg(reg), 0);
    uint32_t immortal = x64_jcc8(a, CC_S); // (a store changes no flags)
    x64_store32(a, JREFS(RCX), RDX);
    x64_land8(a, immortal);
    if (may_be_null) {
        x64_land8(a, null);
    }
    QvCold *c = qv_jit_cold(g, COLD_DROP, last);
    c->reg = (uint16_t)reg;
    c->number = (had & (QV_FACT_INT | QV_FACT_FLOAT)) != 0;
}

void qv_jit_taken(QvJitGen *g, unsigned flag, unsigned reg)
{
    if (g->i.flags & flag) {
        qv_jit_drop(g, reg);
    }
}

// The box of register `reg`, when it can be written, comes into rcx; else to a cold part.
static void own_box(QvJitGen *g, unsigned reg, QvReg type, uint8_t fact, QvColdKind kind)
{
    QvAsm *a = &g->a;
    x64_load(a, RCX, qv_jit_reg(reg));
    uint8_t had = g->facts[reg];
    if ((had & QV_FACT_OWN) && (had & fact)) {
        return;
    }
    uint32_t from[3];
    unsigned n = 0;
    if (!(had & QV_FACT_BOUND)) {
        x64_test(a, RCX);
        from[n++] = x64_jcc(a, CC_E);
    }
    if (!(had & fact)) {
        x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), type);
        from[n++] = x64_jcc(a, CC_NE);
    }
    x64_alu32_mem_imm(a, ALU_CMP, JREFS(RCX), 1);
    from[n++] = x64_jcc(a, CC_NE);
    bool number = is_number_at_most(g, reg, had);
    for (unsigned k = 0; k < n; k++) {
        QvCold *c = qv_jit_cold(g, kind, from[k]);
        c->reg = (uint16_t)reg;
        c->number = number;
    }
}

void qv_jit_come_back(QvJitGen *g, uint32_t first, QvJitCold fn)
{
    for (uint32_t k = first; k < g->ncolds; k++) {
        if (fn == NULL || g->colds[k].fn == (const void *)fn) {
            g->colds[k].back = g->a.len;
        }
    }
}

void qv_jit_put_float(QvJitGen *g, unsigned reg)
{
    uint32_t first = g->ncolds;
    own_box(g, reg, JFLOAT, QV_FACT_FLOAT, COLD_BOX_FLOAT);
    x64_store_sd(&g->a, x64_mem(RCX, offsetof(QvFloat, value)), XMM0);
    qv_jit_come_back(g, first, NULL);
    g->facts[reg] = QV_FACT_FLOAT | QV_FACT_OWN | QV_FACT_BOUND;
}

void qv_jit_put_int(QvJitGen *g, unsigned reg)
{
    uint32_t first = g->ncolds;
    own_box(g, reg, JINT, QV_FACT_INT, COLD_BOX_INT);
    x64_store(&g->a, x64_mem(RCX, offsetof(QvInt, value)), RAX);
    qv_jit_come_back(g, first, NULL);
    g->facts[reg] = QV_FACT_INT | QV_FACT_BOUND;
}

void qv_jit_forget_owners(QvJitGen *g)
{
    for (unsigned k = 0; k < g->code->nregs; k++) {
        g->facts[k] &= (uint8_t)~QV_FACT_OWN;
    }
}

// ---- cold parts ---------------------------------------------------------------------------------

// Ends rcx, whose last reference goes; rax stays.
static void dealloc(QvJitGen *g, uint32_t at)
{
    qv_jit_save(g, at + 1);
    x64_move_ptr(&g->a, RDX, g->jit->dealloc);
    x64_call_reg(&g->a, RDX);
}

static void box(QvJitGen *g, const QvCold *c, const uint8_t *stub)
{
    QvAsm *a = &g->a;
    qv_jit_save(g, c->at + 1);
    x64_lea(a, RSI, qv_jit_reg(c->reg));
    x64_move_ptr(a, RDX, stub);
    x64_call_reg(a, RDX);
    x64_test32(a, RDX);
    x64_jcc_to(a, CC_NS, c->back);
    qv_jit_raised(g);
}

static void put_cold(QvJitGen *g, const QvCold *c)
{
    QvAsm *a = &g->a;
    g->at = g->leave_at = c->at;
    g->saved = c->at + 1;
    g->i = g->code->instrs[c->at];
    switch ((QvColdKind)c->kind) {
    case COLD_EXIT: qv_jit_exit(g, c->at); break;
    case COLD_ERROR: leave_at(g, g->jit->error, qv_jit_pc(g, (uint32_t)c->data)); break;
    case COLD_DEALLOC:
        dealloc(g, c->at);
        x64_jmp_to(a, c->back);
        break;
    case COLD_DROP:
        x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), JINT);
        x64_jcc_to(a, CC_E, c->back);
        x64_alu_to_mem(a, ALU_CMP, JTYPE(RCX), JFLOAT);
        x64_jcc_to(a, CC_E, c->back);
        x64_store_imm(a, qv_jit_reg(c->reg), 0);
        dealloc(g, c->at);
        x64_jmp_to(a, c->back);
        break;
    case COLD_BOX_FLOAT: box(g, c, g->jit->box_float); break;
    case COLD_BOX_INT: box(g, c, g->jit->box_int); break;
    case COLD_CUSTOM: ((QvJitCold)c->fn)(g, c); break;
    }
}

// Do two cold parts have the same code?
static bool are_alike(const QvCold *c, const QvCold *d)
{
    if (c->kind != d->kind || c->at != d->at) {
        return false;
    }
    return c->kind == COLD_EXIT || (c->kind == COLD_CUSTOM && c->fn == d->fn &&
                                    c->back == d->back && c->reg == d->reg && c->data == d->data);
}

// Adjacent ones of one instruction share their code, and so do its exits, and all ways into frames.
static void put_colds(QvJitGen *g)
{
    QvCold exit = {.kind = COLD_ERROR}, last = exit;
    uint32_t exit_code = 0, last_code = 0, called_code = 0;
    for (uint32_t k = 0; k < g->ncolds && !g->a.failed; k++) {
        QvCold c = g->colds[k];
        if (c.kind == COLD_CUSTOM && c.fn == (const void *)called_cold) {
            if (called_code == 0) {
                called_code = g->a.len;
                called_cold(g, &c);
            }
            x64_link(&g->a, c.from, called_code);
            continue;
        }
        if (are_alike(&c, &last) || are_alike(&c, &exit)) {
            x64_link(&g->a, c.from, c.kind == COLD_EXIT ? exit_code : last_code);
            continue;
        }
        last = c;
        last_code = g->a.len;
        if (c.kind == COLD_EXIT) {
            exit = c;
            exit_code = last_code;
        }
        x64_land(&g->a, c.from);
        put_cold(g, &c);
    }
}

// ---- the whole ----------------------------------------------------------------------------------

// Where the instruction at this word may go on by way of C: the eval loop's and qv_jit_to's
// entries.
static void find_entries(QvJitGen *g, uint32_t at, QvInstr w, uint32_t next)
{
    const uint8_t entry = JIT_LABEL | JIT_ENTRY;
    switch ((QvOp)w.op) {
    case QV_INS_YIELD:
        g->entry[next] |= entry;
        if (g->code->instrs[next].op == QV_INS_DROP) { // of what is sent: mostly left out
            g->entry[next + 1] |= entry;
        }
        break;
    case QV_INS_YIELD_FROM:
        g->entry[at] |= entry;
        g->entry[next] |= entry;
        break;
    case QV_INS_FOR_ITER_GEN:
        g->entry[next] |= entry;
        g->entry[qv_flow_target(at, w)] |= entry;
        break;
    case QV_INS_FOR_ITER_ITEMS:
    case QV_INS_FOR_ITER_ENUM:
    case QV_INS_FOR_ITER_ZIP:
    case QV_INS_FOR_ITER_TUPLES: // behind the UNPACK
        g->entry[next + 1 + qv_op_info[QV_INS_UNPACK].words] |= JIT_LABEL;
        break;
    default: break;
    }
}

// Where jumps arrive, and where the eval loop may come in.
static void find_labels(QvJitGen *g)
{
    const QvCode *code = g->code;
    g->entry[0] |= JIT_LABEL | JIT_ENTRY;
    for (uint32_t at = 0; at < code->ninstrs;) {
        QvInstr w = code->instrs[at];
        const QvOpInfo *info = &qv_op_info[w.op];
        g->entry[at] |= JIT_INSTR;
        if (info->traits & QV_TR_JUMP) {
            uint32_t to = (uint32_t)qv_flow_target(at, w);
            g->entry[to] |= to <= at ? JIT_LABEL | JIT_ENTRY : JIT_LABEL;
        }
        find_entries(g, at, w, at + 1u + info->words);
        at += 1u + info->words;
    }
    for (uint32_t k = 0; k < code->nexcs; k++) {
        g->entry[code->excs[k].handler] |= JIT_LABEL | JIT_ENTRY;
    }
}

static bool translate_one(QvJitGen *g)
{
    return qv_jit_move(g) || qv_jit_iterate(g) || qv_jit_number(g) || qv_jit_compare(g) ||
           qv_jit_object(g) || qv_jit_generator(g) || qv_jit_except(g) || qv_jit_call(g) ||
           qv_jit_native(g) || qv_jit_return(g);
}

// A constant that only the next instruction uses is translated together with that: the register
// keeps what it had, a box perhaps, and guards leave at the LOAD_K.
static void take_constant(QvJitGen *g)
{
    uint32_t then = g->at + 1;
    g->constant = NULL;
    if (g->i.op != QV_INS_LOAD_K || (g->entry[then] & JIT_LABEL)) {
        return;
    }
    const QvObj *k = g->code->consts[(uint32_t)g->i.b | (uint32_t)g->i.c << 16];
    if (qv_jit_takes_constant(g, g->i.a, k, g->code->instrs[then])) {
        g->constant = k;
        g->constant_reg = g->i.a;
        g->at = then;
        g->i = g->code->instrs[then];
        g->guarded |= (g->left[then] & QV_JIT_GUARD) != 0;
        g->native[then] = g->a.len;
    }
}

// The temporaries from the base of a run on are consumed: whoever did it, nothing but the result's
// fact is left.
static void forget_consumed(QvJitGen *g)
{
    const QvOpInfo *info = &qv_op_info[g->i.op];
    unsigned base = info->a == QV_K_B   ? g->i.a
                    : info->b == QV_K_B ? g->i.b
                    : info->c == QV_K_B ? g->i.c
                                        : UINT16_MAX;
    for (unsigned k = base; k < g->code->nregs; k++) {
        if (k != g->i.a || info->a != QV_K_D) {
            g->facts[k] = 0;
        }
    }
}

static void translate_all(QvJitGen *g)
{
    const QvCode *code = g->code;
    x64_byte(&g->a, 0xCC); // so that no instruction stands at 0
    bool follows = false;  // an instruction that may leave by itself
    for (uint32_t at = 0; at < code->ninstrs && !g->a.failed;) {
        g->at = g->leave_at = at;
        g->i = code->instrs[at];
        g->guarded = (g->left[at] & QV_JIT_GUARD) != 0;
        g->otherwise = NULL;
        if (follows) {
            g->entry[at] |= JIT_LABEL | JIT_ENTRY;
        }
        if (g->entry[at] & JIT_LABEL) {
            memset(g->facts, 0, code->nregs);
            g->at_hand = 0;
            forget_guards(g);
        }
        g->native[at] = g->a.len;
        if (at == 0) {
            poll(g, 0);
        }
        take_constant(g);
        g->saved = g->at + 1;
        uint32_t next = qv_jit_after(g);
        uint32_t ncolds = g->ncolds, nfixes = g->nfixes, len = g->a.len;
        follows = g->comes_back = g->runs = false;
        if (!translate_one(g)) {
            g->ncolds = ncolds; // what it may have begun
            g->nfixes = nfixes;
            g->a.len = len;
            qv_jit_exit(g, at);
            g->native[at] |= UINT32_C(1) << 31;
            g->left[at] |= QV_JIT_NONE;
            follows = true;
        } else if ((qv_op_info[g->i.op].traits & QV_TR_CALL) || g->comes_back) {
            follows = true; // callees return there
        }
        forget_consumed(g);
        g->at_hand = g->next_hand;
        g->next_hand = 0;
        keep_guards(g, ncolds);
        at = next;
    }
}

static void link_all(QvJitGen *g)
{
    for (uint32_t k = 0; k < g->nfixes && !g->a.failed; k++) {
        x64_link(&g->a, g->fixes[k].from, g->native[g->fixes[k].word] & INT32_MAX);
    }
}

static QvJitUnit *make_unit(QvJitGen *g)
{
    QvHeap *heap = &g->qi->heap;
    uint32_t n = g->code->ninstrs;
    QvJitUnit *u = qv_heap_alloc(heap, sizeof *u);
    uint32_t *native = qv_heap_alloc(heap, n * sizeof *native);
    uint8_t *ops = qv_heap_alloc(heap, 2 * (size_t)n);
    QvJitPages *pages = NULL;
    const uint8_t *base =
        u && native && ops ? qv_jit_place(g->qi, g->jit, g->a.bytes, g->a.len, &pages) : NULL;
    if (!base) {
        qv_heap_free(heap, ops, 2 * (size_t)n);
        qv_heap_free(heap, native, n * sizeof *native);
        qv_heap_free(heap, u, sizeof *u);
        return NULL;
    }
    for (uint32_t at = 0; at < n; at++) {
        bool entry = (g->entry[at] & JIT_ENTRY) && !(g->native[at] >> 31) && g->native[at];
        native[at] = entry ? g->native[at] : 0;
        ops[at] = g->code->instrs[at].op;
    }
    memcpy(ops + n, g->left, n);
    *u = (QvJitUnit){.entry = base + (g->native[0] & INT32_MAX),
                     .base = base,
                     .native = native,
                     .ops = ops,
                     .left = ops + n,
                     .nwords = n,
                     .size = g->a.len,
                     .pages = pages};
    return u;
}

// The translation with room for `bytes` of machine code. *ret_short: they were too few.
static QvJitUnit *translate_in(QvInterp *qi, QvJit *jit, const QvFrame *f, const uint8_t *left,
                               size_t bytes, bool *ret_short)
{
    QvCode *code = f->code;
    uint32_t n = code->ninstrs, most_colds = n * 6 + 64, most_fixes = n + 64;
    // One block: machine code, cold parts, jumps to be linked, and what is known by word and by
    // register.
    size_t cold_at = (bytes + 15) & ~(size_t)15, fix_at = cold_at + most_colds * sizeof(QvCold),
           native_at = fix_at + most_fixes * sizeof(QvFix),
           entry_at = native_at + n * sizeof(uint32_t), left_at = entry_at + n,
           fact_at = left_at + n, guess_at = (fact_at + code->nregs + 7) & ~(size_t)7,
           size = guess_at + code->nregs * sizeof(QvObj *);
    *ret_short = false;
    uint8_t *block = qv_jit_is_spare(&qi->heap, size) ? qv_heap_alloc(&qi->heap, size) : NULL;
    if (!block) {
        return NULL;
    }
    memset(block + native_at, 0, size - native_at);
    QvJitGen g = {.qi = qi,
                  .jit = jit,
                  .code = code,
                  .globals = f->globals,
                  .builtins = f->builtins,
                  .hot_regs = f->regs,
                  .a = {.bytes = block, .cap = (uint32_t)bytes},
                  .generator = code->instrs[0].op == QV_INS_GEN_START,
                  .facts = block + fact_at,
                  .guess = (QvObj **)(void *)(block + guess_at),
                  .native = (uint32_t *)(void *)(block + native_at),
                  .entry = block + entry_at,
                  .left = block + left_at,
                  .fixes = (QvFix *)(void *)(block + fix_at),
                  .cap_fixes = most_fixes,
                  .colds = (QvCold *)(void *)(block + cold_at),
                  .cap_colds = most_colds};
    for (uint32_t at = 0; left && at < n; at++) {
        // (A form that is new gets its guards, once.)
        bool again = left[at - (size_t)n] == code->instrs[at].op || code->jit_times > 2;
        g.left[at] = again ? left[at] & (QV_JIT_GUARD | QV_JIT_COLD) : left[at] & QV_JIT_COLD;
    }
    find_labels(&g);
    translate_all(&g);
    put_colds(&g);
    link_all(&g);
    QvJitUnit *u = g.a.failed ? NULL : make_unit(&g);
    *ret_short = g.a.len == g.a.cap;
    qv_heap_free(&qi->heap, block, size);
    return u;
}

QvJitUnit *qv_jit_translate(QvInterp *qi, QvJit *jit, const QvFrame *f, const uint8_t *left)
{
    uint32_t n = f->code->ninstrs;
    if (n == 0 || n > MOST_WORDS) {
        return NULL;
    }
    bool is_short;
    QvJitUnit *u = translate_in(qi, jit, f, left, n * WORD_BYTES + EXTRA_BYTES, &is_short);
    if (is_short) {
        u = translate_in(qi, jit, f, left, 4 * (n * WORD_BYTES + EXTRA_BYTES), &is_short);
    }
    return u;
}

#endif
