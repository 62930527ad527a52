// SPDX-License-Identifier: MIT
// Calls that may wait: the parts that know nothing of threads that ring. Those plug in block(),
// row_wait() and row_wake() (interpreters/poll.c).
#include "object/blocking.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#if QV_SANITIZE && !QV_SANITIZE_THREAD
#include <sanitizer/asan_interface.h>
#endif

#include "base/clock.h"
#include "object/error.h"
#include "object/key.h"
#include "object/protocol.h"

// ---- waiting ------------------------------------------------------------------------------------

// An interpreter that nobody can stop: one made by hand, for a test.
static int block_alone(QvBlocking *b)
{
    int64_t nap = QV_NS_PER_MS;
    for (b->ready = false; !b->attempt || !b->attempt(b);) {
        int64_t now = qv_clock_monotonic(), left = b->deadline - now;
        bool expired = b->deadline != QV_NEVER && left <= 0;
        int64_t most = b->n ? INT64_MAX : nap;
        left = expired ? 0 : left < most ? left : most;
        struct timespec ts = {.tv_sec = (time_t)(left / QV_NS_PER_S),
                              .tv_nsec = (long)(left % QV_NS_PER_S)};
        int got = ppoll(b->fds, b->n, &ts, NULL);
        if (got < 0) {
            b->err = errno == EINTR ? 0 : errno;
            return -1;
        }
        b->ready = got > 0;
        if (!b->attempt && b->ready) {
            return 1;
        }
        if (expired && !b->ready) {
            return 0;
        }
    }
    return 1;
}

int qv_block(QvInterp *qi, QvBlocking *b)
{
    for (;;) {
        b->err = 0;
        int got = qi->hooks.block ? qi->hooks.block(qi, b) : block_alone(b);
        if (got >= 0) {
            return got;
        }
        if (b->err) {
            qv_raise_errno(qi, b->err, NULL, NULL);
            return -1;
        }
        if (qv_poll_here(qi) < 0) {
            errno = EINTR;
            return -1;
        }
    }
}

int qv_block_fd(QvInterp *qi, int fd, short events, int64_t deadline)
{
    struct pollfd fds[2] = {{.fd = fd, .events = events}};
    QvBlocking b = {.fds = fds, .n = 1, .deadline = deadline};
    return qv_block(qi, &b);
}

// ---- reading and writing ------------------------------------------------------------------------

typedef enum IoMode {
    IO_UNKNOWN, // what the descriptor is has to be asked
    IO_PLAIN,   // it never waits, as far as anybody can do something about it
    IO_NOWAIT,  // preadv2 and pwritev2 take RWF_NOWAIT: pipes, sockets
    IO_ASK      // poll() first: terminals, FIFOs. Another reader may be quicker in between
} IoMode;

typedef struct IoCall {
    QvBlocking b;
    struct pollfd fds[2];
    struct iovec *iov; // what is left
    int n;
    bool writing;
    IoMode mode;
    ssize_t done; // written so far
    ssize_t result;
    int err;
} IoCall;

bool qv_fd_is_nonblocking(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_NONBLOCK);
}

static bool is_ready(int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};
    return poll(&p, 1, 0) != 0;
}

static IoMode mode_of(const IoCall *c)
{
    struct stat st;
    if (fstat(c->fds->fd, &st) < 0) {
        return IO_PLAIN; // the call will tell
    }
    bool memory = S_ISCHR(st.st_mode) && major(st.st_rdev) == 1; // /dev/null and the like
    bool waits = S_ISFIFO(st.st_mode) || S_ISSOCK(st.st_mode) || S_ISCHR(st.st_mode) ||
                 (st.st_mode & S_IFMT) == 0; // eventfd, timerfd and so on have no kind
    return waits && !memory ? IO_NOWAIT : IO_PLAIN;
}

static bool is_empty(const IoCall *c)
{
    for (int k = 0; k < c->n; k++) {
        if (c->iov[k].iov_len) {
            return false;
        }
    }
    return true;
}

// Files do not wait, but very much of them takes time: at most so much at once.
#define PIECE ((size_t)4 << 20)

static ssize_t io_piece(const IoCall *c)
{
    struct iovec iov = {.iov_base = c->iov->iov_base, .iov_len = PIECE};
    int fd = c->fds->fd;
    return c->writing ? writev(fd, &iov, 1) : readv(fd, &iov, 1);
}

static ssize_t io_once(const IoCall *c)
{
    int fd = c->fds->fd;
    if (c->mode == IO_PLAIN && c->n > 0 && c->iov->iov_len > PIECE) {
        return io_piece(c);
    }
    if (c->mode == IO_NOWAIT) {
        return c->writing ? pwritev2(fd, c->iov, c->n, -1, RWF_NOWAIT)
                          : preadv2(fd, c->iov, c->n, -1, RWF_NOWAIT);
    }
    if (c->mode == IO_ASK && c->writing) { // so much has room where poll() says that some has
        size_t size = c->iov->iov_len < PIPE_BUF ? c->iov->iov_len : PIPE_BUF;
        return write(fd, c->iov->iov_base, size);
    }
    return c->writing ? writev(fd, c->iov, c->n) : readv(fd, c->iov, c->n);
}

// Some has been written. True: that was all.
static bool advance(IoCall *c, size_t put)
{
    c->done += (ssize_t)put;
    while (c->n && put >= c->iov->iov_len) {
        put -= c->iov->iov_len;
        c->iov++;
        c->n--;
    }
    if (c->n) {
        c->iov->iov_base = (char *)c->iov->iov_base + put;
        c->iov->iov_len -= put;
    }
    return c->n == 0;
}

static bool attempt_io(QvBlocking *b)
{
    IoCall *c = (IoCall *)b;
    int fd = c->fds->fd;
    if (c->mode == IO_UNKNOWN) {
        c->mode = is_empty(c) ? IO_PLAIN : mode_of(c);
    }
    for (;;) {
        if (c->mode == IO_ASK && !b->ready && !is_ready(fd, c->fds->events) &&
            !qv_fd_is_nonblocking(fd)) {
            return false;
        }
        b->ready = false;
        ssize_t got = io_once(c);
        if (got < 0 && c->mode == IO_NOWAIT &&
            (errno == EOPNOTSUPP || errno == ENOSYS || errno == EINVAL || errno == ESPIPE)) {
            c->mode = IO_ASK;
            continue;
        }
        if (got < 0 && errno == EAGAIN && c->mode != IO_PLAIN && !qv_fd_is_nonblocking(fd)) {
            return false;
        }
        if (got > 0 && c->writing && c->mode != IO_PLAIN && !advance(c, (size_t)got) &&
            !qv_fd_is_nonblocking(fd)) {
            continue; // write() would not come back with a part
        }
        if (got == (ssize_t)PIECE && c->mode == IO_PLAIN && c->n > 0 && c->iov->iov_len > PIECE) {
            advance(c, PIECE);
            c->err = EINTR; // poll, then go on
            c->result = -1;
            return true;
        }
        c->err = errno;
        c->result = c->done ? c->done + (got > 0 && c->mode == IO_PLAIN ? got : 0) : got;
        return true;
    }
}

static ssize_t io_call(QvInterp *qi, IoCall *c)
{
    c->b.attempt = attempt_io;
    c->b.fds = c->fds;
    c->b.n = 1;
    c->b.deadline = QV_NEVER;
    for (;;) {
        if (qv_block(qi, &c->b) < 0) {
            errno = EINTR;
            return -1;
        }
        if (c->result >= 0 || c->err != EINTR || qv_poll_here(qi) < 0) {
            errno = c->err;
            return c->result;
        }
    }
}

ssize_t qv_fd_readv(QvInterp *qi, int fd, struct iovec *iov, int n, bool regular)
{
    IoCall c = {.fds = {{.fd = fd, .events = POLLIN}},
                .iov = iov,
                .n = n,
                .mode = regular ? IO_PLAIN : IO_UNKNOWN};
    return io_call(qi, &c);
}

ssize_t qv_fd_writev(QvInterp *qi, int fd, struct iovec *iov, int n, bool regular)
{
    IoCall c = {.fds = {{.fd = fd, .events = POLLOUT}},
                .iov = iov,
                .n = n,
                .writing = true,
                .mode = regular ? IO_PLAIN : IO_UNKNOWN};
    return io_call(qi, &c);
}

// ---- errands ------------------------------------------------------------------------------------
//
//              done (its thread)
//   RUNNING ----------------------> DONE      the waiting thread joins the other one
//      '--------------------------> LEFT      it cancels and joins it, or leaves it alone
//              stop (waiting thread)
//
// One compare-and-swap decides. A thread that finds itself left drops what it has, unless the
// other one joins it and does so.

enum { ERRAND_RUNNING, ERRAND_DONE, ERRAND_LEFT };

#define ERRAND_STACK ((size_t)1 << 20) // bytes: look-ups of names need some

static bool move(QvErrand *e, uint32_t to)
{
    uint32_t expected = ERRAND_RUNNING;
    return qv_atomic_cas_u32(&e->state, &expected, to);
}

#if QV_SANITIZE && !QV_SANITIZE_THREAD
// A cancelled thread leaves its frames without the epilogues that would unmark them; what ends it
// then runs on the same stack. Called while that is still as deep as it was.
static void unmark_stack(void *unused)
{
    (void)unused;
    __asan_handle_no_return();
}
#endif

static void *errand_main(void *arg)
{
    QvErrand *e = arg;
#if QV_SANITIZE && !QV_SANITIZE_THREAD
    pthread_cleanup_push(unmark_stack, NULL);
    e->run(e);
    pthread_cleanup_pop(0);
#else
    e->run(e);
#endif
    bool leave = e->leave;
    if (move(e, ERRAND_DONE)) {
        eventfd_write(e->bell, 1);
    } else if (leave) {
        close(e->bell);
        e->drop(e);
    }
    return NULL;
}

static int errand_start(QvErrand *e, pthread_t *ret)
{
    sigset_t all, before;
    pthread_attr_t attr;
    if (pthread_attr_init(&attr) != 0) {
        return -1;
    }
    pthread_attr_setstacksize(&attr, ERRAND_STACK);
    sigfillset(&all);
    if (!e->hears) {
        pthread_sigmask(SIG_SETMASK, &all, &before);
    }
    int err = pthread_create(ret, &attr, errand_main, e);
    if (!e->hears) {
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
    pthread_attr_destroy(&attr);
    return err ? -1 : 0;
}

int qv_errand(QvInterp *qi, QvErrand *e)
{
    pthread_t thread;
    e->state = ERRAND_RUNNING;
    e->bell = qi->hooks.block ? eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) : -1;
    if (e->bell < 0 || errand_start(e, &thread) < 0) {
        if (e->bell >= 0) {
            close(e->bell);
        }
        if (qi->hooks.unlock) {
            qi->hooks.unlock(qi);
        }
        e->run(e);
        if (qi->hooks.lock) {
            qi->hooks.lock(qi);
        }
        return 1;
    }
    int bell = e->bell, got = qv_block_fd(qi, bell, POLLIN, QV_NEVER);
    if (got < 0 && move(e, ERRAND_LEFT)) {
        if (e->leave) {
            pthread_detach(thread);
            return -1;
        }
        pthread_cancel(thread);
    }
    pthread_join(thread, NULL);
    close(bell);
    if (got < 0) {
        e->drop(e);
        return -1;
    }
    return 1;
}

// ---- rows ---------------------------------------------------------------------------------------

int qv_row_wait(QvInterp *qi, QvRow *row, int64_t deadline)
{
    if (!qi->hooks.row_wait) { // nobody else is there who could wake it
        qv_clock_sleep_until(deadline);
        return 0;
    }
    int got = qi->hooks.row_wait(qi, row, deadline);
    return got >= 0 ? got : qv_poll_here(qi) < 0 ? -1 : 1;
}
