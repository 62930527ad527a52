// SPDX-License-Identifier: MIT
// The names used by the core: sealed, immortal, interned strings shared by all interpreters.
#ifndef QV_OBJECT_NAMES_H
#define QV_OBJECT_NAMES_H

#include "object/str.h"

typedef struct QvNames {
#define NAME(id, text)            \
    struct {                      \
        QvStr s;                  \
        char chars[sizeof(text)]; \
    } n_##id;
#include "object/names.def"
#undef NAME
} QvNames;

extern QvNames qv_names;

// Sealed interned string for utf-8 text, or NULL when it is not among the sealed ones (names.def,
// method and parameter names of static tables).
QV_BORROWED QvObj *qv_names_find(const char *s, QvSsize n, QvHash hash);

#endif
