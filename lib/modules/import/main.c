// SPDX-License-Identifier: MIT
// python -m, and the running of folders and zip files: what runpy does, without loading it when the
// module is plain source or a compiled file.
#include "code/code.h"
#include "modules/import/import.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"

// SystemExit with a message for standard error. -1; takes the message.
static int leave(QvInterp *qi, QV_STOLEN QvObj *message)
{
    const char *exe = qi->config.executable;
    QvObj *text = message ? qv_str_format(qi, "%s: %U", exe ? exe : "quiver", message) : NULL;
    qv_xdecref(qi, message);
    if (text) {
        qv_raise_obj(qi, &qv_exc_SystemExit, text);
        qv_decref(qi, text);
    }
    return -1;
}

// The pending exception as the reason why there is no spec.
static int leave_with_reason(QvInterp *qi, QvObj *name)
{
    QvObj *exc = qv_err_fetch(qi);
    QvObj *text = qv_str_format(qi, "Error while finding module specification for %R (%N: %S)",
                                name, exc->type, exc);
    qv_decref(qi, exc);
    QvSsize n = qv_str_len(name);
    QvObj *tail = text ? qv_str_slice(qi, name, n > 3 ? n - 3 : 0, n) : NULL;
    if (tail && qv_str_eq_ascii(tail, ".py")) {
        QvObj *stem = qv_str_slice(qi, name, 0, n - 3);
        QvObj *more = stem ? qv_str_format(qi,
                                           "%U. Try using '%U' instead of '%U' as the module name.",
                                           text, stem, name)
                           : NULL;
        qv_xdecref(qi, stem);
        qv_set_take(qi, &text, more);
    }
    qv_xdecref(qi, tail);
    return leave(qi, text);
}

static bool is_import_error_of(QvInterp *qi, QvObj *package)
{
    QvObj *exc = qi->ts->exc;
    if (!exc || !qv_is_instance_of(exc, &qv_exc_ImportError)) {
        return false;
    }
    QvObj *name = ((QvImportError *)exc)->name;
    if (!name || !qv_is_str(name)) {
        return false;
    }
    QvSsize n = qv_str_len(name);
    return qv_str_equal(name, package) ||
           (qv_str_len(package) > n && qv_str_find(package, name, 0, n) == 0 &&
            qv_str_read(package, n) == '.');
}

// By runpy: whatever a finder in Python has found, and modules that are there already.
static int run_by_runpy(QvInterp *qi, QvObj *name, bool alter_argv)
{
    QvObj *runpy = qv_import(qi, "runpy");
    QvObj *f = runpy ? qv_getattr_cstr(qi, runpy, "_run_module_as_main") : NULL;
    QvObj *r = f ? qv_call2(qi, f, name, qv_bool(alter_argv)) : NULL;
    qv_xdecref(qi, r);
    qv_xdecref(qi, f);
    qv_xdecref(qi, runpy);
    return r ? 0 : -1;
}

static int run_found(QvInterp *qi, QvObj *name, const QvFound *found, QvObj *dict, bool alter_argv)
{
    QvObj *file = qv_str_fsdecode(qi, qv_buf_cstr((QvBuf *)&found->file));
    QvObj *spec = file ? qv_import_spec_for(qi, name, found, file) : NULL;
    QvObj *cached = spec ? qv_spec_cached(qi, spec) : NULL;
    QvObj *parent = cached ? qv_getattr(qi, spec, QV_N(parent)) : NULL;
    QvObj *code = parent ? qv_import_code(qi, name, found, file) : NULL;
    QvObj *loader = code ? qv_dict_peek_str(((QvModuleSpec *)spec)->dict, QV_N(loader)) : NULL;
    QvObj *argv = alter_argv ? qv_sys_peek(qi, QV_N(argv)) : NULL;
    QvObj *result = NULL;
    if (loader && qv_dict_set(qi, dict, QV_N(__name__), QV_N(__main__)) == 0 &&
        qv_dict_set(qi, dict, QV_N(__file__), file) == 0 &&
        qv_dict_set(qi, dict, QV_N(__cached__), cached) == 0 &&
        qv_dict_set(qi, dict, QV_N(__doc__), QV_NONE) == 0 &&
        qv_dict_set(qi, dict, QV_N(__loader__), loader) == 0 &&
        qv_dict_set(qi, dict, QV_N(__package__), parent) == 0 &&
        qv_dict_set(qi, dict, QV_N(__spec__), spec) == 0 &&
        (!argv || !qv_is_list(argv) || qv_list_len(argv) == 0 ||
         qv_list_set(qi, argv, 0, file) == 0)) {
        result = qv_eval_code(qi, (QvCode *)code, dict, dict, NULL);
    }
    qv_xdecref(qi, result);
    qv_xdecref(qi, code);
    qv_xdecref(qi, parent);
    qv_xdecref(qi, cached);
    qv_xdecref(qi, spec);
    qv_xdecref(qi, file);
    return result ? 0 : -1;
}

// The package of a dotted name, imported: its __path__ in *path (new). 1; 0 there is no package in
// the name; -1.
static int path_for(QvInterp *qi, QvObj *name, QvSsize dot, QvObj **path)
{
    *path = NULL;
    if (dot < 0) {
        return 0;
    }
    QvObj *package_name = qv_str_slice(qi, name, 0, dot);
    if (!package_name || qv_str_intern(qi, &package_name) < 0) {
        return -1;
    }
    QvObj *package = qv_import_absolute(qi, package_name);
    int status = -1;
    if (!package) {
        status = is_import_error_of(qi, package_name) ? leave_with_reason(qi, name) : -1;
    } else if (qv_getattr_try(qi, package, QV_N(__path__), path) > 0) {
        status = 1;
    } else if (!qv_err_occurred(qi)) {
        qv_import_error(qi, &qv_exc_ModuleNotFoundError, name, NULL,
                        "__path__ attribute not found on %R while trying to find %R", package_name,
                        name);
        status = leave_with_reason(qi, name);
    }
    qv_xdecref(qi, package);
    qv_decref(qi, package_name);
    return status;
}

// asked: the package whose __main__ this is, or NULL.
static int run_named(QvInterp *qi, QvObj *name, QvObj *dict, bool alter_argv, QvObj *asked)
{
    QvSsize dot = qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name));
    QvObj *path = NULL, *leaf = NULL, *there;
    QvFound found = {0};
    int status = -1;
    if (qv_str_len(name) > 0 && qv_str_read(name, 0) == '.') {
        return leave(qi, qv_str_new_cstr(qi, "Relative module names not supported"));
    }
    if (path_for(qi, name, dot, &path) < 0) {
        return -1;
    }
    leaf = qv_str_slice(qi, name, dot + 1, qv_str_len(name));
    bool is_main = qv_str_equal(name, QV_N(__main__));
    int known = !leaf ? -1 : is_main ? 0 : qv_dict_get(qi, qi->modules, name, &there);
    if (known != 0 || qv_import_find(qi, name, leaf, path, &found) < 0) {
        status = known > 0 ? run_by_runpy(qi, name, alter_argv) : -1;
    } else if (found.kind == QV_FOUND_NOTHING) {
        QvObj *text = NULL;
        if (is_main) {
            QvObj *sys_path = qv_sys_peek(qi, QV_N(path));
            QvObj *first = sys_path && qv_is_list(sys_path) && qv_list_len(sys_path) > 0 &&
                                   !qv_list_is_packed(sys_path)
                               ? qv_list_peek(sys_path, 0)
                               : QV_NONE;
            text = qv_str_format(qi, "can't find '__main__' module in %R", first);
        } else if (asked) {
            text = qv_str_format(qi,
                                 "No module named %U; %R is a package and cannot be directly "
                                 "executed",
                                 name, asked);
        } else {
            text = qv_str_format(qi, "No module named %U", name);
        }
        status = leave(qi, text);
    } else if (found.kind != QV_FOUND_SOURCE && found.kind != QV_FOUND_SOURCELESS) {
        status = run_by_runpy(qi, name, alter_argv);
    } else if (found.is_package && (is_main || asked)) {
        status = leave(qi, asked ? qv_str_format(qi,
                                                 "Cannot use package as __main__ module; %R is a "
                                                 "package and cannot be directly executed",
                                                 asked)
                                 : qv_str_new_cstr(qi, "Cannot use package as __main__ module"));
    } else if (found.is_package) {
        QvObj *inner = qv_str_format(qi, "%U.__main__", name);
        status = inner ? run_named(qi, inner, dict, alter_argv, name) : -1;
        qv_xdecref(qi, inner);
    } else {
        status = run_found(qi, name, &found, dict, alter_argv);
    }
    qv_found_fini(qi, &found);
    qv_xdecref(qi, leaf);
    qv_xdecref(qi, path);
    return status;
}

int qv_import_run_as_main(QvInterp *qi, QvObj *name, QvObj *dict)
{
    // A folder or a zip file has been asked for by its path, which stays in sys.argv.
    return run_named(qi, name, dict, !qv_str_equal(name, QV_N(__main__)), NULL);
}

int qv_import_run_compiled(QvInterp *qi, const char *path, QvObj *dict)
{
    QvFound found = {.kind = QV_FOUND_SOURCELESS};
    qv_buf_printf(&found.file, "%s", path);
    QvObj *file = qv_str_fsdecode(qi, path), *code = NULL, *result = NULL;
    if (file) {
        code = qv_import_code(qi, QV_N(__main__), &found, file);
        if (!code && qv_err_matches(qi, &qv_exc_ImportError)) {
            qv_err_clear(qi);
            qv_raise(qi, &qv_exc_RuntimeError, "Bad magic number in .pyc file");
        }
    }
    QvObj *loader = code ? qv_lazy_loader(qi, QV_LAZY_SOURCELESS, QV_N(__main__), file) : NULL;
    if (loader && qv_dict_set(qi, dict, QV_N(__file__), file) == 0 &&
        qv_dict_set(qi, dict, QV_N(__cached__), QV_NONE) == 0 &&
        qv_dict_set(qi, dict, QV_N(__loader__), loader) == 0) {
        result = qv_eval_code(qi, (QvCode *)code, dict, dict, NULL);
    }
    qv_xdecref(qi, result);
    qv_xdecref(qi, loader);
    qv_xdecref(qi, code);
    qv_xdecref(qi, file);
    qv_found_fini(qi, &found);
    return result ? 0 : -1;
}
