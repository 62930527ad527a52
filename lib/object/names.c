// SPDX-License-Identifier: MIT
// The sealed names of names.def: one static object that holds them all, hashes filled in by the
// seal.
#include "object/names.h"

#include "object/object.h"

// clang-format off
QV_SEALED QvNames qv_names = {
#define NAME(id, text)                                                                             \
    .n_##id = {                                                                                    \
        .s = {                                                                                     \
            .h = {                                                                                 \
                .refs = QV_IMMORTAL,                                                               \
                .flags = QV_F_ASCII | QV_F_INTERNED,                                               \
                .type = &qv_str_type,                                                              \
            },                                                                                     \
            .hash = -1,                                                                            \
            .len = sizeof(text) - 1,                                                               \
        },                                                                                         \
        .chars = text,                                                                             \
    },
#include "object/names.def"
#undef NAME
};
// clang-format on
