// SPDX-License-Identifier: MIT
// What the parts of the module _json share.
#ifndef QV_MODULES_JSON_H
#define QV_MODULES_JSON_H

#include "object/native.h"
#include "object/str.h"

// Raises json.JSONDecodeError(message, text, position). Always NULL.
QV_RUNS QvObj *qv_json_error(QvInterp *qi, const char *message, QvObj *text, QvSsize pos);

// An argument that is an index. 0/-1.
QV_RUNS int qv_json_index(QvInterp *qi, QvObj *o, QvSsize *ret);

// The string that starts behind the quote at text[start - 1]; *ret_end: behind its closing quote.
QV_RUNS QvObj *qv_json_scan_string(QvInterp *qi, QvObj *text, QvSsize start, bool strict,
                                   QvSsize *ret_end);

// Appends a str as a JSON string; only_ascii: what is not ASCII as \u escapes.
void qv_json_put_string(QvStrBuf *b, QvObj *s, bool only_ascii);

// encode_basestring_ascii and encode_basestring, which an encoder recognises.
QvObj *qv_json_encode_ascii(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);
QvObj *qv_json_encode_text(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs);

#endif
