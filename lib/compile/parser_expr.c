// SPDX-License-Identifier: MIT
// Expressions: operators by precedence climbing, atoms, calls, subscripts, comprehensions, lambda.
#include "compile/parser_internal.h"

static QvExpr *parse_disjunction(QvParser *p);
static QvExpr *parse_atom(QvParser *p);

// --- targets -------------------------------------------------------------------------------------

static bool make_targets(QvParser *p, QvExprSeq *elts, QvExprContext ctx)
{
    for (QvSsize i = 0; i < elts->count; i++) {
        if (!qv_parser_make_target(p, elts->items[i], ctx, ctx == QV_CTX_STORE)) {
            return false;
        }
    }
    return true;
}

// Recursion is bounded by the depth to which the expression was parsed.
bool qv_parser_make_target(QvParser *p, QvExpr *e, QvExprContext ctx, bool starred)
{
    switch (e->kind) {
    case QV_EXPR_NAME: e->u.name.ctx = ctx; return true;
    case QV_EXPR_ATTRIBUTE: e->u.attribute.ctx = ctx; return true;
    case QV_EXPR_SUBSCRIPT: e->u.subscript.ctx = ctx; return true;
    case QV_EXPR_TUPLE:
    case QV_EXPR_LIST: e->u.list.ctx = ctx; return make_targets(p, &e->u.list.elts, ctx);
    case QV_EXPR_STARRED:
        if (!starred) {
            return false;
        }
        e->u.starred.ctx = ctx;
        return qv_parser_make_target(p, e->u.starred.value, ctx, false);
    default: return false;
    }
}

static QvExpr *make_tuple(QvParser *p, size_t mark, QvPos pos)
{
    QvExpr *e = qv_parser_expr(p, QV_EXPR_TUPLE, pos);
    if (!e) {
        return NULL;
    }
    e->u.list.ctx = QV_CTX_LOAD;
    e->u.list.elts.items = qv_parser_take(p, mark, &e->u.list.elts.count);
    return p->raised ? NULL : e;
}

static QvExpr *make_starred(QvParser *p, const QvToken *start, QvExpr *value)
{
    if (!value) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_STARRED, qv_parser_pos(p, start));
    if (e) {
        e->u.starred.value = value;
        e->u.starred.ctx = QV_CTX_LOAD;
    }
    return e;
}

QvExpr *qv_parse_star_target(QvParser *p)
{
    QvExpr *e = qv_parse_star_expression(p);
    return e && qv_parser_make_target(p, e, QV_CTX_STORE, true) ? e : NULL;
}

// star_target restricted so that `in` is not taken for a comparison.
static QvExpr *parse_loop_target(QvParser *p)
{
    const QvToken *start = p->tok;
    QvExpr *e;
    if (qv_parser_accept(p, QV_TOK_STAR)) {
        e = make_starred(p, start, qv_parse_bitwise_or(p));
    } else {
        e = qv_parse_bitwise_or(p);
    }
    return e && qv_parser_make_target(p, e, QV_CTX_STORE, true) ? e : NULL;
}

QvExpr *qv_parse_star_targets(QvParser *p)
{
    const QvToken *start = p->tok;
    QvExpr *first = parse_loop_target(p);
    if (!first || !qv_parser_at(p, QV_TOK_COMMA)) {
        return first;
    }
    size_t mark = p->stack_len;
    if (!qv_parser_push(p, first)) {
        return NULL;
    }
    while (qv_parser_accept(p, QV_TOK_COMMA)) {
        if (qv_parser_at(p, QV_TOK_IN)) {
            break;
        }
        QvExpr *e = parse_loop_target(p);
        if (!e || !qv_parser_push(p, e)) {
            p->stack_len = mark;
            return NULL;
        }
    }
    QvExpr *tuple = make_tuple(p, mark, qv_parser_pos(p, start));
    if (tuple) {
        tuple->u.list.ctx = QV_CTX_STORE;
    }
    return tuple;
}

// --- operators -----------------------------------------------------------------------------------

// Binding strength of binary operators, 0 for other tokens.
static const uint8_t binary_strength[QV_TOK_COUNT] = {
    [QV_TOK_VBAR] = 1,       [QV_TOK_CIRCUMFLEX] = 2,  [QV_TOK_AMPER] = 3,   [QV_TOK_LEFTSHIFT] = 4,
    [QV_TOK_RIGHTSHIFT] = 4, [QV_TOK_PLUS] = 5,        [QV_TOK_MINUS] = 5,   [QV_TOK_STAR] = 6,
    [QV_TOK_SLASH] = 6,      [QV_TOK_DOUBLESLASH] = 6, [QV_TOK_PERCENT] = 6, [QV_TOK_AT] = 6,
};

static const uint8_t binary_operator[QV_TOK_COUNT] = {
    [QV_TOK_VBAR] = QV_OPERATOR_BIT_OR,        [QV_TOK_CIRCUMFLEX] = QV_OPERATOR_BIT_XOR,
    [QV_TOK_AMPER] = QV_OPERATOR_BIT_AND,      [QV_TOK_LEFTSHIFT] = QV_OPERATOR_L_SHIFT,
    [QV_TOK_RIGHTSHIFT] = QV_OPERATOR_R_SHIFT, [QV_TOK_PLUS] = QV_OPERATOR_ADD,
    [QV_TOK_MINUS] = QV_OPERATOR_SUB,          [QV_TOK_STAR] = QV_OPERATOR_MULT,
    [QV_TOK_SLASH] = QV_OPERATOR_DIV,          [QV_TOK_DOUBLESLASH] = QV_OPERATOR_FLOOR_DIV,
    [QV_TOK_PERCENT] = QV_OPERATOR_MOD,        [QV_TOK_AT] = QV_OPERATOR_MAT_MULT,
};

static QvExpr *make_binary(QvParser *p, QvExpr *left, QvOperator op, QvExpr *right)
{
    QvExpr *e = qv_parser_expr(p, QV_EXPR_BIN_OP, qv_parser_pos_from(p, left->pos));
    if (e) {
        e->u.bin_op.left = left;
        e->u.bin_op.op = op;
        e->u.bin_op.right = right;
    }
    return e;
}

static QvExpr *make_unary(QvParser *p, const QvToken *start, QvUnaryOp op, QvExpr *operand)
{
    if (!operand) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_UNARY_OP, qv_parser_pos(p, start));
    if (e) {
        e->u.unary_op.op = op;
        e->u.unary_op.operand = operand;
    }
    return e;
}

static QvExpr *parse_trailers(QvParser *p, const QvToken *start, QvExpr *e);

static QvExpr *parse_await_primary(QvParser *p)
{
    const QvToken *start = p->tok;
    if (QV_LIKELY(!qv_parser_accept(p, QV_TOK_AWAIT))) {
        QvExpr *atom = parse_atom(p);
        return atom ? parse_trailers(p, start, atom) : NULL;
    }
    start = p->tok;
    QvExpr *atom = parse_atom(p);
    QvExpr *value = atom ? parse_trailers(p, start, atom) : NULL;
    if (!value || !qv_parser_since(p, 5, "Await expressions are")) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_AWAIT, qv_parser_pos(p, start - 1));
    if (e) {
        e->u.await.value = value;
    }
    return e;
}

static QvExpr *parse_factor(QvParser *p);

static QvExpr *parse_nested_factor(QvParser *p)
{
    if (!qv_parser_enter(p)) {
        return NULL;
    }
    QvExpr *e = parse_factor(p);
    qv_parser_leave(p);
    return e;
}

// factor: signs bind weaker than ** on their right, stronger than all else.
static QvExpr *parse_factor(QvParser *p)
{
    const QvToken *start = p->tok;
    switch (start->kind) {
    case QV_TOK_PLUS:
        p->tok++;
        return make_unary(p, start, QV_UNARYOP_U_ADD, parse_nested_factor(p));
    case QV_TOK_MINUS:
        p->tok++;
        return make_unary(p, start, QV_UNARYOP_U_SUB, parse_nested_factor(p));
    case QV_TOK_TILDE:
        p->tok++;
        return make_unary(p, start, QV_UNARYOP_INVERT, parse_nested_factor(p));
    default: break;
    }
    QvExpr *left = parse_await_primary(p);
    if (!left || QV_LIKELY(!qv_parser_at(p, QV_TOK_DOUBLESTAR))) {
        return left;
    }
    p->tok++;
    QvExpr *right = parse_nested_factor(p);
    if (!right) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_BIN_OP, qv_parser_pos(p, start));
    if (e) {
        e->u.bin_op.left = left;
        e->u.bin_op.op = QV_OPERATOR_POW;
        e->u.bin_op.right = right;
    }
    return e;
}

// A group starts at its parenthesis, so positions come from the token and not from the left
// operand.
static QvExpr *parse_binary(QvParser *p, unsigned min_strength)
{
    const QvToken *start = p->tok;
    QvExpr *left = parse_factor(p);
    while (left) {
        QvTokenKind kind = p->tok->kind;
        unsigned strength = binary_strength[kind];
        if (strength < min_strength || strength == 0) {
            break;
        }
        p->tok++;
        QvExpr *right = parse_binary(p, strength + 1); // at most six deep before the next factor
        if (!right || (kind == QV_TOK_AT && !qv_parser_since(p, 5, "The '@' operator is"))) {
            return NULL;
        }
        left = make_binary(p, left, binary_operator[kind], right);
        if (left) {
            left->pos.lineno = start->lineno;
            left->pos.col_offset = start->col_offset;
        }
    }
    return left;
}

QvExpr *qv_parse_bitwise_or(QvParser *p) { return parse_binary(p, 1); }

// The comparison operator at p->tok (which may be two tokens), consumed; 0 when there is none.
static QvCmpOperator accept_comparison(QvParser *p)
{
    const QvToken *t = p->tok;
    switch (t->kind) {
    case QV_TOK_EQEQUAL: p->tok++; return QV_CMPOP_EQ;
    case QV_TOK_NOTEQUAL: {
        // `<>` is for those who imported barry_as_FLUFL, and then `!=` is not for them.
        bool bdfl = (p->flags & QV_PARSE_BARRY_AS_BDFL) != 0;
        if ((p->lx->text[t->start] == '<') != bdfl) {
            return 0;
        }
        p->tok++;
        return QV_CMPOP_NOT_EQ;
    }
    case QV_TOK_LESS: p->tok++; return QV_CMPOP_LT;
    case QV_TOK_LESSEQUAL: p->tok++; return QV_CMPOP_LT_E;
    case QV_TOK_GREATER: p->tok++; return QV_CMPOP_GT;
    case QV_TOK_GREATEREQUAL: p->tok++; return QV_CMPOP_GT_E;
    case QV_TOK_IN: p->tok++; return QV_CMPOP_IN;
    case QV_TOK_NOT:
        if (t[1].kind == QV_TOK_IN) {
            p->tok += 2;
            return QV_CMPOP_NOT_IN;
        }
        return 0;
    case QV_TOK_IS:
        p->tok++;
        return qv_parser_accept(p, QV_TOK_NOT) ? QV_CMPOP_IS_NOT : QV_CMPOP_IS;
    default: return 0;
    }
}

static QvExpr *parse_comparison(QvParser *p)
{
    const QvToken *start = p->tok;
    QvExpr *left = parse_binary(p, 1);
    if (!left) {
        return NULL;
    }
    QvCmpOperator op = accept_comparison(p);
    if (QV_LIKELY(!op)) {
        return left;
    }
    // The operators lie on the stack between the operands.
    size_t mark = p->stack_len;
    do {
        QvExpr *right = parse_binary(p, 1);
        if (!right || !qv_parser_push(p, right) || !qv_parser_push(p, (void *)(uintptr_t)op)) {
            p->stack_len = mark;
            return NULL;
        }
        op = accept_comparison(p);
    } while (op);
    size_t n = (p->stack_len - mark) / 2;
    QvExpr *e = qv_parser_expr(p, QV_EXPR_COMPARE, qv_parser_pos(p, start));
    QvExpr **comparators = qv_parser_alloc(p, n * sizeof(QvExpr *));
    QvCmpOperator *ops = qv_parser_alloc(p, n * sizeof(QvCmpOperator));
    if (p->raised) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        comparators[i] = p->stack[mark + 2 * i];
        ops[i] = (QvCmpOperator)(uintptr_t)p->stack[mark + 2 * i + 1];
    }
    p->stack_len = mark;
    e->u.compare.left = left;
    e->u.compare.ops = (QvCmpOpSeq){(QvSsize)n, ops};
    e->u.compare.comparators = (QvExprSeq){(QvSsize)n, comparators};
    return e;
}

static QvExpr *parse_inversion(QvParser *p)
{
    const QvToken *start = p->tok;
    if (QV_LIKELY(start->kind != QV_TOK_NOT)) {
        return parse_comparison(p);
    }
    if (!qv_parser_enter(p)) {
        return NULL;
    }
    p->tok++;
    QvExpr *e = make_unary(p, start, QV_UNARYOP_NOT, parse_inversion(p));
    qv_parser_leave(p);
    return e;
}

static QvExpr *parse_conjunction(QvParser *p);

// `a or b or c` is one BoolOp of three values, and so for `and`.
static QvExpr *finish_bool_op(QvParser *p, const QvToken *start, QvExpr *first, QvBoolOp op)
{
    QvTokenKind kind = op == QV_BOOLOP_AND ? QV_TOK_AND : QV_TOK_OR;
    size_t mark = p->stack_len;
    bool ok = qv_parser_push(p, first);
    while (ok && qv_parser_accept(p, kind)) {
        QvExpr *value = op == QV_BOOLOP_AND ? parse_inversion(p) : parse_conjunction(p);
        ok = value && qv_parser_push(p, value);
    }
    if (!ok) {
        p->stack_len = mark;
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_BOOL_OP, qv_parser_pos(p, start));
    if (!e) {
        return NULL;
    }
    e->u.bool_op.op = op;
    e->u.bool_op.values.items = qv_parser_take(p, mark, &e->u.bool_op.values.count);
    return p->raised ? NULL : e;
}

static QvExpr *parse_conjunction(QvParser *p)
{
    const QvToken *start = p->tok;
    QvExpr *e = parse_inversion(p);
    return e && QV_UNLIKELY(qv_parser_at(p, QV_TOK_AND))
               ? finish_bool_op(p, start, e, QV_BOOLOP_AND)
               : e;
}

static QvExpr *parse_disjunction(QvParser *p)
{
    const QvToken *start = p->tok;
    QvExpr *e = parse_conjunction(p);
    return e && QV_UNLIKELY(qv_parser_at(p, QV_TOK_OR)) ? finish_bool_op(p, start, e, QV_BOOLOP_OR)
                                                        : e;
}

static QvExpr *parse_lambda(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvArguments *args = qv_parse_parameters(p, QV_TOK_COLON);
    if (!args || !qv_parser_accept(p, QV_TOK_COLON)) {
        return NULL;
    }
    QvExpr *body = qv_parse_expression(p);
    if (!body) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_LAMBDA, qv_parser_pos(p, start));
    if (e) {
        e->u.lambda.args = args;
        e->u.lambda.body = body;
    }
    return e;
}

// expression: disjunction ['if' disjunction 'else' expression] | lambdef
QvExpr *qv_parse_expression(QvParser *p)
{
    if (!qv_parser_enter(p)) {
        return NULL;
    }
    const QvToken *start = p->tok;
    QvExpr *e;
    if (QV_UNLIKELY(start->kind == QV_TOK_LAMBDA)) {
        e = parse_lambda(p);
    } else {
        e = parse_disjunction(p);
        if (e && QV_UNLIKELY(qv_parser_at(p, QV_TOK_IF))) {
            p->tok++;
            QvExpr *body = e;
            QvExpr *test = parse_disjunction(p);
            QvExpr *orelse = test && qv_parser_accept(p, QV_TOK_ELSE) ? qv_parse_expression(p)
                                                                      : NULL;
            e = orelse ? qv_parser_expr(p, QV_EXPR_IF_EXP, qv_parser_pos(p, start)) : NULL;
            if (e) {
                e->u.if_exp.test = test;
                e->u.if_exp.body = body;
                e->u.if_exp.orelse = orelse;
            }
        }
    }
    qv_parser_leave(p);
    return e;
}

QvExpr *qv_parse_named_expression(QvParser *p)
{
    const QvToken *start = p->tok;
    if (start->kind == QV_TOK_NAME && start[1].kind == QV_TOK_COLONEQUAL) {
        QvObj *id = qv_parser_name(p, start);
        p->tok++;
        QvExpr *target = id ? qv_parser_expr(p, QV_EXPR_NAME, qv_parser_pos(p, start)) : NULL;
        if (!target) {
            return NULL;
        }
        target->u.name.id = id;
        target->u.name.ctx = QV_CTX_STORE;
        p->tok++;
        QvExpr *value = qv_parse_expression(p);
        if (!qv_parser_since(p, 8, "Assignment expressions are")) {
            return NULL;
        }
        QvExpr *e = value ? qv_parser_expr(p, QV_EXPR_NAMED_EXPR, qv_parser_pos(p, start)) : NULL;
        if (e) {
            e->u.named_expr.target = target;
            e->u.named_expr.value = value;
        }
        return e;
    }
    QvExpr *e = qv_parse_expression(p);
    return e && !qv_parser_at(p, QV_TOK_COLONEQUAL) ? e : NULL;
}

QvExpr *qv_parse_star_expression(QvParser *p)
{
    const QvToken *start = p->tok;
    if (QV_UNLIKELY(qv_parser_accept(p, QV_TOK_STAR))) {
        return make_starred(p, start, qv_parse_bitwise_or(p));
    }
    return qv_parse_expression(p);
}

static QvExpr *parse_star_named_expression(QvParser *p)
{
    const QvToken *start = p->tok;
    if (QV_UNLIKELY(qv_parser_accept(p, QV_TOK_STAR))) {
        return make_starred(p, start, qv_parse_bitwise_or(p));
    }
    return qv_parse_named_expression(p);
}

// Tokens with which an expression may begin: decides whether a comma is a trailing one.
static bool starts_expression(QvTokenKind kind)
{
    switch (kind) {
    case QV_TOK_NAME:
    case QV_TOK_NUMBER:
    case QV_TOK_STRING:
    case QV_TOK_LPAR:
    case QV_TOK_LSQB:
    case QV_TOK_LBRACE:
    case QV_TOK_ELLIPSIS:
    case QV_TOK_PLUS:
    case QV_TOK_MINUS:
    case QV_TOK_TILDE:
    case QV_TOK_STAR:
    case QV_TOK_NOT:
    case QV_TOK_LAMBDA:
    case QV_TOK_AWAIT:
    case QV_TOK_NONE:
    case QV_TOK_TRUE:
    case QV_TOK_FALSE: return true;
    default: return false;
    }
}

QvExpr *qv_parse_star_expressions(QvParser *p)
{
    const QvToken *start = p->tok;
    QvExpr *first = qv_parse_star_expression(p);
    if (!first || QV_LIKELY(!qv_parser_at(p, QV_TOK_COMMA))) {
        return first;
    }
    size_t mark = p->stack_len;
    if (!qv_parser_push(p, first)) {
        return NULL;
    }
    while (qv_parser_accept(p, QV_TOK_COMMA)) {
        if (!starts_expression(p->tok->kind)) {
            break;
        }
        QvExpr *e = qv_parse_star_expression(p);
        if (!e || !qv_parser_push(p, e)) {
            p->stack_len = mark;
            return NULL;
        }
    }
    return make_tuple(p, mark, qv_parser_pos(p, start));
}

QvExpr *qv_parse_yield_expr(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvExprKind kind = QV_EXPR_YIELD;
    QvExpr *value = NULL;
    if (qv_parser_accept(p, QV_TOK_FROM)) {
        kind = QV_EXPR_YIELD_FROM;
        value = qv_parse_expression(p);
        if (!value) {
            return NULL;
        }
    } else if (starts_expression(p->tok->kind)) {
        value = qv_parse_star_expressions(p);
        if (!value) {
            return NULL;
        }
    }
    QvExpr *e = qv_parser_expr(p, kind, qv_parser_pos(p, start));
    if (e && kind == QV_EXPR_YIELD) {
        e->u.yield.value = value;
    } else if (e) {
        e->u.yield_from.value = value;
    }
    return e;
}

QvExpr *qv_parse_yield_or_star_expressions(QvParser *p)
{
    return qv_parser_at(p, QV_TOK_YIELD) ? qv_parse_yield_expr(p) : qv_parse_star_expressions(p);
}

// --- trailers ------------------------------------------------------------------------------------

static bool at_comprehension(const QvParser *p)
{
    return qv_parser_at(p, QV_TOK_FOR) ||
           (qv_parser_at(p, QV_TOK_ASYNC) && p->tok[1].kind == QV_TOK_FOR);
}

static bool parse_comprehensions(QvParser *p, QvComprehensionSeq *ret)
{
    size_t mark = p->stack_len;
    do {
        QvComprehension *c = qv_parser_alloc(p, sizeof(QvComprehension));
        if (!c) {
            goto fail;
        }
        c->is_async = qv_parser_accept(p, QV_TOK_ASYNC);
        p->tok++; // for
        c->target = qv_parse_star_targets(p);
        if (!c->target || !qv_parser_accept(p, QV_TOK_IN)) {
            goto fail;
        }
        c->iter = parse_disjunction(p);
        if (!c->iter) {
            goto fail;
        }
        size_t ifs_mark = p->stack_len;
        while (qv_parser_accept(p, QV_TOK_IF)) {
            QvExpr *test = parse_disjunction(p);
            if (!test || !qv_parser_push(p, test)) {
                goto fail;
            }
        }
        c->ifs.items = qv_parser_take(p, ifs_mark, &c->ifs.count);
        if (c->is_async && !qv_parser_since(p, 6, "Async comprehensions are")) {
            goto fail;
        }
        if (p->raised || !qv_parser_push(p, c)) {
            goto fail;
        }
    } while (at_comprehension(p));
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised;
fail:
    p->stack_len = mark;
    return false;
}

// A comprehension whose element is parsed; ends with the closing bracket `close`.
static QvExpr *finish_comprehension(QvParser *p, QvExprKind kind, const QvToken *start, QvExpr *elt,
                                    QvTokenKind close)
{
    QvComprehensionSeq generators = {0, NULL};
    if (!parse_comprehensions(p, &generators) || !qv_parser_accept(p, close)) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, kind, qv_parser_pos(p, start));
    if (e) {
        e->u.comp.elt = elt;
        e->u.comp.generators = generators;
    }
    return e;
}

static QvKeyword *make_keyword(QvParser *p, const QvToken *start, QvObj *name, QvExpr *value)
{
    if (!value) {
        return NULL;
    }
    QvKeyword *k = qv_parser_alloc(p, sizeof(QvKeyword));
    if (k) {
        k->pos = qv_parser_pos(p, start);
        k->arg = name;
        k->value = value;
    }
    return k;
}

// What has been seen decides what may still come: positional; after a keyword, no positional; after
// **, no *.
bool qv_parse_arguments(QvParser *p, const QvToken *open, bool genexp_ok, QvExprSeq *args,
                        QvKeywordSeq *keywords)
{
    // Both kinds gather on the stack in order; keywords have a tag in the low bit (nodes are
    // aligned to eight bytes).
    size_t mark = p->stack_len;
    QvSsize nargs = 0;
    QvSsize nkeywords = 0;
    bool seen_keyword = false;
    bool seen_mapping = false;
    const QvToken *first = p->tok;
    *args = (QvExprSeq){0, NULL};
    *keywords = (QvKeywordSeq){0, NULL};
    while (!qv_parser_at(p, QV_TOK_RPAR)) {
        const QvToken *start = p->tok;
        void *item;
        if (start->kind == QV_TOK_NAME && start[1].kind == QV_TOK_EQUAL) {
            QvObj *name = qv_parser_name(p, start);
            p->tok += 2;
            QvKeyword *k = name ? make_keyword(p, start, name, qv_parse_expression(p)) : NULL;
            item = k ? (void *)((uintptr_t)k | 1) : NULL;
            seen_keyword = true;
            nkeywords++;
        } else if (qv_parser_accept(p, QV_TOK_DOUBLESTAR)) {
            QvKeyword *k = make_keyword(p, start, NULL, qv_parse_expression(p));
            item = k ? (void *)((uintptr_t)k | 1) : NULL;
            seen_mapping = true;
            nkeywords++;
        } else if (qv_parser_accept(p, QV_TOK_STAR)) {
            item = seen_mapping ? NULL : make_starred(p, start, qv_parse_expression(p));
            nargs++;
        } else {
            item = seen_keyword || seen_mapping ? NULL : qv_parse_named_expression(p);
            if (item && QV_UNLIKELY(at_comprehension(p))) {
                item = start == first && genexp_ok
                           ? finish_comprehension(p, QV_EXPR_GENERATOR_EXP, open, item, QV_TOK_RPAR)
                           : NULL;
                if (item) {
                    p->tok--; // the caller consumes the parenthesis
                    QvExpr **items = qv_parser_alloc(p, sizeof(QvExpr *));
                    if (!items) {
                        return false;
                    }
                    items[0] = item;
                    *args = (QvExprSeq){1, items};
                    return true;
                }
            }
            nargs++;
        }
        if (!item || !qv_parser_push(p, item)) {
            goto fail;
        }
        if (!qv_parser_accept(p, QV_TOK_COMMA) && !qv_parser_at(p, QV_TOK_RPAR)) {
            goto fail;
        }
    }
    if (nargs > 0) {
        args->items = qv_parser_alloc(p, (size_t)nargs * sizeof(QvExpr *));
    }
    if (nkeywords > 0) {
        keywords->items = qv_parser_alloc(p, (size_t)nkeywords * sizeof(QvKeyword *));
    }
    if (p->raised) {
        goto fail;
    }
    for (size_t i = mark; i < p->stack_len; i++) {
        uintptr_t item = (uintptr_t)p->stack[i];
        if (item & 1) {
            keywords->items[keywords->count++] = (QvKeyword *)(item - 1);
        } else {
            args->items[args->count++] = (QvExpr *)item;
        }
    }
    p->stack_len = mark;
    return true;
fail:
    p->stack_len = mark;
    return false;
}

static QvExpr *parse_call(QvParser *p, const QvToken *start, QvExpr *func)
{
    const QvToken *open = p->tok++;
    QvExprSeq args;
    QvKeywordSeq keywords;
    if (!qv_parse_arguments(p, open, true, &args, &keywords) || !qv_parser_accept(p, QV_TOK_RPAR)) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_CALL, qv_parser_pos(p, start));
    if (e) {
        e->u.call.func = func;
        e->u.call.args = args;
        e->u.call.keywords = keywords;
    }
    return e;
}

static bool ends_slice_part(const QvParser *p)
{
    return qv_parser_at(p, QV_TOK_COLON) || qv_parser_at(p, QV_TOK_COMMA) ||
           qv_parser_at(p, QV_TOK_RSQB);
}

// slice: [expression] ':' [expression] [':' [expression]] | named_expression
static QvExpr *parse_slice(QvParser *p)
{
    const QvToken *start = p->tok;
    QvExpr *lower = NULL;
    if (!qv_parser_at(p, QV_TOK_COLON)) {
        lower = qv_parse_named_expression(p);
        if (!lower || QV_LIKELY(!qv_parser_at(p, QV_TOK_COLON))) {
            return lower;
        }
        if (lower->kind == QV_EXPR_NAMED_EXPR && start->kind == QV_TOK_NAME) {
            return NULL; // only in parentheses
        }
    }
    p->tok++;
    QvExpr *upper = NULL;
    QvExpr *step = NULL;
    if (!ends_slice_part(p)) {
        upper = qv_parse_expression(p);
        if (!upper) {
            return NULL;
        }
    }
    if (qv_parser_accept(p, QV_TOK_COLON) && !ends_slice_part(p)) {
        step = qv_parse_expression(p);
        if (!step) {
            return NULL;
        }
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_SLICE, qv_parser_pos(p, start));
    if (e) {
        e->u.slice.lower = lower;
        e->u.slice.upper = upper;
        e->u.slice.step = step;
    }
    return e;
}

// One slice, or a tuple of slices and starred expressions.
static QvExpr *parse_slices(QvParser *p)
{
    const QvToken *start = p->tok;
    size_t mark = p->stack_len;
    bool tuple = false;
    QvExpr *e = NULL;
    do {
        const QvToken *item = p->tok;
        if (tuple && item->kind == QV_TOK_RSQB) {
            break;
        }
        if (qv_parser_accept(p, QV_TOK_STAR)) {
            e = make_starred(p, item, qv_parse_bitwise_or(p));
            tuple = true;
        } else {
            e = parse_slice(p);
        }
        if (!e) {
            p->stack_len = mark;
            return NULL;
        }
        if (!tuple && QV_LIKELY(qv_parser_at(p, QV_TOK_RSQB))) {
            return e;
        }
        if (!qv_parser_push(p, e)) {
            return NULL;
        }
        tuple = true;
    } while (qv_parser_accept(p, QV_TOK_COMMA));
    return make_tuple(p, mark, qv_parser_pos(p, start));
}

static QvExpr *parse_trailers(QvParser *p, const QvToken *start, QvExpr *e)
{
    while (e) {
        switch (p->tok->kind) {
        case QV_TOK_DOT: {
            p->tok++;
            if (!qv_parser_at(p, QV_TOK_NAME)) {
                return NULL;
            }
            QvObj *attr = qv_parser_name(p, p->tok);
            p->tok++;
            QvExpr *value = e;
            e = attr ? qv_parser_expr(p, QV_EXPR_ATTRIBUTE, qv_parser_pos(p, start)) : NULL;
            if (e) {
                e->u.attribute.value = value;
                e->u.attribute.attr = attr;
                e->u.attribute.ctx = QV_CTX_LOAD;
            }
            break;
        }
        case QV_TOK_LPAR: e = parse_call(p, start, e); break;
        case QV_TOK_LSQB: {
            p->tok++;
            QvExpr *value = e;
            QvExpr *slice = parse_slices(p);
            if (!slice || !qv_parser_accept(p, QV_TOK_RSQB)) {
                return NULL;
            }
            e = qv_parser_expr(p, QV_EXPR_SUBSCRIPT, qv_parser_pos(p, start));
            if (e) {
                e->u.subscript.value = value;
                e->u.subscript.slice = slice;
                e->u.subscript.ctx = QV_CTX_LOAD;
            }
            break;
        }
        default: return e;
        }
    }
    return NULL;
}

// --- atoms ---------------------------------------------------------------------------------------

static QvExpr *make_constant(QvParser *p, QvObj *value)
{
    const QvToken *start = p->tok++;
    QvExpr *e = qv_parser_expr(p, QV_EXPR_CONSTANT, qv_parser_pos(p, start));
    if (e) {
        e->u.constant.value = value;
    }
    return e;
}

// The rest of a list, set or tuple display whose first element is parsed, up to and with `close`.
static bool finish_display(QvParser *p, QvExpr *first, QvTokenKind close, QvExprSeq *ret)
{
    size_t mark = p->stack_len;
    if (!qv_parser_push(p, first)) {
        return false;
    }
    while (qv_parser_accept(p, QV_TOK_COMMA)) {
        if (qv_parser_at(p, close)) {
            break;
        }
        QvExpr *e = parse_star_named_expression(p);
        if (!e || !qv_parser_push(p, e)) {
            p->stack_len = mark;
            return false;
        }
    }
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised && qv_parser_accept(p, close);
}

// ( ... ): a group, a tuple or a generator expression.
static QvExpr *parse_parenthesis(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvExprSeq elts = {0, NULL};
    if (!qv_parser_accept(p, QV_TOK_RPAR)) {
        if (qv_parser_at(p, QV_TOK_YIELD)) {
            QvExpr *e = qv_parse_yield_expr(p);
            return e && qv_parser_accept(p, QV_TOK_RPAR) ? e : NULL;
        }
        QvExpr *first = parse_star_named_expression(p);
        if (!first) {
            return NULL;
        }
        bool starred = first->kind == QV_EXPR_STARRED;
        if (!starred && qv_parser_accept(p, QV_TOK_RPAR)) {
            return first;
        }
        if (!starred && at_comprehension(p)) {
            return finish_comprehension(p, QV_EXPR_GENERATOR_EXP, start, first, QV_TOK_RPAR);
        }
        if (!qv_parser_at(p, QV_TOK_COMMA) || !finish_display(p, first, QV_TOK_RPAR, &elts)) {
            return NULL;
        }
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_TUPLE, qv_parser_pos(p, start));
    if (e) {
        e->u.list.elts = elts;
        e->u.list.ctx = QV_CTX_LOAD;
    }
    return e;
}

static QvExpr *parse_list(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvExprSeq elts = {0, NULL};
    if (!qv_parser_accept(p, QV_TOK_RSQB)) {
        QvExpr *first = parse_star_named_expression(p);
        if (!first) {
            return NULL;
        }
        if (first->kind != QV_EXPR_STARRED && at_comprehension(p)) {
            return finish_comprehension(p, QV_EXPR_LIST_COMP, start, first, QV_TOK_RSQB);
        }
        if (!finish_display(p, first, QV_TOK_RSQB, &elts)) {
            return NULL;
        }
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_LIST, qv_parser_pos(p, start));
    if (e) {
        e->u.list.elts = elts;
        e->u.list.ctx = QV_CTX_LOAD;
    }
    return e;
}

// One `key: value` or `**mapping` of a dict display; *key is NULL for the latter.
static bool parse_dict_item(QvParser *p, QvExpr **key, QvExpr **value)
{
    if (qv_parser_accept(p, QV_TOK_DOUBLESTAR)) {
        *key = NULL;
        *value = qv_parse_bitwise_or(p);
        return *value != NULL;
    }
    *key = qv_parse_expression(p);
    if (!*key || !qv_parser_accept(p, QV_TOK_COLON)) {
        return false;
    }
    *value = qv_parse_expression(p);
    return *value != NULL;
}

static QvExpr *parse_dict(QvParser *p, const QvToken *start, QvExpr *key, QvExpr *value)
{
    if (key && at_comprehension(p)) {
        QvComprehensionSeq generators = {0, NULL};
        if (!parse_comprehensions(p, &generators) || !qv_parser_accept(p, QV_TOK_RBRACE)) {
            return NULL;
        }
        QvExpr *e = qv_parser_expr(p, QV_EXPR_DICT_COMP, qv_parser_pos(p, start));
        if (e) {
            e->u.dict_comp.key = key;
            e->u.dict_comp.value = value;
            e->u.dict_comp.generators = generators;
        }
        return e;
    }
    size_t mark = p->stack_len;
    for (;;) {
        if (!qv_parser_push(p, key) || !qv_parser_push(p, value)) {
            return NULL;
        }
        if (!qv_parser_accept(p, QV_TOK_COMMA) || qv_parser_at(p, QV_TOK_RBRACE)) {
            break;
        }
        if (!parse_dict_item(p, &key, &value)) {
            p->stack_len = mark;
            return NULL;
        }
    }
    size_t n = (p->stack_len - mark) / 2;
    QvExpr **keys = qv_parser_alloc(p, n * sizeof(QvExpr *));
    QvExpr **values = qv_parser_alloc(p, n * sizeof(QvExpr *));
    if (p->raised) {
        return NULL;
    }
    for (size_t i = 0; i < n; i++) {
        keys[i] = p->stack[mark + 2 * i];
        values[i] = p->stack[mark + 2 * i + 1];
    }
    p->stack_len = mark;
    if (!qv_parser_accept(p, QV_TOK_RBRACE)) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_DICT, qv_parser_pos(p, start));
    if (e) {
        e->u.dict.keys = (QvExprSeq){(QvSsize)n, keys};
        e->u.dict.values = (QvExprSeq){(QvSsize)n, values};
    }
    return e;
}

static QvExpr *parse_brace(QvParser *p)
{
    const QvToken *start = p->tok++;
    if (qv_parser_accept(p, QV_TOK_RBRACE)) {
        return qv_parser_expr(p, QV_EXPR_DICT, qv_parser_pos(p, start));
    }
    if (qv_parser_at(p, QV_TOK_DOUBLESTAR)) {
        QvExpr *key;
        QvExpr *value;
        return parse_dict_item(p, &key, &value) ? parse_dict(p, start, key, value) : NULL;
    }
    const QvToken *first_token = p->tok;
    QvExpr *first = parse_star_named_expression(p);
    if (!first) {
        return NULL;
    }
    bool bare_walrus = first->kind == QV_EXPR_NAMED_EXPR && first_token->kind == QV_TOK_NAME;
    if (first->kind != QV_EXPR_STARRED && !bare_walrus && qv_parser_accept(p, QV_TOK_COLON)) {
        QvExpr *value = qv_parse_expression(p);
        return value ? parse_dict(p, start, first, value) : NULL;
    }
    if (first->kind != QV_EXPR_STARRED && at_comprehension(p)) {
        return finish_comprehension(p, QV_EXPR_SET_COMP, start, first, QV_TOK_RBRACE);
    }
    QvExprSeq elts = {0, NULL};
    if (!finish_display(p, first, QV_TOK_RBRACE, &elts)) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_SET, qv_parser_pos(p, start));
    if (e) {
        e->u.set.elts = elts;
    }
    return e;
}

static QvExpr *parse_atom(QvParser *p)
{
    const QvToken *start = p->tok;
    switch (start->kind) {
    case QV_TOK_NAME: {
        QvObj *id = qv_parser_name(p, start);
        p->tok++;
        QvExpr *e = id ? qv_parser_expr(p, QV_EXPR_NAME, qv_parser_pos(p, start)) : NULL;
        if (e) {
            e->u.name.id = id;
            e->u.name.ctx = QV_CTX_LOAD;
        }
        return e;
    }
    case QV_TOK_NUMBER: return qv_parse_number(p);
    case QV_TOK_STRING: return qv_parse_strings(p);
    case QV_TOK_LPAR: return parse_parenthesis(p);
    case QV_TOK_LSQB: return parse_list(p);
    case QV_TOK_LBRACE: return parse_brace(p);
    case QV_TOK_NONE: return make_constant(p, QV_NONE);
    case QV_TOK_TRUE: return make_constant(p, QV_TRUE);
    case QV_TOK_FALSE: return make_constant(p, QV_FALSE);
    case QV_TOK_ELLIPSIS: return make_constant(p, QV_ELLIPSIS);
    default: return NULL;
    }
}

// --- parameters ----------------------------------------------------------------------------------

// NAME [':' annotation]; lambda's have none.
static QvArg *parse_parameter(QvParser *p, bool annotated, bool star)
{
    const QvToken *start = p->tok;
    if (!qv_parser_at(p, QV_TOK_NAME)) {
        return NULL;
    }
    QvObj *name = qv_parser_name(p, start);
    p->tok++;
    QvArg *arg = name ? qv_parser_alloc(p, sizeof(QvArg)) : NULL;
    if (!arg) {
        return NULL;
    }
    arg->arg = name;
    if (annotated && qv_parser_accept(p, QV_TOK_COLON)) {
        arg->annotation = star ? qv_parse_star_expression(p) : qv_parse_expression(p);
        if (!arg->annotation) {
            return NULL;
        }
    }
    arg->pos = qv_parser_pos(p, start);
    return arg;
}

// The items pushed since `mark` alternate parameter and default (NULL: none): splits them into two
// sequences. With `defaults_only_given`, absent defaults are left out (only the last parameters may
// have them).
static bool take_parameters(QvParser *p, size_t mark, QvArgSeq *args, size_t defaults_mark,
                            QvExprSeq *defaults, bool defaults_only_given)
{
    size_t n = (p->stack_len - mark) / 2;
    args->count = (QvSsize)n;
    args->items = n ? qv_parser_alloc(p, n * sizeof(QvArg *)) : NULL;
    size_t total = (p->stack_len - defaults_mark) / 2;
    defaults->items = total ? qv_parser_alloc(p, total * sizeof(QvExpr *)) : NULL;
    if (p->raised) {
        return false;
    }
    for (size_t i = 0; i < n; i++) {
        args->items[i] = p->stack[mark + 2 * i];
    }
    defaults->count = 0;
    for (size_t i = 0; i < total; i++) {
        QvExpr *value = p->stack[defaults_mark + 2 * i + 1];
        if (value || !defaults_only_given) {
            defaults->items[defaults->count++] = value;
        }
    }
    return true;
}

QvArguments *qv_parse_parameters(QvParser *p, QvTokenKind end)
{
    bool annotated = end == QV_TOK_RPAR;
    QvArguments *ret = qv_parser_alloc(p, sizeof(QvArguments));
    if (!ret) {
        return NULL;
    }
    size_t mark = p->stack_len; // of all positional parameters
    size_t args_mark = mark;    // of those after '/'
    size_t kw_mark = SIZE_MAX;  // of those after '*', once it was seen
    bool seen_default = false;
    bool seen_slash = false;
    while (p->tok->kind != end) {
        QvArg *last = NULL; // what a type comment would be about
        if (qv_parser_accept(p, QV_TOK_SLASH)) {
            if (seen_slash || kw_mark != SIZE_MAX || p->stack_len == mark) {
                goto fail;
            }
            seen_slash = true;
            if (!qv_parser_since(p, 8, "Positional-only parameters are")) {
                goto fail;
            }
            QvExprSeq none = {0, NULL};
            if (!take_parameters(p, mark, &ret->posonlyargs, p->stack_len, &none, true)) {
                goto fail;
            }
            args_mark = p->stack_len;
        } else if (qv_parser_accept(p, QV_TOK_STAR)) {
            if (kw_mark != SIZE_MAX) {
                goto fail;
            }
            if (!take_parameters(p, args_mark, &ret->args, mark, &ret->defaults, true)) {
                goto fail;
            }
            if (qv_parser_at(p, QV_TOK_COMMA)) {
                if (p->tok[1].kind != QV_TOK_NAME) {
                    goto fail; // named parameters must follow bare *
                }
            } else {
                last = parse_parameter(p, annotated, true);
                if (!last) {
                    goto fail;
                }
                ret->vararg = last;
            }
            kw_mark = p->stack_len;
        } else if (qv_parser_accept(p, QV_TOK_DOUBLESTAR)) {
            ret->kwarg = parse_parameter(p, annotated, false);
            if (!ret->kwarg) {
                goto fail;
            }
            qv_parser_accept(p, QV_TOK_COMMA);
            ret->kwarg->type_comment = qv_parser_type_comment(p);
            if (p->tok->kind != end) {
                goto fail;
            }
            break;
        } else {
            QvArg *arg = parse_parameter(p, annotated, false);
            if (!arg) {
                goto fail;
            }
            last = arg;
            QvExpr *value = NULL;
            if (qv_parser_accept(p, QV_TOK_EQUAL)) {
                value = qv_parse_expression(p);
                if (!value) {
                    goto fail;
                }
                seen_default = true;
            } else if (seen_default && kw_mark == SIZE_MAX) {
                goto fail;
            }
            if (!qv_parser_push(p, arg) || !qv_parser_push(p, value)) {
                goto fail;
            }
        }
        bool comma = qv_parser_accept(p, QV_TOK_COMMA);
        if (last && annotated) {
            last->type_comment = qv_parser_type_comment(p);
        }
        if (!comma) {
            break;
        }
    }
    if (p->tok->kind != end || p->raised) {
        goto fail;
    }
    if (kw_mark == SIZE_MAX) {
        if (!take_parameters(p, args_mark, &ret->args, mark, &ret->defaults, true)) {
            goto fail;
        }
    } else if (!take_parameters(p, kw_mark, &ret->kwonlyargs, kw_mark, &ret->kw_defaults, false)) {
        goto fail;
    }
    p->stack_len = mark;
    return ret;
fail:
    p->stack_len = mark;
    return NULL;
}
