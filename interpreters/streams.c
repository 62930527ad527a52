// SPDX-License-Identifier: MIT
// Where the standard streams of an interpreter lead.
//
//   thread that prints (holds the lock) --hook_write--> host | nothing | ring of bytes | channel
//   any thread --quiver_take_output--> ring of bytes          guarded by: its mutex
//
// A ring belongs to the QvInstance, not to the interpreter: it can be taken while that is busy.
#include "interpreters/streams.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "interpreters/api.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/pack.h"

#define CAPTURE_BYTES ((size_t)1 << 20)

// What a stream has kept: a ring that grows up to its bound.
struct QvCapture {
    QvMutex mu;
    char *data;           // guarded by: mu, as all that follows
    size_t cap, at, size; // bytes: room; where the oldest is; how many there are
    uint64_t dropped;     // since the last take
    QvHeapAway *payer;    // of the interpreter, when another's script has chosen the bound; or NULL
    size_t paid;
};

static QuiverStream mode_of(const QuiverConfig *c, int fd)
{
    QuiverStream mode = fd == 0 ? c->stdin_stream : fd == 1 ? c->stdout_stream : c->stderr_stream;
    bool has = fd == 0 ? c->read != NULL : c->write != NULL;
    if (mode == QUIVER_STREAM_DEFAULT) {
        mode = has ? QUIVER_STREAM_HOST : QUIVER_STREAM_INHERIT;
    }
    return (mode == QUIVER_STREAM_HOST && !has) || mode > QUIVER_STREAM_CHANNEL ||
                   (fd == 0 && mode >= QUIVER_STREAM_CAPTURE)
               ? QUIVER_STREAM_NULL
               : mode;
}

// ---- capture ------------------------------------------------------------------------------------

// The bound of what is kept is the host's choice, and no memory of the interpreter's; unless it was
// made by a script.
static bool pay(QvInterp *qi, struct QvCapture *t, size_t n)
{
    QvHeapAway *payer = NULL;
    if (qv_instance_of(qi)->limits.lender && !qv_heap_send_away(&qi->heap, n, &payer)) {
        return false;
    }
    if (payer) {
        t->payer = payer;
        t->paid += n;
    }
    return true;
}

// Room for `more` bytes, as far as the bound and memory let: how many fit.
static size_t make_room(QvInterp *qi, struct QvCapture *t, size_t bound, size_t more)
{
    size_t want = more < bound - t->size ? t->size + more : bound;
    if (want > t->cap) {
        size_t cap = t->cap ? t->cap : 1024;
        while (cap < want && cap < bound / 2) {
            cap *= 2;
        }
        cap = cap < want || cap > bound ? bound : cap;
        char *data = pay(qi, t, cap - t->cap) ? malloc(cap) : NULL;
        if (data) {
            size_t head = t->cap - t->at < t->size ? t->cap - t->at : t->size;
            if (t->size) {
                memcpy(data, t->data + t->at, head);
                memcpy(data + head, t->data, t->size - head);
            }
            free(t->data);
            t->data = data;
            t->cap = cap;
            t->at = 0;
        }
    }
    return t->cap - t->size < more ? t->cap - t->size : more;
}

static void put(struct QvCapture *t, const char *data, size_t n)
{
    size_t end = t->cap ? (t->at + t->size) % t->cap : 0;
    size_t head = t->cap - end < n ? t->cap - end : n;
    if (n) {
        memcpy(t->data + end, data, head);
        memcpy(t->data, data + head, n - head);
        t->size += n;
    }
}

static int capture(QvInterp *qi, struct QvCapture *t, const QuiverConfig *c, const char *data,
                   size_t n)
{
    size_t bound = c->capture_bytes ? c->capture_bytes : CAPTURE_BYTES;
    int status = 0;
    qv_mutex_lock(&t->mu);
    size_t fits = make_room(qi, t, bound, n);
    if (fits < n && c->overflow == QUIVER_OVERFLOW_RAISE) {
        status = -1;
    } else if (fits < n && c->overflow == QUIVER_OVERFLOW_DROP_OLD) {
        size_t skip = n > t->cap ? n - t->cap : 0; // of the new ones, which then are all there is
        size_t go = n - skip - (t->cap - t->size);
        t->at = t->cap ? (t->at + go) % t->cap : 0;
        t->size -= go;
        t->dropped += go + skip;
        put(t, data + skip, n - skip);
    } else {
        t->dropped += n - fits;
        put(t, data, fits);
    }
    qv_mutex_unlock(&t->mu);
    if (status < 0) {
        qv_raise_errno(qi, ENOSPC, NULL, NULL);
    }
    return status;
}

int64_t quiver_take_output(Quiver *q, int fd, char **ret, size_t *size)
{
    QvInstance *inst = (QvInstance *)q;
    if (ret) {
        *ret = NULL;
    }
    if (size) {
        *size = 0;
    }
    if (!inst || !ret || (fd != 1 && fd != 2) || !inst->captures[fd - 1]) {
        return -1;
    }
    struct QvCapture *t = inst->captures[fd - 1];
    int64_t dropped = -1;
    qv_mutex_lock(&t->mu);
    char *copy = t->size ? malloc(t->size + 1) : NULL;
    if (copy || !t->size) {
        size_t head = t->cap - t->at < t->size ? t->cap - t->at : t->size;
        if (copy) {
            memcpy(copy, t->data + t->at, head);
            memcpy(copy + head, t->data, t->size - head);
            copy[t->size] = 0;
        }
        *ret = copy;
        if (size) {
            *size = t->size;
        }
        dropped = (int64_t)t->dropped;
        t->at = t->size = 0;
        t->dropped = 0;
    }
    qv_mutex_unlock(&t->mu);
    return dropped;
}

// ---- hooks --------------------------------------------------------------------------------------

static int send(QvInterp *qi, uint64_t channel, QuiverOverflow overflow, const char *data,
                QvSsize n)
{
    QvObj *bytes = qv_bytes_new(qi, data, n);
    int sent = bytes ? qv_channel_post(qi, channel, bytes) : -1;
    qv_xdecref(qi, bytes);
    if (sent == 0 && overflow == QUIVER_OVERFLOW_RAISE) {
        qv_raise_errno(qi, ENOSPC, NULL, NULL);
        return -1;
    }
    return sent < 0 ? -1 : 0;
}

static int hook_write(QvInterp *qi, int fd, const char *data, QvSsize n)
{
    QvInstance *inst = qv_instance_of(qi);
    const QuiverConfig *c = &inst->config;
    switch (mode_of(c, fd)) {
    case QUIVER_STREAM_HOST:
        if (c->write(c->user, fd, data, (size_t)n) < 0) {
            return qv_raise_int(qi, &qv_exc_OSError, "the host's write function failed");
        }
        return 0;
    case QUIVER_STREAM_CAPTURE: return capture(qi, inst->captures[fd - 1], c, data, (size_t)n);
    case QUIVER_STREAM_CHANNEL:
        return send(qi, fd == 1 ? c->stdout_channel : c->stderr_channel, c->overflow, data, n);
    default: return 0;
    }
}

static QvSsize hook_read(QvInterp *qi, char *data, QvSsize n)
{
    const QuiverConfig *c = &qv_instance_of(qi)->config;
    if (mode_of(c, 0) != QUIVER_STREAM_HOST) {
        return 0;
    }
    QvSsize got = c->read(c->user, data, (size_t)n);
    if (got < 0) {
        qv_raise(qi, &qv_exc_OSError, "the host's read function failed");
    }
    return got;
}

int qv_streams_init(QvInstance *inst)
{
    QvHooks *hooks = &inst->qi.hooks;
    hooks->write = hook_write;
    hooks->read = hook_read;
    for (int fd = 0; fd < 3; fd++) {
        QuiverStream mode = mode_of(&inst->config, fd);
        hooks->streams |= (uint32_t)(mode != QUIVER_STREAM_INHERIT) << fd;
        if (mode == QUIVER_STREAM_CAPTURE) {
            struct QvCapture *t = calloc(1, sizeof *t);
            if (!t) {
                return -1;
            }
            t->mu = (QvMutex)QV_MUTEX_INIT(QV_RANK_IO);
            inst->captures[fd - 1] = t;
        }
    }
    return 0;
}

void qv_streams_reset(QvInstance *inst)
{
    for (int k = 0; k < 2; k++) {
        struct QvCapture *t = inst->captures[k];
        if (t) {
            qv_mutex_lock(&t->mu);
            t->at = t->size = 0;
            t->dropped = 0;
            qv_mutex_unlock(&t->mu);
        }
    }
}

void qv_streams_fini(QvInstance *inst)
{
    for (int k = 0; k < 2; k++) {
        if (inst->captures[k]) {
            qv_heap_came_back(inst->captures[k]->payer, inst->captures[k]->paid);
            free(inst->captures[k]->data);
            free(inst->captures[k]);
        }
    }
}
