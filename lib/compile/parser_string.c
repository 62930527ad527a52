// SPDX-License-Identifier: MIT
// Literals: numbers, strings, bytes, and the concatenation of adjacent ones.
#include <stdarg.h>
#include <string.h>

#include "base/numtext.h"
#include "base/utf8.h"
#include "compile/parser_internal.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/float.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/str.h"

// --- warnings ------------------------------------------------------------------------------------

bool qv_parser_warn(QvParser *p, const QvToken *t, QvType *category, const char *fmt, ...)
{
    if (p->literal_quiet) {
        return true;
    }
    QvInterp *qi = p->qi;
    va_list ap;
    va_start(ap, fmt);
    QvObj *text = qv_str_format_v(qi, fmt, ap);
    va_end(ap);
    if (text && qv_warn_explicit(qi, category, text, p->src->filename, t->lineno) == 0) {
        qv_decref(qi, text);
        return true;
    }
    p->raised = true;
    QvUtf8 utf8;
    if (text && qv_err_matches(qi, category)) {
        // A filter made it an error: show it where it stands.
        qv_err_clear(qi);
        if (qv_str_utf8(qi, text, &utf8) == 0) {
            if (t->kind == QV_TOK_NUMBER) {
                qv_parser_error_last_char(p, t, utf8.s);
            } else {
                qv_parser_error_tokens(p, &qv_exc_SyntaxError, t, t, t, "%s", utf8.s);
            }
            qv_utf8_release(qi, &utf8);
        }
    }
    qv_xdecref(qi, text);
    return false;
}

void qv_parser_begin_literal(QvParser *p, const QvToken *first, const QvToken *last)
{
    p->literal_quiet = p->quiet || first->start < p->warned;
    if (last->end > p->warned) {
        p->warned = last->end;
    }
}

// Warns about the first backslash in s[0..n) that starts no escape, if any: CPython tells of one
// for each piece of text.
static bool warn_escape(QvParser *p, const char *s, size_t n, bool bytes)
{
    const char *end = s + n;
    while ((s = memchr(s, '\\', (size_t)(end - s))) != NULL && end - s > 1) {
        char c = s[1];
        if (c >= '0' && c <= '7') {
            size_t digits = 1;
            while (digits < 3 && s + 1 + digits < end && s[1 + digits] >= '0' &&
                   s[1 + digits] <= '7') {
                digits++;
            }
            if (digits == 3 && c >= '4') {
                return qv_parser_warn(p, p->literal, &qv_exc_DeprecationWarning,
                                      "invalid octal escape sequence '\\%c%c%c'", s[1], s[2], s[3]);
            }
        } else if (!strchr(bytes ? "\n\\'\"abfnrtvx" : "\n\\'\"abfnrtvxuUN", c) && !(c & 0x80)) {
            return qv_parser_warn(p, p->literal, &qv_exc_DeprecationWarning,
                                  "invalid escape sequence '\\%c'", c);
        }
        s += 2;
    }
    return true;
}

// --- numbers -------------------------------------------------------------------------------------

// A failed int(): too many decimal digits is a syntax error of the literal.
static QvObj *int_failed(QvParser *p, const QvToken *t)
{
    QvInterp *qi = p->qi;
    p->raised = true;
    if (!qv_err_matches(qi, &qv_exc_ValueError)) {
        return NULL;
    }
    QvObj *exc = qv_err_fetch(qi);
    QvObj *why = qv_str(qi, exc);
    qv_decref(qi, exc);
    QvUtf8 utf8;
    if (!why || qv_str_utf8(qi, why, &utf8) < 0) {
        qv_xdecref(qi, why);
        return NULL;
    }
    qv_parser_error_at(
        p, &qv_exc_SyntaxError, (QvPos){t->lineno, -1, t->end_lineno, -1}, t,
        "%s - Consider hexadecimal for huge integer literals to avoid decimal conversion limits.",
        utf8.s);
    qv_utf8_release(qi, &utf8);
    qv_decref(qi, why);
    return NULL;
}

static QvObj *make_int(QvParser *p, const QvToken *t, const char *s, size_t n)
{
    int base = 10;
    if (n > 2 && s[0] == '0') {
        char c = (char)(s[1] | 0x20);
        base = c == 'x' ? 16 : c == 'o' ? 8 : c == 'b' ? 2 : 10;
        if (base != 10) {
            s += 2;
            n -= 2;
        }
    }
    int64_t value;
    if (qv_num_parse_i64(s, n, base, &value) == 1) {
        return qv_int_from_i64(p->qi, value);
    }
    QvObj *o = qv_int_from_text(p->qi, s, (QvSsize)n, base);
    return o ? o : int_failed(p, t);
}

static QvObj *make_number(QvParser *p, const QvToken *t, const char *s, size_t n)
{
    bool radix = n > 1 && s[0] == '0' &&
                 ((s[1] | 0x20) == 'x' || (s[1] | 0x20) == 'o' || (s[1] | 0x20) == 'b');
    bool imaginary = !radix && (s[n - 1] | 0x20) == 'j';
    if (imaginary) {
        n--;
    } else if (radix || (!memchr(s, '.', n) && !memchr(s, 'e', n) && !memchr(s, 'E', n))) {
        return make_int(p, t, s, n);
    }
    double value = 0.0;
    qv_num_scan_double(s, s + n, &value);
    return imaginary ? qv_complex_new(p->qi, 0.0, value) : qv_float_new(p->qi, value);
}

// `1if x`: allowed for now.
static bool warn_keyword(QvParser *p, const QvToken *t, const char *s, size_t n)
{
    char radix = n > 1 && s[0] == '0' ? (char)(s[1] | 0x20) : '0';
    const char *kind = radix == 'x'               ? "hexadecimal"
                       : radix == 'o'             ? "octal"
                       : radix == 'b'             ? "binary"
                       : (s[n - 1] | 0x20) == 'j' ? "imaginary"
                                                  : "decimal";
    qv_parser_begin_literal(p, t, t);
    // CPython's lexer warns, which reads the text only once.
    return p->again || qv_parser_warn(p, t, &qv_exc_SyntaxWarning, "invalid %s literal", kind);
}

QvExpr *qv_parse_number(QvParser *p)
{
    const QvToken *t = p->tok++;
    const char *s = p->lx->text + t->start;
    size_t n = t->end - t->start;
    if (QV_UNLIKELY(t->flags & QV_TOKF_KEYWORD) && !warn_keyword(p, t, s, n)) {
        return NULL;
    }
    QvObj *value;
    if (QV_UNLIKELY(memchr(s, '_', n) != NULL)) {
        if (!qv_parser_since(p, 6, "Underscores in numeric literals are")) {
            return NULL;
        }
        char *plain = qv_alloc(p->qi, n);
        if (!plain) {
            return qv_parser_raised(p);
        }
        size_t used = 0;
        for (size_t i = 0; i < n; i++) {
            if (s[i] != '_') {
                plain[used++] = s[i];
            }
        }
        value = make_number(p, t, plain, used);
        qv_free(p->qi, plain, n);
    } else {
        value = make_number(p, t, s, n);
    }
    value = qv_parser_keep(p, value);
    QvExpr *e = value ? qv_parser_expr(p, QV_EXPR_CONSTANT, qv_parser_pos(p, t)) : NULL;
    if (e) {
        e->u.constant.value = value;
    }
    return e;
}

// Turns the pending UnicodeError or ValueError into the SyntaxError of the literal. Always false.
static bool literal_failed(QvParser *p)
{
    QvInterp *qi = p->qi;
    p->raised = true;
    const char *what = NULL;
    if (qv_err_matches(qi, &qv_exc_UnicodeError)) {
        what = "unicode error";
    } else if (qv_err_matches(qi, &qv_exc_ValueError)) {
        what = "value error";
    } else {
        return false;
    }
    QvObj *exc = qv_err_fetch(qi);
    QvObj *why = qv_str(qi, exc);
    qv_decref(qi, exc);
    QvUtf8 utf8;
    if (!why || qv_str_utf8(qi, why, &utf8) < 0) {
        qv_xdecref(qi, why);
        return false;
    }
    qv_parser_error_seen(p, &qv_exc_SyntaxError, p->tok, "(%s) %s", what, utf8.s);
    qv_utf8_release(qi, &utf8);
    qv_decref(qi, why);
    return false;
}

// --- text being put together ---------------------------------------------------------------------

bool qv_text_add(QvParser *p, QvText *text, const char *s, size_t n)
{
    if (text->cap - text->len < n) {
        size_t cap = text->cap * 2 + n + 32;
        char *data = qv_realloc(p->qi, text->data, text->cap, cap);
        if (!data) {
            p->raised = true;
            return false;
        }
        text->data = data;
        text->cap = cap;
    }
    if (n > 0) {
        memcpy(text->data + text->len, s, n);
        text->len += n;
    }
    return true;
}

bool qv_text_add_cp(QvParser *p, QvText *text, uint32_t cp)
{
    char buf[4];
    int n = qv_utf8_encode(cp, buf);
    text->surrogates = text->surrogates || (cp >= 0xD800 && cp <= 0xDFFF);
    return qv_text_add(p, text, buf, (size_t)n);
}

void qv_text_fini(QvParser *p, QvText *text)
{
    if (text->data) {
        qv_free(p->qi, text->data, text->cap);
    }
    *text = (QvText){.data = NULL};
}

QvObj *qv_text_to_str(QvParser *p, const QvText *text)
{
    QvObj *o;
    if (!text->surrogates) {
        o = qv_str_new_utf8(p->qi, text->len ? text->data : "", (QvSsize)text->len);
    } else {
        size_t size = text->len * sizeof(uint32_t);
        uint32_t *cps = qv_alloc(p->qi, size);
        if (!cps) {
            return qv_parser_raised(p);
        }
        // qv_utf8_to_ucs4 wants text without surrogates or with each as three bytes, which this is.
        QvSsize n = qv_utf8_to_ucs4(text->data, text->len, cps);
        o = qv_str_new_ucs4(p->qi, cps, n);
        qv_free(p->qi, cps, size);
    }
    if (!o) {
        literal_failed(p); // the source was no UTF-8 here
        return NULL;
    }
    return qv_parser_keep(p, o);
}

// --- escapes of str ------------------------------------------------------------------------------

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// The codec handles what is rare: \N{...}, and malformed escapes, for which it has the message. It
// reads Latin-1, so other characters are written as \U escapes, as CPython does (positions in
// messages count that way).
static bool add_by_codec(QvParser *p, QvText *text, const char *s, size_t n)
{
    size_t size = n * 10 + 16;
    char *ascii = qv_alloc(p->qi, size);
    if (!ascii) {
        p->raised = true;
        return false;
    }
    size_t used = 0;
    const char *end = s + n;
    while (s < end) {
        if (*s == '\\') {
            ascii[used++] = *s++;
            if (s == end || (*s & 0x80)) {
                memcpy(ascii + used, "u005c", 5);
                used += 5;
                if (s == end) {
                    break;
                }
            }
        }
        if (*s & 0x80) {
            uint32_t cp;
            int width = qv_utf8_decode(s, end, true, &cp);
            static const char digits[] = "0123456789abcdef";
            ascii[used++] = '\\';
            ascii[used++] = 'U';
            for (int shift = 28; shift >= 0; shift -= 4) {
                ascii[used++] = digits[(cp >> shift) & 15];
            }
            s += width > 0 ? width : 1;
        } else {
            ascii[used++] = *s++;
        }
    }
    QvObj *o = qv_codec_unicode_escape_decode(p->qi, ascii, (QvSsize)used, NULL, false, NULL);
    qv_free(p->qi, ascii, size);
    if (!o) {
        return literal_failed(p);
    }
    bool ok = true;
    for (QvSsize i = 0; ok && i < qv_str_len(o); i++) {
        ok = qv_text_add_cp(p, text, qv_str_read(o, i));
    }
    qv_decref(p->qi, o);
    return ok;
}

// One escape; *s stands behind the backslash. Returns 1, 0 when the codec is needed, -1 with
// p->raised.
static int add_escape(QvParser *p, QvText *text, const char **s, const char *end)
{
    char c = **s;
    int digits = 0;
    uint32_t cp = 0;
    ++*s;
    switch (c) {
    case '\n': return 1;
    case '\\':
    case '\'':
    case '"': cp = (unsigned char)c; break;
    case 'a': cp = 7; break;
    case 'b': cp = 8; break;
    case 'f': cp = 12; break;
    case 'n': cp = 10; break;
    case 'r': cp = 13; break;
    case 't': cp = 9; break;
    case 'v': cp = 11; break;
    case 'x': digits = 2; break;
    case 'u': digits = 4; break;
    case 'U': digits = 8; break;
    case 'N': return 0;
    default:
        if (c >= '0' && c <= '7') {
            cp = (uint32_t)(c - '0');
            for (int i = 0; i < 2 && *s < end && **s >= '0' && **s <= '7'; i++) {
                cp = cp * 8 + (uint32_t)(*(*s)++ - '0');
            }
            break;
        }
        // Not an escape: both characters stay.
        --*s;
        return qv_text_add(p, text, "\\", 1) ? 1 : -1;
    }
    for (int i = 0; i < digits; i++) {
        int v = *s < end ? hex_value(**s) : -1;
        if (v < 0) {
            return 0;
        }
        cp = cp * 16 + (uint32_t)v;
        ++*s;
    }
    if (cp > QV_MAX_CODE_POINT) {
        return 0;
    }
    return qv_text_add_cp(p, text, cp) ? 1 : -1;
}

static bool add_str(QvParser *p, QvText *text, const char *s, size_t n)
{
    const char *start = s;
    const char *end = s + n;
    size_t old_len = text->len;
    while (s < end) {
        const char *backslash = memchr(s, '\\', (size_t)(end - s));
        if (!backslash) {
            if (!qv_text_add(p, text, s, (size_t)(end - s))) {
                return false;
            }
            break;
        }
        if (!qv_text_add(p, text, s, (size_t)(backslash - s))) {
            return false;
        }
        s = backslash + 1;
        if (s == end) { // before the brace of an f-string
            if (!qv_text_add(p, text, "\\", 1)) {
                return false;
            }
            break;
        }
        int r = add_escape(p, text, &s, end);
        if (r == 0) {
            text->len = old_len;
            return add_by_codec(p, text, start, n) && warn_escape(p, start, n, false);
        }
        if (r < 0) {
            return false;
        }
    }
    return warn_escape(p, start, n, false);
}

bool qv_text_add_literal(QvParser *p, QvText *text, const char *s, size_t n, bool raw)
{
    return raw || !memchr(s, '\\', n) ? qv_text_add(p, text, s, n) : add_str(p, text, s, n);
}

// --- bytes ---------------------------------------------------------------------------------------

static bool add_bytes_literal(QvParser *p, QvText *text, const char *s, size_t n, bool raw)
{
    for (size_t i = 0; i < n; i++) {
        if (s[i] & 0x80) {
            qv_parser_error_seen(p, &qv_exc_SyntaxError, p->tok,
                                 "bytes can only contain ASCII literal characters");
            return false;
        }
    }
    if (raw || !memchr(s, '\\', n)) {
        return qv_text_add(p, text, s, n);
    }
    QvObj *o = qv_codec_escape_decode(p->qi, s, (QvSsize)n, NULL, false);
    if (!o) {
        return literal_failed(p);
    }
    bool ok = qv_text_add(p, text, (const char *)qv_bytes_data(o), (size_t)qv_bytes_len(o));
    qv_decref(p->qi, o);
    return ok && warn_escape(p, s, n, true);
}

// --- literals and their concatenation ------------------------------------------------------------

typedef struct Literal {
    bool raw;
    bool bytes;
    bool formatted;
    const char *body; // between the quotes
    size_t len;
} Literal;

static Literal open_literal(const QvParser *p, const QvToken *t)
{
    Literal lit = {.raw = false};
    const char *s = p->lx->text + t->start;
    const char *end = p->lx->text + t->end;
    for (; *s != '\'' && *s != '"'; s++) {
        char c = (char)(*s | 0x20);
        lit.raw = lit.raw || c == 'r';
        lit.bytes = lit.bytes || c == 'b';
        lit.formatted = lit.formatted || c == 'f';
    }
    size_t quotes = end - s >= 6 && s[1] == s[0] && s[2] == s[0] ? 3 : 1;
    lit.body = s + quotes;
    lit.len = (size_t)(end - s) - 2 * quotes;
    return lit;
}

static QvExpr *make_constant(QvParser *p, const QvToken *first, QvObj *value, QvObj *kind)
{
    QvExpr *e = value ? qv_parser_expr(p, QV_EXPR_CONSTANT, qv_parser_pos(p, first)) : NULL;
    if (e) {
        e->u.constant.value = value;
        e->u.constant.kind = kind;
    }
    return e;
}

static QvExpr *finish_fstring(QvParser *p, QvFString *f)
{
    if (!qv_fstring_flush(p, f, qv_parser_pos(p, f->first))) {
        return NULL;
    }
    QvExpr *e = qv_parser_expr(p, QV_EXPR_JOINED_STR, qv_parser_pos(p, f->first));
    if (!e) {
        return NULL;
    }
    e->u.joined_str.values.items = qv_parser_take(p, f->mark, &e->u.joined_str.values.count);
    return p->raised ? NULL : e;
}

QvExpr *qv_parse_strings(QvParser *p)
{
    const QvToken *first = p->tok;
    while (qv_parser_accept(p, QV_TOK_STRING)) {}
    if (qv_parser_at(p, QV_TOK_ERROR)) {
        return NULL; // the lexer's error is told before any in the literal
    }
    QvFString f = {.first = first, .last = p->tok - 1, .mark = p->stack_len};
    Literal lit = open_literal(p, first);
    QvExpr *e = NULL;
    bool formatted = false;
    bool bytes = lit.bytes;
    if (p->lx->text[first->start] == 'u') {
        f.kind = qv_parser_keep(p, qv_str_intern_utf8(p->qi, "u", 1));
        if (!f.kind) {
            return NULL;
        }
    }
    if (first == f.last && !lit.bytes && !lit.formatted &&
        (lit.raw || !memchr(lit.body, '\\', lit.len))) {
        QvObj *value = qv_str_new_utf8(p->qi, lit.body, (QvSsize)lit.len);
        if (!value) {
            literal_failed(p);
            return NULL;
        }
        value = qv_parser_keep(p, value);
        return make_constant(p, first, value, f.kind);
    }
    qv_parser_begin_literal(p, first, f.last);
    for (const QvToken *t = first; t <= f.last; t++) {
        p->literal = t;
        lit = open_literal(p, t);
        bool ok = true;
        if (lit.bytes) {
            ok = add_bytes_literal(p, &f.text, lit.body, lit.len, lit.raw);
        } else if (!lit.formatted) {
            ok = qv_text_add_literal(p, &f.text, lit.body, lit.len, lit.raw);
        }
        if (ok && lit.bytes != bytes) {
            qv_parser_error_seen(p, &qv_exc_SyntaxError, p->tok,
                                 "cannot mix bytes and nonbytes literals");
            ok = false;
        }
        if (ok && lit.formatted) {
            formatted = true;
            ok = qv_fstring_add(p, &f, t, lit.body, lit.len, lit.raw);
        }
        if (!ok) {
            goto done;
        }
    }
    if (formatted) {
        e = finish_fstring(p, &f);
    } else if (bytes) {
        QvObj *value = qv_parser_keep(
            p, qv_bytes_new(p->qi, f.text.len ? f.text.data : "", (QvSsize)f.text.len));
        e = make_constant(p, first, value, NULL);
    } else {
        e = make_constant(p, first, qv_text_to_str(p, &f.text), f.kind);
    }
done:
    if (!e) {
        p->stack_len = f.mark;
    }
    qv_text_fini(p, &f.text);
    return e;
}
