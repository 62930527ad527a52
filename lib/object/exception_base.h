// SPDX-License-Identifier: MIT
// What the files of the built-in exceptions share: BaseException's slots, and accessors of object
// fields.
#ifndef QV_OBJECT_EXCEPTION_BASE_H
#define QV_OBJECT_EXCEPTION_BASE_H

#include "object/exception.h"
#include "object/type_ids.h"

#define QV_EXC_FLAGS (QV_T_GC | QV_T_BASE | QV_T_EXC)

// The first lines of every exception's QvType.
#define QV_EXC_TYPE(name_, base_, struct_)                                       \
    .h = QV_STATIC_HEADER(&qv_type_type), .name = #name_, .flags = QV_EXC_FLAGS, \
    .id = QV_TID_exc_##name_, .base = &qv_exc_##base_, .size = sizeof(struct_),  \
    .dict_offset = offsetof(QvExc, dict)

// Getter and setter of an object field that reads as None when it is unset.
#define QV_EXC_FIELD(struct_, field)                             \
    static QvObj *get_##field(QvInterp *qi, QvObj *o)            \
    {                                                            \
        QvObj *v = ((struct_ *)o)->field;                        \
        return qv_new_ref(qi, v ? v : QV_NONE);                  \
    }                                                            \
    static int set_##field(QvInterp *qi, QvObj *o, QvObj *value) \
    {                                                            \
        qv_xincref(qi, value);                                   \
        qv_set_take(qi, &((struct_ *)o)->field, value);          \
        return 0;                                                \
    }

// BaseException's own slots, for the subclasses to call first.
QvObj *qv_exc_base_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames);
int qv_exc_base_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames);
void qv_exc_base_fini(QvInterp *qi, QvObj *o);
void qv_exc_base_clear(QvInterp *qi, QvObj *o);
int qv_exc_base_traverse(QvObj *o, QvVisit visit, void *ctx);
QV_RUNS QvObj *qv_exc_base_str(QvInterp *qi, QvObj *o);
QvObj *qv_exc_base_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

// Sets self.args from an array. 0/-1.
int qv_exc_set_args(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

// TypeError "X() takes no keyword arguments" when there are any. 0/-1.
int qv_exc_no_keywords(QvInterp *qi, const QvType *type, QvObj *kwnames);

// Picks the keyword arguments `names` (QV_N names) out; others are "'x' is an invalid keyword
// argument for X()". ret gets borrowed values or NULL. 0/-1.
int qv_exc_keywords(QvInterp *qi, const char *func, QvObj *const *kwvalues, QvObj *kwnames,
                    QvObj *const *names, int n, QvObj **ret);

#endif
