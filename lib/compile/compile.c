// SPDX-License-Identifier: MIT
// The compiler's entry: parse, future statements, folding, scopes, code.
#include "compile/compile.h"

#include "compile/codegen.h"
#include "compile/fold.h"
#include "compile/parser.h"
#include "compile/scope.h"
#include "object/interp.h"
#include "object/str.h"

// ---- from __future__ import ... -----------------------------------------------------------------

static const char *const known_features[] = {
    "nested_scopes",  "generators",     "division",         "absolute_import",
    "with_statement", "print_function", "unicode_literals", "generator_stop",
};

// One imported feature: its flag, 0 for those that are always on; -1 with SyntaxError.
static int64_t future_flag(QvInterp *qi, const QvScopes *sc, const QvStmt *s, const QvObj *name)
{
    if (qv_str_eq_ascii(name, "annotations")) {
        return QV_CO_FUTURE_ANNOTATIONS;
    }
    if (qv_str_eq_ascii(name, "barry_as_FLUFL")) {
        return QV_CF_FUTURE_BARRY;
    }
    for (size_t i = 0; i < sizeof(known_features) / sizeof(known_features[0]); i++) {
        if (qv_str_eq_ascii(name, known_features[i])) {
            return 0;
        }
    }
    QvPos start = {s->pos.lineno, s->pos.col_offset, s->pos.lineno, -1}; // the end is not told
    if (qv_str_eq_ascii(name, "braces")) {
        return qv_scope_error(qi, sc, start, "not a chance");
    }
    return qv_scope_error(qi, sc, start, "future feature %.100U is not defined", name);
}

static bool is_future(const QvStmt *s)
{
    return s->kind == QV_STMT_IMPORT_FROM && s->u.import_from.level == 0 &&
           s->u.import_from.module && qv_str_eq_ascii(s->u.import_from.module, "__future__");
}

// Collects the future statements at the beginning. 0 or -1.
static int collect_futures(QvInterp *qi, QvScopes *sc, const QvMod *mod, uint32_t *flags)
{
    if (mod->kind == QV_MOD_EXPRESSION) {
        return 0;
    }
    bool done = false;
    for (QvSsize i = 0; i < mod->body.count; i++) {
        const QvStmt *s = mod->body.items[i];
        if (is_future(s)) {
            if (done) {
                // On the line of what stands before it CPython counts columns from 0, and tells no
                // end.
                bool same_line = s->pos.lineno == mod->body.items[i - 1]->pos.lineno;
                QvPos start = {s->pos.lineno, s->pos.col_offset - 1, s->pos.lineno, -1};
                return qv_scope_error(
                    qi, sc, same_line ? start : s->pos,
                    "from __future__ imports must occur at the beginning of the file");
            }
            for (QvSsize j = 0; j < s->u.import_from.names.count; j++) {
                int64_t flag = future_flag(qi, sc, s, s->u.import_from.names.items[j]->name);
                if (flag < 0) {
                    return -1;
                }
                *flags |= (uint32_t)flag;
            }
            sc->future_line = s->pos.lineno;
            continue;
        }
        bool docstring = i == 0 && s->kind == QV_STMT_EXPR &&
                         s->u.expr.value->kind == QV_EXPR_CONSTANT &&
                         qv_is_str(s->u.expr.value->u.constant.value);
        done = done || !docstring;
    }
    return 0;
}

// ---- entry --------------------------------------------------------------------------------------

QvObj *qv_compile_tree(QvInterp *qi, QvArena *arena, QvMod *mod, QvObj *filename,
                       const char *source, QvSsize source_len, unsigned flags, int optimize)
{
    QvScopes scopes = {
        .arena = arena, .filename = filename, .source = source, .source_len = source_len};
    uint32_t code_flags = flags & QV_CF_FUTURES;
    if (optimize < 0) {
        optimize = qi->optimize;
    }
    if (collect_futures(qi, &scopes, mod, &code_flags) < 0) {
        return NULL;
    }
    scopes.future_annotations = (code_flags & QV_CO_FUTURE_ANNOTATIONS) != 0;
    if (qv_fold(qi, arena, mod, optimize, scopes.future_annotations) < 0 ||
        qv_scope_build(qi, &scopes, mod) < 0) {
        return NULL;
    }
    QvGen g = {
        .qi = qi,
        .arena = arena,
        .scopes = &scopes,
        .filename = filename,
        .optimize = optimize,
        .code_flags = code_flags,
        .top_level_await = (flags & QV_CF_ALLOW_TOP_LEVEL_AWAIT) != 0,
    };
    return qv_gen_module(&g, mod);
}

unsigned qv_compile_parse_flags(unsigned flags)
{
    unsigned parse_flags = 0;
    if (flags & (QV_CF_IGNORE_COOKIE | QV_CF_SOURCE_IS_UTF8)) {
        parse_flags |= QV_PARSE_IGNORE_COOKIE;
    }
    if (flags & QV_CF_ALLOW_INCOMPLETE_INPUT) {
        parse_flags |= QV_PARSE_ALLOW_INCOMPLETE;
    }
    if (flags & QV_CF_DONT_IMPLY_DEDENT) {
        parse_flags |= QV_PARSE_DONT_IMPLY_DEDENT;
    }
    if (flags & QV_CF_FUTURE_BARRY) {
        parse_flags |= QV_PARSE_BARRY_AS_BDFL;
    }
    if (flags & QV_CF_FROM_FILE) {
        parse_flags |= QV_PARSE_FROM_FILE;
    }
    if (flags & QV_CF_TYPE_COMMENTS) {
        parse_flags |= QV_PARSE_TYPE_COMMENTS;
    }
    return parse_flags;
}

QvObj *qv_compile(QvInterp *qi, const char *src, QvSsize len, QvObj *filename, int mode,
                  unsigned flags, int optimize)
{
    QvArena arena;
    qv_arena_init(&arena, qi);
    QvObj *code = NULL;
    QvMod *mod =
        qv_parse(qi, &arena, src, len, filename, (QvParseMode)mode, qv_compile_parse_flags(flags));
    if (mod) {
        code = qv_compile_tree(qi, &arena, mod, filename, src, len, flags, optimize);
    }
    qv_arena_fini(&arena);
    return code;
}

int qv_compile_scopes(QvInterp *qi, QvArena *arena, const char *src, QvSsize len, QvObj *filename,
                      int mode, unsigned flags, QvScopes *ret)
{
    *ret = (QvScopes){.arena = arena, .filename = filename, .source = src, .source_len = len};
    QvMod *mod =
        qv_parse(qi, arena, src, len, filename, (QvParseMode)mode, qv_compile_parse_flags(flags));
    uint32_t code_flags = flags & QV_CF_FUTURES;
    if (!mod || collect_futures(qi, ret, mod, &code_flags) < 0) {
        return -1;
    }
    ret->future_annotations = (code_flags & QV_CO_FUTURE_ANNOTATIONS) != 0;
    return qv_scope_build(qi, ret, mod);
}
