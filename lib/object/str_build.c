// SPDX-License-Identifier: MIT
// Making longer strings: unit copies, concatenation, growth in place, join, repeat, QvStrBuf.
#include <string.h>

#include "object/error.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"

// Bytes between two looks at the poll flag in long copies.
#define POLL_BYTES ((size_t)1 << 20)

#define LONG_TEXT   ((QvSsize)1 << 20) // characters from which on copying polls
#define LONG_APPEND ((QvSsize)1 << 24) // characters appended in place, which does not, at most

// ---- units --------------------------------------------------------------------------------------

static QV_ALWAYS_INLINE void copy_as(void *restrict dst, QvStrKind dk, const void *restrict src,
                                     QvStrKind sk, QvSsize n)
{
    for (QvSsize i = 0; i < n; i++) {
        qv_units_write(dst, dk, i, qv_units_read(src, sk, i));
    }
}

void qv_units_copy(void *dst, QvStrKind dst_kind, const void *src, QvStrKind src_kind, QvSsize n)
{
    if (n <= 0) {
        return;
    }
    if (dst_kind == src_kind) {
        qv_copy_bytes(dst, src, (size_t)n << dst_kind);
        return;
    }
    switch (dst_kind * 4 + src_kind) {
    case 1: copy_as(dst, QV_STR_1, src, QV_STR_2, n); break;
    case 2: copy_as(dst, QV_STR_1, src, QV_STR_4, n); break;
    case 4: copy_as(dst, QV_STR_2, src, QV_STR_1, n); break;
    case 6: copy_as(dst, QV_STR_2, src, QV_STR_4, n); break;
    case 8: copy_as(dst, QV_STR_4, src, QV_STR_1, n); break;
    default: copy_as(dst, QV_STR_4, src, QV_STR_2, n); break;
    }
}

void qv_units_fill(void *dst, QvStrKind kind, QvSsize n, uint32_t c)
{
    if (n <= 0) {
        return;
    }
    switch (kind) {
    case QV_STR_1: memset(dst, (int)c, (size_t)n); break;
    case QV_STR_2:
        for (QvSsize i = 0; i < n; i++) {
            ((uint16_t *)dst)[i] = (uint16_t)c;
        }
        break;
    default:
        for (QvSsize i = 0; i < n; i++) {
            ((uint32_t *)dst)[i] = c;
        }
        break;
    }
}

int qv_units_repeat(QvInterp *qi, void *dst, const void *p, size_t n, size_t total)
{
    if (total == 0) {
        return 0;
    }
    char *out = dst;
    if (n > 1 && n <= 16 && total <= 256) {
        for (size_t at = 0; at < total; at += n) {
            qv_copy_bytes(out + at, p, n);
        }
        return 0;
    }
    size_t done = n;
    if (qv_bytes_put(qi, out, p, (QvSsize)n) < 0) {
        return -1;
    }
    if (n == 1) {
        done = total < POLL_BYTES ? total : POLL_BYTES;
        memset(out, out[0], done);
    }
    while (done < total) {
        size_t more = done < total - done ? done : total - done;
        if (more > POLL_BYTES) {
            more = POLL_BYTES;
        }
        // From the same place of a period; there is at least one more before `done`.
        size_t from = more == done ? 0 : done % n;
        more = more > done - from ? done - from : more;
        memcpy(out + done, out + from, more);
        done += more;
        if (total > POLL_BYTES && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    return 0;
}

int qv_units_copy_long(QvInterp *qi, void *dst, QvStrKind dst_kind, const void *src,
                       QvStrKind src_kind, QvSsize n)
{
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_stop_slice(qi, from, n)) < 0) {
            return -1;
        }
        qv_units_copy(qv_units_at(dst, dst_kind, from), dst_kind, qv_units_at(src, src_kind, from),
                      src_kind, to - from);
    }
    return 0;
}

int qv_units_fill_long(QvInterp *qi, void *dst, QvStrKind kind, QvSsize n, uint32_t c)
{
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_stop_slice(qi, from, n)) < 0) {
            return -1;
        }
        qv_units_fill(qv_units_at(dst, kind, from), kind, to - from, c);
    }
    return 0;
}

int qv_units_move_long(QvInterp *qi, void *dst, const void *src, QvSsize n)
{
    char *to = dst;
    const char *from = src;
    bool back = to > from; // the end first
    for (QvSsize done = 0, next; done < n; done = next) {
        if ((next = qv_stop_slice(qi, done, n)) < 0) {
            return -1;
        }
        QvSsize at = back ? n - next : done;
        memmove(to + at, from + at, (size_t)(next - done));
    }
    return 0;
}

int qv_units_cmp_long(QvInterp *qi, const void *p, const void *q, QvSsize n, int *ret)
{
    *ret = 0;
    for (QvSsize from = 0, to; from < n && *ret == 0; from = to) {
        if ((to = qv_stop_slice(qi, from, n)) < 0) {
            return -1;
        }
        *ret = memcmp((const char *)p + from, (const char *)q + from, (size_t)(to - from));
    }
    return 0;
}

int qv_units_max_long(QvInterp *qi, const void *p, QvStrKind kind, QvSsize n, uint32_t *ret)
{
    *ret = 0x7F;
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_stop_slice(qi, from, n)) < 0) {
            return -1;
        }
        uint32_t max = qv_units_max(qv_units_at(p, kind, from), kind, to - from);
        *ret = max > *ret ? max : *ret;
    }
    return 0;
}

int qv_units_pick_long(QvInterp *qi, uint8_t *dst, const uint8_t *src, QvSsize step, QvSsize n)
{
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_stop_slice(qi, from, n)) < 0) {
            return -1;
        }
        for (QvSsize i = from; i < to; i++) {
            dst[i] = src[i * step];
        }
    }
    return 0;
}

// Copies all of s to position i of a fresh string.
static void put(QvObj *dst, QvSsize i, const QvObj *s)
{
    qv_units_copy(qv_str_at(dst, i), qv_str_kind(dst), qv_str_data(s), qv_str_kind(s),
                  qv_str_len(s));
}

// The same for a string that may be very long. 0/-1.
static QV_NOINLINE int put_long(QvInterp *qi, QvObj *dst, QvSsize i, const QvObj *s)
{
    return qv_units_copy_long(qi, qv_str_at(dst, i), qv_str_kind(dst), qv_str_data(s),
                              qv_str_kind(s), qv_str_len(s));
}

// ret = a + b, which are very long. 0/-1.
static QV_NOINLINE int put_both(QvInterp *qi, QvObj *ret, QvObj *a, QvObj *b)
{
    return put_long(qi, ret, 0, a) < 0 ? -1 : put_long(qi, ret, qv_str_len(a), b);
}

// ---- concatenation ------------------------------------------------------------------------------

QvObj *qv_str_concat(QvInterp *qi, QvObj *a, QvObj *b)
{
    QvSsize n = qv_str_len(a);
    QvSsize m = qv_str_len(b);
    if (m == 0) {
        return qv_str_exact(qi, a);
    }
    if (n == 0) {
        return qv_str_exact(qi, b);
    }
    if (QV_UNLIKELY(n > QV_UNITS_MAX - m)) {
        return qv_raise(qi, &qv_exc_OverflowError, "strings are too large to concat");
    }
    uint32_t ma = qv_str_maxchar(a);
    uint32_t mb = qv_str_maxchar(b);
    QvObj *ret = qv_str_alloc(qi, n + m, ma > mb ? ma : mb);
    if (QV_UNLIKELY(n + m > LONG_TEXT)) {
        if (ret != NULL && put_both(qi, ret, a, b) < 0) {
            qv_clear(qi, &ret);
        }
    } else if (ret != NULL) {
        put(ret, 0, a);
        put(ret, n, b);
    }
    return ret;
}

int qv_str_append(QvInterp *qi, QvObj **s, QvObj *b)
{
    QvObj *a = *s;
    QvSsize n = qv_str_len(a);
    QvSsize m = qv_str_len(b);
    if (m == 0 && qv_is_str_exact(a)) {
        return 0;
    }
    // In place: ours alone, not the canonical copy of a name, wide enough, no copy of itself. The
    // hash is forgotten. a == b with one reference cannot happen: the caller holds both.
    bool in_place = qv_is_unshared(a) && a->type == &qv_str_type && !qv_str_is_interned(a) &&
                    n != 0 && a != b && qv_str_kind(b) <= qv_str_kind(a) && n <= QV_UNITS_MAX - m &&
                    m < LONG_APPEND;
    if (!in_place) {
        QvObj *sum = qv_str_concat(qi, a, b);
        *s = sum;
        qv_decref(qi, a);
        return sum != NULL ? 0 : -1;
    }
    QvStrKind kind = qv_str_kind(a);
    size_t have = a->type->memsize(a);
    size_t want = qv_str_bytes_grown(qv_str_bytes_exact(n + m, kind));
    if (have != want) {
        QvObj *moved = qv_realloc(qi, a, have, want);
        if (moved == NULL) {
            *s = NULL;
            qv_decref(qi, a);
            return -1;
        }
        a = moved;
        a->flags |= QV_STR_F_GROWN;
    }
    QvStr *str = (QvStr *)a;
    str->hash = -1;
    str->len = n + m;
    if (!qv_str_is_ascii(b)) {
        a->flags &= (uint16_t)~QV_F_ASCII;
    }
    put(a, n, b);
    qv_units_write(str + 1, kind, n + m, 0);
    *s = a;
    return 0;
}

// ---- join ---------------------------------------------------------------------------------------

QvObj *qv_str_join_array(QvInterp *qi, QvObj *const *items, QvSsize n)
{
    QvSsize len = 0;
    uint32_t maxchar = 0x7F;
    unsigned ascii = QV_F_ASCII;
    for (QvSsize i = 0; i < n; i++) {
        ascii &= items[i]->flags;
        len += qv_str_len(items[i]);
        if (QV_UNLIKELY(len > QV_UNITS_MAX)) {
            ascii = 0;
            break;
        }
    }
    if (QV_LIKELY(ascii)) {
        QvObj *ret = qv_str_alloc(qi, len, 0x7F);
        if (ret == NULL || len == 0) {
            return ret;
        }
        char *p = qv_str_data(ret);
        for (QvSsize i = 0; i < n; i++) {
            QvSsize m = qv_str_len(items[i]);
            if (QV_UNLIKELY(m > QV_POLL_SLICE)) {
                if (put_long(qi, ret, p - (char *)qv_str_data(ret), items[i]) < 0) {
                    qv_decref(qi, ret);
                    return NULL;
                }
            } else {
                qv_copy_bytes(p, qv_str_data(items[i]), (size_t)m);
            }
            p += m;
        }
        return ret;
    }
    len = 0;
    for (QvSsize i = 0; i < n; i++) {
        QvSsize m = qv_str_len(items[i]);
        if (QV_UNLIKELY(len > QV_UNITS_MAX - m)) {
            return qv_raise_oom(qi);
        }
        len += m;
        uint32_t c = qv_str_maxchar(items[i]);
        maxchar = c > maxchar ? c : maxchar;
    }
    QvObj *ret = qv_str_alloc(qi, len, maxchar);
    if (ret == NULL || len == 0) {
        return ret;
    }
    QvSsize at = 0;
    for (QvSsize i = 0; i < n; i++) {
        if (QV_UNLIKELY(qv_str_len(items[i]) > QV_POLL_SLICE)) {
            if (put_long(qi, ret, at, items[i]) < 0) {
                qv_decref(qi, ret);
                return NULL;
            }
        } else {
            put(ret, at, items[i]);
        }
        at += qv_str_len(items[i]);
    }
    return ret;
}

// The items of a join as an array; *ret_owner is to be dropped (it keeps them).
static int join_items(QvInterp *qi, QvObj *iterable, QvObj ***ret_items, QvSsize *ret_n,
                      QvObj **ret_owner)
{
    QvObj *seq;
    if (qv_is_list_exact(iterable) || qv_is_tuple_exact(iterable)) {
        seq = qv_new_ref(qi, iterable);
    } else {
        seq = iterable->type->iter == NULL && iterable->type->getitem == NULL
                  ? NULL
                  : qv_to_list(qi, iterable);
        if (seq == NULL) {
            if (!qv_err_occurred(qi)) {
                qv_raise(qi, &qv_exc_TypeError, "can only join an iterable");
            }
            return -1;
        }
    }
    if (qv_is_list(seq) && qv_list_box(qi, seq) < 0) {
        qv_decref(qi, seq);
        return -1;
    }
    *ret_owner = seq;
    if (qv_is_list(seq)) {
        *ret_items = ((QvList *)seq)->items;
        *ret_n = qv_list_len(seq);
    } else {
        *ret_items = qv_tuple_items(seq);
        *ret_n = qv_tuple_len(seq);
    }
    return 0;
}

// Can the item, with a separator before it, be written between p and end?
static bool fits(const QvObj *item, QvStrKind kind, QvSsize sep_len, const char *p, const char *end)
{
    return qv_is_str(item) && qv_str_kind(item) <= kind &&
           qv_str_len(item) + sep_len <= (end - p) >> kind;
}

QvObj *qv_str_join(QvInterp *qi, QvObj *sep, QvObj *iterable)
{
    QvObj **items;
    QvSsize n;
    QvObj *owner;
    if (join_items(qi, iterable, &items, &n, &owner) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    QvSsize sep_len = qv_str_len(sep);
    QvSsize len = 0;
    uint32_t maxchar = n > 1 && sep_len > 0 ? qv_str_maxchar(sep) : 0x7F;
    for (QvSsize i = 0; i < n; i++) {
        QvObj *item = items[i];
        if (QV_UNLIKELY(qv_stop_step(qi, i) < 0)) {
            goto done;
        }
        if (QV_UNLIKELY(!qv_is_str(item))) {
            qv_raise(qi, &qv_exc_TypeError, "sequence item %zd: expected str instance, %.80T found",
                     i, item);
            goto done;
        }
        QvSsize m = qv_str_len(item) + (i > 0 ? sep_len : 0);
        if (QV_UNLIKELY(len > QV_UNITS_MAX - m)) {
            qv_raise(qi, &qv_exc_OverflowError, "join() result is too long for a Python string");
            goto done;
        }
        len += m;
        uint32_t c = qv_str_maxchar(item);
        maxchar = c > maxchar ? c : maxchar;
    }
    if (n == 1 && qv_is_str_exact(items[0])) {
        ret = qv_new_ref(qi, items[0]);
        goto done;
    }
    ret = qv_str_alloc(qi, len, maxchar);
    if (ret == NULL || len == 0) {
        goto done;
    }
    // Nothing below runs Python but a poll, after which a list is looked at with suspicion.
    bool is_list = qv_is_list(owner), doubtful = false;
    QvStrKind kind = qv_str_kind(ret);
    char *p = qv_str_data(ret);
    const char *sep_data = qv_str_data(sep);
    bool narrow = kind == QV_STR_1;
    const char *end = p + ((size_t)len << kind);
    QvSsize since = 0; // characters since a stop was looked for
    for (QvSsize i = 0; i < n; i++) {
        if (QV_UNLIKELY((i & 4095) == 4095 && qv_poll_peek(qi) != 0)) {
            if (qv_poll_work(qi, 4096) < 0) {
                qv_clear(qi, &ret);
                goto done;
            }
            doubtful = is_list;
        }
        if (QV_UNLIKELY(doubtful)) {
            items = ((QvList *)owner)->items;
            if (qv_list_len(owner) != n || !fits(items[i], kind, i > 0 ? sep_len : 0, p, end)) {
                qv_raise(qi, &qv_exc_RuntimeError, "sequence changed during join");
                qv_clear(qi, &ret);
                goto done;
            }
        }
        if (i > 0 && sep_len > 0) {
            if (narrow && sep_len == 1) {
                *p = *sep_data;
            } else {
                if (qv_units_copy_long(qi, p, kind, sep_data, qv_str_kind(sep), sep_len) < 0) {
                    qv_clear(qi, &ret);
                    goto done;
                }
            }
            p += (size_t)sep_len << kind;
        }
        QvSsize m = qv_str_len(items[i]);
        since += m + sep_len;
        if (QV_UNLIKELY(since > QV_POLL_SLICE)) {
            since = 0;
            if (qv_units_copy_long(qi, p, kind, qv_str_data(items[i]), qv_str_kind(items[i]), m) <
                    0 ||
                qv_stop_here(qi) < 0) {
                qv_clear(qi, &ret);
                goto done;
            }
        } else if (narrow) {
            qv_copy_bytes(p, qv_str_data(items[i]), (size_t)m);
        } else {
            qv_units_copy(p, kind, qv_str_data(items[i]), qv_str_kind(items[i]), m);
        }
        p += (size_t)m << kind;
    }
    if (QV_UNLIKELY(p != end)) {
        qv_raise(qi, &qv_exc_RuntimeError, "sequence changed during join");
        qv_clear(qi, &ret);
    }
done:
    qv_decref(qi, owner);
    return ret;
}

// ---- repeat -------------------------------------------------------------------------------------

QvObj *qv_str_repeat(QvInterp *qi, QvObj *s, QvSsize n)
{
    QvSsize m = qv_str_len(s);
    if (n <= 0 || m == 0) {
        return QV_N(empty);
    }
    if (n == 1) {
        return qv_str_exact(qi, s);
    }
    if (m > PTRDIFF_MAX / n) {
        return qv_raise(qi, &qv_exc_OverflowError, "repeated string is too long");
    }
    QvObj *ret = qv_str_alloc(qi, m * n, qv_str_maxchar(s));
    if (ret == NULL) {
        return NULL;
    }
    size_t unit = (size_t)m << qv_str_kind(s);
    if (qv_units_repeat(qi, qv_str_data(ret), qv_str_data(s), unit, unit * (size_t)n) < 0) {
        qv_decref(qi, ret);
        return NULL;
    }
    return ret;
}

// ---- QvStrBuf -----------------------------------------------------------------------------------

void qv_strbuf_init(QvInterp *qi, QvStrBuf *b)
{
    *b = (QvStrBuf){.qi = qi, .kind = QV_STR_1, .maxchar = 0x7F};
}

void qv_strbuf_init_on(QvInterp *qi, QvStrBuf *b, void *room, QvSsize n)
{
    *b = (QvStrBuf){
        .qi = qi,
        .data = room,
        .cap = n,
        .size = n,
        .kind = QV_STR_1,
        .maxchar = 0x7F,
        .lent = true,
    };
}

// Gives the block back, unless it is the caller's.
static void free_block(QvStrBuf *b)
{
    if (b->data != NULL && !b->lent) {
        qv_free(b->qi, b->data, (size_t)b->size << b->kind);
    }
}

void qv_strbuf_fini(QvStrBuf *b)
{
    free_block(b);
    b->data = NULL;
    b->len = b->cap = b->size = 0;
}

#define UNWATCHED ((QvSsize)1 << 19) // code points between two polls

static void set_cap(QvStrBuf *b, QvSsize more)
{
    QvSsize room = more > UNWATCHED ? more : UNWATCHED;
    b->cap = b->size - b->len > room ? b->len + room : b->size;
}

// Room for `more` units of a kind; false (failed set) when there is none.
static QV_NOINLINE bool strbuf_reserve(QvStrBuf *b, QvSsize more, QvStrKind kind)
{
    if (QV_UNLIKELY(b->failed)) {
        return false;
    }
    if (kind < b->kind) {
        kind = b->kind;
    }
    if (b->len >= UNWATCHED && qv_poll_here(b->qi) < 0) {
        b->failed = true;
        return false;
    }
    if (kind == b->kind && more <= b->size - b->len) {
        set_cap(b, more);
        return true;
    }
    if (QV_UNLIKELY(b->len > QV_UNITS_MAX / 2 - more)) {
        qv_raise_oom(b->qi);
        b->failed = true;
        return false;
    }
    QvSsize need = b->len + more;
    QvSsize cap = need <= b->size ? b->size : need + (need >> 1);
    cap = cap < 32 ? 32 : cap;
    void *data;
    if (kind == b->kind && b->data != NULL && !b->lent) {
        data = qv_realloc(b->qi, b->data, (size_t)b->size << kind, (size_t)cap << kind);
    } else {
        data = qv_alloc(b->qi, (size_t)cap << kind);
        if (data != NULL && b->data != NULL) {
            if (qv_units_copy_long(b->qi, data, kind, b->data, b->kind, b->len) < 0) {
                qv_free(b->qi, data, (size_t)cap << kind);
                b->failed = true;
                return false;
            }
            free_block(b);
        }
    }
    if (data == NULL) {
        b->failed = true;
        return false;
    }
    b->data = data;
    b->size = cap;
    b->kind = kind;
    set_cap(b, more);
    b->lent = false;
    return true;
}

void qv_strbuf_reserve(QvStrBuf *b, QvSsize more)
{
    if (strbuf_reserve(b, more, b->kind)) {
        set_cap(b, 0);
    }
}

void qv_strbuf_char_slow(QvStrBuf *b, uint32_t c)
{
    if (strbuf_reserve(b, 1, qv_units_kind(c))) {
        qv_units_write(b->data, b->kind, b->len++, c);
        b->maxchar = c > b->maxchar ? c : b->maxchar;
    }
}

static inline bool has_room(const QvStrBuf *b, QvSsize more, QvStrKind kind)
{
    return kind <= b->kind && more <= b->cap - b->len && !b->failed;
}

// Into room that is there.
static inline void put_units(QvStrBuf *b, const void *p, QvStrKind kind, QvSsize n)
{
    if (QV_UNLIKELY(n > QV_POLL_SLICE)) {
        if (qv_units_copy_long(b->qi, qv_units_at(b->data, b->kind, b->len), b->kind, p, kind, n) <
            0) {
            b->failed = true;
            return;
        }
    } else if (QV_LIKELY(kind == QV_STR_1 && b->kind == QV_STR_1)) {
        qv_copy_bytes((char *)b->data + b->len, p, (size_t)n);
    } else {
        qv_units_copy(qv_units_at(b->data, b->kind, b->len), b->kind, p, kind, n);
    }
    b->len += n;
}

void qv_strbuf_ascii(QvStrBuf *b, const char *s, QvSsize n)
{
    if (n > 0 && (has_room(b, n, QV_STR_1) || strbuf_reserve(b, n, QV_STR_1))) {
        put_units(b, s, QV_STR_1, n);
    }
}

void qv_strbuf_cstr(QvStrBuf *b, const char *s) { qv_strbuf_ascii(b, s, (QvSsize)strlen(s)); }

void qv_strbuf_str(QvStrBuf *b, QvObj *s)
{
    qv_strbuf_units(b, qv_str_data(s), qv_str_kind(s), qv_str_len(s), qv_str_maxchar(s));
}

void qv_strbuf_units(QvStrBuf *b, const void *p, QvStrKind kind, QvSsize n, uint32_t maxchar)
{
    QvStrKind want = qv_units_kind(maxchar);
    if (n > 0 && (has_room(b, n, want) || strbuf_reserve(b, n, want))) {
        put_units(b, p, kind, n);
        b->maxchar = maxchar > b->maxchar ? maxchar : b->maxchar;
    }
}

void qv_strbuf_slice(QvStrBuf *b, QvObj *s, QvSsize start, QvSsize end)
{
    if (start < end) {
        const void *p = qv_str_at(s, start);
        QvStrKind kind = qv_str_kind(s);
        uint32_t maxchar = 0x7F;
        if (!qv_str_is_ascii(s) && qv_units_max_long(b->qi, p, kind, end - start, &maxchar) < 0) {
            b->failed = true;
            return;
        }
        qv_strbuf_units(b, p, kind, end - start, maxchar);
    }
}

void qv_strbuf_fill(QvStrBuf *b, uint32_t c, QvSsize n)
{
    QvStrKind kind = qv_units_kind(c);
    if (n > 0 && (has_room(b, n, kind) || strbuf_reserve(b, n, kind))) {
        if (b->kind == QV_STR_1 && n <= 64) {
            memset((char *)b->data + b->len, (int)c, (size_t)n);
        } else if (qv_units_fill_long(b->qi, qv_units_at(b->data, b->kind, b->len), b->kind, n, c) <
                   0) {
            b->failed = true;
            return;
        }
        b->len += n;
        b->maxchar = c > b->maxchar ? c : b->maxchar;
    }
}

QvObj *qv_strbuf_finish(QvStrBuf *b)
{
    QvObj *ret = NULL;
    if (!b->failed) {
        if (QV_LIKELY(b->maxchar < 0x80)) {
            ret = qv_str_new_ascii(b->qi, b->data, b->len);
            qv_strbuf_fini(b);
            return ret;
        }
        // maxchar is exact or a class's upper end: from_units narrows what was over-estimated.
        ret = qv_str_from_units(b->qi, b->data, b->kind, b->len);
    }
    qv_strbuf_fini(b);
    return ret;
}
