// SPDX-License-Identifier: MIT
// bytes and bytearray.
#ifndef QV_OBJECT_BYTES_H
#define QV_OBJECT_BYTES_H

#include "object/object.h"
#include "object/type.h"

struct QvBytes {
    QvObj h;
    QvHash hash; // -1: not computed
    QvSsize len; // data follows the struct, zero byte after the last
};
struct QvByteArray {
    QvObj h;
    uint8_t *data; // raw block of cap bytes, or NULL
    QvSsize len, cap;
    QvSsize exports; // buffer views in existence: no resizing then
};
extern QvType qv_bytes_type, qv_bytearray_type, qv_memoryview_type;

static inline bool qv_is_bytes(const QvObj *o) { return qv_has_flag(o, QV_T_BYTES); }
static inline bool qv_is_bytearray(const QvObj *o)
{
    return qv_is_instance_of(o, &qv_bytearray_type);
}
static inline uint8_t *qv_bytes_data(const QvObj *o) { return (uint8_t *)((QvBytes *)o + 1); }
static inline QvSsize qv_bytes_len(const QvObj *o) { return ((const QvBytes *)o)->len; }
// p NULL: uninitialised. A stop ends the copying of many bytes; nothing else happens meanwhile.
QvObj *qv_bytes_new(QvInterp *qi, const void *p, QvSsize n);
QvObj *qv_bytes_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end); // 0 <= start <= end <=
                                                                           // len
int qv_bytes_resize(QvInterp *qi, QvObj **o, QvSsize n); // unshared only; *o NULL on failure
QvObj *qv_bytes_join(QvInterp *qi, QvObj *sep, QvObj *iterable);
QvHash qv_bytes_hash(QvObj *o);
// The same, which a stop ends where o is long: -1 with the exception.
QvHash qv_bytes_hash_try(QvInterp *qi, QvObj *o);
QvObj *qv_bytearray_new(QvInterp *qi, const void *p, QvSsize n);
int qv_bytearray_resize(QvInterp *qi, QvObj *o, QvSsize n); // BufferError when exported
QvObj *qv_memoryview_new(QvInterp *qi, QvObj *o);
QvObj *qv_memoryview_tobytes(QvInterp *qi, QvObj *o); // any layout, row-major
QvObj *qv_memoryview_from_memory(QvInterp *qi, void *p, QvSsize n, bool readonly,
                                 QvObj *keeper /*NULL*/);
// The keeper of a live read-only view of bytes ("B", one dimension, no gaps) of such memory, and
// what it shows; NULL for any other view.
QV_BORROWED QvObj *qv_memoryview_peek_keeper(QvObj *o, const uint8_t **ret_data, size_t *ret_n);

// -b: v and w, one of them of `kind`, were compared: 0, or -1 when the warning is an error.
QV_RUNS int qv_bytes_warn_compare(QvInterp *qi, const char *kind, QvObj *v, QvObj *w);

#endif
