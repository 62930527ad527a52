// SPDX-License-Identifier: MIT
// Arithmetic on any objects: slot dispatch with reflected operands, in-place forms, conversions.
//
// A binary slot is called with either operand of its type and answers NotImplemented when it
// cannot. The left operand's slot goes first, unless the right operand's type is a subclass with
// another slot; the sequence slots (concat, repeat) are asked last.
#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"
#include "object/int_internal.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"

#include "base/unicode.h"

typedef struct BinOpRow {
    const char *sign;    // as in "unsupported operand type(s) for +"
    const char *inplace; // the in-place form's
    size_t slot;         // offset in QvType
    size_t islot;
} BinOpRow;

#define SLOT(name) offsetof(QvType, name)
static const BinOpRow bin_ops[QV_BIN_COUNT] = {
    [QV_BIN_ADD] = {"+", "+=", SLOT(add), SLOT(iadd)},
    [QV_BIN_SUB] = {"-", "-=", SLOT(sub), SLOT(isub)},
    [QV_BIN_MUL] = {"*", "*=", SLOT(mul), SLOT(imul)},
    [QV_BIN_MATMUL] = {"@", "@=", SLOT(matmul), SLOT(imatmul)},
    [QV_BIN_TRUEDIV] = {"/", "/=", SLOT(truediv), SLOT(itruediv)},
    [QV_BIN_FLOORDIV] = {"//", "//=", SLOT(floordiv), SLOT(ifloordiv)},
    [QV_BIN_MOD] = {"%", "%=", SLOT(mod), SLOT(imod)},
    [QV_BIN_LSHIFT] = {"<<", "<<=", SLOT(lshift), SLOT(ilshift)},
    [QV_BIN_RSHIFT] = {">>", ">>=", SLOT(rshift), SLOT(irshift)},
    [QV_BIN_AND] = {"&", "&=", SLOT(and_), SLOT(iand)},
    [QV_BIN_OR] = {"|", "|=", SLOT(or_), SLOT(ior)},
    [QV_BIN_XOR] = {"^", "^=", SLOT(xor), SLOT(ixor)},
    [QV_BIN_POW] = {"** or pow()", "**=", SLOT(pow), SLOT(ipow)},
};

static inline QvBinaryFn binary_slot(const QvType *t, size_t offset)
{
    return *(const QvBinaryFn *)(const void *)((const char *)t + offset);
}

// Is w's type a subclass of v's, so that its slot goes first? An exact float's or int's never is.
static inline bool goes_first(const QvObj *v, const QvObj *w)
{
    return w->type != &qv_float_type && w->type != &qv_int_type && w->type != &qv_bigint_type &&
           qv_type_is_subtype(w->type, qv_type_of(v));
}

// The dispatch of v op w. NotImplemented (a new reference, as any result) when nobody can.
static QvObj *binary_try(QvInterp *qi, size_t offset, QvObj *v, QvObj *w)
{
    QvBinaryFn fv = binary_slot(v->type, offset);
    QvBinaryFn fw = NULL;
    if (w->type != v->type) {
        fw = binary_slot(w->type, offset);
        if (fw == fv) {
            fw = NULL;
        }
    }
    if (fv) {
        if (fw && goes_first(v, w)) {
            QvObj *r = fw(qi, v, w);
            if (r != QV_NOTIMPLEMENTED) {
                return r;
            }
            fw = NULL;
        }
        QvObj *r = fv(qi, v, w);
        if (r != QV_NOTIMPLEMENTED) {
            return r;
        }
    }
    if (fw) {
        return fw(qi, v, w);
    }
    return QV_NOTIMPLEMENTED;
}

static QvObj *binary_error(QvInterp *qi, const char *sign, QvObj *v, QvObj *w)
{
    if (sign[0] == '>' && sign[1] == '>' && !sign[2] && v->type == &qv_builtin_type) {
        const QvSig *sig = ((QvBuiltin *)v)->sig;
        const char *name = sig->def->name;
        if (name[0] == 'p' && name[1] == 'r' && name[2] == 'i' && name[3] == 'n' &&
            name[4] == 't' && !name[5]) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "unsupported operand type(s) for %s: '%.100T' and '%.100T'. Did you "
                            "mean \"print(<message>, file=<output_stream>)\"?",
                            sign, v, w);
        }
    }
    return qv_raise(qi, &qv_exc_TypeError,
                    "unsupported operand type(s) for %s: '%.100T' and '%.100T'", sign, v, w);
}

typedef QvObj *(*RepeatFn)(QvInterp *qi, QvObj *o, QvSsize n);

static QvObj *sequence_repeat(QvInterp *qi, RepeatFn f, QvObj *seq, QvObj *n)
{
    if (!qv_is_int(n) && !n->type->index) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "can't multiply sequence by non-int of type '%.200T'", n);
    }
    QvSsize count;
    if (qv_index_ssize(qi, n, &count, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    return f(qi, seq, count);
}

// v ** w and pow(v, w, z). NotImplemented when nobody can.
static QvObj *ternary_try(QvInterp *qi, QvObj *v, QvObj *w, QvObj *z)
{
    QvTernaryFn fv = v->type->pow;
    QvTernaryFn fw = NULL;
    if (w->type != v->type) {
        fw = w->type->pow;
        if (fw == fv) {
            fw = NULL;
        }
    }
    if (fv) {
        if (fw && goes_first(v, w)) {
            QvObj *r = fw(qi, v, w, z);
            if (r != QV_NOTIMPLEMENTED) {
                return r;
            }
            fw = NULL;
        }
        QvObj *r = fv(qi, v, w, z);
        if (r != QV_NOTIMPLEMENTED) {
            return r;
        }
    }
    if (fw) {
        QvObj *r = fw(qi, v, w, z);
        if (r != QV_NOTIMPLEMENTED) {
            return r;
        }
    }
    if (z != QV_NONE) {
        QvTernaryFn fz = z->type->pow;
        if (fz && fz != fv && fz != w->type->pow) {
            return fz(qi, v, w, z);
        }
    }
    return QV_NOTIMPLEMENTED;
}

static QvObj *ternary_error(QvInterp *qi, const char *sign, QvObj *v, QvObj *w, QvObj *z)
{
    if (z == QV_NONE) {
        return binary_error(qi, sign, v, w);
    }
    return qv_raise(qi, &qv_exc_TypeError,
                    "unsupported operand type(s) for %s: '%.100T', '%.100T', '%.100T'", sign, v, w,
                    z);
}

QvObj *qv_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod)
{
    if (v->type == &qv_float_type && mod == QV_NONE) { // x ** 2 and the like
        if (w->type == &qv_int_type) {
            return qv_float_pow(qi, qv_float_value(v), (double)qv_int_value(w));
        }
        if (w->type == &qv_float_type) {
            return qv_float_pow(qi, qv_float_value(v), qv_float_value(w));
        }
    }
    QvObj *r = ternary_try(qi, v, w, mod);
    if (r == QV_NOTIMPLEMENTED) {
        return ternary_error(qi, bin_ops[QV_BIN_POW].sign, v, w, mod);
    }
    return r;
}

// What comes after the binary slots: those of sequences, or the error.
static QvObj *binary_tail(QvInterp *qi, QvBinOp op, bool inplace, QvObj *v, QvObj *w)
{
    const BinOpRow *row = &bin_ops[op];
    if (op == QV_BIN_ADD) {
        QvBinaryFn concat = inplace && v->type->inplace_concat ? v->type->inplace_concat
                                                               : v->type->concat;
        if (concat) {
            return concat(qi, v, w);
        }
    }
    if (op == QV_BIN_MUL) {
        RepeatFn repeat = inplace && v->type->inplace_repeat ? v->type->inplace_repeat
                                                             : v->type->repeat;
        if (repeat) {
            return sequence_repeat(qi, repeat, v, w);
        }
        // In place, the right operand is asked only when the left one is nothing like a container.
        bool container = (v->type->flags & QV_T_HEAP) || v->type->len || v->type->contains;
        if (w->type->repeat && !(inplace && container)) {
            return sequence_repeat(qi, w->type->repeat, w, v);
        }
    }
    return binary_error(qi, inplace ? row->inplace : row->sign, v, w);
}

QvObj *qv_binary(QvInterp *qi, QvBinOp op, QvObj *v, QvObj *w)
{
    if (op == QV_BIN_POW) {
        return qv_pow(qi, v, w, QV_NONE);
    }
    QvObj *r = binary_try(qi, bin_ops[op].slot, v, w);
    return r != QV_NOTIMPLEMENTED ? r : binary_tail(qi, op, false, v, w);
}

QvObj *qv_inplace(QvInterp *qi, QvBinOp op, QvObj *v, QvObj *w)
{
    const BinOpRow *row = &bin_ops[op];
    QvObj *r;
    if (op == QV_BIN_POW) {
        r = QV_NOTIMPLEMENTED;
        if (v->type->ipow) {
            r = v->type->ipow(qi, v, w, QV_NONE);
        }
    } else {
        QvBinaryFn f = binary_slot(v->type, row->islot);
        r = f ? f(qi, v, w) : QV_NOTIMPLEMENTED;
    }
    return r != QV_NOTIMPLEMENTED ? r : qv_binary_rest(qi, op, QV_STAGE_INPLACE, true, v, w);
}

QvObj *qv_binary_rest(QvInterp *qi, QvBinOp op, QvOpStage stage, bool inplace, QvObj *v, QvObj *w)
{
    QvObj *r = QV_NOTIMPLEMENTED;
    if (stage == QV_STAGE_INPLACE) {
        r = op == QV_BIN_POW ? ternary_try(qi, v, w, QV_NONE)
                             : binary_try(qi, bin_ops[op].slot, v, w);
    } else if (stage == QV_STAGE_LEFT && v->type != w->type && op == QV_BIN_POW) {
        QvTernaryFn f = w->type->pow;
        r = f && f != v->type->pow ? f(qi, v, w, QV_NONE) : r;
    } else if (stage == QV_STAGE_LEFT && v->type != w->type) {
        QvBinaryFn f = binary_slot(w->type, bin_ops[op].slot);
        r = f && f != binary_slot(v->type, bin_ops[op].slot) ? f(qi, v, w) : r;
    }
    return r != QV_NOTIMPLEMENTED ? r : binary_tail(qi, op, inplace, v, w);
}

QvObj *qv_divmod(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *r = binary_try(qi, SLOT(divmod), v, w);
    return r == QV_NOTIMPLEMENTED ? binary_error(qi, "divmod()", v, w) : r;
}
#undef SLOT

// ---- unary --------------------------------------------------------------------------------------

QvObj *qv_neg(QvInterp *qi, QvObj *o)
{
    if (o->type->neg) {
        return o->type->neg(qi, o);
    }
    return qv_raise(qi, &qv_exc_TypeError, "bad operand type for unary -: '%.200T'", o);
}

QvObj *qv_pos(QvInterp *qi, QvObj *o)
{
    if (o->type->pos) {
        return o->type->pos(qi, o);
    }
    return qv_raise(qi, &qv_exc_TypeError, "bad operand type for unary +: '%.200T'", o);
}

QvObj *qv_invert(QvInterp *qi, QvObj *o)
{
    if (o->type->invert) {
        return o->type->invert(qi, o);
    }
    return qv_raise(qi, &qv_exc_TypeError, "bad operand type for unary ~: '%.200T'", o);
}

QvObj *qv_abs(QvInterp *qi, QvObj *o)
{
    if (o->type->abs) {
        return o->type->abs(qi, o);
    }
    return qv_raise(qi, &qv_exc_TypeError, "bad operand type for abs(): '%.200T'", o);
}

// ---- to int ------------------------------------------------------------------------------------

// An int (maybe of a subclass) by __index__.
static QvObj *index_any(QvInterp *qi, QvObj *o)
{
    if (qv_is_int(o)) {
        return qv_new_ref(qi, o);
    }
    if (!o->type->index) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "'%.200T' object cannot be interpreted as an integer", o);
    }
    QvObj *r = o->type->index(qi, o);
    if (!r || qv_is_int_exact(r)) {
        return r;
    }
    if (!qv_is_int(r)) {
        qv_raise(qi, &qv_exc_TypeError, "__index__ returned non-int (type %.200T)", r);
        qv_decref(qi, r);
        return NULL;
    }
    if (qv_warn(qi, &qv_exc_DeprecationWarning, 1,
                "__index__ returned non-int (type %.200T).  The ability to return an instance of a "
                "strict subclass of int is deprecated, and may be removed in a future version "
                "of Python.",
                r) < 0) {
        qv_decref(qi, r);
        return NULL;
    }
    return r;
}

// Replaces an int of a subclass by the plain one. Takes o.
static QvObj *exact_int_take(QvInterp *qi, QvObj *o)
{
    if (!o || qv_is_int_exact(o)) {
        return o;
    }
    QvObj *r = qv_int_exact(qi, o);
    qv_decref(qi, o);
    return r;
}

QvObj *qv_index(QvInterp *qi, QvObj *o)
{
    if (qv_is_int_exact(o)) {
        return qv_new_ref(qi, o);
    }
    return exact_int_take(qi, index_any(qi, o));
}

int qv_index_int(QvInterp *qi, QvObj *o, int *ret)
{
    int64_t v = 0;
    QvObj *i = index_any(qi, o);
    if (!i) {
        return -1;
    }
    int fits = qv_int_as_i64(i, &v);
    qv_decref(qi, i);
    if (!fits || v != (int)v) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    *ret = (int)v;
    return 0;
}

int qv_arg_ssize(QvInterp *qi, QvObj *o, QvSsize *ret)
{
    QvObj *v = index_any(qi, o);
    int r = v ? qv_int_to_ssize(qi, v, ret) : -1;
    qv_xdecref(qi, v);
    return r;
}

int qv_index_ssize(QvInterp *qi, QvObj *o, QvSsize *ret, QvType *overflow)
{
    if (o->type == &qv_int_type) {
        *ret = (QvSsize)qv_int_value(o);
        return 0;
    }
    QvObj *v = index_any(qi, o);
    if (!v) {
        return -1;
    }
    int64_t n;
    int fits = qv_int_as_i64(v, &n);
    if (!fits) {
        if (overflow) {
            qv_raise(qi, overflow, "cannot fit '%.200T' into an index-sized integer", o);
            qv_decref(qi, v);
            return -1;
        }
        n = qv_int_sign(v) < 0 ? INT64_MIN : INT64_MAX;
    }
    qv_decref(qi, v);
    *ret = (QvSsize)n;
    return 0;
}

static QvObj *int_from_str(QvInterp *qi, QvObj *s)
{
    const char *text;
    QvSsize n;
    char *block;
    if (qv_number_text(qi, s, &text, &n, &block) < 0) {
        return NULL;
    }
    QvObj *r = qv_int_parse(qi, text, n, 10, s);
    if (block) {
        qv_free(qi, block, (size_t)n + 1);
    }
    return r;
}

// int() of bytes, bytearray and other buffers. The message shows the object, or its bytes.
static QvObj *int_from_buffer(QvInterp *qi, QvObj *o)
{
    QvBufferView view;
    if (qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *literal = qv_is_bytes(o) ? qv_new_ref(qi, o) : qv_bytes_new(qi, view.buf, view.len);
    QvObj *r = NULL;
    if (literal) {
        r = qv_int_parse(qi, (const char *)qv_bytes_data(literal), qv_bytes_len(literal), 10,
                         literal);
        qv_decref(qi, literal);
    }
    qv_buffer_release(qi, &view);
    return r;
}

static QvObj *int_by_slot(QvInterp *qi, QvObj *o)
{
    QvObj *r = o->type->to_int(qi, o);
    if (!r || qv_is_int_exact(r)) {
        return r;
    }
    if (!qv_is_int(r)) {
        qv_raise(qi, &qv_exc_TypeError, "__int__ returned non-int (type %.200T)", r);
        qv_decref(qi, r);
        return NULL;
    }
    if (qv_warn(qi, &qv_exc_DeprecationWarning, 1,
                "__int__ returned non-int (type %.200T).  The ability to return an instance of a "
                "strict subclass of int is deprecated, and may be removed in a future version "
                "of Python.",
                r) < 0) {
        qv_decref(qi, r);
        return NULL;
    }
    return exact_int_take(qi, r);
}

static QvObj *int_by_trunc(QvInterp *qi, QvObj *o, QvObj *trunc)
{
    if (qv_warn(qi, &qv_exc_DeprecationWarning, 1,
                "The delegation of int() to __trunc__ is deprecated.") < 0) {
        return NULL;
    }
    (void)o;
    QvObj *r = qv_call0(qi, trunc);
    if (!r || qv_is_int_exact(r)) {
        return r;
    }
    if (qv_is_int(r)) {
        return exact_int_take(qi, r);
    }
    if (!r->type->index) {
        qv_raise(qi, &qv_exc_TypeError, "__trunc__ returned non-Integral (type %.200T)", r);
        qv_decref(qi, r);
        return NULL;
    }
    QvObj *i = qv_index(qi, r);
    qv_decref(qi, r);
    return i;
}

QvObj *qv_to_int(QvInterp *qi, QvObj *o)
{
    if (qv_is_int_exact(o)) {
        return qv_new_ref(qi, o);
    }
    if (o->type->to_int) {
        return int_by_slot(qi, o);
    }
    if (o->type->index) {
        return qv_index(qi, o);
    }
    QvObj *trunc;
    int has = qv_lookup_special(qi, o, QV_N(__trunc__), &trunc);
    if (has < 0) {
        return NULL;
    }
    if (has) {
        QvObj *r = int_by_trunc(qi, o, trunc);
        qv_decref(qi, trunc);
        return r;
    }
    if (qv_is_str(o)) {
        return int_from_str(qi, o);
    }
    if (qv_has_buffer(o)) {
        return int_from_buffer(qi, o);
    }
    return qv_raise(qi, &qv_exc_TypeError,
                    "int() argument must be a string, a bytes-like object or a real number, not "
                    "'%.200T'",
                    o);
}

// ---- to float ----------------------------------------------------------------------------------

// A float by the to_float slot (maybe of a subclass).
static QvObj *float_by_slot(QvInterp *qi, QvObj *o)
{
    QvObj *r = o->type->to_float(qi, o);
    if (!r || qv_is_float_exact(r)) {
        return r;
    }
    if (!qv_is_float(r)) {
        qv_raise(qi, &qv_exc_TypeError, "%.50T.__float__ returned non-float (type %.50T)", o, r);
        qv_decref(qi, r);
        return NULL;
    }
    if (qv_warn(
            qi, &qv_exc_DeprecationWarning, 1,
            "%.50T.__float__ returned non-float (type %.50T).  The ability to return an instance "
            "of a strict subclass of float is deprecated, and may be removed in a future "
            "version of Python.",
            o, r) < 0) {
        qv_decref(qi, r);
        return NULL;
    }
    QvObj *exact = qv_float_new(qi, qv_float_value(r));
    qv_decref(qi, r);
    return exact;
}

static QvObj *float_from_str(QvInterp *qi, QvObj *s)
{
    const char *text;
    QvSsize n;
    char *block;
    if (qv_number_text(qi, s, &text, &n, &block) < 0) {
        return NULL;
    }
    QvObj *r = qv_float_parse(qi, text, n, s);
    if (block) {
        qv_free(qi, block, (size_t)n + 1);
    }
    return r;
}

QvObj *qv_to_float(QvInterp *qi, QvObj *o)
{
    if (qv_is_float_exact(o)) {
        return qv_new_ref(qi, o);
    }
    if (o->type->to_float) {
        return float_by_slot(qi, o);
    }
    if (o->type->index) {
        double d;
        return qv_as_double(qi, o, &d) < 0 ? NULL : qv_float_new(qi, d);
    }
    if (qv_is_float(o)) {
        return qv_float_new(qi, qv_float_value(o));
    }
    if (qv_is_str(o)) {
        return float_from_str(qi, o);
    }
    if (qv_has_buffer(o)) {
        QvBufferView view;
        if (qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        QvObj *r = qv_float_parse(qi, view.buf, view.len, o);
        qv_buffer_release(qi, &view);
        return r;
    }
    return qv_raise(qi, &qv_exc_TypeError,
                    "float() argument must be a string or a real number, not '%.200T'", o);
}

int qv_as_double(QvInterp *qi, QvObj *o, double *ret)
{
    if (qv_is_float(o)) {
        *ret = qv_float_value(o);
        return 0;
    }
    if (o->type == &qv_int_type) {
        *ret = (double)qv_int_value(o);
        return 0;
    }
    if (o->type->to_float) {
        QvObj *f = float_by_slot(qi, o);
        if (!f) {
            return -1;
        }
        *ret = qv_float_value(f);
        qv_decref(qi, f);
        return 0;
    }
    if (o->type->index) {
        QvObj *i = index_any(qi, o);
        if (!i) {
            return -1;
        }
        int r = qv_int_to_double(qi, i, ret);
        qv_decref(qi, i);
        return r;
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "must be real number, not %.50T", o);
}
