// SPDX-License-Identifier: MIT
// What the files behind quiver.h share.
#ifndef QV_INTERPRETERS_API_H
#define QV_INTERPRETERS_API_H

#include "interpreters/limit.h"
#include "object/native.h"

static inline QvInstance *qv_api_inst(Quiver *q) { return (QvInstance *)q; }
static inline QvObj *qv_api_obj(QuiverValue *v) { return (QvObj *)v; }

// Enters and forgets the last error. NULL: q is NULL, the interpreter is being destroyed, or there
// is no memory.
static inline QvInstance *qv_api_begin(Quiver *q)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    qv_error_forget(inst);
    QvThreadRec *rec = inst->qi.ts->owner;
    if (!rec->ts.frame && rec->host_depth == 0) {
        qv_limits_call_begins(inst, rec);
    }
    return inst;
}

// ---- what a host passes is looked at before it is used: mistakes are errors, in any build ----

// Raises what is wrong with v; NULL.
QvObj *qv_api_bad_arg(QvInstance *inst, const QuiverValue *v);

// A value, borrowed. NULL with ValueError where it is NULL or belongs to another interpreter.
static inline QvObj *qv_api_arg(QvInstance *inst, QuiverValue *v)
{
    QvObj *o = qv_api_obj(v);
    return o && (o->owner == 0 || qv_owned(o, inst->qi.owner)) ? o : qv_api_bad_arg(inst, v);
}

// n such values. False with ValueError.
bool qv_api_args(QvInstance *inst, QuiverValue *const *values, size_t n);
// A pointer that must not be NULL; `what` names it. False with ValueError.
bool qv_api_given(QvInstance *inst, const void *p, const char *what);

// ---- scopes (api_scope.c) ----
// Enters a value into this thread's innermost scope. o, or NULL with MemoryError (o is dropped).
QvObj *qv_scope_add(QvInstance *inst, QvThreadRec *rec, QV_STOLEN QvObj *o);
// Takes one reference to it out of this thread's scopes: true when it was there.
bool qv_scope_remove(QvThreadRec *rec, const QvObj *o);
// How many are open; closes those beyond (each leaves what it entered).
uint32_t qv_scopes_open(const QvThreadRec *rec);
void qv_scopes_close_to(QvInstance *inst, QvThreadRec *rec, uint32_t open);
// Around a function of the host: hides those that are open; the first returns what the second
// takes.
uint32_t qv_scopes_hide(QvThreadRec *rec);
void qv_scopes_show(QvThreadRec *rec, uint32_t base, bool in_scope);
// Frees what a record keeps for scopes; none is open.
void qv_scopes_free(QvThreadRec *rec);

static inline QvObj *qv_api_own(QvInstance *inst, QvObj *o)
{
    QvThreadRec *rec = inst->qi.ts->owner;
    return QV_UNLIKELY(rec->in_scope) && o ? qv_scope_add(inst, rec, o) : o;
}

// Leaves with a result: NULL captures the pending exception.
static inline QuiverValue *qv_api_value(QvInstance *inst, QvObj *o)
{
    o = qv_api_own(inst, o);
    if (!o) {
        qv_error_capture(inst);
    }
    qv_detach(inst);
    return (QuiverValue *)o;
}

// Leaves with 0 or -1 (pending exception captured).
static inline int qv_api_status(QvInstance *inst, int status)
{
    if (status < 0) {
        qv_error_capture(inst);
    }
    qv_detach(inst);
    return status < 0 ? -1 : 0;
}

// Leaves with 1, 0 or -1.
static inline int qv_api_answer(QvInstance *inst, int answer)
{
    if (answer < 0) {
        qv_error_capture(inst);
    }
    qv_detach(inst);
    return answer < 0 ? -1 : answer > 0;
}

// Leaves with what was called or evaluated; prints may have to be shown. (api.c)
QuiverValue *qv_api_give(QvInstance *inst, QvObj *o);

// The text of a str as a malloc'ed copy; ret_size may be NULL. 0/-1. (api_value.c)
int qv_api_copy_str(QvInterp *qi, QvObj *s, char **ret, size_t *ret_size);

// The dict of __main__; NULL with RuntimeError while the interpreter ends.
QvObj *qv_api_main_dict(QvInstance *inst);

// ---- calling the host (host.c) ----
// Around a function of the host: what it may leave, its scopes and its errors are its own.
typedef struct QvHostCall {
    uint32_t floor, enters; // the record's before
    uint32_t scopes, scope_base;
    bool in_scope;
    QvErrorText *error; // of the call around
    QvObj *exc;         // pending (destructors only)
} QvHostCall;

void qv_host_begin(QvInterp *qi, QvHostCall *call);
// What it returned, checked; NULL with an exception. name: str, for messages.
QvObj *qv_host_end(QvInterp *qi, QvHostCall *call, QuiverValue *result, const char *name);
// The same for those that return a number, of which negative ones are errors.
int64_t qv_host_end_int(QvInterp *qi, QvHostCall *call, int64_t result, const char *name);
// And for destructors, which may be called with an exception pending: it stays; errors are
// forgotten.
void qv_host_begin_destroy(QvInterp *qi, QvHostCall *call);
void qv_host_end_destroy(QvInterp *qi, QvHostCall *call);

// Arguments bound to a signature as QuiverFunctionDef says.
typedef struct QvHostArgs {
    QvObj *slots[QV_SIG_MAX];
    QvObj *const *args;
    QvSsize nargs;
    uint64_t owned;
} QvHostArgs;
int qv_host_bind(QvInterp *qi, const QvSig *sig, QvObj *const *args, QvSsize nargs, QvObj *kwnames,
                 QvHostArgs *ret);
void qv_host_unbind(QvInterp *qi, const QvSig *sig, QvHostArgs *args);
// A signature for def, whose text may be NULL. ValueError for a bad one.
QvSig *qv_host_sig(QvInterp *qi, QvNativeDef *def, const char *name, const char *text,
                   const char *doc);

extern QvType qv_host_function_type, qv_host_method_type, qv_host_property_type;
extern QvType qv_host_object_type;

// A Python object that calls def->fn; takes user.
QvObj *qv_host_function_new(QvInterp *qi, const QuiverFunctionDef *def, QvObj *module, void *user,
                            void (*user_free)(void *user));

// It holds keeper as long as it lives.
void qv_host_function_keep(QvInterp *qi, QvObj *function, QvObj *keeper);

// ---- types and modules of the host (host_type.c, host_module.c) ----
QvObj *qv_host_class(QvInstance *inst, const QuiverType *type); // new reference
void qv_host_classes_drop(QvInstance *inst);
// Calls a traverse function of a table (or NULL) for the collector.
int qv_host_traverse(int (*traverse)(void *data, QuiverVisit visit, void *ctx), void *data,
                     QvVisit visit, void *ctx);
// Reads config.modules and config.load: before the interpreter is built (0/-1 no memory), once it
// is (0/-1 with an exception), and at the end.
int qv_host_modules_init(QvInstance *inst);
int qv_host_modules_start(QvInstance *inst);
void qv_host_modules_fini(QvInstance *inst); // the memory; nobody is left

#endif
