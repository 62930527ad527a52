// SPDX-License-Identifier: MIT
// What the process shares after qv_types_seal: read-only tables, and the memory they stand in.
//
// qv_shared is itself in the section qv_sealed: written once, during qv_types_seal (start lock
// held, no interpreter exists yet), then read-only for the hardware like all that it points to.
#ifndef QV_OBJECT_SEAL_H
#define QV_OBJECT_SEAL_H

#include "object/interp.h"
#include "object/native.h"
#include "object/type.h"

typedef struct QvShared {
    bool sealed;        // qv_types_seal has finished
    uint64_t hash_seed; // of str and bytes hashes, for the whole process (PYTHONHASHSEED or random)
    QvType *const *types; // all static types by id; [0] is NULL
    uint32_t ntypes;      // QV_TID_COUNT
    QvObj **names;        // open addressing table of the sealed interned strings
    uint32_t names_mask;  // its size - 1
    const QvSig **sigs;   // open addressing table of parsed signatures, by address of the row
    uint32_t sigs_mask;   // its size - 1
    QvMethodCacheEntry *no_cache; // an empty method cache, for interpreters that have none yet
    QvObj *builtins;              // dict: what the module builtins starts with, to be copied
    size_t sealed_bytes;          // memory taken from the system for sealed tables
} QvShared;

extern QvShared qv_shared;

// Zeroed memory that becomes read-only when the seal ends. Only callable before that; NULL: no
// memory.
void *qv_seal_alloc(size_t n);

// A sealed str of ASCII text (not interned); NULL: no memory. Only during the seal.
QvObj *qv_seal_str(const char *s, size_t n);

// The sealed interned str of ASCII text, made when there is none yet; NULL: no memory. Only during
// the seal.
QvObj *qv_seal_intern(const char *s, size_t n);

// The signature of a row of a static table (methods of static types, functions of modules in
// modules.def), parsed at the seal; NULL for other rows (host functions: use qv_sig_parse).
const QvSig *qv_sig_find(const QvNativeDef *def);

#endif
