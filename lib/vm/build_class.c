// SPDX-License-Identifier: MIT
// The class statement: builtins.__build_class__.
#include "object/dict.h"
#include "vm/eval_internal.h"

typedef struct ClassCall {
    QvObj *func, *name, *bases, *orig_bases; // owned (func, name borrowed)
    QvObj *meta;                             // owned
    QvObj *ns;                               // owned
    QvObj *kwnames;                          // owned tuple without "metaclass", or NULL
    QvObj **kwvalues;                        // borrowed values, nkw of them
    QvSsize nkw;
} ClassCall;

// Splits off metaclass=...; the other keywords go to the metaclass.
static int take_keywords(QvInterp *qi, ClassCall *c, QvObj *const *values, QvObj *kwnames)
{
    QvSsize n = qv_tuple_len(kwnames);
    QvObj *names = qv_list_new(qi, n);
    if (!names) {
        return -1;
    }
    for (QvSsize k = 0; k < n; k++) {
        QvObj *name = qv_tuple_peek(kwnames, k);
        if (qv_str_eq_ascii(name, "metaclass")) {
            c->meta = qv_new_ref(qi, values[k]);
            continue;
        }
        c->kwvalues[c->nkw++] = values[k];
        if (qv_list_append(qi, names, name) < 0) {
            qv_decref(qi, names);
            return -1;
        }
    }
    if (c->nkw) {
        c->kwnames = qv_list_as_tuple(qi, names);
    }
    qv_decref(qi, names);
    return c->nkw && !c->kwnames ? -1 : 0;
}

static int find_meta(QvInterp *qi, ClassCall *c)
{
    bool given = c->meta != NULL;
    if (!given) {
        QvObj *first = qv_tuple_len(c->bases) ? qv_tuple_peek(c->bases, 0) : NULL;
        c->meta = qv_new_ref(qi, first ? (QvObj *)qv_type_of(first) : (QvObj *)&qv_type_type);
    }
    if (qv_is_type(c->meta)) {
        QvType *winner = qv_type_calc_meta(qi, (QvType *)c->meta, c->bases);
        if (!winner) {
            return -1;
        }
        qv_set_take(qi, &c->meta, qv_new_ref(qi, (QvObj *)winner));
    }
    return 0;
}

static int prepare(QvInterp *qi, ClassCall *c)
{
    QvObj *prep;
    int found = qv_getattr_try(qi, c->meta, QV_N(__prepare__), &prep);
    if (found < 0) {
        return -1;
    }
    if (!found) {
        c->ns = qv_dict_new(qi);
        return c->ns ? 0 : -1;
    }
    QvObj *args[2 + 256];
    args[0] = c->name;
    args[1] = c->bases;
    for (QvSsize k = 0; k < c->nkw; k++) {
        args[2 + k] = c->kwvalues[k];
    }
    c->ns = qv_call(qi, prep, args, 2, c->kwnames);
    qv_decref(qi, prep);
    if (c->ns && !qv_is_dict(c->ns) && !qv_is_mapping(c->ns)) {
        if (qv_is_type(c->meta)) {
            qv_raise(qi, &qv_exc_TypeError, "%N.__prepare__() must return a mapping, not %T",
                     (QvType *)c->meta, c->ns);
        } else {
            qv_raise(qi, &qv_exc_TypeError,
                     "<metaclass>.__prepare__() must return a mapping, not %T", c->ns);
        }
        return -1;
    }
    return c->ns ? 0 : -1;
}

// The class made must be what the body's __class__ cell got.
static int check_cell(QvInterp *qi, ClassCall *c, QvObj *cls, QvObj *cell)
{
    if (!qv_is_type(cls) || cell->type != &qv_cell_type) {
        return 0;
    }
    QvObj *in_cell = ((QvCell *)cell)->value;
    if (in_cell == cls) {
        return 0;
    }
    if (!in_cell) {
        return qv_raise_int(
            qi, &qv_exc_RuntimeError,
            "__class__ not set defining %R as %R. Was __classcell__ propagated to type.__new__?",
            c->name, cls);
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "__class__ set to %R defining %R as %R", in_cell,
                        c->name, cls);
}

QvObj *qv_op_build_class(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    (void)self;
    if (nargs < 2) {
        return qv_raise(qi, &qv_exc_TypeError, "__build_class__: not enough arguments");
    }
    if (!qv_is_function(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "__build_class__: func must be a function");
    }
    if (!qv_is_str(args[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "__build_class__: name is not a string");
    }
    QvObj *kwvalues[256];
    if (kwnames && qv_tuple_len(kwnames) > 256) {
        return qv_raise(qi, &qv_exc_TypeError, "__build_class__: too many keyword arguments");
    }
    ClassCall c = {.func = args[0], .name = args[1], .kwvalues = kwvalues};
    QvObj *cls = NULL, *cell = NULL;
    c.orig_bases = qv_tuple_from_array(qi, args + 2, nargs - 2);
    if (!c.orig_bases) {
        goto done;
    }
    c.bases = qv_type_resolve_bases(qi, c.orig_bases);
    if (!c.bases || (kwnames && take_keywords(qi, &c, args + nargs, kwnames) < 0) ||
        find_meta(qi, &c) < 0 || prepare(qi, &c) < 0) {
        goto done;
    }
    cell = qv_function_run_body(qi, c.func, c.ns);
    if (!cell) {
        goto done;
    }
    if (c.bases != c.orig_bases && qv_setitem(qi, c.ns, QV_N(__orig_bases__), c.orig_bases) < 0) {
        goto done;
    }
    QvObj *call[3 + 256] = {c.name, c.bases, c.ns};
    for (QvSsize k = 0; k < c.nkw; k++) {
        call[3 + k] = c.kwvalues[k];
    }
    cls = qv_call(qi, c.meta, call, 3, c.kwnames);
    if (cls && check_cell(qi, &c, cls, cell) < 0) {
        qv_clear(qi, &cls);
    }
done:
    qv_xdecref(qi, cell);
    qv_xdecref(qi, c.bases);
    qv_xdecref(qi, c.orig_bases);
    qv_xdecref(qi, c.meta);
    qv_xdecref(qi, c.ns);
    qv_xdecref(qi, c.kwnames);
    return cls;
}
