// SPDX-License-Identifier: MIT
// The module sys: what an interpreter tells about itself. Made when first asked for.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "modules/modules.h"
#include "modules/sys.h"
#include "object/audit.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "vm/frame.h"
#include "vm/trace.h"

#define INT(v) qv_int_from_i64(qi, (v))
#define STR(v) qv_str_new_cstr(qi, (v))

// ---- functions ----------------------------------------------------------------------------------

static QvObj *sys_exit(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *status = a[0] ? a[0] : QV_NONE;
    if (qv_is_tuple(status)) {
        QvObj *exc = qv_call_tuple(qi, (QvObj *)&qv_exc_SystemExit, status, NULL);
        return exc ? qv_raise_exc(qi, exc) : NULL;
    }
    return status == QV_NONE ? qv_raise_none(qi, &qv_exc_SystemExit)
                             : qv_raise_obj(qi, &qv_exc_SystemExit, status);
}

static QvObj *sys_exc_info(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    QvObj *exc = qv_err_handled(qi);
    if (!exc) {
        return qv_tuple_of(qi, 3, QV_NONE, QV_NONE, QV_NONE);
    }
    QvObj *tb = ((QvExc *)exc)->traceback;
    return qv_tuple_of(qi, 3, (QvObj *)exc->type, exc, tb ? tb : QV_NONE);
}

static QvObj *sys_exception(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    QvObj *exc = qv_err_handled(qi);
    return exc ? qv_new_ref(qi, exc) : QV_NONE;
}

static QvObj *sys_getrefcount(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return qv_int_from_i64(qi, a[0]->refs < 0 ? INT32_MAX : a[0]->refs);
}

static QvObj *sys_getrecursionlimit(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qi->recursion_limit);
}

static QvObj *sys_setrecursionlimit(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int limit;
    if (qv_index_int(qi, a[0], &limit) < 0) {
        return NULL;
    }
    if (limit < 1) {
        return qv_raise(qi, &qv_exc_ValueError, "recursion limit must be greater or equal than 1");
    }
    QvThread *ts = qi->ts;
    int64_t depth = ts->frames_top - ts->frames;
    if (limit <= depth) {
        return qv_raise(qi, &qv_exc_RecursionError,
                        "cannot set the recursion limit to %lld at the recursion depth %lld: the "
                        "limit is too low",
                        (long long)limit, (long long)depth);
    }
    qi->recursion_limit = (uint32_t)limit;
    for (QvThread *t = qi->threads; t; t = t->next) {
        qv_stack_set_limit(qi, t);
    }
    return QV_NONE;
}

static QvObj *sys_intern(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (!qv_is_str_exact(a[0])) {
        return qv_raise(
            qi, &qv_exc_TypeError,
            qv_is_str(a[0]) ? "can't intern %T" : "intern() argument must be str, not %T", a[0]);
    }
    QvObj *s = qv_new_ref(qi, a[0]);
    return qv_str_intern(qi, &s) < 0 ? NULL : s;
}

static QvObj *sys_getsizeof(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *method;
    int found = qv_lookup_special(qi, a[0], QV_N(__sizeof__), &method);
    if (found <= 0) {
        return found < 0 ? NULL
               : a[1]    ? qv_new_ref(qi, a[1])
                      : qv_raise(qi, &qv_exc_TypeError, "Type %T doesn't define __sizeof__", a[0]);
    }
    QvObj *size = qv_call0(qi, method);
    qv_decref(qi, method);
    if (!size && a[1] && qv_err_matches(qi, &qv_exc_TypeError)) {
        qv_err_clear(qi);
        return qv_new_ref(qi, a[1]);
    }
    QvSsize fits;
    if (size && qv_is_int(size) && qv_int_to_ssize(qi, size, &fits) < 0) {
        qv_clear(qi, &size);
    }
    if (size && !qv_is_int(size)) {
        qv_clear(qi, &size);
        return a[1] ? qv_new_ref(qi, a[1])
                    : qv_raise(qi, &qv_exc_TypeError, "an integer is required");
    }
    if (size && qv_int_sign(size) < 0) {
        qv_clear(qi, &size);
        return qv_raise(qi, &qv_exc_ValueError, "__sizeof__() should return >= 0");
    }
    return size;
}

static QvObj *sys_encoding(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)qi, (void)m, (void)a, (void)n;
    return QV_N(utf8);
}
static QvObj *sys_encode_errors(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)qi, (void)m, (void)a, (void)n;
    return QV_N(surrogateescape);
}
static QvObj *sys_is_finalizing(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_bool(qi->finalizing);
}
static QvObj *sys_getallocatedblocks(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_u64(qi, qi->heap.live / 16);
}
static QvObj *sys_getdlopenflags(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)a, (void)n;
    return qv_int_from_i64(qi, ((QvSysState *)qv_module_state(m))->dlopen_flags);
}
static QvObj *sys_setdlopenflags(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    return qv_index_int(qi, a[0], &((QvSysState *)qv_module_state(m))->dlopen_flags) < 0 ? NULL
                                                                                         : QV_NONE;
}

// What `type.attribute` found lately is remembered until a type changes; nothing breaks without.
static QvObj *sys_clear_type_cache(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    qv_method_cache_clear(qi);
    return QV_NONE;
}

static QvObj *sys_debugmallocstats(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    QvHeapStats stats;
    qv_heap_stats(&qi->heap, &stats);
    fprintf(stderr,
            "heap of interpreter %llu: %zu bytes live, %zu at most, limit %zu; %zu bytes of slabs; "
            "%zu collectable objects; %llu allocations\n",
            (unsigned long long)qi->id, stats.live, stats.peak, stats.limit, stats.slab_bytes,
            stats.gc_count, (unsigned long long)stats.allocs);
    return QV_NONE;
}

static QvObj *sys_get_trace(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qi->ts->trace ? qv_new_ref(qi, qi->ts->trace) : QV_NONE;
}
static QvObj *sys_get_profile(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qi->ts->profile ? qv_new_ref(qi, qi->ts->profile) : QV_NONE;
}
static QvObj *sys_set_trace(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (qv_audit_on(qi) && qv_audit(qi, "sys.settrace", "") < 0) {
        return NULL;
    }
    return qv_trace_set(qi, a[0]) < 0 ? NULL : QV_NONE;
}
static QvObj *sys_set_profile(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (qv_audit_on(qi) && qv_audit(qi, "sys.setprofile", "") < 0) {
        return NULL;
    }
    return qv_profile_set(qi, a[0]) < 0 ? NULL : QV_NONE;
}
static QvObj *sys_set_int_max_str_digits(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int max;
    if (qv_index_int(qi, a[0], &max) < 0) {
        return NULL;
    }
    if (max != 0 && max < 640) {
        return qv_raise(qi, &qv_exc_ValueError, "maxdigits must be 0 or larger than 640");
    }
    qi->int_max_str_digits = max == 0 ? -1 : max; // negative: no limit
    return QV_NONE;
}
static QvObj *sys_get_int_max_str_digits(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qi->int_max_str_digits < 0 ? 0 : qi->int_max_str_digits);
}

static const QvNativeDef functions[] = {
    {"_clear_type_cache", sys_clear_type_cache, "($module, /)",
     "Clear the internal type lookup cache."},
    {"_current_exceptions", qv_sys_current_exceptions, "($module, /)",
     "Return a dict mapping each thread's identifier to its current raised exception."},
    {"_current_frames", qv_sys_current_frames, "($module, /)",
     "Return a dict mapping each thread's thread id to its current stack frame."},
    {"_debugmallocstats", sys_debugmallocstats, "($module, /)",
     "Print figures of the interpreter's heap to stderr."},
    {"_getframe", qv_sys_getframe, "($module, depth=0, /)",
     "Return a frame object from the call stack."},
    {"addaudithook", qv_sys_addaudithook, "($module, /, hook)", "Adds a new audit hook callback."},
    {"audit", qv_sys_audit, "($module, /, *args)",
     "audit(event, *args)\n\nPasses the event to any audit hooks that are attached."},
    {"breakpointhook", qv_sys_breakpointhook, "($module, /, *args, **kws)",
     "breakpointhook(*args, **kws)\n\nThis hook function is called by built-in breakpoint()."},
    {"call_tracing", qv_sys_call_tracing, "($module, func, args, /)",
     "Call func(*args), while tracing is enabled."},
    {"displayhook", qv_sys_displayhook, "($module, object, /)",
     "Print an object to sys.stdout and also save it in builtins._"},
    {"exc_info", sys_exc_info, "($module, /)",
     "Return current exception information: (type, value, traceback)."},
    {"excepthook", qv_sys_excepthook, "($module, exctype, value, traceback, /)",
     "Handle an exception by displaying it with a traceback on sys.stderr."},
    {"exception", sys_exception, "($module, /)", "Return the current exception."},
    {"exit", sys_exit, "($module, status=None, /)",
     "Exit the interpreter by raising SystemExit(status)."},
    {"get_asyncgen_hooks", qv_sys_get_asyncgen_hooks, "($module, /)",
     "Return the installed asynchronous generators hooks.\n\nThis returns a namedtuple of the form "
     "(firstiter, finalizer)."},
    {"get_coroutine_origin_tracking_depth", qv_sys_get_origin_depth, "($module, /)",
     "Check status of origin tracking for coroutine objects in this thread."},
    {"get_int_max_str_digits", sys_get_int_max_str_digits, "($module, /)",
     "Return the maximum string digits limit for non-binary int<->str conversions."},
    {"getallocatedblocks", sys_getallocatedblocks, "($module, /)",
     "Return the number of memory blocks currently allocated."},
    {"getdefaultencoding", sys_encoding, "($module, /)",
     "Return the current default encoding used by the Unicode implementation."},
    {"getdlopenflags", sys_getdlopenflags, "($module, /)",
     "Return the current value of the flags that are used for dlopen calls."},
    {"getfilesystemencodeerrors", sys_encode_errors, "($module, /)",
     "Return the error mode used for Unicode to filesystem encoding conversion."},
    {"getfilesystemencoding", sys_encoding, "($module, /)",
     "Return the encoding used to convert Unicode filenames to OS filenames."},
    {"getprofile", sys_get_profile, "($module, /)",
     "Return the profiling function set with sys.setprofile."},
    {"getrecursionlimit", sys_getrecursionlimit, "($module, /)",
     "Return the current value of the recursion limit."},
    {"getrefcount", sys_getrefcount, "($module, object, /)",
     "Return the reference count of object."},
    {"getsizeof", sys_getsizeof, "($module, object, default=<unrepresentable>)",
     "Return the size of object in bytes."},
    {"getswitchinterval", qv_sys_getswitchinterval, "($module, /)",
     "Return the current thread switch interval; see sys.setswitchinterval()."},
    {"gettrace", sys_get_trace, "($module, /)",
     "Return the global debug tracing function set with sys.settrace."},
    {"intern", sys_intern, "($module, string, /)", "Intern the given string."},
    {"is_finalizing", sys_is_finalizing, "($module, /)", "Return True if Python is exiting."},
    {"set_asyncgen_hooks", qv_sys_set_asyncgen_hooks,
     "($module, /, firstiter=<unrepresentable>, finalizer=<unrepresentable>)",
     "set_asyncgen_hooks([firstiter] [, finalizer])\n\nSet a finalizer for async generators "
     "objects."},
    {"set_coroutine_origin_tracking_depth", qv_sys_set_origin_depth, "($module, /, depth)",
     "Enable or disable origin tracking for coroutine objects in this thread.\n\nCoroutine objects "
     "will track 'depth' frames of traceback information\nabout where they came from, available in "
     "their cr_origin attribute.\n\nSet a depth of 0 to disable."},
    {"set_int_max_str_digits", sys_set_int_max_str_digits, "($module, /, maxdigits)",
     "Set the maximum string digits limit for non-binary int<->str conversions."},
    {"setdlopenflags", sys_setdlopenflags, "($module, flags, /)",
     "Set the flags used by the interpreter for dlopen calls."},
    {"setprofile", sys_set_profile, "($module, function, /)", "Set the profiling function."},
    {"setrecursionlimit", sys_setrecursionlimit, "($module, limit, /)",
     "Set the maximum depth of the Python interpreter stack to n."},
    {"setswitchinterval", qv_sys_setswitchinterval, "($module, interval, /)",
     "Set the ideal thread switching delay inside the Python interpreter, in seconds."},
    {"settrace", sys_set_trace, "($module, function, /)", "Set the global debug tracing function."},
    {"unraisablehook", qv_sys_unraisablehook, "($module, unraisable, /)",
     "Handle an unraisable exception."},
    {0},
};

// ---- data ---------------------------------------------------------------------------------------

static QvObj *list_of(QvInterp *qi, const char *const *items, int n)
{
    QvObj *list = qv_list_new(qi, n);
    for (int k = 0; list && k < n; k++) {
        if (qv_list_append_take(qi, list, qv_str_fsdecode(qi, items[k])) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

// An environment variable that is set to something, unless the host wants the environment ignored.
static const char *host_env(const QvHostConfig *c, const char *name)
{
    const char *value = c->ignore_env || c->isolated ? NULL : getenv(name);
    return value && *value ? value : NULL;
}

// Host's entries, PYTHONPATH, then the standard library.
static QvObj *make_path(QvInterp *qi)
{
    const QvHostConfig *c = &qi->config;
    QvObj *list = list_of(qi, c->path, c->npath);
    const char *env = c->ignore_env || c->isolated ? NULL : getenv("PYTHONPATH");
    while (list && env && *env) {
        const char *end = strchrnul(env, ':');
        if (end > env && qv_list_append_take(qi, list, qv_str_new_cstr(qi, "")) == 0) {
            QvObj *entry = qv_str_new_utf8(qi, env, end - env);
            if (!entry || qv_list_set(qi, list, qv_list_len(list) - 1, entry) < 0) {
                qv_clear(qi, &list);
            }
            qv_xdecref(qi, entry);
        }
        env = *end ? end + 1 : end;
    }
    const char *dir = c->stdlib_dir ? c->stdlib_dir : QV_STDLIB_DIR;
    if (list && (qv_list_append_take(qi, list, qv_str_fsdecode(qi, dir)) < 0 ||
                 qv_site_extend_path(qi, list) < 0)) {
        qv_clear(qi, &list);
    }
    // What is there now the host has put there: the importer may read it.
    for (QvSsize k = 0; list && qi->caps && k < qv_list_len(list); k++) {
        QvUtf8 u;
        if (qv_str_utf8_surrogates(qi, qv_list_peek(list, k), &u, true) < 0) {
            qv_clear(qi, &list);
            break;
        }
        int status = qv_cap_import_root(qi, u.s);
        qv_utf8_release(qi, &u);
        if (status < 0) {
            qv_raise_oom(qi);
            qv_clear(qi, &list);
        }
    }
    return list;
}

static int add_streams(QvInterp *qi, QvObj *m)
{
    static const char *const names[3] = {"stdin", "stdout", "stderr"};
    static const char *const backups[3] = {"__stdin__", "__stdout__", "__stderr__"};
    for (int fd = 0; fd < 3; fd++) {
        QvObj *stream = qv_io_standard_stream(qi, fd);
        if (!stream) {
            return -1;
        }
        int status = qv_module_add(qi, m, names[fd], stream);
        status = status < 0 ? -1 : qv_module_add(qi, m, backups[fd], stream);
        qv_decref(qi, stream);
        if (status < 0) {
            return -1;
        }
    }
    return 0;
}

static int init(QvInterp *qi, QvObj *m)
{
    const QvHostConfig *c = &qi->config;
    qi->sys = qv_new_ref(qi, m); // before the streams: what they import looks here
    qi->sys_dict = qv_new_ref(qi, qv_module_dict(m));
    static const char *const no_argv[] = {""};
    static const QvStructSeqField hook_fields[] = {
        {"firstiter", "Hook to run at the first iteration"},
        {"finalizer", "Hook to run at finalization"},
        {0}};
    QvSysState *state = qv_module_state(m);
    state->dlopen_flags = 2; // RTLD_NOW
    state->asyncgen_hooks = qv_structseq_type(qi, "asyncgen_hooks", hook_fields, 2);
    if (!state->asyncgen_hooks) {
        return -1;
    }
    // What programs compare their hooks with, to see whether they are still the ones of the start.
    static const char *const hooks[][2] = {{"breakpointhook", "__breakpointhook__"},
                                           {"displayhook", "__displayhook__"},
                                           {"excepthook", "__excepthook__"},
                                           {"unraisablehook", "__unraisablehook__"}};
    for (size_t k = 0; k < sizeof hooks / sizeof *hooks; k++) {
        if (qv_module_add_take(qi, m, hooks[k][1], qv_getattr_cstr(qi, m, hooks[k][0])) < 0) {
            return -1;
        }
    }
    for (const QvSysAttr *attr = qv_sys_info; attr->name; attr++) {
        if (qv_module_add_take(qi, m, attr->name, attr->make(qi)) < 0) {
            return -1;
        }
    }
    const char *dir = c->stdlib_dir ? c->stdlib_dir : QV_STDLIB_DIR;
    const char *prefix = c->pycache_prefix ? c->pycache_prefix : host_env(c, "PYTHONPYCACHEPREFIX");
    const char *platlib = host_env(c, "PYTHONPLATLIBDIR");
    struct {
        const char *name;
        QvObj *value;
    } attrs[] = {
        {"modules", qv_new_ref(qi, qi->modules)},
        {"argv", c->argc > 0 ? list_of(qi, c->argv, c->argc) : list_of(qi, no_argv, 1)},
        {"orig_argv", c->norig > 0  ? list_of(qi, c->orig_argv, c->norig)
                      : c->argc > 0 ? list_of(qi, c->argv, c->argc)
                                    : list_of(qi, no_argv, 1)},
        {"path", make_path(qi)},
        {"hexversion", INT(SYS_HEXVERSION)},
        {"api_version", INT(1013)},
        {"copyright", STR("Copyright (c) Quiver authors.")},
        {"platform", STR("linux")},
        {"byteorder", STR("little")},
        {"executable", STR(c->executable ? c->executable : "")},
        {"_base_executable", STR(c->executable ? c->executable : "")},
        {"prefix", STR(c->venv ? c->venv : "/usr")},
        {"exec_prefix", STR(c->venv ? c->venv : "/usr")},
        {"base_prefix", STR("/usr")},
        {"base_exec_prefix", STR("/usr")},
        {"platlibdir", STR(platlib ? platlib : "lib")},
        {"_stdlib_dir", STR(dir)},
        {"abiflags", STR("")},
        {"float_repr_style", STR("short")},
        {"maxsize", INT(INT64_MAX)},
        {"maxunicode", INT(0x10FFFF)},
        {"warnoptions", list_of(qi, c->warnoptions, c->nwarn)},
        {"dont_write_bytecode",
         qv_bool(c->dont_write_bytecode || host_env(c, "PYTHONDONTWRITEBYTECODE"))},
        {"pycache_prefix", prefix && *prefix ? qv_str_fsdecode(qi, prefix) : QV_NONE},
        {"_framework", QV_N(empty)},
        {"_home", QV_NONE},
    };
    int status = 0;
    for (size_t k = 0; k < sizeof attrs / sizeof *attrs; k++) {
        if (status == 0) {
            status = qv_module_add_take(qi, m, attrs[k].name, attrs[k].value);
        } else {
            qv_xdecref(qi, attrs[k].value);
        }
    }
    return status < 0 || qv_import_fill_sys(qi, m) < 0 ? -1 : add_streams(qi, m);
}

#undef INT
#undef STR

static void fini(QvInterp *qi, QvObj *m)
{
    qv_clear(qi, &((QvSysState *)qv_module_state(m))->asyncgen_hooks);
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvSysState *)qv_module_state(m))->asyncgen_hooks);
    return 0;
}

const QvModuleDef qv_module_sys = {
    .name = "sys",
    .doc = "This module provides access to some objects used or maintained by the\n"
           "interpreter and to functions that interact strongly with the interpreter.",
    .functions = functions,
    .state_size = sizeof(QvSysState),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
