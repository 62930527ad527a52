// SPDX-License-Identifier: MIT
// Unit tests of base/sync.h and base/clock.h.
// suite: threads
#include "base/clock.h"
#include "base/heap.h"
#include "base/sync.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 4
#define ROUNDS  50000

static QvMutex counter_mu = QV_MUTEX_INIT(QV_RANK_LEAF);
static uint64_t counter;

static void *count_up(void *arg)
{
    (void)arg;
    for (int i = 0; i < ROUNDS; i++) {
        qv_mutex_lock(&counter_mu);
        counter++;
        qv_mutex_unlock(&counter_mu);
    }
    return arg;
}

START_TEST(test_mutex)
{
    QvOsThread threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(qv_thread_start(count_up, &threads[i], 0, &threads[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        ck_assert_int_eq(qv_thread_join(&threads[i], &result), 0);
        ck_assert_ptr_eq(result, &threads[i]);
    }
    ck_assert_uint_eq(counter, THREADS * ROUNDS);
    ck_assert(!qv_mutex_is_locked(&counter_mu));
    ck_assert(qv_mutex_try_lock(&counter_mu));
    ck_assert(!qv_mutex_try_lock(&counter_mu));
    ck_assert(qv_mutex_is_locked(&counter_mu));
    qv_mutex_unlock(&counter_mu);
}
END_TEST

// A box for one value: producers wait while it is full, consumers while it is empty.
typedef struct Box {
    QvMutex mu;
    QvCond changed;
    uint64_t value; // 0 = empty
    uint64_t sum;
} Box;

static void *produce(void *arg)
{
    Box *box = arg;
    for (uint64_t i = 1; i <= 20000; i++) {
        qv_mutex_lock(&box->mu);
        while (box->value != 0) {
            qv_cond_wait(&box->changed, &box->mu, QV_NEVER);
        }
        box->value = i;
        qv_cond_broadcast(&box->changed);
        qv_mutex_unlock(&box->mu);
    }
    return NULL;
}

static void *consume(void *arg)
{
    Box *box = arg;
    for (int i = 0; i < 20000; i++) {
        qv_mutex_lock(&box->mu);
        while (box->value == 0) {
            qv_cond_wait(&box->changed, &box->mu, QV_NEVER);
        }
        box->sum += box->value;
        box->value = 0;
        qv_cond_broadcast(&box->changed);
        qv_mutex_unlock(&box->mu);
    }
    return NULL;
}

START_TEST(test_cond)
{
    Box box = {0};
    qv_mutex_init(&box.mu, QV_RANK_CHANNEL);
    qv_cond_init(&box.changed);
    QvOsThread threads[4];
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(qv_thread_start(i % 2 == 0 ? produce : consume, &box, 65536, &threads[i]),
                         0);
    }
    for (int i = 0; i < 4; i++) {
        ck_assert_int_eq(qv_thread_join(&threads[i], NULL), 0);
    }
    ck_assert_uint_eq(box.sum, 2 * (UINT64_C(20000) * 20001 / 2));
    // One waiter, one signal: ping-pong through signal instead of broadcast.
    qv_mutex_lock(&box.mu);
    int64_t start = qv_clock_monotonic();
    ck_assert_int_eq(qv_cond_wait(&box.changed, &box.mu, start + 20 * QV_NS_PER_MS),
                     QV_WAIT_TIMEOUT);
    int64_t took = qv_clock_monotonic() - start;
    ck_assert_int_ge(took, 20 * QV_NS_PER_MS);
    ck_assert_int_eq(qv_cond_wait(&box.changed, &box.mu, start), QV_WAIT_TIMEOUT);
    ck_assert_int_eq(qv_cond_wait(&box.changed, &box.mu, -5), QV_WAIT_TIMEOUT);
    qv_mutex_unlock(&box.mu);
    qv_cond_signal(&box.changed);
}
END_TEST

static uint32_t word;

static void *wake_later(void *arg)
{
    (void)arg;
    qv_clock_sleep_until(qv_clock_monotonic() + 5 * QV_NS_PER_MS);
    qv_atomic_store_u32(&word, 1);
    qv_futex_wake(&word, 1);
    return NULL;
}

START_TEST(test_futex)
{
    word = 0;
    ck_assert_int_eq(qv_futex_wait(&word, 7, QV_NEVER), QV_WAIT_WOKEN); // not 7: returns at once
    ck_assert_int_eq(qv_futex_wait(&word, 0, qv_clock_monotonic() + QV_NS_PER_MS), QV_WAIT_TIMEOUT);
    ck_assert_int_eq(qv_futex_wake(&word, 1), 0);
    QvOsThread t;
    ck_assert_int_eq(qv_thread_start(wake_later, NULL, 1, &t), 0);
    while (qv_atomic_load_acquire_u32(&word) == 0) {
        ck_assert_int_ne(qv_futex_wait(&word, 0, QV_NEVER), QV_WAIT_TIMEOUT);
    }
    ck_assert_int_eq(qv_thread_join(&t, NULL), 0);
}
END_TEST

static int once_calls;

static void once_fn(void) { once_calls++; }

static QvOnce once = QV_ONCE_INIT;

static void *call_once(void *arg)
{
    qv_once(&once, once_fn);
    return arg;
}

START_TEST(test_once_and_threads)
{
    QvOsThread threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(qv_thread_start(call_once, NULL, 0, &threads[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(qv_thread_join(&threads[i], NULL), 0);
    }
    ck_assert_int_eq(once_calls, 1);
    char *base;
    size_t size;
    ck_assert_int_eq(qv_thread_stack(&base, &size), 0);
    char here;
    ck_assert(&here > base && &here < base + size);
    ck_assert_int_ge(qv_thread_cpu_count(), 1);
    ck_assert_uint_gt(qv_thread_native_id(), 0);
    qv_thread_set_name("a name that is much too long");
    QvOsThread t;
    ck_assert_int_eq(qv_thread_start(call_once, NULL, 0, &t), 0);
    ck_assert_int_eq(qv_thread_detach(&t), 0);
}
END_TEST

START_TEST(test_atomics)
{
    uint32_t a = 5;
    ck_assert_uint_eq(qv_atomic_add_u32(&a, 3), 5);
    ck_assert_uint_eq(qv_atomic_sub_u32(&a, 1), 8);
    ck_assert_uint_eq(qv_atomic_or_u32(&a, 8), 7);
    ck_assert_uint_eq(qv_atomic_and_u32(&a, 9), 15);
    ck_assert_uint_eq(qv_atomic_exchange_u32(&a, 1), 9);
    uint32_t expected = 2;
    ck_assert(!qv_atomic_cas_u32(&a, &expected, 3));
    ck_assert_uint_eq(expected, 1);
    ck_assert(qv_atomic_cas_u32(&a, &expected, 3));
    ck_assert_uint_eq(qv_atomic_load_relaxed_u32(&a), 3);
    void *p = NULL;
    qv_atomic_store_release_ptr(&p, &a);
    ck_assert_ptr_eq(qv_atomic_load_acquire_ptr(&p), &a);
    int64_t i = 0;
    qv_atomic_add_i64(&i, -4);
    ck_assert_int_eq(qv_atomic_load_i64(&i), -4);
}
END_TEST

START_TEST(test_clock)
{
    int64_t start = qv_clock_monotonic();
    ck_assert_int_eq(qv_clock_sleep_until(start + 3 * QV_NS_PER_MS), 0);
    ck_assert_int_ge(qv_clock_monotonic(), start + 3 * QV_NS_PER_MS);
    ck_assert_int_gt(qv_clock_wall(), INT64_C(1700000000) * QV_NS_PER_S);
    int64_t cpu = qv_clock_thread_cpu();
    volatile unsigned spin = 0;
    while (spin < 3000000) {
        spin++;
    }
    ck_assert_int_gt(qv_clock_thread_cpu(), cpu);
    ck_assert_int_gt(qv_clock_process_cpu(), 0);
    ck_assert_int_eq(qv_clock_add(INT64_MAX - 5, 10), INT64_MAX);
    ck_assert_int_eq(qv_clock_add(INT64_MIN + 5, -10), INT64_MIN);
    ck_assert_int_eq(qv_clock_add(5, -10), -5);
}
END_TEST

// The pool of slabs is all that heaps share.
static void *use_heaps(void *arg)
{
    (void)arg;
    for (int i = 0; i < 200; i++) {
        QvHeap h;
        if (qv_heap_init(&h, NULL) < 0) {
            return NULL;
        }
        for (size_t n = 1; n < 600; n += 13) {
            char *p = qv_heap_alloc(&h, n);
            if (p == NULL) {
                return NULL;
            }
            memset(p, i, n);
        }
        qv_heap_fini(&h);
        if (i % 50 == 0) {
            (void)qv_heap_pool_trim();
        }
    }
    return arg;
}

START_TEST(test_heaps_in_threads)
{
    QvOsThread threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        ck_assert_int_eq(qv_thread_start(use_heaps, &threads[i], 0, &threads[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        void *result = NULL;
        ck_assert_int_eq(qv_thread_join(&threads[i], &result), 0);
        ck_assert_ptr_nonnull(result);
    }
}
END_TEST

START_TEST(test_ranks)
{
    ck_assert_str_eq(qv_lock_rank_name(QV_RANK_CHANNEL), "CHANNEL");
    ck_assert_int_lt(QV_RANK_INTERP, QV_RANK_CHANNEL);
    qv_lock_enter(QV_RANK_INTERP);
    qv_lock_enter(QV_RANK_INTERP); // two interpreters
    qv_lock_enter(QV_RANK_CHANNEL);
#if QV_DEBUG
    ck_assert_int_eq(qv_lock_depth(QV_RANK_INTERP), 2);
    ck_assert(qv_lock_holds_beyond(QV_RANK_INTERP));
    ck_assert(!qv_lock_holds_beyond(QV_RANK_CHANNEL));
#endif
    qv_lock_leave(QV_RANK_INTERP);
    qv_lock_leave(QV_RANK_CHANNEL);
    qv_lock_leave(QV_RANK_INTERP);
    ck_assert_int_eq(qv_lock_depth(QV_RANK_INTERP), 0);
}
END_TEST

#if QV_DEBUG && !QV_SANITIZE
START_TEST(test_wrong_order_traps)
{
    QvMutex outer = QV_MUTEX_INIT(QV_RANK_CHANNEL);
    qv_lock_enter(QV_RANK_HEAP_POOL);
    qv_mutex_lock(&outer);
}
END_TEST
#endif

int main(void)
{
    Suite *suite = suite_create("base/sync");
    TCase *tests = tcase_create("sync");
    tcase_set_timeout(tests, 60);
    tcase_add_test(tests, test_mutex);
    tcase_add_test(tests, test_cond);
    tcase_add_test(tests, test_futex);
    tcase_add_test(tests, test_once_and_threads);
    tcase_add_test(tests, test_atomics);
    tcase_add_test(tests, test_clock);
    tcase_add_test(tests, test_heaps_in_threads);
    tcase_add_test(tests, test_ranks);
#if QV_DEBUG && !QV_SANITIZE
    tcase_add_test_raise_signal(tests, test_wrong_order_traps, SIGILL);
#endif
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
