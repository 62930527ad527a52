// SPDX-License-Identifier: MIT
// capsule: see capsule.h.
#include "object/capsule.h"

#include <string.h>

#include "object/error.h"
#include "object/type_ids.h"

QvObj *qv_capsule_new(QvInterp *qi, void *pointer, const char *name, void (*destroy)(void *pointer))
{
    QvCapsule *c = (QvCapsule *)qv_obj_new(qi, &qv_capsule_type);
    if (c) {
        c->pointer = pointer;
        c->name = name;
        c->destroy = destroy;
    }
    return (QvObj *)c;
}

void *qv_capsule_get(QvInterp *qi, QvObj *o, const char *name)
{
    const QvCapsule *c = (QvCapsule *)o;
    if (o->type != &qv_capsule_type || !c->pointer) {
        qv_raise(qi, &qv_exc_ValueError, "not a valid capsule object");
        return NULL;
    }
    if (c->name != name && (!c->name || !name || strcmp(c->name, name) != 0)) {
        qv_raise(qi, &qv_exc_ValueError, "capsule has another name");
        return NULL;
    }
    return c->pointer;
}

static void capsule_fini(QvInterp *qi, QvObj *o)
{
    (void)qi;
    QvCapsule *c = (QvCapsule *)o;
    void *p = c->pointer;
    c->pointer = NULL;
    if (p && c->destroy) {
        c->destroy(p);
    }
}

static QvObj *capsule_repr(QvInterp *qi, QvObj *o)
{
    const QvCapsule *c = (QvCapsule *)o;
    const char *quote = c->name ? "\"" : "";
    return qv_str_format(qi, "<capsule object %s%s%s at %p>", quote, c->name ? c->name : "NULL",
                         quote, (void *)o);
}

QV_SEALED QvType qv_capsule_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "PyCapsule",
    .id = QV_TID_capsule,
    .flags = QV_T_NO_NEW,
    .size = sizeof(QvCapsule),
    .fini = capsule_fini,
    .repr = capsule_repr,
    .doc = "Capsule objects let you wrap a C \"void *\" pointer in a Python\nobject.",
};
