// SPDX-License-Identifier: MIT
// What looks at a dict: the views of keys, values and items, their iterators, and mappingproxy.
//
// An iterator remembers the size of the dict at its start and gives up when it has changed; it also
// counts down what is left, which notices keys that went and came while the size stayed.
#include "object/alloc.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct QvMappingProxy {
    QvObj h;
    QvObj *mapping; // owned
} QvMappingProxy;

// ---- iterators ----------------------------------------------------------------------------------

QvObj *qv_dict_iter_new(QvInterp *qi, QvType *type, QvObj *o)
{
    QvDictIter *it = (QvDictIter *)(type->flags & QV_T_HEAP
                                        ? qv_obj_new(qi, type)
                                        : qv_alloc_gc(qi, type, sizeof(QvDictIter)));
    if (it) {
        const QvDict *d = (const QvDict *)o;
        bool back = type->id >= QV_TID_dict_reversekeyiterator;
        it->dict = qv_new_ref(qi, o);
        it->pos = back ? (QvSsize)d->nentries - 1 : 0;
        it->used = it->left = d->used;
    }
    return (QvObj *)it;
}

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvDictIter *it = (QvDictIter *)o;
    QV_VISIT(it->dict);
    QV_VISIT(it->pair);
    return 0;
}

static void iter_fini(QvInterp *qi, QvObj *o)
{
    QvDictIter *it = (QvDictIter *)o;
    qv_clear(qi, &it->dict);
    qv_clear(qi, &it->pair);
}

QV_RUNS static void iter_dealloc(QvInterp *qi, QvObj *o)
{
    iter_fini(qi, o);
    qv_alloc_gc_free(qi, o, sizeof(QvDictIter));
}

// The next entry, borrowed; false at the end or with an exception.
static QV_ALWAYS_INLINE bool step(QvInterp *qi, QvDictIter *it, QvObj **ret_key, QvObj **ret_value)
{
    const QvDict *d = (const QvDict *)it->dict;
    if (QV_UNLIKELY(d == NULL)) {
        return false;
    }
    if (QV_UNLIKELY(it->used != (QvSsize)d->used)) {
        it->used = -1; // so it stays
        qv_raise(qi, &qv_exc_RuntimeError, "dictionary changed size during iteration");
        return false;
    }
    QvSsize i = it->pos, n = (QvSsize)d->nentries;
    const QvDictEntry *e = n ? &d->entries[i] : NULL; // an empty dict has none
    while (i < n && e->key == NULL) {
        i++;
        e++;
    }
    if (QV_UNLIKELY(i >= n || it->left == 0)) {
        if (i < n) {
            qv_raise(qi, &qv_exc_RuntimeError, "dictionary keys changed during iteration");
        }
        qv_clear(qi, &it->dict);
        return false;
    }
    it->pos = i + 1;
    it->left--;
    *ret_key = e->key;
    *ret_value = e->value;
    return true;
}

static bool step_back(QvInterp *qi, QvDictIter *it, QvObj **ret_key, QvObj **ret_value)
{
    const QvDict *d = (const QvDict *)it->dict;
    if (d == NULL) {
        return false;
    }
    if (it->used != (QvSsize)d->used) {
        it->used = -1;
        qv_raise(qi, &qv_exc_RuntimeError, "dictionary changed size during iteration");
        return false;
    }
    if (!qv_dict_prev(it->dict, &it->pos, ret_key, ret_value)) {
        qv_clear(qi, &it->dict);
        return false;
    }
    it->left--;
    return true;
}

static QvObj *keyiter_next(QvInterp *qi, QvObj *o)
{
    QvObj *key, *value;
    return step(qi, (QvDictIter *)o, &key, &value) ? qv_new_ref(qi, key) : NULL;
}

static QvObj *valueiter_next(QvInterp *qi, QvObj *o)
{
    QvObj *key, *value;
    return step(qi, (QvDictIter *)o, &key, &value) ? qv_new_ref(qi, value) : NULL;
}

// The pair of the last step again when nobody kept it, else a new one.
static QvObj *pair_of(QvInterp *qi, QvDictIter *it, QvObj *key, QvObj *value)
{
    QvObj *pair = it->pair;
    qv_incref(qi, key);
    qv_incref(qi, value);
    if (pair && qv_is_unshared(pair)) {
        QvObj **items = qv_tuple_items(pair);
        QvObj *old_key = items[0], *old_value = items[1];
        qv_gc_retrack(pair);
        items[0] = key;
        items[1] = value;
        qv_incref(qi, pair); // before the drops: they may run Python that steps this iterator
        qv_decref(qi, old_key);
        qv_decref(qi, old_value);
        return pair;
    }
    QvObj *const both[2] = {key, value};
    QvObj *fresh = qv_tuple_from_array_take(qi, both, 2);
    if (fresh) {
        qv_set_take(qi, &it->pair, qv_new_ref(qi, fresh));
    }
    return fresh;
}

static QvObj *itemiter_next(QvInterp *qi, QvObj *o)
{
    QvObj *key, *value;
    QvDictIter *it = (QvDictIter *)o;
    return step(qi, it, &key, &value) ? pair_of(qi, it, key, value) : NULL;
}

static QvObj *reversekeyiter_next(QvInterp *qi, QvObj *o)
{
    QvObj *key, *value;
    return step_back(qi, (QvDictIter *)o, &key, &value) ? qv_new_ref(qi, key) : NULL;
}

static QvObj *reversevalueiter_next(QvInterp *qi, QvObj *o)
{
    QvObj *key, *value;
    return step_back(qi, (QvDictIter *)o, &key, &value) ? qv_new_ref(qi, value) : NULL;
}

static QvObj *reverseitemiter_next(QvInterp *qi, QvObj *o)
{
    QvObj *key, *value;
    QvDictIter *it = (QvDictIter *)o;
    return step_back(qi, it, &key, &value) ? pair_of(qi, it, key, value) : NULL;
}

static QvObj *iter_length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvDictIter *it = (const QvDictIter *)self;
    bool good = it->dict && it->used == qv_dict_len(it->dict);
    return qv_int_from_i64(qi, good ? it->left : 0);
}

// (iter, ([what is left],)); the iterator itself does not move.
static QvObj *iter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvDictIter *it = (const QvDictIter *)self;
    QvDictIter *copy = (QvDictIter *)qv_obj_new(qi, self->type);
    if (copy == NULL) {
        return NULL;
    }
    copy->dict = qv_xnew_ref(qi, it->dict);
    copy->pos = it->pos;
    copy->used = it->used;
    copy->left = it->left;
    return qv_iter_reduce_rest_take(qi, (QvObj *)copy);
}

static const QvNativeDef iter_methods[] = {
    {"__length_hint__", iter_length_hint, "($self, /)", "How many items are left."},
    {"__reduce__", iter_reduce, "($self, /)", "State for pickling."},
    {0},
};

#define ITER_TYPE(STEM)                                  \
    QV_SEALED QvType qv_dict_##STEM##iterator_type = {   \
        .h = QV_STATIC_HEADER(&qv_type_type),            \
        .name = "dict_" #STEM "iterator",                \
        .id = QV_TID_dict_##STEM##iterator,              \
        .flags = QV_T_GC | QV_T_NO_NEW | QV_T_IMMUTABLE, \
        .size = sizeof(QvDictIter),                      \
        .base = &qv_object_type,                         \
        .methods = iter_methods,                         \
        .dealloc = iter_dealloc,                         \
        .fini = iter_fini,                               \
        .clear = iter_fini,                              \
        .traverse = iter_traverse,                       \
        .iter = qv_iter_self,                            \
        .next = STEM##iter_next,                         \
    }
ITER_TYPE(key);
ITER_TYPE(value);
ITER_TYPE(item);
ITER_TYPE(reversekey);
ITER_TYPE(reversevalue);
ITER_TYPE(reverseitem);
#undef ITER_TYPE

// ---- views --------------------------------------------------------------------------------------

QvObj *qv_dict_view_new(QvInterp *qi, QvType *type, QvObj *d)
{
    bool exact = type == &qv_dict_keys_type || type == &qv_dict_values_type ||
                 type == &qv_dict_items_type;
    QvDictView *view =
        (QvDictView *)(exact ? qv_alloc_gc(qi, type, sizeof(QvDictView)) : qv_obj_new(qi, type));
    if (view) {
        view->dict = qv_new_ref(qi, d);
    }
    return (QvObj *)view;
}

static inline QvObj *view_dict(QvObj *o) { return qv_dict_view_peek(o); }

static int view_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(view_dict(o));
    return 0;
}

static void view_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((QvDictView *)o)->dict); }

QV_RUNS static void view_dealloc(QvInterp *qi, QvObj *o)
{
    view_fini(qi, o);
    qv_alloc_gc_free(qi, o, o->type->size); // those of OrderedDict end here too
}

static QvSsize view_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return view_dict(o) ? qv_dict_len(view_dict(o)) : 0;
}

static QvObj *view_repr(QvInterp *qi, QvObj *o)
{
    int entered = qv_repr_enter(qi, o);
    if (entered != 0) {
        return entered < 0 ? NULL : qv_str_new_ascii(qi, "...", 3);
    }
    QvObj *list = qv_to_list(qi, o);
    QvObj *ret = list ? qv_str_format(qi, "%T(%R)", o, list) : NULL;
    qv_repr_leave(qi, o);
    qv_xdecref(qi, list);
    return ret;
}

static QvObj *keys_iter(QvInterp *qi, QvObj *o)
{
    return qv_dict_iter_new(qi, &qv_dict_keyiterator_type, view_dict(o));
}

static QvObj *values_iter(QvInterp *qi, QvObj *o)
{
    return qv_dict_iter_new(qi, &qv_dict_valueiterator_type, view_dict(o));
}

static QvObj *items_iter(QvInterp *qi, QvObj *o)
{
    return qv_dict_iter_new(qi, &qv_dict_itemiterator_type, view_dict(o));
}

static int keys_contains(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvObj *value;
    return view_dict(o) ? qv_dict_get(qi, view_dict(o), key, &value) : 0;
}

static int items_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    if (!qv_is_tuple(item) || qv_tuple_len(item) != 2 || view_dict(o) == NULL) {
        return 0;
    }
    QvObj *value;
    int r = qv_dict_get(qi, view_dict(o), qv_tuple_peek(item, 0), &value);
    return r > 0 ? qv_item_eq(qi, value, qv_tuple_peek(item, 1)) : r;
}

static QvObj *view_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op);

static bool is_set_view(const QvObj *o)
{
    return o->type->richcmp == view_richcmp; // those of OrderedDict inherit it
}

// 1 when every item of v is in w, 0, -1.
static int all_in(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *it = qv_iter(qi, v);
    if (it == NULL) {
        return -1;
    }
    int r = 1;
    QvObj *item;
    for (QvSsize i = 0; r == 1 && (item = qv_next(qi, it)) != NULL; i++) {
        r = qv_poll_step(qi, i) < 0 ? -1 : qv_contains(qi, w, item);
        qv_decref(qi, item);
    }
    qv_decref(qi, it);
    return r == 1 && qv_err_occurred(qi) ? -1 : r;
}

static QvObj *view_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_anyset(w) && !is_set_view(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvSsize vn = view_len(qi, v), wn = qv_len(qi, w);
    if (wn < 0) {
        return NULL;
    }
    int r = 0;
    switch (op) {
    case QV_EQ:
    case QV_NE: r = vn == wn ? all_in(qi, v, w) : 0; break;
    case QV_LT: r = vn < wn ? all_in(qi, v, w) : 0; break;
    case QV_LE: r = vn <= wn ? all_in(qi, v, w) : 0; break;
    case QV_GT: r = vn > wn ? all_in(qi, w, v) : 0; break;
    case QV_GE: r = vn >= wn ? all_in(qi, w, v) : 0; break;
    }
    return r < 0 ? NULL : qv_bool((r == 1) != (op == QV_NE));
}

// The operators take any iterable on either side: set(v) changed by w.
static QvObj *view_by(QvInterp *qi, QvObj *v, QvObj *w,
                      int (*change)(QvInterp *qi, QvObj *set, QvObj *other))
{
    QvObj *ret = qv_set_new(qi, v);
    if (ret && change(qi, ret, w) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *view_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    return view_by(qi, v, w, qv_set_difference_update);
}

static QvObj *view_or(QvInterp *qi, QvObj *v, QvObj *w) { return view_by(qi, v, w, qv_set_update); }

// What the pairs of two dicts differ in. Values need no hash unless they are part of the result.
static QvObj *items_xor(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *rest = qv_dict_copy(qi, view_dict(v)); // becomes: only in v
    QvObj *theirs = qv_dict_copy(qi, view_dict(w));
    QvObj *ret = rest && theirs ? qv_set_new(qi, NULL) : NULL;
    QvSsize pos = 0;
    QvObj *key, *value, *mine;
    int r = ret ? 0 : -1;
    while (r == 0 && qv_dict_next(theirs, &pos, &key, &value)) {
        r = qv_poll_step(qi, pos) < 0 ? -1 : qv_dict_get(qi, rest, key, &mine);
        if (r > 0) {
            r = qv_item_eq(qi, mine, value);
        }
        if (r > 0) {
            r = qv_dict_del(qi, rest, key);
        } else if (r == 0) {
            QvObj *pair = qv_tuple_of(qi, 2, key, value);
            r = pair ? qv_set_add(qi, ret, pair) : -1;
            qv_xdecref(qi, pair);
        }
    }
    QvObj *items = r == 0 ? qv_dict_view_new(qi, &qv_dict_items_type, rest) : NULL;
    if (items == NULL || qv_set_update(qi, ret, items) < 0) {
        if (ret) {
            qv_clear(qi, &ret);
        }
    }
    qv_xdecref(qi, items);
    qv_xdecref(qi, rest);
    qv_xdecref(qi, theirs);
    return ret;
}

static QvObj *view_xor(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (v->type->contains == items_contains && w->type->contains == items_contains) {
        return items_xor(qi, v, w);
    }
    return view_by(qi, v, w, qv_set_symmetric_difference_update);
}

static QvObj *view_and(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!is_set_view(v)) {
        QvObj *t = v;
        v = w;
        w = t;
    }
    QvSsize vn = view_len(qi, v);
    if (is_set_view(w) && view_len(qi, w) > vn) {
        QvObj *t = v;
        v = w;
        w = t;
    }
    if (w->type == &qv_set_type && vn <= qv_set_len(w)) {
        return qv_set_intersection(qi, w, v);
    }
    QvObj *it = qv_iter(qi, w);
    if (it == NULL) {
        return NULL;
    }
    QvObj *ret = qv_set_new(qi, NULL);
    int r = ret ? 0 : -1;
    QvObj *item;
    for (QvSsize i = 0; r == 0 && (item = qv_next(qi, it)) != NULL; i++) {
        r = qv_poll_step(qi, i) < 0 ? -1 : v->type->contains(qi, v, item);
        if (r > 0) {
            r = qv_set_add(qi, ret, item);
        }
        qv_decref(qi, item);
    }
    qv_decref(qi, it);
    if ((r < 0 || qv_err_occurred(qi)) && ret) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *view_isdisjoint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *other = args[0];
    QvSsize n = view_len(qi, self);
    if (self == other) {
        return qv_bool(n == 0);
    }
    // The shorter one is walked, when both can be asked quickly.
    if (qv_is_anyset(other) || is_set_view(other)) {
        QvSsize other_n = qv_len(qi, other);
        if (other_n < 0) {
            return NULL;
        }
        if (other_n > n) {
            QvObj *t = other;
            other = self;
            self = t;
        }
    }
    QvObj *it = qv_iter(qi, other);
    if (it == NULL) {
        return NULL;
    }
    int r = 0;
    QvObj *item;
    for (QvSsize i = 0; r == 0 && (item = qv_next(qi, it)) != NULL; i++) {
        r = qv_poll_step(qi, i) < 0 ? -1 : qv_contains(qi, self, item);
        qv_decref(qi, item);
    }
    qv_decref(qi, it);
    return r < 0 || (r == 0 && qv_err_occurred(qi)) ? NULL : qv_bool(r == 0);
}

static QvObj *keys_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_dict_iter_new(qi, &qv_dict_reversekeyiterator_type, view_dict(self));
}

static QvObj *values_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_dict_iter_new(qi, &qv_dict_reversevalueiterator_type, view_dict(self));
}

static QvObj *items_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_dict_iter_new(qi, &qv_dict_reverseitemiterator_type, view_dict(self));
}

static QvObj *view_mapping(QvInterp *qi, QvObj *o) { return qv_mappingproxy_new(qi, view_dict(o)); }

static const QvGetSet view_getsets[] = {
    {"mapping", view_mapping, NULL, "The dictionary that this view looks at, read-only."},
    {0},
};

static const QvNativeDef keys_methods[] = {
    {"isdisjoint", view_isdisjoint, "($self, other, /)",
     "True when the view and the iterable have nothing in common."},
    {"__reversed__", keys_reversed, "($self, /)", "An iterator over the keys, last one first."},
    {0},
};

static const QvNativeDef values_methods[] = {
    {"__reversed__", values_reversed, "($self, /)", "An iterator over the values, last one first."},
    {0},
};

static const QvNativeDef items_methods[] = {
    {"isdisjoint", view_isdisjoint, "($self, other, /)",
     "True when the view and the iterable have nothing in common."},
    {"__reversed__", items_reversed, "($self, /)", "An iterator over the pairs, last one first."},
    {0},
};

#define VIEW_COMMON(STEM)                                                                      \
    .h = QV_STATIC_HEADER(&qv_type_type), .name = "dict_" #STEM, .id = QV_TID_dict_##STEM,     \
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_IMMUTABLE, .size = sizeof(QvDictView),               \
    .base = &qv_object_type, .methods = STEM##_methods, .getsets = view_getsets,               \
    .dealloc = view_dealloc, .fini = view_fini, .clear = view_fini, .traverse = view_traverse, \
    .repr = view_repr, .iter = STEM##_iter, .len = view_len

#define VIEW_SET(STEM)                                                                           \
    .richcmp = view_richcmp, .sub = view_sub, .and_ = view_and, .or_ = view_or, .xor = view_xor, \
    .contains = STEM##_contains

QV_SEALED QvType qv_dict_keys_type = {VIEW_COMMON(keys), VIEW_SET(keys)};
QV_SEALED QvType qv_dict_items_type = {VIEW_COMMON(items), VIEW_SET(items)};
QV_SEALED QvType qv_dict_values_type = {VIEW_COMMON(values)};
#undef VIEW_COMMON
#undef VIEW_SET

// ---- mappingproxy -------------------------------------------------------------------------------

static inline QvObj *proxy_mapping(QvObj *o) { return ((QvMappingProxy *)o)->mapping; }

QvObj *qv_mappingproxy_new(QvInterp *qi, QvObj *mapping)
{
    if (mapping->type->getitem == NULL || qv_is_list(mapping) || qv_is_tuple(mapping)) {
        return qv_raise(qi, &qv_exc_TypeError, "mappingproxy() argument must be a mapping, not %T",
                        mapping);
    }
    QvMappingProxy *proxy = (QvMappingProxy *)qv_obj_new(qi, &qv_mappingproxy_type);
    if (proxy) {
        proxy->mapping = qv_new_ref(qi, mapping);
    }
    return (QvObj *)proxy;
}

static QvObj *proxy_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)type;
    QvObj *mapping;
    if (qv_args(qi, "mappingproxy(mapping)", args, nargs, kwnames, &mapping) < 0) {
        return NULL;
    }
    return qv_mappingproxy_new(qi, mapping);
}

// What the proxy stands for in the end: proxies of proxies must not recur in C.
static QvObj *unproxied(QvObj *o)
{
    while (o->type == &qv_mappingproxy_type) {
        o = proxy_mapping(o);
    }
    return o;
}

static int proxy_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(proxy_mapping(o));
    return 0;
}

static void proxy_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((QvMappingProxy *)o)->mapping); }

static QvObj *proxy_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "mappingproxy(%R)", proxy_mapping(o));
}

static QvObj *proxy_str(QvInterp *qi, QvObj *o) { return qv_str(qi, unproxied(o)); }

static QvObj *proxy_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    return qv_compare(qi, unproxied(v), w, op);
}

static QvObj *proxy_iter(QvInterp *qi, QvObj *o) { return qv_iter(qi, unproxied(o)); }

static QvSsize proxy_len(QvInterp *qi, QvObj *o) { return qv_len(qi, unproxied(o)); }

static QvObj *proxy_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    return qv_getitem(qi, unproxied(o), key);
}

static int proxy_contains(QvInterp *qi, QvObj *o, QvObj *key)
{
    return qv_contains(qi, unproxied(o), key);
}

static QvObj *proxy_or(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_binary(qi, QV_BIN_OR, unproxied(v), unproxied(w));
}

static QvObj *proxy_ior(QvInterp *qi, QvObj *v, QvObj *w)
{
    (void)w;
    return qv_raise(qi, &qv_exc_TypeError, "'|=' is not supported by %T; use '|' instead", v);
}

static QvObj *proxy_get(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *const pass[2] = {args[0], args[1] ? args[1] : QV_NONE};
    return qv_call_method(qi, unproxied(self), QV_N(get), pass, 2);
}

static QvObj *proxy_keys(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_call_method0(qi, unproxied(self), QV_N(keys));
}

static QvObj *proxy_values(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_call_method0(qi, unproxied(self), QV_N(values));
}

static QvObj *proxy_items(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_call_method0(qi, unproxied(self), QV_N(items));
}

static QvObj *proxy_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_call_method0(qi, unproxied(self), QV_N(copy));
}

static QvObj *proxy_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_call_method0(qi, unproxied(self), QV_N(__reversed__));
}

static const QvNativeDef proxy_methods[] = {
    {"get", proxy_get, "($self, key, default=None, /)",
     "The value of key if the mapping has it, else default."},
    {"keys", proxy_keys, "($self, /)", "The mapping's keys."},
    {"values", proxy_values, "($self, /)", "The mapping's values."},
    {"items", proxy_items, "($self, /)", "The mapping's (key, value) pairs."},
    {"copy", proxy_copy, "($self, /)", "A shallow copy of the mapping."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {"__reversed__", proxy_reversed, "($self, /)", "An iterator over the keys, last one first."},
    {0},
};

QV_SEALED QvType qv_mappingproxy_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "mappingproxy",
    .id = QV_TID_mappingproxy,
    .flags = QV_T_GC | QV_T_MAPPING | QV_T_IMMUTABLE,
    .size = sizeof(QvMappingProxy),
    .base = &qv_object_type,
    .doc = "mappingproxy(mapping)\n--\n\nA read-only view of a mapping.",
    .methods = proxy_methods,
    .new_ = proxy_make,
    .fini = proxy_fini,
    .traverse = proxy_traverse,
    .repr = proxy_repr,
    .str = proxy_str,
    .richcmp = proxy_richcmp,
    .iter = proxy_iter,
    .or_ = proxy_or,
    .ior = proxy_ior,
    .len = proxy_len,
    .getitem = proxy_getitem,
    .contains = proxy_contains,
};
