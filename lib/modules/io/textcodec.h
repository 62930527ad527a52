// SPDX-License-Identifier: MIT
// The codec of a text stream: built-in ones as plain calls with their state here, all others
// through the objects of the codecs module.
#ifndef QV_MODULES_IO_TEXTCODEC_H
#define QV_MODULES_IO_TEXTCODEC_H

#include "modules/io/io.h"

typedef enum QvTextKind { QV_TEXT_UTF8, QV_TEXT_ASCII, QV_TEXT_LATIN1, QV_TEXT_OTHER } QvTextKind;

typedef struct QvTextCodec {
    QvTextKind kind;
    QvObj *errors; // str, ASCII; owned
    QvObj *decoder,
        *encoder;    // incremental codec objects (QV_TEXT_OTHER), made on demand; owned or NULL
    QvObj *info;     // codecs.CodecInfo (QV_TEXT_OTHER) or NULL
    uint8_t part[4]; // utf-8: the start of a sequence whose end is still to come
    uint8_t npart;
    bool universal; // newlines are looked at
    QvNewlines nl;
} QvTextCodec;

// Sets kind, info and errors for the names (str). LookupError for unknown encodings. 0/-1; fini in
// any case.
int qv_textcodec_init(QvInterp *qi, QvTextCodec *c, QvObj *encoding, QvObj *errors);
void qv_textcodec_fini(QvInterp *qi, QvTextCodec *c);
int qv_textcodec_traverse(QvTextCodec *c, QvVisit visit, void *ctx);

// Makes the codec objects of other encodings. 0/-1
int qv_textcodec_need_decoder(QvInterp *qi, QvTextCodec *c);
int qv_textcodec_need_encoder(QvInterp *qi, QvTextCodec *c);

// The next piece of text. input: bytes-like object.
QV_RUNS QvObj *qv_textcodec_decode(QvInterp *qi, QvTextCodec *c, const uint8_t *p, QvSsize n,
                                   bool final);
// State after what was decoded: the undecoded bytes (new) and flags.
QV_RUNS int qv_textcodec_getstate(QvInterp *qi, QvTextCodec *c, QvObj **ret_bytes,
                                  int64_t *ret_flags);
QV_RUNS int qv_textcodec_setstate(QvInterp *qi, QvTextCodec *c, const uint8_t *p, QvSsize n,
                                  int64_t flags);
QV_RUNS int qv_textcodec_reset(QvInterp *qi, QvTextCodec *c);

// New bytes.
QV_RUNS QvObj *qv_textcodec_encode(QvInterp *qi, QvTextCodec *c, QvObj *text);

#endif
