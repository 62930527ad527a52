// SPDX-License-Identifier: MIT
// importlib's two modules, _frozen_importlib and _frozen_importlib_external, on the state of the
// importer in C; and that state.
//
// They are the library's importlib/_bootstrap.py and _bootstrap_external.py, loaded when something
// needs them. Then ModuleSpec is the type of spec.c; _find_and_load is the importer in C, so that
// every way to import meets the same locks; the magic number of compiled files is Quiver's; and the
// real finders, hooks and loaders take the places of the stand-ins in sys and in the modules.
#include <stdlib.h>
#include <string.h>

#include "code/code.h"
#include "modules/import/loading.h"
#include "object/bytes.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "vm/frame.h"

// ---- state --------------------------------------------------------------------------------------

static void state_fini(QvInterp *qi, QvObj *o)
{
    QvImportState *s = (QvImportState *)o;
    qv_clear(qi, &s->bootstrap);
    qv_clear(qi, &s->external);
    qv_clear(qi, &s->lock);
    for (int k = 0; k < QV_LAZY_SINGLE; k++) {
        qv_clear(qi, &s->singles[k]);
    }
}

static int state_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvImportState *s = (QvImportState *)o;
    QV_VISIT(s->bootstrap);
    QV_VISIT(s->external);
    QV_VISIT(s->lock);
    for (int k = 0; k < QV_LAZY_SINGLE; k++) {
        QV_VISIT(s->singles[k]);
    }
    return 0;
}

QV_SEALED QvType qv_importstate_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_imp.state",
    .id = QV_TID_importstate,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(QvImportState),
    .fini = state_fini,
    .traverse = state_traverse,
};

static bool wants_times(const QvHostConfig *c)
{
    const char *env = c->ignore_env || c->isolated ? NULL : getenv("PYTHONPROFILEIMPORTTIME");
    bool yes = env && *env;
    for (int k = 0; k < c->nxoptions; k++) {
        yes |= strcmp(c->xoptions[k], "importtime") == 0;
    }
    return yes;
}

QvImportState *qv_import_state(QvInterp *qi)
{
    if (!qi->importer) {
        QvObj *o = qv_obj_new(qi, &qv_importstate_type);
        if (!o) {
            return NULL;
        }
        memset((char *)o + sizeof(QvObj), 0, sizeof(QvImportState) - sizeof(QvObj));
        qi->importer = o;
        ((QvImportState *)o)->show_times = wants_times(&qi->config);
    }
    return (QvImportState *)qi->importer;
}

// ---- loading importlib --------------------------------------------------------------------------

static int put(QvInterp *qi, QvObj *module, const char *name, QV_STOLEN QvObj *value)
{
    return qv_dict_set_cstr_take(qi, qv_module_dict(module), name, value);
}

// A file of the library's importlib as a module under its frozen name, run but not set up.
static QvObj *load_part(QvInterp *qi, const char *file, QvObj *name, const char *origin)
{
    const char *dir = qi->config.stdlib_dir ? qi->config.stdlib_dir : QV_STDLIB_DIR;
    QvFound found = {.kind = QV_FOUND_SOURCE};
    qv_buf_printf(&found.file, "%s/importlib/%s", dir, file);
    QvObj *path = NULL, *code = NULL, *module = NULL, *result = NULL;
    if (stat(qv_buf_cstr(&found.file), &found.st) < 0) {
        qv_import_raise_missing(qi, name, "");
        goto done;
    }
    path = qv_str_format(qi, "<frozen %s>", origin);
    code = path ? qv_import_code(qi, name, &found, path) : NULL;
    module = code ? qv_module_new(qi, name) : NULL;
    if (!module) {
        goto done;
    }
    QvObj *dict = qv_module_dict(module);
    // The parts look at sys and _imp while they run; _bootstrap is given them by its _setup.
    // _setup wants to know what it was made from.
    if (qv_dict_set(qi, dict, QV_N(__package__), QV_N(empty)) < 0 ||
        put(qi, module, "__origname__", qv_str_new_cstr(qi, origin)) < 0 ||
        qv_dict_set(qi, dict, QV_N(__builtins__), qi->builtins) < 0 ||
        qv_dict_set(qi, qi->modules, name, module) < 0) {
        goto done;
    }
    QvObj *ran = qv_eval_code(qi, (QvCode *)code, dict, dict, NULL);
    if (ran) {
        qv_decref(qi, ran);
        result = qv_new_ref(qi, module);
    } else {
        QvObj *exc = qv_err_fetch(qi), *gone;
        if (qv_dict_pop(qi, qi->modules, name, &gone) > 0) {
            qv_decref(qi, gone);
        }
        qv_err_clear(qi);
        qv_err_restore(qi, exc);
    }
done:
    qv_xdecref(qi, path);
    qv_xdecref(qi, code);
    qv_xdecref(qi, module);
    qv_found_fini(qi, &found);
    return result;
}

static QvObj *native_find_and_load(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "module name must be str, not %T", a[0]);
    }
    QvObj *name = qv_new_ref(qi, a[0]);
    if (qv_str_intern(qi, &name) < 0) {
        return NULL;
    }
    QvObj *module = qv_import_check(qi, name) < 0 ? NULL : qv_import_absolute(qi, name);
    qv_decref(qi, name);
    return module;
}

static const QvNativeDef find_and_load_def = {"_find_and_load", native_find_and_load,
                                              "($module, name, import_, /)",
                                              "Find and load the module."};

static int set_magic(QvInterp *qi, QvObj *external)
{
    char magic[QV_PYC_MAGIC_SIZE];
    qv_import_magic(magic);
    uint32_t raw;
    memcpy(&raw, magic, sizeof raw);
    return put(qi, external, "MAGIC_NUMBER", qv_bytes_new(qi, magic, sizeof magic)) < 0 ||
                   put(qi, external, "_RAW_MAGIC_NUMBER", qv_int_from_u64(qi, raw)) < 0
               ? -1
               : 0;
}

// The stand-in of a kind becomes module.<name>.
static int become(QvInterp *qi, QvLazyKind kind, QvObj *module, const char *name)
{
    QvObj *o = qv_lazy_single(qi, kind);
    QvObj *real = o ? qv_getattr_cstr(qi, module, name) : NULL;
    if (real && o->type == &qv_importlazy_type) {
        qv_set_take(qi, &((QvLazy *)o)->real, qv_new_ref(qi, real));
    }
    qv_xdecref(qi, o);
    qv_xdecref(qi, real);
    return real ? 0 : -1;
}

static int make_hook(QvInterp *qi, QvObj *external)
{
    QvObj *finder = qv_getattr_cstr(qi, external, "FileFinder");
    QvObj *details = finder ? qv_import_call_external(qi, "_get_supported_file_loaders", NULL, 0)
                            : NULL;
    QvObj *tuple = details ? qv_to_tuple(qi, details) : NULL;
    QvObj *make = tuple ? qv_getattr_cstr(qi, finder, "path_hook") : NULL;
    QvObj *hook = make ? qv_call_tuple(qi, make, tuple, NULL) : NULL;
    QvObj *lazy = hook ? qv_lazy_single(qi, QV_LAZY_HOOK) : NULL;
    if (lazy && lazy->type == &qv_importlazy_type) {
        qv_set_take(qi, &((QvLazy *)lazy)->real, qv_new_ref(qi, hook));
    }
    int status = lazy ? 0 : -1;
    qv_xdecref(qi, lazy);
    qv_xdecref(qi, hook);
    qv_xdecref(qi, make);
    qv_xdecref(qi, tuple);
    qv_xdecref(qi, details);
    qv_xdecref(qi, finder);
    return status;
}

// ---- the real ones in place of the stand-ins ----------------------------------------------------

// dict[name], when it is a stand-in that has a real object or can be given one.
static int swap_in_dict(QvInterp *qi, QvObj *dict, QvObj *name)
{
    QvObj *now = qv_dict_peek_str(dict, name);
    if (!now || now->type != &qv_importlazy_type) {
        return 0;
    }
    qv_incref(qi, now);
    QvObj *real = qv_lazy_resolve(qi, now);
    qv_decref(qi, now);
    return qv_dict_set_take(qi, dict, name, real);
}

static int swap_in_list(QvInterp *qi, QvObj *name)
{
    QvObj *list = qv_sys_peek(qi, name);
    if (!list || !qv_is_list(list)) {
        return 0;
    }
    qv_incref(qi, list);
    int status = qv_list_box(qi, list);
    for (QvSsize k = 0; status == 0 && k < qv_list_len(list); k++) {
        QvObj *now = qv_list_peek(list, k);
        QvObj *real = now->type == &qv_importlazy_type ? ((QvLazy *)now)->real : NULL;
        if (real) {
            qv_incref(qi, real);
            status = qv_list_set(qi, list, k, real);
            qv_decref(qi, real);
        }
    }
    qv_decref(qi, list);
    return status;
}

static int swap_in_modules(QvInterp *qi)
{
    QvObj *modules = qv_dict_values_list(qi, qi->modules);
    int status = modules ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < qv_list_len(modules); k++) {
        QvObj *m = qv_list_peek(modules, k);
        if (!qv_is_module(m)) {
            continue;
        }
        QvObj *spec = qv_dict_peek_str(qv_module_dict(m), QV_N(__spec__));
        if (spec && spec->type == &qv_modulespec_type) {
            // One loader in both places, as before.
            QvObj *loader = qv_dict_peek_str(((QvModuleSpec *)spec)->dict, QV_N(loader));
            qv_incref(qi, spec);
            bool same = loader && loader == qv_dict_peek_str(qv_module_dict(m), QV_N(__loader__));
            status = swap_in_dict(qi, ((QvModuleSpec *)spec)->dict, QV_N(loader));
            loader = qv_dict_peek_str(((QvModuleSpec *)spec)->dict, QV_N(loader));
            if (status == 0 && same && loader) {
                status = qv_dict_set(qi, qv_module_dict(m), QV_N(__loader__), loader);
            }
            qv_decref(qi, spec);
        }
        status = status < 0 ? -1 : swap_in_dict(qi, qv_module_dict(m), QV_N(__loader__));
    }
    qv_xdecref(qi, modules);
    return status;
}

// ---- need ---------------------------------------------------------------------------------------

static int set_up(QvInterp *qi, QvImportState *state, QvObj *bootstrap)
{
    QvObj *imp = qv_import(qi, "_imp"), *sys = qv_import(qi, "sys");
    QvObj *external = NULL, *r = NULL;
    int status = -1;
    if (!imp || !sys ||
        put(qi, bootstrap, "ModuleSpec", qv_new_ref(qi, (QvObj *)&qv_modulespec_type)) < 0 ||
        put(qi, bootstrap, "_find_and_load",
            qv_builtin_from_def(qi, &find_and_load_def, NULL, QV_N(_frozen_importlib))) < 0) {
        goto done;
    }
    QvObj *args[2] = {sys, imp};
    QvObj *setup = qv_getattr_cstr(qi, bootstrap, "_setup");
    r = setup ? qv_call(qi, setup, args, 2, NULL) : NULL;
    qv_xdecref(qi, setup);
    if (!r) {
        goto done;
    }
    qv_decref(qi, r);
    external = load_part(qi, "_bootstrap_external.py", QV_N(_frozen_importlib_external),
                         "importlib._bootstrap_external");
    if (!external || set_magic(qi, external) < 0 ||
        put(qi, bootstrap, "_bootstrap_external", qv_new_ref(qi, external)) < 0) {
        goto done;
    }
    QvObj *give = qv_getattr_cstr(qi, external, "_set_bootstrap_module");
    r = give ? qv_call1(qi, give, bootstrap) : NULL;
    qv_xdecref(qi, give);
    if (!r) {
        goto done;
    }
    qv_decref(qi, r);
    qv_set_take(qi, &state->bootstrap, qv_new_ref(qi, bootstrap));
    qv_set_take(qi, &state->external, qv_new_ref(qi, external));
    QvObj *specs[2] = {bootstrap, external};
    if (become(qi, QV_LAZY_BUILTIN, bootstrap, "BuiltinImporter") < 0 ||
        become(qi, QV_LAZY_FROZEN, bootstrap, "FrozenImporter") < 0 ||
        become(qi, QV_LAZY_PATH, external, "PathFinder") < 0 || make_hook(qi, external) < 0) {
        goto done;
    }
    status = 0;
    for (int k = 0; k < 2 && status == 0; k++) {
        const QvFrozen *row = &qv_import_frozen_table[k];
        QvObj *name = k ? QV_N(_frozen_importlib_external) : QV_N(_frozen_importlib);
        QvObj *spec = qv_import_frozen_spec(qi, name, row, false);
        QvObj *dict = qv_module_dict(specs[k]);
        status = qv_dict_set_take(qi, dict, QV_N(__file__), qv_import_frozen_file(qi, row));
        if (spec && status == 0 && qv_dict_set(qi, dict, QV_N(__spec__), spec) == 0) {
            QvObj *loader = qv_dict_peek_str(((QvModuleSpec *)spec)->dict, QV_N(loader));
            status = qv_dict_set(qi, dict, QV_N(__loader__), loader);
        } else {
            status = -1;
        }
        qv_xdecref(qi, spec);
    }
    if (status == 0 && (swap_in_list(qi, QV_N(meta_path)) < 0 ||
                        swap_in_list(qi, QV_N(path_hooks)) < 0 || swap_in_modules(qi) < 0)) {
        status = -1;
    }
done:
    qv_xdecref(qi, external);
    qv_xdecref(qi, sys);
    qv_xdecref(qi, imp);
    return status;
}

static int load_importlib(QvInterp *qi, QvImportState *state)
{
    QvObj *bootstrap =
        load_part(qi, "_bootstrap.py", QV_N(_frozen_importlib), "importlib._bootstrap");
    if (!bootstrap) {
        return -1;
    }
    int status = set_up(qi, state, bootstrap);
    qv_decref(qi, bootstrap);
    if (status < 0) {
        // Nothing is left half made: the next need tries again.
        QvObj *exc = qv_err_fetch(qi);
        QvObj *const names[2] = {QV_N(_frozen_importlib), QV_N(_frozen_importlib_external)};
        for (int k = 0; k < 2; k++) {
            QvObj *gone;
            if (qv_dict_pop(qi, qi->modules, names[k], &gone) > 0) {
                qv_decref(qi, gone);
            }
            qv_err_clear(qi);
        }
        qv_clear(qi, &state->bootstrap);
        qv_clear(qi, &state->external);
        qv_err_restore(qi, exc);
    }
    return status;
}

int qv_import_need_importlib(QvInterp *qi)
{
    QvImportState *state = qv_import_state(qi);
    QvLoading l;
    int status = state ? 1 : -1;
    while (status > 0 && !state->bootstrap) {
        status = qv_loading_wait(qi, QV_N(_frozen_importlib)); // another thread may be at it
        if (status == 0) {
            status = qv_loading_begin(qi, &l, QV_N(_frozen_importlib));
            if (status == 0) {
                status = load_importlib(qi, state);
                qv_loading_end(qi, &l);
            }
        }
    }
    return status < 0 ? -1 : 0;
}

static QvObj *call_part(QvInterp *qi, QvObj *part, const char *name, QvObj *const *args,
                        QvSsize nargs)
{
    QvObj *f = qv_getattr_cstr(qi, part, name);
    QvObj *r = f ? qv_call(qi, f, args, nargs, NULL) : NULL;
    qv_xdecref(qi, f);
    return r;
}

QvObj *qv_import_call_bootstrap(QvInterp *qi, const char *name, QvObj *const *args, QvSsize nargs)
{
    return qv_import_need_importlib(qi) < 0
               ? NULL
               : call_part(qi, ((QvImportState *)qi->importer)->bootstrap, name, args, nargs);
}

QvObj *qv_import_call_external(QvInterp *qi, const char *name, QvObj *const *args, QvSsize nargs)
{
    return qv_import_need_importlib(qi) < 0
               ? NULL
               : call_part(qi, ((QvImportState *)qi->importer)->external, name, args, nargs);
}

// ---- tracebacks ---------------------------------------------------------------------------------

// A run of importlib's frames goes when the exception is an ImportError, or when the run ends in
// _call_with_frames_removed: what happened behind it is the program's business, how it got there is
// not.
void qv_import_trim_traceback(QvInterp *qi)
{
    QvObj *exc = qi->ts->exc;
    QvImportState *state = (QvImportState *)qi->importer;
    if (!exc || qi->config.verbose || !state || !state->bootstrap) {
        return;
    }
    bool always = qv_is_instance_of(exc, &qv_exc_ImportError);
    QvTraceback **link = (QvTraceback **)&((QvExc *)exc)->traceback;
    QvTraceback **run = link; // what leads to the run that we are in
    bool inside = false;
    while (*link) {
        QvTraceback *tb = *link;
        QvCode *code = ((QvFrameObj *)tb->frame)->code;
        bool now = qv_str_eq_ascii(code->filename, "<frozen importlib._bootstrap>") ||
                   qv_str_eq_ascii(code->filename, "<frozen importlib._bootstrap_external>");
        if (now && !inside) {
            run = link;
        }
        inside = now;
        if (now && (always || qv_str_eq_ascii(code->name, "_call_with_frames_removed"))) {
            QvTraceback *rest = tb->next;
            qv_xincref(qi, (QvObj *)rest);
            qv_set_take(qi, (QvObj **)run, (QvObj *)rest);
            link = run;
        } else {
            link = &tb->next;
        }
    }
}
