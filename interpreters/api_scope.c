// SPDX-License-Identifier: MIT
// quiver.h: scopes of values.
//
// A thread's record has one stack of values for all its scopes; a scope is where it began in that
// stack. Host functions get a fresh view (qv_host_begin): scopes that were open before are hidden,
// because what such a function stores must not end with a scope of whoever runs the script.
#include <stdlib.h>

#include "interpreters/api.h"
#include "object/error.h"

#define KEEP_CAP 256 // slots that a record keeps when no scope is open

typedef struct Scope {
    uint32_t first;  // index of its first value
    uint32_t enters; // the record's once it has entered
    uint32_t floor;  // host_floor before
    bool in_scope;   // before
} Scope;

typedef struct QvScopes {
    QvObj **items; // NULL: released early
    uint32_t nitems, cap_items;
    uint32_t base; // items below are of scopes that the running host function does not see
    Scope *scopes;
    uint32_t nscopes, cap_scopes;
} QvScopes;

uint32_t qv_scopes_open(const QvThreadRec *rec) { return rec->scopes ? rec->scopes->nscopes : 0; }

uint32_t qv_scopes_hide(QvThreadRec *rec)
{
    uint32_t base = 0;
    if (rec->scopes) {
        base = rec->scopes->base;
        rec->scopes->base = rec->scopes->nitems;
    }
    rec->in_scope = false;
    return base;
}

void qv_scopes_show(QvThreadRec *rec, uint32_t base, bool in_scope)
{
    if (rec->scopes) {
        rec->scopes->base = base;
    }
    rec->in_scope = in_scope;
}

void qv_scopes_free(QvThreadRec *rec)
{
    if (rec->scopes) {
        free(rec->scopes->items);
        free(rec->scopes->scopes);
        free(rec->scopes);
        rec->scopes = NULL;
    }
}

// Room for one more; false: no memory.
static bool reserve(void **array, uint32_t n, uint32_t *cap, size_t size)
{
    if (n < *cap) {
        return true;
    }
    uint32_t more = *cap ? *cap * 2 : 16;
    void *grown = more > n ? realloc(*array, more * size) : NULL;
    if (!grown) {
        return false;
    }
    *array = grown;
    *cap = more;
    return true;
}

QvObj *qv_scope_add(QvInstance *inst, QvThreadRec *rec, QvObj *o)
{
    QvScopes *s = rec->scopes;
    if (qv_is_immortal(o)) {
        return o;
    }
    if (!reserve((void **)&s->items, s->nitems, &s->cap_items, sizeof *s->items)) {
        qv_decref(&inst->qi, o);
        return qv_raise_oom(&inst->qi);
    }
    s->items[s->nitems++] = o;
    return o;
}

bool qv_scope_remove(QvThreadRec *rec, const QvObj *o)
{
    if (!rec->in_scope) {
        return false;
    }
    QvScopes *s = rec->scopes;
    for (uint32_t i = s->nitems; i-- > s->base;) {
        if (s->items[i] == o) {
            s->items[i] = NULL;
            while (s->nitems > s->scopes[s->nscopes - 1].first && !s->items[s->nitems - 1]) {
                s->nitems--;
            }
            return true;
        }
    }
    return false;
}

int quiver_scope_open(Quiver *q)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return -1;
    }
    QvThreadRec *rec = inst->qi.ts->owner;
    if (!rec->scopes) {
        rec->scopes = calloc(1, sizeof *rec->scopes);
    }
    QvScopes *s = rec->scopes;
    if (!s || !reserve((void **)&s->scopes, s->nscopes, &s->cap_scopes, sizeof *s->scopes)) {
        qv_raise_oom(&inst->qi);
        return qv_api_status(inst, -1);
    }
    s->scopes[s->nscopes++] = (Scope){
        .first = s->nitems,
        .enters = rec->enters,
        .floor = rec->host_floor,
        .in_scope = rec->in_scope,
    };
    rec->in_scope = true;
    rec->host_floor = rec->enters; // quiver_leave cannot leave what the scope has entered
    return 0;
}

// Drops the values of the innermost scope and forgets it. The record still has entered for it.
static void close_innermost(QvInstance *inst, QvThreadRec *rec)
{
    QvScopes *s = rec->scopes;
    Scope scope = s->scopes[s->nscopes - 1];
    while (rec->enters > scope.enters) { // what was entered inside and not left
        qv_detach(inst);
    }
    rec->in_scope = false;
    while (s->nitems > scope.first) { // a drop may run scripts; host functions of theirs see no
                                      // scope, and leave the stack as it was
        QvObj *o = s->items[--s->nitems];
        qv_xdecref(&inst->qi, o);
    }
    s->nscopes--;
    rec->host_floor = scope.floor;
    rec->in_scope = scope.in_scope;
    if (s->nscopes == 0 && s->cap_items > KEEP_CAP) {
        free(s->items);
        s->items = NULL;
        s->cap_items = 0;
    }
}

void qv_scopes_close_to(QvInstance *inst, QvThreadRec *rec, uint32_t open)
{
    while (qv_scopes_open(rec) > open) {
        close_innermost(inst, rec);
        qv_detach(inst);
    }
}

QuiverValue *quiver_scope_close(Quiver *q, QuiverValue *keep)
{
    QvInstance *inst = qv_api_inst(q);
    QvThreadRec *rec = inst ? qv_attached_record(inst) : NULL;
    if (!rec || !rec->in_scope) {
        return NULL;
    }
    QvObj *kept = NULL;
    bool bad = false;
    if (keep) {
        kept = qv_api_arg(inst, keep);
        bad = !kept;
        if (kept && !qv_scope_remove(rec, kept)) {
            qv_incref(&inst->qi, kept);
        }
    }
    QvErrorText *error = qv_error_take(inst); // finalizers may lose it
    QvObj *exc = qv_err_fetch(&inst->qi);
    close_innermost(inst, rec);
    qv_err_restore(&inst->qi, exc);
    if (error) {
        qv_error_forget(inst);
        qv_error_put(inst, error);
    }
    if (kept && !qv_api_own(inst, kept)) {
        kept = NULL;
        bad = true;
    }
    if (bad) {
        qv_error_capture(inst);
    }
    qv_detach(inst);
    return (QuiverValue *)kept;
}

QuiverValue *quiver_scope_keep(Quiver *q, QuiverValue *value)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst || qv_attach(inst) < 0) {
        return NULL;
    }
    QvObj *o = qv_api_arg(inst, value);
    if (o) {
        qv_scope_remove(inst->qi.ts->owner, o);
    } else {
        qv_error_capture(inst);
    }
    qv_detach(inst);
    return (QuiverValue *)o;
}
