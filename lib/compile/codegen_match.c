// SPDX-License-Identifier: MIT
// Code for match statements.
//
// The subject stays in one temporary. Each case gives a fixed temporary to every name it captures,
// and puts what it takes apart in temporaries above; nothing is dropped on the way. Where a pattern
// fails, and again where it has succeeded and the names are bound, one DROP_RANGE clears them all.
#include "compile/codegen.h"

#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct Match {
    QvObj **names; // captured so far, arena
    unsigned nnames;
    unsigned names_cap;
    unsigned captures; // first register of the captures, in the order of names
    unsigned high;     // first register never used by this case
    int fail;          // label
    QvPos last;        // of the pattern compiled last: errors of alternatives are told there
    bool allow_irrefutable;
} Match;

static void gen_pattern(QvGen *g, Match *m, const QvPattern *p, unsigned reg);

static unsigned match_temps(QvGen *g, Match *m, unsigned n)
{
    unsigned t = qv_gen_temps(g, n);
    if (t + n > m->high) {
        m->high = t + n;
    }
    return t;
}

// ---- names --------------------------------------------------------------------------------------

static bool is_wildcard(const QvPattern *p)
{
    return p->kind == QV_PATTERN_MATCH_AS && !p->u.as.name;
}

static bool is_star_wildcard(const QvPattern *p)
{
    return p->kind == QV_PATTERN_MATCH_STAR && !p->u.star.name;
}

static int find_name(const Match *m, const QvObj *name)
{
    for (unsigned i = 0; i < m->nnames; i++) {
        if (m->names[i] == name) {
            return (int)i;
        }
    }
    return -1;
}

static void add_name(QvGen *g, Match *m, QvObj *name, QvPos pos)
{
    if (g->failed || !name) {
        return;
    }
    if (name == QV_N(__debug__)) {
        qv_gen_error(g, pos, "cannot assign to __debug__");
        return;
    }
    if (find_name(m, name) >= 0) {
        qv_gen_error(g, pos, "multiple assignments to name '%U' in pattern", name);
        return;
    }
    if (m->nnames == m->names_cap) {
        unsigned cap = m->names_cap ? m->names_cap * 2 : 8;
        QvObj **names = qv_arena_alloc(g->arena, cap * sizeof(*names));
        if (!qv_gen_check(g, names)) {
            return;
        }
        for (unsigned i = 0; i < m->nnames; i++) {
            names[i] = m->names[i];
        }
        m->names = names;
        m->names_cap = cap;
    }
    m->names[m->nnames++] = name;
}

static void collect_names(QvGen *g, Match *m, const QvPattern *p);

static void collect_seq(QvGen *g, Match *m, QvPatternSeq seq)
{
    for (QvSsize i = 0; i < seq.count; i++) {
        collect_names(g, m, seq.items[i]);
    }
}

// All names of all alternatives; that they have the same ones is checked as they are compiled.
static void collect_or(QvGen *g, Match *m, const QvPattern *p)
{
    QvPatternSeq alts = p->u.or_.patterns;
    unsigned before = m->nnames;
    collect_names(g, m, alts.items[0]);
    for (QvSsize i = 1; i < alts.count && !g->failed; i++) {
        // Collected on a copy that does not know the other alternatives' names.
        Match other = {.names_cap = 0};
        for (unsigned j = 0; j < before; j++) {
            add_name(g, &other, m->names[j], p->pos);
        }
        collect_names(g, &other, alts.items[i]);
        for (unsigned j = before; j < other.nnames && !g->failed; j++) {
            if (find_name(m, other.names[j]) < 0) {
                add_name(g, m, other.names[j], p->pos);
            }
        }
    }
}

static bool same_names(QvGen *g, const QvPattern *a, const QvPattern *b)
{
    Match ma = {.names_cap = 0};
    Match mb = {.names_cap = 0};
    collect_names(g, &ma, a);
    collect_names(g, &mb, b);
    bool same = ma.nnames == mb.nnames;
    for (unsigned i = 0; i < ma.nnames && same; i++) {
        same = find_name(&mb, ma.names[i]) >= 0;
    }
    return same;
}

static void collect_names(QvGen *g, Match *m, const QvPattern *p)
{
    if (g->failed) {
        return;
    }
    switch (p->kind) {
    case QV_PATTERN_MATCH_VALUE:
    case QV_PATTERN_MATCH_SINGLETON: break;
    case QV_PATTERN_MATCH_SEQUENCE: collect_seq(g, m, p->u.sequence.patterns); break;
    case QV_PATTERN_MATCH_MAPPING:
        collect_seq(g, m, p->u.mapping.patterns);
        add_name(g, m, p->u.mapping.rest, p->pos);
        break;
    case QV_PATTERN_MATCH_CLASS:
        collect_seq(g, m, p->u.cls.patterns);
        collect_seq(g, m, p->u.cls.kwd_patterns);
        break;
    case QV_PATTERN_MATCH_STAR: add_name(g, m, p->u.star.name, p->pos); break;
    case QV_PATTERN_MATCH_AS:
        if (p->u.as.pattern) {
            collect_names(g, m, p->u.as.pattern);
        }
        add_name(g, m, p->u.as.name, p->pos);
        break;
    case QV_PATTERN_MATCH_OR: collect_or(g, m, p); break;
    }
}

static void capture(QvGen *g, const Match *m, QvObj *name, unsigned reg, QvPos pos)
{
    if (name && !g->failed) {
        qv_gen_at(g, pos);
        qv_gen_emit(g, QV_INS_MOVE, 0, m->captures + (unsigned)find_name(m, name), reg, 0);
    }
}

// ---- patterns -----------------------------------------------------------------------------------

static void gen_subpattern(QvGen *g, Match *m, const QvPattern *p, unsigned reg)
{
    bool allow = m->allow_irrefutable;
    m->allow_irrefutable = true;
    gen_pattern(g, m, p, reg);
    m->allow_irrefutable = allow;
}

static void gen_value(QvGen *g, const Match *m, const QvPattern *p, unsigned reg)
{
    const QvExpr *v = p->u.value.value;
    if (v->kind != QV_EXPR_CONSTANT && v->kind != QV_EXPR_ATTRIBUTE) {
        qv_gen_error(g, p->pos, "patterns may only match literals and attribute lookups");
        return;
    }
    if (v->kind == QV_EXPR_CONSTANT && v->u.constant.value->type == &qv_int_type) {
        int64_t n = qv_int_value(v->u.constant.value);
        if (n >= INT16_MIN && n <= INT16_MAX) {
            qv_gen_at(g, p->pos);
            qv_gen_jump(g, QV_INS_JNEQ_I, 0, reg, (uint16_t)(int16_t)n, m->fail);
            return;
        }
    }
    unsigned t = g->u->top;
    unsigned r = qv_gen_expr(g, v, QV_WANT_ANY);
    qv_gen_at(g, p->pos);
    qv_gen_jump(g, QV_INS_JNEQ, qv_gen_take_b(g, r, -1), reg, r, m->fail);
    g->u->top = t;
}

static void gen_singleton(QvGen *g, const Match *m, const QvPattern *p, unsigned reg)
{
    qv_gen_at(g, p->pos);
    if (p->u.singleton.value == QV_NONE) {
        qv_gen_jump(g, QV_INS_JNOTNONE, 0, reg, 0, m->fail);
        return;
    }
    unsigned t = qv_gen_push_k(g, p->u.singleton.value);
    qv_gen_jump(g, QV_INS_JISNOT, QV_TAKE_B, reg, t, m->fail);
    g->u->top = t;
}

// Jumps to fail unless the test instruction says true of reg.
static void gen_test(QvGen *g, const Match *m, QvOp op, unsigned reg)
{
    unsigned t = qv_gen_temp(g);
    qv_gen_emit(g, op, 0, t, reg, 0);
    qv_gen_jump(g, QV_INS_JFALSE, QV_TAKE_A, t, 0, m->fail);
    g->u->top = t;
}

// Jumps to fail where len(reg) compares so with n.
static void gen_len_test(QvGen *g, const Match *m, QvOp op_imm, QvOp op, unsigned reg, QvSsize n)
{
    unsigned t = qv_gen_temp(g);
    qv_gen_emit(g, QV_INS_GET_LEN, 0, t, reg, 0);
    if (n <= INT16_MAX) {
        qv_gen_jump(g, op_imm, QV_TAKE_A, t, (unsigned)n, m->fail);
    } else {
        QvObj *len = qv_int_from_i64(g->qi, n);
        if (qv_gen_check(g, len)) {
            unsigned k = qv_gen_push_k(g, len);
            qv_decref(g->qi, len);
            qv_gen_jump(g, op, QV_TAKE_A | QV_TAKE_B, t, k, m->fail);
        }
    }
    g->u->top = t;
}

// [a, b, *_, c]: the items are fetched one by one, the middle is left alone.
static void gen_items(QvGen *g, Match *m, QvPatternSeq seq, QvSsize star, unsigned reg)
{
    for (QvSsize i = 0; i < seq.count && !g->failed; i++) {
        const QvPattern *p = seq.items[i];
        if (is_wildcard(p) || i == star) {
            continue;
        }
        unsigned t = match_temps(g, m, 1);
        QvObj *index = qv_int_from_i64(g->qi, i < star ? i : seq.count - i);
        if (!qv_gen_check(g, index)) {
            return;
        }
        unsigned k = qv_gen_temp(g);
        if (i < star) {
            qv_gen_load_k(g, k, index);
        } else {
            unsigned n = qv_gen_temp(g);
            qv_gen_emit(g, QV_INS_GET_LEN, 0, k, reg, 0);
            qv_gen_load_k(g, n, index);
            qv_gen_emit(g, QV_INS_SUB, QV_TAKE_C, k, k, n);
        }
        qv_decref(g->qi, index);
        qv_gen_emit(g, QV_INS_GETITEM, QV_TAKE_C, t, reg, k);
        g->u->top = t + 1;
        gen_subpattern(g, m, p, t);
    }
}

static void gen_sequence(QvGen *g, Match *m, const QvPattern *p, unsigned reg)
{
    QvPatternSeq seq = p->u.sequence.patterns;
    QvSsize star = -1;
    bool only_wildcard = true;
    bool star_wildcard = false;
    for (QvSsize i = 0; i < seq.count; i++) {
        const QvPattern *sub = seq.items[i];
        if (sub->kind == QV_PATTERN_MATCH_STAR) {
            if (star >= 0) {
                qv_gen_error(g, p->pos, "multiple starred names in sequence pattern");
                return;
            }
            star = i;
            star_wildcard = is_star_wildcard(sub);
            only_wildcard = only_wildcard && star_wildcard;
        } else {
            only_wildcard = only_wildcard && is_wildcard(sub);
        }
    }
    qv_gen_at(g, p->pos);
    if (star < 0 && seq.count <= INT16_MAX) {
        qv_gen_jump(g, QV_INS_JNOT_SEQUENCE, 0, reg, (unsigned)seq.count, m->fail);
    } else {
        gen_test(g, m, QV_INS_MATCH_SEQUENCE, reg);
        if (star < 0) {
            gen_len_test(g, m, QV_INS_JNEQ_I, QV_INS_JNEQ, reg, seq.count);
        } else if (seq.count > 1) {
            gen_len_test(g, m, QV_INS_JNGE_I, QV_INS_JNGE, reg, seq.count - 1);
        }
    }
    if (only_wildcard) {
        return;
    }
    if (star_wildcard) {
        gen_items(g, m, seq, star, reg);
        return;
    }
    if (star >= 256 || (star >= 0 && seq.count - star - 1 >= 256)) {
        qv_gen_error(g, p->pos, "too many expressions in star-unpacking sequence pattern");
        return;
    }
    unsigned base = match_temps(g, m, (unsigned)seq.count);
    if (star >= 0) {
        qv_gen_emit(g, QV_INS_UNPACK_EX, 0, base, reg,
                    (unsigned)star | (unsigned)(seq.count - star - 1) << 8);
    } else {
        qv_gen_emit(g, QV_INS_UNPACK, 0, base, reg, (unsigned)seq.count);
    }
    for (QvSsize i = 0; i < seq.count && !g->failed; i++) {
        const QvPattern *sub = seq.items[i];
        if (sub->kind == QV_PATTERN_MATCH_STAR) {
            capture(g, m, sub->u.star.name, base + (unsigned)i, sub->pos);
        } else {
            gen_subpattern(g, m, sub, base + (unsigned)i);
        }
    }
}

static void check_keys(QvGen *g, const QvPattern *p)
{
    QvExprSeq keys = p->u.mapping.keys;
    for (QvSsize i = 0; i < keys.count && !g->failed; i++) {
        const QvExpr *key = keys.items[i];
        if (key->kind == QV_EXPR_ATTRIBUTE) {
            continue;
        }
        if (key->kind != QV_EXPR_CONSTANT) {
            qv_gen_error(g, p->pos,
                         "mapping pattern keys may only match literals and attribute lookups");
            return;
        }
        for (QvSsize j = 0; j < i; j++) {
            if (keys.items[j]->kind != QV_EXPR_CONSTANT) {
                continue;
            }
            int same = qv_eq(g->qi, keys.items[j]->u.constant.value, key->u.constant.value);
            if (same < 0) {
                g->failed = true;
            } else if (same) {
                qv_gen_error(g, p->pos, "mapping pattern checks duplicate key (%R)",
                             key->u.constant.value);
            }
            if (g->failed) {
                return;
            }
        }
    }
}

static void gen_mapping(QvGen *g, Match *m, const QvPattern *p, unsigned reg)
{
    QvExprSeq keys = p->u.mapping.keys;
    check_keys(g, p);
    qv_gen_at(g, p->pos);
    gen_test(g, m, QV_INS_MATCH_MAPPING, reg);
    if (keys.count == 0 && !p->u.mapping.rest) {
        return;
    }
    if (keys.count > 0) {
        gen_len_test(g, m, QV_INS_JNGE_I, QV_INS_JNGE, reg, keys.count);
    }
    if (keys.count > 60000) {
        qv_gen_error(g, p->pos, "too many sub-patterns in mapping pattern");
        return;
    }
    unsigned tuple = match_temps(g, m, 1);
    g->u->top = tuple;
    for (QvSsize i = 0; i < keys.count; i++) {
        qv_gen_expr(g, keys.items[i], QV_WANT_PUSH);
    }
    g->u->top = tuple + 1;
    qv_gen_at(g, p->pos);
    qv_gen_emit(g, QV_INS_BUILD_TUPLE, 0, tuple, tuple, (unsigned)keys.count);
    if (keys.count > 0) {
        unsigned base = match_temps(g, m, (unsigned)keys.count);
        qv_gen_emit(g, QV_INS_MATCH_KEYS, 0, base, reg, tuple);
        qv_gen_jump(g, QV_INS_JNONE, 0, base, 0, m->fail);
        qv_gen_emit(g, QV_INS_UNPACK, 0, base, base, (unsigned)keys.count);
        for (QvSsize i = 0; i < keys.count && !g->failed; i++) {
            gen_subpattern(g, m, p->u.mapping.patterns.items[i], base + (unsigned)i);
        }
    }
    if (p->u.mapping.rest && !g->failed) {
        qv_gen_at(g, p->pos);
        qv_gen_emit(g, QV_INS_MATCH_REST, 0,
                    m->captures + (unsigned)find_name(m, p->u.mapping.rest), reg, tuple);
    }
}

static void gen_class(QvGen *g, Match *m, const QvPattern *p, unsigned reg)
{
    QvPatternSeq patterns = p->u.cls.patterns;
    QvPatternSeq kwd_patterns = p->u.cls.kwd_patterns;
    QvIdentSeq attrs = p->u.cls.kwd_attrs;
    QvSsize n = patterns.count + kwd_patterns.count;
    if (n > 60000) {
        qv_gen_error(g, p->pos, "too many sub-patterns in class pattern");
        return;
    }
    for (QvSsize i = 0; i < attrs.count; i++) {
        for (QvSsize j = i + 1; j < attrs.count; j++) {
            if (attrs.items[i] == attrs.items[j]) {
                qv_gen_error(g, kwd_patterns.items[j]->pos,
                             "attribute name repeated in class pattern: %U", attrs.items[i]);
                return;
            }
        }
    }
    unsigned base = match_temps(g, m, n > 3 ? (unsigned)n : 3);
    g->u->top = base;
    qv_gen_temp(g);
    qv_gen_at(g, p->pos);
    qv_gen_emit(g, QV_INS_MOVE, 0, base, reg, 0);
    qv_gen_expr(g, p->u.cls.cls, QV_WANT_PUSH);
    QvObj *names = qv_tuple_new(g->qi, attrs.count);
    if (!qv_gen_check(g, names)) {
        return;
    }
    for (QvSsize i = 0; i < attrs.count; i++) {
        qv_tuple_items(names)[i] = qv_new_ref(g->qi, attrs.items[i]);
    }
    qv_gen_at(g, p->pos);
    qv_gen_push_k(g, names);
    qv_decref(g->qi, names);
    qv_gen_emit(g, QV_INS_MATCH_CLASS, 0, base, base, (unsigned)patterns.count);
    qv_gen_jump(g, QV_INS_JNONE, 0, base, 0, m->fail);
    if (n > 0) {
        qv_gen_emit(g, QV_INS_UNPACK, 0, base, base, (unsigned)n);
    }
    g->u->top = base + (n > 0 ? (unsigned)n : 1);
    for (QvSsize i = 0; i < n && !g->failed; i++) {
        const QvPattern *sub = i < patterns.count ? patterns.items[i]
                                                  : kwd_patterns.items[i - patterns.count];
        gen_subpattern(g, m, sub, base + (unsigned)i);
    }
}

static void gen_as(QvGen *g, Match *m, const QvPattern *p, unsigned reg)
{
    if (!p->u.as.pattern) {
        if (!m->allow_irrefutable) {
            if (p->u.as.name) {
                qv_gen_error(g, p->pos, "name capture '%U' makes remaining patterns unreachable",
                             p->u.as.name);
            } else {
                qv_gen_error(g, p->pos, "wildcard makes remaining patterns unreachable");
            }
            return;
        }
    } else {
        gen_pattern(g, m, p->u.as.pattern, reg);
    }
    capture(g, m, p->u.as.name, reg, p->pos);
}

static void gen_or(QvGen *g, Match *m, const QvPattern *p, unsigned reg)
{
    QvPatternSeq alts = p->u.or_.patterns;
    int fail = m->fail;
    bool allow = m->allow_irrefutable;
    int success = qv_gen_label(g);
    unsigned t = g->u->top;
    unsigned top = t;
    for (QvSsize i = 0; i < alts.count && !g->failed; i++) {
        bool last = i + 1 == alts.count;
        m->allow_irrefutable = last && allow;
        m->fail = last ? fail : qv_gen_label(g);
        g->u->top = t;
        unsigned high = m->high;
        m->high = t;
        gen_pattern(g, m, alts.items[i], reg);
        if (i > 0 && !same_names(g, alts.items[0], alts.items[i])) {
            qv_gen_error(g, m->last, "alternative patterns bind different names");
        }
        unsigned used = m->high - t;
        m->high = m->high > high ? m->high : high;
        top = g->u->top > top ? g->u->top : top;
        if (!last) {
            qv_gen_goto(g, success);
            qv_gen_place(g, m->fail);
            if (used > 0) {
                qv_gen_emit(g, QV_INS_DROP_RANGE, 0, t, used, 0);
            }
        }
    }
    m->allow_irrefutable = allow;
    m->fail = fail;
    qv_gen_place(g, success);
    g->u->top = top;
}

static void gen_pattern(QvGen *g, Match *m, const QvPattern *p, unsigned reg)
{
    if (g->failed) {
        return;
    }
    m->last = p->pos;
    if (qv_enter_compiler(g->qi) < 0) {
        g->failed = true;
        return;
    }
    switch (p->kind) {
    case QV_PATTERN_MATCH_VALUE: gen_value(g, m, p, reg); break;
    case QV_PATTERN_MATCH_SINGLETON: gen_singleton(g, m, p, reg); break;
    case QV_PATTERN_MATCH_SEQUENCE: gen_sequence(g, m, p, reg); break;
    case QV_PATTERN_MATCH_MAPPING: gen_mapping(g, m, p, reg); break;
    case QV_PATTERN_MATCH_CLASS: gen_class(g, m, p, reg); break;
    case QV_PATTERN_MATCH_STAR: break;
    case QV_PATTERN_MATCH_AS: gen_as(g, m, p, reg); break;
    case QV_PATTERN_MATCH_OR: gen_or(g, m, p, reg); break;
    }
    qv_leave_recursive(g->qi);
}

static void drop_range(QvGen *g, unsigned from, unsigned to)
{
    if (to == from + 1) {
        qv_gen_emit(g, QV_INS_DROP, 0, from, 0, 0);
    } else if (to > from) {
        qv_gen_emit(g, QV_INS_DROP_RANGE, 0, from, to - from, 0);
    }
}

static void gen_case(QvGen *g, const QvMatchCase *c, unsigned subject, bool last, int end)
{
    QvUnit *u = g->u;
    Match m = {.allow_irrefutable = last || c->guard, .fail = qv_gen_label(g)};
    int next = qv_gen_label(g);
    collect_names(g, &m, c->pattern);
    m.captures = qv_gen_temps(g, m.nnames);
    m.high = u->top;
    gen_pattern(g, &m, c->pattern, subject);
    qv_gen_at(g, c->pattern->pos);
    bool takes_nothing = c->pattern->kind == QV_PATTERN_MATCH_AS && m.nnames == 0 && !c->guard;
    if (takes_nothing) { // `case _:` has a line, where the subject is gone
        qv_gen_emit(g, QV_INS_DROP, 0, subject, 0, 0);
        qv_gen_emit(g, QV_INS_NOP, 0, 0, 0, 0);
    }
    for (unsigned i = 0; i < m.nnames && !g->failed; i++) {
        qv_gen_store_name(g, m.names[i], c->pattern->pos, m.captures + i, true);
    }
    drop_range(g, m.captures + m.nnames, m.high);
    u->top = subject + 1;
    if (c->guard) {
        qv_gen_at(g, c->pattern->pos);
        qv_gen_cond(g, c->guard, next, false);
    }
    qv_gen_at(g, c->pattern->pos);
    if (!takes_nothing) {
        qv_gen_emit(g, QV_INS_DROP, 0, subject, 0, 0);
    }
    u->top = subject;
    qv_gen_stmts(g, c->body);
    qv_gen_goto(g, end);
    qv_gen_place(g, m.fail);
    qv_gen_at(g, c->pattern->pos);
    drop_range(g, m.captures, m.high);
    qv_gen_place(g, next);
    u->top = subject + 1;
}

void qv_gen_match(QvGen *g, const QvStmt *s)
{
    unsigned subject = g->u->top;
    qv_gen_expr(g, s->u.match.subject, QV_WANT_PUSH);
    int end = qv_gen_label(g);
    for (QvSsize i = 0; i < s->u.match.cases.count && !g->failed; i++) {
        gen_case(g, s->u.match.cases.items[i], subject, i + 1 == s->u.match.cases.count, end);
    }
    // Where the last case has failed: no line of its own.
    QvSsize n = s->u.match.cases.count;
    qv_gen_at(g, n ? s->u.match.cases.items[n - 1]->pattern->pos : s->pos);
    qv_gen_emit(g, QV_INS_DROP, 0, subject, 0, 0);
    g->u->top = subject;
    qv_gen_place(g, end);
}
