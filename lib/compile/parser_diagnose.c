// SPDX-License-Identifier: MIT
// Finding out what to say about a text that is not Python.
//
// The statement that failed is matched again by the interpreted grammar: once as it is, which tells
// how far CPython's parser would have looked, and once with the patterns of common mistakes. If
// none applies, it is "invalid syntax" at the last token that the first pass looked at. In the end
// the rest of the text has a say: brackets that were opened before the error and never closed, and
// lexical errors behind it, are named instead.
#include <stdio.h>
#include <string.h>

#include "compile/parser_peg.h"

// --- what the mistakes' actions need -------------------------------------------------------------

// The kind of expression, in the words of error messages.
static const char *expression_name(const QvExpr *e)
{
    switch (e->kind) {
    case QV_EXPR_ATTRIBUTE: return "attribute";
    case QV_EXPR_SUBSCRIPT: return "subscript";
    case QV_EXPR_STARRED: return "starred";
    case QV_EXPR_NAME: return "name";
    case QV_EXPR_LIST: return "list";
    case QV_EXPR_TUPLE: return "tuple";
    case QV_EXPR_LAMBDA: return "lambda";
    case QV_EXPR_CALL: return "function call";
    case QV_EXPR_BOOL_OP:
    case QV_EXPR_BIN_OP:
    case QV_EXPR_UNARY_OP: return "expression";
    case QV_EXPR_GENERATOR_EXP: return "generator expression";
    case QV_EXPR_YIELD:
    case QV_EXPR_YIELD_FROM: return "yield expression";
    case QV_EXPR_AWAIT: return "await expression";
    case QV_EXPR_LIST_COMP: return "list comprehension";
    case QV_EXPR_SET_COMP: return "set comprehension";
    case QV_EXPR_DICT_COMP: return "dict comprehension";
    case QV_EXPR_DICT: return "dict literal";
    case QV_EXPR_SET: return "set display";
    case QV_EXPR_JOINED_STR:
    case QV_EXPR_FORMATTED_VALUE: return "f-string expression";
    case QV_EXPR_CONSTANT: {
        const QvObj *value = e->u.constant.value;
        return value == QV_NONE       ? "None"
               : value == QV_FALSE    ? "False"
               : value == QV_TRUE     ? "True"
               : value == QV_ELLIPSIS ? "ellipsis"
                                      : "literal";
    }
    case QV_EXPR_COMPARE: return "comparison";
    case QV_EXPR_IF_EXP: return "conditional expression";
    case QV_EXPR_NAMED_EXPR: return "named expression";
    case QV_EXPR_SLICE: return "slice";
    }
    return "expression";
}

// A copy of the span's tokens, ended by a token of kind `end`.
static const QvToken *copy_tokens(QvPeg *peg, QvPegSpan span, QvTokenKind end)
{
    size_t n = span.last - span.first + 1;
    QvToken *copy = qv_parser_alloc(peg->p, (n + 1) * sizeof(QvToken));
    if (copy) {
        memcpy(copy, &peg->p->lx->tokens[span.first], n * sizeof(QvToken));
        copy[n] = peg->p->lx->tokens[span.last + 1];
        copy[n].kind = (uint8_t)end;
    }
    return copy;
}

// The tree of a span that matched an expression of some kind. NULL with p->raised, or if it is none
// after all.
static const QvExpr *span_expr(QvPeg *peg, QvPegSpan span)
{
    QvParser *p = peg->p;
    const QvToken *saved = p->tok;
    const QvToken *tokens = copy_tokens(peg, span, QV_TOK_ENDMARKER);
    if (!tokens) {
        return NULL;
    }
    p->tok = tokens;
    const QvExpr *e = qv_parse_yield_or_star_expressions(p);
    if (!p->raised && (!e || !qv_parser_at(p, QV_TOK_ENDMARKER))) {
        p->tok = tokens;
        e = qv_parse_named_expression(p);
        e = e && qv_parser_at(p, QV_TOK_ENDMARKER) ? e : NULL;
    }
    p->tok = saved;
    return e;
}

static QvPos token_pos(const QvPeg *peg, QvPegSpan span)
{
    const QvToken *first = &peg->p->lx->tokens[span.first];
    const QvToken *last = &peg->p->lx->tokens[span.last];
    return (QvPos){first->lineno, first->col_offset, last->end_lineno, last->end_col_offset};
}

// The position of what a span matched. A group has the position of what is inside.
static QvPos span_pos(QvPeg *peg, QvPegSpan span)
{
    const QvToken *tokens = peg->p->lx->tokens;
    if (span.first < span.last && tokens[span.first].kind == QV_TOK_LPAR) {
        const QvExpr *e = span_expr(peg, span);
        if (e) {
            return e->pos;
        }
    }
    return token_pos(peg, span);
}

// The end of a list of expressions is that of its last one.
static QvPos last_item_pos(QvPeg *peg, QvPegSpan span)
{
    const QvExpr *e = span.first < span.last ? span_expr(peg, span) : NULL;
    if (!e) {
        return token_pos(peg, span);
    }
    if (e->kind == QV_EXPR_TUPLE && e->u.list.elts.count > 0) {
        const QvExpr *first = e->u.list.elts.items[0];
        bool bare = first->pos.lineno == e->pos.lineno &&
                    first->pos.col_offset == e->pos.col_offset;
        if (bare) {
            return e->u.list.elts.items[e->u.list.elts.count - 1]->pos;
        }
    }
    return e->pos;
}

// The last token of this kind outside brackets within the span; `from` limits the search to the
// left.
static uint32_t find_last(const QvPeg *peg, QvPegSpan span, uint32_t from, QvTokenKind kind)
{
    int level = 0;
    for (uint32_t i = span.last; i >= from && i > 0; i--) {
        switch (peg->p->lx->tokens[i].kind) {
        case QV_TOK_RPAR:
        case QV_TOK_RSQB:
        case QV_TOK_RBRACE: level++; break;
        case QV_TOK_LPAR:
        case QV_TOK_LSQB:
        case QV_TOK_LBRACE: level--; break;
        default:
            if (level == 0 && peg->p->lx->tokens[i].kind == kind) {
                return i;
            }
            break;
        }
    }
    return 0;
}

// The last condition of `for ... in ... if ...`, or what it iterates over if there is none.
static QvPos last_comprehension_item(QvPeg *peg, QvPegSpan clauses)
{
    uint32_t loop = find_last(peg, clauses, clauses.first, QV_TOK_FOR);
    uint32_t at = find_last(peg, clauses, loop + 1, QV_TOK_IF);
    if (!at) {
        at = find_last(peg, clauses, loop + 1, QV_TOK_IN);
    }
    return span_pos(peg, (QvPegSpan){at + 1, clauses.last});
}

static QvPos last_comprehension_target(QvPeg *peg, QvPegSpan clauses)
{
    uint32_t loop = find_last(peg, clauses, clauses.first, QV_TOK_FOR);
    uint32_t in = find_last(peg, clauses, loop + 1, QV_TOK_IN);
    return span_pos(peg, (QvPegSpan){loop + 1, in - 1});
}

// The arguments that a span matched.
static bool span_arguments(QvPeg *peg, QvPegSpan span, QvExprSeq *args, QvKeywordSeq *keywords)
{
    QvParser *p = peg->p;
    const QvToken *saved = p->tok;
    const QvToken *tokens = copy_tokens(peg, span, QV_TOK_RPAR);
    if (!tokens) {
        return false;
    }
    p->tok = tokens;
    bool ok = qv_parse_arguments(p, tokens, false, args, keywords);
    p->tok = saved;
    return ok;
}

typedef enum TargetKind { TARGET_STAR, TARGET_FOR, TARGET_DEL } TargetKind;

// The first part of e that is no target; NULL when all are.
static const QvExpr *invalid_target(const QvExpr *e, TargetKind kind)
{
    switch (e->kind) {
    case QV_EXPR_LIST:
    case QV_EXPR_TUPLE:
        for (QvSsize i = 0; i < e->u.list.elts.count; i++) {
            const QvExpr *part = invalid_target(e->u.list.elts.items[i], kind);
            if (part) {
                return part;
            }
        }
        return NULL;
    case QV_EXPR_STARRED: return kind == TARGET_DEL ? e : invalid_target(e->u.starred.value, kind);
    case QV_EXPR_COMPARE:
        // `for a in b` without more: the rule that looks for a target has taken `a in b`.
        if (kind == TARGET_FOR) {
            return e->u.compare.ops.items[0] == QV_CMPOP_IN
                       ? invalid_target(e->u.compare.left, kind)
                       : NULL;
        }
        return e;
    case QV_EXPR_NAME:
    case QV_EXPR_SUBSCRIPT:
    case QV_EXPR_ATTRIBUTE: return NULL;
    default: return e;
    }
}

// --- actions -------------------------------------------------------------------------------------

static const QvToken *seen_token(const QvPeg *peg) { return &peg->p->lx->tokens[peg->seen]; }

static void raise_range(QvPeg *peg, QvPos first, QvPos last, const char *msg)
{
    if (!peg->p->raised) {
        QvPos pos = {first.lineno, first.col_offset, last.end_lineno, last.end_col_offset};
        qv_parser_error_at(peg->p, &qv_exc_SyntaxError, pos, seen_token(peg), "%s", msg);
    }
}

static void raise_seen(QvPeg *peg, QvType *type, const char *msg)
{
    qv_parser_error_seen(peg->p, type, seen_token(peg), "%s", msg);
}

// The end is where the tokeniser stands.
static void raise_from(QvPeg *peg, QvPegSpan a, const char *msg)
{
    QvPos pos = span_pos(peg, a);
    const QvToken *seen = seen_token(peg);
    int32_t end = seen->end_col_offset - 1 + (seen->kind == QV_TOK_NEWLINE);
    pos.end_lineno = seen->end_lineno;
    pos.end_col_offset = seen->end_col_offset < 0 ? 0 : end;
    raise_range(peg, pos, pos, msg);
}

static bool is_text(const QvPeg *peg, QvPegSpan span, const char *text)
{
    const QvToken *t = &peg->p->lx->tokens[span.first];
    return span.first == span.last && t->kind == QV_TOK_NAME && t->end - t->start == strlen(text) &&
           memcmp(peg->p->lx->text + t->start, text, strlen(text)) == 0;
}

// print and exec were statements once.
static bool is_legacy(const QvPeg *peg, QvPegSpan span)
{
    return is_text(peg, span, "print") || is_text(peg, span, "exec");
}

static void act_target(QvPeg *peg, const QvPegAction *action, QvPegSpan a)
{
    const QvExpr *e = span_expr(peg, a);
    TargetKind kind = action->text[0] == 'd'   ? TARGET_DEL
                      : action->text[0] == 'f' ? TARGET_FOR
                                               : TARGET_STAR;
    const QvExpr *wrong = e ? invalid_target(e, kind) : NULL;
    if (wrong) {
        char msg[80];
        snprintf(msg, sizeof msg, "cannot %s %s", kind == TARGET_DEL ? "delete" : "assign to",
                 expression_name(wrong));
        raise_range(peg, wrong->pos, wrong->pos, msg);
    }
}

static void act_genexp_last(QvPeg *peg, QvPegSpan a, QvPegSpan b)
{
    QvExprSeq args = {0, NULL};
    QvKeywordSeq keywords = {0, NULL};
    if (span_arguments(peg, a, &args, &keywords) && args.count > 1) {
        raise_range(peg, args.items[args.count - 1]->pos, last_comprehension_item(peg, b),
                    "Generator expression must be parenthesized");
    }
}

static void act_positional_after_keyword(QvPeg *peg, QvPegSpan a)
{
    QvExprSeq args = {0, NULL};
    QvKeywordSeq keywords = {0, NULL};
    if (!span_arguments(peg, a, &args, &keywords)) {
        return;
    }
    const char *msg = "positional argument follows keyword argument";
    for (QvSsize i = 0; i < keywords.count; i++) {
        if (!keywords.items[i]->arg) {
            msg = "positional argument follows keyword argument unpacking";
        }
    }
    raise_seen(peg, &qv_exc_SyntaxError, msg);
}

static void act_comma(QvPeg *peg, QvPegSpan a, QvPegSpan b)
{
    // Only inside brackets is a comma likely.
    if (!is_legacy(peg, a) && peg->p->lx->tokens[peg->pos - 1].level > 0) {
        raise_range(peg, span_pos(peg, a), span_pos(peg, b),
                    "invalid syntax. Perhaps you forgot a comma?");
    }
}

static void act_legacy(QvPeg *peg, QvPegSpan a, QvPegSpan b)
{
    if (is_legacy(peg, a)) {
        const char *name = is_text(peg, a, "print") ? "print" : "exec";
        char msg[100];
        snprintf(msg, sizeof msg, "Missing parentheses in call to '%s'. Did you mean %s(...)?",
                 name, name);
        raise_range(peg, span_pos(peg, a), span_pos(peg, b), msg);
    }
}

static void act_no_value(QvPeg *peg, QvPegSpan a)
{
    QvPos pos = span_pos(peg, a);
    pos.col_offset = pos.end_col_offset - 1;
    pos.end_col_offset = -1;
    raise_range(peg, pos, pos, "':' expected after dictionary key");
}

static void act_call(QvPeg *peg, const QvPegAction *action, QvPegSpan a, QvPegSpan b)
{
    char name[32];
    snprintf(name, sizeof name, "%.*s", (int)action->len, action->text);
    if (strcmp(name, "comma") == 0) {
        act_comma(peg, a, b);
    } else if (strcmp(name, "legacy") == 0) {
        act_legacy(peg, a, b);
    } else if (strcmp(name, "genexp_first") == 0) {
        raise_range(peg, span_pos(peg, a), last_comprehension_item(peg, b),
                    "Generator expression must be parenthesized");
    } else if (strcmp(name, "genexp_later") == 0) {
        raise_range(peg, span_pos(peg, a), last_comprehension_target(peg, b),
                    "Generator expression must be parenthesized");
    } else if (strcmp(name, "genexp_last") == 0) {
        act_genexp_last(peg, a, b);
    } else if (strcmp(name, "positional_after_keyword") == 0) {
        act_positional_after_keyword(peg, a);
    } else if (strcmp(name, "no_value") == 0) {
        act_no_value(peg, a);
    }
}

// The action's message with %n and %t filled in.
static void expand(QvPeg *peg, const QvPegAction *action, QvPegSpan a, char *msg, size_t size)
{
    size_t used = 0;
    for (size_t i = 0; i < action->len && used + 1 < size; i++) {
        char c = action->text[i];
        if (c == '%' && i + 1 < action->len && action->text[i + 1] == 'n') {
            const QvExpr *e = span_expr(peg, a);
            used += (size_t)snprintf(msg + used, size - used, "%s",
                                     e ? expression_name(e) : "expression");
            i++;
        } else if (c == '%' && i + 1 < action->len && action->text[i + 1] == 't') {
            used += (size_t)snprintf(msg + used, size - used, "%s",
                                     qv_token_text(peg->p->lx->tokens[a.first].kind));
            i++;
        } else {
            msg[used++] = c;
        }
    }
    msg[used < size ? used : size - 1] = '\0';
}

void qv_peg_act(QvPeg *peg, const QvPegAction *action, QvPegSpan a, QvPegSpan b)
{
    char msg[200];
    switch (action->kind) {
    case QV_PEG_AT:
        expand(peg, action, a, msg, sizeof msg);
        raise_range(peg, span_pos(peg, a), span_pos(peg, a), msg);
        break;
    case QV_PEG_RANGE:
        expand(peg, action, a, msg, sizeof msg);
        raise_range(peg, span_pos(peg, a), last_item_pos(peg, b), msg);
        break;
    case QV_PEG_SEEN:
        expand(peg, action, a, msg, sizeof msg);
        raise_seen(peg, &qv_exc_SyntaxError, msg);
        break;
    case QV_PEG_FROM:
        expand(peg, action, a, msg, sizeof msg);
        raise_from(peg, a, msg);
        break;
    case QV_PEG_BLOCK:
        snprintf(msg, sizeof msg, "expected an indented block after %.*s on line %d",
                 (int)action->len, action->text, (int)peg->p->lx->tokens[a.first].lineno);
        raise_seen(peg, &qv_exc_IndentationError, msg);
        break;
    case QV_PEG_INDENT:
        expand(peg, action, a, msg, sizeof msg);
        raise_seen(peg, &qv_exc_IndentationError, msg);
        break;
    case QV_PEG_TARGET: act_target(peg, action, a); break;
    case QV_PEG_CALL: act_call(peg, action, a, b); break;
    case QV_PEG_NONE: break;
    }
}

// --- the diagnosis -------------------------------------------------------------------------------

void qv_parser_check_rest(QvParser *p, const QvToken *seen)
{
    const QvLexer *lx = p->lx;
    const QvLexError *error = &lx->error;
    if (error->kind == QV_LEX_OK || seen->kind == QV_TOK_ERROR ||
        !qv_err_matches(p->qi, &qv_exc_SyntaxError)) {
        return;
    }
    if (error->kind == QV_LEX_SYNTAX) {
        qv_err_clear(p->qi);
        qv_parser_error_lexer(p);
    } else if (lx->level > 0 && seen->lineno > lx->bracket_lineno[lx->level - 1]) {
        qv_err_clear(p->qi);
        qv_parser_error_unclosed(p, &lx->tokens[lx->count - 1]);
    }
}

// Whether the tokeniser has been at the end of the text when it made this token.
static bool is_at_end(const QvParser *p, const QvToken *t)
{
    if (t->kind == QV_TOK_ERROR) {
        return p->lx->error.kind == QV_LEX_EOF || p->lx->error.at_end;
    }
    return t->kind == QV_TOK_ENDMARKER || t->end >= p->lx->len;
}

bool qv_parser_check_incomplete(QvParser *p, const QvToken *seen, QvParseInfo *info)
{
    if (!info || !(p->flags & QV_PARSE_ALLOW_INCOMPLETE) || !is_at_end(p, seen)) {
        return false;
    }
    if (p->raised) {
        if (!qv_err_matches(p->qi, &qv_exc_SyntaxError)) {
            return false;
        }
        qv_err_clear(p->qi);
    }
    info->incomplete = true;
    qv_parser_error_seen(p, &qv_exc_SyntaxError, seen, "incomplete input");
    return true;
}

// At t, the last token that the first pass looked at; the second may have seen more.
static void raise_generic(QvParser *p, const QvToken *t, const QvToken *seen)
{
    if (t->kind == QV_TOK_INDENT) {
        qv_parser_error_seen(p, &qv_exc_IndentationError, t, "unexpected indent");
    } else if (t->kind == QV_TOK_DEDENT) {
        qv_parser_error_seen(p, &qv_exc_IndentationError, t, "unexpected unindent");
    } else {
        qv_parser_error_tokens(p, &qv_exc_SyntaxError, t, t, seen, "invalid syntax");
    }
}

void qv_parser_diagnose(QvParser *p, QvParseStart start, QvParseInfo *info)
{
    p->again = true;
    p->warned = UINT32_MAX; // this only finds out how far CPython's first pass gets: no warnings
    static const char *const rules[] = {
        [QV_START_FILE] = "file",           [QV_START_EVAL] = "eval",
        [QV_START_SINGLE] = "interactive",  [QV_START_FSTRING] = "fstring",
        [QV_START_FUNC_TYPE] = "func_type",
    };
    const QvToken *tokens = p->lx->tokens;
    // What comes before a block that nobody expected may be `match x` without its colon.
    const QvToken *first = p->statement->kind == QV_TOK_INDENT ? p->previous : p->statement;
    uint32_t base = start == QV_START_FILE ? (uint32_t)(first - tokens) : 0;
    const QvToken *furthest = p->tok;
    QvPeg peg;
    if (!qv_peg_init(&peg, p, base)) {
        return;
    }
    peg.seen = base;
    p->depth = 0;
    bool matched = qv_peg_match(&peg, rules[start], false);
    const QvToken *last = &tokens[peg.seen];
    if (qv_parser_check_incomplete(p, last, info)) {
        return;
    }
    if (!p->raised && !matched && !peg.stopped) {
        p->warned = 0; // CPython parses a second time, too, and warns again
        qv_peg_match(&peg, rules[start], true);
    }
    if (!p->raised) {
        // A match means that the two grammars disagree; the parser's own word counts.
        if (matched || peg.stopped) {
            last = furthest;
        }
        if (last->kind == QV_TOK_ERROR) {
            qv_parser_error_lexer(p);
            return;
        }
        raise_generic(p, last, &tokens[peg.seen]);
        if (last->kind == QV_TOK_INDENT || last->kind == QV_TOK_DEDENT) {
            return;
        }
    }
    qv_parser_check_rest(p, &tokens[peg.seen]);
}
