// SPDX-License-Identifier: MIT
// A module object from what was found: made with its attributes, entered in sys.modules, then run;
// taken out again when that fails.
#include <string.h>

#include "code/cache.h"
#include "code/code.h"
#include "code/codefile.h"
#include "compile/compile.h"
#include "modules/import/import.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"

// ---- specs --------------------------------------------------------------------------------------

QvObj *qv_import_spec_for(QvInterp *qi, QvObj *name, const QvFound *found, QvObj *file)
{
    if (found->kind == QV_FOUND_SPEC) {
        return qv_new_ref(qi, found->spec);
    }
    if (found->kind == QV_FOUND_EMBEDDED || found->kind == QV_FOUND_FROZEN) {
        return qv_import_frozen_spec(qi, name, found->frozen, found->is_package);
    }
    QvObj *loader = NULL, *origin = NULL, *search = NULL, *spec = NULL;
    bool located = false;
    switch (found->kind) {
    case QV_FOUND_BUILTIN:
        loader = qv_lazy_single(qi, QV_LAZY_BUILTIN);
        origin = qv_new_ref(qi, QV_N(built_in));
        break;
    default:
        loader = qv_lazy_loader(
            qi, found->kind == QV_FOUND_SOURCE ? QV_LAZY_SOURCE : QV_LAZY_SOURCELESS, name, file);
        origin = qv_new_ref(qi, file);
        located = true;
    }
    bool ok = loader && origin;
    if (ok && found->is_package) {
        QvSsize slash = located ? qv_str_rfind(file, QV_N(slash), 0, qv_str_len(file)) : 0;
        search = qv_list_new(qi, 1);
        ok = search &&
             (!located || qv_list_append_take(qi, search, qv_str_slice(qi, file, 0, slash)) == 0);
    }
    spec = ok ? qv_spec_new(qi, name, loader, origin, located, search) : NULL;
    qv_xdecref(qi, loader);
    qv_xdecref(qi, origin);
    qv_xdecref(qi, search);
    return spec;
}

// The attributes that a module has from its spec.
static int set_attributes(QvInterp *qi, QvObj *dict, QvObj *spec, QvObj *name, QvObj *file,
                          bool is_package)
{
    QvObj *fields = ((QvModuleSpec *)spec)->dict;
    bool located = ((QvModuleSpec *)spec)->set_fileattr;
    QvSsize dot = is_package ? qv_str_len(name)
                             : qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name));
    QvObj *package = dot < 0 ? QV_N(empty) : qv_str_slice(qi, name, 0, dot);
    int status = package ? qv_dict_set(qi, dict, QV_N(__package__), package) : -1;
    qv_xdecref(qi, package);
    if (status < 0 ||
        qv_dict_set(qi, dict, QV_N(__loader__), qv_dict_peek_str(fields, QV_N(loader))) < 0 ||
        qv_dict_set(qi, dict, QV_N(__spec__), spec) < 0 ||
        (file && !located && qv_dict_set(qi, dict, QV_N(__file__), file) < 0) ||
        (is_package &&
         qv_dict_set(qi, dict, QV_N(__path__),
                     qv_dict_peek_str(fields, QV_N(submodule_search_locations))) < 0) ||
        (file && located && qv_dict_set(qi, dict, QV_N(__file__), file) < 0)) {
        return -1;
    }
    if (!file || !located) {
        return 0;
    }
    QvObj *cached = qv_spec_cached(qi, spec);
    status = !cached ? -1 : cached == QV_NONE ? 0 : qv_dict_set(qi, dict, QV_N(__cached__), cached);
    qv_xdecref(qi, cached);
    return status;
}

// ---- in Python ----------------------------------------------------------------------------------

static QvObj *load_spec(QvInterp *qi, QvObj *spec)
{
    return qv_import_call_bootstrap(qi, "_load_unlocked", &spec, 1);
}

// ---- in C ---------------------------------------------------------------------------------------

// The code that the build has made of it. NULL: there is none, or no memory; then without an
// exception.
static QvObj *built_code(QvInterp *qi, const QvCodeKey *key, const QvEmbeddedModule *m)
{
    const QvEmbeddedImage *row = qv_embedded_images;
    while (row->name && strcmp(row->name, m->name) != 0) {
        row++;
    }
    const QvCachedCode *image =
        row->name && qi->optimize == 0 ? qv_code_cache_still(row->data, row->size) : NULL;
    QvObj *code = image ? qv_code_read_image(qi, image) : NULL;
    if (code) {
        qv_code_cache_put(key, image);
    } else {
        qv_err_clear(qi);
    }
    qv_code_cache_release(image);
    return code;
}

static QvObj *compiled_code(QvInterp *qi, const QvCodeKey *key, const QvEmbeddedModule *m,
                            QvObj *shown)
{
    QvObj *code = qi->hooks.compile(qi, (const char *)m->data, (QvSsize)m->size, shown, 0,
                                    QV_CF_SOURCE_IS_UTF8, qi->optimize);
    QvBuf bytes;
    qv_buf_init(&bytes);
    if (code && qv_code_write(qi, (QvCode *)code, &bytes) == 0 && !bytes.oom) {
        code = qv_import_keep_image(qi, key, code, &bytes);
    }
    qv_buf_fini(&bytes);
    return code;
}

QvObj *qv_import_embedded_code(QvInterp *qi, const QvEmbeddedModule *m)
{
    QvObj *shown = qv_str_format(qi, "<quiver>/%s", m->name);
    QvUtf8 path;
    if (!shown || qv_str_utf8(qi, shown, &path) < 0) {
        qv_xdecref(qi, shown);
        return NULL;
    }
    QvCodeKey key = {.path = path.s, .size = m->size, .optimize = qi->optimize};
    const QvCachedCode *cached = qv_code_cache_get(&key);
    QvObj *code = cached ? qv_code_read_image(qi, cached) : built_code(qi, &key, m);
    if (!cached && !code) {
        code = compiled_code(qi, &key, m, shown);
    }
    qv_code_cache_release(cached);
    qv_utf8_release(qi, &path);
    qv_decref(qi, shown);
    if (code && qi->caps && qi->caps->imports) {
        qv_import_mark_library(code);
    }
    return code;
}

static int run(QvInterp *qi, QvObj *name, const QvFound *found, QvObj *dict, QvObj *file)
{
    QvObj *code = found->kind == QV_FOUND_EMBEDDED ? qv_import_embedded_code(qi, found->embedded)
                  : found->kind == QV_FOUND_FROZEN ? qv_import_frozen_code(qi, found)
                                                   : qv_import_code(qi, name, found, file);
    QvObj *result = code ? qv_eval_code(qi, (QvCode *)code, dict, dict, NULL) : NULL;
    qv_xdecref(qi, code);
    qv_xdecref(qi, result);
    return result ? 0 : -1;
}

// What sys.modules has after the code ran, which may have put something else there, moved to the
// end as importlib does.
static QvObj *take_result(QvInterp *qi, QvObj *name)
{
    QvObj *now;
    int found = qv_dict_pop(qi, qi->modules, name, &now);
    if (found <= 0) {
        return found < 0 ? NULL : qv_raise_obj(qi, &qv_exc_KeyError, name);
    }
    if (qv_dict_set(qi, qi->modules, name, now) < 0) {
        qv_clear(qi, &now);
    }
    return now;
}

static void forget(QvInterp *qi, QvObj *name)
{
    QvObj *exc = qv_err_fetch(qi), *gone;
    if (qv_dict_pop(qi, qi->modules, name, &gone) > 0) {
        qv_decref(qi, gone);
    }
    qv_err_clear(qi);
    qv_err_restore(qi, exc);
}

// Quiver's additions to a package of the standard library are a module in it.
static int amend(QvInterp *qi, QvObj *name, const QvFound *found)
{
    if (!found->is_package || !qv_str_eq_ascii(name, "concurrent.futures")) {
        return 0;
    }
    QvObj *additions = qv_import(qi, "concurrent.futures._quiver");
    qv_xdecref(qi, additions);
    return additions ? 0 : -1;
}

static QvObj *load_python(QvInterp *qi, QvObj *name, const QvFound *found)
{
    QvObj *file = NULL, *module = NULL, *spec = NULL, *result = NULL;
    if (found->kind == QV_FOUND_FROZEN) {
        file = qv_import_frozen_file(qi, found->frozen);
    } else if (found->kind != QV_FOUND_EMBEDDED) {
        file = qv_str_fsdecode(qi, qv_buf_cstr((QvBuf *)&found->file));
    }
    if (!file && found->kind != QV_FOUND_EMBEDDED) {
        return NULL;
    }
    file = file == QV_NONE ? NULL : file;
    spec = qv_import_spec_for(qi, name, found, file);
    module = spec ? qv_module_new(qi, name) : NULL;
    QvObj *dict = module ? qv_module_dict(module) : NULL;
    if (!dict || set_attributes(qi, dict, spec, name, file, found->is_package) < 0 ||
        qv_dict_set(qi, dict, QV_N(__builtins__), qi->builtins) < 0) {
        goto done;
    }
    QvModuleSpec *s = (QvModuleSpec *)spec;
    s->initializing = true;
    if (qv_dict_set(qi, qi->modules, name, module) == 0) {
        if (run(qi, name, found, dict, file) == 0 && amend(qi, name, found) == 0) {
            result = take_result(qi, name);
        } else {
            forget(qi, name);
        }
    }
    s->initializing = false;
done:
    qv_xdecref(qi, file);
    qv_xdecref(qi, spec);
    qv_xdecref(qi, module);
    return result;
}

int qv_import_mark_builtin(QvInterp *qi, QvObj *module, QvObj *name)
{
    QvFound found = {.kind = QV_FOUND_BUILTIN};
    QvObj *spec = qv_import_spec_for(qi, name, &found, NULL);
    int status = spec ? set_attributes(qi, qv_module_dict(module), spec, name, NULL, false) : -1;
    qv_xdecref(qi, spec);
    return status;
}

int qv_import_mark_main(QvInterp *qi, QvObj *dict, QvObj *file)
{
    QvObj *loader = file ? qv_lazy_loader(qi, QV_LAZY_SOURCE, QV_N(__main__), file)
                         : qv_lazy_single(qi, QV_LAZY_BUILTIN);
    return qv_dict_set_take(qi, dict, QV_N(__loader__), loader);
}

static QvObj *load_builtin(QvInterp *qi, QvObj *name, const QvModuleDef *def)
{
    if (def == &qv_module_sys) {
        QvObj *sys = qv_sys_module(qi);
        return sys ? qv_new_ref(qi, sys) : NULL;
    }
    QvObj *module = qv_module_from_def(qi, def);
    if (module && (qv_import_mark_builtin(qi, module, name) < 0 ||
                   qv_dict_set(qi, qi->modules, name, module) < 0)) {
        qv_clear(qi, &module);
    }
    return module;
}

// _frozen_importlib or _frozen_importlib_external: made together.
static QvObj *load_importlib(QvInterp *qi, QvObj *name)
{
    if (qv_import_need_importlib(qi) < 0) {
        return NULL;
    }
    const QvImportState *state = (const QvImportState *)qi->importer;
    QvObj *module = qv_str_equal(name, QV_N(_frozen_importlib)) ? state->bootstrap
                                                                : state->external;
    return qv_dict_set(qi, qi->modules, name, module) < 0 ? NULL : qv_new_ref(qi, module);
}

QvObj *qv_import_load(QvInterp *qi, QvObj *name, const QvFound *found)
{
    switch (found->kind) {
    case QV_FOUND_BUILTIN: return load_builtin(qi, name, found->def);
    case QV_FOUND_SPEC: return load_spec(qi, found->spec);
    case QV_FOUND_IMPORTLIB: return load_importlib(qi, name);
    default: return load_python(qi, name, found);
    }
}
