// SPDX-License-Identifier: MIT
// posix: scheduling policies.
#include <sched.h>

#include "modules/posix/posix.h"
#include "object/float.h"
#include "object/int.h"
#include "object/structseq.h"
#include "object/tuple.h"

// A sched_param object. 0/-1.
int qv_posix_sched_param(QvInterp *qi, QvObj *m, QvObj *o, struct sched_param *ret)
{
    if (o->type != (QvType *)qv_posix_state(m)->sched_param) {
        return qv_raise_int(qi, &qv_exc_TypeError, "must have a sched_param object");
    }
    return qv_posix_int(qi, qv_tuple_peek(o, 0), &ret->sched_priority);
}

// sched_param(sched_priority): its one item, not a sequence of items.
static QvObj *param_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvObj *slots[1] = {NULL};
    if (qv_args(qi, "sched_param(sched_priority)", args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    QvObj *values[1] = {qv_new_ref(qi, slots[0])};
    return qv_structseq_new(qi, (QvObj *)type, values);
}

void qv_posix_schedule_init(QvInterp *qi, QvObj *m)
{
    (void)qi;
    ((QvType *)qv_posix_state(m)->sched_param)->new_ = param_new;
}

POSIX_FN(posix_sched_get_priority_max)
{
    (void)m, (void)n;
    int policy;
    if (qv_posix_int(qi, a[0], &policy) < 0) {
        return NULL;
    }
    int most = sched_get_priority_max(policy);
    return most < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, most);
}
POSIX_FN(posix_sched_get_priority_min)
{
    (void)m, (void)n;
    int policy;
    if (qv_posix_int(qi, a[0], &policy) < 0) {
        return NULL;
    }
    int least = sched_get_priority_min(policy);
    return least < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, least);
}
POSIX_FN(posix_sched_getscheduler)
{
    (void)m, (void)n;
    int pid;
    if (qv_posix_int(qi, a[0], &pid) < 0) {
        return NULL;
    }
    int policy = sched_getscheduler(pid);
    return policy < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, policy);
}
POSIX_FN(posix_sched_setscheduler)
{
    (void)n;
    int pid, policy;
    struct sched_param param = {0};
    if (qv_posix_int(qi, a[0], &pid) < 0 || qv_posix_int(qi, a[1], &policy) < 0 ||
        qv_posix_sched_param(qi, m, a[2], &param) < 0) {
        return NULL;
    }
    return sched_setscheduler(pid, policy, &param) < 0 ? qv_posix_error(qi) : QV_NONE;
}
POSIX_FN(posix_sched_getparam)
{
    (void)n;
    int pid;
    struct sched_param param;
    if (qv_posix_int(qi, a[0], &pid) < 0) {
        return NULL;
    }
    if (sched_getparam(pid, &param) < 0) {
        return qv_posix_error(qi);
    }
    QvObj *values[1] = {qv_int_from_i64(qi, param.sched_priority)};
    return qv_structseq_new(qi, qv_posix_state(m)->sched_param, values);
}
POSIX_FN(posix_sched_setparam)
{
    (void)n;
    int pid;
    struct sched_param param = {0};
    if (qv_posix_int(qi, a[0], &pid) < 0 || qv_posix_sched_param(qi, m, a[1], &param) < 0) {
        return NULL;
    }
    return sched_setparam(pid, &param) < 0 ? qv_posix_error(qi) : QV_NONE;
}
POSIX_FN(posix_sched_rr_get_interval)
{
    (void)m, (void)n;
    int pid;
    struct timespec ts;
    if (qv_posix_int(qi, a[0], &pid) < 0) {
        return NULL;
    }
    return sched_rr_get_interval(pid, &ts) < 0
               ? qv_posix_error(qi)
               : qv_float_new(qi, (double)ts.tv_sec + 1e-9 * (double)ts.tv_nsec);
}
