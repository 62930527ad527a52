// SPDX-License-Identifier: MIT
// The cycle collector of one interpreter: three generations, with CPython's rules on when each is
// collected. It finds what only itself refers to and frees that (PEP 442 order: weak references,
// finalizers, then clear).
#ifndef QV_OBJECT_GC_H
#define QV_OBJECT_GC_H

#include "object/object.h"
#include "object/type.h"

#define QV_GC_GENERATIONS 3

// gc.get_stats() of one generation.
typedef struct QvGcStats {
    uint64_t collections;   // written relaxed-atomically
    uint64_t collected;     // unreachable objects found
    uint64_t uncollectable; // always 0: every object can be cleared
} QvGcStats;

// References that a collection, when a stop came, had still to drop: items[i] to [n - 1]. Process
// memory; NULL: none.
typedef struct QvGcLeft {
    QvObj **items;
    size_t i, n;
} QvGcLeft;

typedef struct QvGc {
    bool enabled;
    bool running; // a collection, or the functions of gc.callbacks around it
    bool frozen;  // there may be frozen objects
    bool stale;   // a stop cut a marking short: see qv_owned
    int64_t thresholds[QV_GC_GENERATIONS]; // gc.get_threshold() numbers
    int64_t counts[QV_GC_GENERATIONS];     // of the collections one generation below; [0]: unused,
                                           // see qv_gc_count
    size_t long_lived;                     // objects that the last full collection has left
    size_t long_lived_pending;             // objects that have become old since then
    size_t trim_at;   // bytes of slabs at which a collection gives empty ones back
    int64_t debug;    // gc.set_debug()
    QvObj *garbage;   // list for gc.garbage or NULL
    QvObj *callbacks; // list for gc.callbacks or NULL
    QvGcLeft left;    // to garbage
    QvGcLeft callers; // to weak references, whose callbacks are to be called before
    // Numbers that any thread may read; written relaxed-atomically. Last: qv_gc_init.
    QvGcStats stats[QV_GC_GENERATIONS];
    uint64_t spent;   // ns in collections so far
    uint64_t longest; // ns of the longest
} QvGc;

// Bits of debug.
#define QV_GC_STATS       1
#define QV_GC_COLLECTABLE 2
#define QV_GC_SAVEALL     32 // garbage goes to gc.garbage instead of being cleared

int qv_gc_init(QvInterp *qi);
void qv_gc_fini(QvInterp *qi);
// Full collection now; number of unreachable objects found, or -1. A stop ends it.
QV_RUNS QvSsize qv_gc_collect(QvInterp *qi);
// The same of a generation (0 to 2) and the younger ones; gc.callbacks are told.
QV_RUNS QvSsize qv_gc_collect_generation(QvInterp *qi, int generation);
// At a safepoint, after qv_gc_request: collects what is due. Never fails.
QV_RUNS void qv_gc_collect_due(QvInterp *qi);
// Asks for it again later, after as many allocations as lie between young collections.
void qv_gc_put_off(QvInterp *qi);
// gc.enable() and gc.disable(): whether collections start by themselves.
void qv_gc_enable(QvInterp *qi, bool on);
void qv_gc_set_threshold(QvInterp *qi, const int64_t thresholds[QV_GC_GENERATIONS]);
// Called by allocation when the threshold is passed: sets the poll flag.
void qv_gc_request(QvInterp *qi);

// gc.get_count() of a generation.
int64_t qv_gc_count(const QvInterp *qi, int generation);
// Does the collector look at the object? Atoms are never looked at, nor what was found to hold only
// atoms.
bool qv_gc_is_tracked(const QvObj *o);
// The object's generation, 0 to 2; -1 when it is in none of them.
int qv_gc_generation(const QvObj *o);
// gc.freeze(), gc.unfreeze(), gc.get_freeze_count(). -1 with an exception when a stop ends them:
// some are frozen then, some are not.
int qv_gc_freeze(QvInterp *qi);
int qv_gc_unfreeze(QvInterp *qi);
QvSsize qv_gc_freeze_count(QvInterp *qi);
// What a collection had no time for when its script was stopped; goes on with it as long as there
// is no stop.
QV_RUNS void qv_gc_resume(QvInterp *qi);

// Can the object never be part of a cycle? (It may be told so of one that could, but never does.)
static inline bool qv_gc_is_atom(const QvObj *o)
{
    return !qv_has_flag(o, QV_T_GC) || qv_is_sealed(o) ||
           (qv_has_flag(o, QV_T_TUPLE) && !(o->flags & QV_F_GENERATIONS));
}

// A tuple that may be untracked is going to be filled anew by its only owner, or a dict from
// another: what was true of its items may not be any more.
static inline void qv_gc_retrack(QvObj *o)
{
    if ((o->flags & QV_F_GENERATIONS) == 0) {
        o->flags = (uint16_t)(o->flags | QV_F_OLD);
    }
}

// The same for one key and value that are stored in a dict.
static inline void qv_gc_note_store(QvObj *dict, const QvObj *key, const QvObj *value)
{
    if (QV_UNLIKELY((dict->flags & QV_F_GENERATIONS) == 0) &&
        !(qv_gc_is_atom(value) && qv_gc_is_atom(key))) {
        dict->flags = (uint16_t)(dict->flags | QV_F_OLD);
    }
}

// ---- gc_report.c: what the collector tells ------------------------------------------------------

// Calls gc.callbacks; their errors are printed.
QV_RUNS void qv_gc_tell(QvInterp *qi, const char *phase, int generation, QvSsize collected);
// Lines on sys.stderr for QV_GC_STATS and QV_GC_COLLECTABLE.
QV_RUNS void qv_gc_report_start(QvInterp *qi, int generation);
QV_RUNS void qv_gc_report_end(QvInterp *qi, QvSsize unreachable, int64_t nanoseconds);
QV_RUNS void qv_gc_report_collectable(QvInterp *qi, QvObj *o);

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
