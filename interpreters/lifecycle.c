// SPDX-License-Identifier: MIT
// The life of an interpreter: create, reset, destroy.
//
//   new    process start (once) · struct · id and owner stamp · heap · first thread record · lib's
//   parts (qv_interp_init) ·
//          __main__
//   free   state EXITING: threads that are no daemons end · exit functions, while daemons go on ·
//          state CLOSING: nobody can enter · threads inside are asked to stop and waited for (where
//          the host's own are inside, exit functions come only now) · lib's parts go (finalizers
//          run) · stacks, heap, table entry · the struct goes when the last handle does
//   reset  as free up to lib's parts; then, with the lock still held, lib's parts and __main__
//   anew:
//          lock, records and their stacks, the heap's slabs, the table entry and the handles stay
//
// A thread that sleeps in a system call hears nothing of the poll flag. Where the process has a
// main interpreter, so that signals are ours, one without effect ends the call (signals.c). A
// thread that none of this reaches may still let the kernel write into the heap: at the end of a
// program nobody waits for it any longer than STOP_PATIENCE, and what it may use is left as it is.
#include <stdlib.h>
#include <string.h>

#include "base/bigmem.h"
#include "base/clock.h"
#include "compile/compile.h"
#include "interpreters/api.h"
#include "interpreters/fork.h"
#include "interpreters/limit.h"
#include "interpreters/mod_interpreters.h"
#include "interpreters/signals.h"
#include "interpreters/streams.h"
#include "interpreters/threads.h"
#include "interpreters/timer.h"
#include "interpreters/workers.h"
#include "modules/modules.h"
#include "object/caps.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/module.h"
#include "object/pack.h"
#include "object/protocol.h"
#include "vm/frame.h"

#define STOP_NUDGE    ((int64_t)20000000) // ns between reminders to threads that have not left yet
#define STOP_PATIENCE ((int64_t)3000000000) // ns for daemon threads, at the end of a program

// ---- configuration ------------------------------------------------------------------------------

void quiver_config_init(QuiverConfig *config)
{
    if (config) {
        memset(config, 0, sizeof *config);
        config->struct_size = sizeof *config;
    }
}

_Static_assert((int)QUIVER_ALLOW_ALL == (int)QV_CAP_ALL &&
                   (int)QUIVER_ALLOW_NATIVE == (int)QV_CAP_NATIVE,
               "the same numbers");

void quiver_config_sandbox(QuiverConfig *config)
{
    if (config) {
        config->deny = QUIVER_ALLOW_ALL;
        config->clock_ns = 1000000;
        config->stdin_stream = config->read ? QUIVER_STREAM_HOST : QUIVER_STREAM_NULL;
        config->isolated = config->ignore_env = config->no_site = true;
        config->no_user_site = config->safe_path = config->dont_write_bytecode = true;
        config->exit_budget = 100000000;
    }
}

// How many strings a list has: n at most, up to the first NULL.
static int count_strs(const char *const *list, int n)
{
    int k = 0;
    while (list && k < n && list[k]) {
        k++;
    }
    return k;
}

// Copies strings into one block that lives as long as the instance.
typedef struct Copier {
    char *next; // NULL while measuring
    size_t size;
} Copier;

static const char *copy_str(Copier *c, const char *s)
{
    if (!s) {
        return NULL;
    }
    size_t n = strlen(s) + 1;
    c->size += n;
    if (!c->next) {
        return s;
    }
    char *at = c->next;
    memcpy(at, s, n);
    c->next += n;
    return at;
}

static const char *const *copy_strs(Copier *c, const char *const *list, int n, const char ***table)
{
    if (n <= 0 || !list) {
        return NULL;
    }
    const char **at = *table;
    for (int k = 0; k < n; k++) {
        const char *s = copy_str(c, list[k]);
        if (c->next) {
            at[k] = s;
        }
    }
    *table = (const char **)((uintptr_t)*table + (size_t)n * sizeof **table); // NULL: it is counted
    return at;
}

static void copy_all(Copier *c, const QuiverConfig *from, QvHostConfig *to, const char **table)
{
    to->argc = from->argc;
    to->argv = copy_strs(c, from->argv, from->argc, &table);
    to->npath = from->npath;
    to->path = copy_strs(c, from->path, from->npath, &table);
    to->nwarn = from->nwarn;
    to->warnoptions = copy_strs(c, from->warnoptions, from->nwarn, &table);
    to->stdlib_dir = copy_str(c, from->stdlib_dir);
    to->norig = from->norig;
    to->orig_argv = copy_strs(c, from->orig_argv, from->norig, &table);
    to->nxoptions = from->nxoptions;
    to->xoptions = copy_strs(c, from->xoptions, from->nxoptions, &table);
    to->executable = copy_str(c, from->executable);
    to->pycache_prefix = copy_str(c, from->pycache_prefix);
    to->venv = copy_str(c, from->venv);
    to->stdio_encoding = copy_str(c, from->stdio_encoding);
    to->stdio_errors = copy_str(c, from->stdio_errors);
}

static int copy_config(QvInstance *inst, const QuiverConfig *given)
{
    QuiverConfig config;
    quiver_config_init(&config);
    if (given) {
        size_t n = given->struct_size && given->struct_size < sizeof config ? given->struct_size
                                                                            : sizeof config;
        memcpy(&config, given, n);
    }
    config.argc = count_strs(config.argv, config.argc);
    config.npath = count_strs(config.path, config.npath);
    config.nwarn = count_strs(config.warnoptions, config.nwarn);
    inst->config = config;
    QvHostConfig *host = &inst->qi.config;
    size_t pointers = sizeof(char *) * (size_t)(config.argc + config.npath + config.nwarn +
                                                config.norig + config.nxoptions);
    Copier measure = {0};
    copy_all(&measure, &config, host, NULL);
    inst->strings = malloc(pointers + measure.size + 1);
    if (!inst->strings) {
        return -1;
    }
    Copier copier = {.next = inst->strings + pointers};
    copy_all(&copier, &config, host, (const char **)(void *)inst->strings);
    host->no_site = config.no_site;
    host->isolated = config.isolated;
    host->ignore_env = config.ignore_env || config.isolated;
    host->safe_path = config.safe_path || config.isolated;
    host->no_user_site = config.no_user_site || config.isolated;
    host->quiet = config.quiet;
    host->inspect = config.inspect;
    host->debug = config.debug;
    host->dev_mode = config.dev_mode;
    host->bytes_warning = config.bytes_warning;
    host->locale_streams = config.locale_streams;
    host->warn_default_encoding = config.warn_default_encoding;
    host->int_max_str_digits = config.int_max_str_digits;
    host->venv_system_site = config.venv_system_site;
    host->no_debug_ranges = config.no_debug_ranges;
    host->no_jit = config.no_jit;
    host->check_pycs = config.check_pycs;
    host->unbuffered = config.unbuffered;
    host->dont_write_bytecode = config.dont_write_bytecode;
    host->interactive = config.interactive;
    host->verbose = config.verbose;
    return 0;
}

// Ends what copy_config, wish_caps and the streams have made.
static void drop_config(QvInstance *inst)
{
    qv_streams_fini(inst);
    free(inst->strings);
    qv_bigmem_life_free(inst, sizeof *inst);
}

static int wish_caps(QvInstance *inst)
{
    QuiverConfig *c = &inst->config;
    QvCapWish wish = {
        .deny = c->deny,
        .dirs = {c->read_dirs, c->write_dirs},
        .ndirs = {count_strs(c->read_dirs, c->nread_dirs),
                  count_strs(c->write_dirs, c->nwrite_dirs)},
        .imports = c->import_allow,
        .nimports = count_strs(c->import_allow, c->nimport_allow),
        .clock_ns = c->clock_ns < 0 ? 0 : c->clock_ns,
    };
    if (c->deny & QV_CAP_ENV) {
        inst->qi.config.ignore_env = true;
    }
    return qv_caps_init(&inst->qi, &wish);
}

static int64_t switch_interval(QvInterp *qi, int64_t set)
{
    QvLock *lock = &qv_instance_of(qi)->lock;
    if (set > 0) {
        __atomic_store_n(&lock->interval, set, __ATOMIC_RELAXED);
    }
    return __atomic_load_n(&lock->interval, __ATOMIC_RELAXED);
}

// ---- create -------------------------------------------------------------------------------------

static int make_main(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    inst->main = qv_module_new(qi, QV_N(__main__));
    if (!inst->main) {
        return -1;
    }
    QvObj *dict = qv_module_dict(inst->main);
    QvObj *builtins;
    if (qv_dict_get(qi, qi->modules, QV_N(builtins), &builtins) <= 0) {
        return -1;
    }
    return qv_dict_set(qi, dict, QV_N(__builtins__), builtins) < 0
               ? -1
               : qv_dict_set(qi, qi->modules, QV_N(__main__), inst->main);
}

static int init_inside(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    if (qv_interp_init(qi) < 0) {
        return -1;
    }
    if (make_main(inst) < 0 || qv_host_modules_start(inst) < 0) {
        qv_clear(qi, &inst->host_sources);
        qv_clear(qi, &inst->main);
        qv_err_clear(qi);
        qv_interp_fini(qi);
        return -1;
    }
    return 0;
}

// What scripts can change.
static void set_from_config(QvInstance *inst)
{
    const QuiverConfig *c = &inst->config;
    inst->qi.recursion_limit = c->recursion_limit ? c->recursion_limit : 1000;
    inst->qi.optimize = c->optimize;
    inst->qi.int_max_str_digits = c->int_max_str_digits ? c->int_max_str_digits : 4300;
}

QvInstance *qv_instance_new(const QuiverConfig *config)
{
    return qv_instance_new_failing(config, -1, false);
}

QvInstance *qv_instance_new_failing(const QuiverConfig *config, int64_t fail_in, bool once)
{
    if (qv_process_start() < 0) {
        return NULL;
    }
    QvInstance *inst = qv_bigmem_life_alloc(sizeof *inst);
    if (!inst) {
        return NULL;
    }
    memset(inst, 0, offsetof(QvInstance, qi.ints)); // the rest is made when it is needed
    QvInterp *qi = &inst->qi;
    inst->handles = 1;
    qv_lock_init(&inst->lock, &qi->poll);
    inst->threads_mu = (QvMutex)QV_MUTEX_INIT(QV_RANK_THREADS);
    qv_cond_init(&inst->threads_cond);
    if (copy_config(inst, config) < 0 || qv_host_modules_init(inst) < 0) {
        free(inst->strings);
        qv_bigmem_life_free(inst, sizeof *inst);
        return NULL;
    }
    if (wish_caps(inst) < 0) {
        drop_config(inst);
        return NULL;
    }
    set_from_config(inst);
    qi->hooks = (QvHooks){
        .unlock = qv_attach_unlock,
        .lock = qv_attach_lock,
        .pause = qv_attach_pause,
        .sleep = qv_wait_deadline,
        .block = qv_poll_block,
        .is_bell = qv_bell_is,
        .row_wait = qv_row_sleep,
        .row_wake = qv_row_rouse,
        .compile = qv_compile,
        .safepoint = qv_safepoint,
        .interrupt_again = qv_interrupt_again,
        .heavy = qv_workers_call,
        .switch_interval = switch_interval,
        .fork = qv_fork,
    };
    qv_limits_init(inst);
    QvHeapConfig heap = {.limit = inst->config.memory_limit, .arena = -1};
    if (qv_streams_init(inst) < 0 || qv_heap_init(&qi->heap, &heap) < 0) {
        qv_host_modules_fini(inst);
        qv_caps_fini(qi);
        drop_config(inst);
        return NULL;
    }
    (void)qv_heap_fail_at(&qi->heap, fail_in, once);
    qv_heap_watch(&qi->heap, &qi->poll, QV_POLL_STOP, qv_workers_free);
    qv_process_add(inst);
    qi->header = 1u | (uint64_t)qi->owner << 48; // count 1, no flags
    if (qv_attach_init(inst) < 0 || qv_attach(inst) < 0) {
        goto fail;
    }
    int done = init_inside(inst);
    if (done == 0 && inst->config.signals) {
        qv_signals_begin(inst);
    }
    if (done < 0) {
        qv_stack_fini(qi, qi->ts);
        qv_detach(inst);
        goto fail;
    }
    qv_limits_begin(inst);
    qv_detach(inst);
    return inst;
fail:
    qv_process_remove(inst);
    qv_heap_fini(&qi->heap);
    qv_instance_release(inst);
    return NULL;
}

// ---- destroy ------------------------------------------------------------------------------------

// Ends system calls of threads that the script started.
static void end_calls(QvInstance *inst)
{
    if (!qv_signals_nudges(inst)) {
        return;
    }
    qv_mutex_lock(&inst->threads_mu); // who has a record has not ended
    for (QvThreadRec *rec = inst->records; rec; rec = rec->next) {
        if (rec->started && rec->thread && &rec->ts != inst->qi.ts) {
            qv_signals_nudge(rec->thread);
        }
    }
    qv_mutex_unlock(&inst->threads_mu);
}

// Nobody can enter any more; waits until only this thread is inside. False: at the end of a
// program, some that the script started do not leave; this thread holds the lock.
static bool drive_out_others(QvInstance *inst, bool reset)
{
    bool program = qv_signals_is_main(inst) && !reset;
    int64_t patience = qv_clock_add(qv_clock_monotonic(), STOP_PATIENCE);
    qv_mutex_lock(&inst->threads_mu);
    while (inst->inside > 1) {
        qv_poll_set(&inst->qi, QV_POLL_STOP);
        qv_mutex_unlock(&inst->threads_mu);
        if (program && qv_clock_monotonic() > patience && !qv_attach_hosts_inside(inst)) {
            return false;
        }
        end_calls(inst);
        qv_wait_interrupt(inst);
        qv_attach_unlock(&inst->qi);
        qv_mutex_lock(&inst->threads_mu);
        if (inst->inside > 1) {
            qv_cond_wait(&inst->threads_cond, &inst->threads_mu,
                         qv_clock_add(qv_clock_monotonic(), STOP_NUDGE));
        }
        qv_mutex_unlock(&inst->threads_mu);
        qv_attach_lock(&inst->qi);
        qv_mutex_lock(&inst->threads_mu);
    }
    qv_mutex_unlock(&inst->threads_mu);
    return true;
}

static void set_state(QvInstance *inst, QvInstanceState state)
{
    qv_mutex_lock(&inst->threads_mu);
    __atomic_store_n(&inst->state, state, __ATOMIC_RELAXED);
    qv_mutex_unlock(&inst->threads_mu);
}

// Records that nobody uses: their objects, and their stacks, which hold dead ints of this
// interpreter. keep: the stacks serve again.
static void drop_idle_stacks(QvInstance *inst, bool keep)
{
    for (QvThreadRec *rec = inst->records; rec; rec = rec->next) {
        if (&rec->ts == inst->qi.ts) {
            continue;
        }
        qv_thread_clear(&inst->qi, &rec->ts);
        if (!keep) {
            qv_stack_fini(&inst->qi, &rec->ts);
        } else if (rec->ts.stack) {
            qv_stack_purge(&inst->qi, &rec->ts);
        }
    }
}

// Threads that are still inside can go on using their stacks and objects, but never again the lock,
// which this thread keeps.
static int leave_as_it_is(QvInstance *inst)
{
    int lost = qv_io_flush_standard(&inst->qi) < 0;
    qv_err_clear(&inst->qi);
    qv_faults_end(inst);
    qv_signals_end(inst);
    return lost;
}

// A thread that is inside cannot end what it runs in: the error of this call.
static int refuse_inside(QvInstance *inst, const QvThreadRec *rec, const char *what)
{
    QvInterp *qi = &inst->qi;
    if (rec->holds && !qv_err_occurred(qi)) {
        qv_error_forget(inst);
        qv_raise(qi, &qv_exc_RuntimeError, "a thread that is inside the interpreter cannot %s it",
                 what);
        qv_error_capture(inst);
    }
    return -1;
}

// Enters for the end of what runs: only one thread gets there. 0 / -1: inside, or ending.
static int begin_end(QvInstance *inst, const char *what)
{
    const QvThreadRec *rec = qv_attached_record(inst);
    if (rec) {
        return refuse_inside(inst, rec, what);
    }
    if (qv_attach(inst) < 0) {
        return -1;
    }
    if (inst->state != QV_INST_ALIVE) { // another thread is at it
        qv_detach(inst);
        return -1;
    }
    set_state(inst, QV_INST_EXITING);
    return 0;
}

// Exit functions and finalizers have a budget of their own, in place of what the host's limits have
// left.
#define UNWOUND_BUDGET ((uint64_t)QV_NS_PER_S) // a lock may be held that nobody will release

static void begin_exit_budget(QvInstance *inst)
{
    uint64_t budget = inst->config.exit_budget;
    if (!budget && inst->unwound) {
        budget = UNWOUND_BUDGET;
    }
    if (budget && qv_limit_set(inst, QUIVER_LIMIT_TIME, budget) == 0) {
        (void)qv_limit_set(inst, QUIVER_LIMIT_CPU, 0);
        (void)qv_limit_set(inst, QUIVER_LIMIT_FUEL, 0);
        qv_limits_call_begins(inst, inst->qi.ts->owner);
    }
}

// The script's end: threads, exit functions. False as drive_out_others.
static bool end_script(QvInstance *inst, bool reset)
{
    QvInterp *qi = &inst->qi;
    begin_exit_budget(inst);
    qv_threads_shutdown(qi);
    if (!qv_attach_hosts_inside(inst)) {
        qv_atexit_run(qi);
    }
    set_state(inst, QV_INST_CLOSING);
    bool alone = drive_out_others(inst, reset);
    qi->finalizing = true;
    __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_STOP, __ATOMIC_ACQ_REL);
    qv_limits_notice(inst, qi->ts->owner);
    qv_atexit_run(qi);
    return alone;
}

// All objects go. 1: output was lost.
static int end_objects(QvInstance *inst, bool reset)
{
    QvInterp *qi = &inst->qi;
    qv_dealloc_resume(qi);
    int lost = qv_io_flush_standard(qi) < 0;
    qv_error_forget_all(inst);
    drop_idle_stacks(inst, reset);
    qv_threads_drop_pending(inst);
    qv_faults_end(inst);
    qv_signals_end(inst);
    qv_clear(qi, &inst->signals);
    qv_clear(qi, &inst->main);
    qv_host_classes_drop(inst);
    qv_clear(qi, &inst->host_sources);
    qv_interp_fini(qi);
    qv_boxes_forget(qi);
    qv_limits_fini(inst);
    return lost;
}

// The last of it; nobody is inside or can enter.
static void end_instance(QvInstance *inst)
{
    qv_heap_fini(&inst->qi.heap);
    qv_instance_release(inst);
}

// What a reset that found no memory has left.
static int free_dead(QvInstance *inst)
{
    qv_mutex_lock(&inst->threads_mu);
    bool mine = inst->state == QV_INST_DEAD;
    if (mine) {
        __atomic_store_n(&inst->state, QV_INST_CLOSING, __ATOMIC_RELAXED);
    }
    qv_mutex_unlock(&inst->threads_mu);
    if (!mine) {
        return -1;
    }
    drop_idle_stacks(inst, false);
    qv_lend_give_back(inst);
    qv_process_remove(inst);
    end_instance(inst);
    return 0;
}

int qv_instance_free(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    if (__atomic_load_n(&inst->state, __ATOMIC_RELAXED) == QV_INST_DEAD) {
        return free_dead(inst);
    }
    if (begin_end(inst, "end") < 0) {
        return -1;
    }
    if (!end_script(inst, false)) {
        return leave_as_it_is(inst);
    }
    int lost = end_objects(inst, false);
    qv_lend_give_back(inst);
    qv_process_remove(inst);
    qv_stack_fini(qi, qi->ts);
    qv_detach(inst);
    qv_interpreters_end_family(inst);
    end_instance(inst);
    return lost;
}

// ---- reset --------------------------------------------------------------------------------------

#define WARM_BYTES ((size_t)512 << 10) // of slabs that an interpreter keeps when it is reset

// What lib's parts expect to be zero, and what scripts may have set.
static void wipe(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    memset(&qi->types, 0, sizeof qi->types);
    memset(&qi->strs, 0, sizeof qi->strs);
    memset(&qi->free, 0, sizeof qi->free);
    qi->small_ints = 0;
    qi->dict_version = 0;
    qi->code_version = 0;
    static const size_t gone = offsetof(QvInterp, modules);
    memset((char *)qi + gone, 0, offsetof(QvInterp, hooks) - gone);
    qi->unraisable_type = qi->audit_hooks = NULL;
    qi->finalizing = qi->lost_threads = qi->import_of_library = false;
    qi->tracing = 0;
    set_from_config(inst);
    (void)switch_interval(qi, QV_LOCK_INTERVAL);
    qv_atomic_store_u32(&inst->interrupted, 0);
    inst->unwound = false;
    inst->held = NULL;
    qv_streams_reset(inst);
    qv_caps_reset(qi);
    if (qv_heap_own(&qi->heap) != 0) { // a leak
        qv_heap_fini(&qi->heap);
        const QvHeapConfig heap = {.limit = inst->config.memory_limit, .arena = -1};
        int made = qv_heap_init(&qi->heap, &heap);
        qv_assert(made == 0);
        (void)made;
        qv_heap_watch(&qi->heap, &qi->poll, QV_POLL_STOP, qv_workers_free);
    } else if (qi->heap.slab_bytes > WARM_BYTES) {
        qv_heap_trim(&qi->heap);
    }
}

int qv_instance_reset(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    if (begin_end(inst, "reset") < 0) {
        return -1;
    }
    (void)end_script(inst, true);
    int lost = end_objects(inst, true);
    qv_attach_unlock(qi);
    qv_interpreters_end_family(inst);
    qv_attach_lock(qi);
    wipe(inst);
    qv_limits_reset(inst);
    QvThreadRec *rec = qi->ts->owner;
    qv_limits_call_begins(inst, rec);
    __atomic_fetch_and(&qi->poll, ~(uint32_t)(QV_POLL_STOP | QV_POLL_GC), __ATOMIC_ACQ_REL);
    qv_stack_set_limit(qi, qi->ts);
    if (init_inside(inst) < 0) {
        set_state(inst, QV_INST_DEAD);
        qv_stack_purge(qi, qi->ts);
        qv_detach(inst);
        return -1;
    }
    if (inst->config.signals) {
        qv_signals_begin(inst);
    }
    qv_limits_begin(inst);
    set_state(inst, QV_INST_ALIVE);
    qv_detach(inst);
    return lost;
}

// ---- handles ------------------------------------------------------------------------------------

void qv_instance_retain(QvInstance *inst) { qv_atomic_add_u32(&inst->handles, 1); }

// Who has a handle may set limits (which arms the timer) and interrupt (which walks the records),
// also of an interpreter that has ended: those go with the last one.
void qv_instance_release(QvInstance *inst)
{
    if (qv_atomic_sub_u32(&inst->handles, 1) != 1) {
        return;
    }
    qv_heap_came_back(inst->payer, sizeof *inst);
    qv_limits_fini(inst);
    qv_attach_fini(inst);
    qv_host_modules_fini(inst);
    qv_caps_fini(&inst->qi);
    drop_config(inst);
    if (qv_process_count() == 0) {
        qv_timer_end();
        qv_workers_end();
    }
}
