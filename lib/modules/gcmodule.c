// SPDX-License-Identifier: MIT
// The module gc: the cycle collector seen from Python.
#include "object/gc.h"

#include <string.h>

#include "modules/modules.h"
#include "object/audit.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

static QvObj *enable(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    qv_gc_enable(qi, true);
    return QV_NONE;
}
static QvObj *disable(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    qv_gc_enable(qi, false);
    return QV_NONE;
}
static QvObj *isenabled(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_bool(qi->gc.enabled);
}

static QvObj *collect(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvSsize generation = 2;
    if (args[0] && qv_index_ssize(qi, args[0], &generation, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (generation < 0 || generation > 2) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid generation");
    }
    QvSsize found = qv_gc_collect_generation(qi, (int)generation);
    return found < 0 ? NULL : qv_int_from_i64(qi, found);
}

static QvObj *three(QvInterp *qi, int64_t a, int64_t b, int64_t c)
{
    QvObj *parts[] = {qv_int_from_i64(qi, a), qv_int_from_i64(qi, b), qv_int_from_i64(qi, c)};
    QvObj *ret = qv_tuple_of(qi, 3, parts[0], parts[1], parts[2]);
    for (int k = 0; k < 3; k++) {
        qv_xdecref(qi, parts[k]);
    }
    return ret;
}

static QvObj *get_count(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return three(qi, qv_gc_count(qi, 0), qv_gc_count(qi, 1), qv_gc_count(qi, 2));
}
static QvObj *get_threshold(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return three(qi, qi->gc.thresholds[0], qi->gc.thresholds[1], qi->gc.thresholds[2]);
}
static QvObj *set_threshold(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvSsize values[3] = {qi->gc.thresholds[0], qi->gc.thresholds[1], qi->gc.thresholds[2]};
    for (int k = 0; k < 3; k++) {
        if (args[k] && qv_index_ssize(qi, args[k], &values[k], &qv_exc_OverflowError) < 0) {
            return NULL;
        }
        if (values[k] != (int)values[k]) {
            return qv_raise(qi, &qv_exc_OverflowError, "signed integer is %s",
                            values[k] < 0 ? "less than minimum" : "greater than maximum");
        }
    }
    qv_gc_set_threshold(qi, (int64_t[]){values[0], values[1], values[2]});
    return QV_NONE;
}

static QvObj *get_debug(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_int_from_i64(qi, qi->gc.debug);
}
static QvObj *set_debug(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvSsize flags;
    if (qv_index_ssize(qi, args[0], &flags, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    qi->gc.debug = flags;
    return QV_NONE;
}

// ---- looking at objects -------------------------------------------------------------------------

// The objects that the collector looks at and that live now, of one generation or of all three
// (-1): new list.
static QvObj *tracked_objects(QvInterp *qi, int generation)
{
    QvObj *list = qv_list_new(qi, generation < 0 ? (QvSsize)qi->heap.gc_count + 16 : 0);
    QvHeapIter it;
    QvSsize looked = 0;
    qv_heap_iter_init(&qi->heap, &it);
    for (QvObj *o; list && (o = qv_heap_iter_next(&it)) != NULL;) {
        if (qv_stop_step(qi, looked++) < 0) {
            qv_clear(qi, &list);
            break;
        }
        int g = o->refs > 0 ? qv_gc_generation(o) : -1;
        if (g >= 0 && (generation < 0 || g == generation) && o != list && o != qi->audit_hooks &&
            qv_gc_is_tracked(o) && qv_list_append(qi, list, o) < 0) {
            qv_clear(qi, &list);
        }
    }
    qv_heap_iter_fini(&it);
    return list;
}

static QvObj *get_objects(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvSsize generation = -1;
    if (args[0] && args[0] != QV_NONE) {
        if (qv_index_ssize(qi, args[0], &generation, &qv_exc_OverflowError) < 0) {
            return NULL;
        }
        if (generation >= 3) {
            return qv_raise(
                qi, &qv_exc_ValueError,
                "generation parameter must be less than the number of available generations (3)");
        }
        if (generation < -1) {
            return qv_raise(qi, &qv_exc_ValueError, "generation parameter cannot be negative");
        }
    }
    if (qv_audit_on(qi) && qv_audit(qi, "gc.get_objects", "i", (int)generation) < 0) {
        return NULL;
    }
    return tracked_objects(qi, (int)generation);
}

static int audit_objects(QvInterp *qi, const char *event, QvObj *const *args, QvSsize nargs)
{
    if (!qv_audit_on(qi)) {
        return 0;
    }
    QvObj *objects = qv_tuple_new(qi, nargs);
    for (QvSsize k = 0; objects && k < nargs; k++) {
        qv_tuple_items(objects)[k] = qv_new_ref(qi, args[k]);
    }
    int status = objects ? qv_audit(qi, event, "O", objects) : -1;
    qv_xdecref(qi, objects);
    return status;
}

typedef struct Search {
    const QvInterp *qi;
    const QvObj *target;
    bool deaf; // to stops
    bool found;
} Search;

static int visit_is(void *ctx, QvObj *o)
{
    Search *s = ctx;
    s->found = o == s->target;
    return s->found || (!s->deaf && (qv_poll_peek(s->qi) & QV_POLL_STOP));
}

// 1, 0, or -1 with a stop's exception.
static int refers_to(QvInterp *qi, QvObj *o, const QvObj *target)
{
    Search s = {.qi = qi, .target = target};
    while (o->type->traverse(o, visit_is, &s) != 0) {
        if (s.found) {
            return 1;
        }
        if (qv_poll_stop(qi) < 0) {
            return -1;
        }
        s.deaf = (qv_poll_peek(qi) & QV_POLL_STOP) != 0; // the stop's handlers run
    }
    return 0;
}

static QvObj *get_referrers(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m;
    if (audit_objects(qi, "gc.get_referrers", args, nargs) < 0) {
        return NULL;
    }
    QvObj *all = tracked_objects(qi, -1), *found = all ? qv_list_new(qi, 0) : NULL;
    for (QvSsize k = 0; found && k < qv_list_len(all); k++) {
        QvObj *o = qv_list_peek(all, k);
        int refers = 0;
        for (QvSsize i = 0; o != found && refers == 0 && i < nargs; i++) {
            refers = refers_to(qi, o, args[i]);
        }
        if (refers < 0 || (refers && qv_list_append(qi, found, o) < 0)) {
            qv_clear(qi, &found);
        }
    }
    qv_xdecref(qi, all);
    return found;
}

typedef struct Gather {
    QvInterp *qi;
    QvObj *list;
} Gather;

static int visit_gather(void *ctx, QvObj *o)
{
    Gather *g = ctx;
    return qv_list_append(g->qi, g->list, o);
}

static QvObj *get_referents(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m;
    if (audit_objects(qi, "gc.get_referents", args, nargs) < 0) {
        return NULL;
    }
    Gather g = {.qi = qi, .list = qv_list_new(qi, 0)};
    for (QvSsize k = 0; g.list && k < nargs; k++) {
        if (args[k]->type->traverse && args[k]->type->traverse(args[k], visit_gather, &g) != 0) {
            qv_clear(qi, &g.list);
        }
    }
    return g.list;
}

static QvObj *is_tracked(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)m, (void)nargs;
    return qv_bool(qv_gc_is_tracked(args[0]));
}
static QvObj *is_finalized(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)m, (void)nargs;
    return qv_bool(qv_has_flag(args[0], QV_T_GC) && (args[0]->flags & QV_F_FINALIZED));
}

static QvObj *freeze(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_gc_freeze(qi) < 0 ? NULL : QV_NONE;
}
static QvObj *unfreeze(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    return qv_gc_unfreeze(qi) < 0 ? NULL : QV_NONE;
}
static QvObj *get_freeze_count(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    QvSsize n = qv_gc_freeze_count(qi);
    return n < 0 ? NULL : qv_int_from_i64(qi, n);
}

static QvObj *stats_of(QvInterp *qi, const QvGcStats *stats)
{
    QvObj *d = qv_dict_new(qi);
    if (d &&
        (qv_dict_set_cstr_take(qi, d, "collections", qv_int_from_u64(qi, stats->collections)) < 0 ||
         qv_dict_set_cstr_take(qi, d, "collected", qv_int_from_u64(qi, stats->collected)) < 0 ||
         qv_dict_set_cstr_take(qi, d, "uncollectable", qv_int_from_u64(qi, stats->uncollectable)) <
             0)) {
        qv_clear(qi, &d);
    }
    return d;
}

static QvObj *get_stats(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    // Read before anything is made: that may collect.
    QvGcStats stats[QV_GC_GENERATIONS];
    memcpy(stats, qi->gc.stats, sizeof stats);
    QvObj *list = qv_list_new(qi, QV_GC_GENERATIONS);
    for (int k = 0; list && k < QV_GC_GENERATIONS; k++) {
        if (qv_list_append_take(qi, list, stats_of(qi, &stats[k])) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

static int init(QvInterp *qi, QvObj *m)
{
    static const struct {
        const char *name;
        int value;
    } flags[] = {
        {"DEBUG_STATS", 1},    {"DEBUG_COLLECTABLE", 2}, {"DEBUG_UNCOLLECTABLE", 4},
        {"DEBUG_SAVEALL", 32}, {"DEBUG_LEAK", 38},
    };
    for (size_t k = 0; k < sizeof flags / sizeof flags[0]; k++) {
        if (qv_module_add_int(qi, m, flags[k].name, flags[k].value) < 0) {
            return -1;
        }
    }
    if ((!qi->gc.garbage && !(qi->gc.garbage = qv_list_new(qi, 0))) ||
        (!qi->gc.callbacks && !(qi->gc.callbacks = qv_list_new(qi, 0)))) {
        return -1;
    }
    return qv_module_add(qi, m, "garbage", qi->gc.garbage) < 0
               ? -1
               : qv_module_add(qi, m, "callbacks", qi->gc.callbacks);
}

static const QvNativeDef functions[] = {
    {"enable", enable, "($module, /)", "Enable automatic garbage collection."},
    {"disable", disable, "($module, /)", "Disable automatic garbage collection."},
    {"isenabled", isenabled, "($module, /)",
     "Returns true if automatic garbage collection is enabled."},
    {"set_debug", set_debug, "($module, flags, /)",
     "Set the garbage collection debugging flags.\n\n  flags\n    An integer that can have the "
     "following bits turned on:\n      DEBUG_STATS - Print statistics during collection.\n      "
     "DEBUG_COLLECTABLE - Print collectable objects found.\n      DEBUG_UNCOLLECTABLE - Print "
     "unreachable but uncollectable objects\n        found.\n      DEBUG_SAVEALL - Save objects to "
     "gc.garbage rather than freeing them.\n      DEBUG_LEAK - Debug leaking programs (everything "
     "but STATS).\n\nDebugging information is written to sys.stderr."},
    {"get_debug", get_debug, "($module, /)", "Get the garbage collection debugging flags."},
    {"get_count", get_count, "($module, /)",
     "Return a three-tuple of the current collection counts."},
    {"set_threshold", set_threshold, "($module, threshold0, threshold1=10, threshold2=10, /)",
     "set_threshold(threshold0, [threshold1, [threshold2]])\nSet the collection thresholds (the "
     "collection frequency).\n\nSetting 'threshold0' to zero disables collection.\n"},
    {"get_threshold", get_threshold, "($module, /)", "Return the current collection thresholds."},
    {"collect", collect, "($module, /, generation=2)",
     "Run the garbage collector.\n\nWith no arguments, run a full collection.  The optional "
     "argument\nmay be an integer specifying which generation to collect.  A ValueError\nis raised "
     "if the generation number is invalid.\n\nThe number of unreachable objects is returned."},
    {"get_objects", get_objects, "($module, /, generation=None)",
     "Return a list of objects tracked by the collector (excluding the list returned).\n\n  "
     "generation\n    Generation to extract the objects from.\n\nIf generation is not None, return "
     "only the objects tracked by the collector\nthat are in that generation."},
    {"get_stats", get_stats, "($module, /)",
     "Return a list of dictionaries containing per-generation statistics."},
    {"is_tracked", is_tracked, "($module, obj, /)",
     "Returns true if the object is tracked by the garbage collector.\n\nSimple atomic objects "
     "will return false."},
    {"is_finalized", is_finalized, "($module, obj, /)",
     "Returns true if the object has been already finalized by the GC."},
    {"get_referrers", get_referrers, "($module, /, *objs)",
     "get_referrers(*objs) -> list\nReturn the list of objects that directly refer to any of "
     "objs."},
    {"get_referents", get_referents, "($module, /, *objs)",
     "get_referents(*objs) -> list\nReturn the list of objects that are directly referred to by "
     "objs."},
    {"freeze", freeze, "($module, /)",
     "Freeze all current tracked objects and ignore them for future collections.\n\nThis can be "
     "used before a POSIX fork() call to make the gc copy-on-write friendly.\nNote: collection "
     "before a POSIX fork() call may free pages for future allocation\nwhich can cause "
     "copy-on-write."},
    {"unfreeze", unfreeze, "($module, /)",
     "Unfreeze all objects in the permanent generation.\n\nPut all objects in the permanent "
     "generation back into oldest generation."},
    {"get_freeze_count", get_freeze_count, "($module, /)",
     "Return the number of objects in the permanent generation."},
    {0},
};

const QvModuleDef qv_module_gc = {
    .name = "gc",
    .doc = "This module provides access to the garbage collector for reference cycles.\n\nenable() "
           "-- Enable automatic garbage collection.\ndisable() -- Disable automatic garbage "
           "collection.\nisenabled() -- Returns true if automatic collection is "
           "enabled.\ncollect() -- Do a full collection right now.\nget_count() -- Return the "
           "current collection counts.\nget_stats() -- Return list of dictionaries containing "
           "per-generation stats.\nset_debug() -- Set debugging flags.\nget_debug() -- Get "
           "debugging flags.\nset_threshold() -- Set the collection thresholds.\nget_threshold() "
           "-- Return current the collection thresholds.\nget_objects() -- Return a list of all "
           "objects tracked by the collector.\nis_tracked() -- Returns true if a given object is "
           "tracked.\nis_finalized() -- Returns true if a given object has been already "
           "finalized.\nget_referrers() -- Return the list of objects that refer to an "
           "object.\nget_referents() -- Return the list of objects that an object refers "
           "to.\nfreeze() -- Freeze all tracked objects and ignore them for future "
           "collections.\nunfreeze() -- Unfreeze all objects in the permanent "
           "generation.\nget_freeze_count() -- Return the number of objects in the permanent "
           "generation.\n",
    .functions = functions,
    .init = init,
};
