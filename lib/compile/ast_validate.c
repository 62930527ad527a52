// SPDX-License-Identifier: MIT
// Checks a tree that Python objects described: what the parser guarantees by itself and the code
// generator relies on. The messages are CPython's.
#include <string.h>

#include "compile/ast.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Check {
    QvInterp *qi;
} Check;

static int expr(Check *c, const QvExpr *e, QvExprContext ctx);
static int exprs(Check *c, const QvExprSeq *seq, QvExprContext ctx, bool null_ok);
static int pattern(Check *c, const QvPattern *p, bool star_ok);
static int stmts(Check *c, const QvStmtSeq *seq);

static int bad(const Check *c, const char *message)
{
    return qv_raise_int(c->qi, &qv_exc_ValueError, "%s", message);
}

static int position(const Check *c, QvPos p)
{
    if (p.lineno > p.end_lineno) {
        return qv_raise_int(c->qi, &qv_exc_ValueError, "AST node line range (%d, %d) is not valid",
                            p.lineno, p.end_lineno);
    }
    if ((p.lineno < 0 && p.end_lineno != p.lineno) ||
        (p.col_offset < 0 && p.col_offset != p.end_col_offset)) {
        return qv_raise_int(c->qi, &qv_exc_ValueError,
                            "AST node column range (%d, %d) for line range (%d, %d) is not valid",
                            p.col_offset, p.end_col_offset, p.lineno, p.end_lineno);
    }
    if (p.lineno == p.end_lineno && p.col_offset > p.end_col_offset) {
        return qv_raise_int(c->qi, &qv_exc_ValueError, "line %d, column %d-%d is not a valid range",
                            p.lineno, p.col_offset, p.end_col_offset);
    }
    return 0;
}

static int name(const Check *c, const QvObj *id)
{
    static const char *const forbidden[] = {"None", "True", "False"};
    for (int i = 0; i < 3; i++) {
        if (qv_str_eq_ascii(id, forbidden[i])) {
            return qv_raise_int(c->qi, &qv_exc_ValueError,
                                "identifier field can't represent '%s' constant", forbidden[i]);
        }
    }
    return 0;
}

static int optional(Check *c, const QvExpr *e, QvExprContext ctx)
{
    return e ? expr(c, e, ctx) : 0;
}

static int nonempty(const Check *c, QvSsize count, const char *what, const char *owner)
{
    return count ? 0 : qv_raise_int(c->qi, &qv_exc_ValueError, "empty %s on %s", what, owner);
}

static int body(Check *c, const QvStmtSeq *seq, const char *owner)
{
    return nonempty(c, seq->count, "body", owner) < 0 ? -1 : stmts(c, seq);
}

// ---- parts of expressions and statements --------------------------------------------------------

static int comprehensions(Check *c, const QvComprehensionSeq *seq)
{
    if (seq->count == 0) {
        return bad(c, "comprehension with no generators");
    }
    for (QvSsize i = 0; i < seq->count; i++) {
        const QvComprehension *g = seq->items[i];
        if (expr(c, g->target, QV_CTX_STORE) < 0 || expr(c, g->iter, QV_CTX_LOAD) < 0 ||
            exprs(c, &g->ifs, QV_CTX_LOAD, false) < 0) {
            return -1;
        }
    }
    return 0;
}

static int keywords(Check *c, const QvKeywordSeq *seq)
{
    for (QvSsize i = 0; i < seq->count; i++) {
        if (expr(c, seq->items[i]->value, QV_CTX_LOAD) < 0) {
            return -1;
        }
    }
    return 0;
}

static int parameter(Check *c, const QvArg *a)
{
    return position(c, a->pos) < 0 ? -1 : optional(c, a->annotation, QV_CTX_LOAD);
}

static int parameters(Check *c, const QvArgSeq *seq)
{
    for (QvSsize i = 0; i < seq->count; i++) {
        if (parameter(c, seq->items[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int arguments(Check *c, const QvArguments *a)
{
    if (parameters(c, &a->posonlyargs) < 0 || parameters(c, &a->args) < 0 ||
        (a->vararg && optional(c, a->vararg->annotation, QV_CTX_LOAD) < 0) ||
        parameters(c, &a->kwonlyargs) < 0 ||
        (a->kwarg && optional(c, a->kwarg->annotation, QV_CTX_LOAD) < 0)) {
        return -1;
    }
    if (a->defaults.count > a->posonlyargs.count + a->args.count) {
        return bad(c, "more positional defaults than args on arguments");
    }
    if (a->kw_defaults.count != a->kwonlyargs.count) {
        return bad(c, "length of kwonlyargs is not the same as kw_defaults on arguments");
    }
    return exprs(c, &a->defaults, QV_CTX_LOAD, false) < 0
               ? -1
               : exprs(c, &a->kw_defaults, QV_CTX_LOAD, true);
}

// ---- expressions --------------------------------------------------------------------------------

static const char *context_name(QvExprContext ctx)
{
    return ctx == QV_CTX_STORE ? "Store" : ctx == QV_CTX_DEL ? "Del" : "Load";
}

// The context that a node says it has; false when it has none.
static bool own_context(const QvExpr *e, QvExprContext *ret)
{
    switch (e->kind) {
    case QV_EXPR_ATTRIBUTE: *ret = e->u.attribute.ctx; return true;
    case QV_EXPR_SUBSCRIPT: *ret = e->u.subscript.ctx; return true;
    case QV_EXPR_STARRED: *ret = e->u.starred.ctx; return true;
    case QV_EXPR_NAME: *ret = e->u.name.ctx; return true;
    case QV_EXPR_LIST:
    case QV_EXPR_TUPLE: *ret = e->u.list.ctx; return true;
    default: return false;
    }
}

static int context(const Check *c, const QvExpr *e, QvExprContext ctx)
{
    QvExprContext own;
    if (!own_context(e, &own)) {
        return ctx == QV_CTX_LOAD
                   ? 0
                   : qv_raise_int(c->qi, &qv_exc_ValueError,
                                  "expression which can't be assigned to in %s context",
                                  context_name(ctx));
    }
    return own == ctx ? 0
                      : qv_raise_int(c->qi, &qv_exc_ValueError,
                                     "expression must have %s context but has %s instead",
                                     context_name(ctx), context_name(own));
}

static int constant(Check *c, QvObj *value)
{
    const QvType *t = value->type;
    if (value == QV_NONE || value == QV_ELLIPSIS || t == &qv_int_type || t == &qv_bigint_type ||
        t == &qv_float_type || t == &qv_complex_type || t == &qv_bool_type || t == &qv_str_type ||
        t == &qv_bytes_type) {
        return 0;
    }
    if (t == &qv_tuple_type || t == &qv_frozenset_type) {
        if (qv_enter_compiler(c->qi) < 0) {
            return -1;
        }
        int status = 0;
        QvObj *items = qv_to_tuple(c->qi, value);
        for (QvSsize i = 0; items && status == 0 && i < qv_tuple_len(items); i++) {
            status = constant(c, qv_tuple_peek(items, i));
        }
        qv_leave_recursive(c->qi);
        qv_xdecref(c->qi, items);
        return items ? status : -1;
    }
    return qv_raise_int(c->qi, &qv_exc_TypeError, "got an invalid type in Constant: %T", value);
}

static int dict(Check *c, const QvExpr *e)
{
    if (e->u.dict.keys.count != e->u.dict.values.count) {
        return bad(c, "Dict doesn't have the same number of keys as values");
    }
    return exprs(c, &e->u.dict.keys, QV_CTX_LOAD, true) < 0
               ? -1
               : exprs(c, &e->u.dict.values, QV_CTX_LOAD, false);
}

static int compare(Check *c, const QvExpr *e)
{
    if (e->u.compare.comparators.count == 0) {
        return bad(c, "Compare with no comparators");
    }
    if (e->u.compare.comparators.count != e->u.compare.ops.count) {
        return bad(c, "Compare has a different number of comparators and operands");
    }
    return exprs(c, &e->u.compare.comparators, QV_CTX_LOAD, false) < 0
               ? -1
               : expr(c, e->u.compare.left, QV_CTX_LOAD);
}

static int expr_parts(Check *c, const QvExpr *e, QvExprContext ctx)
{
    const QvExprContext load = QV_CTX_LOAD;
    switch (e->kind) {
    case QV_EXPR_BOOL_OP:
        return e->u.bool_op.values.count < 2 ? bad(c, "BoolOp with less than 2 values")
                                             : exprs(c, &e->u.bool_op.values, load, false);
    case QV_EXPR_NAMED_EXPR:
        // The target is a name: CPython takes that for granted.
        if (e->u.named_expr.target->kind != QV_EXPR_NAME) {
            return bad(c, "NamedExpr target must be a Name");
        }
        return name(c, e->u.named_expr.target->u.name.id) < 0
                   ? -1
                   : expr(c, e->u.named_expr.value, load);
    case QV_EXPR_BIN_OP:
        return expr(c, e->u.bin_op.left, load) < 0 ? -1 : expr(c, e->u.bin_op.right, load);
    case QV_EXPR_UNARY_OP: return expr(c, e->u.unary_op.operand, load);
    case QV_EXPR_LAMBDA:
        return arguments(c, e->u.lambda.args) < 0 ? -1 : expr(c, e->u.lambda.body, load);
    case QV_EXPR_IF_EXP:
        return expr(c, e->u.if_exp.test, load) < 0 || expr(c, e->u.if_exp.body, load) < 0
                   ? -1
                   : expr(c, e->u.if_exp.orelse, load);
    case QV_EXPR_DICT: return dict(c, e);
    case QV_EXPR_SET: return exprs(c, &e->u.set.elts, load, false);
    case QV_EXPR_LIST_COMP:
    case QV_EXPR_SET_COMP:
    case QV_EXPR_GENERATOR_EXP:
        return comprehensions(c, &e->u.comp.generators) < 0 ? -1 : expr(c, e->u.comp.elt, load);
    case QV_EXPR_DICT_COMP:
        return comprehensions(c, &e->u.dict_comp.generators) < 0 ||
                       expr(c, e->u.dict_comp.key, load) < 0
                   ? -1
                   : expr(c, e->u.dict_comp.value, load);
    case QV_EXPR_AWAIT: return expr(c, e->u.await.value, load);
    case QV_EXPR_YIELD: return optional(c, e->u.yield.value, load);
    case QV_EXPR_YIELD_FROM: return expr(c, e->u.yield_from.value, load);
    case QV_EXPR_COMPARE: return compare(c, e);
    case QV_EXPR_CALL:
        return expr(c, e->u.call.func, load) < 0 || exprs(c, &e->u.call.args, load, false) < 0
                   ? -1
                   : keywords(c, &e->u.call.keywords);
    case QV_EXPR_FORMATTED_VALUE:
        return expr(c, e->u.formatted_value.value, load) < 0
                   ? -1
                   : optional(c, e->u.formatted_value.format_spec, load);
    case QV_EXPR_JOINED_STR: return exprs(c, &e->u.joined_str.values, load, false);
    case QV_EXPR_CONSTANT: return constant(c, e->u.constant.value);
    case QV_EXPR_ATTRIBUTE: return expr(c, e->u.attribute.value, load);
    case QV_EXPR_SUBSCRIPT:
        return expr(c, e->u.subscript.slice, load) < 0 ? -1 : expr(c, e->u.subscript.value, load);
    case QV_EXPR_STARRED: return expr(c, e->u.starred.value, ctx);
    case QV_EXPR_NAME: return name(c, e->u.name.id);
    case QV_EXPR_LIST:
    case QV_EXPR_TUPLE: return exprs(c, &e->u.list.elts, ctx, false);
    case QV_EXPR_SLICE:
        return optional(c, e->u.slice.lower, load) < 0 || optional(c, e->u.slice.upper, load) < 0
                   ? -1
                   : optional(c, e->u.slice.step, load);
    }
    return qv_raise_int(c->qi, &qv_exc_SystemError, "unexpected expression");
}

static int expr(Check *c, const QvExpr *e, QvExprContext ctx)
{
    if (position(c, e->pos) < 0 || qv_enter_compiler(c->qi) < 0) {
        return -1;
    }
    int status = context(c, e, ctx) < 0 ? -1 : expr_parts(c, e, ctx);
    qv_leave_recursive(c->qi);
    return status;
}

static int exprs(Check *c, const QvExprSeq *seq, QvExprContext ctx, bool null_ok)
{
    for (QvSsize i = 0; i < seq->count; i++) {
        if (!seq->items[i]) {
            if (!null_ok) {
                return bad(c, "None disallowed in expression list");
            }
        } else if (expr(c, seq->items[i], ctx) < 0) {
            return -1;
        }
    }
    return 0;
}

// ---- patterns -----------------------------------------------------------------------------------

static bool is_number(const QvExpr *e, bool real, bool imaginary)
{
    if (e->kind != QV_EXPR_CONSTANT) {
        return false;
    }
    const QvType *t = e->u.constant.value->type;
    return (real && (t == &qv_int_type || t == &qv_bigint_type || t == &qv_float_type)) ||
           (imaginary && t == &qv_complex_type);
}

static bool is_signed_number(const QvExpr *e, bool real, bool imaginary)
{
    if (e->kind == QV_EXPR_UNARY_OP && e->u.unary_op.op == QV_UNARYOP_U_SUB) {
        e = e->u.unary_op.operand;
    } else if (e->kind == QV_EXPR_UNARY_OP) {
        return false;
    }
    return is_number(e, real, imaginary);
}

// 1+2j, -1-2j
static bool is_complex_sum(const QvExpr *e)
{
    return (e->u.bin_op.op == QV_OPERATOR_ADD || e->u.bin_op.op == QV_OPERATOR_SUB) &&
           is_signed_number(e->u.bin_op.left, true, false) &&
           is_number(e->u.bin_op.right, false, true);
}

static int pattern_value(Check *c, const QvExpr *e)
{
    if (expr(c, e, QV_CTX_LOAD) < 0) {
        return -1;
    }
    switch (e->kind) {
    case QV_EXPR_CONSTANT: {
        const QvObj *v = e->u.constant.value;
        if (is_number(e, true, true) || v->type == &qv_str_type || v->type == &qv_bytes_type) {
            return 0;
        }
        return bad(c, "unexpected constant inside of a literal pattern");
    }
    case QV_EXPR_ATTRIBUTE:
    case QV_EXPR_JOINED_STR: return 0; // the second is told by the code generator
    case QV_EXPR_UNARY_OP:
        if (e->u.unary_op.op == QV_UNARYOP_U_SUB && is_signed_number(e, true, true)) {
            return 0;
        }
        break;
    case QV_EXPR_BIN_OP:
        if (is_complex_sum(e)) {
            return 0;
        }
        break;
    default: break;
    }
    return bad(c, "patterns may only match literals and attribute lookups");
}

static int capture(const Check *c, const QvObj *id)
{
    return qv_str_eq_ascii(id, "_") ? bad(c, "can't capture name '_' in patterns") : name(c, id);
}

static int patterns(Check *c, const QvPatternSeq *seq, bool star_ok)
{
    for (QvSsize i = 0; i < seq->count; i++) {
        if (pattern(c, seq->items[i], star_ok) < 0) {
            return -1;
        }
    }
    return 0;
}

static int mapping_pattern(Check *c, const QvPattern *p)
{
    if (p->u.mapping.keys.count != p->u.mapping.patterns.count) {
        return bad(c, "MatchMapping doesn't have the same number of keys as patterns");
    }
    if (p->u.mapping.rest && capture(c, p->u.mapping.rest) < 0) {
        return -1;
    }
    for (QvSsize i = 0; i < p->u.mapping.keys.count; i++) {
        const QvExpr *key = p->u.mapping.keys.items[i];
        if (!key) {
            return bad(c, "None disallowed in expression list");
        }
        const QvObj *v = key->kind == QV_EXPR_CONSTANT ? key->u.constant.value : NULL;
        if (v == QV_NONE || v == QV_TRUE || v == QV_FALSE) {
            continue;
        }
        if (pattern_value(c, key) < 0) {
            return -1;
        }
    }
    return patterns(c, &p->u.mapping.patterns, false);
}

static int class_pattern(Check *c, const QvPattern *p)
{
    if (p->u.cls.kwd_attrs.count != p->u.cls.kwd_patterns.count) {
        return bad(c, "MatchClass doesn't have the same number of keyword attributes as patterns");
    }
    if (expr(c, p->u.cls.cls, QV_CTX_LOAD) < 0) {
        return -1;
    }
    const QvExpr *cls = p->u.cls.cls;
    while (cls->kind == QV_EXPR_ATTRIBUTE) {
        cls = cls->u.attribute.value;
    }
    if (cls->kind != QV_EXPR_NAME) {
        return bad(c, "MatchClass cls field can only contain Name or Attribute nodes.");
    }
    for (QvSsize i = 0; i < p->u.cls.kwd_attrs.count; i++) {
        if (name(c, p->u.cls.kwd_attrs.items[i]) < 0) {
            return -1;
        }
    }
    return patterns(c, &p->u.cls.patterns, false) < 0 ? -1
                                                      : patterns(c, &p->u.cls.kwd_patterns, false);
}

static int pattern_parts(Check *c, const QvPattern *p, bool star_ok)
{
    switch (p->kind) {
    case QV_PATTERN_MATCH_VALUE: return pattern_value(c, p->u.value.value);
    case QV_PATTERN_MATCH_SINGLETON: {
        const QvObj *v = p->u.singleton.value;
        return v == QV_NONE || v == QV_TRUE || v == QV_FALSE
                   ? 0
                   : bad(c, "MatchSingleton can only contain True, False and None");
    }
    case QV_PATTERN_MATCH_SEQUENCE: return patterns(c, &p->u.sequence.patterns, true);
    case QV_PATTERN_MATCH_MAPPING: return mapping_pattern(c, p);
    case QV_PATTERN_MATCH_CLASS: return class_pattern(c, p);
    case QV_PATTERN_MATCH_STAR:
        if (!star_ok) {
            return bad(c, "can't use MatchStar here");
        }
        return p->u.star.name ? capture(c, p->u.star.name) : 0;
    case QV_PATTERN_MATCH_AS:
        if (p->u.as.name && capture(c, p->u.as.name) < 0) {
            return -1;
        }
        if (!p->u.as.pattern) {
            return 0;
        }
        return p->u.as.name ? pattern(c, p->u.as.pattern, false)
                            : bad(c, "MatchAs must specify a target name if a pattern is given");
    case QV_PATTERN_MATCH_OR:
        return p->u.or_.patterns.count < 2 ? bad(c, "MatchOr requires at least 2 patterns")
                                           : patterns(c, &p->u.or_.patterns, false);
    }
    return qv_raise_int(c->qi, &qv_exc_SystemError, "unexpected pattern");
}

static int pattern(Check *c, const QvPattern *p, bool star_ok)
{
    if (position(c, p->pos) < 0 || qv_enter_compiler(c->qi) < 0) {
        return -1;
    }
    int status = pattern_parts(c, p, star_ok);
    qv_leave_recursive(c->qi);
    return status;
}

// ---- statements ---------------------------------------------------------------------------------

static int targets(Check *c, const QvExprSeq *seq, QvExprContext ctx, const char *owner)
{
    return nonempty(c, seq->count, "targets", owner) < 0 ? -1 : exprs(c, seq, ctx, false);
}

static int function(Check *c, const QvStmt *s, const char *owner)
{
    return body(c, &s->u.function_def.body, owner) < 0 ||
                   arguments(c, s->u.function_def.args) < 0 ||
                   exprs(c, &s->u.function_def.decorator_list, QV_CTX_LOAD, false) < 0
               ? -1
               : optional(c, s->u.function_def.returns, QV_CTX_LOAD);
}

static int class(Check *c, const QvStmt *s)
{
    return body(c, &s->u.class_def.body, "ClassDef") < 0 ||
                   exprs(c, &s->u.class_def.bases, QV_CTX_LOAD, false) < 0 ||
                   keywords(c, &s->u.class_def.keywords) < 0
               ? -1
               : exprs(c, &s->u.class_def.decorator_list, QV_CTX_LOAD, false);
}

static int ann_assign(Check *c, const QvStmt *s)
{
    if (s->u.ann_assign.target->kind != QV_EXPR_NAME && s->u.ann_assign.simple) {
        return qv_raise_int(c->qi, &qv_exc_TypeError, "AnnAssign with simple non-Name target");
    }
    return expr(c, s->u.ann_assign.target, QV_CTX_STORE) < 0 ||
                   optional(c, s->u.ann_assign.value, QV_CTX_LOAD) < 0
               ? -1
               : expr(c, s->u.ann_assign.annotation, QV_CTX_LOAD);
}

static int with(Check *c, const QvStmt *s, const char *owner)
{
    const QvWithItemSeq *items = &s->u.with.items;
    if (nonempty(c, items->count, "items", owner) < 0) {
        return -1;
    }
    for (QvSsize i = 0; i < items->count; i++) {
        if (expr(c, items->items[i]->context_expr, QV_CTX_LOAD) < 0 ||
            optional(c, items->items[i]->optional_vars, QV_CTX_STORE) < 0) {
            return -1;
        }
    }
    return body(c, &s->u.with.body, owner);
}

static int match(Check *c, const QvStmt *s)
{
    const QvMatchCaseSeq *cases = &s->u.match.cases;
    if (expr(c, s->u.match.subject, QV_CTX_LOAD) < 0 ||
        nonempty(c, cases->count, "cases", "Match") < 0) {
        return -1;
    }
    for (QvSsize i = 0; i < cases->count; i++) {
        const QvMatchCase *m = cases->items[i];
        if (pattern(c, m->pattern, false) < 0 || optional(c, m->guard, QV_CTX_LOAD) < 0 ||
            body(c, &m->body, "match_case") < 0) {
            return -1;
        }
    }
    return 0;
}

static int raise(Check *c, const QvStmt *s)
{
    if (s->u.raise.exc) {
        return expr(c, s->u.raise.exc, QV_CTX_LOAD) < 0
                   ? -1
                   : optional(c, s->u.raise.cause, QV_CTX_LOAD);
    }
    return s->u.raise.cause ? bad(c, "Raise with cause but no exception") : 0;
}

static int try_(Check *c, const QvStmt *s, const char *owner)
{
    const QvExceptHandlerSeq *handlers = &s->u.try_.handlers;
    if (body(c, &s->u.try_.body, owner) < 0) {
        return -1;
    }
    if (!handlers->count && !s->u.try_.finalbody.count) {
        return qv_raise_int(c->qi, &qv_exc_ValueError,
                            "%s has neither except handlers nor finalbody", owner);
    }
    if (!handlers->count && s->u.try_.orelse.count) {
        return qv_raise_int(c->qi, &qv_exc_ValueError, "%s has orelse but no except handlers",
                            owner);
    }
    for (QvSsize i = 0; i < handlers->count; i++) {
        const QvExceptHandler *h = handlers->items[i];
        if (position(c, h->pos) < 0 || optional(c, h->type, QV_CTX_LOAD) < 0 ||
            body(c, &h->body, "ExceptHandler") < 0) {
            return -1;
        }
    }
    if (stmts(c, &s->u.try_.finalbody) < 0 || stmts(c, &s->u.try_.orelse) < 0) {
        return -1;
    }
    for (QvSsize i = 0; s->kind == QV_STMT_TRY_STAR && i < handlers->count; i++) {
        if (!handlers->items[i]->type) { // CPython's code generator stumbles over it
            return bad(c, "ExceptHandler of TryStar without type");
        }
    }
    return 0;
}

static int stmt_parts(Check *c, const QvStmt *s)
{
    const QvExprContext load = QV_CTX_LOAD;
    const char *owner = qv_ast_stmt_name(s->kind);
    switch (s->kind) {
    case QV_STMT_FUNCTION_DEF:
    case QV_STMT_ASYNC_FUNCTION_DEF: return function(c, s, owner);
    case QV_STMT_CLASS_DEF: return class(c, s);
    case QV_STMT_RETURN: return optional(c, s->u.return_.value, load);
    case QV_STMT_DELETE: return targets(c, &s->u.delete_.targets, QV_CTX_DEL, owner);
    case QV_STMT_ASSIGN:
        return targets(c, &s->u.assign.targets, QV_CTX_STORE, owner) < 0
                   ? -1
                   : expr(c, s->u.assign.value, load);
    case QV_STMT_AUG_ASSIGN:
        return expr(c, s->u.aug_assign.target, QV_CTX_STORE) < 0
                   ? -1
                   : expr(c, s->u.aug_assign.value, load);
    case QV_STMT_ANN_ASSIGN: return ann_assign(c, s);
    case QV_STMT_FOR:
    case QV_STMT_ASYNC_FOR:
        return expr(c, s->u.for_.target, QV_CTX_STORE) < 0 || expr(c, s->u.for_.iter, load) < 0 ||
                       body(c, &s->u.for_.body, owner) < 0
                   ? -1
                   : stmts(c, &s->u.for_.orelse);
    case QV_STMT_WHILE:
        return expr(c, s->u.while_.test, load) < 0 || body(c, &s->u.while_.body, owner) < 0
                   ? -1
                   : stmts(c, &s->u.while_.orelse);
    case QV_STMT_IF:
        return expr(c, s->u.if_.test, load) < 0 || body(c, &s->u.if_.body, owner) < 0
                   ? -1
                   : stmts(c, &s->u.if_.orelse);
    case QV_STMT_WITH:
    case QV_STMT_ASYNC_WITH: return with(c, s, owner);
    case QV_STMT_MATCH: return match(c, s);
    case QV_STMT_RAISE: return raise(c, s);
    case QV_STMT_TRY:
    case QV_STMT_TRY_STAR: return try_(c, s, owner);
    case QV_STMT_ASSERT:
        return expr(c, s->u.assert_.test, load) < 0 ? -1 : optional(c, s->u.assert_.msg, load);
    case QV_STMT_IMPORT: return nonempty(c, s->u.import.names.count, "names", owner);
    case QV_STMT_IMPORT_FROM:
        return s->u.import_from.level < 0
                   ? bad(c, "Negative ImportFrom level")
                   : nonempty(c, s->u.import_from.names.count, "names", owner);
    case QV_STMT_GLOBAL:
    case QV_STMT_NONLOCAL: return nonempty(c, s->u.global.names.count, "names", owner);
    case QV_STMT_EXPR: return expr(c, s->u.expr.value, load);
    case QV_STMT_PASS:
    case QV_STMT_BREAK:
    case QV_STMT_CONTINUE: return 0;
    }
    return qv_raise_int(c->qi, &qv_exc_SystemError, "unexpected statement");
}

static int stmts(Check *c, const QvStmtSeq *seq)
{
    for (QvSsize i = 0; i < seq->count; i++) {
        const QvStmt *s = seq->items[i];
        if (!s) {
            return bad(c, "None disallowed in statement list");
        }
        if (position(c, s->pos) < 0 || qv_enter_compiler(c->qi) < 0) {
            return -1;
        }
        int status = stmt_parts(c, s);
        qv_leave_recursive(c->qi);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

int qv_ast_validate(QvInterp *qi, const QvMod *mod)
{
    Check c = {.qi = qi};
    switch (mod->kind) {
    case QV_MOD_MODULE:
    case QV_MOD_INTERACTIVE: return stmts(&c, &mod->body);
    case QV_MOD_EXPRESSION: return expr(&c, mod->body_expr, QV_CTX_LOAD);
    case QV_MOD_FUNCTION_TYPE:
        return exprs(&c, &mod->argtypes, QV_CTX_LOAD, false) < 0
                   ? -1
                   : expr(&c, mod->returns, QV_CTX_LOAD);
    }
    return qv_raise_int(qi, &qv_exc_SystemError, "impossible module node");
}
