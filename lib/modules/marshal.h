// SPDX-License-Identifier: MIT
// What the two halves of the module marshal share: the type bytes of the format.
//
// The format is CPython's (versions 0 to 4) for everything but code objects, which have Quiver's
// own form (code/codefile.h) behind a type byte of their own.
#ifndef QV_MODULES_MARSHAL_H
#define QV_MODULES_MARSHAL_H

#include "object/native.h"

#define QV_MARSHAL_VERSION   4
#define QV_MARSHAL_MAX_DEPTH 2000

enum {
    QV_MAR_NULL = '0', // the end of a dict
    QV_MAR_NONE = 'N',
    QV_MAR_FALSE = 'F',
    QV_MAR_TRUE = 'T',
    QV_MAR_STOPITER = 'S',
    QV_MAR_ELLIPSIS = '.',
    QV_MAR_INT = 'i',
    QV_MAR_INT64 = 'I', // read only
    QV_MAR_FLOAT = 'f', // as text
    QV_MAR_BINARY_FLOAT = 'g',
    QV_MAR_COMPLEX = 'x', // as text
    QV_MAR_BINARY_COMPLEX = 'y',
    QV_MAR_LONG = 'l', // digits of 15 bits
    QV_MAR_STRING = 's',
    QV_MAR_INTERNED = 't',
    QV_MAR_REF = 'r',
    QV_MAR_TUPLE = '(',
    QV_MAR_LIST = '[',
    QV_MAR_DICT = '{',
    QV_MAR_CPYTHON_CODE = 'c', // not readable here
    QV_MAR_CODE = 'Q',         // 32-bit length, then what qv_code_write writes
    QV_MAR_UNICODE = 'u',
    QV_MAR_UNKNOWN = '?',
    QV_MAR_SET = '<',
    QV_MAR_FROZENSET = '>',
    QV_MAR_ASCII = 'a',
    QV_MAR_ASCII_INTERNED = 'A',
    QV_MAR_SMALL_TUPLE = ')',
    QV_MAR_SHORT_ASCII = 'z',
    QV_MAR_SHORT_ASCII_INTERNED = 'Z',
    QV_MAR_FLAG_REF = 0x80, // the object gets the next number, for QV_MAR_REF
};

// The value as bytes; ValueError for what has no such form.
QvObj *qv_marshal_dumps(QvInterp *qi, QvObj *value, int64_t version);
// The value in p[0:n); what follows it is ignored.
QvObj *qv_marshal_loads(QvInterp *qi, const uint8_t *p, QvSsize n);
// The value that file.readinto gives, byte for byte.
QV_RUNS QvObj *qv_marshal_load(QvInterp *qi, QvObj *file);

#endif
