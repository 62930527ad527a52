// SPDX-License-Identifier: MIT
// Events for sys.settrace and sys.setprofile.
//
// What an event needs to know of a frame (was its call reported, which line was the last) stands in
// its frame object, which exists anyway because the hook is given it.
//
// A C call has two events and only one place where the loop asks: c_call is reported before the
// call instruction, and the callable is kept in the frame object; the next instruction of the frame
// reports c_return, an exception in it c_exception.
#include "vm/trace.h"

#include "code/linejump.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/native.h"
#include "vm/eval_internal.h"
#include "vm/jump.h"

// ---- hooks --------------------------------------------------------------------------------------

// -1: the former hook's end asks for another one of its kind.
static int set_hook(QvInterp *qi, QvObj **hook, QvObj *callable)
{
    QvThread *ts = qi->ts;
    if (ts->dropping == hook) {
        const char *what = hook == &ts->trace ? "trace" : "profile";
        return qv_raise_int(qi, &qv_exc_RuntimeError,
                            "Cannot install a %s function while another %s function is being "
                            "installed",
                            what, what);
    }
    bool was = ts->trace || ts->profile;
    QvObj *old = *hook;
    *hook = callable && callable != QV_NONE ? qv_new_ref(qi, callable) : NULL;
    bool is = ts->trace || ts->profile;
    if (is != was) {
        qi->tracing += is ? 1u : -1u;
        qv_eval_choose_dispatch(qi);
    }
    QvObj **outer = ts->dropping;
    ts->dropping = hook;
    qv_xdecref(qi, old);
    ts->dropping = outer;
    return 0;
}

// Frames that were traced before and run now are in the middle of a line: the next event is for
// another one.
int qv_trace_set(QvInterp *qi, QvObj *callable)
{
    bool begins = !qi->ts->trace;
    if (set_hook(qi, &qi->ts->trace, callable) < 0) {
        return -1;
    }
    for (QvFrame *f = begins && qi->ts->trace ? qi->ts->frame : NULL; f; f = f->prev) {
        QvFrameObj *fo = f->obj;
        if (fo && fo->trace_state == QV_TRACE_ENTERED && f->pc > f->code->instrs) {
            fo->last_at = (uint32_t)(f->pc - 1 - f->code->instrs);
            fo->last_line = qv_code_line(f->code, fo->last_at);
        }
    }
    return 0;
}

int qv_profile_set(QvInterp *qi, QvObj *callable)
{
    return set_hook(qi, &qi->ts->profile, callable);
}

// Calls hook(frame, event, arg). New reference, or NULL.
static QvObj *call_hook(QvInterp *qi, QvThread *ts, QvFrameObj *fo, QvObj *hook, const char *event,
                        QvObj *arg)
{
    // What a debugger changes in f_locals goes back into the registers, so they go there first.
    if (fo->locals && qv_frame_locals_load(qi, fo) < 0) {
        return NULL;
    }
    QvObj *name = qv_str_intern_cstr(qi, event);
    if (!name) {
        return NULL;
    }
    QvObj *args[] = {(QvObj *)fo, name, arg};
    ts->tracing++;
    fo->event = event[0];
    QvObj *result = qv_call(qi, hook, args, 3, NULL);
    fo->event = 0;
    ts->tracing--;
    qv_decref(qi, name);
    if (fo->locals && fo->frame) {
        qv_frame_locals_store(qi, fo);
    }
    return result;
}

// A trace event for the function that traces this frame (the thread's for a call). 0/-1.
static int trace_event(QvInterp *qi, QvThread *ts, QvFrameObj *fo, const char *event, QvObj *arg,
                       bool is_call)
{
    QvObj *hook = is_call ? ts->trace : fo->trace;
    if (!hook || ts->tracing) {
        return 0;
    }
    qv_incref(qi, hook);
    QvObj *result = call_hook(qi, ts, fo, hook, event, arg);
    qv_decref(qi, hook);
    if (!result) {
        QvObj *exc = qv_err_fetch(qi);
        if (qv_trace_set(qi, NULL) < 0) {
            qv_err_clear(qi); // it is going already
        }
        qv_clear(qi, &fo->trace);
        qv_err_restore(qi, exc);
        return -1;
    }
    if (result == QV_NONE) {
        return 0;
    }
    qv_set_take(qi, &fo->trace, result);
    return 0;
}

static int profile_event(QvInterp *qi, QvThread *ts, QvFrameObj *fo, const char *event, QvObj *arg)
{
    if (!ts->profile || ts->tracing) {
        return 0;
    }
    QvObj *hook = qv_new_ref(qi, ts->profile);
    QvObj *result = call_hook(qi, ts, fo, hook, event, arg);
    qv_decref(qi, hook);
    if (!result) {
        QvObj *exc = qv_err_fetch(qi);
        qv_profile_set(qi, NULL);
        qv_err_restore(qi, exc);
        return -1;
    }
    qv_decref(qi, result);
    return 0;
}

// An event while an exception is pending: it stays pending, unless a hook raises another.
static void event_beside(QvInterp *qi, QvThread *ts, QvFrameObj *fo, const char *event, QvObj *arg,
                         bool trace, bool profile)
{
    QvObj *pending = qv_err_fetch(qi);
    int status = trace ? trace_event(qi, ts, fo, event, arg, false) : 0;
    if (status == 0 && profile) {
        status = profile_event(qi, ts, fo, event, arg);
    }
    if (status == 0) {
        qv_err_restore(qi, pending);
    } else {
        qv_decref(qi, pending);
    }
}

static void event_beside_call(QvInterp *qi, QvThread *ts, QvFrameObj *fo)
{
    QvObj *pending = qv_err_fetch(qi);
    int status = trace_event(qi, ts, fo, "call", QV_NONE, true);
    if (status == 0) {
        status = profile_event(qi, ts, fo, "call", QV_NONE);
    }
    if (status == 0) {
        qv_err_restore(qi, pending);
    } else {
        qv_decref(qi, pending);
    }
}

// ---- C calls ------------------------------------------------------------------------------------

// The callable of a call instruction when it is written in C (new reference, bound to its self), or
// NULL.
static QvObj *native_callable(QvInterp *qi, QvObj **r, QvInstr at)
{
    const QvOpInfo *info = &qv_op_info[at.op];
    uint8_t op = info->traits & QV_TR_SPEC ? info->general : at.op;
    bool method = op == QV_INS_CALL_METHOD || op == QV_INS_CALL_METHOD_KW;
    if (!method && op != QV_INS_CALL && op != QV_INS_CALL_KW && op != QV_INS_CALL_EX) {
        return NULL;
    }
    QvObj *callable = r[at.b];
    if (callable->type == &qv_builtin_type) {
        return qv_new_ref(qi, callable);
    }
    QvObj *self = method ? r[at.b + 1] : NULL;
    if (callable->type == &qv_method_descriptor_type && self) {
        return callable->type->descr_get(qi, callable, self, (QvObj *)qv_type_of(self));
    }
    return NULL;
}

// ---- what the eval loop calls -------------------------------------------------------------------

static int both_events(QvInterp *qi, QvThread *ts, QvFrameObj *fo, const char *event, QvObj *arg,
                       bool is_call)
{
    return trace_event(qi, ts, fo, event, arg, is_call) < 0 ||
                   profile_event(qi, ts, fo, event, arg) < 0
               ? -1
               : 0;
}

// Did the frame begin, or a generator go on, with the word `at`?
static bool begins(const QvFrame *f, const QvFrameObj *fo, uint32_t at)
{
    if (fo->trace_state == QV_TRACE_SUSPENDED) {
        return true;
    }
    if (fo->trace_state == QV_TRACE_ENTERED) {
        return false;
    }
    if (!(f->kind & QV_FRAME_GEN)) {
        return at == 0;
    }
    uint8_t before = at > 0 ? qv_code_instr(f->code, at - 1).op : (uint8_t)QV_INS_NOP;
    return before == QV_INS_GEN_START || before == QV_INS_YIELD ||
           qv_code_instr(f->code, at).op == QV_INS_YIELD_FROM; // done again: it stood still there
}

// A function is called at its first line; a generator goes on at its yield.
static int call_line(const QvFrame *f, uint32_t at)
{
    const QvCode *code = f->code;
    if (qv_code_instr(code, at).op == QV_INS_YIELD_FROM) {
        return qv_code_line(code, at);
    }
    bool resumed = at > 0 && qv_code_instr(code, at - 1).op == QV_INS_YIELD;
    return resumed ? qv_code_line(code, at - 1) : code->firstline;
}

static int line_event(QvInterp *qi, QvThread *ts, QvFrame *f, QvFrameObj *fo, uint32_t at)
{
    QvInstr instr = qv_code_instr(f->code, at);
    if (qv_code_is_silent(instr)) {
        return 0; // part of a statement, at no line of its own
    }
    int line = qv_code_line(f->code, at);
    uint32_t last = fo->last_at;
    fo->last_at = at;
    if (line <= 0) {
        return 0;
    }
    bool back = at < last && instr.op != QV_INS_YIELD_FROM;
    if (line == fo->last_line && !back) {
        return 0;
    }
    fo->last_line = line;
    return fo->no_trace_lines ? 0 : trace_event(qi, ts, fo, "line", QV_NONE, false);
}

// The StopIteration that ends a statement of frame f is an event of it, as in CPython. 0/-1.
static int show_stop(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *value)
{
    qv_raise_stop(qi, value);
    QvObj *stop = qv_xnew_ref(qi, ts->exc);
    qv_trace_exception(qi, ts, f);
    bool same = ts->exc == stop;
    qv_xdecref(qi, stop);
    if (same) {
        qv_err_clear(qi);
    }
    return same ? 0 : -1;
}

// A generator returns a value to a `for`: by the StopIteration a debugger finds its way back.
static int end_event(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *value)
{
    QvFrame *up = f->prev;
    if (value == QV_NONE || !up || !up->obj || !up->obj->trace || up->pc == up->code->instrs) {
        return 0;
    }
    uint8_t op = qv_code_instr(up->code, (uint32_t)(up->pc - 1 - up->code->instrs)).op;
    op = qv_op_info[op].traits & QV_TR_SPEC ? qv_op_info[op].general : op;
    return op == QV_INS_FOR_ITER ? show_stop(qi, ts, up, value) : 0;
}

// The frame is watched, but no hook is called.
static int unseen_instr(QvInterp *qi, QvThread *ts, QvFrame *f)
{
    if (f->obj->jump && qv_jump_now(qi, ts, f) < 0) {
        return -1;
    }
    return f->obj && f->obj->unbound ? qv_jump_check_instr(qi, f) : 0;
}

int qv_trace_instr(QvInterp *qi, QvThread *ts, QvFrame *f)
{
    uint32_t at = (uint32_t)(f->pc - 1 - f->code->instrs);
    QvInstr instr = qv_code_instr(f->code, at);
    if (!qv_trace_on(qi, ts)) {
        return f->obj ? unseen_instr(qi, ts, f) : 0;
    }
    if (instr.op == QV_INS_GEN_START) {
        return 0; // only makes the generator
    }
    QvFrameObj *fo = qv_frame_object(qi, f);
    if (!fo) {
        return -1;
    }
    if (fo->jump) { // set when it yielded
        if (qv_jump_now(qi, ts, f) < 0) {
            qv_decref(qi, (QvObj *)fo);
            return -1;
        }
        at = (uint32_t)(f->pc - 1 - f->code->instrs);
        instr = qv_code_instr(f->code, at);
    }
    qv_frame_keep(qi, fo); // what is noted there must outlive this event
    int status = 0;
    if (fo->c_call) {
        QvObj *callable = fo->c_call;
        fo->c_call = NULL;
        status = profile_event(qi, ts, fo, "c_return", callable);
        qv_decref(qi, callable);
    }
    if (status == 0 && fo->trace_state != QV_TRACE_ENTERED) {
        bool begin = begins(f, fo, at);
        if (fo->trace_state == QV_TRACE_NEW) {
            // Tracing began in the middle of the line, unless the frame begins here. (A generator
            // that goes on stays at the line of its yield.)
            bool same = instr.op == QV_INS_YIELD_FROM;
            fo->last_line = begin && !same ? -1 : qv_code_line(f->code, same || !at ? at : at - 1);
        }
        fo->trace_state = QV_TRACE_ENTERED;
        fo->last_at = at;
        if (begin) {
            fo->shown_line = call_line(f, at);
            status = both_events(qi, ts, fo, "call", QV_NONE, true);
            fo->shown_line = 0;
        }
    }
    if (status == 0 && (fo->trace || ts->trace)) { // f_trace may be set in the middle of a line
        status = line_event(qi, ts, f, fo, at);
        while (fo->jump) {
            int line = fo->jump->line;
            if (qv_jump_now(qi, ts, f) < 0) {
                status = -1;
            }
            at = (uint32_t)(f->pc - 1 - f->code->instrs);
            instr = qv_code_instr(f->code, at);
            if (status == 0 && qv_code_line(f->code, at) != line) { // the function's first line
                status = line_event(qi, ts, f, fo, at);
            }
        }
        if (status == 0 && fo->trace_opcodes) {
            status = trace_event(qi, ts, fo, "opcode", QV_NONE, false);
        }
    }
    if (status == 0 && fo->unbound) {
        status = qv_jump_check_instr(qi, f);
    }
    if (status == 0) {
        QvObj *value = NULL;
        if (instr.op == QV_INS_RETURN) {
            value = f->regs[instr.a];
        } else if (instr.op == QV_INS_RETURN_K) {
            value = f->code->consts[(uint32_t)instr.a | (uint32_t)instr.b << 16];
        } else if (instr.op == QV_INS_YIELD) {
            value = f->regs[instr.b];
            fo->trace_state = QV_TRACE_SUSPENDED;
        }
        if (value) {
            bool implicit = (instr.op == QV_INS_RETURN_K && (instr.flags & QV_IMPLICIT)) ||
                            (instr.op == QV_INS_RETURN && (instr.flags & QV_NO_LINE));
            fo->shown_line = implicit && fo->last_line > 0 ? fo->last_line : 0;
            qv_incref(qi, value);
            status = both_events(qi, ts, fo, "return", value, false);
            if (status == 0 && (f->kind & QV_FRAME_GEN) && instr.op != QV_INS_YIELD) {
                status = end_event(qi, ts, f, value);
            }
            qv_decref(qi, value);
            fo->shown_line = 0;
        } else if (ts->profile) {
            fo->c_call = native_callable(qi, f->regs, instr);
            status = qi->ts->exc ? -1 : 0;
            if (fo->c_call) {
                status = profile_event(qi, ts, fo, "c_call", fo->c_call);
            }
        }
    }
    if (status < 0 && fo->jump) { // raised where it was to go
        qv_jump_thrown(qi, ts, f);
    }
    qv_decref(qi, (QvObj *)fo);
    return status;
}

int qv_trace_yield(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *value)
{
    QvFrameObj *fo = qv_frame_object(qi, f);
    if (!fo) {
        return -1;
    }
    fo->trace_state = QV_TRACE_SUSPENDED;
    int status = both_events(qi, ts, fo, "return", value, false);
    if (status < 0 && fo->jump) {
        qv_jump_thrown(qi, ts, f);
    }
    qv_decref(qi, (QvObj *)fo);
    return status;
}

void qv_trace_exception(QvInterp *qi, QvThread *ts, QvFrame *f)
{
    QvFrameObj *fo = f->obj;
    if (!fo) {
        return;
    }
    qv_incref(qi, (QvObj *)fo);
    if (fo->trace_state == QV_TRACE_SUSPENDED) { // thrown into a generator
        fo->trace_state = QV_TRACE_ENTERED;
        event_beside_call(qi, ts, fo);
    }
    if (fo->c_call) {
        QvObj *callable = fo->c_call;
        fo->c_call = NULL;
        event_beside(qi, ts, fo, "c_exception", callable, false, true);
        qv_decref(qi, callable);
    }
    if (fo->trace) {
        QvObj *exc = ts->exc;
        QvObj *tb = ((QvExc *)exc)->traceback;
        QvObj *items[] = {(QvObj *)qv_type_of(exc), exc, tb ? tb : QV_NONE};
        QvObj *pending = qv_err_fetch(qi);
        QvObj *arg = qv_tuple_from_array(qi, items, 3);
        if (!arg) {
            qv_decref(qi, pending);
        } else {
            qv_err_restore(qi, pending);
            event_beside(qi, ts, fo, "exception", arg, true, false);
            qv_decref(qi, arg);
        }
    }
    qv_decref(qi, (QvObj *)fo);
}

int qv_trace_stop(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *iter, QvObj *value)
{
    bool shown = value != QV_NONE || iter->type == &qv_coroutine_type;
    if (!shown || !f->obj || !f->obj->trace) {
        return 0;
    }
    return show_stop(qi, ts, f, value);
}

void qv_trace_unwind(QvInterp *qi, QvThread *ts, QvFrame *f)
{
    QvFrameObj *fo = f->obj;
    if (fo && fo->trace_state == QV_TRACE_ENTERED) {
        qv_incref(qi, (QvObj *)fo);
        event_beside(qi, ts, fo, "return", QV_NONE, true, true);
        qv_decref(qi, (QvObj *)fo);
    }
}
