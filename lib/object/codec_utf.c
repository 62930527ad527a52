// SPDX-License-Identifier: MIT
// The codecs of the Unicode forms (utf-8, -16, -32), ASCII and Latin-1.
//
// Each tries the whole text at once first; only where something does not fit it goes on piecewise.
#include <string.h>

#include "object/bytes.h"
#include "object/bytes_methods.h"
#include "object/codec.h"
#include "object/codec_error.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/str_units.h"

static int vec_put(QvInterp *qi, QvByteVec *v, const void *p, QvSsize n)
{
    if (qv_byte_vec_reserve(qi, v, n) < 0) {
        return -1;
    }
    if (n > 0) {
        memcpy(v->p + v->len, p, (size_t)n);
        v->len += n;
    }
    return 0;
}

static QvObj *vec_finish(QvInterp *qi, QvByteVec *v)
{
    QvObj *ret = qv_bytes_new(qi, v->len > 0 ? (const char *)v->p : "", v->len);
    qv_byte_vec_fini(qi, v);
    return ret;
}

static bool is_surrogate(uint32_t c) { return (c & 0xFFFFF800u) == 0xD800; }

// ---- one byte each ------------------------------------------------------------------------------

// Encodes characters below limit (128 or 256).
static QvObj *encode_narrow(QvInterp *qi, QvObj *s, const char *errors, uint32_t limit)
{
    QvSsize n = qv_str_len(s);
    if (qv_str_is_ascii(s) || (limit == 256 && qv_str_kind(s) == QV_STR_1)) {
        return qv_bytes_new(qi, qv_str_data(s), n);
    }
    const char *reason = limit == 256 ? "ordinal not in range(256)" : "ordinal not in range(128)";
    QvCodecErrors e = {
        .qi = qi,
        .errors = errors,
        .encoding = limit == 256 ? "latin-1" : "ascii",
        .text = s,
    };
    QvByteVec v = {0};
    QvObj *ret = NULL;
    if (qv_byte_vec_expect(qi, &v, n) < 0) {
        return NULL;
    }
    for (QvSsize i = 0; i < n;) {
        uint32_t c = qv_str_read(s, i);
        if (c < limit) {
            uint8_t byte = (uint8_t)c;
            if (vec_put(qi, &v, &byte, 1) < 0) {
                goto done;
            }
            i++;
            continue;
        }
        QvSsize end = i + 1;
        while (end < n && qv_str_read(s, end) >= limit) {
            if (qv_stop_step(qi, end++) < 0) {
                goto done;
            }
        }
        QvObj *rep;
        QvSsize start = i;
        if (qv_codec_encode_error(&e, start, end, reason, &rep, &i) < 0) {
            goto done;
        }
        int r;
        if (qv_is_bytes(rep)) {
            r = vec_put(qi, &v, qv_bytes_data(rep), qv_bytes_len(rep));
        } else if (qv_str_kind(rep) == QV_STR_1 && qv_str_maxchar(rep) < limit) {
            r = vec_put(qi, &v, qv_str_data(rep), qv_str_len(rep));
        } else {
            r = qv_codec_strict(&e, start, end, reason);
        }
        qv_decref(qi, rep);
        if (r < 0) {
            goto done;
        }
    }
    ret = vec_finish(qi, &v);
done:
    qv_byte_vec_fini(qi, &v);
    qv_codec_errors_fini(&e);
    return ret;
}

QvObj *qv_codec_ascii_encode(QvInterp *qi, QvObj *s, const char *errors)
{
    return encode_narrow(qi, s, errors, 128);
}

QvObj *qv_codec_latin1_encode(QvInterp *qi, QvObj *s, const char *errors)
{
    return encode_narrow(qi, s, errors, 256);
}

QvObj *qv_codec_latin1_decode(QvInterp *qi, const void *p, QvSsize n)
{
    return qv_str_from_units(qi, p, QV_STR_1, n);
}

QvObj *qv_codec_ascii_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors)
{
    const char *s = p;
    QvSsize i = (QvSsize)qv_utf8_ascii_prefix(s, (size_t)n);
    if (i == n) {
        return qv_str_from_units(qi, s, QV_STR_1, n);
    }
    QvCodecErrors e = {.qi = qi, .errors = errors, .encoding = "ascii", .p = p, .n = n};
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_ascii(&b, s, i);
    while (i < n && !b.failed) {
        if (qv_codec_decode_error(&e, i, i + 1, "ordinal not in range(128)", &b, &i) < 0) {
            b.failed = true;
            break;
        }
        s = e.p;
        n = e.n;
        QvSsize more = (QvSsize)qv_utf8_ascii_prefix(s + i, (size_t)(n - i));
        qv_strbuf_ascii(&b, s + i, more);
        i += more;
    }
    qv_codec_errors_fini(&e);
    return qv_strbuf_finish(&b);
}

// ---- utf-8 --------------------------------------------------------------------------------------

#define LONG ((QvSsize)1 << 20) // characters from which on it is done in parts, with polls
#define PART ((QvSsize)1 << 17) // characters, or bytes

static QvObj *encode_text(QvInterp *qi, QvObj *s, const char *errors);

// Bytes that characters i to i + m of s take; -1: there are surrogates.
static QvSsize part_size(const QvObj *s, QvSsize i, QvSsize m)
{
    const void *p = qv_str_at((QvObj *)(uintptr_t)s, i);
    QvSsize bad = 0;
    return qv_str_is_ascii(s)           ? m
           : qv_str_kind(s) == QV_STR_1 ? qv_utf8_size_latin1(p, (size_t)m)
           : qv_str_kind(s) == QV_STR_2 ? qv_utf8_size_ucs2(p, (size_t)m, false, &bad)
                                        : qv_utf8_size_ucs4(p, (size_t)m, false, &bad);
}

static QvSsize encode_part(const QvObj *s, QvSsize i, QvSsize m, char *out)
{
    const void *p = qv_str_at((QvObj *)(uintptr_t)s, i);
    if (qv_str_is_ascii(s)) {
        memcpy(out, p, (size_t)m);
        return m;
    }
    return qv_str_kind(s) == QV_STR_1   ? qv_utf8_from_latin1(p, (size_t)m, out)
           : qv_str_kind(s) == QV_STR_2 ? qv_utf8_from_ucs2(p, (size_t)m, out)
                                        : qv_utf8_from_ucs4(p, (size_t)m, out);
}

// Part by part, twice: sizes, then bytes. The text cannot change.
static QvObj *encode_long(QvInterp *qi, QvObj *s, const char *errors)
{
    QvSsize n = qv_str_len(s), size = 0;
    for (QvSsize i = 0; i < n; i += PART) {
        QvSsize more = part_size(s, i, n - i < PART ? n - i : PART);
        if (more < 0) {
            return encode_text(qi, s, errors);
        }
        size += more;
        if (qv_poll_here(qi) < 0) {
            return NULL;
        }
    }
    QvObj *ret = qv_bytes_new(qi, NULL, size);
    char *out = ret ? (char *)qv_bytes_data(ret) : NULL;
    for (QvSsize i = 0; ret && i < n; i += PART) {
        out += encode_part(s, i, n - i < PART ? n - i : PART, out);
        if (qv_poll_here(qi) < 0) {
            qv_clear(qi, &ret);
        }
    }
    return ret;
}

QvObj *qv_codec_utf8_encode(QvInterp *qi, QvObj *s, const char *errors)
{
    QvSsize n = qv_str_len(s);
    if (n > LONG) {
        return encode_long(qi, s, errors);
    }
    return encode_text(qi, s, errors);
}

static QvObj *encode_text(QvInterp *qi, QvObj *s, const char *errors)
{
    QvSsize n = qv_str_len(s);
    const void *data = qv_str_data(s);
    if (qv_str_is_ascii(s)) {
        return qv_bytes_new(qi, data, n);
    }
    QvStrKind kind = qv_str_kind(s);
    QvSsize bad = 0;
    QvSsize size = kind == QV_STR_1   ? qv_utf8_size_latin1(data, (size_t)n)
                   : kind == QV_STR_2 ? qv_utf8_size_ucs2(data, (size_t)n, false, &bad)
                                      : qv_utf8_size_ucs4(data, (size_t)n, false, &bad);
    if (size >= 0) {
        QvObj *ret = qv_bytes_new(qi, NULL, size);
        if (ret != NULL) {
            char *out = (char *)qv_bytes_data(ret);
            switch (kind) {
            case QV_STR_1: qv_utf8_from_latin1(data, (size_t)n, out); break;
            case QV_STR_2: qv_utf8_from_ucs2(data, (size_t)n, out); break;
            default: qv_utf8_from_ucs4(data, (size_t)n, out); break;
            }
        }
        return ret;
    }
    QvCodecErrors e = {.qi = qi, .errors = errors, .encoding = "utf-8", .text = s};
    QvByteVec v = {0};
    QvObj *ret = NULL;
    for (QvSsize i = 0; i < n;) {
        uint32_t c = qv_str_read(s, i);
        if (!is_surrogate(c)) {
            char text[4];
            if (vec_put(qi, &v, text, qv_utf8_encode(c, text)) < 0) {
                goto done;
            }
            i++;
            continue;
        }
        QvSsize start = i;
        QvSsize end = i + 1;
        while (end < n && is_surrogate(qv_str_read(s, end))) {
            if (qv_stop_step(qi, end++) < 0) {
                goto done;
            }
        }
        QvObj *rep;
        if (qv_codec_encode_error(&e, start, end, "surrogates not allowed", &rep, &i) < 0) {
            goto done;
        }
        int r;
        if (qv_is_bytes(rep)) {
            r = vec_put(qi, &v, qv_bytes_data(rep), qv_bytes_len(rep));
        } else if (qv_str_is_ascii(rep)) {
            r = vec_put(qi, &v, qv_str_data(rep), qv_str_len(rep));
        } else {
            r = qv_codec_strict(&e, start, end, "surrogates not allowed");
        }
        qv_decref(qi, rep);
        if (r < 0) {
            goto done;
        }
    }
    ret = vec_finish(qi, &v);
done:
    qv_byte_vec_fini(qi, &v);
    qv_codec_errors_fini(&e);
    return ret;
}

// A place to cut n bytes: at most PART of them, at the begin of a character.
static QvSsize part_end(const char *s, QvSsize n)
{
    if (n <= PART) {
        return n;
    }
    QvSsize end = PART;
    while (end > PART - 3 && ((uint8_t)s[end] & 0xC0) == 0x80) {
        end--;
    }
    return end;
}

// Bytes that were just found good. A poll comes before the look at them, never between.
static int append_part(QvStrBuf *b, const char *s, QvSsize n)
{
    QvObj *part = qv_str_new_utf8(b->qi, s, n);
    if (part == NULL) {
        return -1;
    }
    qv_strbuf_str(b, part);
    qv_decref(b->qi, part);
    return b->failed ? -1 : 0;
}

QvObj *qv_codec_utf8_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                            QvSsize *consumed)
{
    const char *s = p;
    if (consumed != NULL) {
        *consumed = n;
    }
    QvUtf8Info info;
    if (n <= LONG) {
        if (qv_utf8_ascii_prefix(s, (size_t)n) == (size_t)n) {
            return qv_str_new_ascii(qi, s, n);
        }
        if (qv_utf8_scan(s, (size_t)n, false, &info) == 0) {
            return qv_str_from_utf8(qi, s, n, &info);
        }
    }
    QvCodecErrors e = {.qi = qi, .errors = errors, .encoding = "utf-8", .p = p, .n = n};
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize i = 0;
    while (i < n && !b.failed) {
        QvSsize cut = part_end(s + i, n - i);
        int r = qv_utf8_scan(s + i, (size_t)cut, false, &info);
        if (r == 0 && cut < n - i) { // a whole part of a long text
            if (qv_poll_here(qi) < 0 || append_part(&b, s + i, cut) < 0) {
                b.failed = true;
                break;
            }
            i += cut;
            continue;
        }
        if (r != 0 && cut < n - i) {
            r = qv_utf8_scan(s + i, (size_t)(n - i), false, &info);
        }
        QvSsize good = r == 0 ? n - i : info.error_pos;
        if (good > 0) {
            QvObj *part = qv_str_new_utf8(qi, s + i, good);
            if (part == NULL) {
                b.failed = true;
                break;
            }
            qv_strbuf_str(&b, part);
            qv_decref(qi, part);
            i += good;
        }
        if (r == 0) {
            break;
        }
        if (info.status == QV_UTF8_TRUNCATED && consumed != NULL) {
            *consumed = i;
            break;
        }
        if (consumed != NULL && n - i == 2 && (uint8_t)s[i] == 0xED && (s[i + 1] & 0xE0) == 0xA0) {
            *consumed = i; // a surrogate without its last byte, for surrogatepass
            break;
        }
        if (qv_codec_decode_error(&e, i, i + info.error_len, qv_utf8_reason(info.status), &b, &i) <
            0) {
            b.failed = true;
        }
        s = e.p;
        n = e.n;
    }
    qv_codec_errors_fini(&e);
    return qv_strbuf_finish(&b);
}

// ---- utf-16 and utf-32 --------------------------------------------------------------------------

static void put16(uint8_t *p, uint32_t v, bool big)
{
    p[big ? 1 : 0] = (uint8_t)v;
    p[big ? 0 : 1] = (uint8_t)(v >> 8);
}

static void put32(uint8_t *p, uint32_t v, bool big)
{
    put16(p + (big ? 2 : 0), v & 0xFFFF, big);
    put16(p + (big ? 0 : 2), v >> 16, big);
}

static uint32_t get16(const uint8_t *p, bool big)
{
    return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

static uint32_t get32(const uint8_t *p, bool big)
{
    return big ? get16(p, true) << 16 | get16(p + 2, true)
               : get16(p + 2, false) << 16 | get16(p, false);
}

// One character in units of `width` bytes; the bytes written.
static int put_wide(uint8_t *p, uint32_t c, int width, bool big)
{
    if (width == 4) {
        put32(p, c, big);
        return 4;
    }
    if (c < 0x10000) {
        put16(p, c, big);
        return 2;
    }
    c -= 0x10000;
    put16(p, 0xD800 | c >> 10, big);
    put16(p + 2, 0xDC00 | (c & 0x3FF), big);
    return 4;
}

static QvObj *encode_wide(QvInterp *qi, QvObj *s, const char *errors, int byteorder, int width)
{
    static const char *const names16[] = {"utf-16-le", "utf-16", "utf-16-be"};
    static const char *const names32[] = {"utf-32-le", "utf-32", "utf-32-be"};
    QvSsize n = qv_str_len(s);
    bool big = byteorder > 0;
    if (n > QV_UNITS_MAX / 4 - 1) {
        return qv_raise_oom(qi);
    }
    QvCodecErrors e = {
        .qi = qi,
        .errors = errors,
        .encoding = (width == 2 ? names16 : names32)[byteorder + 1],
        .text = s,
    };
    QvByteVec v = {0};
    QvObj *ret = NULL;
    QvSsize each = width == 4 || qv_str_kind(s) == QV_STR_4 ? 4 : 2;
    if (qv_byte_vec_expect(qi, &v, n * each + 4) < 0) {
        return NULL;
    }
    if (byteorder == 0) {
        v.len += put_wide(v.p, 0xFEFF, width, big);
    }
    for (QvSsize i = 0; i < n;) {
        uint32_t c = qv_str_read(s, i);
        if (!is_surrogate(c)) {
            if (v.cap - v.len < 4 && qv_byte_vec_reserve(qi, &v, 4) < 0) {
                goto done;
            }
            v.len += put_wide(v.p + v.len, c, width, big);
            i++;
            continue;
        }
        QvSsize start = i;
        QvSsize end = i + 1;
        while (end < n && is_surrogate(qv_str_read(s, end))) {
            if (qv_stop_step(qi, end++) < 0) {
                goto done;
            }
        }
        QvObj *rep;
        if (qv_codec_encode_error(&e, start, end, "surrogates not allowed", &rep, &i) < 0) {
            goto done;
        }
        int r = 0;
        if (qv_is_bytes(rep) && qv_bytes_len(rep) % width == 0) {
            r = vec_put(qi, &v, qv_bytes_data(rep), qv_bytes_len(rep));
        } else if (qv_is_str(rep) && qv_str_is_ascii(rep)) {
            for (QvSsize k = 0; k < qv_str_len(rep) && r == 0; k++) {
                uint8_t unit[4];
                int used = put_wide(unit, qv_str_read(rep, k), width, big);
                r = vec_put(qi, &v, unit, used);
            }
        } else {
            r = qv_codec_strict(&e, start, end, "surrogates not allowed");
        }
        qv_decref(qi, rep);
        if (r < 0) {
            goto done;
        }
    }
    ret = vec_finish(qi, &v);
done:
    qv_byte_vec_fini(qi, &v);
    qv_codec_errors_fini(&e);
    return ret;
}

QvObj *qv_codec_utf16_encode(QvInterp *qi, QvObj *s, const char *errors, int byteorder)
{
    return encode_wide(qi, s, errors, byteorder, 2);
}

QvObj *qv_codec_utf32_encode(QvInterp *qi, QvObj *s, const char *errors, int byteorder)
{
    return encode_wide(qi, s, errors, byteorder, 4);
}

// Decodes one character at i. Returns the bytes used, 0 when it is cut off (*ret_reason), or a
// negative number: minus the bytes that are wrong (*ret_reason).
static int get_wide(const uint8_t *p, QvSsize n, QvSsize i, int width, bool big, uint32_t *ret_c,
                    const char **ret_reason)
{
    *ret_reason = "truncated data";
    if (n - i < width) {
        return 0;
    }
    if (width == 4) {
        *ret_c = get32(p + i, big);
        if (is_surrogate(*ret_c)) {
            *ret_reason = "code point in surrogate code point range(0xd800, 0xe000)";
            return -4;
        }
        *ret_reason = "code point not in range(0x110000)";
        return *ret_c > QV_MAX_CODE_POINT ? -4 : 4;
    }
    uint32_t c = get16(p + i, big);
    *ret_c = c;
    if (!is_surrogate(c)) {
        return 2;
    }
    if (c >= 0xDC00) {
        *ret_reason = "illegal encoding";
        return -2;
    }
    if (n - i < 4) {
        *ret_reason = "unexpected end of data";
        return 0;
    }
    uint32_t low = get16(p + i + 2, big);
    if ((low & 0xFC00) != 0xDC00) {
        *ret_reason = "illegal UTF-16 surrogate";
        return -2;
    }
    *ret_c = 0x10000 + ((c & 0x3FF) << 10) + (low & 0x3FF);
    return 4;
}

static QvObj *decode_wide(QvInterp *qi, const uint8_t *p, QvSsize n, const char *errors,
                          int *byteorder, QvSsize *consumed, int width)
{
    int order = byteorder != NULL ? *byteorder : 0;
    QvSsize i = 0;
    if (order == 0 && n >= width) {
        uint32_t mark = width == 2 ? get16(p, false) : get32(p, false);
        if (mark == 0xFEFF) {
            order = -1;
            i = width;
        } else if (mark == (width == 2 ? 0xFFFEu : 0xFFFE0000u)) {
            order = 1;
            i = width;
        }
        if (byteorder != NULL) {
            *byteorder = order;
        }
    }
    bool big = order > 0;
    QvCodecErrors e = {
        .qi = qi,
        .errors = errors,
        .encoding = width == 2 ? big ? "utf-16-be" : "utf-16-le"
                    : big      ? "utf-32-be"
                               : "utf-32-le",
        .p = p,
        .n = n,
    };
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    while (i < n && !b.failed) {
        uint32_t c = 0;
        const char *reason;
        int used = get_wide(p, n, i, width, big, &c, &reason);
        if (QV_LIKELY(used > 0)) {
            qv_strbuf_char(&b, c);
            i += used;
        } else if (used == 0 && consumed != NULL) {
            break;
        } else if (qv_codec_decode_error(&e, i, used == 0 ? n : i - used, reason, &b, &i) < 0) {
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

QvObj *qv_codec_utf16_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                             int *byteorder, QvSsize *consumed)
{
    return decode_wide(qi, p, n, errors, byteorder, consumed, 2);
}

QvObj *qv_codec_utf32_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                             int *byteorder, QvSsize *consumed)
{
    return decode_wide(qi, p, n, errors, byteorder, consumed, 4);
}
