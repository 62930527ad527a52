// SPDX-License-Identifier: MIT
// UnicodeEncodeError, UnicodeDecodeError, UnicodeTranslateError.
#include "object/bytes.h"
#include "object/exception_base.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

static QvUnicodeError *as_unicode(QvObj *o) { return (QvUnicodeError *)o; }

QV_EXC_FIELD(QvUnicodeError, encoding)
QV_EXC_FIELD(QvUnicodeError, object)
QV_EXC_FIELD(QvUnicodeError, reason)

static QvObj *get_start(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_unicode(o)->start);
}

static QvObj *get_end(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, as_unicode(o)->end); }

static int set_bound(QvInterp *qi, QvSsize *place, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "can't delete numeric/char attribute");
    }
    if (!qv_is_int(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "an integer is required");
    }
    return qv_int_to_ssize(qi, value, place);
}

static int set_start(QvInterp *qi, QvObj *o, QvObj *value)
{
    return set_bound(qi, &as_unicode(o)->start, value);
}

static int set_end(QvInterp *qi, QvObj *o, QvObj *value)
{
    return set_bound(qi, &as_unicode(o)->end, value);
}

// ---- construction -------------------------------------------------------------------------------

static int check_count(QvInterp *qi, QvSsize expected, QvSsize given)
{
    if (given == expected) {
        return 0;
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "function takes exactly %zd arguments (%zd given)",
                        expected, given);
}

static int check_str(QvInterp *qi, QvObj *const *args, int i)
{
    if (qv_is_str(args[i])) {
        return 0;
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "argument %d must be str, not %.50T", i + 1,
                        args[i]);
}

// start, end, reason: the last three arguments, from index i.
static int fill_tail(QvInterp *qi, QvObj *self, QvObj *const *args, int i)
{
    QvUnicodeError *e = as_unicode(self);
    if (qv_arg_ssize(qi, args[i], &e->start) < 0 || qv_arg_ssize(qi, args[i + 1], &e->end) < 0 ||
        check_str(qi, args, i + 2) < 0) {
        return -1;
    }
    return set_reason(qi, self, args[i + 2]);
}

static int encode_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, kwnames) < 0 || check_count(qi, 5, nargs) < 0 ||
        check_str(qi, args, 0) < 0 || check_str(qi, args, 1) < 0 ||
        fill_tail(qi, self, args, 2) < 0) {
        return -1;
    }
    set_encoding(qi, self, args[0]);
    return set_object(qi, self, args[1]);
}

static int decode_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, kwnames) < 0 || check_count(qi, 5, nargs) < 0 ||
        check_str(qi, args, 0) < 0 || fill_tail(qi, self, args, 2) < 0) {
        return -1;
    }
    QvObj *object = args[1];
    if (qv_is_bytes(object)) {
        qv_incref(qi, object);
    } else {
        QvBufferView view;
        if (qv_buffer_get(qi, object, &view, QV_BUF_SIMPLE) < 0) {
            return -1;
        }
        object = qv_bytes_new(qi, view.len ? view.buf : "", view.len);
        qv_buffer_release(qi, &view);
        if (!object) {
            return -1;
        }
    }
    set_encoding(qi, self, args[0]);
    qv_set_take(qi, &as_unicode(self)->object, object);
    return 0;
}

static int translate_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, kwnames) < 0 || check_count(qi, 4, nargs) < 0 ||
        check_str(qi, args, 0) < 0 || fill_tail(qi, self, args, 1) < 0) {
        return -1;
    }
    return set_object(qi, self, args[0]);
}

// ---- text ---------------------------------------------------------------------------------------

// str() of the attributes, which may be anything by now: the reason and the encoding (or NULL).
// 0/-1.
static int text_parts(QvInterp *qi, QvUnicodeError *e, QvObj **ret_reason, QvObj **ret_encoding)
{
    *ret_encoding = NULL;
    *ret_reason = qv_str(qi, e->reason ? e->reason : QV_NONE);
    if (!*ret_reason) {
        return -1;
    }
    *ret_encoding = qv_str(qi, e->encoding ? e->encoding : QV_NONE);
    if (!*ret_encoding) {
        qv_clear(qi, ret_reason);
        return -1;
    }
    return 0;
}

// "'\xe9'", "'\u20ac'" ...: the one character of str `s` at i.
static QvObj *char_text(QvInterp *qi, QvObj *s, QvSsize i)
{
    uint32_t c = qv_str_read(s, i);
    const char *fmt = c <= 0xFF ? "'\\x%02x'" : c <= 0xFFFF ? "'\\u%04x'" : "'\\U%08x'";
    return qv_str_format(qi, fmt, c);
}

static QvObj *encode_text(QvInterp *qi, QvUnicodeError *e, QvObj *reason, QvObj *encoding)
{
    if (qv_is_str(e->object) && e->start >= 0 && e->start < qv_str_len(e->object) &&
        e->end == e->start + 1) {
        QvObj *c = char_text(qi, e->object, e->start);
        if (!c) {
            return NULL;
        }
        QvObj *r =
            encoding ? qv_str_format(qi, "'%U' codec can't encode character %U in position %zd: %U",
                                     encoding, c, e->start, reason)
                     : qv_str_format(qi, "can't translate character %U in position %zd: %U", c,
                                     e->start, reason);
        qv_decref(qi, c);
        return r;
    }
    if (encoding) {
        return qv_str_format(qi, "'%U' codec can't encode characters in position %zd-%zd: %U",
                             encoding, e->start, e->end - 1, reason);
    }
    return qv_str_format(qi, "can't translate characters in position %zd-%zd: %U", e->start,
                         e->end - 1, reason);
}

static QvObj *decode_text(QvInterp *qi, QvUnicodeError *e, QvObj *reason, QvObj *encoding)
{
    if (qv_is_bytes(e->object) && e->start >= 0 && e->start < qv_bytes_len(e->object) &&
        e->end == e->start + 1) {
        return qv_str_format(qi, "'%U' codec can't decode byte 0x%02x in position %zd: %U",
                             encoding, (unsigned)qv_bytes_data(e->object)[e->start], e->start,
                             reason);
    }
    return qv_str_format(qi, "'%U' codec can't decode bytes in position %zd-%zd: %U", encoding,
                         e->start, e->end - 1, reason);
}

static QvObj *unicode_str(QvInterp *qi, QvObj *o)
{
    QvUnicodeError *e = as_unicode(o);
    if (!e->object) {
        return qv_new_ref(qi, QV_N(empty)); // __init__ has not run
    }
    QvObj *reason, *encoding;
    if (text_parts(qi, e, &reason, &encoding) < 0) {
        return NULL;
    }
    QvObj *r;
    if (!e->object) {
        r = qv_new_ref(qi, QV_N(empty)); // a __str__ deleted it
    } else if (qv_is_instance_of(o, &qv_exc_UnicodeDecodeError)) {
        r = decode_text(qi, e, reason, encoding);
    } else {
        bool translate = qv_is_instance_of(o, &qv_exc_UnicodeTranslateError);
        r = encode_text(qi, e, reason, translate ? NULL : encoding);
    }
    qv_decref(qi, reason);
    qv_decref(qi, encoding);
    return r;
}

// ---- types --------------------------------------------------------------------------------------

static void unicode_clear_fields(QvInterp *qi, QvObj *o)
{
    QvUnicodeError *e = as_unicode(o);
    qv_clear(qi, &e->encoding);
    qv_clear(qi, &e->object);
    qv_clear(qi, &e->reason);
}

static void unicode_fini(QvInterp *qi, QvObj *o)
{
    unicode_clear_fields(qi, o);
    qv_exc_base_fini(qi, o);
}

static void unicode_clear(QvInterp *qi, QvObj *o)
{
    unicode_clear_fields(qi, o);
    qv_exc_base_clear(qi, o);
}

static int unicode_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvUnicodeError *e = as_unicode(o);
    QV_VISIT(e->encoding);
    QV_VISIT(e->object);
    QV_VISIT(e->reason);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet unicode_getsets[] = {
    {"encoding", get_encoding, set_encoding, "exception encoding"},
    {"object", get_object, set_object, "exception object"},
    {"start", get_start, set_start, "exception start"},
    {"end", get_end, set_end, "exception end"},
    {"reason", get_reason, set_reason, "exception reason"},
    {0},
};

QV_SEALED QvType qv_exc_UnicodeEncodeError = {
    QV_EXC_TYPE(UnicodeEncodeError, UnicodeError, QvUnicodeError),
    .doc = "Unicode encoding error.",
    .getsets = unicode_getsets,
    .init = encode_init,
    .fini = unicode_fini,
    .clear = unicode_clear,
    .traverse = unicode_traverse,
    .str = unicode_str,
};

QV_SEALED QvType qv_exc_UnicodeDecodeError = {
    QV_EXC_TYPE(UnicodeDecodeError, UnicodeError, QvUnicodeError),
    .doc = "Unicode decoding error.",
    .getsets = unicode_getsets,
    .init = decode_init,
    .fini = unicode_fini,
    .clear = unicode_clear,
    .traverse = unicode_traverse,
    .str = unicode_str,
};

QV_SEALED QvType qv_exc_UnicodeTranslateError = {
    QV_EXC_TYPE(UnicodeTranslateError, UnicodeError, QvUnicodeError),
    .doc = "Unicode translation error.",
    .getsets = unicode_getsets,
    .init = translate_init,
    .fini = unicode_fini,
    .clear = unicode_clear,
    .traverse = unicode_traverse,
    .str = unicode_str,
};
