// SPDX-License-Identifier: MIT
// Symbol tables: one walk collects bindings and uses, then each name is settled by looking
// outwards.
//
// Resolution walks up the chain of scopes for each name instead of passing sets down: names are
// few, chains are short, and the cells that intermediate functions must pass on are marked on the
// way.
#include "compile/scope.h"

#include <stdarg.h>
#include <string.h>
#include <unistd.h>

#include "object/caps.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"

typedef struct Walk {
    QvInterp *qi;
    QvScopes *sc;
    QvScope *cur;
    bool failed; // an exception is set
} Walk;

static void visit_stmts(Walk *w, QvStmtSeq body);
static void visit_expr(Walk *w, const QvExpr *e);
static void visit_exprs(Walk *w, QvExprSeq seq);

// ---- errors -------------------------------------------------------------------------------------

// The text of a line of the source, as SyntaxError.text wants it; NULL when the file is not there
// to be shown (as CPython, which reads it again from the disk).
static QvObj *source_line(QvInterp *qi, const QvScopes *sc, int lineno)
{
    if (!sc->source) {
        return NULL;
    }
    QvUtf8 path;
    if (qv_str_utf8_surrogates(qi, sc->filename, &path, true) < 0) {
        qv_err_clear(qi);
        return NULL;
    }
    bool there = qv_cap_importable(qi, path.s) && access(path.s, R_OK) == 0;
    qv_utf8_release(qi, &path);
    if (!there) {
        return NULL;
    }
    const char *s = sc->source;
    const char *end = s + sc->source_len;
    for (int line = 1; line < lineno && s < end; line++) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        s = nl ? nl + 1 : end;
    }
    const char *nl = memchr(s, '\n', (size_t)(end - s));
    QvObj *text = qv_str_new_utf8(qi, s, (nl ? nl + 1 : end) - s);
    if (!text) {
        qv_err_clear(qi);
    }
    return text;
}

int qv_scope_error(QvInterp *qi, const QvScopes *sc, QvPos pos, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    QvObj *msg = qv_str_format_v(qi, fmt, ap);
    va_end(ap);
    if (!msg) {
        return -1;
    }
    QvUtf8 utf8;
    if (qv_str_utf8_surrogates(qi, msg, &utf8, false) == 0) {
        QvObj *text = source_line(qi, sc, pos.lineno);
        qv_raise_syntax(qi, &qv_exc_SyntaxError, utf8.s, sc->filename, pos.lineno,
                        pos.col_offset + 1, pos.end_lineno,
                        pos.end_col_offset < 0 ? QV_NO_COLUMN : pos.end_col_offset + 1, text);
        qv_xdecref(qi, text);
        qv_utf8_release(qi, &utf8);
    }
    qv_decref(qi, msg);
    return -1;
}

// ---- tables -------------------------------------------------------------------------------------

static uint32_t hash_pointer(const void *p)
{
    uint64_t x = (uint64_t)(uintptr_t)p >> 4;
    return (uint32_t)((x * UINT64_C(0x9E3779B97F4A7C15)) >> 32);
}

QvSymbol *qv_scope_lookup(const QvScope *scope, const QvObj *name)
{
    if (!scope->table) {
        return NULL;
    }
    uint32_t mask = scope->table_cap - 1;
    for (uint32_t i = hash_pointer(name) & mask; scope->table[i]; i = (i + 1) & mask) {
        if (scope->table[i]->name == name) {
            return scope->table[i];
        }
    }
    return NULL;
}

static void table_put(QvScope *scope, QvSymbol *sym)
{
    uint32_t mask = scope->table_cap - 1;
    uint32_t i = hash_pointer(sym->name) & mask;
    while (scope->table[i]) {
        i = (i + 1) & mask;
    }
    scope->table[i] = sym;
}

// The symbol, made if it is not there. NULL with w->failed.
static QvSymbol *symbol(Walk *w, QvScope *scope, QvObj *name)
{
    QvSymbol *sym = qv_scope_lookup(scope, name);
    if (sym) {
        return sym;
    }
    QvArena *arena = w->sc->arena;
    if ((scope->nsymbols + 1) * 2 > scope->table_cap) {
        uint32_t cap = scope->table_cap ? scope->table_cap * 2 : 8;
        QvSymbol **table = qv_arena_alloc(arena, cap * sizeof(*table));
        if (!table) {
            w->failed = true;
            return NULL;
        }
        scope->table = table;
        scope->table_cap = cap;
        for (QvSymbol *s = scope->first; s; s = s->next) {
            table_put(scope, s);
        }
    }
    sym = qv_arena_alloc(arena, sizeof(*sym));
    if (!sym) {
        w->failed = true;
        return NULL;
    }
    sym->name = name;
    if (scope->last) {
        scope->last->next = sym;
    } else {
        scope->first = sym;
    }
    scope->last = sym;
    scope->nsymbols++;
    table_put(scope, sym);
    return sym;
}

QvScope *qv_scope_of(const QvScopes *sc, const void *node)
{
    if (!sc->entries) {
        return NULL;
    }
    uint32_t mask = sc->entries_cap - 1;
    for (uint32_t i = hash_pointer(node) & mask; sc->entries[i].node; i = (i + 1) & mask) {
        if (sc->entries[i].node == node) {
            return sc->entries[i].scope;
        }
    }
    return NULL;
}

static void entry_put(QvScopes *sc, QvScopeEntry entry)
{
    uint32_t mask = sc->entries_cap - 1;
    uint32_t i = hash_pointer(entry.node) & mask;
    while (sc->entries[i].node) {
        i = (i + 1) & mask;
    }
    sc->entries[i] = entry;
}

static QvScope *enter(Walk *w, QvScopeKind kind, QvScopeForm form, QvObj *name, const void *node,
                      QvPos pos)
{
    QvScopes *sc = w->sc;
    QvScope *scope = qv_arena_alloc(sc->arena, sizeof(*scope));
    if (!scope) {
        w->failed = true;
        return NULL;
    }
    *scope = (QvScope){
        .kind = kind, .form = form, .name = name, .node = node, .parent = w->cur, .pos = pos};
    if (w->cur) {
        scope->nested = w->cur->nested || w->cur->kind == QV_SCOPE_FUNCTION;
        scope->private_name = w->cur->private_name;
        scope->comp_iter_depth = w->cur->comp_iter_depth;
        if (kind != QV_SCOPE_ANNOTATION) {
            if (w->cur->last_child) {
                w->cur->last_child->sibling = scope;
            } else {
                w->cur->first_child = scope;
            }
            w->cur->last_child = scope;
        }
    } else {
        sc->top = scope;
    }
    if (kind != QV_SCOPE_ANNOTATION) {
        if ((sc->nentries + 1) * 2 > sc->entries_cap) {
            uint32_t old_cap = sc->entries_cap;
            QvScopeEntry *old = sc->entries;
            uint32_t cap = old_cap ? old_cap * 2 : 64;
            QvScopeEntry *entries = qv_arena_alloc(sc->arena, cap * sizeof(*entries));
            if (!entries) {
                w->failed = true;
                return NULL;
            }
            sc->entries = entries;
            sc->entries_cap = cap;
            for (uint32_t i = 0; i < old_cap; i++) {
                if (old[i].node) {
                    entry_put(sc, old[i]);
                }
            }
        }
        entry_put(sc, (QvScopeEntry){node, scope});
        sc->nentries++;
    }
    w->cur = scope;
    return scope;
}

static void leave(Walk *w) { w->cur = w->cur->parent; }

QvObj *qv_scope_mangle(QvArena *arena, QvObj *private_name, QvObj *name)
{
    if (!private_name) {
        return name;
    }
    QvSsize n = qv_str_len(name);
    if (n < 2 || qv_str_read(name, 0) != '_' || qv_str_read(name, 1) != '_') {
        return name;
    }
    if (qv_str_read(name, n - 1) == '_' && qv_str_read(name, n - 2) == '_') {
        return name;
    }
    for (QvSsize i = 0; i < n; i++) { // `import __a.b`
        if (qv_str_read(name, i) == '.') {
            return name;
        }
    }
    QvSsize start = 0;
    QvSsize len = qv_str_len(private_name);
    while (start < len && qv_str_read(private_name, start) == '_') {
        start++;
    }
    if (start == len) {
        return name;
    }
    QvInterp *qi = arena->qi;
    QvStrBuf buf;
    qv_strbuf_init(qi, &buf);
    qv_strbuf_char(&buf, '_');
    for (QvSsize i = start; i < len; i++) {
        qv_strbuf_char(&buf, qv_str_read(private_name, i));
    }
    qv_strbuf_str(&buf, name);
    QvObj *mangled = qv_strbuf_finish(&buf);
    if (!mangled) {
        return NULL;
    }
    if (qv_str_intern(qi, &mangled) < 0) {
        qv_decref(qi, mangled);
        return NULL;
    }
    return qv_arena_take(arena, mangled);
}

// ---- definitions and uses -----------------------------------------------------------------------

static QvObj *mangled(Walk *w, QvObj *name)
{
    QvObj *m = qv_scope_mangle(w->sc->arena, w->cur->private_name, name);
    if (!m) {
        w->failed = true;
    }
    return m;
}

static void fail_at(Walk *w, QvPos pos, const char *fmt, QvObj *name)
{
    if (!w->failed) {
        qv_scope_error(w->qi, w->sc, pos, fmt, name);
        w->failed = true;
    }
}

static void add_def_in(Walk *w, QvScope *scope, QvObj *raw_name, uint32_t flags, QvPos pos)
{
    QvObj *name = mangled(w, raw_name);
    QvSymbol *sym = name ? symbol(w, scope, name) : NULL;
    if (!sym) {
        return;
    }
    if ((flags & QV_SYM_PARAM) && (sym->flags & QV_SYM_PARAM)) {
        fail_at(w, pos, "duplicate argument '%U' in function definition", name);
        return;
    }
    if (scope->in_comp_target) {
        // Targets of an inner loop must not collide with assignment expressions of the element.
        if (sym->flags & (QV_SYM_GLOBAL | QV_SYM_NONLOCAL)) {
            fail_at(w, pos,
                    "comprehension inner loop cannot rebind assignment expression target '%U'",
                    name);
            return;
        }
        flags |= QV_SYM_COMP_ITER;
    }
    sym->flags |= flags;
    if ((flags & QV_SYM_GLOBAL) && scope != w->sc->top) {
        // `global x` anywhere makes x global in the module's own code too (exec with separate
        // locals shows it).
        QvSymbol *top = symbol(w, w->sc->top, name);
        if (top) {
            top->flags |= QV_SYM_GLOBAL;
        }
    }
}

static void add_def(Walk *w, QvObj *name, uint32_t flags, QvPos pos)
{
    add_def_in(w, w->cur, name, flags, pos);
}

static bool is_comprehension(const QvScope *scope) { return scope->form >= QV_FORM_LIST_COMP; }

static void record_directive(Walk *w, QvObj *raw_name, QvPos pos)
{
    QvObj *name = mangled(w, raw_name);
    QvSymbol *sym = name ? symbol(w, w->cur, name) : NULL;
    if (sym && sym->directive.lineno == 0) {
        sym->directive = pos;
    }
}

static void visit_params(Walk *w, const QvArguments *args)
{
    for (QvSsize i = 0; i < args->posonlyargs.count; i++) {
        add_def(w, args->posonlyargs.items[i]->arg, QV_SYM_PARAM, args->posonlyargs.items[i]->pos);
    }
    for (QvSsize i = 0; i < args->args.count; i++) {
        add_def(w, args->args.items[i]->arg, QV_SYM_PARAM, args->args.items[i]->pos);
    }
    for (QvSsize i = 0; i < args->kwonlyargs.count; i++) {
        add_def(w, args->kwonlyargs.items[i]->arg, QV_SYM_PARAM, args->kwonlyargs.items[i]->pos);
    }
    if (args->vararg) {
        add_def(w, args->vararg->arg, QV_SYM_PARAM, args->vararg->pos);
        w->cur->varargs = true;
    }
    if (args->kwarg) {
        add_def(w, args->kwarg->arg, QV_SYM_PARAM, args->kwarg->pos);
        w->cur->varkeywords = true;
    }
}

static void visit_defaults(Walk *w, const QvArguments *args)
{
    visit_exprs(w, args->defaults);
    visit_exprs(w, args->kw_defaults);
}

static void visit_annotation(Walk *w, const QvExpr *e)
{
    if (!e) {
        return;
    }
    if (!w->sc->future_annotations) {
        visit_expr(w, e);
        return;
    }
    // The text alone will be kept: names in it bind and use nothing.
    if (enter(w, QV_SCOPE_ANNOTATION, QV_FORM_PLAIN, w->cur->name, e, e->pos)) {
        visit_expr(w, e);
        leave(w);
    }
}

static void visit_arg_annotations(Walk *w, QvArgSeq args)
{
    for (QvSsize i = 0; i < args.count; i++) {
        visit_annotation(w, args.items[i]->annotation);
    }
}

static void visit_annotations(Walk *w, const QvArguments *args, const QvExpr *returns)
{
    visit_arg_annotations(w, args->posonlyargs);
    visit_arg_annotations(w, args->args);
    if (args->vararg) {
        visit_annotation(w, args->vararg->annotation);
    }
    if (args->kwarg) {
        visit_annotation(w, args->kwarg->annotation);
    }
    visit_arg_annotations(w, args->kwonlyargs);
    visit_annotation(w, returns);
}

// ---- expressions --------------------------------------------------------------------------------

static void raise_if_annotation(Walk *w, const char *what, QvPos pos)
{
    if (!w->failed && w->cur->kind == QV_SCOPE_ANNOTATION) {
        qv_scope_error(w->qi, w->sc, pos, "'%s' can not be used within an annotation", what);
        w->failed = true;
    }
}

static void raise_if_comprehension(Walk *w, QvPos pos)
{
    if (!w->failed && is_comprehension(w->cur)) {
        static const char *const messages[] = {
            [QV_FORM_LIST_COMP] = "'yield' inside list comprehension",
            [QV_FORM_SET_COMP] = "'yield' inside set comprehension",
            [QV_FORM_DICT_COMP] = "'yield' inside dict comprehension",
            [QV_FORM_GENEXP] = "'yield' inside generator expression",
        };
        qv_scope_error(w->qi, w->sc, pos, messages[w->cur->form]);
        w->failed = true;
    }
}

static void visit_generator(Walk *w, const QvComprehension *gen, bool is_first)
{
    QvScope *cur = w->cur;
    cur->in_comp_target = true;
    visit_expr(w, gen->target);
    cur->in_comp_target = false;
    if (!is_first) {
        cur->comp_iter_depth++;
        visit_expr(w, gen->iter);
        cur->comp_iter_depth--;
    }
    visit_exprs(w, gen->ifs);
    if (gen->is_async) {
        cur->coroutine = true;
    }
}

static void visit_comprehension(Walk *w, const QvExpr *e, QvScopeForm form, QvObj *name,
                                QvComprehensionSeq generators, const QvExpr *elt,
                                const QvExpr *value)
{
    // The outermost iterable is evaluated outside.
    w->cur->comp_iter_depth++;
    visit_expr(w, generators.items[0]->iter);
    w->cur->comp_iter_depth--;
    if (w->failed || !enter(w, QV_SCOPE_FUNCTION, form, name, e, e->pos)) {
        return;
    }
    QvScope *scope = w->cur;
    if (generators.items[0]->is_async) {
        scope->coroutine = true;
    }
    add_def(w, QV_N(dot0), QV_SYM_PARAM, e->pos);
    for (QvSsize i = 0; i < generators.count; i++) {
        visit_generator(w, generators.items[i], i == 0);
    }
    if (value) {
        visit_expr(w, value);
    }
    visit_expr(w, elt);
    scope->generator = form == QV_FORM_GENEXP;
    leave(w);
    if (scope->coroutine && form != QV_FORM_GENEXP) {
        w->cur->coroutine = true;
    }
}

// The target of an assignment expression inside a comprehension belongs to the function around it.
static void extend_walrus(Walk *w, const QvExpr *e)
{
    QvObj *raw = e->u.name.id;
    for (QvScope *scope = w->cur; scope; scope = scope->parent) {
        QvObj *name = mangled(w, raw);
        if (!name) {
            return;
        }
        const QvSymbol *sym = qv_scope_lookup(scope, name);
        if (is_comprehension(scope)) {
            if (sym && (sym->flags & QV_SYM_COMP_ITER)) {
                fail_at(w, e->pos,
                        "assignment expression cannot rebind comprehension iteration variable '%U'",
                        raw);
                return;
            }
            continue;
        }
        if (scope->kind == QV_SCOPE_FUNCTION) {
            bool is_global = sym && (sym->flags & QV_SYM_GLOBAL);
            add_def(w, raw, is_global ? QV_SYM_GLOBAL : QV_SYM_NONLOCAL, e->pos);
            record_directive(w, raw, e->pos);
            add_def_in(w, scope, raw, QV_SYM_LOCAL, e->pos);
            return;
        }
        if (scope->kind == QV_SCOPE_MODULE) {
            add_def(w, raw, QV_SYM_GLOBAL, e->pos);
            record_directive(w, raw, e->pos);
            add_def_in(w, scope, raw, QV_SYM_GLOBAL, e->pos);
            return;
        }
        fail_at(w, e->pos,
                "assignment expression within a comprehension cannot be used in a class body",
                NULL);
        return;
    }
}

static void visit_walrus(Walk *w, const QvExpr *e)
{
    if (w->cur->comp_iter_depth > 0) {
        fail_at(w, e->pos,
                "assignment expression cannot be used in a comprehension iterable expression",
                NULL);
        return;
    }
    if (is_comprehension(w->cur)) {
        extend_walrus(w, e->u.named_expr.target);
    }
    visit_expr(w, e->u.named_expr.value);
    w->cur->has_walrus = true;
    visit_expr(w, e->u.named_expr.target);
    if (!w->failed) {
        add_def(w, e->u.named_expr.target->u.name.id, QV_SYM_WALRUS, e->pos);
    }
}

static void visit_expr_inner(Walk *w, const QvExpr *e)
{
    switch (e->kind) {
    case QV_EXPR_BOOL_OP: visit_exprs(w, e->u.bool_op.values); break;
    case QV_EXPR_NAMED_EXPR:
        raise_if_annotation(w, "named expression", e->pos);
        if (!w->failed) {
            visit_walrus(w, e);
        }
        break;
    case QV_EXPR_BIN_OP:
        visit_expr(w, e->u.bin_op.left);
        visit_expr(w, e->u.bin_op.right);
        break;
    case QV_EXPR_UNARY_OP: visit_expr(w, e->u.unary_op.operand); break;
    case QV_EXPR_LAMBDA:
        visit_defaults(w, e->u.lambda.args);
        if (!w->failed && enter(w, QV_SCOPE_FUNCTION, QV_FORM_LAMBDA, QV_N(lambda), e, e->pos)) {
            visit_params(w, e->u.lambda.args);
            visit_expr(w, e->u.lambda.body);
            leave(w);
        }
        break;
    case QV_EXPR_IF_EXP:
        visit_expr(w, e->u.if_exp.test);
        visit_expr(w, e->u.if_exp.body);
        visit_expr(w, e->u.if_exp.orelse);
        break;
    case QV_EXPR_DICT:
        visit_exprs(w, e->u.dict.keys);
        visit_exprs(w, e->u.dict.values);
        break;
    case QV_EXPR_SET: visit_exprs(w, e->u.set.elts); break;
    case QV_EXPR_LIST_COMP:
        visit_comprehension(w, e, QV_FORM_LIST_COMP, QV_N(listcomp), e->u.comp.generators,
                            e->u.comp.elt, NULL);
        break;
    case QV_EXPR_SET_COMP:
        visit_comprehension(w, e, QV_FORM_SET_COMP, QV_N(setcomp), e->u.comp.generators,
                            e->u.comp.elt, NULL);
        break;
    case QV_EXPR_GENERATOR_EXP:
        visit_comprehension(w, e, QV_FORM_GENEXP, QV_N(genexpr), e->u.comp.generators,
                            e->u.comp.elt, NULL);
        break;
    case QV_EXPR_DICT_COMP:
        visit_comprehension(w, e, QV_FORM_DICT_COMP, QV_N(dictcomp), e->u.dict_comp.generators,
                            e->u.dict_comp.key, e->u.dict_comp.value);
        break;
    case QV_EXPR_AWAIT:
        raise_if_annotation(w, "await expression", e->pos);
        visit_expr(w, e->u.await.value);
        w->cur->coroutine = true;
        break;
    case QV_EXPR_YIELD:
    case QV_EXPR_YIELD_FROM:
        raise_if_annotation(w, "yield expression", e->pos);
        if (e->u.yield.value) {
            visit_expr(w, e->u.yield.value);
        }
        w->cur->generator = true;
        raise_if_comprehension(w, e->pos);
        break;
    case QV_EXPR_COMPARE:
        visit_expr(w, e->u.compare.left);
        visit_exprs(w, e->u.compare.comparators);
        break;
    case QV_EXPR_CALL:
        visit_expr(w, e->u.call.func);
        visit_exprs(w, e->u.call.args);
        for (QvSsize i = 0; i < e->u.call.keywords.count; i++) {
            visit_expr(w, e->u.call.keywords.items[i]->value);
        }
        break;
    case QV_EXPR_FORMATTED_VALUE:
        visit_expr(w, e->u.formatted_value.value);
        if (e->u.formatted_value.format_spec) {
            visit_expr(w, e->u.formatted_value.format_spec);
        }
        break;
    case QV_EXPR_JOINED_STR: visit_exprs(w, e->u.joined_str.values); break;
    case QV_EXPR_CONSTANT: break;
    case QV_EXPR_ATTRIBUTE: visit_expr(w, e->u.attribute.value); break;
    case QV_EXPR_SUBSCRIPT:
        visit_expr(w, e->u.subscript.value);
        visit_expr(w, e->u.subscript.slice);
        break;
    case QV_EXPR_STARRED: visit_expr(w, e->u.starred.value); break;
    case QV_EXPR_NAME: {
        QvExprContext ctx = e->u.name.ctx;
        add_def(w, e->u.name.id,
                ctx == QV_CTX_LOAD  ? QV_SYM_USE
                : ctx == QV_CTX_DEL ? QV_SYM_LOCAL | QV_SYM_DEL
                                    : QV_SYM_LOCAL,
                e->pos);
        // Zero-argument super() needs the class cell.
        if (ctx == QV_CTX_LOAD && w->cur->kind == QV_SCOPE_FUNCTION &&
            e->u.name.id == QV_N(super)) {
            add_def(w, QV_N(__class__), QV_SYM_USE, e->pos);
        }
        break;
    }
    case QV_EXPR_LIST:
    case QV_EXPR_TUPLE: visit_exprs(w, e->u.list.elts); break;
    case QV_EXPR_SLICE:
        if (e->u.slice.lower) {
            visit_expr(w, e->u.slice.lower);
        }
        if (e->u.slice.upper) {
            visit_expr(w, e->u.slice.upper);
        }
        if (e->u.slice.step) {
            visit_expr(w, e->u.slice.step);
        }
        break;
    }
}

static void visit_expr(Walk *w, const QvExpr *e)
{
    if (w->failed) {
        return;
    }
    if (e->kind == QV_EXPR_CONSTANT) {
        return;
    }
    if (qv_enter_compiler(w->qi) < 0) {
        w->failed = true;
        return;
    }
    visit_expr_inner(w, e);
    qv_leave_recursive(w->qi);
}

static void visit_exprs(Walk *w, QvExprSeq seq)
{
    for (QvSsize i = 0; i < seq.count && !w->failed; i++) {
        if (seq.items[i]) {
            visit_expr(w, seq.items[i]);
        }
    }
}

static void visit_pattern(Walk *w, const QvPattern *p);

static void visit_patterns(Walk *w, QvPatternSeq seq)
{
    for (QvSsize i = 0; i < seq.count && !w->failed; i++) {
        visit_pattern(w, seq.items[i]);
    }
}

static void visit_pattern(Walk *w, const QvPattern *p)
{
    if (w->failed) {
        return;
    }
    if (qv_enter_compiler(w->qi) < 0) {
        w->failed = true;
        return;
    }
    switch (p->kind) {
    case QV_PATTERN_MATCH_VALUE: visit_expr(w, p->u.value.value); break;
    case QV_PATTERN_MATCH_SINGLETON: break;
    case QV_PATTERN_MATCH_SEQUENCE: visit_patterns(w, p->u.sequence.patterns); break;
    case QV_PATTERN_MATCH_STAR:
        if (p->u.star.name) {
            add_def(w, p->u.star.name, QV_SYM_LOCAL, p->pos);
        }
        break;
    case QV_PATTERN_MATCH_MAPPING:
        visit_exprs(w, p->u.mapping.keys);
        visit_patterns(w, p->u.mapping.patterns);
        if (p->u.mapping.rest) {
            add_def(w, p->u.mapping.rest, QV_SYM_LOCAL, p->pos);
        }
        break;
    case QV_PATTERN_MATCH_CLASS:
        visit_expr(w, p->u.cls.cls);
        visit_patterns(w, p->u.cls.patterns);
        visit_patterns(w, p->u.cls.kwd_patterns);
        break;
    case QV_PATTERN_MATCH_AS:
        if (p->u.as.pattern) {
            visit_pattern(w, p->u.as.pattern);
        }
        if (p->u.as.name) {
            add_def(w, p->u.as.name, QV_SYM_LOCAL, p->pos);
        }
        break;
    case QV_PATTERN_MATCH_OR: visit_patterns(w, p->u.or_.patterns); break;
    }
    qv_leave_recursive(w->qi);
}

// ---- statements ---------------------------------------------------------------------------------

static void visit_alias(Walk *w, const QvAlias *alias)
{
    QvObj *name = alias->asname ? alias->asname : alias->name;
    if (!alias->asname) {
        QvSsize dot = qv_str_find(name, QV_N(dot), 0, qv_str_len(name));
        if (dot >= 0) {
            QvObj *head = qv_str_slice(w->qi, name, 0, dot);
            if (head && qv_str_intern(w->qi, &head) < 0) {
                qv_clear(w->qi, &head);
            }
            name = qv_arena_take(w->sc->arena, head);
            if (!name) {
                w->failed = true;
                return;
            }
        }
    }
    if (qv_str_len(name) == 1 && qv_str_read(name, 0) == '*') {
        if (w->cur->kind != QV_SCOPE_MODULE) {
            fail_at(w, alias->pos, "import * only allowed at module level", NULL);
        }
        return;
    }
    add_def(w, name, QV_SYM_IMPORT, alias->pos);
}

static void visit_global(Walk *w, const QvStmt *s)
{
    bool is_global = s->kind == QV_STMT_GLOBAL;
    for (QvSsize i = 0; i < s->u.global.names.count && !w->failed; i++) {
        QvObj *raw = s->u.global.names.items[i];
        QvObj *name = mangled(w, raw);
        if (!name) {
            return;
        }
        const QvSymbol *sym = qv_scope_lookup(w->cur, name);
        uint32_t flags = sym ? sym->flags : 0;
        if (flags & (QV_SYM_PARAM | QV_SYM_LOCAL | QV_SYM_USE | QV_SYM_ANNOT)) {
            const char *fmt;
            if (flags & QV_SYM_PARAM) {
                fmt = is_global ? "name '%U' is parameter and global"
                                : "name '%U' is parameter and nonlocal";
            } else if (flags & QV_SYM_USE) {
                fmt = is_global ? "name '%U' is used prior to global declaration"
                                : "name '%U' is used prior to nonlocal declaration";
            } else if (flags & QV_SYM_ANNOT) {
                fmt = is_global ? "annotated name '%U' can't be global"
                                : "annotated name '%U' can't be nonlocal";
            } else {
                fmt = is_global ? "name '%U' is assigned to before global declaration"
                                : "name '%U' is assigned to before nonlocal declaration";
            }
            fail_at(w, s->pos, fmt, raw);
            return;
        }
        add_def(w, raw, is_global ? QV_SYM_GLOBAL : QV_SYM_NONLOCAL, s->pos);
        record_directive(w, raw, s->pos);
    }
}

static void visit_ann_assign(Walk *w, const QvStmt *s)
{
    const QvExpr *target = s->u.ann_assign.target;
    if (target->kind == QV_EXPR_NAME) {
        QvObj *name = mangled(w, target->u.name.id);
        if (!name) {
            return;
        }
        const QvSymbol *sym = qv_scope_lookup(w->cur, name);
        uint32_t flags = sym ? sym->flags : 0;
        if (s->u.ann_assign.simple && w->cur->kind != QV_SCOPE_MODULE &&
            (flags & (QV_SYM_GLOBAL | QV_SYM_NONLOCAL))) {
            fail_at(w, s->pos,
                    flags & QV_SYM_GLOBAL ? "annotated name '%U' can't be global"
                                          : "annotated name '%U' can't be nonlocal",
                    target->u.name.id);
            return;
        }
        if (s->u.ann_assign.simple) {
            add_def(w, target->u.name.id, QV_SYM_ANNOT | QV_SYM_LOCAL, target->pos);
        } else if (s->u.ann_assign.value) {
            add_def(w, target->u.name.id, QV_SYM_LOCAL, target->pos);
        }
    } else {
        visit_expr(w, target);
    }
    visit_annotation(w, s->u.ann_assign.annotation);
    if (s->u.ann_assign.value) {
        visit_expr(w, s->u.ann_assign.value);
    }
}

static void visit_function(Walk *w, const QvStmt *s)
{
    add_def(w, s->u.function_def.name, QV_SYM_LOCAL, s->pos);
    visit_defaults(w, s->u.function_def.args);
    visit_annotations(w, s->u.function_def.args, s->u.function_def.returns);
    visit_exprs(w, s->u.function_def.decorator_list);
    bool is_async = s->kind == QV_STMT_ASYNC_FUNCTION_DEF;
    if (w->failed || !enter(w, QV_SCOPE_FUNCTION, is_async ? QV_FORM_ASYNC : QV_FORM_PLAIN,
                            s->u.function_def.name, s, s->pos)) {
        return;
    }
    w->cur->coroutine = is_async;
    visit_params(w, s->u.function_def.args);
    visit_stmts(w, s->u.function_def.body);
    leave(w);
}

static void visit_class(Walk *w, const QvStmt *s)
{
    add_def(w, s->u.class_def.name, QV_SYM_LOCAL, s->pos);
    visit_exprs(w, s->u.class_def.bases);
    for (QvSsize i = 0; i < s->u.class_def.keywords.count; i++) {
        visit_expr(w, s->u.class_def.keywords.items[i]->value);
    }
    visit_exprs(w, s->u.class_def.decorator_list);
    if (w->failed || !enter(w, QV_SCOPE_CLASS, QV_FORM_PLAIN, s->u.class_def.name, s, s->pos)) {
        return;
    }
    w->cur->private_name = s->u.class_def.name;
    visit_stmts(w, s->u.class_def.body);
    leave(w);
}

static void visit_stmt_inner(Walk *w, const QvStmt *s)
{
    switch (s->kind) {
    case QV_STMT_FUNCTION_DEF:
    case QV_STMT_ASYNC_FUNCTION_DEF: visit_function(w, s); break;
    case QV_STMT_CLASS_DEF: visit_class(w, s); break;
    case QV_STMT_RETURN:
        if (s->u.return_.value) {
            visit_expr(w, s->u.return_.value);
        }
        break;
    case QV_STMT_DELETE: visit_exprs(w, s->u.delete_.targets); break;
    case QV_STMT_ASSIGN:
        visit_exprs(w, s->u.assign.targets);
        visit_expr(w, s->u.assign.value);
        break;
    case QV_STMT_AUG_ASSIGN:
        visit_expr(w, s->u.aug_assign.target);
        visit_expr(w, s->u.aug_assign.value);
        break;
    case QV_STMT_ANN_ASSIGN: visit_ann_assign(w, s); break;
    case QV_STMT_FOR:
    case QV_STMT_ASYNC_FOR:
        w->cur->coroutine |= s->kind == QV_STMT_ASYNC_FOR; // also a module's code, where allowed
        visit_expr(w, s->u.for_.target);
        visit_expr(w, s->u.for_.iter);
        visit_stmts(w, s->u.for_.body);
        visit_stmts(w, s->u.for_.orelse);
        break;
    case QV_STMT_WHILE:
        visit_expr(w, s->u.while_.test);
        visit_stmts(w, s->u.while_.body);
        visit_stmts(w, s->u.while_.orelse);
        break;
    case QV_STMT_IF:
        visit_expr(w, s->u.if_.test);
        visit_stmts(w, s->u.if_.body);
        visit_stmts(w, s->u.if_.orelse);
        break;
    case QV_STMT_WITH:
    case QV_STMT_ASYNC_WITH:
        w->cur->coroutine |= s->kind == QV_STMT_ASYNC_WITH;
        for (QvSsize i = 0; i < s->u.with.items.count; i++) {
            visit_expr(w, s->u.with.items.items[i]->context_expr);
            if (s->u.with.items.items[i]->optional_vars) {
                visit_expr(w, s->u.with.items.items[i]->optional_vars);
            }
        }
        visit_stmts(w, s->u.with.body);
        break;
    case QV_STMT_MATCH:
        visit_expr(w, s->u.match.subject);
        for (QvSsize i = 0; i < s->u.match.cases.count; i++) {
            const QvMatchCase *c = s->u.match.cases.items[i];
            visit_pattern(w, c->pattern);
            if (c->guard) {
                visit_expr(w, c->guard);
            }
            visit_stmts(w, c->body);
        }
        break;
    case QV_STMT_RAISE:
        if (s->u.raise.exc) {
            visit_expr(w, s->u.raise.exc);
            if (s->u.raise.cause) {
                visit_expr(w, s->u.raise.cause);
            }
        }
        break;
    case QV_STMT_TRY:
    case QV_STMT_TRY_STAR:
        visit_stmts(w, s->u.try_.body);
        visit_stmts(w, s->u.try_.orelse);
        for (QvSsize i = 0; i < s->u.try_.handlers.count; i++) {
            const QvExceptHandler *h = s->u.try_.handlers.items[i];
            if (h->type) {
                visit_expr(w, h->type);
            }
            if (h->name) {
                add_def(w, h->name, QV_SYM_LOCAL | QV_SYM_DEL, h->pos);
            }
            visit_stmts(w, h->body);
        }
        visit_stmts(w, s->u.try_.finalbody);
        break;
    case QV_STMT_ASSERT:
        visit_expr(w, s->u.assert_.test);
        if (s->u.assert_.msg) {
            visit_expr(w, s->u.assert_.msg);
        }
        break;
    case QV_STMT_IMPORT:
        for (QvSsize i = 0; i < s->u.import.names.count && !w->failed; i++) {
            visit_alias(w, s->u.import.names.items[i]);
        }
        break;
    case QV_STMT_IMPORT_FROM:
        for (QvSsize i = 0; i < s->u.import_from.names.count && !w->failed; i++) {
            visit_alias(w, s->u.import_from.names.items[i]);
        }
        break;
    case QV_STMT_GLOBAL:
    case QV_STMT_NONLOCAL: visit_global(w, s); break;
    case QV_STMT_EXPR: visit_expr(w, s->u.expr.value); break;
    case QV_STMT_PASS:
    case QV_STMT_BREAK:
    case QV_STMT_CONTINUE: break;
    }
}

static void visit_stmts(Walk *w, QvStmtSeq body)
{
    for (QvSsize i = 0; i < body.count && !w->failed; i++) {
        if (qv_poll_step(w->qi, i) < 0 || qv_enter_compiler(w->qi) < 0) {
            w->failed = true;
            return;
        }
        visit_stmt_inner(w, body.items[i]);
        qv_leave_recursive(w->qi);
    }
}

// ---- resolution ---------------------------------------------------------------------------------

// The function (or, for __class__, class) scope outside `scope` that owns a cell for the name, or
// NULL: global.
static QvScope *find_owner(const QvScope *scope, const QvObj *name)
{
    for (QvScope *p = scope->parent; p; p = p->parent) {
        if (p->kind == QV_SCOPE_CLASS && name == QV_N(__class__)) {
            return p;
        }
        if (p->kind != QV_SCOPE_FUNCTION) {
            continue;
        }
        const QvSymbol *sym = qv_scope_lookup(p, name);
        if (!sym || (sym->flags & QV_SYM_NONLOCAL)) {
            continue;
        }
        if (sym->flags & QV_SYM_GLOBAL) {
            return NULL;
        }
        if (sym->flags & QV_SYM_BOUND) {
            return p;
        }
    }
    return NULL;
}

// Marks the cell in its owner and the free variables of the scopes between.
static void mark_free(Walk *w, QvScope *scope, QvScope *owner, QvObj *name)
{
    for (QvScope *p = scope->parent; p != owner; p = p->parent) {
        QvSymbol *sym = symbol(w, p, name);
        if (!sym) {
            return;
        }
        if (p->kind == QV_SCOPE_CLASS && (sym->flags & (QV_SYM_BOUND | QV_SYM_GLOBAL))) {
            sym->flags |= QV_SYM_FREE_CLASS;
        } else {
            sym->home = QV_HOME_FREE;
        }
    }
    if (owner->kind == QV_SCOPE_CLASS) {
        owner->class_closure = true;
        return;
    }
    QvSymbol *sym = qv_scope_lookup(owner, name);
    sym->home = QV_HOME_CELL;
}

static void resolve_symbol(Walk *w, QvScope *scope, QvSymbol *sym)
{
    if (sym->flags & QV_SYM_GLOBAL) {
        if (sym->flags & QV_SYM_NONLOCAL) {
            fail_at(w, sym->directive, "name '%U' is nonlocal and global", sym->name);
            return;
        }
        sym->home = QV_HOME_GLOBAL_EXPLICIT;
        return;
    }
    if (sym->flags & QV_SYM_NONLOCAL) {
        if (scope->kind == QV_SCOPE_MODULE) {
            fail_at(w, sym->directive, "nonlocal declaration not allowed at module level", NULL);
            return;
        }
        QvScope *owner = find_owner(scope, sym->name);
        if (!owner) {
            fail_at(w, sym->directive, "no binding for nonlocal '%U' found", sym->name);
            return;
        }
        sym->home = QV_HOME_FREE;
        mark_free(w, scope, owner, sym->name);
        return;
    }
    if (sym->flags & QV_SYM_BOUND) {
        if (sym->home == QV_HOME_UNKNOWN) {
            sym->home = QV_HOME_LOCAL;
        }
        return;
    }
    QvScope *owner = find_owner(scope, sym->name);
    if (owner) {
        sym->home = QV_HOME_FREE;
        mark_free(w, scope, owner, sym->name);
    } else if (sym->home == QV_HOME_UNKNOWN) {
        sym->home = QV_HOME_GLOBAL_IMPLICIT;
    }
}

static void resolve(Walk *w, QvScope *scope)
{
    for (QvSymbol *sym = scope->first; sym && !w->failed; sym = sym->next) {
        resolve_symbol(w, scope, sym);
    }
    for (QvScope *child = scope->first_child; child && !w->failed; child = child->sibling) {
        if (qv_enter_compiler(w->qi) < 0) {
            w->failed = true;
            return;
        }
        resolve(w, child);
        qv_leave_recursive(w->qi);
    }
}

int qv_scope_build(QvInterp *qi, QvScopes *sc, const QvMod *mod)
{
    Walk w = {.qi = qi, .sc = sc};
    if (!enter(&w, QV_SCOPE_MODULE, QV_FORM_PLAIN, QV_N(module_), mod, (QvPos){0, 0, 0, 0})) {
        return -1;
    }
    if (mod->kind == QV_MOD_EXPRESSION) {
        visit_expr(&w, mod->body_expr);
    } else {
        visit_stmts(&w, mod->body);
    }
    if (!w.failed) {
        resolve(&w, sc->top);
    }
    return w.failed ? -1 : 0;
}
