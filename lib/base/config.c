// SPDX-License-Identifier: MIT
// The debug assertion's last words.
#include "base/config.h"

#include <stdio.h>

#if QV_DEBUG
void qv_assert_failed(const char *file, int line, const char *text)
{
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
    fflush(stderr);
    __builtin_trap();
}
#endif
