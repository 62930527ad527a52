// SPDX-License-Identifier: MIT
// Short runs of bytes compared and copied without a call: two loads that may overlap.
#ifndef QV_BASE_SHORTBYTES_H
#define QV_BASE_SHORTBYTES_H

#include <string.h>

#include "base/config.h"

// memcmp(a, b, n) == 0
static QV_ALWAYS_INLINE bool qv_same_bytes(const void *a, const void *b, size_t n)
{
    const uint8_t *s = (const uint8_t *)a, *t = (const uint8_t *)b;
    if (n > 16) {
        return memcmp(s, t, n) == 0;
    }
    if (n >= 8) {
        uint64_t s1, t1, s2, t2;
        memcpy(&s1, s, 8);
        memcpy(&t1, t, 8);
        memcpy(&s2, s + n - 8, 8);
        memcpy(&t2, t + n - 8, 8);
        return ((s1 ^ t1) | (s2 ^ t2)) == 0;
    }
    if (n >= 4) {
        uint32_t s1, t1, s2, t2;
        memcpy(&s1, s, 4);
        memcpy(&t1, t, 4);
        memcpy(&s2, s + n - 4, 4);
        memcpy(&t2, t + n - 4, 4);
        return ((s1 ^ t1) | (s2 ^ t2)) == 0;
    }
    return n == 0 || (s[0] == t[0] && s[n / 2] == t[n / 2] && s[n - 1] == t[n - 1]);
}

// memcpy(to, from, n) of what is mostly a few bytes.
static QV_ALWAYS_INLINE void qv_copy_bytes(void *to, const void *from, size_t n)
{
    uint8_t *t = (uint8_t *)to;
    const uint8_t *s = (const uint8_t *)from;
    if (n > 16) {
        memcpy(t, s, n);
    } else if (n >= 8) {
        uint64_t first, last;
        memcpy(&first, s, 8);
        memcpy(&last, s + n - 8, 8);
        memcpy(t, &first, 8);
        memcpy(t + n - 8, &last, 8);
    } else if (n >= 4) {
        uint32_t first, last;
        memcpy(&first, s, 4);
        memcpy(&last, s + n - 4, 4);
        memcpy(t, &first, 4);
        memcpy(t + n - 4, &last, 4);
    } else if (n > 0) {
        uint8_t first = s[0], middle = s[n / 2], last = s[n - 1];
        t[0] = first;
        t[n / 2] = middle;
        t[n - 1] = last;
    }
}

#endif
