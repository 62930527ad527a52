// SPDX-License-Identifier: MIT
// Blocks of many MiB that stay warm, and blocks that many of together are many MiB.
//
// The first are for messages. jemalloc gives a block of 8 MiB and more back to the system the
// moment it is freed; the next one is made of new pages, zeroed by one fault each, which takes
// longer than filling it. Blocks of 7 to 64 MiB come from an arena of their own instead, which
// keeps what is freed for a while, as all arenas do with smaller blocks, up to 64 MiB, until an
// interpreter ends. Any thread.
//
// Smaller blocks of messages come from malloc: its caches of each thread make and free a message in
// 6 to 15 ns, where an arena without them takes 110 to 140, and what one thread frees that another
// has made goes back to that one's arena many at a time.
#ifndef QV_BASE_BIGMEM_H
#define QV_BASE_BIGMEM_H

#include "base/config.h"

// What mallocx and rallocx are to be told for a block of n bytes.
int qv_bigmem_flags(size_t n);
// malloc and realloc. NULL: no memory; then p is untouched.
QV_MUST_USE void *qv_bigmem_alloc(size_t n);
QV_MUST_USE void *qv_bigmem_realloc(void *p, size_t n);
// Ends a block of about n bytes. (free() can do that, too; then it may stay warm for longer.)
void qv_bigmem_free(void *p, size_t n);
// Gives what is free back to the system.
void qv_bigmem_trim(void);

// A block that lives as long as an interpreter, from malloc. malloc's arenas give back what was
// freed some seconds ago, but only while they are used: what a thousand interpreters had would
// stay. So it is given back when 2 MiB more have been freed than were asked for since.
QV_MUST_USE void *qv_bigmem_life_alloc(size_t n);
void qv_bigmem_life_free(void *p, size_t n); // a block of n bytes, or NULL

#endif
