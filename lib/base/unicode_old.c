// SPDX-License-Identifier: MIT
// Look-ups in the short tables that tools/gen_unicode_old.py makes.
#include "base/unicode_old.h"

#include <stddef.h>

#include "base/unicode.h"

typedef struct OldRange {
    uint32_t first, last;
} OldRange;

typedef struct OldCorrection {
    uint32_t point, wrong;
} OldCorrection;

// Sorted by field, then by code point.
typedef struct OldChange {
    uint32_t field; // QvUniOldField
    uint32_t first, last;
    uint32_t value;
} OldChange;

#include "unicode_old.inc"

#define COUNT(ARRAY) (sizeof(ARRAY) / sizeof((ARRAY)[0]))

bool qv_uni_old_is_assigned(uint32_t cp)
{
    size_t low = 0, high = COUNT(old_assigned);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (cp < old_assigned[middle].first) {
            high = middle;
        } else if (cp > old_assigned[middle].last) {
            low = middle + 1;
        } else {
            return true;
        }
    }
    return false;
}

int qv_uni_old_value(QvUniOldField field, uint32_t cp)
{
    size_t low = 0, high = COUNT(old_changes);
    while (low < high) {
        size_t middle = (low + high) / 2;
        const OldChange *c = &old_changes[middle];
        if (c->field == (uint32_t)field && cp >= c->first && cp <= c->last) {
            return (int)c->value;
        }
        if (c->field < (uint32_t)field || (c->field == (uint32_t)field && cp > c->last)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return -1;
}

uint32_t qv_uni_old_correction(uint32_t cp)
{
    for (size_t i = 0; i < COUNT(old_corrections); i++) {
        if (old_corrections[i].point == cp) {
            return old_corrections[i].wrong;
        }
    }
    return 0;
}
