// SPDX-License-Identifier: MIT
// The module _interpchannels: channels named by a number, as CPython 3.13 has them. Interpreters
// are at an end of such a channel from their first send or receive on. The module channels has
// better ones.
//
// A ChannelID holds a reference to its channel, which goes with the last of them, in whatever
// interpreter.
#include <stdlib.h>

#include "channels/box.h"
#include "channels/channel.h"
#include "object/bytes.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/structseq.h"
#include "object/tuple.h"
#include "object/type.h"
#include "object/type_ids.h"

extern const QvModuleDef qv_module_interpchannels;

typedef struct State { // nothing but references (qv_box_state_fini)
    QvObj *error, *not_found, *closed, *is_empty, *not_empty; // classes, owned
    QvObj *info;                                              // ChannelInfo, owned
} State;

static State *state_of(const QvObj *m) { return qv_module_state(m); }

static QvObj *answer(QvInterp *qi, QvObj *m, QvBoxResult r, uint64_t id)
{
    State *s = state_of(m);
    unsigned long long n = id;
    switch (r) {
    case QV_BOX_OK: return QV_NONE;
    case QV_BOX_NOT_FOUND: return qv_raise(qi, (QvType *)s->not_found, "channel %llu not found", n);
    case QV_BOX_CLOSED: return qv_raise(qi, (QvType *)s->closed, "channel %llu is closed", n);
    case QV_BOX_RELEASED:
        return qv_raise(qi, (QvType *)s->closed, "channel %llu is already closed", n);
    case QV_BOX_EMPTY: return qv_raise(qi, (QvType *)s->is_empty, "channel %llu is empty", n);
    case QV_BOX_NOT_EMPTY:
        return qv_raise(qi, (QvType *)s->not_empty,
                        "channel %llu may not be closed if not empty (try force=True)", n);
    case QV_BOX_LATE: return qv_raise(qi, &qv_exc_TimeoutError, "timed out");
    case QV_BOX_NO_MEMORY: return qv_raise_oom(qi);
    default: return NULL; // ERROR; the others are of queues
    }
}

// ---- ChannelID ----------------------------------------------------------------------------------

typedef struct IdObject {
    QvObj h;
    uint64_t id;
    QvBoxSide side;
    bool bound; // it holds a reference
} IdObject;

static IdObject *as_id(QvObj *o) { return (IdObject *)o; }

static bool is_id(const QvObj *o) { return o->type == &qv_channel_id_type; }

// need: it must be there, NOT_FOUND otherwise (and no exception is set).
static QvObj *new_id(QvInterp *qi, uint64_t id, QvBoxSide side, bool need, QvBoxResult *ret)
{
    QvObj *o = qv_obj_new(qi, &qv_channel_id_type);
    *ret = QV_BOX_ERROR;
    if (!o) {
        return NULL;
    }
    *ret = qv_box_bind(qi, QV_BOX_CHANNEL, id);
    as_id(o)->id = id;
    as_id(o)->side = side;
    as_id(o)->bound = *ret == QV_BOX_OK;
    if (!as_id(o)->bound && need) {
        qv_clear(qi, &o);
    }
    return o;
}

static void id_fini(QvInterp *qi, QvObj *o)
{
    if (as_id(o)->bound) {
        as_id(o)->bound = false;
        (void)qv_box_release(qi, QV_BOX_CHANNEL, as_id(o)->id); // destroyed meanwhile: fine
    }
}

static QvObj *id_repr(QvInterp *qi, QvObj *o)
{
    static const char *const ends[] = {", send=True", ", recv=True", ""};
    return qv_str_format(qi, "ChannelID(%llu%s)", (unsigned long long)as_id(o)->id,
                         ends[as_id(o)->side]);
}

static QvObj *id_str(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "%llu", (unsigned long long)as_id(o)->id);
}

static QvObj *id_index(QvInterp *qi, QvObj *o) { return qv_int_from_u64(qi, as_id(o)->id); }

static QvHash id_hash(QvInterp *qi, QvObj *o)
{
    QvObj *n = id_index(qi, o);
    QvHash hash = n ? qv_hash(qi, n) : -1;
    qv_xdecref(qi, n);
    return hash;
}

static QvObj *id_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if (op != QV_EQ && op != QV_NE) {
        return QV_NOTIMPLEMENTED;
    }
    if (is_id(w)) {
        bool same = as_id(v)->id == as_id(w)->id && as_id(v)->side == as_id(w)->side;
        return qv_bool(same == (op == QV_EQ));
    }
    QvObj *n = id_index(qi, v);
    QvObj *result = n ? qv_compare(qi, n, w, op) : NULL;
    qv_xdecref(qi, n);
    return result;
}

static QvObj *get_end(QvInterp *qi, QvObj *o)
{
    static const char *const ends[] = {"send", "recv", "both"};
    return qv_str_new_cstr(qi, ends[as_id(o)->side]);
}

static QvObj *get_send(QvInterp *qi, QvObj *o)
{
    QvBoxResult r;
    return new_id(qi, as_id(o)->id, QV_BOX_SEND, false, &r);
}

static QvObj *get_recv(QvInterp *qi, QvObj *o)
{
    QvBoxResult r;
    return new_id(qi, as_id(o)->id, QV_BOX_RECV, false, &r);
}

// Sent as a call of _channel_id(id, send, recv, force=True).
static QvObj *id_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    const IdObject *id = as_id(self);
    QvObj *m = qv_import(qi, "_interpchannels");
    QvObj *make = m ? qv_getattr_cstr(qi, m, "_channel_id") : NULL;
    QvObj *n = make ? qv_int_from_u64(qi, id->id) : NULL;
    QvObj *call = n ? qv_tuple_of(qi, 4, n, qv_bool(id->side != QV_BOX_RECV),
                                  qv_bool(id->side != QV_BOX_SEND), QV_TRUE)
                    : NULL;
    QvObj *result = call ? qv_tuple_of(qi, 2, make, call) : NULL;
    qv_xdecref(qi, m);
    qv_xdecref(qi, make);
    qv_xdecref(qi, n);
    qv_xdecref(qi, call);
    return result;
}

static const QvNativeDef id_methods[] = {
    {"__reduce__", id_reduce, "($self, /)", "How it is sent."},
    {0},
};

static const QvGetSet id_getsets[] = {
    {"end", get_end, NULL, "'send', 'recv' or 'both'"},
    {"send", get_send, NULL, "the 'send' end of the channel"},
    {"recv", get_recv, NULL, "the 'recv' end of the channel"},
    {0},
};

QV_SEALED QvType qv_channel_id_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_interpchannels.ChannelID",
    .id = QV_TID_channel_id,
    .flags = QV_T_NO_NEW | QV_T_IMMUTABLE,
    .size = sizeof(IdObject),
    .base = &qv_object_type,
    .doc = "A channel ID identifies a channel and may be used as an int.",
    .methods = id_methods,
    .getsets = id_getsets,
    .fini = id_fini,
    .repr = id_repr,
    .str = id_str,
    .hash = id_hash,
    .richcmp = id_richcmp,
    .to_int = id_index,
    .index = id_index,
};

// The number in an argument, which may be a ChannelID. 0/-1.
static int get_id(QvInterp *qi, QvObj *o, uint64_t *ret)
{
    if (is_id(o)) {
        *ret = as_id(o)->id;
        return 0;
    }
    return qv_box_get_id(qi, o, "channel", ret);
}

// ---- life ---------------------------------------------------------------------------------------

static QvObj *channels_create(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBoxInfo as = {0};
    uint64_t id = 0;
    if (qv_box_get_unbound(qi, args[0], true, &as.unbound) < 0) {
        return NULL;
    }
    QvBoxResult r = qv_box_new(qi, QV_BOX_CHANNEL, &as, &id);
    if (r != QV_BOX_OK) {
        return answer(qi, m, r, id);
    }
    QvObj *o = new_id(qi, id, QV_BOX_BOTH, true, &r);
    if (!o) {
        (void)qv_box_destroy(qi, QV_BOX_CHANNEL, id);
    }
    return o;
}

static QvObj *channels_destroy(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t id;
    return get_id(qi, args[0], &id) < 0 ? NULL
                                        : answer(qi, m, qv_box_destroy(qi, QV_BOX_CHANNEL, id), id);
}

// Which ends two arguments name: both, where they say nothing. 0/-1.
static int get_sides(QvInterp *qi, QvObj *send, QvObj *recv, bool *ret_send, bool *ret_recv)
{
    int s = send && send != QV_NONE ? qv_is_true(qi, send) : 0;
    int r = s >= 0 && recv && recv != QV_NONE ? qv_is_true(qi, recv) : 0;
    *ret_send = s > 0;
    *ret_recv = r > 0;
    return s < 0 || r < 0 ? -1 : 0;
}

static QvBoxSide side_of(bool send, bool recv)
{
    return send == recv ? QV_BOX_BOTH : send ? QV_BOX_SEND : QV_BOX_RECV;
}

static QvObj *channels_close(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t id;
    bool send, recv;
    int force = args[3] ? qv_is_true(qi, args[3]) : 0;
    if (force < 0 || get_id(qi, args[0], &id) < 0 ||
        get_sides(qi, args[1], args[2], &send, &recv) < 0) {
        return NULL;
    }
    return answer(qi, m, qv_box_close(qi, id, side_of(send, recv), force > 0), id);
}

static QvObj *channels_release(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t id;
    bool send, recv;
    int force = args[3] ? qv_is_true(qi, args[3]) : 0; // an end of one's own can always go
    if (force < 0 || get_id(qi, args[0], &id) < 0 ||
        get_sides(qi, args[1], args[2], &send, &recv) < 0) {
        return NULL;
    }
    return answer(qi, m, qv_box_release_end(qi, id, side_of(send, recv)), id);
}

// ---- items --------------------------------------------------------------------------------------

// What send() and send_buffer() have in common; args as theirs, but for the value.
static QvObj *send_value(QvInterp *qi, QvObj *m, QvObj *const *args, QvObj *value)
{
    uint64_t id;
    QvBoxItem item = {0};
    int64_t deadline = 0;
    int blocking = args[3] ? qv_is_true(qi, args[3]) : 1;
    if (blocking < 0 || get_id(qi, args[0], &id) < 0 ||
        qv_box_get_unbound(qi, args[2], false, &item.unbound) < 0) {
        return NULL;
    }
    if (!blocking && args[4] && args[4] != QV_NONE) {
        return qv_raise(qi, &qv_exc_ValueError, "can't specify a timeout for a non-blocking call");
    }
    if (blocking && qv_chan_deadline(qi, args[4], "timeout value", &deadline) < 0) {
        return NULL;
    }
    item.msg = qv_msg_pack(qi, value);
    if (!item.msg) {
        return NULL;
    }
    return answer(qi, m, qv_box_send(qi, id, &item, blocking > 0, deadline), id);
}

static QvObj *channels_send(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return send_value(qi, m, args, args[1]);
}

// The bytes are copied, unlike CPython's, where both sides have the same memory.
static QvObj *channels_send_buffer(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *view = qv_memoryview_new(qi, args[1]);
    QvObj *result = view ? send_value(qi, m, args, view) : NULL;
    qv_xdecref(qi, view);
    return result;
}

static QvObj *channels_recv(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t id;
    QvBoxItem item;
    if (get_id(qi, args[0], &id) < 0) {
        return NULL;
    }
    QvBoxResult r = qv_box_recv(qi, id, &item);
    if (r == QV_BOX_EMPTY && args[1]) {
        return qv_tuple_of(qi, 2, args[1], QV_NONE);
    }
    return r == QV_BOX_OK ? qv_box_open_item(qi, &item, false) : answer(qi, m, r, id);
}

// ---- looking ------------------------------------------------------------------------------------

static QvObj *channels_list_all(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)args, (void)nargs;
    size_t n;
    QvBoxInfo *rows = qv_box_list(qi, QV_BOX_CHANNEL, &n);
    if (!rows) {
        return qv_raise_oom(qi);
    }
    QvObj *list = qv_list_new(qi, 0);
    for (size_t k = 0; list && k < n; k++) {
        QvBoxInfo is;
        QvBoxResult r = qv_box_info(qi, QV_BOX_CHANNEL, rows[k].id, &is);
        if (r != QV_BOX_OK || is.closed) {
            continue;
        }
        QvObj *id = new_id(qi, rows[k].id, QV_BOX_BOTH, true, &r);
        if (!id && r == QV_BOX_NOT_FOUND) {
            continue;
        }
        QvObj *op = id ? qv_int_from_i64(qi, rows[k].unbound) : NULL;
        QvObj *pair = op ? qv_tuple_of(qi, 2, id, op) : NULL;
        qv_xdecref(qi, id);
        qv_xdecref(qi, op);
        if (qv_list_append_take(qi, list, pair) < 0) {
            qv_clear(qi, &list);
        }
    }
    free(rows);
    return list;
}

static QvObj *channels_list_interpreters(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t id, *ids;
    size_t n;
    int send = qv_is_true(qi, args[1]);
    if (send < 0 || get_id(qi, args[0], &id) < 0) {
        return NULL;
    }
    QvBoxResult r = qv_box_interpreters(qi, id, send > 0, &ids, &n);
    if (r != QV_BOX_OK) {
        return answer(qi, m, r, id);
    }
    QvObj *list = qv_list_new(qi, 0);
    for (size_t k = 0; list && k < n; k++) {
        if (qv_list_append_take(qi, list, qv_int_from_u64(qi, ids[k])) < 0) {
            qv_clear(qi, &list);
        }
    }
    free(ids);
    return list;
}

// 0, or -1 with an exception; a closed channel is an error, too, unless `also_closed`.
static int look(QvInterp *qi, QvObj *m, QvObj *arg, bool also_closed, QvBoxInfo *ret)
{
    uint64_t id;
    if (get_id(qi, arg, &id) < 0) {
        return -1;
    }
    QvBoxResult r = qv_box_info(qi, QV_BOX_CHANNEL, id, ret);
    if (r == QV_BOX_OK && ret->closed && !also_closed) {
        r = QV_BOX_CLOSED;
    }
    return answer(qi, m, r, id) ? 0 : -1;
}

static QvObj *channels_get_count(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBoxInfo is;
    return look(qi, m, args[0], false, &is) < 0 ? NULL : qv_int_from_u64(qi, is.count);
}

static QvObj *channels_get_defaults(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBoxInfo is;
    return look(qi, m, args[0], false, &is) < 0 ? NULL : qv_int_from_i64(qi, is.unbound);
}

static QvObj *channels_get_info(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvBoxInfo is;
    if (look(qi, m, args[0], true, &is) < 0) {
        return NULL;
    }
    QvObj *const values[] = {
        qv_bool(!is.closing && !is.closed),
        qv_bool(is.closing),
        qv_bool(is.closed),
        qv_int_from_u64(qi, is.count),
        qv_int_from_i64(qi, is.nsend),
        qv_int_from_i64(qi, is.nsend_released),
        qv_int_from_i64(qi, is.nrecv),
        qv_int_from_i64(qi, is.nrecv_released),
        qv_int_from_i64(qi, is.nboth),
        qv_int_from_i64(qi, is.nboth_released),
        qv_int_from_i64(qi, is.nboth_send_released),
        qv_int_from_i64(qi, is.nboth_recv_released),
        qv_bool(is.send_associated),
        qv_bool(is.send_released),
        qv_bool(is.recv_associated),
        qv_bool(is.recv_released),
    };
    return qv_structseq_new(qi, state_of(m)->info, values);
}

static QvObj *channels_channel_id(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    uint64_t id;
    bool send = false, recv = false;
    int force = args[3] ? qv_is_true(qi, args[3]) : 0;
    if (force < 0 || get_id(qi, args[0], &id) < 0 ||
        get_sides(qi, args[1], args[2], &send, &recv) < 0) {
        return NULL;
    }
    bool said = args[1] && args[1] != QV_NONE && args[2] && args[2] != QV_NONE;
    if (said && !send && !recv) {
        return qv_raise(qi, &qv_exc_ValueError, "'send' and 'recv' cannot both be False");
    }
    QvBoxResult r;
    QvObj *o = new_id(qi, id, side_of(send, recv), !force, &r);
    return o || r == QV_BOX_ERROR ? o : answer(qi, m, r, id);
}

static QvObj *channels_register(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    static const char *const names[] = {"send", "recv"};
    for (int k = 0; k < 2; k++) {
        if (!qv_is_type(args[k])) {
            return qv_raise(qi, &qv_exc_TypeError, "expected a type for '%s'", names[k]);
        }
    }
    return qv_box_register_type(qi, m, args[0], "_reduce_end") < 0 ||
                   qv_box_register_type(qi, m, args[1], "_reduce_end") < 0
               ? NULL
               : QV_NONE;
}

static QvObj *channels_reduce_end(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *id = qv_getattr_cstr(qi, args[0], "_id");
    QvObj *call = id ? qv_tuple_of(qi, 1, id) : NULL;
    QvObj *result = call ? qv_tuple_of(qi, 2, &qv_type_of(args[0])->h, call) : NULL;
    qv_xdecref(qi, id);
    qv_xdecref(qi, call);
    return result;
}

// ---- module -------------------------------------------------------------------------------------

static const QvStructSeqField info_fields[] = {
    {"open", "both ends are open"},
    {"closing", "send is closed, recv is not, and something is queued"},
    {"closed", "both ends are closed"},
    {"count", "queued items"},
    {"num_interp_send", "interpreters that have the send end alone, open"},
    {"num_interp_send_released", "the same, released"},
    {"num_interp_recv", "interpreters that have the recv end alone, open"},
    {"num_interp_recv_released", "the same, released"},
    {"num_interp_both", "interpreters that have both ends open"},
    {"num_interp_both_released", "the same, both released"},
    {"num_interp_both_send_released", "the same, send released"},
    {"num_interp_both_recv_released", "the same, recv released"},
    {"send_associated", "this interpreter is at the send end"},
    {"send_released", "this interpreter has released it"},
    {"recv_associated", "this interpreter is at the recv end"},
    {"recv_released", "this interpreter has released it"},
    {0},
};

static int channels_init(QvInterp *qi, QvObj *m)
{
    State *s = state_of(m);
    s->error = qv_box_add_error(qi, m, "_interpchannels.ChannelError", &qv_exc_RuntimeError.h);
    s->not_found = qv_box_add_error(qi, m, "_interpchannels.ChannelNotFoundError", s->error);
    QvObj *base = s->not_found ? s->error : NULL;
    s->closed = qv_box_add_error(qi, m, "_interpchannels.ChannelClosedError", base);
    base = s->closed ? s->error : NULL;
    s->is_empty = qv_box_add_error(qi, m, "_interpchannels.ChannelEmptyError", base);
    base = s->is_empty ? s->error : NULL;
    s->not_empty = qv_box_add_error(qi, m, "_interpchannels.ChannelNotEmptyError", base);
    s->info = s->not_empty ? qv_structseq_type(qi, "_interpchannels.ChannelInfo", info_fields, 8)
                           : NULL;
    return !s->info || qv_module_add(qi, m, "ChannelInfo", s->info) < 0
               ? -1
               : qv_module_add(qi, m, "ChannelID", &qv_channel_id_type.h);
}

static void channels_fini(QvInterp *qi, QvObj *m) { qv_box_state_fini(qi, m, sizeof(State)); }

static int channels_traverse(QvObj *m, QvVisit visit, void *ctx)
{
    return qv_box_state_traverse(m, sizeof(State), visit, ctx);
}

#define SEND_SIG "($module, /, cid, obj, unboundop=None, *, blocking=True, timeout=None)"

static const QvNativeDef functions[] = {
    {"create", channels_create, "($module, /, unboundop)", "A new channel; its ChannelID."},
    {"destroy", channels_destroy, "($module, /, cid)",
     "Close the channel; afterwards it is as if it had never been."},
    {"list_all", channels_list_all, "($module, /)",
     "(cid, unboundop) of all channels that are not closed, newest first."},
    {"list_interpreters", channels_list_interpreters, "($module, /, cid, *, send)",
     "Numbers of the interpreters that have used the send or the recv end and have it open."},
    {"send", channels_send, SEND_SIG,
     "Add a copy of obj, and wait until it is received, for `timeout` seconds at most: then "
     "it is taken back, TimeoutError. blocking false: do not wait."},
    {"send_buffer", channels_send_buffer, SEND_SIG,
     "send() of the bytes of obj, which are received as a memoryview."},
    {"recv", channels_recv, "($module, /, cid, default=None)",
     "The next item: (obj, None), or (None, unboundop) when its interpreter has ended. When there "
     "is none: (default, None), or ChannelEmptyError where no default was given."},
    {"close", channels_close, "($module, /, cid, *, send=None, recv=None, force=False)",
     "Close the channel for all interpreters. One that is not empty: with send (alone) what is "
     "queued may still be received; with force it goes; else ChannelNotEmptyError."},
    {"get_count", channels_get_count, "($module, /, cid)", "The number of queued items."},
    {"get_info", channels_get_info, "($module, /, cid)", "A ChannelInfo."},
    {"get_channel_defaults", channels_get_defaults, "($module, /, cid)",
     "The unboundop of create()."},
    {"release", channels_release, "($module, /, cid, *, send=None, recv=None, force=True)",
     "Close one or both ends for this interpreter. The channel closes with the last open end."},
    {"_channel_id", channels_channel_id,
     "($module, /, id, send=None, recv=None, force=False, _resolve=False)",
     "A ChannelID of both ends or one. force: also where there is no such channel."},
    {"_register_end_types", channels_register, "($module, /, send, recv)",
     "Set the classes of ends, which can be sent from now on."},
    {"_reduce_end", channels_reduce_end, "($module, end, /)", "How a registered end is sent."},
    {0},
};

const QvModuleDef qv_module_interpchannels = {
    .name = "_interpchannels",
    .doc = "Channels between interpreters, as CPython 3.13 has them. Use the module channels.",
    .functions = functions,
    .state_size = sizeof(State),
    .init = channels_init,
    .fini = channels_fini,
    .traverse = channels_traverse,
};
