// SPDX-License-Identifier: MIT
// The module zlib: the system's zlib, with its memory in the interpreter's heap.
//
// Streams work without the interpreter's lock; a gate keeps other threads off the object meanwhile.
// zlib allocates when a stream is made or copied, and inflate once more when it has its first
// output: those calls are made with the lock held.
#include <limits.h>
#include <string.h>
#include <zlib.h>

#include "modules/gate.h"
#include "modules/modules.h"
#include "object/bytes.h"
#include "object/bytes_methods.h"
#include "object/descr.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/type_ids.h"

#define MEM_LEVEL 8         // zlib's default
#define BUFFER    16384     // first size of an output buffer
#define STEP_MAX  (1 << 20) // most bytes of input between two looks at the poll flag

typedef struct State {
    QvObj *error; // zlib.error
} State;

static QvObj *error_type(QvInterp *qi)
{
    State *s = qv_modules_state(qi, &qv_module_zlib);
    return s ? s->error : NULL;
}

// zlib.error for a result of zlib. Always NULL.
static QvObj *fail(QvInterp *qi, const z_stream *z, int code, const char *doing)
{
    QvObj *type = error_type(qi);
    const char *text = NULL;
    if (code == Z_VERSION_ERROR) {
        text = "library version mismatch";
    }
    if (!text) {
        text = z->msg;
    }
    if (!text) {
        text = code == Z_BUF_ERROR      ? "incomplete or truncated stream"
               : code == Z_STREAM_ERROR ? "inconsistent stream state"
               : code == Z_DATA_ERROR   ? "invalid input data"
                                        : NULL;
    }
    if (!type) {
        return NULL;
    }
    return text ? qv_raise(qi, (QvType *)type, "Error %d %s: %.200s", code, doing, text)
                : qv_raise(qi, (QvType *)type, "Error %d %s", code, doing);
}

static QvObj *fail_text(QvInterp *qi, const char *text)
{
    QvObj *type = error_type(qi);
    return type ? qv_raise(qi, (QvType *)type, "%s", text) : NULL;
}

// ---- memory -------------------------------------------------------------------------------------

// zlib gives no size back: it stands before each block.
static voidpf z_alloc(voidpf opaque, uInt items, uInt size)
{
    QvInterp *qi = opaque;
    size_t n = (size_t)items * size + 16;
    char *p = qv_heap_alloc(&qi->heap, n);
    if (!p) {
        return Z_NULL;
    }
    memcpy(p, &n, sizeof n);
    return p + 16;
}

static void z_free(voidpf opaque, voidpf p)
{
    QvInterp *qi = opaque;
    char *block = (char *)p - 16;
    size_t n;
    memcpy(&n, block, sizeof n);
    qv_heap_free(&qi->heap, block, n);
}

static void stream_init(QvInterp *qi, z_stream *z)
{
    *z = (z_stream){.zalloc = z_alloc, .zfree = z_free, .opaque = qi};
}

// ---- arguments ----------------------------------------------------------------------------------

// A C int; missing is dflt. 0/-1.
static int int_arg(QvInterp *qi, QvObj *o, int dflt, int *ret)
{
    QvSsize n = dflt;
    if (o && qv_index_ssize(qi, o, &n, NULL) < 0) {
        return -1;
    }
    if (n != (int)n) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    *ret = (int)n;
    return 0;
}

static int size_arg(QvInterp *qi, QvObj *o, QvSsize dflt, QvSsize *ret)
{
    *ret = dflt;
    QvObj *n = o ? qv_index(qi, o) : NULL;
    int status = !o ? 0 : n ? qv_int_to_ssize(qi, n, ret) : -1;
    qv_xdecref(qi, n);
    return status;
}

// ---- one run of a stream ------------------------------------------------------------------------

typedef int (*StepFn)(z_stream *z, int flush);

static int step_deflate(z_stream *z, int flush) { return deflate(z, flush); }
static int step_inflate(z_stream *z, int flush) { return inflate(z, flush); }

// Output that grows: a bytes object of which `used` bytes are filled.
typedef struct Out {
    QvObj *bytes;
    QvSsize used;
    QvSsize max; // no more than this; PTRDIFF_MAX: no bound
} Out;

static int out_init(QvInterp *qi, Out *o, QvSsize first, QvSsize max)
{
    *o = (Out){.max = max};
    o->bytes = qv_bytes_new(qi, NULL, first < 1 ? 1 : first > max ? max : first);
    return o->bytes ? 0 : -1;
}

// Room for more, or none when the bound is reached. 0/-1.
static int out_room(QvInterp *qi, Out *o, z_stream *z)
{
    QvSsize have = qv_bytes_len(o->bytes);
    if (o->used == have && have < o->max) {
        QvSsize want = have > o->max / 2 ? o->max : have * 2;
        if (want == o->max && o->max == PTRDIFF_MAX) {
            qv_raise_oom(qi);
            return -1;
        }
        if (qv_bytes_resize(qi, &o->bytes, want) < 0) {
            return -1;
        }
        have = want;
    }
    QvSsize room = have - o->used;
    z->avail_out = room > (QvSsize)STEP_MAX ? STEP_MAX : (uInt)room;
    z->next_out = qv_bytes_data(o->bytes) + o->used;
    return 0;
}

static QvObj *out_take(QvInterp *qi, Out *o)
{
    if (o->bytes) {
        qv_bytes_resize(qi, &o->bytes, o->used);
    }
    return o->bytes;
}

// Feeds *p (*n bytes) to the stream until it is used up, the output is full, or zlib says stop.
// The last piece is given with `flush`. Returns zlib's last code; -100 with an exception.
#define RUN_FAILED (-100)
static int run(QvInterp *qi, z_stream *z, StepFn step, const uint8_t **p, QvSsize *n, int flush,
               Out *out)
{
    int code = Z_OK;
    z->avail_in = 0;
    while (true) {
        if (z->avail_in == 0) {
            QvSsize piece = *n > STEP_MAX ? STEP_MAX : *n;
            z->next_in = (Bytef *)(uintptr_t)*p;
            z->avail_in = (uInt)piece;
            *p += piece;
            *n -= piece;
        }
        if (out_room(qi, out, z) < 0) {
            return RUN_FAILED;
        }
        uInt room = z->avail_out;
        if (room == 0) { // the bound
            break;
        }
        bool unlock = z->total_out > 0 && (z->avail_in >= QV_UNLOCK_MIN || room >= BUFFER);
        if (unlock) {
            qv_unlocked_begin(qi);
        }
        code = step(z, *n == 0 ? flush : Z_NO_FLUSH);
        if (unlock) {
            qv_unlocked_end(qi);
        }
        out->used += room - z->avail_out;
        if (code == Z_STREAM_END || (code != Z_OK && code != Z_BUF_ERROR)) {
            break;
        }
        if (qv_poll_here(qi) < 0) {
            code = RUN_FAILED;
            break;
        }
        if (z->avail_out != 0 && z->avail_in == 0 && *n == 0) {
            break; // all is in, and all that comes of it is out
        }
    }
    *p -= z->avail_in; // what was not used
    *n += z->avail_in;
    z->avail_in = 0;
    z->next_in = NULL;
    return code;
}

// ---- compress and decompress --------------------------------------------------------------------

static QvObj *mod_compress(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int level, wbits;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    z_stream z;
    stream_init(qi, &z);
    if (int_arg(qi, args[1], Z_DEFAULT_COMPRESSION, &level) < 0 ||
        int_arg(qi, args[2], MAX_WBITS, &wbits) < 0) {
        goto done;
    }
    int code = deflateInit2(&z, level, Z_DEFLATED, wbits, MEM_LEVEL, Z_DEFAULT_STRATEGY);
    if (code == Z_MEM_ERROR) {
        qv_raise(qi, &qv_exc_MemoryError, "Out of memory while compressing data");
    } else if (code == Z_STREAM_ERROR) {
        fail_text(qi, "Bad compression level");
    } else if (code != Z_OK) {
        fail(qi, &z, code, "while compressing data");
        deflateEnd(&z);
    } else {
        Out out;
        const uint8_t *p = view.buf;
        QvSsize n = view.len;
        if (out_init(qi, &out, BUFFER, PTRDIFF_MAX) == 0) {
            code = run(qi, &z, step_deflate, &p, &n, Z_FINISH, &out);
            ret = out_take(qi, &out);
            if (code != Z_STREAM_END) {
                qv_clear(qi, &ret);
                if (code != RUN_FAILED) {
                    fail(qi, &z, code, "while compressing data");
                }
            }
        }
        code = deflateEnd(&z);
        if (ret && code != Z_OK) {
            qv_clear(qi, &ret);
            fail(qi, &z, code, "while finishing compression");
        }
    }
done:
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *mod_decompress(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int wbits = MAX_WBITS;
    QvSsize bufsize;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    z_stream z;
    stream_init(qi, &z);
    if (int_arg(qi, args[1], MAX_WBITS, &wbits) < 0 ||
        size_arg(qi, args[2], BUFFER, &bufsize) < 0) {
        goto done;
    }
    if (bufsize < 0) {
        qv_raise(qi, &qv_exc_ValueError, "bufsize must be non-negative");
        goto done;
    }
    int code = inflateInit2(&z, wbits);
    if (code == Z_MEM_ERROR) {
        qv_raise(qi, &qv_exc_MemoryError, "Out of memory while decompressing data");
        goto done;
    }
    if (code != Z_OK) {
        fail(qi, &z, code, "while preparing to decompress data");
        inflateEnd(&z);
        goto done;
    }
    Out out;
    const uint8_t *p = view.buf;
    QvSsize n = view.len;
    if (out_init(qi, &out, bufsize, PTRDIFF_MAX) == 0) {
        code = run(qi, &z, step_inflate, &p, &n, Z_SYNC_FLUSH, &out);
        ret = out_take(qi, &out);
        if (code != Z_STREAM_END) {
            qv_clear(qi, &ret);
            if (code == Z_MEM_ERROR) {
                qv_raise(qi, &qv_exc_MemoryError, "Out of memory while decompressing data");
            } else if (code != RUN_FAILED) {
                fail(qi, &z, code == Z_OK ? Z_BUF_ERROR : code, "while decompressing data");
            }
        }
    }
    code = inflateEnd(&z);
    if (ret && code != Z_OK) {
        qv_clear(qi, &ret);
        fail(qi, &z, code, "while finishing decompression");
    }
done:
    qv_buffer_release(qi, &view);
    return ret;
}

// ---- stream objects -----------------------------------------------------------------------------

typedef struct Stream {
    QvObj h;
    z_stream z; // inside the gate
    QvGate gate;
    bool live;            // z is initialised
    bool eof;             // Decompress: the end of the stream was seen
    QvObj *unused, *tail; // Decompress: bytes
    QvObj *zdict;         // or NULL
} Stream;

static Stream *as_stream(QvObj *o) { return (Stream *)o; }

static void stream_end(QvInterp *qi, Stream *s)
{
    (void)qi;
    if (s->live) {
        s->live = false;
        if (s->h.type == &qv_zlib_compress_type) {
            deflateEnd(&s->z);
        } else {
            inflateEnd(&s->z);
        }
    }
}

static void stream_fini(QvInterp *qi, QvObj *o)
{
    stream_end(qi, as_stream(o));
    qv_clear(qi, &as_stream(o)->unused);
    qv_clear(qi, &as_stream(o)->tail);
    qv_clear(qi, &as_stream(o)->zdict);
}

static int stream_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_stream(o)->zdict);
    return 0;
}

static Stream *stream_new(QvInterp *qi, QvType *type)
{
    Stream *s = (Stream *)qv_obj_new(qi, type);
    if (!s) {
        return NULL;
    }
    stream_init(qi, &s->z);
    s->unused = qv_bytes_new(qi, "", 0);
    s->tail = s->unused ? qv_bytes_new(qi, "", 0) : NULL;
    if (!s->tail) {
        qv_decref(qi, &s->h);
        return NULL;
    }
    return s;
}

// After init: NULL and the exception of a bad code, or s.
static QvObj *check_init(QvInterp *qi, Stream *s, int code, const char *doing)
{
    s->live = code == Z_OK;
    if (code == Z_OK) {
        return &s->h;
    }
    if (code == Z_MEM_ERROR) {
        qv_raise(qi, &qv_exc_MemoryError, "Can't allocate memory for %scompression object",
                 s->h.type == &qv_zlib_compress_type ? "" : "de");
    } else if (code == Z_STREAM_ERROR) {
        qv_raise(qi, &qv_exc_ValueError, "Invalid initialization option");
    } else {
        fail(qi, &s->z, code, doing);
    }
    qv_decref(qi, &s->h);
    return NULL;
}

static QvObj *mod_compressobj(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int level, method, wbits, mem, strategy;
    QvBufferView view = {0};
    if (int_arg(qi, args[0], Z_DEFAULT_COMPRESSION, &level) < 0 ||
        int_arg(qi, args[1], Z_DEFLATED, &method) < 0 ||
        int_arg(qi, args[2], MAX_WBITS, &wbits) < 0 || int_arg(qi, args[3], MEM_LEVEL, &mem) < 0 ||
        int_arg(qi, args[4], Z_DEFAULT_STRATEGY, &strategy) < 0 ||
        (args[5] && args[5] != QV_NONE && qv_buffer_get(qi, args[5], &view, QV_BUF_SIMPLE) < 0)) {
        return NULL;
    }
    QvObj *ret = NULL;
    Stream *s = NULL;
    if (view.obj && view.len > UINT_MAX) {
        qv_raise(qi, &qv_exc_OverflowError, "zdict length does not fit in an unsigned int");
    } else {
        s = stream_new(qi, &qv_zlib_compress_type);
    }
    if (s) {
        int code = deflateInit2(&s->z, level, method, wbits, mem, strategy);
        ret = check_init(qi, s, code, "while creating compression object");
    }
    if (ret && view.obj) {
        int code = deflateSetDictionary(&s->z, view.buf, (uInt)view.len);
        if (code != Z_OK) {
            qv_clear(qi, &ret);
            code == Z_STREAM_ERROR ? qv_raise(qi, &qv_exc_ValueError, "Invalid dictionary")
                                   : qv_raise(qi, &qv_exc_ValueError, "deflateSetDictionary()");
        }
    }
    qv_buffer_release(qi, &view);
    return ret;
}

// Gives the dictionary to a decompressor. 0/-1.
static int set_zdict(QvInterp *qi, Stream *s)
{
    QvBufferView view;
    if (qv_buffer_get(qi, s->zdict, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    int code = Z_OK;
    if (view.len > UINT_MAX) {
        qv_buffer_release(qi, &view);
        return qv_raise_int(qi, &qv_exc_OverflowError,
                            "zdict length does not fit in an unsigned int");
    }
    code = inflateSetDictionary(&s->z, view.buf, (uInt)view.len);
    qv_buffer_release(qi, &view);
    if (code != Z_OK) {
        fail(qi, &s->z, code, "while setting zdict");
        return -1;
    }
    return 0;
}

static QvObj *mod_decompressobj(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int wbits = MAX_WBITS;
    if (int_arg(qi, args[0], MAX_WBITS, &wbits) < 0) {
        return NULL;
    }
    if (args[1] && !qv_has_buffer(args[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "zdict argument must support the buffer protocol");
    }
    Stream *s = stream_new(qi, &qv_zlib_decompress_type);
    if (!s) {
        return NULL;
    }
    s->zdict = qv_xnew_ref(qi, args[1]);
    int code = inflateInit2(&s->z, wbits);
    QvObj *ret = check_init(qi, s, code, "while creating decompression object");
    if (ret && s->zdict && wbits < 0 && set_zdict(qi, s) < 0) { // raw: nothing will ask for it
        qv_clear(qi, &ret);
    }
    return ret;
}

// ---- Compress -----------------------------------------------------------------------------------

static QvObj *compress_compress(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Stream *s = as_stream(self);
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    Out out;
    const uint8_t *p = view.buf;
    QvSsize n = view.len;
    qv_gate_enter(qi, &s->gate);
    if (out_init(qi, &out, BUFFER, PTRDIFF_MAX) == 0) {
        int code = run(qi, &s->z, step_deflate, &p, &n, Z_NO_FLUSH, &out);
        ret = out_take(qi, &out);
        if (code != Z_OK && code != Z_BUF_ERROR) {
            qv_clear(qi, &ret);
            if (code != RUN_FAILED) {
                fail(qi, &s->z, code, "while compressing data");
            }
        }
    }
    qv_gate_leave(&s->gate);
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *compress_flush(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Stream *s = as_stream(self);
    int mode = Z_FINISH;
    if (int_arg(qi, args[0], Z_FINISH, &mode) < 0) {
        return NULL;
    }
    if (mode == Z_NO_FLUSH) {
        return qv_bytes_new(qi, "", 0);
    }
    QvObj *ret = NULL;
    Out out;
    const uint8_t *p = (const uint8_t *)"";
    QvSsize n = 0;
    qv_gate_enter(qi, &s->gate);
    if (out_init(qi, &out, BUFFER, PTRDIFF_MAX) == 0) {
        int code = run(qi, &s->z, step_deflate, &p, &n, mode, &out);
        ret = out_take(qi, &out);
        if (code == Z_STREAM_END && mode == Z_FINISH) {
            s->live = false;
            code = deflateEnd(&s->z);
            if (code != Z_OK) {
                qv_clear(qi, &ret);
                fail(qi, &s->z, code, "while finishing compression");
            }
        } else if (code != Z_OK && code != Z_BUF_ERROR) {
            qv_clear(qi, &ret);
            if (code != RUN_FAILED) {
                fail(qi, &s->z, code, "while flushing");
            }
        }
    }
    qv_gate_leave(&s->gate);
    return ret;
}

static QvObj *stream_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    Stream *s = as_stream(self), *c = stream_new(qi, self->type);
    if (!c) {
        return NULL;
    }
    bool deflating = self->type == &qv_zlib_compress_type;
    qv_gate_enter(qi, &s->gate);
    int code = !s->live    ? Z_STREAM_ERROR
               : deflating ? deflateCopy(&c->z, &s->z)
                           : inflateCopy(&c->z, &s->z);
    if (code == Z_OK) {
        c->live = true;
        c->eof = s->eof;
        c->zdict = qv_xnew_ref(qi, s->zdict);
        qv_set_take(qi, &c->unused, qv_new_ref(qi, s->unused));
        qv_set_take(qi, &c->tail, qv_new_ref(qi, s->tail));
    }
    qv_gate_leave(&s->gate);
    if (code == Z_OK) {
        return &c->h;
    }
    if (code == Z_STREAM_ERROR) {
        qv_raise(qi, &qv_exc_ValueError, "Inconsistent stream state");
    } else if (code == Z_MEM_ERROR) {
        qv_raise(qi, &qv_exc_MemoryError, "Can't allocate memory for %scompression object",
                 deflating ? "" : "de");
    } else {
        fail(qi, &s->z, code,
             deflating ? "while copying compression object" : "while copying decompression object");
    }
    qv_decref(qi, &c->h);
    return NULL;
}

static const QvNativeDef compress_methods[] = {
    {"compress", compress_compress, "($self, data, /)",
     "Returns a bytes object containing compressed data."},
    {"flush", compress_flush, "($self, mode=4, /)",
     "Return a bytes object containing any remaining compressed data."},
    {"copy", stream_copy, "($self, /)", "Return a copy of the compression object."},
    {"__copy__", stream_copy, "($self, /)", NULL},
    {"__deepcopy__", stream_copy, "($self, memo, /)", NULL},
    {0},
};

QV_SEALED QvType qv_zlib_compress_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "zlib.Compress",
    .id = QV_TID_zlib_compress,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Stream),
    .methods = compress_methods,
    .fini = stream_fini,
};

// ---- Decompress ---------------------------------------------------------------------------------

// Keeps what the stream did not use: behind its end as unused_data, else as unconsumed_tail. 0/-1.
static int save_rest(QvInterp *qi, Stream *s, int code, const uint8_t *p, QvSsize n)
{
    bool end = code == Z_STREAM_END;
    if (end && n > 0) {
        QvSsize old = qv_bytes_len(s->unused);
        QvObj *both = n > PTRDIFF_MAX - old ? qv_raise_oom(qi) : qv_bytes_new(qi, NULL, old + n);
        if (!both) {
            return -1;
        }
        memcpy(qv_bytes_data(both), qv_bytes_data(s->unused), (size_t)old);
        memcpy(qv_bytes_data(both) + old, p, (size_t)n);
        qv_set_take(qi, &s->unused, both);
    }
    // CPython leaves the bytes behind the end in both places when there was a tail before.
    if ((n > 0 && !end) || qv_bytes_len(s->tail) > 0) {
        QvObj *tail = qv_bytes_new(qi, p, n);
        if (!tail) {
            return -1;
        }
        qv_set_take(qi, &s->tail, tail);
    }
    return 0;
}

// Runs the decompressor over p[0:n), with the dictionary when zlib asks for one; keeps the rest.
// doing: for errors. is_flush: at the end of the stream it is taken down. New bytes or NULL.
static QvObj *decompress_run(QvInterp *qi, Stream *s, const uint8_t *p, QvSsize n, int flush,
                             QvSsize first, QvSsize max)
{
    Out out;
    if (out_init(qi, &out, first, max) < 0) {
        return NULL;
    }
    int code = run(qi, &s->z, step_inflate, &p, &n, flush, &out);
    while (code == Z_NEED_DICT && s->zdict) {
        code = set_zdict(qi, s) < 0 ? RUN_FAILED
                                    : run(qi, &s->z, step_inflate, &p, &n, flush, &out);
    }
    QvObj *ret = out_take(qi, &out);
    if (code == RUN_FAILED || !ret || save_rest(qi, s, code, p, n) < 0) {
        qv_clear(qi, &ret);
    } else if (code == Z_STREAM_END) {
        s->eof = true;
    } else if (code != Z_OK && code != Z_BUF_ERROR) {
        qv_clear(qi, &ret);
        fail(qi, &s->z, code, flush == Z_FINISH ? "while flushing" : "while decompressing data");
    }
    return ret;
}

static QvObj *decompress_decompress(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Stream *s = as_stream(self);
    QvSsize max;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (size_arg(qi, args[1], 0, &max) == 0) {
        if (max < 0) {
            qv_raise(qi, &qv_exc_ValueError, "max_length must be non-negative");
        } else {
            qv_gate_enter(qi, &s->gate);
            ret = decompress_run(qi, s, view.buf, view.len, Z_SYNC_FLUSH, BUFFER,
                                 max ? max : PTRDIFF_MAX);
            qv_gate_leave(&s->gate);
        }
    }
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *decompress_flush(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    Stream *s = as_stream(self);
    QvSsize length;
    if (size_arg(qi, args[0], BUFFER, &length) < 0) {
        return NULL;
    }
    if (length <= 0) {
        return qv_raise(qi, &qv_exc_ValueError, "length must be greater than zero");
    }
    qv_gate_enter(qi, &s->gate);
    QvObj *tail = qv_new_ref(qi, s->tail);
    QvObj *ret = decompress_run(qi, s, qv_bytes_data(tail), qv_bytes_len(tail), Z_FINISH, length,
                                PTRDIFF_MAX);
    if (ret && s->eof && s->live) {
        s->live = false;
        int code = inflateEnd(&s->z);
        if (code != Z_OK) {
            qv_clear(qi, &ret);
            fail(qi, &s->z, code, "while finishing decompression");
        }
    }
    qv_gate_leave(&s->gate);
    qv_decref(qi, tail);
    return ret;
}

static QvObj *get_unused(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_stream(o)->unused); }
static QvObj *get_tail(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_stream(o)->tail); }
static QvObj *get_eof(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_stream(o)->eof);
}

static const QvGetSet decompress_getsets[] = {
    {"unused_data", get_unused, qv_getset_readonly, NULL},
    {"unconsumed_tail", get_tail, qv_getset_readonly, NULL},
    {"eof", get_eof, qv_getset_readonly, NULL},
    {0},
};

static const QvNativeDef decompress_methods[] = {
    {"decompress", decompress_decompress, "($self, data, /, max_length=0)",
     "Return a bytes object containing the decompressed version of the data."},
    {"flush", decompress_flush, "($self, length=16384, /)",
     "Return a bytes object containing any remaining decompressed data."},
    {"copy", stream_copy, "($self, /)", "Return a copy of the decompression object."},
    {"__copy__", stream_copy, "($self, /)", NULL},
    {"__deepcopy__", stream_copy, "($self, memo, /)", NULL},
    {0},
};

QV_SEALED QvType qv_zlib_decompress_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "zlib.Decompress",
    .id = QV_TID_zlib_decompress,
    .flags = QV_T_NO_NEW | QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(Stream),
    .methods = decompress_methods,
    .getsets = decompress_getsets,
    .fini = stream_fini,
    .traverse = stream_traverse,
};

// ---- checksums ----------------------------------------------------------------------------------

static QvObj *checksum(QvInterp *qi, QvObj *const *args, bool crc)
{
    QvBufferView view;
    uLong sum = crc ? 0 : 1;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    int status = 0;
    if (args[1]) {
        QvObj *n = qv_index(qi, args[1]);
        sum = n ? (uint32_t)qv_int_as_u64_mask(n) : 0;
        status = n ? 0 : -1;
        qv_xdecref(qi, n);
    }
    const uint8_t *p = view.buf;
    for (QvSsize left = view.len; left > 0 && status == 0;) {
        QvSsize step = left > STEP_MAX ? STEP_MAX : left;
        bool unlock = step >= QV_UNLOCK_MIN * 4; // a memory scan: faster than two futex calls below
        if (unlock) {
            qv_unlocked_begin(qi);
        }
        sum = crc ? crc32(sum, p, (uInt)step) : adler32(sum, p, (uInt)step);
        if (unlock) {
            qv_unlocked_end(qi);
        }
        p += step;
        left -= step;
        status = qv_poll_here(qi);
    }
    qv_buffer_release(qi, &view);
    return status < 0 ? NULL : qv_int_from_u64(qi, sum & 0xffffffffu);
}

static QvObj *mod_crc32(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return checksum(qi, args, true);
}

static QvObj *mod_adler32(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return checksum(qi, args, false);
}

// ---- module -------------------------------------------------------------------------------------

static const QvNativeDef functions[] = {
    {"compress", mod_compress, "($module, data, /, level=-1, wbits=15)",
     "Returns a bytes object containing compressed data."},
    {"decompress", mod_decompress, "($module, data, /, wbits=15, bufsize=16384)",
     "Returns a bytes object containing the uncompressed data."},
    {"compressobj", mod_compressobj,
     "($module, /, level=-1, method=8, wbits=15, memLevel=8, strategy=0, zdict=None)",
     "Return a compressor object."},
    {"decompressobj", mod_decompressobj, "($module, /, wbits=15, zdict=b'')",
     "Return a decompressor object."},
    {"crc32", mod_crc32, "($module, data, value=0, /)", "Compute a CRC-32 checksum of data."},
    {"adler32", mod_adler32, "($module, data, value=1, /)",
     "Compute an Adler-32 checksum of data."},
    {0},
};

static int init(QvInterp *qi, QvObj *m)
{
    static const struct {
        const char *name;
        int value;
    } rows[] = {
        {"MAX_WBITS", MAX_WBITS},
        {"DEFLATED", Z_DEFLATED},
        {"DEF_MEM_LEVEL", MEM_LEVEL},
        {"DEF_BUF_SIZE", BUFFER},
        {"Z_NO_COMPRESSION", Z_NO_COMPRESSION},
        {"Z_BEST_SPEED", Z_BEST_SPEED},
        {"Z_BEST_COMPRESSION", Z_BEST_COMPRESSION},
        {"Z_DEFAULT_COMPRESSION", Z_DEFAULT_COMPRESSION},
        {"Z_FILTERED", Z_FILTERED},
        {"Z_HUFFMAN_ONLY", Z_HUFFMAN_ONLY},
        {"Z_RLE", Z_RLE},
        {"Z_FIXED", Z_FIXED},
        {"Z_DEFAULT_STRATEGY", Z_DEFAULT_STRATEGY},
        {"Z_NO_FLUSH", Z_NO_FLUSH},
        {"Z_PARTIAL_FLUSH", Z_PARTIAL_FLUSH},
        {"Z_SYNC_FLUSH", Z_SYNC_FLUSH},
        {"Z_FULL_FLUSH", Z_FULL_FLUSH},
        {"Z_FINISH", Z_FINISH},
        {"Z_BLOCK", Z_BLOCK},
        {"Z_TREES", Z_TREES},
    };
    State *s = qv_module_state(m);
    s->error = qv_modules_exception(qi, "zlib.error", NULL);
    if (!s->error || qv_module_add(qi, m, "error", s->error) < 0) {
        return -1;
    }
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        if (qv_module_add_int(qi, m, rows[k].name, rows[k].value) < 0) {
            return -1;
        }
    }
    return qv_module_add_str(qi, m, "ZLIB_VERSION", ZLIB_VERSION) < 0 ||
                   qv_module_add_str(qi, m, "ZLIB_RUNTIME_VERSION", zlibVersion()) < 0
               ? -1
               : qv_module_add_str(qi, m, "__version__", "1.0");
}

static void fini(QvInterp *qi, QvObj *m) { qv_clear(qi, &((State *)qv_module_state(m))->error); }

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(((State *)qv_module_state(m))->error);
    return 0;
}

const QvModuleDef qv_module_zlib = {
    .name = "zlib",
    .doc = "The functions in this module allow compression and decompression using the\nzlib "
           "library, which is based on GNU zip.",
    .functions = functions,
    .state_size = sizeof(State),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
