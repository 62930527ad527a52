// SPDX-License-Identifier: MIT
// The byte buffer: grows by half, so that a realloc that cannot stay in place is rare enough.
//
// It uses malloc, not jemalloc's own names, because qv_buf_take's block is freed with free() by
// code that knows nothing of this file.
#include "base/buf.h"
#include "base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define MIN_CAP 64

void qv_buf_fini(QvBuf *b)
{
    QvHeap *heap = b->heap;
    free(b->data);
    if (heap != NULL) {
        qv_heap_discharge(heap, b->cap);
    }
    *b = (QvBuf){.heap = heap};
}

// To `cap` bytes; false: no memory.
static bool resize(QvBuf *b, size_t cap)
{
    size_t more = cap - b->cap;
    if (b->heap != NULL && !qv_heap_charge(b->heap, more)) {
        return false;
    }
    char *data = realloc(b->data, cap);
    if (data == NULL) {
        if (b->heap != NULL) {
            qv_heap_discharge(b->heap, more);
        }
        return false;
    }
    b->data = data;
    b->cap = cap;
    return true;
}

int qv_buf_reserve(QvBuf *b, size_t more)
{
    if (b->oom) {
        return -1;
    }
    if (more <= b->cap - b->len) {
        return 0;
    }
    if (more > (size_t)PTRDIFF_MAX - b->len) {
        b->oom = true;
        return -1;
    }
    size_t need = b->len + more;
    size_t cap = b->cap + b->cap / 2;
    if (cap < need) {
        cap = need;
    }
    if (cap < MIN_CAP) {
        cap = MIN_CAP;
    }
    // Near a heap's limit ever less is asked for beforehand: a step that grows by what is needed
    // alone would be one for each byte.
    while (!resize(b, cap)) {
        if (cap == need) {
            b->oom = true;
            return -1;
        }
        cap = need + (cap - need) / 4;
    }
    return 0;
}

char *qv_buf_extend(QvBuf *b, size_t n)
{
    if (qv_buf_reserve(b, n > 0 ? n : 1) < 0) {
        return NULL;
    }
    char *p = b->data + b->len;
    b->len += n;
    return p;
}

void qv_buf_append_slow(QvBuf *b, const void *p, size_t n)
{
    if (qv_buf_reserve(b, n) < 0 || n == 0) {
        return;
    }
    memcpy(b->data + b->len, p, n);
    b->len += n;
}

void qv_buf_append_fill(QvBuf *b, char c, size_t n)
{
    if (n == 0) {
        return;
    }
    char *p = qv_buf_extend(b, n);
    if (p != NULL) {
        memset(p, c, n);
    }
}

void qv_buf_append_utf8(QvBuf *b, uint32_t cp)
{
    char bytes[4];
    qv_buf_append(b, bytes, (size_t)qv_utf8_encode(cp, bytes));
}

void qv_buf_vprintf(QvBuf *b, const char *fmt, va_list ap)
{
    if (b->oom) {
        return;
    }
    va_list again;
    va_copy(again, ap);
    size_t room = b->cap - b->len;
    int n = vsnprintf(room > 0 ? b->data + b->len : NULL, room, fmt, ap);
    if (n < 0) {
        b->oom = true; // the C library's own allocation failed
    } else if ((size_t)n < room) {
        b->len += (size_t)n;
    } else if (qv_buf_reserve(b, (size_t)n + 1) == 0) {
        vsnprintf(b->data + b->len, (size_t)n + 1, fmt, again);
        b->len += (size_t)n;
    }
    va_end(again);
}

void qv_buf_printf(QvBuf *b, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    qv_buf_vprintf(b, fmt, ap);
    va_end(ap);
}

const char *qv_buf_cstr(QvBuf *b)
{
    if (qv_buf_reserve(b, 1) < 0) {
        return "";
    }
    b->data[b->len] = '\0';
    return b->data;
}

char *qv_buf_take(QvBuf *b, size_t *ret_len)
{
    if (qv_buf_reserve(b, 1) < 0) {
        qv_buf_fini(b);
        return NULL;
    }
    char *data = b->data;
    data[b->len] = '\0';
    if (ret_len != NULL) {
        *ret_len = b->len;
    }
    if (b->heap != NULL) {
        qv_heap_discharge(b->heap, b->cap);
    }
    *b = (QvBuf){.heap = b->heap};
    return data;
}
