// SPDX-License-Identifier: MIT
// Interpreter of the diagnosis grammar.
//
// It runs only after a parse has failed, from the failed statement on, so it is made for exactness
// and not for speed: CPython chooses its message by the order in which its parser tries
// alternatives, and names the last token which that parser has looked at. Both are reproduced by
// trying the same alternatives in the same order, and memoising what CPython memoises. The grammar
// is compiled from its text each time (0.1 ms). Depth and steps are bounded: a hopeless text ends
// in a plain "invalid syntax".
#include "compile/parser_peg.h"

#include <string.h>

#include "compile/parser_grammar.h"

#define MAX_RULES 512u // slots of the hash table
#define MAX_DEPTH 2500
#define MAX_STEPS 20000000u

typedef enum ItemKind {
    I_TOKEN,
    I_SOFT,
    I_RULE,
    I_GROUP,
    I_OPTIONAL,
    I_STAR,
    I_PLUS,
    I_GATHER,
    I_AND,
    I_NOT,
    I_CUT,
    I_FORCED,
    I_STRINGS,
    I_NUMBER,
    I_REAL,
    I_IMAGINARY,
    I_NOTEQ,
    I_SOFT_KEYWORD,
    I_NO_INVALID
} ItemKind;

typedef struct Alt Alt;

typedef struct Item {
    struct Item *next;
    ItemKind kind;
    char name;        // 'a', 'b' or 0
    uint8_t token;    // I_TOKEN, I_FORCED
    const char *soft; // I_SOFT; ends where the grammar's word does
    size_t soft_len;
    QvPegRule *rule;    // I_RULE
    const Alt *alts;    // I_GROUP
    struct Item *inner; // I_OPTIONAL to I_NOT
    struct Item *sep;   // I_GATHER
} Item;

struct Alt {
    Alt *next;
    Item *items;
    QvPegAction action;
};

struct QvPegRule {
    const char *name;
    size_t len;
    bool memo;
    bool invalid;
    Alt *alts;
};

// --- compiling the grammar -----------------------------------------------------------------------

typedef struct Reader {
    QvPeg *peg;
    const char *s;
    bool failed; // no memory
} Reader;

static void *make(Reader *r, size_t n)
{
    void *block = qv_parser_alloc(r->peg->p, n);
    r->failed = r->failed || !block;
    return block;
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void skip_space(Reader *r)
{
    while (*r->s == ' ') {
        r->s++;
    }
}

static size_t read_word(Reader *r, const char **word)
{
    *word = r->s;
    while (is_word(*r->s)) {
        r->s++;
    }
    return (size_t)(r->s - *word);
}

static QvPegRule *find_rule(Reader *r, const char *name, size_t len)
{
    uint32_t hash = 5381;
    for (size_t i = 0; i < len; i++) {
        hash = hash * 33 + (unsigned char)name[i];
    }
    for (uint32_t at = hash;; at++) {
        QvPegRule *rule = &r->peg->rules[at % MAX_RULES];
        if (!rule->name) {
            rule->name = name;
            rule->len = len;
            rule->invalid = len > 8 && memcmp(name, "invalid_", 8) == 0;
            return rule;
        }
        if (rule->len == len && memcmp(rule->name, name, len) == 0) {
            return rule;
        }
    }
}

static QvTokenKind token_by_text(const char *text, size_t len)
{
    for (int kind = 0; kind < QV_TOK_COUNT; kind++) {
        const char *t = qv_token_text((QvTokenKind)kind);
        if (strlen(t) == len && memcmp(t, text, len) == 0) {
            return (QvTokenKind)kind;
        }
    }
    return QV_TOK_ERROR;
}

static QvTokenKind read_quoted_token(Reader *r)
{
    const char *start = ++r->s;
    while (*r->s != '\'') {
        r->s++;
    }
    return token_by_text(start, (size_t)(r->s++ - start));
}

static Alt *read_alts(Reader *r);

static ItemKind builtin_kind(const char *word, size_t len)
{
    static const struct {
        const char *name;
        ItemKind kind;
    } builtins[] = {
        {"strings", I_STRINGS},       {"number", I_NUMBER}, {"real", I_REAL},
        {"imaginary", I_IMAGINARY},   {"noteq", I_NOTEQ},   {"soft_keyword", I_SOFT_KEYWORD},
        {"no_invalid", I_NO_INVALID},
    };
    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++) {
        if (strlen(builtins[i].name) == len && memcmp(builtins[i].name, word, len) == 0) {
            return builtins[i].kind;
        }
    }
    return I_CUT;
}

// One item without its suffix.
static void read_primary(Reader *r, Item *item)
{
    const char *word;
    size_t len;
    switch (*r->s) {
    case '\'':
        item->kind = I_TOKEN;
        item->token = (uint8_t)read_quoted_token(r);
        break;
    case '$':
        r->s++;
        item->kind = I_SOFT;
        item->soft_len = read_word(r, &item->soft);
        break;
    case '#':
        r->s++;
        len = read_word(r, &word);
        item->kind = builtin_kind(word, len);
        break;
    case '(':
        r->s++;
        item->kind = I_GROUP;
        item->alts = read_alts(r);
        r->s++; // the parenthesis
        break;
    default:
        len = read_word(r, &word);
        if (*word >= 'A' && *word <= 'Z') {
            item->kind = I_TOKEN;
            item->token = (uint8_t)token_by_text(word, len);
        } else {
            item->kind = I_RULE;
            item->rule = find_rule(r, word, len);
        }
        break;
    }
}

static Item *wrap(Reader *r, ItemKind kind, Item *inner)
{
    Item *item = make(r, sizeof(Item));
    if (item) {
        item->kind = kind;
        item->inner = inner;
    }
    return item;
}

static Item *read_item(Reader *r)
{
    char name = 0;
    if (is_word(r->s[0]) && r->s[1] == '=') {
        name = r->s[0];
        r->s += 2;
    }
    Item *item = make(r, sizeof(Item));
    if (!item) {
        return NULL;
    }
    if (*r->s == '~') {
        r->s++;
        item->kind = I_CUT;
        return item;
    }
    if (r->s[0] == '&' && r->s[1] == '&') {
        r->s += 2;
        item->kind = I_FORCED;
        item->token = (uint8_t)read_quoted_token(r);
        return item;
    }
    if (*r->s == '&' || *r->s == '!') {
        ItemKind kind = *r->s++ == '&' ? I_AND : I_NOT;
        read_primary(r, item);
        return r->failed ? NULL : wrap(r, kind, item);
    }
    read_primary(r, item);
    if (r->failed) {
        return NULL;
    }
    if (*r->s == '.') {
        r->s++;
        Item *inner = make(r, sizeof(Item));
        if (!inner) {
            return NULL;
        }
        read_primary(r, inner);
        r->s++; // the plus
        Item *sep = item;
        item = wrap(r, I_GATHER, inner);
        if (item) {
            item->sep = sep;
        }
    } else if (*r->s == '?' || *r->s == '*' || *r->s == '+') {
        char c = *r->s++;
        item = wrap(r, c == '?' ? I_OPTIONAL : c == '*' ? I_STAR : I_PLUS, item);
    }
    if (item) {
        item->name = name;
    }
    return r->failed ? NULL : item;
}

// {kind [names] [`text` | word]}; the names are always a and b in this order, so they carry no
// information.
static void read_action(Reader *r, QvPegAction *action)
{
    static const struct {
        const char *word;
        QvPegActionKind kind;
    } kinds[] = {
        {"at", QV_PEG_AT},         {"range", QV_PEG_RANGE}, {"seen", QV_PEG_SEEN},
        {"from", QV_PEG_FROM},     {"block", QV_PEG_BLOCK}, {"indent", QV_PEG_INDENT},
        {"target", QV_PEG_TARGET}, {"call", QV_PEG_CALL},
    };
    r->s++;
    const char *word;
    size_t len = read_word(r, &word);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (strlen(kinds[i].word) == len && memcmp(kinds[i].word, word, len) == 0) {
            action->kind = kinds[i].kind;
        }
    }
    while (*r->s != '}') {
        if (*r->s == '`') {
            action->text = ++r->s;
            while (*r->s != '`') {
                r->s++;
            }
            action->len = (size_t)(r->s++ - action->text);
        } else if (is_word(*r->s)) {
            action->len = read_word(r, &action->text);
        } else {
            r->s++;
        }
    }
    r->s++;
}

// Alternatives up to the end of the line or a closing parenthesis.
static Alt *read_alts(Reader *r)
{
    Alt *first = NULL;
    Alt **alt_end = &first;
    do {
        Alt *alt = make(r, sizeof(Alt));
        if (!alt) {
            return NULL;
        }
        *alt_end = alt;
        alt_end = &alt->next;
        Item **item_end = &alt->items;
        for (;;) {
            skip_space(r);
            if (*r->s == '|' || *r->s == ')' || *r->s == '\n') {
                break;
            }
            if (*r->s == '{') {
                read_action(r, &alt->action);
                continue;
            }
            Item *item = read_item(r);
            if (!item) {
                return NULL;
            }
            *item_end = item;
            item_end = &item->next;
        }
    } while (*r->s++ == '|');
    r->s--; // the caller looks at what ended them
    return first;
}

bool qv_peg_init(QvPeg *peg, QvParser *p, uint32_t base)
{
    *peg = (QvPeg){.p = p, .base = base};
    peg->rules = qv_parser_alloc(p, MAX_RULES * sizeof(QvPegRule));
    Reader r = {.peg = peg, .s = qv_parser_grammar, .failed = !peg->rules};
    while (!r.failed && *r.s) {
        const char *word;
        size_t len = read_word(&r, &word);
        QvPegRule *rule = find_rule(&r, word, len);
        if (*r.s == '*') {
            rule->memo = true;
            r.s++;
        }
        r.s++; // the colon
        rule->alts = read_alts(&r);
        if (!r.failed) {
            r.s++; // the end of the line
        }
    }
    return !r.failed;
}

// --- matching ------------------------------------------------------------------------------------

static bool match_alts(QvPeg *peg, const Alt *alts);

// The next token, now seen; NULL when the lexer's error has been reached (and raised).
static const QvToken *look(QvPeg *peg)
{
    QvParser *p = peg->p;
    uint32_t pos = peg->pos < p->lx->count ? peg->pos : p->lx->count - 1;
    const QvToken *t = &p->lx->tokens[pos];
    if (pos > peg->seen) {
        peg->seen = pos;
    }
    if (t->kind == QV_TOK_ERROR) {
        if (!p->raised) {
            qv_parser_error_lexer(p);
        }
        return NULL;
    }
    return t;
}

static bool stop(const QvPeg *peg) { return peg->p->raised || peg->stopped; }

static bool match_rule(QvPeg *peg, const QvPegRule *rule)
{
    if (stop(peg)) {
        return false;
    }
    if (peg->depth >= MAX_DEPTH || ++peg->steps > MAX_STEPS) {
        peg->stopped = true;
        return false;
    }
    uint32_t start = peg->pos;
    QvPegMemo **memo = NULL;
    if (rule->memo) {
        memo = &peg->memo[start - peg->base];
        for (QvPegMemo *m = *memo; m; m = m->next) {
            if (m->rule == rule) {
                peg->pos = m->end;
                return m->matched;
            }
        }
    }
    bool invalid = peg->invalid;
    peg->depth++;
    bool matched = match_alts(peg, rule->alts);
    peg->depth--;
    peg->invalid = invalid;
    if (!matched) {
        peg->pos = start;
    }
    if (memo && !stop(peg)) {
        QvPegMemo *m = qv_parser_alloc(peg->p, sizeof(QvPegMemo));
        if (m) {
            *m = (QvPegMemo){.next = *memo, .rule = rule, .end = peg->pos, .matched = matched};
            *memo = m;
        }
    }
    return matched;
}

static bool at_text(const QvPeg *peg, const QvToken *t, const char *text, size_t len)
{
    return t->kind == QV_TOK_NAME && t->end - t->start == len &&
           memcmp(peg->p->lx->text + t->start, text, len) == 0;
}

// CPython 3.11 takes any beginning of a soft keyword for one here: it says nothing of commas after
// `c` or `m`.
static bool is_soft_prefix(const QvPeg *peg, const QvToken *t)
{
    static const char *const words[] = {"match", "case", "_"};
    for (size_t i = 0; t->kind == QV_TOK_NAME && i < 3; i++) {
        if (t->end - t->start <= strlen(words[i]) && at_text(peg, t, words[i], t->end - t->start)) {
            return true;
        }
    }
    return false;
}

// `<>` is an operator only with barry_as_FLUFL, and then `!=` is a mistake.
static bool match_noteq(QvPeg *peg)
{
    const QvToken *t = look(peg);
    if (!t || t->kind != QV_TOK_NOTEQUAL) {
        return false;
    }
    bool diamond = peg->p->lx->text[t->start] == '<';
    bool bdfl = (peg->p->flags & QV_PARSE_BARRY_AS_BDFL) != 0;
    peg->pos++;
    if (bdfl && !diamond) {
        qv_parser_error_seen(peg->p, &qv_exc_SyntaxError, &peg->p->lx->tokens[peg->seen],
                             "with Barry as BDFL, use '<>' instead of '!='");
    }
    return diamond == bdfl;
}

// Literals are evaluated, so that what is wrong inside them is told at the same moment as by
// CPython.
static bool match_literal(QvPeg *peg, ItemKind kind)
{
    const QvToken *t = look(peg);
    if (!t || t->kind != (kind == I_STRINGS ? QV_TOK_STRING : QV_TOK_NUMBER)) {
        return false;
    }
    QvParser *p = peg->p;
    if (kind == I_STRINGS) {
        do {
            peg->pos++;
            t = look(peg);
        } while (t && t->kind == QV_TOK_STRING);
        if (!t) {
            return false;
        }
    } else {
        peg->pos++;
    }
    const QvToken *saved = p->tok;
    p->tok = kind == I_STRINGS ? &p->lx->tokens[peg->pos - 1] : t;
    if (kind == I_STRINGS) {
        while (p->tok > p->lx->tokens && p->tok[-1].kind == QV_TOK_STRING) {
            p->tok--;
        }
        qv_parse_strings(p);
    } else {
        qv_parse_number(p);
    }
    p->tok = saved;
    if (p->raised) {
        return false;
    }
    bool imaginary = (p->lx->text[t->end - 1] | 0x20) == 'j';
    if (kind == I_REAL && imaginary) {
        qv_parser_error_tokens(p, &qv_exc_SyntaxError, t, t, &p->lx->tokens[peg->seen],
                               "real number required in complex literal");
    } else if (kind == I_IMAGINARY && !imaginary) {
        qv_parser_error_tokens(p, &qv_exc_SyntaxError, t, t, &p->lx->tokens[peg->seen],
                               "imaginary number required in complex literal");
    }
    return !p->raised;
}

static bool match_item(QvPeg *peg, const Item *item)
{
    uint32_t start = peg->pos;
    const QvToken *t;
    bool matched;
    switch (item->kind) {
    case I_TOKEN:
        t = look(peg);
        if (!t || t->kind != item->token) {
            return false;
        }
        peg->pos++;
        return true;
    case I_SOFT:
        t = look(peg);
        if (!t || !at_text(peg, t, item->soft, item->soft_len)) {
            return false;
        }
        peg->pos++;
        return true;
    case I_SOFT_KEYWORD:
        t = look(peg);
        if (!t || !is_soft_prefix(peg, t)) {
            return false;
        }
        peg->pos++;
        return true;
    case I_RULE: return match_rule(peg, item->rule);
    case I_GROUP: return match_alts(peg, item->alts);
    case I_OPTIONAL:
        if (!match_item(peg, item->inner)) {
            peg->pos = start;
        }
        return !stop(peg);
    case I_PLUS:
        if (!match_item(peg, item->inner)) {
            return false;
        }
        __attribute__((fallthrough));
    case I_STAR:
        for (;;) {
            uint32_t before = peg->pos;
            if (!match_item(peg, item->inner) || peg->pos == before) {
                peg->pos = before;
                return !stop(peg);
            }
        }
    case I_GATHER:
        if (!match_item(peg, item->inner)) {
            return false;
        }
        for (;;) {
            uint32_t before = peg->pos;
            if (!match_item(peg, item->sep) || !match_item(peg, item->inner)) {
                peg->pos = before;
                return !stop(peg);
            }
        }
    case I_AND:
    case I_NOT:
        matched = match_item(peg, item->inner);
        peg->pos = start;
        return !stop(peg) && matched == (item->kind == I_AND);
    case I_FORCED:
        t = look(peg);
        if (!t) {
            return false;
        }
        if (t->kind != item->token) {
            qv_parser_error_tokens(peg->p, &qv_exc_SyntaxError, t, t,
                                   &peg->p->lx->tokens[peg->seen], "expected '%s'",
                                   qv_token_text(item->token));
            return false;
        }
        peg->pos++;
        return true;
    case I_NOTEQ: return match_noteq(peg);
    case I_STRINGS:
    case I_NUMBER:
    case I_REAL:
    case I_IMAGINARY: return match_literal(peg, item->kind);
    case I_NO_INVALID:
        peg->invalid = false; // the rule that holds this item restores it
        return true;
    case I_CUT: return true;
    }
    return false;
}

static bool match_alts(QvPeg *peg, const Alt *alts)
{
    uint32_t start = peg->pos;
    for (const Alt *alt = alts; alt; alt = alt->next) {
        QvPegSpan spans[2] = {{start, start}, {start, start}};
        bool cut = false;
        // As in CPython, what guards a mistake is that it is an alternative by itself: '{'
        // invalid_... '}' is tried always.
        bool matched = peg->invalid || !alt->items || alt->items->next ||
                       alt->items->kind != I_RULE || !alt->items->rule->invalid;
        for (const Item *item = alt->items; item && matched; item = item->next) {
            uint32_t first = peg->pos;
            matched = match_item(peg, item);
            if (item->name && matched) {
                spans[item->name - 'a'] = (QvPegSpan){first, peg->pos - 1};
            }
            cut = cut || item->kind == I_CUT;
        }
        if (stop(peg)) {
            return false;
        }
        if (matched) {
            if (alt->action.kind != QV_PEG_NONE) {
                // An action that does not raise makes the whole rule fail, as in CPython.
                qv_peg_act(peg, &alt->action, spans[0], spans[1]);
                return false;
            }
            return true;
        }
        peg->pos = start;
        if (cut) {
            return false;
        }
    }
    return false;
}

bool qv_peg_match(QvPeg *peg, const char *start, bool invalid)
{
    QvParser *p = peg->p;
    peg->memo = qv_parser_alloc(p, (p->lx->count - peg->base + 1) * sizeof(QvPegMemo *));
    if (!peg->memo) {
        return false;
    }
    peg->pos = peg->base;
    peg->invalid = invalid;
    peg->depth = 0;
    Reader r = {.peg = peg};
    return match_rule(peg, find_rule(&r, start, strlen(start)));
}
