// SPDX-License-Identifier: MIT
// Arrays of 1, 2 or 4 byte code units: the storage of str, below any object.
//
// The inline functions take the kind as a parameter; where a caller passes a constant the switch is
// folded, so one always-inline body serves all three kinds.
#ifndef QV_OBJECT_STR_UNITS_H
#define QV_OBJECT_STR_UNITS_H

#include "base/shortbytes.h"
#include "base/utf8.h"
#include "object/key.h"
#include "object/str.h"

#include <string.h>

// Longest str or bytes that is ever tried: sizes in bytes then fit QvSsize with room to spare.
#define QV_UNITS_MAX (PTRDIFF_MAX / 8)

// The kind that holds maxchar.
static inline QvStrKind qv_units_kind(uint32_t maxchar)
{
    return maxchar < 0x100 ? QV_STR_1 : maxchar < 0x10000 ? QV_STR_2 : QV_STR_4;
}

static QV_ALWAYS_INLINE uint32_t qv_units_read(const void *p, QvStrKind kind, QvSsize i)
{
    switch (kind) {
    case QV_STR_1: return ((const uint8_t *)p)[i];
    case QV_STR_2: return ((const uint16_t *)p)[i];
    default: return ((const uint32_t *)p)[i];
    }
}

static QV_ALWAYS_INLINE void qv_units_write(void *p, QvStrKind kind, QvSsize i, uint32_t c)
{
    switch (kind) {
    case QV_STR_1: ((uint8_t *)p)[i] = (uint8_t)c; break;
    case QV_STR_2: ((uint16_t *)p)[i] = (uint16_t)c; break;
    default: ((uint32_t *)p)[i] = c; break;
    }
}

// Address of unit i.
static inline void *qv_units_at(const void *p, QvStrKind kind, QvSsize i)
{
    return (char *)(uintptr_t)p + ((size_t)i << kind);
}

// Widest class of n units: 0x7F, 0xFF, 0xFFFF or 0x10FFFF.
static inline uint32_t qv_units_max(const void *p, QvStrKind kind, QvSsize n)
{
    switch (kind) {
    case QV_STR_1: return qv_utf8_max_latin1((const uint8_t *)p, (size_t)n);
    case QV_STR_2: return qv_utf8_max_ucs2((const uint16_t *)p, (size_t)n);
    default: return qv_utf8_max_ucs4((const uint32_t *)p, (size_t)n);
    }
}

// A mark (0x80) in each byte of w that is c.
static QV_ALWAYS_INLINE uint64_t qv_byte_marks(uint64_t w, uint8_t c)
{
    const uint64_t low = 0x7F7F7F7F7F7F7F7F;
    uint64_t x = w ^ c * (uint64_t)0x0101010101010101;
    return ~(((x & low) + low) | x | low);
}

#define QV_WORDS_IN_ORDER (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__) // the first byte is lowest

// 1 to 7 bytes as the low ones of a word, the others zero, where words are in order. (A copy into
// the word would be several stores, for which the load that follows has to wait.)
static QV_ALWAYS_INLINE uint64_t qv_short_word(const void *s, QvSsize n)
{
    const uint8_t *p = s;
    if (n >= 4) {
        uint32_t head, tail;
        memcpy(&head, p, 4);
        memcpy(&tail, p + n - 4, 4);
        return head | (uint64_t)tail << (8 * (n - 4));
    }
    return p[0] | (uint64_t)p[n / 2] << (8 * (n / 2)) | (uint64_t)p[n - 1] << (8 * (n - 1));
}

// Index of the first byte c of n, or -1: words for what is short, where a call costs more.
static QV_ALWAYS_INLINE QvSsize qv_find_byte(const void *s, QvSsize n, uint8_t c)
{
    const uint8_t *p = s;
    if (n <= 0) {
        return -1;
    }
    if (n > 16 || !QV_WORDS_IN_ORDER) {
        const uint8_t *hit = memchr(p, c, (size_t)n);
        return hit != NULL ? hit - p : -1;
    }
    if (n < 8) {
        uint64_t marks = qv_byte_marks(qv_short_word(p, n), c) & (((uint64_t)1 << (8 * n)) - 1);
        return marks != 0 ? __builtin_ctzll(marks) >> 3 : -1;
    }
    uint64_t w;
    memcpy(&w, p, 8);
    uint64_t marks = qv_byte_marks(w, c);
    if (marks != 0) {
        return __builtin_ctzll(marks) >> 3;
    }
    memcpy(&w, p + n - 8, 8);
    marks = qv_byte_marks(w, c);
    return marks != 0 ? n - 8 + (__builtin_ctzll(marks) >> 3) : -1;
}

// Copies n units between arrays of any kinds; narrowing is right when the values fit.
void qv_units_copy(void *dst, QvStrKind dst_kind, const void *src, QvStrKind src_kind, QvSsize n);

// n times c.
void qv_units_fill(void *dst, QvStrKind kind, QvSsize n, uint32_t c);

// The same two for many units, which a stop ends; nothing else happens meanwhile. 0/-1.
int qv_units_copy_long(QvInterp *qi, void *dst, QvStrKind dst_kind, const void *src,
                       QvStrKind src_kind, QvSsize n);
int qv_units_fill_long(QvInterp *qi, void *dst, QvStrKind kind, QvSsize n, uint32_t c);
// The same for what is mostly short.
static inline int qv_units_put(QvInterp *qi, void *dst, QvStrKind dst_kind, const void *src,
                               QvStrKind src_kind, QvSsize n)
{
    if (QV_UNLIKELY(n > QV_POLL_SLICE)) {
        return qv_units_copy_long(qi, dst, dst_kind, src, src_kind, n);
    }
    qv_units_copy(dst, dst_kind, src, src_kind, n);
    return 0;
}
// memcpy and memset likewise.
static inline int qv_bytes_put(QvInterp *qi, void *to, const void *from, QvSsize n)
{
    if (QV_UNLIKELY(n > QV_POLL_SLICE)) {
        return qv_units_copy_long(qi, to, QV_STR_1, from, QV_STR_1, n);
    }
    if (n > 0) {
        memcpy(to, from, (size_t)n);
    }
    return 0;
}
static inline int qv_bytes_fill(QvInterp *qi, void *to, int c, QvSsize n)
{
    if (QV_UNLIKELY(n > QV_POLL_SLICE)) {
        return qv_units_fill_long(qi, to, QV_STR_1, n, (uint32_t)c);
    }
    if (n > 0) {
        memset(to, c, (size_t)n);
    }
    return 0;
}
// memmove of n bytes, memcmp, and qv_units_max likewise: 0 and *ret, or -1. What is moved in part
// stays so.
int qv_units_move_long(QvInterp *qi, void *dst, const void *src, QvSsize n);
int qv_units_cmp_long(QvInterp *qi, const void *p, const void *q, QvSsize n, int *ret);
int qv_units_max_long(QvInterp *qi, const void *p, QvStrKind kind, QvSsize n, uint32_t *ret);
// qv_hash_bytes under the process's seed likewise. -1 with an exception.
QvHash qv_units_hash_long(QvInterp *qi, const void *p, QvSsize n);
// dst[k] = src[k * step] for n bytes likewise; step may be negative. 0/-1.
int qv_units_pick_long(QvInterp *qi, uint8_t *dst, const uint8_t *src, QvSsize step, QvSsize n);

// Fills total bytes of dst (the caller's alone) with copies of the n bytes at p, which are read
// before anything runs; total is a multiple of n. Polls. 0/-1.
QV_RUNS int qv_units_repeat(QvInterp *qi, void *dst, const void *p, size_t n, size_t total);

// The class of o's characters as far as its flags tell: 0x7F, 0xFF, 0xFFFF or 0x10FFFF.
static inline uint32_t qv_str_maxchar(const QvObj *o)
{
    if (qv_str_is_ascii(o)) {
        return 0x7F;
    }
    QvStrKind kind = qv_str_kind(o);
    return kind == QV_STR_1 ? 0xFF : kind == QV_STR_2 ? 0xFFFF : 0x10FFFF;
}

// Address of character i of o.
static inline void *qv_str_at(const QvObj *o, QvSsize i)
{
    return qv_units_at(qv_str_data(o), qv_str_kind(o), i);
}

// str from n units of a kind: narrowed to what they need, one Latin-1 character from the cache. A
// stop ends it where they are many; nothing else happens meanwhile.
QvObj *qv_str_from_units(QvInterp *qi, const void *p, QvStrKind kind, QvSsize n);

// s[::-1] of ASCII text of at most QV_POLL_SLICE characters.
QvObj *qv_str_reverse_ascii(QvInterp *qi, QvObj *s);

// str from n bytes of utf-8 that qv_utf8_scan has accepted and told about.
QvObj *qv_str_from_utf8(QvInterp *qi, const char *s, QvSsize n, const QvUtf8Info *info);

// Substring search (str_find.c). m >= 1. Index of the first (last) occurrence of p in s, or -1.
QvSsize qv_units_find(const void *s, QvStrKind kind, QvSsize n, const void *p, QvStrKind p_kind,
                      QvSsize m);
QvSsize qv_units_rfind(const void *s, QvStrKind kind, QvSsize n, const void *p, QvStrKind p_kind,
                       QvSsize m);
// Occurrences that do not overlap, at most max of them.
QvSsize qv_units_count(const void *s, QvStrKind kind, QvSsize n, const void *p, QvStrKind p_kind,
                       QvSsize m, QvSsize max);
// The first (last: back) occurrence, and the number of them, in texts that may be long: a stop ends
// it, nothing else happens meanwhile. find: -1 none, -2 with an exception; count: -1.
QvSsize qv_units_find_long(QvInterp *qi, const void *s, QvStrKind kind, QvSsize n, const void *p,
                           QvStrKind p_kind, QvSsize m, bool back);
QvSsize qv_units_count_long(QvInterp *qi, const void *s, QvStrKind kind, QvSsize n, const void *p,
                            QvStrKind p_kind, QvSsize m, QvSsize max);
QvSsize qv_units_find_char(const void *s, QvStrKind kind, QvSsize n, uint32_t c);
QvSsize qv_units_rfind_char(const void *s, QvStrKind kind, QvSsize n, uint32_t c);

// start/end arguments of find, startswith...: None or absent keeps *ret. 0, or -1 with TypeError.
QV_RUNS int qv_slice_bound(QvInterp *qi, QvObj *arg /*NULL*/, QvSsize *ret);
// The arguments (sub[, start[, end]]) of find and its kin, given as a tail: checks their number and
// sets the bounds (0 and PTRDIFF_MAX where absent). 0, or -1 with TypeError.
QV_RUNS int qv_find_bounds(QvInterp *qi, const char *name, QvObj *const *args, QvSsize nargs,
                           QvSsize *ret_start, QvSsize *ret_end);
// Brings start and end into 0..len the way slices do (start may stay above len).
static inline void qv_adjust_bounds(QvSsize *start, QvSsize *end, QvSsize len)
{
    if (*end > len) {
        *end = len;
    } else if (*end < 0) {
        *end += len;
        if (*end < 0) {
            *end = 0;
        }
    }
    if (*start < 0) {
        *start += len;
        if (*start < 0) {
            *start = 0;
        }
    }
}

#endif
