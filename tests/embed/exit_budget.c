// SPDX-License-Identifier: MIT
// What scripts do at the end is stopped when the budget of the config is used up.
#include <time.h>
#include <unistd.h>

#include "_check.h"

static const char *const scripts[] = {
    "import atexit\n@atexit.register\ndef f():\n    while True: pass\n",
    "import atexit\n@atexit.register\ndef f():\n    while True:\n        try:\n"
    "            while True: pass\n        except BaseException: pass\n",
    "import atexit, time\natexit.register(time.sleep, 1000)\n",
    "import atexit\ndef f(): atexit.register(f)\nf()\n",
    "class D:\n    def __del__(self):\n        while True: pass\nd = D()\n",
    "class D:\n    def __del__(self): sum(range(10**12))\nd = [D() for k in range(100)]\n",
    "class D:\n    def __del__(self):\n        D().me = self\nd = D()\nd.d = d\n",
    "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()\n",
    "import threading\ndef f():\n    while True: pass\nthreading.Thread(target=f).start()\n",
    "import weakref\nclass A: pass\ndef f(r):\n    while True: pass\na = A()\nr = weakref.ref(a, "
    "f)\n",
    "import threading\nl = threading.Lock()\nl.acquire()\n"
    "class D:\n    def __del__(self): l.acquire()\nd = D()\n",
};

int main(void)
{
    uint64_t before = quiver_process_live_bytes();
    QuiverConfig config;
    quiver_config_init(&config);
    config.exit_budget = 5000000;
    config.stop_grace = 5000000;
    config.stderr_stream = QUIVER_STREAM_NULL;
    for (size_t k = 0; k < sizeof scripts / sizeof scripts[0]; k++) {
        alarm(60);
        fprintf(stderr, "script %zu\n", k); // a hang fails with its number
        Quiver *q = quiver_new(&config);
        CHECK(q);
        run(q, scripts[k]);
        CHECK(quiver_reset(q) >= 0);
        run(q, scripts[k]);
        CHECK(quiver_free(q) >= 0);
    }
    // Exit functions have their own budget when the limits are used up.
    config.fuel_limit = 100000;
    config.stdout_stream = QUIVER_STREAM_CAPTURE;
    config.exit_budget = 10000000000;
    Quiver *q = quiver_new(&config);
    CHECK(q);
    run(q, "import atexit, os\nr, w = os.pipe()\natexit.register(lambda: os.write(w, b'done'))");
    long long r = eval_int(q, "r");
    CHECK(quiver_run(q, "while True: pass", "<test>") < 0);
    CHECK_TEXT(quiver_error(q)->type, "LimitExceeded");
    CHECK(quiver_free(q) == 0);
    char text[8] = "";
    CHECK(read((int)r, text, 4) == 4);
    CHECK_TEXT(text, "done");
    CHECK(quiver_count() == 0 && quiver_process_live_bytes() == before);
    return 0;
}
