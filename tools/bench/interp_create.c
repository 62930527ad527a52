// SPDX-License-Identifier: MIT
// What an interpreter costs: the time of create, run `x = 1`, destroy; and the resident memory of
// each of many that live at once. Beside them, where Lua 5.4 is installed, the same of its states
// with libraries. CPython 3.13 takes 7.2 ms and 2.5 MiB (the design's anchors).
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "quiver.h"

#if BENCH_LUA
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>
#endif

#define ROUNDS 500
#define WARM   20
#define MANY   200 // unless the command line says otherwise

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

// Resident bytes of the process. smaps_rollup counts the pages; statm may lag behind by some.
static double resident(void)
{
    char line[256];
    double kib = -1;
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    while (f && kib < 0 && fgets(line, sizeof line, f)) {
        sscanf(line, "Rss: %lf", &kib);
    }
    if (f) {
        fclose(f);
    }
    if (kib < 0) {
        fputs("/proc/self/smaps_rollup does not tell the resident memory\n", stderr);
        exit(1);
    }
    return kib * 1024;
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

// Memory first: later, the pages of interpreters that have gone would serve the new ones.
static int measure_memory(int many)
{
    Quiver **all = calloc((size_t)many, sizeof(Quiver *));
    if (!all) {
        fputs("no memory\n", stderr);
        exit(1);
    }
    memset(all, 1, (size_t)many * sizeof(Quiver *)); // resident before it is measured
    Quiver *first = live();                          // what the process needs once is not counted
    uint64_t bytes_before = quiver_process_live_bytes();
    double before = resident();
    double start = now();
    for (int i = 0; i < many; i++) {
        all[i] = live();
    }
    double made = (now() - start) / many;
    double each = (resident() - before) / many;
    double heap = (double)(quiver_process_live_bytes() - bytes_before) / many;
    start = now();
    for (int i = 0; i < many; i++) {
        quiver_free(all[i]);
    }
    double gone = (now() - start) / many;
    long long left = (long long)(quiver_process_live_bytes() - bytes_before);
    double kept = resident() - before;
    quiver_free(first);
    free(all);
    printf("  resident memory of each of %d at once: %.1f KiB (target 64)%s; heap bytes %.1f KiB\n",
           many, each / 1024, each <= 65536 ? "" : "  missed", heap / 1024);
    printf("  on fresh memory: create and run %.1f us, destroy %.1f us\n", made * 1e6, gone * 1e6);
    printf("  after all are gone: live bytes %+lld, resident %+.0f KiB\n", left, kept / 1024);
    return left == 0 ? 0 : 1;
}

static double median_us(double *times)
{
    qsort(times, ROUNDS, sizeof *times, ascending);
    return times[ROUNDS / 2] * 1e6;
}

#if BENCH_LUA
static lua_State *lua_live(void)
{
    lua_State *L = luaL_newstate();
    if (!L) {
        fputs("no memory for a Lua state\n", stderr);
        exit(1);
    }
    luaL_openlibs(L);
    if (luaL_dostring(L, "x = 1") != LUA_OK) {
        fputs("a Lua state did not run\n", stderr);
        exit(1);
    }
    return L;
}

static void lua_memory(int many)
{
    lua_State **all = calloc((size_t)many, sizeof(lua_State *));
    if (!all) {
        fputs("no memory\n", stderr);
        exit(1);
    }
    memset(all, 1, (size_t)many * sizeof(lua_State *));
    lua_State *first = lua_live();
    double before = resident();
    for (int i = 0; i < many; i++) {
        all[i] = lua_live();
    }
    double each = (resident() - before) / many;
    for (int i = 0; i < many; i++) {
        lua_close(all[i]);
    }
    lua_close(first);
    free(all);
    printf("  Lua 5.4, a state with libraries: resident memory %.1f KiB each\n", each / 1024);
}
#endif

int main(int argc, char **argv)
{
    int many = argc > 1 ? atoi(argv[1]) : MANY;
    if (many < 1) {
        fputs("usage: bench_interp_create [HOW MANY AT ONCE]\n", stderr);
        return 2;
    }
    static double times[5][ROUNDS]; // create, run, destroy, all three; all of Lua's
    double first = now();
    quiver_free(live());
    first = now() - first;
    printf(
        "one interpreter that runs `x = 1` (the first of the process, with its start: %.2f ms)\n",
        first * 1e3);
    int code = measure_memory(many);
#if BENCH_LUA
    lua_memory(many);
#endif
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
            times[3][i] = t3 - t0;
        }
#if BENCH_LUA
        t0 = now();
        lua_close(lua_live());
        if (i >= 0) {
            times[4][i] = now() - t0;
        }
#endif
    }
    double best = times[3][0];
    for (int i = 1; i < ROUNDS; i++) {
        best = times[3][i] < best ? times[3][i] : best;
    }
    double create = median_us(times[0]), run = median_us(times[1]), destroy = median_us(times[2]);
    double total = median_us(times[3]);
    printf("  create %.1f us, run %.1f us, destroy %.1f us: together %.1f us (target 20)%s\n",
           create, run, destroy, total, total <= 20 ? "" : "  missed");
    printf("  medians of %d lives, one after another; the quickest took %.1f us\n", ROUNDS,
           best * 1e6);
#if BENCH_LUA
    printf("  Lua 5.4, a state with libraries, in turns with these: together %.1f us\n",
           median_us(times[4]));
#endif
    return code;
}
