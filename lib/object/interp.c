// SPDX-License-Identifier: MIT
// The parts of an interpreter that lib/ owns: built when it starts, taken down when it ends.
#include "object/interp.h"

#include <stdio.h>
#include <string.h>

#include "object/dict.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/seal.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/type_internal.h"
#include "object/weakref.h"

// ---- start --------------------------------------------------------------------------------------

int qv_interp_init(QvInterp *qi)
{
    qv_assert(qv_shared.sealed && qi->owner != 0);
    qi->header = 1u | (uint64_t)qi->owner << 48; // count 1, no flags
    qi->types.attrs = qv_no_attrs;
    qi->types.cache = qv_shared.no_cache;
    qi->types.next_version = QV_FIRST_HEAP_VERSION;
    qi->dict_version = 1;
    qi->jit.heat = QV_JIT_HEAT;
    qi->dealloc_limit = QV_DEALLOC_DEPTH;
    if (!qi->recursion_limit) {
        qi->recursion_limit = 1000;
    }
    (void)qv_small_int_make(qi, 0);
    if (qv_gc_init(qi) < 0) {
        return -1;
    }
    if (qv_exc_init(qi) < 0 || qv_modules_init(qi) < 0) {
        qv_err_clear(qi);
        qv_interp_fini(qi);
        return -1;
    }
    return 0;
}

#define MOST_COLLECTIONS 10 // at the end, while they find something

// ---- end ----------------------------------------------------------------------------------------

// The dict of a module that survived, emptied as CPython does it: names with one underscore first,
// then the rest but __builtins__; values become None, so that finalizers still find the names.
static void empty_module(QvInterp *qi, QvObj *dict)
{
    for (int pass = 0; pass < 2; pass++) {
        QvObj *keys = qv_dict_keys_list(qi, dict);
        if (!keys) {
            qv_err_clear(qi);
            return;
        }
        for (QvSsize i = 0; i < qv_list_len(keys); i++) {
            QvObj *key = qv_list_peek(keys, i);
            QvObj *value;
            if (!qv_is_str_exact(key) || key == QV_N(__builtins__) || qv_str_len(key) == 0) {
                continue;
            }
            bool early = qv_str_read(key, 0) == '_' &&
                         (qv_str_len(key) == 1 || qv_str_read(key, 1) != '_');
            if (early != (pass == 0)) {
                continue;
            }
            if (qv_dict_get(qi, dict, key, &value) > 0 && value != QV_NONE &&
                qv_dict_set(qi, dict, key, QV_NONE) < 0) {
                qv_err_clear(qi);
            }
        }
        qv_decref(qi, keys);
    }
}

// Lets go of what sys holds for the user: it may be the last to hold it.
static void clear_sys(QvInterp *qi)
{
    if (!qi->sys) {
        return;
    }
    static const char *const names[] = {"path",
                                        "argv",
                                        "ps1",
                                        "ps2",
                                        "last_type",
                                        "last_value",
                                        "last_traceback",
                                        "path_hooks",
                                        "path_importer_cache",
                                        "meta_path"};
    QvObj *dict = qv_module_dict(qi->sys);
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        QvObj *key = qv_str_intern_cstr(qi, names[i]);
        if (!key || (qv_dict_peek_str(dict, key) && qv_dict_set(qi, dict, key, QV_NONE) < 0)) {
            qv_err_clear(qi);
        }
        qv_xdecref(qi, key);
    }
}

// The collector runs unless all collectable objects are `known` ones, held by the interpreter
// itself, and those of MemoryError, which come and go with the limit (another thread may set it
// now): a short program then ends without a collection.
static QvSsize collect_beyond(QvInterp *qi, size_t known)
{
    known += (size_t)(qi->mem_error != NULL) + (qi->mem_error_args != NULL);
    qv_assert(qv_heap_gc_count(&qi->heap) >= known);
    if (qv_heap_gc_count(&qi->heap) == known) {
        return 0;
    }
    qi->gc.trim_at = SIZE_MAX; // the whole heap goes soon
    QvSsize found = qv_gc_collect(qi);
    qv_err_clear(qi);
    return found;
}

static bool has_item(const QvObj *list, const QvObj *item)
{
    QvSsize n = qv_list_len(list);
    while (n > 0 && qv_list_peek(list, n - 1) != item) {
        n--;
    }
    return n > 0;
}

// sys.modules lets go of all modules; then those that live on are emptied, the latest first.
// `known`: see above.
static void finalize_modules(QvInterp *qi, size_t known)
{
    clear_sys(qi);
    // Weak references tell which modules live on.
    QvObj *refs = qv_list_new(qi, 0);
    QvSsize pos = 0;
    QvObj *name;
    QvObj *module;
    while (refs && qv_dict_next(qi->modules, &pos, &name, &module)) {
        if (qv_is_module(module) && module != qi->sys && qv_module_dict(module) != qi->builtins) {
            QvObj *ref = qv_weakref_new(qi, module, NULL);
            if (ref && has_item(refs, ref)) { // the module has two names
                qv_decref(qi, ref);
            } else if (qv_list_append_take(qi, refs, ref) < 0) {
                qv_err_clear(qi);
            }
        }
    }
    qv_err_clear(qi);
    qv_dict_clear(qi, qi->modules);
    collect_beyond(qi, known + (refs ? 1 + (size_t)qv_list_len(refs) : 0));
    for (QvSsize i = refs ? qv_list_len(refs) : 0; i-- > 0;) {
        module = qv_weakref_get(qi, qv_list_peek(refs, i));
        if (module) {
            empty_module(qi, qv_module_dict(module));
            qv_decref(qi, module);
        }
    }
    qv_xdecref(qi, refs);
}

// What the program has put into builtins goes; what it found there is there again, for the
// finalizers that this runs.
static void restore_builtins(QvInterp *qi)
{
    const QvDict *now = (QvDict *)qi->builtins;
    const QvDict *start = (QvDict *)qv_shared.builtins;
    if (now->nentries == start->nentries &&
        memcmp(now->entries, start->entries, start->nentries * sizeof(QvDictEntry)) == 0) {
        return;
    }
    QvObj *keys = qv_dict_keys_list(qi, qi->builtins);
    for (QvSsize i = 0; keys && i < qv_list_len(keys); i++) {
        QvObj *key = qv_list_peek(keys, i);
        QvObj *value = qv_is_str_exact(key) ? qv_dict_peek_str(qv_shared.builtins, key) : NULL;
        if (qv_dict_set(qi, qi->builtins, key, value ? value : QV_NONE) < 0) {
            qv_err_clear(qi);
        }
    }
    qv_xdecref(qi, keys);
    qv_err_clear(qi);
}

QV_RUNS void qv_thread_clear(QvInterp *qi, QvThread *ts)
{
    qv_clear(qi, &ts->repr_list);
    qv_clear(qi, &ts->dict);
    if (ts->trace || ts->profile) {
        qi->tracing--;
        qv_eval_choose_dispatch(qi);
        qv_clear(qi, &ts->trace);
        qv_clear(qi, &ts->profile);
    }
    qv_clear(qi, &ts->async_exc);
    qv_clear(qi, &ts->context);
    qv_clear(qi, &ts->asyncgen_hooks[0]);
    qv_clear(qi, &ts->asyncgen_hooks[1]);
    qv_clear(qi, &ts->exc);
    qv_clear(qi, &ts->exc_base.value); // of a thread that was driven out past its handlers
}

void qv_method_cache_clear(QvInterp *qi)
{
    if (qi->types.cache == qv_shared.no_cache) {
        return;
    }
    QvMethodCacheEntry *cache = qi->types.cache;
    qi->types.cache = qv_shared.no_cache;
    for (int i = 0; i < QV_METHOD_CACHE; i++) {
        qv_xdecref(qi, cache[i].name);
    }
    qv_free(qi, cache, QV_METHOD_CACHE * sizeof(*cache));
}

const QvAttrEntry qv_no_attrs[QV_ATTR_CACHE];

static void attr_cache_free(QvInterp *qi)
{
    if (qi->types.attrs != qv_no_attrs) {
        qv_free(qi, (void *)(uintptr_t)qi->types.attrs, sizeof(qv_no_attrs));
        qi->types.attrs = qv_no_attrs;
    }
}

#if QV_DEBUG
static int report_leak(void *ctx, void *cell)
{
    QvInterp *qi = ctx;
    const QvObj *o = cell;
    if (qi->leaked++ < 50 && !qi->lost_threads) {
        fprintf(stderr, "quiver: left at the end: %s at %p, %d references\n", o->type->name, cell,
                o->refs);
    }
    return 0;
}
#endif

// Runs finalizers of all that the program has left. builtins and sys go last, as in CPython: the
// finalizers of all the rest find them whole.
static void finalize_objects(QvInterp *qi)
{
    qv_gc_unfreeze(qi);
    // Collectable objects that are no program's.
    size_t known = 0;
    QvObj *builtins = NULL; // the module
    QvObj *sys = qi->sys;
    qv_xincref(qi, sys);
    if (sys) {
        known += 2; // and its dict
    }
    if (qi->builtins) {
        known++;
    }
    if (qi->modules) {
        known++;
        builtins = qv_dict_peek_str(qi->modules, QV_N(builtins));
        if (builtins) {
            qv_incref(qi, builtins);
            known += builtins->type == &qv_module_type && builtins != sys;
        }
        finalize_modules(qi, known);
    }
    for (QvThread *ts = qi->threads; ts; ts = ts->next) {
        qv_thread_clear(qi, ts);
    }
    if (qi->ts) {
        qv_thread_clear(qi, qi->ts);
    }
    qv_clear(qi, &qi->atexit);
    qv_clear(qi, &qi->warn_state);
    qv_clear(qi, &qi->ast);
    qv_clear(qi, &qi->audit_hooks);
    qv_clear(qi, &qi->unraisable_type);
    qv_clear(qi, &qi->importer);
    for (size_t i = 0; i < sizeof(qi->codec_state) / sizeof(qi->codec_state[0]); i++) {
        qv_clear(qi, &qi->codec_state[i]);
    }
    qv_method_cache_clear(qi);
    qi->gc.debug = 0; // what was saved goes, too
    qv_clear(qi, &qi->gc.garbage);
    qv_clear(qi, &qi->gc.callbacks);
    // Finalizers can make new garbage; a program that always does is left with it.
    for (int i = 0; i < MOST_COLLECTIONS && collect_beyond(qi, known) > 0; i++) {}
    if (sys) {
        empty_module(qi, qv_module_dict(sys));
    }
    if (qi->builtins) {
        restore_builtins(qi);
    }
    qv_xdecref(qi, sys);
    qv_clear(qi, &qi->sys_dict);
    qv_clear(qi, &qi->sys);
    if (sys) {
        known -= 2;
    }
    for (int i = 0; i < MOST_COLLECTIONS && collect_beyond(qi, known) > 0; i++) {}
    qv_xdecref(qi, builtins);
    qv_clear(qi, &qi->builtins);
    qv_clear(qi, &qi->modules);
    qv_method_cache_clear(qi); // look-ups of the last finalizers
    attr_cache_free(qi);
}

void qv_interp_fini(QvInterp *qi)
{
    finalize_objects(qi);
    if (qi->ts) { // what the last finalizers have left in it
        qv_thread_clear(qi, qi->ts);
    }
    collect_beyond(qi, 0);
    qv_gc_fini(qi);
    if (qi->types.statics) {
        for (int i = 0; i < QV_TID_COUNT; i++) {
            QvStaticState *s = &qi->types.statics[i];
            qv_free(qi, s->subclasses, s->cap_subclasses * sizeof(QvType *));
        }
        qv_free(qi, qi->types.statics, QV_TID_COUNT * sizeof(QvStaticState));
        qi->types.statics = NULL;
    }
    qv_exc_fini(qi);
    if (qi->ts) {
        qv_stack_purge(qi, qi->ts);
    }
#if QV_DEBUG
    qi->leaked = 0;
    qv_heap_gc_walk(&qi->heap, report_leak, qi);
    if (qi->leaked && !qi->lost_threads) {
        fprintf(stderr, "quiver: %llu collectable objects left at the end of interpreter %llu\n",
                (unsigned long long)qi->leaked, (unsigned long long)qi->id);
    }
#endif
    qv_jit_fini(qi);
    qv_weakref_table_fini(qi);
    qv_args_cache_free(qi);
    qv_str_table_fini(qi);
#if QV_DEBUG
    (void)qv_heap_fetch_away(&qi->heap);
    if (qv_heap_own(&qi->heap) && !qi->lost_threads) {
        fprintf(stderr, "quiver: %zu bytes left at the end of interpreter %llu\n",
                qv_heap_own(&qi->heap), (unsigned long long)qi->id);
        qi->leaked++;
    }
#endif
}
