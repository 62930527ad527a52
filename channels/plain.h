// SPDX-License-Identifier: MIT
// Messages without an interpreter: made from C values, looked at as C values and as cJSON trees.
//
// The bytes are trusted no more than by unpack.c: any message gives a value or a clean error.
#ifndef QV_CHANNELS_PLAIN_H
#define QV_CHANNELS_PLAIN_H

#include "channels/wire.h"

struct cJSON;

#define QV_PLAIN_DEPTH 1000 // nested containers in a tree, as cJSON's own parser has it

typedef enum QvPlainResult {
    QV_PLAIN_OK,
    QV_PLAIN_NO_MEMORY,
    QV_PLAIN_UNFIT, // it is something else, or cannot be expressed so
} QvPlainResult;

// ---- plain.c: reading ----

typedef struct QvPlainText {
    char *text;  // malloc'ed UTF-8, ends with a NUL
    size_t size; // bytes without it
} QvPlainText;

// The tag of the value, without the bit for sharing; 0: it is no message.
QvWireTag qv_plain_tag(const QvMsg *msg);
// As Python names the type of such a value: "int", "list", "function"...; "" for no message.
const char *qv_plain_name(const QvMsg *msg);
QvPlainResult qv_plain_bool(const QvMsg *msg, bool *ret);
QvPlainResult qv_plain_i64(const QvMsg *msg, int64_t *ret);
QvPlainResult qv_plain_double(const QvMsg *msg, double *ret); // of int and bool, too
// A new copy of a str's text; lone surrogates are UNFIT.
QvPlainResult qv_plain_text(const QvMsg *msg, QvPlainText *ret);
// The memory of a bytes-like value: inside the message, or of the block that *ret_block (borrowed;
// NULL: none) is.
QvPlainResult qv_plain_bytes(const QvMsg *msg, const void **ret_data, size_t *ret_size,
                             QvBlock **ret_block, bool *ret_writable);
// The channel end that the message is, borrowed from it.
QvPlainResult qv_plain_end(const QvMsg *msg, QvChanEnd **ret);

// ---- plain_json.c ----

// A new tree. UNFIT: error (room bytes, ended; NULL: not wanted) says what cannot be expressed, and
// where.
QvPlainResult qv_plain_to_json(const QvMsg *msg, struct cJSON **ret, char *error, size_t room);
// UNFIT: not a tree of JSON, no UTF-8, or too deep.
QvPlainResult qv_plain_from_json(const struct cJSON *tree, QvMsg **ret);

// ---- making; NULL: no memory ----
QvMsg *qv_plain_simple(QvWireTag tag); // what is its tag alone
QvMsg *qv_plain_from_i64(int64_t v);
QvMsg *qv_plain_from_double(double v);
QvMsg *qv_plain_from_bytes(const void *data, size_t size);
QvMsg *qv_plain_from_end(QvChanEnd *end); // gets a reference of its own
QvPlainResult qv_plain_from_text(const char *utf8, size_t size, QvMsg **ret); // UNFIT: no UTF-8

// ---- what both files read with ----
typedef struct QvPlain {
    const uint8_t *at, *end; // what is left
    const QvMsg *msg;
    const char *bad; // why it cannot be read; the first reason stays
} QvPlain;

bool qv_plain_begin(QvPlain *p, const QvMsg *msg); // the version is read
bool qv_plain_fail(QvPlain *p, const char *why);   // false
bool qv_plain_byte(QvPlain *p, uint8_t *ret);
bool qv_plain_uint(QvPlain *p, uint64_t *ret);
bool qv_plain_count(QvPlain *p, size_t unit, size_t *ret); // of things of `unit` bytes or more
// A count and so many units, which stay where they are.
bool qv_plain_raw(QvPlain *p, size_t unit, const uint8_t **ret_data, size_t *ret_n);
bool qv_plain_read_double(QvPlain *p, double *ret);
bool qv_plain_read_int(QvPlain *p, int64_t *ret); // INT
bool qv_plain_read_big(QvPlain *p, double *ret);  // BIGINT; the nearest double
// A text of this tag. When false, p->bad is NULL: no memory.
bool qv_plain_read_text(QvPlain *p, QvWireTag tag, QvPlainText *ret);
static inline bool qv_plain_is_text(QvWireTag tag)
{
    return tag >= QV_WIRE_ASCII && tag <= QV_WIRE_UCS4;
}
const char *qv_plain_tag_name(QvWireTag tag);

// Appends to a message in the making (base/buf.h).
struct QvBuf;
void qv_plain_put_uint(struct QvBuf *b, uint64_t n);
void qv_plain_put_i64(struct QvBuf *b, int64_t v);
void qv_plain_put_double(struct QvBuf *b, double v);
bool qv_plain_put_text(struct QvBuf *b, const char *utf8, size_t size); // false: no UTF-8

#endif
