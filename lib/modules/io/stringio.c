// SPDX-License-Identifier: MIT
// StringIO: a text stream in memory. The text is an array of the narrowest units that hold it,
// widened when it must be.
#include <string.h>

#include "modules/io/io.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"

typedef struct StringIO {
    QvIoBase b;
    void *data; // cap units or NULL
    QvStrKind kind;
    QvSsize len, cap, pos; // characters; pos may be beyond len
    bool ok, closed;
    bool universal; // newline None or ''
    QvNewlines nl;
    QvObj *readnl;   // str as given, or NULL (None)
    char end[3];     // line terminator looked for; "": universal
    char writenl[3]; // what \n is written as; "": itself
} StringIO;

static StringIO *as_stringio(QvObj *o) { return (StringIO *)o; }

static int check_open(QvInterp *qi, const StringIO *s)
{
    if (!s->ok) {
        return qv_raise_int(qi, &qv_exc_ValueError, "I/O operation on uninitialized object");
    }
    return s->closed ? qv_raise_int(qi, &qv_exc_ValueError, "I/O operation on closed file") : 0;
}

// ---- storage ------------------------------------------------------------------------------------

static void drop_data(QvInterp *qi, StringIO *s)
{
    if (s->data) {
        qv_free(qi, s->data, (size_t)s->cap << s->kind);
    }
    s->data = NULL;
    s->kind = QV_STR_1;
    s->len = s->cap = 0;
}

// Room for an end at `end` in units of at least `kind`.
static int make_room(QvInterp *qi, StringIO *s, QvSsize end, QvStrKind kind)
{
    if (kind <= s->kind && end <= s->cap) {
        return 0;
    }
    if (end > (PTRDIFF_MAX >> 4)) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "new position too large");
    }
    QvSsize cap = end <= s->cap ? s->cap : end + (end >> 1) + 64;
    if (kind <= s->kind) {
        void *p = s->data
                      ? qv_realloc(qi, s->data, (size_t)s->cap << s->kind, (size_t)cap << s->kind)
                      : qv_alloc(qi, (size_t)cap << s->kind);
        if (!p) {
            return -1;
        }
        s->data = p;
        s->cap = cap;
        return 0;
    }
    StringIO wide = *s;
    wide.kind = kind;
    wide.cap = cap;
    wide.data = qv_alloc(qi, (size_t)cap << kind);
    if (!wide.data) {
        return -1;
    }
    if (qv_units_copy_long(qi, wide.data, kind, s->data, s->kind, s->len) < 0) {
        qv_free(qi, wide.data, (size_t)cap << kind);
        return -1;
    }
    if (s->data) {
        qv_free(qi, s->data, (size_t)s->cap << s->kind);
    }
    s->data = wide.data;
    s->kind = kind;
    s->cap = cap;
    return 0;
}

static int put_text(QvInterp *qi, StringIO *s, QvObj *text)
{
    QvSsize n = qv_str_len(text);
    if (n == 0) {
        return 0;
    }
    if (make_room(qi, s, s->pos + n, qv_str_kind(text)) < 0) {
        return -1;
    }
    if (s->pos > s->len && qv_units_fill_long(qi, qv_units_at(s->data, s->kind, s->len), s->kind,
                                              s->pos - s->len, 0) < 0) {
        return -1;
    }
    void *to = qv_units_at(s->data, s->kind, s->pos);
    if (qv_units_put(qi, to, s->kind, qv_str_data(text), qv_str_kind(text), n) < 0) {
        return -1;
    }
    s->pos += n;
    s->len = s->pos > s->len ? s->pos : s->len;
    return 0;
}

static QvObj *get_text(QvInterp *qi, const StringIO *s, QvSsize start, QvSsize n)
{
    if (n <= 0) {
        return qv_new_ref(qi, QV_N(empty));
    }
    const char *p = (const char *)s->data + ((size_t)start << s->kind);
    switch (s->kind) {
    case QV_STR_1: return qv_str_new_latin1(qi, (const uint8_t *)p, n);
    case QV_STR_2: return qv_str_new_ucs2(qi, (const uint16_t *)(const void *)p, n);
    default: return qv_str_new_ucs4(qi, (const uint32_t *)(const void *)p, n);
    }
}

// ---- methods ------------------------------------------------------------------------------------

static int write_text(QvInterp *qi, StringIO *s, QvObj *text)
{
    QvObj *own = qv_new_ref(qi, text);
    if (s->universal) {
        own = qv_newlines_decode(qi, &s->nl, own, true);
        if (!own) {
            return -1;
        }
    }
    if (s->writenl[0]) {
        QvObj *to = qv_str_new_cstr(qi, s->writenl);
        QvObj *const a[2] = {QV_N(newline_), to};
        QvObj *changed = to ? qv_call_method(qi, own, QV_N(replace), a, 2) : NULL;
        qv_xdecref(qi, to);
        qv_decref(qi, own);
        if (!changed) {
            return -1;
        }
        own = changed;
    }
    int status = put_text(qi, s, own);
    qv_decref(qi, own);
    return status;
}

QV_IO_METHOD(stringio_write)
{
    (void)nargs;
    StringIO *s = as_stringio(self);
    if (!s->ok && check_open(qi, s) < 0) {
        return NULL;
    }
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "string argument expected, got '%T'", args[0]);
    }
    if (check_open(qi, s) < 0 || write_text(qi, s, args[0]) < 0) {
        return NULL;
    }
    return qv_int_from_i64(qi, qv_str_len(args[0]));
}

QV_IO_METHOD(stringio_read)
{
    (void)nargs;
    StringIO *s = as_stringio(self);
    QvSsize n;
    if (check_open(qi, s) < 0 || qv_io_size_arg(qi, args[0], -1, &n) < 0) {
        return NULL;
    }
    QvSsize left = s->pos < s->len ? s->len - s->pos : 0;
    n = n < 0 || n > left ? left : n;
    QvObj *text = get_text(qi, s, s->pos, n);
    if (text) {
        s->pos += n;
    }
    return text;
}

static QvObj *read_line(QvInterp *qi, StringIO *s, QvSsize limit)
{
    QvSsize end = s->len;
    if (s->pos >= end) {
        return qv_new_ref(qi, QV_N(empty));
    }
    if (limit >= 0 && limit < end - s->pos) {
        end = s->pos + limit;
    }
    QvSsize k = s->pos;
    if (s->kind == QV_STR_1 && (s->nl.translate || s->end[0] == '\n')) {
        static const uint8_t newline = '\n';
        const uint8_t *p = (const uint8_t *)s->data + k;
        QvSsize hit = qv_units_find_long(qi, p, QV_STR_1, end - k, &newline, QV_STR_1, 1, false);
        if (hit == -2) {
            return NULL;
        }
        k = hit >= 0 ? k + hit + 1 : end;
    } else {
        for (; k < end; k++) {
            uint32_t c = qv_units_read(s->data, s->kind, k);
            if (qv_stop_step(qi, k) < 0) {
                return NULL;
            }
            if (s->nl.translate || s->end[0] == '\n') {
                if (c == '\n') {
                    k++;
                    break;
                }
            } else if (s->end[0] == 0) {
                if (c == '\n' || c == '\r') {
                    k += c == '\r' && k + 1 < end && qv_units_read(s->data, s->kind, k + 1) == '\n'
                             ? 2
                             : 1;
                    break;
                }
            } else if (c == '\r' &&
                       (s->end[1] == 0 ||
                        (k + 1 < end && qv_units_read(s->data, s->kind, k + 1) == '\n'))) {
                k += s->end[1] ? 2 : 1;
                break;
            }
        }
    }
    QvObj *line = get_text(qi, s, s->pos, k - s->pos);
    if (line) {
        s->pos = k;
    }
    return line;
}

QV_IO_METHOD(stringio_readline)
{
    (void)nargs;
    StringIO *s = as_stringio(self);
    QvSsize limit;
    if (check_open(qi, s) < 0 || qv_io_size_arg(qi, args[0], -1, &limit) < 0) {
        return NULL;
    }
    return read_line(qi, s, limit);
}

static QvObj *stringio_next(QvInterp *qi, QvObj *self)
{
    StringIO *s = as_stringio(self);
    if (check_open(qi, s) < 0) {
        return NULL;
    }
    QvObj *line = self->type == &qv_io_stringio_type ? read_line(qi, s, -1)
                                                     : qv_call_method0(qi, self, QV_N(readline));
    if (line && !qv_is_str(line)) {
        qv_raise(qi, &qv_exc_OSError, "readline() should have returned a str object, not '%.200T'",
                 line);
        qv_clear(qi, &line);
    }
    if (line && qv_str_len(line) == 0) {
        qv_clear(qi, &line);
    }
    return line;
}

QV_IO_METHOD(stringio_tell)
{
    (void)args, (void)nargs;
    return check_open(qi, as_stringio(self)) < 0 ? NULL
                                                 : qv_int_from_i64(qi, as_stringio(self)->pos);
}

QV_IO_METHOD(stringio_seek)
{
    (void)nargs;
    StringIO *s = as_stringio(self);
    QvSsize pos, whence = 0;
    if (check_open(qi, s) < 0 || qv_index_ssize(qi, args[0], &pos, &qv_exc_OverflowError) < 0 ||
        (args[1] && qv_index_ssize(qi, args[1], &whence, &qv_exc_OverflowError) < 0)) {
        return NULL;
    }
    if (whence < 0 || whence > 2) {
        return qv_raise(qi, &qv_exc_ValueError, "Invalid whence (%d, should be 0, 1 or 2)",
                        (int)whence);
    }
    if (pos < 0 && whence == 0) {
        return qv_raise(qi, &qv_exc_ValueError, "Negative seek position %zd", pos);
    }
    if (whence != 0 && pos != 0) {
        return qv_raise(qi, &qv_exc_OSError, "Can't do nonzero cur-relative seeks");
    }
    s->pos = whence == 0 ? pos : whence == 1 ? s->pos : s->len;
    return qv_int_from_i64(qi, s->pos);
}

QV_IO_METHOD(stringio_truncate)
{
    (void)nargs;
    StringIO *s = as_stringio(self);
    QvSsize size;
    if (check_open(qi, s) < 0 || qv_io_size_arg(qi, args[0], s->pos, &size) < 0) {
        return NULL;
    }
    if (size < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "Negative size value %zd", size);
    }
    s->len = size < s->len ? size : s->len;
    return qv_int_from_i64(qi, size);
}

QV_IO_METHOD(stringio_getvalue)
{
    (void)args, (void)nargs;
    StringIO *s = as_stringio(self);
    return check_open(qi, s) < 0 ? NULL : get_text(qi, s, 0, s->len);
}

QV_IO_METHOD(stringio_close)
{
    (void)args, (void)nargs;
    drop_data(qi, as_stringio(self));
    as_stringio(self)->closed = true;
    return QV_NONE;
}
QV_IO_METHOD(stringio_true)
{
    (void)args, (void)nargs;
    return check_open(qi, as_stringio(self)) < 0 ? NULL : QV_TRUE;
}

static QvObj *get_closed(QvInterp *qi, QvObj *o)
{
    StringIO *s = as_stringio(o);
    return !s->ok && check_open(qi, s) < 0 ? NULL : qv_bool(s->closed);
}
static QvObj *get_line_buffering(QvInterp *qi, QvObj *o)
{
    return check_open(qi, as_stringio(o)) < 0 ? NULL : QV_FALSE;
}
static QvObj *get_newlines(QvInterp *qi, QvObj *o)
{
    StringIO *s = as_stringio(o);
    return check_open(qi, s) < 0 ? NULL : s->universal ? qv_newlines_seen(qi, s->nl.seen) : QV_NONE;
}

QV_IO_METHOD(stringio_getstate)
{
    QvObj *value = stringio_getvalue(qi, self, args, nargs);
    StringIO *s = as_stringio(self);
    QvObj *pos = value ? qv_int_from_i64(qi, s->pos) : NULL;
    QvObj *dict = s->b.dict ? qv_dict_copy(qi, s->b.dict) : QV_NONE;
    QvObj *state = value && pos && dict
                       ? qv_tuple_of(qi, 4, value, s->readnl ? s->readnl : QV_NONE, pos, dict)
                       : NULL;
    qv_xdecref(qi, value);
    qv_xdecref(qi, pos);
    qv_xdecref(qi, dict);
    return state;
}

static int start(QvInterp *qi, StringIO *s, QvObj *newline)
{
    QvUtf8 nl = {0};
    if (newline && qv_str_utf8(qi, newline, &nl) < 0) {
        return -1;
    }
    bool known = !newline || nl.n == 0 || strcmp(nl.s, "\n") == 0 || strcmp(nl.s, "\r") == 0 ||
                 strcmp(nl.s, "\r\n") == 0;
    if (known) {
        strcpy(s->end, newline ? nl.s : "");
        strcpy(s->writenl, newline && nl.s[0] == '\r' ? nl.s : "");
    }
    if (newline) {
        qv_utf8_release(qi, &nl);
    }
    if (!known) {
        return qv_raise_int(qi, &qv_exc_ValueError, "illegal newline value: %R", newline);
    }
    s->universal = s->end[0] == 0;
    s->nl = (QvNewlines){.translate = !newline};
    qv_set_take(qi, &s->readnl, qv_xnew_ref(qi, newline));
    drop_data(qi, s);
    s->pos = 0;
    s->closed = false;
    s->ok = true;
    return 0;
}

static int stringio_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    QvObj *slot[2];
    StringIO *s = as_stringio(self);
    s->ok = false;
    if (qv_args(qi, "StringIO(initial_value='', newline='\\n')", args, nargs, kwnames, slot) < 0) {
        return -1;
    }
    QvObj *newline = slot[1] ? slot[1] : QV_N(newline_);
    newline = newline == QV_NONE ? NULL : newline;
    if (newline && !qv_is_str(newline)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "newline must be str or None, not %.200T",
                            newline);
    }
    if (slot[0] && slot[0] != QV_NONE && !qv_is_str(slot[0])) {
        return qv_raise_int(qi, &qv_exc_TypeError, "initial_value must be str or None, not %.200T",
                            slot[0]);
    }
    if (start(qi, s, newline) < 0 ||
        (slot[0] && slot[0] != QV_NONE && write_text(qi, s, slot[0]) < 0)) {
        return -1;
    }
    s->pos = 0;
    return 0;
}

QV_IO_METHOD(stringio_setstate)
{
    (void)nargs;
    StringIO *s = as_stringio(self);
    QvObj *state = args[0];
    if (s->closed) {
        return qv_raise(qi, &qv_exc_ValueError, "I/O operation on closed file");
    }
    if (!qv_is_tuple(state) || qv_tuple_len(state) < 4) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "%.200N.__setstate__ argument should be 4-tuple, got %.200T", self->type,
                        state);
    }
    QvObj *value = qv_tuple_peek(state, 0), *newline = qv_tuple_peek(state, 1),
          *pos = qv_tuple_peek(state, 2);
    QvObj *dict = qv_tuple_peek(state, 3);
    if (!qv_is_str(value) || !qv_is_int(pos) || (newline != QV_NONE && !qv_is_str(newline))) {
        return qv_raise(qi, &qv_exc_TypeError, "third item of state must be an integer, got %.200T",
                        pos);
    }
    QvSsize at;
    if (start(qi, s, newline == QV_NONE ? NULL : newline) < 0 ||
        qv_int_to_ssize(qi, pos, &at) < 0) {
        return NULL;
    }
    if (at < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "position value cannot be negative");
    }
    if (put_text(qi, s, value) < 0) { // as it was stored: no newline is touched again
        return NULL;
    }
    s->pos = at;
    if (dict != QV_NONE) {
        if (!qv_is_dict(dict)) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "fourth item of state should be a dict, got a %.200T", dict);
        }
        if (!s->b.dict) {
            s->b.dict = qv_new_ref(qi, dict);
        } else if (qv_dict_update(qi, s->b.dict, dict) < 0) {
            return NULL;
        }
    }
    return QV_NONE;
}

static QvObj *stringio_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type);
}
static void stringio_fini(QvInterp *qi, QvObj *o)
{
    StringIO *s = as_stringio(o);
    s->ok = false;
    drop_data(qi, s);
    qv_clear(qi, &s->readnl);
    qv_clear(qi, &s->b.dict);
}
static void stringio_clear(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_stringio(o)->b.dict); }

static const QvNativeDef stringio_methods[] = {
    {"close", stringio_close, "($self, /)", "Close the IO object."},
    {"getvalue", stringio_getvalue, "($self, /)", "Retrieve the entire contents of the object."},
    {"read", stringio_read, "($self, size=-1, /)",
     "Read at most size characters, returned as a string."},
    {"readline", stringio_readline, "($self, size=-1, /)", "Read until newline or EOF."},
    {"tell", stringio_tell, "($self, /)", "Tell the current file position."},
    {"truncate", stringio_truncate, "($self, pos=None, /)", "Truncate size to pos."},
    {"seek", stringio_seek, "($self, pos, whence=0, /)", "Change stream position."},
    {"write", stringio_write, "($self, s, /)", "Write string to file."},
    {"seekable", stringio_true, "($self, /)", "Returns True if the IO object can be seeked."},
    {"readable", stringio_true, "($self, /)", "Returns True if the IO object can be read."},
    {"writable", stringio_true, "($self, /)", "Returns True if the IO object can be written."},
    {"__getstate__", stringio_getstate, "($self, /)", NULL},
    {"__setstate__", stringio_setstate, "($self, state, /)", NULL},
    {0},
};
static const QvGetSet stringio_getsets[] = {
    {"closed", get_closed, NULL, NULL},
    {"newlines", get_newlines, NULL, NULL},
    {"line_buffering", get_line_buffering, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_io_stringio_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io.StringIO",
    .id = QV_TID_io_stringio,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_io_textiobase_type,
    .size = sizeof(StringIO),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "Text I/O implementation using an in-memory buffer.\n\n"
           "The initial_value argument sets the value of object.  The newline\n"
           "argument is like the one of TextIOWrapper's constructor.",
    .methods = stringio_methods,
    .getsets = stringio_getsets,
    .new_ = stringio_new,
    .init = stringio_init,
    .fini = stringio_fini,
    .clear = stringio_clear,
    .traverse = qv_io_traverse,
    .next = stringio_next,
};
