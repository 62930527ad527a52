// SPDX-License-Identifier: MIT
// One load: the opcodes, the stack and its marks, the memo.
//
// Hostile input is the normal case here: every pop looks at the fence (the items below the last
// mark are out of reach), no number of the input sizes an allocation, and whatever runs Python
// leaves the stack whole, because items are taken off it first.
#include <errno.h>
#include <stdlib.h>

#include "modules/pickle/pickle.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/int.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"

int qv_unpickler_init(QvInterp *qi, QvUnpickler *u, bool fix_imports, QvObj *encoding,
                      QvObj *errors, QvObj *buffers)
{
    QvPickleState *st = qv_pickle_hold(qi, &u->held);
    QvObj *it = NULL;
    if (!st) {
        return -1;
    }
    if (buffers && buffers != QV_NONE) {
        it = qv_iter(qi, buffers);
        if (!it) {
            return -1;
        }
    }
    QvObj *ascii = encoding ? qv_new_ref(qi, encoding) : qv_str_new_ascii(qi, "ASCII", 5);
    if (!ascii) {
        qv_xdecref(qi, it);
        return -1;
    }
    u->qi = qi;
    u->st = st;
    u->fix_imports = fix_imports;
    qv_set_take(qi, &u->encoding, ascii);
    qv_set_take(qi, &u->errors, qv_new_ref(qi, errors ? errors : QV_N(strict)));
    qv_set_take(qi, &u->buffers, it);
    return 0;
}

// ---- the stack ----------------------------------------------------------------------------------

static int underflow(QvUnpickler *u)
{
    return qv_unpickle_fail(u->qi,
                            u->nmarks ? "unexpected MARK found" : "unpickling stack underflow");
}

static QV_NOINLINE int grow_stack(QvUnpickler *u)
{
    size_t cap = u->cap ? u->cap * 2 : 64;
    QvObj **stack = qv_realloc(u->qi, u->stack, u->cap * sizeof *stack, cap * sizeof *stack);
    if (!stack) {
        return -1;
    }
    u->stack = stack;
    u->cap = cap;
    return 0;
}

// Pushes a reference of ours; NULL: an error already.
static inline int push_take(QvUnpickler *u, QV_STOLEN QvObj *o)
{
    if (QV_UNLIKELY(!o)) {
        return -1;
    }
    if (QV_UNLIKELY(u->len == u->cap) && grow_stack(u) < 0) {
        qv_decref(u->qi, o);
        return -1;
    }
    u->stack[u->len++] = o;
    return 0;
}

// The top item, ours; NULL with an exception.
static inline QvObj *pop(QvUnpickler *u)
{
    if (QV_UNLIKELY(u->len <= u->fence)) {
        underflow(u);
        return NULL;
    }
    return u->stack[--u->len];
}

static inline QV_BORROWED QvObj *top(QvUnpickler *u)
{
    if (QV_UNLIKELY(u->len <= u->fence)) {
        underflow(u);
        return NULL;
    }
    return u->stack[u->len - 1];
}

// Drops the items from `to` on.
static void cut(QvUnpickler *u, size_t to)
{
    while (u->len > to) {
        qv_decref(u->qi, u->stack[--u->len]);
    }
}

static void set_fence(QvUnpickler *u) { u->fence = u->nmarks ? u->marks[u->nmarks - 1] : 0; }

static int push_mark(QvUnpickler *u)
{
    if (u->nmarks == u->cap_marks) {
        size_t cap = u->cap_marks ? u->cap_marks * 2 : 32;
        size_t *marks =
            qv_realloc(u->qi, u->marks, u->cap_marks * sizeof *marks, cap * sizeof *marks);
        if (!marks) {
            return -1;
        }
        u->marks = marks;
        u->cap_marks = cap;
    }
    u->marks[u->nmarks++] = u->len;
    u->fence = u->len;
    return 0;
}

// Where the items of the last mark begin; the mark is gone. -1 with an exception.
static QvSsize pop_mark(QvUnpickler *u)
{
    if (u->nmarks == 0) {
        return qv_unpickle_fail(u->qi, "could not find MARK");
    }
    size_t at = u->marks[--u->nmarks];
    set_fence(u);
    return (QvSsize)at;
}

static QvObj *pop_tuple(QvUnpickler *u, size_t from)
{
    if (from < u->fence) {
        underflow(u);
        return NULL;
    }
    size_t n = u->len - from;
    u->len = from;
    return qv_tuple_from_array_take(u->qi, u->stack + from, (QvSsize)n);
}

static QvObj *pop_list(QvUnpickler *u, size_t from)
{
    if (from < u->fence) {
        underflow(u);
        return NULL;
    }
    QvObj *list = qv_list_from_array(u->qi, u->stack + from, (QvSsize)(u->len - from));
    if (list) {
        cut(u, from);
    }
    return list;
}

// ---- the memo -----------------------------------------------------------------------------------

QvObj *qv_unpickle_memo_get(QvUnpickler *u, uint64_t number)
{
    if (number < u->memo_cap) {
        return u->memo[number];
    }
    QvObj *key = u->memo_far ? qv_int_from_u64(u->qi, number) : NULL, *ret = NULL;
    if (key) {
        ret = qv_dict_get(u->qi, u->memo_far, key, &ret) > 0 ? ret : NULL;
        qv_decref(u->qi, key);
    }
    return ret;
}

int qv_unpickle_memo_put(QvUnpickler *u, uint64_t number, QvObj *o)
{
    QvInterp *qi = u->qi;
    if (number >= u->memo_cap && number < 2 * (uint64_t)u->memo_used + 64) {
        size_t cap = u->memo_cap ? u->memo_cap * 2 : 64;
        cap = cap <= number ? (size_t)number + 1 : cap;
        QvObj **memo = qv_realloc(qi, u->memo, u->memo_cap * sizeof *memo, cap * sizeof *memo);
        if (!memo) {
            return -1;
        }
        memset(memo + u->memo_cap, 0, (cap - u->memo_cap) * sizeof *memo);
        u->memo = memo;
        size_t old_cap = u->memo_cap;
        u->memo_cap = cap;
        for (size_t i = old_cap; u->memo_far && i < cap; i++) { // they have come near
            QvObj *key = qv_int_from_u64(qi, i);
            int found = key ? qv_dict_pop(qi, u->memo_far, key, &u->memo[i]) : -1;
            qv_xdecref(qi, key);
            if (found < 0) {
                return -1;
            }
            u->memo_used += (size_t)found;
        }
    }
    if (number < u->memo_cap) {
        u->memo_used += u->memo[number] == NULL;
        qv_set_take(qi, &u->memo[number], qv_new_ref(qi, o));
        return 0;
    }
    if (!u->memo_far && !(u->memo_far = qv_dict_new(qi))) {
        return -1;
    }
    QvObj *key = qv_int_from_u64(qi, number);
    int status = key ? qv_dict_set(qi, u->memo_far, key, o) : -1;
    qv_xdecref(qi, key);
    return status;
}

void qv_unpickle_memo_clear(QvInterp *qi, QvUnpickler *u)
{
    QvObj **memo = u->memo;
    size_t n = u->memo_cap;
    u->memo = NULL;
    u->memo_cap = u->memo_used = 0;
    for (size_t i = 0; i < n; i++) {
        qv_xdecref(qi, memo[i]);
    }
    if (memo) {
        qv_free(qi, memo, n * sizeof *memo);
    }
    qv_clear(qi, &u->memo_far);
}

void qv_unpickler_fini(QvInterp *qi, QvUnpickler *u)
{
    u->qi = qi;
    cut(u, 0);
    if (u->stack) {
        qv_free(qi, u->stack, u->cap * sizeof *u->stack);
    }
    if (u->marks) {
        qv_free(qi, u->marks, u->cap_marks * sizeof *u->marks);
    }
    u->stack = NULL;
    u->marks = NULL;
    u->cap = u->cap_marks = u->nmarks = u->fence = 0;
    qv_unpickle_memo_clear(qi, u);
    qv_unpickle_drop_input(u);
    QvObj **fields[] = {&u->encoding, &u->errors,   &u->pers, &u->buffers, &u->read,
                        &u->readline, &u->readinto, &u->peek, &u->held};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        qv_clear(qi, fields[i]);
    }
}

static int put_top(QvUnpickler *u, uint64_t number)
{
    QvObj *o = top(u);
    return o ? qv_unpickle_memo_put(u, number, o) : -1;
}

static int push_memo(QvUnpickler *u, uint64_t number)
{
    QvObj *o = qv_unpickle_memo_get(u, number);
    if (!o) {
        return qv_err_occurred(u->qi)
                   ? -1
                   : qv_unpickle_fail(u->qi, "Memo value not found at index %ld", (long)number);
    }
    return push_take(u, qv_new_ref(u->qi, o));
}

// ---- operands -----------------------------------------------------------------------------------

static uint64_t read_le(const uint8_t *p, size_t n)
{
    uint64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        v |= (uint64_t)p[i] << (8 * i);
    }
    return v;
}

static int take_le(QvUnpickler *u, size_t n, uint64_t *ret)
{
    const uint8_t *p;
    if (qv_unpickle_take(u, n, &p) < 0) {
        return -1;
    }
    *ret = read_le(p, n);
    return 0;
}

// A length of n bytes. 0, or -1 with OverflowError beyond what memory can have.
static int take_size(QvUnpickler *u, size_t n, const char *what, size_t *ret)
{
    uint64_t size;
    if (take_le(u, n, &size) < 0) {
        return -1;
    }
    if (size > PTRDIFF_MAX) {
        return qv_raise_int(u->qi, &qv_exc_OverflowError,
                            "%s exceeds system's maximum size of %zd bytes", what,
                            (QvSsize)PTRDIFF_MAX);
    }
    *ret = (size_t)size;
    return 0;
}

// A line of at least `min` bytes, newline included.
static int take_line(QvUnpickler *u, size_t min, const uint8_t **ret, size_t *ret_n)
{
    if (qv_unpickle_line(u, ret, ret_n) < 0) {
        return -1;
    }
    return *ret_n < min ? qv_unpickle_fail(u->qi, "pickle data was truncated") : 0;
}

// base 0 or 10; `shown` bytes of the line stand in the message.
static QvObj *parse_int(QvUnpickler *u, const uint8_t *s, size_t n, int base, size_t shown)
{
    QvInterp *qi = u->qi;
    QvObj *text = qv_str_new_latin1(qi, s, (QvSsize)shown);
    QvObj *v = text ? qv_int_parse(qi, (const char *)s, (QvSsize)n, base, text) : NULL;
    if (text && !v && n < 4300 && qv_err_matches(qi, &qv_exc_ValueError)) {
        int c = base == 0 && n > 1 && s[0] == '0' ? s[1] | 0x20 : 0;
        qv_err_clear(qi);
        qv_raise(qi, &qv_exc_ValueError, "invalid literal for int() with base %d: %.200R",
                 c == 'x'   ? 16
                 : c == 'o' ? 8
                 : c == 'b' ? 2
                            : 10,
                 text);
    }
    qv_xdecref(qi, text);
    return v;
}

// ---- numbers ------------------------------------------------------------------------------------

static int load_int(QvUnpickler *u)
{
    const uint8_t *s;
    size_t n;
    if (take_line(u, 2, &s, &n) < 0) {
        return -1;
    }
    char text[32];
    if (n < sizeof text) { // as C reads it: octal and hexadecimal, too
        memcpy(text, s, n);
        text[n] = 0;
        char *end;
        errno = 0;
        long v = strtol(text, &end, 0);
        if (!errno && (*end == '\n' || *end == 0)) {
            return push_take(u, n == 3 && (v == 0 || v == 1) ? qv_bool(v == 1)
                                                             : qv_int_from_i64(u->qi, v));
        }
    }
    QvObj *v = parse_int(u, s, n - 1, 0, n);
    if (!v && qv_err_matches(u->qi, &qv_exc_ValueError)) {
        qv_err_clear(u->qi);
        qv_raise(u->qi, &qv_exc_ValueError, "could not convert string to int");
    }
    return push_take(u, v);
}

static int load_long(QvUnpickler *u)
{
    const uint8_t *s;
    size_t n;
    if (take_line(u, 2, &s, &n) < 0) {
        return -1;
    }
    bool marked = s[n - 2] == 'L';
    return push_take(u, parse_int(u, s, marked ? n - 2 : n - 1, 0, marked ? n - 2 : n));
}

static int load_counted_long(QvUnpickler *u, size_t width)
{
    uint64_t n;
    if (take_le(u, width, &n) < 0) {
        return -1;
    }
    if (n > INT32_MAX) {
        return qv_unpickle_fail(u->qi, "LONG pickle has negative byte count");
    }
    const uint8_t *p = (const uint8_t *)"";
    if (n == 0) {
        return push_take(u, qv_int_from_i64(u->qi, 0));
    }
    return qv_unpickle_take(u, (size_t)n, &p) < 0
               ? -1
               : push_take(u, qv_int_from_bytes(u->qi, p, (QvSsize)n, true, true));
}

static int load_float(QvUnpickler *u)
{
    const uint8_t *s;
    size_t n;
    if (take_line(u, 2, &s, &n) < 0) {
        return -1;
    }
    QvObj *text = qv_str_new_latin1(u->qi, s, (QvSsize)n - 1), *v = NULL;
    bool odd = memchr(s, '_', n) || memchr(s, ' ', n) || s[0] <= ' ' || s[n - 2] <= ' ';
    if (text && !odd) {
        v = qv_float_parse(u->qi, (const char *)s, (QvSsize)n - 1, text);
    }
    if (text && !v && (odd || qv_err_matches(u->qi, &qv_exc_ValueError))) {
        size_t sign = s[0] == '-' || s[0] == '+';
        bool begins = s[sign] >= '0' && s[sign] <= '9'; // a number, and then something else
        qv_err_clear(u->qi);
        if (begins) {
            qv_raise(u->qi, &qv_exc_ValueError, "could not convert string to float");
        } else {
            qv_raise(u->qi, &qv_exc_ValueError, "could not convert string to float: '%.200U\n'",
                     text);
        }
    }
    qv_xdecref(u->qi, text);
    return push_take(u, v);
}

static int load_binfloat(QvUnpickler *u)
{
    const uint8_t *p;
    if (qv_unpickle_take(u, 8, &p) < 0) {
        return -1;
    }
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        bits = bits << 8 | p[i];
    }
    double v;
    memcpy(&v, &bits, sizeof v);
    return push_take(u, qv_float_new(u->qi, v));
}

// ---- text and bytes -----------------------------------------------------------------------------

// A str of Python 2: decoded, or left as bytes.
static QvObj *decode_old(QvUnpickler *u, QV_STOLEN QvObj *bytes)
{
    QvInterp *qi = u->qi;
    if (!bytes || qv_str_eq_ascii(u->encoding, "bytes")) {
        return bytes;
    }
    QvUtf8 encoding, errors = {0};
    QvObj *ret = NULL;
    if (qv_str_utf8(qi, u->encoding, &encoding) == 0) {
        if (qv_str_utf8(qi, u->errors, &errors) == 0) {
            QvObj *names[] = {qv_bytes_new(qi, encoding.s, encoding.n),
                              qv_bytes_new(qi, errors.s, errors.n)}; // ended by zero bytes
            if (names[0] && names[1]) {
                ret = qv_str_decode(qi, qv_bytes_data(bytes), qv_bytes_len(bytes),
                                    (const char *)qv_bytes_data(names[0]),
                                    (const char *)qv_bytes_data(names[1]));
            }
            qv_xdecref(qi, names[0]);
            qv_xdecref(qi, names[1]);
            qv_utf8_release(qi, &errors);
        }
        qv_utf8_release(qi, &encoding);
    }
    qv_decref(qi, bytes);
    return ret;
}

static int load_string(QvUnpickler *u)
{
    const uint8_t *s;
    size_t n;
    if (qv_unpickle_line(u, &s, &n) < 0) {
        return -1;
    }
    n--;
    if (n < 2 || s[0] != s[n - 1] || (s[0] != '\'' && s[0] != '"')) {
        return qv_unpickle_fail(u->qi, "the STRING opcode argument must be quoted");
    }
    QvObj *held = qv_bytes_new(u->qi, s + 1, (QvSsize)n - 2); // decoding may warn, and run Python
    QvObj *bytes = held ? qv_codec_escape_decode(u->qi, qv_bytes_data(held), qv_bytes_len(held),
                                                 "strict", false)
                        : NULL;
    qv_xdecref(u->qi, held);
    return push_take(u, decode_old(u, bytes));
}

static int load_binstring(QvUnpickler *u, size_t width)
{
    uint64_t n;
    if (take_le(u, width, &n) < 0) {
        return -1;
    }
    return push_take(u, decode_old(u, qv_unpickle_bytes(u, (size_t)n, false)));
}

static int load_unicode(QvUnpickler *u)
{
    const uint8_t *s;
    size_t n;
    if (take_line(u, 1, &s, &n) < 0) {
        return -1;
    }
    QvObj *held = qv_bytes_new(u->qi, s, (QvSsize)n - 1);
    QvObj *o = held ? qv_codec_raw_unicode_escape_decode(u->qi, qv_bytes_data(held),
                                                         qv_bytes_len(held), NULL, NULL)
                    : NULL;
    qv_xdecref(u->qi, held);
    return push_take(u, o);
}

static QvObj *decode_utf8(QvUnpickler *u, const uint8_t *p, size_t n)
{
    QvInterp *qi = u->qi;
    size_t i = 0;
    for (; i < n && p[i] < 0x80; i++) {
        if (qv_stop_step(qi, (QvSsize)i) < 0) {
            return NULL;
        }
    }
    if (i == n) {
        return qv_str_new_ascii(qi, (const char *)p, (QvSsize)n);
    }
    QvObj *held = qv_bytes_new(qi, p, (QvSsize)n);
    QvObj *o = held ? qv_str_decode(qi, qv_bytes_data(held), (QvSsize)n, "utf-8", "surrogatepass")
                    : NULL;
    qv_xdecref(qi, held);
    return o;
}

static int load_binunicode(QvUnpickler *u, size_t width)
{
    size_t n = 0;
    const uint8_t *p;
    if (take_size(u, width, "BINUNICODE", &n) < 0 || qv_unpickle_take(u, n, &p) < 0) {
        return -1;
    }
    return push_take(u, decode_utf8(u, p, n));
}

static int load_bytes(QvUnpickler *u, size_t width, bool array)
{
    size_t n = 0;
    if (take_size(u, width, array ? "BYTEARRAY8" : "BINBYTES", &n) < 0) {
        return -1;
    }
    if (!array && n > PTRDIFF_MAX - 33) {
        return qv_raise_int(u->qi, &qv_exc_OverflowError, "byte string is too large");
    }
    return push_take(u, qv_unpickle_bytes(u, n, array));
}

static int load_next_buffer(QvUnpickler *u)
{
    if (!u->buffers) {
        return qv_unpickle_fail(u->qi, "pickle stream refers to out-of-band data but no *buffers* "
                                       "argument was given");
    }
    QvObj *o = qv_next(u->qi, u->buffers);
    return o                        ? push_take(u, o)
           : qv_err_occurred(u->qi) ? -1
                                    : qv_unpickle_fail(u->qi, "not enough out-of-band buffers");
}

static int load_readonly_buffer(QvUnpickler *u)
{
    QvObj *o = top(u);
    QvObj *m = o ? qv_memoryview_new(u->qi, o) : NULL;
    QvBufferView view;
    if (!m || qv_buffer_get(u->qi, m, &view, QV_BUF_FULL) < 0) {
        qv_xdecref(u->qi, m);
        return -1;
    }
    bool readonly = view.readonly;
    qv_buffer_release(u->qi, &view);
    if (readonly) {
        qv_decref(u->qi, m);
        return 0;
    }
    QvObj *f = m ? qv_getattr_cstr(u->qi, m, "toreadonly") : NULL;
    QvObj *r = f ? qv_call0(u->qi, f) : NULL;
    qv_xdecref(u->qi, m);
    qv_xdecref(u->qi, f);
    if (!r) {
        return -1;
    }
    qv_set_take(u->qi, &u->stack[u->len - 1], r);
    return 0;
}

// ---- containers ---------------------------------------------------------------------------------

static int load_short_tuple(QvUnpickler *u, size_t n)
{
    return u->len < n || u->len - n < u->fence ? underflow(u)
                                               : push_take(u, pop_tuple(u, u->len - n));
}

static int load_dict(QvUnpickler *u)
{
    QvInterp *qi = u->qi;
    QvSsize from = pop_mark(u);
    if (from < 0) {
        return -1;
    }
    if ((u->len - (size_t)from) % 2) {
        return qv_unpickle_fail(qi, "odd number of items for DICT");
    }
    QvObj *d = qv_dict_new(qi);
    for (size_t i = (size_t)from; d && i + 1 < u->len; i += 2) {
        if (qv_dict_set(qi, d, u->stack[i], u->stack[i + 1]) < 0 ||
            qv_poll_step(qi, (QvSsize)i) < 0) {
            qv_clear(qi, &d);
        }
    }
    if (d) {
        cut(u, (size_t)from);
    }
    return push_take(u, d);
}

// Is there something at `at` - 1 that the items from `at` on belong to?
static int check_target(QvUnpickler *u, size_t at)
{
    return at > u->len || at <= u->fence ? underflow(u) : 0;
}

static int append_items(QvUnpickler *u, size_t from)
{
    QvInterp *qi = u->qi;
    if (check_target(u, from) < 0) {
        return -1;
    }
    QvObj *list = u->stack[from - 1];
    size_t n = u->len - from;
    if (n == 0) {
        return 0;
    }
    if (qv_is_list_exact(list)) {
        for (size_t i = from; i < u->len; i++) { // their references move
            QvObj *o = u->stack[i];
            u->stack[i] = QV_NONE;
            if (qv_list_push_take(qi, list, o) < 0) {
                return -1;
            }
        }
        u->len = from;
        return 0;
    }
    QvObj *f;
    int found = qv_getattr_try(qi, list, QV_N(extend), &f);
    if (found < 0) {
        return -1;
    }
    QvObj *items = pop_list(u, from);
    int status = items ? 0 : -1;
    if (found) {
        QvObj *r = items ? qv_call1(qi, f, items) : NULL;
        status = r ? 0 : -1;
        qv_xdecref(qi, r);
        qv_decref(qi, f);
    } else {
        f = items ? qv_getattr(qi, list, QV_N(append)) : NULL;
        status = f ? 0 : -1;
        for (QvSsize i = 0; status == 0 && i < qv_list_len(items); i++) {
            QvObj *r = qv_call1(qi, f, qv_list_peek(items, i));
            status = r ? 0 : -1;
            qv_xdecref(qi, r);
        }
        qv_xdecref(qi, f);
    }
    qv_xdecref(qi, items);
    return status;
}

static int set_items(QvUnpickler *u, size_t from)
{
    QvInterp *qi = u->qi;
    if (check_target(u, from) < 0) {
        return -1;
    }
    QvObj *d = u->stack[from - 1];
    if ((u->len - from) % 2) {
        return qv_unpickle_fail(qi, "odd number of items for SETITEMS");
    }
    bool exact = qv_is_dict_exact(d);
    for (size_t i = from; i + 1 < u->len; i += 2) {
        QvObj *key = u->stack[i], *value = u->stack[i + 1];
        if ((exact ? qv_dict_set(qi, d, key, value) : qv_setitem(qi, d, key, value)) < 0 ||
            qv_poll_step(qi, (QvSsize)i) < 0) {
            return -1;
        }
    }
    cut(u, from);
    return 0;
}

static int load_additems(QvUnpickler *u)
{
    QvInterp *qi = u->qi;
    QvSsize from = pop_mark(u);
    if (from < 0 || check_target(u, (size_t)from) < 0) {
        return -1;
    }
    if (u->len == (size_t)from) {
        return 0;
    }
    QvObj *set = u->stack[from - 1];
    QvObj *items = pop_list(u, (size_t)from);
    int status = items ? 0 : -1;
    if (items && qv_is_instance_of(set, &qv_set_type)) {
        status = qv_set_update(qi, set, items);
    } else if (items) {
        QvObj *f = qv_getattr(qi, set, QV_N(add));
        status = f ? 0 : -1;
        for (QvSsize i = 0; status == 0 && i < qv_list_len(items); i++) {
            QvObj *r = qv_call1(qi, f, qv_list_peek(items, i));
            status = r ? 0 : -1;
            qv_xdecref(qi, r);
        }
        qv_xdecref(qi, f);
    }
    qv_xdecref(qi, items);
    return status;
}

static int load_frozenset(QvUnpickler *u)
{
    QvSsize from = pop_mark(u);
    QvObj *items = from < 0 ? NULL : pop_tuple(u, (size_t)from);
    QvObj *set = items ? qv_frozenset_new(u->qi, items) : NULL;
    qv_xdecref(u->qi, items);
    return push_take(u, set);
}

// ---- globals and instances ----------------------------------------------------------------------

static QvObj *find_class(QvUnpickler *u, QvObj *module, QvObj *name)
{
    if (!u->self || u->own_find_class) {
        return qv_pickle_find_class(u->qi, u->st, u->proto, u->fix_imports, module, name);
    }
    QvObj *args[] = {module, name};
    return qv_call_method(u->qi, u->self, QV_N(find_class), args, 2);
}

// The global that two lines name.
static QvObj *class_of_lines(QvUnpickler *u, const char *encoding)
{
    QvInterp *qi = u->qi;
    QvObj *names[2] = {NULL, NULL}, *cls = NULL;
    for (int i = 0; i < 2; i++) {
        const uint8_t *s;
        size_t n;
        QvObj *held = take_line(u, 2, &s, &n) < 0 ? NULL : qv_bytes_new(qi, s, (QvSsize)n - 1);
        names[i] =
            held ? qv_str_decode(qi, qv_bytes_data(held), qv_bytes_len(held), encoding, "strict")
                 : NULL;
        qv_xdecref(qi, held);
        if (!names[i]) {
            goto done;
        }
    }
    cls = find_class(u, names[0], names[1]);
done:
    qv_xdecref(qi, names[0]);
    qv_xdecref(qi, names[1]);
    return cls;
}

static int load_stack_global(QvUnpickler *u)
{
    QvObj *name = pop(u), *module = name ? pop(u) : NULL, *cls = NULL;
    if (!module || !qv_is_str_exact(name) || !qv_is_str_exact(module)) {
        qv_err_clear(u->qi);
        qv_unpickle_fail(u->qi, "STACK_GLOBAL requires str");
    } else {
        cls = find_class(u, module, name);
    }
    qv_xdecref(u->qi, name);
    qv_xdecref(u->qi, module);
    return push_take(u, cls);
}

static int load_inst(QvUnpickler *u)
{
    QvSsize from = pop_mark(u);
    QvObj *cls = from < 0 ? NULL : class_of_lines(u, "ascii");
    QvObj *args = cls ? pop_tuple(u, (size_t)from) : NULL;
    QvObj *o = args ? qv_unpickle_instantiate(u, cls, args) : NULL;
    qv_xdecref(u->qi, cls);
    qv_xdecref(u->qi, args);
    return push_take(u, o);
}

static int load_obj(QvUnpickler *u)
{
    QvSsize from = pop_mark(u);
    if (from < 0) {
        return -1;
    }
    if (u->len < (size_t)from + 1) {
        return underflow(u);
    }
    QvObj *args = pop_tuple(u, (size_t)from + 1), *cls = args ? pop(u) : NULL;
    QvObj *o = cls ? qv_unpickle_instantiate(u, cls, args) : NULL;
    qv_xdecref(u->qi, cls);
    qv_xdecref(u->qi, args);
    return push_take(u, o);
}

static int load_newobj(QvUnpickler *u, bool keywords)
{
    QvObj *kwargs = keywords ? pop(u) : NULL;
    QvObj *args = keywords && !kwargs ? NULL : pop(u), *cls = args ? pop(u) : NULL;
    QvObj *o = cls ? qv_unpickle_newobj(u, cls, args, kwargs) : NULL;
    qv_xdecref(u->qi, kwargs);
    qv_xdecref(u->qi, args);
    qv_xdecref(u->qi, cls);
    return push_take(u, o);
}

static int load_reduce(QvUnpickler *u)
{
    QvObj *args = pop(u), *func = args ? pop(u) : NULL, *o = NULL;
    if (func && !qv_is_tuple(args)) {
        qv_raise(u->qi, &qv_exc_TypeError, "argument list must be a tuple");
    } else if (func) {
        o = qv_call_tuple(u->qi, func, args, NULL);
    }
    qv_xdecref(u->qi, func);
    qv_xdecref(u->qi, args);
    return push_take(u, o);
}

static int load_build(QvUnpickler *u)
{
    if (u->len < u->fence + 2) {
        return underflow(u);
    }
    QvObj *state = pop(u), *o = qv_new_ref(u->qi, u->stack[u->len - 1]);
    int status = qv_unpickle_build(u, o, state);
    qv_decref(u->qi, o);
    qv_decref(u->qi, state);
    return status;
}

static int load_extension(QvUnpickler *u, size_t width)
{
    QvInterp *qi = u->qi;
    uint64_t raw;
    if (take_le(u, width, &raw) < 0) {
        return -1;
    }
    int64_t code = width == 4 ? (int32_t)raw : (int64_t)raw;
    if (code <= 0) {
        return qv_unpickle_fail(qi, "EXT specifies code <= 0");
    }
    QvObj *key = qv_int_from_i64(qi, code), *o = NULL, *pair = NULL;
    int found = key ? qv_dict_get(qi, u->st->extension_cache, key, &o) : -1;
    if (found > 0) {
        qv_decref(qi, key);
        return push_take(u, qv_new_ref(qi, o));
    }
    found = found < 0 ? -1 : qv_dict_get(qi, u->st->inverted_registry, key, &pair);
    if (found == 0) {
        qv_raise(qi, &qv_exc_ValueError, "unregistered extension code %ld", (long)code);
    } else if (found > 0 &&
               (!qv_is_tuple(pair) || qv_tuple_len(pair) != 2 ||
                !qv_is_str(qv_tuple_peek(pair, 0)) || !qv_is_str(qv_tuple_peek(pair, 1)))) {
        qv_raise(qi, &qv_exc_ValueError, "_inverted_registry[%ld] isn't a 2-tuple of strings",
                 (long)code);
    } else if (found > 0) {
        qv_incref(qi, pair);
        o = find_class(u, qv_tuple_peek(pair, 0), qv_tuple_peek(pair, 1));
        qv_decref(qi, pair);
        if (o && qv_dict_set(qi, u->st->extension_cache, key, o) < 0) {
            qv_clear(qi, &o);
        }
    }
    qv_xdecref(qi, key);
    return push_take(u, found > 0 ? o : NULL);
}

static int push_persistent(QvUnpickler *u, QV_STOLEN QvObj *pid)
{
    QvInterp *qi = u->qi;
    if (!pid) {
        return -1;
    }
    QvObj *f = qv_new_ref(qi, u->pers);
    QvObj *o = u->pers_unbound ? qv_call2(qi, f, u->self, pid) : qv_call1(qi, f, pid);
    qv_decref(qi, f);
    qv_decref(qi, pid);
    return push_take(u, o);
}

static int no_persistent(QvUnpickler *u)
{
    return qv_unpickle_fail(u->qi, "A load persistent id instruction was encountered,\n"
                                   "but no persistent_load function was specified.");
}

static int load_persid(QvUnpickler *u)
{
    const uint8_t *s;
    size_t n;
    if (!u->pers) {
        return no_persistent(u);
    }
    if (take_line(u, 1, &s, &n) < 0) {
        return -1;
    }
    for (size_t i = 0; i + 1 < n; i++) {
        if (s[i] >= 0x80) {
            return qv_unpickle_fail(u->qi, "persistent IDs in protocol 0 must be ASCII strings");
        }
    }
    return push_persistent(u, qv_str_new_ascii(u->qi, (const char *)s, (QvSsize)n - 1));
}

// ---- stack and memo opcodes ---------------------------------------------------------------------

static int load_pop(QvUnpickler *u)
{
    if (u->nmarks && u->marks[u->nmarks - 1] == u->len) { // a mark is what is on top
        return pop_mark(u) < 0 ? -1 : 0;
    }
    QvObj *o = pop(u);
    qv_xdecref(u->qi, o);
    return o ? 0 : -1;
}

// The number that a line holds; *ret_neg: below zero. 0/-1.
static int take_number(QvUnpickler *u, int64_t *ret)
{
    const uint8_t *s;
    size_t n;
    if (take_line(u, 2, &s, &n) < 0) {
        return -1;
    }
    QvObj *v = parse_int(u, s, n - 1, 10, n);
    int status = v ? qv_int_to_ssize(u->qi, v, (QvSsize *)ret) : -1;
    qv_xdecref(u->qi, v);
    return status;
}

static int load_get(QvUnpickler *u)
{
    int64_t number = 0;
    if (take_number(u, &number) < 0) {
        return -1;
    }
    return number < 0 ? qv_unpickle_fail(u->qi, "Memo value not found at index %ld", (long)number)
                      : push_memo(u, (uint64_t)number);
}

static int load_put(QvUnpickler *u)
{
    int64_t number = 0;
    if (take_number(u, &number) < 0 || !top(u)) {
        return -1;
    }
    return number < 0 ? qv_raise_int(u->qi, &qv_exc_ValueError, "negative PUT argument")
                      : put_top(u, (uint64_t)number);
}

static int load_proto(QvUnpickler *u)
{
    uint64_t n;
    if (take_le(u, 1, &n) < 0) {
        return -1;
    }
    if (n > PICKLE_HIGHEST) {
        return qv_raise_int(u->qi, &qv_exc_ValueError, "unsupported pickle protocol: %d", (int)n);
    }
    u->proto = (int)n;
    return 0;
}

// A frame says how far one can read ahead; a file is asked for it at once.
static int load_frame(QvUnpickler *u)
{
    uint64_t n;
    const uint8_t *p;
    if (take_le(u, 8, &n) < 0) {
        return -1;
    }
    if (n > PTRDIFF_MAX) {
        return qv_raise_int(u->qi, &qv_exc_OverflowError,
                            "FRAME length exceeds system's maximum of %zd bytes",
                            (QvSsize)PTRDIFF_MAX);
    }
    if (qv_unpickle_take(u, (size_t)n, &p) < 0) {
        return -1;
    }
    u->p -= n;
    return 0;
}

static int bad_opcode(QvUnpickler *u, int op)
{
    return op >= 0x20 && op <= '~' && op != '\'' && op != '\\'
               ? qv_unpickle_fail(u->qi, "invalid load key, '%c'.", op)
               : qv_unpickle_fail(u->qi, "invalid load key, '\\x%s%x'.", op < 16 ? "0" : "",
                                  (unsigned)op);
}

// An opcode with an int of n bytes (signed when there are four).
static int load_binint(QvUnpickler *u, size_t n)
{
    uint64_t v;
    return take_le(u, n, &v) < 0
               ? -1
               : push_take(u, qv_int_from_i64(u->qi, n == 4 ? (int32_t)v : (int64_t)v));
}

static int load_number_op(QvUnpickler *u, size_t n, int (*then)(QvUnpickler *, uint64_t))
{
    uint64_t number;
    return take_le(u, n, &number) < 0 ? -1 : then(u, number);
}

static int from_mark(QvUnpickler *u, int (*then)(QvUnpickler *, size_t))
{
    QvSsize from = pop_mark(u);
    return from < 0 ? -1 : then(u, (size_t)from);
}

static int push_tuple(QvUnpickler *u, size_t from) { return push_take(u, pop_tuple(u, from)); }
static int push_list(QvUnpickler *u, size_t from) { return push_take(u, pop_list(u, from)); }

static int execute(QvUnpickler *u, int op)
{
    QvInterp *qi = u->qi;
    QvSsize from;
    QvObj *o;
    switch (op) {
    case OP_NONE: return push_take(u, QV_NONE);
    case OP_BININT: return load_binint(u, 4);
    case OP_BININT1: return load_binint(u, 1);
    case OP_BININT2: return load_binint(u, 2);
    case OP_INT: return load_int(u);
    case OP_LONG: return load_long(u);
    case OP_LONG1: return load_counted_long(u, 1);
    case OP_LONG4: return load_counted_long(u, 4);
    case OP_FLOAT: return load_float(u);
    case OP_BINFLOAT: return load_binfloat(u);
    case OP_SHORT_BINBYTES: return load_bytes(u, 1, false);
    case OP_BINBYTES: return load_bytes(u, 4, false);
    case OP_BINBYTES8: return load_bytes(u, 8, false);
    case OP_BYTEARRAY8: return load_bytes(u, 8, true);
    case OP_NEXT_BUFFER: return load_next_buffer(u);
    case OP_READONLY_BUFFER: return load_readonly_buffer(u);
    case OP_SHORT_BINSTRING: return load_binstring(u, 1);
    case OP_BINSTRING: return load_binstring(u, 4);
    case OP_STRING: return load_string(u);
    case OP_UNICODE: return load_unicode(u);
    case OP_SHORT_BINUNICODE: return load_binunicode(u, 1);
    case OP_BINUNICODE: return load_binunicode(u, 4);
    case OP_BINUNICODE8: return load_binunicode(u, 8);
    case OP_EMPTY_TUPLE: return push_take(u, QV_EMPTY_TUPLE);
    case OP_TUPLE1: return load_short_tuple(u, 1);
    case OP_TUPLE2: return load_short_tuple(u, 2);
    case OP_TUPLE3: return load_short_tuple(u, 3);
    case OP_TUPLE: return from_mark(u, push_tuple);
    case OP_EMPTY_LIST: return push_take(u, qv_list_new(qi, 0));
    case OP_LIST: return from_mark(u, push_list);
    case OP_EMPTY_DICT: return push_take(u, qv_dict_new(qi));
    case OP_DICT: return load_dict(u);
    case OP_EMPTY_SET: return push_take(u, qv_set_new(qi, NULL));
    case OP_ADDITEMS: return load_additems(u);
    case OP_FROZENSET: return load_frozenset(u);
    case OP_OBJ: return load_obj(u);
    case OP_INST: return load_inst(u);
    case OP_NEWOBJ: return load_newobj(u, false);
    case OP_NEWOBJ_EX: return load_newobj(u, true);
    case OP_GLOBAL: return push_take(u, class_of_lines(u, "utf-8"));
    case OP_STACK_GLOBAL: return load_stack_global(u);
    case OP_APPEND: return u->len < u->fence + 2 ? underflow(u) : append_items(u, u->len - 1);
    case OP_APPENDS: return from_mark(u, append_items);
    case OP_BUILD: return load_build(u);
    case OP_DUP: o = top(u); return o ? push_take(u, qv_new_ref(qi, o)) : -1;
    case OP_BINGET: return load_number_op(u, 1, push_memo);
    case OP_LONG_BINGET: return load_number_op(u, 4, push_memo);
    case OP_GET: return load_get(u);
    case OP_MARK: return push_mark(u);
    case OP_BINPUT: return load_number_op(u, 1, put_top);
    case OP_LONG_BINPUT: return load_number_op(u, 4, put_top);
    case OP_PUT: return load_put(u);
    case OP_MEMOIZE:
        return put_top(u, u->memo_used + (u->memo_far ? (size_t)qv_dict_len(u->memo_far) : 0));
    case OP_POP: return load_pop(u);
    case OP_POP_MARK:
        from = pop_mark(u);
        if (from >= 0) {
            cut(u, (size_t)from);
        }
        return from < 0 ? -1 : 0;
    case OP_SETITEM: return u->len < 2 ? underflow(u) : set_items(u, u->len - 2);
    case OP_SETITEMS: return from_mark(u, set_items);
    case OP_PERSID: return load_persid(u);
    case OP_BINPERSID:
        if (!u->pers) {
            return no_persistent(u);
        }
        return push_persistent(u, pop(u));
    case OP_REDUCE: return load_reduce(u);
    case OP_PROTO: return load_proto(u);
    case OP_FRAME: return load_frame(u);
    case OP_EXT1: return load_extension(u, 1);
    case OP_EXT2: return load_extension(u, 2);
    case OP_EXT4: return load_extension(u, 4);
    case OP_NEWTRUE: return push_take(u, QV_TRUE);
    case OP_NEWFALSE: return push_take(u, QV_FALSE);
    default: return bad_opcode(u, op);
    }
}

QvObj *qv_unpickler_load(QvUnpickler *u)
{
    QvInterp *qi = u->qi;
    u->proto = 0;
    u->nmarks = u->fence = 0;
    cut(u, 0);
    for (uint32_t steps = 1;; steps++) {
        const uint8_t *p;
        if (qv_unpickle_take(u, 1, &p) < 0) {
            if (qv_err_matches(qi, (QvType *)u->st->unpickling_error)) {
                qv_err_clear(qi);
                qv_raise(qi, &qv_exc_EOFError, "Ran out of input");
            }
            break;
        }
        int op = *p;
        if (op == OP_STOP) {
            return qv_unpickle_skip_consumed(u) < 0 ? NULL : pop(u);
        }
        if (execute(u, op) < 0 ||
            ((steps & 1023) == 0 && qv_poll_peek(qi) && qv_poll_work(qi, 1024) < 0)) {
            break;
        }
    }
    return NULL;
}
