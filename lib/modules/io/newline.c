// SPDX-License-Identifier: MIT
// Universal newlines over pieces of text, and IncrementalNewlineDecoder, which offers them to
// Python.
#include "modules/io/io.h"
#include "object/bytes.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"

int qv_newlines_has(QvInterp *qi, const QvObj *s, char c)
{
    QvSsize at = qv_units_find_long(qi, qv_str_data(s), qv_str_kind(s), qv_str_len(s), &c, QV_STR_1,
                                    1, false);
    return at == -2 ? -1 : at >= 0;
}

// The text with every \r\n and \r as \n; only called when there is a \r.
static QvObj *translate(QvInterp *qi, QvObj *s, uint8_t *seen, bool change)
{
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    QvSsize n = qv_str_len(s), from = 0;
    for (QvSsize k = 0; k < n; k++) {
        uint32_t c = qv_str_read(s, k);
        if (qv_stop_step(qi, k) < 0) {
            qv_strbuf_fini(&b);
            return NULL;
        }
        if (c == '\n') {
            *seen |= QV_NL_LF;
        } else if (c == '\r') {
            bool crlf = k + 1 < n && qv_str_read(s, k + 1) == '\n';
            *seen |= crlf ? QV_NL_CRLF : QV_NL_CR;
            if (change) {
                qv_strbuf_slice(&b, s, from, k);
                qv_strbuf_char(&b, '\n');
                from = k + 1 + crlf;
            }
            k += crlf;
        }
    }
    if (!change) {
        qv_strbuf_fini(&b);
        return qv_new_ref(qi, s);
    }
    qv_strbuf_slice(&b, s, from, n);
    return qv_strbuf_finish(&b);
}

QvObj *qv_newlines_decode(QvInterp *qi, QvNewlines *nl, QvObj *text, bool final)
{
    if (!text) {
        return NULL;
    }
    QvSsize n = qv_str_len(text);
    if (nl->pending_cr && (final || n > 0)) {
        QvObj *cr = qv_str_from_char(qi, '\r');
        QvObj *joined = cr ? qv_str_concat(qi, cr, text) : NULL;
        qv_xdecref(qi, cr);
        qv_decref(qi, text);
        if (!joined) {
            return NULL;
        }
        text = joined;
        nl->pending_cr = false;
        n++;
    }
    // A \r at the end waits: a \n may follow.
    if (!final && n > 0 && qv_str_read(text, n - 1) == '\r') {
        QvObj *cut = qv_str_slice(qi, text, 0, n - 1);
        qv_decref(qi, text);
        if (!cut) {
            return NULL;
        }
        text = cut;
        nl->pending_cr = true;
        n--;
    }
    if (n == 0) {
        return text;
    }
    int has = qv_newlines_has(qi, text, '\r');
    if (has == 0) {
        has = nl->seen & QV_NL_LF ? 0 : qv_newlines_has(qi, text, '\n');
        nl->seen |= has > 0 ? QV_NL_LF : 0;
        if (has >= 0) {
            return text;
        }
    }
    if (has < 0) {
        qv_decref(qi, text);
        return NULL;
    }
    QvObj *result = translate(qi, text, &nl->seen, nl->translate);
    qv_decref(qi, text);
    return result;
}

QvObj *qv_newlines_seen(QvInterp *qi, unsigned seen)
{
    static const char *const text[3] = {"\r", "\n", "\r\n"};
    QvObj *found[3];
    int n = 0;
    for (int k = 0; k < 3; k++) {
        if (seen & 1u << k) {
            found[n] = qv_str_new_cstr(qi, text[k]);
            if (!found[n++]) {
                return NULL;
            }
        }
    }
    return n == 0 ? QV_NONE : n == 1 ? found[0] : qv_tuple_from_array_take(qi, found, n);
}

// ---- IncrementalNewlineDecoder ------------------------------------------------------------------

typedef struct Decoder {
    QvObj h;
    QvObj *decoder; // or NULL (None): the input is text already
    bool ok;
    QvNewlines nl;
} Decoder;

static Decoder *as_decoder(QvObj *o) { return (Decoder *)o; }

static int decoder_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    QvObj *slot[3];
    if (qv_args(qi, "IncrementalNewlineDecoder(decoder, translate, errors='strict')", args, nargs,
                kwnames, slot) < 0) {
        return -1;
    }
    int translate_too = qv_is_true(qi, slot[1]);
    if (translate_too < 0) {
        return -1;
    }
    Decoder *d = as_decoder(self);
    qv_set_take(qi, &d->decoder, slot[0] == QV_NONE ? NULL : qv_new_ref(qi, slot[0]));
    d->nl = (QvNewlines){.translate = translate_too};
    d->ok = true;
    return 0;
}

static int check_init(QvInterp *qi, const Decoder *d)
{
    return d->ok ? 0
                 : qv_raise_int(qi, &qv_exc_ValueError,
                                "IncrementalNewlineDecoder.__init__() not called");
}

QV_IO_METHOD(decoder_decode)
{
    (void)nargs;
    Decoder *d = as_decoder(self);
    int final = args[1] ? qv_is_true(qi, args[1]) : 0;
    if (final < 0 || check_init(qi, d) < 0) {
        return NULL;
    }
    QvObj *text = d->decoder ? NULL : qv_new_ref(qi, args[0]);
    if (d->decoder) {
        QvObj *const a[2] = {args[0], qv_bool(final)};
        text = qv_call_method(qi, d->decoder, QV_N(decode), a, 2);
    }
    if (text && !qv_is_str(text)) {
        qv_raise(qi, &qv_exc_TypeError, "decoder should return a string result, not '%.200T'",
                 text);
        qv_clear(qi, &text);
    }
    return qv_newlines_decode(qi, &d->nl, text, final);
}

QV_IO_METHOD(decoder_getstate)
{
    (void)args, (void)nargs;
    Decoder *d = as_decoder(self);
    if (check_init(qi, d) < 0) {
        return NULL;
    }
    QvObj *buffer = NULL;
    int64_t flag = 0;
    if (d->decoder) {
        QvObj *state = qv_call_method0(qi, d->decoder, QV_N(getstate));
        if (!state) {
            return NULL;
        }
        if (!qv_is_tuple(state) || qv_tuple_len(state) != 2 ||
            !qv_is_int(qv_tuple_peek(state, 1))) {
            qv_decref(qi, state);
            return qv_raise(qi, &qv_exc_TypeError, "illegal decoder state");
        }
        buffer = qv_new_ref(qi, qv_tuple_peek(state, 0));
        qv_int_as_i64(qv_tuple_peek(state, 1), &flag);
        qv_decref(qi, state);
    } else {
        buffer = qv_bytes_new(qi, NULL, 0);
    }
    QvObj *both[2] = {buffer, qv_int_from_u64(qi, (uint64_t)flag << 1 | d->nl.pending_cr)};
    if (!both[0] || !both[1]) {
        qv_xdecref(qi, both[0]);
        qv_xdecref(qi, both[1]);
        return NULL;
    }
    return qv_tuple_from_array_take(qi, both, 2);
}

QV_IO_METHOD(decoder_setstate)
{
    (void)nargs;
    Decoder *d = as_decoder(self);
    if (check_init(qi, d) < 0) {
        return NULL;
    }
    if (!qv_is_tuple(args[0]) || qv_tuple_len(args[0]) != 2 ||
        !qv_is_int(qv_tuple_peek(args[0], 1))) {
        return qv_raise(qi, &qv_exc_TypeError, "state argument must be a tuple");
    }
    int64_t flag;
    qv_int_as_i64(qv_tuple_peek(args[0], 1), &flag);
    d->nl.pending_cr = flag & 1;
    if (!d->decoder) {
        return QV_NONE;
    }
    QvObj *inner = qv_int_from_u64(qi, (uint64_t)flag >> 1);
    QvObj *state = inner ? qv_tuple_of(qi, 2, qv_tuple_peek(args[0], 0), inner) : NULL;
    QvObj *r = state ? qv_call_method1(qi, d->decoder, QV_N(setstate), state) : NULL;
    qv_xdecref(qi, inner);
    qv_xdecref(qi, state);
    return r;
}

QV_IO_METHOD(decoder_reset)
{
    (void)args, (void)nargs;
    Decoder *d = as_decoder(self);
    if (check_init(qi, d) < 0) {
        return NULL;
    }
    d->nl.seen = 0;
    d->nl.pending_cr = false;
    return d->decoder ? qv_call_method0(qi, d->decoder, QV_N(reset)) : QV_NONE;
}

static QvObj *get_newlines(QvInterp *qi, QvObj *o)
{
    return check_init(qi, as_decoder(o)) < 0 ? NULL : qv_newlines_seen(qi, as_decoder(o)->nl.seen);
}

static QvObj *decoder_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type);
}
static void decoder_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_decoder(o)->decoder); }
static int decoder_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_decoder(o)->decoder);
    return 0;
}

static const QvNativeDef decoder_methods[] = {
    {"decode", decoder_decode, "($self, /, input, final=False)", NULL},
    {"getstate", decoder_getstate, "($self, /)", NULL},
    {"setstate", decoder_setstate, "($self, state, /)", NULL},
    {"reset", decoder_reset, "($self, /)", NULL},
    {0},
};
static const QvGetSet decoder_getsets[] = {{"newlines", get_newlines, NULL, NULL}, {0}};

QV_SEALED QvType qv_io_newlinedecoder_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io.IncrementalNewlineDecoder",
    .id = QV_TID_io_newlinedecoder,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Decoder),
    .doc = "Codec used when reading a file in universal newlines mode.\n\n"
           "It wraps another incremental decoder, translating \\r\\n and \\r into \\n.\n"
           "It also records the types of newlines encountered.  When used with\n"
           "translate=False, it ensures that the newline sequence is returned in\none piece.",
    .methods = decoder_methods,
    .getsets = decoder_getsets,
    .new_ = decoder_new,
    .init = decoder_init,
    .fini = decoder_fini,
    .clear = decoder_fini,
    .traverse = decoder_traverse,
};
