// SPDX-License-Identifier: MIT
// The module array: sequences of numbers of one machine type.
//
// While a buffer exists (exports > 0) the block must not move: whatever would change the length
// raises BufferError first. Converting a value may run Python (__index__, __float__), so it happens
// into a local before the place is looked up.
#include "modules/array.h"

#include <string.h>

#include "modules/modules.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/descr.h"
#include "object/error.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list_numbers.h"
#include "object/pack.h"
#include "object/slice.h"
#include "object/str_units.h"
#include "object/tuple.h"

static const QvArrayKind kinds[] = {
    {'b', "b", 1, QV_ARRAY_SIGNED},   {'B', "B", 1, QV_ARRAY_UNSIGNED},
    {'u', "w", 4, QV_ARRAY_CHAR},     {'h', "h", 2, QV_ARRAY_SIGNED},
    {'H', "H", 2, QV_ARRAY_UNSIGNED}, {'i', "i", 4, QV_ARRAY_SIGNED},
    {'I', "I", 4, QV_ARRAY_UNSIGNED}, {'l', "l", 8, QV_ARRAY_SIGNED},
    {'L', "L", 8, QV_ARRAY_UNSIGNED}, {'q', "q", 8, QV_ARRAY_SIGNED},
    {'Q', "Q", 8, QV_ARRAY_UNSIGNED}, {'f', "f", 4, QV_ARRAY_FLOAT},
    {'d', "d", 8, QV_ARRAY_FLOAT},
};

const QvArrayKind *qv_array_kind(uint32_t code)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        if ((uint8_t)kinds[k].code == code) {
            return &kinds[k];
        }
    }
    return NULL;
}

// ---- items --------------------------------------------------------------------------------------

QvObj *qv_array_get(QvInterp *qi, const QvArrayKind *kind, const uint8_t *p)
{
    uint64_t bits = 0;
    memcpy(&bits, p, kind->size); // little-endian machine
    int shift = 64 - 8 * kind->size;
    switch ((QvArrayForm)kind->form) {
    case QV_ARRAY_SIGNED: return qv_int_from_i64(qi, (int64_t)(bits << shift) >> shift);
    case QV_ARRAY_UNSIGNED: return qv_int_from_u64(qi, bits);
    case QV_ARRAY_CHAR:
        return bits > 0x10ffff
                   ? qv_raise(qi, &qv_exc_ValueError,
                              "character U+%x is not in range [U+0000; U+10ffff]", (unsigned)bits)
                   : qv_str_from_char(qi, (uint32_t)bits);
    case QV_ARRAY_FLOAT: break;
    }
    float single;
    double d;
    memcpy(&single, p, 4);
    memcpy(&d, &bits, 8);
    return qv_float_new(qi, kind->size == 8 ? d : (double)single);
}

// The messages of the conversions that CPython uses: first that of a wider C type, then its own.
static int put_overflow(QvInterp *qi, const QvArrayKind *kind, QvObj *n, int64_t v, bool fits)
{
    bool negative = qv_int_sign(n) < 0;
    const char *what = NULL;
    switch (kind->code) {
    case 'b':
        what = fits && v == (int16_t)v ? "signed char" : fits ? "signed short integer" : NULL;
        break;
    case 'B': what = fits ? "unsigned byte integer" : NULL; break;
    case 'h': what = fits ? "signed short integer" : NULL; break;
    case 'H':
        what = fits && v == (int32_t)v ? "unsigned short" : fits ? "signed integer" : NULL;
        break;
    case 'i': what = fits ? "signed integer" : NULL; break;
    case 'I':
    case 'L':
        if (negative) {
            return qv_raise_int(qi, &qv_exc_OverflowError,
                                "can't convert negative value to unsigned int");
        }
        if (qv_int_bit_length(n) <= 64) {
            what = "unsigned int";
            break;
        }
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "Python int too large to convert to C unsigned long");
    case 'q': return qv_raise_int(qi, &qv_exc_OverflowError, "int too big to convert");
    case 'Q':
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            negative ? "can't convert negative int to unsigned"
                                     : "int too big to convert");
    default: break;
    }
    return what ? qv_raise_int(qi, &qv_exc_OverflowError, "%s is %s", what,
                               negative ? "less than minimum" : "greater than maximum")
                : qv_raise_int(qi, &qv_exc_OverflowError,
                               "Python int too large to convert to C long");
}

int qv_array_put(QvInterp *qi, const QvArrayKind *kind, uint8_t *p, QvObj *o)
{
    if (kind->form == QV_ARRAY_CHAR) {
        if (!qv_is_str(o) || qv_str_len(o) != 1) {
            return qv_raise_int(qi, &qv_exc_TypeError, "array item must be unicode character");
        }
        uint32_t c = qv_str_read(o, 0);
        memcpy(p, &c, sizeof c);
        return 0;
    }
    if (kind->form == QV_ARRAY_FLOAT) {
        double d;
        if (qv_as_double(qi, o, &d) < 0) {
            return -1;
        }
        float f = (float)d;
        memcpy(p, kind->size == 8 ? (void *)&d : (void *)&f, kind->size);
        return 0;
    }
    QvObj *n = qv_is_int(o) ? qv_new_ref(qi, o) : qv_index(qi, o);
    if (!n) {
        return -1;
    }
    int64_t v;
    bool fits = qv_int_as_i64(n, &v) == 1, good;
    int bits = 8 * kind->size;
    if (kind->form == QV_ARRAY_SIGNED) {
        good = fits && (bits == 64 || v == (int64_t)((uint64_t)v << (64 - bits)) >> (64 - bits));
    } else if (bits == 64) {
        good = qv_int_sign(n) >= 0 && qv_int_bit_length(n) <= 64;
    } else {
        good = fits && v >= 0 && v >> bits == 0;
    }
    uint64_t low = qv_int_as_u64_mask(n);
    int status = good ? 0 : put_overflow(qi, kind, n, v, fits);
    qv_decref(qi, n);
    if (good) {
        memcpy(p, &low, kind->size);
    }
    return status;
}

// ---- memory -------------------------------------------------------------------------------------

int qv_array_resize(QvInterp *qi, QvArray *a, QvSsize n)
{
    if (a->exports > 0 && n != a->len) {
        return qv_raise_int(qi, &qv_exc_BufferError,
                            "cannot resize an array that is exporting buffers");
    }
    QvSsize size = a->kind->size;
    if (n == a->len) {
        return 0;
    }
    if (n > a->cap || n < a->cap / 4) {
        QvSsize cap = n > a->len && a->len ? n + (n >> 4) + (n < 8 ? 3 : 7) : n, bytes;
        if (__builtin_mul_overflow(cap, size, &bytes)) {
            qv_raise_oom(qi);
            return -1;
        }
        if (cap == 0) {
            qv_free(qi, a->items, (size_t)(a->cap * size));
            a->items = NULL;
        } else {
            uint8_t *p = a->items ? qv_realloc(qi, a->items, (size_t)(a->cap * size), (size_t)bytes)
                                  : qv_alloc(qi, (size_t)bytes);
            if (!p) {
                return -1;
            }
            a->items = p;
        }
        a->cap = cap;
    }
    a->len = n;
    return 0;
}

size_t qv_array_item_size(char code)
{
    const QvArrayKind *kind = qv_array_kind((uint8_t)code);
    return kind ? kind->size : 0;
}

void qv_array_block(QvObj *o, QvArrayBlock *ret)
{
    const QvArray *a = qv_as_array(o);
    *ret = (QvArrayBlock){.items = a->items,
                          .used = (size_t)(a->len * a->kind->size),
                          .room = (size_t)(a->cap * a->kind->size),
                          .exported = a->exports > 0,
                          .code = a->kind->code};
}

QvObj *qv_array_from_block(QvInterp *qi, const QvArrayBlock *block)
{
    const QvArrayKind *kind = qv_array_kind((uint8_t)block->code);
    if (!kind || block->used % kind->size || block->room % kind->size) {
        return qv_raise(qi, &qv_exc_ValueError, "bad message: a block that is no array");
    }
    QvObj *o = qv_array_new(qi, &qv_array_type, kind, 0);
    if (o) {
        qv_as_array(o)->items = block->items;
        qv_as_array(o)->len = (QvSsize)(block->used / kind->size);
        qv_as_array(o)->cap = (QvSsize)(block->room / kind->size);
    }
    return o;
}

QvObj *qv_array_new(QvInterp *qi, QvType *type, const QvArrayKind *kind, QvSsize n)
{
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        qv_as_array(o)->kind = kind;
        if (qv_array_resize(qi, qv_as_array(o), n) < 0) {
            qv_clear(qi, &o);
        } else if (n) {
            if (qv_units_fill_long(qi, qv_as_array(o)->items, QV_STR_1, n * kind->size, 0) < 0) {
                qv_clear(qi, &o);
            }
        }
    }
    return o;
}

static uint8_t *at(const QvArray *a, QvSsize i) { return a->items + i * a->kind->size; }

static void array_fini(QvInterp *qi, QvObj *o)
{
    QvArray *a = qv_as_array(o);
    if (a->items) {
        qv_free(qi, a->items, (size_t)(a->cap * a->kind->size));
    }
    a->items = NULL;
    a->len = a->cap = 0;
}

int qv_array_append_bytes(QvInterp *qi, QvArray *a, const void *p, QvSsize bytes)
{
    QvSsize size = a->kind->size, old = a->len, n = bytes / size;
    if (bytes % size) {
        return qv_raise_int(qi, &qv_exc_ValueError, "bytes length not a multiple of item size");
    }
    if (n == 0) {
        return 0;
    }
    if (n > PTRDIFF_MAX / size - old) {
        qv_raise_oom(qi);
        return -1;
    }
    bool own = (const uint8_t *)p == a->items; // a += a
    if (qv_array_resize(qi, a, old + n) < 0) {
        return -1;
    }
    if (qv_units_copy_long(qi, at(a, old), QV_STR_1, own ? a->items : p, QV_STR_1, bytes) < 0) {
        a->len = old;
        return -1;
    }
    return 0;
}

// Replaces [lo, hi) by n items, which are left as they are. 0/-1: a stop on the way leaves the
// items from lo on undefined (but never memory that was not theirs).
static int splice(QvInterp *qi, QvArray *a, QvSsize lo, QvSsize hi, QvSsize n)
{
    QvSsize size = a->kind->size, tail = a->len - hi, old = a->len;
    if (n == hi - lo) {
        return 0;
    }
    if (a->exports > 0) {
        return qv_raise_int(qi, &qv_exc_BufferError,
                            "cannot resize an array that is exporting buffers");
    }
    if (n < hi - lo && tail && qv_units_move_long(qi, at(a, lo + n), at(a, hi), tail * size) < 0) {
        return -1;
    }
    if (n > PTRDIFF_MAX / size - old || qv_array_resize(qi, a, old + n - (hi - lo)) < 0) {
        if (!qv_err_occurred(qi)) {
            qv_raise_oom(qi);
        }
        return -1;
    }
    if (n > hi - lo && tail && qv_units_move_long(qi, at(a, lo + n), at(a, hi), tail * size) < 0) {
        a->len = old;
        return -1;
    }
    return 0;
}

static int append(QvInterp *qi, QvArray *a, QvObj *v)
{
    uint8_t item[8];
    if (qv_array_put(qi, a->kind, item, v) < 0 || qv_array_resize(qi, a, a->len + 1) < 0) {
        return -1;
    }
    memcpy(at(a, a->len - 1), item, a->kind->size);
    return 0;
}

// The kind of a packed list with the same numbers. False: there is none.
static bool num_kind_of(const QvArrayKind *kind, QvNumKind *ret)
{
    const char *found = strchr("bhilqd", kind->code);
    if (!found || kind->code == 0) {
        return false;
    }
    *ret = kind->code == 'd' ? QV_NUM_F64 : (QvNumKind)__builtin_ctz(kind->size);
    return true;
}

// Appends the numbers of a packed list as they are in memory: 1; 0: they are of another kind, or
// the array's block may not move; -1.
static int extend_by_numbers(QvInterp *qi, QvArray *a, QvObj *list)
{
    QvNumKind kind;
    QvSsize old = a->len, n = qv_list_len(list);
    if (!num_kind_of(a->kind, &kind) || kind != qv_numbers_of(list)->kind || a->exports > 0) {
        return 0;
    }
    if (qv_array_resize(qi, a, old + n) < 0) {
        return -1;
    }
    for (QvSsize from = 0, to; from < n; from = to) {
        if ((to = qv_stop_slice(qi, from, n)) < 0) {
            a->len = old;
            return -1;
        }
        memcpy(at(a, old + from), qv_numbers_place(qv_numbers_of(list), from),
               qv_num_bytes(kind, to - from));
    }
    return 1;
}

static int extend(QvInterp *qi, QvArray *a, QvObj *o)
{
    if (qv_is_list_exact(o) && qv_list_is_packed(o)) {
        int done = extend_by_numbers(qi, a, o);
        if (done != 0) {
            return done < 0 ? -1 : 0;
        }
    }
    if (qv_is_array(o)) {
        QvArray *b = qv_as_array(o);
        if (a->kind != b->kind) {
            return qv_raise_int(qi, &qv_exc_TypeError, "can only extend with array of same kind");
        }
        return qv_array_append_bytes(qi, a, b->items, b->len * b->kind->size);
    }
    QvObj *it = qv_iter(qi, o), *x;
    int status = it ? 0 : -1;
    for (QvSsize i = 0; status == 0 && (x = qv_next(qi, it)) != NULL; i++) {
        status = append(qi, a, x);
        qv_decref(qi, x);
        status = status == 0 ? qv_poll_step(qi, i) : status;
    }
    qv_xdecref(qi, it);
    return status < 0 || qv_err_occurred(qi) ? -1 : 0;
}

// Appends the characters of a str to an array of kind 'u'. 0/-1.
static int append_text(QvInterp *qi, QvArray *a, QvObj *s)
{
    QvSsize n = qv_str_len(s), old = a->len;
    if (n && qv_array_resize(qi, a, old + n) < 0) {
        return -1;
    }
    for (QvSsize i = 0; i < n; i++) {
        uint32_t c = qv_str_read(s, i);
        memcpy(at(a, old + i), &c, sizeof c);
        if (qv_stop_step(qi, i) < 0) {
            a->len = old + i;
            return -1;
        }
    }
    return 0;
}

// ---- making -------------------------------------------------------------------------------------

static int fill_new(QvInterp *qi, QvArray *a, QvObj *from)
{
    if (qv_is_str(from)) {
        return append_text(qi, a, from);
    }
    if (qv_is_bytes(from) || qv_is_bytearray(from)) {
        bool bytes = qv_is_bytes(from);
        return qv_array_append_bytes(qi, a,
                                     bytes ? qv_bytes_data(from) : ((QvByteArray *)from)->data,
                                     bytes ? qv_bytes_len(from) : ((QvByteArray *)from)->len);
    }
    if (qv_is_array(from) && qv_as_array(from)->kind == a->kind) {
        return extend(qi, a, from);
    }
    QvObj *items = qv_is_array(from) ? qv_to_list(qi, from) : qv_new_ref(qi, from);
    int status = items ? extend(qi, a, items) : -1;
    qv_xdecref(qi, items);
    return status;
}

static QvObj *array_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    if (type->init == qv_array_type.init && kwnames && qv_tuple_len(kwnames)) {
        return qv_raise(qi, &qv_exc_TypeError, "array.array() takes no keyword arguments");
    }
    if (nargs < 1 || nargs > 2) {
        return qv_raise(qi, &qv_exc_TypeError, "array() takes at %s %d argument%s (%zd given)",
                        nargs < 1 ? "least" : "most", nargs < 1 ? 1 : 2, nargs < 1 ? "" : "s",
                        nargs);
    }
    if (!qv_is_str(args[0]) || qv_str_len(args[0]) != 1) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "array() argument 1 must be a unicode character, not %.50T", args[0]);
    }
    uint32_t code = qv_str_read(args[0], 0);
    QvObj *from = nargs > 1 ? args[1] : NULL;
    if (from && code != 'u') {
        if (qv_is_str(from)) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "cannot use a str to initialize an array with typecode '%c'",
                            (int)code);
        }
        if (qv_is_array(from) && qv_as_array(from)->kind->code == 'u') {
            return qv_raise(qi, &qv_exc_TypeError,
                            "cannot use a unicode array to initialize an array with typecode '%c'",
                            (int)code);
        }
    }
    const QvArrayKind *kind = qv_array_kind(code);
    if (!kind) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "bad typecode (must be b, B, u, h, H, i, I, l, L, q, Q, f or d)");
    }
    if (qv_audit_on(qi) && qv_audit(qi, "array.__new__", "OO", args[0], from) < 0) {
        return NULL;
    }
    QvObj *o = qv_array_new(qi, type, kind, 0);
    if (o && from && fill_new(qi, qv_as_array(o), from) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

static QvObj *copy_of(QvInterp *qi, const QvArray *a, QvSsize lo, QvSsize n)
{
    QvObj *o = qv_array_new(qi, &qv_array_type, a->kind, n);
    if (o && n &&
        qv_units_copy_long(qi, qv_as_array(o)->items, QV_STR_1, at(a, lo), QV_STR_1,
                           n * a->kind->size) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

// ---- methods ------------------------------------------------------------------------------------

#define METHOD(name) \
    static QvObj *array_##name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)

METHOD(append)
{
    (void)nargs;
    return append(qi, qv_as_array(self), args[0]) < 0 ? NULL : QV_NONE;
}
METHOD(extend)
{
    (void)nargs;
    return extend(qi, qv_as_array(self), args[0]) < 0 ? NULL : QV_NONE;
}
METHOD(copy)
{
    (void)args, (void)nargs;
    return copy_of(qi, qv_as_array(self), 0, qv_as_array(self)->len);
}

METHOD(buffer_info)
{
    (void)args, (void)nargs;
    QvArray *a = qv_as_array(self);
    QvObj *address = qv_int_from_u64(qi, (uintptr_t)a->items);
    QvObj *n = address ? qv_int_from_i64(qi, a->len) : NULL;
    QvObj *ret = n ? qv_tuple_of(qi, 2, address, n) : NULL;
    qv_xdecref(qi, address);
    qv_xdecref(qi, n);
    return ret;
}

METHOD(byteswap)
{
    (void)args, (void)nargs;
    QvArray *a = qv_as_array(self);
    for (QvSsize i = 0; i < a->len; i++) {
        uint8_t *p = at(a, i);
        if (qv_stop_step(qi, i) < 0) {
            return NULL;
        }
        for (int k = 0, j = a->kind->size - 1; k < j; k++, j--) {
            uint8_t b = p[k];
            p[k] = p[j];
            p[j] = b;
        }
    }
    return QV_NONE;
}

// The first index in [start, stop) whose item equals v; -1 none, -2 exception.
static QvSsize find(QvInterp *qi, QvArray *a, QvObj *v, QvSsize start, QvSsize stop)
{
    for (QvSsize i = start; i < stop && i < a->len; i++) {
        QvObj *item = qv_array_get(qi, a->kind, at(a, i));
        int same = item ? qv_item_eq(qi, item, v) : -1;
        qv_xdecref(qi, item);
        if (same < 0 || qv_poll_step(qi, i) < 0) {
            return -2;
        }
        if (same) {
            return i;
        }
    }
    return -1;
}

METHOD(count)
{
    (void)nargs;
    QvSsize n = 0, i = 0;
    while ((i = find(qi, qv_as_array(self), args[0], i, PTRDIFF_MAX)) >= 0) {
        n++;
        i++;
    }
    return i == -2 ? NULL : qv_int_from_i64(qi, n);
}

METHOD(index)
{
    (void)nargs;
    QvArray *a = qv_as_array(self);
    QvSsize start = 0, stop = PTRDIFF_MAX;
    if ((args[1] && qv_slice_position(qi, args[1], &start) < 0) ||
        (args[2] && qv_slice_position(qi, args[2], &stop) < 0)) {
        return NULL;
    }
    start += start < 0 ? a->len : 0;
    stop += stop < 0 ? a->len : 0;
    QvSsize i = find(qi, a, args[0], start < 0 ? 0 : start, stop);
    return i >= 0    ? qv_int_from_i64(qi, i)
           : i == -1 ? qv_raise(qi, &qv_exc_ValueError, "array.index(x): x not in array")
                     : NULL;
}

METHOD(remove)
{
    (void)nargs;
    QvArray *a = qv_as_array(self);
    QvSsize i = find(qi, a, args[0], 0, PTRDIFF_MAX);
    if (i == -1) {
        return qv_raise(qi, &qv_exc_ValueError, "array.remove(x): x not in array");
    }
    return i < 0 || i >= a->len || splice(qi, a, i, i + 1, 0) < 0 ? NULL : QV_NONE;
}

METHOD(pop)
{
    (void)nargs;
    QvArray *a = qv_as_array(self);
    QvSsize i = -1;
    if (args[0] && qv_index_ssize(qi, args[0], &i, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (a->len == 0) {
        return qv_raise(qi, &qv_exc_IndexError, "pop from empty array");
    }
    i += i < 0 ? a->len : 0;
    if (i < 0 || i >= a->len) {
        return qv_raise(qi, &qv_exc_IndexError, "pop index out of range");
    }
    QvObj *v = qv_array_get(qi, a->kind, at(a, i));
    if (v && splice(qi, a, i, i + 1, 0) < 0) {
        qv_clear(qi, &v);
    }
    return v;
}

METHOD(insert)
{
    (void)nargs;
    QvArray *a = qv_as_array(self);
    uint8_t item[8];
    QvSsize i;
    if (qv_index_ssize(qi, args[0], &i, &qv_exc_OverflowError) < 0 ||
        qv_array_put(qi, a->kind, item, args[1]) < 0) {
        return NULL;
    }
    i += i < 0 ? a->len : 0;
    i = i < 0 ? 0 : i > a->len ? a->len : i;
    if (splice(qi, a, i, i, 1) < 0) {
        return NULL;
    }
    memcpy(at(a, i), item, a->kind->size);
    return QV_NONE;
}

METHOD(reverse)
{
    (void)args, (void)nargs;
    QvArray *a = qv_as_array(self);
    size_t size = a->kind->size;
    uint8_t item[8];
    for (QvSsize i = 0, j = a->len - 1; i < j; i++, j--) {
        if (qv_stop_step(qi, i) < 0) {
            return NULL;
        }
        memcpy(item, at(a, i), size);
        memcpy(at(a, i), at(a, j), size);
        memcpy(at(a, j), item, size);
    }
    return QV_NONE;
}

METHOD(tobytes)
{
    (void)args, (void)nargs;
    QvArray *a = qv_as_array(self);
    return qv_bytes_new(qi, a->items ? (const void *)a->items : "", a->len * a->kind->size);
}

QvObj *qv_array_to_list(QvInterp *qi, QvArray *a)
{
    QvNumKind kind;
    if (a->len >= QV_NUMBERS_MIN && num_kind_of(a->kind, &kind)) {
        QvObj *packed = qv_list_from_numbers(qi, kind, a->items, a->len);
        if (packed || qv_err_occurred(qi)) {
            return packed;
        }
    }
    QvObj *list = qv_list_new(qi, a->len);
    for (QvSsize i = 0; list && i < a->len; i++) {
        if (qv_poll_step(qi, i) < 0 ||
            (i < a->len &&
             qv_list_append_take(qi, list, qv_array_get(qi, a->kind, at(a, i))) < 0)) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

METHOD(tolist)
{
    (void)args, (void)nargs;
    return qv_array_to_list(qi, qv_as_array(self));
}

METHOD(frombytes)
{
    (void)nargs;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    int status = view.itemsize != 1
                     ? qv_raise_int(qi, &qv_exc_TypeError, "a bytes-like object is required")
                     : qv_array_append_bytes(qi, qv_as_array(self), view.buf, view.len);
    qv_buffer_release(qi, &view);
    return status < 0 ? NULL : QV_NONE;
}

METHOD(fromfile)
{
    (void)nargs;
    QvArray *a = qv_as_array(self);
    QvSsize n, bytes;
    if (qv_index_ssize(qi, args[1], &n, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (n < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "negative count");
    }
    if (__builtin_mul_overflow(n, a->kind->size, &bytes)) {
        return qv_raise_oom(qi);
    }
    QvObj *size = qv_int_from_i64(qi, bytes);
    QvObj *data = size ? qv_call_method1(qi, args[0], QV_N(read), size) : NULL;
    qv_xdecref(qi, size);
    if (!data) {
        return NULL;
    }
    int status = -1;
    if (!qv_is_bytes(data)) {
        qv_raise(qi, &qv_exc_TypeError, "read() didn't return bytes");
    } else {
        status = qv_array_append_bytes(qi, a, qv_bytes_data(data), qv_bytes_len(data));
        if (status == 0 && qv_bytes_len(data) != bytes) {
            status = qv_raise_int(qi, &qv_exc_EOFError, "read() didn't return enough bytes");
        }
    }
    qv_decref(qi, data);
    return status < 0 ? NULL : QV_NONE;
}

METHOD(tofile)
{
    (void)nargs;
    const QvSsize step = 64 * 1024;
    for (QvSsize done = 0;; done += step) {
        QvArray *a = qv_as_array(self);
        QvSsize left = a->len * a->kind->size - done;
        if (left <= 0) {
            return QV_NONE;
        }
        QvObj *bytes = qv_bytes_new(qi, a->items + done, left > step ? step : left);
        QvObj *r = bytes ? qv_call_method1(qi, args[0], QV_N(write), bytes) : NULL;
        qv_xdecref(qi, bytes);
        if (!r) {
            return NULL;
        }
        qv_decref(qi, r);
    }
}

METHOD(fromlist)
{
    (void)nargs;
    QvArray *a = qv_as_array(self);
    if (!qv_is_list(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "arg must be list");
    }
    QvSsize n = qv_list_len(args[0]), old = a->len;
    if (n == 0) {
        return QV_NONE;
    }
    if (qv_array_resize(qi, a, old + n) < 0) {
        return NULL;
    }
    memset(at(a, old), 0, (size_t)(n * a->kind->size));
    for (QvSsize i = 0; i < n; i++) {
        uint8_t item[8];
        QvObj *v = qv_list_at(qi, args[0], i);
        int status = v ? qv_array_put(qi, a->kind, item, v) : -1;
        qv_xdecref(qi, v);
        if (status == 0 && (qv_list_len(args[0]) != n || a->len != old + n)) {
            status = qv_raise_int(qi, &qv_exc_RuntimeError, "list changed size during iteration");
        }
        if (status < 0) {
            QvObj *err = qv_err_fetch(qi);
            if (a->len >= old && qv_array_resize(qi, a, old) < 0) {
                qv_err_clear(qi);
            }
            qv_err_restore(qi, err);
            return NULL;
        }
        memcpy(at(a, old + i), item, a->kind->size);
    }
    return QV_NONE;
}

METHOD(fromunicode)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "fromunicode() argument must be str, not %T",
                        args[0]);
    }
    if (qv_as_array(self)->kind->code != 'u') {
        return qv_raise(qi, &qv_exc_ValueError,
                        "fromunicode() may only be called on unicode type arrays");
    }
    return append_text(qi, qv_as_array(self), args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *text_of(QvInterp *qi, const QvArray *a)
{
    for (QvSsize i = 0; i < a->len; i++) {
        uint32_t c;
        memcpy(&c, at(a, i), sizeof c);
        if (c > 0x10ffff) {
            return qv_raise(qi, &qv_exc_ValueError,
                            "character U+%x is not in range [U+0000; U+10ffff]", c);
        }
    }
    return qv_str_new_ucs4(qi, (const uint32_t *)(const void *)a->items, a->len);
}

METHOD(tounicode)
{
    (void)args, (void)nargs;
    return qv_as_array(self)->kind->code == 'u'
               ? text_of(qi, qv_as_array(self))
               : qv_raise(qi, &qv_exc_ValueError,
                          "tounicode() may only be called on unicode type arrays");
}

METHOD(sizeof)
{
    (void)args, (void)nargs;
    QvArray *a = qv_as_array(self);
    return qv_int_from_u64(qi, self->type->size + (size_t)(a->cap * a->kind->size));
}

// ---- slots --------------------------------------------------------------------------------------

static QvSsize array_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_as_array(o)->len;
}

static QvObj *array_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvArray *a = qv_as_array(o);
    if (qv_is_slice(key)) {
        QvSsize start, stop, step;
        if (qv_slice_unpack(qi, key, &start, &stop, &step) < 0) {
            return NULL;
        }
        QvSsize n = qv_slice_adjust(a->len, &start, &stop, step);
        if (step == 1 || n == 0) {
            return copy_of(qi, a, start, n);
        }
        QvObj *ret = qv_array_new(qi, &qv_array_type, a->kind, n);
        for (QvSsize k = 0; ret && k < n; k++) {
            memcpy(at(qv_as_array(ret), k), at(a, start + k * step), a->kind->size);
            if (qv_stop_step(qi, k) < 0) {
                qv_clear(qi, &ret);
            }
        }
        return ret;
    }
    QvSsize i;
    if (!qv_is_int(key) && !key->type->index) {
        return qv_raise(qi, &qv_exc_TypeError, "array indices must be integers");
    }
    if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
        return NULL;
    }
    i += i < 0 ? a->len : 0;
    return i < 0 || i >= a->len ? qv_raise(qi, &qv_exc_IndexError, "array index out of range")
                                : qv_array_get(qi, a->kind, at(a, i));
}

static int set_slice(QvInterp *qi, QvArray *a, QvObj *key, QvObj *value)
{
    QvSsize start, stop, step, need = 0;
    QvObj *copy = NULL;
    if (value) {
        if (!qv_is_array(value)) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "can only assign array (not \"%.200T\") to array slice", value);
        }
        if (qv_as_array(value)->kind != a->kind) {
            return qv_raise_int(qi, &qv_exc_TypeError, "bad argument type for built-in operation");
        }
    }
    if (qv_slice_unpack(qi, key, &start, &stop, &step) < 0) {
        return -1;
    }
    QvSsize n = qv_slice_adjust(a->len, &start, &stop, step);
    if (value) {
        need = qv_as_array(value)->len;
        if (value == &a->h && !(copy = copy_of(qi, a, 0, a->len))) {
            return -1;
        }
        value = copy ? copy : value;
    }
    int status = 0;
    QvSsize size = a->kind->size;
    if (step == 1) {
        stop = start + n;
        status = splice(qi, a, start, stop, need);
        if (status == 0 && need) {
            status = qv_units_move_long(qi, at(a, start), qv_as_array(value)->items, need * size);
        }
    } else if (!value) {
        if (a->exports > 0 && n > 0) {
            return qv_raise_int(qi, &qv_exc_BufferError,
                                "cannot resize an array that is exporting buffers");
        }
        if (step < 0) { // the same items from the left
            start += step * (n - 1);
            step = -step;
        }
        QvSsize to = start;
        for (QvSsize from = start, gone = 0; n > 0 && from < a->len; from++) {
            if (gone < n && from == start + gone * step) {
                gone++;
            } else {
                memmove(at(a, to++), at(a, from), (size_t)size);
            }
            if ((status = qv_stop_step(qi, from)) < 0) {
                break;
            }
        }
        status = status == 0 && n > 0 ? qv_array_resize(qi, a, a->len - n) : status;
    } else if (need != n) {
        status = qv_raise_int(qi, &qv_exc_ValueError,
                              "attempt to assign array of size %zd to extended slice of size %zd",
                              need, n);
    } else {
        for (QvSsize k = 0; status == 0 && k < n; k++) {
            memcpy(at(a, start + k * step), at(qv_as_array(value), k), (size_t)size);
            status = qv_stop_step(qi, k);
        }
    }
    qv_xdecref(qi, copy);
    return status;
}

static int array_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    QvArray *a = qv_as_array(o);
    if (qv_is_slice(key)) {
        return set_slice(qi, a, key, value);
    }
    QvSsize i;
    uint8_t item[8];
    if (!qv_is_int(key) && !key->type->index) {
        return qv_raise_int(qi, &qv_exc_TypeError, "array indices must be integers");
    }
    if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
        return -1;
    }
    i += i < 0 ? a->len : 0;
    if (i < 0 || i >= a->len) {
        return qv_raise_int(qi, &qv_exc_IndexError, "array assignment index out of range");
    }
    if (!value) {
        return splice(qi, a, i, i + 1, 0);
    }
    if (qv_array_put(qi, a->kind, item, value) < 0) {
        return -1;
    }
    if (i >= a->len) { // __index__ shortened it
        return qv_raise_int(qi, &qv_exc_IndexError, "array assignment index out of range");
    }
    memcpy(at(a, i), item, a->kind->size);
    return 0;
}

static int array_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    QvSsize i = find(qi, qv_as_array(o), item, 0, PTRDIFF_MAX);
    return i == -2 ? -1 : i >= 0;
}

static QvObj *array_concat(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_array(w)) {
        return qv_raise(qi, &qv_exc_TypeError, "can only append array (not \"%.200T\") to array",
                        w);
    }
    QvArray *a = qv_as_array(v), *b = qv_as_array(w);
    if (a->kind != b->kind) {
        return qv_raise(qi, &qv_exc_TypeError, "bad argument type for built-in operation");
    }
    QvObj *ret = copy_of(qi, a, 0, a->len);
    if (ret && qv_array_append_bytes(qi, qv_as_array(ret), b->items, b->len * b->kind->size) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *array_iconcat(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_array(w)) {
        return qv_raise(qi, &qv_exc_TypeError, "can only extend array with array (not \"%.200T\")",
                        w);
    }
    return extend(qi, qv_as_array(v), w) < 0 ? NULL : qv_new_ref(qi, v);
}

// Makes a n times as long. 0/-1.
static int repeat(QvInterp *qi, QvArray *a, QvSsize n)
{
    QvSsize old = a->len, total;
    n = n < 0 ? 0 : n;
    if (__builtin_mul_overflow(old, n, &total) || total > PTRDIFF_MAX / a->kind->size) {
        qv_raise_oom(qi);
        return -1;
    }
    if (qv_array_resize(qi, a, total) < 0) {
        return -1;
    }
    for (QvSsize have = old; have < total;) { // doubling, up to a length
        QvSsize from = have % old, more = have - from > total - have ? total - have : have - from;
        more = more > QV_POLL_SLICE ? QV_POLL_SLICE : more;
        memcpy(at(a, have), at(a, from), (size_t)(more * a->kind->size));
        have += more;
        if (qv_stop_here(qi) < 0) {
            a->len = have;
            return -1;
        }
    }
    return 0;
}

static QvObj *array_repeat(QvInterp *qi, QvObj *o, QvSsize n)
{
    QvObj *ret = copy_of(qi, qv_as_array(o), 0, qv_as_array(o)->len);
    if (ret && repeat(qi, qv_as_array(ret), n) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *array_irepeat(QvInterp *qi, QvObj *o, QvSsize n)
{
    return repeat(qi, qv_as_array(o), n) < 0 ? NULL : qv_new_ref(qi, o);
}

static QvObj *array_repr(QvInterp *qi, QvObj *o)
{
    QvArray *a = qv_as_array(o);
    const char *name = qv_type_short_name(o->type);
    if (a->len == 0) {
        return qv_str_format(qi, "%s('%c')", name, a->kind->code);
    }
    QvObj *items = a->kind->code == 'u' ? text_of(qi, a) : qv_array_to_list(qi, a);
    QvObj *ret = items ? qv_str_format(qi, "%s('%c', %R)", name, a->kind->code, items) : NULL;
    qv_xdecref(qi, items);
    return ret;
}

static QvObj *array_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_array(v) || !qv_is_array(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvArray *a = qv_as_array(v), *b = qv_as_array(w);
    if (a->len != b->len && (op == QV_EQ || op == QV_NE)) {
        return qv_bool(op == QV_NE);
    }
    QvSsize i = 0;
    if (a->kind == b->kind && a->kind->form != QV_ARRAY_FLOAT) { // equal bytes, equal items
        while (i < a->len && i < b->len && memcmp(at(a, i), at(b, i), a->kind->size) == 0) {
            if (qv_stop_step(qi, i++) < 0) {
                return NULL;
            }
        }
    }
    for (; i < a->len && i < b->len; i++) {
        QvObj *x = qv_array_get(qi, a->kind, at(a, i));
        QvObj *y = x ? qv_array_get(qi, b->kind, at(b, i)) : NULL;
        int same = y ? qv_compare_bool(qi, x, y, QV_EQ) : -1;
        QvObj *ret = NULL;
        if (same == 0) {
            ret = op == QV_EQ ? QV_FALSE : op == QV_NE ? QV_TRUE : qv_compare(qi, x, y, op);
        }
        qv_xdecref(qi, x);
        qv_xdecref(qi, y);
        if (same <= 0) {
            return ret;
        }
        if (qv_poll_step(qi, i) < 0) {
            return NULL;
        }
    }
    switch (op) {
    case QV_LT: return qv_bool(a->len < b->len);
    case QV_LE: return qv_bool(a->len <= b->len);
    case QV_EQ: return qv_bool(a->len == b->len);
    case QV_NE: return qv_bool(a->len != b->len);
    case QV_GT: return qv_bool(a->len > b->len);
    default: return qv_bool(a->len >= b->len);
    }
}

static int array_buffer(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags)
{
    (void)flags;
    QvArray *a = qv_as_array(o);
    view->obj = qv_new_ref(qi, o);
    view->buf = a->items ? (void *)a->items : (void *)(uintptr_t) "";
    view->len = a->len * a->kind->size;
    view->itemsize = a->kind->size;
    view->ndim = 1;
    view->format = a->kind->format;
    view->shape1 = a->len;
    view->stride1 = a->kind->size;
    a->exports++;
    return 0;
}

static void array_buffer_release(QvInterp *qi, QvObj *o, QvBufferView *view)
{
    (void)qi, (void)view;
    qv_as_array(o)->exports--;
}

static QvObj *get_typecode(QvInterp *qi, QvObj *o)
{
    return qv_str_from_char(qi, (uint8_t)qv_as_array(o)->kind->code);
}
static QvObj *get_itemsize(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, qv_as_array(o)->kind->size);
}

static QvObj *array_iter(QvInterp *qi, QvObj *o)
{
    return qv_seqiter_new(qi, &qv_array_iterator_type, o);
}

static const QvGetSet array_getsets[] = {
    {"typecode", get_typecode, NULL, "the typecode character used to create the array"},
    {"itemsize", get_itemsize, NULL, "the size, in bytes, of one array item"},
    {0},
};

static const QvNativeDef array_methods[] = {
    {"append", array_append, "($self, v, /)", "Append new value v to the end of the array."},
    {"buffer_info", array_buffer_info, "($self, /)",
     "Return a tuple (address, length) giving the current memory address and the length in items "
     "of the buffer used to hold array's contents."},
    {"byteswap", array_byteswap, "($self, /)", "Byteswap all items of the array."},
    {"__copy__", array_copy, "($self, /)", "Return a copy of the array."},
    {"count", array_count, "($self, v, /)", "Return number of occurrences of v in the array."},
    {"__deepcopy__", array_copy, "($self, unused, /)", "Return a copy of the array."},
    {"extend", array_extend, "($self, bb, /)", "Append items to the end of the array."},
    {"fromfile", array_fromfile, "($self, f, n, /)",
     "Read n objects from the file object f and append them to the end of the array."},
    {"fromlist", array_fromlist, "($self, list, /)", "Append items to array from list."},
    {"frombytes", array_frombytes, "($self, buffer, /)",
     "Appends items from the string, interpreting it as an array of machine values, as if it had "
     "been read from a file using the fromfile() method."},
    {"fromunicode", array_fromunicode, "($self, ustr, /)",
     "Extends this array with data from the unicode string ustr."},
    {"index", array_index, "($self, v, start=0, stop=9223372036854775807, /)",
     "Return index of first occurrence of v in the array."},
    {"insert", array_insert, "($self, i, v, /)",
     "Insert a new item v into the array before position i."},
    {"pop", array_pop, "($self, i=-1, /)", "Return the i-th element and delete it from the array."},
    {"__reduce_ex__", qv_array_reduce_ex, "($self, value, /)",
     "Return state information for pickling."},
    {"remove", array_remove, "($self, v, /)", "Remove the first occurrence of v in the array."},
    {"reverse", array_reverse, "($self, /)", "Reverse the order of the items in the array."},
    {"tofile", array_tofile, "($self, f, /)",
     "Write all items (as machine values) to the file object f."},
    {"tolist", array_tolist, "($self, /)",
     "Convert array to an ordinary list with the same items."},
    {"tobytes", array_tobytes, "($self, /)",
     "Convert the array to an array of machine values and return the bytes representation."},
    {"tounicode", array_tounicode, "($self, /)",
     "Extends this array with data from the unicode string ustr."},
    {"__sizeof__", array_sizeof, "($self, /)", "Size of the array in memory, in bytes."},
    {0},
};

QV_SEALED QvType qv_array_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "array.array",
    .id = QV_TID_array,
    .flags = QV_T_BASE | QV_T_WEAK | QV_T_SEQUENCE,
    .base = &qv_object_type,
    .size = sizeof(QvArray),
    .doc = "array(typecode [, initializer]) -> array\n\nReturn a new array whose items are "
           "restricted by typecode, and\ninitialized from the optional initializer value, which "
           "must be a list,\nstring or iterable over elements of the appropriate type.",
    .methods = array_methods,
    .getsets = array_getsets,
    .new_ = array_new,
    .fini = array_fini,
    .repr = array_repr,
    .hash = qv_hash_not_implemented,
    .richcmp = array_richcmp,
    .iter = array_iter,
    .len = array_len,
    .getitem = array_getitem,
    .setitem = array_setitem,
    .contains = array_contains,
    .concat = array_concat,
    .repeat = array_repeat,
    .inplace_concat = array_iconcat,
    .inplace_repeat = array_irepeat,
    .buffer = array_buffer,
    .buffer_release = array_buffer_release,
};

// ---- iterator -----------------------------------------------------------------------------------

static QvObj *iter_next(QvInterp *qi, QvObj *o)
{
    QvSeqIter *it = (QvSeqIter *)o;
    if (!it->seq) {
        return NULL;
    }
    QvArray *a = qv_as_array(it->seq);
    if (it->index < a->len) {
        return qv_array_get(qi, a->kind, at(a, it->index++));
    }
    qv_clear(qi, &it->seq);
    return NULL;
}

static QvObj *iter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvSeqIter *it = (QvSeqIter *)self;
    QvObj *func = qv_iter_builtin(qi, QV_N(iter));
    QvObj *inner = func ? qv_tuple_of(qi, 1, it->seq ? it->seq : QV_EMPTY_TUPLE) : NULL;
    QvObj *index = inner && it->seq ? qv_int_from_i64(qi, it->index) : NULL, *ret = NULL;
    if (inner && !it->seq) {
        ret = qv_tuple_of(qi, 2, func, inner);
    } else if (index) {
        ret = qv_tuple_of(qi, 3, func, inner, index);
    }
    qv_xdecref(qi, func);
    qv_xdecref(qi, inner);
    qv_xdecref(qi, index);
    return ret;
}

static QvObj *iter_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSeqIter *it = (QvSeqIter *)self;
    QvSsize i;
    if (qv_index_ssize(qi, args[0], &i, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (it->seq) {
        QvSsize n = qv_as_array(it->seq)->len;
        it->index = i < 0 ? 0 : i > n ? n : i;
    }
    return QV_NONE;
}

static void iter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((QvSeqIter *)o)->seq); }

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvSeqIter *)o)->seq);
    return 0;
}

static const QvNativeDef iter_methods[] = {
    {"__reduce__", iter_reduce, "($self, /)", "Return state information for pickling."},
    {"__setstate__", iter_setstate, "($self, state, /)", "Set state information for unpickling."},
    {0},
};

QV_SEALED QvType qv_array_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "array.arrayiterator",
    .id = QV_TID_array_iterator,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvSeqIter),
    .methods = iter_methods,
    .fini = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = iter_next,
};

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"_array_reconstructor", qv_array_reconstructor,
     "($module, arraytype, typecode, mformat_code, items, /)",
     "Internal. Used for pickling support."},
    {0},
};

// array.array is a MutableSequence, where there is a standard library. 0/-1.
static int register_abc(QvInterp *qi)
{
    QvObj *abc = qv_import(qi, "collections.abc");
    if (!abc) {
        if (!qv_err_matches(qi, &qv_exc_ImportError)) {
            return -1;
        }
        qv_err_clear(qi);
        return 0;
    }
    QvObj *cls = qv_getattr_cstr(qi, abc, "MutableSequence");
    QvObj *method = cls ? qv_getattr_cstr(qi, cls, "register") : NULL;
    QvObj *r = method ? qv_call1(qi, method, &qv_array_type.h) : NULL;
    qv_decref(qi, abc);
    qv_xdecref(qi, cls);
    qv_xdecref(qi, method);
    qv_xdecref(qi, r);
    return r ? 0 : -1;
}

static int init(QvInterp *qi, QvObj *m)
{
    char codes[sizeof kinds / sizeof *kinds + 1] = "";
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        codes[k] = kinds[k].code;
    }
    return register_abc(qi) < 0 || qv_module_add(qi, m, "array", &qv_array_type.h) < 0 ||
                   qv_module_add(qi, m, "ArrayType", &qv_array_type.h) < 0
               ? -1
               : qv_module_add_str(qi, m, "typecodes", codes);
}

const QvModuleDef qv_module_array = {
    .name = "array",
    .doc = "This module defines an object type which can efficiently represent\nan array of basic "
           "values: characters, integers, floating-point\nnumbers.",
    .functions = functions,
    .init = init,
};
