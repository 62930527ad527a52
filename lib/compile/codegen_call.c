// SPDX-License-Identifier: MIT
// Code for calls: plain, of methods, with keywords, with stars, and super().
#include "compile/codegen.h"

#include "object/interp.h"
#include "object/str.h"
#include "object/tuple.h"

// More values than this go through a list or dict, so that no frame needs a huge window.
#define MAX_DIRECT 200

static bool has_star(QvExprSeq args, QvKeywordSeq keywords)
{
    for (QvSsize i = 0; i < args.count; i++) {
        if (args.items[i]->kind == QV_EXPR_STARRED) {
            return true;
        }
    }
    for (QvSsize i = 0; i < keywords.count; i++) {
        if (!keywords.items[i]->arg) {
            return true;
        }
    }
    return false;
}

void qv_gen_check_keywords(QvGen *g, QvKeywordSeq keywords, QvPos pos)
{
    for (QvSsize i = 0; i < keywords.count; i++) {
        const QvKeyword *kw = keywords.items[i];
        if (!kw->arg) {
            continue;
        }
        if (kw->arg == QV_N(__debug__)) {
            qv_gen_error(g, pos, "cannot assign to __debug__");
            return;
        }
        for (QvSsize j = i + 1; j < keywords.count; j++) {
            if (keywords.items[j]->arg == kw->arg) {
                qv_gen_error(g, keywords.items[j]->pos, "keyword argument repeated: %U", kw->arg);
                return;
            }
        }
    }
}

static void check_callable(QvGen *g, const QvExpr *e, QvPos pos)
{
    const char *name;
    switch (e->kind) {
    case QV_EXPR_CONSTANT: name = qv_type_short_name(qv_type_of(e->u.constant.value)); break;
    case QV_EXPR_TUPLE: name = "tuple"; break;
    case QV_EXPR_LIST:
    case QV_EXPR_LIST_COMP: name = "list"; break;
    case QV_EXPR_DICT:
    case QV_EXPR_DICT_COMP: name = "dict"; break;
    case QV_EXPR_SET:
    case QV_EXPR_SET_COMP: name = "set"; break;
    case QV_EXPR_GENERATOR_EXP: name = "generator"; break;
    case QV_EXPR_JOINED_STR:
    case QV_EXPR_FORMATTED_VALUE: name = "str"; break;
    default: return;
    }
    qv_gen_warn(g, pos, "'%s' object is not callable; perhaps you missed a comma?", name);
}

// Index of the constant tuple with the names of keywords [from, to).
static uint32_t keyword_names(QvGen *g, QvKeywordSeq keywords, QvSsize from, QvSsize to)
{
    QvObj *names = qv_tuple_new(g->qi, to - from);
    if (!qv_gen_check(g, names)) {
        return 0;
    }
    for (QvSsize i = from; i < to; i++) {
        qv_tuple_items(names)[i - from] = qv_new_ref(g->qi, keywords.items[i]->arg);
    }
    uint32_t k = qv_gen_const(g, names);
    qv_decref(g->qi, names);
    return k;
}

static void push_keyword_dict(QvGen *g, unsigned base, QvKeywordSeq keywords)
{
    unsigned dict = g->u->top;
    bool made = false;
    for (QvSsize i = 0; i < keywords.count;) {
        const QvKeyword *kw = keywords.items[i];
        if (!kw->arg) {
            if (!made) {
                qv_gen_emit(g, QV_INS_BUILD_DICT, 0, qv_gen_temp(g), 0, 0);
                made = true;
            }
            unsigned r = qv_gen_expr(g, kw->value, QV_WANT_ANY);
            qv_gen_emit(g, QV_INS_DICT_MERGE, qv_gen_take_b(g, r, -1), dict, r, base);
            g->u->top = dict + 1;
            i++;
            continue;
        }
        QvSsize end = i;
        unsigned group = g->u->top;
        while (end < keywords.count && keywords.items[end]->arg && end - i < MAX_DIRECT) {
            qv_gen_push_k(g, keywords.items[end]->arg);
            qv_gen_expr(g, keywords.items[end]->value, QV_WANT_PUSH);
            end++;
        }
        g->u->top = group;
        qv_gen_emit(g, QV_INS_BUILD_DICT, 0, qv_gen_temp(g), group, (unsigned)(end - i));
        if (made) {
            qv_gen_emit(g, QV_INS_DICT_MERGE, QV_TAKE_B, dict, group, base);
            g->u->top = dict + 1;
        }
        made = true;
        i = end;
    }
}

void qv_gen_call_args(QvGen *g, unsigned base, unsigned first_extra, QvExprSeq args,
                      QvKeywordSeq keywords, QvPos pos, int want)
{
    if (g->failed) {
        return;
    }
    if (!has_star(args, keywords) && args.count + keywords.count <= MAX_DIRECT) {
        for (QvSsize i = 0; i < args.count; i++) {
            qv_gen_expr(g, args.items[i], QV_WANT_PUSH);
        }
        for (QvSsize i = 0; i < keywords.count; i++) {
            qv_gen_expr(g, keywords.items[i]->value, QV_WANT_PUSH);
        }
        unsigned n = first_extra + (unsigned)(args.count + keywords.count);
        qv_gen_at(g, pos);
        unsigned d = qv_gen_dest(g, want, base);
        if (keywords.count == 0) {
            qv_gen_emit(g, QV_INS_CALL, 0, d, base, n);
        } else {
            qv_gen_emit_extra(g, QV_INS_CALL_KW, d, base, n,
                              keyword_names(g, keywords, 0, keywords.count));
        }
        return;
    }
    unsigned flags = 0;
    if (first_extra == 0 && args.count == 0) {
        qv_gen_push_k(g, QV_EMPTY_TUPLE);
    } else if (first_extra == 0 && args.count == 1 && args.items[0]->kind == QV_EXPR_STARRED) {
        qv_gen_expr(g, args.items[0]->u.starred.value, QV_WANT_PUSH);
        flags = QV_STAR_CALL;
    } else {
        qv_gen_push_list(g, base + 1, first_extra, args, QV_STAR_CALL);
        qv_gen_emit(g, QV_INS_LIST_TO_TUPLE, 0, base + 1, base + 1, 0);
    }
    g->u->top = base + 2;
    qv_gen_at(g, pos);
    if (keywords.count > 0) {
        push_keyword_dict(g, base, keywords);
    }
    qv_gen_at(g, pos);
    unsigned d = qv_gen_dest(g, want, base);
    qv_gen_emit(g, QV_INS_CALL_EX, flags, d, base, keywords.count > 0);
}

// ---- super() ------------------------------------------------------------------------------------

// Is e `super()` in a method, so that class and self are at hand? Fills the registers of the class
// cell and of the first parameter.
static bool is_plain_super(QvGen *g, const QvExpr *e, unsigned *ret_cell, const QvSymbol **ret_self)
{
    QvUnit *u = g->u;
    if (e->kind != QV_EXPR_CALL || e->u.call.func->kind != QV_EXPR_NAME ||
        e->u.call.func->u.name.id != QV_N(super) || e->u.call.args.count > 0 ||
        e->u.call.keywords.count > 0) {
        return false;
    }
    if (u->scope->kind != QV_SCOPE_FUNCTION || u->scope->form >= QV_FORM_LIST_COMP ||
        u->argcount == 0) {
        return false;
    }
    const QvSymbol *name = qv_scope_lookup(u->scope, QV_N(super));
    const QvSymbol *cls = qv_scope_lookup(u->scope, QV_N(__class__));
    if (!name || name->home != QV_HOME_GLOBAL_IMPLICIT || !cls || cls->home != QV_HOME_FREE) {
        return false;
    }
    const QvSymbol *self = u->locals[0];
    if (self->home == QV_HOME_LOCAL && (self->flags & QV_SYM_DEL)) {
        return false;
    }
    *ret_cell = cls->reg;
    *ret_self = self;
    return true;
}

// Pushes the global super, the class and self.
static void push_super(QvGen *g, const QvExpr *e, unsigned cell, const QvSymbol *self)
{
    qv_gen_load_name(g, QV_N(super), e->u.call.func->pos, QV_WANT_PUSH);
    qv_gen_at(g, e->pos);
    qv_gen_emit(g, QV_INS_LOAD_CELL, 0, qv_gen_temp(g), cell, 0);
    unsigned t = qv_gen_temp(g);
    if (self->home == QV_HOME_LOCAL) {
        qv_gen_emit(g, QV_INS_MOVE, 0, t, self->reg, 0);
    } else {
        qv_gen_emit(g, QV_INS_LOAD_CELL, 0, t, self->reg, 0);
    }
}

unsigned qv_gen_super_attr(QvGen *g, const QvExpr *e, int want)
{
    const QvExpr *call = e->u.attribute.value;
    unsigned cell;
    const QvSymbol *self;
    unsigned t = g->u->top;
    if (!is_plain_super(g, call, &cell, &self)) {
        return QV_NO_REGISTER;
    }
    push_super(g, call, cell, self);
    qv_gen_at(g, qv_gen_attr_pos(e->pos, e));
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_LOAD_SUPER, 0, d, t, qv_gen_name(g, e->u.attribute.attr));
    return d;
}

// ---- methods ------------------------------------------------------------------------------------

static unsigned gen_method_call(QvGen *g, const QvExpr *e, int want)
{
    const QvExpr *func = e->u.call.func;
    QvExprSeq args = e->u.call.args;
    QvKeywordSeq keywords = e->u.call.keywords;
    unsigned t = g->u->top;
    unsigned cell;
    const QvSymbol *self;
    unsigned base;
    if (is_plain_super(g, func->u.attribute.value, &cell, &self)) {
        push_super(g, func->u.attribute.value, cell, self);
        g->u->top = t;
        base = qv_gen_temps(g, 2);
        qv_gen_at(g, qv_gen_attr_pos(func->pos, func));
        qv_gen_emit(g, QV_INS_LOAD_SUPER_METHOD, 0, base, base,
                    qv_gen_name(g, func->u.attribute.attr));
    } else {
        unsigned o = qv_gen_expr(g, func->u.attribute.value, QV_WANT_ANY);
        g->u->top = t;
        base = qv_gen_temps(g, 2);
        qv_gen_at(g, qv_gen_attr_pos(func->pos, func));
        qv_gen_emit(g, QV_INS_LOAD_METHOD, qv_gen_take_b(g, o, (int)base), base, o,
                    qv_gen_name(g, func->u.attribute.attr));
    }
    for (QvSsize i = 0; i < args.count; i++) {
        qv_gen_expr(g, args.items[i], QV_WANT_PUSH);
    }
    for (QvSsize i = 0; i < keywords.count; i++) {
        qv_gen_expr(g, keywords.items[i]->value, QV_WANT_PUSH);
    }
    unsigned n = (unsigned)(args.count + keywords.count);
    qv_gen_at(g, qv_gen_attr_pos(e->pos, func));
    unsigned d = qv_gen_dest(g, want, base);
    if (keywords.count == 0) {
        qv_gen_emit(g, QV_INS_CALL_METHOD, 0, d, base, n);
    } else {
        qv_gen_emit_extra(g, QV_INS_CALL_METHOD_KW, d, base, n,
                          keyword_names(g, keywords, 0, keywords.count));
    }
    return d;
}

unsigned qv_gen_call(QvGen *g, const QvExpr *e, int want)
{
    const QvExpr *func = e->u.call.func;
    qv_gen_check_keywords(g, e->u.call.keywords, e->pos);
    if (func->kind == QV_EXPR_ATTRIBUTE && func->u.attribute.ctx == QV_CTX_LOAD &&
        !has_star(e->u.call.args, e->u.call.keywords) &&
        e->u.call.args.count + e->u.call.keywords.count <= MAX_DIRECT) {
        return gen_method_call(g, e, want);
    }
    check_callable(g, func, e->pos);
    unsigned t = g->u->top;
    qv_gen_expr(g, func, QV_WANT_PUSH);
    qv_gen_call_args(g, t, 0, e->u.call.args, e->u.call.keywords, e->pos, want);
    return want >= 0 ? (unsigned)want : t;
}
