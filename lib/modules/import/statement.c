// SPDX-License-Identifier: MIT
// What `import` does: names, packages, from lists, circular imports.
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "modules/import/loading.h"
#include "object/audit.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"

// ---- errors -------------------------------------------------------------------------------------

QvObj *qv_import_error(QvInterp *qi, QvType *type, QvObj *name, QvObj *path, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    qv_raise_v(qi, type, fmt, ap);
    va_end(ap);
    QvObj *exc = qi->ts->exc;
    if (exc && qv_is_instance_of(exc, &qv_exc_ImportError)) {
        if (name) {
            qv_set_take(qi, &((QvImportError *)exc)->name, qv_new_ref(qi, name));
        }
        if (path) {
            qv_set_take(qi, &((QvImportError *)exc)->path, qv_new_ref(qi, path));
        }
    }
    return NULL;
}

QvObj *qv_import_raise_missing(QvInterp *qi, QvObj *name, const char *detail)
{
    const char *dir = qi->config.stdlib_dir ? qi->config.stdlib_dir : QV_STDLIB_DIR;
    struct stat st;
    if (stat(dir, &st) < 0 && qv_str_find(name, QV_N(dot), 0, qv_str_len(name)) < 0) {
        return qv_import_error(qi, &qv_exc_ModuleNotFoundError, name, NULL,
                               "No module named %R (there is no standard library in %s: install "
                               "Debian's package libpython3.11-stdlib)",
                               name, dir);
    }
    return qv_import_error(qi, &qv_exc_ModuleNotFoundError, name, NULL, "No module named %R%s",
                           name, detail);
}

// ---- absolute names -----------------------------------------------------------------------------

// Whether a module says that its import has not ended. 1/0/-1.
static int is_initializing(QvInterp *qi, QvObj *module)
{
    QvObj *spec = module->type == &qv_module_type
                      ? qv_dict_peek_str(qv_module_dict(module), QV_N(__spec__))
                      : NULL;
    if (spec && spec->type == &qv_modulespec_type) {
        return ((QvModuleSpec *)spec)->initializing;
    }
    if (spec == QV_NONE) {
        return 0;
    }
    QvObj *flag;
    int has = qv_getattr_try(qi, module, QV_N(__spec__), &spec);
    if (has <= 0) {
        qv_err_clear(qi); // as CPython: what __getattr__ raises is no reason not to import
        return 0;
    }
    has = qv_getattr_try(qi, spec, QV_N(_initializing), &flag);
    qv_decref(qi, spec);
    if (has > 0) {
        has = qv_is_true(qi, flag);
        qv_decref(qi, flag);
    }
    if (has < 0) {
        qv_err_clear(qi);
    }
    return has > 0;
}

// parent.__path__, the place to look for its parts: new reference; NULL with ModuleNotFoundError.
static QvObj *path_of_package(QvInterp *qi, QvObj *parent, QvObj *parent_name, QvObj *name)
{
    QvObj *path;
    int has = qv_getattr_try(qi, parent, QV_N(__path__), &path);
    if (has > 0) {
        return path;
    }
    return has < 0 ? NULL
                   : qv_import_error(qi, &qv_exc_ModuleNotFoundError, name, NULL,
                                     "No module named %R; %R is not a package", name, parent_name);
}

// The list of parts that a package is in the middle of importing, for the message of circular
// imports: new reference, or NULL without an exception.
static QvObj *parts_in_import(QvInterp *qi, QvObj *parent)
{
    QvObj *spec, *list = NULL;
    if (qv_getattr_try(qi, parent, QV_N(__spec__), &spec) > 0) {
        if (spec == QV_NONE ||
            qv_getattr_try(qi, spec, QV_N(_uninitialized_submodules), &list) <= 0) {
            list = NULL;
        }
        qv_decref(qi, spec);
    }
    qv_err_clear(qi);
    if (list && !qv_is_list(list)) {
        qv_clear(qi, &list);
    }
    return list;
}

static QvObj *load(QvInterp *qi, QvObj *name, QvObj *leaf, QvObj *path)
{
    QvFound found = {0};
    QvObj *module = NULL;
    if (qv_import_find(qi, name, leaf, path, &found) == 0) {
        module = found.kind ? qv_import_load(qi, name, &found)
                            : qv_import_raise_missing(qi, name, "");
    }
    qv_found_fini(qi, &found);
    return module;
}

static int bind_in_parent(QvInterp *qi, QvObj *parent_name, QvObj *leaf, QvObj *module)
{
    QvObj *parent;
    int there = qv_dict_get(qi, qi->modules, parent_name, &parent);
    if (there <= 0) {
        if (there == 0) {
            qv_raise_obj(qi, &qv_exc_KeyError, parent_name);
        }
        return -1;
    }
    qv_incref(qi, parent);
    int status = qv_setattr(qi, parent, leaf, module);
    qv_decref(qi, parent);
    if (status < 0 && qv_err_matches(qi, &qv_exc_AttributeError)) {
        qv_err_clear(qi);
        status = qv_warn(qi, &qv_exc_ImportWarning, 1,
                         "Cannot set an attribute on %R for child module %R", parent_name, leaf);
    }
    return status;
}

static QvObj *load_part(QvInterp *qi, QvObj *name, QvSsize dot)
{
    QvObj *parent_name = qv_str_slice(qi, name, 0, dot);
    QvObj *leaf = qv_str_slice(qi, name, dot + 1, qv_str_len(name));
    QvObj *parent = NULL, *path = NULL, *parts = NULL, *module = NULL;
    if (!parent_name || !leaf || qv_str_intern(qi, &parent_name) < 0 ||
        qv_str_intern(qi, &leaf) < 0) {
        goto done;
    }
    int there = qv_dict_get(qi, qi->modules, parent_name, &parent);
    if (there < 0) {
        parent = NULL;
        goto done;
    }
    if (there) {
        qv_incref(qi, parent);
    } else {
        parent = qv_import_absolute(qi, parent_name);
        if (!parent) {
            goto done;
        }
        there = qv_dict_get(qi, qi->modules, name, &module); // the package may have imported it
        if (there != 0) {
            module = there > 0 ? qv_new_ref(qi, module) : NULL;
            goto done;
        }
    }
    path = path_of_package(qi, parent, parent_name, name);
    if (!path) {
        goto done;
    }
    parts = parts_in_import(qi, parent);
    if (parts && qv_list_append(qi, parts, leaf) < 0) {
        goto done;
    }
    module = load(qi, name, leaf, path);
    if (parts && qv_list_len(parts) > 0) {
        QvObj *exc = qv_err_fetch(qi);
        QvSsize n = qv_list_len(parts);
        if (qv_list_set_slice(qi, parts, n - 1, n, NULL) < 0) {
            qv_err_clear(qi);
        }
        qv_err_restore(qi, exc);
    }
    if (module && bind_in_parent(qi, parent_name, leaf, module) < 0) {
        qv_clear(qi, &module);
    }
done:
    qv_xdecref(qi, parts);
    qv_xdecref(qi, path);
    qv_xdecref(qi, parent);
    qv_xdecref(qi, leaf);
    qv_xdecref(qi, parent_name);
    return module;
}

// -X importtime: one line for each module, those that it imports before it.
static void show_time(QvInterp *qi, QvImportState *state, QvObj *name, int64_t all, int64_t self)
{
    QvUtf8 text;
    QvObj *exc = qv_err_fetch(qi);
    if (qv_str_utf8_surrogates(qi, name, &text, true) == 0) {
        fprintf(stderr, "import time: %9lld | %10lld | %*s%s\n", (long long)self / 1000,
                (long long)all / 1000, state->time_depth * 2, "", text.s);
        qv_utf8_release(qi, &text);
    }
    qv_err_restore(qi, exc);
}

static QvObj *load_timed(QvInterp *qi, QvObj *name, QvSsize dot)
{
    QvImportState *state = (QvImportState *)qi->importer;
    if (!state->show_times) {
        return dot < 0 ? load(qi, name, name, NULL) : load_part(qi, name, dot);
    }
    if (!state->time_begun) {
        fputs("import time: self [us] | cumulative | imported package\n", stderr);
        state->time_begun = true;
    }
    int64_t outer = state->time_inner, start = qv_clock_monotonic();
    state->time_inner = 0;
    state->time_depth++;
    QvObj *module = dot < 0 ? load(qi, name, name, NULL) : load_part(qi, name, dot);
    state->time_depth--;
    int64_t all = qv_clock_monotonic() - start;
    show_time(qi, state, name, all, all - state->time_inner);
    state->time_inner = outer + all;
    return module;
}

static int audit(QvInterp *qi, QvObj *name)
{
    static const char *const names[3] = {"path", "meta_path", "path_hooks"};
    QvObj *lists[3] = {NULL};
    for (int k = 0; k < 3; k++) {
        QvObj *key = qv_str_intern_cstr(qi, names[k]);
        lists[k] = key ? qv_xnew_ref(qi, qv_sys_peek(qi, key)) : NULL;
        qv_xdecref(qi, key);
    }
    qv_err_clear(qi);
    int status = qv_audit(qi, "import", "OOOOO", name, NULL, lists[0], lists[1], lists[2]);
    for (int k = 0; k < 3; k++) {
        qv_xdecref(qi, lists[k]);
    }
    return status;
}

// Imports a name that is not in sys.modules.
static QvObj *find_and_load(QvInterp *qi, QvObj *name)
{
    QvLoading l;
    if (qv_enter_recursive(qi, " while importing a module") < 0) {
        return NULL;
    }
    QvObj *module = NULL;
    if ((!qv_audit_on(qi) || audit(qi, name) == 0) && qv_loading_begin(qi, &l, name) == 0) {
        QvSsize dot = qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name));
        module = load_timed(qi, name, dot);
        qv_loading_end(qi, &l);
    }
    qv_leave_recursive(qi);
    if (!module) {
        qv_import_trim_traceback(qi);
    }
    return module;
}

QvObj *qv_import_absolute(QvInterp *qi, QvObj *name)
{
    if (QV_UNLIKELY(!qi->modules || (qi->finalizing && !qi->importer))) { // the last finalizers run
        return qv_import_error(qi, &qv_exc_ImportError, NULL, NULL,
                               "sys.meta_path is None, Python is likely shutting down");
    }
    for (;;) {
        QvObj *module;
        int found = qv_dict_get(qi, qi->modules, name, &module);
        if (found < 0) {
            return NULL;
        }
        if (found && module == QV_NONE) {
            return qv_import_error(qi, &qv_exc_ModuleNotFoundError, name, NULL,
                                   "import of %U halted; None in sys.modules", name);
        }
        if (found) {
            qv_incref(qi, module);
        }
        int waited = 0;
        if (!found || is_initializing(qi, module) > 0) {
            waited = qv_loading_wait(qi, name);
        }
        if (waited == 0) {
            return found ? module : find_and_load(qi, name);
        }
        if (found) {
            qv_decref(qi, module);
        }
        if (waited < 0) {
            return NULL;
        }
    }
}

QvObj *qv_import(QvInterp *qi, const char *name)
{
    QvObj *s = qv_str_intern_cstr(qi, name);
    QvObj *module = s ? qv_import_absolute(qi, s) : NULL;
    qv_xdecref(qi, s);
    return module;
}

// ---- the import statement -----------------------------------------------------------------------

// spec.parent, or NULL without an exception: there is no spec.
static QvObj *parent_of_spec(QvInterp *qi, QvObj *globals)
{
    QvObj *spec;
    int has = qv_dict_get(qi, globals, QV_N(__spec__), &spec);
    if (has <= 0 || spec == QV_NONE) {
        return NULL;
    }
    qv_incref(qi, spec);
    QvObj *parent = qv_getattr(qi, spec, QV_N(parent));
    qv_decref(qi, spec);
    return parent;
}

// The package by the module's name and path.
static QvObj *package_by_name(QvInterp *qi, QvObj *globals)
{
    QvObj *name, *path;
    if (qv_warn(qi, &qv_exc_ImportWarning, 1,
                "can't resolve package from __spec__ or __package__, falling back on __name__ and "
                "__path__") < 0) {
        return NULL;
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

// The package that relative imports of code with these globals start from: new str.
static QvObj *package_of(QvInterp *qi, QvObj *globals)
{
    QvObj *package = NULL, *parent;
    if (qv_dict_get(qi, globals, QV_N(__package__), &package) < 0) {
        return NULL;
    }
    if (package && package != QV_NONE) {
        if (!qv_is_str(package)) {
            return qv_raise(qi, &qv_exc_TypeError, "package must be a string");
        }
        qv_incref(qi, package);
        parent = parent_of_spec(qi, globals);
        int same = parent ? qv_eq(qi, package, parent) : qv_err_occurred(qi) ? -1 : 1;
        if (same == 0) {
            same = qv_warn(qi, &qv_exc_ImportWarning, 1,
                           "__package__ != __spec__.parent (%R != %R)", package, parent);
        }
        qv_xdecref(qi, parent);
        if (same < 0) {
            qv_clear(qi, &package);
        }
        return package;
    }
    parent = parent_of_spec(qi, globals);
    if (parent && !qv_is_str(parent)) {
        qv_decref(qi, parent);
        return qv_raise(qi, &qv_exc_TypeError, "__spec__.parent must be a string");
    }
    return parent || qv_err_occurred(qi) ? parent : package_by_name(qi, globals);
}

static QvObj *resolve_relative(QvInterp *qi, QvObj *name, QvObj *globals, int level)
{
    if (!globals) {
        return qv_raise(qi, &qv_exc_KeyError, "'__name__' not in globals");
    }
    if (!qv_is_dict(globals)) {
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

static int from_item(QvInterp *qi, QvObj *module, QvObj *item)
{
    QvObj *have;
    int found = qv_getattr_try(qi, module, item, &have);
    if (found != 0) {
        if (found > 0) {
            qv_decref(qi, have);
        }
        return found < 0 ? -1 : 0;
    }
    QvObj *name = qv_getattr(qi, module, QV_N(__name__));
    QvObj *full = name ? qv_str_format(qi, "%S.%U", name, item) : NULL;
    qv_xdecref(qi, name);
    if (!full || qv_str_intern(qi, &full) < 0) {
        return -1;
    }
    QvObj *sub = qv_import_absolute(qi, full);
    int status = sub ? 0 : -1;
    QvObj *exc = qi->ts->exc;
    // That there is no such module is for the statement itself to tell; not so when it was halted
    // by a None.
    if (!sub && exc && qv_is_instance_of(exc, &qv_exc_ModuleNotFoundError)) {
        QvObj *missing = ((QvImportError *)exc)->name, *now;
        if (missing && qv_is_str(missing) && qv_str_equal(missing, full)) {
            exc = qv_err_fetch(qi);
            int there = qv_dict_get(qi, qi->modules, full, &now);
            if (there == 0 || (there > 0 && now != QV_NONE)) {
                qv_decref(qi, exc);
                status = 0;
            } else if (there > 0) {
                qv_err_restore(qi, exc);
            } else {
                qv_decref(qi, exc);
            }
        }
    }
    qv_xdecref(qi, sub);
    qv_decref(qi, full);
    return status;
}

// `from package import a, b`: names that are not attributes yet may be submodules. all: the names
// are those of __all__.
static int import_fromlist(QvInterp *qi, QvObj *module, QvObj *fromlist, bool all)
{
    QvObj *names = qv_to_list(qi, fromlist);
    int status = names ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < qv_list_len(names); k++) {
        QvObj *item = qv_new_ref(qi, qv_list_peek(names, k));
        QvObj *more;
        if (!qv_is_str(item)) {
            status = -1;
            QvObj *name = all ? qv_getattr(qi, module, QV_N(__name__)) : NULL;
            if (all && name) {
                qv_raise(qi, &qv_exc_TypeError, "Item in %S.__all__ must be str, not %T", name,
                         item);
            } else if (!all) {
                qv_raise(qi, &qv_exc_TypeError, "Item in ``from list'' must be str, not %T", item);
            }
            qv_xdecref(qi, name);
        } else if (!qv_str_eq_ascii(item, "*")) {
            status = from_item(qi, module, item);
        } else if (!all) {
            int found = qv_getattr_try(qi, module, QV_N(__all__), &more);
            status = found < 0 ? -1 : 0;
            if (found > 0) {
                status = import_fromlist(qi, module, more, true);
                qv_decref(qi, more);
            }
        }
        qv_decref(qi, item);
    }
    qv_xdecref(qi, names);
    return status;
}

int qv_import_check(QvInterp *qi, QvObj *name)
{
    QvUtf8 u;
    if (QV_LIKELY(!qi->caps || !qi->caps->imports)) {
        return 0;
    }
    if (qv_str_utf8_surrogates(qi, name, &u, true) < 0) {
        return -1;
    }
    char text[200];
    snprintf(text, sizeof text, "import of '%.150s'", u.s);
    int status = qv_cap_import_named(qi, u.s) ? 0 : qv_cap_raise(qi, 0, text);
    qv_utf8_release(qi, &u);
    return status;
}

QvObj *qv_import_level(QvInterp *qi, QvObj *name, QvObj *globals, QvObj *fromlist, int level)
{
    bool library = qi->import_of_library;
    qi->import_of_library = false;
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
    QvObj *module = NULL;
    if (QV_UNLIKELY(qi->caps != NULL) && !library && qv_import_check(qi, full) < 0) {
        goto done;
    }
    module = qv_import_absolute(qi, full);
    if (!module) {
        goto done;
    }
    int wants = fromlist && fromlist != QV_NONE ? qv_is_true(qi, fromlist) : 0;
    if (wants != 0) {
        QvObj *path = NULL;
        int is_package = wants < 0 ? -1 : qv_getattr_try(qi, module, QV_N(__path__), &path);
        if (is_package > 0) {
            qv_decref(qi, path);
        }
        if (is_package < 0 || (is_package && import_fromlist(qi, module, fromlist, false) < 0)) {
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
        module = qv_import_absolute(qi, top);
        qv_decref(qi, top);
    }
done:
    qv_decref(qi, full);
    return module;
}
