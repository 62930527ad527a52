// SPDX-License-Identifier: MIT
// The cycle collector of one interpreter. It walks the gc slabs (no per-object link), subtracts
// internal references into the slabs' scratch counters, and frees what only itself refers to (PEP
// 442 order: weak references, finalizers, then clear).
#ifndef QV_OBJECT_GC_H
#define QV_OBJECT_GC_H

#include "object/object.h"

typedef struct QvGc {
    bool enabled;
    bool running;
    uint64_t threshold; // live gc cells at which the next collection is asked for (poll flag)
    size_t trim_at;     // bytes of slabs at which a collection gives empty ones back
    uint64_t collections, collected, uncollectable;
    uint64_t young[2]; // of the collections, those that asked for generation 0 and 1
    int64_t debug;     // gc.set_debug()
    QvObj *garbage;    // list for gc.garbage or NULL
    QvObj *callbacks;  // list for gc.callbacks or NULL
    int thresholds[3]; // gc.get_threshold() numbers
} QvGc;

#define QV_GC_SAVEALL 32 // bit of debug: garbage goes to gc.garbage instead of being cleared

int qv_gc_init(QvInterp *qi);
void qv_gc_fini(QvInterp *qi);
// Full collection now; number of unreachable objects found, or -1.
QV_RUNS QvSsize qv_gc_collect(QvInterp *qi);
// gc.enable() and gc.disable(): whether collections start by themselves.
void qv_gc_enable(QvInterp *qi, bool on);
// Called by allocation when the threshold is passed: sets the poll flag.
void qv_gc_request(QvInterp *qi);

// Visit helper for traverse slots: QV_VISIT(field)
#define QV_VISIT(field)                                      \
    do {                                                     \
        if (field) {                                         \
            int visit_result = visit(ctx, (QvObj *)(field)); \
            if (visit_result) {                              \
                return visit_result;                         \
            }                                                \
        }                                                    \
    } while (0)

#endif
