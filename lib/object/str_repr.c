// SPDX-License-Identifier: MIT
// repr of str, bytes and bytearray, and the escaping that ascii() adds.
#include <string.h>

#include "base/unicode.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/str_methods.h"
#include "object/str_units.h"

static const char hex_digits[] = "0123456789abcdef";

// Characters that a repr writes for c inside quotes, apart from the quote itself.
static QV_ALWAYS_INLINE int repr_width(uint32_t c)
{
    if (c < 0x80) {
        if (c == '\\' || c == '\t' || c == '\n' || c == '\r') {
            return 2;
        }
        return c < 0x20 || c == 0x7F ? 4 : 1;
    }
    if (qv_uni_is_printable(c)) {
        return 1;
    }
    return c < 0x100 ? 4 : c < 0x10000 ? 6 : 10;
}

static QvSsize write_hex(void *p, QvStrKind kind, QvSsize i, uint32_t c, int digits)
{
    for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
        qv_units_write(p, kind, i++, (uint32_t)hex_digits[(c >> shift) & 15]);
    }
    return i;
}

// Backslash, letter, digits: \xhh, \uhhhh or \Uhhhhhhhh.
static QvSsize write_escape(void *p, QvStrKind kind, QvSsize i, uint32_t c)
{
    qv_units_write(p, kind, i++, '\\');
    qv_units_write(p, kind, i++, c < 0x100 ? 'x' : c < 0x10000 ? 'u' : 'U');
    return write_hex(p, kind, i, c, c < 0x100 ? 2 : c < 0x10000 ? 4 : 8);
}

static QV_ALWAYS_INLINE QvSsize write_repr(void *p, QvStrKind kind, QvSsize i, uint32_t c,
                                           uint32_t quote)
{
    int width = repr_width(c);
    if (width == 1) {
        if (c == quote) {
            qv_units_write(p, kind, i++, '\\');
        }
        qv_units_write(p, kind, i++, c);
        return i;
    }
    if (width == 2) {
        qv_units_write(p, kind, i++, '\\');
        qv_units_write(p, kind, i++, c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\');
        return i;
    }
    return write_escape(p, kind, i, c);
}

QvObj *qv_str_repr(QvInterp *qi, QvObj *s)
{
    QvSsize n = qv_str_len(s);
    QvStrKind kind = qv_str_kind(s);
    const void *p = qv_str_data(s);
    QvSsize singles = 0, doubles = 0, out = 2;
    uint32_t maxchar = 0x7F;
    QvSsize i = 0;
    if (kind == QV_STR_1) { // what needs no thought: printable ASCII without quotes and backslash
        const uint8_t *b = p;
        QvSsize watched = n < QV_POLL_SLICE ? n : QV_POLL_SLICE; // the others are looked at below
        while (i < watched && (uint8_t)(b[i] - 0x20) < 0x5F && b[i] != '\'' && b[i] != '"' &&
               b[i] != '\\') {
            i++;
        }
        out += i;
    }
    for (; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) {
            return NULL;
        }
        uint32_t c = qv_units_read(p, kind, i);
        singles += c == '\'';
        doubles += c == '"';
        int width = repr_width(c);
        out += width;
        if (width == 1 && c > maxchar) {
            maxchar = c;
        }
    }
    uint32_t quote = '\'';
    if (singles > 0) {
        if (doubles == 0) {
            quote = '"';
        } else {
            out += singles;
        }
    }
    QvObj *ret = qv_str_alloc(qi, out, maxchar);
    if (ret == NULL) {
        return NULL;
    }
    QvStrKind ret_kind = qv_str_kind(ret);
    void *dst = qv_str_data(ret);
    qv_units_write(dst, ret_kind, 0, quote);
    qv_units_write(dst, ret_kind, out - 1, quote);
    if (out == n + 2) {
        if (qv_units_copy_long(qi, qv_units_at(dst, ret_kind, 1), ret_kind, p, kind, n) < 0) {
            qv_clear(qi, &ret);
        }
        return ret;
    }
    QvSsize at = 1;
    for (i = 0; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
        at = write_repr(dst, ret_kind, at, qv_units_read(p, kind, i), quote);
    }
    return ret;
}

QvObj *qv_str_escape_nonascii(QvInterp *qi, QvObj *s)
{
    if (qv_str_is_ascii(s)) {
        return qv_new_ref(qi, s);
    }
    QvSsize n = qv_str_len(s);
    QvSsize out = 0;
    for (QvSsize i = 0; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) {
            return NULL;
        }
        uint32_t c = qv_str_read(s, i);
        out += c < 0x80 ? 1 : c < 0x100 ? 4 : c < 0x10000 ? 6 : 10;
    }
    QvObj *ret = qv_str_alloc(qi, out, 0x7F);
    if (ret == NULL) {
        return NULL;
    }
    void *dst = qv_str_data(ret);
    QvSsize at = 0;
    for (QvSsize i = 0; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
        uint32_t c = qv_str_read(s, i);
        if (c < 0x80) {
            qv_units_write(dst, QV_STR_1, at++, c);
        } else {
            at = write_escape(dst, QV_STR_1, at, c);
        }
    }
    return ret;
}

QvObj *qv_bytes_repr_of(QvInterp *qi, const uint8_t *p, QvSsize n, const char *before,
                        const char *after, bool escape_single)
{
    QvSsize before_len = (QvSsize)strlen(before);
    QvSsize after_len = (QvSsize)strlen(after);
    if (n > QV_UNITS_MAX) {
        return qv_raise(qi, &qv_exc_OverflowError, "bytes object is too large to make repr");
    }
    bool has_single = n > 0 && memchr(p, '\'', (size_t)n) != NULL;
    bool has_double = n > 0 && memchr(p, '"', (size_t)n) != NULL;
    uint8_t quote = has_single && !has_double ? '"' : '\'';
    uint8_t escaped = escape_single ? '\'' : quote;
    QvSsize out = before_len + after_len + 3;
    for (QvSsize i = 0; i < n; i++) {
        if (qv_stop_step(qi, i) < 0) { // nobody may write to p meanwhile
            return NULL;
        }
        uint8_t c = p[i];
        out += c >= 0x80 ? 4 : repr_width(c) + (c == escaped);
    }
    QvObj *ret = qv_str_alloc(qi, out, 0x7F);
    if (ret == NULL) {
        return NULL;
    }
    char *dst = qv_str_data(ret);
    memcpy(dst, before, (size_t)before_len);
    QvSsize at = before_len;
    dst[at++] = 'b';
    dst[at++] = (char)quote;
    for (QvSsize i = 0; i < n; i++) {
        if (qv_stop_step(qi, i) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
        at = p[i] >= 0x80 ? write_escape(dst, QV_STR_1, at, p[i])
                          : write_repr(dst, QV_STR_1, at, p[i], escaped);
    }
    dst[at++] = (char)quote;
    memcpy(dst + at, after, (size_t)after_len);
    return ret;
}
