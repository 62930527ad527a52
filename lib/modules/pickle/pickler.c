// SPDX-License-Identifier: MIT
// One dump: which way an object goes.
//
// Whoever calls qv_pickle_save holds the object: what it runs may drop it from its container.
#include "modules/pickle/pickle.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/function.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"

int qv_pickle_optional(QvInterp *qi, QvObj *self, QvObj *name, QvObj **ret, bool *ret_unbound)
{
    QvObj *f = NULL;
    *ret = NULL;
    *ret_unbound = false;
    int found = qv_getattr_try(qi, self, name, &f);
    if (found <= 0) {
        return found;
    }
    if (qv_is_method(f) && ((QvMethod *)f)->self == self) {
        *ret = qv_new_ref(qi, ((QvMethod *)f)->func);
        *ret_unbound = true;
        qv_decref(qi, f);
    } else {
        *ret = f;
    }
    return 0;
}

int qv_pickler_init(QvInterp *qi, QvPickler *p, QvObj *proto, bool fix_imports, QvObj *callback)
{
    int n = PICKLE_DEFAULT;
    if (proto && proto != QV_NONE && qv_index_int(qi, proto, &n) < 0) {
        return -1;
    }
    n = n < 0 ? PICKLE_HIGHEST : n;
    if (n > PICKLE_HIGHEST) {
        return qv_raise_int(qi, &qv_exc_ValueError, "pickle protocol must be <= %d",
                            PICKLE_HIGHEST);
    }
    callback = callback == QV_NONE ? NULL : callback;
    if (callback && n < 5) {
        return qv_raise_int(qi, &qv_exc_ValueError, "buffer_callback needs protocol >= 5");
    }
    QvPickleState *st = qv_pickle_hold(qi, &p->held);
    if (!st) {
        return -1;
    }
    p->qi = qi;
    p->st = st;
    p->proto = n;
    p->bin = n > 0;
    p->fix_imports = fix_imports && n < 3;
    p->frame = -1;
    qv_set_take(qi, &p->buffer_callback, qv_xnew_ref(qi, callback));
    return 0;
}

void qv_pickler_fini(QvInterp *qi, QvPickler *p)
{
    qv_pickle_memo_clear(qi, &p->memo);
    qv_pickle_memo_clear(qi, &p->fast_memo);
    qv_clear(qi, &p->write);
    qv_clear(qi, &p->pers);
    qv_clear(qi, &p->dispatch);
    qv_clear(qi, &p->override);
    qv_clear(qi, &p->buffer_callback);
    qv_clear(qi, &p->held);
    qv_clear(qi, &p->owners);
    if (p->out) {
        qv_free(qi, p->out, p->cap);
        p->out = NULL;
        p->len = p->cap = 0;
    }
}

int qv_pickler_set_file(QvPickler *p, QvObj *file)
{
    QvObj *write = NULL;
    int found = qv_getattr_try(p->qi, file, QV_N(write), &write);
    if (found == 0) {
        found = qv_raise_int(p->qi, &qv_exc_TypeError, "file must have a 'write' attribute");
    }
    if (found < 0) {
        return -1;
    }
    qv_set_take(p->qi, &p->write, write);
    return 0;
}

// ---- the memo -----------------------------------------------------------------------------------

static int put_number(QvPickler *p, uint64_t number, int op, int short_op, int long_op)
{
    uint8_t data[24];
    size_t n;
    if (!p->bin) {
        data[0] = (uint8_t)op;
        char text[24];
        size_t k = sizeof text;
        do {
            text[--k] = (char)('0' + number % 10);
            number /= 10;
        } while (number);
        n = sizeof text - k;
        memcpy(data + 1, text + k, n > 20 ? 20 : n);
        n = (n > 20 ? 20 : n) + 1;
        data[n++] = '\n';
    } else if (number < 256) {
        data[0] = (uint8_t)short_op;
        data[1] = (uint8_t)number;
        n = 2;
    } else if (number <= UINT32_MAX) {
        data[0] = (uint8_t)long_op;
        for (int i = 0; i < 4; i++) {
            data[1 + i] = (uint8_t)(number >> (8 * i));
        }
        n = 5;
    } else {
        return qv_pickle_fail(p->qi, "memo id too large for %s",
                              op == OP_GET ? "LONG_BINGET" : "LONG_BINPUT");
    }
    return qv_pickle_put(p, data, n);
}

int qv_pickle_memo_get(QvPickler *p, uint64_t number)
{
    return put_number(p, number, OP_GET, OP_BINGET, OP_LONG_BINGET);
}

static inline int put_memo_op(QvPickler *p, uint64_t number)
{
    return p->proto >= 4 ? qv_pickle_op(p, OP_MEMOIZE)
                         : put_number(p, number, OP_PUT, OP_BINPUT, OP_LONG_BINPUT);
}

int qv_pickle_memo_put(QvPickler *p, QvObj *o)
{
    if (p->fast) {
        return 0;
    }
    uint64_t number = p->memo.next;
    if (o && qv_pickle_memo_set(p->qi, &p->memo, o, number) < 0) {
        return -1;
    }
    p->memo.next = number + 1;
    return put_memo_op(p, number);
}

int qv_pickle_memo_put_new(QvPickler *p, QvObj *o)
{
    if (p->fast) {
        return 0;
    }
    uint64_t number = p->memo.next;
    if (qv_pickle_memo_add(p->qi, &p->memo, o, number) < 0) {
        return -1;
    }
    p->memo.next = number + 1;
    return put_memo_op(p, number);
}

// ---- saving -------------------------------------------------------------------------------------

// What persistent_id says of o: 1 written, 0 None, -1.
static int save_persistent(QvPickler *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    QvObj *f = qv_new_ref(qi, p->pers);
    QvObj *pid = p->pers_unbound ? qv_call2(qi, f, p->self, o) : qv_call1(qi, f, o);
    qv_decref(qi, f);
    if (!pid || pid == QV_NONE) {
        return pid ? 0 : -1;
    }
    int status = -1;
    if (p->bin) {
        status = qv_pickle_save(p, pid, true) < 0 ? -1 : qv_pickle_op(p, OP_BINPERSID);
    } else {
        QvObj *text = qv_str(qi, pid);
        if (text && !qv_str_is_ascii(text)) {
            qv_pickle_fail(qi, "persistent IDs in protocol 0 must be ASCII strings");
        } else if (text && qv_pickle_op(p, OP_PERSID) == 0 &&
                   qv_pickle_put(p, qv_str_data(text), (size_t)qv_str_len(text)) == 0) {
            status = qv_pickle_put(p, "\n", 1);
        }
        qv_xdecref(qi, text);
    }
    qv_decref(qi, pid);
    return status < 0 ? -1 : 1;
}

// What the dispatch table has for the type of o: 1 *ret new, 0, -1.
static int find_reducer(QvPickler *p, QvType *type, QvObj **ret)
{
    QvInterp *qi = p->qi;
    *ret = NULL;
    if (!p->dispatch) {
        int found = qv_dict_get(qi, p->st->dispatch_table, &type->h, ret);
        qv_xincref(qi, found > 0 ? *ret : NULL);
        return found;
    }
    *ret = qv_getitem(qi, p->dispatch, &type->h);
    if (*ret) {
        return 1;
    }
    if (!qv_err_matches(qi, &qv_exc_KeyError)) {
        return -1;
    }
    qv_err_clear(qi);
    return 0;
}

// The value of __reduce_ex__ or __reduce__.
static QvObj *call_reduce(QvPickler *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    QvObj *f = NULL, *r = NULL;
    int found = qv_getattr_try(qi, o, QV_N(__reduce_ex__), &f);
    if (found > 0) {
        QvObj *proto = qv_int_from_i64(qi, p->proto);
        r = proto ? qv_call1(qi, f, proto) : NULL;
        qv_xdecref(qi, proto);
    } else if (found == 0) {
        found = qv_getattr_try(qi, o, QV_N(__reduce__), &f);
        if (found > 0) {
            r = qv_call0(qi, f);
        } else if (found == 0) {
            qv_pickle_fail(qi, "can't pickle '%.200T' object: %R", o, o);
        }
    }
    qv_xdecref(qi, f);
    return r;
}

static int save_reduced(QvPickler *p, QV_STOLEN QvObj *reduced, QvObj *o)
{
    int status = -1;
    if (!reduced) {
        return -1;
    }
    if (qv_is_str(reduced)) {
        status = qv_pickle_global(p, o, reduced);
    } else if (!qv_is_tuple(reduced)) {
        qv_pickle_fail(p->qi, "__reduce__ must return a string or tuple");
    } else {
        status = qv_pickle_reduce(p, reduced, o);
    }
    qv_decref(p->qi, reduced);
    return status;
}

static int save_other(QvPickler *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    if (p->override) {
        QvObj *r = qv_call1(qi, p->override, o);
        if (r != QV_NOTIMPLEMENTED) {
            return save_reduced(p, r, o);
        }
    }
    if (o->type == &qv_type_type) {
        return qv_pickle_type(p, o);
    }
    if (qv_is_function(o)) {
        return qv_pickle_global(p, o, NULL);
    }
    QvObj *reducer;
    int found = find_reducer(p, qv_type_of(o), &reducer);
    if (found < 0) {
        return -1;
    }
    if (found) {
        QvObj *r = qv_call1(qi, reducer, o);
        qv_decref(qi, reducer);
        return save_reduced(p, r, o);
    }
    if (qv_is_type(o)) {
        return qv_pickle_global(p, o, NULL);
    }
    int done = qv_pickle_instance(p, o);
    return done ? (done < 0 ? -1 : 0) : save_reduced(p, call_reduce(p, o), o);
}

static int save_container(QvPickler *p, QvObj *o)
{
    const QvType *t = o->type;
    if (t == &qv_dict_type) {
        return qv_pickle_dict(p, o);
    }
    if (t == &qv_list_type) {
        return qv_pickle_list(p, o);
    }
    if (t == &qv_tuple_type) {
        return qv_pickle_tuple(p, o);
    }
    if (t == &qv_set_type) {
        return qv_pickle_set(p, o);
    }
    if (t == &qv_frozenset_type) {
        return qv_pickle_frozenset(p, o);
    }
    if (t == &qv_bytearray_type) {
        return qv_pickle_bytearray(p, o);
    }
    if (t == &qv_pickle_buffer_type) {
        return qv_pickle_buffer(p, o);
    }
    return save_other(p, o);
}

int qv_pickle_save(QvPickler *p, QvObj *o, bool is_pid)
{
    QvInterp *qi = p->qi;
    if (qv_pickle_boundary(p) < 0 ||
        ((++p->steps & 1023) == 0 && qv_poll_peek(qi) && qv_poll_work(qi, 1024) < 0)) {
        return -1;
    }
    if (p->pers && !is_pid) {
        int done = save_persistent(p, o);
        if (done) {
            return done < 0 ? -1 : 0;
        }
    }
    if (o->type == &qv_int_type || o->type == &qv_bigint_type) {
        return qv_pickle_int(p, o);
    }
    if (o == QV_NONE) {
        return qv_pickle_op(p, OP_NONE);
    }
    if (o == QV_TRUE || o == QV_FALSE) {
        return p->proto >= 2 ? qv_pickle_op(p, o == QV_TRUE ? OP_NEWTRUE : OP_NEWFALSE)
                             : qv_pickle_put(p, o == QV_TRUE ? "I01\n" : "I00\n", 4);
    }
    if (o->type == &qv_float_type) {
        return qv_pickle_float(p, o);
    }
    const QvPickleMemoEntry *e = qv_pickle_memo_find(&p->memo, o);
    if (e) {
        return qv_pickle_memo_get(p, e->number);
    }
    if (o->type == &qv_str_type) {
        return qv_pickle_str(p, o);
    }
    if (o->type == &qv_bytes_type) {
        return qv_pickle_bytes(p, o);
    }
    if (qv_enter_recursive(qi, " while pickling an object") < 0) {
        return -1;
    }
    int status = save_container(p, o);
    qv_leave_recursive(qi);
    return status;
}

int qv_pickler_dump(QvPickler *p, QvObj *o)
{
    uint8_t head[2] = {OP_PROTO, (uint8_t)p->proto};
    p->len = 0;
    p->frame = -1;
    p->framing = false;
    p->fast_nesting = 0;
    if (p->proto >= 2) {
        if (qv_pickle_put(p, head, sizeof head) < 0) {
            return -1;
        }
        p->framing = p->proto >= 4;
    }
    int status = qv_pickle_save(p, o, false) < 0 ? -1 : qv_pickle_op(p, OP_STOP);
    if (status == 0) {
        status = qv_pickle_end_frame(p);
    }
    p->framing = false;
    return status == 0 && p->write ? qv_pickle_flush(p) : status;
}
