// SPDX-License-Identifier: MIT
// PickleBuffer: a buffer that a pickler may hand over instead of copying it into the pickle.
#include "modules/pickle/pickle.h"
#include "object/bytes.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/str.h"
#include "object/type_ids.h"

typedef struct Buffer {
    QvObj h;
    QvBufferView view; // obj NULL: released
} Buffer;

static Buffer *as_buffer(QvObj *o) { return (Buffer *)o; }

QvBufferView *qv_pickle_buffer_view(QvInterp *qi, QvObj *o)
{
    if (!as_buffer(o)->view.obj) {
        qv_raise(qi, &qv_exc_ValueError, "operation forbidden on released PickleBuffer object");
        return NULL;
    }
    return &as_buffer(o)->view;
}

static QvObj *buffer_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                         QvObj *kwnames)
{
    if (nargs != 1) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "PickleBuffer() takes exactly 1 positional argument (%zd given)", nargs);
    }
    if (qv_ctor_check(qi, "PickleBuffer", 1, 1, 1, kwnames) < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, type);
    if (o && qv_buffer_get(qi, args[0], &as_buffer(o)->view, QV_BUF_FULL) < 0) {
        qv_clear(qi, &o);
    }
    return o;
}

static void buffer_fini(QvInterp *qi, QvObj *o) { qv_buffer_release(qi, &as_buffer(o)->view); }

static int buffer_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_buffer(o)->view.obj);
    return 0;
}

static int buffer_get(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags)
{
    QvBufferView *own = qv_pickle_buffer_view(qi, o);
    return own ? qv_buffer_get(qi, own->obj, view, flags) : -1;
}

static QvObj *buffer_raw(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    if (!qv_pickle_buffer_view(qi, self)) {
        return NULL;
    }
    QvObj *m = qv_memoryview_new(qi, self), *name = NULL, *ret = NULL;
    QvObj *flat = m ? qv_getattr_cstr(qi, m, "contiguous") : NULL;
    if (flat && flat != QV_TRUE) {
        qv_raise(qi, &qv_exc_BufferError, "cannot extract raw buffer from non-contiguous buffer");
    } else if (flat) {
        QvObj *bytes = qv_str_new_ascii(qi, "B", 1);
        name = qv_str_intern_cstr(qi, "cast");
        ret = bytes && name ? qv_call_method1(qi, m, name, bytes) : NULL;
        qv_xdecref(qi, bytes);
    }
    qv_xdecref(qi, name);
    qv_xdecref(qi, flat);
    qv_xdecref(qi, m);
    return ret;
}

static QvObj *buffer_release(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    qv_buffer_release(qi, &as_buffer(self)->view);
    return QV_NONE;
}

static const QvNativeDef buffer_methods[] = {
    {"raw", buffer_raw, "($self, /)",
     "Return a memoryview of the raw memory underlying this buffer.\n\nWill raise BufferError is "
     "the buffer isn't contiguous."},
    {"release", buffer_release, "($self, /)",
     "Release the underlying buffer exposed by the PickleBuffer object."},
    {0},
};

QV_SEALED QvType qv_pickle_buffer_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "pickle.PickleBuffer",
    .id = QV_TID_pickle_buffer,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(Buffer),
    .doc = "Wrapper for potentially out-of-band buffers",
    .methods = buffer_methods,
    .new_ = buffer_new,
    .fini = buffer_fini,
    .traverse = buffer_traverse,
    .clear = buffer_fini,
    .buffer = buffer_get,
};
