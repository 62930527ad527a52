// SPDX-License-Identifier: MIT
// Deadline, CPU time, fuel, output, and quiver_stop: the script ends, whatever it catches; the
// interpreter goes on.
// timeout: 120
#include <pthread.h>
#include <unistd.h>

#include "_check.h"

#define MS ((uint64_t)1000000)

static char written[4096];
static size_t nwritten;

static int keep(void *user, int fd, const char *data, size_t size)
{
    (void)user, (void)fd;
    CHECK(nwritten + size < sizeof written);
    memcpy(written + nwritten, data, size);
    nwritten += size;
    return 0;
}

// The script is stopped by the limit; set anew, the interpreter works as before.
static void exceeds(Quiver *q, QuiverLimit which, uint64_t amount, const char *source,
                    const char *message)
{
    uint64_t left;
    CHECK(quiver_set_limit(q, which, amount) == 0);
    CHECK(quiver_run(q, source, "<greedy>") == -1);
    expect_error(q, "LimitExceeded", message);
    CHECK(quiver_limit_left(q, which, &left) == 0 && left == 0);
    CHECK(!quiver_eval(q, "1 + 1")); // nothing is left for this either
    expect_error(q, "LimitExceeded", message);
    CHECK(quiver_set_limit(q, which, 0) == 0);
    CHECK(quiver_limit_left(q, which, &left) == 0 && left == UINT64_MAX);
    expect_eval(q, "sum(range(100))", "4950");
}

static const char *const loops[] = {
    "while True: pass\n",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass\n",
    "def f():\n    try:\n        f()\n    finally:\n        f()\nf()\n",
    "def g():\n    while True:\n        try: yield 1\n        except BaseException: pass\n"
    "for _ in g():\n    try: pass\n    except BaseException: pass\n",
    "class C:\n    def __del__(self):\n        while True: pass\nwhile True: C()\n",
    "sum(range(10**15))\n",
    "import re\nre.match('(a*)*b', 'a' * 40)\n",
    "try:\n    while True: pass\nexcept BaseException:\n    while True: pass\n",
    "class W:\n    def __enter__(self): pass\n    def __exit__(self, *a): return True\n"
    "while True:\n    with W():\n        while True: pass\n",
};
#define NLOOPS (sizeof loops / sizeof *loops)

static void in_time(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.stop_grace = 5 * MS;
    config.write = keep;
    Quiver *q = quiver_new(&config);
    CHECK(q);
    for (size_t i = 0; i < NLOOPS; i++) {
        exceeds(q, QUIVER_LIMIT_TIME, 10 * MS, loops[i], "time limit of 0.01 s exceeded");
        exceeds(q, QUIVER_LIMIT_CPU, 10 * MS, loops[i], "CPU time limit of 0.01 s exceeded");
        exceeds(q, QUIVER_LIMIT_FUEL, 100000, loops[i],
                "fuel limit of 100000 instructions exceeded");
    }
    exceeds(q, QUIVER_LIMIT_TIME, 10 * MS, "import time\ntime.sleep(1000)\n",
            "time limit of 0.01 s exceeded");
    nwritten = 0; // a generator has ignored its end
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_OUTPUT, 100) == 0);
    CHECK(quiver_run(q, "while True:\n    print('x' * 30)\n", "<greedy>") == -1);
    expect_error(q, "LimitExceeded", "output limit of 100 bytes exceeded");
    CHECK(nwritten == 100);
    exceeds(q, QUIVER_LIMIT_OUTPUT, 10, "print('y' * 30, end='')\n", NULL);
    // Sleeping takes no CPU time; a limit that is not reached stops nothing.
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_CPU, 1000 * MS) == 0);
    run(q, "time.sleep(0.05)\n");
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_CPU, 0) == 0);
    CHECK(quiver_set_limit(NULL, QUIVER_LIMIT_CPU, 0) == -1);
    CHECK(quiver_set_limit(q, (QuiverLimit)77, 0) == -1);
    CHECK(quiver_free(q) == 0);
}

// Handlers run within the grace, and the exception says what it is.
static void handlers(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.stop_grace = 20000 * MS;
    config.time_limit = 60000 * MS;
    Quiver *q = quiver_new(&config);
    uint64_t left = 0;
    CHECK(quiver_limit_left(q, QUIVER_LIMIT_TIME, &left) == 0 && left == 60000 * MS);
    run(q, "from concurrent.interpreters import LimitExceeded\n"
           "import threading, time, builtins\n");
    CHECK(quiver_limit_left(q, QUIVER_LIMIT_TIME, &left) == 0 && left < 60000 * MS);
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_TIME, 20 * MS) == 0);
    CHECK(quiver_run(q,
                     "seen = []\n"
                     "def other():\n"
                     "    try:\n        threading.Event().wait()\n"
                     "    except LimitExceeded as e: seen.append(e.limit)\n"
                     "t = threading.Thread(target=other)\nt.start()\n"
                     "try:\n    while True: pass\n"
                     "except LimitExceeded as e:\n"
                     "    time.sleep(0.02); t.join()\n"
                     "    seen.append((e.limit, str(e), isinstance(e, Exception)))\n"
                     "    seen.append(hasattr(builtins, 'LimitExceeded'))\n    raise\n",
                     "<handlers>") == -1);
    expect_error(q, "LimitExceeded", "time limit of 0.02 s exceeded");
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_TIME, 0) == 0);
    expect_eval(q, "seen", "['time', ('time', 'time limit of 0.02 s exceeded', False), False]");
    CHECK(quiver_free(q) == 0);
}

// The same program takes the same fuel.
static void fuel(void)
{
    uint64_t used[3];
    for (int k = 0; k < 3; k++) {
        QuiverConfig config;
        quiver_config_init(&config);
        config.fuel_limit = 1000000;
        Quiver *q = quiver_new(&config);
        run(q, "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)\nassert f(15) == 610\n"
               "assert sum([n for n in range(100000)]) == 4999950000\n");
        CHECK(quiver_limit_left(q, QUIVER_LIMIT_FUEL, &used[k]) == 0 && used[k] < 900000);
        CHECK(quiver_free(q) == 0);
    }
    CHECK(used[0] == used[1] && used[1] == used[2]);
}

static void *stop_soon(void *q)
{
    usleep(20000);
    quiver_stop(q);
    return NULL;
}

static void stopping(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.stop_grace = 5 * MS;
    Quiver *q = quiver_new(&config);
    for (size_t i = 0; i < NLOOPS; i++) {
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, stop_soon, q) == 0);
        CHECK(quiver_run(q, loops[i], "<loop>") == -1);
        expect_error(q, "KeyboardInterrupt", NULL);
        pthread_join(thread, NULL);
        expect_eval(q, "[len([1])]", "[1]");
    }
    // One that comes when nothing runs does nothing.
    quiver_stop(q);
    expect_eval(q, "[len([1])]", "[1]");
    quiver_stop(NULL);
    CHECK(quiver_free(q) == 0);
}

// Limits that change while a script runs; memory and recursion by the same call.
static void changes(void)
{
    Quiver *q = fresh();
    uint64_t left;
    run(q, "x = None\n");
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_MEMORY, 16 << 20) == 0);
    CHECK(quiver_run(q, "x = bytearray(20 << 20)\n", "<big>") == -1);
    expect_error(q, "MemoryError", "memory limit of 16777216 bytes exceeded");
    CHECK(quiver_limit_left(q, QUIVER_LIMIT_MEMORY, &left) == 0 && left < 16 << 20 &&
          left > 1 << 20);
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_MEMORY, 0) == 0);
    run(q, "x = bytearray(20 << 20)\nx = None\n");
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_RECURSION, 100) == 0);
    CHECK(quiver_run(q, "def f(n): return n and f(n - 1)\nf(200)\n", "<deep>") == -1);
    expect_error(q, "RecursionError", NULL);
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_RECURSION, 0) == 0);
    run(q, "f(200)\n");
    CHECK(quiver_free(q) == 0);
}

int main(void)
{
    in_time();
    handlers();
    fuel();
    stopping();
    changes();
    CHECK(quiver_count() == 0 && quiver_process_live_bytes() == 0);
    return 0;
}
