// SPDX-License-Identifier: MIT
// dict: the compact ordered table. Also the storage of namespaces.
//
// Entries stand in insertion order; an index table of 1, 2 or 4 byte slots maps hashes to them.
// Look-ups with an interned str key compare pointers first. `version` serves the inline caches: it
// changes whenever a key is added or removed or the table moves, not when a value is replaced.
#ifndef QV_OBJECT_DICT_H
#define QV_OBJECT_DICT_H

#include "object/object.h"
#include "object/type.h"

typedef struct QvDictEntry {
    QvHash hash; // -1: deleted
    QvObj *key;  // NULL: deleted
    QvObj *value;
} QvDictEntry;

struct QvDict {
    QvObj h;
    uint32_t used;        // live entries
    uint32_t nentries;    // entries in use, deleted ones included
    uint32_t cap;         // room for entries
    uint32_t popped;      // index slots in use that belong to no entry any more (left by popitem)
    QvDictEntry *entries; // one raw block: entries, then the index table; NULL when cap is 0
    void *index;          // inside the block; slots: 0 free, else number of the entry + 1
    uint8_t log2_size;    // index slots = 1 << log2_size
    uint8_t index_width;  // 1, 2 or 4 bytes
    uint32_t tables;      // changes when entries get other numbers
    uint64_t version;     // 0: none assigned since the last change; see qv_dict_version
};
extern QvType qv_dict_type, qv_mappingproxy_type;
extern QvType qv_dict_reversekeyiterator_type, qv_dict_reversevalueiterator_type,
    qv_dict_reverseitemiterator_type;
extern QvType qv_dict_keys_type, qv_dict_values_type, qv_dict_items_type;

static inline bool qv_is_dict(const QvObj *o) { return qv_has_flag(o, QV_T_DICT); }
static inline bool qv_is_dict_exact(const QvObj *o) { return o->type == &qv_dict_type; }
static inline QvSsize qv_dict_len(const QvObj *o) { return ((const QvDict *)o)->used; }
QvObj *qv_dict_new(QvInterp *qi);
// n pairs of key and value, the keys different interned strs, in an array from which they are taken
// (NULL is left there; untouched when the result is NULL).
QvObj *qv_dict_from_names(QvInterp *qi, QvObj **pairs, unsigned n);
// {pairs[0]: pairs[1], pairs[2]: ...}, n pairs.
QV_RUNS QvObj *qv_dict_from_pairs(QvInterp *qi, QvObj *const *pairs, QvSsize n);
QvObj *qv_dict_new_presized(QvInterp *qi, QvSsize n);
// 1 found (*ret borrowed), 0 absent, -1 error.
QV_RUNS int qv_dict_get(QvInterp *qi, QvObj *d, QvObj *key, QV_BORROWED QvObj **ret);
QV_RUNS int qv_dict_get_hashed(QvInterp *qi, QvObj *d, QvObj *key, QvHash hash,
                               QV_BORROWED QvObj **ret);
// For str keys with exact str in the table: cannot run Python, cannot fail. NULL when absent.
QV_BORROWED QvObj *qv_dict_peek_str(const QvObj *d, QvObj *str_key);
// Index of the entry of an exact str key, or -1 (for inline caches).
QvSsize qv_dict_find_str(const QvObj *d, QvObj *str_key);
// Number of the entry of any key, -1 absent, -2 error; and of the very same key object (no Python).
QV_RUNS QvSsize qv_dict_find_hashed(QvInterp *qi, QvObj *d, QvObj *key, QvHash hash);
QvSsize qv_dict_find_same(const QvObj *d, const QvObj *key, QvHash hash);
// Takes the entry with that number out; its references are the caller's.
void qv_dict_take_at(QvObj *d, QvSsize at, QvObj **ret_key, QvObj **ret_value);
size_t qv_dict_memsize(const QvObj *d); // what __sizeof__ says
QV_RUNS int qv_dict_set(QvInterp *qi, QvObj *d, QvObj *key, QvObj *value);
QV_RUNS int qv_dict_set_hashed(QvInterp *qi, QvObj *d, QvObj *key, QvHash hash, QvObj *value);
QV_RUNS int qv_dict_set_take(QvInterp *qi, QvObj *d, QvObj *key, QV_STOLEN QvObj *value); // value
                                                                                          // NULL:
                                                                                          // -1
QV_RUNS int qv_dict_set_cstr(QvInterp *qi, QvObj *d, const char *key, QvObj *value);
QV_RUNS int qv_dict_set_cstr_take(QvInterp *qi, QvObj *d, const char *key, QV_STOLEN QvObj *value);
QV_RUNS int qv_dict_del(QvInterp *qi, QvObj *d, QvObj *key);              // KeyError
QV_RUNS int qv_dict_pop(QvInterp *qi, QvObj *d, QvObj *key, QvObj **ret); // 1 (*ret new), 0 absent,
                                                                          // -1
QV_RUNS int qv_dict_pop_hashed(QvInterp *qi, QvObj *d, QvObj *key, QvHash hash, QvObj **ret);
QV_RUNS int qv_dict_setdefault(QvInterp *qi, QvObj *d, QvObj *key, QvObj *dflt,
                               QvObj **ret);                      // *ret new; 1 was there, 0 added
QV_RUNS int qv_dict_update(QvInterp *qi, QvObj *d, QvObj *other); // mapping or pairs
QV_RUNS int qv_dict_merge_unique(QvInterp *qi, QvObj *d, QvObj *other, QvObj *func); // f(**a, **b):
                                                                                     // TypeError on
                                                                                     // duplicates,
                                                                                     // names func
QvObj *qv_dict_copy(QvInterp *qi, QvObj *d);
QV_RUNS void qv_dict_clear(QvInterp *qi, QvObj *d);
QvObj *qv_dict_keys_list(QvInterp *qi, QvObj *d); // new list
QvObj *qv_dict_values_list(QvInterp *qi, QvObj *d);
QvObj *qv_dict_items_list(QvInterp *qi, QvObj *d);
// Iteration in C: *pos starts at 0. key and value borrowed. false at the end. The dict must not
// change meanwhile.
bool qv_dict_next(const QvObj *d, QvSsize *pos, QvObj **ret_key, QvObj **ret_value);
// Like qv_dict_set for **kwargs-like callers that know the key is new to the dict: no comparison.
// 0/-1.
int qv_dict_add_new(QvInterp *qi, QvObj *d, QvObj *key, QvHash hash, QvObj *value);
// The views (dict.keys() and so on) and iterators over them; the iterator starts at the front, or
// the back.
typedef struct QvDictView {
    QvObj h;
    QvObj *dict; // owned; NULL once cleared by the collector
} QvDictView;
static inline QV_BORROWED QvObj *qv_dict_view_peek(const QvObj *view)
{
    return ((const QvDictView *)view)->dict;
}
QvObj *qv_dict_view_new(QvInterp *qi, QvType *type, QvObj *d);
QvObj *qv_dict_iter_new(QvInterp *qi, QvType *type, QvObj *d);
// The entry behind *pos for reverse iteration: *pos starts at nentries - 1. false at the end.
bool qv_dict_prev(const QvObj *d, QvSsize *pos, QvObj **ret_key, QvObj **ret_value);
// Non-zero version of the current key structure.
uint64_t qv_dict_version(QvInterp *qi, QvObj *d);
QvObj *qv_mappingproxy_new(QvInterp *qi, QvObj *mapping);
// Builds the dict of a static type in sealed memory at the seal; key/value immortal. alloc gives
// zeroed sealed memory.
QvObj *qv_dict_new_sealed(void *(*alloc)(size_t n), QvObj *const *keys, QvObj *const *values,
                          QvSsize n);

#endif
