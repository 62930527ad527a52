// SPDX-License-Identifier: MIT
// BufferedRWPair: a reader and a writer, each with its own raw stream, seen as one object.
#include "modules/io/io.h"
#include "object/exception.h"
#include "object/gc.h"
#include "object/protocol.h"

typedef struct Pair {
    QvIoBase b;
    QvObj *reader, *writer; // BufferedReader and BufferedWriter, or NULL
} Pair;

static Pair *as_pair(QvObj *o) { return (Pair *)o; }

static QvObj *made(QvInterp *qi, QvType *type, QvObj *raw, QvObj *size)
{
    return size ? qv_call2(qi, &type->h, raw, size) : qv_call1(qi, &type->h, raw);
}

static int pair_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slot[3];
    if (qv_args(qi, "BufferedRWPair(reader, writer, buffer_size=8192, /)", args, nargs, kwnames,
                slot) < 0) {
        return -1;
    }
    static const char *const refusals[2] = {"File or stream is not readable.",
                                            "File or stream is not writable."};
    QvObj *const questions[2] = {QV_N(readable), QV_N(writable)};
    for (int k = 0; k < 2; k++) {
        int can = qv_io_call_bool(qi, slot[k], questions[k]);
        if (can <= 0) {
            if (can == 0) {
                qv_io_unsupported(qi, refusals[k]);
            }
            return -1;
        }
    }
    QvObj *reader = made(qi, &qv_io_bufferedreader_type, slot[0], slot[2]);
    QvObj *writer = reader ? made(qi, &qv_io_bufferedwriter_type, slot[1], slot[2]) : NULL;
    if (!writer) {
        qv_xdecref(qi, reader);
        return -1;
    }
    qv_set_take(qi, &as_pair(self)->reader, reader);
    qv_set_take(qi, &as_pair(self)->writer, writer);
    return 0;
}

static QvObj *pass(QvInterp *qi, QvObj *part, QvObj *name, QvObj *const *args, QvSsize nargs)
{
    if (!part) {
        return qv_raise(qi, &qv_exc_ValueError, "I/O operation on uninitialized object");
    }
    QvSsize given = nargs > 0 && args[0] ? 1 : 0;
    return qv_call_method(qi, part, name, args, given);
}

#define PASS(part, method) \
    QV_IO_METHOD(pair_##method) { return pass(qi, as_pair(self)->part, QV_N(method), args, nargs); }
PASS(reader, read)
PASS(reader, read1)
PASS(reader, peek)
PASS(reader, readinto)
PASS(reader, readinto1)
PASS(reader, readable)
PASS(writer, write)
PASS(writer, flush)
PASS(writer, writable)
#undef PASS

QV_IO_METHOD(pair_close)
{
    (void)args, (void)nargs;
    QvObj *r = pass(qi, as_pair(self)->writer, QV_N(close), NULL, 0);
    QvObj *failure = r ? NULL : qv_err_fetch(qi);
    qv_xdecref(qi, r);
    r = pass(qi, as_pair(self)->reader, QV_N(close), NULL, 0);
    if (failure) {
        qv_xdecref(qi, r);
        qv_io_chain(qi, failure);
        return NULL;
    }
    return r;
}

QV_IO_METHOD(pair_isatty)
{
    (void)args, (void)nargs;
    QvObj *r = pass(qi, as_pair(self)->writer, QV_N(isatty), NULL, 0);
    if (r != QV_FALSE) {
        return r;
    }
    return pass(qi, as_pair(self)->reader, QV_N(isatty), NULL, 0);
}

static QvObj *pair_closed(QvInterp *qi, QvObj *o)
{
    if (!as_pair(o)->writer) {
        return qv_raise(qi, &qv_exc_RuntimeError,
                        "the BufferedRWPair object is being garbage-collected");
    }
    return qv_getattr(qi, as_pair(o)->writer, QV_N(closed));
}

static QvObj *pair_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type);
}
static void pair_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_pair(o)->reader);
    qv_clear(qi, &as_pair(o)->writer);
    qv_clear(qi, &as_pair(o)->b.dict);
}
static int pair_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_pair(o)->reader);
    QV_VISIT(as_pair(o)->writer);
    return qv_io_traverse(o, visit, ctx);
}

static const QvNativeDef pair_methods[] = {
    {"read", pair_read, "($self, size=-1, /)", NULL},
    {"peek", pair_peek, "($self, size=0, /)", NULL},
    {"read1", pair_read1, "($self, size=-1, /)", NULL},
    {"readinto", pair_readinto, "($self, buffer, /)", NULL},
    {"readinto1", pair_readinto1, "($self, buffer, /)", NULL},
    {"write", pair_write, "($self, buffer, /)", NULL},
    {"flush", pair_flush, "($self, /)", NULL},
    {"readable", pair_readable, "($self, /)", NULL},
    {"writable", pair_writable, "($self, /)", NULL},
    {"close", pair_close, "($self, /)", NULL},
    {"isatty", pair_isatty, "($self, /)", NULL},
    {"__getstate__", qv_io_no_pickle, "($self, /)", NULL},
    {0},
};
static const QvGetSet pair_getsets[] = {{"closed", pair_closed, NULL, NULL}, {0}};

QV_SEALED QvType qv_io_bufferedrwpair_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io.BufferedRWPair",
    .id = QV_TID_io_bufferedrwpair,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_io_bufferediobase_type,
    .size = sizeof(Pair),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "A buffered reader and writer object together.",
    .methods = pair_methods,
    .getsets = pair_getsets,
    .new_ = pair_new,
    .init = pair_init,
    .fini = pair_fini,
    .clear = pair_fini,
    .traverse = pair_traverse,
};
