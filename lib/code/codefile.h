// SPDX-License-Identifier: MIT
// Code objects as bytes: for the code cache, marshal, and functions sent over channels.
//
// The form is Quiver's own: magic and version, then the code object in its general (unspecialised)
// form. Whatever bytes come in, the decoder gives a verified code object or a clean error.
#ifndef QV_CODE_CODEFILE_H
#define QV_CODE_CODEFILE_H

#include "base/buf.h"
#include "code/cache.h"
#include "code/code.h"

// Changes whenever the instruction set or this format does: other numbers are not read.
#define QV_CODEFILE_MAGIC "QVC\x03"

// Appends the code object, header first. 0; -1 with ValueError (a constant of another type, from
// code.replace()) or MemoryError.
int qv_code_write(QvInterp *qi, QvCode *code, QvBuf *out);

// The code object in data[0..n), whole and verified. New reference, or NULL with ValueError ("bad
// code data: ...") or MemoryError. *ret_used (may be NULL): the bytes read; more may follow.
QvObj *qv_code_read(QvInterp *qi, const void *data, size_t n, size_t *ret_used);

// The same out of an image, which is kept as long as one of the code objects inside needs it: their
// bodies are read (and verified, unless the image was) when they are first wanted. ValueError also
// for bytes that are not what was written.
QvObj *qv_code_read_image(QvInterp *qi, const QvCachedCode *image);

// Writes ninstrs words: specialised opcodes turned back to general ones, caches zero.
void qv_code_general(const QvCode *code, QvInstr *out);

// An independent code object equal to this one.
QvObj *qv_code_copy(QvInterp *qi, QvCode *from);

#endif
