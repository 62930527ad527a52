// SPDX-License-Identifier: MIT
// The pieces of str.format that the module _string offers too, and % formatting of bytes.
#ifndef QV_OBJECT_FORMAT_H
#define QV_OBJECT_FORMAT_H

#include "object/object.h"
#include "object/str.h"

// Walks over a format string: literal text, each time perhaps followed by a field.
typedef struct QvFormatScan {
    QvObj *s;    // borrowed str
    QvSsize pos; // next character
    QvSsize end;
} QvFormatScan;

// What was found; positions are indices into the string.
typedef struct QvFormatPiece {
    QvSsize literal_start, literal_end;
    bool field;                   // a replacement field follows the literal
    QvSsize name_start, name_end; // up to ':' or '!'
    QvSsize spec_start, spec_end;
    uint32_t conversion; // the character after '!', or 0
    bool nested;         // the specification has fields itself
} QvFormatPiece;

// 1 a piece, 0 the end, -1 ValueError.
int qv_format_next(QvInterp *qi, QvFormatScan *scan, QvFormatPiece *ret);

// Splits a field name: *ret_first_end is where the first part ends, *ret_index its value when it is
// a decimal number, else -1; rest is set up for qv_format_name_next. 0, or -1 with ValueError.
int qv_format_name_first(QvInterp *qi, QvObj *s, QvSsize start, QvSsize end, QvSsize *ret_first_end,
                         QvSsize *ret_index, QvFormatScan *ret_rest);
// The next ".name" or "[name]": 1 and its bounds (*ret_index >= 0 for a number in brackets), 0 at
// the end, -1 ValueError.
int qv_format_name_next(QvInterp *qi, QvFormatScan *rest, bool *ret_attribute, QvSsize *ret_start,
                        QvSsize *ret_end, QvSsize *ret_index);

// Appends format(o, spec) when o is an exact str, int or float and the n characters at spec are
// ASCII and nothing special. What is behind them must be no part of a specification (as '}', or a
// NUL). False: nothing has been done. (b->failed tells whether there was memory.)
bool qv_format_append(QvStrBuf *b, QvObj *o, const char *spec, QvSsize n);

// The value of an ASCII name in an exact dict that is not large, borrowed. NULL: not there, or not
// to be told without asking a key.
QvObj *qv_format_peek(QvObj *dict, const char *name, QvSsize n);

// fmt % args for bytes-like format text: new bytes, or bytearray.
QV_RUNS QvObj *qv_bytes_percent(QvInterp *qi, const uint8_t *fmt, QvSsize n, QvObj *args,
                                bool bytearray);

#endif
