// SPDX-License-Identifier: MIT
// Pickling tuples, lists, dicts and sets.
//
// Saving an item may run Python, which may change the container: every item is held while it is
// saved, and sizes are read again after it.
#include "modules/pickle/pickle.h"
#include "object/dict.h"
#include "object/list.h"
#include "object/set.h"
#include "object/tuple.h"

// Saves an item whose reference is ours.
static int save_take(QvPickler *p, QV_STOLEN QvObj *o)
{
    int status = qv_pickle_save(p, o, false);
    qv_decref(p->qi, o);
    return status;
}

// ---- fast mode ----------------------------------------------------------------------------------

// Without a memo, a cycle would never end: from some depth on, what is being saved is noted. 0/-1.
static int fast_enter(QvPickler *p, QvObj *o)
{
    if (!p->fast || ++p->fast_nesting < PICKLE_FAST_NESTING) {
        return 0;
    }
    QvPickleMemoEntry *e = qv_pickle_memo_find(&p->fast_memo, o);
    if (e && e->number) {
        p->fast_nesting = -1;
        return qv_raise_int(p->qi, &qv_exc_ValueError,
                            "fast mode: can't pickle cyclic objects including object type %.200T "
                            "at %p",
                            o, (void *)o);
    }
    return qv_pickle_memo_set(p->qi, &p->fast_memo, o, 1);
}

static void fast_leave(QvPickler *p, QvObj *o)
{
    if (p->fast && p->fast_nesting-- >= PICKLE_FAST_NESTING) {
        QvPickleMemoEntry *e = qv_pickle_memo_find(&p->fast_memo, o);
        if (e) {
            e->number = 0;
        }
    }
}

// ---- tuples -------------------------------------------------------------------------------------

int qv_pickle_tuple(QvPickler *p, QvObj *o)
{
    static const uint8_t short_ops[] = {0, OP_TUPLE1, OP_TUPLE2, OP_TUPLE3};
    QvSsize n = qv_tuple_len(o);
    if (n == 0) {
        return p->bin ? qv_pickle_op(p, OP_EMPTY_TUPLE) : qv_pickle_put(p, "(t", 2);
    }
    bool is_short = n <= 3 && p->proto >= 2;
    if (!is_short && qv_pickle_op(p, OP_MARK) < 0) {
        return -1;
    }
    for (QvSsize i = 0; i < n; i++) { // of a tuple that is held: its items are, too
        if (qv_pickle_save(p, qv_tuple_peek(o, i), false) < 0) {
            return -1;
        }
    }
    const QvPickleMemoEntry *e = qv_pickle_memo_find(&p->memo, o);
    if (!e) {
        return qv_pickle_op(p, is_short ? short_ops[n] : OP_TUPLE) < 0 ? -1
                                                                       : qv_pickle_memo_put(p, o);
    }
    // One of its items led back to it, and has written it: drop what was pushed.
    QvSsize pops = is_short ? n : p->bin ? 0 : n + 1;
    for (QvSsize i = 0; i < pops; i++) {
        if (qv_pickle_op(p, OP_POP) < 0) {
            return -1;
        }
    }
    if (pops == 0 && qv_pickle_op(p, OP_POP_MARK) < 0) {
        return -1;
    }
    return qv_pickle_memo_get(p, e->number);
}

// ---- lists --------------------------------------------------------------------------------------

// The end of an iterator, or an error? 0/-1.
static int ended(QvInterp *qi) { return qv_err_occurred(qi) ? -1 : 0; }

int qv_pickle_batch_list(QvPickler *p, QvObj *it)
{
    QvInterp *qi = p->qi;
    QvObj *o;
    if (!p->bin) {
        while ((o = qv_next(qi, it)) != NULL) {
            if (save_take(p, o) < 0 || qv_pickle_op(p, OP_APPEND) < 0) {
                return -1;
            }
        }
        return ended(qi);
    }
    int n;
    do {
        QvObj *first = qv_next(qi, it);
        if (!first) {
            return ended(qi);
        }
        o = qv_next(qi, it);
        if (!o) {
            int status = qv_err_occurred(qi) ? -1 : qv_pickle_save(p, first, false);
            qv_decref(qi, first);
            return status < 0 ? -1 : qv_pickle_op(p, OP_APPEND);
        }
        int status = qv_pickle_op(p, OP_MARK) < 0 ? -1 : qv_pickle_save(p, first, false);
        qv_decref(qi, first);
        for (n = 1; o; n++) {
            status = status < 0 ? (qv_decref(qi, o), -1) : save_take(p, o);
            if (status < 0) {
                return -1;
            }
            if (n + 1 == PICKLE_BATCH) {
                n++;
                break;
            }
            o = qv_next(qi, it);
            if (!o && qv_err_occurred(qi)) {
                return -1;
            }
        }
        if (qv_pickle_op(p, OP_APPENDS) < 0) {
            return -1;
        }
    } while (n == PICKLE_BATCH);
    return 0;
}

static int save_item(QvPickler *p, QvObj *list, QvSsize i)
{
    QvObj *item = qv_list_at(p->qi, list, i);
    return item ? save_take(p, item) : -1;
}

static int batch_exact_list(QvPickler *p, QvObj *o)
{
    if (qv_list_len(o) == 1) {
        return save_item(p, o, 0) < 0 ? -1 : qv_pickle_op(p, OP_APPEND);
    }
    QvSsize i = 0;
    do {
        if (qv_pickle_op(p, OP_MARK) < 0) {
            return -1;
        }
        for (int n = 0; n < PICKLE_BATCH && i < qv_list_len(o); n++, i++) {
            if (save_item(p, o, i) < 0) {
                return -1;
            }
        }
        if (qv_pickle_op(p, OP_APPENDS) < 0) {
            return -1;
        }
    } while (i < qv_list_len(o));
    return 0;
}

int qv_pickle_list(QvPickler *p, QvObj *o)
{
    if (fast_enter(p, o) < 0) {
        return -1;
    }
    int status = p->bin ? qv_pickle_op(p, OP_EMPTY_LIST) : qv_pickle_put(p, "(l", 2);
    status = status < 0 ? -1 : qv_pickle_memo_put_new(p, o);
    if (status == 0 && qv_list_len(o) > 0) {
        if (p->bin) {
            status = batch_exact_list(p, o);
        } else {
            QvObj *it = qv_iter(p->qi, o);
            status = it ? qv_pickle_batch_list(p, it) : -1;
            qv_xdecref(p->qi, it);
        }
    }
    fast_leave(p, o);
    return status;
}

// ---- dicts --------------------------------------------------------------------------------------

// Saves a pair of an iterator of items, whose reference is ours.
static int save_pair_take(QvPickler *p, QV_STOLEN QvObj *pair)
{
    int status = -1;
    if (!qv_is_tuple(pair) || qv_tuple_len(pair) != 2) {
        qv_raise(p->qi, &qv_exc_TypeError, "dict items iterator must return 2-tuples");
    } else if (qv_pickle_save(p, qv_tuple_peek(pair, 0), false) == 0) {
        status = qv_pickle_save(p, qv_tuple_peek(pair, 1), false);
    }
    qv_decref(p->qi, pair);
    return status;
}

int qv_pickle_batch_dict(QvPickler *p, QvObj *it)
{
    QvInterp *qi = p->qi;
    QvObj *pair;
    if (!p->bin) {
        while ((pair = qv_next(qi, it)) != NULL) {
            if (save_pair_take(p, pair) < 0 || qv_pickle_op(p, OP_SETITEM) < 0) {
                return -1;
            }
        }
        return ended(qi);
    }
    int n;
    do {
        QvObj *first = qv_next(qi, it);
        if (!first) {
            return ended(qi);
        }
        if (!qv_is_tuple(first) || qv_tuple_len(first) != 2) {
            return save_pair_take(p, first);
        }
        pair = qv_next(qi, it);
        if (!pair) {
            if (qv_err_occurred(qi)) {
                qv_decref(qi, first);
                return -1;
            }
            return save_pair_take(p, first) < 0 ? -1 : qv_pickle_op(p, OP_SETITEM);
        }
        if (qv_pickle_op(p, OP_MARK) < 0) {
            qv_decref(qi, first);
            qv_decref(qi, pair);
            return -1;
        }
        if (save_pair_take(p, first) < 0) {
            qv_decref(qi, pair);
            return -1;
        }
        for (n = 1; pair; n++) {
            if (save_pair_take(p, pair) < 0) {
                return -1;
            }
            if (n + 1 == PICKLE_BATCH) {
                n++;
                break;
            }
            pair = qv_next(qi, it);
            if (!pair && qv_err_occurred(qi)) {
                return -1;
            }
        }
        if (qv_pickle_op(p, OP_SETITEMS) < 0) {
            return -1;
        }
    } while (n == PICKLE_BATCH);
    return 0;
}

// Saves the entry behind *pos. 1 done, 0 at the end, -1.
static int save_entry(QvPickler *p, QvObj *d, QvSsize *pos)
{
    QvObj *key, *value;
    if (!qv_dict_next(d, pos, &key, &value)) {
        return 0;
    }
    qv_incref(p->qi, key);
    qv_incref(p->qi, value);
    int status = qv_pickle_save(p, key, false) < 0 ? -1 : qv_pickle_save(p, value, false);
    qv_decref(p->qi, key);
    qv_decref(p->qi, value);
    return status < 0 ? -1 : 1;
}

static int batch_exact_dict(QvPickler *p, QvObj *d)
{
    QvSsize size = qv_dict_len(d), pos = 0;
    if (size == 1) {
        return save_entry(p, d, &pos) < 0 ? -1 : qv_pickle_op(p, OP_SETITEM);
    }
    int n;
    do {
        if (qv_pickle_op(p, OP_MARK) < 0) {
            return -1;
        }
        int done = 1;
        for (n = 0; n < PICKLE_BATCH && (done = save_entry(p, d, &pos)) > 0; n++) {}
        if (done < 0 || qv_pickle_op(p, OP_SETITEMS) < 0) {
            return -1;
        }
        if (qv_dict_len(d) != size) {
            return qv_raise_int(p->qi, &qv_exc_RuntimeError,
                                "dictionary changed size during iteration");
        }
    } while (n == PICKLE_BATCH);
    return 0;
}

int qv_pickle_dict(QvPickler *p, QvObj *o)
{
    if (fast_enter(p, o) < 0) {
        return -1;
    }
    int status = p->bin ? qv_pickle_op(p, OP_EMPTY_DICT) : qv_pickle_put(p, "(d", 2);
    status = status < 0 ? -1 : qv_pickle_memo_put_new(p, o);
    if (status == 0 && qv_dict_len(o) > 0) {
        if (p->bin) {
            status = batch_exact_dict(p, o);
        } else {
            QvObj *items = qv_call_method0(p->qi, o, QV_N(items));
            QvObj *it = items ? qv_iter(p->qi, items) : NULL;
            status = it ? qv_pickle_batch_dict(p, it) : -1;
            qv_xdecref(p->qi, items);
            qv_xdecref(p->qi, it);
        }
    }
    fast_leave(p, o);
    return status;
}

// ---- sets ---------------------------------------------------------------------------------------

// As type([items]), for protocols without an opcode for sets.
static int set_by_list(QvPickler *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    QvObj *items = qv_to_list(qi, o);
    QvObj *args = items ? qv_tuple_of(qi, 1, items) : NULL;
    QvObj *reduced = args ? qv_tuple_of(qi, 2, &o->type->h, args) : NULL;
    int status = reduced ? qv_pickle_reduce(p, reduced, o) : -1;
    qv_xdecref(qi, items);
    qv_xdecref(qi, args);
    qv_xdecref(qi, reduced);
    return status;
}

int qv_pickle_set(QvPickler *p, QvObj *o)
{
    if (p->proto < 4) {
        return set_by_list(p, o);
    }
    if (qv_pickle_op(p, OP_EMPTY_SET) < 0 || qv_pickle_memo_put(p, o) < 0) {
        return -1;
    }
    QvSsize size = qv_set_len(o), pos = 0;
    int n = size == 0 ? 0 : PICKLE_BATCH;
    while (n == PICKLE_BATCH) {
        if (qv_pickle_op(p, OP_MARK) < 0) {
            return -1;
        }
        QvObj *key;
        QvHash hash;
        for (n = 0; n < PICKLE_BATCH && (key = qv_set_step(p->qi, o, &pos, &hash)) != NULL; n++) {
            if (save_take(p, key) < 0) {
                return -1;
            }
        }
        if (qv_pickle_op(p, OP_ADDITEMS) < 0) {
            return -1;
        }
        if (qv_set_len(o) != size) {
            return qv_raise_int(p->qi, &qv_exc_RuntimeError, "set changed size during iteration");
        }
    }
    return 0;
}

int qv_pickle_frozenset(QvPickler *p, QvObj *o)
{
    if (p->proto < 4) {
        return set_by_list(p, o);
    }
    if (qv_pickle_op(p, OP_MARK) < 0) {
        return -1;
    }
    QvSsize pos = 0;
    QvObj *key;
    QvHash hash;
    while ((key = qv_set_step(p->qi, o, &pos, &hash)) != NULL) {
        if (save_take(p, key) < 0) {
            return -1;
        }
    }
    const QvPickleMemoEntry *e = qv_pickle_memo_find(&p->memo, o);
    if (e) { // written by one of its items
        return qv_pickle_op(p, OP_POP_MARK) < 0 ? -1 : qv_pickle_memo_get(p, e->number);
    }
    return qv_pickle_op(p, OP_FROZENSET) < 0 ? -1 : qv_pickle_memo_put(p, o);
}
