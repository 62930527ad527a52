// SPDX-License-Identifier: MIT
// Weak references: the side table, ref and the two proxies.
//
// The table maps an object's address to the list of its references; QV_F_WEAKREF in the object's
// header tells that it is there, so that the end of an object without costs one bit test. Sealed
// objects (static types) cannot carry the flag, nor do they die: the table alone knows their
// references. List order: first the reference and the proxy without a callback, which are shared;
// then the others, latest first, which is the order of the callbacks.
#include "object/weakref.h"

#include <string.h>

#include "base/hash.h"
#include "object/error.h"
#include "object/genericalias.h"
#include "object/interp.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct WeakEntry {
    QvObj *target; // borrowed; NULL: free
    QvWeakRef *head;
} WeakEntry;

typedef struct WeakTable {
    uint32_t mask, used;
    WeakEntry *entries; // mask + 1
} WeakTable;

static WeakTable *table_of(QvInterp *qi) { return (WeakTable *)(void *)qi->weakrefs; }

static uint32_t home(const WeakTable *t, const QvObj *o)
{
    return (uint32_t)(((uintptr_t)o >> 4) * 0x9E3779B1u >> 7) & t->mask;
}

static WeakEntry *find(QvInterp *qi, const QvObj *o)
{
    WeakTable *t = table_of(qi);
    if (!t) {
        return NULL;
    }
    for (uint32_t i = home(t, o); t->entries[i].target; i = (i + 1) & t->mask) {
        if (t->entries[i].target == o) {
            return &t->entries[i];
        }
    }
    return NULL;
}

// Makes room for one more entry. 0/-1.
static int reserve(QvInterp *qi)
{
    WeakTable *t = table_of(qi);
    if (!t) {
        t = qv_alloc(qi, sizeof(*t));
        if (!t) {
            return -1;
        }
        size_t bytes = 8 * sizeof(WeakEntry);
        *t = (WeakTable){.mask = 7, .entries = qv_alloc(qi, bytes)};
        if (!t->entries) {
            qv_free(qi, t, sizeof(*t));
            return -1;
        }
        memset(t->entries, 0, bytes);
        qi->weakrefs = (QvObj *)(void *)t;
        return 0;
    }
    if ((t->used + 1) * 3 <= (t->mask + 1) * 2) {
        return 0;
    }
    WeakTable bigger = {.mask = t->mask * 2 + 1, .used = t->used};
    size_t bytes = (bigger.mask + 1) * sizeof(WeakEntry);
    bigger.entries = qv_alloc(qi, bytes);
    if (!bigger.entries) {
        return -1;
    }
    memset(bigger.entries, 0, bytes);
    for (uint32_t i = 0; i <= t->mask; i++) {
        if (t->entries[i].target) {
            uint32_t k = home(&bigger, t->entries[i].target);
            while (bigger.entries[k].target) {
                k = (k + 1) & bigger.mask;
            }
            bigger.entries[k] = t->entries[i];
        }
    }
    qv_free(qi, t->entries, (t->mask + 1) * sizeof(WeakEntry));
    *t = bigger;
    return 0;
}

static void insert(QvInterp *qi, QvObj *o, QvWeakRef *head)
{
    WeakTable *t = table_of(qi);
    uint32_t i = home(t, o);
    while (t->entries[i].target) {
        i = (i + 1) & t->mask;
    }
    t->entries[i] = (WeakEntry){.target = o, .head = head};
    t->used++;
    if (!qv_is_immortal(o)) {
        o->flags |= QV_F_WEAKREF;
    }
}

static void remove_entry(QvInterp *qi, WeakEntry *e)
{
    WeakTable *t = table_of(qi);
    if (!qv_is_immortal(e->target)) {
        e->target->flags &= (uint16_t)~QV_F_WEAKREF;
    }
    uint32_t hole = (uint32_t)(e - t->entries);
    t->used--;
    // Entries behind the hole move up when the hole is on their way home.
    for (uint32_t i = (hole + 1) & t->mask; t->entries[i].target; i = (i + 1) & t->mask) {
        uint32_t want = home(t, t->entries[i].target);
        if (((i - want) & t->mask) >= ((i - hole) & t->mask)) {
            t->entries[hole] = t->entries[i];
            hole = i;
        }
    }
    t->entries[hole] = (WeakEntry){0};
}

static void unlink_ref(QvInterp *qi, QvWeakRef *r)
{
    if (!r->target) {
        return;
    }
    WeakEntry *e = find(qi, r->target);
    if (r->prev) {
        r->prev->next = r->next;
    }
    if (r->next) {
        r->next->prev = r->prev;
    }
    if (e && e->head == r) {
        e->head = r->next;
        if (!e->head) {
            remove_entry(qi, e);
        }
    }
    r->target = NULL;
    r->prev = r->next = NULL;
}

// Is r one that ref(o) or proxy(o) shares among callers?
static bool is_shared(const QvWeakRef *r)
{
    return !r->callback && (r->h.type == &qv_weakref_type || r->h.type == &qv_weakproxy_type ||
                            r->h.type == &qv_weakcallableproxy_type);
}

// What it refers to (borrowed), or NULL: its end has begun.
static QvObj *peek_target(const QvObj *ref)
{
    QvObj *o = ((const QvWeakRef *)ref)->target;
    return o && !qv_is_ending(o) ? o : NULL;
}

static QvObj *make_ref(QvInterp *qi, QvType *type, QvObj *o, QvObj *callback)
{
    if (!(o->type->flags & QV_T_WEAK)) {
        return qv_raise(qi, &qv_exc_TypeError, "cannot create weak reference to '%T' object", o);
    }
    if (callback == QV_NONE) {
        callback = NULL;
    }
    bool sharable = !callback && (type == &qv_weakref_type || type == &qv_weakproxy_type ||
                                  type == &qv_weakcallableproxy_type);
    WeakEntry *e = find(qi, o);
    for (QvWeakRef *r = sharable && e ? e->head : NULL; r && is_shared(r); r = r->next) {
        if (r->h.type == type && !qv_is_ending(&r->h)) {
            return qv_new_ref(qi, &r->h);
        }
    }
    QvWeakRef *r = (QvWeakRef *)qv_obj_new(qi, type);
    if (!r) {
        return NULL;
    }
    r->hash = -1;
    r->callback = qv_xnew_ref(qi, callback);
    if (!e && reserve(qi) < 0) {
        qv_decref(qi, &r->h);
        return NULL;
    }
    r->target = o;
    if (!e) {
        insert(qi, o, r);
        return &r->h;
    }
    QvWeakRef *before = NULL; // what r goes behind
    if (!sharable) {
        for (QvWeakRef *k = e->head; k && is_shared(k); k = k->next) {
            before = k;
        }
    }
    r->prev = before;
    r->next = before ? before->next : e->head;
    if (r->next) {
        r->next->prev = r;
    }
    if (before) {
        before->next = r;
    } else {
        e->head = r;
    }
    return &r->h;
}

QvObj *qv_weakref_new(QvInterp *qi, QvObj *o, QvObj *callback)
{
    return make_ref(qi, &qv_weakref_type, o, callback);
}

QvObj *qv_weakproxy_new(QvInterp *qi, QvObj *o, QvObj *callback)
{
    return make_ref(qi, qv_is_callable(o) ? &qv_weakcallableproxy_type : &qv_weakproxy_type, o,
                    callback);
}

QvObj *qv_weakref_get(QvInterp *qi, QvObj *ref)
{
    QvObj *o = peek_target(ref);
    return o ? qv_new_ref(qi, o) : NULL;
}

QvSsize qv_weakref_count(QvInterp *qi, QvObj *o)
{
    const WeakEntry *e = find(qi, o);
    QvSsize n = 0;
    for (const QvWeakRef *r = e ? e->head : NULL; r; r = r->next) {
        n++;
    }
    return n;
}

QvObj *qv_weakref_first(QvInterp *qi, QvObj *o)
{
    const WeakEntry *e = find(qi, o);
    QvWeakRef *r = e ? e->head : NULL;
    while (r && qv_is_ending(&r->h)) {
        r = r->next;
    }
    return r ? qv_new_ref(qi, &r->h) : QV_NONE;
}

QvWeakRef *qv_weakref_head(QvInterp *qi, QvObj *o)
{
    const WeakEntry *e = find(qi, o);
    return e ? e->head : NULL;
}

void qv_weakref_clear(QvInterp *qi, QvObj *o, bool run_callbacks)
{
    WeakEntry *e = find(qi, o);
    if (!e) {
        o->flags &= (uint16_t)~QV_F_WEAKREF;
        return;
    }
    QvWeakRef *r = e->head;
    remove_entry(qi, e);
    // All are dead before the first callback runs. Those with a callback stay linked, each held by
    // us.
    QvWeakRef *first = NULL;
    QvWeakRef *last = NULL;
    while (r) {
        QvWeakRef *next = r->next;
        r->target = NULL;
        r->prev = r->next = NULL;
        if (r->callback && run_callbacks && !qv_is_ending(&r->h)) {
            qv_incref(qi, &r->h);
            if (last) {
                last->next = r;
            } else {
                first = r;
            }
            last = r;
        }
        r = next;
    }
    if (!first) {
        return;
    }
    QvObj *pending = qv_err_fetch(qi);
    while (first) {
        r = first;
        first = r->next;
        r->next = NULL;
        QvObj *callback = r->callback;
        r->callback = NULL;
        if (callback) {
            QvObj *result = qv_call1(qi, callback, &r->h);
            if (result) {
                qv_decref(qi, result);
            } else {
                qv_err_unraisable(qi, callback);
            }
            qv_decref(qi, callback);
        }
        qv_decref(qi, &r->h);
    }
    qv_err_restore(qi, pending);
}

void qv_weakref_table_fini(QvInterp *qi)
{
    WeakTable *t = table_of(qi);
    if (!t) {
        return;
    }
    qi->weakrefs = NULL;
    qv_free(qi, t->entries, (t->mask + 1) * sizeof(WeakEntry));
    qv_free(qi, t, sizeof(*t));
}

// ---- weakref.ref --------------------------------------------------------------------------------

static void ref_fini(QvInterp *qi, QvObj *o)
{
    QvWeakRef *r = (QvWeakRef *)o;
    unlink_ref(qi, r);
    qv_clear(qi, &r->callback);
}

static int ref_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvWeakRef *)o)->callback);
    return 0;
}

static QvObj *ref_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    (void)kwnames; // __init__ complains, or a subclass takes them
    if (nargs < 1 || nargs > 2) {
        return qv_raise(qi, &qv_exc_TypeError, "__new__ expected at %s %d argument%s, got %zd",
                        nargs < 1 ? "least" : "most", nargs < 1 ? 1 : 2, nargs < 1 ? "" : "s",
                        nargs);
    }
    return make_ref(qi, type, args[0], nargs > 1 ? args[1] : NULL);
}

static int ref_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    (void)self;
    (void)args;
    if (kwnames && qv_tuple_len(kwnames)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "ref() takes no keyword arguments");
    }
    if (nargs < 1 || nargs > 2) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__init__ expected at %s %d argument%s, got %zd",
                            nargs < 1 ? "least" : "most", nargs < 1 ? 1 : 2, nargs < 1 ? "" : "s",
                            nargs);
    }
    return 0;
}

static QvObj *ref_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_args(qi, "weakref.__call__()", args, nargs, kwnames, NULL) < 0) {
        return NULL;
    }
    QvObj *target = peek_target(o);
    return target ? qv_new_ref(qi, target) : QV_NONE;
}

static QvObj *ref_repr(QvInterp *qi, QvObj *o)
{
    QvObj *target = peek_target(o);
    if (!target) {
        return qv_str_format(qi, "<weakref at %p; dead>", (void *)o);
    }
    qv_incref(qi, target);
    QvObj *name = NULL;
    QvObj *r = NULL;
    if (qv_getattr_try(qi, target, QV_N(__name__), &name) >= 0) {
        if (name && qv_is_str(name)) {
            r = qv_str_format(qi, "<weakref at %p; to '%T' at %p (%U)>", (void *)o, target,
                              (void *)target, name);
        } else {
            r = qv_str_format(qi, "<weakref at %p; to '%T' at %p>", (void *)o, target,
                              (void *)target);
        }
    }
    qv_xdecref(qi, name);
    qv_decref(qi, target);
    return r;
}

static QvHash ref_hash(QvInterp *qi, QvObj *o)
{
    QvWeakRef *r = (QvWeakRef *)o;
    if (r->hash != -1) {
        return r->hash;
    }
    QvObj *target = qv_weakref_get(qi, o);
    if (!target) {
        qv_raise(qi, &qv_exc_TypeError, "weak object has gone away");
        return -1;
    }
    r->hash = qv_hash(qi, target);
    qv_decref(qi, target);
    return r->hash;
}

static QvObj *ref_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if ((op != QV_EQ && op != QV_NE) || !qv_is_instance_of(v, &qv_weakref_type) ||
        !qv_is_instance_of(w, &qv_weakref_type)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *a = peek_target(v);
    QvObj *b = peek_target(w);
    if (!a || !b) {
        return qv_bool((v == w) == (op == QV_EQ));
    }
    qv_incref(qi, a);
    qv_incref(qi, b);
    QvObj *r = qv_compare(qi, a, b, op);
    qv_decref(qi, a);
    qv_decref(qi, b);
    return r;
}

static QvObj *ref_get_callback(QvInterp *qi, QvObj *o)
{
    QvObj *callback = ((QvWeakRef *)o)->callback;
    return callback ? qv_new_ref(qi, callback) : QV_NONE;
}

static const QvNativeDef ref_methods[] = {
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

static const QvGetSet ref_getsets[] = {
    {"__callback__", ref_get_callback, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_weakref_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "weakref.ReferenceType",
    .id = QV_TID_weakref,
    .flags = QV_T_GC | QV_T_BASE,
    .size = sizeof(QvWeakRef),
    .new_ = ref_new,
    .init = ref_init,
    .fini = ref_fini,
    .clear = ref_fini,
    .traverse = ref_traverse,
    .call = ref_call,
    .repr = ref_repr,
    .hash = ref_hash,
    .richcmp = ref_richcmp,
    .methods = ref_methods,
    .getsets = ref_getsets,
};

// ---- proxies: every operation goes to the target ------------------------------------------------

// The object behind o: o itself when it is no proxy. New reference, or NULL with ReferenceError.
static QvObj *unwrap(QvInterp *qi, QvObj *o)
{
    if (o->type != &qv_weakproxy_type && o->type != &qv_weakcallableproxy_type) {
        return qv_new_ref(qi, o);
    }
    QvObj *target = peek_target(o);
    if (!target) {
        return qv_raise(qi, &qv_exc_ReferenceError, "weakly-referenced object no longer exists");
    }
    return qv_new_ref(qi, target);
}

#define PROXY_UNARY(NAME, CALL)                        \
    static QvObj *proxy_##NAME(QvInterp *qi, QvObj *o) \
    {                                                  \
        QvObj *target = unwrap(qi, o);                 \
        QvObj *r = target ? CALL(qi, target) : NULL;   \
        qv_xdecref(qi, target);                        \
        return r;                                      \
    }

PROXY_UNARY(str, qv_str)
PROXY_UNARY(iter, qv_iter)
PROXY_UNARY(neg, qv_neg)
PROXY_UNARY(pos, qv_pos)
PROXY_UNARY(abs, qv_abs)
PROXY_UNARY(invert, qv_invert)
PROXY_UNARY(to_int, qv_to_int)
PROXY_UNARY(to_float, qv_to_float)
PROXY_UNARY(index, qv_index)

#undef PROXY_UNARY

static QvObj *proxy_binary(QvInterp *qi, QvBinOp op, bool inplace, QvObj *v, QvObj *w)
{
    QvObj *a = unwrap(qi, v);
    QvObj *b = a ? unwrap(qi, w) : NULL;
    QvObj *r = !b ? NULL : inplace ? qv_inplace(qi, op, a, b) : qv_binary(qi, op, a, b);
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return r;
}

#define PROXY_BINARY(NAME, OP)                                    \
    static QvObj *proxy_##NAME(QvInterp *qi, QvObj *v, QvObj *w)  \
    {                                                             \
        return proxy_binary(qi, OP, false, v, w);                 \
    }                                                             \
    static QvObj *proxy_i##NAME(QvInterp *qi, QvObj *v, QvObj *w) \
    {                                                             \
        return proxy_binary(qi, OP, true, v, w);                  \
    }

PROXY_BINARY(add, QV_BIN_ADD)
PROXY_BINARY(sub, QV_BIN_SUB)
PROXY_BINARY(mul, QV_BIN_MUL)
PROXY_BINARY(matmul, QV_BIN_MATMUL)
PROXY_BINARY(truediv, QV_BIN_TRUEDIV)
PROXY_BINARY(floordiv, QV_BIN_FLOORDIV)
PROXY_BINARY(mod, QV_BIN_MOD)
PROXY_BINARY(lshift, QV_BIN_LSHIFT)
PROXY_BINARY(rshift, QV_BIN_RSHIFT)
PROXY_BINARY(and, QV_BIN_AND)
PROXY_BINARY(or, QV_BIN_OR)
PROXY_BINARY(xor, QV_BIN_XOR)

#undef PROXY_BINARY

static QvObj *proxy_divmod(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvObj *a = unwrap(qi, v);
    QvObj *b = a ? unwrap(qi, w) : NULL;
    QvObj *r = b ? qv_divmod(qi, a, b) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return r;
}

static QvObj *proxy_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod)
{
    QvObj *a = unwrap(qi, v);
    QvObj *b = a ? unwrap(qi, w) : NULL;
    QvObj *m = b ? unwrap(qi, mod) : NULL;
    QvObj *r = m ? qv_pow(qi, a, b, m) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    qv_xdecref(qi, m);
    return r;
}

static QvObj *proxy_ipow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod)
{
    (void)mod;
    return proxy_binary(qi, QV_BIN_POW, true, v, w);
}

static int proxy_bool(QvInterp *qi, QvObj *o)
{
    QvObj *target = unwrap(qi, o);
    int r = target ? qv_is_true(qi, target) : -1;
    qv_xdecref(qi, target);
    return r;
}

static QvSsize proxy_len(QvInterp *qi, QvObj *o)
{
    QvObj *target = unwrap(qi, o);
    QvSsize n = target ? qv_len(qi, target) : -1;
    qv_xdecref(qi, target);
    return n;
}

static QvObj *proxy_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvObj *target = unwrap(qi, o);
    QvObj *r = target ? qv_getitem(qi, target, key) : NULL;
    qv_xdecref(qi, target);
    return r;
}

static int proxy_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    QvObj *target = unwrap(qi, o);
    int r = !target ? -1 : value ? qv_setitem(qi, target, key, value) : qv_delitem(qi, target, key);
    qv_xdecref(qi, target);
    return r;
}

static int proxy_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    QvObj *target = unwrap(qi, o);
    int r = target ? qv_contains(qi, target, item) : -1;
    qv_xdecref(qi, target);
    return r;
}

static QvObj *proxy_next(QvInterp *qi, QvObj *o)
{
    QvObj *target = unwrap(qi, o);
    if (!target) {
        return NULL;
    }
    QvObj *r = NULL;
    if (target->type->next) {
        r = target->type->next(qi, target);
    } else {
        qv_raise(qi, &qv_exc_TypeError, "Weakref proxy referenced a non-iterator '%.200T' object",
                 target);
    }
    qv_decref(qi, target);
    return r;
}

static QvObj *proxy_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *target = unwrap(qi, o);
    QvObj *r = target ? qv_getattr(qi, target, name) : NULL;
    qv_xdecref(qi, target);
    return r;
}

static int proxy_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    QvObj *target = unwrap(qi, o);
    int r = target ? qv_setattr(qi, target, name, value) : -1;
    qv_xdecref(qi, target);
    return r;
}

static QvObj *proxy_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *target = unwrap(qi, o);
    QvObj *r = target ? qv_call(qi, target, args, nargs, kwnames) : NULL;
    qv_xdecref(qi, target);
    return r;
}

static QvObj *proxy_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    QvObj *a = unwrap(qi, v);
    QvObj *b = a ? unwrap(qi, w) : NULL;
    QvObj *r = b ? qv_compare(qi, a, b, op) : NULL;
    qv_xdecref(qi, a);
    qv_xdecref(qi, b);
    return r;
}

static QvObj *proxy_repr(QvInterp *qi, QvObj *o)
{
    QvObj *target = peek_target(o);
    if (!target) {
        return qv_str_format(qi, "<weakproxy at %p to NoneType at %p>", (void *)o, (void *)QV_NONE);
    }
    return qv_str_format(qi, "<weakproxy at %p to %T at %p>", (void *)o, target, (void *)target);
}

static QvObj *proxy_bytes(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *target = unwrap(qi, self);
    QvObj *r = target ? qv_call_method0(qi, target, QV_N(__bytes__)) : NULL;
    qv_xdecref(qi, target);
    return r;
}

static QvObj *proxy_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *target = unwrap(qi, self);
    QvObj *r = target ? qv_call_method0(qi, target, QV_N(__reversed__)) : NULL;
    qv_xdecref(qi, target);
    return r;
}

static const QvNativeDef proxy_methods[] = {
    {"__bytes__", proxy_bytes, "($self, /)", NULL},
    {"__reversed__", proxy_reversed, "($self, /)", NULL},
    {0},
};

#define PROXY_SLOTS                                                                             \
    .flags = QV_T_GC | QV_T_NO_NEW, .size = sizeof(QvWeakRef), .fini = ref_fini,                \
    .clear = ref_fini, .traverse = ref_traverse, .getattr = proxy_getattr,                      \
    .setattr = proxy_setattr, .repr = proxy_repr, .str = proxy_str,                             \
    .hash = qv_hash_not_implemented, .richcmp = proxy_richcmp, .iter = proxy_iter,              \
    .next = proxy_next, .add = proxy_add, .sub = proxy_sub, .mul = proxy_mul,                   \
    .matmul = proxy_matmul, .truediv = proxy_truediv, .floordiv = proxy_floordiv,               \
    .mod = proxy_mod, .divmod = proxy_divmod, .lshift = proxy_lshift, .rshift = proxy_rshift,   \
    .and_ = proxy_and, .or_ = proxy_or, .xor = proxy_xor, .pow = proxy_pow, .ipow = proxy_ipow, \
    .iadd = proxy_iadd, .isub = proxy_isub, .imul = proxy_imul, .imatmul = proxy_imatmul,       \
    .itruediv = proxy_itruediv, .ifloordiv = proxy_ifloordiv, .imod = proxy_imod,               \
    .ilshift = proxy_ilshift, .irshift = proxy_irshift, .iand = proxy_iand, .ior = proxy_ior,   \
    .ixor = proxy_ixor, .neg = proxy_neg, .pos = proxy_pos, .abs = proxy_abs,                   \
    .invert = proxy_invert, .to_int = proxy_to_int, .to_float = proxy_to_float,                 \
    .index = proxy_index, .bool_ = proxy_bool, .len = proxy_len, .getitem = proxy_getitem,      \
    .setitem = proxy_setitem, .contains = proxy_contains, .methods = proxy_methods

QV_SEALED QvType qv_weakproxy_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "weakref.ProxyType",
    .id = QV_TID_weakproxy,
    PROXY_SLOTS,
};

QV_SEALED QvType qv_weakcallableproxy_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "weakref.CallableProxyType",
    .id = QV_TID_weakcallableproxy,
    PROXY_SLOTS,
    .call = proxy_call,
};

#undef PROXY_SLOTS
