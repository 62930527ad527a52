// SPDX-License-Identifier: MIT
// The module _struct: values packed into bytes by a format, and unpacked from them.
//
// A format is compiled into items (kind, place, count), which stand in a bytes object: packing may
// run Python (__index__, __bool__), and Python may call __init__ of the same Struct; whoever works
// on items holds the bytes object meanwhile. struct.error and the cache of compiled formats belong
// to the module's state in each interpreter.
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "modules/modules.h"
#include "object/bytes.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"

#define CACHE_MAX 100 // compiled formats that the module keeps

typedef struct State {
    QvObj *error;       // struct.error
    QvObj *cache;       // dict: format -> Struct
    QvObj *last;        // the exact str that was looked up last, or NULL
    QvObj *last_struct; // and its Struct
} State;

typedef enum Kind { PAD, CHAR, INT, UINT, BOOL, HALF, FLOAT, DOUBLE, TEXT, PASCAL, POINTER } Kind;

// One letter: how it is stored natively and in the standard sizes (0: native only).
typedef struct Code {
    char letter;
    uint8_t kind;
    uint8_t native, align; // bytes
    uint8_t standard;      // bytes, never aligned
} Code;

static const Code codes[] = {
    {'x', PAD, 1, 1, 1},     {'b', INT, 1, 1, 1},    {'B', UINT, 1, 1, 1},  {'c', CHAR, 1, 1, 1},
    {'s', TEXT, 1, 1, 1},    {'p', PASCAL, 1, 1, 1}, {'?', BOOL, 1, 1, 1},  {'h', INT, 2, 2, 2},
    {'H', UINT, 2, 2, 2},    {'i', INT, 4, 4, 4},    {'I', UINT, 4, 4, 4},  {'l', INT, 8, 8, 4},
    {'L', UINT, 8, 8, 4},    {'q', INT, 8, 8, 8},    {'Q', UINT, 8, 8, 8},  {'n', INT, 8, 8, 0},
    {'N', UINT, 8, 8, 0},    {'e', HALF, 2, 2, 2},   {'f', FLOAT, 4, 4, 4}, {'d', DOUBLE, 8, 8, 8},
    {'P', POINTER, 8, 8, 0},
};
_Static_assert(sizeof(long) == 8 && sizeof(void *) == 8 && sizeof(int) == 4, "native sizes");
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define NATIVE_BIG false
#else
#define NATIVE_BIG true
#endif

// A run of values of one letter ('s' and 'p': one value of `size` bytes).
typedef struct Item {
    QvSsize offset, size; // bytes; size of one value
    QvSsize repeat;       // values
    char letter;
    uint8_t kind;
    bool big;    // most significant byte first
    bool native; // native size: floats are not checked for overflow
} Item;

typedef struct Struct {
    QvObj h;
    QvObj *items;  // bytes object of Item[]; NULL: __init__ has not run
    QvObj *format; // bytes
    QvSsize size;  // bytes; -1 before __init__
    QvSsize len;   // values; -1 before __init__
} Struct;

static Struct *as_struct(QvObj *o) { return (Struct *)o; }

static QvObj *error_type(QvInterp *qi)
{
    State *s = qv_modules_state(qi, &qv_module__struct);
    return s ? s->error : NULL;
}

// struct.error with a message. Always NULL.
static QvObj *fail(QvInterp *qi, const char *fmt, ...)
{
    QvObj *type = error_type(qi);
    if (type) {
        va_list ap;
        va_start(ap, fmt);
        qv_raise_v(qi, (QvType *)type, fmt, ap);
        va_end(ap);
    }
    return NULL;
}

static int fail_int(QvInterp *qi, const char *text)
{
    fail(qi, "%s", text);
    return -1;
}

// ---- formats ------------------------------------------------------------------------------------

static const Code *find_code(char letter, bool native)
{
    for (size_t k = 0; k < sizeof codes / sizeof *codes; k++) {
        if (codes[k].letter == letter) {
            return native || codes[k].standard ? &codes[k] : NULL;
        }
    }
    return NULL;
}

// Walks a format (NUL-terminated). items NULL: only counts them in *ret_items. 0/-1.
static int walk(QvInterp *qi, const char *s, Item *items, QvSsize *ret_items, QvSsize *ret_size,
                QvSsize *ret_len)
{
    bool native = true, big = NATIVE_BIG;
    switch (*s) {
    case '<': native = false, big = false, s++; break;
    case '>':
    case '!': native = false, big = true, s++; break;
    case '=': native = false, s++; break;
    case '@': s++; break;
    default: break;
    }
    QvSsize n = 0, size = 0, len = 0, steps = 0;
    for (char c; (c = *s++) != 0;) {
        if (qv_stop_step(qi, steps++) < 0) {
            return -1;
        }
        if (isspace((unsigned char)c)) {
            continue;
        }
        QvSsize num = 1;
        if (c >= '0' && c <= '9') {
            num = c - '0';
            while ((c = *s++) >= '0' && c <= '9') {
                if (__builtin_mul_overflow(num, 10, &num) ||
                    __builtin_add_overflow(num, c - '0', &num)) {
                    return fail_int(qi, "total struct size too long");
                }
            }
            if (c == 0) {
                return fail_int(qi, "repeat count given without format specifier");
            }
        }
        const Code *code = find_code(c, native);
        if (!code) {
            return fail_int(qi, "bad char in struct format");
        }
        QvSsize itemsize = native ? code->native : code->standard, bytes;
        QvSsize gap = native && code->align > 1 ? -size & (code->align - 1) : 0;
        if (__builtin_add_overflow(size, gap, &size) ||
            __builtin_mul_overflow(num, itemsize, &bytes)) {
            return fail_int(qi, "total struct size too long");
        }
        bool one = code->kind == TEXT || code->kind == PASCAL;
        if (code->kind != PAD && (one || num > 0)) {
            if (items) {
                items[n] = (Item){.offset = size,
                                  .size = one ? num : itemsize,
                                  .repeat = one ? 1 : num,
                                  .letter = c,
                                  .kind = code->kind,
                                  .big = big,
                                  .native = native};
            }
            n++;
            len += one ? 1 : num;
        }
        if (__builtin_add_overflow(size, bytes, &size)) {
            return fail_int(qi, "total struct size too long");
        }
    }
    *ret_items = n;
    *ret_size = size;
    *ret_len = len;
    return 0;
}

// The format as bytes: str (ASCII) or bytes. New reference.
static QvObj *format_bytes(QvInterp *qi, QvObj *o)
{
    if (qv_is_str(o)) {
        return qv_str_encode(qi, o, "ascii", NULL);
    }
    if (!qv_is_bytes(o)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "Struct() argument 1 must be a str or bytes object, not %.200T", o);
    }
    return qv_new_ref(qi, o);
}

// Makes s what the format says. 0/-1.
static int prepare(QvInterp *qi, Struct *s, QvObj *format)
{
    QvObj *text = format_bytes(qi, format), *items = NULL;
    if (!text) {
        return -1;
    }
    const char *p = (const char *)qv_bytes_data(text);
    QvSsize n, size, len;
    if (strlen(p) != (size_t)qv_bytes_len(text)) {
        fail(qi, "embedded null character");
    } else if (walk(qi, p, NULL, &n, &size, &len) == 0 &&
               (items = qv_bytes_new(qi, NULL, n * (QvSsize)sizeof(Item))) != NULL &&
               walk(qi, p, (Item *)(void *)qv_bytes_data(items), &n, &size, &len) == 0) {
        s->size = size;
        s->len = len;
        qv_set_take(qi, &s->items, items);
        qv_set_take(qi, &s->format, text);
        return 0;
    }
    qv_xdecref(qi, items);
    qv_decref(qi, text);
    return -1;
}

// ---- numbers to bytes ---------------------------------------------------------------------------

static void put(uint8_t *p, uint64_t v, QvSsize size, bool big)
{
    for (QvSsize k = 0; k < size; k++) {
        p[big ? size - 1 - k : k] = (uint8_t)(v >> (8 * k));
    }
}

static uint64_t get(const uint8_t *p, QvSsize size, bool big)
{
    uint64_t v = 0;
    for (QvSsize k = 0; k < size; k++) {
        v |= (uint64_t)p[big ? size - 1 - k : k] << (8 * k);
    }
    return v;
}

// IEEE 754 binary16, ties to even. false: too large.
static bool half_from_double(double x, uint16_t *ret)
{
    unsigned sign = signbit(x) ? 0x8000u : 0, exponent = 0, fraction = 0;
    if (isnan(x)) {
        *ret = (uint16_t)(sign | 0x7e00u);
        return true;
    }
    if (isinf(x)) {
        *ret = (uint16_t)(sign | 0x7c00u);
        return true;
    }
    int e;
    double f = frexp(fabs(x), &e) * 2.0; // in [1, 2), or 0
    e--;
    if (f != 0.0 && e >= -25) {
        if (e >= 16) {
            return false;
        }
        if (e < -14) { // subnormal
            f = ldexp(f, 14 + e);
        } else {
            exponent = (unsigned)(e + 15);
            f -= 1.0;
        }
        f *= 1024.0;
        fraction = (unsigned)f;
        f -= fraction;
        if (f > 0.5 || (f == 0.5 && (fraction & 1))) {
            fraction++; // may carry into the exponent, which is then right too
        }
        if ((exponent << 10) + fraction >= 0x7c00u) {
            return false;
        }
    }
    *ret = (uint16_t)(sign | ((exponent << 10) + fraction));
    return true;
}

static double half_to_double(uint16_t h)
{
    int exponent = h >> 10 & 31, fraction = h & 1023;
    double x;
    if (exponent == 31) {
        x = fraction ? (double)NAN : (double)INFINITY;
    } else if (exponent == 0) {
        x = ldexp(fraction, -24);
    } else {
        x = ldexp(1024 + fraction, exponent - 25);
    }
    return h & 0x8000 ? -x : x;
}

static int range_error(QvInterp *qi, const Item *it)
{
    static const char *const names[] = {"byte", "short"};
    bool is_signed = it->kind == INT;
    if (it->size <= 2) {
        const char *name = names[it->size - 1];
        if (is_signed) {
            fail(qi, "%s format requires %d <= number <= %d", name, -(1 << (8 * it->size - 1)),
                 (1 << (8 * it->size - 1)) - 1);
        } else {
            fail(qi, "u%s format requires 0 <= number <= %d", name, (1 << (8 * it->size)) - 1);
        }
    } else if (is_signed) {
        fail(qi, "'%c' format requires %d <= number <= %d", it->letter, INT32_MIN, INT32_MAX);
    } else {
        fail(qi, "'%c' format requires 0 <= number <= %u", it->letter, UINT32_MAX);
    }
    return -1;
}

// An int object for v (new reference), or struct.error.
static QvObj *integer_of(QvInterp *qi, QvObj *v)
{
    if (qv_is_int(v)) {
        return qv_new_ref(qi, v);
    }
    return v->type->index ? qv_index(qi, v) : fail(qi, "required argument is not an integer");
}

static int pack_int(QvInterp *qi, const Item *it, QvObj *v, uint8_t *p)
{
    QvObj *n = integer_of(qi, v);
    if (!n) {
        return -1;
    }
    int64_t value = 0;
    bool fits = qv_int_as_i64(n, &value) == 1, wide = false;
    if (it->kind == UINT && (it->size >= 4 || (it->size == 2 && it->big != NATIVE_BIG))) {
        // Read as unsigned: up to 64 bits, never negative.
        wide = !fits && qv_int_sign(n) > 0 && qv_int_bit_length(n) == 64;
        fits = wide || (fits && value >= 0);
    }
    uint64_t bits = wide ? qv_int_as_u64_mask(n) : (uint64_t)value;
    qv_decref(qi, n);
    if (!fits) {
        if (it->size == 8 && it->big != NATIVE_BIG) { // CPython converts these byte by byte
            return qv_is_int(v) ? fail_int(qi, "int too large to convert")
                                : qv_raise_int(qi, &qv_exc_OverflowError, "int too big to convert");
        }
        return fail_int(qi, "argument out of range");
    }
    if (it->size < 8) {
        int width = (int)it->size * 8;
        bool good = it->kind == UINT ? bits >> width == 0
                                     : value >= -(INT64_C(1) << (width - 1)) &&
                                           value < INT64_C(1) << (width - 1);
        if (!good) {
            return range_error(qi, it);
        }
    }
    put(p, bits, it->size, it->big);
    return 0;
}

static int pack_pointer(QvInterp *qi, const Item *it, QvObj *v, uint8_t *p)
{
    QvObj *n = integer_of(qi, v);
    if (!n) {
        return -1;
    }
    int64_t value;
    bool fits = qv_int_as_i64(n, &value) == 1 || (qv_int_sign(n) > 0 && qv_int_bit_length(n) == 64);
    uint64_t bits = qv_int_as_u64_mask(n);
    qv_decref(qi, n);
    if (!fits) {
        return qv_is_int(v) ? fail_int(qi, "int too large to convert")
                            : qv_raise_int(qi, &qv_exc_OverflowError,
                                           "Python int too large to convert to C unsigned long");
    }
    put(p, bits, it->size, it->big);
    return 0;
}

static int pack_float(QvInterp *qi, const Item *it, QvObj *v, uint8_t *p)
{
    double x;
    if (qv_as_double(qi, v, &x) < 0) {
        qv_err_clear(qi);
        return fail_int(qi, "required argument is not a float");
    }
    uint64_t bits = 0;
    if (it->kind == DOUBLE) {
        memcpy(&bits, &x, sizeof x);
    } else if (it->kind == FLOAT) {
        float f = (float)x;
        uint32_t b;
        if (isinf(f) && !isinf(x) && !it->native) {
            return qv_is_int(v) ? fail_int(qi, "int too large to convert")
                                : qv_raise_int(qi, &qv_exc_OverflowError,
                                               "float too large to pack with f format");
        }
        memcpy(&b, &f, sizeof f);
        bits = b;
    } else {
        uint16_t half;
        if (!half_from_double(x, &half)) {
            return qv_is_int(v) ? fail_int(qi, "int too large to convert")
                                : qv_raise_int(qi, &qv_exc_OverflowError,
                                               "float too large to pack with e format");
        }
        bits = half;
    }
    put(p, bits, it->size, it->big);
    return 0;
}

static int pack_text(QvInterp *qi, const Item *it, QvObj *v, uint8_t *p)
{
    if (!qv_is_bytes(v) && !qv_is_bytearray(v)) {
        fail(qi, "argument for '%c' must be a bytes object", it->letter);
        return -1;
    }
    bool array = qv_is_bytearray(v);
    const uint8_t *from = array ? ((QvByteArray *)v)->data : qv_bytes_data(v);
    QvSsize n = array ? ((QvByteArray *)v)->len : qv_bytes_len(v);
    QvSsize room = it->kind == PASCAL ? it->size - 1 : it->size;
    if (room < 0) { // "0p": not even the length
        return 0;
    }
    n = n > room ? room : n;
    if (n > 0 &&
        qv_units_copy_long(qi, p + (it->kind == PASCAL), QV_STR_1, from, QV_STR_1, n) < 0) {
        return -1;
    }
    if (it->kind == PASCAL) {
        *p = (uint8_t)(n > 255 ? 255 : n);
    }
    return 0;
}

static int pack_one(QvInterp *qi, const Item *it, QvObj *v, uint8_t *p)
{
    int truth;
    switch ((Kind)it->kind) {
    case CHAR:
        if (!qv_is_bytes(v) || qv_bytes_len(v) != 1) {
            return fail_int(qi, "char format requires a bytes object of length 1");
        }
        *p = qv_bytes_data(v)[0];
        return 0;
    case INT:
    case UINT: return pack_int(qi, it, v, p);
    case POINTER: return pack_pointer(qi, it, v, p);
    case BOOL:
        truth = qv_is_true(qi, v);
        *p = truth > 0;
        return truth < 0 ? -1 : 0;
    case HALF:
    case FLOAT:
    case DOUBLE: return pack_float(qi, it, v, p);
    case TEXT:
    case PASCAL: return pack_text(qi, it, v, p);
    case PAD: break;
    }
    return 0;
}

// Writes s->size bytes at p, zeroed first. The number of arguments is right. 0/-1.
static int pack_all(QvInterp *qi, Struct *s, QvObj *const *args, uint8_t *p)
{
    if (qv_units_fill_long(qi, p, QV_STR_1, s->size, 0) < 0) {
        return -1;
    }
    QvObj *items = qv_new_ref(qi, s->items);
    QvSsize n = qv_bytes_len(items) / (QvSsize)sizeof(Item), k = 0;
    int status = 0;
    for (QvSsize i = 0; i < n && status == 0; i++) {
        const Item *it = (const Item *)(const void *)qv_bytes_data(items) + i;
        uint8_t *at = p + it->offset;
        for (QvSsize j = 0; j < it->repeat && status == 0; j++, at += it->size, k++) {
            status = pack_one(qi, it, args[k], at);
            if (status == 0) {
                status = qv_poll_step(qi, k);
            }
        }
    }
    qv_decref(qi, items);
    return status;
}

static QvObj *unpack_one(QvInterp *qi, const Item *it, const uint8_t *p)
{
    uint64_t bits;
    switch ((Kind)it->kind) {
    case CHAR: return qv_bytes_new(qi, p, 1);
    case INT:
        bits = get(p, it->size, it->big);
        if (it->size < 8) {
            int shift = 64 - 8 * (int)it->size;
            return qv_int_from_i64(qi, (int64_t)(bits << shift) >> shift);
        }
        return qv_int_from_i64(qi, (int64_t)bits);
    case UINT:
    case POINTER: return qv_int_from_u64(qi, get(p, it->size, it->big));
    case BOOL: return qv_bool(*p != 0);
    case HALF: return qv_float_new(qi, half_to_double((uint16_t)get(p, 2, it->big)));
    case FLOAT: {
        uint32_t b = (uint32_t)get(p, 4, it->big);
        float f;
        memcpy(&f, &b, sizeof f);
        return qv_float_new(qi, (double)f);
    }
    case DOUBLE: {
        double x;
        bits = get(p, 8, it->big);
        memcpy(&x, &bits, sizeof x);
        return qv_float_new(qi, x);
    }
    case TEXT: return qv_bytes_new(qi, p, it->size);
    case PASCAL: {
        QvSsize len = it->size > 0 ? *p : 0;
        return qv_bytes_new(qi, p + 1, len >= it->size ? (it->size > 0 ? it->size - 1 : 0) : len);
    }
    case PAD: break;
    }
    return QV_NONE;
}

static QvObj *unpack_all(QvInterp *qi, Struct *s, const uint8_t *p)
{
    QvObj *items = qv_new_ref(qi, s->items), *ret = qv_tuple_new(qi, s->len);
    QvSsize n = qv_bytes_len(items) / (QvSsize)sizeof(Item), k = 0;
    for (QvSsize i = 0; ret && i < n; i++) {
        const Item *it = (const Item *)(const void *)qv_bytes_data(items) + i;
        const uint8_t *at = p + it->offset;
        for (QvSsize j = 0; j < it->repeat; j++, at += it->size, k++) {
            QvObj *v = qv_poll_step(qi, k) < 0 ? NULL : unpack_one(qi, it, at);
            if (!v) {
                qv_clear(qi, &ret);
                break;
            }
            qv_tuple_items(ret)[k] = v;
        }
    }
    qv_decref(qi, items);
    return ret;
}

// ---- Struct -------------------------------------------------------------------------------------

static int struct_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[1];
    if (qv_args(qi, "Struct(format)", args, nargs, kwnames, slots) < 0) {
        return -1;
    }
    return prepare(qi, as_struct(self), slots[0]);
}

static QvObj *struct_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_struct(o)->size = as_struct(o)->len = -1;
    }
    return o;
}

static void struct_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_struct(o)->items);
    qv_clear(qi, &as_struct(o)->format);
}

static QvObj *do_pack(QvInterp *qi, Struct *s, QvObj *const *args, QvSsize nargs)
{
    if (nargs != s->len) {
        return fail(qi, "pack expected %zd items for packing (got %zd)", s->len, nargs);
    }
    QvObj *ret = qv_bytes_new(qi, NULL, s->size);
    if (ret && pack_all(qi, s, args, qv_bytes_data(ret)) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *do_pack_into(QvInterp *qi, Struct *s, QvObj *const *args, QvSsize nargs)
{
    if (s->len < 0 || nargs != s->len + 2) {
        if (nargs == 0) {
            return fail(qi, "pack_into expected buffer argument");
        }
        if (nargs == 1) {
            return fail(qi, "pack_into expected offset argument");
        }
        return fail(qi, "pack_into expected %zd items for packing (got %zd)", s->len, nargs - 2);
    }
    QvBufferView view;
    if (!qv_has_buffer(args[0]) || qv_buffer_get(qi, args[0], &view, QV_BUF_WRITABLE) < 0) {
        if (qv_err_occurred(qi) && !qv_err_matches(qi, &qv_exc_BufferError) &&
            !qv_err_matches(qi, &qv_exc_TypeError)) {
            return NULL;
        }
        qv_err_clear(qi);
        return qv_raise(qi, &qv_exc_TypeError,
                        "argument must be read-write bytes-like object, not %.100T", args[0]);
    }
    QvSsize offset, size = s->size;
    QvObj *ret = NULL;
    if (qv_index_ssize(qi, args[1], &offset, &qv_exc_IndexError) < 0) {
        goto done;
    }
    if (offset < 0) {
        if (offset > -size) {
            fail(qi, "no space to pack %zd bytes at offset %zd", size, offset);
            goto done;
        }
        if (offset + view.len < 0) {
            fail(qi, "offset %zd out of range for %zd-byte buffer", offset, view.len);
            goto done;
        }
        offset += view.len;
    }
    if (view.len - offset < size) {
        fail(qi,
             "pack_into requires a buffer of at least %zu bytes for packing %zd bytes at offset "
             "%zd (actual buffer size is %zd)",
             (size_t)size + (size_t)offset, size, offset, view.len);
        goto done;
    }
    // __init__ may have run meanwhile (by offset.__index__): the length was checked against s.
    if (s->size == size && nargs == s->len + 2 &&
        pack_all(qi, s, args + 2, (uint8_t *)view.buf + offset) == 0) {
        ret = QV_NONE;
    } else if (!qv_err_occurred(qi)) {
        qv_raise(qi, &qv_exc_RuntimeError, "Struct was changed while it was packing");
    }
done:
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *do_unpack(QvInterp *qi, Struct *s, QvObj *buffer)
{
    QvBufferView view;
    if (qv_buffer_get(qi, buffer, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = s->size < 0 || view.len != s->size
                     ? fail(qi, "unpack requires a buffer of %zd bytes", s->size)
                     : unpack_all(qi, s, view.buf);
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *do_unpack_from(QvInterp *qi, Struct *s, QvObj *buffer, QvObj *offset_arg)
{
    QvSsize offset = 0;
    QvBufferView view;
    if (offset_arg && qv_index_ssize(qi, offset_arg, &offset, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (qv_buffer_get(qi, buffer, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (offset < 0) {
        if (offset > -s->size) {
            fail(qi, "not enough data to unpack %zd bytes at offset %zd", s->size, offset);
            goto done;
        }
        if (offset + view.len < 0) {
            fail(qi, "offset %zd out of range for %zd-byte buffer", offset, view.len);
            goto done;
        }
        offset += view.len;
    }
    if (s->size < 0 || view.len - offset < s->size) {
        fail(qi,
             "unpack_from requires a buffer of at least %zu bytes for unpacking %zd bytes at "
             "offset %zd (actual buffer size is %zd)",
             (size_t)s->size + (size_t)offset, s->size, offset, view.len);
        goto done;
    }
    ret = unpack_all(qi, s, (const uint8_t *)view.buf + offset);
done:
    qv_buffer_release(qi, &view);
    return ret;
}

// ---- iter_unpack --------------------------------------------------------------------------------

typedef struct Unpacker {
    QvObj h;
    QvObj *of;         // Struct; NULL: ended
    QvBufferView view; // while `of` is there
    QvSsize index;     // bytes
    QvSsize size;      // of one step
} Unpacker;

static Unpacker *as_unpacker(QvObj *o) { return (Unpacker *)o; }

static QvObj *do_iter_unpack(QvInterp *qi, Struct *s, QvObj *buffer)
{
    if (s->size <= 0) {
        return fail(qi, "cannot iteratively unpack with a struct of length %zd", s->size);
    }
    QvBufferView view;
    if (qv_buffer_get(qi, buffer, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *o = NULL;
    if (view.len % s->size != 0) {
        fail(qi, "iterative unpacking requires a buffer of a multiple of %zd bytes", s->size);
    } else {
        o = qv_obj_new(qi, &qv_struct_unpacker_type);
    }
    if (!o) {
        qv_buffer_release(qi, &view);
        return NULL;
    }
    as_unpacker(o)->of = qv_new_ref(qi, &s->h);
    as_unpacker(o)->view = view;
    as_unpacker(o)->size = s->size;
    return o;
}

static void unpacker_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_unpacker(o)->of);
    qv_buffer_release(qi, &as_unpacker(o)->view);
}

static int unpacker_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_unpacker(o)->of);
    QV_VISIT(as_unpacker(o)->view.obj);
    return 0;
}

static QvObj *unpacker_next(QvInterp *qi, QvObj *o)
{
    Unpacker *u = as_unpacker(o);
    if (!u->of) {
        return NULL;
    }
    Struct *s = as_struct(u->of);
    if (u->index >= u->view.len || s->size != u->size) {
        unpacker_fini(qi, o);
        return NULL;
    }
    const uint8_t *p = (const uint8_t *)u->view.buf + u->index;
    u->index += u->size;
    return unpack_all(qi, s, p);
}

static QvObj *unpacker_hint(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Unpacker *u = as_unpacker(o);
    return qv_int_from_i64(qi, u->of ? (u->view.len - u->index) / u->size : 0);
}

static const QvNativeDef unpacker_methods[] = {
    {"__length_hint__", unpacker_hint, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_struct_unpacker_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_struct.unpack_iterator",
    .id = QV_TID_struct_unpacker,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Unpacker),
    .methods = unpacker_methods,
    .fini = unpacker_fini,
    .clear = unpacker_fini,
    .traverse = unpacker_traverse,
    .iter = qv_iter_self,
    .next = unpacker_next,
};

// ---- methods ------------------------------------------------------------------------------------

static QvObj *struct_pack(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return do_pack(qi, as_struct(self), args, nargs);
}

static QvObj *struct_pack_into(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    return do_pack_into(qi, as_struct(self), args, nargs);
}

static QvObj *struct_unpack(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return do_unpack(qi, as_struct(self), args[0]);
}

static QvObj *struct_unpack_from(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return do_unpack_from(qi, as_struct(self), args[0], args[1]);
}

static QvObj *struct_iter_unpack(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return do_iter_unpack(qi, as_struct(self), args[0]);
}

static QvObj *struct_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Struct *s = as_struct(self);
    return qv_int_from_u64(qi, sizeof *s + (s->items ? (size_t)qv_bytes_len(s->items) : 0));
}

static QvObj *struct_get_format(QvInterp *qi, QvObj *o)
{
    Struct *s = as_struct(o);
    return s->format ? qv_str_new_ascii(qi, (const char *)qv_bytes_data(s->format),
                                        qv_bytes_len(s->format))
                     : qv_str_new_ascii(qi, "", 0);
}

static QvObj *struct_get_size(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_struct(o)->size);
}

static const QvGetSet struct_getsets[] = {
    {"format", struct_get_format, NULL, "struct format string"},
    {"size", struct_get_size, NULL, "struct size in bytes"},
    {0},
};

static const QvNativeDef struct_methods[] = {
    {"iter_unpack", struct_iter_unpack, "($self, buffer, /)",
     "Return an iterator yielding tuples.\n\nThe bytes are unpacked in steps of the struct's size, "
     "of which the\nlength must be a multiple."},
    {"pack", struct_pack, "($self, /, *values)",
     "S.pack(v1, v2, ...) -> bytes\n\nReturn the values packed according to the format S.format."},
    {"pack_into", struct_pack_into, "($self, /, *args)",
     "S.pack_into(buffer, offset, v1, v2, ...)\n\nPack the values and write the bytes into the "
     "writable buffer at offset."},
    {"unpack", struct_unpack, "($self, buffer, /)",
     "Return a tuple of the values in the buffer, whose size in bytes must be\nStruct.size."},
    {"unpack_from", struct_unpack_from, "($self, /, buffer, offset=0)",
     "Return a tuple of the values in the buffer from offset on."},
    {"__sizeof__", struct_sizeof, "($self, /)", "S.__sizeof__() -> size of S in memory, in bytes"},
    {0},
};

QV_SEALED QvType qv_struct_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_struct.Struct",
    .id = QV_TID_struct,
    .flags = QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(Struct),
    .doc = "Struct(fmt) --> compiled struct object\n\n",
    .methods = struct_methods,
    .getsets = struct_getsets,
    .new_ = struct_new,
    .init = struct_init,
    .fini = struct_fini,
};

// ---- module -------------------------------------------------------------------------------------

// The compiled format: from the cache, or made and put there. New reference.
static Struct *compiled(QvInterp *qi, QvObj *module, QvObj *format)
{
    State *state = qv_module_state(module);
    QvObj *s = NULL;
    if (format == state->last) {
        return (Struct *)qv_new_ref(qi, state->last_struct);
    }
    if (!state->cache && !(state->cache = qv_dict_new(qi))) {
        return NULL;
    }
    int found = qv_dict_get(qi, state->cache, format, &s);
    if (found > 0 && qv_is_str_exact(format)) {
        qv_set_take(qi, &state->last_struct, qv_new_ref(qi, s));
        qv_set_take(qi, &state->last, qv_new_ref(qi, format));
        return (Struct *)qv_new_ref(qi, state->last_struct);
    }
    if (found != 0) {
        return found < 0 ? NULL : (Struct *)qv_new_ref(qi, s);
    }
    s = struct_new(qi, &qv_struct_type, NULL, 0, NULL);
    if (s && prepare(qi, as_struct(s), format) < 0) {
        qv_clear(qi, &s);
    }
    if (s && state->cache) {
        if (qv_dict_len(state->cache) >= CACHE_MAX) {
            qv_dict_clear(qi, state->cache);
        }
        if (qv_dict_set(qi, state->cache, format, s) < 0) {
            qv_err_clear(qi); // only a cache
        }
    }
    return (Struct *)s;
}

static QvObj *mod_clearcache(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    qv_clear(qi, &((State *)qv_module_state(m))->last);
    qv_clear(qi, &((State *)qv_module_state(m))->last_struct);
    qv_clear(qi, &((State *)qv_module_state(m))->cache);
    return QV_NONE;
}

static QvObj *mod_calcsize(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Struct *s = compiled(qi, m, args[0]);
    QvObj *ret = s ? qv_int_from_i64(qi, s->size) : NULL;
    qv_xdecref(qi, (QvObj *)s);
    return ret;
}

static QvObj *mod_pack(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    if (nargs == 0) {
        return qv_raise(qi, &qv_exc_TypeError, "missing format argument");
    }
    Struct *s = compiled(qi, m, args[0]);
    QvObj *ret = s ? do_pack(qi, s, args + 1, nargs - 1) : NULL;
    qv_xdecref(qi, (QvObj *)s);
    return ret;
}

static QvObj *mod_pack_into(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    if (nargs == 0) {
        return qv_raise(qi, &qv_exc_TypeError, "missing format argument");
    }
    Struct *s = compiled(qi, m, args[0]);
    QvObj *ret = s ? do_pack_into(qi, s, args + 1, nargs - 1) : NULL;
    qv_xdecref(qi, (QvObj *)s);
    return ret;
}

static QvObj *mod_unpack(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Struct *s = compiled(qi, m, args[0]);
    QvObj *ret = s ? do_unpack(qi, s, args[1]) : NULL;
    qv_xdecref(qi, (QvObj *)s);
    return ret;
}

static QvObj *mod_unpack_from(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Struct *s = compiled(qi, m, args[0]);
    QvObj *ret = s ? do_unpack_from(qi, s, args[1], args[2]) : NULL;
    qv_xdecref(qi, (QvObj *)s);
    return ret;
}

static QvObj *mod_iter_unpack(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Struct *s = compiled(qi, m, args[0]);
    QvObj *ret = s ? do_iter_unpack(qi, s, args[1]) : NULL;
    qv_xdecref(qi, (QvObj *)s);
    return ret;
}

static const QvNativeDef functions[] = {
    {"_clearcache", mod_clearcache, "($module, /)", "Clear the internal cache."},
    {"calcsize", mod_calcsize, "($module, format, /)",
     "Return size in bytes of the struct described by the format string."},
    {"iter_unpack", mod_iter_unpack, "($module, format, buffer, /)",
     "Return an iterator yielding tuples unpacked from the given bytes."},
    {"pack", mod_pack, "($module, /, *args)",
     "pack(format, v1, v2, ...) -> bytes\n\nReturn the values packed according to the format."},
    {"pack_into", mod_pack_into, "($module, /, *args)",
     "pack_into(format, buffer, offset, v1, v2, ...)\n\nPack the values and write the bytes into "
     "the writable buffer at offset."},
    {"unpack", mod_unpack, "($module, format, buffer, /)",
     "Return a tuple containing values unpacked according to the format string."},
    {"unpack_from", mod_unpack_from, "($module, format, /, buffer, offset=0)",
     "Return a tuple containing values unpacked according to the format string."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    s->error = qv_modules_exception(qi, "struct.error", NULL);
    return !s->error || qv_module_add(qi, m, "error", s->error) < 0
               ? -1
               : qv_module_add(qi, m, "Struct", &qv_struct_type.h);
}

static void fini(QvInterp *qi, QvObj *m)
{
    State *s = qv_module_state(m);
    qv_clear(qi, &s->error);
    qv_clear(qi, &s->cache);
    qv_clear(qi, &s->last);
    qv_clear(qi, &s->last_struct);
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    State *s = qv_module_state(m);
    QV_VISIT(s->error);
    QV_VISIT(s->cache);
    QV_VISIT(s->last);
    QV_VISIT(s->last_struct);
    return 0;
}

const QvModuleDef qv_module__struct = {
    .name = "_struct",
    .doc = "Functions to convert between Python values and C structs represented\nas Python bytes "
           "objects.",
    .functions = functions,
    .state_size = sizeof(State),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
