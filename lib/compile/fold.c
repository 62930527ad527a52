// SPDX-License-Identifier: MIT
// Constant folding on the syntax tree, bottom up and in place.
//
// What may grow (powers, shifts, repetition) is bounded before it is computed, so that a short
// source cannot make the compiler fill the memory. An operation that raises is left for run time.
#include "compile/fold.h"

#include "object/bytes.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"

#define MAX_INT_BITS    128
#define MAX_COLLECTION  256
#define MAX_STR         4096
#define MAX_TOTAL_ITEMS 1024

typedef struct Fold {
    QvInterp *qi;
    QvArena *arena;
    int optimize;
    bool future_annotations;
    bool failed; // an exception is set
} Fold;

static void fold_expr(Fold *f, QvExpr *e);
static void fold_stmts(Fold *f, QvStmtSeq body);

static void fold_exprs(Fold *f, QvExprSeq seq)
{
    for (QvSsize i = 0; i < seq.count && !f->failed; i++) {
        if (seq.items[i]) {
            fold_expr(f, seq.items[i]);
        }
    }
}

// Turns e into a constant. value: a new reference, or NULL with an exception, which is forgotten
// (the error will come at run time) unless it must not be.
static void make_constant(Fold *f, QvExpr *e, QvObj *value)
{
    if (!value) {
        if (qv_err_matches(f->qi, &qv_exc_KeyboardInterrupt)) {
            f->failed = true;
        } else {
            qv_err_clear(f->qi);
        }
        return;
    }
    value = qv_arena_take(f->arena, value);
    if (!value) {
        f->failed = true;
        return;
    }
    e->kind = QV_EXPR_CONSTANT;
    e->u.constant.value = value;
    e->u.constant.kind = NULL;
}

static bool is_const(const QvExpr *e) { return e->kind == QV_EXPR_CONSTANT; }

// ---- operators ----------------------------------------------------------------------------------

static void fold_unary(Fold *f, QvExpr *e)
{
    QvExpr *arg = e->u.unary_op.operand;
    fold_expr(f, arg);
    if (f->failed) {
        return;
    }
    if (!is_const(arg)) {
        // not (a in b) -> a not in b, and so on.
        if (e->u.unary_op.op != QV_UNARYOP_NOT || arg->kind != QV_EXPR_COMPARE ||
            arg->u.compare.ops.count != 1) {
            return;
        }
        QvCmpOperator op = arg->u.compare.ops.items[0];
        switch (op) {
        case QV_CMPOP_IS: op = QV_CMPOP_IS_NOT; break;
        case QV_CMPOP_IS_NOT: op = QV_CMPOP_IS; break;
        case QV_CMPOP_IN: op = QV_CMPOP_NOT_IN; break;
        case QV_CMPOP_NOT_IN: op = QV_CMPOP_IN; break;
        default: return;
        }
        *e = *arg;
        e->u.compare.ops.items[0] = op;
        return;
    }
    QvObj *v = arg->u.constant.value;
    switch (e->u.unary_op.op) {
    case QV_UNARYOP_INVERT: make_constant(f, e, qv_invert(f->qi, v)); break;
    case QV_UNARYOP_NOT: {
        int truth = qv_not(f->qi, v);
        make_constant(f, e, truth < 0 ? NULL : qv_bool(truth));
        break;
    }
    case QV_UNARYOP_U_ADD: make_constant(f, e, qv_pos(f->qi, v)); break;
    case QV_UNARYOP_U_SUB: make_constant(f, e, qv_neg(f->qi, v)); break;
    }
}

// Number of items in a nest of tuples, or more than MAX_TOTAL_ITEMS.
static QvSsize count_items(const QvObj *o)
{
    if (!qv_is_tuple(o)) {
        return 1;
    }
    QvSsize n = 0;
    for (QvSsize i = 0; i < qv_tuple_len(o) && n <= MAX_TOTAL_ITEMS; i++) {
        n += count_items(qv_tuple_peek(o, i));
    }
    return n + 1;
}

static bool small_sequence_repeat(const QvObj *seq, int64_t n)
{
    QvSsize len;
    int64_t limit;
    if (qv_is_tuple(seq)) {
        len = qv_tuple_len(seq);
        limit = MAX_COLLECTION;
    } else if (qv_is_str(seq)) {
        len = qv_str_len(seq);
        limit = MAX_STR;
    } else if (qv_is_bytes(seq)) {
        len = qv_bytes_len(seq);
        limit = MAX_STR;
    } else {
        return false;
    }
    if (len == 0) {
        return true;
    }
    if (n < 0 || n > limit / len) {
        return false;
    }
    return !qv_is_tuple(seq) || count_items(seq) * (n ? n : 1) <= MAX_TOTAL_ITEMS;
}

static bool mul_is_safe(const QvObj *v, const QvObj *w)
{
    if (qv_is_int(v) && qv_is_int(w)) {
        return qv_int_bit_length(v) + qv_int_bit_length(w) <= MAX_INT_BITS;
    }
    int64_t n;
    if (qv_is_int(v) && (qv_is_tuple(w) || qv_is_str(w) || qv_is_bytes(w))) {
        return qv_int_as_i64(v, &n) > 0 && small_sequence_repeat(w, n);
    }
    if (qv_is_int(w) && (qv_is_tuple(v) || qv_is_str(v) || qv_is_bytes(v))) {
        return qv_int_as_i64(w, &n) > 0 && small_sequence_repeat(v, n);
    }
    return true;
}

static bool pow_is_safe(const QvObj *v, const QvObj *w)
{
    if (qv_is_int(v) && qv_is_int(w) && qv_int_sign(w) > 0) {
        int64_t n;
        uint64_t bits = qv_int_bit_length(v);
        return qv_int_as_i64(w, &n) > 0 && (bits == 0 || (uint64_t)n <= MAX_INT_BITS / bits);
    }
    return true;
}

static bool shift_is_safe(const QvObj *v, const QvObj *w)
{
    if (qv_is_int(v) && qv_is_int(w) && qv_int_sign(v) != 0 && qv_int_sign(w) != 0) {
        int64_t n;
        return qv_int_as_i64(w, &n) > 0 &&
               (n < 0 ||
                (n <= MAX_INT_BITS && qv_int_bit_length(v) <= (uint64_t)(MAX_INT_BITS - n)));
    }
    return true;
}

// The parts of 'literal' % (a, b): %s, %r and %a without width are fields of an f-string, which
// needs no parsing at run time and no tuple. False: left as it is.
static bool fold_format(Fold *f, QvExpr *e)
{
    const QvObj *fmt = e->u.bin_op.left->u.constant.value;
    QvExprSeq args = e->u.bin_op.right->u.list.elts;
    QvSsize len = qv_str_len(fmt);
    QvSsize used = 0;
    for (QvSsize i = 0; i < len; i++) {
        if (qv_str_read(fmt, i) == '%') {
            uint32_t c = i + 1 < len ? qv_str_read(fmt, i + 1) : 0;
            if (c != '%' && c != 's' && c != 'r' && c != 'a') {
                return false;
            }
            used += c != '%';
            i++;
        }
    }
    if (used != args.count) {
        return false;
    }
    for (QvSsize i = 0; i < args.count; i++) {
        if (args.items[i]->kind == QV_EXPR_STARRED) {
            return false;
        }
    }
    QvExpr **values = qv_arena_alloc(f->arena, (size_t)(2 * used + 1) * sizeof(*values));
    if (!values) {
        f->failed = true;
        return false;
    }
    QvSsize n = 0;
    used = 0;
    for (QvSsize i = 0; i < len;) {
        QvStrBuf text;
        qv_strbuf_init(f->qi, &text);
        for (; i < len; i++) {
            uint32_t c = qv_str_read(fmt, i);
            if (c == '%' && qv_str_read(fmt, ++i) != '%') {
                i--;
                break;
            }
            qv_strbuf_char(&text, c);
        }
        bool empty = text.len == 0;
        QvObj *s = qv_arena_take(f->arena, qv_strbuf_finish(&text));
        QvExpr *literal = s ? qv_ast_expr(f->arena, QV_EXPR_CONSTANT, e->u.bin_op.left->pos) : NULL;
        QvExpr *field = literal && i < len
                            ? qv_ast_expr(f->arena, QV_EXPR_FORMATTED_VALUE, args.items[used]->pos)
                            : NULL;
        if (!literal || (i < len && !field)) {
            f->failed = true;
            return false;
        }
        literal->u.constant.value = s;
        if (!empty) {
            values[n++] = literal;
        }
        if (field) {
            field->u.formatted_value.value = args.items[used++];
            field->u.formatted_value.conversion = (int)qv_str_read(fmt, i + 1);
            values[n++] = field;
            i += 2;
        }
    }
    e->kind = QV_EXPR_JOINED_STR;
    e->u.joined_str.values = (QvExprSeq){n, values};
    return true;
}

static void fold_binary(Fold *f, QvExpr *e)
{
    // Before the tuple becomes a constant.
    if (e->u.bin_op.op == QV_OPERATOR_MOD && is_const(e->u.bin_op.left) &&
        qv_is_str(e->u.bin_op.left->u.constant.value) && e->u.bin_op.right->kind == QV_EXPR_TUPLE &&
        fold_format(f, e)) {
        fold_expr(f, e);
        return;
    }
    if (f->failed) {
        return;
    }
    fold_expr(f, e->u.bin_op.left);
    fold_expr(f, e->u.bin_op.right);
    if (f->failed || !is_const(e->u.bin_op.left) || !is_const(e->u.bin_op.right)) {
        return;
    }
    QvObj *v = e->u.bin_op.left->u.constant.value;
    QvObj *w = e->u.bin_op.right->u.constant.value;
    QvBinOp op = QV_BIN_ADD;
    bool safe = true;
    switch (e->u.bin_op.op) {
    case QV_OPERATOR_ADD: op = QV_BIN_ADD; break;
    case QV_OPERATOR_SUB: op = QV_BIN_SUB; break;
    case QV_OPERATOR_MULT:
        op = QV_BIN_MUL;
        safe = mul_is_safe(v, w);
        break;
    case QV_OPERATOR_DIV: op = QV_BIN_TRUEDIV; break;
    case QV_OPERATOR_FLOOR_DIV: op = QV_BIN_FLOORDIV; break;
    case QV_OPERATOR_MOD: // formatting may be arbitrarily long
        op = QV_BIN_MOD;
        safe = !qv_is_str(v) && !qv_is_bytes(v);
        break;
    case QV_OPERATOR_POW:
        op = QV_BIN_POW;
        safe = pow_is_safe(v, w);
        break;
    case QV_OPERATOR_L_SHIFT:
        op = QV_BIN_LSHIFT;
        safe = shift_is_safe(v, w);
        break;
    case QV_OPERATOR_R_SHIFT: op = QV_BIN_RSHIFT; break;
    case QV_OPERATOR_BIT_OR: op = QV_BIN_OR; break;
    case QV_OPERATOR_BIT_XOR: op = QV_BIN_XOR; break;
    case QV_OPERATOR_BIT_AND: op = QV_BIN_AND; break;
    case QV_OPERATOR_MAT_MULT: return;
    }
    if (safe) {
        make_constant(f, e, qv_binary(f->qi, op, v, w));
    }
}

static bool all_const(QvExprSeq seq)
{
    for (QvSsize i = 0; i < seq.count; i++) {
        if (!is_const(seq.items[i])) {
            return false;
        }
    }
    return true;
}

static QvObj *const_tuple(Fold *f, QvExprSeq seq)
{
    QvObj *tuple = qv_tuple_new(f->qi, seq.count);
    if (tuple) {
        for (QvSsize i = 0; i < seq.count; i++) {
            qv_tuple_items(tuple)[i] = qv_new_ref(f->qi, seq.items[i]->u.constant.value);
        }
    }
    return tuple;
}

QvObj *qv_fold_set(QvInterp *qi, QvObj *items)
{
    QvObj *first = items ? qv_frozenset_new(qi, items) : NULL;
    QvObj *ordered = first ? qv_to_list(qi, first) : NULL;
    QvObj *ret = ordered ? qv_frozenset_new(qi, ordered) : NULL;
    qv_xdecref(qi, items);
    qv_xdecref(qi, first);
    qv_xdecref(qi, ordered);
    return ret;
}

static void fold_tuple(Fold *f, QvExpr *e)
{
    fold_exprs(f, e->u.list.elts);
    if (!f->failed && e->u.list.ctx == QV_CTX_LOAD && all_const(e->u.list.elts)) {
        make_constant(f, e, const_tuple(f, e->u.list.elts));
    }
}

// A list or set that is only iterated over or searched need not be made anew.
static void fold_iterable(Fold *f, QvExpr *e)
{
    if (f->failed) {
        return;
    }
    if (e->kind == QV_EXPR_LIST) {
        QvExprSeq elts = e->u.list.elts;
        if (all_const(elts)) {
            make_constant(f, e, const_tuple(f, elts));
            return;
        }
        for (QvSsize i = 0; i < elts.count; i++) {
            if (elts.items[i]->kind == QV_EXPR_STARRED) {
                return;
            }
        }
        e->kind = QV_EXPR_TUPLE;
    } else if (e->kind == QV_EXPR_SET && all_const(e->u.set.elts)) {
        make_constant(f, e, qv_fold_set(f->qi, const_tuple(f, e->u.set.elts)));
    }
}

static void fold_compare(Fold *f, QvExpr *e)
{
    fold_expr(f, e->u.compare.left);
    fold_exprs(f, e->u.compare.comparators);
    QvSsize last = e->u.compare.ops.count - 1;
    QvCmpOperator op = e->u.compare.ops.items[last];
    if (op == QV_CMPOP_IN || op == QV_CMPOP_NOT_IN) {
        fold_iterable(f, e->u.compare.comparators.items[last]);
    }
}

static void fold_subscript(Fold *f, QvExpr *e)
{
    fold_expr(f, e->u.subscript.value);
    fold_expr(f, e->u.subscript.slice);
    if (!f->failed && e->u.subscript.ctx == QV_CTX_LOAD && is_const(e->u.subscript.value) &&
        is_const(e->u.subscript.slice)) {
        make_constant(f, e,
                      qv_getitem(f->qi, e->u.subscript.value->u.constant.value,
                                 e->u.subscript.slice->u.constant.value));
    }
}

// ---- the walk -----------------------------------------------------------------------------------

static void fold_annotation(Fold *f, QvExpr *e)
{
    if (e && !f->future_annotations) {
        fold_expr(f, e);
    }
}

static void fold_args(Fold *f, QvArgSeq args)
{
    for (QvSsize i = 0; i < args.count; i++) {
        fold_annotation(f, args.items[i]->annotation);
    }
}

static void fold_arguments(Fold *f, const QvArguments *args)
{
    fold_args(f, args->posonlyargs);
    fold_args(f, args->args);
    if (args->vararg) {
        fold_annotation(f, args->vararg->annotation);
    }
    fold_args(f, args->kwonlyargs);
    fold_exprs(f, args->kw_defaults);
    if (args->kwarg) {
        fold_annotation(f, args->kwarg->annotation);
    }
    fold_exprs(f, args->defaults);
}

static void fold_generators(Fold *f, QvComprehensionSeq generators)
{
    for (QvSsize i = 0; i < generators.count; i++) {
        QvComprehension *gen = generators.items[i];
        fold_expr(f, gen->target);
        fold_expr(f, gen->iter);
        fold_iterable(f, gen->iter);
        fold_exprs(f, gen->ifs);
    }
}

static void fold_keywords(Fold *f, QvKeywordSeq keywords)
{
    for (QvSsize i = 0; i < keywords.count; i++) {
        fold_expr(f, keywords.items[i]->value);
    }
}

static void fold_expr_inner(Fold *f, QvExpr *e)
{
    switch (e->kind) {
    case QV_EXPR_BOOL_OP: fold_exprs(f, e->u.bool_op.values); break;
    case QV_EXPR_NAMED_EXPR: fold_expr(f, e->u.named_expr.value); break;
    case QV_EXPR_BIN_OP: fold_binary(f, e); break;
    case QV_EXPR_UNARY_OP: fold_unary(f, e); break;
    case QV_EXPR_LAMBDA:
        fold_arguments(f, e->u.lambda.args);
        fold_expr(f, e->u.lambda.body);
        break;
    case QV_EXPR_IF_EXP:
        fold_expr(f, e->u.if_exp.test);
        fold_expr(f, e->u.if_exp.body);
        fold_expr(f, e->u.if_exp.orelse);
        break;
    case QV_EXPR_DICT:
        fold_exprs(f, e->u.dict.keys);
        fold_exprs(f, e->u.dict.values);
        break;
    case QV_EXPR_SET: fold_exprs(f, e->u.set.elts); break;
    case QV_EXPR_LIST_COMP:
    case QV_EXPR_SET_COMP:
    case QV_EXPR_GENERATOR_EXP:
        fold_expr(f, e->u.comp.elt);
        fold_generators(f, e->u.comp.generators);
        break;
    case QV_EXPR_DICT_COMP:
        fold_expr(f, e->u.dict_comp.key);
        fold_expr(f, e->u.dict_comp.value);
        fold_generators(f, e->u.dict_comp.generators);
        break;
    case QV_EXPR_AWAIT:
    case QV_EXPR_YIELD:
    case QV_EXPR_YIELD_FROM:
        if (e->u.yield.value) {
            fold_expr(f, e->u.yield.value);
        }
        break;
    case QV_EXPR_COMPARE: fold_compare(f, e); break;
    case QV_EXPR_CALL:
        fold_expr(f, e->u.call.func);
        fold_exprs(f, e->u.call.args);
        fold_keywords(f, e->u.call.keywords);
        break;
    case QV_EXPR_FORMATTED_VALUE:
        fold_expr(f, e->u.formatted_value.value);
        if (e->u.formatted_value.format_spec) {
            fold_expr(f, e->u.formatted_value.format_spec);
        }
        break;
    case QV_EXPR_JOINED_STR: fold_exprs(f, e->u.joined_str.values); break;
    case QV_EXPR_CONSTANT: break;
    case QV_EXPR_ATTRIBUTE: fold_expr(f, e->u.attribute.value); break;
    case QV_EXPR_SUBSCRIPT: fold_subscript(f, e); break;
    case QV_EXPR_STARRED: fold_expr(f, e->u.starred.value); break;
    case QV_EXPR_NAME:
        if (e->u.name.ctx == QV_CTX_LOAD && e->u.name.id == QV_N(__debug__)) {
            make_constant(f, e, qv_bool(f->optimize < 1));
        }
        break;
    case QV_EXPR_LIST: fold_exprs(f, e->u.list.elts); break;
    case QV_EXPR_TUPLE: fold_tuple(f, e); break;
    case QV_EXPR_SLICE:
        if (e->u.slice.lower) {
            fold_expr(f, e->u.slice.lower);
        }
        if (e->u.slice.upper) {
            fold_expr(f, e->u.slice.upper);
        }
        if (e->u.slice.step) {
            fold_expr(f, e->u.slice.step);
        }
        break;
    }
}

static void fold_expr(Fold *f, QvExpr *e)
{
    if (f->failed || e->kind == QV_EXPR_CONSTANT) {
        return;
    }
    if (qv_enter_compiler(f->qi) < 0) {
        f->failed = true;
        return;
    }
    fold_expr_inner(f, e);
    qv_leave_recursive(f->qi);
}

static void fold_pattern(Fold *f, QvPattern *p);

static void fold_patterns(Fold *f, QvPatternSeq seq)
{
    for (QvSsize i = 0; i < seq.count && !f->failed; i++) {
        fold_pattern(f, seq.items[i]);
    }
}

static void fold_pattern(Fold *f, QvPattern *p)
{
    switch (p->kind) {
    case QV_PATTERN_MATCH_VALUE: // -1, 1 + 2j
        fold_expr(f, p->u.value.value);
        break;
    case QV_PATTERN_MATCH_SEQUENCE: fold_patterns(f, p->u.sequence.patterns); break;
    case QV_PATTERN_MATCH_MAPPING:
        fold_exprs(f, p->u.mapping.keys);
        fold_patterns(f, p->u.mapping.patterns);
        break;
    case QV_PATTERN_MATCH_CLASS:
        fold_expr(f, p->u.cls.cls);
        fold_patterns(f, p->u.cls.patterns);
        fold_patterns(f, p->u.cls.kwd_patterns);
        break;
    case QV_PATTERN_MATCH_AS:
        if (p->u.as.pattern) {
            fold_pattern(f, p->u.as.pattern);
        }
        break;
    case QV_PATTERN_MATCH_OR: fold_patterns(f, p->u.or_.patterns); break;
    case QV_PATTERN_MATCH_SINGLETON:
    case QV_PATTERN_MATCH_STAR: break;
    }
}

// The body of a module, class or function: a folded string at its beginning must not turn into a
// docstring.
static void fold_body(Fold *f, QvStmtSeq body)
{
    if (body.count > 0 && body.items[0]->kind == QV_STMT_EXPR &&
        !is_const(body.items[0]->u.expr.value)) {
        QvExpr *e = body.items[0]->u.expr.value;
        QvExpr saved = *e;
        fold_expr(f, e);
        if (is_const(e) && qv_is_str(e->u.constant.value)) {
            *e = saved;
        }
        body.items++;
        body.count--;
    }
    fold_stmts(f, body);
}

static void fold_stmt(Fold *f, QvStmt *s)
{
    switch (s->kind) {
    case QV_STMT_FUNCTION_DEF:
    case QV_STMT_ASYNC_FUNCTION_DEF:
        fold_arguments(f, s->u.function_def.args);
        fold_body(f, s->u.function_def.body);
        fold_exprs(f, s->u.function_def.decorator_list);
        fold_annotation(f, s->u.function_def.returns);
        break;
    case QV_STMT_CLASS_DEF:
        fold_exprs(f, s->u.class_def.bases);
        fold_keywords(f, s->u.class_def.keywords);
        fold_body(f, s->u.class_def.body);
        fold_exprs(f, s->u.class_def.decorator_list);
        break;
    case QV_STMT_RETURN:
        if (s->u.return_.value) {
            fold_expr(f, s->u.return_.value);
        }
        break;
    case QV_STMT_DELETE: fold_exprs(f, s->u.delete_.targets); break;
    case QV_STMT_ASSIGN:
        fold_exprs(f, s->u.assign.targets);
        fold_expr(f, s->u.assign.value);
        break;
    case QV_STMT_AUG_ASSIGN:
        fold_expr(f, s->u.aug_assign.target);
        fold_expr(f, s->u.aug_assign.value);
        break;
    case QV_STMT_ANN_ASSIGN:
        fold_expr(f, s->u.ann_assign.target);
        fold_annotation(f, s->u.ann_assign.annotation);
        if (s->u.ann_assign.value) {
            fold_expr(f, s->u.ann_assign.value);
        }
        break;
    case QV_STMT_FOR:
    case QV_STMT_ASYNC_FOR:
        fold_expr(f, s->u.for_.target);
        fold_expr(f, s->u.for_.iter);
        fold_iterable(f, s->u.for_.iter);
        fold_stmts(f, s->u.for_.body);
        fold_stmts(f, s->u.for_.orelse);
        break;
    case QV_STMT_WHILE:
        fold_expr(f, s->u.while_.test);
        fold_stmts(f, s->u.while_.body);
        fold_stmts(f, s->u.while_.orelse);
        break;
    case QV_STMT_IF:
        fold_expr(f, s->u.if_.test);
        fold_stmts(f, s->u.if_.body);
        fold_stmts(f, s->u.if_.orelse);
        break;
    case QV_STMT_WITH:
    case QV_STMT_ASYNC_WITH:
        for (QvSsize i = 0; i < s->u.with.items.count; i++) {
            fold_expr(f, s->u.with.items.items[i]->context_expr);
            if (s->u.with.items.items[i]->optional_vars) {
                fold_expr(f, s->u.with.items.items[i]->optional_vars);
            }
        }
        fold_stmts(f, s->u.with.body);
        break;
    case QV_STMT_MATCH:
        fold_expr(f, s->u.match.subject);
        for (QvSsize i = 0; i < s->u.match.cases.count; i++) {
            QvMatchCase *c = s->u.match.cases.items[i];
            fold_pattern(f, c->pattern);
            if (c->guard) {
                fold_expr(f, c->guard);
            }
            fold_stmts(f, c->body);
        }
        break;
    case QV_STMT_RAISE:
        if (s->u.raise.exc) {
            fold_expr(f, s->u.raise.exc);
        }
        if (s->u.raise.cause) {
            fold_expr(f, s->u.raise.cause);
        }
        break;
    case QV_STMT_TRY:
    case QV_STMT_TRY_STAR:
        fold_stmts(f, s->u.try_.body);
        for (QvSsize i = 0; i < s->u.try_.handlers.count; i++) {
            QvExceptHandler *h = s->u.try_.handlers.items[i];
            if (h->type) {
                fold_expr(f, h->type);
            }
            fold_stmts(f, h->body);
        }
        fold_stmts(f, s->u.try_.orelse);
        fold_stmts(f, s->u.try_.finalbody);
        break;
    case QV_STMT_ASSERT:
        fold_expr(f, s->u.assert_.test);
        if (s->u.assert_.msg) {
            fold_expr(f, s->u.assert_.msg);
        }
        break;
    case QV_STMT_EXPR: fold_expr(f, s->u.expr.value); break;
    case QV_STMT_IMPORT:
    case QV_STMT_IMPORT_FROM:
    case QV_STMT_GLOBAL:
    case QV_STMT_NONLOCAL:
    case QV_STMT_PASS:
    case QV_STMT_BREAK:
    case QV_STMT_CONTINUE: break;
    }
}

static void fold_stmts(Fold *f, QvStmtSeq body)
{
    for (QvSsize i = 0; i < body.count && !f->failed; i++) {
        if (qv_poll_step(f->qi, i) < 0 || qv_enter_compiler(f->qi) < 0) {
            f->failed = true;
            return;
        }
        fold_stmt(f, body.items[i]);
        qv_leave_recursive(f->qi);
    }
}

int qv_fold(QvInterp *qi, QvArena *arena, QvMod *mod, int optimize, bool future_annotations)
{
    Fold f = {
        .qi = qi, .arena = arena, .optimize = optimize, .future_annotations = future_annotations};
    if (mod->kind == QV_MOD_EXPRESSION) {
        fold_expr(&f, mod->body_expr);
    } else if (mod->kind == QV_MOD_MODULE) {
        fold_body(&f, mod->body);
    } else {
        fold_stmts(&f, mod->body);
    }
    return f.failed ? -1 : 0;
}
