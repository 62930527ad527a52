// SPDX-License-Identifier: MIT
// A pool of warm interpreters serves eight threads; each finds what it gets as new.
#include <pthread.h>

#include "_check.h"

static void *work(void *arg)
{
    QuiverPool *pool = arg;
    for (int k = 0; k < 50; k++) {
        Quiver *q = quiver_pool_acquire(pool);
        CHECK(q);
        run(q, "assert 'x' not in globals()\nx = [1]\nx.append(x)\nimport sys\nsys.y = x\n");
        CHECK(quiver_pool_release(pool, q) == 0);
    }
    return NULL;
}

int main(void)
{
    uint64_t before = quiver_process_live_bytes();
    QuiverPool *pool = quiver_pool_new(NULL, 3);
    CHECK(pool && quiver_pool_idle(pool) == 3 && quiver_count() == 3);
    pthread_t threads[8];
    for (int k = 0; k < 8; k++) {
        CHECK(pthread_create(&threads[k], NULL, work, pool) == 0);
    }
    for (int k = 0; k < 8; k++) {
        pthread_join(threads[k], NULL);
    }
    CHECK(quiver_pool_idle(pool) == 3 && quiver_count() == 3);
    // More than the pool keeps.
    Quiver *out[5];
    for (int k = 0; k < 5; k++) {
        CHECK((out[k] = quiver_pool_acquire(pool)) != NULL);
    }
    CHECK(quiver_pool_idle(pool) == 0 && quiver_count() == 5);
    CHECK(quiver_enter(out[0]) == 0);
    CHECK(quiver_pool_release(pool, out[0]) == -1); // this thread is inside
    quiver_leave(out[0]);
    for (int k = 0; k < 4; k++) {
        CHECK(quiver_pool_release(pool, out[k]) == 0);
    }
    CHECK(quiver_pool_idle(pool) == 3 && quiver_count() == 4);
    CHECK(quiver_pool_release(pool, NULL) == 0 && quiver_pool_acquire(NULL) == NULL);
    quiver_pool_free(pool); // one is out
    CHECK(quiver_count() == 1);
    run(out[4], "x = 1");
    CHECK(quiver_free(out[4]) == 0);
    quiver_pool_free(NULL);
    CHECK((pool = quiver_pool_new(NULL, 0)) != NULL);
    CHECK((out[0] = quiver_pool_acquire(pool)) != NULL && quiver_pool_release(pool, out[0]) == 0);
    quiver_pool_free(pool);
    CHECK(quiver_count() == 0 && quiver_process_live_bytes() == before);
    return 0;
}
