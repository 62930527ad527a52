// SPDX-License-Identifier: MIT
// The verifier: is a code object safe to run, whatever it was read from?
//
// Two passes. The first looks at each instruction alone: opcode, operands in range, jumps to the
// beginning of an instruction, tables in order. The second follows control flow and keeps, for each
// register, what kind of value it surely holds on every path; an instruction that would read an
// empty register, or would take something else for a cell, list, dict or set, is refused. States
// are kept only at jump targets and handlers.
#include "code/flow.h"

#include <string.h>

#include "object/error.h"
#include "object/interp.h"
#include "object/str.h"
#include "object/tuple.h"

// What a register surely holds.
typedef enum State {
    DEAD = QV_FLOW_DEAD, // perhaps nothing
    ANY,                 // some object
    CELL,
    LIST,
    SET,
    DICT,
    TUPLE,
    STR,
    EXC,   // an exception
    SAVED, // what PUSH_EXC put aside (may be NULL)
    SELF,  // second result of LOAD_METHOD (may be NULL)
} State;

typedef struct Verify {
    QvInterp *qi;
    const QvCode *code;
    uint32_t first_temp;
    uint8_t *starts;   // one byte for each word: 1 an instruction begins here, 2 it is a target
    uint8_t **targets; // state at the targets seen, by word; NULL: not reached yet
    uint32_t *work;    // stack of words to go on from
    uint32_t nwork, work_cap;
    uint8_t *state; // nregs bytes: the current one
    const char *problem;
    uint32_t at;
} Verify;

static bool fail(Verify *v, const char *problem)
{
    if (!v->problem) {
        v->problem = problem;
    }
    return false;
}

// ---- operands -----------------------------------------------------------------------------------

uint8_t qv_flow_general(uint8_t op)
{
    return qv_op_info[op].traits & QV_TR_SPEC ? qv_op_info[op].general : op;
}

static uint32_t extra_word(const QvInstr *w)
{
    uint32_t extra;
    memcpy(&extra, w + 1, sizeof(extra));
    return extra;
}

// Registers in the B run of an instruction; *ret_base its first.
uint32_t qv_flow_run(uint8_t op, QvInstr w, uint32_t *ret_base)
{
    *ret_base = w.b;
    switch (op) {
    case QV_INS_DROP_RANGE: *ret_base = w.a; return w.b;
    case QV_INS_LOAD_SUPER:
    case QV_INS_LOAD_SUPER_METHOD:
    case QV_INS_MATCH_CLASS: return 3;
    case QV_INS_BUILD_SLICE:
    case QV_INS_BUILD_TUPLE:
    case QV_INS_BUILD_LIST:
    case QV_INS_BUILD_SET:
    case QV_INS_BUILD_STRING: return w.c;
    case QV_INS_BUILD_DICT: return 2u * w.c;
    case QV_INS_SETITEM_SLICE: return 2;
    case QV_INS_GETITEM_SLICE: *ret_base = w.c; return 2;
    case QV_INS_MAKE_FUNCTION:
        *ret_base = w.c;
        return (uint32_t)__builtin_popcount(
            w.flags & (QV_HAS_DEFAULTS | QV_HAS_KWDEFAULTS | QV_HAS_ANNOTATIONS | QV_HAS_CLOSURE));
    case QV_INS_CALL:
    case QV_INS_CALL_KW: return 1u + w.c;
    case QV_INS_CALL_METHOD:
    case QV_INS_CALL_METHOD_KW: return 2u + w.c;
    case QV_INS_CALL_EX: return 2u + (w.c != 0);
    case QV_INS_END_ASYNC_FOR:
    case QV_INS_POP_EXC: *ret_base = w.a; return 2;
    case QV_INS_IMPORT_NAME: *ret_base = w.c; return 2;
    default: return 0;
    }
}

// Registers written from a on.
uint32_t qv_flow_written(uint8_t op, QvInstr w)
{
    switch (op) {
    case QV_INS_LOAD_METHOD:
    case QV_INS_LOAD_SUPER_METHOD:
    case QV_INS_WITH_ENTER:
    case QV_INS_ASYNC_WITH_ENTER:
    case QV_INS_CHECK_EG_MATCH: return 2;
    case QV_INS_UNPACK: return w.c;
    case QV_INS_UNPACK_EX: return (w.c & 0xFFu) + 1u + (uint32_t)(w.c >> 8);
    case QV_INS_COPY_FREE: return w.b;
    default: return qv_op_info[op].a == QV_K_D ? 1 : 0;
    }
}

// Operand c, where 0xFFFF means that there is none.
static bool optional_c(uint8_t op, QvInstr w)
{
    return (op == QV_INS_FORMAT || op == QV_INS_WITH_EXIT) && w.c == 0xFFFF;
}

int64_t qv_flow_target(uint32_t at, QvInstr w)
{
    const QvOpInfo *info = &qv_op_info[w.op];
    int64_t from = (int64_t)at + 1 + info->words;
    if (info->c == QV_K_J) {
        return from + (int16_t)w.c;
    }
    return from + (int32_t)((uint32_t)w.b | (uint32_t)w.c << 16);
}

static bool check_operand(Verify *v, uint8_t op, QvInstr w, uint8_t kind, uint32_t value, bool is_c)
{
    switch (kind) {
    case QV_K_D:
    case QV_K_R:
    case QV_K_T:
    case QV_K_W:
        if (is_c && optional_c(op, w)) {
            return true;
        }
        return value < v->code->nregs || fail(v, "register out of range");
    case QV_K_K: return value < v->code->nconsts || fail(v, "constant out of range");
    case QV_K_N: return value < v->code->nnames || fail(v, "name out of range");
    default: return true;
    }
}

static bool check_keyword_names(Verify *v, const QvInstr *w)
{
    uint32_t k = extra_word(w);
    const QvCode *code = v->code;
    if (k >= code->nconsts || !qv_is_tuple_exact(code->consts[k]) ||
        qv_tuple_len(code->consts[k]) > w->c) {
        return fail(v, "bad keyword names");
    }
    for (QvSsize i = 0; i < qv_tuple_len(code->consts[k]); i++) {
        if (!qv_is_str_exact(qv_tuple_peek(code->consts[k], i))) {
            return fail(v, "bad keyword names");
        }
    }
    return true;
}

static bool is_register(uint8_t kind) { return kind == QV_K_R || kind == QV_K_T || kind == QV_K_W; }

// An operand whose reference is taken must not be read a second time, nor be the result's register
// (the machine may clear it after writing the result; T operands are cleared before).
static bool check_takes(Verify *v, uint8_t op, QvInstr w)
{
    const QvOpInfo *info = &qv_op_info[op];
    const uint8_t kinds[3] = {info->a, info->b, info->c};
    const uint16_t regs[3] = {w.a, w.b, w.c};
    uint32_t n = qv_flow_written(op, w);
    for (int i = 0; i < 3; i++) {
        bool flag = kinds[i] == QV_K_R && (w.flags & (QV_TAKE_A << i)) != 0;
        if (!flag && kinds[i] != QV_K_T) {
            continue;
        }
        if (i == 2 && optional_c(op, w)) {
            return fail(v, "an absent operand is taken");
        }
        for (int j = 0; j < 3; j++) {
            if (j != i && is_register(kinds[j]) && regs[j] == regs[i]) {
                return fail(v, "an operand is taken and read again");
            }
        }
        if (flag && regs[i] >= w.a && regs[i] < w.a + n) {
            return fail(v, "an operand is taken and written");
        }
    }
    return true;
}

static bool check_instr(Verify *v, uint32_t at)
{
    const QvCode *code = v->code;
    const QvInstr w = code->instrs[at];
    uint8_t op = qv_flow_general(w.op);
    const QvOpInfo *info = &qv_op_info[op];
    uint32_t a = w.a;
    uint32_t b = w.b;
    if (op == QV_INS_RETURN_K) {
        a |= (uint32_t)w.b << 16;
    } else if (op == QV_INS_LOAD_K) {
        b |= (uint32_t)w.c << 16;
    }
    if (!check_operand(v, op, w, info->a, a, false) ||
        !check_operand(v, op, w, info->b, b, false) ||
        !check_operand(v, op, w, info->c, w.c, true) || !check_takes(v, op, w)) {
        return false;
    }
    uint32_t base;
    uint32_t n = qv_flow_run(op, w, &base);
    if (n > 0 && (base < v->first_temp || base + n > code->nregs)) {
        return fail(v, "run of registers out of range");
    }
    n = qv_flow_written(op, w);
    if (n > 0 && (uint32_t)w.a + n > code->nregs) {
        return fail(v, "result out of range");
    }
    bool cell_range = w.a + n > code->nlocals && w.a < v->first_temp;
    switch (op) {
    case QV_INS_MAKE_CELL:
        if (w.a < code->nlocals || w.a >= (uint32_t)code->nlocals + code->ncells ||
            (w.c && w.b >= code->nlocals)) {
            return fail(v, "bad cell");
        }
        return true;
    case QV_INS_COPY_FREE:
        if (w.a != (uint32_t)code->nlocals + code->ncells || w.b != code->nfree) {
            return fail(v, "bad free variables");
        }
        return true;
    case QV_INS_RETURN:
    case QV_INS_RETURN_K: {
        uint32_t live = op == QV_INS_RETURN ? w.b : w.c;
        if (live < v->first_temp || live > code->nregs) {
            return fail(v, "bad count of live registers");
        }
        break;
    }
    case QV_INS_GEN_START:
        if (at != 0 ||
            !(code->flags & (QV_CO_GENERATOR | QV_CO_COROUTINE | QV_CO_ASYNC_GENERATOR))) {
            return fail(v, "misplaced GEN_START");
        }
        return true;
    case QV_INS_YIELD:
    case QV_INS_YIELD_FROM:
        if (code->instrs[0].op != QV_INS_GEN_START) {
            return fail(v, "yield outside of a generator");
        }
        break;
    case QV_INS_CALL_KW:
    case QV_INS_CALL_METHOD_KW:
        if (!check_keyword_names(v, &code->instrs[at])) {
            return false;
        }
        break;
    case QV_INS_MAKE_FUNCTION: {
        const QvObj *k = code->consts[w.b];
        if (!qv_is_code(k) ||
            (((const QvCode *)k)->nfree > 0) != ((w.flags & QV_HAS_CLOSURE) != 0)) {
            return fail(v, "bad function");
        }
        break;
    }
    case QV_INS_BUILD_SLICE:
        if (w.c != 2 && w.c != 3) {
            return fail(v, "bad slice");
        }
        break;
    case QV_INS_PUSH_EXC:
        if (w.a + 1u >= code->nregs || w.a < v->first_temp) {
            return fail(v, "bad handler");
        }
        break;
    case QV_INS_CHECK_BOUND:
    case QV_INS_DEL_FAST:
        if (w.a >= code->nlocals) {
            return fail(v, "not a local variable");
        }
        break;
    default: break;
    }
    if (n > 0 && cell_range) {
        return fail(v, "a cell is overwritten");
    }
    return true;
}

static bool check_table_sizes(Verify *v)
{
    const QvCode *code = v->code;
    uint32_t params = (uint32_t)code->argcount + code->kwonly +
                      ((code->flags & QV_CO_VARARGS) != 0) +
                      ((code->flags & QV_CO_VARKEYWORDS) != 0);
    if (params > code->nlocals || code->posonly > code->argcount || v->first_temp > code->nregs) {
        return fail(v, "bad register counts");
    }
    for (uint32_t i = 0; i < code->ncells; i++) {
        if (code->cell_param[i] != 0xFFFF && code->cell_param[i] >= params) {
            return fail(v, "bad cell");
        }
    }
    if (code->ninstrs == 0 || code->ninstrs > INT32_MAX / 4) {
        return fail(v, "no instructions");
    }
    bool generator = (code->flags & (QV_CO_GENERATOR | QV_CO_COROUTINE | QV_CO_ASYNC_GENERATOR)) !=
                     0;
    if (generator != (code->instrs[0].op == QV_INS_GEN_START)) {
        return fail(v, "generator without GEN_START");
    }
    return true;
}

static bool check_tables(Verify *v)
{
    const QvCode *code = v->code;
    uint32_t last = 0;
    for (uint32_t i = 0; i < code->nexcs; i++) {
        const QvExcEntry *e = &code->excs[i];
        if (e->start < last || e->end <= e->start || e->end > code->ninstrs ||
            e->handler >= code->ninstrs || !v->starts[e->handler] || !v->starts[e->start] ||
            e->depth < v->first_temp || e->depth >= code->nregs) {
            return fail(v, "bad exception table");
        }
        v->starts[e->handler] = 2;
        last = e->end;
    }
    last = 0;
    for (uint32_t i = 0; i < code->nposs; i++) {
        if (code->poss[i].start >= code->ninstrs || (i > 0 && code->poss[i].start <= last)) {
            return fail(v, "bad position table");
        }
        last = code->poss[i].start;
    }
    return true;
}

static bool check_structure(Verify *v)
{
    const QvCode *code = v->code;
    uint8_t last_op = 0;
    for (uint32_t at = 0; at < code->ninstrs;) {
        v->at = at;
        uint8_t op = code->instrs[at].op;
        if (!qv_op_info[op].name) {
            return fail(v, "unknown opcode");
        }
        if (at + 1u + qv_op_info[op].words > code->ninstrs) {
            return fail(v, "truncated instruction");
        }
        v->starts[at] = 1;
        last_op = qv_flow_general(op);
        at += 1u + qv_op_info[op].words;
    }
    if (!(qv_op_info[last_op].traits & QV_TR_END)) {
        return fail(v, "control falls off the end");
    }
    for (uint32_t at = 0; at < code->ninstrs; at += 1u + qv_op_info[code->instrs[at].op].words) {
        v->at = at;
        if (!check_instr(v, at)) {
            return false;
        }
        if (qv_op_info[code->instrs[at].op].traits & QV_TR_JUMP) {
            int64_t to = qv_flow_target(at, code->instrs[at]);
            if (to < 0 || to >= (int64_t)code->ninstrs || !v->starts[to]) {
                return fail(v, "jump to nowhere");
            }
            v->starts[to] = 2;
        }
    }
    return check_tables(v);
}

// ---- data flow ----------------------------------------------------------------------------------

// The state flows to word `to`: goes on from there if that is news.
static bool flow_to(Verify *v, uint32_t to, uint32_t nregs)
{
    uint8_t *there = v->targets[to];
    bool changed = false;
    if (!there) {
        there = qv_alloc(v->qi, v->code->nregs ? v->code->nregs : 1);
        if (!there) {
            return false;
        }
        memcpy(there, v->state, nregs);
        memset(there + nregs, DEAD, v->code->nregs - nregs);
        v->targets[to] = there;
        changed = true;
    } else {
        for (uint32_t i = 0; i < v->code->nregs; i++) {
            uint8_t now = i < nregs ? v->state[i] : DEAD;
            if (there[i] == now) {
                continue;
            }
            // SAVED and SELF may be NULL: not to be mixed with objects.
            bool nullable = there[i] == SAVED || there[i] == SELF || now == SAVED || now == SELF;
            uint8_t both = there[i] == DEAD || now == DEAD || nullable ? DEAD : ANY;
            if (there[i] != both) {
                there[i] = both;
                changed = true;
            }
        }
    }
    if (!changed) {
        return true;
    }
    if (v->nwork == v->work_cap) {
        uint32_t cap = v->work_cap ? v->work_cap * 2 : 32;
        uint32_t *work =
            qv_realloc(v->qi, v->work, v->work_cap * sizeof(*work), cap * sizeof(*work));
        if (!work) {
            return false;
        }
        v->work = work;
        v->work_cap = cap;
    }
    v->work[v->nwork++] = to;
    return true;
}

static bool is_object(uint8_t s) { return s != DEAD && s != SAVED && s != SELF; }

static bool need(Verify *v, uint32_t reg)
{
    return is_object(v->state[reg]) || fail(v, "an empty register is read");
}

static bool need_kind(Verify *v, uint32_t reg, State kind)
{
    return v->state[reg] == kind || fail(v, "a register holds another kind of value");
}

// Reads of the operands by their kinds; registers with other rules are left to the caller.
static bool check_reads(Verify *v, uint8_t op, QvInstr w)
{
    const QvOpInfo *info = &qv_op_info[op];
    switch (op) {
    case QV_INS_DROP:
    case QV_INS_DROP_RANGE:
    case QV_INS_CHECK_BOUND:
    case QV_INS_DEL_FAST: return true;
    case QV_INS_MAKE_CELL: return !w.c || need(v, w.b);
    case QV_INS_LOAD_CELL:
    case QV_INS_LOAD_CLASS_CELL: return need_kind(v, w.b, CELL);
    case QV_INS_DEL_CELL: return need_kind(v, w.a, CELL);
    case QV_INS_STORE_CELL: return need_kind(v, w.a, CELL) && need(v, w.b);
    case QV_INS_LIST_APPEND:
    case QV_INS_LIST_EXTEND: return need_kind(v, w.a, LIST) && need(v, w.b);
    case QV_INS_SET_ADD:
    case QV_INS_SET_UPDATE: return need_kind(v, w.a, SET) && need(v, w.b);
    case QV_INS_DICT_UPDATE: return need_kind(v, w.a, DICT) && need(v, w.b);
    case QV_INS_DICT_PUT:
    case QV_INS_DICT_MERGE: return need_kind(v, w.a, DICT) && need(v, w.b) && need(v, w.c);
    case QV_INS_LIST_TO_TUPLE: return need_kind(v, w.b, LIST);
    case QV_INS_PREP_RERAISE_STAR: return need_kind(v, w.c, LIST) && need(v, w.b);
    case QV_INS_MATCH_KEYS:
    case QV_INS_MATCH_REST: return need_kind(v, w.c, TUPLE) && need(v, w.b);
    case QV_INS_PUSH_EXC: return need_kind(v, w.a, EXC);
    case QV_INS_POP_EXC: return need_kind(v, w.a + 1u, SAVED);
    case QV_INS_YIELD_FROM:
        return (w.a != w.b || fail(v, "YIELD_FROM into itself")) && need(v, w.a) && need(v, w.b);
    default: break;
    }
    if ((info->a == QV_K_R || info->a == QV_K_T || info->a == QV_K_W) && !need(v, w.a)) {
        return false;
    }
    if ((info->b == QV_K_R || info->b == QV_K_T || info->b == QV_K_W) && !need(v, w.b)) {
        return false;
    }
    if ((info->c == QV_K_R || info->c == QV_K_T || info->c == QV_K_W) && !optional_c(op, w) &&
        !need(v, w.c)) {
        return false;
    }
    uint32_t base;
    uint32_t n = qv_flow_run(op, w, &base);
    for (uint32_t i = 0; i < n; i++) {
        bool self = i == 1 && (op == QV_INS_CALL_METHOD || op == QV_INS_CALL_METHOD_KW);
        if (self ? v->state[base + i] != SELF && !need(v, base + i) : !need(v, base + i)) {
            return false;
        }
    }
    switch (op) {
    case QV_INS_BUILD_STRING:
        for (uint32_t i = 0; i < n; i++) {
            if (!need_kind(v, base + i, STR)) {
                return false;
            }
        }
        break;
    case QV_INS_CALL_EX:
        if ((!(w.flags & QV_STAR_CALL) && !need_kind(v, base + 1, TUPLE)) ||
            (w.c && !need_kind(v, base + 2, DICT))) {
            return false;
        }
        break;
    case QV_INS_MATCH_CLASS: return need_kind(v, base + 2, TUPLE);
    case QV_INS_MAKE_FUNCTION: {
        static const struct {
            uint8_t flag, kind;
        } parts[] = {{QV_HAS_DEFAULTS, TUPLE},
                     {QV_HAS_KWDEFAULTS, DICT},
                     {QV_HAS_ANNOTATIONS, TUPLE},
                     {QV_HAS_CLOSURE, TUPLE}};
        for (uint32_t i = 0, r = base; i < 4; i++) {
            if ((w.flags & parts[i].flag) && !need_kind(v, r++, (State)parts[i].kind)) {
                return false;
            }
        }
        break;
    }
    default: break;
    }
    return true;
}

void qv_flow_consume(uint8_t *state, uint8_t op, QvInstr w)
{
    const QvOpInfo *info = &qv_op_info[op];
    if (info->a == QV_K_T || ((w.flags & QV_TAKE_A) && info->a == QV_K_R)) {
        state[w.a] = QV_FLOW_DEAD;
    }
    if (info->b == QV_K_T || ((w.flags & QV_TAKE_B) && info->b == QV_K_R)) {
        state[w.b] = QV_FLOW_DEAD;
    }
    if (info->c == QV_K_T || ((w.flags & QV_TAKE_C) && info->c == QV_K_R)) {
        state[w.c] = QV_FLOW_DEAD;
    }
    uint32_t base;
    uint32_t n = qv_flow_run(op, w, &base);
    memset(state + base, QV_FLOW_DEAD, n);
    if (op == QV_INS_MAKE_CELL && w.c) {
        state[w.b] = QV_FLOW_DEAD;
    }
}

static State result_kind(const Verify *v, uint8_t op, QvInstr w, uint8_t from)
{
    switch (op) {
    case QV_INS_MOVE:
    case QV_INS_TAKE:
        // A list that is still being built must not be seen elsewhere; cells are objects once they
        // are moved.
        return from == TUPLE || from == STR || from == EXC ? (State)from : ANY;
    case QV_INS_LOAD_K: {
        const QvObj *k = v->code->consts[(uint32_t)w.b | (uint32_t)w.c << 16];
        return qv_is_tuple_exact(k) ? TUPLE : qv_is_str_exact(k) ? STR : ANY;
    }
    case QV_INS_BUILD_LIST: return LIST;
    case QV_INS_BUILD_SET: return SET;
    case QV_INS_BUILD_DICT: return DICT;
    case QV_INS_BUILD_TUPLE:
    case QV_INS_LIST_TO_TUPLE: return TUPLE;
    case QV_INS_BUILD_STRING:
    case QV_INS_FORMAT: return STR;
    case QV_INS_MAKE_CELL:
    case QV_INS_COPY_FREE: return CELL;
    default: return ANY;
    }
}

// Runs from v->at until control leaves the straight line. False: problem, or no memory.
static bool run(Verify *v, uint32_t at)
{
    const QvCode *code = v->code;
    for (;;) {
        v->at = at;
        QvInstr w = code->instrs[at];
        uint8_t op = qv_flow_general(w.op);
        const QvOpInfo *info = &qv_op_info[op];
        uint32_t next = at + 1u + info->words;
        if (!check_reads(v, op, w)) {
            return false;
        }
        uint8_t from = info->b == QV_K_R || info->b == QV_K_T ? v->state[w.b] : ANY;
        qv_flow_consume(v->state, op, w);
        if (info->traits & (QV_TR_RAISE | QV_TR_POLL)) {
            // The instruction fails: operands are gone, the result is not there.
            const QvExcEntry *e = qv_code_handler(code, at);
            if (e) {
                uint8_t saved = v->state[e->depth];
                v->state[e->depth] = EXC;
                bool ok = flow_to(v, e->handler, (uint32_t)e->depth + 1);
                v->state[e->depth] = saved;
                if (!ok) {
                    return false;
                }
            }
        }
        if (op == QV_INS_FOR_ITER) {
            uint8_t it = v->state[w.b];
            v->state[w.b] = DEAD;
            if (!flow_to(v, (uint32_t)qv_flow_target(at, w), code->nregs)) {
                return false;
            }
            v->state[w.b] = it;
        } else if ((info->traits & QV_TR_JUMP) &&
                   !flow_to(v, (uint32_t)qv_flow_target(at, w), code->nregs)) {
            return false;
        }
        if ((info->traits & QV_TR_END) && op != QV_INS_GEN_START) {
            return true;
        }
        uint32_t n = qv_flow_written(op, w);
        if (n > 0) {
            memset(v->state + w.a, (int)result_kind(v, op, w, from), n);
        }
        switch (op) {
        case QV_INS_LOAD_METHOD:
        case QV_INS_LOAD_SUPER_METHOD: v->state[w.a + 1] = SELF; break;
        case QV_INS_PUSH_EXC: v->state[w.a + 1] = SAVED; break;
        case QV_INS_CHECK_BOUND: v->state[w.a] = ANY; break;
        case QV_INS_YIELD_FROM: v->state[w.b] = DEAD; break;
        default: break;
        }
        if (v->starts[next] == 2) {
            return flow_to(v, next, code->nregs);
        }
        at = next;
    }
}

static bool check_flow(Verify *v)
{
    const QvCode *code = v->code;
    memset(v->state, DEAD, code->nregs);
    uint32_t params = (uint32_t)code->argcount + code->kwonly +
                      ((code->flags & QV_CO_VARARGS) != 0) +
                      ((code->flags & QV_CO_VARKEYWORDS) != 0);
    memset(v->state, ANY, params);
    v->starts[0] = 2;
    if (!flow_to(v, 0, code->nregs)) {
        return false;
    }
    while (v->nwork > 0) {
        uint32_t at = v->work[--v->nwork];
        memcpy(v->state, v->targets[at], code->nregs);
        if (!run(v, at)) {
            return false;
        }
    }
    return true;
}

// ---- entry --------------------------------------------------------------------------------------

int qv_code_verify(QvInterp *qi, const QvCode *code)
{
    Verify v = {.qi = qi, .code = code};
    v.first_temp = (uint32_t)code->nlocals + code->ncells + code->nfree;
    if (!check_table_sizes(&v)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "bad code data: %s", v.problem);
    }
    size_t n = (size_t)code->ninstrs + 1;
    v.starts = qv_alloc(qi, n);
    v.targets = v.starts ? qv_alloc(qi, n * sizeof(*v.targets)) : NULL;
    v.state = v.targets ? qv_alloc(qi, (size_t)code->nregs + 1) : NULL;
    bool ok = v.state != NULL;
    if (v.targets) {
        memset(v.targets, 0, n * sizeof(*v.targets));
    }
    if (ok) {
        memset(v.starts, 0, n);
        ok = check_structure(&v) && check_flow(&v);
    }
    if (v.targets) {
        for (size_t i = 0; i < n; i++) {
            if (v.targets[i]) {
                qv_free(qi, v.targets[i], code->nregs ? code->nregs : 1);
            }
        }
        qv_free(qi, v.targets, n * sizeof(*v.targets));
    }
    if (v.starts) {
        qv_free(qi, v.starts, n);
    }
    if (v.state) {
        qv_free(qi, v.state, (size_t)code->nregs + 1);
    }
    if (v.work) {
        qv_free(qi, v.work, v.work_cap * sizeof(*v.work));
    }
    if (!ok && v.problem) {
        qv_raise(qi, &qv_exc_ValueError, "bad code data: %s at word %u", v.problem, v.at);
    }
    return ok ? 0 : -1;
}
