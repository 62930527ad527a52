// SPDX-License-Identifier: MIT
// One run of a program over a text: its state, and the calls that match and search.
#ifndef QV_MODULES_SRE_MATCHER_H
#define QV_MODULES_SRE_MATCHER_H

#include "modules/sre/program.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"

// What the matcher must be able to take back, or to try instead. One record of the backtrack stack.
typedef enum QvSreKind {
    QV_SRE_K_MARK,       // a: mark, p: its old value, q: old lastindex
    QV_SRE_K_SLOT,       // a: loop, q: old last, r: old count
    QV_SRE_K_BRANCH,     // a: branch, p: position, q: next alternative to try
    QV_SRE_K_LIST,       // the same; q: where in words the list of alternatives goes on
    QV_SRE_K_GREEDY,     // a: instruction, p: position after the fewest repeats not yet tried + 1,
                         // q: position after the fewest allowed
    QV_SRE_K_LAZY,       // a: instruction, p: position, q: repeats that may be added
    QV_SRE_K_MAX,        // a: loop, p: position, q, r: as SLOT; next: the tail
    QV_SRE_K_MIN,        // a: loop, p: position, q, r: as SLOT; next: the body
    QV_SRE_K_ASSERT,     // frames. a: instruction, p: position, q: the frame outside, or -1
    QV_SRE_K_ASSERT_NOT, //
    QV_SRE_K_ATOMIC,     //
    QV_SRE_K_POSSESSIVE, //
} QvSreKind;

typedef struct QvSreRec {
    uint32_t kind; // QvSreKind
    uint32_t a;
    QvSsize p, q, r;
} QvSreRec;

typedef struct QvSreSlot {
    QvSsize count; // iterations done before the one that runs
    QvSsize last;  // where the one that runs began, -1: none that counts
} QvSreSlot;

enum { QV_SRE_SMALL_STACK = 64, QV_SRE_SMALL_MARKS = 16, QV_SRE_SMALL_SLOTS = 8 };

typedef struct QvSreRun {
    QvInterp *qi;
    const QvSreProgram *p;
    const void *text;  // units of `kind`
    QvSsize len;       // of the text
    QvSsize end;       // the matcher sees text[0:end]
    QvSsize pos;       // where the caller began
    QvSsize start;     // where the next match may begin; after success: where it does begin
    QvSsize ptr;       // after success: where the match ends
    QvSsize lastindex; // last group that was closed, or -1
    QvSsize *marks;    // positions or -1; p->nmarks of them
    QvSreSlot *slots;
    QvSreRec *stack, *stack_end;
    int budget;        // steps until the poll flag is looked at
    QvStrKind kind;    // width of the units
    bool whole;        // the match must end at `end`
    bool must_advance; // an empty match at `start` does not count
    bool dirty;        // marks were written
    bool stopped;      // a scan was cut short by a stop, whose exception is set
    QvObj *string;     // what the text belongs to; borrowed from the caller
    QvBufferView view; // held when the text is no str
    QvSreRec small_stack[QV_SRE_SMALL_STACK];
    QvSsize small_marks[QV_SRE_SMALL_MARKS];
    QvSreSlot small_slots[QV_SRE_SMALL_SLOTS];
} QvSreRun;

// At string[pos:endpos]. The text is held until fini (due after success only). 0, or -1 with an
// exception ("expected string or bytes-like object ..."; or the pattern is of the other kind).
// is_bytes: what the pattern is, -1: neither.
int qv_sre_run_init(QvInterp *qi, QvSreRun *run, const QvSreProgram *p, int is_bytes, QvObj *string,
                    QvSsize pos, QvSsize endpos);
void qv_sre_run_fini(QvSreRun *run);

// Match at `start`; the first match at or after it. 1 found, 0 not, -1 with an exception.
QV_RUNS int qv_sre_match(QvSreRun *run);
QV_RUNS int qv_sre_search(QvSreRun *run);
// After a match: the next one begins behind it.
static inline void qv_sre_advance(QvSreRun *run)
{
    run->must_advance = run->ptr == run->start;
    run->start = run->ptr;
}

// The text of a part, as a match returns it: str, or bytes.
QvObj *qv_sre_slice(QvInterp *qi, QvObj *string, const void *bytes, QvSsize start, QvSsize end);
static inline QvObj *qv_sre_run_slice(QvSreRun *run, QvSsize start, QvSsize end)
{
    return qv_sre_slice(run->qi, run->string, run->text, start, end);
}
// The span of a group (0: the match); false when it took no part.
static inline bool qv_sre_span(const QvSreRun *run, QvSsize group, QvSsize *start, QvSsize *end)
{
    if (group == 0) {
        *start = run->start;
        *end = run->ptr;
        return true;
    }
    QvSsize m = 2 * (group - 1);
    if (m + 1 >= (QvSsize)run->p->nmarks || run->marks[m] < 0 || run->marks[m + 1] < 0) {
        return false;
    }
    *start = run->marks[m];
    *end = run->marks[m + 1];
    return true;
}

// ---- between matcher.c and its three bodies -----------------------------------------------------

// Room for one more record: the stack's new place for `top`, or NULL with MemoryError.
QvSreRec *qv_sre_grow(QvSreRun *run, QvSreRec *top);
// The budget is used up. 0/-1.
QV_RUNS int qv_sre_pause(QvSreRun *run);
#define QV_SRE_SLICE ((QvSsize)1 << 17) // characters that are scanned between two looks for a stop
// Such a look. True: there is one; the scan returns what it has.
static inline bool qv_sre_stopped(QvSreRun *run)
{
    if (QV_UNLIKELY(qv_poll_peek(run->qi) & QV_POLL_STOP) && qv_sre_pause(run) < 0) {
        run->stopped = true;
    }
    return run->stopped;
}
// Drops what is above a frame but the marks' old values, and the frame; nothing is kept where
// nothing is below. The new top.
QvSreRec *qv_sre_cut(QvSreRec *stack, QvSreRec *frame, QvSreRec *top);
void qv_sre_forget(QvSreRun *run); // no group has matched

int qv_sre_match_1(QvSreRun *run, QvSsize at);
int qv_sre_match_2(QvSreRun *run, QvSsize at);
int qv_sre_match_4(QvSreRun *run, QvSsize at);
int qv_sre_search_1(QvSreRun *run);
int qv_sre_search_2(QvSreRun *run);
int qv_sre_search_4(QvSreRun *run);

#endif
