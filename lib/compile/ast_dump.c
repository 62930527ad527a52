// SPDX-License-Identifier: MIT
// Prints a tree exactly as ast.dump() of CPython 3.11 does.
//
// Every node is first described as a list of fields; one routine then prints any such list. Whether
// a node goes on one line depends on its fields being simple (as ast.dump defines it), which the
// description shows.
#include <stdio.h>
#include <string.h>

#include "compile/ast.h"
#include "object/error.h"
#include "object/protocol.h"
#include "object/str.h"

#define MAX_DEPTH 1000 // nesting of nodes; the printer recurses

typedef struct Dump {
    QvInterp *qi;
    bool attributes;
    int indent; // < 0: one line
    int depth;
    QvAstWrite write;
    void *ctx;
} Dump;

typedef enum FieldKind {
    F_WORD, // text as it stands: "Load()"
    F_INT,
    F_OBJ, // repr; NULL is None
    F_MOD,
    F_STMT,
    F_EXPR,
    F_PATTERN,
    F_COMPREHENSION,
    F_HANDLER,
    F_ARGUMENTS,
    F_ARG,
    F_KEYWORD,
    F_ALIAS,
    F_WITH_ITEM,
    F_MATCH_CASE,
    F_TYPE_IGNORE,
    F_CMPOP
} FieldKind;

typedef struct Field {
    const char *name;
    FieldKind kind; // of the value, or of the items
    bool is_seq;
    const void *value; // the node or object; the items' array
    QvSsize count;     // of items
    int64_t number;
} Field;

// A node's class, fields and position.
typedef struct Node {
    const char *name;
    int nfields;
    Field fields[8];
    const QvPos *pos; // NULL: has none
} Node;

static int put(Dump *d, const char *s) { return d->write(d->ctx, s, (QvSsize)strlen(s)); }

static int put_break(Dump *d, int level)
{
    if (d->indent < 0) {
        return 0;
    }
    if (put(d, "\n") < 0) {
        return -1;
    }
    for (int i = 0; i < d->indent * level; i++) {
        if (put(d, " ") < 0) {
            return -1;
        }
    }
    return 0;
}

static int put_obj(Dump *d, const QvObj *o)
{
    if (!o) {
        return put(d, "None");
    }
    QvObj *repr = qv_repr(d->qi, (QvObj *)o);
    QvUtf8 utf8;
    if (!repr || qv_str_utf8(d->qi, repr, &utf8) < 0) {
        qv_xdecref(d->qi, repr);
        return -1;
    }
    int r = d->write(d->ctx, utf8.s, utf8.n);
    qv_utf8_release(d->qi, &utf8);
    qv_decref(d->qi, repr);
    return r;
}

// --- describing ----------------------------------------------------------------------------------

static void add(Node *n, Field f) { n->fields[n->nfields++] = f; }

static void add_word(Node *n, const char *name, const char *word)
{
    add(n, (Field){.name = name, .kind = F_WORD, .value = word});
}

static void add_int(Node *n, const char *name, int64_t number)
{
    add(n, (Field){.name = name, .kind = F_INT, .number = number});
}

static void add_node(Node *n, const char *name, FieldKind kind, const void *value)
{
    add(n, (Field){.name = name, .kind = kind, .value = value});
}

// An optional field is not shown when absent.
static void add_optional(Node *n, const char *name, FieldKind kind, const void *value)
{
    if (value) {
        add_node(n, name, kind, value);
    }
}

static void add_seq(Node *n, const char *name, FieldKind kind, const void *items, QvSsize count)
{
    add(n, (Field){.name = name, .kind = kind, .is_seq = true, .value = items, .count = count});
}

static const char *operator_word(QvOperator op)
{
    static const char *const words[] = {
        [QV_OPERATOR_ADD] = "Add()",
        [QV_OPERATOR_SUB] = "Sub()",
        [QV_OPERATOR_MULT] = "Mult()",
        [QV_OPERATOR_MAT_MULT] = "MatMult()",
        [QV_OPERATOR_DIV] = "Div()",
        [QV_OPERATOR_MOD] = "Mod()",
        [QV_OPERATOR_POW] = "Pow()",
        [QV_OPERATOR_L_SHIFT] = "LShift()",
        [QV_OPERATOR_R_SHIFT] = "RShift()",
        [QV_OPERATOR_BIT_OR] = "BitOr()",
        [QV_OPERATOR_BIT_XOR] = "BitXor()",
        [QV_OPERATOR_BIT_AND] = "BitAnd()",
        [QV_OPERATOR_FLOOR_DIV] = "FloorDiv()",
    };
    return words[op];
}

static const char *unaryop_word(QvUnaryOp op)
{
    static const char *const words[] = {
        [QV_UNARYOP_INVERT] = "Invert()",
        [QV_UNARYOP_NOT] = "Not()",
        [QV_UNARYOP_U_ADD] = "UAdd()",
        [QV_UNARYOP_U_SUB] = "USub()",
    };
    return words[op];
}

static const char *context_word(QvExprContext ctx)
{
    return ctx == QV_CTX_STORE ? "Store()" : ctx == QV_CTX_DEL ? "Del()" : "Load()";
}

static void describe_stmt(Node *n, const QvStmt *s)
{
    n->name = qv_ast_stmt_name(s->kind);
    n->pos = &s->pos;
    switch (s->kind) {
    case QV_STMT_FUNCTION_DEF:
    case QV_STMT_ASYNC_FUNCTION_DEF:
        add_node(n, "name", F_OBJ, s->u.function_def.name);
        add_node(n, "args", F_ARGUMENTS, s->u.function_def.args);
        add_seq(n, "body", F_STMT, s->u.function_def.body.items, s->u.function_def.body.count);
        add_seq(n, "decorator_list", F_EXPR, s->u.function_def.decorator_list.items,
                s->u.function_def.decorator_list.count);
        add_optional(n, "returns", F_EXPR, s->u.function_def.returns);
        add_optional(n, "type_comment", F_OBJ, s->u.function_def.type_comment);
        break;
    case QV_STMT_CLASS_DEF:
        add_node(n, "name", F_OBJ, s->u.class_def.name);
        add_seq(n, "bases", F_EXPR, s->u.class_def.bases.items, s->u.class_def.bases.count);
        add_seq(n, "keywords", F_KEYWORD, s->u.class_def.keywords.items,
                s->u.class_def.keywords.count);
        add_seq(n, "body", F_STMT, s->u.class_def.body.items, s->u.class_def.body.count);
        add_seq(n, "decorator_list", F_EXPR, s->u.class_def.decorator_list.items,
                s->u.class_def.decorator_list.count);
        break;
    case QV_STMT_RETURN: add_optional(n, "value", F_EXPR, s->u.return_.value); break;
    case QV_STMT_DELETE:
        add_seq(n, "targets", F_EXPR, s->u.delete_.targets.items, s->u.delete_.targets.count);
        break;
    case QV_STMT_ASSIGN:
        add_seq(n, "targets", F_EXPR, s->u.assign.targets.items, s->u.assign.targets.count);
        add_node(n, "value", F_EXPR, s->u.assign.value);
        add_optional(n, "type_comment", F_OBJ, s->u.assign.type_comment);
        break;
    case QV_STMT_AUG_ASSIGN:
        add_node(n, "target", F_EXPR, s->u.aug_assign.target);
        add_word(n, "op", operator_word(s->u.aug_assign.op));
        add_node(n, "value", F_EXPR, s->u.aug_assign.value);
        break;
    case QV_STMT_ANN_ASSIGN:
        add_node(n, "target", F_EXPR, s->u.ann_assign.target);
        add_node(n, "annotation", F_EXPR, s->u.ann_assign.annotation);
        add_optional(n, "value", F_EXPR, s->u.ann_assign.value);
        add_int(n, "simple", s->u.ann_assign.simple);
        break;
    case QV_STMT_FOR:
    case QV_STMT_ASYNC_FOR:
        add_node(n, "target", F_EXPR, s->u.for_.target);
        add_node(n, "iter", F_EXPR, s->u.for_.iter);
        add_seq(n, "body", F_STMT, s->u.for_.body.items, s->u.for_.body.count);
        add_seq(n, "orelse", F_STMT, s->u.for_.orelse.items, s->u.for_.orelse.count);
        add_optional(n, "type_comment", F_OBJ, s->u.for_.type_comment);
        break;
    case QV_STMT_WHILE:
        add_node(n, "test", F_EXPR, s->u.while_.test);
        add_seq(n, "body", F_STMT, s->u.while_.body.items, s->u.while_.body.count);
        add_seq(n, "orelse", F_STMT, s->u.while_.orelse.items, s->u.while_.orelse.count);
        break;
    case QV_STMT_IF:
        add_node(n, "test", F_EXPR, s->u.if_.test);
        add_seq(n, "body", F_STMT, s->u.if_.body.items, s->u.if_.body.count);
        add_seq(n, "orelse", F_STMT, s->u.if_.orelse.items, s->u.if_.orelse.count);
        break;
    case QV_STMT_WITH:
    case QV_STMT_ASYNC_WITH:
        add_seq(n, "items", F_WITH_ITEM, s->u.with.items.items, s->u.with.items.count);
        add_seq(n, "body", F_STMT, s->u.with.body.items, s->u.with.body.count);
        add_optional(n, "type_comment", F_OBJ, s->u.with.type_comment);
        break;
    case QV_STMT_MATCH:
        add_node(n, "subject", F_EXPR, s->u.match.subject);
        add_seq(n, "cases", F_MATCH_CASE, s->u.match.cases.items, s->u.match.cases.count);
        break;
    case QV_STMT_RAISE:
        add_optional(n, "exc", F_EXPR, s->u.raise.exc);
        add_optional(n, "cause", F_EXPR, s->u.raise.cause);
        break;
    case QV_STMT_TRY:
    case QV_STMT_TRY_STAR:
        add_seq(n, "body", F_STMT, s->u.try_.body.items, s->u.try_.body.count);
        add_seq(n, "handlers", F_HANDLER, s->u.try_.handlers.items, s->u.try_.handlers.count);
        add_seq(n, "orelse", F_STMT, s->u.try_.orelse.items, s->u.try_.orelse.count);
        add_seq(n, "finalbody", F_STMT, s->u.try_.finalbody.items, s->u.try_.finalbody.count);
        break;
    case QV_STMT_ASSERT:
        add_node(n, "test", F_EXPR, s->u.assert_.test);
        add_optional(n, "msg", F_EXPR, s->u.assert_.msg);
        break;
    case QV_STMT_IMPORT:
        add_seq(n, "names", F_ALIAS, s->u.import.names.items, s->u.import.names.count);
        break;
    case QV_STMT_IMPORT_FROM:
        add_optional(n, "module", F_OBJ, s->u.import_from.module);
        add_seq(n, "names", F_ALIAS, s->u.import_from.names.items, s->u.import_from.names.count);
        add_int(n, "level", s->u.import_from.level);
        break;
    case QV_STMT_GLOBAL:
    case QV_STMT_NONLOCAL:
        add_seq(n, "names", F_OBJ, s->u.global.names.items, s->u.global.names.count);
        break;
    case QV_STMT_EXPR: add_node(n, "value", F_EXPR, s->u.expr.value); break;
    case QV_STMT_PASS:
    case QV_STMT_BREAK:
    case QV_STMT_CONTINUE: break;
    }
}

static void describe_expr(Node *n, const QvExpr *e)
{
    n->name = qv_ast_expr_name(e->kind);
    n->pos = &e->pos;
    switch (e->kind) {
    case QV_EXPR_BOOL_OP:
        add_word(n, "op", e->u.bool_op.op == QV_BOOLOP_AND ? "And()" : "Or()");
        add_seq(n, "values", F_EXPR, e->u.bool_op.values.items, e->u.bool_op.values.count);
        break;
    case QV_EXPR_NAMED_EXPR:
        add_node(n, "target", F_EXPR, e->u.named_expr.target);
        add_node(n, "value", F_EXPR, e->u.named_expr.value);
        break;
    case QV_EXPR_BIN_OP:
        add_node(n, "left", F_EXPR, e->u.bin_op.left);
        add_word(n, "op", operator_word(e->u.bin_op.op));
        add_node(n, "right", F_EXPR, e->u.bin_op.right);
        break;
    case QV_EXPR_UNARY_OP:
        add_word(n, "op", unaryop_word(e->u.unary_op.op));
        add_node(n, "operand", F_EXPR, e->u.unary_op.operand);
        break;
    case QV_EXPR_LAMBDA:
        add_node(n, "args", F_ARGUMENTS, e->u.lambda.args);
        add_node(n, "body", F_EXPR, e->u.lambda.body);
        break;
    case QV_EXPR_IF_EXP:
        add_node(n, "test", F_EXPR, e->u.if_exp.test);
        add_node(n, "body", F_EXPR, e->u.if_exp.body);
        add_node(n, "orelse", F_EXPR, e->u.if_exp.orelse);
        break;
    case QV_EXPR_DICT:
        add_seq(n, "keys", F_EXPR, e->u.dict.keys.items, e->u.dict.keys.count);
        add_seq(n, "values", F_EXPR, e->u.dict.values.items, e->u.dict.values.count);
        break;
    case QV_EXPR_SET: add_seq(n, "elts", F_EXPR, e->u.set.elts.items, e->u.set.elts.count); break;
    case QV_EXPR_LIST_COMP:
    case QV_EXPR_SET_COMP:
    case QV_EXPR_GENERATOR_EXP:
        add_node(n, "elt", F_EXPR, e->u.comp.elt);
        add_seq(n, "generators", F_COMPREHENSION, e->u.comp.generators.items,
                e->u.comp.generators.count);
        break;
    case QV_EXPR_DICT_COMP:
        add_node(n, "key", F_EXPR, e->u.dict_comp.key);
        add_node(n, "value", F_EXPR, e->u.dict_comp.value);
        add_seq(n, "generators", F_COMPREHENSION, e->u.dict_comp.generators.items,
                e->u.dict_comp.generators.count);
        break;
    case QV_EXPR_AWAIT: add_node(n, "value", F_EXPR, e->u.await.value); break;
    case QV_EXPR_YIELD: add_optional(n, "value", F_EXPR, e->u.yield.value); break;
    case QV_EXPR_YIELD_FROM: add_node(n, "value", F_EXPR, e->u.yield_from.value); break;
    case QV_EXPR_COMPARE:
        add_node(n, "left", F_EXPR, e->u.compare.left);
        add_seq(n, "ops", F_CMPOP, e->u.compare.ops.items, e->u.compare.ops.count);
        add_seq(n, "comparators", F_EXPR, e->u.compare.comparators.items,
                e->u.compare.comparators.count);
        break;
    case QV_EXPR_CALL:
        add_node(n, "func", F_EXPR, e->u.call.func);
        add_seq(n, "args", F_EXPR, e->u.call.args.items, e->u.call.args.count);
        add_seq(n, "keywords", F_KEYWORD, e->u.call.keywords.items, e->u.call.keywords.count);
        break;
    case QV_EXPR_FORMATTED_VALUE:
        add_node(n, "value", F_EXPR, e->u.formatted_value.value);
        add_int(n, "conversion", e->u.formatted_value.conversion);
        add_optional(n, "format_spec", F_EXPR, e->u.formatted_value.format_spec);
        break;
    case QV_EXPR_JOINED_STR:
        add_seq(n, "values", F_EXPR, e->u.joined_str.values.items, e->u.joined_str.values.count);
        break;
    case QV_EXPR_CONSTANT:
        add_node(n, "value", F_OBJ, e->u.constant.value);
        add_optional(n, "kind", F_OBJ, e->u.constant.kind);
        break;
    case QV_EXPR_ATTRIBUTE:
        add_node(n, "value", F_EXPR, e->u.attribute.value);
        add_node(n, "attr", F_OBJ, e->u.attribute.attr);
        add_word(n, "ctx", context_word(e->u.attribute.ctx));
        break;
    case QV_EXPR_SUBSCRIPT:
        add_node(n, "value", F_EXPR, e->u.subscript.value);
        add_node(n, "slice", F_EXPR, e->u.subscript.slice);
        add_word(n, "ctx", context_word(e->u.subscript.ctx));
        break;
    case QV_EXPR_STARRED:
        add_node(n, "value", F_EXPR, e->u.starred.value);
        add_word(n, "ctx", context_word(e->u.starred.ctx));
        break;
    case QV_EXPR_NAME:
        add_node(n, "id", F_OBJ, e->u.name.id);
        add_word(n, "ctx", context_word(e->u.name.ctx));
        break;
    case QV_EXPR_LIST:
    case QV_EXPR_TUPLE:
        add_seq(n, "elts", F_EXPR, e->u.list.elts.items, e->u.list.elts.count);
        add_word(n, "ctx", context_word(e->u.list.ctx));
        break;
    case QV_EXPR_SLICE:
        add_optional(n, "lower", F_EXPR, e->u.slice.lower);
        add_optional(n, "upper", F_EXPR, e->u.slice.upper);
        add_optional(n, "step", F_EXPR, e->u.slice.step);
        break;
    }
}

static void describe_pattern(Node *n, const QvPattern *p)
{
    n->name = qv_ast_pattern_name(p->kind);
    n->pos = &p->pos;
    switch (p->kind) {
    case QV_PATTERN_MATCH_VALUE: add_node(n, "value", F_EXPR, p->u.value.value); break;
    case QV_PATTERN_MATCH_SINGLETON: add_node(n, "value", F_OBJ, p->u.singleton.value); break;
    case QV_PATTERN_MATCH_SEQUENCE:
        add_seq(n, "patterns", F_PATTERN, p->u.sequence.patterns.items,
                p->u.sequence.patterns.count);
        break;
    case QV_PATTERN_MATCH_MAPPING:
        add_seq(n, "keys", F_EXPR, p->u.mapping.keys.items, p->u.mapping.keys.count);
        add_seq(n, "patterns", F_PATTERN, p->u.mapping.patterns.items, p->u.mapping.patterns.count);
        add_optional(n, "rest", F_OBJ, p->u.mapping.rest);
        break;
    case QV_PATTERN_MATCH_CLASS:
        add_node(n, "cls", F_EXPR, p->u.cls.cls);
        add_seq(n, "patterns", F_PATTERN, p->u.cls.patterns.items, p->u.cls.patterns.count);
        add_seq(n, "kwd_attrs", F_OBJ, p->u.cls.kwd_attrs.items, p->u.cls.kwd_attrs.count);
        add_seq(n, "kwd_patterns", F_PATTERN, p->u.cls.kwd_patterns.items,
                p->u.cls.kwd_patterns.count);
        break;
    case QV_PATTERN_MATCH_STAR: add_optional(n, "name", F_OBJ, p->u.star.name); break;
    case QV_PATTERN_MATCH_AS:
        add_optional(n, "pattern", F_PATTERN, p->u.as.pattern);
        add_optional(n, "name", F_OBJ, p->u.as.name);
        break;
    case QV_PATTERN_MATCH_OR:
        add_seq(n, "patterns", F_PATTERN, p->u.or_.patterns.items, p->u.or_.patterns.count);
        break;
    }
}

static void describe_arguments(Node *n, const QvArguments *a)
{
    n->name = "arguments";
    add_seq(n, "posonlyargs", F_ARG, a->posonlyargs.items, a->posonlyargs.count);
    add_seq(n, "args", F_ARG, a->args.items, a->args.count);
    add_optional(n, "vararg", F_ARG, a->vararg);
    add_seq(n, "kwonlyargs", F_ARG, a->kwonlyargs.items, a->kwonlyargs.count);
    add_seq(n, "kw_defaults", F_EXPR, a->kw_defaults.items, a->kw_defaults.count);
    add_optional(n, "kwarg", F_ARG, a->kwarg);
    add_seq(n, "defaults", F_EXPR, a->defaults.items, a->defaults.count);
}

static void describe_mod(Node *n, const QvMod *m)
{
    switch (m->kind) {
    case QV_MOD_MODULE:
        n->name = "Module";
        add_seq(n, "body", F_STMT, m->body.items, m->body.count);
        add_seq(n, "type_ignores", F_TYPE_IGNORE, m->type_ignores.items, m->type_ignores.count);
        break;
    case QV_MOD_INTERACTIVE:
        n->name = "Interactive";
        add_seq(n, "body", F_STMT, m->body.items, m->body.count);
        break;
    case QV_MOD_EXPRESSION:
        n->name = "Expression";
        add_node(n, "body", F_EXPR, m->body_expr);
        break;
    case QV_MOD_FUNCTION_TYPE:
        n->name = "FunctionType";
        add_seq(n, "argtypes", F_EXPR, m->argtypes.items, m->argtypes.count);
        add_node(n, "returns", F_EXPR, m->returns);
        break;
    }
}

static void describe(Node *n, FieldKind kind, const void *value)
{
    n->nfields = 0;
    n->pos = NULL;
    switch (kind) {
    case F_MOD: describe_mod(n, value); break;
    case F_STMT: describe_stmt(n, value); break;
    case F_EXPR: describe_expr(n, value); break;
    case F_PATTERN: describe_pattern(n, value); break;
    case F_ARGUMENTS: describe_arguments(n, value); break;
    case F_COMPREHENSION: {
        const QvComprehension *c = value;
        n->name = "comprehension";
        add_node(n, "target", F_EXPR, c->target);
        add_node(n, "iter", F_EXPR, c->iter);
        add_seq(n, "ifs", F_EXPR, c->ifs.items, c->ifs.count);
        add_int(n, "is_async", c->is_async);
        break;
    }
    case F_HANDLER: {
        const QvExceptHandler *h = value;
        n->name = "ExceptHandler";
        n->pos = &h->pos;
        add_optional(n, "type", F_EXPR, h->type);
        add_optional(n, "name", F_OBJ, h->name);
        add_seq(n, "body", F_STMT, h->body.items, h->body.count);
        break;
    }
    case F_ARG: {
        const QvArg *a = value;
        n->name = "arg";
        n->pos = &a->pos;
        add_node(n, "arg", F_OBJ, a->arg);
        add_optional(n, "annotation", F_EXPR, a->annotation);
        add_optional(n, "type_comment", F_OBJ, a->type_comment);
        break;
    }
    case F_KEYWORD: {
        const QvKeyword *k = value;
        n->name = "keyword";
        n->pos = &k->pos;
        add_optional(n, "arg", F_OBJ, k->arg);
        add_node(n, "value", F_EXPR, k->value);
        break;
    }
    case F_ALIAS: {
        const QvAlias *a = value;
        n->name = "alias";
        n->pos = &a->pos;
        add_node(n, "name", F_OBJ, a->name);
        add_optional(n, "asname", F_OBJ, a->asname);
        break;
    }
    case F_WITH_ITEM: {
        const QvWithItem *w = value;
        n->name = "withitem";
        add_node(n, "context_expr", F_EXPR, w->context_expr);
        add_optional(n, "optional_vars", F_EXPR, w->optional_vars);
        break;
    }
    case F_TYPE_IGNORE: {
        const QvTypeIgnore *t = value;
        n->name = "TypeIgnore";
        add_int(n, "lineno", t->lineno);
        add_node(n, "tag", F_OBJ, t->tag);
        break;
    }
    case F_MATCH_CASE: {
        const QvMatchCase *m = value;
        n->name = "match_case";
        add_node(n, "pattern", F_PATTERN, m->pattern);
        add_optional(n, "guard", F_EXPR, m->guard);
        add_seq(n, "body", F_STMT, m->body.items, m->body.count);
        break;
    }
    case F_WORD:
    case F_INT:
    case F_OBJ:
    case F_CMPOP: break;
    }
}

// --- printing ------------------------------------------------------------------------------------

static int dump_node(Dump *d, FieldKind kind, const void *value, int level);

static bool is_leaf(FieldKind kind, const void *value)
{
    return kind == F_WORD || kind == F_INT || kind == F_OBJ || kind == F_CMPOP || !value;
}

// A value is simple when it prints without anything inside: a leaf, an empty list, a node without
// arguments.
static bool is_simple(const Dump *d, const Field *f)
{
    if (f->is_seq) {
        return f->count == 0;
    }
    if (is_leaf(f->kind, f->value)) {
        return true;
    }
    Node n;
    describe(&n, f->kind, f->value);
    return n.nfields == 0 && !(d->attributes && n.pos);
}

static int dump_value(Dump *d, FieldKind kind, const void *value, int64_t number, int level)
{
    switch (kind) {
    case F_WORD: return put(d, value);
    case F_INT: {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)number);
        return put(d, text);
    }
    case F_OBJ: return put_obj(d, value);
    default: return value ? dump_node(d, kind, value, level) : put(d, "None");
    }
}

static int dump_seq(Dump *d, const Field *f, int level)
{
    if (f->count == 0) {
        return put(d, "[]");
    }
    if (put(d, "[") < 0 || put_break(d, level) < 0) {
        return -1;
    }
    for (QvSsize i = 0; i < f->count; i++) {
        if (i > 0 &&
            ((d->indent < 0 ? put(d, ", ") : put(d, ",")) < 0 || put_break(d, level) < 0)) {
            return -1;
        }
        if (f->kind == F_CMPOP) {
            const QvCmpOperator *ops = f->value;
            if (put(d, qv_ast_cmpop_name(ops[i])) < 0 || put(d, "()") < 0) {
                return -1;
            }
        } else if (dump_value(d, f->kind, ((void *const *)f->value)[i], 0, level + 1) < 0) {
            return -1;
        }
    }
    return put(d, "]");
}

static int dump_node_fields(Dump *d, Node *n, int level)
{
    bool simple = true;
    for (int i = 0; i < n->nfields; i++) {
        simple = simple && is_simple(d, &n->fields[i]);
    }
    int nattributes = d->attributes && n->pos ? 4 : 0;
    bool one_line = simple && n->nfields + nattributes <= 3;
    if (put(d, n->name) < 0 || put(d, "(") < 0) {
        return -1;
    }
    for (int i = 0; i < n->nfields + nattributes; i++) {
        bool bare = one_line || d->indent < 0;
        if (i > 0 && (bare ? put(d, ", ") : put(d, ",")) < 0) {
            return -1;
        }
        if (!bare && put_break(d, level) < 0) {
            return -1;
        }
        Field f;
        if (i < n->nfields) {
            f = n->fields[i];
        } else {
            static const char *const names[] = {"lineno", "col_offset", "end_lineno",
                                                "end_col_offset"};
            const int32_t values[] = {n->pos->lineno, n->pos->col_offset, n->pos->end_lineno,
                                      n->pos->end_col_offset};
            f = (Field){
                .name = names[i - n->nfields], .kind = F_INT, .number = values[i - n->nfields]};
        }
        if (put(d, f.name) < 0 || put(d, "=") < 0) {
            return -1;
        }
        // Lists and nodes inside are one level deeper than this node.
        int r = f.is_seq ? dump_seq(d, &f, level + 1)
                         : dump_value(d, f.kind, f.value, f.number, level + 1);
        if (r < 0) {
            return -1;
        }
    }
    return put(d, ")");
}

// `level` is that of the node's own fields.
static int dump_node(Dump *d, FieldKind kind, const void *value, int level)
{
    if (d->depth >= MAX_DEPTH) {
        qv_raise(d->qi, &qv_exc_RecursionError,
                 "maximum recursion depth exceeded while dumping a syntax tree");
        return -1;
    }
    d->depth++;
    Node n;
    describe(&n, kind, value);
    int r = dump_node_fields(d, &n, level);
    d->depth--;
    return r;
}

int qv_ast_dump(QvInterp *qi, const QvMod *mod, bool attributes, int indent, QvAstWrite write,
                void *ctx)
{
    Dump d = {.qi = qi, .attributes = attributes, .indent = indent, .write = write, .ctx = ctx};
    return dump_node(&d, F_MOD, mod, 1);
}
