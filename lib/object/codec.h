// SPDX-License-Identifier: MIT
// The codecs in C, one pair of functions each: what str.encode, bytes.decode and the module _codecs
// share. errors: name of an error handler, NULL = "strict".
//
// Decoders with `consumed` are incremental when it is not NULL: an incomplete sequence at the end
// is no error then, and *consumed tells the bytes used. NULL: the input is all there is.
#ifndef QV_OBJECT_CODEC_H
#define QV_OBJECT_CODEC_H

#include "object/object.h"

// UnicodeDecodeError / UnicodeEncodeError with these fields. Always -1.
int qv_codec_raise_decode(QvInterp *qi, const char *encoding, const void *p, QvSsize n,
                          QvSsize start, QvSsize end, const char *reason);
int qv_codec_raise_encode(QvInterp *qi, const char *encoding, QvObj *s, QvSsize start, QvSsize end,
                          const char *reason);

QV_RUNS QvObj *qv_codec_utf8_encode(QvInterp *qi, QvObj *s, const char *errors);
QV_RUNS QvObj *qv_codec_utf8_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                                    QvSsize *consumed);

// Byte order of the 16 and 32 bit forms: -1 little, 1 big, 0 native with a mark (encoding) or told
// by the mark (decoding; *byteorder is set to what was found).
QV_RUNS QvObj *qv_codec_utf16_encode(QvInterp *qi, QvObj *s, const char *errors, int byteorder);
QV_RUNS QvObj *qv_codec_utf16_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                                     int *byteorder, QvSsize *consumed);
QV_RUNS QvObj *qv_codec_utf32_encode(QvInterp *qi, QvObj *s, const char *errors, int byteorder);
QV_RUNS QvObj *qv_codec_utf32_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                                     int *byteorder, QvSsize *consumed);

QV_RUNS QvObj *qv_codec_ascii_encode(QvInterp *qi, QvObj *s, const char *errors);
QV_RUNS QvObj *qv_codec_ascii_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors);
QV_RUNS QvObj *qv_codec_latin1_encode(QvInterp *qi, QvObj *s, const char *errors);
QvObj *qv_codec_latin1_decode(QvInterp *qi, const void *p, QvSsize n);

QvObj *qv_codec_unicode_escape_encode(QvInterp *qi, QvObj *s);
// warn: about what is no escape. The compiler does that itself.
QV_RUNS QvObj *qv_codec_unicode_escape_decode(QvInterp *qi, const void *p, QvSsize n,
                                              const char *errors, bool warn, QvSsize *consumed);
QvObj *qv_codec_raw_unicode_escape_encode(QvInterp *qi, QvObj *s);
QV_RUNS QvObj *qv_codec_raw_unicode_escape_decode(QvInterp *qi, const void *p, QvSsize n,
                                                  const char *errors, QvSsize *consumed);
// The escapes of bytes literals ("string_escape" of old).
QvObj *qv_codec_escape_encode(QvInterp *qi, const void *p, QvSsize n);
QV_RUNS QvObj *qv_codec_escape_decode(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                                      bool warn);

// mapping: str of up to 256 characters (U+FFFE undefined), or a mapping as the codecs module says.
QV_RUNS QvObj *qv_codec_charmap_encode(QvInterp *qi, QvObj *s, QvObj *mapping /*NULL: latin-1*/,
                                       const char *errors);
QV_RUNS QvObj *qv_codec_charmap_decode(QvInterp *qi, const void *p, QvSsize n,
                                       QvObj *mapping /*NULL: latin-1*/, const char *errors);

// The named error handlers as the codecs module offers them: handler(exc) -> (replacement,
// position). Answers for strict, ignore, replace, xmlcharrefreplace, backslashreplace, namereplace,
// surrogateescape and surrogatepass. NULL with TypeError when exc is not for it.
QvObj *qv_codec_handle(QvInterp *qi, const char *errors, QvObj *exc);
bool qv_codec_is_handler(const char *errors);

// Says which codec has failed, when the pending exception's text can be extended without harm: it
// is a plain one with at most one str.
QV_RUNS void qv_codec_explain_failure(QvInterp *qi, const char *encoding, bool decode);

// What str(o, encoding, errors), bytes.decode and bytearray.decode do: encoding and errors are
// arguments (str or NULL), func names the caller in messages.
QV_RUNS QvObj *qv_codec_decode_object(QvInterp *qi, QvObj *o, QvObj *encoding, QvObj *errors,
                                      const char *func);
// str.encode and bytes(s, encoding, errors).
QV_RUNS QvObj *qv_codec_encode_object(QvInterp *qi, QvObj *s, QvObj *encoding, QvObj *errors,
                                      const char *func);

#endif
