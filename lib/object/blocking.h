// SPDX-License-Identifier: MIT
// Calls that may wait. They are made without the interpreter's lock, and end when it is to stop.
//
// Three ways, by what the kernel offers:
//   qv_block    a call that can be tried without waiting, and descriptors that tell when to try
//               again
//   qv_errand   a call that can only wait (a lock, the opening of a FIFO, a look-up of names): it
//               is made on a thread of its own, which is ended or left behind
//   qv_row      waiting for another thread of the same interpreter
// In each the thread sleeps until what it waits for happens, or somebody rings: nothing polls.
#ifndef QV_OBJECT_BLOCKING_H
#define QV_OBJECT_BLOCKING_H

#include <poll.h>
#include <sys/types.h>
#include <sys/uio.h>

#include "base/sync.h"
#include "object/interp.h"

typedef struct QvBlocking QvBlocking;
struct QvBlocking {
    // Makes the call without waiting, or finds that it would have to: false. Runs without the
    // lock and may set fds and n. NULL: only the descriptors matter.
    bool (*attempt)(QvBlocking *b);
    struct pollfd *fds; // n of them, and room for one more; NULL where n is 0
    size_t n;           // 0: attempts are repeated after naps that grow to 5 ms
    int64_t deadline;   // monotonic ns, or QV_NEVER
    bool ready;         // for attempt: poll() has just found one of fds ready
    int err;            // out: errno of poll(), where that failed; else 0
};

// Waits: 1 attempt succeeded, or descriptors are ready (revents tells); 0 the deadline has passed
// (revents are 0); -1 with an exception.
QV_RUNS QV_BLOCKS int qv_block(QvInterp *qi, QvBlocking *b);
// Waits for one descriptor: the same.
QV_RUNS QV_BLOCKS int qv_block_fd(QvInterp *qi, int fd, short events, int64_t deadline);

// readv and writev as the descriptor has it: what blocks waits, what is written is written whole
// where write() would do that. iov is changed. regular: it is known to be a file that never waits.
// -1 with errno, or with errno EINTR and an exception.
QV_RUNS QV_BLOCKS ssize_t qv_fd_readv(QvInterp *qi, int fd, struct iovec *iov, int n, bool regular);
QV_RUNS QV_BLOCKS ssize_t qv_fd_writev(QvInterp *qi, int fd, struct iovec *iov, int n,
                                       bool regular);
QV_RUNS QV_BLOCKS static inline ssize_t qv_fd_read(QvInterp *qi, int fd, void *p, size_t n,
                                                   bool regular)
{
    struct iovec iov = {.iov_base = p, .iov_len = n};
    return qv_fd_readv(qi, fd, &iov, 1, regular);
}
QV_RUNS QV_BLOCKS static inline ssize_t qv_fd_write(QvInterp *qi, int fd, const void *p, size_t n,
                                                    bool regular)
{
    union {
        const void *from;
        void *to;
    } u = {.from = p};
    struct iovec iov = {.iov_base = u.to, .iov_len = n};
    return qv_fd_writev(qi, fd, &iov, 1, regular);
}
bool qv_fd_is_nonblocking(int fd);

// ---- errands ------------------------------------------------------------------------------------

typedef struct QvErrand QvErrand;
struct QvErrand {
    void (*run)(QvErrand *e); // on the other thread; touches no object
    // What the call has left when nobody wants it any more. Where `leave` is set, it also frees the
    // errand, which is not the caller's any more.
    void (*drop)(QvErrand *e);
    bool leave; // the thread cannot be ended: it is left behind. Else run may be cancelled, at
                // cancellation points
    bool hears; // the thread's signal mask is the caller's; else it gets no signals
    // ---- blocking.c's own
    uint32_t state;
    int bell; // eventfd that says that it is done
};

// 1: it has run; -1 with an exception: it is dropped. Without another thread to be had it is run
// here.
QV_RUNS QV_BLOCKS int qv_errand(QvInterp *qi, QvErrand *e);

// ---- rows ---------------------------------------------------------------------------------------

// Threads of one interpreter that wait for the same thing; all zero: nobody. The lock is held.
typedef struct QvRow {
    struct QvRowPlace *first, *last;
    uint32_t forks; // of the interpreter when it was last used: a fork's child has no sleepers
} QvRow;

// Waits for qv_row_wake: 1 woken (look again), 0 the deadline has passed, -1 with an exception.
QV_RUNS QV_BLOCKS int qv_row_wait(QvInterp *qi, QvRow *row, int64_t deadline);
// Wakes who has waited longest.
static inline void qv_row_wake(QvInterp *qi, QvRow *row)
{
    if (QV_UNLIKELY(row->first != NULL)) {
        qi->hooks.row_wake(qi, row);
    }
}

#endif
