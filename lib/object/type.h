// SPDX-License-Identifier: MIT
// The type object: slots, inheritance, attribute look-up on types, class creation.
//
// One struct serves both kinds. Built-in types are static objects in the section qv_sealed: filled
// in by designated initialisers, completed once per process by qv_types_seal (slots inherited, mro
// and dict built in the sealed region), then read-only for the hardware and shared by all
// interpreters. Heap types (class statements) live in one interpreter's heap. What changes about a
// static type (its subclasses, its weak references) is in QvInterp, by type id.
#ifndef QV_OBJECT_TYPE_H
#define QV_OBJECT_TYPE_H

#include "object/object.h"

typedef enum QvTypeFlags {
    QV_T_GC = 1 << 0,         // instances may be part of cycles; traverse is set; lives in gc slabs
    QV_T_HEAP = 1 << 1,       // made by a class statement or type(); belongs to one interpreter
    QV_T_BASE = 1 << 2,       // may be subclassed
    QV_T_ABSTRACT = 1 << 3,   // has abstract methods
    QV_T_METHOD = 1 << 4,     // descriptor whose call on an instance needs no bound method
                              // (LOAD_METHOD)
    QV_T_SEQUENCE = 1 << 5,   // matches sequence patterns
    QV_T_MAPPING = 1 << 6,    // matches mapping patterns
    QV_T_MATCH_SELF = 1 << 7, // class pattern with one positional matches the value itself
    QV_T_HAS_DEL = 1 << 8,    // __del__ somewhere in the mro
    QV_T_VAR = 1 << 9,        // size varies by instance; memsize is set
    QV_T_NO_NEW = 1 << 10,    // cannot be created from Python ("cannot create 'x' instances")
    QV_T_IMMUTABLE = 1 << 11, // attributes cannot be set (all static types)
    QV_T_WEAK = 1 << 12,      // instances can be weakly referenced
    QV_T_DATA_DESCR = 1 << 13, // has descr_set
    // fast subclass tests, inherited:
    QV_T_INT = 1 << 20,
    QV_T_LIST = 1 << 21,
    QV_T_TUPLE = 1 << 22,
    QV_T_BYTES = 1 << 23,
    QV_T_STR = 1 << 24,
    QV_T_DICT = 1 << 25,
    QV_T_EXC = 1 << 26,
    QV_T_TYPE = 1 << 27,
} QvTypeFlags;

typedef enum QvCmpOp { QV_LT, QV_LE, QV_EQ, QV_NE, QV_GT, QV_GE } QvCmpOp;

typedef int (*QvVisit)(void *ctx, QvObj *o);

typedef QvObj *(*QvUnaryFn)(QvInterp *qi, QvObj *o);
typedef QvObj *(*QvBinaryFn)(QvInterp *qi, QvObj *v, QvObj *w);
typedef QvObj *(*QvTernaryFn)(QvInterp *qi, QvObj *v, QvObj *w, QvObj *z);
typedef int (*QvInquiryFn)(QvInterp *qi, QvObj *o);
typedef QvSsize (*QvLenFn)(QvInterp *qi, QvObj *o);
typedef QvHash (*QvHashFn)(QvInterp *qi, QvObj *o);
typedef QvObj *(*QvRichCmpFn)(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op);
typedef int (*QvSetItemFn)(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value);
typedef int (*QvContainsFn)(QvInterp *qi, QvObj *o, QvObj *item);
typedef QvObj *(*QvGetAttrFn)(QvInterp *qi, QvObj *o, QvObj *name);
typedef int (*QvSetAttrFn)(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value);
typedef QvObj *(*QvCallFn)(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                           QvObj *kwnames);
typedef QvObj *(*QvNewFn)(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                          QvObj *kwnames);
typedef int (*QvInitFn)(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames);
typedef QvObj *(*QvDescrGetFn)(QvInterp *qi, QvObj *descr, QvObj *obj, QvObj *type); // obj, type
                                                                                     // may be NULL
typedef int (*QvDescrSetFn)(QvInterp *qi, QvObj *descr, QvObj *obj, QvObj *value);   // value NULL
                                                                                     // deletes
typedef int (*QvTraverseFn)(QvObj *o, QvVisit visit, void *ctx);
typedef void (*QvDropFn)(QvInterp *qi, QvObj *o);
typedef size_t (*QvMemSizeFn)(const QvObj *o);
typedef struct QvBufferView QvBufferView;
typedef int (*QvBufferFn)(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags);
typedef void (*QvBufferReleaseFn)(QvInterp *qi, QvObj *o, QvBufferView *view);
typedef int (*QvPackFn)(QvInterp *qi, QvObj *o, QvPacker *packer);

// A computed attribute: get NULL is write-only, set NULL is read-only (value NULL deletes).
typedef struct QvGetSet {
    const char *name;
    QvUnaryFn get;
    int (*set)(QvInterp *qi, QvObj *o, QvObj *value);
    const char *doc;
    bool of_class; // a constant of the class: reading it from the class calls get (with the type)
} QvGetSet;

struct QvType {
    QvObj h;
    const char *name; // static: "list", or "module.Name" for a type outside builtins; heap: utf-8
                      // of ht_name
    uint32_t flags;   // QvTypeFlags
    uint16_t id;      // static: index in types.def; heap: 0
    uint16_t mro_len; // entries of mro
    uint32_t version; // identity of the type's look-up results, never reused; 0: none at the moment
                      // (qv_type_lookup gives one); so a cache guards with `version` alone
    uint32_t size;    // bytes of an instance without the instance part; for QV_T_VAR the fixed part
    uint32_t inst_offset; // where the QvInstPart starts; 0: no shape; for QV_T_VAR bases
                          // UINT32_MAX: see qv_inst_part
    uint32_t dict_offset; // where a lazily made plain dict pointer is; 0: none
    uint16_t inst_cap; // inline slots new instances get, odd (heap types; grows with what is seen)
    uint16_t inst_named; // attributes that its methods and its base's store in self: inst_cap
                         // starts from it
    uint16_t nmembers;   // own members by __slots__: the last nmembers words below size
    QvType *base;        // the base whose layout is extended
    QvType **mro;        // linearised bases, itself first (not counted; the others are)
    QvObj *bases;        // tuple; static types: NULL until sealed
    QvObj *dict;         // QvDict of the type's own attributes; sealed for static types
    const char *doc;
    const QvNativeDef *methods; // static: rows, ended by {0}
    const QvGetSet *getsets;    // static: rows, ended by {0}

    // heap types only
    QvObj *ht_name, *ht_qualname; // str
    QvObj *ht_slots;              // tuple of member names or NULL
    QvShape *root_shape;          // empty shape of its instances, made on demand; owned
    QvType **subclasses;          // borrowed; static types keep theirs in QvInterp
    uint32_t nsubclasses, cap_subclasses;
    const QvModuleDef *module_def; // for types made by a native module; else NULL

    // life
    QvNewFn new_;
    QvInitFn init;
    QvDropFn dealloc; // whole end of life; default qv_obj_dealloc; never used for instances of heap
                      // types, so that a type with QV_T_BASE and its own dealloc needs fini too
    QvDropFn fini;    // drops what the fields hold; not the memory
    QvDropFn clear;   // breaks cycles: leaves a valid, empty object; NULL for immutable containers
    QvTraverseFn traverse;
    QvDropFn finalize; // __del__ (heap types: slot function)
    QvMemSizeFn memsize;

    // attributes and calls
    QvGetAttrFn getattr;
    QvSetAttrFn setattr; // value NULL deletes
    QvCallFn call;
    QvDescrGetFn descr_get;
    QvDescrSetFn descr_set;

    // basic
    QvUnaryFn repr, str;
    QvHashFn hash;
    QvRichCmpFn richcmp;
    QvUnaryFn iter, next; // next: NULL without exception = exhausted (heap types: or with
                          // StopIteration)

    // numbers: binary slots are called with either operand of their type and answer NotImplemented
    QvBinaryFn add, sub, mul, matmul, truediv, floordiv, mod, divmod, lshift, rshift, and_, or_,
        xor;
    QvTernaryFn pow, ipow;
    QvBinaryFn iadd, isub, imul, imatmul, itruediv, ifloordiv, imod, ilshift, irshift, iand, ior,
        ixor;
    QvUnaryFn neg, pos, abs, invert, to_int, to_float, index;
    QvInquiryFn bool_;

    // containers
    QvLenFn len;
    QvBinaryFn getitem;  // by any key (sequences: index or slice)
    QvSetItemFn setitem; // value NULL deletes
    QvContainsFn contains;
    QvBinaryFn concat;                                   // sequence +, tried after add
    QvObj *(*repeat)(QvInterp *qi, QvObj *o, QvSsize n); // sequence *
    QvBinaryFn inplace_concat;
    QvObj *(*inplace_repeat)(QvInterp *qi, QvObj *o, QvSsize n);

    // async
    QvUnaryFn await, aiter, anext;

    // bytes-like and sending
    QvBufferFn buffer;
    QvBufferReleaseFn buffer_release;
    QvPackFn pack; // NULL: not sendable unless by __reduce_ex__
};

extern QvType qv_type_type, qv_object_type;

// ---- tests --------------------------------------------------------------------------------------

// The public type of o (int for big ints).
QV_BORROWED QvType *qv_type_of(const QvObj *o);

bool qv_type_is_subtype(const QvType *a, const QvType *b); // by mro
static inline bool qv_is_instance_of(const QvObj *o, const QvType *t)
{
    return o->type == t || qv_type_is_subtype(o->type, t);
}
static inline bool qv_type_has(const QvType *t, QvTypeFlags f)
{
    return (t->flags & (uint32_t)f) != 0;
}
static inline bool qv_has_flag(const QvObj *o, QvTypeFlags f)
{
    return (o->type->flags & (uint32_t)f) != 0;
}
static inline bool qv_is_type(const QvObj *o) { return qv_has_flag(o, QV_T_TYPE); }

// ---- look-up ------------------------------------------------------------------------------------

// Borrowed entry for an interned name along the mro, or NULL (no exception). Uses the interpreter's
// method cache. The name must be an interned str.
QV_BORROWED QvObj *qv_type_lookup(QvInterp *qi, QvType *type, QvObj *name);

// Bound special method: looks on the type and applies descr_get. 1 found, 0 absent, -1 error.
QV_RUNS int qv_lookup_special(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret);

// The type's attributes changed (its own or inherited): new version, slots refreshed, subclasses
// too.
int qv_type_modified(QvInterp *qi, QvType *type, QvObj *name);

// getattr/setattr slots of type objects.
QV_RUNS QvObj *qv_type_getattr(QvInterp *qi, QvObj *type, QvObj *name);
QV_RUNS int qv_type_setattr(QvInterp *qi, QvObj *type, QvObj *name, QvObj *value);

// ---- making types -------------------------------------------------------------------------------

// type(name, bases, ns, **kw) without the metaclass search: layout, mro (C3), slots, __set_name__,
// __init_subclass__. `meta` is the metaclass.
QV_RUNS QvObj *qv_type_build(QvInterp *qi, QvType *meta, QvObj *name, QvObj *bases, QvObj *ns,
                             QvObj *const *kwvalues, QvObj *kwnames);

// The most derived metaclass of bases, or NULL with TypeError ("metaclass conflict: ...").
QV_BORROWED QvType *qv_type_calc_meta(QvInterp *qi, QvType *meta, QvObj *bases);

// __build_class__ after the body ran is in vm (class statement); update_bases for __mro_entries__:
QV_RUNS QvObj *qv_type_resolve_bases(QvInterp *qi, QvObj *bases); // new tuple (maybe the same)

// A new exception class "module.Name" with base (NULL: Exception) and ns dict or NULL, for native
// modules.
QvObj *qv_type_new_exception(QvInterp *qi, const char *dotted, QvObj *base, QvObj *ns);

// type.__call__: new_ then init.
QV_RUNS QvObj *qv_type_call(QvInterp *qi, QvObj *type, QvObj *const *args, QvSsize nargs,
                            QvObj *kwnames);

// The name for messages: last part of name.
const char *qv_type_short_name(const QvType *t);
// __name__, __qualname__, __module__ as new references.
QvObj *qv_type_get_name(QvInterp *qi, QvType *t);
QvObj *qv_type_get_qualname(QvInterp *qi, QvType *t);
QvObj *qv_type_get_module(QvInterp *qi, QvType *t);

// Completes all static types, names and sealed tables; called once per process under the start lock
// (interpreters/process.c), before any interpreter exists. 0 or -1 (no memory).
int qv_types_seal(void);

#endif
