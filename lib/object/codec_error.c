// SPDX-License-Identifier: MIT
// Error handlers of the codecs: strict, ignore, replace, xmlcharrefreplace, backslashreplace,
// namereplace, surrogateescape, surrogatepass; others are asked through _codecs.lookup_error.
#include "object/codec_error.h"

#include <stdio.h>
#include <string.h>

#include "base/unicode_names.h"
#include "object/bytes.h"
#include "object/codec.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str_units.h"
#include "object/tuple.h"

typedef enum Handler {
    STRICT,
    IGNORE,
    REPLACE,
    XMLCHARREF,
    BACKSLASH,
    NAME,
    SURROGATE_ESCAPE,
    SURROGATE_PASS,
    CUSTOM,
} Handler;

static Handler handler_of(const char *errors)
{
    static const char *const names[] = {
        [STRICT] = "strict",
        [IGNORE] = "ignore",
        [REPLACE] = "replace",
        [XMLCHARREF] = "xmlcharrefreplace",
        [BACKSLASH] = "backslashreplace",
        [NAME] = "namereplace",
        [SURROGATE_ESCAPE] = "surrogateescape",
        [SURROGATE_PASS] = "surrogatepass",
    };
    if (errors == NULL) {
        return STRICT;
    }
    for (int i = STRICT; i < CUSTOM; i++) {
        if (strcmp(errors, names[i]) == 0) {
            return (Handler)i;
        }
    }
    return CUSTOM;
}

bool qv_codec_is_handler(const char *errors) { return handler_of(errors) != CUSTOM; }

// ---- exceptions ---------------------------------------------------------------------------------

static QvObj *make_exc(QvInterp *qi, QvType *type, const char *encoding, QvObj *object,
                       QvSsize start, QvSsize end, const char *reason)
{
    QvObj *args[5] = {
        qv_str_new_cstr(qi, encoding), qv_new_ref(qi, object),      qv_int_from_i64(qi, start),
        qv_int_from_i64(qi, end),      qv_str_new_cstr(qi, reason),
    };
    QvObj *exc = NULL;
    if (args[0] != NULL && args[2] != NULL && args[3] != NULL && args[4] != NULL) {
        exc = qv_call(qi, (QvObj *)type, args, 5, NULL);
    }
    for (int i = 0; i < 5; i++) {
        qv_xdecref(qi, args[i]);
    }
    return exc;
}

int qv_codec_raise_encode(QvInterp *qi, const char *encoding, QvObj *s, QvSsize start, QvSsize end,
                          const char *reason)
{
    QvObj *exc = make_exc(qi, &qv_exc_UnicodeEncodeError, encoding, s, start, end, reason);
    if (exc != NULL) {
        qv_raise_exc(qi, exc);
    }
    return -1;
}

int qv_codec_raise_decode(QvInterp *qi, const char *encoding, const void *p, QvSsize n,
                          QvSsize start, QvSsize end, const char *reason)
{
    QvObj *bytes = qv_bytes_new(qi, p, n);
    if (bytes != NULL) {
        QvObj *exc = make_exc(qi, &qv_exc_UnicodeDecodeError, encoding, bytes, start, end, reason);
        qv_decref(qi, bytes);
        if (exc != NULL) {
            qv_raise_exc(qi, exc);
        }
    }
    return -1;
}

int qv_codec_strict(QvCodecErrors *e, QvSsize start, QvSsize end, const char *reason)
{
    if (e->text != NULL) {
        return qv_codec_raise_encode(e->qi, e->encoding, e->text, start, end, reason);
    }
    return qv_codec_raise_decode(e->qi, e->encoding, e->p, e->n, start, end, reason);
}

void qv_codec_errors_fini(QvCodecErrors *e)
{
    qv_clear(e->qi, &e->handler);
    qv_clear(e->qi, &e->bytes);
}

// ---- the built-in replacements ------------------------------------------------------------------

static void put_escape(QvStrBuf *b, uint32_t c)
{
    char text[16];
    const char *form = c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x";
    int n = snprintf(text, sizeof text, form, (unsigned)c);
    qv_strbuf_ascii(b, text, n);
}

static void put_reference(QvStrBuf *b, uint32_t c)
{
    char text[16];
    int n = snprintf(text, sizeof text, "&#%u;", (unsigned)c);
    qv_strbuf_ascii(b, text, n);
}

static void put_name(QvStrBuf *b, uint32_t c)
{
    char name[QV_UNI_NAME_MOST];
    int n = qv_uni_name(c, name);
    if (n == 0) {
        put_escape(b, c);
        return;
    }
    qv_strbuf_ascii(b, "\\N{", 3);
    qv_strbuf_ascii(b, name, n);
    qv_strbuf_char(b, '}');
}

// Width of a code unit that surrogatepass writes for an encoding: 1 utf-8, 2, 4; 0 not known.
// *ret_big.
static int pass_width(const char *encoding, bool *ret_big)
{
    char name[12];
    size_t n = 0;
    for (const char *p = encoding; *p != 0; p++) {
        char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        if (c == '-' || c == '_') {
            continue;
        }
        if (n + 1 >= sizeof name) {
            return 0;
        }
        name[n++] = c;
    }
    name[n] = 0;
    if (strcmp(name, "utf8") == 0 || strcmp(name, "cputf8") == 0) {
        return 1;
    }
    int width = strncmp(name, "utf16", 5) == 0 ? 2 : strncmp(name, "utf32", 5) == 0 ? 4 : 0;
    const char *order = name + 5;
    *ret_big = width != 0 && strcmp(order, "be") == 0;
    return width != 0 && (*order == 0 || strcmp(order, "le") == 0 || *ret_big) ? width : 0;
}

static bool is_surrogate(uint32_t c) { return (c & 0xFFFFF800u) == 0xD800; }

// Lone surrogates as the encoding's units: new bytes; NULL without an exception when it cannot be.
static QvObj *pass_surrogates(QvInterp *qi, const char *encoding, QvObj *s, QvSsize start,
                              QvSsize end)
{
    bool big = false;
    int width = pass_width(encoding, &big);
    if (width == 0) {
        return NULL;
    }
    for (QvSsize i = start; i < end; i++) {
        if (!is_surrogate(qv_str_read(s, i))) {
            return NULL;
        }
    }
    QvSsize each = width == 1 ? 3 : width;
    QvObj *ret = qv_bytes_new(qi, NULL, (end - start) * each);
    if (ret == NULL) {
        return NULL;
    }
    uint8_t *out = qv_bytes_data(ret);
    for (QvSsize i = start; i < end; i++, out += each) {
        uint32_t c = qv_str_read(s, i);
        if (width == 1) {
            qv_utf8_encode(c, (char *)out);
        } else {
            for (int k = 0; k < width; k++) {
                int shift = (big ? width - 1 - k : k) * 8;
                out[k] = (uint8_t)(c >> shift);
            }
        }
    }
    return ret;
}

// The replacement a built-in handler gives for s[start:end]; *ret_pos where to go on. NULL without
// an exception: it has none, the error stands.
static QvObj *encode_replacement(QvInterp *qi, Handler handler, const char *encoding, QvObj *s,
                                 QvSsize start, QvSsize end, QvSsize *ret_pos)
{
    *ret_pos = end;
    switch (handler) {
    case IGNORE: return QV_N(empty);
    case SURROGATE_PASS: return pass_surrogates(qi, encoding, s, start, end);
    case SURROGATE_ESCAPE: {
        QvSsize i = start;
        while (i < end && qv_str_read(s, i) >= 0xDC80 && qv_str_read(s, i) <= 0xDCFF) {
            if (qv_stop_step(qi, i++) < 0) {
                return NULL;
            }
        }
        if (i == start) {
            return NULL;
        }
        QvObj *ret = qv_bytes_new(qi, NULL, i - start);
        for (QvSsize k = start; ret != NULL && k < i; k++) {
            qv_bytes_data(ret)[k - start] = (uint8_t)qv_str_read(s, k);
            if (qv_stop_step(qi, k) < 0) {
                qv_clear(qi, &ret);
            }
        }
        *ret_pos = i;
        return ret;
    }
    case STRICT:
    case CUSTOM: return NULL;
    default: break;
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    for (QvSsize i = start; i < end && !b.failed; i++) {
        uint32_t c = qv_str_read(s, i);
        switch (handler) {
        case REPLACE: qv_strbuf_char(&b, '?'); break;
        case XMLCHARREF: put_reference(&b, c); break;
        case NAME: put_name(&b, c); break;
        default: put_escape(&b, c); break;
        }
    }
    return qv_strbuf_finish(&b);
}

// The same for bytes that cannot be decoded: appends to out. 1 done, 0 no replacement, -1.
static int decode_replacement(Handler handler, const char *encoding, const uint8_t *p, QvSsize n,
                              QvSsize start, QvSsize end, QvStrBuf *out, QvSsize *ret_pos)
{
    *ret_pos = end;
    switch (handler) {
    case IGNORE: return 1;
    case REPLACE: qv_strbuf_char(out, 0xFFFD); return out->failed ? -1 : 1;
    case BACKSLASH:
        for (QvSsize i = start; i < end; i++) {
            put_escape(out, p[i]);
        }
        return out->failed ? -1 : 1;
    case SURROGATE_ESCAPE: {
        QvSsize i = start;
        while (i < end && i < start + 4 && p[i] >= 0x80) {
            qv_strbuf_char(out, 0xDC00u + p[i++]);
        }
        *ret_pos = i;
        return out->failed ? -1 : i > start;
    }
    case SURROGATE_PASS: {
        bool big = false;
        int width = pass_width(encoding, &big);
        QvSsize each = width == 1 ? 3 : width;
        if (width == 0 || n - start < each) {
            return 0;
        }
        uint32_t c = 0;
        const uint8_t *q = p + start;
        if (width == 1) {
            if (qv_utf8_decode((const char *)q, (const char *)q + 3, true, &c) != 3) {
                return 0;
            }
        } else {
            for (int k = 0; k < width; k++) {
                c |= (uint32_t)q[k] << ((big ? width - 1 - k : k) * 8);
            }
        }
        if (!is_surrogate(c)) {
            return 0;
        }
        qv_strbuf_char(out, c);
        *ret_pos = start + each;
        return out->failed ? -1 : 1;
    }
    default: return 0;
    }
}

// ---- callbacks ----------------------------------------------------------------------------------

// The bytes that a handler has left in the exception are what is decoded from now on. 0/-1.
static int take_input(QvCodecErrors *e, const QvObj *exc)
{
    QvObj *bytes = ((const QvUnicodeError *)exc)->object;
    if (bytes == e->bytes) {
        return 0;
    }
    if (bytes == NULL || !qv_is_bytes(bytes)) {
        return qv_raise_int(e->qi, &qv_exc_TypeError, "object attribute must be bytes");
    }
    qv_set_take(e->qi, &e->bytes, qv_new_ref(e->qi, bytes));
    e->p = qv_bytes_data(bytes);
    e->n = qv_bytes_len(bytes);
    return 0;
}

// Calls a handler with an exception; the two parts of its answer. 0/-1.
static int call_handler(QvCodecErrors *e, QV_STOLEN QvObj *exc, QvSsize len, QvObj **ret_rep,
                        QvSsize *ret_pos)
{
    QvInterp *qi = e->qi;
    bool encoding = e->text != NULL;
    if (exc == NULL) {
        return -1;
    }
    if (e->handler == NULL) {
        QvObj *module = qv_import(qi, "_codecs");
        QvObj *lookup = module != NULL ? qv_getattr_cstr(qi, module, "lookup_error") : NULL;
        QvObj *name = lookup != NULL ? qv_str_new_cstr(qi, e->errors) : NULL;
        if (name != NULL) {
            e->handler = qv_call1(qi, lookup, name);
        } else if (module == NULL && qv_err_matches(qi, &qv_exc_ImportError)) {
            qv_err_clear(qi);
            qv_raise(qi, &qv_exc_LookupError, "unknown error handler name '%.400s'", e->errors);
        }
        qv_xdecref(qi, module);
        qv_xdecref(qi, lookup);
        qv_xdecref(qi, name);
    }
    QvObj *answer = e->handler != NULL ? qv_call1(qi, e->handler, exc) : NULL;
    int input = answer != NULL && !encoding ? take_input(e, exc) : 0;
    qv_decref(qi, exc);
    if (answer == NULL || input < 0) {
        qv_xdecref(qi, answer);
        return -1;
    }
    len = encoding ? len : e->n;
    int r = -1;
    QvObj *rep = qv_is_tuple(answer) && qv_tuple_len(answer) == 2 ? qv_tuple_peek(answer, 0) : NULL;
    if (rep == NULL || (!qv_is_str(rep) && !(encoding && qv_is_bytes(rep))) ||
        !qv_is_int(qv_tuple_peek(answer, 1))) {
        qv_raise(qi, &qv_exc_TypeError, "%s",
                 encoding ? "encoding error handler must return (str/bytes, int) tuple"
                          : "decoding error handler must return (str, int) tuple");
    } else if (qv_int_to_ssize(qi, qv_tuple_peek(answer, 1), ret_pos) == 0) {
        QvSsize given = *ret_pos;
        *ret_pos += *ret_pos < 0 ? len : 0;
        if (*ret_pos < 0 || *ret_pos > len) {
            qv_raise(qi, &qv_exc_IndexError, "position %zd from error handler out of bounds",
                     given < 0 ? *ret_pos : given);
        } else {
            *ret_rep = qv_new_ref(qi, rep);
            r = 0;
        }
    }
    qv_decref(qi, answer);
    return r;
}

int qv_codec_encode_error(QvCodecErrors *e, QvSsize start, QvSsize end, const char *reason,
                          QvObj **ret_rep, QvSsize *ret_pos)
{
    Handler handler = handler_of(e->errors);
    if (qv_stop_step(e->qi, e->steps++) < 0) {
        return -1;
    }
    if (handler == CUSTOM) {
        QvObj *exc =
            make_exc(e->qi, &qv_exc_UnicodeEncodeError, e->encoding, e->text, start, end, reason);
        return call_handler(e, exc, qv_str_len(e->text), ret_rep, ret_pos);
    }
    *ret_rep = encode_replacement(e->qi, handler, e->encoding, e->text, start, end, ret_pos);
    if (*ret_rep != NULL) {
        return 0;
    }
    return qv_err_occurred(e->qi) ? -1 : qv_codec_strict(e, start, end, reason);
}

int qv_codec_decode_error(QvCodecErrors *e, QvSsize start, QvSsize end, const char *reason,
                          QvStrBuf *out, QvSsize *ret_pos)
{
    QvInterp *qi = e->qi;
    Handler handler = handler_of(e->errors);
    if (qv_stop_step(qi, e->steps++) < 0) {
        return -1;
    }
    if (handler == CUSTOM) {
        if (e->bytes == NULL) {
            e->bytes = qv_bytes_new(qi, e->p, e->n);
            if (e->bytes == NULL) {
                return -1;
            }
        }
        QvObj *exc =
            make_exc(qi, &qv_exc_UnicodeDecodeError, e->encoding, e->bytes, start, end, reason);
        QvObj *rep;
        if (call_handler(e, exc, e->n, &rep, ret_pos) < 0) {
            return -1;
        }
        qv_strbuf_str(out, rep);
        qv_decref(qi, rep);
        return out->failed ? -1 : 0;
    }
    if (handler == XMLCHARREF || handler == NAME) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "don't know how to handle UnicodeDecodeError in error callback");
    }
    int r = decode_replacement(handler, e->encoding, e->p, e->n, start, end, out, ret_pos);
    return r > 0 ? 0 : r < 0 ? -1 : qv_codec_strict(e, start, end, reason);
}

// ---- the handlers as functions of an exception --------------------------------------------------

static QvObj *unhandled(QvInterp *qi, QvObj *exc)
{
    return qv_raise(qi, &qv_exc_TypeError, "don't know how to handle %.200T in error callback",
                    exc);
}

static QvObj *answer(QvInterp *qi, QV_STOLEN QvObj *text, QvSsize pos)
{
    QvObj *position = text != NULL ? qv_int_from_i64(qi, pos) : NULL;
    QvObj *ret = position != NULL ? qv_tuple_of(qi, 2, text, position) : NULL;
    qv_xdecref(qi, text);
    qv_xdecref(qi, position);
    return ret;
}

QvObj *qv_codec_handle(QvInterp *qi, const char *errors, QvObj *exc)
{
    Handler handler = handler_of(errors);
    if (handler == STRICT) {
        if (!qv_is_exc(exc)) {
            return qv_raise(qi, &qv_exc_TypeError, "codec must pass exception instance");
        }
        return qv_raise_exc(qi, qv_new_ref(qi, exc));
    }
    bool encode = qv_is_instance_of(exc, &qv_exc_UnicodeEncodeError);
    bool decode = qv_is_instance_of(exc, &qv_exc_UnicodeDecodeError);
    bool translate = qv_is_instance_of(exc, &qv_exc_UnicodeTranslateError);
    QvUnicodeError *u = (QvUnicodeError *)exc;
    if ((!encode && !decode && !translate) || u->object == NULL ||
        (decode ? !qv_is_bytes(u->object) : !qv_is_str(u->object))) {
        return unhandled(qi, exc);
    }
    QvSsize len = decode ? qv_bytes_len(u->object) : qv_str_len(u->object);
    QvSsize start = u->start < 0 ? 0 : u->start >= len ? (len > 0 ? len - 1 : 0) : u->start;
    QvSsize end = u->end < 1 ? 1 : u->end;
    end = end > len ? len : end;
    end = end < start ? start : end;
    QvSsize pos = end;
    if (handler == IGNORE) {
        return answer(qi, QV_N(empty), end);
    }
    QvUtf8 encoding = {.s = ""};
    if (u->encoding != NULL && qv_is_str(u->encoding) &&
        qv_str_utf8(qi, u->encoding, &encoding) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (decode) {
        if (handler == XMLCHARREF || handler == NAME) {
            qv_utf8_release(qi, &encoding);
            return unhandled(qi, exc);
        }
        QvStrBuf b;
        qv_strbuf_init(qi, &b);
        int r = decode_replacement(handler, encoding.s, qv_bytes_data(u->object), len, start, end,
                                   &b, &pos);
        if (r > 0) {
            ret = answer(qi, qv_strbuf_finish(&b), pos);
        } else {
            qv_strbuf_fini(&b);
        }
    } else if (translate && handler == REPLACE) {
        QvStrBuf b;
        qv_strbuf_init(qi, &b);
        qv_strbuf_fill(&b, 0xFFFD, end - start);
        ret = answer(qi, qv_strbuf_finish(&b), end);
    } else if (translate && handler != BACKSLASH) {
        unhandled(qi, exc);
    } else {
        QvObj *rep = encode_replacement(qi, handler, encoding.s, u->object, start, end, &pos);
        if (rep != NULL && pos != end) { // surrogateescape: all or nothing here
            qv_clear(qi, &rep);
        }
        if (rep != NULL) {
            ret = answer(qi, rep, pos);
        }
    }
    qv_utf8_release(qi, &encoding);
    if (ret == NULL && !qv_err_occurred(qi)) {
        qv_raise_exc(qi, qv_new_ref(qi, exc));
    }
    return ret;
}
