// SPDX-License-Identifier: MIT
// A stop that comes where nobody can catch it is not lost; what handlers of a stop drop is freed
// while they run; a script that was unwound with a lock held can be ended.
// timeout: 120
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "_check.h"

#define SECOND ((uint64_t)1000000000)

static QuiverValue *interrupt(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)args, (void)nargs;
    quiver_interrupt(q);
    return quiver_none(q);
}

// Each would go on for ever, but for the interrupt.
static const char *const unheard[] = {
    "class C:\n    def __del__(self):\n        interrupt()\n        while True: pass\n"
    "C()\nwhile True: pass\n",
    "class C:\n    def __del__(self):\n        interrupt()\n        while True: pass\n"
    "x = [C() for _ in range(9)]\ndel x\nwhile True: pass\n",
    "import _weakref\nclass C: pass\ndef f(r):\n    interrupt()\n    while True: pass\n"
    "c = C()\nr = _weakref.ref(c, f)\ndel c\nwhile True: pass\n",
    "import gc\nclass C:\n    def __del__(self):\n        interrupt()\n        while True: pass\n"
    "c = C()\nc.c = c\ndel c\ngc.collect()\nwhile True: pass\n",
    "def g():\n    try: yield\n    finally:\n        interrupt()\n        while True: pass\n"
    "i = g()\nnext(i)\ndel i\nwhile True: pass\n",
};

static void heard(void)
{
    for (size_t i = 0; i < sizeof unheard / sizeof *unheard; i++) {
        QuiverConfig config;
        quiver_config_init(&config);
        config.time_limit = 20 * SECOND;
        Quiver *q = quiver_new(&config);
        CHECK(q && quiver_register(q, NULL, "interrupt", interrupt, 0, 0, NULL, NULL) == 0);
        CHECK(quiver_run(q, unheard[i], "<unheard>") == -1);
        expect_error(q, "KeyboardInterrupt", NULL);
        run(q, "for i in range(10**5): pass\n"); // once only
        CHECK(quiver_free(q) == 0);
    }
}

static atomic_bool begun;

static QuiverValue *begin(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)q, (void)user, (void)args, (void)nargs;
    begun = true;
    return quiver_none(q);
}

static void *stop_soon(void *q)
{
    while (!begun) {
        usleep(1000);
    }
    usleep(20000);
    quiver_stop(q);
    return NULL;
}

static void stopped(const QuiverConfig *config, const char *source, const char *check)
{
    Quiver *q = quiver_new(config);
    pthread_t thread;
    begun = false;
    CHECK(q && quiver_register(q, NULL, "begin", begin, 0, 0, NULL, NULL) == 0);
    CHECK(pthread_create(&thread, NULL, stop_soon, q) == 0);
    CHECK(quiver_run(q, source, "<stopped>") == -1);
    expect_error(q, "KeyboardInterrupt", NULL);
    CHECK(pthread_join(thread, NULL) == 0);
    if (check) {
        expect_eval(q, check, "True");
    }
    CHECK(quiver_free(q) == 0);
}

int main(void)
{
    heard();
    QuiverConfig config;
    quiver_config_init(&config);
    config.memory_limit = (size_t)32 << 20;
    config.stop_grace = 60 * SECOND;
    // In all they take a gigabyte.
    stopped(&config,
            "begin()\ndone = False\ntry:\n    while True: pass\nfinally:\n"
            "    for i in range(200):\n        x = [[] for _ in range(10**4)]\n        del x\n"
            "        for j in range(1000): [j]\n    done = True\n",
            "done");
    quiver_config_init(&config);
    config.stop_grace = 2000000;
    // A lock that is held by a thread that was unwound: what acquires it at the end must not wait
    // for ever.
    stopped(&config,
            "import _thread, atexit\nlock = _thread.allocate_lock()\n"
            "atexit.register(lock.acquire)\n"
            "with lock:\n    begin()\n    while True:\n        try:\n            while True: pass\n"
            "        except BaseException: pass\n",
            NULL);
    return 0;
}
