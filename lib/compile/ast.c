// SPDX-License-Identifier: MIT
// Making syntax tree nodes; names of node kinds.
#include "compile/ast.h"

QvMod *qv_ast_mod(QvArena *arena, QvModKind kind)
{
    QvMod *mod = qv_arena_alloc(arena, sizeof(QvMod));
    if (mod) {
        mod->kind = kind;
    }
    return mod;
}

QvStmt *qv_ast_stmt(QvArena *arena, QvStmtKind kind, QvPos pos)
{
    QvStmt *stmt = qv_arena_alloc(arena, sizeof(QvStmt));
    if (stmt) {
        stmt->kind = kind;
        stmt->pos = pos;
    }
    return stmt;
}

QvExpr *qv_ast_expr(QvArena *arena, QvExprKind kind, QvPos pos)
{
    QvExpr *expr = qv_arena_alloc(arena, sizeof(QvExpr));
    if (expr) {
        expr->kind = kind;
        expr->pos = pos;
    }
    return expr;
}

QvPattern *qv_ast_pattern(QvArena *arena, QvPatternKind kind, QvPos pos)
{
    QvPattern *pattern = qv_arena_alloc(arena, sizeof(QvPattern));
    if (pattern) {
        pattern->kind = kind;
        pattern->pos = pos;
    }
    return pattern;
}

const char *qv_ast_stmt_name(QvStmtKind kind)
{
    static const char *const names[] = {
        [QV_STMT_FUNCTION_DEF] = "FunctionDef",
        [QV_STMT_ASYNC_FUNCTION_DEF] = "AsyncFunctionDef",
        [QV_STMT_CLASS_DEF] = "ClassDef",
        [QV_STMT_RETURN] = "Return",
        [QV_STMT_DELETE] = "Delete",
        [QV_STMT_ASSIGN] = "Assign",
        [QV_STMT_AUG_ASSIGN] = "AugAssign",
        [QV_STMT_ANN_ASSIGN] = "AnnAssign",
        [QV_STMT_FOR] = "For",
        [QV_STMT_ASYNC_FOR] = "AsyncFor",
        [QV_STMT_WHILE] = "While",
        [QV_STMT_IF] = "If",
        [QV_STMT_WITH] = "With",
        [QV_STMT_ASYNC_WITH] = "AsyncWith",
        [QV_STMT_MATCH] = "Match",
        [QV_STMT_RAISE] = "Raise",
        [QV_STMT_TRY] = "Try",
        [QV_STMT_TRY_STAR] = "TryStar",
        [QV_STMT_ASSERT] = "Assert",
        [QV_STMT_IMPORT] = "Import",
        [QV_STMT_IMPORT_FROM] = "ImportFrom",
        [QV_STMT_GLOBAL] = "Global",
        [QV_STMT_NONLOCAL] = "Nonlocal",
        [QV_STMT_EXPR] = "Expr",
        [QV_STMT_PASS] = "Pass",
        [QV_STMT_BREAK] = "Break",
        [QV_STMT_CONTINUE] = "Continue",
    };
    return names[kind];
}

const char *qv_ast_expr_name(QvExprKind kind)
{
    static const char *const names[] = {
        [QV_EXPR_BOOL_OP] = "BoolOp",
        [QV_EXPR_NAMED_EXPR] = "NamedExpr",
        [QV_EXPR_BIN_OP] = "BinOp",
        [QV_EXPR_UNARY_OP] = "UnaryOp",
        [QV_EXPR_LAMBDA] = "Lambda",
        [QV_EXPR_IF_EXP] = "IfExp",
        [QV_EXPR_DICT] = "Dict",
        [QV_EXPR_SET] = "Set",
        [QV_EXPR_LIST_COMP] = "ListComp",
        [QV_EXPR_SET_COMP] = "SetComp",
        [QV_EXPR_DICT_COMP] = "DictComp",
        [QV_EXPR_GENERATOR_EXP] = "GeneratorExp",
        [QV_EXPR_AWAIT] = "Await",
        [QV_EXPR_YIELD] = "Yield",
        [QV_EXPR_YIELD_FROM] = "YieldFrom",
        [QV_EXPR_COMPARE] = "Compare",
        [QV_EXPR_CALL] = "Call",
        [QV_EXPR_FORMATTED_VALUE] = "FormattedValue",
        [QV_EXPR_JOINED_STR] = "JoinedStr",
        [QV_EXPR_CONSTANT] = "Constant",
        [QV_EXPR_ATTRIBUTE] = "Attribute",
        [QV_EXPR_SUBSCRIPT] = "Subscript",
        [QV_EXPR_STARRED] = "Starred",
        [QV_EXPR_NAME] = "Name",
        [QV_EXPR_LIST] = "List",
        [QV_EXPR_TUPLE] = "Tuple",
        [QV_EXPR_SLICE] = "Slice",
    };
    return names[kind];
}

const char *qv_ast_pattern_name(QvPatternKind kind)
{
    static const char *const names[] = {
        [QV_PATTERN_MATCH_VALUE] = "MatchValue",
        [QV_PATTERN_MATCH_SINGLETON] = "MatchSingleton",
        [QV_PATTERN_MATCH_SEQUENCE] = "MatchSequence",
        [QV_PATTERN_MATCH_MAPPING] = "MatchMapping",
        [QV_PATTERN_MATCH_CLASS] = "MatchClass",
        [QV_PATTERN_MATCH_STAR] = "MatchStar",
        [QV_PATTERN_MATCH_AS] = "MatchAs",
        [QV_PATTERN_MATCH_OR] = "MatchOr",
    };
    return names[kind];
}

const char *qv_ast_operator_name(QvOperator op)
{
    static const char *const names[] = {
        [QV_OPERATOR_ADD] = "Add",
        [QV_OPERATOR_SUB] = "Sub",
        [QV_OPERATOR_MULT] = "Mult",
        [QV_OPERATOR_MAT_MULT] = "MatMult",
        [QV_OPERATOR_DIV] = "Div",
        [QV_OPERATOR_MOD] = "Mod",
        [QV_OPERATOR_POW] = "Pow",
        [QV_OPERATOR_L_SHIFT] = "LShift",
        [QV_OPERATOR_R_SHIFT] = "RShift",
        [QV_OPERATOR_BIT_OR] = "BitOr",
        [QV_OPERATOR_BIT_XOR] = "BitXor",
        [QV_OPERATOR_BIT_AND] = "BitAnd",
        [QV_OPERATOR_FLOOR_DIV] = "FloorDiv",
    };
    return names[op];
}

const char *qv_ast_unaryop_name(QvUnaryOp op)
{
    static const char *const names[] = {
        [QV_UNARYOP_INVERT] = "Invert",
        [QV_UNARYOP_NOT] = "Not",
        [QV_UNARYOP_U_ADD] = "UAdd",
        [QV_UNARYOP_U_SUB] = "USub",
    };
    return names[op];
}

const char *qv_ast_boolop_name(QvBoolOp op) { return op == QV_BOOLOP_AND ? "And" : "Or"; }

const char *qv_ast_cmpop_name(QvCmpOperator op)
{
    static const char *const names[] = {
        [QV_CMPOP_EQ] = "Eq",        [QV_CMPOP_NOT_EQ] = "NotEq", [QV_CMPOP_LT] = "Lt",
        [QV_CMPOP_LT_E] = "LtE",     [QV_CMPOP_GT] = "Gt",        [QV_CMPOP_GT_E] = "GtE",
        [QV_CMPOP_IS] = "Is",        [QV_CMPOP_IS_NOT] = "IsNot", [QV_CMPOP_IN] = "In",
        [QV_CMPOP_NOT_IN] = "NotIn",
    };
    return names[op];
}
