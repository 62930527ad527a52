// SPDX-License-Identifier: MIT
// The module binascii: uuencode, base64, quoted-printable and hexadecimal text of bytes; checksums.
#include <string.h>
#include <zlib.h>

#include "modules/modules.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

#define UU_LINE  45 // most bytes of a uuencoded line
#define QP_LINE  76 // most characters of a quoted-printable line, the '=' at its end included
#define CRC_STEP (1 << 22) // bytes between two looks at the poll flag

typedef struct State {
    QvObj *error, *incomplete; // binascii.Error, binascii.Incomplete
} State;

static QvObj *fail(QvInterp *qi, QvObj *m, const char *text)
{
    return qv_raise(qi, (QvType *)((State *)qv_module_state(m))->error, "%s", text);
}

// The bytes of an argument: of a buffer, or of an ASCII str. 0/-1.
static int ascii_buffer(QvInterp *qi, QvObj *o, QvBufferView *view)
{
    if (qv_is_str(o)) {
        if (!qv_str_is_ascii(o)) {
            return qv_raise_int(qi, &qv_exc_ValueError,
                                "string argument should contain only ASCII characters");
        }
        *view = (QvBufferView){
            .obj = qv_new_ref(qi, o), .buf = qv_str_data(o), .len = qv_str_len(o), .itemsize = 1};
        return 0;
    }
    if (!qv_has_buffer(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "argument should be bytes, buffer or ASCII string, not '%.100T'", o);
    }
    return qv_buffer_get(qi, o, view, QV_BUF_SIMPLE);
}

// A truth value among the arguments; missing: dflt. 0/-1.
static int flag(QvInterp *qi, QvObj *o, bool dflt, bool *ret)
{
    int truth = o ? qv_is_true(qi, o) : dflt;
    *ret = truth > 0;
    return truth < 0 ? -1 : 0;
}

// ---- uuencode -----------------------------------------------------------------------------------

static QvObj *a2b_uu(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBufferView view;
    if (ascii_buffer(qi, args[0], &view) < 0) {
        return NULL;
    }
    const uint8_t *p = view.buf, *end = p + view.len;
    uint8_t first = p < end ? *p++ : 0;
    QvSsize n = (first - ' ') & 63;
    QvObj *ret = qv_bytes_new(qi, NULL, n);
    uint32_t left = 0;
    int bits = 0;
    for (QvSsize k = 0; ret && k < n; p++) {
        uint32_t c = p < end ? *p : '\n';
        if (c == '\n' || c == '\r') { // the line was stripped: missing blanks
            c = 0;
        } else if (c < ' ' || c > ' ' + 64) {
            fail(qi, m, "Illegal char");
            qv_clear(qi, &ret);
            break;
        } else {
            c = (c - ' ') & 63;
        }
        left = left << 6 | c;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            qv_bytes_data(ret)[k++] = (uint8_t)(left >> bits);
            left &= (1u << bits) - 1;
        }
    }
    for (; ret && p < end; p++) {
        if (*p != ' ' && *p != ' ' + 64 && *p != '\n' && *p != '\r') {
            fail(qi, m, "Trailing garbage");
            qv_clear(qi, &ret);
        }
    }
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *b2a_uu(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    bool backtick;
    QvBufferView view;
    if (flag(qi, args[1], false, &backtick) < 0 ||
        qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    const uint8_t *p = view.buf;
    QvSsize n = view.len, k = 0;
    if (n > UU_LINE) {
        qv_buffer_release(qi, &view);
        return fail(qi, m, "At most 45 bytes at once");
    }
    uint8_t zero = backtick ? '`' : ' ', out[2 + (UU_LINE + 2) / 3 * 4];
    out[k++] = n ? (uint8_t)(' ' + n) : zero;
    for (QvSsize i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 | (i + 1 < n ? (uint32_t)p[i + 1] << 8 : 0) |
                     (i + 2 < n ? p[i + 2] : 0);
        for (int shift = 18; shift >= 0; shift -= 6) {
            uint32_t c = v >> shift & 63;
            out[k++] = c ? (uint8_t)(c + ' ') : zero;
        }
    }
    out[k++] = '\n';
    qv_buffer_release(qi, &view);
    return qv_bytes_new(qi, out, k);
}

// ---- base64 -------------------------------------------------------------------------------------

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Value of a base64 digit, 64 for other characters.
static uint32_t base64_value(uint8_t c)
{
    if (c >= 'A' && c <= 'Z') {
        return c - 'A';
    }
    if (c >= 'a' && c <= 'z') {
        return c - 'a' + 26u;
    }
    if (c >= '0' && c <= '9') {
        return c - '0' + 52u;
    }
    return c == '+' ? 62 : c == '/' ? 63 : 64;
}

static const char STOPPED[] = ""; // the exception is set

// Decodes into out; NULL, STOPPED, or the text of an error. *ret_n: bytes, also of what preceded an
// error.
static const char *base64_decode(QvInterp *qi, const uint8_t *p, QvSsize n, bool strict,
                                 uint8_t *out, QvSsize *ret_n, bool *ret_one_more)
{
    uint32_t left = 0;
    int place = 0, pads = 0;
    bool padding = false;
    QvSsize k = 0;
    *ret_one_more = false;
    *ret_n = 0;
    if (strict && n > 0 && p[0] == '=') {
        return "Leading padding not allowed";
    }
    for (QvSsize i = 0; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) {
            return STOPPED;
        }
        if (p[i] == '=') {
            padding = true;
            if (place >= 2 && place + ++pads >= 4) { // whole: what follows is not looked at
                *ret_n = k;
                return strict && i + 1 < n ? "Excess data after padding" : NULL;
            }
            continue;
        }
        uint32_t v = base64_value(p[i]);
        if (v >= 64) {
            if (strict) {
                return "Only base64 data is allowed";
            }
            continue;
        }
        if (strict && padding) {
            return "Discontinuous padding not allowed";
        }
        pads = 0;
        if (place > 0) {
            out[k++] = (uint8_t)(left << (2 * place) | v >> (6 - 2 * place));
        }
        left = place == 3 ? 0 : v & (0x3fu >> (2 * place));
        place = (place + 1) & 3;
    }
    *ret_n = k;
    *ret_one_more = place == 1;
    return place ? "Incorrect padding" : NULL;
}

static QvObj *a2b_base64(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    bool strict, one_more;
    QvBufferView view;
    QvSsize n;
    if (flag(qi, args[1], false, &strict) < 0 || ascii_buffer(qi, args[0], &view) < 0) {
        return NULL;
    }
    QvObj *ret = qv_bytes_new(qi, NULL, (view.len + 3) / 4 * 3);
    if (ret) {
        const char *error =
            base64_decode(qi, view.buf, view.len, strict, qv_bytes_data(ret), &n, &one_more);
        if (error) {
            qv_clear(qi, &ret);
            if (error == STOPPED) {
                // What the poll raised.
            } else if (one_more) {
                qv_raise(qi, (QvType *)((State *)qv_module_state(m))->error,
                         "Invalid base64-encoded string: number of data characters (%zd) cannot be "
                         "1 more than a multiple of 4",
                         n / 3 * 4 + 1);
            } else {
                fail(qi, m, error);
            }
        } else {
            qv_bytes_resize(qi, &ret, n);
        }
    }
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *b2a_base64(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    bool newline;
    QvBufferView view;
    if (flag(qi, args[1], true, &newline) < 0 ||
        qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    const uint8_t *p = view.buf;
    QvSsize n = view.len;
    if (n > (PTRDIFF_MAX - 3) / 2) {
        qv_buffer_release(qi, &view);
        return fail(qi, m, "Too much data for base64 line");
    }
    QvObj *ret = qv_bytes_new(qi, NULL, (n + 2) / 3 * 4 + newline);
    if (ret) {
        uint8_t *out = qv_bytes_data(ret);
        for (QvSsize i = 0; n >= 3; i++, n -= 3, p += 3) {
            if (qv_poll_step(qi, i) < 0) {
                qv_clear(qi, &ret);
                goto done;
            }
            uint32_t v = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
            *out++ = (uint8_t)base64_digits[v >> 18];
            *out++ = (uint8_t)base64_digits[v >> 12 & 63];
            *out++ = (uint8_t)base64_digits[v >> 6 & 63];
            *out++ = (uint8_t)base64_digits[v & 63];
        }
        if (n > 0) {
            uint32_t v = (uint32_t)p[0] << 16 | (n > 1 ? (uint32_t)p[1] << 8 : 0);
            *out++ = (uint8_t)base64_digits[v >> 18];
            *out++ = (uint8_t)base64_digits[v >> 12 & 63];
            *out++ = n > 1 ? (uint8_t)base64_digits[v >> 6 & 63] : '=';
            *out++ = '=';
        }
        if (newline) {
            *out = '\n';
        }
    }
done:
    qv_buffer_release(qi, &view);
    return ret;
}

// ---- hexadecimal --------------------------------------------------------------------------------

static int hex_value(uint8_t c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c |= 32;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static QvObj *a2b_hex(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBufferView view;
    if (ascii_buffer(qi, args[0], &view) < 0) {
        return NULL;
    }
    const uint8_t *p = view.buf;
    QvSsize n = view.len / 2;
    QvObj *ret = view.len % 2 ? fail(qi, m, "Odd-length string") : qv_bytes_new(qi, NULL, n);
    for (QvSsize k = 0; ret && k < n; k++) {
        if (qv_poll_step(qi, k) < 0) {
            qv_clear(qi, &ret);
            break;
        }
        int high = hex_value(p[2 * k]), low = hex_value(p[2 * k + 1]);
        if (high < 0 || low < 0) {
            fail(qi, m, "Non-hexadecimal digit found");
            qv_clear(qi, &ret);
            break;
        }
        qv_bytes_data(ret)[k] = (uint8_t)(high << 4 | low);
    }
    qv_buffer_release(qi, &view);
    return ret;
}

// The separator of hexlify as a byte (any Latin-1 character, unlike that of bytes.hex). -1: error.
static int separator(QvInterp *qi, QvObj *sep)
{
    QvSsize n = qv_len(qi, sep);
    if (n < 0) {
        return -1;
    }
    if (n != 1) {
        return qv_raise_int(qi, &qv_exc_ValueError, "sep must be length 1.");
    }
    if (qv_is_str(sep)) {
        uint32_t c = qv_str_read(sep, 0);
        return c < 256 ? (int)c : qv_raise_int(qi, &qv_exc_ValueError, "sep must be ASCII.");
    }
    return qv_is_bytes(sep) ? qv_bytes_data(sep)[0]
                            : qv_raise_int(qi, &qv_exc_TypeError, "sep must be str or bytes.");
}

static QvObj *b2a_hex(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    static const char digits[] = "0123456789abcdef";
    QvSsize per = 1;
    int sep = 0;
    QvBufferView view;
    if (args[2]) {
        if (qv_index_ssize(qi, args[2], &per, NULL) < 0) {
            return NULL;
        }
        if (per != (int)per) {
            return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
        }
    }
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (args[1] && (sep = separator(qi, args[1])) < 0) {
        goto done;
    }
    const uint8_t *p = view.buf;
    QvSsize n = view.len, group = per < 0 ? -per : per, seps = 0, size;
    if (args[1] && group > 0 && n > 0) {
        seps = (n - 1) / group;
    }
    if (__builtin_mul_overflow(n, 2, &size) || __builtin_add_overflow(size, seps, &size)) {
        qv_raise_oom(qi);
        goto done;
    }
    ret = qv_bytes_new(qi, NULL, size);
    if (ret) {
        uint8_t *out = qv_bytes_data(ret);
        for (QvSsize i = 0; i < n; i++) {
            if (seps && i > 0 && (per < 0 ? i : n - i) % group == 0) {
                *out++ = (uint8_t)sep;
            }
            *out++ = (uint8_t)digits[p[i] >> 4];
            *out++ = (uint8_t)digits[p[i] & 15];
            if (qv_poll_step(qi, i) < 0) {
                qv_clear(qi, &ret);
                break;
            }
        }
    }
done:
    qv_buffer_release(qi, &view);
    return ret;
}

// ---- quoted-printable ---------------------------------------------------------------------------

static QvObj *a2b_qp(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    bool header;
    QvBufferView view;
    if (ascii_buffer(qi, args[0], &view) < 0) {
        return NULL;
    }
    QvObj *ret = flag(qi, args[1], false, &header) < 0 ? NULL : qv_bytes_new(qi, NULL, view.len);
    if (!ret) {
        qv_buffer_release(qi, &view);
        return NULL;
    }
    const uint8_t *p = view.buf;
    uint8_t *out = qv_bytes_data(ret), *start = out;
    QvSsize n = view.len, i = 0;
    for (QvSsize steps = 0; i < n; steps++) {
        if (qv_poll_step(qi, steps) < 0) {
            qv_buffer_release(qi, &view);
            qv_decref(qi, ret);
            return NULL;
        }
        uint8_t c = p[i++];
        if (c != '=') {
            *out++ = header && c == '_' ? ' ' : c;
        } else if (i >= n) {
            break;
        } else if (p[i] == '\n' || p[i] == '\r') { // soft line break
            while (i < n && p[i] != '\n') {
                i++;
            }
            i += i < n;
        } else if (p[i] == '=') { // what some encoders made of a single '='
            *out++ = p[i++];
        } else if (i + 1 < n && hex_value(p[i]) >= 0 && hex_value(p[i + 1]) >= 0) {
            *out++ = (uint8_t)(hex_value(p[i]) << 4 | hex_value(p[i + 1]));
            i += 2;
        } else {
            *out++ = '=';
        }
    }
    qv_buffer_release(qi, &view);
    qv_bytes_resize(qi, &ret, out - start);
    return ret;
}

// Bytes out, or only counted (p NULL).
typedef struct Sink {
    uint8_t *p;
    QvSsize n;
    uint8_t last; // the latest byte
} Sink;

static void emit(Sink *s, uint8_t c)
{
    if (s->p) {
        s->p[s->n] = c;
    }
    s->n++;
    s->last = c;
}

static void emit_quoted(Sink *s, uint8_t c)
{
    static const char digits[] = "0123456789ABCDEF";
    emit(s, '=');
    emit(s, (uint8_t)digits[c >> 4]);
    emit(s, (uint8_t)digits[c & 15]);
}

static void emit_newline(Sink *s, bool crlf)
{
    if (crlf) {
        emit(s, '\r');
    }
    emit(s, '\n');
}

typedef struct QpOptions {
    bool quotetabs, istext, header;
} QpOptions;

// Must the byte p[i] be written as =XX? line: characters in the line so far.
static bool must_quote(const uint8_t *p, QvSsize n, QvSsize i, QvSsize line, const QpOptions *o)
{
    uint8_t c = p[i];
    bool last = i + 1 == n;
    if (c > 126 || c == '=' || (o->header && c == '_')) {
        return true;
    }
    if (c == '.' && line == 0) { // alone in a line it would end an SMTP message
        return last || p[i + 1] == '\n' || p[i + 1] == '\r' || p[i + 1] == 0;
    }
    if (c == '\r' || c == '\n') {
        return !o->istext;
    }
    if (c == '\t' || c == ' ') {
        return last || o->quotetabs;
    }
    return c < 33;
}

// The bytes do not change while a stop ends it. 0/-1.
static int qp_encode(QvInterp *qi, const uint8_t *p, QvSsize n, const QpOptions *o, Sink *out)
{
    const uint8_t *lf = n ? memchr(p, '\n', (size_t)n) : NULL;
    bool crlf = lf && lf > p && lf[-1] == '\r';
    QvSsize line = 0;
    for (QvSsize i = 0, steps = 0; i < n; steps++) {
        if (qv_stop_step(qi, steps) < 0) {
            return -1;
        }
        uint8_t c = p[i];
        if (must_quote(p, n, i, line, o)) {
            if (line + 3 >= QP_LINE) {
                emit(out, '=');
                emit_newline(out, crlf);
                line = 0;
            }
            emit_quoted(out, c);
            i++;
            line += 3;
        } else if (o->istext && (c == '\n' || (c == '\r' && i + 1 < n && p[i + 1] == '\n'))) {
            line = 0;
            if (out->n && (out->last == ' ' || out->last == '\t')) { // blanks at a line's end
                uint8_t blank = out->last;
                out->n--;
                emit_quoted(out, blank);
            }
            emit_newline(out, crlf);
            i += c == '\r' ? 2 : 1;
        } else {
            if (i + 1 != n && p[i + 1] != '\n' && line + 1 >= QP_LINE) {
                emit(out, '=');
                emit_newline(out, crlf);
                line = 0;
            }
            line++;
            emit(out, o->header && c == ' ' ? '_' : c);
            i++;
        }
    }
    return 0;
}

static QvObj *b2a_qp(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QpOptions o;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (flag(qi, args[1], false, &o.quotetabs) == 0 && flag(qi, args[2], true, &o.istext) == 0 &&
        flag(qi, args[3], false, &o.header) == 0) {
        Sink count = {0};
        int status = qp_encode(qi, view.buf, view.len, &o, &count);
        ret = status < 0 ? NULL : qv_bytes_new(qi, NULL, count.n);
        Sink out = {.p = ret ? qv_bytes_data(ret) : NULL};
        if (ret && qp_encode(qi, view.buf, view.len, &o, &out) < 0) {
            qv_clear(qi, &ret);
        }
    }
    qv_buffer_release(qi, &view);
    return ret;
}

// ---- checksums ----------------------------------------------------------------------------------

// The start value of a checksum: the low bits of any integer. 0/-1.
static int start_value(QvInterp *qi, QvObj *o, uint32_t *ret)
{
    QvObj *n = o ? qv_index(qi, o) : QV_FALSE;
    if (!n) {
        return -1;
    }
    *ret = (uint32_t)qv_int_as_u64_mask(n);
    qv_decref(qi, n);
    return 0;
}

static QvObj *mod_crc32(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvBufferView view;
    uint32_t start;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    int status = start_value(qi, args[1], &start);
    uLong crc = start;
    const uint8_t *p = view.buf;
    for (QvSsize left = view.len; left > 0 && status == 0;) {
        QvSsize step = left > CRC_STEP ? CRC_STEP : left;
        crc = crc32(crc, p, (uInt)step);
        p += step;
        left -= step;
        status = qv_poll_here(qi);
    }
    qv_buffer_release(qi, &view);
    return status < 0 ? NULL : qv_int_from_u64(qi, crc & 0xffffffffu);
}

// CRC-CCITT with the polynomial x^16 + x^12 + x^5 + 1, as in binhex4 files.
static QvObj *mod_crc_hqx(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvBufferView view;
    uint32_t crc;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    int status = start_value(qi, args[1], &crc);
    crc &= 0xffff;
    const uint8_t *p = view.buf;
    for (QvSsize i = 0; i < view.len && status == 0; i++) {
        uint32_t x = (crc >> 8) ^ p[i]; // the byte through the polynomial, without a table
        x ^= x >> 4;
        crc = ((crc << 8) ^ (x << 12) ^ (x << 5) ^ x) & 0xffff;
        status = qv_poll_step(qi, i);
    }
    qv_buffer_release(qi, &view);
    return status < 0 ? NULL : qv_int_from_i64(qi, crc);
}

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"a2b_uu", a2b_uu, "($module, data, /)", "Decode a line of uuencoded data."},
    {"b2a_uu", b2a_uu, "($module, data, /, *, backtick=False)", "Uuencode line of data."},
    {"a2b_base64", a2b_base64, "($module, data, /, *, strict_mode=False)",
     "Decode a line of base64 data.\n\n  strict_mode\n    When set to True, bytes that are not "
     "part of the base64 standard are not allowed.\n    The same applies to excess data after "
     "padding (= / ==)."},
    {"b2a_base64", b2a_base64, "($module, data, /, *, newline=True)", "Base64-code line of data."},
    {"a2b_hex", a2b_hex, "($module, hexstr, /)", "Binary data of hexadecimal representation."},
    {"unhexlify", a2b_hex, "($module, hexstr, /)", "Binary data of hexadecimal representation."},
    {"b2a_hex", b2a_hex, "($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
     "Hexadecimal representation of binary data."},
    {"hexlify", b2a_hex, "($module, /, data, sep=<unrepresentable>, bytes_per_sep=1)",
     "Hexadecimal representation of binary data."},
    {"a2b_qp", a2b_qp, "($module, /, data, header=False)", "Decode a string of qp-encoded data."},
    {"b2a_qp", b2a_qp, "($module, /, data, quotetabs=False, istext=True, header=False)",
     "Encode a string using quoted-printable encoding."},
    {"crc32", mod_crc32, "($module, data, crc=0, /)", "Compute CRC-32 incrementally."},
    {"crc_hqx", mod_crc_hqx, "($module, data, crc, /)", "Compute CRC-CCITT incrementally."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    s->error = qv_modules_exception(qi, "binascii.Error", &qv_exc_ValueError);
    s->incomplete = s->error ? qv_modules_exception(qi, "binascii.Incomplete", NULL) : NULL;
    return !s->incomplete || qv_module_add(qi, m, "Error", s->error) < 0
               ? -1
               : qv_module_add(qi, m, "Incomplete", s->incomplete);
}

static void fini(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    qv_clear(qi, &s->error);
    qv_clear(qi, &s->incomplete);
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    State *s = qv_module_state(m);
    QV_VISIT(s->error);
    QV_VISIT(s->incomplete);
    return 0;
}

const QvModuleDef qv_module_binascii = {
    .name = "binascii",
    .doc = "Conversion between binary data and ASCII",
    .functions = functions,
    .state_size = sizeof(State),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
