// SPDX-License-Identifier: MIT
// list.sort: a stable, adaptive merge sort (timsort with the powersort merge policy).
//
// Natural runs are found (descending ones reversed) or made up to minrun by binary insertion, and
// merged in the order that powersort's node powers give; merging switches to galloping where one
// side keeps winning. What is compared is chosen once for a list: keys that are all ints, or all
// floats, become numbers in the items themselves; strings, and tuples that start with one of these,
// get their beginning as a number and are asked only on a tie; the rest goes through the protocol.
//
// The list is empty (cap -1) while it is sorted, since keys and comparisons may run Python; at
// every exit the array is a permutation of what it was.
#include "object/list.h"

#include <string.h>

#include "object/caller.h"
#include "object/float.h"
#include "object/key.h"
#include "object/list_numbers.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

enum { MIN_GALLOP = 7, MAX_PENDING = 96, FEW = 64 /* items sorted on the C stack */ };

// With a key function: what is compared, and what moves with it.
typedef struct Pair {
    QvObj *key;
    QvObj *value; // the list's reference
} Pair;

typedef struct Item {
    uint64_t num; // order-preserving number, or beginning of one
    void *ref;    // the list's item, or its Pair
} Item;

typedef struct Run {
    QvSsize base, len;
    int power; // of the node between this run and the next
} Run;

typedef struct Sort {
    QvInterp *qi;
    Item *items;
    QvSsize n;
    Item *tmp; // raw block for merges
    QvSsize tmp_cap;
    QvSsize min_gallop;
    int npending;
    Run pending[MAX_PENDING];
    bool keyed;                                    // Item.ref is a Pair
    int (*less)(QvInterp *qi, QvObj *v, QvObj *w); // 1, 0, -1
} Sort;

// ---- comparing ----------------------------------------------------------------------------------

typedef enum Kind {
    KIND_NUM,    // num tells all
    KIND_PREFIX, // num first, less on a tie
    KIND_ASK,    // less
} Kind;

static int less_any(QvInterp *qi, QvObj *v, QvObj *w) { return qv_compare_bool(qi, v, w, QV_LT); }

static int less_str(QvInterp *qi, QvObj *v, QvObj *w)
{
    (void)qi;
    return qv_str_compare(v, w) < 0;
}

// Exact tuples: the first difference decides, as their own comparison does.
static int less_tuple(QvInterp *qi, QvObj *v, QvObj *w)
{
    QvSsize vn = qv_tuple_len(v), wn = qv_tuple_len(w);
    QvSsize n = vn < wn ? vn : wn;
    for (QvSsize i = 0; i < n; i++) {
        QvObj *a = qv_tuple_peek(v, i), *b = qv_tuple_peek(w, i);
        int same = qv_item_eq(qi, a, b);
        if (same < 0) {
            return -1;
        }
        if (!same) {
            if (a->type == &qv_int_type && b->type == &qv_int_type) {
                return qv_int_value(a) < qv_int_value(b);
            }
            return qv_compare_bool(qi, a, b, QV_LT);
        }
    }
    return vn < wn;
}

static inline QvObj *key_of(const Sort *s, const Item *x)
{
    return s->keyed ? ((const Pair *)x->ref)->key : (QvObj *)x->ref;
}

static QV_ALWAYS_INLINE int less(const Sort *s, const Item *x, const Item *y, Kind kind)
{
    if (kind == KIND_NUM) {
        return x->num < y->num;
    }
    if (kind == KIND_PREFIX && x->num != y->num) {
        return x->num < y->num;
    }
    return s->less(s->qi, key_of(s, x), key_of(s, y));
}

// ---- pieces of the algorithm --------------------------------------------------------------------

static void reverse_items(Item *lo, Item *hi)
{
    for (hi--; lo < hi; lo++, hi--) {
        Item t = *lo;
        *lo = *hi;
        *hi = t;
    }
}

// Length of the run at lo (at least 1); *ret_descending: it falls strictly. -1: error.
static QV_ALWAYS_INLINE QvSsize count_run(const Sort *s, const Item *lo, const Item *hi,
                                          bool *ret_descending, Kind kind)
{
    *ret_descending = false;
    if (lo + 1 >= hi) {
        return hi - lo;
    }
    int down = less(s, lo + 1, lo, kind);
    if (down < 0) {
        return -1;
    }
    *ret_descending = down > 0;
    const Item *p = lo + 2;
    for (; p < hi; p++) {
        int r = less(s, p, p - 1, kind);
        if (r < 0) {
            return -1;
        }
        if (r != down) {
            break;
        }
    }
    return p - lo;
}

// Sorts lo..hi, of which lo..start is sorted, by binary insertion.
static QV_ALWAYS_INLINE int binary_sort(const Sort *s, Item *lo, Item *hi, Item *start, Kind kind)
{
    for (; start < hi; start++) {
        Item pivot = *start;
        Item *l = lo, *r = start;
        while (l < r) {
            Item *p = l + ((r - l) >> 1);
            int before = less(s, &pivot, p, kind);
            if (before < 0) {
                return -1;
            }
            if (before) {
                r = p;
            } else {
                l = p + 1;
            }
        }
        for (Item *p = start; p > l; p--) {
            *p = *(p - 1);
        }
        *l = pivot;
    }
    return 0;
}

// Where `key` goes in the sorted a[0..n), looking outwards from a[hint]: before its equals. -1:
// error.
static QV_ALWAYS_INLINE QvSsize gallop_left(const Sort *s, const Item *key, const Item *a,
                                            QvSsize n, QvSsize hint, Kind kind)
{
    QvSsize last = 0, ofs = 1;
    int r = less(s, &a[hint], key, kind);
    if (r < 0) {
        return -1;
    }
    if (r) { // a[hint] < key: to the right, until a[hint + last] < key <= a[hint + ofs]
        QvSsize max = n - hint;
        while (ofs < max) {
            r = less(s, &a[hint + ofs], key, kind);
            if (r < 0) {
                return -1;
            }
            if (!r) {
                break;
            }
            last = ofs;
            ofs = ofs * 2 + 1;
        }
        ofs = ofs > max ? max : ofs;
        last += hint;
        ofs += hint;
    } else { // key <= a[hint]: to the left, until a[hint - ofs] < key <= a[hint - last]
        QvSsize max = hint + 1;
        while (ofs < max) {
            r = less(s, &a[hint - ofs], key, kind);
            if (r < 0) {
                return -1;
            }
            if (r) {
                break;
            }
            last = ofs;
            ofs = ofs * 2 + 1;
        }
        ofs = ofs > max ? max : ofs;
        QvSsize t = last;
        last = hint - ofs;
        ofs = hint - t;
    }
    for (last++; last < ofs;) { // a[last - 1] < key <= a[ofs]
        QvSsize m = last + ((ofs - last) >> 1);
        r = less(s, &a[m], key, kind);
        if (r < 0) {
            return -1;
        }
        if (r) {
            last = m + 1;
        } else {
            ofs = m;
        }
    }
    return ofs;
}

// The same, after its equals.
static QV_ALWAYS_INLINE QvSsize gallop_right(const Sort *s, const Item *key, const Item *a,
                                             QvSsize n, QvSsize hint, Kind kind)
{
    QvSsize last = 0, ofs = 1;
    int r = less(s, key, &a[hint], kind);
    if (r < 0) {
        return -1;
    }
    if (r) { // key < a[hint]: to the left, until a[hint - ofs] <= key < a[hint - last]
        QvSsize max = hint + 1;
        while (ofs < max) {
            r = less(s, key, &a[hint - ofs], kind);
            if (r < 0) {
                return -1;
            }
            if (!r) {
                break;
            }
            last = ofs;
            ofs = ofs * 2 + 1;
        }
        ofs = ofs > max ? max : ofs;
        QvSsize t = last;
        last = hint - ofs;
        ofs = hint - t;
    } else { // a[hint] <= key: to the right, until a[hint + last] <= key < a[hint + ofs]
        QvSsize max = n - hint;
        while (ofs < max) {
            r = less(s, key, &a[hint + ofs], kind);
            if (r < 0) {
                return -1;
            }
            if (r) {
                break;
            }
            last = ofs;
            ofs = ofs * 2 + 1;
        }
        ofs = ofs > max ? max : ofs;
        last += hint;
        ofs += hint;
    }
    for (last++; last < ofs;) { // a[last - 1] <= key < a[ofs]
        QvSsize m = last + ((ofs - last) >> 1);
        r = less(s, key, &a[m], kind);
        if (r < 0) {
            return -1;
        }
        if (r) {
            ofs = m;
        } else {
            last = m + 1;
        }
    }
    return ofs;
}

static int need_tmp(Sort *s, QvSsize n)
{
    if (n <= s->tmp_cap) {
        return 0;
    }
    qv_free(s->qi, s->tmp, (size_t)s->tmp_cap * sizeof(Item));
    s->tmp_cap = 0;
    s->tmp = (Item *)qv_alloc(s->qi, (size_t)n * sizeof(Item));
    if (s->tmp == NULL) {
        return -1;
    }
    s->tmp_cap = n;
    return 0;
}

static inline void move_items(Item *to, const Item *from, QvSsize n)
{
    memmove(to, from, (size_t)n * sizeof(Item));
}

// Merges the neighbours a[0..na) and b[0..nb), na <= nb, from the left. a[0] > b[0], a[na-1] >
// b[nb-1].
static QV_ALWAYS_INLINE int merge_lo(Sort *s, Item *a, QvSsize na, Item *b, QvSsize nb, Kind kind)
{
    if (need_tmp(s, na) < 0) {
        return -1;
    }
    Item *to = a;
    int result = -1;
    QvSsize min_gallop = s->min_gallop;
    move_items(s->tmp, a, na);
    a = s->tmp;
    *to++ = *b++;
    nb--;
    if (nb == 0) {
        goto done;
    }
    if (na == 1) {
        goto last_of_a;
    }
    for (;;) {
        QvSsize wins_a = 0, wins_b = 0;
        for (;;) {
            int r = qv_poll_here(s->qi) < 0 ? -1 : less(s, b, a, kind);
            if (r < 0) {
                goto fail;
            }
            if (r) {
                *to++ = *b++;
                wins_b++;
                wins_a = 0;
                if (--nb == 0) {
                    goto done;
                }
                if (wins_b >= min_gallop) {
                    break;
                }
            } else {
                *to++ = *a++;
                wins_a++;
                wins_b = 0;
                if (--na == 1) {
                    goto last_of_a;
                }
                if (wins_a >= min_gallop) {
                    break;
                }
            }
        }
        min_gallop++;
        do {
            min_gallop -= min_gallop > 1;
            s->min_gallop = min_gallop;
            wins_a = gallop_right(s, b, a, na, 0, kind);
            if (wins_a < 0) {
                goto fail;
            }
            move_items(to, a, wins_a);
            to += wins_a;
            a += wins_a;
            na -= wins_a;
            if (na == 1) {
                goto last_of_a;
            }
            if (na == 0) { // only when the comparison is inconsistent
                goto done;
            }
            *to++ = *b++;
            if (--nb == 0) {
                goto done;
            }
            wins_b = gallop_left(s, a, b, nb, 0, kind);
            if (wins_b < 0) {
                goto fail;
            }
            move_items(to, b, wins_b);
            to += wins_b;
            b += wins_b;
            nb -= wins_b;
            if (nb == 0) {
                goto done;
            }
            *to++ = *a++;
            if (--na == 1) {
                goto last_of_a;
            }
        } while (wins_a >= MIN_GALLOP || wins_b >= MIN_GALLOP);
        min_gallop++;
        s->min_gallop = min_gallop;
    }
done:
    result = 0;
fail:
    move_items(to, a, na);
    return result;
last_of_a:
    // The last of a is behind all of b.
    move_items(to, b, nb);
    to[nb] = *a;
    return 0;
}

// The same from the right, for na >= nb.
static QV_ALWAYS_INLINE int merge_hi(Sort *s, Item *a, QvSsize na, Item *b, QvSsize nb, Kind kind)
{
    if (need_tmp(s, nb) < 0) {
        return -1;
    }
    Item *to = b + nb - 1, *base_a = a, *base_b = s->tmp;
    int result = -1;
    QvSsize min_gallop = s->min_gallop;
    move_items(s->tmp, b, nb);
    b = s->tmp + nb - 1;
    a += na - 1;
    *to-- = *a--;
    na--;
    if (na == 0) {
        goto done;
    }
    if (nb == 1) {
        goto first_of_b;
    }
    for (;;) {
        QvSsize wins_a = 0, wins_b = 0;
        for (;;) {
            int r = qv_poll_here(s->qi) < 0 ? -1 : less(s, b, a, kind);
            if (r < 0) {
                goto fail;
            }
            if (r) {
                *to-- = *a--;
                wins_a++;
                wins_b = 0;
                if (--na == 0) {
                    goto done;
                }
                if (wins_a >= min_gallop) {
                    break;
                }
            } else {
                *to-- = *b--;
                wins_b++;
                wins_a = 0;
                if (--nb == 1) {
                    goto first_of_b;
                }
                if (wins_b >= min_gallop) {
                    break;
                }
            }
        }
        min_gallop++;
        do {
            min_gallop -= min_gallop > 1;
            s->min_gallop = min_gallop;
            QvSsize k = gallop_right(s, b, base_a, na, na - 1, kind);
            if (k < 0) {
                goto fail;
            }
            wins_a = na - k;
            to -= wins_a;
            a -= wins_a;
            move_items(to + 1, a + 1, wins_a);
            na = k;
            if (na == 0) {
                goto done;
            }
            *to-- = *b--;
            if (--nb == 1) {
                goto first_of_b;
            }
            k = gallop_left(s, a, base_b, nb, nb - 1, kind);
            if (k < 0) {
                goto fail;
            }
            wins_b = nb - k;
            to -= wins_b;
            b -= wins_b;
            move_items(to + 1, b + 1, wins_b);
            nb = k;
            if (nb == 1) {
                goto first_of_b;
            }
            if (nb == 0) { // only when the comparison is inconsistent
                goto done;
            }
            *to-- = *a--;
            if (--na == 0) {
                goto done;
            }
        } while (wins_a >= MIN_GALLOP || wins_b >= MIN_GALLOP);
        min_gallop++;
        s->min_gallop = min_gallop;
    }
done:
    result = 0;
fail:
    move_items(to - (nb - 1), base_b, nb);
    return result;
first_of_b:
    // The first of b is before all of a.
    move_items(to + 1 - na, a + 1 - na, na);
    *(to - na) = *b;
    return 0;
}

// Merges the pending runs i and i + 1.
static QV_ALWAYS_INLINE int merge_at(Sort *s, int i, Kind kind)
{
    Item *a = s->items + s->pending[i].base, *b = s->items + s->pending[i + 1].base;
    QvSsize na = s->pending[i].len, nb = s->pending[i + 1].len;
    s->pending[i].len = na + nb;
    if (i == s->npending - 3) {
        s->pending[i + 1] = s->pending[i + 2];
    }
    s->npending--;
    // What of a is not greater than the first of b stays, and what of b is not less than the last
    // of a.
    QvSsize k = qv_poll_here(s->qi) < 0 ? -1 : gallop_right(s, b, a, na, 0, kind);
    if (k < 0) {
        return -1;
    }
    a += k;
    na -= k;
    if (na == 0) {
        return 0;
    }
    nb = gallop_left(s, a + na - 1, b, nb, nb - 1, kind);
    if (nb <= 0) {
        return (int)nb;
    }
    return na <= nb ? merge_lo(s, a, na, b, nb, kind) : merge_hi(s, a, na, b, nb, kind);
}

// Depth, in the tree that halves 0..n again and again, of the node between two runs.
static int node_power(QvSsize base, QvSsize len1, QvSsize len2, QvSsize n)
{
    int power = 0;
    QvSsize a = 2 * base + len1, b = a + len1 + len2; // twice the middles
    for (;;) {
        power++;
        if (a >= n) {
            a -= n;
            b -= n;
        } else if (b >= n) {
            return power;
        }
        a *= 2;
        b *= 2;
    }
}

static QvSsize min_run(QvSsize n)
{
    QvSsize rest = 0;
    while (n >= 64) {
        rest |= n & 1;
        n >>= 1;
    }
    return n + rest;
}

static QV_ALWAYS_INLINE int sort_kind(Sort *s, int (*merge)(Sort *s, int i), Kind kind)
{
    Item *lo = s->items, *hi = s->items + s->n;
    QvSsize minrun = min_run(s->n);
    while (lo < hi) {
        bool descending;
        QvSsize len = qv_poll_here(s->qi) < 0 ? -1 : count_run(s, lo, hi, &descending, kind);
        if (len < 0) {
            return -1;
        }
        if (descending) {
            reverse_items(lo, lo + len);
        }
        if (len < minrun) {
            QvSsize forced = hi - lo < minrun ? hi - lo : minrun;
            if (binary_sort(s, lo, lo + forced, lo + len, kind) < 0) {
                return -1;
            }
            len = forced;
        }
        if (s->npending > 0) {
            Run *top = &s->pending[s->npending - 1];
            int power = node_power(top->base, top->len, len, s->n);
            while (s->npending > 1 && s->pending[s->npending - 2].power > power) {
                if (merge(s, s->npending - 2) < 0) {
                    return -1;
                }
            }
            s->pending[s->npending - 1].power = power;
        }
        s->pending[s->npending++] = (Run){lo - s->items, len, 0};
        lo += len;
    }
    while (s->npending > 1) {
        int i = s->npending - 2;
        if (i > 0 && s->pending[i - 1].len < s->pending[i + 1].len) {
            i--;
        }
        if (merge(s, i) < 0) {
            return -1;
        }
    }
    return 0;
}

// One instance of everything for each kind.
static QV_NOINLINE int merge_num(Sort *s, int i) { return merge_at(s, i, KIND_NUM); }

static QV_NOINLINE int sort_num(Sort *s) { return sort_kind(s, merge_num, KIND_NUM); }

static QV_NOINLINE int merge_prefix(Sort *s, int i) { return merge_at(s, i, KIND_PREFIX); }

static QV_NOINLINE int sort_prefix(Sort *s) { return sort_kind(s, merge_prefix, KIND_PREFIX); }

static QV_NOINLINE int merge_ask(Sort *s, int i) { return merge_at(s, i, KIND_ASK); }

static QV_NOINLINE int sort_ask(Sort *s) { return sort_kind(s, merge_ask, KIND_ASK); }

// ---- choosing the comparison --------------------------------------------------------------------

static uint64_t num_of_int(int64_t v) { return (uint64_t)v ^ (UINT64_C(1) << 63); }

// Not for NaN.
static uint64_t num_of_double(double v)
{
    uint64_t bits;
    v = v == 0 ? 0 : v; // -0.0 equals 0.0
    memcpy(&bits, &v, sizeof(bits));
    return bits >> 63 ? ~bits : bits | (UINT64_C(1) << 63);
}

// The first 8 characters of a Latin-1 string, or (all strings of a list alike) 3 of any.
static uint64_t num_of_str(const QvObj *o, bool latin1)
{
    uint64_t num = 0;
    QvSsize n = qv_str_len(o), most = latin1 ? 8 : 3;
    int bits = latin1 ? 8 : 21;
    for (QvSsize i = 0; i < most; i++) {
        num = num << bits | (i < n ? qv_str_read(o, i) : 0);
    }
    return num;
}

static QvObj *head(QvObj *key, bool tuples) { return tuples ? qv_tuple_peek(key, 0) : key; }

static bool stop_wanted(const Sort *s, QvSsize i)
{
    return QV_UNLIKELY((i & 4095) == 4095 && (qv_poll_peek(s->qi) & QV_POLL_STOP));
}

// For what number_items refuses. (KIND_ASK begins with a look at the poll flag: a stop comes
// there.)
static Kind choose(Sort *s)
{
    s->less = less_any;
    QvObj *first = key_of(s, &s->items[0]);
    bool tuples = qv_is_tuple_exact(first);
    if (tuples) {
        for (QvSsize i = 0; i < s->n; i++) {
            QvObj *key = key_of(s, &s->items[i]);
            if (!qv_is_tuple_exact(key) || qv_tuple_len(key) == 0 || stop_wanted(s, i)) {
                return KIND_ASK;
            }
        }
        s->less = less_tuple;
    }
    const QvType *type = head(first, tuples)->type;
    if (type != &qv_int_type && type != &qv_float_type && type != &qv_str_type) {
        return KIND_ASK;
    }
    bool latin1 = true;
    for (QvSsize i = 0; i < s->n; i++) {
        QvObj *x = head(key_of(s, &s->items[i]), tuples);
        if (x->type != type || stop_wanted(s, i)) {
            return KIND_ASK;
        }
        if (type == &qv_float_type && qv_float_value(x) != qv_float_value(x)) {
            return KIND_ASK;
        }
        latin1 = latin1 && type == &qv_str_type && qv_str_kind(x) == QV_STR_1;
    }
    for (QvSsize i = 0; i < s->n; i++) {
        QvObj *x = head(key_of(s, &s->items[i]), tuples);
        s->items[i].num = type == &qv_int_type     ? num_of_int(qv_int_value(x))
                          : type == &qv_float_type ? num_of_double(qv_float_value(x))
                                                   : num_of_str(x, latin1);
    }
    if (!tuples) {
        s->less = less_str;
    }
    return tuples || type == &qv_str_type ? KIND_PREFIX : KIND_NUM;
}

// Makes items of keys that are all ints, or all floats without NaN. 1, and whether they are in
// order already; 0: other keys; -1: the script is being stopped.
static int number_items(QvInterp *qi, Item *items, QvObj *const *keys, QvObj *const *values,
                        QvSsize n, bool *ret_in_order)
{
    const QvType *type = keys[0]->type;
    uint64_t last = 0, descents = 0;
    if (type != &qv_int_type && type != &qv_float_type) {
        return 0;
    }
    for (QvSsize i = 0; i < n; i++) {
        QvObj *key = keys[i];
        if (key->type != type) {
            return 0;
        }
        uint64_t num;
        if (type == &qv_int_type) {
            num = num_of_int(qv_int_value(key));
        } else {
            double v = qv_float_value(key);
            if (v != v) {
                return 0;
            }
            num = num_of_double(v);
        }
        descents += num < last;
        last = num;
        items[i] = (Item){num, values[i]};
        if (QV_UNLIKELY(qv_stop_step(qi, i) < 0)) {
            return -1;
        }
    }
    *ret_in_order = descents == 0;
    return 1;
}

static int sort_any(Sort *s)
{
    Kind kind = choose(s);
    return kind == KIND_NUM ? sort_num(s) : kind == KIND_PREFIX ? sort_prefix(s) : sort_ask(s);
}

// Sorts values[0..n) by as many keys, borrowed (or by themselves). 0 or -1; always a permutation.
static int sort_values(QvInterp *qi, QvObj **values, QvObj *const *keys, QvSsize n)
{
    Item few[FEW];
    Pair few_pairs[FEW], *pairs = NULL;
    Sort s;
    s.qi = qi;
    s.n = n;
    s.tmp = NULL;
    s.tmp_cap = 0;
    s.min_gallop = MIN_GALLOP;
    s.npending = 0;
    s.keyed = false;
    s.items = n <= FEW ? few : (Item *)qv_alloc(qi, (size_t)n * sizeof(Item));
    if (s.items == NULL) {
        return -1;
    }
    bool in_order = false;
    int r = -1, numbers = number_items(qi, s.items, keys ? keys : values, values, n, &in_order);
    if (numbers < 0) {
        in_order = true; // the values are as they were
    } else if (numbers > 0) {
        r = in_order ? 0 : sort_num(&s);
    } else if (!keys) {
        for (QvSsize i = 0; i < n; i++) {
            s.items[i] = (Item){0, values[i]};
        }
        r = sort_any(&s);
    } else {
        pairs = n <= FEW ? few_pairs : (Pair *)qv_alloc(qi, (size_t)n * sizeof(Pair));
        s.keyed = true;
        for (QvSsize i = 0; pairs && i < n; i++) {
            pairs[i] = (Pair){keys[i], values[i]};
            s.items[i] = (Item){0, &pairs[i]};
        }
        r = pairs ? sort_any(&s) : -1;
    }
    if (s.keyed && pairs) {
        for (QvSsize i = 0; i < n; i++) {
            values[i] = ((Pair *)s.items[i].ref)->value;
        }
    } else if (!s.keyed && !in_order) {
        for (QvSsize i = 0; i < n; i++) {
            values[i] = (QvObj *)s.items[i].ref;
        }
    }
    if (pairs != few_pairs) {
        qv_free(qi, pairs, (size_t)n * sizeof(Pair));
    }
    if (s.items != few) {
        qv_free(qi, s.items, (size_t)n * sizeof(Item));
    }
    qv_free(qi, s.tmp, (size_t)s.tmp_cap * sizeof(Item));
    return r;
}

static void reverse_values(QvObj **values, QvSsize n)
{
    for (QvSsize i = 0, k = n - 1; i < k; i++, k--) {
        QvObj *t = values[i];
        values[i] = values[k];
        values[k] = t;
    }
}

// Is the list of one kind of numbers or strings, and in order already? Comparing them runs no
// Python, so nothing of the list has to be put away for it.
static bool is_part_sorted(QvObj *const *values, QvSsize n, bool reverse)
{
    const QvType *type = values[0]->type;
    QvSsize i = 1;
    if (type == &qv_int_type) {
        for (int64_t last = qv_int_value(values[0]), now; i < n; i++, last = now) {
            if (values[i]->type != type) {
                return false;
            }
            now = qv_int_value(values[i]);
            if (reverse ? now > last : now < last) {
                return false;
            }
        }
    } else if (type == &qv_float_type) {
        for (double last = qv_float_value(values[0]), now; i < n; i++, last = now) {
            if (values[i]->type != type) {
                return false;
            }
            now = qv_float_value(values[i]);
            if (!(reverse ? now <= last : now >= last)) { // NaN: not this way
                return false;
            }
        }
    } else if (type == &qv_str_type) {
        for (; i < n; i++) {
            if (values[i]->type != type) {
                return false;
            }
            int order = qv_str_compare(values[i], values[i - 1]);
            if (reverse ? order > 0 : order < 0) {
                return false;
            }
        }
    }
    return i == n;
}

// The same in parts, which share an item: 1, 0, -1 when the script is being stopped.
static int is_sorted(QvInterp *qi, QvObj *const *values, QvSsize n, bool reverse)
{
    for (QvSsize from = 0, to; from < n - 1; from = to - 1) {
        if ((to = qv_stop_slice(qi, from, n)) < 0) {
            return -1;
        }
        if (!is_part_sorted(values + from, to - from, reverse)) {
            return 0;
        }
    }
    return 1;
}

// Calls the key function for each value, until it fails. How many keys there are, all owned.
static QvSsize make_keys(QvInterp *qi, QvObj *const *values, QvObj **keys, QvSsize n, QvObj *key)
{
    QvCaller caller = qv_caller(key);
    for (QvSsize i = 0; i < n; i++) {
        keys[i] = qv_poll_step(qi, i) < 0 ? NULL : qv_caller_call1(qi, &caller, values[i]);
        if (keys[i] == NULL) {
            return i;
        }
    }
    return n;
}

// Drops `made` keys in a block for n, which is `few` or raw. Many go by way of a list: when the
// script is being stopped, that waits with its end.
static void drop_keys(QvInterp *qi, QvObj **keys, QvSsize made, QvSsize n, QvObj **few)
{
    QvObj *list = keys != few && n >= 4096 ? qv_list_new(qi, 0) : NULL;
    if (list) {
        QvList *l = (QvList *)list;
        l->items = keys;
        l->boxed = made;
        l->cap = n;
        qv_decref(qi, list);
        return;
    }
    qv_err_clear(qi);
    for (QvSsize i = 0; i < made; i++) {
        qv_decref(qi, keys[i]);
    }
    if (keys != few) {
        qv_free(qi, keys, (size_t)n * sizeof(QvObj *));
    }
}

QV_RUNS int qv_list_sort(QvInterp *qi, QvObj *o, QvObj *key, bool reverse)
{
    QvList *l = (QvList *)o;
    QvObj **values = l->items;
    QvSsize n = l->boxed, cap = l->cap;
    if (QV_UNLIKELY(l->numbers != NULL)) {
        if (key == NULL) {
            return qv_numbers_sort(qi, l, reverse);
        }
        if (qv_list_box(qi, o) < 0) {
            return -1;
        }
        values = l->items;
        n = l->boxed;
        cap = l->cap;
    }
    if (cap >= 0 && !key) {
        int sorted = n < 2 ? 1 : is_sorted(qi, values, n, reverse);
        if (sorted != 0) {
            return sorted < 0 ? -1 : 0;
        }
    }
    QvObj *few[FEW];
    l->items = NULL;
    l->boxed = 0;
    l->cap = -1;

    QvObj **keys = NULL;
    QvSsize made = 0;
    int r = 0;
    if (reverse) {
        // Equal items keep their order: turned round before and after.
        reverse_values(values, n);
    }
    if (key && n > 0) {
        keys = n <= FEW ? few : (QvObj **)qv_alloc(qi, (size_t)n * sizeof(QvObj *));
        made = keys ? make_keys(qi, values, keys, n, key) : 0;
        r = made == n ? 0 : -1;
    }
    if (r == 0 && n > 1) {
        r = sort_values(qi, values, keys, n);
    }
    if (reverse) {
        reverse_values(values, n);
    }

    // The keys first: what their ends do to the list counts too. Then the list itself before what
    // was put in meanwhile, whose end may run Python.
    QvObj *exc = r < 0 ? qv_err_fetch(qi) : NULL;
    if (keys) {
        drop_keys(qi, keys, made, n, few);
    }
    if (exc) {
        qv_err_restore(qi, exc);
    } else if (l->cap != -1) {
        r = qv_raise_int(qi, &qv_exc_ValueError, "list modified during sort");
    }
    qv_numbers_drop(qi, l); // packed meanwhile
    QvObj **late = l->items;
    QvSsize late_n = l->boxed, late_cap = l->cap;
    l->items = values;
    l->boxed = n;
    l->cap = cap;
    exc = r < 0 ? qv_err_fetch(qi) : NULL;
    for (QvSsize i = 0; i < late_n; i++) {
        qv_decref(qi, late[i]);
    }
    if (late) {
        qv_free(qi, late, (size_t)late_cap * sizeof(QvObj *));
    }
    if (exc) {
        qv_err_restore(qi, exc);
    }
    return r;
}
