// SPDX-License-Identifier: MIT
// posix: functions on file names.
#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/float.h"
#include "object/int.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/tuple.h"

// Ends a call on one path: None or the error.
static QvObj *finish(QvInterp *qi, int r, QvPath *p)
{
    QvObj *result = r < 0 ? qv_path_raise(qi, p) : QV_NONE;
    qv_path_release(qi, p);
    return result;
}
static QvObj *finish2(QvInterp *qi, int r, QvPath *p, QvPath *q)
{
    QvObj *result = r < 0 ? qv_path_raise2(qi, p, q) : QV_NONE;
    qv_path_release(qi, p);
    qv_path_release(qi, q);
    return result;
}

// The mode for a file: where writing is limited, nobody makes programs that run as another user.
static mode_t limited_mode(const QvInterp *qi, int mode)
{
    return (mode_t)mode & (qv_cap_denied(qi, QV_CAP_WRITE) ? ~(mode_t)06000 : ~(mode_t)0);
}

// A folder's descriptor as audit events tell it.
static int told_dir(int dir) { return dir == AT_FDCWD ? -1 : dir; }

// Two paths; both released on failure.
static int two_paths(QvInterp *qi, QvObj *const *a, const char *func, QvPath *p, QvPath *q)
{
    if (qv_path_get(qi, a[0], func, "src", 0, p) < 0) {
        return -1;
    }
    if (qv_path_get(qi, a[1], func, "dst", 0, q) < 0) {
        qv_path_release(qi, p);
        return -1;
    }
    return 0;
}

// ---- directories and names ----------------------------------------------------------------------

POSIX_FN(posix_mkdir)
{
    (void)m, (void)n;
    int mode = 0777, dir, r;
    QvPath p;
    if ((a[1] && qv_posix_int(qi, a[1], &mode) < 0) || qv_posix_dir_fd(qi, a[2], &dir) < 0 ||
        qv_path_get(qi, a[0], "mkdir", "path", 0, &p) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.mkdir", "Oii", p.obj, mode, told_dir(dir)) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    if (qv_path_allow(qi, &p, &dir, QV_CAP_WRITE, QV_CAP_NAME, "os.mkdir") < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(r, mkdirat(dir, p.u.s, limited_mode(qi, mode)));
    return finish(qi, r, &p);
}

static QvObj *unlink_name(QvInterp *qi, QvObj *const *a, const char *func, int flags)
{
    int dir, r;
    QvPath p;
    if (qv_posix_dir_fd(qi, a[1], &dir) < 0 || qv_path_get(qi, a[0], func, "path", 0, &p) < 0) {
        return NULL;
    }
    const char *event = flags ? "os.rmdir" : "os.remove";
    if (qv_audit_on(qi) && qv_audit(qi, event, "Oi", p.obj, told_dir(dir)) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    char call[24] = "os.";
    strncat(call, func, sizeof call - 4);
    if (qv_path_allow(qi, &p, &dir, QV_CAP_WRITE, QV_CAP_NAME, call) < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(r, unlinkat(dir, p.u.s, flags));
    return finish(qi, r, &p);
}
POSIX_FN(posix_rmdir)
{
    (void)m, (void)n;
    return unlink_name(qi, a, "rmdir", AT_REMOVEDIR);
}
POSIX_FN(posix_unlink)
{
    (void)m, (void)n;
    return unlink_name(qi, a, "unlink", 0);
}
POSIX_FN(posix_remove)
{
    (void)m, (void)n;
    return unlink_name(qi, a, "remove", 0);
}

static QvObj *rename_name(QvInterp *qi, QvObj *const *a, const char *func)
{
    int from, to, r;
    QvPath p, q;
    if (qv_posix_dir_fd(qi, a[2], &from) < 0 || qv_posix_dir_fd(qi, a[3], &to) < 0 ||
        two_paths(qi, a, func, &p, &q) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) &&
        qv_audit(qi, "os.rename", "OOii", p.obj, q.obj, told_dir(from), told_dir(to)) < 0) {
        qv_path_release(qi, &p);
        qv_path_release(qi, &q);
        return NULL;
    }
    if (qv_path_allow(qi, &p, &from, QV_CAP_WRITE, QV_CAP_NAME, "os.rename") < 0 ||
        qv_path_allow(qi, &q, &to, QV_CAP_WRITE, QV_CAP_NAME, "os.rename") < 0) {
        return finish2(qi, -1, &p, &q);
    }
    QV_POSIX_CALL(r, renameat(from, p.u.s, to, q.u.s));
    return finish2(qi, r, &p, &q);
}
POSIX_FN(posix_rename)
{
    (void)m, (void)n;
    return rename_name(qi, a, "rename");
}
POSIX_FN(posix_replace)
{
    (void)m, (void)n;
    return rename_name(qi, a, "replace");
}

POSIX_FN(posix_link)
{
    (void)m, (void)n;
    int from, to, r;
    bool follow;
    QvPath p, q;
    if (qv_posix_dir_fd(qi, a[2], &from) < 0 || qv_posix_dir_fd(qi, a[3], &to) < 0 ||
        qv_posix_flag(qi, a[4], true, &follow) < 0 || two_paths(qi, a, "link", &p, &q) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) &&
        qv_audit(qi, "os.link", "OOii", p.obj, q.obj, told_dir(from), told_dir(to)) < 0) {
        qv_path_release(qi, &p);
        qv_path_release(qi, &q);
        return NULL;
    }
    // link(2) itself does not follow; only an explicit wish with directory descriptors does.
    bool at = from != AT_FDCWD || to != AT_FDCWD || !follow;
    QvCapUse use = at && follow ? QV_CAP_FOLLOW : QV_CAP_NAME;
    if (qv_path_allow(qi, &p, &from, QV_CAP_WRITE, use, "os.link") < 0 ||
        qv_path_allow(qi, &q, &to, QV_CAP_WRITE, QV_CAP_NAME, "os.link") < 0) {
        return finish2(qi, -1, &p, &q);
    }
    QV_POSIX_CALL(r, linkat(from, p.u.s, to, q.u.s, at && follow ? AT_SYMLINK_FOLLOW : 0));
    return finish2(qi, r, &p, &q);
}

POSIX_FN(posix_symlink)
{
    (void)m, (void)n;
    int dir, r;
    QvPath p, q;
    if (qv_posix_dir_fd(qi, a[3], &dir) < 0 || two_paths(qi, a, "symlink", &p, &q) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.symlink", "OOi", p.obj, q.obj, told_dir(dir)) < 0) {
        qv_path_release(qi, &p);
        qv_path_release(qi, &q);
        return NULL;
    }
    if (qv_path_allow(qi, &q, &dir, QV_CAP_WRITE, QV_CAP_NAME, "os.symlink") < 0) {
        return finish2(qi, -1, &p, &q);
    }
    QV_POSIX_CALL(r, symlinkat(p.u.s, dir, q.u.s));
    return finish2(qi, r, &p, &q);
}

POSIX_FN(posix_readlink)
{
    (void)m, (void)n;
    int dir;
    QvPath p;
    char target[PATH_MAX + 1];
    if (qv_posix_dir_fd(qi, a[1], &dir) < 0 ||
        qv_path_get(qi, a[0], "readlink", "path", 0, &p) < 0) {
        return NULL;
    }
    ssize_t len;
    if (qv_path_allow(qi, &p, &dir, QV_CAP_READ, QV_CAP_NAME, "os.readlink") < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(len, readlinkat(dir, p.u.s, target, PATH_MAX));
    QvObj *r = NULL;
    if (len < 0) {
        qv_path_raise(qi, &p);
    } else {
        target[len] = 0;
        r = qv_path_text(qi, target, len, p.is_bytes);
    }
    qv_path_release(qi, &p);
    return r;
}

// ---- rights -------------------------------------------------------------------------------------

POSIX_FN(posix_access)
{
    (void)m, (void)n;
    int mode, dir, r;
    bool effective, follow;
    QvPath p;
    if (qv_posix_int(qi, a[1], &mode) < 0 || qv_posix_dir_fd(qi, a[2], &dir) < 0 ||
        qv_posix_flag(qi, a[3], false, &effective) < 0 ||
        qv_posix_flag(qi, a[4], true, &follow) < 0 ||
        qv_path_get(qi, a[0], "access", "path", 0, &p) < 0) {
        return NULL;
    }
    QvCapUse use = follow ? QV_CAP_FOLLOW : QV_CAP_NAME;
    if (qv_path_allow(qi, &p, &dir, QV_CAP_READ, use, "os.access") < 0) {
        qv_path_release(qi, &p);
        // What is not there cannot be reached, either, says access.
        if (qv_err_matches(qi, &qv_exc_PermissionError) || !qv_err_matches(qi, &qv_exc_OSError)) {
            return NULL;
        }
        qv_err_clear(qi);
        return QV_FALSE;
    }
    int flags = (effective ? AT_EACCESS : 0) | qv_path_nofollow(&p, follow);
    qv_posix_unlock(qi);
    r = faccessat(dir, p.u.s, mode, flags);
    qv_posix_lock(qi);
    qv_path_release(qi, &p);
    return qv_bool(r == 0);
}

POSIX_FN(posix_chmod)
{
    (void)m, (void)n;
    int mode, dir, r;
    bool follow;
    QvPath p;
    if (qv_posix_int(qi, a[1], &mode) < 0 || qv_posix_dir_fd(qi, a[2], &dir) < 0 ||
        qv_posix_flag(qi, a[3], true, &follow) < 0 ||
        qv_path_get(qi, a[0], "chmod", "path", QV_PATH_FD, &p) < 0) {
        return NULL;
    }
    if (!follow) {
        qv_path_release(qi, &p);
        return qv_raise(qi, &qv_exc_NotImplementedError,
                        "chmod: follow_symlinks unavailable on this platform");
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.chmod", "Oii", p.obj, mode, told_dir(dir)) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    if (qv_path_allow(qi, &p, &dir, QV_CAP_WRITE, QV_CAP_FOLLOW, "os.chmod") < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(r, p.is_fd ? fchmod(p.fd, limited_mode(qi, mode))
                             : fchmodat(dir, p.u.s, limited_mode(qi, mode), 0));
    return finish(qi, r, &p);
}
POSIX_FN(posix_fchmod)
{
    (void)m, (void)n;
    int fd, mode, r;
    if (qv_posix_int(qi, a[0], &fd) < 0 || qv_posix_int(qi, a[1], &mode) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.chmod", "iii", fd, mode, -1) < 0) {
        return NULL;
    }
    if (qv_cap_fd(qi, fd, QV_CAP_WRITE, "os.fchmod") < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, fchmod(fd, limited_mode(qi, mode)));
    return r < 0 ? qv_posix_error(qi) : QV_NONE;
}

static QvObj *chown_name(QvInterp *qi, QvObj *const *a, const char *func, int dir, bool follow,
                         unsigned also)
{
    uint32_t uid, gid;
    QvPath p;
    int r;
    if (qv_posix_id(qi, a[1], "uid", &uid) < 0 || qv_posix_id(qi, a[2], "gid", &gid) < 0 ||
        qv_path_get(qi, a[0], func, "path", also, &p) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) &&
        qv_audit(qi, "os.chown", "OLLi", p.obj, (int64_t)uid, (int64_t)gid, told_dir(dir)) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    if (qv_path_allow(qi, &p, &dir, QV_CAP_WRITE, follow ? QV_CAP_FOLLOW : QV_CAP_NAME,
                      follow ? "os.chown" : "os.lchown") < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(r, p.is_fd ? fchown(p.fd, uid, gid)
                             : fchownat(dir, p.u.s, uid, gid, qv_path_nofollow(&p, follow)));
    return finish(qi, r, &p);
}
POSIX_FN(posix_chown)
{
    (void)m, (void)n;
    int dir;
    bool follow;
    if (qv_posix_dir_fd(qi, a[3], &dir) < 0 || qv_posix_flag(qi, a[4], true, &follow) < 0) {
        return NULL;
    }
    return chown_name(qi, a, "chown", dir, follow, QV_PATH_FD);
}
POSIX_FN(posix_lchown)
{
    (void)m, (void)n;
    return chown_name(qi, a, "lchown", AT_FDCWD, false, 0);
}
POSIX_FN(posix_fchown)
{
    (void)m, (void)n;
    int fd, r;
    uint32_t uid, gid;
    if (qv_posix_int(qi, a[0], &fd) < 0 || qv_posix_id(qi, a[1], "uid", &uid) < 0 ||
        qv_posix_id(qi, a[2], "gid", &gid) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) &&
        qv_audit(qi, "os.chown", "iLLi", fd, (int64_t)uid, (int64_t)gid, -1) < 0) {
        return NULL;
    }
    if (qv_cap_fd(qi, fd, QV_CAP_WRITE, "os.fchown") < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, fchown(fd, uid, gid));
    return r < 0 ? qv_posix_error(qi) : QV_NONE;
}

// ---- size and times -----------------------------------------------------------------------------

POSIX_FN(posix_truncate)
{
    (void)m, (void)n;
    int64_t size;
    int r;
    QvPath p;
    QvObj *i = qv_index(qi, a[1]);
    int bad = i ? qv_int_to_i64(qi, i, &size) : -1;
    qv_xdecref(qi, i);
    if (bad < 0 || qv_path_get(qi, a[0], "truncate", "path", QV_PATH_FD, &p) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.truncate", "OL", p.obj, size) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    if (qv_path_allow(qi, &p, NULL, QV_CAP_WRITE, QV_CAP_FOLLOW, "os.truncate") < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(r, p.is_fd ? ftruncate(p.fd, size) : truncate(p.u.s, size));
    return finish(qi, r, &p);
}

// Seconds as int or float.
static int to_timespec(QvInterp *qi, QvObj *o, struct timespec *ret)
{
    if (qv_is_float(o)) {
        double d = qv_float_value(o), whole = floor(d);
        if (!isfinite(d) || whole < -9.2e18 || whole > 9.2e18) {
            return isnan(d)
                       ? qv_raise_int(qi, &qv_exc_ValueError, "Invalid value NaN (not a number)")
                       : qv_raise_int(qi, &qv_exc_OverflowError,
                                      "timestamp out of range for platform time_t");
        }
        long ns = (long)floor((d - whole) * 1e9);
        *ret = (struct timespec){.tv_sec = (time_t)whole + (ns >= 1000000000),
                                 .tv_nsec = ns % 1000000000};
        return 0;
    }
    QvObj *i = qv_index(qi, o);
    int64_t s = 0;
    int fits = i ? qv_int_as_i64(i, &s) : 0;
    qv_xdecref(qi, i);
    *ret = (struct timespec){.tv_sec = s};
    return fits ? 0
           : i  ? qv_raise_int(qi, &qv_exc_OverflowError,
                               "timestamp out of range for platform time_t")
                : -1;
}

static int ns_to_timespec(QvInterp *qi, QvObj *o, struct timespec *ret)
{
    int64_t ns;
    if (qv_int_to_i64(qi, o, &ns) < 0) {
        return -1;
    }
    int64_t s = ns / 1000000000, rest = ns % 1000000000;
    if (rest < 0) {
        rest += 1000000000;
        s--;
    }
    *ret = (struct timespec){.tv_sec = s, .tv_nsec = rest};
    return 0;
}

POSIX_FN(posix_utime)
{
    (void)m, (void)n;
    QvObj *times = a[1] && a[1] != QV_NONE ? a[1] : NULL, *ns = a[2];
    struct timespec ts[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    int dir, r;
    bool follow;
    QvPath p;
    if (times && ns) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "utime: you may specify either 'times' or 'ns' but not both");
    }
    if (times && (!qv_is_tuple_exact(times) || qv_tuple_len(times) != 2)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "utime: 'times' must be either a tuple of two ints or None");
    }
    if (ns && (!qv_is_tuple_exact(ns) || qv_tuple_len(ns) != 2)) {
        return qv_raise(qi, &qv_exc_TypeError, "utime: 'ns' must be a tuple of two ints");
    }
    for (int k = 0; k < 2; k++) {
        if ((times && to_timespec(qi, qv_tuple_peek(times, k), &ts[k]) < 0) ||
            (ns && ns_to_timespec(qi, qv_tuple_peek(ns, k), &ts[k]) < 0)) {
            return NULL;
        }
    }
    if (qv_posix_dir_fd(qi, a[3], &dir) < 0 || qv_posix_flag(qi, a[4], true, &follow) < 0 ||
        qv_path_get(qi, a[0], "utime", "path", QV_PATH_FD, &p) < 0) {
        return NULL;
    }
    if (p.is_fd && !follow) {
        qv_path_release(qi, &p);
        return qv_raise(qi, &qv_exc_ValueError,
                        "utime: cannot use fd and follow_symlinks together");
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.utime", "OOOi", p.obj, times, ns, told_dir(dir)) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    if (qv_path_allow(qi, &p, &dir, QV_CAP_WRITE, follow ? QV_CAP_FOLLOW : QV_CAP_NAME,
                      "os.utime") < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(r, p.is_fd ? futimens(p.fd, ts)
                             : utimensat(dir, p.u.s, ts, qv_path_nofollow(&p, follow)));
    return finish(qi, r, &p);
}

POSIX_FN(posix_mkfifo)
{
    (void)m, (void)n;
    int mode = 0666, dir, r;
    QvPath p;
    if ((a[1] && qv_posix_int(qi, a[1], &mode) < 0) || qv_posix_dir_fd(qi, a[2], &dir) < 0 ||
        qv_path_get(qi, a[0], "mkfifo", "path", 0, &p) < 0) {
        return NULL;
    }
    if (qv_path_allow(qi, &p, &dir, QV_CAP_WRITE, QV_CAP_NAME, "os.mkfifo") < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(r, mkfifoat(dir, p.u.s, limited_mode(qi, mode)));
    return finish(qi, r, &p);
}
POSIX_FN(posix_mknod)
{
    (void)m, (void)n;
    int mode = 0600, dir, r;
    int64_t device = 0;
    QvPath p;
    if ((a[1] && qv_posix_int(qi, a[1], &mode) < 0) ||
        (a[2] && qv_int_to_i64(qi, a[2], &device) < 0) || qv_posix_dir_fd(qi, a[3], &dir) < 0 ||
        qv_path_get(qi, a[0], "mknod", "path", 0, &p) < 0) {
        return NULL;
    }
    // A device would be a way to all that its driver reaches.
    if ((S_ISBLK((mode_t)mode) || S_ISCHR((mode_t)mode)) &&
        qv_cap_check(qi, QV_CAP_WRITE, "os.mknod of a device") < 0) {
        return finish(qi, -1, &p);
    }
    if (qv_path_allow(qi, &p, &dir, QV_CAP_WRITE, QV_CAP_NAME, "os.mknod") < 0) {
        return finish(qi, -1, &p);
    }
    QV_POSIX_CALL(r, mknodat(dir, p.u.s, limited_mode(qi, mode), (dev_t)device));
    return finish(qi, r, &p);
}

// ---- the process's place ------------------------------------------------------------------------

POSIX_FN(posix_chdir)
{
    (void)m, (void)n;
    int r;
    QvPath p;
    if (qv_path_get(qi, a[0], "chdir", "path", QV_PATH_FD, &p) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.chdir", "O", p.obj) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    QV_POSIX_CALL(r, p.is_fd ? fchdir(p.fd) : chdir(p.u.s));
    return finish(qi, r, &p);
}
POSIX_FN(posix_fchdir)
{
    (void)m, (void)n;
    int fd, r;
    if (qv_posix_fd(qi, a[0], &fd) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_audit(qi, "os.chdir", "i", fd) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, fchdir(fd));
    return r < 0 ? qv_posix_error(qi) : QV_NONE;
}

static QvObj *current(QvInterp *qi, bool as_bytes)
{
    char path[PATH_MAX + 1];
    if (!getcwd(path, sizeof path)) {
        return qv_posix_error(qi);
    }
    return qv_path_text(qi, path, (QvSsize)strlen(path), as_bytes);
}
POSIX_FN(posix_getcwd)
{
    (void)m, (void)a, (void)n;
    return current(qi, false);
}
POSIX_FN(posix_getcwdb)
{
    (void)m, (void)a, (void)n;
    return current(qi, true);
}
POSIX_FN(posix_umask)
{
    (void)m, (void)n;
    int mask;
    return qv_posix_int(qi, a[0], &mask) < 0 ? NULL : qv_int_from_i64(qi, umask((mode_t)mask));
}
POSIX_FN(posix_sync)
{
    (void)m, (void)a, (void)n;
    qv_posix_unlock(qi);
    sync();
    qv_posix_lock(qi);
    return QV_NONE;
}

// ---- text ---------------------------------------------------------------------------------------

POSIX_FN(posix_fspath)
{
    (void)m, (void)n;
    if (qv_is_str(a[0]) || qv_is_bytes(a[0])) {
        return qv_new_ref(qi, a[0]);
    }
    QvObj *fspath;
    int has = qv_lookup_special(qi, a[0], QV_N(__fspath__), &fspath);
    if (has <= 0) {
        return has < 0 ? NULL
                       : qv_raise(qi, &qv_exc_TypeError,
                                  "expected str, bytes or os.PathLike object, not %.200T", a[0]);
    }
    QvObj *text = qv_call0(qi, fspath);
    qv_decref(qi, fspath);
    if (text && !qv_is_str(text) && !qv_is_bytes(text)) {
        qv_raise(qi, &qv_exc_TypeError,
                 "expected %.200T.__fspath__() to return str or bytes, not %.200T", a[0], text);
        qv_clear(qi, &text);
    }
    return text;
}

// What posixpath.normpath does for str: collapses "//", "." and "..".
POSIX_FN(posix_path_normpath)
{
    (void)m, (void)n;
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "_path_normpath() argument 'path' must be str, not %T", a[0]);
    }
    QvUtf8 u;
    if (qv_str_utf8_surrogates(qi, a[0], &u, true) < 0) {
        return NULL;
    }
    size_t size = (size_t)u.n + 2, len = 0;
    char *out = qv_alloc(qi, size);
    if (!out) {
        qv_utf8_release(qi, &u);
        return NULL;
    }
    const char *s = u.s, *end = u.s + u.n;
    while (s < end && *s == '/' && len < 2) { // "//" at the start is kept, "///" is not
        out[len++] = *s++;
    }
    if (len == 2 && s < end && *s == '/') {
        len = 1;
    }
    size_t root = len, kept = len; // kept: before this nothing can be taken back by ".."
    for (QvSsize k = 0; s < end; k++) {
        if (qv_stop_step(qi, k) < 0) {
            qv_free(qi, out, size);
            qv_utf8_release(qi, &u);
            return NULL;
        }
        while (s < end && *s == '/') {
            s++;
        }
        const char *part = s;
        while (s < end && *s != '/') {
            s++;
        }
        size_t n_part = (size_t)(s - part);
        if (n_part == 0 || (n_part == 1 && part[0] == '.')) {
            continue;
        }
        if (n_part == 2 && part[0] == '.' && part[1] == '.') {
            if (len > kept) {
                while (len > kept && out[len - 1] != '/') {
                    len--;
                }
                if (len > root) {
                    len--; // the slash
                }
                continue;
            }
            if (root > 0) {
                continue; // nothing above the root
            }
        }
        if (len > root) {
            out[len++] = '/';
        }
        memcpy(out + len, part, n_part);
        len += n_part;
        if (n_part == 2 && part[0] == '.' && part[1] == '.') {
            kept = len;
        }
    }
    if (len == 0) {
        out[len++] = '.';
    }
    QvObj *r = qv_str_decode(qi, out, (QvSsize)len, "utf-8", "surrogateescape");
    qv_free(qi, out, size);
    qv_utf8_release(qi, &u);
    return r;
}
