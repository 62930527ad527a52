// SPDX-License-Identifier: MIT
// Source bytes to the text that the lexer reads: UTF-8 with '\n' line ends and a NUL behind it.
#include <string.h>

#include "base/utf8.h"
#include "compile/parser_internal.h"
#include "object/protocol.h"
#include "object/key.h"
#include "object/str_units.h"

// The encoding that a coding cookie (PEP 263) in this line names: length of the name, *ret its
// start; 0: none. *blank is set when the line holds no more than a comment, so that the next one
// may have the cookie.
static size_t find_cookie(const char *line, const char *end, const char **ret, bool *blank)
{
    const char *s = line;
    while (s < end && (*s == ' ' || *s == '\t' || *s == '\f')) {
        s++;
    }
    *blank = s == end || *s == '#' || *s == '\n' || *s == '\r';
    if (s == end || *s != '#') {
        return 0;
    }
    for (; end - s > 6; s++) {
        if (memcmp(s, "coding", 6) != 0 || (s[6] != ':' && s[6] != '=')) {
            continue;
        }
        const char *name = s + 7;
        while (name < end && (*name == ' ' || *name == '\t')) {
            name++;
        }
        const char *p = name;
        while (p < end && ((*p >= '0' && *p <= '9') || ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') ||
                           *p == '-' || *p == '_' || *p == '.')) {
            p++;
        }
        if (p > name) {
            *ret = name;
            return (size_t)(p - name);
        }
    }
    return 0;
}

static const char *end_of_line(const char *s, const char *end)
{
    while (s < end && *s != '\n' && *s != '\r') {
        s++;
    }
    return s;
}

void qv_source_encoding(const char *src, const char *end, char *name, size_t size)
{
    name[0] = '\0';
    for (int i = 0; i < 2; i++) {
        const char *line_end = end_of_line(src, end);
        const char *found;
        bool blank;
        size_t n = find_cookie(src, line_end, &found, &blank);
        if (n > 0) {
            n = n < size ? n : size - 1;
            for (size_t k = 0; k < n; k++) {
                char c = found[k];
                name[k] = c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
            }
            name[n] = '\0';
            return;
        }
        if (!blank || line_end == end) {
            return;
        }
        src = line_end + (end - line_end > 1 && line_end[0] == '\r' && line_end[1] == '\n' ? 2 : 1);
    }
}

static bool is_utf8_name(const char *name)
{
    return strcmp(name, "utf-8") == 0 || strncmp(name, "utf-8-", 6) == 0 ||
           strcmp(name, "utf8") == 0;
}

static bool is_latin1_name(const char *name)
{
    static const char *const names[] = {"latin-1", "iso-8859-1", "iso-latin-1"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        size_t n = strlen(names[i]);
        if (strncmp(name, names[i], n) == 0 && (name[n] == '\0' || name[n] == '-')) {
            return true;
        }
    }
    return false;
}

// A file's wrong byte is told without a place.
static int not_utf8(QvInterp *qi, const char *src, const QvUtf8Info *info, QvObj *filename)
{
    int lineno = 1;
    for (QvSsize i = 0; i < info->error_pos; i++) {
        lineno += src[i] == '\n';
    }
    qv_raise(
        qi, &qv_exc_SyntaxError,
        "Non-UTF-8 code starting with '\\x%.2x' in file %U on line %d, but no encoding declared; "
        "see https://peps.python.org/pep-0263/ for details",
        (unsigned)(unsigned char)src[info->error_pos], filename, lineno);
    return -1;
}

// Copies n bytes of UTF-8 with line ends made '\n'.
static int normalise(QvInterp *qi, const char *src, size_t n, QvParseMode mode, QvPrepared *ret)
{
    size_t size = n + 2;
    char *text = qv_alloc(qi, size);
    if (!text) {
        return -1;
    }
    char *out = text;
    if (!memchr(src, '\r', n)) {
        if (qv_units_copy_long(qi, text, QV_STR_1, src, QV_STR_1, (QvSsize)n) < 0) {
            qv_free(qi, text, size);
            return -1;
        }
        out += n;
    } else {
        for (size_t i = 0; i < n; i++) {
            if (qv_stop_step(qi, (QvSsize)i) < 0) {
                qv_free(qi, text, size);
                return -1;
            }
            if (src[i] == '\r') {
                *out++ = '\n';
                i += i + 1 < n && src[i + 1] == '\n';
            } else {
                *out++ = src[i];
            }
        }
    }
    if (mode == QV_PARSE_EXEC && (out == text || out[-1] != '\n')) {
        *out++ = '\n';
    }
    *out = '\0';
    *ret = (QvPrepared){.text = text, .size = size, .len = (size_t)(out - text)};
    return 0;
}

static int encoding_problem(QvInterp *qi, QvObj *filename, const char *fmt, const char *encoding)
{
    QvObj *msg = qv_str_format(qi, fmt, encoding);
    QvUtf8 utf8;
    if (msg && qv_str_utf8(qi, msg, &utf8) == 0) {
        qv_raise_syntax(qi, &qv_exc_SyntaxError, utf8.s, filename, 0, -1, 0, QV_NO_COLUMN, NULL);
        qv_utf8_release(qi, &utf8);
    }
    qv_xdecref(qi, msg);
    return -1;
}

static int prepare_declared(QvInterp *qi, const char *src, size_t n, const char *encoding,
                            QvObj *filename, QvParseMode mode, QvPrepared *ret)
{
    QvObj *decoded = qv_str_decode(qi, src, (QvSsize)n, encoding, NULL);
    if (!decoded) {
        if (qv_err_matches(qi, &qv_exc_LookupError)) {
            qv_err_clear(qi);
            return encoding_problem(qi, filename, "unknown encoding: %s", encoding);
        }
        if (qv_err_matches(qi, &qv_exc_ValueError)) {
            QvObj *exc = qv_err_fetch(qi);
            QvObj *why = qv_str(qi, exc);
            QvUtf8 text;
            if (why && qv_str_utf8(qi, why, &text) == 0) {
                encoding_problem(qi, filename, "%s", text.s);
                qv_utf8_release(qi, &text);
            }
            qv_xdecref(qi, why);
            qv_decref(qi, exc);
        }
        return -1;
    }
    QvUtf8 utf8;
    int r = qv_str_utf8(qi, decoded, &utf8);
    if (r == 0) {
        r = normalise(qi, utf8.s, (size_t)utf8.n, mode, ret);
        qv_utf8_release(qi, &utf8);
    }
    qv_decref(qi, decoded);
    return r;
}

int qv_source_prepare(QvInterp *qi, const char *src, QvSsize len, QvObj *filename, QvParseMode mode,
                      unsigned flags, QvPrepared *ret)
{
    size_t n = (size_t)len;
    if (len > INT32_MAX - 16) {
        qv_raise(qi, &qv_exc_OverflowError, "source code is too long");
        return -1;
    }
    if (memchr(src, '\0', n)) {
        qv_raise(qi, &qv_exc_ValueError, "source code string cannot contain null bytes");
        return -1;
    }
    bool declared = true;
    if (!(flags & QV_PARSE_IGNORE_COOKIE)) {
        bool bom = n >= 3 && memcmp(src, "\xEF\xBB\xBF", 3) == 0;
        if (bom) {
            src += 3;
            n -= 3;
        }
        char encoding[64];
        qv_source_encoding(src, src + n, encoding, sizeof encoding);
        // Behind a mark only the name itself will do, as in CPython.
        if (encoding[0] && (!is_utf8_name(encoding) || (bom && encoding[3] != '-'))) {
            if (bom) {
                return encoding_problem(qi, filename, "encoding problem: %s with BOM",
                                        is_latin1_name(encoding) ? "iso-8859-1" : encoding);
            }
            return prepare_declared(qi, src, n, encoding, filename, mode, ret);
        }
        declared = bom || encoding[0];
    }
    QvUtf8Info info;
    if ((declared || (flags & QV_PARSE_FROM_FILE)) && qv_utf8_ascii_prefix(src, n) < n &&
        qv_utf8_scan(src, n, false, &info) < 0) {
        if (!declared) {
            return not_utf8(qi, src, &info, filename);
        }
        return prepare_declared(qi, src, n, "utf-8", filename, mode, ret); // raises
    }
    int r = normalise(qi, src, n, mode, ret);
    if (r == 0) {
        ret->undeclared = !declared;
    }
    return r;
}
