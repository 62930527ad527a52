// SPDX-License-Identifier: MIT
// quiver.h: errors as data.
//
// A thread whose last call failed has a QvErrorText in inst->errors until its next call. So threads
// that use one interpreter at the same time do not see each other's errors, and a text never goes
// while its thread may look at it.
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "interpreters/api.h"
#include "object/exception.h"
#include "object/protocol.h"
#include "object/str.h"

static char *copy_text(QvInterp *qi, QvObj *s)
{
    QvUtf8 u;
    if (!s || qv_str_utf8_surrogates(qi, s, &u, true) < 0) {
        qv_err_clear(qi);
        return NULL;
    }
    char *text = malloc((size_t)u.n + 1);
    if (text) {
        memcpy(text, u.s, (size_t)u.n);
        text[u.n] = 0;
    }
    qv_utf8_release(qi, &u);
    return text;
}

// ---- one text for each thread whose last call failed --------------------------------------------

static uint64_t this_thread(void) { return (uint64_t)pthread_self(); }

// Unlinks the text of this thread; the caller's from now on. NULL: it has none.
QvErrorText *qv_error_take(QvInstance *inst)
{
    if (!__atomic_load_n(&inst->errors, __ATOMIC_RELAXED)) { // the usual case: nobody has one, this
                                                             // thread neither
        return NULL;
    }
    qv_mutex_lock(&inst->threads_mu);
    QvErrorText **link = &inst->errors;
    while (*link && (*link)->os_id != this_thread()) {
        link = &(*link)->next;
    }
    QvErrorText *e = *link;
    if (e) {
        __atomic_store_n(link, e->next, __ATOMIC_RELAXED);
    }
    qv_mutex_unlock(&inst->threads_mu);
    return e;
}

void qv_error_put(QvInstance *inst, QvErrorText *e)
{
    e->os_id = this_thread();
    qv_mutex_lock(&inst->threads_mu);
    e->next = inst->errors;
    __atomic_store_n(&inst->errors, e, __ATOMIC_RELAXED);
    qv_mutex_unlock(&inst->threads_mu);
}

void qv_error_drop(QvInstance *inst, QvErrorText *e)
{
    if (e) {
        qv_clear(&inst->qi, &e->exc);
        free(e->type);
        free(e->message);
        free(e->traceback);
        free(e);
    }
}

void qv_error_forget(QvInstance *inst)
{
    uint64_t self = this_thread();
    __atomic_compare_exchange_n(&inst->error_lost, &self, 0, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
    qv_error_drop(inst, qv_error_take(inst));
}

void qv_error_forget_all(QvInstance *inst)
{
    qv_mutex_lock(&inst->threads_mu);
    QvErrorText *e = inst->errors;
    inst->errors = NULL;
    qv_mutex_unlock(&inst->threads_mu);
    while (e) {
        QvErrorText *next = e->next;
        qv_error_drop(inst, e);
        e = next;
    }
}

// ---- capture ------------------------------------------------------------------------------------

static int exit_code_of(QvInterp *qi, QvObj *exc)
{
    QvObj *code = qv_getattr_cstr(qi, exc, "code");
    int64_t n;
    int ret = 1;
    if (code == QV_NONE) {
        ret = 0;
    } else if (code && qv_is_instance_of(code, &qv_int_type)) {
        ret = qv_int_as_i64(code, &n) ? (int)n : -1;
    }
    qv_xdecref(qi, code);
    qv_err_clear(qi);
    return ret;
}

void qv_error_capture(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    QvObj *exc = qv_err_fetch(qi);
    QvErrorText made = {.view = {.type = "SystemError",
                                 .message = "error without an exception",
                                 .traceback = "",
                                 .exit_code = 1}};
    if (exc) {
        QvObj *name = qv_type_get_name(qi, exc->type);
        made.type = copy_text(qi, name);
        qv_xdecref(qi, name);
        QvObj *text = qv_str(qi, exc);
        if (!text) {
            qv_err_clear(qi);
        }
        made.message = copy_text(qi, text);
        qv_xdecref(qi, text);
        QvObj *tb = qv_exc_format(qi, exc);
        if (!tb) {
            qv_err_clear(qi);
        }
        made.traceback = copy_text(qi, tb);
        qv_xdecref(qi, tb);
        bool is_exit = qv_is_instance_of(exc, &qv_exc_SystemExit);
        made.view = (QuiverError){
            .type = made.type ? made.type : "MemoryError",
            .message = made.message ? made.message : "",
            .traceback = made.traceback ? made.traceback : "",
            .exit_code = is_exit ? exit_code_of(qi, exc) : 1,
            .is_exit = is_exit,
        };
    }
    QvThreadRec *rec = qi->ts->owner;
    if (exc && rec->host_depth) {
        made.exc = exc; // goes on when the host function returns NULL
    } else {
        qv_xdecref(qi, exc);
    }
    qv_error_forget(inst); // what str() and the like of the exception left
    QvErrorText *e = malloc(sizeof *e);
    if (!e) {
        qv_clear(qi, &made.exc);
        free(made.type);
        free(made.message);
        free(made.traceback);
        __atomic_store_n(&inst->error_lost, this_thread(), __ATOMIC_RELAXED);
        return;
    }
    *e = made;
    qv_error_put(inst, e);
}

// ---- for the host -------------------------------------------------------------------------------

const QuiverError *quiver_error(Quiver *q)
{
    static const QuiverError none = {.type = "", .message = "", .traceback = "", .exit_code = 1};
    static const QuiverError lost = {
        .type = "MemoryError", .message = "", .traceback = "MemoryError\n", .exit_code = 1};
    static const QuiverError nobody = {.type = "ValueError",
                                       .message = "the interpreter is NULL",
                                       .traceback = "ValueError: the interpreter is NULL\n",
                                       .exit_code = 1};
    QvInstance *inst = qv_api_inst(q);
    if (!inst) {
        return &nobody;
    }
    qv_mutex_lock(&inst->threads_mu);
    QvErrorText *e = inst->errors;
    while (e && e->os_id != this_thread()) {
        e = e->next;
    }
    qv_mutex_unlock(&inst->threads_mu);
    if (e) {
        return &e->view; // only this thread, or the end of the interpreter, frees it
    }
    return __atomic_load_n(&inst->error_lost, __ATOMIC_RELAXED) == this_thread() ? &lost : &none;
}

void quiver_error_clear(Quiver *q)
{
    QvInstance *inst = qv_api_begin(q);
    if (inst) {
        qv_detach(inst);
    }
}

struct cJSON *quiver_error_cjson(Quiver *q)
{
    const QuiverError *e = quiver_error(q);
    cJSON *o = cJSON_CreateObject();
    if (!o || !cJSON_AddStringToObject(o, "type", e->type) ||
        !cJSON_AddStringToObject(o, "message", e->message) ||
        !cJSON_AddStringToObject(o, "traceback", e->traceback)) {
        cJSON_Delete(o);
        return NULL;
    }
    return o;
}
