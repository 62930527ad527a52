// SPDX-License-Identifier: MIT
// Limits, and what stops a script for good.
//
//   who               what                                            seen by
//   set_limit         amount, changed |= bit, poll flag               the next safepoint or enter
//   timer thread      exceeded |= TIME or CPU, poll flag, wakes       every thread, at safepoints
//   eval loop         fuel 0: exceeded |= FUEL, poll flag             the same
//   write             output gone: exceeded |= OUTPUT, poll flag      the same; raised at once
//   quiver_stop       stops += 1, poll flag, wakes                    threads whose call is older
//
// A thread that is being stopped gets the exception at a safepoint. As long as that exception is
// being handled (it stands in the stack of handled ones: an except or finally block, a with's
// exit), the thread is left alone until its grace has ended. When it is not handled and not on its
// way either, the script has caught it and gone on: it is raised again. Caught too often, or still
// there after the grace, it is raised with past_handlers set: unwinding then looks for no handler.
//
// The poll bit stays set while a thread of the interpreter is to be stopped; one that is not
// concerned clears it, and those that are set it again when they get the lock.
#include "interpreters/limit.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "interpreters/timer.h"
#include "interpreters/workers.h"
#include "object/exception.h"
#include "object/protocol.h"
#include "object/str.h"
#include "vm/frame.h"

#define GRACE         (100 * QV_NS_PER_MS) // for handlers, unless the host says otherwise
#define SWALLOWED_MAX 100                  // times that a script may catch its stop and go on
#define CPU_STEP      QV_NS_PER_MS         // least time between two looks at CPU clocks
#define CONTEXT_DEPTH 8                    // exceptions that came of the stop are looked through

#define BIT(which) (1u << (which))
#define BUDGETS                                                                \
    (BIT(QUIVER_LIMIT_TIME) | BIT(QUIVER_LIMIT_CPU) | BIT(QUIVER_LIMIT_FUEL) | \
     BIT(QUIVER_LIMIT_OUTPUT))

static bool is_limit(QuiverLimit which)
{
    return which >= QUIVER_LIMIT_MEMORY && which <= QUIVER_LIMIT_OUTPUT;
}

// ---- CPU time -----------------------------------------------------------------------------------

// Of threads inside, and how many these are. Their clocks can be read while they have a record.
static uint64_t cpu_used(QvInstance *inst, uint32_t *ret_inside)
{
    qv_mutex_lock(&inst->threads_mu);
    uint64_t used = qv_atomic_load_u64(&inst->cpu_ns);
    for (QvThreadRec *rec = inst->records; rec; rec = rec->next) {
        clockid_t clock;
        struct timespec t;
        if (rec->thread && pthread_getcpuclockid((pthread_t)rec->thread, &clock) == 0 &&
            clock_gettime(clock, &t) == 0) {
            used += (uint64_t)(t.tv_sec * QV_NS_PER_S + t.tv_nsec - rec->cpu_start);
        }
    }
    *ret_inside = inst->inside;
    qv_mutex_unlock(&inst->threads_mu);
    return used + qv_workers_cpu_used(inst);
}

uint64_t qv_limits_cpu_used(QvInstance *inst)
{
    uint32_t inside;
    return cpu_used(inst, &inside);
}

// ---- setting ------------------------------------------------------------------------------------

static void tell_thread(QvInstance *inst) { qv_poll_set(&inst->qi, QV_POLL_STOP); }

// Sets the amount; for TIME and CPU, *ret_at is when the timer should look.
static void set_amount(QvInstance *inst, QuiverLimit which, uint64_t amount, uint64_t cpu,
                       int64_t *ret_at)
{
    QvLimits *l = &inst->limits;
    int64_t now = qv_clock_monotonic();
    qv_mutex_lock(&l->mu);
    l->amount[which] = amount;
    qv_lend_forget(inst, which);
    int64_t span = amount > INT64_MAX ? INT64_MAX : (int64_t)amount;
    if (which == QUIVER_LIMIT_TIME) {
        l->time_end = amount ? qv_clock_add(now, span) : QV_NEVER;
        l->time_end = l->time_cap < l->time_end ? l->time_cap : l->time_end;
    } else if (which == QUIVER_LIMIT_CPU) {
        l->cpu_end = amount && amount < UINT64_MAX - cpu ? cpu + amount : UINT64_MAX;
        qv_atomic_store_u32(&l->count_cpu, l->cpu_end != UINT64_MAX);
    } else if (which == QUIVER_LIMIT_OUTPUT) {
        qv_atomic_store_u64(&l->output, 0);
    }
    qv_atomic_and_u32(&l->exceeded, ~BIT(which));
    qv_atomic_and_u32(&l->waiting, ~BIT(which));
    // The first look at CPU clocks: whoever is inside may use the whole budget on one processor.
    *ret_at = l->cpu_end != UINT64_MAX ? now : l->time_end;
    qv_mutex_unlock(&l->mu);
}

int qv_limit_set(QvInstance *inst, QuiverLimit which, uint64_t amount)
{
    if (!inst || !is_limit(which)) {
        return -1;
    }
    int64_t at;
    if (which == QUIVER_LIMIT_TIME || which == QUIVER_LIMIT_CPU) {
        uint64_t cpu = which == QUIVER_LIMIT_CPU ? qv_limits_cpu_used(inst) : 0;
        set_amount(inst, which, amount, cpu, &at);
        if (qv_timer_arm(inst, at) < 0) {
            set_amount(inst, which, 0, 0, &at);
            return -1;
        }
        return 0;
    }
    set_amount(inst, which, amount, 0, &at);
    qv_atomic_or_u32(&inst->limits.changed, BIT(which));
    tell_thread(inst);
    return 0;
}

int qv_limit_left(QvInstance *inst, QuiverLimit which, uint64_t *ret)
{
    if (!inst || !ret || !is_limit(which)) {
        return -1;
    }
    QvLimits *l = &inst->limits;
    uint64_t cpu = which == QUIVER_LIMIT_CPU ? qv_limits_cpu_used(inst) : 0;
    QvHeapStats heap = {0};
    qv_heap_stats(&inst->qi.heap, &heap);
    qv_mutex_lock(&l->mu);
    uint64_t amount = l->amount[which], used = 0;
    uint32_t fresh = qv_atomic_load_u32(&l->waiting) | qv_atomic_load_u32(&l->changed);
    if (which == QUIVER_LIMIT_MEMORY) {
        used = heap.live;
        amount += amount ? l->returned[which] : 0;
    } else if (fresh & BIT(which)) { // all of it
    } else if (which == QUIVER_LIMIT_TIME && amount) {
        int64_t left = l->time_end - qv_clock_monotonic();
        used = left > 0 ? amount - (uint64_t)left : amount;
    } else if (which == QUIVER_LIMIT_CPU && amount) {
        used = cpu < l->cpu_end ? amount - (l->cpu_end - cpu) : amount;
    } else if (which == QUIVER_LIMIT_FUEL && amount) {
        uint64_t left = __atomic_load_n(&inst->qi.fuel, __ATOMIC_RELAXED) + l->returned[which];
        used = left < amount ? amount - left : 0;
    } else if (which == QUIVER_LIMIT_OUTPUT) {
        used = qv_atomic_load_u64(&l->output);
    }
    qv_mutex_unlock(&l->mu);
    *ret = amount == 0 ? UINT64_MAX : used < amount ? amount - used : 0;
    return 0;
}

int64_t qv_limits_time_end(QvInstance *inst)
{
    QvLimits *l = &inst->limits;
    qv_mutex_lock(&l->mu);
    int64_t end = l->time_end < l->time_cap ? l->time_end : l->time_cap;
    qv_mutex_unlock(&l->mu);
    return end;
}

int quiver_set_limit(Quiver *q, QuiverLimit which, uint64_t amount)
{
    return qv_limit_set((QvInstance *)q, which, amount);
}

int quiver_limit_left(Quiver *q, QuiverLimit which, uint64_t *ret)
{
    return qv_limit_left((QvInstance *)q, which, ret);
}

// ---- exceeding ----------------------------------------------------------------------------------

static void exceed(QvInstance *inst, QuiverLimit which)
{
    qv_atomic_or_u32(&inst->limits.exceeded, BIT(which));
    tell_thread(inst);
    qv_wait_stop(inst);
}

int64_t qv_limits_tick(QvInstance *inst, int64_t now)
{
    QvLimits *l = &inst->limits;
    qv_mutex_lock(&l->mu);
    bool count = l->cpu_end != UINT64_MAX;
    qv_mutex_unlock(&l->mu);
    uint32_t inside = 0, over = 0;
    uint64_t cpu = count ? cpu_used(inst, &inside) : 0;
    int64_t at = QV_NEVER;
    qv_mutex_lock(&l->mu);
    if (l->time_end <= now) {
        l->time_end = QV_NEVER;
        over = BIT(QUIVER_LIMIT_TIME);
    }
    at = l->time_end;
    if (l->cpu_end <= cpu) {
        l->cpu_end = UINT64_MAX;
        qv_atomic_store_u32(&l->count_cpu, 0);
        over |= BIT(QUIVER_LIMIT_CPU);
    } else if (l->cpu_end != UINT64_MAX && inside) { // else: who enters arms it again
        uint64_t left = (l->cpu_end - cpu) / inside;
        int64_t look = qv_clock_add(now, left < CPU_STEP    ? CPU_STEP
                                         : left > INT64_MAX ? INT64_MAX
                                                            : (int64_t)left);
        at = look < at ? look : at;
    }
    qv_mutex_unlock(&l->mu);
    for (QuiverLimit w = QUIVER_LIMIT_TIME; w <= QUIVER_LIMIT_CPU; w++) {
        if (over & BIT(w)) {
            exceed(inst, w);
        }
    }
    return at;
}

static void fuel_out(QvInterp *qi)
{
    QvInstance *inst = qv_instance_of(qi);
    qi->fuel_on = false; // it is gone; there is nothing to count until it is set anew
    qv_eval_choose_dispatch(qi);
    __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_FUEL, __ATOMIC_ACQ_REL);
    exceed(inst, QUIVER_LIMIT_FUEL);
}

static int raise_limit(QvInstance *inst, QuiverLimit which);

static QvSsize output(QvInterp *qi, QvSsize n)
{
    QvInstance *inst = qv_instance_of(qi);
    QvLimits *l = &inst->limits;
    qv_mutex_lock(&l->mu);
    uint64_t amount = l->amount[QUIVER_LIMIT_OUTPUT], used = qv_atomic_load_u64(&l->output);
    uint64_t left = amount == 0 ? UINT64_MAX : used < amount ? amount - used : 0;
    if (left < (uint64_t)n) {
        n = (QvSsize)left;
    }
    qv_atomic_store_u64(&l->output, used + (uint64_t)n);
    qv_mutex_unlock(&l->mu);
    if (n == 0) {
        exceed(inst, QUIVER_LIMIT_OUTPUT);
        return raise_limit(inst, QUIVER_LIMIT_OUTPUT);
    }
    return n;
}

// ---- life ---------------------------------------------------------------------------------------

static void set_configured(QvInstance *inst)
{
    const QuiverConfig *c = &inst->config;
    QvLimits *l = &inst->limits;
    l->amount[QUIVER_LIMIT_MEMORY] = c->memory_limit;
    l->amount[QUIVER_LIMIT_RECURSION] = c->recursion_limit;
    l->amount[QUIVER_LIMIT_TIME] = c->time_limit;
    l->amount[QUIVER_LIMIT_CPU] = c->cpu_limit;
    l->amount[QUIVER_LIMIT_FUEL] = c->fuel_limit;
    l->amount[QUIVER_LIMIT_OUTPUT] = c->output_limit;
}

void qv_limits_init(QvInstance *inst)
{
    const QuiverConfig *c = &inst->config;
    QvLimits *l = &inst->limits;
    l->mu = (QvMutex)QV_MUTEX_INIT(QV_RANK_LEAF);
    l->time_end = QV_NEVER;
    l->time_cap = QV_NEVER;
    l->cpu_end = UINT64_MAX;
    l->grace = c->stop_grace == 0          ? GRACE
               : c->stop_grace > INT64_MAX ? INT64_MAX
                                           : (int64_t)c->stop_grace;
    set_configured(inst);
    inst->timer.at = QV_NEVER;
    inst->qi.hooks.fuel_out = fuel_out;
}

void qv_limits_begin(QvInstance *inst)
{
    // Other threads may set limits of an interpreter that is being reset.
    QvLimits *l = &inst->limits;
    uint32_t waiting = 0;
    qv_mutex_lock(&l->mu);
    for (QuiverLimit w = QUIVER_LIMIT_TIME; w <= QUIVER_LIMIT_OUTPUT; w++) {
        waiting |= l->amount[w] ? BIT(w) : 0;
    }
    qv_atomic_or_u32(&l->waiting, waiting);
    qv_atomic_or_u32(&l->changed, waiting);
    qv_mutex_unlock(&l->mu);
    if (waiting) {
        tell_thread(inst);
    }
}

void qv_limits_reset(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    QvLimits *l = &inst->limits;
    uint64_t lent[QUIVER_LIMIT_OUTPUT + 1] = {0};
    for (QuiverLimit w = QUIVER_LIMIT_MEMORY; w <= QUIVER_LIMIT_OUTPUT; w++) {
        uint64_t left = l->grant[w] ? qv_lend_left(inst, w) : 0;
        lent[w] = l->grant[w] && !left ? 1 : left;
    }
    qv_mutex_lock(&l->mu);
    set_configured(inst);
    for (QuiverLimit w = QUIVER_LIMIT_MEMORY; w <= QUIVER_LIMIT_OUTPUT; w++) {
        l->amount[w] = lent[w] ? lent[w] : l->amount[w]; // a reset gives it nothing anew
        qv_lend_forget(inst, w);
    }
    size_t memory = l->amount[QUIVER_LIMIT_MEMORY];
    l->time_end = QV_NEVER;
    l->cpu_end = UINT64_MAX;
    qv_atomic_store_u64(&l->output, 0);
    qv_atomic_store_u32(&l->waiting, 0);
    qv_atomic_store_u32(&l->changed, 0);
    qv_atomic_store_u32(&l->count_cpu, 0);
    qv_atomic_store_u32(&l->exceeded, 0);
    qv_mutex_unlock(&l->mu);
    qi->hooks.output = NULL;
    qi->fuel_on = false;
    __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_FUEL, __ATOMIC_ACQ_REL);
    qv_eval_choose_dispatch(qi);
    qv_heap_set_limit(&qi->heap, memory);
}

void qv_limits_fini(QvInstance *inst)
{
    if (__atomic_load_n(&inst->timer.at, __ATOMIC_ACQUIRE) != QV_NEVER) {
        (void)qv_timer_arm(inst, QV_NEVER);
    }
}

// ---- with the lock ------------------------------------------------------------------------------

static void apply_recursion(QvInterp *qi, uint64_t amount)
{
    qi->recursion_limit = amount == 0 ? 1000 : amount > UINT32_MAX ? UINT32_MAX : (uint32_t)amount;
    for (QvThread *ts = qi->threads; ts; ts = ts->next) {
        qv_stack_set_limit(qi, ts);
    }
}

// New fuel; what was used of the old is remembered.
static void fill_up(QvInstance *inst, uint64_t amount)
{
    QvLimits *l = &inst->limits;
    qv_mutex_lock(&l->mu);
    l->fuel_before += l->fuel_from - inst->qi.fuel;
    l->fuel_from = amount;
    __atomic_store_n(&inst->qi.fuel, amount, __ATOMIC_RELAXED);
    qv_mutex_unlock(&l->mu);
}

uint64_t qv_limits_fuel_used(QvInstance *inst)
{
    QvLimits *l = &inst->limits;
    qv_mutex_lock(&l->mu);
    uint64_t used = l->fuel_before + l->fuel_from -
                    __atomic_load_n(&inst->qi.fuel, __ATOMIC_RELAXED);
    qv_mutex_unlock(&l->mu);
    return used;
}

// Takes over new amounts. run: code runs now, which begins budgets that wait for it.
static void apply(QvInstance *inst, bool run)
{
    QvInterp *qi = &inst->qi;
    QvLimits *l = &inst->limits;
    uint64_t amount[QUIVER_LIMIT_OUTPUT + 1];
    qv_mutex_lock(&l->mu);
    uint32_t waiting = run ? qv_atomic_exchange_u32(&l->waiting, 0) : 0;
    uint32_t still = qv_atomic_load_u32(&l->waiting);
    uint32_t changed = qv_atomic_and_u32(&l->changed, still) & ~still;
    memcpy(amount, l->amount, sizeof amount);
    qv_mutex_unlock(&l->mu);
    for (QuiverLimit w = QUIVER_LIMIT_TIME; w <= QUIVER_LIMIT_CPU; w++) {
        if (waiting & BIT(w)) {
            (void)qv_limit_set(inst, w, amount[w]);
        }
    }
    if (changed & QV_LIMITS_RETURNED) {
        qv_lend_take_over(inst);
    }
    if (changed & BIT(QUIVER_LIMIT_MEMORY)) {
        qv_heap_set_limit(&qi->heap, amount[QUIVER_LIMIT_MEMORY]);
        QvObj *pending = qv_err_fetch(qi);
        qv_exc_tell_memory_limit(qi);
        qv_err_restore(qi, pending);
    }
    if (changed & BIT(QUIVER_LIMIT_RECURSION)) {
        apply_recursion(qi, amount[QUIVER_LIMIT_RECURSION]);
    }
    if (changed & BIT(QUIVER_LIMIT_FUEL)) {
        qi->fuel_on = amount[QUIVER_LIMIT_FUEL] != 0;
        fill_up(inst, amount[QUIVER_LIMIT_FUEL]);
        qv_eval_choose_dispatch(qi);
        if (qi->fuel_on) {
            qv_poll_set(qi, QV_POLL_FUEL);
        } else {
            __atomic_fetch_and(&qi->poll, ~(uint32_t)QV_POLL_FUEL, __ATOMIC_ACQ_REL);
        }
    }
    if (changed & BIT(QUIVER_LIMIT_OUTPUT)) {
        qi->hooks.output = amount[QUIVER_LIMIT_OUTPUT] ? output : NULL;
    }
}

void qv_limits_enter(QvInstance *inst, const QvThreadRec *rec)
{
    QvLimits *l = &inst->limits;
    qv_limits_notice(inst, rec);
    if (qv_atomic_load_relaxed_u32(&l->count_cpu) &&
        __atomic_load_n(&inst->timer.at, __ATOMIC_RELAXED) == QV_NEVER) {
        (void)qv_timer_arm(inst, qv_clock_add(qv_clock_monotonic(), CPU_STEP));
    }
    if (QV_UNLIKELY(qv_atomic_load_relaxed_u32(&l->changed) & ~qv_atomic_load_u32(&l->waiting))) {
        apply(inst, false);
    }
}

void qv_limits_call_begins(QvInstance *inst, QvThreadRec *rec)
{
    rec->life = ++inst->lives;
    rec->stops_seen = qv_atomic_load_u32(&inst->limits.stops);
    rec->grace_end = 0;
    rec->swallowed = 0;
    rec->ts.past_handlers = false;
}

void qv_limits_grant(QvInstance *inst, QvThreadRec *rec)
{
    rec->grace_end = qv_clock_add(qv_clock_monotonic(), inst->limits.grace);
    rec->swallowed = 0;
    rec->ts.past_handlers = false;
}

bool qv_limits_is_stop(const QvObj *exc)
{
    for (int k = 0; exc && exc != QV_NONE && k < CONTEXT_DEPTH; k++) {
        if (exc->type == &qv_exc_LimitExceeded || exc->type == &qv_exc_KeyboardInterrupt) {
            return true;
        }
        exc = ((const QvExc *)exc)->context;
    }
    return false;
}

static bool is_handled(const QvThread *ts)
{
    for (const QvExcInfo *info = ts->exc_info; info; info = info->prev) {
        if (qv_limits_is_stop(info->value)) {
            return true;
        }
    }
    return false;
}

int64_t qv_limits_graced(QvInstance *inst, QvThreadRec *rec)
{
    return qv_limits_due(inst, rec) && rec->grace_end && !rec->ts.past_handlers &&
                   is_handled(&rec->ts)
               ? rec->grace_end
               : 0;
}

// Sets past_handlers when the thread has had its chances. True: its handlers may go on.
static bool may_go_on(QvInstance *inst, QvThreadRec *rec)
{
    QvThread *ts = &rec->ts;
    int64_t now = qv_clock_monotonic();
    if (rec->grace_end == 0) {
        rec->grace_end = qv_clock_add(now, inst->limits.grace);
        rec->swallowed = 0;
    } else if (!ts->past_handlers) {
        if (now < rec->grace_end && is_handled(ts)) {
            return true;
        }
        ts->past_handlers = now >= rec->grace_end || ++rec->swallowed > SWALLOWED_MAX;
        inst->unwound |= ts->past_handlers;
    }
    return false;
}

static const char *const limit_names[] = {
    [QUIVER_LIMIT_TIME] = "time",
    [QUIVER_LIMIT_CPU] = "cpu",
    [QUIVER_LIMIT_FUEL] = "fuel",
    [QUIVER_LIMIT_OUTPUT] = "output",
};

static void limit_text(char *text, size_t size, QuiverLimit which, uint64_t amount)
{
    if (which == QUIVER_LIMIT_TIME || which == QUIVER_LIMIT_CPU) {
        snprintf(text, size, "%s limit of %.9g s exceeded",
                 which == QUIVER_LIMIT_TIME ? "time" : "CPU time", (double)amount / 1e9);
    } else {
        snprintf(text, size, "%s limit of %llu %s exceeded", limit_names[which],
                 (unsigned long long)amount, which == QUIVER_LIMIT_FUEL ? "instructions" : "bytes");
    }
}

static int raise_limit(QvInstance *inst, QuiverLimit which)
{
    QvInterp *qi = &inst->qi;
    char text[96];
    qv_mutex_lock(&inst->limits.mu);
    uint64_t amount = inst->limits.amount[which];
    qv_mutex_unlock(&inst->limits.mu);
    limit_text(text, sizeof text, which, amount);
    qv_raise(qi, &qv_exc_LimitExceeded, "%s", text);
    QvObj *exc = qi->ts->exc;
    if (exc && exc->type == &qv_exc_LimitExceeded) { // not MemoryError
        QvObj *name = qv_str_intern_cstr(qi, limit_names[which]);
        exc = qv_err_fetch(qi);
        qv_err_clear(qi);
        if (name) {
            qv_set_take(qi, &((QvLimitExceeded *)exc)->limit, name);
        }
        qv_err_restore(qi, exc);
    }
    return -1;
}

int qv_limits_stop(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    QvThreadRec *rec = qi->ts->owner;
    if (qv_atomic_load_relaxed_u32(&inst->limits.changed)) {
        apply(inst, true);
    }
    if (!qv_limits_due(inst, rec)) {
        rec->grace_end = 0; // the limit was set anew meanwhile
        rec->ts.past_handlers = false;
        return 0;
    }
    qv_poll_set(qi, QV_POLL_STOP);
    if (may_go_on(inst, rec)) {
        return 0;
    }
    uint32_t over = qv_atomic_load_u32(&inst->limits.exceeded);
    if (over) {
        return raise_limit(inst, (QuiverLimit)__builtin_ctz(over));
    }
    (void)qv_raise_interrupt(qi, QV_EXC_STOP_AGAIN);
    return -1;
}

int qv_raise_interrupt(QvInterp *qi, QvExcStop what)
{
    qv_raise_none(qi, &qv_exc_KeyboardInterrupt);
    QvExc *exc = (QvExc *)qi->ts->exc;
    if (!exc || exc->h.type != &qv_exc_KeyboardInterrupt) {
        return -1;
    }
    exc->stop = (uint8_t)what;
    return 0;
}
