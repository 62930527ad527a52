// SPDX-License-Identifier: MIT
// A growable byte buffer on plain process memory (malloc), with a sticky out-of-memory flag. Where
// a script may choose how large it gets, it counts for that script's heap: `{.heap = &qi->heap}`.
//
// Appending never needs a check: after a failure every call is a no-op and `oom` stays set until
// qv_buf_reset. Look at `oom` (or at the result of qv_buf_take) once, at the end.
#ifndef QV_BASE_BUF_H
#define QV_BASE_BUF_H

#include "base/heap.h"

#include <stdarg.h>
#include <string.h>

typedef struct QvBuf {
    char *data;   // malloc'ed block, owned; NULL while empty
    size_t len;   // bytes in use
    size_t cap;   // bytes allocated
    bool oom;     // an allocation has failed: contents are incomplete
    QvHeap *heap; // that its memory counts for (its lock is held wherever the buffer grows or
                  // ends), or NULL
} QvBuf;

// An empty buffer; allocates nothing. `(QvBuf){0}` is the same.
static inline void qv_buf_init(QvBuf *b) { *b = (QvBuf){0}; }

// Frees the memory; the buffer is empty and usable again.
void qv_buf_fini(QvBuf *b);

// Empties the buffer, keeps its memory, clears the flag.
static inline void qv_buf_reset(QvBuf *b)
{
    b->len = 0;
    b->oom = false;
}

// Makes room for `more` bytes beyond len. Returns 0, or -1 (flag set).
int qv_buf_reserve(QvBuf *b, size_t more);

// Room for n bytes at the end, counted as used at once, contents undefined; NULL on failure.
// The pointer is good until the next call on the buffer.
char *qv_buf_extend(QvBuf *b, size_t n);

// Out of line part of the appenders below.
void qv_buf_append_slow(QvBuf *b, const void *p, size_t n);

static inline void qv_buf_append(QvBuf *b, const void *p, size_t n)
{
    if (QV_LIKELY(n <= b->cap - b->len && !b->oom)) {
        if (n != 0) {
            memcpy(b->data + b->len, p, n);
            b->len += n;
        }
        return;
    }
    qv_buf_append_slow(b, p, n);
}

static inline void qv_buf_append_char(QvBuf *b, char c)
{
    if (QV_LIKELY(b->len < b->cap && !b->oom)) {
        b->data[b->len++] = c;
        return;
    }
    qv_buf_append_slow(b, &c, 1);
}

static inline void qv_buf_append_cstr(QvBuf *b, const char *s) { qv_buf_append(b, s, strlen(s)); }

// n times the byte c.
void qv_buf_append_fill(QvBuf *b, char c, size_t n);

// The code point as UTF-8 (lone surrogates as three bytes).
void qv_buf_append_utf8(QvBuf *b, uint32_t cp);

// As printf, with the C library's meaning of the format. For integers, strings and pointers: %f and
// friends follow the process locale, so format doubles with base/numtext.h.
void qv_buf_printf(QvBuf *b, const char *fmt, ...) QV_PRINTF(2, 3);
void qv_buf_vprintf(QvBuf *b, const char *fmt, va_list ap) QV_PRINTF(2, 0);

// Shortens to len bytes (no effect when it is shorter already).
static inline void qv_buf_truncate(QvBuf *b, size_t len)
{
    if (len < b->len) {
        b->len = len;
    }
}

// The contents as a C string, NUL after the last byte (the NUL is not counted in len). Never NULL:
// "" after a failure. Good until the next call on the buffer.
const char *qv_buf_cstr(QvBuf *b);

// Hands over the block (release it with free()); NUL-terminated, length in *ret_len if not NULL.
// It counts no longer. The buffer is empty afterwards. NULL if an allocation had failed (the memory
// is then freed).
QV_MUST_USE char *qv_buf_take(QvBuf *b, size_t *ret_len);

#endif
