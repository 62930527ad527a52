// SPDX-License-Identifier: MIT
// The basic operations on any object: text forms, hash, truth, comparison, class tests, dir.
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- text ---------------------------------------------------------------------------------------

// Takes r, the result of `method`; a non-str becomes a TypeError.
static QvObj *check_str(QvInterp *qi, QvObj *r, const char *method)
{
    if (r && !qv_is_str(r)) {
        qv_raise(qi, &qv_exc_TypeError, "%s returned non-string (type %.200T)", method, r);
        qv_decref(qi, r);
        return NULL;
    }
    return r;
}

QvObj *qv_repr(QvInterp *qi, QvObj *o)
{
    if (!o->type->repr) {
        return qv_str_format(qi, "<%s object at %p>", qv_type_of(o)->name, (void *)o);
    }
    if (qv_enter_recursive(qi, " while getting the repr of an object") < 0) {
        return NULL;
    }
    QvObj *r = o->type->repr(qi, o);
    qv_leave_recursive(qi);
    return check_str(qi, r, "__repr__");
}

QvObj *qv_str(QvInterp *qi, QvObj *o)
{
    if (qv_is_str_exact(o)) {
        return qv_new_ref(qi, o);
    }
    if (o->type == &qv_int_type) {
        return qv_int_to_text(qi, o, 10, false); // runs nothing, so it cannot recurse
    }
    if (!o->type->str) {
        return qv_repr(qi, o);
    }
    if (qv_enter_recursive(qi, " while getting the str of an object") < 0) {
        return NULL;
    }
    QvObj *r = o->type->str(qi, o);
    qv_leave_recursive(qi);
    return check_str(qi, r, "__str__");
}

QvObj *qv_ascii(QvInterp *qi, QvObj *o)
{
    static const char hex[] = "0123456789abcdef";
    QvObj *s = qv_repr(qi, o);
    if (!s || qv_str_is_ascii(s)) {
        return s;
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize n = qv_str_len(s);
    for (QvSsize i = 0; i < n; i++) {
        uint32_t c = qv_str_read(s, i);
        if (c < 128) {
            qv_strbuf_char(&b, c);
            continue;
        }
        int digits = c < 0x100 ? 2 : c < 0x10000 ? 4 : 8;
        qv_strbuf_char(&b, '\\');
        qv_strbuf_char(&b, c < 0x100 ? 'x' : c < 0x10000 ? 'u' : 'U');
        for (int k = digits - 1; k >= 0; k--) {
            qv_strbuf_char(&b, (uint8_t)hex[(c >> (4 * k)) & 15]);
        }
    }
    qv_decref(qi, s);
    return qv_strbuf_finish(&b);
}

// bytes from an iterable of ints. Errors of the iteration as they are.
static QvObj *bytes_from_iterable(QvInterp *qi, QvObj *o)
{
    QvObj *it = qv_iter(qi, o);
    if (!it) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_raise(qi, &qv_exc_TypeError, "cannot convert '%.200T' object to bytes", o);
        }
        return NULL;
    }
    QvObj *acc = qv_bytearray_new(qi, NULL, 0);
    QvObj *result = NULL;
    QvSsize n = 0;
    while (acc) {
        QvObj *x = qv_next(qi, it);
        if (!x) {
            if (!qv_err_occurred(qi)) {
                result = qv_bytes_new(qi, ((QvByteArray *)acc)->data, n);
            }
            break;
        }
        QvSsize v;
        int ok = qv_index_ssize(qi, x, &v, NULL);
        qv_decref(qi, x);
        if (ok < 0) {
            break;
        }
        if (v < 0 || v > 255) {
            qv_raise(qi, &qv_exc_ValueError, "bytes must be in range(0, 256)");
            break;
        }
        // Doubling here: qv_bytearray_resize grows to what is asked for.
        if (n == ((QvByteArray *)acc)->len &&
            qv_bytearray_resize(qi, acc, n < 16 ? 32 : n * 2) < 0) {
            break;
        }
        ((QvByteArray *)acc)->data[n++] = (uint8_t)v;
    }
    qv_xdecref(qi, acc);
    qv_decref(qi, it);
    return result;
}

QvObj *qv_bytes_of(QvInterp *qi, QvObj *o)
{
    if (o->type == &qv_bytes_type) {
        return qv_new_ref(qi, o);
    }
    QvObj *f;
    int has = qv_lookup_special(qi, o, QV_N(__bytes__), &f);
    if (has < 0) {
        return NULL;
    }
    if (has) {
        QvObj *r = qv_call0(qi, f);
        qv_decref(qi, f);
        if (r && !qv_is_bytes(r)) {
            qv_raise(qi, &qv_exc_TypeError, "__bytes__ returned non-bytes (type %.200T)", r);
            qv_clear(qi, &r);
        }
        return r;
    }
    if (qv_has_buffer(o)) {
        QvBufferView view;
        if (qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        QvObj *r = qv_bytes_new(qi, view.len ? view.buf : "", view.len);
        qv_buffer_release(qi, &view);
        return r;
    }
    if (qv_is_str(o)) {
        return qv_raise(qi, &qv_exc_TypeError, "cannot convert '%.200T' object to bytes", o);
    }
    return bytes_from_iterable(qi, o);
}

QvObj *qv_format(QvInterp *qi, QvObj *o, QvObj *spec)
{
    if (spec && !qv_is_str(spec)) {
        return qv_raise(qi, &qv_exc_SystemError, "Format specifier must be a string, not %.200T",
                        spec);
    }
    if (!spec || qv_str_len(spec) == 0) {
        if (qv_is_str_exact(o)) {
            return qv_new_ref(qi, o);
        }
        if (qv_is_int_exact(o)) {
            return qv_str(qi, o);
        }
        spec = QV_N(empty);
    }
    // What their __format__ does: a static type's can't be replaced.
    if (o->type == &qv_float_type) {
        return qv_format_float(qi, o, spec);
    }
    if (qv_is_int_exact(o)) {
        return qv_format_int(qi, o, spec);
    }
    if (qv_is_str_exact(o)) {
        return qv_format_str(qi, o, spec);
    }
    QvObj *f;
    int has = qv_lookup_special(qi, o, QV_N(__format__), &f);
    if (has <= 0) {
        if (!has) {
            qv_raise(qi, &qv_exc_TypeError, "Type %.100T doesn't define __format__", o);
        }
        return NULL;
    }
    QvObj *r = qv_call1(qi, f, spec);
    qv_decref(qi, f);
    if (r && !qv_is_str(r)) {
        qv_raise(qi, &qv_exc_TypeError, "__format__ must return a str, not %.200T", r);
        qv_clear(qi, &r);
    }
    return r;
}

// ---- hash, truth --------------------------------------------------------------------------------

QvHash qv_hash_not_implemented(QvInterp *qi, QvObj *o)
{
    qv_raise(qi, &qv_exc_TypeError, "unhashable type: '%.200T'", o);
    return -1;
}

QvHash qv_hash(QvInterp *qi, QvObj *o)
{
    return o->type->hash ? o->type->hash(qi, o) : qv_hash_not_implemented(qi, o);
}

int qv_is_true(QvInterp *qi, QvObj *o)
{
    if (o == QV_TRUE) {
        return 1;
    }
    if (o == QV_FALSE || o == QV_NONE) {
        return 0;
    }
    if (o->type->bool_) {
        return o->type->bool_(qi, o);
    }
    if (o->type->len) {
        QvSsize n = o->type->len(qi, o);
        return n < 0 ? -1 : n > 0;
    }
    return 1;
}

int qv_not(QvInterp *qi, QvObj *o)
{
    int r = qv_is_true(qi, o);
    return r < 0 ? -1 : !r;
}

// ---- comparison ---------------------------------------------------------------------------------

static const QvCmpOp swapped[] = {[QV_LT] = QV_GT, [QV_LE] = QV_GE, [QV_EQ] = QV_EQ,
                                  [QV_NE] = QV_NE, [QV_GT] = QV_LT, [QV_GE] = QV_LE};
static const char *const cmp_signs[] = {
    [QV_LT] = "<", [QV_LE] = "<=", [QV_EQ] = "==", [QV_NE] = "!=", [QV_GT] = ">", [QV_GE] = ">="};

// The reflected method, then what all objects can do.
static QvObj *compare_tail(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op, bool reflected_done)
{
    QvRichCmpFn f = w->type->richcmp;
    if (!reflected_done && f != NULL) {
        QvObj *r = f(qi, w, v, swapped[op]);
        if (r != QV_NOTIMPLEMENTED) {
            return r;
        }
    }
    switch (op) {
    case QV_EQ: return qv_bool(v == w);
    case QV_NE: return qv_bool(v != w);
    default:
        return qv_raise(qi, &qv_exc_TypeError,
                        "'%s' not supported between instances of '%.100T' and '%.100T'",
                        cmp_signs[op], v, w);
    }
}

static QvObj *compare_dispatch(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    bool reflected_done = false;
    QvRichCmpFn f;
    if (v->type != w->type && (f = w->type->richcmp) != NULL &&
        qv_type_is_subtype(w->type, qv_type_of(v)) && qv_type_of(w) != qv_type_of(v)) {
        reflected_done = true;
        QvObj *r = f(qi, w, v, swapped[op]);
        if (r != QV_NOTIMPLEMENTED) {
            return r;
        }
    }
    if ((f = v->type->richcmp) != NULL) {
        QvObj *r = f(qi, v, w, op);
        if (r != QV_NOTIMPLEMENTED) {
            return r;
        }
    }
    return compare_tail(qi, v, w, op, reflected_done);
}
QvObj *qv_compare(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (qv_enter_recursive(qi, " in comparison") < 0) {
        return NULL;
    }
    QvObj *r = compare_dispatch(qi, v, w, op);
    qv_leave_recursive(qi);
    return r;
}

QvObj *qv_compare_rest(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (qv_enter_recursive(qi, " in comparison") < 0) {
        return NULL;
    }
    QvObj *r = compare_tail(qi, v, w, op, false);
    qv_leave_recursive(qi);
    return r;
}

int qv_compare_bool(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (v == w) {
        if (op == QV_EQ) {
            return 1;
        }
        if (op == QV_NE) {
            return 0;
        }
    } else if ((op == QV_EQ || op == QV_NE) && v->type->richcmp == qv_object_type.richcmp &&
               w->type->richcmp == qv_object_type.richcmp) {
        return op == QV_NE; // object's own: identity alone counts
    }
    QvObj *r = qv_compare(qi, v, w, op);
    if (!r) {
        return -1;
    }
    if (qv_is_bool(r)) {
        return r == QV_TRUE;
    }
    int b = qv_is_true(qi, r);
    qv_decref(qi, r);
    return b;
}

int qv_eq(QvInterp *qi, QvObj *v, QvObj *w) { return qv_compare_bool(qi, v, w, QV_EQ); }

// ---- isinstance, issubclass ---------------------------------------------------------------------

// cls.__bases__ when it is a tuple. 1 (*ret new), 0, -1.
static int abstract_bases(QvInterp *qi, QvObj *cls, QvObj **ret)
{
    int has = qv_getattr_try(qi, cls, QV_N(__bases__), ret);
    if (has > 0 && !qv_is_tuple(*ret)) {
        qv_clear(qi, ret);
        return 0;
    }
    return has;
}

static int check_class(QvInterp *qi, QvObj *cls, const char *message)
{
    QvObj *bases;
    int has = abstract_bases(qi, cls, &bases);
    if (has > 0) {
        qv_decref(qi, bases);
        return 0;
    }
    return has < 0 ? -1 : qv_raise_int(qi, &qv_exc_TypeError, "%s", message);
}

// Follows __bases__ of class-like objects.
static int abstract_issubclass(QvInterp *qi, QvObj *derived, QvObj *cls)
{
    QvObj *held = qv_new_ref(qi, derived);
    int result = 0;
    for (;;) {
        if (held == cls) {
            result = 1;
            break;
        }
        QvObj *bases;
        int has = abstract_bases(qi, held, &bases);
        if (has <= 0) {
            result = has;
            break;
        }
        QvSsize n = qv_tuple_len(bases);
        if (n == 1) {
            qv_set_take(qi, &held, qv_new_ref(qi, qv_tuple_peek(bases, 0)));
            qv_decref(qi, bases);
            continue;
        }
        if (n > 1 && qv_enter_recursive(qi, " in __issubclass__") < 0) {
            result = -1;
        } else if (n > 1) {
            for (QvSsize i = 0; i < n && !result; i++) {
                result = abstract_issubclass(qi, qv_tuple_peek(bases, i), cls);
            }
            qv_leave_recursive(qi);
        }
        qv_decref(qi, bases);
        break;
    }
    qv_decref(qi, held);
    return result;
}

int qv_isinstance_real(QvInterp *qi, QvObj *o, QvObj *cls)
{
    if (qv_is_type(cls)) {
        QvType *t = qv_type_of(o);
        if (qv_type_is_subtype(t, (QvType *)cls)) {
            return 1;
        }
        if (o->type->getattr == qv_object_getattr &&
            qv_type_lookup(qi, o->type, QV_N(__class__)) ==
                qv_type_lookup(qi, &qv_object_type, QV_N(__class__))) {
            return 0; // its __class__ is its type
        }
        QvObj *c;
        int has = qv_getattr_try(qi, o, QV_N(__class__), &c);
        if (has <= 0) {
            return has;
        }
        int r = c != (QvObj *)t && qv_is_type(c) && qv_type_is_subtype((QvType *)c, (QvType *)cls);
        qv_decref(qi, c);
        return r;
    }
    if (check_class(qi, cls, "isinstance() arg 2 must be a type, a tuple of types, or a union") <
        0) {
        return -1;
    }
    QvObj *c;
    int has = qv_getattr_try(qi, o, QV_N(__class__), &c);
    if (has <= 0) {
        return has;
    }
    int r = abstract_issubclass(qi, c, cls);
    qv_decref(qi, c);
    return r;
}

int qv_issubclass_real(QvInterp *qi, QvObj *cls, QvObj *of)
{
    if (qv_is_type(cls) && qv_is_type(of)) {
        return qv_type_is_subtype((QvType *)cls, (QvType *)of);
    }
    if (check_class(qi, cls, "issubclass() arg 1 must be a class") < 0) {
        return -1;
    }
    if (!qv_is_union(of) &&
        check_class(qi, of, "issubclass() arg 2 must be a class, a tuple of classes, or a union") <
            0) {
        return -1;
    }
    return abstract_issubclass(qi, cls, of);
}

// cls.__instancecheck__(x) or cls.__subclasscheck__(x). 1/0/-1; *ret_found false: there is none.
static int check_special(QvInterp *qi, QvObj *cls, QvObj *name, const char *where, QvObj *x,
                         bool *ret_found)
{
    QvObj *f;
    int has = qv_lookup_special(qi, cls, name, &f);
    *ret_found = has != 0;
    if (has <= 0) {
        return has;
    }
    int result = -1;
    if (qv_enter_recursive(qi, where) == 0) {
        QvObj *r = qv_call1(qi, f, x);
        qv_leave_recursive(qi);
        if (r) {
            result = qv_is_true(qi, r);
            qv_decref(qi, r);
        }
    }
    qv_decref(qi, f);
    return result;
}

int qv_isinstance(QvInterp *qi, QvObj *o, QvObj *cls)
{
    static const char where[] = " in __instancecheck__";
    if ((QvObj *)qv_type_of(o) == cls) {
        return 1;
    }
    if (cls->type == &qv_type_type) {
        return qv_isinstance_real(qi, o, cls);
    }
    if (qv_is_tuple(cls)) {
        if (qv_enter_recursive(qi, where) < 0) {
            return -1;
        }
        int r = 0;
        for (QvSsize i = 0; i < qv_tuple_len(cls) && !r; i++) {
            r = qv_isinstance(qi, o, qv_tuple_peek(cls, i));
        }
        qv_leave_recursive(qi);
        return r;
    }
    bool found;
    int r = check_special(qi, cls, QV_N(__instancecheck__), where, o, &found);
    return found ? r : qv_isinstance_real(qi, o, cls);
}

int qv_issubclass(QvInterp *qi, QvObj *cls, QvObj *of)
{
    static const char where[] = " in __subclasscheck__";
    if (of->type == &qv_type_type) {
        return cls == of ? 1 : qv_issubclass_real(qi, cls, of);
    }
    if (qv_is_tuple(of)) {
        if (qv_enter_recursive(qi, where) < 0) {
            return -1;
        }
        int r = 0;
        for (QvSsize i = 0; i < qv_tuple_len(of) && !r; i++) {
            r = qv_issubclass(qi, cls, qv_tuple_peek(of, i));
        }
        qv_leave_recursive(qi);
        return r;
    }
    bool found;
    int r = check_special(qi, of, QV_N(__subclasscheck__), where, cls, &found);
    return found ? r : qv_issubclass_real(qi, cls, of);
}

// ---- dir ----------------------------------------------------------------------------------------

QvObj *qv_dir(QvInterp *qi, QvObj *o)
{
    QvObj *names;
    if (!o) {
        QvObj *locals = qv_frame_locals_now(qi);
        if (!locals) {
            return NULL;
        }
        names = qv_call_method0(qi, locals, QV_N(keys));
        qv_decref(qi, locals);
    } else {
        QvObj *f;
        int has = qv_lookup_special(qi, o, QV_N(__dir__), &f);
        if (has <= 0) {
            return has < 0 ? NULL
                           : qv_raise(qi, &qv_exc_TypeError, "object does not provide __dir__");
        }
        names = qv_call0(qi, f);
        qv_decref(qi, f);
    }
    if (!names) {
        return NULL;
    }
    QvObj *list = qv_to_list(qi, names);
    qv_decref(qi, names);
    if (list && qv_list_sort(qi, list, NULL, false) < 0) {
        qv_clear(qi, &list);
    }
    return list;
}

// ---- repr guard ---------------------------------------------------------------------------------

int qv_repr_enter(QvInterp *qi, QvObj *o)
{
    QvThread *ts = qi->ts;
    if (!ts->repr_list) {
        ts->repr_list = qv_list_new(qi, 8);
        if (!ts->repr_list) {
            return -1;
        }
    }
    for (QvSsize i = qv_list_len(ts->repr_list) - 1; i >= 0; i--) {
        if (qv_list_peek(ts->repr_list, i) == o) {
            return 1;
        }
    }
    return qv_list_append(qi, ts->repr_list, o);
}

void qv_repr_leave(QvInterp *qi, QvObj *o)
{
    QvObj *list = qi->ts->repr_list;
    if (!list) {
        return;
    }
    // It may run while an exception is pending, which the deletion must leave alone.
    QvObj *exc = qv_err_fetch(qi);
    for (QvSsize i = qv_list_len(list) - 1; i >= 0; i--) {
        if (qv_list_peek(list, i) == o) {
            if (qv_list_set_slice(qi, list, i, i + 1, NULL) < 0) {
                qv_err_clear(qi);
            }
            break;
        }
    }
    qv_err_restore(qi, exc);
}
