// SPDX-License-Identifier: MIT
// tuple: a fixed row of references behind the header.
//
// A tuple is filled by its maker before anybody else sees it; items may be NULL until then (the
// collector's visits and the end of its life allow for that). There is one empty tuple, sealed.
#include "object/tuple.h"

#include <stdarg.h>
#include <string.h>

#include "base/hash.h"
#include "object/alloc.h"
#include "object/genericalias.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/refs.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/type_ids.h"

#define TUPLE_BYTES(n) (sizeof(QvTuple) + (n) * sizeof(QvObj *))
#define TUPLE_MAX      ((QvSsize)((PTRDIFF_MAX - (QvSsize)sizeof(QvTuple)) / (QvSsize)sizeof(QvObj *)))

QV_SEALED struct QvTupleEmpty qv_tuple_empty = {.h = QV_STATIC_HEADER(&qv_tuple_type), .len = 0};

static inline QvTuple *as_tuple(QvObj *o) { return (QvTuple *)o; }

// n items of a given type, none filled.
static QvObj *tuple_alloc(QvInterp *qi, QvType *type, QvSsize n)
{
    if (QV_UNLIKELY((size_t)n > (size_t)TUPLE_MAX)) {
        return qv_raise_oom(qi);
    }
    QvObj *o = qv_obj_new_var(qi, type, sizeof(QvTuple) + (size_t)n * sizeof(QvObj *));
    if (QV_LIKELY(o != NULL)) {
        as_tuple(o)->len = n;
    }
    return o;
}

QvObj *qv_tuple_new(QvInterp *qi, QvSsize n)
{
    if (n == 0) {
        return QV_EMPTY_TUPLE;
    }
    if (QV_UNLIKELY((size_t)n > (QV_HEAP_SMALL_MAX - sizeof(QvTuple)) / sizeof(QvObj *))) {
        return tuple_alloc(qi, &qv_tuple_type, n);
    }
    QvObj *o;
    switch (n) { // constant sizes become straight stores
    case 2: o = qv_alloc_gc(qi, &qv_tuple_type, TUPLE_BYTES(2)); break;
    case 3: o = qv_alloc_gc(qi, &qv_tuple_type, TUPLE_BYTES(3)); break;
    default: o = qv_alloc_gc(qi, &qv_tuple_type, TUPLE_BYTES((size_t)n));
    }
    if (QV_LIKELY(o != NULL)) {
        as_tuple(o)->len = n;
    }
    return o;
}

// New references to n items. 0, or -1 when the script is being stopped.
static inline int copy_items(QvInterp *qi, QvObj **to, QvObj *const *items, QvSsize n)
{
    for (QvSsize from = 0, stop; from < n; from = stop) {
        if ((stop = qv_stop_slice(qi, from, n)) < 0) {
            return -1;
        }
        qv_refs_copy(qi, to + from, items + from, stop - from);
    }
    return 0;
}

QvObj *qv_tuple_from_array(QvInterp *qi, QvObj *const *items, QvSsize n)
{
    QvObj *o = qv_tuple_new(qi, n);
    if (o) {
        if (copy_items(qi, qv_tuple_items(o), items, n) < 0) {
            qv_clear(qi, &o);
        }
    }
    return o;
}

QvObj *qv_tuple_from_array_take(QvInterp *qi, QV_STOLEN QvObj *const *items, QvSsize n)
{
    QvObj *o = qv_tuple_new(qi, n);
    for (QvSsize i = 0; i < n; i++) {
        qv_check_owner(qi, items[i]);
    }
    if (QV_UNLIKELY(o == NULL)) {
        QvObj *exc = qv_err_fetch(qi);
        for (QvSsize i = 0; i < n; i++) {
            qv_decref(qi, items[i]);
        }
        qv_err_restore(qi, exc);
        return NULL;
    }
    if (n > 0) {
        memcpy(qv_tuple_items(o), items, (size_t)n * sizeof(QvObj *));
    }
    return o;
}

QvObj *qv_tuple_of(QvInterp *qi, int n, ...)
{
    va_list ap;
    va_start(ap, n);
    for (int i = 0; i < n; i++) {
        if (va_arg(ap, QvObj *) == NULL) {
            va_end(ap);
            return NULL;
        }
    }
    va_end(ap);
    QvObj *o = qv_tuple_new(qi, n);
    if (o) {
        va_start(ap, n);
        for (int i = 0; i < n; i++) {
            qv_tuple_items(o)[i] = qv_new_ref(qi, va_arg(ap, QvObj *));
        }
        va_end(ap);
    }
    return o;
}

QvObj *qv_tuple_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end)
{
    QvSsize len = qv_tuple_len(o);
    start = start < 0 ? 0 : start;
    end = end > len ? len : end;
    if (start == 0 && end == len && qv_is_tuple_exact(o)) {
        return qv_new_ref(qi, o);
    }
    return qv_tuple_from_array(qi, qv_tuple_items(o) + start, end > start ? end - start : 0);
}

// ---- construction and life ----------------------------------------------------------------------

static QvObj *tuple_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    // A subclass with its own __init__ may take what it likes by keyword.
    bool lenient = type != &qv_tuple_type && type->init != qv_tuple_type.init;
    if (qv_ctor_check(qi, "tuple", nargs, 0, 1, lenient ? NULL : kwnames) < 0) {
        return NULL;
    }
    if (type == &qv_tuple_type) {
        return nargs == 0 ? QV_EMPTY_TUPLE : qv_to_tuple(qi, args[0]);
    }
    QvObj *plain = nargs == 0 ? QV_EMPTY_TUPLE : qv_to_tuple(qi, args[0]);
    if (plain == NULL) {
        return NULL;
    }
    QvSsize n = qv_tuple_len(plain);
    QvObj *o = tuple_alloc(qi, type, n);
    if (o) {
        for (QvSsize i = 0; i < n; i++) {
            qv_tuple_items(o)[i] = qv_new_ref(qi, qv_tuple_peek(plain, i));
            if (qv_stop_step(qi, i) < 0) {
                qv_clear(qi, &o);
                break;
            }
        }
    }
    qv_decref(qi, plain);
    return o;
}

static int tuple_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvObj **items = qv_tuple_items(o);
    for (QvSsize i = as_tuple(o)->len; i-- > 0;) {
        QV_VISIT(items[i]);
    }
    return 0;
}

static void tuple_fini(QvInterp *qi, QvObj *o)
{
    QvObj **items = qv_tuple_items(o);
    for (QvSsize i = as_tuple(o)->len; i-- > 0;) {
        qv_clear(qi, &items[i]);
        if (QV_UNLIKELY(i % QV_DEALLOC_STEP == QV_DEALLOC_STEP - 1 && qv_dealloc_hurries(qi)) &&
            items[0] && qv_dealloc_pause(qi, o)) {
            return;
        }
    }
}

// The end of an exact tuple in one call.
QV_RUNS static void tuple_dealloc(QvInterp *qi, QvObj *o)
{
    if (QV_UNLIKELY(o->type != &qv_tuple_type)) {
        qv_obj_dealloc(qi, o);
        return;
    }
    QvSsize n = as_tuple(o)->len;
    if (QV_LIKELY(n < QV_DEALLOC_STEP)) { // too few to pause at
        if (QV_LIKELY(n == 2)) {
            qv_clear(qi, &qv_tuple_items(o)[1]);
            qv_clear(qi, &qv_tuple_items(o)[0]);
            qv_alloc_gc_free(qi, o, TUPLE_BYTES(2));
            return;
        }
        for (QvObj **items = qv_tuple_items(o), **p = items + n; p-- > items;) {
            qv_clear(qi, p);
        }
        qv_alloc_gc_free(qi, o, TUPLE_BYTES((size_t)n));
        return;
    }
    tuple_fini(qi, o);
    if (QV_UNLIKELY(o->flags & QV_F_QUEUED)) {
        return; // put aside: the items that are left die later
    }
    qv_alloc_gc_free(qi, o, sizeof(QvTuple) + (size_t)n * sizeof(QvObj *));
}

static size_t tuple_memsize(const QvObj *o)
{
    return sizeof(QvTuple) + (size_t)qv_tuple_len(o) * sizeof(QvObj *);
}

// ---- basic --------------------------------------------------------------------------------------

static QvObj *tuple_repr(QvInterp *qi, QvObj *o)
{
    QvSsize n = qv_tuple_len(o);
    if (n == 0) {
        return qv_str_new_ascii(qi, "()", 2);
    }
    int entered = qv_repr_enter(qi, o);
    if (entered != 0) {
        return entered < 0 ? NULL : qv_str_new_ascii(qi, "(...)", 5);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_char(&b, '(');
    for (QvSsize i = 0; i < n; i++) {
        if (i > 0) {
            qv_strbuf_ascii(&b, ", ", 2);
        }
        QvObj *s = qv_poll_step(qi, i) < 0 ? NULL : qv_repr(qi, qv_tuple_peek(o, i));
        if (s == NULL) {
            qv_strbuf_fini(&b);
            qv_repr_leave(qi, o);
            return NULL;
        }
        qv_strbuf_str(&b, s);
        qv_decref(qi, s);
    }
    if (n == 1) {
        qv_strbuf_char(&b, ',');
    }
    qv_strbuf_char(&b, ')');
    qv_repr_leave(qi, o);
    return qv_strbuf_finish(&b);
}

static QvHash tuple_hash(QvInterp *qi, QvObj *o)
{
    QvSsize n = qv_tuple_len(o);
    uint64_t acc = qv_hash_tuple_start();
    if (QV_UNLIKELY((char *)__builtin_frame_address(0) < qi->ts->c_limit)) {
        qv_raise(qi, &qv_exc_RecursionError, "maximum recursion depth exceeded");
        return -1; // tuples in tuples, thousands deep
    }
    for (QvSsize i = 0; i < n; i++) {
        QvHash h = qv_poll_step(qi, i) < 0 ? -1 : qv_key_hash(qi, qv_tuple_peek(o, i));
        if (h == -1) {
            return -1;
        }
        acc = qv_hash_tuple_add(acc, h);
    }
    return qv_hash_tuple_end(acc, n);
}

static QvObj *tuple_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_tuple(v) || !qv_is_tuple(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvSsize vn = qv_tuple_len(v), wn = qv_tuple_len(w);
    if (vn != wn && (op == QV_EQ || op == QV_NE)) {
        return qv_bool(op == QV_NE);
    }
    QvSsize n = vn < wn ? vn : wn;
    for (QvSsize i = 0; i < n; i++) {
        // What needs no call, up to the next look at the poll flag.
        i = qv_items_same(qv_tuple_items(v), qv_tuple_items(w), i,
                          n <= (i | 4095) ? n : (i | 4095));
        if (i == n) {
            break;
        }
        QvObj *a = qv_tuple_peek(v, i), *b = qv_tuple_peek(w, i);
        int same = qv_poll_step(qi, i) < 0 ? -1 : qv_item_eq(qi, a, b);
        if (same < 0) {
            return NULL;
        }
        if (!same) {
            if (op == QV_EQ || op == QV_NE) {
                return qv_bool(op == QV_NE);
            }
            return qv_compare(qi, a, b, op);
        }
    }
    switch (op) {
    case QV_LT: return qv_bool(vn < wn);
    case QV_LE: return qv_bool(vn <= wn);
    case QV_EQ: return QV_TRUE;
    case QV_NE: return QV_FALSE;
    case QV_GT: return qv_bool(vn > wn);
    default: return qv_bool(vn >= wn);
    }
}

// ---- sequence -----------------------------------------------------------------------------------

static QvSsize tuple_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_tuple_len(o);
}

static QvObj *tuple_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvSsize i;
    if (QV_LIKELY(key->type == &qv_int_type)) {
        i = qv_int_value(key);
    } else if (qv_is_slice(key)) {
        QvSsize start, stop, step, count;
        QvSsize len = qv_tuple_len(o);
        if (qv_slice_indices(qi, key, len, &start, &stop, &step, &count) < 0) {
            return NULL;
        }
        if (step == 1) {
            return qv_tuple_slice(qi, o, start, start + count);
        }
        QvObj *ret = qv_tuple_new(qi, count);
        for (QvSsize k = 0; ret && k < count; k++, start = qv_slice_next(start, step)) {
            qv_tuple_items(ret)[k] = qv_new_ref(qi, qv_tuple_peek(o, start));
            if (qv_stop_step(qi, k) < 0) {
                qv_clear(qi, &ret);
            }
        }
        return ret;
    } else if (key->type->index) {
        if (qv_index_ssize(qi, key, &i, &qv_exc_IndexError) < 0) {
            return NULL;
        }
    } else {
        return qv_raise(qi, &qv_exc_TypeError, "tuple indices must be integers or slices, not %T",
                        key);
    }
    QvSsize len = qv_tuple_len(o);
    if (i < 0) {
        i += len;
    }
    if ((size_t)i >= (size_t)len) {
        return qv_raise(qi, &qv_exc_IndexError, "tuple index out of range");
    }
    return qv_new_ref(qi, qv_tuple_peek(o, i));
}

static int tuple_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    QvSsize n = qv_tuple_len(o);
    for (QvSsize i = 0; i < n; i++) {
        int r = qv_poll_step(qi, i) < 0 ? -1 : qv_item_eq(qi, qv_tuple_peek(o, i), item);
        if (r != 0) {
            return r;
        }
    }
    return 0;
}

static QvObj *tuple_concat(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_tuple(w)) {
        return qv_raise(qi, &qv_exc_TypeError, "can only concatenate tuple (not \"%T\") to tuple",
                        w);
    }
    QvSsize vn = qv_tuple_len(v), wn = qv_tuple_len(w);
    if (vn == 0 && qv_is_tuple_exact(w)) {
        return qv_new_ref(qi, w);
    }
    if (wn == 0 && qv_is_tuple_exact(v)) {
        return qv_new_ref(qi, v);
    }
    if (vn > TUPLE_MAX - wn) {
        return qv_raise_oom(qi);
    }
    QvObj *ret = qv_tuple_new(qi, vn + wn);
    if (ret) {
        QvObj **to = qv_tuple_items(ret);
        if (copy_items(qi, to, qv_tuple_items(v), vn) < 0 ||
            copy_items(qi, to + vn, qv_tuple_items(w), wn) < 0) {
            qv_clear(qi, &ret);
        }
    }
    return ret;
}

static QvObj *tuple_repeat(QvInterp *qi, QvObj *o, QvSsize n)
{
    QvSsize len = qv_tuple_len(o);
    if ((len == 0 || n == 1) && qv_is_tuple_exact(o)) {
        return qv_new_ref(qi, o);
    }
    if (len == 0 || n <= 0) {
        return QV_EMPTY_TUPLE;
    }
    if (n > TUPLE_MAX / len) {
        return qv_raise_oom(qi);
    }
    QvObj *ret = qv_tuple_new(qi, len * n);
    if (ret == NULL) {
        return NULL;
    }
    QvObj **to = qv_tuple_items(ret);
    QvSsize done = 0;
    for (QvSsize k = 0; k < n; k++) {
        for (QvSsize i = 0; i < len; i++) {
            to[done++] = qv_new_ref(qi, qv_tuple_peek(o, i));
            if (qv_poll_step(qi, done) < 0) {
                qv_decref(qi, ret);
                return NULL;
            }
        }
    }
    return ret;
}

static QvObj *tuple_iter(QvInterp *qi, QvObj *o)
{
    return qv_seqiter_new(qi, &qv_tuple_iterator_type, o);
}

// ---- methods ------------------------------------------------------------------------------------

static QvObj *tuple_index(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize len = qv_tuple_len(self);
    QvSsize start = 0, stop = len;
    if ((args[1] && qv_slice_position(qi, args[1], &start) < 0) ||
        (args[2] && qv_slice_position(qi, args[2], &stop) < 0)) {
        return NULL;
    }
    start = start < 0 ? (start + len < 0 ? 0 : start + len) : start;
    stop = stop < 0 ? stop + len : stop;
    for (QvSsize i = start; i < stop && i < len; i++) {
        int r = qv_poll_step(qi, i) < 0 ? -1 : qv_item_eq(qi, qv_tuple_peek(self, i), args[0]);
        if (r != 0) {
            return r < 0 ? NULL : qv_int_from_i64(qi, i);
        }
    }
    return qv_raise(qi, &qv_exc_ValueError, "tuple.index(x): x not in tuple");
}

static QvObj *tuple_count(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize found = 0;
    for (QvSsize i = 0; i < qv_tuple_len(self); i++) {
        int r = qv_poll_step(qi, i) < 0 ? -1 : qv_item_eq(qi, qv_tuple_peek(self, i), args[0]);
        if (r < 0) {
            return NULL;
        }
        found += r;
    }
    return qv_int_from_i64(qi, found);
}

static QvObj *tuple_getnewargs(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *plain = qv_tuple_slice(qi, self, 0, qv_tuple_len(self));
    QvObj *ret = qv_tuple_of(qi, 1, plain);
    qv_xdecref(qi, plain);
    return ret;
}

static const QvNativeDef tuple_methods[] = {
    {"__getnewargs__", tuple_getnewargs, "($self, /)", NULL},
    {"index", tuple_index, "($self, value, start=0, stop=sys.maxsize, /)",
     "Index of the first item equal to value; ValueError when there is none."},
    {"count", tuple_count, "($self, value, /)", "Number of items equal to value."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_tuple_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "tuple",
    .id = QV_TID_tuple,
    .flags = QV_T_GC | QV_T_BASE | QV_T_VAR | QV_T_TUPLE | QV_T_SEQUENCE | QV_T_MATCH_SELF |
             QV_T_IMMUTABLE,
    .size = sizeof(QvTuple),
    .base = &qv_object_type,
    .doc = "tuple(iterable=(), /)\n--\n\n"
           "Immutable sequence of the items of the iterable; empty without one.\n"
           "A tuple as argument is returned itself.",
    .methods = tuple_methods,
    .new_ = tuple_make,
    .dealloc = tuple_dealloc,
    .fini = tuple_fini,
    .traverse = tuple_traverse,
    .memsize = tuple_memsize,
    .repr = tuple_repr,
    .hash = tuple_hash,
    .richcmp = tuple_richcmp,
    .iter = tuple_iter,
    .len = tuple_len,
    .getitem = tuple_getitem,
    .contains = tuple_contains,
    .concat = tuple_concat,
    .repeat = tuple_repeat,
};
