// SPDX-License-Identifier: MIT
// Loops over zip, enumerate, a list of tuples and the items of a dict whose targets are as many
// names: the values go from the iterators to the registers, and the tuple that the UNPACK behind
// FOR_ITER would take apart is never made (or never held). (Items of a dict: in the eval loop
// itself.)
//
// As with a tuple, all values of a round are there before the first target changes.
#include "object/walk.h"
#include "vm/eval_internal.h"

enum { MOST = 4 }; // targets

// The tuple that a list's iterator gives next, borrowed; or NULL.
static QV_ALWAYS_INLINE QvObj *next_tuple(const QvSeqIter *it)
{
    const QvList *l = (const QvList *)it->seq;
    QvObj *t = l != NULL && it->index < l->boxed ? l->items[it->index] : NULL;
    return t && t->type == &qv_tuple_type ? t : NULL;
}

QvOp qv_for_unpack_op(QvObj **r, const QvInstr *pc)
{
    QvInstr u = pc[1]; // behind the cache word
    bool dies = (u.flags & QV_TAKE_B) || (u.b >= u.a && u.b < u.a + u.c);
    if (u.op != QV_INS_UNPACK || u.b != pc[-1].a || !dies) {
        return QV_INS_FOR_ITER; // somebody wants the tuple itself
    }
    const QvObj *it = r[pc[-1].b];
    if (it->type == &qv_zip_type) {
        const QvObj *its = ((const QvZip *)it)->its;
        return its && u.c >= 2 && u.c <= MOST && qv_tuple_len(its) == u.c ? QV_INS_FOR_ITER_ZIP
                                                                          : QV_INS_FOR_ITER;
    }
    if (it->type == &qv_list_iterator_type) {
        const QvObj *t = next_tuple((const QvSeqIter *)it);
        return t && u.c >= 2 && u.c <= MOST && qv_tuple_len(t) == u.c ? QV_INS_FOR_ITER_TUPLES
                                                                      : QV_INS_FOR_ITER;
    }
    return u.c != 2                                 ? QV_INS_FOR_ITER
           : it->type == &qv_enumerate_type         ? QV_INS_FOR_ITER_ENUM
           : it->type == &qv_dict_itemiterator_type ? QV_INS_FOR_ITER_ITEMS
                                                    : QV_INS_FOR_ITER;
}

// The next item of a list's iterator: new reference; NULL: any other, a packed list's, or at its
// end.
static QV_ALWAYS_INLINE QvObj *next_of_list(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = (QvSeqIter *)o;
    if (QV_LIKELY(o->type == &qv_list_iterator_type)) {
        const QvList *l = (const QvList *)it->seq;
        if (QV_LIKELY(l != NULL && it->index < l->boxed)) {
            return qv_new_ref(qi, l->items[it->index++]);
        }
    }
    return NULL;
}

static QV_ALWAYS_INLINE void put(QvInterp *qi, QvObj **to, QV_STOLEN QvObj *x)
{
    QvObj *old = *to;
    *to = x;
    qv_xdecref(qi, old);
}

QvForStep qv_for_zip(QvInterp *qi, QvObj *o, QvObj **to, unsigned n)
{
    const QvZip *z = (const QvZip *)o;
    if (QV_UNLIKELY(!z->its || qv_tuple_len(z->its) != n || n > MOST)) {
        return QV_FOR_GENERAL;
    }
    QvObj *values[MOST];
    for (unsigned j = 0; j < n; j++) {
        QvObj *it = qv_tuple_peek(z->its, j), *x = next_of_list(qi, it);
        if (QV_UNLIKELY(x == NULL) && (x = qv_step(qi, it)) == NULL) {
            for (unsigned k = 0; k < j; k++) {
                qv_decref(qi, values[k]);
            }
            qv_zip_end(qi, z, j);
            return qv_err_occurred(qi) ? QV_FOR_ERROR : QV_FOR_END;
        }
        values[j] = x;
    }
    for (unsigned j = 0; j < n; j++) {
        put(qi, &to[j], values[j]);
    }
    return QV_FOR_DONE;
}

QvForStep qv_for_enumerate(QvInterp *qi, QvObj *o, QvObj **to, unsigned n)
{
    QvEnumerate *e = (QvEnumerate *)o;
    if (QV_UNLIKELY(!e->it || n != 2)) {
        return QV_FOR_GENERAL;
    }
    QvObj *x = next_of_list(qi, e->it);
    if (QV_UNLIKELY(x == NULL) && (x = qv_step(qi, e->it)) == NULL) {
        return qv_err_occurred(qi) ? QV_FOR_ERROR : QV_FOR_END;
    }
    if (QV_LIKELY(e->big == NULL && e->index < INT64_MAX)) {
        if (QV_LIKELY(qv_reg_put_int(qi, &to[0], e->index) == 0)) {
            e->index++;
            put(qi, &to[1], x);
            return QV_FOR_DONE;
        }
    } else {
        QvObj *number = qv_enumerate_count(qi, e);
        if (number) {
            put(qi, &to[0], number);
            put(qi, &to[1], x);
            return QV_FOR_DONE;
        }
    }
    qv_decref(qi, x);
    return QV_FOR_ERROR;
}

QvForStep qv_for_tuples(QvInterp *qi, QvObj *o, QvObj **to, unsigned n)
{
    QvSeqIter *it = (QvSeqIter *)o;
    QvObj *t = next_tuple(it);
    if (QV_UNLIKELY(t == NULL)) {
        const QvList *l = (const QvList *)it->seq;
        bool ends = l != NULL && l->numbers == NULL && it->index >= l->boxed && o->refs == 1;
        return ends ? QV_FOR_END : QV_FOR_GENERAL;
    }
    if (QV_UNLIKELY(qv_tuple_len(t) != n || n > MOST)) {
        return QV_FOR_GENERAL;
    }
    // What a target held may, as it goes, change the list: the tuple with it.
    QvObj **items = qv_tuple_items(t), *values[MOST];
    for (unsigned j = 0; j < n; j++) {
        values[j] = qv_new_ref(qi, items[j]);
    }
    it->index++;
    for (unsigned j = 0; j < n; j++) {
        put(qi, &to[j], values[j]);
    }
    return QV_FOR_DONE;
}
