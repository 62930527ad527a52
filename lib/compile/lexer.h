// SPDX-License-Identifier: MIT
// Source text to an array of tokens.
//
// The whole text is cut at once. Where it cannot be cut, the last token is QV_TOK_ERROR and `error`
// says why; nothing is raised, because the parser may never get that far (a syntax error further
// left comes first).
#ifndef QV_COMPILE_LEXER_H
#define QV_COMPILE_LEXER_H

#include "compile/token.h"
#include "object/fwd.h"

#define QV_LEX_MAX_INDENT 100 // levels of indentation, as in CPython
#define QV_LEX_MAX_LEVEL  200 // levels of brackets

typedef enum QvLexErrorKind {
    QV_LEX_OK,
    QV_LEX_SYNTAX,     // message in QvLexError; goes before a syntax error further left
    QV_LEX_EOF,        // end of text inside brackets or after a backslash
    QV_LEX_BAD_DEDENT, // unindent matches no outer level
    QV_LEX_TABS,       // tabs and spaces mixed
    QV_LEX_TOO_DEEP,   // too many levels of indentation
    QV_LEX_LINE_CONT,  // something follows a backslash
    QV_LEX_DECODE,     // a name that is no UTF-8; message in QvLexError
} QvLexErrorKind;

typedef struct QvLexError {
    QvLexErrorKind kind;
    int32_t lineno;     // line that the message names
    uint32_t line;      // byte offset of that line's start
    uint32_t at;        // byte offset where the lexer stood (exclusive end of the offending text)
    bool at_end;        // the end of the text was met inside a string
    uint32_t range_end; // with a known range: byte offset of its end, else 0
    char msg[160];      // of QV_LEX_SYNTAX and QV_LEX_DECODE; UTF-8
} QvLexError;

typedef enum QvLexMode {
    QV_LEX_FILE,        // the caller has put '\n' at the end
    QV_LEX_SINGLE,      // an interactive statement: NEWLINE and DEDENTs are implied at the end
    QV_LEX_SINGLE_OPEN, // the same, but DEDENTs are not implied (codeop)
    QV_LEX_EXPRESSION   // no NEWLINE implied
} QvLexMode;

// A comment `# type: ignore`; what follows these words is its tag.
typedef struct QvLexIgnore {
    int32_t lineno;
    uint32_t start, end; // byte offsets of the tag
} QvLexIgnore;

typedef struct QvLexer {
    QvInterp *qi;
    const char *text; // NUL at text[len], no NUL before; '\n' is the only line end; borrowed
    uint32_t len;     // bytes
    QvLexMode mode;
    int32_t first_lineno; // number of the first line (1; f-string expressions start elsewhere)
    int32_t first_col;    // added to the columns of the first line
    bool type_comments;   // `# type: ...` makes a token
    bool soft_async;      // async and await are names outside `async def` (before Python 3.7)

    QvToken *tokens; // owned; the last is ENDMARKER or ERROR
    uint32_t count;
    uint32_t cap;
    QvLexError error;
    QvLexIgnore *ignores; // owned; with type_comments only
    uint32_t nignores;
    uint32_t cap_ignores;

    // Brackets open at the end of the tokens (also what the parser names in "was never closed").
    int level;
    char bracket[QV_LEX_MAX_LEVEL];
    int32_t bracket_lineno[QV_LEX_MAX_LEVEL];
    int32_t bracket_col[QV_LEX_MAX_LEVEL];
} QvLexer;

// Prepares a lexer for text[0..len). Allocates nothing. len < 2**31.
void qv_lexer_init(QvLexer *lexer, QvInterp *qi, const char *text, size_t len, QvLexMode mode);

// Fills tokens. 0, or -1 with MemoryError set (a lexical error is not a failure).
QV_MUST_USE int qv_lexer_run(QvLexer *lexer);

void qv_lexer_fini(QvLexer *lexer);

#endif
