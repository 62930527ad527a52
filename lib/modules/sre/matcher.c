// SPDX-License-Identifier: MIT
// Runs: setting up, memory, polling; the matcher proper is matcher_body.h, here once for each width
// of characters.
#include "modules/sre/matcher.h"

#include "modules/sre/codes.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/interp.h"

// Steps (tries, iterations, or so many characters in a tight loop) between two looks at the poll
// flag: well under a millisecond.
#define POLL_EVERY 20000

#define UNIT  uint8_t
#define WIDTH 1
#include "modules/sre/matcher_body.h"
#define UNIT  uint16_t
#define WIDTH 2
#include "modules/sre/matcher_body.h"
#define UNIT  uint32_t
#define WIDTH 4
#include "modules/sre/matcher_body.h"

QvSreRec *qv_sre_grow(QvSreRun *run, QvSreRec *top)
{
    size_t n = (size_t)(run->stack_end - run->stack), cap = n * 2;
    bool small = run->stack == run->small_stack;
    QvSreRec *stack = small
                          ? qv_alloc(run->qi, cap * sizeof *stack)
                          : qv_realloc(run->qi, run->stack, n * sizeof *stack, cap * sizeof *stack);
    if (!stack) {
        return NULL;
    }
    if (small) {
        memcpy(stack, run->small_stack, n * sizeof *stack);
    }
    top = stack + (top - run->stack);
    run->stack = stack;
    run->stack_end = stack + cap;
    return top;
}

int qv_sre_pause(QvSreRun *run)
{
    run->budget = POLL_EVERY;
    return qv_poll_peek(run->qi) ? qv_poll_work(run->qi, POLL_EVERY) : 0;
}

QvSreRec *qv_sre_cut(QvSreRec *stack, QvSreRec *frame, QvSreRec *top)
{
    if (frame == stack) {
        return stack;
    }
    QvSreRec *to = frame;
    for (QvSreRec *from = frame + 1; from < top; from++) {
        if (from->kind == QV_SRE_K_MARK) {
            *to++ = *from;
        }
    }
    return to;
}

void qv_sre_forget(QvSreRun *run)
{
    for (uint32_t k = 0; k < run->p->nmarks; k++) {
        run->marks[k] = -1;
    }
    run->lastindex = -1;
    run->dirty = false;
}

// The text of a subject: units, their number and width. A buffer is held in *view. 0/-1.
static int open_text(QvInterp *qi, QvSreRun *run, QvObj *string)
{
    if (qv_is_str(string)) {
        run->text = qv_str_data(string);
        run->len = qv_str_len(string);
        run->kind = qv_str_kind(string);
        return 0;
    }
    if (qv_buffer_get(qi, string, &run->view, QV_BUF_SIMPLE) < 0) {
        if (!qv_err_matches(qi, &qv_exc_Exception) || qv_err_matches(qi, &qv_exc_MemoryError)) {
            return -1;
        }
        qv_err_clear(qi);
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "expected string or bytes-like object, got '%.200T'", string);
    }
    run->text = run->view.buf ? run->view.buf : "";
    run->len = run->view.len;
    run->kind = QV_STR_1;
    return 0;
}

int qv_sre_run_init(QvInterp *qi, QvSreRun *run, const QvSreProgram *p, int is_bytes, QvObj *string,
                    QvSsize pos, QvSsize endpos)
{
    run->view.obj = NULL;
    if (open_text(qi, run, string) < 0) {
        return -1;
    }
    bool is_str = qv_is_str(string);
    if (is_bytes >= 0 && is_str == (is_bytes != 0)) {
        qv_buffer_release(qi, &run->view);
        return qv_raise_int(qi, &qv_exc_TypeError,
                            is_str ? "cannot use a bytes pattern on a string-like object"
                                   : "cannot use a string pattern on a bytes-like object");
    }
    run->qi = qi;
    run->p = p;
    run->string = string;
    run->start = run->pos = pos < 0 ? 0 : pos > run->len ? run->len : pos;
    run->end = endpos < 0 ? 0 : endpos > run->len ? run->len : endpos;
    run->budget = POLL_EVERY;
    run->whole = run->must_advance = run->stopped = false;
    run->stack = run->small_stack;
    run->stack_end = run->stack + QV_SRE_SMALL_STACK;
    run->marks = run->small_marks;
    run->slots = run->small_slots;
    if (p->nmarks > QV_SRE_SMALL_MARKS) {
        run->marks = qv_alloc(qi, p->nmarks * sizeof *run->marks);
    }
    if (run->marks && p->nslots > QV_SRE_SMALL_SLOTS) {
        run->slots = qv_alloc(qi, p->nslots * sizeof *run->slots);
    }
    if (!run->marks || !run->slots) {
        qv_sre_run_fini(run);
        return -1;
    }
    for (uint32_t k = 0; k < p->nslots; k++) {
        run->slots[k] = (QvSreSlot){-1, -1};
    }
    qv_sre_forget(run);
    return 0;
}

void qv_sre_run_fini(QvSreRun *run)
{
    QvInterp *qi = run->qi;
    if (run->stack != run->small_stack) {
        qv_free(qi, run->stack, (size_t)(run->stack_end - run->stack) * sizeof *run->stack);
    }
    if (run->marks && run->marks != run->small_marks) {
        qv_free(qi, run->marks, run->p->nmarks * sizeof *run->marks);
    }
    if (run->slots && run->slots != run->small_slots) {
        qv_free(qi, run->slots, run->p->nslots * sizeof *run->slots);
    }
    qv_buffer_release(qi, &run->view);
}

int qv_sre_match(QvSreRun *run)
{
    if (run->dirty) {
        qv_sre_forget(run);
    }
    switch (run->kind) {
    case QV_STR_1: return qv_sre_match_1(run, run->start);
    case QV_STR_2: return qv_sre_match_2(run, run->start);
    default: return qv_sre_match_4(run, run->start);
    }
}

int qv_sre_search(QvSreRun *run)
{
    switch (run->kind) {
    case QV_STR_1: return qv_sre_search_1(run);
    case QV_STR_2: return qv_sre_search_2(run);
    default: return qv_sre_search_4(run);
    }
}

QvObj *qv_sre_slice(QvInterp *qi, QvObj *string, const void *bytes, QvSsize start, QvSsize end)
{
    if (qv_is_str(string)) {
        return qv_str_slice(qi, string, start, end);
    }
    if (string->type == &qv_bytes_type && start == 0 && end == qv_bytes_len(string)) {
        return qv_new_ref(qi, string);
    }
    return qv_bytes_new(qi, (const uint8_t *)bytes + start, end - start);
}
