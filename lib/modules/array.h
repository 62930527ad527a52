// SPDX-License-Identifier: MIT
// What the files of the module array share.
#ifndef QV_MODULES_ARRAY_H
#define QV_MODULES_ARRAY_H

#include "object/protocol.h"
#include "object/type_ids.h"

typedef enum QvArrayForm {
    QV_ARRAY_SIGNED,
    QV_ARRAY_UNSIGNED,
    QV_ARRAY_CHAR, // a code point
    QV_ARRAY_FLOAT
} QvArrayForm;

typedef struct QvArrayKind {
    char code;
    char format[2]; // of its buffer
    uint8_t size;   // bytes of an item
    uint8_t form;   // QvArrayForm
} QvArrayKind;

typedef struct QvArray {
    QvObj h;
    const QvArrayKind *kind;
    uint8_t *items;   // raw block of cap items, or NULL
    QvSsize len, cap; // items
    QvSsize exports;  // buffers in existence: the block stays where it is meanwhile
} QvArray;

static inline QvArray *qv_as_array(QvObj *o) { return (QvArray *)o; }
static inline bool qv_is_array(const QvObj *o) { return qv_is_instance_of(o, &qv_array_type); }

const QvArrayKind *qv_array_kind(uint32_t code);                                     // or NULL
QvObj *qv_array_new(QvInterp *qi, QvType *type, const QvArrayKind *kind, QvSsize n); // zeroed
QvObj *qv_array_get(QvInterp *qi, const QvArrayKind *kind, const uint8_t *p);
// Writes v at p. OverflowError, TypeError. QV_RUNS because of __index__. 0/-1.
QV_RUNS int qv_array_put(QvInterp *qi, const QvArrayKind *kind, uint8_t *p, QvObj *v);
int qv_array_resize(QvInterp *qi, QvArray *a, QvSsize n); // BufferError when exported
int qv_array_append_bytes(QvInterp *qi, QvArray *a, const void *p, QvSsize n);
QvObj *qv_array_to_list(QvInterp *qi, QvArray *a);

// array_pickle.c: array._array_reconstructor and array.__reduce_ex__.
QvObj *qv_array_reconstructor(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_array_reduce_ex(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

#endif
