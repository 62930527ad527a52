// SPDX-License-Identifier: MIT
// The module _imp: what importlib asks its interpreter. Embedded modules are its frozen ones; there
// are no extension modules.
#include "code/code.h"
#include "code/codefile.h"
#include "modules/import/import.h"
#include "object/bytes.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

static int want_str(QvInterp *qi, QvObj *o, const char *what)
{
    return qv_is_str(o) ? 0
                        : qv_raise_int(qi, &qv_exc_TypeError, "%s must be str, not %T", what, o);
}

// ---- built-in modules ---------------------------------------------------------------------------

static QvObj *is_builtin(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (want_str(qi, a[0], "is_builtin() argument") < 0) {
        return NULL;
    }
    const QvModuleDef *def = qv_modules_find(qi, a[0]);
    // -1: it is there once and is not made again.
    bool once = def == &qv_module_sys || def == &qv_module_builtins;
    return qv_int_from_i64(qi, !def ? 0 : once ? -1 : 1);
}

static QvObj *create_builtin(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *name = qv_getattr(qi, a[0], QV_N(name));
    if (!name || want_str(qi, name, "create_builtin() argument") < 0) {
        qv_xdecref(qi, name);
        return NULL;
    }
    if (qv_import_check(qi, name) < 0) {
        qv_decref(qi, name);
        return NULL;
    }
    const QvModuleDef *def = qv_modules_find(qi, name);
    QvObj *have = NULL;
    int there = def ? qv_dict_get(qi, qi->modules, name, &have) : 0;
    qv_decref(qi, name);
    if (there < 0 || !def) {
        return there < 0 ? NULL : QV_NONE;
    }
    if (def == &qv_module_sys) {
        have = qv_sys_module(qi);
        return qv_xnew_ref(qi, have);
    }
    // One that is there is the one: its state belongs to the interpreter.
    return there && qv_is_module(have) && ((QvModule *)have)->def == def
               ? qv_new_ref(qi, have)
               : qv_module_from_def(qi, def);
}

static QvObj *exec_builtin(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, 0); // create has done it
}

// ---- embedded modules ---------------------------------------------------------------------------

// Fills *ret when there is a frozen module of that name.
static bool find(QvInterp *qi, QvObj *name, QvFound *ret)
{
    *ret = (QvFound){0};
    const QvFrozen *row = qv_import_frozen(qi, name);
    if (row) {
        return qv_import_found_frozen(qi, row, ret);
    }
    ret->embedded = qv_embedded_find(name);
    if (ret->embedded) {
        ret->kind = QV_FOUND_EMBEDDED;
        ret->is_package = ret->embedded->is_package;
    }
    return ret->kind != QV_FOUND_NOTHING;
}

// The same, for one question.
static bool known(QvInterp *qi, QvObj *name, bool *ret_package)
{
    QvFound found;
    bool yes = find(qi, name, &found);
    *ret_package = found.is_package;
    qv_found_fini(qi, &found);
    return yes;
}

static QvObj *code_of(QvInterp *qi, const QvFound *found)
{
    return found->kind == QV_FOUND_EMBEDDED ? qv_import_embedded_code(qi, found->embedded)
                                            : qv_import_frozen_code(qi, found);
}

static QvObj *no_frozen(QvInterp *qi, QvObj *name)
{
    return qv_import_error(qi, &qv_exc_ImportError, name, NULL, "No such frozen object named %R",
                           name);
}

static QvObj *is_frozen(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    bool package;
    return want_str(qi, a[0], "is_frozen() argument") < 0 ? NULL
                                                          : qv_bool(known(qi, a[0], &package));
}

static QvObj *is_frozen_package(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (want_str(qi, a[0], "is_frozen_package() argument") < 0) {
        return NULL;
    }
    bool package;
    return known(qi, a[0], &package) ? qv_bool(package) : no_frozen(qi, a[0]);
}

static QvObj *data_of(QvInterp *qi, const QvFound *found)
{
    QvBuf bytes;
    bytes = (QvBuf){.heap = &qi->heap};
    QvObj *code = code_of(qi, found), *data = NULL;
    if (code && qv_code_write(qi, (QvCode *)code, &bytes) == 0) {
        QvObj *flat = bytes.oom ? qv_raise_oom(qi)
                                : qv_bytes_new(qi, bytes.data, (QvSsize)bytes.len);
        data = flat ? qv_call1(qi, &qv_memoryview_type.h, flat) : NULL;
        qv_xdecref(qi, flat);
    }
    qv_xdecref(qi, code);
    qv_buf_fini(&bytes);
    return data;
}

static QvObj *find_frozen(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvFound found;
    if (want_str(qi, a[0], "find_frozen() argument 1") < 0) {
        return NULL;
    }
    int with_data = a[1] ? qv_is_true(qi, a[1]) : 0;
    if (with_data < 0) {
        return NULL;
    }
    if (!find(qi, a[0], &found)) {
        qv_found_fini(qi, &found);
        return QV_NONE;
    }
    QvObj *data = with_data ? data_of(qi, &found) : QV_NONE, *r = NULL;
    const char *origin = found.frozen ? found.frozen->origin : NULL;
    QvObj *origname = origin ? qv_str_new_cstr(qi, origin) : QV_NONE;
    if (data && origname) {
        r = qv_tuple_of(qi, 3, data, qv_bool(found.is_package), origname);
    }
    qv_xdecref(qi, origname);
    qv_xdecref(qi, data);
    qv_found_fini(qi, &found);
    return r;
}

static QvObj *get_frozen_object(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (want_str(qi, a[0], "get_frozen_object() argument 1") < 0) {
        return NULL;
    }
    if (a[1] && a[1] != QV_NONE) {
        QvBufferView view;
        if (qv_buffer_get(qi, a[1], &view, QV_BUF_SIMPLE) < 0) {
            qv_err_clear(qi);
            return qv_raise(qi, &qv_exc_TypeError,
                            "get_frozen_object() argument 2 must be bytes, not %T", a[1]);
        }
        QvObj *code = qv_code_read(qi, view.buf, (size_t)view.len, NULL);
        qv_buffer_release(qi, &view);
        if (!code && !qv_err_matches(qi, &qv_exc_MemoryError)) {
            qv_err_clear(qi);
            return qv_import_error(qi, &qv_exc_ImportError, a[0], NULL,
                                   "Frozen object named %R is invalid", a[0]);
        }
        return code;
    }
    QvFound found;
    QvObj *code = find(qi, a[0], &found) ? code_of(qi, &found) : no_frozen(qi, a[0]);
    qv_found_fini(qi, &found);
    return code;
}

static QvObj *init_frozen(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (want_str(qi, a[0], "init_frozen() argument") < 0) {
        return NULL;
    }
    QvFound found;
    QvObj *module = QV_NONE;
    if (find(qi, a[0], &found)) {
        module = qv_import_load(qi, a[0], &found);
    }
    qv_found_fini(qi, &found);
    return module;
}

static QvObj *frozen_module_names(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    QvObj *list = qv_list_new(qi, 0);
    for (const QvFrozen *row = qv_import_frozen_table; list && row->name; row++) {
        if (qv_list_append_take(qi, list, qv_str_new_cstr(qi, row->name)) < 0) {
            qv_clear(qi, &list);
        }
    }
    for (const QvEmbeddedModule *e = qv_embedded_modules; list && e->name; e++) {
        if (qv_list_append_take(qi, list, qv_str_new_cstr(qi, e->name)) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

static QvObj *override_frozen(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t v;
    QvImportState *state = qv_import_state(qi);
    if (!state || qv_int_to_i64(qi, a[0], &v) < 0) {
        return NULL;
    }
    state->frozen_override = v < 0 ? -1 : v > 0;
    return QV_NONE;
}

// ---- extension modules --------------------------------------------------------------------------

static QvObj *extension_suffixes(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_list_new(qi, 0);
}

static QvObj *create_dynamic(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *name = qv_getattr(qi, a[0], QV_N(name));
    QvObj *origin = name ? qv_getattr(qi, a[0], QV_N(origin)) : NULL;
    if (origin) {
        qv_import_error(qi, &qv_exc_ImportError, name, origin,
                        "%S: Quiver has no extension modules in C", origin);
    }
    qv_xdecref(qi, origin);
    qv_xdecref(qi, name);
    return NULL;
}

static QvObj *exec_dynamic(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, 0); // create makes none, and others have nothing to execute
}

// ---- the import lock ----------------------------------------------------------------------------

QvObj *qv_import_new_lock(QvInterp *qi, const char *name)
{
    QvObj *key = qv_str_intern_cstr(qi, "_thread"), *thread = NULL, *make;
    int there = key ? qv_dict_get(qi, qi->modules, key, &thread) : -1;
    if (there > 0) {
        qv_incref(qi, thread);
    } else {
        QvFound found = {.kind = QV_FOUND_BUILTIN, .def = key ? qv_modules_find(qi, key) : NULL};
        thread = there == 0 && found.def ? qv_import_load(qi, key, &found) : NULL;
    }
    make = thread ? qv_getattr_cstr(qi, thread, name) : NULL;
    QvObj *lock = make ? qv_call0(qi, make) : NULL;
    qv_xdecref(qi, make);
    qv_xdecref(qi, thread);
    qv_xdecref(qi, key);
    return lock;
}

// An RLock of _thread does the waiting; who holds it is counted here, for lock_held.
static QvObj *call_lock(QvInterp *qi, QvImportState *state, const char *method)
{
    if (!state->lock) {
        QvObj *lock = qv_import_new_lock(qi, "RLock");
        if (!lock) {
            return NULL;
        }
        qv_set_take(qi, &state->lock, lock);
    }
    QvObj *f = qv_getattr_cstr(qi, state->lock, method);
    QvObj *r = f ? qv_call0(qi, f) : NULL;
    qv_xdecref(qi, f);
    return r;
}

int qv_import_lock(QvInterp *qi)
{
    QvImportState *state = qv_import_state(qi);
    QvObj *r = state ? call_lock(qi, state, "acquire") : NULL;
    if (!r) {
        return -1;
    }
    qv_decref(qi, r);
    state->lock_owner = qi->ts;
    state->lock_count++;
    return 0;
}

int qv_import_unlock(QvInterp *qi)
{
    QvImportState *state = qv_import_state(qi);
    if (!state) {
        return -1;
    }
    if (state->lock_count == 0 || state->lock_owner != qi->ts) {
        return qv_raise_int(qi, &qv_exc_RuntimeError, "not holding the import lock");
    }
    if (--state->lock_count == 0) {
        state->lock_owner = NULL;
    }
    QvObj *exc = qv_err_fetch(qi);
    QvObj *r = call_lock(qi, state, "release");
    qv_xdecref(qi, r);
    if (exc) {
        qv_err_clear(qi);
        qv_err_restore(qi, exc);
    }
    return r ? 0 : -1;
}

static QvObj *acquire_lock(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_import_lock(qi) < 0 ? NULL : QV_NONE;
}

static QvObj *release_lock(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_import_unlock(qi) < 0 ? NULL : QV_NONE;
}

static QvObj *lock_held(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    const QvImportState *state = (const QvImportState *)qi->importer;
    return qv_bool(state && state->lock_count > 0);
}

// ---- compiled files -----------------------------------------------------------------------------

static QvObj *source_hash(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t key;
    QvBufferView view;
    if (qv_int_to_i64(qi, a[0], &key) < 0 || qv_buffer_get(qi, a[1], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    uint64_t hash = qv_import_source_hash((uint64_t)key, view.buf, (size_t)view.len);
    qv_buffer_release(qi, &view);
    return qv_bytes_new(qi, &hash, sizeof hash);
}

static QvObj *fix_co_filename(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (!qv_is_code(a[0]) || !qv_is_str(a[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "_fix_co_filename() argument %d must be %s, not %T",
                        qv_is_code(a[0]) ? 2 : 1, qv_is_code(a[0]) ? "str" : "code",
                        qv_is_code(a[0]) ? a[1] : a[0]);
    }
    qv_import_fix_filename(qi, a[0], a[1]);
    return QV_NONE;
}

static const QvNativeDef functions[] = {
    {"_fix_co_filename", fix_co_filename, "($module, code, path, /)",
     "Changes code.co_filename to specify the passed-in file path."},
    {"_frozen_module_names", frozen_module_names, "($module, /)",
     "Returns the list of available frozen modules."},
    {"_override_frozen_modules_for_tests", override_frozen, "($module, override, /)",
     "(internal-only) Override PyConfig.use_frozen_modules."},
    {"acquire_lock", acquire_lock, "($module, /)",
     "Acquires the interpreter's import lock for the current thread."},
    {"create_builtin", create_builtin, "($module, spec, /)", "Create an extension module."},
    {"create_dynamic", create_dynamic, "($module, spec, file=<unrepresentable>, /)",
     "Create an extension module."},
    {"exec_builtin", exec_builtin, "($module, mod, /)", "Initialize a built-in module."},
    {"exec_dynamic", exec_dynamic, "($module, mod, /)", "Initialize an extension module."},
    {"extension_suffixes", extension_suffixes, "($module, /)",
     "Returns the list of file suffixes used to identify extension modules."},
    {"find_frozen", find_frozen, "($module, name, /, *, withdata=False)",
     "Return info about the corresponding frozen module (if there is one) or None."},
    {"get_frozen_object", get_frozen_object, "($module, name, data=None, /)",
     "Create a code object for a frozen module."},
    {"init_frozen", init_frozen, "($module, name, /)", "Initializes a frozen module."},
    {"is_builtin", is_builtin, "($module, name, /)",
     "Returns True if the module name corresponds to a built-in module."},
    {"is_frozen", is_frozen, "($module, name, /)",
     "Returns True if the module name corresponds to a frozen module."},
    {"is_frozen_package", is_frozen_package, "($module, name, /)",
     "Returns True if the module name is of a frozen package."},
    {"lock_held", lock_held, "($module, /)",
     "Return True if the import lock is currently held, else False."},
    {"release_lock", release_lock, "($module, /)", "Release the interpreter's import lock."},
    {"source_hash", source_hash, "($module, /, key, source)", "Hash of a source text."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    int check = qi->config.check_pycs;
    return qv_module_add_str(qi, m, "check_hash_based_pycs",
                             check > 0   ? "always"
                             : check < 0 ? "never"
                                         : "default");
}

const QvModuleDef qv_module__imp = {
    .name = "_imp",
    .doc = "(Extremely) low-level import machinery bits as used by importlib.",
    .functions = functions,
    .init = init,
};
