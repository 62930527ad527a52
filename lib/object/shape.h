// SPDX-License-Identifier: MIT
// Shapes (hidden classes): which attribute sits in which inline slot of an instance.
//
// Every heap type whose instances have a __dict__ gives them an instance part. Its shape tells the names;
// adding a name moves to a child shape (shared by all instances that add the same names in order).
// Asking for __dict__, deleting an attribute, or having more attributes than inline slots turns the
// instance into dict mode: shape == the type's dict shape, and slots[0] is a QvDict that then is the only truth.
#ifndef QV_OBJECT_SHAPE_H
#define QV_OBJECT_SHAPE_H

#include "object/object.h"

struct QvShape {
    uint32_t refs;      // instances, children and caches that hold it
    uint16_t count;     // names, = slots in use
    bool is_dict;       // dict mode
    QvType *type;       // instances' type (borrowed: the type owns its root shape)
    QvShape *parent;
    QvObj *name;        // interned str added by this step; NULL for the root
    QvShape **children; // transitions, owned
    uint32_t nchildren, cap_children;
    uint32_t ntable;    // power of two; open addressing name -> slot, made when count is large
    struct { QvObj *name; uint32_t slot; } *table;
};

typedef struct QvInstPart {
    QvShape *shape; // NULL: no attribute yet (root)
    QvObj *slots[]; // type->inst_cap at creation; dict mode: slots[0] is the dict
} QvInstPart;

// The instance part or NULL when the type has none. Handles variable-sized bases.
QvInstPart *qv_inst_part(const QvObj *o);

// Slot index of an interned name, or -1.
int qv_shape_find(const QvShape *shape, QvObj *name);

QvShape *qv_shape_root(QvInterp *qi, QvType *type);                       // borrowed; NULL: MemoryError
QvShape *qv_shape_add(QvInterp *qi, QvShape *shape, QvObj *name);         // borrowed child; NULL: MemoryError
void qv_shape_free(QvInterp *qi, QvShape *root);                          // the whole tree, with its type

// Instance attributes without descriptors: 1/0/-1; value NULL deletes (0 when absent).
int qv_inst_get(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret);
int qv_inst_set(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value);
// The __dict__ (made when needed; dict mode from then on). New reference.
QvObj *qv_inst_dict(QvInterp *qi, QvObj *o);
int qv_inst_set_dict(QvInterp *qi, QvObj *o, QvObj *dict);
// A fresh copy as a dict without changing mode (for pickling and sending): new dict.
QvObj *qv_inst_copy_dict(QvInterp *qi, QvObj *o);

#endif
