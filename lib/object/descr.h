// SPDX-License-Identifier: MIT
// Descriptors of types written in C: slot wrappers, computed attributes, members of __slots__.
#ifndef QV_OBJECT_DESCR_H
#define QV_OBJECT_DESCR_H

#include "object/native.h"
#include "object/type.h"

// How the Python-level call of a slot wrapper maps to the slot's C signature.
typedef enum QvSlotKind {
    QV_SK_NONE, // no wrapper: the row serves heap types only
    QV_SK_UNARY,
    QV_SK_NEXT,
    QV_SK_HASH,
    QV_SK_INQUIRY,
    QV_SK_LEN,
    QV_SK_BINARY, // f(self, other)
    QV_SK_LEFT,   // the same for a number slot
    QV_SK_RIGHT,  // number slot, operands swapped
    QV_SK_POW,    // self ** other [% mod]
    QV_SK_RPOW,
    QV_SK_IPOW,   // self **= other
    QV_SK_REPEAT, // sequence * index
    QV_SK_CONTAINS,
    QV_SK_SETITEM,
    QV_SK_DELITEM,
    QV_SK_LT, // six comparisons, in the order of QvCmpOp
    QV_SK_LE,
    QV_SK_EQ,
    QV_SK_NE,
    QV_SK_GT,
    QV_SK_GE,
    QV_SK_GETATTR,
    QV_SK_SETATTR,
    QV_SK_DELATTR,
    QV_SK_CALL,
    QV_SK_INIT,
    QV_SK_GET,
    QV_SK_SET,
    QV_SK_DELETE,
    QV_SK_DEL,
} QvSlotKind;

typedef void (*QvSlotFn)(void); // any slot function; cast by kind

// One row of slots.def.
typedef struct QvSlotRow {
    QvObj *name;      // sealed str: "__add__"
    uint16_t offset;  // of the field in QvType
    uint8_t kind;     // QvSlotKind
    QvSlotFn generic; // slot function of heap types, or NULL: Python methods never fill this field
    const char *doc;
} QvSlotRow;

extern const QvSlotRow qv_slot_rows[]; // rows of one field stand together; ended by name NULL

static inline QvSlotFn *qv_slot_field(const QvType *t, const QvSlotRow *row)
{
    return (QvSlotFn *)((char *)(uintptr_t)t + row->offset);
}

// wrapper_descriptor: a slot function of a type as a method. Those of static types are sealed.
typedef struct QvWrapperDescr {
    QvObj h;
    const QvSlotRow *row;
    QvSlotFn fn;
    QvType *type; // the type it was defined for; counted in those of heap types
} QvWrapperDescr;

// One for a heap type that a module makes: put into the type's dict under the slot's name, it gives
// the type and its subclasses fn as their slot.
QvObj *qv_wrapper_new(QvInterp *qi, QvType *type, QvObj *name, QvSlotFn fn);

// _collections._tuplegetter, the properties of named tuples.
typedef struct QvTupleGetter {
    QvObj h;
    QvSsize index;
    QvObj *doc;
} QvTupleGetter;
extern QvType qv_collections_tuplegetter_type;

// method-wrapper: a wrapper_descriptor bound to an object.
typedef struct QvMethodWrapper {
    QvObj h;
    QvWrapperDescr *descr; // owned
    QvObj *self;           // owned
} QvMethodWrapper;

// getset_descriptor.
typedef struct QvGetSetDescr {
    QvObj h;
    const QvGetSet *def;
    QvType *type; // owned
    QvObj *name;  // interned, owned
} QvGetSetDescr;

// member_descriptor: one word of the instance. It begins like QvGetSetDescr: a row of a static type
// that CPython has as a member (set by qv_getset_readonly) is one with a def.
typedef struct QvMemberDescr {
    QvObj h;
    const QvGetSet *def; // NULL: a member of __slots__
    QvType *type;        // owned
    QvObj *name;         // interned, owned
    uint32_t offset;     // of the word in the instance; 0: an attribute of the instance part
} QvMemberDescr;

// A getset_descriptor of a heap type (its __dict__, its __weakref__).
QvObj *qv_getset_new(QvInterp *qi, QvType *type, const QvGetSet *def);

// The set function of rows that CPython has as read-only members: AttributeError "readonly
// attribute".
int qv_getset_readonly(QvInterp *qi, QvObj *o, QvObj *value);

// Calls a slot function through its wrapper's Python signature.
QV_RUNS QvObj *qv_wrapper_call(QvInterp *qi, const QvWrapperDescr *w, QvObj *self,
                               QvObj *const *args, QvSsize nargs, QvObj *kwnames);

// The C function behind a static type's __new__, or NULL: how class creation recognises it.
QV_BORROWED QvType *qv_new_wrapper_type(const QvObj *o);
extern const QvSig qv_new_sig; // its signature (sealed __new__ objects have this one)
// type.__new__(subtype, ...): the checks of "X is not safe, use Y.__new__()", then type->new_.
QV_RUNS QvObj *qv_new_wrapper_call(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                                   QvObj *kwnames);

// type_slots.c: recomputes slots of a heap type from its mro.
void qv_slots_inherit(QvInterp *qi, QvType *type);             // all, after the mro is set
void qv_slots_update(QvInterp *qi, QvType *type, QvObj *name); // the fields that name fills; all
                                                               // subclasses too
bool qv_slots_has_name(const QvObj *name);                     // is name in slots.def?

#endif
