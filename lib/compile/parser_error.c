// SPDX-License-Identifier: MIT
// Raising SyntaxError with CPython's positions.
//
// Three habits of CPython 3.11 show here. A place without a known end has end_offset 0 or -1, by
// the way it is raised. The text of the line ends with its newline only if the tokeniser had not
// gone past that line. And the end column is counted in the text of the first line, even when the
// error ends on another one.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "compile/parser_internal.h"
#include "object/str.h"

// The text of line `lineno` of the source: start and end (the newline excluded).
static const char *find_line(const QvParser *p, int32_t lineno, const char **end)
{
    const char *line = p->src->text;
    for (int32_t n = p->src->first_lineno; n < lineno; n++) {
        const char *nl = strchr(line, '\n');
        if (!nl || nl[1] == '\0') {
            break;
        }
        line = nl + 1;
    }
    const char *nl = strchr(line, '\n');
    *end = nl ? nl : line + strlen(line);
    return line;
}

// Code points in the first n bytes of a line of len bytes; a character that is cut counts.
static int count_chars(const char *line, QvSsize len, QvSsize n)
{
    if (n > len + 1) {
        n = len + 1;
    }
    int count = 0;
    for (QvSsize i = 0; i < n; i++) {
        count += (line[i] & 0xC0) != 0x80;
    }
    return count;
}

static QV_COLD void *raise_line(QvParser *p, QvType *type, const char *msg, int lineno, int col,
                                int end_lineno, int end_col, const char *line, QvSsize len)
{
    p->raised = true;
    QvObj *text = qv_str_decode(p->qi, line, len, "utf-8", "replace");
    if (text) {
        qv_raise_syntax(p->qi, type, msg, p->src->filename, lineno, col, end_lineno, end_col, text);
        qv_decref(p->qi, text);
    }
    return NULL;
}

// Whether the newline before `line` is joined by a backslash, outside indentation and comments.
static bool is_joined(const QvParser *p, int32_t lineno, const char *line)
{
    const char *text = p->src->text;
    if (line - text < 2 || line[-1] != '\n' || line[-2] != '\\') {
        return false;
    }
    const QvLexer *lx = p->lx;
    for (uint32_t i = 0; i < lx->count; i++) {
        if (lx->tokens[i].kind == QV_TOK_NEWLINE && lx->tokens[i].lineno == lineno - 1) {
            return false;
        }
    }
    const char *s = line - 2;
    const char *first = s;
    while (first > text && first[-1] != '\n') {
        first--;
    }
    if (first[strspn(first, " \t\f")] == '#') {
        return false;
    }
    while (s > text && (s[-1] == ' ' || s[-1] == '\t' || s[-1] == '\f')) {
        s--;
    }
    bool indentation = s == text || (s[-1] == '\n' && !(s - text >= 2 && s[-2] == '\\'));
    return !indentation;
}

static bool is_in_string(const QvParser *p, int32_t lineno)
{
    const QvLexer *lx = p->lx;
    for (uint32_t i = 0; i < lx->count; i++) {
        const QvToken *t = &lx->tokens[i];
        if (t->kind == QV_TOK_STRING && t->lineno < lineno && t->end_lineno >= lineno) {
            return true;
        }
    }
    return false;
}

// The tokeniser keeps the lines of a joined line, or of a string that spans lines, as one: the
// start of the first.
static const char *find_buffered_start(const QvParser *p, int32_t lineno, const char *line)
{
    const char *text = p->src->text;
    while (line > text && (is_joined(p, lineno, line) || is_in_string(p, lineno))) {
        lineno--;
        line--;
        while (line > text && line[-1] != '\n') {
            line--;
        }
    }
    return line;
}

// Columns here are bytes counted from 1; 0 and -1 have CPython's meanings. lexed: the line the
// tokeniser was on.
static void *raise_known(QvParser *p, QvType *type, int32_t lineno, QvSsize col, int32_t end_lineno,
                         QvSsize end_col, int32_t lexed, const char *msg)
{
    const char *end;
    const char *line = find_line(p, lineno, &end);
    if (p->src->is_file) {
        end += *end == '\n';
    } else if (lexed <= lineno) {
        line = find_buffered_start(p, lineno, line);
        end += *end == '\n';
    }
    QvSsize len = end - line;
    char buf[400];
    if (p->src->is_fstring) {
        snprintf(buf, sizeof buf, "f-string: %s", msg);
        msg = buf;
        col -= p->src->fstring_col_shift;
        end_col -= p->src->fstring_col_shift;
    }
    if (!p->src->byte_columns) {
        col = col > 0 ? count_chars(line, len, col) : col;
        end_col = end_col > 0 ? count_chars(line, len, end_col) : end_col;
    }
    return raise_line(p, type, msg, lineno, (int)col, end_lineno, (int)end_col, line, len);
}

void *qv_parser_error_tokens(QvParser *p, QvType *type, const QvToken *first, const QvToken *last,
                             const QvToken *seen, const char *fmt, ...)
{
    char msg[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    return raise_known(p, type, first->lineno, first->col_offset + 1, last->end_lineno,
                       last->end_col_offset + 1, seen->end_lineno, msg);
}

void *qv_parser_error_at(QvParser *p, QvType *type, QvPos pos, const QvToken *seen, const char *fmt,
                         ...)
{
    char msg[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    return raise_known(p, type, pos.lineno, pos.col_offset + 1, pos.end_lineno,
                       pos.end_col_offset + 1, seen->end_lineno, msg);
}

// A token without a column is placed where the tokeniser stood: behind the indentation, or at the
// end of the line.
static QvSsize lexer_column(const QvParser *p, const QvToken *seen)
{
    const char *text = p->lx->text;
    const char *at = text + seen->start;
    if (seen->kind == QV_TOK_ERROR) {
        return (QvSsize)p->lx->error.at - (QvSsize)p->lx->error.line;
    }
    if (p->src->is_file && *at == '\0') {
        return 0;
    }
    const char *line = at;
    if (line > text && *line == '\0') {
        line--; // the end of the text belongs to the last line
    }
    while (line > text && line[-1] != '\n') {
        line--;
    }
    return at - line;
}

void *qv_parser_error_seen(QvParser *p, QvType *type, const QvToken *seen, const char *fmt, ...)
{
    char msg[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    QvSsize col = seen->col_offset == -1 ? lexer_column(p, seen) : seen->col_offset + 1;
    QvSsize end_col = seen->end_col_offset == -1 ? -1 : seen->end_col_offset + 1;
    return raise_known(p, type, seen->lineno, col, seen->end_lineno, end_col, seen->end_lineno,
                       msg);
}

void *qv_parser_error_unclosed(QvParser *p, const QvToken *seen)
{
    const QvLexer *lx = p->lx;
    int i = lx->level - 1;
    char msg[40];
    snprintf(msg, sizeof msg, "'%c' was never closed", lx->bracket[i]);
    return raise_known(p, &qv_exc_SyntaxError, lx->bracket_lineno[i], lx->bracket_col[i] + 1,
                       lx->bracket_lineno[i], 0, seen->end_lineno, msg);
}

void *qv_parser_error_last_char(QvParser *p, const QvToken *t, const char *msg)
{
    const char *text = p->lx->text;
    const char *line = text + t->end - 1;
    while (line > text && line[-1] != '\n') {
        line--;
    }
    const char *nl = strchr(line, '\n');
    QvSsize len = nl ? nl - line : (QvSsize)strlen(line);
    int col = count_chars(line, len, text + t->end - line);
    return raise_line(p, &qv_exc_SyntaxError, msg, t->lineno, col, t->lineno, col, line, len);
}

void *qv_parser_error_lexer(QvParser *p)
{
    const QvLexer *lx = p->lx;
    const QvLexError *error = &lx->error;
    const QvToken *t = &lx->tokens[lx->count - 1];
    switch (error->kind) {
    case QV_LEX_SYNTAX: {
        const char *line = lx->text + error->line;
        const char *nl = strchr(line, '\n');
        QvSsize len = nl ? nl - line : (QvSsize)strlen(line);
        // A known range is told in bytes, a single place in characters.
        bool range = error->range_end != 0;
        int col = (int)(error->at - error->line);
        col = range ? col : count_chars(line, len, col);
        int end = range ? (int)(error->range_end - error->line) : col;
        return raise_line(p, &qv_exc_SyntaxError, error->msg, error->lineno, col, error->lineno,
                          end, line, len);
    }
    case QV_LEX_EOF:
        if (lx->level > 0) {
            return qv_parser_error_unclosed(p, t);
        }
        return qv_parser_error_seen(p, &qv_exc_SyntaxError, t, "unexpected EOF while parsing");
    case QV_LEX_DECODE: return qv_parser_error_seen(p, &qv_exc_SyntaxError, t, "%s", error->msg);
    case QV_LEX_BAD_DEDENT:
        return qv_parser_error_seen(p, &qv_exc_IndentationError, t,
                                    "unindent does not match any outer indentation level");
    case QV_LEX_TABS:
        return raise_known(p, &qv_exc_TabError, error->lineno, 1, error->lineno, 0, error->lineno,
                           "inconsistent use of tabs and spaces in indentation");
    case QV_LEX_TOO_DEEP:
        return raise_known(p, &qv_exc_IndentationError, error->lineno, 1, error->lineno, 0,
                           error->lineno, "too many levels of indentation");
    default: {
        const char *start = find_buffered_start(p, error->lineno, lx->text + error->line);
        return raise_known(p, &qv_exc_SyntaxError, error->lineno, lx->text + error->at - start,
                           error->lineno, 0, error->lineno,
                           "unexpected character after line continuation character");
    }
    }
}
