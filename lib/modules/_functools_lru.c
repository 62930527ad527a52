// SPDX-License-Identifier: MIT
// _functools._lru_cache_wrapper: a function with its results.
//
// The dict maps keys to links; a bounded cache also has its links in a ring, oldest first. The dict
// owns the links.
#include "modules/modules.h"
#include "object/dict.h"
#include "object/dictattr.h"
#include "object/error.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Ring {
    struct Ring *prev, *next;
} Ring;

typedef struct Link {
    QvObj h;
    Ring ring;
    QvObj *key, *result;
    QvHash hash;
} Link;

typedef struct Lru {
    QvObj h;
    QvObj *func;
    QvObj *cache;     // dict: key -> result (unbounded) or link
    QvObj *info_type; // what cache_info() makes
    QvObj *dict;      // __dict__ or NULL
    QvObj *mark;      // stands between positional and keyword arguments in keys
    Ring root;        // next: the oldest link; empty when it points to itself
    QvSsize maxsize;  // -1: no bound
    QvSsize hits, misses;
    bool typed;
} Lru;

static Lru *as_lru(QvObj *o) { return (Lru *)o; }
static Link *as_link(QvObj *o) { return (Link *)o; }
static Link *link_of(Ring *r) { return (Link *)((char *)r - offsetof(Link, ring)); }

static void ring_remove(Ring *r)
{
    r->prev->next = r->next;
    r->next->prev = r->prev;
    r->prev = r->next = r;
}

static void ring_append(Ring *root, Ring *r)
{
    r->prev = root->prev;
    r->next = root;
    root->prev->next = r;
    root->prev = r;
}

// ---- links --------------------------------------------------------------------------------------

static void link_fini(QvInterp *qi, QvObj *o)
{
    Link *l = as_link(o);
    if (l->ring.next) {
        ring_remove(&l->ring);
    }
    qv_clear(qi, &l->key);
    qv_clear(qi, &l->result);
}

static int link_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_link(o)->key);
    QV_VISIT(as_link(o)->result);
    return 0;
}

QV_SEALED QvType qv_functools_link_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "functools._lru_list_elem",
    .id = QV_TID_functools_link,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Link),
    .fini = link_fini,
    .traverse = link_traverse,
};

// ---- keys ---------------------------------------------------------------------------------------

static QvObj *make_key(QvInterp *qi, Lru *l, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    if (!l->typed && nkw == 0 && nargs == 1 &&
        (qv_is_int_exact(args[0]) || qv_is_str_exact(args[0]))) {
        return qv_new_ref(qi, args[0]);
    }
    QvSsize n = nargs + (nkw ? 1 + 2 * nkw : 0) + (l->typed ? nargs + nkw : 0), k = 0;
    QvObj *key = qv_tuple_new(qi, n);
    if (!key) {
        return NULL;
    }
    QvObj **items = qv_tuple_items(key);
    for (QvSsize i = 0; i < nargs; i++) {
        items[k++] = qv_new_ref(qi, args[i]);
    }
    if (nkw) {
        items[k++] = qv_new_ref(qi, l->mark);
        for (QvSsize i = 0; i < nkw; i++) {
            items[k++] = qv_new_ref(qi, qv_tuple_peek(kwnames, i));
            items[k++] = qv_new_ref(qi, args[nargs + i]);
        }
    }
    for (QvSsize i = 0; l->typed && i < nargs + nkw; i++) {
        items[k++] = qv_new_ref(qi, (QvObj *)qv_type_of(args[i]));
    }
    return key;
}

// ---- calls --------------------------------------------------------------------------------------

static QvObj *call_unbounded(QvInterp *qi, Lru *l, QvObj *key, QvHash hash, QvObj *const *args,
                             QvSsize nargs, QvObj *kwnames)
{
    QvObj *result;
    int found = qv_dict_get_hashed(qi, l->cache, key, hash, &result);
    if (found != 0) {
        l->hits += found > 0;
        return found > 0 ? qv_new_ref(qi, result) : NULL;
    }
    l->misses++;
    result = qv_call(qi, l->func, args, nargs, kwnames);
    if (result && qv_dict_set_hashed(qi, l->cache, key, hash, result) < 0) {
        qv_clear(qi, &result);
    }
    return result;
}

// Keeps a result in a bounded cache. 0/-1.
static int keep(QvInterp *qi, Lru *l, QvObj *key, QvHash hash, QvObj *result)
{
    QvObj *link;
    if (qv_dict_len(l->cache) >= l->maxsize && l->root.next != &l->root) {
        // The oldest goes. It leaves the ring first: what runs while it is dropped sees a
        // consistent cache.
        Link *old = link_of(l->root.next);
        ring_remove(&old->ring);
        qv_incref(qi, &old->h);
        QvObj *gone;
        int found = qv_dict_pop_hashed(qi, l->cache, old->key, old->hash, &gone);
        qv_decref(qi, &old->h);
        if (found <= 0) {
            return found; // somebody else has dropped it meanwhile: this result is not kept
        }
        qv_decref(qi, gone);
    }
    link = qv_obj_new(qi, &qv_functools_link_type);
    if (!link) {
        return -1;
    }
    Link *k = as_link(link);
    k->ring.prev = k->ring.next = &k->ring;
    k->key = qv_new_ref(qi, key);
    k->result = qv_new_ref(qi, result);
    k->hash = hash;
    int status = qv_dict_set_hashed(qi, l->cache, key, hash, link);
    if (status == 0 && link->refs > 1) {
        ring_append(&l->root, &k->ring);
    }
    qv_decref(qi, link);
    return status;
}

static QvObj *call_bounded(QvInterp *qi, Lru *l, QvObj *key, QvHash hash, QvObj *const *args,
                           QvSsize nargs, QvObj *kwnames)
{
    QvObj *link;
    int found = qv_dict_get_hashed(qi, l->cache, key, hash, &link);
    if (found < 0) {
        return NULL;
    }
    if (found) {
        ring_remove(&as_link(link)->ring);
        ring_append(&l->root, &as_link(link)->ring);
        l->hits++;
        return qv_new_ref(qi, as_link(link)->result);
    }
    l->misses++;
    QvObj *result = qv_call(qi, l->func, args, nargs, kwnames);
    if (!result) {
        return NULL;
    }
    found = qv_dict_get_hashed(qi, l->cache, key, hash, &link); // the call may have come here too
    if (found < 0 || (found == 0 && keep(qi, l, key, hash, result) < 0)) {
        qv_clear(qi, &result);
    }
    return result;
}

static QvObj *lru_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    Lru *l = as_lru(o);
    if (l->maxsize == 0) {
        l->misses++;
        return qv_call(qi, l->func, args, nargs, kwnames);
    }
    QvObj *key = make_key(qi, l, args, nargs, kwnames);
    QvHash hash = key ? qv_key_hash(qi, key) : -1;
    QvObj *result = NULL;
    if (hash != -1) {
        result = l->maxsize < 0 ? call_unbounded(qi, l, key, hash, args, nargs, kwnames)
                                : call_bounded(qi, l, key, hash, args, nargs, kwnames);
    }
    qv_xdecref(qi, key);
    return result;
}

// ---- the type -----------------------------------------------------------------------------------

static QvObj *lru_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slots[4];
    if (qv_args(qi, "lru_cache(user_function, maxsize, typed, cache_info_type)", args, nargs,
                kwnames, slots) < 0) {
        return NULL;
    }
    if (!qv_is_callable(slots[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "the first argument must be callable");
    }
    QvSsize maxsize = -1;
    if (slots[1] != QV_NONE) {
        if (!slots[1]->type->index) {
            return qv_raise(qi, &qv_exc_TypeError, "maxsize should be integer or None");
        }
        if (qv_index_ssize(qi, slots[1], &maxsize, &qv_exc_OverflowError) < 0) {
            return NULL;
        }
        maxsize = maxsize < 0 ? 0 : maxsize;
    }
    int typed = qv_is_true(qi, slots[2]);
    QvObj *o = typed < 0 ? NULL : qv_obj_new(qi, type);
    if (!o) {
        return NULL;
    }
    Lru *l = as_lru(o);
    l->root.prev = l->root.next = &l->root;
    l->func = qv_new_ref(qi, slots[0]);
    l->info_type = qv_new_ref(qi, slots[3]);
    l->maxsize = maxsize;
    l->typed = typed;
    l->cache = qv_dict_new(qi);
    l->mark = l->cache ? qv_call0(qi, (QvObj *)&qv_object_type) : NULL;
    if (!l->mark) {
        qv_decref(qi, o);
        return NULL;
    }
    return o;
}

// Takes all links out of the ring; the dict still owns them.
static void unring(Lru *l)
{
    while (l->root.next && l->root.next != &l->root) {
        ring_remove(l->root.next);
    }
}

static void lru_fini(QvInterp *qi, QvObj *o)
{
    Lru *l = as_lru(o);
    unring(l);
    qv_clear(qi, &l->cache);
    qv_clear(qi, &l->func);
    qv_clear(qi, &l->info_type);
    qv_clear(qi, &l->dict);
    qv_clear(qi, &l->mark);
}

static void lru_clear(QvInterp *qi, QvObj *o)
{
    unring(as_lru(o));
    if (as_lru(o)->cache) {
        qv_dict_clear(qi, as_lru(o)->cache);
    }
    qv_clear(qi, &as_lru(o)->dict);
}

static int lru_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_lru(o)->func);
    QV_VISIT(as_lru(o)->cache);
    QV_VISIT(as_lru(o)->info_type);
    QV_VISIT(as_lru(o)->dict);
    QV_VISIT(as_lru(o)->mark);
    return 0;
}

static QvObj *lru_get(QvInterp *qi, QvObj *o, QvObj *obj, QvObj *type)
{
    (void)type;
    return !obj || obj == QV_NONE ? qv_new_ref(qi, o) : qv_method_new(qi, o, obj);
}

static QvObj *cache_info(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Lru *l = as_lru(self);
    QvObj *parts[] = {
        qv_int_from_i64(qi, l->hits),
        qv_int_from_i64(qi, l->misses),
        l->maxsize < 0 ? QV_NONE : qv_int_from_i64(qi, l->maxsize),
        qv_int_from_i64(qi, qv_dict_len(l->cache)),
    };
    QvObj *info = parts[0] && parts[1] && parts[2] && parts[3]
                      ? qv_call(qi, l->info_type, parts, 4, NULL)
                      : NULL;
    for (int k = 0; k < 4; k++) {
        qv_xdecref(qi, parts[k]);
    }
    return info;
}

static QvObj *cache_clear(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Lru *l = as_lru(self);
    l->hits = l->misses = 0;
    unring(l);
    qv_dict_clear(qi, l->cache);
    return QV_NONE;
}

static QvObj *lru_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_getattr(qi, self, QV_N(__qualname__));
}

static QvObj *lru_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_new_ref(qi, self);
}

static const QvNativeDef lru_methods[] = {
    {"cache_info", cache_info, "($self, /)", "Report cache statistics"},
    {"cache_clear", cache_clear, "($self, /)", "Clear the cache and cache statistics"},
    {"__reduce__", lru_reduce, "($self, /)", NULL},
    {"__copy__", lru_copy, "($self, /)", NULL},
    {"__deepcopy__", lru_copy, "($self, memo, /)", NULL},
    {0},
};
static const QvGetSet lru_getsets[] = {{"__dict__", qv_dictattr_get, qv_dictattr_set, NULL}, {0}};

QV_SEALED QvType qv_functools_lru_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "functools._lru_cache_wrapper",
    .id = QV_TID_functools_lru,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK | QV_T_METHOD,
    .base = &qv_object_type,
    .size = sizeof(Lru),
    .dict_offset = offsetof(Lru, dict),
    .doc = "Create a cached callable that wraps another function.\n\nuser_function:      the "
           "function being cached\n\nmaxsize:  0         for no caching\n          None      for "
           "unlimited cache size\n          n         for a bounded cache\n\ntyped:    False     "
           "cache f(3) and f(3.0) as identical calls\n          True      cache f(3) and f(3.0) as "
           "distinct calls\n\ncache_info_type:    namedtuple class with the fields:\n              "
           "          hits misses currsize maxsize\n",
    .methods = lru_methods,
    .getsets = lru_getsets,
    .new_ = lru_new,
    .fini = lru_fini,
    .clear = lru_clear,
    .traverse = lru_traverse,
    .call = lru_call,
    .descr_get = lru_get,
};
