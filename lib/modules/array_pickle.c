// SPDX-License-Identifier: MIT
// array.array as pickles hold it: the items' bytes with a code for their machine format, so that a
// machine with other sizes or byte order can read them.
#include <string.h>

#include "modules/array.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/module.h"
#include "object/str.h"
#include "object/tuple.h"

// The formats by number, as CPython has them. form CHAR: utf-16 (size 2) or utf-32 (4).
static const struct Format {
    uint8_t size, form;
    bool big;
} formats[] = {
    {1, QV_ARRAY_UNSIGNED, false}, {1, QV_ARRAY_SIGNED, false},   {2, QV_ARRAY_UNSIGNED, false},
    {2, QV_ARRAY_UNSIGNED, true},  {2, QV_ARRAY_SIGNED, false},   {2, QV_ARRAY_SIGNED, true},
    {4, QV_ARRAY_UNSIGNED, false}, {4, QV_ARRAY_UNSIGNED, true},  {4, QV_ARRAY_SIGNED, false},
    {4, QV_ARRAY_SIGNED, true},    {8, QV_ARRAY_UNSIGNED, false}, {8, QV_ARRAY_UNSIGNED, true},
    {8, QV_ARRAY_SIGNED, false},   {8, QV_ARRAY_SIGNED, true},    {4, QV_ARRAY_FLOAT, false},
    {4, QV_ARRAY_FLOAT, true},     {8, QV_ARRAY_FLOAT, false},    {8, QV_ARRAY_FLOAT, true},
    {2, QV_ARRAY_CHAR, false},     {2, QV_ARRAY_CHAR, true},      {4, QV_ARRAY_CHAR, false},
    {4, QV_ARRAY_CHAR, true},
};
#define FORMATS ((int)(sizeof formats / sizeof *formats))

static int format_of(const QvArrayKind *kind)
{
    int k = 0;
    while (formats[k].big || formats[k].size != kind->size || formats[k].form != kind->form) {
        k++;
    }
    return k;
}

// An item of a foreign format as an object.
static QvObj *foreign_item(QvInterp *qi, const struct Format *f, const uint8_t *p)
{
    uint8_t native[8];
    for (int k = 0; k < f->size; k++) {
        native[k] = p[f->big ? f->size - 1 - k : k];
    }
    if (f->form == QV_ARRAY_FLOAT) {
        float single;
        double d;
        memcpy(&single, native, 4);
        memcpy(&d, native, f->size == 8 ? 8 : 0);
        return qv_float_new(qi, f->size == 8 ? d : (double)single);
    }
    return qv_int_from_bytes(qi, native, f->size, true, f->form == QV_ARRAY_SIGNED);
}

// The kind to use: of an integer format the (last) one of its sign and size, as in CPython.
static const QvArrayKind *fitting_kind(const QvArrayKind *given, const struct Format *f)
{
    static const char codes[] = "bBhHiIlLqQ";
    for (const char *c = codes; *c && f->form != QV_ARRAY_FLOAT; c++) {
        const QvArrayKind *kind = qv_array_kind((uint8_t)*c);
        if (kind->form == f->form && kind->size == f->size) {
            given = kind;
        }
    }
    return given;
}

QvObj *qv_array_reconstructor(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *type = args[0], *data = args[3];
    if (!qv_is_type(type)) {
        return qv_raise(qi, &qv_exc_TypeError, "first argument must be a type object, not %T",
                        type);
    }
    if (!qv_is_str(args[1]) || qv_str_len(args[1]) != 1) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "_array_reconstructor() argument 2 must be a unicode character, not %T",
                        args[1]);
    }
    QvSsize code;
    if (qv_index_ssize(qi, args[2], &code, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (!qv_type_is_subtype((QvType *)type, &qv_array_type)) {
        return qv_raise(qi, &qv_exc_TypeError, "%N is not a subtype of array.array",
                        (QvType *)type);
    }
    const QvArrayKind *kind = qv_array_kind(qv_str_read(args[1], 0));
    if (!kind) {
        return qv_raise(qi, &qv_exc_ValueError, "second argument must be a valid type code");
    }
    if (code < 0 || code >= FORMATS) {
        return qv_raise(qi, &qv_exc_ValueError,
                        "third argument must be a valid machine format code.");
    }
    if (!qv_is_bytes(data)) {
        return qv_raise(qi, &qv_exc_TypeError, "fourth argument should be bytes, not %T", data);
    }
    const struct Format *f = &formats[code];
    QvSsize bytes = qv_bytes_len(data);
    bool native = code == format_of(kind);
    // CPython gives texts twice their item size, but where the format is the machine's own.
    if (bytes % (native || f->form != QV_ARRAY_CHAR ? f->size : 2 * f->size)) {
        return qv_raise(qi, &qv_exc_ValueError,
                        native ? "bytes length not a multiple of item size"
                               : "string length not a multiple of item size");
    }
    if (native) {
        QvObj *a = qv_array_new(qi, (QvType *)type, kind, bytes / f->size);
        if (a && bytes) {
            memcpy(qv_as_array(a)->items, qv_bytes_data(data), (size_t)bytes);
        }
        return a;
    }
    if (f->form == QV_ARRAY_CHAR) {
        const char *codec = f->size == 2 ? (f->big ? "utf-16-be" : "utf-16-le")
                                         : (f->big ? "utf-32-be" : "utf-32-le");
        QvObj *text = qv_str_decode(qi, qv_bytes_data(data), bytes, codec, NULL);
        QvObj *a = text ? qv_call2(qi, type, args[1], text) : NULL;
        qv_xdecref(qi, text);
        return a;
    }
    kind = fitting_kind(kind, f);
    QvSsize n = bytes / f->size;
    QvObj *a = qv_array_new(qi, (QvType *)type, kind, n);
    for (QvSsize k = 0; a && k < n; k++) {
        QvObj *item = foreign_item(qi, f, qv_bytes_data(data) + k * f->size);
        if (!item || qv_array_put(qi, kind, qv_as_array(a)->items + k * kind->size, item) < 0) {
            qv_clear(qi, &a);
        }
        qv_xdecref(qi, item);
    }
    return a;
}

QvObj *qv_array_reduce_ex(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvArray *a = qv_as_array(self);
    if (!qv_is_int(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "__reduce_ex__ argument should be an integer");
    }
    int64_t protocol;
    qv_int_as_i64(args[0], &protocol);
    QvObj *dict = NULL, *ret = NULL, *inner = NULL, *func = NULL;
    if (qv_getattr_try(qi, self, QV_N(__dict__), &dict) < 0) {
        return NULL;
    }
    QvObj *code = qv_str_from_char(qi, (uint8_t)a->kind->code);
    QvObj *type = &qv_type_of(self)->h;
    if (protocol < 3) { // a list of the items, readable by old versions
        QvObj *list = qv_array_to_list(qi, a);
        inner = list && code ? qv_tuple_of(qi, 2, code, list) : NULL;
        func = qv_new_ref(qi, type);
        qv_xdecref(qi, list);
    } else {
        QvObj *module = qv_import(qi, "array");
        func = module ? qv_getattr_cstr(qi, module, "_array_reconstructor") : NULL;
        qv_xdecref(qi, module);
        QvObj *format = func ? qv_int_from_i64(qi, format_of(a->kind)) : NULL;
        QvObj *bytes = format ? qv_bytes_new(qi, a->items ? (const void *)a->items : "",
                                             a->len * a->kind->size)
                              : NULL;
        inner = bytes && code ? qv_tuple_of(qi, 4, type, code, format, bytes) : NULL;
        qv_xdecref(qi, format);
        qv_xdecref(qi, bytes);
    }
    if (inner && func) {
        ret = qv_tuple_of(qi, 3, func, inner, dict ? dict : QV_NONE);
    }
    qv_xdecref(qi, dict);
    qv_xdecref(qi, code);
    qv_xdecref(qi, inner);
    qv_xdecref(qi, func);
    return ret;
}
