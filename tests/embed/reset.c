// SPDX-License-Identifier: MIT
// quiver_reset: nothing of what was there is left, finalizers and exit functions have run, threads
// were stopped, limits and streams are as in the beginning.
#include <pthread.h>
#include <unistd.h>

#include "_check.h"

static const char DIRTY[] = "import atexit, builtins, collections, sys, threading, json\n"
                            "class Mine(dict):\n"
                            "    def __del__(self): print('finalizer')\n"
                            "kept = Mine(me=[])\n"
                            "kept['me'].append(kept)\n"
                            "atexit.register(lambda: print('exit'))\n"
                            "builtins.len = None\n"
                            "sys.path.append('/nowhere')\n"
                            "sys.setrecursionlimit(50)\n"
                            "sys.set_int_max_str_digits(0)\n"
                            "sys.setswitchinterval(1)\n"
                            "sys.settrace(lambda *a: None)\n"
                            "sys.stdout.write('late ')\n"
                            "local = threading.local()\n"
                            "local.x = local\n"
                            "print(len)\n";

static const char CLEAN[] =
    "import sys\n"
    "names = set(globals()) - {'__builtins__', '__name__', '__doc__', '__package__', "
    "'__loader__', '__spec__', '__annotations__', 'sys', 'names'}\n"
    "assert not names, names\n"
    "assert 'json' not in sys.modules and 'atexit' not in sys.modules\n"
    "assert len('abc') == 3 and '/nowhere' not in sys.path and sys.getrecursionlimit() == 1000\n"
    "assert sys.get_int_max_str_digits() == 4300 and sys.getswitchinterval() == 0.005\n"
    "assert sys.gettrace() is None and not [c for c in dict.__subclasses__() if c.__name__ == "
    "'Mine']\n";

static void *be_busy(void *arg)
{
    quiver_run(arg,
               "started = True\nwhile True:\n    try:\n        while True: pass\n"
               "    except BaseException: pass\n",
               "<busy>");
    return NULL;
}

static QuiverValue *reset_inside(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)args, (void)nargs;
    CHECK(quiver_reset(q) == -1 && quiver_free(q) == -1);
    CHECK_TEXT(quiver_error(q)->type, "RuntimeError");
    return quiver_none(q);
}

static void expect_output(Quiver *q, const char *want)
{
    char *text = NULL;
    size_t size;
    CHECK(quiver_take_output(q, 1, &text, &size) == 0 && text);
    CHECK_TEXT(text, want);
    quiver_string_free(text);
}

static void *reset(void *q)
{
    CHECK(quiver_reset(q) == 0);
    return NULL;
}

int main(void)
{
    uint64_t before = quiver_process_live_bytes();
    QuiverConfig config;
    quiver_config_init(&config);
    config.stdout_stream = QUIVER_STREAM_CAPTURE;
    config.fuel_limit = 10000000;
    Quiver *q = quiver_new(&config);
    CHECK(q);
    uint64_t live = 0;
    for (int round = 0; round < 20; round++) {
        run(q, CLEAN);
        run(q, DIRTY);
        QuiverStats stats;
        uint64_t left = 0;
        CHECK(quiver_set_limit(q, QUIVER_LIMIT_FUEL, 5) == 0);
        CHECK(quiver_run(q, "for i in range(1000): pass", "<fuel>") < 0);
        quiver_flush(q);
        expect_output(q, "late None\n");
        CHECK(quiver_set_limit(q, QUIVER_LIMIT_FUEL, 0) == 0);
        CHECK(quiver_reset(q) == 0);
        char *text;
        CHECK(quiver_take_output(q, 1, &text, NULL) == 0 && !text);
        CHECK(quiver_limit_left(q, QUIVER_LIMIT_FUEL, &left) == 0 && left == 10000000);
        quiver_stats(q, &stats);
        CHECK(round == 0 || stats.live_bytes == live);
        live = stats.live_bytes;
    }
    // A thread inside is stopped, whatever it catches; another thread may reset.
    for (int k = 0; k < 3; k++) {
        pthread_t thread, other;
        CHECK(quiver_set_limit(q, QUIVER_LIMIT_FUEL, 0) == 0);
        CHECK(pthread_create(&thread, NULL, be_busy, q) == 0);
        usleep(20000);
        CHECK(pthread_create(&other, NULL, reset, q) == 0);
        pthread_join(other, NULL);
        pthread_join(thread, NULL);
        run(q, CLEAN);
    }
    // From inside it is refused.
    CHECK(quiver_enter(q) == 0);
    CHECK(quiver_reset(q) == -1);
    CHECK_TEXT(quiver_error(q)->type, "RuntimeError");
    quiver_leave(q);
    CHECK(quiver_register(q, NULL, "inside", reset_inside, 0, 0, NULL, NULL) == 0);
    run(q, "inside()");
    CHECK(quiver_reset(q) == 0 && quiver_reset(q) == 0);
    run(q, CLEAN);
    CHECK(quiver_reset(NULL) == -1);
    CHECK(quiver_free(q) == 0);
    CHECK(quiver_count() == 0 && quiver_process_live_bytes() == before);
    return 0;
}
