// SPDX-License-Identifier: MIT
// Searching in str: find, count, startswith and their kin, over units of any kinds.
//
// One-byte text: memchr (memrchr) for the byte of the pattern that is likely the rarest, then
// compare; when that finds too many false candidates, memmem or the two-way algorithm take over.
// Other kinds scan for the first character and compare; when comparing has cost more than the scan
// itself, the rest is searched with the two-way algorithm (Crochemore and Perrin), which is linear
// whatever the texts are. Backward search is the same code over mirrored indices.
#include <string.h>
#include <wchar.h>

#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/key.h"
#include "object/protocol.h"
#include "object/str_methods.h"
#include "object/str_units.h"
#include "object/tuple.h"

// A text seen forward or backward.
typedef struct View {
    const void *p;
    QvSsize n;
    QvStrKind kind;
    bool back;
} View;

static QV_ALWAYS_INLINE uint32_t at(View v, QvSsize i)
{
    return qv_units_read(v.p, v.kind, v.back ? v.n - 1 - i : i);
}

// Start of the maximal suffix of p minus one, under the order of the alphabet or its inverse.
static QV_ALWAYS_INLINE QvSsize max_suffix(View p, bool inverse, QvSsize *ret_period)
{
    QvSsize suffix = -1, j = 0, k = 1, period = 1;
    while (j + k < p.n) {
        uint32_t a = at(p, j + k);
        uint32_t b = at(p, suffix + k);
        if (inverse ? a > b : a < b) {
            j += k;
            k = 1;
            period = j - suffix;
        } else if (a == b) {
            if (k != period) {
                k++;
            } else {
                j += period;
                k = 1;
            }
        } else {
            suffix = j++;
            k = period = 1;
        }
    }
    *ret_period = period;
    return suffix;
}

static QV_ALWAYS_INLINE QvSsize two_way(View s, View p, QvSsize from)
{
    QvSsize period1, period2;
    QvSsize i1 = max_suffix(p, false, &period1);
    QvSsize i2 = max_suffix(p, true, &period2);
    QvSsize cut = i1 > i2 ? i1 : i2;
    QvSsize period = i1 > i2 ? period1 : period2;
    bool periodic = true;
    for (QvSsize i = 0; i <= cut && periodic; i++) {
        periodic = at(p, i) == at(p, i + period);
    }
    QvSsize j = from;
    if (!periodic) {
        period = (cut + 1 > p.n - cut - 1 ? cut + 1 : p.n - cut - 1) + 1;
        while (j <= s.n - p.n) {
            QvSsize i = cut + 1;
            while (i < p.n && at(p, i) == at(s, i + j)) {
                i++;
            }
            if (i < p.n) {
                j += i - cut;
                continue;
            }
            i = cut;
            while (i >= 0 && at(p, i) == at(s, i + j)) {
                i--;
            }
            if (i < 0) {
                return j;
            }
            j += period;
        }
        return -1;
    }
    QvSsize memory = -1; // characters of p known to match from an earlier attempt
    while (j <= s.n - p.n) {
        QvSsize i = (cut > memory ? cut : memory) + 1;
        while (i < p.n && at(p, i) == at(s, i + j)) {
            i++;
        }
        if (i < p.n) {
            j += i - cut;
            memory = -1;
            continue;
        }
        i = cut;
        while (i > memory && at(p, i) == at(s, i + j)) {
            i--;
        }
        if (i <= memory) {
            return j;
        }
        j += period;
        memory = p.n - period - 1;
    }
    return -1;
}

// How common a byte is in text and source code; 0 for all that is rare.
static const uint8_t commonness[256] = {
    [' '] = 40, ['e'] = 39, ['t'] = 38, ['a'] = 37, ['o'] = 36,  ['i'] = 35, ['n'] = 34, ['s'] = 33,
    ['r'] = 32, ['h'] = 31, ['l'] = 30, ['d'] = 29, ['c'] = 28,  ['u'] = 27, ['m'] = 26, ['f'] = 25,
    ['p'] = 24, ['g'] = 23, ['w'] = 22, ['y'] = 21, ['b'] = 20,  [0] = 19,   ['v'] = 18, ['_'] = 17,
    ['.'] = 16, [','] = 15, ['0'] = 14, ['1'] = 13, ['\n'] = 12, ['-'] = 11, ['2'] = 10, ['k'] = 9,
    ['/'] = 8,  ['"'] = 7,  ['='] = 6,  ['('] = 5,  [')'] = 5,   ['x'] = 4,  [':'] = 4,  [';'] = 3,
    ['3'] = 3,  ['4'] = 3,  ['5'] = 3,  ['S'] = 2,  ['T'] = 2,   ['A'] = 2,  ['E'] = 2,  ['I'] = 2,
};

// Index of the character of a pattern that is likely the rarest.
static QvSsize rarest(const void *p, QvStrKind kind, QvSsize m)
{
    QvSsize best = 0;
    int best_rank = 256;
    QvSsize n = m < 32 ? m : 32;
    for (QvSsize i = 0; i < n; i++) {
        uint32_t c = qv_units_read(p, kind, i);
        int rank = c < 256 ? commonness[c] : 16;
        if (rank < best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    return best;
}

static QV_ALWAYS_INLINE QvSsize search(View s, View p)
{
    QvSsize j = 0;
    if (!s.back) { // forward: from one place of the rarest character to the next, while they are
                   // rare
        QvSsize r = rarest(p.p, p.kind, p.n);
        uint32_t rare = at(p, r);
        for (QvSsize tries = 0; tries < 8 + (j >> 5); tries++, j++) {
            QvSsize left = s.n - p.n - j + 1; // candidates
            QvSsize hop =
                left <= 0 ? -1
                          : qv_units_find_char(qv_units_at(s.p, s.kind, j + r), s.kind, left, rare);
            if (hop < 0) {
                return -1;
            }
            j += hop;
            QvSsize i = 0;
            while (i < p.n && at(s, i + j) == at(p, i)) {
                i++;
            }
            if (i == p.n) {
                return j;
            }
        }
    }
    uint32_t first = at(p, 0);
    uint32_t last = at(p, p.n - 1);
    QvSsize budget = 64 + (s.n >> 2); // characters that may be compared in vain
    for (; j <= s.n - p.n; j++) {
        if (at(s, j) != first || at(s, j + p.n - 1) != last) {
            continue;
        }
        QvSsize i = 1;
        while (i < p.n - 1 && at(s, i + j) == at(p, i)) {
            i++;
        }
        if (i >= p.n - 1) {
            return j;
        }
        budget -= i;
        if (budget < 0) {
            return two_way(s, p, j + 1);
        }
    }
    return -1;
}

static QvSsize search_kinds(const void *s, QvStrKind kind, QvSsize n, const void *p,
                            QvStrKind p_kind, QvSsize m, bool back)
{
    // Constants in each call give six specialised bodies per direction.
    switch (kind * 4 + p_kind + (back ? 16 : 0)) {
    case 4: return search((View){s, n, QV_STR_2, false}, (View){p, m, QV_STR_1, false});
    case 5: return search((View){s, n, QV_STR_2, false}, (View){p, m, QV_STR_2, false});
    case 8: return search((View){s, n, QV_STR_4, false}, (View){p, m, QV_STR_1, false});
    case 9: return search((View){s, n, QV_STR_4, false}, (View){p, m, QV_STR_2, false});
    case 10: return search((View){s, n, QV_STR_4, false}, (View){p, m, QV_STR_4, false});
    case 16: return search((View){s, n, QV_STR_1, true}, (View){p, m, QV_STR_1, true});
    case 20: return search((View){s, n, QV_STR_2, true}, (View){p, m, QV_STR_1, true});
    case 21: return search((View){s, n, QV_STR_2, true}, (View){p, m, QV_STR_2, true});
    case 24: return search((View){s, n, QV_STR_4, true}, (View){p, m, QV_STR_1, true});
    case 25: return search((View){s, n, QV_STR_4, true}, (View){p, m, QV_STR_2, true});
    case 26: return search((View){s, n, QV_STR_4, true}, (View){p, m, QV_STR_4, true});
    default: return -1; // the pattern is wider than the text
    }
}

static QvSsize find_bytes(const uint8_t *s, QvSsize n, const uint8_t *p, QvSsize m)
{
    QvSsize r = rarest(p, QV_STR_1, m);
    const uint8_t *q = s + r;
    const uint8_t *end = s + (n - m) + r + 1;
    for (QvSsize tries = 0; q < end; tries++) {
        q = memchr(q, p[r], (size_t)(end - q));
        if (q == NULL) {
            return -1;
        }
        if (memcmp(q - r, p, (size_t)m) == 0) {
            return q - r - s;
        }
        q++;
        if (tries > 8 + ((q - s) >> 5)) {
            const uint8_t *hit = memmem(q - r, (size_t)(s + n - (q - r)), p, (size_t)m);
            return hit != NULL ? hit - s : -1;
        }
    }
    return -1;
}

static QvSsize rfind_bytes(const uint8_t *s, QvSsize n, const uint8_t *p, QvSsize m)
{
    QvSsize r = rarest(p, QV_STR_1, m);
    QvSsize len = n - m + 1; // candidates
    for (QvSsize tries = 0; len > 0; tries++) {
        const uint8_t *q = memrchr(s + r, p[r], (size_t)len);
        if (q == NULL) {
            return -1;
        }
        len = q - r - s;
        if (memcmp(s + len, p, (size_t)m) == 0) {
            return len;
        }
        if (tries > 8 + ((n - len) >> 5)) {
            n = len + m - 1;
            QvSsize i = n < m ? -1 : search_kinds(s, QV_STR_1, n, p, QV_STR_1, m, true);
            return i < 0 ? -1 : n - i - m;
        }
    }
    return -1;
}

// UCS-2 has no memchr: blocks that the compiler vectorises, then the place in the block.
static QvSsize find_wide(const uint16_t *p, QvSsize n, uint32_t c)
{
    enum { BLOCK = 32 };
    QvSsize i = 0;
    for (; i + BLOCK <= n; i += BLOCK) {
        uint16_t any = 0;
        for (int k = 0; k < BLOCK; k++) {
            any |= (uint16_t)(p[i + k] == c);
        }
        if (any != 0) {
            break;
        }
    }
    for (; i < n; i++) {
        if (p[i] == c) {
            return i;
        }
    }
    return -1;
}

QvSsize qv_units_find_char(const void *s, QvStrKind kind, QvSsize n, uint32_t c)
{
    if (n <= 0) {
        return -1;
    }
    if (kind == QV_STR_1) {
        return c < 0x100 ? qv_find_byte(s, n, (uint8_t)c) : -1;
    }
    if (kind == QV_STR_4) {
        const wchar_t *hit = wmemchr((const wchar_t *)s, (wchar_t)c, (size_t)n);
        return hit != NULL ? hit - (const wchar_t *)s : -1;
    }
    return c < 0x10000 ? find_wide(s, n, c) : -1;
}

QvSsize qv_units_rfind_char(const void *s, QvStrKind kind, QvSsize n, uint32_t c)
{
    if (kind == QV_STR_1) {
        const uint8_t *hit = c < 0x100 && n > 0 ? memrchr(s, (int)c, (size_t)n) : NULL;
        return hit != NULL ? hit - (const uint8_t *)s : -1;
    }
    for (QvSsize i = n - 1; i >= 0; i--) {
        if (qv_units_read(s, kind, i) == c) {
            return i;
        }
    }
    return -1;
}

QvSsize qv_units_find(const void *s, QvStrKind kind, QvSsize n, const void *p, QvStrKind p_kind,
                      QvSsize m)
{
    if (m > n || p_kind > kind) {
        return -1;
    }
    if (m == 1) {
        return qv_units_find_char(s, kind, n, qv_units_read(p, p_kind, 0));
    }
    if (kind == QV_STR_1) {
        return find_bytes(s, n, p, m);
    }
    return search_kinds(s, kind, n, p, p_kind, m, false);
}

QvSsize qv_units_rfind(const void *s, QvStrKind kind, QvSsize n, const void *p, QvStrKind p_kind,
                       QvSsize m)
{
    if (m > n || p_kind > kind) {
        return -1;
    }
    if (m == 1) {
        return qv_units_rfind_char(s, kind, n, qv_units_read(p, p_kind, 0));
    }
    if (kind == QV_STR_1) {
        return rfind_bytes(s, n, p, m);
    }
    QvSsize i = search_kinds(s, kind, n, p, p_kind, m, true);
    return i < 0 ? -1 : n - i - m;
}

static QV_ALWAYS_INLINE QvSsize count_char(const void *s, QvStrKind kind, QvSsize n, uint32_t c)
{
    QvSsize count = 0;
    for (QvSsize i = 0; i < n; i++) {
        count += qv_units_read(s, kind, i) == c;
    }
    return count;
}

QvSsize qv_units_count(const void *s, QvStrKind kind, QvSsize n, const void *p, QvStrKind p_kind,
                       QvSsize m, QvSsize max)
{
    if (m > n || p_kind > kind) {
        return 0;
    }
    if (m == 1) {
        uint32_t c = qv_units_read(p, p_kind, 0);
        QvSsize count = kind == QV_STR_1   ? count_char(s, QV_STR_1, n, c)
                        : kind == QV_STR_2 ? count_char(s, QV_STR_2, n, c)
                                           : count_char(s, QV_STR_4, n, c);
        return count < max ? count : max;
    }
    QvSsize count = 0;
    QvSsize i = 0;
    while (count < max && n - i >= m) {
        QvSsize k = qv_units_find(qv_units_at(s, kind, i), kind, n - i, p, p_kind, m);
        if (k < 0) {
            break;
        }
        count++;
        i += k + m;
    }
    return count;
}

QvSsize qv_str_find(const QvObj *s, const QvObj *sub, QvSsize start, QvSsize end)
{
    qv_adjust_bounds(&start, &end, qv_str_len(s));
    QvSsize m = qv_str_len(sub);
    if (end - start < m) {
        return -1;
    }
    if (m == 0) {
        return start;
    }
    QvSsize i = qv_units_find(qv_str_at(s, start), qv_str_kind(s), end - start, qv_str_data(sub),
                              qv_str_kind(sub), m);
    return i < 0 ? -1 : i + start;
}

QvSsize qv_str_rfind(const QvObj *s, const QvObj *sub, QvSsize start, QvSsize end)
{
    qv_adjust_bounds(&start, &end, qv_str_len(s));
    QvSsize m = qv_str_len(sub);
    if (end - start < m) {
        return -1;
    }
    if (m == 0) {
        return end;
    }
    QvSsize i = qv_units_rfind(qv_str_at(s, start), qv_str_kind(s), end - start, qv_str_data(sub),
                               qv_str_kind(sub), m);
    return i < 0 ? -1 : i + start;
}

// ---- long texts ---------------------------------------------------------------------------------

#define WINDOW ((QvSsize)1 << 20) // places that are tried between two polls

QvSsize qv_units_find_long(QvInterp *qi, const void *s, QvStrKind kind, QvSsize n, const void *p,
                           QvStrKind p_kind, QvSsize m, bool back)
{
    if (QV_LIKELY(n <= WINDOW)) {
        return back ? qv_units_rfind(s, kind, n, p, p_kind, m)
                    : qv_units_find(s, kind, n, p, p_kind, m);
    }
    QvSsize step = m > WINDOW ? m : WINDOW;
    for (QvSsize done = 0, places = n - m + 1; done < places; done += step) {
        QvSsize more = (places - done < step ? places - done : step) + m - 1;
        QvSsize from = back ? n - done - more : done;
        const void *rest = qv_units_at(s, kind, from);
        QvSsize at = back ? qv_units_rfind(rest, kind, more, p, p_kind, m)
                          : qv_units_find(rest, kind, more, p, p_kind, m);
        if (at >= 0) {
            return from + at;
        }
        if (qv_stop_here(qi) < 0) {
            return -2;
        }
    }
    return -1;
}

QvSsize qv_units_count_long(QvInterp *qi, const void *s, QvStrKind kind, QvSsize n, const void *p,
                            QvStrKind p_kind, QvSsize m, QvSsize max)
{
    if (QV_LIKELY(n <= WINDOW)) {
        return qv_units_count(s, kind, n, p, p_kind, m, max);
    }
    QvSsize count = 0;
    if (m == 1) {
        for (QvSsize from = 0, to; from < n && count < max; from = to) {
            if ((to = qv_stop_slice(qi, from, n)) < 0) {
                return -1;
            }
            count += qv_units_count(qv_units_at(s, kind, from), kind, to - from, p, p_kind, 1,
                                    max - count);
        }
        return count;
    }
    for (QvSsize i = 0, k; count < max; i += k + m, count++) {
        k = qv_stop_step(qi, count) < 0
                ? -2
                : qv_units_find_long(qi, qv_units_at(s, kind, i), kind, n - i, p, p_kind, m, false);
        if (k < 0) {
            return k == -2 ? -1 : count;
        }
    }
    return count;
}

QvSsize qv_str_seek(QvInterp *qi, QvObj *s, QvObj *sub, QvSsize start, QvSsize end, bool back)
{
    QvSsize m = qv_str_len(sub);
    qv_adjust_bounds(&start, &end, qv_str_len(s));
    if (QV_LIKELY(end - start <= WINDOW || m == 0 || m > end - start)) {
        return back ? qv_str_rfind(s, sub, start, end) : qv_str_find(s, sub, start, end);
    }
    qv_incref(qi, s);
    qv_incref(qi, sub);
    QvSsize step = m > WINDOW ? m : WINDOW, at = -1;
    for (QvSsize done = 0, places = end - start - m + 1; at == -1 && done < places; done += step) {
        QvSsize more = (places - done < step ? places - done : step) + m - 1;
        QvSsize from = back ? end - done - more : start + done;
        at = qv_poll_here(qi) < 0 ? -2
             : back               ? qv_str_rfind(s, sub, from, from + more)
                                  : qv_str_find(s, sub, from, from + more);
    }
    qv_decref(qi, s);
    qv_decref(qi, sub);
    return at;
}

// Occurrences in s[start:end], bounds adjusted, which is long; -1 with an exception.
static QvSsize count_long(QvInterp *qi, QvObj *s, QvObj *sub, QvSsize start, QvSsize end)
{
    QvSsize m = qv_str_len(sub), count = 0, tries = 0;
    QvStrKind kind = qv_str_kind(s);
    if (m == 1) {
        for (QvSsize from = start, to; from < end; from = to) {
            if ((to = qv_poll_slice(qi, from, end)) < 0) {
                return -1;
            }
            count += qv_units_count(qv_str_at(s, from), kind, to - from, qv_str_data(sub),
                                    qv_str_kind(sub), 1, PTRDIFF_MAX);
        }
        return count;
    }
    for (QvSsize at; (at = qv_str_seek(qi, s, sub, start, end, false)) >= 0; start = at + m) {
        count++;
        if (qv_poll_step(qi, tries++) < 0) {
            return -1;
        }
    }
    return start <= end && qv_err_occurred(qi) ? -1 : count;
}

// ---- methods ------------------------------------------------------------------------------------

int qv_slice_bound(QvInterp *qi, QvObj *arg, QvSsize *ret)
{
    if (arg == NULL || arg == QV_NONE) {
        return 0;
    }
    if (!qv_is_int(arg) && arg->type->index == NULL) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "slice indices must be integers or None or have an __index__ method");
    }
    return qv_index_ssize(qi, arg, ret, NULL);
}

int qv_find_bounds(QvInterp *qi, const char *name, QvObj *const *args, QvSsize nargs,
                   QvSsize *ret_start, QvSsize *ret_end)
{
    *ret_start = 0;
    *ret_end = PTRDIFF_MAX;
    if (QV_UNLIKELY(nargs < 1 || nargs > 3)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() takes at %s %d argument%s (%zd given)",
                            name, nargs < 1 ? "least" : "most", nargs < 1 ? 1 : 3,
                            nargs < 1 ? "" : "s", nargs);
    }
    if (nargs > 1 && qv_slice_bound(qi, args[1], ret_start) < 0) {
        return -1;
    }
    return nargs > 2 ? qv_slice_bound(qi, args[2], ret_end) : 0;
}

static int find_args(QvInterp *qi, const char *name, QvObj *const *args, QvSsize nargs,
                     QvSsize *start, QvSsize *end)
{
    if (qv_find_bounds(qi, name, args, nargs, start, end) < 0) {
        return -1;
    }
    if (!qv_is_str(args[0])) {
        return qv_raise_int(qi, &qv_exc_TypeError, "must be str, not %.100T", args[0]);
    }
    return 0;
}

QV_STR_METHOD(find)
{
    QvSsize start, end;
    if (find_args(qi, "find", args, nargs, &start, &end) < 0) {
        return NULL;
    }
    QvSsize i = qv_str_seek(qi, self, args[0], start, end, false);
    return i == -2 ? NULL : qv_int_from_i64(qi, i);
}

QV_STR_METHOD(rfind)
{
    QvSsize start, end;
    if (find_args(qi, "rfind", args, nargs, &start, &end) < 0) {
        return NULL;
    }
    QvSsize i = qv_str_seek(qi, self, args[0], start, end, true);
    return i == -2 ? NULL : qv_int_from_i64(qi, i);
}

QV_STR_METHOD(index)
{
    QvSsize start, end;
    if (find_args(qi, "index", args, nargs, &start, &end) < 0) {
        return NULL;
    }
    QvSsize i = qv_str_seek(qi, self, args[0], start, end, false);
    if (i < 0) {
        return i == -2 ? NULL : qv_raise(qi, &qv_exc_ValueError, "substring not found");
    }
    return qv_int_from_i64(qi, i);
}

QV_STR_METHOD(rindex)
{
    QvSsize start, end;
    if (find_args(qi, "rindex", args, nargs, &start, &end) < 0) {
        return NULL;
    }
    QvSsize i = qv_str_seek(qi, self, args[0], start, end, true);
    if (i < 0) {
        return i == -2 ? NULL : qv_raise(qi, &qv_exc_ValueError, "substring not found");
    }
    return qv_int_from_i64(qi, i);
}

QV_STR_METHOD(count)
{
    QvSsize start, end;
    if (find_args(qi, "count", args, nargs, &start, &end) < 0) {
        return NULL;
    }
    qv_adjust_bounds(&start, &end, qv_str_len(self));
    QvSsize n = end - start;
    QvSsize m = qv_str_len(args[0]);
    if (n < m) {
        return qv_int_from_i64(qi, 0);
    }
    if (m == 0) {
        return qv_int_from_i64(qi, n + 1);
    }
    if (QV_UNLIKELY(n > WINDOW)) {
        QvSsize count = count_long(qi, self, args[0], start, end);
        return count < 0 ? NULL : qv_int_from_i64(qi, count);
    }
    return qv_int_from_i64(qi, qv_units_count(qv_str_at(self, start), qv_str_kind(self), n,
                                              qv_str_data(args[0]), qv_str_kind(args[0]), m,
                                              PTRDIFF_MAX));
}

// Does sub stand at the start (end) of s[start:end]?
static bool matches_at(const QvObj *s, const QvObj *sub, QvSsize start, QvSsize end, bool at_end)
{
    qv_adjust_bounds(&start, &end, qv_str_len(s));
    QvSsize m = qv_str_len(sub);
    if (end - start < m) {
        return false;
    }
    QvSsize from = at_end ? end - m : start;
    QvStrKind kind = qv_str_kind(s);
    QvStrKind sub_kind = qv_str_kind(sub);
    if (kind == sub_kind) {
        return memcmp(qv_str_at(s, from), qv_str_data(sub), (size_t)m << kind) == 0;
    }
    if (sub_kind > kind) {
        return false;
    }
    for (QvSsize i = 0; i < m; i++) {
        if (qv_str_read(s, from + i) != qv_str_read(sub, i)) {
            return false;
        }
    }
    return true;
}

static QvObj *tail_match(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, bool at_end)
{
    const char *name = at_end ? "endswith" : "startswith";
    QvSsize start, end;
    if (qv_find_bounds(qi, name, args, nargs, &start, &end) < 0) {
        return NULL;
    }
    QvObj *what = args[0];
    if (qv_is_str(what)) {
        return qv_bool(matches_at(self, what, start, end, at_end));
    }
    if (!qv_is_tuple(what)) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "%s first arg must be str or a tuple of str, not %.100T", name, what);
    }
    for (QvSsize i = 0; i < qv_tuple_len(what); i++) {
        QvObj *item = qv_tuple_peek(what, i);
        if (!qv_is_str(item)) {
            return qv_raise(qi, &qv_exc_TypeError, "tuple for %s must only contain str, not %.100T",
                            name, item);
        }
        if (matches_at(self, item, start, end, at_end)) {
            return QV_TRUE;
        }
    }
    return QV_FALSE;
}

QV_STR_METHOD(startswith) { return tail_match(qi, self, args, nargs, false); }

QV_STR_METHOD(endswith) { return tail_match(qi, self, args, nargs, true); }
