// SPDX-License-Identifier: MIT
// TextIOWrapper: life, writing, attributes. (Reading and position: textio_read.c)
//
// write() encodes into a block of its own and hands it down when it is larger than a chunk, at the
// end of a line of a line-buffered stream, and at flush. The block leaves the object while it is
// written: the lock may be released then.
#include "modules/io/textio.h"

#include <string.h>

#include "base/utf8.h"
#include "object/bytes.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str_units.h"

// ---- checks -------------------------------------------------------------------------------------

int qv_textio_check(QvInterp *qi, QvTextIO *t)
{
    if (QV_LIKELY(t->ok)) {
        return 0;
    }
    return qv_raise_int(qi, &qv_exc_ValueError,
                        t->detached ? "underlying buffer has been detached"
                                    : "I/O operation on uninitialized object");
}

static int is_closed(QvInterp *qi, QvTextIO *t)
{
    if (!t->buffer) {
        return qv_textio_check(qi, t);
    }
    if (qv_is_buffered_reader(t->buffer) || qv_is_buffered_writer(t->buffer)) {
        const QvBuffered *b = (QvBuffered *)t->buffer;
        if (b->ok && qv_is_fileio_exact(b->raw)) {
            return ((QvFileIO *)b->raw)->fd < 0;
        }
    }
    return qv_io_is_closed(qi, t->buffer);
}

int qv_textio_check_open(QvInterp *qi, QvTextIO *t)
{
    if (qv_textio_check(qi, t) < 0) {
        return -1;
    }
    int closed = is_closed(qi, t);
    return closed > 0 ? qv_raise_int(qi, &qv_exc_ValueError, "I/O operation on closed file.")
                      : closed;
}

QvObj *qv_textio_call(QvInterp *qi, QvTextIO *t, QvObj *name, QvObj *const *args, QvSsize nargs)
{
    if (!t->buffer) {
        qv_textio_check(qi, t);
        return NULL;
    }
    QvObj *buffer = qv_new_ref(qi, t->buffer);
    QvObj *r = qv_call_method(qi, buffer, name, args, nargs);
    qv_decref(qi, buffer);
    return r;
}

void qv_textio_drop_decoded(QvInterp *qi, QvTextIO *t)
{
    qv_clear(qi, &t->decoded);
    t->used = 0;
    qv_clear(qi, &t->snap_input);
}

// ---- writing ------------------------------------------------------------------------------------

// Hands n bytes to the buffer.
static int hand_down(QvInterp *qi, QvTextIO *t, const void *p, QvSsize n, bool through)
{
    if (!t->buffer) {
        return qv_textio_check(qi, t);
    }
    QvObj *buffer = qv_new_ref(qi, t->buffer); // another thread may detach it meanwhile
    int status = 0;
    if (qv_is_buffered_writer(buffer)) {
        status = qv_buffered_write(qi, (QvBuffered *)buffer, p, n, through);
        qv_decref(qi, buffer);
        return status;
    }
    if (n > 0) {
        QvObj *data = qv_bytes_new(qi, p, n);
        QvObj *r = data ? qv_call_method1(qi, buffer, QV_N(write), data) : NULL;
        status = r ? 0 : -1;
        qv_xdecref(qi, data);
        qv_xdecref(qi, r);
    }
    if (status == 0 && through) {
        QvObj *r = qv_call_method0(qi, buffer, QV_N(flush));
        status = r ? 0 : -1;
        qv_xdecref(qi, r);
    }
    qv_decref(qi, buffer);
    return status;
}

int qv_textio_flush_out(QvInterp *qi, QvTextIO *t, bool through)
{
    size_t n = t->out_len, cap = t->out_cap;
    if (n == 0 && !through) {
        return 0;
    }
    char *block = t->out;
    t->out = NULL;
    t->out_len = t->out_cap = 0;
    int status = hand_down(qi, t, block ? block : "", (QvSsize)n, through);
    if (block && !t->out && cap <= 4 * QV_TEXT_CHUNK) {
        t->out = block; // kept for the next
        t->out_cap = cap;
    } else if (block) {
        qv_free(qi, block, cap);
    }
    return status;
}

int qv_textio_flush_all(QvInterp *qi, QvTextIO *t)
{
    QvObj *r = qv_call_method0(qi, (QvObj *)t, QV_N(flush));
    qv_xdecref(qi, r);
    return r ? 0 : -1;
}

// Room for n more bytes. What is pending goes first when it would outgrow a chunk with them.
static char *reserve(QvInterp *qi, QvTextIO *t, size_t n)
{
    if (t->out_len && t->out_len + n > (size_t)t->chunk && qv_textio_flush_out(qi, t, false) < 0) {
        return NULL;
    }
    if (QV_UNLIKELY(t->out_cap - t->out_len < n || !t->out)) { // a block also for no bytes
        size_t cap = t->out_len + n;
        cap = cap < QV_TEXT_CHUNK + 512 ? QV_TEXT_CHUNK + 512 : cap + cap / 2;
        char *block = t->out ? qv_realloc(qi, t->out, t->out_cap, cap) : qv_alloc(qi, cap);
        if (!block) {
            return NULL;
        }
        t->out = block;
        t->out_cap = cap;
    }
    return t->out + t->out_len;
}

// Encodes text to the end of the pending block. 0/-1
static int append_text(QvInterp *qi, QvTextIO *t, QvObj *text)
{
    const QvTextKind kind = t->codec.kind;
    size_t n = (size_t)qv_str_len(text);
    const void *data = qv_str_data(text);
    if (n == 0) {
        return 0; // before there is a buffer, reserve() would have nothing to give
    }
    if (QV_LIKELY(kind != QV_TEXT_OTHER && qv_str_is_ascii(text)) ||
        (kind == QV_TEXT_LATIN1 && qv_str_kind(text) == QV_STR_1)) {
        char *to = reserve(qi, t, n);
        if (!to || qv_bytes_put(qi, to, data, (QvSsize)n) < 0) {
            return -1;
        }
        t->out_len += n;
        return 0;
    }
    if (kind == QV_TEXT_UTF8 && n <= (size_t)QV_POLL_SLICE) {
        QvStrKind width = qv_str_kind(text);
        QvSsize bytes = width == QV_STR_1   ? qv_utf8_size_latin1(data, n)
                        : width == QV_STR_2 ? qv_utf8_size_ucs2(data, n, false, NULL)
                                            : qv_utf8_size_ucs4(data, n, false, NULL);
        if (bytes >= 0) { // else there are lone surrogates: the error handler decides
            char *to = reserve(qi, t, (size_t)bytes);
            if (!to) {
                return -1;
            }
            if (width == QV_STR_1) {
                qv_utf8_from_latin1(data, n, to);
            } else if (width == QV_STR_2) {
                qv_utf8_from_ucs2(data, n, to);
            } else {
                qv_utf8_from_ucs4(data, n, to);
            }
            t->out_len += (size_t)bytes;
            return 0;
        }
    }
    QvObj *encoded = qv_textcodec_encode(qi, &t->codec, text);
    if (!encoded) {
        return -1;
    }
    char *to = reserve(qi, t, (size_t)qv_bytes_len(encoded));
    int r = to ? qv_units_copy_long(qi, to, QV_STR_1, qv_bytes_data(encoded), QV_STR_1,
                                    qv_bytes_len(encoded))
               : -1;
    if (r == 0) {
        t->out_len += (size_t)qv_bytes_len(encoded);
    }
    qv_decref(qi, encoded);
    return r;
}

// text with \n as the stream's own line end; new reference.
static QvObj *translate_newlines(QvInterp *qi, QvTextIO *t, QvObj *text)
{
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize from = 0, n = qv_str_len(text);
    for (QvSsize k = 0; k < n; k++) {
        if (qv_stop_step(qi, k) < 0) {
            qv_strbuf_fini(&b);
            return NULL;
        }
        if (qv_str_read(text, k) == '\n') {
            qv_strbuf_slice(&b, text, from, k);
            qv_strbuf_cstr(&b, t->writenl);
            from = k + 1;
        }
    }
    qv_strbuf_slice(&b, text, from, n);
    return qv_strbuf_finish(&b);
}

QV_IO_METHOD(textio_write)
{
    (void)nargs;
    QvTextIO *t = qv_as_textio(self);
    QvObj *text = args[0];
    if (!qv_is_str(text)) {
        return qv_raise(qi, &qv_exc_TypeError, "write() argument must be str, not %T", text);
    }
    if (qv_textio_check_open(qi, t) < 0) {
        return NULL;
    }
    if (!t->can_write) {
        return qv_io_unsupported(qi, "not writable");
    }
    int newline = t->line_buffering || t->writenl[0] ? qv_newlines_has(qi, text, '\n') : 0;
    int through = t->line_buffering && newline == 0 ? qv_newlines_has(qi, text, '\r')
                  : t->line_buffering               ? newline
                                                    : 0;
    if (newline < 0 || through < 0) {
        return NULL;
    }
    QvObj *own = newline && t->writenl[0] ? translate_newlines(qi, t, text) : qv_new_ref(qi, text);
    if (!own) {
        return NULL;
    }
    int status = 0;
    if (t->out_len == 0 && qv_str_len(own) > t->chunk && t->codec.kind != QV_TEXT_OTHER &&
        qv_str_is_ascii(own)) {
        status = hand_down(qi, t, qv_str_data(own), qv_str_len(own), through); // large: no copy of
                                                                               // ours
    } else {
        status = append_text(qi, t, own);
        if (status == 0 && (through || t->write_through || t->out_len >= (size_t)t->chunk)) {
            status = qv_textio_flush_out(qi, t, through);
        }
    }
    qv_decref(qi, own);
    if (status < 0) {
        return NULL;
    }
    if (t->decoded || t->snap_input) {
        qv_textio_drop_decoded(qi, t);
        if (qv_textcodec_reset(qi, &t->codec) < 0) {
            return NULL;
        }
    }
    return qv_int_from_i64(qi, qv_str_len(text));
}

QV_IO_METHOD(textio_flush)
{
    (void)args, (void)nargs;
    QvTextIO *t = qv_as_textio(self);
    if (qv_textio_check_open(qi, t) < 0) {
        return NULL;
    }
    t->telling = t->seekable;
    if (qv_is_buffered_writer(t->buffer)) {
        return qv_textio_flush_out(qi, t, true) < 0 ? NULL : QV_NONE;
    }
    if (qv_textio_flush_out(qi, t, false) < 0) {
        return NULL;
    }
    return qv_textio_call(qi, t, QV_N(flush), NULL, 0);
}

// ---- life ---------------------------------------------------------------------------------------

static int set_newline(QvInterp *qi, QvTextIO *t, const char *newline)
{
    if (newline && *newline && strcmp(newline, "\n") != 0 && strcmp(newline, "\r") != 0 &&
        strcmp(newline, "\r\n") != 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "illegal newline value: %s", newline);
    }
    t->codec.universal = !newline || !*newline;
    t->sum_up = !newline;
    t->codec.nl.translate = t->sum_up;
    strcpy(t->readnl, newline ? newline : "");
    strcpy(t->writenl, newline && newline[0] == '\r' ? newline : "");
    return 0;
}

// The answers of the buffer that decide what this stream can do.
static int ask_buffer(QvInterp *qi, QvTextIO *t)
{
    QvObj *b = t->buffer;
    if (qv_is_buffered_reader(b) || qv_is_buffered_writer(b)) {
        t->can_read = ((QvBuffered *)b)->readable;
        t->can_write = ((QvBuffered *)b)->writable;
        t->has_read1 = t->can_read;
        const QvObj *raw = ((QvBuffered *)b)->raw;
        if (raw && qv_is_fileio_exact(raw) && ((const QvFileIO *)raw)->fd >= 0 &&
            ((const QvFileIO *)raw)->seekable >= 0) {
            t->seekable = t->telling = ((const QvFileIO *)raw)->seekable;
            return 0;
        }
    } else {
        int r = qv_io_call_bool(qi, b, QV_N(readable));
        int w = r < 0 ? -1 : qv_io_call_bool(qi, b, QV_N(writable));
        if (w < 0) {
            return -1;
        }
        t->can_read = r;
        t->can_write = w;
        QvObj *read1;
        int has = qv_getattr_try(qi, b, QV_N(read1), &read1);
        if (has < 0) {
            return -1;
        }
        t->has_read1 = has;
        if (has) {
            qv_decref(qi, read1);
        }
    }
    int s = qv_io_call_bool(qi, b, QV_N(seekable));
    t->seekable = t->telling = s > 0;
    return s < 0 ? -1 : 0;
}

// The encoding is utf-16 or utf-32, under any name. 1/0/-1
static int is_wide(QvInterp *qi, QvTextIO *t)
{
    QvObj *name;
    int has = qv_getattr_try(qi, t->codec.info, QV_N(name), &name);
    if (has > 0) {
        has = qv_is_str(name) &&
              (qv_str_eq_ascii(name, "utf-16") || qv_str_eq_ascii(name, "utf-32"));
        qv_decref(qi, name);
    }
    return has;
}

// An encoder with a start mark (utf-16) must not write it in the middle of a file.
static int place_encoder(QvInterp *qi, QvTextIO *t)
{
    if (t->codec.kind != QV_TEXT_OTHER) {
        return 0;
    }
    if ((t->can_read && qv_textcodec_need_decoder(qi, &t->codec) < 0) ||
        (t->can_write && qv_textcodec_need_encoder(qi, &t->codec) < 0)) {
        return -1;
    }
    if (!t->can_write) {
        return 0;
    }
    int moved;
    if (t->seekable) {
        QvObj *at = qv_textio_call(qi, t, QV_N(tell), NULL, 0);
        moved = at ? qv_is_true(qi, at) : -1;
        qv_xdecref(qi, at);
    } else {
        moved = is_wide(qi, t); // CPython writes none into what cannot seek, such as pipes
    }
    if (moved <= 0) {
        return moved;
    }
    QvObj *r = qv_call_method1(qi, t->codec.encoder, QV_N(setstate), qv_int_from_i64(qi, 0));
    qv_xdecref(qi, r);
    return r ? 0 : -1;
}

static int setup(QvInterp *qi, QvTextIO *t, QvObj *buffer, QvObj *encoding, QvObj *errors,
                 const char *newline)
{
    t->ok = t->detached = false;
    if (set_newline(qi, t, newline) < 0 || qv_textcodec_init(qi, &t->codec, encoding, errors) < 0) {
        return -1;
    }
    t->codec.nl.translate = t->sum_up;
    t->chunk = QV_TEXT_CHUNK;
    qv_set_take(qi, &t->encoding, qv_new_ref(qi, encoding));
    qv_set_take(qi, &t->buffer, qv_new_ref(qi, buffer));
    qv_textio_drop_decoded(qi, t);
    t->out_len = 0;
    if (ask_buffer(qi, t) < 0 || place_encoder(qi, t) < 0) {
        return -1;
    }
    t->ok = true;
    return 0;
}

// None or missing: NULL. 0/-1
static int str_or_none(QvInterp *qi, QvObj *o, const char *name, QvObj **ret)
{
    *ret = o == QV_NONE ? NULL : o;
    if (*ret && !qv_is_str(*ret)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "TextIOWrapper() argument '%s' must be str or None, not %T", name, o);
    }
    return 0;
}

// Is there such an error handler? In development mode this is asked early. 0/-1
static int check_errors(QvInterp *qi, QvObj *errors)
{
    QvObj *module = qv_import(qi, "_codecs");
    QvObj *lookup = module ? qv_getattr_cstr(qi, module, "lookup_error") : NULL;
    QvObj *handler = lookup ? qv_call1(qi, lookup, errors) : NULL;
    qv_xdecref(qi, handler);
    qv_xdecref(qi, lookup);
    qv_xdecref(qi, module);
    return handler ? 0 : -1;
}

static int textio_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvTextIO *t = qv_as_textio(self);
    QvObj *slot[6], *encoding, *errors, *newline;
    t->ok = t->detached = false;
    if (qv_args(qi,
                "TextIOWrapper(buffer, encoding=None, errors=None, newline=None, "
                "line_buffering=False, write_through=False)",
                args, nargs, kwnames, slot) < 0 ||
        str_or_none(qi, slot[1], "encoding", &encoding) < 0 ||
        str_or_none(qi, slot[3], "newline", &newline) < 0) {
        return -1;
    }
    errors = slot[2] && slot[2] != QV_NONE ? slot[2] : QV_N(strict);
    if (!qv_is_str(errors)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "TextIOWrapper() argument 'errors' must be str or None, not %T",
                            errors);
    }
    int lines = slot[4] ? qv_is_true(qi, slot[4]) : 0,
        through = slot[5] ? qv_is_true(qi, slot[5]) : 0;
    if (lines < 0 || through < 0) {
        return -1;
    }
    if (qi->config.dev_mode && errors != QV_N(strict) && check_errors(qi, errors) < 0) {
        return -1;
    }
    if (!encoding) {
        if (qi->config.warn_default_encoding &&
            qv_warn(qi, &qv_exc_EncodingWarning, 1, "'encoding' argument not specified") < 0) {
            return -1;
        }
        encoding = qi->config.locale_streams ? QV_N(UTF_8) : QV_N(utf8); // as CPython names it
    } else if (qv_str_eq_ascii(encoding, "locale")) {
        encoding = QV_N(UTF_8);
    }
    QvUtf8 nl = {0};
    if (newline && qv_str_utf8(qi, newline, &nl) < 0) {
        return -1;
    }
    t->line_buffering = lines;
    t->write_through = through;
    int status = setup(qi, t, slot[0], encoding, errors, newline ? nl.s : NULL);
    if (newline) {
        qv_utf8_release(qi, &nl);
    }
    return status;
}

static QvObj *textio_alloc(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    QvTextIO *t = (QvTextIO *)qv_obj_new(qi, type);
    if (t) {
        t->chunk = QV_TEXT_CHUNK;
    }
    return (QvObj *)t;
}

QvObj *qv_textio_new(QvInterp *qi, QvObj *buffer, const QvTextArgs *args, QvObj *mode)
{
    QvTextIO *t = (QvTextIO *)textio_alloc(qi, &qv_io_textiowrapper_type, NULL, 0, NULL);
    QvObj *encoding = args->encoding ? qv_str_intern_cstr(qi, args->encoding) : QV_N(utf8);
    QvObj *errors = args->errors ? qv_str_intern_cstr(qi, args->errors) : QV_N(strict);
    if (t && encoding && errors) {
        t->line_buffering = args->line_buffering;
        t->write_through = args->write_through;
        t->mode = qv_xnew_ref(qi, mode);
    }
    if (!t || !encoding || !errors || setup(qi, t, buffer, encoding, errors, args->newline) < 0) {
        qv_xdecref(qi, (QvObj *)t);
        t = NULL;
    }
    qv_xdecref(qi, encoding);
    qv_xdecref(qi, errors);
    return (QvObj *)t;
}

QV_IO_METHOD(textio_detach)
{
    (void)args, (void)nargs;
    QvTextIO *t = qv_as_textio(self);
    if (qv_textio_check(qi, t) < 0 || qv_textio_flush_all(qi, t) < 0 ||
        qv_textio_check(qi, t) < 0) {
        return NULL;
    }
    QvObj *buffer = t->buffer;
    t->buffer = NULL;
    t->detached = true;
    t->ok = false;
    return buffer;
}

QV_IO_METHOD(textio_close)
{
    (void)args, (void)nargs;
    QvTextIO *t = qv_as_textio(self);
    if (qv_textio_check(qi, t) < 0) {
        return NULL;
    }
    int closed = is_closed(qi, t);
    if (closed != 0) {
        return closed < 0 ? NULL : QV_NONE;
    }
    QvObj *failure = NULL;
    if (t->finalizing) {
        QvObj *r = qv_textio_call(qi, t, QV_N(_dealloc_warn), &self, 1);
        if (!r) {
            qv_err_clear(qi);
        }
        qv_xdecref(qi, r);
    }
    if (qv_textio_flush_all(qi, t) < 0) {
        failure = qv_err_fetch(qi);
    }
    QvObj *r = qv_textio_call(qi, t, QV_N(close), NULL, 0);
    if (failure) {
        qv_xdecref(qi, r);
        qv_io_chain(qi, failure);
        return NULL;
    }
    return r;
}

static void textio_clear(QvInterp *qi, QvObj *o)
{
    QvTextIO *t = qv_as_textio(o);
    t->ok = false;
    qv_textio_drop_decoded(qi, t);
    qv_textcodec_fini(qi, &t->codec);
    qv_clear(qi, &t->buffer);
    qv_clear(qi, &t->encoding);
    qv_clear(qi, &t->mode);
    qv_clear(qi, &t->b.dict);
}

static void textio_fini(QvInterp *qi, QvObj *o)
{
    QvTextIO *t = qv_as_textio(o);
    if (t->out) {
        qv_free(qi, t->out, t->out_cap);
        t->out = NULL;
    }
    textio_clear(qi, o);
}

static int textio_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvTextIO *t = qv_as_textio(o);
    QV_VISIT(t->buffer);
    QV_VISIT(t->encoding);
    QV_VISIT(t->mode);
    QV_VISIT(t->decoded);
    QV_VISIT(t->snap_input);
    int r = qv_textcodec_traverse(&t->codec, visit, ctx);
    return r ? r : qv_io_traverse(o, visit, ctx);
}

QV_IO_METHOD(textio_reconfigure)
{
    (void)nargs;
    QvTextIO *t = qv_as_textio(self);
    QvObj *encoding = args[0] && args[0] != QV_NONE ? args[0] : NULL;
    QvObj *errors = args[1] && args[1] != QV_NONE ? args[1] : NULL;
    QvObj *newline = args[2]; // None means universal, missing: unchanged
    if (qv_textio_check(qi, t) < 0) {
        return NULL;
    }
    if ((t->decoded || t->snap_input) && (encoding || errors || newline)) {
        return qv_io_unsupported(
            qi, "It is not possible to set the encoding or newline of stream after the first read");
    }
    QvObj *const strs[3] = {encoding, errors, newline && newline != QV_NONE ? newline : NULL};
    static const char *const names[3] = {"encoding", "errors", "newline"};
    for (int k = 0; k < 3; k++) {
        if (strs[k] && !qv_is_str(strs[k])) {
            return qv_raise(qi, &qv_exc_TypeError,
                            "reconfigure() argument '%s' must be str or None, not %T", names[k],
                            strs[k]);
        }
    }
    int lines = args[3] && args[3] != QV_NONE ? qv_is_true(qi, args[3]) : t->line_buffering;
    int through = args[4] && args[4] != QV_NONE ? qv_is_true(qi, args[4]) : t->write_through;
    if (lines < 0 || through < 0 || qv_textio_flush_all(qi, t) < 0) {
        return NULL;
    }
    qv_clear(qi, &t->decoded);
    if (newline) {
        QvUtf8 nl = {0};
        if (strs[2] && qv_str_utf8(qi, strs[2], &nl) < 0) {
            return NULL;
        }
        int status = set_newline(qi, t, strs[2] ? nl.s : NULL);
        if (strs[2]) {
            qv_utf8_release(qi, &nl);
        }
        if (status < 0) {
            return NULL;
        }
    }
    if (encoding || errors) {
        if (encoding && qv_str_eq_ascii(encoding, "locale")) {
            encoding = QV_N(UTF_8);
        }
        // A new encoding starts strict again.
        QvObj *e = qv_new_ref(qi, errors ? errors : encoding ? QV_N(strict) : t->codec.errors);
        QvObj *name = qv_new_ref(qi, encoding ? encoding : t->encoding);
        int status = qv_textcodec_init(qi, &t->codec, name, e);
        t->codec.nl.translate = t->sum_up;
        if (status == 0) {
            qv_set_take(qi, &t->encoding, qv_new_ref(qi, name));
            status = place_encoder(qi, t);
        }
        qv_decref(qi, e);
        qv_decref(qi, name);
        if (status < 0) {
            return NULL;
        }
    }
    t->line_buffering = lines;
    t->write_through = through;
    return QV_NONE;
}

// ---- passed on, and attributes ------------------------------------------------------------------

static QvObj *pass_on(QvInterp *qi, QvObj *self, QvObj *name)
{
    QvTextIO *t = qv_as_textio(self);
    return qv_textio_check(qi, t) < 0 ? NULL : qv_textio_call(qi, t, name, NULL, 0);
}
QV_IO_METHOD(textio_fileno)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(fileno));
}
QV_IO_METHOD(textio_seekable)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(seekable));
}
QV_IO_METHOD(textio_readable)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(readable));
}
QV_IO_METHOD(textio_writable)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(writable));
}
QV_IO_METHOD(textio_isatty)
{
    (void)args, (void)nargs;
    return pass_on(qi, self, QV_N(isatty));
}

QV_IO_METHOD(textio_truncate)
{
    (void)nargs;
    QvTextIO *t = qv_as_textio(self);
    if (qv_textio_check(qi, t) < 0 || qv_textio_flush_all(qi, t) < 0) {
        return NULL;
    }
    QvObj *size = args[0] ? args[0] : QV_NONE;
    return qv_textio_call(qi, t, QV_N(truncate), &size, 1);
}

static QvObj *get_buffer(QvInterp *qi, QvObj *o)
{
    (void)qi;
    QvObj *buffer = qv_as_textio(o)->buffer;
    return buffer ? qv_new_ref(qi, buffer) : QV_NONE;
}
static QvObj *get_encoding(QvInterp *qi, QvObj *o)
{
    QvObj *e = qv_as_textio(o)->encoding;
    return qv_new_ref(qi, e ? e : QV_NONE);
}
static QvObj *get_errors(QvInterp *qi, QvObj *o)
{
    QvTextIO *t = qv_as_textio(o);
    if (!t->detached && qv_textio_check(qi, t) < 0) {
        return NULL;
    }
    return t->codec.errors ? qv_new_ref(qi, t->codec.errors) : QV_NONE;
}
static QvObj *get_newlines(QvInterp *qi, QvObj *o)
{
    QvTextIO *t = qv_as_textio(o);
    return qv_textio_check(qi, t) < 0            ? NULL
           : !t->can_read || !t->codec.universal ? QV_NONE
                                                 : qv_newlines_seen(qi, t->codec.nl.seen);
}
static QvObj *get_name(QvInterp *qi, QvObj *o)
{
    return qv_textio_check(qi, qv_as_textio(o)) < 0
               ? NULL
               : qv_getattr(qi, qv_as_textio(o)->buffer, QV_N(name));
}
static QvObj *get_closed(QvInterp *qi, QvObj *o)
{
    QvTextIO *t = qv_as_textio(o);
    int closed = qv_textio_check(qi, t) < 0 ? -1 : is_closed(qi, t);
    return closed < 0 ? NULL : qv_bool(closed);
}
static QvObj *get_line_buffering(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(qv_as_textio(o)->line_buffering);
}
static QvObj *get_write_through(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(qv_as_textio(o)->write_through);
}
static QvObj *get_finalizing(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(qv_as_textio(o)->finalizing);
}
static int set_finalizing(QvInterp *qi, QvObj *o, QvObj *value)
{
    int yes = value ? qv_is_true(qi, value) : 0;
    qv_as_textio(o)->finalizing = yes > 0;
    return yes < 0 ? -1 : 0;
}
static QvObj *get_mode(QvInterp *qi, QvObj *o)
{
    return qv_as_textio(o)->mode ? qv_new_ref(qi, qv_as_textio(o)->mode)
                                 : qv_attr_error(qi, o, QV_N(mode));
}
static int set_mode(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_set_take(qi, &qv_as_textio(o)->mode, qv_xnew_ref(qi, value));
    return 0;
}
static QvObj *get_chunk(QvInterp *qi, QvObj *o)
{
    QvTextIO *t = qv_as_textio(o);
    return qv_textio_check(qi, t) < 0 ? NULL : qv_int_from_i64(qi, t->chunk);
}
static int set_chunk(QvInterp *qi, QvObj *o, QvObj *value)
{
    QvSsize n;
    if (!value) {
        return qv_raise_int(qi, &qv_exc_AttributeError, "cannot delete attribute");
    }
    if (qv_index_ssize(qi, value, &n, &qv_exc_ValueError) < 0) {
        return -1;
    }
    if (n <= 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "a strictly positive integer is required");
    }
    qv_as_textio(o)->chunk = n;
    return 0;
}

static QvObj *textio_repr(QvInterp *qi, QvObj *o)
{
    QvTextIO *t = qv_as_textio(o);
    int status = t->detached || qv_textio_check(qi, t) == 0 ? qv_repr_enter(qi, o) : -1;
    if (status != 0) {
        return status < 0
                   ? NULL
                   : qv_raise(qi, &qv_exc_RuntimeError, "reentrant call inside %T.__repr__", o);
    }
    static const char *const labels[2] = {" name=", " mode="};
    QvObj *const names[2] = {QV_N(name), QV_N(mode)};
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_cstr(&b, "<_io.TextIOWrapper");
    bool failed = false;
    for (int k = 0; k < 2 && !failed; k++) {
        QvObj *v;
        int has = qv_getattr_try(qi, o, names[k], &v);
        if (has < 0 && qv_err_matches(qi, &qv_exc_ValueError)) {
            qv_err_clear(qi); // detached or not initialised
            has = 0;
        }
        QvObj *text = has > 0 ? qv_repr(qi, v) : NULL;
        failed = has < 0 || (has > 0 && !text);
        if (text) {
            qv_strbuf_cstr(&b, labels[k]);
            qv_strbuf_str(&b, text);
            qv_decref(qi, text);
        }
        if (has > 0) {
            qv_decref(qi, v);
        }
    }
    QvObj *text = failed ? NULL : qv_repr(qi, t->encoding ? t->encoding : QV_NONE);
    qv_repr_leave(qi, o);
    if (!text) {
        qv_strbuf_fini(&b);
        return NULL;
    }
    qv_strbuf_cstr(&b, " encoding=");
    qv_strbuf_str(&b, text);
    qv_strbuf_char(&b, '>');
    qv_decref(qi, text);
    return qv_strbuf_finish(&b);
}

static const QvNativeDef textio_methods[] = {
    {"detach", textio_detach, "($self, /)", NULL},
    {"reconfigure", textio_reconfigure,
     "($self, /, *, encoding=None, errors=None, newline=None, line_buffering=None, "
     "write_through=None)",
     "Reconfigure the text stream with new parameters.\n\nThis also does an implicit stream "
     "flush."},
    {"write", textio_write, "($self, text, /)", NULL},
    {"read", qv_textio_read, "($self, size=-1, /)", NULL},
    {"readline", qv_textio_readline, "($self, size=-1, /)", NULL},
    {"flush", textio_flush, "($self, /)", NULL},
    {"close", textio_close, "($self, /)", NULL},
    {"fileno", textio_fileno, "($self, /)", NULL},
    {"seekable", textio_seekable, "($self, /)", NULL},
    {"readable", textio_readable, "($self, /)", NULL},
    {"writable", textio_writable, "($self, /)", NULL},
    {"isatty", textio_isatty, "($self, /)", NULL},
    {"seek", qv_textio_seek, "($self, cookie, whence=0, /)", NULL},
    {"tell", qv_textio_tell, "($self, /)", NULL},
    {"truncate", textio_truncate, "($self, pos=None, /)", NULL},
    {"__getstate__", qv_io_no_pickle, "($self, /)", NULL},
    {0},
};

static const QvGetSet textio_getsets[] = {
    {"buffer", get_buffer, NULL, NULL},
    {"encoding", get_encoding, NULL, NULL},
    {"errors", get_errors, NULL, NULL},
    {"newlines", get_newlines, NULL, NULL},
    {"name", get_name, NULL, NULL},
    {"closed", get_closed, NULL, NULL},
    {"line_buffering", get_line_buffering, NULL, NULL},
    {"write_through", get_write_through, NULL, NULL},
    {"mode", get_mode, set_mode, NULL},
    {"_finalizing", get_finalizing, set_finalizing, NULL},
    {"_CHUNK_SIZE", get_chunk, set_chunk, NULL},
    {0},
};

QV_SEALED QvType qv_io_textiowrapper_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io.TextIOWrapper",
    .id = QV_TID_io_textiowrapper,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_io_textiobase_type,
    .size = sizeof(QvTextIO),
    .dict_offset = offsetof(QvIoBase, dict),
    .doc = "Character and line based layer over a BufferedIOBase object, buffer.",
    .methods = textio_methods,
    .getsets = textio_getsets,
    .new_ = textio_alloc,
    .init = textio_init,
    .fini = textio_fini,
    .clear = textio_clear,
    .traverse = textio_traverse,
    .repr = textio_repr,
    .next = qv_textio_next,
};
