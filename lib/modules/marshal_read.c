// SPDX-License-Identifier: MIT
// marshal.load and loads: whatever the bytes are, the result is a value or a clean error.
//
// Nothing is allocated by a length that the input only claims: containers grow with what was read,
// and a tuple is made at once only if that many bytes are left, or it is small.
#include <string.h>

#include "base/numtext.h"
#include "code/codefile.h"
#include "modules/marshal.h"
#include "object/bytes.h"
#include "object/bytes_methods.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"

#define FILE_STEP      65536 // bytes asked of a file at once
#define FILE_TUPLE_MAX 65536 // largest tuple made before its items were read from a file

// A tuple that is being read.
typedef struct Open {
    const QvObj *tuple;
    struct Open *outer; // the one around it with only tuples between; NULL: none
} Open;

typedef struct Reader {
    QvInterp *qi;
    const uint8_t *p, *end; // memory
    QvObj *file;            // or a file with readinto; NULL: memory
    QvObj *chunk;           // bytearray of what was read last
    QvObj *refs;            // list of numbered objects; None where one is not finished
    Open *open;             // tuples around here, up to the innermost list or dict
    int depth;
    unsigned steps; // objects so far, for polling
} Reader;

static QvObj *read_object(Reader *r, bool *ret_null);

static QvObj *bad(Reader *r, const char *what)
{
    return qv_raise(r->qi, &qv_exc_ValueError, "bad marshal data (%s)", what);
}

static void *too_short(Reader *r)
{
    return qv_raise(r->qi, &qv_exc_EOFError, "marshal data too short");
}

// Reads n bytes of the file into chunk at offset. 0/-1.
static int fill_chunk(Reader *r, QvSsize offset, QvSsize n)
{
    QvInterp *qi = r->qi;
    QvObj *view =
        qv_memoryview_from_memory(qi, ((QvByteArray *)r->chunk)->data + offset, n, false, r->chunk);
    QvObj *got = view ? qv_call_method1(qi, r->file, QV_N(readinto), view) : NULL;
    QvSsize count = 0;
    int status = got ? qv_index_ssize(qi, got, &count, &qv_exc_OverflowError) : -1;
    if (view) { // whoever kept it must not see the memory after this
        QvObj *err = qv_err_fetch(qi);
        QvObj *done = qv_call_method0(qi, view, QV_N(release));
        if (!done) {
            qv_err_clear(qi);
            status = -1;
        }
        qv_xdecref(qi, done);
        if (err) {
            qv_err_restore(qi, err);
        } else if (status < 0) {
            qv_raise(qi, &qv_exc_BufferError, "readinto() kept the buffer");
        }
    }
    qv_xdecref(qi, view);
    qv_xdecref(qi, got);
    if (status == 0 && count > n) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "read() returned too much data: %zd bytes requested, %zd returned", n,
                            count);
    }
    if (status == 0 && count < n) {
        too_short(r);
        return -1;
    }
    return status;
}

// The next n bytes, good until the next call. NULL with an exception.
static const uint8_t *take(Reader *r, QvSsize n)
{
    if (!r->file) {
        if (n > r->end - r->p) {
            return too_short(r);
        }
        const uint8_t *p = r->p;
        r->p += n;
        return p;
    }
    for (QvSsize done = 0; done < n;) {
        QvSsize step = n - done > FILE_STEP ? FILE_STEP : n - done;
        if (((QvByteArray *)r->chunk)->len < done + step &&
            qv_bytearray_resize(r->qi, r->chunk, done + step) < 0) {
            return NULL;
        }
        if (fill_chunk(r, done, step) < 0) {
            return NULL;
        }
        done += step;
    }
    const uint8_t *p = ((QvByteArray *)r->chunk)->data;
    return p ? p : (const uint8_t *)"";
}

static int take_byte(Reader *r)
{
    const uint8_t *p = take(r, 1);
    return p ? *p : -1;
}

// A length of one byte, or -1.
static int take_small(Reader *r)
{
    int n = take_byte(r);
    if (n < 0 && qv_err_matches(r->qi, &qv_exc_EOFError)) {
        qv_err_clear(r->qi);
        qv_raise(r->qi, &qv_exc_EOFError, "EOF read where object expected");
    }
    return n;
}

static int take_long(Reader *r, int32_t *ret)
{
    const uint8_t *p = take(r, 4);
    if (!p) {
        return -1;
    }
    *ret = (int32_t)((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 |
                     (uint32_t)p[3] << 24);
    return 0;
}

// A length; ValueError "bad marshal data (<what> size out of range)". -1 on error.
static QvSsize take_size(Reader *r, const char *what)
{
    int32_t n;
    if (take_long(r, &n) < 0) {
        return -1;
    }
    if (n < 0) {
        qv_raise(r->qi, &qv_exc_ValueError, "bad marshal data (%s size out of range)", what);
        return -1;
    }
    return n;
}

static int take_double(Reader *r, double *ret)
{
    const uint8_t *p = take(r, 8);
    if (!p) {
        return -1;
    }
    uint64_t bits = 0;
    for (int k = 0; k < 8; k++) {
        bits |= (uint64_t)p[k] << (8 * k);
    }
    memcpy(ret, &bits, sizeof bits);
    return 0;
}

static int take_float_text(Reader *r, double *ret)
{
    int n = take_small(r);
    const char *p = n < 0 ? NULL : (const char *)take(r, n);
    if (!p) {
        return -1;
    }
    if (n == 0 || qv_num_scan_double(p, p + n, ret) != p + n) {
        QvObj *text = qv_str_decode(r->qi, p, n, "utf-8", "replace");
        if (text) {
            qv_raise(r->qi, &qv_exc_ValueError, "could not convert string to float: %R", text);
            qv_decref(r->qi, text);
        }
        return -1;
    }
    return 0;
}

// ---- references ---------------------------------------------------------------------------------

// Numbers an object (None: not finished). The number, or -1.
static QvSsize number(Reader *r, QvObj *o)
{
    QvSsize n = qv_list_len(r->refs);
    if (n >= INT32_MAX - 1) {
        bad(r, "index list too large");
        return -1;
    }
    return qv_list_append(r->qi, r->refs, o) < 0 ? -1 : n;
}

// Numbers a finished object if it is flagged; takes o, gives it back.
static QvObj *finished(Reader *r, QV_STOLEN QvObj *o, bool flag)
{
    if (o && flag && number(r, o) < 0) {
        qv_clear(r->qi, &o);
    }
    return o;
}

static QvObj *read_ref(Reader *r)
{
    int32_t n;
    if (take_long(r, &n) < 0) {
        return NULL;
    }
    if (n < 0 || n >= qv_list_len(r->refs) || qv_list_peek(r->refs, n) == QV_NONE) {
        return bad(r, "invalid reference");
    }
    QvObj *o = qv_list_peek(r->refs, n);
    // A tuple in itself, with no list or dict between, could neither be hashed nor collected.
    for (const Open *open = qv_is_tuple(o) ? r->open : NULL; open; open = open->outer) {
        if (open->tuple == o) {
            return bad(r, "invalid reference");
        }
    }
    return qv_new_ref(r->qi, o);
}

// ---- values -------------------------------------------------------------------------------------

static QvObj *read_int(Reader *r)
{
    int32_t n;
    if (take_long(r, &n) < 0) {
        return NULL;
    }
    if (n == 0) {
        return qv_int_from_i64(r->qi, 0);
    }
    if (n == INT32_MIN) {
        return bad(r, "long size out of range");
    }
    QvSsize digits = n < 0 ? -(QvSsize)n : n;
    const uint8_t *p = take(r, digits * 2);
    if (!p) {
        return NULL;
    }
    QvSsize nlimbs = (digits * 15 + 63) / 64;
    uint64_t *limbs = qv_alloc(r->qi, (size_t)nlimbs * sizeof *limbs);
    if (!limbs) {
        return NULL;
    }
    memset(limbs, 0, (size_t)nlimbs * sizeof *limbs);
    QvObj *ret = NULL;
    for (QvSsize d = 0; d < digits; d++) {
        uint64_t x = (uint64_t)p[2 * d] | (uint64_t)p[2 * d + 1] << 8;
        if (x > 0x7fff) {
            bad(r, "digit out of range in long");
            goto done;
        }
        if (x == 0 && d == digits - 1) {
            bad(r, "unnormalized long data");
            goto done;
        }
        QvSsize limb = d * 15 / 64;
        int shift = (int)(d * 15 % 64);
        limbs[limb] |= x << shift;
        if (shift > 49 && limb + 1 < nlimbs) {
            limbs[limb + 1] |= x >> (64 - shift);
        }
    }
    ret = qv_int_from_limbs(r->qi, limbs, nlimbs, n < 0 ? -1 : 1);
done:
    qv_free(r->qi, limbs, (size_t)nlimbs * sizeof *limbs);
    return ret;
}

static QvObj *read_text(Reader *r, QvSsize n, bool ascii, bool interned)
{
    if (n < 0) {
        return NULL;
    }
    const uint8_t *p = take(r, n);
    if (!p) {
        return NULL;
    }
    QvObj *s = ascii ? qv_str_new_latin1(r->qi, p, n)
                     : qv_str_decode(r->qi, p, n, "utf-8", "surrogatepass");
    if (s && interned && qv_str_intern(r->qi, &s) < 0) {
        qv_clear(r->qi, &s);
    }
    return s;
}

// An item of a container; a dict's end is no item. NULL with an exception.
static QvObj *read_item(Reader *r, const char *container)
{
    bool null;
    QvObj *o = read_object(r, &null);
    if (!o && null) {
        qv_raise(r->qi, &qv_exc_TypeError, "NULL object in marshal data for %s", container);
    }
    return o;
}

static QvObj *read_big_tuple(Reader *r, QvSsize n, bool flag)
{
    QvSsize at = flag ? number(r, QV_NONE) : 0;
    QvObj *items = at < 0 ? NULL : qv_list_new(r->qi, 0);
    for (QvSsize i = 0; items && i < n; i++) {
        if (qv_poll_step(r->qi, i) < 0 ||
            qv_list_append_take(r->qi, items, read_item(r, "tuple")) < 0) {
            qv_clear(r->qi, &items);
        }
    }
    QvObj *t = items ? qv_list_as_tuple(r->qi, items) : NULL;
    qv_xdecref(r->qi, items);
    if (t && flag && qv_list_set(r->qi, r->refs, at, t) < 0) {
        qv_clear(r->qi, &t);
    }
    return t;
}

static QvObj *read_tuple(Reader *r, QvSsize n, bool flag)
{
    if (n < 0) {
        return NULL;
    }
    if (r->file ? n > FILE_TUPLE_MAX : n > r->end - r->p) {
        return read_big_tuple(r, n, flag);
    }
    QvObj *t = qv_tuple_new(r->qi, n);
    for (QvSsize i = 0; t && i < n; i++) { // it may be referred to, and seen, before it is whole
        qv_tuple_items(t)[i] = QV_NONE;
    }
    t = finished(r, t, flag);
    Open open = {.tuple = t, .outer = r->open};
    r->open = &open;
    for (QvSsize i = 0; t && i < n; i++) {
        QvObj *item = read_item(r, "tuple");
        if (!item) {
            qv_clear(r->qi, &t);
            break;
        }
        qv_tuple_items(t)[i] = item;
    }
    r->open = open.outer;
    return t;
}

static QvObj *read_list(Reader *r, bool flag)
{
    QvSsize n = take_size(r, "list");
    QvObj *list = n < 0 ? NULL : finished(r, qv_list_new(r->qi, 0), flag);
    Open *outer = r->open;
    r->open = NULL;
    for (QvSsize i = 0; list && i < n; i++) {
        if (qv_poll_step(r->qi, i) < 0 ||
            qv_list_append_take(r->qi, list, read_item(r, "list")) < 0) {
            qv_clear(r->qi, &list);
        }
    }
    r->open = outer;
    return list;
}

static QvObj *read_dict(Reader *r, bool flag)
{
    QvObj *d = finished(r, qv_dict_new(r->qi), flag);
    Open *outer = r->open;
    for (r->open = NULL; d; r->open = NULL) {
        bool null;
        QvObj *key = read_object(r, &null), *value = key ? read_object(r, &null) : NULL;
        int status = value ? qv_dict_set(r->qi, d, key, value) : -1;
        qv_xdecref(r->qi, key);
        qv_xdecref(r->qi, value);
        if (!value && null) {
            break;
        }
        if (status < 0) {
            qv_clear(r->qi, &d);
        }
    }
    r->open = outer;
    return d;
}

static QvObj *read_set(Reader *r, bool frozen, bool flag)
{
    QvSsize n = take_size(r, "set");
    if (n < 0) {
        return NULL;
    }
    if (n == 0 && frozen) {
        return finished(r, qv_frozenset_new(r->qi, NULL), flag);
    }
    // A frozenset can be referred to only when it is whole; frozenset() is shared: a set is filled.
    QvObj *set = qv_set_new(r->qi, NULL);
    QvSsize at = set && flag ? number(r, frozen ? QV_NONE : set) : 0;
    if (at < 0) {
        qv_clear(r->qi, &set);
    }
    for (QvSsize i = 0; set && i < n; i++) {
        QvObj *item = read_item(r, "set");
        if (!item || qv_set_add(r->qi, set, item) < 0) {
            qv_clear(r->qi, &set);
        }
        qv_xdecref(r->qi, item);
    }
    if (!set || !frozen) {
        return set;
    }
    QvObj *ret = qv_frozenset_new(r->qi, set);
    qv_decref(r->qi, set);
    if (ret && flag && qv_list_set(r->qi, r->refs, at, ret) < 0) {
        qv_clear(r->qi, &ret);
    }
    return ret;
}

static QvObj *read_code(Reader *r)
{
    QvSsize n = take_size(r, "code");
    const uint8_t *p = n < 0 ? NULL : take(r, n);
    if (!p) {
        return NULL;
    }
    size_t used = 0;
    QvObj *code = qv_code_read(r->qi, p, (size_t)n, &used);
    if (code && used != (size_t)n) {
        qv_decref(r->qi, code);
        return bad(r, "code size out of range");
    }
    return code;
}

static QvObj *read_number(Reader *r, int type)
{
    double re, im;
    int32_t v;
    const uint8_t *p;
    switch (type) {
    case QV_MAR_INT: return take_long(r, &v) < 0 ? NULL : qv_int_from_i64(r->qi, v);
    case QV_MAR_INT64: p = take(r, 8); return p ? qv_int_from_bytes(r->qi, p, 8, true, true) : NULL;
    case QV_MAR_LONG: return read_int(r);
    case QV_MAR_FLOAT: return take_float_text(r, &re) < 0 ? NULL : qv_float_new(r->qi, re);
    case QV_MAR_BINARY_FLOAT: return take_double(r, &re) < 0 ? NULL : qv_float_new(r->qi, re);
    case QV_MAR_COMPLEX:
        return take_float_text(r, &re) < 0 || take_float_text(r, &im) < 0
                   ? NULL
                   : qv_complex_new(r->qi, re, im);
    default:
        return take_double(r, &re) < 0 || take_double(r, &im) < 0 ? NULL
                                                                  : qv_complex_new(r->qi, re, im);
    }
}

static QvObj *read_bytes(Reader *r)
{
    QvSsize n = take_size(r, "bytes object");
    const uint8_t *p = n < 0 ? NULL : take(r, n);
    return p ? qv_bytes_new(r->qi, p, n) : NULL;
}

static QvObj *read_value(Reader *r, int type, bool flag)
{
    switch (type) {
    case QV_MAR_NONE: return QV_NONE;
    case QV_MAR_STOPITER: return (QvObj *)&qv_exc_StopIteration;
    case QV_MAR_ELLIPSIS: return QV_ELLIPSIS;
    case QV_MAR_FALSE: return QV_FALSE;
    case QV_MAR_TRUE: return QV_TRUE;
    case QV_MAR_INT:
    case QV_MAR_INT64:
    case QV_MAR_LONG:
    case QV_MAR_FLOAT:
    case QV_MAR_BINARY_FLOAT:
    case QV_MAR_COMPLEX:
    case QV_MAR_BINARY_COMPLEX: return finished(r, read_number(r, type), flag);
    case QV_MAR_STRING: return finished(r, read_bytes(r), flag);
    case QV_MAR_ASCII:
    case QV_MAR_ASCII_INTERNED:
        return finished(
            r, read_text(r, take_size(r, "string"), true, type == QV_MAR_ASCII_INTERNED), flag);
    case QV_MAR_SHORT_ASCII:
    case QV_MAR_SHORT_ASCII_INTERNED:
        return finished(r, read_text(r, take_small(r), true, type == QV_MAR_SHORT_ASCII_INTERNED),
                        flag);
    case QV_MAR_UNICODE:
    case QV_MAR_INTERNED:
        return finished(r, read_text(r, take_size(r, "string"), false, type == QV_MAR_INTERNED),
                        flag);
    case QV_MAR_SMALL_TUPLE: return read_tuple(r, take_small(r), flag);
    case QV_MAR_TUPLE: return read_tuple(r, take_size(r, "tuple"), flag);
    case QV_MAR_LIST: return read_list(r, flag);
    case QV_MAR_DICT: return read_dict(r, flag);
    case QV_MAR_SET:
    case QV_MAR_FROZENSET: return read_set(r, type == QV_MAR_FROZENSET, flag);
    case QV_MAR_CODE: return finished(r, read_code(r), flag);
    case QV_MAR_CPYTHON_CODE: return bad(r, "code object of another Python implementation");
    case QV_MAR_REF: return read_ref(r);
    default: return bad(r, "unknown type code");
    }
}

// NULL with *ret_null: the end of a dict; else NULL with an exception.
static QvObj *read_object(Reader *r, bool *ret_null)
{
    *ret_null = false;
    if (QV_UNLIKELY((++r->steps & 4095) == 0) && qv_stop_here(r->qi) < 0) {
        return NULL;
    }
    int code = take_byte(r);
    if (code < 0) {
        if (qv_err_matches(r->qi, &qv_exc_EOFError)) {
            qv_err_clear(r->qi);
            qv_raise(r->qi, &qv_exc_EOFError, "EOF read where object expected");
        }
        return NULL;
    }
    if (r->depth >= QV_MARSHAL_MAX_DEPTH) {
        return qv_raise(r->qi, &qv_exc_ValueError, "recursion limit exceeded");
    }
    if ((code & 0x7f) == QV_MAR_NULL) {
        *ret_null = true;
        return NULL;
    }
    r->depth++;
    QvObj *o = read_value(r, code & 0x7f, (code & QV_MAR_FLAG_REF) != 0);
    r->depth--;
    return o;
}

static QvObj *read_all(Reader *r)
{
    bool null = false;
    r->refs = qv_list_new(r->qi, 0);
    QvObj *o = r->refs ? read_object(r, &null) : NULL;
    if (!o && null) {
        qv_raise(r->qi, &qv_exc_TypeError, "NULL object in marshal data for object");
    }
    qv_xdecref(r->qi, r->refs);
    return o;
}

QvObj *qv_marshal_loads(QvInterp *qi, const uint8_t *p, QvSsize n)
{
    Reader r = {.qi = qi, .p = p, .end = p + n};
    return read_all(&r);
}

QvObj *qv_marshal_load(QvInterp *qi, QvObj *file)
{
    // Reading nothing tells whether it is a file of bytes.
    QvObj *zero = qv_int_from_i64(qi, 0);
    QvObj *data = zero ? qv_call_method1(qi, file, QV_N(read), zero) : NULL;
    qv_xdecref(qi, zero);
    if (!data) {
        return NULL;
    }
    bool good = qv_is_bytes(data);
    if (!good) {
        qv_raise(qi, &qv_exc_TypeError, "file.read() returned not bytes but %.100T", data);
    }
    qv_decref(qi, data);
    Reader r = {.qi = qi, .file = file};
    r.chunk = good ? qv_bytearray_new(qi, "", 0) : NULL;
    QvObj *ret = r.chunk ? read_all(&r) : NULL;
    qv_xdecref(qi, r.chunk);
    return ret;
}
