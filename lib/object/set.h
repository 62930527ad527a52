// SPDX-License-Identifier: MIT
// set and frozenset.
#ifndef QV_OBJECT_SET_H
#define QV_OBJECT_SET_H

#include "object/object.h"
#include "object/type.h"

typedef struct QvSetEntry {
    QvObj *key;
    QvHash hash;
} QvSetEntry; // key NULL: free or (hash -1) deleted

struct QvSet {
    QvObj h;
    QvSetEntry *table;        // raw block, mask + 1 entries; or NULL
    QvSsize mask, used, fill; // mask is 7 at least, also without a table; fill counts deleted ones
                              // too
    QvHash hash;              // frozenset: cached, -1 not yet
    QvSsize finger;           // where pop() looks next
};
extern QvType qv_set_type, qv_frozenset_type, qv_set_iterator_type;
bool qv_is_anyset(const QvObj *o);
QvObj *qv_set_new(QvInterp *qi, QvObj *iterable /*NULL*/);
QvObj *qv_frozenset_new(QvInterp *qi, QvObj *iterable /*NULL*/);
QV_RUNS QvObj *qv_set_from_array(QvInterp *qi, QvObj *const *items, QvSsize n);
QV_RUNS int qv_set_add(QvInterp *qi, QvObj *s, QvObj *key); // also on a fresh frozenset
QV_RUNS int qv_set_contains(QvInterp *qi, QvObj *s, QvObj *key);
QV_RUNS int qv_set_discard(QvInterp *qi, QvObj *s, QvObj *key); // 1 removed, 0 absent, -1
QV_RUNS int qv_set_update(QvInterp *qi, QvObj *s, QvObj *iterable);
QV_RUNS int qv_set_difference_update(QvInterp *qi, QvObj *s, QvObj *iterable);
QV_RUNS int qv_set_symmetric_difference_update(QvInterp *qi, QvObj *s, QvObj *iterable);
QV_RUNS QvObj *qv_set_intersection(QvInterp *qi, QvObj *s, QvObj *iterable); // new, of the base
                                                                             // type of s
QV_RUNS void qv_set_clear(QvInterp *qi, QvObj *s);
static inline QvSsize qv_set_len(const QvObj *o) { return ((const QvSet *)o)->used; }
bool qv_set_next(const QvObj *s, QvSsize *pos, QvObj **ret_key); // iteration in C, borrowed
// The next key from *pos on, owned, and its hash; NULL at the end. For loops that may run Python.
QvObj *qv_set_step(QvInterp *qi, const QvObj *s, QvSsize *pos, QvHash *ret_hash);

#endif
