// SPDX-License-Identifier: MIT
// super: attribute look-up that starts behind a class in the mro of an object's type.
#include "object/error.h"
#include "object/dict.h"
#include "object/function.h"
#include "object/interp.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct QvSuper {
    QvObj h;
    QvType *type;     // where the search starts behind; NULL before __init__
    QvObj *obj;       // instance or class, or NULL: unbound
    QvType *obj_type; // whose mro is searched, or NULL
} QvSuper;

// The type whose mro counts for super(type, obj): new reference, or NULL with TypeError.
static QvType *check(QvInterp *qi, QvType *type, QvObj *obj)
{
    // super() in a class method: obj is a class below type.
    if (qv_is_type(obj) && qv_type_is_subtype((QvType *)obj, type)) {
        return (QvType *)qv_new_ref(qi, obj);
    }
    if (qv_is_instance_of(obj, type)) {
        return (QvType *)qv_new_ref(qi, &qv_type_of(obj)->h);
    }
    // A proxy that says it is of another class.
    QvObj *cls;
    int r = qv_getattr_try(qi, obj, QV_N(__class__), &cls);
    if (r < 0) {
        return NULL;
    }
    if (r > 0) {
        if (qv_is_type(cls) && cls != &qv_type_of(obj)->h &&
            qv_type_is_subtype((QvType *)cls, type)) {
            return (QvType *)cls;
        }
        qv_decref(qi, cls);
    }
    qv_raise(qi, &qv_exc_TypeError, "super(type, obj): obj must be an instance or subtype of type");
    return NULL;
}

// What the mro of start has under name behind type: borrowed, or NULL.
static QvObj *find_behind(const QvType *start, const QvType *type, QvObj *name)
{
    int i = 0;
    while (i < start->mro_len && start->mro[i] != type) {
        i++;
    }
    for (i++; i < start->mro_len; i++) {
        QvObj *dict = start->mro[i]->dict;
        QvObj *v = dict ? qv_dict_peek_str(dict, name) : NULL;
        if (v) {
            return v;
        }
    }
    return NULL;
}

// 1 with *ret, 0 absent, -1. With ret_method: an unbound function may be given, *ret_method then
// is 1.
static int lookup(QvInterp *qi, QvType *type, QvObj *obj, QvType *start, QvObj *name, QvObj **ret,
                  int *ret_method)
{
    QvObj *f = find_behind(start, type, name);
    if (!f) {
        return 0;
    }
    qv_incref(qi, f);
    if (ret_method && obj != &start->h && qv_has_flag(f, QV_T_METHOD)) {
        *ret_method = 1;
        *ret = f;
        return 1;
    }
    if (!f->type->descr_get) {
        *ret = f;
        return 1;
    }
    // For a class as obj the descriptor is asked as from the class.
    *ret = f->type->descr_get(qi, f, obj == &start->h ? NULL : obj, &start->h);
    qv_decref(qi, f);
    return *ret ? 1 : -1;
}

QvObj *qv_super_lookup(QvInterp *qi, QvType *type, QvObj *obj, QvObj *name, int *ret_method)
{
    if (ret_method) {
        *ret_method = 0;
    }
    QvType *start = check(qi, type, obj);
    if (!start) {
        return NULL;
    }
    QvObj *r = NULL;
    int found = name == QV_N(__class__) ? 0 : lookup(qi, type, obj, start, name, &r, ret_method);
    qv_decref(qi, &start->h);
    if (found == 0) {
        QvObj *s = qv_super_new(qi, type, obj);
        r = s ? qv_object_getattr(qi, s, name) : NULL;
        qv_xdecref(qi, s);
        return r;
    }
    return found > 0 ? r : NULL;
}

QvObj *qv_super_new(QvInterp *qi, QvType *type, QvObj *obj)
{
    QvType *start = obj ? check(qi, type, obj) : NULL;
    if (obj && !start) {
        return NULL;
    }
    QvSuper *s = (QvSuper *)qv_obj_new(qi, &qv_super_type);
    if (!s) {
        qv_xdecref(qi, &start->h);
        return NULL;
    }
    s->type = (QvType *)qv_new_ref(qi, &type->h);
    s->obj = qv_xnew_ref(qi, obj);
    s->obj_type = start;
    return (QvObj *)s;
}

static QvObj *super_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    return qv_obj_new(qi, type);
}

static int super_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "super() takes no keyword arguments");
    }
    if (nargs > 2) {
        return qv_raise_int(qi, &qv_exc_TypeError, "super() expected at most 2 arguments, got %zd",
                            nargs);
    }
    QvObj *implied[2];
    if (nargs == 0) {
        // The compiler knows super().name; here it stands alone, or goes by another name.
        if (qv_frame_super_args(qi, implied) < 0) {
            return -1;
        }
        args = implied;
        nargs = 2;
    }
    if (!qv_is_type(args[0])) {
        return qv_raise_int(qi, &qv_exc_TypeError, "super() argument 1 must be a type, not %.200T",
                            args[0]);
    }
    QvSuper *s = (QvSuper *)self;
    QvObj *obj = nargs > 1 && args[1] != QV_NONE ? args[1] : NULL;
    QvType *start = NULL;
    if (obj) {
        start = check(qi, (QvType *)args[0], obj);
        if (!start) {
            return -1;
        }
    }
    qv_set_take(qi, (QvObj **)&s->type, qv_new_ref(qi, args[0]));
    qv_set_take(qi, &s->obj, qv_xnew_ref(qi, obj));
    qv_set_take(qi, (QvObj **)&s->obj_type, (QvObj *)start);
    return 0;
}

static void super_fini(QvInterp *qi, QvObj *o)
{
    QvSuper *s = (QvSuper *)o;
    qv_clear(qi, (QvObj **)&s->type);
    qv_clear(qi, &s->obj);
    qv_clear(qi, (QvObj **)&s->obj_type);
}

static int super_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvSuper *s = (QvSuper *)o;
    QV_VISIT(s->type);
    QV_VISIT(s->obj);
    QV_VISIT(s->obj_type);
    return 0;
}

static QvObj *super_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvSuper *s = (QvSuper *)o;
    if (s->obj_type && qv_is_str(name) && !qv_str_eq_ascii(name, "__class__")) {
        QvObj *r;
        QvType *start = (QvType *)qv_new_ref(qi, &s->obj_type->h);
        int found = lookup(qi, s->type, s->obj, start, name, &r, NULL);
        qv_decref(qi, &start->h);
        if (found != 0) {
            return found > 0 ? r : NULL;
        }
    }
    return qv_object_getattr(qi, o, name);
}

static QvObj *super_get(QvInterp *qi, QvObj *o, QvObj *obj, QvObj *type)
{
    (void)type;
    QvSuper *s = (QvSuper *)o;
    if (!obj || obj == QV_NONE || s->obj || !s->type) {
        return qv_new_ref(qi, o);
    }
    if (o->type != &qv_super_type) {
        return qv_call2(qi, &o->type->h, &s->type->h, obj);
    }
    return qv_super_new(qi, s->type, obj);
}

static QvObj *super_repr(QvInterp *qi, QvObj *o)
{
    const QvSuper *s = (QvSuper *)o;
    if (s->obj_type) {
        return qv_str_format(qi, "<super: <class '%N'>, <%N object>>", s->type, s->obj_type);
    }
    if (!s->type) {
        return qv_str_format(qi, "<super: <class 'NULL'>, NULL>");
    }
    return qv_str_format(qi, "<super: <class '%N'>, NULL>", s->type);
}

static QvObj *super_get_thisclass(QvInterp *qi, QvObj *o)
{
    const QvSuper *s = (QvSuper *)o;
    return s->type ? qv_new_ref(qi, &s->type->h) : QV_NONE;
}

static QvObj *super_get_self(QvInterp *qi, QvObj *o)
{
    const QvSuper *s = (QvSuper *)o;
    return s->obj ? qv_new_ref(qi, s->obj) : QV_NONE;
}

static QvObj *super_get_self_class(QvInterp *qi, QvObj *o)
{
    const QvSuper *s = (QvSuper *)o;
    return s->obj_type ? qv_new_ref(qi, &s->obj_type->h) : QV_NONE;
}

static const QvGetSet super_getsets[] = {
    {"__thisclass__", super_get_thisclass, NULL, "the class invoking super()"},
    {"__self__", super_get_self, NULL, "the instance invoking super(); may be None"},
    {"__self_class__", super_get_self_class, NULL,
     "the type of the instance invoking super(); may be None"},
    {0},
};

QV_SEALED QvType qv_super_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "super",
    .id = QV_TID_super,
    .flags = QV_T_GC | QV_T_BASE,
    .size = sizeof(QvSuper),
    .doc = "super() -> same as super(__class__, <first argument>)\nsuper(type) -> unbound super "
           "object\n"
           "super(type, obj) -> bound super object; requires isinstance(obj, type)\n"
           "super(type, type2) -> bound super object; requires issubclass(type2, type)\n"
           "Typical use to call a cooperative superclass method:\nclass C(B):\n    def meth(self, "
           "arg):\n"
           "        super().meth(arg)\nThis works for class methods too:\nclass C(B):\n    "
           "@classmethod\n"
           "    def cmeth(cls, arg):\n        super().cmeth(arg)\n",
    .new_ = super_new,
    .init = super_init,
    .fini = super_fini,
    .traverse = super_traverse,
    .getattr = super_getattr,
    .descr_get = super_get,
    .repr = super_repr,
    .getsets = super_getsets,
};
