// SPDX-License-Identifier: MIT
// Packed lists: numbers without boxes. What they are for: list.h.
//
// Invariants:
// - numbers->kind is one for all: an int that does not fit makes the kind wider, anything else that
//   does not fit makes the list an ordinary one.
// - A list that has been made ordinary is marked and stays so: no list changes to and fro.
// - Nothing here runs Python. What is long looks whether the script is being stopped, and has
//   changed nothing yet when it is.
#include "object/list_numbers.h"

#include "object/alloc.h"
#include "object/key.h"

#define NUMBERS_MAX (PTRDIFF_MAX / 16)

static inline QvList *as_list(const QvObj *o) { return (QvList *)(uintptr_t)o; }

// ---- blocks -------------------------------------------------------------------------------------

static size_t block_bytes(QvNumKind kind, QvSsize cap)
{
    return sizeof(QvNumbers) + qv_num_bytes(kind, cap);
}

static QvNumbers *block_new(QvInterp *qi, QvNumKind kind, QvSsize cap)
{
    if (QV_UNLIKELY(cap > NUMBERS_MAX)) {
        qv_raise_oom(qi);
        return NULL;
    }
    QvNumbers *n = qv_alloc(qi, block_bytes(kind, cap));
    if (n) {
        n->len = 0;
        n->cap = cap;
        n->kind = kind;
    }
    return n;
}

static void block_free(QvInterp *qi, QvNumbers *n) { qv_free(qi, n, block_bytes(n->kind, n->cap)); }

void qv_numbers_drop(QvInterp *qi, QvList *l)
{
    QvNumbers *n = l->numbers;
    l->numbers = NULL;
    if (n) {
        block_free(qi, n);
    }
}

int qv_numbers_begin(QvInterp *qi, QvList *l, QvNumKind kind, QvSsize cap)
{
    QvNumbers *n = block_new(qi, kind, cap > 4 ? cap : 4);
    if (n == NULL) {
        return -1;
    }
    qv_numbers_drop(qi, l);
    if (l->cap > 0) {
        qv_free(qi, l->items, (size_t)l->cap * sizeof(QvObj *));
    }
    l->items = NULL;
    l->cap = 0;
    l->numbers = n;
    return 0;
}

static int set_cap(QvInterp *qi, QvList *l, QvSsize cap)
{
    if (QV_UNLIKELY(cap > NUMBERS_MAX)) {
        qv_raise_oom(qi);
        return -1;
    }
    QvNumKind kind = l->numbers->kind;
    QvNumbers *n =
        qv_realloc(qi, l->numbers, block_bytes(kind, l->numbers->cap), block_bytes(kind, cap));
    if (n == NULL) {
        return -1;
    }
    n->cap = cap;
    l->numbers = n;
    return 0;
}

int qv_numbers_reserve(QvInterp *qi, QvList *l, QvSsize n)
{
    if (QV_LIKELY(n <= l->numbers->cap)) {
        return 0;
    }
    return set_cap(qi, l, n > NUMBERS_MAX / 2 ? n : n + (n >> 1) + 8);
}

void qv_numbers_shrink(QvInterp *qi, QvList *l)
{
    QvNumbers *n = l->numbers;
    if (n->cap < 64 || n->len > n->cap / 4) {
        return;
    }
    QvSsize cap = n->len * 2 + 8;
    QvNumbers *smaller =
        qv_heap_realloc(&qi->heap, n, block_bytes(n->kind, n->cap), block_bytes(n->kind, cap));
    if (smaller) {
        smaller->cap = cap;
        l->numbers = smaller;
    }
}

// memcpy of n numbers that notices a stop. 0/-1.
static int copy_numbers(QvInterp *qi, QvNumKind kind, void *to, const void *from, QvSsize n)
{
    for (QvSsize i = 0, stop; i < n; i = stop) {
        if ((stop = qv_stop_slice(qi, i, n)) < 0) {
            return -1;
        }
        size_t at = qv_num_bytes(kind, i);
        memcpy((uint8_t *)to + at, (const uint8_t *)from + at, qv_num_bytes(kind, stop - i));
    }
    return 0;
}

// ---- widths -------------------------------------------------------------------------------------

#define WIDEN(FROM, TO)                                                                        \
    static void widen_##FROM##_##TO(void *restrict to_, const void *restrict from_, QvSsize n) \
    {                                                                                          \
        TO *restrict to = to_;                                                                 \
        const FROM *restrict from = from_;                                                     \
        for (QvSsize i = 0; i < n; i++) {                                                      \
            to[i] = from[i];                                                                   \
        }                                                                                      \
    }
WIDEN(int8_t, int16_t)
WIDEN(int8_t, int32_t)
WIDEN(int8_t, int64_t)
WIDEN(int16_t, int32_t)
WIDEN(int16_t, int64_t)
WIDEN(int32_t, int64_t)
#undef WIDEN

typedef void (*WidenFn)(void *restrict to, const void *restrict from, QvSsize n);
static const WidenFn widen_fns[3][4] = {
    {NULL, widen_int8_t_int16_t, widen_int8_t_int32_t, widen_int8_t_int64_t},
    {NULL, NULL, widen_int16_t_int32_t, widen_int16_t_int64_t},
    {NULL, NULL, NULL, widen_int32_t_int64_t},
};

// Copies n numbers of one kind to where they have another, as wide or wider. 0/-1.
static int convert(QvInterp *qi, QvNumKind to_kind, void *to, QvNumKind from_kind, const void *from,
                   QvSsize n)
{
    if (to_kind == from_kind) {
        return copy_numbers(qi, to_kind, to, from, n);
    }
    WidenFn widen = widen_fns[from_kind][to_kind];
    for (QvSsize i = 0, stop; i < n; i = stop) {
        if ((stop = qv_stop_slice(qi, i, n)) < 0) {
            return -1;
        }
        widen((uint8_t *)to + qv_num_bytes(to_kind, i),
              (const uint8_t *)from + qv_num_bytes(from_kind, i), stop - i);
    }
    return 0;
}

static int widen_list(QvInterp *qi, QvList *l, QvNumKind kind)
{
    QvNumbers *from = l->numbers, *to = block_new(qi, kind, from->cap);
    if (to == NULL) {
        return -1;
    }
    if (convert(qi, kind, to->data, from->kind, from->data, from->len) < 0) {
        block_free(qi, to);
        return -1;
    }
    to->len = from->len;
    l->numbers = to;
    block_free(qi, from);
    return 0;
}

// Can numbers of a kind come into the list? Widens it for them. 1, 0, -1.
static int suit_kind(QvInterp *qi, QvList *l, QvNumKind kind)
{
    QvNumKind own = l->numbers->kind;
    if ((own == QV_NUM_F64) != (kind == QV_NUM_F64)) {
        return 0;
    }
    return kind <= own || widen_list(qi, l, kind) == 0 ? 1 : -1;
}

int qv_numbers_suit(QvInterp *qi, QvList *l, const QvObj *x)
{
    if (qv_num_fits(l->numbers->kind, x)) {
        return 1;
    }
    if (x->type != &qv_int_type || l->numbers->kind == QV_NUM_F64) {
        return 0;
    }
    return widen_list(qi, l, qv_num_kind_for(qv_int_value(x))) < 0 ? -1 : 1;
}

// ---- boxes --------------------------------------------------------------------------------------

// Most ints of most programs are cached ones, which need neither memory nor a count: is a step of
// nothing else, its items are computed. The boxes of the others come all at once.
#define FILL_INTS(TYPE)                                                                           \
    static size_t fill_##TYPE(QvInterp *qi, QvObj **restrict items, const uint8_t *restrict data, \
                              size_t n)                                                           \
    {                                                                                             \
        uint64_t made = qi->small_ints;                                                           \
        size_t boxes = 0, k = 0, next = 0;                                                        \
        TYPE v;                                                                                   \
        for (size_t i = 0; i < n; i++) {                                                          \
            memcpy(&v, data + i * sizeof v, sizeof v);                                            \
            boxes += (uint64_t)(int64_t)v - (uint64_t)QV_SMALL_INT_MIN >= made;                   \
        }                                                                                         \
        if (boxes == 0) {                                                                         \
            QvInt *small = qi->ints.small - QV_SMALL_INT_MIN;                                     \
            for (; k < n; k++) {                                                                  \
                memcpy(&v, data + k * sizeof v, sizeof v);                                        \
                items[k] = &small[v].h;                                                           \
            }                                                                                     \
            return k;                                                                             \
        }                                                                                         \
        void *box[QV_NUM_STEP];                                                                   \
        size_t have = qv_heap_alloc_many(&qi->heap, sizeof(QvInt), box, boxes);                   \
        for (; k < n; k++) {                                                                      \
            memcpy(&v, data + k * sizeof v, sizeof v);                                            \
            QvObj *o = qv_small_int(qi, v);                                                       \
            if (!o) {                                                                             \
                if (QV_UNLIKELY(next == have)) {                                                  \
                    qv_raise_oom(qi);                                                             \
                    break;                                                                        \
                }                                                                                 \
                o = box[next++];                                                                  \
                memcpy(o, &qi->header, sizeof qi->header);                                        \
                o->type = &qv_int_type;                                                           \
                ((QvInt *)o)->value = v;                                                          \
            }                                                                                     \
            items[k] = o;                                                                         \
        }                                                                                         \
        while (next < have) { /* some were made in the cache meanwhile */                         \
            qv_heap_free(&qi->heap, box[next++], sizeof(QvInt));                                  \
        }                                                                                         \
        return k;                                                                                 \
    }

FILL_INTS(int8_t)
FILL_INTS(int16_t)
FILL_INTS(int32_t)
FILL_INTS(int64_t)
#undef FILL_INTS

static size_t fill_floats(QvInterp *qi, QvObj **items, const uint8_t *restrict data, size_t n)
{
    void *box[QV_NUM_STEP];
    size_t have = qv_heap_alloc_many(&qi->heap, sizeof(QvFloat), box, n);
    for (size_t k = 0; k < have; k++) {
        QvFloat *o = box[k];
        memcpy(&o->h, &qi->header, sizeof qi->header);
        o->h.type = &qv_float_type;
        memcpy(&o->value, data + k * sizeof o->value, sizeof o->value);
        items[k] = &o->h;
    }
    if (have < n) {
        qv_raise_oom(qi);
    }
    return have;
}

size_t qv_numbers_fill(QvInterp *qi, QvObj **items, QvNumKind kind, const void *data, size_t n)
{
    switch (kind) {
    case QV_NUM_I8: return fill_int8_t(qi, items, data, n);
    case QV_NUM_I16: return fill_int16_t(qi, items, data, n);
    case QV_NUM_I32: return fill_int32_t(qi, items, data, n);
    case QV_NUM_I64: return fill_int64_t(qi, items, data, n);
    default: return fill_floats(qi, items, data, n);
    }
}

QvObj *qv_list_number(QvInterp *qi, const QvObj *o, QvSsize i)
{
    return qv_numbers_box(qi, qv_numbers_of(o), i);
}

int qv_list_box(QvInterp *qi, QvObj *o)
{
    QvList *l = as_list(o);
    QvNumbers *n = l->numbers;
    if (n == NULL) {
        o->flags |= qv_is_list_exact(o) ? QV_LIST_F_ORDINARY : 0;
        return 0;
    }
    QvSsize len = n->len, cap = len < 8 ? 8 : len, made = 0;
    QvObj **items = qv_alloc(qi, (size_t)cap * sizeof(QvObj *));
    if (items == NULL) {
        return -1;
    }
    while (made < len) {
        size_t step = len - made < QV_NUM_STEP ? (size_t)(len - made) : QV_NUM_STEP;
        size_t more =
            qv_stop_slice(qi, made, len) < 0
                ? 0
                : qv_numbers_fill(qi, items + made, n->kind, qv_numbers_place(n, made), step);
        made += (QvSsize)more;
        if (more < step) {
            QvObj *exc = qv_err_fetch(qi);
            while (made > 0) {
                qv_decref(qi, items[--made]);
            }
            qv_free(qi, items, (size_t)cap * sizeof(QvObj *));
            qv_err_restore(qi, exc);
            return -1;
        }
    }
    l->items = items;
    l->boxed = len;
    l->cap = cap;
    o->flags |= QV_LIST_F_ORDINARY;
    qv_numbers_drop(qi, l);
    return 0;
}

// Copies the values of items that are numbers of one sort. 1, 0 (some are not, or too many are held
// by others, whose identity a script may know), -1 (stopped).
static bool read_boxes(QvInterp *qi, QvObj *const *items, QvSsize n, QvNumKind kind, void *data)
{
    QvSsize shared = 0;
    for (QvSsize i = 0, to; i < n; i = to) {
        if (i > 0 && (qv_poll_peek(qi) & QV_POLL_STOP)) {
            return false;
        }
        to = n - i < QV_NUM_STEP ? n : i + QV_NUM_STEP;
        for (QvSsize k = i; k < to; k++) {
            const QvObj *x = items[k];
            if (!qv_num_fits(kind, x)) {
                return false;
            }
            shared += x->refs > 1;
            if (kind == QV_NUM_F64) {
                ((double *)data)[k] = qv_float_value(x);
            } else {
                qv_num_put_int(kind, data, k, qv_int_value(x));
            }
        }
    }
    return shared <= n / 16;
}

// The kind for the items, as far as their types tell and, for ints, their widths. False: none (or
// there is no time to find out).
static bool kind_of_items(QvInterp *qi, QvObj *const *items, QvSsize n, QvNumKind *ret)
{
    const QvType *type = items[0]->type;
    if (type != items[n / 2]->type || type != items[n - 1]->type || items[n / 2]->refs > 1) {
        return false;
    }
    if (type == &qv_float_type) {
        *ret = QV_NUM_F64;
        return true;
    }
    if (type != &qv_int_type) {
        return false;
    }
    uint64_t bits = 0;
    for (QvSsize i = 0; i < n; i++) {
        if (items[i]->type != type || ((i & 4095) == 4095 && (qv_poll_peek(qi) & QV_POLL_STOP))) {
            return false;
        }
        int64_t v = qv_int_value(items[i]);
        bits |= (uint64_t)(v ^ v >> 63);
    }
    *ret = bits >> 15 == 0 ? QV_NUM_I16 : bits >> 31 == 0 ? QV_NUM_I32 : QV_NUM_I64;
    return true;
}

bool qv_list_pack(QvInterp *qi, QvObj *o)
{
    QvList *l = as_list(o);
    QvSsize len = l->boxed;
    if (l->numbers || len == 0 || !qv_is_list_exact(o) || (o->flags & QV_LIST_F_ORDINARY)) {
        return l->numbers != NULL;
    }
    QvNumKind kind;
    QvNumbers *n = kind_of_items(qi, l->items, len, &kind) ? block_new(qi, kind, len + len / 2)
                                                           : NULL;
    bool good = n && read_boxes(qi, l->items, len, kind, n->data);
    QvObj *boxes = good ? qv_list_new(qi, 0) : NULL;
    if (boxes == NULL) {
        qv_err_clear(qi); // without the memory for it, or without the time, it stays as it is
        o->flags |= QV_LIST_F_ORDINARY;
        if (n) {
            block_free(qi, n);
        }
        return false;
    }
    // The boxes go with a list of their own: many of them can wait when the script is stopped.
    QvList *old = as_list(boxes);
    old->items = l->items;
    old->boxed = len;
    old->cap = l->cap;
    n->len = len;
    l->items = NULL;
    l->boxed = l->cap = 0;
    l->numbers = n;
    qv_decref(qi, boxes);
    return true;
}

// Copies doubles that may be unaligned, unless one is NaN: 1, 0, -1 (stopped).
static int copy_floats(QvInterp *qi, double *restrict to, const uint8_t *restrict from, QvSsize n)
{
    for (QvSsize i = 0, stop; i < n; i = stop) {
        int nans = 0;
        stop = i + (n - i < QV_NUM_STEP ? n - i : QV_NUM_STEP);
        for (QvSsize k = i; k < stop; k++) {
            double v;
            memcpy(&v, from + (size_t)k * sizeof v, sizeof v);
            nans |= v != v;
            to[k] = v;
        }
        if (nans || qv_stop_here(qi) < 0) {
            return nans ? 0 : -1;
        }
    }
    return 1;
}

QvObj *qv_list_from_numbers(QvInterp *qi, QvNumKind kind, const void *data, QvSsize n)
{
    QvObj *o = qv_list_new(qi, 0);
    if (o == NULL || qv_numbers_begin(qi, as_list(o), kind, n) < 0) {
        qv_clear(qi, &o);
        return NULL;
    }
    void *to = as_list(o)->numbers->data;
    if (kind == QV_NUM_F64 ? copy_floats(qi, to, data, n) <= 0
                           : copy_numbers(qi, kind, to, data, n) < 0) {
        qv_clear(qi, &o);
        return NULL;
    }
    as_list(o)->numbers->len = n;
    return o;
}

// ---- one number ---------------------------------------------------------------------------------

int qv_numbers_append(QvInterp *qi, QvList *l, const QvObj *x)
{
    QvSsize len = l->numbers->len;
    int r = qv_numbers_suit(qi, l, x);
    if (r <= 0) {
        return r;
    }
    if (qv_numbers_reserve(qi, l, len + 1) < 0) {
        return -1;
    }
    qv_numbers_put(l->numbers, len, x);
    l->numbers->len++;
    return 1;
}

int qv_numbers_set(QvInterp *qi, QvList *l, QvSsize i, const QvObj *x)
{
    int r = qv_numbers_suit(qi, l, x);
    if (r > 0) {
        qv_numbers_put(l->numbers, i, x);
    }
    return r;
}

int qv_numbers_insert(QvInterp *qi, QvList *l, QvSsize i, const QvObj *x)
{
    int r = qv_numbers_append(qi, l, x);
    if (r > 0) {
        QvNumbers *n = l->numbers;
        memmove(qv_numbers_place(n, i + 1), qv_numbers_place(n, i),
                qv_num_bytes(n->kind, n->len - 1 - i));
        qv_numbers_put(n, i, x);
    }
    return r;
}

// ---- many ---------------------------------------------------------------------------------------

int qv_numbers_replace(QvInterp *qi, QvList *l, QvSsize start, QvSsize end, const QvNumbers *with)
{
    QvSsize m = with ? with->len : 0, len = l->numbers->len, rest = len - end;
    if (m > 0) {
        int r = suit_kind(qi, l, with->kind);
        if (r <= 0) {
            return r;
        }
        if (qv_numbers_reserve(qi, l, start + m + rest) < 0) {
            return -1;
        }
    }
    QvNumbers *n = l->numbers;
    memmove(qv_numbers_place(n, start + m), qv_numbers_place(n, end), qv_num_bytes(n->kind, rest));
    n->len = start + m + rest;
    if (m > 0) { // in slices without a stop: the list is half done
        void *to = qv_numbers_place(n, start);
        if (n->kind == with->kind) {
            memcpy(to, with->data, qv_num_bytes(n->kind, m));
        } else {
            widen_fns[with->kind][n->kind](to, with->data, m);
        }
    }
    if (n->len < len) {
        qv_numbers_shrink(qi, l);
    }
    return 1;
}

int qv_numbers_delete(QvInterp *qi, QvList *l, QvSsize start, QvSsize step, QvSsize count)
{
    QvNumbers *n = l->numbers;
    QvSsize to = start;
    for (QvSsize k = 0; k < count; k++) {
        QvSsize at = start + k * step, next = k + 1 < count ? at + step : n->len;
        memmove(qv_numbers_place(n, to), qv_numbers_place(n, at + 1),
                qv_num_bytes(n->kind, next - at - 1));
        to += next - at - 1;
    }
    n->len -= count;
    qv_numbers_shrink(qi, l);
    return 0;
}

int qv_numbers_extend(QvInterp *qi, QvList *l, const QvObj *other, QvSsize from, QvSsize m)
{
    QvSsize len = l->numbers->len;
    int r = suit_kind(qi, l, qv_numbers_of(other)->kind);
    if (r <= 0) {
        return r;
    }
    if (m > NUMBERS_MAX - len) {
        qv_raise_oom(qi);
        return -1;
    }
    if (qv_numbers_reserve(qi, l, len + m) < 0) {
        return -1;
    }
    QvNumbers *n = l->numbers;
    const QvNumbers *more = qv_numbers_of(other); // it may be the same list
    if (convert(qi, n->kind, qv_numbers_place(n, len), more->kind, qv_numbers_place(more, from),
                m) < 0) {
        return -1;
    }
    n->len = len + m;
    return 1;
}

int qv_numbers_repeat(QvInterp *qi, QvList *l, QvSsize times)
{
    QvSsize len = l->numbers->len, total;
    if (__builtin_mul_overflow(len, times, &total) || total > NUMBERS_MAX) {
        qv_raise_oom(qi);
        return -1;
    }
    if (total > l->numbers->cap && set_cap(qi, l, total) < 0) {
        return -1;
    }
    QvNumbers *n = l->numbers;
    for (QvSsize done = len; done < total;) {
        QvSsize more = done < QV_POLL_SLICE ? done : QV_POLL_SLICE / len * len;
        more = more > 0 ? more : len;
        more = more > total - done ? total - done : more;
        memcpy(qv_numbers_place(n, done), n->data, qv_num_bytes(n->kind, more));
        done += more;
        if (qv_stop_here(qi) < 0) {
            return -1;
        }
    }
    n->len = total;
    return 0;
}

#define STRIDE(BITS)                                                                      \
    static void stride_##BITS(void *restrict to_, const void *restrict from_, QvSsize at, \
                              QvSsize step, QvSsize n)                                    \
    {                                                                                     \
        uint##BITS##_t *restrict to = to_;                                                \
        const uint##BITS##_t *restrict from = from_;                                      \
        for (QvSsize i = 0; i < n; i++) {                                                 \
            to[i] = from[at + i * step];                                                  \
        }                                                                                 \
    }
STRIDE(8)
STRIDE(16)
STRIDE(32)
STRIDE(64)
#undef STRIDE

// A few numbers, in boxes.
static QvObj *small_slice(QvInterp *qi, const QvObj *o, QvSsize start, QvSsize step, QvSsize count)
{
    QvObj *ret = qv_list_new(qi, count);
    if (ret && count > 0 && step == 1 && count <= QV_NUM_STEP) {
        const QvNumbers *n = qv_numbers_of(o);
        as_list(ret)->boxed = (QvSsize)qv_numbers_fill(qi, as_list(ret)->items, n->kind,
                                                       qv_numbers_place(n, start), (size_t)count);
        if (as_list(ret)->boxed < count) {
            qv_clear(qi, &ret);
        }
        return ret;
    }
    for (QvSsize i = 0; ret && i < count; i++) {
        if (qv_list_append_take(qi, ret, qv_list_number(qi, o, start + i * step)) < 0) {
            qv_clear(qi, &ret);
        }
    }
    return ret;
}

QvObj *qv_numbers_slice(QvInterp *qi, const QvObj *o, QvSsize start, QvSsize step, QvSsize count)
{
    static void (*const strides[4])(void *restrict, const void *restrict, QvSsize, QvSsize,
                                    QvSsize) = {stride_8, stride_16, stride_32, stride_64};
    if (count < QV_NUMBERS_MIN) {
        return small_slice(qi, o, start, step, count);
    }
    const QvNumbers *from = qv_numbers_of(o);
    if (step == 1) {
        return qv_list_from_numbers(qi, from->kind, qv_numbers_place(from, start), count);
    }
    QvObj *ret = qv_list_new(qi, 0);
    if (ret && qv_numbers_begin(qi, as_list(ret), from->kind, count) < 0) {
        qv_clear(qi, &ret);
    }
    for (QvSsize i = 0, stop; ret && i < count; i = stop) {
        if ((stop = qv_stop_slice(qi, i, count)) < 0) {
            qv_clear(qi, &ret);
        } else {
            QvNumbers *to = as_list(ret)->numbers;
            strides[qv_num_shift(to->kind)](qv_numbers_place(to, i), from->data, start + i * step,
                                            step, stop - i);
            to->len = stop;
        }
    }
    return ret;
}

QvObj *qv_numbers_range(QvInterp *qi, int64_t start, int64_t step, QvSsize n)
{
    QvNumKind a = qv_num_kind_for(start), b = qv_num_kind_for(start + step * (n - 1));
    QvObj *ret = qv_list_new(qi, 0);
    if (ret && qv_numbers_begin(qi, as_list(ret), a > b ? a : b, n) < 0) {
        qv_clear(qi, &ret);
    }
    for (QvSsize i = 0, stop; ret && i < n; i = stop) {
        if ((stop = qv_stop_slice(qi, i, n)) < 0) {
            qv_clear(qi, &ret);
        } else {
            QvNumbers *to = as_list(ret)->numbers;
            for (QvSsize k = i; k < stop; k++) {
                qv_num_put_int(to->kind, to->data, k, start + step * k);
            }
            to->len = stop;
        }
    }
    return ret;
}

#define REVERSE(BITS)                                     \
    static void reverse_##BITS(void *data, QvSsize n)     \
    {                                                     \
        uint##BITS##_t *a = data;                         \
        for (QvSsize i = 0, k = n - 1; i < k; i++, k--) { \
            uint##BITS##_t t = a[i];                      \
            a[i] = a[k];                                  \
            a[k] = t;                                     \
        }                                                 \
    }
REVERSE(8)
REVERSE(16)
REVERSE(32)
REVERSE(64)
#undef REVERSE

void qv_numbers_reverse(QvNumbers *n)
{
    static void (*const fns[4])(void *, QvSsize) = {reverse_8, reverse_16, reverse_32, reverse_64};
    fns[qv_num_shift(n->kind)](n->data, n->len);
}

// ---- looking ------------------------------------------------------------------------------------

#define FIND(TYPE)                                                                \
    static QvSsize find_##TYPE(const void *data_, QvSsize i, QvSsize end, TYPE x) \
    {                                                                             \
        const TYPE *data = data_;                                                 \
        while (i < end && data[i] != x) {                                         \
            i++;                                                                  \
        }                                                                         \
        return i;                                                                 \
    }
FIND(int8_t)
FIND(int16_t)
FIND(int32_t)
FIND(int64_t)
FIND(double)
#undef FIND

static QvSsize find_step(const QvNumbers *n, QvSsize i, QvSsize end, int64_t v, double d)
{
    switch (n->kind) {
    case QV_NUM_I8: return find_int8_t(n->data, i, end, (int8_t)v);
    case QV_NUM_I16: return find_int16_t(n->data, i, end, (int16_t)v);
    case QV_NUM_I32: return find_int32_t(n->data, i, end, (int32_t)v);
    case QV_NUM_I64: return find_int64_t(n->data, i, end, v);
    default: return find_double(n->data, i, end, d);
    }
}

// The int64 that a double is, when it is one.
static bool whole(double d, int64_t *ret)
{
    if (!(d >= -0x1p63 && d < 0x1p63)) {
        return false;
    }
    *ret = (int64_t)d;
    return (double)*ret == d;
}

QvSsize qv_numbers_find(QvInterp *qi, const QvNumbers *n, QvSsize i, QvSsize end, const QvObj *x)
{
    int64_t v = 0, back;
    double d = 0;
    if (x->type == &qv_int_type || x->type == &qv_bool_type) {
        v = qv_int_value(x);
        d = (double)v;
        if (n->kind == QV_NUM_F64 && !(whole(d, &back) && back == v)) {
            return end; // no float is this int
        }
    } else if (x->type == &qv_float_type) {
        d = qv_float_value(x);
        if (n->kind != QV_NUM_F64 && !whole(d, &v)) {
            return end;
        }
    } else {
        return x == QV_NONE || x->type == &qv_str_type ? end : -2;
    }
    if (n->kind != QV_NUM_F64 && qv_num_kind_for(v) > n->kind) {
        return end;
    }
    for (QvSsize stop; i < end; i = stop) {
        if ((stop = qv_stop_slice(qi, i, end)) < 0) {
            return -1;
        }
        QvSsize at = find_step(n, i, stop, v, d);
        if (at < stop) {
            return at;
        }
    }
    return end;
}

QvSsize qv_numbers_differ(QvInterp *qi, const QvNumbers *a, const QvNumbers *b)
{
    QvSsize n = a->len < b->len ? a->len : b->len;
    if ((a->kind == QV_NUM_F64) != (b->kind == QV_NUM_F64)) {
        return -2;
    }
    for (QvSsize i = 0, stop; i < n; i = stop) {
        if ((stop = qv_stop_slice(qi, i, n)) < 0) {
            return -1;
        }
        if (a->kind == b->kind && memcmp(qv_numbers_place(a, i), qv_numbers_place(b, i),
                                         qv_num_bytes(a->kind, stop - i)) == 0) {
            continue;
        }
        for (QvSsize k = i; k < stop; k++) {
            if (a->kind == QV_NUM_F64 ? qv_numbers_float(a, k) != qv_numbers_float(b, k)
                                      : qv_numbers_int(a, k) != qv_numbers_int(b, k)) {
                return k;
            }
        }
    }
    return n;
}
