// SPDX-License-Identifier: MIT
// Imports that are going on, so that threads wait for each other's.
//
//   state->loading ──> QvLoading (on the importing thread's C stack) ──> outer or other imports
//   state->waiting ──> QvWaiting (on the waiting thread's C stack): who waits for which
//
// Everything is guarded by the interpreter's lock. A thread that finds a module half imported by
// another one sleeps on a lock object of its own, which the importing thread releases at the end.
// It does not wait when that would be for ever (the other one, or one that it waits for, waits for
// this thread): then it gets the module as far as it is, as in CPython.
#include "modules/import/loading.h"

#include "object/error.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"

struct QvWaiting {
    QvWaiting *next;
    const QvThread *ts;
    const QvLoading *for_; // NULL: that has ended, and the thread is about to notice
};

int qv_loading_begin(QvInterp *qi, QvLoading *l, QvObj *name)
{
    QvImportState *state = qv_import_state(qi);
    if (!state) {
        return -1;
    }
    *l = (QvLoading){.next = state->loading, .name = name, .ts = qi->ts};
    state->loading = l;
    return 0;
}

void qv_loading_end(QvInterp *qi, QvLoading *l)
{
    QvImportState *state = (QvImportState *)qi->importer;
    QvLoading **at = &state->loading;
    while (*at != l) {
        at = &(*at)->next;
    }
    *at = l->next;
    for (QvWaiting *w = state->waiting; w; w = w->next) {
        w->for_ = w->for_ == l ? NULL : w->for_; // l goes, perhaps before they run again
    }
    if (!l->sleepers) {
        return;
    }
    QvObj *exc = qv_err_fetch(qi);
    QvObj *key = qv_str_intern_cstr(qi, "release");
    for (QvSsize k = 0; key && k < qv_list_len(l->sleepers); k++) {
        QvObj *r = qv_call_method0(qi, qv_list_peek(l->sleepers, k), key);
        qv_xdecref(qi, r);
        qv_err_clear(qi); // one that has given up has released it itself
    }
    qv_xdecref(qi, key);
    qv_clear(qi, &l->sleepers);
    qv_err_restore(qi, exc);
}

static QvLoading *find(const QvImportState *state, const QvObj *name, const QvThread *ts)
{
    for (QvLoading *l = state->loading; l; l = l->next) {
        if (l->ts != ts && qv_str_equal(l->name, name)) {
            return l;
        }
    }
    return NULL;
}

// Whether the thread that does l waits, through others, for `ts`.
static bool would_wait_for_ever(const QvImportState *state, const QvLoading *l, const QvThread *ts)
{
    while (l->ts != ts) {
        const QvWaiting *w = state->waiting;
        while (w && w->ts != l->ts) {
            w = w->next;
        }
        if (!w || !w->for_) {
            return false;
        }
        l = w->for_;
    }
    return true;
}

static int sleep_for(QvInterp *qi, QvImportState *state, QvLoading *l)
{
    QvObj *lock = qv_import_new_lock(qi, "allocate_lock");
    QvObj *acquire = lock ? qv_getattr_cstr(qi, lock, "acquire") : NULL;
    QvObj *r = acquire ? qv_call0(qi, acquire) : NULL;
    int status = -1;
    if (r && (l->sleepers || (l->sleepers = qv_list_new(qi, 1))) &&
        qv_list_append(qi, l->sleepers, lock) == 0) {
        QvWaiting w = {.next = state->waiting, .ts = qi->ts, .for_ = l};
        state->waiting = &w;
        qv_clear(qi, &r);
        r = qv_call0(qi, acquire);
        QvWaiting **at = &state->waiting;
        while (*at != &w) {
            at = &(*at)->next;
        }
        *at = w.next;
        status = r ? 0 : -1;
    }
    qv_xdecref(qi, r);
    qv_xdecref(qi, acquire);
    qv_xdecref(qi, lock);
    return status;
}

int qv_loading_wait(QvInterp *qi, const QvObj *name)
{
    QvImportState *state = (QvImportState *)qi->importer;
    QvLoading *l = state && state->loading ? find(state, name, qi->ts) : NULL;
    if (!l || would_wait_for_ever(state, l, qi->ts)) {
        return 0;
    }
    return sleep_for(qi, state, l) < 0 ? -1 : 1;
}
