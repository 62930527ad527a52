// SPDX-License-Identifier: MIT
// The numbers of the static types: QV_TID_<stem> for types.def, QV_TID_exc_<name> for
// exceptions.def.
//
// A static type names its own number in its initialiser (`.id = QV_TID_list`). Heap types have 0.
#ifndef QV_OBJECT_TYPE_IDS_H
#define QV_OBJECT_TYPE_IDS_H

#include "object/fwd.h"

typedef enum QvTypeId {
    QV_TID_heap = 0, // no static type
#define TYPE(stem, builtin_name) QV_TID_##stem,
#include "object/types.def"
#undef TYPE
#define EXC(name, base) QV_TID_exc_##name,
#include "object/exceptions.def"
#undef EXC
    QV_TID_COUNT,
} QvTypeId;

// Declarations of all static types of types.def (those of exceptions.def are in object/error.h).
#define TYPE(stem, builtin_name) extern QvType qv_##stem##_type;
#include "object/types.def"
#undef TYPE

// Versions of heap types start here; a static type's version is its id.
#define QV_FIRST_HEAP_VERSION 4096
_Static_assert((int)QV_TID_COUNT <= QV_FIRST_HEAP_VERSION, "too many static types");

#endif
