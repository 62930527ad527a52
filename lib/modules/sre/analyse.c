// SPDX-License-Identifier: MIT
// What can be known of a program before it runs: with which characters a match begins, a literal
// prefix, and which loops need no second try.
#include "modules/sre/codes.h"
#include "modules/sre/program.h"

#include <string.h>

// Steps that one look may take: patterns that need more are searched without its answer.
#define STEPS 2000

typedef struct First {
    const QvSreProgram *p;
    int steps;
    unsigned high; // classes of characters past Latin-1
    uint8_t latin1[256];
} First;

static void add_set(First *f, uint32_t set)
{
    const QvSreSet *s = qv_sre_sets(f->p) + set;
    const uint8_t *table = qv_sre_tables(f->p) + s->table;
    for (int c = 0; c < 256; c++) {
        f->latin1[c] |= (table[c] & s->bit) != 0;
    }
    f->high |= s->high;
}

static bool add_item(First *f, QvSreItem item, uint32_t arg)
{
    switch (item) {
    case QV_ITEM_CHAR:
        if (arg < 256) {
            f->latin1[arg] = 1;
        } else {
            f->high |= qv_sre_high_class(arg);
        }
        return true;
    case QV_ITEM_SET: add_set(f, arg); return true;
    default: return false; // nearly everything, or only the locale knows
    }
}

// Adds what may come first in what begins at pc. False: that is not known, or it may be nothing.
static bool first_of(First *f, uint32_t pc)
{
    for (;;) {
        if (--f->steps < 0) {
            return false;
        }
        const QvSreIns *i = qv_sre_ins(f->p) + pc;
        const QvSreLoop *loops = qv_sre_loops(f->p), *loop = loops ? loops + i->a : NULL;
        switch ((QvSreOp)i->op) {
        case QV_RE_FAIL: return true;
        case QV_RE_CHAR: return add_item(f, QV_ITEM_CHAR, i->a);
        case QV_RE_TEXT: return add_item(f, QV_ITEM_CHAR, qv_sre_texts(f->p)[i->a]);
        case QV_RE_SET: return add_item(f, QV_ITEM_SET, i->a);
        case QV_RE_AT:
        case QV_RE_MARK:
        case QV_RE_ATOMIC:
        case QV_RE_END_ATOMIC: pc++; continue;
        case QV_RE_JUMP:
        case QV_RE_ASSERT: // asks for more than what follows it does
        case QV_RE_ASSERT_NOT: pc = i->a; continue;
        case QV_RE_BRANCH:
        case QV_RE_SWITCH: {
            const QvSreBranch *br = qv_sre_branches(f->p) + i->a;
            for (uint32_t k = 0; k < br->count; k++) {
                if (!first_of(f, qv_sre_alts(f->p)[br->first + k].pc)) {
                    return false;
                }
            }
            return true;
        }
        case QV_RE_GREEDY1:
        case QV_RE_GREEDY1_FINAL:
        case QV_RE_LAZY1:
        case QV_RE_POSSESSIVE1:
            if (!add_item(f, (QvSreItem)loop->item, loop->arg)) {
                return false;
            }
            if (loop->min > 0) {
                return true;
            }
            pc++;
            continue;
        case QV_RE_REPEAT:
        case QV_RE_POSSESSIVE:
            if (!first_of(f, loop->body)) {
                return false;
            }
            if (loop->min > 0) {
                return true;
            }
            pc = loop->until + 1;
            continue;
        default: return false; // the end, or anything may follow
        }
    }
}

static bool known_first(const QvSreProgram *p, uint32_t pc, First *f)
{
    *f = (First){.p = p, .steps = STEPS};
    return first_of(f, pc);
}

// Whether no character is both in `tail` and one that the loop takes.
static bool disjoint(const QvSreProgram *p, const QvSreLoop *loop, const First *tail)
{
    First item = {.p = p};
    if (loop->item == QV_ITEM_ANY) {
        for (int c = 0; c < 256; c++) {
            item.latin1[c] = c != '\n';
        }
        item.high = QV_HIGH_ALL;
    } else if (!add_item(&item, (QvSreItem)loop->item, loop->arg)) {
        return false;
    }
    for (int c = 0; c < 256; c++) {
        if (item.latin1[c] & tail->latin1[c]) {
            return false;
        }
    }
    return (item.high & tail->high) == 0;
}

static void look_at_loops(QvSreProgram *p)
{
    QvSreIns *ins = p->ins.p;
    for (uint32_t pc = 0; pc < p->ins.n; pc++) {
        if (ins[pc].op != QV_RE_GREEDY1 && ins[pc].op != QV_RE_LAZY1) {
            continue;
        }
        QvSreLoop *loop = (QvSreLoop *)p->loops.p + ins[pc].a;
        uint32_t next = pc + 1;
        while (ins[next].op == QV_RE_MARK) {
            next++;
        }
        if (ins[next].op == QV_RE_CHAR || ins[next].op == QV_RE_TEXT) {
            loop->has_next = true;
            loop->next = ins[next].op == QV_RE_CHAR ? ins[next].a : qv_sre_texts(p)[ins[next].a];
        }
        First tail;
        if (ins[pc].op == QV_RE_GREEDY1 && known_first(p, pc + 1, &tail) &&
            disjoint(p, loop, &tail)) {
            // Giving one back would leave a character that the tail can't begin with.
            ins[pc].op = QV_RE_GREEDY1_FINAL;
        }
    }
}

// The literal that every match begins with.
static int find_prefix(QvInterp *qi, QvSreProgram *p)
{
    const QvSreIns *ins = qv_sre_ins(p);
    bool marks = false;
    p->prefix = p->texts.n;
    for (uint32_t pc = 0;; pc++) {
        uint32_t n = ins[pc].op == QV_RE_CHAR ? 1 : ins[pc].op == QV_RE_TEXT ? ins[pc].b : 0;
        if (ins[pc].op == QV_RE_MARK) {
            marks = true;
            continue;
        }
        if (n == 0) {
            p->whole_literal = ins[pc].op == QV_RE_MATCH && !marks && p->nprefix > 0;
            return 0;
        }
        if (qv_sre_vec_reserve(qi, &p->texts, sizeof(uint32_t), n) < 0) {
            return -1;
        }
        uint32_t *texts = p->texts.p;
        for (uint32_t k = 0; k < n; k++) {
            texts[p->texts.n++] = ins[pc].op == QV_RE_CHAR ? ins[pc].a : texts[ins[pc].a + k];
        }
        p->nprefix += n;
    }
}

static QvSreSearch anchor_of(const QvSreProgram *p)
{
    const QvSreIns *i = qv_sre_ins(p);
    while (i->op == QV_RE_MARK) {
        i++;
    }
    if (i->op == QV_RE_AT && (i->a == SRE_AT_BEGINNING || i->a == SRE_AT_BEGINNING_STRING)) {
        return QV_SEARCH_START;
    }
    return i->op == QV_RE_AT && i->a == SRE_AT_BEGINNING_LINE ? QV_SEARCH_LINE : QV_SEARCH_EVERY;
}

int qv_sre_analyse(QvInterp *qi, QvSreProgram *p)
{
    look_at_loops(p);
    if (find_prefix(qi, p) < 0) {
        return -1;
    }
    p->search = (uint8_t)anchor_of(p);
    if (p->search != QV_SEARCH_EVERY) {
        return 0;
    }
    if (p->nprefix > 0) {
        p->search = p->nprefix == 1 ? QV_SEARCH_CHAR : QV_SEARCH_PREFIX;
        const uint32_t *prefix = qv_sre_texts(p) + p->prefix;
        for (uint32_t k = 0; k < p->nprefix; k++) {
            if (k < sizeof p->prefix1) {
                p->prefix1[k] = (uint8_t)prefix[k];
            }
            p->prefix_max = prefix[k] > p->prefix_max ? prefix[k] : p->prefix_max;
        }
        return 0;
    }
    First f;
    if (!known_first(p, 0, &f)) {
        return 0;
    }
    int count = 0, last = 0;
    for (int c = 0; c < 256; c++) {
        count += f.latin1[c];
        last = f.latin1[c] ? c : last;
    }
    if (qv_sre_vec_reserve(qi, &p->tables, 1, 256) < 0 ||
        qv_sre_vec_reserve(qi, &p->texts, sizeof(uint32_t), 1) < 0) {
        return -1;
    }
    if (count == 1 && !f.high) {
        p->search = QV_SEARCH_CHAR;
        p->prefix = p->texts.n;
        p->nprefix = 1;
        p->prefix_max = (uint32_t)last;
        ((uint32_t *)p->texts.p)[p->texts.n++] = (uint32_t)last;
        return 0;
    }
    p->search = QV_SEARCH_FIRST;
    p->first = p->tables.n;
    p->first_high = f.high != 0;
    memcpy((uint8_t *)p->tables.p + p->first, f.latin1, 256);
    p->tables.n += 256;
    return 0;
}
