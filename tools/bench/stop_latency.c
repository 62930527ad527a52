// SPDX-License-Identifier: MIT
// How long a runaway script goes on after another thread has stopped it, and after a deadline.
//
// Each script runs in a fresh interpreter until `begin` has been called and the time given has
// passed; then come quiver_interrupt (quiver_stop where the script catches everything), and in a
// second round a deadline. Meanwhile an interpreter on another thread does short pieces of work;
// their 99th percentile is compared with a quiet run.
//
// stop_latency [MS_OF_HEAD_START [NAME]]; one line each, then a summary. Exit code 1: a script did
// not stop in GIVE_UP ms, or not with the right error.
#include <pthread.h>
#include <quiver.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define GIVE_UP 10000 // ms
#define PIECES  200000

typedef struct Script {
    const char *name;
    bool catches; // everything: only quiver_stop ends it
    const char *source;
} Script;

static const Script scripts[] = {
    {"while", false, "begin()\nwhile True: pass\n"},
    {"for", false, "begin()\nfor i in range(10**15): pass\n"},
    {"generator", false, "def g():\n    while True: yield\nbegin()\nfor _ in g(): pass\n"},
    {"genexpr", false, "begin()\nsum(1 for _ in iter(int, 1))\n"},
    {"recursion", false, "def f(n):\n    return f(n - 1) + f(n - 1) if n else 1\nbegin()\nf(90)\n"},
    {"mutual calls", false,
     "def a(n): return n and b(n - 1)\ndef b(n): return n and a(n - 1)\nbegin()\n"
     "while True: a(500)\n"},
    {"methods", false,
     "class C:\n    def m(self): return self\nc = C()\nbegin()\nwhile True: c.m().m().m()\n"},
    {"try/except", true,
     "begin()\nwhile True:\n    try:\n        while True: pass\n    except BaseException: pass\n"},
    {"finally", true,
     "def f():\n    while True:\n        try: return 1\n        finally: continue\nbegin()\nf()\n"},
    {"with", true,
     "class W:\n    def __enter__(self): pass\n    def __exit__(self, *a): return True\n"
     "begin()\nwhile True:\n    with W():\n        while True: pass\n"},
    {"loop in except", true,
     "begin()\ntry:\n    while True: pass\nexcept BaseException:\n    while True: pass\n"},
    {"__del__", true,
     "class C:\n    def __del__(self):\n        while True: pass\nbegin()\nC()\nwhile True: C()\n"},
    {"sum(range)", false, "begin()\nsum(range(10**12))\n"},
    {"sum(floats)", false, "import itertools\nbegin()\nsum(itertools.repeat(0.5))\n"},
    {"list(count)", false, "import itertools\nbegin()\nlist(zip(itertools.repeat(1, 10**8)))\n"},
    {"deque(count)", false,
     "import collections, itertools\nbegin()\ncollections.deque(itertools.count(), 0)\n"},
    {"product", false,
     "import itertools\nbegin()\nfor _ in itertools.product(range(99), repeat=99): pass\n"},
    {"min", false, "import itertools\nbegin()\nmin(itertools.count(), key=lambda x: 0)\n"},
    {"any", false, "import itertools\nbegin()\nany(itertools.repeat(0))\n"},
    {"in range", false, "import itertools\nbegin()\n-1 in itertools.count()\n"},
    {"in list", false, "x = [0.5] * 10**7\nbegin()\nwhile True: 'a' in x\n"},
    {"sort", false,
     "import random\nx = [random.random() for _ in range(10**6)]\nbegin()\n"
     "while True: sorted(x)\n"},
    {"sort key", false,
     "begin()\nsorted(range(10**7), key=lambda x: [x ^ 1 for _ in range(99)])\n"},
    {"regex", false, "import re\nbegin()\nre.match('(a*)*b', 'a' * 60)\n"},
    {"regex search", false, "import re\nx = 'a' * 10**6\nbegin()\nre.findall('a*b', x)\n"},
    {"regex compile", false, "import re\np = '(a|b)' * 10**5\nbegin()\nre.compile(p)\n"},
    {"' ' * n", false, "begin()\nwhile True: ' ' * 10**9\n"},
    {"' ' * 10**11", false,
     "begin()\nwhile True:\n    try: ' ' * 10**11\n    except MemoryError: pass\n"},
    {"list * n", false, "begin()\nwhile True: [None] * 10**8\n"},
    {"join", false, "x = ['ab'] * 10**7\nbegin()\nwhile True: ','.join(x)\n"},
    {"str.replace", false, "x = 'ab' * 10**7\nbegin()\nwhile True: x.replace('a', 'ccc')\n"},
    {"str.find", false,
     "x = 'a' * 10**6\ny = 'a' * 10**5 + 'b' + 'a' * 10**5\nbegin()\n"
     "while True: x.find(y); x.count(y)\n"},
    {"str ==", false, "x = 'a' * 10**8\ny = 'a' * 10**8\nbegin()\nwhile True: x == y\n"},
    {"bytes.translate", false,
     "x = bytes(10**8)\nt = bytes(range(256))\nbegin()\nwhile True: x.translate(t)\n"},
    {"split", false, "x = 'a ' * 10**7\nbegin()\nwhile True: x.split()\n"},
    {"encode", false, "x = 'ä' * 10**8\nbegin()\nwhile True: x.encode().decode()\n"},
    {"int *", false, "x = 1 << 10**9\ny = x - 1\nbegin()\nwhile True: y * y\n"},
    {"int **", false, "begin()\n3 ** (10**9)\n"},
    {"int //", false,
     "x = (1 << 4 * 10**8) - 1\ny = (1 << 2 * 10**8) - 5\nbegin()\n"
     "while True: x // y\n"},
    {"int +", false, "x = 1 << 10**9\nbegin()\nwhile True: x + x\n"},
    {"pow mod", false, "x = (1 << 10**6) - 1\nbegin()\npow(3, x, x - 2)\n"},
    {"int to text", false,
     "import sys\nsys.set_int_max_str_digits(0)\nx = 1 << 10**8\nbegin()\nstr(x)\n"},
    {"text to int", false,
     "import sys\nsys.set_int_max_str_digits(0)\nx = '7' * 10**8\nbegin()\nint(x)\n"},
    {"factorial", false, "import math\nbegin()\nmath.factorial(10**8)\n"},
    {"comb", false, "import math\nbegin()\nmath.comb(10**8, 5 * 10**7)\n"},
    {"gcd", false,
     "import math\nx = 3 ** (6 * 10**6)\ny = 7 ** (3 * 10**6)\nbegin()\nwhile True: math.gcd(x, "
     "y)\n"},
    {"isqrt", false, "import math\nx = (1 << 10**9) - 1\nbegin()\nmath.isqrt(x)\n"},
    {"set ops", false,
     "x = set(range(10**6))\ny = set(range(5 * 10**5, 2 * 10**6))\nbegin()\n"
     "while True: x & y; x | y; x - y\n"},
    {"dict ops", false,
     "x = dict.fromkeys(range(10**6))\nbegin()\n"
     "while True: dict(x); x == x.copy(); {**x}\n"},
    {"list ==", false,
     "x = list(range(10**7))\ny = list(range(10**7))\nbegin()\nwhile True: x == y\n"},
    {"repr", false, "x = [[1.5] * 10**4] * 10**4\nbegin()\nrepr(x)\n"},
    {"deepcopy", false,
     "import copy\nx = [[i] for i in range(10**6)]\nbegin()\ncopy.deepcopy(x)\n"},
    {"json", false, "import json\nx = [list(range(1000))] * 10**5\nbegin()\njson.dumps(x)\n"},
    {"json loads", false,
     "import json\nx = '[' + '[1,2,3],' * 10**7 + '1]'\nbegin()\njson.loads(x)\n"},
    {"marshal", false,
     "import marshal\nx = [list(range(i, i + 1000)) for i in range(0, 10**7, 1000)]\nbegin()\n"
     "while True: marshal.dumps(x)\n"},
    {"struct", false,
     "import struct\nf = str(10**7) + 'i'\nx = bytes(4 * 10**7)\nbegin()\n"
     "while True: struct.unpack(f, x)\n"},
    {"zlib", false,
     "import zlib\nx = bytes(range(256)) * 10**6\nbegin()\nwhile True: zlib.compress(x, 9)\n"},
    {"hash", false, "import hashlib\nx = bytes(10**9)\nbegin()\nwhile True: hashlib.sha256(x)\n"},
    {"pbkdf2", false,
     "import hashlib\nbegin()\nhashlib.pbkdf2_hmac('sha512', b'p', b's', 10**9)\n"},
    {"unpack", false, "x = range(10**8)\nbegin()\na, *b = x\n"},
    {"memoryview ==", false,
     "x = memoryview(bytes(10**8))\ny = x.cast('I')\nz = "
     "memoryview(bytes(10**8)).cast('h').cast('B').cast('I')\n"
     "begin()\nwhile True: y == z\n"},
    {"compile", false, "x = 'x = 1 + 2\\n' * 10**6\nbegin()\ncompile(x, 'x', 'exec')\n"},
    {"imports", false,
     "import sys\nbegin()\nwhile True:\n    import json, csv, ast\n"
     "    for n in list(sys.modules):\n        if n.split('.')[0] in ('json', 'csv', 'ast'): del "
     "sys.modules[n]\n"},
    {"print", false, "begin()\nwhile True: print('x' * 10**6)\n"},
    {"sleep", false, "import time\nbegin()\ntime.sleep(1000)\n"},
    {"lock", false, "import threading\nl = threading.Lock()\nl.acquire()\nbegin()\nl.acquire()\n"},
    {"queue", false, "import queue\nbegin()\nqueue.Queue().get()\n"},
    {"channel", false, "import channels\ntx, rx = channels.open()\nbegin()\nrx.recv()\n"},
    {"socket", false, "import socket\na, b = socket.socketpair()\nbegin()\na.recv(1)\n"},
    {"accept", false,
     "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', "
     "0))\ns.listen()\nbegin()\ns.accept()\n"},
    {"pipe", false, "import os\nr, w = os.pipe()\nbegin()\nos.read(r, 1)\n"},
    {"select", false, "import select\nbegin()\nselect.select([], [], [])\n"},
    {"subprocess", false, "import subprocess\nbegin()\nsubprocess.run(['sleep', '12'])\n"},
    {"os.write", false, "import os\nr, w = os.pipe()\nbegin()\nos.write(w, bytes(10**6))\n"},
    {"os.readv", false, "import os\nr, w = os.pipe()\nbegin()\nos.readv(r, [bytearray(1)])\n"},
    {"file read", false, "import os\nr, w = os.pipe()\nf = open(r)\nbegin()\nf.read()\n"},
    {"file write", false,
     "import os\nr, w = os.pipe()\nf = open(w, 'wb')\nbegin()\nf.write(bytes(10**6))\n"},
    {"tty", false, "import os\na, b = os.openpty()\nbegin()\nos.read(b, 1)\n"},
    {"open a FIFO", false,
     "import os, tempfile\nd = tempfile.TemporaryDirectory()\nos.mkfifo(d.name + '/f')\nbegin()\n"
     "open(d.name + '/f')\n"},
    {"os.open a FIFO", false,
     "import os, tempfile\nd = tempfile.TemporaryDirectory()\nos.mkfifo(d.name + '/f')\nbegin()\n"
     "os.open(d.name + '/f', os.O_WRONLY)\n"},
    {"waitpid", false,
     "import os, subprocess\np = subprocess.Popen(['sleep', '12'])\nbegin()\n"
     "try: os.waitpid(p.pid, 0)\nfinally: p.kill()\n"},
    {"wait", false,
     "import os, subprocess\np = subprocess.Popen(['sleep', '12'])\nbegin()\n"
     "try: os.wait()\nfinally: p.kill()\n"},
    {"waitid", false,
     "import os, subprocess\np = subprocess.Popen(['sleep', '12'])\nbegin()\n"
     "try: os.waitid(os.P_PID, p.pid, os.WEXITED)\nfinally: p.kill()\n"},
    {"os.system", false, "import os\nbegin()\nos.system('exec sleep 12')\n"},
    {"flock", false,
     "import fcntl, tempfile\na = tempfile.NamedTemporaryFile()\nb = open(a.name)\n"
     "fcntl.flock(a, fcntl.LOCK_EX)\nbegin()\nfcntl.flock(b, fcntl.LOCK_EX)\n"},
    {"lockf", false,
     "import fcntl, os, subprocess, sys, tempfile, time\na = tempfile.NamedTemporaryFile()\n"
     "p = subprocess.Popen(['python3', '-c', 'import fcntl, sys, time; f = open(sys.argv[1], "
     "\"r+\"); fcntl.lockf(f, fcntl.LOCK_EX); print(1, flush=True); time.sleep(12)', a.name], "
     "stdout=subprocess.PIPE)\np.stdout.read(1)\nbegin()\n"
     "try: fcntl.lockf(a, fcntl.LOCK_EX)\nfinally: p.kill()\n"},
    {"connect", false,
     "import socket\ns = socket.socket()\ns.bind(('127.0.0.1', 0))\ns.listen(0)\nc = []\n"
     "for i in range(3):\n    c.append(socket.socket())\n    c[-1].setblocking(i == 2)\n"
     "    if i == 2: begin()\n    try: c[-1].connect(s.getsockname())\n"
     "    except BlockingIOError: pass\n"},
    {"connect local", false,
     "import socket, tempfile\nd = tempfile.TemporaryDirectory()\n"
     "s = socket.socket(socket.AF_UNIX)\ns.bind(d.name + '/s')\ns.listen(0)\nc = []\n"
     "for i in range(3):\n    c.append(socket.socket(socket.AF_UNIX))\n"
     "    if i == 1: begin()\n    c[-1].connect(d.name + '/s')\n"},
    {"poll", false,
     "import os, select\nr, w = os.pipe()\np = select.poll()\np.register(r)\nbegin()\np.poll()\n"},
    {"epoll", false,
     "import os, select\nr, w = os.pipe()\np = select.epoll()\np.register(r)\nbegin()\np.poll()\n"},
    {"SimpleQueue", false, "import _queue\nbegin()\n_queue.SimpleQueue().get()\n"},
    {"sigwait", false,
     "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])\nbegin()\n"
     "signal.sigwait([signal.SIGUSR1])\n"},
    {"pause", false, "import signal\nbegin()\nsignal.pause()\n"},
    {"sendfile", false,
     "import os, socket, tempfile\na = tempfile.TemporaryFile()\na.write(bytes(10**7))\n"
     "a.flush()\nb, c = socket.socketpair()\nbegin()\n"
     "while True: os.sendfile(b.fileno(), a.fileno(), 0, 10**7)\n"},
    {"splice", false,
     "import os\na, b = os.pipe()\nc, d = os.pipe()\nbegin()\nos.splice(a, d, 100)\n"},
    {"buffered", false,
     "import os, threading, time\nr, w = os.pipe()\nf = open(r, 'rb')\n"
     "t = threading.Thread(target=f.read, daemon=True)\nt.start()\ntime.sleep(0.05)\nbegin()\n"
     "f.read()\n"},
    {"threads", false,
     "import threading\ndef f():\n    while True: pass\n"
     "t = [threading.Thread(target=f, daemon=True) for _ in range(4)]\nfor x in t: x.start()\n"
     "begin()\nwhile True: pass\n"},
    {"join thread", false,
     "import threading\ndef f():\n    while True: pass\n"
     "t = threading.Thread(target=f, daemon=True)\nt.start()\nbegin()\nt.join()\n"},
};
#define NSCRIPTS (sizeof scripts / sizeof *scripts)

static int64_t now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

// ---- one run ------------------------------------------------------------------------------------

typedef struct Run {
    Quiver *q;
    const char *source;
    atomic_bool begun, ended;
    int64_t end; // ns, when the call came back
    int status;
    char type[64];
} Run;

static QuiverValue *begin(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)args, (void)nargs;
    ((Run *)user)->begun = true;
    return quiver_none(q);
}

static int swallow(void *user, int fd, const char *data, size_t size)
{
    (void)user, (void)fd, (void)data, (void)size;
    return 0;
}

static void *go(void *argument)
{
    Run *r = argument;
    r->status = quiver_run(r->q, r->source, "<runaway>");
    r->end = now();
    snprintf(r->type, sizeof r->type, "%s", r->status < 0 ? quiver_error(r->q)->type : "none");
    r->begun = r->ended = true;
    return NULL;
}

// Latency in ns, or -1 when it did not stop.
static int64_t measure(const Script *s, int head_start, bool deadline, const char **ret_type)
{
    static Run r; // outlives a script that does not stop
    memset(&r, 0, sizeof r);
    QuiverConfig config;
    quiver_config_init(&config);
    config.memory_limit = (size_t)6 << 30;
    config.write = swallow;
    config.stop_grace = 2000000;
    r.q = quiver_new(&config);
    r.source = s->source;
    if (!r.q || quiver_register(r.q, NULL, "begin", begin, 0, 0, &r, NULL) < 0) {
        exit(2);
    }
    pthread_t thread;
    if (pthread_create(&thread, NULL, go, &r) != 0) {
        exit(2);
    }
    while (!r.begun) {
        usleep(200);
    }
    int64_t from;
    if (deadline) {
        from = now() + (int64_t)head_start * 1000000;
        quiver_set_limit(r.q, QUIVER_LIMIT_TIME, (uint64_t)head_start * 1000000);
    } else {
        usleep((useconds_t)head_start * 1000);
        from = now();
        if (s->catches) {
            quiver_stop(r.q);
        } else {
            quiver_interrupt(r.q);
        }
    }
    int waited = 0;
    while (!r.ended && waited++ < GIVE_UP + head_start) {
        usleep(1000);
    }
    if (!r.ended) {
        return -1;
    }
    pthread_join(thread, NULL);
    static char type[64];
    snprintf(type, sizeof type, "%s", r.type);
    *ret_type = type;
    if (deadline) {
        quiver_set_limit(r.q, QUIVER_LIMIT_TIME, 0);
    }
    quiver_free(r.q);
    return r.end > from ? r.end - from : 0;
}

// ---- the sibling --------------------------------------------------------------------------------

static struct {
    Quiver *q;
    atomic_bool stop;
    size_t n;
    int64_t took[PIECES];
} sibling;

static void *work(void *unused)
{
    (void)unused;
    while (!sibling.stop) {
        int64_t from = now();
        QuiverValue *v = quiver_eval(sibling.q, "f(300)");
        if (!v) {
            exit(2);
        }
        quiver_release(sibling.q, v);
        if (sibling.n < PIECES) {
            sibling.took[sibling.n++] = now() - from;
        }
        usleep(500);
    }
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static pthread_t sibling_start(void)
{
    pthread_t thread;
    sibling.q = quiver_new(NULL);
    sibling.stop = false;
    sibling.n = 0;
    if (!sibling.q ||
        quiver_run(sibling.q, "def f(n):\n    x = 0\n    for i in range(n): x += i\n    return x\n",
                   "<s>") < 0 ||
        pthread_create(&thread, NULL, work, NULL) != 0) {
        exit(2);
    }
    return thread;
}

static double sibling_end(pthread_t thread)
{
    sibling.stop = true;
    pthread_join(thread, NULL);
    quiver_free(sibling.q);
    qsort(sibling.took, sibling.n, sizeof *sibling.took, by_size);
    return sibling.n ? (double)sibling.took[sibling.n * 99 / 100] / 1000 : 0;
}

int main(int argc, char **argv)
{
    int head_start = argc > 1 ? atoi(argv[1]) : 50, bad = 0, late = 0;
    size_t done = 0;
    int64_t worst = 0;
    pthread_t thread = sibling_start();
    sleep(2);
    double quiet = sibling_end(thread);
    thread = sibling_start();
    printf("%-16s %12s %12s\n", "script", "stop, ms", "deadline, ms");
    for (size_t i = 0; i < NSCRIPTS; i++) {
        if (argc > 2 && strcmp(argv[2], scripts[i].name) != 0) {
            continue;
        }
        printf("%-16s", scripts[i].name);
        for (int k = 0; k < 2; k++) {
            const char *type = "", *want = k ? "LimitExceeded" : "KeyboardInterrupt";
            int64_t t = measure(&scripts[i], head_start, k, &type);
            if (t < 0) {
                printf("%13s", "never");
                puts("\nthe process cannot go on");
                return 1;
            }
            printf(" %12.3f", (double)t / 1e6);
            if (strcmp(type, want) != 0) {
                printf(" (%s)", type);
                bad++;
            }
            late += t > 10000000;
            worst = t > worst ? t : worst;
            done++;
        }
        putchar('\n');
        fflush(stdout);
    }
    double busy = sibling_end(thread);
    printf("%zu stops, %d over 10 ms, worst %.3f ms, %d with another error\n", done, late,
           (double)worst / 1e6, bad);
    printf("sibling's work: 99th percentile %.0f us, quiet %.0f us\n", busy, quiet);
    return bad ? 1 : 0;
}
