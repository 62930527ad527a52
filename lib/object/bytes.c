// SPDX-License-Identifier: MIT
// bytes: creation, slots, and the type object. Methods are in bytes_methods.c.
#include "object/bytes.h"

#include <string.h>

#include "base/hash.h"
#include "object/bytes_methods.h"
#include "object/codec.h"
#include "object/error.h"
#include "object/format.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/slice.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"

// b"": sealed, shared by all.
static QV_SEALED struct {
    QvBytes b;
    uint8_t nul;
} bytes_empty = {.b = {.h = QV_STATIC_HEADER(&qv_bytes_type), .hash = 0, .len = 0}};

static size_t bytes_size(QvSsize len) { return sizeof(QvBytes) + (size_t)len + 1; }

static size_t bytes_memsize(const QvObj *o) { return bytes_size(qv_bytes_len(o)); }

static QvObj *bytes_alloc_type(QvInterp *qi, QvType *type, QvSsize n)
{
    if (n > QV_UNITS_MAX) {
        return qv_raise_oom(qi);
    }
    QvObj *o = qv_obj_new_var(qi, type, bytes_size(n));
    if (o != NULL) {
        ((QvBytes *)o)->hash = -1;
        ((QvBytes *)o)->len = n;
        qv_bytes_data(o)[n] = 0;
    }
    return o;
}

QvObj *qv_bytes_new(QvInterp *qi, const void *p, QvSsize n)
{
    if (n == 0) {
        return (QvObj *)&bytes_empty;
    }
    QvObj *o = bytes_alloc_type(qi, &qv_bytes_type, n);
    if (o != NULL && p != NULL && qv_bytes_put(qi, qv_bytes_data(o), p, n) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

int qv_bytes_resize(QvInterp *qi, QvObj **o, QvSsize n)
{
    QvObj *b = *o;
    QvSsize old = qv_bytes_len(b);
    if (n == old) {
        return 0;
    }
    if (n == 0 || old == 0) {
        *o = qv_bytes_new(qi, NULL, n);
        qv_decref(qi, b);
        return *o != NULL ? 0 : -1;
    }
    QvObj *moved = n > QV_UNITS_MAX ? qv_raise_oom(qi)
                                    : qv_realloc(qi, b, bytes_size(old), bytes_size(n));
    if (moved == NULL) {
        *o = NULL;
        qv_decref(qi, b);
        return -1;
    }
    ((QvBytes *)moved)->len = n;
    ((QvBytes *)moved)->hash = -1;
    qv_bytes_data(moved)[n] = 0;
    *o = moved;
    return 0;
}

QvHash qv_bytes_hash(QvObj *o)
{
    QvBytes *b = (QvBytes *)o;
    if (b->hash == -1) {
        b->hash = qv_hash_bytes(b + 1, (size_t)b->len, qv_process_hash_seed());
    }
    return b->hash;
}

QvHash qv_bytes_hash_try(QvInterp *qi, QvObj *o)
{
    QvBytes *b = (QvBytes *)o;
    if (b->hash == -1 && b->len > QV_POLL_SLICE) {
        b->hash = qv_units_hash_long(qi, b + 1, b->len);
        return b->hash;
    }
    return qv_bytes_hash(o);
}

// ---- helpers shared with bytearray --------------------------------------------------------------

int qv_byte_value(QvInterp *qi, QvObj *o, const char *what)
{
    int64_t v;
    if (qv_is_int(o)) {
        if (!qv_int_as_i64(o, &v)) {
            v = -1;
        }
    } else {
        QvObj *i = qv_index(qi, o);
        if (i == NULL) {
            return -1;
        }
        if (!qv_int_as_i64(i, &v)) {
            v = -1;
        }
        qv_decref(qi, i);
    }
    if (v < 0 || v > 255) {
        return qv_raise_int(qi, &qv_exc_ValueError, "%s must be in range(0, 256)", what);
    }
    return (int)v;
}

#define UNWATCHED ((QvSsize)1 << 19) // bytes between two polls

static void set_cap(QvByteVec *v, QvSsize more)
{
    QvSsize room = more > UNWATCHED ? more : UNWATCHED;
    v->cap = v->size - v->len > room ? v->len + room : v->size;
}

int qv_byte_vec_expect(QvInterp *qi, QvByteVec *v, QvSsize more)
{
    if (qv_byte_vec_reserve(qi, v, more) < 0) {
        return -1;
    }
    set_cap(v, 0);
    return 0;
}

int qv_byte_vec_reserve(QvInterp *qi, QvByteVec *v, QvSsize more)
{
    if (more <= v->cap - v->len) {
        return 0;
    }
    if (v->len >= UNWATCHED && qv_poll_here(qi) < 0) {
        return -1;
    }
    if (more <= v->size - v->len) {
        set_cap(v, more);
        return 0;
    }
    if (more > QV_UNITS_MAX - v->len) {
        qv_raise_oom(qi);
        return -1;
    }
    QvSsize cap = v->len + more;
    cap += (cap >> 1) + 16;
    uint8_t *p = qv_realloc(qi, v->p, (size_t)v->size, (size_t)cap);
    if (p == NULL) {
        return -1;
    }
    v->p = p;
    v->size = cap;
    set_cap(v, more);
    return 0;
}

void qv_byte_vec_fini(QvInterp *qi, QvByteVec *v)
{
    if (v->p != NULL) {
        qv_free(qi, v->p, (size_t)v->size);
    }
    *v = (QvByteVec){0};
}

static int vec_add(QvInterp *qi, QvByteVec *v, QvObj *item, const char *what)
{
    int value = qv_byte_value(qi, item, what);
    if (value < 0 || (v->len == v->cap && qv_byte_vec_reserve(qi, v, 1) < 0)) {
        return -1;
    }
    v->p[v->len++] = (uint8_t)value;
    return 0;
}

int qv_byte_vec_extend(QvInterp *qi, QvByteVec *v, QvObj *iterable, const char *what)
{
    if (qv_is_list_exact(iterable)) {
        // __index__ of an item may change the list: its length is read each time.
        for (QvSsize i = 0; i < qv_list_len(iterable); i++) {
            QvObj *item = qv_list_at(qi, iterable, i);
            int r = !item || qv_poll_step(qi, i) < 0 ? -1 : vec_add(qi, v, item, what);
            qv_xdecref(qi, item);
            if (r < 0) {
                return -1;
            }
        }
        return 0;
    }
    QvObj *it = qv_iter(qi, iterable);
    if (it == NULL) {
        return -1;
    }
    // A hint is no promise, and the room grows by itself: it is only asked for its exceptions.
    int r = qv_length_hint(qi, iterable, 0) < 0 ? -1 : 0;
    QvObj *item;
    for (QvSsize i = 0; r == 0 && (item = qv_next(qi, it)) != NULL; i++) {
        r = qv_poll_step(qi, i) < 0 ? -1 : vec_add(qi, v, item, what);
        qv_decref(qi, item);
    }
    qv_decref(qi, it);
    return r < 0 || qv_err_occurred(qi) ? -1 : 0;
}

int qv_bytes_ctor_text(QvInterp *qi, QvObj *const slots[3], const char *name, QvObj **ret)
{
    QvObj *x = slots[0];
    static const char *const names[] = {NULL, "encoding", "errors"};
    for (int i = 1; i < 3; i++) {
        if (slots[i] != NULL && !qv_is_str(slots[i])) {
            return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument '%s' must be str, not %.50s",
                                name, names[i], qv_arg_type_name(slots[i]));
        }
    }
    if (slots[1] != NULL) {
        if (x == NULL || !qv_is_str(x)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "encoding without a string argument");
        }
        *ret = qv_codec_encode_object(qi, x, slots[1], slots[2], name);
        return *ret != NULL ? 1 : -1;
    }
    if (slots[2] != NULL) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s",
                            x != NULL && qv_is_str(x) ? "string argument without an encoding"
                                                      : "errors without a string argument");
    }
    return 0;
}

QvObj *qv_bytes_compare(QvInterp *qi, const uint8_t *p, QvSsize n, const uint8_t *q, QvSsize m,
                        QvCmpOp op)
{
    if ((op == QV_EQ || op == QV_NE) && n != m) {
        return qv_bool(op == QV_NE);
    }
    int r;
    if (qv_units_cmp_long(qi, p, q, n < m ? n : m, &r) < 0) {
        return NULL;
    }
    if (r == 0) {
        r = n < m ? -1 : n > m;
    }
    switch (op) {
    case QV_LT: return qv_bool(r < 0);
    case QV_LE: return qv_bool(r <= 0);
    case QV_EQ: return qv_bool(r == 0);
    case QV_NE: return qv_bool(r != 0);
    case QV_GT: return qv_bool(r > 0);
    default: return qv_bool(r >= 0);
    }
}

// ---- slots --------------------------------------------------------------------------------------

// Exact bytes of a buffer or an iterable of ints.
static QvObj *bytes_from_object(QvInterp *qi, QvObj *x)
{
    if (qv_is_bytes(x) && x->type == &qv_bytes_type) {
        return qv_new_ref(qi, x);
    }
    if (x->type == &qv_memoryview_type) {
        return qv_memoryview_tobytes(qi, x);
    }
    if (qv_has_buffer(x)) {
        QvBufferView view;
        if (qv_buffer_get(qi, x, &view, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        QvObj *ret = qv_bytes_new(qi, view.buf, view.len);
        qv_buffer_release(qi, &view);
        return ret;
    }
    if (qv_is_str(x) || (x->type->iter == NULL && x->type->getitem == NULL)) {
        return qv_raise(qi, &qv_exc_TypeError, "cannot convert '%.200T' object to bytes", x);
    }
    QvByteVec v = {0};
    QvObj *ret = NULL;
    if (qv_byte_vec_extend(qi, &v, x, "bytes") == 0) {
        ret = qv_bytes_new(qi, v.len > 0 ? (const char *)v.p : "", v.len);
    }
    qv_byte_vec_fini(qi, &v);
    return ret;
}

static QvObj *bytes_make(QvInterp *qi, QvObj *const slots[3])
{
    QvObj *x = slots[0];
    QvObj *ret = NULL;
    int r = qv_bytes_ctor_text(qi, slots, "bytes", &ret);
    if (r != 0) {
        return r > 0 ? ret : NULL;
    }
    if (x == NULL) {
        return qv_bytes_new(qi, NULL, 0);
    }
    QvObj *method = NULL;
    r = x->type == &qv_bytes_type ? 0 : qv_lookup_special(qi, x, QV_N(__bytes__), &method);
    if (r < 0) {
        return NULL;
    }
    if (r > 0) {
        ret = qv_call0(qi, method);
        qv_decref(qi, method);
        if (ret != NULL && !qv_is_bytes(ret)) {
            qv_raise(qi, &qv_exc_TypeError, "__bytes__ returned non-bytes (type %.200T)", ret);
            qv_clear(qi, &ret);
        }
        return ret;
    }
    if (qv_is_str(x)) {
        return qv_raise(qi, &qv_exc_TypeError, "string argument without an encoding");
    }
    if (qv_is_int(x) || x->type->index != NULL) {
        QvSsize n;
        if (qv_index_ssize(qi, x, &n, &qv_exc_OverflowError) < 0) {
            if (!qv_err_matches(qi, &qv_exc_TypeError)) {
                return NULL;
            }
            qv_err_clear(qi);
        } else {
            if (n < 0) {
                return qv_raise(qi, &qv_exc_ValueError, "negative count");
            }
            ret = qv_bytes_new(qi, NULL, n);
            if (ret != NULL && n > 0) {
                if (qv_units_fill_long(qi, qv_bytes_data(ret), QV_STR_1, n, 0) < 0) {
                    qv_clear(qi, &ret);
                }
            }
            return ret;
        }
    }
    return bytes_from_object(qi, x);
}

static QvObj *bytes_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvObj *slots[3] = {NULL};
    if (qv_args(qi, "bytes(source=b'', encoding=None, errors=None)", args, nargs, kwnames, slots) <
        0) {
        return NULL;
    }
    QvObj *b = bytes_make(qi, slots);
    if (b == NULL || type == &qv_bytes_type) {
        return b;
    }
    QvObj *o = bytes_alloc_type(qi, type, qv_bytes_len(b));
    if (o != NULL && qv_units_copy_long(qi, qv_bytes_data(o), QV_STR_1, qv_bytes_data(b), QV_STR_1,
                                        qv_bytes_len(b)) < 0) {
        qv_clear(qi, &o);
    }
    qv_decref(qi, b);
    return o;
}

static QvObj *bytes_repr(QvInterp *qi, QvObj *o)
{
    return qv_bytes_repr_of(qi, qv_bytes_data(o), qv_bytes_len(o), "", "", false);
}

static QvHash bytes_hash(QvInterp *qi, QvObj *o) { return qv_bytes_hash_try(qi, o); }

int qv_bytes_warn_compare(QvInterp *qi, const char *kind, QvObj *v, QvObj *w)
{
    const char *other = qv_is_str(v) || qv_is_str(w)   ? "string"
                        : qv_is_int(v) || qv_is_int(w) ? "int"
                                                       : NULL;
    return other ? qv_warn(qi, &qv_exc_BytesWarning, 1, "Comparison between %s and %s", kind, other)
                 : 0;
}

// -b: text made of bytes by accident.
static QvObj *bytes_str(QvInterp *qi, QvObj *o)
{
    if (qi->config.bytes_warning &&
        qv_warn(qi, &qv_exc_BytesWarning, 1, "str() on a bytes instance") < 0) {
        return NULL;
    }
    return bytes_repr(qi, o);
}

static QvObj *bytes_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_bytes(v) || !qv_is_bytes(w)) {
        if (qi->config.bytes_warning && (op == QV_EQ || op == QV_NE) &&
            qv_bytes_warn_compare(qi, "bytes", v, w) < 0) {
            return NULL;
        }
        return QV_NOTIMPLEMENTED;
    }
    return qv_bytes_compare(qi, qv_bytes_data(v), qv_bytes_len(v), qv_bytes_data(w),
                            qv_bytes_len(w), op);
}

static QvObj *bytes_iter(QvInterp *qi, QvObj *o)
{
    return qv_seqiter_new(qi, &qv_bytes_iterator_type, o);
}

static QvSsize bytes_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bytes_len(o);
}

QvObj *qv_bytes_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end)
{
    if (start == 0 && end == qv_bytes_len(o) && o->type == &qv_bytes_type) {
        return qv_new_ref(qi, o);
    }
    return qv_bytes_new(qi, qv_bytes_data(o) + start, end - start);
}

static QvObj *bytes_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvSsize n = qv_bytes_len(o);
    const uint8_t *p = qv_bytes_data(o);
    if (qv_is_slice(key)) {
        QvSsize start, stop, step, count;
        if (qv_slice_indices(qi, key, n, &start, &stop, &step, &count) < 0) {
            return NULL;
        }
        if (step == 1) {
            return qv_bytes_slice(qi, o, start, start + count);
        }
        QvObj *ret = qv_bytes_new(qi, NULL, count);
        if (ret != NULL && qv_units_pick_long(qi, qv_bytes_data(ret), p + start, step, count) < 0) {
            qv_clear(qi, &ret);
        }
        return ret;
    }
    if (!qv_is_int(key) && key->type->index == NULL) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "byte indices must be integers or slices, not %.200T", key);
    }
    QvSsize i;
    if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
        return NULL;
    }
    i += i < 0 ? n : 0;
    if (i < 0 || i >= n) {
        return qv_raise(qi, &qv_exc_IndexError, "index out of range");
    }
    return qv_int_from_i64(qi, p[i]);
}

static int bytes_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    return qv_bytes_contains(qi, o, item);
}

static QvObj *bytes_concat(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_has_buffer(w)) {
        return qv_raise(qi, &qv_exc_TypeError, "can't concat %.100T to %.100T", w, v);
    }
    if (qv_bytes_len(v) == 0 && w->type == &qv_bytes_type) {
        return qv_new_ref(qi, w);
    }
    QvBufferView view;
    if (qv_buffer_get(qi, w, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    QvSsize n = qv_bytes_len(v);
    if (view.len == 0 && v->type == &qv_bytes_type) {
        ret = qv_new_ref(qi, v);
    } else if (n > QV_UNITS_MAX - view.len) {
        qv_raise_oom(qi);
    } else {
        ret = qv_bytes_new(qi, NULL, n + view.len);
        uint8_t *out = ret != NULL ? qv_bytes_data(ret) : NULL;
        if (out != NULL && (qv_bytes_put(qi, out, qv_bytes_data(v), n) < 0 ||
                            qv_bytes_put(qi, out + n, view.buf, view.len) < 0)) {
            qv_clear(qi, &ret);
        }
    }
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *bytes_repeat(QvInterp *qi, QvObj *o, QvSsize count)
{
    QvSsize n = qv_bytes_len(o);
    count = count < 0 ? 0 : count;
    if (n > 0 && count > PTRDIFF_MAX / n) {
        return qv_raise(qi, &qv_exc_OverflowError, "repeated bytes are too long");
    }
    if (count == 1 && o->type == &qv_bytes_type) {
        return qv_new_ref(qi, o);
    }
    QvObj *ret = qv_bytes_new(qi, NULL, n * count);
    if (ret != NULL && qv_units_repeat(qi, qv_bytes_data(ret), qv_bytes_data(o), (size_t)n,
                                       (size_t)(n * count)) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *bytes_mod(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_bytes(v)) {
        return QV_NOTIMPLEMENTED;
    }
    return qv_bytes_percent(qi, qv_bytes_data(v), qv_bytes_len(v), w, false);
}

static int bytes_buffer(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags)
{
    if ((flags & QV_BUF_WRITABLE) != 0) {
        return qv_raise_int(qi, &qv_exc_BufferError, "Object is not writable.");
    }
    *view = (QvBufferView){
        .obj = qv_new_ref(qi, o),
        .buf = qv_bytes_data(o),
        .len = qv_bytes_len(o),
        .itemsize = 1,
        .ndim = 1,
        .readonly = true,
    };
    return 0;
}

QV_SEALED QvType qv_bytes_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "bytes",
    .id = QV_TID_bytes,
    .flags = QV_T_BASE | QV_T_VAR | QV_T_IMMUTABLE | QV_T_BYTES | QV_T_MATCH_SELF,
    .size = sizeof(QvBytes),
    .base = &qv_object_type,
    .doc = "bytes(iterable_of_ints) -> bytes\nbytes(string, encoding[, errors]) -> bytes\n"
           "bytes(bytes_or_buffer) -> immutable copy\nbytes(int) -> zero bytes of that number\n"
           "bytes() -> empty bytes object",
    .methods = qv_bytes_method_table,
    .new_ = bytes_new,
    .memsize = bytes_memsize,
    .repr = bytes_repr,
    .str = bytes_str,
    .hash = bytes_hash,
    .richcmp = bytes_richcmp,
    .iter = bytes_iter,
    .mod = bytes_mod,
    .len = bytes_len,
    .getitem = bytes_getitem,
    .contains = bytes_contains,
    .concat = bytes_concat,
    .repeat = bytes_repeat,
    .buffer = bytes_buffer,
};
