// SPDX-License-Identifier: MIT
// bytearray: growth, slots, the methods that change it, and the type object.
//
// While a buffer view exists (exports > 0) the block must not move: whatever would change the
// length raises BufferError first.
#include <string.h>

#include "object/bytes.h"
#include "object/bytes_methods.h"
#include "object/error.h"
#include "object/format.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/slice.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static QvByteArray *self_of(QvObj *o) { return (QvByteArray *)o; }

static int check_exports(QvInterp *qi, QvObj *o)
{
    if (self_of(o)->exports > 0) {
        return qv_raise_int(qi, &qv_exc_BufferError,
                            "Existing exports of data: object cannot be re-sized");
    }
    return 0;
}

int qv_bytearray_resize(QvInterp *qi, QvObj *o, QvSsize n)
{
    QvByteArray *b = self_of(o);
    if (n == b->len) {
        return 0;
    }
    if (check_exports(qi, o) < 0) {
        return -1;
    }
    if (n > QV_UNITS_MAX) {
        qv_raise_oom(qi);
        return -1;
    }
    if (n > b->cap || n < b->cap / 2) {
        QvSsize cap = n <= b->cap ? n : n + (n >> 3) + (n < 9 ? 3 : 6);
        if (b->cap == 0) {
            cap = n;
        }
        uint8_t *p = NULL;
        if (cap > 0) {
            p = qv_realloc(qi, b->data, (size_t)b->cap, (size_t)cap);
            if (p == NULL) {
                return -1;
            }
        } else {
            qv_free(qi, b->data, (size_t)b->cap);
        }
        b->data = p;
        b->cap = cap;
    }
    b->len = n;
    return 0;
}

QvObj *qv_bytearray_new(QvInterp *qi, const void *p, QvSsize n)
{
    QvObj *o = qv_obj_new(qi, &qv_bytearray_type);
    if (o == NULL) {
        return NULL;
    }
    QvByteArray *b = self_of(o);
    b->data = NULL;
    b->len = b->cap = b->exports = 0;
    if (qv_bytearray_resize(qi, o, n) < 0) {
        qv_decref(qi, o);
        return NULL;
    }
    if (p != NULL && qv_bytes_put(qi, b->data, p, n) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

// memmove inside the block, of what may be long. 0/-1: it was moved in part, then.
static int move(QvInterp *qi, uint8_t *to, const uint8_t *from, QvSsize n)
{
    if (QV_UNLIKELY(n > QV_POLL_SLICE)) {
        return qv_units_move_long(qi, to, from, n);
    }
    if (n > 0) {
        memmove(to, from, (size_t)n);
    }
    return 0;
}

// Replaces [start:end] by m bytes (which do not lie in o). 0/-1: a stop on the way leaves the bytes
// from start on undefined (but never memory that was not theirs).
static int splice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end, const void *p, QvSsize m)
{
    QvByteArray *b = self_of(o);
    QvSsize old = b->len;
    QvSsize tail = old - end;
    QvSsize growth = m - (end - start);
    if (growth != 0 && check_exports(qi, o) < 0) {
        return -1;
    }
    if (growth < 0 && move(qi, b->data + start + m, b->data + end, tail) < 0) {
        return -1;
    }
    if (qv_bytearray_resize(qi, o, old + growth) < 0) {
        if (growth < 0) {
            b->len = old + growth; // the block could not shrink: it stays too large
            qv_err_clear(qi);
        } else {
            return -1;
        }
    }
    // p may lie in it when the size stays
    if ((growth > 0 && move(qi, b->data + start + m, b->data + end, tail) < 0) ||
        move(qi, b->data + start, p, m) < 0) {
        b->len = growth > 0 ? old : b->len;
        return -1;
    }
    return 0;
}

// Appends a buffer, which may be o itself. 0/-1.
static int append_buffer(QvInterp *qi, QvObj *o, QvObj *other)
{
    QvByteArray *b = self_of(o);
    if (other == o) {
        QvSsize n = b->len;
        if (n > QV_UNITS_MAX / 2) {
            qv_raise_oom(qi);
            return -1;
        }
        if (qv_bytearray_resize(qi, o, 2 * n) < 0) {
            return -1;
        }
        if (move(qi, b->data + n, b->data, n) < 0) {
            b->len = n;
            return -1;
        }
        return 0;
    }
    QvBufferView view;
    if (qv_buffer_get(qi, other, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    int r = 0;
    if (view.len > QV_UNITS_MAX - b->len) {
        qv_raise_oom(qi);
        r = -1;
    } else if (view.len > 0) {
        r = splice(qi, o, b->len, b->len, view.buf, view.len);
    }
    qv_buffer_release(qi, &view);
    return r;
}

// ---- life ---------------------------------------------------------------------------------------

static void bytearray_fini(QvInterp *qi, QvObj *o)
{
    QvByteArray *b = self_of(o);
    if (b->data != NULL) {
        qv_free(qi, b->data, (size_t)b->cap);
    }
    b->data = NULL;
    b->len = b->cap = 0;
}

static QvObj *bytearray_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                            QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (o != NULL) {
        QvByteArray *b = self_of(o);
        b->data = NULL;
        b->len = b->cap = b->exports = 0;
    }
    return o;
}

// The items of an iterable at the end. 0/-1.
static int extend_items(QvInterp *qi, QvObj *o, QvObj *iterable)
{
    QvByteVec v = {0};
    int r = qv_byte_vec_extend(qi, &v, iterable, "byte");
    if (r == 0) {
        r = splice(qi, o, self_of(o)->len, self_of(o)->len, v.p, v.len);
    }
    qv_byte_vec_fini(qi, &v);
    return r;
}

// Appends the items of an iterable one by one, as its code can see. 0/-1.
static int append_items(QvInterp *qi, QvObj *o, QvObj *iterable)
{
    QvObj *it = qv_iter(qi, iterable);
    if (it == NULL) {
        return -1;
    }
    int r = 0;
    QvObj *item;
    for (QvSsize i = 0; r == 0 && (item = qv_next(qi, it)) != NULL; i++) {
        int value = qv_poll_step(qi, i) < 0 ? -1 : qv_byte_value(qi, item, "byte");
        qv_decref(qi, item);
        uint8_t byte = (uint8_t)value;
        QvSsize n = self_of(o)->len;
        r = value < 0 ? -1 : splice(qi, o, n, n, &byte, 1);
    }
    qv_decref(qi, it);
    return r < 0 || qv_err_occurred(qi) ? -1 : 0;
}

static int bytearray_init(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[3] = {NULL};
    if (qv_args(qi, "bytearray(source=b'', encoding=None, errors=None)", args, nargs, kwnames,
                slots) < 0 ||
        qv_bytearray_resize(qi, o, 0) < 0) {
        return -1;
    }
    QvObj *x = slots[0];
    QvObj *text;
    int r = qv_bytes_ctor_text(qi, slots, "bytearray", &text);
    if (r < 0) {
        return -1;
    }
    if (r > 0) {
        r = append_buffer(qi, o, text);
        qv_decref(qi, text);
        return r;
    }
    if (x == NULL) {
        return 0;
    }
    if (qv_is_str(x)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "string argument without an encoding");
    }
    if (qv_is_int(x) || x->type->index != NULL) {
        QvSsize n;
        if (qv_index_ssize(qi, x, &n, &qv_exc_OverflowError) == 0) {
            if (n < 0) {
                return qv_raise_int(qi, &qv_exc_ValueError, "negative count");
            }
            if (qv_bytearray_resize(qi, o, n) < 0) {
                return -1;
            }
            if (n > 0) {
                if (qv_units_fill_long(qi, self_of(o)->data, QV_STR_1, n, 0) < 0) {
                    self_of(o)->len = 0; // nobody may read what was there before
                    self_of(o)->data[0] = 0;
                    return -1;
                }
            }
            return 0;
        }
        if (!qv_err_matches(qi, &qv_exc_TypeError)) {
            return -1;
        }
        qv_err_clear(qi);
    }
    if (x->type == &qv_memoryview_type) { // strided ones too
        text = qv_memoryview_tobytes(qi, x);
        r = text != NULL ? append_buffer(qi, o, text) : -1;
        qv_xdecref(qi, text);
        return r;
    }
    if (qv_has_buffer(x)) {
        return append_buffer(qi, o, x);
    }
    if (x->type->iter == NULL && x->type->getitem == NULL) {
        return qv_raise_int(qi, &qv_exc_TypeError, "cannot convert '%.200T' object to bytearray",
                            x);
    }
    return append_items(qi, o, x);
}

// ---- slots --------------------------------------------------------------------------------------

static QvObj *bytearray_repr(QvInterp *qi, QvObj *o)
{
    char before[128];
    const char *name = qv_type_short_name(o->type);
    size_t n = strlen(name);
    if (n > sizeof before - 2) {
        n = sizeof before - 2;
    }
    memcpy(before, name, n);
    before[n] = '(';
    before[n + 1] = 0;
    QvSsize len;
    const uint8_t *p = qv_bytes_span(o, &len);
    bool plain = qv_utf8_ascii_prefix(before, n) == n;
    QvObj *inner = qv_bytes_repr_of(qi, p, len, plain ? before : "(", ")", true), *ret = NULL;
    if (plain) {
        return inner;
    }
    // A class name outside ASCII: put together from strings.
    if (inner != NULL) {
        ret = qv_str_format(qi, "%s%U", name, inner);
        qv_decref(qi, inner);
    }
    return ret;
}

static QvObj *bytearray_str(QvInterp *qi, QvObj *o)
{
    if (qi->config.bytes_warning &&
        qv_warn(qi, &qv_exc_BytesWarning, 1, "str() on a bytearray instance") < 0) {
        return NULL;
    }
    return bytearray_repr(qi, o);
}

static QvObj *bytearray_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_has_buffer(w) || qv_is_str(w)) {
        if (qi->config.bytes_warning && qv_is_str(w) && (op == QV_EQ || op == QV_NE) &&
            qv_bytes_warn_compare(qi, "bytearray", v, w) < 0) {
            return NULL;
        }
        return QV_NOTIMPLEMENTED;
    }
    QvBufferView view;
    if (qv_buffer_get(qi, w, &view, QV_BUF_SIMPLE) < 0) {
        qv_err_clear(qi);
        return QV_NOTIMPLEMENTED;
    }
    QvSsize n;
    const uint8_t *p = qv_bytes_span(v, &n);
    QvObj *ret = qv_bytes_compare(qi, p, n, view.buf, view.len, op);
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *bytearray_iter(QvInterp *qi, QvObj *o)
{
    return qv_seqiter_new(qi, &qv_bytearray_iterator_type, o);
}

static QvSsize bytearray_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return self_of(o)->len;
}

// Index of an item; -1 with IndexError or TypeError.
static QvSsize item_index(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvSsize i;
    if (!qv_is_int(key) && key->type->index == NULL) {
        qv_raise(qi, &qv_exc_TypeError, "bytearray indices must be integers or slices, not %.200T",
                 key);
        return -1;
    }
    if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
        return -1;
    }
    i += i < 0 ? self_of(o)->len : 0;
    if (i < 0 || i >= self_of(o)->len) {
        qv_raise(qi, &qv_exc_IndexError, "bytearray index out of range");
        return -1;
    }
    return i;
}

static QvObj *bytearray_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    if (!qv_is_slice(key)) {
        QvSsize i = item_index(qi, o, key);
        return i < 0 ? NULL : qv_int_from_i64(qi, self_of(o)->data[i]);
    }
    QvSsize start, stop, step, count;
    if (qv_slice_indices(qi, key, self_of(o)->len, &start, &stop, &step, &count) < 0) {
        return NULL;
    }
    const uint8_t *p = self_of(o)->data;
    QvObj *ret = qv_bytearray_new(qi, step == 1 && count > 0 ? p + start : NULL, count);
    if (ret != NULL && step != 1 && count > 0 &&
        qv_units_pick_long(qi, self_of(ret)->data, p + start, step, count) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static int delete_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize step, QvSsize count)
{
    QvByteArray *b = self_of(o);
    if (count == 0) {
        return 0;
    }
    if (check_exports(qi, o) < 0) {
        return -1;
    }
    if (step < 0) {
        start += step * (count - 1);
        step = -step;
    }
    uint8_t *p = b->data + start;
    QvSsize at = start;
    for (QvSsize i = 0; i < count; i++, at = qv_slice_next(at, step)) {
        QvSsize end = i + 1 < count ? at + step : b->len;
        if (qv_stop_step(qi, i) < 0 || move(qi, p, b->data + at + 1, end - at - 1) < 0) {
            return -1; // what has moved stays so, with what it was moved from behind it
        }
        p += end - at - 1;
    }
    return qv_bytearray_resize(qi, o, b->len - count);
}

static int set_slice(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    QvBufferView view = {0};
    QvObj *copy = NULL;
    QvSsize start, stop, step, count;
    int r = -1;
    if (value != NULL) {
        if (value == o || !qv_has_buffer(value)) {
            if (qv_is_int(value) || qv_is_str(value) ||
                (value != o && value->type->iter == NULL && value->type->getitem == NULL)) {
                return qv_raise_int(qi, &qv_exc_TypeError,
                                    "can assign only bytes, buffers, or iterables of ints in "
                                    "range(0, 256)");
            }
            copy = qv_call1(qi, (QvObj *)&qv_bytearray_type, value);
            if (copy == NULL) {
                return -1;
            }
            value = copy;
        }
        if (qv_buffer_get(qi, value, &view, QV_BUF_SIMPLE) < 0) {
            qv_xdecref(qi, copy);
            return -1;
        }
    }
    if (qv_slice_indices(qi, key, self_of(o)->len, &start, &stop, &step, &count) < 0) {
        goto done;
    }
    if (step == 1) {
        r = splice(qi, o, start, start + count, view.buf, view.len);
    } else if (value == NULL || view.len == 0) {
        r = delete_slice(qi, o, start, step, count);
    } else if (view.len != count) {
        qv_raise(qi, &qv_exc_ValueError,
                 "attempt to assign bytes of size %zd to extended slice of size %zd", view.len,
                 count);
    } else {
        uint8_t *out = self_of(o)->data + start;
        r = 0;
        for (QvSsize i = 0; r == 0 && i < count; i++) {
            out[i * step] = ((const uint8_t *)view.buf)[i];
            r = qv_stop_step(qi, i);
        }
    }
done:
    if (value != NULL) {
        qv_buffer_release(qi, &view);
    }
    qv_xdecref(qi, copy);
    return r;
}

static int bytearray_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    if (qv_is_slice(key)) {
        return set_slice(qi, o, key, value);
    }
    int byte = 0;
    if (value != NULL && key->type->index != NULL) { // a wrong value is told before a wrong place
        byte = qv_byte_value(qi, value, "byte");
        if (byte < 0) {
            return -1;
        }
    }
    QvSsize i = item_index(qi, o, key);
    if (i < 0) {
        return -1;
    }
    if (value == NULL) {
        return splice(qi, o, i, i + 1, NULL, 0);
    }
    self_of(o)->data[i] = (uint8_t)byte;
    return 0;
}

static int bytearray_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    return qv_bytes_contains(qi, o, item);
}

static QvObj *bytearray_concat(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_has_buffer(w)) {
        return qv_raise(qi, &qv_exc_TypeError, "can't concat %.100T to %.100T", w, v);
    }
    QvObj *ret = qv_bytearray_new(qi, self_of(v)->data, self_of(v)->len);
    if (ret != NULL && append_buffer(qi, ret, w) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *bytearray_inplace_concat(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_has_buffer(w)) {
        return qv_raise(qi, &qv_exc_TypeError, "can't concat %.100T to %.100T", w, v);
    }
    if (v == w && self_of(v)->len > 0) { // its own export forbids it, as in CPython
        return qv_raise(qi, &qv_exc_BufferError,
                        "Existing exports of data: object cannot be re-sized");
    }
    return append_buffer(qi, v, w) < 0 ? NULL : qv_new_ref(qi, v);
}

static QvObj *bytearray_repeat(QvInterp *qi, QvObj *o, QvSsize count)
{
    QvSsize n = self_of(o)->len;
    count = count < 0 ? 0 : count;
    if (n > 0 && count > QV_UNITS_MAX / n) {
        return qv_raise_oom(qi);
    }
    QvObj *ret = qv_bytearray_new(qi, NULL, n * count);
    if (ret != NULL && qv_units_repeat(qi, self_of(ret)->data, self_of(o)->data, (size_t)n,
                                       (size_t)(n * count)) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *bytearray_inplace_repeat(QvInterp *qi, QvObj *o, QvSsize count)
{
    QvByteArray *b = self_of(o);
    QvSsize n = b->len;
    count = count < 0 ? 0 : count;
    if (n > 0 && count > QV_UNITS_MAX / n) {
        return qv_raise_oom(qi);
    }
    if (qv_bytearray_resize(qi, o, n * count) < 0) {
        return NULL;
    }
    for (QvSsize done = n; n > 0 && done < b->len;) {
        QvSsize from = done % n, more = done - from < b->len - done ? done - from : b->len - done;
        more = more < QV_POLL_SLICE ? more : QV_POLL_SLICE;
        memcpy(b->data + done, b->data + from, (size_t)more);
        done += more;
        if (qv_stop_here(qi) < 0) {
            b->len = done;
            return NULL;
        }
    }
    return qv_new_ref(qi, o);
}

static QvObj *bytearray_mod(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_bytearray(v)) {
        return QV_NOTIMPLEMENTED;
    }
    QvByteArray *b = self_of(v);
    b->exports++; // the arguments' Python code must not move the format
    QvObj *ret = qv_bytes_percent(qi, b->data, b->len, w, true);
    b->exports--;
    return ret;
}

static int bytearray_buffer(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags)
{
    (void)flags;
    QvByteArray *b = self_of(o);
    b->exports++;
    *view = (QvBufferView){
        .obj = qv_new_ref(qi, o),
        .buf = b->data != NULL ? b->data : (void *)(uintptr_t) "",
        .len = b->len,
        .itemsize = 1,
        .ndim = 1,
    };
    return 0;
}

static void bytearray_buffer_release(QvInterp *qi, QvObj *o, QvBufferView *view)
{
    (void)qi;
    (void)view;
    self_of(o)->exports--;
}

// ---- methods ------------------------------------------------------------------------------------

QV_BYTEARRAY_METHOD(alloc)
{
    (void)args;
    (void)nargs;
    return qv_int_from_i64(qi, self_of(self)->cap);
}

QV_BYTEARRAY_METHOD(sizeof)
{
    (void)args;
    (void)nargs;
    return qv_int_from_i64(qi, (int64_t)self->type->size + self_of(self)->cap);
}

QV_BYTEARRAY_METHOD(append)
{
    (void)nargs;
    int byte = qv_byte_value(qi, args[0], "byte");
    QvByteArray *b = self_of(self);
    if (byte < 0 || check_exports(qi, self) < 0 || qv_bytearray_resize(qi, self, b->len + 1) < 0) {
        return NULL;
    }
    b->data[b->len - 1] = (uint8_t)byte;
    return QV_NONE;
}

QV_BYTEARRAY_METHOD(clear)
{
    (void)args;
    (void)nargs;
    return qv_bytearray_resize(qi, self, 0) < 0 ? NULL : QV_NONE;
}

QV_BYTEARRAY_METHOD(copy)
{
    (void)args;
    (void)nargs;
    return qv_bytearray_new(qi, self_of(self)->data, self_of(self)->len);
}

QV_BYTEARRAY_METHOD(extend)
{
    (void)nargs;
    QvObj *x = args[0];
    if (qv_has_buffer(x)) {
        return append_buffer(qi, self, x) < 0 ? NULL : QV_NONE;
    }
    if (x->type->iter == NULL && x->type->getitem == NULL) {
        return qv_raise(qi, &qv_exc_TypeError, "can't extend bytearray with %.100T", x);
    }
    return extend_items(qi, self, x) < 0 ? NULL : QV_NONE;
}

QV_BYTEARRAY_METHOD(insert)
{
    (void)nargs;
    QvSsize i;
    if (qv_arg_ssize(qi, args[0], &i) < 0) {
        return NULL;
    }
    int byte = qv_byte_value(qi, args[1], "byte");
    if (byte < 0) {
        return NULL;
    }
    QvSsize n = self_of(self)->len;
    i += i < 0 ? n : 0;
    i = i < 0 ? 0 : i > n ? n : i;
    uint8_t value = (uint8_t)byte;
    return splice(qi, self, i, i, &value, 1) < 0 ? NULL : QV_NONE;
}

QV_BYTEARRAY_METHOD(pop)
{
    (void)nargs;
    QvSsize i = -1;
    if (args[0] != NULL && qv_arg_ssize(qi, args[0], &i) < 0) {
        return NULL;
    }
    QvByteArray *b = self_of(self);
    if (b->len == 0) {
        return qv_raise(qi, &qv_exc_IndexError, "pop from empty bytearray");
    }
    i += i < 0 ? b->len : 0;
    if (i < 0 || i >= b->len) {
        return qv_raise(qi, &qv_exc_IndexError, "pop index out of range");
    }
    uint8_t value = b->data[i];
    return splice(qi, self, i, i + 1, NULL, 0) < 0 ? NULL : qv_int_from_i64(qi, value);
}

QV_BYTEARRAY_METHOD(remove)
{
    (void)nargs;
    int byte = qv_byte_value(qi, args[0], "byte");
    if (byte < 0) {
        return NULL;
    }
    QvByteArray *b = self_of(self);
    uint8_t value = (uint8_t)byte;
    QvSsize i = qv_units_find_long(qi, b->data, QV_STR_1, b->len, &value, QV_STR_1, 1, false);
    if (i < 0) {
        return i == -2 ? NULL : qv_raise(qi, &qv_exc_ValueError, "value not found in bytearray");
    }
    return splice(qi, self, i, i + 1, NULL, 0) < 0 ? NULL : QV_NONE;
}

QV_BYTEARRAY_METHOD(reverse)
{
    (void)args;
    (void)nargs;
    QvByteArray *b = self_of(self);
    for (QvSsize i = 0, k = b->len - 1; i < k; i++, k--) {
        if (qv_stop_step(qi, i) < 0) {
            return NULL;
        }
        uint8_t c = b->data[i];
        b->data[i] = b->data[k];
        b->data[k] = c;
    }
    return QV_NONE;
}

static QvObj *reduce(QvInterp *qi, QvObj *self, int64_t proto)
{
    QvSsize n;
    QvObj *content = NULL;
    QvObj *init = NULL;
    QvObj *ret = NULL;
    QvObj *state = qv_call_method0(qi, self, QV_N(__getstate__));
    if (state == NULL) {
        return NULL;
    }
    // Only now: __getstate__ may have changed the contents.
    const uint8_t *p = qv_bytes_span(self, &n);
    if (n == 0) {
        init = qv_new_ref(qi, QV_EMPTY_TUPLE);
    } else if (proto < 3) {
        content = qv_str_from_units(qi, p, QV_STR_1, n);
        QvObj *encoding = qv_str_new_ascii(qi, "latin-1", 7);
        init = qv_tuple_of(qi, 2, content, encoding);
        qv_xdecref(qi, encoding);
    } else {
        content = qv_bytes_new(qi, p, n);
        init = qv_tuple_of(qi, 1, content);
    }
    if (init != NULL) {
        ret = qv_tuple_of(qi, 3, (QvObj *)self->type, init, state);
    }
    qv_xdecref(qi, content);
    qv_xdecref(qi, init);
    qv_decref(qi, state);
    return ret;
}

QV_BYTEARRAY_METHOD(reduce)
{
    (void)args;
    (void)nargs;
    return reduce(qi, self, 2);
}

QV_BYTEARRAY_METHOD(reduce_ex)
{
    (void)nargs;
    int64_t proto = 0;
    if (args[0] != NULL && qv_int_to_i64(qi, args[0], &proto) < 0) {
        return NULL;
    }
    return reduce(qi, self, proto);
}

QV_SEALED QvType qv_bytearray_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "bytearray",
    .id = QV_TID_bytearray,
    .flags = QV_T_BASE | QV_T_IMMUTABLE | QV_T_MATCH_SELF,
    .size = sizeof(QvByteArray),
    .base = &qv_object_type,
    .doc = "bytearray(iterable_of_ints) -> bytearray\n"
           "bytearray(string, encoding[, errors]) -> bytearray\n"
           "bytearray(bytes_or_buffer) -> mutable copy\n"
           "bytearray(int) -> zero bytes of that number\nbytearray() -> empty bytearray",
    .methods = qv_bytearray_method_table,
    .new_ = bytearray_new,
    .init = bytearray_init,
    .fini = bytearray_fini,
    .repr = bytearray_repr,
    .str = bytearray_str,
    .hash = qv_hash_not_implemented,
    .richcmp = bytearray_richcmp,
    .iter = bytearray_iter,
    .mod = bytearray_mod,
    .len = bytearray_len,
    .getitem = bytearray_getitem,
    .setitem = bytearray_setitem,
    .contains = bytearray_contains,
    .concat = bytearray_concat,
    .repeat = bytearray_repeat,
    .inplace_concat = bytearray_inplace_concat,
    .inplace_repeat = bytearray_inplace_repeat,
    .buffer = bytearray_buffer,
    .buffer_release = bytearray_buffer_release,
};
