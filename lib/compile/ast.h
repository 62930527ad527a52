// SPDX-License-Identifier: MIT
// The syntax tree: plain C structs that mirror the abstract grammar of Python's `ast` module, field
// for field.
//
// Every node, sequence and reference lives in one QvArena; qv_arena_fini() frees the whole tree.
// `QvObj *` fields are borrowed from the arena. Identifiers are interned str. A field marked `?`
// may be NULL. A tree that the parser made satisfies what `ast` documents (contexts set, lists
// non-empty where the grammar says so); a tree converted from Python objects must be checked before
// code is generated from it.
//
// Positions are those of `ast`: lines from 1, columns from 0 in bytes of UTF-8, end exclusive.
#ifndef QV_COMPILE_AST_H
#define QV_COMPILE_AST_H

#include <stdbool.h>
#include <stdint.h>

#include "compile/arena.h"
#include "object/fwd.h"

typedef struct QvPos {
    int32_t lineno;         // from 1
    int32_t col_offset;     // bytes, from 0
    int32_t end_lineno;     // from 1
    int32_t end_col_offset; // bytes, exclusive
} QvPos;

typedef struct QvMod QvMod;
typedef struct QvStmt QvStmt;
typedef struct QvExpr QvExpr;
typedef struct QvPattern QvPattern;
typedef struct QvComprehension QvComprehension;
typedef struct QvExceptHandler QvExceptHandler;
typedef struct QvArguments QvArguments;
typedef struct QvArg QvArg;
typedef struct QvKeyword QvKeyword;
typedef struct QvAlias QvAlias;
typedef struct QvWithItem QvWithItem;
typedef struct QvMatchCase QvMatchCase;
typedef struct QvTypeIgnore QvTypeIgnore;

// Sequences: an absent sequence is {0, NULL}.
typedef struct QvExprSeq {
    QvSsize count;
    QvExpr **items; // entries may be NULL only in Dict.keys (a `**` item) and arguments.kw_defaults
} QvExprSeq;

typedef struct QvStmtSeq {
    QvSsize count;
    QvStmt **items;
} QvStmtSeq;

typedef struct QvPatternSeq {
    QvSsize count;
    QvPattern **items;
} QvPatternSeq;

typedef struct QvIdentSeq {
    QvSsize count;
    QvObj **items; // interned str
} QvIdentSeq;

typedef struct QvComprehensionSeq {
    QvSsize count;
    QvComprehension **items;
} QvComprehensionSeq;

typedef struct QvExceptHandlerSeq {
    QvSsize count;
    QvExceptHandler **items;
} QvExceptHandlerSeq;

typedef struct QvArgSeq {
    QvSsize count;
    QvArg **items;
} QvArgSeq;

typedef struct QvKeywordSeq {
    QvSsize count;
    QvKeyword **items;
} QvKeywordSeq;

typedef struct QvAliasSeq {
    QvSsize count;
    QvAlias **items;
} QvAliasSeq;

typedef struct QvWithItemSeq {
    QvSsize count;
    QvWithItem **items;
} QvWithItemSeq;

typedef struct QvMatchCaseSeq {
    QvSsize count;
    QvMatchCase **items;
} QvMatchCaseSeq;

typedef struct QvTypeIgnoreSeq {
    QvSsize count;
    QvTypeIgnore **items;
} QvTypeIgnoreSeq;

// Comparison operators come in their own list (Compare.ops).
typedef enum QvCmpOperator {
    QV_CMPOP_EQ = 1,
    QV_CMPOP_NOT_EQ,
    QV_CMPOP_LT,
    QV_CMPOP_LT_E,
    QV_CMPOP_GT,
    QV_CMPOP_GT_E,
    QV_CMPOP_IS,
    QV_CMPOP_IS_NOT,
    QV_CMPOP_IN,
    QV_CMPOP_NOT_IN
} QvCmpOperator;

typedef struct QvCmpOpSeq {
    QvSsize count;
    QvCmpOperator *items;
} QvCmpOpSeq;

typedef enum QvOperator { // of BinOp and AugAssign
    QV_OPERATOR_ADD = 1,
    QV_OPERATOR_SUB,
    QV_OPERATOR_MULT,
    QV_OPERATOR_MAT_MULT,
    QV_OPERATOR_DIV,
    QV_OPERATOR_MOD,
    QV_OPERATOR_POW,
    QV_OPERATOR_L_SHIFT,
    QV_OPERATOR_R_SHIFT,
    QV_OPERATOR_BIT_OR,
    QV_OPERATOR_BIT_XOR,
    QV_OPERATOR_BIT_AND,
    QV_OPERATOR_FLOOR_DIV
} QvOperator;

typedef enum QvUnaryOp {
    QV_UNARYOP_INVERT = 1,
    QV_UNARYOP_NOT,
    QV_UNARYOP_U_ADD,
    QV_UNARYOP_U_SUB
} QvUnaryOp;

typedef enum QvBoolOp { QV_BOOLOP_AND = 1, QV_BOOLOP_OR } QvBoolOp;

typedef enum QvExprContext { QV_CTX_LOAD = 1, QV_CTX_STORE, QV_CTX_DEL } QvExprContext;

typedef enum QvModKind {
    QV_MOD_MODULE = 1,
    QV_MOD_INTERACTIVE,
    QV_MOD_EXPRESSION,
    QV_MOD_FUNCTION_TYPE // a signature as a type comment has it; no code is made from it
} QvModKind;

typedef enum QvStmtKind {
    QV_STMT_FUNCTION_DEF = 1,
    QV_STMT_ASYNC_FUNCTION_DEF,
    QV_STMT_CLASS_DEF,
    QV_STMT_RETURN,
    QV_STMT_DELETE,
    QV_STMT_ASSIGN,
    QV_STMT_AUG_ASSIGN,
    QV_STMT_ANN_ASSIGN,
    QV_STMT_FOR,
    QV_STMT_ASYNC_FOR,
    QV_STMT_WHILE,
    QV_STMT_IF,
    QV_STMT_WITH,
    QV_STMT_ASYNC_WITH,
    QV_STMT_MATCH,
    QV_STMT_RAISE,
    QV_STMT_TRY,
    QV_STMT_TRY_STAR,
    QV_STMT_ASSERT,
    QV_STMT_IMPORT,
    QV_STMT_IMPORT_FROM,
    QV_STMT_GLOBAL,
    QV_STMT_NONLOCAL,
    QV_STMT_EXPR,
    QV_STMT_PASS,
    QV_STMT_BREAK,
    QV_STMT_CONTINUE
} QvStmtKind;

typedef enum QvExprKind {
    QV_EXPR_BOOL_OP = 1,
    QV_EXPR_NAMED_EXPR,
    QV_EXPR_BIN_OP,
    QV_EXPR_UNARY_OP,
    QV_EXPR_LAMBDA,
    QV_EXPR_IF_EXP,
    QV_EXPR_DICT,
    QV_EXPR_SET,
    QV_EXPR_LIST_COMP,
    QV_EXPR_SET_COMP,
    QV_EXPR_DICT_COMP,
    QV_EXPR_GENERATOR_EXP,
    QV_EXPR_AWAIT,
    QV_EXPR_YIELD,
    QV_EXPR_YIELD_FROM,
    QV_EXPR_COMPARE,
    QV_EXPR_CALL,
    QV_EXPR_FORMATTED_VALUE,
    QV_EXPR_JOINED_STR,
    QV_EXPR_CONSTANT,
    QV_EXPR_ATTRIBUTE,
    QV_EXPR_SUBSCRIPT,
    QV_EXPR_STARRED,
    QV_EXPR_NAME,
    QV_EXPR_LIST,
    QV_EXPR_TUPLE,
    QV_EXPR_SLICE
} QvExprKind;

typedef enum QvPatternKind {
    QV_PATTERN_MATCH_VALUE = 1,
    QV_PATTERN_MATCH_SINGLETON,
    QV_PATTERN_MATCH_SEQUENCE,
    QV_PATTERN_MATCH_MAPPING,
    QV_PATTERN_MATCH_CLASS,
    QV_PATTERN_MATCH_STAR,
    QV_PATTERN_MATCH_AS,
    QV_PATTERN_MATCH_OR
} QvPatternKind;

struct QvMod {
    QvModKind kind;
    QvStmtSeq body;               // Module, Interactive
    QvExpr *body_expr;            // Expression's body
    QvTypeIgnoreSeq type_ignores; // Module, with QV_PARSE_TYPE_COMMENTS
    QvExprSeq argtypes;           // FunctionType
    QvExpr *returns;              // FunctionType
};

struct QvStmt {
    QvStmtKind kind;
    QvPos pos;
    union {
        struct { // FunctionDef, AsyncFunctionDef
            QvObj *name;
            QvArguments *args; // never NULL
            QvStmtSeq body;
            QvExprSeq decorator_list;
            QvExpr *returns;     // ?
            QvObj *type_comment; // ?
        } function_def;
        struct {
            QvObj *name;
            QvExprSeq bases;
            QvKeywordSeq keywords;
            QvStmtSeq body;
            QvExprSeq decorator_list;
        } class_def;
        struct {
            QvExpr *value; // ?
        } return_;
        struct {
            QvExprSeq targets;
        } delete_;
        struct {
            QvExprSeq targets; // a = b = value has two
            QvExpr *value;
            QvObj *type_comment; // ?
        } assign;
        struct {
            QvExpr *target;
            QvOperator op;
            QvExpr *value;
        } aug_assign;
        struct {
            QvExpr *target;
            QvExpr *annotation;
            QvExpr *value; // ?
            int simple;    // 1 when the target is a bare name without parentheses
        } ann_assign;
        struct { // For, AsyncFor
            QvExpr *target;
            QvExpr *iter;
            QvStmtSeq body;
            QvStmtSeq orelse;
            QvObj *type_comment; // ?
        } for_;
        struct {
            QvExpr *test;
            QvStmtSeq body;
            QvStmtSeq orelse;
        } while_;
        struct {
            QvExpr *test;
            QvStmtSeq body;
            QvStmtSeq orelse; // an elif is one nested If
        } if_;
        struct { // With, AsyncWith
            QvWithItemSeq items;
            QvStmtSeq body;
            QvObj *type_comment; // ?
        } with;
        struct {
            QvExpr *subject;
            QvMatchCaseSeq cases;
        } match;
        struct {
            QvExpr *exc;   // ?
            QvExpr *cause; // ?
        } raise;
        struct { // Try, TryStar
            QvStmtSeq body;
            QvExceptHandlerSeq handlers;
            QvStmtSeq orelse;
            QvStmtSeq finalbody;
        } try_;
        struct {
            QvExpr *test;
            QvExpr *msg; // ?
        } assert_;
        struct {
            QvAliasSeq names;
        } import;
        struct {
            QvObj *module;    // ? (`from . import x`); dotted name as one str
            QvAliasSeq names; // `*` is an alias whose name is "*"
            int level;        // leading dots
        } import_from;
        struct { // Global, Nonlocal
            QvIdentSeq names;
        } global;
        struct {
            QvExpr *value;
        } expr;
    } u;
};

struct QvExpr {
    QvExprKind kind;
    QvPos pos;
    union {
        struct {
            QvBoolOp op;
            QvExprSeq values; // at least two
        } bool_op;
        struct {
            QvExpr *target; // Name in Store context
            QvExpr *value;
        } named_expr;
        struct {
            QvExpr *left;
            QvOperator op;
            QvExpr *right;
        } bin_op;
        struct {
            QvUnaryOp op;
            QvExpr *operand;
        } unary_op;
        struct {
            QvArguments *args; // never NULL
            QvExpr *body;
        } lambda;
        struct {
            QvExpr *test;
            QvExpr *body;
            QvExpr *orelse;
        } if_exp;
        struct {
            QvExprSeq keys;   // NULL entry: `**value`
            QvExprSeq values; // as many as keys
        } dict;
        struct {
            QvExprSeq elts;
        } set;
        struct { // ListComp, SetComp, GeneratorExp
            QvExpr *elt;
            QvComprehensionSeq generators;
        } comp;
        struct {
            QvExpr *key;
            QvExpr *value;
            QvComprehensionSeq generators;
        } dict_comp;
        struct {
            QvExpr *value;
        } await;
        struct {
            QvExpr *value; // ?
        } yield;
        struct {
            QvExpr *value;
        } yield_from;
        struct {
            QvExpr *left;
            QvCmpOpSeq ops;
            QvExprSeq comparators; // as many as ops
        } compare;
        struct {
            QvExpr *func;
            QvExprSeq args; // Starred for *x
            QvKeywordSeq keywords;
        } call;
        struct {
            QvExpr *value;
            int conversion;      // -1, 's', 'r' or 'a'
            QvExpr *format_spec; // ? JoinedStr
        } formatted_value;
        struct {
            QvExprSeq values; // Constant (str) and FormattedValue
        } joined_str;
        struct {
            // None, bool, int, float, complex, str, bytes, Ellipsis; from Python trees also tuple
            // and frozenset
            QvObj *value;
            QvObj *kind; // ? the str "u" for u"..."
        } constant;
        struct {
            QvExpr *value;
            QvObj *attr;
            QvExprContext ctx;
        } attribute;
        struct {
            QvExpr *value;
            QvExpr *slice; // any expression; Slice, or Tuple that may contain Slice and Starred
            QvExprContext ctx;
        } subscript;
        struct {
            QvExpr *value;
            QvExprContext ctx;
        } starred;
        struct {
            QvObj *id;
            QvExprContext ctx;
        } name;
        struct { // List, Tuple
            QvExprSeq elts;
            QvExprContext ctx;
        } list;
        struct {
            QvExpr *lower; // ?
            QvExpr *upper; // ?
            QvExpr *step;  // ?
        } slice;
    } u;
};

struct QvPattern {
    QvPatternKind kind;
    QvPos pos;
    union {
        struct {
            QvExpr *value;
        } value;
        struct {
            QvObj *value; // None, True or False
        } singleton;
        struct {
            QvPatternSeq patterns;
        } sequence;
        struct {
            QvExprSeq keys;
            QvPatternSeq patterns; // as many as keys
            QvObj *rest;           // ? name after `**`
        } mapping;
        struct {
            QvExpr *cls;
            QvPatternSeq patterns;
            QvIdentSeq kwd_attrs;
            QvPatternSeq kwd_patterns; // as many as kwd_attrs
        } cls;
        struct {
            QvObj *name; // ? NULL for `*_`
        } star;
        struct {
            QvPattern *pattern; // ?
            QvObj *name;        // ? both NULL for the wildcard `_`
        } as;
        struct {
            QvPatternSeq patterns; // at least two
        } or_;
    } u;
};

struct QvComprehension {
    QvExpr *target;
    QvExpr *iter;
    QvExprSeq ifs;
    int is_async;
};

struct QvExceptHandler {
    QvPos pos;
    QvExpr *type; // ?
    QvObj *name;  // ?
    QvStmtSeq body;
};

struct QvArguments {
    QvArgSeq posonlyargs;
    QvArgSeq args;
    QvArg *vararg; // ?
    QvArgSeq kwonlyargs;
    QvExprSeq kw_defaults; // as many as kwonlyargs; NULL entry: no default
    QvArg *kwarg;          // ?
    QvExprSeq defaults;    // of the last posonlyargs + args
};

struct QvArg {
    QvPos pos;
    QvObj *arg;
    QvExpr *annotation;  // ?
    QvObj *type_comment; // ?
};

struct QvKeyword {
    QvPos pos;
    QvObj *arg; // ? NULL for **value
    QvExpr *value;
};

struct QvAlias {
    QvPos pos;
    QvObj *name;   // dotted name as one str
    QvObj *asname; // ?
};

struct QvWithItem {
    QvExpr *context_expr;
    QvExpr *optional_vars; // ?
};

struct QvTypeIgnore { // `# type: ignore<tag>`
    int lineno;
    QvObj *tag; // str
};

struct QvMatchCase {
    QvPattern *pattern;
    QvExpr *guard; // ?
    QvStmtSeq body;
};

// --- making nodes: each returns a zeroed node with kind and position set, or NULL with MemoryError

QvMod *qv_ast_mod(QvArena *arena, QvModKind kind);
QvStmt *qv_ast_stmt(QvArena *arena, QvStmtKind kind, QvPos pos);
QvExpr *qv_ast_expr(QvArena *arena, QvExprKind kind, QvPos pos);
QvPattern *qv_ast_pattern(QvArena *arena, QvPatternKind kind, QvPos pos);

// --- checking (ast_validate.c) -------------------------------------------------------------------

// Checks a tree that did not come from the parser. 0, or -1 with ValueError, TypeError or
// RecursionError.
int qv_ast_validate(QvInterp *qi, const QvMod *mod);

// --- printing (ast_dump.c) -----------------------------------------------------------------------

// Receives the text piecewise. Returns 0, or -1 to stop.
typedef int (*QvAstWrite)(void *ctx, const char *text, QvSsize len);

// Writes what `ast.dump(tree, include_attributes=attributes, indent=indent)` prints; indent < 0
// means one line. Returns 0, or -1 with an exception set (or as `write` left it).
int qv_ast_dump(QvInterp *qi, const QvMod *mod, bool attributes, int indent, QvAstWrite write,
                void *ctx);

// The class name in `ast` ("FunctionDef", "BinOp", ...); static text.
const char *qv_ast_stmt_name(QvStmtKind kind);
const char *qv_ast_expr_name(QvExprKind kind);
const char *qv_ast_pattern_name(QvPatternKind kind);
const char *qv_ast_operator_name(QvOperator op);
const char *qv_ast_unaryop_name(QvUnaryOp op);
const char *qv_ast_boolop_name(QvBoolOp op);
const char *qv_ast_cmpop_name(QvCmpOperator op);

#endif
