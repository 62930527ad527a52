// SPDX-License-Identifier: MIT
// The parser's entry, and what all of its files use: sequences, names, nodes.
#include "compile/parser.h"

#include <stdlib.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "compile/parser_internal.h"
#include "object/str.h"

#define QV_PARSER_NEWEST 11 // minor version of the language

void qv_parser_init(QvParser *p, QvArena *arena, QvLexer *lx, QvSource *src, unsigned flags)
{
    *p = (QvParser){.qi = arena->qi,
                    .arena = arena,
                    .lx = lx,
                    .src = src,
                    .tok = lx->tokens,
                    .statement = lx->tokens,
                    .previous = lx->tokens,
                    .flags = flags,
                    .version = flags >> QV_PARSE_VERSION_SHIFT
                                   ? (int)(flags >> QV_PARSE_VERSION_SHIFT)
                                   : QV_PARSER_NEWEST};
}

void qv_parser_fini(QvParser *p)
{
    if (p->stack) {
        qv_free(p->qi, p->stack, p->stack_cap * sizeof(void *));
    }
    if (p->names) {
        qv_free(p->qi, p->names, p->names_cap * sizeof(QvParserName));
    }
}

void *qv_parser_raised(QvParser *p)
{
    p->raised = true;
    return NULL;
}

bool qv_parser_enter(QvParser *p)
{
    if (QV_UNLIKELY(p->depth >= QV_PARSER_MAX_DEPTH)) {
        if (!p->raised) {
            qv_raise(p->qi, &qv_exc_RecursionError,
                     "maximum recursion depth exceeded during compilation");
            p->raised = true;
        }
        return false;
    }
    p->depth++;
    return true;
}

bool qv_parser_too_new(QvParser *p, int minor, const char *what)
{
    if (!p->raised) {
        qv_parser_error_seen(p, &qv_exc_SyntaxError, p->tok,
                             "%s only supported in Python 3.%d and greater", what, minor);
    }
    return false;
}

QvObj *qv_parser_type_comment(QvParser *p)
{
    const QvToken *t = p->tok;
    if (QV_LIKELY(t->kind != QV_TOK_TYPE_COMMENT)) {
        return NULL;
    }
    p->tok++;
    return qv_parser_keep(
        p, qv_str_new_utf8(p->qi, p->lx->text + t->start, (QvSsize)(t->end - t->start)));
}

bool qv_parser_at_soft(const QvParser *p, const char *text)
{
    const QvToken *t = p->tok;
    if (t->kind != QV_TOK_NAME || !(t->flags & QV_TOKF_SOFT)) {
        return false;
    }
    size_t n = strlen(text);
    return t->end - t->start == n && memcmp(p->lx->text + t->start, text, n) == 0;
}

// --- sequences -----------------------------------------------------------------------------------

bool qv_parser_push(QvParser *p, void *item)
{
    if (p->stack_len == p->stack_cap) {
        size_t cap = p->stack_cap ? p->stack_cap * 2 : 256;
        void **stack =
            qv_realloc(p->qi, p->stack, p->stack_cap * sizeof(void *), cap * sizeof(void *));
        if (!stack) {
            p->raised = true;
            return false;
        }
        p->stack = stack;
        p->stack_cap = cap;
    }
    p->stack[p->stack_len++] = item;
    return true;
}

void *qv_parser_take(QvParser *p, size_t mark, QvSsize *ret_count)
{
    size_t n = p->stack_len - mark;
    p->stack_len = mark;
    *ret_count = 0;
    if (n == 0) {
        return NULL;
    }
    void *items = qv_parser_alloc(p, n * sizeof(void *));
    if (items) {
        memcpy(items, p->stack + mark, n * sizeof(void *));
        *ret_count = (QvSsize)n;
    }
    return items;
}

// --- nodes ---------------------------------------------------------------------------------------

void *qv_parser_alloc(QvParser *p, size_t n)
{
    void *block = qv_arena_alloc(p->arena, n);
    if (!block) {
        p->raised = true;
    }
    return block;
}

QvObj *qv_parser_keep(QvParser *p, QvObj *obj)
{
    obj = qv_arena_take(p->arena, obj);
    if (!obj) {
        p->raised = true;
    }
    return obj;
}

QvExpr *qv_parser_expr(QvParser *p, QvExprKind kind, QvPos pos)
{
    QvExpr *e = qv_ast_expr(p->arena, kind, pos);
    if (!e) {
        p->raised = true;
    }
    return e;
}

QvStmt *qv_parser_stmt(QvParser *p, QvStmtKind kind, QvPos pos)
{
    QvStmt *s = qv_ast_stmt(p->arena, kind, pos);
    if (!s) {
        p->raised = true;
    }
    return s;
}

QvPattern *qv_parser_pattern(QvParser *p, QvPatternKind kind, QvPos pos)
{
    QvPattern *pattern = qv_ast_pattern(p->arena, kind, pos);
    if (!pattern) {
        p->raised = true;
    }
    return pattern;
}

// --- names ---------------------------------------------------------------------------------------

// PEP 3131: names are compared in normal form NFKC.
static QvObj *make_normalised_name(QvParser *p, const char *s, size_t n)
{
    uint32_t *cps = qv_alloc(p->qi, n * sizeof(uint32_t));
    if (!cps) {
        return NULL;
    }
    QvSsize count = qv_utf8_to_ucs4(s, n, cps);
    uint32_t *normal = NULL;
    size_t normal_n = 0;
    QvObj *name = NULL;
    if (qv_uni_nfkc(cps, (size_t)count, &normal, &normal_n) == 0) {
        QvSsize bytes = qv_utf8_size_ucs4(normal, normal_n, true, NULL);
        char *utf8 = qv_alloc(p->qi, (size_t)bytes + 1);
        if (utf8) {
            qv_utf8_from_ucs4(normal, normal_n, utf8);
            name = qv_str_intern_utf8(p->qi, utf8, bytes);
            qv_free(p->qi, utf8, (size_t)bytes + 1);
        }
        free(normal);
    } else {
        qv_raise_oom(p->qi);
    }
    qv_free(p->qi, cps, n * sizeof(uint32_t));
    return name;
}

static bool grow_names(QvParser *p)
{
    uint32_t cap = p->names_cap       ? p->names_cap * 2
                   : p->lx->len < 256 ? 16
                                      : 128; // f-strings are short
    QvParserName *names = qv_alloc(p->qi, cap * sizeof(QvParserName));
    if (!names) {
        p->raised = true;
        return false;
    }
    memset(names, 0, cap * sizeof(QvParserName));
    for (uint32_t i = 0; i < p->names_cap; i++) {
        if (p->names[i].str) {
            uint32_t at = p->names[i].hash & (cap - 1);
            while (names[at].str) {
                at = (at + 1) & (cap - 1);
            }
            names[at] = p->names[i];
        }
    }
    if (p->names) {
        qv_free(p->qi, p->names, p->names_cap * sizeof(QvParserName));
    }
    p->names = names;
    p->names_cap = cap;
    return true;
}

QvObj *qv_parser_name(QvParser *p, const QvToken *t)
{
    const char *text = p->lx->text;
    const char *s = text + t->start;
    uint32_t n = t->end - t->start;
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < n; i++) {
        hash = (hash ^ (unsigned char)s[i]) * 16777619u;
    }
    hash ^= hash >> 15;
    if (p->names_used * 2 >= p->names_cap && !grow_names(p)) {
        return NULL;
    }
    uint32_t at = hash & (p->names_cap - 1);
    for (; p->names[at].str; at = (at + 1) & (p->names_cap - 1)) {
        const QvParserName *e = &p->names[at];
        if (e->hash == hash && e->len == n && memcmp(text + e->start, s, n) == 0) {
            return e->str;
        }
    }
    QvObj *name = t->flags & QV_TOKF_NON_ASCII ? make_normalised_name(p, s, n)
                                               : qv_str_intern_utf8(p->qi, s, (QvSsize)n);
    name = qv_parser_keep(p, name);
    if (name) {
        p->names[at] = (QvParserName){.str = name, .hash = hash, .start = t->start, .len = n};
        p->names_used++;
    }
    return name;
}

// --- entry ---------------------------------------------------------------------------------------

// `*a` outside brackets, which eval mode does not allow.
static bool has_bare_star(const QvExpr *e)
{
    if (e->kind != QV_EXPR_TUPLE || e->u.list.elts.count == 0) {
        return e->kind == QV_EXPR_STARRED;
    }
    const QvExprSeq *elts = &e->u.list.elts;
    bool bare = elts->items[0]->pos.lineno == e->pos.lineno &&
                elts->items[0]->pos.col_offset == e->pos.col_offset;
    for (QvSsize i = 0; bare && i < elts->count; i++) {
        if (elts->items[i]->kind == QV_EXPR_STARRED) {
            return true;
        }
    }
    return false;
}

// '(' [type expressions] ')' '->' expression: expressions, then at most one after '*', then at most
// one after '**'; no comma at the end.
static bool parse_type_expressions(QvParser *p, QvExprSeq *ret)
{
    size_t mark = p->stack_len;
    int stars = 0;
    do {
        int now = qv_parser_accept(p, QV_TOK_STAR) ? 1 : qv_parser_accept(p, QV_TOK_DOUBLESTAR) * 2;
        QvExpr *e = stars == 2 || (stars && now <= stars) ? NULL : qv_parse_expression(p);
        if (!e || !qv_parser_push(p, e)) {
            p->stack_len = mark;
            return false;
        }
        stars = now;
    } while (qv_parser_accept(p, QV_TOK_COMMA));
    ret->items = qv_parser_take(p, mark, &ret->count);
    return !p->raised;
}

static bool parse_func_type(QvParser *p, QvMod *mod)
{
    if (!qv_parser_accept(p, QV_TOK_LPAR) ||
        (!qv_parser_at(p, QV_TOK_RPAR) && !parse_type_expressions(p, &mod->argtypes)) ||
        !qv_parser_accept(p, QV_TOK_RPAR) || !qv_parser_accept(p, QV_TOK_RARROW)) {
        return false;
    }
    mod->returns = qv_parse_expression(p);
    while (mod->returns && qv_parser_accept(p, QV_TOK_NEWLINE)) {}
    return mod->returns && qv_parser_at(p, QV_TOK_ENDMARKER);
}

static bool take_ignores(QvParser *p, QvTypeIgnoreSeq *ret)
{
    const QvLexer *lx = p->lx;
    if (!lx->nignores) {
        return true;
    }
    ret->items = qv_parser_alloc(p, lx->nignores * sizeof(QvTypeIgnore *));
    for (uint32_t i = 0; ret->items && i < lx->nignores; i++) {
        const QvLexIgnore *from = &lx->ignores[i];
        QvTypeIgnore *t = qv_parser_alloc(p, sizeof(QvTypeIgnore));
        if (!t) {
            return false;
        }
        t->lineno = from->lineno;
        t->tag = qv_parser_keep(
            p, qv_str_new_utf8(p->qi, lx->text + from->start, (QvSsize)(from->end - from->start)));
        if (!t->tag) {
            return false;
        }
        ret->items[ret->count++] = t;
    }
    return !p->raised;
}

static QvMod *parse_start(QvParser *p, QvParseMode mode)
{
    QvMod *mod;
    switch (mode) {
    case QV_PARSE_EVAL:
        mod = qv_ast_mod(p->arena, QV_MOD_EXPRESSION);
        if (!mod) {
            return qv_parser_raised(p);
        }
        mod->body_expr = qv_parse_star_expressions(p);
        if (!mod->body_expr || has_bare_star(mod->body_expr)) {
            return NULL;
        }
        while (qv_parser_accept(p, QV_TOK_NEWLINE)) {}
        return qv_parser_at(p, QV_TOK_ENDMARKER) ? mod : NULL;
    case QV_PARSE_SINGLE:
        mod = qv_ast_mod(p->arena, QV_MOD_INTERACTIVE);
        if (!mod) {
            return qv_parser_raised(p);
        }
        return qv_parse_interactive(p, &mod->body) ? mod : NULL;
    case QV_PARSE_FUNC_TYPE:
        mod = qv_ast_mod(p->arena, QV_MOD_FUNCTION_TYPE);
        if (!mod) {
            return qv_parser_raised(p);
        }
        return parse_func_type(p, mod) ? mod : NULL;
    default:
        mod = qv_ast_mod(p->arena, QV_MOD_MODULE);
        if (!mod) {
            return qv_parser_raised(p);
        }
        return qv_parse_statements(p, QV_TOK_ENDMARKER, &mod->body) &&
                       take_ignores(p, &mod->type_ignores)
                   ? mod
                   : NULL;
    }
}

// After one interactive statement nothing but blank lines and comments may follow.
static bool check_single(QvParser *p)
{
    const QvToken *last = p->tok - 1;
    const char *s = p->lx->text + last->end;
    for (;;) {
        while (*s == ' ' || *s == '\t' || *s == '\n' || *s == '\f') {
            s++;
        }
        if (*s == '\0') {
            return true;
        }
        if (*s != '#') {
            break;
        }
        while (*s && *s != '\n') {
            s++;
        }
    }
    qv_parser_error_seen(p, &qv_exc_SyntaxError, last,
                         "multiple statements found while compiling a single statement");
    return false;
}

static QvMod *parse_text(QvArena *arena, QvLexer *lx, QvSource *src, QvParseMode mode,
                         unsigned flags, QvParseInfo *info)
{
    if (qv_lexer_run(lx) < 0) {
        return NULL;
    }
    QvParser p;
    qv_parser_init(&p, arena, lx, src, flags);
    QvMod *mod = parse_start(&p, mode);
    if (mod && mode == QV_PARSE_SINGLE && !check_single(&p)) {
        // Raised; what stands further down is of no interest.
    } else if (!mod && p.raised) {
        if (!qv_parser_check_incomplete(&p, p.tok, info)) {
            qv_parser_check_rest(&p, p.tok);
        }
    } else if (!mod) {
        static const QvParseStart starts[] = {
            [QV_PARSE_EXEC] = QV_START_FILE,
            [QV_PARSE_EVAL] = QV_START_EVAL,
            [QV_PARSE_SINGLE] = QV_START_SINGLE,
            [QV_PARSE_FUNC_TYPE] = QV_START_FUNC_TYPE,
        };
        qv_parser_diagnose(&p, starts[mode], info);
    }
    qv_parser_fini(&p);
    return p.raised ? NULL : mod;
}

QvMod *qv_parse_with_info(QvInterp *qi, QvArena *arena, const char *src, QvSsize len,
                          QvObj *filename, QvParseMode mode, unsigned flags, QvParseInfo *info)
{
    QvParseInfo unused;
    info = info ? info : &unused;
    *info = (QvParseInfo){.incomplete = false};
    QvPrepared prepared;
    if (qv_source_prepare(qi, src, len, filename, mode, flags, &prepared) < 0) {
        return NULL;
    }
    QvSource source = {
        .text = prepared.text,
        .len = prepared.len,
        .filename = filename,
        .first_lineno = 1,
        .byte_columns = prepared.undeclared,
        .is_file = (flags & QV_PARSE_FROM_FILE) != 0,
    };
    QvLexMode lex_mode = mode == QV_PARSE_EXEC                                 ? QV_LEX_FILE
                         : mode == QV_PARSE_EVAL || mode == QV_PARSE_FUNC_TYPE ? QV_LEX_EXPRESSION
                         : flags & QV_PARSE_DONT_IMPLY_DEDENT                  ? QV_LEX_SINGLE_OPEN
                                                                               : QV_LEX_SINGLE;
    QvMod *mod = NULL;
    QvLexer *lx = qv_alloc(qi, sizeof(QvLexer)); // too large for a small stack
    if (lx) {
        qv_lexer_init(lx, qi, prepared.text, prepared.len, lex_mode);
        lx->type_comments = (flags & QV_PARSE_TYPE_COMMENTS) != 0;
        unsigned version = flags >> QV_PARSE_VERSION_SHIFT;
        lx->soft_async = version && version < 7;
        mod = parse_text(arena, lx, &source, mode, flags, info);
        qv_lexer_fini(lx);
        qv_free(qi, lx, sizeof(QvLexer));
    }
    qv_free(qi, prepared.text, prepared.size);
    return mod;
}

QvMod *qv_parse(QvInterp *qi, QvArena *arena, const char *src, QvSsize len, QvObj *filename,
                QvParseMode mode, unsigned flags)
{
    return qv_parse_with_info(qi, arena, src, len, filename, mode, flags, NULL);
}
