// SPDX-License-Identifier: MIT
// What a pattern is compiled to: the code words of re/_compiler.py, checked and made into
// instructions of equal size, with tables that answer for Latin-1 characters.
//
// Everything is reached by index from the program, which is immutable after qv_sre_program_build.
#ifndef QV_MODULES_SRE_PROGRAM_H
#define QV_MODULES_SRE_PROGRAM_H

#include "modules/sre/charset.h"
#include "object/fwd.h"

typedef enum QvSreOp {
    QV_RE_FAIL,
    QV_RE_MATCH,
    QV_RE_CHAR,          // a: the character
    QV_RE_NOT_CHAR,      // a: the character
    QV_RE_TEXT,          // a: where in texts, b: length (at least 2)
    QV_RE_ANY,           // but a newline
    QV_RE_ANY_ALL,       //
    QV_RE_SET,           // a: set with a table
    QV_RE_SET_SLOW,      // a: set that depends on the locale
    QV_RE_AT,            // a: QvSreAt
    QV_RE_MARK,          // a: mark; b: group number where it closes one, else 0
    QV_RE_JUMP,          // a: instruction
    QV_RE_BRANCH,        // a: branch
    QV_RE_SWITCH,        // a: branch with lists by first character
    QV_RE_GREEDY1,       // a: loop over one character; all four: the tail follows
    QV_RE_GREEDY1_FINAL, // the same where fewer repeats can't help the tail
    QV_RE_LAZY1,
    QV_RE_POSSESSIVE1,
    QV_RE_REPEAT,     // a: loop; the body follows, ended by an UNTIL, then the tail
    QV_RE_MAX_UNTIL,  // a: loop
    QV_RE_MIN_UNTIL,  // a: loop
    QV_RE_POSSESSIVE, // a: loop; the body follows, ended by QV_RE_END_POSSESSIVE
    QV_RE_END_POSSESSIVE,
    QV_RE_ASSERT,     // a: instruction behind it, b: characters to step back, as the next
    QV_RE_ASSERT_NOT, //
    QV_RE_ATOMIC,     // a: instruction behind it
    QV_RE_END_ASSERT,
    QV_RE_END_ASSERT_NOT,
    QV_RE_END_ATOMIC,
    QV_RE_GROUP,    // a: group from 0, b: QvSreFold
    QV_RE_IF_GROUP, // a: group from 0, b: instruction when it did not match
} QvSreOp;

typedef struct QvSreIns {
    uint32_t op; // QvSreOp
    uint32_t a, b;
} QvSreIns;

typedef enum QvSreItem {
    QV_ITEM_ALL,
    QV_ITEM_ANY, // but a newline
    QV_ITEM_CHAR,
    QV_ITEM_NOT_CHAR,
    QV_ITEM_SET,
    QV_ITEM_SET_SLOW,
    QV_ITEM_NONE, // of alternatives: no character is known to be needed
} QvSreItem;

typedef struct QvSreSet {
    uint32_t table; // offset of its 256 bytes in tables
    uint32_t word;  // see QvSreSetKind
    uint8_t kind;   // QvSreSetKind
    uint8_t bit;    // of the table's bytes
    uint8_t high;   // classes of characters past Latin-1 that may be in it
    bool slow;      // depends on the locale: has no table
} QvSreSet;

typedef struct QvSreLoop {
    QvSsize min, max; // times; no bound: QV_SSIZE_MAX
    uint32_t slot;    // of its counter, for loops over more than a character
    uint32_t body;    // instruction: first of the body
    uint32_t until;   // instruction: what ends the body
    uint32_t arg;     // one character: character or set
    uint32_t next;    // one character: what must follow, where has_next
    uint8_t item;     // one character: QvSreItem
    bool has_next;
} QvSreLoop;

typedef struct QvSreAlt {
    uint32_t pc;  // instruction
    uint32_t arg; // character or set that it begins with
    uint8_t item; // QvSreItem: CHAR, SET, SET_SLOW or NONE
} QvSreAlt;

typedef struct QvSreBranch {
    uint32_t first, count; // in alts
    uint32_t lists;        // SWITCH: in words: for each Latin-1 character and the end of the text
                           // (256) where in words its list of alternatives begins
} QvSreBranch;

#define QV_SRE_LIST_END UINT32_MAX

// How a search finds places where a match may begin.
typedef enum QvSreSearch {
    QV_SEARCH_EVERY,  // no idea
    QV_SEARCH_START,  // only at the text's beginning
    QV_SEARCH_LINE,   // at beginnings of lines
    QV_SEARCH_CHAR,   // at prefix[0]
    QV_SEARCH_PREFIX, // at the prefix
    QV_SEARCH_FIRST,  // at characters of the table `first`
} QvSreSearch;

typedef struct QvSreVec {
    void *p;
    uint32_t n, cap;
} QvSreVec;

typedef struct QvSreProgram {
    QvSreVec code;     // uint32_t: as given; equality and hash; sets point into it
    QvSreVec ins;      // QvSreIns
    QvSreVec loops;    // QvSreLoop
    QvSreVec sets;     // QvSreSet
    QvSreVec alts;     // QvSreAlt
    QvSreVec branches; // QvSreBranch
    QvSreVec words;    // uint32_t: lists of branches
    QvSreVec texts;    // uint32_t: literal runs
    QvSreVec tables;   // uint8_t: 256 for each 8 sets; the last is for `first`
    uint32_t nmarks;   // marks in use
    uint32_t nslots;   // counters of loops
    uint32_t min;      // characters that a match has at least
    uint32_t prefix;   // in texts
    uint32_t nprefix;
    uint32_t first;      // offset in tables
    uint8_t search;      // QvSreSearch
    bool whole_literal;  // the prefix is all there is
    bool first_high;     // characters past Latin-1 may begin a match
    uint32_t prefix_max; // widest character of the prefix
    uint8_t prefix1[32]; // its beginning as Latin-1, for prefix_max < 256
} QvSreProgram;

static inline const QvSreIns *qv_sre_ins(const QvSreProgram *p) { return p->ins.p; }
static inline const QvSreLoop *qv_sre_loops(const QvSreProgram *p) { return p->loops.p; }
static inline const QvSreSet *qv_sre_sets(const QvSreProgram *p) { return p->sets.p; }
static inline const QvSreAlt *qv_sre_alts(const QvSreProgram *p) { return p->alts.p; }
static inline const QvSreBranch *qv_sre_branches(const QvSreProgram *p) { return p->branches.p; }
static inline const uint32_t *qv_sre_words(const QvSreProgram *p) { return p->words.p; }
static inline const uint32_t *qv_sre_texts(const QvSreProgram *p) { return p->texts.p; }
static inline const uint8_t *qv_sre_tables(const QvSreProgram *p) { return p->tables.p; }

// Checks code.n words at code.p (already in the program) and makes the rest from them. 0, or -1
// with an exception (RuntimeError "invalid SRE code"). qv_sre_program_fini is due in any case.
int qv_sre_program_build(QvInterp *qi, QvSreProgram *p, QvSsize groups);
void qv_sre_program_fini(QvInterp *qi, QvSreProgram *p);
size_t qv_sre_program_bytes(const QvSreProgram *p);

// Room for `more` entries behind the present ones. 0/-1.
int qv_sre_vec_reserve(QvInterp *qi, QvSreVec *v, size_t item, size_t more);

// Makes `search` and what it needs (analyse.c). 0/-1.
int qv_sre_analyse(QvInterp *qi, QvSreProgram *p);

#endif
