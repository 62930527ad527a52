// SPDX-License-Identifier: MIT
// Channels between two interpreters on two threads, beside what the machine itself can do:
// channels.py explains and prints.
//
// Usage: bench_channels ROUNDS. Each line of output is one measurement: NAME VALUE, the value in
// nanoseconds; a name comes once in each round. Quiver and the bare C loops take turns, so that a
// change of the machine's speed meets all of them.
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "quiver.h"

#define SPIN_CHUNK \
    500 // round trips that are timed together: the median is one without a disturbance
#define SPIN_CHUNKS 41
#define SPIN_TRIPS  (SPIN_CHUNK * SPIN_CHUNKS)
#define FUTEX_TRIPS 400
#define PAUSE_US    200 // long enough for the other side to fall asleep

static cpu_set_t processors; // that this process may use

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void pause_here(void) // as a spinning thread should
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

// ---- two C threads ------------------------------------------------------------------------------

typedef struct Pair {
    _Alignas(64) atomic_uint there; // count of what has been handed over
    _Alignas(64) atomic_uint back;  // and of what has come back
    _Alignas(64) int64_t sent;      // when
    int64_t took[FUTEX_TRIPS];      // one way
} Pair;

// On a processor of its own, where there are two: the script puts the main thread on the first.
static void take_processor(int k)
{
    cpu_set_t one;
    CPU_ZERO(&one);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &processors) && k-- == 0) {
            CPU_SET(cpu, &one);
            sched_setaffinity(0, sizeof one, &one);
        }
    }
}

static void *spin_back(void *argument)
{
    Pair *p = argument;
    take_processor(1);
    for (unsigned k = 1; k <= SPIN_TRIPS; k++) {
        while (atomic_load_explicit(&p->there, memory_order_acquire) != k) {
            pause_here();
        }
        atomic_store_explicit(&p->back, k, memory_order_release);
    }
    return NULL;
}

static void start_thread(pthread_t *thread, void *(*run)(void *), void *argument)
{
    if (pthread_create(thread, NULL, run, argument) != 0) {
        fputs("no thread\n", stderr);
        exit(1);
    }
}

// Nanoseconds one way: half of a round trip.
static double measure_spin(void)
{
    static Pair pair;
    int64_t took[SPIN_CHUNKS], start = 0;
    memset(&pair, 0, sizeof pair);
    pthread_t thread;
    start_thread(&thread, spin_back, &pair);
    for (unsigned k = 1; k <= SPIN_TRIPS; k++) {
        start = k % SPIN_CHUNK == 1 ? now() : start;
        atomic_store_explicit(&pair.there, k, memory_order_release);
        while (atomic_load_explicit(&pair.back, memory_order_acquire) != k) {
            pause_here();
        }
        if (k % SPIN_CHUNK == 0) {
            took[k / SPIN_CHUNK - 1] = now() - start;
        }
    }
    pthread_join(thread, NULL);
    qsort(took, SPIN_CHUNKS, sizeof *took, by_size);
    return (double)took[SPIN_CHUNKS / 2] / (2.0 * SPIN_CHUNK);
}

static void *futex_receive(void *argument)
{
    Pair *p = argument;
    take_processor(1);
    for (unsigned k = 1; k <= FUTEX_TRIPS; k++) {
        // One that was late finds later numbers.
        for (unsigned seen; (seen = atomic_load_explicit(&p->there, memory_order_acquire)) < k;) {
            syscall(SYS_futex, &p->there, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
        }
        p->took[k - 1] = now() - p->sent;
    }
    return NULL;
}

// Median nanoseconds from before the store until the sleeper has read the clock.
static double measure_futex(void)
{
    static Pair pair;
    memset(&pair, 0, sizeof pair);
    pthread_t thread;
    start_thread(&thread, futex_receive, &pair);
    for (unsigned k = 1; k <= FUTEX_TRIPS; k++) {
        usleep(PAUSE_US);
        pair.sent = now();
        atomic_store_explicit(&pair.there, k, memory_order_release);
        syscall(SYS_futex, &pair.there, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
    pthread_join(thread, NULL);
    qsort(pair.took, FUTEX_TRIPS, sizeof *pair.took, by_size);
    return (double)pair.took[FUTEX_TRIPS / 2];
}

// Nanoseconds for one copy of n bytes, warm; best of several, as a rate to be compared with.
static double measure_memcpy(size_t n)
{
    char *from = malloc(n), *to = malloc(n);
    if (!from || !to) {
        exit(1);
    }
    memset(from, 1, n);
    memset(to, 2, n);
    int64_t took[9];
    for (int k = 0; k < 9; k++) {
        int64_t start = now();
        memcpy(to, from, n);
        __asm__ volatile("" : : "r"(to) : "memory");
        took[k] = now() - start;
    }
    qsort(took, 9, sizeof *took, by_size);
    free(from);
    free(to);
    return (double)took[4];
}

// ---- Quiver -------------------------------------------------------------------------------------

static void fail(Quiver *q)
{
    const QuiverError *error = quiver_error(q);
    fputs(error && error->traceback ? error->traceback : "an interpreter failed\n", stderr);
    exit(1);
}

static void measure_quiver(Quiver *q, const char *name, const char *expression)
{
    double value;
    QuiverValue *result = quiver_eval(q, expression);
    if (!result || quiver_to_float(q, result, &value) < 0) {
        fail(q);
    }
    quiver_release(q, result);
    printf("%s %.2f\n", name, value);
    fflush(stdout);
}

static const char *const measurements[][2] = {
    {"spin", "hand_over(41)"},
    {"asleep", "asleep(400)"},
    {"ints", "stream('ints', 200000)"},
    {"ints_many", "stream_many(400000)"},
    {"dicts", "stream('dicts', 100000)"},
    {"tuples", "stream('tuples', 100000)"},
    {"list_ints", "stream('list_ints', 12)"},
    {"list_floats", "stream('list_floats', 12)"},
    {"mib", "stream('mib', 400)"},
    {"move_1k", "moved(1 << 10)"},
    {"move_1m", "moved(1 << 20)"},
    {"move_64m", "moved(1 << 26)"},
    {"share_64m", "shared(1 << 26)"},
};

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 7;
    const char *only = argc > 3 ? argv[3] : NULL;
    if (argc < 3) {
        fputs("usage: bench_channels ROUNDS SCRIPT [NAME]\n", stderr);
        return 2;
    }
    sched_getaffinity(0, sizeof processors, &processors);
    Quiver *q = quiver_new(NULL);
    if (!q) {
        fputs("no interpreter\n", stderr);
        return 1;
    }
    if (quiver_run_file(q, argv[2]) < 0) {
        fail(q);
    }
    for (int round = 0; round < rounds; round++) {
        if (!only || strcmp(only, "c") == 0) {
            printf("c_spin %.2f\n", measure_spin());
            printf("c_futex %.2f\n", measure_futex());
            printf("c_memcpy_1m %.2f\n", measure_memcpy((size_t)1 << 20));
            printf("c_memcpy_8mb %.2f\n", measure_memcpy(8000000));
            printf("c_memcpy_2mb %.2f\n", measure_memcpy(2000000));
        }
        for (size_t k = 0; k < sizeof measurements / sizeof *measurements; k++) {
            if (!only || strcmp(only, measurements[k][0]) == 0) {
                measure_quiver(q, measurements[k][0], measurements[k][1]);
            }
        }
    }
    if (quiver_run(q, "finish()", "<bench>") < 0) {
        fail(q);
    }
    quiver_free(q);
    return 0;
}
