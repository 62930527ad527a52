// SPDX-License-Identifier: MIT
// Allocation n of an interpreter fails, for each n, while it is created, runs a program that
// touches every built-in type, imports, threads and channels, is reset, and is destroyed: no crash,
// no leak, and the next run of the same interpreter works.
//
// A run of all n takes minutes: QUIVER_FAULTS=1 asks for it, QUIVER_FAULTS=n for those from n on,
// and QUIVER_FAULTS=n-m for those up to m; else the first MANY are tried and then a few of the
// rest.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "_interp.h"

#define MANY  32 // one after another; then in growing steps
#define STEPS 6  // a step is n / STEPS

static const char PROGRAM[] =
    "import sys, channels, _thread, array, weakref, contextvars\n"
    "values = [None, True, 3, 1 << 200, 1.5, 2j, 'a\\u20ac\\U0001F98A', b'bytes', "
    "bytearray(b'ba'), "
    "(1, (2,)), [1, [2]],\n"
    "    {'k': {}}, {1, 2}, frozenset({3}), range(9), slice(1, 2), memoryview(b'mv'), Ellipsis, "
    "NotImplemented,\n"
    "    array.array('i', [1, 2]), object(), type('T', (), {'x': 1})(), property(), "
    "staticmethod(len),\n"
    "    classmethod(len), super, int | str, list[int], sys.flags]\n"
    "class Node:\n"
    "    __slots__ = ('next', '__weakref__')\n"
    "class Thing(dict):\n"
    "    kinds = {}\n"
    "    def __init__(self, *args, **kwargs):\n"
    "        super().__init__(*args, **kwargs)\n"
    "        self.me = self\n"
    "        self.kinds[len(self.kinds)] = type(self)\n"
    "    def __del__(self): self.gone = [self]\n"
    "    @property\n"
    "    def size(self): return len(self)\n"
    "def gen(n):\n"
    "    try:\n"
    "        for i in range(n):\n"
    "            yield i, f'{i:>5}|{i!r}'\n"
    "    finally:\n"
    "        values.append(n)\n"
    "async def co(): return [x async for x in agen()]\n"
    "async def agen(): yield 1\n"
    "def run():\n"
    "    a = [str(v) + repr(v) for v in values]\n"
    "    b = sorted(a, key=lambda s: (len(s), s)) + a[::2] * 2\n"
    "    c = {k: [v, v] for k, v in zip(b, b[::-1])}\n"
    "    d = set(b) | set(c) - {'x'}\n"
    "    e = ','.join(b).encode().decode().upper().split(',')\n"
    "    f = [*map(len, e), *filter(None, e), *reversed(e), *enumerate(e)]\n"
    "    t = Thing(x=1); t.t = t; n = Node(); n.next = [n]; w = weakref.ref(n, print)\n"
    "    g = gen(3); next(g); g2 = list(gen(2))\n"
    "    try:\n"
    "        try:\n"
    "            {}['k']\n"
    "        except KeyError as x:\n"
    "            raise ValueError('v') from x\n"
    "    except* ValueError as eg:\n"
    "        kept = eg.exceptions[0].__cause__\n"
    "    try:\n"
    "        co().send(None)\n"
    "    except StopIteration as x:\n"
    "        f.append(x.value)\n"
    "    match [1, {'k': 2}]:\n"
    "        case [int(one), {'k': two, **rest}]: f.append((one, two, rest))\n"
    "    tx, rx = channels.open(100)\n"
    "    for v in values[:14]: tx.send(v)\n"
    "    tx.send([t.kinds, gen, ValueError('x')][1:])\n"
    "    lock = _thread.allocate_lock(); lock.acquire()\n"
    "    def other():\n"
    "        try:\n"
    "            local = _thread._local(); local.x = [local]\n"
    "            tx.send([len(f), 10 ** 100 % 97])\n"
    "        finally:\n"
    "            lock.release()\n"
    "    _thread.start_new_thread(other, ())\n"
    "    lock.acquire(True, 10)\n"
    "    got = rx.recv_many(5) + [rx.recv(timeout=1)]\n"
    "    var = contextvars.ContextVar('v'); var.set([var]); ctx = contextvars.copy_context()\n"
    "    ctx.run(var.get)\n"
    "    exec(compile('z = lambda: [z]', 'x', 'exec'), {})\n"
    "    eval('1 + 2', {'n': n})\n"
    "    import string, functools, collections, json\n"
    "    json.dumps(json.loads('[1, {\"a\": [null, 1.5]}]'))\n"
    "    functools.partial(int, base=2)('11'); collections.deque([1, 2], 1); "
    "collections.OrderedDict(a=1)\n"
    "    globals().update(locals())\n"
    "run()\n";

static QuiverConfig config_quiet(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.stdout_stream = config.stderr_stream = QUIVER_STREAM_NULL;
    return config;
}

// The slice of n that QUIVER_FAULTS names (counted from 1).
static int64_t first(void)
{
    const char *given = getenv("QUIVER_FAULTS");
    return given ? strtoll(given, NULL, 10) - 1 : 0;
}

static bool is_past(int64_t n)
{
    const char *given = getenv("QUIVER_FAULTS");
    const char *last = given ? strchr(given, '-') : NULL;
    return last && n >= strtoll(last + 1, NULL, 10);
}

static int64_t next(int64_t n)
{
    return n < MANY || getenv("QUIVER_FAULTS") ? n + 1 : n + n / STEPS;
}

// It ends, and nothing is left.
static void expect_end(QvInstance *inst, int64_t n, const char *what)
{
    qv_instance_retain(inst);
    ck_assert_int_ge(qv_instance_free(inst), 0);
    ck_assert_msg(inst->qi.leaked == 0, "%s %lld: %llu left", what, (long long)n,
                  (unsigned long long)inst->qi.leaked);
    qv_instance_release(inst);
    ck_assert_msg(quiver_process_live_bytes() == 0, "%s %lld: bytes are left", what, (long long)n);
}

// To see where it ends: QUIVER_FAULTS.
static void tell(int64_t n)
{
    if (getenv("QUIVER_FAULTS") && n % 16 == 0) {
        fprintf(stderr, "%lld\n", (long long)n);
    }
}

static bool can_fail(void)
{
    QvInstance *inst = qv_instance_new(NULL);
    bool can = qv_heap_fail_at(&inst->qi.heap, -1, false);
    qv_instance_free(inst);
    return can;
}

START_TEST(test_create_fails)
{
    bool once = _i & 1, all = false;
    QuiverConfig config = config_quiet();
    for (int64_t n = 0; !all && can_fail(); n++) {
        QvInstance *inst = qv_instance_new_failing(&config, n, once);
        if (inst) {
            all = inst->qi.heap.fail_in > 0;
            qv_heap_fail_at(&inst->qi.heap, -1, false);
            ck_assert_int_eq(quiver_run((Quiver *)inst, "x = [1]", "<x>"), 0);
            expect_end(inst, n, "create");
        }
        ck_assert_uint_eq(quiver_count(), 0);
        ck_assert_uint_eq(quiver_process_live_bytes(), 0);
    }
}
END_TEST

START_TEST(test_run_fails)
{
    bool once = _i & 1, all = false;
    QuiverConfig config = config_quiet();
    for (int64_t n = first(); !all && !is_past(n) && can_fail(); n = next(n)) {
        QvInstance *inst = qv_instance_new(&config);
        ck_assert_ptr_nonnull(inst);
        tell(n);
        qv_heap_fail_at(&inst->qi.heap, n, once);
        int status = quiver_run((Quiver *)inst, PROGRAM, "<program>");
        all = inst->qi.heap.fail_in > 0;
        if (all && status < 0) {
            fputs(quiver_error((Quiver *)inst)->traceback, stderr);
            ck_abort();
        }
        qv_heap_fail_at(&inst->qi.heap, -1, false);
        if (!once) {
            ck_assert_int_eq(quiver_run((Quiver *)inst, "y = [len('abc')]", "<after>"), 0);
        }
        expect_end(inst, n, once ? "once" : "from");
    }
}
END_TEST

// n: allocation of the end of a program, while it is reset (_i & 2) or destroyed.
START_TEST(test_end_fails)
{
    bool once = _i & 1, reset = _i & 2, all = false;
    QuiverConfig config = config_quiet();
    for (int64_t n = first(); !all && !is_past(n) && can_fail(); n = next(n)) {
        QvInstance *inst = qv_instance_new(&config);
        ck_assert_ptr_nonnull(inst);
        ck_assert_int_eq(quiver_run((Quiver *)inst, PROGRAM, "<program>"), 0);
        qv_instance_retain(inst);
        tell(n);
        qv_heap_fail_at(&inst->qi.heap, n, once);
        int status = reset ? qv_instance_reset(inst) : qv_instance_free(inst);
        all = inst->qi.heap.fail_in > 0 || (!reset && n > 3000);
        ck_assert_msg(inst->qi.leaked == 0, "end %d %lld: %llu left", _i, (long long)n,
                      (unsigned long long)inst->qi.leaked);
        if (reset) {
            qv_heap_fail_at(&inst->qi.heap, -1, false);
            ck_assert_int_eq(quiver_run((Quiver *)inst, "x = [1]", "<x>"), status < 0 ? -1 : 0);
            expect_end(inst, n, "reset");
        } else {
            ck_assert_int_ge(status, 0);
        }
        qv_instance_release(inst);
        ck_assert_uint_eq(quiver_process_live_bytes(), 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("faults");
    // Each for CK_RUN_CASE.
    TCase *create = tcase_create("create"), *run = tcase_create("run"), *end = tcase_create("end");
    tcase_add_loop_test(create, test_create_fails, 0, 2);
    tcase_add_loop_test(run, test_run_fails, 0, 2);
    tcase_add_loop_test(end, test_end_fails, 0, 4);
    TCase *const cases[] = {create, run, end};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        tcase_set_timeout(cases[k], getenv("QUIVER_FAULTS") ? 100000 : 120);
        suite_add_tcase(suite, cases[k]);
    }
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
