// SPDX-License-Identifier: MIT
// posix: stat and statvfs.
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/float.h"
#include "object/int.h"
#include "object/structseq.h"

static const QvStructSeqField stat_fields[] = {
    {"st_mode", "protection bits"},
    {"st_ino", "inode"},
    {"st_dev", "device"},
    {"st_nlink", "number of hard links"},
    {"st_uid", "user ID of owner"},
    {"st_gid", "group ID of owner"},
    {"st_size", "total size, in bytes"},
    // Items without a name of their own: whole seconds, beside the floats that the names mean.
    {"", "integer time of last access"},
    {"", "integer time of last modification"},
    {"", "integer time of last change"},
    {"st_atime", "time of last access"},
    {"st_mtime", "time of last modification"},
    {"st_ctime", "time of last change"},
    {"st_atime_ns", "time of last access in nanoseconds"},
    {"st_mtime_ns", "time of last modification in nanoseconds"},
    {"st_ctime_ns", "time of last change in nanoseconds"},
    {"st_blksize", "blocksize for filesystem I/O"},
    {"st_blocks", "number of blocks allocated"},
    {"st_rdev", "device type (if inode device)"},
    {0},
};

static const QvStructSeqField statvfs_fields[] = {
    {"f_bsize", NULL},  {"f_frsize", NULL},  {"f_blocks", NULL}, {"f_bfree", NULL},
    {"f_bavail", NULL}, {"f_files", NULL},   {"f_ffree", NULL},  {"f_favail", NULL},
    {"f_flag", NULL},   {"f_namemax", NULL}, {"f_fsid", NULL},   {0},
};

QvObj *qv_posix_stat_result(QvInterp *qi, QvPosixState *state, const struct stat *st)
{
    const struct timespec *const times[3] = {&st->st_atim, &st->st_mtim, &st->st_ctim};
    QvObj *values[19] = {qv_int_from_i64(qi, st->st_mode), qv_int_from_u64(qi, st->st_ino),
                         qv_int_from_u64(qi, st->st_dev),  qv_int_from_u64(qi, st->st_nlink),
                         qv_int_from_i64(qi, st->st_uid),  qv_int_from_i64(qi, st->st_gid),
                         qv_int_from_i64(qi, st->st_size)};
    for (int k = 0; k < 3; k++) {
        int64_t ns = (int64_t)times[k]->tv_sec * 1000000000 + times[k]->tv_nsec;
        values[7 + k] = qv_int_from_i64(qi, times[k]->tv_sec);
        values[10 + k] =
            qv_float_new(qi, (double)times[k]->tv_sec + 1e-9 * (double)times[k]->tv_nsec);
        values[13 + k] = qv_int_from_i64(qi, ns);
    }
    values[16] = qv_int_from_i64(qi, st->st_blksize);
    values[17] = qv_int_from_i64(qi, st->st_blocks);
    values[18] = qv_int_from_u64(qi, st->st_rdev);
    return qv_structseq_new(qi, state->stat_result, values);
}

static QvObj *stat_path(QvInterp *qi, QvObj *m, QvObj *path, QvObj *dir_arg, bool follow,
                        const char *func, unsigned also)
{
    int dir, r;
    struct stat st;
    QvPath p;
    if (qv_posix_dir_fd(qi, dir_arg, &dir) < 0 ||
        qv_path_get(qi, path, func, "path", also, &p) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (p.is_fd && dir != AT_FDCWD) {
        qv_raise(qi, &qv_exc_ValueError, "%s: can't specify dir_fd without matching path", func);
    } else if (p.is_fd && !follow) {
        qv_raise(qi, &qv_exc_ValueError, "%s: cannot use fd and follow_symlinks together", func);
    } else if (qv_path_allow(qi, &p, &dir, QV_CAP_READ, follow ? QV_CAP_FOLLOW : QV_CAP_NAME,
                             follow ? "os.stat" : "os.lstat") == 0) {
        QV_POSIX_CALL(r, p.is_fd ? fstat(p.fd, &st)
                                 : fstatat(dir, p.u.s, &st, qv_path_nofollow(&p, follow)));
        result = r < 0 ? qv_path_raise(qi, &p) : qv_posix_stat_result(qi, qv_posix_state(m), &st);
    }
    qv_path_release(qi, &p);
    return result;
}

POSIX_FN(posix_stat)
{
    (void)n;
    bool follow;
    return qv_posix_flag(qi, a[2], true, &follow) < 0
               ? NULL
               : stat_path(qi, m, a[0], a[1], follow, "stat", QV_PATH_FD);
}
POSIX_FN(posix_lstat)
{
    (void)n;
    return stat_path(qi, m, a[0], a[1], false, "lstat", 0);
}
POSIX_FN(posix_fstat)
{
    (void)n;
    int fd, r;
    struct stat st;
    if (qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, fstat(fd, &st));
    return r < 0 ? qv_posix_error(qi) : qv_posix_stat_result(qi, qv_posix_state(m), &st);
}

static QvObj *statvfs_result(QvInterp *qi, QvObj *m, const struct statvfs *v)
{
    QvObj *const values[11] = {qv_int_from_u64(qi, v->f_bsize),  qv_int_from_u64(qi, v->f_frsize),
                               qv_int_from_u64(qi, v->f_blocks), qv_int_from_u64(qi, v->f_bfree),
                               qv_int_from_u64(qi, v->f_bavail), qv_int_from_u64(qi, v->f_files),
                               qv_int_from_u64(qi, v->f_ffree),  qv_int_from_u64(qi, v->f_favail),
                               qv_int_from_u64(qi, v->f_flag),   qv_int_from_u64(qi, v->f_namemax),
                               qv_int_from_u64(qi, v->f_fsid)};
    return qv_structseq_new(qi, qv_posix_state(m)->statvfs_result, values);
}
POSIX_FN(posix_statvfs)
{
    (void)n;
    struct statvfs v;
    int r;
    QvPath p;
    if (qv_path_get(qi, a[0], "statvfs", "path", QV_PATH_FD, &p) < 0) {
        return NULL;
    }
    if (qv_path_allow(qi, &p, NULL, QV_CAP_READ, QV_CAP_FOLLOW, "os.statvfs") < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    QV_POSIX_CALL(r, p.is_fd ? fstatvfs(p.fd, &v) : statvfs(p.u.s, &v));
    QvObj *result = r < 0 ? qv_path_raise(qi, &p) : statvfs_result(qi, m, &v);
    qv_path_release(qi, &p);
    return result;
}
POSIX_FN(posix_fstatvfs)
{
    (void)n;
    struct statvfs v;
    int fd, r;
    if (qv_posix_int(qi, a[0], &fd) < 0) {
        return NULL;
    }
    QV_POSIX_CALL(r, fstatvfs(fd, &v));
    return r < 0 ? qv_posix_error(qi) : statvfs_result(qi, m, &v);
}

POSIX_FN(posix_major)
{
    (void)m, (void)n;
    uint64_t dev;
    return qv_int_to_u64(qi, a[0], &dev) < 0 ? NULL : qv_int_from_i64(qi, major((dev_t)dev));
}
POSIX_FN(posix_minor)
{
    (void)m, (void)n;
    uint64_t dev;
    return qv_int_to_u64(qi, a[0], &dev) < 0 ? NULL : qv_int_from_i64(qi, minor((dev_t)dev));
}
POSIX_FN(posix_makedev)
{
    (void)m, (void)n;
    int x, y;
    if (qv_posix_int(qi, a[0], &x) < 0 || qv_posix_int(qi, a[1], &y) < 0) {
        return NULL;
    }
    return qv_int_from_u64(qi, makedev((unsigned)x, (unsigned)y));
}

int qv_posix_stat_init(QvInterp *qi, QvObj *m)
{
    QvPosixState *s = qv_posix_state(m);
    s->stat_result = qv_structseq_type(qi, "os.stat_result", stat_fields, 10);
    s->statvfs_result = qv_structseq_type(qi, "os.statvfs_result", statvfs_fields, 10);
    return !s->stat_result || !s->statvfs_result ||
                   qv_module_add(qi, m, "stat_result", s->stat_result) < 0 ||
                   qv_module_add(qi, m, "statvfs_result", s->statvfs_result) < 0
               ? -1
               : 0;
}
