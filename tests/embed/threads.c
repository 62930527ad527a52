// SPDX-License-Identifier: MIT
// Eight OS threads in one interpreter, and in several; errors belong to the thread whose call
// failed.
// timeout: 300
#include <pthread.h>

#include "_check.h"

#define THREADS 8
#define ROUNDS  50

typedef struct Job {
    pthread_t thread;
    Quiver **all; // interpreters
    int count;    // of them
    int number;   // of the thread
} Job;

static const char PROGRAM[] = "def work(n, k):\n"
                              "    total = 0\n"
                              "    for i in range(n):\n"
                              "        total += i * k\n"
                              "    return total\n"
                              "def fail(k):\n"
                              "    raise ValueError('of thread %d' % k)\n"
                              "done = {}\n";

static void one_call(Quiver *q, int number, int round)
{
    QuiverValue *f = quiver_get(q, "work");
    QuiverValue *args[] = {quiver_int(q, 400), quiver_int(q, number + round)};
    QuiverValue *v = quiver_call(q, f, args, 2, NULL, 0);
    int64_t n = 0;
    CHECK(v && quiver_to_int(q, v, &n) == 0);
    CHECK(n == (int64_t)(400 * 399 / 2) * (number + round));
    quiver_release(q, v);
    quiver_release(q, args[0]);
    quiver_release(q, args[1]);
    quiver_release(q, f);
}

static void one_failure(Quiver *q, int number)
{
    char source[64], want[64];
    snprintf(source, sizeof source, "fail(%d)", number);
    snprintf(want, sizeof want, "of thread %d", number);
    CHECK(quiver_run(q, source, "<thread>") == -1);
    expect_error(q, "ValueError", want);
    CHECK(strstr(quiver_error(q)->traceback, want));
}

static void *work(void *argument)
{
    Job *job = argument;
    for (int round = 0; round < ROUNDS; round++) {
        Quiver *q = job->all[(job->number + round) % job->count];
        one_call(q, job->number, round);
        one_failure(q, job->number);
        CHECK(quiver_enter(q) == 0);
        one_call(q, job->number, round);
        char source[96];
        snprintf(source, sizeof source, "done[%d] = done.get(%d, 0) + 1", job->number, job->number);
        run(q, source);
        quiver_leave(q);
    }
    return NULL;
}

static void all_threads(Quiver **all, int count)
{
    Job jobs[THREADS];
    for (int i = 0; i < THREADS; i++) {
        jobs[i] = (Job){.all = all, .count = count, .number = i};
        CHECK(pthread_create(&jobs[i].thread, NULL, work, &jobs[i]) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(jobs[i].thread, NULL);
    }
    long long rounds = 0;
    for (int i = 0; i < count; i++) {
        rounds += eval_int(all[i], "sum(done.values())");
    }
    CHECK(rounds == THREADS * ROUNDS);
}

// Each thread makes, uses and ends its own.
static void *own(void *argument)
{
    (void)argument;
    for (int i = 0; i < 5; i++) {
        Quiver *q = fresh();
        run(q, PROGRAM);
        one_call(q, i, i);
        CHECK(quiver_free(q) == 0);
    }
    return NULL;
}

int main(void)
{
    uint64_t start = quiver_process_live_bytes();
    Quiver *all[3];
    for (int i = 0; i < 3; i++) {
        all[i] = fresh();
        run(all[i], PROGRAM);
    }
    all_threads(all, 1);
    run(all[0], "done.clear()");
    all_threads(all, 3);
    QuiverStats stats;
    quiver_stats(all[0], &stats);
    CHECK(stats.cpu_ns > 0);
    for (int i = 0; i < 3; i++) {
        CHECK(quiver_free(all[i]) == 0);
    }
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        CHECK(pthread_create(&threads[i], NULL, own, NULL) == 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
    }
    CHECK(quiver_count() == 0);
    CHECK(quiver_process_live_bytes() == start);
    return 0;
}
