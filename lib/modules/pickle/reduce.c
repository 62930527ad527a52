// SPDX-License-Identifier: MIT
// Pickling globals by name, and objects by what __reduce_ex__ says of them.
#include "modules/pickle/pickle.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/bytes.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- globals ------------------------------------------------------------------------------------

// The code of (module, name) in the extension registry: 1 written, 0 there is none, -1.
static int put_extension(QvPickler *p, QvObj *o, QvObj *module, QvObj *name)
{
    QvInterp *qi = p->qi;
    QvObj *key = qv_tuple_of(qi, 2, module, name), *number;
    int found = key ? qv_dict_get(qi, p->st->extension_registry, key, &number) : -1;
    qv_xdecref(qi, key);
    if (found <= 0) {
        return found;
    }
    if (!qv_is_int_exact(number)) {
        return qv_pickle_fail(qi, "Can't pickle %R: extension code %R isn't an integer", o, number);
    }
    int64_t code;
    if (qv_int_to_i64(qi, number, &code) < 0) {
        return -1;
    }
    if (code <= 0 || code > 0x7fffffff) {
        return qv_pickle_fail(qi, "Can't pickle %R: extension code %ld is out of range", o,
                              (long)code);
    }
    uint8_t data[5];
    data[0] = code <= 0xff ? OP_EXT1 : code <= 0xffff ? OP_EXT2 : OP_EXT4;
    for (int i = 0; i < 4; i++) {
        data[1 + i] = (uint8_t)(code >> (8 * i));
    }
    size_t n = code <= 0xff ? 2 : code <= 0xffff ? 3 : 5;
    return qv_pickle_put(p, data, n) < 0 ? -1 : 1;
}

// A name and a newline; ASCII before protocol 3. 0/-1; *ret_bad: it can't be encoded.
static int put_name(QvPickler *p, QvObj *name, bool *ret_bad)
{
    QvInterp *qi = p->qi;
    QvObj *data = !qv_is_str(name)
                      ? NULL
                      : qv_str_encode(qi, name, p->proto == 3 ? "utf-8" : "ascii", "strict");
    *ret_bad = !data && qv_err_matches(qi, &qv_exc_UnicodeEncodeError);
    if (!data && !qv_is_str(name)) {
        qv_raise(qi, &qv_exc_TypeError, "bad argument type for built-in operation");
    }
    int status = -1;
    if (data && qv_pickle_put(p, qv_bytes_data(data), (size_t)qv_bytes_len(data)) == 0) {
        status = qv_pickle_put(p, "\n", 1);
    }
    qv_xdecref(qi, data);
    return status;
}

static int put_global_names(QvPickler *p, QvObj *module, QvObj *name)
{
    QvInterp *qi = p->qi;
    bool bad;
    if (qv_pickle_op(p, OP_GLOBAL) < 0) {
        return -1;
    }
    if (put_name(p, module, &bad) < 0) {
        if (bad) {
            qv_err_clear(qi);
            qv_pickle_fail(qi, "can't pickle module identifier '%S' using pickle protocol %d",
                           module, p->proto);
        }
        return -1;
    }
    if (put_name(p, name, &bad) < 0) {
        if (bad) {
            qv_err_clear(qi);
            qv_pickle_fail(qi, "can't pickle global identifier '%S.%S' using pickle protocol %d",
                           module, name, p->proto);
        }
        return -1;
    }
    return 0;
}

// CPython's built-in functions have another copy of their module's name than its types, one for all
// functions: the memo must tell them apart, or the bytes would differ.
static int use_function_copy(QvPickler *p, QvObj **module)
{
    QvInterp *qi = p->qi;
    QvObj *copy = NULL;
    if (!p->owners && !(p->owners = qv_dict_new(qi))) {
        return -1;
    }
    int found = qv_dict_get(qi, p->owners, *module, &copy);
    if (found == 0) {
        QvUtf8 u;
        if (qv_str_utf8(qi, *module, &u) < 0) {
            return -1;
        }
        copy = qv_str_new_utf8(qi, u.s, u.n);
        qv_utf8_release(qi, &u);
        found = copy ? qv_dict_set(qi, p->owners, *module, copy) : -1;
        qv_xdecref(qi, copy); // the dict holds it
    }
    if (found >= 0) {
        qv_set_take(qi, module, qv_new_ref(qi, copy));
    }
    return found < 0 ? -1 : 0;
}

// The global that `module` has: *module and *name are ours and may be replaced.
static int put_global(QvPickler *p, QvObj *m, QvObj *parent, QvObj *last, QvObj **module,
                      QvObj **name)
{
    QvInterp *qi = p->qi;
    if (parent == m) {
        qv_set_take(qi, name, qv_new_ref(qi, last));
    }
    if (p->proto >= 4) {
        return qv_pickle_save(p, *module, false) < 0 || qv_pickle_save(p, *name, false) < 0
                   ? -1
                   : qv_pickle_op(p, OP_STACK_GLOBAL);
    }
    if (parent != m) {
        QvObj *args = qv_tuple_of(qi, 2, parent, last);
        QvObj *reduced = args ? qv_tuple_of(qi, 2, p->st->getattr, args) : NULL;
        int status = reduced ? qv_pickle_reduce(p, reduced, NULL) : -1;
        qv_xdecref(qi, args);
        qv_xdecref(qi, reduced);
        return status;
    }
    if (p->fix_imports &&
        qv_pickle_map_names(qi, p->st->name_3to2, p->st->import_3to2, "REVERSE_NAME_MAPPING",
                            "REVERSE_IMPORT_MAPPING", module, name) < 0) {
        return -1;
    }
    return put_global_names(p, *module, *name);
}

int qv_pickle_global(QvPickler *p, QvObj *o, QvObj *name)
{
    QvInterp *qi = p->qi;
    QvObj *module = NULL, *m = NULL, *value = NULL, *parent = NULL, *parts = NULL;
    int status = -1, found;
    if (name) {
        qv_incref(qi, name);
    } else {
        found = qv_getattr_try(qi, o, QV_N(__qualname__), &name);
        name = found < 0 ? NULL : found ? name : qv_getattr(qi, o, QV_N(__name__));
        if (!name) {
            return -1;
        }
    }
    if (!qv_is_str(name)) {
        qv_raise(qi, &qv_exc_TypeError, "must be str, not %.200T", name);
        goto done;
    }
    parts = qv_pickle_split(qi, NULL, name);
    module = parts ? qv_pickle_whichmodule(qi, o, parts) : NULL;
    if (!module) {
        goto done;
    }
    m = qv_pickle_import(qi, module);
    if (!m) {
        qv_pickle_fail(qi, "Can't pickle %R: import of module %R failed", o, module);
        goto done;
    }
    found = qv_pickle_deep(qi, m, parts, &value, &parent);
    if (found <= 0) {
        qv_err_clear(qi);
        qv_pickle_fail(qi, "Can't pickle %R: attribute lookup %S on %S failed", o, name, module);
        goto done;
    }
    if (value != o) {
        qv_pickle_fail(qi, "Can't pickle %R: it's not the same object as %S.%S", o, module, name);
        goto done;
    }
    found = p->proto >= 2 ? put_extension(p, o, module, name) : 0;
    if (found) {
        status = found < 0 ? -1 : 0;
        goto done;
    }
    if (o->type == &qv_builtin_type && p->proto >= 4 && qv_is_str_exact(module) &&
        use_function_copy(p, &module) < 0) {
        goto done;
    }
    QvObj *last = qv_new_ref(qi, qv_list_peek(parts, qv_list_len(parts) - 1));
    status = put_global(p, m, parent, last, &module, &name);
    qv_decref(qi, last);
    status = status < 0 ? -1 : qv_pickle_memo_put(p, o);
done:
    qv_xdecref(qi, name);
    qv_xdecref(qi, module);
    qv_xdecref(qi, m);
    qv_xdecref(qi, value);
    qv_xdecref(qi, parent);
    qv_xdecref(qi, parts);
    return status;
}

int qv_pickle_type(QvPickler *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    QvObj *singleton = o == &QV_NONE->type->h             ? QV_NONE
                       : o == &QV_ELLIPSIS->type->h       ? QV_ELLIPSIS
                       : o == &QV_NOTIMPLEMENTED->type->h ? QV_NOTIMPLEMENTED
                                                          : NULL;
    if (!singleton) {
        return qv_pickle_global(p, o, NULL);
    }
    QvObj *args = qv_tuple_of(qi, 1, singleton);
    QvObj *reduced = args ? qv_tuple_of(qi, 2, &qv_type_type, args) : NULL;
    int status = reduced ? qv_pickle_reduce(p, reduced, o) : -1;
    qv_xdecref(qi, args);
    qv_xdecref(qi, reduced);
    return status;
}

// ---- what __reduce_ex__ gives -------------------------------------------------------------------

typedef enum How { BY_CALL, BY_NEWOBJ, BY_NEWOBJ_EX } How;

// Is func copyreg.__newobj__ or __newobj_ex__, going by its name? -1 on error.
static int how_made(QvPickler *p, QvObj *func)
{
    QvObj *name;
    int found = p->proto >= 2 ? qv_getattr_try(p->qi, func, QV_N(__name__), &name) : 0;
    if (found <= 0) {
        return found < 0 ? -1 : BY_CALL;
    }
    How how = !qv_is_str(name)                         ? BY_CALL
              : qv_str_eq_ascii(name, "__newobj_ex__") ? BY_NEWOBJ_EX
              : qv_str_eq_ascii(name, "__newobj__")    ? BY_NEWOBJ
                                                       : BY_CALL;
    qv_decref(p->qi, name);
    return (int)how;
}

// partial(cls.__new__, cls, *args, **kwargs)(), for protocols without NEWOBJ_EX.
static int save_partial_new(QvPickler *p, QvObj *cls, QvObj *args, QvObj *kwargs)
{
    QvInterp *qi = p->qi;
    QvSsize n = qv_tuple_len(args);
    QvObj *make = qv_getattr(qi, cls, QV_N(__new__));
    QvObj *all = make ? qv_tuple_new(qi, n + 2) : NULL;
    if (all) {
        qv_tuple_items(all)[0] = qv_new_ref(qi, make);
        qv_tuple_items(all)[1] = qv_new_ref(qi, cls);
        for (QvSsize i = 0; i < n; i++) {
            qv_tuple_items(all)[i + 2] = qv_new_ref(qi, qv_tuple_peek(args, i));
        }
    }
    QvObj *func = all ? qv_call_tuple(qi, p->st->partial, all, kwargs) : NULL;
    int status = -1;
    if (func && qv_pickle_save(p, func, false) == 0 &&
        qv_pickle_save(p, QV_EMPTY_TUPLE, false) == 0) {
        status = qv_pickle_op(p, OP_REDUCE);
    }
    qv_xdecref(qi, make);
    qv_xdecref(qi, all);
    qv_xdecref(qi, func);
    return status;
}

static int save_newobj_ex(QvPickler *p, QvObj *args)
{
    if (qv_tuple_len(args) != 3) {
        return qv_pickle_fail(p->qi,
                              "length of the NEWOBJ_EX argument tuple must be exactly 3, not %zd",
                              qv_tuple_len(args));
    }
    QvObj *cls = qv_tuple_peek(args, 0), *a = qv_tuple_peek(args, 1), *kw = qv_tuple_peek(args, 2);
    if (!qv_is_type(cls)) {
        return qv_pickle_fail(
            p->qi, "first item from NEWOBJ_EX argument tuple must be a class, not %.200T", cls);
    }
    if (!qv_is_tuple(a)) {
        return qv_pickle_fail(
            p->qi, "second item from NEWOBJ_EX argument tuple must be a tuple, not %.200T", a);
    }
    if (!qv_is_dict(kw)) {
        return qv_pickle_fail(
            p->qi, "third item from NEWOBJ_EX argument tuple must be a dict, not %.200T", kw);
    }
    if (p->proto < 4) {
        return save_partial_new(p, cls, a, kw);
    }
    return qv_pickle_save(p, cls, false) < 0 || qv_pickle_save(p, a, false) < 0 ||
                   qv_pickle_save(p, kw, false) < 0
               ? -1
               : qv_pickle_op(p, OP_NEWOBJ_EX);
}

static int save_newobj(QvPickler *p, QvObj *args, QvObj *o)
{
    QvInterp *qi = p->qi;
    if (qv_tuple_len(args) < 1) {
        return qv_pickle_fail(qi, "__newobj__ arglist is empty");
    }
    QvObj *cls = qv_tuple_peek(args, 0);
    if (!qv_is_type(cls)) {
        return qv_pickle_fail(qi, "args[0] from __newobj__ args is not a type");
    }
    if (o) {
        QvObj *of = qv_getattr(qi, o, QV_N(__class__));
        bool same = of == cls;
        qv_xdecref(qi, of);
        if (!same) {
            return of ? qv_pickle_fail(qi, "args[0] from __newobj__ args has the wrong class") : -1;
        }
    }
    if (qv_pickle_save(p, cls, false) < 0) {
        return -1;
    }
    QvObj *rest = qv_tuple_slice(qi, args, 1, qv_tuple_len(args));
    int status = rest ? qv_pickle_save(p, rest, false) : -1;
    qv_xdecref(qi, rest);
    return status < 0 ? -1 : qv_pickle_op(p, OP_NEWOBJ);
}

// An item of the tuple: NULL when it is not there or None.
static QvObj *item(QvObj *tuple, QvSsize i)
{
    QvObj *o = i < qv_tuple_len(tuple) ? qv_tuple_peek(tuple, i) : QV_NONE;
    return o == QV_NONE ? NULL : o;
}

static int check_reduced(QvInterp *qi, QvObj *tuple)
{
    static const char *const names[] = {"fourth", "fifth"};
    if (qv_tuple_len(tuple) < 2 || qv_tuple_len(tuple) > 6) {
        return qv_pickle_fail(qi, "tuple returned by __reduce__ must contain 2 through 6 elements");
    }
    if (!qv_is_callable(qv_tuple_peek(tuple, 0))) {
        return qv_pickle_fail(qi,
                              "first item of the tuple returned by __reduce__ must be callable");
    }
    if (!qv_is_tuple(qv_tuple_peek(tuple, 1))) {
        return qv_pickle_fail(qi,
                              "second item of the tuple returned by __reduce__ must be a tuple");
    }
    for (int i = 3; i < 5; i++) {
        QvObj *it = item(tuple, i);
        if (it && !it->type->next) {
            return qv_pickle_fail(
                qi, "%s element of the tuple returned by __reduce__ must be an iterator, not %T",
                names[i - 3], it);
        }
    }
    QvObj *setter = item(tuple, 5);
    if (setter && !qv_is_callable(setter)) {
        return qv_pickle_fail(
            qi, "sixth element of the tuple returned by __reduce__ must be a function, not %T",
            setter);
    }
    return 0;
}

static int save_state(QvPickler *p, QvObj *o, QvObj *state, QvObj *setter)
{
    if (!setter) {
        return qv_pickle_save(p, state, false) < 0 ? -1 : qv_pickle_op(p, OP_BUILD);
    }
    static const uint8_t call[] = {OP_TUPLE2, OP_REDUCE, OP_POP};
    for (size_t i = 0; i < 3; i++) {
        QvObj *what = i == 0 ? setter : i == 1 ? o : state;
        if (!what || qv_pickle_save(p, what, false) < 0) {
            return -1;
        }
    }
    for (size_t i = 0; i < sizeof call; i++) {
        if (qv_pickle_op(p, call[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

int qv_pickle_reduce(QvPickler *p, QvObj *tuple, QvObj *o)
{
    QvInterp *qi = p->qi;
    if (check_reduced(qi, tuple) < 0) {
        return -1;
    }
    QvObj *func = qv_tuple_peek(tuple, 0), *args = qv_tuple_peek(tuple, 1);
    int how = how_made(p, func), status;
    switch (how) {
    case BY_NEWOBJ_EX: status = save_newobj_ex(p, args); break;
    case BY_NEWOBJ: status = save_newobj(p, args, o); break;
    case BY_CALL:
        status = qv_pickle_save(p, func, false) < 0 || qv_pickle_save(p, args, false) < 0
                     ? -1
                     : qv_pickle_op(p, OP_REDUCE);
        break;
    default: status = -1;
    }
    if (status < 0) {
        return -1;
    }
    if (o) {
        const QvPickleMemoEntry *e = qv_pickle_memo_find(&p->memo, o);
        if (e) { // its own arguments led back to it
            status = qv_pickle_op(p, OP_POP) < 0 ? -1 : qv_pickle_memo_get(p, e->number);
        } else {
            status = qv_pickle_memo_put(p, o);
        }
        if (status < 0) {
            return -1;
        }
    }
    QvObj *state = item(tuple, 2), *items = item(tuple, 3), *pairs = item(tuple, 4);
    if ((items && qv_pickle_batch_list(p, items) < 0) ||
        (pairs && qv_pickle_batch_dict(p, pairs) < 0)) {
        return -1;
    }
    return state ? save_state(p, o, state, item(tuple, 5)) : 0;
}

// ---- plain instances ----------------------------------------------------------------------------

// Has the class (or one of its bases) replaced what object has under that name?
static bool is_objects(QvInterp *qi, QvType *t, QvObj *name)
{
    return qv_type_lookup(qi, t, name) == qv_dict_peek_str(qv_object_type.dict, name);
}

// The attributes, straight from the inline slots, as the dict that __reduce_ex__ would have given.
static int save_slots(QvPickler *p, QvObj *o, const QvShape *shape)
{
    QvInterp *qi = p->qi;
    QvObj *names[64];
    uint32_t n = shape->count;
    for (const QvShape *s = shape; s->name; s = s->parent) {
        names[s->count - 1] = s->name;
    }
    if (qv_pickle_op(p, OP_EMPTY_DICT) < 0 || qv_pickle_memo_put(p, NULL) < 0 ||
        (n > 1 && qv_pickle_op(p, OP_MARK) < 0)) {
        return -1;
    }
    for (uint32_t i = 0; i < n; i++) {
        const QvInstPart *part = qv_inst_part(o);
        if (QV_UNLIKELY(!part || part->shape != shape)) {
            return qv_raise_int(qi, &qv_exc_RuntimeError,
                                "dictionary changed size during iteration");
        }
        QvObj *value = qv_new_ref(qi, part->slots[i]), *name = qv_new_ref(qi, names[i]);
        int status = qv_pickle_save(p, name, false) < 0 ? -1 : qv_pickle_save(p, value, false);
        qv_decref(qi, name);
        qv_decref(qi, value);
        if (status < 0) {
            return -1;
        }
    }
    return qv_pickle_op(p, n > 1 ? OP_SETITEMS : OP_SETITEM) < 0 ? -1 : qv_pickle_op(p, OP_BUILD);
}

// No hidden fields, no members by __slots__, no metaclass: attributes are all that there is.
static bool is_plain_class(const QvType *t)
{
    if (!(t->flags & QV_T_HEAP) || t->size != sizeof(QvObj) || !t->inst_offset ||
        t->inst_offset == QV_INST_VAR || t->h.type != &qv_type_type || !t->new_) {
        return false;
    }
    for (uint16_t i = 0; i < t->mro_len; i++) {
        const QvType *k = t->mro[i];
        if (k != &qv_object_type && (!(k->flags & QV_T_HEAP) || k->nmembers || k->ht_slots)) {
            return false;
        }
    }
    return true;
}

int qv_pickle_instance(QvPickler *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    QvType *t = o->type;
    if (!p->plain || p->proto < 2 || !is_plain_class(t)) {
        return 0;
    }
    const QvInstPart *part = qv_inst_part(o);
    const QvShape *shape = part->shape;
    if (!shape || shape->is_dict || shape->count == 0 || shape->count > 64 ||
        !is_objects(qi, t, QV_N(__reduce_ex__)) || !is_objects(qi, t, QV_N(__reduce__)) ||
        !is_objects(qi, t, QV_N(__getstate__)) || !is_objects(qi, t, QV_N(__getattribute__)) ||
        !is_objects(qi, t, QV_N(__class__)) || qv_type_lookup(qi, t, QV_N(__getattr__)) ||
        qv_type_lookup(qi, t, QV_N(__getnewargs__)) ||
        qv_type_lookup(qi, t, QV_N(__getnewargs_ex__))) {
        return 0;
    }
    const QvObj *members = qv_type_lookup(qi, t, QV_N(__slotnames__)); // as copyreg keeps them
    if (members && (!qv_is_list(members) || qv_list_len(members))) {
        return 0;
    }
    // What an instance itself has under these names is looked at, too.
    if (qv_shape_find(shape, QV_N(__reduce_ex__)) >= 0 ||
        qv_shape_find(shape, QV_N(__reduce__)) >= 0 ||
        qv_shape_find(shape, QV_N(__getstate__)) >= 0) {
        return 0;
    }
    qv_incref(qi, &t->h); // what is saved may give o another class: the shape lives with this one
    int status = qv_pickle_save(p, &t->h, false);
    if (status == 0) {
        status = qv_pickle_op(p, OP_EMPTY_TUPLE) < 0 ? -1 : qv_pickle_op(p, OP_NEWOBJ);
    }
    if (status == 0) {
        const QvPickleMemoEntry *e = qv_pickle_memo_find(&p->memo, o);
        status = !e                            ? qv_pickle_memo_put(p, o)
                 : qv_pickle_op(p, OP_POP) < 0 ? -1
                                               : qv_pickle_memo_get(p, e->number);
    }
    status = status < 0 ? -1 : save_slots(p, o, shape);
    qv_decref(qi, &t->h);
    return status < 0 ? -1 : 1;
}
