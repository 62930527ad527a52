// SPDX-License-Identifier: MIT
// types.SimpleNamespace.
#ifndef QV_OBJECT_NAMESPACE_H
#define QV_OBJECT_NAMESPACE_H

#include "object/object.h"
#include "object/type.h"

typedef struct QvNamespace {
    QvObj h;
    QvObj *dict; // always there
} QvNamespace;

extern QvType qv_simplenamespace_type;

// A namespace with a copy of dict as its content (NULL: empty).
QV_RUNS QvObj *qv_namespace_new(QvInterp *qi, QvObj *dict);

#endif
