// SPDX-License-Identifier: MIT
// Messages without an interpreter: single values.
#include "channels/plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "channels/block.h"
#include "channels/channel.h"

// ---- reading bytes ------------------------------------------------------------------------------

bool qv_plain_fail(QvPlain *p, const char *why)
{
    if (!p->bad) {
        p->bad = why;
    }
    return false;
}

static size_t left(const QvPlain *p) { return (size_t)(p->end - p->at); }

bool qv_plain_byte(QvPlain *p, uint8_t *ret)
{
    if (p->at == p->end) {
        return qv_plain_fail(p, "it ends too early");
    }
    *ret = *p->at++;
    return true;
}

bool qv_plain_uint(QvPlain *p, uint64_t *ret)
{
    const uint8_t *after = qv_wire_get_uint(p->at, p->end, ret);
    if (!after) {
        return qv_plain_fail(p, "a number is cut off or too large");
    }
    p->at = after;
    return true;
}

bool qv_plain_count(QvPlain *p, size_t unit, size_t *ret)
{
    uint64_t n;
    if (!qv_plain_uint(p, &n)) {
        return false;
    }
    if (n > left(p) / unit) {
        return qv_plain_fail(p, "a count is larger than the message");
    }
    *ret = (size_t)n;
    return true;
}

bool qv_plain_raw(QvPlain *p, size_t unit, const uint8_t **ret_data, size_t *ret_n)
{
    if (!qv_plain_count(p, unit, ret_n)) {
        return false;
    }
    *ret_data = p->at;
    p->at += *ret_n * unit;
    return true;
}

bool qv_plain_begin(QvPlain *p, const QvMsg *msg)
{
    uint8_t version;
    *p = (QvPlain){.at = msg->data, .end = msg->data + msg->size, .msg = msg};
    return qv_plain_byte(p, &version) &&
           (version == QV_WIRE_VERSION || qv_plain_fail(p, "another version of the format"));
}

// ---- numbers and texts --------------------------------------------------------------------------

bool qv_plain_read_double(QvPlain *p, double *ret)
{
    if (left(p) < sizeof *ret) {
        return qv_plain_fail(p, "it ends too early");
    }
    memcpy(ret, p->at, sizeof *ret);
    p->at += sizeof *ret;
    return true;
}

bool qv_plain_read_int(QvPlain *p, int64_t *ret)
{
    uint64_t n;
    if (!qv_plain_uint(p, &n)) {
        return false;
    }
    *ret = (int64_t)(n >> 1) ^ -(int64_t)(n & 1);
    return true;
}

// Of the magnitude its 64 highest bits are looked at; whether any other is set goes into the lowest
// of them, far below what a double holds: so the conversion rounds as if it saw all.
bool qv_plain_read_big(QvPlain *p, double *ret)
{
    const uint8_t *data;
    size_t n;
    if (!qv_plain_raw(p, 1, &data, &n)) {
        return false;
    }
    bool negative = n && data[n - 1] & 0x80;
    size_t first = 0; // lowest byte that is not 0: where the two's complement borrows
    while (first < n && data[first] == 0) {
        first++;
    }
    uint64_t high = 0;
    size_t bits = 0; // of the magnitude, once its highest byte has been seen
    bool rest = false;
    for (size_t k = n; k-- > first;) {
        uint8_t b = data[k];
        if (negative) {
            b = (uint8_t)(k == first ? -b : ~b);
        }
        for (int bit = 7; bit >= 0; bit--) {
            bool set = b >> bit & 1;
            if (bits || set) {
                if (bits < 64) {
                    high = high << 1 | set;
                } else {
                    rest |= set;
                }
                bits++;
            }
        }
    }
    bits += bits ? 8 * first : 0;
    if (bits > 1100) {
        return qv_plain_fail(p, "an int is too large for a double");
    }
    size_t seen = bits < 64 ? bits : 64;
    if (bits && bits - 8 * first < seen) { // zeros at the end were not looked at
        seen = bits - 8 * first;
    }
    double d = ldexp((double)(high | rest), (int)(bits - seen));
    if (isinf(d)) {
        return qv_plain_fail(p, "an int is too large for a double");
    }
    *ret = negative ? -d : d;
    return true;
}

static uint32_t unit_at(const uint8_t *data, size_t k, unsigned shift)
{
    uint32_t c = 0;
    memcpy(&c, data + (k << shift), (size_t)1 << shift);
    return c;
}

bool qv_plain_read_text(QvPlain *p, QvWireTag tag, QvPlainText *ret)
{
    const uint8_t *data;
    size_t n, size = 0;
    unsigned shift = tag == QV_WIRE_UCS4 ? 2 : tag == QV_WIRE_UCS2 ? 1 : 0;
    if (!qv_plain_raw(p, (size_t)1 << shift, &data, &n)) {
        return false;
    }
    for (size_t k = 0; k < n; k++) {
        uint32_t c = unit_at(data, k, shift);
        if (c > QV_MAX_CODE_POINT) {
            return qv_plain_fail(p, "a character is out of range");
        }
        if (c >= 0xD800 && c < 0xE000) {
            return qv_plain_fail(p, "surrogates cannot be written as UTF-8");
        }
        size += (size_t)qv_utf8_width(c);
    }
    char *text = malloc(size + 1);
    if (!text) {
        return false;
    }
    char *to = text;
    if (size == n) {
        memcpy(to, data, n); // ASCII, of one byte each
        to += n;
    } else {
        for (size_t k = 0; k < n; k++) {
            to += qv_utf8_encode(unit_at(data, k, shift), to);
        }
    }
    *to = 0;
    *ret = (QvPlainText){.text = text, .size = size};
    return true;
}

// ---- what a message is --------------------------------------------------------------------------

// Its tag, with what follows ready to be read.
static QvWireTag open_value(QvPlain *p, const QvMsg *msg)
{
    uint8_t byte;
    return qv_plain_begin(p, msg) && qv_plain_byte(p, &byte) ? (QvWireTag)(byte & ~QV_WIRE_SHARED)
                                                             : (QvWireTag)0;
}

static QvPlainResult close_value(const QvPlain *p, bool ok)
{
    return ok && p->at == p->end ? QV_PLAIN_OK : QV_PLAIN_UNFIT;
}

QvWireTag qv_plain_tag(const QvMsg *msg)
{
    QvPlain p;
    return open_value(&p, msg);
}

const char *qv_plain_tag_name(QvWireTag tag)
{
    switch (tag) {
    case QV_WIRE_NONE: return "NoneType";
    case QV_WIRE_FALSE:
    case QV_WIRE_TRUE: return "bool";
    case QV_WIRE_ELLIPSIS: return "ellipsis";
    case QV_WIRE_NOTIMPLEMENTED: return "NotImplementedType";
    case QV_WIRE_INT:
    case QV_WIRE_BIGINT: return "int";
    case QV_WIRE_FLOAT: return "float";
    case QV_WIRE_COMPLEX: return "complex";
    case QV_WIRE_ASCII:
    case QV_WIRE_LATIN1:
    case QV_WIRE_UCS2:
    case QV_WIRE_UCS4: return "str";
    case QV_WIRE_BYTES: return "bytes";
    case QV_WIRE_BYTEARRAY:
    case QV_WIRE_MOVED: return "bytearray";
    case QV_WIRE_MEMORYVIEW:
    case QV_WIRE_BLOCK: return "memoryview";
    case QV_WIRE_TUPLE: return "tuple";
    case QV_WIRE_LIST: return "list";
    case QV_WIRE_DICT: return "dict";
    case QV_WIRE_SET: return "set";
    case QV_WIRE_FROZENSET: return "frozenset";
    case QV_WIRE_RANGE: return "range";
    case QV_WIRE_SLICE: return "slice";
    case QV_WIRE_INTS:
    case QV_WIRE_FLOATS: return "list";
    case QV_WIRE_FUNCTION:
    case QV_WIRE_CODE: return "function";
    case QV_WIRE_CLASS: return "class";
    case QV_WIRE_MODULE: return "module";
    case QV_WIRE_CELL:
    case QV_WIRE_EMPTY_CELL: return "cell";
    case QV_WIRE_EXCEPTION: return "exception";
    case QV_WIRE_OBJECT:
    case QV_WIRE_REDUCED:
    case QV_WIRE_REDUCED_SET: return "instance";
    case QV_WIRE_CHANNEL: return "channel end";
    default: return "";
    }
}

const char *qv_plain_name(const QvMsg *msg)
{
    QvPlain p;
    uint8_t kind;
    QvWireTag tag = open_value(&p, msg);
    if (tag == QV_WIRE_MOVED) {
        return qv_plain_byte(&p, &kind) && kind ? "array" : "bytearray";
    }
    bool array = tag == QV_WIRE_INTS || tag == QV_WIRE_FLOATS;
    return array && qv_plain_byte(&p, &kind) && kind == 1 ? "tuple" : qv_plain_tag_name(tag);
}

QvPlainResult qv_plain_bool(const QvMsg *msg, bool *ret)
{
    QvPlain p;
    QvWireTag tag = open_value(&p, msg);
    *ret = tag == QV_WIRE_TRUE;
    return close_value(&p, tag == QV_WIRE_TRUE || tag == QV_WIRE_FALSE);
}

QvPlainResult qv_plain_i64(const QvMsg *msg, int64_t *ret)
{
    QvPlain p;
    QvWireTag tag = open_value(&p, msg);
    *ret = tag == QV_WIRE_TRUE;
    bool fits = tag == QV_WIRE_TRUE || tag == QV_WIRE_FALSE ||
                (tag == QV_WIRE_INT && qv_plain_read_int(&p, ret));
    return close_value(&p, fits);
}

QvPlainResult qv_plain_double(const QvMsg *msg, double *ret)
{
    QvPlain p;
    int64_t i;
    QvWireTag tag = open_value(&p, msg);
    if (tag == QV_WIRE_FLOAT) {
        return close_value(&p, qv_plain_read_double(&p, ret));
    }
    if (tag == QV_WIRE_BIGINT) {
        return close_value(&p, qv_plain_read_big(&p, ret));
    }
    QvPlainResult r = qv_plain_i64(msg, &i);
    *ret = r == QV_PLAIN_OK ? (double)i : 0;
    return r;
}

QvPlainResult qv_plain_text(const QvMsg *msg, QvPlainText *ret)
{
    QvPlain p;
    QvWireTag tag = open_value(&p, msg);
    if (!qv_plain_is_text(tag)) {
        return QV_PLAIN_UNFIT;
    }
    if (!qv_plain_read_text(&p, tag, ret)) {
        return p.bad ? QV_PLAIN_UNFIT : QV_PLAIN_NO_MEMORY;
    }
    QvPlainResult r = close_value(&p, true);
    if (r != QV_PLAIN_OK) {
        free(ret->text);
    }
    return r;
}

QvPlainResult qv_plain_bytes(const QvMsg *msg, const void **ret_data, size_t *ret_size,
                             QvBlock **ret_block, bool *ret_writable)
{
    QvPlain p;
    uint64_t n;
    uint8_t writable;
    const uint8_t *data;
    QvWireTag tag = open_value(&p, msg);
    *ret_block = NULL;
    *ret_writable = false;
    if (tag == QV_WIRE_BYTES || tag == QV_WIRE_BYTEARRAY || tag == QV_WIRE_MEMORYVIEW) {
        bool ok = qv_plain_raw(&p, 1, &data, ret_size);
        *ret_data = ok ? data : NULL;
        return close_value(&p, ok);
    }
    uint64_t at = 0, part = 0;
    if ((tag != QV_WIRE_BLOCK && tag != QV_WIRE_MOVED) || !qv_plain_byte(&p, &writable) ||
        !qv_plain_uint(&p, &n) || n >= msg->nblocks || (tag == QV_WIRE_BLOCK && writable > 2)) {
        return QV_PLAIN_UNFIT;
    }
    QvBlock *block = msg->blocks[n];
    bool is_part = tag == QV_WIRE_BLOCK && writable == 2;
    if (is_part && (!qv_plain_uint(&p, &at) || !qv_plain_uint(&p, &part) || at > block->size ||
                    part > block->size - at)) {
        return QV_PLAIN_UNFIT;
    }
    *ret_block = block;
    *ret_data = at ? (const uint8_t *)block->data + at : block->data;
    *ret_size = is_part ? (size_t)part : block->size;
    *ret_writable = tag == QV_WIRE_BLOCK && writable == 1;
    return close_value(&p, true);
}

QvPlainResult qv_plain_end(const QvMsg *msg, QvChanEnd **ret)
{
    QvPlain p;
    uint8_t side;
    uint64_t n;
    if (open_value(&p, msg) != QV_WIRE_CHANNEL || !qv_plain_byte(&p, &side) ||
        !qv_plain_uint(&p, &n) || n >= msg->nends || msg->ends[n]->receiver != (side == 2)) {
        return QV_PLAIN_UNFIT;
    }
    *ret = msg->ends[n];
    return close_value(&p, true);
}

// ---- making -------------------------------------------------------------------------------------

void qv_plain_put_uint(QvBuf *b, uint64_t n)
{
    uint8_t bytes[QV_WIRE_UINT_MAX];
    qv_buf_append(b, bytes, (size_t)(qv_wire_put_uint(bytes, n) - bytes));
}

void qv_plain_put_i64(QvBuf *b, int64_t v)
{
    qv_buf_append_char(b, QV_WIRE_INT);
    qv_plain_put_uint(b, (uint64_t)v << 1 ^ (uint64_t)(v >> 63));
}

void qv_plain_put_double(QvBuf *b, double v)
{
    qv_buf_append_char(b, QV_WIRE_FLOAT);
    qv_buf_append(b, &v, sizeof v);
}

bool qv_plain_put_text(QvBuf *b, const char *utf8, size_t size)
{
    QvUtf8Info info;
    if (size > PTRDIFF_MAX || qv_utf8_scan(utf8, size, false, &info) < 0) {
        return false;
    }
    unsigned width = info.max < 0x100 ? 1 : info.max < 0x10000 ? 2 : 4;
    qv_buf_append_char(b, (char)(info.max < 0x80 ? QV_WIRE_ASCII
                                 : width == 1    ? QV_WIRE_LATIN1
                                 : width == 2    ? QV_WIRE_UCS2
                                                 : QV_WIRE_UCS4));
    qv_plain_put_uint(b, (uint64_t)info.length);
    if (info.max < 0x80) {
        qv_buf_append(b, utf8, size);
        return true;
    }
    for (const char *s = utf8, *end = utf8 + size; s < end;) {
        uint32_t c;
        s += qv_utf8_decode(s, end, false, &c);
        qv_buf_append(b, &c, width); // the machine is little-endian, as the format is
    }
    return true;
}

static QvMsg *message_of(const QvBuf *b)
{
    return b->oom ? NULL : qv_msg_from_bytes(b->data, b->len);
}

QvMsg *qv_plain_simple(QvWireTag tag)
{
    return qv_msg_from_bytes((uint8_t[]){QV_WIRE_VERSION, (uint8_t)tag}, 2);
}

static QvMsg *finish_take(QvBuf *b)
{
    QvMsg *msg = message_of(b);
    qv_buf_fini(b);
    return msg;
}

QvMsg *qv_plain_from_i64(int64_t v)
{
    QvBuf b = {0};
    qv_buf_append_char(&b, QV_WIRE_VERSION);
    qv_plain_put_i64(&b, v);
    return finish_take(&b);
}

QvMsg *qv_plain_from_double(double v)
{
    QvBuf b = {0};
    qv_buf_append_char(&b, QV_WIRE_VERSION);
    qv_plain_put_double(&b, v);
    return finish_take(&b);
}

QvMsg *qv_plain_from_bytes(const void *data, size_t size)
{
    uint8_t head[2 + QV_WIRE_UINT_MAX] = {QV_WIRE_VERSION, QV_WIRE_BYTES};
    size_t at = (size_t)(qv_wire_put_uint(head + 2, size) - head);
    QvMsg *msg = size > PTRDIFF_MAX / 2 ? NULL : qv_msg_alloc(at + size, 0);
    if (msg) {
        memcpy(msg->data, head, at);
        if (size) {
            memcpy(msg->data + at, data, size);
        }
    }
    return msg;
}

QvPlainResult qv_plain_from_text(const char *utf8, size_t size, QvMsg **ret)
{
    QvBuf b = {0};
    qv_buf_append_char(&b, QV_WIRE_VERSION);
    bool ok = qv_plain_put_text(&b, utf8, size);
    *ret = ok ? message_of(&b) : NULL;
    qv_buf_fini(&b);
    return !ok ? QV_PLAIN_UNFIT : *ret ? QV_PLAIN_OK : QV_PLAIN_NO_MEMORY;
}

QvMsg *qv_plain_from_end(QvChanEnd *end)
{
    QvMsg *msg = qv_msg_alloc(4, 1);
    if (msg) {
        msg->data[0] = QV_WIRE_VERSION;
        msg->data[1] = QV_WIRE_CHANNEL;
        msg->data[2] = end->receiver ? 2 : 1;
        msg->data[3] = 0;
        qv_chan_retain(end);
        msg->ends[0] = end;
    }
    return msg;
}
