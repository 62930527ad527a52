// SPDX-License-Identifier: MIT
// Calls into Python code: from C, and the general calls of the eval loop.
#include "code/flow.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/module.h"
#include "vm/eval_internal.h"

// The opcode that the compiler wrote there.
static QvOp general_op(const QvInstr *at)
{
    QvOp general = (QvOp)qv_op_info[at->op].general;
    return general ? general : (QvOp)at->op;
}

// Makes room for n registers at w and says whether a frame may be pushed.
static int reserve(QvInterp *qi, QvThread *ts, QvObj **w, size_t n)
{
    if (QV_UNLIKELY(w + n > ts->stack_soft) && qv_stack_grow(qi, ts, w + n) < 0) {
        return -1;
    }
    if (QV_UNLIKELY(ts->frames_top >= ts->frames_limit)) {
        qv_raise(qi, &qv_exc_RecursionError, "maximum recursion depth exceeded");
        return -1;
    }
    return 0;
}

QvFrame *qv_frame_push(QvInterp *qi, QvThread *ts, QV_STOLEN QvObj *func, QvObj **window,
                       uint16_t dst, uint8_t kind)
{
    QvFunction *fn = (QvFunction *)func;
    if (reserve(qi, ts, window, fn->code->nregs) < 0) {
        qv_decref(qi, func);
        return NULL;
    }
    QvFrame *nf = ts->frames_top++;
    nf->prev = ts->frame;
    nf->regs = window;
    nf->top = window + fn->code->nregs;
    nf->pc = fn->code->instrs;
    nf->code = fn->code;
    nf->owner = func;
    nf->globals = fn->globals;
    nf->builtins = fn->builtins;
    nf->dst = dst;
    nf->kind = kind;
    return nf;
}

// A function made of a module's code (types.FunctionType) keeps its names in its globals.
static void share_globals(QvInterp *qi, QvFrame *f)
{
    if (QV_UNLIKELY(!(f->code->flags & QV_CO_OPTIMIZED))) {
        f->locals = qv_new_ref(qi, f->globals);
        f->kind |= QV_FRAME_WATCHED; // its end drops them
    }
}

// ---- from C -------------------------------------------------------------------------------------

// Enters a pushed frame from C and gives the register stack back afterwards.
static QvObj *run_frame(QvInterp *qi, QvThread *ts, QvFrame *f)
{
    if (qv_enter_recursive(qi, "") < 0) {
        // Nothing has run: the window is dropped here.
        ts->frames_top = f;
        for (unsigned j = 0; j < f->code->nlocals; j++) {
            qv_clear(qi, &f->regs[j]);
        }
        qv_clear(qi, &f->locals);
        qv_decref(qi, f->owner);
        return NULL;
    }
    QvFrame *back = ts->frame;
    QvObj *result = qv_eval_run(qi, ts, f);
    ts->frame = back;
    qv_leave_recursive(qi);
    return result;
}

QvObj *qv_function_call(QvInterp *qi, QvObj *func, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvFunction *fn = (QvFunction *)func;
    QvThread *ts = qi->ts;
    QvObj ***top = qv_stack_top(ts);
    QvObj **w = *top;
    QvCode *co = fn->code;
    if (QV_LIKELY(nargs == co->exact_args && w + co->nregs <= ts->stack_soft &&
                  ts->frames_top < ts->frames_limit) &&
        (!kwnames || qv_tuple_len(kwnames) == 0)) {
        for (QvSsize j = 0; j < nargs; j++) {
            qv_incref(qi, args[j]);
            qv_reg_put(qi, &w[j], args[j]);
        }
        qv_unbind_locals(qi, w, (unsigned)nargs, co->nlocals);
        qv_incref(qi, func);
        QvFrame *f = qv_push_record(ts, ts->frame, fn, co, w, w + co->nregs, 0, QV_FRAME_ENTRY);
        f->pc = co->instrs;
        return run_frame(qi, ts, f);
    }
    if (qv_code_load(qi, co) < 0) {
        return NULL;
    }
    QvSsize nvalues = nargs + (kwnames ? qv_tuple_len(kwnames) : 0);
    size_t room = fn->code->nregs > (size_t)nvalues ? fn->code->nregs : (size_t)nvalues;
    if (reserve(qi, ts, w, room) < 0) {
        return NULL;
    }
    for (QvSsize j = 0; j < nvalues; j++) {
        qv_incref(qi, args[j]);
        qv_reg_put(qi, &w[j], args[j]);
    }
    *top = w + room; // binding may run finalizers and comparisons
    int bound = qv_bind_args(qi, fn, w, nargs, kwnames);
    *top = w;
    if (bound < 0) {
        return NULL;
    }
    QvFrame *f = qv_frame_push(qi, ts, qv_new_ref(qi, func), w, 0, QV_FRAME_ENTRY);
    if (!f) {
        return NULL;
    }
    share_globals(qi, f);
    return run_frame(qi, ts, f);
}

QvObj *qv_function_run_body(QvInterp *qi, QvObj *func, QvObj *locals)
{
    QvThread *ts = qi->ts;
    QvObj **w = *qv_stack_top(ts);
    QvFunction *fn = (QvFunction *)func;
    if (qv_code_load(qi, fn->code) < 0 || reserve(qi, ts, w, fn->code->nregs) < 0) {
        return NULL;
    }
    for (unsigned j = 0; j < fn->code->nlocals; j++) {
        qv_clear(qi, &w[j]);
    }
    QvFrame *f = qv_frame_push(qi, ts, qv_new_ref(qi, func), w, 0, QV_FRAME_ENTRY);
    if (!f) {
        return NULL;
    }
    f->locals = qv_new_ref(qi, locals);
    f->kind |= QV_FRAME_WATCHED; // its end drops them
    return run_frame(qi, ts, f);
}

QvObj *qv_eval_code(QvInterp *qi, QvCode *code, QvObj *globals, QvObj *locals, QvObj *closure)
{
    QvObj *func = qv_function_new(qi, code, globals, NULL);
    if (!func) {
        return NULL;
    }
    QvFunction *fn = (QvFunction *)func;
    if (closure) {
        qv_set_take(qi, &fn->closure, qv_new_ref(qi, closure));
    }
    QvObj *result = (code->flags & QV_CO_NEWLOCALS) && !locals
                        ? qv_function_call(qi, func, NULL, 0, NULL)
                        : qv_function_run_body(qi, func, locals ? locals : globals);
    qv_decref(qi, func);
    return result;
}

// ---- from the eval loop -------------------------------------------------------------------------

// Enters func with arguments at `first` (owned, in the caller's window). `base` .. first-1 have
// been dealt with by the caller. 1 with *ret_new, or -1.
static int enter_function(QvInterp *qi, QvThread *ts, QvFrame *f, QV_STOLEN QvObj *func,
                          QvObj **first, QvSsize nargs, QvObj *kwnames, uint16_t dst, uint8_t kind,
                          QvFrame **ret_new)
{
    QvFunction *fn = (QvFunction *)func;
    QvSsize nvalues = nargs + (kwnames ? qv_tuple_len(kwnames) : 0);
    size_t room = fn->code->nregs > (size_t)nvalues ? fn->code->nregs : (size_t)nvalues;
    QvObj **w = first;
    if (f->kind & QV_FRAME_GEN) { // the caller's window is on the heap: the callee's starts at the
                                  // stack's top
        w = f->top;
    }
    if (qv_code_load(qi, fn->code) < 0 || reserve(qi, ts, w, room) < 0) {
        qv_decref(qi, func);
        return -1;
    }
    if (w != first) {
        for (QvSsize j = 0; j < nvalues; j++) {
            qv_reg_put(qi, &w[j], first[j]);
            first[j] = NULL;
        }
    }
    QvObj **top = f->top;
    if (top < w + room) {
        f->top = w + room; // binding may run Python
    }
    int bound = qv_bind_args(qi, fn, w, nargs, kwnames);
    f->top = top;
    if (bound < 0) {
        qv_decref(qi, func);
        return -1;
    }
    QvFrame *nf = qv_frame_push(qi, ts, func, w, dst, kind);
    if (!nf) {
        for (unsigned j = 0; j < fn->code->nlocals; j++) {
            qv_clear(qi, &w[j]);
        }
        return -1;
    }
    share_globals(qi, nf);
    *ret_new = nf;
    return 1;
}

// A heap type with object.__new__ and a Python __init__ can be called without leaving the loop: the
// __init__ function (borrowed) or NULL.
QvObj *qv_inline_init(QvInterp *qi, QvType *type)
{
    if (type->h.type != &qv_type_type || !(type->flags & QV_T_HEAP) ||
        (type->flags & QV_T_ABSTRACT) || type->new_ != qv_object_type.new_ ||
        qv_type_lookup(qi, type, QV_N(__new__)) !=
            qv_type_lookup(qi, &qv_object_type, QV_N(__new__))) {
        return NULL;
    }
    QvObj *init = qv_type_lookup(qi, type, QV_N(__init__));
    return init && init->type == &qv_function_type &&
                   !(((QvFunction *)init)->code->flags &
                     (QV_CO_GENERATOR | QV_CO_COROUTINE | QV_CO_ASYNC_GENERATOR))
               ? init
               : NULL;
}

QvObj *qv_inline_new(QvInterp *qi, QvType *type)
{
    if (type->h.type != &qv_type_type || !(type->flags & QV_T_HEAP) ||
        type->init != qv_object_type.init) {
        return NULL;
    }
    QvObj *make = qv_type_lookup(qi, type, QV_N(__new__));
    if (make && make->type == &qv_staticmethod_type) {
        make = ((QvWrapDescr *)make)->callable;
    }
    return make && make->type == &qv_function_type &&
                   !(((QvFunction *)make)->code->flags &
                     (QV_CO_GENERATOR | QV_CO_COROUTINE | QV_CO_ASYNC_GENERATOR))
               ? make
               : NULL;
}

// A frame of kind QV_FRAME_NEW has returned `made` to the call `at` of f: what the call gives, with
// its registers dropped; or NULL.
static QvObj *new_result(QvInterp *qi, QvFrame *f, const QvInstr *at, QvObj *made)
{
    QvObj **base = &f->regs[at->b];
    QvType *cls = (QvType *)base[0];
    QvInstr own = qv_code_instr(f->code, (uint32_t)(at - f->code->instrs));
    QvOp op = general_op(&own);
    bool method = op == QV_INS_CALL_METHOD || op == QV_INS_CALL_METHOD_KW;
    bool named = op == QV_INS_CALL_KW || op == QV_INS_CALL_METHOD_KW;
    QvObj **first = method ? base + 2 : base + 1;
    if (made->type != cls || cls->init != qv_object_type.init) {
        QvObj *kwnames = named ? f->code->consts[*(const uint32_t *)(at + 1)] : NULL;
        QvSsize npos = at->c - (kwnames ? qv_tuple_len(kwnames) : 0);
        QvInitFn init = made->type->init;
        if (init && qv_is_instance_of(made, cls) && init(qi, made, first, npos, kwnames) < 0) {
            qv_decref(qi, made);
            return NULL;
        }
    }
    qv_regs_drop(qi, base, (size_t)(first - base) + at->c);
    return made;
}

// The method of an operator or a subscript, whose instruction is `i`: where f goes on, or NULL.
static QvInstr *operator_ended(QvInterp *qi, QvFrame *f, QvInstr i, QvCall ended, QvObj *result)
{
    QvObj **r = f->regs;
    if (QV_UNLIKELY(result == QV_NOTIMPLEMENTED && ended.stage != QV_STAGE_NONE)) {
        result = qv_special_rest(qi, r, i, (QvOpStage)ended.stage, ended.operation);
        if (!result) {
            return NULL;
        }
    }
    QvInstr *next = f->pc + qv_op_info[i.op].words;
    f->pc = next;
    qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
    qv_reg_put(qi, &r[ended.dst], result);
    return next;
}

QvInstr *qv_call_result(QvInterp *qi, QvFrame *f, QvCall ended, QvObj *result)
{
    QvInstr *pc = f->pc;
    if (ended.kind & QV_FRAME_INIT) {
        if (QV_UNLIKELY(result != QV_NONE)) {
            qv_raise(qi, &qv_exc_TypeError, "__init__() should return None, not '%T'", result);
            qv_decref(qi, result);
            qv_decref(qi, ended.self);
            return NULL;
        }
        qv_reg_put(qi, &f->regs[ended.dst], ended.self);
        return pc;
    }
    if (ended.kind & QV_FRAME_NEW) {
        result = new_result(qi, f, pc - 1 - ended.operation, result);
        if (QV_UNLIKELY(!result)) {
            return NULL;
        }
    } else if (ended.kind & (QV_FRAME_OPERATOR | QV_FRAME_RESULT)) {
        uint32_t at = (uint32_t)(pc - 1 - f->code->instrs); // of what called
        QvInstr i = qv_code_instr(f->code, at);
        if (ended.kind & QV_FRAME_OPERATOR) {
            return operator_ended(qi, f, i, ended, result);
        }
        int jumps =
            qv_special_result(qi, f->regs, i, (QvOpStage)ended.stage, ended.operation, result);
        return jumps < 0   ? NULL
               : jumps > 0 ? f->code->instrs + qv_flow_target(at, i)
                           : pc + qv_op_info[i.op].words;
    }
    qv_reg_put(qi, &f->regs[ended.dst], result);
    return pc;
}

bool qv_makes_plain_instance(QvInterp *qi, QvType *type)
{
    return type->h.type == &qv_type_type && (type->flags & QV_T_HEAP) &&
           !(type->flags & QV_T_ABSTRACT) && type->new_ == qv_object_type.new_ &&
           type->init == qv_object_type.init &&
           qv_type_lookup(qi, type, QV_N(__new__)) ==
               qv_type_lookup(qi, &qv_object_type, QV_N(__new__)) &&
           qv_type_lookup(qi, type, QV_N(__init__)) ==
               qv_type_lookup(qi, &qv_object_type, QV_N(__init__));
}

// The arguments of enter_with: self or NULL, then items, then what *kwargs (NULL, or a register
// with a dict of its own) has.
typedef struct Arguments {
    QvObj *self;
    QvObj *const *items;
    QvSsize n;
    QvObj *kwnames; // of the last of the items, or NULL
    QvObj **kwargs;
} Arguments;

// Calls fn with arguments that lie elsewhere (borrowed): its frame above the window of f. The
// `count` registers at `consumed` are dropped. 1 with *ret_new, or -1.
static int enter_with(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *func, Arguments a,
                      QvObj **consumed, size_t count, uint16_t dst, uint8_t kind, QvFrame **ret_new)
{
    QvFunction *fn = (QvFunction *)func;
    QvObj **w = f->top;
    QvSsize n = a.n + (a.self != NULL);
    QvSsize nkw = a.kwnames ? qv_tuple_len(a.kwnames) : 0;
    size_t room = fn->code->nregs > (size_t)n ? fn->code->nregs : (size_t)n;
    if (qv_code_load(qi, fn->code) < 0 || reserve(qi, ts, w, room) < 0) {
        return -1;
    }
    QvObj **to = w;
    if (a.self) {
        qv_incref(qi, a.self);
        qv_reg_put(qi, to++, a.self);
    }
    for (QvSsize j = 0; j < a.n; j++) {
        qv_incref(qi, a.items[j]);
        qv_reg_put(qi, to++, a.items[j]);
    }
    qv_incref(qi, func);
    f->top = w + room; // binding and dropping may run Python
    int bound = 0;
    if (a.kwargs && qv_dict_len(*a.kwargs)) {
        bound = qv_bind_args_dict(qi, fn, w, n, a.kwargs);
    } else if (!a.kwnames && fn->code->exact_args == n) {
        qv_unbind_locals(qi, w, (unsigned)n, fn->code->nlocals);
    } else {
        bound = qv_bind_args(qi, fn, w, n - nkw, a.kwnames);
    }
    if (bound == 0) {
        qv_regs_drop(qi, consumed, count);
    }
    f->top = w;
    QvFrame *nf = NULL;
    if (bound < 0) {
        qv_decref(qi, func);
    } else {
        nf = qv_frame_push(qi, ts, func, w, dst, kind);
        for (unsigned j = 0; !nf && j < fn->code->nlocals; j++) {
            qv_clear(qi, &w[j]);
        }
    }
    if (!nf) {
        return -1;
    }
    share_globals(qi, nf);
    *ret_new = nf;
    return 1;
}

int qv_slow_call(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj **r, QvInstr at, QvObj **first,
                 QvSsize nargs, QvObj *kwnames, QvFrame **ret_new)
{
    QvObj **base = &r[at.b];
    QvObj *callable = base[0];
    QvSsize nvalues = nargs; // all values, keyword ones included
    QvSsize npos = nvalues - (kwnames ? qv_tuple_len(kwnames) : 0);
    QvOp op = general_op(&at);
    bool method = op == QV_INS_CALL_METHOD || op == QV_INS_CALL_METHOD_KW;

    if (!kwnames) {
        QvInstr *word = f->pc - 1 - qv_op_info[at.op].words;
        if (at.op == QV_INS_CALL) {
            qv_spec_call(qi, word, callable, nargs);
        } else if (at.op == QV_INS_CALL_METHOD) {
            qv_spec_call_method(qi, word, callable, base[1], nargs);
        }
        if (f->kind & QV_FRAME_GEN) {
            qv_spec_call_in_generator(word);
        }
    } else if (at.op == QV_INS_CALL_KW || at.op == QV_INS_CALL_METHOD_KW) {
        bool self = at.op == QV_INS_CALL_METHOD_KW && first == base + 1;
        qv_spec_call_kw(qi, f->pc - 1 - qv_op_info[at.op].words, callable, self, nvalues, kwnames);
    }
    if (callable->type == &qv_function_type) {
        base[0] = NULL;
        return enter_function(qi, ts, f, callable, first, npos, kwnames, at.a, QV_FRAME_PLAIN,
                              ret_new);
    }
    // What follows puts a value before the arguments: in the callable's register, or in that of the
    // self that a method call does not have.
    if (callable->type == &qv_method_type &&
        ((QvMethod *)callable)->func->type == &qv_function_type) {
        QvMethod *m = (QvMethod *)callable;
        QvObj *func = qv_new_ref(qi, m->func);
        base[0] = NULL;
        first[-1] = qv_new_ref(qi, m->self);
        qv_decref(qi, callable);
        return enter_function(qi, ts, f, func, first - 1, npos + 1, kwnames, at.a, QV_FRAME_PLAIN,
                              ret_new);
    }
    if (callable->type->flags & QV_T_HEAP) {
        QvObj *func = qv_type_lookup(qi, callable->type, QV_N(__call__));
        if (func && func->type == &qv_function_type) {
            base[0] = NULL;
            first[-1] = callable;
            return enter_function(qi, ts, f, qv_new_ref(qi, func), first - 1, npos + 1, kwnames,
                                  at.a, QV_FRAME_PLAIN, ret_new);
        }
    }
    if (qv_is_type(callable)) {
        QvObj *init = qv_inline_init(qi, (QvType *)callable);
        if (init) {
            QvObj *self = qv_obj_new(qi, (QvType *)callable);
            if (!self) {
                return -1;
            }
            qv_incref(qi, init);
            qv_incref(qi, self);
            base[0] = NULL;
            first[-1] = self;
            qv_decref(qi, callable);
            int made = enter_function(qi, ts, f, init, first - 1, npos + 1, kwnames, at.a,
                                      QV_FRAME_INIT, ret_new);
            if (made < 0) {
                qv_decref(qi, self);
                return -1;
            }
            (*ret_new)->init_self = self;
            return made;
        }
        QvObj *make = qv_inline_new(qi, (QvType *)callable);
        if (make && first == (method ? base + 2 : base + 1)) {
            int made = enter_with(
                qi, ts, f, make,
                (Arguments){.self = callable, .items = first, .n = nvalues, .kwnames = kwnames},
                NULL, 0, at.a, QV_FRAME_NEW, ret_new);
            if (made > 0) {
                (*ret_new)->operation = qv_op_info[at.op].words;
            }
            return made;
        }
        if (nvalues == 0 && qv_makes_plain_instance(qi, (QvType *)callable)) {
            QvObj *made = qv_obj_new(qi, (QvType *)callable);
            if (!made) {
                return -1;
            }
            base[0] = NULL;
            qv_decref(qi, callable);
            qv_reg_put(qi, &r[at.a], made);
            return 0;
        }
    }
    QvObj *result = qv_call(qi, callable, first, npos, kwnames);
    if (!result) {
        return -1;
    }
    qv_regs_drop(qi, base, (size_t)(first - base) + (size_t)nvalues);
    qv_reg_put(qi, &r[at.a], result);
    return 0;
}

QvFrame *qv_call_mapped(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj **base, QvObj **first,
                        unsigned nvalues, uint64_t map, uint16_t dst)
{
    QvFunction *fn = (QvFunction *)*base;
    QvCode *co = fn->code;
    unsigned nkw = (unsigned)(map >> 56) & 0x7F, npos = nvalues - nkw;
    bool moved = (f->kind & QV_FRAME_GEN) != 0;
    QvObj **w = moved ? f->top : first;
    if (reserve(qi, ts, w, co->nregs) < 0) {
        return NULL;
    }
    QvObj *values[8];
    for (unsigned k = 0; k < nkw; k++) {
        values[k] = first[npos + k];
        first[npos + k] = NULL;
    }
    for (unsigned j = 0; moved && j < npos; j++) {
        QvObj *x = first[j];
        first[j] = NULL;
        qv_reg_put(qi, &w[j], x);
    }
    qv_unbind_locals(qi, w, npos, co->nlocals);
    for (unsigned k = 0; k < nkw; k++) {
        w[map >> (8 * k) & 0xFF] = values[k];
    }
    if (nvalues < (unsigned)co->argcount + co->kwonly) {
        QvObj **top = f->top;
        if (top < w + co->nregs) {
            f->top = w + co->nregs; // a dict of defaults may compare keys
        }
        int bound = qv_bind_defaults(qi, fn, w);
        f->top = top;
        if (bound < 0) {
            for (unsigned j = 0; j < co->nlocals; j++) {
                qv_clear(qi, &w[j]);
            }
            return NULL;
        }
    }
    *base = NULL;
    return qv_push_record(ts, f, fn, co, w, w + co->nregs, dst, QV_FRAME_PLAIN);
}

int qv_slow_with_enter(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    QvObj **r = f->regs;
    QvObj *mgr = r[i.b], *leave, *entered;
    QvObj *enter = qv_type_lookup(qi, mgr->type, QV_N(__enter__));
    QvObj *exit = qv_type_lookup(qi, mgr->type, QV_N(__exit__));
    int made = 0;
    if (enter && enter->type == &qv_function_type && exit && exit->type == &qv_function_type) {
        leave = qv_method_new(qi, exit, mgr);
        if (!leave) {
            return -1;
        }
        made = enter_with(qi, ts, f, enter, (Arguments){.self = mgr}, NULL, 0, (uint16_t)(i.a + 1),
                          QV_FRAME_PLAIN, ret_new);
        if (made < 0) {
            qv_decref(qi, leave);
            return -1;
        }
    } else if (qv_op_with_enter(qi, mgr, false, &leave, &entered) < 0) {
        return -1;
    }
    // (The callee's window holds mgr: nothing dies here that could run Python.)
    qv_take(qi, r, i, QV_TAKE_B);
    qv_reg_put(qi, &r[i.a], leave);
    if (!made) {
        qv_reg_put(qi, &r[i.a + 1], entered);
    }
    return made;
}

int qv_slow_with_exit(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new)
{
    QvObj **r = f->regs;
    QvObj *exc = i.c == 0xFFFF ? NULL : r[i.c];
    QvObj *args[3] = {QV_NONE, QV_NONE, QV_NONE};
    if (exc) {
        QvObj *tb = ((QvExc *)exc)->traceback;
        args[0] = (QvObj *)exc->type;
        args[1] = exc;
        args[2] = tb ? tb : QV_NONE;
    }
    QvMethod *m = (QvMethod *)r[i.b];
    if (m->h.type == &qv_method_type && m->func->type == &qv_function_type) {
        return enter_with(qi, ts, f, m->func, (Arguments){.self = m->self, .items = args, .n = 3},
                          &r[i.b], 1, i.a, QV_FRAME_PLAIN, ret_new);
    }
    QvObj *x = qv_call(qi, r[i.b], args, 3, NULL);
    if (!x) {
        return -1;
    }
    qv_clear(qi, &r[i.b]);
    qv_reg_put(qi, &r[i.a], x);
    return 0;
}

// How messages name a callable: "module.qualname()" or its str.
static QvObj *function_text(QvInterp *qi, QvObj *f)
{
    QvObj *qualname, *module, *text = NULL;
    if (qv_getattr_try(qi, f, QV_N(__qualname__), &qualname) <= 0) {
        qv_err_clear(qi);
        return qv_str(qi, f);
    }
    if (qv_getattr_try(qi, f, QV_N(__module__), &module) > 0) {
        bool plain = module == QV_NONE ||
                     (qv_is_str(module) && qv_str_eq_ascii(module, "builtins"));
        text = plain ? qv_str_format(qi, "%S()", qualname)
                     : qv_str_format(qi, "%S.%S()", module, qualname);
        qv_decref(qi, module);
    } else {
        qv_err_clear(qi);
        text = qv_str_format(qi, "%S()", qualname);
    }
    qv_decref(qi, qualname);
    return text;
}

int qv_slow_call_ex(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr at, QvFrame **ret_new)
{
    QvObj **r = f->regs;
    QvObj **base = &r[at.b];
    if (!qv_is_tuple_exact(base[1])) { // f(*x)
        QvObj *it = base[1];
        QvObj *args = qv_to_tuple(qi, it);
        if (!args) {
            if (qv_err_matches(qi, &qv_exc_TypeError) && !it->type->iter && !qv_is_sequence(it)) {
                QvObj *name = function_text(qi, base[0]);
                qv_err_clear(qi);
                if (name) {
                    qv_raise(qi, &qv_exc_TypeError,
                             "%U argument after * must be an iterable, not %T", name, it);
                    qv_decref(qi, name);
                }
            }
            return -1;
        }
        qv_reg_put(qi, &base[1], args);
    }
    QvObj *callable = base[0], *func = NULL, *made = NULL;
    uint8_t kind = QV_FRAME_PLAIN;
    Arguments a = {.items = qv_tuple_items(base[1]),
                   .n = qv_tuple_len(base[1]),
                   .kwargs = at.c ? &base[2] : NULL};
    if (callable->type == &qv_function_type) {
        func = callable;
    } else if (callable->type == &qv_method_type) {
        func = ((QvMethod *)callable)->func;
        a.self = ((QvMethod *)callable)->self;
    } else if (callable->type->flags & QV_T_HEAP) {
        func = qv_type_lookup(qi, callable->type, QV_N(__call__));
        a.self = callable;
    } else if (callable->type == &qv_type_type &&
               (func = qv_inline_init(qi, (QvType *)callable)) != NULL) {
        made = qv_obj_new(qi, (QvType *)callable);
        if (!made) {
            return -1;
        }
        a.self = made;
        kind = QV_FRAME_INIT;
    }
    if (func && func->type == &qv_function_type) {
        int entered = enter_with(qi, ts, f, func, a, base, at.c ? 3 : 2, at.a, kind, ret_new);
        if (entered > 0) {
            (*ret_new)->init_self = made;
        } else {
            qv_xdecref(qi, made);
        }
        return entered;
    }
    QvObj *result = qv_call_tuple(qi, callable, base[1], at.c ? base[2] : NULL);
    if (!result) {
        return -1;
    }
    qv_regs_drop(qi, base, at.c ? 3 : 2);
    qv_reg_put(qi, &r[at.a], result);
    return 0;
}
