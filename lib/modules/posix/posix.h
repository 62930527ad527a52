// SPDX-License-Identifier: MIT
// What the files of the module posix share: path arguments, calls without the lock, the tables of
// functions.
#ifndef QV_MODULES_POSIX_POSIX_H
#define QV_MODULES_POSIX_POSIX_H

#include <errno.h>

#include "modules/modules.h"
#include "object/blocking.h"
#include "object/caps.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/type_ids.h"

#define POSIX_FN(name) QvObj *name(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)

// Per-interpreter state of the module: the struct sequence types.
typedef struct QvPosixState {
    QvObj *fork_hooks[3]; // lists by QvForkStep, or NULL
    bool fork_locked;     // a fork that goes on holds the import lock
    QvObj *stat_result, *statvfs_result, *terminal_size, *uname_result, *times_result, *sched_param;
    QvObj *waitid_result;
} QvPosixState;

static inline QvPosixState *qv_posix_state(QvObj *m) { return qv_module_state(m); }
// The same without the module at hand (DirEntry.stat): NULL with an exception.
QvPosixState *qv_posix_state_find(QvInterp *qi);

static inline void qv_posix_unlock(QvInterp *qi)
{
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
}
// Takes the lock again; errno stays what the call left.
static inline void qv_posix_lock(QvInterp *qi)
{
    int err = errno;
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
    errno = err;
}

// After a call that does not block and was made with the lock; errno stays.
static inline void qv_posix_pause(QvInterp *qi)
{
    int err = errno;
    if (qi->hooks.pause) {
        qi->hooks.pause(qi);
    }
    errno = err;
}

// The result of a call made without the lock, tried again after signals. `result` is < 0 on failure
// (errno is set, and an exception when a signal handler raised one).
#define QV_POSIX_CALL(result, call) \
    do {                            \
        qv_posix_unlock(qi);        \
        (result) = (call);          \
        qv_posix_lock(qi);          \
    } while ((result) < 0 && errno == EINTR && (qv_poll_peek(qi) == 0 || qv_poll(qi) == 0))

// A path argument: text, or a file descriptor where the function takes one.
typedef struct QvPath {
    QvUtf8 u;   // u.s NULL: no path (a descriptor, or None where allowed: fd is -1 then)
    QvObj *obj; // str or bytes that names the file in errors; int for a descriptor; owned
    int fd;
    bool is_fd, is_bytes;
    bool followed;      // u.s is this very object: no flags against following links
    QvCapPath *allowed; // where capabilities are limited, after qv_path_allow: what u.s is; or NULL
    QvUtf8 given;       // the argument's text then
} QvPath;
enum { QV_PATH_FD = 1, QV_PATH_NONE = 2 }; // also taken: int, None or nothing
// func NULL: any text for the system, not only a path, as os.fsencode takes it.
int qv_path_get(QvInterp *qi, QvObj *o, const char *func, const char *param, unsigned also,
                QvPath *ret);
void qv_path_release(QvInterp *qi, QvPath *p);
// May the interpreter do this there? 0 (u.s and *dir, which may be NULL, are then what the system
// call shall get), -1 with an exception. Costs one load where all is allowed. Without a path:
// need for the descriptor, or for the working directory.
int qv_path_look(QvInterp *qi, QvPath *p, int *dir, uint64_t need, QvCapUse use, const char *func);
static inline int qv_path_allow(QvInterp *qi, QvPath *p, int *dir, uint64_t need, QvCapUse use,
                                const char *func)
{
    return QV_LIKELY(!qv_cap_denied(qi, need)) ? 0 : qv_path_look(qi, p, dir, need, use, func);
}
// Makes u what the argument was.
void qv_path_restore(QvInterp *qi, QvPath *p);
// AT_SYMLINK_NOFOLLOW where the caller does not want links followed and that is not settled yet.
static inline int qv_path_nofollow(const QvPath *p, bool follow)
{
    return follow || p->followed ? 0 : 0x100;
}
// OSError for errno with the path; NULL. An exception that is pending stays.
QvObj *qv_path_raise(QvInterp *qi, const QvPath *p);
QvObj *qv_path_raise2(QvInterp *qi, const QvPath *p, const QvPath *q);
// A name from the system in the kind of the argument.
QvObj *qv_path_text(QvInterp *qi, const char *s, QvSsize n, bool as_bytes);

static inline int qv_posix_int(QvInterp *qi, QvObj *o, int *ret)
{
    return qv_index_int(qi, o, ret);
}
int qv_posix_fd(QvInterp *qi, QvObj *o, int *ret);     // int or an object with fileno()
int qv_posix_dir_fd(QvInterp *qi, QvObj *o, int *ret); // missing or None: AT_FDCWD
int qv_posix_flag(QvInterp *qi, QvObj *o, bool dflt, bool *ret);
QvObj *qv_posix_error(QvInterp *qi); // OSError for errno unless an exception is pending; NULL
int qv_posix_id(QvInterp *qi, QvObj *o, const char *what, uint32_t *ret); // uid or gid; -1 allowed

// wait.c
struct rusage;
// wait4; fcntl with one of the commands that lock; flock. They wait so that a stop ends them. -1
// with errno, or EINTR and an exception.
QV_RUNS QV_BLOCKS pid_t qv_posix_wait(QvInterp *qi, pid_t pid, int *status, int options,
                                      struct rusage *usage);
struct flock;
QV_RUNS QV_BLOCKS int qv_posix_lock_file(QvInterp *qi, int fd, int cmd, struct flock *l);
QV_RUNS QV_BLOCKS int qv_posix_flock(QvInterp *qi, int fd, int operation);

// stat.c
struct stat;
QvObj *qv_posix_stat_result(QvInterp *qi, QvPosixState *state, const struct stat *st);
int qv_posix_stat_init(QvInterp *qi, QvObj *m);

// fork.c: around any fork(). before: 0, or -1 with an exception and no fork is to be made. after:
// also when fork() failed (child false); errno stays.
QV_RUNS int qv_posix_before_fork(QvInterp *qi);
QV_RUNS void qv_posix_after_fork(QvInterp *qi, bool child);

int qv_posix_conf_init(QvInterp *qi, QvObj *m);      // conf.c
void qv_posix_schedule_init(QvInterp *qi, QvObj *m); // schedule.c; after process.c's
struct sched_param;
int qv_posix_sched_param(QvInterp *qi, QvObj *m, QvObj *o, struct sched_param *ret); // 0/-1
int qv_posix_wait_init(QvInterp *qi, QvObj *m);                                      // wait.c

POSIX_FN(posix_chroot);
POSIX_FN(posix_confstr);
POSIX_FN(posix_fpathconf);
POSIX_FN(posix_getgrouplist);
POSIX_FN(posix_getresgid);
POSIX_FN(posix_getresuid);
POSIX_FN(posix_getxattr);
POSIX_FN(posix_initgroups);
POSIX_FN(posix_listxattr);
POSIX_FN(posix_pathconf);
POSIX_FN(posix_pidfd_open);
POSIX_FN(posix_preadv);
POSIX_FN(posix_pwritev);
POSIX_FN(posix_removexattr);
POSIX_FN(posix_sched_get_priority_max);
POSIX_FN(posix_sched_get_priority_min);
POSIX_FN(posix_sched_getparam);
POSIX_FN(posix_sched_getscheduler);
POSIX_FN(posix_sched_rr_get_interval);
POSIX_FN(posix_sched_setparam);
POSIX_FN(posix_sched_setscheduler);
POSIX_FN(posix_setegid);
POSIX_FN(posix_seteuid);
POSIX_FN(posix_setgroups);
POSIX_FN(posix_setpgrp);
POSIX_FN(posix_setregid);
POSIX_FN(posix_setresgid);
POSIX_FN(posix_setresuid);
POSIX_FN(posix_setreuid);
POSIX_FN(posix_setxattr);
POSIX_FN(posix_splice);
POSIX_FN(posix_tcgetpgrp);
POSIX_FN(posix_tcsetpgrp);
POSIX_FN(posix_wait3);
POSIX_FN(posix_wait4);
POSIX_FN(posix_waitid);
POSIX_FN(posix_fork);
POSIX_FN(posix_forkpty);
POSIX_FN(posix_register_at_fork);
POSIX_FN(posix_login_tty);

POSIX_FN(posix_open);
POSIX_FN(posix_close);
POSIX_FN(posix_closerange);
POSIX_FN(posix_read);
POSIX_FN(posix_write);
POSIX_FN(posix_pread);
POSIX_FN(posix_pwrite);
POSIX_FN(posix_readv);
POSIX_FN(posix_writev);
POSIX_FN(posix_lseek);
POSIX_FN(posix_dup);
POSIX_FN(posix_dup2);
POSIX_FN(posix_pipe);
POSIX_FN(posix_pipe2);
POSIX_FN(posix_isatty);
POSIX_FN(posix_ttyname);
POSIX_FN(posix_ftruncate);
POSIX_FN(posix_fsync);
POSIX_FN(posix_fdatasync);
POSIX_FN(posix_get_inheritable);
POSIX_FN(posix_set_inheritable);
POSIX_FN(posix_get_blocking);
POSIX_FN(posix_set_blocking);
POSIX_FN(posix_sendfile);
POSIX_FN(posix_copy_file_range);
POSIX_FN(posix_lockf);
POSIX_FN(posix_posix_fallocate);
POSIX_FN(posix_posix_fadvise);
POSIX_FN(posix_get_terminal_size);
POSIX_FN(posix_device_encoding);
POSIX_FN(posix_eventfd);
POSIX_FN(posix_eventfd_read);
POSIX_FN(posix_eventfd_write);
POSIX_FN(posix_memfd_create);
POSIX_FN(posix_openpty);

POSIX_FN(posix_mkdir);
POSIX_FN(posix_rmdir);
POSIX_FN(posix_unlink);
POSIX_FN(posix_remove);
POSIX_FN(posix_rename);
POSIX_FN(posix_replace);
POSIX_FN(posix_link);
POSIX_FN(posix_symlink);
POSIX_FN(posix_readlink);
POSIX_FN(posix_access);
POSIX_FN(posix_chmod);
POSIX_FN(posix_fchmod);
POSIX_FN(posix_chown);
POSIX_FN(posix_fchown);
POSIX_FN(posix_lchown);
POSIX_FN(posix_truncate);
POSIX_FN(posix_utime);
POSIX_FN(posix_mkfifo);
POSIX_FN(posix_mknod);
POSIX_FN(posix_chdir);
POSIX_FN(posix_fchdir);
POSIX_FN(posix_getcwd);
POSIX_FN(posix_getcwdb);
POSIX_FN(posix_umask);
POSIX_FN(posix_fspath);
POSIX_FN(posix_path_normpath);
POSIX_FN(posix_sync);
POSIX_FN(posix_listdir);
POSIX_FN(posix_scandir);
POSIX_FN(posix_stat);
POSIX_FN(posix_lstat);
POSIX_FN(posix_fstat);
POSIX_FN(posix_statvfs);
POSIX_FN(posix_fstatvfs);
POSIX_FN(posix_major);
POSIX_FN(posix_minor);
POSIX_FN(posix_makedev);

POSIX_FN(posix_exit_now);
POSIX_FN(posix_abort);
POSIX_FN(posix_kill);
POSIX_FN(posix_killpg);
POSIX_FN(posix_getpid);
POSIX_FN(posix_getppid);
POSIX_FN(posix_getuid);
POSIX_FN(posix_geteuid);
POSIX_FN(posix_getgid);
POSIX_FN(posix_getegid);
POSIX_FN(posix_getgroups);
POSIX_FN(posix_getlogin);
POSIX_FN(posix_getpgid);
POSIX_FN(posix_getpgrp);
POSIX_FN(posix_getsid);
POSIX_FN(posix_setsid);
POSIX_FN(posix_setpgid);
POSIX_FN(posix_setuid);
POSIX_FN(posix_setgid);
POSIX_FN(posix_nice);
POSIX_FN(posix_getpriority);
POSIX_FN(posix_setpriority);
POSIX_FN(posix_system);
POSIX_FN(posix_waitpid);
POSIX_FN(posix_wait);
POSIX_FN(posix_status_exitcode);
POSIX_FN(posix_wifexited);
POSIX_FN(posix_wexitstatus);
POSIX_FN(posix_wifsignaled);
POSIX_FN(posix_wtermsig);
POSIX_FN(posix_wifstopped);
POSIX_FN(posix_wstopsig);
POSIX_FN(posix_wifcontinued);
POSIX_FN(posix_wcoredump);
POSIX_FN(posix_execv);
POSIX_FN(posix_execve);
POSIX_FN(posix_posix_spawn);
POSIX_FN(posix_posix_spawnp);
POSIX_FN(posix_putenv);
POSIX_FN(posix_unsetenv);
POSIX_FN(posix_uname);
POSIX_FN(posix_times);
POSIX_FN(posix_urandom);
POSIX_FN(posix_getrandom);
POSIX_FN(posix_strerror);
POSIX_FN(posix_cpu_count);
POSIX_FN(posix_getloadavg);
POSIX_FN(posix_sched_getaffinity);
POSIX_FN(posix_sched_setaffinity);
POSIX_FN(posix_sched_yield);
POSIX_FN(posix_sysconf);
POSIX_FN(posix_ctermid);
int qv_posix_process_init(QvInterp *qi, QvObj *m); // environ, sysconf_names, types

#endif
