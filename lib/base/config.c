// SPDX-License-Identifier: MIT
// The debug assertion's last words.
#include "base/config.h"

#include <stdio.h>

#if QV_DEBUG
#include <execinfo.h>
#include <unistd.h>

#define FRAMES 64

void qv_assert_failed(const char *file, int line, const char *text)
{
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, text);
    fflush(stderr);
    void *frames[FRAMES]; // addr2line -e PROGRAM +OFFSET tells the lines of static functions
    backtrace_symbols_fd(frames, backtrace(frames, FRAMES), STDERR_FILENO);
    __builtin_trap();
}
#endif
