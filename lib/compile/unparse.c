// SPDX-License-Identifier: MIT
// The text of an expression, for annotations that are kept as strings.
//
// Parentheses follow from precedence levels: an expression asked for at a level above its own gets
// them.
#include "compile/codegen.h"

#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

typedef enum Level {
    L_TUPLE,
    L_TEST, // lambda, if-else
    L_OR,
    L_AND,
    L_NOT,
    L_CMP,
    L_EXPR,
    L_BOR = L_EXPR,
    L_BXOR,
    L_BAND,
    L_SHIFT,
    L_ARITH,
    L_TERM,
    L_FACTOR,
    L_POWER,
    L_AWAIT,
    L_ATOM,
} Level;

typedef struct Out {
    QvInterp *qi;
    QvStrBuf buf;
    bool failed;
} Out;

static void put_expr(Out *o, const QvExpr *e, int level);

static void put(Out *o, const char *s) { qv_strbuf_cstr(&o->buf, s); }

static void put_if(Out *o, bool condition, const char *s)
{
    if (condition) {
        put(o, s);
    }
}

static void put_str(Out *o, QvObj *s) { qv_strbuf_str(&o->buf, s); }

// Takes a new reference, or NULL with an exception.
static void put_take(Out *o, QvObj *s)
{
    if (!s) {
        o->failed = true;
        return;
    }
    qv_strbuf_str(&o->buf, s);
    qv_decref(o->qi, s);
}

static void put_list(Out *o, QvExprSeq seq)
{
    for (QvSsize i = 0; i < seq.count; i++) {
        put_if(o, i > 0, ", ");
        put_expr(o, seq.items[i], L_TEST);
    }
}

// ---- constants ----------------------------------------------------------------------------------

// repr with infinities written so that they read back.
static void put_number(Out *o, QvObj *v)
{
    QvObj *text = qv_repr(o->qi, v);
    if (!text) {
        o->failed = true;
        return;
    }
    QvObj *inf = qv_str_new_cstr(o->qi, "inf");
    QvSsize n = qv_str_len(text);
    QvSsize from = 0;
    while (inf) {
        QvSsize at = qv_str_find(text, inf, from, n);
        for (QvSsize i = from; i < (at < 0 ? n : at); i++) {
            qv_strbuf_char(&o->buf, qv_str_read(text, i));
        }
        if (at < 0) {
            break;
        }
        put(o, "1e309");
        from = at + 3;
    }
    o->failed = o->failed || !inf;
    qv_xdecref(o->qi, inf);
    qv_decref(o->qi, text);
}

static void put_constant(Out *o, QvObj *v)
{
    if (v == QV_ELLIPSIS) {
        put(o, "...");
    } else if (qv_is_float_exact(v) || v->type == &qv_complex_type) {
        put_number(o, v);
    } else if (qv_is_tuple_exact(v)) {
        put(o, "(");
        for (QvSsize i = 0; i < qv_tuple_len(v); i++) {
            put_if(o, i > 0, ", ");
            put_constant(o, qv_tuple_peek(v, i));
        }
        put(o, qv_tuple_len(v) == 1 ? ",)" : ")");
    } else {
        put_take(o, qv_repr(o->qi, v));
    }
}

// ---- f-strings ----------------------------------------------------------------------------------

static void put_fstring_part(Out *o, const QvExpr *e, bool is_spec);

static void put_literal(Out *o, QvObj *s)
{
    for (QvSsize i = 0; i < qv_str_len(s); i++) {
        uint32_t c = qv_str_read(s, i);
        qv_strbuf_char(&o->buf, c);
        if (c == '{' || c == '}') {
            qv_strbuf_char(&o->buf, c);
        }
    }
}

static void put_field(Out *o, const QvExpr *e)
{
    Out inner = {.qi = o->qi};
    qv_strbuf_init(o->qi, &inner.buf);
    put_expr(&inner, e->u.formatted_value.value, L_TEST + 1);
    QvObj *text = qv_strbuf_finish(&inner.buf);
    if (!text || inner.failed) {
        qv_xdecref(o->qi, text);
        o->failed = true;
        return;
    }
    // `{{` would be an escaped brace.
    put(o, qv_str_len(text) > 0 && qv_str_read(text, 0) == '{' ? "{ " : "{");
    put_str(o, text);
    qv_decref(o->qi, text);
    if (e->u.formatted_value.conversion > 0) {
        qv_strbuf_char(&o->buf, '!');
        qv_strbuf_char(&o->buf, (uint32_t)e->u.formatted_value.conversion);
    }
    if (e->u.formatted_value.format_spec) {
        put(o, ":");
        put_fstring_part(o, e->u.formatted_value.format_spec, true);
    }
    put(o, "}");
}

static void put_fstring_part(Out *o, const QvExpr *e, bool is_spec)
{
    if (e->kind == QV_EXPR_CONSTANT && qv_is_str(e->u.constant.value)) {
        put_literal(o, e->u.constant.value);
    } else if (e->kind == QV_EXPR_FORMATTED_VALUE) {
        put_field(o, e);
    } else if (e->kind == QV_EXPR_JOINED_STR && is_spec) {
        for (QvSsize i = 0; i < e->u.joined_str.values.count; i++) {
            put_fstring_part(o, e->u.joined_str.values.items[i], true);
        }
    } else {
        qv_raise(o->qi, &qv_exc_SystemError, "unknown expression kind inside f-string");
        o->failed = true;
    }
}

// The body is put together, then quoted as repr() quotes a str.
static void put_fstring(Out *o, const QvExpr *e)
{
    Out body = {.qi = o->qi};
    qv_strbuf_init(o->qi, &body.buf);
    if (e->kind == QV_EXPR_JOINED_STR) {
        for (QvSsize i = 0; i < e->u.joined_str.values.count && !body.failed; i++) {
            put_fstring_part(&body, e->u.joined_str.values.items[i], false);
        }
    } else {
        put_fstring_part(&body, e, false);
    }
    QvObj *text = qv_strbuf_finish(&body.buf);
    if (!text || body.failed) {
        qv_xdecref(o->qi, text);
        o->failed = true;
        return;
    }
    put(o, "f");
    put_take(o, qv_repr(o->qi, text));
    qv_decref(o->qi, text);
}

// ---- operators ----------------------------------------------------------------------------------

static void put_binary(Out *o, const QvExpr *e, int level)
{
    static const struct {
        const char *text;
        int level;
    } ops[] = {
        [QV_OPERATOR_ADD] = {" + ", L_ARITH},       [QV_OPERATOR_SUB] = {" - ", L_ARITH},
        [QV_OPERATOR_MULT] = {" * ", L_TERM},       [QV_OPERATOR_MAT_MULT] = {" @ ", L_TERM},
        [QV_OPERATOR_DIV] = {" / ", L_TERM},        [QV_OPERATOR_MOD] = {" % ", L_TERM},
        [QV_OPERATOR_POW] = {" ** ", L_POWER},      [QV_OPERATOR_L_SHIFT] = {" << ", L_SHIFT},
        [QV_OPERATOR_R_SHIFT] = {" >> ", L_SHIFT},  [QV_OPERATOR_BIT_OR] = {" | ", L_BOR},
        [QV_OPERATOR_BIT_XOR] = {" ^ ", L_BXOR},    [QV_OPERATOR_BIT_AND] = {" & ", L_BAND},
        [QV_OPERATOR_FLOOR_DIV] = {" // ", L_TERM},
    };
    int own = ops[e->u.bin_op.op].level;
    bool right = e->u.bin_op.op == QV_OPERATOR_POW;
    put_if(o, level > own, "(");
    put_expr(o, e->u.bin_op.left, own + right);
    put(o, ops[e->u.bin_op.op].text);
    put_expr(o, e->u.bin_op.right, own + !right);
    put_if(o, level > own, ")");
}

static void put_unary(Out *o, const QvExpr *e, int level)
{
    static const char *const texts[] = {
        [QV_UNARYOP_INVERT] = "~",
        [QV_UNARYOP_NOT] = "not ",
        [QV_UNARYOP_U_ADD] = "+",
        [QV_UNARYOP_U_SUB] = "-",
    };
    int own = e->u.unary_op.op == QV_UNARYOP_NOT ? L_NOT : L_FACTOR;
    put_if(o, level > own, "(");
    put(o, texts[e->u.unary_op.op]);
    put_expr(o, e->u.unary_op.operand, own);
    put_if(o, level > own, ")");
}

static void put_compare(Out *o, const QvExpr *e, int level)
{
    static const char *const texts[] = {
        [QV_CMPOP_EQ] = " == ",         [QV_CMPOP_NOT_EQ] = " != ",     [QV_CMPOP_LT] = " < ",
        [QV_CMPOP_LT_E] = " <= ",       [QV_CMPOP_GT] = " > ",          [QV_CMPOP_GT_E] = " >= ",
        [QV_CMPOP_IS] = " is ",         [QV_CMPOP_IS_NOT] = " is not ", [QV_CMPOP_IN] = " in ",
        [QV_CMPOP_NOT_IN] = " not in ",
    };
    put_if(o, level > L_CMP, "(");
    put_expr(o, e->u.compare.left, L_CMP + 1);
    for (QvSsize i = 0; i < e->u.compare.ops.count; i++) {
        put(o, texts[e->u.compare.ops.items[i]]);
        put_expr(o, e->u.compare.comparators.items[i], L_CMP + 1);
    }
    put_if(o, level > L_CMP, ")");
}

static void put_bool_op(Out *o, const QvExpr *e, int level)
{
    bool is_and = e->u.bool_op.op == QV_BOOLOP_AND;
    int own = is_and ? L_AND : L_OR;
    put_if(o, level > own, "(");
    for (QvSsize i = 0; i < e->u.bool_op.values.count; i++) {
        put_if(o, i > 0, is_and ? " and " : " or ");
        put_expr(o, e->u.bool_op.values.items[i], own + 1);
    }
    put_if(o, level > own, ")");
}

// ---- functions and calls ------------------------------------------------------------------------

static void put_arg(Out *o, const QvArg *arg)
{
    put_str(o, arg->arg);
    if (arg->annotation) {
        put(o, ": ");
        put_expr(o, arg->annotation, L_TEST);
    }
}

static void put_args(Out *o, const QvArguments *args)
{
    bool first = true;
    QvSsize nposonly = args->posonlyargs.count;
    QvSsize npos = nposonly + args->args.count;
    QvSsize first_default = npos - args->defaults.count;
    for (QvSsize i = 0; i < npos; i++) {
        put_if(o, !first, ", ");
        first = false;
        put_arg(o, i < nposonly ? args->posonlyargs.items[i] : args->args.items[i - nposonly]);
        if (i >= first_default) {
            put(o, "=");
            put_expr(o, args->defaults.items[i - first_default], L_TEST);
        }
        put_if(o, nposonly > 0 && i + 1 == nposonly, ", /");
    }
    if (args->vararg || args->kwonlyargs.count > 0) {
        put_if(o, !first, ", ");
        first = false;
        put(o, "*");
        if (args->vararg) {
            put_arg(o, args->vararg);
        }
    }
    for (QvSsize i = 0; i < args->kwonlyargs.count; i++) {
        put_if(o, !first, ", ");
        first = false;
        put_arg(o, args->kwonlyargs.items[i]);
        if (args->kw_defaults.items[i]) {
            put(o, "=");
            put_expr(o, args->kw_defaults.items[i], L_TEST);
        }
    }
    if (args->kwarg) {
        put_if(o, !first, ", ");
        put(o, "**");
        put_arg(o, args->kwarg);
    }
}

static void put_call(Out *o, const QvExpr *e)
{
    QvExprSeq args = e->u.call.args;
    put_expr(o, e->u.call.func, L_ATOM);
    if (args.count == 1 && e->u.call.keywords.count == 0 &&
        args.items[0]->kind == QV_EXPR_GENERATOR_EXP) {
        put_expr(o, args.items[0], L_TEST); // brings its own parentheses
        return;
    }
    put(o, "(");
    put_list(o, args);
    for (QvSsize i = 0; i < e->u.call.keywords.count; i++) {
        const QvKeyword *kw = e->u.call.keywords.items[i];
        put_if(o, i > 0 || args.count > 0, ", ");
        if (kw->arg) {
            put_str(o, kw->arg);
            put(o, "=");
        } else {
            put(o, "**");
        }
        put_expr(o, kw->value, L_TEST);
    }
    put(o, ")");
}

static void put_generators(Out *o, QvComprehensionSeq generators)
{
    for (QvSsize i = 0; i < generators.count; i++) {
        const QvComprehension *gen = generators.items[i];
        put(o, gen->is_async ? " async for " : " for ");
        put_expr(o, gen->target, L_TUPLE);
        put(o, " in ");
        put_expr(o, gen->iter, L_TEST + 1);
        for (QvSsize j = 0; j < gen->ifs.count; j++) {
            put(o, " if ");
            put_expr(o, gen->ifs.items[j], L_TEST + 1);
        }
    }
}

static void put_comp(Out *o, const QvExpr *e, const char *open, const char *close)
{
    put(o, open);
    put_expr(o, e->u.comp.elt, L_TEST);
    put_generators(o, e->u.comp.generators);
    put(o, close);
}

static void put_dict(Out *o, const QvExpr *e)
{
    put(o, "{");
    for (QvSsize i = 0; i < e->u.dict.values.count; i++) {
        put_if(o, i > 0, ", ");
        if (e->u.dict.keys.items[i]) {
            put_expr(o, e->u.dict.keys.items[i], L_TEST);
            put(o, ": ");
            put_expr(o, e->u.dict.values.items[i], L_TEST);
        } else {
            put(o, "**");
            put_expr(o, e->u.dict.values.items[i], L_EXPR);
        }
    }
    put(o, "}");
}

static void put_expr_inner(Out *o, const QvExpr *e, int level)
{
    switch (e->kind) {
    case QV_EXPR_BOOL_OP: put_bool_op(o, e, level); break;
    case QV_EXPR_NAMED_EXPR:
        put_if(o, level > L_TUPLE, "(");
        put_expr(o, e->u.named_expr.target, L_ATOM);
        put(o, " := ");
        put_expr(o, e->u.named_expr.value, L_ATOM);
        put_if(o, level > L_TUPLE, ")");
        break;
    case QV_EXPR_BIN_OP: put_binary(o, e, level); break;
    case QV_EXPR_UNARY_OP: put_unary(o, e, level); break;
    case QV_EXPR_LAMBDA: {
        const QvArguments *args = e->u.lambda.args;
        put_if(o, level > L_TEST, "(");
        put(o, args->posonlyargs.count + args->args.count > 0 ? "lambda " : "lambda");
        put_args(o, args);
        put(o, ": ");
        put_expr(o, e->u.lambda.body, L_TEST);
        put_if(o, level > L_TEST, ")");
        break;
    }
    case QV_EXPR_IF_EXP:
        put_if(o, level > L_TEST, "(");
        put_expr(o, e->u.if_exp.body, L_TEST + 1);
        put(o, " if ");
        put_expr(o, e->u.if_exp.test, L_TEST + 1);
        put(o, " else ");
        put_expr(o, e->u.if_exp.orelse, L_TEST);
        put_if(o, level > L_TEST, ")");
        break;
    case QV_EXPR_DICT: put_dict(o, e); break;
    case QV_EXPR_SET:
        put(o, "{");
        put_list(o, e->u.set.elts);
        put(o, "}");
        break;
    case QV_EXPR_LIST_COMP: put_comp(o, e, "[", "]"); break;
    case QV_EXPR_SET_COMP: put_comp(o, e, "{", "}"); break;
    case QV_EXPR_GENERATOR_EXP: put_comp(o, e, "(", ")"); break;
    case QV_EXPR_DICT_COMP:
        put(o, "{");
        put_expr(o, e->u.dict_comp.key, L_TEST);
        put(o, ": ");
        put_expr(o, e->u.dict_comp.value, L_TEST);
        put_generators(o, e->u.dict_comp.generators);
        put(o, "}");
        break;
    case QV_EXPR_AWAIT:
        put_if(o, level > L_AWAIT, "(");
        put(o, "await ");
        put_expr(o, e->u.await.value, L_ATOM);
        put_if(o, level > L_AWAIT, ")");
        break;
    case QV_EXPR_YIELD:
        put(o, e->u.yield.value ? "(yield " : "(yield)");
        if (e->u.yield.value) {
            put_expr(o, e->u.yield.value, L_TUPLE);
            put(o, ")");
        }
        break;
    case QV_EXPR_YIELD_FROM:
        put(o, "(yield from ");
        put_expr(o, e->u.yield_from.value, L_TEST);
        put(o, ")");
        break;
    case QV_EXPR_COMPARE: put_compare(o, e, level); break;
    case QV_EXPR_CALL: put_call(o, e); break;
    case QV_EXPR_FORMATTED_VALUE:
    case QV_EXPR_JOINED_STR: put_fstring(o, e); break;
    case QV_EXPR_CONSTANT:
        if (e->u.constant.kind) {
            put_str(o, e->u.constant.kind);
        }
        put_constant(o, e->u.constant.value);
        break;
    case QV_EXPR_ATTRIBUTE: {
        const QvExpr *value = e->u.attribute.value;
        put_expr(o, value, L_ATOM);
        // `1.real` would be a float: a space keeps the point apart.
        bool is_int = value->kind == QV_EXPR_CONSTANT && qv_is_int_exact(value->u.constant.value);
        put(o, is_int ? " ." : ".");
        put_str(o, e->u.attribute.attr);
        break;
    }
    case QV_EXPR_SUBSCRIPT:
        put_expr(o, e->u.subscript.value, L_ATOM);
        put(o, "[");
        put_expr(o, e->u.subscript.slice, L_TUPLE);
        put(o, "]");
        break;
    case QV_EXPR_STARRED:
        put(o, "*");
        put_expr(o, e->u.starred.value, L_EXPR);
        break;
    case QV_EXPR_NAME: put_str(o, e->u.name.id); break;
    case QV_EXPR_LIST:
        put(o, "[");
        put_list(o, e->u.list.elts);
        put(o, "]");
        break;
    case QV_EXPR_TUPLE:
        if (e->u.list.elts.count == 0) {
            put(o, "()");
            break;
        }
        put_if(o, level > L_TUPLE, "(");
        put_list(o, e->u.list.elts);
        put_if(o, e->u.list.elts.count == 1, ",");
        put_if(o, level > L_TUPLE, ")");
        break;
    case QV_EXPR_SLICE:
        if (e->u.slice.lower) {
            put_expr(o, e->u.slice.lower, L_TEST);
        }
        put(o, ":");
        if (e->u.slice.upper) {
            put_expr(o, e->u.slice.upper, L_TEST);
        }
        if (e->u.slice.step) {
            put(o, ":");
            put_expr(o, e->u.slice.step, L_TEST);
        }
        break;
    }
}

static void put_expr(Out *o, const QvExpr *e, int level)
{
    if (o->failed) {
        return;
    }
    if (qv_enter_compiler(o->qi) < 0) {
        o->failed = true;
        return;
    }
    put_expr_inner(o, e, level);
    qv_leave_recursive(o->qi);
}

QvObj *qv_unparse(QvInterp *qi, const QvExpr *e)
{
    Out o = {.qi = qi};
    qv_strbuf_init(qi, &o.buf);
    put_expr(&o, e, L_TEST);
    if (o.failed) {
        qv_strbuf_fini(&o.buf);
        return NULL;
    }
    return qv_strbuf_finish(&o.buf);
}
