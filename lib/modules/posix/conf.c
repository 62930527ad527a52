// SPDX-License-Identifier: MIT
// posix: what the system says of itself (confstr) and of files (pathconf).
#include <stdlib.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/dict.h"
#include "object/int.h"

typedef struct Name {
    const char *name;
    int value;
} Name;

static const Name confstr_names[] = {
    {"CS_GNU_LIBC_VERSION", _CS_GNU_LIBC_VERSION},
    {"CS_GNU_LIBPTHREAD_VERSION", _CS_GNU_LIBPTHREAD_VERSION},
    {"CS_LFS64_CFLAGS", _CS_LFS64_CFLAGS},
    {"CS_LFS64_LDFLAGS", _CS_LFS64_LDFLAGS},
    {"CS_LFS64_LIBS", _CS_LFS64_LIBS},
    {"CS_LFS64_LINTFLAGS", _CS_LFS64_LINTFLAGS},
    {"CS_LFS_CFLAGS", _CS_LFS_CFLAGS},
    {"CS_LFS_LDFLAGS", _CS_LFS_LDFLAGS},
    {"CS_LFS_LIBS", _CS_LFS_LIBS},
    {"CS_LFS_LINTFLAGS", _CS_LFS_LINTFLAGS},
    {"CS_PATH", _CS_PATH},
    {"CS_XBS5_ILP32_OFF32_CFLAGS", _CS_XBS5_ILP32_OFF32_CFLAGS},
    {"CS_XBS5_ILP32_OFF32_LDFLAGS", _CS_XBS5_ILP32_OFF32_LDFLAGS},
    {"CS_XBS5_ILP32_OFF32_LIBS", _CS_XBS5_ILP32_OFF32_LIBS},
    {"CS_XBS5_ILP32_OFF32_LINTFLAGS", _CS_XBS5_ILP32_OFF32_LINTFLAGS},
    {"CS_XBS5_ILP32_OFFBIG_CFLAGS", _CS_XBS5_ILP32_OFFBIG_CFLAGS},
    {"CS_XBS5_ILP32_OFFBIG_LDFLAGS", _CS_XBS5_ILP32_OFFBIG_LDFLAGS},
    {"CS_XBS5_ILP32_OFFBIG_LIBS", _CS_XBS5_ILP32_OFFBIG_LIBS},
    {"CS_XBS5_ILP32_OFFBIG_LINTFLAGS", _CS_XBS5_ILP32_OFFBIG_LINTFLAGS},
    {"CS_XBS5_LP64_OFF64_CFLAGS", _CS_XBS5_LP64_OFF64_CFLAGS},
    {"CS_XBS5_LP64_OFF64_LDFLAGS", _CS_XBS5_LP64_OFF64_LDFLAGS},
    {"CS_XBS5_LP64_OFF64_LIBS", _CS_XBS5_LP64_OFF64_LIBS},
    {"CS_XBS5_LP64_OFF64_LINTFLAGS", _CS_XBS5_LP64_OFF64_LINTFLAGS},
    {"CS_XBS5_LPBIG_OFFBIG_CFLAGS", _CS_XBS5_LPBIG_OFFBIG_CFLAGS},
    {"CS_XBS5_LPBIG_OFFBIG_LDFLAGS", _CS_XBS5_LPBIG_OFFBIG_LDFLAGS},
    {"CS_XBS5_LPBIG_OFFBIG_LIBS", _CS_XBS5_LPBIG_OFFBIG_LIBS},
    {"CS_XBS5_LPBIG_OFFBIG_LINTFLAGS", _CS_XBS5_LPBIG_OFFBIG_LINTFLAGS},
    {0},
};

static const Name pathconf_names[] = {
    {"PC_ALLOC_SIZE_MIN", _PC_ALLOC_SIZE_MIN},
    {"PC_ASYNC_IO", _PC_ASYNC_IO},
    {"PC_CHOWN_RESTRICTED", _PC_CHOWN_RESTRICTED},
    {"PC_FILESIZEBITS", _PC_FILESIZEBITS},
    {"PC_LINK_MAX", _PC_LINK_MAX},
    {"PC_MAX_CANON", _PC_MAX_CANON},
    {"PC_MAX_INPUT", _PC_MAX_INPUT},
    {"PC_NAME_MAX", _PC_NAME_MAX},
    {"PC_NO_TRUNC", _PC_NO_TRUNC},
    {"PC_PATH_MAX", _PC_PATH_MAX},
    {"PC_PIPE_BUF", _PC_PIPE_BUF},
    {"PC_PRIO_IO", _PC_PRIO_IO},
    {"PC_REC_INCR_XFER_SIZE", _PC_REC_INCR_XFER_SIZE},
    {"PC_REC_MAX_XFER_SIZE", _PC_REC_MAX_XFER_SIZE},
    {"PC_REC_MIN_XFER_SIZE", _PC_REC_MIN_XFER_SIZE},
    {"PC_REC_XFER_ALIGN", _PC_REC_XFER_ALIGN},
    {"PC_SOCK_MAXBUF", _PC_SOCK_MAXBUF},
    {"PC_SYMLINK_MAX", _PC_SYMLINK_MAX},
    {"PC_SYNC_IO", _PC_SYNC_IO},
    {"PC_VDISABLE", _PC_VDISABLE},
    {0},
};

// A name of the table, or any number. 0/-1.
static int number_of(QvInterp *qi, const Name *table, QvObj *o, int *ret)
{
    if (qv_is_int(o)) {
        return qv_posix_int(qi, o, ret);
    }
    if (!qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "configuration names must be strings or integers");
    }
    for (; table->name; table++) {
        if (qv_str_eq_ascii(o, table->name)) {
            *ret = table->value;
            return 0;
        }
    }
    return qv_raise_int(qi, &qv_exc_ValueError, "unrecognized configuration name");
}

POSIX_FN(posix_confstr)
{
    (void)m, (void)n;
    int name;
    if (number_of(qi, confstr_names, a[0], &name) < 0) {
        return NULL;
    }
    errno = 0;
    size_t size = confstr(name, NULL, 0);
    if (size == 0) {
        return errno ? qv_posix_error(qi) : QV_NONE;
    }
    char *text = malloc(size);
    if (!text) {
        return qv_raise_oom(qi);
    }
    size_t now = confstr(name, text, size);
    QvObj *result = now == size ? qv_str_fsdecode(qi, text)
                                : qv_raise(qi, &qv_exc_OSError, "configuration string changed");
    free(text);
    return result;
}

static QvObj *limit(QvInterp *qi, long v, const QvPath *p)
{
    return v == -1 && errno ? (p ? qv_path_raise(qi, p) : qv_posix_error(qi))
                            : qv_int_from_i64(qi, v);
}

POSIX_FN(posix_fpathconf)
{
    (void)m, (void)n;
    int fd, name;
    if (qv_posix_fd(qi, a[0], &fd) < 0 || number_of(qi, pathconf_names, a[1], &name) < 0) {
        return NULL;
    }
    errno = 0;
    long v = fpathconf(fd, name);
    return limit(qi, v, NULL);
}

POSIX_FN(posix_pathconf)
{
    (void)m, (void)n;
    int name;
    QvPath p;
    if (qv_path_get(qi, a[0], "pathconf", "path", QV_PATH_FD, &p) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (number_of(qi, pathconf_names, a[1], &name) == 0 &&
        qv_path_allow(qi, &p, NULL, QV_CAP_READ, QV_CAP_FOLLOW, "os.pathconf") == 0) {
        errno = 0;
        long v = p.is_fd ? fpathconf(p.fd, name) : pathconf(p.u.s, name);
        result = limit(qi, v, &p);
    }
    qv_path_release(qi, &p);
    return result;
}

static QvObj *names_dict(QvInterp *qi, const Name *table)
{
    QvObj *d = qv_dict_new(qi);
    for (; d && table->name; table++) {
        if (qv_dict_set_cstr_take(qi, d, table->name, qv_int_from_i64(qi, table->value)) < 0) {
            qv_clear(qi, &d);
        }
    }
    return d;
}

int qv_posix_conf_init(QvInterp *qi, QvObj *m)
{
    return qv_module_add_take(qi, m, "confstr_names", names_dict(qi, confstr_names)) < 0
               ? -1
               : qv_module_add_take(qi, m, "pathconf_names", names_dict(qi, pathconf_names));
}
