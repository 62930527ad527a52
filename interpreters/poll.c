// SPDX-License-Identifier: MIT
// Waiting for descriptors, so that interrupts and deadlines work too (object/blocking.h).
//
// A thread that waits in poll() adds a descriptor of its own, its bell (an eventfd). It says that
// it listens, then looks at the poll flag, then sleeps; who interrupts sets the poll flag and then
// rings where somebody listens: one of them sees the other. A bell that rings late, when the thread
// has left, only makes its next wait look once more.
//
// A bell is made when a thread first has to sleep, and stays with the record: who rings may be a
// signal handler, so it can take no lock against its being closed. The script must not close it by
// number either (qv_bell_is).
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "interpreters/instance.h"
#include "object/blocking.h"

#define BELL_MIN  40                  // lower numbers are left to what scripts open
#define NAP_FIRST (QV_NS_PER_US * 50) // between attempts that no descriptor tells of
#define NAP_MAX   (QV_NS_PER_MS * 5)  // the longest one
#define IN_VAIN   16 // poll() may so often say that a call can be made that then would wait

// ---- bells --------------------------------------------------------------------------------------

// The descriptor, or -1: there are none left (then the wait is cut into naps).
static int bell_of(QvThreadRec *rec)
{
    uint32_t bell = qv_atomic_load_u32(&rec->bell);
    if (bell) {
        return (int)bell - 1;
    }
    int low = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), fd = low;
    if (low >= 0 && low < BELL_MIN && (fd = fcntl(low, F_DUPFD_CLOEXEC, BELL_MIN)) >= 0) {
        close(low);
    } else if (fd < 0) {
        fd = low;
    }
    qv_atomic_store_u32(&rec->bell, (uint32_t)(fd + 1));
    return fd;
}

void qv_bell_ring(QvThreadRec *rec)
{
    uint32_t bell;
    if (qv_atomic_load_u32(&rec->listens) && (bell = qv_atomic_load_u32(&rec->bell)) != 0) {
        int err = errno;
        eventfd_write((int)bell - 1, 1);
        errno = err;
    }
}

void qv_bell_close(QvThreadRec *rec)
{
    uint32_t bell = qv_atomic_exchange_u32(&rec->bell, 0);
    if (bell) {
        close((int)bell - 1);
    }
}

bool qv_bell_is(QvInterp *qi, int fd, bool give_up)
{
    for (QvThreadRec *rec = __atomic_load_n(&qv_instance_of(qi)->records, __ATOMIC_ACQUIRE); rec;
         rec = rec->next) {
        if (fd >= 0 && qv_atomic_load_u32(&rec->bell) == (uint32_t)fd + 1) {
            if (give_up) {
                qv_atomic_store_u32(&rec->bell, 0);
            }
            return true;
        }
    }
    return false;
}

// ---- waiting ------------------------------------------------------------------------------------

static void hear(int bell)
{
    eventfd_t times;
    eventfd_read(bell, &times);
}

// One sleep on the first n descriptors and the bell. How many are ready, or -1 with errno.
static int sleep_once(QvBlocking *b, size_t n, int bell, int64_t until)
{
    struct pollfd alone, *fds = b->fds ? b->fds : &alone;
    struct pollfd *own = n ? fds + n : &alone;
    *own = (struct pollfd){.fd = bell, .events = POLLIN};
    int64_t left = until == QV_NEVER ? 0 : until - qv_clock_monotonic();
    left = left < 0 ? 0 : left;
    struct timespec ts = {.tv_sec = (time_t)(left / QV_NS_PER_S),
                          .tv_nsec = (long)(left % QV_NS_PER_S)};
    int got = ppoll(n ? fds : own, n + 1, until == QV_NEVER ? NULL : &ts, NULL);
    if (got > 0 && own->revents) {
        hear(bell);
        got--;
    }
    return got;
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

// Without the lock. 1, 0 as qv_block; -1: look at the poll flag, or b->err is set.
static int wait_unlocked(QvInstance *inst, QvThreadRec *rec, QvBlocking *b, int64_t graced)
{
    int64_t nap = NAP_FIRST;
    uint32_t in_vain = 0;
    for (b->ready = false;;) {
        bool was_ready = b->ready;
        if (b->attempt && b->attempt(b)) {
            return 1;
        }
        in_vain = was_ready ? in_vain + 1 : 0;
        bool expired = b->deadline != QV_NEVER && qv_clock_monotonic() >= b->deadline;
        if (expired && b->attempt) {
            return 0;
        }
        int bell = bell_of(rec);
        bool blind = (b->attempt && !b->n) || in_vain >= IN_VAIN;
        int64_t until = b->deadline;
        if (graced) {
            until = earlier(until, graced);
        }
        if (blind || bell < 0) {
            until = earlier(until, qv_clock_add(qv_clock_monotonic(), blind ? nap : NAP_MAX));
            nap = earlier(nap * 2, NAP_MAX);
        }
        qv_atomic_store_u32(&rec->listens, 1);
        if (!expired && qv_wait_is_over(inst, rec, graced)) {
            qv_atomic_store_u32(&rec->listens, 0);
            return -1;
        }
        int got = sleep_once(b, in_vain >= IN_VAIN ? 0 : b->n, bell, until);
        int err = errno;
        qv_atomic_store_u32(&rec->listens, 0);
        if (got < 0) {
            b->err = err == EINTR ? 0 : err;
            return -1;
        }
        b->ready = got > 0;
        if (!b->attempt && (b->ready || expired)) {
            return b->ready;
        }
    }
}

int qv_poll_block(QvInterp *qi, QvBlocking *b)
{
    QvInstance *inst = qv_instance_of(qi);
    QvThreadRec *rec = qi->ts->owner;
    int64_t graced = qv_wait_grace(inst, rec);
    qi->hooks.unlock(qi);
    int got = wait_unlocked(inst, rec, b, graced);
    qi->hooks.lock(qi);
    return got;
}

// ---- rows ---------------------------------------------------------------------------------------

typedef struct QvRowPlace {
    struct QvRowPlace *prev, *next;
    uint32_t *word;
    bool queued;
} QvRowPlace;

static void leave_row(QvRow *row, QvRowPlace *p)
{
    if (p->queued) {
        *(p->prev ? &p->prev->next : &row->first) = p->next;
        *(p->next ? &p->next->prev : &row->last) = p->prev;
        p->queued = false;
    }
}

static void forget_sleepers(QvInterp *qi, QvRow *row)
{
    uint32_t forks = qv_instance_of(qi)->forks;
    if (row->forks != forks) {
        row->forks = forks;
        row->first = row->last = NULL;
    }
}

int qv_row_sleep(QvInterp *qi, QvRow *row, int64_t deadline)
{
    forget_sleepers(qi, row);
    QvRowPlace p = {.prev = row->last, .word = qv_wait_arm(qi), .queued = true};
    *(p.prev ? &p.prev->next : &row->first) = &p;
    row->last = &p;
    QvWake wake = qv_wait_sleep(qi, p.word, deadline, 0);
    leave_row(row, &p);
    qv_wait_disarm(p.word);
    return wake == QV_WAKE_TIMEOUT ? 0 : wake == QV_WAKE_INTERRUPTED ? -1 : 1;
}

void qv_row_rouse(QvInterp *qi, QvRow *row)
{
    forget_sleepers(qi, row);
    for (QvRowPlace *p; (p = row->first) != NULL;) {
        uint32_t *word = p->word;
        leave_row(row, p);
        if (qv_wake_now(word)) {
            return;
        }
    }
}
