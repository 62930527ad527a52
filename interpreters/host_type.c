// SPDX-License-Identifier: MIT
// Objects of the host: classes from const tables, instances around a pointer.
//
// Every instance is a HostObject, with its table in it: whatever is asked of an instance goes by
// that table, never by its Python class, which a script can assign (__class__) among classes of the
// same layout. What the table has becomes a slot wrapper, a method or a property in the dict of a
// heap type that derives from qv_host_object_type; so classes in Python can derive from it and
// override.
//
// A script can get hold of an instance whose __init__ has not run (a derived class that forgets it;
// cls.__new__): it is not ready, and refuses everything.
#include <stdlib.h>
#include <string.h>

#include "interpreters/api.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct QvHostClass {
    const QuiverType *table;
    QvType *type; // owned
    QvSig *init_sig, *call_sig;
    QvNativeDef init_def, call_def; // of these
} QvHostClass;

typedef struct HostObject {
    QvObj h;
    const QuiverType *table; // NULL: made by a class that is gone
    void *data;
    bool ready; // data is the host's to destroy
} HostObject;

static HostObject *as_host(QvObj *o) { return (HostObject *)o; }
static Quiver *handle(QvInterp *qi) { return (Quiver *)qv_instance_of(qi); }

// ---- instances ----------------------------------------------------------------------------------

static QvHostClass *class_of_table(QvInstance *inst, const QuiverType *table)
{
    for (uint32_t i = 0; i < inst->nhost_classes; i++) {
        if (inst->host_classes[i].table == table) {
            return &inst->host_classes[i];
        }
    }
    return NULL;
}

// The class of the host that a type is or derives from.
static QvHostClass *class_of_type(QvInstance *inst, const QvType *type)
{
    for (int k = 0; k < type->mro_len; k++) {
        for (uint32_t i = 0; i < inst->nhost_classes; i++) {
            if (inst->host_classes[i].type == type->mro[k]) {
                return &inst->host_classes[i];
            }
        }
    }
    return NULL;
}

// Is it one that can be used? False with an exception.
static bool usable(QvInterp *qi, QvObj *o)
{
    return as_host(o)->ready || qv_raise(qi, &qv_exc_RuntimeError,
                                         "%T.__init__() of the host's class was not called", o);
}

static QvObj *object_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    const QvHostClass *c = class_of_type(qv_instance_of(qi), type);
    if (!c || !c->table->init) {
        return qv_raise(qi, &qv_exc_TypeError, "cannot create '%N' instances", type);
    }
    const QuiverType *table = c->table;
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_host(o)->table = table;
    }
    return o;
}

static int object_init(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    HostObject *self = as_host(o);
    const QvHostClass *c = self->table ? class_of_table(qv_instance_of(qi), self->table) : NULL;
    if (self->ready || !c || !c->table->init) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%T.__init__() was called twice", o);
    }
    const QvSig *sig = c->init_sig; // lives as long as the class
    QvHostArgs bound;
    if (qv_host_bind(qi, sig, args, nargs, kwnames, &bound) < 0) {
        return -1;
    }
    QvHostCall call;
    void *data = NULL;
    qv_host_begin(qi, &call);
    int64_t status = self->table->init(handle(qi), (QuiverValue *)o, &data,
                                       (QuiverValue *const *)bound.args, (size_t)bound.nargs);
    status = qv_host_end_int(qi, &call, status, self->table->name);
    qv_host_unbind(qi, sig, &bound);
    if (status < 0) {
        return -1;
    }
    if (self->ready) { // it ran again meanwhile
        qv_host_begin_destroy(qi, &call);
        if (self->table->destroy) {
            self->table->destroy(handle(qi), data);
        }
        qv_host_end_destroy(qi, &call);
        return qv_raise_int(qi, &qv_exc_TypeError, "%T.__init__() was called twice", o);
    }
    self->data = data;
    self->ready = true;
    return 0;
}

static void object_fini(QvInterp *qi, QvObj *o)
{
    HostObject *self = as_host(o);
    if (self->ready && self->table->destroy) {
        QvHostCall call;
        void *data = self->data;
        self->ready = false;
        self->data = NULL;
        qv_host_begin_destroy(qi, &call);
        self->table->destroy(handle(qi), data);
        qv_host_end_destroy(qi, &call);
    }
}

typedef struct Visitor {
    QvVisit visit;
    void *ctx;
} Visitor;

static int visit_value(void *ctx, QuiverValue *value)
{
    const Visitor *v = ctx;
    return value ? v->visit(v->ctx, (QvObj *)value) : 0;
}

int qv_host_traverse(int (*traverse)(void *data, QuiverVisit visit, void *ctx), void *data,
                     QvVisit visit, void *ctx)
{
    Visitor v = {.visit = visit, .ctx = ctx};
    return traverse ? traverse(data, visit_value, &v) : 0;
}

static int object_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    const HostObject *self = as_host(o);
    return self->ready ? qv_host_traverse(self->table->traverse, self->data, visit, ctx) : 0;
}

static void object_clear(QvInterp *qi, QvObj *o)
{
    HostObject *self = as_host(o);
    if (self->ready && self->table->clear) {
        QvHostCall call;
        qv_host_begin_destroy(qi, &call);
        self->table->clear(handle(qi), self->data);
        qv_host_end_destroy(qi, &call);
    }
}

static QvObj *object_reduce(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_raise(qi, &qv_exc_TypeError, "cannot pickle '%T' object", o);
}

static const QvNativeDef object_methods[] = {
    {"__reduce__", object_reduce, "($self, /)", NULL},
    {"__reduce_ex__", object_reduce, "($self, protocol, /)", NULL},
    {0},
};

QV_SEALED QvType qv_host_object_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "host_object",
    .id = QV_TID_host_object,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .size = sizeof(HostObject),
    .base = &qv_object_type,
    .methods = object_methods,
    .new_ = object_new,
    .init = object_init,
    .fini = object_fini,
    .traverse = object_traverse,
    .clear = object_clear,
};

// ---- slots --------------------------------------------------------------------------------------

// An instance of a class that derives from two of the host's, or whose class was assigned, has
// slots of a table that is not its own.
static bool other_table(QvInterp *qi, const QvObj *o, const char *what)
{
    return qv_raise(qi, &qv_exc_TypeError, "'%s' object of the host has no %s",
                    ((const HostObject *)o)->table->name, what);
}

// One call of a function for o. fn: what the table must have.
#define BEGIN(o, fn, failed)                                                    \
    HostObject *self = as_host(o);                                              \
    QvHostCall call;                                                            \
    if (!usable(qi, (o)) || (!self->table->fn && !other_table(qi, (o), #fn))) { \
        return failed;                                                          \
    }                                                                           \
    qv_host_begin(qi, &call)
#define SELF handle(qi), (QuiverValue *)o, self->data

static QvObj *slot_repr(QvInterp *qi, QvObj *o)
{
    if (!as_host(o)->ready) {
        return qv_str_format(qi, "<%T object at %p, not initialised>", o, (void *)o);
    }
    if (!as_host(o)->table->repr) {
        return qv_object_type.repr(qi, o);
    }
    BEGIN(o, repr, NULL);
    QvObj *s = qv_host_end(qi, &call, self->table->repr(SELF), "repr");
    if (s && !qv_is_str(s)) {
        qv_raise(qi, &qv_exc_TypeError, "__repr__ returned non-string (type %T)", s);
        qv_clear(qi, &s);
    }
    return s;
}

static QvSsize slot_len(QvInterp *qi, QvObj *o)
{
    BEGIN(o, length, -1);
    return qv_host_end_int(qi, &call, self->table->length(SELF), "length");
}

static int slot_bool(QvInterp *qi, QvObj *o)
{
    BEGIN(o, truth, -1);
    int64_t truth = qv_host_end_int(qi, &call, self->table->truth(SELF), "truth");
    return truth < 0 ? -1 : truth > 0;
}

static QvObj *slot_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    BEGIN(o, get_item, NULL);
    return qv_host_end(qi, &call, self->table->get_item(SELF, (QuiverValue *)key), "get_item");
}

static int slot_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    BEGIN(o, set_item, -1);
    int status = self->table->set_item(SELF, (QuiverValue *)key, (QuiverValue *)value);
    return qv_host_end_int(qi, &call, status, "set_item") < 0 ? -1 : 0;
}

static int slot_contains(QvInterp *qi, QvObj *o, QvObj *item)
{
    BEGIN(o, contains, -1);
    int64_t found = self->table->contains(SELF, (QuiverValue *)item);
    found = qv_host_end_int(qi, &call, found, "contains");
    return found < 0 ? -1 : found > 0;
}

static QvObj *slot_iter(QvInterp *qi, QvObj *o)
{
    if (as_host(o)->table->next) { // an iterator
        return qv_new_ref(qi, o);
    }
    BEGIN(o, iterate, NULL);
    QvObj *it = qv_host_end(qi, &call, self->table->iterate(SELF), "iterate");
    if (it && !it->type->next) {
        qv_raise(qi, &qv_exc_TypeError, "iter() returned non-iterator of type '%T'", it);
        qv_clear(qi, &it);
    }
    return it;
}

static QvObj *slot_next(QvInterp *qi, QvObj *o)
{
    BEGIN(o, next, NULL);
    QuiverValue *item = NULL;
    int64_t more = self->table->next(SELF, &item);
    if (more > 0) {
        return qv_host_end(qi, &call, item, "next");
    }
    qv_host_end_int(qi, &call, more, "next");
    return NULL;
}

static QvHash slot_hash(QvInterp *qi, QvObj *o)
{
    BEGIN(o, hash, -1);
    int64_t h = 0;
    int status = self->table->hash(SELF, &h);
    if (qv_host_end_int(qi, &call, status, "hash") < 0) {
        return -1;
    }
    return h == -1 ? -2 : h;
}

_Static_assert((int)QUIVER_LT == (int)QV_LT && (int)QUIVER_GE == (int)QV_GE, "operators");

static QvObj *slot_richcmp(QvInterp *qi, QvObj *o, QvObj *other, QvCmpOp op)
{
    if (!as_host(o)->table->compare) {
        return QV_NOTIMPLEMENTED;
    }
    BEGIN(o, compare, NULL);
    int64_t answer = self->table->compare(SELF, (QuiverValue *)other, (QuiverCompare)op);
    answer = qv_host_end_int(qi, &call, answer, "compare");
    return answer < 0                         ? NULL
           : answer == QUIVER_NOT_IMPLEMENTED ? QV_NOTIMPLEMENTED
                                              : qv_bool(answer != 0);
}

static QvObj *slot_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    const QvHostClass *c = class_of_table(qv_instance_of(qi), as_host(o)->table);
    if (!c) {
        return qv_raise(qi, &qv_exc_RuntimeError, "the interpreter is ending");
    }
    const QvSig *sig = c->call_sig;
    QvHostArgs bound;
    if (!usable(qi, o) || (!sig && !other_table(qi, o, "call")) ||
        qv_host_bind(qi, sig, args, nargs, kwnames, &bound) < 0) {
        return NULL;
    }
    BEGIN(o, call, NULL);
    QuiverValue *value =
        self->table->call(SELF, (QuiverValue *const *)bound.args, (size_t)bound.nargs);
    QvObj *result = qv_host_end(qi, &call, value, "call");
    qv_host_unbind(qi, sig, &bound);
    return result;
}

// ---- methods and properties ---------------------------------------------------------------------

// What a descriptor and self have to do with each other: self has the table that it was made for.
static bool fits(QvInterp *qi, QvObj *o, const QuiverType *table, const char *name)
{
    if (!qv_is_instance_of(o, &qv_host_object_type) || as_host(o)->table != table) {
        qv_raise(qi, &qv_exc_TypeError,
                 "descriptor '%s' for '%s' objects doesn't apply to a '%T' object", name,
                 table->name, o);
        return false;
    }
    return usable(qi, o);
}

typedef struct HostMethod {
    QvObj h;
    const QuiverType *table;
    const QuiverMethodDef *def;
    QvType *type; // owned
    QvSig *sig;
    QvNativeDef native;
} HostMethod;

static void method_fini(QvInterp *qi, QvObj *o)
{
    HostMethod *m = (HostMethod *)o;
    qv_sig_free(qi, m->sig);
    m->sig = NULL;
    qv_clear(qi, (QvObj **)&m->type);
}

static int method_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((HostMethod *)o)->type);
    return 0;
}

static QvObj *method_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    const HostMethod *m = (HostMethod *)f;
    if (nargs < 1) {
        return qv_raise(qi, &qv_exc_TypeError, "unbound method %s.%s() needs an argument",
                        m->table->name, m->def->name);
    }
    QvObj *o = args[0];
    QvHostArgs bound;
    if (!fits(qi, o, m->table, m->def->name) ||
        qv_host_bind(qi, m->sig, args + 1, nargs - 1, kwnames, &bound) < 0) {
        return NULL;
    }
    qv_incref(qi, f);
    BEGIN(o, name, NULL);
    QuiverValue *value = m->def->fn(SELF, (QuiverValue *const *)bound.args, (size_t)bound.nargs);
    QvObj *result = qv_host_end(qi, &call, value, m->def->name);
    qv_host_unbind(qi, m->sig, &bound);
    qv_decref(qi, f);
    return result;
}

static QvObj *method_get(QvInterp *qi, QvObj *f, QvObj *obj, QvObj *type)
{
    (void)type;
    return obj ? qv_method_new(qi, f, obj) : qv_new_ref(qi, f);
}

static QvObj *method_repr(QvInterp *qi, QvObj *f)
{
    const HostMethod *m = (HostMethod *)f;
    return qv_str_format(qi, "<method '%s' of '%s' objects>", m->def->name, m->table->name);
}

static QvObj *method_name(QvInterp *qi, QvObj *f)
{
    return qv_str_intern_cstr(qi, ((HostMethod *)f)->def->name);
}

static QvObj *qualified(QvInterp *qi, QvType *type, const char *name)
{
    QvObj *of = qv_type_get_qualname(qi, type);
    QvObj *text = of ? qv_str_format(qi, "%U.%s", of, name) : NULL;
    qv_xdecref(qi, of);
    return text;
}

static QvObj *method_qualname(QvInterp *qi, QvObj *f)
{
    const HostMethod *m = (HostMethod *)f;
    return qualified(qi, m->type, m->def->name);
}

static QvObj *method_objclass(QvInterp *qi, QvObj *f)
{
    return qv_new_ref(qi, &((HostMethod *)f)->type->h);
}

static QvObj *text_or_none(QvInterp *qi, const char *text)
{
    return text ? qv_str_new_cstr(qi, text) : QV_NONE;
}

static QvObj *method_doc(QvInterp *qi, QvObj *f)
{
    return text_or_none(qi, ((HostMethod *)f)->def->doc);
}

// "($self, x, y=1)" of "(x, y=1)".
static QvObj *method_text_signature(QvInterp *qi, QvObj *f)
{
    const char *rest = ((HostMethod *)f)->native.sig + 1;
    rest += strspn(rest, " ");
    return qv_str_format(qi, "($self%s%s", *rest == ')' ? ", /" : ", ", rest);
}

static const QvGetSet method_getsets[] = {
    {"__name__", method_name, NULL, NULL},
    {"__qualname__", method_qualname, NULL, NULL},
    {"__objclass__", method_objclass, NULL, NULL},
    {"__doc__", method_doc, NULL, NULL},
    {"__text_signature__", method_text_signature, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_host_method_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "host_method",
    .id = QV_TID_host_method,
    .flags = QV_T_GC | QV_T_METHOD | QV_T_NO_NEW,
    .size = sizeof(HostMethod),
    .base = &qv_object_type,
    .getsets = method_getsets,
    .fini = method_fini,
    .traverse = method_traverse,
    .call = method_call,
    .descr_get = method_get,
    .repr = method_repr,
};

typedef struct HostProperty {
    QvObj h;
    const QuiverType *table;
    const QuiverPropertyDef *def;
    QvType *type; // owned
} HostProperty;

static void property_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, (QvObj **)&((HostProperty *)o)->type);
}

static int property_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((HostProperty *)o)->type);
    return 0;
}

static QvObj *property_get(QvInterp *qi, QvObj *d, QvObj *o, QvObj *type)
{
    const HostProperty *p = (HostProperty *)d;
    (void)type;
    if (!o) {
        return qv_new_ref(qi, d);
    }
    if (!fits(qi, o, p->table, p->def->name)) {
        return NULL;
    }
    if (!p->def->get) {
        return qv_raise(qi, &qv_exc_AttributeError, "'%s' of '%T' object cannot be read",
                        p->def->name, o);
    }
    BEGIN(o, name, NULL);
    return qv_host_end(qi, &call, p->def->get(SELF), p->def->name);
}

static int property_set(QvInterp *qi, QvObj *d, QvObj *o, QvObj *value)
{
    const HostProperty *p = (HostProperty *)d;
    if (!fits(qi, o, p->table, p->def->name)) {
        return -1;
    }
    if (!p->def->set) {
        return qv_raise_int(qi, &qv_exc_AttributeError,
                            "attribute '%s' of '%T' objects is not writable", p->def->name, o);
    }
    BEGIN(o, name, -1);
    int status = p->def->set(SELF, (QuiverValue *)value);
    return qv_host_end_int(qi, &call, status, p->def->name) < 0 ? -1 : 0;
}

static QvObj *property_repr(QvInterp *qi, QvObj *d)
{
    const HostProperty *p = (HostProperty *)d;
    return qv_str_format(qi, "<attribute '%s' of '%s' objects>", p->def->name, p->table->name);
}

static QvObj *property_name(QvInterp *qi, QvObj *d)
{
    return qv_str_intern_cstr(qi, ((HostProperty *)d)->def->name);
}

static QvObj *property_qualname(QvInterp *qi, QvObj *d)
{
    const HostProperty *p = (HostProperty *)d;
    return qualified(qi, p->type, p->def->name);
}

static QvObj *property_objclass(QvInterp *qi, QvObj *d)
{
    return qv_new_ref(qi, &((HostProperty *)d)->type->h);
}

static QvObj *property_doc(QvInterp *qi, QvObj *d)
{
    return text_or_none(qi, ((HostProperty *)d)->def->doc);
}

static const QvGetSet property_getsets[] = {
    {"__name__", property_name, NULL, NULL},
    {"__qualname__", property_qualname, NULL, NULL},
    {"__objclass__", property_objclass, NULL, NULL},
    {"__doc__", property_doc, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_host_property_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "host_property",
    .id = QV_TID_host_property,
    .flags = QV_T_GC | QV_T_DATA_DESCR | QV_T_NO_NEW,
    .size = sizeof(HostProperty),
    .base = &qv_object_type,
    .getsets = property_getsets,
    .fini = property_fini,
    .traverse = property_traverse,
    .descr_get = property_get,
    .descr_set = property_set,
    .repr = property_repr,
};

// ---- making a class -----------------------------------------------------------------------------

// Puts an attribute (taken; NULL: -1) into the class.
static int put(QvInterp *qi, QvType *type, const char *name, QvObj *value)
{
    QvObj *key = value ? qv_str_intern_cstr(qi, name) : NULL;
    int status = key ? qv_type_setattr(qi, &type->h, key, value) : -1;
    qv_xdecref(qi, key);
    qv_xdecref(qi, value);
    return status;
}

static int put_slot(QvInterp *qi, QvType *type, QvObj *name, QvSlotFn fn)
{
    QvObj *wrapper = qv_wrapper_new(qi, type, name, fn);
    int status = wrapper ? qv_type_setattr(qi, &type->h, name, wrapper) : -1;
    qv_xdecref(qi, wrapper);
    return status;
}

#define SLOT(field, name, fn)                                             \
    if (t->field && put_slot(qi, type, QV_N(name), (QvSlotFn)(fn)) < 0) { \
        return -1;                                                        \
    }

static int put_slots(QvInterp *qi, QvType *type, const QuiverType *t)
{
    SLOT(repr, __repr__, slot_repr)
    SLOT(length, __len__, slot_len)
    SLOT(truth, __bool__, slot_bool)
    SLOT(get_item, __getitem__, slot_getitem)
    SLOT(set_item, __setitem__, slot_setitem)
    SLOT(set_item, __delitem__, slot_setitem)
    SLOT(contains, __contains__, slot_contains)
    SLOT(next, __iter__, slot_iter)
    SLOT(next, __next__, slot_next)
    SLOT(iterate, __iter__, slot_iter)
    SLOT(compare, __lt__, slot_richcmp)
    SLOT(compare, __le__, slot_richcmp)
    SLOT(compare, __eq__, slot_richcmp)
    SLOT(compare, __ne__, slot_richcmp)
    SLOT(compare, __gt__, slot_richcmp)
    SLOT(compare, __ge__, slot_richcmp)
    SLOT(hash, __hash__, slot_hash)
    SLOT(call, __call__, slot_call)
    if (t->compare && !t->hash && put(qi, type, "__hash__", QV_NONE) < 0) {
        return -1;
    }
    return 0;
}

#undef SLOT

static int put_attributes(QvInterp *qi, QvType *type, const QuiverType *t)
{
    for (const QuiverMethodDef *d = t->methods; d && d->name; d++) {
        HostMethod *m = (HostMethod *)qv_obj_new(qi, &qv_host_method_type);
        if (!m) {
            return -1;
        }
        m->table = t;
        m->def = d;
        m->type = (QvType *)qv_new_ref(qi, &type->h);
        m->sig = qv_host_sig(qi, &m->native, d->name, d->signature, d->doc);
        if (!m->sig) {
            qv_decref(qi, &m->h);
            return -1;
        }
        if (put(qi, type, d->name, &m->h) < 0) {
            return -1;
        }
    }
    for (const QuiverPropertyDef *d = t->properties; d && d->name; d++) {
        HostProperty *p = (HostProperty *)qv_obj_new(qi, &qv_host_property_type);
        if (!p) {
            return -1;
        }
        p->table = t;
        p->def = d;
        p->type = (QvType *)qv_new_ref(qi, &type->h);
        if (put(qi, type, d->name, &p->h) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvType *build(QvInterp *qi, const QuiverType *t)
{
    const char *dot = strrchr(t->name, '.');
    QvObj *ns = qv_dict_new(qi);
    QvObj *bases = qv_tuple_of(qi, 1, &qv_host_object_type.h);
    QvObj *name = qv_str_intern_cstr(qi, dot ? dot + 1 : t->name);
    QvObj *module = dot ? qv_str_new_utf8(qi, t->name, dot - t->name) : QV_N(builtins);
    QvObj *slots = t->flags & QUIVER_TYPE_DICT ? NULL : qv_tuple_new(qi, 0);
    QvType *type = NULL;
    if (ns && bases && name && module && (slots || (t->flags & QUIVER_TYPE_DICT)) &&
        qv_dict_set(qi, ns, QV_N(__module__), module) == 0 &&
        (!slots || qv_dict_set(qi, ns, QV_N(__slots__), slots) == 0) &&
        (!t->doc || qv_dict_set_cstr_take(qi, ns, "__doc__", qv_str_new_cstr(qi, t->doc)) == 0)) {
        type = (QvType *)qv_type_build(qi, &qv_type_type, name, bases, ns, NULL, NULL);
    }
    qv_xdecref(qi, ns);
    qv_xdecref(qi, bases);
    qv_xdecref(qi, name);
    qv_xdecref(qi, module);
    qv_xdecref(qi, slots);
    if (type && (put_slots(qi, type, t) < 0 || put_attributes(qi, type, t) < 0)) {
        qv_clear(qi, (QvObj **)&type);
    }
    if (type) {
        type->flags |= QV_T_IMMUTABLE | (t->init ? 0 : QV_T_NO_NEW);
        type->flags &= t->flags & QUIVER_TYPE_SUBCLASS ? ~0u : ~(uint32_t)QV_T_BASE;
    }
    return type;
}

// Is there something in the table that cannot be? False with ValueError.
static bool check_table(QvInterp *qi, const QuiverType *t)
{
    const char *wrong = !t                            ? "the type is NULL"
                        : t->struct_size != sizeof *t ? "struct_size of the type is not right"
                        : !t->name || !*t->name       ? "name of the type is NULL"
                        : t->iterate && t->next       ? "the type has both iterate and next"
                                                      : NULL;
    for (const QuiverMethodDef *d = t && !wrong ? t->methods : NULL; d && d->name; d++) {
        wrong = d->fn ? wrong : "fn of a method is NULL";
    }
    return !wrong || qv_raise(qi, &qv_exc_ValueError, "%s", wrong);
}

static bool reserve_class(QvInstance *inst)
{
    if (inst->nhost_classes < inst->cap_host_classes) {
        return true;
    }
    uint32_t cap = inst->cap_host_classes ? inst->cap_host_classes * 2 : 8;
    QvHostClass *more = realloc(inst->host_classes, cap * sizeof *more);
    if (!more) {
        return false;
    }
    // The signatures know where their rows stand.
    for (uint32_t i = 0; i < inst->nhost_classes; i++) {
        more[i].init_sig->def = &more[i].init_def;
        if (more[i].call_sig) {
            more[i].call_sig->def = &more[i].call_def;
        }
    }
    inst->host_classes = more;
    inst->cap_host_classes = cap;
    return true;
}

QvObj *qv_host_class(QvInstance *inst, const QuiverType *t)
{
    QvInterp *qi = &inst->qi;
    QvHostClass *c = class_of_table(inst, t);
    if (c) {
        return qv_new_ref(qi, &c->type->h);
    }
    if (!check_table(qi, t)) {
        return NULL;
    }
    if (!qv_api_main_dict(inst)) { // at the end no class is made any more
        return NULL;
    }
    if (!reserve_class(inst)) {
        return qv_raise_oom(qi);
    }
    c = &inst->host_classes[inst->nhost_classes];
    *c = (QvHostClass){.table = t};
    c->init_sig = qv_host_sig(qi, &c->init_def, t->name, t->init_signature, NULL);
    if (c->init_sig && t->call) {
        c->call_sig = qv_host_sig(qi, &c->call_def, t->name, t->call_signature, NULL);
    }
    QvType *type = c->init_sig && (c->call_sig || !t->call) ? build(qi, t) : NULL;
    if (!type) {
        qv_sig_free(qi, c->init_sig);
        qv_sig_free(qi, c->call_sig);
        return NULL;
    }
    c->type = type;
    inst->nhost_classes++;
    return qv_new_ref(qi, &type->h);
}

void qv_host_classes_drop(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    while (inst->nhost_classes > 0) {
        QvHostClass c = inst->host_classes[--inst->nhost_classes];
        qv_sig_free(qi, c.init_sig);
        qv_sig_free(qi, c.call_sig);
        qv_decref(qi, &c.type->h);
    }
    free(inst->host_classes);
    inst->host_classes = NULL;
    inst->cap_host_classes = 0;
}

// ---- for the host -------------------------------------------------------------------------------

QuiverValue *quiver_type(Quiver *q, const QuiverType *type)
{
    QvInstance *inst = qv_api_begin(q);
    return inst ? qv_api_value(inst, qv_host_class(inst, type)) : NULL;
}

QuiverValue *quiver_object(Quiver *q, const QuiverType *type, void *data)
{
    QvInstance *inst = qv_api_begin(q);
    QvInterp *qi = inst ? &inst->qi : NULL;
    QvObj *cls = inst ? qv_host_class(inst, type) : NULL;
    HostObject *self = cls ? (HostObject *)qv_obj_new(qi, (QvType *)cls) : NULL;
    if (self) {
        self->table = type;
        self->data = data;
        self->ready = true;
    } else if (type && type->struct_size == sizeof *type && type->destroy) {
        if (inst) {
            QvHostCall call;
            qv_host_begin_destroy(qi, &call);
            type->destroy(q, data);
            qv_host_end_destroy(qi, &call);
        } else {
            type->destroy(q, data);
        }
    }
    if (!inst) {
        return NULL;
    }
    qv_xdecref(qi, cls);
    return qv_api_value(inst, (QvObj *)self);
}

void *quiver_host_data(Quiver *q, QuiverValue *value, const QuiverType *type)
{
    QvInstance *inst = qv_api_inst(q);
    QvObj *o = qv_api_obj(value);
    if (!inst || !o || !type || qv_attach(inst) < 0) {
        return NULL;
    }
    void *data = NULL;
    if (qv_owned(o, inst->qi.owner) && qv_is_instance_of(o, &qv_host_object_type) &&
        as_host(o)->table == type && as_host(o)->ready) {
        data = as_host(o)->data;
    }
    qv_detach(inst);
    return data;
}
