// SPDX-License-Identifier: MIT
// The matcher for one width of characters; matcher.c includes it three times, with UNIT (the type
// of a character) and WIDTH (its bytes) defined.
//
// A backtracking machine. The stack holds, newest on top, what to try instead (choices) and what to
// take back on the way there (old values of marks and loop counters): failing pops records until a
// choice goes on. Assertions, atomic groups and possessive repeats push a frame; when their body is
// through, the choices above the frame go, the old values stay, for choices below. Where nothing is
// below, nothing needs to be taken back and nothing is pushed.
#ifndef UNIT
#define UNIT  unsigned char
#define WIDTH 1
#endif

#include <string.h>

#include "modules/sre/codes.h"
#include "modules/sre/matcher.h"

#define JOIN2(a, b) a##b
#define JOIN(a, b)  JOIN2(a, b)
#define NAME(stem)  JOIN(qv_sre_##stem##_, WIDTH)

// Whether the tables answer for c.
static QV_ALWAYS_INLINE bool NAME(narrow)(uint32_t c) { return WIDTH == 1 || c < 256; }

static QV_ALWAYS_INLINE bool NAME(in_set)(const QvSreProgram *p, const QvSreSet *s, uint32_t c)
{
    return NAME(narrow)(c) ? (qv_sre_tables(p)[s->table + c] & s->bit) != 0
                           : qv_sre_set_test(p->code.p, (QvSreSetKind)s->kind, s->word, c);
}

static bool NAME(in_slow)(const QvSreProgram *p, uint32_t set, uint32_t c)
{
    const QvSreSet *s = qv_sre_sets(p) + set;
    return qv_sre_set_test(p->code.p, (QvSreSetKind)s->kind, s->word, c);
}

// First c in text[i:end], or end.
static QV_ALWAYS_INLINE QvSsize NAME(find)(const UNIT *text, QvSsize i, QvSsize end, uint32_t c)
{
    if (WIDTH == 1) {
        const void *found = c < 256 && i < end ? memchr(text + i, (int)c, (size_t)(end - i)) : NULL;
        return found ? (const UNIT *)found - text : end;
    }
    while (i < end && text[i] != c) {
        i++;
    }
    return i;
}

// Last c in text[low:i + 1], or low - 1.
static QV_ALWAYS_INLINE QvSsize NAME(find_back)(const UNIT *text, QvSsize low, QvSsize i,
                                                uint32_t c)
{
    if (WIDTH == 1) {
        const void *found = c < 256 && i >= low ? memrchr(text + low, (int)c, (size_t)(i + 1 - low))
                                                : NULL;
        return found ? (const UNIT *)found - text : low - 1;
    }
    while (i >= low && text[i] != c) {
        i--;
    }
    return i;
}

// Scans of one character after the other look for a stop now and then: then they return what they
// have, and run->stopped is true, with the exception.
static QV_ALWAYS_INLINE QvSsize NAME(slice)(QvSsize i, QvSsize end)
{
    return end - i > QV_SRE_SLICE ? i + QV_SRE_SLICE : end;
}

static QV_ALWAYS_INLINE QvSsize NAME(find_far)(QvSreRun *run, QvSsize i, QvSsize end, uint32_t c)
{
    for (;;) {
        QvSsize to = NAME(slice)(i, end), k = NAME(find)(run->text, i, to, c);
        if (QV_LIKELY(k < to || to >= end) || qv_sre_stopped(run)) {
            return k;
        }
        i = to;
    }
}

static QV_ALWAYS_INLINE QvSsize NAME(find_back_far)(QvSreRun *run, QvSsize low, QvSsize i,
                                                    uint32_t c)
{
    for (;;) {
        QvSsize to = i - low > QV_SRE_SLICE ? i - QV_SRE_SLICE : low;
        QvSsize k = NAME(find_back)(run->text, to, i, c);
        if (QV_LIKELY(k >= to || to <= low) || qv_sre_stopped(run)) {
            return k;
        }
        i = to - 1;
    }
}

// A lazy loop over nearly everything (but a newline, where any is set), up to its next character:
// takes at least one, at most `left`. The place of that character, or -1.
static QvSsize NAME(skip_to)(QvSreRun *run, QvSsize i, QvSsize end, QvSsize left, bool any,
                             uint32_t next)
{
    const UNIT *text = run->text;
    if (left < end - i) { // the character behind the last that may be taken counts still
        end = i + left + 1;
    }
    if (!any) {
        QvSsize k = i < end ? NAME(find_far)(run, i + 1, end, next) : end;
        return k < end ? k : -1;
    }
    while (i + 1 < end) {
        for (QvSsize to = NAME(slice)(i + 1, end); i + 1 < to;) {
            if (text[i] == '\n') {
                return -1;
            }
            if (text[++i] == next) {
                return i;
            }
        }
        if (i + 1 < end && qv_sre_stopped(run)) {
            break;
        }
    }
    return -1;
}

// Where the loop's characters end that come at i, end at most.
static QV_ALWAYS_INLINE QvSsize NAME(count_in)(const QvSreRun *run, const QvSreLoop *loop,
                                               QvSsize i, QvSsize end)
{
    const UNIT *text = run->text;
    QvSsize k = i;
    uint32_t c = loop->arg;
    switch ((QvSreItem)loop->item) {
    case QV_ITEM_ALL: return end;
    case QV_ITEM_ANY: return NAME(find)(text, i, end, '\n');
    case QV_ITEM_NOT_CHAR: return NAME(find)(text, i, end, c);
    case QV_ITEM_CHAR:
        while (k < end && text[k] == c) {
            k++;
        }
        break;
    case QV_ITEM_SET: {
        const QvSreSet *s = qv_sre_sets(run->p) + c;
        const uint8_t *table = qv_sre_tables(run->p) + s->table;
        uint8_t bit = s->bit;
        for (;;) {
            while (k < end && NAME(narrow)(text[k]) && (table[text[k] & 255] & bit)) {
                k++;
            }
            if (k >= end || NAME(narrow)(text[k]) || !NAME(in_set)(run->p, s, text[k])) {
                break;
            }
            k++;
        }
        break;
    }
    case QV_ITEM_SET_SLOW:
        while (k < end && NAME(in_slow)(run->p, c, text[k])) {
            k++;
        }
        break;
    case QV_ITEM_NONE: break;
    }
    return k;
}

// How often the loop's character comes at i, at most max times.
static QvSsize NAME(count)(QvSreRun *run, const QvSreLoop *loop, QvSsize i, QvSsize max)
{
    QvSsize end = run->end, from = i;
    if (i >= end) {
        return 0;
    }
    if (end - i > max) {
        end = i + max;
    }
    for (;;) {
        QvSsize to = NAME(slice)(from, end), k = NAME(count_in)(run, loop, from, to);
        if (QV_LIKELY(k < to || to >= end) || qv_sre_stopped(run)) {
            return k - i;
        }
        from = to;
    }
}

static QV_ALWAYS_INLINE bool NAME(takes)(const QvSreProgram *p, uint32_t item, uint32_t arg,
                                         uint32_t c)
{
    switch ((QvSreItem)item) {
    case QV_ITEM_ALL: return true;
    case QV_ITEM_ANY: return c != '\n';
    case QV_ITEM_CHAR: return c == arg;
    case QV_ITEM_NOT_CHAR: return c != arg;
    case QV_ITEM_SET: return NAME(in_set)(p, qv_sre_sets(p) + arg, c);
    case QV_ITEM_SET_SLOW: return NAME(in_slow)(p, arg, c);
    case QV_ITEM_NONE: break;
    }
    return true;
}

static bool NAME(word_at)(const QvSreRun *run, QvSsize i, uint32_t category)
{
    return i >= 0 && i < run->end && qv_sre_category(category, ((const UNIT *)run->text)[i]);
}

static bool NAME(at)(const QvSreRun *run, uint32_t where, QvSsize i)
{
    const UNIT *text = run->text;
    QvSsize end = run->end;
    uint32_t word = SRE_CAT_WORD;
    switch ((QvSreAt)where) {
    case SRE_AT_BEGINNING:
    case SRE_AT_BEGINNING_STRING: return i == 0;
    case SRE_AT_BEGINNING_LINE: return i == 0 || text[i - 1] == '\n';
    case SRE_AT_END: return i == end || (i + 1 == end && text[i] == '\n');
    case SRE_AT_END_LINE: return i == end || (i < end && text[i] == '\n');
    case SRE_AT_END_STRING: return i == end;
    case SRE_AT_UNI_BOUNDARY:
    case SRE_AT_UNI_NON_BOUNDARY: word = SRE_CAT_UNI_WORD; break;
    case SRE_AT_LOC_BOUNDARY:
    case SRE_AT_LOC_NON_BOUNDARY: word = SRE_CAT_LOC_WORD; break;
    case SRE_AT_BOUNDARY:
    case SRE_AT_NON_BOUNDARY: break;
    case SRE_AT_COUNT: return false;
    }
    // In an empty text there is neither a boundary nor a place without one (as in CPython).
    bool differ = NAME(word_at)(run, i - 1, word) != NAME(word_at)(run, i, word);
    return end != 0 && differ == (where == SRE_AT_BOUNDARY || where == SRE_AT_UNI_BOUNDARY ||
                                  where == SRE_AT_LOC_BOUNDARY);
}

// The first alternative from k on that may begin at i, or br->count.
static uint32_t NAME(next_alt)(const QvSreRun *run, const QvSreBranch *br, uint32_t k, QvSsize i)
{
    const QvSreAlt *alt = qv_sre_alts(run->p) + br->first;
    for (; k < br->count; k++) {
        if (alt[k].item == QV_ITEM_NONE ||
            (i < run->end &&
             NAME(takes)(run->p, alt[k].item, alt[k].arg, ((const UNIT *)run->text)[i]))) {
            break;
        }
    }
    return k;
}

// Where a group's text stands again at i: the position behind it, or -1.
static QvSsize NAME(again)(const QvSreRun *run, uint32_t group, QvSreFold fold, QvSsize i)
{
    const UNIT *text = run->text;
    QvSsize from = 2 * group + 1 < run->p->nmarks ? run->marks[2 * group] : -1;
    QvSsize to = from < 0 ? -1 : run->marks[2 * group + 1];
    if (from < 0 || to < from) {
        return -1;
    }
    for (; from < to; from++, i++) {
        if (i >= run->end || (text[i] != text[from] &&
                              (fold == QV_FOLD_NONE ||
                               qv_sre_lower(fold, text[i]) != qv_sre_lower(fold, text[from])))) {
            return -1;
        }
    }
    return i;
}

int NAME(match)(QvSreRun *run, QvSsize at)
{
    const QvSreProgram *const p = run->p;
    const QvSreIns *const program = qv_sre_ins(p);
    const UNIT *const text = run->text;
    const QvSsize end = run->end;
    const QvSreIns *ip = program;
    QvSsize i = at;
    QvSreRec *top = run->stack; // first free record
    QvSreRec *limit = run->stack_end;
    QvSsize frame = -1; // index of the innermost frame

    // Private vocabulary of this loop, undefined below.
#define PUSH(kind_, a_, p_, q_, r_)                           \
    do {                                                      \
        if (QV_UNLIKELY(top == limit)) {                      \
            if (!(top = qv_sre_grow(run, top))) {             \
                return -1;                                    \
            }                                                 \
            limit = run->stack_end;                           \
        }                                                     \
        *top++ = (QvSreRec){(kind_), (a_), (p_), (q_), (r_)}; \
    } while (0)
#define SPEND(n)                                                              \
    do {                                                                      \
        if (QV_UNLIKELY((run->budget -= (n)) < 0) && qv_sre_pause(run) < 0) { \
            return -1;                                                        \
        }                                                                     \
    } while (0)

#define STOP_HERE()                      \
    do {                                 \
        if (QV_UNLIKELY(run->stopped)) { \
            return -1;                   \
        }                                \
    } while (0)

    for (;;) {
        switch ((QvSreOp)ip->op) {
        case QV_RE_FAIL: goto fail;
        case QV_RE_MATCH:
            if ((run->whole && i != end) || (run->must_advance && i == run->start)) {
                goto fail;
            }
            run->ptr = i;
            return 1;
        case QV_RE_CHAR:
            if (i >= end || text[i] != ip->a) {
                goto fail;
            }
            i++;
            ip++;
            continue;
        case QV_RE_NOT_CHAR:
            if (i >= end || text[i] == ip->a) {
                goto fail;
            }
            i++;
            ip++;
            continue;
        case QV_RE_TEXT: {
            const uint32_t *want = qv_sre_texts(p) + ip->a;
            QvSsize n = (QvSsize)ip->b;
            if (end - i < n) {
                goto fail;
            }
            for (QvSsize k = 0; k < n; k++) {
                if (text[i + k] != want[k]) {
                    goto fail;
                }
            }
            i += n;
            ip++;
            continue;
        }
        case QV_RE_ANY:
            if (i >= end || text[i] == '\n') {
                goto fail;
            }
            i++;
            ip++;
            continue;
        case QV_RE_ANY_ALL:
            if (i >= end) {
                goto fail;
            }
            i++;
            ip++;
            continue;
        case QV_RE_SET:
            if (i >= end || !NAME(in_set)(p, qv_sre_sets(p) + ip->a, text[i])) {
                goto fail;
            }
            i++;
            ip++;
            continue;
        case QV_RE_SET_SLOW:
            if (i >= end || !NAME(in_slow)(p, ip->a, text[i])) {
                goto fail;
            }
            i++;
            ip++;
            continue;
        case QV_RE_AT:
            if (!NAME(at)(run, ip->a, i)) {
                goto fail;
            }
            ip++;
            continue;
        case QV_RE_MARK:
            if (top != run->stack) {
                PUSH(QV_SRE_K_MARK, ip->a, run->marks[ip->a], run->lastindex, 0);
            }
            run->marks[ip->a] = i;
            run->dirty = true;
            if (ip->b) {
                run->lastindex = (QvSsize)ip->b;
            }
            ip++;
            continue;
        case QV_RE_JUMP: ip = program + ip->a; continue;

        case QV_RE_SWITCH: {
            const QvSreBranch *br = qv_sre_branches(p) + ip->a;
            const QvSreAlt *alts = qv_sre_alts(p) + br->first;
            if (i >= end || NAME(narrow)(text[i])) {
                const uint32_t *list = qv_sre_words(p) +
                                       qv_sre_words(p)[br->lists + (i < end ? text[i] : 256)];
                if (list[0] == QV_SRE_LIST_END) {
                    goto fail;
                }
                if (list[1] != QV_SRE_LIST_END) {
                    PUSH(QV_SRE_K_LIST, ip->a, i, list + 1 - qv_sre_words(p), 0);
                }
                ip = program + alts[list[0]].pc;
                continue;
            }
        }
            // fall through
        case QV_RE_BRANCH: {
            const QvSreBranch *br = qv_sre_branches(p) + ip->a;
            uint32_t k = NAME(next_alt)(run, br, 0, i);
            if (k == br->count) {
                goto fail;
            }
            uint32_t other = NAME(next_alt)(run, br, k + 1, i);
            if (other < br->count) {
                PUSH(QV_SRE_K_BRANCH, ip->a, i, (QvSsize)other, 0);
            }
            ip = program + qv_sre_alts(p)[br->first + k].pc;
            continue;
        }

        case QV_RE_GREEDY1: {
            const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
            QvSsize n = NAME(count)(run, loop, i, loop->max);
            STOP_HERE();
            SPEND((int)(n >> 6 > 1 << 14 ? 1 << 14 : n >> 6));
            if (n < loop->min) {
                goto fail;
            }
            QvSsize low = i + loop->min;
            i += n;
            if (loop->has_next) {
                i = NAME(find_back_far)(run, low, i < end ? i : end - 1, loop->next);
                STOP_HERE();
                if (i < low) {
                    goto fail;
                }
            }
            if (i > low) {
                PUSH(QV_SRE_K_GREEDY, (uint32_t)(ip - program), i, low, 0);
            }
            ip++;
            continue;
        }
        case QV_RE_GREEDY1_FINAL:
        case QV_RE_POSSESSIVE1: {
            const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
            QvSsize n = NAME(count)(run, loop, i, loop->max);
            STOP_HERE();
            SPEND((int)(n >> 6 > 1 << 14 ? 1 << 14 : n >> 6));
            if (n < loop->min) {
                goto fail;
            }
            i += n;
            ip++;
            continue;
        }
        case QV_RE_LAZY1: {
            const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
            if (loop->min > 0) {
                if (end - i < loop->min || NAME(count)(run, loop, i, loop->min) < loop->min) {
                    STOP_HERE();
                    goto fail;
                }
                STOP_HERE();
                i += loop->min;
            }
            if (loop->max > loop->min) {
                PUSH(QV_SRE_K_LAZY, (uint32_t)(ip - program), i, loop->max - loop->min, 0);
                if (loop->has_next && (i >= end || text[i] != loop->next)) {
                    goto fail;
                }
            }
            ip++;
            continue;
        }

        case QV_RE_REPEAT: {
            const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
            QvSreSlot *slot = run->slots + loop->slot;
            if (top != run->stack) {
                PUSH(QV_SRE_K_SLOT, ip->a, 0, slot->last, slot->count);
            }
            slot->count = -1;
            slot->last = -1;
            ip = program + loop->until;
            continue;
        }
        case QV_RE_MAX_UNTIL:
        case QV_RE_MIN_UNTIL: {
            const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
            QvSreSlot *slot = run->slots + loop->slot;
            QvSsize count = slot->count + 1;
            SPEND(1);
            if (count < loop->min) {
                if (top != run->stack) {
                    PUSH(QV_SRE_K_SLOT, ip->a, 0, slot->last, slot->count);
                }
                slot->count = count;
                ip = program + loop->body;
                continue;
            }
            // An iteration that began here and took nothing is not followed by another.
            if (count < loop->max && i != slot->last) {
                if (ip->op == QV_RE_MIN_UNTIL) {
                    PUSH(QV_SRE_K_MIN, ip->a, i, slot->last, slot->count);
                } else {
                    PUSH(QV_SRE_K_MAX, ip->a, i, slot->last, slot->count);
                    slot->count = count;
                    slot->last = i;
                    ip = program + loop->body;
                    continue;
                }
            }
            ip++;
            continue;
        }

        case QV_RE_ASSERT:
        case QV_RE_ASSERT_NOT: {
            QvSsize back = (QvSsize)ip->b;
            if (i < back) { // no room to step back: no match of the body
                if (ip->op == QV_RE_ASSERT) {
                    goto fail;
                }
                ip = program + ip->a;
                continue;
            }
            QvSsize outside = frame;
            frame = top - run->stack;
            PUSH(ip->op == QV_RE_ASSERT ? QV_SRE_K_ASSERT : QV_SRE_K_ASSERT_NOT,
                 (uint32_t)(ip - program), i, outside, 0);
            i -= back;
            ip++;
            continue;
        }
        case QV_RE_ATOMIC: {
            QvSsize outside = frame;
            frame = top - run->stack;
            PUSH(QV_SRE_K_ATOMIC, (uint32_t)(ip - program), i, outside, 0);
            ip++;
            continue;
        }
        case QV_RE_END_ASSERT:
        case QV_RE_END_ATOMIC: {
            QvSreRec *f = run->stack + frame;
            if (ip->op == QV_RE_END_ASSERT) {
                i = f->p;
            }
            frame = f->q;
            ip = program + program[f->a].a;
            top = qv_sre_cut(run->stack, f, top);
            continue;
        }
        case QV_RE_END_ASSERT_NOT: {
            // The body matched: all of it is taken back, and the assertion fails.
            QvSreRec *f = run->stack + frame;
            while (--top > f) {
                if (top->kind == QV_SRE_K_MARK) {
                    run->marks[top->a] = top->p;
                    run->lastindex = top->q;
                }
            }
            frame = f->q;
            goto fail;
        }
        case QV_RE_POSSESSIVE: {
            const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
            if (loop->max == 0) {
                ip = program + loop->until + 1;
                continue;
            }
            run->slots[loop->slot] = (QvSreSlot){0, -1};
            QvSsize outside = frame;
            frame = top - run->stack;
            PUSH(QV_SRE_K_POSSESSIVE, ip->a, i, outside, 0);
            ip++;
            continue;
        }
        case QV_RE_END_POSSESSIVE: {
            const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
            QvSreSlot *slot = run->slots + loop->slot;
            QvSreRec *f = run->stack + frame;
            QvSsize began = f->p, outside = f->q;
            top = qv_sre_cut(run->stack, f, top);
            slot->count++;
            SPEND(1);
            if (slot->count < loop->min || (slot->count < loop->max && i != began)) {
                frame = top - run->stack;
                PUSH(QV_SRE_K_POSSESSIVE, ip->a, i, outside, 0);
                ip = program + loop->body;
                continue;
            }
            frame = outside;
            ip++;
            continue;
        }

        case QV_RE_GROUP: {
            QvSsize behind = NAME(again)(run, ip->a, (QvSreFold)ip->b, i);
            if (behind < 0) {
                goto fail;
            }
            SPEND((int)((behind - i) >> 6 & 0xFFFF));
            i = behind;
            ip++;
            continue;
        }
        case QV_RE_IF_GROUP: {
            uint32_t m = 2 * ip->a;
            bool matched = m + 1 < p->nmarks && run->marks[m] >= 0 &&
                           run->marks[m + 1] >= run->marks[m];
            ip = matched ? ip + 1 : program + ip->b;
            continue;
        }
        }

    fail:
        SPEND(1);
        for (;;) {
            if (top == run->stack) {
                return 0;
            }
            QvSreRec *r = top - 1;
            switch ((QvSreKind)r->kind) {
            case QV_SRE_K_MARK:
                run->marks[r->a] = r->p;
                run->lastindex = r->q;
                top = r;
                continue;
            case QV_SRE_K_SLOT:
                run->slots[qv_sre_loops(p)[r->a].slot] = (QvSreSlot){r->r, r->q};
                top = r;
                continue;
            case QV_SRE_K_BRANCH: {
                const QvSreBranch *br = qv_sre_branches(p) + r->a;
                uint32_t k = (uint32_t)r->q, other = NAME(next_alt)(run, br, k + 1, r->p);
                i = r->p;
                r->q = other;
                top = other < br->count ? top : r;
                ip = program + qv_sre_alts(p)[br->first + k].pc;
                break;
            }
            case QV_SRE_K_LIST: {
                const uint32_t *list = qv_sre_words(p) + r->q;
                i = r->p;
                r->q++;
                top = list[1] != QV_SRE_LIST_END ? top : r;
                ip = program + qv_sre_alts(p)[qv_sre_branches(p)[r->a].first + list[0]].pc;
                break;
            }
            case QV_SRE_K_GREEDY: {
                ip = program + r->a;
                const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
                QvSsize low = r->q;
                i = r->p - 1;
                if (loop->has_next) {
                    QvSsize was = i;
                    i = NAME(find_back_far)(run, low, i, loop->next);
                    STOP_HERE();
                    run->budget -= (int)((was - i) >> 5 & 0xFFFF);
                    if (i < low) {
                        top = r;
                        continue;
                    }
                }
                r->p = i;
                top = i > low ? top : r;
                ip++;
                break;
            }
            case QV_SRE_K_LAZY: {
                ip = program + r->a;
                const QvSreLoop *loop = qv_sre_loops(p) + ip->a;
                QvSsize left = r->q;
                i = r->p;
                bool goes_on = false;
                if (loop->has_next && loop->item <= QV_ITEM_ANY) {
                    QvSsize k = left > 0 ? NAME(skip_to)(run, i, end, left,
                                                         loop->item == QV_ITEM_ANY, loop->next)
                                         : -1;
                    STOP_HERE();
                    goes_on = k >= 0;
                    run->budget -= goes_on ? (int)((k - i) >> 5 & 0xFFFF) : 64;
                    left -= goes_on ? k - i : 0;
                    i = goes_on ? k : i;
                }
                while (!goes_on && !(loop->has_next && loop->item <= QV_ITEM_ANY) && left > 0 &&
                       i < end && NAME(takes)(p, loop->item, loop->arg, text[i])) {
                    i++;
                    left--;
                    if (!loop->has_next || (i < end && text[i] == loop->next)) {
                        goes_on = true;
                        break;
                    }
                }
                run->budget -= (int)((i - r->p) >> 5 & 0xFFFF);
                if (!goes_on) {
                    top = r;
                    continue;
                }
                r->p = i;
                r->q = left;
                ip++;
                break;
            }
            case QV_SRE_K_MAX:
                run->slots[qv_sre_loops(p)[r->a].slot] = (QvSreSlot){r->r, r->q};
                top = r;
                i = r->p;
                ip = program + qv_sre_loops(p)[r->a].until + 1;
                break;
            case QV_SRE_K_MIN: {
                const QvSreLoop *loop = qv_sre_loops(p) + r->a;
                i = r->p;
                run->slots[loop->slot] = (QvSreSlot){r->r + 1, i};
                r->kind = QV_SRE_K_SLOT;
                ip = program + loop->body;
                break;
            }
            case QV_SRE_K_ASSERT:
            case QV_SRE_K_ATOMIC:
                frame = r->q;
                top = r;
                continue;
            case QV_SRE_K_ASSERT_NOT:
                frame = r->q;
                top = r;
                i = r->p;
                ip = program + program[r->a].a;
                break;
            case QV_SRE_K_POSSESSIVE: {
                const QvSreLoop *loop = qv_sre_loops(p) + r->a;
                frame = r->q;
                top = r;
                if (run->slots[loop->slot].count < loop->min) {
                    continue;
                }
                i = r->p;
                ip = program + loop->until + 1;
                break;
            }
            }
            break;
        }
    }
#undef PUSH
#undef SPEND
#undef STOP_HERE
}

// One attempt of a search. 1/0/-1.
static int NAME(attempt)(QvSreRun *run, QvSsize i)
{
    run->start = i;
    if (run->dirty) {
        qv_sre_forget(run);
    }
    int found = NAME(match)(run, i);
    run->must_advance = false;
    return found;
}

// The prefix at i or later, with room for it before `end`; or end.
static QvSsize NAME(find_prefix)(QvSreRun *run, QvSsize i, QvSsize end)
{
    const QvSreProgram *p = run->p;
    const UNIT *text = run->text;
    const uint32_t *prefix = qv_sre_texts(p) + p->prefix;
    QvSsize n = (QvSsize)p->nprefix;
    if (WIDTH < 4 && p->prefix_max >> (8 * WIDTH % 32) != 0) {
        return end;
    }
    while (end - i >= n) {
        if (WIDTH == 1) {
            size_t part = p->nprefix < sizeof p->prefix1 ? p->nprefix : sizeof p->prefix1;
            const void *found = NULL;
            for (QvSsize to; !found && end - i >= n; i = to - (QvSsize)part + 1) {
                to = NAME(slice)(i, end);
                found = memmem(text + i, (size_t)(to - i), p->prefix1, part);
                if (!found && to < end && qv_sre_stopped(run)) {
                    break;
                }
            }
            i = found ? (const UNIT *)found - text : end;
        } else {
            i = NAME(find_far)(run, i, end, prefix[0]);
        }
        if (end - i < n || run->stopped) {
            return end;
        }
        QvSsize k = 1;
        while (k < n && text[i + k] == prefix[k]) {
            k++;
        }
        if (k == n) {
            return i;
        }
        i++;
    }
    return end;
}

int NAME(search)(QvSreRun *run)
{
    const QvSreProgram *p = run->p;
    const UNIT *text = run->text;
    QvSsize i = run->start, end = run->end, last = end - (QvSsize)p->min;
    int found = 0;
    if (i > end || i > last) {
        return 0;
    }
    switch ((QvSreSearch)p->search) {
    case QV_SEARCH_START: return i == 0 ? NAME(attempt)(run, 0) : 0;
    case QV_SEARCH_LINE:
        for (; i <= last && !found; i++) {
            if (i > 0 && text[i - 1] != '\n') {
                i = NAME(find_far)(run, i, end, '\n') + 1;
                if (i > last || run->stopped) {
                    break;
                }
            }
            found = NAME(attempt)(run, i);
        }
        return run->stopped ? -1 : found;
    case QV_SEARCH_CHAR:
    case QV_SEARCH_PREFIX:
        for (; !found; i++) {
            i = p->nprefix == 1 ? NAME(find_far)(run, i, end, qv_sre_texts(p)[p->prefix])
                                : NAME(find_prefix)(run, i, end);
            if (i >= end || i > last || run->stopped) {
                break;
            }
            if (p->whole_literal) {
                if (run->dirty) {
                    qv_sre_forget(run);
                }
                run->start = i;
                run->ptr = i + (QvSsize)p->nprefix;
                return 1;
            }
            found = NAME(attempt)(run, i);
        }
        return run->stopped ? -1 : found;
    case QV_SEARCH_FIRST: {
        const uint8_t *first = qv_sre_tables(p) + p->first;
        bool high = p->first_high;
        for (; !found; i++) {
            for (QvSsize to = NAME(slice)(i, end);; to = NAME(slice)(i, end)) {
                while (i < to && !(NAME(narrow)(text[i]) ? first[text[i] & 255] : high)) {
                    i++;
                }
                if (QV_LIKELY(i < to || to >= end) || qv_sre_stopped(run)) {
                    break;
                }
            }
            if (i >= end || i > last || run->stopped) {
                break;
            }
            found = NAME(attempt)(run, i);
        }
        return run->stopped ? -1 : found;
    }
    case QV_SEARCH_EVERY: break;
    }
    for (; i <= last && !found; i++) {
        found = NAME(attempt)(run, i);
    }
    return found;
}

#undef JOIN2
#undef JOIN
#undef NAME
#undef UNIT
#undef WIDTH
