// SPDX-License-Identifier: MIT
// Struct sequences: heap types derived from tuple. A field that is an item is a property-like
// descriptor with the item's index; a field beyond the visible ones is a plain instance attribute.
#include "object/structseq.h"

#include <string.h>

#include "object/dict.h"
#include "object/interp.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct FieldDescr {
    QvObj h;
    QvObj *name;
    const char *doc; // or NULL
    QvSsize index;   // of the item; -1: an attribute
} FieldDescr;

static QvObj *field_get(QvInterp *qi, QvObj *descr, QvObj *obj, QvObj *type)
{
    (void)type;
    FieldDescr *d = (FieldDescr *)descr;
    if (!obj || !qv_is_tuple(obj) || d->index >= qv_tuple_len(obj)) {
        return qv_new_ref(qi, descr);
    }
    if (d->index < 0) {
        QvObj *value;
        int r = obj->type->inst_offset ? qv_inst_get(qi, obj, d->name, &value) : 0;
        return r < 0 ? NULL : r > 0 ? value : qv_new_ref(qi, descr);
    }
    return qv_new_ref(qi, qv_tuple_peek(obj, d->index));
}

static int field_set(QvInterp *qi, QvObj *descr, QvObj *obj, QvObj *value)
{
    (void)descr, (void)obj, (void)value;
    return qv_raise_int(qi, &qv_exc_AttributeError, "readonly attribute");
}

static void field_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((FieldDescr *)o)->name); }

static QvObj *field_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<member %R of struct sequence objects>", ((FieldDescr *)o)->name);
}

static QvObj *field_get_name(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((FieldDescr *)o)->name);
}

static QvObj *field_get_doc(QvInterp *qi, QvObj *o)
{
    const char *doc = ((FieldDescr *)o)->doc;
    return doc ? qv_str_new_cstr(qi, doc) : QV_NONE;
}

static const QvGetSet field_getsets[] = {
    {"__name__", field_get_name, NULL, NULL},
    {"__doc__", field_get_doc, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_structseq_field_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "structseq_field",
    .id = QV_TID_structseq_field,
    .flags = QV_T_NO_NEW | QV_T_DATA_DESCR,
    .size = sizeof(FieldDescr),
    .base = &qv_object_type,
    .getsets = field_getsets,
    .fini = field_fini,
    .repr = field_repr,
    .descr_get = field_get,
    .descr_set = field_set,
};

static QvObj *structseq_repr(QvInterp *qi, QvObj *o)
{
    QvObj *fields = qv_type_lookup(qi, o->type, QV_N(__match_args__));
    QvObj *module = qv_type_get_module(qi, o->type), *name = qv_type_get_name(qi, o->type);
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    if (module && name && !(qv_is_str(module) && qv_str_eq_ascii(module, "builtins"))) {
        qv_strbuf_str(&b, module);
        qv_strbuf_char(&b, '.');
    }
    if (name) {
        qv_strbuf_str(&b, name);
    }
    qv_xdecref(qi, module);
    qv_xdecref(qi, name);
    qv_strbuf_char(&b, '(');
    // Items without a name show the next names, those of attributes (as os.stat_result does).
    QvObj *more = qv_type_lookup(qi, o->type, QV_N(_hidden_fields));
    QvSsize nfields = fields ? qv_tuple_len(fields) : 0, nmore = more ? qv_tuple_len(more) : 0;
    for (QvSsize k = 0; k < nfields + nmore && k < qv_tuple_len(o); k++) {
        QvObj *text = qv_repr(qi, qv_tuple_peek(o, k));
        if (!text) {
            qv_strbuf_fini(&b);
            return NULL;
        }
        if (k > 0) {
            qv_strbuf_cstr(&b, ", ");
        }
        qv_strbuf_str(&b,
                      k < nfields ? qv_tuple_peek(fields, k) : qv_tuple_peek(more, k - nfields));
        qv_strbuf_char(&b, '=');
        qv_strbuf_str(&b, text);
        qv_decref(qi, text);
    }
    qv_strbuf_char(&b, ')');
    return qv_strbuf_finish(&b);
}

static int64_t type_number(QvInterp *qi, QvType *type, const char *attr)
{
    QvObj *key = qv_str_intern_cstr(qi, attr);
    QvObj *o = key ? qv_type_lookup(qi, type, key) : NULL;
    int64_t n = -1;
    if (o) {
        qv_int_as_i64(o, &n);
    }
    qv_xdecref(qi, key);
    return n;
}

// A tuple with room for the visible fields.
static QvObj *alloc_tuple(QvInterp *qi, QvType *type, QvSsize n)
{
    QvObj *o = qv_obj_new_var(qi, type, sizeof(QvTuple) + (size_t)n * sizeof(QvObj *));
    if (o) {
        ((QvTuple *)o)->len = n;
    }
    return o;
}

// The items of the constructor's first argument as a tuple: new reference.
static QvObj *items_given(QvInterp *qi, QvObj *sequence)
{
    QvObj *it = qv_is_tuple(sequence) ? qv_new_ref(qi, sequence) : qv_iter(qi, sequence);
    if (!it) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            return qv_raise(qi, &qv_exc_TypeError, "constructor requires a sequence");
        }
        return NULL;
    }
    QvObj *items = qv_to_tuple(qi, it);
    qv_decref(qi, it);
    return items;
}

// "module.name" of the type, for messages; new reference.
static QvObj *dotted_name(QvInterp *qi, QvType *type)
{
    QvObj *module = qv_type_get_module(qi, type);
    bool bare = module && qv_is_str(module) && qv_str_eq_ascii(module, "builtins");
    QvObj *ret = !module ? NULL
                 : bare  ? qv_str_format(qi, "%N", type)
                         : qv_str_format(qi, "%S.%N", module, type);
    qv_xdecref(qi, module);
    return ret;
}

// type(sequence, dict): as many items as visible fields, or up to all fields; what the sequence has
// not, the dict may have by name.
static QvObj *structseq_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                             QvObj *kwnames)
{
    QvObj *slot[2];
    if (qv_args(qi, "structseq(sequence, dict={})", args, nargs, kwnames, slot) < 0) {
        return NULL;
    }
    QvObj *name = dotted_name(qi, type);
    QvObj *items = name ? items_given(qi, slot[0]) : NULL;
    QvSsize visible = (QvSsize)type_number(qi, type, "n_sequence_fields"),
            all = (QvSsize)type_number(qi, type, "n_fields");
    QvSsize n = items ? qv_tuple_len(items) : 0;
    QvObj *o = NULL;
    if (!items) {
        // The exception is set.
    } else if (slot[1] && !qv_is_dict(slot[1])) {
        qv_raise(qi, &qv_exc_TypeError, "%U() takes a dict as second arg, if any", name);
    } else if (n < visible || n > all) {
        qv_raise(qi, &qv_exc_TypeError, "%U() takes %s %zd-sequence (%zd-sequence given)", name,
                 visible == all ? "a"
                 : n < visible  ? "an at least"
                                : "an at most",
                 n < visible ? visible : all, n);
    } else {
        o = alloc_tuple(qi, type, visible);
        for (QvSsize k = 0; o && k < visible; k++) {
            qv_tuple_items(o)[k] = qv_new_ref(qi, qv_tuple_peek(items, k));
        }
        QvObj *hidden = qv_type_lookup(qi, type, QV_N(_hidden_fields));
        for (QvSsize k = visible; o && k < all; k++) {
            QvObj *field = qv_tuple_peek(hidden, k - visible);
            QvObj *value = k < n ? qv_tuple_peek(items, k) : NULL;
            if (!value && slot[1] && qv_dict_get(qi, slot[1], field, &value) < 0) {
                qv_clear(qi, &o);
            } else if (qv_inst_set(qi, o, field, value ? value : QV_NONE) < 0) {
                qv_clear(qi, &o);
            }
        }
    }
    qv_xdecref(qi, items);
    qv_xdecref(qi, name);
    return o;
}

// (type, (visible items, {hidden field: value}))
static QvObj *structseq_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *items = qv_tuple_from_array(qi, qv_tuple_items(self), qv_tuple_len(self));
    QvObj *more = items ? qv_inst_copy_dict(qi, self) : NULL;
    QvObj *inner = more ? qv_tuple_of(qi, 2, items, more) : NULL;
    QvObj *ret = inner ? qv_tuple_of(qi, 2, self->type, inner) : NULL;
    qv_xdecref(qi, items);
    qv_xdecref(qi, more);
    qv_xdecref(qi, inner);
    return ret;
}

static const QvNativeDef reduce_def = {"__reduce__", structseq_reduce, "($self, /)",
                                       "State for pickling."};

QvObj *qv_structseq_new(QvInterp *qi, QvObj *type, QV_STOLEN QvObj *const *values)
{
    QvType *t = (QvType *)type;
    QvSsize visible = (QvSsize)type_number(qi, t, "n_sequence_fields"),
            all = (QvSsize)type_number(qi, t, "n_fields");
    bool complete = true;
    for (QvSsize k = 0; k < all; k++) {
        complete = complete && values[k];
    }
    QvObj *o = complete ? alloc_tuple(qi, t, visible) : NULL;
    if (!o) {
        for (QvSsize k = 0; k < all; k++) {
            qv_xdecref(qi, values[k]);
        }
        return NULL;
    }
    for (QvSsize k = 0; k < visible; k++) {
        qv_check_owner(qi, values[k]);
        qv_tuple_items(o)[k] = values[k];
    }
    QvObj *hidden = qv_type_lookup(qi, t, QV_N(_hidden_fields));
    bool failed = false;
    for (QvSsize k = visible; k < all; k++) {
        failed = failed || qv_inst_set(qi, o, qv_tuple_peek(hidden, k - visible), values[k]) < 0;
        qv_decref(qi, values[k]);
    }
    if (failed) {
        qv_clear(qi, &o);
    }
    return o;
}

// Nothing of an instance can be set, although hidden fields are kept as attributes.
static int structseq_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    QvObj *hidden = qv_type_lookup(qi, o->type, QV_N(_hidden_fields));
    for (QvSsize k = 0; hidden && k < qv_tuple_len(hidden); k++) {
        if (qv_str_equal(qv_tuple_peek(hidden, k), name)) {
            return qv_raise_int(qi, &qv_exc_AttributeError, "readonly attribute");
        }
    }
    QvObj *there = qv_type_lookup(qi, o->type, name);
    if (there && there->type->descr_set) {
        return qv_object_setattr(qi, o, name, value);
    }
    QvObj *type = dotted_name(qi, o->type);
    if (type) {
        qv_raise(qi, &qv_exc_AttributeError,
                 there ? "'%.100U' object attribute '%U' is read-only"
                       : "'%.100U' object has no attribute '%U'",
                 type, name);
        qv_decref(qi, type);
    }
    return -1;
}

static int add_fields(QvInterp *qi, QvObj *ns, const QvStructSeqField *fields, QvSsize nvisible)
{
    QvSsize all = 0;
    while (fields[all].name) {
        all++;
    }
    QvSsize unnamed = 0; // at the end of the visible ones
    while (unnamed < nvisible && !fields[nvisible - 1 - unnamed].name[0]) {
        unnamed++;
    }
    QvObj *names = qv_tuple_new(qi, nvisible - unnamed), *hidden = qv_tuple_new(qi, all - nvisible);
    int status = names && hidden ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < all; k++) {
        if (k >= nvisible - unnamed && k < nvisible) {
            continue;
        }
        QvObj *name = qv_str_intern_cstr(qi, fields[k].name);
        if (!name) {
            status = -1;
            break;
        }
        if (k >= nvisible) {
            qv_tuple_items(hidden)[k - nvisible] = name;
        } else {
            qv_tuple_items(names)[k] = name;
        }
        FieldDescr *d = (FieldDescr *)qv_obj_new(qi, &qv_structseq_field_type);
        if (d) {
            d->name = qv_new_ref(qi, name);
            d->doc = fields[k].doc;
            d->index = k < nvisible ? k : -1;
        }
        status = d ? qv_dict_set(qi, ns, name, (QvObj *)d) : -1;
        qv_xdecref(qi, (QvObj *)d);
    }
    if (status == 0) {
        status = qv_dict_set(qi, ns, QV_N(__match_args__), names) < 0 ||
                         qv_dict_set(qi, ns, QV_N(_hidden_fields), hidden) < 0 ||
                         qv_dict_set_cstr_take(qi, ns, "n_fields", qv_int_from_i64(qi, all)) < 0 ||
                         qv_dict_set_cstr_take(qi, ns, "n_sequence_fields",
                                               qv_int_from_i64(qi, nvisible)) < 0 ||
                         qv_dict_set_cstr_take(qi, ns, "n_unnamed_fields",
                                               qv_int_from_i64(qi, unnamed)) < 0
                     ? -1
                     : 0;
    }
    qv_xdecref(qi, names);
    qv_xdecref(qi, hidden);
    return status;
}

QvObj *qv_structseq_type(QvInterp *qi, const char *dotted, const QvStructSeqField *fields,
                         QvSsize nvisible)
{
    const char *dot = strrchr(dotted, '.');
    QvObj *ns = qv_dict_new(qi);
    QvObj *bases = qv_tuple_of(qi, 1, (QvObj *)&qv_tuple_type);
    QvObj *name = qv_str_intern_cstr(qi, dot ? dot + 1 : dotted);
    QvObj *type = NULL;
    if (ns && bases && name && add_fields(qi, ns, fields, nvisible) == 0) {
        QvObj *module = dot ? qv_str_new_utf8(qi, dotted, dot - dotted) : QV_N(builtins);
        if (module && qv_dict_set(qi, ns, QV_N(__module__), module) == 0) {
            type = qv_type_build(qi, &qv_type_type, name, bases, ns, NULL, NULL);
        }
        qv_xdecref(qi, module);
    }
    if (type) {
        QvType *t = (QvType *)type;
        t->repr = structseq_repr;
        t->new_ = structseq_make;
        t->setattr = structseq_setattr;
        t->flags &= ~(uint32_t)QV_T_BASE;
        QvObj *reduce = qv_method_descr_new(qi, t, &reduce_def);
        if (!reduce || qv_type_setattr(qi, type, QV_N(__reduce__), reduce) < 0) {
            qv_clear(qi, &type);
        }
        qv_xdecref(qi, reduce);
    }
    qv_xdecref(qi, ns);
    qv_xdecref(qi, bases);
    qv_xdecref(qi, name);
    return type;
}
