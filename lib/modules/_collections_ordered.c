// SPDX-License-Identifier: MIT
// collections.OrderedDict: a dict and beside it a doubly linked list of nodes that holds the order.
//
// A dict keeps the order of insertion by itself; the list is for what the dict cannot do quickly
// (move_to_end, popitem from the front), and because programs can tell: whatever changes an
// OrderedDict through dict's own methods leaves the list alone.
//
// Invariants:
// - A node holds its key and the key's hash. node->at is the number of the key's entry in the
//   dict when it was last looked at: right if that entry's key is the very same object.
// - nodes[] leads from the number of an entry to its node. It is valid while tables_seen is the
//   dict's `tables`; else its pointers are stale, nobody follows them, and the next look-up of a
//   node makes it anew. So building and reading never touch it.
// - state changes with every change of the list. Code that has run Python between two steps along
//   the list compares it first: a node may be gone.
#include <stddef.h>

#include "modules/modules.h"
#include "object/dict.h"
#include "object/dictattr.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Node {
    QvObj *key; // owned
    QvHash hash;
    struct Node *prev, *next;
    uint32_t at; // see above; NOWHERE: not known
} Node;

#define NOWHERE UINT32_MAX

typedef struct Ordered {
    QvDict d;
    Node *first, *last;
    Node **nodes;         // by number of entry; NULL: none made yet
    uint32_t nnodes;      // length of nodes
    uint32_t tables_seen; // d.tables when nodes was made
    uint64_t state;       // changes of the list so far
    QvObj *attrs;         // __dict__ or NULL
} Ordered;

static inline Ordered *as_od(const QvObj *o) { return (Ordered *)(uintptr_t)o; }
static inline bool is_od(const QvObj *o)
{
    return qv_is_instance_of(o, &qv_collections_OrderedDict_type);
}
static inline bool is_od_exact(const QvObj *o)
{
    return o->type == &qv_collections_OrderedDict_type;
}

// ---- the list -----------------------------------------------------------------------------------

static inline bool entry_is(const Ordered *od, uint32_t at, const QvObj *key)
{
    return at < od->d.nentries && od->d.entries[at].key == key;
}

static void link_last(Ordered *od, Node *node)
{
    node->prev = od->last;
    node->next = NULL;
    *(od->last ? &od->last->next : &od->first) = node;
    od->last = node;
    od->state++;
}

static void link_first(Ordered *od, Node *node)
{
    node->prev = NULL;
    node->next = od->first;
    *(od->first ? &od->first->prev : &od->last) = node;
    od->first = node;
    od->state++;
}

static void unlink_node(Ordered *od, Node *node)
{
    *(node->prev ? &node->prev->next : &od->first) = node->next;
    *(node->next ? &node->next->prev : &od->last) = node->prev;
    od->state++;
}

// Takes a node out and frees it; its reference to the key is handed to the caller.
static QvObj *node_take_out(QvInterp *qi, Ordered *od, Node *node)
{
    unlink_node(od, node);
    if (node->at < od->nnodes && od->nodes[node->at] == node) {
        od->nodes[node->at] = NULL;
    }
    QvObj *key = node->key;
    qv_free(qi, node, sizeof(Node));
    return key;
}

static void nodes_drop(QvInterp *qi, Ordered *od)
{
    if (od->nodes) {
        qv_free(qi, od->nodes, od->nnodes * sizeof(Node *));
    }
    od->nodes = NULL;
    od->nnodes = 0;
}

// Makes nodes[] for the dict's table of now. 0/-1.
static int nodes_make(QvInterp *qi, Ordered *od)
{
    uint32_t n = od->d.cap;
    if (n != od->nnodes) {
        Node **fresh = NULL;
        if (n > 0 && (fresh = (Node **)qv_alloc(qi, n * sizeof(Node *))) == NULL) {
            return -1;
        }
        nodes_drop(qi, od);
        od->nodes = fresh;
        od->nnodes = n;
    }
    for (uint32_t i = 0; i < n; i++) {
        od->nodes[i] = NULL;
    }
    for (Node *node = od->first; node; node = node->next) {
        if (!entry_is(od, node->at, node->key)) {
            QvSsize at = qv_dict_find_same(&od->d.h, node->key, node->hash);
            node->at = at < 0 ? NOWHERE : (uint32_t)at;
        }
        if (node->at != NOWHERE) {
            od->nodes[node->at] = node;
        }
    }
    od->tables_seen = od->d.tables;
    return 0;
}

// The node of an entry; NULL when it has none (the dict was changed past us). 0/-1.
static inline int node_of_entry(QvInterp *qi, Ordered *od, QvSsize at, Node **ret)
{
    if (QV_UNLIKELY(od->tables_seen != od->d.tables || at >= (QvSsize)od->nnodes) &&
        nodes_make(qi, od) < 0) {
        return -1;
    }
    Node *node = od->nodes[at];
    *ret = node && node->key == od->d.entries[at].key ? node : NULL;
    return 0;
}

// The value of a node's key: 1 (*ret new), 0 with KeyError or -1. The key is asked for its hash
// again unless it can only give the same.
static int node_value(QvInterp *qi, Ordered *od, const Node *node, QvObj **ret)
{
    QvObj *key = node->key, *value;
    if (QV_LIKELY((key->type == &qv_str_type || key->type == &qv_int_type) &&
                  entry_is(od, node->at, key))) {
        *ret = qv_new_ref(qi, od->d.entries[node->at].value);
        return 1;
    }
    qv_incref(qi, key);
    int r = qv_dict_get(qi, &od->d.h, key, &value);
    *ret = r > 0 ? qv_new_ref(qi, value) : NULL;
    if (r == 0) {
        qv_raise_obj(qi, &qv_exc_KeyError, key);
    }
    qv_decref(qi, key);
    return r;
}

static int raise_mutated(QvInterp *qi)
{
    return qv_raise_int(qi, &qv_exc_RuntimeError, "OrderedDict mutated during iteration");
}

// ---- change -------------------------------------------------------------------------------------

static int od_set_hashed(QvInterp *qi, QvObj *o, QvObj *key, QvHash hash, QvObj *value)
{
    Ordered *od = as_od(o);
    QvSsize at = qv_dict_find_hashed(qi, o, key, hash);
    if (at < -1) {
        return -1;
    }
    Node *node = NULL;
    if (at >= 0 && node_of_entry(qi, od, at, &node) < 0) {
        return -1;
    }
    if (!node) {
        Node *fresh = (Node *)qv_alloc(qi, sizeof(Node));
        if (!fresh) {
            return -1;
        }
        if (at < 0) {
            if (qv_dict_add_new(qi, o, key, hash, value) < 0) {
                qv_free(qi, fresh, sizeof(Node));
                return -1;
            }
            at = (QvSsize)od->d.nentries - 1;
        }
        *fresh =
            (Node){.key = qv_new_ref(qi, od->d.entries[at].key), .hash = hash, .at = (uint32_t)at};
        link_last(od, fresh);
        if (od->tables_seen == od->d.tables && at < (QvSsize)od->nnodes) {
            od->nodes[at] = fresh;
        }
    }
    QvObj *old = od->d.entries[at].value;
    od->d.entries[at].value = qv_new_ref(qi, value);
    qv_decref(qi, old);
    return 0;
}

// Takes a key out of list and dict: 1 (*ret new), 0 absent, -1.
static int od_take(QvInterp *qi, QvObj *o, QvObj *key, QvHash hash, QvObj **ret)
{
    Ordered *od = as_od(o);
    Node *node;
    *ret = NULL;
    QvSsize at = qv_dict_find_hashed(qi, o, key, hash);
    if (at < 0) {
        return at < -1 ? -1 : 0;
    }
    if (node_of_entry(qi, od, at, &node) < 0) {
        return -1;
    }
    QvObj *entry_key, *node_key = node ? node_take_out(qi, od, node) : NULL;
    qv_dict_take_at(o, at, &entry_key, ret);
    qv_xdecref(qi, node_key);
    qv_decref(qi, entry_key);
    return 1;
}

static int od_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    QvHash hash = qv_key_hash(qi, key);
    if (hash == -1) {
        return -1;
    }
    if (value) {
        return od_set_hashed(qi, o, key, hash, value);
    }
    int r = od_take(qi, o, key, hash, &value);
    qv_xdecref(qi, value);
    if (r == 0) {
        qv_raise_obj(qi, &qv_exc_KeyError, key);
    }
    return r > 0 ? 0 : -1;
}

// The list goes first; when references are dropped, nothing of it can be reached any more. False:
// the dying dict has been put aside with the rest.
static bool list_clear(QvInterp *qi, Ordered *od)
{
    Node *node = od->first;
    od->first = od->last = NULL;
    od->state++;
    nodes_drop(qi, od);
    for (uint32_t i = 0; node; i++) {
        Node *next = node->next;
        QvObj *key = node->key;
        qv_free(qi, node, sizeof(Node));
        qv_decref(qi, key);
        node = next;
        if (QV_UNLIKELY(i % QV_DEALLOC_STEP == QV_DEALLOC_STEP - 1 && qv_dealloc_hurries(qi)) &&
            node && qv_dealloc_pause(qi, (QvObj *)od)) {
            od->first = node;
            return false;
        }
    }
    return true;
}

static void od_clear_all(QvInterp *qi, QvObj *o)
{
    Ordered *od = as_od(o);
    // The keys live on in the dict meanwhile: no Python runs before that is emptied too.
    if (list_clear(qi, od)) {
        qv_dict_clear(qi, o);
    }
}

static void od_fini(QvInterp *qi, QvObj *o)
{
    od_clear_all(qi, o);
    if (QV_UNLIKELY(o->flags & QV_F_QUEUED)) {
        return;
    }
    qv_clear(qi, &as_od(o)->attrs);
}

static int od_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    const Ordered *od = as_od(o);
    for (const Node *node = od->first; node; node = node->next) {
        QV_VISIT(node->key);
    }
    QV_VISIT(od->attrs);
    return qv_dict_type.traverse(o, visit, ctx);
}

// ---- update -------------------------------------------------------------------------------------

// self[key] = value for one pair of an iterable. 0/-1.
static int add_pair(QvInterp *qi, QvObj *self, QvObj *pair)
{
    QvObj *parts[3] = {NULL, NULL, NULL};
    int n = 0;
    if (pair->type == &qv_tuple_type && qv_tuple_len(pair) == 2) {
        parts[0] = qv_new_ref(qi, qv_tuple_peek(pair, 0));
        parts[1] = qv_new_ref(qi, qv_tuple_peek(pair, 1));
        n = 2;
    } else {
        QvObj *it = qv_iter(qi, pair);
        while (it && n < 3 && (parts[n] = qv_next(qi, it)) != NULL) {
            n++;
        }
        qv_xdecref(qi, it);
    }
    int r = -1;
    if (qv_err_occurred(qi)) {
        // told below by r
    } else if (n == 3) {
        qv_raise(qi, &qv_exc_ValueError, "too many values to unpack (expected 2)");
    } else if (n < 2) {
        qv_raise(qi, &qv_exc_ValueError, "need more than %d value%s to unpack", n,
                 n == 1 ? "" : "s");
    } else {
        r = qv_setitem(qi, self, parts[0], parts[1]);
    }
    for (int i = 0; i < 3; i++) {
        qv_xdecref(qi, parts[i]);
    }
    return r;
}

static int add_pairs(QvInterp *qi, QvObj *self, QvObj *pairs)
{
    QvObj *it = qv_iter(qi, pairs), *pair;
    int r = it ? 0 : -1;
    for (QvSsize i = 0; r == 0 && (pair = qv_next(qi, it)) != NULL; i++) {
        r = qv_poll_step(qi, i) < 0 ? -1 : add_pair(qi, self, pair);
        qv_decref(qi, pair);
    }
    qv_xdecref(qi, it);
    return r < 0 || qv_err_occurred(qi) ? -1 : 0;
}

static int add_dict(QvInterp *qi, QvObj *self, QvObj *dict)
{
    QvObj *items = qv_dict_items_list(qi, dict);
    int r = items ? add_pairs(qi, self, items) : -1;
    qv_xdecref(qi, items);
    return r;
}

static int add_by_keys(QvInterp *qi, QvObj *self, QvObj *other, QvObj *keys_method)
{
    QvObj *keys = qv_call0(qi, keys_method), *it = keys ? qv_iter(qi, keys) : NULL, *key;
    int r = it ? 0 : -1;
    qv_xdecref(qi, keys);
    for (QvSsize i = 0; r == 0 && (key = qv_next(qi, it)) != NULL; i++) {
        QvObj *value = qv_poll_step(qi, i) < 0 ? NULL : qv_getitem(qi, other, key);
        r = value ? qv_setitem(qi, self, key, value) : -1;
        qv_xdecref(qi, value);
        qv_decref(qi, key);
    }
    qv_xdecref(qi, it);
    return r < 0 || qv_err_occurred(qi) ? -1 : 0;
}

// self.update(other): a dict, something with keys(), something with items(), or pairs. 0/-1.
static int update_from(QvInterp *qi, QvObj *self, QvObj *other)
{
    if (qv_is_dict_exact(other)) {
        return add_dict(qi, self, other);
    }
    QvObj *method = NULL;
    int r = qv_getattr_try(qi, other, QV_N(keys), &method);
    if (r > 0) {
        r = add_by_keys(qi, self, other, method);
        qv_decref(qi, method);
        return r;
    }
    r = r < 0 ? -1 : qv_getattr_try(qi, other, QV_N(items), &method);
    if (r > 0) {
        QvObj *items = qv_call0(qi, method);
        qv_decref(qi, method);
        r = items ? add_pairs(qi, self, items) : -1;
        qv_xdecref(qi, items);
        return r;
    }
    return r < 0 ? -1 : add_pairs(qi, self, other);
}

static int od_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (nargs > 1) {
        return qv_raise_int(qi, &qv_exc_TypeError, "expected at most 1 arguments, got %zd", nargs);
    }
    if (nargs == 1 && update_from(qi, self, args[0]) < 0) {
        return -1;
    }
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    for (QvSsize i = 0; i < nkw; i++) {
        if (qv_setitem(qi, self, qv_tuple_peek(kwnames, i), args[nargs + i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvObj *od_update(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize n = args[0] ? qv_tuple_len(args[0]) : 0;
    if (n > 1) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "update() takes at most 1 positional argument (%zd given)", n);
    }
    if ((n == 1 && update_from(qi, self, qv_tuple_peek(args[0], 0)) < 0) ||
        (args[1] && add_dict(qi, self, args[1]) < 0)) {
        return NULL;
    }
    return QV_NONE;
}

static QvObj *od_or(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *self = is_od(v) ? v : w, *other = self == v ? w : v;
    if (!qv_is_dict(other)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *both = qv_call1(qi, (QvObj *)self->type, v);
    if (both && update_from(qi, both, w) < 0) {
        qv_clear(qi, &both);
    }
    return both;
}

static QvObj *od_ior(QvInterp *qi, QvObj *v, QvObj *w)
{
    return update_from(qi, v, w) < 0 ? NULL : qv_new_ref(qi, v);
}

// ---- iterators ----------------------------------------------------------------------------------

enum { GIVES_KEYS = 1, GIVES_VALUES = 2, GIVES_ITEMS = 3, BACKWARDS = 4 };

typedef struct OrderedIter {
    QvObj h;
    QvObj *od;      // owned; NULL at the end
    Node *node;     // the next one; alive while state is od's
    uint64_t state; // od's at the start
    QvSsize size;   // od's at the start; -1: complained already
    QvObj *pair;    // the tuple given last, to be used again when nobody kept it
    int gives;      // GIVES_..., | BACKWARDS
} OrderedIter;

static QvObj *iter_new(QvInterp *qi, QvObj *o, int gives)
{
    OrderedIter *it = (OrderedIter *)qv_obj_new(qi, &qv_collections_odict_iterator_type);
    if (it) {
        const Ordered *od = as_od(o);
        it->od = qv_new_ref(qi, o);
        it->node = gives & BACKWARDS ? od->last : od->first;
        it->state = od->state;
        it->size = qv_dict_len(o);
        it->gives = gives;
    }
    return (QvObj *)it;
}

static void iter_fini(QvInterp *qi, QvObj *o)
{
    OrderedIter *it = (OrderedIter *)o;
    it->node = NULL;
    qv_clear(qi, &it->od);
    qv_clear(qi, &it->pair);
}

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    const OrderedIter *it = (const OrderedIter *)o;
    QV_VISIT(it->od);
    QV_VISIT(it->pair);
    return 0;
}

static QvObj *pair_take(QvInterp *qi, OrderedIter *it, QvObj *key, QvObj *value)
{
    QvObj *const both[2] = {key, value};
    QvObj *pair = it->pair;
    if (pair && qv_is_unshared(pair)) {
        QvObj **items = qv_tuple_items(pair);
        QvObj *old_key = items[0], *old_value = items[1];
        items[0] = key;
        items[1] = value;
        qv_incref(qi, pair); // before the drops: they may run Python that steps this iterator
        qv_decref(qi, old_key);
        qv_decref(qi, old_value);
        return pair;
    }
    pair = qv_tuple_from_array_take(qi, both, 2);
    if (pair) {
        qv_set_take(qi, &it->pair, qv_new_ref(qi, pair));
    }
    return pair;
}

static QvObj *iter_next(QvInterp *qi, QvObj *o)
{
    OrderedIter *it = (OrderedIter *)o;
    if (!it->od) {
        return NULL;
    }
    Ordered *od = as_od(it->od);
    if (it->node && it->state != od->state) {
        raise_mutated(qi);
        it->node = NULL;
        qv_clear(qi, &it->od);
        return NULL;
    }
    if (it->node && it->size != qv_dict_len(it->od)) {
        it->size = -1; // so it stays
        return qv_raise(qi, &qv_exc_RuntimeError, "OrderedDict changed size during iteration");
    }
    const Node *node = it->node;
    if (!node) {
        qv_clear(qi, &it->od);
        return NULL;
    }
    it->node = it->gives & BACKWARDS ? node->prev : node->next;
    QvObj *key = qv_new_ref(qi, node->key), *value;
    if ((it->gives & GIVES_ITEMS) == GIVES_KEYS) {
        return key;
    }
    if (node_value(qi, od, node, &value) <= 0) {
        qv_decref(qi, key);
        it->node = NULL;
        qv_clear(qi, &it->od);
        return NULL;
    }
    if ((it->gives & GIVES_ITEMS) == GIVES_VALUES) {
        qv_decref(qi, key);
        return value;
    }
    return pair_take(qi, it, key, value);
}

static QvObj *iter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    const OrderedIter *it = (const OrderedIter *)self;
    OrderedIter *copy = (OrderedIter *)qv_obj_new(qi, self->type);
    if (!copy) {
        return NULL;
    }
    copy->od = qv_xnew_ref(qi, it->od);
    copy->node = it->node;
    copy->state = it->state;
    copy->size = it->size;
    copy->gives = it->gives;
    return qv_iter_reduce_rest_take(qi, (QvObj *)copy);
}

static const QvNativeDef iter_methods[] = {
    {"__reduce__", iter_reduce, "($self, /)", "Return state information for pickling"},
    {0},
};

QV_SEALED QvType qv_collections_odict_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "odict_iterator",
    .id = QV_TID_collections_odict_iterator,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_IMMUTABLE,
    .size = sizeof(OrderedIter),
    .base = &qv_object_type,
    .methods = iter_methods,
    .fini = iter_fini,
    .clear = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = iter_next,
};

// ---- views --------------------------------------------------------------------------------------

#define VIEW(STEM, GIVES)                                                                       \
    static QvObj *STEM##_iter(QvInterp *qi, QvObj *o)                                           \
    {                                                                                           \
        return iter_new(qi, qv_dict_view_peek(o), GIVES);                                       \
    }                                                                                           \
    static QvObj *STEM##_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs) \
    {                                                                                           \
        (void)args, (void)nargs;                                                                \
        return iter_new(qi, qv_dict_view_peek(self), GIVES | BACKWARDS);                        \
    }                                                                                           \
    static QvObj *od_##STEM(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)       \
    {                                                                                           \
        (void)args, (void)nargs;                                                                \
        return qv_dict_view_new(qi, &qv_collections_odict_##STEM##_type, self);                 \
    }                                                                                           \
    static const QvNativeDef STEM##_methods[] = {                                               \
        {"__reversed__", STEM##_reversed, "($self, /)",                                         \
         "An iterator over the " #STEM ", last one first."},                                    \
        {0},                                                                                    \
    };                                                                                          \
    QV_SEALED QvType qv_collections_odict_##STEM##_type = {                                     \
        .h = QV_STATIC_HEADER(&qv_type_type),                                                   \
        .name = "odict_" #STEM,                                                                 \
        .id = QV_TID_collections_odict_##STEM,                                                  \
        .flags = QV_T_GC | QV_T_NO_NEW | QV_T_IMMUTABLE,                                        \
        .size = sizeof(QvDictView),                                                             \
        .base = &qv_dict_##STEM##_type,                                                         \
        .methods = STEM##_methods,                                                              \
        .iter = STEM##_iter,                                                                    \
    }
VIEW(keys, GIVES_KEYS);
VIEW(values, GIVES_VALUES);
VIEW(items, GIVES_ITEMS);
#undef VIEW

// ---- methods ------------------------------------------------------------------------------------

static QvObj *od_iter(QvInterp *qi, QvObj *o) { return iter_new(qi, o, GIVES_KEYS); }

static QvObj *od_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return iter_new(qi, self, GIVES_KEYS | BACKWARDS);
}

static QvObj *od_fromkeys(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *value = args[1] ? args[1] : QV_NONE, *ret = qv_call0(qi, type), *key;
    QvObj *it = ret ? qv_iter(qi, args[0]) : NULL;
    int r = it ? 0 : -1;
    for (QvSsize i = 0; r == 0 && (key = qv_next(qi, it)) != NULL; i++) {
        r = qv_poll_step(qi, i) < 0 ? -1 : qv_setitem(qi, ret, key, value);
        qv_decref(qi, key);
    }
    qv_xdecref(qi, it);
    if (ret && (r < 0 || qv_err_occurred(qi))) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *od_setdefault(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *key = args[0], *dflt = args[1] ? args[1] : QV_NONE, *value;
    if (is_od_exact(self)) {
        QvHash hash = qv_key_hash(qi, key);
        int r = hash == -1 ? -1 : qv_dict_get_hashed(qi, self, key, hash, &value);
        if (r > 0) {
            return qv_new_ref(qi, value);
        }
        return r < 0 || od_set_hashed(qi, self, key, hash, dflt) < 0 ? NULL : qv_new_ref(qi, dflt);
    }
    // A subclass may have its own ideas of each step.
    int there = qv_contains(qi, self, key);
    if (there > 0) {
        return qv_getitem(qi, self, key);
    }
    return there < 0 || qv_setitem(qi, self, key, dflt) < 0 ? NULL : qv_new_ref(qi, dflt);
}

static QvObj *od_pop(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvHash hash = qv_key_hash(qi, args[0]);
    QvObj *value;
    int r = hash == -1 ? -1 : od_take(qi, self, args[0], hash, &value);
    if (r != 0) {
        return r < 0 ? NULL : value;
    }
    return args[1] ? qv_new_ref(qi, args[1]) : qv_raise_obj(qi, &qv_exc_KeyError, args[0]);
}

static QvObj *od_popitem(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int last = args[0] ? qv_is_true(qi, args[0]) : 1;
    if (last < 0) {
        return NULL;
    }
    const Node *node = last ? as_od(self)->last : as_od(self)->first;
    if (!node) {
        return qv_raise(qi, &qv_exc_KeyError, "dictionary is empty");
    }
    QvObj *key = qv_new_ref(qi, node->key), *value;
    int r = od_take(qi, self, key, node->hash, &value);
    if (r <= 0) {
        if (r == 0) {
            qv_raise_obj(qi, &qv_exc_KeyError, key);
        }
        qv_decref(qi, key);
        return NULL;
    }
    QvObj *const both[2] = {key, value};
    return qv_tuple_from_array_take(qi, both, 2);
}

static QvObj *od_move_to_end(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Ordered *od = as_od(self);
    int last = args[1] ? qv_is_true(qi, args[1]) : 1;
    QvHash hash = last < 0 ? -1 : qv_key_hash(qi, args[0]);
    if (hash == -1) {
        return NULL;
    }
    QvSsize at = qv_dict_find_hashed(qi, self, args[0], hash);
    Node *node = NULL;
    if (at < -1 || (at >= 0 && node_of_entry(qi, od, at, &node) < 0)) {
        return NULL;
    }
    if (!node) {
        return qv_raise_obj(qi, &qv_exc_KeyError, args[0]);
    }
    if (node != (last ? od->last : od->first)) {
        unlink_node(od, node);
        if (last) {
            link_last(od, node);
        } else {
            link_first(od, node);
        }
    }
    return QV_NONE;
}

static QvObj *od_clear(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    od_clear_all(qi, self);
    return QV_NONE;
}

static QvObj *od_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Ordered *od = as_od(self);
    bool exact = is_od_exact(self);
    QvObj *ret = exact ? qv_obj_new(qi, self->type) : qv_call0(qi, (QvObj *)self->type);
    uint64_t state = od->state;
    int r = ret ? 0 : -1;
    QvSsize i = 0;
    for (const Node *node = od->first, *next; r == 0 && node; node = next) {
        QvObj *key = qv_new_ref(qi, node->key), *value;
        QvHash hash = node->hash;
        next = node->next;
        r = qv_poll_step(qi, i++) < 0 ? -1 : 0;
        if (r == 0 && exact) {
            r = node_value(qi, od, node, &value) <= 0 ? -1
                                                      : od_set_hashed(qi, ret, key, hash, value);
        } else if (r == 0) {
            value = qv_getitem(qi, self, key);
            r = value ? qv_setitem(qi, ret, key, value) : -1;
        } else {
            value = NULL;
        }
        qv_xdecref(qi, value);
        qv_decref(qi, key);
        if (r == 0 && od->state != state) {
            r = raise_mutated(qi);
        }
    }
    if (ret && r < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *od_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *state = qv_call_method0(qi, self, QV_N(__getstate__));
    QvObj *items = state ? qv_call_method0(qi, self, QV_N(items)) : NULL;
    QvObj *it = items ? qv_iter(qi, items) : NULL;
    QvObj *ret = it ? qv_tuple_of(qi, 5, self->type, QV_EMPTY_TUPLE, state, QV_NONE, it) : NULL;
    qv_xdecref(qi, state);
    qv_xdecref(qi, items);
    qv_xdecref(qi, it);
    return ret;
}

static QvObj *od_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    const Ordered *od = as_od(self);
    size_t n = sizeof(Ordered) - sizeof(QvDict) + qv_dict_memsize(self) +
               od->nnodes * sizeof(Node *);
    for (const Node *node = od->first; node; node = node->next) {
        n += sizeof(Node);
    }
    return qv_int_from_i64(qi, (int64_t)n);
}

static QvObj *od_repr(QvInterp *qi, QvObj *o)
{
    const char *name = qv_type_short_name(o->type);
    if (qv_dict_len(o) == 0) {
        return qv_str_format(qi, "%s()", name);
    }
    int busy = qv_repr_enter(qi, o);
    if (busy) {
        return busy < 0 ? NULL : qv_str_new_ascii(qi, "...", 3);
    }
    // A subclass's items() is asked.
    QvObj *items = is_od_exact(o) ? iter_new(qi, o, GIVES_ITEMS)
                                  : qv_call_method0(qi, o, QV_N(items));
    QvObj *list = items ? qv_to_list(qi, items) : NULL;
    QvObj *ret = list ? qv_str_format(qi, "%s(%R)", name, list) : NULL;
    qv_xdecref(qi, items);
    qv_xdecref(qi, list);
    qv_repr_leave(qi, o);
    return ret;
}

// Whether two have the same keys in the same order. 1/0/-1.
static int same_order(QvInterp *qi, const Ordered *a, const Ordered *b)
{
    const uint64_t a_state = a->state, b_state = b->state;
    const Node *x = a->first, *y = b->first;
    int r = 1;
    for (QvSsize i = 0; r == 1 && x && y; i++) {
        if (x->key != y->key) {
            QvObj *mine = qv_new_ref(qi, x->key), *theirs = qv_new_ref(qi, y->key);
            r = qv_item_eq(qi, mine, theirs);
            qv_decref(qi, mine);
            qv_decref(qi, theirs);
        }
        if (r == 1 && qv_poll_step(qi, i) < 0) {
            r = -1;
        }
        if (r >= 0 && (a->state != a_state || b->state != b_state)) {
            return raise_mutated(qi);
        }
        if (r == 1) {
            x = x->next;
            y = y->next;
        }
    }
    return r == 1 ? !x && !y : r;
}

static QvObj *od_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_dict(w) || (op != QV_EQ && op != QV_NE)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *equal = qv_dict_type.richcmp(qi, v, w, QV_EQ);
    if (!equal) {
        return NULL;
    }
    int r = equal == QV_TRUE;
    if (r && is_od(w)) {
        r = same_order(qi, as_od(v), as_od(w));
    }
    return r < 0 ? NULL : qv_bool((r == 1) == (op == QV_EQ));
}

static const QvGetSet od_getsets[] = {{"__dict__", qv_dictattr_get, qv_dictattr_set, NULL}, {0}};

static const QvNativeDef od_methods[] = {
    {"fromkeys", od_fromkeys, "($type, /, iterable, value=None)",
     "A new ordered dictionary with the keys of the iterable and one value."},
    {"setdefault", od_setdefault, "($self, /, key, default=None)",
     "The value of key; a key that is not there is added with the value default."},
    {"pop", od_pop, "($self, /, key, default=<unrepresentable>)",
     "od.pop(key[,default]) -> the value of the key, which is removed.\n\nA key that is not there "
     "gives the default, or KeyError without one."},
    {"popitem", od_popitem, "($self, /, last=True)",
     "Removes a pair (key, value) and returns it: the last one, or the first if last is false."},
    {"move_to_end", od_move_to_end, "($self, /, key, last=True)",
     "Moves a key to the end (or the beginning if last is false).\n\nKeyError when it is not "
     "there."},
    {"keys", od_keys, "($self, /)", "A view of the keys."},
    {"values", od_values, "($self, /)", "A view of the values."},
    {"items", od_items, "($self, /)", "A view of the (key, value) pairs."},
    {"update", od_update, "($self, /, *args, **kwargs)",
     "Adds the pairs of a mapping or of an iterable of pairs, then those given by keyword."},
    {"clear", od_clear, "($self, /)", "od.clear() -> None.  Removes all items."},
    {"copy", od_copy, "($self, /)", "od.copy() -> a shallow copy."},
    {"__reversed__", od_reversed, "($self, /)", "od.__reversed__() <==> reversed(od)"},
    {"__reduce__", od_reduce, "($self, /)", "Return state information for pickling"},
    {"__sizeof__", od_sizeof, "($self, /)", "Size in memory, in bytes."},
    {0},
};

QV_SEALED QvType qv_collections_OrderedDict_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "collections.OrderedDict",
    .id = QV_TID_collections_OrderedDict,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_dict_type,
    .size = sizeof(Ordered),
    .dict_offset = offsetof(Ordered, attrs),
    .doc = "Dictionary that remembers insertion order",
    .methods = od_methods,
    .getsets = od_getsets,
    .init = od_init,
    .fini = od_fini,
    .clear = od_fini,
    .traverse = od_traverse,
    .repr = od_repr,
    .richcmp = od_richcmp,
    .iter = od_iter,
    .or_ = od_or,
    .ior = od_ior,
    .setitem = od_setitem,
};
