// SPDX-License-Identifier: MIT
// Allocation n fails, for each n, while a script runs whose errors are told: uncaught, of a thread,
// of a finalizer. Whatever cannot be told, no call ends with a result and an exception, or with
// neither (qv_call asserts it), and nothing stays pending.
#include <stdlib.h>

#include "_interp.h"

static const char *const scripts[] = {
    "x = (1,",
    "raise ValueError('on purpose')",
    "def f():\n"
    "    try: {}['k']\n"
    "    except KeyError as e: raise ValueError(1) from e\n"
    "f()",
    "class E(Exception):\n"
    "    def __str__(self): return 'text'\n"
    "e = E()\n"
    "e.add_note('a note')\n"
    "raise e",
    "raise ExceptionGroup('two', [ValueError(1), TypeError(2)])",
    "import sys\n"
    "missing = 1\n"
    "try: missin\n"
    "except NameError as e: sys.excepthook(type(e), e, e.__traceback__)",
    "import threading\n"
    "try: 1 / 0\n"
    "except ZeroDivisionError as e:\n"
    "    args = threading.ExceptHookArgs((type(e), e, e.__traceback__, threading.main_thread()))\n"
    "    threading.excepthook(args)",
    "def plain_thread():\n"
    "    import _thread, time\n"
    "    lock = _thread.allocate_lock()\n"
    "    lock.acquire()\n"
    "    class Work:\n"
    "        def __call__(self):\n"
    "            lock.release()\n"
    "            raise ValueError('on purpose')\n"
    "        def __repr__(self): return 'work'\n"
    "    _thread.start_new_thread(Work(), ())\n"
    "    lock.acquire(True, 0.01)\n"
    "    time.sleep(0.003)\n"
    "plain_thread()",
    "import gc\n"
    "class D:\n"
    "    def __del__(self): raise ValueError('on purpose')\n"
    "D()\n"
    "d = D()\n"
    "d.me = d\n"
    "del d\n"
    "gc.collect()",
    "import sys, weakref\n"
    "class C: pass\n"
    "c = C()\n"
    "w = weakref.ref(c, lambda r: 1 / 0)\n"
    "sys.unraisablehook = lambda args: None\n"
    "del c\n"
    "sys.unraisablehook = sys.__unraisablehook__\n",
};
#define NSCRIPTS ((int)(sizeof scripts / sizeof *scripts))

static QvInstance *start(const char *script)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.stdout_stream = config.stderr_stream = QUIVER_STREAM_CAPTURE;
    config.capture_bytes = 1000;
    config.dont_write_bytecode = true;
    QvInstance *inst = qv_instance_new(&config);
    ck_assert_ptr_nonnull(inst);
    (void)quiver_run((Quiver *)inst, script, "<script>"); // what it imports is there from now on
    return inst;
}

// True: it ran with one failing allocation.
static bool run_with_fault(QvInstance *inst, const char *script, int64_t n, bool once)
{
    if (!qv_heap_fail_at(&inst->qi.heap, n, once)) {
        return false; // not in this build
    }
    (void)quiver_run((Quiver *)inst, script, "<script>");
    bool reached = inst->qi.heap.fail_in <= 0;
    qv_heap_fail_at(&inst->qi.heap, -1, false);
    ck_assert_int_eq(qv_attach(inst), 0);
    ck_assert_msg(!inst->qi.ts->exc, "allocation %lld: an exception is left", (long long)n);
    qv_detach(inst);
    return reached;
}

START_TEST(test_allocations_fail_while_errors_are_told)
{
    bool once = _i % 2;
    const char *script = scripts[_i / 2];
    QvInstance *inst = start(script);
    int64_t n = 0;
    while (run_with_fault(inst, script, n, once)) {
        n++;
    }
    ck_assert_int_ge(qv_instance_free(inst), 0);
    ck_assert_uint_eq(quiver_process_live_bytes(), 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("script_faults");
    TCase *tests = tcase_create("script_faults");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_allocations_fail_while_errors_are_told, 0, 2 * NSCRIPTS);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
