// SPDX-License-Identifier: MIT
// What an interpreter costs: the time of create, run `x = 1`, destroy; and the resident memory of each
// of many that live at once. The anchors are in the design: CPython 3.13 takes 7.2 ms and 2.5 MiB, a
// Lua 5.4 state with its libraries 17 us and 20 KiB.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "quiver.h"

#define ROUNDS 500
#define WARM 20
#define MANY 100

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Resident bytes of the process.
static double resident(void)
{
    double pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f) {
        if (fscanf(f, "%*s %lf", &pages) != 1) {
            pages = 0;
        }
        fclose(f);
    }
    return pages * (double)sysconf(_SC_PAGESIZE);
}

static Quiver *live(void)
{
    Quiver *q = quiver_new(NULL);
    if (!q || quiver_run(q, "x = 1", "<bench>") < 0) {
        fputs("an interpreter did not run\n", stderr);
        exit(1);
    }
    return q;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(void)
{
    static double times[3][ROUNDS]; // create, run, destroy
    double first = now();
    quiver_free(live());
    first = now() - first;
    for (int i = -WARM; i < ROUNDS; i++) {
        double t0 = now();
        Quiver *q = quiver_new(NULL);
        double t1 = now();
        if (!q || quiver_run(q, "x = 1", "<bench>") < 0) {
            fputs("an interpreter did not run\n", stderr);
            return 1;
        }
        double t2 = now();
        quiver_free(q);
        double t3 = now();
        if (i >= 0) {
            times[0][i] = t1 - t0;
            times[1][i] = t2 - t1;
            times[2][i] = t3 - t2;
        }
    }
    double median[3], total = 0;
    for (int k = 0; k < 3; k++) {
        qsort(times[k], ROUNDS, sizeof(double), ascending);
        median[k] = times[k][ROUNDS / 2] * 1e6;
        total += median[k];
    }
    static Quiver *all[MANY];
    uint64_t bytes_before = quiver_process_live_bytes();
    double before = resident();
    for (int i = 0; i < MANY; i++) {
        all[i] = live();
    }
    double each = (resident() - before) / MANY;
    double heap = (double)(quiver_process_live_bytes() - bytes_before) / MANY;
    for (int i = 0; i < MANY; i++) {
        quiver_free(all[i]);
    }
    uint64_t bytes_after = quiver_process_live_bytes();
    printf("one interpreter, median of %d lives (the first of the process: %.2f ms)\n", ROUNDS,
           first * 1e3);
    printf("  create %.1f us, run `x = 1` %.1f us, destroy %.1f us: %.1f us (target 20)%s\n",
           median[0], median[1], median[2], total, total <= 20 ? "" : "  missed");
    printf("  resident memory of each of %d at once: %.1f KiB (target 64)%s; heap bytes %.1f KiB\n",
           MANY, each / 1024, each <= 65536 ? "" : "  missed", heap / 1024);
    printf("  live bytes of the process after all are gone: %+lld\n",
           (long long)(bytes_after - bytes_before));
    return bytes_after == bytes_before ? 0 : 1;
}
