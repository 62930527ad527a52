// SPDX-License-Identifier: MIT
// str: creation, access, comparison, hash, interning, and the type object.
//
// Invariants: the kind is the narrowest that holds the characters and QV_F_ASCII is exact, so equal
// strings have equal bytes; one zero unit follows the last. Only strings that qv_str_append has
// grown have spare room (QV_STR_F_GROWN): their size follows from their length by grown_size.
#include "object/str.h"

#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "object/alloc.h"
#include "object/codec.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/slice.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/type_ids.h"

#define LONG ((QvSsize)1 << 20) // characters from which on there are polls

// ---- size ---------------------------------------------------------------------------------------

size_t qv_str_bytes_exact(QvSsize len, QvStrKind kind)
{
    return sizeof(QvStr) + ((size_t)(len + 1) << kind);
}

// The size class of a grown string: the next of 64, 96, 128, 192, 256, ... A function of what is
// needed alone, so that the size can always be told from the length.
size_t qv_str_bytes_grown(size_t need)
{
    if (need <= 64) {
        return 64;
    }
    size_t power = (size_t)1 << (63 - __builtin_clzll(need - 1)); // power < need <= 2 * power
    size_t middle = power + power / 2;
    return need <= middle ? middle : 2 * power;
}

static size_t str_memsize(const QvObj *o)
{
    size_t need = qv_str_bytes_exact(qv_str_len(o), qv_str_kind(o));
    return (o->flags & QV_STR_F_GROWN) != 0 ? qv_str_bytes_grown(need) : need;
}

// ---- creation -----------------------------------------------------------------------------------

// A str of `type` (str or a subclass), flags, length and terminator set.
static QvObj *str_alloc_type(QvInterp *qi, QvType *type, QvSsize len, uint32_t maxchar)
{
    QvStrKind kind = qv_units_kind(maxchar);
    if (QV_UNLIKELY(len > QV_UNITS_MAX)) {
        return qv_raise_oom(qi);
    }
    QvObj *o = qv_obj_new_var(qi, type, qv_str_bytes_exact(len, kind));
    if (QV_UNLIKELY(o == NULL)) {
        return NULL;
    }
    o->flags = (uint16_t)(o->flags | (unsigned)kind << QV_F_KIND_SHIFT |
                          (maxchar < 0x80 ? QV_F_ASCII : 0));
    QvStr *s = (QvStr *)o;
    s->hash = -1;
    s->len = len;
    qv_units_write(s + 1, kind, len, 0);
    return o;
}

QvObj *qv_str_alloc(QvInterp *qi, QvSsize len, uint32_t maxchar)
{
    if (QV_UNLIKELY(len == 0)) {
        return QV_N(empty);
    }
    QvStrKind kind = qv_units_kind(maxchar);
    if (QV_UNLIKELY(len > QV_UNITS_MAX)) {
        return qv_raise_oom(qi);
    }
    QvObj *o = qv_alloc_atom(qi, &qv_str_type, qv_str_bytes_exact(len, kind));
    if (QV_UNLIKELY(o == NULL)) {
        return NULL;
    }
    o->flags = (uint16_t)((unsigned)kind << QV_F_KIND_SHIFT | (maxchar < 0x80 ? QV_F_ASCII : 0));
    QvStr *s = (QvStr *)o;
    s->hash = -1;
    s->len = len;
    qv_units_write(s + 1, kind, len, 0);
    return o;
}

QvObj *qv_str_from_char(QvInterp *qi, uint32_t c)
{
    if (QV_LIKELY(c < 256)) {
        QvObj *o = qi->strs.latin1[c];
        if (QV_LIKELY(o != NULL)) {
            return qv_new_ref(qi, o);
        }
        o = str_alloc_type(qi, &qv_str_type, 1, c < 0x80 ? 0x7F : 0xFF);
        if (o == NULL) {
            return NULL;
        }
        *(uint8_t *)qv_str_data(o) = (uint8_t)c;
        if (qv_str_intern(qi, &o) < 0) {
            qv_decref(qi, o);
            return NULL;
        }
        qi->strs.latin1[c] = o;
        return qv_new_ref(qi, o);
    }
    QvObj *o = qv_str_alloc(qi, 1, c);
    if (o != NULL) {
        qv_str_write(o, 0, c);
    }
    return o;
}

// qv_str_alloc for ASCII text of at least one character.
static QV_ALWAYS_INLINE QvObj *alloc_ascii(QvInterp *qi, QvSsize len)
{
    QvObj *o = qv_alloc_atom(qi, &qv_str_type, sizeof(QvStr) + (size_t)len + 1);
    if (QV_UNLIKELY(o == NULL)) {
        return NULL;
    }
    o->flags = QV_F_ASCII;
    QvStr *s = (QvStr *)o;
    s->hash = -1;
    s->len = len;
    ((char *)(s + 1))[len] = 0;
    return o;
}

static QV_NOINLINE QvObj *from_many_units(QvInterp *qi, const void *p, QvStrKind kind, QvSsize n)
{
    uint32_t maxchar;
    if (qv_units_max_long(qi, p, kind, n, &maxchar) < 0) {
        return NULL;
    }
    QvObj *o = qv_str_alloc(qi, n, maxchar);
    if (o && qv_units_copy_long(qi, qv_str_data(o), qv_str_kind(o), p, kind, n) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

QV_HOT QvObj *qv_str_new_ascii(QvInterp *qi, const char *s, QvSsize n)
{
    if (QV_UNLIKELY(n <= 1)) {
        return n == 1 ? qv_str_from_char(qi, (uint8_t)*s) : QV_N(empty);
    }
    if (QV_UNLIKELY(n > QV_POLL_SLICE)) {
        return from_many_units(qi, s, QV_STR_1, n);
    }
    QvObj *o = alloc_ascii(qi, n);
    if (QV_LIKELY(o != NULL)) {
        qv_copy_bytes(qv_str_data(o), s, (size_t)n);
    }
    return o;
}

QvObj *qv_str_from_units(QvInterp *qi, const void *p, QvStrKind kind, QvSsize n)
{
    if (n == 1) {
        return qv_str_from_char(qi, qv_units_read(p, kind, 0));
    }
    if (QV_UNLIKELY(n > QV_POLL_SLICE)) {
        return from_many_units(qi, p, kind, n);
    }
    uint32_t maxchar = qv_units_max(p, kind, n);
    QvObj *o = qv_str_alloc(qi, n, maxchar);
    if (o != NULL && n > 0) {
        qv_units_copy(qv_str_data(o), qv_units_kind(maxchar), p, kind, n);
    }
    return o;
}

QvObj *qv_str_new_latin1(QvInterp *qi, const uint8_t *s, QvSsize n)
{
    return qv_str_from_units(qi, s, QV_STR_1, n);
}

QvObj *qv_str_new_ucs2(QvInterp *qi, const uint16_t *s, QvSsize n)
{
    return qv_str_from_units(qi, s, QV_STR_2, n);
}

QvObj *qv_str_new_ucs4(QvInterp *qi, const uint32_t *s, QvSsize n)
{
    return qv_str_from_units(qi, s, QV_STR_4, n);
}

QvObj *qv_str_from_utf8(QvInterp *qi, const char *s, QvSsize n, const QvUtf8Info *info)
{
    if (info->length == 1) {
        uint32_t c = 0;
        (void)qv_utf8_decode(s, s + n, false, &c);
        return qv_str_from_char(qi, c);
    }
    QvObj *o = qv_str_alloc(qi, info->length, info->max);
    if (o == NULL) {
        return NULL;
    }
    switch (qv_str_kind(o)) {
    case QV_STR_1: qv_utf8_to_latin1(s, (size_t)n, qv_str_data(o)); break;
    case QV_STR_2: qv_utf8_to_ucs2(s, (size_t)n, qv_str_data(o)); break;
    default: qv_utf8_to_ucs4(s, (size_t)n, qv_str_data(o)); break;
    }
    return o;
}

QvObj *qv_str_new_utf8(QvInterp *qi, const char *s, QvSsize n)
{
    if (qv_utf8_ascii_prefix(s, (size_t)n) == (size_t)n) {
        return qv_str_new_ascii(qi, s, n);
    }
    QvUtf8Info info;
    if (qv_utf8_scan(s, (size_t)n, false, &info) < 0) {
        qv_codec_raise_decode(qi, "utf-8", s, n, info.error_pos, info.error_pos + info.error_len,
                              qv_utf8_reason(info.status));
        return NULL;
    }
    return qv_str_from_utf8(qi, s, n, &info);
}

QvObj *qv_str_new_cstr(QvInterp *qi, const char *s)
{
    QvSsize n = (QvSsize)strlen(s);
    QvUtf8Info info;
    if (qv_utf8_scan(s, (size_t)n, false, &info) < 0) {
        return qv_codec_utf8_decode(qi, s, n, "surrogateescape", NULL);
    }
    return qv_str_new_utf8(qi, s, n);
}

QvObj *qv_str_slice(QvInterp *qi, QvObj *s, QvSsize start, QvSsize end)
{
    QvSsize len = qv_str_len(s);
    if (start < 0) {
        start = 0;
    }
    if (end > len) {
        end = len;
    }
    if (start >= end) {
        return QV_N(empty);
    }
    if (start == 0 && end == len && qv_is_str_exact(s)) {
        return qv_new_ref(qi, s);
    }
    if (qv_str_is_ascii(s)) {
        return qv_str_new_ascii(qi, (const char *)qv_str_data(s) + start, end - start);
    }
    return qv_str_from_units(qi, qv_str_at(s, start), qv_str_kind(s), end - start);
}

// A copy as an instance of type.
static QvObj *str_copy_as(QvInterp *qi, QvType *type, QvObj *s)
{
    QvSsize n = qv_str_len(s);
    QvObj *o = str_alloc_type(qi, type, n, qv_str_maxchar(s));
    if (o != NULL) {
        ((QvStr *)o)->hash = ((QvStr *)s)->hash;
        if (qv_units_copy_long(qi, qv_str_data(o), qv_str_kind(o), qv_str_data(s), qv_str_kind(s),
                               n) < 0) {
            qv_clear(qi, &o);
        }
    }
    return o;
}

QvObj *qv_str_exact(QvInterp *qi, QvObj *o)
{
    if (qv_is_str_exact(o)) {
        return qv_new_ref(qi, o);
    }
    return qv_str_len(o) == 0 ? QV_N(empty) : str_copy_as(qi, &qv_str_type, o);
}

// ---- utf-8 views --------------------------------------------------------------------------------

static void raise_surrogates(QvInterp *qi, QvObj *s, QvSsize pos)
{
    QvSsize end = pos + 1;
    QvSsize len = qv_str_len(s);
    while (end < len && (qv_str_read(s, end) & 0xFFFFF800u) == 0xD800) {
        end++;
    }
    qv_codec_raise_encode(qi, "utf-8", s, pos, end, "surrogates not allowed");
}

static int utf8_view(QvInterp *qi, QvObj *s, QvUtf8 *ret, bool surrogates)
{
    QvSsize len = qv_str_len(s);
    const void *data = qv_str_data(s);
    if (QV_LIKELY(qv_str_is_ascii(s))) {
        *ret = (QvUtf8){.s = data, .n = len, .block = 0};
        return 0;
    }
    QvStrKind kind = qv_str_kind(s);
    QvSsize bad = 0;
    QvSsize n = kind == QV_STR_1   ? qv_utf8_size_latin1(data, (size_t)len)
                : kind == QV_STR_2 ? qv_utf8_size_ucs2(data, (size_t)len, surrogates, &bad)
                                   : qv_utf8_size_ucs4(data, (size_t)len, surrogates, &bad);
    if (n < 0) {
        raise_surrogates(qi, s, bad);
        return -1;
    }
    char *p = qv_alloc(qi, (size_t)n + 1);
    if (p == NULL) {
        return -1;
    }
    switch (kind) {
    case QV_STR_1: qv_utf8_from_latin1(data, (size_t)len, p); break;
    case QV_STR_2: qv_utf8_from_ucs2(data, (size_t)len, p); break;
    default: qv_utf8_from_ucs4(data, (size_t)len, p); break;
    }
    p[n] = 0;
    *ret = (QvUtf8){.s = p, .n = n, .block = (size_t)n + 1};
    return 0;
}

int qv_str_utf8(QvInterp *qi, QvObj *s, QvUtf8 *ret) { return utf8_view(qi, s, ret, false); }

int qv_str_utf8_surrogates(QvInterp *qi, QvObj *s, QvUtf8 *ret, bool escape)
{
    if (!escape) {
        return utf8_view(qi, s, ret, true);
    }
    if (utf8_view(qi, s, ret, true) < 0) {
        return -1;
    }
    if (ret->block == 0 || qv_str_kind(s) == QV_STR_1) {
        return 0;
    }
    // U+DC80..U+DCFF stand as ED B2 80 .. ED B3 BF: each becomes its byte again.
    char *out = (char *)(uintptr_t)ret->s;
    QvSsize n = 0;
    QvSsize index = 0;
    for (QvSsize i = 0; i < ret->n; index++) {
        uint32_t c = 0;
        int width = qv_utf8_decode(ret->s + i, ret->s + ret->n, true, &c);
        if (c >= 0xDC80 && c <= 0xDCFF) {
            out[n++] = (char)(c & 0xFF);
        } else if ((c & 0xFFFFF800u) == 0xD800) {
            raise_surrogates(qi, s, index);
            qv_utf8_release(qi, ret);
            return -1;
        } else {
            memmove(out + n, ret->s + i, (size_t)width);
            n += width;
        }
        i += width;
    }
    out[n] = 0;
    ret->n = n;
    return 0;
}

void qv_utf8_release(QvInterp *qi, QvUtf8 *u)
{
    if (u->block != 0) {
        qv_free(qi, (void *)(uintptr_t)u->s, u->block);
    }
    *u = (QvUtf8){0};
}

// ---- comparison and hash ------------------------------------------------------------------------

QvHash qv_str_hash(QvObj *s)
{
    QvStr *str = (QvStr *)s;
    if (QV_LIKELY(str->hash != -1)) {
        return str->hash;
    }
    QvHash h = qv_hash_bytes(str + 1, (size_t)str->len << qv_str_kind(s), qv_process_hash_seed());
    str->hash = h;
    return h;
}

QvHash qv_units_hash_long(QvInterp *qi, const void *p, QvSsize n)
{
    QvHashLong h;
    for (qv_hash_long_start(&h, p, (size_t)n, qv_process_hash_seed());
         qv_hash_long_more(&h, (size_t)QV_POLL_SLICE);) {
        if (qv_stop_here(qi) < 0) {
            return -1;
        }
    }
    return qv_hash_long_end(&h);
}

QvHash qv_str_hash_try(QvInterp *qi, QvObj *s)
{
    QvStr *str = (QvStr *)s;
    if (QV_UNLIKELY(str->len > LONG && str->hash == -1)) {
        return str->hash = qv_units_hash_long(qi, str + 1, str->len << qv_str_kind(s));
    }
    return qv_str_hash(s);
}

static QvHash str_hash(QvInterp *qi, QvObj *o) { return qv_str_hash_try(qi, o); }

// Are two long strings of one length and kind equal? 1/0/-1.
static int equal_long(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvSsize n = qv_str_len(v);
    QvStrKind kind = qv_str_kind(v);
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_poll_slice(qi, from, n)) < 0) {
            return -1;
        }
        if (memcmp(qv_str_at(v, from), qv_str_at(w, from), (size_t)(to - from) << kind) != 0) {
            return 0;
        }
    }
    return 1;
}

bool qv_str_equal(const QvObj *a, const QvObj *b)
{
    const QvStr *x = (const QvStr *)a;
    const QvStr *y = (const QvStr *)b;
    if (x == y) {
        return true;
    }
    if (x->len != y->len || qv_str_kind(a) != qv_str_kind(b) ||
        (a->flags & b->flags & QV_F_INTERNED)) {
        return false;
    }
    // Text that differs mostly does so in its first byte; an empty one has a NUL there.
    const uint8_t *s = (const uint8_t *)(x + 1), *t = (const uint8_t *)(y + 1);
    return *s == *t && qv_same_bytes(s, t, (size_t)x->len << qv_str_kind(a));
}

static QV_ALWAYS_INLINE int compare_units(const void *a, QvStrKind ka, const void *b, QvStrKind kb,
                                          QvSsize n)
{
    for (QvSsize i = 0; i < n; i++) {
        uint32_t c = qv_units_read(a, ka, i);
        uint32_t d = qv_units_read(b, kb, i);
        if (c != d) {
            return c < d ? -1 : 1;
        }
    }
    return 0;
}

static int compare_kinds(const void *p, QvStrKind ka, const void *q, QvStrKind kb, QvSsize n)
{
    if (ka == QV_STR_1 && kb == QV_STR_1) {
        int r = memcmp(p, q, (size_t)n);
        return r < 0 ? -1 : r > 0;
    }
    if (ka == QV_STR_2 && kb == QV_STR_2) {
        return compare_units(p, QV_STR_2, q, QV_STR_2, n);
    }
    return compare_units(p, ka, q, kb, n);
}

static int compare_lengths(const QvObj *a, const QvObj *b)
{
    return qv_str_len(a) < qv_str_len(b) ? -1 : qv_str_len(a) > qv_str_len(b);
}

int qv_str_compare(const QvObj *a, const QvObj *b)
{
    if (a == b) {
        return 0;
    }
    QvStrKind ka = qv_str_kind(a);
    QvStrKind kb = qv_str_kind(b);
    const void *p = qv_str_data(a);
    const void *q = qv_str_data(b);
    QvSsize n = qv_str_len(a) < qv_str_len(b) ? qv_str_len(a) : qv_str_len(b);
    int r = compare_kinds(p, ka, q, kb, n);
    return r != 0 ? r : compare_lengths(a, b);
}

// The same of long ones; 0 and *ret, or -1.
static int compare_long(QvInterp *qi, QvObj *a, QvObj *b, int *ret)
{
    QvStrKind ka = qv_str_kind(a), kb = qv_str_kind(b);
    QvSsize n = qv_str_len(a) < qv_str_len(b) ? qv_str_len(a) : qv_str_len(b);
    *ret = 0;
    for (QvSsize from = 0, to; from < n && *ret == 0; from = to) {
        if ((to = qv_poll_slice(qi, from, n)) < 0) {
            return -1;
        }
        *ret = compare_kinds(qv_str_at(a, from), ka, qv_str_at(b, from), kb, to - from);
    }
    *ret = *ret != 0 ? *ret : compare_lengths(a, b);
    return 0;
}

bool qv_str_eq_ascii(const QvObj *s, const char *ascii)
{
    size_t n = strlen(ascii);
    return (size_t)qv_str_len(s) == n && qv_str_is_ascii(s) &&
           memcmp(qv_str_data(s), ascii, n) == 0;
}

static QvObj *str_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_str(v) || !qv_is_str(w)) {
        return QV_NOTIMPLEMENTED;
    }
    if (op == QV_EQ || op == QV_NE) {
        if (QV_UNLIKELY(qv_str_len(v) > LONG && v != w && qv_str_len(v) == qv_str_len(w) &&
                        qv_str_kind(v) == qv_str_kind(w))) {
            int same = equal_long(qi, v, w);
            return same < 0 ? NULL : qv_bool(same == (op == QV_EQ));
        }
        return qv_bool(qv_str_equal(v, w) == (op == QV_EQ));
    }
    int r;
    if (QV_UNLIKELY(qv_str_len(v) > LONG && qv_str_len(w) > LONG && v != w)) {
        if (compare_long(qi, v, w, &r) < 0) {
            return NULL;
        }
    } else {
        r = qv_str_compare(v, w);
    }
    return qv_bool(op == QV_LT ? r < 0 : op == QV_LE ? r <= 0 : op == QV_GT ? r > 0 : r >= 0);
}

// ---- interning ----------------------------------------------------------------------------------
// Open addressing with linear probing, at most 2/3 full; removal shifts followers back, so there
// are no tombstones. Entries are borrowed: the flag makes a dying string remove itself.

#define TABLE_MIN 128

static bool same_text(const QvObj *a, const void *p, QvStrKind kind, QvSsize n)
{
    return qv_str_len(a) == n && qv_str_kind(a) == kind &&
           memcmp(qv_str_data(a), p, (size_t)n << kind) == 0;
}

static QvObj *table_find(const QvStrTable *t, const void *p, QvStrKind kind, QvSsize n, QvHash hash)
{
    if (t->cap == 0) {
        return NULL;
    }
    uint32_t mask = t->cap - 1;
    for (uint32_t i = (uint32_t)hash & mask; t->slots[i] != NULL; i = (i + 1) & mask) {
        if (((QvStr *)t->slots[i])->hash == hash && same_text(t->slots[i], p, kind, n)) {
            return t->slots[i];
        }
    }
    return NULL;
}

static int table_grow(QvInterp *qi)
{
    QvStrTable *t = &qi->strs;
    uint32_t cap = t->cap == 0 ? TABLE_MIN : t->cap * 2;
    QvObj **slots = qv_alloc(qi, cap * sizeof *slots);
    if (slots == NULL) {
        return -1;
    }
    memset(slots, 0, cap * sizeof *slots);
    for (uint32_t i = 0; i < t->cap; i++) {
        QvObj *o = t->slots[i];
        if (o != NULL) {
            uint32_t k = (uint32_t)((QvStr *)o)->hash & (cap - 1);
            while (slots[k] != NULL) {
                k = (k + 1) & (cap - 1);
            }
            slots[k] = o;
        }
    }
    qv_free(qi, t->slots, t->cap * sizeof *slots);
    t->slots = slots;
    t->cap = cap;
    return 0;
}

static int table_add(QvInterp *qi, QvObj *s)
{
    QvStrTable *t = &qi->strs;
    if (t->used >= t->cap - t->cap / 3 && table_grow(qi) < 0) {
        return -1;
    }
    uint32_t mask = t->cap - 1;
    uint32_t i = (uint32_t)((QvStr *)s)->hash & mask;
    while (t->slots[i] != NULL) {
        i = (i + 1) & mask;
    }
    t->slots[i] = s;
    t->used++;
    s->flags |= QV_F_INTERNED;
    return 0;
}

static void table_remove(QvInterp *qi, const QvObj *s)
{
    QvStrTable *t = &qi->strs;
    if (t->cap == 0) {
        return;
    }
    uint32_t mask = t->cap - 1;
    uint32_t i = (uint32_t)((const QvStr *)s)->hash & mask;
    while (t->slots[i] != s) {
        if (t->slots[i] == NULL) {
            return;
        }
        i = (i + 1) & mask;
    }
    uint32_t hole = i;
    for (uint32_t k = (i + 1) & mask; t->slots[k] != NULL; k = (k + 1) & mask) {
        uint32_t home = (uint32_t)((QvStr *)t->slots[k])->hash & mask;
        // The entry may move back when its home is not within (hole, k].
        if (((k - home) & mask) >= ((k - hole) & mask)) {
            t->slots[hole] = t->slots[k];
            hole = k;
        }
    }
    t->slots[hole] = NULL;
    t->used--;
}

void qv_str_table_fini(QvInterp *qi)
{
    QvStrTable *t = &qi->strs;
    for (int i = 0; i < 256; i++) {
        qv_clear(qi, &t->latin1[i]);
    }
    // Strings that outlive the table must not look for themselves in it.
    for (uint32_t i = 0; i < t->cap; i++) {
        if (t->slots[i] != NULL) {
            t->slots[i]->flags &= (uint16_t)~QV_F_INTERNED;
        }
    }
    qv_free(qi, t->slots, t->cap * sizeof *t->slots);
    t->slots = NULL;
    t->cap = t->used = 0;
}

// Borrowed canonical string of these units, or NULL.
static QvObj *find_interned(QvInterp *qi, const void *p, QvStrKind kind, QvSsize n, QvHash hash)
{
    QvObj *o = kind == QV_STR_1 ? qv_names_find(p, n, hash) : NULL;
    return o != NULL ? o : table_find(&qi->strs, p, kind, n, hash);
}

int qv_str_intern(QvInterp *qi, QvObj **s)
{
    QvObj *o = *s;
    if (qv_str_is_interned(o) || !qv_is_str_exact(o)) {
        return 0;
    }
    QvHash hash = qv_str_hash(o);
    QvObj *known = find_interned(qi, qv_str_data(o), qv_str_kind(o), qv_str_len(o), hash);
    if (known != NULL) {
        *s = qv_new_ref(qi, known);
        qv_decref(qi, o);
        return 0;
    }
    if (qv_is_immortal(o)) {
        // Shared with other interpreters (a constant of cached code): the table gets a copy.
        QvObj *copy = str_copy_as(qi, &qv_str_type, o);
        if (copy == NULL) {
            return -1;
        }
        if (table_add(qi, copy) < 0) {
            qv_decref(qi, copy);
            return -1;
        }
        *s = copy;
        return 0;
    }
    return table_add(qi, o);
}

QvObj *qv_str_intern_utf8(QvInterp *qi, const char *s, QvSsize n)
{
    if (qv_utf8_ascii_prefix(s, (size_t)n) == (size_t)n) {
        QvHash hash = qv_hash_bytes(s, (size_t)n, qv_process_hash_seed());
        QvObj *known = find_interned(qi, s, QV_STR_1, n, hash);
        if (known != NULL) {
            return qv_new_ref(qi, known);
        }
    }
    QvObj *o = qv_str_new_utf8(qi, s, n);
    if (o != NULL && qv_str_intern(qi, &o) < 0) {
        qv_decref(qi, o);
        return NULL;
    }
    return o;
}

QvObj *qv_str_intern_cstr(QvInterp *qi, const char *s)
{
    return qv_str_intern_utf8(qi, s, (QvSsize)strlen(s));
}

// ---- slots --------------------------------------------------------------------------------------

static void str_fini(QvInterp *qi, QvObj *o)
{
    if (QV_UNLIKELY(qv_str_is_interned(o))) {
        table_remove(qi, o);
    }
}

static void str_dealloc(QvInterp *qi, QvObj *o)
{
    if (QV_UNLIKELY(o->type != &qv_str_type)) {
        qv_obj_dealloc(qi, o);
        return;
    }
    if (QV_UNLIKELY(o->flags & (QV_F_INTERNED | QV_STR_F_GROWN))) {
        str_fini(qi, o);
        qv_obj_free(qi, o, str_memsize(o));
        return;
    }
    qv_heap_free(&qi->heap, o, qv_str_bytes_exact(qv_str_len(o), qv_str_kind(o)));
}

static QvObj *str_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[3] = {NULL};
    if (nargs == 1 && kwnames == NULL) {
        slots[0] = args[0];
    } else if (qv_args(qi, "str(object='', encoding='utf-8', errors='strict')", args, nargs,
                       kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *text;
    if (slots[0] == NULL) {
        text = QV_N(empty);
    } else if (slots[1] == NULL && slots[2] == NULL) {
        text = qv_str(qi, slots[0]);
    } else {
        text = qv_codec_decode_object(qi, slots[0], slots[1], slots[2], "str");
    }
    if (text == NULL || type == &qv_str_type) {
        return text;
    }
    QvObj *o = str_copy_as(qi, type, text);
    qv_decref(qi, text);
    return o;
}

static QvObj *str_str(QvInterp *qi, QvObj *o) { return qv_str_exact(qi, o); }

static QvSsize str_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_str_len(o);
}

QvObj *qv_str_reverse_ascii(QvInterp *qi, QvObj *s)
{
    QvSsize n = qv_str_len(s);
    if (n <= 1) {
        return qv_str_exact(qi, s);
    }
    QvObj *ret = qv_str_alloc(qi, n, 0x7F);
    if (ret == NULL) {
        return NULL;
    }
    const char *p = qv_str_data(s);
    char *q = qv_str_data(ret);
    uint64_t w;
    if (n >= 8) {
        for (QvSsize i = 0; i < n - 8; i += 8) {
            memcpy(&w, p + n - 8 - i, 8);
            w = __builtin_bswap64(w);
            memcpy(q + i, &w, 8);
        }
        memcpy(&w, p, 8); // the last eight, which may overlap those before
        w = __builtin_bswap64(w);
        memcpy(q + n - 8, &w, 8);
    } else if (QV_WORDS_IN_ORDER) {
        w = __builtin_bswap64(qv_short_word(p, n)) >> (8 * (8 - n));
        qv_copy_bytes(q, &w, (size_t)n & 7);
    } else {
        for (QvSsize i = 0; i < n; i++) {
            q[i] = p[n - 1 - i];
        }
    }
    return ret;
}

static QvObj *str_subslice(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvSsize start, stop, step, count;
    if (qv_slice_indices(qi, key, qv_str_len(o), &start, &stop, &step, &count) < 0) {
        return NULL;
    }
    if (step == 1 || count <= 1) {
        return qv_str_slice(qi, o, start, start + count);
    }
    QvStrKind kind = qv_str_kind(o);
    const void *p = qv_str_data(o);
    uint32_t maxchar = qv_str_maxchar(o);
    if (maxchar > 0x7F) {
        uint32_t all = 0;
        for (QvSsize i = 0, k = start, to; i < count;) {
            if ((to = qv_poll_slice(qi, i, count)) < 0) {
                return NULL;
            }
            for (; i < to; i++, k = qv_slice_next(k, step)) {
                all |= qv_units_read(p, kind, k);
            }
        }
        maxchar = all < 0x80 ? 0x7F : all < 0x100 ? 0xFF : all < 0x10000 ? 0xFFFF : 0x10FFFF;
    }
    QvObj *ret = qv_str_alloc(qi, count, maxchar);
    if (ret == NULL) {
        return NULL;
    }
    QvStrKind ret_kind = qv_str_kind(ret);
    void *dst = qv_str_data(ret);
    for (QvSsize i = 0, k = start, to; i < count;) {
        if ((to = qv_poll_slice(qi, i, count)) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
        if (kind == QV_STR_1) {
            const uint8_t *from = p;
            if (step == -1) { // eight at once
                for (uint64_t word; to - i >= 8; i += 8, k -= 8) {
                    memcpy(&word, from + k - 7, 8);
                    word = __builtin_bswap64(word);
                    memcpy((uint8_t *)dst + i, &word, 8);
                }
            }
            for (; i < to; i++, k = qv_slice_next(k, step)) {
                ((uint8_t *)dst)[i] = from[k];
            }
            continue;
        }
        for (; i < to; i++, k = qv_slice_next(k, step)) {
            qv_units_write(dst, ret_kind, i, qv_units_read(p, kind, k));
        }
    }
    return ret;
}

static QvObj *str_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    if (qv_is_slice(key)) {
        return str_subslice(qi, o, key);
    }
    if (!qv_is_int(key) && key->type->index == NULL) {
        return qv_raise(qi, &qv_exc_TypeError, "string indices must be integers, not '%.200T'",
                        key);
    }
    QvSsize i;
    if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
        return NULL;
    }
    if (i < 0) {
        i += qv_str_len(o);
    }
    if (i < 0 || i >= qv_str_len(o)) {
        return qv_raise(qi, &qv_exc_IndexError, "string index out of range");
    }
    return qv_str_from_char(qi, qv_str_read(o, i));
}

static int str_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    if (!qv_is_str(item)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "'in <string>' requires string as left operand, not %.100T", item);
    }
    QvSsize at = qv_str_seek(qi, o, item, 0, qv_str_len(o), false);
    return at == -2 ? -1 : at >= 0;
}

static QvObj *str_add(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_str(w)) {
        return qv_raise(qi, &qv_exc_TypeError, "can only concatenate str (not \"%.200T\") to str",
                        w);
    }
    return qv_str_concat(qi, v, w);
}

static QvObj *str_mod(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_is_str(v) ? qv_str_percent(qi, v, w) : QV_NOTIMPLEMENTED;
}

static QvObj *str_iter(QvInterp *qi, QvObj *o)
{
    return qv_seqiter_new(qi, &qv_str_iterator_type, o);
}

int qv_str_arg_error(QvInterp *qi, const char *name, int k, QvObj *got)
{
    if (k == 0) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument must be str, not %.50s", name,
                            qv_arg_type_name(got));
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument %d must be str, not %.50s", name, k,
                        qv_arg_type_name(got));
}

QV_SEALED QvType qv_str_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "str",
    .id = QV_TID_str,
    .flags = QV_T_BASE | QV_T_VAR | QV_T_IMMUTABLE | QV_T_STR | QV_T_MATCH_SELF,
    .size = sizeof(QvStr),
    .base = &qv_object_type,
    .doc = "str(object='') -> str\nstr(bytes_or_buffer[, encoding[, errors]]) -> str\n\n"
           "Text of an object, or text decoded from a bytes-like object (utf-8 and strict unless\n"
           "said otherwise).",
    .methods = qv_str_method_table,
    .new_ = str_new,
    .dealloc = str_dealloc,
    .fini = str_fini,
    .memsize = str_memsize,
    .repr = qv_str_repr,
    .str = str_str,
    .hash = str_hash,
    .richcmp = str_richcmp,
    .iter = str_iter,
    .mod = str_mod,
    .len = str_len,
    .getitem = str_getitem,
    .contains = str_contains,
    .concat = str_add,
    .repeat = qv_str_repeat,
};
