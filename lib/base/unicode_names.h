// SPDX-License-Identifier: MIT
// Names of characters: of a code point, and back.
#ifndef QV_BASE_UNICODE_NAMES_H
#define QV_BASE_UNICODE_NAMES_H

#include "base/config.h"

enum {
    QV_UNI_NAME_MOST = 88,    // bytes of the longest name
    QV_UNI_SEQUENCE_MOST = 4, // code points of the longest named sequence
};

// Version of the data, "14.0.0".
extern const char qv_uni_version[];

// Writes the name (ASCII, no NUL) and returns its length; 0: it has none.
int qv_uni_name(uint32_t cp, char ret[QV_UNI_NAME_MOST]);

// What a name may stand for besides a character: an alias of one, a sequence of several.
typedef enum QvUniNameKinds {
    QV_UNI_NAMES = 0,
    QV_UNI_NAMES_ALIASES = 1,
    QV_UNI_NAMES_SEQUENCES = 2,
} QvUniNameKinds;

// The code points that a name (any bytes) stands for, without regard to case where it is stored;
// those of Hangul syllables and unified ideographs are capitals. How many; 0: unknown.
int qv_uni_lookup(const char *name, size_t n, unsigned kinds, uint32_t ret[QV_UNI_SEQUENCE_MOST]);

#endif
