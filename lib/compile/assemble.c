// SPDX-License-Identifier: MIT
// From a unit's instructions to a code object: word offsets, jumps, exception table, position
// table.
//
// Jumps of kind J reach 32,767 words. One that does not reach is turned into three instructions:
//     op ... +1       jumps over the next one
//     JUMP +1         not taken: past the far jump
//     JUMP target
// which may push other targets out of reach, so lengths are recomputed until nothing changes.
#include "compile/codegen.h"

#include <string.h>

#include "object/error.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/str.h"

typedef struct Layout {
    uint32_t *offset; // word index of each instruction, and of the end; arena
    uint8_t *is_far;  // needs the three-instruction form; arena
} Layout;

static bool poll(QvGen *g, uint32_t i)
{
    if (qv_poll_step(g->qi, i) < 0) {
        g->failed = true;
        return false;
    }
    return true;
}

static uint32_t length(const QvGenIns *ins, bool is_far)
{
    if (ins->skip) {
        return 0;
    }
    return 1u + qv_op_info[ins->w.op].words + (is_far ? 2u : 0u);
}

static bool is_short_jump(const QvGenIns *ins)
{
    return ins->label >= 0 && qv_op_info[ins->w.op].c == QV_K_J;
}

static int64_t distance(const QvUnit *u, const Layout *lay, uint32_t i)
{
    const QvGenIns *ins = &u->ins[i];
    int32_t at = u->labels[ins->label].at;
    qv_assert(at >= 0);
    return (int64_t)lay->offset[at] - (int64_t)(lay->offset[i] + length(ins, false));
}

// A break or continue stays where it is: tracers see its line.
static bool is_plain_jump(QvInstr w) { return w.op == QV_INS_JUMP && !(w.flags & QV_JUMP_STMT); }

// A jump to a jump goes straight to the end of the chain.
static void thread_jumps(QvUnit *u)
{
    for (uint32_t i = 0; i < u->nins; i++) {
        for (int hops = 0; u->ins[i].label >= 0 && hops < 8; hops++) {
            int32_t at = u->labels[u->ins[i].label].at;
            if (at < 0 || (uint32_t)at >= u->nins || !is_plain_jump(u->ins[at].w) ||
                (uint32_t)at == i) {
                break;
            }
            u->ins[i].label = u->ins[at].label;
        }
    }
}

static QvOp inverse(uint8_t op)
{
    switch (op) {
#define PAIR(a, b)                      \
    case QV_INS_##a: return QV_INS_##b; \
    case QV_INS_##b: return QV_INS_##a;
        PAIR(JLT, JNLT)
        PAIR(JLE, JNLE)
        PAIR(JEQ, JNEQ)
        PAIR(JNE, JNNE)
        PAIR(JGT, JNGT)
        PAIR(JGE, JNGE)
        PAIR(JLT_I, JNLT_I)
        PAIR(JLE_I, JNLE_I)
        PAIR(JEQ_I, JNEQ_I)
        PAIR(JNE_I, JNNE_I)
        PAIR(JGT_I, JNGT_I)
        PAIR(JGE_I, JNGE_I)
        PAIR(JTRUE, JFALSE)
        PAIR(JNONE, JNOTNONE)
        PAIR(JIN, JNOTIN)
        PAIR(JIS, JISNOT)
#undef PAIR
    default: return QV_INS_NOP;
    }
}

// A conditional jump over a jump becomes the opposite condition; a jump to what comes next becomes
// nothing.
static bool drop_jumps(QvGen *g, QvUnit *u)
{
    bool *is_target = qv_arena_alloc(g->arena, u->nins + 2);
    if (!qv_gen_check(g, is_target)) {
        return false;
    }
    for (uint32_t i = 0; i < u->nins; i++) {
        if (u->ins[i].label >= 0) {
            is_target[u->labels[u->ins[i].label].at] = true;
        }
    }
    for (uint32_t i = 0; i < u->nhandlers; i++) {
        int32_t at = u->labels[u->handlers[i].label].at;
        if (at >= 0) {
            is_target[at] = true;
        }
    }
    for (uint32_t i = 0; i < u->nins; i++) {
        QvGenIns *ins = &u->ins[i];
        if (!poll(g, i)) {
            return false;
        }
        if (ins->label < 0) {
            continue;
        }
        uint32_t at = (uint32_t)u->labels[ins->label].at;
        if (ins->w.op == QV_INS_JUMP && at == i + 1) {
            if (is_plain_jump(ins->w)) {
                ins->skip = true;
            } else { // its line stays
                ins->w = (QvInstr){.op = QV_INS_NOP};
                ins->label = -1;
            }
        } else if (at == i + 2 && is_plain_jump(u->ins[i + 1].w) && !is_target[i + 1] &&
                   inverse(ins->w.op) != QV_INS_NOP) {
            ins->w.op = (uint8_t)inverse(ins->w.op);
            ins->label = u->ins[i + 1].label;
            u->ins[i + 1].skip = true;
        }
    }
    return true;
}

static bool lay_out(QvGen *g, const QvUnit *u, Layout *lay)
{
    lay->offset = qv_arena_alloc(g->arena, (u->nins + 1) * sizeof(*lay->offset));
    lay->is_far = qv_arena_alloc(g->arena, u->nins + 1);
    if (!qv_gen_check(g, lay->offset) || !qv_gen_check(g, lay->is_far)) {
        return false;
    }
    bool changed = true;
    while (changed) {
        uint64_t at = 0;
        for (uint32_t i = 0; i < u->nins; i++) {
            if (!poll(g, i)) {
                return false;
            }
            lay->offset[i] = (uint32_t)at;
            at += length(&u->ins[i], lay->is_far[i]);
        }
        lay->offset[u->nins] = (uint32_t)at;
        if (at > INT32_MAX / 2) {
            qv_gen_error(g, u->pos, "code block too large");
            return false;
        }
        changed = false;
        for (uint32_t i = 0; i < u->nins; i++) {
            if (is_short_jump(&u->ins[i]) && !lay->is_far[i]) {
                int64_t d = distance(u, lay, i);
                if (d < INT16_MIN || d > INT16_MAX) {
                    lay->is_far[i] = 1;
                    changed = true;
                }
            }
        }
    }
    return true;
}

static QvInstr long_jump(int64_t d)
{
    uint32_t bits = (uint32_t)(int32_t)d;
    return (QvInstr){
        .op = QV_INS_JUMP, .b = (uint16_t)(bits & 0xFFFF), .c = (uint16_t)(bits >> 16)};
}

static void write_instrs(const QvUnit *u, const Layout *lay, QvInstr *out)
{
    for (uint32_t i = 0; i < u->nins; i++) {
        const QvGenIns *ins = &u->ins[i];
        if (ins->skip) {
            continue;
        }
        const QvOpInfo *info = &qv_op_info[ins->w.op];
        QvInstr w = ins->w;
        QvInstr *at = out + lay->offset[i];
        if (ins->label >= 0) {
            int64_t d = distance(u, lay, i);
            if (info->c == QV_K_J) {
                w.c = lay->is_far[i] ? 1 : (uint16_t)(int16_t)d;
            } else {
                qv_assert(info->b == QV_K_L);
                QvInstr jump = long_jump(d);
                w.b = jump.b;
                w.c = jump.c;
            }
        }
        *at = w;
        if (info->words > 0) {
            uint64_t word = ins->extra;
            memcpy(at + 1, &word, sizeof(word));
        }
        if (lay->is_far[i]) {
            QvInstr *tail = at + 1 + info->words;
            tail[0] = long_jump(1);
            tail[1] = long_jump(distance(u, lay, i) - 2);
        }
    }
}

static bool write_handlers(QvGen *g, const QvUnit *u, const Layout *lay, QvCode *code)
{
    QvExcEntry *excs = qv_arena_alloc(g->arena, (u->nins + 1) * sizeof(*excs));
    if (!qv_gen_check(g, excs)) {
        return false;
    }
    uint32_t n = 0;
    int32_t last = -1;
    for (uint32_t i = 0; i < u->nins; i++) {
        if (!poll(g, i)) {
            return false;
        }
        if (u->ins[i].skip) {
            continue;
        }
        int32_t h = u->ins[i].handler;
        if (h >= 0 && h == last) {
            excs[n - 1].end = lay->offset[i + 1];
        } else if (h >= 0) {
            int32_t at = u->labels[u->handlers[h].label].at;
            qv_assert(at >= 0);
            excs[n++] = (QvExcEntry){lay->offset[i], lay->offset[i + 1], lay->offset[at],
                                     u->handlers[h].depth, 0};
        }
        last = h;
    }
    if (n > 0) {
        code->excs = qv_alloc(g->qi, n * sizeof(*excs));
        if (!qv_gen_check(g, code->excs)) {
            return false;
        }
        memcpy(code->excs, excs, n * sizeof(*excs));
        code->nexcs = n;
    }
    return true;
}

static int16_t column(int32_t col) { return col < 0 || col > INT16_MAX ? -1 : (int16_t)col; }

static bool write_positions(QvGen *g, const QvUnit *u, const Layout *lay, QvCode *code)
{
    QvPosEntry *poss = qv_arena_alloc(g->arena, (u->nins + 1) * sizeof(*poss));
    if (!qv_gen_check(g, poss)) {
        return false;
    }
    uint32_t n = 0;
    for (uint32_t i = 0; i < u->nins; i++) {
        const QvPos *pos = &u->ins[i].pos;
        if (!poll(g, i)) {
            return false;
        }
        if (pos->lineno == 0 || u->ins[i].skip) {
            continue;
        }
        QvPosEntry entry = {lay->offset[i], pos->lineno, pos->end_lineno, column(pos->col_offset),
                            column(pos->end_col_offset)};
        if (n > 0 && poss[n - 1].line == entry.line && poss[n - 1].end_line == entry.end_line &&
            poss[n - 1].col == entry.col && poss[n - 1].end_col == entry.end_col) {
            continue;
        }
        poss[n++] = entry;
    }
    if (n > 0) {
        code->poss = qv_alloc(g->qi, n * sizeof(*poss));
        if (!qv_gen_check(g, code->poss)) {
            return false;
        }
        memcpy(code->poss, poss, n * sizeof(*poss));
        code->nposs = n;
    }
    return true;
}

// A raw block with new references to n objects; *ret NULL when n is 0.
static bool copy_objects(QvGen *g, QvObj *const *items, uint32_t n, QvObj ***ret)
{
    if (n == 0) {
        return true;
    }
    *ret = qv_alloc(g->qi, n * sizeof(QvObj *));
    if (!qv_gen_check(g, *ret)) {
        return false;
    }
    for (uint32_t i = 0; i < n; i++) {
        (*ret)[i] = qv_new_ref(g->qi, items[i]);
    }
    return true;
}

static bool write_variables(QvGen *g, const QvUnit *u, QvCode *code)
{
    uint32_t ncells = u->ncells + u->nfree;
    QvObj **names = qv_arena_alloc(g->arena, (u->nlocals + ncells + 1) * sizeof(*names));
    if (!qv_gen_check(g, names)) {
        return false;
    }
    for (unsigned i = 0; i < u->nlocals; i++) {
        names[i] = u->locals[i]->name;
    }
    if (!copy_objects(g, names, u->nlocals, &code->localnames)) {
        return false;
    }
    code->nlocals = (uint16_t)u->nlocals;
    for (unsigned i = 0; i < ncells; i++) {
        names[i] = u->cells[i] ? u->cells[i]->name : QV_N(__class__);
    }
    if (!copy_objects(g, names, ncells, &code->cellnames)) {
        return false;
    }
    code->nfree = (uint16_t)u->nfree;
    code->ncells = (uint16_t)u->ncells;
    if (u->ncells > 0) {
        code->cell_param = qv_alloc(g->qi, u->ncells * sizeof(*code->cell_param));
        if (!qv_gen_check(g, code->cell_param)) {
            return false;
        }
        for (unsigned i = 0; i < u->ncells; i++) {
            code->cell_param[i] = 0xFFFF;
            for (unsigned j = 0; u->cells[i] && j < u->nlocals; j++) {
                if (u->locals[j] == u->cells[i]) {
                    code->cell_param[i] = (uint16_t)j;
                }
            }
        }
    }
    return true;
}

static bool fill(QvGen *g, QvUnit *u, QvCode *code)
{
    Layout lay;
    thread_jumps(u);
    if (!drop_jumps(g, u) || !lay_out(g, u, &lay)) {
        return false;
    }
    uint32_t n = lay.offset[u->nins];
    code->instrs = qv_alloc(g->qi, n * sizeof(QvInstr));
    if (!qv_gen_check(g, code->instrs)) {
        return false;
    }
    memset(code->instrs, 0, n * sizeof(QvInstr));
    code->ninstrs = n;
    write_instrs(u, &lay, code->instrs);
    if (!write_handlers(g, u, &lay, code) || !write_positions(g, u, &lay, code)) {
        return false;
    }
    if (!copy_objects(g, u->consts.items, u->consts.count, &code->consts)) {
        return false;
    }
    code->nconsts = u->consts.count;
    if (!copy_objects(g, u->names.items, u->names.count, &code->names)) {
        return false;
    }
    code->nnames = u->names.count;
    if (!write_variables(g, u, code)) {
        return false;
    }
    code->flags = u->flags;
    code->argcount = (uint16_t)u->argcount;
    code->posonly = (uint16_t)u->posonly;
    code->kwonly = (uint16_t)u->kwonly;
    code->nregs = (uint16_t)u->max_top;
    qv_code_set_call_form(code);
    code->filename = qv_new_ref(g->qi, g->filename);
    code->name = qv_new_ref(g->qi, u->name);
    code->qualname = qv_new_ref(g->qi, u->qualname);
    code->firstline = u->firstline;
    code->doc = u->docstring ? code->consts[0] : NULL;
    return true;
}

QvObj *qv_gen_assemble(QvGen *g, QvUnit *u)
{
    if (u->reachable) {
        u->handler = -1;
        qv_gen_return_k(g, QV_NONE, QV_IMPLICIT);
    }
    if (g->failed) {
        return NULL;
    }
    QvObj *o = qv_code_new(g->qi);
    if (!qv_gen_check(g, o)) {
        return NULL;
    }
    if (!fill(g, u, (QvCode *)o)) {
        qv_decref(g->qi, o);
        return NULL;
    }
    return o;
}
