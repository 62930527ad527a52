// SPDX-License-Identifier: MIT
// str: Latin-1, UCS-2 or UCS-4 by the widest character, data right behind the struct, hash cached.
#ifndef QV_OBJECT_STR_H
#define QV_OBJECT_STR_H

#include "object/object.h"
#include "object/type.h"

struct QvStr {
    QvObj h;     // flags: QV_F_ASCII, QV_F_INTERNED, kind in two bits
    QvHash hash; // -1: not computed yet
    QvSsize len; // code points; data follows the struct, with one zero unit after the last
};

// Flag of strings that qv_str_append has grown: their block is qv_str_bytes_grown(exact size)
// bytes.
enum { QV_STR_F_GROWN = 1 << QV_F_CAP_SHIFT }; // exact str only: it has no instance part
// Seed of all str and bytes hashes of the process; fixed before the first is computed
// (object/seal.c).
uint64_t qv_process_hash_seed(void);

typedef enum QvStrKind {
    QV_STR_1 = 0,
    QV_STR_2 = 1,
    QV_STR_4 = 2
} QvStrKind;                                            // bytes per unit = 1 << kind
size_t qv_str_bytes_exact(QvSsize len, QvStrKind kind); // bytes of an ordinary string
size_t qv_str_bytes_grown(size_t need);                 // of a grown one

extern QvType qv_str_type;

static inline bool qv_is_str(const QvObj *o) { return qv_has_flag(o, QV_T_STR); }
static inline bool qv_is_str_exact(const QvObj *o) { return o->type == &qv_str_type; }
static inline QvSsize qv_str_len(const QvObj *o) { return ((const QvStr *)o)->len; }
static inline QvStrKind qv_str_kind(const QvObj *o)
{
    return (QvStrKind)((o->flags >> QV_F_KIND_SHIFT) & 3);
}
static inline bool qv_str_is_ascii(const QvObj *o) { return (o->flags & QV_F_ASCII) != 0; }
static inline bool qv_str_is_interned(const QvObj *o) { return (o->flags & QV_F_INTERNED) != 0; }
static inline void *qv_str_data(const QvObj *o) { return (void *)((QvStr *)o + 1); }
static inline uint32_t qv_str_read(const QvObj *o, QvSsize i)
{
    switch (qv_str_kind(o)) {
    case QV_STR_1: return ((const uint8_t *)qv_str_data(o))[i];
    case QV_STR_2: return ((const uint16_t *)qv_str_data(o))[i];
    default: return ((const uint32_t *)qv_str_data(o))[i];
    }
}
static inline void qv_str_write(QvObj *o, QvSsize i, uint32_t c)
{ // fresh, unshared strings only
    switch (qv_str_kind(o)) {
    case QV_STR_1: ((uint8_t *)qv_str_data(o))[i] = (uint8_t)c; break;
    case QV_STR_2: ((uint16_t *)qv_str_data(o))[i] = (uint16_t)c; break;
    default: ((uint32_t *)qv_str_data(o))[i] = c; break;
    }
}

// Uninitialised string of len code points that can hold maxchar (data zero-terminated). Sets ASCII
// when maxchar < 128.
QvObj *qv_str_alloc(QvInterp *qi, QvSsize len, uint32_t maxchar);
QvObj *qv_str_new_utf8(QvInterp *qi, const char *s, QvSsize n); // UnicodeDecodeError on bad bytes
QvObj *qv_str_new_cstr(QvInterp *qi, const char *s); // utf-8, invalid bytes as surrogateescape
QvObj *qv_str_new_ascii(QvInterp *qi, const char *s, QvSsize n); // bytes known to be < 128
QvObj *qv_str_new_latin1(QvInterp *qi, const uint8_t *s, QvSsize n);
QvObj *qv_str_new_ucs2(QvInterp *qi, const uint16_t *s, QvSsize n); // narrows to the smallest kind
QvObj *qv_str_new_ucs4(QvInterp *qi, const uint32_t *s, QvSsize n);
QvObj *qv_str_from_char(QvInterp *qi, uint32_t c); // cached for Latin-1
QvObj *qv_str_slice(QvInterp *qi, QvObj *s, QvSsize start, QvSsize end);
QvObj *qv_str_concat(QvInterp *qi, QvObj *a, QvObj *b);
// *s += b, in place when *s is ours alone; takes and replaces the reference in *s (NULL on error).
int qv_str_append(QvInterp *qi, QvObj **s, QvObj *b);
QvObj *qv_str_join(QvInterp *qi, QvObj *sep, QvObj *iterable);
// The f-string builder: concatenates n str objects.
QvObj *qv_str_join_array(QvInterp *qi, QvObj *const *items, QvSsize n);
QvObj *qv_str_exact(QvInterp *qi, QvObj *o); // exact str of the same text

// utf-8 view: for ASCII strings the data itself; otherwise a block from qv_alloc that
// qv_utf8_release frees.
typedef struct QvUtf8 {
    const char *s;
    QvSsize n;
    size_t block;
} QvUtf8;
int qv_str_utf8(QvInterp *qi, QvObj *s, QvUtf8 *ret); // UnicodeEncodeError for lone surrogates
int qv_str_utf8_surrogates(QvInterp *qi, QvObj *s, QvUtf8 *ret, bool escape); // escape:
                                                                              // surrogateescape
                                                                              // (file names); else
                                                                              // surrogatepass
void qv_utf8_release(QvInterp *qi, QvUtf8 *u);

QvHash qv_str_hash(QvObj *s); // computes and caches
// The same, which a stop ends where s is long: -1 with the exception.
QvHash qv_str_hash_try(QvInterp *qi, QvObj *s);
bool qv_str_equal(const QvObj *a, const QvObj *b);
int qv_str_compare(const QvObj *a, const QvObj *b); // -1 0 1 by code point
bool qv_str_eq_ascii(const QvObj *s, const char *ascii);
// find: first index >= start of sub in s[start:end], or -1. rfind likewise from the right.
QvSsize qv_str_find(const QvObj *s, const QvObj *sub, QvSsize start, QvSsize end);
QvSsize qv_str_rfind(const QvObj *s, const QvObj *sub, QvSsize start, QvSsize end);

// Interning: *s becomes the canonical copy of this interpreter (or the sealed one). 0/-1.
int qv_str_intern(QvInterp *qi, QvObj **s);
QvObj *qv_str_intern_utf8(QvInterp *qi, const char *s, QvSsize n);
QvObj *qv_str_intern_cstr(QvInterp *qi, const char *s);
void qv_str_table_fini(QvInterp *qi);
bool qv_str_is_identifier(const QvObj *s);

// Growing buffer of code points that ends as a str. Widens itself.
typedef struct QvStrBuf {
    QvInterp *qi;
    void *data;
    QvSsize len, cap; // code points; cap: what may be written before the poll flag is looked at
    QvSsize size;     // allocated
    QvStrKind kind;
    uint32_t maxchar;
    bool failed; // sticky: MemoryError is set, or what a poll in a very long text raised
    bool lent;   // data is the caller's: not to be freed
} QvStrBuf;
void qv_strbuf_init(QvInterp *qi, QvStrBuf *b);
// The same with n bytes of the caller's to begin in, which must last as long as the buffer.
void qv_strbuf_init_on(QvInterp *qi, QvStrBuf *b, void *room, QvSsize n);
#define QV_STRBUF_ROOM 256 // a good size for them on the stack
void qv_strbuf_fini(QvStrBuf *b);
void qv_strbuf_char_slow(QvStrBuf *b, uint32_t c); // when it must grow or widen
static inline void qv_strbuf_char(QvStrBuf *b, uint32_t c)
{
    if (QV_UNLIKELY(b->len >= b->cap || (b->kind != QV_STR_4 && c >> (8u << b->kind) != 0))) {
        qv_strbuf_char_slow(b, c);
        return;
    }
    switch (b->kind) {
    case QV_STR_1: ((uint8_t *)b->data)[b->len++] = (uint8_t)c; break;
    case QV_STR_2: ((uint16_t *)b->data)[b->len++] = (uint16_t)c; break;
    default: ((uint32_t *)b->data)[b->len++] = c; break;
    }
    b->maxchar = c > b->maxchar ? c : b->maxchar;
}
void qv_strbuf_reserve(QvStrBuf *b, QvSsize more); // room for more characters of the present kind
void qv_strbuf_str(QvStrBuf *b, QvObj *s);
void qv_strbuf_ascii(QvStrBuf *b, const char *s, QvSsize n);
void qv_strbuf_cstr(QvStrBuf *b, const char *s);                         // ASCII
void qv_strbuf_slice(QvStrBuf *b, QvObj *s, QvSsize start, QvSsize end); // 0 <= start, end <= len
void qv_strbuf_fill(QvStrBuf *b, uint32_t c, QvSsize n);
// n units of a kind; maxchar is at least the widest of them.
void qv_strbuf_units(QvStrBuf *b, const void *p, QvStrKind kind, QvSsize n, uint32_t maxchar);
QvObj *qv_strbuf_finish(QvStrBuf *b); // new str, or NULL when failed; the buffer is done

// Format mini-language and formatting (object/format*.c).
QV_RUNS QvObj *qv_str_percent(QvInterp *qi, QvObj *fmt, QvObj *args); // fmt % args
QV_RUNS QvObj *qv_str_format_method(QvInterp *qi, QvObj *fmt, QvObj *const *args, QvSsize nargs,
                                    QvObj *kwargs /*dict or NULL*/);
QvObj *qv_format_int(QvInterp *qi, QvObj *o, QvObj *spec);
QvObj *qv_format_float(QvInterp *qi, QvObj *o, QvObj *spec);
QvObj *qv_format_complex(QvInterp *qi, QvObj *o, QvObj *spec);
QvObj *qv_format_str(QvInterp *qi, QvObj *o, QvObj *spec);
QvObj *qv_float_repr(QvInterp *qi, double v);

// Codecs in C (object/codec.c): encoding names normalised; utf-8, ascii, latin-1, utf-16/32
// (le/be), raw_unicode_escape, unicode_escape; others through the codecs registry when
// modules/_codecs is loaded (LookupError: unknown encoding). errors NULL = "strict".
QV_RUNS QvObj *qv_str_encode(QvInterp *qi, QvObj *s, const char *encoding, const char *errors);
QV_RUNS QvObj *qv_str_decode(QvInterp *qi, const void *p, QvSsize n, const char *encoding,
                             const char *errors);
QvObj *qv_str_fsdecode(QvInterp *qi, const char *path);     // utf-8, surrogateescape
int qv_fspath_utf8(QvInterp *qi, QvObj *path, QvUtf8 *ret); // str, bytes or os.PathLike; ValueError
                                                            // "embedded null byte"

#endif
