// SPDX-License-Identifier: MIT
// qv_str_format: the directive formatting behind messages and many reprs (error.h lists the
// directives).
#include <string.h>

#include "base/numtext.h"
#include "base/utf8.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"

typedef struct Spec {
    int width;     // minimum, -1: none
    int precision; // most code points, -1: no limit
    bool zero;     // pad with zeros
    bool left;     // '-': pad behind
    char length;   // 0, 'l', 'L' (ll), 'z'
    char directive;
} Spec;

static void pad(QvStrBuf *b, uint32_t c, QvSsize n)
{
    while (n-- > 0) {
        qv_strbuf_char(b, c);
    }
}

static void put_utf8(QvStrBuf *b, const Spec *spec, const char *s)
{
    if (!s) {
        s = "(null)";
    }
    QvSsize limit = spec->precision >= 0 ? spec->precision : PTRDIFF_MAX;
    size_t bytes = strlen(s);
    if (qv_utf8_ascii_prefix(s, bytes) == bytes) {
        QvSsize n = (QvSsize)bytes < limit ? (QvSsize)bytes : limit;
        pad(b, ' ', spec->left ? 0 : spec->width - n);
        qv_strbuf_ascii(b, s, n);
        pad(b, ' ', spec->left ? spec->width - n : 0);
        return;
    }
    const char *end = s + bytes;
    while (s < end && limit-- > 0) {
        uint32_t c;
        int used = qv_utf8_decode(s, end, true, &c);
        if (used <= 0) {
            used = c > 0 ? (int)c : 1;
            c = 0xFFFD;
        }
        qv_strbuf_char(b, c);
        s += used;
    }
}

// The C string of %.*s without a NUL: at most `precision` bytes are read.
static void put_bytes(QvStrBuf *b, const char *s, int n)
{
    const char *end = s + strnlen(s, (size_t)n);
    while (s < end) {
        uint32_t c;
        int used = qv_utf8_decode(s, end, true, &c);
        if (used <= 0) {
            used = c > 0 ? (int)c : 1;
            c = 0xFFFD;
        }
        qv_strbuf_char(b, c);
        s += used;
    }
}

static void put_str(QvStrBuf *b, const Spec *spec, QvObj *s)
{
    QvSsize n = qv_str_len(s);
    if (spec->precision >= 0 && n > spec->precision) {
        n = spec->precision;
        for (QvSsize i = 0; i < n; i++) {
            qv_strbuf_char(b, qv_str_read(s, i));
        }
        return;
    }
    pad(b, ' ', spec->left ? 0 : spec->width - n);
    qv_strbuf_str(b, s);
    pad(b, ' ', spec->left ? spec->width - n : 0);
}

// Takes s; false when it is NULL (the exception of its making is set).
static bool put_str_take(QvInterp *qi, QvStrBuf *b, const Spec *spec, QvObj *s)
{
    if (!s) {
        return false;
    }
    put_str(b, spec, s);
    qv_decref(qi, s);
    return true;
}

static void put_number(QvStrBuf *b, const Spec *spec, uint64_t mag, bool negative)
{
    char digits[QV_NUM_I64_MAX];
    int n = qv_num_from_u64(mag, (spec->directive | 32) == 'x' ? 16 : 10, digits);
    for (int i = 0; spec->directive == 'X' && i < n; i++) {
        digits[i] = (char)(digits[i] >= 'a' ? digits[i] - 32 : digits[i]);
    }
    int total = n + negative;
    if (!spec->zero && !spec->left) {
        pad(b, ' ', spec->width - total);
    }
    if (negative) {
        qv_strbuf_char(b, '-');
    }
    if (spec->zero) {
        pad(b, '0', spec->width - total);
    }
    qv_strbuf_ascii(b, digits, n);
    if (spec->left) {
        pad(b, ' ', spec->width - total);
    }
}

// A directive that can follow '%' at once, as nearly all do?
static inline bool is_plain(char c)
{
    return c == 's' || c == 'd' || c == 'T' || c == 'U' || c == 'R' || c == 'N' || c == 'c';
}

// Parses what stands behind '%'. *ret_star: the precision is an argument.
static const char *parse_spec(const char *p, Spec *spec, bool *ret_star)
{
    *spec = (Spec){.width = -1, .precision = -1};
    *ret_star = false;
    for (; *p == '0' || *p == '-'; p++) {
        if (*p == '0') {
            spec->zero = true;
        } else {
            spec->left = true;
        }
    }
    for (; *p >= '0' && *p <= '9'; p++) {
        spec->width = (spec->width < 0 ? 0 : spec->width * 10) + (*p - '0');
    }
    if (*p == '.') {
        p++;
        if (*p == '*') {
            *ret_star = true;
            p++;
        } else {
            spec->precision = 0;
            for (; *p >= '0' && *p <= '9'; p++) {
                spec->precision = spec->precision * 10 + (*p - '0');
            }
        }
    }
    if (*p == 'z') {
        spec->length = 'z';
        p++;
    } else if (*p == 'l') {
        spec->length = 'l';
        p++;
        if (*p == 'l') {
            spec->length = 'L';
            p++;
        }
    }
    spec->directive = *p;
    return *p ? p + 1 : p;
}

static void put_int_arg(QvStrBuf *b, const Spec *spec, va_list *ap)
{
    if (spec->directive == 'd' || spec->directive == 'i') {
        int64_t v;
        switch (spec->length) {
        case 'l': v = va_arg(*ap, long); break;
        case 'L': v = va_arg(*ap, long long); break;
        case 'z': v = va_arg(*ap, QvSsize); break;
        default: v = va_arg(*ap, int); break;
        }
        put_number(b, spec, v < 0 ? 0 - (uint64_t)v : (uint64_t)v, v < 0);
        return;
    }
    uint64_t v;
    switch (spec->length) {
    case 'l': v = va_arg(*ap, unsigned long); break;
    case 'L': v = va_arg(*ap, unsigned long long); break;
    case 'z': v = va_arg(*ap, size_t); break;
    default: v = va_arg(*ap, unsigned); break;
    }
    put_number(b, spec, v, false);
}

// One directive. false: an exception is set.
static bool put_directive(QvInterp *qi, QvStrBuf *b, const Spec *spec, bool star, va_list *ap)
{
    switch (spec->directive) {
    case '%': qv_strbuf_char(b, '%'); return true;
    case 'c': qv_strbuf_char(b, (uint32_t)va_arg(*ap, int)); return true;
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X': put_int_arg(b, spec, ap); return true;
    case 'p':
        qv_strbuf_ascii(b, "0x", 2);
        put_number(b, &(Spec){.width = -1, .directive = 'x'},
                   (uint64_t)(uintptr_t)va_arg(*ap, void *), false);
        return true;
    case 's':
        if (star) {
            put_bytes(b, va_arg(*ap, const char *), spec->precision);
        } else {
            put_utf8(b, spec, va_arg(*ap, const char *));
        }
        return true;
    case 'U': put_str(b, spec, va_arg(*ap, QvObj *)); return true;
    case 'R': return put_str_take(qi, b, spec, qv_repr(qi, va_arg(*ap, QvObj *)));
    case 'S': return put_str_take(qi, b, spec, qv_str(qi, va_arg(*ap, QvObj *)));
    case 'A': return put_str_take(qi, b, spec, qv_ascii(qi, va_arg(*ap, QvObj *)));
    case 'T': put_utf8(b, spec, qv_type_of(va_arg(*ap, QvObj *))->name); return true;
    case 'N': put_utf8(b, spec, va_arg(*ap, QvType *)->name); return true;
    default: qv_raise(qi, &qv_exc_SystemError, "invalid format string"); return false;
    }
}

QvObj *qv_str_format_v(QvInterp *qi, const char *fmt, va_list ap)
{
    QvStrBuf b;
    char room[QV_STRBUF_ROOM];
    qv_strbuf_init_on(qi, &b, room, sizeof(room));
    // An array type decays when passed on: the helpers get a pointer to a copy of our own.
    va_list args;
    va_copy(args, ap);
    bool ok = true;
    while (*fmt && ok && !b.failed) { // nothing runs with the MemoryError of b pending
        const char *next = fmt;
        unsigned any = 0;
        for (; *next && *next != '%'; next++) {
            any |= (unsigned char)*next;
        }
        if (next != fmt) {
            if (QV_LIKELY(any < 0x80)) {
                qv_strbuf_ascii(&b, fmt, next - fmt);
            } else {
                put_bytes(&b, fmt, (int)(next - fmt));
            }
            fmt = next;
            continue;
        }
        Spec spec = {.width = -1, .precision = -1, .directive = fmt[1]};
        bool star = false;
        if (QV_LIKELY(is_plain(fmt[1]))) {
            fmt += 2; // as most are
        } else {
            fmt = parse_spec(fmt + 1, &spec, &star);
        }
        if (star) {
            spec.precision = va_arg(args, int);
        }
        ok = put_directive(qi, &b, &spec, star, &args);
    }
    va_end(args);
    if (!ok) {
        qv_strbuf_fini(&b);
        return NULL;
    }
    return qv_strbuf_finish(&b);
}

QvObj *qv_str_format(QvInterp *qi, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    QvObj *r = qv_str_format_v(qi, fmt, ap);
    va_end(ap);
    return r;
}
