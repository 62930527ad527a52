// SPDX-License-Identifier: MIT
// capsule: an opaque C pointer as an object, with a destructor.
#ifndef QV_OBJECT_CAPSULE_H
#define QV_OBJECT_CAPSULE_H

#include "object/object.h"
#include "object/type.h"

typedef struct QvCapsule {
    QvObj h;
    void *pointer;
    const char *name;               // not owned; NULL: none
    void (*destroy)(void *pointer); // or NULL
} QvCapsule;

extern QvType qv_capsule_type;

QvObj *qv_capsule_new(QvInterp *qi, void *pointer, const char *name,
                      void (*destroy)(void *pointer));
// The pointer of a capsule of this name; NULL with ValueError otherwise.
void *qv_capsule_get(QvInterp *qi, QvObj *o, const char *name);

#endif
