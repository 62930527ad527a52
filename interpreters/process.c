// SPDX-License-Identifier: MIT
// What the process has once: the one-time start, the table of live interpreters, id counters.
//
//   qv_process  ── mu ──> first … last (live instances, in order of creation), next_id, next_owner
//
// Any thread may call in; everything is guarded by mu. Nothing is held while Python runs.
#include <string.h>

#include <pthread.h>

#include "base/hash.h"
#include "base/heap.h"
#include "interpreters/fork.h"
#include "object/pack.h"

typedef struct QvProcess {
    QvMutex mu;
    QvInstance *first, *last;
    size_t count;
    uint64_t next_id;
    uint16_t next_owner;   // the stamp given last
    uint64_t owners[1024]; // bit n: stamp n is in use
    int start_result;
    pthread_once_t once;
} QvProcess;

// Page aligned: the sealed section before it can be made read-only to its end.
static QvProcess qv_process __attribute__((aligned(4096))) = {.mu = QV_MUTEX_INIT(QV_RANK_REGISTRY),
                                                              .once = PTHREAD_ONCE_INIT};

static void start(void) { qv_process.start_result = qv_types_seal(); }

int qv_process_start(void)
{
    pthread_once(&qv_process.once, start);
    return qv_process.start_result;
}

// A stamp that no live interpreter has, the one used longest ago (if there is one: of more than
// 65,535 live interpreters some share theirs). mu held.
static uint16_t take_owner(void)
{
    for (uint32_t k = 0; k < UINT16_MAX; k++) {
        if (++qv_process.next_owner == 0) {
            qv_process.next_owner = 1; // 0 means shared
        }
        if (!(qv_process.owners[qv_process.next_owner / 64] >> qv_process.next_owner % 64 & 1)) {
            break;
        }
    }
    qv_process.owners[qv_process.next_owner / 64] |= UINT64_C(1) << qv_process.next_owner % 64;
    return qv_process.next_owner;
}

static void give_owner(uint16_t owner)
{
    qv_process.owners[owner / 64] &= ~(UINT64_C(1) << owner % 64);
}

void qv_process_add(QvInstance *inst)
{
    qv_mutex_lock(&qv_process.mu);
    inst->qi.id = qv_process.next_id++;
    inst->qi.owner = take_owner();
    inst->prev = qv_process.last;
    inst->next = NULL;
    if (qv_process.last) {
        qv_process.last->next = inst;
    } else {
        qv_process.first = inst;
    }
    qv_process.last = inst;
    qv_process.count++;
    qv_mutex_unlock(&qv_process.mu);
}

void qv_process_remove(QvInstance *inst)
{
    qv_mutex_lock(&qv_process.mu);
    if (inst->prev) {
        inst->prev->next = inst->next;
    } else {
        qv_process.first = inst->next;
    }
    if (inst->next) {
        inst->next->prev = inst->prev;
    } else {
        qv_process.last = inst->prev;
    }
    qv_process.count--;
    give_owner(inst->qi.owner);
    qv_mutex_unlock(&qv_process.mu);
}

void qv_process_fork(QvInstance *inst, QvForkStep when)
{
    if (when == QV_FORK_BEFORE) {
        qv_mutex_hold(&qv_process.mu);
        return;
    }
    if (when == QV_FORK_CHILD) {
        for (QvInstance *other = qv_process.first; other; other = other->next) {
            for (QvThreadRec *rec = other->records; other != inst && rec; rec = rec->next) {
                qv_bell_close(rec);
            }
        }
        memset(qv_process.owners, 0, sizeof qv_process.owners);
        qv_process.owners[inst->qi.owner / 64] = UINT64_C(1) << inst->qi.owner % 64;
        qv_process.first = qv_process.last = inst;
        inst->prev = inst->next = NULL;
        qv_process.count = 1;
    }
    qv_mutex_let_go(&qv_process.mu);
}

QvInstance *qv_process_find(uint64_t id)
{
    qv_mutex_lock(&qv_process.mu);
    QvInstance *inst = qv_process.first;
    while (inst && inst->qi.id != id) {
        inst = inst->next;
    }
    if (inst) {
        qv_instance_retain(inst);
    }
    qv_mutex_unlock(&qv_process.mu);
    return inst;
}

size_t qv_process_family(uint64_t family, uint64_t after, QvInstance **ret, size_t max)
{
    size_t n = 0;
    qv_mutex_lock(&qv_process.mu);
    for (QvInstance *inst = qv_process.first; inst && n < max; inst = inst->next) {
        if (inst->qi.id > after && qv_atomic_load_u64(&inst->family) == family) {
            qv_instance_retain(inst);
            ret[n++] = inst;
        }
    }
    qv_mutex_unlock(&qv_process.mu);
    return n;
}

size_t qv_process_count(void)
{
    qv_mutex_lock(&qv_process.mu);
    size_t n = qv_process.count;
    qv_mutex_unlock(&qv_process.mu);
    return n;
}

size_t qv_process_list(uint64_t *ids, size_t max)
{
    qv_mutex_lock(&qv_process.mu);
    size_t n = 0;
    for (QvInstance *inst = qv_process.first; inst; inst = inst->next) {
        if (n < max) {
            ids[n] = inst->qi.id;
        }
        n++;
    }
    qv_mutex_unlock(&qv_process.mu);
    return n;
}

bool qv_process_any(bool (*test)(QvInstance *inst, void *ctx), void *ctx)
{
    bool any = false;
    qv_mutex_lock(&qv_process.mu);
    for (QvInstance *inst = qv_process.first; inst && !any; inst = inst->next) {
        any = test(inst, ctx);
    }
    qv_mutex_unlock(&qv_process.mu);
    return any;
}

uint64_t qv_process_live_bytes(void)
{
    uint64_t sum = qv_msg_live_bytes();
    qv_mutex_lock(&qv_process.mu);
    for (QvInstance *inst = qv_process.first; inst; inst = inst->next) {
        QvHeapStats stats;
        qv_heap_stats(&inst->qi.heap, &stats);
        sum += stats.live - (stats.outside < stats.live ? stats.outside : stats.live);
    }
    qv_mutex_unlock(&qv_process.mu);
    return sum;
}
