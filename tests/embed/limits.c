// SPDX-License-Identifier: MIT
// memory_limit and recursion_limit: the error is an exception, the interpreter goes on.
#include "_check.h"

static Quiver *with(size_t memory, uint32_t recursion)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.memory_limit = memory;
    config.recursion_limit = recursion;
    Quiver *q = quiver_new(&config);
    CHECK(q);
    return q;
}

static void memory(void)
{
    static const char *const greedy[] = {
        "def f():\n    x = []\n    while True: x.append([len(x)])\nf()\n",
        "x = bytearray(1 << 30)\n",
        "x = 'ab' * (1 << 40)\n",
        "def f():\n    x = {}\n    for i in range(10**9): x[i] = str(i)\nf()\n",
        "x = [0] * (1 << 28)\n",
        "x = 1 << (1 << 34)\n",
        "def f(n):\n    x = 'q' * (1 << 16)\n    return f(n + 1) + x\nf(0)\n",
        "x = list(range(10**9))\n",
        "x = b'a' * (1 << 40)\n",
        "x = [[]] * (1 << 26)\n",
        "x = {i: i for i in range(10**7)}\n",
        "x = set(range(10**7))\n",
        "x = ','.join(['abcdefgh'] * 10**7)\n",
        "x = 'a'\nwhile True: x += x\n",
        "x = tuple(range(10**8))\n",
        "x = 3 ** (10**9)\n",
        "x = str(1 << 13000)\nx = [x * 1000 for _ in range(1000)]\n",
        "x = 'ab'.replace('a', 'x' * 10**6) * 100\n",
        "import itertools\nx = list(itertools.product(range(100), repeat=4))\n",
        "import collections\nx = collections.deque(range(10**8))\n",
        "class C: pass\nx = []\nwhile True:\n    c = C(); c.a = bytearray(1000); x.append(c)\n",
        "import re\nx = re.compile('(?:' + '|'.join(str(i) * 9 for i in range(10**6)) + ')')\n",
        "x = compile('[' + '1,' * 10**7 + ']', 'x', 'eval')\n",
        "import zlib\nx = zlib.decompress(zlib.compress(bytes(9 << 20)) * 1)\nx = [bytes(x)] * 2 + "
        "[bytearray(x)]\n",
        "import json\nx = json.loads('[' + '{},' * 10**6 + '1]')\n",
        "x = memoryview(bytearray(1 << 20))\nx = [bytes(x) for _ in range(99)]\n",
        "x = [lambda: i for i in range(10**7)]\n",
        "x = '%0100000000d' % 1\n",
        "x = format(1, '>99999999')\n",
        "x = int('7' * 4000) ** 100000\n",
        "import marshal\nx = marshal.dumps([b'x' * 100000] * 1000 + [str(i) * 99 for i in "
        "range(10**5)])\n",
        "x = bytes(range(256)).hex() * (1 << 20)\n",
        "import array\nx = array.array('d', [0.0]) * (1 << 24)\n",
        "x = [type('T', (), {}) for _ in range(10**6)]\n",
        "x = list(map(str, range(10**7)))\n",
    };
    Quiver *q = with((size_t)16 << 20, 100000);
    QuiverStats stats;
    for (size_t i = 0; i < sizeof greedy / sizeof greedy[0]; i++) {
        CHECK(quiver_run(q, greedy[i], "<greedy>") == -1);
        if (strcmp(quiver_error(q)->type, "MemoryError") != 0) {
            fprintf(stderr, "%s\n%s", greedy[i], quiver_error(q)->traceback);
        }
        expect_error(q, "MemoryError", "memory limit of 16777216 bytes exceeded");
        CHECK(quiver_set(q, "x", quiver_none(q)) == 0); // a full global is let go of
        run(q, "x = None\nassert sum(list(range(1000))) == 499500\n");
        quiver_stats(q, &stats);
        CHECK(stats.live_bytes <= (uint64_t)16 << 20 && stats.peak_bytes <= (uint64_t)16 << 20);
    }
    // Caught in the program; and again and again.
    run(q, "for i in range(20):\n"
           "    try:\n        y = [bytes(1 << 20) for _ in range(100)]\n"
           "    except MemoryError:\n        pass\n"
           "    else:\n        raise AssertionError('no limit')\n");
    // A global that fills it all stays until it is let go of; that takes no memory.
    CHECK(quiver_run(q, "x = []\nwhile True: x.append([len(x)])\n", "<greedy>") == -1);
    expect_error(q, "MemoryError", NULL);
    CHECK(quiver_set(q, "x", quiver_none(q)) == 0);
    expect_eval(q, "x", "None");
    CHECK(quiver_free(q) == 0);
}

static void recursion(void)
{
    Quiver *q = with(0, 200);
    run(q, "import sys\nassert sys.getrecursionlimit() == 200\n"
           "def f(n): return n and 1 + f(n - 1)\nassert f(150) == 150\n");
    CHECK(quiver_run(q, "f(250)", "<deep>") == -1);
    expect_error(q, "RecursionError", NULL);
    run(q, "assert f(150) == 150\nx = []\nfor i in range(100000): x = [x]\n");
    CHECK(!quiver_eval(q, "repr(x)"));
    expect_error(q, "RecursionError", NULL);
    CHECK(!quiver_eval(q, "x == x[0]"));
    expect_error(q, "RecursionError", "maximum recursion depth exceeded in comparison");
    run(q, "sys.setrecursionlimit(5000)\nassert f(4000) == 4000\n");
    run(q, "class C:\n    def __getattr__(self, name): return getattr(self, name + 'x')\n");
    CHECK(!quiver_eval(q, "C().a"));
    expect_error(q, "RecursionError", NULL);
    CHECK(!quiver_eval(q, "eval('(' * 100000)"));
    CHECK(quiver_error(q)->type[0]);
    CHECK(quiver_free(q) == 0);
}

int main(void)
{
    memory();
    recursion();
    CHECK(quiver_count() == 0 && quiver_process_live_bytes() == 0);
    return 0;
}
