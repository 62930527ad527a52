// SPDX-License-Identifier: MIT
// The codec of a text stream. See textcodec.h.
#include "modules/io/textcodec.h"

#include <string.h>

#include "object/bytes.h"
#include "object/codec.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- set-up -------------------------------------------------------------------------------------

static QvTextKind kind_of(const QvObj *encoding)
{
    static const struct {
        const char *name; // lower case, '_' and ' ' as '-'
        QvTextKind kind;
    } names[] = {
        {"utf-8", QV_TEXT_UTF8},   {"utf8", QV_TEXT_UTF8},         {"u8", QV_TEXT_UTF8},
        {"cp65001", QV_TEXT_UTF8}, {"ascii", QV_TEXT_ASCII},       {"us-ascii", QV_TEXT_ASCII},
        {"646", QV_TEXT_ASCII},    {"latin-1", QV_TEXT_LATIN1},    {"latin1", QV_TEXT_LATIN1},
        {"latin", QV_TEXT_LATIN1}, {"iso-8859-1", QV_TEXT_LATIN1}, {"iso8859-1", QV_TEXT_LATIN1},
        {"8859", QV_TEXT_LATIN1},  {"l1", QV_TEXT_LATIN1},
    };
    char text[16];
    QvSsize n = qv_str_len(encoding);
    if (n >= (QvSsize)sizeof text || !qv_str_is_ascii(encoding)) {
        return QV_TEXT_OTHER;
    }
    for (QvSsize k = 0; k < n; k++) {
        char ch = (char)qv_str_read(encoding, k);
        text[k] = ch >= 'A' && ch <= 'Z' ? (char)(ch + 32) : ch == '_' || ch == ' ' ? '-' : ch;
    }
    text[n] = 0;
    for (size_t k = 0; k < sizeof names / sizeof *names; k++) {
        if (strcmp(text, names[k].name) == 0) {
            return names[k].kind;
        }
    }
    return QV_TEXT_OTHER;
}

// Is it made for text? Attribute of CodecInfo; missing on foreign ones.
static int check_is_text(QvInterp *qi, QvObj *info, QvObj *encoding)
{
    QvObj *flag;
    QvObj *key = qv_str_intern_cstr(qi, "_is_text_encoding");
    int has = key ? qv_getattr_try(qi, info, key, &flag) : -1;
    qv_xdecref(qi, key);
    if (has <= 0) {
        return has;
    }
    int yes = qv_is_true(qi, flag);
    qv_decref(qi, flag);
    if (yes == 0) {
        return qv_raise_int(
            qi, &qv_exc_LookupError,
            "'%U' is not a text encoding; use codecs.open() to handle arbitrary codecs", encoding);
    }
    return yes < 0 ? -1 : 0;
}

int qv_textcodec_init(QvInterp *qi, QvTextCodec *c, QvObj *encoding, QvObj *errors)
{
    qv_set_take(qi, &c->errors, qv_new_ref(qi, errors));
    qv_clear(qi, &c->decoder);
    qv_clear(qi, &c->encoder);
    qv_clear(qi, &c->info);
    c->npart = 0;
    c->nl = (QvNewlines){0};
    c->kind = kind_of(encoding);
    if (!qv_str_is_ascii(errors)) {
        return qv_raise_int(qi, &qv_exc_LookupError, "unknown error handler name '%U'", errors);
    }
    if (c->kind != QV_TEXT_OTHER) {
        return 0;
    }
    QvObj *codecs = qv_import(qi, "codecs");
    QvObj *lookup = codecs ? qv_getattr_cstr(qi, codecs, "lookup") : NULL;
    c->info = lookup ? qv_call1(qi, lookup, encoding) : NULL;
    qv_xdecref(qi, codecs);
    qv_xdecref(qi, lookup);
    return c->info ? check_is_text(qi, c->info, encoding) : -1;
}

void qv_textcodec_fini(QvInterp *qi, QvTextCodec *c)
{
    qv_clear(qi, &c->errors);
    qv_clear(qi, &c->decoder);
    qv_clear(qi, &c->encoder);
    qv_clear(qi, &c->info);
}

int qv_textcodec_traverse(QvTextCodec *c, QvVisit visit, void *ctx)
{
    QV_VISIT(c->errors);
    QV_VISIT(c->decoder);
    QV_VISIT(c->encoder);
    QV_VISIT(c->info);
    return 0;
}

static int need(QvInterp *qi, QvTextCodec *c, QvObj **place, const char *factory)
{
    if (c->kind != QV_TEXT_OTHER || *place) {
        return 0;
    }
    QvObj *make = qv_getattr_cstr(qi, c->info, factory);
    QvObj *made = make ? qv_call1(qi, make, c->errors) : NULL;
    qv_xdecref(qi, make);
    if (!made) {
        return -1;
    }
    qv_set_take(qi, place, made);
    return 0;
}

int qv_textcodec_need_decoder(QvInterp *qi, QvTextCodec *c)
{
    return need(qi, c, &c->decoder, "incrementaldecoder");
}
int qv_textcodec_need_encoder(QvInterp *qi, QvTextCodec *c)
{
    return need(qi, c, &c->encoder, "incrementalencoder");
}

// ---- decoding -----------------------------------------------------------------------------------

static const char *errors_text(const QvTextCodec *c) { return qv_str_data(c->errors); }

static QvObj *decode_utf8(QvInterp *qi, QvTextCodec *c, const uint8_t *p, QvSsize n, bool final)
{
    if (c->npart == 0) {
        QvSsize used = n;
        QvObj *text = qv_codec_utf8_decode(qi, p, n, errors_text(c), final ? NULL : &used);
        if (text && !final && n - used > (QvSsize)sizeof c->part) {
            // Bytes of another input, which an error handler has put in its place.
            qv_decref(qi, text);
            return qv_raise(qi, &qv_exc_ValueError,
                            "the error handler has left %zd bytes of the input undecoded",
                            n - used);
        }
        if (text && !final && used < n) {
            c->npart = (uint8_t)(n - used);
            memcpy(c->part, p + used, c->npart);
        }
        return text;
    }
    // A sequence was cut: what is left of it goes in front.
    QvSsize head = c->npart;
    uint8_t *all = qv_alloc(qi, (size_t)(head + n));
    if (!all) {
        return NULL;
    }
    memcpy(all, c->part, (size_t)head);
    memcpy(all + head, p, (size_t)n);
    c->npart = 0;
    QvObj *text = decode_utf8(qi, c, all, head + n, final);
    qv_free(qi, all, (size_t)(head + n));
    return text;
}

static QvObj *decode_other(QvInterp *qi, QvTextCodec *c, const uint8_t *p, QvSsize n, bool final)
{
    QvObj *input = qv_textcodec_need_decoder(qi, c) < 0 ? NULL : qv_bytes_new(qi, p, n);
    if (!input) {
        return NULL;
    }
    QvObj *const a[2] = {input, qv_bool(final)};
    QvObj *text = qv_call_method(qi, c->decoder, QV_N(decode), a, 2);
    qv_decref(qi, input);
    if (text && !qv_is_str(text)) {
        qv_raise(qi, &qv_exc_TypeError, "decoder should return a string result, not '%.200T'",
                 text);
        qv_clear(qi, &text);
    }
    return text;
}

QvObj *qv_textcodec_decode(QvInterp *qi, QvTextCodec *c, const uint8_t *p, QvSsize n, bool final)
{
    QvObj *text;
    switch (c->kind) {
    case QV_TEXT_UTF8: text = decode_utf8(qi, c, p, n, final); break;
    case QV_TEXT_ASCII: text = qv_codec_ascii_decode(qi, p, n, errors_text(c)); break;
    case QV_TEXT_LATIN1: text = qv_codec_latin1_decode(qi, p, n); break;
    default: text = decode_other(qi, c, p, n, final); break;
    }
    return c->universal ? qv_newlines_decode(qi, &c->nl, text, final) : text;
}

int qv_textcodec_getstate(QvInterp *qi, QvTextCodec *c, QvObj **ret_bytes, int64_t *ret_flags)
{
    int64_t flags = 0;
    if (c->kind != QV_TEXT_OTHER) {
        *ret_bytes = qv_bytes_new(qi, c->part, c->npart);
    } else {
        QvObj *state = qv_textcodec_need_decoder(qi, c) < 0
                           ? NULL
                           : qv_call_method0(qi, c->decoder, QV_N(getstate));
        if (!state) {
            return -1;
        }
        bool good = qv_is_tuple(state) && qv_tuple_len(state) == 2 &&
                    qv_is_int(qv_tuple_peek(state, 1));
        if (!good) {
            qv_raise(qi, &qv_exc_TypeError, "illegal decoder state");
        } else if (!qv_is_bytes(qv_tuple_peek(state, 0))) {
            qv_raise(qi, &qv_exc_TypeError,
                     "illegal decoder state: the first item should be a bytes object, not '%.200T'",
                     qv_tuple_peek(state, 0));
            good = false;
        }
        *ret_bytes = good ? qv_new_ref(qi, qv_tuple_peek(state, 0)) : NULL;
        if (good) {
            qv_int_as_i64(qv_tuple_peek(state, 1), &flags);
        }
        qv_decref(qi, state);
    }
    if (c->universal) {
        flags = (int64_t)((uint64_t)flags << 1 | c->nl.pending_cr);
    }
    *ret_flags = flags;
    return *ret_bytes ? 0 : -1;
}

int qv_textcodec_setstate(QvInterp *qi, QvTextCodec *c, const uint8_t *p, QvSsize n, int64_t flags)
{
    if (c->universal) {
        c->nl.pending_cr = flags & 1;
        flags >>= 1;
    }
    if (c->kind != QV_TEXT_OTHER) {
        c->npart = (uint8_t)(n < 4 ? n : 0);
        memcpy(c->part, p, c->npart);
        return 0;
    }
    if (qv_textcodec_need_decoder(qi, c) < 0) {
        return -1;
    }
    QvObj *both[2] = {qv_bytes_new(qi, p, n), qv_int_from_i64(qi, flags)};
    QvObj *state = both[0] && both[1] ? qv_tuple_from_array(qi, both, 2) : NULL;
    QvObj *r = state ? qv_call_method1(qi, c->decoder, QV_N(setstate), state) : NULL;
    qv_xdecref(qi, both[0]);
    qv_xdecref(qi, both[1]);
    qv_xdecref(qi, state);
    qv_xdecref(qi, r);
    return r ? 0 : -1;
}

int qv_textcodec_reset(QvInterp *qi, QvTextCodec *c)
{
    c->npart = 0;
    c->nl.pending_cr = false;
    c->nl.seen = 0;
    if (!c->decoder) {
        return 0;
    }
    QvObj *r = qv_call_method0(qi, c->decoder, QV_N(reset));
    qv_xdecref(qi, r);
    return r ? 0 : -1;
}

// ---- encoding -----------------------------------------------------------------------------------

QvObj *qv_textcodec_encode(QvInterp *qi, QvTextCodec *c, QvObj *text)
{
    switch (c->kind) {
    case QV_TEXT_UTF8: return qv_codec_utf8_encode(qi, text, errors_text(c));
    case QV_TEXT_ASCII: return qv_codec_ascii_encode(qi, text, errors_text(c));
    case QV_TEXT_LATIN1: return qv_codec_latin1_encode(qi, text, errors_text(c));
    default: break;
    }
    QvObj *data = qv_textcodec_need_encoder(qi, c) < 0
                      ? NULL
                      : qv_call_method1(qi, c->encoder, QV_N(encode), text);
    if (data && !qv_is_bytes(data)) {
        qv_raise(qi, &qv_exc_TypeError, "encoder should return a bytes object, not '%.200T'", data);
        qv_clear(qi, &data);
    }
    return data;
}
