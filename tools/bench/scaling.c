// SPDX-License-Identifier: MIT
// Two interpreters against one, beside the machine's own capacity: scaling.py explains and prints.
//
// Usage: bench_scaling ROUNDS. One line for each round: seconds of a C loop on 1 and on 2 threads, of a
// Python loop in 1 and in 2 interpreters. Every thread does the same work, so the ideal is equal times.
// The four take turns within a round: a change of the machine's speed meets all of them.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "quiver.h"

#define WORKERS 2

static const char SCRIPT[] = "def work(n):\n"
                             "    i = total = 0\n"
                             "    table = {}\n"
                             "    while i < n:\n"
                             "        total += i * 3 % 7\n"
                             "        table[i & 255] = [total, i]\n"
                             "        i += 1\n"
                             "    return total\n";

typedef struct Worker {
    pthread_t thread;        // runs one share
    Quiver *q;               // its own interpreter
    pthread_barrier_t *gate; // all start together
    bool python;             // which loop
    bool failed;             // an interpreter reported an error
} Worker;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Dependent multiplications: bound by the core, not by memory.
static uint64_t c_loop(uint64_t n)
{
    uint64_t x = 88172645463325252u;
    for (uint64_t i = 0; i < n; i++) {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
    }
    return x;
}

static _Atomic uint64_t sink; // keeps the C loop alive

static void *run_share(void *argument)
{
    Worker *w = argument;
    pthread_barrier_wait(w->gate);
    if (w->python) {
        w->failed = quiver_run(w->q, "work(400000)", "<bench>") < 0;
    } else {
        atomic_fetch_xor(&sink, c_loop(30000000));
    }
    return NULL;
}

// Seconds until `count` threads have each done one share.
static double measure(Worker *workers, unsigned count, bool python)
{
    pthread_barrier_t gate;
    pthread_barrier_init(&gate, NULL, count + 1);
    for (unsigned i = 0; i < count; i++) {
        workers[i].gate = &gate;
        workers[i].python = python;
        if (pthread_create(&workers[i].thread, NULL, run_share, &workers[i]) != 0) {
            fputs("no thread\n", stderr);
            exit(1);
        }
    }
    pthread_barrier_wait(&gate);
    double start = now();
    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
    }
    double seconds = now() - start;
    pthread_barrier_destroy(&gate);
    for (unsigned i = 0; i < count; i++) {
        if (workers[i].failed) {
            fprintf(stderr, "%s\n", quiver_error(workers[i].q)->traceback);
            exit(1);
        }
    }
    return seconds;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 9;
    Worker workers[WORKERS] = {0};
    for (unsigned i = 0; i < WORKERS; i++) {
        workers[i].q = quiver_new(NULL);
        if (!workers[i].q || quiver_run(workers[i].q, SCRIPT, "<bench>") < 0) {
            fputs("an interpreter did not start\n", stderr);
            return 1;
        }
    }
    measure(workers, WORKERS, true); // warm: specialised code, slabs, clocks
    measure(workers, WORKERS, false);
    for (int round = 0; round < rounds; round++) {
        double c1 = measure(workers, 1, false);
        double p1 = measure(workers, 1, true);
        double c2 = measure(workers, 2, false);
        double p2 = measure(workers, 2, true);
        printf("%.6f %.6f %.6f %.6f\n", c1, c2, p1, p2);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        quiver_free(workers[i].q);
    }
    return 0;
}
