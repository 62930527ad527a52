// SPDX-License-Identifier: MIT
// Eight OS threads do everything at random with a few shared interpreters: create, run, call,
// reset, destroy with threads inside, limits, interrupt, stop, statistics, pools, host functions,
// imports, threads of scripts, channels, interpreters made by scripts, exceptions, collections,
// interrupts from a signal handler, channels between scripts and threads outside.
// Scripts check themselves: AssertionError is a failure, any other error may come from a stop or a
// limit.
//
//   mixed SECONDS [SEED [THREADS]]     the same seed makes each thread choose the same
//
// args: 4 1
// libs: -lcjson
// timeout: 180
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "../embed/_check.h"

#define MOST_THREADS 32
#define SLOTS        6
#define STUCK        150 // seconds without progress of a thread

// ---- chance -------------------------------------------------------------------------------------

typedef struct Worker {
    uint64_t random;
    pthread_t thread;
    atomic_uint_fast64_t steps;
    _Atomic(const char *) doing; // for the report of a thread that is stuck
    uint64_t asserts;
} Worker;

static uint64_t chance(Worker *w, uint64_t below) // splitmix64
{
    uint64_t z = w->random += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (z ^ z >> 31) % below;
}

static uint64_t seed = 1;
static Worker workers[MOST_THREADS];
static size_t nworkers = 8;
static atomic_bool done;
static atomic_uint_fast64_t failures, errors, runs;

// ---- scripts ------------------------------------------------------------------------------------
// Other threads run in the same __main__: each script works in a function of its own name.

static const char *const scripts[] = {
    "x = 1",
    "def arith():\n"
    "    assert sum(i * i for i in range(300)) == 8955050\n"
    "    assert 3 ** 500 % 1000007 == pow(3, 500, 1000007)\n"
    "    assert sorted(range(200), key=lambda i: -i)[0] == 199\n"
    "arith()",
    "def texts():\n"
    "    s = ','.join(f'{i:03}' for i in range(200))\n"
    "    assert len(s.split(',')) == 200 and s.encode().decode() == s\n"
    "    assert '%d|%s' % (3, 'x' * 3) == '3|xxx'\n"
    "texts()",
    "def excs():\n"
    "    for i in range(20):\n"
    "        try:\n"
    "            try: {}['k']\n"
    "            except KeyError as e: raise ValueError(i) from e\n"
    "        except ValueError as e:\n"
    "            assert e.args == (i,) and type(e.__cause__) is KeyError\n"
    "        finally: i = None\n"
    "excs()",
    "def imports():\n"
    "    import json, re, collections, functools\n"
    "    assert json.loads(json.dumps({'a': [1, 2.5, None]})) == {'a': [1, 2.5, None]}\n"
    "    assert re.sub('b+', 'x', 'abbbc') == 'axc'\n"
    "    assert collections.Counter('aab')['a'] == 2\n"
    "imports()",
    "def fresh_import():\n"
    "    import sys\n"
    "    for name in 'string', 'keyword', 'bisect', 'heapq': sys.modules.pop(name, None)\n"
    "    import string, keyword, bisect, heapq\n"
    "    assert string.digits == '0123456789' and keyword.iskeyword('if')\n"
    "fresh_import()",
    "def threads():\n"
    "    import threading\n"
    "    lock, n, event = threading.Lock(), [0], threading.Event()\n"
    "    def work():\n"
    "        event.wait(5)\n"
    "        for i in range(50):\n"
    "            with lock: n[0] += 1\n"
    "    ts = [threading.Thread(target=work) for _ in range(3)]\n"
    "    for t in ts: t.start()\n"
    "    event.set()\n"
    "    for t in ts: t.join()\n"
    "    assert n[0] <= 150, n\n" // a stop may have hit one of them
    "threads()",
    "def daemon():\n"
    "    import _thread, time\n"
    "    def work():\n"
    "        end = time.monotonic() + 0.03\n"
    "        while time.monotonic() < end:\n"
    "            try: [[]] * 10\n"
    "            except BaseException: pass\n"
    "    _thread.start_new_thread(work, ())\n"
    "daemon()",
    "def cycles():\n"
    "    import gc, weakref, time\n"
    "    class C:\n"
    "        def __del__(self): gone.append(1)\n"
    "    gone, dead = [], []\n"
    "    for i in range(30):\n"
    "        c = C(); c.me = [c]; w = weakref.ref(c, dead.append); kept.append(w)\n"
    "    del c\n"
    "    for i in range(100):\n" // one that runs in another thread makes this one do nothing
    "        gc.collect()\n"
    "        if len(gone) == 30: break\n"
    "        time.sleep(0.001)\n"
    "    else: assert False, gone\n"
    "kept = []\n"
    "cycles()",
    "def sub():\n"
    "    from concurrent import interpreters\n"
    "    i = interpreters.create()\n"
    "    try:\n"
    "        i.exec('x = [1]')\n"
    "        assert i.call(len, 'abc') == 3\n"
    "    finally: i.close()\n"
    "sub()",
    "def sub_left():\n"
    "    from concurrent import interpreters\n"
    "    i = interpreters.create()\n"
    "    i.exec('import atexit; atexit.register(len, [])')\n"
    "sub_left()",
    "def sub_limited():\n"
    "    from concurrent import interpreters\n"
    "    i = interpreters.create(limits={'time': 0.003, 'memory': 8 << 20}, sandbox=True)\n"
    "    try: i.exec('while True: pass')\n"
    "    except interpreters.ExecutionFailed as e: assert 'imit' in str(e) or 'Keyb' in str(e), e\n"
    "    else: assert False, 'no limit'\n"
    "sub_limited()",
    "def sub_stopped():\n"
    "    from concurrent import interpreters\n"
    "    import time\n"
    "    def loop(end):\n"
    "        import time\n"
    "        while time.monotonic() < end: pass\n"
    "    i = interpreters.create()\n"
    "    t = i.call_in_thread(loop, time.monotonic() + 0.05)\n"
    "    i.stop() if time.monotonic_ns() % 2 else i.interrupt()\n"
    "    t.join()\n"
    "sub_stopped()",
    "def chans():\n"
    "    import channels\n"
    "    from concurrent import interpreters\n"
    "    def square(jobs, results):\n"
    "        for n in jobs: results.send((n, n * n, 'x' * n))\n"
    "    give, jobs = channels.open(3)\n"
    "    results, take = channels.open()\n"
    "    ws = [interpreters.create().call_in_thread(square, jobs, results) for _ in range(2)]\n"
    "    jobs.close(); results.close()\n"
    "    give.send_many(range(30)); give.close()\n"
    "    got = sorted(r[:2] for r in take)\n"
    "    for w in ws: w.join()\n"
    "    assert got == [(n, n * n) for n in range(30)] or len(got) < 30, got\n"
    "chans()",
    "def selects():\n"
    "    import channels, _thread\n"
    "    a, ra = channels.open(0); b, rb = channels.open(1)\n"
    "    _thread.start_new_thread(lambda: a.send(1, timeout=1), ())\n"
    "    b.send([2])\n"
    "    got = [channels.select([ra, rb], timeout=1)[1] for _ in range(2)]\n"
    "selects()",
    "def waits():\n"
    "    import channels\n"
    "    tx, rx = channels.open()\n"
    "    try: rx.recv(timeout=0.01)\n"
    "    except TimeoutError: pass\n"
    "waits()",
    "def sleeps():\n"
    "    import time\n"
    "    time.sleep(0.005)\n"
    "sleeps()",
    "def stubborn():\n"
    "    import time\n"
    "    end = time.monotonic() + 0.02\n"
    "    while time.monotonic() < end:\n"
    "        try:\n"
    "            while time.monotonic() < end: pass\n"
    "        except BaseException: pass\n"
    "stubborn()",
    "def deep(n=0): return deep(n + 1)\n"
    "try: deep()\n"
    "except RecursionError: pass",
    "def bomb():\n"
    "    a = []\n"
    "    try:\n"
    "        for i in range(40): a.append('x' * 50000)\n"
    "    except MemoryError: a = None\n"
    "bomb()",
    "def gens():\n"
    "    def g():\n"
    "        try:\n"
    "            for i in range(50): yield i\n"
    "        finally: closed.append(1)\n"
    "    closed = []\n"
    "    it = g(); next(it); it.close()\n" // (the errors of one that just dies are ignored)
    "    assert list(g()) == list(range(50)) and len(closed) == 2\n"
    "    it = g(); next(it); del it\n"
    "    async def co(): return [x async for x in ag()]\n"
    "    async def ag():\n"
    "        for i in range(5): yield i\n"
    "    try: co().send(None)\n"
    "    except StopIteration as e: assert e.value == [0, 1, 2, 3, 4]\n"
    "gens()",
    "import atexit\n"
    "def at_end(): return [[]] * 10\n"
    "atexit.register(at_end)\n"
    "class Ends:\n"
    "    def __del__(self): self.again = [self]\n"
    "ends = Ends(); ends.me = ends",
    "def classes():\n"
    "    class M(type): pass\n"
    "    class A(metaclass=M):\n"
    "        __slots__ = ('x', '__dict__')\n"
    "        def m(self): return self.x\n"
    "    class B(A):\n"
    "        @property\n"
    "        def p(self): return self.m() + 1\n"
    "    b = B(); b.x = 1; b.y = b\n"
    "    assert b.p == 2 and b.y is b\n"
    "classes()",
    "def backtracks():\n"
    "    import re\n"
    "    re.match('(a*)*b', 'a' * 16)\n"
    "backtracks()",
    "def traced():\n"
    "    import sys\n"
    "    lines = []\n"
    "    sys.settrace(lambda f, e, a: lines.append(e))\n"
    "    try: int('3')\n"
    "    finally: sys.settrace(None)\n"
    "traced()",
    "print('some output', flush=True)",
    "import sys; sys.exit(3)",
    "raise ValueError('on purpose')",
    "x = (1,",
    "def hosted():\n"
    "    import host\n"
    "    assert host.twice(21) == 42\n"
    "    assert host.call(len, [1, 2]) == 2\n"
    "    host.nap()\n"
    "    assert host.other() == 45\n"
    "hosted()",
};
#define NSCRIPTS (sizeof scripts / sizeof *scripts)

// ---- functions of the host ----------------------------------------------------------------------

static QuiverValue *host_twice(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    int64_t n;
    if (nargs != 1 || quiver_to_int(q, args[0], &n) < 0) {
        return NULL;
    }
    return quiver_int(q, 2 * n);
}

static QuiverValue *host_call(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user;
    return nargs == 2 ? quiver_call(q, args[0], args + 1, 1, NULL, 0) : NULL;
}

static QuiverValue *host_nap(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)args, (void)nargs;
    if (quiver_blocking_begin(q) == 0) {
        usleep(500);
        if (quiver_blocking_end(q) < 0) {
            return NULL;
        }
    }
    return quiver_none(q);
}

// Another interpreter's life inside a call of this one.
static QuiverValue *host_other(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)args, (void)nargs;
    Quiver *inner = quiver_new(NULL);
    int64_t n = 0;
    if (!inner) {
        return quiver_raise(q, "MemoryError", "no interpreter");
    }
    QuiverValue *v = quiver_eval(inner, "sum(range(10))");
    int r = v ? quiver_to_int(inner, v, &n) : -1;
    quiver_release(inner, v);
    CHECK(quiver_free(inner) >= 0);
    return r == 0 ? quiver_int(q, n) : quiver_raise(q, "RuntimeError", "stopped inside");
}

static void equip(Quiver *q)
{
    if (quiver_register(q, "host", "twice", host_twice, 1, 1, NULL, NULL) < 0 ||
        quiver_register(q, "host", "call", host_call, 2, 2, NULL, NULL) < 0 ||
        quiver_register(q, "host", "nap", host_nap, 0, 0, NULL, NULL) < 0 ||
        quiver_register(q, "host", "other", host_other, 0, 0, NULL, NULL) < 0) {
        quiver_error_clear(q); // too little memory, or it was stopped
    }
}

// ---- shared interpreters ------------------------------------------------------------------------
// A Quiver * is good until quiver_free returns. Who is in a slot is therefore counted: `coming`
// have taken the pointer and are not yet inside; `inside` have entered (they may be there when it
// is ended); `using` call what needs no entering (interrupt, limits, statistics). It is ended when
// nobody is coming or using.

typedef struct Slot {
    pthread_mutex_t mu;
    pthread_cond_t moved;
    Quiver *q;
    unsigned coming, inside, using;
    bool closing;
} Slot;

static Slot slots[SLOTS];

// The interpreter of a slot, for a thread that will enter it; NULL: none.
static Quiver *come(Slot *s)
{
    pthread_mutex_lock(&s->mu);
    Quiver *q = s->closing ? NULL : s->q;
    s->coming += q != NULL;
    pthread_mutex_unlock(&s->mu);
    if (q && quiver_enter(q) < 0) {
        pthread_mutex_lock(&s->mu);
        s->coming--;
        pthread_cond_broadcast(&s->moved);
        pthread_mutex_unlock(&s->mu);
        return NULL; // it is being reset
    }
    if (q) {
        pthread_mutex_lock(&s->mu);
        s->coming--;
        s->inside++;
        pthread_cond_broadcast(&s->moved);
        pthread_mutex_unlock(&s->mu);
    }
    return q;
}

static void go(Slot *s, Quiver *q)
{
    quiver_leave(q); // and it may be gone
    pthread_mutex_lock(&s->mu);
    s->inside--;
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->mu);
}

static Quiver *use(Slot *s)
{
    pthread_mutex_lock(&s->mu);
    Quiver *q = s->closing ? NULL : s->q;
    s->using += q != NULL;
    pthread_mutex_unlock(&s->mu);
    return q;
}

static void unuse(Slot *s)
{
    pthread_mutex_lock(&s->mu);
    s->using --;
    pthread_cond_broadcast(&s->moved);
    pthread_mutex_unlock(&s->mu);
}

static void end(Slot *s)
{
    pthread_mutex_lock(&s->mu);
    if (s->closing || !s->q) {
        pthread_mutex_unlock(&s->mu);
        return;
    }
    s->closing = true;
    while (s->coming || s->using) {
        pthread_cond_wait(&s->moved, &s->mu);
    }
    pthread_mutex_unlock(&s->mu);
    CHECK(quiver_free(s->q) >= 0); // some may be inside
    pthread_mutex_lock(&s->mu);
    while (s->inside) { // they have left, and are about to say so
        pthread_cond_wait(&s->moved, &s->mu);
    }
    s->q = NULL;
    s->closing = false;
    pthread_mutex_unlock(&s->mu);
}

// ---- what a thread may do -----------------------------------------------------------------------

static void config_at_random(Worker *w, QuiverConfig *config)
{
    quiver_config_init(config);
    if (chance(w, 6) == 0) {
        quiver_config_sandbox(config);
    }
    config->stdout_stream = config->stderr_stream = chance(w, 2) ? QUIVER_STREAM_CAPTURE
                                                                 : QUIVER_STREAM_NULL;
    config->stdin_stream = QUIVER_STREAM_NULL;
    config->capture_bytes = 1000;
    config->dont_write_bytecode = true;
    config->stop_grace = 1000000 + chance(w, 5000000);
    config->exit_budget = 20000000;
    if (chance(w, 3) == 0) {
        config->memory_limit = (1 + chance(w, 8)) << 20;
    }
    if (chance(w, 4) == 0) {
        config->fuel_limit = 1000 + chance(w, 1000000);
    }
    if (chance(w, 8) == 0) {
        config->output_limit = 1 + chance(w, 100);
    }
}

static void create(Worker *w, Slot *s)
{
    QuiverConfig config;
    config_at_random(w, &config);
    pthread_mutex_lock(&s->mu);
    bool wanted = !s->q;
    pthread_mutex_unlock(&s->mu);
    if (!wanted) {
        return;
    }
    Quiver *q = quiver_new(&config);
    CHECK(q || config.memory_limit);
    if (!q) {
        return;
    }
    equip(q);
    pthread_mutex_lock(&s->mu);
    bool taken = s->q != NULL;
    if (!taken) {
        s->q = q;
    }
    pthread_mutex_unlock(&s->mu);
    if (taken) {
        CHECK(quiver_free(q) >= 0);
    }
}

// Was it raised by a line of the script? The library's own assertions fail after a stop that came
// at an odd moment (threading's, of locks), in CPython too.
static bool is_own(const QuiverError *e)
{
    const char *last = NULL, *p = e->traceback ? e->traceback : "";
    while ((p = strstr(p, "  File \"")) != NULL) {
        last = p++;
    }
    return !last || strncmp(last, "  File \"<", 9) == 0;
}

// The last call failed: only a script's own check is a failure here.
static void look_at_error(Worker *w, Quiver *q, const char *what)
{
    const QuiverError *e = quiver_error(q);
    atomic_fetch_add(&errors, 1);
    if (e && e->type && strcmp(e->type, "AssertionError") == 0 && is_own(e)) {
        fprintf(stderr, "seed %llu: %s\nfailed: %s\n%s\n", (unsigned long long)seed, what,
                e->message ? e->message : "", e->traceback ? e->traceback : "");
        atomic_fetch_add(&failures, 1);
        w->asserts++;
    }
    quiver_error_clear(q);
}

static void run_script(Worker *w, Quiver *q)
{
    const char *script = scripts[chance(w, NSCRIPTS)];
    atomic_store(&w->doing, script);
    atomic_fetch_add(&runs, 1);
    if (quiver_run(q, script, "<stress>") < 0) {
        look_at_error(w, q, script);
    }
}

static void call_functions(Worker *w, Quiver *q)
{
    if (quiver_scope_open(q) < 0) {
        return;
    }
    QuiverValue *items[3] = {quiver_int(q, 7), quiver_str(q, "text", -1), quiver_float(q, 0.5)};
    QuiverValue *list = items[0] && items[1] && items[2] ? quiver_list(q, items, 3) : NULL;
    QuiverValue *f = list ? quiver_eval(q, "lambda a: [x for x in a + a]") : NULL;
    QuiverValue *r = f ? quiver_call(q, f, &list, 1, NULL, 0) : NULL;
    if (r) {
        ptrdiff_t n = quiver_length(q, r);
        CHECK(n == 6 || n == -1);
    } else {
        look_at_error(w, q, "call");
    }
    quiver_scope_close(q, NULL);
    struct cJSON *census = chance(w, 4) == 0 ? quiver_census(q) : NULL;
    if (census) {
        QuiverValue *v = quiver_from_cjson(q, census);
        quiver_release(q, v);
    }
    cJSON_Delete(census);
}

static void meddle(Worker *w, Quiver *q)
{
    static const QuiverLimit limits[] = {QUIVER_LIMIT_MEMORY, QUIVER_LIMIT_TIME, QUIVER_LIMIT_CPU,
                                         QUIVER_LIMIT_FUEL, QUIVER_LIMIT_OUTPUT};
    QuiverStats stats;
    char *text = NULL;
    uint64_t left;
    switch (chance(w, 7)) {
    case 0: quiver_interrupt(q); break;
    case 1: quiver_stop(q); break;
    case 2:
    case 3: {
        QuiverLimit which = limits[chance(w, 5)];
        uint64_t amount = which == QUIVER_LIMIT_MEMORY   ? (1 + chance(w, 16)) << 20
                          : which == QUIVER_LIMIT_OUTPUT ? 1 + chance(w, 1000)
                                                         : 1 + chance(w, 10000000);
        CHECK(quiver_set_limit(q, which, chance(w, 3) ? 0 : amount) == 0);
        CHECK(quiver_limit_left(q, which, &left) == 0);
        break;
    }
    case 4:
    case 5:
        quiver_stats(q, &stats);
        CHECK(quiver_process_live_bytes() < (uint64_t)1 << 40);
        break;
    default:
        (void)quiver_take_output(q, 1 + (int)chance(w, 2), &text, NULL);
        quiver_string_free(text);
    }
}

// ---- a signal handler interrupts ----------------------------------------------------------------

static _Thread_local Quiver *volatile target; // of the handler, in this thread

static void on_usr1(int sig)
{
    (void)sig;
    quiver_interrupt(target);
}

// The signal comes in the middle of whatever the library does for this thread.
static void interrupt_by_signal(Worker *w, Quiver *q)
{
    QuiverStats stats;
    uint64_t left;
    target = q;
    pthread_t me = pthread_self();
    for (uint64_t k = chance(w, 4); k-- > 0;) {
        pthread_kill(me, SIGUSR1);
        quiver_stats(q, &stats);
        quiver_set_limit(q, QUIVER_LIMIT_TIME, k ? 1000000 + chance(w, 10000000) : 0);
        quiver_limit_left(q, QUIVER_LIMIT_TIME, &left);
    }
    target = NULL;
}

// ---- channels of the host -----------------------------------------------------------------------

static QuiverEnd *wandering[2]; // of a channel that all use

// Sends and takes from outside; ends of new channels are among it.
static void channels_outside(Worker *w)
{
    QuiverMessage *msg;
    QuiverEnd *tx, *rx, *got;
    QuiverChannelStats stats;
    if (quiver_channel_open(chance(w, 3), "stress", &tx, &rx) == QUIVER_OK) {
        QuiverMessage *end = quiver_message_end(chance(w, 2) ? tx : rx);
        if (end && quiver_send(wandering[0], end, 0) != QUIVER_OK) {
            quiver_message_free(end);
        }
        (void)quiver_send_int(tx, 1, 0);
        quiver_end_stats(tx, &stats);
        quiver_end_release(tx);
        quiver_end_release(rx);
    }
    (void)quiver_send_text(wandering[0], "text", -1, 0);
    for (uint64_t k = chance(w, 6); k-- > 0;) {
        if (quiver_receive(wandering[1], &msg, (int64_t)chance(w, 2) * 100000) != QUIVER_OK) {
            break;
        }
        if (quiver_message_to_end(msg, &got) == QUIVER_OK) {
            if (quiver_end_is_receiver(got)) {
                QuiverMessage *inner;
                if (quiver_receive(got, &inner, 0) == QUIVER_OK) {
                    quiver_message_free(inner);
                }
            } else {
                (void)quiver_send_double(got, 1.5, 0);
            }
            quiver_end_release(got);
        }
        quiver_message_free(msg);
    }
}

// The same from inside an interpreter, which may be ended or stopped meanwhile.
static void channels_inside(Worker *w, Quiver *q)
{
    QuiverValue *tx = quiver_from_end(q, wandering[0]), *rx = quiver_from_end(q, wandering[1]);
    QuiverValue *f = tx && rx ? quiver_eval(q, "lambda tx, rx: (tx.try_send([1, 'x' * 3000]), "
                                               "tx.try_send(__import__('channels').open(2)[0]), "
                                               "rx.try_recv(), rx.try_recv())")
                              : NULL;
    QuiverValue *r = f ? quiver_call(q, f, (QuiverValue *[]){tx, rx}, 2, NULL, 0) : NULL;
    if (!r) {
        look_at_error(w, q, "channels");
    }
    quiver_release(q, r);
    quiver_release(q, f);
    quiver_release(q, tx);
    quiver_release(q, rx);
}

static QuiverPool *pool;

static void from_pool(Worker *w)
{
    Quiver *q = quiver_pool_acquire(pool);
    CHECK(q);
    run_script(w, q);
    if (chance(w, 4) == 0) {
        meddle(w, q);
        CHECK(quiver_free(q) >= 0);
    } else {
        CHECK(quiver_pool_release(pool, q) >= 0);
    }
}

static void step(Worker *w)
{
    Slot *s = &slots[chance(w, SLOTS)];
    Quiver *q;
    switch (chance(w, 20)) {
    case 0:
    case 1:
        atomic_store(&w->doing, "create");
        create(w, s);
        break;
    case 2:
        atomic_store(&w->doing, "end");
        end(s);
        break;
    case 3:
        atomic_store(&w->doing, "reset");
        if ((q = use(s)) != NULL) {
            if (quiver_reset(q) >= 0) {
                equip(q);
            }
            unuse(s);
        }
        break;
    case 4:
    case 5:
    case 6:
        atomic_store(&w->doing, "meddle");
        if ((q = use(s)) != NULL) {
            meddle(w, q);
            unuse(s);
        }
        break;
    case 7:
        atomic_store(&w->doing, "meddle inside");
        if ((q = come(s)) != NULL) {
            meddle(w, q);
            go(s, q);
        }
        break;
    case 8:
        atomic_store(&w->doing, "call");
        if ((q = come(s)) != NULL) {
            call_functions(w, q);
            go(s, q);
        }
        break;
    case 16:
        atomic_store(&w->doing, "signal");
        if ((q = use(s)) != NULL) {
            interrupt_by_signal(w, q);
            unuse(s);
        }
        break;
    case 17:
        atomic_store(&w->doing, "signal inside");
        if ((q = come(s)) != NULL) {
            target = q;
            pthread_kill(pthread_self(), SIGUSR1);
            run_script(w, q);
            target = NULL;
            go(s, q);
        }
        break;
    case 18:
        atomic_store(&w->doing, "channels outside");
        channels_outside(w);
        break;
    case 19:
        atomic_store(&w->doing, "channels inside");
        if ((q = come(s)) != NULL) {
            channels_inside(w, q);
            go(s, q);
        }
        break;
    case 9:
        atomic_store(&w->doing, "pool");
        from_pool(w);
        break;
    default:
        atomic_store(&w->doing, "enter");
        if ((q = come(s)) != NULL) {
            run_script(w, q);
            go(s, q);
        } else {
            atomic_store(&w->doing, "create");
            create(w, s);
        }
    }
    atomic_fetch_add(&w->steps, 1);
}

static void *work(void *arg)
{
    Worker *w = arg;
    while (!atomic_load(&done)) {
        step(w);
    }
    atomic_store(&w->doing, NULL);
    return NULL;
}

// ---- the run ------------------------------------------------------------------------------------

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void *watch(void *arg)
{
    (void)arg;
    uint64_t seen[MOST_THREADS] = {0};
    double since[MOST_THREADS];
    for (size_t k = 0; k < MOST_THREADS; k++) {
        since[k] = now();
    }
    for (;;) {
        usleep(200000);
        for (size_t k = 0; k < nworkers; k++) {
            uint64_t steps = atomic_load(&workers[k].steps);
            const char *doing = atomic_load(&workers[k].doing);
            if (steps != seen[k] || !doing) {
                seen[k] = steps;
                since[k] = now();
            } else if (now() - since[k] > STUCK) {
                for (size_t j = 0; j < nworkers; j++) {
                    doing = atomic_load(&workers[j].doing);
                    fprintf(stderr, "thread %zu, step %llu: %s\n", j,
                            (unsigned long long)atomic_load(&workers[j].steps),
                            doing ? doing : "has ended");
                }
                fprintf(stderr, "seed %llu: thread %zu is stuck\n", (unsigned long long)seed, k);
                if (getenv("STRESS_WAIT")) {
                    pause(); // for a debugger
                }
                _exit(1);
            }
        }
    }
}

// Interpreters of scripts end on threads of their own.
static void settle(void)
{
    for (int k = 0; k < 3000 && (quiver_count() || quiver_process_live_bytes()); k++) {
        usleep(10000);
    }
}

int main(int argc, char **argv)
{
    double seconds = argc > 1 ? atof(argv[1]) : 4;
    seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    nworkers = argc > 3 ? strtoull(argv[3], NULL, 10) : 8;
    CHECK(nworkers >= 1 && nworkers <= MOST_THREADS);
    for (size_t k = 0; k < SLOTS; k++) {
        pthread_mutex_init(&slots[k].mu, NULL);
        pthread_cond_init(&slots[k].moved, NULL);
    }
    struct sigaction usr1 = {.sa_handler = on_usr1, .sa_flags = SA_RESTART};
    CHECK(sigaction(SIGUSR1, &usr1, NULL) == 0);
    CHECK(quiver_channel_open(200, "wandering", &wandering[0], &wandering[1]) == QUIVER_OK);
    QuiverConfig config;
    quiver_config_init(&config);
    config.stdout_stream = config.stderr_stream = config.stdin_stream = QUIVER_STREAM_NULL;
    config.dont_write_bytecode = true;
    config.memory_limit = 32 << 20;
    config.exit_budget = 20000000;
    pool = quiver_pool_new(&config, 3);
    CHECK(pool);
    for (size_t k = 0; k < nworkers; k++) {
        workers[k].random = seed * 1000003 + k * 7919;
        CHECK(pthread_create(&workers[k].thread, NULL, work, &workers[k]) == 0);
    }
    pthread_t watcher;
    CHECK(pthread_create(&watcher, NULL, watch, NULL) == 0);
    double until = now() + seconds;
    while (now() < until && atomic_load(&failures) == 0) {
        usleep(20000);
    }
    atomic_store(&done, true);
    uint64_t steps = 0;
    for (size_t k = 0; k < nworkers; k++) {
        pthread_join(workers[k].thread, NULL);
        steps += atomic_load(&workers[k].steps);
    }
    for (size_t k = 0; k < SLOTS; k++) {
        end(&slots[k]);
    }
    quiver_pool_free(pool);
    quiver_end_release(wandering[0]);
    quiver_end_release(wandering[1]);
    settle();
    fprintf(stderr, "seed %llu: %llu steps, %llu scripts, %llu errors, %llu failures\n",
            (unsigned long long)seed, (unsigned long long)steps,
            (unsigned long long)atomic_load(&runs), (unsigned long long)atomic_load(&errors),
            (unsigned long long)atomic_load(&failures));
    if (quiver_count() || quiver_process_live_bytes()) {
        fprintf(stderr, "seed %llu: %zu interpreters and %llu bytes are left\n",
                (unsigned long long)seed, quiver_count(),
                (unsigned long long)quiver_process_live_bytes());
        if (getenv("STRESS_WAIT")) {
            pause();
        }
        return 1;
    }
    pthread_cancel(watcher);
    pthread_join(watcher, NULL);
    return atomic_load(&failures) ? 1 : 0;
}
