// SPDX-License-Identifier: MIT
// What the host adds to the modules that `import` finds: native modules (config.modules), and
// source from wherever it likes (config.load).
//
// A native module is a built-in one for the importer: each row of config.modules gets a QvModuleDef
// of this instance, whose state begins with a StateHead; the host's state follows. Its functions
// hold the module, so that the state outlives them.
//
// config.load is served by lib/python/_quiver_host.py, a finder in sys.meta_path.
#include <stdlib.h>
#include <string.h>

#include "interpreters/api.h"
#include "modules/modules.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/float.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct QvHostModule {
    QvModuleDef def;
    const QuiverModule *table;
    void *state; // of the module that was imported last, or NULL
} QvHostModule;

typedef struct StateHead {
    QvHostModule *module; // NULL: init has not begun
    void *unused;         // keeps the host's state 16 byte aligned
} StateHead;

static Quiver *handle(QvInterp *qi) { return (Quiver *)qv_instance_of(qi); }

// ---- native modules -----------------------------------------------------------------------------

static int add_constants(QvInterp *qi, QvObj *m, const QuiverConstant *rows)
{
    for (const QuiverConstant *c = rows; c && c->name; c++) {
        QvObj *value = NULL;
        switch (c->kind) {
        case QUIVER_CONST_INT: value = qv_int_from_i64(qi, c->i); break;
        case QUIVER_CONST_FLOAT: value = qv_float_new(qi, c->f); break;
        case QUIVER_CONST_STR: value = qv_str_new_cstr(qi, c->s ? c->s : ""); break;
        default: qv_raise(qi, &qv_exc_ValueError, "the kind of constant %s is unknown", c->name);
        }
        if (qv_module_add_take(qi, m, c->name, value) < 0) {
            return -1;
        }
    }
    return 0;
}

static int add_functions(QvInterp *qi, QvObj *m, const QuiverFunctionDef *rows, void *state)
{
    QvObj *name = qv_dict_peek_str(qv_module_dict(m), QV_N(__name__));
    for (const QuiverFunctionDef *d = rows; d && d->name; d++) {
        if (!d->fn) {
            return qv_raise_int(qi, &qv_exc_ValueError, "fn of %s is NULL", d->name);
        }
        QvObj *f = qv_host_function_new(qi, d, name, state, NULL);
        if (f) {
            qv_host_function_keep(qi, f, m);
        }
        if (qv_module_add_take(qi, m, d->name, f) < 0) {
            return -1;
        }
    }
    return 0;
}

static int add_types(QvInterp *qi, QvObj *m, const QuiverType *const *types)
{
    for (; types && *types; types++) {
        QvObj *cls = qv_host_class(qv_instance_of(qi), *types);
        if (!cls) {
            return -1;
        }
        const char *dot = strrchr((*types)->name, '.');
        if (qv_module_add_take(qi, m, dot ? dot + 1 : (*types)->name, cls) < 0) {
            return -1;
        }
    }
    return 0;
}

static int module_init(QvInterp *qi, QvObj *m)
{
    QvHostModule *h = (QvHostModule *)(uintptr_t)((QvModule *)m)->def; // def is its first member
    const QuiverModule *table = h->table;
    StateHead *head = qv_module_state(m);
    void *state = head + 1;
    if (table->struct_size != sizeof *table) {
        return qv_raise_int(qi, &qv_exc_ImportError,
                            "module %s was made for another version of quiver.h", table->name);
    }
    head->module = h;
    h->state = state;
    if (add_constants(qi, m, table->constants) < 0 ||
        add_functions(qi, m, table->functions, state) < 0 || add_types(qi, m, table->types) < 0) {
        return -1;
    }
    if (!table->init) {
        return 0;
    }
    QvHostCall call;
    qv_host_begin(qi, &call);
    int status = table->init(handle(qi), (QuiverValue *)m, state);
    return qv_host_end_int(qi, &call, status, table->name) < 0 ? -1 : 0;
}

static void module_fini(QvInterp *qi, QvObj *m)
{
    StateHead *head = qv_module_state(m);
    QvHostModule *h = head ? head->module : NULL;
    if (!h) {
        return;
    }
    if (h->state == head + 1) {
        h->state = NULL;
    }
    if (h->table->fini) {
        QvHostCall call;
        qv_host_begin_destroy(qi, &call);
        h->table->fini(handle(qi), head + 1);
        qv_host_end_destroy(qi, &call);
    }
}

static int module_traverse(QvObj *m, QvVisit visit, void *ctx)
{
    StateHead *head = qv_module_state(m);
    return head && head->module
               ? qv_host_traverse(head->module->table->traverse, head + 1, visit, ctx)
               : 0;
}

static const QvModuleDef *module_at(QvInterp *qi, size_t i)
{
    const QvInstance *inst = qv_instance_of(qi);
    return i < inst->nhost_modules ? &inst->host_modules[i].def : NULL;
}

int qv_host_modules_init(QvInstance *inst)
{
    const QuiverModule *const *tables = inst->config.modules;
    size_t n = 0;
    while (tables && tables[n]) {
        n++;
    }
    inst->host_modules = n ? calloc(n, sizeof *inst->host_modules) : NULL;
    if (n && !inst->host_modules) {
        return -1;
    }
    for (size_t i = 0; i < n; i++) {
        const QuiverModule *t = tables[i];
        if (t->struct_size < offsetof(QuiverModule, doc) || !t->name) {
            continue; // no table at all
        }
        bool good = t->struct_size == sizeof *t; // else the import says so
        inst->host_modules[inst->nhost_modules++] = (QvHostModule){
            .def = {.name = t->name,
                    .doc = good ? t->doc : NULL,
                    .state_size = sizeof(StateHead) +
                                  (good ? (t->state_size + 15) & ~(size_t)15 : 0),
                    .init = module_init,
                    .fini = module_fini,
                    .traverse = module_traverse},
            .table = t,
        };
    }
    return 0;
}

void qv_host_modules_fini(QvInstance *inst)
{
    free(inst->host_modules);
    inst->host_modules = NULL;
}

void *quiver_module_state(Quiver *q, const QuiverModule *module)
{
    QvInstance *inst = qv_api_inst(q);
    void *state = NULL;
    if (!inst || !module || qv_attach(inst) < 0) {
        return NULL;
    }
    for (size_t i = 0; i < inst->nhost_modules; i++) {
        if (inst->host_modules[i].table == module) {
            state = inst->host_modules[i].state;
        }
    }
    qv_detach(inst);
    return state;
}

// ---- source from the host -----------------------------------------------------------------------

static QvObj *default_filename(QvInterp *qi, const char *name, bool is_package)
{
    QvObj *text = qv_str_format(qi, "<host>/%s%s.py", name, is_package ? "/__init__" : "");
    for (char *s = text ? (char *)qv_str_data(text) + 7 : NULL; s && *s; s++) {
        *s = *s == '.' && strcmp(s, ".py") != 0 ? '/' : *s;
    }
    return text;
}

// What the host gave, as (source, filename, is_package).
static QvObj *triple(QvInterp *qi, const char *name, const QuiverSource *given)
{
    if (!given->source) {
        return qv_raise(qi, &qv_exc_ValueError, "the host gave no source for module %s", name);
    }
    size_t n = given->size ? given->size : strlen(given->source);
    QvObj *source = qv_bytes_new(qi, given->source, (QvSsize)n);
    QvObj *filename = given->filename ? qv_str_new_cstr(qi, given->filename)
                                      : default_filename(qi, name, given->is_package);
    QvObj *result = source && filename
                        ? qv_tuple_of(qi, 3, source, filename, qv_bool(given->is_package))
                        : NULL;
    QvInstance *inst = qv_instance_of(qi);
    if (result && inst->host_sources &&
        qv_dict_set(qi, inst->host_sources, filename, source) < 0) { // for tracebacks
        qv_clear(qi, &result);
    }
    qv_xdecref(qi, source);
    qv_xdecref(qi, filename);
    return result;
}

static QuiverValue *ask(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    QvInstance *inst = qv_api_inst(q);
    QvInterp *qi = &inst->qi;
    (void)user, (void)nargs;
    QuiverSource given = {0};
    QvUtf8 name;
    QvObj *o = qv_api_obj(args[0]);
    if (!qv_is_str(o) || qv_str_utf8(qi, o, &name) < 0) {
        qv_err_clear(qi);
        return (QuiverValue *)QV_NONE; // no name that a host can know
    }
    if (strlen(name.s) != (size_t)name.n) {
        qv_utf8_release(qi, &name);
        return (QuiverValue *)QV_NONE;
    }
    int found = inst->config.load(inst->config.load_user, q, name.s, &given);
    QvErrorText *left = qv_error_take(inst);
    QvObj *result = NULL;
    if (found == 0) {
        result = qv_err_occurred(qi) ? NULL : QV_NONE;
    } else if (found > 0 && !qv_err_occurred(qi)) {
        result = triple(qi, name.s, &given);
    } else if (!qv_err_occurred(qi) && left) { // of a call that failed inside
        qv_error_put(inst, left);
        left = NULL;
    } else if (!qv_err_occurred(qi)) {
        qv_raise(qi, &qv_exc_ImportError, "the host could not load module '%U'", o);
    }
    qv_error_drop(inst, left);
    if (given.release) {
        given.release(given.release_user);
    }
    qv_utf8_release(qi, &name);
    return (QuiverValue *)result;
}

static QvObj *source_of(QvInterp *qi, QvObj *filename)
{
    QvObj *sources = qv_instance_of(qi)->host_sources, *source;
    int found = sources && qv_is_str(filename) ? qv_dict_get(qi, sources, filename, &source) : 0;
    qv_err_clear(qi);
    return found > 0 ? source : NULL;
}

static const QuiverFunctionDef ask_def = {"ask", ask, "(name, /)",
                                          "The source that the host has for a module, or None."};

// Puts the finder before the one for sys.path.
static int add_finder(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    inst->host_sources = qv_dict_new(qi);
    QvObj *fn = inst->host_sources ? qv_host_function_new(qi, &ask_def, NULL, NULL, NULL) : NULL;
    QvObj *module = fn ? qv_import(qi, "_quiver_host") : NULL;
    QvObj *cls = module ? qv_getattr_cstr(qi, module, "Finder") : NULL;
    QvObj *finder = cls ? qv_call1(qi, cls, fn) : NULL;
    QvObj *path = finder && qv_sys_module(qi) ? qv_getattr_cstr(qi, qi->sys, "meta_path") : NULL;
    int status = -1;
    if (path && qv_is_list(path)) {
        QvSsize at = qv_list_len(path) > 0 ? qv_list_len(path) - 1 : 0;
        status = qv_list_insert(qi, path, at, finder);
    }
    qv_xdecref(qi, fn);
    qv_xdecref(qi, module);
    qv_xdecref(qi, cls);
    qv_xdecref(qi, finder);
    qv_xdecref(qi, path);
    return status;
}

int qv_host_modules_start(QvInstance *inst)
{
    inst->qi.hooks.host_module = inst->nhost_modules ? module_at : NULL;
    if (!inst->config.load) {
        return 0;
    }
    inst->qi.hooks.host_source = source_of;
    return add_finder(inst);
}
