// SPDX-License-Identifier: MIT
// The module _heapq: lists as binary heaps, the smallest item first (or the largest: ..._max).
//
// Comparisons run Python, which may change the list: its length is checked after each, and items
// are held during one. The steps compare in the order of CPython's.
#include "modules/modules.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"

// Does the item at i go above that at j? 1/0/-1.
static inline int above(QvInterp *qi, QvObj *heap, QvSsize i, QvSsize j, bool max)
{
    QvObj *a = qv_list_peek(heap, max ? j : i), *b = qv_list_peek(heap, max ? i : j);
    int less = qv_key_less(a, b);
    if (QV_LIKELY(less >= 0)) {
        return less;
    }
    qv_incref(qi, a);
    qv_incref(qi, b);
    QvSsize n = qv_list_len(heap);
    less = qv_compare_bool(qi, a, b, QV_LT);
    qv_decref(qi, a);
    qv_decref(qi, b);
    if (less >= 0 && qv_list_len(heap) != n) {
        return qv_raise_int(qi, &qv_exc_RuntimeError, "list changed size during iteration");
    }
    return less;
}

static void swap(QvObj *heap, QvSsize i, QvSsize j)
{
    QvObj **items = ((QvList *)heap)->items, *x = items[i];
    items[i] = items[j];
    items[j] = x;
}

// The item at pos moves up as far as it should, not above start. 0/-1.
static int sift_up(QvInterp *qi, QvObj *heap, QvSsize start, QvSsize pos, bool max)
{
    if (pos >= qv_list_len(heap)) {
        return qv_raise_int(qi, &qv_exc_IndexError, "index out of range");
    }
    while (pos > start) {
        QvSsize parent = (pos - 1) >> 1;
        int up = above(qi, heap, pos, parent, max);
        if (up <= 0) {
            return up;
        }
        swap(heap, pos, parent);
        pos = parent;
    }
    return 0;
}

// The item at pos goes down to a leaf, its better children up; then up again to its place. That
// takes fewer comparisons than to compare it on the way down. 0/-1.
static int sift_down(QvInterp *qi, QvObj *heap, QvSsize pos, bool max)
{
    QvSsize n = qv_list_len(heap), start = pos;
    if (pos >= n) {
        return qv_raise_int(qi, &qv_exc_IndexError, "index out of range");
    }
    while (pos < n >> 1) {
        QvSsize child = 2 * pos + 1;
        if (child + 1 < n) {
            int left = above(qi, heap, child, child + 1, max);
            if (left < 0) {
                return -1;
            }
            child += !left;
        }
        swap(heap, pos, child);
        pos = child;
    }
    return sift_up(qi, heap, start, pos, max);
}

// ... and one that is and stays ordinary. 0/-1.
static int check_list(QvInterp *qi, QvObj *o, const char *function, bool alone)
{
    if (!qv_is_list(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument%s must be list, not %.50T",
                            function, alone ? "" : " 1", o);
    }
    return qv_list_box(qi, o);
}

// Puts x in the first place; what was there: new reference.
static QvObj *exchange_first(QvInterp *qi, QvObj *heap, QvObj *x)
{
    QvObj **items = ((QvList *)heap)->items, *first = items[0];
    items[0] = qv_new_ref(qi, x);
    return first;
}

static QvObj *pop(QvInterp *qi, QvObj *heap, bool max)
{
    QvList *l = (QvList *)heap;
    if (l->boxed == 0) {
        return qv_raise(qi, &qv_exc_IndexError, "index out of range");
    }
    QvObj *last = l->items[--l->boxed];
    if (l->boxed == 0) {
        return last;
    }
    QvObj *first = l->items[0];
    l->items[0] = last;
    if (sift_down(qi, heap, 0, max) < 0) {
        qv_clear(qi, &first);
    }
    return first;
}

static QvObj *replace(QvInterp *qi, QvObj *heap, QvObj *x, bool max)
{
    if (qv_list_len(heap) == 0) {
        return qv_raise(qi, &qv_exc_IndexError, "index out of range");
    }
    QvObj *first = exchange_first(qi, heap, x);
    if (sift_down(qi, heap, 0, max) < 0) {
        qv_clear(qi, &first);
    }
    return first;
}

static QvObj *heapify(QvInterp *qi, QvObj *heap, bool max)
{
    for (QvSsize i = qv_list_len(heap) / 2 - 1; i >= 0; i--) {
        if (qv_poll_step(qi, i) < 0 || sift_down(qi, heap, i, max) < 0) {
            return NULL;
        }
    }
    return QV_NONE;
}

static QvObj *mod_heappush(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    if (check_list(qi, args[0], "heappush", false) < 0 ||
        qv_list_append(qi, args[0], args[1]) < 0 ||
        sift_up(qi, args[0], 0, qv_list_len(args[0]) - 1, false) < 0) {
        return NULL;
    }
    return QV_NONE;
}

static QvObj *mod_heappop(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return check_list(qi, args[0], "heappop", true) < 0 ? NULL : pop(qi, args[0], false);
}

static QvObj *mod_heapreplace(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return check_list(qi, args[0], "heapreplace", false) < 0 ? NULL
                                                             : replace(qi, args[0], args[1], false);
}

static QvObj *mod_heappushpop(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *heap = args[0], *x = args[1];
    if (check_list(qi, heap, "heappushpop", false) < 0) {
        return NULL;
    }
    if (qv_list_len(heap) == 0) {
        return qv_new_ref(qi, x);
    }
    QvObj *top = qv_list_peek(heap, 0);
    int less = qv_key_less(top, x);
    if (less < 0) {
        qv_incref(qi, top);
        less = qv_compare_bool(qi, top, x, QV_LT);
        qv_decref(qi, top);
    }
    if (less <= 0) {
        return less < 0 ? NULL : qv_new_ref(qi, x);
    }
    return replace(qi, heap, x, false);
}

static QvObj *mod_heapify(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return check_list(qi, args[0], "heapify", true) < 0 ? NULL : heapify(qi, args[0], false);
}

static QvObj *mod_heappop_max(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return check_list(qi, args[0], "_heappop_max", true) < 0 ? NULL : pop(qi, args[0], true);
}

static QvObj *mod_heapreplace_max(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return check_list(qi, args[0], "_heapreplace_max", false) < 0
               ? NULL
               : replace(qi, args[0], args[1], true);
}

static QvObj *mod_heapify_max(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return check_list(qi, args[0], "_heapify_max", true) < 0 ? NULL : heapify(qi, args[0], true);
}

static const QvNativeDef functions[] = {
    {"heappush", mod_heappush, "($module, heap, item, /)",
     "Push item onto heap, maintaining the heap invariant."},
    {"heappushpop", mod_heappushpop, "($module, heap, item, /)",
     "Push item on the heap, then pop and return the smallest item from the heap."},
    {"heappop", mod_heappop, "($module, heap, /)",
     "Pop the smallest item off the heap, maintaining the heap invariant."},
    {"heapreplace", mod_heapreplace, "($module, heap, item, /)",
     "Pop and return the current smallest value, and add the new item."},
    {"heapify", mod_heapify, "($module, heap, /)",
     "Transform list into a heap, in-place, in O(len(heap)) time."},
    {"_heappop_max", mod_heappop_max, "($module, heap, /)", "Maxheap variant of heappop."},
    {"_heapreplace_max", mod_heapreplace_max, "($module, heap, item, /)",
     "Maxheap variant of heapreplace."},
    {"_heapify_max", mod_heapify_max, "($module, heap, /)", "Maxheap variant of heapify."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    return qv_module_add_str(qi, m, "__about__",
                             "Heap queues\n\nA heap is a list a for which a[k] <= a[2*k+1] and "
                             "a[k] <= a[2*k+2] for all k:\na[0] is its smallest item.\n");
}

const QvModuleDef qv_module__heapq = {
    .name = "_heapq",
    .doc = "Heap queue algorithm (a.k.a. priority queue).",
    .functions = functions,
    .init = init,
};
