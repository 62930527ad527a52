// SPDX-License-Identifier: MIT
// The module _string: how str.format splits its templates, for string.Formatter.
#include "modules/modules.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

typedef struct Parser {
    QvObj h;
    QvObj *text;
    QvSsize pos;
    bool is_name; // parses a field name: pos stands at '.' or '['
} Parser;

static Parser *as_parser(QvObj *o) { return (Parser *)o; }

static void parser_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_parser(o)->text); }

// New tuple of references that are taken; any NULL: NULL.
static QvObj *tuple_take(QvInterp *qi, int n, QvObj *a, QvObj *b, QvObj *c, QvObj *d)
{
    QvObj *items[4] = {a, b, c, d};
    bool whole = true;
    for (int k = 0; k < n; k++) {
        whole &= items[k] != NULL;
    }
    QvObj *t = whole ? qv_tuple_from_array(qi, items, n) : NULL;
    for (int k = 0; k < n; k++) {
        qv_xdecref(qi, items[k]);
    }
    return t;
}

// The field behind '{' at pos: (literal, name, spec, conversion); takes literal. pos then stands
// behind '}'.
static QvObj *parse_field(QvInterp *qi, Parser *p, QV_STOLEN QvObj *literal)
{
    QvObj *s = p->text;
    QvSsize n = qv_str_len(s), name_start = p->pos, i = name_start;
    int bracket = 0;
    uint32_t c = 0;
    const char *error = NULL;
    for (; i < n; i++) {
        c = qv_str_read(s, i);
        if (c == '[') {
            bracket = 1;
        } else if (c == ']') {
            bracket = 0;
        } else if (c == '{') {
            error = "unexpected '{' in field name";
            break;
        } else if (!bracket && (c == '}' || c == ':' || c == '!')) {
            break;
        }
        c = 0;
    }
    QvSsize name_end = i, spec_start = 0, spec_end = 0, conversion = -1;
    if (!error && (c == '!' || c == ':')) {
        i++;
        if (c == '!') {
            if (i >= n) {
                error = "end of string while looking for conversion specifier";
            } else {
                conversion = i++;
                if (i >= n) {
                    error = "unmatched '{' in format spec";
                } else if ((c = qv_str_read(s, i++)) == '}') {
                    spec_start = spec_end = i - 1;
                    goto whole;
                } else if (c != ':') {
                    error = "expected ':' after conversion specifier";
                }
            }
        }
        spec_start = i;
        int depth = 1;
        for (; !error && i < n; i++) {
            c = qv_str_read(s, i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                break;
            }
        }
        spec_end = i++;
        if (!error && depth) {
            error = "unmatched '{' in format spec";
        }
    } else if (!error && c == '}') {
        spec_start = spec_end = i++;
    } else if (!error) {
        error = "expected '}' before end of string";
    }
whole:
    if (error) {
        qv_decref(qi, literal);
        return qv_raise(qi, &qv_exc_ValueError, "%s", error);
    }
    p->pos = i;
    return tuple_take(qi, 4, literal, qv_str_slice(qi, s, name_start, name_end),
                      qv_str_slice(qi, s, spec_start, spec_end),
                      conversion < 0 ? QV_NONE : qv_str_slice(qi, s, conversion, conversion + 1));
}

// (literal text, field name or None, spec, conversion) for each piece of a template.
static QvObj *template_next(QvInterp *qi, Parser *p)
{
    QvObj *s = p->text;
    QvSsize n = qv_str_len(s), start = p->pos, i = start;
    if (i >= n) {
        return NULL;
    }
    uint32_t c = 0;
    bool escaped = false;
    while (i < n) {
        c = qv_str_read(s, i++);
        if (c == '{' || c == '}') {
            escaped = i < n && qv_str_read(s, i) == c;
            break;
        }
        c = 0;
    }
    if (c == 0) { // text up to the end
        p->pos = n;
        return tuple_take(qi, 4, qv_str_slice(qi, s, start, n), QV_NONE, QV_NONE, QV_NONE);
    }
    if (escaped) { // the first of the two belongs to the text
        p->pos = i + 1;
        return tuple_take(qi, 4, qv_str_slice(qi, s, start, i), QV_NONE, QV_NONE, QV_NONE);
    }
    if (c == '}') {
        return qv_raise(qi, &qv_exc_ValueError, "Single '}' encountered in format string");
    }
    if (i >= n) {
        return qv_raise(qi, &qv_exc_ValueError, "Single '{' encountered in format string");
    }
    p->pos = i;
    QvObj *literal = qv_str_slice(qi, s, start, i - 1);
    return literal ? parse_field(qi, p, literal) : NULL;
}

// A part of a name as an int when it is one, else as a str.
static QvObj *name_part(QvInterp *qi, QvObj *s, QvSsize start, QvSsize end)
{
    int64_t value = 0;
    bool number = end > start;
    for (QvSsize k = start; number && k < end; k++) {
        uint32_t c = qv_str_read(s, k);
        number = c >= '0' && c <= '9';
        if (number && (__builtin_mul_overflow(value, 10, &value) ||
                       __builtin_add_overflow(value, (int64_t)(c - '0'), &value))) {
            return qv_raise(qi, &qv_exc_ValueError, "Too many decimal digits in format string");
        }
    }
    return number ? qv_int_from_i64(qi, value) : qv_str_slice(qi, s, start, end);
}

// (is attribute, name or index) for each step of a field name.
static QvObj *name_next(QvInterp *qi, Parser *p)
{
    QvObj *s = p->text;
    QvSsize n = qv_str_len(s), i = p->pos;
    if (i >= n) {
        return NULL;
    }
    uint32_t c = qv_str_read(s, i++);
    QvSsize start = i;
    if (c == '.') {
        while (i < n && (c = qv_str_read(s, i)) != '.' && c != '[') {
            i++;
        }
        p->pos = i;
        if (i == start) {
            return qv_raise(qi, &qv_exc_ValueError, "Empty attribute in format string");
        }
        return tuple_take(qi, 2, QV_TRUE, qv_str_slice(qi, s, start, i), NULL, NULL);
    }
    if (c != '[') {
        return qv_raise(qi, &qv_exc_ValueError,
                        "Only '.' or '[' may follow ']' in format field specifier");
    }
    while (i < n && qv_str_read(s, i) != ']') {
        i++;
    }
    if (i >= n) {
        return qv_raise(qi, &qv_exc_ValueError, "Missing ']' in format string");
    }
    p->pos = i + 1;
    if (i == start) {
        return qv_raise(qi, &qv_exc_ValueError, "Empty attribute in format string");
    }
    return tuple_take(qi, 2, QV_FALSE, name_part(qi, s, start, i), NULL, NULL);
}

static QvObj *parser_next(QvInterp *qi, QvObj *o)
{
    return as_parser(o)->is_name ? name_next(qi, as_parser(o)) : template_next(qi, as_parser(o));
}

QV_SEALED QvType qv_string_parser_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "formatteriterator",
    .id = QV_TID_string_parser,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Parser),
    .fini = parser_fini,
    .iter = qv_iter_self,
    .next = parser_next,
};

QV_SEALED QvType qv_string_nameparser_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "fieldnameiterator",
    .id = QV_TID_string_nameparser,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Parser),
    .fini = parser_fini,
    .iter = qv_iter_self,
    .next = parser_next,
};

static QvObj *make(QvInterp *qi, QvType *type, QvObj *text, QvSsize pos)
{
    QvObj *o = qv_obj_new(qi, type);
    if (o) {
        as_parser(o)->text = qv_new_ref(qi, text);
        as_parser(o)->pos = pos;
        as_parser(o)->is_name = type == &qv_string_nameparser_type;
    }
    return o;
}

static QvObj *formatter_parser(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    return qv_is_str(args[0]) ? make(qi, &qv_string_parser_type, args[0], 0)
                              : qv_raise(qi, &qv_exc_TypeError, "expected str, got %T", args[0]);
}

static QvObj *field_name_split(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "expected str, got %T", args[0]);
    }
    QvSsize i = 0, n = qv_str_len(args[0]);
    while (i < n && qv_str_read(args[0], i) != '.' && qv_str_read(args[0], i) != '[') {
        i++;
    }
    return tuple_take(qi, 2, name_part(qi, args[0], 0, i),
                      make(qi, &qv_string_nameparser_type, args[0], i), NULL, NULL);
}

static const QvNativeDef functions[] = {
    {"formatter_field_name_split", field_name_split, "($module, string, /)",
     "split the argument as a field name"},
    {"formatter_parser", formatter_parser, "($module, string, /)",
     "parse the argument as a format string"},
    {0},
};

const QvModuleDef qv_module__string = {
    .name = "_string",
    .doc = "string helper module",
    .functions = functions,
};
