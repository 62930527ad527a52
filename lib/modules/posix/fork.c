// SPDX-License-Identifier: MIT
// posix: fork, and the functions to be called around it.
#include <errno.h>
#include <pty.h>
#include <unistd.h>
#include <utmp.h>

#include "modules/import/import.h"
#include "modules/posix/posix.h"
#include "object/audit.h"
#include "object/int.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/tuple.h"

// Calls the functions of a list. What they raise has nobody to be told to but sys.unraisablehook.
static void call_all(QvInterp *qi, QvObj *list, bool last_first)
{
    QvSsize n = list ? qv_list_len(list) : 0;
    for (QvSsize k = 0; k < n && k < qv_list_len(list); k++) {
        QvObj *f = qv_new_ref(qi, qv_list_peek(list, last_first ? n - 1 - k : k));
        QvObj *result = qv_call0(qi, f);
        if (!result) {
            qv_err_unraisable(qi, f);
        }
        qv_xdecref(qi, result);
        qv_decref(qi, f);
    }
}

int qv_posix_before_fork(QvInterp *qi)
{
    QvPosixState *state = qv_posix_state_find(qi);
    if (!state) {
        return -1;
    }
    call_all(qi, state->fork_hooks[QV_FORK_BEFORE], true);
    // Another thread's import is waited for, so that the child does not see half of it.
    const QvImportState *importer = (const QvImportState *)qi->importer;
    state->fork_locked = importer && importer->lock;
    if (state->fork_locked && qv_import_lock(qi) < 0) {
        return -1;
    }
    int status = qi->hooks.fork ? qi->hooks.fork(qi, QV_FORK_BEFORE) : 0;
    if (status < 0 && state->fork_locked) {
        (void)qv_import_unlock(qi); // keeps the exception
    }
    return status;
}

void qv_posix_after_fork(QvInterp *qi, bool child)
{
    QvForkStep step = child ? QV_FORK_CHILD : QV_FORK_PARENT;
    int err = errno;
    if (qi->hooks.fork) {
        qi->hooks.fork(qi, step);
    }
    QvPosixState *state = qv_posix_state_find(qi);
    if (state) {
        if (state->fork_locked && qv_import_unlock(qi) < 0) {
            qv_err_unraisable(qi, NULL);
        }
        state->fork_locked = false;
        call_all(qi, state->fork_hooks[step], false);
    } else {
        qv_err_clear(qi);
    }
    errno = err;
}

POSIX_FN(posix_fork)
{
    (void)m, (void)a, (void)n;
    if (qv_audit_on(qi) && qv_audit(qi, "os.fork", "") < 0) {
        return NULL;
    }
    if (qv_posix_before_fork(qi) < 0) {
        return NULL;
    }
    pid_t pid = fork();
    qv_posix_after_fork(qi, pid == 0);
    return pid < 0 ? qv_posix_error(qi) : qv_int_from_i64(qi, pid);
}

POSIX_FN(posix_forkpty)
{
    (void)m, (void)a, (void)n;
    int master = -1;
    if (qv_audit_on(qi) && qv_audit(qi, "os.forkpty", "") < 0) {
        return NULL;
    }
    if (qv_posix_before_fork(qi) < 0) {
        return NULL;
    }
    pid_t pid = forkpty(&master, NULL, NULL, NULL);
    qv_posix_after_fork(qi, pid == 0);
    if (pid < 0) {
        return qv_posix_error(qi);
    }
    QvObj *number = qv_int_from_i64(qi, pid), *fd = qv_int_from_i64(qi, master);
    QvObj *pair = number && fd ? qv_tuple_of(qi, 2, number, fd) : NULL;
    qv_xdecref(qi, number);
    qv_xdecref(qi, fd);
    return pair;
}

POSIX_FN(posix_register_at_fork)
{
    (void)n;
    static const char *const names[] = {"before", "after_in_child", "after_in_parent"};
    static const QvForkStep steps[] = {QV_FORK_BEFORE, QV_FORK_CHILD, QV_FORK_PARENT};
    QvObj **lists = qv_posix_state(m)->fork_hooks;
    if (!a[0] && !a[1] && !a[2]) {
        return qv_raise(qi, &qv_exc_TypeError, "At least one argument is required.");
    }
    for (int k = 0; k < 3; k++) {
        if (a[k] && !qv_is_callable(a[k])) {
            return qv_raise(qi, &qv_exc_TypeError, "'%s' must be callable, not %T", names[k], a[k]);
        }
    }
    for (int k = 0; k < 3; k++) {
        QvObj **list = &lists[steps[k]];
        if (a[k] &&
            ((!*list && !(*list = qv_list_new(qi, 1))) || qv_list_append(qi, *list, a[k]) < 0)) {
            return NULL;
        }
    }
    return QV_NONE;
}

POSIX_FN(posix_login_tty)
{
    (void)m, (void)n;
    int fd;
    if (qv_posix_fd(qi, a[0], &fd) < 0) {
        return NULL;
    }
    return login_tty(fd) < 0 ? qv_posix_error(qi) : QV_NONE;
}
