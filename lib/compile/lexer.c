// SPDX-License-Identifier: MIT
// Source text to an array of tokens.
//
// One pass with a class table for the first byte of each token. Indentation keeps two columns per
// line, one with tabs to eight and one with tabs of one; where the two disagree about an order, the
// mixture of tabs and spaces is an error.
#include "compile/lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/unicode.h"
#include "base/utf8.h"
#include "object/key.h"
#include "object/object.h"

// What a byte may start or continue.
enum { C_START = 1, C_DIGIT = 2, C_HEX = 4, C_SPACE = 8 };

static const uint8_t char_class[256] = {
    [' '] = C_SPACE,
    ['\t'] = C_SPACE,
    ['\f'] = C_SPACE,
    ['0' ... '9'] = C_DIGIT | C_HEX,
    ['a' ... 'f'] = C_START | C_HEX,
    ['A' ... 'F'] = C_START | C_HEX,
    ['g' ... 'z'] = C_START,
    ['G' ... 'Z'] = C_START,
    ['_'] = C_START,
    [128 ... 255] = C_START,
};

// The working state of one run.
typedef struct Scan {
    QvLexer *lx;
    const char *cur;        // next byte
    const char *line_start; // of the line that cur is on
    int32_t lineno;
    int32_t col_shift;                     // first_col on the first line, then 0
    int depth;                             // of the indentation stacks
    int32_t indent[QV_LEX_MAX_INDENT];     // columns with tabs to eight
    int32_t alt_indent[QV_LEX_MAX_INDENT]; // columns with tabs of one
    bool ended;                            // settle_at_end() has done its work
    int async_depth;                       // soft_async: indentation of an `async def`, or -1
    bool async_body;                       // its header line has ended
    bool no_memory;                        // or another exception is set
    uint32_t soft_cap; // count at which to look at the poll flag, or for more room
} Scan;

const char *qv_token_text(QvTokenKind kind)
{
    static const char *const texts[] = {
#define TOKEN(name, text) [QV_TOK_##name] = text,
#include "compile/tokens.def"
#undef TOKEN
    };
    return texts[kind];
}

void qv_lexer_init(QvLexer *lexer, QvInterp *qi, const char *text, size_t len, QvLexMode mode)
{
    lexer->qi = qi;
    lexer->text = text;
    lexer->len = (uint32_t)len;
    lexer->mode = mode;
    lexer->first_lineno = 1;
    lexer->first_col = 0;
    lexer->type_comments = false;
    lexer->soft_async = false;
    lexer->ignores = NULL;
    lexer->nignores = 0;
    lexer->cap_ignores = 0;
    lexer->tokens = NULL;
    lexer->count = 0;
    lexer->cap = 0;
    lexer->error.kind = QV_LEX_OK;
    lexer->level = 0;
}

void qv_lexer_fini(QvLexer *lexer)
{
    if (lexer->tokens) {
        qv_free(lexer->qi, lexer->tokens, lexer->cap * sizeof(QvToken));
        lexer->tokens = NULL;
    }
    if (lexer->ignores) {
        qv_free(lexer->qi, lexer->ignores, lexer->cap_ignores * sizeof(QvLexIgnore));
        lexer->ignores = NULL;
    }
}

// --- emitting ------------------------------------------------------------------------------------

#define POLL_TOKENS 8192 // tokens between two looks at the poll flag

// Polls, and makes room if there is none.
static QV_NOINLINE bool grow(Scan *s)
{
    QvLexer *lx = s->lx;
    if (lx->count > 0 && qv_poll_here(lx->qi) < 0) {
        s->no_memory = true;
        return false;
    }
    s->soft_cap = lx->count + POLL_TOKENS;
    if (lx->count < lx->cap) {
        s->soft_cap = s->soft_cap < lx->cap ? s->soft_cap : lx->cap;
        return true;
    }
    // The first guess fits most sources: 5 bytes a token.
    uint32_t cap = lx->cap ? lx->cap * 2 : lx->len / 5 + 16;
    QvToken *tokens =
        qv_realloc(lx->qi, lx->tokens, lx->cap * sizeof(QvToken), cap * sizeof(QvToken));
    if (!tokens) {
        s->no_memory = true;
        return false;
    }
    lx->tokens = tokens;
    lx->cap = cap;
    s->soft_cap = s->soft_cap < cap ? s->soft_cap : cap;
    return true;
}

static QvToken *new_token(Scan *s)
{
    QvLexer *lx = s->lx;
    if (QV_UNLIKELY(lx->count >= s->soft_cap) && !grow(s)) {
        return NULL;
    }
    return &lx->tokens[lx->count++];
}

// A token from start to s->cur on the present line.
static inline bool emit(Scan *s, QvTokenKind kind, const char *start)
{
    QvToken *t = new_token(s);
    if (!t) {
        return false;
    }
    const char *text = s->lx->text;
    t->kind = (uint8_t)kind;
    t->flags = 0;
    t->level = (uint16_t)s->lx->level;
    t->start = (uint32_t)(start - text);
    t->end = (uint32_t)(s->cur - text);
    t->lineno = s->lineno;
    t->end_lineno = s->lineno;
    t->col_offset = (int32_t)(start - s->line_start) + s->col_shift;
    t->end_col_offset = (int32_t)(s->cur - s->line_start) + s->col_shift;
    return true;
}

// INDENT, DEDENT and what the end implies have a line but no column.
static bool emit_layout(Scan *s, QvTokenKind kind)
{
    if (!emit(s, kind, s->cur)) {
        return false;
    }
    QvToken *t = &s->lx->tokens[s->lx->count - 1];
    t->col_offset = -1;
    t->end_col_offset = -1;
    return true;
}

// Ends the run with an ERROR token. Always false.
static bool fail(Scan *s, QvLexErrorKind kind, int32_t lineno, const char *line, const char *at)
{
    QvLexError *error = &s->lx->error;
    error->kind = kind;
    error->lineno = lineno;
    error->line = (uint32_t)(line - s->lx->text);
    error->at = (uint32_t)(at - s->lx->text);
    error->range_end = 0;
    error->at_end = false;
    emit_layout(s, QV_TOK_ERROR);
    if (!s->no_memory) {
        QvToken *t = &s->lx->tokens[s->lx->count - 1];
        t->lineno = lineno;
        t->end_lineno = lineno;
    }
    return false;
}

// A lexical error with a message, seen after the byte before `at`.
static bool QV_PRINTF(3, 4) fail_syntax(Scan *s, const char *at, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(s->lx->error.msg, sizeof s->lx->error.msg, fmt, ap);
    va_end(ap);
    return fail(s, QV_LEX_SYNTAX, s->lineno, s->line_start, at);
}

// --- names ---------------------------------------------------------------------------------------

// The keyword with this text, or NAME.
static QvTokenKind keyword_kind(const char *p, size_t n)
{
#define KW(text, name)                           \
    if (memcmp(p, text, sizeof text - 1) == 0) { \
        return QV_TOK_##name;                    \
    }
    switch (n) {
    case 2:
        switch (p[0]) {
        case 'i':
            switch (p[1]) {
            case 'f': return QV_TOK_IF;
            case 'n': return QV_TOK_IN;
            case 's': return QV_TOK_IS;
            }
            break;
        case 'a': KW("as", AS) break;
        case 'o': KW("or", OR) break;
        }
        break;
    case 3:
        switch (p[0]) {
        case 'a': KW("and", AND) break;
        case 'd':
            KW("def", DEF)
            KW("del", DEL)
            break;
        case 'f': KW("for", FOR) break;
        case 'n': KW("not", NOT) break;
        case 't': KW("try", TRY) break;
        }
        break;
    case 4:
        switch (p[0]) {
        case 'T': KW("True", TRUE) break;
        case 'N': KW("None", NONE) break;
        case 'e':
            KW("else", ELSE)
            KW("elif", ELIF)
            break;
        case 'f': KW("from", FROM) break;
        case 'p': KW("pass", PASS) break;
        case 'w': KW("with", WITH) break;
        }
        break;
    case 5:
        switch (p[0]) {
        case 'F': KW("False", FALSE) break;
        case 'a':
            KW("async", ASYNC)
            KW("await", AWAIT)
            break;
        case 'b': KW("break", BREAK) break;
        case 'c': KW("class", CLASS) break;
        case 'r': KW("raise", RAISE) break;
        case 'w': KW("while", WHILE) break;
        case 'y': KW("yield", YIELD) break;
        }
        break;
    case 6:
        switch (p[0]) {
        case 'a': KW("assert", ASSERT) break;
        case 'e': KW("except", EXCEPT) break;
        case 'g': KW("global", GLOBAL) break;
        case 'i': KW("import", IMPORT) break;
        case 'l': KW("lambda", LAMBDA) break;
        case 'r': KW("return", RETURN) break;
        }
        break;
    case 7: KW("finally", FINALLY) break;
    case 8:
        KW("continue", CONTINUE)
        KW("nonlocal", NONLOCAL)
        break;
    }
#undef KW
    return QV_TOK_NAME;
}

static bool is_soft_keyword(const char *p, size_t n)
{
    return (n == 1 && p[0] == '_') || (n == 5 && memcmp(p, "match", 5) == 0) ||
           (n == 4 && memcmp(p, "case", 4) == 0);
}

// Checks a name with bytes above 0x7f against the identifier rules.
static bool check_identifier(Scan *s, const char *start)
{
    const char *p = start;
    while (p < s->cur) {
        uint32_t cp;
        int n = qv_utf8_decode(p, s->cur, true, &cp);
        if (n <= 0) {
            snprintf(s->lx->error.msg, sizeof s->lx->error.msg,
                     "(unicode error) 'utf-8' codec can't decode byte 0x%x in position %d: %s",
                     (unsigned)(unsigned char)*p, (int)(p - start),
                     qv_utf8_reason((QvUtf8Status)n));
            return fail(s, QV_LEX_DECODE, s->lineno, s->line_start, s->cur);
        }
        bool ok = p == start ? qv_uni_is_xid_start(cp) : qv_uni_is_xid_continue(cp);
        if (!ok) {
            const char *after = p + n;
            s->cur = after;
            if (qv_uni_is_printable(cp)) {
                return fail_syntax(s, after, "invalid character '%.*s' (U+%04X)", n, p,
                                   (unsigned)cp);
            }
            return fail_syntax(s, after, "invalid non-printable character U+%04X", (unsigned)cp);
        }
        p += n;
    }
    return true;
}

static bool lex_string(Scan *s, const char *start);

// Before Python 3.7, async is a keyword only in front of def, and both are inside of that.
static QvTokenKind soft_async(Scan *s, QvTokenKind kind)
{
    if (s->async_depth >= 0) {
        return kind;
    }
    if (kind == QV_TOK_ASYNC) {
        const char *p = s->cur;
        while (*p == ' ' || *p == '\t' || *p == '\f') {
            p++;
        }
        if (strncmp(p, "def", 3) == 0 && !(char_class[(unsigned char)p[3]] & (C_START | C_DIGIT))) {
            s->async_depth = s->depth;
            s->async_body = false;
            return kind;
        }
    }
    return QV_TOK_NAME;
}

// A name, a keyword, or the prefix of a string.
static bool lex_name(Scan *s)
{
    const char *start = s->cur;
    const char *p = start;
    unsigned char seen = 0;
    while (char_class[(unsigned char)*p] & (C_START | C_DIGIT)) {
        seen |= (unsigned char)*p;
        p++;
    }
    s->cur = p;
    size_t n = (size_t)(p - start);
    if ((*p == '"' || *p == '\'') && n <= 2) {
        int a = start[0] | 0x20;
        int b = n == 2 ? start[1] | 0x20 : 0;
        bool prefix = b == 0 ? (a == 'r' || a == 'b' || a == 'u' || a == 'f')
                             : (a == 'r' && (b == 'b' || b == 'f')) ||
                                   (b == 'r' && (a == 'b' || a == 'f'));
        if (prefix) {
            return lex_string(s, start);
        }
    }
    if (seen & 0x80) {
        if (!check_identifier(s, start) || !emit(s, QV_TOK_NAME, start)) {
            return false;
        }
        s->lx->tokens[s->lx->count - 1].flags = QV_TOKF_NON_ASCII;
        return true;
    }
    QvTokenKind kind = keyword_kind(start, n);
    if (QV_UNLIKELY(s->lx->soft_async) && (kind == QV_TOK_ASYNC || kind == QV_TOK_AWAIT)) {
        kind = soft_async(s, kind);
    }
    if (!emit(s, kind, start)) {
        return false;
    }
    if (kind == QV_TOK_NAME && is_soft_keyword(start, n)) {
        s->lx->tokens[s->lx->count - 1].flags = QV_TOKF_SOFT;
    }
    return true;
}

// --- numbers -------------------------------------------------------------------------------------

static bool is_digit(char c) { return c >= '0' && c <= '9'; }

static bool is_identifier_char(char c)
{
    return (char_class[(unsigned char)c] & (C_START | C_DIGIT)) != 0;
}

static bool at_word(const char *p, const char *word, size_t n)
{
    return strncmp(p, word, n) == 0 && !is_identifier_char(p[n]);
}

// Whether a number that ends before p may be followed by what stands there: CPython still admits
// `1if x else y`.
static bool keyword_may_follow(const char *p)
{
    switch (*p) {
    case 'a': return at_word(p, "and", 3);
    case 'e': return at_word(p, "else", 4);
    case 'f': return at_word(p, "for", 3);
    case 'i': return p[1] == 'f' || p[1] == 'n' || p[1] == 's';
    case 'n': return at_word(p, "not", 3);
    case 'o': return at_word(p, "or", 2);
    default: return false;
    }
}

static bool end_number(Scan *s, const char *start, const char *kind)
{
    const char *p = s->cur;
    bool word = is_identifier_char(*p);
    if (word && !keyword_may_follow(p)) {
        if ((unsigned char)*p >= 128) {
            // A character that no identifier may hold is named first.
            const char *name = p;
            while (is_identifier_char(*p)) {
                p++;
            }
            s->cur = p;
            if (!check_identifier(s, name)) {
                return false;
            }
            s->cur = name;
        }
        return fail_syntax(s, s->cur, "invalid %s literal", kind);
    }
    if (!emit(s, QV_TOK_NUMBER, start)) {
        return false;
    }
    if (word) {
        s->lx->tokens[s->lx->count - 1].flags = QV_TOKF_KEYWORD;
    }
    return true;
}

// Digits with single underscores between them, from s->cur, which must stand on a digit.
static bool lex_decimal_tail(Scan *s)
{
    for (;;) {
        while (is_digit(*s->cur)) {
            s->cur++;
        }
        if (*s->cur != '_') {
            return true;
        }
        s->cur++;
        if (!is_digit(*s->cur)) {
            return fail_syntax(s, s->cur, "invalid decimal literal");
        }
    }
}

// After 0x, 0o, 0b.
static bool lex_radix(Scan *s, const char *start, int radix, const char *kind)
{
    s->cur = start + 2;
    do {
        if (*s->cur == '_') {
            s->cur++;
        }
        char c = *s->cur;
        bool ok = radix == 16 ? (char_class[(unsigned char)c] & C_HEX) != 0
                              : c >= '0' && c < '0' + radix;
        if (!ok) {
            if (is_digit(c)) {
                return fail_syntax(s, s->cur + 1, "invalid digit '%c' in %s literal", c, kind);
            }
            return fail_syntax(s, s->cur, "invalid %s literal", kind);
        }
        for (;;) {
            c = *s->cur;
            ok = radix == 16 ? (char_class[(unsigned char)c] & C_HEX) != 0
                             : c >= '0' && c < '0' + radix;
            if (!ok) {
                break;
            }
            s->cur++;
        }
    } while (*s->cur == '_');
    if (is_digit(*s->cur)) {
        return fail_syntax(s, s->cur + 1, "invalid digit '%c' in %s literal", *s->cur, kind);
    }
    return end_number(s, start, kind);
}

// From the '.', the 'e' or the 'j' of a number on.
static bool lex_fraction(Scan *s, const char *start)
{
    if (*s->cur == '.') {
        s->cur++;
        if (is_digit(*s->cur) && !lex_decimal_tail(s)) {
            return false;
        }
    }
    if (*s->cur == 'e' || *s->cur == 'E') {
        const char *e = s->cur;
        const char *p = e + 1;
        if (*p == '+' || *p == '-') {
            p++;
            if (!is_digit(*p)) {
                return fail_syntax(s, p, "invalid decimal literal");
            }
        }
        if (!is_digit(*p)) {
            return end_number(s, start, "decimal"); // `1else` and the like, or an error
        }
        s->cur = p;
        if (!lex_decimal_tail(s)) {
            return false;
        }
    }
    if (*s->cur == 'j' || *s->cur == 'J') {
        s->cur++;
        return end_number(s, start, "imaginary");
    }
    return end_number(s, start, "decimal");
}

static bool lex_number(Scan *s)
{
    const char *start = s->cur;
    if (*start != '0') {
        return lex_decimal_tail(s) && lex_fraction(s, start);
    }
    switch (start[1] | 0x20) {
    case 'x': return lex_radix(s, start, 16, "hexadecimal");
    case 'o': return lex_radix(s, start, 8, "octal");
    case 'b': return lex_radix(s, start, 2, "binary");
    }
    // Zeros alone make an int; zeros before other digits are allowed in floats only.
    s->cur++;
    for (;;) {
        if (*s->cur == '_') {
            s->cur++;
            if (!is_digit(*s->cur)) {
                return fail_syntax(s, s->cur, "invalid decimal literal");
            }
        }
        if (*s->cur != '0') {
            break;
        }
        s->cur++;
    }
    const char *zeros_end = s->cur;
    bool nonzero = is_digit(*s->cur);
    if (nonzero && !lex_decimal_tail(s)) {
        return false;
    }
    char c = *s->cur;
    if (nonzero && c != '.' && c != 'e' && c != 'E' && c != 'j' && c != 'J') {
        fail_syntax(s, start + 1,
                    "leading zeros in decimal integer literals are not permitted; "
                    "use an 0o prefix for octal integers");
        s->lx->error.range_end = (uint32_t)(zeros_end + 1 - s->lx->text);
        return false;
    }
    return lex_fraction(s, start);
}

// --- strings -------------------------------------------------------------------------------------

// A string without an end is told at its beginning.
static bool fail_string(Scan *s, const char *start, int32_t lineno, const char *line, bool triple,
                        int32_t last)
{
    snprintf(s->lx->error.msg, sizeof s->lx->error.msg,
             "unterminated %sstring literal (detected at line %d)", triple ? "triple-quoted " : "",
             (int)last);
    return fail(s, QV_LEX_SYNTAX, lineno, line, start + 1);
}

// s->cur stands on the opening quote; start is the first byte of the prefix.
static bool lex_string(Scan *s, const char *start)
{
    char quote = *s->cur;
    int32_t first_lineno = s->lineno;
    const char *first_line = s->line_start;
    int32_t first_shift = s->col_shift;
    const char *p = s->cur + 1;
    bool triple = false;
    if (*p == quote) {
        if (p[1] == quote) {
            triple = true;
            p += 2;
        } else {
            s->cur = p + 1; // empty
            return emit(s, QV_TOK_STRING, start);
        }
    }
    for (;;) {
        char c = *p;
        if (c == quote) {
            if (!triple) {
                p++;
                break;
            }
            if (p[1] == quote && p[2] == quote) {
                p += 3;
                break;
            }
            p++;
        } else if (c == '\n') {
            if (!triple) {
                s->cur = p;
                return fail_string(s, start, first_lineno, first_line, false, s->lineno);
            }
            p++;
            s->lineno++;
            s->line_start = p;
            s->col_shift = 0;
        } else if (c == '\\' && p[1] != '\0') {
            p++;
            if (*p == '\n') {
                s->lineno++;
                s->line_start = p + 1;
                s->col_shift = 0;
            }
            p++;
        } else if (c == '\0' && p >= s->lx->text + s->lx->len) {
            s->cur = p;
            // The end of the text counts as part of the last line, not as a line of its own.
            int32_t last = s->lineno - (p > s->lx->text && p[-1] == '\n' ? 1 : 0);
            fail_string(s, start, first_lineno, first_line, triple, last);
            s->lx->error.at_end = true;
            return false;
        } else {
            p++;
        }
    }
    s->cur = p;
    if (!emit(s, QV_TOK_STRING, start)) {
        return false;
    }
    QvToken *t = &s->lx->tokens[s->lx->count - 1];
    t->lineno = first_lineno;
    t->col_offset = (int32_t)(start - first_line);
    if (s->lineno == first_lineno) {
        t->col_offset += first_shift; // as CPython, which looks at the line where the string ends
    }
    return true;
}

// --- operators -----------------------------------------------------------------------------------

static bool open_bracket(Scan *s, QvTokenKind kind)
{
    QvLexer *lx = s->lx;
    const char *start = s->cur++;
    if (lx->level >= QV_LEX_MAX_LEVEL) {
        return fail_syntax(s, s->cur, "too many nested parentheses");
    }
    lx->bracket[lx->level] = *start;
    lx->bracket_lineno[lx->level] = s->lineno;
    lx->bracket_col[lx->level] = (int32_t)(start - s->line_start);
    lx->level++;
    return emit(s, kind, start);
}

static bool close_bracket(Scan *s, QvTokenKind kind)
{
    QvLexer *lx = s->lx;
    const char *start = s->cur++;
    char c = *start;
    if (lx->level == 0) {
        return fail_syntax(s, s->cur, "unmatched '%c'", c);
    }
    char opening = lx->bracket[lx->level - 1];
    bool matches = (opening == '(' && c == ')') || (opening == '[' && c == ']') ||
                   (opening == '{' && c == '}');
    if (!matches) {
        int32_t lineno = lx->bracket_lineno[lx->level - 1];
        lx->level--;
        if (lineno != s->lineno) {
            return fail_syntax(
                s, s->cur,
                "closing parenthesis '%c' does not match opening parenthesis '%c' on line %d", c,
                opening, (int)lineno);
        }
        return fail_syntax(s, s->cur,
                           "closing parenthesis '%c' does not match opening parenthesis '%c'", c,
                           opening);
    }
    lx->level--;
    return emit(s, kind, start);
}

// Emits the longest operator: `eq` when '=' follows, `twice` when the same byte follows, `twice_eq`
// for both.
static bool operator(Scan *s, QvTokenKind one, QvTokenKind eq, QvTokenKind twice,
                     QvTokenKind twice_eq)
{
    const char *start = s->cur;
    char c = *start;
    QvTokenKind kind = one;
    int n = 1;
    if (start[1] == '=' && eq != QV_TOK_OP) {
        kind = eq;
        n = 2;
    } else if (start[1] == c && twice != QV_TOK_OP) {
        kind = twice;
        n = 2;
        if (start[2] == '=' && twice_eq != QV_TOK_OP) {
            kind = twice_eq;
            n = 3;
        }
    }
    s->cur += n;
    return emit(s, kind, start);
}

// A token of n bytes.
static bool fixed(Scan *s, QvTokenKind kind, int n)
{
    const char *start = s->cur;
    s->cur += n;
    return emit(s, kind, start);
}

static bool lex_operator(Scan *s)
{
    const char *p = s->cur;
    switch (*p) {
    case '(': return open_bracket(s, QV_TOK_LPAR);
    case ')': return close_bracket(s, QV_TOK_RPAR);
    case '[': return open_bracket(s, QV_TOK_LSQB);
    case ']': return close_bracket(s, QV_TOK_RSQB);
    case '{': return open_bracket(s, QV_TOK_LBRACE);
    case '}': return close_bracket(s, QV_TOK_RBRACE);
    case ',': return fixed(s, QV_TOK_COMMA, 1);
    case ';': return fixed(s, QV_TOK_SEMI, 1);
    case '~': return fixed(s, QV_TOK_TILDE, 1);
    case ':': return operator(s, QV_TOK_COLON, QV_TOK_COLONEQUAL, QV_TOK_OP, QV_TOK_OP);
    case '.':
        if (is_digit(p[1])) {
            return lex_fraction(s, p);
        }
        if (p[1] == '.' && p[2] == '.') {
            return fixed(s, QV_TOK_ELLIPSIS, 3);
        }
        return fixed(s, QV_TOK_DOT, 1);
    case '=': return operator(s, QV_TOK_EQUAL, QV_TOK_EQEQUAL, QV_TOK_OP, QV_TOK_OP);
    case '!': return operator(s, QV_TOK_OP, QV_TOK_NOTEQUAL, QV_TOK_OP, QV_TOK_OP);
    case '+': return operator(s, QV_TOK_PLUS, QV_TOK_PLUSEQUAL, QV_TOK_OP, QV_TOK_OP);
    case '-':
        if (p[1] == '>') {
            return fixed(s, QV_TOK_RARROW, 2);
        }
        return operator(s, QV_TOK_MINUS, QV_TOK_MINEQUAL, QV_TOK_OP, QV_TOK_OP);
    case '*':
        return operator(s, QV_TOK_STAR, QV_TOK_STAREQUAL, QV_TOK_DOUBLESTAR,
                        QV_TOK_DOUBLESTAREQUAL);
    case '/':
        return operator(s, QV_TOK_SLASH, QV_TOK_SLASHEQUAL, QV_TOK_DOUBLESLASH,
                        QV_TOK_DOUBLESLASHEQUAL);
    case '%': return operator(s, QV_TOK_PERCENT, QV_TOK_PERCENTEQUAL, QV_TOK_OP, QV_TOK_OP);
    case '@': return operator(s, QV_TOK_AT, QV_TOK_ATEQUAL, QV_TOK_OP, QV_TOK_OP);
    case '|': return operator(s, QV_TOK_VBAR, QV_TOK_VBAREQUAL, QV_TOK_OP, QV_TOK_OP);
    case '&': return operator(s, QV_TOK_AMPER, QV_TOK_AMPEREQUAL, QV_TOK_OP, QV_TOK_OP);
    case '^': return operator(s, QV_TOK_CIRCUMFLEX, QV_TOK_CIRCUMFLEXEQUAL, QV_TOK_OP, QV_TOK_OP);
    case '<':
        if (p[1] == '>') {
            return fixed(s, QV_TOK_NOTEQUAL, 2);
        }
        return operator(s, QV_TOK_LESS, QV_TOK_LESSEQUAL, QV_TOK_LEFTSHIFT, QV_TOK_LEFTSHIFTEQUAL);
    case '>':
        return operator(s, QV_TOK_GREATER, QV_TOK_GREATEREQUAL, QV_TOK_RIGHTSHIFT,
                        QV_TOK_RIGHTSHIFTEQUAL);
    default:
        if ((unsigned char)*p < 0x20 || *p == 0x7f) {
            s->cur++;
            return fail_syntax(s, s->cur, "invalid non-printable character U+%04X",
                               (unsigned)(unsigned char)*p);
        }
        return fixed(s, QV_TOK_OP, 1); // `$`, `?`: a token that no rule accepts
    }
}

// --- lines ---------------------------------------------------------------------------------------

// s->cur stands on a backslash: moves to the start of the next line.
static bool join_line(Scan *s)
{
    const char *p = s->cur + 1;
    if (*p != '\n') {
        s->cur = p;
        return fail(s, QV_LEX_LINE_CONT, s->lineno, s->line_start, *p ? p + 1 : p);
    }
    p++;
    if (*p == '\0') {
        s->cur = p;
        return fail(s, QV_LEX_EOF, s->lineno, s->line_start, p);
    }
    s->lineno++;
    s->line_start = p;
    s->col_shift = 0;
    s->cur = p;
    return true;
}

static const char *line_end(const char *p)
{
    const char *nl = strchr(p, '\n');
    return nl ? nl + 1 : p + strlen(p);
}

static bool pop_indents(Scan *s, int32_t col)
{
    while (s->depth > 0 && col < s->indent[s->depth]) {
        s->depth--;
        if (!emit_layout(s, QV_TOK_DEDENT)) {
            return false;
        }
    }
    return true;
}

// The end of the text belongs to the last line: what is implied there has that line's number.
static void settle_at_end(Scan *s)
{
    const char *text = s->lx->text;
    if (s->cur != s->line_start || s->ended) {
        return;
    }
    s->ended = true;
    s->lineno--;
    if (s->line_start > text) {
        s->line_start--;
        while (s->line_start > text && s->line_start[-1] != '\n') {
            s->line_start--;
        }
    }
}

// At the start of a logical line: measures the indentation, emits INDENT or DEDENTs. Leaves s->cur
// on the first byte that is not indentation. Sets *blank for a line without tokens.
static bool lex_indentation(Scan *s, bool *blank)
{
    int32_t col = 0;
    int32_t alt = 0;
    int32_t joined_col = 0; // a joined line is indented as its first part
    for (;;) {
        char c = *s->cur;
        if (c == ' ') {
            col++;
            alt++;
        } else if (c == '\t') {
            col = (col / 8 + 1) * 8;
            alt++;
        } else if (c == '\f') {
            col = 0;
            alt = 0;
        } else if (c == '\\') {
            joined_col = joined_col ? joined_col : col;
            if (!join_line(s)) {
                return false;
            }
            continue;
        } else {
            break;
        }
        s->cur++;
    }
    *blank = *s->cur == '#' || *s->cur == '\n';
    if (*blank || s->lx->level > 0) {
        return true;
    }
    if (joined_col) {
        col = joined_col;
        alt = joined_col;
    }
    if (*s->cur == '\0') {
        settle_at_end(s);
    }
    int32_t top = s->indent[s->depth];
    const char *end = line_end(s->cur);
    if (col == top) {
        if (alt != s->alt_indent[s->depth]) {
            return fail(s, QV_LEX_TABS, s->lineno, s->line_start, end);
        }
        return true;
    }
    if (col > top) {
        if (s->depth + 1 >= QV_LEX_MAX_INDENT) {
            return fail(s, QV_LEX_TOO_DEEP, s->lineno, s->line_start, end);
        }
        if (alt <= s->alt_indent[s->depth]) {
            return fail(s, QV_LEX_TABS, s->lineno, s->line_start, end);
        }
        s->depth++;
        s->indent[s->depth] = col;
        s->alt_indent[s->depth] = alt;
        return emit_layout(s, QV_TOK_INDENT);
    }
    int depth = s->depth;
    while (depth > 0 && col < s->indent[depth]) {
        depth--;
    }
    if (col != s->indent[depth]) {
        return fail(s, QV_LEX_BAD_DEDENT, s->lineno, s->line_start, end);
    }
    if (alt != s->alt_indent[depth]) {
        return fail(s, QV_LEX_TABS, s->lineno, s->line_start, end);
    }
    return pop_indents(s, col);
}

// A NEWLINE starts at the comment before it, if there is one, and does not count the newline
// itself.
static bool newline_token(Scan *s, const char *comment)
{
    if (!emit(s, QV_TOK_NEWLINE, comment ? comment : s->cur)) {
        return false;
    }
    if (*s->cur == '\n') {
        s->cur++;
        s->lineno++;
        s->line_start = s->cur;
        s->col_shift = 0;
    }
    return true;
}

static bool lex_end(Scan *s)
{
    QvLexer *lx = s->lx;
    settle_at_end(s);
    if (lx->level > 0) {
        return fail(s, QV_LEX_EOF, s->lineno, s->line_start, s->cur);
    }
    bool started = lx->count > 0;
    if (started && (lx->mode == QV_LEX_SINGLE || lx->mode == QV_LEX_SINGLE_OPEN)) {
        if (!emit_layout(s, QV_TOK_NEWLINE)) {
            return false;
        }
        if (lx->mode == QV_LEX_SINGLE && s->depth > 0) {
            if (!pop_indents(s, 0) || !emit_layout(s, QV_TOK_NEWLINE)) {
                return false;
            }
        }
    }
    emit_layout(s, QV_TOK_ENDMARKER);
    return false;
}

// The text of a type comment in start[0..end), or NULL: "# type: " with any blanks, or none, for
// each of the two spaces.
static const char *type_comment_text(const char *start, const char *end)
{
    const char *p = start, *prefix = "# type: ";
    for (; *prefix && p < end; prefix++) {
        if (*prefix == ' ') {
            while (p < end && (*p == ' ' || *p == '\t')) {
                p++;
            }
        } else if (*p == *prefix) {
            p++;
        } else {
            return NULL;
        }
    }
    return *prefix ? NULL : p;
}

static bool add_ignore(Scan *s, const char *tag)
{
    QvLexer *lx = s->lx;
    if (lx->nignores == lx->cap_ignores) {
        uint32_t cap = lx->cap_ignores ? lx->cap_ignores * 2 : 16;
        QvLexIgnore *items = qv_realloc(lx->qi, lx->ignores, lx->cap_ignores * sizeof(QvLexIgnore),
                                        cap * sizeof(QvLexIgnore));
        if (!items) {
            s->no_memory = true;
            return false;
        }
        lx->ignores = items;
        lx->cap_ignores = cap;
    }
    lx->ignores[lx->nignores++] = (QvLexIgnore){.lineno = s->lineno,
                                                .start = (uint32_t)(tag - lx->text),
                                                .end = (uint32_t)(s->cur - lx->text)};
    return true;
}

// The comment from *comment to s->cur: a token when it is about types. *comment becomes NULL unless
// it is like any other. Unlike those, it makes its line count (*blank).
static bool lex_type_comment(Scan *s, const char **comment, bool *blank)
{
    const char *text = type_comment_text(*comment, s->cur);
    if (!text) {
        return true;
    }
    *comment = NULL;
    const char *tag = text + 6;
    if (s->cur >= tag && memcmp(text, "ignore", 6) == 0 &&
        (s->cur == tag || !(char_class[(unsigned char)*tag] & (C_START | C_DIGIT)) ||
         *tag == '_')) {
        return add_ignore(s, tag);
    }
    *blank = false;
    return emit(s, QV_TOK_TYPE_COMMENT, text);
}

// Emits the tokens of one step; false at the end, after an error, without memory.
static bool lex_line(Scan *s)
{
    QvLexer *lx = s->lx;
    bool blank = false;
    if (!lex_indentation(s, &blank)) {
        return false;
    }
    if (QV_UNLIKELY(s->async_depth >= 0) && !blank && lx->level == 0 && s->async_body &&
        s->depth <= s->async_depth) {
        s->async_depth = -1;
    }
    const char *comment = NULL;
    for (;;) {
        while (char_class[(unsigned char)*s->cur] & C_SPACE) {
            s->cur++;
        }
        char c = *s->cur;
        unsigned cls = char_class[(unsigned char)c];
        bool ok = true;
        if (cls & C_START) {
            ok = lex_name(s);
        } else if (cls & C_DIGIT) {
            ok = lex_number(s);
        } else {
            switch (c) {
            case '\n':
                if (!blank && lx->level == 0) {
                    s->async_body = true;
                    return newline_token(s, comment);
                }
                s->cur++;
                s->lineno++;
                s->line_start = s->cur;
                s->col_shift = 0;
                // Lines without tokens, too, can be many.
                if (QV_UNLIKELY((s->lineno & 4095) == 0) && qv_poll_here(lx->qi) < 0) {
                    s->no_memory = true;
                    return false;
                }
                if (lx->level == 0) {
                    return true;
                }
                break;
            case '#': {
                const char *nl = strchr(s->cur, '\n');
                comment = s->cur;
                s->cur = nl ? nl : lx->text + lx->len;
                ok = !lx->type_comments || lex_type_comment(s, &comment, &blank);
                break;
            }
            case '"':
            case '\'': ok = lex_string(s, s->cur); break;
            case '\\': ok = join_line(s); break;
            case '\0': return lex_end(s);
            default: ok = lex_operator(s); break;
            }
        }
        if (!ok) {
            return false;
        }
    }
}

int qv_lexer_run(QvLexer *lexer)
{
    Scan s = {
        .lx = lexer,
        .cur = lexer->text,
        .line_start = lexer->text,
        .lineno = lexer->first_lineno,
        .col_shift = lexer->first_col,
        .async_depth = -1,
    };
    while (lex_line(&s)) {}
    return s.no_memory ? -1 : 0;
}
