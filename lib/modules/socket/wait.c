// SPDX-License-Identifier: MIT
// Calls on a socket that may wait, without the interpreter's lock.
//
// The kernel is never asked to wait: calls are made so that they do not (the descriptor does not
// block when there is a timeout, MSG_DONTWAIT otherwise), and the waiting is done by qv_block(),
// which an interrupt ends. So a script that waits for the network can be
// stopped, and runs its signal handlers, like any other.
#include <fcntl.h>
#include <sys/time.h>

#include "base/clock.h"
#include "base/sync.h"
#include "modules/socket/socket.h"
#include "object/key.h"

#define KEEP_LOCK 4096 // bytes up to which a call that does not wait is made with the lock

int64_t qv_sock_deadline(const QvSocket *s)
{
    return s->timeout < 0 ? QV_NEVER : qv_clock_add(qv_clock_monotonic(), s->timeout);
}

QvObj *qv_sock_timed_out(QvInterp *qi) { return qv_raise(qi, &qv_exc_TimeoutError, "timed out"); }

int qv_sock_set_blocking(int fd, bool blocking)
{
    int flags = fcntl(fd, F_GETFL);
    int wanted = blocking ? flags & ~O_NONBLOCK : flags | O_NONBLOCK;
    return flags < 0 ? -1 : flags == wanted ? 0 : fcntl(fd, F_SETFL, wanted);
}

int qv_sock_wait(QvInterp *qi, QvSocket *s, short events, int64_t deadline)
{
    if (s->fd < 0) { // another thread has closed it
        qv_raise_errno(qi, EBADF, NULL, NULL);
        return -1;
    }
    return qv_block_fd(qi, s->fd, events, deadline);
}

// A socket without a timeout had nothing to give at once. What others have set on the descriptor
// still holds: true when it does not block, else *deadline by its option for timeouts.
static bool set_by_others(int fd, short events, int64_t *deadline)
{
    int flags = fcntl(fd, F_GETFL);
    if (flags >= 0 && (flags & O_NONBLOCK)) {
        return true;
    }
    struct timeval tv;
    socklen_t len = sizeof tv;
    if (getsockopt(fd, SOL_SOCKET, events == POLLIN ? SO_RCVTIMEO : SO_SNDTIMEO, &tv, &len) == 0 &&
        (tv.tv_sec || tv.tv_usec)) {
        *deadline =
            qv_clock_add(qv_clock_monotonic(), tv.tv_sec * QV_NS_PER_S + tv.tv_usec * QV_NS_PER_US);
    }
    return false;
}

ssize_t qv_sock_call(QvInterp *qi, QvSocket *s, QvSockCall *c, int64_t deadline)
{
    // MSG_DONTWAIT of the caller's own counts where the kernel would wait, not against a timeout.
    bool waits = s->timeout > 0 || (s->timeout < 0 && !(c->flags & MSG_DONTWAIT));
    bool asked = false, by_others = false;
    while (true) {
        int fd = s->fd, err = EAGAIN;
        // A script may have closed the descriptor behind the object's back.
        if (fd >= 0 && qv_cap_fd(qi, fd, QV_CAP_READ | QV_CAP_WRITE, "socket") < 0) {
            return -1;
        }
        ssize_t result = -1;
        if (!c->wait_first || asked || s->timeout >= 0) {
            // A short call that does not wait takes less than to let go of the lock and to get it
            // back from a thread that computes.
            bool keep = c->n <= KEEP_LOCK && !c->msg && !c->wait_first &&
                        (waits || s->timeout == 0);
            if (!keep) {
                qv_posix_unlock(qi);
            }
            result = c->run(c, fd, waits ? MSG_DONTWAIT : 0);
            keep ? qv_posix_pause(qi) : qv_posix_lock(qi);
            err = errno;
        }
        if (result >= 0) {
            return result;
        }
        if (err == EINTR) {
            if (qv_poll_here(qi) < 0) {
                return -1;
            }
            continue;
        }
        if (err != EAGAIN && err != EWOULDBLOCK) {
            qv_raise_errno(qi, err, NULL, NULL);
            return -1;
        }
        if (waits && s->timeout < 0 && !asked) {
            int64_t before = deadline;
            if (set_by_others(fd, c->events, &deadline)) {
                waits = false;
            }
            by_others = deadline != before;
            if (c->wait_first && !waits) {
                asked = true;
                continue;
            }
        }
        asked = true;
        int ready = waits ? qv_sock_wait(qi, s, c->events, deadline) : 0;
        if (ready == 0 && (!waits || by_others)) {
            qv_raise_errno(qi, EAGAIN, NULL, NULL);
        } else if (ready == 0) {
            qv_sock_timed_out(qi);
        }
        if (ready <= 0) {
            return -1;
        }
    }
}
