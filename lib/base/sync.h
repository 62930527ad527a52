// SPDX-License-Identifier: MIT
// Mutex, condition, futex, once, OS threads and the few atomics that Quiver uses.
//
// QvMutex and QvCond are words on futexes: 4 and 8 bytes, no destruction needed, usable from zeroed
// memory in release. Lock ranks (base/locks.def) are checked in debug builds only.
#ifndef QV_BASE_SYNC_H
#define QV_BASE_SYNC_H

#include "base/config.h"

#include <pthread.h>

// ---- atomics ---------------------------------------------------------------------------------
// One set of functions for each type: qv_atomic_load_relaxed_u32(p), qv_atomic_add_u64(p, n)...
// Read-modify-write ones are sequentially consistent and return the old value. Types: u8 u32 u64
// i64 size ptr (void *).

#define QV_ATOMIC_ACCESS(SUFFIX, TYPE)                                                   \
    static inline TYPE qv_atomic_load_relaxed_##SUFFIX(TYPE const *p)                    \
    {                                                                                    \
        return __atomic_load_n(p, __ATOMIC_RELAXED);                                     \
    }                                                                                    \
    static inline TYPE qv_atomic_load_acquire_##SUFFIX(TYPE const *p)                    \
    {                                                                                    \
        return __atomic_load_n(p, __ATOMIC_ACQUIRE);                                     \
    }                                                                                    \
    static inline TYPE qv_atomic_load_##SUFFIX(TYPE const *p)                            \
    {                                                                                    \
        return __atomic_load_n(p, __ATOMIC_SEQ_CST);                                     \
    }                                                                                    \
    static inline void qv_atomic_store_relaxed_##SUFFIX(TYPE *p, TYPE v)                 \
    {                                                                                    \
        __atomic_store_n(p, v, __ATOMIC_RELAXED);                                        \
    }                                                                                    \
    static inline void qv_atomic_store_release_##SUFFIX(TYPE *p, TYPE v)                 \
    {                                                                                    \
        __atomic_store_n(p, v, __ATOMIC_RELEASE);                                        \
    }                                                                                    \
    static inline void qv_atomic_store_##SUFFIX(TYPE *p, TYPE v)                         \
    {                                                                                    \
        __atomic_store_n(p, v, __ATOMIC_SEQ_CST);                                        \
    }                                                                                    \
    static inline TYPE qv_atomic_exchange_##SUFFIX(TYPE *p, TYPE v)                      \
    {                                                                                    \
        return __atomic_exchange_n(p, v, __ATOMIC_SEQ_CST);                              \
    }                                                                                    \
    /* True and *p == v when *p was *expected; otherwise *expected is what was there. */ \
    static inline bool qv_atomic_cas_##SUFFIX(TYPE *p, TYPE *expected, TYPE v)           \
    {                                                                                    \
        return __atomic_compare_exchange_n(p, expected, v, false, __ATOMIC_SEQ_CST,      \
                                           __ATOMIC_SEQ_CST);                            \
    }

#define QV_ATOMIC_ARITHMETIC(SUFFIX, TYPE)                     \
    static inline TYPE qv_atomic_add_##SUFFIX(TYPE *p, TYPE v) \
    {                                                          \
        return __atomic_fetch_add(p, v, __ATOMIC_SEQ_CST);     \
    }                                                          \
    static inline TYPE qv_atomic_sub_##SUFFIX(TYPE *p, TYPE v) \
    {                                                          \
        return __atomic_fetch_sub(p, v, __ATOMIC_SEQ_CST);     \
    }                                                          \
    static inline TYPE qv_atomic_or_##SUFFIX(TYPE *p, TYPE v)  \
    {                                                          \
        return __atomic_fetch_or(p, v, __ATOMIC_SEQ_CST);      \
    }                                                          \
    static inline TYPE qv_atomic_and_##SUFFIX(TYPE *p, TYPE v) \
    {                                                          \
        return __atomic_fetch_and(p, v, __ATOMIC_SEQ_CST);     \
    }

QV_ATOMIC_ACCESS(u8, uint8_t)
QV_ATOMIC_ARITHMETIC(u8, uint8_t)
QV_ATOMIC_ACCESS(u32, uint32_t)
QV_ATOMIC_ARITHMETIC(u32, uint32_t)
QV_ATOMIC_ACCESS(u64, uint64_t)
QV_ATOMIC_ARITHMETIC(u64, uint64_t)
QV_ATOMIC_ACCESS(i64, int64_t)
QV_ATOMIC_ARITHMETIC(i64, int64_t)
QV_ATOMIC_ACCESS(size, size_t)
QV_ATOMIC_ARITHMETIC(size, size_t)
QV_ATOMIC_ACCESS(ptr, void *)

#undef QV_ATOMIC_ACCESS
#undef QV_ATOMIC_ARITHMETIC

// What moves between cores as one piece.
#define QV_CACHE_LINE 64

// Tells the processor that this is a spin loop.
static inline void qv_cpu_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// ---- futex -----------------------------------------------------------------------------------

#define QV_NEVER INT64_MAX // a deadline that never comes

typedef enum QvWaitResult {
    QV_WAIT_WOKEN = 0,   // woken, or the word had changed already, or spuriously: look again
    QV_WAIT_TIMEOUT = 1, // the deadline has passed
    QV_WAIT_SIGNAL = 2,  // a signal handler ran in this thread
} QvWaitResult;

// Sleeps while *word == expected, until woken or until the monotonic clock shows `deadline` ns.
QvWaitResult qv_futex_wait(const uint32_t *word, uint32_t expected, int64_t deadline);

// Wakes up to `count` sleepers. Returns how many.
int qv_futex_wake(const uint32_t *word, int count);

// ---- lock ranks ------------------------------------------------------------------------------

typedef enum QvLockRank {
    QV_RANK_NONE = 0, // not checked
#define LOCK(NAME) QV_RANK_##NAME,
#include "base/locks.def"
#undef LOCK
    QV_RANK_COUNT,
} QvLockRank;

// Name of a rank, for messages.
const char *qv_lock_rank_name(QvLockRank rank);

// For locks that are not a QvMutex (the interpreter's): note that this thread takes or releases
// one. A wrong order traps. Nothing in release.
#if QV_DEBUG
void qv_lock_enter(QvLockRank rank);
void qv_lock_leave(QvLockRank rank);
// How many locks of the rank this thread holds. Only for use in qv_assert.
int qv_lock_depth(QvLockRank rank);
// True if this thread holds a ranked lock of a greater rank. Only for use in qv_assert.
bool qv_lock_holds_beyond(QvLockRank rank);
#else
static inline void qv_lock_enter(QvLockRank rank) { (void)rank; }
static inline void qv_lock_leave(QvLockRank rank) { (void)rank; }
static inline int qv_lock_depth(QvLockRank rank)
{
    (void)rank;
    return 0;
}
static inline bool qv_lock_holds_beyond(QvLockRank rank)
{
    (void)rank;
    return false;
}
#endif

// ---- mutex -----------------------------------------------------------------------------------

typedef struct QvMutex {
    uint32_t state; // atomic: 0 free, 1 held, 2 held and perhaps waited for
#if QV_DEBUG
    uint32_t rank; // QvLockRank
#endif
} QvMutex;

#if QV_DEBUG
#define QV_MUTEX_INIT(RANK)        \
    {                              \
        .state = 0, .rank = (RANK) \
    }
#else
#define QV_MUTEX_INIT(RANK) \
    {                       \
        .state = 0          \
    }
#endif

// Not recursive; not fair. Nothing to destroy.
static inline void qv_mutex_init(QvMutex *m, QvLockRank rank)
{
    m->state = 0;
#if QV_DEBUG
    m->rank = (uint32_t)rank;
#else
    (void)rank;
#endif
}

// Waiting and waking parts, out of line.
void qv_mutex_lock_slow(QvMutex *m);
void qv_mutex_unlock_slow(QvMutex *m);

static inline QvLockRank qv_mutex_rank(const QvMutex *m)
{
#if QV_DEBUG
    return (QvLockRank)m->rank;
#else
    (void)m;
    return QV_RANK_NONE;
#endif
}

static inline void qv_mutex_lock(QvMutex *m)
{
    qv_lock_enter(qv_mutex_rank(m));
    uint32_t expected = 0;
    if (QV_UNLIKELY(!__atomic_compare_exchange_n(&m->state, &expected, 1, false, __ATOMIC_ACQUIRE,
                                                 __ATOMIC_RELAXED))) {
        qv_mutex_lock_slow(m);
    }
}

// True if the lock was free and is now held.
static inline bool qv_mutex_try_lock(QvMutex *m)
{
    uint32_t expected = 0;
    if (!__atomic_compare_exchange_n(&m->state, &expected, 1, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED)) {
        return false;
    }
    qv_lock_enter(qv_mutex_rank(m));
    return true;
}

static inline void qv_mutex_unlock(QvMutex *m)
{
    qv_lock_leave(qv_mutex_rank(m));
    if (QV_UNLIKELY(__atomic_exchange_n(&m->state, 0, __ATOMIC_RELEASE) == 2)) {
        qv_mutex_unlock_slow(m);
    }
}

// Around fork() a thread holds whole families of locks: the same without the order's check.
static inline void qv_mutex_hold(QvMutex *m)
{
    uint32_t expected = 0;
    if (!__atomic_compare_exchange_n(&m->state, &expected, 1, false, __ATOMIC_ACQUIRE,
                                     __ATOMIC_RELAXED)) {
        qv_mutex_lock_slow(m);
    }
}
static inline void qv_mutex_let_go(QvMutex *m)
{
    if (__atomic_exchange_n(&m->state, 0, __ATOMIC_RELEASE) == 2) {
        qv_mutex_unlock_slow(m);
    }
}

// True if somebody holds it. Only for use in qv_assert.
static inline bool qv_mutex_is_locked(const QvMutex *m)
{
    return __atomic_load_n(&m->state, __ATOMIC_RELAXED) != 0;
}

// ---- condition -------------------------------------------------------------------------------

typedef struct QvCond {
    uint32_t seq;     // atomic: counts signals; what waiters sleep on
    uint32_t waiters; // atomic: threads in wait, so that a signal to nobody is no system call
} QvCond;

static inline void qv_cond_init(QvCond *c) { *c = (QvCond){0}; }

// Releases m, waits, takes m again. Wakes spuriously too: always wait in a loop over the condition.
// The result is a hint: TIMEOUT when the deadline (monotonic ns, QV_NEVER for none) had passed.
QvWaitResult qv_cond_wait(QvCond *c, QvMutex *m, int64_t deadline);

// Wake one waiter, or all. Best called with the mutex held (never needed for correctness if the
// condition itself was changed under it).
void qv_cond_signal(QvCond *c);
void qv_cond_broadcast(QvCond *c);

// ---- once ------------------------------------------------------------------------------------

typedef struct QvOnce {
    pthread_once_t once; // guard of the C library
} QvOnce;

#define QV_ONCE_INIT      \
    {                     \
        PTHREAD_ONCE_INIT \
    }

// Calls fn exactly once per process for this object; all callers return after it has finished.
void qv_once(QvOnce *once, void (*fn)(void));

// ---- OS threads ------------------------------------------------------------------------------

typedef struct QvOsThread {
    pthread_t handle; // valid between a successful start and join or detach
} QvOsThread;

// Starts a joinable thread with the given stack (0 = the system's default; at least the system's
// minimum is used). Returns 0, or an errno value.
int qv_thread_start(void *(*fn)(void *arg), void *arg, size_t stack_size, QvOsThread *ret);

// Waits for the end; ret may be NULL. Returns 0, or an errno value.
int qv_thread_join(QvOsThread *t, void **ret);

// Gives up the right to join. Returns 0, or an errno value.
int qv_thread_detach(QvOsThread *t);

// Name of the calling thread as debuggers show it (cut at 15 bytes).
void qv_thread_set_name(const char *name);

// The kernel's id of the calling thread.
uint64_t qv_thread_native_id(void);

// Lowest address and size of the calling thread's stack. Returns 0, or -1 if unknown.
int qv_thread_stack(char **ret_base, size_t *ret_size);

// Online processors, at least 1.
int qv_thread_cpu_count(void);

#endif
