// SPDX-License-Identifier: MIT
// Arguments and results that _interpqueues and _interpchannels share.
#include "channels/box.h"

#include <string.h>

#include "object/dict.h"
#include "object/int.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/type.h"

int qv_box_get_id(QvInterp *qi, QvObj *o, const char *what, uint64_t *ret)
{
    QvObj *n = qv_index(qi, o);
    if (!n) {
        if (!qv_err_matches(qi, &qv_exc_TypeError)) {
            return -1;
        }
        qv_err_clear(qi);
        return qv_raise_int(qi, &qv_exc_TypeError, "%s ID must be an int, got %T", what, o);
    }
    int64_t value;
    int fits = qv_int_as_i64(n, &value), status = 0;
    if (fits && value >= 0) {
        *ret = (uint64_t)value;
    } else if (qv_int_sign(n) < 0) {
        status = qv_raise_int(qi, &qv_exc_ValueError, "%s ID must be a non-negative int, got %S",
                              what, n);
    } else {
        status = qv_raise_int(qi, &qv_exc_OverflowError, "max %s ID is %lld, got %S", what,
                              (long long)INT64_MAX, n);
    }
    qv_decref(qi, n);
    return status;
}

int qv_box_get_unbound(QvInterp *qi, QvObj *o, bool needed, QvUnbound *ret)
{
    int n = -1;
    if (o && (needed || o != QV_NONE) && qv_index_int(qi, o, &n) < 0) {
        return -1;
    }
    bool known = n >= QV_UNBOUND_REMOVE && n <= QV_UNBOUND_REPLACE;
    if (!known && (needed || n != -1)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "unsupported unboundop %d", n);
    }
    *ret = known ? (QvUnbound)n : (QvUnbound)0;
    return 0;
}

QvObj *qv_box_open_item(QvInterp *qi, const QvBoxItem *item, bool with_format)
{
    QvObj *value = item->msg ? qv_msg_unpack(qi, item->msg) : QV_NONE;
    QvObj *unbound = item->msg ? QV_NONE : qv_int_from_i64(qi, item->unbound);
    qv_msg_free(item->msg);
    QvObj *format = with_format ? qv_int_from_i64(qi, item->format) : NULL;
    QvObj *result = NULL;
    if (value && unbound && (format || !with_format)) {
        result = with_format ? qv_tuple_of(qi, 3, value, format, unbound)
                             : qv_tuple_of(qi, 2, value, unbound);
    }
    qv_xdecref(qi, value);
    qv_xdecref(qi, format);
    qv_xdecref(qi, unbound);
    return result;
}

// Does the class inherit object's way of being sent?
static int is_plain(QvInterp *qi, QvObj *type)
{
    QvObj *own = qv_getattr_cstr(qi, type, "__reduce__");
    QvObj *plain = own ? qv_getattr_cstr(qi, &qv_object_type.h, "__reduce__") : NULL;
    int same = plain ? own == plain : -1;
    qv_xdecref(qi, own);
    qv_xdecref(qi, plain);
    return same;
}

int qv_box_register_type(QvInterp *qi, QvObj *m, QvObj *type, const char *reduce)
{
    int plain = is_plain(qi, type);
    if (plain <= 0) {
        return plain;
    }
    QvObj *copyreg = qv_import(qi, "copyreg");
    QvObj *pickle = copyreg ? qv_getattr_cstr(qi, copyreg, "pickle") : NULL;
    QvObj *f = pickle ? qv_getattr_cstr(qi, m, reduce) : NULL;
    QvObj *done = f ? qv_call2(qi, pickle, type, f) : NULL;
    qv_xdecref(qi, copyreg);
    qv_xdecref(qi, pickle);
    qv_xdecref(qi, f);
    qv_xdecref(qi, done);
    return done ? 0 : -1;
}

// ---- modules ------------------------------------------------------------------------------------

QvObj *qv_box_add_error(QvInterp *qi, QvObj *m, const char *dotted, QvObj *base)
{
    QvObj *type = base ? qv_type_new_exception(qi, dotted, base, NULL) : NULL;
    if (type && qv_module_add(qi, m, strrchr(dotted, '.') + 1, type) < 0) {
        qv_clear(qi, &type);
    }
    return type;
}

void qv_box_state_fini(QvInterp *qi, QvObj *m, size_t size)
{
    QvObj **refs = qv_module_state(m);
    for (size_t k = 0; k < size / sizeof *refs; k++) {
        qv_clear(qi, &refs[k]);
    }
}

int qv_box_state_traverse(QvObj *m, size_t size, QvVisit visit, void *ctx)
{
    QvObj **refs = qv_module_state(m);
    for (size_t k = 0; k < size / sizeof *refs; k++) {
        QV_VISIT(refs[k]);
    }
    return 0;
}
