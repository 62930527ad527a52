// SPDX-License-Identifier: MIT
// types.GenericAlias (list[int]) and types.UnionType (int | str).
#ifndef QV_OBJECT_GENERICALIAS_H
#define QV_OBJECT_GENERICALIAS_H

#include "object/type.h"

typedef struct QvGenericAlias {
    QvObj h;
    QvObj *origin;
    QvObj *args;       // tuple
    QvObj *parameters; // tuple of type variables, or NULL: not computed yet
    bool starred;      // *tuple[int]
} QvGenericAlias;

typedef struct QvUnion {
    QvObj h;
    QvObj *args;       // tuple of at least two, without duplicates
    QvObj *parameters; // as above
} QvUnion;

extern QvType qv_none_type; // NoneType
extern QvType qv_generic_alias_type, qv_union_type;

// origin[args]; args that is no tuple counts as one argument.
QvObj *qv_generic_alias_new(QvInterp *qi, QvObj *origin, QvObj *args);
// The native of __class_getitem__ rows: {"__class_getitem__", qv_class_getitem, "($type, item, /)",
// ...}.
QvObj *qv_class_getitem(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs);

static inline bool qv_is_generic_alias(const QvObj *o)
{
    return qv_is_instance_of(o, &qv_generic_alias_type);
}
static inline bool qv_is_union(const QvObj *o) { return o->type == &qv_union_type; }

// v | w for types, aliases and None: the or_ slot of type, alias and union. NotImplemented
// otherwise.
QV_RUNS QvObj *qv_union_or(QvInterp *qi, QvObj *v, QvObj *w);

// The type variables in args, in order of first use: new tuple. Shared by alias and union.
QV_RUNS QvObj *qv_generic_parameters(QvInterp *qi, QvObj *args);
// args with `parameters` replaced by item (what alias[item] does): new tuple.
QV_RUNS QvObj *qv_generic_substitute(QvInterp *qi, QvObj *self, QvObj *args, QvObj *parameters,
                                     QvObj *item);
// repr of one argument: classes by their qualified name, "..." for Ellipsis, None for its type: new
// str.
QV_RUNS QvObj *qv_generic_repr_item(QvInterp *qi, QvObj *o);

#endif
