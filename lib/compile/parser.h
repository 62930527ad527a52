// SPDX-License-Identifier: MIT
// From source text to syntax tree.
#ifndef QV_COMPILE_PARSER_H
#define QV_COMPILE_PARSER_H

#include "compile/ast.h"

typedef enum QvParseMode {
    QV_PARSE_EXEC,     // a file: QV_MOD_MODULE
    QV_PARSE_EVAL,     // one expression: QV_MOD_EXPRESSION
    QV_PARSE_SINGLE,   // one interactive statement: QV_MOD_INTERACTIVE
    QV_PARSE_FUNC_TYPE // `(int, *str) -> float`, a function's type comment: QV_MOD_FUNCTION_TYPE
} QvParseMode;

// Flags of qv_parse; a bit set.
typedef enum QvParseFlags {
    // The source is UTF-8 whatever a cookie says (it came from a str).
    QV_PARSE_IGNORE_COOKIE = 1,
    // The text may be the beginning of a longer one (REPL, codeop): where the end of input is the
    // only error, the message is "incomplete input" and QvParseInfo tells so.
    QV_PARSE_ALLOW_INCOMPLETE = 2,
    // Do not imply DEDENTs at the end of a single statement (codeop's PyCF_DONT_IMPLY_DEDENT).
    QV_PARSE_DONT_IMPLY_DEDENT = 4,
    // `from __future__ import barry_as_FLUFL` is in force: `<>` instead of `!=`.
    QV_PARSE_BARRY_AS_BDFL = 8,
    // The bytes are those of the program's file, which CPython reads line by line: its words for a
    // wrong byte, one line as the text of an error, no column at the end of the file.
    QV_PARSE_FROM_FILE = 16,
    // `# type: ...` comments are part of the tree.
    QV_PARSE_TYPE_COMMENTS = 32,
    // From this bit up, the minor version of Python 3 whose grammar is meant; 0: ours.
    QV_PARSE_VERSION_SHIFT = 16
} QvParseFlags;

// What the parse learnt besides the tree; may be read after failure too.
typedef struct QvParseInfo {
    bool incomplete; // input ended where more could have made it valid
} QvParseInfo;

// Parses `src` (len bytes; need not be NUL-terminated). Bytes are decoded by BOM or cookie, else
// UTF-8. `filename` is a str used in messages. Returns a tree in `arena`, or NULL with SyntaxError,
// IndentationError, TabError (each with CPython's message and position), MemoryError or an
// exception of the decoder set.
QvMod *qv_parse(QvInterp *qi, QvArena *arena, const char *src, QvSsize len, QvObj *filename,
                QvParseMode mode, unsigned flags);

// As qv_parse; fills *info (may be NULL).
QvMod *qv_parse_with_info(QvInterp *qi, QvArena *arena, const char *src, QvSsize len,
                          QvObj *filename, QvParseMode mode, unsigned flags, QvParseInfo *info);

// Writes the encoding that a source declares in its first two lines (PEP 263), lower case and with
// '-' for '_', to name; empty when there is none.
void qv_source_encoding(const char *src, const char *end, char *name, size_t size);

#endif
