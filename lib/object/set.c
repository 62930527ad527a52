// SPDX-License-Identifier: MIT
// set and frozenset: one open table of (key, hash).
//
// Probing looks at a run of LINEAR neighbours, then jumps by the other bits of the hash; sizes and
// growth follow CPython, so sets of ints come out in the same order there and here.
//
// Invariants: a free entry is {NULL, 0}, a deleted one {NULL, -1}; fill counts used and deleted
// ones and stays below 3/5 of the table (above only between an insertion and its resize).
// Comparisons may run Python and change the table: a probe that finds it changed starts again.
#include "object/set.h"

#include <string.h>

#include "base/hash.h"
#include "object/alloc.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/walk.h"

enum { LINEAR = 9, MIN_SIZE = 8 };

#define SET_MAX (PTRDIFF_MAX / (QvSsize)sizeof(QvSetEntry) / 8)

typedef struct QvSetIter {
    QvObj h;
    QvObj *set;   // owned; NULL when exhausted
    QvSsize pos;  // next entry
    QvSsize used; // size at the start; -1 after a complaint
    QvSsize left;
} QvSetIter;

static inline QvSet *as_set(const QvObj *o) { return (QvSet *)(uintptr_t)o; }

bool qv_is_anyset(const QvObj *o)
{
    return o->type == &qv_set_type || o->type == &qv_frozenset_type ||
           qv_type_is_subtype(o->type, &qv_set_type) ||
           qv_type_is_subtype(o->type, &qv_frozenset_type);
}

static bool is_set(const QvObj *o) { return qv_is_instance_of(o, &qv_set_type); }

static QvType *base_type(const QvObj *o) { return is_set(o) ? &qv_set_type : &qv_frozenset_type; }

// ---- the table ----------------------------------------------------------------------------------

static inline size_t table_bytes(QvSsize mask) { return (size_t)(mask + 1) * sizeof(QvSetEntry); }

static QvSetEntry *table_new(QvInterp *qi, QvSsize mask)
{
    if (mask == MIN_SIZE - 1) { // straight stores
        QvSetEntry *small = qv_heap_alloc(&qi->heap, MIN_SIZE * sizeof(QvSetEntry));
        if (QV_UNLIKELY(small == NULL)) {
            qv_raise_oom(qi);
            return NULL;
        }
        memset(small, 0, MIN_SIZE * sizeof(QvSetEntry));
        return small;
    }
    QvSetEntry *table = (QvSetEntry *)qv_heap_alloc_zero(&qi->heap, table_bytes(mask));
    if (!table) {
        qv_raise_oom(qi);
    }
    return table;
}

// A place for a key that is known to be absent from a table without deleted entries.
static QvSetEntry *clean_place(QvSetEntry *table, QvSsize mask, QvHash hash)
{
    size_t perturb = (size_t)hash, m = (size_t)mask;
    size_t i = (size_t)hash & m;
    if (QV_LIKELY(table[i].key == NULL)) {
        return &table[i];
    }
    for (;;) {
        QvSetEntry *e = &table[i];
        for (int n = i + LINEAR <= m ? LINEAR : 0; n >= 0; n--, e++) {
            if (e->key == NULL) {
                return e;
            }
        }
        perturb >>= 5;
        i = (i * 5 + 1 + perturb) & m;
    }
}

// Makes the table large enough for more than `need` entries, without deleted ones. 0 or -1.
static QV_NOINLINE int resize(QvInterp *qi, QvSet *s, QvSsize need)
{
    if (need > SET_MAX) {
        qv_raise_oom(qi);
        return -1;
    }
    QvSsize size = MIN_SIZE;
    while (size <= need) {
        size *= 2;
    }
    QvSetEntry *table = table_new(qi, size - 1);
    if (table == NULL) {
        return -1;
    }
    QvSetEntry *old = s->table;
    QvSsize old_mask = s->mask;
    if (old) {
        QvSsize left = s->used;
        for (const QvSetEntry *e = old; left > 0; e++) {
            if (e->key) {
                *clean_place(table, size - 1, e->hash) = *e;
                left--;
                if (qv_stop_step(qi, left) < 0) {
                    qv_free(qi, table, table_bytes(size - 1));
                    return -1;
                }
            }
        }
        qv_free(qi, old, table_bytes(old_mask));
    }
    s->table = table;
    s->mask = size - 1;
    s->fill = s->used;
    return 0;
}

static inline QvSsize grown(const QvSet *s) { return s->used > 50000 ? s->used * 2 : s->used * 4; }

// Compares the key of entry e (of equal hash) with key. 1, 0, -1; 2: the table has changed
// meanwhile.
static QV_NOINLINE int ask(QvInterp *qi, const QvSet *s, const QvSetEntry *e, QvObj *key)
{
    QvSetEntry *table = s->table;
    QvSsize mask = s->mask;
    QvObj *k = qv_new_ref(qi, e->key);
    int same = qv_compare_bool(qi, k, key, QV_EQ);
    bool moved = s->table != table || s->mask != mask || e->key != k;
    qv_decref(qi, k);
    if (same < 0) {
        return -1;
    }
    moved = moved || s->table != table || s->mask != mask || e->key != k;
    return moved ? 2 : same;
}

enum { MUST_ASK = 2 };

// Looks for a key: 1 found, 0 absent, -1 error. *ret_entry: the entry, or where an absent key would
// go (NULL when there is no table). With `reuse` that is the last deleted entry on the way, as in
// CPython; else the free entry that ended the search. `quick`: runs no Python, but may give up with
// MUST_ASK.
static QV_ALWAYS_INLINE int search(QvInterp *qi, const QvSet *s, QvObj *key, QvHash hash,
                                   bool reuse, bool quick, QvSetEntry **ret_entry)
{
restart:;
    QvSetEntry *table = s->table, *deleted = NULL;
    *ret_entry = NULL;
    if (QV_UNLIKELY(table == NULL)) {
        return 0;
    }
    size_t mask = (size_t)s->mask, perturb = (size_t)hash;
    size_t i = (size_t)hash & mask;
    unsigned rounds = 0;
    for (;;) {
        QvSetEntry *e = &table[i];
        for (int n = i + LINEAR <= mask ? LINEAR : 0; n >= 0; n--, e++) {
            if (e->hash == hash && e->key) {
                bool known;
                int same = qv_key_same(e->key, key, &known);
                if (QV_UNLIKELY(!known)) {
                    if (quick) {
                        return MUST_ASK;
                    }
                    same = ask(qi, s, e, key);
                    if (same == 2) {
                        goto restart;
                    }
                }
                if (same != 0) {
                    *ret_entry = e;
                    return same;
                }
            } else if (e->key == NULL) {
                if (e->hash != -1) {
                    *ret_entry = deleted ? deleted : e;
                    return 0;
                }
                deleted = reuse ? e : NULL;
            }
        }
        // Keys may be made so that all of them meet.
        if (QV_UNLIKELY(++rounds % 256 == 0)) {
            if (quick && (qv_poll_peek(qi) & QV_POLL_STOP)) {
                return MUST_ASK;
            }
            if (!quick && qv_stop_here(qi) < 0) {
                return -1;
            }
        }
        perturb >>= 5;
        i = (i * 5 + 1 + perturb) & mask;
    }
}

static QV_ALWAYS_INLINE int find(QvInterp *qi, const QvSet *s, QvObj *key, QvHash hash, bool reuse,
                                 QvSetEntry **ret_entry)
{
    return search(qi, s, key, hash, reuse, false, ret_entry);
}

// The entry where every search for the hash begins. There is a table.
static inline QvSetEntry *first_place(const QvSet *s, QvHash hash)
{
    return &s->table[(size_t)hash & (size_t)s->mask];
}

static inline bool is_free(const QvSetEntry *e) { return e->key == NULL && e->hash == 0; }

// The search for key number i of a walk, which nobody holds for that: quick, and once in 4,096 keys
// given up for a look at the poll flag.
static QV_ALWAYS_INLINE int find_walked(QvInterp *qi, const QvSet *s, QvObj *key, QvHash hash,
                                        QvSsize i, bool reuse, QvSetEntry **ret_entry)
{
    if (QV_UNLIKELY((i & 4095) == 4095)) {
        return MUST_ASK;
    }
    if (QV_LIKELY(s->table != NULL)) { // mostly the first entry tells
        QvSetEntry *e = *ret_entry = first_place(s, hash);
        if (is_free(e)) {
            return 0;
        }
        if (e->key == key) {
            return 1;
        }
    }
    return search(qi, s, key, hash, reuse, true, ret_entry);
}

static int contains_hashed(QvInterp *qi, const QvSet *s, QvObj *key, QvHash hash)
{
    if (s->used == 0) {
        return 0;
    }
    QvSetEntry *e = first_place(s, hash);
    if (e->key == key || is_free(e)) {
        return e->key == key;
    }
    return find(qi, s, key, hash, false, &e);
}

static QV_NOINLINE int make_table(QvInterp *qi, QvSet *s)
{
    s->table = table_new(qi, s->mask);
    return s->table ? 0 : -1;
}

// Puts the key into an entry that was free (`fresh`) or deleted.
static QV_ALWAYS_INLINE int put(QvInterp *qi, QvSet *s, QvSetEntry *e, QvObj *key, QvHash hash)
{
    qv_check_own(qi, &s->h);
    bool fresh = e->hash != -1;
    e->key = qv_new_ref(qi, key);
    e->hash = hash;
    s->used++;
    if (!fresh) {
        return 0;
    }
    s->fill++;
    if (QV_UNLIKELY(s->fill * 5 >= s->mask * 3) && resize(qi, s, grown(s)) < 0) {
        // As if it had not come: a table may never run full.
        *e = (QvSetEntry){0};
        s->fill--;
        s->used--;
        qv_decref(qi, key);
        return -1;
    }
    return 0;
}

static int add_hashed(QvInterp *qi, QvSet *s, QvObj *key, QvHash hash)
{
    qv_check_own(qi, &s->h);
    if (QV_UNLIKELY(s->table == NULL) && make_table(qi, s) < 0) {
        return -1;
    }
    QvSetEntry *e = first_place(s, hash);
    if (!is_free(e)) {
        int r = find(qi, s, key, hash, true, &e);
        if (r != 0) {
            return r < 0 ? -1 : 0;
        }
        if (QV_UNLIKELY(e == NULL)) { // a comparison emptied the set
            return add_hashed(qi, s, key, hash);
        }
    }
    return put(qi, s, e, key, hash);
}

// Adds a key that is known to be absent to a set without deleted entries. Runs no Python.
static QV_ALWAYS_INLINE int add_fresh(QvInterp *qi, QvSet *s, QvObj *key, QvHash hash)
{
    if (QV_UNLIKELY(s->table == NULL) && make_table(qi, s) < 0) {
        return -1;
    }
    return put(qi, s, clean_place(s->table, s->mask, hash), key, hash);
}

QV_RUNS static inline void take_out(QvInterp *qi, QvSet *s, QvSetEntry *e)
{
    QvObj *old = e->key;
    *e = (QvSetEntry){.key = NULL, .hash = -1};
    s->used--;
    qv_decref(qi, old);
}

// 1 removed, 0 absent, -1.
static int discard_hashed(QvInterp *qi, QvSet *s, QvObj *key, QvHash hash)
{
    if (s->used == 0) {
        return 0;
    }
    QvSetEntry *e = first_place(s, hash);
    int r = e->key == key ? 1 : is_free(e) ? 0 : find(qi, s, key, hash, false, &e);
    if (r > 0) {
        take_out(qi, s, e);
    }
    return r;
}

QV_RUNS int qv_set_add(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvHash hash = qv_key_hash(qi, key);
    return hash == -1 ? -1 : add_hashed(qi, as_set(o), key, hash);
}

QV_RUNS int qv_set_contains(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvHash hash = qv_key_hash(qi, key);
    return hash == -1 ? -1 : contains_hashed(qi, as_set(o), key, hash);
}

QV_RUNS int qv_set_discard(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvHash hash = qv_key_hash(qi, key);
    return hash == -1 ? -1 : discard_hashed(qi, as_set(o), key, hash);
}

// The next entry with a key from *pos on; NULL at the end. It may have changed since the last one.
static QV_ALWAYS_INLINE const QvSetEntry *entry_from(const QvSet *s, QvSsize *pos)
{
    const QvSetEntry *table = s->table;
    if (QV_LIKELY(table != NULL)) {
        for (QvSsize i = *pos, mask = s->mask; i <= mask; i++) {
            if (table[i].key) {
                *pos = i + 1;
                return &table[i];
            }
        }
    }
    *pos = s->mask + 1;
    return NULL;
}

bool qv_set_next(const QvObj *o, QvSsize *pos, QvObj **ret_key)
{
    const QvSetEntry *e = entry_from(as_set(o), pos);
    if (e == NULL) {
        return false;
    }
    *ret_key = e->key;
    return true;
}

QvObj *qv_set_step(QvInterp *qi, const QvObj *o, QvSsize *pos, QvHash *ret_hash)
{
    const QvSetEntry *e = entry_from(as_set(o), pos);
    if (e == NULL) {
        return NULL;
    }
    *ret_hash = e->hash;
    return qv_new_ref(qi, e->key);
}

// ---- life ---------------------------------------------------------------------------------------

static QvObj *alloc(QvInterp *qi, QvType *type)
{
    bool exact = type == &qv_set_type || type == &qv_frozenset_type;
    QvObj *o = exact ? qv_alloc_gc(qi, type, sizeof(QvSet)) : qv_obj_new(qi, type);
    if (o) {
        as_set(o)->mask = MIN_SIZE - 1;
        as_set(o)->hash = -1;
    }
    return o;
}

// Drops a table with `used` keys that belongs to nobody any more, or once did to the dying set o:
// it may get back what is left and be put aside.
static void drop_table(QvInterp *qi, QvObj *o, QvSetEntry *table, QvSsize mask, QvSsize used)
{
    if (table == NULL) {
        return;
    }
    if (QV_LIKELY(mask == MIN_SIZE - 1)) { // too few to pause at
        for (QvSetEntry *e = table; e < table + MIN_SIZE; e++) {
            qv_xdecref(qi, e->key);
        }
        qv_heap_free(&qi->heap, table, MIN_SIZE * sizeof(QvSetEntry));
        return;
    }
    for (QvSetEntry *e = table; used > 0;) {
        for (const QvSetEntry *stop = e + QV_DEALLOC_STEP; used > 0 && e < stop; e++) {
            if (e->key) {
                qv_decref(qi, e->key);
                used--;
            }
        }
        if (used > 0 && QV_UNLIKELY(qv_dealloc_hurries(qi)) && o && qv_dealloc_pause(qi, o)) {
            memset(table, 0, (size_t)((char *)e - (char *)table));
            QvSet *s = as_set(o);
            s->table = table;
            s->mask = mask;
            s->used = s->fill = used;
            return;
        }
    }
    qv_free(qi, table, table_bytes(mask));
}

QV_RUNS void qv_set_clear(QvInterp *qi, QvObj *o)
{
    QvSet *s = as_set(o);
    QvSetEntry *table = s->table;
    QvSsize mask = s->mask, used = s->used;
    s->table = NULL;
    s->mask = MIN_SIZE - 1;
    s->used = s->fill = s->finger = 0;
    s->hash = -1;
    drop_table(qi, o, table, mask, used);
}

// The end of an exact set or frozenset in one call.
QV_RUNS static void set_dealloc(QvInterp *qi, QvObj *o)
{
    if (QV_UNLIKELY(o->type != &qv_set_type && o->type != &qv_frozenset_type)) {
        qv_obj_dealloc(qi, o);
        return;
    }
    qv_set_clear(qi, o);
    if (QV_LIKELY(!(o->flags & QV_F_QUEUED))) { // else it has been put aside
        qv_alloc_gc_free(qi, o, sizeof(QvSet));
    }
}

// Exchanges the contents of two sets.
static void swap(QvSet *a, QvSet *b)
{
    QvSet t = *a;
    a->table = b->table;
    a->mask = b->mask;
    a->used = b->used;
    a->fill = b->fill;
    a->finger = 0;
    b->table = t.table;
    b->mask = t.mask;
    b->used = t.used;
    b->fill = t.fill;
    b->finger = 0;
    a->hash = b->hash = -1;
}

static int set_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    const QvSet *s = as_set(o);
    QvSsize left = s->used;
    for (const QvSetEntry *e = s->table; left > 0; e++) {
        if (e->key) {
            QV_VISIT(e->key);
            left--;
        }
    }
    return 0;
}

// ---- update -------------------------------------------------------------------------------------

// copy_table for a large one. After a stop the set has the keys that were copied until then.
static QV_NOINLINE int copy_large_table(QvInterp *qi, QvSet *s, const QvSet *other)
{
    QvSetEntry *table = table_new(qi, other->mask);
    if (table == NULL) {
        return -1;
    }
    s->table = table;
    s->used = s->fill = 0;
    for (QvSsize i = 0; i <= other->mask; i++) {
        QvSetEntry *e = &table[i];
        *e = other->table[i];
        if (e->key) {
            qv_incref(qi, e->key);
            s->used++;
            s->fill++;
        }
        if (qv_stop_step(qi, i) < 0) {
            return -1;
        }
    }
    return 0;
}

// Fills a set that has no table with the keys of another, which has no deleted entries and whose
// mask it has already: entry by entry the same table.
static int copy_table(QvInterp *qi, QvSet *s, const QvSet *other)
{
    if (QV_UNLIKELY(other->mask >= QV_POLL_SLICE)) {
        return copy_large_table(qi, s, other);
    }
    QvSetEntry *table = (QvSetEntry *)qv_alloc(qi, table_bytes(other->mask));
    if (table == NULL) {
        return -1;
    }
    memcpy(table, other->table, table_bytes(other->mask));
    s->table = table;
    QvSsize left = other->used;
    for (QvSetEntry *e = table; left > 0; e++) {
        if (e->key) {
            qv_incref(qi, e->key);
            left--;
        }
    }
    s->used = s->fill = other->used;
    return 0;
}

// Adds the keys of another set, which has some, to one that has some, too, for as long as none has
// to be asked: where that ended. 0/-1.
static int merge_quickly(QvInterp *qi, QvSet *s, const QvSet *other, QvSsize *ret_pos)
{
    const QvSetEntry *from = other->table, *end = from + other->mask + 1;
    QvSsize i = 0;
    for (; from < end; from++) {
        QvObj *key = from->key;
        QvHash hash = from->hash;
        if (key == NULL) {
            continue;
        }
        QvSetEntry *at = first_place(s, hash);
        if (!is_free(at) && at->key != key) {
            int r = search(qi, s, key, hash, true, true, &at);
            if (r != 0 && r != 1) {
                break;
            }
            at = r == 1 ? NULL : at;
        } else if (at->key == key) {
            at = NULL;
        }
        if (at && put(qi, s, at, key, hash) < 0) {
            return -1;
        }
        if (QV_UNLIKELY((++i & 4095) == 0 && qv_poll_peek(qi) != 0)) {
            from++;
            break;
        }
    }
    *ret_pos = from - other->table;
    return 0;
}

static int merge(QvInterp *qi, QvSet *s, QvObj *o)
{
    const QvSet *other = as_set(o);
    if (s == other || other->used == 0) {
        return 0;
    }
    bool grows = (s->fill + other->used) * 5 >= s->mask * 3;
    if (s->table == NULL && other->fill == other->used) {
        // An empty set gets the size that it would have after all have come.
        QvSsize mask = s->mask;
        while (grows && mask < other->used * 2) {
            mask = mask * 2 + 1;
        }
        if (mask == other->mask) {
            s->mask = mask;
            if (copy_table(qi, s, other) == 0) {
                return 0;
            }
            s->mask = s->table ? mask : MIN_SIZE - 1;
            return -1;
        }
    }
    if (grows && resize(qi, s, (s->used + other->used) * 2) < 0) {
        return -1;
    }
    QvSsize pos = 0;
    const QvSetEntry *e;
    if (s->fill == 0) {
        // Nothing to compare with.
        if (s->table == NULL && make_table(qi, s) < 0) {
            return -1;
        }
        QvSetEntry *table = s->table;
        QvSsize mask = s->mask, left = other->used;
        for (e = other->table; left > 0; e++) {
            if (e->key) {
                QvSetEntry *at = clean_place(table, mask, e->hash);
                at->hash = e->hash;
                at->key = qv_new_ref(qi, e->key);
                left--;
                if (qv_stop_step(qi, left) < 0) {
                    s->used = s->fill = other->used - left;
                    return -1;
                }
            }
        }
        s->used = s->fill = other->used;
        return 0;
    }
    if (merge_quickly(qi, s, other, &pos) < 0) {
        return -1;
    }
    for (QvSsize i = 0; (e = entry_from(other, &pos)) != NULL; i++) {
        QvObj *key = e->key;
        QvHash hash = e->hash;
        QvSetEntry *at;
        int r = find_walked(qi, s, key, hash, i, true, &at);
        if (QV_LIKELY(r == 0 && at)) {
            r = put(qi, s, at, key, hash);
        } else if (r != 1) {
            qv_incref(qi, key);
            r = qv_poll_step(qi, i) < 0 ? -1 : add_hashed(qi, s, key, hash);
            qv_decref(qi, key);
        }
        if (QV_UNLIKELY(r < 0)) {
            return -1;
        }
    }
    return 0;
}

static int merge_dict(QvInterp *qi, QvSet *s, QvObj *d)
{
    QvSsize n = qv_dict_len(d);
    if ((s->fill + n) * 5 >= s->mask * 3 && resize(qi, s, (s->used + n) * 2) < 0) {
        return -1;
    }
    for (QvSsize pos = 0; pos < (QvSsize)((QvDict *)d)->nentries; pos++) {
        const QvDictEntry *e = &((QvDict *)d)->entries[pos];
        if (e->key) {
            QvHash hash = e->hash;
            QvObj *key = qv_new_ref(qi, e->key);
            int r = qv_poll_step(qi, pos) < 0 ? -1 : add_hashed(qi, s, key, hash);
            qv_decref(qi, key);
            if (r < 0) {
                return -1;
            }
        }
    }
    return 0;
}

// Calls fn for each item of an iterable that is neither set nor dict. 0 or -1; fn stops the walk by
// 1.
static int each(QvInterp *qi, QvObj *iterable,
                int (*fn)(QvInterp *qi, void *ctx, QvObj *key, QvHash hash), void *ctx)
{
    QvWalk walk;
    if (qv_walk_init(qi, &walk, iterable) < 0) {
        return -1;
    }
    int r = 0;
    QvObj *key;
    while (r == 0 && (key = qv_walk_next(qi, &walk, NULL, NULL)) != NULL) {
        QvHash hash = qv_key_hash(qi, key);
        r = hash == -1 ? -1 : fn(qi, ctx, key, hash);
        qv_decref(qi, key);
    }
    qv_walk_fini(qi, &walk);
    return r == 0 && qv_err_occurred(qi) ? -1 : r;
}

typedef struct Adder {
    QvSink sink;
    QvSet *set;
} Adder;

// Adds an int or str that neither collides with another kind of key nor makes the table grow.
static QV_ALWAYS_INLINE bool take_key(QvInterp *qi, QvSink *sink, QvObj *key)
{
    QvSet *s = ((Adder *)sink)->set;
    if ((key->type != &qv_int_type && key->type != &qv_str_type) || s->table == NULL ||
        (s->fill + 1) * 5 >= s->mask * 3) {
        return false;
    }
    QvHash hash = key->type == &qv_int_type ? qv_hash_i64(qv_int_value(key))
                                            : ((const QvStr *)key)->hash;
    if (hash == -1) { // a string that has not been asked yet
        return false;
    }
    QvSetEntry *e = first_place(s, hash);
    if (!is_free(e)) {
        bool known;
        return e->key && e->hash == hash && qv_key_same(e->key, key, &known);
    }
    qv_check_own(qi, &s->h);
    e->key = qv_new_ref(qi, key);
    e->hash = hash;
    s->used++;
    s->fill++;
    return true;
}

static bool take_key_call(QvInterp *qi, QvSink *sink, QvObj *key)
{
    return take_key(qi, sink, key);
}

static int add_each(QvInterp *qi, QvSet *s, QvObj *iterable)
{
    Adder adder = {{take_key_call}, s};
    QvWalk walk;
    if (qv_walk_init(qi, &walk, iterable) < 0) {
        return -1;
    }
    int r = 0;
    QvObj *key;
    while (r == 0 && (key = qv_walk_next(qi, &walk, &adder.sink, take_key)) != NULL) {
        QvHash hash = qv_key_hash(qi, key);
        r = hash == -1 ? -1 : add_hashed(qi, s, key, hash);
        qv_decref(qi, key);
    }
    qv_walk_fini(qi, &walk);
    return r < 0 || qv_err_occurred(qi) ? -1 : 0;
}

QV_RUNS int qv_set_update(QvInterp *qi, QvObj *o, QvObj *iterable)
{
    if (qv_is_anyset(iterable)) {
        return merge(qi, as_set(o), iterable);
    }
    if (qv_is_dict_exact(iterable)) {
        return merge_dict(qi, as_set(o), iterable);
    }
    return add_each(qi, as_set(o), iterable);
}

static QvObj *make(QvInterp *qi, QvType *type, QvObj *iterable)
{
    QvObj *o = alloc(qi, type);
    if (o && iterable && qv_set_update(qi, o, iterable) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

QvObj *qv_set_new(QvInterp *qi, QvObj *iterable) { return make(qi, &qv_set_type, iterable); }

QvObj *qv_frozenset_new(QvInterp *qi, QvObj *iterable)
{
    if (iterable && iterable->type == &qv_frozenset_type) {
        return qv_new_ref(qi, iterable);
    }
    return make(qi, &qv_frozenset_type, iterable);
}

QV_RUNS QvObj *qv_set_from_array(QvInterp *qi, QvObj *const *items, QvSsize n)
{
    QvObj *o = alloc(qi, &qv_set_type);
    if (o == NULL) {
        return NULL;
    }
    QvSet *s = as_set(o);
    int r = n > 0 ? make_table(qi, s) : 0;
    for (QvSsize i = 0; r == 0 && i < n; i++) {
        QvHash hash = qv_key_hash(qi, items[i]);
        if (QV_UNLIKELY(hash == -1)) {
            r = -1;
        } else {
            QvSetEntry *e = first_place(s, hash);
            r = is_free(e) ? put(qi, s, e, items[i], hash) : add_hashed(qi, s, items[i], hash);
        }
    }
    if (r < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

// A copy of the base type, never the set itself.
static QvObj *copy_of(QvInterp *qi, QvObj *o) { return make(qi, base_type(o), o); }

// ---- set algebra --------------------------------------------------------------------------------

typedef struct Intersect {
    QvSet *asked, *result;
} Intersect;

static int intersect_one(QvInterp *qi, void *ctx, QvObj *key, QvHash hash)
{
    const Intersect *both = (const Intersect *)ctx;
    int r = contains_hashed(qi, both->asked, key, hash);
    if (r > 0) {
        r = add_hashed(qi, both->result, key, hash);
    }
    // Complete: the rest of the iterable is not looked at, as in CPython.
    return r == 0 && both->result->used >= both->asked->used ? 1 : r;
}

enum { HITS = 512 };

// Adds n keys, each another, to a fresh set. The order is that of adding one by one: where each
// stands in the first place that it asks for, it doesn't matter how the table grew. 0/-1.
static int add_hits(QvInterp *qi, QvSet *ret, const QvSetEntry *const *hits, QvSsize n)
{
    QvSsize i = 0;
    if (n >= MIN_SIZE && hits[0]->key->type == &qv_int_type) {
        QvSsize mask = MIN_SIZE - 1;
        for (QvSsize full; n >= (full = (mask * 3 + 4) / 5);) { // as put() and resize() do
            while (mask < full * 4) {
                mask = mask * 2 + 1;
            }
        }
        QvSetEntry *table = table_new(qi, mask);
        if (table == NULL) {
            return -1;
        }
        QvSetEntry *at;
        for (; i < n && (at = &table[(size_t)hits[i]->hash & (size_t)mask])->key == NULL; i++) {
            at->hash = hits[i]->hash;
            at->key = qv_new_ref(qi, hits[i]->key);
        }
        if (i == n) {
            ret->table = table;
            ret->mask = mask;
            ret->used = ret->fill = n;
            return 0;
        }
        drop_table(qi, NULL, table, mask, i);
    }
    for (i = 0; i < n; i++) {
        if (add_fresh(qi, ret, hits[i]->key, hits[i]->hash) < 0) {
            return -1;
        }
    }
    return 0;
}

// pick() for as long as no key has to be asked: where that ended. 0/-1.
static QV_ALWAYS_INLINE int pick_quickly(QvInterp *qi, QvSet *ret, const QvSet *walked,
                                         const QvSet *asked, bool wanted, QvSsize *ret_pos)
{
    const QvSetEntry *hits[HITS];
    QvSsize n = 0, left = walked->used <= HITS ? walked->used : 0;
    const QvSetEntry *e = walked->table;
    for (; left > 0; e++) {
        QvObj *key = e->key;
        if (key == NULL) {
            continue;
        }
        const QvSetEntry *at = first_place(asked, e->hash);
        bool in = at->key == key;
        if (!in && !is_free(at)) {
            QvSetEntry *found;
            int r = search(qi, asked, key, e->hash, false, true, &found);
            if (QV_UNLIKELY(r == MUST_ASK)) {
                break;
            }
            in = r > 0;
        }
        hits[n] = e;
        n += in == wanted;
        left--;
    }
    *ret_pos = e - walked->table;
    return add_hits(qi, ret, hits, n);
}

// Adds to a fresh set the keys of a set that are in another one (`wanted`), or are not. 0 or -1.
static int pick(QvInterp *qi, QvSet *ret, const QvSet *walked, const QvSet *asked, bool wanted)
{
    bool quiet = true; // no Python has run: no key has been met twice
    QvSsize pos = 0;
    const QvSetEntry *e;
    if (asked->table && walked->table &&
        (wanted ? pick_quickly(qi, ret, walked, asked, true, &pos)
                : pick_quickly(qi, ret, walked, asked, false, &pos)) < 0) {
        return -1;
    }
    for (QvSsize i = 0; (e = entry_from(walked, &pos)) != NULL; i++) {
        QvObj *key = e->key;
        QvHash hash = e->hash;
        QvSetEntry *at;
        int r = find_walked(qi, asked, key, hash, i, false, &at);
        quiet = quiet && r != MUST_ASK;
        if (QV_LIKELY(quiet)) {
            r = (r > 0) == wanted ? add_fresh(qi, ret, key, hash) : 0;
        } else {
            qv_incref(qi, key); // comparisons may empty `walked`
            if (r == MUST_ASK) {
                r = qv_poll_step(qi, i) < 0 ? -1 : contains_hashed(qi, asked, key, hash);
            }
            if (r >= 0 && (r > 0) == wanted) {
                r = add_hashed(qi, ret, key, hash);
            }
            qv_decref(qi, key);
        }
        if (QV_UNLIKELY(r < 0)) {
            return -1;
        }
    }
    return 0;
}

QV_RUNS QvObj *qv_set_intersection(QvInterp *qi, QvObj *o, QvObj *other)
{
    if (o == other) {
        return copy_of(qi, o);
    }
    QvObj *ret = alloc(qi, base_type(o));
    if (ret == NULL) {
        return NULL;
    }
    int r;
    if (qv_is_anyset(other)) {
        const QvSet *asked = as_set(o), *walked = as_set(other);
        if (walked->used > asked->used) {
            asked = as_set(other);
            walked = as_set(o);
        }
        r = pick(qi, as_set(ret), walked, asked, true);
    } else {
        Intersect both = {as_set(o), as_set(ret)};
        r = each(qi, other, intersect_one, &both);
    }
    if (r < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static int discard_one(QvInterp *qi, void *ctx, QvObj *key, QvHash hash)
{
    return discard_hashed(qi, (QvSet *)ctx, key, hash) < 0 ? -1 : 0;
}

static int discard_all(QvInterp *qi, QvSet *s, const QvSet *walked)
{
    QvSsize pos = 0;
    const QvSetEntry *e;
    for (QvSsize i = 0; (e = entry_from(walked, &pos)) != NULL; i++) {
        QvObj *key = e->key;
        QvHash hash = e->hash;
        QvSetEntry *at;
        int r = find_walked(qi, s, key, hash, i, false, &at);
        if (r == 0) {
            continue;
        }
        qv_incref(qi, key);
        if (QV_LIKELY(r == 1)) {
            take_out(qi, s, at);
        } else {
            r = qv_poll_step(qi, i) < 0 ? -1 : discard_hashed(qi, s, key, hash);
        }
        qv_decref(qi, key);
        if (QV_UNLIKELY(r < 0)) {
            return -1;
        }
    }
    return 0;
}

QV_RUNS int qv_set_difference_update(QvInterp *qi, QvObj *o, QvObj *other)
{
    QvSet *s = as_set(o);
    if (o == other) {
        qv_set_clear(qi, o);
        return 0;
    }
    int r = 0;
    if (qv_is_anyset(other)) {
        // Of a much larger set only the common part is of interest.
        QvObj *walked = qv_set_len(other) >> 3 > s->used ? qv_set_intersection(qi, o, other)
                                                         : qv_new_ref(qi, other);
        if (walked == NULL) {
            return -1;
        }
        r = discard_all(qi, s, as_set(walked));
        qv_decref(qi, walked);
    } else {
        r = each(qi, other, discard_one, s);
    }
    if (r < 0) {
        return -1;
    }
    return s->fill - s->used <= s->mask / 4 ? 0 : resize(qi, s, grown(s));
}

static QvObj *difference(QvInterp *qi, QvObj *o, QvObj *other)
{
    QvSet *s = as_set(o);
    bool is_dict = qv_is_dict_exact(other);
    QvSsize n = is_dict ? qv_dict_len(other) : qv_is_anyset(other) ? qv_set_len(other) : -1;
    // A much smaller one, or one that can only be walked, is taken out of a copy.
    if (n < 0 || s->used >> 2 > n) {
        QvObj *ret = copy_of(qi, o);
        if (ret && qv_set_difference_update(qi, ret, other) < 0) {
            qv_clear(qi, &ret);
        }
        return ret;
    }
    QvObj *ret = alloc(qi, base_type(o));
    if (!is_dict) {
        if (ret && pick(qi, as_set(ret), s, as_set(other), false) < 0) {
            qv_clear(qi, &ret);
        }
        return ret;
    }
    QvSsize pos = 0;
    QvHash hash;
    QvObj *key, *value;
    for (QvSsize i = 0; ret && (key = qv_set_step(qi, &s->h, &pos, &hash)) != NULL; i++) {
        int r = qv_poll_step(qi, i) < 0 ? -1 : qv_dict_get_hashed(qi, other, key, hash, &value);
        if (r < 0 || (r == 0 && add_hashed(qi, as_set(ret), key, hash) < 0)) {
            qv_clear(qi, &ret);
        }
        qv_decref(qi, key);
    }
    return ret;
}

// Takes each key out that is there, puts it in when not.
static int toggle_all(QvInterp *qi, QvSet *s, const QvSet *walked)
{
    QvSsize pos = 0;
    const QvSetEntry *e;
    for (QvSsize i = 0; (e = entry_from(walked, &pos)) != NULL; i++) {
        QvObj *key = qv_new_ref(qi, e->key);
        QvHash hash = e->hash;
        QvSetEntry *at;
        int r = find_walked(qi, s, key, hash, i, true, &at);
        if (r == 1) {
            take_out(qi, s, at);
        } else if (QV_LIKELY(r == 0 && at)) {
            r = put(qi, s, at, key, hash);
        } else {
            r = qv_poll_step(qi, i) < 0 ? -1 : discard_hashed(qi, s, key, hash);
            r = r == 0 ? add_hashed(qi, s, key, hash) : r;
        }
        qv_decref(qi, key);
        if (QV_UNLIKELY(r < 0)) {
            return -1;
        }
    }
    return 0;
}

QV_RUNS int qv_set_symmetric_difference_update(QvInterp *qi, QvObj *o, QvObj *other)
{
    QvSet *s = as_set(o);
    if (o == other) {
        qv_set_clear(qi, o);
        return 0;
    }
    // Each item counts once, and the walk must not see what it changes: a dict's keys and any
    // iterable are gathered in a set first.
    QvObj *walked = qv_is_anyset(other) ? qv_new_ref(qi, other) : qv_set_new(qi, other);
    if (walked == NULL) {
        return -1;
    }
    int r = toggle_all(qi, s, as_set(walked));
    qv_decref(qi, walked);
    return r;
}

static QvObj *symmetric_difference(QvInterp *qi, QvObj *o, QvObj *other)
{
    QvObj *ret = make(qi, base_type(o), other);
    if (ret && qv_set_symmetric_difference_update(qi, ret, o) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

// Both are sets. 1, 0, -1.
static int subset(QvInterp *qi, const QvSet *a, const QvSet *b)
{
    if (a->used > b->used) {
        return 0;
    }
    QvSsize pos = 0;
    const QvSetEntry *e;
    for (QvSsize i = 0; (e = entry_from(a, &pos)) != NULL; i++) {
        QvObj *key = e->key;
        QvHash hash = e->hash;
        QvSetEntry *at;
        int r = find_walked(qi, b, key, hash, i, false, &at);
        if (QV_UNLIKELY(r == MUST_ASK)) {
            qv_incref(qi, key);
            r = qv_poll_step(qi, i) < 0 ? -1 : contains_hashed(qi, b, key, hash);
            qv_decref(qi, key);
        }
        if (r <= 0) {
            return r;
        }
    }
    return 1;
}

static QvObj *set_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_anyset(v) || !qv_is_anyset(w)) {
        return QV_NOTIMPLEMENTED;
    }
    const QvSet *a = as_set(v), *b = as_set(w);
    int r = 0;
    switch (op) {
    case QV_EQ:
    case QV_NE:
        if (a->used == b->used && (a->hash == -1 || b->hash == -1 || a->hash == b->hash)) {
            r = subset(qi, a, b);
        }
        break;
    case QV_LE: r = subset(qi, a, b); break;
    case QV_GE: r = subset(qi, b, a); break;
    case QV_LT: r = a->used < b->used ? subset(qi, a, b) : 0; break;
    case QV_GT: r = a->used > b->used ? subset(qi, b, a) : 0; break;
    }
    return r < 0 ? NULL : qv_bool((r > 0) != (op == QV_NE));
}

// ---- operators ----------------------------------------------------------------------------------

static QvObj *set_or(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_anyset(v) || !qv_is_anyset(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *ret = copy_of(qi, v);
    if (ret && v != w && merge(qi, as_set(ret), w) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *set_and(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_is_anyset(v) && qv_is_anyset(w) ? qv_set_intersection(qi, v, w) : QV_NOTIMPLEMENTED;
}

static QvObj *set_sub(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_is_anyset(v) && qv_is_anyset(w) ? difference(qi, v, w) : QV_NOTIMPLEMENTED;
}

static QvObj *set_xor(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_is_anyset(v) && qv_is_anyset(w) ? symmetric_difference(qi, v, w) : QV_NOTIMPLEMENTED;
}

static int intersection_update(QvInterp *qi, QvObj *o, QvObj *other)
{
    QvObj *both = qv_set_intersection(qi, o, other);
    if (both == NULL) {
        return -1;
    }
    swap(as_set(o), as_set(both));
    qv_decref(qi, both);
    return 0;
}

static QvObj *in_place(QvInterp *qi, QvObj *v, QvObj *w,
                       int (*change)(QvInterp *qi, QvObj *o, QvObj *other))
{
    if (!qv_is_anyset(w)) {
        return QV_NOTIMPLEMENTED;
    }
    return change(qi, v, w) < 0 ? NULL : qv_new_ref(qi, v);
}

static QvObj *set_ior(QvInterp *qi, QvObj *v, QvObj *w)
{
    return in_place(qi, v, w, qv_set_update);
}

static QvObj *set_iand(QvInterp *qi, QvObj *v, QvObj *w)
{
    return in_place(qi, v, w, intersection_update);
}

static QvObj *set_isub(QvInterp *qi, QvObj *v, QvObj *w)
{
    return in_place(qi, v, w, qv_set_difference_update);
}

static QvObj *set_ixor(QvInterp *qi, QvObj *v, QvObj *w)
{
    return in_place(qi, v, w, qv_set_symmetric_difference_update);
}

// ---- basic --------------------------------------------------------------------------------------

static QvObj *set_repr(QvInterp *qi, QvObj *o)
{
    if (qv_set_len(o) == 0) {
        return qv_str_format(qi, "%T()", o);
    }
    int entered = qv_repr_enter(qi, o);
    if (entered != 0) {
        return entered < 0 ? NULL : qv_str_format(qi, "%T(...)", o);
    }
    QvObj *keys = qv_to_list(qi, o);
    QvObj *list = keys ? qv_repr(qi, keys) : NULL;
    QvObj *text = list ? qv_str_slice(qi, list, 1, qv_str_len(list) - 1) : NULL;
    QvObj *ret = NULL;
    if (text) {
        ret = o->type == &qv_set_type ? qv_str_format(qi, "{%U}", text)
                                      : qv_str_format(qi, "%T({%U})", o, text);
    }
    qv_xdecref(qi, keys);
    qv_xdecref(qi, list);
    qv_xdecref(qi, text);
    qv_repr_leave(qi, o);
    return ret;
}

static QvHash frozenset_hash(QvInterp *qi, QvObj *o)
{
    (void)qi;
    QvSet *s = as_set(o);
    if (s->hash == -1) {
        uint64_t acc = 0;
        QvSsize left = s->used;
        for (const QvSetEntry *e = s->table; left > 0; e++) {
            if (e->key) {
                acc ^= qv_hash_set_shuffle(e->hash);
                left--;
            }
        }
        s->hash = qv_hash_set_end(acc, s->used);
    }
    return s->hash;
}

static QvSsize set_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_set_len(o);
}

// An unhashable set as key stands for the frozenset of the same items: calls fn with that then.
static int with_key(QvInterp *qi, QvObj *o, QvObj *key,
                    int (*fn)(QvInterp *qi, QvObj *o, QvObj *key))
{
    int r = fn(qi, o, key);
    if (r >= 0 || !is_set(key) || !qv_err_matches(qi, &qv_exc_TypeError)) {
        return r;
    }
    qv_err_clear(qi);
    QvObj *frozen = make(qi, &qv_frozenset_type, key);
    if (frozen) {
        r = fn(qi, o, frozen);
        qv_decref(qi, frozen);
    }
    return r;
}

static int set_contains(QvInterp *qi, QvObj *o, QvObj *key)
{
    return with_key(qi, o, key, qv_set_contains);
}

// ---- iterator -----------------------------------------------------------------------------------

static QvObj *set_iter(QvInterp *qi, QvObj *o)
{
    QvSetIter *it = (QvSetIter *)qv_obj_new(qi, &qv_set_iterator_type);
    if (it) {
        it->set = qv_new_ref(qi, o);
        it->used = it->left = qv_set_len(o);
    }
    return (QvObj *)it;
}

static int iter_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(((QvSetIter *)o)->set);
    return 0;
}

static void iter_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &((QvSetIter *)o)->set); }

static QvObj *iter_next(QvInterp *qi, QvObj *o)
{
    QvSetIter *it = (QvSetIter *)o;
    if (it->set == NULL) {
        return NULL;
    }
    if (QV_UNLIKELY(it->used != qv_set_len(it->set))) {
        it->used = -1;
        return qv_raise(qi, &qv_exc_RuntimeError, "Set changed size during iteration");
    }
    QvObj *key;
    if (!qv_set_next(it->set, &it->pos, &key)) {
        qv_clear(qi, &it->set);
        return NULL;
    }
    it->left--;
    return qv_new_ref(qi, key);
}

static QvObj *iter_length_hint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSetIter *it = (const QvSetIter *)self;
    return qv_int_from_i64(qi, it->set && it->used == qv_set_len(it->set) ? it->left : 0);
}

static QvObj *iter_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSetIter *it = (const QvSetIter *)self;
    QvSetIter *copy = (QvSetIter *)qv_obj_new(qi, &qv_set_iterator_type);
    if (copy == NULL) {
        return NULL;
    }
    copy->set = qv_xnew_ref(qi, it->set);
    copy->pos = it->pos;
    copy->used = it->used;
    copy->left = it->left;
    return qv_iter_reduce_rest_take(qi, (QvObj *)copy);
}

static const QvNativeDef iter_methods[] = {
    {"__length_hint__", iter_length_hint, "($self, /)", "How many items are left."},
    {"__reduce__", iter_reduce, "($self, /)", "State for pickling."},
    {0},
};

QV_SEALED QvType qv_set_iterator_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "set_iterator",
    .id = QV_TID_set_iterator,
    .flags = QV_T_GC | QV_T_NO_NEW | QV_T_IMMUTABLE,
    .size = sizeof(QvSetIter),
    .base = &qv_object_type,
    .methods = iter_methods,
    .fini = iter_fini,
    .clear = iter_fini,
    .traverse = iter_traverse,
    .iter = qv_iter_self,
    .next = iter_next,
};

// ---- methods ------------------------------------------------------------------------------------

static QvObj *set_add(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return qv_set_add(qi, self, args[0]) < 0 ? NULL : QV_NONE;
}

static QvObj *set_clear(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    qv_set_clear(qi, self);
    return QV_NONE;
}

static QvObj *set_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return self->type == &qv_frozenset_type ? qv_new_ref(qi, self) : copy_of(qi, self);
}

static QvObj *set_discard(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return with_key(qi, self, args[0], qv_set_discard) < 0 ? NULL : QV_NONE;
}

static QvObj *set_remove(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    int r = with_key(qi, self, args[0], qv_set_discard);
    if (r == 0) {
        return qv_raise_obj(qi, &qv_exc_KeyError, args[0]);
    }
    return r < 0 ? NULL : QV_NONE;
}

static QvObj *set_pop(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvSet *s = as_set(self);
    if (s->used == 0) {
        return qv_raise(qi, &qv_exc_KeyError, "pop from an empty set");
    }
    // Starting where the last one was found makes emptying a set linear.
    QvSsize i = s->finger & s->mask;
    while (s->table[i].key == NULL) {
        i = (i + 1) & s->mask;
    }
    QvObj *key = s->table[i].key;
    s->table[i] = (QvSetEntry){.key = NULL, .hash = -1};
    s->used--;
    s->finger = i + 1;
    return key;
}

static QvObj *set_update(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    for (QvSsize i = 0; i < nargs; i++) {
        if (qv_set_update(qi, self, args[i]) < 0) {
            return NULL;
        }
    }
    return QV_NONE;
}

static QvObj *set_union(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    QvObj *ret = copy_of(qi, self);
    for (QvSsize i = 0; ret && i < nargs; i++) {
        if (args[i] != self && qv_set_update(qi, ret, args[i]) < 0) {
            qv_clear(qi, &ret);
        }
    }
    return ret;
}

static QvObj *set_intersection(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    if (nargs == 0) {
        return copy_of(qi, self);
    }
    QvObj *ret = qv_new_ref(qi, self);
    for (QvSsize i = 0; ret && i < nargs; i++) {
        qv_set_take(qi, &ret, qv_set_intersection(qi, ret, args[i]));
    }
    return ret;
}

static QvObj *set_intersection_update(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    QvObj *both = nargs == 0 ? copy_of(qi, self) : set_intersection(qi, self, args, nargs);
    if (both == NULL) {
        return NULL;
    }
    swap(as_set(self), as_set(both));
    qv_decref(qi, both);
    return QV_NONE;
}

static QvObj *set_difference(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    if (nargs == 0) {
        return copy_of(qi, self);
    }
    QvObj *ret = difference(qi, self, args[0]);
    for (QvSsize i = 1; ret && i < nargs; i++) {
        if (qv_set_difference_update(qi, ret, args[i]) < 0) {
            qv_clear(qi, &ret);
        }
    }
    return ret;
}

static QvObj *set_difference_update(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    for (QvSsize i = 0; i < nargs; i++) {
        if (qv_set_difference_update(qi, self, args[i]) < 0) {
            return NULL;
        }
    }
    return QV_NONE;
}

static QvObj *set_symmetric_difference(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return symmetric_difference(qi, self, args[0]);
}

static QvObj *set_symmetric_difference_update(QvInterp *qi, QvObj *self, QvObj *const *args,
                                              QvSsize nargs)
{
    (void)nargs;
    return qv_set_symmetric_difference_update(qi, self, args[0]) < 0 ? NULL : QV_NONE;
}

// Stops with 1 at an item that is in the set.
static int is_in(QvInterp *qi, void *ctx, QvObj *key, QvHash hash)
{
    return contains_hashed(qi, (QvSet *)ctx, key, hash);
}

// Stops with 1 at an item that is not.
static int is_not_in(QvInterp *qi, void *ctx, QvObj *key, QvHash hash)
{
    int r = contains_hashed(qi, (QvSet *)ctx, key, hash);
    return r < 0 ? -1 : r == 0;
}

static QvObj *set_isdisjoint(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *other = args[0];
    if (self == other) {
        return qv_bool(qv_set_len(self) == 0);
    }
    if (!qv_is_anyset(other)) {
        int r = each(qi, other, is_in, as_set(self));
        return r < 0 ? NULL : qv_bool(r == 0);
    }
    const QvSet *asked = as_set(self), *walked = as_set(other);
    if (walked->used > asked->used) {
        asked = as_set(other);
        walked = as_set(self);
    }
    int r = 0;
    QvSsize pos = 0;
    QvHash hash;
    QvObj *key;
    while (r == 0 && (key = qv_set_step(qi, &walked->h, &pos, &hash)) != NULL) {
        r = contains_hashed(qi, asked, key, hash);
        qv_decref(qi, key);
    }
    return r < 0 ? NULL : qv_bool(r == 0);
}

static QvObj *set_issubset(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (qv_is_anyset(args[0])) {
        int r = subset(qi, as_set(self), as_set(args[0]));
        return r < 0 ? NULL : qv_bool(r > 0);
    }
    QvObj *both = qv_set_intersection(qi, self, args[0]);
    if (both == NULL) {
        return NULL;
    }
    bool all = qv_set_len(both) == qv_set_len(self);
    qv_decref(qi, both);
    return qv_bool(all);
}

static QvObj *set_issuperset(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (qv_is_anyset(args[0])) {
        int r = subset(qi, as_set(args[0]), as_set(self));
        return r < 0 ? NULL : qv_bool(r > 0);
    }
    int r = each(qi, args[0], is_not_in, as_set(self));
    return r < 0 ? NULL : qv_bool(r == 0);
}

// (type, ([items],), state)
static QvObj *set_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *keys = qv_to_list(qi, self);
    QvObj *inner = qv_tuple_of(qi, 1, keys);
    QvObj *state = inner ? qv_call_method0(qi, self, QV_N(__getstate__)) : NULL;
    QvObj *ret = qv_tuple_of(qi, 3, self->type, inner, state);
    qv_xdecref(qi, keys);
    qv_xdecref(qi, inner);
    qv_xdecref(qi, state);
    return ret;
}

static QvObj *set_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvSet *s = as_set(self);
    size_t n = sizeof(QvSet) + (s->table ? table_bytes(s->mask) : 0);
    return qv_int_from_i64(qi, (int64_t)n);
}

#define COMMON_ROWS                                                                       \
    {"copy", set_copy, "($self, /)", "A shallow copy."},                                  \
        {"difference", set_difference, "($self, /, *others)",                             \
         "A new set of the items that are in none of the others."},                       \
        {"intersection", set_intersection, "($self, /, *others)",                         \
         "A new set of the items that are in all of the others too."},                    \
        {"isdisjoint", set_isdisjoint, "($self, other, /)",                               \
         "True when the set has no item in common with the other."},                      \
        {"issubset", set_issubset, "($self, other, /)",                                   \
         "True when the other contains every item of this set."},                         \
        {"issuperset", set_issuperset, "($self, other, /)",                               \
         "True when this set contains every item of the other."},                         \
        {"__reduce__", set_reduce, "($self, /)", "State for pickling."},                  \
        {"__sizeof__", set_sizeof, "($self, /)", "Size of the set in memory, in bytes."}, \
        {"symmetric_difference", set_symmetric_difference, "($self, other, /)",           \
         "A new set of the items that are in just one of both."},                         \
        {"union", set_union, "($self, /, *others)", "A new set of the items of all."},    \
    {                                                                                     \
        "__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"          \
    }

static const QvNativeDef set_methods[] = {
    {"add", set_add, "($self, object, /)", "Adds an item; no effect when it is there already."},
    {"clear", set_clear, "($self, /)", "Removes all items."},
    {"discard", set_discard, "($self, object, /)", "Removes an item if it is there."},
    {"difference_update", set_difference_update, "($self, /, *others)",
     "Removes the items of the others."},
    {"intersection_update", set_intersection_update, "($self, /, *others)",
     "Keeps only the items that are in all of the others too."},
    {"pop", set_pop, "($self, /)", "Removes an item and returns it; KeyError when there is none."},
    {"remove", set_remove, "($self, object, /)", "Removes an item; KeyError when it is not there."},
    {"symmetric_difference_update", set_symmetric_difference_update, "($self, other, /)",
     "Keeps the items that are in just one of both."},
    {"update", set_update, "($self, /, *others)", "Adds the items of the others."},
    COMMON_ROWS,
    {0},
};

static const QvNativeDef frozenset_methods[] = {
    COMMON_ROWS,
    {0},
};
#undef COMMON_ROWS

// ---- types --------------------------------------------------------------------------------------

static QvObj *set_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    return alloc(qi, type);
}

static int set_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    // Unlike list, not even a subclass with a __new__ of its own may be given keywords.
    if (qv_ctor_check(qi, "set", nargs, 0, 1, kwnames) < 0) {
        return -1;
    }
    qv_set_clear(qi, self);
    return nargs == 0 ? 0 : qv_set_update(qi, self, args[0]);
}

static QvObj *frozenset_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                             QvObj *kwnames)
{
    bool lenient = type != &qv_frozenset_type && type->init != qv_frozenset_type.init;
    if (qv_ctor_check(qi, "frozenset", nargs, 0, 1, lenient ? NULL : kwnames) < 0) {
        return NULL;
    }
    QvObj *iterable = nargs == 0 ? NULL : args[0];
    return type == &qv_frozenset_type ? qv_frozenset_new(qi, iterable) : make(qi, type, iterable);
}

QV_SEALED QvType qv_set_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "set",
    .id = QV_TID_set,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK | QV_T_MATCH_SELF | QV_T_IMMUTABLE,
    .size = sizeof(QvSet),
    .base = &qv_object_type,
    .doc = "set() -> new empty set object\nset(iterable) -> new set object\n\n"
           "An unordered collection of distinct items.",
    .methods = set_methods,
    .new_ = set_make,
    .init = set_init,
    .dealloc = set_dealloc,
    .fini = qv_set_clear,
    .clear = qv_set_clear,
    .traverse = set_traverse,
    .repr = set_repr,
    .richcmp = set_richcmp,
    .iter = set_iter,
    .sub = set_sub,
    .and_ = set_and,
    .or_ = set_or,
    .xor = set_xor,
    .isub = set_isub,
    .iand = set_iand,
    .ior = set_ior,
    .ixor = set_ixor,
    .len = set_len,
    .contains = set_contains,
};

QV_SEALED QvType qv_frozenset_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "frozenset",
    .id = QV_TID_frozenset,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK | QV_T_MATCH_SELF | QV_T_IMMUTABLE,
    .size = sizeof(QvSet),
    .base = &qv_object_type,
    .doc = "frozenset() -> empty frozenset object\nfrozenset(iterable) -> frozenset object\n\n"
           "An immutable unordered collection of distinct items.",
    .methods = frozenset_methods,
    .new_ = frozenset_make,
    .dealloc = set_dealloc,
    .fini = qv_set_clear,
    .clear = qv_set_clear,
    .traverse = set_traverse,
    .repr = set_repr,
    .hash = frozenset_hash,
    .richcmp = set_richcmp,
    .iter = set_iter,
    .sub = set_sub,
    .and_ = set_and,
    .or_ = set_or,
    .xor = set_xor,
    .len = set_len,
    .contains = set_contains,
};
