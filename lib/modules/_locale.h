// SPDX-License-Identifier: MIT
// The locale of an interpreter, for functions of other modules that obey it.
#ifndef QV_MODULES_LOCALE_H
#define QV_MODULES_LOCALE_H

#include <locale.h>

#include "object/fwd.h"

// The interpreter's locale; LC_GLOBAL_LOCALE as long as it has not set one.
locale_t qv_locale_peek(QvInterp *qi);

#endif
