// SPDX-License-Identifier: MIT
// TextIOWrapper: reading, lines, seek and tell.
//
// The buffer gives chunks of bytes; each becomes one str, `decoded`, and lines are slices of it.
// For tell(), the bytes of the chunk and the decoder's state before them are kept (the snapshot). A
// position is a number, the cookie: byte offset of a place where the decoder can start, its flags
// there, how many bytes to feed it and how many characters to skip then. Almost always only the
// first is not zero.
#include <string.h>

#include "base/utf8.h"
#include "modules/io/textio.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"

// ---- chunks -------------------------------------------------------------------------------------

static QvObj *read_from_buffer(QvInterp *qi, QvTextIO *t, QvSsize n)
{
    if (t->buffer && qv_is_buffered_reader(t->buffer)) {
        QvObj *buffer = qv_new_ref(qi, t->buffer); // another thread may detach it meanwhile
        QvObj *data = qv_buffered_read1(qi, (QvBuffered *)buffer, n);
        qv_decref(qi, buffer);
        return data;
    }
    QvObj *size = qv_int_from_i64(qi, n);
    QvObj *data = size ? qv_textio_call(qi, t, t->has_read1 ? QV_N(read1) : QV_N(read), &size, 1)
                       : NULL;
    qv_xdecref(qi, size);
    return data;
}

// Next chunk into `decoded`. 1, 0 at the end, -1. hint: characters wanted.
static int read_chunk(QvInterp *qi, QvTextIO *t, QvSsize hint)
{
    if (!t->can_read) {
        qv_io_unsupported(qi, "not readable");
        return -1;
    }
    QvObj *before = NULL;
    int64_t flags = 0;
    if (t->telling && qv_textcodec_getstate(qi, &t->codec, &before, &flags) < 0) {
        return -1;
    }
    QvSsize n = t->chunk;
    if (hint > 0) {
        double wanted = (t->bytes_per_char > 1.0 ? t->bytes_per_char : 1.0) * (double)hint;
        n = wanted > (double)n && wanted < 1e15 ? (QvSsize)wanted : n;
    }
    QvObj *input = read_from_buffer(qi, t, n);
    QvBufferView view;
    if (!input || qv_buffer_get(qi, input, &view, QV_BUF_SIMPLE) < 0) {
        if (input) {
            qv_raise(qi, &qv_exc_TypeError,
                     "underlying %s() should have returned a bytes-like object, not '%.200T'",
                     t->has_read1 ? "read1" : "read", input);
            qv_decref(qi, input);
        }
        qv_xdecref(qi, before);
        return -1;
    }
    QvSsize nbytes = view.len;
    bool end = nbytes == 0;
    QvObj *text = qv_textcodec_decode(qi, &t->codec, nbytes ? view.buf : "", nbytes, end);
    QvObj *anchor = NULL;
    if (text && before) {
        if (qv_bytes_len(before) == 0 && input->type == &qv_bytes_type) {
            anchor = qv_new_ref(qi, input);
        } else {
            QvSsize head = qv_bytes_len(before);
            anchor = qv_bytes_new(qi, NULL, head + nbytes);
            if (anchor) {
                memcpy(qv_bytes_data(anchor), qv_bytes_data(before), (size_t)head);
                if (qv_units_copy_long(qi, qv_bytes_data(anchor) + head, QV_STR_1, view.buf,
                                       QV_STR_1, nbytes) < 0) {
                    qv_clear(qi, &anchor);
                    qv_clear(qi, &text);
                }
            } else {
                qv_clear(qi, &text);
            }
        }
    }
    qv_buffer_release(qi, &view);
    qv_decref(qi, input);
    qv_xdecref(qi, before);
    if (!text) {
        return -1;
    }
    QvSsize nchars = qv_str_len(text);
    t->bytes_per_char = nchars ? (double)nbytes / (double)nchars : 0.0;
    qv_set_take(qi, &t->decoded, text);
    t->used = 0;
    if (anchor) {
        qv_set_take(qi, &t->snap_input, anchor);
        t->snap_flags = flags;
    }
    return nchars > 0 || !end;
}

// Up to n characters of what is decoded (n < 0: all), as new str.
static QvObj *take_decoded(QvInterp *qi, QvTextIO *t, QvSsize n)
{
    if (!t->decoded) {
        return qv_new_ref(qi, QV_N(empty));
    }
    QvSsize left = qv_str_len(t->decoded) - t->used;
    n = n < 0 || n > left ? left : n;
    QvObj *s = n == qv_str_len(t->decoded) ? qv_new_ref(qi, t->decoded)
                                           : qv_str_slice(qi, t->decoded, t->used, t->used + n);
    if (s) {
        t->used += n;
    }
    return s;
}

static int start_reading(QvInterp *qi, QvTextIO *t)
{
    if (qv_textio_check_open(qi, t) < 0) {
        return -1;
    }
    if (!t->can_read) {
        qv_io_unsupported(qi, "not readable");
        return -1;
    }
    return t->out_len ? qv_textio_flush_out(qi, t, false) : 0;
}

static QvObj *read_all(QvInterp *qi, QvTextIO *t)
{
    QvObj *data = qv_textio_call(qi, t, QV_N(read), NULL, 0);
    QvBufferView view;
    if (!data || data == QV_NONE || qv_buffer_get(qi, data, &view, QV_BUF_SIMPLE) < 0) {
        // None: a stream that does not wait has nothing at the moment; CPython's decoder complains
        // likewise.
        return data == QV_NONE ? qv_raise(qi, &qv_exc_TypeError, "can't concat NoneType to bytes")
                               : NULL;
    }
    QvObj *text = qv_textcodec_decode(qi, &t->codec, view.len ? view.buf : "", view.len, true);
    qv_buffer_release(qi, &view);
    qv_decref(qi, data);
    QvObj *head = text ? take_decoded(qi, t, -1) : NULL;
    if (!head) {
        qv_xdecref(qi, text);
        return NULL;
    }
    QvObj *all = qv_str_len(head) ? qv_str_concat(qi, head, text) : qv_new_ref(qi, text);
    qv_decref(qi, head);
    qv_decref(qi, text);
    qv_textio_drop_decoded(qi, t);
    return all;
}

// n characters, or fewer at the end.
static QvObj *read_some(QvInterp *qi, QvTextIO *t, QvSsize n)
{
    QvObj *text = take_decoded(qi, t, n);
    QvSsize left = text ? n - qv_str_len(text) : 0;
    while (left > 0) {
        int more = read_chunk(qi, t, left);
        if (more < 0) {
            qv_decref(qi, text);
            return NULL;
        }
        if (more == 0) {
            break;
        }
        QvObj *piece = take_decoded(qi, t, left);
        left -= piece ? qv_str_len(piece) : 0;
        int bad = piece ? qv_str_append(qi, &text, piece) : -1;
        qv_xdecref(qi, piece);
        if (bad < 0) {
            qv_xdecref(qi, text);
            return NULL;
        }
    }
    return text;
}

QvObj *qv_textio_read(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize n;
    if (qv_io_size_arg(qi, args[0], -1, &n) < 0 || start_reading(qi, qv_as_textio(self)) < 0) {
        return NULL;
    }
    return n < 0 ? read_all(qi, qv_as_textio(self)) : read_some(qi, qv_as_textio(self), n);
}

// ---- lines --------------------------------------------------------------------------------------

// No poll: a chunk is as large as its stream makes it, and a pass over it takes a hundredth of
// that.
static QvSsize find_char(const QvObj *s, QvSsize from, QvSsize end, uint32_t c)
{
    if (from >= end) {
        return -1;
    }
    QvSsize hit = qv_units_find_char(qv_str_at(s, from), qv_str_kind(s), end - from, c);
    return hit < 0 ? -1 : from + hit;
}

// Index after the end of the line that starts at `from`, or -1. after_cr: the text before ended
// with \r.
static QvSsize line_end(const QvTextIO *t, const QvObj *s, QvSsize from, bool after_cr)
{
    QvSsize n = qv_str_len(s), hit;
    if (t->sum_up || t->readnl[0] == '\n') {
        hit = find_char(s, from, n, '\n');
        return hit < 0 ? -1 : hit + 1;
    }
    if (t->readnl[0] == 0) { // any of \n, \r, \r\n; the codec keeps the last together
        QvSsize lf = find_char(s, from, n, '\n');
        QvSsize cr = find_char(s, from, lf < 0 ? n : lf, '\r');
        if (cr < 0) {
            return lf < 0 ? -1 : lf + 1;
        }
        return cr + 1 < n && qv_str_read(s, cr + 1) == '\n' ? cr + 2 : cr + 1;
    }
    if (t->readnl[1] == 0) {
        hit = find_char(s, from, n, '\r');
        return hit < 0 ? -1 : hit + 1;
    }
    if (after_cr && from < n && qv_str_read(s, from) == '\n') {
        return from + 1;
    }
    for (hit = find_char(s, from, n, '\r'); hit >= 0; hit = find_char(s, hit + 1, n, '\r')) {
        if (hit + 1 < n && qv_str_read(s, hit + 1) == '\n') {
            return hit + 2;
        }
    }
    return -1;
}

// A line of at most limit characters (-1: any); "" at the end.
static QvObj *read_line(QvInterp *qi, QvTextIO *t, QvSsize limit)
{
    QvObj *line = NULL; // the pieces before the last
    for (;;) {
        while (!t->decoded || t->used >= qv_str_len(t->decoded)) {
            int more = read_chunk(qi, t, 0);
            if (more < 0) {
                qv_xdecref(qi, line);
                return NULL;
            }
            if (more == 0) {
                qv_textio_drop_decoded(qi, t);
                return line ? line : qv_new_ref(qi, QV_N(empty));
            }
        }
        QvSsize have = line ? qv_str_len(line) : 0, total = qv_str_len(t->decoded);
        bool after_cr = have > 0 && qv_str_read(line, have - 1) == '\r';
        QvSsize end = line_end(t, t->decoded, t->used, after_cr);
        bool done = end >= 0;
        end = done ? end : total;
        if (limit >= 0 && end - t->used > limit - have) {
            end = t->used + (limit - have);
            done = true;
        }
        QvObj *piece = take_decoded(qi, t, end - t->used);
        if (!piece) {
            qv_xdecref(qi, line);
            return NULL;
        }
        if (line) {
            int bad = qv_str_append(qi, &line, piece);
            qv_decref(qi, piece);
            if (bad < 0) {
                return NULL;
            }
            if (qv_poll_here(qi) < 0) {
                qv_decref(qi, line);
                return NULL;
            }
        } else {
            line = piece;
        }
        if (done || (limit >= 0 && qv_str_len(line) >= limit)) {
            return line;
        }
    }
}

QvObj *qv_textio_readline(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize limit = -1;
    if (args[0] && qv_index_ssize(qi, args[0], &limit, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    return start_reading(qi, qv_as_textio(self)) < 0
               ? NULL
               : read_line(qi, qv_as_textio(self), limit < 0 ? -1 : limit);
}

QvObj *qv_textio_next(QvInterp *qi, QvObj *self)
{
    QvTextIO *t = qv_as_textio(self);
    QvObj *line;
    if (qv_textio_check(qi, t) < 0) {
        return NULL;
    }
    t->telling = false;
    if (self->type == &qv_io_textiowrapper_type) {
        line = start_reading(qi, t) < 0 ? NULL : read_line(qi, t, -1);
    } else {
        line = qv_call_method0(qi, self, QV_N(readline));
        if (line && !qv_is_str(line)) {
            qv_raise(qi, &qv_exc_OSError,
                     "readline() should have returned a str object, not '%.200T'", line);
            qv_clear(qi, &line);
        }
    }
    if (line && qv_str_len(line) == 0) {
        qv_clear(qi, &line);
        qv_clear(qi, &t->snap_input);
        t->telling = t->seekable;
    }
    return line;
}

// ---- cookies ------------------------------------------------------------------------------------

typedef struct Cookie {
    int64_t start, flags, feed, skip; // 64 bits each in the number, in this order from below
    bool need_end;                    // then one bit
} Cookie;

static QvObj *cookie_pack(QvInterp *qi, const Cookie *c)
{
    if (!c->flags && !c->feed && !c->skip && !c->need_end) {
        return qv_int_from_i64(qi, c->start);
    }
    uint8_t raw[33];
    memcpy(raw, &c->start, 8);
    memcpy(raw + 8, &c->flags, 8);
    memcpy(raw + 16, &c->feed, 8);
    memcpy(raw + 24, &c->skip, 8);
    raw[32] = c->need_end;
    return qv_int_from_bytes(qi, raw, 33, true, false);
}

static int cookie_unpack(QvInterp *qi, QvObj *o, Cookie *c)
{
    *c = (Cookie){0};
    if (qv_int_as_i64(o, &c->start)) {
        return 0;
    }
    uint8_t raw[33];
    if (qv_int_to_bytes(qi, o, raw, 33, true, false) < 0) {
        return -1;
    }
    memcpy(&c->start, raw, 8);
    memcpy(&c->flags, raw + 8, 8);
    memcpy(&c->feed, raw + 16, 8);
    memcpy(&c->skip, raw + 24, 8);
    c->need_end = raw[32] & 1;
    return 0;
}

// ---- tell ---------------------------------------------------------------------------------------

// Bytes of valid utf-8 that make `skip` characters from the start of a fresh decoder, or -1 when
// that is not plain: then the general way finds it. Newlines that are summed up count once.
static QvSsize plain_utf8_bytes(const QvTextIO *t, const uint8_t *p, QvSsize n, int64_t skip)
{
    QvSsize k = 0;
    while (skip > 0 && k < n) {
        uint8_t c = p[k];
        if (c < 0x80) {
            if (c == '\r' && t->sum_up && k + 1 < n && p[k + 1] == '\n') {
                k++;
            }
            k++;
        } else {
            uint32_t cp;
            int width = qv_utf8_decode((const char *)p + k, (const char *)p + n, false, &cp);
            if (width < 0) {
                return -1;
            }
            k += width;
        }
        skip--;
    }
    return skip == 0 ? k : -1;
}

// Feeds n bytes of p to the decoder; characters they make, or -1.
static QvSsize feed(QvInterp *qi, QvTextIO *t, const uint8_t *p, QvSsize n, bool final)
{
    QvObj *text = qv_textcodec_decode(qi, &t->codec, n ? p : (const uint8_t *)"", n, final);
    QvSsize k = text ? qv_str_len(text) : -1;
    qv_xdecref(qi, text);
    return k;
}

// The cookie for `skip` characters after the snapshot that starts at byte c->start. The decoder's
// state is the caller's to save.
static int find_cookie(QvInterp *qi, QvTextIO *t, const uint8_t *in, QvSsize n, int64_t skip,
                       Cookie *c)
{
    // A place before the target where the decoder has an empty state: guess, then go back.
    QvSsize bytes = (QvSsize)(t->bytes_per_char * (double)skip), back = 1;
    bytes = bytes > n ? n : bytes;
    int64_t flags = c->flags;
    while (bytes > 0) {
        QvObj *rest;
        int64_t at_flags;
        if (qv_textcodec_setstate(qi, &t->codec, (const uint8_t *)"", 0, c->flags) < 0) {
            return -1;
        }
        QvSsize made = feed(qi, t, in, bytes, false);
        if (made < 0) {
            return -1;
        }
        if (made > skip) {
            bytes -= back;
            back *= 2;
            continue;
        }
        if (qv_textcodec_getstate(qi, &t->codec, &rest, &at_flags) < 0) {
            return -1;
        }
        QvSsize pending = qv_bytes_len(rest);
        qv_decref(qi, rest);
        if (pending == 0) {
            skip -= made;
            flags = at_flags;
            break;
        }
        bytes -= pending;
        back = 1;
    }
    if (bytes <= 0) {
        bytes = 0;
        if (qv_textcodec_setstate(qi, &t->codec, (const uint8_t *)"", 0, c->flags) < 0) {
            return -1;
        }
    }
    c->start += bytes;
    c->flags = flags;
    if (skip == 0) {
        return 0;
    }
    // Byte by byte from there.
    int64_t made = 0;
    QvSsize fed = 0;
    for (QvSsize k = bytes; k < n; k++) {
        QvObj *rest;
        int64_t at_flags;
        QvSsize more = feed(qi, t, in + k, 1, false);
        if (more < 0 || qv_textcodec_getstate(qi, &t->codec, &rest, &at_flags) < 0) {
            return -1;
        }
        made += more;
        fed++;
        QvSsize pending = qv_bytes_len(rest);
        qv_decref(qi, rest);
        if (pending == 0 && made <= skip) {
            c->start += fed;
            c->flags = at_flags;
            skip -= made;
            fed = 0;
            made = 0;
        }
        if (made >= skip) {
            c->feed = fed;
            c->skip = skip;
            return 0;
        }
    }
    QvSsize more = feed(qi, t, NULL, 0, true);
    if (more < 0) {
        return -1;
    }
    c->need_end = true;
    c->feed = fed;
    c->skip = skip;
    return made + more >= skip
               ? 0
               : qv_raise_int(qi, &qv_exc_OSError, "can't reconstruct logical file position");
}

QvObj *qv_textio_tell(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvTextIO *t = qv_as_textio(self);
    if (qv_textio_check_open(qi, t) < 0) {
        return NULL;
    }
    if (!t->seekable) {
        return qv_io_unsupported(qi, "underlying stream is not seekable");
    }
    if (!t->telling) {
        return qv_raise(qi, &qv_exc_OSError, "telling position disabled by next() call");
    }
    if (qv_textio_flush_out(qi, t, false) < 0 || qv_textio_flush_all(qi, t) < 0) {
        return NULL;
    }
    QvObj *at = qv_textio_call(qi, t, QV_N(tell), NULL, 0);
    if (!at || !t->can_read || !t->snap_input) {
        return at;
    }
    Cookie c = {.flags = t->snap_flags};
    int bad = qv_int_to_i64(qi, at, &c.start);
    qv_decref(qi, at);
    if (bad < 0) {
        return NULL;
    }
    QvObj *input = qv_new_ref(qi, t->snap_input);
    const uint8_t *in = qv_bytes_data(input);
    QvSsize n = qv_bytes_len(input);
    int64_t skip = t->decoded ? t->used : 0;
    c.start -= n;
    QvSsize plain = -1;
    if (skip == 0) {
        plain = 0;
    } else if (t->codec.kind == QV_TEXT_LATIN1 && !t->sum_up) {
        plain = (QvSsize)skip;
    } else if (t->codec.kind == QV_TEXT_UTF8 && c.flags == 0) {
        plain = plain_utf8_bytes(t, in, n, skip);
    }
    if (plain >= 0) {
        c.start += plain;
        c.flags = plain > 0 ? 0 : c.flags;
        qv_decref(qi, input);
        return cookie_pack(qi, &c);
    }
    QvObj *saved;
    int64_t saved_flags;
    uint8_t seen = t->codec.nl.seen;
    if (qv_textcodec_getstate(qi, &t->codec, &saved, &saved_flags) < 0) {
        qv_decref(qi, input);
        return NULL;
    }
    bad = find_cookie(qi, t, in, n, skip, &c);
    QvObj *exc = qv_err_fetch(qi);
    if (qv_textcodec_setstate(qi, &t->codec, qv_bytes_data(saved), qv_bytes_len(saved),
                              saved_flags) < 0) {
        bad = -1;
    }
    qv_io_chain(qi, exc);
    t->codec.nl.seen = seen;
    qv_decref(qi, saved);
    qv_decref(qi, input);
    return bad < 0 ? NULL : cookie_pack(qi, &c);
}

// ---- seek ---------------------------------------------------------------------------------------

static QvObj *buffer_seek(QvInterp *qi, QvTextIO *t, int64_t offset, int whence)
{
    QvObj *const a[2] = {qv_int_from_i64(qi, offset), qv_int_from_i64(qi, whence)};
    QvObj *r = a[0] && a[1] ? qv_textio_call(qi, t, QV_N(seek), a, 2) : NULL;
    qv_xdecref(qi, a[0]);
    qv_xdecref(qi, a[1]);
    return r;
}

// An encoder that writes a start mark does so at the very start only.
static int reset_encoder(QvInterp *qi, QvTextIO *t, bool at_start)
{
    if (!t->codec.encoder) {
        return 0;
    }
    QvObj *r = at_start
                   ? qv_call_method0(qi, t->codec.encoder, QV_N(reset))
                   : qv_call_method1(qi, t->codec.encoder, QV_N(setstate), qv_int_from_i64(qi, 0));
    qv_xdecref(qi, r);
    return r ? 0 : -1;
}

static QvObj *seek_end(QvInterp *qi, QvTextIO *t)
{
    if (qv_textio_flush_all(qi, t) < 0) {
        return NULL;
    }
    qv_textio_drop_decoded(qi, t);
    if (t->can_read && qv_textcodec_reset(qi, &t->codec) < 0) {
        return NULL;
    }
    QvObj *at = buffer_seek(qi, t, 0, 2);
    int moved = at ? qv_is_true(qi, at) : -1;
    if (moved < 0 || reset_encoder(qi, t, moved == 0) < 0) {
        qv_xdecref(qi, at);
        return NULL;
    }
    return at;
}

// Brings decoder and position to the cookie.
static int go_to(QvInterp *qi, QvTextIO *t, const Cookie *c)
{
    QvObj *r = buffer_seek(qi, t, c->start, 0);
    if (!r) {
        return -1;
    }
    qv_decref(qi, r);
    qv_textio_drop_decoded(qi, t);
    if (t->can_read) {
        bool fresh = c->start == 0 && c->flags == 0;
        if (fresh ? qv_textcodec_reset(qi, &t->codec) < 0
                  : qv_textcodec_setstate(qi, &t->codec, (const uint8_t *)"", 0, c->flags) < 0) {
            return -1;
        }
        t->snap_flags = c->flags;
        QvObj *none = qv_bytes_new(qi, NULL, 0);
        if (!none) {
            return -1;
        }
        qv_set_take(qi, &t->snap_input, none);
    }
    if (c->skip) {
        QvObj *size = qv_int_from_i64(qi, c->feed);
        QvObj *input = size ? qv_textio_call(qi, t, QV_N(read), &size, 1) : NULL;
        qv_xdecref(qi, size);
        if (input && !qv_is_bytes(input)) {
            qv_raise(qi, &qv_exc_TypeError,
                     "underlying read() should have returned a bytes object, not '%.200T'", input);
            qv_clear(qi, &input);
        }
        if (!input) {
            return -1;
        }
        QvObj *text = qv_textcodec_decode(qi, &t->codec, qv_bytes_data(input), qv_bytes_len(input),
                                          c->need_end);
        qv_set_take(qi, &t->snap_input, input);
        if (!text) {
            return -1;
        }
        qv_set_take(qi, &t->decoded, text);
        if (qv_str_len(text) < c->skip) {
            return qv_raise_int(qi, &qv_exc_OSError, "can't restore logical file position");
        }
        t->used = (QvSsize)c->skip;
    }
    return reset_encoder(qi, t, c->start == 0 && c->flags == 0);
}

QvObj *qv_textio_seek(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvTextIO *t = qv_as_textio(self);
    QvSsize whence = 0;
    if (args[1] && qv_index_ssize(qi, args[1], &whence, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (qv_textio_check_open(qi, t) < 0) {
        return NULL;
    }
    if (!t->seekable) {
        return qv_io_unsupported(qi, "underlying stream is not seekable");
    }
    QvObj *number = qv_index(qi, args[0]);
    if (!number) {
        return NULL;
    }
    int sign = qv_int_sign(number);
    QvObj *result = NULL;
    if (whence == 1 || whence == 2) {
        if (sign != 0) {
            qv_io_unsupported(qi, whence == 1 ? "can't do nonzero cur-relative seeks"
                                              : "can't do nonzero end-relative seeks");
        } else if (whence == 2) {
            result = seek_end(qi, t);
        }
        if (sign != 0 || whence == 2) {
            qv_decref(qi, number);
            return result;
        }
        // Here: seek to what tell() says, which also brings the buffer to this place.
        qv_set_take(qi, &number, qv_call_method0(qi, self, QV_N(tell)));
        if (!number) {
            return NULL;
        }
        sign = qv_int_sign(number);
    } else if (whence != 0) {
        qv_decref(qi, number);
        return qv_raise(qi, &qv_exc_ValueError, "invalid whence (%d, should be 0, 1 or 2)",
                        (int)whence);
    }
    Cookie c;
    if (sign < 0) {
        qv_raise(qi, &qv_exc_ValueError, "negative seek position %R", number);
    } else if (qv_textio_flush_all(qi, t) == 0 && cookie_unpack(qi, number, &c) == 0 &&
               go_to(qi, t, &c) == 0) {
        result = qv_new_ref(qi, number);
    }
    qv_decref(qi, number);
    return result;
}
