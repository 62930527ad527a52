// SPDX-License-Identifier: MIT
// The module _codecs: the registry of codecs and error handlers, and the codecs in C as functions.
//
// The registry stands in qi->codec_state: [0] list of search functions, [1] dict of found codecs by
// normalised name, [2] dict of error handlers. The package encodings is imported at the first
// look-up that needs it.
#include "object/codec.h"

#include <string.h>

#include "modules/modules.h"
#include "object/bytes.h"
#include "object/codec_error.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

enum { SEARCH, CACHE, ERRORS, ENCODINGS /* None: the package has been imported */ };

static const char *const handler_names[] = {
    "strict",           "ignore",      "replace",       "xmlcharrefreplace",
    "backslashreplace", "namereplace", "surrogatepass", "surrogateescape",
};

// ---- the registry -------------------------------------------------------------------------------

static int need_registry(QvInterp *qi)
{
    QvObj **s = qi->codec_state;
    if (!s[SEARCH] && !(s[SEARCH] = qv_list_new(qi, 1))) {
        return -1;
    }
    return s[CACHE] || (s[CACHE] = qv_dict_new(qi)) ? 0 : -1;
}

// The standard search function comes with the package encodings.
static int need_encodings(QvInterp *qi)
{
    if (need_registry(qi) < 0) {
        return -1;
    }
    if (qi->codec_state[ENCODINGS]) {
        return 0;
    }
    qi->codec_state[ENCODINGS] = QV_NONE;
    QvObj *package = qv_import(qi, "encodings");
    if (!package) {
        qi->codec_state[ENCODINGS] = NULL;
        return -1;
    }
    qv_decref(qi, package);
    return 0;
}

static QvObj *normalize(QvInterp *qi, const char *s)
{
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    bool gap = false;
    for (; *s; s++) {
        char c = *s >= 'A' && *s <= 'Z' ? (char)(*s + 32) : *s;
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.') {
            if (gap && b.len > 0) {
                qv_strbuf_char(&b, '_');
            }
            gap = false;
            qv_strbuf_char(&b, (uint8_t)c);
        } else {
            gap = true;
        }
    }
    QvObj *name = qv_strbuf_finish(&b);
    return !name || qv_str_intern(qi, &name) < 0 ? NULL : name;
}

static QvObj *search(QvInterp *qi, QvObj *name, const char *encoding)
{
    if (need_encodings(qi) < 0) {
        return NULL;
    }
    QvObj *list = qi->codec_state[SEARCH];
    if (qv_list_len(list) == 0) {
        return qv_raise(qi, &qv_exc_LookupError,
                        "no codec search functions registered: can't find encoding");
    }
    for (QvSsize k = 0; k < qv_list_len(list); k++) {
        QvObj *f = qv_new_ref(qi, qv_list_peek(list, k));
        QvObj *info = qv_call1(qi, f, name);
        qv_decref(qi, f);
        if (!info) {
            return NULL;
        }
        if (info == QV_NONE) {
            continue;
        }
        if (!qv_is_tuple(info) || qv_tuple_len(info) != 4) {
            qv_decref(qi, info);
            return qv_raise(qi, &qv_exc_TypeError, "codec search functions must return 4-tuples");
        }
        return info;
    }
    return qv_raise(qi, &qv_exc_LookupError, "unknown encoding: %s", encoding);
}

static QvObj *look_up(QvInterp *qi, const char *encoding)
{
    QvObj *name = need_registry(qi) < 0 ? NULL : normalize(qi, encoding), *info = NULL;
    if (!name) {
        return NULL;
    }
    QvObj *cached = qv_dict_peek_str(qi->codec_state[CACHE], name);
    if (cached) {
        info = qv_new_ref(qi, cached);
    } else {
        info = search(qi, name, encoding);
        if (info && qv_dict_set(qi, qi->codec_state[CACHE], name, info) < 0) {
            qv_clear(qi, &info);
        }
    }
    qv_decref(qi, name);
    return info;
}

// An argument that C calls a string: without null characters. arg: as messages name it.
static int str_arg(QvInterp *qi, QvObj *o, const char *func, const char *arg, QvUtf8 *ret)
{
    if (!qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument %s%smust be str, not %T", func,
                            arg, *arg ? " " : "", o);
    }
    if (qv_str_utf8(qi, o, ret) < 0) {
        return -1;
    }
    if (strlen(ret->s) != (size_t)ret->n) {
        qv_utf8_release(qi, ret);
        return qv_raise_int(qi, &qv_exc_ValueError, "embedded null character");
    }
    return 0;
}

static QvObj *codecs_register(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    if (need_registry(qi) < 0) {
        return NULL;
    }
    if (!qv_is_callable(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "argument must be callable");
    }
    return qv_list_append(qi, qi->codec_state[SEARCH], args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *codecs_unregister(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *list = qi->codec_state[SEARCH];
    for (QvSsize k = 0; list && k < qv_list_len(list); k++) {
        if (qv_list_peek(list, k) == args[0]) {
            if (qi->codec_state[CACHE]) {
                qv_dict_clear(qi, qi->codec_state[CACHE]);
            }
            return qv_list_set_slice(qi, list, k, k + 1, NULL) < 0 ? NULL : QV_NONE;
        }
    }
    return QV_NONE;
}

static QvObj *codecs_lookup(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvUtf8 name;
    if (str_arg(qi, args[0], "lookup", "", &name) < 0) {
        return NULL;
    }
    QvObj *info = look_up(qi, name.s);
    qv_utf8_release(qi, &name);
    return info;
}

static QvObj *run_codec(QvInterp *qi, QvObj *const *args, bool decode)
{
    const char *verb = decode ? "decode" : "encode";
    QvUtf8 encoding = {.s = "utf-8"}, errors = {0};
    if (args[1] && str_arg(qi, args[1], verb, "'encoding'", &encoding) < 0) {
        return NULL;
    }
    QvObj *info = NULL, *pair = NULL, *ret = NULL;
    if (args[2] && str_arg(qi, args[2], verb, "'errors'", &errors) < 0) {
        goto done;
    }
    info = look_up(qi, encoding.s);
    if (!info) {
        goto done;
    }
    QvObj *call_args[] = {args[0], args[2]};
    pair = qv_call(qi, qv_tuple_peek(info, decode), call_args, args[2] ? 2 : 1, NULL);
    if (!pair) {
        qv_codec_explain_failure(qi, encoding.s, decode);
    } else if (!qv_is_tuple(pair) || qv_tuple_len(pair) != 2) {
        qv_raise(qi, &qv_exc_TypeError, "%sr must return a tuple (object, integer)", verb);
    } else {
        ret = qv_new_ref(qi, qv_tuple_peek(pair, 0));
    }
done:
    qv_xdecref(qi, info);
    qv_xdecref(qi, pair);
    qv_utf8_release(qi, &encoding);
    qv_utf8_release(qi, &errors);
    return ret;
}

static QvObj *codecs_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return run_codec(qi, args, false);
}
static QvObj *codecs_decode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return run_codec(qi, args, true);
}

// ---- error handlers -----------------------------------------------------------------------------

static QvObj *handle(QvInterp *qi, const char *name, QvObj *const *args)
{
    return qv_codec_handle(qi, name, args[0]);
}

#define HANDLER(name)                                                                      \
    static QvObj *name##_errors(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs) \
    {                                                                                      \
        (void)m, (void)nargs;                                                              \
        return handle(qi, #name, args);                                                    \
    }
HANDLER(strict)
HANDLER(ignore)
HANDLER(replace)
HANDLER(xmlcharrefreplace)
HANDLER(backslashreplace)
HANDLER(namereplace)
HANDLER(surrogatepass)
HANDLER(surrogateescape)
#undef HANDLER

static const QvNativeDef handler_rows[] = {
    {"strict_errors", strict_errors, "(exception, /)",
     "Implements the 'strict' error handling, which raises a UnicodeError on coding errors."},
    {"ignore_errors", ignore_errors, "(exception, /)",
     "Implements the 'ignore' error handling, which ignores malformed data and continues."},
    {"replace_errors", replace_errors, "(exception, /)",
     "Implements the 'replace' error handling, which replaces malformed data with a replacement "
     "marker."},
    {"xmlcharrefreplace_errors", xmlcharrefreplace_errors, "(exception, /)",
     "Implements the 'xmlcharrefreplace' error handling, which replaces an unencodable character "
     "with the appropriate XML character reference."},
    {"backslashreplace_errors", backslashreplace_errors, "(exception, /)",
     "Implements the 'backslashreplace' error handling, which replaces malformed data with a "
     "backslashed escape sequence."},
    {"namereplace_errors", namereplace_errors, "(exception, /)",
     "Implements the 'namereplace' error handling, which replaces an unencodable character with a "
     "\\N{...} escape sequence."},
    {"surrogatepass", surrogatepass_errors, "(exception, /)", NULL},
    {"surrogateescape", surrogateescape_errors, "(exception, /)", NULL},
};

static int need_handlers(QvInterp *qi)
{
    if (qi->codec_state[ERRORS]) {
        return 0;
    }
    QvObj *dict = qv_dict_new(qi);
    for (size_t k = 0; dict && k < sizeof handler_rows / sizeof handler_rows[0]; k++) {
        QvObj *f = qv_builtin_from_def(qi, &handler_rows[k], NULL, NULL);
        if (qv_dict_set_cstr_take(qi, dict, handler_names[k], f) < 0) {
            qv_clear(qi, &dict);
        }
    }
    qi->codec_state[ERRORS] = dict;
    return dict ? 0 : -1;
}

static QvObj *codecs_register_error(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvUtf8 name;
    if (str_arg(qi, args[0], "register_error", "1", &name) < 0) {
        return NULL;
    }
    qv_utf8_release(qi, &name);
    if (!qv_is_callable(args[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "handler must be callable");
    }
    return need_handlers(qi) < 0 || qv_dict_set(qi, qi->codec_state[ERRORS], args[0], args[1]) < 0
               ? NULL
               : QV_NONE;
}

static QvObj *codecs_lookup_error(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvUtf8 name;
    if (str_arg(qi, args[0], "lookup_error", "", &name) < 0) {
        return NULL;
    }
    QvObj *handler = NULL;
    int found = need_handlers(qi) < 0 ? -1
                                      : qv_dict_get(qi, qi->codec_state[ERRORS], args[0], &handler);
    if (found == 0) {
        qv_raise(qi, &qv_exc_LookupError, "unknown error handler name '%s'", name.s);
    }
    qv_utf8_release(qi, &name);
    return found > 0 ? qv_new_ref(qi, handler) : NULL;
}

// ---- the codecs as functions --------------------------------------------------------------------

// (result, length); result is taken, NULL: NULL.
static QvObj *pair_of(QvInterp *qi, QV_STOLEN QvObj *result, QvSsize length)
{
    QvObj *n = result ? qv_int_from_i64(qi, length) : NULL;
    QvObj *pair = n ? qv_tuple_of(qi, 2, result, n) : NULL;
    qv_xdecref(qi, n);
    qv_xdecref(qi, result);
    return pair;
}

// The optional argument `errors`: NULL for None. 0/-1.
static int errors_arg(QvInterp *qi, QvObj *o, const char *func, QvUtf8 *ret)
{
    *ret = (QvUtf8){0};
    if (!o || o == QV_NONE) {
        return 0;
    }
    if (!qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument 2 must be str or None, not %T",
                            func, o);
    }
    return str_arg(qi, o, func, "2", ret);
}

// Common frame of the encoders: str argument, errors.
typedef QvObj *(*Encoder)(QvInterp *qi, QvObj *s, const char *errors);

static QvObj *encode_with(QvInterp *qi, QvObj *const *args, const char *func, Encoder encoder)
{
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "%s() argument 1 must be str, not %T", func,
                        args[0]);
    }
    QvUtf8 errors;
    if (errors_arg(qi, args[1], func, &errors) < 0) {
        return NULL;
    }
    QvObj *ret = pair_of(qi, encoder(qi, args[0], errors.s), qv_str_len(args[0]));
    qv_utf8_release(qi, &errors);
    return ret;
}

// Common frame of the decoders: a buffer (text where the codec takes it), errors, final.
typedef QvObj *(*Decoder)(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                          QvSsize *consumed);

static QvObj *decode_with(QvInterp *qi, QvObj *data, QvObj *errors_obj, int final, const char *func,
                          Decoder decoder, bool takes_str)
{
    QvUtf8 errors, text = {0};
    if (errors_arg(qi, errors_obj, func, &errors) < 0) {
        return NULL;
    }
    QvBufferView view;
    QvObj *ret = NULL;
    bool is_str = takes_str && qv_is_str(data);
    if (is_str ? qv_str_utf8(qi, data, &text) == 0
               : qv_buffer_get(qi, data, &view, QV_BUF_SIMPLE) == 0) {
        const void *p = is_str ? text.s : view.buf;
        QvSsize n = is_str ? text.n : view.len, consumed = n;
        QvObj *s = decoder(qi, n ? p : "", n, errors.s, final ? NULL : &consumed);
        ret = pair_of(qi, s, consumed);
        if (is_str) {
            qv_utf8_release(qi, &text);
        } else {
            qv_buffer_release(qi, &view);
        }
    }
    qv_utf8_release(qi, &errors);
    return ret;
}

// The argument `final`: its truth, or dflt. -1 error.
static int final_arg(QvInterp *qi, QvObj *o, bool dflt) { return o ? qv_is_true(qi, o) : dflt; }

#define ENCODE(name, body)                                                                 \
    static QvObj *name##_encoder(QvInterp *qi, QvObj *s, const char *errors)               \
    {                                                                                      \
        (void)errors;                                                                      \
        return body;                                                                       \
    }                                                                                      \
    static QvObj *name##_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs) \
    {                                                                                      \
        (void)m, (void)nargs;                                                              \
        return encode_with(qi, args, #name "_encode", name##_encoder);                     \
    }
#define DECODE(name, body, dflt_final, takes_str)                                            \
    static QvObj *name##_decoder(QvInterp *qi, const void *p, QvSsize n, const char *errors, \
                                 QvSsize *consumed)                                          \
    {                                                                                        \
        (void)errors, (void)consumed;                                                        \
        return body;                                                                         \
    }                                                                                        \
    static QvObj *name##_decode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)   \
    {                                                                                        \
        (void)m, (void)nargs;                                                                \
        int final = final_arg(qi, args[2], dflt_final);                                      \
        return final < 0 ? NULL                                                              \
                         : decode_with(qi, args[0], args[1], final, #name "_decode",         \
                                       name##_decoder, takes_str);                           \
    }
#define DECODE_WHOLE(name, body, takes_str)                                                  \
    static QvObj *name##_decoder(QvInterp *qi, const void *p, QvSsize n, const char *errors, \
                                 QvSsize *consumed)                                          \
    {                                                                                        \
        (void)errors, (void)consumed;                                                        \
        return body;                                                                         \
    }                                                                                        \
    static QvObj *name##_decode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)   \
    {                                                                                        \
        (void)m, (void)nargs;                                                                \
        return decode_with(qi, args[0], args[1], true, #name "_decode", name##_decoder,      \
                           takes_str);                                                       \
    }

static QvObj *decode_utf16(QvInterp *qi, const void *p, QvSsize n, const char *errors, int order,
                           QvSsize *consumed)
{
    return qv_codec_utf16_decode(qi, p, n, errors, &order, consumed);
}
static QvObj *decode_utf32(QvInterp *qi, const void *p, QvSsize n, const char *errors, int order,
                           QvSsize *consumed)
{
    return qv_codec_utf32_decode(qi, p, n, errors, &order, consumed);
}

ENCODE(utf_8, qv_codec_utf8_encode(qi, s, errors))
ENCODE(utf_16_le, qv_codec_utf16_encode(qi, s, errors, -1))
ENCODE(utf_16_be, qv_codec_utf16_encode(qi, s, errors, 1))
ENCODE(utf_32_le, qv_codec_utf32_encode(qi, s, errors, -1))
ENCODE(utf_32_be, qv_codec_utf32_encode(qi, s, errors, 1))
ENCODE(ascii, qv_codec_ascii_encode(qi, s, errors))
ENCODE(latin_1, qv_codec_latin1_encode(qi, s, errors))
ENCODE(unicode_escape, qv_codec_unicode_escape_encode(qi, s))
ENCODE(raw_unicode_escape, qv_codec_raw_unicode_escape_encode(qi, s))

DECODE(utf_8, qv_codec_utf8_decode(qi, p, n, errors, consumed), false, false)
DECODE(utf_16, decode_utf16(qi, p, n, errors, 0, consumed), false, false)
DECODE(utf_16_le, decode_utf16(qi, p, n, errors, -1, consumed), false, false)
DECODE(utf_16_be, decode_utf16(qi, p, n, errors, 1, consumed), false, false)
DECODE(utf_32, decode_utf32(qi, p, n, errors, 0, consumed), false, false)
DECODE(utf_32_le, decode_utf32(qi, p, n, errors, -1, consumed), false, false)
DECODE(utf_32_be, decode_utf32(qi, p, n, errors, 1, consumed), false, false)
DECODE(unicode_escape, qv_codec_unicode_escape_decode(qi, p, n, errors, true, consumed), true, true)
DECODE(raw_unicode_escape, qv_codec_raw_unicode_escape_decode(qi, p, n, errors, consumed), true,
       true)
DECODE_WHOLE(ascii, qv_codec_ascii_decode(qi, p, n, errors), false)
DECODE_WHOLE(latin_1, qv_codec_latin1_decode(qi, p, n), false)
DECODE_WHOLE(escape, qv_codec_escape_decode(qi, p, n, errors, true), true)
#undef ENCODE
#undef DECODE
#undef DECODE_WHOLE

// utf_16_encode(str, errors, byteorder) and its 32 bit sister.
static QvObj *encode_ordered(QvInterp *qi, QvObj *const *args, const char *func, bool wide)
{
    QvSsize order = 0;
    QvUtf8 errors;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "%s() argument 1 must be str, not %T", func,
                        args[0]);
    }
    if ((args[2] && qv_index_ssize(qi, args[2], &order, &qv_exc_OverflowError) < 0) ||
        errors_arg(qi, args[1], func, &errors) < 0) {
        return NULL;
    }
    int sign = order < 0 ? -1 : order > 0;
    QvObj *data = wide ? qv_codec_utf32_encode(qi, args[0], errors.s, sign)
                       : qv_codec_utf16_encode(qi, args[0], errors.s, sign);
    qv_utf8_release(qi, &errors);
    return pair_of(qi, data, qv_str_len(args[0]));
}

static QvObj *utf_16_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return encode_ordered(qi, args, "utf_16_encode", false);
}
static QvObj *utf_32_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return encode_ordered(qi, args, "utf_32_encode", true);
}

// utf_16_ex_decode(data, errors, byteorder, final) -> (text, consumed, byteorder).
static QvObj *decode_ordered(QvInterp *qi, QvObj *const *args, const char *func, bool wide)
{
    QvSsize given = 0;
    int final = final_arg(qi, args[3], false);
    QvUtf8 errors;
    QvBufferView view;
    if (final < 0 || (args[2] && qv_index_ssize(qi, args[2], &given, &qv_exc_OverflowError) < 0) ||
        errors_arg(qi, args[1], func, &errors) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) == 0) {
        int order = given < 0 ? -1 : given > 0;
        QvSsize consumed = view.len;
        QvObj *text = wide ? qv_codec_utf32_decode(qi, view.buf, view.len, errors.s, &order,
                                                   final ? NULL : &consumed)
                           : qv_codec_utf16_decode(qi, view.buf, view.len, errors.s, &order,
                                                   final ? NULL : &consumed);
        QvObj *n = text ? qv_int_from_i64(qi, consumed) : NULL,
              *o = n ? qv_int_from_i64(qi, order) : NULL;
        ret = o ? qv_tuple_of(qi, 3, text, n, o) : NULL;
        qv_xdecref(qi, text);
        qv_xdecref(qi, n);
        qv_xdecref(qi, o);
        qv_buffer_release(qi, &view);
    }
    qv_utf8_release(qi, &errors);
    return ret;
}

static QvObj *utf_16_ex_decode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return decode_ordered(qi, args, "utf_16_ex_decode", false);
}
static QvObj *utf_32_ex_decode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return decode_ordered(qi, args, "utf_32_ex_decode", true);
}

static QvObj *escape_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    if (!qv_is_bytes(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "escape_encode() argument 1 must be bytes, not %T",
                        args[0]);
    }
    QvSsize n = qv_bytes_len(args[0]);
    return pair_of(qi, qv_codec_escape_encode(qi, qv_bytes_data(args[0]), n), n);
}

static QvObj *readbuffer_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    if (qv_is_str(args[0])) {
        QvUtf8 text;
        if (qv_str_utf8(qi, args[0], &text) < 0) {
            return NULL;
        }
        QvObj *ret = pair_of(qi, qv_bytes_new(qi, text.s, text.n), text.n);
        qv_utf8_release(qi, &text);
        return ret;
    }
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    QvObj *ret = pair_of(qi, qv_bytes_new(qi, view.len ? view.buf : "", view.len), view.len);
    qv_buffer_release(qi, &view);
    return ret;
}

static QvObj *charmap_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvUtf8 errors;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "charmap_encode() argument 1 must be str, not %T",
                        args[0]);
    }
    if (errors_arg(qi, args[1], "charmap_encode", &errors) < 0) {
        return NULL;
    }
    QvObj *mapping = args[2] == QV_NONE ? NULL : args[2];
    QvObj *ret =
        pair_of(qi, qv_codec_charmap_encode(qi, args[0], mapping, errors.s), qv_str_len(args[0]));
    qv_utf8_release(qi, &errors);
    return ret;
}

static QvObj *charmap_decode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvUtf8 errors;
    QvBufferView view;
    if (errors_arg(qi, args[1], "charmap_decode", &errors) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) == 0) {
        QvObj *mapping = args[2] == QV_NONE ? NULL : args[2];
        ret = pair_of(
            qi, qv_codec_charmap_decode(qi, view.len ? view.buf : "", view.len, mapping, errors.s),
            view.len);
        qv_buffer_release(qi, &view);
    }
    qv_utf8_release(qi, &errors);
    return ret;
}

// The inverse of a decoding table of 256 characters: a dict from code point to byte. CPython has a
// three-level table here for common shapes; nothing but charmap_encode looks into it.
static QvObj *charmap_build(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "charmap_build() argument must be str, not %T",
                        args[0]);
    }
    QvSsize n = qv_str_len(args[0]) < 256 ? qv_str_len(args[0]) : 256;
    QvObj *dict = qv_dict_new_presized(qi, n);
    for (QvSsize k = 0; dict && k < n; k++) {
        uint32_t c = qv_str_read(args[0], k);
        if (c == 0xFFFE) {
            continue;
        }
        QvObj *key = qv_int_from_i64(qi, c);
        QvObj *value = key ? qv_int_from_i64(qi, k) : NULL;
        if (!value || qv_dict_set(qi, dict, key, value) < 0) {
            qv_clear(qi, &dict);
        }
        qv_xdecref(qi, key);
        qv_xdecref(qi, value);
    }
    return dict;
}

// ---- utf-7 --------------------------------------------------------------------------------------

static const char base64[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int base64_value(uint8_t c)
{
    const char *at = c ? strchr(base64, c) : NULL;
    return at ? (int)(at - base64) : -1;
}

// Characters that stand for themselves: CPython's encoder lets the optional ones of RFC 2152 pass
// too.
static bool is_direct(uint32_t c)
{
    return c > 0 && c < 128 && c != '+' && c != '\\' && c != '~' &&
           (c >= 32 || c == '\t' || c == '\n' || c == '\r') && c != 127;
}

static QvObj *utf_7_encoder(QvInterp *qi, QvObj *s, const char *errors)
{
    (void)errors;
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    uint32_t bits = 0;
    int nbits = 0;
    bool shifted = false;
    for (QvSsize k = 0; k < qv_str_len(s) && !b.failed; k++) {
        uint32_t c = qv_str_read(s, k);
        if (shifted && is_direct(c)) {
            if (nbits) {
                qv_strbuf_char(&b, (uint8_t)base64[bits << (6 - nbits) & 63]);
                nbits = 0;
            }
            shifted = false;
            if (base64_value((uint8_t)c) >= 0 || c == '-') {
                qv_strbuf_char(&b, '-');
            }
        } else if (!shifted && c == '+') {
            qv_strbuf_cstr(&b, "+-");
            continue;
        } else if (!shifted && !is_direct(c)) {
            qv_strbuf_char(&b, '+');
            shifted = true;
        }
        if (!shifted) {
            qv_strbuf_char(&b, c);
            continue;
        }
        uint32_t units[2] = {c}, n = 1;
        if (c >= 0x10000) {
            units[0] = 0xD800 + ((c - 0x10000) >> 10);
            units[1] = 0xDC00 + ((c - 0x10000) & 0x3FF);
            n = 2;
        }
        for (uint32_t u = 0; u < n; u++) {
            bits = bits << 16 | units[u];
            nbits += 16;
            while (nbits >= 6) {
                nbits -= 6;
                qv_strbuf_char(&b, (uint8_t)base64[bits >> nbits & 63]);
            }
        }
    }
    if (nbits) {
        qv_strbuf_char(&b, (uint8_t)base64[bits << (6 - nbits) & 63]);
    }
    if (shifted) {
        qv_strbuf_char(&b, '-');
    }
    QvObj *text = qv_strbuf_finish(&b);
    QvObj *data = text ? qv_bytes_new(qi, qv_str_data(text), qv_str_len(text)) : NULL;
    qv_xdecref(qi, text);
    return data;
}

static QvObj *utf_7_encode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return encode_with(qi, args, "utf_7_encode", utf_7_encoder);
}

// One run of the decoder; see the module's tests for what is an error.
typedef struct Utf7 {
    QvStrBuf out;
    bool shifted;         // inside +...
    uint32_t bits, nbits; // base64 digits not used yet
    uint32_t surrogate;   // a high one that waits, or 0
    QvSsize out_start;    // output where the shift began
} Utf7;

static void utf7_unit(Utf7 *d, uint32_t c)
{
    if (d->surrogate) {
        uint32_t high = d->surrogate;
        d->surrogate = 0;
        if (c >= 0xDC00 && c < 0xE000) {
            qv_strbuf_char(&d->out, 0x10000 + ((high - 0xD800) << 10) + (c - 0xDC00));
            return;
        }
        qv_strbuf_char(&d->out, high);
    }
    if (c >= 0xD800 && c < 0xDC00) {
        d->surrogate = c;
    } else {
        qv_strbuf_char(&d->out, c);
    }
}

// Handles s[*pos], which stands in a shift sequence. The reason of an error, or NULL.
static const char *utf7_shifted(Utf7 *d, const uint8_t *s, QvSsize *pos)
{
    int value = base64_value(s[*pos]);
    if (value >= 0) {
        d->bits = d->bits << 6 | (uint32_t)value;
        d->nbits += 6;
        ++*pos;
        if (d->nbits >= 16) {
            d->nbits -= 16;
            uint32_t c = d->bits >> d->nbits & 0xFFFF;
            d->bits &= (1u << d->nbits) - 1;
            utf7_unit(d, c);
        }
        return NULL;
    }
    d->shifted = false;
    if (d->nbits > 0 && (d->nbits >= 6 || d->bits != 0)) {
        ++*pos;
        return d->nbits >= 6 ? "partial character in base64 sequence"
                             : "non-zero padding bits in shift sequence";
    }
    if (d->surrogate && s[*pos] <= 127 && s[*pos] != '+') {
        qv_strbuf_char(&d->out, d->surrogate);
    }
    d->surrogate = 0;
    if (s[*pos] == '-') {
        ++*pos;
    }
    return NULL;
}

static QvObj *utf_7_decoder(QvInterp *qi, const void *p, QvSsize n, const char *errors,
                            QvSsize *consumed)
{
    const uint8_t *s = p;
    QvCodecErrors e = {.qi = qi, .errors = errors, .encoding = "utf7", .p = p, .n = n};
    Utf7 d = {0};
    qv_strbuf_init(qi, &d.out);
    QvSsize pos = 0, start = 0;
    bool failed = false;
    while (!failed && !d.out.failed) {
        const char *reason = NULL;
        if (pos >= n) {
            if (!d.shifted || consumed) {
                break;
            }
            d.shifted = false;
            if (!d.surrogate && d.nbits < 6 && (d.nbits == 0 || d.bits == 0)) {
                break;
            }
            reason = "unterminated shift sequence";
            pos = n;
        } else if (d.shifted) {
            reason = utf7_shifted(&d, s, &pos);
        } else if (s[pos] == '+') {
            start = pos++;
            if (pos < n && s[pos] == '-') {
                pos++;
                qv_strbuf_char(&d.out, '+');
            } else if (pos < n && base64_value(s[pos]) < 0) {
                pos++;
                reason = "ill-formed sequence";
            } else {
                d.shifted = true;
                d.surrogate = d.bits = d.nbits = 0;
                d.out_start = d.out.len;
            }
        } else if (s[pos] <= 127) {
            qv_strbuf_char(&d.out, s[pos++]);
        } else {
            start = pos++;
            reason = "unexpected special character";
        }
        if (reason) {
            failed = qv_codec_decode_error(&e, start, pos, reason, &d.out, &pos) < 0;
            s = e.p;
            n = e.n;
        }
    }
    qv_codec_errors_fini(&e);
    if (failed) {
        qv_strbuf_fini(&d.out);
        return NULL;
    }
    if (consumed) {
        *consumed = d.shifted ? start : pos;
        if (d.shifted) {
            d.out.len = d.out_start; // the whole sequence comes again with the next piece
        }
    }
    QvObj *text = qv_strbuf_finish(&d.out);
    if (text && !d.shifted) {
        return text;
    }
    // The buffer's widest character may be gone: the copy gets its right kind.
    QvObj *copy = text ? qv_str_slice(qi, text, 0, qv_str_len(text)) : NULL;
    qv_xdecref(qi, text);
    return copy;
}

static QvObj *utf_7_decode(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    int final = final_arg(qi, args[2], false);
    return final < 0
               ? NULL
               : decode_with(qi, args[0], args[1], final, "utf_7_decode", utf_7_decoder, false);
}

// ---- the module ---------------------------------------------------------------------------------

#define ENCODER_ROW(name)                                                      \
    {                                                                          \
#name "_encode", name##_encode, "($module, str, errors=None, /)", NULL \
    }
#define DECODER_ROW(name)                                                                    \
    {                                                                                        \
#name "_decode", name##_decode, "($module, data, errors=None, final=False, /)", NULL \
    }
static const QvNativeDef functions[] = {
    {"ascii_decode", ascii_decode, "($module, data, errors=None, /)", NULL},
    ENCODER_ROW(ascii),
    {"charmap_build", charmap_build, "($module, map, /)", NULL},
    {"charmap_decode", charmap_decode, "($module, data, errors=None, mapping=None, /)", NULL},
    {"charmap_encode", charmap_encode, "($module, str, errors=None, mapping=None, /)", NULL},
    {"decode", codecs_decode, "($module, /, obj, encoding='utf-8', errors='strict')",
     "Decodes obj using the codec registered for encoding.\n\nDefault encoding is 'utf-8'.  errors "
     "may be given to set a\ndifferent error handling scheme.  Default is 'strict' meaning that "
     "encoding\nerrors raise a ValueError.  Other possible values are 'ignore', 'replace'\nand "
     "'backslashreplace' as well as any other name registered with\ncodecs.register_error that can "
     "handle ValueErrors."},
    {"encode", codecs_encode, "($module, /, obj, encoding='utf-8', errors='strict')",
     "Encodes obj using the codec registered for encoding.\n\nThe default encoding is 'utf-8'.  "
     "errors may be given to set a\ndifferent error handling scheme.  Default is 'strict' meaning "
     "that encoding\nerrors raise a ValueError.  Other possible values are 'ignore', "
     "'replace'\nand 'backslashreplace' as well as any other name registered "
     "with\ncodecs.register_error that can handle ValueErrors."},
    {"escape_decode", escape_decode, "($module, data, errors=None, /)", NULL},
    {"escape_encode", escape_encode, "($module, data, errors=None, /)", NULL},
    {"latin_1_decode", latin_1_decode, "($module, data, errors=None, /)", NULL},
    ENCODER_ROW(latin_1),
    {"lookup", codecs_lookup, "($module, encoding, /)",
     "Looks up a codec tuple in the Python codec registry and returns a CodecInfo object."},
    {"lookup_error", codecs_lookup_error, "($module, name, /)",
     "lookup_error(errors) -> handler\n\nReturn the error handler for the specified error handling "
     "name or raise a\nLookupError, if no handler exists under this name."},
    {"raw_unicode_escape_decode", raw_unicode_escape_decode,
     "($module, data, errors=None, final=True, /)", NULL},
    ENCODER_ROW(raw_unicode_escape),
    {"readbuffer_encode", readbuffer_encode, "($module, data, errors=None, /)", NULL},
    {"register", codecs_register, "($module, search_function, /)",
     "Register a codec search function.\n\nSearch functions are expected to take one argument, the "
     "encoding name in\nall lower case letters, and either return None, or a tuple of "
     "functions\n(encoder, decoder, stream_reader, stream_writer) (or a CodecInfo object)."},
    {"register_error", codecs_register_error, "($module, errors, handler, /)",
     "Register the specified error handler under the name errors.\n\nhandler must be a callable "
     "object, that\nwill be called with an exception instance containing\ninformation about the "
     "location of the encoding/decoding\nerror and must return a (replacement, new position) "
     "tuple."},
    {"unicode_escape_decode", unicode_escape_decode, "($module, data, errors=None, final=True, /)",
     NULL},
    ENCODER_ROW(unicode_escape),
    {"unregister", codecs_unregister, "($module, search_function, /)",
     "Unregister a codec search function and clear the registry's cache.\n\nIf the search function "
     "is not registered, do nothing."},
    DECODER_ROW(utf_16_be),
    ENCODER_ROW(utf_16_be),
    DECODER_ROW(utf_16),
    {"utf_16_encode", utf_16_encode, "($module, str, errors=None, byteorder=0, /)", NULL},
    {"utf_16_ex_decode", utf_16_ex_decode,
     "($module, data, errors=None, byteorder=0, final=False, /)", NULL},
    DECODER_ROW(utf_16_le),
    ENCODER_ROW(utf_16_le),
    DECODER_ROW(utf_32_be),
    ENCODER_ROW(utf_32_be),
    DECODER_ROW(utf_32),
    {"utf_32_encode", utf_32_encode, "($module, str, errors=None, byteorder=0, /)", NULL},
    {"utf_32_ex_decode", utf_32_ex_decode,
     "($module, data, errors=None, byteorder=0, final=False, /)", NULL},
    DECODER_ROW(utf_32_le),
    ENCODER_ROW(utf_32_le),
    DECODER_ROW(utf_7),
    ENCODER_ROW(utf_7),
    DECODER_ROW(utf_8),
    ENCODER_ROW(utf_8),
    {0},
};

const QvModuleDef qv_module__codecs = {
    .name = "_codecs",
    .functions = functions,
};
