// SPDX-License-Identifier: MIT
// operator.attrgetter, itemgetter and methodcaller.
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Getter {
    QvObj h;
    QvObj *items; // tuple as given: keys or attribute names; methodcaller: the positional arguments
    QvObj *parts; // attrgetter: for each name a str, or a tuple of the parts of a dotted one;
                  // methodcaller: the name
    QvObj *kw;    // methodcaller: dict or NULL
} Getter;

static Getter *as_getter(QvObj *o) { return (Getter *)o; }

static void getter_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_getter(o)->items);
    qv_clear(qi, &as_getter(o)->parts);
    qv_clear(qi, &as_getter(o)->kw);
}

static int getter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_getter(o)->items);
    QV_VISIT(as_getter(o)->parts);
    QV_VISIT(as_getter(o)->kw);
    return 0;
}

// One positional argument, no keywords. 0/-1.
static int check_call(QvInterp *qi, const char *name, QvSsize nargs, QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() takes no keyword arguments", name);
    }
    if (nargs != 1) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s expected 1 argument, got %zd", name, nargs);
    }
    return 0;
}

static QvObj *getter_make(QvInterp *qi, QvType *type, const char *name, QvObj *const *args,
                          QvSsize nargs, QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames)) {
        return qv_raise(qi, &qv_exc_TypeError, "%s() takes no keyword arguments", name);
    }
    if (nargs < 1) {
        return qv_raise(qi, &qv_exc_TypeError, "%s expected 1 argument, got 0", name);
    }
    QvObj *items = qv_tuple_from_array(qi, args, nargs);
    QvObj *o = items ? qv_obj_new(qi, type) : NULL;
    if (!o) {
        qv_xdecref(qi, items);
        return NULL;
    }
    as_getter(o)->items = items;
    return o;
}

static QvObj *getter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_tuple_of(qi, 2, self->type, as_getter(self)->items);
}

static QvObj *getter_repr(QvInterp *qi, QvObj *o)
{
    int busy = qv_repr_enter(qi, o);
    if (busy) {
        return busy < 0 ? NULL : qv_str_format(qi, "%s(...)", o->type->name);
    }
    QvObj *items = as_getter(o)->items;
    QvObj *text = qv_tuple_len(items) == 1
                      ? qv_str_format(qi, "%s(%R)", o->type->name, qv_tuple_peek(items, 0))
                      : qv_str_format(qi, "%s%R", o->type->name, items);
    qv_repr_leave(qi, o);
    return text;
}

static const QvNativeDef getter_methods[] = {
    {"__reduce__", getter_reduce, "($self, /)", "Return state information for pickling"}, {0}};

// ---- itemgetter ---------------------------------------------------------------------------------

static QvObj *itemgetter_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                             QvObj *kwnames)
{
    return getter_make(qi, type, "itemgetter", args, nargs, kwnames);
}

static QvObj *itemgetter_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                              QvObj *kwnames)
{
    if (check_call(qi, "itemgetter", nargs, kwnames) < 0) {
        return NULL;
    }
    QvObj *items = as_getter(f)->items;
    QvSsize n = qv_tuple_len(items);
    if (n == 1) {
        QvObj *o = args[0], *key = qv_tuple_peek(items, 0);
        if (o->type == &qv_tuple_type && key->type == &qv_int_type &&
            (uint64_t)qv_int_value(key) < (uint64_t)qv_tuple_len(o)) {
            return qv_new_ref(qi, qv_tuple_peek(o, qv_int_value(key)));
        }
        return qv_getitem(qi, o, key);
    }
    QvObj *ret = qv_tuple_new(qi, n);
    for (QvSsize k = 0; ret && k < n; k++) {
        QvObj *x = qv_getitem(qi, args[0], qv_tuple_peek(items, k));
        if (!x) {
            qv_clear(qi, &ret);
        } else {
            qv_tuple_items(ret)[k] = x;
        }
    }
    return ret;
}

QV_SEALED QvType qv_operator_itemgetter_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "operator.itemgetter",
    .id = QV_TID_operator_itemgetter,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(Getter),
    .doc = "itemgetter(item, ...) --> itemgetter object\n\nReturn a callable object that fetches "
           "the given item(s) from its operand.\nAfter f = itemgetter(2), the call f(r) returns "
           "r[2].\nAfter g = itemgetter(2, 5, 3), the call g(r) returns (r[2], r[5], r[3])",
    .methods = getter_methods,
    .new_ = itemgetter_new,
    .fini = getter_fini,
    .traverse = getter_traverse,
    .call = itemgetter_call,
    .repr = getter_repr,
};

// ---- attrgetter ---------------------------------------------------------------------------------

// The name as what getattr needs: an interned str, or a tuple of such. New reference.
static QvObj *split_name(QvInterp *qi, QvObj *name)
{
    QvSsize n = qv_str_len(name), dots = 0;
    for (QvSsize k = 0; k < n; k++) {
        dots += qv_str_read(name, k) == '.';
    }
    if (dots == 0) {
        QvObj *whole = qv_str_exact(qi, name);
        return !whole || qv_str_intern(qi, &whole) < 0 ? NULL : whole;
    }
    QvObj *parts = qv_tuple_new(qi, dots + 1);
    for (QvSsize k = 0, from = 0; parts && k <= dots; k++) {
        QvSsize to = qv_str_find(name, QV_N(dot), from, n);
        QvObj *part = qv_str_slice(qi, name, from, to < 0 ? n : to);
        if (!part || qv_str_intern(qi, &part) < 0) {
            qv_clear(qi, &parts);
            break;
        }
        qv_tuple_items(parts)[k] = part;
        from = to + 1;
    }
    return parts;
}

static QvObj *attrgetter_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                             QvObj *kwnames)
{
    QvObj *o = getter_make(qi, type, "attrgetter", args, nargs, kwnames);
    if (!o || !(as_getter(o)->parts = qv_tuple_new(qi, nargs))) {
        qv_xdecref(qi, o);
        return NULL;
    }
    for (QvSsize k = 0; k < nargs; k++) {
        if (!qv_is_str(args[k])) {
            qv_decref(qi, o);
            return qv_raise(qi, &qv_exc_TypeError, "attribute name must be a string");
        }
        QvObj *parts = split_name(qi, args[k]);
        if (!parts) {
            qv_decref(qi, o);
            return NULL;
        }
        qv_tuple_items(as_getter(o)->parts)[k] = parts;
    }
    return o;
}

static QvObj *get_dotted(QvInterp *qi, QvObj *o, QvObj *parts)
{
    if (!qv_is_tuple_exact(parts)) {
        return qv_getattr(qi, o, parts);
    }
    QvObj *now = qv_new_ref(qi, o);
    for (QvSsize k = 0; now && k < qv_tuple_len(parts); k++) {
        QvObj *next = qv_getattr(qi, now, qv_tuple_peek(parts, k));
        qv_decref(qi, now);
        now = next;
    }
    return now;
}

static QvObj *attrgetter_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                              QvObj *kwnames)
{
    if (check_call(qi, "attrgetter", nargs, kwnames) < 0) {
        return NULL;
    }
    QvObj *parts = as_getter(f)->parts;
    QvSsize n = qv_tuple_len(parts);
    if (n == 1) {
        return get_dotted(qi, args[0], qv_tuple_peek(parts, 0));
    }
    QvObj *ret = qv_tuple_new(qi, n);
    for (QvSsize k = 0; ret && k < n; k++) {
        QvObj *x = get_dotted(qi, args[0], qv_tuple_peek(parts, k));
        if (!x) {
            qv_clear(qi, &ret);
        } else {
            qv_tuple_items(ret)[k] = x;
        }
    }
    return ret;
}

QV_SEALED QvType qv_operator_attrgetter_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "operator.attrgetter",
    .id = QV_TID_operator_attrgetter,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(Getter),
    .doc = "attrgetter(attr, ...) --> attrgetter object\n\nReturn a callable object that fetches "
           "the given attribute(s) from its operand.\nAfter f = attrgetter('name'), the call f(r) "
           "returns r.name.\nAfter g = attrgetter('name', 'date'), the call g(r) returns (r.name, "
           "r.date).\nAfter h = attrgetter('name.first', 'name.last'), the call h(r) "
           "returns\n(r.name.first, r.name.last).",
    .methods = getter_methods,
    .new_ = attrgetter_new,
    .fini = getter_fini,
    .traverse = getter_traverse,
    .call = attrgetter_call,
    .repr = getter_repr,
};

// ---- methodcaller -------------------------------------------------------------------------------

static QvObj *methodcaller_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                               QvObj *kwnames)
{
    if (nargs < 1) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "methodcaller needs at least one argument, the method name");
    }
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "method name must be a string");
    }
    QvObj *name = qv_str_exact(qi, args[0]);
    if (!name || qv_str_intern(qi, &name) < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, type);
    if (!o) {
        qv_decref(qi, name);
        return NULL;
    }
    Getter *g = as_getter(o);
    g->parts = name;
    g->items = qv_tuple_from_array(qi, args + 1, nargs - 1);
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    bool failed = !g->items || (nkw && !(g->kw = qv_dict_new(qi)));
    for (QvSsize k = 0; !failed && k < nkw; k++) {
        failed = qv_dict_set(qi, g->kw, qv_tuple_peek(kwnames, k), args[nargs + k]) < 0;
    }
    if (failed) {
        qv_clear(qi, &o);
    }
    return o;
}

static QvObj *methodcaller_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                                QvObj *kwnames)
{
    if (check_call(qi, "methodcaller", nargs, kwnames) < 0) {
        return NULL;
    }
    Getter *g = as_getter(f);
    if (!g->kw) {
        return qv_call_method(qi, args[0], g->parts, qv_tuple_items(g->items),
                              qv_tuple_len(g->items));
    }
    QvObj *method = qv_getattr(qi, args[0], g->parts);
    QvObj *ret = method ? qv_call_tuple(qi, method, g->items, g->kw) : NULL;
    qv_xdecref(qi, method);
    return ret;
}

// (name, *items)
static QvObj *name_and_args(QvInterp *qi, const Getter *g)
{
    QvSsize n = qv_tuple_len(g->items);
    QvObj *t = qv_tuple_new(qi, n + 1);
    for (QvSsize k = 0; t && k <= n; k++) {
        qv_tuple_items(t)[k] = qv_new_ref(qi, k ? qv_tuple_peek(g->items, k - 1) : g->parts);
    }
    return t;
}

static QvObj *methodcaller_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Getter *g = as_getter(self);
    QvObj *inner = NULL, *ret = NULL;
    if (!g->kw) {
        inner = name_and_args(qi, g);
        ret = inner ? qv_tuple_of(qi, 2, self->type, inner) : NULL;
    } else {
        QvObj *head = qv_tuple_of(qi, 2, self->type, g->parts);
        inner = head ? qv_call_tuple(qi, (QvObj *)&qv_functools_partial_type, head, g->kw) : NULL;
        ret = inner ? qv_tuple_of(qi, 2, inner, g->items) : NULL;
        qv_xdecref(qi, head);
    }
    qv_xdecref(qi, inner);
    return ret;
}

static QvObj *methodcaller_repr(QvInterp *qi, QvObj *o)
{
    int busy = qv_repr_enter(qi, o);
    if (busy) {
        return busy < 0 ? NULL : qv_str_format(qi, "%s(...)", o->type->name);
    }
    Getter *g = as_getter(o);
    QvObj *text = qv_str_format(qi, "%s(%R", o->type->name, g->parts), *part;
    for (QvSsize k = 0; text && k < qv_tuple_len(g->items); k++) {
        part = qv_str_format(qi, ", %R", qv_tuple_peek(g->items, k));
        if (!part || qv_str_append(qi, &text, part) < 0) {
            qv_clear(qi, &text);
        }
        qv_xdecref(qi, part);
    }
    QvSsize pos = 0;
    QvObj *key, *value;
    while (text && g->kw && qv_dict_next(g->kw, &pos, &key, &value)) {
        part = qv_str_format(qi, ", %U=%R", key, value);
        if (!part || qv_str_append(qi, &text, part) < 0) {
            qv_clear(qi, &text);
        }
        qv_xdecref(qi, part);
    }
    qv_repr_leave(qi, o);
    QvObj *ret = text ? qv_str_format(qi, "%U)", text) : NULL;
    qv_xdecref(qi, text);
    return ret;
}

static const QvNativeDef methodcaller_methods[] = {
    {"__reduce__", methodcaller_reduce, "($self, /)", "Return state information for pickling"},
    {0}};

QV_SEALED QvType qv_operator_methodcaller_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "operator.methodcaller",
    .id = QV_TID_operator_methodcaller,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(Getter),
    .doc = "methodcaller(name, ...) --> methodcaller object\n\nReturn a callable object that calls "
           "the given method on its operand.\nAfter f = methodcaller('name'), the call f(r) "
           "returns r.name().\nAfter g = methodcaller('name', 'date', foo=1), the call g(r) "
           "returns\nr.name('date', foo=1).",
    .methods = methodcaller_methods,
    .new_ = methodcaller_new,
    .fini = getter_fini,
    .traverse = getter_traverse,
    .call = methodcaller_call,
    .repr = methodcaller_repr,
};
