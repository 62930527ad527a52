// SPDX-License-Identifier: MIT
// Paths of interpreters that may read or write below some directories only.
//
// A path is looked up once, to an O_PATH descriptor of what it leads to (or of the folder that its
// last name stands in); then the kernel is asked where that is, and it must be below a directory
// that is allowed. The system call that was wanted then gets /proc/self/fd/N (or
// /proc/self/fd/N/name), which is this very object, whatever becomes of the names meanwhile: so
// there is no race between the look and the use, and symbolic links, "..", other directories'
// descriptors and the links of /proc all lead to the same question. It works for every call that
// takes a path, which openat2 alone does not.
//
// A path that leads outside is refused whether there is something or not. Where a look-up fails
// below an allowed directory, openat2 with RESOLVE_BENEATH tells whether it had left it on its way
// (kernels before 5.6 cannot tell: there a dangling link shows that its target is missing).
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "object/blocking.h"
#include "object/caps.h"
#include "object/protocol.h"

#define PROC_FD "/proc/self/fd/%d"

static void unlock(QvInterp *qi)
{
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
}
static void lock(QvInterp *qi)
{
    int err = errno;
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
    errno = err;
}

// Where a descriptor is. False: it has no name.
static bool place_of(int fd, char ret[PATH_MAX])
{
    char link[40];
    snprintf(link, sizeof link, PROC_FD, fd);
    ssize_t n = readlink(link, ret, PATH_MAX - 1);
    if (n <= 0 || n >= PATH_MAX - 1) {
        return false;
    }
    ret[n] = 0;
    return *ret == '/';
}

// What follows the directory in the path, "" for itself; NULL: it is not below.
static const char *rest_below(const char *path, const char *dir)
{
    size_t n = strlen(dir);
    return strncmp(path, dir, n) == 0 && (path[n] == '/' || !path[n]) ? path + n : NULL;
}

static bool is_below(const QvCaps *c, const char *place, uint64_t need)
{
    for (int which = 0; which < 2; which++) {
        bool found = !(need >> which & 1);
        for (int k = 0; k < c->ndirs[which] && !found; k++) {
            found = rest_below(place, c->dirs[which][k].real) != NULL;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

static int open_beneath(int dir, const char *path)
{
    struct open_how how = {.flags = O_PATH | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS};
    long fd;
    int tries = 0;
    do {
        fd = syscall(SYS_openat2, dir, path, &how, sizeof how);
    } while (fd < 0 && errno == EAGAIN && ++tries < 32); // somebody renames things just now
    return (int)fd;
}

// Why a path could not be looked up: its errno where it had not left the directories that are
// allowed, else 0.
static int honest_error(const QvCaps *c, int dir, const char *path, uint64_t need, int err)
{
    char base[PATH_MAX], whole[2 * PATH_MAX];
    if (*path == '/') {
        snprintf(whole, sizeof whole, "%s", path);
    } else {
        if (dir == AT_FDCWD ? !getcwd(base, sizeof base) : !place_of(dir, base)) {
            return 0;
        }
        snprintf(whole, sizeof whole, "%s/%s", strcmp(base, "/") == 0 ? "" : base, path);
    }
    for (int which = 0; which < 2; which++) {
        bool found = !(need >> which & 1);
        for (int k = 0; k < c->ndirs[which] && !found; k++) {
            const QvCapDir *d = &c->dirs[which][k];
            const char *rest = rest_below(whole, d->real);
            rest = rest ? rest : rest_below(whole, d->given);
            if (!rest) {
                continue;
            }
            rest += strspn(rest, "/");
            int fd = open_beneath(d->fd, *rest ? rest : ".");
            if (fd >= 0) {
                close(fd);
            }
            found = fd >= 0 || (errno != EXDEV && errno != ELOOP) || err == ELOOP;
        }
        if (!found) {
            return 0;
        }
    }
    return err;
}

// An O_PATH descriptor below the directories. -1: an errno in *ret_err, 0 there: it is not allowed.
static int look_up(const QvCaps *c, int dir, const char *path, uint64_t need, int flags,
                   int *ret_err)
{
    char place[PATH_MAX];
    *ret_err = 0;
    int fd = openat(dir, path, O_PATH | O_CLOEXEC | flags);
    if (fd < 0) {
        *ret_err = honest_error(c, dir, path, need, errno);
        return -1;
    }
    if (!place_of(fd, place) || !is_below(c, place, need)) {
        close(fd);
        return -1;
    }
    return fd;
}

// Splits off the last name, without slashes at its end. False: it has none (or . or ..).
static bool split(const char *path, char head[PATH_MAX], char name[NAME_MAX + 1])
{
    size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/') {
        end--;
    }
    size_t start = end;
    while (start > 0 && path[start - 1] != '/') {
        start--;
    }
    size_t n = end - start;
    if (n == 0 || n > NAME_MAX || start >= PATH_MAX) {
        return false;
    }
    memcpy(name, path + start, n);
    name[n] = 0;
    memcpy(head, path, start);
    head[start] = 0;
    if (start == 0) {
        strcpy(head, ".");
    }
    return strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}

// The steps of qv_cap_path, without the lock. 1 found, 0 not allowed, -1 errno in *ret_err.
static int find(const QvCaps *c, int dir, const char *path, uint64_t need, QvCapUse use,
                QvCapPath *ret, int *ret_err)
{
    char head[PATH_MAX], name[NAME_MAX + 1];
    *ret_err = 0;
    if (!*path) {
        *ret_err = ENOENT;
        return -1;
    }
    bool splits = split(path, head, name);
    if (use != QV_CAP_NAME || !splits) {
        ret->fd = look_up(c, dir, path, need, 0, ret_err);
        if (ret->fd >= 0) {
            snprintf(ret->path, sizeof ret->path, PROC_FD, ret->fd);
            return 1;
        }
        if (use == QV_CAP_FOLLOW || *ret_err != ENOENT || !splits) {
            return *ret_err ? -1 : 0;
        }
    }
    ret->fd = look_up(c, dir, head, need, O_DIRECTORY, ret_err);
    if (ret->fd >= 0) {
        ret->named = true;
        snprintf(ret->path, sizeof ret->path, PROC_FD "/%s", ret->fd, name);
        return 1;
    }
    if (*ret_err || need != QV_CAP_READ) {
        return *ret_err ? -1 : 0;
    }
    // To look at a directory that is allowed, from the outside, is to look at it.
    struct stat st;
    ret->fd = look_up(c, dir, path, need, O_NOFOLLOW, ret_err);
    if (ret->fd >= 0 && (fstat(ret->fd, &st) < 0 || S_ISLNK(st.st_mode))) {
        close(ret->fd);
        ret->fd = -1;
    }
    *ret_err = 0;
    if (ret->fd >= 0) {
        snprintf(ret->path, sizeof ret->path, PROC_FD, ret->fd);
    }
    return ret->fd >= 0;
}

static int refuse(QvInterp *qi, const char *func, const char *path, uint64_t need)
{
    char text[200];
    snprintf(text, sizeof text, "%s('%.150s')", func, path);
    return qv_cap_raise(qi, qi->deny & need, text);
}

int qv_cap_path(QvInterp *qi, int dir, const char *path, uint64_t need, QvCapUse use,
                const char *func, QvCapPath *ret)
{
    *ret = (QvCapPath){.fd = -1};
    need &= qi->deny;
    if (qv_cap_is_off(qi, need)) {
        return refuse(qi, func, path, need);
    }
    int err;
    unlock(qi);
    int found = find(qi->caps, dir, path, need, use, ret, &err);
    lock(qi);
    return found > 0 ? 0 : err ? err : refuse(qi, func, path, need);
}

void qv_cap_path_close(QvCapPath *p)
{
    if (p->fd >= 0) {
        close(p->fd);
        p->fd = -1;
    }
}

// ---- opening ------------------------------------------------------------------------------------
// Opening a FIFO waits for the other end, and only a blocking open() finds out whether that has
// come: it is made on another thread, which a stop cancels.

typedef struct FifoCall {
    QvErrand e;
    const char *path;
    int dir, flags, fd, err;
} FifoCall;

static void fifo_run(QvErrand *e)
{
    FifoCall *c = (FifoCall *)e;
    c->fd = openat(c->dir, c->path, c->flags);
    c->err = errno;
}

static void fifo_drop(QvErrand *e)
{
    if (((FifoCall *)e)->fd >= 0) {
        close(((FifoCall *)e)->fd);
    }
}

// Would opening it wait? Asked without the lock.
static bool is_fifo(int dir, const char *path, int flags)
{
    struct stat st;
    return (flags & O_ACCMODE) != O_RDWR && !(flags & (O_NONBLOCK | O_PATH | O_DIRECTORY)) &&
           !((flags & O_CREAT) && (flags & O_EXCL)) &&
           fstatat(dir, path, &st, flags & O_NOFOLLOW ? AT_SYMLINK_NOFOLLOW : 0) == 0 &&
           S_ISFIFO(st.st_mode);
}

// openat(), lock held. -2 with an exception.
static int open_now(QvInterp *qi, int dir, const char *path, int flags, unsigned mode)
{
    int fd = -1;
    unlock(qi);
    bool waits = is_fifo(dir, path, flags);
    if (!waits) {
        fd = openat(dir, path, flags, mode);
    }
    lock(qi);
    if (!waits) {
        return fd;
    }
    FifoCall c = {{.run = fifo_run, .drop = fifo_drop}, path, dir, flags & ~O_CREAT, -1, 0};
    if (qv_errand(qi, &c.e) < 0) {
        return -2;
    }
    errno = c.err;
    return c.fd;
}

int qv_cap_open(QvInterp *qi, int dir, const char *path, int flags, unsigned mode, const char *func)
{
    uint64_t need = (flags & O_PATH) == O_PATH        ? QV_CAP_READ
                    : (flags & O_ACCMODE) == O_RDONLY ? QV_CAP_READ
                    : (flags & O_ACCMODE) == O_WRONLY ? QV_CAP_WRITE
                                                      : QV_CAP_READ | QV_CAP_WRITE;
    if (flags & (O_CREAT | O_TRUNC) || (flags & O_TMPFILE) == O_TMPFILE) {
        need |= QV_CAP_WRITE;
    }
    if (!qv_cap_denied(qi, need)) {
        int fd = open_now(qi, dir, path, flags, mode);
        qv_cap_fd_own(qi, fd);
        return fd;
    }
    bool exclusive = (flags & O_EXCL) && (flags & O_CREAT);
    QvCapUse use = exclusive || (flags & O_NOFOLLOW) ? QV_CAP_NAME
                   : flags & O_CREAT                 ? QV_CAP_MAKE
                                                     : QV_CAP_FOLLOW;
    QvCapPath p;
    int status = qv_cap_path(qi, dir, path, need, use, func, &p);
    if (status != 0) {
        errno = status;
        return status < 0 ? -2 : -1;
    }
    int fd = open_now(qi, AT_FDCWD, p.path, p.named ? flags | O_NOFOLLOW : flags & ~O_NOFOLLOW,
                      mode & 01777);
    int err = errno;
    qv_cap_path_close(&p);
    errno = err;
    qv_cap_fd_own(qi, fd);
    return fd;
}

// ---- the importer -------------------------------------------------------------------------------

static bool has_dots(const char *path)
{
    for (const char *p = strstr(path, ".."); p; p = strstr(p + 1, "..")) {
        if ((p == path || p[-1] == '/') && (!p[2] || p[2] == '/')) {
            return true;
        }
    }
    return false;
}

// Below a root that the script cannot write to, by a name without dots: no link that it made can be
// on the way. Those that the host's folders hold are the host's wish.
static bool below_safe_root(const QvInterp *qi, const char *path)
{
    const QvCaps *c = qi->caps;
    if (!qv_cap_denied(qi, QV_CAP_WRITE) || has_dots(path)) {
        return false;
    }
    for (int k = 0; k < c->nroots; k++) {
        bool safe = rest_below(path, c->roots[k]) != NULL;
        for (int d = 0; d < c->ndirs[1] && safe; d++) {
            const char *real = c->dirs[1][d].real;
            safe = !rest_below(real, c->roots[k]) && !rest_below(c->roots[k], real);
        }
        if (safe) {
            return true;
        }
    }
    return false;
}

static bool below_roots(const QvCaps *c, const char *path)
{
    for (int k = 0; k < c->nroots; k++) {
        if (rest_below(path, c->roots[k])) {
            return true;
        }
    }
    return false;
}

bool qv_cap_importable(QvInterp *qi, const char *path)
{
    if (!qv_cap_denied(qi, QV_CAP_READ)) {
        return true;
    }
    if (below_safe_root(qi, path)) {
        return true;
    }
    char *real = realpath(path, NULL);
    bool yes = real && (below_roots(qi->caps, real) ||
                        (qi->caps->ndirs[0] > 0 && is_below(qi->caps, real, QV_CAP_READ)));
    free(real);
    return yes;
}
