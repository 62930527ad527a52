// SPDX-License-Identifier: MIT
// Slots and special methods, both ways: slot wrappers call a C slot from Python, slot functions
// call a Python method from C; slots.def is the one table.
//
// A heap type's slot is chosen from what the mro has under the names of the slot's rows. When all
// that is found are wrappers of one and the same C function of a static base, that function goes in
// directly and no Python-level call is made; else the slot function of the row goes in.
#include "object/descr.h"

#include <string.h>

#include "object/dict.h"
#include "object/error.h"
#include "object/function.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_internal.h"

#define SMALL_CALL 8 // argument vectors up to this many on the C stack

// ---- calling a special method -------------------------------------------------------------------

// What type(o) has under name: 1 with *ret the callable and *ret_unbound telling that o goes first;
// 0 absent; -1 error.
static int find_special(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret, bool *ret_unbound)
{
    QvObj *f = qv_type_lookup(qi, o->type, name);
    if (!f) {
        return 0;
    }
    *ret_unbound = qv_has_flag(f, QV_T_METHOD);
    if (*ret_unbound || !f->type->descr_get) {
        *ret = qv_new_ref(qi, f);
        return 1;
    }
    qv_incref(qi, f);
    *ret = f->type->descr_get(qi, f, o, &qv_type_of(o)->h);
    qv_decref(qi, f);
    return *ret ? 1 : -1;
}

// o.name(args) by type; 1 with *ret, 0 absent, -1 error. Up to three arguments.
static int call_special(QvInterp *qi, QvObj *o, QvObj *name, QvObj *const *args, int n, QvObj **ret)
{
    QvObj *f = qv_type_lookup(qi, o->type, name);
    bool unbound;
    if (QV_LIKELY(f && f->type == &qv_function_type)) { // its frame keeps it alive
        QvObj *all[4] = {o};
        for (int i = 0; i < n; i++) {
            all[i + 1] = args[i];
        }
        *ret = qv_function_call(qi, f, all, n + 1, NULL);
        return *ret ? 1 : -1;
    }
    int r = find_special(qi, o, name, &f, &unbound);
    if (r <= 0) {
        return r;
    }
    if (unbound) {
        QvObj *all[4] = {o};
        for (int i = 0; i < n; i++) {
            all[i + 1] = args[i];
        }
        *ret = qv_call(qi, f, all, n + 1, NULL);
    } else {
        *ret = qv_call(qi, f, args, n, NULL);
    }
    qv_decref(qi, f);
    return *ret ? 1 : -1;
}

// The same where absence is an AttributeError (the method was deleted behind the slot's back).
static QvObj *need_special(QvInterp *qi, QvObj *o, QvObj *name, QvObj *const *args, int n)
{
    QvObj *r;
    int found = call_special(qi, o, name, args, n, &r);
    if (found > 0) {
        return r;
    }
    if (found == 0) {
        qv_raise_obj(qi, &qv_exc_AttributeError, name);
    }
    return NULL;
}

static QvObj *call_or_notimplemented(QvInterp *qi, QvObj *o, QvObj *name, QvObj *arg)
{
    QvObj *r;
    int found = call_special(qi, o, name, &arg, 1, &r);
    return found > 0 ? r : found == 0 ? QV_NOTIMPLEMENTED : NULL;
}

// f(first, *args, **kw).
static QvObj *call_prepended(QvInterp *qi, QvObj *f, QvObj *first, QvObj *const *args,
                             QvSsize nargs, QvObj *kwnames)
{
    QvSsize total = nargs + (kwnames ? qv_tuple_len(kwnames) : 0);
    QvObj *small[SMALL_CALL];
    QvObj **all = small;
    size_t bytes = (size_t)(total + 1) * sizeof(QvObj *);
    if (total >= SMALL_CALL) {
        all = qv_alloc(qi, bytes);
        if (!all) {
            return NULL;
        }
    }
    all[0] = first;
    if (total) {
        memcpy(all + 1, args, (size_t)total * sizeof(QvObj *));
    }
    QvObj *r = qv_call(qi, f, all, nargs + 1, kwnames);
    if (all != small) {
        qv_free(qi, all, bytes);
    }
    return r;
}

// ---- slot functions of heap types ---------------------------------------------------------------

#define UNARY_SLOT(FIELD, NAME)                          \
    static QvObj *slot_##FIELD(QvInterp *qi, QvObj *o)   \
    {                                                    \
        return need_special(qi, o, QV_N(NAME), NULL, 0); \
    }

UNARY_SLOT(neg, __neg__)
UNARY_SLOT(pos, __pos__)
UNARY_SLOT(abs, __abs__)
UNARY_SLOT(invert, __invert__)
UNARY_SLOT(to_int, __int__)
UNARY_SLOT(to_float, __float__)
UNARY_SLOT(index, __index__)
UNARY_SLOT(repr, __repr__)
UNARY_SLOT(str, __str__)
UNARY_SLOT(next, __next__)

#undef UNARY_SLOT

// The reflected method of the right operand comes first only when its class gives another one than
// the left operand's class.
static bool is_overloaded(QvInterp *qi, QvObj *left, QvObj *right, QvObj *name)
{
    QvObj *b = qv_type_lookup(qi, right->type, name);
    return b && b != qv_type_lookup(qi, left->type, name);
}

// v op w where the slot at `offset` of at least one operand's type is `self`.
static QvObj *slot_binary(QvInterp *qi, QvObj *v, QvObj *w, QvBinaryFn self, size_t offset,
                          QvObj *name, QvObj *rname)
{
    QvBinaryFn left = *(QvBinaryFn *)((char *)v->type + offset);
    QvBinaryFn right = *(QvBinaryFn *)((char *)w->type + offset);
    bool try_right = v->type != w->type && right == self;
    if (left == self) {
        if (try_right && qv_type_is_subtype(w->type, v->type) && is_overloaded(qi, v, w, rname)) {
            QvObj *r = call_or_notimplemented(qi, w, rname, v);
            if (r != QV_NOTIMPLEMENTED) {
                return r;
            }
            try_right = false;
        }
        QvObj *r = call_or_notimplemented(qi, v, name, w);
        if (r != QV_NOTIMPLEMENTED || v->type == w->type) {
            return r;
        }
    }
    return try_right ? call_or_notimplemented(qi, w, rname, v) : QV_NOTIMPLEMENTED;
}

#define BINARY_SLOT(FIELD, NAME, RNAME)                                                        \
    static QvObj *slot_##NAME(QvInterp *qi, QvObj *v, QvObj *w)                                \
    {                                                                                          \
        return slot_binary(qi, v, w, slot_##NAME, offsetof(QvType, FIELD), QV_N(__##NAME##__), \
                           QV_N(RNAME));                                                       \
    }

BINARY_SLOT(add, add, __radd__)
BINARY_SLOT(sub, sub, __rsub__)
BINARY_SLOT(mul, mul, __rmul__)
BINARY_SLOT(matmul, matmul, __rmatmul__)
BINARY_SLOT(truediv, truediv, __rtruediv__)
BINARY_SLOT(floordiv, floordiv, __rfloordiv__)
BINARY_SLOT(mod, mod, __rmod__)
BINARY_SLOT(divmod, divmod, __rdivmod__)
BINARY_SLOT(lshift, lshift, __rlshift__)
BINARY_SLOT(rshift, rshift, __rrshift__)
BINARY_SLOT(and_, and, __rand__)
BINARY_SLOT(or_, or, __ror__)
BINARY_SLOT(xor, xor, __rxor__)

#undef BINARY_SLOT

// The binary part of pow has the binary slots' rules; it is found in the operands under the slot
// `pow`.
static QvObj *slot_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod);

static QvObj *slot_pow2(QvInterp *qi, QvObj *v, QvObj *w)
{
    bool try_right = v->type != w->type && w->type->pow == slot_pow;
    if (v->type->pow == slot_pow) {
        if (try_right && qv_type_is_subtype(w->type, v->type) &&
            is_overloaded(qi, v, w, QV_N(__rpow__))) {
            QvObj *r = call_or_notimplemented(qi, w, QV_N(__rpow__), v);
            if (r != QV_NOTIMPLEMENTED) {
                return r;
            }
            try_right = false;
        }
        QvObj *r = call_or_notimplemented(qi, v, QV_N(__pow__), w);
        if (r != QV_NOTIMPLEMENTED || v->type == w->type) {
            return r;
        }
    }
    return try_right ? call_or_notimplemented(qi, w, QV_N(__rpow__), v) : QV_NOTIMPLEMENTED;
}

static QvObj *slot_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod)
{
    if (mod == QV_NONE) {
        return slot_pow2(qi, v, w);
    }
    // Three arguments: only the left operand's method is asked.
    if (v->type->pow == slot_pow) {
        QvObj *args[2] = {w, mod};
        return need_special(qi, v, QV_N(__pow__), args, 2);
    }
    return QV_NOTIMPLEMENTED;
}

#define INPLACE_SLOT(NAME)                                      \
    static QvObj *slot_##NAME(QvInterp *qi, QvObj *v, QvObj *w) \
    {                                                           \
        return need_special(qi, v, QV_N(__##NAME##__), &w, 1);  \
    }

INPLACE_SLOT(iadd)
INPLACE_SLOT(isub)
INPLACE_SLOT(imul)
INPLACE_SLOT(imatmul)
INPLACE_SLOT(itruediv)
INPLACE_SLOT(ifloordiv)
INPLACE_SLOT(imod)
INPLACE_SLOT(ilshift)
INPLACE_SLOT(irshift)
INPLACE_SLOT(iand)
INPLACE_SLOT(ior)
INPLACE_SLOT(ixor)

#undef INPLACE_SLOT

static QvObj *slot_ipow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod)
{
    (void)mod;
    return need_special(qi, v, QV_N(__ipow__), &w, 1);
}

static QvHash slot_hash(QvInterp *qi, QvObj *o)
{
    QvObj *f = qv_type_lookup(qi, o->type, QV_N(__hash__));
    if (!f || f == QV_NONE) {
        return qv_hash_not_implemented(qi, o);
    }
    QvObj *r = f->type == &qv_function_type ? qv_function_call(qi, f, &o, 1, NULL)
                                            : need_special(qi, o, QV_N(__hash__), NULL, 0);
    if (!r) {
        return -1;
    }
    if (!qv_is_int(r)) {
        qv_raise(qi, &qv_exc_TypeError, "__hash__ method should return an integer");
        qv_decref(qi, r);
        return -1;
    }
    // A value of 64 bits is taken as it is (CPython does so too); bigger ones are hashed.
    int64_t v;
    QvHash h = qv_int_as_i64(r, &v) ? v : qv_int_hash(r);
    qv_decref(qi, r);
    return h == -1 ? -2 : h;
}

static QvObj *slot_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    QvObj *name;
    switch (op) {
    case QV_LT: name = QV_N(__lt__); break;
    case QV_LE: name = QV_N(__le__); break;
    case QV_EQ: name = QV_N(__eq__); break;
    case QV_NE: name = QV_N(__ne__); break;
    case QV_GT: name = QV_N(__gt__); break;
    default: name = QV_N(__ge__); break;
    }
    QvObj *args[2] = {v, w};
    QvObj *f = qv_type_lookup(qi, v->type, name);
    if (QV_LIKELY(f && f->type == &qv_function_type)) {
        return qv_function_call(qi, f, args, 2, NULL);
    }
    bool unbound;
    if (find_special(qi, v, name, &f, &unbound) <= 0) {
        qv_err_clear(qi); // an error of the look-up counts as absence here
        return QV_NOTIMPLEMENTED;
    }
    QvObj *r = unbound ? qv_call(qi, f, args, 2, NULL) : qv_call1(qi, f, w);
    qv_decref(qi, f);
    return r;
}

static QvObj *slot_iter(QvInterp *qi, QvObj *o)
{
    QvObj *f = qv_type_lookup(qi, o->type, QV_N(__iter__));
    if (!f || f == QV_NONE) {
        return qv_raise(qi, &qv_exc_TypeError, "'%.200T' object is not iterable", o);
    }
    return need_special(qi, o, QV_N(__iter__), NULL, 0);
}

static int slot_bool(QvInterp *qi, QvObj *o)
{
    QvObj *r = need_special(qi, o, QV_N(__bool__), NULL, 0);
    if (!r) {
        return -1;
    }
    if (!qv_is_bool(r)) {
        qv_raise(qi, &qv_exc_TypeError, "__bool__ should return bool, returned %T", r);
        qv_decref(qi, r);
        return -1;
    }
    return r == QV_TRUE;
}

QvSsize qv_len_result(QvInterp *qi, QvObj *x)
{
    if (x->type == &qv_int_type && qv_int_value(x) >= 0) {
        return (QvSsize)qv_int_value(x);
    }
    QvObj *i = qv_index(qi, x);
    if (!i) {
        return -1;
    }
    QvSsize n = -1;
    if (qv_int_sign(i) < 0) {
        qv_raise(qi, &qv_exc_ValueError, "__len__() should return >= 0");
    } else if (qv_index_ssize(qi, i, &n, &qv_exc_OverflowError) < 0) {
        n = -1;
    }
    qv_decref(qi, i);
    return n;
}

static QvSsize slot_len(QvInterp *qi, QvObj *o)
{
    QvObj *r = need_special(qi, o, QV_N(__len__), NULL, 0);
    QvSsize n = r ? qv_len_result(qi, r) : -1;
    qv_xdecref(qi, r);
    return n;
}

static QvObj *slot_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    return need_special(qi, o, QV_N(__getitem__), &key, 1);
}

// For slots with an int result: drops the method's result.
static int done(QvInterp *qi, QvObj *r)
{
    if (!r) {
        return -1;
    }
    qv_decref(qi, r);
    return 0;
}

static int slot_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    // A class with a Python method for one of the two (Counter) has a built-in type's for the
    // other: that one's C function, when o is of the type it was made for.
    QvObj *name = value ? QV_N(__setitem__) : QV_N(__delitem__),
          *f = qv_type_lookup(qi, o->type, name);
    if (f && f->type == &qv_wrapper_descriptor_type) {
        const QvWrapperDescr *w = (const QvWrapperDescr *)f;
        if (w->row->name == name && qv_is_instance_of(o, w->type)) {
            return ((QvSetItemFn)w->fn)(qi, o, key, value);
        }
    }
    if (!value) {
        return done(qi, need_special(qi, o, QV_N(__delitem__), &key, 1));
    }
    QvObj *args[2] = {key, value};
    return done(qi, need_special(qi, o, QV_N(__setitem__), args, 2));
}

static int slot_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    QvObj *f = qv_type_lookup(qi, o->type, QV_N(__contains__));
    if (f == QV_NONE) {
        return qv_raise_int(qi, &qv_exc_TypeError, "'%.200T' object is not a container", o);
    }
    QvObj *r = need_special(qi, o, QV_N(__contains__), &item, 1);
    if (!r) {
        return -1;
    }
    int truth = qv_is_true(qi, r);
    qv_decref(qi, r);
    return truth;
}

static QvObj *slot_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *f;
    bool unbound;
    int found = find_special(qi, o, QV_N(__call__), &f, &unbound);
    if (found <= 0) {
        return found < 0 ? NULL : qv_raise_obj(qi, &qv_exc_AttributeError, QV_N(__call__));
    }
    QvObj *r = unbound ? call_prepended(qi, f, o, args, nargs, kwnames)
                       : qv_call(qi, f, args, nargs, kwnames);
    qv_decref(qi, f);
    return r;
}

static QvObj *slot_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    return need_special(qi, o, QV_N(__getattribute__), &name, 1);
}

// __getattr__ is defined: the ordinary look-up first.
static QvObj *slot_getattr_hook(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *first = qv_type_lookup(qi, o->type, QV_N(__getattribute__));
    QvObj *r;
    if (first && first->type == &qv_wrapper_descriptor_type &&
        ((QvWrapperDescr *)first)->fn == (QvSlotFn)qv_object_getattr) {
        // The usual case: no AttributeError is made only to be thrown away.
        int found = qv_object_getattr_try(qi, o, name, &r);
        if (found != 0) {
            return found > 0 ? r : NULL;
        }
    } else {
        if (first && first->type == &qv_wrapper_descriptor_type &&
            qv_is_instance_of(o, ((QvWrapperDescr *)first)->type)) {
            r = ((QvGetAttrFn)((QvWrapperDescr *)first)->fn)(qi, o, name);
        } else {
            r = need_special(qi, o, QV_N(__getattribute__), &name, 1);
        }
        if (r || !qv_err_matches(qi, &qv_exc_AttributeError)) {
            return r;
        }
        if (!qv_type_lookup(qi, o->type, QV_N(__getattr__))) {
            return NULL;
        }
        qv_err_clear(qi);
    }
    int found = call_special(qi, o, QV_N(__getattr__), &name, 1, &r);
    if (found == 0) {
        return qv_attr_error(qi, o, name);
    }
    if (found < 0 && qv_err_matches(qi, &qv_exc_AttributeError)) {
        qv_attr_error_details(qi, o, name);
    }
    return found > 0 ? r : NULL;
}

static int slot_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    if (!value) {
        return done(qi, need_special(qi, o, QV_N(__delattr__), &name, 1));
    }
    QvObj *args[2] = {name, value};
    return done(qi, need_special(qi, o, QV_N(__setattr__), args, 2));
}

static QvObj *slot_descr_get(QvInterp *qi, QvObj *d, QvObj *obj, QvObj *type)
{
    QvObj *get = qv_type_lookup(qi, d->type, QV_N(__get__));
    if (!get) {
        return qv_new_ref(qi, d);
    }
    QvObj *args[3] = {d, obj ? obj : QV_NONE, type ? type : QV_NONE};
    qv_incref(qi, get);
    QvObj *r = qv_call(qi, get, args, 3, NULL);
    qv_decref(qi, get);
    return r;
}

static int slot_descr_set(QvInterp *qi, QvObj *d, QvObj *obj, QvObj *value)
{
    if (!value) {
        return done(qi, need_special(qi, d, QV_N(__delete__), &obj, 1));
    }
    QvObj *args[2] = {obj, value};
    return done(qi, need_special(qi, d, QV_N(__set__), args, 2));
}

static int slot_init(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *f;
    bool unbound;
    int found = find_special(qi, o, QV_N(__init__), &f, &unbound);
    if (found <= 0) {
        if (found == 0) {
            qv_raise_obj(qi, &qv_exc_AttributeError, QV_N(__init__));
        }
        return -1;
    }
    QvObj *r = unbound ? call_prepended(qi, f, o, args, nargs, kwnames)
                       : qv_call(qi, f, args, nargs, kwnames);
    qv_decref(qi, f);
    if (r && r != QV_NONE) {
        qv_raise(qi, &qv_exc_TypeError, "__init__() should return None, not '%.200T'", r);
        qv_decref(qi, r);
        return -1;
    }
    return done(qi, r);
}

static QvObj *slot_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    QvObj *f = qv_getattr(qi, &type->h, QV_N(__new__));
    if (!f) {
        return NULL;
    }
    QvObj *r = call_prepended(qi, f, &type->h, args, nargs, kwnames);
    qv_decref(qi, f);
    return r;
}

static void slot_finalize(QvInterp *qi, QvObj *o)
{
    // The exception that is on its way, if any, has nothing to do with the object's end.
    QvObj *pending = qv_err_fetch(qi);
    QvObj *del = qv_type_lookup(qi, o->type, QV_N(__del__));
    qv_xincref(qi, del);
    QvObj *r;
    int found = call_special(qi, o, QV_N(__del__), NULL, 0, &r);
    if (found < 0) {
        qv_err_unraisable(qi, del);
    } else if (found > 0) {
        qv_decref(qi, r);
    }
    qv_xdecref(qi, del);
    qv_err_restore(qi, pending);
}

// The async slots: absence of the method (another row's doing) is told as CPython tells it.
#define ASYNC_SLOT(NAME)                                                    \
    static QvObj *slot_##NAME(QvInterp *qi, QvObj *o)                       \
    {                                                                       \
        QvObj *r;                                                           \
        int found = call_special(qi, o, QV_N(__##NAME##__), NULL, 0, &r);   \
        if (found == 0) {                                                   \
            qv_raise(qi, &qv_exc_AttributeError,                            \
                     "object %.50T does not have __" #NAME "__ method", o); \
        }                                                                   \
        return found > 0 ? r : NULL;                                        \
    }

ASYNC_SLOT(await)
ASYNC_SLOT(aiter)
ASYNC_SLOT(anext)

#undef ASYNC_SLOT

// ---- the table ----------------------------------------------------------------------------------

const QvSlotRow qv_slot_rows[] = {
#define SLOT(name_, field_, kind_, generic_, doc_) \
    {.name = QV_N(name_),                          \
     .offset = offsetof(QvType, field_),           \
     .kind = QV_SK_##kind_,                        \
     .generic = (QvSlotFn)(generic_),              \
     .doc = (doc_)},
#include "object/slots.def"
#undef SLOT
    {0},
};

bool qv_slots_has_name(const QvObj *name)
{
    for (const QvSlotRow *row = qv_slot_rows; row->name; row++) {
        if (row->name == name) {
            return true;
        }
    }
    return false;
}

// Is d what a static base shows of this very slot? Then *ret is the C function behind it.
static bool wrapped_slot(const QvType *type, const QvSlotRow *row, const QvObj *d, QvSlotFn *ret)
{
    if (d->type == &qv_wrapper_descriptor_type) {
        const QvWrapperDescr *w = (const QvWrapperDescr *)d;
        if (w->row->name == row->name && w->row->offset == row->offset &&
            qv_type_is_subtype(type, w->type)) {
            *ret = w->fn;
            return true;
        }
        return false;
    }
    const QvType *maker = row->offset == offsetof(QvType, new_) ? qv_new_wrapper_type(d) : NULL;
    if (maker && qv_type_is_subtype(type, maker)) {
        *ret = (QvSlotFn)maker->new_;
        return true;
    }
    return false;
}

// Is d the wrapper of another field with the same name (list.__add__ is concat, not add)?
static bool other_field(const QvType *type, const QvSlotRow *row, const QvObj *d)
{
    const QvWrapperDescr *w = (const QvWrapperDescr *)d;
    return d->type == &qv_wrapper_descriptor_type && w->row->name == row->name &&
           w->row->offset != row->offset && qv_type_is_subtype(type, w->type);
}

// Sets one field from the mro; `row` is the first of the field's rows. Returns the row after them.
static const QvSlotRow *update_field(QvInterp *qi, QvType *type, const QvSlotRow *row)
{
    QvSlotFn specific = NULL;
    QvSlotFn generic = NULL;
    bool use_generic = false;
    bool unhashable = false;
    const QvSlotRow *first = row;
    for (; row->name && row->offset == first->offset; row++) {
        QvObj *d = qv_type_find(type, row->name);
        QvSlotFn fn;
        if (!d || other_field(type, row, d)) {
            continue;
        }
        if (d == QV_NONE && row->kind == QV_SK_HASH) {
            unhashable = true;
            continue;
        }
        if (wrapped_slot(type, row, d, &fn)) {
            if (!specific || specific == fn) {
                specific = fn;
                if (!generic) {
                    generic = row->generic;
                }
                continue;
            }
        }
        use_generic = true;
        generic = row->generic; // __getattr__ stands after __getattribute__ and wins
    }
    (void)qi;
    QvSlotFn value = specific && !use_generic ? specific : use_generic ? generic : NULL;
    if (unhashable) {
        value = (QvSlotFn)qv_hash_not_implemented;
    }
    *qv_slot_field(type, first) = value;
    return row;
}

// Flags that follow from slots.
static void update_flags(QvType *type)
{
    type->flags &= ~(uint32_t)(QV_T_DATA_DESCR | QV_T_HAS_DEL);
    if (type->descr_set) {
        type->flags |= QV_T_DATA_DESCR;
    }
    if (type->finalize) {
        type->flags |= QV_T_HAS_DEL;
    }
}

void qv_slots_inherit(QvInterp *qi, QvType *type)
{
    bool linear = type->mro_len == type->base->mro_len + 1 && type->mro[0] == type &&
                  type->mro[1] == type->base;
    if (linear) {
        // Whatever type itself does not define is found exactly where its base finds it.
        for (const QvSlotRow *row = qv_slot_rows; row->name; row++) {
            *qv_slot_field(type, row) = *qv_slot_field(type->base, row);
        }
    }
    for (const QvSlotRow *row = qv_slot_rows; row->name;) {
        bool own = !linear;
        const QvSlotRow *next = row;
        for (; next->name && next->offset == row->offset; next++) {
            own = own || qv_dict_peek_str(type->dict, next->name) != NULL;
        }
        if (own) {
            update_field(qi, type, row);
        }
        row = next;
    }
    // Slots without a name in Python come from the layout's base, or from the first base that has
    // them.
    type->fini = type->base->fini;
    type->clear = qv_type_inst_clear;
    type->traverse = qv_type_inst_traverse;
    type->memsize = type->base->memsize;
    type->dealloc = qv_obj_dealloc;
    for (int i = 0; i < type->mro_len; i++) {
        const QvType *b = type->mro[i];
        if (!type->buffer && b->buffer) {
            type->buffer = b->buffer;
            type->buffer_release = b->buffer_release;
        }
        if (!type->pack) {
            type->pack = b->pack;
        }
    }
    update_flags(type);
}

void qv_slots_update(QvInterp *qi, QvType *type, QvObj *name)
{
    for (const QvSlotRow *row = qv_slot_rows; row->name;) {
        const QvSlotRow *next = row;
        bool hit = false;
        for (; next->name && next->offset == row->offset; next++) {
            hit = hit || next->name == name;
        }
        if (hit) {
            update_field(qi, type, row);
        }
        row = next;
    }
    update_flags(type);
    for (uint32_t i = 0; i < type->nsubclasses; i++) {
        qv_slots_update(qi, type->subclasses[i], name);
    }
}

// ---- wrappers: a C slot called from Python ------------------------------------------------------

static QvObj *none_if(int r) { return r < 0 ? NULL : QV_NONE; }

// object.__setattr__(X, ...) and type.__setattr__ may not go round what the real type of self does.
static int check_hack(QvInterp *qi, QvObj *self, QvSlotFn fn, const char *what)
{
    const QvType *t = qv_type_of(self);
    while (t && (t->flags & QV_T_HEAP)) {
        t = t->base;
    }
    if (t && (QvSlotFn)t->setattr != fn) {
        return qv_raise_int(qi, &qv_exc_TypeError, "can't apply this %s to %T object", what, self);
    }
    return 0;
}

static int check_name(QvInterp *qi, QvObj *name)
{
    if (QV_LIKELY(qv_is_str(name))) {
        return 0;
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "attribute name must be string, not '%.200T'", name);
}

static int arguments_of(QvSlotKind kind, int *ret_max)
{
    int min = 1;
    int max = 1;
    switch (kind) {
    case QV_SK_NONE:
    case QV_SK_UNARY:
    case QV_SK_NEXT:
    case QV_SK_HASH:
    case QV_SK_INQUIRY:
    case QV_SK_LEN:
    case QV_SK_DEL: min = max = 0; break;
    case QV_SK_SETITEM:
    case QV_SK_SETATTR:
    case QV_SK_SET: min = max = 2; break;
    case QV_SK_POW:
    case QV_SK_RPOW:
    case QV_SK_GET: max = 2; break;
    default: break;
    }
    *ret_max = max;
    return min;
}

static QvObj *wrong_arguments(QvInterp *qi, QvSlotKind kind, int min, int max, QvSsize given)
{
    // CPython checks single arguments by one helper, counts to repeat and more arguments by
    // another: hence the leading space.
    if (max < 2 && kind != QV_SK_REPEAT) {
        return qv_raise(qi, &qv_exc_TypeError, "expected %d argument%s, got %zd", max,
                        max == 1 ? "" : "s", given);
    }
    int expected = given < min ? min : max;
    return qv_raise(qi, &qv_exc_TypeError, " expected %s%d argument%s, got %zd",
                    min == max    ? ""
                    : given < min ? "at least "
                                  : "at most ",
                    expected, expected == 1 ? "" : "s", given);
}

// The name of the type whose method this is in CPython, which keeps a few look-ups as plain methods
// beside the slots; NULL: a slot wrapper there too.
static const char *method_owner(const QvWrapperDescr *w)
{
    const QvType *t = w->type;
    bool getitem = w->row->name == QV_N(__getitem__) && (t == &qv_list_type || t == &qv_dict_type);
    bool contains = w->row->kind == QV_SK_CONTAINS &&
                    (t == &qv_dict_type || t == &qv_set_type || t == &qv_frozenset_type);
    return getitem || contains ? t->name : NULL;
}

QvObj *qv_wrapper_call(QvInterp *qi, const QvWrapperDescr *w, QvObj *self, QvObj *const *args,
                       QvSsize nargs, QvObj *kwnames)
{
    QvSlotKind kind = (QvSlotKind)w->row->kind;
    QvSlotFn fn = w->fn;
    if (kind == QV_SK_CALL) {
        return ((QvCallFn)fn)(qi, self, args, nargs, kwnames);
    }
    if (kind == QV_SK_INIT) {
        return none_if(((QvInitFn)fn)(qi, self, args, nargs, kwnames));
    }
    if (kwnames && qv_tuple_len(kwnames)) {
        const char *owner = method_owner(w);
        return owner ? qv_raise(qi, &qv_exc_TypeError, "%s.%U() takes no keyword arguments", owner,
                                w->row->name)
                     : qv_raise(qi, &qv_exc_TypeError, "wrapper %U() takes no keyword arguments",
                                w->row->name);
    }
    int max;
    int min = arguments_of(kind, &max);
    if (nargs < min || nargs > max) {
        const char *owner = method_owner(w);
        if (owner) {
            return qv_raise(qi, &qv_exc_TypeError, "%s.%U() takes exactly one argument (%zd given)",
                            owner, w->row->name, nargs);
        }
        return wrong_arguments(qi, kind, min, max, nargs);
    }
    switch (kind) {
    case QV_SK_UNARY: return ((QvUnaryFn)fn)(qi, self);
    case QV_SK_NEXT: {
        QvObj *r = ((QvUnaryFn)fn)(qi, self);
        if (!r && !qv_err_occurred(qi)) {
            qv_raise_none(qi, &qv_exc_StopIteration);
        }
        return r;
    }
    case QV_SK_HASH: {
        QvHash h = ((QvHashFn)fn)(qi, self);
        return h == -1 ? NULL : qv_int_from_i64(qi, h);
    }
    case QV_SK_INQUIRY: {
        int r = ((QvInquiryFn)fn)(qi, self);
        return r < 0 ? NULL : qv_bool(r);
    }
    case QV_SK_LEN: {
        QvSsize n = ((QvLenFn)fn)(qi, self);
        return n < 0 ? NULL : qv_int_from_i64(qi, n);
    }
    case QV_SK_BINARY:
    case QV_SK_LEFT: return ((QvBinaryFn)fn)(qi, self, args[0]);
    case QV_SK_RIGHT: return ((QvBinaryFn)fn)(qi, args[0], self);
    case QV_SK_POW: return ((QvTernaryFn)fn)(qi, self, args[0], nargs > 1 ? args[1] : QV_NONE);
    case QV_SK_RPOW: return ((QvTernaryFn)fn)(qi, args[0], self, nargs > 1 ? args[1] : QV_NONE);
    case QV_SK_IPOW: return ((QvTernaryFn)fn)(qi, self, args[0], QV_NONE);
    case QV_SK_REPEAT: {
        QvSsize n;
        if (qv_index_ssize(qi, args[0], &n, &qv_exc_OverflowError) < 0) {
            return NULL;
        }
        return ((QvObj * (*)(QvInterp *, QvObj *, QvSsize)) fn)(qi, self, n);
    }
    case QV_SK_CONTAINS: {
        int r = ((QvContainsFn)fn)(qi, self, args[0]);
        return r < 0 ? NULL : qv_bool(r);
    }
    case QV_SK_SETITEM: return none_if(((QvSetItemFn)fn)(qi, self, args[0], args[1]));
    case QV_SK_DELITEM: return none_if(((QvSetItemFn)fn)(qi, self, args[0], NULL));
    case QV_SK_LT:
    case QV_SK_LE:
    case QV_SK_EQ:
    case QV_SK_NE:
    case QV_SK_GT:
    case QV_SK_GE: return ((QvRichCmpFn)fn)(qi, self, args[0], (QvCmpOp)(kind - QV_SK_LT));
    case QV_SK_GETATTR:
        return check_name(qi, args[0]) < 0 ? NULL : ((QvGetAttrFn)fn)(qi, self, args[0]);
    case QV_SK_SETATTR:
        if (check_hack(qi, self, fn, "__setattr__") < 0 || check_name(qi, args[0]) < 0) {
            return NULL;
        }
        return none_if(((QvSetAttrFn)fn)(qi, self, args[0], args[1]));
    case QV_SK_DELATTR:
        if (check_hack(qi, self, fn, "__delattr__") < 0 || check_name(qi, args[0]) < 0) {
            return NULL;
        }
        return none_if(((QvSetAttrFn)fn)(qi, self, args[0], NULL));
    case QV_SK_GET: {
        QvObj *obj = args[0] == QV_NONE ? NULL : args[0];
        QvObj *type = nargs > 1 && args[1] != QV_NONE ? args[1] : NULL;
        if (!obj && !type) {
            return qv_raise(qi, &qv_exc_TypeError, "__get__(None, None) is invalid");
        }
        return ((QvDescrGetFn)fn)(qi, self, obj, type);
    }
    case QV_SK_SET: return none_if(((QvDescrSetFn)fn)(qi, self, args[0], args[1]));
    case QV_SK_DELETE: return none_if(((QvDescrSetFn)fn)(qi, self, args[0], NULL));
    case QV_SK_DEL: ((QvDropFn)fn)(qi, self); return QV_NONE;
    case QV_SK_NONE:
    case QV_SK_CALL:
    case QV_SK_INIT: break;
    }
    return qv_raise(qi, &qv_exc_SystemError, "slot wrapper without a kind");
}
