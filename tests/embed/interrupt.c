// SPDX-License-Identifier: MIT
// Another thread stops a loop, a sleep, an input; and ends an interpreter that a thread computes
// in.
// timeout: 120
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "_check.h"

typedef struct Runner {
    Quiver *q;
    const char *source;
    bool to_the_end;   // the interpreter ends meanwhile: it must not be asked anything afterwards
    atomic_bool ended; // the call has come back
    int status;        // of it
    char type[64];     // of its error
} Runner;

static _Atomic int begun; // what runs says that it does

static QuiverValue *begin(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)args, (void)nargs;
    begun++;
    return quiver_none(q);
}

static void *go(void *argument)
{
    Runner *r = argument;
    r->status = quiver_run(r->q, r->source, "<loop>");
    if (r->status < 0 && !r->to_the_end) {
        snprintf(r->type, sizeof r->type, "%s", quiver_error(r->q)->type);
    }
    r->ended = true;
    return NULL;
}

static pthread_t start(Runner *r)
{
    pthread_t thread;
    int before = begun;
    CHECK(pthread_create(&thread, NULL, go, r) == 0);
    while (begun == before) {
        usleep(1000);
    }
    usleep(20000);
    CHECK(!r->ended);
    return thread;
}

int main(void)
{
    static const char *const loops[] = {
        "begin()\nwhile True: pass\n",
        "import time\nbegin()\ntime.sleep(1000)\n",
        "def f(n):\n    while True: n += 1\nbegin()\nf(0)\n",
        "begin()\nsum(x for x in iter(int, 1))\n",
        "begin()\ntry:\n    while True: pass\nfinally:\n    cleaned = True\n",
        "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nbegin()\nlock.acquire()\n",
    };
    QuiverConfig config;
    quiver_config_init(&config);
    config.memory_limit = (size_t)4 << 30;
    Quiver *q = quiver_new(&config);
    CHECK(q && quiver_register(q, NULL, "begin", begin, 0, 0, NULL, NULL) == 0);
    for (size_t i = 0; i < sizeof loops / sizeof loops[0]; i++) {
        Runner r = {.q = q, .source = loops[i]};
        pthread_t thread = start(&r);
        quiver_interrupt(q);
        pthread_join(thread, NULL);
        CHECK(r.status == -1);
        CHECK_TEXT(r.type, "KeyboardInterrupt");
    }
    expect_eval(q, "cleaned", "True");

    // Caught inside: the program goes on.
    Runner caught = {.q = q,
                     .source = "begin()\ntry:\n    while True: pass\n"
                               "except KeyboardInterrupt:\n    seen = 'stopped'\n"};
    pthread_t thread = start(&caught);
    quiver_interrupt(q);
    pthread_join(thread, NULL);
    CHECK(caught.status == 0);
    expect_eval(q, "seen", "'stopped'");

    // A computing thread does not keep others out.
    Runner busy = {.q = q, .source = "begin()\nturn = 0\nwhile not turn: pass\n"};
    thread = start(&busy);
    run(q, "turn = 1");
    pthread_join(thread, NULL);
    CHECK(busy.status == 0);

    // Destroying drives out whoever is inside.
    Runner last = {.q = q, .to_the_end = true, .source = "begin()\nwhile True: pass\n"};
    thread = start(&last);
    CHECK(quiver_free(q) == 0);
    while (!last.ended) {
        usleep(1000);
    }
    pthread_join(thread, NULL);
    CHECK(last.status == -1);
    CHECK(quiver_count() == 0);
    return 0;
}
