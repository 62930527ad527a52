// SPDX-License-Identifier: MIT
// posix: the process, its children, its environment, the machine.
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <math.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/times.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/structseq.h"
#include "object/tuple.h"

static QvObj *none_or_error(QvInterp *qi, int r) { return r < 0 ? qv_posix_error(qi) : QV_NONE; }
static QvObj *int_or_error(QvInterp *qi, int64_t r)
{
    return r < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, r);
}

// ---- ids ----------------------------------------------------------------------------------------

POSIX_FN(posix_getpid)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, getpid());
}
POSIX_FN(posix_getppid)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, getppid());
}
POSIX_FN(posix_getuid)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, getuid());
}
POSIX_FN(posix_geteuid)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, geteuid());
}
POSIX_FN(posix_getgid)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, getgid());
}
POSIX_FN(posix_getegid)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, getegid());
}
POSIX_FN(posix_getpgrp)
{
    (void)m, (void)a, (void)n;
    return qv_int_from_i64(qi, getpgrp());
}
POSIX_FN(posix_setsid)
{
    (void)m, (void)a, (void)n;
    return none_or_error(qi, setsid());
}
POSIX_FN(posix_getpgid)
{
    (void)m, (void)n;
    int pid;
    return qv_posix_int(qi, a[0], &pid) < 0 ? NULL : int_or_error(qi, getpgid(pid));
}
POSIX_FN(posix_getsid)
{
    (void)m, (void)n;
    int pid;
    return qv_posix_int(qi, a[0], &pid) < 0 ? NULL : int_or_error(qi, getsid(pid));
}
POSIX_FN(posix_setpgid)
{
    (void)m, (void)n;
    int pid, group;
    return qv_posix_int(qi, a[0], &pid) < 0 || qv_posix_int(qi, a[1], &group) < 0
               ? NULL
               : none_or_error(qi, setpgid(pid, group));
}
POSIX_FN(posix_setuid)
{
    (void)m, (void)n;
    uint32_t id;
    return qv_posix_id(qi, a[0], "uid", &id) < 0 ? NULL : none_or_error(qi, setuid(id));
}
POSIX_FN(posix_setgid)
{
    (void)m, (void)n;
    uint32_t id;
    return qv_posix_id(qi, a[0], "gid", &id) < 0 ? NULL : none_or_error(qi, setgid(id));
}
POSIX_FN(posix_getgroups)
{
    (void)m, (void)a, (void)n;
    gid_t groups[NGROUPS_MAX < 4096 ? NGROUPS_MAX : 4096];
    int count = getgroups(sizeof groups / sizeof *groups, groups);
    QvObj *list = count < 0 ? qv_posix_error(qi) : qv_list_new(qi, count);
    for (int k = 0; list && k < count; k++) {
        if (qv_list_append_take(qi, list, qv_int_from_i64(qi, groups[k])) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}
POSIX_FN(posix_getlogin)
{
    (void)m, (void)a, (void)n;
    char name[LOGIN_NAME_MAX + 1];
    int err = getlogin_r(name, sizeof name);
    return err ? qv_raise_errno(qi, err, NULL, NULL) : qv_str_fsdecode(qi, name);
}
POSIX_FN(posix_ctermid)
{
    (void)m, (void)a, (void)n;
    char name[L_ctermid];
    return qv_str_fsdecode(qi, ctermid(name));
}
POSIX_FN(posix_nice)
{
    (void)m, (void)n;
    int more;
    if (qv_posix_int(qi, a[0], &more) < 0) {
        return NULL;
    }
    errno = 0;
    int now = nice(more);
    return now == -1 && errno ? qv_posix_error(qi) : qv_int_from_i64(qi, now);
}
POSIX_FN(posix_getpriority)
{
    (void)m, (void)n;
    int which, who;
    if (qv_posix_int(qi, a[0], &which) < 0 || qv_posix_int(qi, a[1], &who) < 0) {
        return NULL;
    }
    errno = 0;
    int p = getpriority((unsigned)which, (id_t)who);
    return errno ? qv_posix_error(qi) : qv_int_from_i64(qi, p);
}
POSIX_FN(posix_setpriority)
{
    (void)m, (void)n;
    int which, who, p;
    if (qv_posix_int(qi, a[0], &which) < 0 || qv_posix_int(qi, a[1], &who) < 0 ||
        qv_posix_int(qi, a[2], &p) < 0) {
        return NULL;
    }
    return none_or_error(qi, setpriority((unsigned)which, (id_t)who, p));
}

// ---- ends and signals ---------------------------------------------------------------------------

POSIX_FN(posix_exit_now)
{
    (void)m, (void)n;
    int status;
    if (qv_posix_int(qi, a[0], &status) < 0) {
        return NULL;
    }
    _exit(status); // what the caller asks for: the whole process, now
}
POSIX_FN(posix_abort)
{
    (void)qi, (void)m, (void)a, (void)n;
    abort();
}
static QvObj *after_signal(QvInterp *qi, int r)
{
    if (r < 0) {
        return qv_posix_error(qi);
    }
    // A signal for ourselves is handled before the next line runs.
    return qv_poll_peek(qi) && qv_poll(qi) < 0 ? NULL : QV_NONE;
}
POSIX_FN(posix_kill)
{
    (void)m, (void)n;
    int pid, sig;
    return qv_posix_int(qi, a[0], &pid) < 0 || qv_posix_int(qi, a[1], &sig) < 0 ||
                   (qv_audit_on(qi) && qv_audit(qi, "os.kill", "ii", pid, sig) < 0)
               ? NULL
               : after_signal(qi, kill(pid, sig));
}
POSIX_FN(posix_killpg)
{
    (void)m, (void)n;
    int group, sig;
    return qv_posix_int(qi, a[0], &group) < 0 || qv_posix_int(qi, a[1], &sig) < 0 ||
                   (qv_audit_on(qi) && qv_audit(qi, "os.killpg", "ii", group, sig) < 0)
               ? NULL
               : after_signal(qi, killpg(group, sig));
}

// ---- children -----------------------------------------------------------------------------------

// An audit event with one or two texts as bytes. 0/-1
static int tell_bytes(QvInterp *qi, const char *event, const QvPath *p, const QvPath *q)
{
    if (!qv_audit_on(qi)) {
        return 0;
    }
    QvObj *one = qv_bytes_new(qi, p->u.s, (QvSsize)strlen(p->u.s));
    QvObj *two = q && one ? qv_bytes_new(qi, q->u.s, (QvSsize)strlen(q->u.s)) : NULL;
    int status = one && (!q || two) ? qv_audit(qi, event, q ? "OO" : "O", one, two) : -1;
    qv_xdecref(qi, one);
    qv_xdecref(qi, two);
    return status;
}

// The C library's system() kills the shell when its thread is cancelled.
typedef struct Command {
    QvErrand e;
    const char *text;
    int result;
} Command;

static void run_command(QvErrand *e) { ((Command *)e)->result = system(((Command *)e)->text); }
static void forget_command(QvErrand *e) { (void)e; }

POSIX_FN(posix_system)
{
    (void)m, (void)n;
    QvPath p;
    if (qv_path_get(qi, a[0], NULL, NULL, 0, &p) < 0) {
        return NULL;
    }
    if (tell_bytes(qi, "os.system", &p, NULL) < 0) {
        qv_path_release(qi, &p);
        return NULL;
    }
    Command c = {{.run = run_command, .drop = forget_command, .hears = true}, .text = p.u.s};
    int status = qv_errand(qi, &c.e);
    qv_path_release(qi, &p);
    return status < 0 ? NULL : qv_int_from_i64(qi, c.result);
}

static QvObj *wait_result(QvInterp *qi, pid_t pid, int status)
{
    if (pid < 0) {
        return qv_posix_error(qi);
    }
    QvObj *both[2] = {qv_int_from_i64(qi, pid), qv_int_from_i64(qi, status)};
    if (!both[0] || !both[1]) {
        qv_xdecref(qi, both[0]);
        qv_xdecref(qi, both[1]);
        return NULL;
    }
    return qv_tuple_from_array_take(qi, both, 2);
}
POSIX_FN(posix_waitpid)
{
    (void)m, (void)n;
    int pid, options, status = 0;
    pid_t r;
    if (qv_posix_int(qi, a[0], &pid) < 0 || qv_posix_int(qi, a[1], &options) < 0) {
        return NULL;
    }
    r = qv_posix_wait(qi, pid, &status, options, NULL);
    return wait_result(qi, r, status);
}
POSIX_FN(posix_wait)
{
    (void)m, (void)a, (void)n;
    int status = 0;
    pid_t r;
    r = qv_posix_wait(qi, -1, &status, 0, NULL);
    return wait_result(qi, r, status);
}

static int status_arg(QvInterp *qi, QvObj *o, int *ret) { return qv_posix_int(qi, o, ret); }
POSIX_FN(posix_wifexited)
{
    (void)m, (void)n;
    int s;
    return status_arg(qi, a[0], &s) < 0 ? NULL : qv_bool(WIFEXITED(s));
}
POSIX_FN(posix_wexitstatus)
{
    (void)m, (void)n;
    int s;
    return status_arg(qi, a[0], &s) < 0 ? NULL : qv_int_from_i64(qi, WEXITSTATUS(s));
}
POSIX_FN(posix_wifsignaled)
{
    (void)m, (void)n;
    int s;
    return status_arg(qi, a[0], &s) < 0 ? NULL : qv_bool(WIFSIGNALED(s));
}
POSIX_FN(posix_wtermsig)
{
    (void)m, (void)n;
    int s;
    return status_arg(qi, a[0], &s) < 0 ? NULL : qv_int_from_i64(qi, WTERMSIG(s));
}
POSIX_FN(posix_wifstopped)
{
    (void)m, (void)n;
    int s;
    return status_arg(qi, a[0], &s) < 0 ? NULL : qv_bool(WIFSTOPPED(s));
}
POSIX_FN(posix_wstopsig)
{
    (void)m, (void)n;
    int s;
    return status_arg(qi, a[0], &s) < 0 ? NULL : qv_int_from_i64(qi, WSTOPSIG(s));
}
POSIX_FN(posix_wifcontinued)
{
    (void)m, (void)n;
    int s;
    return status_arg(qi, a[0], &s) < 0 ? NULL : qv_bool(WIFCONTINUED(s));
}
POSIX_FN(posix_wcoredump)
{
    (void)m, (void)n;
    int s;
    return status_arg(qi, a[0], &s) < 0 ? NULL : qv_bool(WCOREDUMP(s));
}
POSIX_FN(posix_status_exitcode)
{
    (void)m, (void)n;
    int s;
    if (status_arg(qi, a[0], &s) < 0) {
        return NULL;
    }
    if (WIFEXITED(s)) {
        return qv_int_from_i64(qi, WEXITSTATUS(s));
    }
    if (WIFSIGNALED(s)) {
        return qv_int_from_i64(qi, -WTERMSIG(s));
    }
    if (WIFSTOPPED(s)) {
        return qv_raise(qi, &qv_exc_ValueError, "process stopped by delivery of signal %d",
                        WSTOPSIG(s));
    }
    return qv_raise(qi, &qv_exc_ValueError, "invalid wait status: %d", s);
}

// A NULL-ended array of C strings that the C library takes, with what must live as long.
typedef struct StringArray {
    char **items;
    QvPath *paths;
    QvSsize n;
    size_t bytes;
} StringArray;

static void strings_free(QvInterp *qi, StringArray *s)
{
    for (QvSsize k = 0; k < s->n; k++) {
        qv_path_release(qi, &s->paths[k]);
    }
    if (s->items) {
        qv_free(qi, s->items, s->bytes);
    }
    *s = (StringArray){0};
}

static int strings_alloc(QvInterp *qi, StringArray *s, QvSsize n)
{
    s->bytes = (size_t)(n + 1) * (sizeof(char *) + sizeof(QvPath));
    s->items = qv_alloc(qi, s->bytes);
    s->paths = s->items ? (QvPath *)(void *)(s->items + n + 1) : NULL;
    s->n = 0;
    if (s->items) {
        s->items[0] = NULL;
    }
    return s->items ? 0 : -1;
}

static int strings_add(QvInterp *qi, StringArray *s, QvObj *o)
{
    if (qv_path_get(qi, o, NULL, NULL, 0, &s->paths[s->n]) < 0) {
        return -1;
    }
    s->items[s->n] = (char *)(uintptr_t)s->paths[s->n].u.s;
    s->items[++s->n] = NULL;
    return 0;
}

static int argv_strings(QvInterp *qi, QvObj *argv, const char *func, StringArray *s)
{
    if (!qv_is_list(argv) && !qv_is_tuple(argv)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s: argv must be a tuple or list", func);
    }
    QvObj *items = qv_to_tuple(qi, argv);
    if (!items) {
        return -1;
    }
    QvSsize n = qv_tuple_len(items);
    bool is_execv = strcmp(func, "execv") == 0; // which CPython words in its own way
    int status = n == 0 ? qv_raise_int(qi, &qv_exc_ValueError,
                                       is_execv ? "%s() arg 2 must not be empty"
                                                : "%s: argv must not be empty",
                                       func)
                        : strings_alloc(qi, s, n);
    for (QvSsize k = 0; status == 0 && k < n; k++) {
        status = strings_add(qi, s, qv_tuple_peek(items, k));
    }
    if (status == 0 && !s->items[0][0]) {
        status = qv_raise_int(qi, &qv_exc_ValueError,
                              is_execv ? "%s() arg 2 first element cannot be empty"
                                       : "%s: argv first element cannot be empty",
                              func);
    }
    qv_decref(qi, items);
    return status;
}

static QvObj *tuple_from(QvInterp *qi, QV_STOLEN QvObj *iterable)
{
    QvObj *tuple = iterable ? qv_to_tuple(qi, iterable) : NULL;
    qv_xdecref(qi, iterable);
    return tuple;
}

static int env_strings(QvInterp *qi, QvObj *env, const char *func, StringArray *s)
{
    if (!qv_is_mapping(env)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s: environment must be a mapping object",
                            func);
    }
    QvObj *keys = tuple_from(qi, qv_call_method0(qi, env, QV_N(keys)));
    QvObj *values = keys ? tuple_from(qi, qv_call_method0(qi, env, QV_N(values))) : NULL;
    int status = values ? strings_alloc(qi, s, qv_tuple_len(keys)) : -1;
    if (status == 0 && qv_tuple_len(keys) != qv_tuple_len(values)) {
        status = qv_raise_int(qi, &qv_exc_RuntimeError, "%s: environment changed size", func);
    }
    for (QvSsize k = 0; status == 0 && k < qv_tuple_len(keys); k++) {
        QvPath key, value;
        if (qv_path_get(qi, qv_tuple_peek(keys, k), NULL, NULL, 0, &key) < 0) {
            status = -1;
            break;
        }
        if (key.u.n == 0 || memchr(key.u.s + 1, '=', (size_t)key.u.n - 1)) {
            status = qv_raise_int(qi, &qv_exc_ValueError, "illegal environment variable name");
        } else if (qv_path_get(qi, qv_tuple_peek(values, k), NULL, NULL, 0, &value) < 0) {
            status = -1;
        } else {
            QvObj *line = qv_bytes_new(qi, NULL, key.u.n + 1 + value.u.n);
            if (line) {
                uint8_t *p = qv_bytes_data(line);
                memcpy(p, key.u.s, (size_t)key.u.n);
                p[key.u.n] = '=';
                memcpy(p + key.u.n + 1, value.u.s, (size_t)value.u.n);
            }
            status = line ? strings_add(qi, s, line) : -1;
            qv_xdecref(qi, line);
            qv_path_release(qi, &value);
        }
        qv_path_release(qi, &key);
    }
    qv_xdecref(qi, keys);
    qv_xdecref(qi, values);
    return status;
}

POSIX_FN(posix_execv)
{
    (void)m, (void)n;
    QvPath p;
    StringArray argv = {0};
    if (qv_path_get(qi, a[0], "execv", "path", 0, &p) < 0) {
        return NULL;
    }
    if (argv_strings(qi, a[1], "execv", &argv) == 0 &&
        (!qv_audit_on(qi) || qv_audit(qi, "os.exec", "OOO", p.obj, a[1], NULL) == 0)) {
        execv(p.u.s, argv.items);
        qv_path_raise(qi, &(QvPath){.fd = -1});
    }
    strings_free(qi, &argv);
    qv_path_release(qi, &p);
    return NULL;
}
POSIX_FN(posix_execve)
{
    (void)m, (void)n;
    QvPath p;
    StringArray argv = {0}, env = {0};
    if (qv_path_get(qi, a[0], "execve", "path", QV_PATH_FD, &p) < 0) {
        return NULL;
    }
    if (argv_strings(qi, a[1], "execve", &argv) == 0 &&
        env_strings(qi, a[2], "execve", &env) == 0 &&
        (!qv_audit_on(qi) || qv_audit(qi, "os.exec", "OOO", p.obj, a[1], a[2]) == 0)) {
        if (p.is_fd) {
            fexecve(p.fd, argv.items, env.items);
        } else {
            execve(p.u.s, argv.items, env.items);
        }
        qv_path_raise(qi, &p);
    }
    strings_free(qi, &env);
    strings_free(qi, &argv);
    qv_path_release(qi, &p);
    return NULL;
}

// One (POSIX_SPAWN_*, ...) tuple.
static int add_file_action(QvInterp *qi, posix_spawn_file_actions_t *actions, QvObj *item)
{
    int v[4] = {0};
    if (!qv_is_tuple(item) || qv_tuple_len(item) < 2) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "Each file_actions element must be a non-empty tuple");
    }
    QvSsize n = qv_tuple_len(item);
    if (qv_posix_int(qi, qv_tuple_peek(item, 0), &v[0]) < 0 ||
        qv_posix_int(qi, qv_tuple_peek(item, 1), &v[1]) < 0) {
        return -1;
    }
    int err;
    if (v[0] == 0 && n == 5) { // open: fd, path, flags, mode
        QvPath p;
        if (qv_posix_int(qi, qv_tuple_peek(item, 3), &v[2]) < 0 ||
            qv_posix_int(qi, qv_tuple_peek(item, 4), &v[3]) < 0 ||
            qv_path_get(qi, qv_tuple_peek(item, 2), "posix_spawn", "path", 0, &p) < 0) {
            return -1;
        }
        err = posix_spawn_file_actions_addopen(actions, v[1], p.u.s, v[2],
                                               (mode_t)v[3]); // copies the path
        qv_path_release(qi, &p);
    } else if (v[0] == 1 && n == 2) {
        err = posix_spawn_file_actions_addclose(actions, v[1]);
    } else if (v[0] == 2 && n == 3) {
        if (qv_posix_int(qi, qv_tuple_peek(item, 2), &v[2]) < 0) {
            return -1;
        }
        err = posix_spawn_file_actions_adddup2(actions, v[1], v[2]);
    } else {
        return qv_raise_int(qi, &qv_exc_TypeError, "Unknown file_actions identifier");
    }
    if (err) {
        qv_raise_errno(qi, err, NULL, NULL);
    }
    return err ? -1 : 0;
}

static int signal_set(QvInterp *qi, QvObj *iterable, sigset_t *set)
{
    sigemptyset(set);
    QvObj *items = qv_to_tuple(qi, iterable);
    int status = items ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < qv_tuple_len(items); k++) {
        int sig;
        status = qv_posix_int(qi, qv_tuple_peek(items, k), &sig);
        if (status == 0 && (sig < 1 || sig >= NSIG)) {
            status = qv_raise_int(qi, &qv_exc_ValueError, "signal number %d out of range [1; %d]",
                                  sig, NSIG - 1);
        } else if (status == 0) {
            sigaddset(set, sig);
        }
    }
    qv_xdecref(qi, items);
    return status;
}

// (policy or None, sched_param)
static int spawn_scheduler(QvInterp *qi, QvObj *m, QvObj *o, posix_spawnattr_t *attr, short *flags)
{
    struct sched_param param = {0};
    if (!qv_is_tuple(o) || qv_tuple_len(o) != 2) {
        return qv_raise_int(qi, &qv_exc_TypeError, "A scheduler tuple must have two elements");
    }
    QvObj *policy = qv_tuple_peek(o, 0);
    int number;
    if (qv_posix_sched_param(qi, m, qv_tuple_peek(o, 1), &param) < 0 ||
        (policy != QV_NONE && qv_posix_int(qi, policy, &number) < 0)) {
        return -1;
    }
    if (policy != QV_NONE) {
        posix_spawnattr_setschedpolicy(attr, number);
        *flags |= POSIX_SPAWN_SETSCHEDULER;
    }
    posix_spawnattr_setschedparam(attr, &param);
    *flags |= POSIX_SPAWN_SETSCHEDPARAM;
    return 0;
}

// setpgroup, resetids, setsid, setsigmask, setsigdef, scheduler.
static int spawn_attributes(QvInterp *qi, QvObj *m, QvObj *const *a, posix_spawnattr_t *attr)
{
    short flags = 0;
    if (a[0]) {
        int group;
        if (qv_posix_int(qi, a[0], &group) < 0) {
            return -1;
        }
        posix_spawnattr_setpgroup(attr, group);
        flags |= POSIX_SPAWN_SETPGROUP;
    }
    int reset = 0, session = 0; // as CPython has it: ints, not any truth value
    if ((a[1] && qv_posix_int(qi, a[1], &reset) < 0) ||
        (a[2] && qv_posix_int(qi, a[2], &session) < 0)) {
        return -1;
    }
    flags |= reset ? POSIX_SPAWN_RESETIDS : 0;
    flags |= session ? POSIX_SPAWN_SETSID : 0;
    for (int k = 3; k < 5; k++) {
        sigset_t set;
        if (!a[k]) {
            continue;
        }
        if (signal_set(qi, a[k], &set) < 0) {
            return -1;
        }
        if (k == 3) {
            posix_spawnattr_setsigmask(attr, &set);
            flags |= POSIX_SPAWN_SETSIGMASK;
        } else {
            posix_spawnattr_setsigdefault(attr, &set);
            flags |= POSIX_SPAWN_SETSIGDEF;
        }
    }
    if (a[5] && a[5] != QV_NONE && spawn_scheduler(qi, m, a[5], attr, &flags) < 0) {
        return -1;
    }
    posix_spawnattr_setflags(attr, flags);
    return 0;
}

static QvObj *spawn(QvInterp *qi, QvObj *m, QvObj *const *a, const char *func, bool search)
{
    QvPath p;
    StringArray argv = {0}, env = {0};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attr;
    QvObj *result = NULL;
    if (qv_path_get(qi, a[0], func, "path", 0, &p) < 0) {
        return NULL;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attr);
    int status = argv_strings(qi, a[1], func, &argv);
    status = status < 0 ? status : env_strings(qi, a[2], func, &env);
    if (status == 0 && a[3] && a[3] != QV_NONE) {
        QvObj *items = qv_to_tuple(qi, a[3]);
        status = items ? 0 : -1;
        for (QvSsize k = 0; status == 0 && k < qv_tuple_len(items); k++) {
            status = add_file_action(qi, &actions, qv_tuple_peek(items, k));
        }
        qv_xdecref(qi, items);
    }
    if (status == 0 && spawn_attributes(qi, m, a + 4, &attr) == 0 &&
        (!qv_audit_on(qi) || qv_audit(qi, "os.posix_spawn", "OOO", p.obj, a[1], a[2]) == 0)) {
        pid_t pid;
        qv_posix_unlock(qi);
        int err = search ? posix_spawnp(&pid, p.u.s, &actions, &attr, argv.items, env.items)
                         : posix_spawn(&pid, p.u.s, &actions, &attr, argv.items, env.items);
        qv_posix_lock(qi);
        result = err ? qv_raise_errno(qi, err, p.obj, NULL) : qv_int_from_i64(qi, pid);
    }
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&actions);
    strings_free(qi, &env);
    strings_free(qi, &argv);
    qv_path_release(qi, &p);
    return result;
}
POSIX_FN(posix_posix_spawn)
{
    (void)n;
    return spawn(qi, m, a, "posix_spawn", false);
}
POSIX_FN(posix_posix_spawnp)
{
    (void)n;
    return spawn(qi, m, a, "posix_spawnp", true);
}

// ---- environment --------------------------------------------------------------------------------

POSIX_FN(posix_putenv)
{
    (void)m, (void)n;
    QvPath key, value;
    if (qv_path_get(qi, a[0], NULL, NULL, 0, &key) < 0) {
        return NULL;
    }
    if (qv_path_get(qi, a[1], NULL, NULL, 0, &value) < 0) {
        qv_path_release(qi, &key);
        return NULL;
    }
    QvObj *r = QV_NONE;
    if (strchr(key.u.s, '=')) {
        r = qv_raise(qi, &qv_exc_ValueError, "illegal environment variable name");
    } else if (tell_bytes(qi, "os.putenv", &key, &value) < 0) {
        r = NULL;
    } else if (setenv(key.u.s, value.u.s, 1) < 0) {
        r = qv_posix_error(qi);
    }
    qv_path_release(qi, &key);
    qv_path_release(qi, &value);
    return r;
}
POSIX_FN(posix_unsetenv)
{
    (void)m, (void)n;
    QvPath key;
    if (qv_path_get(qi, a[0], NULL, NULL, 0, &key) < 0) {
        return NULL;
    }
    QvObj *r = tell_bytes(qi, "os.unsetenv", &key, NULL) < 0 ? NULL
                                                             : none_or_error(qi, unsetenv(key.u.s));
    qv_path_release(qi, &key);
    return r;
}

static QvObj *make_environ(QvInterp *qi)
{
    QvObj *d = qv_dict_new(qi);
    if (qv_cap_denied(qi, QV_CAP_ENV)) {
        return d;
    }
    for (char **e = environ; d && e && *e; e++) {
        const char *eq = strchr(*e, '=');
        if (!eq) {
            continue;
        }
        QvObj *key = qv_bytes_new(qi, *e, eq - *e),
              *value = qv_bytes_new(qi, eq + 1, (QvSsize)strlen(eq + 1)), *there;
        int status = key && value ? qv_dict_setdefault(qi, d, key, value, &there) : -1;
        if (status >= 0) {
            qv_decref(qi, there);
        }
        qv_xdecref(qi, key);
        qv_xdecref(qi, value);
        if (status < 0) {
            qv_clear(qi, &d);
        }
    }
    return d;
}

// ---- the machine --------------------------------------------------------------------------------

POSIX_FN(posix_uname)
{
    (void)a, (void)n;
    struct utsname u;
    if (uname(&u) < 0) {
        return qv_posix_error(qi);
    }
    QvObj *const values[5] = {qv_str_fsdecode(qi, u.sysname), qv_str_fsdecode(qi, u.nodename),
                              qv_str_fsdecode(qi, u.release), qv_str_fsdecode(qi, u.version),
                              qv_str_fsdecode(qi, u.machine)};
    return qv_structseq_new(qi, qv_posix_state(m)->uname_result, values);
}

POSIX_FN(posix_times)
{
    (void)a, (void)n;
    struct tms t;
    clock_t now = times(&t);
    if (now == (clock_t)-1) {
        return qv_posix_error(qi);
    }
    double tick = (double)sysconf(_SC_CLK_TCK);
    QvObj *const values[5] = {
        qv_float_new(qi, (double)t.tms_utime / tick), qv_float_new(qi, (double)t.tms_stime / tick),
        qv_float_new(qi, (double)t.tms_cutime / tick),
        qv_float_new(qi, (double)t.tms_cstime / tick), qv_float_new(qi, (double)now / tick)};
    return qv_structseq_new(qi, qv_posix_state(m)->times_result, values);
}

#define RANDOM_MOST ((QvSsize)1 << 20) // bytes between two polls

static QvObj *random_bytes(QvInterp *qi, QvSsize size, unsigned flags, bool all)
{
    if (size < 0) {
        if (all) {
            return qv_raise(qi, &qv_exc_ValueError, "negative argument not allowed");
        }
        errno = EINVAL;
        return qv_posix_error(qi);
    }
    QvObj *data = qv_bytes_new(qi, NULL, size);
    QvSsize have = 0;
    while (data && have < size) {
        ssize_t got;
        QvSsize more = size - have < RANDOM_MOST ? size - have : RANDOM_MOST;
        QV_POSIX_CALL(got, getrandom(qv_bytes_data(data) + have, (size_t)more, flags));
        if (got < 0) {
            int err = errno;
            qv_clear(qi, &data);
            errno = err;
            qv_posix_error(qi);
            break;
        }
        have += got;
        if (!all && got < more) {
            break;
        }
        if (have < size && qv_poll_here(qi) < 0) {
            qv_clear(qi, &data);
        }
    }
    return data && have < size && qv_bytes_resize(qi, &data, have) < 0 ? NULL : data;
}
POSIX_FN(posix_urandom)
{
    (void)m, (void)n;
    QvSsize size;
    return qv_index_ssize(qi, a[0], &size, &qv_exc_OverflowError) < 0
               ? NULL
               : random_bytes(qi, size, 0, true);
}
POSIX_FN(posix_getrandom)
{
    (void)m, (void)n;
    QvSsize size;
    int flags = 0;
    if (qv_index_ssize(qi, a[0], &size, &qv_exc_OverflowError) < 0 ||
        (a[1] && qv_posix_int(qi, a[1], &flags) < 0)) {
        return NULL;
    }
    return random_bytes(qi, size, (unsigned)flags, false);
}

POSIX_FN(posix_strerror)
{
    (void)m, (void)n;
    int code;
    char buf[256];
    return qv_posix_int(qi, a[0], &code) < 0
               ? NULL
               : qv_str_new_cstr(qi, strerror_r(code, buf, sizeof buf));
}

POSIX_FN(posix_cpu_count)
{
    (void)m, (void)a, (void)n;
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? QV_NONE : qv_int_from_i64(qi, count);
}
POSIX_FN(posix_getloadavg)
{
    (void)m, (void)a, (void)n;
    double load[3];
    if (getloadavg(load, 3) != 3) {
        return qv_raise(qi, &qv_exc_OSError, "Load averages are unobtainable");
    }
    QvObj *values[3] = {qv_float_new(qi, load[0]), qv_float_new(qi, load[1]),
                        qv_float_new(qi, load[2])};
    QvObj *t = qv_tuple_of(qi, 3, values[0], values[1], values[2]);
    for (int k = 0; k < 3; k++) {
        qv_xdecref(qi, values[k]);
    }
    return t;
}

POSIX_FN(posix_sched_getaffinity)
{
    (void)m, (void)n;
    int pid;
    cpu_set_t set;
    if (qv_posix_int(qi, a[0], &pid) < 0) {
        return NULL;
    }
    if (sched_getaffinity(pid, sizeof set, &set) < 0) {
        return qv_posix_error(qi);
    }
    QvObj *cpus = qv_list_new(qi, 0);
    for (size_t k = 0; cpus && k < CPU_SETSIZE; k++) {
        if (CPU_ISSET(k, &set) &&
            qv_list_append_take(qi, cpus, qv_int_from_i64(qi, (int64_t)k)) < 0) {
            qv_clear(qi, &cpus);
        }
    }
    QvObj *result = cpus ? qv_call1(qi, &qv_set_type.h, cpus) : NULL;
    qv_xdecref(qi, cpus);
    return result;
}
POSIX_FN(posix_sched_setaffinity)
{
    (void)m, (void)n;
    int pid;
    cpu_set_t set;
    CPU_ZERO(&set);
    QvObj *cpus = qv_posix_int(qi, a[0], &pid) < 0 ? NULL : qv_to_tuple(qi, a[1]);
    int status = cpus ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < qv_tuple_len(cpus); k++) {
        int cpu;
        status = qv_posix_int(qi, qv_tuple_peek(cpus, k), &cpu);
        if (status == 0 && (cpu < 0 || cpu >= CPU_SETSIZE)) {
            status = qv_raise_int(qi, &qv_exc_ValueError,
                                  cpu < 0 ? "negative CPU number" : "CPU number too large");
        } else if (status == 0) {
            CPU_SET((size_t)cpu, &set);
        }
    }
    qv_xdecref(qi, cpus);
    return status < 0 ? NULL : none_or_error(qi, sched_setaffinity(pid, sizeof set, &set));
}
POSIX_FN(posix_sched_yield)
{
    (void)m, (void)a, (void)n;
    qv_posix_unlock(qi);
    sched_yield();
    qv_posix_lock(qi);
    return QV_NONE;
}

static const struct {
    const char *name;
    int value;
} sysconf_names[] = {
    {"SC_ARG_MAX", _SC_ARG_MAX},
    {"SC_CHILD_MAX", _SC_CHILD_MAX},
    {"SC_CLK_TCK", _SC_CLK_TCK},
    {"SC_HOST_NAME_MAX", _SC_HOST_NAME_MAX},
    {"SC_IOV_MAX", _SC_IOV_MAX},
    {"SC_LINE_MAX", _SC_LINE_MAX},
    {"SC_NGROUPS_MAX", _SC_NGROUPS_MAX},
    {"SC_NPROCESSORS_CONF", _SC_NPROCESSORS_CONF},
    {"SC_NPROCESSORS_ONLN", _SC_NPROCESSORS_ONLN},
    {"SC_OPEN_MAX", _SC_OPEN_MAX},
    {"SC_PAGESIZE", _SC_PAGESIZE},
    {"SC_PAGE_SIZE", _SC_PAGE_SIZE},
    {"SC_PHYS_PAGES", _SC_PHYS_PAGES},
    {"SC_AVPHYS_PAGES", _SC_AVPHYS_PAGES},
    {"SC_SEM_NSEMS_MAX", _SC_SEM_NSEMS_MAX},
    {"SC_SEM_VALUE_MAX", _SC_SEM_VALUE_MAX},
    {"SC_STREAM_MAX", _SC_STREAM_MAX},
    {"SC_SYMLOOP_MAX", _SC_SYMLOOP_MAX},
    {"SC_TTY_NAME_MAX", _SC_TTY_NAME_MAX},
    {"SC_TZNAME_MAX", _SC_TZNAME_MAX},
    {"SC_VERSION", _SC_VERSION},
};

POSIX_FN(posix_sysconf)
{
    (void)m, (void)n;
    int name = -1;
    if (qv_is_str(a[0])) {
        for (size_t k = 0; k < sizeof sysconf_names / sizeof *sysconf_names; k++) {
            if (qv_str_eq_ascii(a[0], sysconf_names[k].name)) {
                name = sysconf_names[k].value;
            }
        }
        if (name < 0) {
            return qv_raise(qi, &qv_exc_ValueError, "unrecognized configuration name");
        }
    } else if (!qv_is_int(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "configuration names must be strings or integers");
    } else if (qv_posix_int(qi, a[0], &name) < 0) {
        return NULL;
    }
    errno = 0;
    long v = sysconf(name);
    return v == -1 && errno ? qv_posix_error(qi) : qv_int_from_i64(qi, v);
}

int qv_posix_process_init(QvInterp *qi, QvObj *m)
{
    static const QvStructSeqField uname_fields[] = {{"sysname", NULL}, {"nodename", NULL},
                                                    {"release", NULL}, {"version", NULL},
                                                    {"machine", NULL}, {0}};
    static const QvStructSeqField times_fields[] = {
        {"user", NULL},          {"system", NULL},
        {"children_user", NULL}, {"children_system", NULL},
        {"elapsed", NULL},       {0}};
    static const QvStructSeqField size_fields[] = {{"columns", NULL}, {"lines", NULL}, {0}};
    static const QvStructSeqField param_fields[] = {{"sched_priority", NULL}, {0}};
    QvPosixState *s = qv_posix_state(m);
    struct {
        QvObj **place;
        const char *name, *attr;
        const QvStructSeqField *fields;
        int n;
    } const types[] = {
        {&s->uname_result, "posix.uname_result", "uname_result", uname_fields, 5},
        {&s->times_result, "posix.times_result", "times_result", times_fields, 5},
        {&s->terminal_size, "os.terminal_size", "terminal_size", size_fields, 2},
        {&s->sched_param, "posix.sched_param", "sched_param", param_fields, 1},
    };
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        *types[k].place = qv_structseq_type(qi, types[k].name, types[k].fields, types[k].n);
        if (!*types[k].place || qv_module_add(qi, m, types[k].attr, *types[k].place) < 0) {
            return -1;
        }
    }
    QvObj *names = qv_dict_new(qi);
    for (size_t k = 0; names && k < sizeof sysconf_names / sizeof *sysconf_names; k++) {
        if (qv_dict_set_cstr_take(qi, names, sysconf_names[k].name,
                                  qv_int_from_i64(qi, sysconf_names[k].value)) < 0) {
            qv_clear(qi, &names);
        }
    }
    return qv_module_add_take(qi, m, "sysconf_names", names) < 0
               ? -1
               : qv_module_add_take(qi, m, "environ", make_environ(qi));
}
