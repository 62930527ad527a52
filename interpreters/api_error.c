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
#include "interpreters/threads.h"
#include "object/exception.h"
#include "object/list.h"
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
    qv_thread_locks_end(qi, exc);
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
    if (exc && (rec->host_depth || !inst->config.report_uncaught)) {
        made.exc = exc; // goes on when the host function returns NULL; for quiver_error_value
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

QuiverValue *quiver_error_value(Quiver *q)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    QvErrorText *e = qv_error_take(inst);
    QvObj *exc = e ? qv_xnew_ref(&inst->qi, e->exc) : NULL;
    if (e) {
        qv_error_put(inst, e);
    }
    if (exc && !qv_api_own(inst, exc)) {
        exc = NULL;
        qv_err_clear(&inst->qi);
    }
    qv_detach(inst);
    return (QuiverValue *)exc;
}

int quiver_format_exception(Quiver *q, QuiverValue *exc, char **ret)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *o = qv_api_arg(inst, exc), *text = NULL;
    if (o && qv_api_given(inst, ret, "ret")) {
        text = qv_is_exc(o) ? qv_exc_format(qi, o)
                            : qv_raise(qi, &qv_exc_TypeError, "expected an exception, got %T", o);
    }
    int status = -1;
    if (text) {
        *ret = copy_text(qi, text);
        status = *ret ? 0 : -1;
        if (!*ret) {
            qv_raise_oom(qi);
        }
        qv_decref(qi, text);
    }
    return qv_api_status(inst, status);
}

// ---- as a tree ----------------------------------------------------------------------------------

#define MAX_CHAIN  100  // exceptions of a chain that are shown
#define MAX_FRAMES 1000 // of each, the innermost

// Adds an item, taken. False: no memory.
static bool add(cJSON *o, const char *name, cJSON *item)
{
    if (!item || !cJSON_AddItemToObject(o, name, item)) {
        cJSON_Delete(item);
        return false;
    }
    return true;
}

// A text, or null where there is none. s is taken.
static cJSON *text_node(QvInterp *qi, QvObj *s)
{
    char *text = copy_text(qi, s && qv_is_str(s) ? s : NULL);
    cJSON *node = text ? cJSON_CreateString(text) : cJSON_CreateNull();
    free(text);
    qv_xdecref(qi, s);
    qv_err_clear(qi);
    return node;
}

static cJSON *frame_node(QvInterp *qi, const QvTraceback *tb)
{
    QvObj *code = qv_getattr_cstr(qi, tb->frame, "f_code");
    cJSON *o = cJSON_CreateObject();
    bool good = o && code &&
                add(o, "file", text_node(qi, qv_getattr_cstr(qi, code, "co_filename"))) &&
                cJSON_AddNumberToObject(o, "line", tb->lineno) &&
                add(o, "function", text_node(qi, qv_getattr_cstr(qi, code, "co_name")));
    qv_xdecref(qi, code);
    qv_err_clear(qi);
    if (!good) {
        cJSON_Delete(o);
        return NULL;
    }
    return o;
}

static cJSON *frames_node(QvInterp *qi, QvObj *exc)
{
    const QvTraceback *tb = (const QvTraceback *)((QvExc *)exc)->traceback;
    long n = 0;
    for (const QvTraceback *e = tb; e; e = e->next) {
        n++;
    }
    cJSON *list = cJSON_CreateArray();
    for (; list && tb; tb = tb->next) {
        if (n-- > MAX_FRAMES) {
            continue;
        }
        cJSON *frame = frame_node(qi, tb);
        if (!frame || !cJSON_AddItemToArray(list, frame)) {
            cJSON_Delete(frame);
            cJSON_Delete(list);
            return NULL;
        }
    }
    return list;
}

static cJSON *notes_node(QvInterp *qi, QvObj *exc)
{
    QvObj *notes = qv_getattr_cstr(qi, exc, "__notes__");
    qv_err_clear(qi);
    cJSON *list = cJSON_CreateArray();
    for (QvSsize i = 0; notes && qv_is_list(notes) && i < qv_len(qi, notes); i++) {
        QvObj *note = qv_getitem_i(qi, notes, i);
        QvObj *text = note ? qv_str(qi, note) : NULL;
        qv_xdecref(qi, note);
        cJSON *node = text_node(qi, text);
        if (!list || !node || !cJSON_AddItemToArray(list, node)) {
            cJSON_Delete(node);
            break;
        }
    }
    qv_xdecref(qi, notes);
    return list;
}

// exc borrowed, or NULL: null. depth: exceptions above it in the chain.
static cJSON *exception_node(QvInterp *qi, QvObj *exc, int depth)
{
    if (!exc || depth > MAX_CHAIN) {
        return cJSON_CreateNull();
    }
    QvExc *e = (QvExc *)exc;
    cJSON *o = cJSON_CreateObject();
    bool good = o && add(o, "type", text_node(qi, qv_type_get_name(qi, exc->type))) &&
                add(o, "module", text_node(qi, qv_type_get_module(qi, exc->type))) &&
                add(o, "message", text_node(qi, qv_str(qi, exc))) &&
                add(o, "notes", notes_node(qi, exc)) && add(o, "frames", frames_node(qi, exc));
    if (good && qv_is_instance_of(exc, &qv_exc_SystemExit)) {
        good = cJSON_AddNumberToObject(o, "exit_code", exit_code_of(qi, exc));
    }
    QvObj *cause = qv_xnew_ref(qi, e->cause);
    QvObj *context = qv_xnew_ref(qi, e->cause || e->suppress_context ? NULL : e->context);
    good = good && add(o, "cause", exception_node(qi, cause, depth + 1)) &&
           add(o, "context", exception_node(qi, context, depth + 1));
    qv_xdecref(qi, cause);
    qv_xdecref(qi, context);
    if (!good) {
        cJSON_Delete(o);
        return NULL;
    }
    return o;
}

static cJSON *plain_node(const QuiverError *e)
{
    cJSON *o = cJSON_CreateObject();
    if (!o || !cJSON_AddStringToObject(o, "type", e->type) ||
        !cJSON_AddStringToObject(o, "message", e->message)) {
        cJSON_Delete(o);
        return NULL;
    }
    return o;
}

struct cJSON *quiver_error_cjson(Quiver *q)
{
    const QuiverError *e = quiver_error(q);
    QvInstance *inst = qv_api_inst(q);
    QvErrorText *mine = NULL;
    cJSON *o = NULL;
    bool inside = inst && *e->type && qv_attach(inst) == 0;
    if (inside) {
        mine = qv_error_take(inst); // what follows may run scripts, whose calls have their own
    }
    if (mine && mine->exc) {
        o = exception_node(&inst->qi, mine->exc, 0);
    } else {
        o = plain_node(e);
    }
    if (o && !cJSON_AddStringToObject(o, "traceback", e->traceback)) {
        cJSON_Delete(o);
        o = NULL;
    }
    if (mine) {
        qv_error_forget(inst);
        qv_error_put(inst, mine);
    }
    if (inside) {
        qv_detach(inst);
    }
    return o;
}
