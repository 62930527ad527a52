// SPDX-License-Identifier: MIT
// The module marshal: values to bytes. Reading is in marshal_read.c.
//
// From version 3 on, an object that somebody else may hold too gets a number where it is first
// written, and is written as that number afterwards.
#include "modules/marshal.h"

#include <string.h>

#include "base/numtext.h"
#include "code/codefile.h"
#include "modules/modules.h"
#include "object/audit.h"
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
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Ref {
    const QvObj *o; // NULL: free
    uint32_t number;
} Ref;

typedef enum Trouble { GOOD, NESTED, UNMARSHALLABLE, FAILED /* an exception is set */ } Trouble;

typedef struct Writer {
    QvInterp *qi;
    QvByteVec out;
    Ref *refs; // open addressing, cap slots (a power of two); raw block
    uint32_t cap, count;
    int64_t version;
    int depth;
    unsigned steps;  // objects so far, for polling
    Trouble trouble; // the first one; nothing is written after FAILED
} Writer;

static void write_object(Writer *w, QvObj *o);

// ---- bytes --------------------------------------------------------------------------------------

static void put(Writer *w, const void *p, QvSsize n)
{
    if (w->trouble == FAILED || n == 0) {
        return;
    }
    if (qv_byte_vec_reserve(w->qi, &w->out, n) < 0 ||
        qv_bytes_put(w->qi, w->out.p + w->out.len, p, n) < 0) {
        w->trouble = FAILED;
        return;
    }
    w->out.len += n;
}

static void put_byte(Writer *w, int c)
{
    uint8_t b = (uint8_t)c;
    put(w, &b, 1);
}

static void put_short(Writer *w, uint32_t v)
{
    put_byte(w, (int)(v & 255));
    put_byte(w, (int)(v >> 8 & 255));
}

static void put_long(Writer *w, uint32_t v)
{
    put_short(w, v & 0xffff);
    put_short(w, v >> 16);
}

static void put_double(Writer *w, double v)
{
    uint64_t bits;
    memcpy(&bits, &v, sizeof bits);
    put_long(w, (uint32_t)bits);
    put_long(w, (uint32_t)(bits >> 32));
}

// A length of 32 bits. false: too large (trouble is set).
static bool put_size(Writer *w, QvSsize n)
{
    if (n > INT32_MAX) {
        w->trouble = w->trouble == GOOD ? UNMARSHALLABLE : w->trouble;
        return false;
    }
    put_long(w, (uint32_t)n);
    return true;
}

static void put_float_text(Writer *w, double v)
{
    QvBuf text = {0};
    qv_num_format_double(&text, v, 'g', 17, (QvNumFlags)0);
    if (text.oom) {
        qv_raise_oom(w->qi);
        w->trouble = FAILED;
    } else {
        put_byte(w, (int)text.len);
        put(w, text.data, (QvSsize)text.len);
    }
    qv_buf_fini(&text);
}

// ---- references ---------------------------------------------------------------------------------

static Ref *find_ref(Ref *refs, uint32_t cap, const QvObj *o)
{
    uint32_t i = (uint32_t)((uintptr_t)o >> 4) * 0x9E3779B1u & (cap - 1);
    while (refs[i].o && refs[i].o != o) {
        i = (i + 1) & (cap - 1);
    }
    return &refs[i];
}

static bool grow_refs(Writer *w)
{
    uint32_t cap = w->cap ? w->cap * 2 : 64;
    Ref *refs = qv_heap_alloc_zero(&w->qi->heap, cap * sizeof *refs);
    if (!refs) {
        qv_raise_oom(w->qi);
        w->trouble = FAILED;
        return false;
    }
    for (uint32_t i = 0; i < w->cap; i++) {
        if (w->refs[i].o) {
            *find_ref(refs, cap, w->refs[i].o) = w->refs[i];
        }
        if (qv_stop_step(w->qi, i) < 0) {
            qv_free(w->qi, refs, cap * sizeof *refs);
            w->trouble = FAILED;
            return false;
        }
    }
    if (w->refs) {
        qv_free(w->qi, w->refs, w->cap * sizeof *refs);
    }
    w->refs = refs;
    w->cap = cap;
    return true;
}

// Writes o as a number when it was written before: true. Else *ret_flag is what its type byte gets.
static bool write_ref(Writer *w, const QvObj *o, int *ret_flag)
{
    *ret_flag = 0;
    if (w->version < 3 || o->refs == 1) { // nobody else holds it: it cannot come again
        return false;
    }
    if ((w->count + 1) * 2 > w->cap && !grow_refs(w)) {
        return true;
    }
    Ref *ref = find_ref(w->refs, w->cap, o);
    if (ref->o) {
        put_byte(w, QV_MAR_REF);
        put_long(w, ref->number);
        return true;
    }
    ref->o = o;
    ref->number = w->count++;
    *ret_flag = QV_MAR_FLAG_REF;
    return false;
}

// ---- values -------------------------------------------------------------------------------------

// Digits of 15 bits, least significant first; the sign is the count's.
static void write_int(Writer *w, const QvObj *o, int flag)
{
    int64_t v;
    if (qv_int_as_i64(o, &v) == 1 && v == (int32_t)v) {
        put_byte(w, QV_MAR_INT | flag);
        put_long(w, (uint32_t)v);
        return;
    }
    uint64_t small;
    const uint64_t *limbs = &small;
    QvSsize nlimbs = 1;
    bool negative;
    if (qv_int_is_small(o)) {
        negative = v < 0;
        small = negative ? 0 - (uint64_t)v : (uint64_t)v;
    } else {
        const QvLimbs *big = ((const QvInt *)o)->big;
        negative = big->size < 0;
        limbs = big->limb;
        nlimbs = negative ? -big->size : big->size;
    }
    uint64_t digits = (qv_int_bit_length(o) + 14) / 15;
    put_byte(w, QV_MAR_LONG | flag);
    if (digits > INT32_MAX) {
        w->trouble = w->trouble == GOOD ? UNMARSHALLABLE : w->trouble;
        return;
    }
    put_long(w, negative ? 0 - (uint32_t)digits : (uint32_t)digits);
    for (uint64_t d = 0; d < digits; d++) {
        QvSsize limb = (QvSsize)(d * 15 / 64);
        int shift = (int)(d * 15 % 64);
        uint64_t x = limbs[limb] >> shift;
        if (shift > 49 && limb + 1 < nlimbs) {
            x |= limbs[limb + 1] << (64 - shift);
        }
        put_short(w, (uint32_t)(x & 0x7fff));
    }
}

static void write_str(Writer *w, QvObj *o, int flag)
{
    bool interned = qv_str_is_interned(o);
    if (w->version >= 4 && qv_str_is_ascii(o)) {
        QvSsize n = qv_str_len(o);
        if (n < 256) {
            put_byte(w, (interned ? QV_MAR_SHORT_ASCII_INTERNED : QV_MAR_SHORT_ASCII) | flag);
            put_byte(w, (int)n);
        } else {
            put_byte(w, (interned ? QV_MAR_ASCII_INTERNED : QV_MAR_ASCII) | flag);
            if (!put_size(w, n)) {
                return;
            }
        }
        put(w, qv_str_data(o), n);
        return;
    }
    QvUtf8 text;
    if (qv_str_utf8_surrogates(w->qi, o, &text, false) < 0) {
        w->trouble = FAILED;
        return;
    }
    put_byte(w, (w->version >= 3 && interned ? QV_MAR_INTERNED : QV_MAR_UNICODE) | flag);
    if (put_size(w, text.n)) {
        put(w, text.s, text.n);
    }
    qv_utf8_release(w->qi, &text);
}

static void write_bytes(Writer *w, const void *p, QvSsize n, int flag)
{
    put_byte(w, QV_MAR_STRING | flag);
    if (put_size(w, n)) {
        put(w, p, n);
    }
}

static void write_items(Writer *w, QvObj *const *items, QvSsize n)
{
    for (QvSsize i = 0; i < n && w->trouble != FAILED; i++) {
        write_object(w, items[i]);
        if (qv_poll_step(w->qi, i) < 0) {
            w->trouble = FAILED;
        }
    }
}

// One member of a set with its own dump: sets are written in the order of those, so that equal
// sets have equal bytes.
typedef struct Member {
    QvObj *o;    // borrowed from the set
    QvObj *dump; // bytes
} Member;

static int compare_members(const Member *a, const Member *b)
{
    QvSsize n = qv_bytes_len(a->dump), m = qv_bytes_len(b->dump);
    int c = memcmp(qv_bytes_data(a->dump), qv_bytes_data(b->dump), (size_t)(n < m ? n : m));
    return c ? c : n < m ? -1 : n > m;
}

// Merge sort: stable, and no more than n log n for hostile input.
static void sort_members(Member *v, Member *scratch, QvSsize n)
{
    if (n < 2) {
        return;
    }
    QvSsize half = n / 2;
    sort_members(v, scratch, half);
    sort_members(v + half, scratch, n - half);
    memcpy(scratch, v, (size_t)half * sizeof *v);
    for (QvSsize i = 0, j = half, k = 0; i < half;) {
        v[k++] = j < n && compare_members(&v[j], &scratch[i]) < 0 ? v[j++] : scratch[i++];
    }
}

static void write_set(Writer *w, QvObj *o, int flag)
{
    QvSsize n = qv_set_len(o), got = 0, pos = 0;
    put_byte(w, (qv_is_instance_of(o, &qv_frozenset_type) ? QV_MAR_FROZENSET : QV_MAR_SET) | flag);
    if (!put_size(w, n) || n == 0) {
        return;
    }
    size_t block = 2 * (size_t)n * sizeof(Member);
    Member *members = qv_alloc(w->qi, block);
    if (!members) {
        w->trouble = FAILED;
        return;
    }
    for (QvObj *key; got < n && qv_set_next(o, &pos, &key); got++) {
        members[got].o = qv_new_ref(w->qi, key);
        members[got].dump = qv_marshal_dumps(w->qi, key, w->version);
        if (!members[got].dump) {
            qv_decref(w->qi, key);
            w->trouble = FAILED;
            break;
        }
    }
    if (w->trouble != FAILED) {
        sort_members(members, members + n, got);
    }
    for (QvSsize i = 0; i < got; i++) {
        if (w->trouble != FAILED) {
            write_object(w, members[i].o);
        }
    }
    for (QvSsize i = 0; i < got; i++) {
        qv_decref(w->qi, members[i].o);
        qv_decref(w->qi, members[i].dump);
    }
    qv_free(w->qi, members, block);
}

static void write_code(Writer *w, QvObj *o, int flag)
{
    QvBuf out = {.heap = &w->qi->heap};
    put_byte(w, QV_MAR_CODE | flag);
    if (qv_code_write(w->qi, (QvCode *)o, &out) < 0) {
        w->trouble = FAILED;
    } else if (put_size(w, (QvSsize)out.len)) {
        put(w, out.data, (QvSsize)out.len);
    }
    qv_buf_fini(&out);
}

static void write_complex(Writer *w, QvObj *o, int flag)
{
    const QvComplex *c = (const QvComplex *)o;
    put_byte(w, (w->version > 1 ? QV_MAR_BINARY_COMPLEX : QV_MAR_COMPLEX) | flag);
    if (w->version > 1) {
        put_double(w, c->real);
        put_double(w, c->imag);
    } else {
        put_float_text(w, c->real);
        put_float_text(w, c->imag);
    }
}

static void write_dict(Writer *w, QvObj *o, int flag)
{
    QvObj *key, *value;
    put_byte(w, QV_MAR_DICT | flag);
    for (QvSsize pos = 0; w->trouble != FAILED && qv_dict_next(o, &pos, &key, &value);) {
        write_object(w, key);
        write_object(w, value);
    }
    put_byte(w, QV_MAR_NULL);
}

static void write_buffer(Writer *w, QvObj *o, int flag)
{
    QvBufferView view;
    if (!qv_has_buffer(o) || qv_buffer_get(w->qi, o, &view, QV_BUF_SIMPLE) < 0) {
        qv_err_clear(w->qi);
        put_byte(w, QV_MAR_UNKNOWN);
        w->trouble = w->trouble == GOOD ? UNMARSHALLABLE : w->trouble;
        return;
    }
    write_bytes(w, view.buf, view.len, flag);
    qv_buffer_release(w->qi, &view);
}

static void write_complex_object(Writer *w, QvObj *o)
{
    int flag;
    if (write_ref(w, o, &flag)) {
        return;
    }
    QvSsize n;
    if (qv_is_int_exact(o)) {
        write_int(w, o, flag);
    } else if (qv_is_float_exact(o)) {
        put_byte(w, (w->version > 1 ? QV_MAR_BINARY_FLOAT : QV_MAR_FLOAT) | flag);
        if (w->version > 1) {
            put_double(w, qv_float_value(o));
        } else {
            put_float_text(w, qv_float_value(o));
        }
    } else if (o->type == &qv_complex_type) {
        write_complex(w, o, flag);
    } else if (o->type == &qv_bytes_type) {
        write_bytes(w, qv_bytes_data(o), qv_bytes_len(o), flag);
    } else if (qv_is_str_exact(o)) {
        write_str(w, o, flag);
    } else if (qv_is_tuple_exact(o)) {
        n = qv_tuple_len(o);
        bool small = w->version >= 4 && n < 256;
        put_byte(w, (small ? QV_MAR_SMALL_TUPLE : QV_MAR_TUPLE) | flag);
        if (small) {
            put_byte(w, (int)n);
        } else if (!put_size(w, n)) {
            return;
        }
        write_items(w, qv_tuple_items(o), n);
    } else if (qv_is_list_exact(o)) {
        put_byte(w, QV_MAR_LIST | flag);
        n = qv_list_len(o);
        if (put_size(w, n)) {
            for (QvSsize i = 0; i < n && i < qv_list_len(o); i++) {
                QvObj *item = qv_list_at(w->qi, o, i);
                if (item) {
                    write_object(w, item);
                    qv_decref(w->qi, item);
                }
            }
        }
    } else if (qv_is_dict_exact(o)) {
        write_dict(w, o, flag);
    } else if (o->type == &qv_set_type || o->type == &qv_frozenset_type) {
        write_set(w, o, flag);
    } else if (o->type == &qv_code_type) {
        write_code(w, o, flag);
    } else {
        write_buffer(w, o, flag);
    }
}

static void write_object(Writer *w, QvObj *o)
{
    if (w->trouble == FAILED) {
        return;
    }
    if (QV_UNLIKELY((++w->steps & 4095) == 0) && qv_stop_here(w->qi) < 0) {
        w->trouble = FAILED;
        return;
    }
    w->depth++;
    if (w->depth > QV_MARSHAL_MAX_DEPTH) {
        w->trouble = w->trouble == GOOD ? NESTED : w->trouble;
    } else if (o == QV_NONE) {
        put_byte(w, QV_MAR_NONE);
    } else if (o == (QvObj *)&qv_exc_StopIteration) {
        put_byte(w, QV_MAR_STOPITER);
    } else if (o == QV_ELLIPSIS) {
        put_byte(w, QV_MAR_ELLIPSIS);
    } else if (o == QV_FALSE) {
        put_byte(w, QV_MAR_FALSE);
    } else if (o == QV_TRUE) {
        put_byte(w, QV_MAR_TRUE);
    } else {
        write_complex_object(w, o);
    }
    w->depth--;
}

QvObj *qv_marshal_dumps(QvInterp *qi, QvObj *value, int64_t version)
{
    // A set in a set in a set is dumped once for each level around it.
    if (qv_enter_recursive(qi, "") < 0) {
        return NULL;
    }
    Writer w = {.qi = qi, .version = version};
    write_object(&w, value);
    qv_leave_recursive(qi);
    QvObj *ret = NULL;
    switch (w.trouble) {
    case GOOD: ret = qv_bytes_new(qi, w.out.p ? (const void *)w.out.p : "", w.out.len); break;
    case NESTED: qv_raise(qi, &qv_exc_ValueError, "object too deeply nested to marshal"); break;
    case UNMARSHALLABLE: qv_raise(qi, &qv_exc_ValueError, "unmarshallable object"); break;
    case FAILED: break;
    }
    qv_byte_vec_fini(qi, &w.out);
    if (w.refs) {
        qv_free(qi, w.refs, w.cap * sizeof *w.refs);
    }
    return ret;
}

// ---- module -------------------------------------------------------------------------------------

static int version_of(QvInterp *qi, QvObj *o, int64_t *ret)
{
    *ret = QV_MARSHAL_VERSION;
    QvObj *n = o ? qv_index(qi, o) : NULL;
    if (!o) {
        return 0;
    }
    if (n && (qv_int_as_i64(n, ret) != 1 || *ret != (int32_t)*ret)) {
        qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
        qv_clear(qi, &n);
    }
    qv_xdecref(qi, n);
    return n ? 0 : -1;
}

static int audit_dump(QvInterp *qi, QvObj *value, int64_t version)
{
    return qv_audit_on(qi) ? qv_audit(qi, "marshal.dumps", "OL", value, version) : 0;
}

static QvObj *mod_dumps(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int64_t version;
    return version_of(qi, args[1], &version) < 0 || audit_dump(qi, args[0], version) < 0
               ? NULL
               : qv_marshal_dumps(qi, args[0], version);
}

static QvObj *mod_dump(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int64_t version;
    if (version_of(qi, args[2], &version) < 0 || audit_dump(qi, args[0], version) < 0) {
        return NULL;
    }
    QvObj *bytes = qv_marshal_dumps(qi, args[0], version);
    QvObj *ret = bytes ? qv_call_method1(qi, args[1], QV_N(write), bytes) : NULL;
    qv_xdecref(qi, bytes);
    return ret;
}

static QvObj *mod_loads(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    int status = 0;
    if (qv_audit_on(qi)) {
        QvObj *data = qv_bytes_new(qi, view.buf, view.len);
        status = data ? qv_audit(qi, "marshal.loads", "O", data) : -1;
        qv_xdecref(qi, data);
    }
    QvObj *ret = status < 0 ? NULL : qv_marshal_loads(qi, view.buf, view.len);
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *mod_load(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return qv_audit_on(qi) && qv_audit(qi, "marshal.load", "") < 0 ? NULL
                                                                   : qv_marshal_load(qi, args[0]);
}

static const QvNativeDef functions[] = {
    {"dump", mod_dump, "($module, value, file, version=version, /)",
     "Write the value on the open file."},
    {"dumps", mod_dumps, "($module, value, version=version, /)",
     "Return the bytes object that would be written to a file by dump(value, file)."},
    {"load", mod_load, "($module, file, /)", "Read one value from the open file and return it."},
    {"loads", mod_loads, "($module, bytes, /)", "Convert the bytes-like object to a value."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    return qv_module_add_int(qi, m, "version", QV_MARSHAL_VERSION);
}

const QvModuleDef qv_module_marshal = {
    .name = "marshal",
    .doc = "Python values as bytes, in CPython's format for plain values; code objects in a form\n"
           "that this version of Quiver alone reads.",
    .functions = functions,
    .init = init,
};
