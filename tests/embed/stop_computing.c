// SPDX-License-Identifier: MIT
// Computing that takes long in C ends at an interrupt, which finds big integers at work in other
// threads; the interpreter goes on afterwards, and what they use counts.
// timeout: 120
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "_check.h"

#define MS ((uint64_t)1000000)

static const char *const scripts[] = {
    "x = 3 ** 10**7\ny = x - 1\nbegin()\nwhile True: y * x\n",
    "x = 3 ** 10**7\ny = 7 ** 10**6\nbegin()\nwhile True: x // y\n",
    "import math\nx = 3 ** 10**6\ny = 7 ** 10**6\nbegin()\nwhile True: math.gcd(x, y)\n",
    "import math\nx = 3 ** 10**7\nbegin()\nwhile True: math.isqrt(x)\n",
    "x = (1 << 200001) - 1\nbegin()\nwhile True: pow(3, -1, x)\n",
    "x = (1 << 1000001) - 1\nbegin()\npow(3, x, x - 2)\n",
    "begin()\n3 ** 10**9\n",
    "import sys\nsys.set_int_max_str_digits(0)\nx = 3 ** 10**7\nbegin()\nwhile True: str(x)\n",
    "import sys\nsys.set_int_max_str_digits(0)\nx = '7' * 10**7\nbegin()\nwhile True: int(x)\n",
    "x = 1 << 10**8\nbegin()\nwhile True: x + x; x >> 3; x << 3; x & ~x; x ^ -x\n",
    "import math\nbegin()\nmath.factorial(10**8)\n",
    "x = 'x = 1 + 2\\n' * 10**5\nbegin()\nwhile True: compile(x, 'x', 'exec')\n",
    "begin()\nsorted(range(10**7), key=lambda x: [x])\n",
    "begin()\nwhile True: b'ab' * 10**8\n",
    "x = bytes(10**8)\nt = bytes(range(256))\nbegin()\nwhile True: x.translate(t, b'a')\n",
    "x = 'ä' * 10**7\nbegin()\nwhile True: x.encode().decode()\n",
    "x = ['ab'] * 10**6\nbegin()\nwhile True: ','.join(x)\n",
    "x = set(range(10**6))\ny = set(range(5 * 10**5, 10**6))\nbegin()\n"
    "while True: x & y; x | y; x - y; x ^ y\n",
    "x = [[] for _ in range(10**6)]\nbegin()\nwhile True: [*x, x]\n",
    // What has begun to die:
    "begin()\nwhile True: [[i] for i in range(10**5)]; tuple([i] for i in range(10**5))\n",
    "begin()\nwhile True: {i: [i] for i in range(10**5)}; {(i,) for i in range(10**5)}\n",
    "import collections as c\nbegin()\nwhile True:\n"
    "    c.deque((i,) for i in range(10**5)); c.OrderedDict.fromkeys((i,) for i in range(10**5))\n",
    "begin()\nwhile True:\n    x = None\n    for i in range(10**5): x = [x]\n",
    "def t(n): return [t(n - 1), t(n - 1)] if n else []\nbegin()\nwhile True: t(16)\n",
    "class C:\n    def __del__(self): pass\nbegin()\n"
    "while True:\n    x = [C() for _ in range(10**5)]\n",
    "def f():\n    x = [[i] for i in range(10**5)]\n    while True: pass\nbegin()\nf()\n",
    // Copies of one moment, and growth:
    "x = dict.fromkeys(range(10**6))\nbegin()\nwhile True: dict(x); x | x; list(x.items())\n",
    "x = set(range(10**6))\nbegin()\nwhile True: x.copy(); frozenset(x); set(x)\n",
    "begin()\nwhile True:\n    x = {}; y = set()\n"
    "    for i in range(10**6): x[i] = y.add(i)\n",
    "x = list(range(10**6))\ny = tuple(x)\nbegin()\nwhile True:\n"
    "    x[:]; x + x; x * 3; x[::2]; y + y; y[1:]; y[::2]; tuple(x); list(y); x.copy()\n",
    "import collections\nx = collections.deque(range(10**6))\nbegin()\n"
    "while True: x.copy(); x + x; x * 2\n",
    // Files and bytes:
    "import os\nf = os.open('/dev/zero', os.O_RDONLY)\nx = bytearray(10**8)\nbegin()\n"
    "while True: os.read(f, 10**8); os.readv(f, [x]); os.urandom(10**7)\n",
    "import tempfile, os\nf = tempfile.TemporaryFile()\nx = bytes(5 * 10**7)\nbegin()\n"
    "while True: os.pwrite(f.fileno(), x, 0); f.seek(0); f.read(); f.seek(0); f.write(x)\n",
    "import binascii, hmac\nx = bytes(10**7)\ny = binascii.b2a_base64(x)\nbegin()\n"
    "while True: hmac.compare_digest(x, x); binascii.a2b_base64(y); binascii.hexlify(x)\n",
    "begin()\nwhile True: bytearray(10**8); bytes(10**8); bytes(10**7).hex()\n",
    // A terminal that nobody reads:
    "import os, termios\na, b = os.openpty()\nos.set_blocking(b, False)\n"
    "try:\n    while True: os.write(b, bytes(1000))\n"
    "except BlockingIOError: begin()\nwhile True: termios.tcdrain(b)\n",
    // Long texts:
    "x = 'abcd' * 10**7\nbegin()\nwhile True:\n"
    "    x.upper(); x.title(); x[::-1]; x + x; x.isalpha(); x.islower(); x.istitle(); repr(x)\n"
    "    x.find('db'); x.count('ab'); x.count('a'); x.center(10**8); x.isidentifier()\n",
    "x = '\u017ebcd' * 10**6\nbegin()\nwhile True:\n"
    "    x.upper(); x.title(); x[::-1]; x + x; x.rfind('db'); ascii(x); repr(x); x.swapcase()\n",
    "x = 'abcd' * 10**7\nbegin()\nwhile True:\n"
    "    for e in 'utf-16', 'utf-32', 'latin-1', 'utf-7', 'unicode_escape': "
    "x.encode(e).decode(e)\n",
    "x = b'abcd' * 10**7\nbegin()\nwhile True:\n"
    "    x.upper(); x.title(); x.hex(); repr(x); x.center(10**8); x.isalpha(); x.islower()\n",
    "x = bytearray(b'abcd' * 10**7)\nbegin()\nwhile True:\n"
    "    x.upper(); x.title(); x.hex(); repr(x); x.center(10**8); x.expandtabs(); x.isupper()\n",
    "x = (1 << 10**8) - 1\nbegin()\nwhile True: hex(x); oct(x); -x; x & x; x.to_bytes(10**8)\n",
    "x = '7' * 10**7\nbegin()\nwhile True: int(x, 8); int(x, 16); int(x, 32)\n",
    "import struct\nx = bytes(10**7)\nbegin()\nwhile True: struct.unpack('10000000b', x)\n",
    "x = bytes(range(250)) * 4000\nbegin()\nwhile True: sorted(x)\n",
    // The collector:
    "import gc\nx = [[[i], {i: (i, [])}] for i in range(10**5)]\nbegin()\n"
    "while True: gc.collect()\n",
    "import gc\ndef f(): x = [f]; y = {1: x}; x.append(y)\nbegin()\n"
    "while True:\n    for i in range(10**5): f()\n    gc.collect()\n",
    "import gc\nx = [[i] for i in range(10**5)]\nbegin()\n"
    "while True: gc.freeze(); gc.get_freeze_count(); gc.unfreeze()\n",
    "import gc\nx = [[i] for i in range(10**5)]\nbegin()\n"
    "while True: gc.get_objects(); gc.get_referrers(x)\n",
    // One call each:
    "import hashlib\nbegin()\nwhile True: hashlib.shake_128(b'x').digest(2**26)\n",
    "import locale\nx = 'abc' * 10**7\nbegin()\nwhile True: locale.strxfrm(x)\n",
    "import locale\nx = 'abc' * 10**7\nbegin()\nwhile True: locale.strcoll(x, x)\n",
    "import time\nx = '%Y %%' * 10**6\nbegin()\nwhile True: time.strftime(x)\n",
    "import csv, io\nx = 'abc def\\n' * 10**6\nbegin()\n"
    "while True: csv.writer(io.StringIO()).writerow([x])\n",
    "import json\nx = ' ' * 10**7 + '1' + ' ' * 10**7\nbegin()\nwhile True: json.loads(x)\n",
    "import re\nx = 'abc def\\n' * 10**6\np = re.compile('[^abcdef\\\\s]')\nbegin()\n"
    "while True: p.search(x)\n",
    "import re\nx = 'abc def ' * 10**6\np = re.compile('(?s:.)*x|.*?y|[^z]*w|a+?v')\nbegin()\n"
    "while True: p.match(x)\n",
    "import math\nbegin()\nmath.prod(range(1, 10**9))\n",
    "x = [[1] * 100] * 10**5\nbegin()\nsum(x, [])\n",
};
#define NSCRIPTS (sizeof scripts / sizeof *scripts)

static atomic_bool begun;
static useconds_t delay = 20000;

static QuiverValue *begin(Quiver *q, void *user, QuiverValue *const *args, size_t nargs)
{
    (void)user, (void)args, (void)nargs;
    begun = true;
    return quiver_none(q);
}

static void *interrupt_soon(void *q)
{
    while (!begun) {
        usleep(1000);
    }
    usleep(delay);
    quiver_interrupt(q);
    return NULL;
}

static Quiver *interpreter(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.memory_limit = (size_t)1 << 30;
    Quiver *q = quiver_new(&config);
    CHECK(q && quiver_register(q, NULL, "begin", begin, 0, 0, NULL, NULL) == 0);
    return q;
}

static void run_and_interrupt(Quiver *q, const char *script)
{
    pthread_t thread;
    begun = false;
    CHECK(pthread_create(&thread, NULL, interrupt_soon, q) == 0);
    CHECK(quiver_run(q, script, "<long>") == -1);
    expect_error(q, "KeyboardInterrupt", NULL);
    CHECK(pthread_join(thread, NULL) == 0);
}

static void interrupted(void)
{
    Quiver *q = interpreter();
    for (size_t i = 0; i < NSCRIPTS; i++) {
        fprintf(stderr, "script %zu\n", i); // seen if it hangs
        run_and_interrupt(q, scripts[i]);
        expect_eval(q, "sum(range(100))", "4950"); // what the script held dies first
    }
    run(q, "del x, y, t\nx = 3 ** 10**6\ny = x * x\nassert y % 1000003 == pow(x, 2, 1000003)\n");
    CHECK(quiver_free(q) == 0);
}

// A script cannot hide its work, or its memory, in other threads.
static void counted(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.memory_limit = (size_t)64 << 20;
    Quiver *q = quiver_new(&config);
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_CPU, 300 * MS) == 0);
    CHECK(quiver_run(q, "x = 3 ** 10**6\nwhile True: x * x\n", "<greedy>") == -1);
    expect_error(q, "LimitExceeded", "CPU time limit of 0.3 s exceeded");
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_CPU, 0) == 0);
    CHECK(quiver_run(q, "x = 3 ** 10**7\nwhile True: x = x * x\n", "<greedy>") == -1);
    expect_error(q, "MemoryError", NULL);
    QuiverStats stats;
    quiver_stats(q, &stats);
    CHECK(stats.peak_bytes <= (size_t)64 << 20);
    run(q, "del x\nassert sum([1, 2]) == 3\n");
    CHECK(quiver_free(q) == 0);
}

// What interrupts left behind, still at work, takes nobody's place.
static void left_behind(void)
{
    Quiver *q = interpreter();
    run(q, "import math\nx = 3 ** (6 * 10**6)\ny = 7 ** (3 * 10**6)");
    delay = 200000; // each has left its copies to a worker by then
    for (int i = 0; i < 10; i++) {
        run_and_interrupt(q, "begin()\nmath.gcd(x, y)\n");
    }
    delay = 20000;
    CHECK(quiver_set_limit(q, QUIVER_LIMIT_TIME, 100000 * MS) == 0);
    run(q, "y = 3 ** 10**6\nz = y * y\n");
    CHECK(quiver_free(q) == 0);
}

int main(void)
{
    left_behind();
    interrupted();
    counted();
    puts("ok");
    return 0;
}
