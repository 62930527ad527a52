// SPDX-License-Identifier: MIT
// Shapes (hidden classes): which attribute sits in which inline slot of an instance.
//
// Every heap type whose instances have a __dict__ gives them an instance part. Its shape tells the
// names; adding a name moves to a child shape (shared by all instances that add the same names in
// order). Asking for __dict__, deleting an attribute (but the last), or having more attributes than
// inline slots turns the instance into dict mode: shape == &qv_shape_dict, and slots[0] is a QvDict
// that then is the only truth.
//
// Shapes belong to their type and live exactly as long; instances and caches borrow them. A cache
// guards with type->version first (never reused), then with the shape's address.
#ifndef QV_OBJECT_SHAPE_H
#define QV_OBJECT_SHAPE_H

#include "object/type.h"

typedef struct QvShapeEntry {
    QvObj *name;   // interned str, borrowed from the shape that added it; NULL: free
    uint32_t slot; // index in slots
} QvShapeEntry;

struct QvShape {
    uint32_t total; // root: shapes in the whole tree (bounds what odd programs can make)
    uint16_t count; // names, = slots in use
    bool is_dict;   // dict mode
    QvType *type;   // instances' type (borrowed: the type owns its root shape); NULL: qv_shape_dict
    QvShape *parent;    // NULL: root
    QvObj *name;        // interned str added by this step, owned; NULL for the root
    QvShape **children; // transitions, owned
    uint32_t nchildren, cap_children;
    uint32_t ntable;     // power of two, or 0: no table, walk the parents
    QvShapeEntry *table; // open addressing by address of the name, made when count is large
};

typedef struct QvInstPart {
    QvShape *shape; // NULL: no attribute yet
    QvObj *slots[]; // capacity: qv_inst_cap; slots beyond shape->count are NULL; dict mode:
                    // slots[0] is the dict
} QvInstPart;

extern QvShape qv_shape_dict; // sealed: the shape of all instances in dict mode

#define QV_INST_VAR UINT32_MAX // inst_offset of types with a variable-sized base

// Inline slots of an instance that has an instance part.
static inline uint32_t qv_inst_cap(const QvObj *o)
{
    return 2u * ((uint32_t)(o->flags >> QV_F_CAP_SHIFT) & 15u) + 1u;
}

// The instance part or NULL when the type has none. Handles variable-sized bases.
static inline QvInstPart *qv_inst_part(const QvObj *o)
{
    const QvType *t = o->type;
    size_t offset = t->inst_offset;
    if (offset == 0) {
        return NULL;
    }
    if (QV_UNLIKELY(offset == QV_INST_VAR)) {
        offset = (t->memsize(o) + 7) & ~(size_t)7;
    }
    return (QvInstPart *)((char *)o + offset);
}

// Slot index of an interned name, or -1.
int qv_shape_find(const QvShape *shape, QvObj *name);

QvShape *qv_shape_root(QvInterp *qi, QvType *type); // borrowed; NULL: MemoryError
// Borrowed child for one more name. NULL without an exception: this type has too many shapes, use a
// dict; with one: MemoryError.
QvShape *qv_shape_add(QvInterp *qi, QvShape *shape, QvObj *name);
void qv_shape_free(QvInterp *qi, QvShape *root); // the whole tree, with its type; NULL is fine

// Instance attributes without descriptors: 1/0/-1; value NULL deletes (0 when absent). Set: 1 done.
// The name must be interned. The object must have an instance part.
int qv_inst_get(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret); // *ret new
QV_RUNS int qv_inst_set(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value);
// The __dict__ (made when needed; dict mode from then on). New reference.
QvObj *qv_inst_dict(QvInterp *qi, QvObj *o);
QV_RUNS int qv_inst_set_dict(QvInterp *qi, QvObj *o, QvObj *dict);
// A fresh copy as a dict without changing mode (for pickling and sending): new dict.
QvObj *qv_inst_copy_dict(QvInterp *qi, QvObj *o);
// True when there is no instance attribute.
bool qv_inst_is_empty(const QvObj *o);

// For object.c, type.c and the collector: the part's references.
int qv_inst_traverse(QvObj *o, QvVisit visit, void *ctx);
QV_RUNS void qv_inst_clear(QvInterp *qi, QvObj *o); // back to the empty shape, then drops the
                                                    // values
// Moves the attributes to the shapes of another type (after o->type changed; __class__ assignment).
// 0/-1.
int qv_inst_rehome(QvInterp *qi, QvObj *o, QvType *type);

#endif
