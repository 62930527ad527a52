// SPDX-License-Identifier: MIT
// dict: the compact ordered table and the methods of the type. Views and iterators: dict_view.c.
//
// Invariants:
// - entries and index are one raw block; size of the index is 1 << log2_size, cap is 5/8 of that,
//   so a probe always meets a free index slot. nentries + popped <= cap counts the slots in use.
// - A deleted entry has key NULL and hash -1: no probe can match it, its index slot stays until the
//   table is rebuilt. popitem gives entries at the end back; what then points past them is harmless
//   (the entry that comes to stand there is compared like any other), only counted in `popped`.
// - Whatever may run Python (__eq__ of keys, drops of values) happens when the table is consistent;
//   after it nothing read before is trusted: a probe whose table changed starts again.
// - A sealed dict is only read: look-ups write neither to it nor to its keys.
#include "object/dict.h"

#include <string.h>

#include "object/alloc.h"
#include "object/gc.h"
#include "object/genericalias.h"
#include "object/iter.h"
#include "object/key.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str_units.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/walk.h"

enum { FIND_ABSENT = -1, FIND_ERROR = -2, FIND_ASK = -3 }; // else: number of the entry
enum { LOG2_MIN = 3, LOG2_MAX = 31 };

static inline QvDict *as_dict(const QvObj *o) { return (QvDict *)(uintptr_t)o; }

// ---- the table ----------------------------------------------------------------------------------

static inline unsigned index_width(unsigned log2_size)
{
    return log2_size <= 8 ? 1 : log2_size <= 16 ? 2 : 4;
}

static inline uint32_t table_cap(unsigned log2_size)
{
    return (uint32_t)((((uint64_t)1 << log2_size) * 5) >> 3);
}

static inline size_t block_bytes(unsigned log2_size)
{
    return table_cap(log2_size) * sizeof(QvDictEntry) +
           ((size_t)index_width(log2_size) << log2_size);
}

static QV_ALWAYS_INLINE size_t slot_get(const void *index, size_t i, unsigned width)
{
    switch (width) {
    case 1: return ((const uint8_t *)index)[i];
    case 2: return ((const uint16_t *)index)[i];
    default: return ((const uint32_t *)index)[i];
    }
}

static QV_ALWAYS_INLINE void slot_put(void *index, size_t i, size_t value, unsigned width)
{
    switch (width) {
    case 1: ((uint8_t *)index)[i] = (uint8_t)value; break;
    case 2: ((uint16_t *)index)[i] = (uint16_t)value; break;
    default: ((uint32_t *)index)[i] = (uint32_t)value; break;
    }
}

static QV_ALWAYS_INLINE size_t next_slot(size_t i, size_t *perturb, size_t mask)
{
    *perturb >>= 5;
    return (i * 5 + *perturb + 1) & mask;
}

static QV_ALWAYS_INLINE size_t free_slot_of(const void *index, size_t mask, QvHash hash,
                                            unsigned width)
{
    size_t perturb = (size_t)hash;
    size_t i = (size_t)hash & mask;
    while (slot_get(index, i, width) != 0) {
        i = next_slot(i, &perturb, mask);
    }
    return i;
}

static size_t free_slot(const QvDict *d, QvHash hash)
{
    return free_slot_of(d->index, ((size_t)1 << d->log2_size) - 1, hash, d->index_width);
}

static QV_ALWAYS_INLINE void fill_index(void *index, size_t mask, const QvDictEntry *entries,
                                        uint32_t from, uint32_t n, unsigned width)
{
    for (uint32_t k = from; k < n; k++) {
        slot_put(index, free_slot_of(index, mask, entries[k].hash, width), (size_t)k + 1, width);
    }
}

// A fresh block for 1 << log2_size index slots, those zeroed; or NULL with MemoryError, or a stop.
static QvDictEntry *block_new(QvInterp *qi, unsigned log2_size)
{
    char *p = (char *)qv_alloc(qi, block_bytes(log2_size));
    if (QV_LIKELY(p != NULL)) {
        char *index = p + table_cap(log2_size) * sizeof(QvDictEntry);
        size_t size = (size_t)index_width(log2_size) << log2_size;
        if (qv_bytes_fill(qi, index, 0, (QvSsize)size) < 0) {
            qv_free(qi, p, block_bytes(log2_size));
            return NULL;
        }
    }
    return (QvDictEntry *)(void *)p;
}

// Entries whose places are found between two looks for a stop: each may be a page not yet touched.
#define INDEX_SLICE 16384

// The index of n entries, but for a rest; it can be stopped. How many are in it, or -1.
static QvSsize index_long(QvInterp *qi, QvDictEntry *entries, unsigned log2_size, uint32_t n)
{
    void *index = entries + table_cap(log2_size);
    size_t mask = ((size_t)1 << log2_size) - 1;
    QvSsize to = 0;
    for (QvSsize from = 0; n - from > INDEX_SLICE; from = to) {
        if (qv_stop_here(qi) < 0) {
            return -1;
        }
        to = from + INDEX_SLICE;
        fill_index(index, mask, entries, (uint32_t)from, (uint32_t)to, 4);
    }
    return to;
}

// Installs a block with n entries, all alive, whose index has the first `filled` of them.
static void table_install(QvDict *d, QvDictEntry *entries, unsigned log2_size, uint32_t filled,
                          uint32_t n)
{
    void *index = entries + table_cap(log2_size);
    size_t mask = ((size_t)1 << log2_size) - 1;
    unsigned width = index_width(log2_size);
    switch (width) {
    case 1: fill_index(index, mask, entries, filled, n, 1); break;
    case 2: fill_index(index, mask, entries, filled, n, 2); break;
    default: fill_index(index, mask, entries, filled, n, 4); break;
    }
    d->entries = entries;
    d->index = index;
    d->cap = table_cap(log2_size);
    d->nentries = n;
    d->used = n;
    d->popped = 0;
    d->log2_size = (uint8_t)log2_size;
    d->index_width = (uint8_t)width;
    d->version = 0;
    d->tables++;
}

// Copies the live ones of n entries together; of many, a stop ends it. 0/-1.
static int compact(QvInterp *qi, QvDictEntry *to, const QvDictEntry *from, uint32_t n)
{
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (from[i].key) {
            to[k++] = from[i];
        }
        if (QV_UNLIKELY(qv_stop_step(qi, i) < 0)) {
            return -1;
        }
    }
    return 0;
}

// Gives the table room for `need` entries in all, without holes. 0 or -1 with MemoryError, or a
// stop.
static int table_rebuild(QvInterp *qi, QvDict *d, uint64_t need)
{
    unsigned log2_size = LOG2_MIN;
    while (log2_size <= LOG2_MAX && table_cap(log2_size) < need) {
        log2_size++;
    }
    if (log2_size > LOG2_MAX) {
        qv_raise_oom(qi);
        return -1;
    }
    QvDictEntry *entries = block_new(qi, log2_size);
    if (QV_UNLIKELY(entries == NULL)) {
        return -1;
    }
    QvDictEntry *old = d->entries;
    unsigned old_log2 = d->log2_size;
    uint32_t n = d->used;
    QvSsize filled = 0;
    int copied = 0;
    if (n == d->nentries) {
        copied = qv_bytes_put(qi, entries, old, (QvSsize)(n * sizeof(QvDictEntry)));
    } else {
        copied = compact(qi, entries, old, d->nentries);
    }
    if (copied < 0 ||
        (QV_UNLIKELY(n > QV_POLL_SLICE) && (filled = index_long(qi, entries, log2_size, n)) < 0)) {
        qv_free(qi, entries, block_bytes(log2_size));
        return -1;
    }
    table_install(d, entries, log2_size, (uint32_t)filled, n);
    if (old) {
        qv_free(qi, old, block_bytes(old_log2));
    }
    return 0;
}

static QV_NOINLINE int table_grow(QvInterp *qi, QvDict *d)
{
    // Half as much again as is alive: doubles when there are no holes, stays or shrinks when there
    // are.
    return table_rebuild(qi, d, (uint64_t)d->used + d->used / 2 + 1);
}

// ---- look-up ------------------------------------------------------------------------------------

enum { KIND_STR, KIND_INT };

// Looks for an exact str or an exact small int. FIND_ASK: an entry of the same hash and another
// type.
static QV_ALWAYS_INLINE QvSsize probe(const QvDict *d, const QvObj *key, QvHash hash,
                                      size_t *ret_slot, unsigned width, int kind)
{
    const QvDictEntry *entries = d->entries;
    const void *index = d->index;
    size_t mask = ((size_t)1 << d->log2_size) - 1;
    size_t perturb = (size_t)hash;
    size_t i = (size_t)hash & mask;
    for (;;) {
        size_t at = slot_get(index, i, width);
        if (at == 0) {
            *ret_slot = i;
            return FIND_ABSENT;
        }
        const QvDictEntry *e = &entries[at - 1];
        if (QV_LIKELY(e->key == key)) {
            return (QvSsize)(at - 1);
        }
        if (e->hash == hash) {
            const QvObj *k = e->key;
            if (kind == KIND_STR) {
                if (QV_UNLIKELY(k->type != &qv_str_type)) {
                    return FIND_ASK;
                }
                if (qv_str_equal(k, key)) {
                    return (QvSsize)(at - 1);
                }
            } else {
                if (QV_UNLIKELY(k->type != &qv_int_type)) {
                    return FIND_ASK;
                }
                if (qv_int_value(k) == qv_int_value(key)) {
                    return (QvSsize)(at - 1);
                }
            }
        }
        i = next_slot(i, &perturb, mask);
    }
}

static QV_ALWAYS_INLINE QvSsize probe_kind(const QvDict *d, const QvObj *key, QvHash hash,
                                           size_t *ret_slot, int kind)
{
    switch (d->index_width) {
    case 1: return probe(d, key, hash, ret_slot, 1, kind);
    case 2: return probe(d, key, hash, ret_slot, 2, kind);
    case 4: return probe(d, key, hash, ret_slot, 4, kind);
    default: *ret_slot = 0; return FIND_ABSENT; // no table yet
    }
}

// Any key; comparisons may run Python, which may change the table: then from the start again.
static QV_NOINLINE QvSsize find_general(QvInterp *qi, QvDict *d, QvObj *key, QvHash hash,
                                        size_t *ret_slot)
{
restart:
    *ret_slot = 0;
    if (d->cap == 0) {
        return FIND_ABSENT;
    }
    size_t mask = ((size_t)1 << d->log2_size) - 1;
    size_t perturb = (size_t)hash;
    size_t i = (size_t)hash & mask;
    for (;;) {
        size_t at = slot_get(d->index, i, d->index_width);
        if (at == 0) {
            *ret_slot = i;
            return FIND_ABSENT;
        }
        QvDictEntry *e = &d->entries[at - 1];
        if (e->key == key) {
            return (QvSsize)(at - 1);
        }
        if (e->hash == hash) {
            QvObj *k = e->key;
            bool known;
            if (qv_key_same(k, key, &known)) {
                return (QvSsize)(at - 1);
            }
            if (!known) {
                const QvDictEntry *entries = d->entries;
                uint8_t log2_size = d->log2_size;
                qv_incref(qi, k);
                int same = qv_compare_bool(qi, k, key, QV_EQ);
                bool moved = d->entries != entries || d->log2_size != log2_size ||
                             at > d->nentries || d->entries[at - 1].key != k;
                qv_decref(qi, k);
                if (same < 0) {
                    return FIND_ERROR;
                }
                // The drop may have run Python too.
                moved = moved || d->entries != entries || d->log2_size != log2_size ||
                        at > d->nentries || d->entries[at - 1].key != k;
                if (moved) {
                    goto restart;
                }
                if (same) {
                    return (QvSsize)(at - 1);
                }
            }
        }
        i = next_slot(i, &perturb, mask);
    }
}

static QV_ALWAYS_INLINE QvSsize find(QvInterp *qi, QvDict *d, QvObj *key, QvHash hash,
                                     size_t *ret_slot)
{
    QvSsize at = FIND_ASK;
    if (QV_LIKELY(key->type == &qv_str_type)) {
        at = probe_kind(d, key, hash, ret_slot, KIND_STR);
    } else if (key->type == &qv_int_type) {
        at = probe_kind(d, key, hash, ret_slot, KIND_INT);
    }
    return QV_LIKELY(at != FIND_ASK) ? at : find_general(qi, d, key, hash, ret_slot);
}

QvSsize qv_dict_find_str(const QvObj *o, QvObj *str_key)
{
    const QvDict *d = as_dict(o);
    if (d->used == 0) {
        return -1;
    }
    QvHash hash = ((QvStr *)str_key)->hash;
    if (QV_UNLIKELY(hash == -1)) {
        hash = qv_str_hash(str_key);
    }
    size_t slot;
    QvSsize at = probe_kind(d, str_key, hash, &slot, KIND_STR);
    if (QV_LIKELY(at != FIND_ASK)) {
        return at;
    }
    // A str subclass or something else of the same hash is in the way: walk, and pass over what
    // would need Python to be compared.
    for (uint32_t i = 0; i < d->nentries; i++) {
        const QvDictEntry *e = &d->entries[i];
        if (e->key && e->hash == hash && qv_is_str(e->key) &&
            e->key->type->richcmp == qv_str_type.richcmp && qv_str_equal(e->key, str_key)) {
            return i;
        }
    }
    return -1;
}

QV_BORROWED QvObj *qv_dict_peek_str(const QvObj *d, QvObj *str_key)
{
    QvSsize at = qv_dict_find_str(d, str_key);
    return at < 0 ? NULL : as_dict(d)->entries[at].value;
}

QV_RUNS int qv_dict_get_hashed(QvInterp *qi, QvObj *o, QvObj *key, QvHash hash,
                               QV_BORROWED QvObj **ret)
{
    QvDict *d = as_dict(o);
    size_t slot;
    QvSsize at = find(qi, d, key, hash, &slot);
    if (at >= 0) {
        *ret = d->entries[at].value;
        return 1;
    }
    *ret = NULL;
    return at == FIND_ERROR ? -1 : 0;
}

QV_RUNS int qv_dict_get(QvInterp *qi, QvObj *o, QvObj *key, QV_BORROWED QvObj **ret)
{
    QvHash hash = qv_key_hash(qi, key);
    if (QV_UNLIKELY(hash == -1)) {
        *ret = NULL;
        return -1;
    }
    return qv_dict_get_hashed(qi, o, key, hash, ret);
}

QV_RUNS QvSsize qv_dict_find_hashed(QvInterp *qi, QvObj *o, QvObj *key, QvHash hash)
{
    size_t slot;
    return find(qi, as_dict(o), key, hash, &slot);
}

QvSsize qv_dict_find_same(const QvObj *o, const QvObj *key, QvHash hash)
{
    const QvDict *d = as_dict(o);
    if (d->cap == 0) {
        return -1;
    }
    size_t mask = ((size_t)1 << d->log2_size) - 1;
    size_t perturb = (size_t)hash;
    for (size_t i = (size_t)hash & mask;; i = next_slot(i, &perturb, mask)) {
        size_t at = slot_get(d->index, i, d->index_width);
        if (at == 0) {
            return -1;
        }
        if (at <= d->nentries && d->entries[at - 1].key == key) {
            return (QvSsize)(at - 1);
        }
    }
}

uint64_t qv_dict_version(QvInterp *qi, QvObj *o)
{
    QvDict *d = as_dict(o);
    if (d->version == 0) {
        d->version = ++qi->dict_version;
    }
    return d->version;
}

// ---- change -------------------------------------------------------------------------------------

// Adds an absent key at the free index slot found for it. 0 or -1.
static QV_ALWAYS_INLINE int insert(QvInterp *qi, QvDict *d, QvObj *key, QvHash hash, QvObj *value,
                                   size_t slot)
{
    if (QV_UNLIKELY(d->nentries + d->popped >= d->cap)) {
        if (table_grow(qi, d) < 0) {
            return -1;
        }
        slot = free_slot(d, hash);
    }
    qv_check_own(qi, &d->h);
    qv_gc_note_store(&d->h, key, value);
    QvDictEntry *e = &d->entries[d->nentries];
    e->hash = hash;
    e->key = qv_new_ref(qi, key);
    e->value = qv_new_ref(qi, value);
    slot_put(d->index, slot, ++d->nentries, d->index_width);
    d->used++;
    d->version = 0;
    return 0;
}

int qv_dict_add_new(QvInterp *qi, QvObj *o, QvObj *key, QvHash hash, QvObj *value)
{
    QvDict *d = as_dict(o);
    return insert(qi, d, key, hash, value, d->cap ? free_slot(d, hash) : 0);
}

QV_RUNS int qv_dict_set_hashed(QvInterp *qi, QvObj *o, QvObj *key, QvHash hash, QvObj *value)
{
    qv_check_own(qi, o);
    QvDict *d = as_dict(o);
    size_t slot;
    QvSsize at = find(qi, d, key, hash, &slot);
    if (at >= 0) {
        QvObj *old = d->entries[at].value;
        qv_gc_note_store(o, key, value);
        d->entries[at].value = qv_new_ref(qi, value);
        qv_decref(qi, old);
        return 0;
    }
    return at == FIND_ERROR ? -1 : insert(qi, d, key, hash, value, slot);
}

QV_RUNS int qv_dict_set(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    QvHash hash = qv_key_hash(qi, key);
    return QV_UNLIKELY(hash == -1) ? -1 : qv_dict_set_hashed(qi, o, key, hash, value);
}

QV_RUNS int qv_dict_set_take(QvInterp *qi, QvObj *o, QvObj *key, QV_STOLEN QvObj *value)
{
    if (value == NULL) {
        return -1;
    }
    int r = qv_dict_set(qi, o, key, value);
    qv_decref(qi, value);
    return r;
}

QV_RUNS int qv_dict_set_cstr(QvInterp *qi, QvObj *o, const char *key, QvObj *value)
{
    QvObj *name = qv_str_intern_cstr(qi, key);
    if (name == NULL) {
        return -1;
    }
    int r = qv_dict_set(qi, o, name, value);
    qv_decref(qi, name);
    return r;
}

QV_RUNS int qv_dict_set_cstr_take(QvInterp *qi, QvObj *o, const char *key, QV_STOLEN QvObj *value)
{
    if (value == NULL) {
        return -1;
    }
    int r = qv_dict_set_cstr(qi, o, key, value);
    qv_decref(qi, value);
    return r;
}

// Takes an entry out; its references are handed to the caller.
static void take_out(QvDict *d, QvSsize at, QvObj **ret_key, QvObj **ret_value)
{
    QvDictEntry *e = &d->entries[at];
    *ret_key = e->key;
    *ret_value = e->value;
    *e = (QvDictEntry){.hash = -1};
    d->used--;
    d->version = 0;
}

void qv_dict_take_at(QvObj *o, QvSsize at, QvObj **ret_key, QvObj **ret_value)
{
    take_out(as_dict(o), at, ret_key, ret_value);
}

QV_RUNS int qv_dict_pop(QvInterp *qi, QvObj *o, QvObj *key, QvObj **ret)
{
    *ret = NULL;
    QvHash hash = qv_key_hash(qi, key);
    return hash == -1 ? -1 : qv_dict_pop_hashed(qi, o, key, hash, ret);
}

QV_RUNS int qv_dict_pop_hashed(QvInterp *qi, QvObj *o, QvObj *key, QvHash hash, QvObj **ret)
{
    QvDict *d = as_dict(o);
    *ret = NULL;
    size_t slot;
    QvSsize at = find(qi, d, key, hash, &slot);
    if (at < 0) {
        return at == FIND_ERROR ? -1 : 0;
    }
    QvObj *old_key;
    take_out(d, at, &old_key, ret);
    qv_decref(qi, old_key);
    return 1;
}

QV_RUNS int qv_dict_del(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvObj *value;
    int r = qv_dict_pop(qi, o, key, &value);
    if (r > 0) {
        qv_decref(qi, value);
        return 0;
    }
    if (r == 0) {
        qv_raise_obj(qi, &qv_exc_KeyError, key);
    }
    return -1;
}

QV_RUNS int qv_dict_setdefault(QvInterp *qi, QvObj *o, QvObj *key, QvObj *dflt, QvObj **ret)
{
    QvDict *d = as_dict(o);
    *ret = NULL;
    QvHash hash = qv_key_hash(qi, key);
    if (hash == -1) {
        return -1;
    }
    size_t slot;
    QvSsize at = find(qi, d, key, hash, &slot);
    if (at >= 0) {
        *ret = qv_new_ref(qi, d->entries[at].value);
        return 1;
    }
    if (at == FIND_ERROR || insert(qi, d, key, hash, dflt, slot) < 0) {
        return -1;
    }
    *ret = qv_new_ref(qi, dflt);
    return 0;
}

// Empties the dict; the references are dropped when it is empty already.
QV_RUNS void qv_dict_clear(QvInterp *qi, QvObj *o)
{
    QvDict *d = as_dict(o);
    QvDictEntry *entries = d->entries;
    uint32_t n = d->nentries;
    unsigned log2_size = d->log2_size;
    if (entries == NULL) {
        return;
    }
    d->entries = NULL;
    d->index = NULL;
    d->used = d->nentries = d->cap = d->popped = 0;
    d->log2_size = d->index_width = 0;
    d->version = 0;
    d->tables++;
    for (uint32_t i = 0; i < n; i++) {
        qv_clear(qi, &entries[i].key);
        qv_clear(qi, &entries[i].value);
        if (QV_UNLIKELY(i % QV_DEALLOC_STEP == QV_DEALLOC_STEP - 1 && qv_dealloc_hurries(qi)) &&
            qv_dealloc_pause(qi, o)) {
            d->entries = entries; // of which only the end is not empty
            d->nentries = d->used = n;
            d->log2_size = (uint8_t)log2_size;
            return;
        }
    }
    qv_free(qi, entries, block_bytes(log2_size));
}

// ---- making and copying -------------------------------------------------------------------------

QvObj *qv_dict_new(QvInterp *qi) { return qv_alloc_gc(qi, &qv_dict_type, sizeof(QvDict)); }

// The end of an exact dict in one call.
QV_RUNS static void dict_dealloc(QvInterp *qi, QvObj *o)
{
    if (QV_UNLIKELY(o->type != &qv_dict_type)) {
        qv_obj_dealloc(qi, o);
        return;
    }
    qv_dict_clear(qi, o);
    if (QV_LIKELY(!(o->flags & QV_F_QUEUED))) { // else it has been put aside
        qv_alloc_gc_free(qi, o, sizeof(QvDict));
    }
}

// A table for up to five entries, as table_rebuild makes it. 0 or -1.
static QV_ALWAYS_INLINE int table_first(QvInterp *qi, QvDict *d)
{
    enum { CAP = 5, SLOTS = 1 << LOG2_MIN };
    _Static_assert(CAP == (SLOTS * 5) >> 3, "table_cap(LOG2_MIN)");
    QvDictEntry *entries =
        (QvDictEntry *)qv_heap_alloc(&qi->heap, CAP * sizeof(QvDictEntry) + SLOTS);
    if (QV_UNLIKELY(entries == NULL)) {
        qv_raise_oom(qi);
        return -1;
    }
    memset(entries + CAP, 0, SLOTS);
    d->entries = entries;
    d->index = entries + CAP;
    d->cap = CAP;
    d->log2_size = LOG2_MIN;
    d->index_width = 1;
    d->tables++;
    return 0;
}

QV_RUNS QvObj *qv_dict_from_pairs(QvInterp *qi, QvObj *const *pairs, QvSsize n)
{
    QvObj *o = qv_dict_new(qi);
    QvDict *d = as_dict(o);
    if (o && n > 0 && (n > 5 ? table_rebuild(qi, d, (uint64_t)n) : table_first(qi, d)) < 0) {
        qv_clear(qi, &o);
    }
    for (QvSsize i = 0; o && i < n; i++) {
        QvObj *key = pairs[2 * i], *value = pairs[2 * i + 1];
        QvHash hash = qv_key_hash(qi, key);
        if (hash == -1) {
            qv_clear(qi, &o);
            break;
        }
        // Its place is free: the key is new.
        size_t slot = (size_t)hash & (((size_t)1 << d->log2_size) - 1);
        if (QV_LIKELY(d->index_width == 1 && ((uint8_t *)d->index)[slot] == 0 &&
                      d->nentries < d->cap)) {
            QvDictEntry *e = &d->entries[d->nentries];
            e->hash = hash;
            e->key = qv_new_ref(qi, key);
            e->value = qv_new_ref(qi, value);
            ((uint8_t *)d->index)[slot] = (uint8_t)++d->nentries;
            d->used++;
        } else if (qv_dict_set_hashed(qi, o, key, hash, value) < 0) {
            qv_clear(qi, &o);
        }
    }
    return o;
}

QvObj *qv_dict_new_presized(QvInterp *qi, QvSsize n)
{
    QvObj *o = qv_dict_new(qi);
    if (o && n > 0 && table_rebuild(qi, as_dict(o), (uint64_t)n) < 0) {
        qv_decref(qi, o);
        return NULL;
    }
    return o;
}

QvObj *qv_dict_from_names(QvInterp *qi, QvObj **pairs, unsigned n)
{
    QvDict *d = (QvDict *)qv_obj_new(qi, &qv_dict_type);
    if (QV_UNLIKELY(d == NULL)) {
        return NULL;
    }
    unsigned log2_size = LOG2_MIN;
    while (table_cap(log2_size) < n) {
        log2_size++;
    }
    QvDictEntry *entries = block_new(qi, log2_size);
    if (QV_UNLIKELY(entries == NULL)) {
        qv_decref(qi, &d->h);
        return NULL;
    }
    for (unsigned j = 0; j < n; j++) {
        entries[j] = (QvDictEntry){qv_str_hash(pairs[2 * j]), pairs[2 * j], pairs[2 * j + 1]};
        pairs[2 * j] = pairs[2 * j + 1] = NULL;
    }
    table_install(d, entries, log2_size, 0, n);
    return &d->h;
}

// A block with k entries that a copy has got so far, with an exception set. They go in a dict of
// their own: many of them can wait when the script is stopped.
static void drop_copied_take(QvInterp *qi, QV_STOLEN QvDictEntry *entries, unsigned log2_size,
                             uint32_t k)
{
    QvObj *exc = qv_err_fetch(qi);
    QvObj *grave = qv_dict_new(qi);
    if (grave) {
        QvDict *d = as_dict(grave);
        d->entries = entries;
        d->nentries = d->used = k;
        d->log2_size = (uint8_t)log2_size;
        qv_decref(qi, grave);
    } else {
        qv_err_clear(qi);
        for (uint32_t i = 0; i < k; i++) {
            qv_decref(qi, entries[i].key); // the original still holds them
            qv_decref(qi, entries[i].value);
        }
        qv_free(qi, entries, block_bytes(log2_size));
    }
    qv_err_restore(qi, exc);
}

// Copies the live entries of a large dict to a block, with new references and an index. It can be
// stopped, then the block is gone; but all are of one moment. 0/-1.
static int copy_long(QvInterp *qi, QV_STOLEN QvDictEntry *entries, unsigned log2_size,
                     const QvDict *from, bool whole)
{
    size_t index_at = table_cap(log2_size) * sizeof(QvDictEntry);
    size_t index_size = (size_t)index_width(log2_size) << log2_size;
    uint32_t k = 0;
    char *index = (char *)entries + index_at;
    if (whole ? qv_units_copy_long(qi, index, QV_STR_1, from->index, QV_STR_1,
                                   (QvSsize)index_size) < 0
              : qv_units_fill_long(qi, index, QV_STR_1, (QvSsize)index_size, 0) < 0) {
        drop_copied_take(qi, entries, log2_size, 0);
        return -1;
    }
    bool stopped = false;
    for (QvSsize i = 0; i < from->nentries && !stopped; i++) {
        const QvDictEntry *e = &from->entries[i];
        if (e->key) {
            qv_incref(qi, e->key);
            qv_incref(qi, e->value);
            entries[k++] = *e;
        }
        stopped = qv_stop_step(qi, i) < 0;
    }
    QvSsize filled = stopped ? -1 : whole ? k : index_long(qi, entries, log2_size, k);
    if (filled >= 0) {
        fill_index(entries + table_cap(log2_size), ((size_t)1 << log2_size) - 1, entries,
                   (uint32_t)filled, k, 4);
        return 0;
    }
    drop_copied_take(qi, entries, log2_size, k);
    return -1;
}

// Fills an empty dict with what another holds: no hashing, no comparison. 0 or -1.
static int clone_into(QvInterp *qi, QvDict *to, const QvDict *from)
{
    if (from->used == 0) {
        return 0;
    }
    unsigned log2_size = from->log2_size;
    bool whole = from->used == from->nentries && from->popped == 0;
    if (!whole) {
        log2_size = LOG2_MIN;
        while (table_cap(log2_size) < from->used) {
            log2_size++;
        }
    }
    QvDictEntry *entries = (QvDictEntry *)qv_alloc(qi, block_bytes(log2_size));
    if (entries == NULL) {
        return -1;
    }
    QvDictEntry *old = to->entries;
    unsigned old_log2 = to->log2_size;
    uint32_t n = from->used;
    QvSsize stopped = n > QV_POLL_SLICE ? copy_long(qi, entries, log2_size, from, whole) : 0;
    if (stopped < 0) {
        return -1;
    }
    qv_gc_retrack(&to->h);
    if (n > QV_POLL_SLICE) {
        table_install(to, entries, log2_size, n, n);
        goto done;
    }
    if (whole) {
        size_t live = n * sizeof(QvDictEntry);
        size_t index_at = table_cap(log2_size) * sizeof(QvDictEntry);
        memcpy(entries, from->entries, live);
        memcpy((char *)entries + index_at, from->index,
               (size_t)index_width(log2_size) << log2_size);
        to->entries = entries;
        to->index = (char *)entries + index_at;
        to->cap = table_cap(log2_size);
        to->nentries = to->used = n;
        to->popped = 0;
        to->log2_size = (uint8_t)log2_size;
        to->index_width = (uint8_t)index_width(log2_size);
        to->version = 0;
        to->tables++;
    } else {
        memset(entries + table_cap(log2_size), 0, (size_t)index_width(log2_size) << log2_size);
        if (compact(qi, entries, from->entries, from->nentries) < 0) {
            qv_free(qi, entries, block_bytes(log2_size));
            return -1;
        }
        table_install(to, entries, log2_size, 0, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        qv_incref(qi, entries[i].key);
        qv_incref(qi, entries[i].value);
    }
done:
    if (old) {
        qv_free(qi, old, block_bytes(old_log2));
    }
    return 0;
}

QvObj *qv_dict_copy(QvInterp *qi, QvObj *o)
{
    QvObj *copy = qv_dict_new(qi);
    // The order of a subclass with its own __iter__ is what that says.
    bool plain = qv_is_dict_exact(o) || o->type->iter == qv_dict_type.iter;
    if (copy &&
        (plain ? clone_into(qi, as_dict(copy), as_dict(o)) : qv_dict_update(qi, copy, o)) < 0) {
        qv_decref(qi, copy);
        return NULL;
    }
    return copy;
}

bool qv_dict_next(const QvObj *o, QvSsize *pos, QvObj **ret_key, QvObj **ret_value)
{
    const QvDict *d = as_dict(o);
    for (QvSsize i = *pos; i < (QvSsize)d->nentries; i++) {
        const QvDictEntry *e = &d->entries[i];
        if (e->key) {
            *pos = i + 1;
            if (ret_key) {
                *ret_key = e->key;
            }
            if (ret_value) {
                *ret_value = e->value;
            }
            return true;
        }
    }
    *pos = d->nentries;
    return false;
}

bool qv_dict_prev(const QvObj *o, QvSsize *pos, QvObj **ret_key, QvObj **ret_value)
{
    const QvDict *d = as_dict(o);
    QvSsize i = *pos < (QvSsize)d->nentries ? *pos : (QvSsize)d->nentries - 1;
    for (; i >= 0; i--) {
        const QvDictEntry *e = &d->entries[i];
        if (e->key) {
            *pos = i - 1;
            *ret_key = e->key;
            *ret_value = e->value;
            return true;
        }
    }
    *pos = -1;
    return false;
}

typedef enum ListOf { LIST_KEYS, LIST_VALUES, LIST_ITEMS } ListOf;

static QvObj *list_of(QvInterp *qi, QvObj *o, ListOf what)
{
    // Making objects can start a collection, whose finalizers may change the dict: copy first.
    QvObj *frozen = what == LIST_ITEMS ? qv_dict_copy(qi, o) : qv_new_ref(qi, o);
    if (frozen == NULL) {
        return NULL;
    }
    QvSsize n = qv_dict_len(o);
    QvObj *list = qv_list_new(qi, n);
    QvSsize pos = 0;
    QvObj *key, *value;
    while (list && qv_list_len(list) < n && qv_dict_next(frozen, &pos, &key, &value)) {
        int r = qv_stop_step(qi, qv_list_len(list));
        if (r < 0) {
            // Stopped.
        } else if (what == LIST_ITEMS) {
            r = qv_list_append_take(qi, list, qv_tuple_of(qi, 2, key, value));
        } else {
            r = qv_list_append(qi, list, what == LIST_KEYS ? key : value);
        }
        if (r < 0) {
            qv_clear(qi, &list);
        }
    }
    qv_decref(qi, frozen);
    return list;
}

QvObj *qv_dict_keys_list(QvInterp *qi, QvObj *d) { return list_of(qi, d, LIST_KEYS); }

QvObj *qv_dict_values_list(QvInterp *qi, QvObj *d) { return list_of(qi, d, LIST_VALUES); }

QvObj *qv_dict_items_list(QvInterp *qi, QvObj *d) { return list_of(qi, d, LIST_ITEMS); }

QvObj *qv_dict_new_sealed(void *(*alloc)(size_t n), QvObj *const *keys, QvObj *const *values,
                          QvSsize n)
{
    QvDict *d = (QvDict *)alloc(sizeof(QvDict));
    if (d == NULL) {
        return NULL;
    }
    d->h = (QvObj)QV_STATIC_HEADER(&qv_dict_type);
    if (n > 0) {
        unsigned log2_size = LOG2_MIN;
        while (table_cap(log2_size) < n) {
            log2_size++;
        }
        QvDictEntry *entries = (QvDictEntry *)alloc(block_bytes(log2_size));
        if (entries == NULL) {
            return NULL;
        }
        for (QvSsize i = 0; i < n; i++) {
            entries[i] = (QvDictEntry){qv_str_hash(keys[i]), keys[i], values[i]};
        }
        table_install(d, entries, log2_size, 0, (uint32_t)n);
    }
    // No interpreter counts this one: its address is as unique, and with bit 47 no counter reaches
    // it (48 bits in all: what inline caches keep).
    d->version = (UINT64_C(1) << 47) | ((uint64_t)(uintptr_t)d & ((UINT64_C(1) << 47) - 1));
    return &d->h;
}

// ---- update -------------------------------------------------------------------------------------

static QvObj *dict_iter(QvInterp *qi, QvObj *o)
{
    return qv_dict_iter_new(qi, &qv_dict_keyiterator_type, o);
}

// "module.qualname()" or str(func), for messages; new reference.
static QvObj *function_text(QvInterp *qi, QvObj *func)
{
    QvObj *qualname = NULL, *module = NULL, *text = NULL;
    int r = qv_getattr_try(qi, func, QV_N(__qualname__), &qualname);
    if (r < 0) {
        return NULL;
    }
    if (r == 0) {
        return qv_str(qi, func);
    }
    r = qv_getattr_try(qi, func, QV_N(__module__), &module);
    if (r >= 0) {
        if (r == 1 && module != QV_NONE &&
            !(qv_is_str(module) && qv_str_eq_ascii(module, "builtins"))) {
            text = qv_str_format(qi, "%S.%S()", module, qualname);
        } else {
            text = qv_str_format(qi, "%S()", qualname);
        }
    }
    qv_xdecref(qi, module);
    qv_decref(qi, qualname);
    return text;
}

static int raise_duplicate(QvInterp *qi, QvObj *func, QvObj *key)
{
    QvObj *text = func ? function_text(qi, func) : NULL;
    if (text == NULL && qv_err_occurred(qi)) {
        return -1;
    }
    if (text) {
        qv_raise(qi, &qv_exc_TypeError, "%U got multiple values for keyword argument '%S'", text,
                 key);
        qv_decref(qi, text);
    } else {
        qv_raise(qi, &qv_exc_TypeError, "got multiple values for keyword argument '%S'", key);
    }
    return -1;
}

// How a merge treats a key that is there already.
typedef enum MergeMode { MERGE_REPLACE, MERGE_UNIQUE } MergeMode;

// One pair into d. 0 or -1.
static int merge_one(QvInterp *qi, QvObj *d, QvObj *key, QvHash hash, QvObj *value, MergeMode mode,
                     QvObj *func)
{
    if (mode == MERGE_UNIQUE) {
        QvObj *there;
        int r = qv_dict_get_hashed(qi, d, key, hash, &there);
        if (r != 0) {
            return r < 0 ? -1 : raise_duplicate(qi, func, key);
        }
    }
    return qv_dict_set_hashed(qi, d, key, hash, value);
}

static int merge_dict(QvInterp *qi, QvObj *o, QvObj *other, MergeMode mode, QvObj *func)
{
    QvDict *d = as_dict(o);
    const QvDict *from = as_dict(other);
    if (o == other && mode == MERGE_REPLACE) {
        return 0;
    }
    if (from->used == 0) {
        return 0;
    }
    if (d->used == 0 && d->nentries == 0) {
        return clone_into(qi, d, from);
    }
    if (d->cap - d->nentries - d->popped < from->used &&
        table_rebuild(qi, d, (uint64_t)d->used + from->used) < 0) {
        return -1;
    }
    uint32_t n = from->nentries, used = from->used;
    for (uint32_t i = 0; i < n; i++) {
        const QvDictEntry *e = &from->entries[i];
        if (e->key == NULL) {
            continue;
        }
        QvObj *key = qv_new_ref(qi, e->key), *value = qv_new_ref(qi, e->value);
        int r = merge_one(qi, o, key, e->hash, value, mode, func);
        qv_decref(qi, key);
        qv_decref(qi, value);
        if (r < 0) {
            return -1;
        }
        if (from->nentries != n || from->used != used) {
            return qv_raise_int(qi, &qv_exc_RuntimeError, "dict mutated during update");
        }
    }
    return 0;
}

static int merge_mapping(QvInterp *qi, QvObj *d, QvObj *other, MergeMode mode, QvObj *func)
{
    QvObj *keys = qv_call_method0(qi, other, QV_N(keys));
    QvObj *it = keys ? qv_iter(qi, keys) : NULL;
    qv_xdecref(qi, keys);
    if (it == NULL) {
        return -1;
    }
    int r = 0;
    QvObj *key;
    while (r == 0 && (key = qv_next(qi, it)) != NULL) {
        QvHash hash = qv_key_hash(qi, key);
        QvObj *value = NULL, *there;
        r = hash == -1 ? -1 : 0;
        if (r == 0 && mode == MERGE_UNIQUE) {
            r = qv_dict_get_hashed(qi, d, key, hash, &there);
            r = r > 0 ? raise_duplicate(qi, func, key) : r;
        }
        if (r == 0) {
            value = qv_getitem(qi, other, key);
            r = value ? qv_dict_set_hashed(qi, d, key, hash, value) : -1;
        }
        qv_xdecref(qi, value);
        qv_decref(qi, key);
    }
    qv_decref(qi, it);
    return r < 0 || qv_err_occurred(qi) ? -1 : 0;
}

static int merge_any(QvInterp *qi, QvObj *d, QvObj *other, MergeMode mode, QvObj *func)
{
    if (qv_is_dict(other) && other->type->iter == dict_iter) {
        return merge_dict(qi, d, other, mode, func);
    }
    return merge_mapping(qi, d, other, mode, func);
}

static int update_pair(QvInterp *qi, QvObj *d, QvObj *item, QvSsize number)
{
    QvObj *pair;
    if (qv_is_tuple(item) || qv_is_list(item)) {
        pair = qv_new_ref(qi, item);
    } else {
        pair = qv_to_list(qi, item);
        if (pair == NULL) {
            if (qv_err_matches(qi, &qv_exc_TypeError)) {
                qv_err_clear(qi);
                qv_raise(qi, &qv_exc_TypeError,
                         "cannot convert dictionary update sequence element #%zd to a sequence",
                         number);
            }
            return -1;
        }
    }
    bool tuple = qv_is_tuple(pair);
    QvSsize n = tuple ? qv_tuple_len(pair) : qv_list_len(pair);
    int r = tuple ? 0 : qv_list_box(qi, pair);
    if (r < 0) {
        // nothing
    } else if (n != 2) {
        r = qv_raise_int(qi, &qv_exc_ValueError,
                         "dictionary update sequence element #%zd has length %zd; 2 is required",
                         number, n);
    } else {
        QvObj *key = qv_new_ref(qi, tuple ? qv_tuple_peek(pair, 0) : qv_list_peek(pair, 0));
        QvObj *value = qv_new_ref(qi, tuple ? qv_tuple_peek(pair, 1) : qv_list_peek(pair, 1));
        r = qv_dict_set(qi, d, key, value);
        qv_decref(qi, key);
        qv_decref(qi, value);
    }
    qv_decref(qi, pair);
    return r;
}

static int update_pairs(QvInterp *qi, QvObj *d, QvObj *pairs)
{
    QvWalk walk;
    if (qv_walk_init(qi, &walk, pairs) < 0) {
        return -1;
    }
    int r = 0;
    QvObj *item;
    for (QvSsize number = 0; r == 0 && (item = qv_walk_next(qi, &walk, NULL, NULL)) != NULL;
         number++) {
        r = update_pair(qi, d, item, number);
        qv_decref(qi, item);
    }
    qv_walk_fini(qi, &walk);
    return r < 0 || qv_err_occurred(qi) ? -1 : 0;
}

QV_RUNS int qv_dict_update(QvInterp *qi, QvObj *d, QvObj *other)
{
    if (qv_is_dict_exact(other)) {
        return merge_dict(qi, d, other, MERGE_REPLACE, NULL);
    }
    QvObj *keys = NULL;
    int r = qv_getattr_try(qi, other, QV_N(keys), &keys);
    if (r < 0) {
        return -1;
    }
    qv_xdecref(qi, keys);
    return r ? merge_any(qi, d, other, MERGE_REPLACE, NULL) : update_pairs(qi, d, other);
}

QV_RUNS int qv_dict_merge_unique(QvInterp *qi, QvObj *d, QvObj *other, QvObj *func)
{
    if (!qv_is_dict(other)) {
        QvObj *keys = NULL;
        int r = qv_getattr_try(qi, other, QV_N(keys), &keys);
        qv_xdecref(qi, keys);
        if (r < 0) {
            return -1;
        }
        if (r == 0) {
            QvObj *text = func ? function_text(qi, func) : NULL;
            if (text) {
                qv_raise(qi, &qv_exc_TypeError, "%U argument after ** must be a mapping, not %T",
                         text, other);
                qv_decref(qi, text);
            } else if (!qv_err_occurred(qi)) {
                qv_raise(qi, &qv_exc_TypeError, "argument after ** must be a mapping, not %T",
                         other);
            }
            return -1;
        }
    }
    return merge_any(qi, d, other, MERGE_UNIQUE, func);
}

// ---- type ---------------------------------------------------------------------------------------

static QvObj *dict_make(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)args;
    (void)nargs;
    (void)kwnames;
    return type == &qv_dict_type ? qv_dict_new(qi) : qv_obj_new(qi, type);
}

static int dict_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_ctor_check(qi, "dict", nargs, 0, 1, NULL) < 0 ||
        (nargs == 1 && qv_dict_update(qi, self, args[0]) < 0)) {
        return -1;
    }
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    for (QvSsize i = 0; i < nkw; i++) {
        if (qv_dict_set(qi, self, qv_tuple_peek(kwnames, i), args[nargs + i]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int dict_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    const QvDict *d = as_dict(o);
    for (uint32_t i = 0; i < d->nentries; i++) {
        QV_VISIT(d->entries[i].key);
        QV_VISIT(d->entries[i].value);
    }
    return 0;
}

static QvObj *dict_repr(QvInterp *qi, QvObj *o)
{
    int entered = qv_repr_enter(qi, o);
    if (entered != 0) {
        return entered < 0 ? NULL : qv_str_new_ascii(qi, "{...}", 5);
    }
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    qv_strbuf_char(&b, '{');
    QvSsize pos = 0;
    QvObj *key, *value;
    int r = 0;
    for (bool first = true; r == 0 && qv_dict_next(o, &pos, &key, &value); first = false) {
        qv_incref(qi, key);
        qv_incref(qi, value);
        if (!first) {
            qv_strbuf_ascii(&b, ", ", 2);
        }
        QvObj *key_text = qv_poll_step(qi, pos) < 0 ? NULL : qv_repr(qi, key);
        QvObj *value_text = key_text ? qv_repr(qi, value) : NULL;
        if (value_text) {
            qv_strbuf_str(&b, key_text);
            qv_strbuf_ascii(&b, ": ", 2);
            qv_strbuf_str(&b, value_text);
        } else {
            r = -1;
        }
        qv_xdecref(qi, key_text);
        qv_xdecref(qi, value_text);
        qv_decref(qi, key);
        qv_decref(qi, value);
    }
    qv_repr_leave(qi, o);
    if (r < 0) {
        qv_strbuf_fini(&b);
        return NULL;
    }
    qv_strbuf_char(&b, '}');
    return qv_strbuf_finish(&b);
}

// 1 equal, 0, -1.
static int dict_equal(QvInterp *qi, QvObj *v, QvObj *w)
{
    const QvDict *a = as_dict(v);
    if (a->used != as_dict(w)->used) {
        return 0;
    }
    for (uint32_t i = 0; i < a->nentries; i++) {
        const QvDictEntry *e = &a->entries[i];
        if (e->key == NULL) {
            continue;
        }
        QvObj *key = qv_new_ref(qi, e->key), *mine = qv_new_ref(qi, e->value), *theirs = NULL;
        int r = qv_poll_step(qi, i);
        if (r == 0) {
            r = qv_dict_get_hashed(qi, w, key, e->hash, &theirs);
        }
        if (r > 0) {
            r = qv_item_eq(qi, mine, theirs);
        }
        qv_decref(qi, key);
        qv_decref(qi, mine);
        if (r <= 0) {
            return r;
        }
    }
    return 1;
}

static QvObj *dict_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (!qv_is_dict(v) || !qv_is_dict(w) || (op != QV_EQ && op != QV_NE)) {
        return QV_NOTIMPLEMENTED;
    }
    int r = dict_equal(qi, v, w);
    return r < 0 ? NULL : qv_bool((r == 1) == (op == QV_EQ));
}

static QvSsize dict_len(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_dict_len(o);
}

static QvObj *dict_getitem(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvObj *value;
    int r = qv_dict_get(qi, o, key, &value);
    if (QV_LIKELY(r > 0)) {
        return qv_new_ref(qi, value);
    }
    if (r < 0) {
        return NULL;
    }
    if (o->type != &qv_dict_type) {
        QvObj *missing;
        r = qv_lookup_special(qi, o, QV_N(__missing__), &missing);
        if (r != 0) {
            value = r < 0 ? NULL : qv_call1(qi, missing, key);
            if (r > 0) {
                qv_decref(qi, missing);
            }
            return value;
        }
    }
    return qv_raise_obj(qi, &qv_exc_KeyError, key);
}

static int dict_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value)
{
    return value ? qv_dict_set(qi, o, key, value) : qv_dict_del(qi, o, key);
}

static int dict_contains(QvInterp *qi, QvObj *o, QvObj *key)
{
    QvObj *value;
    return qv_dict_get(qi, o, key, &value);
}

static QvObj *dict_or(QvInterp *qi, QvObj *v, QvObj *w)
{
    if (!qv_is_dict(v) || !qv_is_dict(w)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *ret = qv_dict_copy(qi, v);
    if (ret && qv_dict_update(qi, ret, w) < 0) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *dict_ior(QvInterp *qi, QvObj *v, QvObj *w)
{
    return qv_dict_update(qi, v, w) < 0 ? NULL : qv_new_ref(qi, v);
}

// ---- methods ------------------------------------------------------------------------------------

static QvObj *dict_get(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *value;
    int r = qv_dict_get(qi, self, args[0], &value);
    if (r < 0) {
        return NULL;
    }
    return r > 0 ? qv_new_ref(qi, value) : args[1] ? qv_new_ref(qi, args[1]) : QV_NONE;
}

static QvObj *dict_setdefault(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *value;
    return qv_dict_setdefault(qi, self, args[0], args[1] ? args[1] : QV_NONE, &value) < 0 ? NULL
                                                                                          : value;
}

static QvObj *dict_pop(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *value;
    // As in CPython an empty dict does not even ask for the hash.
    int r = qv_dict_len(self) == 0 ? 0 : qv_dict_pop(qi, self, args[0], &value);
    if (r != 0) {
        return r < 0 ? NULL : value;
    }
    return args[1] ? qv_new_ref(qi, args[1]) : qv_raise_obj(qi, &qv_exc_KeyError, args[0]);
}

static QvObj *dict_popitem(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *pair = qv_tuple_new(qi, 2);
    if (pair == NULL) {
        return NULL;
    }
    QvDict *d = as_dict(self);
    if (d->used == 0) {
        qv_decref(qi, pair);
        return qv_raise(qi, &qv_exc_KeyError, "popitem(): dictionary is empty");
    }
    while (d->entries[d->nentries - 1].key == NULL) {
        d->nentries--;
        d->popped++;
    }
    QvObj **items = qv_tuple_items(pair);
    take_out(d, (QvSsize)d->nentries - 1, &items[0], &items[1]);
    d->nentries--;
    d->popped++;
    return pair;
}

static QvObj *dict_keys(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_dict_view_new(qi, &qv_dict_keys_type, self);
}

static QvObj *dict_values(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_dict_view_new(qi, &qv_dict_values_type, self);
}

static QvObj *dict_items(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_dict_view_new(qi, &qv_dict_items_type, self);
}

// update(*args, **kwargs): a tuple and a dict or NULL.
static QvObj *dict_update(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize n = args[0] ? qv_tuple_len(args[0]) : 0;
    if (qv_ctor_check(qi, "update", n, 0, 1, NULL) < 0 ||
        (n == 1 && qv_dict_update(qi, self, qv_tuple_peek(args[0], 0)) < 0) ||
        (args[1] && merge_dict(qi, self, args[1], MERGE_REPLACE, NULL) < 0)) {
        return NULL;
    }
    return QV_NONE;
}

static QvObj *dict_fromkeys(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *value = args[1] ? args[1] : QV_NONE;
    QvObj *ret = qv_call0(qi, type);
    if (ret == NULL) {
        return NULL;
    }
    bool plain = qv_is_dict_exact(ret);
    if (plain && qv_dict_len(ret) == 0 && (qv_is_dict_exact(args[0]) || qv_is_anyset(args[0]))) {
        QvSsize n = qv_is_dict_exact(args[0]) ? qv_dict_len(args[0]) : qv_set_len(args[0]);
        if (table_rebuild(qi, as_dict(ret), (uint64_t)n) < 0) {
            qv_decref(qi, ret);
            return NULL;
        }
    }
    if (plain && (args[0]->type == &qv_set_type || args[0]->type == &qv_frozenset_type)) {
        // The hashes are known.
        QvHash hash;
        QvSsize pos = 0;
        int r = 0;
        QvObj *key;
        while (r == 0 && (key = qv_set_step(qi, args[0], &pos, &hash)) != NULL) {
            r = qv_dict_set_hashed(qi, ret, key, hash, value);
            qv_decref(qi, key);
        }
        if (r < 0) {
            qv_clear(qi, &ret);
        }
        return ret;
    }
    QvObj *it = qv_iter(qi, args[0]);
    int r = it ? 0 : -1;
    QvObj *key;
    for (QvSsize i = 0; r == 0 && (key = qv_next(qi, it)) != NULL; i++) {
        if (qv_poll_step(qi, i) < 0) {
            r = -1;
        } else {
            r = plain ? qv_dict_set(qi, ret, key, value) : qv_setitem(qi, ret, key, value);
        }
        qv_decref(qi, key);
    }
    qv_xdecref(qi, it);
    if (r < 0 || qv_err_occurred(qi)) {
        qv_clear(qi, &ret);
    }
    return ret;
}

static QvObj *dict_clear(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    qv_dict_clear(qi, self);
    return QV_NONE;
}

static QvObj *dict_copy(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_dict_copy(qi, self);
}

static QvObj *dict_reversed(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_dict_iter_new(qi, &qv_dict_reversekeyiterator_type, self);
}

size_t qv_dict_memsize(const QvObj *o)
{
    const QvDict *d = as_dict(o);
    return sizeof(QvDict) + (d->cap ? block_bytes(d->log2_size) : 0);
}

static QvObj *dict_sizeof(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    return qv_int_from_i64(qi, (int64_t)qv_dict_memsize(self));
}

static const QvNativeDef dict_methods[] = {
    {"__sizeof__", dict_sizeof, "($self, /)", "Size of the dict in memory, in bytes."},
    {"get", dict_get, "($self, key, default=None, /)",
     "Return the value for key if key is in the dictionary, else default."},
    {"setdefault", dict_setdefault, "($self, key, default=None, /)",
     "The value of key; a key that is not there is added with the value default."},
    {"pop", dict_pop, "($self, key, default=<unrepresentable>, /)",
     "Removes key and returns its value; default, or KeyError without one, when it is not there."},
    {"popitem", dict_popitem, "($self, /)",
     "Removes the pair added last and returns it; KeyError when the dictionary is empty."},
    {"keys", dict_keys, "($self, /)", "A view of the keys."},
    {"items", dict_items, "($self, /)", "A view of the (key, value) pairs."},
    {"values", dict_values, "($self, /)", "A view of the values."},
    {"update", dict_update, "($self, /, *args, **kwargs)",
     "Adds the pairs of a mapping or of an iterable of pairs, then those given by keyword."},
    {"fromkeys", dict_fromkeys, "($type, iterable, value=None, /)",
     "A new dictionary with the keys of the iterable and one value."},
    {"clear", dict_clear, "($self, /)", "Removes all items."},
    {"copy", dict_copy, "($self, /)", "A shallow copy."},
    {"__reversed__", dict_reversed, "($self, /)", "An iterator over the keys, last one first."},
    {"__class_getitem__", qv_class_getitem, "($type, item, /)", "See PEP 585"},
    {0},
};

QV_SEALED QvType qv_dict_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "dict",
    .id = QV_TID_dict,
    .flags = QV_T_GC | QV_T_BASE | QV_T_DICT | QV_T_MAPPING | QV_T_MATCH_SELF | QV_T_IMMUTABLE,
    .size = sizeof(QvDict),
    .base = &qv_object_type,
    .doc = "dict() -> empty dictionary\n"
           "dict(mapping) -> copy of the mapping's pairs\n"
           "dict(iterable) -> from (key, value) pairs\n"
           "dict(**kwargs) -> from keyword arguments, which may also follow the others",
    .methods = dict_methods,
    .new_ = dict_make,
    .init = dict_init,
    .dealloc = dict_dealloc,
    .fini = qv_dict_clear,
    .clear = qv_dict_clear,
    .traverse = dict_traverse,
    .repr = dict_repr,
    .richcmp = dict_richcmp,
    .iter = dict_iter,
    .or_ = dict_or,
    .ior = dict_ior,
    .len = dict_len,
    .getitem = dict_getitem,
    .setitem = dict_setitem,
    .contains = dict_contains,
};
