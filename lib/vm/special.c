// SPDX-License-Identifier: MIT
// Special methods written in Python, called by the instructions that come to them (a + b, a < b,
// a[i], len(a), x in a, if a ...) without leaving the eval loop: the method's frame is pushed here,
// and what it returns goes back to the instruction, which stands before the caller's pc.
//
// Only calls that the slots would make as their first act are made here: qv_binary, qv_compare and
// so on stay the one description of the protocols. Where another operand's method could have to go
// first, or the method is no plain function of the right arity, nothing is done and they do it all.
// What is left to do when a method answers NotImplemented is theirs, too (qv_binary_rest,
// qv_compare_rest).
#include "vm/eval_internal.h"

typedef struct BinNames {
    QvObj *name, *reflected, *inplace;
} BinNames;

#define ROW(name)                                                    \
    {                                                                \
        QV_N(__##name##__), QV_N(__r##name##__), QV_N(__i##name##__) \
    }
static const BinNames bin_names[QV_BIN_COUNT] = {
    [QV_BIN_ADD] = ROW(add),         [QV_BIN_SUB] = ROW(sub),
    [QV_BIN_MUL] = ROW(mul),         [QV_BIN_MATMUL] = ROW(matmul),
    [QV_BIN_TRUEDIV] = ROW(truediv), [QV_BIN_FLOORDIV] = ROW(floordiv),
    [QV_BIN_MOD] = ROW(mod),         [QV_BIN_LSHIFT] = ROW(lshift),
    [QV_BIN_RSHIFT] = ROW(rshift),   [QV_BIN_AND] = ROW(and),
    [QV_BIN_OR] = ROW(or),           [QV_BIN_XOR] = ROW(xor),
    [QV_BIN_POW] = ROW(pow),
};
#undef ROW

static QvObj *const cmp_names[] = {
    [QV_LT] = QV_N(__lt__), [QV_LE] = QV_N(__le__), [QV_EQ] = QV_N(__eq__),
    [QV_NE] = QV_N(__ne__), [QV_GT] = QV_N(__gt__), [QV_GE] = QV_N(__ge__),
};

// The function that `name` is in o's class, when a call of it with n arguments only has to push a
// frame.
static inline QvFunction *method_of(QvInterp *qi, const QvObj *o, QvObj *name, int n)
{
    if (!(o->type->flags & QV_T_HEAP)) {
        return NULL;
    }
    QvObj *m = qv_type_lookup(qi, o->type, name);
    if (!m || m->type != &qv_function_type) {
        return NULL;
    }
    QvFunction *fn = (QvFunction *)m;
    const unsigned makers = QV_CO_GENERATOR | QV_CO_COROUTINE | QV_CO_ASYNC_GENERATOR;
    return fn->code->exact_args == n && !(fn->code->flags & makers) ? fn : NULL;
}

// The frame of fn(args...) above the caller's window; NULL at a limit, which the general way
// reports (or raises).
static inline QvFrame *push(QvInterp *qi, QvThread *ts, QvFrame *f, QvFunction *fn,
                            QvObj *const *args, unsigned n, uint16_t dst, uint8_t kind)
{
    QvCode *co = fn->code;
    QvObj **w = f->top;
    QvObj **top = w + co->nregs;
    if (QV_UNLIKELY(top > ts->stack_soft || ts->frames_top >= ts->frames_limit)) {
        return NULL;
    }
    qv_incref(qi, (QvObj *)fn);
    for (unsigned j = 0; j < n; j++) {
        qv_incref(qi, args[j]);
        qv_reg_put(qi, &w[j], args[j]);
    }
    qv_unbind_locals(qi, w, n, co->nlocals);
    QvFrame *nf = qv_push_record(ts, f, fn, co, w, top, dst, kind);
    nf->stage = QV_STAGE_NONE;
    return nf;
}

// ---- operators ----------------------------------------------------------------------------------

QvFrame *qv_special_binary(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvBinOp op, QvObj *v,
                           QvObj *w)
{
    const BinNames *names = &bin_names[op];
    QvType *tv = v->type, *tw = w->type;
    QvOpStage stage = QV_STAGE_LEFT;
    QvFunction *fn = NULL;
    if (tv->flags & QV_T_HEAP) {
        QvObj *own = i.flags & QV_INPLACE ? qv_type_lookup(qi, tv, names->inplace) : NULL;
        if (own) {
            stage = QV_STAGE_INPLACE;
            fn = method_of(qi, v, names->inplace, 2);
        } else if (tv == tw || !(tw->flags & QV_T_HEAP) ||
                   !qv_type_lookup(qi, tw, names->reflected)) {
            fn = method_of(qi, v, names->name, 2);
        }
    } else if ((tv == &qv_int_type || tv == &qv_float_type) && !(tw->flags & QV_T_INT) &&
               !qv_type_is_subtype(tw, &qv_float_type)) { // the number knows nothing of w
        stage = QV_STAGE_RIGHT;
        fn = method_of(qi, w, names->reflected, 2);
    }
    if (!fn) {
        return NULL;
    }
    QvObj *args[2] = {v, w};
    if (stage == QV_STAGE_RIGHT) {
        args[0] = w;
        args[1] = v;
    }
    QvFrame *nf = push(qi, ts, f, fn, args, 2, i.a, QV_FRAME_OPERATOR);
    if (nf) {
        nf->stage = (uint8_t)stage;
        nf->operation = (uint8_t)op;
    }
    return nf;
}

QvFrame *qv_special_compare(QvInterp *qi, QvThread *ts, QvFrame *f, uint16_t dst, uint8_t kind,
                            QvCmpOp op, QvObj *v, QvObj *w)
{
    if (v->type != w->type && qv_type_is_subtype(w->type, v->type)) {
        return NULL; // w goes first
    }
    QvFunction *fn = method_of(qi, v, cmp_names[op], 2);
    QvObj *args[2] = {v, w};
    QvFrame *nf = fn ? push(qi, ts, f, fn, args, 2, dst, kind) : NULL;
    if (nf) {
        nf->stage = QV_STAGE_COMPARE;
        nf->operation = (uint8_t)op;
    }
    return nf;
}

QvObj *qv_special_rest(QvInterp *qi, QvObj **r, QvInstr i, QvOpStage stage, unsigned operation)
{
    const QvOpInfo *info = &qv_op_info[i.op];
    if (info->c == QV_K_J) {
        return qv_compare_rest(qi, r[i.a], r[i.b], (QvCmpOp)operation);
    }
    if (stage == QV_STAGE_COMPARE) {
        return qv_compare_rest(qi, r[i.b], r[i.c], (QvCmpOp)operation);
    }
    bool inplace = (i.flags & QV_INPLACE) != 0;
    if (info->c == QV_K_R) {
        return qv_binary_rest(qi, (QvBinOp)operation, stage, inplace, r[i.b], r[i.c]);
    }
    QvObj *w = qv_int_from_i64(qi, (int16_t)i.c);
    QvObj *x = w ? qv_binary_rest(qi, (QvBinOp)operation, stage, inplace, r[i.b], w) : NULL;
    qv_xdecref(qi, w);
    return x;
}

QvFrame *qv_special_unary(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvObj *name, QvObj *o)
{
    QvFunction *fn = method_of(qi, o, name, 1);
    return fn ? push(qi, ts, f, fn, &o, 1, i.a, QV_FRAME_PLAIN) : NULL;
}

// ---- containers and truth -----------------------------------------------------------------------

QvFrame *qv_special_getitem(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvObj *o, QvObj *key)
{
    QvFunction *fn = method_of(qi, o, QV_N(__getitem__), 2);
    QvObj *args[2] = {o, key};
    return fn ? push(qi, ts, f, fn, args, 2, i.a, QV_FRAME_OPERATOR) : NULL;
}

QvFrame *qv_special_setitem(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *o, QvObj *key,
                            QvObj *value)
{
    QvFunction *fn = method_of(qi, o, value ? QV_N(__setitem__) : QV_N(__delitem__), value ? 3 : 2);
    QvObj *args[3] = {o, key, value};
    return fn ? push(qi, ts, f, fn, args, value ? 3 : 2, 0, QV_FRAME_RESULT) : NULL;
}

QvFrame *qv_special_contains(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *o, QvObj *item)
{
    QvFunction *fn = method_of(qi, o, QV_N(__contains__), 2);
    QvObj *args[2] = {o, item};
    return fn ? push(qi, ts, f, fn, args, 2, 0, QV_FRAME_RESULT) : NULL;
}

QvFrame *qv_special_len(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *o)
{
    QvFunction *fn = method_of(qi, o, QV_N(__len__), 1);
    QvFrame *nf = fn ? push(qi, ts, f, fn, &o, 1, 0, QV_FRAME_RESULT) : NULL;
    if (nf) {
        nf->stage = QV_STAGE_LEN;
    }
    return nf;
}

QvFrame *qv_special_truth(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *o)
{
    if (!o->type->bool_) {
        return o->type->len ? qv_special_len(qi, ts, f, o) : NULL;
    }
    QvFunction *fn = method_of(qi, o, QV_N(__bool__), 1);
    QvFrame *nf = fn ? push(qi, ts, f, fn, &o, 1, 0, QV_FRAME_RESULT) : NULL;
    if (nf) {
        nf->stage = QV_STAGE_BOOL;
    }
    return nf;
}

QvFrame *qv_special_get(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *descr, QvObj *o,
                        uint16_t dst)
{
    QvFunction *fn = method_of(qi, descr, QV_N(__get__), 3);
    QvObj *args[3] = {descr, o, &qv_type_of(o)->h};
    return fn ? push(qi, ts, f, fn, args, 3, dst, QV_FRAME_PLAIN) : NULL;
}

QvFrame *qv_special_setter(QvInterp *qi, QvThread *ts, QvFrame *f, QvFunction *fn, QvObj *o,
                           QvObj *value)
{
    QvObj *args[2] = {o, value};
    return push(qi, ts, f, fn, args, 2, 0, QV_FRAME_RESULT);
}

// ---- results ------------------------------------------------------------------------------------

static int truth_of(QvInterp *qi, QvObj *x)
{
    return x == QV_TRUE ? 1 : x == QV_FALSE ? 0 : qv_is_true(qi, x);
}

// Truth of what __bool__, __len__, __contains__ or a comparison returned; -1 error.
static int special_truth(QvInterp *qi, QvOpStage stage, QvObj *x)
{
    if (stage == QV_STAGE_LEN) {
        QvSsize n = qv_len_result(qi, x);
        return n < 0 ? -1 : n > 0;
    }
    if (stage == QV_STAGE_BOOL && !qv_is_bool(x)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__bool__ should return bool, returned %T", x);
    }
    return truth_of(qi, x);
}

int qv_special_result(QvInterp *qi, QvObj **r, QvInstr i, QvOpStage stage, unsigned operation,
                      QvObj *x)
{
    int truth;
    if (x == QV_NOTIMPLEMENTED && stage == QV_STAGE_COMPARE) {
        x = qv_special_rest(qi, r, i, stage, operation);
        if (!x) {
            return -1;
        }
    }
    // The word may have been rewritten meanwhile.
    uint8_t op = qv_op_info[i.op].traits & QV_TR_SPEC ? qv_op_info[i.op].general : i.op;
    switch (op) {
    case QV_INS_CALL: { // len()
        QvSsize n = qv_len_result(qi, x);
        qv_decref(qi, x);
        if (n < 0) {
            return -1;
        }
        qv_regs_drop(qi, &r[i.b], 2);
        return qv_reg_put_int(qi, &r[i.a], n);
    }
    case QV_INS_IN:
    case QV_INS_NOT_IN:
    case QV_INS_NOT:
        truth = special_truth(qi, stage, x);
        qv_decref(qi, x);
        if (truth < 0) {
            return -1;
        }
        qv_take(qi, r, i, QV_TAKE_B | QV_TAKE_C);
        qv_reg_put(qi, &r[i.a], qv_bool(truth == (op == QV_INS_IN)));
        return 0;
    case QV_INS_STORE_ATTR: // a property
    case QV_INS_SETITEM:
    case QV_INS_DELITEM:
        qv_decref(qi, x);
        qv_take(qi, r, i, QV_TAKE_A | QV_TAKE_C | (op == QV_INS_STORE_ATTR ? 0 : QV_TAKE_B));
        return 0;
    default: // a jump
        truth = special_truth(qi, stage, x);
        qv_decref(qi, x);
        if (truth < 0) {
            return -1;
        }
        qv_take(qi, r, i, QV_TAKE_A | (qv_op_info[op].b == QV_K_R ? QV_TAKE_B : 0));
        bool negative = op == QV_INS_JFALSE || op == QV_INS_JNOTIN ||
                        (op >= QV_INS_JNLT && op <= QV_INS_JNGE);
        return truth != negative;
    }
}
