// SPDX-License-Identifier: MIT
// The module _operator: the operators as functions; attrgetter, itemgetter and methodcaller are in
// _operator_getters.c.
#include "modules/modules.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

#define FUNCTION(name, body)                                                    \
    static QvObj *op_##name(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n) \
    {                                                                           \
        (void)qi, (void)m, (void)n;                                             \
        return body;                                                            \
    }

static QvObj *truth(int yes) { return yes < 0 ? NULL : qv_bool(yes); }
static QvObj *done(int status) { return status < 0 ? NULL : QV_NONE; }

FUNCTION(add, qv_binary(qi, QV_BIN_ADD, a[0], a[1]))
FUNCTION(sub, qv_binary(qi, QV_BIN_SUB, a[0], a[1]))
FUNCTION(mul, qv_binary(qi, QV_BIN_MUL, a[0], a[1]))
FUNCTION(matmul, qv_binary(qi, QV_BIN_MATMUL, a[0], a[1]))
FUNCTION(truediv, qv_binary(qi, QV_BIN_TRUEDIV, a[0], a[1]))
FUNCTION(floordiv, qv_binary(qi, QV_BIN_FLOORDIV, a[0], a[1]))
FUNCTION(mod, qv_binary(qi, QV_BIN_MOD, a[0], a[1]))
FUNCTION(lshift, qv_binary(qi, QV_BIN_LSHIFT, a[0], a[1]))
FUNCTION(rshift, qv_binary(qi, QV_BIN_RSHIFT, a[0], a[1]))
FUNCTION(and, qv_binary(qi, QV_BIN_AND, a[0], a[1]))
FUNCTION(or, qv_binary(qi, QV_BIN_OR, a[0], a[1]))
FUNCTION(xor, qv_binary(qi, QV_BIN_XOR, a[0], a[1]))
FUNCTION(pow, qv_pow(qi, a[0], a[1], QV_NONE))
FUNCTION(iadd, qv_inplace(qi, QV_BIN_ADD, a[0], a[1]))
FUNCTION(isub, qv_inplace(qi, QV_BIN_SUB, a[0], a[1]))
FUNCTION(imul, qv_inplace(qi, QV_BIN_MUL, a[0], a[1]))
FUNCTION(imatmul, qv_inplace(qi, QV_BIN_MATMUL, a[0], a[1]))
FUNCTION(itruediv, qv_inplace(qi, QV_BIN_TRUEDIV, a[0], a[1]))
FUNCTION(ifloordiv, qv_inplace(qi, QV_BIN_FLOORDIV, a[0], a[1]))
FUNCTION(imod, qv_inplace(qi, QV_BIN_MOD, a[0], a[1]))
FUNCTION(ilshift, qv_inplace(qi, QV_BIN_LSHIFT, a[0], a[1]))
FUNCTION(irshift, qv_inplace(qi, QV_BIN_RSHIFT, a[0], a[1]))
FUNCTION(iand, qv_inplace(qi, QV_BIN_AND, a[0], a[1]))
FUNCTION(ior, qv_inplace(qi, QV_BIN_OR, a[0], a[1]))
FUNCTION(ixor, qv_inplace(qi, QV_BIN_XOR, a[0], a[1]))
FUNCTION(ipow, qv_inplace(qi, QV_BIN_POW, a[0], a[1]))
FUNCTION(neg, qv_neg(qi, a[0]))
FUNCTION(pos, qv_pos(qi, a[0]))
FUNCTION(abs, qv_abs(qi, a[0]))
FUNCTION(invert, qv_invert(qi, a[0]))
FUNCTION(index, qv_index(qi, a[0]))
FUNCTION(truth, truth(qv_is_true(qi, a[0])))
FUNCTION(not_, truth(qv_not(qi, a[0])))
FUNCTION(is_, qv_bool(qv_is_same(a[0], a[1])))
FUNCTION(is_not, qv_bool(!qv_is_same(a[0], a[1])))
FUNCTION(lt, qv_compare(qi, a[0], a[1], QV_LT))
FUNCTION(le, qv_compare(qi, a[0], a[1], QV_LE))
FUNCTION(eq, qv_compare(qi, a[0], a[1], QV_EQ))
FUNCTION(ne, qv_compare(qi, a[0], a[1], QV_NE))
FUNCTION(gt, qv_compare(qi, a[0], a[1], QV_GT))
FUNCTION(ge, qv_compare(qi, a[0], a[1], QV_GE))
FUNCTION(contains, truth(qv_contains(qi, a[0], a[1])))
FUNCTION(getitem, qv_getitem(qi, a[0], a[1]))
FUNCTION(setitem, done(qv_setitem(qi, a[0], a[1], a[2])))
FUNCTION(delitem, done(qv_delitem(qi, a[0], a[1])))
FUNCTION(call, qv_call_tuple(qi, a[0], a[1], a[2]))

static QvObj *concat(QvInterp *qi, QvObj *v, QvObj *w, bool inplace)
{
    QvType *t = v->type;
    if (inplace && t->inplace_concat) {
        return t->inplace_concat(qi, v, w);
    }
    if (t->concat) {
        return t->concat(qi, v, w);
    }
    if (qv_is_sequence(v) && qv_is_sequence(w)) {
        return inplace ? qv_inplace(qi, QV_BIN_ADD, v, w) : qv_binary(qi, QV_BIN_ADD, v, w);
    }
    return qv_raise(qi, &qv_exc_TypeError, "'%.200T' object can't be concatenated", v);
}
FUNCTION(concat, concat(qi, a[0], a[1], false))
FUNCTION(iconcat, concat(qi, a[0], a[1], true))

// Counts the items equal to x; stop_at_first: the index of the first one. -1 with an exception, -2:
// none (index).
static QvSsize search(QvInterp *qi, QvObj *seq, QvObj *x, bool stop_at_first)
{
    QvObj *it = qv_iter(qi, seq);
    if (!it) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            qv_raise(qi, &qv_exc_TypeError, "argument of type '%.200T' is not iterable", seq);
        }
        return -1;
    }
    QvSsize i = 0, count = 0;
    QvObj *item = NULL;
    for (; qv_poll_step(qi, i) == 0 && (item = qv_next(qi, it)) != NULL; i++) {
        int same = qv_item_eq(qi, item, x);
        qv_decref(qi, item);
        if (same < 0) {
            break;
        }
        count += same;
        if (same && stop_at_first) {
            qv_decref(qi, it);
            return i;
        }
    }
    qv_decref(qi, it);
    return qv_err_occurred(qi) ? -1 : stop_at_first ? -2 : count;
}

static QvObj *op_countOf(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvSsize count = search(qi, a[0], a[1], false);
    return count < 0 ? NULL : qv_int_from_i64(qi, count);
}

static QvObj *op_indexOf(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvSsize i = search(qi, a[0], a[1], true);
    if (i == -2) {
        return qv_raise(qi, &qv_exc_ValueError, "sequence.index(x): x not in sequence");
    }
    return i < 0 ? NULL : qv_int_from_i64(qi, i);
}

static QvObj *op_length_hint(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvSsize dflt = 0;
    if (a[1] && qv_index_ssize(qi, a[1], &dflt, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    QvSsize hint = qv_length_hint(qi, a[0], dflt);
    return hint == -1 && qv_err_occurred(qi) ? NULL : qv_int_from_i64(qi, hint);
}

// The time does not depend on where the difference is. NULL: stopped.
static QvObj *same_bytes(QvInterp *qi, const uint8_t *p, QvSsize n, const uint8_t *q, QvSsize m)
{
    volatile uint8_t differ = n != m;
    const volatile uint8_t *with = n == m ? p : q;
    for (QvSsize from = 0, to; from < m; from = to) {
        if ((to = qv_poll_slice(qi, from, m)) < 0) {
            return NULL;
        }
        for (QvSsize k = from; k < to; k++) {
            differ |= with[k] ^ q[k];
        }
    }
    return qv_bool(!differ);
}

static QvObj *op_compare_digest(QvInterp *qi, QvObj *mod, QvObj *const *a, QvSsize n)
{
    (void)mod, (void)n;
    if (qv_is_str(a[0]) && qv_is_str(a[1])) {
        if (!qv_str_is_ascii(a[0]) || !qv_str_is_ascii(a[1])) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "comparing strings with non-ASCII characters is not supported");
        }
        return same_bytes(qi, qv_str_data(a[0]), qv_str_len(a[0]), qv_str_data(a[1]),
                          qv_str_len(a[1]));
    }
    if (!qv_has_buffer(a[0]) && !qv_has_buffer(a[1])) {
        return qv_raise(
            qi, &qv_exc_TypeError,
            "unsupported operand types(s) or combination of types: '%.100T' and '%.100T'", a[0],
            a[1]);
    }
    QvBufferView v, w;
    if (qv_buffer_get(qi, a[0], &v, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (qv_buffer_get(qi, a[1], &w, QV_BUF_SIMPLE) == 0) {
        ret = same_bytes(qi, v.buf, v.len, w.buf, w.len);
        qv_buffer_release(qi, &w);
    }
    qv_buffer_release(qi, &v);
    return ret;
}

static int init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "attrgetter", (QvObj *)&qv_operator_attrgetter_type) < 0 ||
                   qv_module_add(qi, m, "itemgetter", (QvObj *)&qv_operator_itemgetter_type) < 0 ||
                   qv_module_add(qi, m, "methodcaller", (QvObj *)&qv_operator_methodcaller_type) < 0
               ? -1
               : 0;
}

#define UNARY(name, fn, doc)                                 \
    {                                                        \
        name, op_##fn, "($module, a, /)", "Same as " doc "." \
    }
#define BINARY(name, fn, doc)                                   \
    {                                                           \
        name, op_##fn, "($module, a, b, /)", "Same as " doc "." \
    }
static const QvNativeDef functions[] = {
    {"truth", op_truth, "($module, a, /)", "Return True if a is true, False otherwise."},
    {"contains", op_contains, "($module, a, b, /)", "Same as b in a (note reversed operands)."},
    {"indexOf", op_indexOf, "($module, a, b, /)", "Return the first index of b in a."},
    {"countOf", op_countOf, "($module, a, b, /)",
     "Return the number of items in a which are, or which equal, b."},
    BINARY("is_", is_, "a is b"),
    BINARY("is_not", is_not, "a is not b"),
    BINARY("add", add, "a + b"),
    BINARY("sub", sub, "a - b"),
    BINARY("mul", mul, "a * b"),
    BINARY("matmul", matmul, "a @ b"),
    BINARY("floordiv", floordiv, "a // b"),
    BINARY("truediv", truediv, "a / b"),
    BINARY("mod", mod, "a % b"),
    UNARY("neg", neg, "-a"),
    UNARY("pos", pos, "+a"),
    UNARY("abs", abs, "abs(a)"),
    UNARY("inv", invert, "~a"),
    UNARY("invert", invert, "~a"),
    {"index", op_index, "($module, a, /)", "Same as a.__index__()"},
    BINARY("lshift", lshift, "a << b"),
    BINARY("rshift", rshift, "a >> b"),
    UNARY("not_", not_, "not a"),
    BINARY("and_", and, "a & b"),
    BINARY("xor", xor, "a ^ b"),
    BINARY("or_", or, "a | b"),
    BINARY("iadd", iadd, "a += b"),
    BINARY("isub", isub, "a -= b"),
    BINARY("imul", imul, "a *= b"),
    BINARY("imatmul", imatmul, "a @= b"),
    BINARY("ifloordiv", ifloordiv, "a //= b"),
    BINARY("itruediv", itruediv, "a /= b"),
    BINARY("imod", imod, "a %= b"),
    BINARY("ilshift", ilshift, "a <<= b"),
    BINARY("irshift", irshift, "a >>= b"),
    BINARY("iand", iand, "a &= b"),
    BINARY("ixor", ixor, "a ^= b"),
    BINARY("ior", ior, "a |= b"),
    {"concat", op_concat, "($module, a, b, /)", "Same as a + b, for a and b sequences."},
    {"iconcat", op_iconcat, "($module, a, b, /)", "Same as a += b, for a and b sequences."},
    BINARY("getitem", getitem, "a[b]"),
    {"setitem", op_setitem, "($module, a, b, c, /)", "Same as a[b] = c."},
    BINARY("delitem", delitem, "del a[b]"),
    BINARY("pow", pow, "a ** b"),
    BINARY("ipow", ipow, "a **= b"),
    BINARY("eq", eq, "a == b"),
    BINARY("ne", ne, "a != b"),
    BINARY("lt", lt, "a < b"),
    BINARY("le", le, "a <= b"),
    BINARY("gt", gt, "a > b"),
    BINARY("ge", ge, "a >= b"),
    {"_compare_digest", op_compare_digest, "($module, a, b, /)",
     "Return 'a == b'.\n\nThis function uses an approach designed to prevent\ntiming analysis, "
     "making it appropriate for cryptography.\n\na and b must both be of the same type: either str "
     "(ASCII only),\nor any bytes-like object.\n\nNote: If a and b are of different lengths, or if "
     "an error occurs,\na timing attack could theoretically reveal information about the\ntypes "
     "and lengths of a and b--but not their values."},
    {"length_hint", op_length_hint, "($module, obj, default=0, /)",
     "Return an estimate of the number of items in obj.\n\nThis is useful for presizing containers "
     "when building from an iterable.\n\nIf the object supports len(), the result will be "
     "exact.\nOtherwise, it may over- or under-estimate by an arbitrary amount.\nThe result will "
     "be an integer >= 0."},
    {"call", op_call, "($module, obj, /, *args, **kwargs)", "Same as obj(*args, **kwargs)."},
    {0},
};

const QvModuleDef qv_module__operator = {
    .name = "_operator",
    .doc = "Operator interface.\n\nThis module exports a set of functions implemented in C "
           "corresponding\nto the intrinsic operators of Python.  For example, operator.add(x, "
           "y)\nis equivalent to the expression x+y.",
    .functions = functions,
    .init = init,
};
