// SPDX-License-Identifier: MIT
// Generators and coroutines: objects that own a frame, and what send, throw and close do to it.
//
// The eval loop enters a generator's frame in two ways: through qv_generator_send (from C) and
// directly in a for loop (FOR_ITER_GEN). It switches the stack of handled exceptions and the state
// itself; this file prepares and finishes.
#include "object/gc.h"
#include "object/type_ids.h"
#include "object/walk.h"
#include "vm/eval_internal.h"
#include "vm/generator.h"

// Where a coroutine was made: ((file, line, function), ...), callers of its function outwards.
static QvObj *find_origin(QvInterp *qi, const QvFrame *f)
{
    QvSsize n = 0;
    for (const QvFrame *at = f->prev; at && n < (QvSsize)qi->ts->origin_depth; at = at->prev) {
        n++;
    }
    QvObj *origin = qv_tuple_new(qi, n);
    const QvFrame *at = f->prev;
    for (QvSsize k = 0; origin && k < n; k++, at = at->prev) {
        QvObj *line = qv_int_from_i64(qi, qv_frame_lineno(at));
        QvObj *item = line ? qv_tuple_of(qi, 3, at->code->filename, line, at->code->name) : NULL;
        qv_xdecref(qi, line);
        qv_tuple_items(origin)[k] = item;
        if (!item) {
            qv_clear(qi, &origin);
        }
    }
    return origin;
}

QvObj *qv_generator_from_frame(QvInterp *qi, QvFrame *f, QvInstr *pc)
{
    QvCode *code = f->code;
    QvType *type = code->flags & QV_CO_COROUTINE         ? &qv_coroutine_type
                   : code->flags & QV_CO_ASYNC_GENERATOR ? &qv_async_generator_type
                                                         : &qv_generator_type;
    QvObj *origin = NULL;
    if (qi->ts->origin_depth && type == &qv_coroutine_type && !(origin = find_origin(qi, f))) {
        return NULL;
    }
    QvGenerator *g = (QvGenerator *)qv_obj_new_var(
        qi, type, sizeof(QvGenerator) + code->nregs * sizeof(QvObj *));
    if (!g) {
        qv_xdecref(qi, origin);
        return NULL;
    }
    g->origin = origin;
    QvFunction *fn = (QvFunction *)f->owner;
    g->nregs = code->nregs;
    g->name = qv_new_ref(qi, fn->name);
    g->qualname = qv_new_ref(qi, fn->qualname);
    g->code = qv_new_ref(qi, (QvObj *)code);
    g->state = QV_GEN_CREATED;
    for (unsigned j = 0; j < code->nregs; j++) {
        g->regs[j] = f->regs[j];
        f->regs[j] = NULL;
    }
    g->frame = *f;
    g->frame.prev = NULL;
    g->frame.regs = g->regs;
    g->frame.pc = pc;
    g->frame.gen = g;
    g->frame.kind = QV_FRAME_GEN | QV_FRAME_ENTRY;
    if (f->obj) {
        f->obj->frame = &g->frame;
        f->obj = NULL;
    }
    f->locals = NULL; // moved
    return (QvObj *)g;
}

void qv_generator_finish(QvInterp *qi, QvGenerator *g)
{
    QvFrame *f = &g->frame;
    if (g->state == QV_GEN_DONE) {
        return;
    }
    g->state = QV_GEN_DONE;
    if (f->obj) {
        qv_frame_detach(qi, f);
    }
    f->prev = NULL;
    for (unsigned j = 0; j < g->nregs; j++) {
        qv_clear(qi, &g->regs[j]);
    }
    qv_clear(qi, &f->locals);
    qv_clear(qi, &g->exc_info.value);
    QvObj *owner = f->owner;
    f->owner = NULL;
    f->code = NULL;
    qv_xdecref(qi, owner);
}

const char *qv_generator_kind(const QvGenerator *g)
{
    return g->h.type == &qv_coroutine_type         ? "coroutine"
           : g->h.type == &qv_async_generator_type ? "async generator"
                                                   : "generator";
}

void qv_generator_convert_stop(QvInterp *qi, QvGenerator *g)
{
    QvObj *exc = qi->ts->exc;
    const char *what = NULL;
    if (qv_is_instance_of(exc, &qv_exc_StopIteration)) {
        what = "StopIteration";
    } else if (g->h.type == &qv_async_generator_type &&
               qv_is_instance_of(exc, &qv_exc_StopAsyncIteration)) {
        what = "StopAsyncIteration";
    }
    if (!what) {
        return;
    }
    exc = qv_err_fetch(qi);
    qv_raise(qi, &qv_exc_RuntimeError, "%s raised %s", qv_generator_kind(g), what);
    QvObj *raised = qi->ts->exc;
    if (qv_is_instance_of(raised, &qv_exc_RuntimeError)) {
        qv_exc_set_cause(qi, raised, qv_new_ref(qi, exc));
        qv_exc_set_context(qi, raised, exc);
    } else {
        qv_decref(qi, exc);
    }
}

QvObj *qv_generator_delegate(const QvGenerator *g)
{
    if (g->state != QV_GEN_SUSPENDED || (g->frame.obj && g->frame.obj->jump)) {
        return NULL; // a jump leaves it too
    }
    const QvCode *code = g->frame.code;
    QvInstr at = qv_code_instr(code, (uint32_t)(g->frame.pc - code->instrs));
    return at.op == QV_INS_YIELD_FROM ? g->regs[at.b] : NULL;
}

// ---- running ------------------------------------------------------------------------------------

static int raise_running(QvInterp *qi, QvGenerator *g)
{
    return qv_raise_int(qi, &qv_exc_ValueError, "%s already executing", qv_generator_kind(g));
}

// Enters the frame; a pending exception is thrown in. 1 yielded, 0 returned, -1.
static int resume(QvInterp *qi, QvGenerator *g, QvObj **ret)
{
    QvThread *ts = qi->ts;
    QvObj *thrown = ts->exc;
    ts->exc = NULL;
    if (qv_enter_recursive(qi, "") < 0) {
        qv_xdecref(qi, thrown);
        return -1;
    }
    ts->exc = thrown;
    qv_incref(qi, (QvObj *)g);
    QvFrame *back = ts->frame;
    g->frame.prev = back;
    g->frame.kind = QV_FRAME_GEN | QV_FRAME_ENTRY;
    QvObj *result = qv_eval_run(qi, ts, &g->frame);
    ts->frame = back;
    qv_leave_recursive(qi);
    bool yielded = g->state == QV_GEN_SUSPENDED;
    qv_decref(qi, (QvObj *)g);
    if (!result) {
        return -1;
    }
    *ret = result;
    return yielded;
}

int qv_generator_send(QvInterp *qi, QvGenerator *g, QvObj *value, QvObj **ret)
{
    if (g->state == QV_GEN_RUNNING) {
        return raise_running(qi, g);
    }
    if (g->state == QV_GEN_DONE) {
        if (g->h.type == &qv_coroutine_type) {
            return qv_raise_int(qi, &qv_exc_RuntimeError, "cannot reuse already awaited coroutine");
        }
        *ret = QV_NONE;
        return 0;
    }
    if (g->state == QV_GEN_CREATED && value != QV_NONE) {
        return qv_raise_int(qi, &qv_exc_TypeError, "can't send non-None value to a just-started %s",
                            qv_generator_kind(g));
    }
    qv_generator_sent(qi, g, value);
    return resume(qi, g, ret);
}

// The delegate is done with a value: the generator goes on behind its YIELD_FROM.
static int delegate_done(QvInterp *qi, QvGenerator *g, QV_STOLEN QvObj *value, QvObj **ret)
{
    QvInstr at = *g->frame.pc;
    g->frame.pc++;
    qv_clear(qi, &g->regs[at.b]);
    qv_reg_put(qi, &g->regs[at.a], value);
    return resume(qi, g, ret);
}

static QvObj *stop_value(QvInterp *qi)
{ // takes the pending StopIteration's value
    QvObj *exc = qv_err_fetch(qi);
    QvObj *value = ((QvStopIteration *)exc)->value;
    value = value ? qv_new_ref(qi, value) : QV_NONE;
    qv_decref(qi, exc);
    return value;
}

// close() of whatever a generator delegates to. 0/-1.
static int close_delegate(QvInterp *qi, QvObj *it)
{
    if (it->type == &qv_generator_type || it->type == &qv_coroutine_type) {
        return qv_generator_close(qi, (QvGenerator *)it);
    }
    QvObj *close;
    int found = qv_getattr_try(qi, it, QV_N(close), &close);
    if (found < 0) {
        qv_err_unraisable(qi, it);
        return 0;
    }
    if (!found) {
        return 0;
    }
    QvObj *x = qv_call0(qi, close);
    qv_decref(qi, close);
    if (!x) {
        return -1;
    }
    qv_decref(qi, x);
    return 0;
}

// Throws the pending exception into the delegate: as qv_generator_throw; 2 when it has no throw
// method.
static int throw_delegate(QvInterp *qi, QvGenerator *g, QvObj *it, QvObj **ret)
{
    if (it->type == &qv_generator_type || it->type == &qv_coroutine_type) {
        // The frame of g stands between the thrower and the delegate, though it does not run.
        QvThread *ts = qi->ts;
        QvFrame *back = ts->frame;
        g->frame.prev = back;
        g->frame.top = back ? back->top : ts->stack_base;
        ts->frame = &g->frame;
        int got = qv_generator_throw(qi, (QvGenerator *)it, ret);
        ts->frame = back;
        g->frame.prev = NULL;
        return got;
    }
    QvObj *exc = qv_err_fetch(qi);
    QvObj *throw;
    int found = qv_getattr_try(qi, it, QV_N(throw), &throw);
    if (found <= 0) {
        if (found < 0) {
            qv_decref(qi, exc);
            return -1;
        }
        qv_err_restore(qi, exc);
        return 2;
    }
    QvObj *x = qv_call1(qi, throw, exc);
    qv_decref(qi, throw);
    qv_decref(qi, exc);
    if (x) {
        *ret = x;
        return 1;
    }
    if (qv_err_matches(qi, &qv_exc_StopIteration)) {
        *ret = stop_value(qi);
        return 0;
    }
    return -1;
}

int qv_generator_throw(QvInterp *qi, QvGenerator *g, QvObj **ret)
{
    if (g->state == QV_GEN_RUNNING) {
        qv_err_clear(qi);
        return raise_running(qi, g);
    }
    if (g->state == QV_GEN_DONE) {
        if (g->h.type == &qv_coroutine_type) {
            qv_err_clear(qi);
            return qv_raise_int(qi, &qv_exc_RuntimeError, "cannot reuse already awaited coroutine");
        }
        return -1; // stays pending
    }
    if (g->state == QV_GEN_CREATED) {
        // Never started: the exception is raised at its first line, and it is over.
        QvObj *exc = qi->ts->exc;
        qv_traceback_add(qi, exc, &g->frame, 0);
        exc = qv_err_fetch(qi);
        qv_generator_finish(qi, g);
        qv_err_restore(qi, exc);
        return -1;
    }
    QvObj *it = qv_generator_delegate(g);
    if (it) {
        qv_incref(qi, it);
        int got;
        g->state = QV_GEN_RUNNING;
        if (qv_err_matches(qi, &qv_exc_GeneratorExit)) {
            QvObj *exc = qv_err_fetch(qi);
            got = close_delegate(qi, it);
            if (got < 0) {
                qv_decref(qi, exc);
            } else {
                qv_err_restore(qi, exc);
                got = 2;
            }
        } else {
            got = throw_delegate(qi, g, it, ret);
        }
        g->state = QV_GEN_SUSPENDED;
        qv_decref(qi, it);
        if (got == 1) {
            return 1;
        }
        if (got == 0) {
            return delegate_done(qi, g, *ret, ret);
        }
        // The delegate raised (or has no throw): raised here, at the yield from, which is over.
        QvInstr at = *g->frame.pc;
        g->frame.pc++;
        QvObj *exc = qv_err_fetch(qi);
        qv_clear(qi, &g->regs[at.b]);
        qv_err_restore(qi, exc);
    }
    return resume(qi, g, ret);
}

// Would nothing but the end of its frame come of an exception raised where g is suspended? That is
// so where no handler covers the yield, and nobody looks on.
static bool ends_quietly(const QvInterp *qi, const QvGenerator *g)
{
    const QvFrame *f = &g->frame;
    const QvCode *code = f->code;
    return !qi->tracing && !f->obj && !qv_generator_delegate(g) &&
           !qv_code_handler(code, (uint32_t)(f->pc - code->instrs) - 1);
}

int qv_generator_close(QvInterp *qi, QvGenerator *g)
{
    if (g->state == QV_GEN_DONE) {
        return 0;
    }
    if (g->state == QV_GEN_RUNNING) {
        return raise_running(qi, g);
    }
    if (g->state == QV_GEN_CREATED || ends_quietly(qi, g)) {
        qv_generator_finish(qi, g);
        return 0;
    }
    qv_raise_none(qi, &qv_exc_GeneratorExit);
    QvObj *x;
    int got = qv_generator_throw(qi, g, &x);
    if (got == 1) {
        qv_decref(qi, x);
        return qv_raise_int(qi, &qv_exc_RuntimeError, "%s ignored GeneratorExit",
                            qv_generator_kind(g));
    }
    if (got == 0) {
        qv_decref(qi, x);
        return 0;
    }
    if (qv_err_matches(qi, &qv_exc_StopIteration) || qv_err_matches(qi, &qv_exc_GeneratorExit)) {
        qv_err_clear(qi);
        return 0;
    }
    return -1;
}

// ---- delegation ---------------------------------------------------------------------------------

int qv_yield_from_send(QvInterp *qi, QvObj *iter, QvObj *value, QvObj **ret)
{
    if (iter->type == &qv_generator_type || iter->type == &qv_coroutine_type) {
        return qv_generator_send(qi, (QvGenerator *)iter, value, ret);
    }
    QvObj *x;
    if (value == QV_NONE && iter->type->next) {
        x = iter->type->next(qi, iter);
    } else {
        x = qv_call_method1(qi, iter, QV_N(send), value);
    }
    if (x) {
        *ret = x;
        return 1;
    }
    if (!qi->ts->exc) {
        *ret = QV_NONE;
        return 0;
    }
    if (qv_err_matches(qi, &qv_exc_StopIteration)) {
        *ret = stop_value(qi);
        return 0;
    }
    return -1;
}

QvObj *qv_get_yield_from_iter(QvInterp *qi, QvObj *o, bool in_coroutine)
{
    if (o->type == &qv_coroutine_type) {
        if (!in_coroutine) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "cannot 'yield from' a coroutine object in a non-coroutine generator");
        }
        return qv_new_ref(qi, o);
    }
    return o->type == &qv_generator_type ? qv_new_ref(qi, o) : qv_iter(qi, o);
}

QvObj *qv_get_awaitable(QvInterp *qi, QvObj *o, int context)
{
    if (o->type == &qv_coroutine_type) {
        if (qv_generator_delegate((QvGenerator *)o) ||
            ((QvGenerator *)o)->state == QV_GEN_RUNNING) {
            if (((QvGenerator *)o)->state == QV_GEN_SUSPENDED) {
                return qv_raise(qi, &qv_exc_RuntimeError, "coroutine is being awaited already");
            }
        }
        return qv_new_ref(qi, o);
    }
    if (o->type == &qv_generator_type && ((QvGenerator *)o)->code &&
        (((QvCode *)((QvGenerator *)o)->code)->flags & QV_CO_ITERABLE_COROUTINE)) {
        return qv_new_ref(qi, o);
    }
    if (!o->type->await) {
        if (context == 1 || context == 2) {
            return qv_raise(
                qi, &qv_exc_TypeError,
                "'async with' received an object from %s that does not implement __await__: %T",
                context == 1 ? "__aenter__" : "__aexit__", o);
        }
        return qv_raise(qi, &qv_exc_TypeError, "object %T can't be used in 'await' expression", o);
    }
    QvObj *it = o->type->await(qi, o);
    if (!it) {
        return NULL;
    }
    if (it->type == &qv_coroutine_type) {
        qv_decref(qi, it);
        return qv_raise(qi, &qv_exc_TypeError, "__await__() returned a coroutine");
    }
    if (!it->type->next) {
        qv_raise(qi, &qv_exc_TypeError, "__await__() returned non-iterator of type '%T'", it);
        qv_decref(qi, it);
        return NULL;
    }
    return it;
}

QvObj *qv_get_aiter(QvInterp *qi, QvObj *o)
{
    if (!o->type->aiter) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "'async for' requires an object with __aiter__ method, got %T", o);
    }
    QvObj *it = o->type->aiter(qi, o);
    if (it && !it->type->anext) {
        qv_raise(
            qi, &qv_exc_TypeError,
            "'async for' received an object from __aiter__ that does not implement __anext__: %T",
            it);
        qv_clear(qi, &it);
    }
    return it;
}

QvObj *qv_get_anext(QvInterp *qi, QvObj *aiter)
{
    if (!aiter->type->anext) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "'async for' requires an iterator with __anext__ method, got %T", aiter);
    }
    QvObj *next = aiter->type->anext(qi, aiter);
    if (!next) {
        return NULL;
    }
    QvObj *it = qv_get_awaitable(qi, next, 0);
    if (!it) {
        QvObj *cause = qv_err_fetch(qi);
        qv_raise(qi, &qv_exc_TypeError, "'async for' received an invalid object from __anext__: %T",
                 next);
        qv_err_set_cause(qi, cause);
    }
    qv_decref(qi, next);
    return it;
}

// ---- the types ----------------------------------------------------------------------------------

int qv_generator_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvGenerator *g = (QvGenerator *)o;
    QV_VISIT(g->name);
    QV_VISIT(g->qualname);
    QV_VISIT(g->origin);
    QV_VISIT(g->code);
    QV_VISIT(g->frame.owner);
    QV_VISIT(g->frame.locals);
    QV_VISIT(g->exc_info.value);
    if (g->frame.obj && g->frame.obj->kept) {
        QV_VISIT(g->frame.obj);
    }
    for (unsigned j = 0; j < g->nregs; j++) {
        QV_VISIT(g->regs[j]);
    }
    return 0;
}

void qv_generator_fini(QvInterp *qi, QvObj *o)
{
    QvGenerator *g = (QvGenerator *)o;
    qv_generator_finish(qi, g);
    qv_clear(qi, &g->name);
    qv_clear(qi, &g->qualname);
    qv_clear(qi, &g->origin);
    qv_clear(qi, &g->code);
}

// A suspended generator that is dropped is closed: its finally blocks run.
void qv_generator_finalize(QvInterp *qi, QvObj *o)
{
    QvGenerator *g = (QvGenerator *)o;
    if (g->state == QV_GEN_DONE || g->state == QV_GEN_RUNNING) {
        return;
    }
    QvObj *saved = qv_err_fetch(qi);
    if (g->state == QV_GEN_CREATED) {
        if (g->h.type == &qv_coroutine_type) {
            qv_warn_unawaited(qi, o, g->qualname);
        }
        qv_generator_finish(qi, g);
    } else if (qv_generator_close(qi, g) < 0) {
        qv_err_unraisable(qi, o);
    }
    qv_err_restore(qi, saved);
}

size_t qv_generator_memsize(const QvObj *o)
{
    return sizeof(QvGenerator) + ((const QvGenerator *)o)->nregs * sizeof(QvObj *);
}

static QvObj *gen_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<%s object %S at %p>", o->type->name, ((QvGenerator *)o)->qualname,
                         (void *)o);
}

static QvObj *gen_next(QvInterp *qi, QvObj *o)
{
    QvObj *x;
    int got = qv_generator_send(qi, (QvGenerator *)o, QV_NONE, &x);
    if (got == 1) {
        return x;
    }
    if (got == 0) {
        if (x != QV_NONE) {
            qv_raise_stop(qi, x);
            qv_decref(qi, x);
        }
    }
    return NULL;
}

QvObj *qv_generator_feed(QvInterp *qi, QvObj *o, QvSink *sink)
{
    QvGenerator *g = (QvGenerator *)o;
    if (QV_UNLIKELY(g->state == QV_GEN_RUNNING)) {
        raise_running(qi, g);
        return NULL;
    }
    QvObj *x;
    g->sink = sink;
    int got = qv_generator_send(qi, g, QV_NONE, &x);
    g->sink = NULL;
    if (got > 0) {
        return x;
    }
    if (got == 0) {
        qv_decref(qi, x);
    } else if (qv_err_matches(qi, &qv_exc_StopIteration)) {
        qv_err_clear(qi);
    }
    return NULL;
}

QvObj *qv_generator_result(QvInterp *qi, int got, QvObj *x)
{
    if (got == 1) {
        return x;
    }
    if (got == 0) {
        if (x == QV_NONE) {
            qv_raise_none(qi, &qv_exc_StopIteration);
        } else {
            qv_raise_stop(qi, x);
            qv_decref(qi, x);
        }
    }
    return NULL;
}

static QvObj *gen_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *x = NULL;
    int got = qv_generator_send(qi, (QvGenerator *)self, args[0], &x);
    return qv_generator_result(qi, got, x);
}

int qv_generator_raise_args(QvInterp *qi, QvObj *const *args)
{
    QvObj *type = args[0], *value = args[1], *tb = args[2];
    if (tb == QV_NONE) {
        tb = NULL;
    }
    if (tb && tb->type != &qv_traceback_type) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "throw() third argument must be a traceback object");
    }
    QvObj *exc;
    if (qv_is_type(type) && qv_type_is_subtype((QvType *)type, &qv_exc_BaseException)) {
        if (value && value != QV_NONE && qv_is_instance_of(value, (QvType *)type)) {
            exc = qv_new_ref(qi, value);
        } else if (value && value != QV_NONE) {
            exc = qv_is_tuple(value) ? qv_call_tuple(qi, type, value, NULL)
                                     : qv_call1(qi, type, value);
        } else {
            exc = qv_exc_make(qi, type);
        }
    } else if (qv_is_exc(type)) {
        if (value && value != QV_NONE) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "instance exception may not have a separate value");
        }
        exc = qv_new_ref(qi, type);
    } else {
        return qv_raise_int(
            qi, &qv_exc_TypeError,
            "exceptions must be classes or instances deriving from BaseException, not %T", type);
    }
    if (!exc) {
        return 0; // what its making raised is thrown instead
    }
    if (tb) {
        qv_set_take(qi, &((QvExc *)exc)->traceback, qv_new_ref(qi, tb));
    }
    qv_err_restore(qi, exc);
    return 0;
}

static QvObj *gen_throw(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (qv_generator_raise_args(qi, args) < 0) {
        return NULL;
    }
    QvObj *x = NULL;
    int got = qv_generator_throw(qi, (QvGenerator *)self, &x);
    return qv_generator_result(qi, got, x);
}

static QvObj *gen_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_generator_close(qi, (QvGenerator *)self) < 0 ? NULL : QV_NONE;
}

static QvObj *get_name(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, ((QvGenerator *)o)->name); }
static QvObj *get_qualname(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvGenerator *)o)->qualname);
}
static int set_text(QvInterp *qi, QvObj **slot, QvObj *value, const char *what)
{
    if (!value || !qv_is_str(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s must be set to a string object", what);
    }
    qv_set_take(qi, slot, qv_new_ref(qi, value));
    return 0;
}
static int set_name(QvInterp *qi, QvObj *o, QvObj *value)
{
    return set_text(qi, &((QvGenerator *)o)->name, value, "__name__");
}
static int set_qualname(QvInterp *qi, QvObj *o, QvObj *value)
{
    return set_text(qi, &((QvGenerator *)o)->qualname, value, "__qualname__");
}
static QvObj *get_frame(QvInterp *qi, QvObj *o)
{
    QvGenerator *g = (QvGenerator *)o;
    return g->state == QV_GEN_DONE ? QV_NONE : (QvObj *)qv_frame_object(qi, &g->frame);
}
static QvObj *get_code(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, ((QvGenerator *)o)->code); }
static QvObj *get_running(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(((QvGenerator *)o)->state == QV_GEN_RUNNING);
}
static QvObj *get_suspended(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(((QvGenerator *)o)->state == QV_GEN_SUSPENDED);
}
static QvObj *get_delegate(QvInterp *qi, QvObj *o)
{
    QvObj *it = qv_generator_delegate((QvGenerator *)o);
    return it ? qv_new_ref(qi, it) : QV_NONE;
}
static QvObj *get_origin(QvInterp *qi, QvObj *o)
{
    QvObj *origin = ((QvGenerator *)o)->origin;
    return origin ? qv_new_ref(qi, origin) : QV_NONE;
}

#define GENERATOR_METHODS(kind)                                                                    \
    {"send", gen_send, "($self, arg, /)",                                                          \
     "send(arg) -> send 'arg' into " kind ",\nreturn next yielded value or raise StopIteration."}, \
        {"throw", gen_throw, "($self, type, value=None, traceback=None, /)",                       \
         "Raise exception in " kind "."},                                                          \
        {"close", gen_close, "($self, /)", "close() -> raise GeneratorExit inside " kind "."},

static const QvNativeDef generator_methods[] = {
    GENERATOR_METHODS("generator"){0},
};
static const QvGetSet generator_getsets[] = {
    {"__name__", get_name, set_name, "name of the generator"},
    {"__qualname__", get_qualname, set_qualname, "qualified name of the generator"},
    {"gi_frame", get_frame, NULL, NULL},
    {"gi_code", get_code, NULL, NULL},
    {"gi_running", get_running, NULL, NULL},
    {"gi_suspended", get_suspended, NULL, NULL},
    {"gi_yieldfrom", get_delegate, NULL, "object being iterated by yield from, or None"},
    {0},
};

static QvObj *iter_self(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, o); }

QV_SEALED QvType qv_generator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "generator",
    .id = QV_TID_generator,
    .flags = QV_T_GC | QV_T_VAR | QV_T_NO_NEW | QV_T_WEAK | QV_T_HAS_DEL,
    .size = sizeof(QvGenerator),
    .base = &qv_object_type,
    .methods = generator_methods,
    .getsets = generator_getsets,
    .memsize = qv_generator_memsize,
    .traverse = qv_generator_traverse,
    .fini = qv_generator_fini,
    .clear = qv_generator_fini,
    .finalize = qv_generator_finalize,
    .repr = gen_repr,
    .iter = iter_self,
    .next = gen_next,
};

// What a coroutine's __await__ gives: an iterator that drives it.
typedef struct CoroutineWrapper {
    QvObj h;
    QvObj *coroutine;
} CoroutineWrapper;

static QvObj *coroutine_await(QvInterp *qi, QvObj *o)
{
    CoroutineWrapper *w = (CoroutineWrapper *)qv_obj_new(qi, &qv_coroutine_wrapper_type);
    if (w) {
        w->coroutine = qv_new_ref(qi, o);
    }
    return (QvObj *)w;
}

static const QvNativeDef coroutine_methods[] = {
    GENERATOR_METHODS("coroutine"){0},
};
static const QvGetSet coroutine_getsets[] = {
    {"__name__", get_name, set_name, "name of the coroutine"},
    {"__qualname__", get_qualname, set_qualname, "qualified name of the coroutine"},
    {"cr_frame", get_frame, NULL, NULL},
    {"cr_code", get_code, NULL, NULL},
    {"cr_running", get_running, NULL, NULL},
    {"cr_suspended", get_suspended, NULL, NULL},
    {"cr_await", get_delegate, NULL, "object being awaited on, or None"},
    {"cr_origin", get_origin, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_coroutine_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "coroutine",
    .id = QV_TID_coroutine,
    .flags = QV_T_GC | QV_T_VAR | QV_T_NO_NEW | QV_T_WEAK | QV_T_HAS_DEL,
    .size = sizeof(QvGenerator),
    .base = &qv_object_type,
    .methods = coroutine_methods,
    .getsets = coroutine_getsets,
    .memsize = qv_generator_memsize,
    .traverse = qv_generator_traverse,
    .fini = qv_generator_fini,
    .clear = qv_generator_fini,
    .finalize = qv_generator_finalize,
    .repr = gen_repr,
    .await = coroutine_await,
};

static int wrapper_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((CoroutineWrapper *)o)->coroutine);
    return 0;
}
static void wrapper_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((CoroutineWrapper *)o)->coroutine);
}
static QvObj *wrapper_next(QvInterp *qi, QvObj *o)
{
    return gen_next(qi, ((CoroutineWrapper *)o)->coroutine);
}
static QvObj *wrapper_send(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return gen_send(qi, ((CoroutineWrapper *)self)->coroutine, args, nargs);
}
static QvObj *wrapper_throw(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return gen_throw(qi, ((CoroutineWrapper *)self)->coroutine, args, nargs);
}
static QvObj *wrapper_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return gen_close(qi, ((CoroutineWrapper *)self)->coroutine, args, nargs);
}
static const QvNativeDef wrapper_methods[] = {
    {"send", wrapper_send, "($self, arg, /)", NULL},
    {"throw", wrapper_throw, "($self, type, value=None, traceback=None, /)", NULL},
    {"close", wrapper_close, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_coroutine_wrapper_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "coroutine_wrapper",
    .id = QV_TID_coroutine_wrapper,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .size = sizeof(CoroutineWrapper),
    .base = &qv_object_type,
    .methods = wrapper_methods,
    .traverse = wrapper_traverse,
    .fini = wrapper_fini,
    .clear = wrapper_fini,
    .iter = iter_self,
    .next = wrapper_next,
};
