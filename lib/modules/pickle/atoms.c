// SPDX-License-Identifier: MIT
// Pickling numbers, text and bytes.
#include "base/numtext.h"
#include "modules/pickle/pickle.h"
#include "object/bytes.h"
#include "object/float.h"
#include "object/int.h"
#include "object/str.h"
#include "object/tuple.h"

static void put_le(uint8_t *to, uint64_t v, int n)
{
    for (int i = 0; i < n; i++) {
        to[i] = (uint8_t)(v >> (8 * i));
    }
}

// An opcode, the text of o, and what ends it.
static int put_text(QvPickler *p, int op, QvObj *text, const char *end)
{
    int status = -1;
    if (text && qv_pickle_op(p, op) == 0 &&
        qv_pickle_put(p, qv_str_data(text), (size_t)qv_str_len(text)) == 0) {
        status = qv_pickle_put(p, end, strlen(end));
    }
    qv_xdecref(p->qi, text);
    return status;
}

int qv_pickle_int(QvPickler *p, QvObj *o)
{
    int64_t v;
    bool fits = qv_int_as_i64(o, &v) == 1;
    uint8_t head[6];
    if (fits && v >= -INT64_C(0x80000000) && v <= 0x7fffffff) {
        if (!p->bin) {
            return put_text(p, OP_INT, qv_int_to_text(p->qi, o, 10, false), "\n");
        }
        bool one = v >= 0 && v <= 0xff, two = v >= 0 && v <= 0xffff;
        uint64_t op = one ? OP_BININT1 : two ? OP_BININT2 : OP_BININT;
        return qv_pickle_put_word(p, op | (uint64_t)v << 8, one ? 2 : two ? 3 : 5);
    }
    if (p->proto < 2) {
        return put_text(p, OP_LONG, qv_int_to_text(p->qi, o, 10, false), "L\n");
    }
    uint64_t bits = qv_int_bit_length(o);
    if (bits / 8 + 1 > 0x7fffffff) {
        return qv_raise_int(p->qi, &qv_exc_OverflowError, "int too large to pickle");
    }
    size_t n = (size_t)(bits / 8 + 1);
    uint8_t small[64];
    uint8_t *bytes = n <= sizeof small ? small : qv_alloc(p->qi, n);
    if (!bytes) {
        return -1;
    }
    size_t block = n;
    int status = qv_int_to_bytes(p->qi, o, bytes, (QvSsize)n, true, true);
    if (status == 0) {
        if (n > 1 && bytes[n - 1] == 0xff && (bytes[n - 2] & 0x80)) { // -128 needs no second byte
            n--;
        }
        head[0] = n < 256 ? OP_LONG1 : OP_LONG4;
        put_le(head + 1, n, 4);
        status = qv_pickle_put(p, head, n < 256 ? 2 : 5) < 0 ? -1 : qv_pickle_put(p, bytes, n);
    }
    if (bytes != small) {
        qv_free(p->qi, bytes, block);
    }
    return status;
}

int qv_pickle_float(QvPickler *p, QvObj *o)
{
    if (!p->bin) {
        return put_text(p, OP_FLOAT, qv_float_repr(p->qi, qv_float_value(o)), "\n");
    }
    uint8_t data[9] = {OP_BINFLOAT};
    double v = qv_float_value(o);
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    for (int i = 0; i < 8; i++) {
        data[1 + i] = (uint8_t)(bits >> (56 - 8 * i));
    }
    return qv_pickle_put(p, data, sizeof data);
}

// ---- text ---------------------------------------------------------------------------------------

static bool is_escaped(uint32_t c)
{
    return c >= 256 || c == '\\' || c == 0 || c == '\n' || c == '\r' || c == 0x1a;
}

static int put_unicode_line(QvPickler *p, QvObj *s)
{
    static const char hex[] = "0123456789abcdef";
    if (qv_pickle_op(p, OP_UNICODE) < 0) {
        return -1;
    }
    QvSsize n = qv_str_len(s);
    for (QvSsize i = 0; i < n; i++) {
        uint32_t c = qv_str_read(s, i);
        uint8_t text[10] = {(uint8_t)c};
        size_t len = 1;
        if (is_escaped(c)) {
            text[0] = '\\';
            text[1] = c > 0xffff ? 'U' : 'u';
            size_t digits = c > 0xffff ? 8 : 4;
            for (size_t k = 0; k < digits; k++) {
                text[2 + k] = (uint8_t)hex[c >> (4 * (digits - 1 - k)) & 15];
            }
            len = 2 + digits;
        }
        if (qv_pickle_put(p, text, len) < 0 || qv_poll_step(p->qi, i) < 0) {
            return -1;
        }
    }
    return qv_pickle_put(p, "\n", 1);
}

// An opcode for the length and the length: bytes written to head.
static size_t put_head(QvPickler *p, uint8_t head[9], size_t n, int small, int medium, int large)
{
    (void)p;
    int bytes = small && n <= 0xff ? 1 : n <= 0xffffffff ? 4 : 8;
    head[0] = (uint8_t)(bytes == 1 ? small : bytes == 4 ? medium : large);
    put_le(head + 1, n, bytes);
    return 1 + (size_t)bytes;
}

int qv_pickle_str(QvPickler *p, QvObj *o)
{
    if (!p->bin) {
        return put_unicode_line(p, o) < 0 ? -1 : qv_pickle_memo_put(p, o);
    }
    if (qv_str_is_ascii(o) && qv_str_len(o) < 256 && p->proto >= 4) {
        size_t n = (size_t)qv_str_len(o);
        return qv_pickle_put_word(p, OP_SHORT_BINUNICODE | (uint64_t)n << 8, 2) < 0 ||
                       qv_pickle_put(p, qv_str_data(o), n) < 0
                   ? -1
                   : qv_pickle_memo_put_new(p, o);
    }
    QvUtf8 u;
    if (qv_str_utf8_surrogates(p->qi, o, &u, false) < 0) {
        return -1;
    }
    uint8_t head[9];
    int status;
    if ((size_t)u.n > 0xffffffff && p->proto < 4) {
        status = qv_raise_int(p->qi, &qv_exc_OverflowError,
                              "serializing a string larger than 4 GiB requires pickle protocol 4 "
                              "or higher");
    } else {
        size_t nhead = put_head(p, head, (size_t)u.n, p->proto >= 4 ? OP_SHORT_BINUNICODE : 0,
                                OP_BINUNICODE, OP_BINUNICODE8);
        status = qv_pickle_put_large(p, head, nhead, u.s, (size_t)u.n, NULL);
    }
    bool quiet = (size_t)u.n < PICKLE_FRAME_TARGET; // no file has been written to
    qv_utf8_release(p->qi, &u);
    return status < 0 ? -1 : quiet ? qv_pickle_memo_put_new(p, o) : qv_pickle_memo_put(p, o);
}

// ---- bytes --------------------------------------------------------------------------------------

static int put_bytes(QvPickler *p, QvObj *o, const void *data, size_t n)
{
    if (n > 0xffffffff && p->proto < 4) {
        return qv_raise_int(p->qi, &qv_exc_OverflowError,
                            "serializing a bytes object larger than 4 GiB requires pickle protocol "
                            "4 or higher");
    }
    uint8_t head[9];
    size_t nhead = put_head(p, head, n, OP_SHORT_BINBYTES, OP_BINBYTES, OP_BINBYTES8);
    return qv_pickle_put_large(p, head, nhead, data, n, o) < 0 ? -1 : qv_pickle_memo_put(p, o);
}

static int put_bytearray(QvPickler *p, QvObj *o, const void *data, size_t n)
{
    uint8_t head[9] = {OP_BYTEARRAY8};
    put_le(head + 1, n, 8);
    return qv_pickle_put_large(p, head, sizeof head, data, n, o) < 0 ? -1
                                                                     : qv_pickle_memo_put(p, o);
}

// As func(*args), for protocols without an opcode for it. args is taken.
static int put_call(QvPickler *p, QvObj *func, QV_STOLEN QvObj *args, QvObj *o)
{
    QvObj *reduced = args ? qv_tuple_of(p->qi, 2, func, args) : NULL;
    qv_xdecref(p->qi, args);
    int status = reduced ? qv_pickle_reduce(p, reduced, o) : -1;
    qv_xdecref(p->qi, reduced);
    return status;
}

int qv_pickle_bytes(QvPickler *p, QvObj *o)
{
    if (p->proto >= 3) {
        return put_bytes(p, o, qv_bytes_data(o), (size_t)qv_bytes_len(o));
    }
    if (qv_bytes_len(o) == 0) {
        return put_call(p, &qv_bytes_type.h, QV_EMPTY_TUPLE, o);
    }
    QvObj *text = qv_str_new_latin1(p->qi, qv_bytes_data(o), qv_bytes_len(o));
    QvObj *args = text ? qv_tuple_of(p->qi, 2, text, p->st->latin1) : NULL;
    qv_xdecref(p->qi, text);
    return put_call(p, p->st->codecs_encode, args, o);
}

int qv_pickle_bytearray(QvPickler *p, QvObj *o)
{
    const QvByteArray *a = (const QvByteArray *)o;
    if (p->proto < 5) {
        if (a->len == 0) {
            return put_call(p, &qv_bytearray_type.h, QV_EMPTY_TUPLE, o);
        }
        QvObj *bytes = qv_bytes_new(p->qi, a->data, a->len);
        QvObj *args = bytes ? qv_tuple_of(p->qi, 1, bytes) : NULL;
        qv_xdecref(p->qi, bytes);
        return put_call(p, &qv_bytearray_type.h, args, o);
    }
    QvBufferView view; // so that nobody resizes it while a file is written to
    if (qv_buffer_get(p->qi, o, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    int status = put_bytearray(p, o, view.len ? view.buf : "", (size_t)view.len);
    qv_buffer_release(p->qi, &view);
    return status;
}

static bool is_contiguous(const QvBufferView *v)
{
    if (v->ndim == 0 || !v->strides || v->len == 0) {
        return true;
    }
    bool c = true, fortran = true;
    QvSsize want = v->itemsize;
    for (int i = v->ndim - 1; i >= 0; i--) {
        c &= v->shape[i] <= 1 || v->strides[i] == want;
        want *= v->shape[i];
    }
    want = v->itemsize;
    for (int i = 0; i < v->ndim; i++) {
        fortran &= v->shape[i] <= 1 || v->strides[i] == want;
        want *= v->shape[i];
    }
    return c || fortran;
}

int qv_pickle_buffer(QvPickler *p, QvObj *o)
{
    if (p->proto < 5) {
        return qv_pickle_fail(p->qi, "PickleBuffer can only pickled with protocol >= 5");
    }
    QvBufferView *own = qv_pickle_buffer_view(p->qi, o);
    if (!own) {
        return -1;
    }
    if (!is_contiguous(own)) {
        return qv_pickle_fail(p->qi, "PickleBuffer can not be pickled when pointing to a "
                                     "non-contiguous buffer");
    }
    bool readonly = own->readonly;
    int in_band = 1;
    if (p->buffer_callback) {
        QvObj *r = qv_call1(p->qi, p->buffer_callback, o);
        in_band = r ? qv_is_true(p->qi, r) : -1;
        qv_xdecref(p->qi, r);
    }
    if (in_band < 0) {
        return -1;
    }
    if (!in_band) {
        return qv_pickle_op(p, OP_NEXT_BUFFER) < 0 ? -1
               : readonly                          ? qv_pickle_op(p, OP_READONLY_BUFFER)
                                                   : 0;
    }
    QvBufferView view; // a view of its own: the callback or the file may release o
    if (qv_buffer_get(p->qi, o, &view, QV_BUF_FULL) < 0) {
        return -1;
    }
    const void *data = view.len ? view.buf : "";
    int status = readonly ? put_bytes(p, o, data, (size_t)view.len)
                          : put_bytearray(p, o, data, (size_t)view.len);
    qv_buffer_release(p->qi, &view);
    return status;
}
