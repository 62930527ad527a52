// SPDX-License-Identifier: MIT
// The module sys: what an interpreter tells about itself. Made when first asked for.
#include <float.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "code/code.h"
#include "modules/modules.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/float.h"
#include "object/function.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/namespace.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "vm/frame.h"

#define PYTHON_VERSION_TEXT "3.11.2"
#define PYTHON_MAJOR        3
#define PYTHON_MINOR        11
#define PYTHON_MICRO        2

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
    int64_t limit;
    if (qv_int_to_i64(qi, a[0], &limit) < 0) {
        return NULL;
    }
    if (limit != (int)limit) {
        return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
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
    int found = qv_getattr_try(qi, a[0], QV_N(__sizeof__), &method);
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
    return size;
}

static QvObj *sys_getframe(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t depth = 0;
    if (a[0] && qv_int_to_i64(qi, a[0], &depth) < 0) {
        return NULL;
    }
    QvFrame *f = qi->ts->frame;
    while (f && depth-- > 0) {
        f = f->prev;
    }
    return f ? (QvObj *)qv_frame_object(qi, f)
             : qv_raise(qi, &qv_exc_ValueError, "call stack is not deep enough");
}

// Shows the value of an expression statement in the REPL.
static QvObj *sys_displayhook(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (a[0] == QV_NONE) {
        return QV_NONE;
    }
    if (qv_dict_set(qi, qi->builtins, QV_N(_), QV_NONE) < 0) {
        return NULL;
    }
    QvObj *out = qv_sys_peek(qi, QV_N(stdout));
    if (!out || out == QV_NONE) {
        return qv_raise(qi, &qv_exc_RuntimeError, "lost sys.stdout");
    }
    QvObj *text = qv_repr(qi, a[0]);
    QvObj *x = text ? qv_call_method1(qi, out, QV_N(write), text) : NULL;
    qv_xdecref(qi, text);
    if (!x) {
        return NULL;
    }
    qv_decref(qi, x);
    x = qv_call_method1(qi, out, QV_N(write), QV_N(newline_));
    if (!x) {
        return NULL;
    }
    qv_decref(qi, x);
    return qv_dict_set(qi, qi->builtins, QV_N(_), a[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *sys_excepthook(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (!qv_is_exc(a[1])) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "print_exception(): Exception expected for value, %T found", a[1]);
    }
    if (a[2] && a[2] != QV_NONE && !((QvExc *)a[1])->traceback &&
        a[2]->type == &qv_traceback_type) {
        ((QvExc *)a[1])->traceback = qv_new_ref(qi, a[2]);
    }
    QvObj *text = qv_exc_format(qi, a[1]);
    QvObj *err = qv_sys_peek(qi, QV_N(stderr));
    QvObj *x = text && err && err != QV_NONE ? qv_call_method1(qi, err, QV_N(write), text) : NULL;
    qv_xdecref(qi, text);
    if (!x) {
        return qv_err_occurred(qi) ? NULL : QV_NONE;
    }
    qv_decref(qi, x);
    return QV_NONE;
}

static QvObj *sys_unraisablehook(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *exc = qv_getattr_cstr(qi, a[0], "exc_value");
    QvObj *message = exc ? qv_getattr_cstr(qi, a[0], "err_msg") : NULL;
    QvObj *what = message ? qv_getattr_cstr(qi, a[0], "object") : NULL;
    if (what) {
        qv_err_write_unraisable(qi, exc, message, what);
        qv_decref(qi, what);
    }
    qv_xdecref(qi, message);
    qv_xdecref(qi, exc);
    return qv_err_occurred(qi) ? NULL : QV_NONE;
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
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, 2);
}

// Audit hooks of the standard library's sys.audit calls: none can be added yet, so an event goes
// nowhere.
static QvObj *sys_audit(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m;
    if (n < 1 || !qv_is_str(a[0])) {
        return n < 1 ? qv_raise(qi, &qv_exc_TypeError, "audit expected at least 1 argument, got 0")
                     : qv_raise(qi, &qv_exc_TypeError, "expected str for argument 'event', not %T",
                                a[0]);
    }
    return QV_NONE;
}

static QvObj *sys_get_trace(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qi->ts->trace ? qv_new_ref(qi, qi->ts->trace) : QV_NONE;
}
static QvObj *sys_set_trace(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return a[0] == QV_NONE ? QV_NONE
                           : qv_raise(qi, &qv_exc_NotImplementedError,
                                      "sys.settrace and sys.setprofile are not available yet");
}

static QvObj *sys_set_int_max_str_digits(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t max;
    if (qv_int_to_i64(qi, a[0], &max) < 0) {
        return NULL;
    }
    if (max != 0 && max < 640) {
        return qv_raise(qi, &qv_exc_ValueError, "maxdigits must be 0 or larger than 640");
    }
    qi->int_max_str_digits = max == 0        ? -1
                             : max > INT_MAX ? INT_MAX
                                             : (int)max; // negative: no limit
    return QV_NONE;
}
static QvObj *sys_get_int_max_str_digits(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, qi->int_max_str_digits < 0 ? 0 : qi->int_max_str_digits);
}

static const QvNativeDef functions[] = {
    {"__displayhook__", sys_displayhook, "($module, object, /)",
     "Print an object to sys.stdout and also save it in builtins._"},
    {"__excepthook__", sys_excepthook, "($module, exctype, value, traceback, /)",
     "Handle an exception by displaying it with a traceback on sys.stderr."},
    {"__unraisablehook__", sys_unraisablehook, "($module, unraisable, /)",
     "Handle an unraisable exception."},
    {"_getframe", sys_getframe, "($module, depth=0, /)",
     "Return a frame object from the call stack."},
    {"audit", sys_audit, "($module, /, *args)",
     "audit(event, *args): passes the event to any hooks that are attached."},
    {"displayhook", sys_displayhook, "($module, object, /)",
     "Print an object to sys.stdout and also save it in builtins._"},
    {"exc_info", sys_exc_info, "($module, /)",
     "Return current exception information: (type, value, traceback)."},
    {"excepthook", sys_excepthook, "($module, exctype, value, traceback, /)",
     "Handle an exception by displaying it with a traceback on sys.stderr."},
    {"exception", sys_exception, "($module, /)", "Return the current exception."},
    {"exit", sys_exit, "($module, status=None, /)",
     "Exit the interpreter by raising SystemExit(status)."},
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
    {"getprofile", sys_get_trace, "($module, /)",
     "Return the profiling function set with sys.setprofile."},
    {"getrecursionlimit", sys_getrecursionlimit, "($module, /)",
     "Return the current value of the recursion limit."},
    {"getrefcount", sys_getrefcount, "($module, object, /)",
     "Return the reference count of object."},
    {"getsizeof", sys_getsizeof, "($module, object, default=<unrepresentable>)",
     "Return the size of object in bytes."},
    {"gettrace", sys_get_trace, "($module, /)",
     "Return the global debug tracing function set with sys.settrace."},
    {"intern", sys_intern, "($module, string, /)", "Intern the given string."},
    {"is_finalizing", sys_is_finalizing, "($module, /)", "Return True if Python is exiting."},
    {"set_int_max_str_digits", sys_set_int_max_str_digits, "($module, /, maxdigits)",
     "Set the maximum string digits limit for non-binary int<->str conversions."},
    {"setprofile", sys_set_trace, "($module, function, /)", "Set the profiling function."},
    {"setrecursionlimit", sys_setrecursionlimit, "($module, limit, /)",
     "Set the maximum depth of the Python interpreter stack to n."},
    {"settrace", sys_set_trace, "($module, function, /)", "Set the global debug tracing function."},
    {"unraisablehook", sys_unraisablehook, "($module, unraisable, /)",
     "Handle an unraisable exception."},
    {0},
};

// ---- data ---------------------------------------------------------------------------------------

static QvObj *make_struct(QvInterp *qi, const char *name, const QvStructSeqField *fields, QvSsize n,
                          QvObj *const *values)
{
    QvObj *type = qv_structseq_type(qi, name, fields, n);
    if (!type) {
        for (QvSsize k = 0; k < n; k++) {
            qv_xdecref(qi, values[k]);
        }
        return NULL;
    }
    QvObj *o = qv_structseq_new(qi, type, values);
    qv_decref(qi, type);
    return o;
}

#define INT(v) qv_int_from_i64(qi, (v))
#define FLT(v) qv_float_new(qi, (v))
#define STR(v) qv_str_new_cstr(qi, (v))

static QvObj *make_version_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {{"major", NULL},  {"minor", NULL},
                                              {"micro", NULL},  {"releaselevel", NULL},
                                              {"serial", NULL}, {0}};
    QvObj *values[] = {INT(PYTHON_MAJOR), INT(PYTHON_MINOR), INT(PYTHON_MICRO), STR("final"),
                       INT(0)};
    return make_struct(qi, "sys.version_info", fields, 5, values);
}

static QvObj *make_flags(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {{"debug", NULL},
                                              {"inspect", NULL},
                                              {"interactive", NULL},
                                              {"optimize", NULL},
                                              {"dont_write_bytecode", NULL},
                                              {"no_user_site", NULL},
                                              {"no_site", NULL},
                                              {"ignore_environment", NULL},
                                              {"verbose", NULL},
                                              {"bytes_warning", NULL},
                                              {"quiet", NULL},
                                              {"hash_randomization", NULL},
                                              {"isolated", NULL},
                                              {"dev_mode", NULL},
                                              {"utf8_mode", NULL},
                                              {"warn_default_encoding", NULL},
                                              {"safe_path", NULL},
                                              {"int_max_str_digits", NULL},
                                              {0}};
    const QvHostConfig *c = &qi->config;
    QvObj *values[] = {INT(0),
                       INT(c->inspect),
                       INT(c->interactive),
                       INT(qi->optimize),
                       INT(c->dont_write_bytecode),
                       INT(c->isolated),
                       INT(c->no_site),
                       INT(c->ignore_env || c->isolated),
                       INT(c->verbose),
                       INT(c->bytes_warning),
                       INT(c->quiet),
                       INT(1),
                       INT(c->isolated),
                       qv_bool(c->dev_mode),
                       INT(1),
                       INT(0),
                       qv_bool(c->isolated),
                       INT(qi->int_max_str_digits)};
    return make_struct(qi, "sys.flags", fields, 18, values);
}

static QvObj *make_float_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {
        {"max", NULL},     {"max_exp", NULL},    {"max_10_exp", NULL}, {"min", NULL},
        {"min_exp", NULL}, {"min_10_exp", NULL}, {"dig", NULL},        {"mant_dig", NULL},
        {"epsilon", NULL}, {"radix", NULL},      {"rounds", NULL},     {0}};
    QvObj *values[] = {FLT(DBL_MAX),
                       INT(DBL_MAX_EXP),
                       INT(DBL_MAX_10_EXP),
                       FLT(DBL_MIN),
                       INT(DBL_MIN_EXP),
                       INT(DBL_MIN_10_EXP),
                       INT(DBL_DIG),
                       INT(DBL_MANT_DIG),
                       FLT(DBL_EPSILON),
                       INT(FLT_RADIX),
                       INT(1)};
    return make_struct(qi, "sys.float_info", fields, 11, values);
}

static QvObj *make_int_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {{"bits_per_digit", NULL},
                                              {"sizeof_digit", NULL},
                                              {"default_max_str_digits", NULL},
                                              {"str_digits_check_threshold", NULL},
                                              {0}};
    QvObj *values[] = {INT(64), INT(8), INT(4300), INT(640)};
    return make_struct(qi, "sys.int_info", fields, 4, values);
}

static QvObj *make_hash_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {{"width", NULL},     {"modulus", NULL},
                                              {"inf", NULL},       {"nan", NULL},
                                              {"imag", NULL},      {"algorithm", NULL},
                                              {"hash_bits", NULL}, {"seed_bits", NULL},
                                              {"cutoff", NULL},    {0}};
    QvObj *values[] = {INT(64),      INT((INT64_C(1) << 61) - 1),
                       INT(314159),  INT(0),
                       INT(1000003), STR("wyhash"),
                       INT(64),      INT(64),
                       INT(0)};
    return make_struct(qi, "sys.hash_info", fields, 9, values);
}

static QvObj *make_thread_info(QvInterp *qi)
{
    static const QvStructSeqField fields[] = {
        {"name", NULL}, {"lock", NULL}, {"version", NULL}, {0}};
    QvObj *values[] = {STR("pthread"), STR("futex"), QV_NONE};
    return make_struct(qi, "sys.thread_info", fields, 3, values);
}

static QvObj *make_implementation(QvInterp *qi, QvObj *version_info)
{
    QvObj *ns = qv_call0(qi, (QvObj *)&qv_simplenamespace_type);
    if (!ns) {
        return NULL;
    }
    struct {
        const char *name;
        QvObj *value;
    } attrs[] = {
        {"name", STR("quiver")},
        {"cache_tag", STR("quiver-311")},
        {"version", qv_new_ref(qi, version_info)},
        {"hexversion", INT(PYTHON_MAJOR << 24 | PYTHON_MINOR << 16 | PYTHON_MICRO << 8 | 0xF0)},
        {"_multiarch", STR("x86_64-linux-gnu")},
    };
    for (size_t k = 0; k < sizeof attrs / sizeof *attrs; k++) {
        QvObj *key = qv_str_intern_cstr(qi, attrs[k].name);
        if (ns && (!key || !attrs[k].value || qv_setattr(qi, ns, key, attrs[k].value) < 0)) {
            qv_clear(qi, &ns);
        }
        qv_xdecref(qi, key);
        qv_xdecref(qi, attrs[k].value);
    }
    return ns;
}

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
    if (list && qv_list_append_take(qi, list, qv_str_fsdecode(qi, dir)) < 0) {
        qv_clear(qi, &list);
    }
    return list;
}

static QvObj *make_builtin_names(QvInterp *qi)
{
    QvObj *list = qv_list_new(qi, 0);
    for (const QvModuleRow *row = qv_module_rows; list && row->name; row++) {
        if (!strchr(row->name, '.') && qv_list_append_take(qi, list, STR(row->name)) < 0) {
            qv_clear(qi, &list);
        }
    }
    if (list && qv_list_sort(qi, list, NULL, false) < 0) {
        qv_clear(qi, &list);
    }
    QvObj *names = list ? qv_list_as_tuple(qi, list) : NULL;
    qv_xdecref(qi, list);
    return names;
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
    char version[256];
    snprintf(version, sizeof version, "%s (Quiver, %s) [%s]", PYTHON_VERSION_TEXT,
             "Nov 20 2026, 00:00:00",
#if defined(__clang__)
             "Clang"
#else
             "GCC " __VERSION__
#endif
    );
    QvObj *version_info = make_version_info(qi);
    if (!version_info) {
        return -1;
    }
    const char *dir = c->stdlib_dir ? c->stdlib_dir : QV_STDLIB_DIR;
    const char *prefix = host_env(c, "PYTHONPYCACHEPREFIX");
    struct {
        const char *name;
        QvObj *value;
    } attrs[] = {
        {"modules", qv_new_ref(qi, qi->modules)},
        {"argv", c->argc > 0 ? list_of(qi, c->argv, c->argc) : list_of(qi, no_argv, 1)},
        {"orig_argv", c->argc > 0 ? list_of(qi, c->argv, c->argc) : list_of(qi, no_argv, 1)},
        {"path", make_path(qi)},
        {"version_info", qv_new_ref(qi, version_info)},
        {"implementation", make_implementation(qi, version_info)},
        {"version", STR(version)},
        {"hexversion", INT(PYTHON_MAJOR << 24 | PYTHON_MINOR << 16 | PYTHON_MICRO << 8 | 0xF0)},
        {"api_version", INT(1013)},
        {"copyright", STR("Copyright (c) Quiver authors.")},
        {"platform", STR("linux")},
        {"byteorder", STR("little")},
        {"executable", STR(c->executable ? c->executable : "")},
        {"_base_executable", STR(c->executable ? c->executable : "")},
        {"prefix", STR("/usr")},
        {"exec_prefix", STR("/usr")},
        {"base_prefix", STR("/usr")},
        {"base_exec_prefix", STR("/usr")},
        {"platlibdir", STR("lib")},
        {"_stdlib_dir", STR(dir)},
        {"abiflags", STR("")},
        {"float_repr_style", STR("short")},
        {"maxsize", INT(INT64_MAX)},
        {"maxunicode", INT(0x10FFFF)},
        {"flags", make_flags(qi)},
        {"float_info", make_float_info(qi)},
        {"int_info", make_int_info(qi)},
        {"hash_info", make_hash_info(qi)},
        {"thread_info", make_thread_info(qi)},
        {"builtin_module_names", make_builtin_names(qi)},
        {"stdlib_module_names", qv_frozenset_new(qi, NULL)},
        {"warnoptions", list_of(qi, c->warnoptions, c->nwarn)},
        {"_xoptions", qv_dict_new(qi)},
        {"dont_write_bytecode",
         qv_bool(c->dont_write_bytecode || host_env(c, "PYTHONDONTWRITEBYTECODE"))},
        {"pycache_prefix", prefix ? qv_str_fsdecode(qi, prefix) : QV_NONE},
    };
    qv_decref(qi, version_info);
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
#undef FLT
#undef STR

const QvModuleDef qv_module_sys = {
    .name = "sys",
    .doc = "This module provides access to some objects used or maintained by the\n"
           "interpreter and to functions that interact strongly with the interpreter.",
    .functions = functions,
    .init = init,
};
