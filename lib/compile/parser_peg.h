// SPDX-License-Identifier: MIT
// Interpreter of the diagnosis grammar (parser_grammar.h): a memoising recogniser over the token
// array.
#ifndef QV_COMPILE_PARSER_PEG_H
#define QV_COMPILE_PARSER_PEG_H

#include "compile/parser_internal.h"

// What a name in the grammar matched: tokens first to last, inclusive.
typedef struct QvPegSpan {
    uint32_t first;
    uint32_t last;
} QvPegSpan;

typedef enum QvPegActionKind {
    QV_PEG_NONE,
    QV_PEG_AT,
    QV_PEG_RANGE,
    QV_PEG_SEEN,
    QV_PEG_FROM,
    QV_PEG_BLOCK,
    QV_PEG_INDENT,
    QV_PEG_TARGET,
    QV_PEG_CALL
} QvPegActionKind;

// The action of an alternative, as written in the grammar.
typedef struct QvPegAction {
    QvPegActionKind kind;
    const char *text; // message, kind of target or function name; not NUL-terminated
    size_t len;
} QvPegAction;

typedef struct QvPegRule QvPegRule;

typedef struct QvPegMemo {
    struct QvPegMemo *next;
    const QvPegRule *rule;
    uint32_t end;
    bool matched;
} QvPegMemo;

typedef struct QvPeg {
    QvParser *p;
    QvPegRule *rules; // hash table by name, in the arena
    QvPegMemo **memo; // by token, counted from base; in the arena
    uint32_t base;    // the token where matching starts
    uint32_t pos;     // the next token
    uint32_t seen;    // the furthest token looked at
    bool invalid;     // the second pass: invalid_ rules are tried
    bool stopped;     // too deep or too long: the result means nothing
    int depth;        // of rules
    uint64_t steps;   // rules tried
} QvPeg;

// Compiles the grammar for matching from token `base` on. False with p->raised.
bool qv_peg_init(QvPeg *peg, QvParser *p, uint32_t base);

// Matches one of the start rules from the base on. A lexer's error that is reached, or an action,
// raises: p->raised.
bool qv_peg_match(QvPeg *peg, const char *start, bool invalid);

// Carries out an action (parser_diagnose.c): raises, or decides that it does not apply.
void qv_peg_act(QvPeg *peg, const QvPegAction *action, QvPegSpan a, QvPegSpan b);

#endif
