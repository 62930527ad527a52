// SPDX-License-Identifier: MIT
// _json.make_scanner: values from JSON text, by recursive descent.
//
// Callbacks (hooks, parse_float and so on) may run Python; the text is immutable and held by the
// caller of the scanner, the scanner's own fields never change.
#include <string.h>

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

typedef struct Scanner {
    QvObj h;
    bool strict;
    QvObj *object_hook, *object_pairs_hook, *parse_float, *parse_int, *parse_constant;
} Scanner;

enum {
    KEY_SLOTS = 128, // of the cache of keys
    KEY_MOST = 32,   // code points of keys that it may hold
    POLL_STEP = 512, // values between safepoints
};

// One call.
typedef struct Scan {
    QvInterp *qi;
    const Scanner *options;
    QvObj *text;
    QvSsize len;
    unsigned values;        // read so far, for polling
    QvObj *keys[KEY_SLOTS]; // owned: equal keys are one object, and are hashed once
    QvObj *memo;            // dict of the keys whose slot was taken, or NULL
} Scan;

static Scanner *as_scanner(QvObj *o) { return (Scanner *)o; }

static uint32_t at(const Scan *s, QvSsize i)
{
    return i < s->len ? qv_str_read(s->text, i) : 0xFFFFFFFF;
}

// The next character that is no blank. The end of the text, where nothing goes on, with a stop's
// exception.
static QvSsize skip_space(const Scan *s, QvSsize i)
{
    uint32_t c;
    QvSsize from = i;
    while ((c = at(s, i)) == ' ' || c == '\n' || c == '\t' || c == '\r') {
        i++;
        if (QV_UNLIKELY(i - from == QV_POLL_SLICE)) {
            from = i;
            if (qv_stop_here(s->qi) < 0) {
                return s->len;
            }
        }
    }
    return i;
}

// StopIteration(i): there is no value at i. Always NULL.
static QvObj *no_value(Scan *s, QvSsize i)
{
    if (qv_err_occurred(s->qi)) { // a stop (skip_space)
        return NULL;
    }
    QvObj *where = qv_int_from_i64(s->qi, i);
    if (where) {
        qv_raise_stop(s->qi, where);
        qv_decref(s->qi, where);
    }
    return NULL;
}

// ---- keys ---------------------------------------------------------------------------------------

// Is the text at start..end the key?
static bool is_key(const Scan *s, QvSsize start, QvSsize end, const QvObj *key)
{
    if (qv_str_len(key) != end - start) {
        return false;
    }
    if (qv_str_kind(key) == QV_STR_1 && qv_str_kind(s->text) == QV_STR_1) {
        return memcmp(qv_str_data(key), (const char *)qv_str_data(s->text) + start,
                      (size_t)(end - start)) == 0;
    }
    for (QvSsize i = start; i < end; i++) {
        if (qv_str_read(s->text, i) != qv_str_read(key, i - start)) {
            return false;
        }
    }
    return true;
}

// The one object for a key that is taken.
static QvObj *unique_take(Scan *s, QV_STOLEN QvObj *key)
{
    QvObj *one = NULL;
    if (!s->memo) {
        s->memo = qv_dict_new(s->qi);
    }
    if (!s->memo || qv_dict_setdefault(s->qi, s->memo, key, key, &one) < 0) {
        one = NULL;
    }
    qv_decref(s->qi, key);
    return one;
}

// The key behind the quote at start - 1. Short ones without escapes are looked for in the cache
// before a string is made.
static QvObj *scan_key(Scan *s, QvSsize start, QvSsize *ret_end)
{
    uint32_t hash = 2166136261u;
    QvSsize i = start;
    for (; i < s->len && i - start < KEY_MOST; i++) {
        uint32_t c = qv_str_read(s->text, i);
        if (c == '"') {
            QvObj **slot = &s->keys[(hash ^ hash >> 15) % KEY_SLOTS];
            if (*slot && is_key(s, start, i, *slot)) {
                *ret_end = i + 1;
                return qv_new_ref(s->qi, *slot);
            }
            if (*slot) {
                break;
            }
            QvObj *key = qv_str_slice(s->qi, s->text, start, i);
            *ret_end = i + 1;
            *slot = key ? qv_new_ref(s->qi, key) : NULL;
            return key;
        }
        if (c == '\\' || c < 0x20) {
            break;
        }
        hash = (hash ^ c) * 16777619u;
    }
    QvObj *key = qv_json_scan_string(s->qi, s->text, start, s->options->strict, ret_end);
    return key ? unique_take(s, key) : NULL;
}

// ---- values -------------------------------------------------------------------------------------

static QvObj *scan_value(Scan *s, QvSsize i, QvSsize *ret_end);

// Adds a key and a value, both taken, to a dict, or to a list of pairs. 0/-1.
static int add_item_take(Scan *s, QvObj *into, bool pairs, QV_STOLEN QvObj *key,
                         QV_STOLEN QvObj *value)
{
    int status;
    if (pairs) {
        QvObj *pair = qv_tuple_of(s->qi, 2, key, value);
        qv_decref(s->qi, value);
        status = pair ? qv_list_append_take(s->qi, into, pair) : -1;
    } else {
        status = qv_dict_set_take(s->qi, into, key, value);
    }
    qv_decref(s->qi, key);
    return status;
}

// The members of an object from behind its brace on. 0/-1.
static int scan_members(Scan *s, QvSsize i, QvObj *into, bool pairs, QvSsize *ret_end)
{
    i = skip_space(s, i);
    if (at(s, i) == '}') {
        *ret_end = i + 1;
        return 0;
    }
    for (;;) {
        if (at(s, i) != '"') {
            qv_json_error(s->qi, "Expecting property name enclosed in double quotes", s->text, i);
            return -1;
        }
        QvObj *key = scan_key(s, i + 1, &i);
        if (!key) {
            return -1;
        }
        i = skip_space(s, i);
        if (at(s, i) != ':') {
            qv_decref(s->qi, key);
            qv_json_error(s->qi, "Expecting ':' delimiter", s->text, i);
            return -1;
        }
        QvObj *value = scan_value(s, skip_space(s, i + 1), &i);
        if (!value) {
            qv_decref(s->qi, key);
            return -1;
        }
        if (add_item_take(s, into, pairs, key, value) < 0) {
            return -1;
        }
        i = skip_space(s, i);
        if (at(s, i) == '}') {
            *ret_end = i + 1;
            return 0;
        }
        if (at(s, i) != ',') {
            qv_json_error(s->qi, "Expecting ',' delimiter", s->text, i);
            return -1;
        }
        i = skip_space(s, i + 1);
    }
}

static QvObj *scan_object(Scan *s, QvSsize i, QvSsize *ret_end)
{
    bool pairs = s->options->object_pairs_hook != QV_NONE;
    QvObj *hook = pairs ? s->options->object_pairs_hook : s->options->object_hook;
    QvObj *found = pairs ? qv_list_new(s->qi, 0) : qv_dict_new(s->qi);
    if (found && scan_members(s, i, found, pairs, ret_end) < 0) {
        qv_clear(s->qi, &found);
    }
    if (found && hook != QV_NONE) {
        QvObj *result = qv_call1(s->qi, hook, found);
        qv_decref(s->qi, found);
        return result;
    }
    return found;
}

static QvObj *scan_array(Scan *s, QvSsize i, QvSsize *ret_end)
{
    QvObj *list = qv_list_new(s->qi, 0);
    i = skip_space(s, i);
    if (!list || at(s, i) == ']') {
        *ret_end = i + 1;
        return list;
    }
    for (;;) {
        QvObj *value = scan_value(s, i, &i);
        if (!value || qv_list_push_take(s->qi, list, value) < 0) {
            break;
        }
        i = skip_space(s, i);
        if (at(s, i) == ']') {
            *ret_end = i + 1;
            return list;
        }
        if (at(s, i) != ',') {
            qv_json_error(s->qi, "Expecting ',' delimiter", s->text, i);
            break;
        }
        i = skip_space(s, i + 1);
    }
    qv_decref(s->qi, list);
    return NULL;
}

static QvSsize skip_digits(const Scan *s, QvSsize i)
{
    for (uint32_t c = at(s, i); c >= '0' && c <= '9'; c = at(s, i)) {
        i++;
    }
    return i;
}

static bool is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

// The number text[start:end] by int or float themselves.
static QvObj *plain_number(Scan *s, QvSsize start, QvSsize end, bool is_float)
{
    char small[64], *text = small;
    QvSsize n = end - start;
    if (!is_float && n <= 18) {
        int64_t value = 0;
        bool negative = at(s, start) == '-';
        for (QvSsize i = start + negative; i < end; i++) {
            value = value * 10 + (int64_t)(qv_str_read(s->text, i) - '0');
        }
        return qv_int_from_i64(s->qi, negative ? -value : value);
    }
    if (qv_str_kind(s->text) == QV_STR_1) {
        text = (char *)qv_str_data(s->text) + start;
    } else {
        if (n > (QvSsize)sizeof small && !(text = qv_alloc(s->qi, (size_t)n))) {
            return NULL;
        }
        for (QvSsize i = 0; i < n; i++) {
            text[i] = (char)qv_str_read(s->text, start + i);
        }
    }
    QvObj *value = is_float ? qv_float_parse(s->qi, text, n, NULL)
                            : qv_int_parse(s->qi, text, n, 10, NULL);
    if (text != small && qv_str_kind(s->text) != QV_STR_1) {
        qv_free(s->qi, text, (size_t)n);
    }
    return value;
}

static QvObj *call_with_text(Scan *s, QvObj *f, QvSsize start, QvSsize end)
{
    QvObj *text = qv_str_slice(s->qi, s->text, start, end);
    QvObj *value = text ? qv_call1(s->qi, f, text) : NULL;
    qv_xdecref(s->qi, text);
    return value;
}

static QvObj *scan_number(Scan *s, QvSsize start, QvSsize *ret_end)
{
    QvSsize i = start + (at(s, start) == '-');
    if (at(s, i) == '0') {
        i++;
    } else if (is_digit(at(s, i))) {
        i = skip_digits(s, i);
    } else {
        return no_value(s, start);
    }
    bool is_float = false;
    if (at(s, i) == '.' && is_digit(at(s, i + 1))) {
        is_float = true;
        i = skip_digits(s, i + 1);
    }
    if (at(s, i) == 'e' || at(s, i) == 'E') {
        QvSsize digits = i + 1 + (at(s, i + 1) == '-' || at(s, i + 1) == '+');
        if (is_digit(at(s, digits))) {
            is_float = true;
            i = skip_digits(s, digits);
        }
    }
    *ret_end = i;
    QvObj *f = is_float ? s->options->parse_float : s->options->parse_int;
    if (f == (is_float ? &qv_float_type.h : &qv_int_type.h)) {
        return plain_number(s, start, i, is_float);
    }
    return call_with_text(s, f, start, i);
}

static bool is_word(const Scan *s, QvSsize i, const char *word, QvSsize *ret_end)
{
    for (; *word; word++, i++) {
        if (at(s, i) != (uint32_t)*word) {
            return false;
        }
    }
    *ret_end = i;
    return true;
}

static QvObj *scan_nested(Scan *s, QvSsize i, bool object, QvSsize *ret_end)
{
    if (qv_enter_recursive(s->qi, object
                                      ? " while decoding a JSON object from a unicode string"
                                      : " while decoding a JSON array from a unicode string") < 0) {
        return NULL;
    }
    QvObj *value = object ? scan_object(s, i, ret_end) : scan_array(s, i, ret_end);
    qv_leave_recursive(s->qi);
    return value;
}

static QvObj *scan_value(Scan *s, QvSsize i, QvSsize *ret_end)
{
    if (QV_UNLIKELY(++s->values % POLL_STEP == 0) && qv_poll_here(s->qi) < 0) {
        return NULL;
    }
    switch (at(s, i)) {
    case '"': return qv_json_scan_string(s->qi, s->text, i + 1, s->options->strict, ret_end);
    case '{': return scan_nested(s, i + 1, true, ret_end);
    case '[': return scan_nested(s, i + 1, false, ret_end);
    case 'n': return is_word(s, i, "null", ret_end) ? QV_NONE : no_value(s, i);
    case 't': return is_word(s, i, "true", ret_end) ? QV_TRUE : no_value(s, i);
    case 'f': return is_word(s, i, "false", ret_end) ? QV_FALSE : no_value(s, i);
    case 'N':
    case 'I':
        if (is_word(s, i, "NaN", ret_end) || is_word(s, i, "Infinity", ret_end)) {
            return call_with_text(s, s->options->parse_constant, i, *ret_end);
        }
        return no_value(s, i);
    case '-':
        if (is_word(s, i, "-Infinity", ret_end)) {
            return call_with_text(s, s->options->parse_constant, i, *ret_end);
        }
        return scan_number(s, i, ret_end);
    default: return scan_number(s, i, ret_end);
    }
}

// ---- the type -----------------------------------------------------------------------------------

static void scan_fini(Scan *s)
{
    for (size_t k = 0; k < KEY_SLOTS; k++) {
        qv_xdecref(s->qi, s->keys[k]);
    }
    qv_xdecref(s->qi, s->memo);
}

static QvObj *scanner_call(QvInterp *qi, QvObj *o, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames)
{
    QvObj *slots[2];
    QvSsize start, end = 0;
    if (qv_args(qi, "scan_once(string, idx)", args, nargs, kwnames, slots) < 0 ||
        qv_json_index(qi, slots[1], &start) < 0) {
        return NULL;
    }
    if (!qv_is_str(slots[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "first argument must be a string, not %.80T",
                        slots[0]);
    }
    if (start < 0) {
        return qv_raise(qi, &qv_exc_ValueError, "idx cannot be negative");
    }
    Scan s = {.qi = qi, .options = as_scanner(o), .text = slots[0], .len = qv_str_len(slots[0])};
    // A hook may drop what called this.
    qv_incref(qi, o);
    qv_incref(qi, s.text);
    QvObj *value = scan_value(&s, start, &end);
    scan_fini(&s);
    qv_decref(qi, s.text);
    qv_decref(qi, o);
    QvObj *where = value ? qv_int_from_i64(qi, end) : NULL;
    QvObj *result = where ? qv_tuple_of(qi, 2, value, where) : NULL;
    qv_xdecref(qi, value);
    qv_xdecref(qi, where);
    return result;
}

static void scanner_fini(QvInterp *qi, QvObj *o)
{
    Scanner *s = as_scanner(o);
    qv_clear(qi, &s->object_hook);
    qv_clear(qi, &s->object_pairs_hook);
    qv_clear(qi, &s->parse_float);
    qv_clear(qi, &s->parse_int);
    qv_clear(qi, &s->parse_constant);
}

static int scanner_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    Scanner *s = as_scanner(o);
    QV_VISIT(s->object_hook);
    QV_VISIT(s->object_pairs_hook);
    QV_VISIT(s->parse_float);
    QV_VISIT(s->parse_int);
    QV_VISIT(s->parse_constant);
    return 0;
}

static QvObj *scanner_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames)
{
    QvObj *context;
    if (qv_args(qi, "make_scanner(context)", args, nargs, kwnames, &context) < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, type);
    QvObj *strict = o ? qv_getattr_cstr(qi, context, "strict") : NULL;
    int truth = strict ? qv_is_true(qi, strict) : -1;
    qv_xdecref(qi, strict);
    if (truth < 0) {
        qv_xdecref(qi, o);
        return NULL;
    }
    Scanner *s = as_scanner(o);
    s->strict = truth != 0;
    struct {
        QvObj **field;
        const char *name;
    } rows[] = {
        {&s->object_hook, "object_hook"},       {&s->object_pairs_hook, "object_pairs_hook"},
        {&s->parse_float, "parse_float"},       {&s->parse_int, "parse_int"},
        {&s->parse_constant, "parse_constant"},
    };
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
        if (!(*rows[k].field = qv_getattr_cstr(qi, context, rows[k].name))) {
            qv_decref(qi, o);
            return NULL;
        }
    }
    return o;
}

static QvObj *get_strict(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_scanner(o)->strict);
}

#define GETTER(FIELD)                                 \
    static QvObj *get_##FIELD(QvInterp *qi, QvObj *o) \
    {                                                 \
        return qv_new_ref(qi, as_scanner(o)->FIELD);  \
    }
GETTER(object_hook)
GETTER(object_pairs_hook)
GETTER(parse_float)
GETTER(parse_int)
GETTER(parse_constant)
#undef GETTER

static const QvGetSet getsets[] = {
    {"strict", get_strict, qv_getset_readonly, "strict"},
    {"object_hook", get_object_hook, qv_getset_readonly, "object_hook"},
    {"object_pairs_hook", get_object_pairs_hook, qv_getset_readonly, NULL},
    {"parse_float", get_parse_float, qv_getset_readonly, "parse_float"},
    {"parse_int", get_parse_int, qv_getset_readonly, "parse_int"},
    {"parse_constant", get_parse_constant, qv_getset_readonly, "parse_constant"},
    {0},
};

QV_SEALED QvType qv_json_scanner_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_json.Scanner",
    .id = QV_TID_json_scanner,
    .flags = QV_T_GC | QV_T_BASE,
    .base = &qv_object_type,
    .size = sizeof(Scanner),
    .doc = "JSON scanner object",
    .getsets = getsets,
    .new_ = scanner_new,
    .fini = scanner_fini,
    .traverse = scanner_traverse,
    .call = scanner_call,
};
