// SPDX-License-Identifier: MIT
// What the parser's files share.
//
// The parser is a recursive descent over the token array, written for valid programs: a function
// returns NULL (or false) as soon as the input does not fit, without saying why. Three things may
// have happened then:
//   - the input is not Python: nothing is set; qv_parser_diagnose() finds out what to say;
//   - a literal is wrong in itself (an escape, a mixture of bytes and str): the exception is set
//     and p->raised is true;
//   - there is no memory, or the nesting is too deep: the same.
// A failed attempt may be retried from an earlier token as long as p->raised is false.
#ifndef QV_COMPILE_PARSER_INTERNAL_H
#define QV_COMPILE_PARSER_INTERNAL_H

#include "compile/ast.h"
#include "compile/lexer.h"
#include "compile/parser.h"
#include "object/error.h"
#include "object/object.h"

// Nested expressions, operators and patterns that are followed by C recursion; each costs some 300
// bytes of stack.
#define QV_PARSER_MAX_DEPTH 3000

// One text being parsed: the source itself, or an expression inside an f-string.
typedef struct QvSource {
    const char *text;  // normalised UTF-8; borrowed
    size_t len;        // bytes
    QvObj *filename;   // borrowed
    bool byte_columns; // columns in messages count bytes: no encoding was declared (CPython 3.11)
    bool is_file;      // QV_PARSE_FROM_FILE
    bool is_fstring;   // messages start with "f-string: "
    int32_t first_lineno;      // of text's first line
    int32_t fstring_col_shift; // added to the columns of the first line of an f-string expression
} QvSource;

typedef struct QvParserName {
    QvObj *str; // borrowed from the arena; NULL: empty entry
    uint32_t hash;
    uint32_t start; // where the name stands in the text
    uint32_t len;
} QvParserName;

typedef struct QvParser {
    QvInterp *qi;
    QvArena *arena;
    QvLexer *lx;
    QvSource *src;
    const QvToken *tok;       // the next one
    const QvToken *statement; // where the present statement of the module begins
    const QvToken *previous;  // and the one before it
    bool raised;              // an exception is set: give up
    int depth;                // see QV_PARSER_MAX_DEPTH

    // Warnings about literals. A literal may be parsed more than once but is warned about once.
    const QvToken *literal; // the string literal at hand
    uint32_t warned;        // literals that start before this offset have had their warnings
    bool again;             // the text is parsed again, to find the mistake
    bool quiet;             // the text is part of such a literal: no warnings at all
    bool literal_quiet;     // none for the literal at hand

    unsigned flags; // QvParseFlags
    int version;    // minor version of the grammar

    void **stack; // items of sequences under construction; owned
    size_t stack_len;
    size_t stack_cap;

    QvParserName *names; // open addressing, power of two; one str for each spelling
    uint32_t names_used;
    uint32_t names_cap;
} QvParser;

// --- parser.c: tokens, sequences, names ----------------------------------------------------------

void qv_parser_init(QvParser *p, QvArena *arena, QvLexer *lx, QvSource *src, unsigned flags);
void qv_parser_fini(QvParser *p);

// Marks the parser as having raised; NULL, for `return qv_parser_raised(p)`.
void *qv_parser_raised(QvParser *p);

// Counts one level of recursion. False with RecursionError when there are too many; leave only
// after true.
bool qv_parser_enter(QvParser *p);
static inline void qv_parser_leave(QvParser *p) { p->depth--; }

static inline bool qv_parser_at(const QvParser *p, QvTokenKind kind)
{
    return p->tok->kind == kind;
}

// Consumes a token of this kind, if it is next.
static inline bool qv_parser_accept(QvParser *p, QvTokenKind kind)
{
    if (p->tok->kind != kind) {
        return false;
    }
    p->tok++;
    return true;
}

// False with SyntaxError "<what> only supported in Python 3.<minor> and greater" when the grammar
// of an older version is asked for; `what` ends in "is" or "are".
bool qv_parser_too_new(QvParser *p, int minor, const char *what);
static inline bool qv_parser_since(QvParser *p, int minor, const char *what)
{
    return QV_LIKELY(p->version >= minor) || qv_parser_too_new(p, minor, what);
}

// [TYPE_COMMENT]: its text, or NULL when none is next; p->raised without memory.
QvObj *qv_parser_type_comment(QvParser *p);

// True when the next token is the soft keyword `text`.
bool qv_parser_at_soft(const QvParser *p, const char *text);

// From `start` to the last consumed token.
static inline QvPos qv_parser_pos(const QvParser *p, const QvToken *start)
{
    const QvToken *last = p->tok - 1;
    return (QvPos){start->lineno, start->col_offset, last->end_lineno, last->end_col_offset};
}

// From where `first` starts to the last consumed token.
static inline QvPos qv_parser_pos_from(const QvParser *p, QvPos first)
{
    const QvToken *last = p->tok - 1;
    return (QvPos){first.lineno, first.col_offset, last->end_lineno, last->end_col_offset};
}

// Sequences are built on p->stack: push items after noting p->stack_len, then take them off as an
// array in the arena.
bool qv_parser_push(QvParser *p, void *item);
// Takes everything above `mark`. *ret_count is the number. NULL when there is nothing, or with
// p->raised.
void *qv_parser_take(QvParser *p, size_t mark, QvSsize *ret_count);

// The identifier in a NAME token (or a keyword's text), interned and normalised; borrowed from the
// arena.
QvObj *qv_parser_name(QvParser *p, const QvToken *t);

// New nodes; NULL with p->raised.
QvExpr *qv_parser_expr(QvParser *p, QvExprKind kind, QvPos pos);
QvStmt *qv_parser_stmt(QvParser *p, QvStmtKind kind, QvPos pos);
QvPattern *qv_parser_pattern(QvParser *p, QvPatternKind kind, QvPos pos);
void *qv_parser_alloc(QvParser *p, size_t n);
// Keeps a new reference in the arena; NULL (failed constructor included) with p->raised.
QvObj *qv_parser_keep(QvParser *p, QvObj *obj);

// --- parser_expr.c: the names are those of the documented grammar --------------------------------

QvExpr *qv_parse_expression(QvParser *p);
QvExpr *qv_parse_named_expression(QvParser *p);
QvExpr *qv_parse_star_expressions(QvParser *p);
QvExpr *qv_parse_star_expression(QvParser *p);
QvExpr *qv_parse_yield_expr(QvParser *p);
QvExpr *qv_parse_bitwise_or(QvParser *p);
// `yield ...` or star_expressions: what may stand right of an assignment.
QvExpr *qv_parse_yield_or_star_expressions(QvParser *p);
// star_targets, in Store context; the caller checks what follows.
QvExpr *qv_parse_star_targets(QvParser *p);
// One star_target.
QvExpr *qv_parse_star_target(QvParser *p);
// Arguments of a call or class up to, not including, ')'. genexp_ok: a lone generator expression
// may stand there; open is the '(' (where such an expression begins).
bool qv_parse_arguments(QvParser *p, const QvToken *open, bool genexp_ok, QvExprSeq *args,
                        QvKeywordSeq *keywords);
// Parameters up to, not including, `end`: ')' for def (annotations allowed), ':' for lambda.
QvArguments *qv_parse_parameters(QvParser *p, QvTokenKind end);
// A NUMBER token: Constant.
QvExpr *qv_parse_number(QvParser *p);

// Gives a parsed expression the context of an assignment's or del's target. False if it cannot be
// one; starred tells whether `*x` itself is allowed here.
bool qv_parser_make_target(QvParser *p, QvExpr *e, QvExprContext ctx, bool starred);

// --- parser_stmt.c -------------------------------------------------------------------------------

bool qv_parse_statements(QvParser *p, QvTokenKind end, QvStmtSeq *ret);
bool qv_parse_interactive(QvParser *p, QvStmtSeq *ret);
bool qv_parse_block(QvParser *p, QvStmtSeq *ret);
// From `start` to the last token that is not layout.
QvPos qv_parser_stmt_pos(const QvParser *p, const QvToken *start);

// --- parser_pattern.c ----------------------------------------------------------------------------

// p->tok is at the soft keyword `match`. NULL without p->raised: not a match statement.
QvStmt *qv_parse_match(QvParser *p);

// --- parser_string.c: literals; parser_fstring.c: f-strings --------------------------------------

// One or more adjacent STRING tokens: Constant or JoinedStr.
QvExpr *qv_parse_strings(QvParser *p);

// Text being put together from pieces of literals: UTF-8 in which surrogates may occur.
typedef struct QvText {
    char *data; // owned, from qv_alloc
    size_t len;
    size_t cap;
    bool surrogates; // some occurred
} QvText;

bool qv_text_add(QvParser *p, QvText *text, const char *s, size_t n);
bool qv_text_add_cp(QvParser *p, QvText *text, uint32_t cp);
void qv_text_fini(QvParser *p, QvText *text);
// A new str; NULL with p->raised.
QvObj *qv_text_to_str(QvParser *p, const QvText *text);
// Appends s[0..n) with escapes resolved (unless raw).
bool qv_text_add_literal(QvParser *p, QvText *text, const char *s, size_t n, bool raw);

// Warns about a literal at t, unless that has been done. False with p->raised where a filter makes
// it an error.
bool qv_parser_warn(QvParser *p, const QvToken *t, QvType *category, const char *fmt, ...)
    QV_PRINTF(4, 5);
// Notes that the literals from first to last are being parsed, for qv_parser_warn.
void qv_parser_begin_literal(QvParser *p, const QvToken *first, const QvToken *last);

// An f-string under construction: alternating text and fields.
typedef struct QvFString {
    const QvToken *first; // all nodes have the position of the whole concatenation
    const QvToken *last;
    size_t mark; // of the parser's stack, where the values lie
    QvText text; // not yet made a Constant
    QvObj *kind; // of Constants: "u" if the first literal has that prefix
} QvFString;

// Adds the body s[0..n) of the f-string literal in token t.
bool qv_fstring_add(QvParser *p, QvFString *f, const QvToken *t, const char *s, size_t n, bool raw);
// Makes a Constant of the pending text, if any.
bool qv_fstring_flush(QvParser *p, QvFString *f, QvPos pos);

// --- parser_error.c ------------------------------------------------------------------------------

// All raise SyntaxError (or the given subclass), set p->raised and return NULL. `seen` is the last
// token that the parser has looked at: CPython's text and columns depend on it.

// At tokens `first` to `last`, inclusive.
void *qv_parser_error_tokens(QvParser *p, QvType *type, const QvToken *first, const QvToken *last,
                             const QvToken *seen, const char *fmt, ...) QV_PRINTF(6, 7);
// At a place; columns in bytes from 0; end_col_offset -1: unknown.
void *qv_parser_error_at(QvParser *p, QvType *type, QvPos pos, const QvToken *seen, const char *fmt,
                         ...) QV_PRINTF(5, 6);
// At the last token seen.
void *qv_parser_error_seen(QvParser *p, QvType *type, const QvToken *seen, const char *fmt, ...)
    QV_PRINTF(4, 5);
// At the last character of a token, as the lexer tells of its errors.
void *qv_parser_error_last_char(QvParser *p, const QvToken *t, const char *msg);
// The lexer's own error, at its ERROR token.
void *qv_parser_error_lexer(QvParser *p);
// "'(' was never closed", for the innermost open bracket.
void *qv_parser_error_unclosed(QvParser *p, const QvToken *seen);

// --- parser_diagnose.c ---------------------------------------------------------------------------

// The start symbol of a parse.
typedef enum QvParseStart {
    QV_START_FILE,
    QV_START_EVAL,
    QV_START_SINGLE,
    QV_START_FSTRING,
    QV_START_FUNC_TYPE
} QvParseStart;

// Called after a failed parse with nothing raised: raises the SyntaxError that CPython would. info
// may be NULL.
void qv_parser_diagnose(QvParser *p, QvParseStart start, QvParseInfo *info);

// Where the text may be the beginning of a longer one, and the parser has seen its end at `seen`:
// raises "incomplete input" instead of what is pending and tells so in info. info may be NULL:
// never.
bool qv_parser_check_incomplete(QvParser *p, const QvToken *seen, QvParseInfo *info);

// With a SyntaxError pending, raised when the parser had looked at `seen`: raises what is wrong in
// the rest of the text instead, where CPython thinks that more likely the cause.
void qv_parser_check_rest(QvParser *p, const QvToken *seen);

// --- parser_source.c -----------------------------------------------------------------------------

// A source made ready for the lexer.
typedef struct QvPrepared {
    char *text;      // NUL-terminated, from qv_alloc
    size_t size;     // bytes of that block
    size_t len;      // bytes of the text
    bool undeclared; // bytes without BOM or cookie: may hold what is no UTF-8
} QvPrepared;

// Decodes and normalises a source. 0, or -1 with an exception set.
int qv_source_prepare(QvInterp *qi, const char *src, QvSsize len, QvObj *filename, QvParseMode mode,
                      unsigned flags, QvPrepared *ret);

#endif
