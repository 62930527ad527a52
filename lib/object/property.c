// SPDX-License-Identifier: MIT
// property, classmethod, staticmethod.
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/genericalias.h"
#include "object/interp.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/type_internal.h"

// ---- property -----------------------------------------------------------------------------------

static void property_fini(QvInterp *qi, QvObj *o)
{
    QvProperty *p = (QvProperty *)o;
    qv_clear(qi, &p->get);
    qv_clear(qi, &p->set);
    qv_clear(qi, &p->del);
    qv_clear(qi, &p->doc);
    qv_clear(qi, &p->name);
}

static int property_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvProperty *p = (QvProperty *)o;
    QV_VISIT(p->get);
    QV_VISIT(p->set);
    QV_VISIT(p->del);
    QV_VISIT(p->doc);
    QV_VISIT(p->name);
    return 0;
}

static QvObj *property_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    return qv_obj_new(qi, type);
}

static QvObj *given(QvInterp *qi, QvObj *value)
{
    return value && value != QV_NONE ? qv_new_ref(qi, value) : NULL;
}

static int property_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    QvObj *slots[4];
    if (qv_args(qi, "property(fget=None, fset=None, fdel=None, doc=None)", args, nargs, kwnames,
                slots) < 0) {
        return -1;
    }
    QvProperty *p = (QvProperty *)self;
    qv_set_take(qi, &p->get, given(qi, slots[0]));
    qv_set_take(qi, &p->set, given(qi, slots[1]));
    qv_set_take(qi, &p->del, given(qi, slots[2]));
    qv_set_take(qi, &p->doc, qv_xnew_ref(qi, slots[3]));
    qv_clear(qi, &p->name);
    p->getter_doc = false;
    if ((!slots[3] || slots[3] == QV_NONE) && p->get) {
        QvObj *doc;
        int r = qv_getattr_try(qi, p->get, QV_N(__doc__), &doc);
        if (r < 0) {
            return -1;
        }
        if (r > 0) {
            p->getter_doc = true;
            if (self->type == &qv_property_type) {
                qv_set_take(qi, &p->doc, doc);
            } else {
                // A subclass has a __doc__ of its own in its class: the instance's goes to its
                // dict.
                int s = qv_setattr(qi, self, QV_N(__doc__), doc);
                qv_decref(qi, doc);
                if (s < 0) {
                    return -1;
                }
            }
        }
    }
    return 0;
}

// "property 'x' of 'C' object has no <what>"
static void no_accessor(QvInterp *qi, QvProperty *p, QvObj *obj, const char *what)
{
    QvObj *qual = qv_type_get_qualname(qi, qv_type_of(obj));
    if (!qual) {
        return;
    }
    if (p->name) {
        qv_raise(qi, &qv_exc_AttributeError, "property %R of %R object has no %s", p->name, qual,
                 what);
    } else {
        qv_raise(qi, &qv_exc_AttributeError, "property of %R object has no %s", qual, what);
    }
    qv_decref(qi, qual);
}

static QvObj *property_get(QvInterp *qi, QvObj *self, QvObj *obj, QvObj *type)
{
    (void)type;
    QvProperty *p = (QvProperty *)self;
    if (!obj) {
        return qv_new_ref(qi, self);
    }
    if (!p->get) {
        no_accessor(qi, p, obj, "getter");
        return NULL;
    }
    QvObj *f = qv_new_ref(qi, p->get);
    QvObj *r = qv_call1(qi, f, obj);
    qv_decref(qi, f);
    return r;
}

static int property_set(QvInterp *qi, QvObj *self, QvObj *obj, QvObj *value)
{
    QvProperty *p = (QvProperty *)self;
    QvObj *f = value ? p->set : p->del;
    if (!f) {
        no_accessor(qi, p, obj, value ? "setter" : "deleter");
        return -1;
    }
    qv_incref(qi, f);
    QvObj *r = value ? qv_call2(qi, f, obj, value) : qv_call1(qi, f, obj);
    qv_decref(qi, f);
    if (!r) {
        return -1;
    }
    qv_decref(qi, r);
    return 0;
}

// A copy with some accessors replaced (NULL or None: as they are).
static QvObj *property_copy(QvInterp *qi, QvObj *self, QvObj *get, QvObj *set, QvObj *del)
{
    QvProperty *p = (QvProperty *)self;
    get = get && get != QV_NONE ? get : p->get ? p->get : QV_NONE;
    set = set && set != QV_NONE ? set : p->set ? p->set : QV_NONE;
    del = del && del != QV_NONE ? del : p->del ? p->del : QV_NONE;
    // A doc that came from the getter is taken from the new getter.
    QvObj *doc = p->getter_doc && get != QV_NONE ? QV_NONE : p->doc ? p->doc : QV_NONE;
    QvObj *args[4] = {get, set, del, doc};
    QvObj *r = qv_call(qi, &self->type->h, args, 4, NULL);
    if (r && qv_is_instance_of(r, &qv_property_type)) {
        qv_set_take(qi, &((QvProperty *)r)->name, qv_xnew_ref(qi, p->name));
    }
    return r;
}

static QvObj *property_getter(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return property_copy(qi, self, args[0], NULL, NULL);
}

static QvObj *property_setter(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return property_copy(qi, self, NULL, args[0], NULL);
}

static QvObj *property_deleter(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return property_copy(qi, self, NULL, NULL, args[0]);
}

static QvObj *property_set_name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    if (nargs != 2) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "__set_name__() takes 2 positional arguments but %zd were given", nargs);
    }
    qv_set_take(qi, &((QvProperty *)self)->name, qv_new_ref(qi, args[1]));
    return QV_NONE;
}

static QvObj *or_none(QvInterp *qi, QvObj *v) { return v ? qv_new_ref(qi, v) : QV_NONE; }

static QvObj *property_get_fget(QvInterp *qi, QvObj *o)
{
    return or_none(qi, ((QvProperty *)o)->get);
}
static QvObj *property_get_fset(QvInterp *qi, QvObj *o)
{
    return or_none(qi, ((QvProperty *)o)->set);
}
static QvObj *property_get_fdel(QvInterp *qi, QvObj *o)
{
    return or_none(qi, ((QvProperty *)o)->del);
}
static QvObj *property_get_doc(QvInterp *qi, QvObj *o)
{
    return or_none(qi, ((QvProperty *)o)->doc);
}

static int property_set_doc(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &((QvProperty *)o)->doc, qv_xnew_ref(qi, value));
    return 0;
}

// Is f marked abstract? 1/0/-1.
static int is_abstract(QvInterp *qi, QvObj *f)
{
    QvObj *flag;
    if (!f) {
        return 0;
    }
    if (qv_enter_recursive(qi, "") < 0) { // f may be another one of these
        return -1;
    }
    int r = qv_getattr_try(qi, f, QV_N(__isabstractmethod__), &flag);
    qv_leave_recursive(qi);
    if (r <= 0) {
        return r;
    }
    r = qv_is_true(qi, flag);
    qv_decref(qi, flag);
    return r;
}

static QvObj *property_is_abstract(QvInterp *qi, QvObj *o)
{
    QvProperty *p = (QvProperty *)o;
    int r = is_abstract(qi, p->get);
    r = r == 0 ? is_abstract(qi, p->set) : r;
    r = r == 0 ? is_abstract(qi, p->del) : r;
    return r < 0 ? NULL : qv_bool(r);
}

static const QvNativeDef property_methods[] = {
    {"getter", property_getter, "($self, fget, /)",
     "Descriptor to obtain a copy of the property with a different getter."},
    {"setter", property_setter, "($self, fset, /)",
     "Descriptor to obtain a copy of the property with a different setter."},
    {"deleter", property_deleter, "($self, fdel, /)",
     "Descriptor to obtain a copy of the property with a different deleter."},
    {"__set_name__", property_set_name, "($self, *args)", "Method to set name of a property."},
    {0},
};

static const QvGetSet property_getsets[] = {
    {"fget", property_get_fget, qv_getset_readonly, NULL},
    {"fset", property_get_fset, qv_getset_readonly, NULL},
    {"fdel", property_get_fdel, qv_getset_readonly, NULL},
    {"__doc__", property_get_doc, property_set_doc, NULL},
    {"__isabstractmethod__", property_is_abstract, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_property_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "property",
    .id = QV_TID_property,
    .flags = QV_T_GC | QV_T_BASE,
    .size = sizeof(QvProperty),
    .doc = "property(fget=None, fset=None, fdel=None, doc=None)\n--\n\nProperty attribute.\n\n  "
           "fget\n    function to be used for getting an attribute "
           "value\n  fset\n"
           "    function to be used for setting an attribute value\n  fdel\n    function to be "
           "used for "
           "del'ing an attribute\n  doc\n    docstring\n",
    .new_ = property_new,
    .init = property_init,
    .fini = property_fini,
    .clear = property_fini,
    .traverse = property_traverse,
    .descr_get = property_get,
    .descr_set = property_set,
    .methods = property_methods,
    .getsets = property_getsets,
};

// ---- classmethod and staticmethod ---------------------------------------------------------------

static void wrap_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &((QvWrapDescr *)o)->callable);
    qv_clear(qi, &((QvWrapDescr *)o)->dict);
}

static int wrap_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvWrapDescr *)o)->callable);
    QV_VISIT(((QvWrapDescr *)o)->dict);
    return 0;
}

// Takes over what a function shows about itself, as functools.wraps does. 0/-1.
static int wrap_attributes(QvInterp *qi, QvObj *self, QvObj *f)
{
    QvObj *names[] = {QV_N(__module__), QV_N(__name__), QV_N(__qualname__), QV_N(__doc__),
                      QV_N(__annotations__)};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        QvObj *v;
        int r = qv_getattr_try(qi, f, names[i], &v);
        if (r > 0) {
            r = qv_setattr(qi, self, names[i], v);
            qv_decref(qi, v);
        }
        if (r < 0) {
            return -1;
        }
    }
    return 0;
}

static QvObj *wrap_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        ((QvWrapDescr *)o)->callable = QV_NONE;
    }
    return o;
}

static int wrap_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames,
                     const char *sig)
{
    QvObj *f;
    if (qv_args(qi, sig, args, nargs, kwnames, &f) < 0) {
        return -1;
    }
    qv_set_take(qi, &((QvWrapDescr *)self)->callable, qv_new_ref(qi, f));
    return wrap_attributes(qi, self, f);
}

static int classmethod_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                            QvObj *kwnames)
{
    return wrap_init(qi, self, args, nargs, kwnames, "classmethod(function, /)");
}

static int staticmethod_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                             QvObj *kwnames)
{
    return wrap_init(qi, self, args, nargs, kwnames, "staticmethod(function, /)");
}

static QvObj *classmethod_get(QvInterp *qi, QvObj *self, QvObj *obj, QvObj *type)
{
    QvObj *f = ((QvWrapDescr *)self)->callable;
    if (!type) {
        type = &qv_type_of(obj)->h;
    }
    if (f->type->descr_get) {
        // classmethod(property(...)) and the like.
        if (qv_enter_recursive(qi, "") < 0) { // f may be another one of these
            return NULL;
        }
        qv_incref(qi, f);
        QvObj *r = f->type->descr_get(qi, f, type, type);
        qv_decref(qi, f);
        qv_leave_recursive(qi);
        return r;
    }
    return qv_method_new(qi, f, type);
}

static QvObj *staticmethod_get(QvInterp *qi, QvObj *self, QvObj *obj, QvObj *type)
{
    (void)obj;
    (void)type;
    return qv_new_ref(qi, ((QvWrapDescr *)self)->callable);
}

static QvObj *staticmethod_call(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                                QvObj *kwnames)
{
    QvObj *f = qv_new_ref(qi, ((QvWrapDescr *)self)->callable);
    QvObj *r = qv_call(qi, f, args, nargs, kwnames);
    qv_decref(qi, f);
    return r;
}

static QvObj *classmethod_repr(QvInterp *qi, QvObj *self)
{
    return qv_str_format(qi, "<classmethod(%R)>", ((QvWrapDescr *)self)->callable);
}

static QvObj *staticmethod_repr(QvInterp *qi, QvObj *self)
{
    return qv_str_format(qi, "<staticmethod(%R)>", ((QvWrapDescr *)self)->callable);
}

static QvObj *wrap_get_callable(QvInterp *qi, QvObj *o)
{
    return or_none(qi, ((QvWrapDescr *)o)->callable);
}

static QvObj *wrap_is_abstract(QvInterp *qi, QvObj *o)
{
    int r = is_abstract(qi, ((QvWrapDescr *)o)->callable);
    return r < 0 ? NULL : qv_bool(r);
}

static const QvGetSet wrap_getsets[] = {
    {"__func__", wrap_get_callable, qv_getset_readonly, NULL},
    {"__wrapped__", wrap_get_callable, qv_getset_readonly, NULL},
    {"__isabstractmethod__", wrap_is_abstract, NULL, NULL},
    {"__dict__", qv_object_get_dict, qv_object_set_dict, NULL},
    {0},
};

QV_SEALED QvType qv_classmethod_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "classmethod",
    .id = QV_TID_classmethod,
    .flags = QV_T_GC | QV_T_BASE,
    .size = sizeof(QvWrapDescr),
    .dict_offset = offsetof(QvWrapDescr, dict),
    .doc = "classmethod(function) -> method\n\nConvert a function to be a class method.",
    .new_ = wrap_new,
    .init = classmethod_init,
    .fini = wrap_fini,
    .traverse = wrap_traverse,
    .descr_get = classmethod_get,
    .repr = classmethod_repr,
    .getsets = wrap_getsets,
};

QV_SEALED QvType qv_staticmethod_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "staticmethod",
    .id = QV_TID_staticmethod,
    .flags = QV_T_GC | QV_T_BASE,
    .size = sizeof(QvWrapDescr),
    .dict_offset = offsetof(QvWrapDescr, dict),
    .doc = "staticmethod(function) -> method\n\nConvert a function to be a static method.",
    .new_ = wrap_new,
    .init = staticmethod_init,
    .fini = wrap_fini,
    .traverse = wrap_traverse,
    .descr_get = staticmethod_get,
    .call = staticmethod_call,
    .repr = staticmethod_repr,
    .getsets = wrap_getsets,
};
