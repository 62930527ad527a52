// SPDX-License-Identifier: MIT
// quiver.h: memory of values seen by the host, and memory of the host seen by scripts.
#include <stdlib.h>

#include "interpreters/api.h"
#include "object/bytes.h"
#include "object/capsule.h"
#include "object/protocol.h"
#include "object/str.h"

// What a view holds.
typedef struct Held {
    QvObj *text; // a str, owned, and its UTF-8; or NULL: a buffer
    QvUtf8 utf8;
    QvBufferView buffer;
} Held;

// Enters for a view of value. NULL, having left, when something will not do.
static QvInstance *begin_view(Quiver *q, QuiverValue *value, QuiverView *ret, Held **held)
{
    if (ret) {
        *ret = (QuiverView){0};
    }
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return NULL;
    }
    *held = NULL;
    if (qv_api_arg(inst, value) && qv_api_given(inst, ret, "ret")) {
        *held = calloc(1, sizeof **held);
        if (*held) {
            return inst;
        }
        qv_raise_oom(&inst->qi);
    }
    qv_api_status(inst, -1);
    return NULL;
}

int quiver_view_str(Quiver *q, QuiverValue *value, QuiverView *ret)
{
    Held *held;
    QvInstance *inst = begin_view(q, value, ret, &held);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    QvObj *o = qv_api_obj(value);
    if (!qv_is_str(o)) {
        qv_raise(qi, &qv_exc_TypeError, "expected str, got %T", o);
    } else if (qv_str_utf8(qi, o, &held->utf8) == 0) {
        held->text = qv_new_ref(qi, o);
        *ret = (QuiverView){.data = (void *)(uintptr_t)held->utf8.s,
                            .size = (size_t)held->utf8.n,
                            .readonly = true,
                            .internal = held};
        return qv_api_status(inst, 0);
    }
    free(held);
    return qv_api_status(inst, -1);
}

int quiver_view_bytes(Quiver *q, QuiverValue *value, bool writable, QuiverView *ret)
{
    Held *held;
    QvInstance *inst = begin_view(q, value, ret, &held);
    if (!inst) {
        return -1;
    }
    unsigned flags = writable ? QV_BUF_WRITABLE : QV_BUF_SIMPLE;
    if (qv_buffer_get(&inst->qi, qv_api_obj(value), &held->buffer, flags) < 0) {
        free(held);
        return qv_api_status(inst, -1);
    }
    *ret = (QuiverView){.data = held->buffer.buf,
                        .size = (size_t)held->buffer.len,
                        .readonly = held->buffer.readonly,
                        .internal = held};
    return qv_api_status(inst, 0);
}

void quiver_view_release(Quiver *q, QuiverView *view)
{
    QvInstance *inst = qv_api_inst(q);
    Held *held = view ? view->internal : NULL;
    if (!inst || !held || qv_attach(inst) < 0) {
        return;
    }
    QvInterp *qi = &inst->qi;
    *view = (QuiverView){0};
    if (held->text) {
        qv_utf8_release(qi, &held->utf8);
        qv_decref(qi, held->text);
    } else {
        qv_buffer_release(qi, &held->buffer);
    }
    free(held);
    qv_detach(inst);
}

// ---- memory of the host -------------------------------------------------------------------------

typedef struct Block {
    QvInterp *qi;
    void (*free)(void *user);
    void *user;
} Block;

static void block_free(QvInterp *qi, void (*free_)(void *user), void *user)
{
    if (free_) {
        QvHostCall call;
        qv_host_begin_destroy(qi, &call);
        free_(user);
        qv_host_end_destroy(qi, &call);
    }
}

static void block_gone(void *pointer)
{
    Block b = *(Block *)pointer;
    free(pointer);
    block_free(b.qi, b.free, b.user);
}

QuiverValue *quiver_memory(Quiver *q, void *data, size_t size, bool writable,
                           void (*free_)(void *user), void *user)
{
    static const char nothing = 0;
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        if (free_) {
            free_(user);
        }
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    Block *block = NULL;
    QvObj *keeper = NULL, *view = NULL;
    if (size > PTRDIFF_MAX) {
        qv_raise(qi, &qv_exc_ValueError, "size is too large");
    } else if (size == 0 || qv_api_given(inst, data, "data")) {
        block = malloc(sizeof *block);
        if (!block) {
            qv_raise_oom(qi);
        }
    }
    if (block) {
        *block = (Block){.qi = qi, .free = free_, .user = user};
        keeper = qv_capsule_new(qi, block, "quiver.memory", block_gone);
    }
    if (keeper) {
        view = qv_memoryview_from_memory(qi, size ? data : (void *)(uintptr_t)&nothing,
                                         (QvSsize)size, !writable, keeper);
        qv_decref(qi, keeper); // with no view, this is the end of it
    } else {
        free(block);
        QvObj *exc = qv_err_fetch(qi);
        block_free(qi, free_, user);
        qv_err_restore(qi, exc);
    }
    return qv_api_value(inst, view);
}
