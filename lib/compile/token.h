// SPDX-License-Identifier: MIT
// Tokens, as the lexer hands them to the parser.
#ifndef QV_COMPILE_TOKEN_H
#define QV_COMPILE_TOKEN_H

#include "base/config.h"

typedef enum QvTokenKind {
#define TOKEN(name, text) QV_TOK_##name,
#include "compile/tokens.def"
#undef TOKEN
    QV_TOK_COUNT
} QvTokenKind;

// Bits of QvToken.flags.
typedef enum QvTokenFlags {
    QV_TOKF_NON_ASCII = 1, // NAME: has bytes above 0x7f, so it must be normalised
    QV_TOKF_SOFT = 2,      // NAME: match, case or _
    QV_TOKF_KEYWORD = 4    // NUMBER: a keyword follows without a space, which deserves a warning
} QvTokenFlags;

typedef struct QvToken {
    uint8_t kind;       // QvTokenKind
    uint8_t flags;      // QvTokenFlags
    uint16_t level;     // open brackets around it; itself counts if it opens, not if it closes
    uint32_t start;     // byte offset in the lexer's text
    uint32_t end;       // exclusive
    int32_t lineno;     // from 1
    int32_t col_offset; // bytes in the line; -1: INDENT and DEDENT have no column
    int32_t end_lineno;
    int32_t end_col_offset; // exclusive; -1 as above
} QvToken;

// The text of a fixed token ("+=", "while"), or the name of its class ("NAME").
const char *qv_token_text(QvTokenKind kind);

#endif
