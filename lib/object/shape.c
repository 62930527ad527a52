// SPDX-License-Identifier: MIT
// Shapes and the instance part: see shape.h.
//
// A shape knows its own name and its parent; finding a name walks up to TABLE_MIN parents, longer
// shapes carry a small table by address (names are interned). A type may have at most MAX_SHAPES
// shapes: programs that invent attribute names at run time get dicts instead.
#include "object/shape.h"

#include <string.h>

#include "object/dict.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"

#define TABLE_MIN  8
#define MAX_SHAPES 512
#define MAX_CAP    29 // odd, fits the four bits of the header

QV_SEALED QvShape qv_shape_dict = {.is_dict = true};

// ---- shapes -------------------------------------------------------------------------------------

static uint32_t name_slot(const QvObj *name, uint32_t mask)
{
    return (uint32_t)((uintptr_t)name >> 4) * 0x9E3779B1u >> 16 & mask;
}

int qv_shape_find(const QvShape *shape, QvObj *name)
{
    if (shape->ntable) {
        uint32_t mask = shape->ntable - 1;
        for (uint32_t i = name_slot(name, mask);; i = (i + 1) & mask) {
            if (shape->table[i].name == name) {
                return (int)shape->table[i].slot;
            }
            if (!shape->table[i].name) {
                return -1;
            }
        }
    }
    for (; shape->parent; shape = shape->parent) {
        if (shape->name == name) {
            return shape->count - 1;
        }
    }
    return -1;
}

static QvShape *shape_new(QvInterp *qi, QvType *type, QvShape *parent, QvObj *name)
{
    QvShape *s = qv_alloc(qi, sizeof(*s));
    if (!s) {
        return NULL;
    }
    *s = (QvShape){.type = type, .parent = parent};
    if (!parent) {
        s->total = 1;
        return s;
    }
    s->count = (uint16_t)(parent->count + 1);
    if (s->count >= TABLE_MIN) {
        uint32_t n = 16;
        while (n < s->count * 2u) {
            n *= 2;
        }
        size_t bytes = n * sizeof(QvShapeEntry);
        s->table = qv_alloc(qi, bytes);
        if (!s->table) {
            qv_free(qi, s, sizeof(*s));
            return NULL;
        }
        memset(s->table, 0, bytes);
        s->ntable = n;
    }
    s->name = qv_new_ref(qi, name);
    if (s->ntable) {
        for (QvShape *k = s; k->parent; k = k->parent) {
            uint32_t i = name_slot(k->name, s->ntable - 1);
            while (s->table[i].name) {
                i = (i + 1) & (s->ntable - 1);
            }
            s->table[i] = (QvShapeEntry){.name = k->name, .slot = k->count - 1u};
        }
    }
    return s;
}

QvShape *qv_shape_root(QvInterp *qi, QvType *type)
{
    if (!type->root_shape) {
        type->root_shape = shape_new(qi, type, NULL, NULL);
    }
    return type->root_shape;
}

QvShape *qv_shape_add(QvInterp *qi, QvShape *shape, QvObj *name)
{
    for (uint32_t i = 0; i < shape->nchildren; i++) {
        if (shape->children[i]->name == name) {
            return shape->children[i];
        }
    }
    QvShape *root = shape->type->root_shape;
    if (root->total >= MAX_SHAPES) {
        return NULL;
    }
    if (shape->nchildren == shape->cap_children) {
        uint32_t cap = shape->cap_children ? shape->cap_children * 2 : 1;
        QvShape **p = qv_realloc(qi, shape->children, shape->cap_children * sizeof(QvShape *),
                                 cap * sizeof(QvShape *));
        if (!p) {
            return NULL;
        }
        shape->children = p;
        shape->cap_children = cap;
    }
    QvShape *child = shape_new(qi, shape->type, shape, name);
    if (!child) {
        return NULL;
    }
    shape->children[shape->nchildren++] = child;
    root->total++;
    return child;
}

void qv_shape_free(QvInterp *qi, QvShape *root)
{
    // Depth is at most MAX_CAP, so recursion is fine.
    if (!root) {
        return;
    }
    for (uint32_t i = 0; i < root->nchildren; i++) {
        qv_shape_free(qi, root->children[i]);
    }
    qv_free(qi, root->children, root->cap_children * sizeof(QvShape *));
    qv_free(qi, root->table, root->ntable * sizeof(QvShapeEntry));
    qv_xdecref(qi, root->name);
    qv_free(qi, root, sizeof(*root));
}

// ---- the instance part --------------------------------------------------------------------------

// Leaves the inline slots for a dict with the same content. 0/-1.
static int to_dict_mode(QvInterp *qi, QvInstPart *part)
{
    QvShape *shape = part->shape;
    uint32_t n = shape ? shape->count : 0;
    QvObj *pairs[2 * (MAX_CAP + 1)];
    for (QvShape *k = shape; k && k->parent; k = k->parent) {
        pairs[2 * k->count - 2] = k->name;
        pairs[2 * k->count - 1] = part->slots[k->count - 1];
    }
    for (uint32_t i = 0; i < n; i++) {
        qv_incref(qi, pairs[2 * i]);
    }
    // The references to the values go from the slots to the dict.
    QvObj *dict = n > 0 ? qv_dict_from_names(qi, pairs, n) : qv_dict_new_presized(qi, 1);
    if (!dict) {
        for (uint32_t i = 0; i < n; i++) {
            qv_decref(qi, pairs[2 * i]);
        }
        return -1;
    }
    for (uint32_t i = 0; i < n; i++) {
        part->slots[i] = NULL;
    }
    part->shape = &qv_shape_dict;
    part->slots[0] = dict;
    return 0;
}

int qv_inst_get(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret)
{
    QvInstPart *part = qv_inst_part(o);
    QvShape *shape = part->shape;
    if (!shape) {
        return 0;
    }
    if (QV_UNLIKELY(shape->is_dict)) {
        QvObj *v;
        int r = qv_dict_get(qi, part->slots[0], name, &v);
        if (r > 0) {
            *ret = qv_new_ref(qi, v);
        }
        return r;
    }
    int i = qv_shape_find(shape, name);
    if (i < 0) {
        return 0;
    }
    *ret = qv_new_ref(qi, part->slots[i]);
    return 1;
}

static int dict_mode_set(QvInterp *qi, QvObj *dict, QvObj *name, QvObj *value)
{
    // The instance may let go of the dict while a value dies.
    qv_incref(qi, dict);
    int r;
    if (value) {
        r = qv_dict_set(qi, dict, name, value) < 0 ? -1 : 1;
    } else {
        QvObj *old;
        r = qv_dict_pop(qi, dict, name, &old);
        if (r > 0) {
            qv_decref(qi, old);
        }
    }
    qv_decref(qi, dict);
    return r;
}

// The shape that has all names but that of slot i, in their order. NULL without an exception: a
// dict is better, where an object has many names or a class many shapes.
static QvShape *shape_without(QvInterp *qi, QvShape *shape, int i)
{
    enum { MOST = 8 };
    QvShape *later[MOST];
    int n = 0;
    if (shape->count > MOST || shape->type->root_shape->total >= MAX_SHAPES / 4) {
        return NULL;
    }
    while (shape->count - 1 > i) {
        later[n++] = shape;
        shape = shape->parent;
    }
    shape = shape->parent;
    while (n > 0 && shape) {
        shape = qv_shape_add(qi, shape, later[--n]->name);
    }
    return shape;
}

static int delete_slot(QvInterp *qi, QvInstPart *part, QvObj *name, int i)
{
    QvShape *shape = part->shape;
    if (i == shape->count - 1) {
        QvObj *old = part->slots[i];
        part->slots[i] = NULL;
        part->shape = shape->parent;
        qv_decref(qi, old);
        return 1;
    }
    QvShape *rest = shape_without(qi, part->shape, i);
    if (rest) {
        QvObj *old = part->slots[i];
        for (unsigned k = (unsigned)i; k < rest->count; k++) {
            part->slots[k] = part->slots[k + 1];
        }
        part->slots[rest->count] = NULL;
        part->shape = rest;
        qv_decref(qi, old);
        return 1;
    }
    if (qv_err_occurred(qi)) {
        return -1;
    }
    if (to_dict_mode(qi, part) < 0) {
        return -1;
    }
    return dict_mode_set(qi, part->slots[0], name, NULL);
}

int qv_inst_set(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value)
{
    QvInstPart *part = qv_inst_part(o);
    QvShape *shape = part->shape;
    qv_check_own(qi, o);
    if (QV_UNLIKELY(!shape)) {
        if (!value) {
            return 0;
        }
        shape = qv_shape_root(qi, o->type);
        if (!shape) {
            return -1;
        }
    } else if (QV_UNLIKELY(shape->is_dict)) {
        return dict_mode_set(qi, part->slots[0], name, value);
    } else {
        int i = qv_shape_find(shape, name);
        if (i >= 0) {
            if (!value) {
                return delete_slot(qi, part, name, i);
            }
            QvObj *old = part->slots[i];
            part->slots[i] = qv_new_ref(qi, value);
            qv_decref(qi, old);
            return 1;
        }
        if (!value) {
            return 0;
        }
    }
    if (shape->count < qv_inst_cap(o)) {
        QvShape *child = qv_shape_add(qi, shape, name);
        if (child) {
            part->shape = child;
            part->slots[shape->count] = qv_new_ref(qi, value);
            return 1;
        }
        if (qv_err_occurred(qi)) {
            return -1;
        }
    } else if (o->type->inst_cap < MAX_CAP && o->type->inst_cap <= shape->count) {
        // The type's next instances get more room.
        uint32_t cap = shape->count * 3u / 2u + 2u;
        cap |= 1u;
        o->type->inst_cap = (uint16_t)(cap > MAX_CAP ? MAX_CAP : cap);
    }
    if (to_dict_mode(qi, part) < 0) {
        return -1;
    }
    return dict_mode_set(qi, part->slots[0], name, value);
}

QvObj *qv_inst_dict(QvInterp *qi, QvObj *o)
{
    QvInstPart *part = qv_inst_part(o);
    if (!(part->shape && part->shape->is_dict) && to_dict_mode(qi, part) < 0) {
        return NULL;
    }
    return qv_new_ref(qi, part->slots[0]);
}

int qv_inst_set_dict(QvInterp *qi, QvObj *o, QvObj *dict)
{
    QvInstPart *part = qv_inst_part(o);
    if (!(part->shape && part->shape->is_dict) && to_dict_mode(qi, part) < 0) {
        return -1;
    }
    qv_set_take(qi, &part->slots[0], qv_new_ref(qi, dict));
    return 0;
}

QvObj *qv_inst_copy_dict(QvInterp *qi, QvObj *o)
{
    QvInstPart *part = qv_inst_part(o);
    if (part->shape && part->shape->is_dict) {
        return qv_dict_copy(qi, part->slots[0]);
    }
    uint32_t n = part->shape ? part->shape->count : 0;
    QvObj *dict = qv_dict_new_presized(qi, n);
    QvObj *names[MAX_CAP + 1];
    for (QvShape *k = part->shape; k && k->parent; k = k->parent) {
        names[k->count - 1] = k->name;
    }
    for (uint32_t i = 0; dict && i < n; i++) {
        if (qv_dict_set(qi, dict, names[i], part->slots[i]) < 0) {
            qv_clear(qi, &dict);
        }
    }
    return dict;
}

bool qv_inst_is_empty(const QvObj *o)
{
    const QvInstPart *part = qv_inst_part(o);
    if (part->shape && part->shape->is_dict) {
        return qv_dict_len(part->slots[0]) == 0;
    }
    return !part->shape || part->shape->count == 0;
}

int qv_inst_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvInstPart *part = qv_inst_part(o);
    if (!part->shape) {
        return 0;
    }
    uint32_t n = part->shape->is_dict ? 1 : part->shape->count;
    for (uint32_t i = 0; i < n; i++) {
        QV_VISIT(part->slots[i]);
    }
    return 0;
}

void qv_inst_clear(QvInterp *qi, QvObj *o)
{
    QvInstPart *part = qv_inst_part(o);
    if (!part->shape) {
        return;
    }
    uint32_t n = part->shape->is_dict ? 1 : part->shape->count;
    part->shape = NULL;
    // A drop may set attributes again: they would land in slots not yet emptied. So take all first.
    QvObj *values[MAX_CAP + 1];
    for (uint32_t i = 0; i < n; i++) {
        values[i] = part->slots[i];
        part->slots[i] = NULL;
    }
    for (uint32_t i = 0; i < n; i++) {
        qv_decref(qi, values[i]);
    }
}

int qv_inst_rehome(QvInterp *qi, QvObj *o, QvType *type)
{
    QvInstPart *part = qv_inst_part(o);
    QvShape *shape = part->shape;
    if (!shape || shape->is_dict) {
        return 0;
    }
    QvObj *names[MAX_CAP + 1];
    for (QvShape *k = shape; k->parent; k = k->parent) {
        names[k->count - 1] = k->name;
    }
    QvShape *to = qv_shape_root(qi, type);
    for (uint32_t i = 0; to && i < shape->count; i++) {
        to = qv_shape_add(qi, to, names[i]);
    }
    if (to) {
        part->shape = to;
        return 0;
    }
    if (qv_err_occurred(qi)) {
        return -1;
    }
    return to_dict_mode(qi, part);
}
