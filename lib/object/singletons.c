// SPDX-License-Identifier: MIT
// None, Ellipsis, NotImplemented and their types. (True and False are ints: int.c.)
#include "object/error.h"
#include "object/genericalias.h"
#include "object/interp.h"
#include "object/native.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

static int no_arguments(QvInterp *qi, const char *name, QvSsize nargs, QvObj *kwnames)
{
    if (nargs || (kwnames && qv_tuple_len(kwnames))) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s takes no arguments", name);
    }
    return 0;
}

static QvObj *none_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)type;
    (void)args;
    return no_arguments(qi, "NoneType", nargs, kwnames) < 0 ? NULL : QV_NONE;
}

static QvObj *none_repr(QvInterp *qi, QvObj *o)
{
    (void)qi;
    (void)o;
    return QV_N(none_);
}

static int none_bool(QvInterp *qi, QvObj *o)
{
    (void)qi;
    (void)o;
    return 0;
}

QV_SEALED QvType qv_none_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "NoneType",
    .id = QV_TID_none,
    .size = sizeof(QvObj),
    .new_ = none_new,
    .repr = none_repr,
    .bool_ = none_bool,
};

static QvObj *ellipsis_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    (void)type;
    (void)args;
    return no_arguments(qi, "EllipsisType", nargs, kwnames) < 0 ? NULL : QV_ELLIPSIS;
}

static QvObj *ellipsis_repr(QvInterp *qi, QvObj *o)
{
    (void)qi;
    (void)o;
    return QV_N(Ellipsis);
}

static QvObj *ellipsis_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi;
    (void)self;
    (void)args;
    (void)nargs;
    return QV_N(Ellipsis);
}

static const QvNativeDef ellipsis_methods[] = {
    {"__reduce__", ellipsis_reduce, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_ellipsis_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "ellipsis",
    .id = QV_TID_ellipsis,
    .size = sizeof(QvObj),
    .new_ = ellipsis_new,
    .repr = ellipsis_repr,
    .methods = ellipsis_methods,
};

static QvObj *notimplemented_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                                 QvObj *kwnames)
{
    (void)type;
    (void)args;
    return no_arguments(qi, "NotImplementedType", nargs, kwnames) < 0 ? NULL : QV_NOTIMPLEMENTED;
}

static QvObj *notimplemented_repr(QvInterp *qi, QvObj *o)
{
    (void)qi;
    (void)o;
    return QV_N(NotImplemented);
}

static QvObj *notimplemented_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)qi;
    (void)self;
    (void)args;
    (void)nargs;
    return QV_N(NotImplemented);
}

static int notimplemented_bool(QvInterp *qi, QvObj *o)
{
    (void)o;
    if (qv_warn(qi, &qv_exc_DeprecationWarning, 1,
                "NotImplemented should not be used in a boolean context") < 0) {
        return -1;
    }
    return 1;
}

static const QvNativeDef notimplemented_methods[] = {
    {"__reduce__", notimplemented_reduce, "($self, /)", NULL},
    {0},
};

QV_SEALED QvType qv_notimplemented_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "NotImplementedType",
    .id = QV_TID_notimplemented,
    .size = sizeof(QvObj),
    .new_ = notimplemented_new,
    .repr = notimplemented_repr,
    .bool_ = notimplemented_bool,
    .methods = notimplemented_methods,
};

QV_SEALED QvObj qv_none = QV_STATIC_HEADER(&qv_none_type);
QV_SEALED QvObj qv_ellipsis = QV_STATIC_HEADER(&qv_ellipsis_type);
QV_SEALED QvObj qv_notimplemented = QV_STATIC_HEADER(&qv_notimplemented_type);
