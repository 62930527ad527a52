// SPDX-License-Identifier: MIT
// Making classes: metaclass, layout, __slots__, C3, __set_name__, __init_subclass__.
#include <string.h>

#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_internal.h"
#include "object/weakref.h"

#define MAX_NAMED      29 // as many as an instance can have inline
#define FIRST_INST_CAP 5  // with the header and the shape this fills 64 bytes

// ---- bases --------------------------------------------------------------------------------------

QvType *qv_type_calc_meta(QvInterp *qi, QvType *meta, QvObj *bases)
{
    QvType *winner = meta;
    for (QvSsize i = 0; i < qv_tuple_len(bases); i++) {
        QvType *t = qv_type_of(qv_tuple_peek(bases, i));
        if (qv_type_is_subtype(winner, t)) {
            continue;
        }
        if (qv_type_is_subtype(t, winner)) {
            winner = t;
            continue;
        }
        qv_raise(
            qi, &qv_exc_TypeError,
            "metaclass conflict: the metaclass of a derived class must be a (non-strict) subclass "
            "of the metaclasses of all its bases");
        return NULL;
    }
    return winner;
}

QvObj *qv_type_resolve_bases(QvInterp *qi, QvObj *bases)
{
    QvObj *list = NULL; // made at the first base that is replaced
    for (QvSsize i = 0; i < qv_tuple_len(bases); i++) {
        QvObj *base = qv_tuple_peek(bases, i);
        QvObj *entries = NULL;
        if (!qv_is_type(base)) {
            int r = qv_getattr_try(qi, base, QV_N(__mro_entries__), &entries);
            if (r < 0) {
                goto fail;
            }
        }
        if (!entries) {
            if (list && qv_list_append(qi, list, base) < 0) {
                goto fail;
            }
            continue;
        }
        QvObj *more = qv_call1(qi, entries, bases);
        qv_decref(qi, entries);
        if (!more) {
            goto fail;
        }
        if (!qv_is_tuple(more)) {
            qv_raise(qi, &qv_exc_TypeError, "__mro_entries__ must return a tuple");
            qv_decref(qi, more);
            goto fail;
        }
        if (!list) {
            list = qv_list_from_array(qi, qv_tuple_items(bases), i);
        }
        int r = list ? qv_list_extend(qi, list, more) : -1;
        qv_decref(qi, more);
        if (r < 0) {
            goto fail;
        }
    }
    if (!list) {
        return qv_new_ref(qi, bases);
    }
    QvObj *tuple = qv_list_as_tuple(qi, list);
    qv_decref(qi, list);
    return tuple;
fail:
    qv_xdecref(qi, list);
    return NULL;
}

// Does type add fields of its own to those of base?
static bool adds_fields(const QvType *type, const QvType *base)
{
    return type->size != base->size || ((type->flags ^ base->flags) & QV_T_VAR) != 0;
}

// The most derived type on the way down to object that has fields of its own.
static const QvType *solid_base(const QvType *type)
{
    const QvType *base = type->base ? solid_base(type->base) : &qv_object_type;
    return adds_fields(type, base) ? type : base;
}

QvType *qv_type_best_base(QvInterp *qi, QvObj *bases)
{
    QvType *base = NULL;
    const QvType *winner = NULL;
    for (QvSsize i = 0; i < qv_tuple_len(bases); i++) {
        QvObj *o = qv_tuple_peek(bases, i);
        if (!qv_is_type(o)) {
            qv_raise(qi, &qv_exc_TypeError, "bases must be types");
            return NULL;
        }
        QvType *t = (QvType *)o;
        if (!(t->flags & QV_T_BASE)) {
            qv_raise(qi, &qv_exc_TypeError, "type '%.100N' is not an acceptable base type", t);
            return NULL;
        }
        const QvType *candidate = solid_base(t);
        if (!winner || (winner != candidate && qv_type_is_subtype(candidate, winner))) {
            winner = candidate;
            base = t;
        } else if (!qv_type_is_subtype(winner, candidate)) {
            qv_raise(qi, &qv_exc_TypeError, "multiple bases have instance lay-out conflict");
            return NULL;
        }
    }
    return base;
}

bool qv_type_same_layout(const QvType *a, const QvType *b)
{
    if (a == b) {
        return true;
    }
    if (a->size != b->size || (a->inst_offset != 0) != (b->inst_offset != 0) ||
        a->dict_offset != b->dict_offset ||
        ((a->flags ^ b->flags) & (QV_T_VAR | QV_T_GC | QV_T_WEAK))) {
        return false;
    }
    const QvType *x = a;
    const QvType *y = b;
    while ((x->flags & QV_T_HEAP) && x->nmembers == 0) {
        x = x->base;
    }
    while ((y->flags & QV_T_HEAP) && y->nmembers == 0) {
        y = y->base;
    }
    if (x == y) {
        return true;
    }
    if (!(x->flags & y->flags & QV_T_HEAP) || x->nmembers != y->nmembers) {
        return false;
    }
    // Both add members: they must be the same ones, to the same base.
    for (int i = 0; i < x->nmembers; i++) {
        if (qv_str_compare(qv_tuple_peek(x->ht_slots, i), qv_tuple_peek(y->ht_slots, i)) != 0) {
            return false;
        }
    }
    return x->base == y->base;
}

// ---- C3 -----------------------------------------------------------------------------------------

// One of the sequences to merge: what is left of it.
typedef struct MroRow {
    QvType *const *items;
    QvSsize n;
} MroRow;

static bool in_tail(const MroRow *row, const QvType *t)
{
    for (QvSsize i = 1; i < row->n; i++) {
        if (row->items[i] == t) {
            return true;
        }
    }
    return false;
}

static void c3_conflict(QvInterp *qi, const MroRow *rows, QvSsize nrows)
{
    QvObj *names = qv_str_new_ascii(qi, "", 0);
    bool first = true;
    for (QvSsize i = 0; names && i < nrows; i++) {
        if (rows[i].n == 0) {
            continue;
        }
        const QvType *t = rows[i].items[0];
        bool seen = false;
        for (QvSsize k = 0; k < i; k++) {
            seen = seen || (rows[k].n && rows[k].items[0] == t);
        }
        if (seen) {
            continue;
        }
        QvObj *more = qv_str_format(qi, "%U%s%N", names, first ? "" : ", ", t);
        qv_decref(qi, names);
        names = more;
        first = false;
    }
    if (names) {
        qv_raise(qi, &qv_exc_TypeError,
                 "Cannot create a consistent method resolution\norder (MRO) for bases %U", names);
        qv_decref(qi, names);
    }
}

QvObj *qv_type_c3(QvInterp *qi, QvType *type)
{
    QvSsize nbases = qv_tuple_len(type->bases);
    QvObj **bases = qv_tuple_items(type->bases);
    for (QvSsize i = 0; i < nbases; i++) {
        QvType *b = (QvType *)bases[i];
        if (!b->mro) {
            return qv_raise(qi, &qv_exc_TypeError, "Cannot extend an incomplete type '%.100N'", b);
        }
        for (QvSsize k = i + 1; k < nbases; k++) {
            if (bases[k] == bases[i]) {
                return qv_raise(qi, &qv_exc_TypeError, "duplicate base class %.100N", b);
            }
        }
    }
    QvObj *result = qv_list_new(qi, 8);
    if (!result || qv_list_append(qi, result, &type->h) < 0) {
        qv_xdecref(qi, result);
        return NULL;
    }
    if (nbases == 1) {
        const QvType *b = (QvType *)bases[0];
        for (int i = 0; i < b->mro_len; i++) {
            if (qv_list_append(qi, result, &b->mro[i]->h) < 0) {
                qv_decref(qi, result);
                return NULL;
            }
        }
        return result;
    }
    QvSsize nrows = nbases + 1;
    size_t bytes = (size_t)nrows * sizeof(MroRow);
    MroRow *rows = qv_alloc(qi, bytes);
    if (!rows) {
        qv_decref(qi, result);
        return NULL;
    }
    for (QvSsize i = 0; i < nbases; i++) {
        const QvType *b = (QvType *)bases[i];
        rows[i] = (MroRow){.items = b->mro, .n = b->mro_len};
    }
    rows[nbases] = (MroRow){.items = (QvType *const *)bases, .n = nbases};
    for (;;) {
        QvType *next = NULL;
        bool left = false;
        for (QvSsize i = 0; i < nrows && !next; i++) {
            if (rows[i].n == 0) {
                continue;
            }
            left = true;
            next = rows[i].items[0];
            for (QvSsize k = 0; k < nrows && next; k++) {
                if (in_tail(&rows[k], next)) {
                    next = NULL;
                }
            }
        }
        if (!left) {
            break;
        }
        if (!next) {
            c3_conflict(qi, rows, nrows);
            qv_clear(qi, &result);
            break;
        }
        if (qv_list_append(qi, result, &next->h) < 0) {
            qv_clear(qi, &result);
            break;
        }
        for (QvSsize i = 0; i < nrows; i++) {
            if (rows[i].n && rows[i].items[0] == next) {
                rows[i].items++;
                rows[i].n--;
            }
        }
    }
    qv_free(qi, rows, bytes);
    return result;
}

uintptr_t qv_type_mro_stamp(const QvType *type)
{
    return type->mro ? (uintptr_t)type->mro[type->mro_len] : 0;
}

void qv_type_drop_mro(QvInterp *qi, const QvType *type, QvType **mro, uint16_t len)
{
    if (!mro) {
        return;
    }
    for (int i = 0; i < len; i++) {
        if (mro[i] != type) {
            qv_decref(qi, &mro[i]->h);
        }
    }
    qv_free(qi, mro, (len + 1u) * sizeof(QvType *));
}

int qv_type_set_mro(QvInterp *qi, QvType *type)
{
    uintptr_t before = qv_type_mro_stamp(type);
    QvObj *list;
    bool custom = type->h.type != &qv_type_type && qv_type_lookup(qi, type->h.type, QV_N(mro)) !=
                                                       qv_type_find(&qv_type_type, QV_N(mro));
    if (custom) {
        QvObj *given = qv_call_method0(qi, &type->h, QV_N(mro));
        list = given ? qv_to_list(qi, given) : NULL;
        qv_xdecref(qi, given);
    } else {
        list = qv_type_c3(qi, type);
    }
    if (!list) {
        return -1;
    }
    QvSsize n = qv_list_len(list);
    const QvType *solid = solid_base(type);
    for (QvSsize i = 0; custom && i < n; i++) {
        QvObj *o = qv_list_peek(list, i);
        if (!qv_is_type(o)) {
            qv_raise(qi, &qv_exc_TypeError, "mro() returned a non-class ('%.500T')", o);
        } else if (!qv_type_is_subtype(solid, solid_base((QvType *)o))) {
            qv_raise(qi, &qv_exc_TypeError, "mro() returned base with unsuitable layout ('%.500N')",
                     (QvType *)o);
        } else {
            continue;
        }
        qv_decref(qi, list);
        return -1;
    }
    if (qv_type_mro_stamp(type) != before) {
        qv_decref(qi, list);
        return 0;
    }
    if (n == 0 || n > UINT16_MAX) {
        qv_decref(qi, list);
        return qv_raise_int(qi, &qv_exc_TypeError,
                            n == 0 ? "type MRO must not be empty" : "mro is too long");
    }
    QvType **mro = qv_alloc(qi, (size_t)(n + 1) * sizeof(QvType *));
    if (!mro) {
        qv_decref(qi, list);
        return -1;
    }
    for (QvSsize i = 0; i < n; i++) {
        mro[i] = (QvType *)qv_list_peek(list, i);
        if (mro[i] != type) { // which does not hold itself
            qv_incref(qi, &mro[i]->h);
        }
    }
    mro[n] = (QvType *)(uintptr_t)++qi->types.mro_stamp;
    type->mro = mro;
    type->mro_len = (uint16_t)n;
    qv_decref(qi, list);
    return 1;
}

// ---- __slots__ ----------------------------------------------------------------------------------

// _Class__name for __name in class Class; new reference.
static QvObj *mangle(QvInterp *qi, QvObj *class_name, QvObj *name)
{
    QvSsize n = qv_str_len(name);
    if (n < 3 || qv_str_read(name, 0) != '_' || qv_str_read(name, 1) != '_' ||
        (qv_str_read(name, n - 1) == '_' && qv_str_read(name, n - 2) == '_')) {
        return qv_new_ref(qi, name);
    }
    QvSsize skip = 0;
    QvSsize len = qv_str_len(class_name);
    while (skip < len && qv_str_read(class_name, skip) == '_') {
        skip++;
    }
    if (skip == len) {
        return qv_new_ref(qi, name);
    }
    QvObj *bare = qv_str_slice(qi, class_name, skip, len);
    QvObj *r = bare ? qv_str_format(qi, "_%U%U", bare, name) : NULL;
    qv_xdecref(qi, bare);
    return r;
}

// What a class statement asks for.
typedef struct Plan {
    QvObj *name;
    QvObj *bases;
    QvType *base;
    QvObj *dict;    // the class's own namespace
    QvObj *members; // sorted list of names, or NULL
    bool add_dict, add_weak;
} Plan;

static bool has_dict(const QvType *t)
{
    return t->inst_offset || t->dict_offset || (t->flags & QV_T_TYPE);
}

// Reads one item of __slots__. 0/-1.
static int plan_slot(QvInterp *qi, Plan *p, QvObj *item, bool may_dict, bool may_weak)
{
    if (!qv_is_str(item)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__slots__ items must be strings, not '%.200T'",
                            item);
    }
    if (!qv_str_is_identifier(item)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__slots__ must be identifiers");
    }
    if (qv_str_eq_ascii(item, "__dict__")) {
        if (!may_dict || p->add_dict) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "__dict__ slot disallowed: we already got one");
        }
        p->add_dict = true;
        return 0;
    }
    if (qv_str_eq_ascii(item, "__weakref__")) {
        if (!may_weak || p->add_weak) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "__weakref__ slot disallowed: either we already got one, "
                                "or __itemsize__ != 0");
        }
        p->add_weak = true;
        return 0;
    }
    QvObj *name = mangle(qi, p->name, item);
    if (!name) {
        return -1;
    }
    QvObj *there;
    int r = qv_dict_get(qi, p->dict, name, &there);
    if (r > 0 && !qv_str_eq_ascii(name, "__qualname__") &&
        !qv_str_eq_ascii(name, "__classcell__")) {
        qv_raise(qi, &qv_exc_ValueError, "%R in __slots__ conflicts with class variable", name);
        r = -1;
    }
    if (r < 0) {
        qv_decref(qi, name);
        return -1;
    }
    return qv_list_append_take(qi, p->members, name);
}

static int plan_slots(QvInterp *qi, Plan *p)
{
    bool var = (p->base->flags & (QV_T_VAR | QV_T_TYPE)) != 0;
    bool may_dict = !has_dict(p->base);
    // As in CPython, types of many small values give no weak references to their subclasses.
    bool may_weak = !(p->base->flags & (QV_T_WEAK | QV_T_INT | QV_T_TUPLE | QV_T_BYTES));
    QvObj *slots = qv_dict_peek_str(p->dict, QV_N(__slots__));
    if (!slots) {
        p->add_dict = may_dict;
        p->add_weak = may_weak;
        return 0;
    }
    QvObj *items = qv_is_str(slots) ? qv_tuple_of(qi, 1, slots) : qv_to_tuple(qi, slots);
    if (!items) {
        return -1;
    }
    int r = -1;
    QvSsize n = qv_tuple_len(items);
    // Members of str subclasses live in the instance part; ints, tuples and types refuse them as in
    // CPython.
    if (n > 0 && ((var && !(p->base->flags & QV_T_STR)) || (p->base->flags & QV_T_INT))) {
        qv_raise(qi, &qv_exc_TypeError, "nonempty __slots__ not supported for subtype of '%.200N'",
                 p->base);
        goto done;
    }
    p->members = qv_list_new(qi, n);
    if (!p->members) {
        goto done;
    }
    for (QvSsize i = 0; i < n; i++) {
        if (plan_slot(qi, p, qv_tuple_peek(items, i), may_dict, may_weak) < 0) {
            goto done;
        }
    }
    if (qv_list_sort(qi, p->members, NULL, false) < 0) {
        goto done;
    }
    // Bases beside the main one may bring a dict or weak references that it lacks.
    for (QvSsize i = 0; i < qv_tuple_len(p->bases); i++) {
        const QvType *b = (QvType *)qv_tuple_peek(p->bases, i);
        if (b != p->base) {
            p->add_dict = p->add_dict || (may_dict && has_dict(b));
            p->add_weak = p->add_weak || (may_weak && (b->flags & QV_T_WEAK));
        }
    }
    r = 0;
done:
    qv_decref(qi, items);
    return r;
}

// ---- the attributes __dict__ and __weakref__ of instances ---------------------------------------

// The row of __dict__ of the static type below a class (of modules, types, exceptions), or NULL.
static const QvGetSet *static_dict(const QvType *t)
{
    while (t && (t->flags & QV_T_HEAP)) {
        t = t->base;
    }
    for (; t && t != &qv_object_type; t = t->base) {
        for (const QvGetSet *g = t->getsets; g && g->name; g++) {
            if (strcmp(g->name, "__dict__") == 0) {
                return g;
            }
        }
    }
    return NULL;
}

QvObj *qv_object_get_dict(QvInterp *qi, QvObj *o)
{
    const QvGetSet *own = static_dict(o->type);
    if (own && own->get != qv_object_get_dict) {
        return own->get(qi, o);
    }
    if (o->type->inst_offset) {
        return qv_inst_dict(qi, o);
    }
    if (!o->type->dict_offset) {
        return qv_raise(qi, &qv_exc_AttributeError, "This object has no __dict__");
    }
    QvObj **place = (QvObj **)((char *)o + o->type->dict_offset);
    if (!*place) {
        if (qv_is_sealed(o)) {
            return qv_dict_new(qi); // nothing can be stored in it
        }
        *place = qv_dict_new(qi);
        if (!*place) {
            return NULL;
        }
    }
    return qv_new_ref(qi, *place);
}

int qv_object_set_dict(QvInterp *qi, QvObj *o, QvObj *value)
{
    const QvGetSet *own = static_dict(o->type);
    if (own && own->set != qv_object_set_dict) {
        return own->set
                   ? own->set(qi, o, value)
                   : qv_raise_int(qi, &qv_exc_AttributeError,
                                  "attribute '__dict__' of '%.100T' objects is not writable", o);
    }
    if (value && !qv_is_dict(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "__dict__ must be set to a dictionary, not a '%.200T'", value);
    }
    if (qv_is_sealed(o)) {
        return qv_raise_int(qi, &qv_exc_AttributeError,
                            "'%.100T' object attribute '__dict__' is read-only", o);
    }
    QvObj *dict = value ? qv_new_ref(qi, value) : qv_dict_new(qi);
    if (!dict) {
        return -1;
    }
    int r = 0;
    if (o->type->inst_offset) {
        r = qv_inst_set_dict(qi, o, dict);
        qv_decref(qi, dict);
    } else if (o->type->dict_offset) {
        qv_set_take(qi, (QvObj **)((char *)o + o->type->dict_offset), dict);
    } else {
        qv_decref(qi, dict);
        r = qv_raise_int(qi, &qv_exc_AttributeError, "This object has no __dict__");
    }
    return r;
}

static QvObj *get_weakref(QvInterp *qi, QvObj *o) { return qv_weakref_first(qi, o); }

static const QvGetSet dict_getset = {"__dict__", qv_object_get_dict, qv_object_set_dict,
                                     "dictionary for instance variables (if defined)"};
static const QvGetSet weakref_getset = {"__weakref__", get_weakref, NULL,
                                        "list of weak references to the object (if defined)"};

// ---- building -----------------------------------------------------------------------------------

// Puts a value made here into the namespace. value NULL: -1.
static int put(QvInterp *qi, QvObj *dict, QvObj *name, QV_STOLEN QvObj *value)
{
    return qv_dict_set_take(qi, dict, name, value);
}

static int set_type_name(QvInterp *qi, QvType *type, QvObj *name)
{
    QvUtf8 u;
    if (qv_str_utf8(qi, name, &u) < 0) {
        return -1;
    }
    int r = -1;
    if (strlen(u.s) != (size_t)u.n) {
        qv_raise(qi, &qv_exc_ValueError, "type name must not contain null characters");
    } else {
        char *copy = qv_alloc(qi, (size_t)u.n + 1);
        if (copy) {
            memcpy(copy, u.s, (size_t)u.n + 1);
            type->name = copy;
            r = 0;
        }
    }
    qv_utf8_release(qi, &u);
    return r;
}

// Inline slots for the first instances: room for what the class's methods store in self, so that
// they need not fall back to a dict before anything has been learnt.
static uint16_t first_inst_cap(QvType *type, const QvType *base, QvObj *dict)
{
    const void *names[MAX_NAMED];
    uint32_t n = 0;
    QvSsize pos = 0;
    QvObj *key;
    QvObj *value;
    while (qv_dict_next(dict, &pos, &key, &value)) {
        if (qv_is_function(value)) {
            n = qv_code_self_attrs(((QvFunction *)value)->code, names, n, MAX_NAMED);
        }
    }
    n += base->inst_named;
    type->inst_named = (uint16_t)(n > MAX_NAMED ? MAX_NAMED : n);
    uint16_t cap = type->inst_named | 1;
    return cap < FIRST_INST_CAP ? FIRST_INST_CAP : cap;
}

// Sizes and places of the new type's fields.
static void lay_out(QvType *type, const Plan *p)
{
    const QvType *base = p->base;
    QvSsize n = p->members ? qv_list_len(p->members) : 0;
    bool var = (base->flags & QV_T_VAR) != 0;
    if (var || n == 0) {
        type->size = base->size;
        type->nmembers = 0;
    } else {
        type->size = ((base->size + 7u) & ~7u) + (uint32_t)n * 8u;
        type->nmembers = (uint16_t)n;
    }
    type->dict_offset = base->dict_offset;
    bool part = base->inst_offset || p->add_dict || (var && n > 0);
    if (part) {
        type->size = (type->size + 7u) & ~7u;
        type->inst_offset = var ? QV_INST_VAR : type->size;
        type->inst_cap = first_inst_cap(type, base, p->dict);
    }
    uint32_t kept = QV_T_MATCH_SELF | QV_T_VAR | QV_T_INT | QV_T_LIST | QV_T_TUPLE | QV_T_BYTES |
                    QV_T_STR | QV_T_DICT | QV_T_EXC | QV_T_TYPE | QV_T_WEAK;
    type->flags |= (base->flags & kept) | QV_T_HEAP | QV_T_BASE | QV_T_GC;
    if (p->add_weak) {
        type->flags |= QV_T_WEAK;
    }
    for (QvSsize i = 0; i < qv_tuple_len(p->bases); i++) {
        // Patterns look at the kind of collection: the first base that has one tells.
        const QvType *b = (QvType *)qv_tuple_peek(p->bases, i);
        if (!(type->flags & (QV_T_SEQUENCE | QV_T_MAPPING))) {
            type->flags |= b->flags & (QV_T_SEQUENCE | QV_T_MAPPING);
        }
    }
}

// __module__, __qualname__, __doc__, implicit static and class methods, __classcell__.
static int fill_namespace(QvInterp *qi, QvType *type, const Plan *p)
{
    QvObj *dict = type->dict;
    if (!qv_dict_peek_str(dict, QV_N(__module__))) {
        QvObj *filename;
        QvObj *globals;
        int line;
        int r = qv_frame_location(qi, 1, &filename, &line, &globals);
        if (r < 0) {
            return -1;
        }
        if (r > 0) {
            QvObj *module = qv_dict_peek_str(globals, QV_N(__name__));
            r = module ? qv_dict_set(qi, dict, QV_N(__module__), module) : 0;
            qv_decref(qi, filename);
            qv_decref(qi, globals);
            if (r < 0) {
                return -1;
            }
        }
    }
    QvObj *qual = qv_dict_peek_str(dict, QV_N(__qualname__));
    if (qual) {
        if (!qv_is_str(qual)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "type __qualname__ must be a str, not %T",
                                qual);
        }
        type->ht_qualname = qv_new_ref(qi, qual);
        if (qv_dict_del(qi, dict, QV_N(__qualname__)) < 0) {
            return -1;
        }
    } else {
        type->ht_qualname = qv_new_ref(qi, p->name);
    }
    QvObj *f = qv_dict_peek_str(dict, QV_N(__new__));
    if (f && qv_is_function(f) &&
        put(qi, dict, QV_N(__new__), qv_call1(qi, &qv_staticmethod_type.h, f)) < 0) {
        return -1;
    }
    f = qv_dict_peek_str(dict, QV_N(__init_subclass__));
    if (f && qv_is_function(f) &&
        put(qi, dict, QV_N(__init_subclass__), qv_call1(qi, &qv_classmethod_type.h, f)) < 0) {
        return -1;
    }
    f = qv_dict_peek_str(dict, QV_N(__class_getitem__));
    if (f && qv_is_function(f) &&
        put(qi, dict, QV_N(__class_getitem__), qv_call1(qi, &qv_classmethod_type.h, f)) < 0) {
        return -1;
    }
    QvObj *cell = qv_dict_peek_str(dict, QV_N(__classcell__));
    if (cell) {
        if (cell->type != &qv_cell_type) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "__classcell__ must be a nonlocal cell, not %R",
                                (QvObj *)cell->type);
        }
        qv_set_take(qi, &((QvCell *)cell)->value, qv_new_ref(qi, &type->h));
        if (qv_dict_del(qi, dict, QV_N(__classcell__)) < 0) {
            return -1;
        }
    }
    for (int i = 0; type->ht_slots && i < qv_tuple_len(type->ht_slots); i++) {
        uint32_t offset = 0;
        if (type->nmembers) {
            offset = type->size - (uint32_t)(type->nmembers - i) * 8u;
        }
        QvObj *name = qv_tuple_peek(type->ht_slots, i);
        if (put(qi, dict, name, qv_member_new(qi, type, name, offset)) < 0) {
            return -1;
        }
    }
    // A class body may define these itself.
    if (p->add_dict && !qv_dict_peek_str(dict, QV_N(__dict__)) &&
        put(qi, dict, QV_N(__dict__), qv_getset_new(qi, type, &dict_getset)) < 0) {
        return -1;
    }
    if (p->add_weak && !qv_dict_peek_str(dict, QV_N(__weakref__)) &&
        put(qi, dict, QV_N(__weakref__), qv_getset_new(qi, type, &weakref_getset)) < 0) {
        return -1;
    }
    QvObj *doc = qv_dict_peek_str(dict, QV_N(__doc__));
    if (!doc) {
        if (qv_dict_set(qi, dict, QV_N(__doc__), QV_NONE) < 0) {
            return -1;
        }
    } else if (qv_is_str(doc) && !qv_str_is_ascii(doc)) {
        QvUtf8 text; // must be writable as UTF-8, as in CPython
        if (qv_str_utf8(qi, doc, &text) < 0) {
            return -1;
        }
        qv_utf8_release(qi, &text);
    }
    // == without a hash of its own: unhashable.
    if (qv_dict_peek_str(dict, QV_N(__eq__)) && !qv_dict_peek_str(dict, QV_N(__hash__)) &&
        qv_dict_set(qi, dict, QV_N(__hash__), QV_NONE) < 0) {
        return -1;
    }
    return 0;
}

// Calls __set_name__ on everything in the namespace that has it.
static int set_names(QvInterp *qi, QvType *type)
{
    QvSsize pos = 0;
    QvObj *key;
    QvObj *value;
    bool any = false;
    while (!any && qv_dict_next(type->dict, &pos, &key, &value)) {
        any = qv_type_lookup(qi, value->type, QV_N(__set_name__)) != NULL;
    }
    if (!any) {
        return 0;
    }
    // A __set_name__ may change the namespace: walk a copy.
    QvObj *copy = qv_dict_copy(qi, type->dict);
    if (!copy) {
        return -1;
    }
    int r = 0;
    pos = 0;
    while (r == 0 && qv_dict_next(copy, &pos, &key, &value)) {
        QvObj *f;
        int found = qv_lookup_special(qi, value, QV_N(__set_name__), &f);
        if (found == 0) {
            continue;
        }
        QvObj *res = found > 0 ? qv_call2(qi, f, &type->h, key) : NULL;
        if (found > 0) {
            qv_decref(qi, f);
        }
        if (res) {
            qv_decref(qi, res);
            continue;
        }
        r = -1;
        if (found > 0) {
            QvObj *cause = qv_err_fetch(qi);
            qv_raise(qi, &qv_exc_RuntimeError,
                     "Error calling __set_name__ on '%.100T' instance %R in '%.100N'", value, key,
                     type);
            if (qi->ts->exc && qi->ts->exc != qi->mem_error) {
                qv_exc_set_context(qi, qi->ts->exc, qv_new_ref(qi, cause));
                qv_exc_set_cause(qi, qi->ts->exc, qv_new_ref(qi, cause));
            }
            qv_decref(qi, cause);
        }
    }
    qv_decref(qi, copy);
    return r;
}

// super(type, type).__init_subclass__(**kwargs)
static int init_subclass(QvInterp *qi, QvType *type, QvObj *const *kwvalues, QvObj *kwnames)
{
    QvObj *f = NULL;
    int i = 0;
    while (i < type->mro_len && type->mro[i] != type) {
        i++;
    }
    if (i == type->mro_len) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "super(type, obj): obj must be an instance or subtype of type");
    }
    for (i++; i < type->mro_len && !f; i++) {
        f = qv_dict_peek_str(type->mro[i]->dict, QV_N(__init_subclass__));
        if (f && type->mro[i] == &qv_object_type && (!kwnames || qv_tuple_len(kwnames) == 0)) {
            return 0; // object's does nothing
        }
    }
    if (!f) { // behind the last class: what the super object itself inherits
        f = qv_dict_peek_str(qv_object_type.dict, QV_N(__init_subclass__));
    }
    qv_incref(qi, f);
    QvObj *bound = f;
    if (f->type->descr_get) {
        bound = f->type->descr_get(qi, f, NULL, &type->h);
        qv_decref(qi, f);
        if (!bound) {
            return -1;
        }
    }
    QvObj *r = qv_call(qi, bound, kwvalues, 0, kwnames);
    qv_decref(qi, bound);
    if (!r) {
        return -1;
    }
    qv_decref(qi, r);
    return 0;
}

QvObj *qv_type_build(QvInterp *qi, QvType *meta, QvObj *name, QvObj *bases, QvObj *ns,
                     QvObj *const *kwvalues, QvObj *kwnames)
{
    Plan p = {.name = name};
    QvType *type = NULL;
    bool ok = false;
    p.bases = qv_tuple_len(bases) ? qv_new_ref(qi, bases) : qv_tuple_of(qi, 1, &qv_object_type.h);
    if (!p.bases) {
        return NULL;
    }
    p.base = qv_type_best_base(qi, p.bases);
    p.dict = p.base ? qv_dict_copy(qi, ns) : NULL;
    if (!p.dict || plan_slots(qi, &p) < 0) {
        goto done;
    }
    type = (QvType *)qv_obj_new(qi, meta);
    if (!type) {
        goto done;
    }
    lay_out(type, &p);
    type->bases = qv_new_ref(qi, p.bases);
    type->base = (QvType *)qv_new_ref(qi, &p.base->h);
    type->dict = qv_new_ref(qi, p.dict);
    type->ht_name = qv_new_ref(qi, name);
    // Until the slots are in: what an object must have to die.
    type->dealloc = qv_obj_dealloc;
    if (set_type_name(qi, type, name) < 0) {
        goto done;
    }
    if (p.members && qv_list_len(p.members)) {
        QvObj *names = qv_list_as_tuple(qi, p.members);
        if (!names) {
            goto done;
        }
        for (QvSsize i = 0; i < qv_tuple_len(names); i++) {
            if (qv_str_intern(qi, &qv_tuple_items(names)[i]) < 0) {
                qv_decref(qi, names);
                goto done;
            }
        }
        type->ht_slots = names;
    }
    if (fill_namespace(qi, type, &p) < 0 || qv_type_set_mro(qi, type) < 0) {
        goto done;
    }
    qv_slots_inherit(qi, type);
    for (QvSsize i = 0; i < qv_tuple_len(p.bases); i++) {
        if (qv_type_add_subclass(qi, (QvType *)qv_tuple_peek(p.bases, i), type) < 0) {
            goto done;
        }
    }
    ok = set_names(qi, type) == 0 && init_subclass(qi, type, kwvalues, kwnames) == 0;
done:
    qv_xdecref(qi, p.members);
    qv_xdecref(qi, p.dict);
    qv_xdecref(qi, p.bases);
    if (!ok && type) {
        qv_decref(qi, &type->h);
        return NULL;
    }
    return type ? &type->h : NULL;
}

// type.__new__(meta, name, bases, ns, **kwargs)
QvObj *qv_type_new_slot(QvInterp *qi, QvType *meta, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    if (nargs != 3) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "type.__new__() takes exactly 3 arguments (%zd given)", nargs);
    }
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "type.__new__() argument 1 must be str, not %T",
                        args[0]);
    }
    if (!qv_is_tuple(args[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "type.__new__() argument 2 must be tuple, not %T",
                        args[1]);
    }
    if (!qv_is_dict(args[2])) {
        return qv_raise(qi, &qv_exc_TypeError, "type.__new__() argument 3 must be dict, not %T",
                        args[2]);
    }
    for (QvSsize i = 0; i < qv_tuple_len(args[1]); i++) {
        QvObj *b = qv_tuple_peek(args[1], i);
        if (!qv_is_type(b) && qv_type_lookup(qi, b->type, QV_N(__mro_entries__))) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "type() doesn't support MRO entry resolution; use types.new_class()");
        }
    }
    QvType *winner = qv_type_calc_meta(qi, meta, args[1]);
    if (!winner) {
        return NULL;
    }
    if (winner != meta && winner->new_ != qv_type_new_slot) {
        return winner->new_(qi, winner, args, nargs, kwnames);
    }
    return qv_type_build(qi, winner, args[0], args[1], args[2], args + nargs, kwnames);
}

QvObj *qv_type_new_exception(QvInterp *qi, const char *dotted, QvObj *base, QvObj *ns)
{
    const char *dot = strrchr(dotted, '.');
    if (!dot) {
        return qv_raise(qi, &qv_exc_SystemError,
                        "qv_type_new_exception: name must be module.class");
    }
    QvObj *result = NULL;
    QvObj *bases = NULL;
    QvObj *dict = ns ? qv_dict_copy(qi, ns) : qv_dict_new(qi);
    QvObj *module = qv_str_intern_utf8(qi, dotted, dot - dotted);
    QvObj *name = qv_str_intern_cstr(qi, dot + 1);
    if (!base) {
        base = &qv_exc_Exception.h;
    }
    bases = qv_is_tuple(base) ? qv_new_ref(qi, base) : qv_tuple_of(qi, 1, base);
    if (!dict || !module || !name || !bases) {
        goto done;
    }
    if (!qv_dict_peek_str(dict, QV_N(__module__)) &&
        qv_dict_set(qi, dict, QV_N(__module__), module) < 0) {
        goto done;
    }
    QvObj *args[3] = {name, bases, dict};
    result = qv_call(qi, &qv_type_type.h, args, 3, NULL);
done:
    qv_xdecref(qi, dict);
    qv_xdecref(qi, module);
    qv_xdecref(qi, name);
    qv_xdecref(qi, bases);
    return result;
}
