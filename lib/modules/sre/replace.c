// SPDX-License-Identifier: MIT
// Pattern.split, sub and subn.
#include "modules/sre/sre.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/tuple.h"

#include <string.h>

QvObj *qv_sre_split(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSreRun run;
    QvSsize most = 0;
    if (qv_sre_ssize(qi, args[1], &most) < 0 ||
        qv_sre_begin(qi, self, &run, args[0], 0, PTRDIFF_MAX) < 0) {
        return NULL;
    }
    QvObj *list = qv_list_new(qi, 0);
    QvSsize last = 0;
    int status = list ? 1 : -1;
    for (QvSsize n = 0; status > 0 && (most == 0 || n < most); n++) {
        status = qv_sre_search(&run);
        if (status <= 0) {
            break;
        }
        status = qv_list_append_take(qi, list, qv_sre_run_slice(&run, last, run.start));
        for (QvSsize g = 1; status >= 0 && g <= qv_sre_pattern(self)->groups; g++) {
            QvSsize start, end;
            QvObj *group = qv_sre_span(&run, g, &start, &end) ? qv_sre_run_slice(&run, start, end)
                                                              : QV_NONE;
            status = qv_list_append_take(qi, list, group);
        }
        qv_sre_advance(&run);
        last = run.start;
        if (status < 0 || (--run.budget < 0 && qv_sre_pause(&run) < 0)) {
            status = -1;
            break;
        }
        status = 1;
    }
    if (status >= 0) {
        status = qv_list_append_take(qi, list, qv_sre_run_slice(&run, last, run.end));
    }
    qv_sre_run_fini(&run);
    if (status < 0) {
        qv_clear(qi, &list);
    }
    return list;
}

// ---- sub ----------------------------------------------------------------------------------------

// What a result is put together from. Of str, the text at once; of bytes, a list for join, which
// takes anything bytes-like.
typedef struct Output {
    QvStrBuf text;
    QvObj *list;   // NULL: text
    QvSsize count; // parts so far
    QvObj *wrong;  // the first part that is no str: an error at the end, as join's would be
    QvSsize wrong_at;
} Output;

// 0/-1.
static int put(QvInterp *qi, Output *out, QvObj *item)
{
    QvSsize at = out->count++;
    if (out->list) {
        return qv_list_append(qi, out->list, item);
    }
    if (!qv_is_str(item)) {
        if (!out->wrong) {
            out->wrong = qv_new_ref(qi, item);
            out->wrong_at = at;
        }
        return 0;
    }
    qv_strbuf_str(&out->text, item);
    return out->text.failed ? -1 : 0;
}

static int put_slice(QvInterp *qi, Output *out, QvSreRun *run, QvSsize start, QvSsize end)
{
    if (start >= end) {
        return 0;
    }
    if (out->list) {
        out->count++;
        return qv_list_append_take(qi, out->list, qv_sre_run_slice(run, start, end));
    }
    out->count++;
    qv_strbuf_slice(&out->text, run->string, start, end);
    return out->text.failed ? -1 : 0;
}

static QvObj *finish(QvInterp *qi, Output *out)
{
    if (out->list) {
        QvObj *empty = qv_bytes_new(qi, "", 0);
        QvObj *joined = empty ? qv_bytes_join(qi, empty, out->list) : NULL;
        qv_xdecref(qi, empty);
        return joined;
    }
    if (out->wrong) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "sequence item %zd: expected str instance, %.80T found", out->wrong_at,
                        out->wrong);
    }
    return qv_strbuf_finish(&out->text);
}

// Whether a template is text without a backslash; one that is no text is not. -1 error.
static int is_plain(QvInterp *qi, QvObj *template)
{
    if (qv_is_str(template)) {
        QvSsize n = qv_str_len(template);
        if (qv_str_kind(template) == QV_STR_1) {
            return memchr(qv_str_data(template), '\\', (size_t)n) == NULL;
        }
        for (QvSsize k = 0; k < n; k++) {
            if (qv_str_read(template, k) == '\\') {
                return 0;
            }
        }
        return 1;
    }
    QvBufferView view;
    if (qv_buffer_get(qi, template, &view, QV_BUF_SIMPLE) < 0) {
        if (!qv_err_matches(qi, &qv_exc_Exception) || qv_err_matches(qi, &qv_exc_MemoryError)) {
            return -1;
        }
        qv_err_clear(qi);
        return 0;
    }
    int plain = view.len == 0 || memchr(view.buf, '\\', (size_t)view.len) == NULL;
    qv_buffer_release(qi, &view);
    return plain;
}

// What is put for a match: *ret_call says whether it is called with the match. New reference.
static QvObj *filter_of(QvInterp *qi, QvObj *self, QvObj *template, bool *ret_call)
{
    *ret_call = true;
    if (qv_is_callable(template)) {
        return qv_new_ref(qi, template);
    }
    int plain = is_plain(qi, template);
    if (plain < 0) {
        return NULL;
    }
    QvObj *filter = plain ? qv_new_ref(qi, template)
                          : qv_sre_call_re(qi, "_subx", self, template, NULL);
    *ret_call = filter && !plain && qv_is_callable(filter);
    return filter;
}

// All replacements. 0/-1.
static int replace_all(QvInterp *qi, QvObj *self, QvSreRun *run, QvObj *filter, bool call,
                       QvSsize most, Output *out, QvSsize *ret_n)
{
    QvSsize last = 0, n = 0;
    int status = 1;
    while (most == 0 || n < most) {
        status = qv_sre_search(run);
        if (status <= 0) {
            break;
        }
        if (put_slice(qi, out, run, last, run->start) < 0) {
            return -1;
        }
        QvObj *item = qv_new_ref(qi, filter);
        if (call) {
            QvObj *match = qv_sre_match_new(qi, self, run, 1);
            qv_decref(qi, item);
            item = match ? qv_call1(qi, filter, match) : NULL;
            qv_xdecref(qi, match);
        }
        if (!item) {
            return -1;
        }
        status = item == QV_NONE ? 0 : put(qi, out, item);
        qv_decref(qi, item);
        if (status < 0) {
            return -1;
        }
        last = run->ptr;
        n++;
        qv_sre_advance(run);
        if (--run->budget < 0 && qv_sre_pause(run) < 0) {
            return -1;
        }
    }
    *ret_n = n;
    // Without a match the subject is the result as it is.
    return status < 0 ? -1 : n == 0 ? 0 : put_slice(qi, out, run, last, run->end);
}

static QvObj *substitute(QvInterp *qi, QvObj *self, QvObj *const *args, bool with_count)
{
    QvSsize most = 0, n = 0;
    bool call;
    QvObj *filter = NULL, *result = NULL;
    if (qv_sre_ssize(qi, args[2], &most) < 0 || !(filter = filter_of(qi, self, args[0], &call))) {
        return NULL;
    }
    QvSreRun run;
    if (qv_sre_begin(qi, self, &run, args[1], 0, PTRDIFF_MAX) < 0) {
        qv_decref(qi, filter);
        return NULL;
    }
    Output out = {0};
    qv_strbuf_init(qi, &out.text);
    if (!qv_is_str(run.string)) {
        out.list = qv_list_new(qi, 0);
    }
    if ((qv_is_str(run.string) || out.list) &&
        replace_all(qi, self, &run, filter, call, most, &out, &n) == 0) {
        result = n == 0 ? qv_sre_run_slice(&run, 0, run.end) : finish(qi, &out);
    }
    qv_strbuf_fini(&out.text);
    qv_xdecref(qi, out.list);
    qv_xdecref(qi, out.wrong);
    qv_sre_run_fini(&run);
    qv_decref(qi, filter);
    if (!with_count || !result) {
        return result;
    }
    QvObj *count = qv_int_from_i64(qi, n);
    QvObj *pair = count ? qv_tuple_of(qi, 2, result, count) : NULL;
    qv_xdecref(qi, count);
    qv_decref(qi, result);
    return pair;
}

QvObj *qv_sre_sub(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return substitute(qi, self, args, false);
}

QvObj *qv_sre_subn(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return substitute(qi, self, args, true);
}
