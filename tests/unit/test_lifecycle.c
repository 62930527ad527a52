// SPDX-License-Identifier: MIT
// After an interpreter has ended nothing of it is left: no object, no byte, whatever its program
// did.
#include <stdio.h>

#include "_interp.h"

typedef struct Program {
    const char *name, *source;
    bool raises; // ends with an uncaught exception
} Program;

static const Program programs[] = {
    {"nothing", "", false},
    {"assignment", "x = 1\n", false},
    {"names", "a = 'one' + 'two'\nb = a.encode()\nc = (a, b, [a], {a: b}, {a})\n", false},
    {"closures",
     "def outer(n):\n    def inner(): return n, inner\n    return inner\nkept = [outer(i) for i in "
     "range(9)]\n"
     "late = lambda: late\n",
     false},
    {"cycles",
     "a = []\na.append(a)\nd = {'d': a}\na.append(d)\nd['me'] = d\nt = (a, d)\na.append(t)\ns = "
     "{t[:0]}\n",
     false},
    {"instances",
     "class A:\n    def __init__(self): self.me = self; self.peers = [self]\n    def m(self): "
     "return self.m\n"
     "a = A()\na.bound = a.m\nclass B(A): pass\nA.child = B\nB.first = B()\ndel A, B\n",
     false},
    {"slots", "class S:\n    __slots__ = ('x', '__weakref__')\ns = S()\ns.x = s\n", false},
    {"metaclass",
     "class M(type):\n    def __new__(m, name, bases, d): return super().__new__(m, name, bases, "
     "dict(d, meta=m))\n"
     "class C(metaclass=M): pass\nM.made = C\n",
     false},
    {"properties",
     "class P:\n    @property\n    def x(self): return self\n    @classmethod\n    def c(cls): "
     "return cls\n"
     "    @staticmethod\n    def s(): return P\np = P().x.c().s()\n",
     false},
    {"generator suspended",
     "def g():\n    held = [1, 2]\n    yield held\n    yield it\nit = g()\nnext(it)\n", false},
    {"generator in try",
     "log = []\ndef g():\n    try:\n        yield 1\n    finally:\n        "
     "log.append('closed')\nit = g()\nnext(it)\n",
     false},
    {"generator not started", "def g():\n    yield it\nit = g()\n", false},
    {"generator delegating",
     "def inner():\n    yield it\ndef g():\n    yield from inner()\nit = g()\nnext(it)\n", false},
    {"exception stored",
     "def f(n):\n    here = [n]\n    if n: f(n - 1)\n    else: raise ValueError(here)\n"
     "try:\n    f(5)\nexcept ValueError as e:\n    kept = e\n"
     "try:\n    {}['k']\nexcept KeyError as e:\n    kept2 = e\n    kept.__context__ = e\n    "
     "e.__cause__ = kept\n",
     false},
    {"exception uncaught",
     "def f():\n    local = []\n    local.append(local)\n    raise RuntimeError(local)\nf()\n",
     true},
    {"exit", "import sys\nheld = [sys]\nsys.exit(held)\n", true},
    {"syntax error", "x = (1,\n", true},
    {"recursion",
     "def f(n): return [f(n + 1)]\ntry:\n    f(0)\nexcept RecursionError as e:\n    kept = e\n",
     false},
    {"finalizers",
     "class D:\n    def __init__(self, n): self.n = n; self.me = self\n"
     "    def __del__(self):\n        global again\n        again = self\n"
     "ds = [D(i) for i in range(5)]\ndel ds[2]\n",
     false},
    {"finalizer that fails",
     "class D:\n    def __del__(self): raise SystemExit\nd = [D()]\nd.append(d)\n", false},
    {"iterators",
     "its = [iter([1, 2]), iter({1: 2}), iter({3}), iter('ab'), iter(range(3)), zip([1], [2]), "
     "map(str, [1]),\n"
     "       filter(None, [1]), enumerate('ab'), reversed([1]), iter({}.items())]\n"
     "for i in its[:-1]: next(i)\nits.append(its)\n",
     false},
    {"big numbers", "n = [7 ** 500, -(1 << 200), 1.5, 2j, True]\nm = {x: str(x)[:9] for x in n}\n",
     false},
    {"strings",
     "s = ['%d-%s' % (i, '\\u20ac\\U0001F98A') for i in range(50)]\nj = "
     "','.join(s).upper().split('-')\n",
     false},
    {"imports",
     "import sys, functools, operator, collections.abc\nkept = [sys, functools]\nsys.kept = kept\n",
     false},
    {"module of its own",
     "import sys\nM = type(sys)\nm = M('own')\nm.me = m\nsys.modules['own'] = m\nexec('def f(): "
     "return f', m.__dict__)\n",
     false},
    {"code", "c = compile('def f(a=[1]): return lambda: a', 'x', 'exec')\nexec(c)\ng = f()\n",
     false},
    {"threads",
     "import _thread\nlock = _thread.allocate_lock()\nlock.acquire()\ndef f():\n    held = [f]\n   "
     " lock.release()\n"
     "_thread.start_new_thread(f, ())\nlock.acquire()\nlocal = _thread._local()\nlocal.x = local\n",
     false},
    {"atexit", "import atexit\nheld = []\natexit.register(lambda: held.append(held))\n", false},
    {"weak references",
     "import _weakref\nclass W: pass\nw = W()\nrefs = [_weakref.ref(w), _weakref.ref(w, print), "
     "_weakref.proxy(w)]\nw.refs = refs\n",
     false},
    {"shapes",
     "class A: pass\nobjects = []\nfor i in range(40):\n    a = A()\n    for k in range(i % 12): "
     "setattr(a, 'n%d' % (k * i % 17), a)\n"
     "    objects.append(a)\ndel objects[3].__dict__\nobjects[5].__dict__['x'] = objects\n",
     false},
    {"thread in a class of _interpreters",
     "import _interpreters\ndef f(): return 1\ni = _interpreters.create()\n"
     "t = _interpreters.call_in_thread(i, f)\nt.join()\n_interpreters.destroy(i)\n"
     "_interpreters.InterpreterError.kept = t\n",
     false},
    {"memory error stored",
     "kept = []\ndef f():\n    here = kept\n    return ' ' * (1 << 62)\nfor i in range(3):\n"
     "    try:\n        f()\n    except MemoryError as e:\n        kept.append(e)\n",
     false},
    {"modules under two names",
     "import sys, math\nsys.modules['twice'] = math\nmath.me = math\n"
     "sys.modules['builtins'] = math\n",
     false},
    {"builtins changed",
     "import builtins\nbuiltins.mine = [builtins]\nbuiltins.mine.append(lambda: mine)\n", false},
};

enum { PROGRAMS = sizeof programs / sizeof programs[0] };

static bool run_program(Quiver *q, const Program *p)
{
    bool raised = quiver_run(q, p->source, "<life>") < 0;
    if (raised != p->raises) {
        fprintf(stderr, "%s: %s\n", p->name, quiver_error(q)->traceback);
    }
    return raised == p->raises;
}

// The interpreter ends; what is left of it: objects and blocks, known in debug builds.
static uint64_t end(QvInstance *inst)
{
    qv_instance_retain(inst); // the struct outlives the interpreter
    ck_assert_int_eq(qv_instance_free(inst), 0);
    uint64_t left = inst->qi.leaked;
    qv_instance_release(inst);
    return left;
}

START_TEST(test_nothing_left)
{
    const Program *p = &programs[_i];
    uint64_t before = quiver_process_live_bytes();
    QvInstance *inst = qv_instance_new(NULL);
    ck_assert_ptr_nonnull(inst);
    ck_assert_msg(run_program((Quiver *)inst, p), "%s: not the expected end", p->name);
    uint64_t left = end(inst);
    ck_assert_msg(left == 0, "%s: %llu left", p->name, (unsigned long long)left);
    ck_assert_uint_eq(quiver_process_live_bytes(), before);
    ck_assert_uint_eq(quiver_count(), 0);
}
END_TEST

// All programs one after another in the same interpreter.
START_TEST(test_all_in_one)
{
    QvInstance *inst = qv_instance_new(NULL);
    ck_assert_ptr_nonnull(inst);
    for (int i = 0; i < PROGRAMS; i++) {
        ck_assert(run_program((Quiver *)inst, &programs[i]));
    }
    ck_assert_uint_eq(end(inst), 0);
    ck_assert_uint_eq(quiver_process_live_bytes(), 0);
}
END_TEST

// Creating fails cleanly at each allocation that a small limit cuts off.
START_TEST(test_creation_fails)
{
    size_t failed = 0;
    for (size_t limit = 64; limit < (size_t)1 << 20; limit += limit < 65536 ? 64 : 4096) {
        QuiverConfig config;
        quiver_config_init(&config);
        config.memory_limit = limit;
        QvInstance *inst = qv_instance_new(&config);
        if (inst) {
            ck_assert_uint_eq(end(inst), 0);
        } else {
            failed++;
        }
        ck_assert_uint_eq(quiver_count(), 0);
        ck_assert_uint_eq(quiver_process_live_bytes(), 0);
    }
    ck_assert_uint_gt(failed, 10);
}
END_TEST

// A program meets the limit at ever later allocations: always MemoryError, never something left.
START_TEST(test_memory_runs_out)
{
    static const char source[] =
        "def f(n):\n    x = [i for i in range(n)]\n    return {str(i): (i, x) for i in x}\n"
        "class A:\n    def __init__(self): self.all = f(20)\n"
        "def g():\n    yield A().all\n"
        "try:\n    a = A()\n    total = list(g())\n    a.me = a\nfinally:\n    text = repr(f)\n";
    int ended = 0;
    for (size_t extra = 128; ended < 3; extra += 128) {
        ck_assert_uint_lt(extra, 1 << 20);
        QvInstance *inst = qv_instance_new(NULL);
        ck_assert_ptr_nonnull(inst);
        QvHeapStats stats;
        qv_heap_stats(&inst->qi.heap, &stats);
        qv_heap_set_limit(&inst->qi.heap, stats.live + extra);
        if (quiver_run((Quiver *)inst, source, "<short>") == 0) {
            ended++;
        } else {
            ck_assert_str_eq(quiver_error((Quiver *)inst)->type, "MemoryError");
        }
        ck_assert_uint_eq(end(inst), 0);
    }
}
END_TEST

// Each single allocation of a run fails, alone or with all after it; then each one of the end.
START_TEST(test_allocations_fail)
{
    static const char source[] =
        "class D:\n    def __del__(self):\n        try: print, len([self])\n"
        "        except MemoryError: pass\n"
        "def f(n): return [D() for i in range(n)], {'k': n}\n"
        "a = f(3)\na[0].append(a)\nx = f'{a[1]}'\n";
    bool once = _i;
    bool ran = false;
    for (int64_t n = 0; !ran; n++) {
        QvInstance *inst = qv_instance_new(NULL);
        ck_assert_ptr_nonnull(inst);
        if (!qv_heap_fail_at(&inst->qi.heap, n, once)) {
            ck_assert_int_eq(qv_instance_free(inst), 0);
            return; // not in this build
        }
        ran = quiver_run((Quiver *)inst, source, "<fails>") == 0 && inst->qi.heap.fail_in > 0;
        qv_heap_fail_at(&inst->qi.heap, -1, false);
        ck_assert_uint_eq(end(inst), 0);
    }
    bool spared = false;
    for (int64_t n = 0; !spared; n++) {
        QvInstance *inst = qv_instance_new(NULL);
        ck_assert_ptr_nonnull(inst);
        ck_assert_int_eq(quiver_run((Quiver *)inst, source, "<fails>"), 0);
        qv_heap_fail_at(&inst->qi.heap, n, once);
        qv_instance_retain(inst);
        ck_assert_int_eq(qv_instance_free(inst), 0);
        ck_assert_uint_eq(inst->qi.leaked, 0);
        qv_instance_release(inst);
        spared = n > 400; // more than an end without failures allocates
        ck_assert_uint_eq(quiver_process_live_bytes(), 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lifecycle");
    TCase *tests = tcase_create("lifecycle");
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, test_nothing_left, 0, PROGRAMS);
    tcase_add_test(tests, test_all_in_one);
    tcase_add_test(tests, test_creation_fails);
    tcase_add_test(tests, test_memory_runs_out);
    tcase_add_loop_test(tests, test_allocations_fail, 0, 2);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
