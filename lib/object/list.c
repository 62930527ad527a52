// SPDX-License-Identifier: MIT
// list: a growing array of references. Sorting: list_sort.c. Assigning to slices: list_slice.c.
//
// Invariants:
// - items[0 .. boxed) are references; cap is -1 while the list is being sorted (empty to everybody
//   else). A packed list (list.h) has neither; its numbers are list_numbers.c's business.
// - What replaces or removes items puts the array in order first and drops the old references last;
//   the drops may run Python, which sees a good list. After anything that may run Python, boxed and
//   items are read again. (Meanwhile the list may have been packed; a packed one can't be seen by
//   then to have changed in another way than an ordinary one.)
#include "object/list.h"

#include <string.h>

#include "object/alloc.h"
#include "object/float.h"
#include "object/genericalias.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list_internal.h"
#include "object/list_numbers.h"
#include "object/protocol.h"
#include "object/refs.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/walk.h"

static inline QvList *as_list(const QvObj *o) { return (QvList *)(uintptr_t)o; }

// ---- storage ------------------------------------------------------------------------------------

// Makes room for exactly cap items (at least len). 0 or -1.
static int set_cap(QvInterp *qi, QvList *l, QvSsize cap)
{
    if (QV_UNLIKELY(cap > QV_LIST_MAX)) {
        qv_raise_oom(qi);
        return -1;
    }
    QvSsize old = l->cap > 0 ? l->cap : 0;
    QvObj **items = (QvObj **)qv_realloc(qi, l->items, (size_t)old * sizeof(QvObj *),
                                         (size_t)cap * sizeof(QvObj *));
    if (QV_UNLIKELY(items == NULL)) {
        return -1;
    }
    l->items = items;
    l->cap = cap;
    return 0;
}

// Room for n items, with some to spare for those that will follow. 0 or -1.
static QV_NOINLINE int grow(QvInterp *qi, QvList *l, QvSsize n)
{
    if (n > QV_LIST_MAX) {
        qv_raise_oom(qi);
        return -1;
    }
    // Powers of two fill the heap's classes (up to 64 items); half as much again beyond.
    QvSsize cap = 4;
    if (n > 64) {
        cap = n + (n >> 1);
        cap = cap > QV_LIST_MAX ? QV_LIST_MAX : (cap + 7) & ~(QvSsize)7;
    } else {
        while (cap < n) {
            cap *= 2;
        }
    }
    return set_cap(qi, l, cap);
}

static inline int reserve(QvInterp *qi, QvList *l, QvSsize n)
{
    return QV_LIKELY(n <= l->cap) ? 0 : grow(qi, l, n);
}

int qv_list_reserve(QvInterp *qi, QvList *l, QvSsize n) { return reserve(qi, l, n); }

void qv_list_shrink(QvInterp *qi, QvList *l)
{
    if (l->cap < 32 || l->boxed > l->cap / 4) {
        return;
    }
    if (l->boxed == 0) {
        qv_free(qi, l->items, (size_t)l->cap * sizeof(QvObj *));
        l->items = NULL;
        l->cap = 0;
        return;
    }
    QvSsize cap = (l->boxed * 2 + 7) & ~(QvSsize)7;
    QvObj **items = (QvObj **)qv_heap_realloc(&qi->heap, l->items, (size_t)l->cap * sizeof(QvObj *),
                                              (size_t)cap * sizeof(QvObj *));
    if (items) {
        l->items = items;
        l->cap = cap;
    }
}

// Appends numbers at..end of a packed list to an ordinary one, which has room. 0/-1.
static int append_numbers(QvInterp *qi, QvObj *to, const QvObj *from, QvSsize at, QvSsize end)
{
    QvList *l = as_list(to);
    while (at < end) {
        size_t step = end - at < QV_NUM_STEP ? (size_t)(end - at) : QV_NUM_STEP;
        const QvNumbers *n = qv_numbers_of(from);
        size_t made =
            qv_numbers_fill(qi, l->items + l->boxed, n->kind, qv_numbers_place(n, at), step);
        l->boxed += (QvSsize)made;
        at += (QvSsize)made;
        if (made < step || (at < end && qv_stop_slice(qi, at, end) < 0)) {
            return -1;
        }
    }
    return 0;
}

// Appends items at..end of the list or tuple `from` to an ordinary list, in slices: many can be
// stopped, but they are of one moment. There may be fewer of them than was thought. 0/-1.
static int append_range(QvInterp *qi, QvObj *to, QvObj *from, QvSsize at, QvSsize end)
{
    QvList *l = as_list(to);
    if (reserve(qi, l, l->boxed + (end - at)) < 0) {
        return -1;
    }
    if (qv_is_list(from) && qv_list_is_packed(from)) {
        return append_numbers(qi, to, from, at, end);
    }
    QvSsize n;
    QvObj **items = qv_list_items_of(from, &n); // making room may have started a collection
    end = end < n ? end : n;
    for (QvSsize stop; at < end; at = stop) {
        if ((stop = qv_stop_slice(qi, at, end)) < 0) {
            return -1;
        }
        qv_refs_copy(qi, l->items + l->boxed, items + at, stop - at);
        l->boxed += stop - at;
    }
    return 0;
}

QvObj *qv_list_new(QvInterp *qi, QvSsize cap)
{
    QvObj *o = qv_alloc_gc(qi, &qv_list_type, sizeof(QvList));
    if (QV_UNLIKELY(o == NULL) || cap <= 0) {
        return o;
    }
    if (QV_LIKELY(cap <= (QvSsize)(QV_HEAP_SMALL_MAX / sizeof(QvObj *)))) {
        QvList *l = as_list(o);
        l->items = qv_heap_alloc(&qi->heap, (size_t)cap * sizeof(QvObj *));
        if (QV_LIKELY(l->items != NULL)) {
            l->cap = cap;
            return o;
        }
        qv_raise_oom(qi);
    } else if (set_cap(qi, as_list(o), cap) == 0) {
        return o;
    }
    qv_decref(qi, o);
    return NULL;
}

QvObj *qv_list_from_array(QvInterp *qi, QvObj *const *items, QvSsize n)
{
    QvObj *o = qv_list_new(qi, n);
    if (o && n > 0) {
        QvList *l = as_list(o);
        qv_refs_copy(qi, l->items, items, n);
        l->boxed = n;
    }
    return o;
}

// Most items of large lists are numbers that nobody else holds.
QV_RUNS static inline void drop_item(QvInterp *qi, QvObj *o)
{
    if (o->refs == 1 && (o->type == &qv_float_type || o->type == &qv_int_type)) {
        qv_number_drop(qi, o);
    } else {
        qv_decref(qi, o);
    }
}

// Appends to a packed list, which may become an ordinary one. 0/-1.
static QV_NOINLINE int append_to_numbers(QvInterp *qi, QvObj *o, QvObj *item)
{
    int r = qv_numbers_append(qi, as_list(o), item);
    if (r == 0) {
        r = qv_list_box(qi, o) < 0 ? -1 : qv_list_append(qi, o, item);
    }
    return r < 0 ? -1 : 0;
}

// Makes room for one item more, or has appended it to a packed list: 1. 0 room, -1.
static QV_NOINLINE int append_slow(QvInterp *qi, QvObj *o, QvObj *item)
{
    if (qv_list_is_packed(o)) {
        return append_to_numbers(qi, o, item) < 0 ? -1 : 1;
    }
    return grow(qi, as_list(o), as_list(o)->boxed + 1);
}

int qv_list_append(QvInterp *qi, QvObj *o, QvObj *item)
{
    QvList *l = as_list(o);
    qv_check_own(qi, o);
    if (QV_UNLIKELY(l->boxed >= l->cap)) {
        int done = append_slow(qi, o, item);
        if (done != 0) {
            return done < 0 ? -1 : 0;
        }
    }
    l->items[l->boxed++] = qv_new_ref(qi, item);
    return 0;
}

int qv_list_append_take(QvInterp *qi, QvObj *o, QV_STOLEN QvObj *item)
{
    QvList *l = as_list(o);
    if (QV_UNLIKELY(item == NULL)) {
        return -1;
    }
    qv_check_own(qi, o);
    qv_check_owner(qi, item);
    if (QV_UNLIKELY(l->boxed >= l->cap)) {
        int done = append_slow(qi, o, item);
        if (QV_UNLIKELY(done != 0)) {
            QvObj *exc = qv_err_fetch(qi);
            qv_decref(qi, item);
            qv_err_restore(qi, exc);
            return done < 0 ? -1 : 0;
        }
    }
    l->items[l->boxed++] = item;
    return 0;
}

int qv_list_push_take(QvInterp *qi, QvObj *o, QV_STOLEN QvObj *item)
{
    QvList *l = as_list(o);
    if (QV_LIKELY(l->numbers != NULL) && QV_LIKELY(qv_numbers_add(l->numbers, item))) {
        qv_check_own(qi, o);
        qv_number_drop(qi, item);
        return 0;
    }
    if (QV_UNLIKELY(l->boxed >= QV_NUMBERS_MIN && l->boxed >= l->cap) && qv_is_number(item) &&
        !(o->flags & QV_LIST_F_ORDINARY)) {
        qv_list_pack(qi, o);
    }
    return qv_list_append_take(qi, o, item);
}

int qv_list_insert(QvInterp *qi, QvObj *o, QvSsize i, QvObj *item)
{
    QvList *l = as_list(o);
    qv_check_own(qi, o);
    QvSsize len = qv_list_len(o);
    i = i >= 0 ? i : i + len < 0 ? 0 : i + len;
    i = i > len ? len : i;
    if (QV_UNLIKELY(l->numbers != NULL)) {
        int done = qv_numbers_insert(qi, l, i, item);
        if (done != 0 || qv_list_box(qi, o) < 0) {
            return done > 0 ? 0 : -1;
        }
    }
    if (reserve(qi, l, l->boxed + 1) < 0) {
        return -1;
    }
    memmove(l->items + i + 1, l->items + i, (size_t)(l->boxed - i) * sizeof(QvObj *));
    l->items[i] = qv_new_ref(qi, item);
    l->boxed++;
    return 0;
}

QV_RUNS int qv_list_set(QvInterp *qi, QvObj *o, QvSsize i, QvObj *item)
{
    QvList *l = as_list(o);
    qv_check_own(qi, o);
    if (QV_UNLIKELY((size_t)i >= (size_t)l->boxed)) {
        if ((size_t)i >= (size_t)qv_list_len(o)) {
            return qv_raise_int(qi, &qv_exc_IndexError, "list assignment index out of range");
        }
        int done = qv_numbers_set(qi, l, i, item);
        if (done != 0 || qv_list_box(qi, o) < 0) {
            return done > 0 ? 0 : -1;
        }
    }
    qv_set_take(qi, &l->items[i], qv_new_ref(qi, item));
    return 0;
}

// Drops n items of a block that is the list's no more, and the block; or gives back to the dying
// list what is left, which then is put aside: false.
static bool drop_items(QvInterp *qi, QvList *l, QvObj **items, QvSsize n, QvSsize cap)
{
    while (n > 0) {
        QvSsize stop = (n - 1) / QV_DEALLOC_STEP * QV_DEALLOC_STEP;
        while (n - stop >= 4) {
            if (!qv_refs_immortal4(items + n - 4)) {
                drop_item(qi, items[n - 1]);
                drop_item(qi, items[n - 2]);
                drop_item(qi, items[n - 3]);
                drop_item(qi, items[n - 4]);
            }
            n -= 4;
        }
        while (n > stop) {
            drop_item(qi, items[--n]);
        }
        if (QV_UNLIKELY(n > 0 && qv_dealloc_hurries(qi)) && qv_dealloc_pause(qi, &l->h)) {
            l->items = items;
            l->boxed = n;
            l->cap = cap;
            return false;
        }
    }
    qv_free(qi, items, (size_t)cap * sizeof(QvObj *));
    return true;
}

QV_RUNS void qv_list_clear(QvInterp *qi, QvObj *o)
{
    QvList *l = as_list(o);
    QvObj **items = l->items;
    QvSsize n = l->boxed, cap = l->cap;
    if (items == NULL) {
        qv_numbers_drop(qi, l);
        return;
    }
    l->items = NULL;
    l->boxed = l->cap = 0;
    drop_items(qi, l, items, n, cap);
}

// The end of an exact list in one call.
QV_RUNS static void list_dealloc(QvInterp *qi, QvObj *o)
{
    if (QV_UNLIKELY(o->type != &qv_list_type)) {
        qv_obj_dealloc(qi, o);
        return;
    }
    QvList *l = as_list(o);
    QvObj **items = l->items;
    if (items != NULL) {
        QvSsize n = l->boxed, cap = l->cap;
        l->items = NULL; // the collector may see the dying list
        l->boxed = l->cap = 0;
        if (!drop_items(qi, l, items, n, cap)) {
            return;
        }
    } else if (QV_UNLIKELY(l->numbers != NULL)) {
        qv_numbers_drop(qi, l);
    }
    qv_alloc_gc_free(qi, o, sizeof(QvList));
}

QvObj *qv_list_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end)
{
    QvSsize len = qv_list_len(o);
    start = start < 0 ? 0 : start;
    end = end > len ? len : end;
    if (QV_UNLIKELY(as_list(o)->numbers != NULL)) {
        return qv_numbers_slice(qi, o, start, 1, end > start ? end - start : 0);
    }
    // Making the list can start a collection; whose finalizers may change this one: look again.
    QvObj *ret = qv_list_new(qi, end > start ? end - start : 0);
    if (ret) {
        QvList *l = as_list(o), *to = as_list(ret);
        end = end > l->boxed ? l->boxed : end;
        if (QV_UNLIKELY(end - start > QV_POLL_SLICE)) {
            if (append_range(qi, ret, o, start, end) < 0) {
                qv_clear(qi, &ret);
            }
        } else if (start < end) {
            qv_refs_copy(qi, to->items, l->items + start, end - start);
            to->boxed = end - start;
        }
    }
    return ret;
}

// Fills a fresh tuple of the same length, and gives it back.
static QvObj *tuple_of_numbers(QvInterp *qi, const QvNumbers *n, QV_STOLEN QvObj *ret)
{
    for (QvSsize k = 0, made; ret && k < n->len; k += made) {
        QvSsize m = n->len - k < QV_NUM_STEP ? n->len - k : QV_NUM_STEP;
        made = (QvSsize)qv_numbers_fill(qi, qv_tuple_items(ret) + k, n->kind,
                                        qv_numbers_place(n, k), (size_t)m);
        if (made < m || qv_stop_slice(qi, k + made, n->len) < 0) {
            qv_clear(qi, &ret);
            break;
        }
    }
    return ret;
}

QvObj *qv_list_as_tuple(QvInterp *qi, QvObj *o)
{
    QvSsize n = qv_list_len(o);
    QvObj *ret = qv_tuple_new(qi, n);
    if (ret == NULL) {
        return NULL;
    }
    if (QV_UNLIKELY(as_list(o)->numbers != NULL)) {
        return tuple_of_numbers(qi, as_list(o)->numbers, ret);
    }
    if (QV_UNLIKELY(n != qv_list_len(o))) {
        qv_decref(qi, ret);
        return qv_tuple_from_array(qi, as_list(o)->items, qv_list_len(o));
    }
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_stop_slice(qi, from, n)) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
        qv_refs_copy(qi, qv_tuple_items(ret) + from, as_list(o)->items + from, to - from);
    }
    return ret;
}

int qv_list_reverse(QvInterp *qi, QvObj *o)
{
    QvList *l = as_list(o);
    qv_check_own(qi, o);
    if (QV_UNLIKELY(l->numbers != NULL)) {
        qv_numbers_reverse(l->numbers);
    } else if (l->boxed > 1) {
        for (QvObj **a = l->items, **b = l->items + l->boxed - 1; a < b; a++, b--) {
            QvObj *t = *a;
            *a = *b;
            *b = t;
        }
    }
    return 0;
}

// ---- extending ----------------------------------------------------------------------------------

typedef struct Filler {
    QvSink sink;
    QvList *list;
} Filler;

static bool take_item(QvInterp *qi, QvSink *sink, QvObj *item)
{
    QvList *l = ((Filler *)sink)->list;
    if (QV_UNLIKELY(l->boxed >= l->cap)) {
        return l->numbers && qv_numbers_add(l->numbers, item);
    }
    l->items[l->boxed++] = qv_new_ref(qi, item);
    return true;
}

// Appends an item that has been made, to whatever the list is by now. 0/-1.
static inline int add_take(QvInterp *qi, QvObj *o, QV_STOLEN QvObj *item, bool packing)
{
    QvList *l = as_list(o);
    if (QV_LIKELY(l->boxed < l->cap)) {
        l->items[l->boxed++] = item;
        return 0;
    }
    return packing ? qv_list_push_take(qi, o, item) : qv_list_append_take(qi, o, item);
}

// What a generator gives. 0 or -1.
static int extend_generator(QvInterp *qi, QvObj *o, QvObj *generator, bool packing)
{
    Filler filler = {{take_item}, as_list(o)};
    QvObj *item;
    int r = 0;
    for (QvSsize i = 0; r == 0 && (item = qv_generator_feed(qi, generator, &filler.sink)) != NULL;
         i++) {
        r = qv_poll_step(qi, i);
        if (r == 0) {
            r = add_take(qi, o, item, packing);
        } else {
            qv_decref(qi, item);
        }
    }
    return qv_err_occurred(qi) ? -1 : 0;
}

// Extends by the items of an exact list, an exact tuple or the list itself.
static int extend_items(QvInterp *qi, QvObj *o, QvObj *from, bool packing)
{
    QvList *l = as_list(o);
    bool numbers = qv_is_list(from) && qv_list_is_packed(from);
    QvSsize n = qv_list_items_len(from);
    if (n == 0) {
        return 0;
    }
    if (numbers && packing && !l->numbers && l->boxed == 0 && l->cap >= 0 && n >= QV_NUMBERS_MIN &&
        qv_is_list_exact(o) && !(o->flags & QV_LIST_F_ORDINARY) &&
        qv_numbers_begin(qi, l, qv_numbers_of(from)->kind, n) < 0) {
        return -1;
    }
    if (l->numbers && numbers) {
        int done = qv_numbers_extend(qi, l, from, 0, n);
        if (done != 0) {
            return done > 0 ? 0 : -1;
        }
    } else if (l->numbers) {
        QvObj **items = qv_list_items_of(from, &n);
        QvSsize old = l->numbers->len, i = 0;
        int done = 1;
        for (QvSsize stop; i < n && done > 0; i = stop) {
            stop = qv_stop_slice(qi, i, n);
            done = stop < 0 ? -1 : 1;
            for (QvSsize k = i; k < stop && done > 0; k++) {
                done = qv_numbers_add(l->numbers, items[k]) ? 1
                                                            : qv_numbers_append(qi, l, items[k]);
            }
        }
        if (done > 0) {
            return 0;
        }
        l->numbers->len = old; // all of them, or none
        if (done < 0) {
            return -1;
        }
    }
    if (l->numbers && qv_list_box(qi, o) < 0) { // which may have been `from`
        return -1;
    }
    // A fresh list gets just what it needs: list(x) is usually not extended again.
    if (l->cap == 0 ? set_cap(qi, l, n) < 0 : reserve(qi, l, l->boxed + n) < 0) {
        return -1;
    }
    if (QV_UNLIKELY(n > QV_POLL_SLICE || (qv_is_list(from) && qv_list_is_packed(from)))) {
        return append_range(qi, o, from, 0, n);
    }
    qv_refs_copy(qi, l->items + l->boxed, qv_list_items_of(from, &n), n);
    l->boxed += n;
    return 0;
}

// list.extend(range): 1 done, 0 the range is short, or long beyond measure; -1.
static int extend_range(QvInterp *qi, QvObj *o, const QvRange *r)
{
    QvList *l = as_list(o);
    int64_t last;
    if (!qv_int_is_small(r->start) || !qv_int_is_small(r->step) || !qv_int_is_small(r->length) ||
        (o->flags & QV_LIST_F_ORDINARY) || !qv_is_list_exact(o) || l->boxed > 0 || l->cap < 0) {
        return 0;
    }
    int64_t n = qv_int_value(r->length), start = qv_int_value(r->start),
            step = qv_int_value(r->step);
    if (n < QV_NUMBERS_MIN || __builtin_mul_overflow(step, n - 1, &last) ||
        __builtin_add_overflow(last, start, &last)) {
        return 0;
    }
    QvObj *numbers = qv_numbers_range(qi, start, step, n);
    if (numbers == NULL) {
        return -1;
    }
    int done = 1;
    if (l->numbers) {
        done = qv_numbers_extend(qi, l, numbers, 0, n);
    } else {
        qv_free(qi, l->items, l->cap > 0 ? (size_t)l->cap * sizeof(QvObj *) : 0);
        l->items = NULL;
        l->cap = 0;
        l->numbers = as_list(numbers)->numbers;
        as_list(numbers)->numbers = NULL;
    }
    qv_decref(qi, numbers);
    return done;
}

QV_RUNS static int extend_any(QvInterp *qi, QvObj *o, QvObj *iterable, bool packing)
{
    QvList *l = as_list(o);
    qv_check_own(qi, o);
    if (qv_is_list_exact(iterable) || qv_is_tuple_exact(iterable) || iterable == o) {
        return extend_items(qi, o, iterable, packing);
    }
    if (iterable->type == &qv_generator_type) {
        if (extend_generator(qi, o, iterable, packing) < 0) {
            return -1;
        }
        qv_list_shrink(qi, l);
        return 0;
    }
    if (packing && iterable->type == &qv_range_type) {
        int done = extend_range(qi, o, (const QvRange *)iterable);
        if (done != 0) {
            return done > 0 ? 0 : -1;
        }
    }
    QvObj *it = qv_iter(qi, iterable);
    if (it == NULL) {
        return -1;
    }
    QvSsize hint = qv_length_hint(qi, iterable, 8);
    if (hint < 0) {
        qv_decref(qi, it);
        return -1;
    }
    // A hint is no promise: one that memory has no room for is forgotten.
    if (hint > 0 && hint <= QV_LIST_MAX - l->boxed && l->cap >= 0 && l->boxed + hint > l->cap &&
        l->numbers == NULL &&
        qv_heap_fits(&qi->heap, (size_t)(l->boxed + hint) * sizeof(QvObj *)) &&
        set_cap(qi, l, l->boxed + hint) < 0) {
        qv_err_clear(qi);
    }
    QvUnaryFn next = it->type->next;
    QvObj *item;
    int r = 0;
    for (QvSsize i = 0; (item = next(qi, it)) != NULL; i++) {
        if (add_take(qi, o, item, packing) < 0 || qv_poll_step(qi, i) < 0) {
            r = -1;
            break;
        }
    }
    if (r == 0 && qv_err_occurred(qi)) {
        if (qv_err_matches(qi, &qv_exc_StopIteration)) {
            qv_err_clear(qi);
        } else {
            r = -1;
        }
    }
    qv_decref(qi, it);
    if (r == 0) {
        if (packing && l->boxed >= QV_NUMBERS_MIN && !qv_list_is_packed(o)) {
            qv_list_pack(qi, o); // room by hint: it has not been looked at while it grew
        }
        qv_list_shrink(qi, l);
    }
    return r;
}

QV_RUNS int qv_list_extend(QvInterp *qi, QvObj *o, QvObj *iterable)
{
    return extend_any(qi, o, iterable, false);
}

QV_RUNS int qv_list_extend_packing(QvInterp *qi, QvObj *o, QvObj *iterable)
{
    return extend_any(qi, o, iterable, true);
}

// ---- construction and life ----------------------------------------------------------------------

static QvObj *list_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    return qv_obj_new(qi, type);
}

static int list_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    bool lenient = self->type != &qv_list_type && self->type->new_ != list_make;
    if (qv_ctor_check(qi, "list", nargs, 0, 1, lenient ? NULL : kwnames) < 0) {
        return -1;
    }
    qv_list_clear(qi, self);
    return nargs == 0 ? 0 : qv_list_extend_packing(qi, self, args[0]);
}

static int list_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    const QvList *l = as_list(o);
    for (QvSsize i = l->boxed; i-- > 0;) {
        QV_VISIT(l->items[i]);
    }
    return 0;
}

// ---- basic --------------------------------------------------------------------------------------

static QvObj *list_repr(QvInterp *qi, QvObj *o)
{
    if (qv_list_len(o) == 0) {
        return qv_str_new_ascii(qi, "[]", 2);
    }
    int entered = qv_repr_enter(qi, o);
    if (entered != 0) {
        return entered < 0 ? NULL : qv_str_new_ascii(qi, "[...]", 5);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_char(&b, '[');
    for (QvSsize i = 0; i < qv_list_len(o); i++) {
        if (i > 0) {
            qv_strbuf_ascii(&b, ", ", 2);
        }
        QvObj *item = qv_list_at(qi, o, i);
        QvObj *s = !item || qv_poll_step(qi, i) < 0 ? NULL : qv_repr(qi, item);
        qv_xdecref(qi, item);
        if (s == NULL) {
            qv_strbuf_fini(&b);
            qv_repr_leave(qi, o);
            return NULL;
        }
        qv_strbuf_str(&b, s);
        qv_decref(qi, s);
    }
    qv_strbuf_char(&b, ']');
    qv_repr_leave(qi, o);
    return qv_strbuf_finish(&b);
}

// The first place from i on where two lists differ, one of which at least is packed; -1 with an
// exception.
QV_RUNS static QvSsize differ_from(QvInterp *qi, QvObj *v, QvObj *w, QvSsize i)
{
    if (i == 0 && qv_list_is_packed(v) && qv_list_is_packed(w)) {
        QvSsize at = qv_numbers_differ(qi, qv_numbers_of(v), qv_numbers_of(w));
        if (at != -2) {
            return at;
        }
    }
    for (; i < qv_list_len(v) && i < qv_list_len(w); i++) {
        QvObj *x = qv_list_at(qi, v, i), *y = qv_list_at(qi, w, i);
        int same = x && y ? qv_item_eq(qi, x, y) : -1;
        qv_xdecref(qi, x);
        qv_xdecref(qi, y);
        if (same <= 0 || qv_poll_step(qi, i) < 0) {
            return same == 0 ? i : -1;
        }
    }
    return i;
}

static QvObj *list_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_list(v) || !qv_is_list(w)) {
        return QV_NOTIMPLEMENTED;
    }
    const QvList *a = as_list(v), *b = as_list(w);
    if (qv_list_len(v) != qv_list_len(w) && (op == QV_EQ || op == QV_NE)) {
        return qv_bool(op == QV_NE);
    }
    QvSsize i = 0;
    for (; i < a->boxed && i < b->boxed; i++) {
        // What needs no call, up to the next look at the poll flag.
        QvSsize most = a->boxed < b->boxed ? a->boxed : b->boxed;
        i = qv_items_same(a->items, b->items, i, most <= (i | 4095) ? most : (i | 4095));
        if (i == most) {
            break;
        }
        int same = qv_poll_step(qi, i) < 0 ? -1 : 1;
        if (same > 0 && i < a->boxed && i < b->boxed) {
            same = qv_item_eq(qi, a->items[i], b->items[i]);
        }
        if (same < 0) {
            return NULL;
        }
        if (!same) {
            break;
        }
    }
    if (QV_UNLIKELY(a->numbers || b->numbers) && (i = differ_from(qi, v, w, i)) < 0) {
        return NULL;
    }
    if (i >= qv_list_len(v) || i >= qv_list_len(w)) {
        QvSsize vn = qv_list_len(v), wn = qv_list_len(w);
        switch (op) {
        case QV_LT: return qv_bool(vn < wn);
        case QV_LE: return qv_bool(vn <= wn);
        case QV_EQ: return qv_bool(vn == wn);
        case QV_NE: return qv_bool(vn != wn);
        case QV_GT: return qv_bool(vn > wn);
        default: return qv_bool(vn >= wn);
        }
    }
    if (op == QV_EQ || op == QV_NE) {
        return qv_bool(op == QV_NE);
    }
    QvObj *x = qv_list_at(qi, v, i), *y = qv_list_at(qi, w, i);
    QvObj *ret = x && y ? qv_compare(qi, x, y, op) : NULL;
    qv_xdecref(qi, x);
    qv_xdecref(qi, y);
    return ret;
}

static QvObj *list_iter(QvInterp *qi, QvObj *o)
{
    return qv_seqiter_new(qi, &qv_list_iterator_type, o);
}

// ---- sequence -----------------------------------------------------------------------------------

static QvSsize list_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_list_len(o);
}

static QvObj *get_by_slice(QvInterp *qi, QvObj *o, QvObj *slice)
{
    QvSsize start, stop, step;
    if (qv_slice_unpack(qi, slice, &start, &stop, &step) < 0) {
        return NULL;
    }
    QvSsize count = qv_slice_adjust(qv_list_len(o), &start, &stop, step);
    if (step == 1) {
        return qv_list_slice(qi, o, start, start + count);
    }
    if (QV_UNLIKELY(as_list(o)->numbers != NULL)) {
        return qv_numbers_slice(qi, o, start, step, count);
    }
    QvObj *ret = qv_list_new(qi, count);
    if (ret) {
        const QvList *l = as_list(o);
        QvList *to = as_list(ret);
        if (QV_LIKELY(count <= 4096 && count > 0) &&
            QV_LIKELY(start < l->boxed && start + (count - 1) * step < l->boxed)) {
            QvObj *const *from = l->items + start;
            QvObj **items = to->items;
            for (QvSsize k = 0; k < count; k++, from += step) {
                items[k] = qv_new_ref(qi, *from);
            }
            to->boxed = count;
            return ret;
        }
        for (QvSsize k = 0, at = start; k < count && at < l->boxed;
             k++, at = qv_slice_next(at, step)) {
            to->items[to->boxed++] = qv_new_ref(qi, l->items[at]);
            if (QV_UNLIKELY(qv_stop_step(qi, k) < 0)) {
                qv_decref(qi, ret);
                return NULL;
            }
        }
    }
    return ret;
}

static QvObj *list_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvSsize i;
    if (QV_LIKELY(key->type == &qv_int_type)) {
        i = qv_int_value(key);
    } else if (qv_is_slice(key)) {
        return get_by_slice(qi, o, key);
    } else if (key->type->index) {
        if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
            return NULL;
        }
    } else {
        return qv_raise(qi, &qv_exc_TypeError, "list indices must be integers or slices, not %T",
                        key);
    }
    QvSsize len = qv_list_len(o);
    if (i < 0) {
        i += len;
    }
    if (QV_UNLIKELY((size_t)i >= (size_t)len)) {
        return qv_raise(qi, &qv_exc_IndexError, "list index out of range");
    }
    return qv_list_at(qi, o, i);
}

// Takes the item at i (in range) out: new reference. NULL with MemoryError.
static QvObj *remove_at(QvInterp *qi, QvList *l, QvSsize i)
{
    if (QV_UNLIKELY(l->numbers != NULL)) {
        QvObj *number = qv_list_number(qi, &l->h, i);
        if (number) {
            qv_numbers_replace(qi, l, i, i + 1, NULL);
        }
        return number;
    }
    QvObj *old = l->items[i];
    l->boxed--;
    if (i < l->boxed) {
        memmove(l->items + i, l->items + i + 1, (size_t)(l->boxed - i) * sizeof(QvObj *));
    }
    qv_list_shrink(qi, l);
    return old;
}

static int list_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    QvSsize i;
    if (QV_LIKELY(key->type == &qv_int_type)) {
        i = qv_int_value(key);
    } else if (qv_is_slice(key)) {
        return qv_list_set_by_slice(qi, o, key, value);
    } else if (key->type->index) {
        if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
            return -1;
        }
    } else {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "list indices must be integers or slices, not %T", key);
    }
    QvList *l = as_list(o);
    QvSsize len = qv_list_len(o);
    if (i < 0) {
        i += len;
    }
    if (value) {
        return qv_list_set(qi, o, i, value);
    }
    if ((size_t)i >= (size_t)len) {
        return qv_raise_int(qi, &qv_exc_IndexError, "list assignment index out of range");
    }
    QvObj *old = remove_at(qi, l, i);
    qv_xdecref(qi, old);
    return old ? 0 : -1;
}

// The first place of what equals x from i on, below end and the list's length at any time: that; -2
// there is none; -1 with an exception.
QV_RUNS static QvSsize find(QvInterp *qi, QvObj *o, QvSsize i, QvSsize end, QvObj *x)
{
    const QvList *l = as_list(o);
    for (; i < end && i < l->boxed; i++) {
        int r = qv_item_eq(qi, l->items[i], x);
        if (r != 0) {
            return r < 0 ? -1 : i;
        }
        if (qv_poll_step(qi, i) < 0) {
            return -1;
        }
    }
    if (QV_LIKELY(l->numbers == NULL)) {
        return -2;
    }
    QvSsize len = l->numbers->len, stop = end < len ? end : len;
    QvSsize at = i < stop ? qv_numbers_find(qi, l->numbers, i, stop, x) : stop;
    if (at != -2) {
        return at == stop ? -2 : at;
    }
    for (; i < end && i < qv_list_len(o); i++) {
        QvObj *item = qv_list_at(qi, o, i);
        int r = item ? qv_item_eq(qi, item, x) : -1;
        qv_xdecref(qi, item);
        if (r != 0 || qv_poll_step(qi, i) < 0) {
            return r > 0 ? i : -1;
        }
    }
    return -2;
}

static int list_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    const QvList *l = as_list(o);
    if (QV_UNLIKELY(l->numbers != NULL)) {
        QvSsize at = find(qi, o, 0, PTRDIFF_MAX, item);
        return at == -1 ? -1 : at >= 0;
    }
    for (QvSsize i = 0; i < l->boxed; i++) {
        int r = qv_item_eq(qi, l->items[i], item);
        if (r != 0) {
            return r;
        }
        if (qv_poll_step(qi, i) < 0) {
            return -1;
        }
    }
    return 0;
}

// One of the lists at least is packed.
static QvObj *concat_numbers(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvSsize vn = qv_list_len(v), wn = qv_list_len(w);
    const QvNumbers *n = qv_numbers_of(v) ? qv_numbers_of(v) : qv_numbers_of(w);
    QvObj *ret = qv_list_new(qi, 0);
    if (ret && vn + wn >= QV_NUMBERS_MIN &&
        qv_numbers_begin(qi, as_list(ret), n->kind, vn + wn) < 0) {
        qv_clear(qi, &ret);
    }
    // The numbers of one kind, or whatever the second list makes of it.
    if (ret && (extend_items(qi, ret, v, false) < 0 || extend_items(qi, ret, w, false) < 0)) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *list_concat(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_list(w)) {
        return qv_raise(qi, &qv_exc_TypeError, "can only concatenate list (not \"%T\") to list", w);
    }
    QvSsize vn = qv_list_len(v), wn = qv_list_len(w);
    if (vn > QV_LIST_MAX - wn) {
        return qv_raise_oom(qi);
    }
    if (QV_UNLIKELY(as_list(v)->numbers || as_list(w)->numbers)) {
        return concat_numbers(qi, v, w);
    }
    QvObj *ret = qv_list_new(qi, vn + wn);
    if (QV_UNLIKELY(vn + wn > QV_POLL_SLICE)) {
        if (ret && (append_range(qi, ret, v, 0, vn) < 0 || append_range(qi, ret, w, 0, wn) < 0)) {
            qv_clear(qi, &ret);
        }
    } else if (ret) {
        QvList *to = as_list(ret);
        // Making the list may have started a collection, and finalizers changed these.
        vn = qv_list_len(v) < vn ? qv_list_len(v) : vn;
        wn = qv_list_len(w) < wn ? qv_list_len(w) : wn;
        qv_refs_copy(qi, to->items, as_list(v)->items, vn);
        if (wn > 0) {
            qv_refs_copy(qi, to->items + vn, as_list(w)->items, wn);
        }
        to->boxed = vn + wn;
    }
    return ret;
}

QvObj *qv_list_concat_dying(QvInterp *qi, QvObj *v, bool v_dies, QvObj *w, bool w_dies)
{
    QvList *a = as_list(v), *b = as_list(w);
    QvSsize total = qv_list_len(v) + qv_list_len(w);
    v_dies = v_dies && v->refs == 1 && v != w;
    w_dies = w_dies && w->refs == 1 && v != w;
    if ((!v_dies && !w_dies) || a->numbers || b->numbers || total > QV_POLL_SLICE || a->cap < 0 ||
        b->cap < 0) {
        return list_concat(qi, v, w);
    }
    QvObj *ret = v_dies ? qv_new_ref(qi, v) : qv_list_new(qi, total);
    if (QV_UNLIKELY(ret == NULL)) {
        return NULL;
    }
    QvList *to = as_list(ret);
    if (v_dies && total > a->cap && set_cap(qi, a, total) < 0) {
        qv_decref(qi, ret);
        return NULL;
    }
    // Asking for memory may have started a collection, and finalizers changed these.
    if (QV_UNLIKELY(a->numbers || b->numbers || a->boxed + b->boxed > to->cap)) {
        qv_decref(qi, ret);
        return list_concat(qi, v, w);
    }
    if (!v_dies && a->boxed > 0) {
        qv_refs_copy(qi, to->items, a->items, a->boxed);
        to->boxed = a->boxed;
    }
    if (b->boxed > 0) {
        if (w_dies) {
            memcpy(to->items + to->boxed, b->items, (size_t)b->boxed * sizeof(QvObj *));
        } else {
            qv_refs_copy(qi, to->items + to->boxed, b->items, b->boxed);
        }
        to->boxed += b->boxed;
        b->boxed = w_dies ? 0 : b->boxed;
    }
    return ret;
}

// Repeats the first n items of a fresh list until it has `total`. 0 or -1 (stopped at a safepoint).
static int fill_repeats(QvInterp *qi, QvObj *ret, QvSsize n, QvSsize total)
{
    QvList *l = as_list(ret);
    while (l->boxed < total) {
        QvSsize part = total - l->boxed < 65536 ? total - l->boxed : 65536;
        QvObj **items = l->items;
        if (n == 1) {
            QvObj *item = items[0];
            for (QvSsize i = 0; i < part; i++) {
                items[l->boxed + i] = qv_new_ref(qi, item);
            }
        } else {
            for (QvSsize i = 0; i < part; i++) {
                items[l->boxed + i] = qv_new_ref(qi, items[l->boxed + i - n]);
            }
        }
        l->boxed += part;
        if (l->boxed < total && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    return 0;
}

// A packed list of n times the items, when all are numbers of one sort: 1; 0, -1.
static int repeat_numbers(QvInterp *qi, QvObj *o, QvSsize n, QvObj **ret)
{
    const QvObj *first = as_list(o)->numbers ? NULL : as_list(o)->items[0];
    QvNumKind kind = !first                          ? qv_numbers_of(o)->kind
                     : first->type == &qv_float_type ? QV_NUM_F64
                                                     : QV_NUM_I16; // the least that is common
    QvSsize len = qv_list_len(o);
    QvObj *list = qv_list_new(qi, 0);
    int done = list == NULL || qv_numbers_begin(qi, as_list(list), kind, len) < 0 ? -1 : 1;
    if (done > 0 && !first) {
        done = qv_numbers_extend(qi, as_list(list), o, 0, len);
    }
    for (QvSsize i = 0; first && i < len && done > 0; i++) {
        done = qv_numbers_append(qi, as_list(list), as_list(o)->items[i]);
        done = done > 0 && qv_stop_step(qi, i) < 0 ? -1 : done;
    }
    if (done > 0 && qv_numbers_repeat(qi, as_list(list), n) < 0) {
        done = -1;
    }
    if (done <= 0) {
        qv_clear(qi, &list);
    }
    *ret = list;
    return done;
}

static QvObj *list_repeat(QvInterp *qi, QvObj *o, QvSsize n)
{
    QvSsize len = qv_list_len(o);
    if (len == 0 || n <= 0) {
        return qv_list_new(qi, 0);
    }
    if (n > QV_LIST_MAX / len) {
        return qv_raise_oom(qi);
    }
    if (len * n >= QV_NUMBERS_MIN && (as_list(o)->numbers || qv_is_number(as_list(o)->items[0]))) {
        QvObj *numbers;
        int done = repeat_numbers(qi, o, n, &numbers);
        if (done != 0) {
            return done > 0 ? numbers : NULL;
        }
    }
    QvObj *ret = qv_list_new(qi, len * n);
    if (ret == NULL) {
        return NULL;
    }
    if (append_range(qi, ret, o, 0, len) < 0) {
        qv_decref(qi, ret);
        return NULL;
    }
    if (len > 0 && fill_repeats(qi, ret, len, len * n) < 0) {
        qv_decref(qi, ret);
        return NULL;
    }
    return ret;
}

static QvObj *list_inplace_concat(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_list_extend_packing(qi, v, w) < 0 ? NULL : qv_new_ref(qi, v);
}

static QvObj *list_inplace_repeat(QvInterp *qi, QvObj *o, QvSsize n)
{
    QvList *l = as_list(o);
    QvSsize len = l->boxed;
    if (n <= 0) {
        qv_list_clear(qi, o);
    } else if (QV_UNLIKELY(l->numbers != NULL)) {
        if (l->numbers->len > 0 && qv_numbers_repeat(qi, l, n) < 0) {
            return NULL;
        }
    } else if (len > 0 && n > 1) {
        if (n > QV_LIST_MAX / len) {
            return qv_raise_oom(qi);
        }
        if (set_cap(qi, l, len * n) < 0) {
            return NULL;
        }
        // No safepoint here: others would see the list half repeated.
        for (QvSsize total = len * n; l->boxed < total; l->boxed++) {
            l->items[l->boxed] = qv_new_ref(qi, l->items[l->boxed - len]);
        }
    }
    return qv_new_ref(qi, o);
}

// ---- methods ------------------------------------------------------------------------------------

static QvObj *list_append(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_list_push_take(qi, self, qv_new_ref(qi, args[0])) < 0 ? NULL : QV_NONE;
}

static QvObj *list_extend(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_list_extend_packing(qi, self, args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *list_insert(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize i;
    if (qv_arg_ssize(qi, args[0], &i) < 0) {
        return NULL;
    }
    return qv_list_insert(qi, self, i, args[1]) < 0 ? NULL : QV_NONE;
}

static QvObj *list_pop(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize i = -1;
    if (args[0] && qv_arg_ssize(qi, args[0], &i) < 0) {
        return NULL;
    }
    QvSsize len = qv_list_len(self);
    if (len == 0) {
        return qv_raise(qi, &qv_exc_IndexError, "pop from empty list");
    }
    if (i < 0) {
        i += len;
    }
    if ((size_t)i >= (size_t)len) {
        return qv_raise(qi, &qv_exc_IndexError, "pop index out of range");
    }
    return remove_at(qi, as_list(self), i);
}

static QvObj *list_remove(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize i = find(qi, self, 0, PTRDIFF_MAX, args[0]);
    if (i < 0) {
        return i == -1 ? NULL : qv_raise(qi, &qv_exc_ValueError, "list.remove(x): x not in list");
    }
    if (i < qv_list_len(self)) {
        QvObj *old = remove_at(qi, as_list(self), i);
        if (old == NULL) {
            return NULL;
        }
        qv_decref(qi, old);
    }
    return QV_NONE;
}

static QvObj *list_index(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize start = 0, stop = PTRDIFF_MAX;
    if ((args[1] && qv_slice_position(qi, args[1], &start) < 0) ||
        (args[2] && qv_slice_position(qi, args[2], &stop) < 0)) {
        return NULL;
    }
    QvSsize len = qv_list_len(self);
    start = start < 0 ? (start + len < 0 ? 0 : start + len) : start;
    stop = stop < 0 ? (stop + len < 0 ? 0 : stop + len) : stop;
    QvSsize i = find(qi, self, start, stop, args[0]);
    return i >= 0    ? qv_int_from_i64(qi, i)
           : i == -1 ? NULL
                     : qv_raise(qi, &qv_exc_ValueError, "%R is not in list", args[0]);
}

static QvObj *list_count(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    const QvList *l = as_list(self);
    QvSsize found = 0, i = 0;
    for (; i < l->boxed; i++) {
        int r = qv_item_eq(qi, l->items[i], args[0]);
        if (r < 0 || qv_poll_step(qi, i) < 0) {
            return NULL;
        }
        found += r;
    }
    for (; QV_UNLIKELY(l->numbers != NULL); i++, found++) {
        i = find(qi, self, i, PTRDIFF_MAX, args[0]);
        if (i < 0) {
            return i == -1 ? NULL : qv_int_from_i64(qi, found);
        }
    }
    return qv_int_from_i64(qi, found);
}

static QvObj *list_clear(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    qv_list_clear(qi, self);
    return QV_NONE;
}

static QvObj *list_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_list_slice(qi, self, 0, qv_list_len(self));
}

static QvObj *list_reverse(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    qv_list_reverse(qi, self);
    return QV_NONE;
}

static QvObj *list_sort(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    if (nargs == 0) {
        return qv_list_sort(qi, self, NULL, false) < 0 ? NULL : QV_NONE;
    }
    bool reverse = false;
    if (args[1]) {
        QvSsize i;
        if (qv_arg_ssize(qi, args[1], &i) < 0) {
            return NULL;
        }
        reverse = i != 0;
    }
    QvObj *key = args[0] == QV_NONE ? NULL : args[0];
    return qv_list_sort(qi, self, key, reverse) < 0 ? NULL : QV_NONE;
}

static QvObj *list_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *it = qv_seqiter_new(qi, &qv_list_reverseiterator_type, self);
    if (it) {
        ((QvSeqIter *)it)->index = qv_list_len(self) - 1;
    }
    return it;
}

static QvObj *list_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvList *l = as_list(self);
    const QvNumbers *n = l->numbers;
    QvSsize cap = l->cap > 0 ? l->cap : 0;
    size_t more = n ? sizeof(QvNumbers) + qv_num_bytes(n->kind, n->cap)
                    : (size_t)cap * sizeof(QvObj *);
    return qv_int_from_u64(qi, sizeof(QvList) + more);
}

static const QvNativeDef list_methods[] = {
    {"__reversed__", list_reversed, "($self, /)", "An iterator over the items, last one first."},
    {"__sizeof__", list_sizeof, "($self, /)", "Size of the list in memory, in bytes."},
    {"clear", list_clear, "($self, /)", "Removes all items."},
    {"copy", list_copy, "($self, /)", "A shallow copy."},
    {"append", list_append, "($self, object, /)", "Adds the object at the end."},
    {"insert", list_insert, "($self, index, object, /)", "Inserts the object before the index."},
    {"extend", list_extend, "($self, iterable, /)", "Adds the items of the iterable at the end."},
    {"pop", list_pop, "($self, index=-1, /)",
     "Removes the item at the index (default: the last) and returns it; IndexError when there is "
     "none."},
    {"remove", list_remove, "($self, value, /)",
     "Removes the first item equal to value; ValueError when there is none."},
    {"index", list_index, "($self, value, start=0, stop=sys.maxsize, /)",
     "Index of the first item equal to value; ValueError when there is none."},
    {"count", list_count, "($self, value, /)", "Number of items equal to value."},
    {"reverse", list_reverse, "($self, /)", "Reverses the list in place."},
    {"sort", list_sort, "!($self, /, *, key=None, reverse=False)",
     "Sorts the list in place, in ascending order (descending with reverse); equal items keep "
     "their\n"
     "order. key is called once for each item and gives what is compared instead of it."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_list_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "list",
    .id = QV_TID_list,
    .flags = QV_T_GC | QV_T_BASE | QV_T_LIST | QV_T_SEQUENCE | QV_T_MATCH_SELF | QV_T_IMMUTABLE,
    .size = sizeof(QvList),
    .base = &qv_object_type,
    .doc = "list(iterable=(), /)\n--\n\n"
           "Mutable sequence of the items of the iterable; empty without one.",
    .methods = list_methods,
    .new_ = list_make,
    .init = list_init,
    .dealloc = list_dealloc,
    .fini = qv_list_clear,
    .clear = qv_list_clear,
    .traverse = list_traverse,
    .repr = list_repr,
    .richcmp = list_richcmp,
    .iter = list_iter,
    .len = list_len,
    .getitem = list_getitem,
    .setitem = list_setitem,
    .contains = list_contains,
    .concat = list_concat,
    .repeat = list_repeat,
    .inplace_concat = list_inplace_concat,
    .inplace_repeat = list_inplace_repeat,
};
