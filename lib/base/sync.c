// SPDX-License-Identifier: MIT
// Futex based locks, the rank check of debug builds, thin wrappers over threads.
//
// The mutex is the three-state one of Drepper's "Futexes Are Tricky" (mutex2): 2 means "somebody
// may sleep", so an unlock without waiters is one exchange and no system call. All ordering comes
// from atomic accesses to the state word, which thread sanitizers understand; the futex only
// sleeps.
#include "base/sync.h"
#include "base/clock.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Longest spin before sleeping. A critical section here is well under a microsecond; 100 pauses are
// about two (Skylake and later: 40 ns each), less than a sleep and a wake cost.
#define SPIN_MAX 100

// ---- futex -----------------------------------------------------------------------------------

QvWaitResult qv_futex_wait(const uint32_t *word, uint32_t expected, int64_t deadline)
{
    struct timespec ts;
    struct timespec *timeout = NULL;
    if (deadline != QV_NEVER) {
        if (deadline < 0) {
            deadline = 0;
        }
        ts.tv_sec = (time_t)(deadline / QV_NS_PER_S);
        ts.tv_nsec = (long)(deadline % QV_NS_PER_S);
        timeout = &ts;
    }
    // The bitset form takes an absolute time; the plain one would drift when woken spuriously.
    long rc = syscall(SYS_futex, word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, expected, timeout,
                      NULL, FUTEX_BITSET_MATCH_ANY);
    if (rc == 0) {
        return QV_WAIT_WOKEN;
    }
    switch (errno) {
    case ETIMEDOUT: return QV_WAIT_TIMEOUT;
    case EINTR: return QV_WAIT_SIGNAL;
    default: // EAGAIN: the word is no longer what it was
        return QV_WAIT_WOKEN;
    }
}

int qv_futex_wake(const uint32_t *word, int count)
{
    long rc = syscall(SYS_futex, word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, count, NULL, NULL, 0);
    return rc < 0 ? 0 : (int)rc;
}

// ---- lock ranks ------------------------------------------------------------------------------

const char *qv_lock_rank_name(QvLockRank rank)
{
    static const char *const names[QV_RANK_COUNT] = {
        [QV_RANK_NONE] = "NONE",
#define LOCK(NAME) [QV_RANK_##NAME] = #NAME,
#include "base/locks.def"
#undef LOCK
    };
    return (unsigned)rank < QV_RANK_COUNT ? names[rank] : "?";
}

#if QV_DEBUG
// What the calling thread holds, by rank. Debug builds only: release has no thread-local data here.
static __thread int qv_sync_held[QV_RANK_COUNT];

static int greatest_held(void)
{
    int rank = QV_RANK_COUNT - 1;
    while (rank > 0 && qv_sync_held[rank] == 0) {
        rank--;
    }
    return rank;
}

void qv_lock_enter(QvLockRank rank)
{
    if (rank == QV_RANK_NONE) {
        return;
    }
    int greatest = greatest_held();
    bool nested = rank == QV_RANK_INTERP && greatest == QV_RANK_INTERP;
    if ((int)rank <= greatest && !nested) {
        fprintf(stderr, "lock order: %s taken while %s is held\n", qv_lock_rank_name(rank),
                qv_lock_rank_name((QvLockRank)greatest));
        qv_assert(false && "lock order");
    }
    qv_sync_held[rank]++;
}

void qv_lock_leave(QvLockRank rank)
{
    if (rank == QV_RANK_NONE) {
        return;
    }
    qv_assert(qv_sync_held[rank] > 0);
    qv_sync_held[rank]--;
}

int qv_lock_depth(QvLockRank rank) { return qv_sync_held[rank]; }

bool qv_lock_holds_beyond(QvLockRank rank) { return greatest_held() > (int)rank; }
#endif

// ---- mutex -----------------------------------------------------------------------------------

void qv_mutex_lock_slow(QvMutex *m)
{
    for (int i = 0; i < SPIN_MAX; i++) {
        uint32_t state = __atomic_load_n(&m->state, __ATOMIC_RELAXED);
        if (state == 0 && __atomic_compare_exchange_n(&m->state, &state, 1, false, __ATOMIC_ACQUIRE,
                                                      __ATOMIC_RELAXED)) {
            return;
        }
        if (state == 2) {
            break; // others sleep already: spinning would only jump the queue
        }
        qv_cpu_pause();
    }
    while (__atomic_exchange_n(&m->state, 2, __ATOMIC_ACQUIRE) != 0) {
        qv_futex_wait(&m->state, 2, QV_NEVER);
    }
}

void qv_mutex_unlock_slow(QvMutex *m)
{
    // The mutex may be gone by now (freed by the thread that got it): a stray wake-up of whatever
    // stands at this address is harmless, since every sleeper looks again.
    qv_futex_wake(&m->state, 1);
}

// ---- condition -------------------------------------------------------------------------------

QvWaitResult qv_cond_wait(QvCond *c, QvMutex *m, int64_t deadline)
{
    // Both are read or changed while the mutex is held: a signaller that changes the condition
    // under the mutex after this sees waiters != 0, and its new seq makes the futex refuse to
    // sleep.
    __atomic_fetch_add(&c->waiters, 1, __ATOMIC_SEQ_CST);
    uint32_t seq = __atomic_load_n(&c->seq, __ATOMIC_SEQ_CST);
    qv_mutex_unlock(m);
    QvWaitResult result = qv_futex_wait(&c->seq, seq, deadline);
    __atomic_fetch_sub(&c->waiters, 1, __ATOMIC_SEQ_CST);
    qv_mutex_lock(m);
    return result;
}

void qv_cond_signal(QvCond *c)
{
    if (__atomic_load_n(&c->waiters, __ATOMIC_SEQ_CST) == 0) {
        return;
    }
    __atomic_fetch_add(&c->seq, 1, __ATOMIC_SEQ_CST);
    qv_futex_wake(&c->seq, 1);
}

void qv_cond_broadcast(QvCond *c)
{
    if (__atomic_load_n(&c->waiters, __ATOMIC_SEQ_CST) == 0) {
        return;
    }
    __atomic_fetch_add(&c->seq, 1, __ATOMIC_SEQ_CST);
    qv_futex_wake(&c->seq, INT_MAX);
}

// ---- once ------------------------------------------------------------------------------------

void qv_once(QvOnce *once, void (*fn)(void)) { pthread_once(&once->once, fn); }

// ---- OS threads ------------------------------------------------------------------------------

int qv_thread_start(void *(*fn)(void *arg), void *arg, size_t stack_size, QvOsThread *ret)
{
    pthread_attr_t attr;
    int rc = pthread_attr_init(&attr);
    if (rc != 0) {
        return rc;
    }
    if (stack_size > 0) {
        long least = sysconf(_SC_THREAD_STACK_MIN);
        if (least > 0 && stack_size < (size_t)least) {
            stack_size = (size_t)least;
        }
        size_t page = (size_t)sysconf(_SC_PAGESIZE);
        stack_size = (stack_size + page - 1) & ~(page - 1);
        rc = pthread_attr_setstacksize(&attr, stack_size);
    }
    pthread_t handle;
    if (rc == 0) {
        rc = pthread_create(&handle, &attr, fn, arg);
    }
    pthread_attr_destroy(&attr);
    if (rc == 0) {
        ret->handle = handle;
    }
    return rc;
}

int qv_thread_join(QvOsThread *t, void **ret) { return pthread_join(t->handle, ret); }

int qv_thread_detach(QvOsThread *t) { return pthread_detach(t->handle); }

void qv_thread_set_name(const char *name)
{
    char cut[16];
    size_t n = strnlen(name, sizeof(cut) - 1);
    memcpy(cut, name, n);
    cut[n] = '\0';
    pthread_setname_np(pthread_self(), cut);
}

uint64_t qv_thread_native_id(void) { return (uint64_t)syscall(SYS_gettid); }

int qv_thread_stack(char **ret_base, size_t *ret_size)
{
    pthread_attr_t attr;
    if (pthread_getattr_np(pthread_self(), &attr) != 0) {
        return -1;
    }
    void *base = NULL;
    size_t size = 0;
    int rc = pthread_attr_getstack(&attr, &base, &size);
    pthread_attr_destroy(&attr);
    if (rc != 0) {
        return -1;
    }
    *ret_base = base;
    *ret_size = size;
    return 0;
}

int qv_thread_cpu_count(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof(set), &set) == 0) {
        int n = CPU_COUNT(&set);
        if (n > 0) {
            return n;
        }
    }
    long n = sysconf(_SC_NPROCESSORS_ONLN);
    return n > 0 ? (int)n : 1;
}
