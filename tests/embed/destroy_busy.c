// SPDX-License-Identifier: MIT
// An interpreter is destroyed while another thread computes or waits in it, also where the script
// swallows what tells it to stop.
#include <pthread.h>
#include <unistd.h>

#include "_check.h"

static const char *const scripts[] = {
    "rx.recv()",
    "tx.send(1)",
    "channels.select([rx])",
    "import time\ntime.sleep(1000)",
    "while True: pass",
    "sum(range(10**12))",
    "''.join(str(k) for k in range(10**9))",
    "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\nlock.acquire()",
    "while True:\n    try:\n        while True: pass\n    except BaseException: pass",
    "def f():\n    try:\n        while True: pass\n    finally:\n        f()\nf()",
    "class E:\n    def __exit__(self, *e):\n        return True\n    def __enter__(self): pass\n"
    "while True:\n    with E():\n        rx.recv()",
    "def g():\n    while True:\n        try:\n            yield\n        except BaseException: "
    "pass\n"
    "for _ in g(): pass",
};

typedef struct Busy {
    Quiver *q;
    const char *script;
} Busy;

static void *be_busy(void *arg)
{
    Busy *busy = arg;
    quiver_run(busy->q, busy->script, "<busy>");
    return NULL;
}

int main(void)
{
    uint64_t before = quiver_process_live_bytes();
    for (size_t k = 0; k < sizeof scripts / sizeof scripts[0]; k++) {
        Busy busy = {.q = fresh(), .script = scripts[k]};
        run(busy.q, "import channels\ntx, rx = channels.open(0)\nstarted = True");
        alarm(100); // a hang fails with the script's number
        fprintf(stderr, "script %zu\n", k);
        pthread_t thread;
        CHECK(pthread_create(&thread, NULL, be_busy, &busy) == 0);
        usleep(30000);
        CHECK(quiver_free(busy.q) == 0);
        pthread_join(thread, NULL);
    }
    CHECK(quiver_count() == 0 && quiver_process_live_bytes() == before);
    return 0;
}
