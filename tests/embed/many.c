// SPDX-License-Identifier: MIT
// A hundred interpreters in turn, a hundred and a thousand at once leave the process as it was.
// timeout: 300
#include "_check.h"

#define MANY  100
#define CROWD 1000

static const char PROGRAM[] = "import sys, functools\n"
                              "class Node:\n"
                              "    def __init__(self, n): self.n = n; self.me = self\n"
                              "nodes = [Node(i) for i in range(20)]\n"
                              "def gen():\n"
                              "    yield from nodes\n"
                              "g = gen(); next(g)\n"
                              "try:\n    1 // 0\nexcept ZeroDivisionError as e:\n    kept = e\n"
                              "words = {}\n"
                              "for w in 'the cat the dog'.split(): words[w] = words.get(w, 0) + 1\n"
                              "total = sum(n.n for n in nodes) + words['the']\n";

int main(void)
{
    CHECK(quiver_count() == 0);
    uint64_t start = quiver_process_live_bytes();
    for (int i = 0; i < MANY; i++) {
        Quiver *q = fresh();
        CHECK(quiver_count() == 1);
        run(q, i % 2 ? PROGRAM : "x = 1");
        if (i % 2) {
            CHECK(eval_int(q, "total") == 192);
        }
        QuiverStats stats;
        quiver_stats(q, &stats);
        CHECK(stats.live_bytes > 0 && stats.peak_bytes >= stats.live_bytes &&
              stats.allocations > 0);
        CHECK(quiver_process_live_bytes() == start + stats.live_bytes);
        CHECK(quiver_free(q) == 0);
    }
    CHECK(quiver_count() == 0);
    CHECK(quiver_process_live_bytes() == start);

    static Quiver *all[MANY];
    for (int i = 0; i < MANY; i++) {
        all[i] = fresh();
        run(all[i], i % 4 ? "x = 1" : PROGRAM);
    }
    CHECK(quiver_count() == MANY);
    for (int i = 0; i < MANY; i++) { // each has its own globals
        QuiverValue *v = quiver_int(all[i], i);
        CHECK(quiver_set(all[i], "x", v) == 0);
        quiver_release(all[i], v);
    }
    for (int i = 0; i < MANY; i++) {
        CHECK(eval_int(all[i], "x") == i);
    }
    for (int i = 0; i < MANY; i++) { // not in the order of creation
        CHECK(quiver_free(all[i * 37 % MANY]) == 0);
    }
    CHECK(quiver_count() == 0);
    CHECK(quiver_process_live_bytes() == start);
    static Quiver *crowd[CROWD];
    for (int i = 0; i < CROWD; i++) {
        crowd[i] = fresh();
        run(crowd[i], "x = 1");
    }
    CHECK(quiver_count() == CROWD);
    for (int i = 0; i < CROWD; i++) {
        CHECK(quiver_free(crowd[i]) == 0);
    }
    CHECK(quiver_count() == 0);
    CHECK(quiver_process_live_bytes() == start);
    CHECK(quiver_free(NULL) == 0);
    return 0;
}
