// SPDX-License-Identifier: MIT
// The match statement and its patterns.
#include "compile/parser_internal.h"

static QvPattern *parse_as_pattern(QvParser *p);
static QvPattern *parse_or_pattern(QvParser *p);

static QvPattern *make_value(QvParser *p, const QvToken *start, QvExpr *value)
{
    QvPattern *pattern =
        value ? qv_parser_pattern(p, QV_PATTERN_MATCH_VALUE, qv_parser_pos(p, start)) : NULL;
    if (pattern) {
        pattern->u.value.value = value;
    }
    return pattern;
}

// ['-'] NUMBER [('+' | '-') NUMBER], the second imaginary.
static QvExpr *parse_signed_number(QvParser *p)
{
    const QvToken *start = p->tok;
    bool minus = qv_parser_accept(p, QV_TOK_MINUS);
    if (!qv_parser_at(p, QV_TOK_NUMBER)) {
        return NULL;
    }
    QvExpr *left = qv_parse_number(p);
    if (left && minus) {
        QvExpr *operand = left;
        left = qv_parser_expr(p, QV_EXPR_UNARY_OP, qv_parser_pos(p, start));
        if (left) {
            left->u.unary_op.op = QV_UNARYOP_U_SUB;
            left->u.unary_op.operand = operand;
        }
    }
    if (!left || !(qv_parser_at(p, QV_TOK_PLUS) || qv_parser_at(p, QV_TOK_MINUS))) {
        return left;
    }
    QvOperator op = qv_parser_at(p, QV_TOK_PLUS) ? QV_OPERATOR_ADD : QV_OPERATOR_SUB;
    p->tok++;
    const char *text = p->lx->text;
    bool real_first = (text[p->tok[-2].end - 1] | 0x20) != 'j';
    bool imaginary_second = qv_parser_at(p, QV_TOK_NUMBER) && (text[p->tok->end - 1] | 0x20) == 'j';
    if (!real_first || !imaginary_second) {
        return NULL;
    }
    QvExpr *right = qv_parse_number(p);
    QvExpr *e = right ? qv_parser_expr(p, QV_EXPR_BIN_OP, qv_parser_pos(p, start)) : NULL;
    if (e) {
        e->u.bin_op.left = left;
        e->u.bin_op.op = op;
        e->u.bin_op.right = right;
    }
    return e;
}

static QvExpr *make_constant(QvParser *p, QvObj *value)
{
    const QvToken *start = p->tok++;
    QvExpr *e = qv_parser_expr(p, QV_EXPR_CONSTANT, qv_parser_pos(p, start));
    if (e) {
        e->u.constant.value = value;
    }
    return e;
}

// NAME ('.' NAME)* as an expression.
static QvExpr *parse_dotted(QvParser *p)
{
    const QvToken *start = p->tok;
    if (!qv_parser_at(p, QV_TOK_NAME)) {
        return NULL;
    }
    QvObj *id = qv_parser_name(p, start);
    p->tok++;
    QvExpr *e = id ? qv_parser_expr(p, QV_EXPR_NAME, qv_parser_pos(p, start)) : NULL;
    if (e) {
        e->u.name.id = id;
        e->u.name.ctx = QV_CTX_LOAD;
    }
    while (e && qv_parser_accept(p, QV_TOK_DOT)) {
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
    }
    return e;
}

// *name or *_
static QvPattern *parse_star_pattern(QvParser *p)
{
    const QvToken *start = p->tok++;
    if (!qv_parser_at(p, QV_TOK_NAME)) {
        return NULL;
    }
    QvObj *name = NULL;
    if (!qv_parser_at_soft(p, "_")) {
        name = qv_parser_name(p, p->tok);
        if (!name) {
            return NULL;
        }
    }
    p->tok++;
    QvPattern *pattern = qv_parser_pattern(p, QV_PATTERN_MATCH_STAR, qv_parser_pos(p, start));
    if (pattern) {
        pattern->u.star.name = name;
    }
    return pattern;
}

static QvPattern *parse_maybe_star_pattern(QvParser *p)
{
    return qv_parser_at(p, QV_TOK_STAR) ? parse_star_pattern(p) : parse_as_pattern(p);
}

// Patterns separated by commas up to `close`, which is consumed. *commas counts the commas.
static bool parse_sequence_items(QvParser *p, QvTokenKind close, QvPatternSeq *ret, int *commas)
{
    size_t mark = p->stack_len;
    *commas = 0;
    while (!qv_parser_at(p, close)) {
        QvPattern *item = parse_maybe_star_pattern(p);
        if (!item || !qv_parser_push(p, item)) {
            p->stack_len = mark;
            return false;
        }
        if (!qv_parser_accept(p, QV_TOK_COMMA)) {
            break;
        }
        ++*commas;
    }
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised && qv_parser_accept(p, close);
}

static QvPattern *make_sequence(QvParser *p, const QvToken *start, QvPatternSeq items)
{
    QvPattern *pattern = qv_parser_pattern(p, QV_PATTERN_MATCH_SEQUENCE, qv_parser_pos(p, start));
    if (pattern) {
        pattern->u.sequence.patterns = items;
    }
    return pattern;
}

// [ ... ], or ( ... ), which is a group when it holds one pattern without a comma.
static QvPattern *parse_bracketed(QvParser *p, QvTokenKind close)
{
    const QvToken *start = p->tok++;
    QvPatternSeq items = {0, NULL};
    int commas;
    if (!parse_sequence_items(p, close, &items, &commas)) {
        return NULL;
    }
    if (close == QV_TOK_RPAR && items.count == 1 && commas == 0) {
        return items.items[0]->kind == QV_PATTERN_MATCH_STAR ? NULL : items.items[0];
    }
    return make_sequence(p, start, items);
}

// A key of a mapping pattern: a literal or a dotted name.
static QvExpr *parse_mapping_key(QvParser *p)
{
    switch (p->tok->kind) {
    case QV_TOK_MINUS:
    case QV_TOK_NUMBER: return parse_signed_number(p);
    case QV_TOK_STRING: return qv_parse_strings(p);
    case QV_TOK_NONE: return make_constant(p, QV_NONE);
    case QV_TOK_TRUE: return make_constant(p, QV_TRUE);
    case QV_TOK_FALSE: return make_constant(p, QV_FALSE);
    case QV_TOK_NAME: {
        QvExpr *e = parse_dotted(p);
        return e && e->kind == QV_EXPR_ATTRIBUTE ? e : NULL;
    }
    default: return NULL;
    }
}

static QvPattern *parse_mapping(QvParser *p)
{
    const QvToken *start = p->tok++;
    size_t mark = p->stack_len;
    QvObj *rest = NULL;
    while (!qv_parser_at(p, QV_TOK_RBRACE)) {
        if (qv_parser_accept(p, QV_TOK_DOUBLESTAR)) {
            if (!qv_parser_at(p, QV_TOK_NAME) || qv_parser_at_soft(p, "_")) {
                goto fail;
            }
            rest = qv_parser_name(p, p->tok);
            if (!rest) {
                goto fail;
            }
            p->tok++;
            qv_parser_accept(p, QV_TOK_COMMA);
            break;
        }
        QvExpr *key = parse_mapping_key(p);
        QvPattern *value = key && qv_parser_accept(p, QV_TOK_COLON) ? parse_as_pattern(p) : NULL;
        if (!value || !qv_parser_push(p, key) || !qv_parser_push(p, value)) {
            goto fail;
        }
        if (!qv_parser_accept(p, QV_TOK_COMMA)) {
            break;
        }
    }
    if (!qv_parser_accept(p, QV_TOK_RBRACE)) {
        goto fail;
    }
    size_t n = (p->stack_len - mark) / 2;
    QvPattern *pattern = qv_parser_pattern(p, QV_PATTERN_MATCH_MAPPING, qv_parser_pos(p, start));
    QvExpr **keys = n ? qv_parser_alloc(p, n * sizeof(QvExpr *)) : NULL;
    QvPattern **patterns = n ? qv_parser_alloc(p, n * sizeof(QvPattern *)) : NULL;
    if (p->raised) {
        goto fail;
    }
    for (size_t i = 0; i < n; i++) {
        keys[i] = p->stack[mark + 2 * i];
        patterns[i] = p->stack[mark + 2 * i + 1];
    }
    p->stack_len = mark;
    pattern->u.mapping.keys = (QvExprSeq){(QvSsize)n, keys};
    pattern->u.mapping.patterns = (QvPatternSeq){(QvSsize)n, patterns};
    pattern->u.mapping.rest = rest;
    return pattern;
fail:
    p->stack_len = mark;
    return NULL;
}

// cls '(' patterns, then name=pattern ... ')'
static QvPattern *parse_class_pattern(QvParser *p, const QvToken *start, QvExpr *cls)
{
    p->tok++;
    QvPatternSeq patterns = {0, NULL};
    size_t mark = p->stack_len;
    while (!qv_parser_at(p, QV_TOK_RPAR) &&
           !(qv_parser_at(p, QV_TOK_NAME) && p->tok[1].kind == QV_TOK_EQUAL)) {
        QvPattern *item = parse_as_pattern(p);
        if (!item || !qv_parser_push(p, item)) {
            goto fail;
        }
        if (!qv_parser_accept(p, QV_TOK_COMMA)) {
            break;
        }
    }
    patterns.items = qv_parser_take(p, mark, &patterns.count);
    if (p->raised) {
        goto fail;
    }
    while (qv_parser_at(p, QV_TOK_NAME) && p->tok[1].kind == QV_TOK_EQUAL) {
        QvObj *name = qv_parser_name(p, p->tok);
        p->tok += 2;
        QvPattern *item = name ? parse_as_pattern(p) : NULL;
        if (!item || !qv_parser_push(p, name) || !qv_parser_push(p, item)) {
            goto fail;
        }
        if (!qv_parser_accept(p, QV_TOK_COMMA)) {
            break;
        }
    }
    if (!qv_parser_accept(p, QV_TOK_RPAR)) {
        goto fail;
    }
    size_t n = (p->stack_len - mark) / 2;
    QvPattern *pattern = qv_parser_pattern(p, QV_PATTERN_MATCH_CLASS, qv_parser_pos(p, start));
    QvObj **names = n ? qv_parser_alloc(p, n * sizeof(QvObj *)) : NULL;
    QvPattern **values = n ? qv_parser_alloc(p, n * sizeof(QvPattern *)) : NULL;
    if (p->raised) {
        goto fail;
    }
    for (size_t i = 0; i < n; i++) {
        names[i] = p->stack[mark + 2 * i];
        values[i] = p->stack[mark + 2 * i + 1];
    }
    p->stack_len = mark;
    pattern->u.cls.cls = cls;
    pattern->u.cls.patterns = patterns;
    pattern->u.cls.kwd_attrs = (QvIdentSeq){(QvSsize)n, names};
    pattern->u.cls.kwd_patterns = (QvPatternSeq){(QvSsize)n, values};
    return pattern;
fail:
    p->stack_len = mark;
    return NULL;
}

// A capture, the wildcard, a dotted value or a class.
static QvPattern *parse_name_pattern(QvParser *p)
{
    const QvToken *start = p->tok;
    bool wildcard = qv_parser_at_soft(p, "_");
    QvExpr *e = parse_dotted(p);
    if (!e) {
        return NULL;
    }
    if (qv_parser_at(p, QV_TOK_LPAR)) {
        return parse_class_pattern(p, start, e);
    }
    if (e->kind == QV_EXPR_ATTRIBUTE) {
        return qv_parser_at(p, QV_TOK_EQUAL) ? NULL : make_value(p, start, e);
    }
    if (qv_parser_at(p, QV_TOK_EQUAL)) {
        return NULL;
    }
    QvPattern *pattern = qv_parser_pattern(p, QV_PATTERN_MATCH_AS, qv_parser_pos(p, start));
    if (pattern) {
        pattern->u.as.name = wildcard ? NULL : e->u.name.id;
    }
    return pattern;
}

static QvPattern *make_singleton(QvParser *p, QvObj *value)
{
    const QvToken *start = p->tok++;
    QvPattern *pattern = qv_parser_pattern(p, QV_PATTERN_MATCH_SINGLETON, qv_parser_pos(p, start));
    if (pattern) {
        pattern->u.singleton.value = value;
    }
    return pattern;
}

static QvPattern *parse_closed_pattern(QvParser *p)
{
    const QvToken *start = p->tok;
    switch (start->kind) {
    case QV_TOK_MINUS:
    case QV_TOK_NUMBER: return make_value(p, start, parse_signed_number(p));
    case QV_TOK_STRING: return make_value(p, start, qv_parse_strings(p));
    case QV_TOK_NONE: return make_singleton(p, QV_NONE);
    case QV_TOK_TRUE: return make_singleton(p, QV_TRUE);
    case QV_TOK_FALSE: return make_singleton(p, QV_FALSE);
    case QV_TOK_NAME: return parse_name_pattern(p);
    case QV_TOK_LPAR: return parse_bracketed(p, QV_TOK_RPAR);
    case QV_TOK_LSQB: return parse_bracketed(p, QV_TOK_RSQB);
    case QV_TOK_LBRACE: return parse_mapping(p);
    default: return NULL;
    }
}

static QvPattern *parse_or_pattern(QvParser *p)
{
    const QvToken *start = p->tok;
    QvPattern *first = parse_closed_pattern(p);
    if (!first || !qv_parser_at(p, QV_TOK_VBAR)) {
        return first;
    }
    size_t mark = p->stack_len;
    bool ok = qv_parser_push(p, first);
    while (ok && qv_parser_accept(p, QV_TOK_VBAR)) {
        QvPattern *next = parse_closed_pattern(p);
        ok = next && qv_parser_push(p, next);
    }
    if (!ok) {
        p->stack_len = mark;
        return NULL;
    }
    QvPattern *pattern = qv_parser_pattern(p, QV_PATTERN_MATCH_OR, qv_parser_pos(p, start));
    if (!pattern) {
        return NULL;
    }
    pattern->u.or_.patterns.items = qv_parser_take(p, mark, &pattern->u.or_.patterns.count);
    return p->raised ? NULL : pattern;
}

// or_pattern ['as' capture]
static QvPattern *parse_as_pattern(QvParser *p)
{
    if (!qv_parser_enter(p)) {
        return NULL;
    }
    const QvToken *start = p->tok;
    QvPattern *pattern = parse_or_pattern(p);
    if (pattern && qv_parser_accept(p, QV_TOK_AS)) {
        QvPattern *inner = pattern;
        pattern = NULL;
        if (qv_parser_at(p, QV_TOK_NAME) && !qv_parser_at_soft(p, "_")) {
            QvObj *name = qv_parser_name(p, p->tok);
            p->tok++;
            bool capture = !qv_parser_at(p, QV_TOK_DOT) && !qv_parser_at(p, QV_TOK_LPAR) &&
                           !qv_parser_at(p, QV_TOK_EQUAL);
            pattern = name && capture
                          ? qv_parser_pattern(p, QV_PATTERN_MATCH_AS, qv_parser_pos(p, start))
                          : NULL;
            if (pattern) {
                pattern->u.as.pattern = inner;
                pattern->u.as.name = name;
            }
        }
    }
    qv_parser_leave(p);
    return pattern;
}

// After `case`: a pattern, or a sequence of them without brackets.
static QvPattern *parse_patterns(QvParser *p)
{
    const QvToken *start = p->tok;
    QvPattern *first = parse_maybe_star_pattern(p);
    if (!first) {
        return NULL;
    }
    if (!qv_parser_at(p, QV_TOK_COMMA)) {
        return first->kind == QV_PATTERN_MATCH_STAR ? NULL : first;
    }
    size_t mark = p->stack_len;
    if (!qv_parser_push(p, first)) {
        return NULL;
    }
    while (qv_parser_accept(p, QV_TOK_COMMA)) {
        if (qv_parser_at(p, QV_TOK_COLON) || qv_parser_at(p, QV_TOK_IF)) {
            break;
        }
        QvPattern *item = parse_maybe_star_pattern(p);
        if (!item || !qv_parser_push(p, item)) {
            p->stack_len = mark;
            return NULL;
        }
    }
    QvPatternSeq items;
    items.items = qv_parser_take(p, mark, &items.count);
    return p->raised ? NULL : make_sequence(p, start, items);
}

static QvMatchCase *parse_case(QvParser *p)
{
    if (!qv_parser_at_soft(p, "case")) {
        return NULL;
    }
    p->tok++;
    QvMatchCase *c = qv_parser_alloc(p, sizeof(QvMatchCase));
    if (!c) {
        return NULL;
    }
    c->pattern = parse_patterns(p);
    if (!c->pattern) {
        return NULL;
    }
    if (qv_parser_accept(p, QV_TOK_IF)) {
        c->guard = qv_parse_named_expression(p);
        if (!c->guard) {
            return NULL;
        }
    }
    return qv_parser_accept(p, QV_TOK_COLON) && qv_parse_block(p, &c->body) ? c : NULL;
}

// subject_expr: star_named_expression ',' star_named_expressions? | named_expression
static QvExpr *parse_subject(QvParser *p)
{
    const QvToken *start = p->tok;
    size_t mark = p->stack_len;
    for (;;) {
        QvExpr *e = qv_parser_at(p, QV_TOK_STAR) ? qv_parse_star_expression(p)
                                                 : qv_parse_named_expression(p);
        if (!e || !qv_parser_push(p, e)) {
            goto fail;
        }
        if (!qv_parser_at(p, QV_TOK_COMMA) && p->stack_len == mark + 1) {
            p->stack_len = mark;
            return e->kind == QV_EXPR_STARRED ? NULL : e;
        }
        if (!qv_parser_accept(p, QV_TOK_COMMA) || qv_parser_at(p, QV_TOK_COLON)) {
            break;
        }
    }
    QvExpr *tuple = qv_parser_expr(p, QV_EXPR_TUPLE, qv_parser_pos(p, start));
    if (!tuple) {
        goto fail;
    }
    tuple->u.list.elts.items = qv_parser_take(p, mark, &tuple->u.list.elts.count);
    tuple->u.list.ctx = QV_CTX_LOAD;
    return p->raised ? NULL : tuple;
fail:
    p->stack_len = mark;
    return NULL;
}

// Whether `match` followed by this token can only be a name in an expression.
static bool is_plain_name(QvTokenKind next)
{
    switch (next) {
    case QV_TOK_EQUAL:
    case QV_TOK_DOT:
    case QV_TOK_COMMA:
    case QV_TOK_COLON:
    case QV_TOK_RPAR:
    case QV_TOK_NEWLINE:
    case QV_TOK_SEMI: return true;
    default: return false;
    }
}

QvStmt *qv_parse_match(QvParser *p)
{
    const QvToken *start = p->tok;
    size_t mark = p->stack_len;
    if (is_plain_name(start[1].kind)) {
        return NULL;
    }
    p->tok++;
    QvExpr *subject = parse_subject(p);
    if (!subject || !qv_parser_accept(p, QV_TOK_COLON) || !qv_parser_accept(p, QV_TOK_NEWLINE) ||
        !qv_parser_accept(p, QV_TOK_INDENT)) {
        goto fail;
    }
    do {
        QvMatchCase *c = parse_case(p);
        if (!c || !qv_parser_push(p, c)) {
            goto fail;
        }
    } while (!qv_parser_accept(p, QV_TOK_DEDENT));
    QvStmt *s = qv_parser_since(p, 10, "Pattern matching is")
                    ? qv_parser_stmt(p, QV_STMT_MATCH, qv_parser_stmt_pos(p, start))
                    : NULL;
    if (!s) {
        goto fail;
    }
    s->u.match.subject = subject;
    s->u.match.cases.items = qv_parser_take(p, mark, &s->u.match.cases.count);
    return p->raised ? NULL : s;
fail:
    p->stack_len = mark;
    p->tok = start;
    return NULL;
}
