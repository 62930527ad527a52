// SPDX-License-Identifier: MIT
// __dict__ of objects that keep a plain dict at their type's dict_offset (functions, exceptions,
// ...).
#ifndef QV_OBJECT_DICTATTR_H
#define QV_OBJECT_DICTATTR_H

#include "object/object.h"
#include "object/type.h"

// For getset rows: {"__dict__", qv_dictattr_get, qv_dictattr_set, NULL}.
QvObj *qv_dictattr_get(QvInterp *qi, QvObj *o);                    // made when there is none
QV_RUNS int qv_dictattr_set(QvInterp *qi, QvObj *o, QvObj *value); // TypeError unless a dict

#endif
