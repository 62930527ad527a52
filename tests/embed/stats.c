// SPDX-License-Identifier: MIT
// A thread reads the statistics while the interpreter runs and is reset.
// timeout: 120
#include <pthread.h>
#include <stdatomic.h>

#include "_check.h"

static atomic_bool done;

static void *watch(void *arg)
{
    QuiverStats s;
    uint64_t looks = 0, left;
    do {
        quiver_stats(arg, &s);
        CHECK(s.live_bytes <= s.peak_bytes || s.peak_bytes == 0);
        CHECK(s.memory_limit == 0 || s.memory_limit == 64 << 20);
        CHECK(s.fuel_used < (uint64_t)1 << 40);
        CHECK(quiver_limit_left(arg, QUIVER_LIMIT_FUEL, &left) == 0);
        CHECK(quiver_process_live_bytes() < (uint64_t)1 << 40);
        looks++;
    } while (!atomic_load(&done));
    CHECK(looks > 0);
    return NULL;
}

int main(void)
{
    QuiverConfig config;
    quiver_config_init(&config);
    config.memory_limit = 64 << 20;
    Quiver *q = quiver_new(&config);
    CHECK(q);
    pthread_t thread;
    CHECK(pthread_create(&thread, NULL, watch, q) == 0);
    QuiverStats s;
    uint64_t used = 0;
    for (int k = 0; k < 100; k++) {
        CHECK(quiver_set_limit(q, QUIVER_LIMIT_FUEL, 10000000) == 0);
        run(q, "import gc\nx = [[i] for i in range(1000)]\ngc.collect()\n");
        quiver_stats(q, &s);
        CHECK(s.fuel_used > used + 1000 && s.fuel_used < used + 100000); // of all limits so far
        used = s.fuel_used;
        uint64_t left;
        CHECK(quiver_limit_left(q, QUIVER_LIMIT_FUEL, &left) == 0 && left < 10000000 - 1000);
        CHECK(quiver_set_limit(q, QUIVER_LIMIT_FUEL, 0) == 0);
        run(q, "for i in range(1000): pass");
        quiver_stats(q, &s);
        CHECK(s.fuel_used == used); // none is counted
        CHECK(s.collections > 0);
        if (k % 5 == 4) {
            CHECK(quiver_reset(q) == 0);
            quiver_stats(q, &s);
            CHECK(s.collections == 0 && s.collector_ns == 0 && s.fuel_used == used);
        }
    }
    atomic_store(&done, true);
    pthread_join(thread, NULL);
    return quiver_free(q);
}
