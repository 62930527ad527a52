// SPDX-License-Identifier: MIT
// Words that every file uses: basic types, attributes, the debug assertion.
#ifndef QV_BASE_CONFIG_H
#define QV_BASE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(QV_DEBUG) || !defined(QV_HARD) || !defined(QV_SANITIZE) || !defined(QV_SANITIZE_THREAD)
#error "the build defines QV_DEBUG, QV_HARD, QV_SANITIZE and QV_SANITIZE_THREAD as 0 or 1"
#endif

typedef ptrdiff_t QvSsize; // a length, an index, a count; negative = none
typedef int64_t QvHash;    // a hash as Python sees it; never -1

_Static_assert(sizeof(QvSsize) == 8, "Quiver is written for 64-bit machines");

// Marks for prototypes. They expand to nothing (QV_MUST_USE apart): they tell the reader.
#define QV_MUST_USE __attribute__((warn_unused_result))
#define QV_BORROWED // the result is a borrowed reference
#define QV_STOLEN   // the parameter's reference is taken, on failure too
#define QV_RUNS     // may run Python code: re-read sizes and borrowed pointers after it
#define QV_BLOCKS   // releases the interpreter's lock

#define QV_LIKELY(x)          __builtin_expect(!!(x), 1)
#define QV_UNLIKELY(x)        __builtin_expect(!!(x), 0)
#define QV_NOINLINE           __attribute__((noinline))
#define QV_COLD               __attribute__((cold, noinline))
#define QV_HOT                __attribute__((hot))
#define QV_ALWAYS_INLINE      __attribute__((always_inline)) inline
#define QV_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))

// Static objects that are completed once per process and then made read-only by mprotect.
#define QV_SEALED __attribute__((section("qv_sealed")))

// Prints "file:line: failed: text" and a backtrace to stderr and traps. Only qv_assert calls it.
#if QV_DEBUG
void qv_assert_failed(const char *file, int line, const char *text)
    __attribute__((cold, noinline, noreturn));
#define qv_assert(x) (QV_LIKELY(x) ? (void)0 : qv_assert_failed(__FILE__, __LINE__, #x))
#else
#define qv_assert(x) ((void)sizeof(!!(x)))
#endif

#endif
