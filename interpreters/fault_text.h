// SPDX-License-Identifier: MIT
// Where the threads of an interpreter are, as text, from a signal handler or any other thread: no
// lock, no allocation, no stdio.
//
// What is read may change meanwhile. It is read through the kernel, which refuses a wild address
// instead of crashing, and every structure is checked before it is used: what makes no sense is
// left out.
#ifndef QV_INTERPRETERS_FAULT_TEXT_H
#define QV_INTERPRETERS_FAULT_TEXT_H

#include "interpreters/instance.h"

void qv_fault_puts(int fd, const char *s);
// The frames of one thread, the innermost first, under "Stack (most recent call first):".
void qv_fault_stack(int fd, const QvThread *ts);
// The same of all threads, each under a line with its number; `current` (or NULL) is the one that
// asks.
void qv_fault_threads(int fd, const QvInstance *inst, const QvThread *current);

#endif
