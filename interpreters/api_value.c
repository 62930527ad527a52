// SPDX-License-Identifier: MIT
// quiver.h: values and their conversion.
#include <stdlib.h>
#include <string.h>

#include "interpreters/api.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/function.h"
#include "object/list.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

void quiver_release(Quiver *q, QuiverValue *value)
{
    if (!value || qv_api_obj(value)->owner == 0) { // not the count: without the lock only what
                                                   // never changes may be read
        return;
    }
    QvInstance *inst = qv_api_inst(q);
    if (inst && qv_attach(inst) == 0) {
        QvObj *o = qv_api_arg(inst, value);
        if (o) {
            qv_scope_remove(inst->qi.ts->owner, o);
            qv_decref(&inst->qi, o);
        } else {
            qv_error_capture(inst);
        }
        qv_detach(inst);
    }
}

QuiverValue *quiver_retain(Quiver *q, QuiverValue *value)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    QvObj *o = qv_api_arg(inst, value);
    return qv_api_value(inst, o ? qv_new_ref(&inst->qi, o) : NULL);
}

QuiverKind quiver_kind(Quiver *q, QuiverValue *value)
{
    QvObj *o = qv_api_obj(value);
    (void)q;
    if (!o) {
        return QUIVER_OTHER;
    }
    if (o == QV_NONE) {
        return QUIVER_NONE;
    }
    if (qv_is_bool(o)) {
        return QUIVER_BOOL;
    }
    if (qv_is_int(o)) {
        return QUIVER_INT;
    }
    if (qv_is_float(o)) {
        return QUIVER_FLOAT;
    }
    if (qv_is_str(o)) {
        return QUIVER_STR;
    }
    if (qv_is_bytes(o)) {
        return QUIVER_BYTES;
    }
    if (qv_is_list(o)) {
        return QUIVER_LIST;
    }
    if (qv_is_tuple(o)) {
        return QUIVER_TUPLE;
    }
    if (qv_is_dict(o)) {
        return QUIVER_DICT;
    }
    if (qv_is_anyset(o)) {
        return QUIVER_SET;
    }
    if (qv_is_complex(o)) {
        return QUIVER_COMPLEX;
    }
    if (qv_is_instance_of(o, &qv_host_object_type)) {
        return QUIVER_HOST;
    }
    if (o->type == &qv_channel_sender_type || o->type == &qv_channel_receiver_type) {
        return QUIVER_END;
    }
    bool function = qv_is_function(o) || qv_is_method(o) || o->type == &qv_builtin_type ||
                    o->type == &qv_host_function_type || o->type == &qv_host_method_type;
    return function ? QUIVER_FUNCTION : QUIVER_OTHER;
}

// ---- making -------------------------------------------------------------------------------------

QuiverValue *quiver_none(Quiver *q)
{
    (void)q;
    return (QuiverValue *)QV_NONE;
}

QuiverValue *quiver_bool(Quiver *q, bool v)
{
    (void)q;
    return (QuiverValue *)qv_bool(v);
}

QuiverValue *quiver_int(Quiver *q, int64_t v)
{
    QvInstance *inst = qv_api_begin(q);
    return inst ? qv_api_value(inst, qv_int_from_i64(&inst->qi, v)) : NULL;
}

QuiverValue *quiver_uint(Quiver *q, uint64_t v)
{
    QvInstance *inst = qv_api_begin(q);
    return inst ? qv_api_value(inst, qv_int_from_u64(&inst->qi, v)) : NULL;
}

QuiverValue *quiver_int_text(Quiver *q, const char *decimal)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    QvObj *text = qv_api_given(inst, decimal, "decimal") ? qv_str_new_cstr(qi, decimal) : NULL;
    QvObj *o = text ? qv_int_parse(qi, decimal, (QvSsize)strlen(decimal), 10, text) : NULL;
    qv_xdecref(qi, text);
    return qv_api_value(inst, o);
}

QuiverValue *quiver_complex(Quiver *q, double re, double im)
{
    QvInstance *inst = qv_api_begin(q);
    return inst ? qv_api_value(inst, qv_complex_new(&inst->qi, re, im)) : NULL;
}

QuiverValue *quiver_float(Quiver *q, double v)
{
    QvInstance *inst = qv_api_begin(q);
    return inst ? qv_api_value(inst, qv_float_new(&inst->qi, v)) : NULL;
}

// The text may be that of quiver_error: it is forgotten afterwards.
QuiverValue *quiver_str(Quiver *q, const char *utf8, ptrdiff_t size)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    QvObj *s = NULL;
    if (size == 0 || qv_api_given(inst, utf8, "utf8")) {
        s = qv_str_new_utf8(&inst->qi, size ? utf8 : "", size < 0 ? (QvSsize)strlen(utf8) : size);
    }
    qv_error_forget(inst);
    return qv_api_value(inst, s);
}

QuiverValue *quiver_bytes(Quiver *q, const void *data, size_t size)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvObj *o = NULL;
    if (size > PTRDIFF_MAX) {
        qv_raise_oom(&inst->qi);
    } else if (size == 0 || qv_api_given(inst, data, "data")) {
        o = qv_bytes_new(&inst->qi, data, (QvSsize)size);
    }
    return qv_api_value(inst, o);
}

QuiverValue *quiver_list(Quiver *q, QuiverValue *const *items, size_t n)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvObj *const *array = (QvObj *const *)items;
    return qv_api_value(inst, qv_api_args(inst, items, n)
                                  ? qv_list_from_array(&inst->qi, array, (QvSsize)n)
                                  : NULL);
}

QuiverValue *quiver_tuple(Quiver *q, QuiverValue *const *items, size_t n)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvObj *const *array = (QvObj *const *)items;
    return qv_api_value(inst, qv_api_args(inst, items, n)
                                  ? qv_tuple_from_array(&inst->qi, array, (QvSsize)n)
                                  : NULL);
}

static QuiverValue *new_set(Quiver *q, QuiverValue *const *items, size_t n, bool frozen)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    QvObj *set = NULL;
    if (qv_api_args(inst, items, n)) {
        QvObj *list = qv_list_from_array(qi, (QvObj *const *)items, (QvSsize)n);
        set = !list ? NULL : frozen ? qv_frozenset_new(qi, list) : qv_set_new(qi, list);
        qv_xdecref(qi, list);
    }
    return qv_api_value(inst, set);
}

QuiverValue *quiver_set_of(Quiver *q, QuiverValue *const *items, size_t n)
{
    return new_set(q, items, n, false);
}

QuiverValue *quiver_frozenset_of(Quiver *q, QuiverValue *const *items, size_t n)
{
    return new_set(q, items, n, true);
}

QuiverValue *quiver_dict(Quiver *q)
{
    QvInstance *inst = qv_api_begin(q);
    return inst ? qv_api_value(inst, qv_dict_new(&inst->qi)) : NULL;
}

// ---- to C ---------------------------------------------------------------------------------------

// Enters for a conversion of value into *ret. NULL, having left, when either will not do.
static QvInstance *begin_to_c(Quiver *q, QuiverValue *value, const void *ret)
{
    QvInstance *inst = qv_api_begin(q);
    if (inst && (!qv_api_arg(inst, value) || !qv_api_given(inst, ret, "ret"))) {
        qv_api_status(inst, -1);
        return NULL;
    }
    return inst;
}

int quiver_to_bool(Quiver *q, QuiverValue *value, bool *ret)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    if (!inst) {
        return -1;
    }
    int truth = qv_is_true(&inst->qi, qv_api_obj(value));
    if (truth >= 0) {
        *ret = truth;
    }
    return qv_api_status(inst, truth);
}

int quiver_to_int(Quiver *q, QuiverValue *value, int64_t *ret)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    return inst ? qv_api_status(inst, qv_int_to_i64(&inst->qi, qv_api_obj(value), ret)) : -1;
}

int quiver_to_uint(Quiver *q, QuiverValue *value, uint64_t *ret)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    if (!inst) {
        return -1;
    }
    QvObj *n = qv_index(&inst->qi, qv_api_obj(value));
    int status = n ? qv_int_to_u64(&inst->qi, n, ret) : -1;
    qv_xdecref(&inst->qi, n);
    return qv_api_status(inst, status);
}

int quiver_to_complex(Quiver *q, QuiverValue *value, double *re, double *im)
{
    QvInstance *inst = begin_to_c(q, value, re);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *o = qv_api_obj(value);
    int status = -1;
    if (!qv_api_given(inst, im, "im")) {
        // told
    } else if (qv_is_complex(o)) {
        *re = ((struct QvComplex *)o)->real;
        *im = ((struct QvComplex *)o)->imag;
        status = 0;
    } else {
        status = qv_as_double(qi, o, re);
        *im = 0.0;
    }
    return qv_api_status(inst, status);
}

int quiver_to_int_text(Quiver *q, QuiverValue *value, char **ret)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *n = qv_index(qi, qv_api_obj(value));
    QvObj *text = n ? qv_int_to_text(qi, n, 10, false) : NULL;
    int status = text ? qv_api_copy_str(qi, text, ret, NULL) : -1;
    qv_xdecref(qi, n);
    qv_xdecref(qi, text);
    return qv_api_status(inst, status);
}

int quiver_to_float(Quiver *q, QuiverValue *value, double *ret)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    return inst ? qv_api_status(inst, qv_as_double(&inst->qi, qv_api_obj(value), ret)) : -1;
}

// A NUL-terminated malloc'ed copy. 0, or -1 with MemoryError.
static int copy_out(QvInterp *qi, const void *data, size_t n, char **ret, size_t *ret_size)
{
    char *copy = malloc(n + 1);
    if (!copy) {
        qv_raise_oom(qi);
        return -1;
    }
    if (n) {
        memcpy(copy, data, n);
    }
    copy[n] = 0;
    *ret = copy;
    if (ret_size) {
        *ret_size = n;
    }
    return 0;
}

int qv_api_copy_str(QvInterp *qi, QvObj *s, char **ret, size_t *ret_size)
{
    QvUtf8 u;
    if (qv_str_utf8(qi, s, &u) < 0) {
        return -1;
    }
    int status = copy_out(qi, u.s, (size_t)u.n, ret, ret_size);
    qv_utf8_release(qi, &u);
    return status;
}

int quiver_to_str(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    if (!inst) {
        return -1;
    }
    QvObj *o = qv_api_obj(value);
    if (!qv_is_str(o)) {
        return qv_api_status(inst,
                             qv_raise_int(&inst->qi, &qv_exc_TypeError, "expected str, got %T", o));
    }
    return qv_api_status(inst, qv_api_copy_str(&inst->qi, o, ret, ret_size));
}

int quiver_repr(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    if (!inst) {
        return -1;
    }
    QvObj *s = qv_repr(&inst->qi, qv_api_obj(value));
    int status = s ? qv_api_copy_str(&inst->qi, s, ret, ret_size) : -1;
    qv_xdecref(&inst->qi, s);
    return qv_api_status(inst, status);
}

int quiver_to_text(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    if (!inst) {
        return -1;
    }
    QvObj *s = qv_str(&inst->qi, qv_api_obj(value));
    int status = s ? qv_api_copy_str(&inst->qi, s, ret, ret_size) : -1;
    qv_xdecref(&inst->qi, s);
    return qv_api_status(inst, status);
}

int quiver_to_bytes(Quiver *q, QuiverValue *value, char **ret, size_t *ret_size)
{
    QvInstance *inst = begin_to_c(q, value, ret);
    if (!inst) {
        return -1;
    }
    QvBufferView view;
    if (qv_buffer_get(&inst->qi, qv_api_obj(value), &view, QV_BUF_SIMPLE) < 0) {
        return qv_api_status(inst, -1);
    }
    int status = copy_out(&inst->qi, view.buf, (size_t)view.len, ret, ret_size);
    qv_buffer_release(&inst->qi, &view);
    return qv_api_status(inst, status);
}

void quiver_string_free(char *s) { free(s); }
