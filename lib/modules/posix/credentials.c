// SPDX-License-Identifier: MIT
// posix: who the process is: users, groups, sessions, terminals.
#include <grp.h>
#include <limits.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/int.h"
#include "object/list.h"
#include "object/tuple.h"

static QvObj *none_or_error(QvInterp *qi, int r) { return r < 0 ? qv_posix_error(qi) : QV_NONE; }

// n ids from a; `what` is "uid" or "gid".
static int ids(QvInterp *qi, QvObj *const *a, int n, const char *what, uint32_t *ret)
{
    for (int k = 0; k < n; k++) {
        if (qv_posix_id(qi, a[k], what, &ret[k]) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvObj *three(QvInterp *qi, uint32_t x, uint32_t y, uint32_t z)
{
    QvObj *values[3] = {qv_int_from_u64(qi, x), qv_int_from_u64(qi, y), qv_int_from_u64(qi, z)};
    if (!values[0] || !values[1] || !values[2]) {
        for (int k = 0; k < 3; k++) {
            qv_xdecref(qi, values[k]);
        }
        return NULL;
    }
    return qv_tuple_from_array_take(qi, values, 3);
}

POSIX_FN(posix_getresuid)
{
    (void)m, (void)a, (void)n;
    uid_t r, e, s;
    return getresuid(&r, &e, &s) < 0 ? qv_posix_error(qi) : three(qi, r, e, s);
}
POSIX_FN(posix_getresgid)
{
    (void)m, (void)a, (void)n;
    gid_t r, e, s;
    return getresgid(&r, &e, &s) < 0 ? qv_posix_error(qi) : three(qi, r, e, s);
}
POSIX_FN(posix_setresuid)
{
    (void)m, (void)n;
    uint32_t v[3];
    return ids(qi, a, 3, "uid", v) < 0 ? NULL : none_or_error(qi, setresuid(v[0], v[1], v[2]));
}
POSIX_FN(posix_setresgid)
{
    (void)m, (void)n;
    uint32_t v[3];
    return ids(qi, a, 3, "gid", v) < 0 ? NULL : none_or_error(qi, setresgid(v[0], v[1], v[2]));
}
POSIX_FN(posix_setreuid)
{
    (void)m, (void)n;
    uint32_t v[2];
    return ids(qi, a, 2, "uid", v) < 0 ? NULL : none_or_error(qi, setreuid(v[0], v[1]));
}
POSIX_FN(posix_setregid)
{
    (void)m, (void)n;
    uint32_t v[2];
    return ids(qi, a, 2, "gid", v) < 0 ? NULL : none_or_error(qi, setregid(v[0], v[1]));
}
POSIX_FN(posix_seteuid)
{
    (void)m, (void)n;
    uint32_t v;
    return ids(qi, a, 1, "uid", &v) < 0 ? NULL : none_or_error(qi, seteuid(v));
}
POSIX_FN(posix_setegid)
{
    (void)m, (void)n;
    uint32_t v;
    return ids(qi, a, 1, "gid", &v) < 0 ? NULL : none_or_error(qi, setegid(v));
}
POSIX_FN(posix_setpgrp)
{
    (void)m, (void)a, (void)n;
    return none_or_error(qi, setpgid(0, 0));
}

// ---- groups -------------------------------------------------------------------------------------

POSIX_FN(posix_setgroups)
{
    (void)m, (void)n;
    if (!qv_is_sequence(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "setgroups argument must be a sequence");
    }
    QvObj *items = qv_to_tuple(qi, a[0]);
    if (!items) {
        return NULL;
    }
    QvSsize count = qv_tuple_len(items);
    uint32_t *groups = count <= NGROUPS_MAX ? malloc(sizeof *groups * (size_t)(count + 1)) : NULL;
    QvObj *result = NULL;
    if (count > NGROUPS_MAX) {
        qv_raise(qi, &qv_exc_ValueError, "too many groups");
    } else if (!groups) {
        qv_raise_oom(qi);
    } else {
        QvSsize k = 0;
        for (; k < count; k++) {
            QvObj *item = qv_tuple_peek(items, k);
            if (!qv_is_int(item)) {
                qv_raise(qi, &qv_exc_TypeError, "groups must be integers");
                break;
            }
            if (qv_posix_id(qi, item, "gid", &groups[k]) < 0) {
                break;
            }
        }
        result = k == count ? none_or_error(qi, setgroups((size_t)count, groups)) : NULL;
    }
    free(groups);
    qv_decref(qi, items);
    return result;
}

// A user name as C text; *ret is released by the caller.
static int user_name(QvInterp *qi, QvObj *o, const char *func, QvUtf8 *ret)
{
    if (!qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument 1 must be str, not %T", func, o);
    }
    return qv_str_utf8_surrogates(qi, o, ret, true);
}

POSIX_FN(posix_initgroups)
{
    (void)m, (void)n;
    QvUtf8 user;
    uint32_t gid;
    if (user_name(qi, a[0], "initgroups", &user) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (qv_posix_id(qi, a[1], "gid", &gid) == 0) {
        result = none_or_error(qi, initgroups(user.s, gid));
    }
    qv_utf8_release(qi, &user);
    return result;
}

POSIX_FN(posix_getgrouplist)
{
    (void)m, (void)n;
    QvUtf8 user;
    uint32_t gid;
    if (user_name(qi, a[0], "getgrouplist", &user) < 0) {
        return NULL;
    }
    if (qv_posix_id(qi, a[1], "gid", &gid) < 0) {
        qv_utf8_release(qi, &user);
        return NULL;
    }
    gid_t *groups = NULL;
    int room = 64, count;
    do { // -1: count says how many there are
        count = room;
        free(groups);
        groups = malloc(sizeof *groups * (size_t)room);
        room *= 2;
    } while (groups && getgrouplist(user.s, gid, groups, &count) < 0 && room < 1 << 24);
    qv_utf8_release(qi, &user);
    QvObj *list = groups ? qv_list_new(qi, count) : qv_raise_oom(qi);
    for (int k = 0; list && k < count; k++) {
        if (qv_list_append_take(qi, list, qv_int_from_u64(qi, groups[k])) < 0) {
            qv_clear(qi, &list);
        }
    }
    free(groups);
    return list;
}

// ---- terminals ----------------------------------------------------------------------------------

POSIX_FN(posix_tcgetpgrp)
{
    (void)m, (void)n;
    int fd;
    if (qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    pid_t group = tcgetpgrp(fd);
    return group < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, group);
}
POSIX_FN(posix_tcsetpgrp)
{
    (void)m, (void)n;
    int fd, group;
    if (qv_posix_int(qi, a[0], &fd) < 0 || qv_posix_int(qi, a[1], &group) < 0) {
        return NULL;
    }
    return none_or_error(qi, tcsetpgrp(fd, group));
}
POSIX_FN(posix_chroot)
{
    (void)m, (void)n;
    QvPath p;
    if (qv_path_get(qi, a[0], "chroot", "path", 0, &p) < 0) {
        return NULL;
    }
    QvObj *result = chroot(p.u.s) < 0 ? qv_path_raise(qi, &p) : QV_NONE;
    qv_path_release(qi, &p);
    return result;
}
