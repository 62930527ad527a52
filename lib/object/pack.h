// SPDX-License-Identifier: MIT
// How a type's pack slot writes its value for another interpreter, without knowing tags or bytes: a vtable
// that channels/ implements. Containers call `value` for their parts; the packer keeps the table of objects
// already written, so shared and cyclic references survive.
#ifndef QV_OBJECT_PACK_H
#define QV_OBJECT_PACK_H

#include "object/fwd.h"

typedef struct QvPackOps {
    int (*value)(QvPacker *p, QvInterp *qi, QvObj *o); // any object
} QvPackOps;

struct QvPacker {
    const QvPackOps *ops;
};

#endif
