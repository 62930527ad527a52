// SPDX-License-Identifier: MIT
// Jumps between lines. The data flow is that of the verifier, for temporaries only: the code is
// known to be well formed.
#include "code/linejump.h"

#include <string.h>

#include "code/flow.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/str.h"
#include "object/tuple.h"

// Kinds in the order in which CPython prefers them.
enum { KIND_ITER = 1, KIND_EXC, KIND_OBJECT, KIND_NULL };

typedef struct Flow {
    QvInterp *qi;
    const QvCode *code;
    uint32_t first_temp;
    uint8_t *marks;   // by word: 1 a state is kept here, 2 a line begins here
    uint8_t **states; // by word, at marks
    uint32_t *work;
    uint32_t nwork, work_cap;
    uint8_t *state;
} Flow;

bool qv_code_is_silent(QvInstr w)
{
    return (w.op == QV_INS_JUMP && !(w.flags & QV_JUMP_STMT)) ||
           (w.op == QV_INS_RETURN_K && (w.flags & QV_IMPLICIT)) ||
           ((w.flags & QV_NO_LINE) && w.op != QV_INS_MAKE_FUNCTION) || w.op == QV_INS_PUSH_EXC ||
           w.op == QV_INS_POP_EXC || w.op == QV_INS_RERAISE || w.op == QV_INS_COPY_FREE ||
           w.op == QV_INS_MAKE_CELL || w.op == QV_INS_DROP || w.op == QV_INS_GEN_START;
}

static uint32_t after(const QvCode *code, uint32_t at)
{
    return at + 1u + qv_op_info[qv_code_instr(code, at).op].words;
}

// ---- lines --------------------------------------------------------------------------------------

// The first word behind what makes the frame ready.
static uint32_t begin(const QvCode *code)
{
    uint32_t at = 0;
    while (at < code->ninstrs && (qv_code_instr(code, at).op == QV_INS_GEN_START ||
                                  qv_code_instr(code, at).op == QV_INS_MAKE_CELL ||
                                  qv_code_instr(code, at).op == QV_INS_COPY_FREE)) {
        at = after(code, at);
    }
    return at;
}

// Marks the words where `line` begins (0: none; tells only the next line with code). The first line
// from `line` on that has code, or -1.
static int32_t find_line(Flow *f, int32_t line, bool mark)
{
    const QvCode *code = f->code;
    int32_t last = -1, best = -1;
    bool is_module = qv_str_eq_ascii(code->name, "<module>");
    if (!is_module && line <= code->firstline) {
        best = code->firstline;
        if (mark) {
            f->marks[begin(code)] |= 3;
        }
        last = code->firstline;
    }
    for (uint32_t at = 0; at < code->ninstrs; at = after(code, at)) {
        QvInstr w = qv_code_instr(code, at);
        if (!qv_code_is_silent(w)) {
            int32_t here = qv_code_line(code, at);
            if (here > 0 && here != last) {
                last = here;
                if (mark && here == line) {
                    f->marks[at] |= 3;
                }
                if (here >= line && (best < 0 || here < best)) {
                    best = here;
                }
            }
        }
        // CPython has handlers at the end of the code.
        if (w.op == QV_INS_PUSH_EXC || (qv_op_info[w.op].traits & QV_TR_END)) {
            last = -1;
        }
    }
    return best;
}

// ---- data flow ----------------------------------------------------------------------------------

static uint8_t merge(uint8_t a, uint8_t b)
{
    if (a == b) {
        return a;
    }
    if ((a == QV_OPEN_EXC && b == QV_OPEN_CAUGHT) || (a == QV_OPEN_CAUGHT && b == QV_OPEN_EXC)) {
        return QV_OPEN_CAUGHT;
    }
    bool odd = a == QV_OPEN_DEAD || b == QV_OPEN_DEAD || a == QV_OPEN_SELF || b == QV_OPEN_SELF ||
               a == QV_OPEN_SAVED || b == QV_OPEN_SAVED;
    return odd ? QV_OPEN_DEAD : QV_OPEN_VALUE;
}

static bool flow_to(Flow *f, uint32_t to, uint32_t nregs)
{
    uint32_t all = f->code->nregs;
    uint8_t *there = f->states[to];
    bool changed = !there;
    if (!there) {
        there = qv_alloc(f->qi, all + 1u);
        if (!there) {
            return false;
        }
        memcpy(there, f->state, nregs);
        memset(there + nregs, QV_OPEN_DEAD, all - nregs);
        f->states[to] = there;
    } else {
        for (uint32_t i = f->first_temp; i < all; i++) {
            uint8_t both = merge(there[i], i < nregs ? f->state[i] : (uint8_t)QV_OPEN_DEAD);
            changed = changed || both != there[i];
            there[i] = both;
        }
    }
    if (!changed) {
        return true;
    }
    if (f->nwork == f->work_cap) {
        uint32_t cap = f->work_cap ? f->work_cap * 2 : 32;
        uint32_t *work =
            qv_realloc(f->qi, f->work, f->work_cap * sizeof(*work), cap * sizeof(*work));
        if (!work) {
            return false;
        }
        f->work = work;
        f->work_cap = cap;
    }
    f->work[f->nwork++] = to;
    return true;
}

static uint8_t result_state(const Flow *f, uint8_t op, QvInstr w, uint8_t from)
{
    switch (op) {
    case QV_INS_MOVE:
        return from == QV_OPEN_TUPLE || from == QV_OPEN_STR || from == QV_OPEN_EXC ||
                       from == QV_OPEN_ITER || from == QV_OPEN_AITER
                   ? from
               : from == QV_OPEN_CAUGHT ? (uint8_t)QV_OPEN_EXC
                                        : (uint8_t)QV_OPEN_VALUE;
    case QV_INS_TAKE: return from == QV_OPEN_DEAD ? (uint8_t)QV_OPEN_VALUE : from;
    case QV_INS_LOAD_K: {
        const QvObj *k = f->code->consts[(uint32_t)w.b | (uint32_t)w.c << 16];
        return qv_is_tuple_exact(k) ? QV_OPEN_TUPLE
               : qv_is_str_exact(k) ? QV_OPEN_STR
                                    : QV_OPEN_VALUE;
    }
    case QV_INS_GET_ITER: return QV_OPEN_ITER;
    case QV_INS_GET_AITER: return QV_OPEN_AITER;
    case QV_INS_GET_AWAITABLE:
    case QV_INS_GET_YIELD_FROM_ITER:
    case QV_INS_GET_ANEXT: return QV_OPEN_AWAIT;
    case QV_INS_BUILD_LIST: return QV_OPEN_LIST;
    case QV_INS_BUILD_SET: return QV_OPEN_SET;
    case QV_INS_BUILD_DICT: return QV_OPEN_DICT;
    case QV_INS_BUILD_TUPLE:
    case QV_INS_LIST_TO_TUPLE: return QV_OPEN_TUPLE;
    case QV_INS_BUILD_STRING:
    case QV_INS_FORMAT: return QV_OPEN_STR;
    default: return QV_OPEN_VALUE;
    }
}

// From `at` to the end of the straight line.
static bool run(Flow *f, uint32_t at)
{
    const QvCode *code = f->code;
    for (;;) {
        QvInstr w = qv_code_instr(code, at);
        uint8_t op = qv_flow_general(w.op);
        const QvOpInfo *info = &qv_op_info[op];
        uint32_t next = after(code, at);
        uint8_t from = info->b == QV_K_R || info->b == QV_K_T ? f->state[w.b]
                                                              : (uint8_t)QV_OPEN_VALUE;
        qv_flow_consume(f->state, op, w);
        if (info->traits & (QV_TR_RAISE | QV_TR_POLL)) {
            const QvExcEntry *e = qv_code_handler(code, at);
            if (e) {
                uint8_t saved = f->state[e->depth];
                f->state[e->depth] = QV_OPEN_EXC;
                bool ok = flow_to(f, e->handler, (uint32_t)e->depth + 1);
                f->state[e->depth] = saved;
                if (!ok) {
                    return false;
                }
            }
        }
        if (info->traits & QV_TR_JUMP) {
            bool ends = op == QV_INS_FOR_ITER; // the iterator is dropped there
            uint8_t it = ends ? f->state[w.b] : (uint8_t)QV_OPEN_DEAD;
            if (ends) {
                f->state[w.b] = QV_OPEN_DEAD;
            }
            if (!flow_to(f, (uint32_t)qv_flow_target(at, w), code->nregs)) {
                return false;
            }
            if (ends) {
                f->state[w.b] = it;
            }
        }
        if ((info->traits & QV_TR_END) && op != QV_INS_GEN_START) {
            return true;
        }
        uint32_t n = qv_flow_written(op, w);
        if (n > 0) {
            memset(f->state + w.a, result_state(f, op, w, from), n);
        }
        switch (op) {
        case QV_INS_LOAD_METHOD:
        case QV_INS_LOAD_SUPER_METHOD: f->state[w.a + 1] = QV_OPEN_SELF; break;
        case QV_INS_PUSH_EXC: f->state[w.a + 1] = QV_OPEN_SAVED; break;
        case QV_INS_JNOT_EXC_MATCH: f->state[w.a] = QV_OPEN_CAUGHT; break;
        case QV_INS_NOP: // of a bare except clause: its exception
            if (w.c) {
                f->state[w.a] = QV_OPEN_CAUGHT;
            }
            break;
        case QV_INS_YIELD_FROM: f->state[w.b] = QV_OPEN_DEAD; break;
        default: break;
        }
        if (f->marks[next]) {
            return flow_to(f, next, code->nregs);
        }
        at = next;
    }
}

static bool follow(Flow *f)
{
    const QvCode *code = f->code;
    for (uint32_t at = 0; at < code->ninstrs; at = after(code, at)) {
        if (qv_op_info[qv_code_instr(code, at).op].traits & QV_TR_JUMP) {
            f->marks[qv_flow_target(at, qv_code_instr(code, at))] |= 1;
        }
    }
    for (uint32_t i = 0; i < code->nexcs; i++) {
        f->marks[code->excs[i].handler] |= 1;
    }
    f->marks[0] |= 1;
    if (!flow_to(f, 0, code->nregs)) {
        return false;
    }
    while (f->nwork > 0) {
        uint32_t at = f->work[--f->nwork];
        memcpy(f->state, f->states[at], code->nregs);
        if (!run(f, at)) {
            return false;
        }
    }
    return true;
}

// ---- stacks -------------------------------------------------------------------------------------

static void push(QvOpenStack *s, uint8_t kind, uint8_t state, uint32_t reg)
{
    if (s->n < 0) {
        return;
    }
    if (s->n == QV_OPEN_MAX) {
        s->n = QV_OPEN_TOO_DEEP;
        return;
    }
    s->items[s->n++] = (QvOpenItem){kind, state, (uint16_t)reg};
}

static void read_stack(const Flow *f, const uint8_t *state, QvOpenStack *s)
{
    s->n = state ? 0 : QV_OPEN_UNREACHED;
    for (uint32_t r = f->first_temp; state && r < f->code->nregs; r++) {
        switch (state[r]) {
        case QV_OPEN_DEAD: break;
        case QV_OPEN_ITER:
        case QV_OPEN_AITER: push(s, KIND_ITER, state[r], r); break;
        case QV_OPEN_SELF: push(s, KIND_NULL, state[r], r); break;
        case QV_OPEN_EXC:
        case QV_OPEN_CAUGHT:
            if (r + 1 < f->code->nregs && state[r + 1] == QV_OPEN_SAVED) {
                push(s, KIND_EXC, QV_OPEN_PAIR, r);
                if (state[r] == QV_OPEN_EXC) {
                    push(s, KIND_EXC, QV_OPEN_PENDING, r);
                }
                r++;
            } else {
                push(s, KIND_EXC, QV_OPEN_EXC, r);
            }
            break;
        case QV_OPEN_SAVED: s->n = QV_OPEN_UNREACHED; return; // without its exception
        default: push(s, KIND_OBJECT, state[r], r); break;
        }
    }
}

// Deeper, or as deep and preferred.
static bool is_above(const QvOpenStack *a, const QvOpenStack *b)
{
    if (a->n != b->n) {
        return a->n > b->n;
    }
    for (int i = 0; i < a->n; i++) {
        if (a->items[i].kind != b->items[i].kind) {
            return a->items[i].kind > b->items[i].kind;
        }
    }
    return false;
}

// May what is open there be made of what is open here? CPython's rule, and that the machine finds
// in each register the kind of value that it relies on.
static bool fits(QvOpenItem from, QvOpenItem to)
{
    switch (to.kind) {
    case KIND_OBJECT:
        return from.kind != KIND_NULL && (to.state == QV_OPEN_VALUE || from.state == to.state);
    case KIND_NULL: return from.kind == KIND_OBJECT || from.kind == KIND_NULL;
    case KIND_EXC:
        return from.kind == KIND_EXC && (from.state == QV_OPEN_EXC) == (to.state == QV_OPEN_EXC);
    default: return from.state == to.state;
    }
}

static bool compatible(const QvOpenStack *from, const QvOpenStack *to)
{
    if (from->n < 0 || to->n < 0 || to->n > from->n) {
        return false;
    }
    for (int i = 0; i < to->n; i++) {
        if (!fits(from->items[i], to->items[i])) {
            return false;
        }
    }
    return true;
}

static const char *explain(const QvOpenStack *to)
{
    if (to->n == QV_OPEN_TOO_DEEP) {
        return "stack is too deep to analyze";
    }
    if (to->n == QV_OPEN_UNREACHED) {
        return "can't jump into an exception handler, or code may be unreachable";
    }
    uint8_t top = to->n ? to->items[to->n - 1].kind : 0;
    return top == KIND_ITER  ? "can't jump into the body of a for loop"
           : top == KIND_EXC ? "can't jump into an 'except' block as there's no exception"
                             : "incompatible stacks";
}

// Among the words where the line begins, that with the most left open.
static const char *choose(const Flow *f, QvLineJump *jump)
{
    const char *problem = "cannot find bytecode for specified line";
    bool found = false, told = false;
    for (uint32_t at = 0; at < f->code->ninstrs; at++) {
        if (!(f->marks[at] & 2)) {
            continue;
        }
        QvOpenStack to;
        read_stack(f, f->states[at], &to);
        if (compatible(&jump->from, &to)) {
            if (!found || is_above(&to, &jump->to)) {
                jump->to = to;
                jump->word = at;
            }
            found = true;
        } else if (!told) {
            told = jump->from.n >= 0;
            problem = jump->from.n == QV_OPEN_TOO_DEEP    ? "stack to deep to analyze"
                      : jump->from.n == QV_OPEN_UNREACHED ? "can't jump from unreachable code"
                                                          : explain(&to);
        }
    }
    return found ? NULL : problem;
}

static int jump_in(Flow *f, uint32_t from, bool suspended, bool again, QvLineJump *jump)
{
    find_line(f, jump->line, true);
    f->marks[from] |= 1;
    if (!follow(f)) {
        return -1;
    }
    QvLineJump next = {.line = jump->line};
    if (again) {
        next.from = jump->to;
    } else {
        if (suspended && f->states[from]) { // what it yields has gone
            QvInstr w = qv_code_instr(f->code, from);
            if (w.op == QV_INS_YIELD) {
                qv_flow_consume(f->states[from], w.op, w);
            } else {
                f->states[from][w.a] = QV_OPEN_DEAD;
            }
        }
        read_stack(f, f->states[from], &next.from);
    }
    const char *problem = choose(f, &next);
    if (problem) {
        return qv_raise_int(f->qi, &qv_exc_ValueError, "%s", problem);
    }
    if (again) {
        next.from = jump->from; // of which the former target's was made
    }
    *jump = next;
    return 0;
}

int qv_code_line_jump(QvInterp *qi, const QvCode *code, uint32_t from, bool suspended, bool again,
                      int64_t line, QvLineJump *jump)
{
    if (line < code->firstline) {
        return qv_raise_int(qi, &qv_exc_ValueError, "line %d comes before the current code block",
                            (int)line);
    }
    Flow f = {.qi = qi, .code = code};
    int32_t found = find_line(&f, (int32_t)line, false);
    if (found < 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "line %d comes after the current code block",
                            (int)line);
    }
    f.first_temp = (uint32_t)code->nlocals + code->ncells + code->nfree;
    size_t n = (size_t)code->ninstrs + 1;
    int status = -1;
    QvLineJump next = *jump;
    next.line = found;
    f.marks = qv_alloc(qi, n);
    f.states = f.marks ? qv_alloc(qi, n * sizeof(*f.states)) : NULL;
    f.state = f.states ? qv_alloc(qi, code->nregs + 1u) : NULL;
    if (f.states) {
        memset(f.states, 0, n * sizeof(*f.states));
    }
    if (f.state) {
        memset(f.marks, 0, n);
        memset(f.state, QV_OPEN_DEAD, code->nregs + 1u);
        status = jump_in(&f, from, suspended, again, &next);
    }
    if (f.states) {
        for (size_t i = 0; i < n; i++) {
            if (f.states[i]) {
                qv_free(qi, f.states[i], code->nregs + 1u);
            }
        }
        qv_free(qi, f.states, n * sizeof(*f.states));
    }
    if (f.state) {
        qv_free(qi, f.state, code->nregs + 1u);
    }
    if (f.marks) {
        qv_free(qi, f.marks, n);
    }
    if (f.work) {
        qv_free(qi, f.work, f.work_cap * sizeof(*f.work));
    }
    if (status == 0) {
        *jump = next;
    }
    return status;
}
