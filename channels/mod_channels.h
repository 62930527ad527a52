// SPDX-License-Identifier: MIT
// What the files of the module channels share.
#ifndef QV_CHANNELS_MOD_CHANNELS_H
#define QV_CHANNELS_MOD_CHANNELS_H

#include "channels/channel.h"
#include "object/native.h"
#include "object/type_ids.h"

// A receipt that a thread waits for: on its C stack.
typedef struct QvAwaited {
    QvChanEnd *receipt;
    struct QvAwaited *next;
} QvAwaited;

typedef struct QvEndObject {
    QvObj h;
    QvChanEnd *end; // one reference; NULL when closed
    bool closed;
    bool awaited;        // _channels_aio has waited for it
    QvAwaited *awaiting; // what its send(ack=True) wait for
} QvEndObject;

// The module's state: classes, owned.
typedef struct QvChannelsState {
    QvObj *not_shareable, *error, *closed, *end_of_stream, *would_block, *dropped, *deadlock;
    size_t turn; // where the next select() starts to look
} QvChannelsState;

// The module's state in this interpreter, or NULL with an exception.
QvChannelsState *qv_channels_state(QvInterp *qi);

static inline bool qv_is_receiver(const QvObj *o) { return o->type == &qv_channel_receiver_type; }
static inline bool qv_is_sender(const QvObj *o) { return o->type == &qv_channel_sender_type; }
// The end, or NULL with ClosedError.
QvChanEnd *qv_channels_open_end(QvInterp *qi, QvObj *o);
// Of an end object, under the interpreter's lock: for QvChanWait.gone.
bool qv_channels_end_is_closed(const void *o);
// A reference to the end is taken over, on failure too.
QvObj *qv_channels_wrap_take(QvInterp *qi, QV_STOLEN QvChanEnd *end);
// The value of a message, which is used up.
QV_RUNS QvObj *qv_channels_open_message(QvInterp *qi, QV_STOLEN QvMsg *msg);
QvObj *qv_channels_stats_dict(QvInterp *qi, const QvChanStats *s, const char *name);

#endif
