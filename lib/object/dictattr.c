// SPDX-License-Identifier: MIT
// The __dict__ attribute over a pointer at type->dict_offset.
#include "object/dictattr.h"

#include "object/dict.h"
#include "object/error.h"

static QvObj **dict_place(QvObj *o)
{
    qv_assert(o->type->dict_offset != 0);
    return (QvObj **)(void *)((char *)o + o->type->dict_offset);
}

QvObj *qv_dictattr_get(QvInterp *qi, QvObj *o)
{
    QvObj **place = dict_place(o);
    if (!*place) {
        *place = qv_dict_new(qi);
    }
    return qv_xnew_ref(qi, *place);
}

int qv_dictattr_set(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "cannot delete __dict__");
    }
    if (!qv_is_dict(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "__dict__ must be set to a dictionary, not a '%.200T'", value);
    }
    qv_set_take(qi, dict_place(o), qv_new_ref(qi, value));
    return 0;
}
