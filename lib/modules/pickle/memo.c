// SPDX-License-Identifier: MIT
// What a pickler has written, by identity: open addressing, never a deletion.
#include "modules/pickle/pickle.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/tuple.h"

static void insert(QvPickleMemo *m, QvObj *key, uint64_t number)
{
    size_t i = qv_pickle_memo_slot(m, key);
    while (m->table[i].key) {
        i = (i + 1) & (m->size - 1);
    }
    m->table[i] = (QvPickleMemoEntry){key, number};
}

static int grow(QvInterp *qi, QvPickleMemo *m)
{
    QvPickleMemo bigger = *m;
    bigger.size = m->size ? m->size * 2 : 32;
    bigger.table = qv_alloc(qi, bigger.size * sizeof *bigger.table);
    if (!bigger.table) {
        return -1;
    }
    memset(bigger.table, 0, bigger.size * sizeof *bigger.table);
    for (size_t i = 0; i < m->size; i++) {
        if (m->table[i].key) {
            insert(&bigger, m->table[i].key, m->table[i].number);
        }
    }
    if (m->table) {
        qv_free(qi, m->table, m->size * sizeof *m->table);
    }
    *m = bigger;
    return 0;
}

int qv_pickle_memo_set(QvInterp *qi, QvPickleMemo *m, QvObj *o, uint64_t number)
{
    QvPickleMemoEntry *e = qv_pickle_memo_find(m, o);
    if (e) {
        e->number = number;
        return 0;
    }
    if (m->used * 2 >= m->size && grow(qi, m) < 0) {
        return -1;
    }
    insert(m, qv_new_ref(qi, o), number);
    m->used++;
    return 0;
}

void qv_pickle_memo_clear(QvInterp *qi, QvPickleMemo *m)
{
    QvPickleMemo old = *m;
    *m = (QvPickleMemo){0};
    for (size_t i = 0; i < old.size; i++) {
        qv_xdecref(qi, old.table[i].key);
    }
    if (old.table) {
        qv_free(qi, old.table, old.size * sizeof *old.table);
    }
}

int qv_pickle_memo_traverse(const QvPickleMemo *m, QvVisit visit, void *ctx)
{
    for (size_t i = 0; i < m->size; i++) {
        QV_VISIT(m->table[i].key);
    }
    return 0;
}

int qv_pickle_memo_copy(QvInterp *qi, QvPickleMemo *to, const QvPickleMemo *from)
{
    QvPickleMemo copy = *from;
    if (from->table) {
        copy.table = qv_alloc(qi, from->size * sizeof *copy.table);
        if (!copy.table) {
            return -1;
        }
        memcpy(copy.table, from->table, from->size * sizeof *copy.table);
        for (size_t i = 0; i < copy.size; i++) {
            qv_xincref(qi, copy.table[i].key);
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
    for (size_t i = 0; d && i < m->size; i++) {
        QvObj *o = m->table[i].key;
        if (!o) {
            continue;
        }
        QvObj *id = qv_int_from_u64(qi, (uint64_t)(uintptr_t)o);
        QvObj *number = qv_int_from_u64(qi, m->table[i].number);
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
