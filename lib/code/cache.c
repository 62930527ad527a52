// SPDX-License-Identifier: MIT
// The process's table of compiled code, by path.
#include "code/cache.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "base/sync.h"

#define BUCKETS   256
#define PAGE      ((size_t)4096)
#define MAX_BYTES ((size_t)64 << 20) // beyond it the table starts anew

typedef struct Entry {
    struct Entry *next;
    uint64_t hash;
    QvCodeKey key; // path points to the block's end
    const QvCachedCode *code;
    char path[];
} Entry;

typedef struct QvCodeCache {
    QvMutex mu;
    size_t count, bytes;     // bytes: of pages; guarded by: mu
    Entry *buckets[BUCKETS]; // guarded by: mu
} QvCodeCache;

static QvCodeCache qv_code_cache = {.mu = QV_MUTEX_INIT(QV_RANK_CODE_CACHE)};

static uint64_t hash_of(const QvCodeKey *key)
{
    uint64_t h = 14695981039346656037u;
    for (const char *p = key->path; *p; p++) {
        h = (h ^ (uint8_t)*p) * 1099511628211u;
    }
    return h ^ h >> 32;
}

// Same file and way of compiling; the state may be another.
static bool same_place(const Entry *e, uint64_t hash, const QvCodeKey *key)
{
    return e->hash == hash && e->key.optimize == key->optimize && strcmp(e->path, key->path) == 0;
}

static bool same_state(const QvCodeKey *a, const QvCodeKey *b)
{
    return a->mtime_ns == b->mtime_ns && a->size == b->size && a->inode == b->inode &&
           a->device == b->device;
}

static size_t pages_of(size_t n) { return (n + PAGE - 1) & ~(PAGE - 1); }

char *qv_code_cache_pages(size_t n)
{
    void *p = mmap(NULL, pages_of(n), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

void qv_code_cache_drop_pages(char *pages, size_t n)
{
    if (pages) {
        munmap(pages, pages_of(n));
    }
}

const QvCachedCode *qv_code_cache_take(QV_STOLEN char *pages, size_t n, const char *data,
                                       size_t size, bool verified)
{
    size_t marks = verified ? 0 : size / QV_CODE_APART / 32 + 1;
    QvCachedCode *code = calloc(1, sizeof *code + marks * sizeof *code->seen);
    if (!code || mprotect(pages, pages_of(n), PROT_READ) < 0) {
        qv_code_cache_drop_pages(pages, n);
        free(code);
        return NULL;
    }
    *code = (QvCachedCode){
        .refs = 1,
        .verified = verified,
        .size = size,
        .data = data,
        .pages = pages,
        .bytes = pages_of(n),
    };
    return code;
}

const QvCachedCode *qv_code_cache_image(const void *data, size_t n, bool verified)
{
    char *pages = n ? qv_code_cache_pages(n) : NULL;
    if (!pages) {
        return NULL;
    }
    memcpy(pages, data, n);
    return qv_code_cache_take(pages, n, pages, n, verified);
}

const QvCachedCode *qv_code_cache_still(const void *data, size_t n)
{
    QvCachedCode *code = malloc(sizeof *code);
    if (code) {
        *code = (QvCachedCode){.refs = 1, .verified = true, .size = n, .data = data};
    }
    return code;
}

void qv_code_cache_set_seen(const QvCachedCode *code, size_t at)
{
    size_t bit = at / QV_CODE_APART;
    if (!code->verified) {
        qv_atomic_or_u32(&((QvCachedCode *)(uintptr_t)code)->seen[bit / 32], 1u << bit % 32);
    }
}

void qv_code_cache_retain(const QvCachedCode *code)
{
    qv_atomic_add_u32(&((QvCachedCode *)(uintptr_t)code)->refs, 1);
}

void qv_code_cache_release(const QvCachedCode *code)
{
    QvCachedCode *c = (QvCachedCode *)(uintptr_t)code;
    if (c && qv_atomic_sub_u32(&c->refs, 1) == 1) {
        qv_code_cache_drop_pages(c->pages, c->bytes);
        free(c);
    }
}

static void drop(Entry **at) // mu held
{
    Entry *e = *at;
    *at = e->next;
    qv_code_cache.count--;
    qv_code_cache.bytes -= e->code->bytes;
    qv_code_cache_release(e->code);
    free(e);
}

const QvCachedCode *qv_code_cache_get(const QvCodeKey *key)
{
    uint64_t hash = hash_of(key);
    const QvCachedCode *found = NULL;
    qv_mutex_lock(&qv_code_cache.mu);
    for (Entry *e = qv_code_cache.buckets[hash % BUCKETS]; e; e = e->next) {
        if (same_place(e, hash, key) && same_state(&e->key, key)) {
            found = e->code;
            qv_code_cache_retain(found);
            break;
        }
    }
    qv_mutex_unlock(&qv_code_cache.mu);
    return found;
}

void qv_code_cache_put(const QvCodeKey *key, const QvCachedCode *code)
{
    uint64_t hash = hash_of(key);
    size_t n = code->bytes, path_size = strlen(key->path) + 1;
    Entry *e = n > MAX_BYTES / 4 ? NULL : malloc(sizeof *e + path_size);
    if (!e) {
        return;
    }
    qv_code_cache_retain(code);
    memcpy(e->path, key->path, path_size);
    e->key = *key;
    e->key.path = e->path;
    e->hash = hash;
    e->code = code;
    qv_mutex_lock(&qv_code_cache.mu);
    for (size_t b = 0; qv_code_cache.bytes + n > MAX_BYTES && b < BUCKETS; b++) {
        while (qv_code_cache.buckets[b]) {
            drop(&qv_code_cache.buckets[b]);
        }
    }
    Entry **at = &qv_code_cache.buckets[hash % BUCKETS];
    while (*at) {
        if (same_place(*at, hash, key)) {
            drop(at);
        } else {
            at = &(*at)->next;
        }
    }
    e->next = qv_code_cache.buckets[hash % BUCKETS];
    qv_code_cache.buckets[hash % BUCKETS] = e;
    qv_code_cache.count++;
    qv_code_cache.bytes += n;
    qv_mutex_unlock(&qv_code_cache.mu);
}

void qv_code_cache_stats(size_t *ret_count, size_t *ret_bytes)
{
    qv_mutex_lock(&qv_code_cache.mu);
    *ret_count = qv_code_cache.count;
    *ret_bytes = qv_code_cache.bytes;
    qv_mutex_unlock(&qv_code_cache.mu);
}

void qv_code_cache_fork(bool before)
{
    if (before) {
        qv_mutex_hold(&qv_code_cache.mu);
    } else {
        qv_mutex_let_go(&qv_code_cache.mu);
    }
}
