// SPDX-License-Identifier: MIT
// "Did you mean": the name nearest in edit distance, as CPython 3.11 measures it.
//
// To insert, delete or replace a byte costs MOVE, to change the case of a letter costs CASE. At
// most a third of both names together may change.
#include "modules/suggest.h"

#include <string.h>

#include "code/code.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "vm/frame.h"

enum { MOVE = 2, CASE = 1, MAX_NAME = 40, MAX_CANDIDATES = 750 };

static int replace_cost(char a, char b)
{
    if (a == b) {
        return 0;
    }
    bool letters = ((a | 0x20) >= 'a' && (a | 0x20) <= 'z');
    return letters && (a | 0x20) == (b | 0x20) ? CASE : MOVE;
}

// The distance of two names, or more than `most`.
static int distance(const char *a, size_t an, const char *b, size_t bn, int most)
{
    while (an && bn && *a == *b) {
        a++, b++, an--, bn--;
    }
    while (an && bn && a[an - 1] == b[bn - 1]) {
        an--, bn--;
    }
    if (an == 0 || bn == 0) {
        return (int)(an + bn) * MOVE;
    }
    if (an > MAX_NAME || bn > MAX_NAME) {
        return most + 1;
    }
    int row[MAX_NAME + 1];
    for (size_t j = 0; j <= bn; j++) {
        row[j] = (int)j * MOVE;
    }
    for (size_t i = 1; i <= an; i++) {
        int diagonal = row[0], least;
        least = row[0] = (int)i * MOVE;
        for (size_t j = 1; j <= bn; j++) {
            int replaced = diagonal + replace_cost(a[i - 1], b[j - 1]);
            int moved = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + MOVE;
            diagonal = row[j];
            row[j] = replaced < moved ? replaced : moved;
            least = row[j] < least ? row[j] : least;
        }
        if (least > most) {
            return most + 1;
        }
    }
    return row[bn];
}

// The nearest item of a list (taken; NULL is passed through), or NULL.
static QvObj *nearest(QvInterp *qi, QvObj *candidates, QvObj *name)
{
    QvObj *best = NULL;
    int best_distance = INT32_MAX;
    QvUtf8 wanted;
    if (!candidates || qv_list_len(candidates) >= MAX_CANDIDATES ||
        qv_str_utf8(qi, name, &wanted) < 0) {
        qv_xdecref(qi, candidates);
        qv_err_clear(qi);
        return NULL;
    }
    for (QvSsize k = 0; k < qv_list_len(candidates); k++) {
        QvObj *item = qv_list_peek(candidates, k);
        QvUtf8 text;
        if (!qv_is_str(item) || qv_str_equal(item, name)) {
            continue;
        }
        if (qv_str_utf8(qi, item, &text) < 0) {
            break;
        }
        int most = ((int)wanted.n + (int)text.n + 3) * MOVE / 6;
        most = most < best_distance - 1 ? most : best_distance - 1;
        int d = distance(wanted.s, (size_t)wanted.n, text.s, (size_t)text.n, most);
        qv_utf8_release(qi, &text);
        if (d <= most) {
            best = item;
            best_distance = d;
        }
    }
    qv_utf8_release(qi, &wanted);
    qv_xincref(qi, best);
    qv_decref(qi, candidates);
    qv_err_clear(qi);
    return best;
}

static QvObj *local_names(QvInterp *qi, const QvCode *code)
{
    QvObj *list = qv_list_new(qi, 0);
    for (int k = 0; list && k < code->nlocals; k++) {
        if (code->localnames[k] && qv_list_append(qi, list, code->localnames[k]) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

static QvObj *suggest_name(QvInterp *qi, QvExc *exc, QvObj *name)
{
    QvTraceback *tb = (QvTraceback *)exc->traceback;
    while (tb && tb->next) {
        tb = tb->next;
    }
    if (!tb || tb->frame->type != &qv_frame_type) {
        return NULL;
    }
    const QvFrameObj *f = (const QvFrameObj *)tb->frame;
    QvObj *globals = f->frame ? f->frame->globals : f->globals,
          *builtins = f->frame ? f->frame->builtins : f->builtins;
    QvObj *found = nearest(qi, local_names(qi, f->code), name);
    if (!found && globals) {
        found = nearest(qi, qv_to_list(qi, globals), name);
    }
    return found || !builtins ? found : nearest(qi, qv_to_list(qi, builtins), name);
}

QV_RUNS QvObj *qv_suggest(QvInterp *qi, QvObj *exc)
{
    QvObj *ret = NULL;
    if (qv_is_instance_of(exc, &qv_exc_AttributeError)) {
        const QvAttributeError *e = (const QvAttributeError *)exc;
        if (e->obj && e->name && qv_is_str(e->name)) {
            ret = nearest(qi, qv_dir(qi, e->obj), e->name);
        }
    } else if (qv_is_instance_of(exc, &qv_exc_NameError)) {
        QvObj *name = ((const QvNameError *)exc)->name;
        ret = name && qv_is_str(name) ? suggest_name(qi, (QvExc *)exc, name) : NULL;
    }
    qv_err_clear(qi);
    return ret;
}
