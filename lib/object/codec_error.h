// SPDX-License-Identifier: MIT
// What codecs do with what they cannot encode or decode: the named error handlers, and others by
// callback.
#ifndef QV_OBJECT_CODEC_ERROR_H
#define QV_OBJECT_CODEC_ERROR_H

#include "object/str.h"

// State of one encoding or decoding. Set the first group, leave the rest zero; end with the fini.
typedef struct QvCodecErrors {
    QvInterp *qi;
    const char *errors;   // handler name; NULL = "strict"
    const char *encoding; // for messages and surrogatepass
    QvObj *text;          // encoding: the str (borrowed)
    const void *p;        // decoding: the bytes
    QvSsize n;

    QvObj *handler; // looked up callable (owned) or NULL
    QvObj *bytes;   // the input as an object, made for exceptions (owned) or NULL
    QvSsize steps;  // errors so far, for the polls
} QvCodecErrors;

void qv_codec_errors_fini(QvCodecErrors *e);

// text[start:end] cannot be encoded. 0: *ret_rep is a new str or bytes to be put instead (a str has
// to be encoded), *ret_pos where to go on; -1 with the exception.
QV_RUNS int qv_codec_encode_error(QvCodecErrors *e, QvSsize start, QvSsize end, const char *reason,
                                  QvObj **ret_rep, QvSsize *ret_pos);
// p[start:end] cannot be decoded: appends the replacement. 0/-1. A handler may put other bytes in
// place of all the input: go on with e->p and e->n, in which *ret_pos counts.
QV_RUNS int qv_codec_decode_error(QvCodecErrors *e, QvSsize start, QvSsize end, const char *reason,
                                  QvStrBuf *out, QvSsize *ret_pos);
// The exception for text[start:end], whatever the handler. -1.
int qv_codec_strict(QvCodecErrors *e, QvSsize start, QvSsize end, const char *reason);

#endif
