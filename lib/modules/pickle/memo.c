// SPDX-License-Identifier: MIT
// What a pickler has written, by identity: never a deletion.
#include "modules/pickle/pickle.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/str_units.h"
#include "object/tuple.h"

// A block for a memo of that size, its index empty. 0/-1.
static int make_block(QvInterp *qi, QvPickleMemo *m, size_t size)
{
    if (size / 2 >= UINT32_MAX) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "too many objects in one pickle");
    }
    m->entries = qv_alloc(qi, qv_pickle_memo_bytes(size));
    if (!m->entries) {
        return -1;
    }
    m->index = (uint32_t *)(void *)(m->entries + size / 2);
    m->size = size;
    return qv_bytes_fill(qi, m->index, 0, (QvSsize)(size * sizeof(uint32_t)));
}

int qv_pickle_memo_grow(QvInterp *qi, QvPickleMemo *m)
{
    QvPickleMemo bigger = *m;
    bigger.entries = NULL;
    size_t size = m->size == 0 ? 32 : m->size < 1024 ? m->size * 4 : m->size * 2;
    int status = make_block(qi, &bigger, size);
    for (size_t i = 0; status == 0 && i < m->used; i++) {
        bigger.entries[i] = m->entries[i];
        qv_pickle_memo_enter(&bigger, i);
        status = qv_stop_step(qi, (QvSsize)i);
    }
    QvPickleMemo *gone = status < 0 ? &bigger : m;
    if (gone->entries) {
        qv_free(qi, gone->entries, qv_pickle_memo_bytes(gone->size));
    }
    *m = status < 0 ? *m : bigger;
    return status;
}

int qv_pickle_memo_set(QvInterp *qi, QvPickleMemo *m, QvObj *o, uint64_t number)
{
    QvPickleMemoEntry *e = qv_pickle_memo_find(m, o);
    if (e) {
        e->number = number;
        return 0;
    }
    return qv_pickle_memo_add(qi, m, o, number);
}

void qv_pickle_memo_clear(QvInterp *qi, QvPickleMemo *m)
{
    QvPickleMemo old = *m;
    *m = (QvPickleMemo){0};
    for (size_t i = 0; i < old.used; i++) {
        qv_decref(qi, old.entries[i].key);
    }
    if (old.entries) {
        qv_free(qi, old.entries, qv_pickle_memo_bytes(old.size));
    }
}

int qv_pickle_memo_traverse(const QvPickleMemo *m, QvVisit visit, void *ctx)
{
    for (size_t i = 0; i < m->used; i++) {
        QV_VISIT(m->entries[i].key);
    }
    return 0;
}

int qv_pickle_memo_copy(QvInterp *qi, QvPickleMemo *to, const QvPickleMemo *from)
{
    QvPickleMemo copy = {.next = from->next};
    if (from->entries) {
        int status = make_block(qi, &copy, from->size);
        for (size_t i = 0; status == 0 && i < from->used; i++) {
            status =
                qv_stop_step(qi, (QvSsize)i) < 0
                    ? -1
                    : qv_pickle_memo_add(qi, &copy, from->entries[i].key, from->entries[i].number);
        }
        if (status < 0) {
            qv_pickle_memo_clear(qi, &copy);
            return -1;
        }
    }
    QvPickleMemo old = *to;
    *to = copy;
    qv_pickle_memo_clear(qi, &old);
    return 0;
}

QvObj *qv_pickle_memo_dict(QvInterp *qi, const QvPickleMemo *m)
{
    QvObj *d = qv_dict_new(qi);
    for (size_t i = 0; d && i < m->used; i++) {
        QvObj *o = m->entries[i].key;
        QvObj *id = qv_int_from_u64(qi, (uint64_t)(uintptr_t)o);
        QvObj *number = qv_int_from_u64(qi, m->entries[i].number);
        QvObj *pair = number ? qv_tuple_of(qi, 2, number, o) : NULL;
        if (!id || !pair || qv_dict_set(qi, d, id, pair) < 0) {
            qv_clear(qi, &d);
        }
        qv_xdecref(qi, id);
        qv_xdecref(qi, number);
        qv_xdecref(qi, pair);
    }
    return d;
}

int qv_pickle_memo_from_dict(QvInterp *qi, QvPickleMemo *m, QvObj *dict)
{
    QvPickleMemo fresh = {0};
    QvSsize pos = 0;
    QvObj *key, *value;
    while (qv_dict_next(dict, &pos, &key, &value)) {
        int64_t number;
        if (!qv_is_tuple(value) || qv_tuple_len(value) != 2) {
            qv_raise(qi, &qv_exc_TypeError, "'memo' values must be 2-item tuples");
            goto failed;
        }
        if (!qv_is_int(qv_tuple_peek(value, 0))) {
            qv_raise(qi, &qv_exc_TypeError, "an integer is required");
            goto failed;
        }
        if (qv_int_to_i64(qi, qv_tuple_peek(value, 0), &number) < 0 ||
            qv_pickle_memo_set(qi, &fresh, qv_tuple_peek(value, 1), (uint64_t)number) < 0) {
            goto failed;
        }
    }
    fresh.next = fresh.used;
    QvPickleMemo old = *m;
    *m = fresh;
    qv_pickle_memo_clear(qi, &old);
    return 0;
failed:
    qv_pickle_memo_clear(qi, &fresh);
    return -1;
}
