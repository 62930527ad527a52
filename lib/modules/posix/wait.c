// SPDX-License-Identifier: MIT
// posix: waiting for children with more than their status; descriptors of processes.
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "modules/resource.h"
#include "object/int.h"
#include "object/structseq.h"
#include "object/tuple.h"

// (pid, status, usage), as wait3 and wait4 give it.
static QvObj *with_usage(QvInterp *qi, pid_t pid, int status, const struct rusage *usage)
{
    if (pid < 0) {
        return qv_posix_error(qi);
    }
    QvObj *values[3] = {qv_int_from_i64(qi, pid), qv_int_from_i64(qi, status),
                        qv_resource_usage(qi, usage)};
    if (!values[0] || !values[1] || !values[2]) {
        for (int k = 0; k < 3; k++) {
            qv_xdecref(qi, values[k]);
        }
        return NULL;
    }
    return qv_tuple_from_array_take(qi, values, 3);
}

POSIX_FN(posix_wait3)
{
    (void)m, (void)n;
    int options, status = 0;
    pid_t pid;
    struct rusage usage = {0};
    if (qv_posix_int(qi, a[0], &options) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(pid, wait3(&status, options, &usage));
    return with_usage(qi, pid, status, &usage);
}
POSIX_FN(posix_wait4)
{
    (void)m, (void)n;
    int which, options, status = 0;
    pid_t pid;
    struct rusage usage = {0};
    if (qv_posix_int(qi, a[0], &which) < 0 || qv_posix_int(qi, a[1], &options) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(pid, wait4(which, &status, options, &usage));
    return with_usage(qi, pid, status, &usage);
}

POSIX_FN(posix_waitid)
{
    (void)n;
    int type, which, options, r;
    siginfo_t info = {0};
    if (qv_posix_int(qi, a[0], &type) < 0 || qv_posix_int(qi, a[1], &which) < 0 ||
        qv_posix_int(qi, a[2], &options) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, waitid((idtype_t)type, (id_t)which, &info, options));
    if (r < 0) {
        return qv_posix_error(qi);
    }
    if (info.si_pid == 0) {
        return QV_NONE;
    }
    QvObj *values[5] = {qv_int_from_i64(qi, info.si_pid), qv_int_from_u64(qi, info.si_uid),
                        qv_int_from_i64(qi, info.si_signo), qv_int_from_i64(qi, info.si_status),
                        qv_int_from_i64(qi, info.si_code)};
    return qv_structseq_new(qi, qv_posix_state(m)->waitid_result, values);
}

int qv_posix_wait_init(QvInterp *qi, QvObj *m)
{
    static const QvStructSeqField fields[] = {{"si_pid", NULL},   {"si_uid", NULL},
                                              {"si_signo", NULL}, {"si_status", NULL},
                                              {"si_code", NULL},  {0}};
    QvPosixState *s = qv_posix_state(m);
    s->waitid_result = qv_structseq_type(qi, "posix.waitid_result", fields, 5);
    return s->waitid_result ? qv_module_add(qi, m, "waitid_result", s->waitid_result) : -1;
}

POSIX_FN(posix_pidfd_open)
{
    (void)m, (void)n;
    int pid, flags = 0;
    if (qv_posix_int(qi, a[0], &pid) < 0 || (a[1] && qv_posix_int(qi, a[1], &flags) < 0)) {
        return NULL;
    }
    long fd = syscall(SYS_pidfd_open, pid, flags);
    return fd < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, fd);
}
