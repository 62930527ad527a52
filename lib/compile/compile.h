// SPDX-License-Identifier: MIT
// The compiler's entry: source text or syntax tree to code object.
#ifndef QV_COMPILE_COMPILE_H
#define QV_COMPILE_COMPILE_H

#include "code/code.h"
#include "compile/ast.h"
#include "compile/scope.h"

// Flags of qv_compile, with the numbers of compile()'s third-to-last argument (PyCF_*).
typedef enum QvCompileFlags {
    QV_CF_FROM_FILE = 0x40, // a program's own file: CPython words some errors otherwise when it
                            // reads the text itself
    QV_CF_SOURCE_IS_UTF8 = 0x100, // the text came from a str: no cookie is looked for
    QV_CF_DONT_IMPLY_DEDENT = 0x200,
    QV_CF_ONLY_AST = 0x400, // not understood here: the ast module calls the parser itself
    QV_CF_IGNORE_COOKIE = 0x800,
    QV_CF_TYPE_COMMENTS = 0x1000,
    QV_CF_ALLOW_TOP_LEVEL_AWAIT = 0x2000,
    QV_CF_ALLOW_INCOMPLETE_INPUT = 0x4000,
    QV_CF_FUTURE_BARRY = 0x400000,
    QV_CF_FUTURE_ANNOTATIONS = 0x1000000, // as from __future__ import annotations
    QV_CF_FUTURES = 0x1fe0000, // all that __future__ names; they stay in co_flags and are inherited
} QvCompileFlags;

// The parser's flags (QvParseFlags) that these ask for.
unsigned qv_compile_parse_flags(unsigned flags);

// Compiles `src` (len bytes). mode: 0 exec, 1 eval, 2 single (QvParseMode). optimize: -1 the
// interpreter's level, 0 keep assertions and docstrings, 1 without assertions, 2 without docstrings
// too. New code object, or NULL with SyntaxError and its kin, MemoryError, RecursionError. Fits
// QvHooks.compile.
QvObj *qv_compile(QvInterp *qi, const char *src, QvSsize len, QvObj *filename, int mode,
                  unsigned flags, int optimize);

// Only the symbol tables of a source, from the arena: `ret` needs no preparation; its arena must
// outlive it. 0 or -1 with SyntaxError and so on.
int qv_compile_scopes(QvInterp *qi, QvArena *arena, const char *src, QvSsize len, QvObj *filename,
                      int mode, unsigned flags, QvScopes *ret);

// The same as qv_compile for a tree, which is changed (constants folded) on the way. source: the
// text for messages, or NULL.
QvObj *qv_compile_tree(QvInterp *qi, QvArena *arena, QvMod *mod, QvObj *filename,
                       const char *source, QvSsize source_len, unsigned flags, int optimize);

#endif
