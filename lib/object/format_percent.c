// SPDX-License-Identifier: MIT
// The % operator of str, bytes and bytearray: one machine for all, since bytes are one-byte units.
#include <limits.h>
#include <string.h>

#include "base/numtext.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/float.h"
#include "object/format.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"

typedef struct Percent {
    QvInterp *qi;
    const void *fmt;
    QvStrKind kind;
    QvSsize len;
    QvSsize pos;
    bool bytes;     // result is bytes: messages and %s differ
    QvObj *args;    // tuple, or the one value
    QvSsize nargs;  // of the tuple; -1: one value
    QvSsize next;   // next of the tuple; with one value -2 before it is used, -1 after
    bool owned;     // args came from the mapping
    QvObj *mapping; // or NULL
    QvStrBuf out;
} Percent;

// One directive.
typedef struct Directive {
    bool left, plus, blank, alternate, zero, no_neg_zero;
    QvSsize width;
    int precision; // -1: none
    uint32_t type;
} Directive;

static QvObj *next_arg(Percent *p)
{
    if (p->next < p->nargs) {
        QvSsize i = p->next++;
        return p->nargs < 0 ? p->args : qv_tuple_peek(p->args, i);
    }
    return qv_raise(p->qi, &qv_exc_TypeError, "not enough arguments for format string");
}

static int incomplete(Percent *p)
{
    return qv_raise_int(p->qi, &qv_exc_ValueError, "incomplete format");
}

// "(key)": looks the value up; it is the argument from now on.
static int read_key(Percent *p)
{
    QvInterp *qi = p->qi;
    if (p->mapping == NULL) {
        return qv_raise_int(qi, &qv_exc_TypeError, "format requires a mapping");
    }
    QvSsize start = ++p->pos;
    int depth = 1;
    uint32_t all = 0;
    while (p->pos < p->len) {
        uint32_t c = qv_units_read(p->fmt, p->kind, p->pos++);
        all |= c;
        if (c == ')' && --depth == 0) {
            break;
        }
        depth += c == '(';
    }
    if (depth > 0) {
        return qv_raise_int(qi, &qv_exc_ValueError, "incomplete format key");
    }
    const void *text = qv_units_at(p->fmt, p->kind, start);
    QvSsize n = p->pos - 1 - start;
    QvObj *value = NULL;
    if (QV_LIKELY(all < 0x80 && p->kind == QV_STR_1 && !p->bytes && qv_is_dict_exact(p->mapping))) {
        value = qv_xnew_ref(qi, qv_format_peek(p->mapping, text, n));
    }
    if (value == NULL) {
        QvObj *key = p->bytes ? qv_bytes_new(qi, text, n) : qv_str_from_units(qi, text, p->kind, n);
        if (key == NULL) {
            return -1;
        }
        value = qv_getitem(qi, p->mapping, key);
        qv_decref(qi, key);
        if (value == NULL) {
            return -1;
        }
    }
    if (p->owned) {
        qv_decref(qi, p->args);
    }
    p->args = value;
    p->owned = true;
    p->nargs = -1;
    p->next = -2;
    return 0;
}

// '*' or digits. 1 read, 0 nothing there, -1.
static int read_count(Percent *p, QvSsize *ret, bool precision)
{
    QvInterp *qi = p->qi;
    if (p->pos < p->len && qv_units_read(p->fmt, p->kind, p->pos) == '*') {
        p->pos++;
        QvObj *o = next_arg(p);
        if (o == NULL) {
            return -1;
        }
        if (!qv_is_int(o)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "* wants int");
        }
        if (qv_int_to_ssize(qi, o, ret) < 0) {
            return -1;
        }
        if (precision && (*ret > INT_MAX || *ret < INT_MIN)) {
            return qv_raise_int(qi, &qv_exc_OverflowError,
                                "Python int too large to convert to C int");
        }
        return 1;
    }
    QvSsize value = 0;
    int digits = 0;
    QvSsize limit = precision ? INT_MAX : PTRDIFF_MAX;
    for (; p->pos < p->len; p->pos++, digits = 1) {
        uint32_t c = qv_units_read(p->fmt, p->kind, p->pos);
        if (c < '0' || c > '9') {
            break;
        }
        if (value > (limit - (QvSsize)(c - '0')) / 10) {
            return qv_raise_int(qi, &qv_exc_ValueError, "%s too big",
                                !precision ? "width"
                                : p->bytes ? "prec"
                                           : "precision");
        }
        value = value * 10 + (QvSsize)(c - '0');
    }
    *ret = value;
    return digits;
}

static int read_directive(Percent *p, Directive *d)
{
    *d = (Directive){.width = -1, .precision = -1};
    if (p->pos < p->len && qv_units_read(p->fmt, p->kind, p->pos) == '(' && read_key(p) < 0) {
        return -1;
    }
    if (p->pos < p->len) { // mostly nothing but the type is there
        uint32_t c = qv_units_read(p->fmt, p->kind, p->pos);
        if (c == 's' || c == 'd' || c == 'r') {
            d->type = c;
            p->pos++;
            return 0;
        }
    }
    for (; p->pos < p->len; p->pos++) {
        uint32_t c = qv_units_read(p->fmt, p->kind, p->pos);
        if (c == '-') {
            d->left = true;
        } else if (c == '+') {
            d->plus = true;
        } else if (c == ' ') {
            d->blank = true;
        } else if (c == '#') {
            d->alternate = true;
        } else if (c == '0') {
            d->zero = true;
        } else if (c == 'z' && p->bytes) { // CPython 3.11 knows it here, though not in str
            d->no_neg_zero = true;
        } else {
            break;
        }
    }
    QvSsize count;
    int r = read_count(p, &count, false);
    if (r < 0) {
        return -1;
    }
    if (r > 0) {
        if (count < 0) {
            d->left = true;
            count = -count;
        }
        d->width = count;
    }
    if (p->pos < p->len && qv_units_read(p->fmt, p->kind, p->pos) == '.') {
        p->pos++;
        r = read_count(p, &count, true);
        if (r < 0) {
            return -1;
        }
        d->precision = r == 0 || count < 0 ? 0 : (int)count;
    }
    if (p->pos < p->len) {
        uint32_t c = qv_units_read(p->fmt, p->kind, p->pos);
        if (c == 'h' || c == 'l' || c == 'L') {
            p->pos++;
        }
    }
    if (p->pos >= p->len) {
        return incomplete(p);
    }
    d->type = qv_units_read(p->fmt, p->kind, p->pos++);
    return 0;
}

// ---- output -------------------------------------------------------------------------------------

// The units of a value inside the width.
static void put_text(Percent *p, const Directive *d, const void *s, QvStrKind kind, QvSsize n,
                     uint32_t maxchar)
{
    QvSsize fill = d->width > n ? d->width - n : 0;
    if (!d->left) {
        qv_strbuf_fill(&p->out, ' ', fill);
    }
    qv_strbuf_units(&p->out, s, kind, n, maxchar);
    if (d->left) {
        qv_strbuf_fill(&p->out, ' ', fill);
    }
}

static int put_str(Percent *p, const Directive *d, QV_STOLEN QvObj *text)
{
    if (text == NULL) {
        return -1;
    }
    QvSsize n = qv_str_len(text);
    if (d->precision >= 0 && d->precision < n) {
        n = d->precision;
    }
    QvStrKind kind = qv_str_kind(text);
    uint32_t maxchar = 0x7F;
    int r = qv_str_is_ascii(text) ? 0
                                  : qv_units_max_long(p->qi, qv_str_data(text), kind, n, &maxchar);
    if (r == 0) {
        put_text(p, d, qv_str_data(text), kind, n, maxchar);
    }
    qv_decref(p->qi, text);
    return r;
}

// A number: [-]prefix digits. prefix is what stands between sign and zeros ("0x").
static void put_number(Percent *p, const Directive *d, const char *s, QvSsize n, const char *prefix,
                       QvSsize zeros)
{
    char sign = 0;
    if (n > 0 && (*s == '-' || *s == '+')) {
        sign = *s++;
        n--;
    } else if (d->plus) {
        sign = '+';
    } else if (d->blank) {
        sign = ' ';
    }
    QvSsize prefix_len = (QvSsize)strlen(prefix);
    QvSsize total = n + zeros + prefix_len + (sign != 0);
    QvSsize fill = d->width > total ? d->width - total : 0;
    if (!d->left && !d->zero) {
        qv_strbuf_fill(&p->out, ' ', fill);
    }
    if (sign != 0) {
        qv_strbuf_char(&p->out, (uint8_t)sign);
    }
    qv_strbuf_ascii(&p->out, prefix, prefix_len);
    if (!d->left && d->zero) {
        qv_strbuf_fill(&p->out, '0', fill);
    }
    qv_strbuf_fill(&p->out, '0', zeros);
    qv_strbuf_ascii(&p->out, s, n);
    if (d->left) {
        qv_strbuf_fill(&p->out, ' ', fill);
    }
}

static int wrong_type(Percent *p, const Directive *d, QvObj *v)
{
    bool exact = d->type == 'o' || d->type == 'x' || d->type == 'X';
    return qv_raise_int(p->qi, &qv_exc_TypeError, "%%%c format: %s is required, not %.200T",
                        (int)d->type, exact ? "an integer" : "a real number", v);
}

// The int that v stands for under %d or %x; new reference.
static QvObj *as_int(Percent *p, const Directive *d, QvObj *v)
{
    QvInterp *qi = p->qi;
    if (qv_is_int(v)) {
        return qv_new_ref(qi, v);
    }
    if (v->type->index == NULL && v->type->to_int == NULL && v->type->to_float == NULL) {
        wrong_type(p, d, v);
        return NULL;
    }
    bool exact = d->type == 'o' || d->type == 'x' || d->type == 'X';
    QvObj *ret = exact ? qv_index(qi, v) : qv_to_int(qi, v);
    if (ret == NULL && qv_err_matches(qi, &qv_exc_TypeError)) {
        qv_err_clear(qi);
        wrong_type(p, d, v);
    }
    return ret;
}

static int put_int(Percent *p, const Directive *d, QvObj *v)
{
    QvInterp *qi = p->qi;
    QvObj *o = as_int(p, d, v);
    if (o == NULL) {
        return -1;
    }
    int base = d->type == 'o' ? 8 : d->type == 'x' || d->type == 'X' ? 16 : 10;
    char small[QV_NUM_I64_MAX];
    char *s = small;
    QvSsize n;
    QvObj *text = NULL;
    size_t block = 0;
    int r = -1;
    if (qv_int_is_small(o)) {
        n = qv_num_from_i64(qv_int_value(o), base, small);
    } else {
        text = qv_int_to_text(qi, o, base, false);
        if (text == NULL) {
            goto done;
        }
        s = qv_str_data(text);
        n = qv_str_len(text);
    }
    if (d->type == 'X') {
        if (text != NULL) { // its characters are not ours to change
            char *copy = qv_alloc(qi, (size_t)n);
            if (copy == NULL) {
                goto done;
            }
            s = copy;
            block = (size_t)n;
        }
        const char *from = text != NULL ? qv_str_data(text) : s;
        for (QvSsize i = 0; i < n; i++) {
            s[i] = from[i] >= 'a' ? (char)(from[i] - 32) : from[i];
            if (qv_stop_step(qi, i) < 0) {
                goto done;
            }
        }
    }
    const char *prefix = "";
    if (d->alternate) {
        prefix = d->type == 'o' ? "0o" : d->type == 'x' ? "0x" : d->type == 'X' ? "0X" : "";
    }
    QvSsize digits = n - (*s == '-');
    put_number(p, d, s, n, prefix, d->precision > digits ? d->precision - digits : 0);
    r = 0;
done:
    if (block != 0) {
        qv_free(qi, s, block);
    }
    qv_xdecref(qi, text);
    qv_decref(qi, o);
    return r;
}

static int put_float(Percent *p, const Directive *d, QvObj *v)
{
    QvInterp *qi = p->qi;
    double x;
    if (qv_as_double(qi, v, &x) < 0) {
        if (p->bytes && qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            return qv_raise_int(qi, &qv_exc_TypeError, "float argument required, not %.200T", v);
        }
        return -1;
    }
    int precision = d->precision < 0 ? 6 : d->precision;
    if (d->type == 'f' && !d->alternate && !d->no_neg_zero && precision <= QV_NUM_FIXED_PREC) {
        char fixed[QV_NUM_FIXED_MAX];
        int n = qv_num_fixed_double(x, precision, fixed);
        if (QV_LIKELY(n > 0)) {
            put_number(p, d, fixed, n, "", 0);
            return 0;
        }
    }
    if (precision > (1 << 20) && !qv_heap_fits(&qi->heap, (size_t)precision)) {
        qv_raise_oom(qi);
        return -1;
    }
    QvBuf text = {.heap = &qi->heap};
    unsigned flags = (d->alternate ? QV_NUM_ALT : 0u) | (d->no_neg_zero ? QV_NUM_NO_NEG_0 : 0u);
    qv_num_format_double(&text, x, (char)d->type, precision > INT_MAX / 2 ? INT_MAX / 2 : precision,
                         (QvNumFlags)flags);
    int r = 0;
    if (text.oom) {
        qv_raise_oom(qi);
        r = -1;
    } else {
        put_number(p, d, text.data, (QvSsize)text.len, "", 0);
    }
    qv_buf_fini(&text);
    return r;
}

static int put_char(Percent *p, const Directive *d, QvObj *v)
{
    QvInterp *qi = p->qi;
    uint32_t c = 0;
    int64_t code = -1;
    uint32_t max = p->bytes ? 0xFF : 0x10FFFF;
    if (!p->bytes && qv_is_str(v)) {
        if (qv_str_len(v) != 1) {
            goto wrong;
        }
        code = qv_str_read(v, 0);
    } else if (p->bytes && qv_is_bytes(v)) {
        if (qv_bytes_len(v) != 1) {
            goto wrong;
        }
        code = qv_bytes_data(v)[0];
    } else if (p->bytes && qv_is_bytearray(v)) {
        if (((QvByteArray *)v)->len != 1) {
            goto wrong;
        }
        code = ((QvByteArray *)v)->data[0];
    } else {
        if (!qv_is_int(v) && v->type->index == NULL) {
            goto wrong;
        }
        QvObj *o = qv_index(qi, v);
        if (o == NULL) {
            return -1;
        }
        if (!qv_int_as_i64(o, &code)) {
            code = -1;
        }
        qv_decref(qi, o);
    }
    if (code < 0 || code > (int64_t)max) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "%%c arg not in range(%s)",
                            p->bytes ? "256" : "0x110000");
    }
    c = (uint32_t)code;
    put_text(p, d, &c, QV_STR_4, 1, c);
    return 0;
wrong:
    return qv_raise_int(qi, &qv_exc_TypeError, "%s",
                        p->bytes ? "%c requires an integer in range(256) or a single byte"
                                 : "%c requires int or char");
}

// %b and %s of bytes: __bytes__ or a buffer.
static int put_bytes(Percent *p, const Directive *d, QvObj *v)
{
    QvInterp *qi = p->qi;
    QvObj *owned = NULL;
    if (!qv_is_bytes(v) && !qv_is_bytearray(v)) {
        QvObj *method = NULL;
        int found = qv_lookup_special(qi, v, QV_N(__bytes__), &method);
        if (found < 0) {
            return -1;
        }
        if (found > 0) {
            owned = qv_call0(qi, method);
            qv_decref(qi, method);
            if (owned == NULL) {
                return -1;
            }
            if (!qv_is_bytes(owned)) {
                qv_raise(qi, &qv_exc_TypeError, "__bytes__ returned non-bytes (type %.200T)",
                         owned);
                qv_decref(qi, owned);
                return -1;
            }
            v = owned;
        } else if (!qv_has_buffer(v)) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "%%b requires a bytes-like object, or an object that implements "
                                "__bytes__, not '%.100T'",
                                v);
        }
    }
    QvBufferView view;
    int r = -1;
    if (qv_buffer_get(qi, v, &view, QV_BUF_SIMPLE) == 0) {
        QvSsize n = d->precision >= 0 && d->precision < view.len ? d->precision : view.len;
        put_text(p, d, view.buf, QV_STR_1, n, 0xFF);
        qv_buffer_release(qi, &view);
        r = 0;
    }
    qv_xdecref(qi, owned);
    return r;
}

static int put_directive(Percent *p)
{
    QvInterp *qi = p->qi;
    if (p->pos < p->len && qv_units_read(p->fmt, p->kind, p->pos) == '%') {
        p->pos++;
        qv_strbuf_char(&p->out, '%');
        return 0;
    }
    // %s and %d alone, of what they are mostly given.
    uint32_t plain = p->pos < p->len ? qv_units_read(p->fmt, p->kind, p->pos) : 0;
    if ((plain == 's' || plain == 'd') && !p->bytes && p->next < p->nargs) {
        QvObj *o = p->nargs < 0 ? p->args : qv_tuple_peek(p->args, p->next);
        if (plain == 's' && qv_is_str_exact(o)) {
            p->pos++;
            p->next++;
            qv_strbuf_str(&p->out, o);
            return 0;
        }
        if (qv_is_int_exact(o) && qv_int_is_small(o)) {
            char digits[QV_NUM_I64_MAX];
            p->pos++;
            p->next++;
            qv_strbuf_ascii(&p->out, digits, qv_num_from_i64(qv_int_value(o), 10, digits));
            return 0;
        }
    }
    Directive d;
    if (read_directive(p, &d) < 0) {
        return -1;
    }
    QvObj *v = next_arg(p);
    if (v == NULL) {
        return -1;
    }
    switch (d.type) {
    case 's':
        if (p->bytes) {
            return put_bytes(p, &d, v);
        }
        return put_str(p, &d, qv_str(qi, v));
    case 'b':
        if (p->bytes) {
            return put_bytes(p, &d, v);
        }
        break;
    case 'r':
        if (!p->bytes) {
            return put_str(p, &d, qv_repr(qi, v));
        }
        return put_str(p, &d, qv_ascii(qi, v));
    case 'a': return put_str(p, &d, qv_ascii(qi, v));
    case 'd':
    case 'i':
    case 'u':
    case 'o':
    case 'x':
    case 'X': return put_int(p, &d, v);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G': return put_float(p, &d, v);
    case 'c': return put_char(p, &d, v);
    default: break;
    }
    uint32_t shown = d.type >= 31 && d.type <= 126 ? d.type : '?';
    return qv_raise_int(qi, &qv_exc_ValueError,
                        "unsupported format character '%c' (0x%x) at index %zd", (int)shown, d.type,
                        p->pos - 1);
}

// How many of n units, at least one, stand before a '%'; and a bound of them. What is literal is
// mostly short: a loop is quicker than calls then.
static QvSsize literal_run(const void *units, QvStrKind kind, QvSsize n, uint32_t *ret_maxchar)
{
    const uint8_t *p = units;
    uint8_t all = 0;
    for (QvSsize i = 0; kind == QV_STR_1 && i < 16; i++) {
        if (i == n || p[i] == '%') {
            *ret_maxchar = all < 0x80 ? 0x7F : 0xFF;
            return i;
        }
        all |= p[i];
    }
    QvSsize found = qv_units_find_char(units, kind, n, '%');
    found = found < 0 ? n : found;
    *ret_maxchar = qv_units_max(units, kind, found);
    return found;
}

// The whole format into p->out, which begins in room[QV_STRBUF_ROOM]. 0/-1.
static int run(Percent *p, QvObj *args, char *room)
{
    QvInterp *qi = p->qi;
    qv_strbuf_init_on(qi, &p->out, room, QV_STRBUF_ROOM);
    p->args = args;
    if (qv_is_tuple(args)) {
        p->nargs = qv_tuple_len(args);
        p->next = 0;
    } else {
        p->nargs = -1;
        p->next = -2;
        bool text = qv_is_str(args) || (p->bytes && (qv_is_bytes(args) || qv_is_bytearray(args)));
        if (!text && args->type->getitem != NULL) {
            p->mapping = args;
        }
    }
    int r = 0;
    while (p->pos < p->len && r == 0) {
        const void *rest = qv_units_at(p->fmt, p->kind, p->pos);
        QvSsize most = p->len - p->pos < QV_POLL_SLICE ? p->len - p->pos : QV_POLL_SLICE;
        uint32_t maxchar;
        QvSsize n = literal_run(rest, p->kind, most, &maxchar);
        if (n > 0) {
            qv_strbuf_units(&p->out, rest, p->kind, n, maxchar);
            p->pos += n;
        } else {
            p->pos++;
            r = put_directive(p);
        }
        if (p->out.failed) {
            r = -1;
        }
    }
    if (r == 0 && p->next < p->nargs && p->mapping == NULL) {
        r = qv_raise_int(qi, &qv_exc_TypeError, "not all arguments converted during %s formatting",
                         p->bytes ? "bytes" : "string");
    }
    if (p->owned) {
        qv_decref(qi, p->args);
    }
    return r;
}

QvObj *qv_str_percent(QvInterp *qi, QvObj *fmt, QvObj *args)
{
    Percent p = {
        .qi = qi,
        .fmt = qv_str_data(fmt),
        .kind = qv_str_kind(fmt),
        .len = qv_str_len(fmt),
    };
    char room[QV_STRBUF_ROOM];
    if (run(&p, args, room) < 0) {
        qv_strbuf_fini(&p.out);
        return NULL;
    }
    return qv_strbuf_finish(&p.out);
}

QvObj *qv_bytes_percent(QvInterp *qi, const uint8_t *fmt, QvSsize n, QvObj *args, bool bytearray)
{
    Percent p = {.qi = qi, .fmt = fmt, .kind = QV_STR_1, .len = n, .bytes = true};
    QvObj *ret = NULL;
    char room[QV_STRBUF_ROOM];
    if (run(&p, args, room) == 0) {
        const char *data = p.out.len > 0 ? p.out.data : "";
        ret = bytearray ? qv_bytearray_new(qi, data, p.out.len) : qv_bytes_new(qi, data, p.out.len);
    }
    qv_strbuf_fini(&p.out);
    return ret;
}
