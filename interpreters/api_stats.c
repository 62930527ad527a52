// SPDX-License-Identifier: MIT
// quiver.h: numbers about an interpreter: counters that any thread may read, and a count of what
// its objects are.
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/hash.h"
#include "interpreters/api.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/str.h"

void quiver_stats(Quiver *q, QuiverStats *ret)
{
    QvInstance *inst = qv_api_inst(q);
    QvHeapStats heap;
    if (!inst || !ret) {
        return;
    }
    qv_heap_stats(&inst->qi.heap, &heap);
    uint64_t collections = 0; // of all generations
    for (int k = 0; k < QV_GC_GENERATIONS; k++) {
        collections += __atomic_load_n(&inst->qi.gc.stats[k].collections, __ATOMIC_RELAXED);
    }
    *ret = (QuiverStats){
        .live_bytes = heap.live,
        .peak_bytes = heap.peak,
        .allocations = heap.allocs,
        .collections = collections,
        .cpu_ns = qv_limits_cpu_used(inst),
        .lock_waits = qv_atomic_load_u64(&inst->lock.waits),
        .lock_handovers = qv_atomic_load_u64(&inst->lock.handovers),
        .collector_ns = __atomic_load_n(&inst->qi.gc.spent, __ATOMIC_RELAXED),
        .longest_pause_ns = __atomic_load_n(&inst->qi.gc.longest, __ATOMIC_RELAXED),
        .containers = heap.gc_count,
        .slab_bytes = heap.slab_bytes,
        .memory_limit = heap.limit,
        .messages_sent = qv_atomic_load_u64(&inst->traffic.messages_sent),
        .messages_received = qv_atomic_load_u64(&inst->traffic.messages_received),
        .bytes_sent = qv_atomic_load_u64(&inst->traffic.bytes_sent),
        .bytes_received = qv_atomic_load_u64(&inst->traffic.bytes_received),
        .fuel_used = qv_limits_fuel_used(inst),
    };
    qv_mutex_lock(&inst->threads_mu);
    ret->threads = inst->inside;
    qv_mutex_unlock(&inst->threads_mu);
}

// ---- census -------------------------------------------------------------------------------------
//
// The collector's walk finds the containers; what is none (numbers, texts, bytes) is found through
// them, each once, with a table of addresses in process memory. Two passes: nothing of the
// interpreter runs, and nothing is allocated in its heap, while the addresses are gathered.

typedef struct Gather {
    QvInterp *qi;
    const QvObj **slots; // open addressing over all objects found
    size_t cap, n;       // cap: a power of two
    bool oom;
} Gather;

static bool grow(Gather *g)
{
    size_t cap = g->cap ? g->cap * 2 : 4096;
    const QvObj **slots = calloc(cap, sizeof *slots);
    if (!slots) {
        return false;
    }
    for (size_t i = 0; i < g->cap; i++) {
        if (g->slots[i]) {
            size_t at = (size_t)qv_hash_ptr(g->slots[i]) & (cap - 1);
            while (slots[at]) {
                at = (at + 1) & (cap - 1);
            }
            slots[at] = g->slots[i];
        }
    }
    free(g->slots);
    g->slots = slots;
    g->cap = cap;
    return true;
}

// Enters an object of this interpreter.
static void note(Gather *g, const QvObj *o)
{
    if (g->oom || !qv_owned(o, g->qi->owner) || o->refs <= 0 || (o->flags & QV_F_QUEUED)) {
        return;
    }
    if (g->n * 3 >= g->cap * 2 && !grow(g)) {
        g->oom = true;
        return;
    }
    size_t at = (size_t)qv_hash_ptr(o) & (g->cap - 1);
    while (g->slots[at] && g->slots[at] != o) {
        at = (at + 1) & (g->cap - 1);
    }
    if (!g->slots[at]) {
        g->slots[at] = o;
        g->n++;
    }
}

static int visit_any(void *ctx, QvObj *o)
{
    note(ctx, o);
    return 0;
}

static int visit_container(void *ctx, void *cell)
{
    Gather *g = ctx;
    QvObj *o = cell;
    if (o->refs > 0 && !(o->flags & QV_F_QUEUED)) {
        note(g, o);
        if (o->type->traverse) {
            o->type->traverse(o, visit_any, g);
        }
    }
    return g->oom ? -1 : 0;
}

typedef struct Row {
    const QvType *type;
    uint64_t objects, bytes;
} Row;

static int by_address(const void *a, const void *b)
{
    uintptr_t x = (uintptr_t)((const Row *)a)->type, y = (uintptr_t)((const Row *)b)->type;
    return x < y ? -1 : x > y;
}

static int by_bytes(const void *a, const void *b)
{
    uint64_t x = ((const Row *)a)->bytes, y = ((const Row *)b)->bytes;
    return x < y ? 1 : x > y ? -1 : 0;
}

// What __sizeof__ of the built-in type behind o says: no code of scripts.
static uint64_t size_of(QvInterp *qi, QvObj *o)
{
    const QvType *t = o->type;
    while (t->flags & QV_T_HEAP) {
        t = t->base;
    }
    QvObj *f = qv_type_lookup(qi, (QvType *)(uintptr_t)t, QV_N(__sizeof__));
    QvObj *size = f ? qv_call1(qi, f, o) : NULL;
    int64_t n = 0;
    if (!size || !qv_is_int(size) || !qv_int_as_i64(size, &n)) {
        n = t->size;
    }
    qv_xdecref(qi, size);
    qv_err_clear(qi);
    return n > 0 ? (uint64_t)n : 0;
}

// Sums up neighbours of the same type; how many rows are left.
static size_t merge(Row *rows, size_t n)
{
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (k > 0 && rows[k - 1].type == rows[i].type) {
            rows[k - 1].objects += rows[i].objects;
            rows[k - 1].bytes += rows[i].bytes;
        } else {
            rows[k++] = rows[i];
        }
    }
    return k;
}

// Classes may have the same name: the numbers are added.
static bool add_row(QvInterp *qi, cJSON *types, const Row *row)
{
    QvObj *name =
        qv_type_get_name(qi, qv_type_of(&(QvObj){.type = (QvType *)(uintptr_t)row->type}));
    QvUtf8 u;
    if (!name || qv_str_utf8_surrogates(qi, name, &u, true) < 0) {
        qv_xdecref(qi, name);
        qv_err_clear(qi);
        return true;
    }
    cJSON *o = cJSON_GetObjectItemCaseSensitive(types, u.s);
    bool good = true;
    if (o) {
        cJSON *n = cJSON_GetObjectItem(o, "objects"), *b = cJSON_GetObjectItem(o, "bytes");
        cJSON_SetNumberValue(n, n->valuedouble + (double)row->objects);
        cJSON_SetNumberValue(b, b->valuedouble + (double)row->bytes);
    } else {
        o = cJSON_AddObjectToObject(types, u.s);
        good = o && cJSON_AddNumberToObject(o, "objects", (double)row->objects) &&
               cJSON_AddNumberToObject(o, "bytes", (double)row->bytes);
    }
    qv_utf8_release(qi, &u);
    qv_decref(qi, name);
    return good;
}

static cJSON *census_node(QvInterp *qi, const Row *rows, size_t n)
{
    uint64_t objects = 0, bytes = 0;
    cJSON *o = cJSON_CreateObject();
    cJSON *types = o ? cJSON_AddObjectToObject(o, "types") : NULL;
    bool good = types != NULL;
    for (size_t i = 0; good && i < n; i++) {
        good = add_row(qi, types, &rows[i]);
        objects += rows[i].objects;
        bytes += rows[i].bytes;
    }
    QvHeapStats heap;
    qv_heap_stats(&qi->heap, &heap);
    if (!good || !cJSON_AddNumberToObject(o, "objects", (double)objects) ||
        !cJSON_AddNumberToObject(o, "bytes", (double)bytes) ||
        !cJSON_AddNumberToObject(o, "live_bytes", (double)heap.live)) {
        cJSON_Delete(o);
        return NULL;
    }
    return o;
}

struct cJSON *quiver_census(Quiver *q)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    Gather g = {.qi = qi};
    qv_heap_gc_walk(&qi->heap, visit_container, &g);
    Row *rows = g.oom ? NULL : malloc((g.n + 1) * sizeof *rows);
    cJSON *tree = NULL;
    if (rows) {
        size_t n = 0;
        for (size_t i = 0; i < g.cap; i++) {
            if (g.slots[i]) {
                QvObj *o = (QvObj *)(uintptr_t)g.slots[i]; // alive: nothing has run that drops it
                rows[n++] = (Row){.type = o->type, .objects = 1, .bytes = size_of(qi, o)};
            }
        }
        qsort(rows, n, sizeof *rows, by_address);
        n = merge(rows, n);
        qsort(rows, n, sizeof *rows, by_bytes);
        tree = census_node(qi, rows, n);
    }
    free(rows);
    free(g.slots);
    if (!tree) {
        qv_raise_oom(qi);
    }
    qv_api_status(inst, tree ? 0 : -1);
    return tree;
}

size_t quiver_count(void) { return qv_process_count(); }

uint64_t quiver_process_live_bytes(void) { return qv_process_live_bytes(); }
