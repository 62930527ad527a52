// SPDX-License-Identifier: MIT
// The methods that bytes and bytearray have in common. Results are of the kind of self.
//
// A bytearray may change while an argument's Python code runs: arguments are converted first, the
// bytes of self looked up after that (QvSpan), and no Python runs until the result is made.
#include "object/bytes_methods.h"

#include <string.h>

#include "object/codec.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"

#define METHOD(name) \
    static QvObj *bytes_##name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
#define UNUSED_ARGS() ((void)args, (void)nargs)

typedef struct Span {
    const uint8_t *p;
    QvSsize n;
} Span;

static Span span(const QvObj *o)
{
    Span s;
    s.p = qv_bytes_span(o, &s.n);
    return s;
}

// New object of self's kind; p NULL: uninitialised.
static QvObj *make(QvInterp *qi, const QvObj *self, const void *p, QvSsize n)
{
    return qv_is_bytes(self) ? qv_bytes_new(qi, p, n) : qv_bytearray_new(qi, p, n);
}

static uint8_t *data_of(QvObj *o)
{
    return qv_is_bytes(o) ? qv_bytes_data(o) : ((QvByteArray *)o)->data;
}

// While a span is walked with polls: what those run cannot resize a bytearray.
static void hold(QvInterp *qi, QvObj *self)
{
    qv_incref(qi, self);
    if (!qv_is_bytes(self)) {
        ((QvByteArray *)self)->exports++;
    }
}

static void let_go(QvInterp *qi, QvObj *self)
{
    if (!qv_is_bytes(self)) {
        ((QvByteArray *)self)->exports--;
    }
    qv_decref(qi, self);
}

// p[start:end] of self as a new object, or self when that is all of exact bytes.
static QvObj *part(QvInterp *qi, QvObj *self, QvSsize start, QvSsize end)
{
    Span s = span(self);
    if (start == 0 && end == s.n && self->type == &qv_bytes_type) {
        return qv_new_ref(qi, self);
    }
    return make(qi, self, s.p + start, end - start);
}

// ---- searching ----------------------------------------------------------------------------------

// What is searched for: a buffer, or one byte.
typedef struct Needle {
    QvBufferView view;
    uint8_t byte;
    bool has_view;
    const uint8_t *p;
    QvSsize n;
} Needle;

static int needle_init(QvInterp *qi, Needle *needle, QvObj *o)
{
    needle->has_view = false;
    if (qv_has_buffer(o)) {
        if (qv_buffer_get(qi, o, &needle->view, QV_BUF_SIMPLE) < 0) {
            return -1;
        }
        needle->has_view = true;
        needle->p = needle->view.buf;
        needle->n = needle->view.len;
        return 0;
    }
    if (!qv_is_int(o) && o->type->index == NULL) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "argument should be integer or bytes-like object, not '%.200T'", o);
    }
    int value = qv_byte_value(qi, o, "byte");
    if (value < 0) {
        return -1;
    }
    needle->byte = (uint8_t)value;
    needle->p = &needle->byte;
    needle->n = 1;
    return 0;
}

static void needle_fini(QvInterp *qi, Needle *needle)
{
    if (needle->has_view) {
        qv_buffer_release(qi, &needle->view);
    }
}

// -1: it is not there; -2: an exception.
static QvSsize find_in(QvInterp *qi, Span s, const uint8_t *q, QvSsize m, bool back)
{
    if (m == 0) {
        return back ? s.n : 0;
    }
    return qv_units_find_long(qi, s.p, QV_STR_1, s.n, q, QV_STR_1, m, back);
}

// Index of the match, -1 when there is none, -2 with an exception.
static QvSsize search(QvInterp *qi, const char *name, QvObj *self, QvObj *const *args,
                      QvSsize nargs, bool back)
{
    QvSsize start, end;
    Needle needle;
    if (qv_find_bounds(qi, name, args, nargs, &start, &end) < 0 ||
        needle_init(qi, &needle, args[0]) < 0) {
        return -2;
    }
    Span s = span(self);
    qv_adjust_bounds(&start, &end, s.n);
    QvSsize i = -1;
    if (end - start >= needle.n) {
        i = find_in(qi, (Span){s.p + start, end - start}, needle.p, needle.n, back);
        i = i < 0 ? i : i + start;
    }
    needle_fini(qi, &needle);
    return i;
}

static QvObj *search_result(QvInterp *qi, QvSsize i, bool must)
{
    if (i == -2) {
        return NULL;
    }
    if (i < 0 && must) {
        return qv_raise(qi, &qv_exc_ValueError, "subsection not found");
    }
    return qv_int_from_i64(qi, i);
}

METHOD(find) { return search_result(qi, search(qi, "find", self, args, nargs, false), false); }

METHOD(rfind) { return search_result(qi, search(qi, "rfind", self, args, nargs, true), false); }

METHOD(index) { return search_result(qi, search(qi, "index", self, args, nargs, false), true); }

METHOD(rindex) { return search_result(qi, search(qi, "rindex", self, args, nargs, true), true); }

METHOD(count)
{
    QvSsize start, end;
    Needle needle;
    if (qv_find_bounds(qi, "count", args, nargs, &start, &end) < 0 ||
        needle_init(qi, &needle, args[0]) < 0) {
        return NULL;
    }
    Span s = span(self);
    qv_adjust_bounds(&start, &end, s.n);
    QvSsize n = end - start;
    QvSsize r = 0;
    if (n >= needle.n) {
        r = needle.n == 0 ? n + 1
                          : qv_units_count_long(qi, s.p + start, QV_STR_1, n, needle.p, QV_STR_1,
                                                needle.n, PTRDIFF_MAX);
    }
    needle_fini(qi, &needle);
    return r < 0 ? NULL : qv_int_from_i64(qi, r);
}

int qv_bytes_contains(QvInterp *qi, const QvObj *self, QvObj *item)
{
    QvObj *number = NULL;
    if (item->type->index != NULL && !qv_has_buffer(item)) {
        number = qv_index(qi, item);
        if (!number) {
            qv_err_clear(qi); // "a bytes-like object is required", then
        }
    }
    if (number) {
        int value = qv_byte_value(qi, number, "byte");
        qv_decref(qi, number);
        if (value < 0) {
            return -1;
        }
        uint8_t byte = (uint8_t)value;
        QvSsize at = find_in(qi, span(self), &byte, 1, false);
        return at == -2 ? -1 : at >= 0;
    }
    QvBufferView view;
    if (qv_buffer_get(qi, item, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    Span s = span(self);
    QvSsize at = view.len <= s.n ? find_in(qi, s, view.buf, view.len, false) : -1;
    qv_buffer_release(qi, &view);
    return at == -2 ? -1 : at >= 0;
}

// 1 / 0 / -1: are the n bytes the same?
static int same_bytes(QvInterp *qi, const uint8_t *p, const void *q, QvSsize n)
{
    int order;
    return qv_units_cmp_long(qi, p, q, n, &order) < 0 ? -1 : order == 0;
}

// 1 / 0 / -1: does self[start:end] start (end) with the buffer?
static int match_one(QvInterp *qi, QvObj *self, QvObj *o, QvSsize start, QvSsize end, bool at_end)
{
    QvBufferView view;
    if (qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    Span s = span(self);
    qv_adjust_bounds(&start, &end, s.n);
    int r = end - start >= view.len
                ? same_bytes(qi, s.p + (at_end ? end - view.len : start), view.buf, view.len)
                : 0;
    qv_buffer_release(qi, &view);
    return r;
}

static QvObj *tail_match(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, bool at_end)
{
    QvSsize start, end;
    if (qv_find_bounds(qi, at_end ? "endswith" : "startswith", args, nargs, &start, &end) < 0) {
        return NULL;
    }
    QvObj *what = args[0];
    if (qv_is_tuple(what)) {
        for (QvSsize i = 0; i < qv_tuple_len(what); i++) {
            int r = match_one(qi, self, qv_tuple_peek(what, i), start, end, at_end);
            if (r != 0) {
                return r < 0 ? NULL : QV_TRUE;
            }
        }
        return QV_FALSE;
    }
    if (!qv_has_buffer(what)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "%s first arg must be bytes or a tuple of bytes, not %.100T",
                        at_end ? "endswith" : "startswith", what);
    }
    int r = match_one(qi, self, what, start, end, at_end);
    return r < 0 ? NULL : qv_bool(r > 0);
}

METHOD(startswith) { return tail_match(qi, self, args, nargs, false); }

METHOD(endswith) { return tail_match(qi, self, args, nargs, true); }

static QvObj *remove_end(QvInterp *qi, QvObj *self, QvObj *what, bool at_end)
{
    QvBufferView view;
    if (qv_buffer_get(qi, what, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    Span s = span(self);
    QvSsize m = view.len;
    int there = m > 0 && s.n >= m ? same_bytes(qi, s.p + (at_end ? s.n - m : 0), view.buf, m) : 0;
    qv_buffer_release(qi, &view);
    if (there < 0) {
        return NULL;
    }
    if (!there) {
        return part(qi, self, 0, s.n);
    }
    return at_end ? part(qi, self, 0, s.n - m) : part(qi, self, m, s.n);
}

METHOD(removeprefix)
{
    (void)nargs;
    return remove_end(qi, self, args[0], false);
}

METHOD(removesuffix)
{
    (void)nargs;
    return remove_end(qi, self, args[0], true);
}

// ---- splitting ----------------------------------------------------------------------------------

static inline bool is_space(uint8_t c) { return c == ' ' || (c >= 9 && c <= 13); }

// One more item of the result. The caller holds a buffer of self: what a poll runs cannot resize
// it.
static int add_part(QvInterp *qi, QvObj *list, QvObj *self, QvSsize start, QvSsize end)
{
    if (qv_poll_step(qi, qv_list_len(list)) < 0) {
        return -1;
    }
    return qv_list_append_take(qi, list, part(qi, self, start, end));
}

// The end of the white space (or of what is none) that begins at i; -1 with an exception.
static QvSsize run_end(QvInterp *qi, Span s, QvSsize i, bool space)
{
    while (i < s.n) {
        QvSsize to = qv_stop_slice(qi, i, s.n);
        if (to < 0) {
            return -1;
        }
        while (i < to && is_space(s.p[i]) == space) {
            i++;
        }
        if (i < to) {
            break;
        }
    }
    return i;
}

// The start of what ends at i, likewise.
static QvSsize run_start(QvInterp *qi, Span s, QvSsize i, bool space)
{
    while (i > 0) {
        QvSsize to = i > QV_POLL_SLICE ? i - QV_POLL_SLICE : 0;
        while (i > to && is_space(s.p[i - 1]) == space) {
            i--;
        }
        if (i > to) {
            break;
        }
        if (qv_stop_here(qi) < 0) {
            return -1;
        }
    }
    return i;
}

static int split_spaces(QvInterp *qi, QvObj *list, QvObj *self, QvSsize max)
{
    Span s = span(self);
    QvSsize i = 0;
    for (;;) {
        if ((i = run_end(qi, s, i, true)) < 0) {
            return -1;
        }
        if (i == s.n) {
            return 0;
        }
        if (max-- <= 0) {
            return add_part(qi, list, self, i, s.n);
        }
        QvSsize start = i;
        if ((i = run_end(qi, s, i, false)) < 0 || add_part(qi, list, self, start, i) < 0) {
            return -1;
        }
    }
}

static int rsplit_spaces(QvInterp *qi, QvObj *list, QvObj *self, QvSsize max)
{
    Span s = span(self);
    QvSsize i = s.n;
    for (;;) {
        if ((i = run_start(qi, s, i, true)) < 0) {
            return -1;
        }
        if (i == 0) {
            return 0;
        }
        if (max-- <= 0) {
            return add_part(qi, list, self, 0, i);
        }
        QvSsize end = i;
        if ((i = run_start(qi, s, i, false)) < 0 || add_part(qi, list, self, i, end) < 0) {
            return -1;
        }
    }
}

static int split_sep(QvInterp *qi, QvObj *list, QvObj *self, const QvBufferView *sep, QvSsize max)
{
    Span s = span(self);
    QvSsize i = 0;
    while (max-- > 0) {
        QvSsize k = find_in(qi, (Span){s.p + i, s.n - i}, sep->buf, sep->len, false);
        if (k < 0) {
            if (k == -2) {
                return -1;
            }
            break;
        }
        if (add_part(qi, list, self, i, i + k) < 0) {
            return -1;
        }
        i += k + sep->len;
    }
    return add_part(qi, list, self, i, s.n);
}

static int rsplit_sep(QvInterp *qi, QvObj *list, QvObj *self, const QvBufferView *sep, QvSsize max)
{
    Span s = span(self);
    while (max-- > 0) {
        QvSsize k = find_in(qi, s, sep->buf, sep->len, true);
        if (k < 0) {
            if (k == -2) {
                return -1;
            }
            break;
        }
        if (add_part(qi, list, self, k + sep->len, s.n) < 0) {
            return -1;
        }
        s.n = k;
    }
    return add_part(qi, list, self, 0, s.n);
}

static QvObj *split_any(QvInterp *qi, QvObj *self, QvObj *const *args, bool right)
{
    QvSsize max = -1;
    if (args[1] != NULL && qv_arg_ssize(qi, args[1], &max) < 0) {
        return NULL;
    }
    max = max < 0 ? PTRDIFF_MAX : max;
    bool spaces = args[0] == NULL || args[0] == QV_NONE;
    QvBufferView sep;
    if (!spaces) {
        if (qv_buffer_get(qi, args[0], &sep, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        if (sep.len == 0) {
            qv_buffer_release(qi, &sep);
            return qv_raise(qi, &qv_exc_ValueError, "empty separator");
        }
    }
    QvObj *list = qv_list_new(qi, 0);
    int r = -1;
    QvBufferView held;
    if (list != NULL && qv_buffer_get(qi, self, &held, QV_BUF_SIMPLE) == 0) {
        if (spaces) {
            r = right ? rsplit_spaces(qi, list, self, max) : split_spaces(qi, list, self, max);
        } else {
            r = right ? rsplit_sep(qi, list, self, &sep, max)
                      : split_sep(qi, list, self, &sep, max);
        }
        qv_buffer_release(qi, &held);
    }
    if (!spaces) {
        qv_buffer_release(qi, &sep);
    }
    if (r == 0 && right) {
        r = qv_list_reverse(qi, list);
    }
    if (r < 0) {
        qv_xdecref(qi, list);
        return NULL;
    }
    return list;
}

METHOD(split)
{
    (void)nargs;
    return split_any(qi, self, args, false);
}

METHOD(rsplit)
{
    (void)nargs;
    return split_any(qi, self, args, true);
}

METHOD(splitlines)
{
    (void)nargs;
    QvSsize keep = 0;
    if (args[0] != NULL && qv_index_ssize(qi, args[0], &keep, NULL) < 0) {
        return NULL;
    }
    QvBufferView held;
    if (qv_buffer_get(qi, self, &held, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *list = qv_list_new(qi, 0);
    Span s = span(self);
    QvSsize i = 0;
    while (list != NULL && i < s.n) {
        QvSsize start = i;
        while (i < s.n) {
            QvSsize to = qv_stop_slice(qi, i, s.n);
            if (to < 0) {
                qv_clear(qi, &list);
                break;
            }
            while (i < to && s.p[i] != '\n' && s.p[i] != '\r') {
                i++;
            }
            if (i < to) {
                break;
            }
        }
        if (list == NULL) {
            break;
        }
        QvSsize end = i;
        if (i < s.n) {
            i += s.p[i] == '\r' && i + 1 < s.n && s.p[i + 1] == '\n' ? 2 : 1;
            end = keep != 0 ? i : end;
        }
        if (add_part(qi, list, self, start, end) < 0) {
            qv_clear(qi, &list);
        }
    }
    qv_buffer_release(qi, &held);
    return list;
}

static QvObj *partition_any(QvInterp *qi, QvObj *self, QvObj *sep, bool right)
{
    QvBufferView view;
    if (qv_buffer_get(qi, sep, &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    if (view.len == 0) {
        qv_buffer_release(qi, &view);
        return qv_raise(qi, &qv_exc_ValueError, "empty separator");
    }
    Span s = span(self);
    QvSsize k = find_in(qi, s, view.buf, view.len, right);
    QvObj *parts[3] = {NULL, NULL, NULL};
    if (k == -2) {
        qv_buffer_release(qi, &view);
        return NULL;
    }
    if (k < 0) {
        parts[0] = right ? make(qi, self, "", 0) : part(qi, self, 0, s.n);
        parts[1] = make(qi, self, "", 0);
        parts[2] = right ? part(qi, self, 0, s.n) : make(qi, self, "", 0);
    } else {
        parts[0] = part(qi, self, 0, k);
        parts[1] = sep->type == &qv_bytes_type && qv_is_bytes(self)
                       ? qv_new_ref(qi, sep)
                       : make(qi, self, view.buf, view.len);
        parts[2] = part(qi, self, k + view.len, s.n);
    }
    qv_buffer_release(qi, &view);
    if (parts[0] != NULL && parts[1] != NULL && parts[2] != NULL) {
        return qv_tuple_from_array_take(qi, parts, 3);
    }
    for (int i = 0; i < 3; i++) {
        qv_xdecref(qi, parts[i]);
    }
    return NULL;
}

METHOD(partition)
{
    (void)nargs;
    return partition_any(qi, self, args[0], false);
}

METHOD(rpartition)
{
    (void)nargs;
    return partition_any(qi, self, args[0], true);
}

enum { LEFT = 1, RIGHT = 2 };

// set[b] for each byte of the buffer. 0/-1.
static int mark_bytes(QvInterp *qi, const QvBufferView *view, bool set[256])
{
    for (QvSsize i = 0; i < view->len; i++) {
        set[((const uint8_t *)view->buf)[i]] = true;
        if (qv_stop_step(qi, i) < 0) {
            return -1;
        }
    }
    return 0;
}

static QvObj *strip_sides(QvInterp *qi, QvObj *self, QvObj *chars, int sides)
{
    bool set[256] = {false};
    if (chars == NULL || chars == QV_NONE) {
        for (int c = 0; c < 128; c++) {
            set[c] = is_space((uint8_t)c);
        }
    } else {
        QvBufferView view;
        if (qv_buffer_get(qi, chars, &view, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        int r = mark_bytes(qi, &view, set);
        qv_buffer_release(qi, &view);
        if (r < 0) {
            return NULL;
        }
    }
    Span s = span(self);
    QvSsize start = 0;
    QvSsize end = s.n;
    while ((sides & LEFT) != 0 && start < end && set[s.p[start]]) {
        if (qv_stop_step(qi, start++) < 0) {
            return NULL;
        }
    }
    while ((sides & RIGHT) != 0 && end > start && set[s.p[end - 1]]) {
        if (qv_stop_step(qi, end--) < 0) {
            return NULL;
        }
    }
    return part(qi, self, start, end);
}

METHOD(strip)
{
    (void)nargs;
    return strip_sides(qi, self, args[0], LEFT | RIGHT);
}

METHOD(lstrip)
{
    (void)nargs;
    return strip_sides(qi, self, args[0], LEFT);
}

METHOD(rstrip)
{
    (void)nargs;
    return strip_sides(qi, self, args[0], RIGHT);
}

// ---- replacing and joining ----------------------------------------------------------------------

static QvObj *replace_spans(QvInterp *qi, QvObj *self, Span from, Span to, QvSsize max)
{
    Span s = span(self);
    QvSsize times;
    if (from.n == 0) {
        times = max > s.n ? s.n + 1 : max;
    } else {
        times = qv_units_count_long(qi, s.p, QV_STR_1, s.n, from.p, QV_STR_1, from.n, max);
    }
    if (times < 0) {
        return NULL;
    }
    if (times == 0) {
        return part(qi, self, 0, s.n);
    }
    QvSsize growth = to.n - from.n;
    if (growth > 0 && times > (QV_UNITS_MAX - s.n) / growth) {
        return qv_raise(qi, &qv_exc_OverflowError, "replace bytes is too long");
    }
    QvSsize total = s.n + times * growth;
    QvObj *ret = make(qi, self, NULL, total);
    if (ret == NULL || total == 0) {
        return ret;
    }
    uint8_t *out = data_of(ret);
    QvSsize i = 0;
    while (times-- > 0) { // a stop ends it, but nothing can change the bytes that were counted
        QvSsize k = qv_stop_step(qi, times) < 0 ? -2
                    : from.n == 0               ? 0
                                  : find_in(qi, (Span){s.p + i, s.n - i}, from.p, from.n, false);
        if (k < 0 || qv_bytes_put(qi, out, s.p + i, k) < 0 ||
            qv_bytes_put(qi, out + k, to.p, to.n) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
        out += k + to.n;
        i += k + from.n;
        if (from.n == 0 && i < s.n) {
            *out++ = s.p[i++];
        }
    }
    if (i < s.n && qv_bytes_put(qi, out, s.p + i, s.n - i) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

METHOD(replace)
{
    (void)nargs;
    QvSsize max = -1;
    QvBufferView from, to;
    if (qv_buffer_get(qi, args[0], &from, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    if (qv_buffer_get(qi, args[1], &to, QV_BUF_SIMPLE) < 0) {
        qv_buffer_release(qi, &from);
        return NULL;
    }
    QvObj *ret = NULL;
    if (args[2] == NULL || qv_arg_ssize(qi, args[2], &max) == 0) {
        ret = replace_spans(qi, self, (Span){from.buf, from.len}, (Span){to.buf, to.len},
                            max < 0 ? PTRDIFF_MAX : max);
    }
    qv_buffer_release(qi, &to);
    qv_buffer_release(qi, &from);
    return ret;
}

// Few bytes in all, of objects that cannot change.
static QvObj *join_plain(QvInterp *qi, QvObj *sep, QvObj *items, QvSsize total)
{
    QvObj *ret = qv_bytes_new(qi, NULL, total);
    if (ret == NULL || total == 0) {
        return ret;
    }
    char *p = (char *)data_of(ret);
    Span between = span(sep);
    for (QvSsize i = 0; i < qv_tuple_len(items); i++) {
        if (i > 0) {
            qv_copy_bytes(p, between.p, (size_t)between.n);
            p += between.n;
        }
        Span item = span(qv_tuple_peek(items, i));
        qv_copy_bytes(p, item.p, (size_t)item.n);
        p += item.n;
    }
    return ret;
}

static QvObj *join_any(QvInterp *qi, QvObj *self, QvObj *iterable)
{
    if (iterable->type->iter == NULL && iterable->type->getitem == NULL) {
        return qv_raise(qi, &qv_exc_TypeError, "can only join an iterable");
    }
    QvObj *list = qv_to_tuple(qi, iterable); // a private copy: buffers may run Python
    if (list == NULL) {
        return NULL;
    }
    QvByteVec v = {0};
    QvObj *ret = NULL;
    QvSsize n = qv_tuple_len(list);
    // One exact bytes object joins to itself.
    if (n == 1 && qv_tuple_peek(list, 0)->type == &qv_bytes_type && qv_is_bytes(self)) {
        ret = qv_new_ref(qi, qv_tuple_peek(list, 0));
        goto done;
    }
    QvSsize want = 0; // exact when all items are bytes
    bool plain = self->type == &qv_bytes_type;
    for (QvSsize i = 0; i < n; i++) {
        QvObj *item = qv_tuple_peek(list, i);
        if (qv_stop_step(qi, i) < 0) {
            goto done;
        }
        if (!qv_has_buffer(item)) {
            qv_raise(qi, &qv_exc_TypeError,
                     "sequence item %zd: expected a bytes-like object, %.80T found", i, item);
            goto done;
        }
        if (qv_is_bytes(item) && want < QV_UNITS_MAX / 2) {
            want += qv_bytes_len(item) + (i > 0 ? span(self).n : 0);
        }
        plain = plain && item->type == &qv_bytes_type;
    }
    if (plain && want <= QV_POLL_SLICE && n <= QV_POLL_SLICE) {
        ret = join_plain(qi, self, list, want);
        goto done;
    }
    if (want > 0 && qv_byte_vec_expect(qi, &v, want) < 0) {
        goto done;
    }
    for (QvSsize i = 0; i < n; i++) {
        QvObj *item = qv_tuple_peek(list, i);
        QvBufferView view;
        if (qv_buffer_get(qi, item, &view, QV_BUF_SIMPLE) < 0) {
            goto done;
        }
        hold(qi, self); // the room may come with a poll
        Span sep = span(self);
        QvSsize more = view.len + (i > 0 ? sep.n : 0);
        int r = qv_byte_vec_reserve(qi, &v, more);
        let_go(qi, self);
        if (r == 0) {
            if (i > 0) {
                r = qv_bytes_put(qi, v.p + v.len, sep.p, sep.n);
                v.len += sep.n;
            }
            if (r == 0) {
                r = qv_bytes_put(qi, v.p + v.len, view.buf, view.len);
                v.len += view.len;
            }
        }
        qv_buffer_release(qi, &view);
        if (r < 0) {
            goto done;
        }
    }
    ret = make(qi, self, v.p, v.len);
done:
    qv_byte_vec_fini(qi, &v);
    qv_decref(qi, list);
    return ret;
}

QvObj *qv_bytes_join(QvInterp *qi, QvObj *sep, QvObj *iterable)
{
    return join_any(qi, sep, iterable);
}

METHOD(join)
{
    (void)nargs;
    return join_any(qi, self, args[0]);
}

typedef struct Translation {
    const uint8_t *p; // what is translated
    QvSsize n;
    const uint8_t *map;  // or NULL
    const bool *dropped; // or NULL
} Translation;

// A script that runs in a poll may change the bytes (not their number), so nothing rests on what
// was counted before it.
static QvObj *translate(QvInterp *qi, QvObj *self, const Translation *t)
{
    QvSsize n = t->n;
    if (t->dropped) {
        n = 0;
        for (QvSsize i = 0; i < t->n; i++) {
            n += !t->dropped[t->p[i]];
            if (qv_poll_step(qi, i) < 0) {
                return NULL;
            }
        }
    }
    QvObj *ret = make(qi, self, NULL, n);
    if (ret == NULL || n == 0) {
        return ret;
    }
    uint8_t *out = data_of(ret), *end = out + n;
    if (t->dropped && qv_units_fill_long(qi, out, QV_STR_1, n, 0) < 0) {
        qv_decref(qi, ret);
        return NULL;
    }
    for (QvSsize i = 0; i < t->n;) {
        QvSsize stop = t->n - i < 65536 ? t->n : i + 65536;
        if (t->map && !t->dropped) {
            for (; i < stop; i++) {
                *out++ = t->map[t->p[i]];
            }
        } else {
            for (; i < stop && out < end; i++) {
                uint8_t c = t->p[i];
                if (!t->dropped || !t->dropped[c]) {
                    *out++ = t->map ? t->map[c] : c;
                }
            }
            i = stop;
        }
        if (qv_poll_here(qi) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
    }
    return ret;
}

METHOD(translate)
{
    (void)nargs;
    QvBufferView table, drop;
    bool has_table = args[0] != QV_NONE;
    bool dropped[256] = {false};
    bool has_drop = false;
    int status = 0;
    if (has_table) {
        if (qv_buffer_get(qi, args[0], &table, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        if (table.len != 256) {
            qv_buffer_release(qi, &table);
            return qv_raise(qi, &qv_exc_ValueError,
                            "translation table must be 256 characters long");
        }
    }
    if (args[1] != NULL) {
        if (qv_buffer_get(qi, args[1], &drop, QV_BUF_SIMPLE) < 0) {
            if (has_table) {
                qv_buffer_release(qi, &table);
            }
            return NULL;
        }
        has_drop = drop.len > 0;
        status = mark_bytes(qi, &drop, dropped);
        qv_buffer_release(qi, &drop);
    }
    QvBufferView own; // a script may run while long ones are translated
    QvObj *ret = NULL;
    if (status == 0 && qv_buffer_get(qi, self, &own, QV_BUF_SIMPLE) == 0) {
        Translation t = {own.buf, own.len, has_table ? table.buf : NULL, has_drop ? dropped : NULL};
        ret = translate(qi, self, &t);
        qv_buffer_release(qi, &own);
    }
    if (has_table) {
        qv_buffer_release(qi, &table);
    }
    return ret;
}

METHOD(maketrans)
{
    (void)self;
    (void)nargs;
    QvBufferView from, to;
    if (qv_buffer_get(qi, args[0], &from, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    if (qv_buffer_get(qi, args[1], &to, QV_BUF_SIMPLE) < 0) {
        qv_buffer_release(qi, &from);
        return NULL;
    }
    QvObj *ret = NULL;
    if (from.len != to.len) {
        qv_raise(qi, &qv_exc_ValueError, "maketrans arguments must have same length");
    } else {
        ret = qv_bytes_new(qi, NULL, 256);
        if (ret != NULL) {
            uint8_t *p = qv_bytes_data(ret);
            for (int i = 0; i < 256; i++) {
                p[i] = (uint8_t)i;
            }
            for (QvSsize i = 0; ret != NULL && i < from.len; i++) {
                p[((const uint8_t *)from.buf)[i]] = ((const uint8_t *)to.buf)[i];
                if (qv_stop_step(qi, i) < 0) {
                    qv_clear(qi, &ret);
                }
            }
        }
    }
    qv_buffer_release(qi, &to);
    qv_buffer_release(qi, &from);
    return ret;
}

// ---- padding ------------------------------------------------------------------------------------

static QvObj *pad(QvInterp *qi, QvObj *self, QvSsize left, QvSsize right, uint8_t fill)
{
    Span s = span(self);
    left = left < 0 ? 0 : left;
    right = right < 0 ? 0 : right;
    if (left == 0 && right == 0) {
        return part(qi, self, 0, s.n);
    }
    if (left > QV_UNITS_MAX - s.n || right > QV_UNITS_MAX - s.n - left) {
        return qv_raise_oom(qi);
    }
    QvObj *ret = make(qi, self, NULL, left + s.n + right);
    if (ret != NULL) {
        uint8_t *out = data_of(ret);
        if (qv_units_fill_long(qi, out, QV_STR_1, left, fill) < 0 ||
            qv_units_copy_long(qi, out + left, QV_STR_1, s.p, QV_STR_1, s.n) < 0 ||
            qv_units_fill_long(qi, out + left + s.n, QV_STR_1, right, fill) < 0) {
            qv_clear(qi, &ret);
        }
    }
    return ret;
}

static int pad_args(QvInterp *qi, QvObj *const *args, const char *name, QvSsize *ret_width,
                    uint8_t *ret_fill)
{
    if (qv_arg_ssize(qi, args[0], ret_width) < 0) {
        return -1;
    }
    *ret_fill = ' ';
    QvObj *fill = args[1];
    if (fill == NULL) {
        return 0;
    }
    if ((!qv_is_bytes(fill) && !qv_is_bytearray(fill)) || span(fill).n != 1) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "%s() argument 2 must be a byte string of length 1, not %.50s", name,
                            qv_arg_type_name(fill));
    }
    *ret_fill = span(fill).p[0];
    return 0;
}

METHOD(center)
{
    (void)nargs;
    QvSsize width;
    uint8_t fill;
    if (pad_args(qi, args, "center", &width, &fill) < 0) {
        return NULL;
    }
    QvSsize n = span(self).n;
    QvSsize margin = width > n ? width - n : 0;
    QvSsize left = margin / 2 + (margin & width & 1);
    return pad(qi, self, left, margin - left, fill);
}

METHOD(ljust)
{
    (void)nargs;
    QvSsize width;
    uint8_t fill;
    if (pad_args(qi, args, "ljust", &width, &fill) < 0) {
        return NULL;
    }
    QvSsize n = span(self).n;
    return pad(qi, self, 0, width > n ? width - n : 0, fill);
}

METHOD(rjust)
{
    (void)nargs;
    QvSsize width;
    uint8_t fill;
    if (pad_args(qi, args, "rjust", &width, &fill) < 0) {
        return NULL;
    }
    QvSsize n = span(self).n;
    return pad(qi, self, width > n ? width - n : 0, 0, fill);
}

METHOD(zfill)
{
    (void)nargs;
    QvSsize width;
    if (qv_arg_ssize(qi, args[0], &width) < 0) {
        return NULL;
    }
    QvSsize n = span(self).n;
    QvSsize zeros = width > n ? width - n : 0;
    QvObj *ret = pad(qi, self, zeros, 0, '0');
    if (ret != NULL && zeros > 0 && n > 0) {
        uint8_t *p = data_of(ret);
        if (p[zeros] == '+' || p[zeros] == '-') {
            p[0] = p[zeros];
            p[zeros] = '0';
        }
    }
    return ret;
}

METHOD(expandtabs)
{
    (void)nargs;
    QvSsize size = 8;
    if (args[0] != NULL && qv_index_ssize(qi, args[0], &size, NULL) < 0) {
        return NULL;
    }
    if (size > INT32_MAX || size < INT32_MIN) {
        return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    Span s = span(self);
    QvByteVec v = {0};
    QvSsize column = 0;
    QvObj *ret = NULL;
    hold(qi, self);
    for (QvSsize i = 0; i < s.n; i++) {
        uint8_t c = s.p[i];
        QvSsize more = c != '\t' ? 1 : size > 0 ? size - column % size : 0;
        if (qv_byte_vec_reserve(qi, &v, more) < 0) {
            goto done;
        }
        if (qv_bytes_fill(qi, v.p + v.len, c == '\t' ? ' ' : c, more) < 0) {
            goto done;
        }
        v.len += more;
        column = c == '\n' || c == '\r' ? 0 : column + more;
    }
    ret = make(qi, self, v.p, v.len);
done:
    let_go(qi, self);
    qv_byte_vec_fini(qi, &v);
    return ret;
}

// ---- ASCII case and tests -----------------------------------------------------------------------

static inline bool is_upper(uint8_t c) { return (uint8_t)(c - 'A') < 26; }
static inline bool is_lower(uint8_t c) { return (uint8_t)(c - 'a') < 26; }
static inline bool is_alpha(uint8_t c) { return is_upper((uint8_t)(c & ~0x20)); }
static inline bool is_digit(uint8_t c) { return (uint8_t)(c - '0') < 10; }
static inline uint8_t to_lower(uint8_t c) { return (uint8_t)(c | (is_upper(c) << 5)); }
static inline uint8_t to_upper(uint8_t c) { return (uint8_t)(c & ~(is_lower(c) << 5)); }

static inline uint8_t swap_case(uint8_t c) { return (uint8_t)(c ^ (is_alpha(c) << 5)); }

static QV_ALWAYS_INLINE QvObj *map(QvInterp *qi, QvObj *self, uint8_t (*each)(uint8_t))
{
    Span s = span(self);
    QvObj *ret = make(qi, self, NULL, s.n);
    uint8_t *restrict out = ret != NULL ? data_of(ret) : NULL;
    hold(qi, self);
    for (QvSsize from = 0, to; ret != NULL && from < s.n; from = to) {
        if ((to = qv_poll_slice(qi, from, s.n)) < 0) {
            qv_clear(qi, &ret);
            break;
        }
        for (QvSsize i = from; i < to; i++) {
            out[i] = each(s.p[i]);
        }
    }
    let_go(qi, self);
    return ret;
}

METHOD(lower)
{
    UNUSED_ARGS();
    return map(qi, self, to_lower);
}

METHOD(upper)
{
    UNUSED_ARGS();
    return map(qi, self, to_upper);
}

METHOD(swapcase)
{
    UNUSED_ARGS();
    return map(qi, self, swap_case);
}

METHOD(capitalize)
{
    UNUSED_ARGS();
    QvObj *ret = map(qi, self, to_lower);
    Span s = ret != NULL ? span(ret) : (Span){NULL, 0};
    if (s.n > 0) {
        data_of(ret)[0] = to_upper(s.p[0]);
    }
    return ret;
}

METHOD(title)
{
    UNUSED_ARGS();
    Span s = span(self);
    QvObj *ret = make(qi, self, NULL, s.n);
    uint8_t *restrict out = ret != NULL ? data_of(ret) : NULL;
    bool inside = false;
    hold(qi, self);
    for (QvSsize i = 0; ret != NULL && i < s.n; i++) {
        out[i] = inside ? to_lower(s.p[i]) : to_upper(s.p[i]);
        inside = is_alpha(s.p[i]);
        if (qv_poll_step(qi, i) < 0) {
            qv_clear(qi, &ret);
        }
    }
    let_go(qi, self);
    return ret;
}

static bool is_alnum(uint8_t c) { return is_alpha(c) || is_digit(c); }

static QV_ALWAYS_INLINE QvObj *all_are(QvInterp *qi, QvObj *self, bool (*test)(uint8_t))
{
    Span s = span(self);
    QvObj *ret = qv_bool(s.n > 0);
    hold(qi, self);
    for (QvSsize from = 0, to; ret == QV_TRUE && from < s.n; from = to) {
        if ((to = qv_poll_slice(qi, from, s.n)) < 0) {
            ret = NULL;
            break;
        }
        for (QvSsize i = from; i < to; i++) {
            if (!test(s.p[i])) {
                ret = QV_FALSE;
                break;
            }
        }
    }
    let_go(qi, self);
    return ret;
}

METHOD(isalnum)
{
    UNUSED_ARGS();
    return all_are(qi, self, is_alnum);
}

METHOD(isalpha)
{
    UNUSED_ARGS();
    return all_are(qi, self, is_alpha);
}

METHOD(isdigit)
{
    UNUSED_ARGS();
    return all_are(qi, self, is_digit);
}

METHOD(isspace)
{
    UNUSED_ARGS();
    return all_are(qi, self, is_space);
}

METHOD(isascii)
{
    UNUSED_ARGS();
    Span s = span(self);
    for (QvSsize from = 0, to; from < s.n; from = to) {
        if ((to = qv_stop_slice(qi, from, s.n)) < 0) {
            return NULL;
        }
        size_t n = (size_t)(to - from);
        if (qv_utf8_ascii_prefix((const char *)s.p + from, n) != n) {
            return QV_FALSE;
        }
    }
    return QV_TRUE;
}

// None of the letters is in the other case, and there is one.
static QvObj *is_case(QvInterp *qi, QvObj *self, bool upper)
{
    Span s = span(self);
    QvObj *ret = QV_FALSE;
    hold(qi, self);
    for (QvSsize i = 0; i < s.n; i++) {
        if (is_alpha(s.p[i])) {
            ret = qv_bool(is_upper(s.p[i]) == upper);
            if (ret == QV_FALSE) {
                break;
            }
        }
        if (qv_poll_step(qi, i) < 0) {
            ret = NULL;
            break;
        }
    }
    let_go(qi, self);
    return ret;
}

METHOD(islower)
{
    UNUSED_ARGS();
    return is_case(qi, self, false);
}

METHOD(isupper)
{
    UNUSED_ARGS();
    return is_case(qi, self, true);
}

METHOD(istitle)
{
    UNUSED_ARGS();
    Span s = span(self);
    bool seen = false;
    bool inside = false;
    for (QvSsize i = 0; i < s.n; i++) {
        if (is_alpha(s.p[i])) {
            if (is_upper(s.p[i]) == inside) {
                return QV_FALSE;
            }
            seen = inside = true;
        } else {
            inside = false;
        }
        if (qv_stop_step(qi, i) < 0) {
            return NULL;
        }
    }
    return qv_bool(seen);
}

// ---- text forms ---------------------------------------------------------------------------------

METHOD(decode)
{
    (void)nargs;
    if (args[0] == NULL && args[1] == NULL && qv_is_bytes(self)) {
        const char *p = (const char *)qv_bytes_data(self);
        QvSsize n = qv_bytes_len(self);
        if (n <= QV_POLL_SLICE && qv_utf8_ascii_prefix(p, (size_t)n) == (size_t)n) {
            return qv_str_new_ascii(qi, p, n);
        }
    }
    return qv_codec_decode_object(qi, self, args[0], args[1], "decode");
}

QvObj *qv_bytes_hex(QvInterp *qi, const uint8_t *p, QvSsize n, QvObj *sep, QvObj *per_sep)
{
    static const char digits[] = "0123456789abcdef";
    QvSsize group = 1;
    char between = 0;
    if (sep != NULL) {
        QvSsize len = qv_len(qi, sep);
        if (len < 0) {
            return NULL;
        }
        if (len != 1) {
            return qv_raise(qi, &qv_exc_ValueError, "sep must be length 1.");
        }
        uint32_t c;
        if (qv_is_str(sep)) {
            c = qv_str_read(sep, 0);
        } else if (qv_is_bytes(sep)) {
            c = qv_bytes_data(sep)[0];
        } else {
            return qv_raise(qi, &qv_exc_TypeError, "sep must be str or bytes.");
        }
        if (c > 127) {
            return qv_raise(qi, &qv_exc_ValueError, "sep must be ASCII.");
        }
        between = (char)c;
        if (per_sep != NULL) {
            if (qv_arg_ssize(qi, per_sep, &group) < 0) {
                return NULL;
            }
            if (group > INT32_MAX || group < INT32_MIN) {
                return qv_raise(qi, &qv_exc_OverflowError,
                                "Python int too large to convert to C int");
            }
        }
    }
    QvSsize size = group < 0 ? -group : group;
    QvSsize seps = sep != NULL && size > 0 && n > 0 ? (n - 1) / size : 0;
    if (n > (QV_UNITS_MAX - seps) / 2) {
        return qv_raise_oom(qi);
    }
    QvObj *ret = qv_str_alloc(qi, n * 2 + seps, 0x7F);
    if (ret == NULL || n == 0) {
        return ret;
    }
    char *out = qv_str_data(ret);
    // Positive groups count from the right: the first one is what is left over.
    QvSsize left = seps == 0 ? n : group < 0 ? size : n - seps * size;
    for (QvSsize i = 0; i < n; i++) {
        if (qv_poll_step(qi, i) < 0) { // p is held by the caller
            qv_decref(qi, ret);
            return NULL;
        }
        if (left == 0) {
            *out++ = between;
            left = size;
        }
        left--;
        *out++ = digits[p[i] >> 4];
        *out++ = digits[p[i] & 15];
    }
    return ret;
}

METHOD(hex)
{
    (void)nargs;
    Span s = span(self);
    if (qv_is_bytes(self)) {
        return qv_bytes_hex(qi, s.p, s.n, args[0], args[1]);
    }
    ((QvByteArray *)self)->exports++; // a __len__ of sep cannot resize it meanwhile
    QvObj *ret = qv_bytes_hex(qi, s.p, s.n, args[0], args[1]);
    ((QvByteArray *)self)->exports--;
    return ret;
}

static int hex_value(uint32_t c)
{
    if (c >= '0' && c <= '9') {
        return (int)c - '0';
    }
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? (int)c - 'a' + 10 : -1;
}

// self is the type.
METHOD(fromhex)
{
    (void)nargs;
    QvObj *text = args[0];
    if (!qv_is_str(text)) {
        return qv_raise(qi, &qv_exc_TypeError, "fromhex() argument must be str, not %.50s",
                        qv_arg_type_name(text));
    }
    QvSsize n = qv_str_len(text);
    QvObj *bytes = qv_bytes_new(qi, NULL, n / 2);
    if (bytes == NULL) {
        return NULL;
    }
    QvSsize len = 0;
    for (QvSsize i = 0, steps = 0; i < n;) {
        if (qv_poll_step(qi, steps++) < 0) {
            qv_decref(qi, bytes);
            return NULL;
        }
        uint32_t c = qv_str_read(text, i);
        if (c < 128 && is_space((uint8_t)c)) {
            i++;
            continue;
        }
        int high = hex_value(c);
        int low = high >= 0 && i + 1 < n ? hex_value(qv_str_read(text, i + 1)) : -1;
        if (low < 0) {
            qv_decref(qi, bytes);
            return qv_raise(qi, &qv_exc_ValueError,
                            "non-hexadecimal number found in fromhex() arg at position %zd",
                            high < 0 ? i : i + 1);
        }
        qv_bytes_data(bytes)[len++] = (uint8_t)(high * 16 + low);
        i += 2;
    }
    if (qv_bytes_resize(qi, &bytes, len) < 0 || self == (QvObj *)&qv_bytes_type) {
        return bytes;
    }
    QvObj *ret = qv_call1(qi, self, bytes);
    qv_decref(qi, bytes);
    return ret;
}

METHOD(getnewargs)
{
    UNUSED_ARGS();
    Span s = span(self);
    QvObj *bytes = qv_bytes_new(qi, s.p, s.n);
    return bytes == NULL ? NULL : qv_tuple_from_array_take(qi, &bytes, 1);
}

METHOD(to_bytes)
{
    UNUSED_ARGS();
    Span s = span(self);
    return self->type == &qv_bytes_type ? qv_new_ref(qi, self) : qv_bytes_new(qi, s.p, s.n);
}

METHOD(size_of)
{
    UNUSED_ARGS();
    return qv_int_from_i64(qi, (int64_t)self->type->memsize(self));
}

// The rows of both tables.
#define SHARED_ROWS                                                                                \
    {"capitalize", bytes_capitalize, "($self, /)",                                                 \
     "A copy with the first character in upper case and the rest in lower case (ASCII)."},         \
        {"center", bytes_center, "($self, width, fillchar=b' ', /)", "Centered in width bytes."},  \
        {"count", bytes_count, "($self, *args)",                                                   \
         "Number of non-overlapping occurrences of sub (bytes or an int)."},                       \
        {"decode", bytes_decode, "($self, /, encoding='utf-8', errors='strict')",                  \
         "The bytes as a str, by an encoding."},                                                   \
        {"endswith", bytes_endswith, "($self, *args)",                                             \
         "True if it ends with the suffix (or one of a tuple of suffixes)."},                      \
        {"expandtabs", bytes_expandtabs, "($self, /, tabsize=8)",                                  \
         "A copy with tabs replaced by spaces."},                                                  \
        {"find", bytes_find, "($self, *args)", "Lowest index of sub (bytes or an int), or -1."},   \
        {"fromhex", bytes_fromhex, "($type, string, /)",                                           \
         "The bytes that a string of hexadecimal digits (white space allowed) stands for."},       \
        {"hex", bytes_hex, "($self, /, sep=<unrepresentable>, bytes_per_sep=1)",                   \
         "The bytes as hexadecimal digits, with a separator between groups if one is given."},     \
        {"index", bytes_index, "($self, *args)",                                                   \
         "Lowest index of sub; ValueError when there is none."},                                   \
        {"isalnum", bytes_isalnum, "($self, /)",                                                   \
         "True if all bytes are ASCII letters or digits."},                                        \
        {"isalpha", bytes_isalpha, "($self, /)", "True if all bytes are ASCII letters."},          \
        {"isascii", bytes_isascii, "($self, /)", "True if all bytes are below 0x80."},             \
        {"isdigit", bytes_isdigit, "($self, /)", "True if all bytes are ASCII digits."},           \
        {"islower", bytes_islower, "($self, /)",                                                   \
         "True if no ASCII letter is upper case, one lower."},                                     \
        {"isspace", bytes_isspace, "($self, /)", "True if all bytes are ASCII white space."},      \
        {"istitle", bytes_istitle, "($self, /)", "True if in title case (ASCII)."},                \
        {"isupper", bytes_isupper, "($self, /)",                                                   \
         "True if no ASCII letter is lower case, one upper."},                                     \
        {"join", bytes_join, "($self, iterable_of_bytes, /)",                                      \
         "The bytes-like objects of the iterable with this between them."},                        \
        {"ljust", bytes_ljust, "($self, width, fillchar=b' ', /)", "At the left of width bytes."}, \
        {"lower", bytes_lower, "($self, /)", "A copy in lower case (ASCII)."},                     \
        {"lstrip", bytes_lstrip, "($self, bytes=None, /)",                                         \
         "Without leading white space, or leading bytes of the argument."},                        \
        {"maketrans", bytes_maketrans, "(frm, to, /)", "A table of 256 bytes for translate."},     \
        {"partition", bytes_partition, "($self, sep, /)",                                          \
         "What is before, in and after the first sep."},                                           \
        {"removeprefix", bytes_removeprefix, "($self, prefix, /)",                                 \
         "Without the prefix, if there."},                                                         \
        {"removesuffix", bytes_removesuffix, "($self, suffix, /)",                                 \
         "Without the suffix, if there."},                                                         \
        {"replace", bytes_replace, "($self, old, new, count=-1, /)",                               \
         "A copy with the first count (all, when negative) occurrences replaced."},                \
        {"rfind", bytes_rfind, "($self, *args)",                                                   \
         "Highest index of sub (bytes or an int), or -1."},                                        \
        {"rindex", bytes_rindex, "($self, *args)",                                                 \
         "Highest index of sub; ValueError when there is none."},                                  \
        {"rjust", bytes_rjust, "($self, width, fillchar=b' ', /)",                                 \
         "At the right of width bytes."},                                                          \
        {"rpartition", bytes_rpartition, "($self, sep, /)",                                        \
         "What is before, in and after the last sep."},                                            \
        {"rsplit", bytes_rsplit, "($self, /, sep=None, maxsplit=-1)",                              \
         "List of the parts between separators; maxsplit counts from the right."},                 \
        {"rstrip", bytes_rstrip, "($self, bytes=None, /)",                                         \
         "Without trailing white space, or trailing bytes of the argument."},                      \
        {"split", bytes_split, "($self, /, sep=None, maxsplit=-1)",                                \
         "List of the parts between separators (white space if None)."},                           \
        {"splitlines", bytes_splitlines, "($self, /, keepends=False)", "List of the lines."},      \
        {"startswith", bytes_startswith, "($self, *args)",                                         \
         "True if it starts with the prefix (or one of a tuple of prefixes)."},                    \
        {"strip", bytes_strip, "($self, bytes=None, /)",                                           \
         "Without leading and trailing white space, or bytes of the argument."},                   \
        {"swapcase", bytes_swapcase, "($self, /)", "A copy with ASCII case exchanged."},           \
        {"title", bytes_title, "($self, /)", "A copy in title case (ASCII)."},                     \
        {"translate", bytes_translate, "($self, table, /, delete=b'')",                            \
         "A copy with the bytes of delete removed and the rest mapped by a table of 256 bytes."},  \
        {"upper", bytes_upper, "($self, /)", "A copy in upper case (ASCII)."},                     \
    {                                                                                              \
        "zfill", bytes_zfill, "($self, width, /)",                                                 \
            "With zeros on the left (after a sign) up to width."                                   \
    }

const QvNativeDef qv_bytes_method_table[] = {
    {"__bytes__", bytes_to_bytes, "($self, /)", "This value as exact bytes."},
    {"__getnewargs__", bytes_getnewargs, "($self, /)", NULL},
    {"__sizeof__", bytes_size_of, "($self, /)", "Size of the object in memory, in bytes."},
    SHARED_ROWS,
    {0},
};

const QvNativeDef qv_bytearray_method_table[] = {
    {"__alloc__", qv_bytearray_alloc_m, "($self, /)", "Number of bytes allocated."},
    {"__reduce__", qv_bytearray_reduce_m, "($self, /)", "State for pickling."},
    {"__reduce_ex__", qv_bytearray_reduce_ex_m, "($self, proto=0, /)", "State for pickling."},
    {"__sizeof__", qv_bytearray_sizeof_m, "($self, /)", "Size of the object in memory, in bytes."},
    {"append", qv_bytearray_append_m, "($self, item, /)", "Adds one byte at the end."},
    {"clear", qv_bytearray_clear_m, "($self, /)", "Removes all bytes."},
    {"copy", qv_bytearray_copy_m, "($self, /)", "A copy."},
    {"extend", qv_bytearray_extend_m, "($self, iterable_of_ints, /)",
     "Adds all items of an iterable or a buffer at the end."},
    {"insert", qv_bytearray_insert_m, "($self, index, item, /)", "Inserts one byte before index."},
    {"pop", qv_bytearray_pop_m, "($self, index=-1, /)", "Removes one byte and returns it."},
    {"remove", qv_bytearray_remove_m, "($self, value, /)",
     "Removes the first occurrence of a byte."},
    {"reverse", qv_bytearray_reverse_m, "($self, /)", "Reverses the order in place."},
    SHARED_ROWS,
    {0},
};
