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

static void init_ints(QvInterp *qi)
{
    for (int i = 0; i < QV_SMALL_INTS; i++) {
        qi->ints.small[i] = (QvInt){
            .h = {.refs = QV_IMMORTAL, .owner = qi->owner, .type = &qv_int_type},
            .value = i + QV_SMALL_INT_MIN,
        };
    }
}

int qv_interp_init(QvInterp *qi)
{
    qv_assert(qv_shared.sealed && qi->owner != 0);
    qi->header = 1u | (uint64_t)qi->owner << 48; // count 1, no flags
    qi->types.cache = qv_shared.no_cache;
    qi->types.next_version = QV_FIRST_HEAP_VERSION;
    qi->dict_version = 1;
    if (!qi->recursion_limit) {
        qi->recursion_limit = 1000;
    }
    init_ints(qi);
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

static void finalize_modules(QvInterp *qi)
{
    if (!qi->modules) {
        return;
    }
    clear_sys(qi);
    // Weak references tell which modules live on when sys.modules has let go of them.
    QvObj *refs = qv_list_new(qi, 0);
    QvSsize pos = 0;
    QvObj *name;
    QvObj *module;
    while (refs && qv_dict_next(qi->modules, &pos, &name, &module)) {
        if (qv_is_module(module) && module != qi->sys && qv_module_dict(module) != qi->builtins) {
            if (qv_list_append_take(qi, refs, qv_weakref_new(qi, module, NULL)) < 0) {
                qv_err_clear(qi);
            }
        }
    }
    QvObj *builtins = NULL; // the module, kept to the last
    if (qv_dict_get(qi, qi->modules, QV_N(builtins), &builtins) > 0) {
        qv_incref(qi, builtins);
    } else {
        qv_err_clear(qi);
        builtins = NULL;
    }
    qv_xincref(qi, qi->sys);
    QvObj *sys = qi->sys;
    qv_dict_clear(qi, qi->modules);
    qv_gc_collect(qi);
    qv_err_clear(qi);
    for (QvSsize i = refs ? qv_list_len(refs) : 0; i-- > 0;) {
        module = qv_weakref_get(qi, qv_list_peek(refs, i));
        if (module) {
            empty_module(qi, qv_module_dict(module));
            qv_decref(qi, module);
        }
    }
    qv_xdecref(qi, refs);
    qv_gc_collect(qi);
    qv_err_clear(qi);
    if (sys) {
        empty_module(qi, qv_module_dict(sys));
        qv_decref(qi, sys);
    }
    if (builtins) {
        empty_module(qi, qv_module_dict(builtins));
        qv_decref(qi, builtins);
    }
}

QV_RUNS void qv_thread_clear(QvInterp *qi, QvThread *ts)
{
    qv_clear(qi, &ts->repr_list);
    qv_clear(qi, &ts->dict);
    qv_clear(qi, &ts->trace);
    qv_clear(qi, &ts->profile);
    qv_clear(qi, &ts->async_exc);
    qv_clear(qi, &ts->context);
    qv_clear(qi, &ts->coroutine_origin);
    qv_clear(qi, &ts->asyncgen_hooks[0]);
    qv_clear(qi, &ts->asyncgen_hooks[1]);
    qv_clear(qi, &ts->exc);
}

static void clear_method_cache(QvInterp *qi)
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

#if QV_DEBUG
static int report_leak(void *ctx, void *cell)
{
    QvInterp *qi = ctx;
    const QvObj *o = cell;
    if (qi->leaked++ < 50) {
        fprintf(stderr, "quiver: left at the end: %s at %p, %d references\n", o->type->name, cell,
                o->refs);
    }
    return 0;
}
#endif

void qv_interp_fini(QvInterp *qi)
{
    finalize_modules(qi);
    for (QvThread *ts = qi->threads; ts; ts = ts->next) {
        qv_thread_clear(qi, ts);
    }
    if (qi->ts) {
        qv_thread_clear(qi, qi->ts);
    }
    // The preallocated MemoryError holds what it met last: frames, and through them anything.
    QvExc *mem_error = (QvExc *)qi->mem_error;
    if (mem_error) {
        qv_clear(qi, &mem_error->traceback);
        qv_clear(qi, &mem_error->context);
        qv_clear(qi, &mem_error->cause);
    }
    qv_clear(qi, &qi->atexit);
    qv_clear(qi, &qi->warn_state);
    qv_clear(qi, &qi->ast);
    qv_clear(qi, &qi->importer);
    for (size_t i = 0; i < sizeof(qi->codec_state) / sizeof(qi->codec_state[0]); i++) {
        qv_clear(qi, &qi->codec_state[i]);
    }
    qv_clear(qi, &qi->sys_dict);
    qv_clear(qi, &qi->sys);
    qv_clear(qi, &qi->builtins);
    qv_clear(qi, &qi->modules);
    clear_method_cache(qi);
    // Finalizers can make new garbage; a program that always does is left with it.
    for (int i = 0; i < 10 && qv_gc_collect(qi) > 0; i++) {
        qv_err_clear(qi);
    }
    qv_gc_fini(qi);
    clear_method_cache(qi); // look-ups of the last finalizers
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
    if (qi->leaked) {
        fprintf(stderr, "quiver: %llu collectable objects left at the end of interpreter %llu\n",
                (unsigned long long)qi->leaked, (unsigned long long)qi->id);
    }
#endif
    qv_weakref_table_fini(qi);
    qv_str_table_fini(qi);
#if QV_DEBUG
    if (qi->heap.live) {
        fprintf(stderr, "quiver: %zu bytes left at the end of interpreter %llu\n", qi->heap.live,
                (unsigned long long)qi->id);
        qi->leaked++;
    }
#endif
}
