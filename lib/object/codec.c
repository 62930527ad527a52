// SPDX-License-Identifier: MIT
// Encoding and decoding by name: the codecs in C directly, all others through the registry of
// _codecs.
#include "object/codec.h"

#include <string.h>

#include "object/bytes.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/interp.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"

typedef enum Codec {
    OTHER,
    UTF8,
    UTF8_SIG,
    UTF16,
    UTF16_LE,
    UTF16_BE,
    UTF32,
    UTF32_LE,
    UTF32_BE,
    ASCII,
    LATIN1,
    UNICODE_ESCAPE,
    RAW_UNICODE_ESCAPE,
} Codec;

// Names as normalise leaves them: lower case, runs of other characters as one '_'.
static const struct {
    const char *name;
    Codec codec;
} codecs[] = {
    {"utf_8", UTF8},
    {"utf8", UTF8},
    {"u8", UTF8},
    {"utf", UTF8},
    {"cp65001", UTF8},
    {"ascii", ASCII},
    {"us_ascii", ASCII},
    {"646", ASCII},
    {"us", ASCII},
    {"iso646_us", ASCII},
    {"latin_1", LATIN1},
    {"latin1", LATIN1},
    {"latin", LATIN1},
    {"l1", LATIN1},
    {"iso_8859_1", LATIN1},
    {"iso8859_1", LATIN1},
    {"8859", LATIN1},
    {"cp819", LATIN1},
    {"utf_16", UTF16},
    {"utf16", UTF16},
    {"u16", UTF16},
    {"utf_16_le", UTF16_LE},
    {"utf_16le", UTF16_LE},
    {"utf_16_be", UTF16_BE},
    {"utf_16be", UTF16_BE},
    {"utf_32", UTF32},
    {"utf32", UTF32},
    {"u32", UTF32},
    {"utf_32_le", UTF32_LE},
    {"utf_32le", UTF32_LE},
    {"utf_32_be", UTF32_BE},
    {"utf_32be", UTF32_BE},
    {"utf_8_sig", UTF8_SIG},
    {"unicode_escape", UNICODE_ESCAPE},
    {"unicodeescape", UNICODE_ESCAPE},
    {"raw_unicode_escape", RAW_UNICODE_ESCAPE},
    {"rawunicodeescape", RAW_UNICODE_ESCAPE},
};

static Codec codec_of(const char *encoding)
{
    char name[24];
    size_t n = 0;
    bool gap = false;
    for (const char *p = encoding; *p != 0; p++) {
        char c = *p;
        if (c >= 'A' && c <= 'Z') {
            c = (char)(c + 32);
        }
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.') {
            if (n + 2 >= sizeof name) {
                return OTHER;
            }
            if (gap && n > 0) {
                name[n++] = '_';
            }
            gap = false;
            name[n++] = c;
        } else {
            gap = true;
        }
    }
    name[n] = 0;
    for (size_t i = 0; i < sizeof codecs / sizeof codecs[0]; i++) {
        if (strcmp(name, codecs[i].name) == 0) {
            return codecs[i].codec;
        }
    }
    return OTHER;
}

// ---- the registry -------------------------------------------------------------------------------

// CodecInfo._is_text_encoding: 1/0/-1; true where it is not said.
static int is_text_codec(QvInterp *qi, QvObj *info)
{
    QvObj *name = qv_str_intern_cstr(qi, "_is_text_encoding");
    if (name == NULL) {
        return -1;
    }
    QvObj *flag = NULL;
    int r = qv_getattr_try(qi, info, name, &flag);
    qv_decref(qi, name);
    if (r <= 0) {
        return r < 0 ? -1 : 1;
    }
    r = qv_is_true(qi, flag);
    qv_decref(qi, flag);
    return r;
}

void qv_codec_explain_failure(QvInterp *qi, const char *encoding, bool decode)
{
    QvObj *exc = qv_err_fetch(qi);
    QvObj *args = ((QvExc *)exc)->args;
    QvType *type = exc->type;
    if (type->init != qv_exc_BaseException.init || type->new_ != qv_exc_BaseException.new_ ||
        type->size != qv_exc_BaseException.size || !args || qv_tuple_len(args) > 1 ||
        (qv_tuple_len(args) == 1 && !qv_is_str_exact(qv_tuple_peek(args, 0))) ||
        ((QvExc *)exc)->dict) {
        qv_err_restore(qi, exc);
        return;
    }
    qv_raise(qi, type, "%s with '%s' codec failed (%T: %S)", decode ? "decoding" : "encoding",
             encoding, exc, exc);
    qv_err_set_cause(qi, exc);
}

// Calls the codec that the registry has for the name: new result of the encoder (decoder).
static QvObj *call_registry(QvInterp *qi, QvObj *o, const char *encoding, const char *errors,
                            bool decode)
{
    const char *verb = decode ? "decode" : "encode";
    QvObj *info = NULL;
    QvObj *ret = NULL;
    QvObj *module = qv_import(qi, "_codecs");
    QvObj *lookup = module != NULL ? qv_getattr_cstr(qi, module, "lookup") : NULL;
    if (module == NULL && qv_err_matches(qi, &qv_exc_ImportError)) {
        qv_err_clear(qi);
        qv_raise(qi, &qv_exc_LookupError, "unknown encoding: %s", encoding);
    }
    QvObj *name = lookup != NULL ? qv_str_new_cstr(qi, encoding) : NULL;
    if (name != NULL) {
        info = qv_call1(qi, lookup, name);
    }
    qv_xdecref(qi, module);
    qv_xdecref(qi, lookup);
    qv_xdecref(qi, name);
    if (info == NULL) {
        return NULL;
    }
    if (!qv_is_tuple_exact(info)) {
        int is_text = is_text_codec(qi, info);
        if (is_text <= 0) {
            if (is_text == 0) {
                qv_raise(qi, &qv_exc_LookupError,
                         "'%.400s' is not a text encoding; use codecs.%s() to handle arbitrary "
                         "codecs",
                         encoding, verb);
            }
            qv_decref(qi, info);
            return NULL;
        }
    }
    QvObj *args[2] = {o, errors != NULL ? qv_str_new_cstr(qi, errors) : NULL};
    QvObj *pair = NULL;
    if (errors == NULL || args[1] != NULL) {
        QvObj *function = qv_tuple_peek(info, decode ? 1 : 0);
        pair = qv_call(qi, function, args, errors != NULL ? 2 : 1, NULL);
        if (pair == NULL) {
            qv_codec_explain_failure(qi, encoding, decode);
        }
    }
    qv_xdecref(qi, args[1]);
    qv_decref(qi, info);
    if (pair == NULL) {
        return NULL;
    }
    if (!qv_is_tuple(pair) || qv_tuple_len(pair) != 2) {
        qv_raise(qi, &qv_exc_TypeError, "%sr must return a tuple (object, integer)", verb);
    } else {
        ret = qv_new_ref(qi, qv_tuple_peek(pair, 0));
        if (decode ? !qv_is_str(ret) : !qv_is_bytes(ret)) {
            qv_raise(qi, &qv_exc_TypeError,
                     "'%.400s' %sr returned '%.400T' instead of '%s'; use codecs.%s() to %s to "
                     "arbitrary types",
                     encoding, verb, ret, decode ? "str" : "bytes", verb, verb);
            qv_clear(qi, &ret);
        }
    }
    qv_decref(qi, pair);
    return ret;
}

// ---- by name ------------------------------------------------------------------------------------

QvObj *qv_str_encode(QvInterp *qi, QvObj *s, const char *encoding, const char *errors)
{
    switch (encoding == NULL ? UTF8 : codec_of(encoding)) {
    case UTF8: return qv_codec_utf8_encode(qi, s, errors);
    case UTF8_SIG: {
        QvObj *text = qv_codec_utf8_encode(qi, s, errors);
        QvObj *ret = NULL;
        if (text != NULL) {
            QvSsize n = qv_bytes_len(text);
            ret = qv_bytes_new(qi, NULL, n + 3);
            if (ret != NULL) {
                memcpy(qv_bytes_data(ret), "\xEF\xBB\xBF", 3);
                memcpy(qv_bytes_data(ret) + 3, qv_bytes_data(text), (size_t)n);
            }
            qv_decref(qi, text);
        }
        return ret;
    }
    case UTF16: return qv_codec_utf16_encode(qi, s, errors, 0);
    case UTF16_LE: return qv_codec_utf16_encode(qi, s, errors, -1);
    case UTF16_BE: return qv_codec_utf16_encode(qi, s, errors, 1);
    case UTF32: return qv_codec_utf32_encode(qi, s, errors, 0);
    case UTF32_LE: return qv_codec_utf32_encode(qi, s, errors, -1);
    case UTF32_BE: return qv_codec_utf32_encode(qi, s, errors, 1);
    case ASCII: return qv_codec_ascii_encode(qi, s, errors);
    case LATIN1: return qv_codec_latin1_encode(qi, s, errors);
    case UNICODE_ESCAPE: return qv_codec_unicode_escape_encode(qi, s);
    case RAW_UNICODE_ESCAPE: return qv_codec_raw_unicode_escape_encode(qi, s);
    case OTHER: break;
    }
    return call_registry(qi, s, encoding, errors, false);
}

static QvObj *decode_wide(QvInterp *qi, const void *p, QvSsize n, const char *errors, int order,
                          int width)
{
    return width == 2 ? qv_codec_utf16_decode(qi, p, n, errors, &order, NULL)
                      : qv_codec_utf32_decode(qi, p, n, errors, &order, NULL);
}

// object: what the bytes belong to (for the registry), or NULL.
static QvObj *decode(QvInterp *qi, const void *p, QvSsize n, const char *encoding,
                     const char *errors, QvObj *object)
{
    if (n == 0) {
        return qv_str_new_utf8(qi, "", 0); // whatever the codec: CPython does not look it up either
    }
    switch (encoding == NULL ? UTF8 : codec_of(encoding)) {
    case UTF8: return qv_codec_utf8_decode(qi, p, n, errors, NULL);
    case UTF8_SIG: {
        QvSsize skip = n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
        return qv_codec_utf8_decode(qi, (const char *)p + skip, n - skip, errors, NULL);
    }
    case UTF16: return decode_wide(qi, p, n, errors, 0, 2);
    case UTF16_LE: return decode_wide(qi, p, n, errors, -1, 2);
    case UTF16_BE: return decode_wide(qi, p, n, errors, 1, 2);
    case UTF32: return decode_wide(qi, p, n, errors, 0, 4);
    case UTF32_LE: return decode_wide(qi, p, n, errors, -1, 4);
    case UTF32_BE: return decode_wide(qi, p, n, errors, 1, 4);
    case ASCII: return qv_codec_ascii_decode(qi, p, n, errors);
    case LATIN1: return qv_codec_latin1_decode(qi, p, n);
    case UNICODE_ESCAPE: return qv_codec_unicode_escape_decode(qi, p, n, errors, true, NULL);
    case RAW_UNICODE_ESCAPE: return qv_codec_raw_unicode_escape_decode(qi, p, n, errors, NULL);
    case OTHER: break;
    }
    object = object != NULL ? qv_new_ref(qi, object) : qv_bytes_new(qi, p, n);
    if (object == NULL) {
        return NULL;
    }
    QvObj *ret = call_registry(qi, object, encoding, errors, true);
    qv_decref(qi, object);
    return ret;
}

QvObj *qv_str_decode(QvInterp *qi, const void *p, QvSsize n, const char *encoding,
                     const char *errors)
{
    return decode(qi, p, n, encoding, errors, NULL);
}

// ---- arguments ----------------------------------------------------------------------------------

// An optional name argument as a C string. Release with qv_utf8_release. 0/-1.
static int name_arg(QvInterp *qi, QvObj *o, const char *func, const char *param, QvUtf8 *ret)
{
    *ret = (QvUtf8){0};
    if (o == NULL) {
        return 0;
    }
    if (!qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() argument '%s' must be str, not %.50s",
                            func, param, qv_arg_type_name(o));
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

static int name_args(QvInterp *qi, QvObj *encoding, QvObj *errors, const char *func, QvUtf8 ret[2])
{
    if (name_arg(qi, encoding, func, "encoding", &ret[0]) < 0) {
        return -1;
    }
    if (name_arg(qi, errors, func, "errors", &ret[1]) < 0) {
        qv_utf8_release(qi, &ret[0]);
        return -1;
    }
    return 0;
}

// Asks _codecs.<function> for a name; its LookupError when there is nothing of that name. 0/-1.
static int must_exist(QvInterp *qi, const char *function, const char *name)
{
    QvObj *module = qv_import(qi, "_codecs");
    QvObj *lookup = module != NULL ? qv_getattr_cstr(qi, module, function) : NULL;
    QvObj *text = lookup != NULL ? qv_str_new_cstr(qi, name) : NULL;
    QvObj *found = text != NULL ? qv_call1(qi, lookup, text) : NULL;
    int r = found != NULL ? 0 : -1;
    qv_xdecref(qi, module);
    qv_xdecref(qi, lookup);
    qv_xdecref(qi, text);
    qv_xdecref(qi, found);
    return r;
}

// In development mode (-X dev) wrong names are errors also where nothing asks for them, as with
// text that is all ASCII. 0/-1.
static int check_names(QvInterp *qi, const char *encoding, const char *errors)
{
    if (!qi->config.dev_mode) {
        return 0;
    }
    if (encoding != NULL && codec_of(encoding) == OTHER && must_exist(qi, "lookup", encoding) < 0) {
        return -1;
    }
    return errors != NULL ? must_exist(qi, "lookup_error", errors) : 0;
}

QvObj *qv_codec_encode_object(QvInterp *qi, QvObj *s, QvObj *encoding, QvObj *errors,
                              const char *func)
{
    QvUtf8 names[2];
    if (name_args(qi, encoding, errors, func, names) < 0) {
        return NULL;
    }
    QvObj *ret = check_names(qi, names[0].s, names[1].s) == 0
                     ? qv_str_encode(qi, s, names[0].s, names[1].s)
                     : NULL;
    qv_utf8_release(qi, &names[0]);
    qv_utf8_release(qi, &names[1]);
    return ret;
}

QvObj *qv_codec_decode_object(QvInterp *qi, QvObj *o, QvObj *encoding, QvObj *errors,
                              const char *func)
{
    QvUtf8 names[2];
    if (name_args(qi, encoding, errors, func, names) < 0) {
        return NULL;
    }
    QvObj *ret = NULL;
    QvBufferView view;
    if (check_names(qi, names[0].s, names[1].s) < 0) {
        // The exception is set.
    } else if (qv_is_str(o)) {
        qv_raise(qi, &qv_exc_TypeError, "decoding str is not supported");
    } else if (!qv_has_buffer(o)) {
        qv_raise(qi, &qv_exc_TypeError, "decoding to str: need a bytes-like object, %.80T found",
                 o);
    } else if (qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) == 0) {
        ret = decode(qi, view.len > 0 ? view.buf : "", view.len, names[0].s, names[1].s, o);
        qv_buffer_release(qi, &view);
    }
    qv_utf8_release(qi, &names[0]);
    qv_utf8_release(qi, &names[1]);
    return ret;
}

// ---- file names ---------------------------------------------------------------------------------

QvObj *qv_str_fsdecode(QvInterp *qi, const char *path)
{
    return qv_codec_utf8_decode(qi, path, (QvSsize)strlen(path), "surrogateescape", NULL);
}

// What os.fspath(path) gives: str or bytes.
static QvObj *fspath(QvInterp *qi, QvObj *path)
{
    if (qv_is_str(path) || qv_is_bytes(path)) {
        return qv_new_ref(qi, path);
    }
    QvObj *method = NULL;
    int found = qv_lookup_special(qi, path, QV_N(__fspath__), &method);
    if (found <= 0) {
        if (found == 0) {
            qv_raise(qi, &qv_exc_TypeError, "expected str, bytes or os.PathLike object, not %.200T",
                     path);
        }
        return NULL;
    }
    QvObj *ret = qv_call0(qi, method);
    qv_decref(qi, method);
    if (ret != NULL && !qv_is_str(ret) && !qv_is_bytes(ret)) {
        qv_raise(qi, &qv_exc_TypeError,
                 "expected %.200T.__fspath__() to return str or bytes, not %.200T", path, ret);
        qv_clear(qi, &ret);
    }
    return ret;
}

int qv_fspath_utf8(QvInterp *qi, QvObj *path, QvUtf8 *ret)
{
    QvObj *o = fspath(qi, path);
    if (o == NULL) {
        return -1;
    }
    QvUtf8 text = {0};
    int r = -1;
    if (qv_is_bytes(o)) {
        text = (QvUtf8){.s = (const char *)qv_bytes_data(o), .n = qv_bytes_len(o)};
        r = 0;
    } else {
        r = qv_str_utf8_surrogates(qi, o, &text, true);
    }
    if (r == 0 && text.block == 0) {
        // The text must outlive o, which only the caller's path may keep.
        char *copy = qv_alloc(qi, (size_t)text.n + 1);
        if (copy != NULL) {
            memcpy(copy, text.s, (size_t)text.n + 1);
        }
        text.s = copy;
        text.block = (size_t)text.n + 1;
        r = copy != NULL ? 0 : -1;
    }
    qv_decref(qi, o);
    if (r < 0) {
        return -1;
    }
    if (strlen(text.s) != (size_t)text.n) {
        qv_utf8_release(qi, &text);
        return qv_raise_int(qi, &qv_exc_ValueError, "embedded null byte");
    }
    *ret = text;
    return 0;
}
