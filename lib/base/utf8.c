// SPDX-License-Identifier: MIT
// UTF-8. ASCII runs go eight bytes at a time; the rest one code point at a time.
#include "base/utf8.h"

#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t load64(const void *p)
{
    uint64_t v;
    memcpy(&v, p, sizeof(v));
    return v;
}

const char *qv_utf8_reason(QvUtf8Status status)
{
    switch (status) {
    case QV_UTF8_BAD_START: return "invalid start byte";
    case QV_UTF8_BAD_CONT: return "invalid continuation byte";
    case QV_UTF8_TRUNCATED: return "unexpected end of data";
    case QV_UTF8_OK: break;
    }
    return "";
}

static inline bool is_cont(uint8_t c) { return (c & 0xC0) == 0x80; }

static int bad(QvUtf8Status status, uint32_t len, uint32_t *ret_cp)
{
    *ret_cp = len;
    return (int)status;
}

int qv_utf8_decode(const char *text, const char *end, bool surrogates, uint32_t *ret_cp)
{
    const uint8_t *s = (const uint8_t *)text;
    size_t room = (size_t)(end - text);
    uint32_t c = s[0];
    if (c < 0x80) {
        *ret_cp = c;
        return 1;
    }
    // C0 and C1 could only start an overlong form, F5 and above lie beyond U+10FFFF.
    if (c < 0xC2 || c > 0xF4) {
        return bad(QV_UTF8_BAD_START, 1, ret_cp);
    }
    if (room < 2) {
        return bad(QV_UTF8_TRUNCATED, 1, ret_cp);
    }
    uint32_t c1 = s[1];
    if (!is_cont((uint8_t)c1)) {
        return bad(QV_UTF8_BAD_CONT, 1, ret_cp);
    }
    if (c < 0xE0) {
        *ret_cp = (c & 0x1F) << 6 | (c1 & 0x3F);
        return 2;
    }
    // The second byte tells overlong forms, surrogates and values that are too large; CPython then
    // reports the first byte alone.
    if ((c == 0xE0 && c1 < 0xA0) || (c == 0xED && c1 >= 0xA0 && !surrogates) ||
        (c == 0xF0 && c1 < 0x90) || (c == 0xF4 && c1 >= 0x90)) {
        return bad(QV_UTF8_BAD_CONT, 1, ret_cp);
    }
    if (room < 3) {
        return bad(QV_UTF8_TRUNCATED, 2, ret_cp);
    }
    uint32_t c2 = s[2];
    if (!is_cont((uint8_t)c2)) {
        return bad(QV_UTF8_BAD_CONT, 2, ret_cp);
    }
    if (c < 0xF0) {
        *ret_cp = (c & 0x0F) << 12 | (c1 & 0x3F) << 6 | (c2 & 0x3F);
        return 3;
    }
    if (room < 4) {
        return bad(QV_UTF8_TRUNCATED, 3, ret_cp);
    }
    uint32_t c3 = s[3];
    if (!is_cont((uint8_t)c3)) {
        return bad(QV_UTF8_BAD_CONT, 3, ret_cp);
    }
    *ret_cp = (c & 0x07) << 18 | (c1 & 0x3F) << 12 | (c2 & 0x3F) << 6 | (c3 & 0x3F);
    return 4;
}

int qv_utf8_encode(uint32_t cp, char *dst)
{
    if (cp < 0x80) {
        dst[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        dst[0] = (char)(0xC0 | cp >> 6);
        dst[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        dst[0] = (char)(0xE0 | cp >> 12);
        dst[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        dst[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    dst[0] = (char)(0xF0 | cp >> 18);
    dst[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    dst[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    dst[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t qv_utf8_ascii_prefix(const char *s, size_t n)
{
    size_t i = 0;
    while (i + 32 <= n) {
        uint64_t all = load64(s + i) | load64(s + i + 8) | load64(s + i + 16) | load64(s + i + 24);
        if ((all & HIGH_BITS) != 0) {
            break;
        }
        i += 32;
    }
    while (i + 8 <= n) {
        uint64_t high = load64(s + i) & HIGH_BITS;
        if (high != 0) {
            return i + (size_t)__builtin_ctzll(high) / 8; // little endian: first byte is lowest
        }
        i += 8;
    }
    while (i < n && (uint8_t)s[i] < 0x80) {
        i++;
    }
    return i;
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "qv_utf8_ascii_prefix looks at bytes");

static uint32_t class_of(uint32_t max)
{
    return max < 0x80 ? 0x7F : max < 0x100 ? 0xFF : max < 0x10000 ? 0xFFFF : QV_MAX_CODE_POINT;
}

int qv_utf8_scan(const char *s, size_t n, bool surrogates, QvUtf8Info *ret)
{
    const char *p = s;
    const char *end = s + n;
    uint32_t max = 0; // or of all code points: the class is that of the highest bit
    size_t count = 0;
    *ret = (QvUtf8Info){.status = QV_UTF8_OK};
    while (p < end) {
        if ((uint8_t)*p < 0x80) {
            size_t run = qv_utf8_ascii_prefix(p, (size_t)(end - p));
            p += run;
            count += run;
            continue;
        }
        uint32_t cp;
        int used = qv_utf8_decode(p, end, surrogates, &cp);
        if (used < 0) {
            ret->status = (QvUtf8Status)used;
            ret->error_pos = p - s;
            ret->error_len = (QvSsize)cp;
            break;
        }
        max |= cp;
        count++;
        p += used;
    }
    ret->length = (QvSsize)count;
    ret->max = class_of(max);
    return ret->status == QV_UTF8_OK ? 0 : -1;
}

// Decodes one code point of text that is known to be well-formed.
static inline const uint8_t *decode_valid(const uint8_t *p, uint32_t *ret_cp)
{
    uint32_t c = p[0];
    if (c < 0x80) {
        *ret_cp = c;
        return p + 1;
    }
    if (c < 0xE0) {
        *ret_cp = (c & 0x1F) << 6 | (p[1] & 0x3Fu);
        return p + 2;
    }
    if (c < 0xF0) {
        *ret_cp = (c & 0x0F) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
        return p + 3;
    }
    *ret_cp = (c & 0x07) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    return p + 4;
}

QvSsize qv_utf8_to_latin1(const char *s, size_t n, uint8_t *dst)
{
    const uint8_t *p = (const uint8_t *)s;
    const uint8_t *end = p + n;
    uint8_t *out = dst;
    while (p < end) {
        if (*p < 0x80) {
            size_t run = qv_utf8_ascii_prefix((const char *)p, (size_t)(end - p));
            memcpy(out, p, run);
            out += run;
            p += run;
            continue;
        }
        uint32_t cp;
        p = decode_valid(p, &cp);
        *out++ = (uint8_t)cp;
    }
    return out - dst;
}

QvSsize qv_utf8_to_ucs2(const char *s, size_t n, uint16_t *dst)
{
    const uint8_t *p = (const uint8_t *)s;
    const uint8_t *end = p + n;
    uint16_t *out = dst;
    while (p < end) {
        while (end - p >= 8 && (load64(p) & HIGH_BITS) == 0) {
            for (int i = 0; i < 8; i++) {
                out[i] = p[i];
            }
            out += 8;
            p += 8;
        }
        if (p < end) {
            uint32_t cp;
            p = decode_valid(p, &cp);
            *out++ = (uint16_t)cp;
        }
    }
    return out - dst;
}

QvSsize qv_utf8_to_ucs4(const char *s, size_t n, uint32_t *dst)
{
    const uint8_t *p = (const uint8_t *)s;
    const uint8_t *end = p + n;
    uint32_t *out = dst;
    while (p < end) {
        while (end - p >= 8 && (load64(p) & HIGH_BITS) == 0) {
            for (int i = 0; i < 8; i++) {
                out[i] = p[i];
            }
            out += 8;
            p += 8;
        }
        if (p < end) {
            p = decode_valid(p, out);
            out++;
        }
    }
    return out - dst;
}

static inline bool is_surrogate(uint32_t cp) { return cp - 0xD800 < 0x800; }

QvSsize qv_utf8_size_latin1(const uint8_t *s, size_t n)
{
    size_t size = n;
    for (size_t i = 0; i < n; i++) {
        size += s[i] >> 7;
    }
    return (QvSsize)size;
}

static QvSsize surrogate_at(size_t i, QvSsize *ret_pos)
{
    if (ret_pos != NULL) {
        *ret_pos = (QvSsize)i;
    }
    return -1;
}

QvSsize qv_utf8_size_ucs2(const uint16_t *s, size_t n, bool surrogates, QvSsize *ret_pos)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_surrogate(s[i]) && !surrogates) {
            return surrogate_at(i, ret_pos);
        }
        size += (size_t)qv_utf8_width(s[i]);
    }
    return (QvSsize)size;
}

QvSsize qv_utf8_size_ucs4(const uint32_t *s, size_t n, bool surrogates, QvSsize *ret_pos)
{
    size_t size = 0;
    for (size_t i = 0; i < n; i++) {
        if (is_surrogate(s[i]) && !surrogates) {
            return surrogate_at(i, ret_pos);
        }
        size += (size_t)qv_utf8_width(s[i]);
    }
    return (QvSsize)size;
}

QvSsize qv_utf8_from_latin1(const uint8_t *s, size_t n, char *dst)
{
    char *out = dst;
    size_t i = 0;
    while (i < n) {
        if (s[i] < 0x80) {
            size_t run = qv_utf8_ascii_prefix((const char *)s + i, n - i);
            memcpy(out, s + i, run);
            out += run;
            i += run;
            continue;
        }
        out[0] = (char)(0xC0 | s[i] >> 6);
        out[1] = (char)(0x80 | (s[i] & 0x3F));
        out += 2;
        i++;
    }
    return out - dst;
}

QvSsize qv_utf8_from_ucs2(const uint16_t *s, size_t n, char *dst)
{
    char *out = dst;
    for (size_t i = 0; i < n; i++) {
        out += qv_utf8_encode(s[i], out);
    }
    return out - dst;
}

QvSsize qv_utf8_from_ucs4(const uint32_t *s, size_t n, char *dst)
{
    char *out = dst;
    for (size_t i = 0; i < n; i++) {
        out += qv_utf8_encode(s[i], out);
    }
    return out - dst;
}

uint32_t qv_utf8_max_latin1(const uint8_t *s, size_t n)
{
    return qv_utf8_ascii_prefix((const char *)s, n) == n ? 0x7F : 0xFF;
}

// Or instead of maximum: it vectorises, and the class depends on the highest bit alone.
uint32_t qv_utf8_max_ucs2(const uint16_t *s, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++) {
        all |= s[i];
    }
    return class_of(all);
}

uint32_t qv_utf8_max_ucs4(const uint32_t *s, size_t n)
{
    uint32_t all = 0;
    for (size_t i = 0; i < n; i++) {
        all |= s[i];
    }
    return class_of(all);
}
