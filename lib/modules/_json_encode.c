// SPDX-License-Identifier: MIT
// _json.make_encoder: JSON text from values.
//
// encoder and default may run Python, which may change the containers: lists are read by index with
// their length of the moment, dicts from a copy of their items.
#include <math.h>
#include <stdio.h>

#include "base/numtext.h"
#include "modules/_json.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/tuple.h"
#include "object/type_ids.h"

// What encodes strings.
typedef enum StringWay {
    BY_CALL, // of `encoder`
    AS_ASCII,
    AS_TEXT,
} StringWay;

typedef struct Encoder {
    QvObj h;
    QvObj *markers; // dict or None
    QvObj *default_, *encoder, *indent, *key_separator, *item_separator;
    bool sort_keys, skipkeys, allow_nan;
    StringWay way;
} Encoder;

enum {
    POLL_STEP = 512, // values between safepoints
};

// One call.
typedef struct Out {
    QvInterp *qi;
    const Encoder *options;
    QvStrBuf b;
    unsigned values; // written so far, for polling
} Out;

static Encoder *as_encoder(QvObj *o) { return (Encoder *)o; }

static int put_value(Out *out, QvObj *o);

static int status_of(const Out *out) { return out->b.failed ? -1 : 0; }

static int put_string(Out *out, QvObj *s)
{
    const Encoder *e = out->options;
    if (e->way != BY_CALL) {
        qv_json_put_string(&out->b, s, e->way == AS_ASCII);
        return status_of(out);
    }
    QvObj *text = qv_call1(out->qi, e->encoder, s);
    if (text && !qv_is_str(text)) {
        qv_raise(out->qi, &qv_exc_TypeError, "encoder() must return a string, not %.80T", text);
        qv_clear(out->qi, &text);
    }
    if (!text) {
        return -1;
    }
    qv_strbuf_str(&out->b, text);
    qv_decref(out->qi, text);
    return status_of(out);
}

// Writes the text of a float: its length, or -1.
static int float_text(Out *out, double v, char small[QV_NUM_REPR_MAX])
{
    if (isfinite(v)) {
        return qv_num_repr_double(v, small);
    }
    if (!out->options->allow_nan) {
        return qv_raise_int(out->qi, &qv_exc_ValueError,
                            "Out of range float values are not JSON compliant");
    }
    const char *text = isnan(v) ? "NaN" : v > 0 ? "Infinity" : "-Infinity";
    return snprintf(small, QV_NUM_REPR_MAX, "%s", text);
}

static int put_float(Out *out, double v)
{
    char text[QV_NUM_REPR_MAX];
    int n = float_text(out, v, text);
    if (n < 0) {
        return -1;
    }
    qv_strbuf_ascii(&out->b, text, n);
    return status_of(out);
}

static int put_int(Out *out, QvObj *o)
{
    if (qv_int_is_small(o)) {
        char text[QV_NUM_I64_MAX];
        qv_strbuf_ascii(&out->b, text, qv_num_from_i64(qv_int_value(o), 10, text));
        return status_of(out);
    }
    QvObj *text = qv_int_to_text(out->qi, o, 10, false);
    if (!text) {
        return -1;
    }
    qv_strbuf_str(&out->b, text);
    qv_decref(out->qi, text);
    return status_of(out);
}

static const char *constant_text(const QvObj *o)
{
    return o == QV_NONE ? "null" : o == QV_TRUE ? "true" : o == QV_FALSE ? "false" : NULL;
}

// ---- circles ------------------------------------------------------------------------------------

// Notes that o is being written; *ret_mark (owned) is what forget() takes, NULL without markers.
// 0/-1.
static int remember(Out *out, QvObj *o, QvObj **ret_mark)
{
    QvObj *markers = out->options->markers;
    *ret_mark = NULL;
    if (markers == QV_NONE) {
        return 0;
    }
    QvObj *mark = qv_int_from_u64(out->qi, (uint64_t)(uintptr_t)o);
    int there = mark ? qv_contains(out->qi, markers, mark) : -1;
    if (there > 0) {
        there = qv_raise_int(out->qi, &qv_exc_ValueError, "Circular reference detected");
    }
    if (there < 0 || qv_dict_set(out->qi, markers, mark, o) < 0) {
        qv_xdecref(out->qi, mark);
        return -1;
    }
    *ret_mark = mark;
    return 0;
}

// After a failure (status -1) the mark stays, as in CPython.
static int forget_take(Out *out, QV_STOLEN QvObj *mark, int status)
{
    if (!mark) {
        return status;
    }
    if (status == 0) {
        status = qv_dict_del(out->qi, out->options->markers, mark);
    }
    qv_decref(out->qi, mark);
    return status;
}

// ---- containers ---------------------------------------------------------------------------------

static QvSsize sequence_len(const QvObj *seq)
{
    return qv_is_list(seq) ? qv_list_len(seq) : qv_tuple_len(seq);
}

static int put_items(Out *out, QvObj *seq)
{
    qv_strbuf_char(&out->b, '[');
    for (QvSsize i = 0; i < sequence_len(seq); i++) {
        if (i > 0) {
            qv_strbuf_str(&out->b, out->options->item_separator);
        }
        QvObj *item = qv_is_list(seq) ? qv_list_at(out->qi, seq, i)
                                      : qv_new_ref(out->qi, qv_tuple_peek(seq, i));
        int status = item ? put_value(out, item) : -1;
        qv_xdecref(out->qi, item);
        if (status < 0) {
            return -1;
        }
    }
    qv_strbuf_char(&out->b, ']');
    return status_of(out);
}

// A list or tuple; those of subclasses are iterated.
static int put_sequence(Out *out, QvObj *seq)
{
    QvObj *items = qv_is_list_exact(seq) || qv_is_tuple_exact(seq) ? qv_new_ref(out->qi, seq)
                                                                   : qv_to_list(out->qi, seq);
    if (!items) {
        return -1;
    }
    int status;
    QvObj *mark;
    if (sequence_len(items) == 0) {
        qv_strbuf_ascii(&out->b, "[]", 2);
        status = status_of(out);
    } else if ((status = remember(out, seq, &mark)) == 0) {
        status = forget_take(out, mark, put_items(out, items));
    }
    qv_decref(out->qi, items);
    return status;
}

// A key as a string. 1, 0 when it is skipped, -1. The separator of members goes before it,
// but not before the first.
static int put_key(Out *out, QvObj *key, bool *first)
{
    const Encoder *e = out->options;
    QvObj *text = NULL;
    char small[QV_NUM_I64_MAX];
    int n = 0;
    const char *constant = constant_text(key);
    if (qv_is_str(key)) {
        text = qv_new_ref(out->qi, key);
    } else if (qv_is_float(key)) {
        n = float_text(out, qv_float_value(key), small);
    } else if (constant) {
        n = snprintf(small, sizeof small, "%s", constant);
    } else if (qv_is_int(key)) {
        text = qv_int_to_text(out->qi, key, 10, false);
    } else if (e->skipkeys) {
        return 0;
    } else {
        return qv_raise_int(out->qi, &qv_exc_TypeError,
                            "keys must be str, int, float, bool or None, not %.100T", key);
    }
    if (n > 0) {
        text = qv_str_new_ascii(out->qi, small, n);
    }
    if (!text) {
        return -1;
    }
    if (!*first) {
        qv_strbuf_str(&out->b, e->item_separator);
    }
    *first = false;
    int status = put_string(out, text);
    qv_decref(out->qi, text);
    if (status == 0) {
        qv_strbuf_str(&out->b, e->key_separator);
    }
    return status < 0 ? -1 : 1;
}

static int put_member(Out *out, QvObj *key, QvObj *value, bool *first)
{
    int status = put_key(out, key, first);
    return status > 0 ? put_value(out, value) : status;
}

// The members of an exact dict in its order, without a tuple for each.
static int put_plain_members(Out *out, QvObj *dict)
{
    QvObj *keys = qv_dict_keys_list(out->qi, dict);
    QvObj *values = keys ? qv_dict_values_list(out->qi, dict) : NULL;
    int status = values ? 0 : -1;
    bool first = true;
    for (QvSsize i = 0; status == 0 && i < qv_list_len(keys); i++) {
        status = put_member(out, qv_list_peek(keys, i), qv_list_peek(values, i), &first);
    }
    qv_xdecref(out->qi, keys);
    qv_xdecref(out->qi, values);
    return status;
}

// list(dict.items()), which a subclass may have its own of.
static QvObj *items_of(Out *out, QvObj *dict)
{
    if (qv_is_dict_exact(dict)) {
        return qv_dict_items_list(out->qi, dict);
    }
    QvObj *view = qv_call_method0(out->qi, dict, QV_N(items));
    QvObj *it = view ? qv_iter(out->qi, view) : NULL;
    if (view && !it && qv_err_matches(out->qi, &qv_exc_TypeError)) {
        qv_err_clear(out->qi);
        qv_raise(out->qi, &qv_exc_TypeError, "%.200T.items() returned a non-iterable (type %.200T)",
                 dict, view);
    }
    QvObj *items = it ? qv_to_list(out->qi, it) : NULL;
    qv_xdecref(out->qi, view);
    qv_xdecref(out->qi, it);
    return items;
}

static int put_members(Out *out, QvObj *dict)
{
    if (qv_is_dict_exact(dict) && !out->options->sort_keys) {
        return put_plain_members(out, dict);
    }
    QvObj *items = items_of(out, dict);
    int status = items && out->options->sort_keys ? qv_list_sort(out->qi, items, NULL, false)
                                                  : (items ? 0 : -1);
    bool first = true;
    for (QvSsize i = 0; status == 0 && i < qv_list_len(items); i++) {
        QvObj *item = qv_new_ref(out->qi, qv_list_peek(items, i));
        if (!qv_is_tuple(item) || qv_tuple_len(item) != 2) {
            status = qv_raise_int(out->qi, &qv_exc_ValueError, "items must return 2-tuples");
        } else {
            status = put_member(out, qv_tuple_peek(item, 0), qv_tuple_peek(item, 1), &first);
        }
        qv_decref(out->qi, item);
    }
    qv_xdecref(out->qi, items);
    return status;
}

static int put_dict(Out *out, QvObj *dict)
{
    if (qv_dict_len(dict) == 0) {
        qv_strbuf_ascii(&out->b, "{}", 2);
        return status_of(out);
    }
    QvObj *mark;
    if (remember(out, dict, &mark) < 0) {
        return -1;
    }
    qv_strbuf_char(&out->b, '{');
    int status = put_members(out, dict);
    qv_strbuf_char(&out->b, '}');
    status = status == 0 ? status_of(out) : status;
    return forget_take(out, mark, status);
}

// What default() makes of another object.
static int put_other(Out *out, QvObj *o)
{
    QvObj *mark;
    if (remember(out, o, &mark) < 0) {
        return -1;
    }
    QvObj *instead = qv_call1(out->qi, out->options->default_, o);
    int status = instead ? put_value(out, instead) : -1;
    qv_xdecref(out->qi, instead);
    return forget_take(out, mark, status);
}

static int put_value(Out *out, QvObj *o)
{
    if (QV_UNLIKELY(++out->values % POLL_STEP == 0) && qv_poll_here(out->qi) < 0) {
        return -1;
    }
    if (qv_is_str(o)) {
        return put_string(out, o);
    }
    const char *constant = constant_text(o);
    if (constant) {
        qv_strbuf_cstr(&out->b, constant);
        return status_of(out);
    }
    if (qv_is_int(o)) {
        return put_int(out, o);
    }
    if (qv_is_float(o)) {
        return put_float(out, qv_float_value(o));
    }
    if (qv_enter_recursive(out->qi, " while encoding a JSON object") < 0) {
        return -1;
    }
    int status = qv_is_list(o) || qv_is_tuple(o) ? put_sequence(out, o)
                 : qv_is_dict(o)                 ? put_dict(out, o)
                                                 : put_other(out, o);
    qv_leave_recursive(out->qi);
    return status;
}

// ---- the type -----------------------------------------------------------------------------------

static QvObj *encoder_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    QvObj *slots[2];
    QvSsize level;
    if (qv_args(qi, "_iterencode(obj, _current_indent_level)", args, nargs, kwnames, slots) < 0 ||
        qv_json_index(qi, slots[1], &level) < 0) {
        return NULL;
    }
    Out out = {.qi = qi, .options = as_encoder(o)};
    qv_strbuf_init(qi, &out.b);
    // default() may drop what called this.
    QvObj *value = qv_new_ref(qi, slots[0]);
    qv_incref(qi, o);
    int status = put_value(&out, value);
    qv_decref(qi, o);
    qv_decref(qi, value);
    if (status < 0) {
        qv_strbuf_fini(&out.b);
        return NULL;
    }
    QvObj *text = qv_strbuf_finish(&out.b);
    QvObj *chunks = text ? qv_list_from_array(qi, &text, 1) : NULL;
    qv_xdecref(qi, text);
    return chunks;
}

static void encoder_fini(QvInterp *qi, QvObj *o)
{
    Encoder *e = as_encoder(o);
    qv_clear(qi, &e->markers);
    qv_clear(qi, &e->default_);
    qv_clear(qi, &e->encoder);
    qv_clear(qi, &e->indent);
    qv_clear(qi, &e->key_separator);
    qv_clear(qi, &e->item_separator);
}

static int encoder_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    Encoder *e = as_encoder(o);
    QV_VISIT(e->markers);
    QV_VISIT(e->default_);
    QV_VISIT(e->encoder);
    QV_VISIT(e->indent);
    return 0;
}

static StringWay way_of(const QvObj *encoder)
{
    if (encoder->type != &qv_builtin_type) {
        return BY_CALL;
    }
    QvNativeFn fn = ((const QvBuiltin *)encoder)->sig->def->fn;
    return fn == qv_json_encode_ascii ? AS_ASCII : fn == qv_json_encode_text ? AS_TEXT : BY_CALL;
}

static QvObj *encoder_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    QvObj *slots[9];
    if (qv_args(qi,
                "make_encoder(markers, default, encoder, indent, key_separator, item_separator, "
                "sort_keys, skipkeys, allow_nan)",
                args, nargs, kwnames, slots) < 0) {
        return NULL;
    }
    for (int k = 4; k < 6; k++) {
        if (!qv_is_str(slots[k])) {
            return qv_raise(qi, &qv_exc_TypeError, "make_encoder() argument %d must be str, not %s",
                            k + 1, qv_arg_type_name(slots[k]));
        }
    }
    int truth[3];
    for (int k = 0; k < 3; k++) {
        if ((truth[k] = qv_is_true(qi, slots[6 + k])) < 0) {
            return NULL;
        }
    }
    if (slots[0] != QV_NONE && !qv_is_dict(slots[0])) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "make_encoder() argument 1 must be dict or None, not %.200T", slots[0]);
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        Encoder *e = as_encoder(o);
        e->markers = qv_new_ref(qi, slots[0]);
        e->default_ = qv_new_ref(qi, slots[1]);
        e->encoder = qv_new_ref(qi, slots[2]);
        e->indent = qv_new_ref(qi, slots[3]);
        e->key_separator = qv_new_ref(qi, slots[4]);
        e->item_separator = qv_new_ref(qi, slots[5]);
        e->sort_keys = truth[0] != 0;
        e->skipkeys = truth[1] != 0;
        e->allow_nan = truth[2] != 0;
        e->way = way_of(e->encoder);
    }
    return o;
}

#define GETTER(NAME, FIELD)                          \
    static QvObj *get_##NAME(QvInterp *qi, QvObj *o) \
    {                                                \
        return qv_new_ref(qi, as_encoder(o)->FIELD); \
    }
GETTER(markers, markers)
GETTER(default, default_)
GETTER(encoder, encoder)
GETTER(indent, indent)
GETTER(key_separator, key_separator)
GETTER(item_separator, item_separator)
#undef GETTER

static QvObj *get_sort_keys(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_encoder(o)->sort_keys);
}

static QvObj *get_skipkeys(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_encoder(o)->skipkeys);
}

static const QvGetSet getsets[] = {
    {"markers", get_markers, qv_getset_readonly, "markers"},
    {"default", get_default, qv_getset_readonly, "default"},
    {"encoder", get_encoder, qv_getset_readonly, "encoder"},
    {"indent", get_indent, qv_getset_readonly, "indent"},
    {"key_separator", get_key_separator, qv_getset_readonly, "key_separator"},
    {"item_separator", get_item_separator, qv_getset_readonly, "item_separator"},
    {"sort_keys", get_sort_keys, qv_getset_readonly, "sort_keys"},
    {"skipkeys", get_skipkeys, qv_getset_readonly, "skipkeys"},
    {0},
};

QV_SEALED QvType qv_json_encoder_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_json.Encoder",
    .id = QV_TID_json_encoder,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Encoder),
    .doc = "_iterencode(obj, _current_indent_level) -> iterable",
    .getsets = getsets,
    .new_ = encoder_new,
    .fini = encoder_fini,
    .traverse = encoder_traverse,
    .call = encoder_call,
};
