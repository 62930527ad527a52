// SPDX-License-Identifier: MIT
// bool: the two sealed values and their type, an int that prints as a word.
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/type_ids.h"

QV_SEALED struct QvInt qv_true = {.h = QV_STATIC_HEADER(&qv_bool_type), .value = 1};
QV_SEALED struct QvInt qv_false = {.h = QV_STATIC_HEADER(&qv_bool_type), .value = 0};

static QvObj *bool_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)type;
    if (qv_ctor_check(qi, "bool", nargs, 0, 1, kwnames) < 0) {
        return NULL;
    }
    int r = nargs ? qv_is_true(qi, args[0]) : 0;
    return r < 0 ? NULL : qv_bool(r != 0);
}

static QvObj *bool_repr(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_int_value(o) ? QV_N(true_) : QV_N(false_);
}

// Two bools give a bool; with any other int it is int's business.
static QvObj *bool_and(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_bool(v) || !qv_is_bool(w)) {
        return qv_int_type.and_(qi, v, w);
    }
    return qv_bool((qv_int_value(v) & qv_int_value(w)) != 0);
}

static QvObj *bool_or(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_bool(v) || !qv_is_bool(w)) {
        return qv_int_type.or_(qi, v, w);
    }
    return qv_bool((qv_int_value(v) | qv_int_value(w)) != 0);
}

static QvObj *bool_xor(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_bool(v) || !qv_is_bool(w)) {
        return qv_int_type.xor (qi, v, w);
    }
    return qv_bool(qv_int_value(v) != qv_int_value(w));
}

QV_SEALED QvType qv_bool_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "bool",
    .id = QV_TID_bool,
    .flags = QV_T_INT | QV_T_MATCH_SELF | QV_T_IMMUTABLE,
    .size = sizeof(QvInt),
    .base = &qv_int_type,
    .doc = "bool(x) -> bool\n\n"
           "Returns True when the argument x is true, False otherwise.\n"
           "True and False are the only instances, and there are no subclasses.",
    .new_ = bool_new,
    .repr = bool_repr,
    .and_ = bool_and,
    .or_ = bool_or,
    .xor = bool_xor,
};
