// SPDX-License-Identifier: MIT
// Moving a frame to another line (f_lineno).
//
// What the target has open is made of what was open at the start (code/linejump.h says of what);
// everything else in temporaries is dropped, and the exceptions handled there are no longer
// handled.
//
// The compiler leaves out checks of locals that are bound on every way to a place. A jump is a way
// that it does not know: when a local is unbound after it, the frame's instructions are looked at
// before they run, until it ends.
#include "vm/jump.h"

#include <string.h>

#include "code/flow.h"
#include "code/linejump.h"
#include "object/error.h"
#include "object/type_ids.h"
#include "vm/eval_internal.h"
#include "vm/trace.h"

// ---- watched frames -----------------------------------------------------------------------------

void qv_jump_watch(QvInterp *qi, QvFrameObj *fo)
{
    if (!fo->watched) {
        fo->watched = true;
        qv_frame_keep(qi, fo);
        qi->tracing++;
        qv_eval_choose_dispatch(qi);
    }
}

void qv_jump_forget(QvInterp *qi, QvFrameObj *fo)
{
    qv_free(qi, fo->jump, sizeof(*fo->jump));
    fo->jump = NULL;
    fo->unbound = false;
    if (fo->watched) {
        fo->watched = false;
        qi->tracing--;
        qv_eval_choose_dispatch(qi);
    }
}

void qv_jump_check_locals(QvInterp *qi, QvFrameObj *fo)
{
    const QvFrame *f = fo->frame;
    for (uint16_t j = 0; f && !fo->unbound && j < f->code->nlocals; j++) {
        if (!f->regs[j] && !qv_frame_is_captured(f->code, j)) {
            fo->unbound = true;
            qv_jump_watch(qi, fo);
        }
    }
}

int qv_jump_check_instr(QvInterp *qi, QvFrame *f)
{
    QvInstr w = f->pc[-1];
    uint8_t op = qv_flow_general(w.op);
    const QvOpInfo *info = &qv_op_info[op];
    const uint8_t kinds[3] = {info->a, info->b, info->c};
    const uint16_t regs[3] = {w.a, w.b, w.c};
    if (op == QV_INS_CHECK_BOUND || op == QV_INS_DEL_FAST || op == QV_INS_DROP ||
        op == QV_INS_MAKE_CELL) {
        return 0; // these know
    }
    for (int i = 0; i < 3; i++) {
        bool reads = kinds[i] == QV_K_R || kinds[i] == QV_K_T || kinds[i] == QV_K_W;
        if (reads && regs[i] < f->code->nlocals && !f->regs[regs[i]]) {
            return qv_raise_unbound(qi, f, regs[i]);
        }
    }
    return 0;
}

// ---- the setter ---------------------------------------------------------------------------------

int qv_jump_set(QvInterp *qi, QvFrameObj *fo, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_AttributeError, "cannot delete attribute");
    }
    if (!qv_is_int_exact(value)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "lineno must be an integer");
    }
    bool yields = fo->event == 'r' && fo->trace_state == QV_TRACE_SUSPENDED;
    if (fo->event == 'c' || (!fo->event && !qi->ts->tracing)) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "can't jump from the 'call' trace event of a new frame");
    }
    if (!fo->frame || (fo->event != 'l' && !yields)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "can only jump from a 'line' trace event");
    }
    if (!fo->trace) {
        return qv_raise_int(qi, &qv_exc_ValueError, "f_lineno can only be set by a trace function");
    }
    int64_t line;
    bool fits = qv_int_to_i64(qi, value, &line) == 0;
    if (!fits || line < INT32_MIN || line > INT32_MAX) {
        if (!fits && !qv_err_matches(qi, &qv_exc_OverflowError)) {
            return -1;
        }
        qv_err_clear(qi);
        return qv_raise_int(qi, &qv_exc_ValueError, "lineno out of range");
    }
    bool again = fo->jump != NULL;
    QvLineJump *jump = again ? fo->jump : qv_alloc(qi, sizeof(*jump));
    if (!jump) {
        return -1;
    }
    if (!again) {
        memset(jump, 0, sizeof(*jump));
    }
    const QvFrame *f = fo->frame;
    uint32_t at = (uint32_t)(f->pc - 1 - f->code->instrs);
    if (qv_code_line_jump(qi, f->code, at, yields, again, line, jump) < 0) {
        if (!again) {
            qv_free(qi, jump, sizeof(*jump));
        }
        return -1;
    }
    fo->jump = jump;
    if (yields) {
        qv_jump_watch(qi, fo);
    }
    return 0;
}

// ---- moving -------------------------------------------------------------------------------------

// Makes the open item `to` in the frame's registers of `from`, whose values lie in old. pending:
// the exception of the pair below, when `from` is what belongs to it.
static void move_item(QvInterp *qi, QvObj **regs, QvObj **old, QvOpenItem from, QvOpenItem to)
{
    QvObj **first = &old[from.reg];
    if (to.state == QV_OPEN_PENDING) {
        return; // the pair's own exception
    }
    if (to.state == QV_OPEN_PAIR && from.state == QV_OPEN_PAIR) {
        regs[to.reg] = first[0];
        regs[to.reg + 1] = first[1];
        first[0] = NULL;
        first[1] = NULL;
    } else if (to.state == QV_OPEN_PAIR) { // handled twice
        regs[to.reg] = qv_new_ref(qi, first[0]);
        regs[to.reg + 1] = qv_new_ref(qi, first[0]);
    } else if (from.state == QV_OPEN_PAIR) {
        regs[to.reg] = first[1] ? qv_new_ref(qi, first[1]) : QV_NONE;
    } else if (from.state == QV_OPEN_PENDING) {
        regs[to.reg] = qv_new_ref(qi, first[0]);
    } else {
        regs[to.reg] = first[0];
        first[0] = NULL;
    }
}

int qv_jump_now(QvInterp *qi, QvThread *ts, QvFrame *f)
{
    QvFrameObj *fo = f->obj;
    QvLineJump *jump = fo->jump;
    const QvCode *code = f->code;
    uint32_t first = (uint32_t)code->nlocals + code->ncells + code->nfree;
    uint32_t n = code->nregs;
    QvObj **old = qv_alloc(qi, (n + 1u) * sizeof(*old));
    fo->jump = NULL;
    if (!old) {
        qv_free(qi, jump, sizeof(*jump));
        return -1;
    }
    memset(old, 0, (n + 1u) * sizeof(*old));
    for (uint32_t r = first; r < n; r++) {
        old[r] = f->regs[r];
        f->regs[r] = NULL;
    }
    // From the top: a pending exception is copied before its pair moves.
    for (int i = jump->to.n - 1; i >= 0; i--) {
        move_item(qi, f->regs, old, jump->from.items[i], jump->to.items[i]);
    }
    for (int i = jump->from.n - 1; i >= 0; i--) {
        QvOpenItem item = jump->from.items[i];
        bool stays = i < jump->to.n && jump->to.items[i].state == QV_OPEN_PAIR;
        if (item.state == QV_OPEN_PAIR && !stays) { // is handled no longer
            QvObj *handled = ts->exc_info->value;
            ts->exc_info->value = old[item.reg + 1];
            old[item.reg + 1] = handled;
        }
    }
    f->pc = code->instrs + jump->word + 1;
    fo->last_line = jump->line;
    fo->last_at = jump->word;
    if (fo->trace_state == QV_TRACE_SUSPENDED &&
        qv_code_line(code, jump->word) == jump->line) { // no call is told
        fo->trace_state = QV_TRACE_ENTERED;
    }
    qv_free(qi, jump, sizeof(*jump));
    if (fo->watched && !fo->unbound) {
        qv_jump_forget(qi, fo);
    }
    qv_jump_check_locals(qi, fo);
    for (uint32_t r = n; r-- > first;) {
        qv_xdecref(qi, old[r]);
    }
    qv_free(qi, old, (n + 1u) * sizeof(*old));
    return 0;
}

QvInstr *qv_jump_thrown(QvInterp *qi, QvThread *ts, QvFrame *f)
{
    QvObj *exc = qv_err_fetch(qi);
    if (qv_jump_now(qi, ts, f) < 0) {
        qv_err_clear(qi); // raised where it was, then
    }
    qv_err_restore(qi, exc);
    return f->pc;
}
