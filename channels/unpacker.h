// SPDX-License-Identifier: MIT
// What the files that read messages share. All results are new references, or NULL with an
// exception; int 0 / -1.
#ifndef QV_CHANNELS_UNPACKER_H
#define QV_CHANNELS_UNPACKER_H

#include "channels/wire.h"
#include "object/error.h"
#include "object/object.h"

#define QV_UNPACK_FEW 8 // shared values that need no block for the table

// A tuple that is being filled.
typedef struct QvUnpackTuple {
    const struct QvUnpackTuple *up;
    const QvObj *tuple; // borrowed
} QvUnpackTuple;

typedef struct QvUnpack {
    QvInterp *qi;
    const uint8_t *at, *end; // what is left
    const QvMsg *msg;        // for its channel ends; NULL: bytes without any
    bool consume;            // the message is used up: blocks may be taken out of it
    bool plain;              // data only: nothing that imports or calls
    QvObj **objs;            // the table: owned, NULL while the value is being made; or `few`
    uint32_t nobjs, cap_objs;
    const QvUnpackTuple *tuples; // innermost, up to the innermost thing that can change
    QvObj **spaces;              // globals dicts by namespace number, owned
    uint32_t nspaces, cap_spaces;
    QvObj *few[QV_UNPACK_FEW];
} QvUnpack;

QvObj *qv_unpack_bad(QvUnpack *u, const char *what); // ValueError unless something is pending. NULL
int qv_unpack_uint(QvUnpack *u, uint64_t *ret);
int qv_unpack_byte(QvUnpack *u, uint8_t *ret);
// A count, and that many units of bytes, which stay where they are.
int qv_unpack_raw(QvUnpack *u, size_t unit, const uint8_t **ret_data, size_t *ret_n);
int qv_unpack_reserve(QvUnpack *u, uint32_t *ret_index);
void qv_unpack_define(QvUnpack *u, int64_t index, QvObj *o); // index -1 or o NULL: nothing
QvObj *qv_unpack_value(QvUnpack *u);

// unpack_object.c: what the tags from FUNCTION on mean.
QvObj *qv_unpack_object(QvUnpack *u, QvWireTag tag, int64_t index);

#endif
