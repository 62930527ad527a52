// SPDX-License-Identifier: MIT
// Code objects to bytes and back.
//
// Layout: the header (QvCodeFileHeader), one code object, the table of strings (u32 offsets from
// the start, then tag, length and UTF-8 of each). Elsewhere strings are written as their number in
// the table, so that each part can be read by itself. Numbers are varints (7 bits a byte, least
// significant first), signed ones zigzag. Instructions are 8 bytes each without their caches;
// positions are differences.
//
// A code object is its head (what a function object asks of it), then the length of its body, then
// the body. Out of an image (code/cache.h) only heads are read; the body of a function comes when
// it is first called or looked into (qv_code_load), which most of a library's functions never are.
#include "code/codefile.h"

#include <stddef.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "code/cache.h"
#include "code_version.inc"
#include "object/bytes.h"
#include "object/error.h"
#include "object/float.h"
#include "object/function.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"

#define MAX_DEPTH      200
#define MAX_SELF_ATTRS 64

enum Tag {
    TAG_NONE = 'N',
    TAG_TRUE = 'T',
    TAG_FALSE = 'F',
    TAG_ELLIPSIS = '.',
    TAG_INT = 'i',
    TAG_BIG_INT = 'l',
    TAG_FLOAT = 'f',
    TAG_COMPLEX = 'c',
    TAG_STR = 's',      // in the table
    TAG_INTERNED = 'S', // in the table
    TAG_STR_NUMBER = 'r',
    TAG_BYTES = 'b',
    TAG_TUPLE = '(',
    TAG_FROZENSET = '<',
    TAG_CODE = 'C',
};

// Numbers are the machine's own: a file of another kind of machine has another fingerprint.
typedef struct QvCodeFileHeader {
    char magic[4];
    uint32_t fingerprint; // QV_CODE_VERSION: the instruction set, the compiler, this form
    uint64_t check;       // qv_hash_bytes of all that follows
    uint32_t size;        // of the whole
    uint32_t table;       // offset of the table of strings
    uint32_t nstrs;
    uint32_t unused;
} QvCodeFileHeader;

#define CHECKED_FROM offsetof(QvCodeFileHeader, size)

static uint64_t check_of(const void *data, size_t n)
{
    return (uint64_t)qv_hash_bytes((const char *)data + CHECKED_FROM, n - CHECKED_FROM, 0);
}

// ---- writing ------------------------------------------------------------------------------------

typedef struct Writer {
    QvInterp *qi;
    QvBuf *out;
    QvObj **strs;      // open addressing by pointer; raw block
    uint32_t *numbers; // beside it
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

// The number of this str in the table; -1 no memory.
static int64_t str_number(Writer *w, QvObj *s)
{
    if ((w->count + 1) * 2 > w->cap) {
        uint32_t cap = w->cap ? w->cap * 2 : 64;
        QvObj **strs = qv_alloc(w->qi, cap * sizeof(*strs));
        uint32_t *numbers = strs ? qv_alloc(w->qi, cap * sizeof(*numbers)) : NULL;
        if (!numbers) {
            if (strs) {
                qv_free(w->qi, strs, cap * sizeof(*strs));
            }
            return -1;
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
    w->numbers[slot] = w->count;
    return w->count++;
}

static int write_str(Writer *w, QvObj *s)
{
    int64_t number = str_number(w, s);
    if (number < 0) {
        return -1;
    }
    qv_buf_append_char(w->out, TAG_STR_NUMBER);
    put_uint(w, (uint64_t)number);
    return 0;
}

// The table of all strings that have a number; `start` is where the header stands.
static int write_table(Writer *w, size_t start)
{
    size_t bytes = w->count * sizeof(uint32_t), table = w->out->len;
    QvObj **strs = qv_alloc(w->qi, w->count * sizeof(*strs) + 1);
    if (!strs) {
        return -1;
    }
    for (uint32_t i = 0; i < w->cap; i++) {
        if (w->strs[i]) {
            strs[w->numbers[i]] = w->strs[i];
        }
    }
    int result = 0;
    if (qv_buf_extend(w->out, bytes)) {
        for (uint32_t i = 0; result == 0 && i < w->count && !w->out->oom; i++) {
            uint32_t at = (uint32_t)(w->out->len - start);
            memcpy(w->out->data + table + i * sizeof(at), &at, sizeof(at));
            QvUtf8 utf8;
            result = qv_str_utf8_surrogates(w->qi, strs[i], &utf8, false);
            if (result == 0) {
                qv_buf_append_char(w->out, qv_str_is_interned(strs[i]) ? TAG_INTERNED : TAG_STR);
                put_uint(w, (uint64_t)utf8.n);
                qv_buf_append(w->out, utf8.s, (size_t)utf8.n);
                qv_utf8_release(w->qi, &utf8);
            }
        }
    }
    qv_free(w->qi, strs, w->count * sizeof(*strs) + 1);
    return result;
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

static int write_code(Writer *w, QvCode *code, const QvCode *outer);

// outer: the code object whose constant it is, or NULL.
static int write_object(Writer *w, QvObj *o, const QvCode *outer)
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
                if (write_object(w, qv_tuple_peek(o, i), outer) < 0) {
                    return -1;
                }
            }
        } else {
            qv_buf_append_char(w->out, TAG_FROZENSET);
            put_uint(w, (uint64_t)qv_set_len(o));
            QvSsize pos = 0;
            QvObj *key;
            while (qv_set_next(o, &pos, &key)) {
                if (write_object(w, key, outer) < 0) {
                    return -1;
                }
            }
        }
        w->depth--;
    } else if (qv_is_code(o)) {
        return write_code(w, (QvCode *)o, outer);
    } else {
        return qv_raise_int(w->qi, &qv_exc_ValueError, "code constant of type %T cannot be written",
                            o);
    }
    return 0;
}

static int write_objects(Writer *w, QvObj *const *items, uint32_t n, const QvCode *outer)
{
    put_uint(w, n);
    for (uint32_t i = 0; i < n; i++) {
        if (write_object(w, items[i], outer) < 0) {
            return -1;
        }
    }
    return 0;
}

// An instruction: its opcode, a byte that says what follows, its flags of the upper four bits if
// there are any, its operands that are not 0. In that byte:
enum {
    LOW_FLAGS = 0x0F, // the flags of the lower four bits
    HAS_A = 0x10,
    HAS_B = 0x20,
    HAS_C = 0x40,
    HAS_HIGH_FLAGS = 0x80,
};
#define INSTR_MIN 2 // bytes

static void write_instr(Writer *w, const QvInstr *i)
{
    unsigned head = (i->flags & LOW_FLAGS) | (i->a ? HAS_A : 0) | (i->b ? HAS_B : 0) |
                    (i->c ? HAS_C : 0) | (i->flags > LOW_FLAGS ? HAS_HIGH_FLAGS : 0);
    qv_buf_append_char(w->out, (char)i->op);
    qv_buf_append_char(w->out, (char)head);
    if (head & HAS_HIGH_FLAGS) {
        qv_buf_append_char(w->out, (char)i->flags);
    }
    if (i->a) {
        put_uint(w, i->a);
    }
    if (i->b) {
        put_uint(w, i->b);
    }
    if (i->c) {
        put_uint(w, i->c);
    }
}

static int write_instrs(Writer *w, const QvCode *code)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < code->ninstrs; i += 1u + qv_op_info[qv_code_instr(code, i).op].words) {
        count++;
    }
    put_uint(w, count);
    put_uint(w, code->ninstrs);
    QvInstr *words = qv_alloc(w->qi, code->ninstrs * sizeof(*words));
    if (!words) {
        return -1;
    }
    qv_code_general(code, words);
    for (uint32_t i = 0; i < code->ninstrs; i += 1u + qv_op_info[words[i].op].words) {
        write_instr(w, &words[i]);
        if (words[i].op == QV_INS_CALL_KW || words[i].op == QV_INS_CALL_METHOD_KW) {
            uint32_t k;
            memcpy(&k, words + i + 1, sizeof(k));
            put_uint(w, k);
        }
    }
    qv_free(w->qi, words, code->ninstrs * sizeof(*words));
    return 0;
}

// A position: a byte with what is mostly small, what did not fit into it, the columns. In that
// byte:
enum {
    STEP = 0x07,      // words since the last one; 0: a number follows
    LINE_SHIFT = 3,   // lines since the last one, zigzag
    LINE_MAX = 0x0F,  // a number follows
    HAS_LINES = 0x80, // it ends on another line: by how many follows
};
#define POS_MIN 3 // bytes

static void write_positions(Writer *w, const QvCode *code)
{
    put_uint(w, code->nposs);
    uint32_t start = 0;
    int32_t line = code->firstline;
    for (uint32_t i = 0; i < code->nposs; i++) {
        const QvPosEntry *e = &code->poss[i];
        uint32_t step = e->start - start;
        int64_t down = (int64_t)e->line - line;
        uint64_t zigzag = ((uint64_t)down << 1) ^ (uint64_t)(down >> 63);
        unsigned head = (step <= STEP ? step : 0) |
                        (unsigned)(zigzag < LINE_MAX ? zigzag : LINE_MAX) << LINE_SHIFT |
                        (e->end_line != e->line ? HAS_LINES : 0);
        qv_buf_append_char(w->out, (char)head);
        if (!(head & STEP)) {
            put_uint(w, step);
        }
        if (zigzag >= LINE_MAX) {
            put_uint(w, zigzag);
        }
        if (head & HAS_LINES) {
            put_int(w, (int64_t)e->end_line - e->line);
        }
        put_uint(w, (uint64_t)(e->col + 1));
        put_uint(w, (uint64_t)(e->end_col + 1));
        start = e->start;
        line = e->line;
    }
}

static int write_body(Writer *w, const QvCode *code)
{
    if (write_objects(w, code->consts, code->nconsts, code) < 0 ||
        write_objects(w, code->names, code->nnames, NULL) < 0 ||
        write_objects(w, code->localnames, code->nlocals, NULL) < 0 ||
        write_objects(w, code->cellnames, code->ncells, NULL) < 0 ||
        write_objects(w, code->cellnames ? code->cellnames + code->ncells : NULL, code->nfree,
                      NULL) < 0) {
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
    write_positions(w, code);
    return 0;
}

// Numbers of the names that qv_code_self_attrs finds.
static int write_self_attrs(Writer *w, const QvCode *code)
{
    const void *names[MAX_SELF_ATTRS];
    uint32_t n = qv_code_self_attrs(code, names, 0, MAX_SELF_ATTRS);
    put_uint(w, n);
    for (uint32_t i = 0; i < n; i++) {
        int64_t number = str_number(w, (QvObj *)(uintptr_t)names[i]);
        if (number < 0) {
            return -1;
        }
        put_uint(w, (uint64_t)number);
    }
    return 0;
}

static int write_code(Writer *w, QvCode *code, const QvCode *outer)
{
    if (qv_code_load(w->qi, code) < 0) {
        return -1;
    }
    if (++w->depth > MAX_DEPTH) {
        return qv_raise_int(w->qi, &qv_exc_ValueError, "code is nested too deeply");
    }
    qv_buf_append_char(w->out, TAG_CODE);
    put_uint(w, code->flags);
    put_uint(w, code->argcount);
    put_uint(w, code->posonly);
    put_uint(w, code->kwonly);
    put_uint(w, code->nregs);
    put_uint(w, code->nfree);
    put_int(w, code->firstline);
    put_uint(w, code->doc != NULL);
    bool same_file = outer && qv_str_equal(code->filename, outer->filename);
    if (write_object(w, same_file ? QV_NONE : code->filename, NULL) < 0 ||
        write_object(w, code->name, NULL) < 0 || write_object(w, code->qualname, NULL) < 0 ||
        write_self_attrs(w, code) < 0) {
        return -1;
    }
    size_t at = w->out->len;
    uint32_t length = 0;
    qv_buf_append(w->out, &length, sizeof(length));
    if (write_body(w, code) < 0) {
        return -1;
    }
    if (!w->out->oom) {
        length = (uint32_t)(w->out->len - at - sizeof(length));
        memcpy(w->out->data + at, &length, sizeof(length));
    }
    w->depth--;
    return 0;
}

int qv_code_write(QvInterp *qi, QvCode *code, QvBuf *out)
{
    Writer w = {.qi = qi, .out = out};
    size_t start = out->len;
    QvCodeFileHeader header = {QV_CODEFILE_MAGIC, QV_CODE_VERSION, 0, 0, 0, 0, 0};
    qv_buf_append(out, &header, sizeof(header));
    int result = write_code(&w, code, NULL);
    header.table = (uint32_t)(out->len - start);
    if (result == 0) {
        result = write_table(&w, start);
    }
    if (w.cap) {
        qv_free(qi, w.strs, w.cap * sizeof(*w.strs));
        qv_free(qi, w.numbers, w.cap * sizeof(*w.numbers));
    }
    if (result == 0 && out->oom) {
        qv_raise_oom(qi);
        result = -1;
    }
    if (result == 0 && out->len - start > UINT32_MAX) {
        result = qv_raise_int(qi, &qv_exc_ValueError, "code is too large");
    }
    if (result == 0) {
        header.size = (uint32_t)(out->len - start);
        header.nstrs = w.count;
        memcpy(out->data + start, &header, sizeof(header));
        header.check = check_of(out->data + start, header.size);
        memcpy(out->data + start, &header, sizeof(header));
    }
    return result;
}

// An interpreter's own count of its code objects in an image: nothing that others write.
struct QvCodeImage {
    uint32_t refs;
    const QvCachedCode *bytes; // a reference
};

// ---- reading ------------------------------------------------------------------------------------

typedef struct Reader {
    QvInterp *qi;
    const uint8_t *data; // the header
    const uint8_t *p, *end;
    uint32_t table, nstrs;
    QvObj **strs; // owned references, by number, NULL: not read yet; raw block; NULL: none kept
    QvCodeImage *image; // inner code objects are left in it; NULL: they are read whole
    int depth;
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

// n UTF-8 bytes (lone surrogates let through) as a str, interned or not.
static QvObj *decode_str(Reader *r, const char *s, size_t n, bool intern)
{
    if (qv_utf8_ascii_prefix(s, n) == n) {
        return intern ? qv_str_intern_utf8(r->qi, s, (QvSsize)n)
                      : qv_str_new_ascii(r->qi, s, (QvSsize)n);
    }
    return qv_str_decode(r->qi, s, (QvSsize)n, "utf-8", "surrogatepass");
}

// The str at r->p, in the table.
static QvObj *read_str(Reader *r)
{
    uint32_t n;
    uint8_t tag = r->p < r->end ? *r->p++ : 0;
    if (tag != TAG_STR && tag != TAG_INTERNED) {
        return bad(r, "unknown tag");
    }
    if (get_count(r, 1, &n) < 0) {
        return NULL;
    }
    QvObj *s = decode_str(r, (const char *)r->p, n, tag == TAG_INTERNED);
    if (!s) {
        if (qv_err_matches(r->qi, &qv_exc_MemoryError)) {
            return NULL;
        }
        qv_err_clear(r->qi);
        return bad(r, "text is not UTF-8");
    }
    if (tag == TAG_INTERNED && !qv_str_is_interned(s) && qv_str_intern(r->qi, &s) < 0) {
        qv_decref(r->qi, s);
        return NULL;
    }
    return s;
}

// The str with this number.
static QvObj *numbered_str(Reader *r, uint32_t number)
{
    if (number >= r->nstrs) {
        return bad(r, "unknown string number");
    }
    if (r->strs && r->strs[number]) {
        return qv_new_ref(r->qi, r->strs[number]);
    }
    uint32_t at;
    memcpy(&at, r->data + r->table + number * sizeof(at), sizeof(at));
    if (at >= (size_t)(r->end - r->data)) {
        return bad(r, "string out of range");
    }
    const uint8_t *back = r->p;
    r->p = r->data + at;
    QvObj *s = read_str(r);
    r->p = back;
    if (s && r->strs) {
        r->strs[number] = qv_new_ref(r->qi, s);
    }
    return s;
}

static QvObj *read_code(Reader *r, const QvCode *outer);
static QvObj *read_object(Reader *r, const QvCode *outer);

static QvObj *read_items(Reader *r, bool set, const QvCode *outer)
{
    uint32_t n;
    if (get_count(r, 1, &n) < 0) {
        return NULL;
    }
    QvObj *items = qv_tuple_new(r->qi, n);
    for (uint32_t i = 0; items && i < n; i++) {
        QvObj *item = read_object(r, outer);
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

static QvObj *read_object_inner(Reader *r, const QvCode *outer)
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
    case TAG_STR_NUMBER: return get_u32(r, UINT32_MAX, &n) < 0 ? NULL : numbered_str(r, n);
    case TAG_BYTES: {
        if (get_count(r, 1, &n) < 0) {
            return NULL;
        }
        QvObj *o = qv_bytes_new(qi, r->p, n);
        r->p += n;
        return o;
    }
    case TAG_TUPLE: return read_items(r, false, outer);
    case TAG_FROZENSET: return read_items(r, true, outer);
    case TAG_CODE: return read_code(r, outer);
    default: return bad(r, "unknown tag");
    }
}

// outer: the code object whose constant it is, or NULL.
static QvObj *read_object(Reader *r, const QvCode *outer)
{
    if (r->depth >= MAX_DEPTH) {
        return bad(r, "nested too deeply");
    }
    r->depth++;
    QvObj *o = read_object_inner(r, outer);
    r->depth--;
    return o;
}

// A block of objects; strs: all must be str, and are interned. *ret_n is counted up as they come,
// so that the code object stays droppable. 0 or -1.
static int read_objects(Reader *r, bool strs, QvObj ***ret, uint32_t *ret_n, uint32_t max,
                        const QvCode *outer)
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
        items[i] = read_object(r, outer);
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
    int result = read_objects(r, true, ret, &n, 0xFFFF, NULL);
    *ret_n = (uint16_t)n;
    return result;
}

static int read_operand(Reader *r, bool there, uint16_t *ret)
{
    uint32_t v = 0;
    if (there && get_u32(r, UINT16_MAX, &v) < 0) {
        return -1;
    }
    *ret = (uint16_t)v;
    return 0;
}

static int read_instr(Reader *r, QvInstr *ret)
{
    uint8_t head[2];
    if (get_bytes(r, head, sizeof(head)) < 0) {
        return -1;
    }
    ret->op = head[0];
    ret->flags = head[1] & LOW_FLAGS;
    if (head[1] & HAS_HIGH_FLAGS && get_bytes(r, &ret->flags, 1) < 0) {
        return -1;
    }
    return read_operand(r, head[1] & HAS_A, &ret->a) < 0 ||
                   read_operand(r, head[1] & HAS_B, &ret->b) < 0 ||
                   read_operand(r, head[1] & HAS_C, &ret->c) < 0
               ? -1
               : 0;
}

static int read_instrs(Reader *r, QvCode *code)
{
    uint32_t n, nwords;
    if (get_count(r, INSTR_MIN, &n) < 0 || get_u32(r, n * 4, &nwords) < 0) {
        return -1; // caches make it longer, by no more than 3 words each
    }
    if (nwords == 0) {
        return 0;
    }
    QvInstr *words = qv_alloc(r->qi, nwords * sizeof(*words));
    if (!words) {
        return -1;
    }
    memset(words, 0, nwords * sizeof(*words));
    code->instrs = words;
    code->ninstrs = nwords;
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        QvInstr w;
        if (read_instr(r, &w) < 0) {
            return -1;
        }
        const QvOpInfo *info = &qv_op_info[w.op];
        if (!info->name || info->traits & QV_TR_SPEC || info->words > 3) {
            bad(r, "unknown opcode");
            return -1;
        }
        if (info->words >= nwords - at) {
            bad(r, "too many instructions");
            return -1;
        }
        words[at] = w;
        if (w.op == QV_INS_CALL_KW || w.op == QV_INS_CALL_METHOD_KW) {
            uint32_t k;
            if (get_u32(r, UINT32_MAX, &k) < 0) {
                return -1;
            }
            memcpy(words + at + 1, &k, sizeof(k));
        }
        at += 1u + info->words;
    }
    if (at != nwords) {
        bad(r, "too few instructions");
        return -1;
    }
    return 0;
}

static int read_exceptions(Reader *r, QvCode *code)
{
    uint32_t n;
    if (get_count(r, 4, &n) < 0) {
        return -1;
    }
    if (n == 0) {
        return 0;
    }
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
    return 0;
}

static int read_positions(Reader *r, QvCode *code)
{
    uint32_t n;
    if (get_count(r, POS_MIN, &n) < 0) {
        return -1;
    }
    if (n == 0) {
        return 0;
    }
    code->poss = qv_alloc(r->qi, n * sizeof(*code->poss));
    if (!code->poss) {
        return -1;
    }
    code->nposs = n;
    uint32_t start = 0;
    int32_t line = code->firstline;
    for (uint32_t i = 0; i < n; i++) {
        uint8_t head;
        uint32_t step, col, end_col;
        uint64_t zigzag;
        int64_t lines = 0;
        if (get_bytes(r, &head, 1) < 0) {
            return -1;
        }
        step = head & STEP;
        zigzag = head >> LINE_SHIFT & LINE_MAX;
        if ((step == 0 && get_u32(r, code->ninstrs, &step) < 0) ||
            (zigzag == LINE_MAX && get_uint(r, &zigzag) < 0) ||
            (head & HAS_LINES && get_int(r, &lines) < 0) || get_u32(r, INT16_MAX + 1u, &col) < 0 ||
            get_u32(r, INT16_MAX + 1u, &end_col) < 0) {
            return -1;
        }
        start += step;
        line = (int32_t)((uint32_t)line + (uint32_t)((zigzag >> 1) ^ (0 - (zigzag & 1))));
        code->poss[i] = (QvPosEntry){start, line, (int32_t)((uint32_t)line + (uint32_t)lines),
                                     (int16_t)((int)col - 1), (int16_t)((int)end_col - 1)};
    }
    return 0;
}

static QvObj *read_required_str(Reader *r)
{
    QvObj *s = read_object(r, NULL);
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

// What the head says of the body comes from `code`; the parts go into it.
static int read_body(Reader *r, QvCode *code, bool has_doc)
{
    // Where it begins tells it from others of the image: each has a tag, a head and a length before
    // it, which are 19 bytes at least.
    size_t at = (size_t)(r->p - r->data);
    uint16_t nfree = code->nfree;
    code->nfree = 0;
    if (read_objects(r, false, &code->consts, &code->nconsts, UINT32_MAX, code) < 0 ||
        read_objects(r, true, &code->names, &code->nnames, 0x10000, NULL) < 0 ||
        read_names16(r, &code->localnames, &code->nlocals) < 0 || read_cells(r, code) < 0 ||
        read_instrs(r, code) < 0 || read_exceptions(r, code) < 0 || read_positions(r, code) < 0) {
        return -1;
    }
    if (code->nfree != nfree) {
        bad(r, "another number of free variables");
        return -1;
    }
    if (has_doc) {
        if (code->nconsts == 0 || !qv_is_str(code->consts[0])) {
            bad(r, "docstring missing");
            return -1;
        }
        code->doc = code->consts[0];
    }
    qv_code_set_call_form(code);
    const QvCachedCode *bytes = r->image ? r->image->bytes : NULL;
    if (bytes && qv_code_cache_seen(bytes, at)) {
        return 0;
    }
    if (qv_code_verify(r->qi, code) < 0) {
        return -1;
    }
    if (bytes) {
        qv_code_cache_set_seen(bytes, at);
    }
    return 0;
}

static int skip_self_attrs(Reader *r)
{
    uint32_t n, number;
    if (get_u32(r, MAX_SELF_ATTRS, &n) < 0) {
        return -1;
    }
    while (n-- > 0) {
        if (get_u32(r, UINT32_MAX, &number) < 0) {
            return -1;
        }
    }
    return 0;
}

static int read_head(Reader *r, QvCode *code, const QvCode *outer, bool *ret_doc)
{
    uint32_t argcount, posonly, kwonly, nregs, nfree, has_doc;
    int64_t firstline;
    if (get_u32(r, UINT32_MAX, &code->flags) < 0 || get_u32(r, 0xFFFF, &argcount) < 0 ||
        get_u32(r, 0xFFFF, &posonly) < 0 || get_u32(r, 0xFFFF, &kwonly) < 0 ||
        get_u32(r, 0xFFFF, &nregs) < 0 || get_u32(r, 0xFFFF, &nfree) < 0 ||
        get_int(r, &firstline) < 0 || get_u32(r, 1, &has_doc) < 0) {
        return -1;
    }
    code->argcount = (uint16_t)argcount;
    code->posonly = (uint16_t)posonly;
    code->kwonly = (uint16_t)kwonly;
    code->nregs = (uint16_t)nregs;
    code->nfree = (uint16_t)nfree;
    code->firstline = (int32_t)firstline;
    code->exact_args = -1; // until the body is here: nobody calls it by a short way
    *ret_doc = has_doc;
    QvObj *file = read_object(r, NULL);
    if (file == QV_NONE && outer) {
        code->filename = qv_new_ref(r->qi, outer->filename);
    } else if (file && qv_is_str_exact(file)) {
        code->filename = qv_new_ref(r->qi, file);
    } else if (file) {
        bad(r, "a name is not a str");
    }
    qv_xdecref(r->qi, file);
    return code->filename && (code->name = read_required_str(r)) &&
                   (code->qualname = read_required_str(r))
               ? 0
               : -1;
}

static int read_code_parts(Reader *r, QvCode *code, const QvCode *outer)
{
    bool has_doc;
    uint32_t length;
    if (read_head(r, code, outer, &has_doc) < 0) {
        return -1;
    }
    const uint8_t *attrs = r->p;
    if (skip_self_attrs(r) < 0 || get_bytes(r, &length, sizeof(length)) < 0) {
        return -1;
    }
    if (length > (size_t)(r->end - r->p)) {
        bad(r, "truncated");
        return -1;
    }
    if (r->image && outer) {
        code->image = r->image;
        r->image->refs++;
        code->in_image = (uint32_t)(attrs - r->data);
        code->has_doc = has_doc;
        code->library = outer->library;
        r->p += length;
        return 0;
    }
    const uint8_t *end = r->p + length;
    if (read_body(r, code, has_doc) < 0) {
        return -1;
    }
    if (r->p != end) {
        bad(r, "another length");
        return -1;
    }
    return 0;
}

static QvObj *read_code(Reader *r, const QvCode *outer)
{
    QvObj *o = qv_code_new(r->qi);
    if (o && read_code_parts(r, (QvCode *)o, outer) < 0) {
        qv_clear(r->qi, &o);
    }
    return o;
}

// Checks the header; the reader then stands behind it. 0, or -1 ValueError.
static int begin(Reader *r, QvInterp *qi, const void *data, size_t n)
{
    QvCodeFileHeader h;
    *r = (Reader){.qi = qi, .data = data, .p = data, .end = (const uint8_t *)data + n};
    if (n < sizeof(h) || (memcpy(&h, data, sizeof(h)), memcmp(h.magic, QV_CODEFILE_MAGIC, 4)) ||
        h.fingerprint != QV_CODE_VERSION) {
        bad(r, "another version, or no code data at all");
        return -1;
    }
    if (h.size > n || h.table < sizeof(h) || h.table > h.size ||
        h.nstrs > (h.size - h.table) / sizeof(uint32_t)) {
        bad(r, "truncated");
        return -1;
    }
    r->p += sizeof(h);
    r->end = r->data + h.size;
    r->table = h.table;
    r->nstrs = h.nstrs;
    return 0;
}

static QvObj *read_root(Reader *r)
{
    QvObj *o = read_object(r, NULL);
    if (o && !qv_is_code(o)) {
        qv_decref(r->qi, o);
        o = bad(r, "not a code object");
    }
    return o;
}

QvObj *qv_code_read(QvInterp *qi, const void *data, size_t n, size_t *ret_used)
{
    Reader r;
    if (begin(&r, qi, data, n) < 0) {
        return NULL;
    }
    size_t bytes = r.nstrs * sizeof(*r.strs);
    r.strs = bytes ? qv_alloc(qi, bytes) : NULL;
    if (bytes && !r.strs) {
        return NULL;
    }
    QvObj *o = NULL;
    if (bytes) {
        memset(r.strs, 0, bytes);
    }
    o = read_root(&r);
    if (o && r.p != r.data + r.table) {
        qv_decref(qi, o);
        o = bad(&r, "another length");
    }
    if (o && ret_used) {
        *ret_used = (size_t)(r.end - r.data);
    }
    for (uint32_t i = 0; i < r.nstrs; i++) {
        qv_xdecref(qi, r.strs[i]);
    }
    if (r.strs) {
        qv_free(qi, r.strs, bytes);
    }
    return o;
}

// ---- images -------------------------------------------------------------------------------------

static void release(QvInterp *qi, QvCodeImage *image)
{
    if (--image->refs == 0) {
        qv_code_cache_release(image->bytes);
        qv_free(qi, image, sizeof(*image));
    }
}

void qv_code_leave_image(QvInterp *qi, QvCode *code)
{
    if (code->image) {
        release(qi, code->image);
        code->image = NULL;
    }
}

QvObj *qv_code_read_image(QvInterp *qi, const QvCachedCode *bytes)
{
    Reader r;
    QvCodeFileHeader h;
    if (begin(&r, qi, bytes->data, bytes->size) < 0) {
        return NULL;
    }
    memcpy(&h, bytes->data, sizeof(h));
    if (!bytes->verified && check_of(bytes->data, h.size) != h.check) {
        return bad(&r, "damaged");
    }
    QvCodeImage *image = qv_alloc(qi, sizeof(*image));
    if (!image) {
        return NULL;
    }
    *image = (QvCodeImage){1, bytes};
    qv_code_cache_retain(bytes);
    r.image = image;
    QvObj *o = read_root(&r);
    release(qi, image);
    return o;
}

int qv_code_load_body(QvInterp *qi, QvCode *code)
{
    Reader r;
    QvCodeImage *image = code->image;
    if (begin(&r, qi, image->bytes->data, image->bytes->size) < 0) {
        return -1;
    }
    r.image = image;
    r.p = r.data + code->in_image;
    // Into a copy: the code object stays as it was if this fails.
    QvCode whole = *code;
    uint32_t length;
    int result = skip_self_attrs(&r) < 0 || get_bytes(&r, &length, sizeof(length)) < 0
                     ? -1
                     : read_body(&r, &whole, code->has_doc);
    if (result < 0) {
        qv_code_drop_body(qi, &whole);
        return -1;
    }
    whole.h = code->h; // reading has counted references of the original
    *code = whole;
    qv_code_leave_image(qi, code);
    return 0;
}

uint32_t qv_code_image_self_attrs(const QvCode *code, const void **names, uint32_t n, uint32_t max)
{
    Reader r;
    uint32_t count = 0, number = 0;
    const QvCachedCode *bytes = code->image->bytes;
    r = (Reader){.data = (const uint8_t *)bytes->data,
                 .p = (const uint8_t *)bytes->data + code->in_image,
                 .end = (const uint8_t *)bytes->data + bytes->size};
    (void)get_u32(&r, MAX_SELF_ATTRS, &count); // it was read once before
    for (; count > 0 && n < max; count--) {
        (void)get_u32(&r, UINT32_MAX, &number);
        const void *name = bytes->data + number; // not its place, but one for each
        uint32_t k = 0;
        while (k < n && names[k] != name) {
            k++;
        }
        if (k == n) {
            names[n++] = name;
        }
    }
    return n;
}
