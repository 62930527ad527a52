// SPDX-License-Identifier: MIT
// What the module resource offers to os.wait3 and os.wait4.
#ifndef QV_MODULES_RESOURCE_H
#define QV_MODULES_RESOURCE_H

#include <sys/resource.h>

#include "object/interp.h"

QvObj *qv_resource_usage(QvInterp *qi, const struct rusage *u); // a struct_rusage

#endif
