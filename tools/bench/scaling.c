// SPDX-License-Identifier: MIT
// Two interpreters against one, beside the machine's own capacity: scaling.py explains and prints.
//
// Usage: bench_scaling ROUNDS [FILE]. One line for each round: seconds of a C loop on 1 and on 2
// threads, of a Python loop (or the program FILE, each time in a fresh interpreter) in 1 and in 2
// interpreters. Every thread does the same work, so the ideal is equal times. The four take turns
// within a round: a change of the machine's speed meets all of them. The time is from the first
// worker's start to the last one's end, by their own clocks: a main thread that gets no core cannot
// falsify it.
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

#define SHARE_SECONDS 0.2 // what one share should take

typedef struct Worker {
    pthread_t thread;        // runs one share
    double start, end;       // of it
    Quiver *q;               // its own interpreter; NULL: one for each run of `file`
    const char *file;        // program to run, or NULL: SCRIPT's work()
    pthread_barrier_t *gate; // all start together
    uint64_t n;              // rounds of its loop
    bool python;             // which loop
    bool failed;             // an interpreter reported an error
} Worker;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Each step needs the one before: bound by the core, not by memory.
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

static bool run_file(const char *file)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.stdout_stream = QUIVER_STREAM_NULL;
    Quiver *q = quiver_new(&config);
    bool ok = q && quiver_run_file(q, file) == 0;
    if (q && !ok) {
        fputs(quiver_error(q)->traceback, stderr);
    }
    quiver_free(q);
    return ok;
}

static bool run_call(Quiver *q, uint64_t n)
{
    char call[64];
    snprintf(call, sizeof call, "work(%llu)", (unsigned long long)n);
    bool ok = quiver_run(q, call, "<bench>") == 0;
    if (!ok) { // the text of an error is for the thread that made it
        fputs(quiver_error(q)->traceback, stderr);
    }
    return ok;
}

static void *run_share(void *argument)
{
    Worker *w = argument;
    pthread_barrier_wait(w->gate);
    w->start = now();
    if (w->python && w->file) {
        for (uint64_t i = 0; i < w->n && !w->failed; i++) {
            w->failed = !run_file(w->file);
        }
    } else if (w->python) {
        w->failed = !run_call(w->q, w->n);
    } else {
        atomic_fetch_xor(&sink, c_loop(w->n));
    }
    w->end = now();
    return NULL;
}

// Seconds until `count` threads have each done one share.
static double measure(Worker *workers, unsigned count, bool python, uint64_t n)
{
    pthread_barrier_t gate;
    pthread_barrier_init(&gate, NULL, count);
    for (unsigned i = 0; i < count; i++) {
        workers[i].gate = &gate;
        workers[i].python = python;
        workers[i].n = n;
        if (pthread_create(&workers[i].thread, NULL, run_share, &workers[i]) != 0) {
            fputs("no thread\n", stderr);
            exit(1);
        }
    }
    double start = 0, end = 0;
    for (unsigned i = 0; i < count; i++) {
        pthread_join(workers[i].thread, NULL);
        start = i == 0 || workers[i].start < start ? workers[i].start : start;
        end = i == 0 || workers[i].end > end ? workers[i].end : end;
        if (workers[i].failed) {
            exit(1);
        }
    }
    pthread_barrier_destroy(&gate);
    return end - start;
}

// How many rounds of the loop take SHARE_SECONDS. Warms up too: specialised code, slabs, clocks.
static uint64_t find_share(Worker *workers, bool python)
{
    uint64_t n = python && workers[0].file ? 1 : 10000;
    double seconds = measure(workers, WORKERS, python, n);
    while (seconds < SHARE_SECONDS / 4) {
        n *= 2;
        seconds = measure(workers, 1, python, n);
    }
    uint64_t share = (uint64_t)((double)n * SHARE_SECONDS / seconds);
    return share > 0 ? share : 1;
}

int main(int argc, char **argv)
{
    int rounds = argc > 1 ? atoi(argv[1]) : 9;
    Worker workers[WORKERS] = {0};
    for (unsigned i = 0; i < WORKERS; i++) {
        if (argc > 2) {
            workers[i].file = argv[2];
            continue;
        }
        workers[i].q = quiver_new(NULL);
        if (!workers[i].q || quiver_run(workers[i].q, SCRIPT, "<bench>") < 0) {
            fputs("an interpreter did not start\n", stderr);
            return 1;
        }
    }
    uint64_t nc = find_share(workers, false), np = find_share(workers, true);
    for (int round = 0; round < rounds; round++) {
        double c1 = measure(workers, 1, false, nc);
        double p1 = measure(workers, 1, true, np);
        double c2 = measure(workers, WORKERS, false, nc);
        double p2 = measure(workers, WORKERS, true, np);
        printf("%.6f %.6f %.6f %.6f\n", c1, c2, p1, p2);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        quiver_free(workers[i].q);
    }
    return 0;
}
