// SPDX-License-Identifier: MIT
// quiver.h: trees of cJSON to and from values.
#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

#include "interpreters/api.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

static cJSON *to_json(QvInterp *qi, QvObj *o);

// The UTF-8 of a str; -1 with an exception. JSON strings of cJSON are C strings: a NUL would end
// them.
static int json_text(QvInterp *qi, QvObj *s, QvUtf8 *ret)
{
    if (qv_str_utf8(qi, s, ret) < 0) {
        return -1;
    }
    if (memchr(ret->s, 0, (size_t)ret->n)) {
        qv_utf8_release(qi, ret);
        return qv_raise_int(qi, &qv_exc_ValueError, "embedded null character");
    }
    return 0;
}

static cJSON *str_to_json(QvInterp *qi, QvObj *o)
{
    QvUtf8 u;
    if (json_text(qi, o, &u) < 0) {
        return NULL;
    }
    cJSON *node = cJSON_CreateString(u.s);
    qv_utf8_release(qi, &u);
    return node;
}

static cJSON *sequence_to_json(QvInterp *qi, QvObj *o)
{
    bool list = qv_is_list(o);
    cJSON *array = cJSON_CreateArray();
    for (QvSsize k = 0; array && k < (list ? qv_list_len(o) : qv_tuple_len(o)); k++) {
        QvObj *value = list ? qv_list_at(qi, o, k) : qv_new_ref(qi, qv_tuple_peek(o, k));
        cJSON *item = value ? to_json(qi, value) : NULL;
        qv_xdecref(qi, value);
        if (!item || !cJSON_AddItemToArray(array, item)) {
            cJSON_Delete(item);
            cJSON_Delete(array);
            return NULL;
        }
    }
    return array;
}

static cJSON *dict_to_json(QvInterp *qi, QvObj *o)
{
    cJSON *object = cJSON_CreateObject();
    QvSsize pos = 0;
    QvObj *key, *value;
    while (object && qv_dict_next(o, &pos, &key, &value)) {
        cJSON *item = NULL;
        QvUtf8 u;
        if (!qv_is_str(key)) {
            qv_raise(qi, &qv_exc_TypeError, "keys must be str, not %T", key);
        } else {
            item = to_json(qi, value);
        }
        if (item && json_text(qi, key, &u) == 0) {
            bool added = cJSON_AddItemToObject(object, u.s, item);
            qv_utf8_release(qi, &u);
            if (added) {
                continue;
            }
        }
        cJSON_Delete(item);
        cJSON_Delete(object);
        return NULL;
    }
    return object;
}

// NULL with an exception, or without one when cJSON has no memory.
static cJSON *to_json(QvInterp *qi, QvObj *o)
{
    double d;
    if (o == QV_NONE) {
        return cJSON_CreateNull();
    }
    if (qv_is_bool(o)) {
        return cJSON_CreateBool(o == QV_TRUE);
    }
    if (qv_is_str(o)) {
        return str_to_json(qi, o);
    }
    if (qv_is_int(o) || qv_is_float(o)) {
        if (qv_as_double(qi, o, &d) < 0) {
            return NULL;
        }
        if (!isfinite(d)) {
            qv_raise(qi, &qv_exc_ValueError, "Out of range float values are not JSON compliant");
            return NULL;
        }
        return cJSON_CreateNumber(d);
    }
    if (qv_enter_recursive(qi, " while converting to JSON") < 0) {
        return NULL;
    }
    cJSON *node = NULL;
    if (qv_is_list(o) || qv_is_tuple(o)) {
        node = sequence_to_json(qi, o);
    } else if (qv_is_dict(o)) {
        node = dict_to_json(qi, o);
    } else {
        qv_raise(qi, &qv_exc_TypeError, "Object of type %T is not JSON serializable", o);
    }
    qv_leave_recursive(qi);
    return node;
}

struct cJSON *quiver_to_cjson(Quiver *q, QuiverValue *value)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    cJSON *node = qv_api_arg(inst, value) ? to_json(&inst->qi, qv_api_obj(value)) : NULL;
    if (!node && !qv_err_occurred(&inst->qi)) {
        qv_raise_oom(&inst->qi);
    }
    qv_api_status(inst, node ? 0 : -1);
    return node;
}

static QvObj *from_json(QvInterp *qi, const cJSON *node)
{
    if (cJSON_IsNull(node)) {
        return QV_NONE;
    }
    if (cJSON_IsBool(node)) {
        return qv_bool(cJSON_IsTrue(node));
    }
    if (cJSON_IsNumber(node)) {
        double d = node->valuedouble;
        return d == floor(d) && fabs(d) < 9.2e18 ? qv_int_from_i64(qi, (int64_t)d)
                                                 : qv_float_new(qi, d);
    }
    if (cJSON_IsString(node)) {
        return qv_str_new_utf8(qi, node->valuestring, (QvSsize)strlen(node->valuestring));
    }
    if (!cJSON_IsArray(node) && !cJSON_IsObject(node)) {
        return qv_raise(qi, &qv_exc_ValueError, "not a JSON tree");
    }
    if (qv_enter_recursive(qi, " while converting from JSON") < 0) {
        return NULL;
    }
    bool array = cJSON_IsArray(node);
    QvObj *out = array ? qv_list_new(qi, 0) : qv_dict_new(qi);
    const cJSON *item;
    cJSON_ArrayForEach(item, node)
    {
        QvObj *value = out ? from_json(qi, item) : NULL;
        int added = -1;
        if (value && array) {
            added = qv_list_append(qi, out, value);
        } else if (value && item->string) {
            QvObj *key = qv_str_new_utf8(qi, item->string, (QvSsize)strlen(item->string));
            added = key ? qv_dict_set(qi, out, key, value) : -1;
            qv_xdecref(qi, key);
        } else if (value) {
            qv_raise(qi, &qv_exc_ValueError, "not a JSON tree");
        }
        qv_xdecref(qi, value);
        if (added < 0) {
            qv_clear(qi, &out);
            break;
        }
    }
    qv_leave_recursive(qi);
    return out;
}

QuiverValue *quiver_from_cjson(Quiver *q, const struct cJSON *tree)
{
    QvInstance *inst = qv_api_begin(q);
    return inst ? qv_api_value(inst, from_json(&inst->qi, tree)) : NULL;
}
