// SPDX-License-Identifier: MIT
// The base classes of _io: _IOBase with its mixin methods, _RawIOBase, _BufferedIOBase,
// _TextIOBase.
#include <string.h>

#include "modules/io/io.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/dictattr.h"
#include "object/exception.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"

// ---- shared helpers -----------------------------------------------------------------------------

QvObj *qv_io_unsupported(QvInterp *qi, const char *text)
{
    QvObj *io = qv_import(qi, "_io");
    QvObj *type = io ? qv_getattr(qi, io, QV_N(UnsupportedOperation)) : NULL;
    QvObj *arg = type ? qv_str_new_cstr(qi, text) : NULL;
    QvObj *exc = arg ? qv_call1(qi, type, arg) : NULL;
    qv_xdecref(qi, io);
    qv_xdecref(qi, type);
    qv_xdecref(qi, arg);
    return exc ? qv_raise_exc(qi, exc) : NULL;
}

int qv_io_is_closed(QvInterp *qi, QvObj *o)
{
    QvObj *v = qv_getattr(qi, o, QV_N(closed));
    if (!v) {
        return -1;
    }
    int r = qv_is_true(qi, v);
    qv_decref(qi, v);
    return r;
}

int qv_io_check_closed(QvInterp *qi, QvObj *o)
{
    int closed = qv_io_is_closed(qi, o);
    if (closed > 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "I/O operation on closed file.");
    }
    return closed;
}

int qv_io_call_bool(QvInterp *qi, QvObj *o, QvObj *name)
{
    QvObj *v = qv_call_method0(qi, o, name);
    if (!v) {
        return -1;
    }
    int r = qv_is_true(qi, v);
    qv_decref(qi, v);
    return r;
}

void qv_io_chain(QvInterp *qi, QvObj *first)
{
    if (!first) {
        return;
    }
    if (qv_err_occurred(qi)) {
        qv_err_chain(qi, first);
    } else {
        qv_err_restore(qi, first);
    }
}

int qv_io_size_arg(QvInterp *qi, QvObj *o, QvSsize dflt, QvSsize *ret)
{
    *ret = dflt;
    if (!o || o == QV_NONE) {
        return 0;
    }
    if (!qv_is_int(o) && !o->type->index) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "argument should be integer or None, not '%.200T'", o);
    }
    return qv_index_ssize(qi, o, ret, &qv_exc_OverflowError);
}

int qv_io_writable_buffer(QvInterp *qi, QvObj *o, const char *func, QvBufferView *ret)
{
    if (qv_buffer_get(qi, o, ret, QV_BUF_WRITABLE) == 0) {
        return 0;
    }
    if (qv_err_matches(qi, &qv_exc_TypeError) || qv_err_matches(qi, &qv_exc_BufferError)) {
        qv_err_clear(qi);
        qv_raise(qi, &qv_exc_TypeError,
                 "%s() argument must be read-write bytes-like object, not %T", func, o);
    }
    return -1;
}

int qv_io_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvIoBase *)o)->dict);
    return 0;
}

QvObj *qv_io_iter_self(QvInterp *qi, QvObj *o)
{
    return qv_io_check_closed(qi, o) < 0 ? NULL : qv_new_ref(qi, o);
}

QvObj *qv_io_no_pickle(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_raise(qi, &qv_exc_TypeError, "cannot pickle '%.200N' object", self->type);
}

// An object nobody closed is closed now. What goes wrong is nobody's business any more: as in
// CPython, it is not told.
void qv_io_finalize(QvInterp *qi, QvObj *o)
{
    QvObj *pending = qv_err_fetch(qi);
    QvObj *v;
    int closed = 0;
    int has = qv_getattr_try(qi, o, QV_N(closed), &v);
    if (has < 0) {
        qv_err_clear(qi);
    } else if (has > 0) {
        closed = qv_is_true(qi, v);
        qv_decref(qi, v);
        if (closed < 0) {
            qv_err_clear(qi);
        }
    }
    if (closed == 0) {
        // close() tells a ResourceWarning only when it comes from here.
        if (qv_setattr(qi, o, QV_N(_finalizing), QV_TRUE) < 0) {
            qv_err_clear(qi);
        }
        v = qv_call_method0(qi, o, QV_N(close));
        if (v) {
            qv_decref(qi, v);
        } else {
            qv_err_clear(qi);
        }
    }
    qv_err_restore(qi, pending);
}

static void base_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((QvIoBase *)o)->dict); }

static QvObj *base_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type);
}

// ---- _IOBase ------------------------------------------------------------------------------------

// 1: closed, by what _IOBase.close remembers. A FileIO has a place for it that needs no __dict__.
static int own_closed(QvInterp *qi, QvObj *o)
{
    if (qv_is_fileio_exact(o)) {
        return ((QvFileIO *)o)->shut;
    }
    QvObj *v;
    int r = qv_getattr_try(qi, o, QV_N(__IOBase_closed), &v);
    if (r > 0) {
        qv_decref(qi, v);
    }
    return r;
}

static QvObj *base_closed(QvInterp *qi, QvObj *o)
{
    int r = own_closed(qi, o);
    return r < 0 ? NULL : qv_bool(r);
}

QV_IO_METHOD(base_seek)
{
    (void)self, (void)args, (void)nargs;
    return qv_io_unsupported(qi, "seek");
}
QV_IO_METHOD(base_truncate)
{
    (void)self, (void)args, (void)nargs;
    return qv_io_unsupported(qi, "truncate");
}
QV_IO_METHOD(base_fileno)
{
    (void)self, (void)args, (void)nargs;
    return qv_io_unsupported(qi, "fileno");
}
QV_IO_METHOD(base_tell)
{
    (void)args, (void)nargs;
    QvObj *zero = qv_int_from_i64(qi, 0), *one = qv_int_from_i64(qi, 1);
    QvObj *const a[2] = {zero, one};
    return qv_call_method(qi, self, QV_N(seek), a, 2);
}

QV_IO_METHOD(base_flush)
{
    (void)args, (void)nargs;
    int r = own_closed(qi, self);
    if (r > 0) {
        return qv_raise(qi, &qv_exc_ValueError, "I/O operation on closed file.");
    }
    return r < 0 ? NULL : QV_NONE;
}

QvObj *qv_io_base_close(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    int r = own_closed(qi, self);
    if (r != 0) {
        return r < 0 ? NULL : QV_NONE;
    }
    QvObj *flushed = qv_call_method0(qi, self, QV_N(flush));
    QvObj *failure = flushed ? NULL : qv_err_fetch(qi);
    qv_xdecref(qi, flushed);
    if (qv_is_fileio_exact(self)) {
        ((QvFileIO *)self)->shut = true;
    } else {
        r = qv_setattr(qi, self, QV_N(__IOBase_closed), QV_TRUE);
    }
    if (failure) {
        qv_io_chain(qi, failure);
        return NULL;
    }
    return r < 0 ? NULL : QV_NONE;
}

QV_IO_METHOD(base_false)
{
    (void)qi, (void)self, (void)args, (void)nargs;
    return QV_FALSE;
}

QV_IO_METHOD(base_isatty)
{
    (void)args, (void)nargs;
    return qv_io_check_closed(qi, self) < 0 ? NULL : QV_FALSE;
}

QV_IO_METHOD(base_check_closed)
{
    (void)args, (void)nargs;
    return qv_io_check_closed(qi, self) < 0 ? NULL : QV_NONE;
}

// self.<name>() must be True exactly.
static QvObj *check_able(QvInterp *qi, QvObj *self, QvObj *name, const char *text)
{
    QvObj *v = qv_call_method0(qi, self, name);
    if (!v) {
        return NULL;
    }
    bool yes = v == QV_TRUE;
    qv_decref(qi, v);
    return yes ? QV_TRUE : qv_io_unsupported(qi, text);
}
QV_IO_METHOD(base_check_seekable)
{
    (void)args, (void)nargs;
    return check_able(qi, self, QV_N(seekable), "File or stream is not seekable.");
}
QV_IO_METHOD(base_check_readable)
{
    (void)args, (void)nargs;
    return check_able(qi, self, QV_N(readable), "File or stream is not readable.");
}
QV_IO_METHOD(base_check_writable)
{
    (void)args, (void)nargs;
    return check_able(qi, self, QV_N(writable), "File or stream is not writable.");
}

QV_IO_METHOD(base_enter)
{
    (void)args, (void)nargs;
    return qv_io_check_closed(qi, self) < 0 ? NULL : qv_new_ref(qi, self);
}
QV_IO_METHOD(base_exit)
{
    (void)args, (void)nargs;
    return qv_call_method0(qi, self, QV_N(close));
}

// How many bytes to ask for so that the end of the line is not passed; -1 with an exception.
static QvSsize readahead(QvInterp *qi, QvObj *self, QvObj *peek, QvSsize limit, QvSsize have)
{
    if (!peek) {
        return 1;
    }
    QvObj *one = qv_int_from_i64(qi, 1);
    QvObj *ahead = qv_call1(qi, peek, one);
    (void)self;
    if (!ahead) {
        return -1;
    }
    if (!qv_is_bytes(ahead)) {
        qv_raise(qi, &qv_exc_OSError, "peek() should have returned a bytes object, not '%.200T'",
                 ahead);
        qv_decref(qi, ahead);
        return -1;
    }
    QvSsize n = qv_bytes_len(ahead);
    if (n > 0) {
        const uint8_t *p = qv_bytes_data(ahead);
        QvSsize most = limit >= 0 && limit - have < n ? limit - have : n;
        const uint8_t *end = memchr(p, '\n', (size_t)most);
        n = end ? end - p + 1 : most;
    } else {
        n = 1;
    }
    qv_decref(qi, ahead);
    return n;
}

QV_IO_METHOD(base_readline)
{
    (void)nargs;
    QvSsize limit;
    if (qv_io_size_arg(qi, args[0], -1, &limit) < 0) {
        return NULL;
    }
    QvObj *peek;
    if (qv_getattr_try(qi, self, QV_N(peek), &peek) <= 0) {
        if (qv_err_occurred(qi)) {
            return NULL;
        }
        peek = NULL;
    }
    QvObj *line = qv_bytearray_new(qi, NULL, 0);
    while (line && (limit < 0 || ((QvByteArray *)line)->len < limit)) {
        QvSsize have = ((QvByteArray *)line)->len;
        QvSsize n = readahead(qi, self, peek, limit, have);
        QvObj *size = n < 0 ? NULL : qv_int_from_i64(qi, n);
        QvObj *piece = size ? qv_call_method1(qi, self, QV_N(read), size) : NULL;
        qv_xdecref(qi, size);
        if (piece && !qv_is_bytes(piece)) {
            qv_raise(qi, &qv_exc_OSError,
                     "read() should have returned a bytes object, not '%.200T'", piece);
            qv_clear(qi, &piece);
        }
        if (!piece || qv_bytearray_resize(qi, line, have + qv_bytes_len(piece)) < 0) {
            qv_xdecref(qi, piece);
            qv_clear(qi, &line);
            break;
        }
        QvSsize got = qv_bytes_len(piece);
        if (got) {
            memcpy(((QvByteArray *)line)->data + have, qv_bytes_data(piece), (size_t)got);
        }
        qv_decref(qi, piece);
        if (got == 0 || ((QvByteArray *)line)->data[have + got - 1] == '\n') {
            break;
        }
    }
    QvObj *result = line ? qv_bytes_new(qi, ((QvByteArray *)line)->data, ((QvByteArray *)line)->len)
                         : NULL;
    qv_xdecref(qi, line);
    qv_xdecref(qi, peek);
    return result;
}

static QvObj *base_next(QvInterp *qi, QvObj *self)
{
    QvObj *line = qv_call_method0(qi, self, QV_N(readline));
    if (line) {
        QvSsize n = qv_len(qi, line);
        if (n <= 0) {
            qv_clear(qi, &line);
        }
    }
    return line;
}

QV_IO_METHOD(base_readlines)
{
    (void)nargs;
    QvSsize hint;
    if (qv_io_size_arg(qi, args[0], -1, &hint) < 0) {
        return NULL;
    }
    QvObj *list = qv_list_new(qi, 0);
    if (!list) {
        return NULL;
    }
    if (hint <= 0) {
        if (qv_list_extend(qi, list, self) < 0) {
            qv_clear(qi, &list);
        }
        return list;
    }
    QvObj *it = qv_iter(qi, self);
    QvSsize total = 0;
    QvObj *line;
    while (it && (line = qv_next(qi, it)) != NULL) {
        QvSsize n = qv_len(qi, line);
        if (qv_list_append_take(qi, list, line) < 0 || n < 0) {
            break;
        }
        total += n;
        if (total >= hint) {
            break;
        }
    }
    qv_xdecref(qi, it);
    if (qv_err_occurred(qi)) {
        qv_clear(qi, &list);
    }
    return list;
}

QV_IO_METHOD(base_writelines)
{
    (void)nargs;
    if (qv_io_check_closed(qi, self) < 0) {
        return NULL;
    }
    QvObj *it = qv_iter(qi, args[0]);
    QvObj *line;
    while (it && (line = qv_next(qi, it)) != NULL) {
        QvObj *r = qv_call_method1(qi, self, QV_N(write), line);
        qv_decref(qi, line);
        if (!r) {
            break;
        }
        qv_decref(qi, r);
    }
    qv_xdecref(qi, it);
    return qv_err_occurred(qi) ? NULL : QV_NONE;
}

static const QvNativeDef base_methods[] = {
    {"seek", base_seek, "($self, /, *args)", "Change stream position."},
    {"tell", base_tell, "($self, /)", "Return current stream position."},
    {"truncate", base_truncate, "($self, /, *args)", "Truncate file to size bytes."},
    {"flush", base_flush, "($self, /)", "Flush write buffers, if applicable."},
    {"close", qv_io_base_close, "($self, /)", "Flush and close the IO object."},
    {"seekable", base_false, "($self, /)", "Return whether object supports random access."},
    {"readable", base_false, "($self, /)", "Return whether object was opened for reading."},
    {"writable", base_false, "($self, /)", "Return whether object was opened for writing."},
    {"_checkClosed", base_check_closed, "($self, /, *args)", NULL},
    {"_checkSeekable", base_check_seekable, "($self, /, *args)", NULL},
    {"_checkReadable", base_check_readable, "($self, /, *args)", NULL},
    {"_checkWritable", base_check_writable, "($self, /, *args)", NULL},
    {"fileno", base_fileno, "($self, /)", "Returns underlying file descriptor if one exists."},
    {"isatty", base_isatty, "($self, /)", "Return whether this is an 'interactive' stream."},
    {"__enter__", base_enter, "($self, /)", NULL},
    {"__exit__", base_exit, "($self, /, *args)", NULL},
    {"readline", base_readline, "($self, size=-1, /)", "Read and return a line from the stream."},
    {"readlines", base_readlines, "($self, hint=-1, /)", "Return a list of lines from the stream."},
    {"writelines", base_writelines, "($self, lines, /)", "Write a list of lines to stream."},
    {0},
};

static const QvGetSet base_getsets[] = {
    {"__dict__", qv_dictattr_get, qv_dictattr_set, NULL},
    {"closed", base_closed, NULL, NULL},
    {0},
};

QV_SEALED QvType qv_io_iobase_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io._IOBase",
    .id = QV_TID_io_iobase,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvIoBase),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "The abstract base class for all I/O classes.",
    .methods = base_methods,
    .getsets = base_getsets,
    .new_ = base_new,
    .fini = base_fini,
    .clear = base_fini,
    .traverse = qv_io_traverse,
    .finalize = qv_io_finalize,
    .iter = qv_io_iter_self,
    .next = base_next,
};

// ---- _RawIOBase ---------------------------------------------------------------------------------

QV_IO_METHOD(raw_read)
{
    (void)nargs;
    QvSsize n;
    if (qv_io_size_arg(qi, args[0], -1, &n) < 0) {
        return NULL;
    }
    if (n < 0) {
        return qv_call_method0(qi, self, QV_N(readall));
    }
    QvObj *block = qv_bytearray_new(qi, NULL, n);
    if (!block) {
        return NULL;
    }
    memset(((QvByteArray *)block)->data, 0, (size_t)n);
    QvObj *got = qv_call_method1(qi, self, QV_N(readinto), block);
    QvObj *result = NULL;
    if (got == QV_NONE) {
        result = got;
    } else if (got) {
        QvSsize size;
        if (qv_index_ssize(qi, got, &size, &qv_exc_ValueError) == 0) {
            QvSsize len = ((QvByteArray *)block)->len;
            result = qv_bytes_new(qi, ((QvByteArray *)block)->data,
                                  size < 0     ? 0
                                  : size < len ? size
                                               : len);
        }
        qv_decref(qi, got);
    }
    qv_decref(qi, block);
    return result;
}

QV_IO_METHOD(raw_readall)
{
    (void)args, (void)nargs;
    QvObj *pieces = qv_list_new(qi, 0);
    QvObj *size = qv_int_from_i64(qi, QV_IO_BUFFER_SIZE);
    QvObj *result = NULL;
    while (pieces && size) {
        QvObj *piece = qv_call_method1(qi, self, QV_N(read), size);
        if (!piece) {
            break;
        }
        if (piece == QV_NONE && qv_list_len(pieces) == 0) {
            result = QV_NONE;
            break;
        }
        if (piece != QV_NONE && !qv_is_bytes(piece)) {
            qv_raise(qi, &qv_exc_TypeError, "read() should return bytes");
            qv_decref(qi, piece);
            break;
        }
        if (piece == QV_NONE || qv_bytes_len(piece) == 0) {
            qv_decref(qi, piece);
            QvObj *empty = qv_bytes_new(qi, NULL, 0);
            result = empty ? qv_bytes_join(qi, empty, pieces) : NULL;
            qv_xdecref(qi, empty);
            break;
        }
        if (qv_list_append_take(qi, pieces, piece) < 0) {
            break;
        }
    }
    qv_xdecref(qi, pieces);
    qv_xdecref(qi, size);
    return result;
}

// What a subclass has to provide.
QV_IO_METHOD(raw_missing)
{
    (void)self, (void)args, (void)nargs;
    return qv_raise_none(qi, &qv_exc_NotImplementedError);
}

static const QvNativeDef raw_methods[] = {
    {"readinto", raw_missing, "($self, /, *args)", NULL},
    {"write", raw_missing, "($self, /, *args)", NULL},
    {"read", raw_read, "($self, size=-1, /)", NULL},
    {"readall", raw_readall, "($self, /)", "Read until EOF, using multiple read() call."},
    {0},
};

QV_SEALED QvType qv_io_rawiobase_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io._RawIOBase",
    .id = QV_TID_io_rawiobase,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_io_iobase_type,
    .size = sizeof(QvIoBase),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "Base class for raw binary I/O.",
    .methods = raw_methods,
};

// ---- _BufferedIOBase ----------------------------------------------------------------------------

QV_IO_METHOD(buf_detach)
{
    (void)self, (void)args, (void)nargs;
    return qv_io_unsupported(qi, "detach");
}
QV_IO_METHOD(buf_read)
{
    (void)self, (void)args, (void)nargs;
    return qv_io_unsupported(qi, "read");
}
QV_IO_METHOD(buf_read1)
{
    (void)self, (void)args, (void)nargs;
    return qv_io_unsupported(qi, "read1");
}
QV_IO_METHOD(buf_write)
{
    (void)self, (void)args, (void)nargs;
    return qv_io_unsupported(qi, "write");
}

static QvObj *readinto_by(QvInterp *qi, QvObj *self, QvObj *target, QvObj *method, const char *func)
{
    QvBufferView view;
    if (qv_io_writable_buffer(qi, target, func, &view) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    QvObj *size = qv_int_from_i64(qi, view.len);
    QvObj *data = size ? qv_call_method1(qi, self, method, size) : NULL;
    qv_xdecref(qi, size);
    if (data && !qv_is_bytes(data)) {
        qv_raise(qi, &qv_exc_TypeError, "read() should return bytes");
    } else if (data && qv_bytes_len(data) > view.len) {
        qv_raise(qi, &qv_exc_ValueError,
                 "read() returned too much data: %zd bytes requested, %zd returned", view.len,
                 qv_bytes_len(data));
    } else if (data) {
        memcpy(view.buf, qv_bytes_data(data), (size_t)qv_bytes_len(data));
        result = qv_int_from_i64(qi, qv_bytes_len(data));
    }
    qv_xdecref(qi, data);
    qv_buffer_release(qi, &view);
    return result;
}
QV_IO_METHOD(buf_readinto)
{
    (void)nargs;
    return readinto_by(qi, self, args[0], QV_N(read), "readinto");
}
QV_IO_METHOD(buf_readinto1)
{
    (void)nargs;
    return readinto_by(qi, self, args[0], QV_N(read1), "readinto1");
}

static const QvNativeDef buf_methods[] = {
    {"detach", buf_detach, "($self, /)",
     "Disconnect this buffer from its underlying raw stream and return it."},
    {"read", buf_read, "($self, /, *args)", "Read and return up to n bytes."},
    {"read1", buf_read1, "($self, /, *args)",
     "Read and return up to n bytes, with at most one read() call."},
    {"write", buf_write, "($self, /, *args)", "Write the given buffer to the IO stream."},
    {"readinto", buf_readinto, "($self, buffer, /)", NULL},
    {"readinto1", buf_readinto1, "($self, buffer, /)", NULL},
    {0},
};

QV_SEALED QvType qv_io_bufferediobase_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io._BufferedIOBase",
    .id = QV_TID_io_bufferediobase,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_io_iobase_type,
    .size = sizeof(QvIoBase),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "Base class for buffered IO objects.",
    .methods = buf_methods,
};

// ---- _TextIOBase --------------------------------------------------------------------------------

QV_IO_METHOD(text_readline)
{
    (void)self, (void)args, (void)nargs;
    return qv_io_unsupported(qi, "readline");
}
static QvObj *text_none(QvInterp *qi, QvObj *o)
{
    (void)qi, (void)o;
    return QV_NONE;
}

static const QvNativeDef text_methods[] = {
    {"detach", buf_detach, "($self, /)",
     "Separate the underlying buffer from the TextIOBase and return it."},
    {"read", buf_read, "($self, /, *args)", "Read at most n characters from stream."},
    {"readline", text_readline, "($self, /, *args)", "Read until newline or EOF."},
    {"write", buf_write, "($self, /, *args)", "Write string to stream."},
    {0},
};
static const QvGetSet text_getsets[] = {
    {"encoding", text_none, NULL, "Encoding of the text stream."},
    {"newlines", text_none, NULL, "Line endings translated so far."},
    {"errors", text_none, NULL, "The error setting of the decoder or encoder."},
    {0},
};

QV_SEALED QvType qv_io_textiobase_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io._TextIOBase",
    .id = QV_TID_io_textiobase,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_io_iobase_type,
    .size = sizeof(QvIoBase),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "Base class for text I/O.",
    .methods = text_methods,
    .getsets = text_getsets,
};
