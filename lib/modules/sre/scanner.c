// SPDX-License-Identifier: MIT
// Scanners: pattern.scanner(text), whose match() and search() go on where the last one ended. What
// finditer iterates over.
//
// A scanner keeps places only; each call makes a run of its own, so that two threads in one scanner
// do no harm.
#include "modules/sre/sre.h"
#include "object/gc.h"
#include "object/interp.h"

typedef struct Scanner {
    QvObj h;
    QvObj *pattern, *string;
    QvBufferView view; // holds a bytes-like subject in its size
    QvSsize pos, end;  // bounds
    QvSsize start;     // where the next match may begin, -1: there are no more
    bool must_advance;
} Scanner;

static Scanner *as_scanner(QvObj *o) { return (Scanner *)o; }

QvObj *qv_sre_scanner_new(QvInterp *qi, QvObj *pattern, QvObj *string, QvSsize pos, QvSsize endpos)
{
    QvSreRun run;
    if (qv_sre_begin(qi, pattern, &run, string, pos, endpos) < 0) {
        return NULL;
    }
    Scanner *s = (Scanner *)qv_obj_new(qi, &qv_sre_scanner_type);
    if (s) {
        s->pattern = qv_new_ref(qi, pattern);
        s->string = qv_new_ref(qi, string);
        s->pos = s->start = run.pos;
        s->end = run.end;
        if (!qv_is_str(string) && qv_buffer_get(qi, string, &s->view, QV_BUF_SIMPLE) < 0) {
            qv_decref(qi, &s->h);
            s = NULL;
        }
    }
    qv_sre_run_fini(&run);
    return (QvObj *)s;
}

static QvObj *step(QvInterp *qi, Scanner *s, bool search)
{
    if (s->start < 0) {
        return QV_NONE;
    }
    QvSreRun run;
    if (qv_sre_begin(qi, s->pattern, &run, s->string, s->pos, s->end) < 0) {
        return NULL;
    }
    run.start = s->start;
    run.must_advance = s->must_advance;
    int status = search ? qv_sre_search(&run) : qv_sre_match(&run);
    QvObj *match = qv_sre_match_new(qi, s->pattern, &run, status);
    if (status == 0) {
        s->start = -1;
    } else if (status > 0) {
        qv_sre_advance(&run);
        s->start = run.start;
        s->must_advance = run.must_advance;
    }
    qv_sre_run_fini(&run);
    return match;
}

static QvObj *scanner_match(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return step(qi, as_scanner(self), false);
}

static QvObj *scanner_search(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return step(qi, as_scanner(self), true);
}

static QvObj *get_pattern(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_scanner(o)->pattern); }

static void scanner_fini(QvInterp *qi, QvObj *o)
{
    qv_buffer_release(qi, &as_scanner(o)->view);
    qv_clear(qi, &as_scanner(o)->pattern);
    qv_clear(qi, &as_scanner(o)->string);
}

static int scanner_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_scanner(o)->pattern);
    QV_VISIT(as_scanner(o)->string);
    QV_VISIT(as_scanner(o)->view.obj);
    return 0;
}

static const QvNativeDef methods[] = {
    {"match", scanner_match, "($self, /)", NULL},
    {"search", scanner_search, "($self, /)", NULL},
    {0},
};

static const QvGetSet getsets[] = {{"pattern", get_pattern, qv_sre_readonly, NULL}, {0}};

QV_SEALED QvType qv_sre_scanner_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_sre.SRE_Scanner",
    .id = QV_TID_sre_scanner,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_IMMUTABLE,
    .base = &qv_object_type,
    .size = sizeof(Scanner),
    .methods = methods,
    .getsets = getsets,
    .fini = scanner_fini,
    .traverse = scanner_traverse,
};
