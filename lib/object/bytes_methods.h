// SPDX-License-Identifier: MIT
// What bytes, bytearray and memoryview share: the method tables and a few helpers on byte ranges.
#ifndef QV_OBJECT_BYTES_METHODS_H
#define QV_OBJECT_BYTES_METHODS_H

#include "object/bytes.h"
#include "object/native.h"

extern const QvNativeDef qv_bytes_method_table[];
extern const QvNativeDef qv_bytearray_method_table[];

// Bytes of a bytes or bytearray object.
static inline const uint8_t *qv_bytes_span(const QvObj *o, QvSsize *ret_n)
{
    if (qv_is_bytes(o)) {
        *ret_n = qv_bytes_len(o);
        return qv_bytes_data(o);
    }
    *ret_n = ((const QvByteArray *)o)->len;
    const uint8_t *p = ((const QvByteArray *)o)->data;
    return p != NULL ? p : (const uint8_t *)"";
}

// Value of an int-like object as a byte: 0..255, or -1 with TypeError or ValueError("<what> must be
// in range(0, 256)").
QV_RUNS int qv_byte_value(QvInterp *qi, QvObj *o, const char *what);

// item in p[0:n], for an int or a bytes-like item.
QV_RUNS int qv_bytes_contains(QvInterp *qi, const QvObj *self, QvObj *item);

// Hexadecimal digits, with a separator (str or bytes, may be NULL) between groups of |per_sep|
// bytes.
QV_RUNS QvObj *qv_bytes_hex(QvInterp *qi, const uint8_t *p, QvSsize n, QvObj *sep, QvObj *per_sep);

// A growing array of bytes in the interpreter's heap.
typedef struct QvByteVec {
    uint8_t *p;       // raw block of size bytes
    QvSsize len, cap; // cap: what may be written before the poll flag is looked at
    QvSsize size;
} QvByteVec;
QV_RUNS int qv_byte_vec_reserve(QvInterp *qi, QvByteVec *v, QvSsize more);
// So much will come, in smaller parts for which room is reserved.
int qv_byte_vec_expect(QvInterp *qi, QvByteVec *v, QvSsize more);
void qv_byte_vec_fini(QvInterp *qi, QvByteVec *v);
// Appends the items of an iterable of ints. `what` as in qv_byte_value. 0/-1.
QV_RUNS int qv_byte_vec_extend(QvInterp *qi, QvByteVec *v, QvObj *iterable, const char *what);

// Arguments of the constructors (object, encoding, errors as qv_args gives them): the checks that
// bytes and bytearray share. 1: the object is a str and *ret its bytes; 0: go on with it; -1.
QV_RUNS int qv_bytes_ctor_text(QvInterp *qi, QvObj *const slots[3], const char *name, QvObj **ret);

// The three-way comparison of byte ranges as a bool object.
QvObj *qv_bytes_compare(QvInterp *qi, const uint8_t *p, QvSsize n, const uint8_t *q, QvSsize m,
                        QvCmpOp op);

// bytearray.c
#define QV_BYTEARRAY_METHOD(name) \
    QvObj *qv_bytearray_##name##_m(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
QV_BYTEARRAY_METHOD(alloc);
QV_BYTEARRAY_METHOD(append);
QV_BYTEARRAY_METHOD(clear);
QV_BYTEARRAY_METHOD(copy);
QV_BYTEARRAY_METHOD(extend);
QV_BYTEARRAY_METHOD(insert);
QV_BYTEARRAY_METHOD(pop);
QV_BYTEARRAY_METHOD(reduce);
QV_BYTEARRAY_METHOD(reduce_ex);
QV_BYTEARRAY_METHOD(remove);
QV_BYTEARRAY_METHOD(reverse);
QV_BYTEARRAY_METHOD(sizeof);

#endif
