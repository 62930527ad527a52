// SPDX-License-Identifier: MIT
// The module resource: limits and usage of the process.
#include "modules/resource.h"

#include <errno.h>
#include <unistd.h>

#include "modules/modules.h"
#include "object/audit.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/structseq.h"
#include "object/tuple.h"

typedef struct State {
    QvObj *usage; // type struct_rusage
} State;

static State *state_of(QvObj *m) { return qv_module_state(m); }

static QvObj *seconds(QvInterp *qi, struct timeval t)
{
    return qv_float_new(qi, (double)t.tv_sec + (double)t.tv_usec * 1e-6);
}

static QvObj *make_usage(QvInterp *qi, QvObj *m, const struct rusage *u)
{
    const long counts[] = {u->ru_maxrss, u->ru_ixrss,    u->ru_idrss,   u->ru_isrss,   u->ru_minflt,
                           u->ru_majflt, u->ru_nswap,    u->ru_inblock, u->ru_oublock, u->ru_msgsnd,
                           u->ru_msgrcv, u->ru_nsignals, u->ru_nvcsw,   u->ru_nivcsw};
    QvObj *values[16] = {seconds(qi, u->ru_utime), seconds(qi, u->ru_stime)};
    for (int k = 0; k < 14; k++) {
        values[2 + k] = qv_int_from_i64(qi, counts[k]);
    }
    return qv_structseq_new(qi, state_of(m)->usage, values);
}

QvObj *qv_resource_usage(QvInterp *qi, const struct rusage *u)
{
    QvObj *m = qv_import(qi, "resource");
    QvObj *usage = NULL;
    if (m && qv_is_module(m) && ((QvModule *)m)->def == &qv_module_resource) {
        usage = make_usage(qi, m, u);
    } else if (m) {
        qv_raise(qi, &qv_exc_ImportError, "resource is not the built-in module");
    }
    qv_xdecref(qi, m);
    return usage;
}

static QvObj *get_usage(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    int who;
    struct rusage u;
    if (qv_index_int(qi, a[0], &who) < 0) {
        return NULL;
    }
    if (getrusage((__rusage_who_t)who, &u) < 0) {
        return errno == EINVAL ? qv_raise(qi, &qv_exc_ValueError, "invalid who parameter")
                               : qv_raise_errno(qi, errno, NULL, NULL);
    }
    return make_usage(qi, m, &u);
}

// ---- limits -------------------------------------------------------------------------------------

static int which_limit(QvInterp *qi, QvObj *o, int *ret)
{
    if (qv_index_int(qi, o, ret) < 0) {
        return -1;
    }
    return *ret < 0 || *ret >= RLIM_NLIMITS
               ? qv_raise_int(qi, &qv_exc_ValueError, "invalid resource specified")
               : 0;
}

// As CPython has it: a limit reads as a signed number, RLIM_INFINITY as -1.
static QvObj *limits_tuple(QvInterp *qi, const struct rlimit *v)
{
    QvObj *soft = qv_int_from_i64(qi, (int64_t)v->rlim_cur);
    QvObj *hard = qv_int_from_i64(qi, (int64_t)v->rlim_max);
    QvObj *pair = soft && hard ? qv_tuple_of(qi, 2, soft, hard) : NULL;
    qv_xdecref(qi, soft);
    qv_xdecref(qi, hard);
    return pair;
}

static int limit_number(QvInterp *qi, QvObj *o, rlim_t *ret)
{
    QvObj *i = qv_index(qi, o);
    int64_t v = 0;
    int status = i ? qv_int_to_i64(qi, i, &v) : -1;
    qv_xdecref(qi, i);
    *ret = (rlim_t)v;
    return status;
}

static int limits_from(QvInterp *qi, QvObj *o, struct rlimit *ret)
{
    QvObj *pair = qv_to_tuple(qi, o);
    if (!pair) {
        return -1;
    }
    int status = -1;
    if (qv_tuple_len(pair) != 2) {
        qv_raise(qi, &qv_exc_ValueError, "expected a tuple of 2 integers");
    } else if (limit_number(qi, qv_tuple_peek(pair, 0), &ret->rlim_cur) == 0) {
        status = limit_number(qi, qv_tuple_peek(pair, 1), &ret->rlim_max);
    }
    qv_decref(qi, pair);
    return status;
}

static QvObj *limit_error(QvInterp *qi)
{
    return errno == EINVAL ? qv_raise(qi, &qv_exc_ValueError, "current limit exceeds maximum limit")
           : errno == EPERM ? qv_raise(qi, &qv_exc_ValueError, "not allowed to raise maximum limit")
                            : qv_raise_errno(qi, errno, NULL, NULL);
}

static QvObj *get_limit(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int which;
    struct rlimit v;
    if (which_limit(qi, a[0], &which) < 0) {
        return NULL;
    }
    return getrlimit((__rlimit_resource_t)which, &v) < 0 ? qv_raise_errno(qi, errno, NULL, NULL)
                                                         : limits_tuple(qi, &v);
}

static QvObj *set_limit(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int which;
    struct rlimit v;
    if (which_limit(qi, a[0], &which) < 0 ||
        (qv_audit_on(qi) && qv_audit(qi, "resource.setrlimit", "iO", which, a[1]) < 0) ||
        limits_from(qi, a[1], &v) < 0) {
        return NULL;
    }
    return setrlimit((__rlimit_resource_t)which, &v) < 0 ? limit_error(qi) : QV_NONE;
}

static QvObj *process_limit(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int pid, which;
    struct rlimit v, before;
    if (qv_index_int(qi, a[0], &pid) < 0 || which_limit(qi, a[1], &which) < 0 ||
        (qv_audit_on(qi) && qv_audit(qi, "resource.prlimit", "iiO", pid, which, a[2]) < 0) ||
        (a[2] && a[2] != QV_NONE && limits_from(qi, a[2], &v) < 0)) {
        return NULL;
    }
    const struct rlimit *set = a[2] && a[2] != QV_NONE ? &v : NULL;
    if (prlimit(pid, (__rlimit_resource_t)which, set, &before) < 0) {
        return errno == EINVAL ? limit_error(qi) : qv_raise_errno(qi, errno, NULL, NULL);
    }
    return limits_tuple(qi, &before);
}

static QvObj *page_size(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, sysconf(_SC_PAGESIZE));
}

static const QvNativeDef functions[] = {
    {"getpagesize", page_size, "($module, /)", NULL},
    {"getrlimit", get_limit, "($module, resource, /)", NULL},
    {"getrusage", get_usage, "($module, who, /)", NULL},
    {"prlimit", process_limit, "($module, pid, resource, limits=None, /)",
     "prlimit(pid, resource, [limits])"},
    {"setrlimit", set_limit, "($module, resource, limits, /)", NULL},
    {0},
};

static const QvStructSeqField usage_fields[] = {
    {"ru_utime", "user time used"},
    {"ru_stime", "system time used"},
    {"ru_maxrss", "max. resident set size"},
    {"ru_ixrss", "shared memory size"},
    {"ru_idrss", "unshared data size"},
    {"ru_isrss", "unshared stack size"},
    {"ru_minflt", "page faults not requiring I/O"},
    {"ru_majflt", "page faults requiring I/O"},
    {"ru_nswap", "number of swap outs"},
    {"ru_inblock", "block input operations"},
    {"ru_oublock", "block output operations"},
    {"ru_msgsnd", "IPC messages sent"},
    {"ru_msgrcv", "IPC messages received"},
    {"ru_nsignals", "signals received"},
    {"ru_nvcsw", "voluntary context switches"},
    {"ru_nivcsw", "involuntary context switches"},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    static const struct {
        const char *name;
        int value;
    } constants[] = {
        {"RLIMIT_AS", RLIMIT_AS},
        {"RLIMIT_CORE", RLIMIT_CORE},
        {"RLIMIT_CPU", RLIMIT_CPU},
        {"RLIMIT_DATA", RLIMIT_DATA},
        {"RLIMIT_FSIZE", RLIMIT_FSIZE},
        {"RLIMIT_MEMLOCK", RLIMIT_MEMLOCK},
        {"RLIMIT_MSGQUEUE", RLIMIT_MSGQUEUE},
        {"RLIMIT_NICE", RLIMIT_NICE},
        {"RLIMIT_NOFILE", RLIMIT_NOFILE},
        {"RLIMIT_NPROC", RLIMIT_NPROC},
        {"RLIMIT_OFILE", RLIMIT_OFILE},
        {"RLIMIT_RSS", RLIMIT_RSS},
        {"RLIMIT_RTPRIO", RLIMIT_RTPRIO},
        {"RLIMIT_RTTIME", RLIMIT_RTTIME},
        {"RLIMIT_SIGPENDING", RLIMIT_SIGPENDING},
        {"RLIMIT_STACK", RLIMIT_STACK},
        {"RLIM_INFINITY", -1},
        {"RUSAGE_CHILDREN", RUSAGE_CHILDREN},
        {"RUSAGE_SELF", RUSAGE_SELF},
        {"RUSAGE_THREAD", RUSAGE_THREAD},
    };
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        if (qv_module_add_int(qi, m, constants[k].name, constants[k].value) < 0) {
            return -1;
        }
    }
    state_of(m)->usage = qv_structseq_type(qi, "resource.struct_rusage", usage_fields, 16);
    return !state_of(m)->usage || qv_module_add(qi, m, "struct_rusage", state_of(m)->usage) < 0
               ? -1
               : qv_module_add(qi, m, "error", (QvObj *)&qv_exc_OSError);
}

static void fini(QvInterp *qi, QvObj *m) { qv_clear(qi, &state_of(m)->usage); }

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(state_of(m)->usage);
    return 0;
}

const QvModuleDef qv_module_resource = {
    .name = "resource",
    .functions = functions,
    .state_size = sizeof(State),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
