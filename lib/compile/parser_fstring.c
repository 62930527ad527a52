// SPDX-License-Identifier: MIT
// f-strings: literal text, and fields whose expressions are parsed by a parser of their own.
//
// As in CPython 3.11 an f-string is one token, so that its expressions cannot hold a backslash, a
// comment or its quote. An expression is cut out, put in parentheses (white space and newlines then
// mean nothing) and parsed with the position of its brace. All nodes of the string itself have the
// position of the whole concatenation.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "compile/parser_internal.h"

static bool add_pieces(QvParser *p, QvFString *f, const QvToken *t, const char **s, const char *end,
                       bool raw, int depth);

// Errors in the form of the string are told at the token behind it. Always false.
static bool QV_PRINTF(2, 3) fail(QvParser *p, const char *fmt, ...)
{
    char msg[120];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    qv_parser_error_seen(p, &qv_exc_SyntaxError, p->tok, "%s", msg);
    return false;
}

bool qv_fstring_flush(QvParser *p, QvFString *f, QvPos pos)
{
    if (f->text.len == 0) {
        return true;
    }
    QvObj *value = qv_text_to_str(p, &f->text);
    QvExpr *e = value ? qv_parser_expr(p, QV_EXPR_CONSTANT, pos) : NULL;
    if (!e) {
        return false;
    }
    e->u.constant.value = value;
    e->u.constant.kind = f->kind;
    f->text.len = 0;
    f->text.surrogates = false;
    return qv_parser_push(p, e);
}

// --- the expression of a field -------------------------------------------------------------------

// Where the expression behind `brace` begins, as tokens are told: lines after the string's first,
// and the column to add on the first line.
static void locate(const char *literal, const char *brace, int32_t *lines, int32_t *col)
{
    *lines = 0;
    const char *line = literal;
    for (const char *s = literal; s < brace; s++) {
        if (*s == '\n') {
            ++*lines;
            line = s + 1;
        }
    }
    const char *s = brace + 1;
    while (*s == ' ' || *s == '\t' || *s == '\f') {
        s++;
    }
    // A newline behind the brace makes the first line of the expression empty.
    *col = *s == '\n' ? 0 : (int32_t)(brace - line);
}

static QvExpr *parse_wrapped(QvParser *p, const QvToken *t, const char *brace, char *text,
                             size_t len)
{
    int32_t lines;
    int32_t col;
    locate(p->lx->text + t->start, brace, &lines, &col);
    QvLexer *lx = qv_alloc(p->qi, sizeof(QvLexer));
    if (!lx) {
        return qv_parser_raised(p);
    }
    qv_lexer_init(lx, p->qi, text, len, QV_LEX_FILE);
    lx->first_lineno = t->lineno + lines;
    lx->first_col = lines ? col : t->col_offset + col;
    QvSource src = {
        .text = text,
        .len = len,
        .filename = p->src->filename,
        .is_fstring = true,
        .byte_columns = true,
        .first_lineno = lx->first_lineno,
        .fstring_col_shift = lx->first_col,
    };
    QvExpr *e = NULL;
    if (qv_lexer_run(lx) < 0) {
        p->raised = true;
    } else {
        QvParser sub;
        qv_parser_init(&sub, p->arena, lx, &src, p->flags);
        sub.depth = p->depth + 8; // the frames between
        sub.quiet = p->literal_quiet;
        e = qv_parse_star_expressions(&sub);
        if (!e) {
            if (sub.raised) {
                qv_parser_check_rest(&sub, sub.tok);
            } else {
                qv_parser_diagnose(&sub, QV_START_FSTRING, NULL);
            }
            p->raised = true;
        }
        qv_parser_fini(&sub);
    }
    qv_lexer_fini(lx);
    qv_free(p->qi, lx, sizeof(QvLexer));
    return e;
}

// The expression s[0..n); `brace` is the '{' before it.
static QvExpr *parse_field_expression(QvParser *p, const QvToken *t, const char *brace,
                                      const char *s, size_t n)
{
    size_t blank = 0;
    while (blank < n &&
           (s[blank] == ' ' || s[blank] == '\t' || s[blank] == '\n' || s[blank] == '\f')) {
        blank++;
    }
    if (blank == n) {
        if (s[n] == '!' || s[n] == ':' || s[n] == '=') {
            fail(p, "f-string: expression required before '%c'", s[n]);
        } else {
            fail(p, "f-string: empty expression not allowed");
        }
        return NULL;
    }
    char *text = qv_alloc(p->qi, n + 4);
    if (!text) {
        return qv_parser_raised(p);
    }
    text[0] = '(';
    memcpy(text + 1, s, n);
    text[n + 1] = ')';
    text[n + 2] = '\n';
    text[n + 3] = '\0';
    QvExpr *e = parse_wrapped(p, t, brace, text, n + 3);
    qv_free(p->qi, text, n + 4);
    return e;
}

// Finds the end of a field's expression: *s moves from its first byte to the character that ends
// it.
static bool scan_expression(QvParser *p, const char **s, const char *end)
{
    char brackets[QV_LEX_MAX_LEVEL];
    int level = 0;
    char quote = 0;
    bool triple = false;
    for (; *s < end; ++*s) {
        const char *c = *s;
        if (*c == '\\') {
            return fail(p, "f-string expression part cannot include a backslash");
        }
        bool three = end - c > 2 && c[1] == *c && c[2] == *c;
        if (quote) {
            if (*c == quote && (!triple || three)) {
                *s += triple ? 2 : 0;
                quote = 0;
            }
            continue;
        }
        switch (*c) {
        case '\'':
        case '"':
            quote = *c;
            triple = three;
            *s += three ? 2 : 0;
            continue;
        case '(':
        case '[':
        case '{':
            if (level >= QV_LEX_MAX_LEVEL) {
                return fail(p, "f-string: too many nested parenthesis");
            }
            brackets[level++] = *c;
            continue;
        case '#': return fail(p, "f-string expression part cannot include '#'");
        default: break;
        }
        if (level == 0 && strchr("!:}=<>", *c)) {
            if (end - c > 1 && c[1] == '=' && strchr("!=<>", *c)) {
                ++*s;
                continue;
            }
            if (*c == '<' || *c == '>') {
                continue;
            }
            break;
        }
        if (*c == ')' || *c == ']' || *c == '}') {
            if (level == 0) {
                return fail(p, "f-string: unmatched '%c'", *c);
            }
            char opening = brackets[--level];
            if ((*c == ')' && opening != '(') || (*c == ']' && opening != '[') ||
                (*c == '}' && opening != '{')) {
                return fail(
                    p, "f-string: closing parenthesis '%c' does not match opening parenthesis '%c'",
                    *c, opening);
            }
        }
    }
    if (quote) {
        return fail(p, "f-string: unterminated string");
    }
    if (level > 0) {
        return fail(p, "f-string: unmatched '%c'", brackets[level - 1]);
    }
    return true;
}

static bool expecting_brace(QvParser *p) { return fail(p, "f-string: expecting '}'"); }

// A format has the position of its own literal, not of the concatenation; fields in it have the
// latter.
static QvExpr *parse_format_spec(QvParser *p, QvFString *outer, const QvToken *t, const char **s,
                                 const char *end, bool raw, int depth)
{
    QvFString f = {
        .first = outer->first, .last = outer->last, .mark = p->stack_len, .kind = outer->kind};
    QvPos pos = {t->lineno, t->col_offset, t->end_lineno, t->end_col_offset};
    QvExpr *e = NULL;
    bool ok = add_pieces(p, &f, t, s, end, raw, depth + 1);
    f.kind = NULL;
    if (ok && qv_fstring_flush(p, &f, pos)) {
        e = qv_parser_expr(p, QV_EXPR_JOINED_STR, pos);
        if (e) {
            e->u.joined_str.values.items = qv_parser_take(p, f.mark, &e->u.joined_str.values.count);
        }
    }
    p->stack_len = f.mark;
    qv_text_fini(p, &f.text);
    return p->raised ? NULL : e;
}

// '{' expression ['='] ['!' conversion] [':' format] '}'; *s stands on the brace and ends behind
// the field.
static bool add_field(QvParser *p, QvFString *f, const QvToken *t, const char **s, const char *end,
                      bool raw, int depth)
{
    if (depth >= 2) {
        return fail(p, "f-string: expressions nested too deeply");
    }
    const char *brace = (*s)++;
    const char *start = *s;
    if (!scan_expression(p, s, end)) {
        return false;
    }
    if (*s >= end) {
        return expecting_brace(p);
    }
    QvExpr *value = parse_field_expression(p, t, brace, start, (size_t)(*s - start));
    if (!value) {
        return false;
    }
    bool debug = **s == '=';
    if (debug) {
        if (p->version < 8) {
            return fail(p,
                        "f-string: self documenting expressions are only supported in Python 3.8 "
                        "and greater");
        }
        ++*s;
        while (*s < end && (**s == ' ' || (**s >= '\t' && **s <= '\r'))) {
            ++*s;
        }
        if (*s >= end) {
            return expecting_brace(p);
        }
        if (!qv_text_add(p, &f->text, start, (size_t)(*s - start))) {
            return false;
        }
    }
    int conversion = -1;
    if (**s == '!') {
        ++*s;
        if (*s >= end) {
            return expecting_brace(p);
        }
        conversion = (unsigned char)**s;
        ++*s;
        if (conversion != 's' && conversion != 'r' && conversion != 'a') {
            return fail(p, "f-string: invalid conversion character: expected 's', 'r', or 'a'");
        }
    }
    if (*s >= end) {
        return expecting_brace(p);
    }
    QvExpr *format_spec = NULL;
    if (**s == ':') {
        ++*s;
        if (*s >= end) {
            return expecting_brace(p);
        }
        format_spec = parse_format_spec(p, f, t, s, end, raw, depth);
        if (!format_spec) {
            return false;
        }
    }
    if (*s >= end || **s != '}') {
        return expecting_brace(p);
    }
    ++*s;
    if (debug && !format_spec && conversion == -1) {
        conversion = 'r';
    }
    if (!qv_fstring_flush(p, f, qv_parser_pos(p, f->first))) {
        return false;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_FORMATTED_VALUE, qv_parser_pos(p, f->first));
    if (!e) {
        return false;
    }
    e->u.formatted_value.value = value;
    e->u.formatted_value.conversion = conversion;
    e->u.formatted_value.format_spec = format_spec;
    return qv_parser_push(p, e);
}

// --- literal text --------------------------------------------------------------------------------

// Adds text up to the next field, the end, or (in a format) the closing brace. *again is set at a
// doubled brace, where the text goes on.
static bool add_text(QvParser *p, QvFString *f, const char **s, const char *end, bool raw,
                     int depth, bool *again)
{
    const char *start = *s;
    const char *c = start;
    const char *stop = NULL; // end of the text to add
    const char *next = NULL; // where scanning goes on
    *again = false;
    while (c < end) {
        char ch = *c++;
        if (!raw && ch == '\\' && c < end) {
            ch = *c++;
            if (ch == '{' && !qv_parser_warn(p, p->literal, &qv_exc_DeprecationWarning,
                                             "invalid escape sequence '\\{'")) {
                return false;
            }
            if (ch == 'N') {
                // The braces of \N{name} are no field.
                if (c < end && *c++ == '{') {
                    while (c < end && *c++ != '}') {}
                }
                continue;
            }
        }
        if (ch == '{' || ch == '}') {
            if (depth == 0) {
                if (c < end && *c == ch) {
                    stop = c;
                    next = c + 1;
                    *again = true;
                    break;
                }
                if (ch == '}') {
                    return fail(p, "f-string: single '}' is not allowed");
                }
            }
            c--;
            break;
        }
    }
    if (!stop) {
        stop = c;
        next = c;
    }
    *s = next;
    return qv_text_add_literal(p, &f->text, start, (size_t)(stop - start), raw);
}

static bool add_pieces(QvParser *p, QvFString *f, const QvToken *t, const char **s, const char *end,
                       bool raw, int depth)
{
    for (;;) {
        bool again;
        if (!add_text(p, f, s, end, raw, depth, &again)) {
            return false;
        }
        if (again) {
            continue;
        }
        if (*s >= end || **s == '}') {
            break;
        }
        if (!add_field(p, f, t, s, end, raw, depth)) {
            return false;
        }
    }
    if (depth > 0 && (*s >= end || **s != '}')) {
        return expecting_brace(p);
    }
    return true;
}

bool qv_fstring_add(QvParser *p, QvFString *f, const QvToken *t, const char *s, size_t n, bool raw)
{
    if (!qv_parser_since(p, 6, "Format strings are")) {
        return false;
    }
    return add_pieces(p, f, t, &s, s + n, raw, 0);
}
