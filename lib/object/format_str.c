// SPDX-License-Identifier: MIT
// str.format and str.format_map: fields in braces, their names, and the specifications in them.
#include <string.h>

#include "base/hash.h"
#include "base/numtext.h"
#include "base/unicode.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/format.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str_units.h"

#define MAX_DEPTH 2 // a specification may have fields, theirs may not

static int value_error(QvInterp *qi, const char *text)
{
    return qv_raise_int(qi, &qv_exc_ValueError, "%s", text);
}

// ---- scanning -----------------------------------------------------------------------------------

// The inside of a field, after '{'. 0/-1.
static int scan_field(QvInterp *qi, QvFormatScan *scan, QvFormatPiece *ret)
{
    uint32_t c = 0;
    ret->field = true;
    ret->name_start = scan->pos;
    while (scan->pos < scan->end) {
        c = qv_str_read(scan->s, scan->pos++);
        if (c == '{') {
            return value_error(qi, "unexpected '{' in field name");
        }
        if (c == '[') {
            while (scan->pos < scan->end && qv_str_read(scan->s, scan->pos) != ']') {
                scan->pos++;
            }
            c = 0;
        } else if (c == '}' || c == ':' || c == '!') {
            break;
        }
    }
    ret->name_end = scan->pos - 1;
    if (c == '}') {
        return 0;
    }
    if (c != ':' && c != '!') {
        return value_error(qi, "expected '}' before end of string");
    }
    if (c == '!') {
        if (scan->pos >= scan->end) {
            return value_error(qi, "end of string while looking for conversion specifier");
        }
        ret->conversion = qv_str_read(scan->s, scan->pos++);
        if (scan->pos < scan->end) {
            c = qv_str_read(scan->s, scan->pos++);
            if (c == '}') {
                return 0;
            }
            if (c != ':') {
                return value_error(qi, "expected ':' after conversion specifier");
            }
        }
    }
    ret->spec_start = scan->pos;
    int depth = 1;
    while (scan->pos < scan->end) {
        c = qv_str_read(scan->s, scan->pos++);
        if (c == '{') {
            ret->nested = true;
            depth++;
        } else if (c == '}' && --depth == 0) {
            ret->spec_end = scan->pos - 1;
            return 0;
        }
    }
    return value_error(qi, "unmatched '{' in format spec");
}

// The same in ASCII text for "}", "name}" and "name:spec}". False: it is more, and nothing is done.
static bool scan_plain_field(QvFormatScan *scan, QvFormatPiece *ret)
{
    const char *text = qv_str_data(scan->s);
    const char *start = text + scan->pos, *end = text + scan->end, *p = start;
    while (p < end && *p != '}' && *p != ':' && *p != '!' && *p != '[' && *p != '{') {
        p++;
    }
    const char *name_end = p, *spec = p;
    if (p < end && *p == ':') {
        spec = ++p;
        while (p < end && *p != '}' && *p != '{') {
            p++;
        }
    }
    if (p >= end || *p != '}') {
        return false;
    }
    ret->field = true;
    ret->name_start = scan->pos;
    ret->name_end = name_end - text;
    ret->spec_start = spec - text;
    ret->spec_end = p - text;
    scan->pos = p + 1 - text;
    return true;
}

int qv_format_next(QvInterp *qi, QvFormatScan *scan, QvFormatPiece *ret)
{
    *ret = (QvFormatPiece){0};
    if (scan->pos >= scan->end) {
        return 0;
    }
    ret->literal_start = scan->pos;
    uint32_t c = 0;
    if (qv_str_is_ascii(scan->s)) { // straight to the first brace
        const char *text = qv_str_data(scan->s);
        while (scan->pos < scan->end && (text[scan->pos] & ~6) != ('{' & ~6)) {
            scan->pos++;
        }
    }
    while (scan->pos < scan->end) {
        c = qv_str_read(scan->s, scan->pos++);
        if (c == '{' || c == '}') {
            break;
        }
        c = 0;
    }
    ret->literal_end = scan->pos;
    if (c == 0) {
        return 1;
    }
    bool doubled = scan->pos < scan->end && qv_str_read(scan->s, scan->pos) == c;
    if (doubled) { // stands for itself, and ends the literal
        scan->pos++;
        return 1;
    }
    if (c == '}') {
        return value_error(qi, "Single '}' encountered in format string");
    }
    if (scan->pos >= scan->end) {
        return value_error(qi, "Single '{' encountered in format string");
    }
    ret->literal_end--;
    if (QV_LIKELY(qv_str_is_ascii(scan->s)) && scan_plain_field(scan, ret)) {
        return 1;
    }
    return scan_field(qi, scan, ret) < 0 ? -1 : 1;
}

// Value of s[start:end] when it is all decimal digits, else -1; -2 with ValueError.
static QvSsize parse_index(QvInterp *qi, QvObj *s, QvSsize start, QvSsize end)
{
    QvSsize value = 0;
    if (start >= end) {
        return -1;
    }
    for (; start < end; start++) {
        uint32_t c = qv_str_read(s, start);
        int d = c < 0x80 ? (c >= '0' && c <= '9' ? (int)(c - '0') : -1) : qv_uni_decimal(c);
        if (d < 0) {
            return -1;
        }
        if (value > (PTRDIFF_MAX - d) / 10) {
            value_error(qi, "Too many decimal digits in format string");
            return -2;
        }
        value = value * 10 + d;
    }
    return value;
}

int qv_format_name_first(QvInterp *qi, QvObj *s, QvSsize start, QvSsize end, QvSsize *ret_first_end,
                         QvSsize *ret_index, QvFormatScan *ret_rest)
{
    QvSsize i = start;
    while (i < end && qv_str_read(s, i) != '.' && qv_str_read(s, i) != '[') {
        i++;
    }
    *ret_first_end = i;
    *ret_rest = (QvFormatScan){.s = s, .pos = i, .end = end};
    *ret_index = parse_index(qi, s, start, i);
    return *ret_index == -2 ? -1 : 0;
}

int qv_format_name_next(QvInterp *qi, QvFormatScan *rest, bool *ret_attribute, QvSsize *ret_start,
                        QvSsize *ret_end, QvSsize *ret_index)
{
    if (rest->pos >= rest->end) {
        return 0;
    }
    *ret_index = -1;
    uint32_t c = qv_str_read(rest->s, rest->pos++);
    *ret_start = rest->pos;
    if (c == '.') {
        *ret_attribute = true;
        while (rest->pos < rest->end) {
            c = qv_str_read(rest->s, rest->pos);
            if (c == '.' || c == '[') {
                break;
            }
            rest->pos++;
        }
        *ret_end = rest->pos;
    } else if (c == '[') {
        *ret_attribute = false;
        while (rest->pos < rest->end && qv_str_read(rest->s, rest->pos) != ']') {
            rest->pos++;
        }
        if (rest->pos >= rest->end) {
            return value_error(qi, "Missing ']' in format string");
        }
        *ret_end = rest->pos++;
        *ret_index = parse_index(qi, rest->s, *ret_start, *ret_end);
        if (*ret_index == -2) {
            return -1;
        }
    } else {
        return value_error(qi, "Only '.' or '[' may follow ']' in format field specifier");
    }
    if (*ret_start >= *ret_end) {
        return value_error(qi, "Empty attribute in format string");
    }
    return 1;
}

// ---- building -----------------------------------------------------------------------------------

enum { NUMBER_UNKNOWN, NUMBER_AUTO, NUMBER_MANUAL };

typedef struct Formatter {
    QvInterp *qi;
    QvObj *const *args;
    QvSsize nargs; // -1: none are allowed
    QvObj *kwargs; // mapping or NULL
    int numbering; // NUMBER_*
    QvSsize next;  // automatic number
} Formatter;

static int numbering(Formatter *f, int wanted)
{
    if (f->numbering == NUMBER_UNKNOWN) {
        f->numbering = wanted;
    }
    if (f->numbering == wanted) {
        return 0;
    }
    return value_error(f->qi, wanted == NUMBER_AUTO
                                  ? "cannot switch from manual field specification to automatic "
                                    "field numbering"
                                  : "cannot switch from automatic field numbering to manual field "
                                    "specification");
}

// The argument that a first name part stands for; new reference.
static QvObj *first_value(Formatter *f, QvObj *s, QvSsize start, QvSsize end, QvSsize index)
{
    QvInterp *qi = f->qi;
    if (start >= end) {
        if (numbering(f, NUMBER_AUTO) < 0) {
            return NULL;
        }
        index = f->next++;
    } else if (index >= 0 && numbering(f, NUMBER_MANUAL) < 0) {
        return NULL;
    }
    if (index >= 0) {
        if (f->nargs < 0) {
            value_error(qi, "Format string contains positional fields");
            return NULL;
        }
        if (index >= f->nargs) {
            return qv_raise(qi, &qv_exc_IndexError,
                            "Replacement index %zd out of range for positional args tuple", index);
        }
        return qv_new_ref(qi, f->args[index]);
    }
    QvObj *key = qv_str_slice(qi, s, start, end);
    if (key == NULL) {
        return NULL;
    }
    QvObj *ret = f->kwargs != NULL ? qv_getitem(qi, f->kwargs, key)
                                   : qv_raise_obj(qi, &qv_exc_KeyError, key);
    qv_decref(qi, key);
    return ret;
}

QvObj *qv_format_peek(QvObj *dict, const char *name, QvSsize n)
{
    const QvDict *d = (const QvDict *)dict;
    if (d->nentries > 64) {
        return NULL;
    }
    // Of many entries the hash tells which to look at closely.
    QvHash hash = d->nentries > 8 ? qv_hash_bytes(name, (size_t)n, qv_process_hash_seed()) : -1;
    for (uint32_t i = 0; i < d->nentries; i++) {
        const QvDictEntry *e = &d->entries[i];
        if (hash != -1 ? e->hash != hash || e->key == NULL : e->key == NULL) {
            continue;
        }
        if (e->key->type != &qv_str_type) {
            return NULL; // it may equal any name
        }
        if (qv_str_len(e->key) == n && qv_str_is_ascii(e->key) &&
            memcmp(qv_str_data(e->key), name, (size_t)n) == 0) {
            return e->value;
        }
    }
    return NULL;
}

// The value of a field with an ASCII name that is empty, a digit or a word: new reference. NULL
// without an exception: not so, or not there.
static QvObj *plain_value(Formatter *f, QvObj *s, QvSsize start, QvSsize end)
{
    const char *name = (const char *)qv_str_data(s) + start;
    QvSsize n = end - start, index;
    if (n == 0) {
        if (f->numbering == NUMBER_MANUAL || f->next >= f->nargs) {
            return NULL;
        }
        f->numbering = NUMBER_AUTO;
        index = f->next++;
    } else if (n == 1 && *name >= '0' && *name <= '9') {
        index = *name - '0';
        if (f->numbering == NUMBER_AUTO || index >= f->nargs) {
            return NULL;
        }
        f->numbering = NUMBER_MANUAL;
    } else {
        if (f->kwargs == NULL || !qv_is_dict_exact(f->kwargs) || (*name >= '0' && *name <= '9')) {
            return NULL;
        }
        for (QvSsize i = 0; i < n; i++) {
            if (name[i] == '.' || name[i] == '[') {
                return NULL;
            }
        }
        return qv_xnew_ref(f->qi, qv_format_peek(f->kwargs, name, n));
    }
    return qv_new_ref(f->qi, f->args[index]);
}

// The object of a field name with its attributes and items.
static QvObj *field_value(Formatter *f, QvObj *s, QvSsize start, QvSsize end)
{
    QvInterp *qi = f->qi;
    if (QV_LIKELY(qv_str_is_ascii(s))) {
        QvObj *plain = plain_value(f, s, start, end);
        if (QV_LIKELY(plain != NULL)) {
            return plain;
        }
    }
    QvSsize first_end, index;
    QvFormatScan rest;
    if (qv_format_name_first(qi, s, start, end, &first_end, &index, &rest) < 0) {
        return NULL;
    }
    QvObj *o = first_value(f, s, start, first_end, index);
    while (o != NULL) {
        bool attribute;
        QvSsize from, to;
        int r = qv_format_name_next(qi, &rest, &attribute, &from, &to, &index);
        if (r == 0) {
            break;
        }
        QvObj *next = NULL;
        if (r > 0) {
            QvObj *key = !attribute && index >= 0 ? qv_int_from_i64(qi, index)
                                                  : qv_str_slice(qi, s, from, to);
            if (key != NULL) {
                next = attribute ? qv_getattr(qi, o, key) : qv_getitem(qi, o, key);
                qv_decref(qi, key);
            }
        }
        qv_decref(qi, o);
        o = next;
    }
    return o;
}

static QvObj *convert(QvInterp *qi, QvObj *o, uint32_t conversion)
{
    switch (conversion) {
    case 'r': return qv_repr(qi, o);
    case 's': return qv_str(qi, o);
    case 'a': return qv_ascii(qi, o);
    default:
        if (conversion > 32 && conversion < 127) {
            return qv_raise(qi, &qv_exc_ValueError, "Unknown conversion specifier %c",
                            (int)conversion);
        }
        return qv_raise(qi, &qv_exc_ValueError, "Unknown conversion specifier \\x%x", conversion);
    }
}

static int build(Formatter *f, QvStrBuf *b, QvObj *s, QvSsize start, QvSsize end, int depth);

static int put_field(Formatter *f, QvStrBuf *b, QvObj *s, const QvFormatPiece *piece, int depth)
{
    QvInterp *qi = f->qi;
    QvObj *spec = NULL;
    QvObj *text = NULL;
    int r = -1;
    QvObj *o = field_value(f, s, piece->name_start, piece->name_end);
    if (o != NULL && piece->conversion != 0) {
        QvObj *converted = convert(qi, o, piece->conversion);
        qv_decref(qi, o);
        o = converted;
    }
    if (o == NULL) {
        return -1;
    }
    if (QV_LIKELY(!piece->nested && qv_str_is_ascii(s)) &&
        qv_format_append(b, o, (const char *)qv_str_data(s) + piece->spec_start,
                         piece->spec_end - piece->spec_start)) {
        r = b->failed ? -1 : 0;
        goto done;
    }
    if (piece->nested) {
        QvStrBuf inner;
        qv_strbuf_init(qi, &inner);
        if (build(f, &inner, s, piece->spec_start, piece->spec_end, depth - 1) < 0) {
            qv_strbuf_fini(&inner);
            goto done;
        }
        spec = qv_strbuf_finish(&inner);
    } else {
        spec = qv_str_slice(qi, s, piece->spec_start, piece->spec_end);
    }
    if (spec == NULL) {
        goto done;
    }
    if (qv_is_str_exact(o)) {
        text = qv_format_str(qi, o, spec);
    } else if (qv_is_int_exact(o)) {
        text = qv_format_int(qi, o, spec);
    } else if (qv_is_float_exact(o)) {
        text = qv_format_float(qi, o, spec);
    } else {
        text = qv_format(qi, o, spec);
    }
    if (text != NULL) {
        qv_strbuf_str(b, text);
        r = b->failed ? -1 : 0;
    }
done:
    qv_xdecref(qi, text);
    qv_xdecref(qi, spec);
    qv_decref(qi, o);
    return r;
}

// "{}" for a str or an int, whose text needs no object. False: something else, and nothing is done.
static bool put_plain(Formatter *f, QvStrBuf *b, const QvFormatPiece *piece)
{
    if (piece->name_start != piece->name_end || piece->spec_start != piece->spec_end ||
        piece->conversion != 0 || f->numbering == NUMBER_MANUAL || f->next >= f->nargs) {
        return false;
    }
    QvObj *o = f->args[f->next];
    if (qv_is_str_exact(o)) {
        qv_strbuf_str(b, o);
    } else if (o->type == &qv_int_type) {
        char digits[QV_NUM_I64_MAX];
        qv_strbuf_ascii(b, digits, qv_num_from_i64(qv_int_value(o), 10, digits));
    } else {
        return false;
    }
    f->numbering = NUMBER_AUTO;
    f->next++;
    return true;
}

static int build(Formatter *f, QvStrBuf *b, QvObj *s, QvSsize start, QvSsize end, int depth)
{
    if (depth <= 0) {
        return value_error(f->qi, "Max string recursion exceeded");
    }
    QvFormatScan scan = {.s = s, .pos = start, .end = end};
    QvFormatPiece piece;
    int r;
    while ((r = qv_format_next(f->qi, &scan, &piece)) > 0) {
        qv_strbuf_slice(b, s, piece.literal_start, piece.literal_end);
        if (b->failed ||
            (piece.field && !put_plain(f, b, &piece) && put_field(f, b, s, &piece, depth) < 0)) {
            return -1;
        }
    }
    return r;
}

QvObj *qv_str_format_method(QvInterp *qi, QvObj *fmt, QvObj *const *args, QvSsize nargs,
                            QvObj *kwargs)
{
    Formatter f = {.qi = qi, .args = args, .nargs = nargs, .kwargs = kwargs};
    QvStrBuf b;
    char room[QV_STRBUF_ROOM];
    qv_strbuf_init_on(qi, &b, room, sizeof(room));
    if (build(&f, &b, fmt, 0, qv_str_len(fmt), MAX_DEPTH) < 0) {
        qv_strbuf_fini(&b);
        return NULL;
    }
    return qv_strbuf_finish(&b);
}
