// SPDX-License-Identifier: MIT
// What the files of the type object share among themselves: type*.c, getattr.c, object_type.c,
// seal.c.
#ifndef QV_OBJECT_TYPE_INTERNAL_H
#define QV_OBJECT_TYPE_INTERNAL_H

#include "object/type.h"

// Entry for an interned name along the mro, without the cache (any type, also one being built).
QV_BORROWED QvObj *qv_type_find(const QvType *type, QvObj *name);

// A version for the type and its bases when it has none. 0: versions have run out.
uint32_t qv_type_assign_version(QvInterp *qi, QvType *type);

// Subclass lists. 0/-1.
int qv_type_add_subclass(QvInterp *qi, QvType *base, QvType *type);
void qv_type_remove_subclass(QvInterp *qi, QvType *base, QvType *type);
// The subclasses of any type: *ret_n entries, borrowed.
QvType **qv_type_subclasses(QvInterp *qi, const QvType *type, uint32_t *ret_n);

// mro of a heap type from its bases, by its metaclass's mro(): sets mro, mro_len; what stood there
// is the caller's. 1; 0 when mro() itself has led to another one, which stays; -1.
QV_RUNS int qv_type_set_mro(QvInterp *qi, QvType *type);
// Tells an mro of a heap type from the ones it had before: its block ends with a number of its own.
uintptr_t qv_type_mro_stamp(const QvType *type);
// Drops an mro that type has, or had.
void qv_type_drop_mro(QvInterp *qi, const QvType *type, QvType **mro, uint16_t len);
// C3: a new list of types, the type itself first.
QvObj *qv_type_c3(QvInterp *qi, QvType *type);

// The base whose layout the type extends, or NULL with TypeError.
QvType *qv_type_best_base(QvInterp *qi, QvObj *bases);
// Do instances of a and b have the same fields, so that one may become the other?
bool qv_type_same_layout(const QvType *a, const QvType *b);

// new_ and init of type and object.
QV_RUNS QvObj *qv_type_new_slot(QvInterp *qi, QvType *meta, QvObj *const *args, QvSsize nargs,
                                QvObj *kwnames);
QvObj *qv_object_new_slot(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames);
int qv_object_init_slot(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames);

// Traverse and clear of instances of heap types.
int qv_type_inst_traverse(QvObj *o, QvVisit visit, void *ctx);
QV_RUNS void qv_type_inst_clear(QvInterp *qi, QvObj *o);

// qv_type_getattr for who expects absence: 1/0/-1, and no AttributeError is made in vain.
QV_RUNS int qv_type_getattr_try(QvInterp *qi, QvObj *type, QvObj *name, QvObj **ret);

// The doc of a static type without the signature that it may start with.
const char *qv_type_plain_doc(const QvType *t);

// __dict__ of an instance (inst part or dict_offset): getset functions shared by heap types.
QvObj *qv_object_get_dict(QvInterp *qi, QvObj *o);
QV_RUNS int qv_object_set_dict(QvInterp *qi, QvObj *o, QvObj *value);

#endif
