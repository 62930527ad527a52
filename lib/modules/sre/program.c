// SPDX-License-Identifier: MIT
// From code words to instructions: one pass that checks all it reads. What it accepts runs without
// further checks, so nothing here may be taken on trust.
//
// The words nest by skip counts; each region is compiled by a call of its own, under the
// interpreter's recursion guard. Sticky error: `bad` once set stays, and the message is raised at
// the end.
#include "modules/sre/program.h"

#include <string.h>

#include "modules/sre/codes.h"
#include "object/error.h"
#include "object/key.h"
#include "object/protocol.h"

// An offset that no program reaches.
#define NONE UINT32_MAX
// Longest code: offsets of instructions, which are never more than words, fit 31 bits.
#define MAX_WORDS ((uint32_t)INT32_MAX / 4)

typedef struct Build {
    QvInterp *qi;
    QvSreProgram *p;
    const uint32_t *code;
    uint32_t groups;
    uint32_t steps; // of compile, for polling
    bool bad;       // the code is no code
    bool failed;    // an exception is set
} Build;

// ---- storage ------------------------------------------------------------------------------------

int qv_sre_vec_reserve(QvInterp *qi, QvSreVec *v, size_t item, size_t more)
{
    size_t need = v->n + more;
    if (need <= v->cap) {
        return 0;
    }
    if (need > INT32_MAX) {
        qv_raise_oom(qi);
        return -1;
    }
    size_t cap = need + need / 2 + 4;
    void *p = qv_realloc(qi, v->p, v->cap * item, cap * item);
    if (!p) {
        return -1;
    }
    v->p = p;
    v->cap = (uint32_t)cap;
    return 0;
}

static void vec_fini(QvInterp *qi, QvSreVec *v, size_t item)
{
    if (v->p) {
        qv_free(qi, v->p, v->cap * item);
    }
    *v = (QvSreVec){0};
}

void qv_sre_program_fini(QvInterp *qi, QvSreProgram *p)
{
    vec_fini(qi, &p->code, sizeof(uint32_t));
    vec_fini(qi, &p->ins, sizeof(QvSreIns));
    vec_fini(qi, &p->loops, sizeof(QvSreLoop));
    vec_fini(qi, &p->sets, sizeof(QvSreSet));
    vec_fini(qi, &p->alts, sizeof(QvSreAlt));
    vec_fini(qi, &p->branches, sizeof(QvSreBranch));
    vec_fini(qi, &p->words, sizeof(uint32_t));
    vec_fini(qi, &p->texts, sizeof(uint32_t));
    vec_fini(qi, &p->tables, 1);
}

size_t qv_sre_program_bytes(const QvSreProgram *p)
{
    return (p->code.cap + (size_t)p->words.cap + p->texts.cap) * sizeof(uint32_t) +
           p->ins.cap * sizeof(QvSreIns) + p->loops.cap * sizeof(QvSreLoop) +
           p->sets.cap * sizeof(QvSreSet) + p->alts.cap * sizeof(QvSreAlt) +
           p->branches.cap * sizeof(QvSreBranch) + p->tables.cap;
}

static bool reserve(Build *b, QvSreVec *v, size_t item, size_t more)
{
    if (b->failed || qv_sre_vec_reserve(b->qi, v, item, more) < 0) {
        b->failed = true;
        return false;
    }
    return true;
}

static QvSreIns *ins_at(Build *b, uint32_t k) { return (QvSreIns *)b->p->ins.p + k; }
static QvSreLoop *loop_at(Build *b, uint32_t k) { return (QvSreLoop *)b->p->loops.p + k; }

static void emit(Build *b, QvSreOp op, uint32_t a, uint32_t second)
{
    if (reserve(b, &b->p->ins, sizeof(QvSreIns), 1)) {
        *ins_at(b, b->p->ins.n++) = (QvSreIns){op, a, second};
    }
}

// Number of the next instruction.
static uint32_t here(const Build *b) { return b->p->ins.n; }

static uint32_t new_loop(Build *b, uint32_t min, uint32_t max)
{
    if (min > max) {
        b->bad = true;
    }
    if (!reserve(b, &b->p->loops, sizeof(QvSreLoop), 1)) {
        return 0;
    }
    *loop_at(b, b->p->loops.n) = (QvSreLoop){
        .min = min,
        .max = max == QV_SRE_MAX_REPEAT ? PTRDIFF_MAX : (QvSsize)max,
    };
    return b->p->loops.n++;
}

// ---- sets ---------------------------------------------------------------------------------------

// The code of a set from word i to end, its FAILURE included: what follows it, or NONE. Says
// whether it asks the locale, and which classes of characters past Latin-1 may be in it.
static uint32_t check_set(Build *b, uint32_t i, uint32_t end, bool *ret_slow, unsigned *ret_high)
{
    const uint32_t *code = b->code;
    bool negated = false; // from then on `high` has the classes that are left out whole
    unsigned high = 0;    // of what has been seen without NEGATE
    while (i < end) {
        uint32_t left = end - i - 1;
        switch (code[i++]) {
        case SRE_FAILURE: *ret_high = negated ? QV_HIGH_ALL & ~high : high; return i;
        case SRE_NEGATE:
            if (high || negated) { // nothing that the compiler emits
                negated = false;
                high = QV_HIGH_ALL;
            } else {
                negated = true;
            }
            break;
        case SRE_LITERAL:
            if (left < 1) {
                return NONE;
            }
            if (!negated && code[i] >= 256) {
                high |= qv_sre_high_class(code[i]);
            }
            i++;
            break;
        case SRE_RANGE:
        case SRE_RANGE_UNI_IGNORE:
            if (left < 2) {
                return NONE;
            }
            if (!negated && code[i + 1] >= 256) {
                high = QV_HIGH_ALL;
            }
            i += 2;
            break;
        case SRE_CHARSET:
            if (left < 8) {
                return NONE;
            }
            i += 8;
            break;
        case SRE_BIGCHARSET: {
            if (left < 65 || code[i] > 256 || left - 65 < code[i] * 8) {
                return NONE;
            }
            const uint8_t *numbers = (const uint8_t *)(code + i + 1);
            for (int k = 0; k < 256; k++) {
                if (numbers[k] >= code[i]) {
                    return NONE;
                }
            }
            high = negated ? high : QV_HIGH_ALL;
            i += 65 + code[i] * 8;
            break;
        }
        case SRE_CATEGORY:
            if (left < 1 || code[i] >= SRE_CAT_COUNT) {
                return NONE;
            }
            *ret_slow |= code[i] == SRE_CAT_LOC_WORD || code[i] == SRE_CAT_LOC_NOT_WORD;
            switch ((QvSreCategory)code[i++]) {
            case SRE_CAT_DIGIT:
            case SRE_CAT_SPACE:
            case SRE_CAT_WORD:
            case SRE_CAT_LINEBREAK:
            case SRE_CAT_LOC_WORD: break;
            case SRE_CAT_UNI_DIGIT: high |= QV_HIGH_DIGIT; break;
            case SRE_CAT_UNI_NOT_DIGIT: high |= QV_HIGH_ALL & ~QV_HIGH_DIGIT; break;
            case SRE_CAT_UNI_SPACE: high |= QV_HIGH_SPACE; break;
            case SRE_CAT_UNI_NOT_SPACE: high |= QV_HIGH_ALL & ~QV_HIGH_SPACE; break;
            case SRE_CAT_UNI_WORD: high |= QV_HIGH_WORD | QV_HIGH_DIGIT; break;
            case SRE_CAT_UNI_NOT_WORD: high |= QV_HIGH_SPACE | QV_HIGH_OTHER; break;
            case SRE_CAT_UNI_LINEBREAK: // some are spaces, some not: as a class, neither in nor out
                high |= negated ? 0 : QV_HIGH_SPACE | QV_HIGH_OTHER;
                break;
            default: high |= QV_HIGH_ALL; break; // the others hold all of them
            }
            if (negated && (code[i - 1] == SRE_CAT_UNI_NOT_LINEBREAK)) {
                high &= ~(unsigned)(QV_HIGH_SPACE | QV_HIGH_OTHER);
            }
            break;
        default: return NONE;
        }
    }
    return NONE;
}

// The set for a kind and a word, with its table. `size` words of code from there decide for kinds
// that have code. Its number.
static uint32_t new_set(Build *b, QvSreSetKind kind, uint32_t word, uint32_t size, bool slow,
                        unsigned high)
{
    QvSreProgram *p = b->p;
    bool has_code = kind >= QV_SET_IN && kind <= QV_SET_IN_LOC;
    uint32_t look = p->sets.n < 32 ? p->sets.n : 32; // the same as one of the last ones?
    for (uint32_t k = p->sets.n - look; k < p->sets.n; k++) {
        const QvSreSet *old = qv_sre_sets(p) + k;
        if (old->kind == kind &&
            (old->word == word || (has_code && size <= p->code.n - old->word &&
                                   memcmp(b->code + old->word, b->code + word, size * 4) == 0))) {
            return k;
        }
    }
    slow |= kind == QV_SET_LIT_LOC || kind == QV_SET_NOT_LOC || kind == QV_SET_IN_LOC;
    if (!reserve(b, &p->sets, sizeof(QvSreSet), 1)) {
        return 0;
    }
    QvSreSet *s = (QvSreSet *)p->sets.p + p->sets.n;
    *s = (QvSreSet){
        .word = word,
        .kind = (uint8_t)kind,
        // Folding takes characters across the classes and out of Latin-1.
        .high = (uint8_t)(kind == QV_SET_IN || kind == QV_SET_CATEGORY ? high : QV_HIGH_ALL),
        .bit = (uint8_t)(1u << (p->sets.n % 8)),
        .table = p->sets.n / 8 * 256,
        .slow = slow,
    };
    if (p->sets.n % 8 == 0) {
        if (!reserve(b, &p->tables, 1, 256)) {
            return 0;
        }
        memset((uint8_t *)p->tables.p + p->tables.n, 0, 256);
        p->tables.n += 256;
    }
    uint8_t *table = (uint8_t *)p->tables.p + s->table;
    if (!slow) {
        qv_sre_set_table(b->code, kind, word, s->bit, table);
    }
    return p->sets.n++;
}

// ---- one character ------------------------------------------------------------------------------

// An instruction that takes one character, at word *i: what it takes. Moves *i behind it; false
// when there is none (or a bad one).
static bool read_item(Build *b, uint32_t *i, uint32_t end, QvSreItem *ret_item, uint32_t *ret_arg)
{
    static const struct {
        uint8_t op, kind;
    } folded[] = {
        {SRE_LITERAL_IGNORE, QV_SET_LIT_IGNORE},
        {SRE_NOT_LITERAL_IGNORE, QV_SET_NOT_IGNORE},
        {SRE_LITERAL_UNI_IGNORE, QV_SET_LIT_UNI},
        {SRE_NOT_LITERAL_UNI_IGNORE, QV_SET_NOT_UNI},
        {SRE_LITERAL_LOC_IGNORE, QV_SET_LIT_LOC},
        {SRE_NOT_LITERAL_LOC_IGNORE, QV_SET_NOT_LOC},
        {SRE_IN, QV_SET_IN},
        {SRE_IN_IGNORE, QV_SET_IN_IGNORE},
        {SRE_IN_UNI_IGNORE, QV_SET_IN_UNI},
        {SRE_IN_LOC_IGNORE, QV_SET_IN_LOC},
    };
    const uint32_t *code = b->code;
    if (*i >= end) {
        return false;
    }
    uint32_t op = code[*i], left = end - *i - 1, arg = left ? code[*i + 1] : 0;
    *ret_arg = arg;
    if (op == SRE_ANY || op == SRE_ANY_ALL) {
        *ret_item = op == SRE_ANY ? QV_ITEM_ANY : QV_ITEM_ALL;
        *ret_arg = 0;
        *i += 1;
        return true;
    }
    if (left == 0) {
        return false;
    }
    if (op == SRE_LITERAL || op == SRE_NOT_LITERAL) {
        *ret_item = op == SRE_LITERAL ? QV_ITEM_CHAR : QV_ITEM_NOT_CHAR;
        *i += 2;
        return true;
    }
    uint32_t size = 0, set = NONE, start = *i + 2;
    bool slow = false;
    unsigned high = QV_HIGH_ALL;
    if (op == SRE_CATEGORY) {
        if (arg >= SRE_CAT_COUNT) {
            return false;
        }
        // The set [CATEGORY arg] would end with a FAILURE; the classes are not worth the trouble.
        slow = arg == SRE_CAT_LOC_WORD || arg == SRE_CAT_LOC_NOT_WORD;
        set = new_set(b, QV_SET_CATEGORY, arg, 0, slow, high);
        *i += 2;
    }
    for (size_t k = 0; set == NONE && k < sizeof folded / sizeof *folded; k++) {
        if (folded[k].op != op) {
            continue;
        }
        QvSreSetKind kind = (QvSreSetKind)folded[k].kind;
        if (kind > QV_SET_IN_LOC) {
            set = new_set(b, kind, arg, 0, false, high);
            *i += 2;
            break;
        }
        if (arg < 1 || arg > left ||
            check_set(b, start, *i + 1 + arg, &slow, &high) != *i + 1 + arg) {
            return false;
        }
        size = arg - 1;
        set = new_set(b, kind, start, size, slow, high);
        *i += 1 + arg;
    }
    if (set == NONE || b->failed) {
        return false;
    }
    *ret_item = qv_sre_sets(b->p)[set].slow ? QV_ITEM_SET_SLOW : QV_ITEM_SET;
    *ret_arg = set;
    return true;
}

static void emit_item(Build *b, QvSreItem item, uint32_t arg)
{
    static const uint8_t ops[] = {
        [QV_ITEM_ALL] = QV_RE_ANY_ALL, [QV_ITEM_ANY] = QV_RE_ANY,
        [QV_ITEM_CHAR] = QV_RE_CHAR,   [QV_ITEM_NOT_CHAR] = QV_RE_NOT_CHAR,
        [QV_ITEM_SET] = QV_RE_SET,     [QV_ITEM_SET_SLOW] = QV_RE_SET_SLOW,
        [QV_ITEM_NONE] = QV_RE_FAIL,
    };
    emit(b, (QvSreOp)ops[item], arg, 0);
}

// A run of two or more LITERALs from word *i: one instruction. False when there is none.
static bool literal_run(Build *b, uint32_t *i, uint32_t end)
{
    uint32_t n = 0, limit = (end - *i) / 2;
    while (n < limit && b->code[*i + 2 * n] == SRE_LITERAL) {
        n++;
    }
    QvSreProgram *p = b->p;
    if (n < 2 || !reserve(b, &p->texts, sizeof(uint32_t), n)) {
        return false;
    }
    emit(b, QV_RE_TEXT, p->texts.n, n);
    for (uint32_t k = 0; k < n; k++) {
        ((uint32_t *)p->texts.p)[p->texts.n++] = b->code[*i + 2 * k + 1];
    }
    *i += 2 * n;
    return true;
}

// ---- regions ------------------------------------------------------------------------------------

static void compile(Build *b, uint32_t i, uint32_t end);

// The word that a skip count at word i leads to, from `base`; 0 (never a right target) when it
// leads out of the region.
static uint32_t target_of(Build *b, uint32_t i, uint32_t base, uint32_t end)
{
    if (i >= end || b->code[i] > end - base) {
        b->bad = true;
        return 0;
    }
    return base + b->code[i];
}

// <skip> <min> <max> item SUCCESS from word i.
static uint32_t compile_one(Build *b, QvSreOp op, uint32_t i, uint32_t end)
{
    uint32_t after = target_of(b, i, i, end), k = i + 3, arg;
    QvSreItem item;
    if (b->bad || after < i + 5 || !read_item(b, &k, after - 1, &item, &arg) || k != after - 1 ||
        b->code[k] != SRE_SUCCESS) {
        b->bad = true;
        return end;
    }
    uint32_t loop = new_loop(b, b->code[i + 1], b->code[i + 2]);
    if (!b->failed) {
        loop_at(b, loop)->item = (uint8_t)item;
        loop_at(b, loop)->arg = arg;
    }
    emit(b, op, loop, 0);
    return after;
}

// <skip> <min> <max> body, then what ends it, from word i.
static uint32_t compile_repeat(Build *b, bool possessive, uint32_t i, uint32_t end)
{
    uint32_t until = target_of(b, i, i, end);
    if (b->bad || until < i + 3 || until >= end) {
        b->bad = true;
        return end;
    }
    uint32_t op = b->code[until];
    if (possessive ? op != SRE_SUCCESS : op != SRE_MAX_UNTIL && op != SRE_MIN_UNTIL) {
        b->bad = true;
        return end;
    }
    uint32_t loop = new_loop(b, b->code[i + 1], b->code[i + 2]);
    uint32_t slot = b->p->nslots++;
    emit(b, possessive ? QV_RE_POSSESSIVE : QV_RE_REPEAT, loop, 0);
    uint32_t body = here(b);
    compile(b, i + 3, until);
    if (!b->failed) {
        loop_at(b, loop)->slot = slot;
        loop_at(b, loop)->body = body;
        loop_at(b, loop)->until = here(b);
    }
    emit(b,
         possessive            ? QV_RE_END_POSSESSIVE
         : op == SRE_MAX_UNTIL ? QV_RE_MAX_UNTIL
                               : QV_RE_MIN_UNTIL,
         loop, 0);
    return until + 1;
}

// Body and SUCCESS from word `first` to `after`.
static void compile_group(Build *b, QvSreOp op, QvSreOp end_op, uint32_t back, uint32_t first,
                          uint32_t after)
{
    if (b->bad || after <= first || b->code[after - 1] != SRE_SUCCESS) {
        b->bad = true;
        return;
    }
    uint32_t start = here(b);
    emit(b, op, 0, back);
    compile(b, first, after - 1);
    emit(b, end_op, 0, 0);
    if (!b->failed) {
        ins_at(b, start)->a = here(b);
    }
}

// What an alternative from word i begins with.
static void look_at_first(Build *b, uint32_t i, uint32_t end, QvSreAlt *alt)
{
    QvSreItem item;
    uint32_t arg;
    alt->item = QV_ITEM_NONE;
    alt->arg = 0;
    // Marks take nothing; a look at what stands behind them is as good.
    while (i + 2 <= end && b->code[i] == SRE_MARK) {
        i += 2;
    }
    if (i < end && (b->code[i] == SRE_REPEAT_ONE || b->code[i] == SRE_POSSESSIVE_REPEAT_ONE) &&
        end - i > 4 && b->code[i + 2] > 0) {
        i += 4;
    }
    if (read_item(b, &i, end, &item, &arg) &&
        (item == QV_ITEM_CHAR || item == QV_ITEM_SET || item == QV_ITEM_SET_SLOW)) {
        alt->item = (uint8_t)item;
        alt->arg = arg;
    }
}

static bool alt_may_begin(const QvSreProgram *p, const QvSreAlt *alt, uint32_t c)
{
    const QvSreSet *s = qv_sre_sets(p) + alt->arg;
    switch ((QvSreItem)alt->item) {
    case QV_ITEM_CHAR: return alt->arg == c;
    case QV_ITEM_SET: return (qv_sre_tables(p)[s->table + c] & s->bit) != 0;
    default: return true;
    }
}

// Lists of alternatives by first character, for branches with several: words holds 257 offsets and
// the lists, equal ones once.
static bool make_lists(Build *b, QvSreBranch *br)
{
    QvSreProgram *p = b->p;
    uint32_t base = p->words.n, distinct[257], ndistinct = 0, total = 0;
    if (br->count < 3 || br->count > 4096 || !reserve(b, &p->words, sizeof(uint32_t), 257)) {
        return false;
    }
    p->words.n += 257;
    for (uint32_t c = 0; c <= 256; c++) {
        uint32_t start = p->words.n;
        for (uint32_t k = 0; k < br->count; k++) {
            const QvSreAlt *alt = qv_sre_alts(p) + br->first + k;
            if (c == 256 ? alt->item != QV_ITEM_NONE : !alt_may_begin(p, alt, c)) {
                continue;
            }
            if (!reserve(b, &p->words, sizeof(uint32_t), 2)) {
                return false;
            }
            ((uint32_t *)p->words.p)[p->words.n++] = k;
        }
        if (!reserve(b, &p->words, sizeof(uint32_t), 1)) {
            return false;
        }
        ((uint32_t *)p->words.p)[p->words.n++] = QV_SRE_LIST_END;
        uint32_t n = p->words.n - start, found = NONE;
        const uint32_t *words = qv_sre_words(p);
        for (uint32_t k = 0; k < ndistinct && found == NONE; k++) {
            if (memcmp(words + distinct[k], words + start, n * sizeof(uint32_t)) == 0) {
                found = distinct[k];
            }
        }
        if (found != NONE) {
            p->words.n = start;
        } else {
            found = distinct[ndistinct++] = start;
            total += n;
        }
        ((uint32_t *)p->words.p)[base + c] = found;
        if (total > 65536) { // not worth it
            p->words.n = base;
            return false;
        }
    }
    br->lists = base;
    return true;
}

// Alternatives from word i: each <skip> body JUMP <to the end>; a 0 ends them.
static uint32_t compile_branch(Build *b, uint32_t i, uint32_t end)
{
    uint32_t count = 0, finish = i;
    for (; finish < end && b->code[finish] != 0; count++) {
        uint32_t next = target_of(b, finish, finish, end);
        if (b->bad || next < finish + 3 || b->code[next - 2] != SRE_JUMP) {
            b->bad = true;
            return end;
        }
        finish = next;
    }
    QvSreProgram *p = b->p;
    if (finish >= end || count == 0 || !reserve(b, &p->alts, sizeof(QvSreAlt), count) ||
        !reserve(b, &p->branches, sizeof(QvSreBranch), 1)) {
        b->bad |= !b->failed;
        return end;
    }
    finish++;
    uint32_t first = p->alts.n, branch = p->branches.n++, start = here(b);
    p->alts.n += count;
    memset((QvSreAlt *)p->alts.p + first, 0, count * sizeof(QvSreAlt));
    ((QvSreBranch *)p->branches.p)[branch] = (QvSreBranch){first, count, 0};
    emit(b, QV_RE_BRANCH, branch, 0);
    uint32_t last_jump = NONE; // jumps are linked through b until the end is known
    for (uint32_t k = 0; k < count && !b->bad && !b->failed; k++) {
        uint32_t next = i + b->code[i];
        if (b->code[next - 1] != finish - (next - 1)) {
            b->bad = true;
            break;
        }
        QvSreAlt alt = {.pc = here(b)};
        look_at_first(b, i + 1, next - 2, &alt);
        ((QvSreAlt *)p->alts.p)[first + k] = alt;
        compile(b, i + 1, next - 2);
        emit(b, QV_RE_JUMP, 0, last_jump);
        last_jump = here(b) - 1;
        i = next;
    }
    while (last_jump != NONE && !b->failed) {
        QvSreIns *jump = ins_at(b, last_jump);
        last_jump = jump->b;
        *jump = (QvSreIns){QV_RE_JUMP, here(b), 0};
    }
    if (!b->bad && !b->failed) {
        QvSreBranch br = ((QvSreBranch *)p->branches.p)[branch];
        ins_at(b, start)->op = make_lists(b, &br) ? QV_RE_SWITCH : QV_RE_BRANCH;
        ((QvSreBranch *)p->branches.p)[branch] = br;
    }
    return finish;
}

// <group> <skip> yes [JUMP <skip> no] from word i. The yes part is read step by step, so that its
// own words can't be taken for the JUMP.
static uint32_t compile_conditional(Build *b, uint32_t i, uint32_t end)
{
    if (end - i < 2 || b->code[i] >= b->groups) {
        b->bad = true;
        return end;
    }
    uint32_t no = target_of(b, i + 1, i, end), start = here(b);
    if (b->bad || no < i + 2) {
        b->bad = true;
        return end;
    }
    emit(b, QV_RE_IF_GROUP, b->code[i], 0);
    uint32_t jump = NONE, after = no;
    // compile() stops at a JUMP that is the last thing of its region and says so by emitting one.
    compile(b, i + 2, no);
    if (!b->failed && !b->bad && here(b) > start + 1 && ins_at(b, here(b) - 1)->op == QV_RE_JUMP &&
        ins_at(b, here(b) - 1)->b == NONE) {
        jump = here(b) - 1;
        after = target_of(b, no - 1, no - 1, end);
        if (b->bad || after < no) {
            b->bad = true;
            return end;
        }
    }
    if (!b->failed) {
        ins_at(b, start)->b = here(b);
    }
    if (jump != NONE) {
        compile(b, no, after);
        if (!b->failed) {
            *ins_at(b, jump) = (QvSreIns){QV_RE_JUMP, here(b), 0};
        }
    }
    return after;
}

// The info block from the word behind INFO: what it says about the width is used when it stands
// first; the rest is found out anew (analyse.c), since it need not be true.
static uint32_t read_info(Build *b, uint32_t i, uint32_t end)
{
    uint32_t after = target_of(b, i, i, end);
    if (b->bad || after < i + 4) {
        b->bad = true;
        return end;
    }
    if (here(b) == 0) {
        b->p->min = b->code[i + 2];
    }
    return after;
}

static QvSreFold fold_of(uint32_t op)
{
    return op == SRE_GROUPREF_IGNORE       ? QV_FOLD_ASCII
           : op == SRE_GROUPREF_UNI_IGNORE ? QV_FOLD_UNI
           : op == SRE_GROUPREF_LOC_IGNORE ? QV_FOLD_LOC
                                           : QV_FOLD_NONE;
}

// One instruction at word i: the word behind it.
static uint32_t compile_step(Build *b, uint32_t i, uint32_t end)
{
    uint32_t op = b->code[i], left = end - i - 1, arg = left ? b->code[i + 1] : 0;
    switch (op) {
    case SRE_FAILURE: emit(b, QV_RE_FAIL, 0, 0); return i + 1;
    case SRE_AT:
        b->bad |= left < 1 || arg >= SRE_AT_COUNT;
        emit(b, QV_RE_AT, arg, 0);
        return i + 2;
    case SRE_MARK:
        b->bad |= left < 1 || arg / 2 >= b->groups;
        emit(b, QV_RE_MARK, arg, arg & 1 ? arg / 2 + 1 : 0);
        b->p->nmarks = arg >= b->p->nmarks && !b->bad ? arg + 1 : b->p->nmarks;
        return i + 2;
    case SRE_GROUPREF:
    case SRE_GROUPREF_IGNORE:
    case SRE_GROUPREF_LOC_IGNORE:
    case SRE_GROUPREF_UNI_IGNORE:
        b->bad |= left < 1 || arg >= b->groups;
        emit(b, QV_RE_GROUP, arg, fold_of(op));
        return i + 2;
    case SRE_GROUPREF_EXISTS: return compile_conditional(b, i + 1, end);
    case SRE_BRANCH: return compile_branch(b, i + 1, end);
    case SRE_REPEAT: return compile_repeat(b, false, i + 1, end);
    case SRE_POSSESSIVE_REPEAT: return compile_repeat(b, true, i + 1, end);
    case SRE_REPEAT_ONE: return compile_one(b, QV_RE_GREEDY1, i + 1, end);
    case SRE_MIN_REPEAT_ONE: return compile_one(b, QV_RE_LAZY1, i + 1, end);
    case SRE_POSSESSIVE_REPEAT_ONE: return compile_one(b, QV_RE_POSSESSIVE1, i + 1, end);
    case SRE_INFO: return read_info(b, i + 1, end);
    case SRE_ASSERT:
    case SRE_ASSERT_NOT:
    case SRE_ATOMIC_GROUP: {
        uint32_t after = target_of(b, i + 1, i + 1, end),
                 first = i + (op == SRE_ATOMIC_GROUP ? 2 : 3);
        if (b->bad || after <= first || (op != SRE_ATOMIC_GROUP && b->code[i + 2] > INT32_MAX)) {
            b->bad = true;
            return end;
        }
        compile_group(b,
                      op == SRE_ASSERT       ? QV_RE_ASSERT
                      : op == SRE_ASSERT_NOT ? QV_RE_ASSERT_NOT
                                             : QV_RE_ATOMIC,
                      op == SRE_ASSERT       ? QV_RE_END_ASSERT
                      : op == SRE_ASSERT_NOT ? QV_RE_END_ASSERT_NOT
                                             : QV_RE_END_ATOMIC,
                      op == SRE_ATOMIC_GROUP ? 0 : b->code[i + 2], first, after);
        return after;
    }
    case SRE_JUMP: // only as the end of a conditional's yes part, whose caller takes it up
        b->bad |= left != 1;
        emit(b, QV_RE_JUMP, 0, NONE);
        return end;
    default: b->bad = true; return end;
    }
}

static void compile(Build *b, uint32_t i, uint32_t end)
{
    if (b->failed || b->bad) {
        return;
    }
    if (qv_enter_recursive(b->qi, " while compiling a pattern") < 0) {
        b->failed = true;
        return;
    }
    while (i < end && !b->bad && !b->failed) {
        QvSreItem item;
        uint32_t arg;
        if (QV_UNLIKELY((++b->steps & 4095) == 0) && qv_stop_here(b->qi) < 0) {
            b->failed = true;
            break;
        }
        if (literal_run(b, &i, end)) {
            continue;
        }
        if (!b->failed && read_item(b, &i, end, &item, &arg)) {
            emit_item(b, item, arg);
        } else if (!b->failed) {
            i = compile_step(b, i, end);
        }
    }
    b->bad |= i > end;
    qv_leave_recursive(b->qi);
}

// Jumps that no conditional took up are bad code.
static bool has_loose_jump(const QvSreProgram *p)
{
    const QvSreIns *ins = qv_sre_ins(p);
    for (uint32_t k = 0; k < p->ins.n; k++) {
        if (ins[k].op == QV_RE_JUMP && ins[k].b == NONE) {
            return true;
        }
    }
    return false;
}

int qv_sre_program_build(QvInterp *qi, QvSreProgram *p, QvSsize groups)
{
    Build b = {.qi = qi, .p = p, .code = p->code.p};
    uint32_t n = p->code.n;
    // Each group has two marks of two words; a bound keeps what a match allocates in proportion.
    b.bad = groups < 0 || groups > QV_SRE_MAX_GROUPS || groups > (QvSsize)n || n == 0 ||
            n > MAX_WORDS || b.code[n - 1] != SRE_SUCCESS;
    b.groups = b.bad ? 0 : (uint32_t)groups;
    if (!b.bad) {
        compile(&b, 0, n - 1);
        emit(&b, QV_RE_MATCH, 0, 0);
    }
    if (!b.failed && !b.bad) {
        b.bad = has_loose_jump(p);
    }
    if (b.failed) {
        return -1;
    }
    return b.bad ? qv_raise_int(qi, &qv_exc_RuntimeError, "invalid SRE code")
                 : qv_sre_analyse(qi, p);
}
