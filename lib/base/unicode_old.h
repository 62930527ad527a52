// SPDX-License-Identifier: MIT
// What was different in Unicode 3.2, the version that IDNA and stringprep are bound to.
#ifndef QV_BASE_UNICODE_OLD_H
#define QV_BASE_UNICODE_OLD_H

#include "base/config.h"

// The generated tables assert that they use these numbers.
typedef enum QvUniOldField {
    QV_UNI_OLD_CATEGORY, // QvUniCategory
    QV_UNI_OLD_BIDI,     // a number of qv_uni_bidi_name
    QV_UNI_OLD_MIRRORED, // 0 or 1
    QV_UNI_OLD_WIDTH,    // a number of qv_uni_width_name
    QV_UNI_OLD_DECIMAL,  // 0, or 1: the digit is a decimal one too
} QvUniOldField;

// Was the code point assigned, private, a surrogate or a noncharacter?
bool qv_uni_old_is_assigned(uint32_t cp);

// The value that a character had then, or -1 when it has it still.
int qv_uni_old_value(QvUniOldField field, uint32_t cp);

// What a character was decomposed to then, where a later version corrected it; else 0.
uint32_t qv_uni_old_correction(uint32_t cp);

#endif
