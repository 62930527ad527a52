// SPDX-License-Identifier: MIT
// Reading messages. The bytes may come from anywhere: every length is checked against what is left
// before anything is made of it.
//
// The table holds a reference to each of its values, so that no reference of the message can name
// what is gone. A tuple is filled with None before its items are read: those may refer to it.
#include <stdlib.h>
#include <string.h>

#include "base/sync.h"
#include "channels/block.h"
#include "channels/channel.h"
#include "channels/unpacker.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list_numbers.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"

#define INTERN_MAX_LEN  24 // characters of dict keys that are interned
#define INTERN_MAX_KEYS 64 // in dicts of up to so many: larger ones are data, not records

// ---- bytes --------------------------------------------------------------------------------------

QvObj *qv_unpack_bad(QvUnpack *u, const char *what)
{
    if (!qv_err_occurred(u->qi)) {
        qv_raise(u->qi, &qv_exc_ValueError, "bad message: %s", what);
    }
    return NULL;
}

static inline size_t left(const QvUnpack *u) { return (size_t)(u->end - u->at); }

int qv_unpack_uint(QvUnpack *u, uint64_t *ret)
{
    const uint8_t *after = qv_wire_get_uint(u->at, u->end, ret);
    if (!after) {
        qv_unpack_bad(u, "a number is cut off or too large");
        return -1;
    }
    u->at = after;
    return 0;
}

// A count of things that take at least `unit` bytes each.
static int get_count(QvUnpack *u, size_t unit, size_t *ret)
{
    uint64_t n;
    if (qv_unpack_uint(u, &n) < 0) {
        return -1;
    }
    if (n > left(u) / unit) {
        qv_unpack_bad(u, "a count is larger than the message");
        return -1;
    }
    *ret = (size_t)n;
    return 0;
}

int qv_unpack_raw(QvUnpack *u, size_t unit, const uint8_t **ret_data, size_t *ret_n)
{
    if (get_count(u, unit, ret_n) < 0) {
        return -1;
    }
    *ret_data = u->at;
    u->at += *ret_n * unit;
    return 0;
}

int qv_unpack_byte(QvUnpack *u, uint8_t *ret)
{
    if (u->at == u->end) {
        qv_unpack_bad(u, "it ends too early");
        return -1;
    }
    *ret = *u->at++;
    return 0;
}

// ---- table --------------------------------------------------------------------------------------

int qv_unpack_reserve(QvUnpack *u, uint32_t *ret_index)
{
    if (u->nobjs == u->cap_objs) {
        uint32_t cap = u->cap_objs * 4;
        bool first = u->objs == u->few;
        size_t more = (cap - (first ? 0 : u->cap_objs)) * sizeof *u->objs;
        bool fits = qv_heap_charge(&u->qi->heap, more);
        QvObj **objs = fits ? realloc(first ? NULL : u->objs, cap * sizeof *objs) : NULL;
        if (!objs) {
            qv_heap_discharge(&u->qi->heap, fits ? more : 0);
            qv_raise_oom(u->qi);
            return -1;
        }
        if (first) {
            memcpy(objs, u->few, sizeof u->few);
        }
        u->objs = objs;
        u->cap_objs = cap;
    }
    *ret_index = u->nobjs;
    u->objs[u->nobjs++] = NULL;
    return 0;
}

void qv_unpack_define(QvUnpack *u, int64_t index, QvObj *o)
{
    if (index >= 0 && o) {
        qv_set_take(u->qi, &u->objs[index], qv_new_ref(u->qi, o));
    }
}

static QvObj *get_ref(QvUnpack *u)
{
    uint64_t n;
    if (qv_unpack_uint(u, &n) < 0) {
        return NULL;
    }
    if (n >= u->nobjs) {
        return qv_unpack_bad(u, "a reference to what has not come yet");
    }
    if (!u->objs[n]) {
        return qv_unpack_bad(u, "a value that is needed to make itself");
    }
    // A cycle of tuples alone could never be collected, and no program has one.
    for (const QvUnpackTuple *t = u->tuples; t; t = t->up) {
        if (t->tuple == u->objs[n]) {
            return qv_unpack_bad(u, "a tuple that holds itself");
        }
    }
    return qv_new_ref(u->qi, u->objs[n]);
}

// ---- numbers and texts --------------------------------------------------------------------------

static QvObj *get_int(QvUnpack *u)
{
    uint64_t n;
    if (qv_unpack_uint(u, &n) < 0) {
        return NULL;
    }
    return qv_int_from_i64(u->qi, (int64_t)(n >> 1) ^ -(int64_t)(n & 1));
}

static int get_double(QvUnpack *u, double *ret)
{
    if (left(u) < sizeof *ret) {
        qv_unpack_bad(u, "it ends too early");
        return -1;
    }
    memcpy(ret, u->at, sizeof *ret);
    u->at += sizeof *ret;
    return 0;
}

// The largest character of n units of 1 << shift bytes, or -1 with an exception: it polls.
static int64_t find_largest(QvInterp *qi, const uint8_t *data, size_t n, unsigned shift)
{
    uint32_t largest = 0;
    size_t step = QV_POLL_BYTES >> shift;
    for (size_t start = 0; start < n; start += step) {
        size_t end = n - start < step ? n : start + step;
        for (size_t k = start; k < end; k++) {
            uint32_t c = 0;
            memcpy(&c, data + (k << shift), (size_t)1 << shift);
            largest = c > largest ? c : largest;
        }
        if (end < n && qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    return largest;
}

static QvObj *get_text(QvUnpack *u, QvWireTag tag)
{
    QvInterp *qi = u->qi;
    const uint8_t *data;
    size_t n;
    unsigned shift = tag == QV_WIRE_UCS4 ? 2 : tag == QV_WIRE_UCS2 ? 1 : 0;
    if (qv_unpack_raw(u, (size_t)1 << shift, &data, &n) < 0) {
        return NULL;
    }
    if (shift == 0 && n <= QV_POLL_BYTES) {
        return qv_str_new_latin1(qi, data, (QvSsize)n); // looks for bytes >= 128 itself
    }
    int64_t largest = find_largest(qi, data, n, shift);
    if (largest < 0) {
        return NULL;
    }
    if (largest > 0x10FFFF) {
        return qv_unpack_bad(u, "a character is out of range");
    }
    QvObj *s = qv_str_alloc(qi, (QvSsize)n, (uint32_t)largest);
    if (s && (unsigned)qv_str_kind(s) == shift) {
        if (qv_copy_long(qi, qv_str_data(s), data, n << shift) < 0) {
            qv_clear(qi, &s);
        }
        return s;
    }
    for (size_t k = 0; s && k < n; k++) { // written wider than it needs to be
        uint32_t c = 0;
        memcpy(&c, data + (k << shift), (size_t)1 << shift);
        qv_str_write(s, (QvSsize)k, c);
        if (qv_poll_step(qi, (QvSsize)k) < 0) {
            qv_clear(qi, &s);
        }
    }
    return s;
}

static QvObj *get_block(QvUnpack *u, QvWireTag tag)
{
    QvInterp *qi = u->qi;
    const uint8_t *data;
    size_t n;
    if (qv_unpack_raw(u, 1, &data, &n) < 0) {
        return NULL;
    }
    if (tag == QV_WIRE_BIGINT) {
        return qv_int_from_bytes(qi, data, (QvSsize)n, true, true);
    }
    bool polls = n > QV_POLL_BYTES;
    QvObj *o = tag == QV_WIRE_BYTEARRAY ? qv_bytearray_new(qi, polls ? NULL : data, (QvSsize)n)
                                        : qv_bytes_new(qi, polls ? NULL : data, (QvSsize)n);
    if (o && polls) {
        void *to = tag == QV_WIRE_BYTEARRAY ? ((QvByteArray *)o)->data : qv_bytes_data(o);
        if (qv_copy_long(qi, to, data, n) < 0) {
            qv_clear(qi, &o);
        }
    }
    if (o && tag == QV_WIRE_MEMORYVIEW) {
        QvObj *view = qv_memoryview_new(qi, o);
        qv_decref(qi, o);
        return view;
    }
    return o;
}

// ---- arrays of numbers --------------------------------------------------------------------------

// A step of a run of numbers has been made: 0, or -1 with an exception. What others may see of a
// tuple meanwhile is whole.
static int rest(QvInterp *qi, QvObj **items, size_t made, size_t n, bool tuple)
{
    if (QV_LIKELY(qv_poll_peek(qi) == 0)) {
        return 0;
    }
    for (size_t k = made; tuple && k < n; k++) {
        items[k] = QV_NONE;
    }
    return qv_poll_work(qi, QV_NUM_STEP);
}

static QvObj *get_numbers(QvUnpack *u, QvWireTag tag)
{
    uint8_t kind, width = 0;
    const uint8_t *data;
    size_t n;
    if (qv_unpack_byte(u, &kind) < 0 || (tag == QV_WIRE_INTS && qv_unpack_byte(u, &width) < 0)) {
        return NULL;
    }
    if (kind > 1 || (tag == QV_WIRE_INTS && width != 1 && width != 2 && width != 4 && width != 8)) {
        return qv_unpack_bad(u, "an array of an unknown kind");
    }
    size_t unit = width ? width : sizeof(double);
    if (qv_unpack_raw(u, unit, &data, &n) < 0) {
        return NULL;
    }
    QvNumKind num = !width ? QV_NUM_F64 : (QvNumKind)__builtin_ctz(width);
    if (!kind && n >= QV_NUMBERS_MIN) {
        QvObj *packed = qv_list_from_numbers(u->qi, num, data, (QvSsize)n);
        if (packed || qv_err_occurred(u->qi)) {
            return packed;
        }
    }
    QvObj *o = kind ? qv_tuple_new(u->qi, (QvSsize)n) : qv_list_new(u->qi, (QvSsize)n);
    if (!o || n == 0) { // the empty tuple is shared
        return o;
    }
    QvObj **items = kind ? qv_tuple_items(o) : ((QvList *)o)->items;
    for (size_t k = 0, m; o && k < n; k += m) {
        m = n - k < QV_NUM_STEP ? n - k : QV_NUM_STEP;
        const uint8_t *from = data + k * unit;
        size_t made = qv_numbers_fill(u->qi, items + k, num, from, m);
        if (!kind) {
            ((QvList *)o)->boxed = (QvSsize)(k + made);
        }
        if (made < m || rest(u->qi, items, k + m, n, kind) < 0) {
            qv_clear(u->qi, &o);
        } else if (!kind && (((QvList *)o)->items != items || qv_list_len(o) != (QvSsize)(k + m))) {
            // Somebody has found it through the collector, and changed it.
            qv_clear(u->qi, &o);
            qv_raise(u->qi, &qv_exc_RuntimeError, "list changed size while it was being received");
        }
    }
    return o;
}

// ---- containers ---------------------------------------------------------------------------------

static QvObj *get_list(QvUnpack *u, int64_t index)
{
    size_t n;
    if (get_count(u, 1, &n) < 0) {
        return NULL;
    }
    QvObj *list = qv_list_new(u->qi, (QvSsize)n);
    qv_unpack_define(u, index, list);
    for (size_t k = 0; list && k < n; k++) {
        if (qv_list_append_take(u->qi, list, qv_unpack_value(u)) < 0 ||
            qv_poll_step(u->qi, (QvSsize)k) < 0) {
            qv_clear(u->qi, &list);
        }
    }
    return list;
}

static QvObj *get_tuple(QvUnpack *u, int64_t index)
{
    size_t n;
    if (get_count(u, 1, &n) < 0) {
        return NULL;
    }
    QvObj *tuple = qv_tuple_new(u->qi, (QvSsize)n);
    for (size_t k = 0; tuple && k < n; k++) {
        qv_tuple_items(tuple)[k] = QV_NONE;
    }
    qv_unpack_define(u, index, tuple);
    QvUnpackTuple filling = {.up = u->tuples, .tuple = tuple};
    u->tuples = &filling;
    for (size_t k = 0; tuple && k < n; k++) {
        QvObj *item = qv_unpack_value(u);
        if (item) {
            qv_tuple_items(tuple)[k] = item; // None needs no drop
        }
        if (!item || qv_poll_step(u->qi, (QvSsize)k) < 0) {
            qv_clear(u->qi, &tuple);
        }
    }
    u->tuples = filling.up;
    if (tuple && n) { // the collector may have taken it for one of atoms only meanwhile
        qv_gc_retrack(tuple);
    }
    return tuple;
}

// The key of a record: short text is looked for among the interned strings before it is made.
static QvObj *get_record_key(QvUnpack *u)
{
    if (left(u) >= 2 && (u->at[0] & ~QV_WIRE_SHARED) == QV_WIRE_ASCII &&
        u->at[1] <= INTERN_MAX_LEN && left(u) - 2 >= u->at[1]) {
        const uint8_t *text = u->at + 2;
        size_t n = u->at[1];
        uint8_t high = 0;
        for (size_t k = 0; k < n; k++) {
            high |= text[k];
        }
        if (high < 0x80) {
            uint32_t index = 0;
            bool shared = (u->at[0] & QV_WIRE_SHARED) != 0;
            if (shared && qv_unpack_reserve(u, &index) < 0) {
                return NULL;
            }
            u->at = text + n;
            QvObj *key = qv_str_intern_utf8(u->qi, (const char *)text, (QvSsize)n);
            qv_unpack_define(u, shared ? (int64_t)index : -1, key);
            return key;
        }
    }
    QvObj *key = qv_unpack_value(u);
    if (key && qv_is_str_exact(key) && qv_str_len(key) <= INTERN_MAX_LEN &&
        qv_str_intern(u->qi, &key) < 0) {
        qv_clear(u->qi, &key);
    }
    return key;
}

static QvObj *get_dict(QvUnpack *u, int64_t index)
{
    size_t n;
    if (get_count(u, 2, &n) < 0) {
        return NULL;
    }
    QvObj *dict = qv_dict_new_presized(u->qi, (QvSsize)n);
    qv_unpack_define(u, index, dict);
    for (size_t k = 0; dict && k < n; k++) {
        QvObj *key = n <= INTERN_MAX_KEYS ? get_record_key(u) : qv_unpack_value(u);
        QvObj *value = key ? qv_unpack_value(u) : NULL;
        if (!value || qv_dict_set(u->qi, dict, key, value) < 0 ||
            qv_poll_step(u->qi, (QvSsize)k) < 0) {
            qv_clear(u->qi, &dict);
        }
        qv_xdecref(u->qi, value);
        qv_xdecref(u->qi, key);
    }
    return dict;
}

static QvObj *get_set(QvUnpack *u, QvWireTag tag, int64_t index)
{
    size_t n;
    if (get_count(u, 1, &n) < 0) {
        return NULL;
    }
    QvObj *set = tag == QV_WIRE_SET ? qv_set_new(u->qi, NULL) : qv_frozenset_new(u->qi, NULL);
    if (tag == QV_WIRE_SET) {
        qv_unpack_define(u, index, set);
    }
    for (size_t k = 0; set && k < n; k++) {
        QvObj *key = qv_unpack_value(u);
        if (!key || qv_set_add(u->qi, set, key) < 0 || qv_poll_step(u->qi, (QvSsize)k) < 0) {
            qv_clear(u->qi, &set);
        }
        qv_xdecref(u->qi, key);
    }
    // A frozenset enters the table when it is whole: its hash must not change under those who refer
    // to it.
    if (tag != QV_WIRE_SET) {
        qv_unpack_define(u, index, set);
    }
    return set;
}

static QvObj *get_three(QvUnpack *u, QvWireTag tag)
{
    QvObj *a = qv_unpack_value(u);
    QvObj *b = a ? qv_unpack_value(u) : NULL;
    QvObj *c = b ? qv_unpack_value(u) : NULL;
    QvObj *o = NULL;
    if (c && tag == QV_WIRE_SLICE) {
        o = qv_slice_new(u->qi, a, b, c);
    } else if (c && qv_is_int_exact(a) && qv_is_int_exact(b) && qv_is_int_exact(c)) {
        o = qv_range_new(u->qi, a, b, c);
    } else if (c) {
        qv_unpack_bad(u, "a range of what are not numbers");
    }
    qv_xdecref(u->qi, a);
    qv_xdecref(u->qi, b);
    qv_xdecref(u->qi, c);
    return o;
}

static QvObj *get_end(QvUnpack *u)
{
    uint8_t side;
    uint64_t n;
    if (qv_unpack_byte(u, &side) < 0 || qv_unpack_uint(u, &n) < 0) {
        return NULL;
    }
    if (!u->msg || n >= u->msg->nends || u->msg->ends[n]->receiver != (side == 2)) {
        return qv_unpack_bad(u, "no such channel end");
    }
    return qv_chan_wrap(u->qi, u->msg->ends[n]);
}

// A view of memory that the message hands over, which lives as long as views of it.
static QvObj *get_shared_block(QvUnpack *u)
{
    uint8_t writable;
    uint64_t n;
    if (qv_unpack_byte(u, &writable) < 0 || qv_unpack_uint(u, &n) < 0) {
        return NULL;
    }
    uint64_t at = 0, size = 0;
    if (writable == 2 && (qv_unpack_uint(u, &at) < 0 || qv_unpack_uint(u, &size) < 0)) {
        return NULL;
    }
    if (!u->msg || n >= u->msg->nblocks || writable > 2) {
        return qv_unpack_bad(u, "no such block of memory");
    }
    QvBlock *block = u->msg->blocks[n];
    if (writable < 2) {
        return qv_block_view(u->qi, block, writable);
    }
    if (at > block->size || size > block->size - at) {
        return qv_unpack_bad(u, "a part beyond its block");
    }
    return qv_block_view_part(u->qi, block, (size_t)at, (size_t)size);
}

static QvObj *get_moved(QvUnpack *u)
{
    uint8_t code;
    uint64_t n;
    if (qv_unpack_byte(u, &code) < 0 || qv_unpack_uint(u, &n) < 0) {
        return NULL;
    }
    if (!u->msg || n >= u->msg->nblocks) {
        return qv_unpack_bad(u, "no such block of memory");
    }
    QvObj *o = qv_move_arrive(u->qi, u->msg->blocks[n], (char)code, u->consume);
    return o ? o : qv_unpack_bad(u, "a moved block of an unknown kind");
}

// ---- any value ----------------------------------------------------------------------------------

static QvObj *get_parts(QvUnpack *u, QvWireTag tag, int64_t index)
{
    switch (tag) {
    case QV_WIRE_TUPLE: return get_tuple(u, index);
    case QV_WIRE_LIST: return get_list(u, index);
    case QV_WIRE_DICT: return get_dict(u, index);
    case QV_WIRE_SET:
    case QV_WIRE_FROZENSET: return get_set(u, tag, index);
    case QV_WIRE_RANGE:
    case QV_WIRE_SLICE: return get_three(u, tag);
    case QV_WIRE_CELL:
    case QV_WIRE_EMPTY_CELL:
    case QV_WIRE_CODE:
    case QV_WIRE_FUNCTION:
    case QV_WIRE_CLASS:
    case QV_WIRE_MODULE:
    case QV_WIRE_EXCEPTION:
    case QV_WIRE_OBJECT:
    case QV_WIRE_REDUCED:
    case QV_WIRE_REDUCED_SET:
        if (u->plain) {
            return qv_unpack_bad(u, "it names code, which plain data may not");
        }
        return qv_unpack_object(u, tag, index);
    default: return qv_unpack_bad(u, "an unknown tag");
    }
}

static QvObj *get_simple(QvUnpack *u, QvWireTag tag, bool *ret_known)
{
    double d, e;
    *ret_known = true;
    switch (tag) {
    case QV_WIRE_NONE: return QV_NONE;
    case QV_WIRE_FALSE: return QV_FALSE;
    case QV_WIRE_TRUE: return QV_TRUE;
    case QV_WIRE_ELLIPSIS: return QV_ELLIPSIS;
    case QV_WIRE_NOTIMPLEMENTED: return QV_NOTIMPLEMENTED;
    case QV_WIRE_INT: return get_int(u);
    case QV_WIRE_FLOAT: return get_double(u, &d) < 0 ? NULL : qv_float_new(u->qi, d);
    case QV_WIRE_COMPLEX:
        return get_double(u, &d) < 0 || get_double(u, &e) < 0 ? NULL : qv_complex_new(u->qi, d, e);
    case QV_WIRE_ASCII:
    case QV_WIRE_LATIN1:
    case QV_WIRE_UCS2:
    case QV_WIRE_UCS4: return get_text(u, tag);
    case QV_WIRE_BIGINT:
    case QV_WIRE_BYTES:
    case QV_WIRE_BYTEARRAY:
    case QV_WIRE_MEMORYVIEW: return get_block(u, tag);
    case QV_WIRE_INTS:
    case QV_WIRE_FLOATS: return get_numbers(u, tag);
    case QV_WIRE_REF: return get_ref(u);
    case QV_WIRE_CHANNEL: return get_end(u);
    case QV_WIRE_BLOCK: return get_shared_block(u);
    case QV_WIRE_MOVED: return get_moved(u);
    default: *ret_known = false; return NULL;
    }
}

QvObj *qv_unpack_value(QvUnpack *u)
{
    if (u->at == u->end) {
        return qv_unpack_bad(u, "it ends too early");
    }
    uint8_t byte = *u->at++;
    QvWireTag tag = (QvWireTag)(byte & ~QV_WIRE_SHARED);
    int64_t index = -1;
    if (byte & QV_WIRE_SHARED) {
        uint32_t at;
        if (qv_unpack_reserve(u, &at) < 0) {
            return NULL;
        }
        index = at;
    }
    bool known;
    QvObj *o = get_simple(u, tag, &known);
    if (!known) {
        if (qv_enter_recursive(u->qi, " while receiving an object") < 0) {
            return NULL;
        }
        const QvUnpackTuple *tuples = u->tuples;
        if (tag != QV_WIRE_TUPLE && tag != QV_WIRE_FROZENSET && tag != QV_WIRE_SLICE) {
            u->tuples = NULL; // what can change can be cleared
        }
        o = get_parts(u, tag, index);
        u->tuples = tuples;
        qv_leave_recursive(u->qi);
    }
    if (index >= 0 && o && !u->objs[index]) {
        qv_unpack_define(u, index, o);
    }
    return o;
}

// ---- whole messages -----------------------------------------------------------------------------

static QvObj *unpack(QvInterp *qi, const uint8_t *data, size_t size, const QvMsg *msg, bool consume,
                     bool plain)
{
    QvUnpack u;
    memset(&u, 0, offsetof(QvUnpack, few));
    u.qi = qi;
    u.at = data;
    u.end = data + size;
    u.msg = msg;
    u.consume = consume;
    u.plain = plain;
    u.objs = u.few;
    u.cap_objs = QV_UNPACK_FEW;
    uint8_t version;
    QvObj *o = NULL;
    if (qv_unpack_byte(&u, &version) == 0) {
        o = version == QV_WIRE_VERSION ? qv_unpack_value(&u)
                                       : qv_unpack_bad(&u, "another version of the format");
    }
    if (o && u.at != u.end) {
        qv_clear(qi, &o);
        qv_unpack_bad(&u, "there is more than one value");
    }
    // Dropping can run Python; the pending exception steps aside.
    QvObj *exc = o ? NULL : qv_err_fetch(qi);
    for (uint32_t k = 0; k < u.nobjs; k++) {
        qv_xdecref(qi, u.objs[k]);
    }
    for (uint32_t k = 0; k < u.nspaces; k++) {
        qv_xdecref(qi, u.spaces[k]);
    }
    if (exc) {
        qv_err_restore(qi, exc);
    }
    if (u.objs != u.few) {
        free(u.objs);
        qv_heap_discharge(&qi->heap, u.cap_objs * sizeof *u.objs);
    }
    if (u.spaces) {
        free(u.spaces);
    }
    return o;
}

QvObj *qv_msg_unpack(QvInterp *qi, const QvMsg *msg)
{
    msg = qv_msg_body(msg);
    return unpack(qi, msg->data, msg->size, msg, false, false);
}

QvObj *qv_msg_open(QvInterp *qi, QvMsg *msg)
{
    // Somebody who looks at it meanwhile (peek), or gets it, too (broadcast), may be copying its
    // blocks.
    QvMsg *body = msg->body ? msg->body : msg;
    bool alone = qv_atomic_load_acquire_u32(&msg->sharers) == 0 &&
                 qv_atomic_load_acquire_u32(&body->sharers) == 0;
    return unpack(qi, body->data, body->size, body, alone, false);
}

// What pack.c's put_leaf writes; NULL without an exception: something else.
static inline QvObj *get_leaf(QvInterp *qi, const QvSmallMsg *small)
{
    const uint8_t *at = small->data + 2, *end = small->data + small->size;
    uint64_t n = 0;
    double v;
    if (small->size < 2 || small->data[0] != QV_WIRE_VERSION) {
        return NULL;
    }
    switch (small->data[1]) {
    case QV_WIRE_INT:
        if (qv_wire_get_uint(at, end, &n) != end) {
            return NULL;
        }
        return qv_int_from_i64(qi, (int64_t)(n >> 1) ^ -(int64_t)(n & 1));
    case QV_WIRE_FLOAT:
        if (small->size != 2 + sizeof v) {
            return NULL;
        }
        memcpy(&v, at, sizeof v);
        return qv_float_new(qi, v);
    case QV_WIRE_ASCII:
    case QV_WIRE_LATIN1:
        if (small->size < 3 || small->data[2] != small->size - 3) {
            return NULL;
        }
        return qv_str_new_latin1(qi, at + 1, small->size - 3);
    case QV_WIRE_NONE: return small->size == 2 ? QV_NONE : NULL;
    case QV_WIRE_TRUE: return small->size == 2 ? QV_TRUE : NULL;
    case QV_WIRE_FALSE: return small->size == 2 ? QV_FALSE : NULL;
    default: return NULL;
    }
}

QvObj *qv_msg_open_small(QvInterp *qi, const QvSmallMsg *small)
{
    QvObj *o = get_leaf(qi, small);
    return o || qv_err_occurred(qi) ? o : unpack(qi, small->data, small->size, NULL, false, false);
}

QvObj *qv_wire_decode(QvInterp *qi, const uint8_t *data, size_t size)
{
    return unpack(qi, data, size, NULL, false, true);
}
