// SPDX-License-Identifier: MIT
// Taking str apart: split, rsplit, splitlines, partition, strip, removeprefix.
#include <string.h>

#include "base/unicode.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/native.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"

// ---- split --------------------------------------------------------------------------------------

// The pieces that are found, in memory of the stack until they are too many.
#define FEW 16
typedef struct Pieces {
    QvInterp *qi;
    QvObj *list; // holds all of them, once there were more than FEW
    QvSsize n;   // how many are in few[]
    QvObj *few[FEW];
} Pieces;

// (An initialiser would clear `few` too.)
static inline void pieces_init(Pieces *p, QvInterp *qi)
{
    p->qi = qi;
    p->list = NULL;
    p->n = 0;
}

// The list of what has been added; nothing stays behind. NULL with MemoryError.
static QvObj *pieces_list(Pieces *p, QvSsize cap)
{
    QvObj *list = qv_list_new(p->qi, cap);
    if (list == NULL) {
        for (QvSsize i = 0; i < p->n; i++) {
            qv_decref(p->qi, p->few[i]);
        }
    } else if (p->n > 0) {
        memcpy(((QvList *)list)->items, p->few, (size_t)p->n * sizeof(QvObj *));
        ((QvList *)list)->boxed = p->n;
    }
    p->n = 0;
    return list;
}

static QV_NOINLINE int add_to_list(Pieces *p, QvObj *piece)
{
    if (p->list == NULL) {
        p->list = pieces_list(p, 4 * FEW);
        if (p->list == NULL) {
            qv_decref(p->qi, piece);
            return -1;
        }
    }
    return qv_list_append_take(p->qi, p->list, piece);
}

// Takes the piece; 0/-1.
static QV_ALWAYS_INLINE int add_take(Pieces *p, QvObj *piece)
{
    if (QV_UNLIKELY(piece == NULL)) {
        return -1;
    }
    if (QV_UNLIKELY(p->n == FEW || p->list != NULL)) {
        return add_to_list(p, piece);
    }
    p->few[p->n++] = piece;
    return 0;
}

// Appends s[start:end]. 0/-1.
static inline int add_slice(Pieces *p, QvObj *s, QvSsize start, QvSsize end)
{
    return add_take(p, qv_str_slice(p->qi, s, start, end));
}

// The result, or NULL when r (of what came before) is negative.
static QvObj *pieces_finish(Pieces *p, int r)
{
    if (QV_LIKELY(r == 0)) {
        return p->list != NULL ? p->list : pieces_list(p, p->n);
    }
    QvObj *exc = qv_err_fetch(p->qi);
    for (QvSsize i = 0; i < p->n; i++) {
        qv_decref(p->qi, p->few[i]);
    }
    qv_xdecref(p->qi, p->list);
    qv_err_restore(p->qi, exc);
    return NULL;
}

static QV_ALWAYS_INLINE bool is_space_at(const void *p, QvStrKind kind, QvSsize i)
{
    if (kind != QV_STR_1) {
        return qv_uni_is_space(qv_units_read(p, kind, i));
    }
    // Two comparisons tell that visible ASCII is none; most characters are that.
    uint8_t c = ((const uint8_t *)p)[i];
    return (uint8_t)(c - 0x21) >= 0x5E && qv_uni_is_space(c);
}

// The end of the white space (or of what is none) that begins at i; -1 with an exception.
static QV_ALWAYS_INLINE QvSsize run_end(QvInterp *qi, const void *p, QvStrKind kind, QvSsize i,
                                        QvSsize n, bool space)
{
    if (QV_LIKELY(n <= QV_POLL_SLICE)) { // too short to be stopped in
        while (i < n && is_space_at(p, kind, i) == space) {
            i++;
        }
        return i;
    }
    while (i < n) {
        QvSsize to = qv_stop_slice(qi, i, n);
        if (QV_UNLIKELY(to < 0)) {
            return -1;
        }
        while (i < to && is_space_at(p, kind, i) == space) {
            i++;
        }
        if (QV_LIKELY(i < to)) {
            break;
        }
    }
    return i;
}

// The start of what ends at i and goes down to `least` at most, likewise.
static QvSsize run_start(QvInterp *qi, const void *p, QvStrKind kind, QvSsize i, QvSsize least,
                         bool space)
{
    while (i > least) {
        QvSsize to = i - least > QV_POLL_SLICE ? i - QV_POLL_SLICE : least;
        while (i > to && is_space_at(p, kind, i - 1) == space) {
            i--;
        }
        if (QV_LIKELY(i > to)) {
            break;
        }
        if (qv_stop_here(qi) < 0) {
            return -1;
        }
    }
    return i;
}

static QV_ALWAYS_INLINE int split_spaces(QvInterp *qi, Pieces *list, QvObj *s, QvStrKind kind,
                                         QvSsize max)
{
    const void *p = qv_str_data(s);
    QvSsize n = qv_str_len(s);
    QvSsize i = 0;
    while (max-- > 0) {
        i = run_end(qi, p, kind, i, n, true);
        if (i == n || i < 0) {
            return i < 0 ? -1 : 0;
        }
        QvSsize start = i;
        i = run_end(qi, p, kind, i + 1, n, false);
        if (i < 0 || qv_poll_step(qi, max) < 0 || add_slice(list, s, start, i) < 0) {
            return -1;
        }
    }
    i = run_end(qi, p, kind, i, n, true);
    return i < 0 ? -1 : i < n ? add_slice(list, s, i, n) : 0;
}

static int rsplit_spaces(QvInterp *qi, Pieces *list, QvObj *s, QvSsize max)
{
    const void *p = qv_str_data(s);
    QvStrKind kind = qv_str_kind(s);
    QvSsize i = qv_str_len(s);
    while (max-- > 0) {
        i = run_start(qi, p, kind, i, 0, true);
        if (i <= 0) {
            return i < 0 ? -1 : 0;
        }
        QvSsize end = i;
        i = run_start(qi, p, kind, i - 1, 0, false);
        if (i < 0 || qv_poll_step(qi, max) < 0 || add_slice(list, s, i, end) < 0) {
            return -1;
        }
    }
    i = run_start(qi, p, kind, i, 0, true);
    return i < 0 ? -1 : i > 0 ? add_slice(list, s, 0, i) : 0;
}

// Where c is in p[0..n), or n. Pieces are mostly short: words are quicker than a call then.
static QV_ALWAYS_INLINE QvSsize byte_before(const uint8_t *p, QvSsize n, uint8_t c)
{
    QvSsize k = qv_find_byte(p, n < 16 ? n : 16, c);
    if (k >= 0 || n <= 16) {
        return k >= 0 ? k : n;
    }
    const uint8_t *hit = memchr(p + 16, c, (size_t)(n - 16));
    return hit != NULL ? hit - p : n;
}

// Short text: each word tells all its separators at once.
static int split_words(QvInterp *qi, Pieces *list, QvObj *s, uint8_t c, QvSsize max)
{
    const char *p = qv_str_data(s);
    QvSsize n = qv_str_len(s), start = 0;
    for (QvSsize at = 0; at < n; at += 8) {
        uint64_t w, some = ~(uint64_t)0;
        if (QV_LIKELY(n - at >= 8)) {
            memcpy(&w, p + at, 8);
        } else {
            w = qv_short_word(p + at, n - at);
            some = ((uint64_t)1 << (8 * (n - at))) - 1;
        }
        for (uint64_t marks = qv_byte_marks(w, c) & some; marks != 0; marks &= marks - 1) {
            if (max-- <= 0) {
                return add_slice(list, s, start, n);
            }
            QvSsize k = at + (__builtin_ctzll(marks) >> 3);
            if (add_take(list, qv_str_new_ascii(qi, p + start, k - start)) < 0) {
                return -1;
            }
            start = k + 1;
        }
    }
    return add_slice(list, s, start, n);
}

// ASCII text at one ASCII character: the case that matters.
static int split_ascii(QvInterp *qi, Pieces *list, QvObj *s, uint8_t c, QvSsize max)
{
    const uint8_t *p = qv_str_data(s);
    QvSsize n = qv_str_len(s);
    QvSsize i = 0;
    if (QV_WORDS_IN_ORDER && n <= QV_POLL_SLICE) {
        return split_words(qi, list, s, c, max);
    }
    for (; max > 0; max--) {
        QvSsize window = n - i < QV_POLL_SLICE ? n - i : QV_POLL_SLICE;
        QvSsize k = byte_before(p + i, window, c);
        if (QV_UNLIKELY(k == window)) {
            k = k == n - i ? -1
                           : qv_units_find_long(qi, p + i, QV_STR_1, n - i, &c, QV_STR_1, 1, false);
            if (k == -1) {
                break;
            }
            if (k < 0) {
                return -1;
            }
        }
        if (qv_poll_step(qi, max) < 0 ||
            add_take(list, qv_str_new_ascii(qi, (const char *)p + i, k)) < 0) {
            return -1;
        }
        i += k + 1;
    }
    return add_slice(list, s, i, n);
}

static int split_sep(QvInterp *qi, Pieces *list, QvObj *s, QvObj *sep, QvSsize max)
{
    if (QV_LIKELY(qv_str_is_ascii(s) && qv_str_len(sep) == 1 && qv_str_is_ascii(sep))) {
        return split_ascii(qi, list, s, *(const uint8_t *)qv_str_data(sep), max);
    }
    const void *p = qv_str_data(s);
    const void *q = qv_str_data(sep);
    QvStrKind kind = qv_str_kind(s);
    QvStrKind sep_kind = qv_str_kind(sep);
    QvSsize n = qv_str_len(s);
    QvSsize m = qv_str_len(sep);
    QvSsize i = 0;
    while (max-- > 0) {
        QvSsize k =
            qv_units_find_long(qi, qv_units_at(p, kind, i), kind, n - i, q, sep_kind, m, false);
        if (k < 0) {
            if (k == -2) {
                return -1;
            }
            break;
        }
        if (qv_poll_step(qi, max) < 0 || add_slice(list, s, i, i + k) < 0) {
            return -1;
        }
        i += k + m;
    }
    return add_slice(list, s, i, n);
}

static int rsplit_sep(QvInterp *qi, Pieces *list, QvObj *s, QvObj *sep, QvSsize max)
{
    QvSsize n = qv_str_len(s);
    QvSsize m = qv_str_len(sep);
    while (max-- > 0) {
        QvSsize k = qv_units_find_long(qi, qv_str_data(s), qv_str_kind(s), n, qv_str_data(sep),
                                       qv_str_kind(sep), m, true);
        if (k < 0) {
            if (k == -2) {
                return -1;
            }
            break;
        }
        if (qv_poll_step(qi, max) < 0 || add_slice(list, s, k + m, n) < 0) {
            return -1;
        }
        n = k;
    }
    return add_slice(list, s, 0, n);
}

static QvObj *split(QvInterp *qi, QvObj *self, QvObj *const *args, bool right)
{
    QvObj *sep = args[0] == NULL ? QV_NONE : args[0];
    QvSsize max = -1;
    if (args[1] != NULL && qv_arg_ssize(qi, args[1], &max) < 0) {
        return NULL;
    }
    if (max < 0) {
        max = PTRDIFF_MAX;
    }
    if (sep != QV_NONE && !qv_is_str(sep)) {
        return qv_raise(qi, &qv_exc_TypeError, "must be str or None, not %.100T", sep);
    }
    if (sep != QV_NONE && qv_str_len(sep) == 0) {
        return qv_raise(qi, &qv_exc_ValueError, "empty separator");
    }
    Pieces list;
    pieces_init(&list, qi);
    int r;
    if (sep == QV_NONE) {
        if (right) {
            r = rsplit_spaces(qi, &list, self, max);
        } else {
            QvStrKind kind = qv_str_kind(self);
            r = kind == QV_STR_1   ? split_spaces(qi, &list, self, QV_STR_1, max)
                : kind == QV_STR_2 ? split_spaces(qi, &list, self, QV_STR_2, max)
                                   : split_spaces(qi, &list, self, QV_STR_4, max);
        }
    } else {
        r = right ? rsplit_sep(qi, &list, self, sep, max) : split_sep(qi, &list, self, sep, max);
    }
    QvObj *ret = pieces_finish(&list, r);
    if (ret != NULL && right && qv_list_reverse(qi, ret) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

QV_STR_METHOD(split)
{
    (void)nargs;
    return split(qi, self, args, false);
}

QV_STR_METHOD(rsplit)
{
    (void)nargs;
    return split(qi, self, args, true);
}

// Where the first line break in [i:n) is, or n.
static inline QvSsize line_break(const void *p, QvStrKind kind, QvSsize i, QvSsize n)
{
    if (kind == QV_STR_1) { // most characters are above all the breaks but U+0085
        const uint8_t *b = p;
        // Eight at once as long as all of them are ASCII from the space on.
        for (uint64_t w; n - i >= 8; i += 8) {
            memcpy(&w, b + i, 8);
            const uint64_t top = 0x8080808080808080;
            if ((w & top) != 0 || ((w + 0x6060606060606060) & top) != top) {
                break;
            }
        }
        while (i < n && ((b[i] > 0x1E && b[i] != 0x85) || !qv_uni_is_line_break(b[i]))) {
            i++;
        }
    } else {
        while (i < n && !qv_uni_is_line_break(qv_units_read(p, kind, i))) {
            i++;
        }
    }
    return i;
}

QV_STR_METHOD(splitlines)
{
    (void)nargs;
    bool keep = false;
    if (args[0] != NULL) {
        QvSsize value;
        if (qv_index_ssize(qi, args[0], &value, NULL) < 0) {
            return NULL;
        }
        keep = value != 0;
    }
    Pieces list;
    pieces_init(&list, qi);
    const void *p = qv_str_data(self);
    QvStrKind kind = qv_str_kind(self);
    QvSsize n = qv_str_len(self);
    QvSsize i = 0;
    while (i < n) {
        QvSsize start = i;
        while (i < n) {
            QvSsize to = qv_stop_slice(qi, i, n);
            if (to < 0) {
                return pieces_finish(&list, -1);
            }
            i = line_break(p, kind, i, to);
            if (i < to) {
                break;
            }
        }
        QvSsize end = i;
        if (i < n) {
            bool crlf = qv_units_read(p, kind, i) == '\r' && i + 1 < n &&
                        qv_units_read(p, kind, i + 1) == '\n';
            i += crlf ? 2 : 1;
            end = keep ? i : end;
        }
        if (add_slice(&list, self, start, end) < 0) {
            return pieces_finish(&list, -1);
        }
    }
    return pieces_finish(&list, 0);
}

// ---- partition ----------------------------------------------------------------------------------

static QvObj *partition(QvInterp *qi, QvObj *self, QvObj *sep, bool right)
{
    if (!qv_is_str(sep)) {
        return qv_raise(qi, &qv_exc_TypeError, "must be str, not %.100T", sep);
    }
    QvSsize m = qv_str_len(sep);
    QvSsize n = qv_str_len(self);
    if (m == 0) {
        return qv_raise(qi, &qv_exc_ValueError, "empty separator");
    }
    QvSsize k;
    if (QV_LIKELY(!right && m == 1 && n <= QV_POLL_SLICE && qv_str_is_ascii(self) &&
                  qv_str_is_ascii(sep))) {
        k = byte_before(qv_str_data(self), n, *(const uint8_t *)qv_str_data(sep));
        k = k == n ? -1 : k;
    } else {
        k = qv_str_seek(qi, self, sep, 0, n, right);
    }
    QvObj *parts[3];
    if (k == -2) {
        return NULL;
    }
    if (k < 0) {
        parts[0] = parts[1] = parts[2] = QV_N(empty);
        parts[right ? 2 : 0] = qv_str_exact(qi, self);
    } else {
        parts[0] = qv_str_slice(qi, self, 0, k);
        parts[1] = qv_str_exact(qi, sep);
        parts[2] = qv_str_slice(qi, self, k + m, n);
    }
    if (parts[0] != NULL && parts[1] != NULL && parts[2] != NULL) {
        return qv_tuple_from_array_take(qi, parts, 3);
    }
    for (int i = 0; i < 3; i++) {
        qv_xdecref(qi, parts[i]);
    }
    return NULL;
}

QV_STR_METHOD(partition)
{
    (void)nargs;
    return partition(qi, self, args[0], false);
}

QV_STR_METHOD(rpartition)
{
    (void)nargs;
    return partition(qi, self, args[0], true);
}

// ---- strip --------------------------------------------------------------------------------------

enum { STRIP_LEFT = 1, STRIP_RIGHT = 2 };

// Is c among the characters of set?
static bool in_set(const QvObj *set, uint32_t c)
{
    return qv_units_find_char(qv_str_data(set), qv_str_kind(set), qv_str_len(set), c) >= 0;
}

// Which characters of a long text are taken off: below 256 by a table, others one by one.
typedef struct StripSet {
    const QvObj *chars; // or NULL: white space
    QvSsize weight;     // characters of it that one look-up goes through, about
    bool low[256];
} StripSet;

static int strip_set_init(QvInterp *qi, StripSet *set, QvObj *chars)
{
    *set = (StripSet){.chars = chars};
    if (chars == NULL) {
        for (uint32_t c = 0; c < 256; c++) {
            set->low[c] = qv_uni_is_space(c);
        }
        return 0;
    }
    set->weight = qv_str_kind(chars) == QV_STR_1 ? 0 : qv_str_len(chars) / 16;
    for (QvSsize i = 0; i < qv_str_len(chars); i++) {
        uint32_t c = qv_str_read(chars, i);
        if (c < 256) {
            set->low[c] = true;
        }
        if (qv_stop_step(qi, i) < 0) {
            return -1;
        }
    }
    return 0;
}

static inline bool strip_set_has(const StripSet *set, uint32_t c)
{
    return c < 256              ? set->low[c]
           : set->chars == NULL ? qv_uni_is_space(c)
                                : qv_str_kind(set->chars) != QV_STR_1 && in_set(set->chars, c);
}

// strip() of a long text; 0/-1.
static int strip_long(QvInterp *qi, QvObj *self, QvObj *chars, int sides, QvSsize *start,
                      QvSsize *end)
{
    StripSet set;
    if (strip_set_init(qi, &set, chars) < 0) {
        return -1;
    }
    const void *p = qv_str_data(self);
    QvStrKind kind = qv_str_kind(self);
    QvSsize work = 0;
    for (int side = STRIP_LEFT; side <= STRIP_RIGHT; side++) {
        while ((sides & side) != 0 && *start < *end) {
            QvSsize i = side == STRIP_LEFT ? *start : *end - 1;
            if (!strip_set_has(&set, qv_units_read(p, kind, i))) {
                break;
            }
            *start += side == STRIP_LEFT;
            *end -= side == STRIP_RIGHT;
            work += 1 + set.weight;
            if (QV_UNLIKELY(work > QV_POLL_SLICE)) {
                work = 0;
                if (qv_stop_here(qi) < 0) {
                    return -1;
                }
            }
        }
    }
    return 0;
}

#define STRIP_LONG 16384 // characters from which on that is worth it

static QvObj *strip(QvInterp *qi, QvObj *self, QvObj *const *args, int sides, const char *name)
{
    QvObj *set = args[0] != NULL ? args[0] : QV_NONE;
    if (set != QV_NONE && !qv_is_str(set)) {
        return qv_raise(qi, &qv_exc_TypeError, "%s arg must be None or str", name);
    }
    const void *p = qv_str_data(self);
    QvStrKind kind = qv_str_kind(self);
    QvSsize start = 0;
    QvSsize end = qv_str_len(self);
    if (QV_UNLIKELY(end > STRIP_LONG ||
                    (set != QV_NONE && end > 64 && qv_str_len(set) > STRIP_LONG))) {
        if (strip_long(qi, self, set == QV_NONE ? NULL : set, sides, &start, &end) < 0) {
            return NULL;
        }
    } else if (set == QV_NONE) {
        if ((sides & STRIP_LEFT) != 0) {
            while (start < end && is_space_at(p, kind, start)) {
                start++;
            }
        }
        if ((sides & STRIP_RIGHT) != 0) {
            while (end > start && is_space_at(p, kind, end - 1)) {
                end--;
            }
        }
    } else {
        if ((sides & STRIP_LEFT) != 0) {
            while (start < end && in_set(set, qv_units_read(p, kind, start))) {
                start++;
            }
        }
        if ((sides & STRIP_RIGHT) != 0) {
            while (end > start && in_set(set, qv_units_read(p, kind, end - 1))) {
                end--;
            }
        }
    }
    return qv_str_slice(qi, self, start, end);
}

QV_STR_METHOD(strip)
{
    (void)nargs;
    return strip(qi, self, args, STRIP_LEFT | STRIP_RIGHT, "strip");
}

QV_STR_METHOD(lstrip)
{
    (void)nargs;
    return strip(qi, self, args, STRIP_LEFT, "lstrip");
}

QV_STR_METHOD(rstrip)
{
    (void)nargs;
    return strip(qi, self, args, STRIP_RIGHT, "rstrip");
}

QV_STR_METHOD(removeprefix)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        qv_str_arg_error(qi, "removeprefix", 0, args[0]);
        return NULL;
    }
    QvSsize m = qv_str_len(args[0]);
    bool there = m <= qv_str_len(self) && qv_str_find(self, args[0], 0, m) == 0;
    return qv_str_slice(qi, self, there ? m : 0, qv_str_len(self));
}

QV_STR_METHOD(removesuffix)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        qv_str_arg_error(qi, "removesuffix", 0, args[0]);
        return NULL;
    }
    QvSsize n = qv_str_len(self);
    QvSsize m = qv_str_len(args[0]);
    bool there = m <= n && qv_str_find(self, args[0], n - m, n) == n - m;
    return qv_str_slice(qi, self, 0, there ? n - m : n);
}
