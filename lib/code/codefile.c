// SPDX-License-Identifier: MIT
// Code objects to bytes and back.
//
// Layout: magic, u32 fingerprint of the instruction set, then one object. Numbers are varints (7
// bits a byte, least significant first), signed ones zigzag. Strings that come again are written as
// their number. Instructions are 8 bytes each without their caches; positions are differences.
#include "code/codefile.h"

#include <string.h>

#include "base/utf8.h"
#include "code_version.inc"
#include "object/bytes.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"

#define MAX_DEPTH 200

enum Tag {
    TAG_NONE = 'N',
    TAG_TRUE = 'T',
    TAG_FALSE = 'F',
    TAG_ELLIPSIS = '.',
    TAG_INT = 'i',
    TAG_BIG_INT = 'l',
    TAG_FLOAT = 'f',
    TAG_COMPLEX = 'c',
    TAG_STR = 's',
    TAG_INTERNED = 'S',
    TAG_STR_AGAIN = 'r',
    TAG_BYTES = 'b',
    TAG_TUPLE = '(',
    TAG_FROZENSET = '<',
    TAG_CODE = 'C',
};

// Changes with everything that decides what code means: the instruction set, the compiler, this
// form (tools/code_version.py).
static uint32_t fingerprint(void) { return QV_CODE_VERSION; }

// ---- writing ------------------------------------------------------------------------------------

typedef struct Writer {
    QvInterp *qi;
    QvBuf *out;
    const QvObj **strs; // open addressing by pointer; raw block
    uint32_t *numbers;  // beside it
    uint32_t cap, count;
    int depth;
} Writer;

static void put_uint(Writer *w, uint64_t v)
{
    while (v >= 0x80) {
        qv_buf_append_char(w->out, (char)(v | 0x80));
        v >>= 7;
    }
    qv_buf_append_char(w->out, (char)v);
}

static void put_int(Writer *w, int64_t v) { put_uint(w, ((uint64_t)v << 1) ^ (uint64_t)(v >> 63)); }

static void put_double(Writer *w, double v) { qv_buf_append(w->out, &v, sizeof(v)); }

// The number under which this str was written before, or -1 (it has one from now on); -2 no memory.
static int64_t str_number(Writer *w, const QvObj *s)
{
    if ((w->count + 1) * 2 > w->cap) {
        uint32_t cap = w->cap ? w->cap * 2 : 64;
        const QvObj **strs = qv_alloc(w->qi, cap * sizeof(*strs));
        uint32_t *numbers = strs ? qv_alloc(w->qi, cap * sizeof(*numbers)) : NULL;
        if (!numbers) {
            if (strs) {
                qv_free(w->qi, strs, cap * sizeof(*strs));
            }
            return -2;
        }
        memset(strs, 0, cap * sizeof(*strs));
        for (uint32_t i = 0; i < w->cap; i++) {
            if (w->strs[i]) {
                uint32_t slot = (uint32_t)((uintptr_t)w->strs[i] >> 4) & (cap - 1);
                while (strs[slot]) {
                    slot = (slot + 1) & (cap - 1);
                }
                strs[slot] = w->strs[i];
                numbers[slot] = w->numbers[i];
            }
        }
        if (w->cap) {
            qv_free(w->qi, w->strs, w->cap * sizeof(*strs));
            qv_free(w->qi, w->numbers, w->cap * sizeof(*numbers));
        }
        w->strs = strs;
        w->numbers = numbers;
        w->cap = cap;
    }
    uint32_t slot = (uint32_t)((uintptr_t)s >> 4) & (w->cap - 1);
    while (w->strs[slot]) {
        if (w->strs[slot] == s) {
            return w->numbers[slot];
        }
        slot = (slot + 1) & (w->cap - 1);
    }
    w->strs[slot] = s;
    w->numbers[slot] = w->count++;
    return -1;
}

static int write_str(Writer *w, QvObj *s)
{
    int64_t number = str_number(w, s);
    if (number == -2) {
        return -1;
    }
    if (number >= 0) {
        qv_buf_append_char(w->out, TAG_STR_AGAIN);
        put_uint(w, (uint64_t)number);
        return 0;
    }
    QvUtf8 utf8;
    if (qv_str_utf8_surrogates(w->qi, s, &utf8, false) < 0) {
        return -1;
    }
    qv_buf_append_char(w->out, qv_str_is_interned(s) ? TAG_INTERNED : TAG_STR);
    put_uint(w, (uint64_t)utf8.n);
    qv_buf_append(w->out, utf8.s, (size_t)utf8.n);
    qv_utf8_release(w->qi, &utf8);
    return 0;
}

static int write_int(Writer *w, QvObj *o)
{
    if (qv_int_is_small(o)) {
        qv_buf_append_char(w->out, TAG_INT);
        put_int(w, qv_int_value(o));
        return 0;
    }
    size_t n = (size_t)(qv_int_bit_length(o) / 8 + 1);
    qv_buf_append_char(w->out, TAG_BIG_INT);
    put_uint(w, n);
    char *p = qv_buf_extend(w->out, n);
    return p ? qv_int_to_bytes(w->qi, o, (uint8_t *)p, (QvSsize)n, true, true) : 0;
}

static int write_code(Writer *w, const QvCode *code);

static int write_object(Writer *w, QvObj *o)
{
    if (o == QV_NONE) {
        qv_buf_append_char(w->out, TAG_NONE);
    } else if (o == QV_TRUE || o == QV_FALSE) {
        qv_buf_append_char(w->out, o == QV_TRUE ? TAG_TRUE : TAG_FALSE);
    } else if (o == QV_ELLIPSIS) {
        qv_buf_append_char(w->out, TAG_ELLIPSIS);
    } else if (qv_is_int_exact(o)) {
        return write_int(w, o);
    } else if (qv_is_float_exact(o)) {
        qv_buf_append_char(w->out, TAG_FLOAT);
        put_double(w, qv_float_value(o));
    } else if (o->type == &qv_complex_type) {
        qv_buf_append_char(w->out, TAG_COMPLEX);
        put_double(w, ((QvComplex *)o)->real);
        put_double(w, ((QvComplex *)o)->imag);
    } else if (qv_is_str_exact(o)) {
        return write_str(w, o);
    } else if (o->type == &qv_bytes_type) {
        qv_buf_append_char(w->out, TAG_BYTES);
        put_uint(w, (uint64_t)qv_bytes_len(o));
        qv_buf_append(w->out, qv_bytes_data(o), (size_t)qv_bytes_len(o));
    } else if (qv_is_tuple_exact(o) || o->type == &qv_frozenset_type) {
        if (++w->depth > MAX_DEPTH) {
            return qv_raise_int(w->qi, &qv_exc_ValueError, "code constant is nested too deeply");
        }
        if (qv_is_tuple_exact(o)) {
            qv_buf_append_char(w->out, TAG_TUPLE);
            put_uint(w, (uint64_t)qv_tuple_len(o));
            for (QvSsize i = 0; i < qv_tuple_len(o); i++) {
                if (write_object(w, qv_tuple_peek(o, i)) < 0) {
                    return -1;
                }
            }
        } else {
            qv_buf_append_char(w->out, TAG_FROZENSET);
            put_uint(w, (uint64_t)qv_set_len(o));
            QvSsize pos = 0;
            QvObj *key;
            while (qv_set_next(o, &pos, &key)) {
                if (write_object(w, key) < 0) {
                    return -1;
                }
            }
        }
        w->depth--;
    } else if (qv_is_code(o)) {
        return write_code(w, (QvCode *)o);
    } else {
        return qv_raise_int(w->qi, &qv_exc_ValueError, "code constant of type %T cannot be written",
                            o);
    }
    return 0;
}

static int write_objects(Writer *w, QvObj *const *items, uint32_t n)
{
    put_uint(w, n);
    for (uint32_t i = 0; i < n; i++) {
        if (write_object(w, items[i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int write_instrs(Writer *w, const QvCode *code)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < code->ninstrs; i += 1u + qv_op_info[code->instrs[i].op].words) {
        count++;
    }
    put_uint(w, count);
    QvInstr *words = qv_alloc(w->qi, code->ninstrs * sizeof(*words));
    if (!words) {
        return -1;
    }
    qv_code_general(code, words);
    for (uint32_t i = 0; i < code->ninstrs; i += 1u + qv_op_info[words[i].op].words) {
        qv_buf_append(w->out, &words[i], sizeof(words[i]));
        if (words[i].op == QV_INS_CALL_KW || words[i].op == QV_INS_CALL_METHOD_KW) {
            uint32_t k;
            memcpy(&k, words + i + 1, sizeof(k));
            put_uint(w, k);
        }
    }
    qv_free(w->qi, words, code->ninstrs * sizeof(*words));
    return 0;
}

static int write_code(Writer *w, const QvCode *code)
{
    if (++w->depth > MAX_DEPTH) {
        return qv_raise_int(w->qi, &qv_exc_ValueError, "code is nested too deeply");
    }
    qv_buf_append_char(w->out, TAG_CODE);
    put_uint(w, code->flags);
    put_uint(w, code->argcount);
    put_uint(w, code->posonly);
    put_uint(w, code->kwonly);
    put_uint(w, code->nregs);
    put_int(w, code->firstline);
    put_uint(w, code->doc != NULL);
    if (write_object(w, code->filename) < 0 || write_object(w, code->name) < 0 ||
        write_object(w, code->qualname) < 0 || write_objects(w, code->consts, code->nconsts) < 0 ||
        write_objects(w, code->names, code->nnames) < 0 ||
        write_objects(w, code->localnames, code->nlocals) < 0 ||
        write_objects(w, code->cellnames, code->ncells) < 0 ||
        write_objects(w, code->cellnames ? code->cellnames + code->ncells : NULL, code->nfree) <
            0) {
        return -1;
    }
    for (uint32_t i = 0; i < code->ncells; i++) {
        put_uint(w, (uint16_t)(code->cell_param[i] + 1u));
    }
    if (write_instrs(w, code) < 0) {
        return -1;
    }
    put_uint(w, code->nexcs);
    for (uint32_t i = 0; i < code->nexcs; i++) {
        put_uint(w, code->excs[i].start);
        put_uint(w, code->excs[i].end - code->excs[i].start);
        put_uint(w, code->excs[i].handler);
        put_uint(w, code->excs[i].depth);
    }
    put_uint(w, code->nposs);
    uint32_t start = 0;
    int32_t line = code->firstline;
    for (uint32_t i = 0; i < code->nposs; i++) {
        const QvPosEntry *e = &code->poss[i];
        put_uint(w, e->start - start);
        put_int(w, e->line - line);
        put_int(w, e->end_line - e->line);
        put_uint(w, (uint64_t)(e->col + 1));
        put_uint(w, (uint64_t)(e->end_col + 1));
        start = e->start;
        line = e->line;
    }
    w->depth--;
    return 0;
}

int qv_code_write(QvInterp *qi, const QvCode *code, QvBuf *out)
{
    Writer w = {.qi = qi, .out = out};
    uint32_t fp = fingerprint();
    qv_buf_append(out, QV_CODEFILE_MAGIC, 4);
    qv_buf_append(out, &fp, sizeof(fp));
    int result = write_code(&w, code);
    if (w.cap) {
        qv_free(qi, w.strs, w.cap * sizeof(*w.strs));
        qv_free(qi, w.numbers, w.cap * sizeof(*w.numbers));
    }
    if (result == 0 && out->oom) {
        qv_raise_oom(qi);
        result = -1;
    }
    return result;
}

// ---- reading ------------------------------------------------------------------------------------

typedef struct Reader {
    QvInterp *qi;
    const uint8_t *p, *end;
    QvObj **strs; // owned references, by number; raw block
    uint32_t nstrs, strs_cap;
    int depth;
    bool trusted; // code is not verified
} Reader;

static QvObj *bad(Reader *r, const char *what)
{
    return qv_raise(r->qi, &qv_exc_ValueError, "bad code data: %s", what);
}

// 0, or -1 with ValueError.
static int get_long_uint(Reader *r, uint64_t *ret)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (r->p == r->end) {
            break;
        }
        uint8_t byte = *r->p++;
        v |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80)) {
            *ret = v;
            return 0;
        }
    }
    bad(r, "truncated number");
    return -1;
}

// Most numbers are one byte.
static inline int get_uint(Reader *r, uint64_t *ret)
{
    if (QV_LIKELY(r->p < r->end && *r->p < 0x80)) {
        *ret = *r->p++;
        return 0;
    }
    return get_long_uint(r, ret);
}

// A number of at most `max`.
static inline int get_u32(Reader *r, uint32_t max, uint32_t *ret)
{
    uint64_t v;
    if (get_uint(r, &v) < 0) {
        return -1;
    }
    if (v > max) {
        bad(r, "number out of range");
        return -1;
    }
    *ret = (uint32_t)v;
    return 0;
}

static inline int get_int(Reader *r, int64_t *ret)
{
    uint64_t v;
    if (get_uint(r, &v) < 0) {
        return -1;
    }
    *ret = (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
    return 0;
}

// A count of things that take at least `size` bytes each.
static int get_count(Reader *r, size_t size, uint32_t *ret)
{
    if (get_u32(r, UINT32_MAX / 64, ret) < 0) {
        return -1;
    }
    if (*ret > (size_t)(r->end - r->p) / size) {
        bad(r, "truncated");
        return -1;
    }
    return 0;
}

static int get_bytes(Reader *r, void *to, size_t n)
{
    if ((size_t)(r->end - r->p) < n) {
        bad(r, "truncated");
        return -1;
    }
    memcpy(to, r->p, n);
    r->p += n;
    return 0;
}

// Remembers a str for TAG_STR_AGAIN (with a reference of its own).
static int keep_str(Reader *r, QvObj *s)
{
    if (r->nstrs == r->strs_cap) {
        uint32_t cap = r->strs_cap ? r->strs_cap * 2 : 64;
        QvObj **strs = qv_realloc(r->qi, r->strs, r->strs_cap * sizeof(*strs), cap * sizeof(*strs));
        if (!strs) {
            return -1;
        }
        r->strs = strs;
        r->strs_cap = cap;
    }
    r->strs[r->nstrs++] = qv_new_ref(r->qi, s);
    return 0;
}

// n UTF-8 bytes (lone surrogates let through) as a str, interned or not.
static QvObj *decode_str(Reader *r, const char *s, size_t n, bool intern)
{
    if (qv_utf8_ascii_prefix(s, n) == n) {
        return intern ? qv_str_intern_utf8(r->qi, s, (QvSsize)n)
                      : qv_str_new_ascii(r->qi, s, (QvSsize)n);
    }
    return qv_str_decode(r->qi, s, (QvSsize)n, "utf-8", "surrogatepass");
}

static QvObj *read_str(Reader *r, bool intern)
{
    uint32_t n;
    if (get_count(r, 1, &n) < 0) {
        return NULL;
    }
    QvObj *s = decode_str(r, (const char *)r->p, n, intern);
    if (!s) {
        if (qv_err_matches(r->qi, &qv_exc_MemoryError)) {
            return NULL;
        }
        qv_err_clear(r->qi);
        return bad(r, "text is not UTF-8");
    }
    r->p += n;
    if ((intern && !qv_str_is_interned(s) && qv_str_intern(r->qi, &s) < 0) || keep_str(r, s) < 0) {
        qv_decref(r->qi, s);
        return NULL;
    }
    return s;
}

static QvObj *read_code(Reader *r);
static QvObj *read_object(Reader *r);

static QvObj *read_items(Reader *r, bool set)
{
    uint32_t n;
    if (get_count(r, 1, &n) < 0) {
        return NULL;
    }
    QvObj *items = qv_tuple_new(r->qi, n);
    for (uint32_t i = 0; items && i < n; i++) {
        QvObj *item = read_object(r);
        if (!item) {
            qv_clear(r->qi, &items);
            break;
        }
        qv_tuple_items(items)[i] = item;
    }
    if (!items || !set) {
        return items;
    }
    QvObj *result = qv_frozenset_new(r->qi, items);
    qv_decref(r->qi, items);
    return result;
}

static QvObj *read_big_int(Reader *r)
{
    uint32_t n;
    if (get_count(r, 1, &n) < 0) {
        return NULL;
    }
    QvObj *o = qv_int_from_bytes(r->qi, r->p, n, true, true);
    r->p += n;
    return o;
}

static QvObj *read_object_inner(Reader *r)
{
    if (r->p == r->end) {
        return bad(r, "truncated");
    }
    QvInterp *qi = r->qi;
    uint32_t n;
    int64_t v;
    double d[2];
    switch (*r->p++) {
    case TAG_NONE: return qv_new_ref(qi, QV_NONE);
    case TAG_TRUE: return qv_new_ref(qi, QV_TRUE);
    case TAG_FALSE: return qv_new_ref(qi, QV_FALSE);
    case TAG_ELLIPSIS: return qv_new_ref(qi, QV_ELLIPSIS);
    case TAG_INT: return get_int(r, &v) < 0 ? NULL : qv_int_from_i64(qi, v);
    case TAG_BIG_INT: return read_big_int(r);
    case TAG_FLOAT: return get_bytes(r, d, sizeof(double)) < 0 ? NULL : qv_float_new(qi, d[0]);
    case TAG_COMPLEX:
        return get_bytes(r, d, 2 * sizeof(double)) < 0 ? NULL : qv_complex_new(qi, d[0], d[1]);
    case TAG_STR: return read_str(r, false);
    case TAG_INTERNED: return read_str(r, true);
    case TAG_STR_AGAIN:
        if (get_u32(r, UINT32_MAX, &n) < 0) {
            return NULL;
        }
        return n < r->nstrs ? qv_new_ref(qi, r->strs[n]) : bad(r, "unknown string number");
    case TAG_BYTES: {
        if (get_count(r, 1, &n) < 0) {
            return NULL;
        }
        QvObj *o = qv_bytes_new(qi, r->p, n);
        r->p += n;
        return o;
    }
    case TAG_TUPLE: return read_items(r, false);
    case TAG_FROZENSET: return read_items(r, true);
    case TAG_CODE: return read_code(r);
    default: return bad(r, "unknown tag");
    }
}

static QvObj *read_object(Reader *r)
{
    if (r->depth >= MAX_DEPTH) {
        return bad(r, "nested too deeply");
    }
    r->depth++;
    QvObj *o = read_object_inner(r);
    r->depth--;
    return o;
}

// A block of objects; strs: all must be str, and are interned. *ret_n is counted up as they come,
// so that the code object stays droppable. 0 or -1.
static int read_objects(Reader *r, bool strs, QvObj ***ret, uint32_t *ret_n, uint32_t max)
{
    uint32_t n;
    if (get_count(r, 1, &n) < 0) {
        return -1;
    }
    if (n > max) {
        bad(r, "too many names");
        return -1;
    }
    if (n == 0) {
        return 0;
    }
    QvObj **items = qv_alloc(r->qi, n * sizeof(*items));
    if (!items) {
        return -1;
    }
    memset(items, 0, n * sizeof(*items));
    *ret = items;
    *ret_n = n;
    for (uint32_t i = 0; i < n; i++) {
        items[i] = read_object(r);
        if (!items[i]) {
            return -1;
        }
        if (strs) {
            if (!qv_is_str_exact(items[i])) {
                bad(r, "a name is not a str");
                return -1;
            }
            if (qv_str_intern(r->qi, &items[i]) < 0) {
                return -1;
            }
        }
    }
    return 0;
}

static int read_names16(Reader *r, QvObj ***ret, uint16_t *ret_n)
{
    uint32_t n = 0;
    int result = read_objects(r, true, ret, &n, 0xFFFF);
    *ret_n = (uint16_t)n;
    return result;
}

static int read_instrs(Reader *r, QvCode *code)
{
    uint32_t n;
    if (get_count(r, sizeof(QvInstr), &n) < 0) {
        return -1;
    }
    // Caches make it longer, by no more than 3 words each.
    size_t cap = (size_t)n * 4 + 1;
    QvInstr *words = qv_alloc(r->qi, cap * sizeof(*words));
    if (!words) {
        return -1;
    }
    memset(words, 0, cap * sizeof(*words));
    uint32_t at = 0;
    int result = 0;
    for (uint32_t i = 0; i < n; i++) {
        QvInstr w;
        if (get_bytes(r, &w, sizeof(w)) < 0) {
            result = -1;
            break;
        }
        const QvOpInfo *info = &qv_op_info[w.op];
        if (!info->name || info->traits & QV_TR_SPEC || info->words > 3) {
            bad(r, "unknown opcode");
            result = -1;
            break;
        }
        words[at] = w;
        if (w.op == QV_INS_CALL_KW || w.op == QV_INS_CALL_METHOD_KW) {
            uint32_t k;
            if (get_u32(r, UINT32_MAX, &k) < 0) {
                result = -1;
                break;
            }
            memcpy(words + at + 1, &k, sizeof(k));
        }
        at += 1u + info->words;
    }
    if (result == 0 && at > 0) {
        code->instrs = qv_alloc(r->qi, at * sizeof(*words));
        if (code->instrs) {
            memcpy(code->instrs, words, at * sizeof(*words));
            code->ninstrs = at;
        } else {
            result = -1;
        }
    }
    qv_free(r->qi, words, cap * sizeof(*words));
    return result;
}

static int read_tables(Reader *r, QvCode *code)
{
    uint32_t n;
    if (get_count(r, 4, &n) < 0) {
        return -1;
    }
    if (n > 0) {
        code->excs = qv_alloc(r->qi, n * sizeof(*code->excs));
        if (!code->excs) {
            return -1;
        }
        code->nexcs = n;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t start, length, handler, depth;
            if (get_u32(r, code->ninstrs, &start) < 0 || get_u32(r, code->ninstrs, &length) < 0 ||
                get_u32(r, code->ninstrs, &handler) < 0 || get_u32(r, 0xFFFF, &depth) < 0) {
                return -1;
            }
            code->excs[i] = (QvExcEntry){start, start + length, handler, (uint16_t)depth, 0};
        }
    }
    if (get_count(r, 5, &n) < 0) {
        return -1;
    }
    if (n > 0) {
        code->poss = qv_alloc(r->qi, n * sizeof(*code->poss));
        if (!code->poss) {
            return -1;
        }
        code->nposs = n;
        uint32_t start = 0;
        int32_t line = code->firstline;
        for (uint32_t i = 0; i < n; i++) {
            uint32_t step, col, end_col;
            int64_t line_step, lines;
            if (get_u32(r, code->ninstrs, &step) < 0 || get_int(r, &line_step) < 0 ||
                get_int(r, &lines) < 0 || get_u32(r, INT16_MAX + 1u, &col) < 0 ||
                get_u32(r, INT16_MAX + 1u, &end_col) < 0) {
                return -1;
            }
            start += step;
            line = (int32_t)((uint32_t)line + (uint32_t)line_step);
            code->poss[i] = (QvPosEntry){start, line, (int32_t)((uint32_t)line + (uint32_t)lines),
                                         (int16_t)((int)col - 1), (int16_t)((int)end_col - 1)};
        }
    }
    return 0;
}

static QvObj *read_required_str(Reader *r)
{
    QvObj *s = read_object(r);
    if (s && !qv_is_str_exact(s)) {
        qv_decref(r->qi, s);
        return bad(r, "a name is not a str");
    }
    return s;
}

static int read_cells(Reader *r, QvCode *code)
{
    QvObj **cells = NULL;
    QvObj **frees = NULL;
    uint16_t ncells = 0;
    uint16_t nfree = 0;
    int result = read_names16(r, &cells, &ncells);
    if (result == 0) {
        result = read_names16(r, &frees, &nfree);
    }
    uint32_t total = (uint32_t)ncells + nfree;
    if (total > 0) {
        QvObj **both = qv_alloc(r->qi, total * sizeof(*both));
        if (both) {
            for (uint32_t i = 0; i < total; i++) {
                both[i] = i < ncells ? cells[i] : frees[i - ncells];
            }
            code->cellnames = both;
            code->ncells = ncells;
            code->nfree = nfree;
        } else {
            for (uint32_t i = 0; i < total; i++) {
                qv_xdecref(r->qi, i < ncells ? cells[i] : frees[i - ncells]);
            }
            result = -1;
        }
    }
    if (cells) {
        qv_free(r->qi, cells, ncells * sizeof(*cells));
    }
    if (frees) {
        qv_free(r->qi, frees, nfree * sizeof(*frees));
    }
    if (result < 0 || ncells == 0) {
        return result;
    }
    code->cell_param = qv_alloc(r->qi, ncells * sizeof(*code->cell_param));
    if (!code->cell_param) {
        return -1;
    }
    for (uint32_t i = 0; i < ncells; i++) {
        uint32_t v;
        if (get_u32(r, 0xFFFF, &v) < 0) {
            return -1;
        }
        code->cell_param[i] = (uint16_t)(v - 1u);
    }
    return 0;
}

static int read_code_fields(Reader *r, QvCode *code)
{
    uint32_t argcount, posonly, kwonly, nregs, has_doc;
    int64_t firstline;
    if (get_u32(r, UINT32_MAX, &code->flags) < 0 || get_u32(r, 0xFFFF, &argcount) < 0 ||
        get_u32(r, 0xFFFF, &posonly) < 0 || get_u32(r, 0xFFFF, &kwonly) < 0 ||
        get_u32(r, 0xFFFF, &nregs) < 0 || get_int(r, &firstline) < 0 ||
        get_u32(r, 1, &has_doc) < 0) {
        return -1;
    }
    code->argcount = (uint16_t)argcount;
    code->posonly = (uint16_t)posonly;
    code->kwonly = (uint16_t)kwonly;
    code->nregs = (uint16_t)nregs;
    code->firstline = (int32_t)firstline;
    qv_code_set_call_form(code);
    if (!(code->filename = read_required_str(r)) || !(code->name = read_required_str(r)) ||
        !(code->qualname = read_required_str(r)) ||
        read_objects(r, false, &code->consts, &code->nconsts, UINT32_MAX) < 0 ||
        read_objects(r, true, &code->names, &code->nnames, 0x10000) < 0 ||
        read_names16(r, &code->localnames, &code->nlocals) < 0 || read_cells(r, code) < 0 ||
        read_instrs(r, code) < 0 || read_tables(r, code) < 0) {
        return -1;
    }
    if (has_doc) {
        if (code->nconsts == 0 || !qv_is_str(code->consts[0])) {
            bad(r, "docstring missing");
            return -1;
        }
        code->doc = code->consts[0];
    }
    return r->trusted ? 0 : qv_code_verify(r->qi, code);
}

static QvObj *read_code(Reader *r)
{
    QvObj *o = qv_code_new(r->qi);
    if (o && read_code_fields(r, (QvCode *)o) < 0) {
        qv_clear(r->qi, &o);
    }
    return o;
}

static QvObj *read_all(QvInterp *qi, const void *data, size_t n, size_t *ret_used, bool trusted)
{
    Reader r = {.qi = qi, .p = data, .end = (const uint8_t *)data + n, .trusted = trusted};
    uint32_t fp = fingerprint();
    if (n < 8 || memcmp(data, QV_CODEFILE_MAGIC, 4) != 0 || memcmp(r.p + 4, &fp, sizeof(fp)) != 0) {
        return bad(&r, "another version, or no code data at all");
    }
    r.p += 8;
    QvObj *o = read_object(&r);
    if (o && !qv_is_code(o)) {
        qv_decref(qi, o);
        o = bad(&r, "not a code object");
    }
    if (o && ret_used) {
        *ret_used = (size_t)(r.p - (const uint8_t *)data);
    }
    for (uint32_t i = 0; i < r.nstrs; i++) {
        qv_decref(qi, r.strs[i]);
    }
    if (r.strs) {
        qv_free(qi, r.strs, r.strs_cap * sizeof(*r.strs));
    }
    return o;
}

QvObj *qv_code_read(QvInterp *qi, const void *data, size_t n, size_t *ret_used)
{
    return read_all(qi, data, n, ret_used, false);
}

QvObj *qv_code_read_trusted(QvInterp *qi, const void *data, size_t n)
{
    return read_all(qi, data, n, NULL, true);
}
