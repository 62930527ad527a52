// SPDX-License-Identifier: MIT
// Walking an iterable from C, where speed counts.
//
// A walk over an exact list or tuple needs no iterator object; one over a range or a generator
// steps it without a call for each item. With a sink, items that it takes never come back to the
// caller: a generator's frame then runs on from yield to yield inside one call of the eval loop.
//
// A sink's function gets a borrowed item and says whether it has dealt with it. It must not run
// Python, nor raise, nor drop anything whose end could run Python: nobody can tell then that the
// generator was not suspended meanwhile. What it refuses is given to the caller of qv_walk_next,
// who does it the general way and goes on.
#ifndef QV_OBJECT_WALK_H
#define QV_OBJECT_WALK_H

#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list_numbers.h"
#include "object/protocol.h"
#include "object/slice.h"
#include "object/tuple.h"

typedef struct QvSink QvSink;
typedef bool (*QvTakeFn)(QvInterp *qi, QvSink *sink, QvObj *item);
// First member of what a loop carries from item to item.
struct QvSink {
    QvTakeFn take;
};

typedef enum QvWalkKind { QV_WALK_LIST, QV_WALK_TUPLE, QV_WALK_GENERATOR, QV_WALK_ITER } QvWalkKind;

typedef struct QvWalk {
    QvObj *over;     // owned: the list or tuple itself, else an iterator
    QvSsize at;      // list, tuple: next index
    QvSsize steps;   // for polling
    QvWalkKind kind; // of `over`
} QvWalk;

// 0, or -1 with an exception: then there is nothing to end.
QV_RUNS int qv_walk_init(QvInterp *qi, QvWalk *w, QvObj *iterable);
QV_RUNS static inline void qv_walk_fini(QvInterp *qi, QvWalk *w) { qv_decref(qi, w->over); }

extern QvType qv_generator_type; // (vm)
// (vm) The next item of a generator that the sink (or NULL) does not take; NULL at the end, or with
// an exception.
QV_RUNS QvObj *qv_generator_feed(QvInterp *qi, QvObj *generator, QvSink *sink);

// qv_next, with the iterators of list, tuple and range inline.
QV_RUNS static inline QvObj *qv_step(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = (QvSeqIter *)o;
    if (o->type == &qv_list_iterator_type) {
        const QvList *l = (const QvList *)it->seq;
        if (QV_LIKELY(l != NULL && it->index < l->boxed)) {
            return qv_new_ref(qi, l->items[it->index++]);
        }
        if (l != NULL && l->numbers != NULL && it->index < l->numbers->len) {
            return qv_numbers_box(qi, l->numbers, it->index++);
        }
    } else if (o->type == &qv_tuple_iterator_type) {
        QvObj *t = it->seq;
        if (QV_LIKELY(t != NULL && it->index < qv_tuple_len(t))) {
            return qv_new_ref(qi, qv_tuple_peek(t, it->index++));
        }
    } else if (o->type == &qv_range_iterator_type) {
        QvRangeIter *range = (QvRangeIter *)o;
        QvObj *small = qv_small_int(qi, range->next);
        if (QV_LIKELY(range->left != 0 && small != NULL)) {
            range->left--;
            range->next = (int64_t)((uint64_t)range->next + (uint64_t)range->step);
            return small;
        }
    }
    return qv_next(qi, o);
}

// The next item that the sink does not take (without one: the next item), as a new reference. NULL
// at the end, or with an exception. `take` is the sink's function again, for the compiler to see.
// Polls.
QV_RUNS static QV_ALWAYS_INLINE QvObj *qv_walk_next(QvInterp *qi, QvWalk *w, QvSink *sink,
                                                    QvTakeFn take)
{
    QvObj *item;
    do {
        if (qv_poll_step(qi, w->steps++) < 0) {
            return NULL;
        }
        switch (w->kind) {
        case QV_WALK_LIST:
            if (w->at >= qv_list_len(w->over)) {
                return NULL;
            }
            if (QV_UNLIKELY(qv_list_is_packed(w->over))) {
                item = qv_numbers_box(qi, qv_numbers_of(w->over), w->at++);
                if (item == NULL || !take || !take(qi, sink, item)) {
                    return item;
                }
                qv_decref(qi, item);
                continue;
            }
            item = qv_list_peek(w->over, w->at++);
            if (take && take(qi, sink, item)) {
                continue;
            }
            return qv_new_ref(qi, item);
        case QV_WALK_TUPLE:
            if (w->at >= qv_tuple_len(w->over)) {
                return NULL;
            }
            item = qv_tuple_peek(w->over, w->at++);
            if (take && take(qi, sink, item)) {
                continue;
            }
            return qv_new_ref(qi, item);
        case QV_WALK_GENERATOR: return qv_generator_feed(qi, w->over, sink);
        default:
            item = qv_step(qi, w->over);
            if (item == NULL || !take || !take(qi, sink, item)) {
                return item;
            }
            qv_decref(qi, item);
        }
    } while (true);
}

#endif
