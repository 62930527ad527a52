// SPDX-License-Identifier: MIT
// Reading what is known by name or by its state: modules, classes, functions, exceptions,
// instances.
#include <stdlib.h>

#include "channels/unpacker.h"
#include "code/codefile.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- pieces -------------------------------------------------------------------------------------

// A value that is a str; interned.
static QvObj *get_name(QvUnpack *u)
{
    QvObj *s = qv_unpack_value(u);
    if (s && !qv_is_str_exact(s)) {
        qv_clear(u->qi, &s);
        return qv_unpack_bad(u, "a name that is not text");
    }
    if (s && qv_str_intern(u->qi, &s) < 0) {
        qv_clear(u->qi, &s);
    }
    return s;
}

// A value that is of the type, or None, which is given as NULL. 0/-1.
static int get_optional(QvUnpack *u, const QvType *type, QvObj **ret)
{
    QvObj *o = qv_unpack_value(u);
    if (o == QV_NONE) {
        o = NULL;
    } else if (!o) {
        return -1;
    } else if (o->type != type) {
        qv_decref(u->qi, o);
        qv_unpack_bad(u, "a part of an unexpected type");
        return -1;
    }
    *ret = o;
    return 0;
}

// The next pair of a list that ends with NONE: 1, 0 at the end, -1.
static int get_pair(QvUnpack *u, QvObj **ret_name, QvObj **ret_value)
{
    QvObj *name = qv_unpack_value(u);
    if (!name || name == QV_NONE) {
        return name ? 0 : -1;
    }
    if (!qv_is_str_exact(name) || qv_str_intern(u->qi, &name) < 0) {
        qv_xdecref(u->qi, name);
        qv_unpack_bad(u, "a name that is not text");
        return -1;
    }
    *ret_value = qv_unpack_value(u);
    if (!*ret_value) {
        qv_decref(u->qi, name);
        return -1;
    }
    *ret_name = name;
    return 1;
}

// ---- by name ------------------------------------------------------------------------------------

static QvObj *find_module(QvInterp *qi, QvObj *name)
{
    QvObj *m;
    int found = qv_dict_get(qi, qi->modules, name, &m);
    if (found) {
        return found < 0 ? NULL : qv_new_ref(qi, m);
    }
    QvUtf8 text;
    if (qv_str_utf8(qi, name, &text) < 0) {
        return NULL;
    }
    m = qv_import(qi, text.s);
    qv_utf8_release(qi, &text);
    return m;
}

static QvObj *find_attribute(QvInterp *qi, QvObj *module, QvObj *module_name, QvObj *path)
{
    QvSsize n = qv_str_len(path), start = 0;
    QvObj *o = qv_new_ref(qi, module);
    while (o && start <= n) {
        QvSsize dot = qv_str_find(path, QV_N(dot), start, n);
        QvSsize end = dot < 0 ? n : dot;
        QvObj *name = qv_str_slice(qi, path, start, end), *next = NULL;
        int found = -1;
        if (name && qv_str_intern(qi, &name) == 0) {
            found = qv_getattr_try(qi, o, name, &next);
        }
        if (found == 0) {
            qv_raise(qi, &qv_exc_AttributeError,
                     "the message needs '%U' of module '%U', which this interpreter does not have",
                     path, module_name);
        }
        qv_xdecref(qi, name);
        qv_decref(qi, o);
        o = found > 0 ? next : NULL;
        start = end + 1;
    }
    return o;
}

static QvObj *get_named(QvUnpack *u, bool is_class)
{
    QvInterp *qi = u->qi;
    QvObj *module_name = get_name(u);
    QvObj *path = module_name ? get_name(u) : NULL;
    QvObj *module = path ? find_module(qi, module_name) : NULL;
    QvObj *o = module ? find_attribute(qi, module, module_name, path) : NULL;
    if (o && is_class && !qv_is_type(o)) {
        qv_clear(qi, &o);
        qv_raise(qi, &qv_exc_TypeError,
                 "the message needs the class '%U' of module '%U', which is no class in this "
                 "interpreter",
                 path, module_name);
    }
    qv_xdecref(qi, module);
    qv_xdecref(qi, path);
    qv_xdecref(qi, module_name);
    return o;
}

static QvObj *get_module(QvUnpack *u)
{
    QvObj *name = get_name(u);
    QvObj *m = name ? find_module(u->qi, name) : NULL;
    qv_xdecref(u->qi, name);
    return m;
}

// ---- functions by value -------------------------------------------------------------------------

static QvObj *get_cell(QvUnpack *u, int64_t index)
{
    QvObj *cell = qv_cell_new(u->qi, NULL);
    qv_unpack_define(u, index, cell);
    QvObj *value = cell ? qv_unpack_value(u) : NULL;
    if (!value) {
        qv_xdecref(u->qi, cell);
        return NULL;
    }
    qv_set_take(u->qi, &((QvCell *)cell)->value, value);
    return cell;
}

// The globals dict of a namespace of the message (borrowed), made when its number comes first.
static QvObj *get_space(QvUnpack *u, QvObj *module_name)
{
    QvInterp *qi = u->qi;
    uint64_t n;
    if (qv_unpack_uint(u, &n) < 0) {
        return NULL;
    }
    if (n < u->nspaces) {
        return u->spaces[n];
    }
    if (n > u->nspaces) {
        return qv_unpack_bad(u, "a namespace out of order");
    }
    if (u->nspaces == u->cap_spaces) {
        uint32_t cap = u->cap_spaces * 2 + 2;
        QvObj **spaces = realloc(u->spaces, cap * sizeof *spaces);
        if (!spaces) {
            return qv_raise_oom(qi);
        }
        u->spaces = spaces;
        u->cap_spaces = cap;
    }
    QvObj *dict = qv_dict_new(qi);
    if (!dict || qv_dict_set(qi, dict, QV_N(__builtins__), qi->builtins) < 0 ||
        qv_dict_set(qi, dict, QV_N(__name__), module_name) < 0) {
        qv_xdecref(qi, dict);
        return NULL;
    }
    return u->spaces[u->nspaces++] = dict;
}

// The tuple of fresh cells that the function has until its own have been read.
static QvObj *empty_closure(QvInterp *qi, QvSsize n)
{
    QvObj *cells = qv_tuple_new(qi, n);
    for (QvSsize k = 0; cells && k < n; k++) {
        QvObj *cell = qv_cell_new(qi, NULL);
        qv_tuple_items(cells)[k] = cell;
        if (!cell) {
            qv_clear(qi, &cells);
        }
    }
    return cells;
}

static int set_closure(QvUnpack *u, QvFunction *f, QV_STOLEN QvObj *closure)
{
    QvSsize n = closure ? qv_tuple_len(closure) : 0;
    bool fits = n == qv_code_free_count(f->code);
    for (QvSsize k = 0; fits && k < n; k++) {
        fits = qv_tuple_peek(closure, k)->type == &qv_cell_type;
    }
    if (!fits) {
        qv_xdecref(u->qi, closure);
        qv_unpack_bad(u, "cells that do not fit the function");
        return -1;
    }
    if (n) {
        qv_set_take(u->qi, &f->closure, closure);
    } else {
        qv_xdecref(u->qi, closure);
    }
    return 0;
}

// What comes after the function itself has been made. 0/-1.
static int get_function_parts(QvUnpack *u, QvFunction *f, QvObj *space)
{
    QvInterp *qi = u->qi;
    QvObj *defaults, *kwdefaults, *closure, *name, *value;
    if (get_optional(u, &qv_tuple_type, &defaults) < 0) {
        return -1;
    }
    if (defaults && qv_tuple_len(defaults) > f->code->argcount) {
        qv_decref(qi, defaults);
        qv_unpack_bad(u, "more defaults than parameters");
        return -1;
    }
    qv_set_take(qi, &f->defaults, defaults);
    if (get_optional(u, &qv_dict_type, &kwdefaults) < 0) {
        return -1;
    }
    qv_set_take(qi, &f->kwdefaults, kwdefaults);
    if (get_optional(u, &qv_tuple_type, &closure) < 0 || set_closure(u, f, closure) < 0) {
        return -1;
    }
    int more;
    while ((more = get_pair(u, &name, &value)) > 0) {
        int r = qv_dict_set(qi, space, name, value);
        qv_decref(qi, name);
        qv_decref(qi, value);
        if (r < 0) {
            return -1;
        }
    }
    int r = 0;
    while (more == 0 && r == 0 && (more = get_pair(u, &name, &value)) > 0) {
        r = qv_setattr(qi, &f->h, name, value);
        qv_decref(qi, name);
        qv_decref(qi, value);
        more = 0;
    }
    return r < 0 ? -1 : more;
}

static QvObj *get_function(QvUnpack *u, int64_t index)
{
    QvInterp *qi = u->qi;
    const uint8_t *data;
    size_t n, used = 0;
    QvObj *name = NULL, *qualname = NULL, *module = NULL, *func = NULL;
    if (qv_unpack_raw(u, 1, &data, &n) < 0) {
        return NULL;
    }
    QvObj *code = qv_code_read(qi, data, n, &used);
    if (!code || used != n) {
        qv_unpack_bad(u, "bad code");
        goto done;
    }
    name = get_name(u);
    qualname = name ? get_name(u) : NULL;
    if (!qualname || get_optional(u, &qv_str_type, &module) < 0) {
        goto done;
    }
    QvObj *space = get_space(u, module ? module : QV_NONE);
    QvObj *closure = space ? empty_closure(qi, qv_code_free_count((QvCode *)code)) : NULL;
    func = closure ? qv_function_new(qi, (QvCode *)code, space, qualname) : NULL;
    if (!func) {
        qv_xdecref(qi, closure);
        goto done;
    }
    QvFunction *f = (QvFunction *)func;
    qv_set_take(qi, &f->name, qv_new_ref(qi, name));
    if (module) {
        qv_set_take(qi, &f->module, qv_new_ref(qi, module));
    }
    if (qv_tuple_len(closure)) {
        f->closure = closure;
    } else {
        qv_decref(qi, closure);
    }
    qv_unpack_define(u, index, func);
    if (get_function_parts(u, f, space) < 0) {
        qv_clear(qi, &func);
    }
done:
    qv_xdecref(qi, module);
    qv_xdecref(qi, qualname);
    qv_xdecref(qi, name);
    qv_xdecref(qi, code);
    return func;
}

// ---- exceptions ---------------------------------------------------------------------------------

// The exception as its built-in base makes it: no __new__ or __init__ of the program runs, args are
// as they were.
static QvObj *make_exception(QvUnpack *u, QvType *type, QvObj *args)
{
    QvInterp *qi = u->qi;
    if (!qv_type_has(type, QV_T_EXC)) {
        return qv_unpack_bad(u, "an exception whose class is none");
    }
    const QvType *solid = type;
    while (solid->flags & QV_T_HEAP) {
        solid = solid->base;
    }
    QvObj *exc = solid->new_(qi, type, qv_tuple_items(args), qv_tuple_len(args), NULL);
    if (exc && qv_is_exc(exc) && solid->init &&
        solid->init(qi, exc, qv_tuple_items(args), qv_tuple_len(args), NULL) < 0) {
        qv_clear(qi, &exc);
    }
    if (exc && !qv_is_exc(exc)) {
        qv_clear(qi, &exc);
        return qv_unpack_bad(u, "an exception that is none");
    }
    return exc;
}

// An exception or None: 0 (*ret NULL for None) / -1.
static int get_linked(QvUnpack *u, QvObj **ret)
{
    QvObj *o = qv_unpack_value(u);
    if (o && o != QV_NONE && !qv_is_exc(o)) {
        qv_clear(u->qi, &o);
        qv_unpack_bad(u, "a cause that is no exception");
    }
    *ret = o == QV_NONE ? NULL : o;
    return o ? 0 : -1;
}

static int get_exception_parts(QvUnpack *u, QvExc *e, bool suppress)
{
    QvInterp *qi = u->qi;
    QvObj *linked, *text, *name, *value;
    if (get_linked(u, &linked) < 0) {
        return -1;
    }
    if (linked) {
        qv_set_take(qi, &e->cause, linked);
    }
    if (get_linked(u, &linked) < 0) {
        return -1;
    }
    if (linked) {
        qv_set_take(qi, &e->context, linked);
    }
    e->suppress_context = suppress;
    if (get_optional(u, &qv_str_type, &text) < 0) {
        return -1;
    }
    int r = 0, more = 0;
    while (r == 0 && (more = get_pair(u, &name, &value)) > 0) {
        r = qv_object_setattr(qi, &e->h, name, value);
        qv_decref(qi, name);
        qv_decref(qi, value);
    }
    if (r == 0 && more == 0 && text) {
        QvObj *key = qv_str_intern_cstr(qi, "__quiver_traceback__");
        r = key ? qv_object_setattr(qi, &e->h, key, text) : -1;
        qv_xdecref(qi, key);
    }
    qv_xdecref(qi, text);
    return r < 0 || more < 0 ? -1 : 0;
}

static QvObj *get_exception(QvUnpack *u, int64_t index)
{
    QvInterp *qi = u->qi;
    uint8_t suppress;
    QvObj *type = qv_unpack_value(u);
    QvObj *args = type ? qv_unpack_value(u) : NULL;
    QvObj *exc = NULL;
    if (args && (!qv_is_type(type) || !qv_is_tuple_exact(args))) {
        qv_unpack_bad(u, "an exception without class or arguments");
    } else if (args && qv_unpack_byte(u, &suppress) == 0) {
        exc = make_exception(u, (QvType *)type, args);
        qv_unpack_define(u, index, exc);
        if (exc && get_exception_parts(u, (QvExc *)exc, suppress != 0) < 0) {
            qv_clear(qi, &exc);
        }
    }
    qv_xdecref(qi, args);
    qv_xdecref(qi, type);
    return exc;
}

// ---- instances ----------------------------------------------------------------------------------

// The attributes of a state dict go straight into the instance, as pickle does it.
static int set_attributes(QvInterp *qi, QvObj *o, QvObj *state)
{
    QvObj *name, *value;
    QvSsize pos = 0;
    int r = 0;
    bool direct = qv_inst_part(o) != NULL;
    QvObj *copy = direct ? qv_new_ref(qi, state) : qv_dict_copy(qi, state); // a setter could change
                                                                            // it
    while (r == 0 && copy && qv_dict_next(copy, &pos, &name, &value)) {
        if (!qv_is_str(name)) {
            r = qv_raise_int(qi, &qv_exc_ValueError,
                             "bad message: an attribute whose name is not text");
            break;
        }
        QvObj *interned = qv_str_exact(qi, name);
        if (!interned || qv_str_intern(qi, &interned) < 0) {
            r = -1;
        } else {
            r = direct ? qv_inst_set(qi, o, interned, value) : qv_setattr(qi, o, interned, value);
            r = r < 0 ? -1 : 0;
        }
        qv_xdecref(qi, interned);
    }
    qv_xdecref(qi, copy);
    return copy ? r : -1;
}

static QvObj *get_plain(QvUnpack *u, int64_t index)
{
    QvInterp *qi = u->qi;
    QvObj *type = qv_unpack_value(u);
    if (!type) {
        return NULL;
    }
    if (!qv_is_type(type) || !((QvType *)type)->new_ || qv_type_has((QvType *)type, QV_T_NO_NEW)) {
        qv_decref(qi, type);
        return qv_unpack_bad(u, "an instance of what makes none");
    }
    QvObj *o = ((QvType *)type)->new_(qi, (QvType *)type, NULL, 0, NULL);
    qv_decref(qi, type);
    qv_unpack_define(u, index, o);
    QvObj *state = o ? qv_unpack_value(u) : NULL;
    if (!state || !qv_is_dict_exact(state)) {
        qv_xdecref(qi, state);
        qv_xdecref(qi, o);
        return qv_unpack_bad(u, "an instance without its state");
    }
    if (set_attributes(qi, o, state) < 0) {
        qv_clear(qi, &o);
    }
    qv_decref(qi, state);
    return o;
}

static int set_state(QvInterp *qi, QvObj *o, QvObj *state)
{
    QvObj *f;
    int own = qv_getattr_try(qi, o, QV_N(__setstate__), &f);
    if (own < 0) {
        return -1;
    }
    if (own) {
        QvObj *r = qv_call1(qi, f, state);
        qv_decref(qi, f);
        qv_xdecref(qi, r);
        return r ? 0 : -1;
    }
    QvObj *dict = state, *slots = QV_NONE;
    if (qv_is_tuple_exact(state) && qv_tuple_len(state) == 2) {
        dict = qv_tuple_peek(state, 0);
        slots = qv_tuple_peek(state, 1);
    }
    if ((dict != QV_NONE && !qv_is_dict(dict)) || (slots != QV_NONE && !qv_is_dict(slots))) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "bad message: a state that the object does not know");
    }
    if (dict != QV_NONE && set_attributes(qi, o, dict) < 0) {
        return -1;
    }
    QvObj *name, *value;
    QvSsize pos = 0;
    int r = 0;
    QvObj *copy = slots != QV_NONE ? qv_dict_copy(qi, slots) : NULL;
    if (slots != QV_NONE && !copy) {
        return -1;
    }
    while (r == 0 && copy && qv_dict_next(copy, &pos, &name, &value)) {
        r = qv_is_str(name)
                ? qv_setattr(qi, o, name, value)
                : qv_raise_int(qi, &qv_exc_ValueError, "bad message: a slot without a name");
    }
    qv_xdecref(qi, copy);
    return r;
}

static int add_items(QvInterp *qi, QvObj *o, QvObj *items, QvObj *pairs)
{
    if (items) {
        QvObj *name = qv_str_intern_cstr(qi, "extend");
        QvObj *r = name ? qv_call_method1(qi, o, name, items) : NULL;
        qv_xdecref(qi, name);
        qv_xdecref(qi, r);
        if (!r) {
            return -1;
        }
    }
    QvObj *key, *value;
    QvSsize pos = 0;
    int r = 0;
    while (r == 0 && pairs && qv_dict_next(pairs, &pos, &key, &value)) {
        qv_incref(qi, key); // what runs may change the dict
        qv_incref(qi, value);
        r = qv_setitem(qi, o, key, value);
        qv_decref(qi, value);
        qv_decref(qi, key);
    }
    return r;
}

static QvObj *get_reduced(QvUnpack *u, bool has_setter, int64_t index)
{
    QvInterp *qi = u->qi;
    QvObj *callable = qv_unpack_value(u);
    QvObj *args = callable ? qv_unpack_value(u) : NULL;
    QvObj *o = NULL, *state = NULL, *items = NULL, *pairs = NULL, *setter = NULL;
    if (args && !qv_is_tuple_exact(args)) {
        qv_unpack_bad(u, "arguments that are no tuple");
    } else if (args) {
        o = qv_call_tuple(qi, callable, args, NULL);
    }
    qv_xdecref(qi, args);
    qv_xdecref(qi, callable);
    qv_unpack_define(u, index, o);
    if (!o) {
        return NULL;
    }
    state = qv_unpack_value(u);
    if (!state || get_optional(u, &qv_list_type, &items) < 0 ||
        get_optional(u, &qv_dict_type, &pairs) < 0 ||
        (has_setter && !(setter = qv_unpack_value(u))) || add_items(qi, o, items, pairs) < 0) {
        qv_clear(qi, &o);
    } else if (setter) {
        QvObj *r = qv_call2(qi, setter, o, state);
        if (!r) {
            qv_clear(qi, &o);
        }
        qv_xdecref(qi, r);
    } else if (state != QV_NONE && set_state(qi, o, state) < 0) {
        qv_clear(qi, &o);
    }
    qv_xdecref(qi, setter);
    qv_xdecref(qi, pairs);
    qv_xdecref(qi, items);
    qv_xdecref(qi, state);
    return o;
}

// ---- dispatch -----------------------------------------------------------------------------------

QvObj *qv_unpack_object(QvUnpack *u, QvWireTag tag, int64_t index)
{
    switch (tag) {
    case QV_WIRE_FUNCTION: return get_named(u, false);
    case QV_WIRE_CLASS: return get_named(u, true);
    case QV_WIRE_MODULE: return get_module(u);
    case QV_WIRE_CODE: return get_function(u, index);
    case QV_WIRE_CELL: return get_cell(u, index);
    case QV_WIRE_EMPTY_CELL: return qv_cell_new(u->qi, NULL);
    case QV_WIRE_EXCEPTION: return get_exception(u, index);
    case QV_WIRE_OBJECT: return get_plain(u, index);
    default: return get_reduced(u, tag == QV_WIRE_REDUCED_SET, index);
    }
}
