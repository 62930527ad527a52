// SPDX-License-Identifier: MIT
// Symbol tables: which names a block of code binds and uses, and where each of them lives.
//
// qv_scope_build() walks a syntax tree once, makes one QvScope for each module, class, function,
// lambda and comprehension, and settles every name as local, cell, free or global. Everything lives
// in the tree's arena.
#ifndef QV_COMPILE_SCOPE_H
#define QV_COMPILE_SCOPE_H

#include "compile/ast.h"

typedef enum QvScopeKind {
    QV_SCOPE_MODULE,
    QV_SCOPE_CLASS,
    QV_SCOPE_FUNCTION,
    QV_SCOPE_ANNOTATION
} QvScopeKind;

// What a function scope was made from.
typedef enum QvScopeForm {
    QV_FORM_PLAIN, // def, module, class
    QV_FORM_ASYNC, // async def
    QV_FORM_LAMBDA,
    QV_FORM_LIST_COMP,
    QV_FORM_SET_COMP,
    QV_FORM_DICT_COMP,
    QV_FORM_GENEXP
} QvScopeForm;

typedef enum QvSymFlags {
    QV_SYM_GLOBAL = 1 << 0,   // global statement
    QV_SYM_NONLOCAL = 1 << 1, // nonlocal statement
    QV_SYM_LOCAL = 1 << 2,    // assigned
    QV_SYM_PARAM = 1 << 3,
    QV_SYM_IMPORT = 1 << 4,      // assigned by import
    QV_SYM_USE = 1 << 5,         // read
    QV_SYM_ANNOT = 1 << 6,       // annotated
    QV_SYM_COMP_ITER = 1 << 7,   // target of a comprehension's for
    QV_SYM_WALRUS = 1 << 8,      // target of an assignment expression
    QV_SYM_DEL = 1 << 9,         // deleted by del or at the end of an except clause
    QV_SYM_FREE_CLASS = 1 << 10, // class: a cell of this name is passed on to inner functions,
                                 // besides its own name
    QV_SYM_BOUND = QV_SYM_LOCAL | QV_SYM_PARAM | QV_SYM_IMPORT,
} QvSymFlags;

typedef enum QvSymHome {
    QV_HOME_UNKNOWN,
    QV_HOME_LOCAL, // function: a register; module and class: the namespace
    QV_HOME_CELL,  // local that an inner function uses
    QV_HOME_FREE,  // cell of an outer function
    QV_HOME_GLOBAL_EXPLICIT,
    QV_HOME_GLOBAL_IMPLICIT
} QvSymHome;

typedef struct QvSymbol {
    QvObj *name;           // interned, mangled; borrowed from the arena
    struct QvSymbol *next; // in order of first mention
    QvPos directive;       // of the global or nonlocal statement (lineno 0: none)
    uint32_t flags;        // QvSymFlags
    QvSymHome home;
    uint16_t reg; // filled by the code generator: register of the local, cell or free variable
} QvSymbol;

typedef struct QvScope {
    QvScopeKind kind;
    QvScopeForm form;
    QvObj *name;      // "f", "<lambda>", ...; borrowed
    const void *node; // the tree node it was made from
    struct QvScope *parent;
    struct QvScope *first_child, *last_child, *sibling; // in order of appearance
    QvSymbol *first, *last;                             // symbols in order of first mention
    QvSymbol **table; // open addressing by name pointer; power of two
    uint32_t nsymbols, table_cap;
    QvObj *private_name; // class name for mangling, or NULL
    QvPos pos;
    bool nested;    // inside a function
    bool generator; // has yield, or is a generator expression
    bool coroutine; // async def, or has await or an async comprehension
    bool varargs, varkeywords;
    bool class_closure;  // class: inner functions use __class__
    bool has_walrus;     // an assignment expression binds a name here
    bool in_comp_target; // during the walk: inside the target of a comprehension's for
    int comp_iter_depth; // during the walk: inside iterables of a comprehension
} QvScope;

typedef struct QvScopeEntry {
    const void *node;
    QvScope *scope;
} QvScopeEntry;

typedef struct QvScopes {
    QvArena *arena;
    QvObj *filename;    // borrowed
    const char *source; // text for messages, or NULL
    QvSsize source_len;
    bool future_annotations;
    int32_t future_line; // of the last future statement, or 0
    QvScope *top;
    QvScopeEntry *entries; // open addressing by node; from the arena
    uint32_t nentries, entries_cap;
} QvScopes;

// Builds the tables for `mod`; sc->arena, filename, source, future_annotations are set by the
// caller, all else zero. 0, or -1 with SyntaxError, RecursionError or MemoryError.
int qv_scope_build(QvInterp *qi, QvScopes *sc, const QvMod *mod);

// The scope made from a node (the QvMod, QvStmt or QvExpr), or NULL.
QvScope *qv_scope_of(const QvScopes *sc, const void *node);

// The symbol of a mangled name in a scope, or NULL.
QvSymbol *qv_scope_lookup(const QvScope *scope, const QvObj *name);

// The name as it is spelt inside class `private_name` (NULL: no class): interned, borrowed from the
// arena. NULL with MemoryError.
QvObj *qv_scope_mangle(QvArena *arena, QvObj *private_name, QvObj *name);

// Raises SyntaxError at a position of the tree, with the source line when the file can be read.
// Always -1.
int qv_scope_error(QvInterp *qi, const QvScopes *sc, QvPos pos, const char *fmt, ...);

#endif
