// SPDX-License-Identifier: MIT
// The module _pickle: its state, dump, dumps, load and loads.
#include <stdarg.h>

#include "modules/modules.h"
#include "modules/pickle/pickle.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/str.h"
#include "object/tuple.h"

QvPickleState *qv_pickle_state(QvInterp *qi) { return qv_modules_state(qi, &qv_module__pickle); }

QvPickleState *qv_pickle_hold(QvInterp *qi, QvObj **held)
{
    if (!*held) {
        *held = qv_import(qi, "_pickle");
    }
    if (*held && (!qv_is_module(*held) || ((QvModule *)*held)->def != &qv_module__pickle)) {
        qv_clear(qi, held);
        qv_raise(qi, &qv_exc_SystemError, "module _pickle was replaced");
    }
    return *held ? qv_module_state(*held) : NULL;
}

int qv_pickle_fail(QvInterp *qi, const char *fmt, ...)
{
    QvPickleState *st = qv_pickle_state(qi);
    if (st) {
        va_list ap;
        va_start(ap, fmt);
        qv_raise_v(qi, (QvType *)st->pickling_error, fmt, ap);
        va_end(ap);
    }
    return -1;
}

int qv_unpickle_fail(QvInterp *qi, const char *fmt, ...)
{
    QvPickleState *st = qv_pickle_state(qi);
    if (st) {
        va_list ap;
        va_start(ap, fmt);
        qv_raise_v(qi, (QvType *)st->unpickling_error, fmt, ap);
        va_end(ap);
    }
    return -1;
}

// ---- functions ----------------------------------------------------------------------------------

// args: protocol, fix_imports, buffer_callback (NULL: not given); file NULL: dumps.
static QvObj *dump_to(QvInterp *qi, QvObj *o, QvObj *file, QvObj *const *args)
{
    QvPickler p = {.plain = true};
    QvObj *ret = NULL;
    int fix = args[1] ? qv_is_true(qi, args[1]) : 1;
    if (fix >= 0 && qv_pickler_init(qi, &p, args[0], fix > 0, args[2] ? args[2] : QV_NONE) == 0 &&
        (!file || qv_pickler_set_file(&p, file) == 0) && qv_pickler_dump(&p, o) == 0) {
        ret = file ? QV_NONE : qv_bytes_new(qi, p.out, (QvSsize)p.len);
    }
    qv_pickler_fini(qi, &p);
    return ret;
}

static QvObj *mod_dump(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return dump_to(qi, args[0], args[1], args + 2);
}

static QvObj *mod_dumps(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return dump_to(qi, args[0], NULL, args + 1);
}

// args: fix_imports, encoding, errors, buffers (NULL: not given).
static QvObj *load_from(QvInterp *qi, const char *name, QvObj *source, bool is_file,
                        QvObj *const *args)
{
    QvUnpickler u = {0};
    QvObj *ret = NULL;
    int fix = args[0] ? qv_is_true(qi, args[0]) : 1;
    for (int i = 1; i < 3; i++) {
        if (args[i] && !qv_is_str(args[i])) {
            return qv_raise(qi, &qv_exc_TypeError, "%s() argument '%s' must be str, not %s", name,
                            i == 1 ? "encoding" : "errors", qv_arg_type_name(args[i]));
        }
    }
    if (fix >= 0 && qv_unpickler_init(qi, &u, fix > 0, args[1], args[2], args[3]) == 0 &&
        (is_file ? qv_unpickle_set_file(&u, source) : qv_unpickle_set_memory(&u, source)) == 0) {
        ret = qv_unpickler_load(&u);
    }
    qv_unpickler_fini(qi, &u);
    return ret;
}

static QvObj *mod_load(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return load_from(qi, "load", args[0], true, args + 1);
}

static QvObj *mod_loads(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return load_from(qi, "loads", args[0], false, args + 1);
}

static const QvNativeDef functions[] = {
    {"dump", mod_dump,
     "($module, /, obj, file, protocol=None, *, fix_imports=True, buffer_callback=None)",
     "Write a pickled representation of obj to the open file object file."},
    {"dumps", mod_dumps,
     "($module, /, obj, protocol=None, *, fix_imports=True, buffer_callback=None)",
     "Return the pickled representation of the object as a bytes object."},
    {"load", mod_load,
     "($module, /, file, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
     "Read and return an object from the pickle data stored in a file."},
    {"loads", mod_loads,
     "($module, data, /, *, fix_imports=True, encoding='ASCII', errors='strict', buffers=())",
     "Read and return an object from the given pickle data."},
    {0},
};

// ---- the module ---------------------------------------------------------------------------------

// Attribute of a module in Python; dict: it must be one.
static int fetch(QvInterp *qi, const char *module, const char *name, bool dict, QvObj **ret)
{
    QvObj *m = qv_import(qi, module);
    *ret = m ? qv_getattr_cstr(qi, m, name) : NULL;
    qv_xdecref(qi, m);
    if (*ret && dict && !qv_is_dict_exact(*ret)) {
        return qv_raise_int(qi, &qv_exc_RuntimeError, "%s.%s should be a dict, not %.200T", module,
                            name, *ret);
    }
    return *ret ? 0 : -1;
}

static int init(QvInterp *qi, QvObj *m)
{
    QvPickleState *s = qv_module_state(m);
    if (fetch(qi, "copyreg", "dispatch_table", true, &s->dispatch_table) < 0 ||
        fetch(qi, "copyreg", "_extension_registry", true, &s->extension_registry) < 0 ||
        fetch(qi, "copyreg", "_inverted_registry", true, &s->inverted_registry) < 0 ||
        fetch(qi, "copyreg", "_extension_cache", true, &s->extension_cache) < 0 ||
        fetch(qi, "_compat_pickle", "NAME_MAPPING", true, &s->name_2to3) < 0 ||
        fetch(qi, "_compat_pickle", "IMPORT_MAPPING", true, &s->import_2to3) < 0 ||
        fetch(qi, "_compat_pickle", "REVERSE_NAME_MAPPING", true, &s->name_3to2) < 0 ||
        fetch(qi, "_compat_pickle", "REVERSE_IMPORT_MAPPING", true, &s->import_3to2) < 0 ||
        fetch(qi, "_codecs", "encode", false, &s->codecs_encode) < 0 ||
        fetch(qi, "builtins", "getattr", false, &s->getattr) < 0 ||
        fetch(qi, "functools", "partial", false, &s->partial) < 0) {
        return -1;
    }
    s->latin1 = qv_str_intern_cstr(qi, "latin1");
    s->error = s->latin1 ? qv_modules_exception(qi, "_pickle.PickleError", NULL) : NULL;
    s->pickling_error =
        s->error ? qv_modules_exception(qi, "_pickle.PicklingError", (QvType *)s->error) : NULL;
    s->unpickling_error =
        s->pickling_error ? qv_modules_exception(qi, "_pickle.UnpicklingError", (QvType *)s->error)
                          : NULL;
    if (!s->unpickling_error || qv_module_add(qi, m, "PickleError", s->error) < 0 ||
        qv_module_add(qi, m, "PicklingError", s->pickling_error) < 0 ||
        qv_module_add(qi, m, "UnpicklingError", s->unpickling_error) < 0 ||
        qv_module_add(qi, m, "Pickler", &qv_pickler_type.h) < 0 ||
        qv_module_add(qi, m, "Unpickler", &qv_unpickler_type.h) < 0) {
        return -1;
    }
    return qv_module_add(qi, m, "PickleBuffer", &qv_pickle_buffer_type.h);
}

// All fields of the state are references.
enum { FIELDS = sizeof(QvPickleState) / sizeof(QvObj *) };

static void fini(QvInterp *qi, QvObj *m)
{
    QvObj **fields = qv_module_state(m);
    for (size_t i = 0; i < FIELDS; i++) {
        qv_clear(qi, &fields[i]);
    }
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QvObj **fields = qv_module_state(m);
    for (size_t i = 0; i < FIELDS; i++) {
        QV_VISIT(fields[i]);
    }
    return 0;
}

const QvModuleDef qv_module__pickle = {
    .name = "_pickle",
    .doc = "Optimized C implementation for the Python pickle module.",
    .functions = functions,
    .state_size = sizeof(QvPickleState),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
