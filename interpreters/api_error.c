// SPDX-License-Identifier: MIT
// quiver.h: errors as data.
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "interpreters/api.h"
#include "object/exception.h"
#include "object/protocol.h"
#include "object/str.h"

static char *copy_text(QvInterp *qi, QvObj *s) {
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

void qv_error_forget(QvInstance *inst) {
    QvErrorText *e = &inst->error;
    if (!e->view.type || e->view.type[0]) {
        free(e->type);
        free(e->message);
        free(e->traceback);
        *e = (QvErrorText){.view = {.type = "", .message = "", .traceback = ""}};
    }
}

static int exit_code_of(QvInterp *qi, QvObj *exc) {
    QvObj *code = ((QvSystemExit *)exc)->code;
    int64_t n;
    (void)qi;
    if (!code || code == QV_NONE) {
        return 0;
    }
    return qv_is_int(code) && qv_int_as_i64(code, &n) ? (int)n : 1;
}

void qv_error_capture(QvInstance *inst) {
    QvInterp *qi = &inst->qi;
    qv_error_forget(inst);
    QvObj *exc = qv_err_fetch(qi);
    QvErrorText *e = &inst->error;
    if (!exc) {
        e->view = (QuiverError){.type = "SystemError", .message = "error without an exception", .traceback = "", .exit_code = 1};
        return;
    }
    QvObj *name = qv_type_get_name(qi, exc->type);
    QvObj *text = qv_str(qi, exc);
    if (!text) {
        qv_err_clear(qi);
    }
    QvObj *tb = qv_exc_format(qi, exc);
    if (!tb) {
        qv_err_clear(qi);
    }
    e->type = copy_text(qi, name);
    e->message = copy_text(qi, text);
    e->traceback = copy_text(qi, tb);
    bool is_exit = qv_is_instance_of(exc, &qv_exc_SystemExit);
    e->view = (QuiverError){
        .type = e->type ? e->type : "MemoryError",
        .message = e->message ? e->message : "",
        .traceback = e->traceback ? e->traceback : "",
        .exit_code = is_exit ? exit_code_of(qi, exc) : 1,
        .is_exit = is_exit,
    };
    qv_xdecref(qi, name);
    qv_xdecref(qi, text);
    qv_xdecref(qi, tb);
    qv_decref(qi, exc);
}

const QuiverError *quiver_error(Quiver *q) {
    QvInstance *inst = qv_api_inst(q);
    if (!inst->error.view.type) {
        qv_error_forget(inst);
    }
    return &inst->error.view;
}

void quiver_error_clear(Quiver *q) { qv_error_forget(qv_api_inst(q)); }

struct cJSON *quiver_error_cjson(Quiver *q) {
    const QuiverError *e = quiver_error(q);
    cJSON *o = cJSON_CreateObject();
    if (!o || !cJSON_AddStringToObject(o, "type", e->type) || !cJSON_AddStringToObject(o, "message", e->message) ||
        !cJSON_AddStringToObject(o, "traceback", e->traceback)) {
        cJSON_Delete(o);
        return NULL;
    }
    return o;
}
