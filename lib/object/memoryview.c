// SPDX-License-Identifier: MIT
// memoryview: a typed, sliced window on another object's memory.
//
// Every view holds an export of its own from the object that owns the memory (`export`), so views
// are released independently. Memory that belongs to no object (qv_memoryview_from_memory) is kept
// by `keeper`. Items are in native byte order: formats of one character, perhaps after '@'.
#include <limits.h>
#include <string.h>

#include "base/hash.h"
#include "object/bytes.h"
#include "object/bytes_methods.h"
#include "object/error.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/slice.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"

#define MAX_DIMS 64

typedef struct View {
    QvObj h;
    QvBufferView export; // what the owner gave; obj NULL when none
    QvObj *keeper;       // of memory without an owner, or NULL
    uint8_t *buf;        // first item
    QvSsize len;         // bytes of all items
    QvSsize itemsize;
    const char *format; // text of the export or static
    QvHash hash;        // -1: not computed
    QvSsize exports;    // buffers given out by this view
    int32_t ndim;
    bool readonly;
    bool released;
    QvSsize dims[]; // ndim lengths, then ndim strides in bytes
} View;

static View *view_of(const QvObj *o) { return (View *)(uintptr_t)o; }
static QvSsize *shape_of(View *v) { return v->dims; }
static QvSsize *strides_of(View *v) { return v->dims + v->ndim; }

static size_t view_size(int ndim) { return sizeof(View) + 2 * (size_t)ndim * sizeof(QvSsize); }
static size_t view_memsize(const QvObj *o) { return view_size(view_of(o)->ndim); }

static int check_released(QvInterp *qi, const View *v)
{
    if (v->released) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "operation forbidden on released memoryview object");
    }
    return 0;
}

// ---- making views -------------------------------------------------------------------------------

static View *view_alloc(QvInterp *qi, int ndim)
{
    View *v = (View *)qv_obj_new_var(qi, &qv_memoryview_type, view_size(ndim));
    if (v != NULL) {
        memset((char *)v + sizeof(QvObj), 0, view_size(ndim) - sizeof(QvObj));
        v->hash = -1;
        v->ndim = ndim;
    }
    return v;
}

// Row-major strides for the shape.
static void set_c_strides(View *v)
{
    QvSsize stride = v->itemsize;
    for (int i = v->ndim - 1; i >= 0; i--) {
        strides_of(v)[i] = stride;
        stride *= shape_of(v)[i];
    }
}

static void set_len(View *v)
{
    v->len = v->itemsize;
    for (int i = 0; i < v->ndim; i++) {
        v->len *= shape_of(v)[i];
    }
}

// A view with the same memory, format and lifetime as v, and its own number of dimensions (shape
// and strides are the caller's to set when the number differs).
static View *view_derive(QvInterp *qi, View *v, int ndim)
{
    View *ret = view_alloc(qi, ndim);
    if (ret == NULL) {
        return NULL;
    }
    ret->released = true; // until the export is there
    if (v->export.obj != NULL) {
        if (qv_buffer_get(qi, v->export.obj, &ret->export, QV_BUF_FULL) < 0) {
            qv_decref(qi, &ret->h);
            return NULL;
        }
    }
    ret->released = false;
    ret->keeper = qv_xnew_ref(qi, v->keeper);
    ret->buf = v->buf;
    ret->len = v->len;
    ret->itemsize = v->itemsize;
    ret->format = v->format;
    ret->readonly = v->readonly;
    if (ndim == v->ndim) {
        memcpy(ret->dims, v->dims, 2 * (size_t)ndim * sizeof(QvSsize));
    }
    return ret;
}

QvObj *qv_memoryview_new(QvInterp *qi, QvObj *o)
{
    if (o->type == &qv_memoryview_type) {
        View *v = view_of(o);
        return check_released(qi, v) < 0 ? NULL : (QvObj *)view_derive(qi, v, v->ndim);
    }
    if (!qv_has_buffer(o)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "memoryview: a bytes-like object is required, not '%.200T'", o);
    }
    QvBufferView got;
    if (qv_buffer_get(qi, o, &got, QV_BUF_FULL) < 0) {
        return NULL;
    }
    View *v = got.ndim > MAX_DIMS ? NULL : view_alloc(qi, got.ndim);
    if (v == NULL) {
        qv_buffer_release(qi, &got);
        return NULL;
    }
    v->export = got;
    v->buf = got.buf;
    v->itemsize = got.itemsize;
    v->format = got.format != NULL ? got.format : "B";
    v->readonly = got.readonly;
    if (got.ndim == 1 && got.shape == NULL) {
        shape_of(v)[0] = got.itemsize > 0 ? got.len / got.itemsize : 0;
    } else if (got.ndim > 0) {
        memcpy(shape_of(v), got.shape, (size_t)got.ndim * sizeof(QvSsize));
    }
    if (got.strides != NULL && got.ndim > 0) {
        memcpy(strides_of(v), got.strides, (size_t)got.ndim * sizeof(QvSsize));
    } else {
        set_c_strides(v);
    }
    set_len(v);
    return &v->h;
}

QvObj *qv_memoryview_from_memory(QvInterp *qi, void *p, QvSsize n, bool readonly, QvObj *keeper)
{
    View *v = view_alloc(qi, 1);
    if (v == NULL) {
        return NULL;
    }
    v->buf = p;
    v->itemsize = 1;
    v->format = "B";
    v->readonly = readonly;
    v->keeper = qv_xnew_ref(qi, keeper);
    shape_of(v)[0] = n;
    set_c_strides(v);
    v->len = n;
    return &v->h;
}

QvObj *qv_memoryview_peek_keeper(QvObj *o, const uint8_t **ret_data, size_t *ret_n)
{
    View *v = view_of(o);
    bool plain = !v->released && v->readonly && v->ndim == 1 && v->itemsize == 1 &&
                 strcmp(v->format, "B") == 0 && (strides_of(v)[0] == 1 || v->len <= 1);
    if (!plain) {
        return NULL;
    }
    *ret_data = v->buf;
    *ret_n = (size_t)v->len;
    return v->keeper;
}

// ---- contiguity and copying ---------------------------------------------------------------------

static bool is_c_contiguous(View *v)
{
    QvSsize stride = v->itemsize;
    for (int i = v->ndim - 1; i >= 0; i--) {
        if (shape_of(v)[i] > 1 && strides_of(v)[i] != stride) {
            return v->len == 0;
        }
        stride *= shape_of(v)[i];
    }
    return true;
}

static bool is_f_contiguous(View *v)
{
    QvSsize stride = v->itemsize;
    for (int i = 0; i < v->ndim; i++) {
        if (shape_of(v)[i] > 1 && strides_of(v)[i] != stride) {
            return v->len == 0;
        }
        stride *= shape_of(v)[i];
    }
    return true;
}

// Copying items one by one. Only a stop is noticed: nothing can release the memory meanwhile.
typedef struct Copying {
    QvInterp *qi;
    View *v;
    int last;      // the dimension that runs fastest
    int step;      // from one dimension to the next faster one
    QvSsize steps; // done, for the polls
    uint8_t *out;
} Copying;

static int copy_items(Copying *c, int dim, const uint8_t *p)
{
    QvSsize n = shape_of(c->v)[dim], stride = strides_of(c->v)[dim];
    if (dim != c->last) {
        for (QvSsize i = 0; i < n; i++) {
            if (copy_items(c, dim + c->step, p + i * stride) < 0) {
                return -1;
            }
        }
        return 0;
    }
    QvSsize size = c->v->itemsize;
    for (QvSsize i = 0; i < n; i++) {
        if (QV_UNLIKELY(qv_stop_step(c->qi, c->steps++) < 0)) {
            return -1;
        }
        if (size == 1) {
            *c->out = p[i * stride];
        } else {
            memcpy(c->out, p + i * stride, (size_t)size);
        }
        c->out += size;
    }
    return 0;
}

static QvObj *view_bytes(QvInterp *qi, View *v, char order)
{
    if (order == 'A') {
        order = is_f_contiguous(v) && !is_c_contiguous(v) ? 'F' : 'C';
    }
    QvObj *ret = qv_bytes_new(qi, NULL, v->len);
    if (ret == NULL || v->len == 0) {
        return ret;
    }
    int r;
    if (v->ndim == 0 || (order == 'C' ? is_c_contiguous(v) : is_f_contiguous(v))) {
        r = qv_units_copy_long(qi, qv_bytes_data(ret), QV_STR_1, v->buf, QV_STR_1, v->len);
    } else {
        int last = v->ndim - 1;
        Copying c = {qi, v, order == 'C' ? last : 0, order == 'C' ? 1 : -1, 0, qv_bytes_data(ret)};
        r = copy_items(&c, order == 'C' ? 0 : last, v->buf);
    }
    if (r < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

QvObj *qv_memoryview_tobytes(QvInterp *qi, QvObj *o)
{
    View *v = view_of(o);
    return check_released(qi, v) < 0 ? NULL : view_bytes(qi, v, 'C');
}

// ---- items --------------------------------------------------------------------------------------

// The one character of a native format, or 0.
static char native_format(const char *format)
{
    if (*format == '@') {
        format++;
    }
    return *format != 0 && strchr("cbB?hHiIlLqQnNfdeP", *format) != NULL && format[1] == 0 ? *format
                                                                                           : 0;
}

static QvSsize format_size(char c)
{
    switch (c) {
    case 'h':
    case 'H':
    case 'e': return 2;
    case 'i':
    case 'I':
    case 'f': return 4;
    case 'l':
    case 'L':
    case 'q':
    case 'Q':
    case 'n':
    case 'N':
    case 'd':
    case 'P': return 8;
    default: return 1;
    }
}

static bool is_signed_format(char c) { return strchr("bhilqn", c) != NULL; }

static double half_to_double(uint16_t h)
{
    int exp = (h >> 10) & 0x1F;
    double frac = h & 0x3FF;
    double v;
    if (exp == 0x1F) {
        v = frac != 0 ? __builtin_nan("") : __builtin_inf();
    } else if (exp == 0) {
        v = __builtin_ldexp(frac, -24);
    } else {
        v = __builtin_ldexp(1024 + frac, exp - 25);
    }
    return (h & 0x8000) != 0 ? -v : v;
}

static QvObj *unpack_item(QvInterp *qi, const char *format, const uint8_t *p)
{
    char c = native_format(format);
    if (c == 0) {
        return qv_raise(qi, &qv_exc_NotImplementedError, "memoryview: format %s not supported",
                        format);
    }
    switch (c) {
    case 'c': return qv_bytes_new(qi, p, 1);
    case '?': return qv_bool(*p != 0);
    case 'f': {
        float v;
        memcpy(&v, p, sizeof v);
        return qv_float_new(qi, (double)v);
    }
    case 'd': {
        double v;
        memcpy(&v, p, sizeof v);
        return qv_float_new(qi, v);
    }
    case 'e': {
        uint16_t v;
        memcpy(&v, p, sizeof v);
        return qv_float_new(qi, half_to_double(v));
    }
    default: return qv_int_from_bytes(qi, p, format_size(c), true, is_signed_format(c));
    }
}

static int invalid(QvInterp *qi, bool type, const char *format)
{
    return qv_raise_int(qi, type ? &qv_exc_TypeError : &qv_exc_ValueError,
                        "memoryview: invalid %s for format '%s'", type ? "type" : "value", format);
}

static int pack_int(QvInterp *qi, const char *format, char c, uint8_t *p, QvObj *value)
{
    QvObj *o = qv_index(qi, value);
    if (o == NULL) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            return invalid(qi, true, format);
        }
        return -1;
    }
    int r;
    if (c == 'P') {
        uint64_t address = qv_int_as_u64_mask(o);
        memcpy(p, &address, sizeof address);
        r = 0;
    } else {
        uint8_t item[8];
        r = qv_int_to_bytes(qi, o, item, format_size(c), true, is_signed_format(c));
        if (r == 0) {
            memcpy(p, item, (size_t)format_size(c));
        } else if (qv_err_matches(qi, &qv_exc_OverflowError)) {
            qv_err_clear(qi);
            r = invalid(qi, false, format);
        }
    }
    qv_decref(qi, o);
    return r;
}

static int pack_item(QvInterp *qi, const char *format, uint8_t *p, QvObj *value)
{
    char c = native_format(format);
    if (c == 0) {
        return qv_raise_int(qi, &qv_exc_NotImplementedError, "memoryview: format %s not supported",
                            format);
    }
    switch (c) {
    case 'c':
        if (!qv_is_bytes(value)) {
            return invalid(qi, true, format);
        }
        if (qv_bytes_len(value) != 1) {
            return invalid(qi, false, format);
        }
        *p = qv_bytes_data(value)[0];
        return 0;
    case '?': {
        int v = qv_is_true(qi, value);
        if (v < 0) {
            return -1;
        }
        *p = (uint8_t)v;
        return 0;
    }
    case 'e':
        return qv_raise_int(qi, &qv_exc_NotImplementedError, "memoryview: format %s not supported",
                            format);
    case 'f':
    case 'd': {
        double v;
        if (qv_as_double(qi, value, &v) < 0) {
            if (qv_err_matches(qi, &qv_exc_TypeError)) {
                qv_err_clear(qi);
                return invalid(qi, true, format);
            }
            return -1;
        }
        if (c == 'd') {
            memcpy(p, &v, sizeof v);
        } else {
            float single = (float)v;
            memcpy(p, &single, sizeof single);
        }
        return 0;
    }
    default: return pack_int(qi, format, c, p, value);
    }
}

// Address of item i of dimension `dim` at p; NULL with IndexError, or with ValueError when the code
// behind the index has released the view.
static uint8_t *item_at(QvInterp *qi, View *v, uint8_t *p, QvSsize i, int dim)
{
    if (check_released(qi, v) < 0) {
        return NULL;
    }
    QvSsize n = shape_of(v)[dim];
    i += i < 0 ? n : 0;
    if (i < 0 || i >= n) {
        qv_raise(qi, &qv_exc_IndexError, "index out of bounds on dimension %d", dim + 1);
        return NULL;
    }
    return p + i * strides_of(v)[dim];
}

static bool is_index(const QvObj *o) { return qv_is_int(o) || o->type->index != NULL; }

// Address of the item a tuple of ints names; NULL with an exception.
static uint8_t *item_at_tuple(QvInterp *qi, View *v, QvObj *key)
{
    QvSsize n = qv_tuple_len(key);
    if (n < v->ndim) {
        qv_raise(qi, &qv_exc_NotImplementedError, "sub-views are not implemented");
        return NULL;
    }
    if (n > v->ndim) {
        qv_raise(qi, &qv_exc_TypeError, "cannot index %d-dimension view with %zd-element tuple",
                 (int)v->ndim, n);
        return NULL;
    }
    uint8_t *p = v->buf;
    for (int d = 0; p != NULL && d < n; d++) {
        QvSsize i;
        if (qv_index_ssize(qi, qv_tuple_peek(key, d), &i, &qv_exc_IndexError) < 0) {
            return NULL;
        }
        p = item_at(qi, v, p, i, d);
    }
    return p;
}

static bool all_indices(QvObj *tuple)
{
    for (QvSsize i = 0; i < qv_tuple_len(tuple); i++) {
        if (!is_index(qv_tuple_peek(tuple, i))) {
            return false;
        }
    }
    return true;
}

static bool all_slices(QvObj *tuple)
{
    for (QvSsize i = 0; i < qv_tuple_len(tuple); i++) {
        if (!qv_is_slice(qv_tuple_peek(tuple, i))) {
            return false;
        }
    }
    return qv_tuple_len(tuple) > 0;
}

// v restricted to a slice of its first dimension.
static View *view_slice(QvInterp *qi, View *v, QvObj *slice)
{
    // Made first: its export keeps the memory when the code behind the indices releases v.
    View *ret = view_derive(qi, v, v->ndim);
    if (ret == NULL) {
        return NULL;
    }
    QvSsize start, stop, step, count;
    if (qv_slice_indices(qi, slice, shape_of(v)[0], &start, &stop, &step, &count) < 0) {
        qv_decref(qi, &ret->h);
        return NULL;
    }
    ret->buf += start * strides_of(v)[0];
    shape_of(ret)[0] = count;
    // Of one item or none the stride does not matter, and step may be huge.
    strides_of(ret)[0] *= count > 1 ? step : 1;
    set_len(ret);
    return ret;
}

static QvObj *invalid_key(QvInterp *qi)
{
    return qv_raise(qi, &qv_exc_TypeError, "memoryview: invalid slice key");
}

static QvObj *view_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    View *v = view_of(o);
    if (check_released(qi, v) < 0) {
        return NULL;
    }
    if (v->ndim == 0) {
        if (qv_is_tuple(key) && qv_tuple_len(key) == 0) {
            return unpack_item(qi, v->format, v->buf);
        }
        if (key == QV_ELLIPSIS) {
            return qv_new_ref(qi, o);
        }
        return qv_raise(qi, &qv_exc_TypeError, "invalid indexing of 0-dim memory");
    }
    if (is_index(key)) {
        QvSsize i;
        if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
            return NULL;
        }
        if (v->ndim != 1) {
            return qv_raise(qi, &qv_exc_NotImplementedError,
                            "multi-dimensional sub-views are not implemented");
        }
        uint8_t *p = item_at(qi, v, v->buf, i, 0);
        return p != NULL ? unpack_item(qi, v->format, p) : NULL;
    }
    if (qv_is_slice(key)) {
        return (QvObj *)view_slice(qi, v, key);
    }
    if (qv_is_tuple(key) && all_indices(key)) {
        uint8_t *p = item_at_tuple(qi, v, key);
        return p != NULL ? unpack_item(qi, v->format, p) : NULL;
    }
    if (qv_is_tuple(key) && all_slices(key)) {
        return qv_raise(qi, &qv_exc_NotImplementedError,
                        "multi-dimensional slicing is not implemented");
    }
    return invalid_key(qi);
}

// self[slice] = value. 0/-1.
static int assign_slice(QvInterp *qi, View *v, QvObj *slice, QvObj *value)
{
    if (v->ndim != 1) {
        return qv_raise_int(qi, &qv_exc_NotImplementedError,
                            "memoryview slice assignments are currently restricted to ndim = 1");
    }
    if (!qv_has_buffer(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "a bytes-like object is required, not '%.100T'",
                            value);
    }
    View *src = view_of(qv_memoryview_new(qi, value));
    if (src == NULL) {
        return -1;
    }
    int r = -1;
    View *dst = view_slice(qi, v, slice);
    if (dst != NULL && check_released(qi, v) == 0) {
        const char *a = *dst->format == '@' ? dst->format + 1 : dst->format;
        const char *b = *src->format == '@' ? src->format + 1 : src->format;
        if (strcmp(a, b) != 0 || dst->itemsize != src->itemsize || src->ndim != 1 ||
            shape_of(dst)[0] != shape_of(src)[0]) {
            qv_raise(qi, &qv_exc_ValueError,
                     "memoryview assignment: lvalue and rvalue have different structures");
        } else if (is_c_contiguous(dst) && is_c_contiguous(src)) {
            r = dst->len > 0 ? qv_units_move_long(qi, dst->buf, src->buf, dst->len) : 0;
        } else {
            // By way of a copy, since the two may overlap.
            QvObj *copy = view_bytes(qi, src, 'C');
            if (copy != NULL) {
                r = 0;
                for (QvSsize i = 0; r == 0 && i < shape_of(dst)[0]; i++) {
                    memcpy(dst->buf + i * strides_of(dst)[0],
                           qv_bytes_data(copy) + i * dst->itemsize, (size_t)dst->itemsize);
                    r = qv_stop_step(qi, i);
                }
                qv_decref(qi, copy);
            }
        }
    }
    if (dst != NULL) {
        qv_decref(qi, &dst->h);
    }
    qv_decref(qi, &src->h);
    return r;
}

static int view_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    View *v = view_of(o);
    if (check_released(qi, v) < 0) {
        return -1;
    }
    if (v->readonly) {
        return qv_raise_int(qi, &qv_exc_TypeError, "cannot modify read-only memory");
    }
    if (value == NULL) {
        return qv_raise_int(qi, &qv_exc_TypeError, "cannot delete memory");
    }
    uint8_t *p = NULL;
    if (v->ndim == 0) {
        if (key != QV_ELLIPSIS && !(qv_is_tuple(key) && qv_tuple_len(key) == 0)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "invalid indexing of 0-dim memory");
        }
        p = v->buf;
    } else if (is_index(key)) {
        QvSsize i;
        if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
            return -1;
        }
        if (v->ndim > 1) {
            return qv_raise_int(qi, &qv_exc_NotImplementedError, "sub-views are not implemented");
        }
        p = item_at(qi, v, v->buf, i, 0);
    } else if (qv_is_slice(key)) {
        return assign_slice(qi, v, key, value);
    } else if (qv_is_tuple(key) && all_indices(key)) {
        p = item_at_tuple(qi, v, key);
    } else if (qv_is_tuple(key) && all_slices(key)) {
        return qv_raise_int(qi, &qv_exc_NotImplementedError,
                            "memoryview slice assignments are currently restricted to ndim = 1");
    } else {
        invalid_key(qi);
    }
    if (p == NULL) {
        return -1;
    }
    uint8_t item[8]; // not at once into memory that the value's Python code may release
    if (pack_item(qi, v->format, item, value) < 0 || check_released(qi, v) < 0) {
        return -1;
    }
    memcpy(p, item, (size_t)v->itemsize);
    return 0;
}

// ---- slots --------------------------------------------------------------------------------------

static QvObj *view_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)type;
    QvObj *object = NULL;
    if (qv_args(qi, "memoryview(object)", args, nargs, kwnames, &object) < 0) {
        return NULL;
    }
    return qv_memoryview_new(qi, object);
}

static void drop_memory(QvInterp *qi, View *v)
{
    if (!v->released) {
        v->released = true;
        if (v->export.obj != NULL) {
            qv_buffer_release(qi, &v->export);
            v->export.obj = NULL;
        }
    }
    qv_clear(qi, &v->keeper);
}

static void view_fini(QvInterp *qi, QvObj *o) { drop_memory(qi, view_of(o)); }

static void view_clear(QvInterp *qi, QvObj *o)
{
    if (view_of(o)->exports == 0) {
        drop_memory(qi, view_of(o));
    }
}

static int view_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    if (!view_of(o)->released) {
        QV_VISIT(view_of(o)->export.obj);
    }
    QV_VISIT(view_of(o)->keeper);
    return 0;
}

static QvObj *view_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, view_of(o)->released ? "<released memory at %p>" : "<memory at %p>",
                         (void *)o);
}

static QvHash view_hash(QvInterp *qi, QvObj *o)
{
    View *v = view_of(o);
    if (v->hash != -1) {
        return v->hash;
    }
    if (check_released(qi, v) < 0) {
        return -1;
    }
    if (!v->readonly) {
        return qv_raise_int(qi, &qv_exc_ValueError, "cannot hash writable memoryview object");
    }
    char c = native_format(v->format);
    if (c != 'B' && c != 'b' && c != 'c') {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "memoryview: hashing is restricted to formats 'B', 'b' or 'c'");
    }
    if (v->export.obj != NULL && qv_hash(qi, v->export.obj) == -1) {
        return -1;
    }
    QvObj *bytes = view_bytes(qi, v, 'C');
    if (bytes == NULL) {
        return -1;
    }
    v->hash = qv_bytes_hash_try(qi, bytes);
    qv_decref(qi, bytes);
    return v->hash;
}

// Items of both from dimension dim on: 1 equal, 0, -1. plain: equal bytes are equal items. *steps
// counts them for the polls.
static int equal_items(QvInterp *qi, View *v, const uint8_t *p, View *w, const uint8_t *q, int dim,
                       bool plain, QvSsize *steps)
{
    if (dim == v->ndim) {
        if (qv_poll_step(qi, ++*steps) < 0) {
            return -1;
        }
        if (plain) {
            return memcmp(p, q, (size_t)v->itemsize) == 0;
        }
        QvObj *a = unpack_item(qi, v->format, p);
        QvObj *b = a != NULL ? unpack_item(qi, w->format, q) : NULL;
        int r = -1;
        if (b != NULL) {
            QvObj *same = qv_compare(qi, a, b, QV_EQ); // no identity: nan differs from itself
            r = same != NULL ? qv_is_true(qi, same) : -1;
            qv_xdecref(qi, same);
        }
        qv_xdecref(qi, a);
        qv_xdecref(qi, b);
        return r;
    }
    for (QvSsize i = 0; i < shape_of(v)[dim]; i++) {
        int r = equal_items(qi, v, p + i * strides_of(v)[dim], w, q + i * strides_of(w)[dim],
                            dim + 1, plain, steps);
        if (r <= 0) {
            return r;
        }
    }
    return 1;
}

static int views_equal(QvInterp *qi, View *v, View *w)
{
    if (v->ndim != w->ndim) {
        return 0;
    }
    for (int i = 0; i < v->ndim; i++) {
        if (shape_of(v)[i] != shape_of(w)[i]) {
            return 0;
        }
        if (shape_of(v)[i] == 0) {
            break;
        }
    }
    char a = native_format(v->format);
    char b = native_format(w->format);
    if (a == 0 || b == 0) { // formats not known here: never equal, as for CPython's unknown ones
        return 0;
    }
    bool plain = a == b && a != 'f' && a != 'd' && a != 'e' && a != '?';
    if (plain && is_c_contiguous(v) && is_c_contiguous(w)) {
        int order = 0;
        return v->len > 0 && qv_units_cmp_long(qi, v->buf, w->buf, v->len, &order) < 0 ? -1
                                                                                       : order == 0;
    }
    QvSsize steps = 0;
    v->exports++; // what a poll runs cannot release them
    w->exports++;
    int r = equal_items(qi, v, v->buf, w, w->buf, 0, plain, &steps);
    v->exports--;
    w->exports--;
    return r;
}

static QvObj *view_richcmp(QvInterp *qi, QvObj *o, QvObj *other, QvCmpOp op)
{
    View *v = view_of(o);
    if (op != QV_EQ && op != QV_NE) {
        return QV_NOTIMPLEMENTED;
    }
    int r;
    if (v->released) {
        r = o == other;
    } else if (other->type == &qv_memoryview_type) {
        r = view_of(other)->released ? 0 : views_equal(qi, v, view_of(other));
    } else {
        if (!qv_has_buffer(other)) {
            return QV_NOTIMPLEMENTED;
        }
        View *w = view_of(qv_memoryview_new(qi, other));
        if (w == NULL) {
            qv_err_clear(qi);
            return QV_NOTIMPLEMENTED;
        }
        r = views_equal(qi, v, w);
        qv_decref(qi, &w->h);
    }
    return r < 0 ? NULL : qv_bool((r != 0) == (op == QV_EQ));
}

static QvSsize view_len(QvInterp *qi, QvObj *o)
{
    View *v = view_of(o);
    if (check_released(qi, v) < 0) {
        return -1;
    }
    return v->ndim == 0 ? 1 : shape_of(v)[0];
}

static QvObj *view_iter(QvInterp *qi, QvObj *o)
{
    View *v = view_of(o);
    if (check_released(qi, v) < 0) {
        return NULL;
    }
    if (v->ndim == 0) {
        return qv_raise(qi, &qv_exc_TypeError, "invalid indexing of 0-dim memory");
    }
    if (v->ndim > 1) {
        return qv_raise(qi, &qv_exc_NotImplementedError,
                        "multi-dimensional sub-views are not implemented");
    }
    return qv_seqiter_new(qi, &qv_memory_iterator_type, o);
}

static int view_buffer(QvInterp *qi, QvObj *o, QvBufferView *ret, unsigned flags)
{
    View *v = view_of(o);
    if (check_released(qi, v) < 0) {
        return -1;
    }
    if ((flags & QV_BUF_WRITABLE) != 0 && v->readonly) {
        return qv_raise_int(qi, &qv_exc_BufferError,
                            "memoryview: underlying buffer is not writable");
    }
    if ((flags & QV_BUF_FULL) == 0 && !is_c_contiguous(v)) {
        return qv_raise_int(qi, &qv_exc_BufferError,
                            "memoryview: underlying buffer is not C-contiguous");
    }
    *ret = (QvBufferView){
        .obj = qv_new_ref(qi, o),
        .buf = v->buf != NULL ? v->buf : (void *)(uintptr_t) "",
        .len = v->len,
        .itemsize = v->itemsize,
        .ndim = v->ndim,
        .readonly = v->readonly,
        .format = v->format,
        .shape = shape_of(v),
        .strides = strides_of(v),
    };
    v->exports++;
    return 0;
}

static void view_buffer_release(QvInterp *qi, QvObj *o, QvBufferView *ret)
{
    (void)qi;
    (void)ret;
    view_of(o)->exports--;
}

// ---- methods ------------------------------------------------------------------------------------

static QvObj *view_release(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    View *v = view_of(self);
    if (!v->released && v->exports > 0) {
        return qv_raise(qi, &qv_exc_BufferError, "memoryview has %zd exported buffer%s", v->exports,
                        v->exports == 1 ? "" : "s");
    }
    drop_memory(qi, v);
    return QV_NONE;
}

static QvObj *view_enter(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return check_released(qi, view_of(self)) < 0 ? NULL : qv_new_ref(qi, self);
}

static QvObj *view_tobytes(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    View *v = view_of(self);
    if (check_released(qi, v) < 0) {
        return NULL;
    }
    char order = 'C';
    if (args[0] != NULL && args[0] != QV_NONE) {
        if (!qv_is_str(args[0])) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "tobytes() argument 'order' must be str or None, not %.50s",
                            qv_arg_type_name(args[0]));
        }
        uint32_t c = qv_str_len(args[0]) == 1 ? qv_str_read(args[0], 0) : 0;
        if (c != 'C' && c != 'F' && c != 'A') {
            return qv_raise(qi, &qv_exc_ValueError, "order must be 'C', 'F' or 'A'");
        }
        order = (char)c;
    }
    return view_bytes(qi, v, order);
}

static QvObj *view_hex(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *bytes = qv_memoryview_tobytes(qi, self);
    if (bytes == NULL) {
        return NULL;
    }
    QvObj *ret = qv_bytes_hex(qi, qv_bytes_data(bytes), qv_bytes_len(bytes), args[0], args[1]);
    qv_decref(qi, bytes);
    return ret;
}

// *steps counts the items for the polls.
static QvObj *list_rows(QvInterp *qi, View *v, int dim, const uint8_t *p, QvSsize *steps)
{
    if (dim == v->ndim) {
        return qv_poll_step(qi, ++*steps) < 0 ? NULL : unpack_item(qi, v->format, p);
    }
    QvSsize n = shape_of(v)[dim];
    QvObj *list = qv_list_new(qi, n);
    for (QvSsize i = 0; list != NULL && i < n; i++) {
        QvObj *item = list_rows(qi, v, dim + 1, p + i * strides_of(v)[dim], steps);
        if (qv_list_append_take(qi, list, item) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

static QvObj *view_tolist(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    View *v = view_of(self);
    if (check_released(qi, v) < 0) {
        return NULL;
    }
    v->exports++; // what a poll runs cannot release it
    QvSsize steps = 0;
    QvObj *ret = list_rows(qi, v, 0, v->buf, &steps);
    v->exports--;
    return ret;
}

static QvObj *view_toreadonly(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    View *v = view_of(self);
    if (check_released(qi, v) < 0) {
        return NULL;
    }
    View *ret = view_derive(qi, v, v->ndim);
    if (ret != NULL) {
        ret->readonly = true;
    }
    return (QvObj *)ret;
}

// The static text of a native format given as a str, or NULL with an exception.
static const char *format_arg(QvInterp *qi, QvObj *o)
{
    static const char known[] = "c\0b\0B\0?\0h\0H\0i\0I\0l\0L\0q\0Q\0n\0N\0f\0d\0e\0P\0"
                                "@c\0@b\0@B\0@?\0@h\0@H\0@i\0@I\0@l\0@L\0@q\0@Q\0@n\0@N\0@f\0@d\0"
                                "@e\0@P\0";
    if (!qv_is_str(o)) {
        qv_raise(qi, &qv_exc_TypeError, "cast() argument 'format' must be str, not %.50s",
                 qv_arg_type_name(o));
        return NULL;
    }
    for (const char *p = known; *p != 0; p += strlen(p) + 1) {
        if (qv_str_eq_ascii(o, p)) {
            return p;
        }
    }
    qv_raise(qi, &qv_exc_ValueError,
             "memoryview: destination format must be a native single character format prefixed "
             "with an optional '@'");
    return NULL;
}

// Sets the shape of a one-dimensional, contiguous view from a list or tuple. 0/-1.
static int set_shape(QvInterp *qi, View *v, QvObj *shape)
{
    QvSsize product = v->itemsize;
    for (int i = 0; i < v->ndim; i++) {
        QvObj *item = qv_is_list(shape) ? qv_list_peek(shape, i) : qv_tuple_peek(shape, i);
        QvSsize n;
        if (!qv_is_int(item)) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "memoryview.cast(): elements of shape must be integers");
        }
        if (qv_int_to_ssize(qi, item, &n) < 0) {
            return -1;
        }
        if (n <= 0) {
            return qv_raise_int(qi, &qv_exc_ValueError,
                                "memoryview.cast(): elements of shape must be integers > 0");
        }
        if (n > PTRDIFF_MAX / product) {
            return qv_raise_int(qi, &qv_exc_ValueError,
                                "memoryview.cast(): product(shape) > SSIZE_MAX");
        }
        product *= n;
        shape_of(v)[i] = n;
    }
    if (product != v->len) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "memoryview: product(shape) * itemsize != buffer size");
    }
    set_c_strides(v);
    return 0;
}

static QvObj *view_cast(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    View *v = view_of(self);
    QvObj *shape = args[1];
    if (check_released(qi, v) < 0) {
        return NULL;
    }
    if (!qv_is_str(args[0])) {
        format_arg(qi, args[0]);
        return NULL;
    }
    if (!is_c_contiguous(v)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "memoryview: casts are restricted to C-contiguous views");
    }
    if ((shape != NULL || v->ndim != 1) && v->len == 0) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "memoryview: cannot cast view with zeros in shape or strides");
    }
    QvSsize ndim = 1;
    if (shape != NULL) {
        if (!qv_is_list(shape) && !qv_is_tuple(shape)) {
            return qv_raise(qi, &qv_exc_TypeError, "shape must be a list or a tuple");
        }
        if (qv_is_list(shape) && qv_list_box(qi, shape) < 0) {
            return NULL;
        }
        ndim = qv_is_list(shape) ? qv_list_len(shape) : qv_tuple_len(shape);
        if (ndim > MAX_DIMS) {
            return qv_raise(qi, &qv_exc_ValueError,
                            "memoryview: number of dimensions must not exceed %d", MAX_DIMS);
        }
        if (v->ndim != 1 && ndim != 1) {
            return qv_raise(qi, &qv_exc_TypeError, "memoryview: cast must be 1D -> ND or ND -> 1D");
        }
    }
    const char *format = format_arg(qi, args[0]);
    if (format == NULL) {
        return NULL;
    }
    char from = native_format(v->format);
    char to = native_format(format);
    if (from == 0) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "memoryview: source format must be a native single character format "
                        "prefixed with an optional '@'");
    }
    if (strchr("bBc", from) == NULL && strchr("bBc", to) == NULL) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "memoryview: cannot cast between two non-byte formats");
    }
    QvSsize itemsize = format_size(to);
    if (v->len % itemsize != 0) {
        return qv_raise(qi, &qv_exc_TypeError, "memoryview: length is not a multiple of itemsize");
    }
    View *ret = view_derive(qi, v, (int)ndim);
    if (ret == NULL) {
        return NULL;
    }
    ret->itemsize = itemsize;
    ret->format = format;
    if (shape == NULL) {
        shape_of(ret)[0] = v->len / itemsize;
        strides_of(ret)[0] = itemsize;
    } else if (set_shape(qi, ret, shape) < 0) {
        qv_decref(qi, &ret->h);
        return NULL;
    }
    return &ret->h;
}

static const QvNativeDef view_methods[] = {
    {"__enter__", view_enter, "($self, /)", NULL},
    {"__exit__", view_release, "($self, type=None, value=None, traceback=None, /)", NULL},
    {"cast", view_cast, "($self, /, format, shape=<unrepresentable>)",
     "A view of the same memory with another format or shape."},
    {"hex", view_hex, "($self, /, sep=<unrepresentable>, bytes_per_sep=1)",
     "The memory as hexadecimal digits, with a separator between groups if one is given."},
    {"release", view_release, "($self, /)", "Lets go of the memory."},
    {"tobytes", view_tobytes, "($self, /, order='C')", "A copy of the memory as bytes."},
    {"tolist", view_tolist, "($self, /)", "The items as a list (of lists)."},
    {"toreadonly", view_toreadonly, "($self, /)", "A read-only view of the same memory."},
    {0},
};

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *get_obj(QvInterp *qi, QvObj *o)
{
    if (check_released(qi, view_of(o)) < 0) {
        return NULL;
    }
    QvObj *obj = view_of(o)->export.obj;
    return obj != NULL ? qv_new_ref(qi, obj) : QV_NONE;
}

static QvObj *get_nbytes(QvInterp *qi, QvObj *o)
{
    return check_released(qi, view_of(o)) < 0 ? NULL : qv_int_from_i64(qi, view_of(o)->len);
}

static QvObj *get_readonly(QvInterp *qi, QvObj *o)
{
    return check_released(qi, view_of(o)) < 0 ? NULL : qv_bool(view_of(o)->readonly);
}

static QvObj *get_itemsize(QvInterp *qi, QvObj *o)
{
    return check_released(qi, view_of(o)) < 0 ? NULL : qv_int_from_i64(qi, view_of(o)->itemsize);
}

static QvObj *get_format(QvInterp *qi, QvObj *o)
{
    return check_released(qi, view_of(o)) < 0 ? NULL : qv_str_new_cstr(qi, view_of(o)->format);
}

static QvObj *get_ndim(QvInterp *qi, QvObj *o)
{
    return check_released(qi, view_of(o)) < 0 ? NULL : qv_int_from_i64(qi, view_of(o)->ndim);
}

static QvObj *int_tuple(QvInterp *qi, const QvSsize *values, int n)
{
    QvObj *tuple = qv_tuple_new(qi, n);
    for (int i = 0; tuple != NULL && i < n; i++) {
        qv_tuple_items(tuple)[i] = qv_int_from_i64(qi, values[i]);
        if (qv_tuple_items(tuple)[i] == NULL) {
            qv_clear(qi, &tuple);
        }
    }
    return tuple;
}

static QvObj *get_shape(QvInterp *qi, QvObj *o)
{
    View *v = view_of(o);
    return check_released(qi, v) < 0 ? NULL : int_tuple(qi, shape_of(v), v->ndim);
}

static QvObj *get_strides(QvInterp *qi, QvObj *o)
{
    View *v = view_of(o);
    return check_released(qi, v) < 0 ? NULL : int_tuple(qi, strides_of(v), v->ndim);
}

static QvObj *get_suboffsets(QvInterp *qi, QvObj *o)
{
    return check_released(qi, view_of(o)) < 0 ? NULL : QV_EMPTY_TUPLE;
}

static QvObj *get_c_contiguous(QvInterp *qi, QvObj *o)
{
    return check_released(qi, view_of(o)) < 0 ? NULL : qv_bool(is_c_contiguous(view_of(o)));
}

static QvObj *get_f_contiguous(QvInterp *qi, QvObj *o)
{
    return check_released(qi, view_of(o)) < 0 ? NULL : qv_bool(is_f_contiguous(view_of(o)));
}

static QvObj *get_contiguous(QvInterp *qi, QvObj *o)
{
    View *v = view_of(o);
    return check_released(qi, v) < 0 ? NULL : qv_bool(is_c_contiguous(v) || is_f_contiguous(v));
}

static const QvGetSet view_getsets[] = {
    {"obj", get_obj, NULL, "The object whose memory it is."},
    {"nbytes", get_nbytes, NULL, "Bytes that the items take in contiguous form."},
    {"readonly", get_readonly, NULL, "Whether the memory is read-only."},
    {"itemsize", get_itemsize, NULL, "Bytes of one item."},
    {"format", get_format, NULL, "Format of the items, as in the struct module."},
    {"ndim", get_ndim, NULL, "Number of dimensions."},
    {"shape", get_shape, NULL, "Length of each dimension."},
    {"strides", get_strides, NULL, "Bytes from one item to the next in each dimension."},
    {"suboffsets", get_suboffsets, NULL, "Always empty."},
    {"c_contiguous", get_c_contiguous, NULL, "Whether the items lie in row-major order."},
    {"f_contiguous", get_f_contiguous, NULL, "Whether the items lie in column-major order."},
    {"contiguous", get_contiguous, NULL, "Whether the items lie without gaps."},
    {0},
};

QV_SEALED QvType qv_memoryview_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "memoryview",
    .id = QV_TID_memoryview,
    .flags = QV_T_GC | QV_T_VAR | QV_T_IMMUTABLE | QV_T_SEQUENCE | QV_T_WEAK,
    .size = sizeof(View),
    .base = &qv_object_type,
    .doc = "memoryview(object)\n--\n\nA window on the memory of an object.",
    .methods = view_methods,
    .getsets = view_getsets,
    .new_ = view_new,
    .fini = view_fini,
    .clear = view_clear,
    .traverse = view_traverse,
    .memsize = view_memsize,
    .repr = view_repr,
    .hash = view_hash,
    .richcmp = view_richcmp,
    .iter = view_iter,
    .len = view_len,
    .getitem = view_getitem,
    .setitem = view_setitem,
    .buffer = view_buffer,
    .buffer_release = view_buffer_release,
};
