// SPDX-License-Identifier: MIT
// A pool of warm interpreters: a stack of idle ones, the latest on top (its memory is warmest).
//
//   QuiverPool ── mu (LEAF) ──> idle[], nidle; the rest does not change
//
// Interpreters are made, reset and ended outside of mu.
#include <stdlib.h>
#include <string.h>

#include "interpreters/api.h"

struct QuiverPool {
    QvMutex mu;
    QuiverConfig config; // what it points to is the host's
    size_t cap;
    size_t nidle;   // guarded by: mu
    Quiver *idle[]; // guarded by: mu
};

// The one that went idle last, or NULL.
static Quiver *take(QuiverPool *pool)
{
    qv_mutex_lock(&pool->mu);
    Quiver *q = pool->nidle ? pool->idle[--pool->nidle] : NULL;
    qv_mutex_unlock(&pool->mu);
    return q;
}

static bool give(QuiverPool *pool, Quiver *q)
{
    qv_mutex_lock(&pool->mu);
    bool room = pool->nidle < pool->cap;
    if (room) {
        pool->idle[pool->nidle++] = q;
    }
    qv_mutex_unlock(&pool->mu);
    return room;
}

QuiverPool *quiver_pool_new(const QuiverConfig *config, size_t n)
{
    if (n > (PTRDIFF_MAX - sizeof(QuiverPool)) / sizeof(Quiver *)) {
        return NULL;
    }
    QuiverPool *pool = calloc(1, sizeof *pool + n * sizeof(Quiver *));
    if (!pool) {
        return NULL;
    }
    pool->mu = (QvMutex)QV_MUTEX_INIT(QV_RANK_LEAF);
    pool->cap = n;
    quiver_config_init(&pool->config);
    if (config) {
        size_t size = config->struct_size && config->struct_size < sizeof *config
                          ? config->struct_size
                          : sizeof *config;
        memcpy(&pool->config, config, size);
    }
    while (pool->nidle < n) {
        Quiver *q = quiver_new(&pool->config);
        if (!q) {
            quiver_pool_free(pool);
            return NULL;
        }
        pool->idle[pool->nidle++] = q;
    }
    return pool;
}

Quiver *quiver_pool_acquire(QuiverPool *pool)
{
    Quiver *q = pool ? take(pool) : NULL;
    return q || !pool ? q : quiver_new(&pool->config);
}

int quiver_pool_release(QuiverPool *pool, Quiver *q)
{
    if (!pool || !q) {
        return q ? -1 : 0;
    }
    if (quiver_pool_idle(pool) >= pool->cap) {
        return quiver_free(q);
    }
    int status = quiver_reset(q);
    if (status < 0) { // no memory, or this thread is inside it
        return quiver_free(q) < 0 ? -1 : 0;
    }
    return !give(pool, q) && quiver_free(q) > 0 ? 1 : status;
}

size_t quiver_pool_idle(QuiverPool *pool)
{
    if (!pool) {
        return 0;
    }
    qv_mutex_lock(&pool->mu);
    size_t n = pool->nidle;
    qv_mutex_unlock(&pool->mu);
    return n;
}

void quiver_pool_free(QuiverPool *pool)
{
    for (Quiver *q; pool && (q = take(pool)) != NULL;) {
        quiver_free(q);
    }
    free(pool);
}
