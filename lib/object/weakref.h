// SPDX-License-Identifier: MIT
// Weak references: a side table in the interpreter maps an object to its references; the object
// carries only a flag.
#ifndef QV_OBJECT_WEAKREF_H
#define QV_OBJECT_WEAKREF_H

#include "object/object.h"
#include "object/type.h"

typedef struct QvWeakRef {
    QvObj h;
    QvObj *target;                 // borrowed; NULL when dead
    QvObj *callback;               // or NULL
    QvHash hash;                   // -1 not yet
    struct QvWeakRef *prev, *next; // of the same target
} QvWeakRef;
extern QvType qv_weakref_type, qv_weakproxy_type, qv_weakcallableproxy_type;
QvObj *qv_weakref_new(QvInterp *qi, QvObj *o, QvObj *callback /*NULL or None*/);   // TypeError
                                                                                   // "cannot create
                                                                                   // weak reference
                                                                                   // to 'x' object"
QvObj *qv_weakproxy_new(QvInterp *qi, QvObj *o, QvObj *callback /*NULL or None*/); // the same for
                                                                                   // weakref.proxy
QvObj *qv_weakref_get(QvInterp *qi, QvObj *ref); // new reference or NULL (dead; no exception)
QvSsize qv_weakref_count(QvInterp *qi, QvObj *o);
QvObj *qv_weakref_first(QvInterp *qi, QvObj *o); // the __weakref__ attribute: new reference to the
                                                 // first, or None
QV_RUNS void qv_weakref_clear(QvInterp *qi, QvObj *o, bool run_callbacks); // called by dealloc and
                                                                           // the collector when
                                                                           // QV_F_WEAKREF
// The first of the object's references (others by ->next), or NULL. Borrowed.
QV_BORROWED QvWeakRef *qv_weakref_head(QvInterp *qi, QvObj *o);
void qv_weakref_table_fini(QvInterp *qi);

#endif
