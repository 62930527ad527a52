// SPDX-License-Identifier: MIT
// The module _posixsubprocess: a child process with its descriptors, identity and program in place.
//
// Everything that allocates happens before the fork. The child makes async-signal-safe calls alone
// (but for preexec_fn, which is Python): with vfork it even runs on this thread's stack and memory,
// while this thread waits. What goes wrong in it is told to the parent through errpipe_write.
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "modules/modules.h"
#include "modules/posix/posix.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/tuple.h"

enum {
    ARG_PROCESS_ARGS,
    ARG_EXECUTABLES,
    ARG_CLOSE_FDS,
    ARG_KEEP,
    ARG_CWD,
    ARG_ENV,
    ARG_P2CREAD,
    ARG_P2CWRITE,
    ARG_C2PREAD,
    ARG_C2PWRITE,
    ARG_ERRREAD,
    ARG_ERRWRITE,
    ARG_ERRPIPE_READ,
    ARG_ERRPIPE_WRITE,
    ARG_RESTORE_SIGNALS,
    ARG_SETSID,
    ARG_PGID,
    ARG_GID,
    ARG_GROUPS,
    ARG_UID,
    ARG_UMASK,
    ARG_PREEXEC,
    ARG_VFORK,
    ARG_COUNT
};

// A NULL-terminated array of C strings in one block.
typedef struct Strings {
    char **items; // raw block of `block` bytes, or NULL
    size_t block;
} Strings;

// All that the child needs, ready to use.
typedef struct Job {
    Strings argv, executables, env;
    char *const *envp; // NULL: that of this process
    const char *cwd;   // or NULL
    int *keep;         // sorted descriptors that stay open
    QvSsize nkeep;
    int p2cread, p2cwrite, c2pread, c2pwrite, errread, errwrite, errpipe_read, errpipe_write;
    int pgid, umask;
    bool close_fds, restore_signals, setsid, has_gid, has_uid, has_groups;
    uint32_t gid, uid;
    gid_t *groups;
    size_t ngroups;
    QvObj *preexec;         // or NULL
    sigset_t *restore_mask; // vfork: the parent's signal mask
} Job;

// ---- the child ----------------------------------------------------------------------------------

static int set_inheritable(int fd)
{
    int flags = fcntl(fd, F_GETFD);
    return flags < 0 ? -1 : fcntl(fd, F_SETFD, flags & ~FD_CLOEXEC);
}

// Closes [from, to].
static void close_span(unsigned from, unsigned to)
{
    if (from > to || close_range(from, to, 0) == 0) {
        return;
    }
    struct rlimit limit; // a kernel without close_range
    unsigned end = getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536
                       ? (unsigned)limit.rlim_cur
                       : 65536;
    for (unsigned fd = from; fd < end && fd <= to; fd++) {
        close((int)fd);
    }
}

static void close_others(const Job *j)
{
    unsigned next = 3;
    for (QvSsize k = 0; k < j->nkeep; k++) {
        if (j->keep[k] >= 3) {
            close_span(next, (unsigned)j->keep[k] - 1);
            next = (unsigned)j->keep[k] + 1;
        }
    }
    close_span(next, UINT_MAX);
}

// Makes fd the descriptor `to`. 0/-1.
static int place_fd(int fd, int to)
{
    if (fd == to) {
        return set_inheritable(fd);
    }
    return fd >= 0 && dup2(fd, to) < 0 ? -1 : 0;
}

static int place_fds(Job *j)
{
    for (QvSsize k = 0; k < j->nkeep; k++) {
        // errpipe_write goes away by itself when the program starts.
        if (j->keep[k] != j->errpipe_write && set_inheritable(j->keep[k]) < 0 && errno != EBADF) {
            return -1;
        }
    }
    const int parents[] = {j->p2cwrite, j->c2pread, j->errread, j->errpipe_read};
    for (int k = 0; k < 4; k++) {
        if (parents[k] >= 0 && close(parents[k]) < 0) {
            return -1;
        }
    }
    // What the three will be copied to must not be overwritten before it is copied itself.
    if (j->c2pwrite == 0 && (j->c2pwrite = dup(j->c2pwrite)) < 0) {
        return -1;
    }
    while (j->errwrite == 0 || j->errwrite == 1) {
        if ((j->errwrite = dup(j->errwrite)) < 0) {
            return -1;
        }
    }
    return place_fd(j->p2cread, 0) < 0 || place_fd(j->c2pwrite, 1) < 0 ||
                   place_fd(j->errwrite, 2) < 0
               ? -1
               : 0;
}

static int set_identity(const Job *j)
{
    if (j->setsid && setsid() < 0) {
        return -1;
    }
    if (j->pgid >= 0 && setpgid(0, j->pgid) < 0) {
        return -1;
    }
    if (j->has_groups && setgroups(j->ngroups, j->groups) < 0) {
        return -1;
    }
    if (j->has_gid && setregid(j->gid, j->gid) < 0) {
        return -1;
    }
    return j->has_uid && setreuid(j->uid, j->uid) < 0 ? -1 : 0;
}

static void tell(int fd, const char *s)
{
    for (size_t n = strlen(s); n > 0;) {
        ssize_t k = write(fd, s, n);
        if (k < 0 && errno != EINTR) {
            return;
        }
        s += k > 0 ? k : 0;
        n -= k > 0 ? (size_t)k : 0;
    }
}

// Never returns. Not inlined: a vforked child must not disturb its parent's frame.
__attribute__((noinline, noreturn)) static void child(QvInterp *qi, Job *j)
{
    const char *message = "noexec"; // until the program itself is to be started
    int saved = 0;
    if (place_fds(j) < 0) {
        goto fail;
    }
    if (j->cwd && chdir(j->cwd) < 0) {
        goto fail;
    }
    if (j->umask >= 0) {
        umask((mode_t)j->umask);
    }
    if (j->restore_signals) {
        signal(SIGPIPE, SIG_DFL);
        signal(SIGXFSZ, SIG_DFL);
    }
    if (j->restore_mask) {
        sigprocmask(SIG_SETMASK, j->restore_mask, NULL);
    }
    if (set_identity(j) < 0) {
        goto fail;
    }
    message = ""; // from here on it is not the working directory that failed
    if (j->preexec) {
        QvObj *result = qv_call0(qi, j->preexec);
        if (!result) {
            tell(j->errpipe_write, "SubprocessError:0:Exception occurred in preexec_fn.");
            _exit(255);
        }
    }
    if (j->close_fds) {
        close_others(j);
    }
    for (char **path = j->executables.items; *path; path++) {
        if (j->envp) {
            execve(*path, j->argv.items, j->envp);
        } else {
            execv(*path, j->argv.items);
        }
        if (errno != ENOENT && errno != ENOTDIR && saved == 0) {
            saved = errno;
        }
    }
    errno = saved ? saved : errno;
fail:;
    // "OSError:" errno in hexadecimal ":" message; without printf.
    char text[32] = "OSError:";
    size_t n = strlen(text);
    unsigned err = (unsigned)errno;
    int shift = 28;
    while (shift > 0 && err >> shift == 0) {
        shift -= 4;
    }
    for (; shift >= 0; shift -= 4) {
        text[n++] = "0123456789abcdef"[err >> shift & 15];
    }
    text[n++] = ':';
    text[n] = 0;
    tell(j->errpipe_write, text);
    tell(j->errpipe_write, message);
    _exit(255);
}

// ---- the arguments ------------------------------------------------------------------------------

static void strings_fini(QvInterp *qi, Strings *s)
{
    if (s->items) {
        qv_free(qi, s->items, s->block);
    }
}

// Copies n bytes objects. 0/-1.
static int strings_of(QvInterp *qi, QvObj *const *items, QvSsize n, Strings *ret)
{
    size_t head = ((size_t)n + 1) * sizeof(char *), bytes = head;
    for (QvSsize k = 0; k < n; k++) {
        if (!qv_is_bytes(items[k])) {
            return qv_raise_int(qi, &qv_exc_TypeError, "expected bytes, %.200T found", items[k]);
        }
        if (memchr(qv_bytes_data(items[k]), 0, (size_t)qv_bytes_len(items[k]))) {
            return qv_raise_int(qi, &qv_exc_ValueError, "embedded null byte");
        }
        bytes += (size_t)qv_bytes_len(items[k]) + 1;
    }
    ret->items = qv_alloc(qi, bytes);
    if (!ret->items) {
        return -1;
    }
    ret->block = bytes;
    char *p = (char *)ret->items + head;
    for (QvSsize k = 0; k < n; k++) {
        ret->items[k] = p;
        memcpy(p, qv_bytes_data(items[k]), (size_t)qv_bytes_len(items[k]) + 1);
        p += qv_bytes_len(items[k]) + 1;
    }
    ret->items[n] = NULL;
    return 0;
}

// A path as a bytes object: new reference.
static QvObj *path_bytes(QvInterp *qi, QvObj *o)
{
    QvUtf8 u;
    if (qv_fspath_utf8(qi, o, &u) < 0) {
        return NULL;
    }
    QvObj *bytes = qv_bytes_new(qi, u.s, u.n);
    qv_utf8_release(qi, &u);
    return bytes;
}

static int read_strings(QvInterp *qi, QvObj *o, bool paths, Strings *ret)
{
    QvSsize n = qv_len(qi, o);
    QvObj *list = n < 0 ? NULL : qv_to_list(qi, o);
    for (QvSsize k = 0; list && paths && k < qv_list_len(list); k++) {
        QvObj *bytes = path_bytes(qi, qv_list_peek(list, k));
        if (!bytes || qv_list_set(qi, list, k, bytes) < 0) {
            qv_clear(qi, &list);
        }
        qv_xdecref(qi, bytes);
    }
    int status = list ? strings_of(qi, ((QvList *)list)->items, qv_list_len(list), ret) : -1;
    qv_xdecref(qi, list);
    return status;
}

static int read_keep(QvInterp *qi, QvObj *t, Job *j)
{
    if (!qv_is_tuple(t)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "fork_exec() argument 4 must be tuple, not %T",
                            t);
    }
    j->keep = qv_alloc(qi, ((size_t)qv_tuple_len(t) + 1) * sizeof(int));
    if (!j->keep) {
        return -1;
    }
    j->nkeep = qv_tuple_len(t);
    int64_t last = -1;
    for (QvSsize k = 0; k < j->nkeep; k++) {
        QvObj *v = qv_tuple_peek(t, k);
        int64_t fd = -1;
        if (!qv_is_int(v) || qv_int_as_i64(v, &fd) != 1 || fd <= last || fd > INT_MAX) {
            return qv_raise_int(qi, &qv_exc_ValueError, "bad value(s) in fds_to_keep");
        }
        j->keep[k] = (int)fd;
        last = fd;
    }
    return 0;
}

static int read_groups(QvInterp *qi, QvObj *o, Job *j)
{
    if (o == QV_NONE) {
        return 0;
    }
    if (!qv_is_list(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "setgroups argument must be a list");
    }
    if (qv_list_box(qi, o) < 0) {
        return -1;
    }
    QvSsize n = qv_list_len(o);
    if (n > sysconf(_SC_NGROUPS_MAX)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "too many groups");
    }
    j->groups = qv_alloc(qi, ((size_t)n + 1) * sizeof(gid_t));
    if (!j->groups) {
        return -1;
    }
    j->ngroups = (size_t)n;
    j->has_groups = true;
    for (QvSsize k = 0; k < n; k++) {
        if (!qv_is_int(qv_list_peek(o, k))) {
            return qv_raise_int(qi, &qv_exc_TypeError, "groups must be integers");
        }
        int64_t gid;
        if (qv_int_as_i64(qv_list_peek(o, k), &gid) != 1 || gid < -1 || gid > UINT32_MAX) {
            return qv_raise_int(qi, &qv_exc_ValueError, "invalid group id");
        }
        j->groups[k] = (gid_t)gid;
    }
    return 0;
}

static int read_id(QvInterp *qi, QvObj *o, const char *what, bool *ret_has, uint32_t *ret)
{
    *ret_has = o != QV_NONE;
    return *ret_has ? qv_posix_id(qi, o, what, ret) : 0;
}

static int read_job(QvInterp *qi, QvObj *const *a, Job *j)
{
    int *const fds[] = {&j->p2cread, &j->p2cwrite, &j->c2pread,      &j->c2pwrite,
                        &j->errread, &j->errwrite, &j->errpipe_read, &j->errpipe_write};
    for (int k = 0; k < 8; k++) {
        if (qv_posix_int(qi, a[ARG_P2CREAD + k], fds[k]) < 0) {
            return -1;
        }
    }
    int truth[4] = {qv_is_true(qi, a[ARG_CLOSE_FDS]), 0, 0, 0};
    if (truth[0] < 0 || read_keep(qi, a[ARG_KEEP], j) < 0 ||
        (truth[1] = qv_is_true(qi, a[ARG_RESTORE_SIGNALS])) < 0 ||
        (truth[2] = qv_is_true(qi, a[ARG_SETSID])) < 0 ||
        qv_posix_int(qi, a[ARG_PGID], &j->pgid) < 0 ||
        qv_posix_int(qi, a[ARG_UMASK], &j->umask) < 0) {
        return -1;
    }
    j->close_fds = truth[0];
    j->restore_signals = truth[1];
    j->setsid = truth[2];
    if (j->close_fds && j->errpipe_write < 3) {
        return qv_raise_int(qi, &qv_exc_ValueError, "errpipe_write must be >= 3");
    }
    if (read_strings(qi, a[ARG_EXECUTABLES], false, &j->executables) < 0) {
        return -1;
    }
    if (!qv_is_list(a[ARG_PROCESS_ARGS]) && !qv_is_tuple(a[ARG_PROCESS_ARGS])) {
        return qv_raise_int(qi, &qv_exc_TypeError, "argv must be a tuple");
    }
    if (read_strings(qi, a[ARG_PROCESS_ARGS], true, &j->argv) < 0) {
        return -1;
    }
    if (a[ARG_ENV] != QV_NONE) {
        if (read_strings(qi, a[ARG_ENV], false, &j->env) < 0) {
            return -1;
        }
        j->envp = j->env.items;
    }
    j->preexec = a[ARG_PREEXEC] == QV_NONE ? NULL : a[ARG_PREEXEC];
    if (read_groups(qi, a[ARG_GROUPS], j) < 0 ||
        read_id(qi, a[ARG_GID], "gid", &j->has_gid, &j->gid) < 0 ||
        read_id(qi, a[ARG_UID], "uid", &j->has_uid, &j->uid) < 0) {
        return -1;
    }
    return 0;
}

// ---- the fork -----------------------------------------------------------------------------------

static pid_t start(QvInterp *qi, Job *j, bool may_vfork)
{
    // setuid and its like tell all threads of a process, which a vforked child must not do.
    if (may_vfork && !j->preexec && !j->has_uid && !j->has_gid && !j->has_groups) {
        sigset_t all, old;
        sigfillset(&all);
        // No handler may run in the child on this thread's memory.
        if (pthread_sigmask(SIG_BLOCK, &all, &old) == 0) {
            j->restore_mask = &old;
            pid_t pid = vfork();
            if (pid == 0) {
                child(qi, j);
            }
            int err = errno;
            j->restore_mask = NULL;
            pthread_sigmask(SIG_SETMASK, &old, NULL);
            if (pid > 0) {
                return pid;
            }
            errno = err;
        }
    }
    // Without preexec_fn the child runs no Python, and nothing in it needs to be put in order.
    if (j->preexec && qv_posix_before_fork(qi) < 0) {
        return -1;
    }
    pid_t pid = fork();
    if (j->preexec) {
        qv_posix_after_fork(qi, pid == 0);
    }
    if (pid == 0) {
        child(qi, j);
    }
    return pid;
}

static QvObj *fork_exec(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m;
    if (nargs != ARG_COUNT) {
        return qv_raise(qi, &qv_exc_TypeError, "fork_exec() takes exactly %d arguments (%zd given)",
                        ARG_COUNT, nargs);
    }
    Job j = {.pgid = -1, .umask = -1};
    QvObj *cwd = NULL, *ret = NULL;
    int vfork_flag = qv_is_true(qi, args[ARG_VFORK]);
    if (vfork_flag < 0 || read_job(qi, args, &j) < 0) {
        goto done;
    }
    if (args[ARG_CWD] != QV_NONE) {
        cwd = path_bytes(qi, args[ARG_CWD]);
        if (!cwd) {
            goto done;
        }
        j.cwd = (const char *)qv_bytes_data(cwd);
    }
    pid_t pid = start(qi, &j, vfork_flag);
    ret = pid < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, pid);
done:
    strings_fini(qi, &j.argv);
    strings_fini(qi, &j.executables);
    strings_fini(qi, &j.env);
    qv_xdecref(qi, cwd);
    if (j.keep) {
        qv_free(qi, j.keep, ((size_t)j.nkeep + 1) * sizeof(int));
    }
    if (j.groups) {
        qv_free(qi, j.groups, (j.ngroups + 1) * sizeof(gid_t));
    }
    return ret;
}

static const QvNativeDef functions[] = {
    {"fork_exec", fork_exec, "($module, /, *args)",
     "fork_exec(args, executable_list, close_fds, pass_fds, cwd, env,\n"
     "          p2cread, p2cwrite, c2pread, c2pwrite,\n"
     "          errread, errwrite, errpipe_read, errpipe_write,\n"
     "          restore_signals, call_setsid, pgid_to_set,\n"
     "          gid, groups_list, uid, child_umask,\n"
     "          preexec_fn, allow_vfork)\n\n"
     "Starts a child process; returns its pid. Errors of the child go to errpipe_write."},
    {0},
};

const QvModuleDef qv_module__posixsubprocess = {
    .name = "_posixsubprocess",
    .doc = "A POSIX helper for the subprocess module.",
    .functions = functions,
};
