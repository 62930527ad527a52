// SPDX-License-Identifier: MIT
// list: an array of references, or (a packed list) of numbers without boxes.
//
// A packed list holds exact ints of 64 bits, or exact floats other than NaN, as machine numbers of
// one kind. Its `items` are NULL and `boxed` and `cap` are 0, as if it were empty: whoever looks at
// these first (the eval loop) takes the slow path without asking more. Only exact lists are packed,
// and only long ones become it: received ones, copies and slices of packed ones, list(range(n)),
// [0] * n, and those that grow by append or extend past QV_NUMBERS_MIN while all they hold are
// numbers (list_numbers.c). A script can tell by one thing alone: x[i] is x[i] may be false for a
// float, or an int that is not cached.
//
// What C code may do with a list that comes from elsewhere:
// - qv_list_len and qv_list_at, on any.
// - qv_list_box, once; then it is an ordinary list for life, whatever runs meanwhile, and its items
//   may be peeked at.
// Lists from qv_list_new, qv_list_from_array and qv_to_list are ordinary, and as long as no script
// has them nobody packs them.
#ifndef QV_OBJECT_LIST_H
#define QV_OBJECT_LIST_H

#include "object/object.h"
#include "object/type.h"

// Length from which numbers are packed. (Set it to 4 by hand to test nearly all lists packed.)
#ifndef QV_NUMBERS_MIN
#define QV_NUMBERS_MIN 1024
#endif

// What a packed list holds. For ints the kind is the logarithm of their width in bytes.
typedef enum QvNumKind { QV_NUM_I8, QV_NUM_I16, QV_NUM_I32, QV_NUM_I64, QV_NUM_F64 } QvNumKind;

// One raw block.
typedef struct QvNumbers {
    QvSsize len, cap; // numbers
    QvNumKind kind;
    _Alignas(8) uint8_t data[]; // cap of them
} QvNumbers;

struct QvList {
    QvObj h;
    QvObj **items;      // raw block of cap pointers, owned; NULL when cap is 0
    QvSsize boxed;      // how many; 0 when packed: qv_list_len is the length
    QvSsize cap;        // -1 while it is being sorted (boxed 0, items NULL)
    QvNumbers *numbers; // owned; not NULL: the list is packed
};
enum {
    QV_LIST_F_ORDINARY = 1 << QV_F_CAP_SHIFT
}; // exact list only (it has no instance part): it
   // will not be packed any more
extern QvType qv_list_type;

static inline bool qv_is_list(const QvObj *o) { return qv_has_flag(o, QV_T_LIST); }
static inline bool qv_is_list_exact(const QvObj *o) { return o->type == &qv_list_type; }
static inline bool qv_list_is_packed(const QvObj *o)
{
    return ((const QvList *)o)->numbers != NULL;
}
static inline QvSsize qv_list_len(const QvObj *o)
{
    const QvList *l = (const QvList *)o;
    return QV_LIKELY(l->numbers == NULL) ? l->boxed : l->numbers->len;
}
// Ordinary lists only.
QV_BORROWED static inline QvObj *qv_list_peek(const QvObj *o, QvSsize i)
{
    qv_assert(((const QvList *)o)->numbers == NULL);
    return ((const QvList *)o)->items[i];
}
// Item i of a packed list in a box (new, or cached); i in range. NULL with MemoryError.
QvObj *qv_list_number(QvInterp *qi, const QvObj *o, QvSsize i);
// Item i, in range: new reference; NULL with MemoryError. Runs no Python.
static inline QvObj *qv_list_at(QvInterp *qi, const QvObj *o, QvSsize i)
{
    return QV_LIKELY(((const QvList *)o)->numbers == NULL) ? qv_new_ref(qi, qv_list_peek(o, i))
                                                           : qv_list_number(qi, o, i);
}
// Makes the list an ordinary one, for ever. 0, or -1 with an exception (MemoryError, or the script
// is being stopped): then it is as it was. Runs no Python.
int qv_list_box(QvInterp *qi, QvObj *o);

QvObj *qv_list_new(QvInterp *qi, QvSsize cap); // empty, room for cap
QvObj *qv_list_from_array(QvInterp *qi, QvObj *const *items, QvSsize n);
// v + w of exact lists. One that `dies` is dropped by the caller next: when nobody else has it, its
// block (v) or its items (w) go into the result, and it may be the result (v).
QvObj *qv_list_concat_dying(QvInterp *qi, QvObj *v, bool v_dies, QvObj *w, bool w_dies);
// A packed list of n numbers at data, which may be unaligned; n > 0. NULL without an exception when
// one of them is NaN.
QvObj *qv_list_from_numbers(QvInterp *qi, QvNumKind kind, const void *data, QvSsize n);

// These take any list. An ordinary one stays ordinary.
int qv_list_append(QvInterp *qi, QvObj *o, QvObj *item);
int qv_list_append_take(QvInterp *qi, QvObj *o, QV_STOLEN QvObj *item); // stolen even on failure;
                                                                        // item NULL: -1
int qv_list_insert(QvInterp *qi, QvObj *o, QvSsize i, QvObj *item);
QV_RUNS int qv_list_set(QvInterp *qi, QvObj *o, QvSsize i, QvObj *item); // IndexError
QV_RUNS int qv_list_extend(QvInterp *qi, QvObj *o, QvObj *iterable);
QV_RUNS int qv_list_set_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end,
                              QvObj *iterable /*NULL deletes*/);
QvObj *qv_list_slice(QvInterp *qi, QvObj *o, QvSsize start, QvSsize end); // may be packed
QV_RUNS int qv_list_sort(QvInterp *qi, QvObj *o, QvObj *key /*NULL*/, bool reverse);
int qv_list_reverse(QvInterp *qi, QvObj *o);
QvObj *qv_list_as_tuple(QvInterp *qi, QvObj *o);
QV_RUNS void qv_list_clear(QvInterp *qi, QvObj *o);
// What a script's append, extend and list() do: the list may become packed.
int qv_list_push_take(QvInterp *qi, QvObj *o, QV_STOLEN QvObj *item); // stolen even on failure
QV_RUNS int qv_list_extend_packing(QvInterp *qi, QvObj *o, QvObj *iterable);

#endif
