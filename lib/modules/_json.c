// SPDX-License-Identifier: MIT
// The module _json: its functions for strings; the scanner and the encoder have files of their own.
#include "modules/_json.h"

#include <string.h>

#include "modules/modules.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/type_ids.h"

QvObj *qv_json_error(QvInterp *qi, const char *message, QvObj *text, QvSsize pos)
{
    if (qv_err_occurred(qi)) { // a stop among blanks, which then end the text
        return NULL;
    }
    QvObj *module = qv_import(qi, "json.decoder");
    QvObj *type = module ? qv_getattr_cstr(qi, module, "JSONDecodeError") : NULL;
    QvObj *msg = type ? qv_str_new_cstr(qi, message) : NULL;
    QvObj *where = msg ? qv_int_from_i64(qi, pos) : NULL;
    QvObj *exc = where ? qv_call3(qi, type, msg, text, where) : NULL;
    qv_xdecref(qi, module);
    qv_xdecref(qi, type);
    qv_xdecref(qi, msg);
    qv_xdecref(qi, where);
    if (exc && !qv_has_flag(exc, QV_T_EXC)) {
        qv_raise(qi, &qv_exc_TypeError, "exceptions must derive from BaseException");
        qv_decref(qi, exc);
        return NULL;
    }
    return exc ? qv_raise_exc(qi, exc) : NULL;
}

int qv_json_index(QvInterp *qi, QvObj *o, QvSsize *ret)
{
    QvObj *index = qv_index(qi, o);
    int64_t value = 0;
    int fits = index ? qv_int_as_i64(index, &value) : -1;
    qv_xdecref(qi, index);
    *ret = value;
    return fits == 0 ? qv_raise_int(qi, &qv_exc_OverflowError,
                                    "Python int too large to convert to C ssize_t")
                     : (fits > 0 ? 0 : -1);
}

// ---- reading ------------------------------------------------------------------------------------

// Four hexadecimal digits at i, with something behind them: the value, or -1.
static int32_t read_hex4(const QvObj *text, QvSsize i)
{
    if (i + 4 >= qv_str_len(text)) {
        return -1;
    }
    int32_t value = 0;
    for (QvSsize k = i; k < i + 4; k++) {
        uint32_t c = qv_str_read(text, k);
        int32_t digit = c >= '0' && c <= '9'   ? (int32_t)c - '0'
                        : c >= 'a' && c <= 'f' ? (int32_t)c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? (int32_t)c - 'A' + 10
                                               : -1;
        if (digit < 0) {
            return -1;
        }
        value = value << 4 | digit;
    }
    return value;
}

// The first index in [i, n) of a quote, a backslash or a control character (n if none).
static QvSsize plain_end_in(const QvObj *text, QvSsize i, QvSsize n)
{
    if (qv_str_kind(text) == QV_STR_1) {
        const uint8_t *p = qv_str_data(text);
        while (i < n && p[i] != '"' && p[i] != '\\' && p[i] >= 0x20) {
            i++;
        }
        return i;
    }
    for (; i < n; i++) {
        uint32_t c = qv_str_read(text, i);
        if (c == '"' || c == '\\' || c < 0x20) {
            break;
        }
    }
    return i;
}

// The same up to the end of the text; -1: a stop.
static inline QvSsize plain_end(QvInterp *qi, const QvObj *text, QvSsize i)
{
    QvSsize n = qv_str_len(text);
    while (i < n) {
        QvSsize to = qv_stop_slice(qi, i, n);
        if (QV_UNLIKELY(to < 0)) {
            return -1;
        }
        i = plain_end_in(text, i, to);
        if (QV_LIKELY(i < to)) {
            break;
        }
    }
    return i;
}

// The escape behind the backslash at *i - 1; *i moves behind it. 0, or -1 with an exception.
static int read_escape(QvInterp *qi, QvObj *text, QvSsize *i, QvStrBuf *b)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    uint32_t c = qv_str_read(text, *i);
    if (c != 'u') {
        const char *found = c > 0 && c < 0x80 ? strchr(letters, (int)c) : NULL;
        if (!found) {
            qv_json_error(qi, "Invalid \\escape", text, *i - 1);
            return -1;
        }
        qv_strbuf_char(b, (uint32_t)meanings[found - letters]);
        ++*i;
        return 0;
    }
    int32_t value = read_hex4(text, *i + 1);
    if (value < 0) {
        qv_json_error(qi, "Invalid \\uXXXX escape", text, *i);
        return -1;
    }
    *i += 5;
    if (value >= 0xD800 && value < 0xDC00 && *i + 1 < qv_str_len(text) &&
        qv_str_read(text, *i) == '\\' && qv_str_read(text, *i + 1) == 'u') {
        int32_t low = read_hex4(text, *i + 2);
        if (low >= 0xDC00 && low < 0xE000) {
            value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
            *i += 6;
        }
    }
    qv_strbuf_char(b, (uint32_t)value);
    return 0;
}

QvObj *qv_json_scan_string(QvInterp *qi, QvObj *text, QvSsize start, bool strict, QvSsize *ret_end)
{
    QvSsize n = qv_str_len(text), i = plain_end(qi, text, start);
    if (i < 0) {
        return NULL;
    }
    if (i < n && qv_str_read(text, i) == '"') { // the usual case
        *ret_end = i + 1;
        return qv_str_slice(qi, text, start, i);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_slice(&b, text, start, i);
    while (!b.failed) {
        if (i >= n) {
            qv_json_error(qi, "Unterminated string starting at", text, start - 1);
            break;
        }
        uint32_t c = qv_str_read(text, i);
        if (c == '"') {
            *ret_end = i + 1;
            return qv_strbuf_finish(&b);
        }
        if (c == '\\') {
            if (++i >= n) {
                continue;
            }
            if (read_escape(qi, text, &i, &b) < 0) {
                break;
            }
        } else if (strict) {
            qv_json_error(qi, "Invalid control character at", text, i);
            break;
        } else {
            qv_strbuf_char(&b, c);
            i++;
        }
        QvSsize end = plain_end(qi, text, i);
        if (end < 0) {
            break;
        }
        qv_strbuf_slice(&b, text, i, end);
        i = end;
    }
    qv_strbuf_fini(&b);
    return NULL;
}

static QvObj *scanstring(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvSsize start, end = 0;
    if (qv_json_index(qi, args[1], &start) < 0) {
        return NULL;
    }
    int strict = args[2] ? 0 : 1;
    if (args[2] && qv_index_int(qi, args[2], &strict) < 0) {
        return NULL;
    }
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "first argument must be a string, not %.80T",
                        args[0]);
    }
    if (start < 0 || start > qv_str_len(args[0])) {
        return qv_raise(qi, &qv_exc_ValueError, "end is out of bounds");
    }
    QvObj *s = qv_json_scan_string(qi, args[0], start, strict != 0, &end);
    QvObj *where = s ? qv_int_from_i64(qi, end) : NULL;
    QvObj *result = where ? qv_tuple_of(qi, 2, s, where) : NULL;
    qv_xdecref(qi, s);
    qv_xdecref(qi, where);
    return result;
}

// ---- writing ------------------------------------------------------------------------------------

static bool is_plain(uint32_t c, bool only_ascii)
{
    return c >= 0x20 && c != '"' && c != '\\' && (!only_ascii || c < 0x7F);
}

static void put_u_escape(QvStrBuf *b, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    char text[6] = {'\\',
                    'u',
                    digits[unit >> 12 & 15],
                    digits[unit >> 8 & 15],
                    digits[unit >> 4 & 15],
                    digits[unit & 15]};
    qv_strbuf_ascii(b, text, 6);
}

static void put_escape(QvStrBuf *b, uint32_t c)
{
    static const char letters[] = "\"\\bfnrt", meanings[] = "\"\\\b\f\n\r\t";
    const char *found = c > 0 && c < 0x80 ? strchr(meanings, (int)c) : NULL;
    if (found) {
        char text[2] = {'\\', letters[found - meanings]};
        qv_strbuf_ascii(b, text, 2);
    } else if (c >= 0x10000) {
        put_u_escape(b, 0xD800 + ((c - 0x10000) >> 10));
        put_u_escape(b, 0xDC00 + ((c - 0x10000) & 0x3FF));
    } else {
        put_u_escape(b, c);
    }
}

void qv_json_put_string(QvStrBuf *b, QvObj *s, bool only_ascii)
{
    QvSsize n = qv_str_len(s);
    qv_strbuf_char(b, '"');
    for (QvSsize i = 0; i < n && !b->failed;) {
        QvSsize start = i;
        if (qv_str_kind(s) == QV_STR_1) {
            const uint8_t *p = qv_str_data(s);
            while (i < n && is_plain(p[i], only_ascii)) {
                i++;
            }
        } else {
            while (i < n && is_plain(qv_str_read(s, i), only_ascii)) {
                i++;
            }
        }
        if (start == 0 && i == n) {
            qv_strbuf_str(b, s);
        } else if (i > start) {
            qv_strbuf_slice(b, s, start, i);
        }
        if (i < n) {
            put_escape(b, qv_str_read(s, i));
            i++;
        }
    }
    qv_strbuf_char(b, '"');
}

static QvObj *encode(QvInterp *qi, QvObj *s, bool only_ascii)
{
    if (!qv_is_str(s)) {
        return qv_raise(qi, &qv_exc_TypeError, "first argument must be a string, not %.80T", s);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_reserve(&b, qv_str_len(s) + 2);
    qv_json_put_string(&b, s, only_ascii);
    return qv_strbuf_finish(&b);
}

QvObj *qv_json_encode_ascii(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return encode(qi, args[0], true);
}

QvObj *qv_json_encode_text(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return encode(qi, args[0], false);
}

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"encode_basestring_ascii", qv_json_encode_ascii, "($module, string, /)",
     "encode_basestring_ascii(string) -> string\n\nReturn an ASCII-only JSON representation of a "
     "Python string"},
    {"encode_basestring", qv_json_encode_text, "($module, string, /)",
     "encode_basestring(string) -> string\n\nReturn a JSON representation of a Python string"},
    {"scanstring", scanstring, "($module, string, end, strict=True, /)",
     "scanstring(string, end, strict=True) -> (string, end)\n\nScan the string s for a JSON "
     "string. End is the index of the\ncharacter in s after the quote that started the JSON "
     "string.\nUnescapes all valid JSON string escape sequences and raises ValueError\non attempt "
     "to decode an invalid string. If strict is False then literal\ncontrol characters are "
     "allowed in the string.\n\nReturns a tuple of the decoded string and the index of the "
     "character in s\nafter the end quote."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    return qv_module_add(qi, m, "make_scanner", &qv_json_scanner_type.h) < 0
               ? -1
               : qv_module_add(qi, m, "make_encoder", &qv_json_encoder_type.h);
}

const QvModuleDef qv_module__json = {
    .name = "_json",
    .doc = "json speedups\n",
    .functions = functions,
    .init = init,
};
