// SPDX-License-Identifier: MIT
// BytesIO: a binary stream in memory; and the object behind getbuffer(), whose views keep the block
// in its place.
#include <string.h>
#include <unistd.h>

#include "modules/io/io.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"

typedef struct BytesIO {
    QvIoBase b;
    uint8_t *data; // block of cap bytes or NULL
    QvSsize len, cap;
    QvSsize pos;     // may be beyond len
    QvSsize exports; // views in existence: no resizing then
    bool closed;
} BytesIO;

typedef struct Window {
    QvObj h;
    QvObj *owner; // BytesIO
} Window;

static BytesIO *as_bytesio(QvObj *o) { return (BytesIO *)o; }

static int check_open(QvInterp *qi, const BytesIO *s)
{
    return s->closed ? qv_raise_int(qi, &qv_exc_ValueError, "I/O operation on closed file.") : 0;
}
static int check_exports(QvInterp *qi, const BytesIO *s)
{
    return s->exports ? qv_raise_int(qi, &qv_exc_BufferError,
                                     "Existing exports of data: object cannot be re-sized")
                      : 0;
}

static int resize(QvInterp *qi, BytesIO *s, QvSsize cap)
{
    if (cap == 0) {
        if (s->data) {
            qv_free(qi, s->data, (size_t)s->cap);
        }
        s->data = NULL;
        s->cap = 0;
        return 0;
    }
    uint8_t *p = s->data ? qv_realloc(qi, s->data, (size_t)s->cap, (size_t)cap)
                         : qv_alloc(qi, (size_t)cap);
    if (!p) {
        return -1;
    }
    s->data = p;
    s->cap = cap;
    return 0;
}

// Makes room for an end at `end`; fills a gap between the old end and pos with zeros.
static int make_room(QvInterp *qi, BytesIO *s, QvSsize end)
{
    if (end > s->cap) {
        QvSsize cap = end + (end >> 1) + 64;
        if (resize(qi, s, cap) < 0) {
            return -1;
        }
    }
    if (s->pos > s->len) {
        return qv_units_fill_long(qi, s->data + s->len, QV_STR_1, s->pos - s->len, 0);
    }
    return 0;
}

static QvObj *take(QvInterp *qi, BytesIO *s, QvSsize n)
{
    QvSsize left = s->pos < s->len ? s->len - s->pos : 0;
    n = n < 0 || n > left ? left : n;
    QvObj *data = qv_bytes_new(qi, n ? s->data + s->pos : NULL, n);
    if (data) {
        s->pos += n;
    }
    return data;
}

QvObj *qv_bytesio_read(QvInterp *qi, QvObj *o, QvSsize n)
{
    return check_open(qi, as_bytesio(o)) < 0 ? NULL : take(qi, as_bytesio(o), n);
}

QV_IO_METHOD(bytesio_read)
{
    (void)nargs;
    QvSsize n;
    if (check_open(qi, as_bytesio(self)) < 0 || qv_io_size_arg(qi, args[0], -1, &n) < 0) {
        return NULL;
    }
    return take(qi, as_bytesio(self), n);
}

// Bytes to the end of the line, at most limit (-1: any); -1 with an exception.
static QvSsize line_length(QvInterp *qi, const BytesIO *s, QvSsize limit)
{
    QvSsize left = s->pos < s->len ? s->len - s->pos : 0;
    if (left == 0) {
        return 0;
    }
    left = limit >= 0 && limit < left ? limit : left;
    const uint8_t *p = s->data + s->pos;
    static const uint8_t newline = '\n';
    QvSsize at = qv_units_find_long(qi, p, QV_STR_1, left, &newline, QV_STR_1, 1, false);
    return at >= 0 ? at + 1 : at == -2 ? -1 : left;
}

QV_IO_METHOD(bytesio_readline)
{
    (void)nargs;
    QvSsize limit;
    BytesIO *s = as_bytesio(self);
    if (check_open(qi, s) < 0 || qv_io_size_arg(qi, args[0], -1, &limit) < 0) {
        return NULL;
    }
    QvSsize n = line_length(qi, s, limit);
    return n < 0 ? NULL : take(qi, s, n);
}

static QvObj *bytesio_next(QvInterp *qi, QvObj *self)
{
    BytesIO *s = as_bytesio(self);
    if (check_open(qi, s) < 0) {
        return NULL;
    }
    QvSsize n = line_length(qi, s, -1);
    return n <= 0 ? NULL : take(qi, s, n);
}

QV_IO_METHOD(bytesio_readinto)
{
    (void)nargs;
    BytesIO *s = as_bytesio(self);
    QvBufferView view;
    if (check_open(qi, s) < 0 || qv_io_writable_buffer(qi, args[0], "readinto", &view) < 0) {
        return NULL;
    }
    QvSsize left = s->pos < s->len ? s->len - s->pos : 0;
    QvSsize n = view.len < left ? view.len : left;
    int r = n ? qv_units_move_long(qi, view.buf, s->data + s->pos, n) : 0;
    s->pos += r == 0 ? n : 0;
    qv_buffer_release(qi, &view);
    return r < 0 ? NULL : qv_int_from_i64(qi, n);
}

static QvSsize write_object(QvInterp *qi, BytesIO *s, QvObj *o)
{
    QvBufferView view;
    if (check_open(qi, s) < 0 || check_exports(qi, s) < 0 ||
        qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    QvSsize n = view.len;
    // Taking the buffer may have run code that closed or exported this object.
    int status = check_open(qi, s) < 0 || check_exports(qi, s) < 0 ? -1 : 0;
    if (status == 0 && n > PTRDIFF_MAX / 2 - s->pos) {
        qv_raise(qi, &qv_exc_OverflowError, "new buffer size too large");
        status = -1;
    }
    if (status == 0 && n > 0) {
        status = make_room(qi, s, s->pos + n);
        status = status == 0 ? qv_bytes_put(qi, s->data + s->pos, view.buf, n) : status;
        if (status == 0) {
            s->pos += n;
            s->len = s->pos > s->len ? s->pos : s->len;
        }
    }
    qv_buffer_release(qi, &view);
    return status < 0 ? -1 : n;
}

QV_IO_METHOD(bytesio_write)
{
    (void)nargs;
    QvSsize n = write_object(qi, as_bytesio(self), args[0]);
    return n < 0 ? NULL : qv_int_from_i64(qi, n);
}

QV_IO_METHOD(bytesio_writelines)
{
    (void)nargs;
    if (check_open(qi, as_bytesio(self)) < 0) {
        return NULL;
    }
    QvObj *it = qv_iter(qi, args[0]);
    QvObj *item;
    for (QvSsize i = 0; it && (item = qv_next(qi, it)) != NULL; i++) {
        QvSsize n = qv_poll_step(qi, i) < 0 ? -1 : write_object(qi, as_bytesio(self), item);
        qv_decref(qi, item);
        if (n < 0) {
            break;
        }
    }
    qv_xdecref(qi, it);
    return qv_err_occurred(qi) ? NULL : QV_NONE;
}

QV_IO_METHOD(bytesio_seek)
{
    (void)nargs;
    BytesIO *s = as_bytesio(self);
    QvSsize pos, whence = 0;
    if (check_open(qi, s) < 0 || qv_index_ssize(qi, args[0], &pos, &qv_exc_OverflowError) < 0 ||
        (args[1] && qv_index_ssize(qi, args[1], &whence, &qv_exc_OverflowError) < 0)) {
        return NULL;
    }
    if (pos < 0 && whence == SEEK_SET) {
        return qv_raise(qi, &qv_exc_ValueError, "negative seek value %zd", pos);
    }
    if (whence < 0 || whence > 2) {
        return qv_raise(qi, &qv_exc_ValueError, "invalid whence (%d, should be 0, 1 or 2)",
                        (int)whence);
    }
    QvSsize from = whence == SEEK_CUR ? s->pos : whence == SEEK_END ? s->len : 0;
    if (pos > PTRDIFF_MAX - from) {
        return qv_raise(qi, &qv_exc_OverflowError, "new position too large");
    }
    s->pos = from + pos < 0 ? 0 : from + pos;
    return qv_int_from_i64(qi, s->pos);
}

QV_IO_METHOD(bytesio_tell)
{
    (void)args, (void)nargs;
    return check_open(qi, as_bytesio(self)) < 0 ? NULL : qv_int_from_i64(qi, as_bytesio(self)->pos);
}

QV_IO_METHOD(bytesio_truncate)
{
    (void)nargs;
    BytesIO *s = as_bytesio(self);
    QvSsize size = s->pos;
    if (check_open(qi, s) < 0 || check_exports(qi, s) < 0 ||
        qv_io_size_arg(qi, args[0], s->pos, &size) < 0) {
        return NULL;
    }
    if (size < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "negative size value %zd", size);
    }
    if (size < s->len) {
        s->len = size;
        if (resize(qi, s, size) < 0) {
            return NULL;
        }
    }
    return qv_int_from_i64(qi, size);
}

QV_IO_METHOD(bytesio_getvalue)
{
    (void)args, (void)nargs;
    BytesIO *s = as_bytesio(self);
    return check_open(qi, s) < 0 ? NULL
                                 : qv_bytes_new(qi, s->len ? s->data : (const uint8_t *)"", s->len);
}

QV_IO_METHOD(bytesio_getbuffer)
{
    (void)args, (void)nargs;
    if (check_open(qi, as_bytesio(self)) < 0) {
        return NULL;
    }
    Window *w = (Window *)qv_obj_new(qi, &qv_io_bytesiobuf_type);
    if (!w) {
        return NULL;
    }
    w->owner = qv_new_ref(qi, self);
    QvObj *view = qv_memoryview_new(qi, (QvObj *)w);
    qv_decref(qi, (QvObj *)w);
    return view;
}

QV_IO_METHOD(bytesio_close)
{
    (void)args, (void)nargs;
    BytesIO *s = as_bytesio(self);
    if (check_exports(qi, s) < 0) {
        return NULL;
    }
    resize(qi, s, 0);
    s->len = s->pos = 0;
    s->closed = true;
    return QV_NONE;
}

QV_IO_METHOD(bytesio_flush)
{
    (void)args, (void)nargs;
    return check_open(qi, as_bytesio(self)) < 0 ? NULL : QV_NONE;
}
QV_IO_METHOD(bytesio_true)
{
    (void)args, (void)nargs;
    return check_open(qi, as_bytesio(self)) < 0 ? NULL : QV_TRUE;
}
QV_IO_METHOD(bytesio_isatty)
{
    (void)args, (void)nargs;
    return check_open(qi, as_bytesio(self)) < 0 ? NULL : QV_FALSE;
}

static QvObj *bytesio_closed(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_bytesio(o)->closed);
}

QV_IO_METHOD(bytesio_getstate)
{
    QvObj *value = bytesio_getvalue(qi, self, args, nargs);
    QvObj *pos = value ? qv_int_from_i64(qi, as_bytesio(self)->pos) : NULL;
    QvObj *dict = as_bytesio(self)->b.dict ? qv_dict_copy(qi, as_bytesio(self)->b.dict) : QV_NONE;
    QvObj *state = value && pos && dict ? qv_tuple_of(qi, 3, value, pos, dict) : NULL;
    qv_xdecref(qi, value);
    qv_xdecref(qi, pos);
    qv_xdecref(qi, dict);
    return state;
}

QV_IO_METHOD(bytesio_setstate)
{
    (void)nargs;
    BytesIO *s = as_bytesio(self);
    QvObj *state = args[0];
    if (!qv_is_tuple(state) || qv_tuple_len(state) < 3) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "%.200N.__setstate__ argument should be 3-tuple, got %.200T", self->type,
                        state);
    }
    if (check_exports(qi, s) < 0) {
        return NULL;
    }
    s->len = s->pos = 0;
    if (write_object(qi, s, qv_tuple_peek(state, 0)) < 0) {
        return NULL;
    }
    QvObj *pos = qv_tuple_peek(state, 1), *dict = qv_tuple_peek(state, 2);
    if (!qv_is_int(pos)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "second item of state must be an integer, not %.200T", pos);
    }
    QvSsize at;
    if (qv_int_to_ssize(qi, pos, &at) < 0) {
        return NULL;
    }
    if (at < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "position value cannot be negative");
    }
    s->pos = at;
    if (dict != QV_NONE) {
        if (!qv_is_dict(dict)) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "third item of state should be a dict, got a %.200T", dict);
        }
        if (!s->b.dict) {
            s->b.dict = qv_new_ref(qi, dict);
        } else if (qv_dict_update(qi, s->b.dict, dict) < 0) {
            return NULL;
        }
    }
    return QV_NONE;
}

QV_IO_METHOD(bytesio_sizeof)
{
    (void)args, (void)nargs;
    return qv_int_from_i64(qi, (int64_t)sizeof(BytesIO) + as_bytesio(self)->cap);
}

static QvObj *bytesio_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type);
}

static int bytesio_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvObj *slot[1];
    BytesIO *s = as_bytesio(self);
    if (qv_args(qi, "BytesIO(initial_bytes=b'')", args, nargs, kwnames, slot) < 0 ||
        check_exports(qi, s) < 0) {
        return -1;
    }
    s->len = s->pos = 0;
    s->closed = false;
    if (slot[0] && slot[0] != QV_NONE && write_object(qi, s, slot[0]) < 0) {
        return -1;
    }
    s->pos = 0;
    return 0;
}

static void bytesio_fini(QvInterp *qi, QvObj *o)
{
    BytesIO *s = as_bytesio(o);
    resize(qi, s, 0);
    s->len = 0;
    qv_clear(qi, &s->b.dict);
}
static void bytesio_clear(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_bytesio(o)->b.dict); }

static const QvNativeDef bytesio_methods[] = {
    {"readable", bytesio_true, "($self, /)", "Returns True if the IO object can be read."},
    {"seekable", bytesio_true, "($self, /)", "Returns True if the IO object can be seeked."},
    {"writable", bytesio_true, "($self, /)", "Returns True if the IO object can be written."},
    {"close", bytesio_close, "($self, /)", "Disable all I/O operations."},
    {"flush", bytesio_flush, "($self, /)", "Does nothing."},
    {"isatty", bytesio_isatty, "($self, /)", "Always returns False."},
    {"tell", bytesio_tell, "($self, /)", "Current file position, an integer."},
    {"write", bytesio_write, "($self, b, /)",
     "Write bytes to file.\n\nReturn the number of bytes written."},
    {"writelines", bytesio_writelines, "($self, lines, /)", "Write lines to the file."},
    {"read1", bytesio_read, "($self, size=-1, /)",
     "Read at most size bytes, returned as a bytes object."},
    {"readinto", bytesio_readinto, "($self, buffer, /)", "Read bytes into buffer."},
    {"readline", bytesio_readline, "($self, size=-1, /)",
     "Next line from the file, as a bytes object."},
    {"read", bytesio_read, "($self, size=-1, /)",
     "Read at most size bytes, returned as a bytes object."},
    {"getbuffer", bytesio_getbuffer, "($self, /)",
     "Get a read-write view over the contents of the BytesIO object."},
    {"getvalue", bytesio_getvalue, "($self, /)",
     "Retrieve the entire contents of the BytesIO object."},
    {"seek", bytesio_seek, "($self, pos, whence=0, /)", "Change stream position."},
    {"truncate", bytesio_truncate, "($self, size=None, /)",
     "Truncate the file to at most size bytes."},
    {"__getstate__", bytesio_getstate, "($self, /)", NULL},
    {"__setstate__", bytesio_setstate, "($self, state, /)", NULL},
    {"__sizeof__", bytesio_sizeof, "($self, /)", NULL},
    {0},
};
static const QvGetSet bytesio_getsets[] = {
    {"closed", bytesio_closed, NULL, "True if the file is closed."}, {0}};

QV_SEALED QvType qv_io_bytesio_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io.BytesIO",
    .id = QV_TID_io_bytesio,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_io_bufferediobase_type,
    .size = sizeof(BytesIO),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "BytesIO(initial_bytes=b'')\n--\n\nBuffered I/O implementation using an in-memory bytes "
           "buffer.",
    .methods = bytesio_methods,
    .getsets = bytesio_getsets,
    .new_ = bytesio_new,
    .init = bytesio_init,
    .fini = bytesio_fini,
    .clear = bytesio_clear,
    .traverse = qv_io_traverse,
    .next = bytesio_next,
};

// ---- getbuffer() --------------------------------------------------------------------------------

static int window_buffer(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags)
{
    (void)flags;
    BytesIO *s = as_bytesio(((Window *)o)->owner);
    s->exports++;
    *view = (QvBufferView){
        .obj = qv_new_ref(qi, o),
        .buf = s->data ? (void *)s->data : (void *)(uintptr_t) "", // empty: nothing can be written
                                                                   // there
        .len = s->len,
        .itemsize = 1,
        .ndim = 1,
    };
    return 0;
}
static void window_release(QvInterp *qi, QvObj *o, QvBufferView *view)
{
    (void)qi, (void)view;
    as_bytesio(((Window *)o)->owner)->exports--;
}
static void window_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((Window *)o)->owner); }
static int window_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((Window *)o)->owner);
    return 0;
}

QV_SEALED QvType qv_io_bytesiobuf_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io._BytesIOBuffer",
    .id = QV_TID_io_bytesiobuf,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Window),
    .fini = window_fini,
    .traverse = window_traverse,
    .buffer = window_buffer,
    .buffer_release = window_release,
};
