// SPDX-License-Identifier: MIT
// Containers, iteration and buffers: len, subscription, membership, iter and next, unpacking.
#include "object/bytes.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/genericalias.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/walk.h"

QvSsize qv_len(QvInterp *qi, QvObj *o)
{
    if (o->type->len) {
        return o->type->len(qi, o);
    }
    qv_raise(qi, &qv_exc_TypeError, "object of type '%.200T' has no len()", o);
    return -1;
}

QvSsize qv_length_hint(QvInterp *qi, QvObj *o, QvSsize dflt)
{
    if (o->type->len) {
        QvSsize n = o->type->len(qi, o);
        if (n >= 0) {
            return n;
        }
        if (!qv_err_matches(qi, &qv_exc_TypeError)) {
            return -1;
        }
        qv_err_clear(qi);
    }
    QvObj *hint;
    int has = qv_lookup_special(qi, o, QV_N(__length_hint__), &hint);
    if (has <= 0) {
        return has < 0 ? -1 : dflt;
    }
    QvObj *r = qv_call0(qi, hint);
    qv_decref(qi, hint);
    if (!r) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            return dflt;
        }
        return -1;
    }
    if (r == QV_NOTIMPLEMENTED) {
        return dflt;
    }
    QvSsize n = -1;
    if (!qv_is_int(r)) {
        qv_raise(qi, &qv_exc_TypeError, "__length_hint__ must be an integer, not %.100T", r);
    } else if (qv_int_to_ssize(qi, r, &n) < 0) {
        n = -1;
    } else if (n < 0) {
        qv_raise(qi, &qv_exc_ValueError, "__length_hint__() should return >= 0");
        n = -1;
    }
    qv_decref(qi, r);
    return n;
}

// ---- subscription -------------------------------------------------------------------------------

// X[key] for a class X without __getitem__ on its metaclass.
static QvObj *type_getitem(QvInterp *qi, QvObj *type, QvObj *key)
{
    if (type == (QvObj *)&qv_type_type) {
        return qv_generic_alias_new(qi, type, key);
    }
    QvObj *f;
    int has = qv_getattr_try(qi, type, QV_N(__class_getitem__), &f);
    if (has < 0) {
        return NULL;
    }
    if (has && f != QV_NONE) {
        QvObj *r = qv_call1(qi, f, key);
        qv_decref(qi, f);
        return r;
    }
    return qv_raise(qi, &qv_exc_TypeError, "type '%.200N' is not subscriptable", type);
}

QvObj *qv_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    if (o->type->getitem) {
        return o->type->getitem(qi, o, key);
    }
    if (qv_is_type(o)) {
        return type_getitem(qi, o, key);
    }
    return qv_raise(qi, &qv_exc_TypeError, "'%.200T' object is not subscriptable", o);
}

int qv_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    if (o->type->setitem) {
        return o->type->setitem(qi, o, key, value);
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "'%.200T' object does not support item assignment",
                        o);
}

int qv_delitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    if (o->type->setitem) {
        return o->type->setitem(qi, o, key, NULL);
    }
    // CPython has two texts: one for whatever has sequence slots, when the key could be an index.
    const QvType *t = o->type;
    bool seq = qv_type_has(t, QV_T_HEAP) || t->getitem || t->contains || t->concat || t->repeat;
    const char *fmt = seq && (qv_is_int(key) || key->type->index)
                          ? "'%.200T' object doesn't support item deletion"
                          : "'%.200T' object does not support item deletion";
    return qv_raise_int(qi, &qv_exc_TypeError, fmt, o);
}

QvObj *qv_getitem_i(QvInterp *qi, QvObj *o, QvSsize i)
{
    if (!o->type->getitem) {
        return qv_raise(qi, &qv_exc_TypeError, "'%.200T' object does not support indexing", o);
    }
    QvObj *key = qv_int_from_i64(qi, i);
    if (!key) {
        return NULL;
    }
    QvObj *r = o->type->getitem(qi, o, key);
    qv_decref(qi, key);
    return r;
}

int qv_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    if (o->type->contains) {
        return o->type->contains(qi, o, item);
    }
    QvObj *it = qv_iter(qi, o);
    if (!it) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_raise(qi, &qv_exc_TypeError, "argument of type '%.200T' is not iterable", o);
        }
        return -1;
    }
    int found = 0;
    for (QvSsize i = 0;; i++) {
        QvObj *x = qv_poll_step(qi, i) < 0 ? NULL : qv_next(qi, it);
        if (!x) {
            if (qv_err_occurred(qi)) {
                found = -1;
            }
            break;
        }
        found = qv_eq(qi, x, item);
        qv_decref(qi, x);
        if (found) {
            break;
        }
    }
    qv_decref(qi, it);
    return found;
}

// A static type is a sequence when it says so; a class with __getitem__ is one unless it is a dict.
bool qv_is_sequence(const QvObj *o)
{
    const QvType *t = o->type;
    if (!t->getitem || qv_type_has(t, QV_T_DICT)) {
        return false;
    }
    return qv_type_has(t, QV_T_HEAP) || qv_type_has(t, QV_T_SEQUENCE) || t->concat != NULL ||
           t->repeat != NULL;
}

bool qv_is_mapping(const QvObj *o) { return o->type->getitem != NULL; }

// ---- iteration ----------------------------------------------------------------------------------

QvObj *qv_iter(QvInterp *qi, QvObj *o)
{
    if (o->type->iter) {
        QvObj *it = o->type->iter(qi, o);
        if (it && !it->type->next) {
            qv_raise(qi, &qv_exc_TypeError, "iter() returned non-iterator of type '%.100T'", it);
            qv_decref(qi, it);
            return NULL;
        }
        return it;
    }
    if (qv_is_sequence(o)) {
        return qv_seqiter_new(qi, &qv_seqiter_type, o);
    }
    return qv_raise(qi, &qv_exc_TypeError, "'%.200T' object is not iterable", o);
}

QvObj *qv_next(QvInterp *qi, QvObj *it)
{
    if (QV_UNLIKELY(!it->type->next)) {
        return qv_raise(qi, &qv_exc_TypeError, "'%.200T' object is not iterable", it);
    }
    // Iterators over iterators recur in C.
    if (QV_UNLIKELY((char *)__builtin_frame_address(0) < qi->ts->c_limit)) {
        return qv_raise(qi, &qv_exc_RecursionError, "maximum recursion depth exceeded");
    }
    QvObj *r = it->type->next(qi, it);
    if (!r && qi->ts->exc && qv_err_matches(qi, &qv_exc_StopIteration)) {
        qv_err_clear(qi);
    }
    return r;
}

int qv_walk_init(QvInterp *qi, QvWalk *w, QvObj *iterable)
{
    w->at = w->steps = 0;
    if (qv_is_list_exact(iterable) || qv_is_tuple_exact(iterable)) {
        w->kind = qv_is_list_exact(iterable) ? QV_WALK_LIST : QV_WALK_TUPLE;
        w->over = qv_new_ref(qi, iterable);
        return 0;
    }
    w->over = iterable->type == &qv_generator_type ? qv_new_ref(qi, iterable)
                                                   : qv_iter(qi, iterable);
    if (w->over == NULL) {
        return -1;
    }
    w->kind = w->over->type == &qv_generator_type ? QV_WALK_GENERATOR : QV_WALK_ITER;
    return 0;
}

static void drop_all(QvInterp *qi, QvObj **items, QvSsize n)
{
    for (QvSsize i = 0; i < n; i++) {
        qv_clear(qi, &items[i]);
    }
}

static int too_few(QvInterp *qi, QvSsize before, QvSsize after, QvSsize got)
{
    if (after < 0) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "not enough values to unpack (expected %zd, got %zd)", before, got);
    }
    return qv_raise_int(qi, &qv_exc_ValueError,
                        "not enough values to unpack (expected at least %zd, got %zd)",
                        before + after, got);
}

static int too_many(QvInterp *qi, QvSsize before)
{
    return qv_raise_int(qi, &qv_exc_ValueError, "too many values to unpack (expected %zd)", before);
}

// The exact list or tuple `o` of the right length, without an iterator.
static int unpack_array(QvInterp *qi, QvObj *const *items, QvSsize n, QvSsize before, QvObj **ret)
{
    if (n != before) {
        return n < before ? too_few(qi, before, -1, n) : too_many(qi, before);
    }
    for (QvSsize i = 0; i < n; i++) {
        ret[i] = qv_new_ref(qi, items[i]);
    }
    return 0;
}

// The rest of `it` after `before` items: a list at ret[before], its last `after` items behind it.
static int unpack_star(QvInterp *qi, QvObj *it, QvSsize before, QvSsize after, QvObj **ret)
{
    QvObj *list = qv_to_list(qi, it);
    if (!list) {
        return -1;
    }
    QvSsize n = qv_list_len(list);
    if (n < after) {
        qv_decref(qi, list);
        return too_few(qi, before, after, before + n);
    }
    for (QvSsize i = 0; i < after; i++) {
        ret[before + 1 + i] = qv_new_ref(qi, qv_list_peek(list, n - after + i));
    }
    if (after > 0 && qv_list_set_slice(qi, list, n - after, n, NULL) < 0) {
        drop_all(qi, ret + before + 1, after);
        qv_decref(qi, list);
        return -1;
    }
    ret[before] = list;
    return 0;
}

// The same for a whole tuple or ordinary list that has enough items. 1; 0: nothing done; -1.
static int unpack_star_of(QvInterp *qi, QvObj *o, QvSsize before, QvSsize after, QvObj **ret)
{
    bool tuple = qv_is_tuple_exact(o);
    QvSsize n = tuple ? qv_tuple_len(o) : qv_list_len(o), rest = n - before - after;
    if (rest < 0 || n > 4096) {
        return 0;
    }
    QvObj *list = qv_list_new(qi, rest);
    if (!list) {
        return -1;
    }
    // (Making it may have started a collection, and finalizers changed the other one.)
    if (!tuple && (qv_list_is_packed(o) || qv_list_len(o) != n)) {
        qv_decref(qi, list);
        return 0;
    }
    QvObj *const *items = tuple ? qv_tuple_items(o) : ((QvList *)o)->items;
    for (QvSsize i = 0; i < before; i++) {
        ret[i] = qv_new_ref(qi, items[i]);
    }
    for (QvSsize i = 0; i < rest; i++) {
        ((QvList *)list)->items[i] = qv_new_ref(qi, items[before + i]);
    }
    ((QvList *)list)->boxed = rest;
    ret[before] = list;
    for (QvSsize i = 0; i < after; i++) {
        ret[before + 1 + i] = qv_new_ref(qi, items[before + rest + i]);
    }
    return 1;
}

int qv_unpack_iterable(QvInterp *qi, QvObj *o, QvSsize before, QvSsize after, QvObj **ret)
{
    if (after < 0) {
        if (qv_is_tuple(o) && o->type->iter == qv_tuple_type.iter) {
            return unpack_array(qi, qv_tuple_items(o), qv_tuple_len(o), before, ret);
        }
        if (qv_is_list_exact(o) && !qv_list_is_packed(o)) {
            return unpack_array(qi, ((QvList *)o)->items, qv_list_len(o), before, ret);
        }
    } else if (qv_is_tuple_exact(o) || (qv_is_list_exact(o) && !qv_list_is_packed(o))) {
        int done = unpack_star_of(qi, o, before, after, ret);
        if (done != 0) {
            return done < 0 ? -1 : 0;
        }
    }
    QvObj *it = qv_iter(qi, o);
    if (!it) {
        if (!o->type->iter && !qv_is_sequence(o) && qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_raise(qi, &qv_exc_TypeError, "cannot unpack non-iterable %.200T object", o);
        }
        return -1;
    }
    QvSsize got = 0;
    int result = -1;
    for (; got < before; got++) {
        ret[got] = qv_next(qi, it);
        if (!ret[got]) {
            if (!qv_err_occurred(qi)) {
                too_few(qi, before, after, got);
            }
            goto done;
        }
    }
    if (after >= 0) {
        result = unpack_star(qi, it, before, after, ret);
    } else {
        QvObj *extra = qv_next(qi, it);
        if (extra) {
            qv_decref(qi, extra);
            too_many(qi, before);
        } else if (!qv_err_occurred(qi)) {
            result = 0;
        }
    }
done:
    qv_decref(qi, it);
    if (result < 0) {
        // The exception is pending while the items go: their __del__ must not see it change.
        QvObj *exc = qv_err_fetch(qi);
        drop_all(qi, ret, got);
        qv_err_restore(qi, exc);
    }
    return result;
}

QvObj *qv_to_list(QvInterp *qi, QvObj *o)
{
    QvObj *list = qv_list_new(qi, 0);
    if (list && qv_list_extend(qi, list, o) < 0) {
        qv_decref(qi, list);
        return NULL;
    }
    return list;
}

QvObj *qv_to_tuple(QvInterp *qi, QvObj *o)
{
    if (qv_is_tuple_exact(o)) {
        return qv_new_ref(qi, o);
    }
    if (qv_is_list_exact(o)) {
        return qv_list_as_tuple(qi, o);
    }
    if (qv_is_tuple(o) && o->type->iter == qv_tuple_type.iter) {
        return qv_tuple_from_array(qi, qv_tuple_items(o), qv_tuple_len(o));
    }
    QvObj *list = qv_to_list(qi, o);
    if (!list) {
        return NULL;
    }
    QvObj *t = qv_list_as_tuple(qi, list);
    qv_decref(qi, list);
    return t;
}

// ---- buffers ------------------------------------------------------------------------------------

bool qv_has_buffer(const QvObj *o) { return o->type->buffer != NULL; }

int qv_buffer_get(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags)
{
    *view = (QvBufferView){0};
    if (!o->type->buffer) {
        return qv_raise_int(qi, &qv_exc_TypeError, "a bytes-like object is required, not '%.100T'",
                            o);
    }
    if (o->type->buffer(qi, o, view, flags) < 0) {
        view->obj = NULL;
        return -1;
    }
    if ((flags & QV_BUF_WRITABLE) && view->readonly) {
        qv_buffer_release(qi, view);
        return qv_raise_int(qi, &qv_exc_BufferError, "Object is not writable.");
    }
    return 0;
}

void qv_buffer_release(QvInterp *qi, QvBufferView *view)
{
    QvObj *o = view->obj;
    if (!o) {
        return;
    }
    view->obj = NULL;
    if (o->type->buffer_release) {
        o->type->buffer_release(qi, o, view);
    }
    qv_decref(qi, o);
}
