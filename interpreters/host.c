// SPDX-License-Identifier: MIT
// Functions of the host as Python objects, and what stands around every call of the host.
#include <limits.h>
#include <string.h>

#include "interpreters/api.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/gc.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

// ---- around a call ------------------------------------------------------------------------------

void qv_host_begin(QvInterp *qi, QvHostCall *call)
{
    QvInstance *inst = qv_instance_of(qi);
    QvThreadRec *rec = qi->ts->owner;
    *call = (QvHostCall){
        .floor = rec->host_floor,
        .enters = rec->enters,
        .scopes = qv_scopes_open(rec),
        .in_scope = rec->in_scope,
        .error = qv_error_take(inst),
    };
    call->scope_base = qv_scopes_hide(rec);
    rec->host_depth++;
    rec->host_floor = call->enters;
}

// Leaves what it forgot to leave; the error of its last call that failed, or NULL.
static QvErrorText *come_back(QvInterp *qi, QvHostCall *call)
{
    QvInstance *inst = qv_instance_of(qi);
    QvThreadRec *rec = qv_attached_record(inst);
    if (!rec->holds) { // it forgot quiver_blocking_end
        qv_attach_lock(qi);
    }
    QvErrorText *left = qv_error_take(inst);
    qv_scopes_close_to(inst, rec, call->scopes);
    while (rec->enters > call->enters) {
        qv_detach(inst);
    }
    qv_scopes_show(rec, call->scope_base, call->in_scope);
    rec->host_floor = call->floor;
    rec->host_depth--;
    if (call->error) {
        qv_error_forget(inst); // of finalizers just now
        qv_error_put(inst, call->error);
    }
    return left;
}

// Raises what a host function that failed has left.
static void raise_left(QvInterp *qi, QvErrorText *left, const char *name)
{
    if (qv_err_occurred(qi)) {
        return;
    }
    if (left && left->exc) {
        qv_err_restore(qi, left->exc);
        left->exc = NULL;
    } else if (left) {
        qv_raise(qi, &qv_exc_RuntimeError, "%s: %s", left->view.type, left->view.message);
    } else {
        qv_raise(qi, &qv_exc_SystemError, "%s returned no value and raised nothing", name);
    }
}

QvObj *qv_host_end(QvInterp *qi, QvHostCall *call, QuiverValue *value, const char *name)
{
    QvInstance *inst = qv_instance_of(qi);
    QvErrorText *left = come_back(qi, call);
    QvObj *result = (QvObj *)value;
    if (result && result->owner != 0 && !qv_owned(result, qi->owner)) {
        qv_api_bad_arg(inst, value);
        result = NULL;
    }
    if (!result) {
        raise_left(qi, left, name);
    } else if (qv_err_occurred(qi)) { // it raised, and yet returned something
        qv_clear(qi, &result);
    }
    qv_error_drop(inst, left);
    return result;
}

int64_t qv_host_end_int(QvInterp *qi, QvHostCall *call, int64_t result, const char *name)
{
    QvErrorText *left = come_back(qi, call);
    if (result < 0) {
        raise_left(qi, left, name);
    } else if (qv_err_occurred(qi)) {
        result = -1;
    }
    qv_error_drop(qv_instance_of(qi), left);
    return result;
}

void qv_host_begin_destroy(QvInterp *qi, QvHostCall *call)
{
    QvObj *exc = qv_err_fetch(qi);
    qv_host_begin(qi, call);
    call->exc = exc;
}

void qv_host_end_destroy(QvInterp *qi, QvHostCall *call)
{
    QvErrorText *left = come_back(qi, call);
    qv_err_clear(qi);
    qv_error_drop(qv_instance_of(qi), left);
    qv_err_restore(qi, call->exc);
}

// ---- arguments ----------------------------------------------------------------------------------

QvSig *qv_host_sig(QvInterp *qi, QvNativeDef *def, const char *name, const char *text,
                   const char *doc)
{
    *def = (QvNativeDef){.name = name, .sig = text ? text : "(*args)", .doc = doc};
    QvSig *sig = strchr(def->sig, '$') ? NULL : qv_sig_new(qi, def);
    if (!sig && (!qv_err_occurred(qi) || qv_err_matches(qi, &qv_exc_SystemError))) {
        qv_err_clear(qi);
        qv_raise(qi, &qv_exc_ValueError, "bad signature of %s: %s", name, def->sig);
    }
    return sig;
}

int qv_host_bind(QvInterp *qi, const QvSig *sig, QvObj *const *args, QvSsize nargs, QvObj *kwnames,
                 QvHostArgs *ret)
{
    bool plain = !kwnames || qv_tuple_len(kwnames) == 0;
    ret->owned = 0;
    if (plain && (sig->tail ? nargs >= sig->npos : sig->simple && nargs == sig->nparams)) {
        ret->args = args;
        ret->nargs = nargs;
        return 0;
    }
    ret->args = ret->slots;
    ret->nargs = sig->tail ? nargs : sig->nparams;
    return qv_sig_bind(qi, sig, args, nargs, kwnames, ret->slots, &ret->owned);
}

void qv_host_unbind(QvInterp *qi, const QvSig *sig, QvHostArgs *args)
{
    if (args->owned) {
        qv_sig_release(qi, sig, args->slots, args->owned);
    }
}

// ---- the type -----------------------------------------------------------------------------------

typedef struct HostFunction {
    QvObj h;
    QvObj *name;   // str
    QvObj *module; // str or NULL
    QvObj *keeper; // what user belongs to, or NULL
    QuiverFunction fn;
    QvSig *sig; // NULL: counts only
    QvNativeDef native;
    size_t min_args, max_args;
    void *user;
    void (*user_free)(void *user);
} HostFunction;

static void free_user(QvInterp *qi, void *user, void (*user_free)(void *user))
{
    if (user_free) {
        QvHostCall call;
        qv_host_begin_destroy(qi, &call);
        user_free(user);
        qv_host_end_destroy(qi, &call);
    }
}

static void host_fini(QvInterp *qi, QvObj *o)
{
    HostFunction *f = (HostFunction *)o;
    qv_clear(qi, &f->name);
    qv_clear(qi, &f->module);
    qv_sig_free(qi, f->sig);
    f->sig = NULL;
    void (*user_free)(void *user) = f->user_free;
    f->user_free = NULL;
    free_user(qi, f->user, user_free);
    qv_clear(qi, &f->keeper);
}

static int host_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((HostFunction *)o)->keeper);
    return 0;
}

void qv_host_function_keep(QvInterp *qi, QvObj *function, QvObj *keeper)
{
    qv_set_take(qi, &((HostFunction *)function)->keeper, qv_new_ref(qi, keeper));
}

static QvObj *host_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<host function %U>", ((HostFunction *)o)->name);
}

static QvObj *host_name(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((HostFunction *)o)->name);
}

static QvObj *host_module(QvInterp *qi, QvObj *o)
{
    QvObj *module = ((HostFunction *)o)->module;
    return module ? qv_new_ref(qi, module) : QV_NONE;
}

static QvObj *host_doc(QvInterp *qi, QvObj *o)
{
    const char *doc = ((HostFunction *)o)->native.doc;
    return doc ? qv_str_new_cstr(qi, doc) : QV_NONE;
}

static QvObj *host_text_signature(QvInterp *qi, QvObj *o)
{
    const char *text = ((HostFunction *)o)->native.sig;
    return text ? qv_str_new_cstr(qi, text) : QV_NONE;
}

static int check_count(QvInterp *qi, const HostFunction *f, QvSsize nargs, QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%U() takes no keyword arguments", f->name);
    }
    bool few = (size_t)nargs < f->min_args;
    if (!few && (size_t)nargs <= f->max_args) {
        return 0;
    }
    size_t want = few ? f->min_args : f->max_args;
    return qv_raise_int(qi, &qv_exc_TypeError, "%U() takes %s %zu argument%s (%zd given)", f->name,
                        f->min_args == f->max_args ? "exactly"
                        : few                      ? "at least"
                                                   : "at most",
                        want, want == 1 ? "" : "s", nargs);
}

static QvObj *host_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    HostFunction *f = (HostFunction *)o;
    QvHostArgs bound = {.args = args, .nargs = nargs};
    if (f->sig ? qv_host_bind(qi, f->sig, args, nargs, kwnames, &bound) < 0
               : check_count(qi, f, nargs, kwnames) < 0) {
        return NULL;
    }
    QvHostCall call;
    qv_incref(qi, o); // it may unregister itself
    qv_host_begin(qi, &call);
    QuiverValue *value = f->fn((Quiver *)qv_instance_of(qi), f->user,
                               (QuiverValue *const *)bound.args, (size_t)bound.nargs);
    QvUtf8 name = {.s = f->native.name};
    bool named = name.s != NULL;
    if (!named && !value) {
        named = true;
        if (qv_str_utf8(qi, f->name, &name) < 0) {
            qv_err_clear(qi);
            name = (QvUtf8){.s = "a host function"};
        }
    }
    QvObj *result = qv_host_end(qi, &call, value, named ? name.s : "");
    qv_utf8_release(qi, &name);
    qv_host_unbind(qi, f->sig, &bound);
    qv_decref(qi, o);
    return result;
}

// As a class attribute it stays a function, like built-in ones. That it has this slot makes inspect
// and pydoc see a function in C.
static QvObj *host_get(QvInterp *qi, QvObj *o, QvObj *obj, QvObj *type)
{
    (void)obj, (void)type;
    return qv_new_ref(qi, o);
}

// By name, as built-in functions: copy leaves it alone, pickle looks it up.
static QvObj *host_reduce(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return host_name(qi, o);
}

static const QvNativeDef host_methods[] = {
    {"__reduce__", host_reduce, "($self, /)", NULL},
    {0},
};

static const QvGetSet host_getsets[] = {
    {"__name__", host_name, NULL, NULL},
    {"__qualname__", host_name, NULL, NULL},
    {"__module__", host_module, NULL, NULL},
    {"__doc__", host_doc, NULL, NULL},
    {"__text_signature__", host_text_signature, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_host_function_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "host_function",
    .id = QV_TID_host_function,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_WEAK,
    .size = sizeof(HostFunction),
    .base = &qv_object_type,
    .methods = host_methods,
    .getsets = host_getsets,
    .fini = host_fini,
    .traverse = host_traverse,
    .repr = host_repr,
    .call = host_call,
    .descr_get = host_get,
};

// ---- registering --------------------------------------------------------------------------------

static HostFunction *new_function(QvInterp *qi, const char *name, QvObj *module, QuiverFunction fn,
                                  void *user, void (*user_free)(void *user))
{
    QvObj *text = qv_str_intern_cstr(qi, name);
    HostFunction *f = text ? (HostFunction *)qv_obj_new(qi, &qv_host_function_type) : NULL;
    if (!f) {
        qv_xdecref(qi, text);
        free_user(qi, user, user_free);
        return NULL;
    }
    f->name = text;
    f->module = qv_xnew_ref(qi, module);
    f->fn = fn;
    f->user = user;
    f->user_free = user_free;
    return f;
}

QvObj *qv_host_function_new(QvInterp *qi, const QuiverFunctionDef *def, QvObj *module, void *user,
                            void (*user_free)(void *user))
{
    HostFunction *f = new_function(qi, def->name, module, def->fn, user, user_free);
    if (f && !(f->sig = qv_host_sig(qi, &f->native, def->name, def->signature, def->doc))) {
        qv_decref(qi, &f->h);
        return NULL;
    }
    return (QvObj *)f;
}

// A pointer to a function is no pointer to an object.
static bool given_fn(QvInstance *inst, QuiverFunction fn)
{
    void *code;
    memcpy(&code, &fn, sizeof code);
    return qv_api_given(inst, code, "fn");
}

static bool good_def(QvInstance *inst, const QuiverFunctionDef *def)
{
    return qv_api_given(inst, def, "def") && qv_api_given(inst, def->name, "name") &&
           given_fn(inst, def->fn);
}

// The module to register in, made when there is none: new reference.
static QvObj *module_for(QvInstance *inst, const char *name)
{
    QvInterp *qi = &inst->qi;
    if (!qv_api_main_dict(inst)) {
        return NULL;
    }
    if (!name) {
        return qv_new_ref(qi, inst->main);
    }
    QvObj *key = qv_str_intern_cstr(qi, name), *m = NULL;
    int found = key ? qv_dict_get(qi, qi->modules, key, &m) : -1;
    if (found > 0 && !qv_is_module(m)) {
        qv_raise(qi, &qv_exc_ValueError, "%s in sys.modules is no module", name);
        m = NULL;
    } else if (found > 0) {
        qv_incref(qi, m);
    } else {
        m = found == 0 ? qv_module_new(qi, key) : NULL;
        if (m && qv_dict_set(qi, qi->modules, key, m) < 0) {
            qv_clear(qi, &m);
        }
    }
    qv_xdecref(qi, key);
    return m;
}

static int put_function(QvInstance *inst, QvObj *module, const char *name, QvObj *f)
{
    int status = f ? qv_dict_set_cstr(&inst->qi, qv_module_dict(module), name, f) : -1;
    qv_xdecref(&inst->qi, f);
    qv_decref(&inst->qi, module);
    return qv_api_status(inst, status);
}

// A call that failed before there was an object to take user.
static int refuse(QvInstance *inst, void *user, void (*user_free)(void *user))
{
    if (inst) {
        qv_error_capture(inst);
        free_user(&inst->qi, user, user_free);
        qv_detach(inst);
    } else if (user_free) {
        user_free(user);
    }
    return -1;
}

int quiver_register(Quiver *q, const char *module, const char *name, QuiverFunction fn,
                    size_t min_args, size_t max_args, void *user, void (*user_free)(void *user))
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst || !qv_api_given(inst, name, "name") || !given_fn(inst, fn)) {
        return refuse(inst, user, user_free);
    }
    QvInterp *qi = &inst->qi;
    if (min_args > max_args) {
        qv_raise(qi, &qv_exc_ValueError, "min_args is larger than max_args");
        return refuse(inst, user, user_free);
    }
    QvObj *m = module_for(inst, module);
    if (!m) {
        return refuse(inst, user, user_free);
    }
    HostFunction *f = new_function(qi, name, NULL, fn, user, user_free);
    if (f) {
        f->min_args = min_args;
        f->max_args = max_args;
    }
    return put_function(inst, m, name, (QvObj *)f);
}

int quiver_register_def(Quiver *q, const char *module, const QuiverFunctionDef *def, void *user,
                        void (*user_free)(void *user))
{
    QvInstance *inst = qv_api_begin(q);
    QvObj *m = inst && good_def(inst, def) ? module_for(inst, module) : NULL;
    if (!m) {
        return refuse(inst, user, user_free);
    }
    QvObj *of = qv_dict_peek_str(qv_module_dict(m), QV_N(__name__));
    return put_function(inst, m, def->name,
                        qv_host_function_new(&inst->qi, def, of, user, user_free));
}

QuiverValue *quiver_function(Quiver *q, const QuiverFunctionDef *def, void *user,
                             void (*user_free)(void *user))
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst || !good_def(inst, def)) {
        refuse(inst, user, user_free);
        return NULL;
    }
    return qv_api_value(inst, qv_host_function_new(&inst->qi, def, NULL, user, user_free));
}

// ---- raising ------------------------------------------------------------------------------------

// In a host function the error of the call that failed before it raises something else is the
// context. Elsewhere nobody is there to raise it for: an error as any other.
static void settle_raised(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    QvThreadRec *rec = qi->ts->owner;
    if (rec->host_depth == 0) {
        qv_error_capture(inst);
        return;
    }
    QvErrorText *before = qv_error_take(inst);
    if (before && before->exc && qi->ts->exc && before->exc != qi->ts->exc) {
        qv_err_chain(qi, before->exc);
        before->exc = NULL;
    }
    qv_error_drop(inst, before);
}

QuiverValue *quiver_raise(Quiver *q, const char *type, const char *message)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    type = type ? type : "RuntimeError";
    message = message ? message : "";
    qv_err_clear(qi);
    QvObj *name = qv_str_intern_cstr(qi, type);
    QvObj *cls = name && qi->builtins ? qv_dict_peek_str(qi->builtins, name) : NULL;
    if (name) {
        if (cls && qv_is_type(cls) && qv_type_is_subtype((QvType *)cls, &qv_exc_BaseException)) {
            qv_raise(qi, (QvType *)cls, "%s", message);
        } else {
            qv_raise(qi, &qv_exc_RuntimeError, "%s: %s", type, message);
        }
        qv_decref(qi, name);
    }
    settle_raised(inst);
    qv_detach(inst);
    return NULL;
}

QuiverValue *quiver_raise_value(Quiver *q, QuiverValue *exc, QuiverValue *cause)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    qv_err_clear(qi);
    QvObj *o = qv_api_arg(inst, exc), *from = cause ? qv_api_arg(inst, cause) : NULL;
    QvObj *made = o && (from || !cause) ? qv_exc_make(qi, o) : NULL;
    QvObj *why = made && from && from != QV_NONE ? qv_exc_make(qi, from) : NULL;
    if (made && from && from != QV_NONE && !why) {
        qv_clear(qi, &made);
    }
    if (made) {
        if (from) {
            qv_exc_set_cause(qi, made, why); // NULL: `from None`
        }
        qv_raise_exc(qi, made);
    }
    settle_raised(inst);
    qv_detach(inst);
    return NULL;
}
