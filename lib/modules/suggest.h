// SPDX-License-Identifier: MIT
// "Did you mean": the name that a failed look-up most likely meant.
#ifndef QV_MODULES_SUGGEST_H
#define QV_MODULES_SUGGEST_H

#include "object/interp.h"

// For an AttributeError among the attributes of its object, for a NameError among the names that
// its frame sees. A new str, or NULL: there is none; never leaves an exception behind.
QV_RUNS QvObj *qv_suggest(QvInterp *qi, QvObj *exc);

#endif
