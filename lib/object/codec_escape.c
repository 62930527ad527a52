// SPDX-License-Identifier: MIT
// The codecs of escapes (unicode_escape, raw_unicode_escape, those of bytes literals) and of
// character maps.
#include <string.h>

#include "base/unicode_names.h"
#include "object/bytes.h"
#include "object/bytes_methods.h"
#include "object/codec.h"
#include "object/codec_error.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str_units.h"

static const char hex_digits[] = "0123456789abcdef";

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int put(QvInterp *qi, QvByteVec *v, const void *p, QvSsize n)
{
    if (n == 0) {
        return 0;
    }
    if (qv_byte_vec_reserve(qi, v, n) < 0) {
        return -1;
    }
    memcpy(v->p + v->len, p, (size_t)n);
    v->len += n;
    return 0;
}

static QvObj *finish(QvInterp *qi, QvByteVec *v, int r)
{
    QvObj *ret = r < 0 ? NULL : qv_bytes_new(qi, v->len > 0 ? (const char *)v->p : "", v->len);
    qv_byte_vec_fini(qi, v);
    return ret;
}

// Backslash, a letter and that many hexadecimal digits.
static int put_hex(QvInterp *qi, QvByteVec *v, char letter, uint32_t c, int digits)
{
    char text[10] = {'\\', letter};
    for (int i = 0; i < digits; i++) {
        text[2 + i] = hex_digits[(c >> ((digits - 1 - i) * 4)) & 15];
    }
    return put(qi, v, text, digits + 2);
}

// ---- unicode_escape and raw_unicode_escape ------------------------------------------------------

QvObj *qv_codec_unicode_escape_encode(QvInterp *qi, QvObj *s)
{
    QvByteVec v = {0};
    QvSsize n = qv_str_len(s);
    int r = qv_byte_vec_expect(qi, &v, n);
    for (QvSsize i = 0; r == 0 && i < n; i++) {
        uint32_t c = qv_str_read(s, i);
        char text[2] = {'\\', 0};
        if (c >= 0x10000) {
            r = put_hex(qi, &v, 'U', c, 8);
        } else if (c >= 0x100) {
            r = put_hex(qi, &v, 'u', c, 4);
        } else if (c == '\t' || c == '\n' || c == '\r' || c == '\\') {
            text[1] = c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : '\\';
            r = put(qi, &v, text, 2);
        } else if (c < 0x20 || c >= 0x7F) {
            r = put_hex(qi, &v, 'x', c, 2);
        } else {
            text[0] = (char)c;
            r = put(qi, &v, text, 1);
        }
    }
    return finish(qi, &v, r);
}

QvObj *qv_codec_raw_unicode_escape_encode(QvInterp *qi, QvObj *s)
{
    QvByteVec v = {0};
    QvSsize n = qv_str_len(s);
    if (qv_str_kind(s) == QV_STR_1) {
        return qv_bytes_new(qi, qv_str_data(s), n);
    }
    int r = qv_byte_vec_expect(qi, &v, n);
    for (QvSsize i = 0; r == 0 && i < n; i++) {
        uint32_t c = qv_str_read(s, i);
        uint8_t byte = (uint8_t)c;
        r = c >= 0x10000 ? put_hex(qi, &v, 'U', c, 8)
            : c >= 0x100 ? put_hex(qi, &v, 'u', c, 4)
                         : put(qi, &v, &byte, 1);
    }
    return finish(qi, &v, r);
}

// Up to `count` hexadecimal digits at *i: how many there were.
static int read_hex(const uint8_t *p, QvSsize n, QvSsize *i, int count, uint32_t *ret)
{
    int seen = 0;
    *ret = 0;
    while (seen < count && *i < n && hex_value(p[*i]) >= 0) {
        *ret = *ret << 4 | (uint32_t)hex_value(p[*i]);
        ++*i;
        seen++;
    }
    return seen;
}

// The code point of a character name, -1 unknown. A sequence is none.
static int64_t name_lookup(const uint8_t *p, QvSsize n)
{
    uint32_t points[QV_UNI_SEQUENCE_MOST];
    int count = qv_uni_lookup((const char *)p, (size_t)n, QV_UNI_NAMES_ALIASES, points);
    return count == 1 ? (int64_t)points[0] : -1;
}

static const char truncated_x[] = "truncated \\xXX escape";
static const char truncated_u[] = "truncated \\uXXXX escape";
static const char truncated_U[] = "truncated \\UXXXXXXXX escape";

// An escape at p[*i] (behind the backslash): its character, or -1 with the reason (*ret_cut: for
// lack of input), or -2 with an exception, or -3: none, the backslash stands for itself.
static int64_t read_escape(QvInterp *qi, const uint8_t *p, QvSsize n, QvSsize *i, bool warn,
                           const char **ret_reason, bool *ret_cut)
{
    *ret_cut = false;
    if (*i >= n) {
        *ret_reason = "\\ at end of string";
        *ret_cut = true;
        return -1;
    }
    uint8_t c = p[(*i)++];
    switch (c) {
    case '\\':
    case '\'':
    case '"': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 't': return '\t';
    case 'n': return '\n';
    case 'r': return '\r';
    case 'v': return '\v';
    case 'a': return '\a';
    case 'x':
    case 'u':
    case 'U': {
        int want = c == 'x' ? 2 : c == 'u' ? 4 : 8;
        uint32_t value;
        if (read_hex(p, n, i, want, &value) < want) {
            *ret_reason = c == 'x' ? truncated_x : c == 'u' ? truncated_u : truncated_U;
            *ret_cut = *i >= n;
            return -1;
        }
        if (value > QV_MAX_CODE_POINT) {
            *ret_reason = "illegal Unicode character";
            return -1;
        }
        return value;
    }
    case 'N': {
        *ret_reason = "malformed \\N character escape";
        if (*i >= n) {
            *ret_cut = true;
            return -1;
        }
        if (p[*i] != '{') {
            return -1;
        }
        QvSsize start = ++*i;
        while (*i < n && p[*i] != '}') {
            ++*i;
        }
        if (*i >= n) {
            *ret_cut = true;
            return -1;
        }
        if (*i == start) { // the brace is no part of the error
            return -1;
        }
        QvSsize end = (*i)++;
        *ret_reason = "unknown Unicode character name";
        return name_lookup(p + start, end - start);
    }
    default: break;
    }
    if (c >= '0' && c <= '7') {
        int64_t value = c - '0';
        for (int k = 0; k < 2 && *i < n && p[*i] >= '0' && p[*i] <= '7'; k++) {
            value = value * 8 + (p[(*i)++] - '0');
        }
        if (value > 0xFF && warn &&
            qv_warn(qi, &qv_exc_DeprecationWarning, 1, "invalid octal escape sequence '\\%c%c%c'",
                    p[*i - 3], p[*i - 2], p[*i - 1]) < 0) {
            return -2;
        }
        return value;
    }
    --*i;
    return -3;
}

QvObj *qv_codec_unicode_escape_decode(QvInterp *qi, const void *bytes, QvSsize n,
                                      const char *errors, bool warn, QvSsize *consumed)
{
    const uint8_t *p = bytes;
    QvCodecErrors e = {.qi = qi, .errors = errors, .encoding = "unicodeescape", .p = p, .n = n};
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    bool warned = !warn;
    QvSsize i = 0;
    while (i < n && !b.failed) {
        const uint8_t *next = memchr(p + i, '\\', (size_t)(n - i));
        QvSsize plain = (next != NULL ? next - p : n) - i;
        if (plain > 0) {
            qv_strbuf_units(&b, p + i, QV_STR_1, plain, qv_units_max(p + i, QV_STR_1, plain));
            i += plain;
            continue;
        }
        QvSsize start = i++;
        if (i < n && p[i] == '\n') { // a continued line
            i++;
            continue;
        }
        const char *reason = "";
        bool cut;
        int64_t c = read_escape(qi, p, n, &i, warn, &reason, &cut);
        if (c >= 0) {
            qv_strbuf_char(&b, (uint32_t)c);
        } else if (c == -3) {
            if (!warned && qv_warn(qi, &qv_exc_DeprecationWarning, 1,
                                   "invalid escape sequence '\\%c'", (int)p[i]) < 0) {
                b.failed = true;
                break;
            }
            warned = true;
            qv_strbuf_char(&b, '\\');
            qv_strbuf_char(&b, p[i++]);
        } else if (c == -2) {
            b.failed = true;
        } else if (cut && consumed != NULL) {
            i = start;
            break;
        } else if (qv_codec_decode_error(&e, start, i, reason, &b, &i) < 0) {
            b.failed = true;
        } else {
            p = e.p;
            n = e.n;
        }
    }
    if (consumed != NULL) {
        *consumed = i;
    }
    qv_codec_errors_fini(&e);
    return qv_strbuf_finish(&b);
}

QvObj *qv_codec_raw_unicode_escape_decode(QvInterp *qi, const void *bytes, QvSsize n,
                                          const char *errors, QvSsize *consumed)
{
    const uint8_t *p = bytes;
    QvCodecErrors e = {.qi = qi, .errors = errors, .encoding = "rawunicodeescape", .p = p, .n = n};
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize i = 0;
    while (i < n && !b.failed) {
        if (p[i] != '\\') {
            qv_strbuf_char(&b, p[i++]);
            continue;
        }
        if (i + 1 >= n) {
            if (consumed != NULL) {
                break;
            }
            qv_strbuf_char(&b, p[i++]);
            continue;
        }
        uint8_t kind = p[i + 1];
        if (kind != 'u' && kind != 'U') {
            // Two backslashes are two characters, and the second starts no escape.
            qv_strbuf_char(&b, p[i]);
            qv_strbuf_char(&b, p[i + 1]);
            i += 2;
            continue;
        }
        QvSsize start = i;
        i += 2;
        int want = kind == 'u' ? 4 : 8;
        uint32_t c;
        const char *reason;
        if (read_hex(p, n, &i, want, &c) < want) {
            if (i >= n && consumed != NULL) {
                i = start;
                break;
            }
            reason = kind == 'u' ? truncated_u : truncated_U;
        } else if (c > QV_MAX_CODE_POINT) {
            reason = "\\Uxxxxxxxx out of range";
        } else {
            qv_strbuf_char(&b, c);
            continue;
        }
        if (qv_codec_decode_error(&e, start, i, reason, &b, &i) < 0) {
            b.failed = true;
        } else {
            p = e.p;
            n = e.n;
        }
    }
    if (consumed != NULL) {
        *consumed = i;
    }
    qv_codec_errors_fini(&e);
    return qv_strbuf_finish(&b);
}

// ---- escapes of bytes ---------------------------------------------------------------------------

QvObj *qv_codec_escape_encode(QvInterp *qi, const void *bytes, QvSsize n)
{
    const uint8_t *p = bytes;
    QvByteVec v = {0};
    int r = 0;
    for (QvSsize i = 0; r == 0 && i < n; i++) {
        uint8_t c = p[i];
        char text[2] = {'\\', (char)c};
        if (c == '\t' || c == '\n' || c == '\r') {
            text[1] = c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
            r = put(qi, &v, text, 2);
        } else if (c == '\\' || c == '\'') {
            r = put(qi, &v, text, 2);
        } else if (c < 0x20 || c >= 0x7F) {
            r = put_hex(qi, &v, 'x', c, 2);
        } else {
            r = put(qi, &v, &c, 1);
        }
    }
    return finish(qi, &v, r);
}

QvObj *qv_codec_escape_decode(QvInterp *qi, const void *bytes, QvSsize n, const char *errors,
                              bool warn)
{
    const uint8_t *p = bytes;
    QvByteVec v = {0};
    int r = qv_byte_vec_expect(qi, &v, n);
    bool warned = !warn;
    for (QvSsize i = 0; r == 0 && i < n;) {
        if (p[i] != '\\') {
            r = put(qi, &v, &p[i++], 1);
            continue;
        }
        QvSsize start = i++;
        if (i >= n) {
            r = qv_raise_int(qi, &qv_exc_ValueError, "Trailing \\ in string");
            break;
        }
        uint8_t c = p[i++];
        static const char from[] = "\\'\"bfntrva";
        static const char to[] = "\\'\"\b\f\n\t\r\v\a";
        const char *simple = c != 0 ? strchr(from, c) : NULL;
        if (c == '\n') {
            continue;
        }
        if (simple != NULL) {
            r = put(qi, &v, &to[simple - from], 1);
        } else if (c >= '0' && c <= '7') {
            int value = c - '0';
            for (int k = 0; k < 2 && i < n && p[i] >= '0' && p[i] <= '7'; k++) {
                value = value * 8 + (p[i++] - '0');
            }
            if (value > 0xFF && warn) {
                r = qv_warn(qi, &qv_exc_DeprecationWarning, 1,
                            "invalid octal escape sequence '\\%c%c%c'", c, p[i - 2], p[i - 1]);
            }
            uint8_t byte = (uint8_t)value;
            r = r == 0 ? put(qi, &v, &byte, 1) : r;
        } else if (c == 'x') {
            uint32_t value;
            if (read_hex(p, n, &i, 2, &value) == 2) {
                uint8_t byte = (uint8_t)value;
                r = put(qi, &v, &byte, 1);
            } else if (errors == NULL || strcmp(errors, "strict") == 0) {
                r = qv_raise_int(qi, &qv_exc_ValueError, "invalid \\x escape at position %zd",
                                 start);
            } else if (strcmp(errors, "replace") == 0) {
                r = put(qi, &v, "?", 1);
            } else if (strcmp(errors, "ignore") != 0) {
                r = qv_raise_int(qi, &qv_exc_ValueError,
                                 "decoding error; unknown error handling code: %.400s", errors);
            }
        } else {
            if (!warned) {
                warned = true;
                r = qv_warn(qi, &qv_exc_DeprecationWarning, 1, "invalid escape sequence '\\%c'",
                            (int)c);
            }
            r = r == 0 ? put(qi, &v, &p[i - 2], 2) : r;
        }
    }
    return finish(qi, &v, r);
}

// ---- character maps -----------------------------------------------------------------------------

static const char unmapped[] = "character maps to <undefined>";

// The entry for a code: 1 *ret new, 0 there is none (or None), -1.
static int map_get(QvInterp *qi, QvObj *mapping, uint32_t code, QvObj **ret)
{
    QvObj *key = qv_int_from_i64(qi, code);
    if (key == NULL) {
        return -1;
    }
    *ret = qv_getitem(qi, mapping, key);
    qv_decref(qi, key);
    if (*ret == NULL) {
        if (!qv_err_matches(qi, &qv_exc_LookupError)) {
            return -1;
        }
        qv_err_clear(qi);
        return 0;
    }
    return *ret == QV_NONE ? 0 : 1;
}

// Appends what c maps to: 1, 0 when there is nothing, -1.
static int map_encode(QvInterp *qi, QvObj *mapping, uint32_t c, QvByteVec *v)
{
    QvObj *value;
    int r = map_get(qi, mapping, c, &value);
    if (r <= 0) {
        return r;
    }
    if (qv_is_int(value)) {
        int64_t code;
        if (!qv_int_as_i64(value, &code) || code < 0 || code > 255) {
            r = qv_raise_int(qi, &qv_exc_TypeError, "character mapping must be in range(256)");
        } else {
            uint8_t byte = (uint8_t)code;
            r = put(qi, v, &byte, 1) < 0 ? -1 : 1;
        }
    } else if (qv_is_bytes(value)) {
        r = put(qi, v, qv_bytes_data(value), qv_bytes_len(value)) < 0 ? -1 : 1;
    } else {
        r = qv_raise_int(qi, &qv_exc_TypeError,
                         "character mapping must return integer, bytes or None, not %.400T", value);
    }
    qv_decref(qi, value);
    return r;
}

// Is there an entry? 1/0/-1
static int map_has(QvInterp *qi, QvObj *mapping, uint32_t c)
{
    QvObj *value;
    int r = map_get(qi, mapping, c, &value);
    if (r > 0) {
        qv_decref(qi, value);
    }
    return r;
}

QvObj *qv_codec_charmap_encode(QvInterp *qi, QvObj *s, QvObj *mapping, const char *errors)
{
    if (mapping == NULL) {
        return qv_codec_latin1_encode(qi, s, errors);
    }
    QvCodecErrors e = {.qi = qi, .errors = errors, .encoding = "charmap", .text = s};
    QvByteVec v = {0};
    QvSsize n = qv_str_len(s);
    int r = qv_byte_vec_expect(qi, &v, n);
    for (QvSsize i = 0; r == 0 && i < n;) {
        int found = map_encode(qi, mapping, qv_str_read(s, i), &v);
        if (found != 0) {
            i++;
            r = found < 0 ? -1 : 0;
            continue;
        }
        QvSsize start = i;
        QvSsize end = i + 1;
        while (end < n && (found = map_has(qi, mapping, qv_str_read(s, end))) == 0) {
            if (qv_poll_step(qi, end++) < 0) {
                found = -1;
                break;
            }
        }
        QvObj *rep;
        if (found < 0 || qv_codec_encode_error(&e, start, end, unmapped, &rep, &i) < 0) {
            r = -1;
            break;
        }
        if (qv_is_bytes(rep)) {
            r = put(qi, &v, qv_bytes_data(rep), qv_bytes_len(rep));
        }
        for (QvSsize k = 0; qv_is_str(rep) && r == 0 && k < qv_str_len(rep); k++) {
            found = map_encode(qi, mapping, qv_str_read(rep, k), &v);
            r = found > 0 ? 0 : found < 0 ? -1 : qv_codec_strict(&e, start, end, unmapped);
        }
        qv_decref(qi, rep);
    }
    qv_codec_errors_fini(&e);
    return finish(qi, &v, r);
}

// Appends what a byte maps to by a mapping: 1, 0 nothing, -1.
static int map_decode(QvInterp *qi, QvObj *mapping, uint8_t byte, QvStrBuf *b)
{
    QvObj *value;
    int r = map_get(qi, mapping, byte, &value);
    if (r <= 0) {
        return r;
    }
    if (qv_is_int(value)) {
        int64_t c;
        if (!qv_int_as_i64(value, &c) || c < 0 || c > QV_MAX_CODE_POINT) {
            r = qv_raise_int(qi, &qv_exc_TypeError, "character mapping must be in range(0x%x)",
                             QV_MAX_CODE_POINT + 1);
        } else if (c == 0xFFFE) {
            r = 0;
        } else {
            qv_strbuf_char(b, (uint32_t)c);
        }
    } else if (qv_is_str(value)) {
        if (qv_str_len(value) == 1 && qv_str_read(value, 0) == 0xFFFE) {
            r = 0;
        } else {
            qv_strbuf_str(b, value);
        }
    } else {
        r = qv_raise_int(qi, &qv_exc_TypeError,
                         "character mapping must return integer, None or str");
    }
    qv_decref(qi, value);
    return r;
}

QvObj *qv_codec_charmap_decode(QvInterp *qi, const void *bytes, QvSsize n, QvObj *mapping,
                               const char *errors)
{
    const uint8_t *p = bytes;
    if (mapping == NULL) {
        return qv_codec_latin1_decode(qi, p, n);
    }
    QvCodecErrors e = {.qi = qi, .errors = errors, .encoding = "charmap", .p = p, .n = n};
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    bool table = qv_is_str(mapping);
    for (QvSsize i = 0; i < n && !b.failed;) {
        int r;
        if (table) {
            r = p[i] < qv_str_len(mapping);
            uint32_t c = r > 0 ? qv_str_read(mapping, p[i]) : 0xFFFE;
            if (c != 0xFFFE) {
                qv_strbuf_char(&b, c);
            } else {
                r = 0;
            }
        } else {
            r = map_decode(qi, mapping, p[i], &b);
        }
        if (r > 0) {
            i++;
        } else if (r < 0 || qv_codec_decode_error(&e, i, i + 1, unmapped, &b, &i) < 0) {
            b.failed = true;
        } else {
            p = e.p;
            n = e.n;
        }
    }
    qv_codec_errors_fini(&e);
    return qv_strbuf_finish(&b);
}
