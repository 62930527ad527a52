// SPDX-License-Identifier: MIT
// What a pickler has written: one buffer, in frames from protocol 4 on.
//
// A frame's header is reserved when its first byte is written, and filled in (or taken out again,
// when the frame is tiny) when it ends: at an object's boundary after 64 KiB, before large data,
// and at the end. With a file, ended frames go there at once.
#include "modules/pickle/pickle.h"
#include "object/bytes.h"
#include "object/key.h"
#include "object/str_units.h"

int qv_pickle_grow(QvPickler *p, size_t n)
{
    n += PICKLE_FRAME_HEADER;
    if (n <= p->cap - p->len) {
        return 0;
    }
    if (n > PTRDIFF_MAX / 2 - p->len) {
        qv_raise_oom(p->qi);
        return -1;
    }
    size_t cap = p->cap + p->cap / 2;
    cap = cap < p->len + n ? p->len + n : cap;
    cap = cap < 256 ? 256 : cap;
    uint8_t *out = qv_realloc(p->qi, p->out, p->cap, cap);
    if (!out) {
        return -1;
    }
    p->out = out;
    p->cap = cap;
    return 0;
}

int qv_pickle_put_slow(QvPickler *p, const void *s, size_t n)
{
    if (qv_pickle_grow(p, n) < 0) {
        return -1;
    }
    if (p->framing && p->frame < 0) {
        p->frame = (QvSsize)p->len;
        memset(p->out + p->len, 0xFE, PICKLE_FRAME_HEADER);
        p->len += PICKLE_FRAME_HEADER;
    }
    if (qv_bytes_put(p->qi, p->out + p->len, s, (QvSsize)n) < 0) {
        return -1;
    }
    p->len += n;
    return 0;
}

int qv_pickle_end_frame(QvPickler *p)
{
    if (!p->framing || p->frame < 0) {
        return 0;
    }
    uint8_t *head = p->out + p->frame;
    size_t n = p->len - (size_t)p->frame - PICKLE_FRAME_HEADER;
    if (n >= PICKLE_FRAME_MIN) {
        head[0] = OP_FRAME;
        for (int i = 0; i < 8; i++) {
            head[1 + i] = (uint8_t)((uint64_t)n >> (8 * i));
        }
    } else {
        memmove(head, head + PICKLE_FRAME_HEADER, n);
        p->len -= PICKLE_FRAME_HEADER;
    }
    p->frame = -1;
    return 0;
}

int qv_pickle_flush(QvPickler *p)
{
    QvObj *data = qv_bytes_new(p->qi, p->len ? (const void *)p->out : "", (QvSsize)p->len);
    p->len = 0;
    QvObj *r = data ? qv_call1(p->qi, p->write, data) : NULL;
    qv_xdecref(p->qi, data);
    qv_xdecref(p->qi, r);
    return r ? 0 : -1;
}

int qv_pickle_boundary_slow(QvPickler *p)
{
    qv_pickle_end_frame(p);
    return p->write ? qv_pickle_flush(p) : 0;
}

int qv_pickle_put_large(QvPickler *p, const void *head, size_t nhead, const void *data, size_t n,
                        QvObj *payload)
{
    if (n < PICKLE_FRAME_TARGET) {
        return qv_pickle_put(p, head, nhead) < 0 ? -1 : qv_pickle_put(p, data, n);
    }
    qv_pickle_end_frame(p);
    bool framing = p->framing;
    p->framing = false;
    int status = qv_pickle_put(p, head, nhead);
    if (status == 0 && p->write) {
        status = qv_pickle_flush(p);
        QvObj *o = status < 0 ? NULL
                   : payload  ? qv_new_ref(p->qi, payload)
                              : qv_bytes_new(p->qi, data, (QvSsize)n);
        QvObj *r = o ? qv_call1(p->qi, p->write, o) : NULL;
        status = r ? 0 : -1;
        qv_xdecref(p->qi, o);
        qv_xdecref(p->qi, r);
    } else if (status == 0) {
        status = qv_pickle_put(p, data, n);
    }
    p->framing = framing;
    return status;
}
