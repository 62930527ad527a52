// SPDX-License-Identifier: MIT
// Attribute access on any object: the generic slots (data descriptors, instance, type), the
// protocol functions in front of the slots, and methods without bound objects.
//
// Names are interned first, so that everything below compares addresses.
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/type_internal.h"

// ---- errors -------------------------------------------------------------------------------------

void qv_attr_error_details(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *exc = qi->ts->exc;
    if (!exc || !qv_is_instance_of(exc, &qv_exc_AttributeError)) {
        return;
    }
    QvAttributeError *e = (QvAttributeError *)exc;
    if (!e->name && !e->obj) {
        e->name = qv_new_ref(qi, name);
        e->obj = qv_new_ref(qi, o);
    }
}

// Without the details, from which a suggestion would come: for assignments CPython has none.
static void no_attribute(QvInterp *qi, QvObj *o, QvObj *name)
{
    if (qv_is_type(o)) {
        qv_raise(qi, &qv_exc_AttributeError, "type object '%.50N' has no attribute '%U'",
                 (QvType *)o, name);
    } else {
        qv_raise(qi, &qv_exc_AttributeError, "'%.50T' object has no attribute '%U'", o, name);
    }
}

QvObj *qv_attr_error(QvInterp *qi, QvObj *o, QvObj *name)
{
    no_attribute(qi, o, name);
    qv_attr_error_details(qi, o, name);
    return NULL;
}

// ---- names --------------------------------------------------------------------------------------

static bool is_plain_name(const QvObj *name)
{
    return qv_is_str_exact(name) && qv_str_is_interned(name);
}

// The interned exact str of a name (new reference), or NULL with TypeError.
static QvObj *plain_name(QvInterp *qi, QvObj *name)
{
    if (!qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_TypeError, "attribute name must be string, not '%.200T'", name);
    }
    QvObj *s = qv_is_str_exact(name) ? qv_new_ref(qi, name) : qv_str_exact(qi, name);
    if (s && !qv_str_is_interned(s) && qv_str_intern(qi, &s) < 0) {
        qv_decref(qi, s);
        return NULL;
    }
    return s;
}

// ---- the generic slots --------------------------------------------------------------------------

// The instance's own attribute: 1 with *ret new, 0, -1.
static inline int own_attr(QvInterp *qi, QvObj *o, QvType *t, QvObj *name, QvObj **ret)
{
    if (t->inst_offset) {
        return qv_inst_get(qi, o, name, ret);
    }
    if (t->dict_offset) {
        QvObj *dict = *(QvObj **)((char *)o + t->dict_offset);
        if (dict) {
            QvObj *v;
            qv_incref(qi, dict);
            int r = qv_dict_get(qi, dict, name, &v);
            if (r > 0) {
                *ret = qv_new_ref(qi, v);
            }
            qv_decref(qi, dict);
            return r;
        }
    }
    return 0;
}

// 1 with *ret new, 0 absent, -1 error. name is interned.
static int generic_getattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret)
{
    QvType *t = o->type;
    QvObj *d = qv_type_lookup(qi, t, name);
    QvDescrGetFn get = NULL;
    if (d) {
        get = d->type->descr_get;
        qv_incref(qi, d);
        if (get && (d->type->flags & QV_T_DATA_DESCR)) {
            *ret = get(qi, d, o, &qv_type_of(o)->h);
            qv_decref(qi, d);
            return *ret ? 1 : -1;
        }
    }
    int r = own_attr(qi, o, t, name, ret);
    if (r != 0) {
        qv_xdecref(qi, d);
        return r;
    }
    if (get) {
        *ret = get(qi, d, o, &qv_type_of(o)->h);
        qv_decref(qi, d);
        return *ret ? 1 : -1;
    }
    *ret = d;
    return d != NULL;
}

int qv_object_getattr_try(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret)
{
    QvObj *own = NULL;
    if (QV_UNLIKELY(!is_plain_name(name))) {
        own = plain_name(qi, name);
        if (!own) {
            return -1;
        }
        name = own;
    }
    int r = generic_getattr(qi, o, name, ret);
    if (r < 0 && qv_err_matches(qi, &qv_exc_AttributeError)) {
        qv_err_clear(qi);
        r = 0;
    }
    qv_xdecref(qi, own);
    return r;
}

QvObj *qv_object_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *own = NULL;
    if (QV_UNLIKELY(!is_plain_name(name))) {
        own = plain_name(qi, name);
        if (!own) {
            return NULL;
        }
        name = own;
    }
    QvObj *ret = NULL;
    int r = generic_getattr(qi, o, name, &ret);
    if (r <= 0) {
        ret = NULL;
        if (r == 0) {
            qv_attr_error(qi, o, name);
        }
    }
    qv_xdecref(qi, own);
    return ret;
}

static int set_in_dict(QvInterp *qi, QvObj *o, QvObj **place, QvObj *name, QvObj *value)
{
    QvObj *dict = *place;
    if (!dict) {
        if (!value) {
            qv_attr_error(qi, o, name);
            return -1;
        }
        dict = qv_dict_new(qi);
        if (!dict) {
            return -1;
        }
        *place = dict;
    }
    qv_incref(qi, dict);
    int r;
    if (value) {
        r = qv_dict_set(qi, dict, name, value);
    } else {
        QvObj *old;
        r = qv_dict_pop(qi, dict, name, &old);
        if (r > 0) {
            qv_decref(qi, old);
            r = 0;
        } else if (r == 0) {
            qv_attr_error(qi, o, name);
            r = -1;
        }
    }
    qv_decref(qi, dict);
    return r;
}

static int generic_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    QvType *t = o->type;
    QvObj *d = qv_type_lookup(qi, t, name);
    if (d && (d->type->flags & QV_T_DATA_DESCR)) {
        qv_incref(qi, d);
        int r = d->type->descr_set(qi, d, o, value);
        qv_decref(qi, d);
        return r;
    }
    if (t->inst_offset) {
        int r = qv_inst_set(qi, o, name, value);
        if (r == 0) {
            no_attribute(qi, o, name);
        }
        return r > 0 ? 0 : -1;
    }
    if (t->dict_offset && !qv_is_sealed(o)) {
        return set_in_dict(qi, o, (QvObj **)((char *)o + t->dict_offset), name, value);
    }
    if (d) {
        qv_raise(qi, &qv_exc_AttributeError, "'%.100T' object attribute '%U' is read-only", o,
                 name);
        return -1;
    }
    no_attribute(qi, o, name);
    return -1;
}

int qv_object_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    if (QV_LIKELY(is_plain_name(name))) {
        return generic_setattr(qi, o, name, value);
    }
    name = plain_name(qi, name);
    if (!name) {
        return -1;
    }
    int r = generic_setattr(qi, o, name, value);
    qv_decref(qi, name);
    return r;
}

// ---- the protocol -------------------------------------------------------------------------------

// An AttributeError that a descriptor or __getattribute__ raised is told what was asked for.
static QV_NOINLINE QvObj *failed_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    qv_attr_error_details(qi, o, name);
    return NULL;
}

QvObj *qv_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    if (QV_UNLIKELY(!is_plain_name(name))) {
        name = plain_name(qi, name);
        if (!name) {
            return NULL;
        }
        QvObj *r = o->type->getattr(qi, o, name);
        if (!r) {
            failed_getattr(qi, o, name);
        }
        qv_decref(qi, name);
        return r;
    }
    QvObj *r = o->type->getattr(qi, o, name);
    return QV_LIKELY(r != NULL) ? r : failed_getattr(qi, o, name);
}

int qv_getattr_try(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret)
{
    if (o->type->getattr == qv_object_getattr) {
        return qv_object_getattr_try(qi, o, name, ret);
    }
    if (o->type->getattr == qv_type_getattr) {
        return qv_type_getattr_try(qi, o, name, ret);
    }
    *ret = qv_getattr(qi, o, name);
    if (*ret) {
        return 1;
    }
    if (!qv_err_matches(qi, &qv_exc_AttributeError)) {
        return -1;
    }
    qv_err_clear(qi);
    return 0;
}

int qv_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    if (QV_LIKELY(is_plain_name(name))) {
        return o->type->setattr(qi, o, name, value);
    }
    name = plain_name(qi, name);
    if (!name) {
        return -1;
    }
    int r = o->type->setattr(qi, o, name, value);
    qv_decref(qi, name);
    return r;
}

QvObj *qv_getattr_cstr(QvInterp *qi, QvObj *o, const char *name)
{
    QvObj *s = qv_str_intern_cstr(qi, name);
    if (!s) {
        return NULL;
    }
    QvObj *r = o->type->getattr(qi, o, s);
    qv_decref(qi, s);
    return r;
}

int qv_get_method(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret)
{
    QvType *t = o->type;
    if (t->getattr != qv_object_getattr || QV_UNLIKELY(!is_plain_name(name))) {
        *ret = qv_getattr(qi, o, name);
        return *ret ? 0 : -1;
    }
    QvObj *d = qv_type_lookup(qi, t, name);
    QvDescrGetFn get = NULL;
    bool method = false;
    if (d) {
        qv_incref(qi, d);
        method = (d->type->flags & QV_T_METHOD) != 0;
        if (!method) {
            get = d->type->descr_get;
            if (get && (d->type->flags & QV_T_DATA_DESCR)) {
                *ret = get(qi, d, o, &qv_type_of(o)->h);
                qv_decref(qi, d);
                return *ret ? 0 : -1;
            }
        }
    }
    int r = own_attr(qi, o, t, name, ret);
    if (r != 0) {
        qv_xdecref(qi, d);
        return r > 0 ? 0 : -1;
    }
    if (method) {
        *ret = d;
        return 1;
    }
    if (get) {
        *ret = get(qi, d, o, &qv_type_of(o)->h);
        qv_decref(qi, d);
        return *ret ? 0 : -1;
    }
    if (d) {
        *ret = d;
        return 0;
    }
    qv_attr_error(qi, o, name);
    return -1;
}
