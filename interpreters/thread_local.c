// SPDX-License-Identifier: MIT
// _thread._local: objects whose attributes belong to the thread that uses them.
//
// Each object has one dict of attributes for each thread (by get_ident). All such objects of an
// interpreter stand in a list, so that a thread that ends can take its dicts with it.
#include "interpreters/threads.h"
#include "modules/modules.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct QvLocal {
    QvObj h;
    QvObj *args;                 // tuple for __init__ in later threads
    QvObj *kwargs;               // dict or NULL
    QvObj *dicts;                // get_ident() -> dict
    struct QvLocal *prev, *next; // inst->locals
} QvLocal;

static QvLocal *as_local(QvObj *o) { return (QvLocal *)o; }

static QvObj *local_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    if (nargs + nkw > 0 && type->init == qv_object_type.init) {
        return qv_raise(qi, &qv_exc_TypeError, "Initialization arguments are not supported");
    }
    QvObj *o = qv_obj_new(qi, type);
    if (!o) {
        return NULL;
    }
    QvLocal *l = as_local(o);
    QvInstance *inst = qv_instance_of(qi);
    l->next = inst->locals;
    if (l->next) {
        l->next->prev = l;
    }
    inst->locals = l;
    l->args = qv_tuple_from_array(qi, args, nargs);
    l->dicts = qv_dict_new(qi);
    if (!l->args || !l->dicts) {
        goto fail;
    }
    if (nkw) {
        l->kwargs = qv_dict_new(qi);
        for (QvSsize k = 0; l->kwargs && k < nkw; k++) {
            if (qv_dict_set(qi, l->kwargs, qv_tuple_peek(kwnames, k), args[nargs + k]) < 0) {
                goto fail;
            }
        }
        if (!l->kwargs) {
            goto fail;
        }
    }
    // The thread that makes it runs __init__ by the ordinary way.
    QvObj *key = qv_int_from_u64(qi, qi->ts->os_id), *dict = qv_dict_new(qi);
    int status = key && dict ? qv_dict_set(qi, l->dicts, key, dict) : -1;
    qv_xdecref(qi, key);
    qv_xdecref(qi, dict);
    if (status == 0) {
        return o;
    }
fail:
    qv_decref(qi, o);
    return NULL;
}

static void local_clear(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_local(o)->args);
    qv_clear(qi, &as_local(o)->kwargs);
    qv_clear(qi, &as_local(o)->dicts);
}

static void local_fini(QvInterp *qi, QvObj *o)
{
    QvLocal *l = as_local(o);
    QvInstance *inst = qv_instance_of(qi);
    if (l->prev || inst->locals == l) {
        *(l->prev ? &l->prev->next : &inst->locals) = l->next;
        if (l->next) {
            l->next->prev = l->prev;
        }
        l->prev = l->next = NULL;
    }
    local_clear(qi, o);
}

static int local_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_local(o)->args);
    QV_VISIT(as_local(o)->kwargs);
    QV_VISIT(as_local(o)->dicts);
    return 0;
}

// The running thread's dict, new reference; its first use in a thread runs __init__.
static QvObj *dict_of(QvInterp *qi, QvObj *o)
{
    QvLocal *l = as_local(o);
    if (!l->dicts) {
        return qv_raise(qi, &qv_exc_RuntimeError, "the thread-local object is gone");
    }
    QvObj *key = qv_int_from_u64(qi, qi->ts->os_id), *dict = NULL;
    int found = key ? qv_dict_get(qi, l->dicts, key, &dict) : -1;
    if (found > 0) {
        qv_incref(qi, dict);
    } else if (found == 0) {
        dict = qv_dict_new(qi);
        if (dict && qv_dict_set(qi, l->dicts, key, dict) < 0) {
            qv_clear(qi, &dict);
        }
        if (dict && o->type->init != qv_object_type.init) {
            QvObj *init = qv_getattr(qi, &o->type->h, QV_N(__init__)), *bound = NULL,
                  *result = NULL;
            if (init) {
                bound = init->type->descr_get ? init->type->descr_get(qi, init, o, &o->type->h)
                                              : qv_new_ref(qi, init);
            }
            if (bound) {
                result = qv_call_tuple(qi, bound, l->args, l->kwargs);
            }
            qv_xdecref(qi, init);
            qv_xdecref(qi, bound);
            qv_xdecref(qi, result);
            if (!result) { // the next use tries again
                QvObj *exc = qv_err_fetch(qi), *gone;
                if (l->dicts && qv_dict_pop(qi, l->dicts, key, &gone) > 0) {
                    qv_decref(qi, gone);
                }
                qv_err_restore(qi, exc);
                qv_clear(qi, &dict);
            }
        }
    }
    qv_xdecref(qi, key);
    return dict;
}

static QvObj *local_getattr(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *dict = dict_of(qi, o);
    if (!dict) {
        return NULL;
    }
    if (qv_str_eq_ascii(name, "__dict__")) {
        return dict;
    }
    QvObj *interned = qv_new_ref(qi, name), *ret = NULL;
    if (qv_str_intern(qi, &interned) < 0) {
        qv_decref(qi, dict);
        return NULL;
    }
    QvObj *on_type = qv_xnew_ref(qi, qv_type_lookup(qi, o->type, interned)), *value;
    QvType *t = on_type ? on_type->type : NULL;
    if (t && t->descr_get && t->descr_set) {
        ret = t->descr_get(qi, on_type, o, &o->type->h);
        goto done;
    }
    int found = qv_dict_get(qi, dict, interned, &value);
    if (found > 0) {
        ret = qv_new_ref(qi, value);
    } else if (found == 0 && t) {
        ret = t->descr_get ? t->descr_get(qi, on_type, o, &o->type->h) : qv_new_ref(qi, on_type);
    } else if (found == 0) {
        qv_attr_error(qi, o, interned);
    }
done:
    qv_xdecref(qi, on_type);
    qv_decref(qi, interned);
    qv_decref(qi, dict);
    return ret;
}

static int local_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    QvObj *dict = dict_of(qi, o);
    if (!dict) {
        return -1;
    }
    if (qv_str_eq_ascii(name, "__dict__")) {
        qv_decref(qi, dict);
        return qv_raise_int(qi, &qv_exc_AttributeError, "'%T' object attribute '%U' is read-only",
                            o, name);
    }
    QvObj *interned = qv_new_ref(qi, name);
    if (qv_str_intern(qi, &interned) < 0) {
        qv_decref(qi, dict);
        return -1;
    }
    int status = 0;
    QvObj *on_type = qv_xnew_ref(qi, qv_type_lookup(qi, o->type, interned)), *gone;
    if (on_type && on_type->type->descr_set) {
        status = on_type->type->descr_set(qi, on_type, o, value);
    } else if (value) {
        status = qv_dict_set(qi, dict, interned, value);
    } else {
        int found = qv_dict_pop(qi, dict, interned, &gone);
        if (found > 0) {
            qv_decref(qi, gone);
        } else {
            status = -1;
            if (found == 0) {
                qv_attr_error(qi, o, interned);
            }
        }
    }
    qv_xdecref(qi, on_type);
    qv_decref(qi, interned);
    qv_decref(qi, dict);
    return status;
}

void qv_thread_local_end(QvInterp *qi)
{
    QvObj *key = qv_int_from_u64(qi, qi->ts->os_id);
    QvInstance *inst = qv_instance_of(qi);
    // Dropping a dict may run anything, which may change the list: from the start again after each.
    for (QvLocal *l = key ? inst->locals : NULL; l;) {
        QvObj *dict;
        int found = l->dicts ? qv_dict_pop(qi, l->dicts, key, &dict) : 0;
        if (found > 0) {
            qv_decref(qi, dict);
            l = inst->locals;
        } else {
            qv_err_clear(qi);
            l = l->next;
        }
    }
    qv_xdecref(qi, key);
}

QV_SEALED QvType qv_thread_local_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_thread._local",
    .id = QV_TID_thread_local,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvLocal),
    .doc = "Thread-local data",
    .new_ = local_new,
    .fini = local_fini,
    .clear = local_clear,
    .traverse = local_traverse,
    .getattr = local_getattr,
    .setattr = local_setattr,
};
