// SPDX-License-Identifier: MIT
// Where a module is.
//
// The three finders of a fresh sys.meta_path are served here, as long as they are the ones that the
// interpreter put there; so is every entry of the path that is a folder, as long as the hooks are.
// What a program adds (finders, hooks, importers for an entry, zip files) is asked in Python, in
// its turn.
#include "modules/import/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "object/caps.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"

void qv_found_fini(QvInterp *qi, QvFound *found)
{
    qv_buf_fini(&found->file);
    qv_clear(qi, &found->spec);
    found->kind = QV_FOUND_NOTHING;
}

// ---- folders ------------------------------------------------------------------------------------

static bool is_file(QvInterp *qi, const char *path, struct stat *st)
{
    return stat(path, st) == 0 && S_ISREG(st->st_mode) && qv_cap_importable(qi, path);
}

// dir/leaf as package, source file or compiled file; *ret_folder: there is a folder of that name,
// which may be a part of a namespace package. ret->file holds its path then.
static bool look_in(QvInterp *qi, const char *dir, const char *leaf, QvFound *ret, bool *ret_folder)
{
    static const char *const suffixes[] = {".py", ".pyc"};
    static const QvFoundKind kinds[] = {QV_FOUND_SOURCE, QV_FOUND_SOURCELESS};
    QvBuf *path = &ret->file;
    struct stat st;
    qv_buf_truncate(path, 0);
    qv_buf_printf(path, "%s%s%s", dir, *dir && dir[strlen(dir) - 1] != '/' ? "/" : "", leaf);
    size_t stem = path->len;
    *ret_folder = stat(qv_buf_cstr(path), &st) == 0 && S_ISDIR(st.st_mode);
    for (int package = *ret_folder; package >= 0; package--) {
        for (int k = 0; k < 2; k++) {
            qv_buf_truncate(path, stem);
            qv_buf_append_cstr(path, package ? "/__init__" : "");
            qv_buf_append_cstr(path, suffixes[k]);
            if (is_file(qi, qv_buf_cstr(path), &ret->st)) {
                ret->kind = kinds[k];
                ret->is_package = package != 0;
                return true;
            }
        }
    }
    qv_buf_truncate(path, stem);
    return false;
}

// The folder that an entry of the path means, absolute; false when there is none.
static bool folder_of_entry(const char *entry, QvBuf *ret)
{
    qv_buf_truncate(ret, 0);
    if (*entry != '/') {
        char *cwd = getcwd(NULL, 0);
        if (!cwd) {
            return false;
        }
        bool here = !*entry || strcmp(entry, ".") == 0;
        qv_buf_printf(ret, "%s%s%s", cwd, here || strcmp(cwd, "/") == 0 ? "" : "/",
                      here ? "" : entry);
        free(cwd);
    } else {
        qv_buf_append_cstr(ret, entry);
    }
    while (ret->len > 1 && ret->data[ret->len - 1] == '/') {
        qv_buf_truncate(ret, ret->len - 1);
    }
    return true;
}

// ---- importers in Python ------------------------------------------------------------------------

static bool hooks_untouched(QvInterp *qi)
{
    QvObj *hooks = qv_sys_peek(qi, QV_N(path_hooks));
    return hooks && qv_is_list_exact(hooks) && qv_list_len(hooks) == 2 &&
           !qv_list_is_packed(hooks) && qv_lazy_is(qi, qv_list_peek(hooks, 0), QV_LAZY_ZIP) &&
           qv_lazy_is(qi, qv_list_peek(hooks, 1), QV_LAZY_HOOK);
}

// Whether an importer is importlib's FileFinder itself, made by the hook that comes with it.
static bool is_plain_finder(QvInterp *qi, const QvObj *importer)
{
    const QvImportState *state = (const QvImportState *)qi->importer;
    QvObj *cls = state && state->external
                     ? qv_dict_peek_str(qv_module_dict(state->external), QV_N(FileFinder))
                     : NULL;
    return cls && (const QvObj *)importer->type == cls;
}

// 1: the entry has to be asked in Python; 0: it is for us (or, with *ret_skip, for nobody); -1.
static int entry_in_python(QvInterp *qi, QvObj *entry, const char *text, bool *ret_skip)
{
    *ret_skip = false;
    QvObj *cache = qv_sys_peek(qi, QV_N(path_importer_cache));
    if (cache && qv_is_dict(cache) && qv_dict_len(cache) > 0) {
        QvObj *importer;
        int found = qv_dict_get(qi, cache, entry, &importer);
        if (found != 0) {
            *ret_skip = found > 0 && importer == QV_NONE;
            return found < 0 ? -1 : !*ret_skip && !is_plain_finder(qi, importer);
        }
    }
    if (!hooks_untouched(qi)) {
        return 1;
    }
    // A file, or something inside a file: zipimport's.
    struct stat st;
    return stat(text, &st) == 0 ? S_ISREG(st.st_mode) : *text && errno == ENOTDIR;
}

// Asks the entry's importer. *ret_portions: list, for folders of a namespace package. 0/-1.
static int ask_entry(QvInterp *qi, QvObj *name, QvObj *entry, QvFound *ret, QvObj **portions)
{
    if (qv_import_need_importlib(qi) < 0) {
        return -1;
    }
    QvObj *cls = qv_lazy_single(qi, QV_LAZY_PATH);
    QvObj *get = cls ? qv_getattr_cstr(qi, cls, "_path_importer_cache") : NULL;
    QvObj *finder = get ? qv_call1(qi, get, entry) : NULL;
    QvObj *spec = NULL, *loader = NULL, *more = NULL;
    int status = -1;
    if (!finder) {
        goto done;
    }
    if (finder == QV_NONE) {
        status = 0;
        goto done;
    }
    QvObj *find;
    int has = qv_getattr_try(qi, finder, QV_N(find_spec), &find);
    if (has > 0) {
        spec = qv_call1(qi, find, name);
        qv_decref(qi, find);
    } else if (has == 0) {
        QvObj *legacy = qv_getattr_cstr(qi, cls, "_legacy_get_spec");
        spec = legacy ? qv_call2(qi, legacy, name, finder) : NULL;
        qv_xdecref(qi, legacy);
    }
    if (!spec) {
        goto done;
    }
    status = 0;
    if (spec == QV_NONE) {
        goto done;
    }
    status = -1;
    loader = qv_getattr(qi, spec, QV_N(loader));
    if (!loader) {
        goto done;
    }
    if (loader != QV_NONE) {
        ret->kind = QV_FOUND_SPEC;
        ret->spec = qv_new_ref(qi, spec);
        status = 0;
        goto done;
    }
    more = qv_getattr(qi, spec, QV_N(submodule_search_locations));
    if (more == QV_NONE) {
        qv_import_error(qi, &qv_exc_ImportError, NULL, NULL, "spec missing loader");
    } else if (more && (*portions || (*portions = qv_list_new(qi, 0)))) {
        status = qv_list_extend(qi, *portions, more);
    }
done:
    qv_xdecref(qi, cls);
    qv_xdecref(qi, get);
    qv_xdecref(qi, finder);
    qv_xdecref(qi, spec);
    qv_xdecref(qi, loader);
    qv_xdecref(qi, more);
    return status;
}

// ---- the path -----------------------------------------------------------------------------------

// Folders without __init__: a namespace package. importlib's dynamic path follows changes of
// sys.path.
static int namespace_spec(QvInterp *qi, QvObj *name, QvObj *portions, QvFound *ret)
{
    QvObj *cls = NULL, *getter = NULL, *path = NULL;
    if (qv_import_need_importlib(qi) == 0 && (cls = qv_lazy_single(qi, QV_LAZY_PATH)) &&
        (getter = qv_getattr_cstr(qi, cls, "_get_spec"))) {
        QvObj *args[3] = {name, portions, getter};
        path = qv_import_call_external(qi, "_NamespacePath", args, 3);
    }
    if (path) {
        ret->spec = qv_spec_new(qi, name, QV_NONE, NULL, false, path);
        ret->kind = QV_FOUND_SPEC;
    }
    qv_xdecref(qi, cls);
    qv_xdecref(qi, getter);
    qv_xdecref(qi, path);
    return ret->spec ? 0 : -1;
}

static int search_entry(QvInterp *qi, QvObj *name, const char *leaf, QvObj *entry, QvFound *ret,
                        QvObj **portions)
{
    QvUtf8 text;
    QvBuf folder;
    bool skip;
    if (!qv_is_str(entry)) {
        return 0;
    }
    if (qv_str_utf8_surrogates(qi, entry, &text, true) < 0) {
        return -1;
    }
    if (strlen(text.s) != (size_t)text.n) {
        qv_utf8_release(qi, &text); // a null byte: no folder
        return 0;
    }
    if (*text.s ? !qv_cap_importable(qi, text.s) : qv_cap_denied(qi, QV_CAP_READ)) {
        qv_utf8_release(qi, &text); // not for this interpreter to look into
        return 0;
    }
    qv_buf_init(&folder);
    int status = entry_in_python(qi, entry, text.s, &skip);
    if (status > 0) {
        status = qv_import_lock(qi);
        if (status == 0) {
            status = ask_entry(qi, name, entry, ret, portions);
            status = qv_import_unlock(qi) < 0 ? -1 : status;
        }
    } else if (status == 0 && !skip && folder_of_entry(text.s, &folder)) {
        bool part;
        if (!look_in(qi, qv_buf_cstr(&folder), leaf, ret, &part) && part) {
            QvObj *dir = qv_str_fsdecode(qi, qv_buf_cstr(&ret->file));
            if (!dir || (!*portions && !(*portions = qv_list_new(qi, 0)))) {
                status = -1;
            } else {
                status = qv_list_append(qi, *portions, dir);
            }
            qv_xdecref(qi, dir);
        }
        if (folder.oom || ret->file.oom) {
            qv_raise_oom(qi);
            status = -1;
        }
    }
    qv_buf_fini(&folder);
    qv_utf8_release(qi, &text);
    return status;
}

static int search_path(QvInterp *qi, QvObj *name, QvObj *path, QvObj *leaf, QvFound *ret)
{
    QvObj *entries = qv_to_list(qi, path), *portions = NULL;
    QvUtf8 text;
    if (!entries || qv_str_utf8_surrogates(qi, leaf, &text, true) < 0) {
        qv_xdecref(qi, entries);
        return -1;
    }
    int status = 0;
    // A name with a slash or a null byte in it is no file name.
    bool sane = strlen(text.s) == (size_t)text.n && !strchr(text.s, '/');
    for (QvSsize k = 0; sane && status == 0 && !ret->kind && k < qv_list_len(entries); k++) {
        status = search_entry(qi, name, text.s, qv_list_peek(entries, k), ret, &portions);
    }
    if (status == 0 && !ret->kind && portions) {
        status = namespace_spec(qi, name, portions, ret);
    }
    qv_xdecref(qi, portions);
    qv_utf8_release(qi, &text);
    qv_decref(qi, entries);
    return status;
}

// ---- the finders --------------------------------------------------------------------------------

static int find_builtin(QvInterp *qi, QvObj *name, QvFound *ret)
{
    ret->def = qv_modules_find(qi, name);
    ret->kind = ret->def ? QV_FOUND_BUILTIN : QV_FOUND_NOTHING;
    return 0;
}

static int find_embedded(QvInterp *qi, QvObj *name, QvFound *ret)
{
    const QvImportState *state = qv_import_state(qi);
    if (!state) {
        return -1;
    }
    const QvFrozen *row;
    if (qv_str_len(name) > 16 && (qv_str_equal(name, QV_N(_frozen_importlib)) ||
                                  qv_str_equal(name, QV_N(_frozen_importlib_external)))) {
        ret->kind = QV_FOUND_IMPORTLIB;
    } else if ((ret->embedded = qv_embedded_find(name)) != NULL) {
        ret->kind = QV_FOUND_EMBEDDED;
        ret->is_package = ret->embedded->is_package;
    } else if ((row = qv_import_frozen(qi, name)) != NULL) {
        qv_import_found_frozen(qi, row, ret);
    }
    return 0;
}

// Modules that CPython has frozen or loaded before it knows the script's folder: a script or a file
// beside it of that name does not come first.
static bool is_core(const QvObj *name)
{
    static const char *const core[] = {
        "_collections_abc", "_sitebuiltins", "abc",  "codecs", "encodings",
        "genericpath",      "importlib",     "io",   "ntpath", "os",
        "posixpath",        "runpy",         "site", "stat",   "zipimport",
    };
    for (size_t i = 0; i < sizeof core / sizeof *core; i++) {
        if (qv_str_eq_ascii(name, core[i])) {
            return true;
        }
    }
    return false;
}

static int find_in_path(QvInterp *qi, QvObj *name, QvObj *leaf, QvObj *path, QvFound *ret)
{
    if (!path && is_core(leaf)) {
        bool folder;
        QvUtf8 text;
        if (qv_str_utf8(qi, leaf, &text) < 0) {
            return -1;
        }
        look_in(qi, qi->config.stdlib_dir ? qi->config.stdlib_dir : QV_STDLIB_DIR, text.s, ret,
                &folder);
        qv_utf8_release(qi, &text);
        if (ret->kind) {
            return 0;
        }
    }
    if (!path) {
        path = qv_sys_peek(qi, QV_N(path));
        if (!path) {
            return qv_err_occurred(qi) ? -1
                                       : qv_raise_int(qi, &qv_exc_RuntimeError, "lost sys.path");
        }
    }
    qv_incref(qi, path);
    int status = search_path(qi, name, path, leaf, ret);
    qv_decref(qi, path);
    return status;
}

// A finder that the program has put in sys.meta_path.
static QvObj *spec_by_finder(QvInterp *qi, QvObj *finder, QvObj *name, QvObj *path)
{
    QvObj *find, *spec;
    int has = qv_getattr_try(qi, finder, QV_N(find_spec), &find);
    if (has < 0) {
        return NULL;
    }
    QvObj *where = path ? path : QV_NONE;
    if (has) {
        spec = qv_call3(qi, find, name, where, QV_NONE);
        qv_decref(qi, find);
    } else {
        QvObj *args[3] = {finder, name, where};
        spec = qv_import_call_bootstrap(qi, "_find_spec_legacy", args, 3);
    }
    return spec;
}

static int ask_finder(QvInterp *qi, QvObj *finder, QvObj *name, QvObj *path, QvFound *ret)
{
    if (qv_import_lock(qi) < 0) {
        return -1;
    }
    QvObj *spec = spec_by_finder(qi, finder, name, path);
    if (qv_import_unlock(qi) < 0) {
        qv_clear(qi, &spec);
    }
    if (!spec) {
        return -1;
    }
    if (spec == QV_NONE) {
        return 0;
    }
    ret->kind = QV_FOUND_SPEC;
    ret->spec = spec;
    // The finder may have imported it.
    QvObj *module, *its;
    int there = qv_dict_get(qi, qi->modules, name, &module);
    if (there > 0) {
        qv_incref(qi, module);
        there = qv_getattr_try(qi, module, QV_N(__spec__), &its);
        qv_decref(qi, module);
        if (there > 0 && its != QV_NONE) {
            qv_set_take(qi, &ret->spec, its);
        } else if (there > 0) {
            qv_decref(qi, its);
        }
    }
    return there < 0 ? -1 : 0;
}

int qv_import_find(QvInterp *qi, QvObj *name, QvObj *leaf, QvObj *path, QvFound *ret)
{
    if (!qi->sys && !qi->finalizing && find_builtin(qi, name, ret) == 0 && ret->kind) {
        return 0; // before there is a sys.meta_path
    }
    QvObj *finders = qv_sys_peek(qi, QV_N(meta_path));
    if (!finders || finders == QV_NONE) {
        qv_import_error(qi, &qv_exc_ImportError, NULL, NULL,
                        "sys.meta_path is None, Python is likely shutting down");
        return -1;
    }
    if (!qv_is_list(finders)) {
        finders = qv_to_list(qi, finders);
        if (!finders) {
            return -1;
        }
    } else {
        qv_incref(qi, finders);
    }
    int status = qv_list_box(qi, finders);
    if (status == 0 && qv_list_len(finders) == 0) {
        status = qv_warn(qi, &qv_exc_ImportWarning, 1, "sys.meta_path is empty");
    }
    for (QvSsize k = 0; status == 0 && !ret->kind && k < qv_list_len(finders); k++) {
        QvObj *finder = qv_new_ref(qi, qv_list_peek(finders, k));
        status = qv_lazy_is(qi, finder, QV_LAZY_BUILTIN)  ? find_builtin(qi, name, ret)
                 : qv_lazy_is(qi, finder, QV_LAZY_FROZEN) ? find_embedded(qi, name, ret)
                 : qv_lazy_is(qi, finder, QV_LAZY_PATH)   ? find_in_path(qi, name, leaf, path, ret)
                                                          : ask_finder(qi, finder, name, path, ret);
        qv_decref(qi, finder);
    }
    qv_decref(qi, finders);
    return status;
}

static QvObj *list_of_singles(QvInterp *qi, const QvLazyKind *kinds, int n)
{
    QvObj *list = qv_list_new(qi, n);
    for (int k = 0; list && k < n; k++) {
        if (qv_list_append_take(qi, list, qv_lazy_single(qi, kinds[k])) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

int qv_import_fill_sys(QvInterp *qi, QvObj *sys)
{
    static const QvLazyKind finders[] = {QV_LAZY_BUILTIN, QV_LAZY_FROZEN, QV_LAZY_PATH};
    static const QvLazyKind hooks[] = {QV_LAZY_ZIP, QV_LAZY_HOOK};
    QvObj *builtins, *main;
    if (qv_module_add_take(qi, sys, "meta_path", list_of_singles(qi, finders, 3)) < 0 ||
        qv_module_add_take(qi, sys, "path_hooks", list_of_singles(qi, hooks, 2)) < 0 ||
        qv_module_add_take(qi, sys, "path_importer_cache", qv_dict_new(qi)) < 0 ||
        qv_import_mark_builtin(qi, sys, QV_N(sys)) < 0) {
        return -1;
    }
    // These two modules are older than the importer.
    if (qv_dict_get(qi, qi->modules, QV_N(__main__), &main) > 0 && main->type == &qv_module_type &&
        qv_dict_peek_str(qv_module_dict(main), QV_N(__loader__)) == QV_NONE &&
        qv_import_mark_main(qi, qv_module_dict(main), NULL) < 0) {
        return -1;
    }
    int found = qv_dict_get(qi, qi->modules, QV_N(builtins), &builtins);
    return found > 0 && builtins->type == &qv_module_type
               ? qv_import_mark_builtin(qi, builtins, QV_N(builtins))
               : found;
}
