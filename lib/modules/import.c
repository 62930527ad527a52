// SPDX-License-Identifier: MIT
// The C importer: built-in, embedded and source modules, packages, namespace packages.
//
// It works on sys.modules and sys.path alone, so that starting an interpreter costs nothing for
// importing. A module is entered in sys.modules before its code runs, and taken out again when that
// fails.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "code/code.h"
#include "compile/compile.h"
#include "modules/modules.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

#define MAX_SOURCE ((size_t)1 << 30) // bytes of a source file

// ---- loading ------------------------------------------------------------------------------------

// Reads a whole file; the lock is released meanwhile. 0, or -1 with an exception.
static int read_source(QvInterp *qi, const char *path, QvBuf *out)
{
    int err = 0;
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        err = errno;
    } else {
        char chunk[16384];
        ssize_t got;
        while ((got = read(fd, chunk, sizeof chunk)) > 0 && out->len < MAX_SOURCE) {
            qv_buf_append(out, chunk, (size_t)got);
        }
        if (got < 0) {
            err = errno;
        }
        close(fd);
    }
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
    if (err) {
        qv_raise_errno_path(qi, err, path);
        return -1;
    }
    if (out->oom) {
        qv_raise_oom(qi);
        return -1;
    }
    return 0;
}

// __package__, and __path__ of packages.
static int set_package(QvInterp *qi, QvObj *dict, QvObj *name, const char *search_dir)
{
    if (search_dir) {
        QvObj *s = qv_str_fsdecode(qi, search_dir);
        QvObj *path = s ? qv_list_from_array(qi, &s, 1) : NULL;
        qv_xdecref(qi, s);
        if (!path || qv_dict_set_cstr_take(qi, dict, "__path__", path) < 0) {
            return -1;
        }
        return qv_dict_set(qi, dict, QV_N(__package__), name);
    }
    QvSsize dot = qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name));
    QvObj *package = dot < 0 ? QV_N(empty) : qv_str_slice(qi, name, 0, dot);
    if (!package) {
        return -1;
    }
    int set = qv_dict_set(qi, dict, QV_N(__package__), package);
    qv_decref(qi, package);
    return set;
}

static int run_module_code(QvInterp *qi, QvObj *dict, const char *src, size_t n, QvObj *filename,
                           bool from_file)
{
    QvObj *code = qi->hooks.compile(qi, src, (QvSsize)n, filename, 0,
                                    from_file ? 0 : QV_CF_SOURCE_IS_UTF8, qi->optimize);
    if (!code) {
        return -1;
    }
    QvObj *result = qv_eval_code(qi, (QvCode *)code, dict, dict, NULL);
    qv_decref(qi, code);
    if (!result) {
        return -1;
    }
    qv_decref(qi, result);
    return 0;
}

// A new module of Python source, entered in sys.modules and run. path: shown as __file__;
// search_dir: NULL for plain modules.
static QvObj *load_source(QvInterp *qi, QvObj *name, const char *path, const char *search_dir,
                          const char *src, size_t n, bool from_file)
{
    QvObj *module = qv_module_new(qi, name);
    if (!module) {
        return NULL;
    }
    QvObj *dict = qv_module_dict(module);
    QvObj *file = qv_str_fsdecode(qi, path);
    QvObj *builtins = qv_dict_peek_str(qi->modules, QV_N(builtins));
    QvObj *result = NULL;
    if (file && qv_dict_set(qi, dict, QV_N(__file__), file) == 0 &&
        set_package(qi, dict, name, search_dir) == 0 &&
        (!builtins || qv_dict_set(qi, dict, QV_N(__builtins__), builtins) == 0) &&
        qv_dict_set(qi, qi->modules, name, module) == 0) {
        if (run_module_code(qi, dict, src, n, file, from_file) == 0) {
            QvObj *now; // the code may have put something else there
            int found = qv_dict_get(qi, qi->modules, name, &now);
            if (found > 0) {
                result = qv_new_ref(qi, now);
            } else if (found == 0) {
                qv_raise_obj(qi, &qv_exc_KeyError, name);
            }
        } else {
            QvObj *exc = qv_err_fetch(qi);
            QvObj *gone;
            if (qv_dict_pop(qi, qi->modules, name, &gone) > 0) {
                qv_decref(qi, gone);
            }
            qv_err_clear(qi);
            qv_err_restore(qi, exc);
        }
    }
    qv_xdecref(qi, file);
    qv_decref(qi, module);
    return result;
}

static QvObj *load_file(QvInterp *qi, QvObj *name, const char *path, const char *search_dir)
{
    QvBuf buf;
    qv_buf_init(&buf);
    QvObj *module = NULL;
    if (read_source(qi, path, &buf) == 0) {
        module = load_source(qi, name, path, search_dir, qv_buf_cstr(&buf), buf.len, true);
    }
    qv_buf_fini(&buf);
    return module;
}

static QvObj *load_builtin(QvInterp *qi, QvObj *name, const QvModuleDef *def)
{
    if (def == &qv_module_sys) {
        QvObj *sys = qv_sys_module(qi);
        return sys ? qv_new_ref(qi, sys) : NULL;
    }
    QvObj *module = qv_module_from_def(qi, def);
    if (module && qv_dict_set(qi, qi->modules, name, module) < 0) {
        qv_clear(qi, &module);
    }
    return module;
}

// ---- finding ------------------------------------------------------------------------------------

typedef enum FileKind { NOTHING, PLAIN_FILE, FOLDER } FileKind;

static FileKind kind_of(const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0) {
        return NOTHING;
    }
    return S_ISREG(st.st_mode) ? PLAIN_FILE : S_ISDIR(st.st_mode) ? FOLDER : NOTHING;
}

// Looks in one folder. Found: the module, or NULL with an exception. Else NULL without one;
// *namespace_dir set when there is a folder of that name without __init__.py.
static QvObj *look_in(QvInterp *qi, QvObj *name, const char *dir, const char *leaf, bool *ret_found,
                      QvBuf *namespace_dir)
{
    QvBuf path;
    qv_buf_init(&path);
    qv_buf_printf(&path, "%s%s%s", dir, *dir ? "/" : "", leaf);
    size_t stem = path.len;
    QvObj *module = NULL;
    *ret_found = true;
    qv_buf_append_cstr(&path, "/__init__.py");
    if (kind_of(qv_buf_cstr(&path)) == PLAIN_FILE) {
        QvBuf folder;
        qv_buf_init(&folder);
        qv_buf_append(&folder, path.data, stem);
        module = load_file(qi, name, qv_buf_cstr(&path), qv_buf_cstr(&folder));
        qv_buf_fini(&folder);
        goto done;
    }
    qv_buf_truncate(&path, stem);
    qv_buf_append_cstr(&path, ".py");
    if (kind_of(qv_buf_cstr(&path)) == PLAIN_FILE) {
        module = load_file(qi, name, qv_buf_cstr(&path), NULL);
        goto done;
    }
    qv_buf_truncate(&path, stem);
    if (namespace_dir->len == 0 && kind_of(qv_buf_cstr(&path)) == FOLDER) {
        qv_buf_append(namespace_dir, path.data, path.len);
    }
    *ret_found = false;
done:
    qv_buf_fini(&path);
    return module;
}

static QvObj *make_namespace(QvInterp *qi, QvObj *name, const char *dir)
{
    QvObj *module = qv_module_new(qi, name);
    if (module && (set_package(qi, qv_module_dict(module), name, dir) < 0 ||
                   qv_dict_set(qi, qi->modules, name, module) < 0)) {
        qv_clear(qi, &module);
    }
    return module;
}

static QvObj *search_path(QvInterp *qi, QvObj *name, QvObj *path, const char *leaf)
{
    QvObj *module = NULL;
    QvBuf namespace_dir;
    qv_buf_init(&namespace_dir);
    bool found = false;
    QvObj *entries = qv_to_list(qi, path);
    if (!entries) {
        return NULL;
    }
    for (QvSsize k = 0; !found && k < qv_list_len(entries); k++) {
        QvUtf8 dir;
        QvObj *entry = qv_list_peek(entries, k);
        if (!qv_is_str(entry)) {
            continue;
        }
        if (qv_str_utf8_surrogates(qi, entry, &dir, true) < 0) {
            break;
        }
        // Entries that are not absolute count from the folder the process is in now.
        char *cwd = *dir.s == '/' ? NULL : getcwd(NULL, 0);
        QvBuf folder;
        qv_buf_init(&folder);
        qv_buf_printf(&folder, "%s%s%s", cwd ? cwd : "", cwd && *dir.s ? "/" : "", dir.s);
        module = look_in(qi, name, qv_buf_cstr(&folder), leaf, &found, &namespace_dir);
        qv_buf_fini(&folder);
        free(cwd);
        qv_utf8_release(qi, &dir);
    }
    if (!found && !qv_err_occurred(qi) && namespace_dir.len > 0) {
        module = make_namespace(qi, name, qv_buf_cstr(&namespace_dir));
    }
    qv_decref(qi, entries);
    qv_buf_fini(&namespace_dir);
    return module;
}

static QvObj *raise_not_found(QvInterp *qi, QvObj *name, const char *detail)
{
    const char *dir = qi->config.stdlib_dir ? qi->config.stdlib_dir : QV_STDLIB_DIR;
    if (kind_of(dir) != FOLDER && !detail) {
        qv_raise(qi, &qv_exc_ModuleNotFoundError,
                 "No module named %R (there is no standard library in %s: install Debian's package "
                 "libpython3.11-stdlib)",
                 name, dir);
    } else {
        qv_raise(qi, &qv_exc_ModuleNotFoundError, "No module named %R%s", name,
                 detail ? detail : "");
    }
    QvObj *exc = qi->ts->exc;
    if (exc && exc->type == &qv_exc_ModuleNotFoundError) {
        qv_set_take(qi, &((QvImportError *)exc)->name, qv_new_ref(qi, name));
    }
    return NULL;
}

// Modules that CPython has frozen or loaded before it knows the script's folder: a script or a file
// beside it of that name does not come first.
static bool is_core(const char *name)
{
    static const char *const core[] = {
        "_collections_abc", "_sitebuiltins", "abc",  "codecs", "encodings",
        "genericpath",      "importlib",     "io",   "ntpath", "os",
        "posixpath",        "runpy",         "site", "stat",
    };
    for (size_t i = 0; i < sizeof core / sizeof *core; i++) {
        if (strcmp(name, core[i]) == 0) {
            return true;
        }
    }
    return false;
}

// NULL without an exception when it is not there.
static QvObj *load_core(QvInterp *qi, QvObj *name, const char *leaf)
{
    bool found;
    QvBuf namespace_dir;
    qv_buf_init(&namespace_dir);
    const char *dir = qi->config.stdlib_dir ? qi->config.stdlib_dir : QV_STDLIB_DIR;
    QvObj *module = look_in(qi, name, dir, leaf, &found, &namespace_dir);
    qv_buf_fini(&namespace_dir);
    return module;
}

// Loads a module that is not in sys.modules. parent: its package, or NULL.
static QvObj *find_and_load(QvInterp *qi, QvObj *name, QvObj *parent, const char *leaf)
{
    const QvModuleDef *def = qv_modules_find(name);
    if (def) {
        return load_builtin(qi, name, def);
    }
    const QvEmbeddedModule *embedded = qv_embedded_find(name);
    if (embedded) {
        QvBuf path;
        qv_buf_init(&path);
        qv_buf_printf(&path, "<quiver>/%s", embedded->name);
        QvObj *module = load_source(qi, name, qv_buf_cstr(&path),
                                    embedded->is_package ? qv_buf_cstr(&path) : NULL,
                                    (const char *)embedded->data, embedded->size, false);
        qv_buf_fini(&path);
        return module;
    }
    QvObj *path;
    if (parent) {
        int found = qv_getattr_try(qi, parent, QV_N(__path__), &path);
        if (found <= 0) {
            if (found == 0) {
                QvObj *text =
                    qv_str_slice(qi, name, 0, qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name)));
                if (text) {
                    QvObj *detail = qv_str_format(qi, "; %R is not a package", text);
                    QvUtf8 u;
                    if (detail && qv_str_utf8(qi, detail, &u) == 0) {
                        raise_not_found(qi, name, u.s);
                        qv_utf8_release(qi, &u);
                    }
                    qv_xdecref(qi, detail);
                    qv_decref(qi, text);
                }
            }
            return NULL;
        }
    } else {
        QvObj *core = is_core(leaf) ? load_core(qi, name, leaf) : NULL;
        if (core || qv_err_occurred(qi)) {
            return core;
        }
        path = qv_sys_peek(qi, QV_N(path));
        if (!path) {
            return qv_err_occurred(qi) ? NULL : qv_raise(qi, &qv_exc_RuntimeError, "lost sys.path");
        }
        qv_incref(qi, path);
    }
    QvObj *module = search_path(qi, name, path, leaf);
    qv_decref(qi, path);
    if (!module && !qv_err_occurred(qi)) {
        return raise_not_found(qi, name, parent ? "" : NULL);
    }
    return module;
}

// Imports an absolute dotted name, packages first; the leaf.
static QvObj *import_absolute(QvInterp *qi, QvObj *name)
{
    QvObj *module;
    int found = qv_dict_get(qi, qi->modules, name, &module);
    if (found != 0) {
        if (found > 0 && module == QV_NONE) {
            qv_raise(qi, &qv_exc_ModuleNotFoundError, "import of %U halted; None in sys.modules",
                     name);
            return NULL;
        }
        return found > 0 ? qv_new_ref(qi, module) : NULL;
    }
    QvObj *parent = NULL, *leaf = NULL;
    QvSsize dot = qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name));
    if (dot >= 0) {
        QvObj *parent_name = qv_str_slice(qi, name, 0, dot);
        if (!parent_name || qv_str_intern(qi, &parent_name) < 0) {
            return NULL;
        }
        parent = import_absolute(qi, parent_name);
        qv_decref(qi, parent_name);
        if (!parent) {
            return NULL;
        }
        found = qv_dict_get(qi, qi->modules, name, &module); // the package may have imported it
        if (found != 0) {
            qv_decref(qi, parent);
            return found > 0 ? qv_new_ref(qi, module) : NULL;
        }
    }
    leaf = qv_str_slice(qi, name, dot + 1, qv_str_len(name));
    QvUtf8 text;
    module = NULL;
    if (leaf && qv_str_intern(qi, &leaf) == 0 && qv_str_utf8(qi, leaf, &text) == 0) {
        module = find_and_load(qi, name, parent, text.s);
        qv_utf8_release(qi, &text);
        if (module && parent && qv_setattr(qi, parent, leaf, module) < 0) {
            qv_clear(qi, &module);
        }
    }
    qv_xdecref(qi, leaf);
    qv_xdecref(qi, parent);
    return module;
}

QvObj *qv_import(QvInterp *qi, const char *name)
{
    QvObj *s = qv_str_intern_cstr(qi, name);
    QvObj *module = s ? import_absolute(qi, s) : NULL;
    qv_xdecref(qi, s);
    return module;
}

// ---- python -m ----------------------------------------------------------------------------------

// The source file of a module on a search path, in *file; *package: it is a package's __init__.py.
// False: none.
static bool find_file(QvInterp *qi, QvObj *path, const char *leaf, QvBuf *file, bool *package)
{
    QvObj *entries = qv_to_list(qi, path);
    bool found = false;
    for (QvSsize k = 0; entries && !found && k < qv_list_len(entries); k++) {
        QvUtf8 dir;
        QvObj *entry = qv_list_peek(entries, k);
        if (!qv_is_str(entry) || qv_str_utf8_surrogates(qi, entry, &dir, true) < 0) {
            continue;
        }
        for (int form = 0; form < 2 && !found; form++) {
            qv_buf_truncate(file, 0);
            qv_buf_printf(file, "%s%s%s%s", dir.s, *dir.s ? "/" : "", leaf,
                          form == 0 ? "/__init__.py" : ".py");
            found = kind_of(qv_buf_cstr(file)) == PLAIN_FILE;
            *package = form == 0;
        }
        qv_utf8_release(qi, &dir);
    }
    qv_xdecref(qi, entries);
    return found;
}

// Runs the file in the dict of __main__, as a part of `package`.
static int run_file_as_main(QvInterp *qi, QvObj *dict, QvObj *package, const char *path)
{
    QvObj *file = qv_str_fsdecode(qi, path);
    QvObj *argv = file ? qv_sys_peek(qi, QV_N(argv)) : NULL;
    QvBuf source;
    qv_buf_init(&source);
    int status = -1;
    if (file && qv_dict_set(qi, dict, QV_N(__file__), file) == 0 &&
        qv_dict_set(qi, dict, QV_N(__package__), package) == 0 &&
        (!argv || !qv_is_list(argv) || qv_list_len(argv) == 0 ||
         qv_list_set(qi, argv, 0, file) == 0) &&
        read_source(qi, path, &source) == 0) {
        status = run_module_code(qi, dict, qv_buf_cstr(&source), source.len, file, true);
    }
    qv_buf_fini(&source);
    qv_xdecref(qi, file);
    return status;
}

int qv_import_run_as_main(QvInterp *qi, QvObj *name, QvObj *dict)
{
    QvSsize dot = qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name));
    QvObj *parent_name = dot < 0 ? QV_N(empty) : qv_str_slice(qi, name, 0, dot);
    QvObj *parent = NULL, *path = NULL;
    QvObj *leaf = qv_str_slice(qi, name, dot + 1, qv_str_len(name));
    QvUtf8 text;
    QvBuf file;
    int status = -1;
    qv_buf_init(&file);
    if (!parent_name || !leaf || qv_str_intern(qi, &parent_name) < 0) {
        goto done;
    }
    if (dot >= 0) {
        parent = import_absolute(qi, parent_name);
        path = parent ? qv_getattr(qi, parent, QV_N(__path__)) : NULL;
    } else {
        path = qv_xnew_ref(qi, qv_sys_peek(qi, QV_N(path)));
    }
    if (!path || qv_str_utf8(qi, leaf, &text) < 0) {
        goto done;
    }
    bool package = false;
    if (!find_file(qi, path, text.s, &file, &package)) {
        if (!qv_err_occurred(qi)) {
            raise_not_found(qi, name, "");
        }
    } else if (package) {
        QvObj *inner = qv_str_format(qi, "%U.__main__", name);
        if (inner) {
            status = qv_import_run_as_main(qi, inner, dict);
            qv_decref(qi, inner);
        }
    } else {
        status = run_file_as_main(qi, dict, parent_name, qv_buf_cstr(&file));
    }
    qv_utf8_release(qi, &text);
done:
    qv_buf_fini(&file);
    qv_xdecref(qi, path);
    qv_xdecref(qi, parent);
    qv_xdecref(qi, leaf);
    qv_xdecref(qi, parent_name);
    return status;
}

// ---- the import statement -----------------------------------------------------------------------

// The package that relative imports of code with these globals start from: new str.
static QvObj *package_of(QvInterp *qi, QvObj *globals)
{
    QvObj *package = NULL, *name, *path;
    if (qv_dict_get(qi, globals, QV_N(__package__), &package) < 0) {
        return NULL;
    }
    if (package && package != QV_NONE) {
        if (!qv_is_str(package)) {
            return qv_raise(qi, &qv_exc_TypeError, "package must be a string");
        }
        return qv_new_ref(qi, package);
    }
    if (qv_dict_get(qi, globals, QV_N(__name__), &name) <= 0) {
        return qv_err_occurred(qi) ? NULL
                                   : qv_raise(qi, &qv_exc_KeyError, "'__name__' not in globals");
    }
    if (!qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_TypeError, "__name__ must be a string");
    }
    int is_package = qv_dict_get(qi, globals, QV_N(__path__), &path);
    if (is_package < 0) {
        return NULL;
    }
    QvSsize dot = qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name));
    return is_package ? qv_new_ref(qi, name)
           : dot < 0  ? QV_N(empty)
                      : qv_str_slice(qi, name, 0, dot);
}

static QvObj *resolve_relative(QvInterp *qi, QvObj *name, QvObj *globals, int level)
{
    if (!globals || !qv_is_dict(globals)) {
        return qv_raise(qi, &qv_exc_TypeError, "globals must be a dict");
    }
    QvObj *package = package_of(qi, globals);
    if (!package) {
        return NULL;
    }
    if (qv_str_len(package) == 0) {
        qv_decref(qi, package);
        return qv_raise(qi, &qv_exc_ImportError,
                        "attempted relative import with no known parent package");
    }
    QvSsize end = qv_str_len(package);
    for (int k = 1; k < level; k++) {
        end = qv_str_rfind(package, QV_N(dot), 0, end);
        if (end < 0) {
            qv_decref(qi, package);
            return qv_raise(qi, &qv_exc_ImportError,
                            "attempted relative import beyond top-level package");
        }
    }
    QvObj *base = qv_str_slice(qi, package, 0, end);
    qv_decref(qi, package);
    if (!base || qv_str_len(name) == 0) {
        return base;
    }
    QvObj *full = qv_str_format(qi, "%U.%U", base, name);
    qv_decref(qi, base);
    return full;
}

// `from package import a, b`: names that are not attributes yet may be submodules.
static int import_fromlist(QvInterp *qi, QvObj *module, QvObj *fromlist)
{
    QvObj *path, *modname = NULL;
    int is_package = qv_getattr_try(qi, module, QV_N(__path__), &path);
    if (is_package <= 0) {
        return is_package;
    }
    qv_decref(qi, path);
    QvObj *names = qv_to_list(qi, fromlist);
    int status = names ? 0 : -1;
    modname = status == 0 ? qv_getattr(qi, module, QV_N(__name__)) : NULL;
    if (!modname || !qv_is_str(modname)) {
        status = -1;
        if (modname) {
            qv_raise(qi, &qv_exc_TypeError, "__name__ must be a string");
        }
    }
    for (QvSsize k = 0; status == 0 && k < qv_list_len(names); k++) {
        QvObj *item = qv_list_peek(names, k);
        QvObj *have;
        if (!qv_is_str(item)) {
            status = qv_raise_int(qi, &qv_exc_TypeError,
                                  "Item in ``from list'' must be str, not %T", item);
            break;
        }
        if (qv_str_eq_ascii(item, "*")) {
            int found = qv_getattr_try(qi, module, QV_N(__all__), &have);
            if (found < 0 || (found && qv_list_extend(qi, names, have) < 0)) {
                status = -1;
            }
            if (found > 0) {
                qv_decref(qi, have);
            }
            continue;
        }
        int found = qv_getattr_try(qi, module, item, &have);
        if (found < 0) {
            status = -1;
        } else if (found) {
            qv_decref(qi, have);
        } else {
            QvObj *full = qv_str_format(qi, "%U.%U", modname, item);
            if (full && qv_str_intern(qi, &full) < 0) {
                full = NULL;
            }
            QvObj *sub = full ? import_absolute(qi, full) : NULL;
            if (!sub) {
                // "cannot import name" is raised by the statement itself when there is no such
                // module.
                QvObj *exc = qi->ts->exc;
                if (full && exc && qv_is_instance_of(exc, &qv_exc_ModuleNotFoundError) &&
                    ((QvImportError *)exc)->name &&
                    qv_str_equal(((QvImportError *)exc)->name, full)) {
                    qv_err_clear(qi);
                } else {
                    status = -1;
                }
            }
            qv_xdecref(qi, sub);
            qv_xdecref(qi, full);
        }
    }
    qv_xdecref(qi, names);
    qv_xdecref(qi, modname);
    return status;
}

QvObj *qv_import_level(QvInterp *qi, QvObj *name, QvObj *globals, QvObj *fromlist, int level)
{
    if (level < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "level must be >= 0");
    }
    QvObj *full;
    if (level > 0) {
        full = resolve_relative(qi, name, globals, level);
    } else if (qv_str_len(name) == 0) {
        return qv_raise(qi, &qv_exc_ValueError, "Empty module name");
    } else {
        full = qv_new_ref(qi, name);
    }
    if (!full || qv_str_intern(qi, &full) < 0) {
        return NULL;
    }
    QvObj *module = import_absolute(qi, full);
    if (!module) {
        goto done;
    }
    int wants = fromlist && fromlist != QV_NONE ? qv_is_true(qi, fromlist) : 0;
    if (wants != 0) {
        if (wants < 0 || import_fromlist(qi, module, fromlist) < 0) {
            qv_clear(qi, &module);
        }
        goto done;
    }
    // `import a.b.c` binds a; a relative one without names gives what `name`'s first part is.
    QvSsize cut = qv_str_find(name, QV_N(dot), 0, qv_str_len(name));
    if (cut < 0 || qv_str_len(name) == 0) {
        goto done;
    }
    QvObj *top = qv_str_slice(qi, full, 0, qv_str_len(full) - (qv_str_len(name) - cut));
    qv_clear(qi, &module);
    if (top && qv_str_intern(qi, &top) == 0) {
        module = import_absolute(qi, top);
        qv_decref(qi, top);
    }
done:
    qv_decref(qi, full);
    return module;
}
