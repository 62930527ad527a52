// SPDX-License-Identifier: MIT
// Code for function definitions, lambdas and classes.
#include "compile/codegen.h"

#include "object/interp.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- what stands behind a function: defaults, annotations, closure ------------------------------

static bool all_const(QvExprSeq seq)
{
    for (QvSsize i = 0; i < seq.count; i++) {
        if (seq.items[i]->kind != QV_EXPR_CONSTANT) {
            return false;
        }
    }
    return true;
}

// Pushes a tuple of the values.
static void push_defaults(QvGen *g, QvExprSeq defaults)
{
    unsigned t = g->u->top;
    if (all_const(defaults)) {
        QvObj *tuple = qv_tuple_new(g->qi, defaults.count);
        if (qv_gen_check(g, tuple)) {
            for (QvSsize i = 0; i < defaults.count; i++) {
                qv_tuple_items(tuple)[i] = qv_new_ref(g->qi, defaults.items[i]->u.constant.value);
            }
            qv_gen_push_k(g, tuple);
            qv_decref(g->qi, tuple);
        }
        return;
    }
    for (QvSsize i = 0; i < defaults.count; i++) {
        qv_gen_expr(g, defaults.items[i], QV_WANT_PUSH);
    }
    g->u->top = t;
    qv_gen_emit(g, QV_INS_BUILD_TUPLE, 0, qv_gen_temp(g), t, (unsigned)defaults.count);
}

static QvObj *mangled(QvGen *g, QvObj *name)
{
    QvObj *m = qv_scope_mangle(g->arena, g->u->scope->private_name, name);
    return qv_gen_check(g, m) ? m : name;
}

// Pushes a dict of the keyword-only defaults. False when there are none.
static bool push_kw_defaults(QvGen *g, const QvArguments *args)
{
    unsigned t = g->u->top;
    unsigned n = 0;
    for (QvSsize i = 0; i < args->kwonlyargs.count; i++) {
        if (args->kw_defaults.items[i]) {
            qv_gen_push_k(g, mangled(g, args->kwonlyargs.items[i]->arg));
            qv_gen_expr(g, args->kw_defaults.items[i], QV_WANT_PUSH);
            n++;
        }
    }
    if (n == 0) {
        return false;
    }
    g->u->top = t;
    qv_gen_emit(g, QV_INS_BUILD_DICT, 0, qv_gen_temp(g), t, n);
    return true;
}

void qv_gen_annotation_value(QvGen *g, const QvExpr *e)
{
    if (g->scopes->future_annotations) {
        QvObj *text = g->failed ? NULL : qv_unparse(g->qi, e);
        if (g->failed || !qv_gen_check(g, text)) {
            return;
        }
        qv_gen_at(g, e->pos);
        qv_gen_push_k(g, text);
        qv_decref(g->qi, text);
        return;
    }
    if (e->kind == QV_EXPR_STARRED) { // *args: *Ts
        unsigned t = qv_gen_temp(g);
        unsigned r = qv_gen_expr(g, e->u.starred.value, QV_WANT_ANY);
        qv_gen_at(g, e->pos);
        g->u->top = t + 1;
        qv_gen_emit(g, QV_INS_UNPACK, qv_gen_take_b(g, r, -1), t, r, 1);
        return;
    }
    qv_gen_expr(g, e, QV_WANT_PUSH);
}

static unsigned push_annotation(QvGen *g, QvObj *name, const QvExpr *annotation)
{
    if (!annotation) {
        return 0;
    }
    qv_gen_push_k(g, mangled(g, name));
    qv_gen_annotation_value(g, annotation);
    return 2;
}

static unsigned push_arg_annotations(QvGen *g, QvArgSeq args)
{
    unsigned n = 0;
    for (QvSsize i = 0; i < args.count; i++) {
        n += push_annotation(g, args.items[i]->arg, args.items[i]->annotation);
    }
    return n;
}

// Pushes the tuple (name, value, ...). False when there are none.
static bool push_annotations(QvGen *g, const QvArguments *args, const QvExpr *returns)
{
    unsigned t = g->u->top;
    unsigned n = push_arg_annotations(g, args->args);
    n += push_arg_annotations(g, args->posonlyargs);
    if (args->vararg) {
        n += push_annotation(g, args->vararg->arg, args->vararg->annotation);
    }
    n += push_arg_annotations(g, args->kwonlyargs);
    if (args->kwarg) {
        n += push_annotation(g, args->kwarg->arg, args->kwarg->annotation);
    }
    n += push_annotation(g, QV_N(return_), returns);
    if (n == 0) {
        return false;
    }
    g->u->top = t;
    qv_gen_emit(g, QV_INS_BUILD_TUPLE, 0, qv_gen_temp(g), t, n);
    return true;
}

static bool has_debug(QvArgSeq args)
{
    for (QvSsize i = 0; i < args.count; i++) {
        if (args.items[i]->arg == QV_N(__debug__)) {
            return true;
        }
    }
    return false;
}

// Pushes defaults, keyword defaults, annotations: the flags of MAKE_FUNCTION that say which are
// there. A lambda has no annotations, though a tree made by hand may give its parameters some.
static unsigned push_parts(QvGen *g, const QvArguments *args, const QvExpr *returns, bool lambda)
{
    unsigned flags = 0;
    if (has_debug(args->posonlyargs) || has_debug(args->args) || has_debug(args->kwonlyargs) ||
        (args->vararg && args->vararg->arg == QV_N(__debug__)) ||
        (args->kwarg && args->kwarg->arg == QV_N(__debug__))) {
        qv_gen_error(g, g->u->pos, "cannot assign to __debug__");
    }
    if (args->defaults.count > 0) {
        push_defaults(g, args->defaults);
        flags |= QV_HAS_DEFAULTS;
    }
    if (push_kw_defaults(g, args)) {
        flags |= QV_HAS_KWDEFAULTS;
    }
    if (!lambda && push_annotations(g, args, returns)) {
        flags |= QV_HAS_ANNOTATIONS;
    }
    return flags;
}

void qv_gen_make_function(QvGen *g, QvObj *code, const QvScope *scope, unsigned base,
                          unsigned flags, unsigned d)
{
    if (g->failed) {
        return;
    }
    unsigned t = g->u->top;
    unsigned n = qv_gen_push_closure(g, scope);
    if (n > 0) {
        g->u->top = t;
        qv_gen_emit(g, QV_INS_BUILD_TUPLE, 0, qv_gen_temp(g), t, n);
        flags |= QV_HAS_CLOSURE;
    }
    if (!g->u->reachable) {
        return;
    }
    uint32_t k = qv_gen_const(g, code);
    if (k > 0xFFFF) {
        qv_gen_error(g, g->u->pos, "too many constants before a function in one block of code");
        return;
    }
    qv_gen_emit(g, QV_INS_MAKE_FUNCTION, flags, d, k, base);
}

// ---- functions ----------------------------------------------------------------------------------

static void gen_function_body(QvGen *g, QvStmtSeq body)
{
    if (body.count > 0 && body.items[0]->kind == QV_STMT_EXPR) {
        QvExpr *e = body.items[0]->u.expr.value;
        if (e->kind == QV_EXPR_CONSTANT && qv_is_str(e->u.constant.value)) {
            if (g->optimize < 2) {
                qv_gen_const(g, e->u.constant.value);
                g->u->docstring = true;
            }
            body.items++;
            body.count--;
        }
    }
    qv_gen_stmts(g, body);
}

static void apply_decorators(QvGen *g, QvExprSeq decorators, unsigned first)
{
    // The innermost is called first; each result lies where its decorator was.
    for (QvSsize i = decorators.count - 1; i >= 0; i--) {
        unsigned f = first + (unsigned)i;
        qv_gen_at(g, decorators.items[i]->pos);
        qv_gen_emit(g, QV_INS_CALL, 0, f, f, 1);
    }
}

void qv_gen_function(QvGen *g, const QvStmt *s)
{
    const QvArguments *args = s->u.function_def.args;
    QvExprSeq decorators = s->u.function_def.decorator_list;
    unsigned t = g->u->top;
    for (QvSsize i = 0; i < decorators.count; i++) {
        qv_gen_expr(g, decorators.items[i], QV_WANT_PUSH);
    }
    unsigned f = g->u->top;
    qv_gen_at(g, s->pos);
    unsigned flags = push_parts(g, args, s->u.function_def.returns, false);
    int32_t firstline = decorators.count > 0 ? decorators.items[0]->pos.lineno : s->pos.lineno;
    QvScope *scope = qv_scope_of(g->scopes, s);
    QvUnit u;
    if (g->failed || !qv_gen_enter(g, &u, scope, args, firstline)) {
        return;
    }
    gen_function_body(g, s->u.function_def.body);
    QvObj *code = qv_gen_leave(g);
    qv_gen_at(g, s->pos);
    qv_gen_make_function(g, code, scope, f, flags, f);
    qv_xdecref(g->qi, code);
    g->u->top = f;
    qv_gen_temp(g);
    apply_decorators(g, decorators, t);
    qv_gen_store_name(g, s->u.function_def.name, s->pos, t, true);
    g->u->top = t;
}

unsigned qv_gen_lambda(QvGen *g, const QvExpr *e, int want)
{
    const QvArguments *args = e->u.lambda.args;
    unsigned t = g->u->top;
    qv_gen_at(g, e->pos);
    unsigned flags = push_parts(g, args, NULL, true);
    QvScope *scope = qv_scope_of(g->scopes, e);
    QvUnit u;
    if (g->failed || !qv_gen_enter(g, &u, scope, args, e->pos.lineno)) {
        return t;
    }
    unsigned r = qv_gen_expr(g, e->u.lambda.body, QV_WANT_ANY);
    qv_gen_at(g, e->u.lambda.body->pos);
    qv_gen_return(g, r);
    QvObj *code = qv_gen_leave(g);
    qv_gen_at(g, e->pos);
    unsigned d = want >= 0 ? (unsigned)want : t;
    qv_gen_make_function(g, code, scope, t, flags, d);
    qv_xdecref(g->qi, code);
    return qv_gen_dest(g, want, t);
}

// ---- classes ------------------------------------------------------------------------------------

static void gen_class_body(QvGen *g, const QvStmt *s)
{
    QvUnit *u = g->u;
    QvPos pos = {u->firstline, 0, u->firstline, 0};
    qv_gen_at(g, pos);
    unsigned t = qv_gen_temp(g);
    qv_gen_emit(g, QV_INS_LOAD_NAME, 0, t, qv_gen_name(g, QV_N(__name__)), 0);
    qv_gen_store_name(g, QV_N(__module__), pos, t, true);
    qv_gen_load_k(g, t, u->qualname);
    qv_gen_store_name(g, QV_N(__qualname__), pos, t, true);
    u->top = t;
    qv_gen_body(g, s->u.class_def.body);
    if (u->class_cell >= 0) {
        qv_gen_temp(g);
        qv_gen_emit(g, QV_INS_STORE_NAME, 0, (unsigned)u->class_cell,
                    qv_gen_name(g, QV_N(__classcell__)), 0);
        qv_gen_emit(g, QV_INS_MOVE, 0, t, (unsigned)u->class_cell, 0);
        qv_gen_return(g, t);
    }
}

void qv_gen_class(QvGen *g, const QvStmt *s)
{
    QvExprSeq decorators = s->u.class_def.decorator_list;
    unsigned t = g->u->top;
    for (QvSsize i = 0; i < decorators.count; i++) {
        qv_gen_expr(g, decorators.items[i], QV_WANT_PUSH);
    }
    int32_t firstline = decorators.count > 0 ? decorators.items[0]->pos.lineno : s->pos.lineno;
    QvScope *scope = qv_scope_of(g->scopes, s);
    QvUnit u;
    if (g->failed || !qv_gen_enter(g, &u, scope, NULL, firstline)) {
        return;
    }
    gen_class_body(g, s);
    QvObj *code = qv_gen_leave(g);
    // __build_class__(function, name, *bases, **keywords)
    qv_gen_at(g, s->pos);
    unsigned base = qv_gen_temp(g);
    qv_gen_emit(g, QV_INS_LOAD_BUILD_CLASS, 0, base, 0, 0);
    qv_gen_make_function(g, code, scope, base + 1, 0, base + 1);
    qv_xdecref(g->qi, code);
    g->u->top = base + 1;
    qv_gen_temp(g);
    qv_gen_push_k(g, s->u.class_def.name);
    qv_gen_check_keywords(g, s->u.class_def.keywords, s->pos);
    qv_gen_call_args(g, base, 2, s->u.class_def.bases, s->u.class_def.keywords, s->pos,
                     QV_WANT_PUSH);
    apply_decorators(g, decorators, t);
    qv_gen_store_name(g, s->u.class_def.name, s->pos, t, true);
    g->u->top = t;
}
