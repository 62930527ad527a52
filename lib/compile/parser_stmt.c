// SPDX-License-Identifier: MIT
// Statements.
#include "compile/parser_internal.h"
#include "object/str.h"

static QvStmt *parse_statement_after_decorators(QvParser *p, QvExprSeq decorators);
static bool parse_simple_statements(QvParser *p);

// Layout tokens do not extend a statement.
QvPos qv_parser_stmt_pos(const QvParser *p, const QvToken *start)
{
    const QvToken *last = p->tok - 1;
    while (last > start && (last->kind == QV_TOK_NEWLINE || last->kind == QV_TOK_INDENT ||
                            last->kind == QV_TOK_DEDENT || last->kind == QV_TOK_ENDMARKER)) {
        last--;
    }
    return (QvPos){start->lineno, start->col_offset, last->end_lineno, last->end_col_offset};
}

// --- simple statements ---------------------------------------------------------------------------

static const uint8_t augmented_operator[QV_TOK_COUNT] = {
    [QV_TOK_PLUSEQUAL] = QV_OPERATOR_ADD,
    [QV_TOK_MINEQUAL] = QV_OPERATOR_SUB,
    [QV_TOK_STAREQUAL] = QV_OPERATOR_MULT,
    [QV_TOK_ATEQUAL] = QV_OPERATOR_MAT_MULT,
    [QV_TOK_SLASHEQUAL] = QV_OPERATOR_DIV,
    [QV_TOK_PERCENTEQUAL] = QV_OPERATOR_MOD,
    [QV_TOK_DOUBLESTAREQUAL] = QV_OPERATOR_POW,
    [QV_TOK_LEFTSHIFTEQUAL] = QV_OPERATOR_L_SHIFT,
    [QV_TOK_RIGHTSHIFTEQUAL] = QV_OPERATOR_R_SHIFT,
    [QV_TOK_VBAREQUAL] = QV_OPERATOR_BIT_OR,
    [QV_TOK_CIRCUMFLEXEQUAL] = QV_OPERATOR_BIT_XOR,
    [QV_TOK_AMPEREQUAL] = QV_OPERATOR_BIT_AND,
    [QV_TOK_DOUBLESLASHEQUAL] = QV_OPERATOR_FLOOR_DIV,
};

// Whether e is a target of an annotation or an augmented assignment.
static bool is_single_target(const QvExpr *e)
{
    return e->kind == QV_EXPR_NAME || e->kind == QV_EXPR_ATTRIBUTE || e->kind == QV_EXPR_SUBSCRIPT;
}

static QvStmt *parse_ann_assign(QvParser *p, const QvToken *start, QvExpr *target)
{
    if (!is_single_target(target) || !qv_parser_make_target(p, target, QV_CTX_STORE, false)) {
        return NULL;
    }
    p->tok++;
    QvExpr *annotation = qv_parse_expression(p);
    if (!annotation) {
        return NULL;
    }
    QvExpr *value = NULL;
    if (qv_parser_accept(p, QV_TOK_EQUAL)) {
        value = qv_parse_yield_or_star_expressions(p);
        if (!value) {
            return NULL;
        }
    }
    QvStmt *s = qv_parser_since(p, 6, "Variable annotation syntax is")
                    ? qv_parser_stmt(p, QV_STMT_ANN_ASSIGN, qv_parser_pos(p, start))
                    : NULL;
    if (s) {
        s->u.ann_assign.target = target;
        s->u.ann_assign.annotation = annotation;
        s->u.ann_assign.value = value;
        s->u.ann_assign.simple = target->kind == QV_EXPR_NAME && start->kind == QV_TOK_NAME;
    }
    return s;
}

static QvStmt *parse_assign(QvParser *p, const QvToken *start, QvExpr *value)
{
    size_t mark = p->stack_len;
    while (qv_parser_accept(p, QV_TOK_EQUAL)) {
        if (!qv_parser_make_target(p, value, QV_CTX_STORE, true) || !qv_parser_push(p, value)) {
            goto fail;
        }
        value = qv_parse_yield_or_star_expressions(p);
        if (!value) {
            goto fail;
        }
    }
    QvObj *type_comment = qv_parser_type_comment(p);
    QvStmt *s = qv_parser_stmt(p, QV_STMT_ASSIGN, qv_parser_pos(p, start));
    if (!s) {
        goto fail;
    }
    s->u.assign.type_comment = type_comment;
    s->u.assign.targets.items = qv_parser_take(p, mark, &s->u.assign.targets.count);
    s->u.assign.value = value;
    return p->raised ? NULL : s;
fail:
    p->stack_len = mark;
    return NULL;
}

// An expression, or an assignment of any form.
static QvStmt *parse_expression_statement(QvParser *p)
{
    const QvToken *start = p->tok;
    QvExpr *e = qv_parse_yield_or_star_expressions(p);
    if (!e) {
        return NULL;
    }
    QvTokenKind kind = p->tok->kind;
    if (kind == QV_TOK_EQUAL) {
        return parse_assign(p, start, e);
    }
    if (kind == QV_TOK_COLON) {
        return parse_ann_assign(p, start, e);
    }
    if (augmented_operator[kind]) {
        if (!is_single_target(e) || !qv_parser_make_target(p, e, QV_CTX_STORE, false)) {
            return NULL;
        }
        p->tok++;
        if (kind == QV_TOK_ATEQUAL && !qv_parser_since(p, 5, "The '@' operator is")) {
            return NULL;
        }
        QvExpr *value = qv_parse_yield_or_star_expressions(p);
        QvStmt *s = value ? qv_parser_stmt(p, QV_STMT_AUG_ASSIGN, qv_parser_pos(p, start)) : NULL;
        if (s) {
            s->u.aug_assign.target = e;
            s->u.aug_assign.op = augmented_operator[kind];
            s->u.aug_assign.value = value;
        }
        return s;
    }
    QvStmt *s = qv_parser_stmt(p, QV_STMT_EXPR, qv_parser_pos(p, start));
    if (s) {
        s->u.expr.value = e;
    }
    return s;
}

static bool ends_simple_statement(const QvParser *p)
{
    return qv_parser_at(p, QV_TOK_NEWLINE) || qv_parser_at(p, QV_TOK_SEMI);
}

static QvStmt *parse_return(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvExpr *value = NULL;
    if (!ends_simple_statement(p)) {
        value = qv_parse_star_expressions(p);
        if (!value) {
            return NULL;
        }
    }
    QvStmt *s = qv_parser_stmt(p, QV_STMT_RETURN, qv_parser_pos(p, start));
    if (s) {
        s->u.return_.value = value;
    }
    return s;
}

static QvStmt *parse_raise(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvExpr *exc = NULL;
    QvExpr *cause = NULL;
    if (!ends_simple_statement(p)) {
        exc = qv_parse_expression(p);
        if (!exc) {
            return NULL;
        }
        if (qv_parser_accept(p, QV_TOK_FROM)) {
            cause = qv_parse_expression(p);
            if (!cause) {
                return NULL;
            }
        }
    }
    QvStmt *s = qv_parser_stmt(p, QV_STMT_RAISE, qv_parser_pos(p, start));
    if (s) {
        s->u.raise.exc = exc;
        s->u.raise.cause = cause;
    }
    return s;
}

static QvStmt *parse_assert(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvExpr *test = qv_parse_expression(p);
    QvExpr *msg = NULL;
    if (!test) {
        return NULL;
    }
    if (qv_parser_accept(p, QV_TOK_COMMA)) {
        msg = qv_parse_expression(p);
        if (!msg) {
            return NULL;
        }
    }
    QvStmt *s = qv_parser_stmt(p, QV_STMT_ASSERT, qv_parser_pos(p, start));
    if (s) {
        s->u.assert_.test = test;
        s->u.assert_.msg = msg;
    }
    return s;
}

static QvStmt *parse_del(QvParser *p)
{
    const QvToken *start = p->tok++;
    size_t mark = p->stack_len;
    do {
        if (p->stack_len > mark && ends_simple_statement(p)) {
            break;
        }
        QvExpr *e = qv_parse_bitwise_or(p);
        if (!e || !qv_parser_make_target(p, e, QV_CTX_DEL, false) || !qv_parser_push(p, e)) {
            p->stack_len = mark;
            return NULL;
        }
    } while (qv_parser_accept(p, QV_TOK_COMMA));
    QvStmt *s = qv_parser_stmt(p, QV_STMT_DELETE, qv_parser_pos(p, start));
    if (!s) {
        return NULL;
    }
    s->u.delete_.targets.items = qv_parser_take(p, mark, &s->u.delete_.targets.count);
    return p->raised ? NULL : s;
}

static QvStmt *parse_global(QvParser *p, QvStmtKind kind)
{
    const QvToken *start = p->tok++;
    size_t mark = p->stack_len;
    do {
        QvObj *name = qv_parser_at(p, QV_TOK_NAME) ? qv_parser_name(p, p->tok) : NULL;
        if (!name || !qv_parser_push(p, name)) {
            p->stack_len = mark;
            return NULL;
        }
        p->tok++;
    } while (qv_parser_accept(p, QV_TOK_COMMA));
    QvStmt *s = qv_parser_stmt(p, kind, qv_parser_pos(p, start));
    if (!s) {
        return NULL;
    }
    s->u.global.names.items = qv_parser_take(p, mark, &s->u.global.names.count);
    return p->raised ? NULL : s;
}

// --- import --------------------------------------------------------------------------------------

// a.b.c as one interned str.
static QvObj *parse_dotted_name(QvParser *p)
{
    const QvToken *start = p->tok;
    if (!qv_parser_at(p, QV_TOK_NAME)) {
        return NULL;
    }
    QvObj *name = qv_parser_name(p, start);
    p->tok++;
    if (!qv_parser_at(p, QV_TOK_DOT) || !name) {
        return name;
    }
    QvText text = {0};
    bool ok = true;
    for (const QvToken *part = start; ok; part = p->tok++) {
        // Parts may stand apart, and each is normalised on its own.
        QvObj *part_name = qv_parser_name(p, part);
        QvUtf8 utf8;
        if (!part_name || qv_str_utf8(p->qi, part_name, &utf8) < 0) {
            p->raised = true;
            ok = false;
            break;
        }
        ok = qv_text_add(p, &text, utf8.s, (size_t)utf8.n);
        qv_utf8_release(p->qi, &utf8);
        if (!ok || !qv_parser_accept(p, QV_TOK_DOT)) {
            break;
        }
        ok = qv_parser_at(p, QV_TOK_NAME) && qv_text_add(p, &text, ".", 1);
    }
    name = ok ? qv_parser_keep(p, qv_str_intern_utf8(p->qi, text.data, (QvSsize)text.len)) : NULL;
    qv_text_fini(p, &text);
    return name;
}

// name [as alias]
static QvAlias *parse_alias(QvParser *p, bool dotted)
{
    const QvToken *start = p->tok;
    QvObj *name = NULL;
    if (dotted) {
        name = parse_dotted_name(p);
    } else if (qv_parser_at(p, QV_TOK_NAME)) {
        name = qv_parser_name(p, start);
        p->tok++;
    }
    QvObj *asname = NULL;
    if (!name) {
        return NULL;
    }
    if (qv_parser_accept(p, QV_TOK_AS)) {
        asname = qv_parser_at(p, QV_TOK_NAME) ? qv_parser_name(p, p->tok) : NULL;
        if (!asname) {
            return NULL;
        }
        p->tok++;
    }
    QvAlias *alias = qv_parser_alloc(p, sizeof(QvAlias));
    if (alias) {
        alias->pos = qv_parser_pos(p, start);
        alias->name = name;
        alias->asname = asname;
    }
    return alias;
}

// Comma-separated aliases; up to ')' a trailing comma is allowed.
static bool parse_aliases(QvParser *p, bool dotted, bool parenthesised, QvAliasSeq *ret)
{
    size_t mark = p->stack_len;
    do {
        if (parenthesised && p->stack_len > mark && qv_parser_at(p, QV_TOK_RPAR)) {
            break;
        }
        QvAlias *alias = parse_alias(p, dotted);
        if (!alias || !qv_parser_push(p, alias)) {
            p->stack_len = mark;
            return false;
        }
    } while (qv_parser_accept(p, QV_TOK_COMMA));
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised;
}

static QvStmt *parse_import(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvAliasSeq names = {0, NULL};
    if (!parse_aliases(p, true, false, &names)) {
        return NULL;
    }
    QvStmt *s = qv_parser_stmt(p, QV_STMT_IMPORT, qv_parser_pos(p, start));
    if (s) {
        s->u.import.names = names;
    }
    return s;
}

static bool parse_import_star(QvParser *p, QvAliasSeq *ret)
{
    const QvToken *star = p->tok++;
    QvAlias *alias = qv_parser_alloc(p, sizeof(QvAlias));
    QvAlias **items = qv_parser_alloc(p, sizeof(QvAlias *));
    if (!alias || !items) {
        return false;
    }
    alias->pos = qv_parser_pos(p, star);
    alias->name = qv_parser_name(p, star);
    items[0] = alias;
    *ret = (QvAliasSeq){1, items};
    return alias->name != NULL;
}

// from __future__ import barry_as_FLUFL changes the grammar of what follows.
static void note_future(QvParser *p, const QvStmt *s)
{
    QvObj *module = s->u.import_from.module;
    if (!module || s->u.import_from.level > 0 || !qv_str_eq_ascii(module, "__future__")) {
        return;
    }
    for (QvSsize i = 0; i < s->u.import_from.names.count; i++) {
        if (qv_str_eq_ascii(s->u.import_from.names.items[i]->name, "barry_as_FLUFL")) {
            p->flags |= QV_PARSE_BARRY_AS_BDFL;
        }
    }
}

static QvStmt *parse_import_from(QvParser *p)
{
    const QvToken *start = p->tok++;
    int level = 0;
    for (;; p->tok++) {
        if (qv_parser_at(p, QV_TOK_DOT)) {
            level++;
        } else if (qv_parser_at(p, QV_TOK_ELLIPSIS)) {
            level += 3;
        } else {
            break;
        }
    }
    QvObj *module = NULL;
    if (level == 0 || !qv_parser_at(p, QV_TOK_IMPORT)) {
        module = parse_dotted_name(p);
        if (!module) {
            return NULL;
        }
    }
    if (!qv_parser_accept(p, QV_TOK_IMPORT)) {
        return NULL;
    }
    QvAliasSeq names = {0, NULL};
    bool ok;
    if (qv_parser_at(p, QV_TOK_STAR)) {
        ok = parse_import_star(p, &names);
    } else if (qv_parser_accept(p, QV_TOK_LPAR)) {
        ok = parse_aliases(p, false, true, &names) && qv_parser_accept(p, QV_TOK_RPAR);
    } else {
        ok = parse_aliases(p, false, false, &names);
    }
    QvStmt *s = ok ? qv_parser_stmt(p, QV_STMT_IMPORT_FROM, qv_parser_pos(p, start)) : NULL;
    if (s) {
        s->u.import_from.module = module;
        s->u.import_from.names = names;
        s->u.import_from.level = level;
        note_future(p, s);
    }
    return s;
}

// --- compound statements -------------------------------------------------------------------------

bool qv_parse_block(QvParser *p, QvStmtSeq *ret)
{
    if (qv_parser_accept(p, QV_TOK_NEWLINE)) {
        return qv_parser_accept(p, QV_TOK_INDENT) && qv_parse_statements(p, QV_TOK_DEDENT, ret) &&
               qv_parser_accept(p, QV_TOK_DEDENT);
    }
    size_t mark = p->stack_len;
    if (!parse_simple_statements(p)) {
        p->stack_len = mark;
        return false;
    }
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised;
}

static bool parse_colon_block(QvParser *p, QvStmtSeq *ret)
{
    return qv_parser_accept(p, QV_TOK_COLON) && qv_parse_block(p, ret);
}

// ['else' ':' block]
static bool parse_else(QvParser *p, QvStmtSeq *ret)
{
    *ret = (QvStmtSeq){0, NULL};
    return !qv_parser_accept(p, QV_TOK_ELSE) || parse_colon_block(p, ret);
}

// elif chains are built in a loop: they may be thousands long.
static QvStmt *parse_if(QvParser *p)
{
    QvStmt *outer = NULL;
    QvStmt *last = NULL;
    size_t mark = p->stack_len; // pairs of If node and its first token, to set the ends
    do {
        const QvToken *start = p->tok++;
        QvStmt *s = qv_parser_stmt(p, QV_STMT_IF, qv_parser_pos(p, start));
        if (!s || !qv_parser_push(p, s)) {
            goto fail;
        }
        s->u.if_.test = qv_parse_named_expression(p);
        if (!s->u.if_.test || !parse_colon_block(p, &s->u.if_.body)) {
            goto fail;
        }
        if (last) {
            QvStmt **items = qv_parser_alloc(p, sizeof(QvStmt *));
            if (!items) {
                goto fail;
            }
            items[0] = s;
            last->u.if_.orelse = (QvStmtSeq){1, items};
        } else {
            outer = s;
        }
        last = s;
    } while (qv_parser_at(p, QV_TOK_ELIF));
    if (!parse_else(p, &last->u.if_.orelse)) {
        goto fail;
    }
    QvPos end = qv_parser_stmt_pos(p, p->lx->tokens);
    for (size_t i = mark; i < p->stack_len; i++) {
        QvStmt *s = p->stack[i];
        s->pos.end_lineno = end.end_lineno;
        s->pos.end_col_offset = end.end_col_offset;
    }
    p->stack_len = mark;
    return outer;
fail:
    p->stack_len = mark;
    return NULL;
}

static QvStmt *parse_while(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvExpr *test = qv_parse_named_expression(p);
    QvStmtSeq body = {0, NULL};
    QvStmtSeq orelse = {0, NULL};
    if (!test || !parse_colon_block(p, &body) || !parse_else(p, &orelse)) {
        return NULL;
    }
    QvStmt *s = qv_parser_stmt(p, QV_STMT_WHILE, qv_parser_stmt_pos(p, start));
    if (s) {
        s->u.while_.test = test;
        s->u.while_.body = body;
        s->u.while_.orelse = orelse;
    }
    return s;
}

static QvStmt *parse_for(QvParser *p, const QvToken *start, QvStmtKind kind)
{
    p->tok++;
    QvExpr *target = qv_parse_star_targets(p);
    if (!target || !qv_parser_accept(p, QV_TOK_IN)) {
        return NULL;
    }
    QvExpr *iter = qv_parse_star_expressions(p);
    QvStmtSeq body = {0, NULL};
    QvStmtSeq orelse = {0, NULL};
    if (!iter || !qv_parser_accept(p, QV_TOK_COLON)) {
        return NULL;
    }
    QvObj *type_comment = qv_parser_type_comment(p);
    if (!qv_parse_block(p, &body) || !parse_else(p, &orelse) ||
        (kind == QV_STMT_ASYNC_FOR && !qv_parser_since(p, 5, "Async for loops are"))) {
        return NULL;
    }
    QvStmt *s = qv_parser_stmt(p, kind, qv_parser_stmt_pos(p, start));
    if (s) {
        s->u.for_.type_comment = type_comment;
        s->u.for_.target = target;
        s->u.for_.iter = iter;
        s->u.for_.body = body;
        s->u.for_.orelse = orelse;
    }
    return s;
}

// expression ['as' star_target], which one of the tokens , ) : must follow if there is a target
static QvWithItem *parse_with_item(QvParser *p)
{
    QvWithItem *item = qv_parser_alloc(p, sizeof(QvWithItem));
    if (!item) {
        return NULL;
    }
    item->context_expr = qv_parse_expression(p);
    if (!item->context_expr) {
        return NULL;
    }
    if (qv_parser_accept(p, QV_TOK_AS)) {
        item->optional_vars = qv_parse_star_target(p);
        if (!item->optional_vars) {
            return NULL;
        }
    }
    return item;
}

static bool parse_with_items(QvParser *p, bool parenthesised, QvWithItemSeq *ret)
{
    size_t mark = p->stack_len;
    do {
        if (parenthesised && p->stack_len > mark && qv_parser_at(p, QV_TOK_RPAR)) {
            break;
        }
        QvWithItem *item = parse_with_item(p);
        if (!item || !qv_parser_push(p, item)) {
            p->stack_len = mark;
            return false;
        }
    } while (qv_parser_accept(p, QV_TOK_COMMA));
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised;
}

// `with (a as b, c): ...` first; where the parenthesis turns out to belong to an expression, once
// more without, and then a type comment may follow.
static bool parse_with_header(QvParser *p, QvWithItemSeq *ret, QvObj **ret_type_comment)
{
    *ret_type_comment = NULL;
    if (qv_parser_at(p, QV_TOK_LPAR)) {
        const QvToken *start = p->tok++;
        if (parse_with_items(p, true, ret) && qv_parser_accept(p, QV_TOK_RPAR) &&
            qv_parser_accept(p, QV_TOK_COLON) && !qv_parser_at(p, QV_TOK_TYPE_COMMENT)) {
            return qv_parser_since(p, 9, "Parenthesized context managers are");
        }
        if (p->raised) {
            return false;
        }
        p->tok = start;
    }
    if (!parse_with_items(p, false, ret) || !qv_parser_accept(p, QV_TOK_COLON)) {
        return false;
    }
    *ret_type_comment = qv_parser_type_comment(p);
    return !p->raised;
}

static QvStmt *parse_with(QvParser *p, const QvToken *start, QvStmtKind kind)
{
    p->tok++;
    QvWithItemSeq items = {0, NULL};
    QvStmtSeq body = {0, NULL};
    QvObj *type_comment;
    if (!parse_with_header(p, &items, &type_comment) || !qv_parse_block(p, &body) ||
        (kind == QV_STMT_ASYNC_WITH && !qv_parser_since(p, 5, "Async with statements are"))) {
        return NULL;
    }
    QvStmt *s = qv_parser_stmt(p, kind, qv_parser_stmt_pos(p, start));
    if (s) {
        s->u.with.type_comment = type_comment;
        s->u.with.items = items;
        s->u.with.body = body;
    }
    return s;
}

// One except clause. *star tells what the first clause of the statement was: -1 unknown, 0 except,
// 1 except*.
static QvExceptHandler *parse_except(QvParser *p, int *star)
{
    const QvToken *start = p->tok++;
    int is_star = qv_parser_accept(p, QV_TOK_STAR);
    if (*star >= 0 && *star != is_star) {
        return NULL;
    }
    *star = is_star;
    QvExceptHandler *handler = qv_parser_alloc(p, sizeof(QvExceptHandler));
    if (!handler) {
        return NULL;
    }
    if (is_star || !qv_parser_at(p, QV_TOK_COLON)) {
        handler->type = qv_parse_expression(p);
        if (!handler->type) {
            return NULL;
        }
        if (qv_parser_accept(p, QV_TOK_AS)) {
            handler->name = qv_parser_at(p, QV_TOK_NAME) ? qv_parser_name(p, p->tok) : NULL;
            if (!handler->name) {
                return NULL;
            }
            p->tok++;
        }
    }
    if (!parse_colon_block(p, &handler->body)) {
        return NULL;
    }
    handler->pos = qv_parser_stmt_pos(p, start);
    return handler;
}

static QvStmt *parse_try(QvParser *p)
{
    const QvToken *start = p->tok++;
    QvStmtSeq body = {0, NULL};
    QvStmtSeq orelse = {0, NULL};
    QvStmtSeq finalbody = {0, NULL};
    QvExceptHandlerSeq handlers = {0, NULL};
    if (!parse_colon_block(p, &body)) {
        return NULL;
    }
    int star = -1;
    size_t mark = p->stack_len;
    while (qv_parser_at(p, QV_TOK_EXCEPT)) {
        QvExceptHandler *handler = parse_except(p, &star);
        if (!handler || !qv_parser_push(p, handler)) {
            p->stack_len = mark;
            return NULL;
        }
    }
    handlers.items = qv_parser_take(p, mark, &handlers.count);
    if (p->raised || (handlers.count > 0 && !parse_else(p, &orelse))) {
        return NULL;
    }
    if (qv_parser_accept(p, QV_TOK_FINALLY)) {
        if (!parse_colon_block(p, &finalbody)) {
            return NULL;
        }
    } else if (handlers.count == 0) {
        return NULL;
    }
    if (star == 1 && !qv_parser_since(p, 11, "Exception groups are")) {
        return NULL;
    }
    QvStmt *s =
        qv_parser_stmt(p, star == 1 ? QV_STMT_TRY_STAR : QV_STMT_TRY, qv_parser_stmt_pos(p, start));
    if (s) {
        s->u.try_.body = body;
        s->u.try_.handlers = handlers;
        s->u.try_.orelse = orelse;
        s->u.try_.finalbody = finalbody;
    }
    return s;
}

// --- definitions ---------------------------------------------------------------------------------

// A function's type comment: behind the colon, or on the next line before an indented block.
static QvObj *parse_func_type_comment(QvParser *p)
{
    if (QV_LIKELY(!(p->flags & QV_PARSE_TYPE_COMMENTS))) {
        return NULL;
    }
    const QvToken *t = p->tok;
    if (t->kind == QV_TOK_NEWLINE && t[1].kind == QV_TOK_TYPE_COMMENT &&
        t[2].kind == QV_TOK_NEWLINE && t[3].kind == QV_TOK_INDENT) {
        p->tok++; // the block begins at the NEWLINE behind the comment
    }
    return qv_parser_type_comment(p);
}

static QvStmt *parse_def(QvParser *p, const QvToken *start, QvStmtKind kind, QvExprSeq decorators)
{
    p->tok++;
    if (!qv_parser_at(p, QV_TOK_NAME)) {
        return NULL;
    }
    QvObj *name = qv_parser_name(p, p->tok);
    p->tok++;
    if (!name || !qv_parser_accept(p, QV_TOK_LPAR)) {
        return NULL;
    }
    QvArguments *args = qv_parse_parameters(p, QV_TOK_RPAR);
    if (!args || !qv_parser_accept(p, QV_TOK_RPAR)) {
        return NULL;
    }
    QvExpr *returns = NULL;
    if (qv_parser_accept(p, QV_TOK_RARROW)) {
        returns = qv_parse_expression(p);
        if (!returns) {
            return NULL;
        }
    }
    QvStmtSeq body = {0, NULL};
    if (!qv_parser_accept(p, QV_TOK_COLON)) {
        return NULL;
    }
    QvObj *type_comment = parse_func_type_comment(p);
    if (!qv_parse_block(p, &body) ||
        (kind == QV_STMT_ASYNC_FUNCTION_DEF && !qv_parser_since(p, 5, "Async functions are"))) {
        return NULL;
    }
    QvStmt *s = qv_parser_stmt(p, kind, qv_parser_stmt_pos(p, start));
    if (s) {
        s->u.function_def.type_comment = type_comment;
        s->u.function_def.name = name;
        s->u.function_def.args = args;
        s->u.function_def.body = body;
        s->u.function_def.decorator_list = decorators;
        s->u.function_def.returns = returns;
    }
    return s;
}

static QvStmt *parse_class(QvParser *p, QvExprSeq decorators)
{
    const QvToken *start = p->tok++;
    if (!qv_parser_at(p, QV_TOK_NAME)) {
        return NULL;
    }
    QvObj *name = qv_parser_name(p, p->tok);
    p->tok++;
    QvExprSeq bases = {0, NULL};
    QvKeywordSeq keywords = {0, NULL};
    if (!name) {
        return NULL;
    }
    const QvToken *open = p->tok;
    if (qv_parser_accept(p, QV_TOK_LPAR) &&
        (!qv_parse_arguments(p, open, false, &bases, &keywords) ||
         !qv_parser_accept(p, QV_TOK_RPAR))) {
        return NULL;
    }
    QvStmtSeq body = {0, NULL};
    if (!parse_colon_block(p, &body)) {
        return NULL;
    }
    QvStmt *s = qv_parser_stmt(p, QV_STMT_CLASS_DEF, qv_parser_stmt_pos(p, start));
    if (s) {
        s->u.class_def.name = name;
        s->u.class_def.bases = bases;
        s->u.class_def.keywords = keywords;
        s->u.class_def.body = body;
        s->u.class_def.decorator_list = decorators;
    }
    return s;
}

static QvStmt *parse_decorated(QvParser *p)
{
    size_t mark = p->stack_len;
    while (qv_parser_accept(p, QV_TOK_AT)) {
        QvExpr *e = qv_parse_named_expression(p);
        if (!e || !qv_parser_push(p, e) || !qv_parser_accept(p, QV_TOK_NEWLINE)) {
            p->stack_len = mark;
            return NULL;
        }
    }
    QvExprSeq decorators;
    decorators.items = qv_parser_take(p, mark, &decorators.count);
    return p->raised ? NULL : parse_statement_after_decorators(p, decorators);
}

static QvStmt *parse_async(QvParser *p, QvExprSeq decorators)
{
    const QvToken *start = p->tok++;
    switch (p->tok->kind) {
    case QV_TOK_DEF: return parse_def(p, start, QV_STMT_ASYNC_FUNCTION_DEF, decorators);
    case QV_TOK_FOR: return decorators.count ? NULL : parse_for(p, start, QV_STMT_ASYNC_FOR);
    case QV_TOK_WITH: return decorators.count ? NULL : parse_with(p, start, QV_STMT_ASYNC_WITH);
    default: return NULL;
    }
}

static QvStmt *parse_statement_after_decorators(QvParser *p, QvExprSeq decorators)
{
    switch (p->tok->kind) {
    case QV_TOK_DEF: return parse_def(p, p->tok, QV_STMT_FUNCTION_DEF, decorators);
    case QV_TOK_CLASS: return parse_class(p, decorators);
    case QV_TOK_ASYNC: return parse_async(p, decorators);
    default: return NULL;
    }
}

// --- statement lists -----------------------------------------------------------------------------

static QvStmt *parse_keyword_alone(QvParser *p, QvStmtKind kind)
{
    const QvToken *start = p->tok++;
    return qv_parser_stmt(p, kind, qv_parser_pos(p, start));
}

static QvStmt *parse_simple_statement(QvParser *p)
{
    switch (p->tok->kind) {
    case QV_TOK_RETURN: return parse_return(p);
    case QV_TOK_IMPORT: return parse_import(p);
    case QV_TOK_FROM: return parse_import_from(p);
    case QV_TOK_RAISE: return parse_raise(p);
    case QV_TOK_PASS: return parse_keyword_alone(p, QV_STMT_PASS);
    case QV_TOK_BREAK: return parse_keyword_alone(p, QV_STMT_BREAK);
    case QV_TOK_CONTINUE: return parse_keyword_alone(p, QV_STMT_CONTINUE);
    case QV_TOK_DEL: return parse_del(p);
    case QV_TOK_ASSERT: return parse_assert(p);
    case QV_TOK_GLOBAL: return parse_global(p, QV_STMT_GLOBAL);
    case QV_TOK_NONLOCAL: return parse_global(p, QV_STMT_NONLOCAL);
    default: return parse_expression_statement(p);
    }
}

// simple_stmt (';' simple_stmt)* [';'] NEWLINE, pushed on the stack.
static bool parse_simple_statements(QvParser *p)
{
    do {
        QvStmt *s = parse_simple_statement(p);
        if (!s || !qv_parser_push(p, s)) {
            return false;
        }
    } while (qv_parser_accept(p, QV_TOK_SEMI) && !qv_parser_at(p, QV_TOK_NEWLINE));
    return qv_parser_accept(p, QV_TOK_NEWLINE);
}

// *ret is NULL when no compound statement starts here. False: one does, and is wrong.
static bool parse_compound_statement(QvParser *p, QvStmt **ret)
{
    static const QvExprSeq no_decorators = {0, NULL};
    QvStmt *s;
    *ret = NULL;
    switch (p->tok->kind) {
    case QV_TOK_IF: s = parse_if(p); break;
    case QV_TOK_FOR: s = parse_for(p, p->tok, QV_STMT_FOR); break;
    case QV_TOK_WHILE: s = parse_while(p); break;
    case QV_TOK_TRY: s = parse_try(p); break;
    case QV_TOK_WITH: s = parse_with(p, p->tok, QV_STMT_WITH); break;
    case QV_TOK_DEF:
    case QV_TOK_CLASS:
    case QV_TOK_ASYNC: s = parse_statement_after_decorators(p, no_decorators); break;
    case QV_TOK_AT: s = parse_decorated(p); break;
    case QV_TOK_NAME:
        if (QV_LIKELY(!(p->tok->flags & QV_TOKF_SOFT)) || !qv_parser_at_soft(p, "match")) {
            return true;
        }
        *ret = qv_parse_match(p);
        return !p->raised;
    default: return true;
    }
    *ret = s;
    return s != NULL;
}

bool qv_parse_statements(QvParser *p, QvTokenKind end, QvStmtSeq *ret)
{
    size_t mark = p->stack_len;
    while (!qv_parser_at(p, end)) {
        QvStmt *s;
        if (end == QV_TOK_ENDMARKER) {
            p->previous = p->statement;
            p->statement = p->tok;
        }
        if (!parse_compound_statement(p, &s)) {
            goto fail;
        }
        if (s ? !qv_parser_push(p, s) : !parse_simple_statements(p)) {
            goto fail;
        }
    }
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised;
fail:
    p->stack_len = mark;
    return false;
}

bool qv_parse_interactive(QvParser *p, QvStmtSeq *ret)
{
    size_t mark = p->stack_len;
    QvStmt *s = NULL;
    if (qv_parser_at(p, QV_TOK_ENDMARKER)) {
        return false; // nothing to do is an error here, as in CPython
    }
    if (qv_parser_accept(p, QV_TOK_NEWLINE)) {
        // A line without a statement is a `pass` at its end.
        const QvToken *t = p->tok - 1;
        QvPos pos = {t->lineno, t->col_offset, t->end_lineno, t->end_col_offset};
        s = qv_parser_stmt(p, QV_STMT_PASS, pos);
        if (!s || !qv_parser_push(p, s)) {
            return false;
        }
    } else if (!parse_compound_statement(p, &s)) {
        return false;
    } else if (s) {
        if (!qv_parser_push(p, s) || !qv_parser_accept(p, QV_TOK_NEWLINE)) {
            p->stack_len = mark;
            return false;
        }
    } else if (!parse_simple_statements(p)) {
        p->stack_len = mark;
        return false;
    }
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised;
}
