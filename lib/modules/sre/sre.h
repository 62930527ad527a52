// SPDX-License-Identifier: MIT
// The objects of the module _sre: re.Pattern, re.Match, and scanners.
#ifndef QV_MODULES_SRE_SRE_H
#define QV_MODULES_SRE_SRE_H

#include "modules/sre/matcher.h"
#include "object/native.h"
#include "object/type_ids.h"

typedef struct QvSrePattern {
    QvObj h;
    QvObj *pattern;    // str, bytes-like or None
    QvObj *groupindex; // dict: name -> number; ours alone
    QvObj *indexgroup; // tuple: number -> name or None
    QvSsize groups;    // without group 0
    int flags;
    int is_bytes; // 1, 0; -1: pattern is None
    QvSreProgram program;
} QvSrePattern;

typedef struct QvSreMatch {
    QvObj h;
    QvObj *string;
    QvObj *re;   // QvSrePattern
    QvObj *regs; // tuple of spans, or NULL: not asked for yet
    QvSsize pos, endpos;
    QvSsize lastindex; // or -1
    QvSsize groups;    // with group 0
    QvSsize spans[];   // start and end of each, -1 where it took no part
} QvSreMatch;

static inline QvSrePattern *qv_sre_pattern(QvObj *o) { return (QvSrePattern *)o; }

// The match that a run has found; status is what the search gave (0: None, -1: NULL).
QvObj *qv_sre_match_new(QvInterp *qi, QvObj *pattern, QvSreRun *run, int status);
QvObj *qv_sre_scanner_new(QvInterp *qi, QvObj *pattern, QvObj *string, QvSsize pos, QvSsize endpos);
// Begins a run of a pattern. 0/-1.
int qv_sre_begin(QvInterp *qi, QvObj *pattern, QvSreRun *run, QvObj *string, QvSsize pos,
                 QvSsize endpos);
// re.name(a, b, c); c may be NULL. The functions in Python that the ones in C lean on.
QV_RUNS QvObj *qv_sre_call_re(QvInterp *qi, const char *name, QvObj *a, QvObj *b, QvObj *c);
// An optional Py_ssize_t argument: *ret stays when o is NULL. 0/-1.
QV_RUNS int qv_sre_ssize(QvInterp *qi, QvObj *o, QvSsize *ret);
// The set function of read-only attributes.
int qv_sre_readonly(QvInterp *qi, QvObj *o, QvObj *value);
// __copy__ and __deepcopy__: the object itself.
QvObj *qv_sre_self(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

// Methods of Pattern in replace.c.
QvObj *qv_sre_split(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_sre_sub(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_sre_subn(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

#endif
