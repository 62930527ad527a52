// SPDX-License-Identifier: MIT
// BufferedReader, BufferedWriter and BufferedRandom.
//
// The block holds either bytes read ahead of the caller, buf[rpos, rend), or bytes not yet written,
// buf[wpos, wend); never both. Going from reading to writing moves the raw stream back over what
// was read ahead; going from writing to reading flushes. raw_pos follows the raw stream's position
// so that tell() and short seeks cost no system call.
//
// A raw FileIO is called directly. Any other raw stream gets objects of its own to read into and
// write from, since Python code may keep them.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/sync.h"
#include "modules/io/io.h"
#include "object/bytes.h"
#include "object/bytes_methods.h"
#include "object/exception.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str_units.h"

#define BLOCK_LATER ((QvSsize)1 << 20) // bytes: blocks up to this are made at the first use

static QvBuffered *as_buffered(QvObj *o) { return (QvBuffered *)o; }
static bool fast_raw(const QvBuffered *b) { return qv_is_fileio_exact(b->raw); }
static QvFileIO *file_of(const QvBuffered *b) { return (QvFileIO *)b->raw; }

static int check_init(QvInterp *qi, const QvBuffered *b)
{
    if (QV_LIKELY(b->ok)) {
        return 0;
    }
    return qv_raise_int(qi, &qv_exc_ValueError,
                        b->detached ? "raw stream has been detached"
                                    : "I/O operation on uninitialized object");
}

// ---- one thread at a time -----------------------------------------------------------------------

static QV_NOINLINE int wait_turn(QvInterp *qi, QvBuffered *b)
{
    if (b->busy_owner == qi->ts) {
        return qv_raise_int(qi, &qv_exc_RuntimeError, "reentrant call inside %R", (QvObj *)b);
    }
    while (b->busy) {
        if (qv_row_wait(qi, &b->waiters, QV_NEVER) < 0) {
            return -1;
        }
    }
    return check_init(qi, b); // it may have been detached meanwhile
}

static int enter(QvInterp *qi, QvBuffered *b)
{
    if (QV_UNLIKELY(b->busy) && wait_turn(qi, b) < 0) {
        return -1;
    }
    b->busy = true;
    b->busy_owner = qi->ts;
    return 0;
}

static void leave(QvInterp *qi, QvBuffered *b)
{
    b->busy = false;
    b->busy_owner = NULL;
    qv_row_wake(qi, &b->waiters);
}

// ---- state checks -------------------------------------------------------------------------------

static int is_closed(QvInterp *qi, QvBuffered *b)
{
    return fast_raw(b) ? file_of(b)->fd < 0 : qv_io_is_closed(qi, b->raw);
}

// raw.name(*args); the raw stream stays alive during the call, whoever detaches it.
static QvObj *call_raw(QvInterp *qi, QvBuffered *b, QvObj *name, QvObj *const *args, QvSsize nargs)
{
    if (!b->raw) {
        check_init(qi, b);
        return NULL;
    }
    QvObj *raw = qv_new_ref(qi, b->raw);
    QvObj *r = qv_call_method(qi, raw, name, args, nargs);
    qv_decref(qi, raw);
    return r;
}

static int check_open(QvInterp *qi, QvBuffered *b, const char *what)
{
    if (check_init(qi, b) < 0) {
        return -1;
    }
    int closed = is_closed(qi, b);
    return closed > 0 ? qv_raise_int(qi, &qv_exc_ValueError, "%s", what) : closed;
}

static int need_block(QvInterp *qi, QvBuffered *b)
{
    if (QV_LIKELY(b->buf != NULL)) {
        return 0;
    }
    b->buf = qv_alloc(qi, (size_t)b->size);
    return b->buf ? 0 : -1;
}

// ---- the raw stream -----------------------------------------------------------------------------

static QvSsize length_of_result(QvInterp *qi, QvObj *r, QvSsize most, const char *what)
{
    QvSsize n;
    if (r == QV_NONE) {
        return QV_IO_BLOCKED;
    }
    int bad = qv_index_ssize(qi, r, &n, &qv_exc_ValueError);
    if (bad < 0) {
        QvObj *cause = qv_err_fetch(qi);
        qv_raise(qi, &qv_exc_OSError, "raw %s failed", what);
        qv_err_set_cause(qi, cause);
        return -1;
    }
    if (n < 0 || n > most) {
        return qv_raise_int(
            qi, &qv_exc_OSError,
            "raw %s returned invalid length %zd (should have been between 0 and %zd)", what, n,
            most);
    }
    return n;
}

// A memoryview of an object, as raw streams in Python expect.
static QvObj *view_of(QvInterp *qi, QvObj *o) { return qv_memoryview_new(qi, o); }

// Up to n bytes to p. Bytes, 0 at the end, -1, or QV_IO_BLOCKED.
static QvSsize raw_read(QvInterp *qi, QvBuffered *b, uint8_t *p, QvSsize n)
{
    QvSsize got;
    if (fast_raw(b)) {
        got = qv_fileio_read(qi, file_of(b), p, n);
    } else {
        QvObj *block = qv_bytearray_new(qi, NULL, n);
        if (!block) {
            return -1;
        }
        memset(((QvByteArray *)block)->data, 0, (size_t)n);
        QvObj *view = view_of(qi, block);
        QvObj *r = view ? qv_call_method1(qi, b->raw, QV_N(readinto), view) : NULL;
        got = r ? length_of_result(qi, r, n, "readinto()") : -1;
        if (got > 0) {
            memcpy(p, ((QvByteArray *)block)->data, (size_t)got);
        }
        qv_xdecref(qi, r);
        qv_xdecref(qi, view);
        qv_decref(qi, block);
    }
    if (got > 0 && b->raw_pos >= 0) {
        b->raw_pos += got;
    }
    return got;
}

static QvSsize raw_write(QvInterp *qi, QvBuffered *b, const uint8_t *p, QvSsize n)
{
    QvSsize put;
    if (fast_raw(b)) {
        put = qv_fileio_write(qi, file_of(b), p, n);
    } else {
        QvObj *data = qv_bytes_new(qi, p, n);
        QvObj *view = data ? view_of(qi, data) : NULL;
        QvObj *r = view ? qv_call_method1(qi, b->raw, QV_N(write), view) : NULL;
        put = r ? length_of_result(qi, r, n, "write()") : -1;
        qv_xdecref(qi, r);
        qv_xdecref(qi, view);
        qv_xdecref(qi, data);
    }
    if (put > 0 && b->raw_pos >= 0) {
        b->raw_pos += put;
    }
    return put;
}

static int64_t raw_position(QvInterp *qi, QvBuffered *b, QvObj *r, const char *what)
{
    if (!r) {
        return -1;
    }
    int64_t at = -1;
    QvObj *i = qv_index(qi, r);
    int bad = i ? qv_int_to_i64(qi, i, &at) : -1;
    qv_xdecref(qi, i);
    qv_decref(qi, r);
    if (bad < 0) {
        return -1;
    }
    if (at < 0) {
        return qv_raise_int(qi, &qv_exc_OSError, "Raw stream returned invalid position %lld",
                            (long long)at);
    }
    (void)what;
    return b->raw_pos = at;
}

static int64_t raw_tell(QvInterp *qi, QvBuffered *b)
{
    if (b->raw_pos >= 0) {
        return b->raw_pos;
    }
    if (fast_raw(b)) {
        return b->raw_pos = qv_fileio_seek(qi, file_of(b), 0, SEEK_CUR);
    }
    return raw_position(qi, b, qv_call_method0(qi, b->raw, QV_N(tell)), "tell");
}

static int64_t raw_seek(QvInterp *qi, QvBuffered *b, int64_t offset, int whence)
{
    if (fast_raw(b)) {
        return b->raw_pos = qv_fileio_seek(qi, file_of(b), offset, whence);
    }
    b->raw_pos = -1;
    QvObj *const a[2] = {qv_int_from_i64(qi, offset), qv_int_from_i64(qi, whence)};
    QvObj *r = a[0] && a[1] ? qv_call_method(qi, b->raw, QV_N(seek), a, 2) : NULL;
    qv_xdecref(qi, a[0]);
    qv_xdecref(qi, a[1]);
    return raw_position(qi, b, r, "seek");
}

// ---- flushing -----------------------------------------------------------------------------------

static void raise_blocked(QvInterp *qi, QvSsize written)
{
    QvObj *const a[3] = {qv_int_from_i64(qi, EAGAIN),
                         qv_str_new_cstr(qi, "write could not complete without blocking"),
                         qv_int_from_i64(qi, written)};
    QvObj *exc = a[0] && a[1] && a[2] ? qv_call(qi, (QvObj *)&qv_exc_BlockingIOError, a, 3, NULL)
                                      : NULL;
    for (int k = 0; k < 3; k++) {
        qv_xdecref(qi, a[k]);
    }
    if (exc) {
        qv_raise_exc(qi, exc);
    }
}

// Writes what is pending. 0, -1.
static int flush_writes(QvInterp *qi, QvBuffered *b)
{
    while (b->wpos < b->wend) {
        QvSsize put = raw_write(qi, b, b->buf + b->wpos, b->wend - b->wpos);
        if (put == QV_IO_BLOCKED) {
            raise_blocked(qi, 0);
            return -1;
        }
        if (put < 0) {
            return -1;
        }
        b->wpos += put;
        if (qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    b->wpos = b->wend = 0;
    return 0;
}

// Forgets what was read ahead: the raw stream goes back to where the caller believes to be.
static int drop_readahead(QvInterp *qi, QvBuffered *b)
{
    if (b->rpos < b->rend) {
        if (raw_seek(qi, b, -(int64_t)(b->rend - b->rpos), SEEK_CUR) < 0) {
            return -1;
        }
    }
    b->rpos = b->rend = 0;
    return 0;
}

// flush(): both directions; a reader that cannot seek just keeps what it has.
static int flush_all(QvInterp *qi, QvBuffered *b)
{
    if (b->wpos < b->wend && flush_writes(qi, b) < 0) {
        return -1;
    }
    return b->readable && b->writable ? drop_readahead(qi, b) : 0;
}

// ---- reading ------------------------------------------------------------------------------------

static QvSsize ahead(const QvBuffered *b) { return b->rend - b->rpos; }

// Reads ahead once, into the empty block. Bytes, -1, QV_IO_BLOCKED.
static QvSsize fill(QvInterp *qi, QvBuffered *b)
{
    if (need_block(qi, b) < 0) {
        return -1;
    }
    b->rpos = b->rend = 0;
    QvSsize got = raw_read(qi, b, b->buf, b->size);
    if (got > 0) {
        b->rend = got;
    }
    return got;
}

// Moves up to n bytes that are there already to p.
static QvSsize take(QvBuffered *b, uint8_t *p, QvSsize n)
{
    QvSsize k = ahead(b) < n ? ahead(b) : n;
    if (k) {
        memcpy(p, b->buf + b->rpos, (size_t)k);
        b->rpos += k;
    }
    return k;
}

static int start_reading(QvInterp *qi, QvBuffered *b)
{
    return b->wpos < b->wend ? flush_writes(qi, b) : 0;
}

// Fills p with n bytes, or fewer at the end or when it would block (*ret_blocked and nothing read).
// -1 on error.
static QvSsize read_into(QvInterp *qi, QvBuffered *b, uint8_t *p, QvSsize n, bool once,
                         bool *ret_blocked)
{
    QvSsize have = take(b, p, n);
    *ret_blocked = false;
    bool asked = false;
    // With `once` the raw stream is asked once at most: also after what was there already, when
    // the caller has more room than the block.
    while (have < n && !(once && (asked || (have && n - have <= b->size)))) {
        QvSsize got;
        asked = true;
        // Straight to the caller, in multiples of the block unless one call is all.
        if (once ? n - have > b->size : n - have >= b->size) {
            QvSsize most = once ? n - have : (n - have) / b->size * b->size;
            b->rpos = b->rend = 0;
            got = raw_read(qi, b, p + have, most);
            have += got > 0 ? got : 0;
        } else {
            got = fill(qi, b);
            if (got > 0) {
                have += take(b, p + have, n - have);
            }
        }
        if (got == -1) {
            return -1;
        }
        if (got <= 0) {
            *ret_blocked = got == QV_IO_BLOCKED && have == 0;
            break;
        }
    }
    return have;
}

static QvObj *join_bytes(QvInterp *qi, const uint8_t *p, QvSsize n, QvObj *rest)
{
    QvObj *all = qv_bytes_new(qi, NULL, n + qv_bytes_len(rest));
    if (all) {
        if (n) {
            memcpy(qv_bytes_data(all), p, (size_t)n);
        }
        if (qv_units_copy_long(qi, qv_bytes_data(all) + n, QV_STR_1, qv_bytes_data(rest), QV_STR_1,
                               qv_bytes_len(rest)) < 0) {
            qv_clear(qi, &all);
        }
    }
    return all;
}

static QvObj *read_all(QvInterp *qi, QvBuffered *b)
{
    QvSsize n = ahead(b);
    QvObj *result;
    if (fast_raw(b)) {
        b->raw_pos = -1;
        result = qv_fileio_readall(qi, file_of(b), n ? b->buf + b->rpos : NULL, n);
    } else {
        b->raw_pos = -1;
        QvObj *readall;
        int has = qv_getattr_try(qi, b->raw, QV_N(readall), &readall);
        if (has < 0) {
            return NULL;
        }
        if (has > 0) {
            QvObj *rest = qv_call0(qi, readall);
            qv_decref(qi, readall);
            if (!rest) {
                return NULL;
            }
            if (rest != QV_NONE && !qv_is_bytes(rest)) {
                qv_decref(qi, rest);
                return qv_raise(qi, &qv_exc_TypeError, "readall() should return bytes");
            }
            if (rest == QV_NONE) {
                result = n ? qv_bytes_new(qi, b->buf + b->rpos, n) : QV_NONE;
            } else {
                result = n ? join_bytes(qi, b->buf + b->rpos, n, rest) : qv_new_ref(qi, rest);
                qv_decref(qi, rest);
            }
        } else {
            QvObj *list = qv_list_new(qi, 0);
            QvObj *empty = qv_bytes_new(qi, NULL, 0);
            bool ok = list && empty &&
                      (n == 0 ||
                       qv_list_append_take(qi, list, qv_bytes_new(qi, b->buf + b->rpos, n)) == 0);
            bool blocked = false;
            while (ok) {
                QvObj *piece = qv_call_method0(qi, b->raw, QV_N(read));
                if (!piece || (piece != QV_NONE && !qv_is_bytes(piece))) {
                    ok = false;
                    if (piece) {
                        qv_decref(qi, piece);
                        qv_raise(qi, &qv_exc_TypeError, "read() should return bytes");
                    }
                } else if (piece == QV_NONE || qv_bytes_len(piece) == 0) {
                    blocked = piece == QV_NONE && qv_list_len(list) == 0;
                    qv_decref(qi, piece);
                    break;
                } else {
                    ok = qv_list_append_take(qi, list, piece) == 0;
                }
            }
            result = !ok ? NULL : blocked ? QV_NONE : qv_bytes_join(qi, empty, list);
            qv_xdecref(qi, list);
            qv_xdecref(qi, empty);
        }
    }
    if (result) {
        b->rpos = b->rend = 0;
    }
    return result;
}

static QvObj *read_bytes(QvInterp *qi, QvBuffered *b, QvSsize n, bool once)
{
    QvObj *data = qv_bytes_new(qi, NULL, n);
    if (!data) {
        return NULL;
    }
    bool blocked;
    QvSsize got = read_into(qi, b, qv_bytes_data(data), n, once, &blocked);
    if (got < 0 || (blocked && !once)) {
        qv_decref(qi, data);
        return got < 0 ? NULL : QV_NONE;
    }
    return got == n || qv_bytes_resize(qi, &data, got) == 0 ? data : NULL;
}

QvObj *qv_buffered_read1(QvInterp *qi, QvBuffered *b, QvSsize n)
{
    if (check_open(qi, b, "read of closed file") < 0 || enter(qi, b) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    n = n < 0 ? b->size : n;
    if (start_reading(qi, b) == 0) {
        QvSsize have = ahead(b);
        if (have) {
            result = read_bytes(qi, b, have < n ? have : n, true);
        } else {
            result = read_bytes(qi, b, n, true);
        }
    }
    leave(qi, b);
    return result;
}

static int check_can(QvInterp *qi, bool can, const char *text)
{
    if (!can) {
        qv_io_unsupported(qi, text);
        return -1;
    }
    return 0;
}

QV_IO_METHOD(reader_read)
{
    (void)nargs;
    QvBuffered *b = as_buffered(self);
    QvSsize n;
    if (qv_io_size_arg(qi, args[0], -1, &n) < 0 || check_init(qi, b) < 0) {
        return NULL;
    }
    if (n < -1) {
        return qv_raise(qi, &qv_exc_ValueError, "read length must be non-negative or -1");
    }
    if (check_open(qi, b, "read of closed file") < 0 || enter(qi, b) < 0) {
        return NULL;
    }
    QvObj *result = start_reading(qi, b) < 0 ? NULL
                    : n < 0                  ? read_all(qi, b)
                                             : read_bytes(qi, b, n, false);
    leave(qi, b);
    return result;
}

QV_IO_METHOD(reader_read1)
{
    (void)nargs;
    QvSsize n = -1;
    if (check_init(qi, as_buffered(self)) < 0 ||
        (args[0] && qv_index_ssize(qi, args[0], &n, &qv_exc_OverflowError) < 0)) {
        return NULL;
    }
    return qv_buffered_read1(qi, as_buffered(self), n);
}

static QvObj *reader_readinto_any(QvInterp *qi, QvObj *self, QvObj *target, bool once)
{
    QvBuffered *b = as_buffered(self);
    QvBufferView view;
    if (check_open(qi, b, "readinto of closed file") < 0 ||
        qv_io_writable_buffer(qi, target, once ? "readinto1" : "readinto", &view) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (enter(qi, b) == 0) {
        bool blocked = false;
        QvSsize got =
            start_reading(qi, b) < 0 ? -1 : read_into(qi, b, view.buf, view.len, once, &blocked);
        leave(qi, b);
        result = got < 0 ? NULL : blocked ? QV_NONE : qv_int_from_i64(qi, got);
    }
    qv_buffer_release(qi, &view);
    return result;
}
QV_IO_METHOD(reader_readinto)
{
    (void)nargs;
    return reader_readinto_any(qi, self, args[0], false);
}
QV_IO_METHOD(reader_readinto1)
{
    (void)nargs;
    return reader_readinto_any(qi, self, args[0], true);
}

QV_IO_METHOD(reader_peek)
{
    (void)args, (void)nargs;
    QvBuffered *b = as_buffered(self);
    if (check_open(qi, b, "peek of closed file") < 0 || enter(qi, b) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (start_reading(qi, b) == 0 && (ahead(b) > 0 || fill(qi, b) != -1)) {
        result = qv_bytes_new(qi, b->buf + b->rpos, ahead(b));
    }
    leave(qi, b);
    return result;
}

// A line of at most `limit` bytes (-1: any) as new bytes.
static QvObj *read_line(QvInterp *qi, QvBuffered *b, QvSsize limit)
{
    QvByteVec line = {0}; // the pieces before the last
    QvObj *ret = NULL;
    for (;;) {
        QvSsize have = line.len;
        QvSsize n = ahead(b);
        if (n == 0) {
            QvSsize got = limit >= 0 && have >= limit ? 0 : fill(qi, b);
            if (got == -1) {
                break;
            }
            if (got <= 0) {
                ret = qv_bytes_new(qi, line.p, have);
                break;
            }
            n = got;
        }
        if (limit >= 0 && n > limit - have) {
            n = limit - have;
        }
        const uint8_t *p = b->buf + b->rpos;
        const uint8_t *end = memchr(p, '\n', (size_t)n);
        QvSsize k = end ? end - p + 1 : n;
        bool done = end || (limit >= 0 && have + k >= limit);
        if (done && have == 0) {
            ret = qv_bytes_new(qi, p, k);
            b->rpos += ret ? k : 0;
            break;
        }
        if (qv_byte_vec_reserve(qi, &line, k) < 0) { // polls
            break;
        }
        memcpy(line.p + have, p, (size_t)k);
        line.len += k;
        b->rpos += k;
        if (done) {
            ret = qv_bytes_new(qi, line.p, line.len);
            break;
        }
    }
    qv_byte_vec_fini(qi, &line);
    return ret;
}

static QvObj *readline_limit(QvInterp *qi, QvBuffered *b, QvSsize limit)
{
    if (check_open(qi, b, "readline of closed file") < 0 || enter(qi, b) < 0) {
        return NULL;
    }
    QvObj *line = start_reading(qi, b) < 0 ? NULL : read_line(qi, b, limit);
    leave(qi, b);
    return line;
}

QV_IO_METHOD(reader_readline)
{
    (void)nargs;
    QvSsize limit;
    if (qv_io_size_arg(qi, args[0], -1, &limit) < 0) {
        return NULL;
    }
    return readline_limit(qi, as_buffered(self), limit);
}

static QvObj *reader_next(QvInterp *qi, QvObj *o)
{
    QvObj *line;
    if (o->type == &qv_io_bufferedreader_type || o->type == &qv_io_bufferedrandom_type) {
        line = readline_limit(qi, as_buffered(o), -1);
    } else {
        line = qv_call_method0(qi, o, QV_N(readline));
        if (line && !qv_is_bytes(line)) {
            qv_raise(qi, &qv_exc_OSError,
                     "readline() should have returned a bytes object, not '%.200T'", line);
            qv_clear(qi, &line);
        }
    }
    if (line && qv_bytes_len(line) == 0) {
        qv_clear(qi, &line);
    }
    return line;
}

// ---- writing ------------------------------------------------------------------------------------

// Puts the rest of a write that meets a stream which would block into the block, as much as fits.
// -1 always.
static int keep_rest(QvInterp *qi, QvBuffered *b, const uint8_t *p, QvSsize n, QvSsize done)
{
    QvSsize used = b->wend - b->wpos;
    memmove(b->buf, b->buf + b->wpos, (size_t)used);
    b->wpos = 0;
    b->wend = used;
    QvSsize room = b->size - used, left = n - done;
    QvSsize k = left < room ? left : room;
    memcpy(b->buf + used, p + done, (size_t)k);
    b->wend += k;
    if (k == left) {
        return 0;
    }
    raise_blocked(qi, done + k);
    return -1;
}

// Writes or keeps all n bytes. 0/-1.
static int write_bytes(QvInterp *qi, QvBuffered *b, const uint8_t *p, QvSsize n, bool flush)
{
    if (drop_readahead(qi, b) < 0 || need_block(qi, b) < 0) {
        return -1;
    }
    if (!flush && n <= b->size - b->wend) {
        memcpy(b->buf + b->wend, p, (size_t)n);
        b->wend += n;
        return 0;
    }
    // First what is pending, then from the caller's memory what the block does not hold, the rest
    // is kept.
    QvSsize done = 0;
    if (b->wpos < b->wend && flush_writes(qi, b) < 0) {
        if (qv_err_matches(qi, &qv_exc_BlockingIOError)) {
            qv_err_clear(qi);
            return keep_rest(qi, b, p, n, done);
        }
        return -1;
    }
    while (n - done > (flush ? 0 : b->size)) {
        QvSsize put = raw_write(qi, b, p + done, n - done);
        if (put == QV_IO_BLOCKED) {
            return keep_rest(qi, b, p, n, done);
        }
        if (put < 0) {
            return -1;
        }
        done += put;
        if (qv_poll_here(qi) < 0) {
            return -1;
        }
    }
    memcpy(b->buf, p + done, (size_t)(n - done));
    b->wpos = 0;
    b->wend = n - done;
    return 0;
}

int qv_buffered_write(QvInterp *qi, QvBuffered *b, const void *p, QvSsize n, bool flush)
{
    if (check_open(qi, b, "write to closed file") < 0 || enter(qi, b) < 0) {
        return -1;
    }
    // A thread that it had to wait for may have closed it.
    int r = check_open(qi, b, "write to closed file") < 0 ? -1 : write_bytes(qi, b, p, n, flush);
    leave(qi, b);
    return r;
}

QV_IO_METHOD(writer_write)
{
    (void)nargs;
    QvBuffered *b = as_buffered(self);
    QvBufferView view;
    if (check_init(qi, b) < 0) {
        return NULL;
    }
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    int r = qv_buffered_write(qi, b, view.buf, view.len, false);
    QvSsize n = view.len;
    qv_buffer_release(qi, &view);
    return r < 0 ? NULL : qv_int_from_i64(qi, n);
}

QV_IO_METHOD(buffered_flush)
{
    (void)args, (void)nargs;
    QvBuffered *b = as_buffered(self);
    if (check_open(qi, b, "flush of closed file") < 0 || enter(qi, b) < 0) {
        return NULL;
    }
    int r = flush_all(qi, b);
    leave(qi, b);
    return r < 0 ? NULL : QV_NONE;
}

// BufferedReader.flush passes the call on.
QV_IO_METHOD(reader_flush)
{
    (void)args, (void)nargs;
    return check_init(qi, as_buffered(self)) < 0
               ? NULL
               : call_raw(qi, as_buffered(self), QV_N(flush), NULL, 0);
}

// ---- position -----------------------------------------------------------------------------------

static int64_t logical_position(QvInterp *qi, QvBuffered *b)
{
    int64_t at = raw_tell(qi, b);
    if (at < 0) {
        return -1;
    }
    at -= ahead(b);
    at += b->wend - b->wpos;
    return at < 0 ? 0 : at; // the raw stream was moved behind our back
}

QV_IO_METHOD(buffered_tell)
{
    (void)args, (void)nargs;
    QvBuffered *b = as_buffered(self);
    if (check_init(qi, b) < 0 || (fast_raw(b) && file_of(b)->fd < 0 &&
                                  check_open(qi, b, "I/O operation on closed file") < 0)) {
        return NULL;
    }
    b->raw_pos = -1; // the truth, also after others moved the file
    int64_t at = logical_position(qi, b);
    return at < 0 ? NULL : qv_int_from_i64(qi, at);
}

static int64_t seek_to(QvInterp *qi, QvBuffered *b, int64_t target, int whence)
{
    if (whence != SEEK_END && b->readable && ahead(b) > 0) {
        // Inside what was read ahead: only our own position moves.
        int64_t at = raw_tell(qi, b);
        if (at < 0) {
            return -1;
        }
        int64_t here = at - ahead(b);
        int64_t offset = whence == SEEK_SET ? target - here : target;
        if (offset >= -(int64_t)b->rpos && offset <= (int64_t)ahead(b) && here + offset >= 0) {
            b->rpos += (QvSsize)offset;
            return here + offset;
        }
    }
    if (b->wpos < b->wend && flush_writes(qi, b) < 0) {
        return -1;
    }
    if (whence == SEEK_CUR) {
        target -= ahead(b);
    }
    int64_t at = raw_seek(qi, b, target, whence);
    if (at >= 0) {
        b->rpos = b->rend = 0;
    }
    return at;
}

QV_IO_METHOD(buffered_seek)
{
    (void)nargs;
    QvBuffered *b = as_buffered(self);
    QvSsize whence = 0;
    if (check_init(qi, b) < 0 ||
        (args[1] && qv_index_ssize(qi, args[1], &whence, &qv_exc_OverflowError) < 0)) {
        return NULL;
    }
    if (whence < 0 || whence > 4) {
        return qv_raise(qi, &qv_exc_ValueError, "whence value %d unsupported", (int)whence);
    }
    if (check_open(qi, b, "seek of closed file") < 0) {
        return NULL;
    }
    int can = fast_raw(b) && file_of(b)->seekable >= 0
                  ? file_of(b)->seekable
                  : qv_io_call_bool(qi, b->raw, QV_N(seekable));
    if (can <= 0) {
        return can < 0 ? NULL : qv_io_unsupported(qi, "File or stream is not seekable.");
    }
    QvObj *i = qv_index(qi, args[0]);
    int64_t target;
    int bad = i ? qv_int_to_i64(qi, i, &target) : -1;
    qv_xdecref(qi, i);
    if (bad < 0 || enter(qi, b) < 0) {
        return NULL;
    }
    int64_t at = seek_to(qi, b, target, (int)whence);
    leave(qi, b);
    return at < 0 ? NULL : qv_int_from_i64(qi, at);
}

QV_IO_METHOD(buffered_truncate)
{
    (void)nargs;
    QvBuffered *b = as_buffered(self);
    if (check_open(qi, b, "truncate of closed file") < 0 ||
        check_can(qi, b->writable, "truncate") < 0 || enter(qi, b) < 0) {
        return NULL;
    }
    QvObj *result = NULL;
    if (flush_all(qi, b) == 0) {
        result = qv_call_method1(qi, b->raw, QV_N(truncate), args[0] ? args[0] : QV_NONE);
        b->raw_pos = -1;
    }
    leave(qi, b);
    return result;
}

// ---- life ---------------------------------------------------------------------------------------

static void free_block(QvInterp *qi, QvBuffered *b)
{
    if (b->buf) {
        qv_free(qi, b->buf, (size_t)b->size);
        b->buf = NULL;
    }
    b->rpos = b->rend = b->wpos = b->wend = 0;
}

QV_IO_METHOD(buffered_close)
{
    (void)args, (void)nargs;
    QvBuffered *b = as_buffered(self);
    if (check_init(qi, b) < 0) {
        return NULL;
    }
    int closed = is_closed(qi, b);
    if (closed != 0) {
        return closed < 0 ? NULL : QV_NONE;
    }
    if (b->finalizing) {
        QvObj *r = call_raw(qi, b, QV_N(_dealloc_warn), &self, 1);
        if (!r) {
            qv_err_clear(qi);
        }
        qv_xdecref(qi, r);
    }
    QvObj *failure = NULL;
    QvObj *r = qv_call_method0(qi, self, QV_N(flush));
    if (!r) {
        failure = qv_err_fetch(qi);
    }
    qv_xdecref(qi, r);
    // Nobody comes in while the raw stream closes, which may take its time.
    if (enter(qi, b) == 0) {
        r = call_raw(qi, b, QV_N(close), NULL, 0);
        free_block(qi, b);
        leave(qi, b);
    } else {
        r = NULL;
    }
    if (failure) {
        qv_xdecref(qi, r);
        qv_io_chain(qi, failure);
        return NULL;
    }
    return r;
}

QV_IO_METHOD(buffered_detach)
{
    (void)args, (void)nargs;
    QvBuffered *b = as_buffered(self);
    if (check_init(qi, b) < 0) {
        return NULL;
    }
    QvObj *r = qv_call_method0(qi, self, QV_N(flush));
    if (!r) {
        return NULL;
    }
    qv_decref(qi, r);
    if (enter(qi, b) < 0) { // a thread inside still uses it
        return NULL;
    }
    QvObj *raw = NULL;
    if (check_init(qi, b) == 0) {
        raw = b->raw;
        b->raw = NULL;
        b->detached = true;
        b->ok = false;
    }
    leave(qi, b);
    return raw;
}

static int buffered_setup(QvInterp *qi, QvBuffered *b, QvObj *raw, QvSsize size)
{
    if (size <= 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "buffer size must be strictly positive");
    }
    if (enter(qi, b) < 0) {
        return -1;
    }
    free_block(qi, b);
    QvObj *old = b->raw;
    b->raw = qv_new_ref(qi, raw);
    b->size = size;
    b->raw_pos = -1;
    b->detached = false;
    // A block as large as a file would be is asked for now: who cannot have it should hear it here.
    b->ok = size <= BLOCK_LATER || need_block(qi, b) == 0;
    leave(qi, b);
    qv_xdecref(qi, old);
    return b->ok ? 0 : -1;
}

// The raw stream must answer True to the question. 0/-1 with UnsupportedOperation.
static int ask_raw(QvInterp *qi, QvObj *raw, QvObj *question, bool file_answer, const char *refusal)
{
    if (qv_is_fileio_exact(raw) && ((QvFileIO *)raw)->fd >= 0 && file_answer) {
        return 0;
    }
    int can = qv_io_call_bool(qi, raw, question);
    if (can == 0) {
        qv_io_unsupported(qi, refusal);
    }
    return can > 0 ? 0 : -1;
}
static int ask_readable(QvInterp *qi, QvObj *raw)
{
    return ask_raw(qi, raw, QV_N(readable), qv_is_fileio_exact(raw) && ((QvFileIO *)raw)->readable,
                   "File or stream is not readable.");
}
static int ask_writable(QvInterp *qi, QvObj *raw)
{
    return ask_raw(qi, raw, QV_N(writable), qv_is_fileio_exact(raw) && ((QvFileIO *)raw)->writable,
                   "File or stream is not writable.");
}

static int init_args(QvInterp *qi, const char *sig, QvObj *const *args, QvSsize nargs,
                     QvObj *kwnames, QvObj **ret_raw, QvSsize *ret_size)
{
    QvObj *slot[2];
    if (qv_args(qi, sig, args, nargs, kwnames, slot) < 0) {
        return -1;
    }
    *ret_raw = slot[0];
    *ret_size = QV_IO_BUFFER_SIZE;
    return slot[1] ? qv_index_ssize(qi, slot[1], ret_size, &qv_exc_OverflowError) : 0;
}

static int reader_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvBuffered *b = as_buffered(self);
    QvObj *raw;
    QvSsize size;
    b->ok = b->detached = false;
    if (init_args(qi, "BufferedReader(raw, buffer_size=8192)", args, nargs, kwnames, &raw, &size) <
            0 ||
        ask_readable(qi, raw) < 0) {
        return -1;
    }
    b->readable = true;
    b->writable = false;
    return buffered_setup(qi, b, raw, size);
}
static int writer_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvBuffered *b = as_buffered(self);
    QvObj *raw;
    QvSsize size;
    b->ok = b->detached = false;
    if (init_args(qi, "BufferedWriter(raw, buffer_size=8192)", args, nargs, kwnames, &raw, &size) <
            0 ||
        ask_writable(qi, raw) < 0) {
        return -1;
    }
    b->readable = false;
    b->writable = true;
    return buffered_setup(qi, b, raw, size);
}
static int random_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvBuffered *b = as_buffered(self);
    QvObj *raw;
    QvSsize size;
    b->ok = b->detached = false;
    if (init_args(qi, "BufferedRandom(raw, buffer_size=8192)", args, nargs, kwnames, &raw, &size) <
            0 ||
        ask_raw(qi, raw, QV_N(seekable), false, "File or stream is not seekable.") < 0 ||
        ask_readable(qi, raw) < 0 || ask_writable(qi, raw) < 0) {
        return -1;
    }
    b->readable = b->writable = true;
    return buffered_setup(qi, b, raw, size);
}

static QvObj *buffered_alloc(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                             QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    QvBuffered *b = (QvBuffered *)qv_obj_new(qi, type);
    if (b) {
        b->raw_pos = -1;
    }
    return (QvObj *)b;
}

QvObj *qv_buffered_new(QvInterp *qi, QvType *type, QvObj *raw, QvSsize size)
{
    QvObj *o = buffered_alloc(qi, type, NULL, 0, NULL);
    if (o) {
        as_buffered(o)->readable = type != &qv_io_bufferedwriter_type;
        as_buffered(o)->writable = type != &qv_io_bufferedreader_type;
        if (buffered_setup(qi, as_buffered(o), raw, size) < 0) {
            qv_clear(qi, &o);
        }
    }
    return o;
}

static void buffered_fini(QvInterp *qi, QvObj *o)
{
    QvBuffered *b = as_buffered(o);
    b->ok = false;
    free_block(qi, b);
    qv_clear(qi, &b->raw);
    qv_clear(qi, &b->b.dict);
}

static void buffered_clear(QvInterp *qi, QvObj *o)
{
    QvBuffered *b = as_buffered(o);
    b->ok = false;
    qv_clear(qi, &b->raw);
    qv_clear(qi, &b->b.dict);
}

static int buffered_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_buffered(o)->raw);
    return qv_io_traverse(o, visit, ctx);
}

// ---- what is passed on to the raw stream --------------------------------------------------------

static QvObj *pass_on(QvInterp *qi, QvObj *self, QvObj *name)
{
    return check_init(qi, as_buffered(self)) < 0 ? NULL
                                                 : call_raw(qi, as_buffered(self), name, NULL, 0);
}
QV_IO_METHOD(buffered_seekable)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(seekable));
}
QV_IO_METHOD(buffered_readable)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(readable));
}
QV_IO_METHOD(buffered_writable)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(writable));
}
QV_IO_METHOD(buffered_fileno)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(fileno));
}
QV_IO_METHOD(buffered_isatty)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(isatty));
}
QV_IO_METHOD(buffered_dealloc_warn)
{
    (void)nargs;
    QvBuffered *b = as_buffered(self);
    if (b->ok && b->raw) {
        QvObj *r = call_raw(qi, b, QV_N(_dealloc_warn), args, 1);
        if (!r) {
            qv_err_clear(qi);
        }
        qv_xdecref(qi, r);
    }
    return QV_NONE;
}

static QvObj *get_raw(QvInterp *qi, QvObj *o)
{
    return as_buffered(o)->raw ? qv_new_ref(qi, as_buffered(o)->raw) : QV_NONE;
}
static QvObj *get_closed(QvInterp *qi, QvObj *o)
{
    QvBuffered *b = as_buffered(o);
    if (check_init(qi, b) < 0) {
        return NULL;
    }
    int closed = is_closed(qi, b);
    return closed < 0 ? NULL : qv_bool(closed);
}
static QvObj *get_name(QvInterp *qi, QvObj *o)
{
    return check_init(qi, as_buffered(o)) < 0 ? NULL
                                              : qv_getattr(qi, as_buffered(o)->raw, QV_N(name));
}
static QvObj *get_mode(QvInterp *qi, QvObj *o)
{
    return check_init(qi, as_buffered(o)) < 0 ? NULL
                                              : qv_getattr(qi, as_buffered(o)->raw, QV_N(mode));
}
static QvObj *get_finalizing(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_buffered(o)->finalizing);
}
static int set_finalizing(QvInterp *qi, QvObj *o, QvObj *value)
{
    int yes = value ? qv_is_true(qi, value) : 0;
    as_buffered(o)->finalizing = yes > 0;
    return yes < 0 ? -1 : 0;
}

static QvObj *buffered_repr(QvInterp *qi, QvObj *o)
{
    QvObj *name;
    int has = qv_getattr_try(qi, o, QV_N(name), &name);
    if (has < 0) {
        if (!qv_err_matches(qi, &qv_exc_ValueError)) {
            return NULL;
        }
        qv_err_clear(qi); // detached or not initialised
    }
    QvObj *module = qv_type_get_module(qi, o->type);
    QvObj *qualname = module ? qv_type_get_qualname(qi, o->type) : NULL;
    QvObj *r = NULL;
    int status = qualname ? qv_repr_enter(qi, o) : -1;
    if (status > 0) {
        qv_raise(qi, &qv_exc_RuntimeError, "reentrant call inside %T.__repr__", o);
    } else if (status == 0) {
        r = has > 0 ? qv_str_format(qi, "<%S.%S name=%R>", module, qualname, name)
                    : qv_str_format(qi, "<%S.%S>", module, qualname);
        qv_repr_leave(qi, o);
    }
    qv_xdecref(qi, module);
    qv_xdecref(qi, qualname);
    if (has > 0) {
        qv_decref(qi, name);
    }
    return r;
}

// ---- types --------------------------------------------------------------------------------------

QV_IO_METHOD(buffered_sizeof)
{
    (void)args, (void)nargs;
    QvBuffered *b = as_buffered(self);
    return qv_int_from_i64(qi, (int64_t)sizeof(QvBuffered) + (b->buf ? b->size : 0));
}

#define COMMON_METHODS                                                        \
    {"detach", buffered_detach, "($self, /)", NULL},                          \
        {"close", buffered_close, "($self, /)", NULL},                        \
        {"seekable", buffered_seekable, "($self, /)", NULL},                  \
        {"fileno", buffered_fileno, "($self, /)", NULL},                      \
        {"isatty", buffered_isatty, "($self, /)", NULL},                      \
        {"_dealloc_warn", buffered_dealloc_warn, "($self, source, /)", NULL}, \
        {"seek", buffered_seek, "($self, target, whence=0, /)", NULL},        \
        {"tell", buffered_tell, "($self, /)", NULL},                          \
        {"truncate", buffered_truncate, "($self, pos=None, /)", NULL},        \
        {"__getstate__", qv_io_no_pickle, "($self, /)", NULL},                \
    {                                                                         \
        "__sizeof__", buffered_sizeof, "($self, /)", NULL                     \
    }
#define READ_METHODS                                                 \
    {"readable", buffered_readable, "($self, /)", NULL},             \
        {"read", reader_read, "($self, size=-1, /)", NULL},          \
        {"read1", reader_read1, "($self, size=-1, /)", NULL},        \
        {"readinto", reader_readinto, "($self, buffer, /)", NULL},   \
        {"readinto1", reader_readinto1, "($self, buffer, /)", NULL}, \
        {"readline", reader_readline, "($self, size=-1, /)", NULL},  \
    {                                                                \
        "peek", reader_peek, "($self, size=0, /)", NULL              \
    }
#define WRITE_METHODS                                     \
    {"writable", buffered_writable, "($self, /)", NULL},  \
    {                                                     \
        "write", writer_write, "($self, buffer, /)", NULL \
    }

static const QvNativeDef reader_methods[] = {
    COMMON_METHODS, READ_METHODS, {"flush", reader_flush, "($self, /)", NULL}, {0}};
static const QvNativeDef writer_methods[] = {
    COMMON_METHODS, WRITE_METHODS, {"flush", buffered_flush, "($self, /)", NULL}, {0}};
static const QvNativeDef random_methods[] = {COMMON_METHODS,
                                             READ_METHODS,
                                             WRITE_METHODS,
                                             {"flush", buffered_flush, "($self, /)", NULL},
                                             {0}};

static const QvGetSet buffered_getsets[] = {
    {"raw", get_raw, NULL, NULL},
    {"closed", get_closed, NULL, NULL},
    {"name", get_name, NULL, NULL},
    {"mode", get_mode, NULL, NULL},
    {"_finalizing", get_finalizing, set_finalizing, NULL},
    {0},
};

#define BUFFERED_TYPE(stem)                                                       \
    .h = QV_STATIC_HEADER(&qv_type_type), .id = QV_TID_io_##stem,                 \
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK, .base = &qv_io_bufferediobase_type, \
    .size = sizeof(QvBuffered), .dict_offset = offsetof(QvIoBase, dict),          \
    .getsets = buffered_getsets, .new_ = buffered_alloc, .fini = buffered_fini,   \
    .clear = buffered_clear, .traverse = buffered_traverse, .repr = buffered_repr

QV_SEALED QvType qv_io_bufferedreader_type = {
    BUFFERED_TYPE(bufferedreader),
    .name = "_io.BufferedReader",
    .doc = "BufferedReader(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nCreate a new buffered "
           "reader using the given readable raw IO object.",
    .methods = reader_methods,
    .init = reader_init,
    .next = reader_next,
};

QV_SEALED QvType qv_io_bufferedwriter_type = {
    BUFFERED_TYPE(bufferedwriter),
    .name = "_io.BufferedWriter",
    .doc = "BufferedWriter(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffer for a writeable "
           "sequential RawIO object.\n\n"
           "The constructor creates a BufferedWriter for the given writeable raw\n"
           "stream. If the buffer_size is not given, it defaults to\nDEFAULT_BUFFER_SIZE.",
    .methods = writer_methods,
    .init = writer_init,
};

QV_SEALED QvType qv_io_bufferedrandom_type = {
    BUFFERED_TYPE(bufferedrandom),
    .name = "_io.BufferedRandom",
    .doc = "BufferedRandom(raw, buffer_size=DEFAULT_BUFFER_SIZE)\n--\n\nA buffered interface to "
           "random access streams.\n\n"
           "The constructor creates a reader and writer for a seekable stream,\n"
           "raw, given in the first argument. If the buffer_size is omitted it\n"
           "defaults to DEFAULT_BUFFER_SIZE.",
    .methods = random_methods,
    .init = random_init,
    .next = reader_next,
};
