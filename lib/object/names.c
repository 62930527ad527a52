// SPDX-License-Identifier: MIT
// The sealed strings of names.def. Their hashes are filled in by the seal.
#include "object/names.h"

QV_SEALED QvNames qv_names = {
#define NAME(id, text_)                                                                            \
    .n_##id = {                                                                                    \
        .s = {.h = {.refs = QV_IMMORTAL,                                                           \
                    .flags = QV_F_ASCII | QV_F_INTERNED,                                           \
                    .owner = 0,                                                                    \
                    .type = &qv_str_type},                                                         \
              .hash = -1,                                                                          \
              .len = (QvSsize)sizeof(text_) - 1},                                                  \
        .chars = text_,                                                                            \
    },
#include "object/names.def"
#undef NAME
};
