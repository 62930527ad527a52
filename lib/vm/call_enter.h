// SPDX-License-Identifier: MIT
// Calls whose frame is made by what is called: the eval loop and machine code enter it alike.
// Private to vm/.
//
// The values stand in registers of the caller's window; the callee's window starts at the first of
// them, or at f->top where the caller is a generator, whose window is on the heap. Each function
// looks at its guards, sets f->pc to `next` (behind the call and its caches), and makes *ret_new,
// to be entered.
#ifndef QV_VM_CALL_ENTER_H
#define QV_VM_CALL_ENTER_H

#include "vm/eval_internal.h"

typedef enum QvEntered {
    QV_ENTER_RAISED = -1, // no memory
    QV_ENTER_LIMIT,       // nothing has changed: the general way tells which limit it is
    QV_ENTER_OTHER,       // nothing has changed: it is not what this form is for
    QV_ENTERED,
} QvEntered;

static inline bool qv_has_room(const QvThread *ts, QvObj *const *top)
{
    return top <= ts->stack_soft && ts->frames_top < ts->frames_limit;
}

// CALL_PY_ANY and CALL_METHOD_PY_ANY, by the operands of their word: whatever Python function or
// bound method stands at b.
static QV_ALWAYS_INLINE QvEntered qv_enter_any(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj **r,
                                               uint16_t a, unsigned b, unsigned c, bool method,
                                               QvInstr *next, QvFrame **ret_new)
{
    bool absent = method && r[b + 1] == NULL;
    QvObj **first = &r[b + 1 + absent];
    unsigned given = c + (method && !absent ? 1u : 0u);
    QvFunction *fn = (QvFunction *)r[b];
    QvObj *self = NULL; // of a bound method: it goes into the register before the values
    if (fn->h.type == &qv_method_type) {
        self = ((QvMethod *)fn)->self;
        fn = (QvFunction *)((QvMethod *)fn)->func;
        first--;
        given++;
    }
    int missing;
    if (QV_UNLIKELY(fn->h.type != &qv_function_type || (missing = qv_missing(fn, given)) < 0)) {
        return QV_ENTER_OTHER;
    }
    QvCode *co = fn->code;
    QvObj **win = f->kind & QV_FRAME_GEN ? f->top : first;
    QvObj **top = win + co->nregs;
    if (QV_UNLIKELY(!qv_has_room(ts, top))) {
        return QV_ENTER_LIMIT;
    }
    f->pc = next;
    unsigned own = self != NULL;
    if (win != first) {
        qv_move_arguments(qi, win + own, first + own, given - own);
    }
    QvObj *callee = r[b];
    r[b] = NULL;
    if (self) {
        qv_incref(qi, self);
        qv_incref(qi, (QvObj *)fn);
        qv_reg_put(qi, win, self);
        qv_decref(qi, callee);
    } // else the frame takes the function
    qv_fill_defaults(qi, win + given, fn, missing);
    qv_unbind_locals(qi, win, given + (unsigned)missing, co->nlocals);
    *ret_new = qv_push_record(ts, f, fn, co, win, top, a, QV_FRAME_PLAIN);
    return QV_ENTERED;
}

// CALL_CLASS and CALL_METHOD_CLASS: a heap type with object.__new__ and a Python __init__. Word 0
// the type's version, word 1 __init__'s version, word 2 __init__. The instance goes into the
// register before the values.
static QV_ALWAYS_INLINE QvEntered qv_enter_class(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj **r,
                                                 uint16_t a, unsigned b, unsigned c, bool method,
                                                 const uint64_t *words, QvInstr *next,
                                                 QvFrame **ret_new)
{
    QvType *type = (QvType *)r[b];
    QvObj **first = &r[b + 1 + method];
    if (QV_UNLIKELY(type->h.type != &qv_type_type || type->version != (uint32_t)words[0] ||
                    (method && r[b + 1] != NULL))) {
        return QV_ENTER_OTHER;
    }
    QvFunction *fn = (QvFunction *)(uintptr_t)words[2];
    QvCode *co = fn->code;
    QvObj **win = f->kind & QV_FRAME_GEN ? f->top : first - 1;
    QvObj **top = win + co->nregs;
    int missing = qv_missing(fn, c + 1);
    if (QV_UNLIKELY(co->version != (uint32_t)words[1] || missing < 0 || !qv_has_room(ts, top))) {
        return QV_ENTER_LIMIT;
    }
    f->pc = next;
    QvObj *x = qv_obj_new(qi, type);
    if (QV_UNLIKELY(!x)) {
        return QV_ENTER_RAISED;
    }
    if (win != first - 1) {
        qv_move_arguments(qi, win + 1, first, c);
    }
    r[b] = NULL;
    qv_incref(qi, x);
    qv_reg_put(qi, win, x);
    qv_decref(qi, (QvObj *)type); // the instance holds its type: this cannot free it
    qv_fill_defaults(qi, win + c + 1, fn, missing);
    qv_unbind_locals(qi, win, c + 1u + (unsigned)missing, co->nlocals);
    qv_incref(qi, (QvObj *)fn);
    *ret_new = qv_push_record(ts, f, fn, co, win, top, a, QV_FRAME_INIT);
    (*ret_new)->init_self = x;
    return QV_ENTERED;
}

// CALL_NEW: a heap type with a Python __new__ and object.__init__; words as of CALL_CLASS. The call
// keeps its values: an __init__ may be due after all (qv_call_result).
static QV_ALWAYS_INLINE QvEntered qv_enter_new(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj **r,
                                               uint16_t a, unsigned b, unsigned c,
                                               const uint64_t *words, QvInstr *next,
                                               QvFrame **ret_new)
{
    const QvType *type = (const QvType *)r[b];
    if (QV_UNLIKELY(type->h.type != &qv_type_type || type->version != (uint32_t)words[0])) {
        return QV_ENTER_OTHER;
    }
    QvFunction *fn = (QvFunction *)(uintptr_t)words[2];
    QvCode *co = fn->code;
    QvObj **win = f->top;
    QvObj **top = win + co->nregs;
    int missing = qv_missing(fn, c + 1);
    if (QV_UNLIKELY(co->version != (uint32_t)words[1] || missing < 0 || !qv_has_room(ts, top))) {
        return QV_ENTER_LIMIT;
    }
    for (unsigned j = 0; j <= c; j++) {
        QvObj *x = r[b + j];
        qv_incref(qi, x);
        qv_reg_put(qi, &win[j], x);
    }
    f->pc = next;
    qv_fill_defaults(qi, win + c + 1, fn, missing);
    qv_unbind_locals(qi, win, c + 1u + (unsigned)missing, co->nlocals);
    qv_incref(qi, (QvObj *)fn);
    *ret_new = qv_push_record(ts, f, fn, co, win, top, a, QV_FRAME_NEW);
    (*ret_new)->operation = 3;
    return QV_ENTERED;
}

#endif
