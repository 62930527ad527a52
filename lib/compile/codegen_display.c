// SPDX-License-Identifier: MIT
// Code for list, tuple, set and dict displays and for f-strings.
#include "compile/codegen.h"

#include "compile/fold.h"
#include "object/interp.h"
#include "object/error.h"
#include "object/str.h"
#include "object/tuple.h"

// Displays with more items than this are begun with so many and completed one by one.
#define CHUNK 64

static bool has_star(QvExprSeq elts)
{
    for (QvSsize i = 0; i < elts.count; i++) {
        if (elts.items[i]->kind == QV_EXPR_STARRED) {
            return true;
        }
    }
    return false;
}

// The items as a constant tuple when all are constants and there are some; else NULL (also on
// failure).
static QvObj *const_items(QvGen *g, QvExprSeq elts)
{
    for (QvSsize i = 0; i < elts.count; i++) {
        if (elts.items[i]->kind != QV_EXPR_CONSTANT) {
            return NULL;
        }
    }
    QvObj *tuple = qv_tuple_new(g->qi, elts.count);
    if (!qv_gen_check(g, tuple)) {
        return NULL;
    }
    for (QvSsize i = 0; i < elts.count; i++) {
        qv_tuple_items(tuple)[i] = qv_new_ref(g->qi, elts.items[i]->u.constant.value);
    }
    return tuple;
}

static unsigned deliver(QvGen *g, unsigned t, int want)
{
    g->u->top = t + 1;
    if (want < 0) {
        return t;
    }
    qv_gen_emit(g, QV_INS_TAKE, 0, (unsigned)want, t, 0);
    g->u->top = t;
    return (unsigned)want;
}

// Begins a list or set at `base` with the `pushed` values there and the leading items, then adds
// the rest.
static void push_collection(QvGen *g, unsigned base, unsigned pushed, QvExprSeq elts, QvOp build,
                            QvOp add, QvOp extend, unsigned star_flag)
{
    QvPos pos = g->u->pos;
    QvSsize i = 0;
    while (i < elts.count && i < CHUNK && elts.items[i]->kind != QV_EXPR_STARRED) {
        qv_gen_expr(g, elts.items[i++], QV_WANT_PUSH);
    }
    g->u->top = base;
    qv_gen_at(g, pos);
    qv_gen_emit(g, build, 0, qv_gen_temp(g), base, pushed + (unsigned)i);
    for (; i < elts.count; i++) {
        const QvExpr *e = elts.items[i];
        if (e->kind == QV_EXPR_STARRED) {
            unsigned r = qv_gen_expr(g, e->u.starred.value, QV_WANT_ANY);
            qv_gen_at(g, pos);
            qv_gen_emit(g, extend, qv_gen_take_b(g, r, -1) | star_flag, base, r, 0);
        } else {
            unsigned r = qv_gen_expr(g, e, QV_WANT_ANY);
            qv_gen_at(g, pos);
            qv_gen_emit(g, add, qv_gen_take_b(g, r, -1), base, r, 0);
        }
        g->u->top = base + 1;
    }
}

void qv_gen_push_list(QvGen *g, unsigned base, unsigned pushed, QvExprSeq elts, unsigned star_flag)
{
    push_collection(g, base, pushed, elts, QV_INS_BUILD_LIST, QV_INS_LIST_APPEND,
                    QV_INS_LIST_EXTEND, star_flag);
}

unsigned qv_gen_list(QvGen *g, const QvExpr *e, int want)
{
    QvExprSeq elts = e->u.list.elts;
    unsigned t = g->u->top;
    if (elts.count >= 3) {
        QvObj *items = const_items(g, elts);
        if (items) {
            qv_gen_at(g, e->pos);
            qv_gen_emit(g, QV_INS_BUILD_LIST, 0, qv_gen_temp(g), 0, 0);
            unsigned k = qv_gen_push_k(g, items);
            qv_decref(g->qi, items);
            qv_gen_emit(g, QV_INS_LIST_EXTEND, QV_TAKE_B, t, k, 0);
            return deliver(g, t, want);
        }
    }
    qv_gen_at(g, e->pos);
    if (has_star(elts) || elts.count > CHUNK) {
        qv_gen_push_list(g, t, 0, elts, 0);
        return deliver(g, t, want);
    }
    for (QvSsize i = 0; i < elts.count; i++) {
        qv_gen_expr(g, elts.items[i], QV_WANT_PUSH);
    }
    qv_gen_at(g, e->pos);
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_BUILD_LIST, 0, d, t, (unsigned)elts.count);
    return d;
}

unsigned qv_gen_tuple(QvGen *g, const QvExpr *e, int want)
{
    QvExprSeq elts = e->u.list.elts;
    unsigned t = g->u->top;
    qv_gen_at(g, e->pos);
    if (elts.count == 0) {
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_load_k(g, d, QV_EMPTY_TUPLE);
        return d;
    }
    if (has_star(elts) || elts.count > CHUNK) {
        qv_gen_push_list(g, t, 0, elts, 0);
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_emit(g, QV_INS_LIST_TO_TUPLE, 0, d, t, 0);
        return d;
    }
    for (QvSsize i = 0; i < elts.count; i++) {
        qv_gen_expr(g, elts.items[i], QV_WANT_PUSH);
    }
    qv_gen_at(g, e->pos);
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_BUILD_TUPLE, 0, d, t, (unsigned)elts.count);
    return d;
}

unsigned qv_gen_set(QvGen *g, const QvExpr *e, int want)
{
    QvExprSeq elts = e->u.set.elts;
    unsigned t = g->u->top;
    if (elts.count >= 3) {
        QvObj *items = const_items(g, elts);
        if (items) {
            QvObj *set = qv_fold_set(g->qi, items);
            if (!qv_gen_check(g, set)) {
                return t;
            }
            qv_gen_at(g, e->pos);
            qv_gen_emit(g, QV_INS_BUILD_SET, 0, qv_gen_temp(g), 0, 0);
            unsigned k = qv_gen_push_k(g, set);
            qv_decref(g->qi, set);
            qv_gen_emit(g, QV_INS_SET_UPDATE, QV_TAKE_B, t, k, 0);
            return deliver(g, t, want);
        }
    }
    qv_gen_at(g, e->pos);
    if (has_star(elts) || elts.count > CHUNK) {
        push_collection(g, t, 0, elts, QV_INS_BUILD_SET, QV_INS_SET_ADD, QV_INS_SET_UPDATE, 0);
        return deliver(g, t, want);
    }
    for (QvSsize i = 0; i < elts.count; i++) {
        qv_gen_expr(g, elts.items[i], QV_WANT_PUSH);
    }
    qv_gen_at(g, e->pos);
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_BUILD_SET, 0, d, t, (unsigned)elts.count);
    return d;
}

unsigned qv_gen_dict(QvGen *g, const QvExpr *e, int want)
{
    QvExprSeq keys = e->u.dict.keys;
    QvExprSeq values = e->u.dict.values;
    unsigned t = g->u->top;
    QvSsize i = 0;
    while (i < keys.count && i < CHUNK / 2 && keys.items[i]) {
        qv_gen_expr(g, keys.items[i], QV_WANT_PUSH);
        qv_gen_expr(g, values.items[i], QV_WANT_PUSH);
        i++;
    }
    qv_gen_at(g, e->pos);
    if (i == keys.count) {
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_emit(g, QV_INS_BUILD_DICT, 0, d, t, (unsigned)i);
        return d;
    }
    g->u->top = t;
    qv_gen_emit(g, QV_INS_BUILD_DICT, 0, qv_gen_temp(g), t, (unsigned)i);
    for (; i < keys.count; i++) {
        if (!keys.items[i]) {
            unsigned r = qv_gen_expr(g, values.items[i], QV_WANT_ANY);
            qv_gen_at(g, e->pos);
            qv_gen_emit(g, QV_INS_DICT_UPDATE, qv_gen_take_b(g, r, -1), t, r, 0);
        } else {
            unsigned k = qv_gen_expr(g, keys.items[i], QV_WANT_ANY);
            k = qv_gen_pin(g, k, values.items[i]);
            unsigned v = qv_gen_expr(g, values.items[i], QV_WANT_ANY);
            qv_gen_at(g, e->pos);
            qv_gen_emit(g, QV_INS_DICT_PUT, qv_gen_take_bc(g, k, v, -1), t, k, v);
        }
        g->u->top = t + 1;
    }
    return deliver(g, t, want);
}

// ---- f-strings ----------------------------------------------------------------------------------

// Is its value a str for certain?
static bool is_text(const QvExpr *e)
{
    while (e->kind == QV_EXPR_JOINED_STR && e->u.joined_str.values.count == 1) {
        e = e->u.joined_str.values.items[0];
    }
    return e->kind == QV_EXPR_JOINED_STR || e->kind == QV_EXPR_FORMATTED_VALUE ||
           (e->kind == QV_EXPR_CONSTANT && qv_is_str(e->u.constant.value));
}

// A tree that the parser did not make may have anything in an f-string: f"{''.join((e,))}" lets a
// str through and raises TypeError for all else. NULL when the generator has failed.
static const QvExpr *as_text(QvGen *g, QvExpr *e)
{
    if (QV_LIKELY(is_text(e))) {
        return e;
    }
    QvExpr *empty = qv_ast_expr(g->arena, QV_EXPR_CONSTANT, e->pos);
    QvExpr *attr = qv_ast_expr(g->arena, QV_EXPR_ATTRIBUTE, e->pos);
    QvExpr *tuple = qv_ast_expr(g->arena, QV_EXPR_TUPLE, e->pos);
    QvExpr *call = qv_ast_expr(g->arena, QV_EXPR_CALL, e->pos);
    QvExpr *field = qv_ast_expr(g->arena, QV_EXPR_FORMATTED_VALUE, e->pos);
    QvExpr **items = qv_arena_alloc(g->arena, 2 * sizeof(*items));
    QvObj *join = qv_arena_take(g->arena, qv_str_intern_cstr(g->qi, "join"));
    if (!empty || !attr || !tuple || !call || !field || !items || !join) {
        g->failed = true;
        return NULL;
    }
    items[0] = e;
    items[1] = tuple;
    empty->u.constant.value = QV_N(empty);
    attr->u.attribute.value = empty;
    attr->u.attribute.attr = join;
    attr->u.attribute.ctx = QV_CTX_LOAD;
    tuple->u.list.elts = (QvExprSeq){1, items};
    tuple->u.list.ctx = QV_CTX_LOAD;
    call->u.call.func = attr;
    call->u.call.args = (QvExprSeq){1, items + 1};
    field->u.formatted_value.value = call;
    field->u.formatted_value.conversion = -1;
    return field;
}

static unsigned gen_field(QvGen *g, const QvExpr *e, int want)
{
    const QvExpr *spec = e->u.formatted_value.format_spec;
    unsigned conv = 0;
    switch (e->u.formatted_value.conversion) {
    case 's': conv = 1; break;
    case 'r': conv = 2; break;
    case 'a': conv = 3; break;
    case -1: break;
    default: // never from the parser
        if (!g->failed) {
            qv_raise(g->qi, &qv_exc_SystemError, "Unrecognized conversion character %d",
                     e->u.formatted_value.conversion);
            g->failed = true;
        }
    }
    if (spec) {
        spec = as_text(g, e->u.formatted_value.format_spec);
    }
    unsigned t = g->u->top;
    unsigned v = qv_gen_expr(g, e->u.formatted_value.value, QV_WANT_ANY);
    unsigned s = QV_NO_REGISTER;
    if (spec) {
        v = qv_gen_pin(g, v, spec);
        s = qv_gen_expr(g, spec, QV_WANT_ANY);
    }
    qv_gen_at(g, e->pos);
    unsigned d = qv_gen_dest(g, want, t);
    unsigned take = spec ? qv_gen_take_bc(g, v, s, (int)d) : qv_gen_take_b(g, v, (int)d);
    qv_gen_emit(g, QV_INS_FORMAT, take | conv << QV_CONV_SHIFT, d, v, s);
    return d;
}

unsigned qv_gen_joined_str(QvGen *g, const QvExpr *e, int want)
{
    if (e->kind == QV_EXPR_FORMATTED_VALUE) {
        return gen_field(g, e, want);
    }
    QvExprSeq values = e->u.joined_str.values;
    unsigned t = g->u->top;
    if (values.count == 0) {
        unsigned d = qv_gen_dest(g, want, t);
        qv_gen_at(g, e->pos);
        qv_gen_load_k(g, d, QV_N(empty));
        return d;
    }
    if (values.count == 1) {
        return qv_gen_expr(g, values.items[0], want);
    }
    for (QvSsize i = 0; i < values.count; i++) {
        if (g->u->top - t == CHUNK * 4) { // what is there becomes the first piece of the rest
            qv_gen_at(g, e->pos);
            g->u->top = t;
            qv_gen_emit(g, QV_INS_BUILD_STRING, 0, qv_gen_temp(g), t, CHUNK * 4);
        }
        const QvExpr *piece = as_text(g, values.items[i]);
        if (piece) {
            qv_gen_expr(g, piece, QV_WANT_PUSH);
        }
    }
    unsigned n = g->u->top - t;
    qv_gen_at(g, e->pos);
    unsigned d = qv_gen_dest(g, want, t);
    qv_gen_emit(g, QV_INS_BUILD_STRING, 0, d, t, n);
    return d;
}
