// SPDX-License-Identifier: MIT
// The module posix: tables of functions and constants.
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/list.h"

static const QvNativeDef functions[] = {
    {"_exit", posix_exit_now, "($module, /, status)",
     "Exit to the system with specified status, without normal exit processing."},
    {"_path_normpath", posix_path_normpath, "($module, /, path)", "Basic path normalization."},
    {"abort", posix_abort, "($module, /)", "Abort the interpreter immediately."},
    {"access", posix_access,
     "($module, /, path, mode, *, dir_fd=None, effective_ids=False, follow_symlinks=True)",
     "Use the real uid/gid to test for access to a path."},
    {"chdir", posix_chdir, "($module, /, path)",
     "Change the current working directory to the specified path."},
    {"chmod", posix_chmod, "($module, /, path, mode, *, dir_fd=None, follow_symlinks=True)",
     "Change the access permissions of a file."},
    {"chown", posix_chown, "($module, /, path, uid, gid, *, dir_fd=None, follow_symlinks=True)",
     "Change the owner and group id of path."},
    {"close", posix_close, "($module, /, fd)", "Close a file descriptor."},
    {"closerange", posix_closerange, "($module, fd_low, fd_high, /)",
     "Closes all file descriptors in [fd_low, fd_high), ignoring errors."},
    {"copy_file_range", posix_copy_file_range,
     "($module, /, src, dst, count, offset_src=None, offset_dst=None)",
     "Copy count bytes from one file descriptor to another."},
    {"cpu_count", posix_cpu_count, "($module, /)",
     "Return the number of CPUs in the system; return None if indeterminable."},
    {"ctermid", posix_ctermid, "($module, /)",
     "Return the name of the controlling terminal for this process."},
    {"device_encoding", posix_device_encoding, "($module, /, fd)",
     "Return a string describing the encoding of a terminal's file descriptor."},
    {"dup", posix_dup, "($module, fd, /)", "Return a duplicate of a file descriptor."},
    {"dup2", posix_dup2, "($module, /, fd, fd2, inheritable=True)", "Duplicate file descriptor."},
    {"eventfd", posix_eventfd, "($module, /, initval, flags=EFD_CLOEXEC)",
     "Creates and returns an event notification file descriptor."},
    {"eventfd_read", posix_eventfd_read, "($module, /, fd)", "Read eventfd value"},
    {"eventfd_write", posix_eventfd_write, "($module, /, fd, value)", "Write eventfd value."},
    {"execv", posix_execv, "($module, path, argv, /)",
     "Execute an executable path with arguments, replacing current process."},
    {"execve", posix_execve, "($module, /, path, argv, env)",
     "Execute an executable path with arguments, replacing current process."},
    {"fchdir", posix_fchdir, "($module, /, fd)",
     "Change to the directory of the given file descriptor."},
    {"fchmod", posix_fchmod, "($module, /, fd, mode)",
     "Change the access permissions of the file given by file descriptor."},
    {"fchown", posix_fchown, "($module, /, fd, uid, gid)",
     "Change the owner and group id of the file specified by file descriptor."},
    {"fdatasync", posix_fdatasync, "($module, /, fd)",
     "Force write of fd to disk without forcing update of metadata."},
    {"fork", posix_fork, "($module, /)", "Fork a child process."},
    {"forkpty", posix_forkpty, "($module, /)",
     "Fork a new process with a new pseudo-terminal as controlling tty."},
    {"login_tty", posix_login_tty, "($module, fd, /)",
     "Prepare the tty of which fd is a file descriptor for a new login session."},
    {"register_at_fork", posix_register_at_fork,
     "($module, /, *, before=<unrepresentable>, after_in_child=<unrepresentable>, "
     "after_in_parent=<unrepresentable>)",
     "Register callables to be called when forking a new process."},
    {"fspath", posix_fspath, "($module, /, path)",
     "Return the file system path representation of the object."},
    {"fstat", posix_fstat, "($module, /, fd)",
     "Perform a stat system call on the given file descriptor."},
    {"fstatvfs", posix_fstatvfs, "($module, fd, /)",
     "Perform an fstatvfs system call on the given fd."},
    {"fsync", posix_fsync, "($module, /, fd)", "Force write of fd to disk."},
    {"ftruncate", posix_ftruncate, "($module, fd, length, /)",
     "Truncate a file, specified by file descriptor, to a specific length."},
    {"get_blocking", posix_get_blocking, "($module, fd, /)",
     "Get the blocking mode of the file descriptor."},
    {"get_inheritable", posix_get_inheritable, "($module, fd, /)",
     "Get the close-on-exe flag of the specified file descriptor."},
    {"get_terminal_size", posix_get_terminal_size, "($module, fd=<unrepresentable>, /)",
     "Return the size of the terminal window as (columns, lines)."},
    {"getcwd", posix_getcwd, "($module, /)",
     "Return a unicode string representing the current working directory."},
    {"getcwdb", posix_getcwdb, "($module, /)",
     "Return a bytes string representing the current working directory."},
    {"getegid", posix_getegid, "($module, /)", "Return the current process's effective group id."},
    {"geteuid", posix_geteuid, "($module, /)", "Return the current process's effective user id."},
    {"getgid", posix_getgid, "($module, /)", "Return the current process's group id."},
    {"getgroups", posix_getgroups, "($module, /)",
     "Return list of supplemental group IDs for the process."},
    {"getloadavg", posix_getloadavg, "($module, /)",
     "Return average recent system load information."},
    {"getlogin", posix_getlogin, "($module, /)", "Return the actual login name."},
    {"getpgid", posix_getpgid, "($module, /, pid)",
     "Call the system call getpgid(), and return the result."},
    {"getpgrp", posix_getpgrp, "($module, /)", "Return the current process group id."},
    {"getpid", posix_getpid, "($module, /)", "Return the current process id."},
    {"getppid", posix_getppid, "($module, /)", "Return the parent's process id."},
    {"getpriority", posix_getpriority, "($module, /, which, who)",
     "Return program scheduling priority."},
    {"getrandom", posix_getrandom, "($module, /, size, flags=0)",
     "Obtain a series of random bytes."},
    {"getsid", posix_getsid, "($module, pid, /)",
     "Call the system call getsid(pid) and return the result."},
    {"getuid", posix_getuid, "($module, /)", "Return the current process's user id."},
    {"isatty", posix_isatty, "($module, fd, /)",
     "Return True if the fd is connected to a terminal."},
    {"kill", posix_kill, "($module, pid, signal, /)", "Kill a process with a signal."},
    {"killpg", posix_killpg, "($module, pgid, signal, /)", "Kill a process group with a signal."},
    {"lchown", posix_lchown, "($module, /, path, uid, gid)",
     "Change the owner and group id of path to the numeric uid and gid."},
    {"link", posix_link,
     "($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None, follow_symlinks=True)",
     "Create a hard link to a file."},
    {"listdir", posix_listdir, "($module, /, path=None)",
     "Return a list containing the names of the files in the directory."},
    {"lockf", posix_lockf, "($module, fd, command, length, /)",
     "Apply, test or remove a POSIX lock on an open file descriptor."},
    {"lseek", posix_lseek, "($module, fd, position, how, /)",
     "Set the position of a file descriptor.  Return the new position."},
    {"lstat", posix_lstat, "($module, /, path, *, dir_fd=None)",
     "Perform a stat system call on the given path, without following symbolic links."},
    {"major", posix_major, "($module, device, /)",
     "Extracts a device major number from a raw device number."},
    {"makedev", posix_makedev, "($module, major, minor, /)",
     "Composes a raw device number from the major and minor device numbers."},
    {"memfd_create", posix_memfd_create, "($module, /, name, flags=MFD_CLOEXEC)", NULL},
    {"minor", posix_minor, "($module, device, /)",
     "Extracts a device minor number from a raw device number."},
    {"mkdir", posix_mkdir, "($module, /, path, mode=511, *, dir_fd=None)", "Create a directory."},
    {"mkfifo", posix_mkfifo, "($module, /, path, mode=438, *, dir_fd=None)",
     "Create a \"fifo\" (a POSIX named pipe)."},
    {"mknod", posix_mknod, "($module, /, path, mode=384, device=0, *, dir_fd=None)",
     "Create a node in the file system."},
    {"nice", posix_nice, "($module, increment, /)",
     "Add increment to the priority of process and return the new priority."},
    {"open", posix_open, "($module, /, path, flags, mode=511, *, dir_fd=None)",
     "Open a file for low level IO.  Returns a file descriptor (integer)."},
    {"openpty", posix_openpty, "($module, /)", "Open a pseudo-terminal."},
    {"pipe", posix_pipe, "($module, /)", "Create a pipe."},
    {"pipe2", posix_pipe2, "($module, flags, /)", "Create a pipe with flags set atomically."},
    {"posix_fadvise", posix_posix_fadvise, "($module, fd, offset, length, advice, /)",
     "Announce an intention to access data in a specific pattern."},
    {"posix_fallocate", posix_posix_fallocate, "($module, fd, offset, length, /)",
     "Ensure a file has allocated at least a particular number of bytes on disk."},
    {"posix_spawn", posix_posix_spawn,
     "($module, path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, "
     "setsid=False, setsigmask=(), setsigdef=())",
     "Execute the program specified by path in a new process."},
    {"posix_spawnp", posix_posix_spawnp,
     "($module, path, argv, env, /, *, file_actions=(), setpgroup=None, resetids=False, "
     "setsid=False, setsigmask=(), setsigdef=())",
     "Execute the program specified by path in a new process."},
    {"pread", posix_pread, "($module, fd, length, offset, /)",
     "Read a number of bytes from a file descriptor starting at a particular offset."},
    {"putenv", posix_putenv, "($module, name, value, /)", "Change or add an environment variable."},
    {"pwrite", posix_pwrite, "($module, fd, buffer, offset, /)",
     "Write bytes to a file descriptor starting at a particular offset."},
    {"read", posix_read, "($module, fd, length, /)",
     "Read from a file descriptor.  Returns a bytes object."},
    {"readlink", posix_readlink, "($module, /, path, *, dir_fd=None)",
     "Return a string representing the path to which the symbolic link points."},
    {"readv", posix_readv, "($module, fd, buffers, /)",
     "Read from a file descriptor fd into an iterable of buffers."},
    {"remove", posix_remove, "($module, /, path, *, dir_fd=None)",
     "Remove a file (same as unlink())."},
    {"rename", posix_rename, "($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
     "Rename a file or directory."},
    {"replace", posix_replace, "($module, /, src, dst, *, src_dir_fd=None, dst_dir_fd=None)",
     "Rename a file or directory, overwriting the destination."},
    {"rmdir", posix_rmdir, "($module, /, path, *, dir_fd=None)", "Remove a directory."},
    {"scandir", posix_scandir, "($module, /, path=None)",
     "Return an iterator of DirEntry objects for given path."},
    {"sched_getaffinity", posix_sched_getaffinity, "($module, pid, /)",
     "Return the affinity of the process identified by pid (or the current process if zero)."},
    {"sched_setaffinity", posix_sched_setaffinity, "($module, pid, mask, /)",
     "Set the CPU affinity of the process identified by pid to mask."},
    {"sched_yield", posix_sched_yield, "($module, /)", "Voluntarily relinquish the CPU."},
    {"sendfile", posix_sendfile, "($module, /, out_fd, in_fd, offset, count)",
     "Copy count bytes from file descriptor in_fd to file descriptor out_fd."},
    {"set_blocking", posix_set_blocking, "($module, fd, blocking, /)",
     "Set the blocking mode of the specified file descriptor."},
    {"set_inheritable", posix_set_inheritable, "($module, fd, inheritable, /)",
     "Set the inheritable flag of the specified file descriptor."},
    {"setgid", posix_setgid, "($module, gid, /)", "Set the current process's group id."},
    {"setpgid", posix_setpgid, "($module, pid, pgrp, /)",
     "Call the system call setpgid(pid, pgrp)."},
    {"setpriority", posix_setpriority, "($module, /, which, who, priority)",
     "Set program scheduling priority."},
    {"setsid", posix_setsid, "($module, /)", "Call the system call setsid()."},
    {"setuid", posix_setuid, "($module, uid, /)", "Set the current process's user id."},
    {"stat", posix_stat, "($module, /, path, *, dir_fd=None, follow_symlinks=True)",
     "Perform a stat system call on the given path."},
    {"statvfs", posix_statvfs, "($module, /, path)",
     "Perform a statvfs system call on the given path."},
    {"strerror", posix_strerror, "($module, code, /)",
     "Translate an error code to a message string."},
    {"symlink", posix_symlink, "($module, /, src, dst, target_is_directory=False, *, dir_fd=None)",
     "Create a symbolic link pointing to src named dst."},
    {"sync", posix_sync, "($module, /)", "Force write of everything to disk."},
    {"sysconf", posix_sysconf, "($module, name, /)",
     "Return an integer-valued system configuration variable."},
    {"system", posix_system, "($module, /, command)", "Execute the command in a subshell."},
    {"times", posix_times, "($module, /)",
     "Return a collection containing process timing information."},
    {"truncate", posix_truncate, "($module, /, path, length)",
     "Truncate a file, specified by path, to a specific length."},
    {"ttyname", posix_ttyname, "($module, fd, /)",
     "Return the name of the terminal device connected to 'fd'."},
    {"umask", posix_umask, "($module, mask, /)",
     "Set the current numeric umask and return the previous umask."},
    {"uname", posix_uname, "($module, /)",
     "Return an object identifying the current operating system."},
    {"unlink", posix_unlink, "($module, /, path, *, dir_fd=None)",
     "Remove a file (same as remove())."},
    {"unsetenv", posix_unsetenv, "($module, name, /)", "Delete an environment variable."},
    {"urandom", posix_urandom, "($module, size, /)",
     "Return a bytes object containing random bytes suitable for cryptographic use."},
    {"utime", posix_utime,
     "($module, /, path, times=None, *, ns=<unrepresentable>, dir_fd=None, follow_symlinks=True)",
     "Set the access and modified time of path."},
    {"wait", posix_wait, "($module, /)", "Wait for completion of a child process."},
    {"waitpid", posix_waitpid, "($module, pid, options, /)",
     "Wait for completion of a given child process."},
    {"waitstatus_to_exitcode", posix_status_exitcode, "($module, /, status)",
     "Convert a wait status to an exit code."},
    {"WCOREDUMP", posix_wcoredump, "($module, status, /)",
     "Return True if the process returning status was dumped to a core file."},
    {"WEXITSTATUS", posix_wexitstatus, "($module, /, status)",
     "Return the process return code from status."},
    {"WIFCONTINUED", posix_wifcontinued, "($module, /, status)",
     "Return True if a particular process was continued from a job control stop."},
    {"WIFEXITED", posix_wifexited, "($module, /, status)",
     "Return True if the process returning status exited via the exit() system call."},
    {"WIFSIGNALED", posix_wifsignaled, "($module, /, status)",
     "Return True if the process returning status was terminated by a signal."},
    {"WIFSTOPPED", posix_wifstopped, "($module, /, status)",
     "Return True if the process returning status was stopped."},
    {"WSTOPSIG", posix_wstopsig, "($module, /, status)",
     "Return the signal that stopped the process that provided the status value."},
    {"WTERMSIG", posix_wtermsig, "($module, /, status)",
     "Return the signal that terminated the process that provided the status value."},
    {"write", posix_write, "($module, fd, data, /)", "Write a bytes object to a file descriptor."},
    {"writev", posix_writev, "($module, fd, buffers, /)",
     "Iterate over buffers, and write the contents of each to a file descriptor."},
    {0},
};

#define C(name)     \
    {               \
#name, name \
    }
static const struct {
    const char *name;
    int64_t value;
} constants[] = {
    C(F_OK),
    C(R_OK),
    C(W_OK),
    C(X_OK),
    C(F_LOCK),
    C(F_TLOCK),
    C(F_ULOCK),
    C(F_TEST),
    C(NGROUPS_MAX),
    C(TMP_MAX),
    C(O_RDONLY),
    C(O_WRONLY),
    C(O_RDWR),
    C(O_APPEND),
    C(O_CREAT),
    C(O_EXCL),
    C(O_TRUNC),
    C(O_NDELAY),
    C(O_NONBLOCK),
    C(O_DSYNC),
    C(O_RSYNC),
    C(O_SYNC),
    C(O_FSYNC),
    C(O_NOCTTY),
    C(O_ASYNC),
    C(O_DIRECT),
    C(O_DIRECTORY),
    C(O_NOFOLLOW),
    C(O_NOATIME),
    C(O_PATH),
    C(O_TMPFILE),
    C(O_CLOEXEC),
    C(O_ACCMODE),
    C(O_LARGEFILE),
    C(SEEK_DATA),
    C(SEEK_HOLE),
    C(WNOHANG),
    C(WUNTRACED),
    C(WCONTINUED),
    C(WEXITED),
    C(WNOWAIT),
    C(WSTOPPED),
    C(P_ALL),
    C(P_PID),
    C(P_PGID),
    C(CLD_EXITED),
    C(CLD_KILLED),
    C(CLD_DUMPED),
    C(CLD_TRAPPED),
    C(CLD_STOPPED),
    C(CLD_CONTINUED),
    C(EX_OK),
    C(EX_USAGE),
    C(EX_DATAERR),
    C(EX_NOINPUT),
    C(EX_NOUSER),
    C(EX_NOHOST),
    C(EX_UNAVAILABLE),
    C(EX_SOFTWARE),
    C(EX_OSERR),
    C(EX_OSFILE),
    C(EX_CANTCREAT),
    C(EX_IOERR),
    C(EX_TEMPFAIL),
    C(EX_PROTOCOL),
    C(EX_NOPERM),
    C(EX_CONFIG),
    C(PRIO_PROCESS),
    C(PRIO_PGRP),
    C(PRIO_USER),
    C(ST_RDONLY),
    C(ST_NOSUID),
    C(ST_NODEV),
    C(ST_NOEXEC),
    C(ST_SYNCHRONOUS),
    C(ST_MANDLOCK),
    C(ST_WRITE),
    C(ST_APPEND),
    C(ST_NOATIME),
    C(ST_NODIRATIME),
    C(ST_RELATIME),
    C(POSIX_FADV_NORMAL),
    C(POSIX_FADV_SEQUENTIAL),
    C(POSIX_FADV_RANDOM),
    C(POSIX_FADV_NOREUSE),
    C(POSIX_FADV_WILLNEED),
    C(POSIX_FADV_DONTNEED),
    C(SCHED_OTHER),
    C(SCHED_FIFO),
    C(SCHED_RR),
    C(SCHED_BATCH),
    C(SCHED_IDLE),
    C(SCHED_RESET_ON_FORK),
    C(RTLD_LAZY),
    C(RTLD_NOW),
    C(RTLD_GLOBAL),
    C(RTLD_LOCAL),
    C(RTLD_NODELETE),
    C(RTLD_NOLOAD),
    C(RTLD_DEEPBIND),
    C(GRND_RANDOM),
    C(GRND_NONBLOCK),
    C(EFD_CLOEXEC),
    C(EFD_NONBLOCK),
    C(EFD_SEMAPHORE),
    C(MFD_CLOEXEC),
    C(MFD_ALLOW_SEALING),
    {"POSIX_SPAWN_OPEN", 0},
    {"POSIX_SPAWN_CLOSE", 1},
    {"POSIX_SPAWN_DUP2", 2},
};
#undef C

// What os.py asks for to know where descriptors are taken in the place of paths.
static const char *const have_functions[] = {
    "HAVE_EVENTFD",   "HAVE_FACCESSAT",    "HAVE_FCHDIR",   "HAVE_FCHMOD",    "HAVE_FCHMODAT",
    "HAVE_FCHOWN",    "HAVE_FCHOWNAT",     "HAVE_FEXECVE",  "HAVE_FDOPENDIR", "HAVE_FSTATAT",
    "HAVE_FSTATVFS",  "HAVE_FTRUNCATE",    "HAVE_FUTIMENS", "HAVE_LINKAT",    "HAVE_LCHOWN",
    "HAVE_LSTAT",     "HAVE_MEMFD_CREATE", "HAVE_MKDIRAT",  "HAVE_MKFIFOAT",  "HAVE_MKNODAT",
    "HAVE_OPENAT",    "HAVE_READLINKAT",   "HAVE_RENAMEAT", "HAVE_SYMLINKAT", "HAVE_UNLINKAT",
    "HAVE_UTIMENSAT",
};

static int init(QvInterp *qi, QvObj *m)
{
    for (size_t k = 0; k < sizeof constants / sizeof *constants; k++) {
        if (qv_module_add_int(qi, m, constants[k].name, constants[k].value) < 0) {
            return -1;
        }
    }
    QvObj *list = qv_list_new(qi, 0);
    for (size_t k = 0; list && k < sizeof have_functions / sizeof *have_functions; k++) {
        if (qv_list_append_take(qi, list, qv_str_new_cstr(qi, have_functions[k])) < 0) {
            qv_clear(qi, &list);
        }
    }
    if (qv_module_add_take(qi, m, "_have_functions", list) < 0 ||
        qv_module_add(qi, m, "error", (QvObj *)&qv_exc_OSError) < 0 ||
        qv_module_add(qi, m, "DirEntry", (QvObj *)&qv_posix_direntry_type) < 0 ||
        qv_posix_stat_init(qi, m) < 0) {
        return -1;
    }
    return qv_posix_process_init(qi, m);
}

static void fini(QvInterp *qi, QvObj *m)
{
    QvPosixState *s = qv_posix_state(m);
    qv_clear(qi, &s->stat_result);
    qv_clear(qi, &s->statvfs_result);
    qv_clear(qi, &s->terminal_size);
    qv_clear(qi, &s->uname_result);
    qv_clear(qi, &s->times_result);
    qv_clear(qi, &s->sched_param);
    for (int k = 0; k < 3; k++) {
        qv_clear(qi, &s->fork_hooks[k]);
    }
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QvPosixState *s = qv_posix_state(m);
    QV_VISIT(s->stat_result);
    QV_VISIT(s->statvfs_result);
    QV_VISIT(s->terminal_size);
    QV_VISIT(s->uname_result);
    QV_VISIT(s->times_result);
    QV_VISIT(s->sched_param);
    for (int k = 0; k < 3; k++) {
        QV_VISIT(s->fork_hooks[k]);
    }
    return 0;
}

const QvModuleDef qv_module_posix = {
    .name = "posix",
    .doc = "This module provides access to operating system functionality that is\n"
           "standardized by the C Standard and the POSIX standard (a thinly\n"
           "disguised Unix interface).  Refer to the library manual and\n"
           "corresponding Unix manual entries for more information on calls.",
    .functions = functions,
    .state_size = sizeof(QvPosixState),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
