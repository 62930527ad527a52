// SPDX-License-Identifier: MIT
// Python functions, cells, bound methods, and the descriptors of the language.
#ifndef QV_OBJECT_FUNCTION_H
#define QV_OBJECT_FUNCTION_H

#include "object/object.h"
#include "object/type.h"

struct QvFunction {
    QvObj h;
    QvCode *code;
    QvObj *globals;  // dict
    QvObj *builtins; // dict
    QvObj *name, *qualname;
    QvObj *module;      // any object or NULL
    QvObj *doc;         // NULL: the code's
    QvObj *defaults;    // tuple or NULL
    QvObj *kwdefaults;  // dict or NULL
    QvObj *closure;     // tuple of cells or NULL
    QvObj *annotations; // dict, or tuple (name, value, ...) not yet turned into one, or NULL
    QvObj *dict;        // lazily
};
extern QvType qv_function_type;
static inline bool qv_is_function(const QvObj *o) { return o->type == &qv_function_type; }
QvObj *qv_function_new(QvInterp *qi, QvCode *code, QvObj *globals,
                       QvObj *qualname /*NULL: the code's*/);
// The same with the builtins that it sees, where they are known.
QvObj *qv_function_new_in(QvInterp *qi, QvCode *code, QvObj *globals, QvObj *builtins /*NULL*/,
                          QvObj *qualname /*NULL*/);

// A fresh __annotations__ dict is made of the tuple form when it is asked for: new reference.
QvObj *qv_function_annotations(QvInterp *qi, QvObj *func);

// What this layer asks of code objects; in code/function_view.c.
extern QvType qv_code_type;
QV_BORROWED QvObj *qv_code_peek_name(const QvCode *code);
QV_BORROWED QvObj *qv_code_peek_qualname(const QvCode *code);
// The docstring or None; NULL MemoryError (it is read when it is asked for).
QV_BORROWED QvObj *qv_code_peek_doc(QvInterp *qi, QvCode *code);
QvSsize qv_code_free_count(const QvCode *code); // free variables
// Adds the names of attributes that the code stores in its first parameter to names[0..n), each
// once, up to max; the new n. They are interned str, or stand for those of code that is not whole
// yet.
uint32_t qv_code_self_attrs(const QvCode *code, const void **names, uint32_t n, uint32_t max);

struct QvCell {
    QvObj h;
    QvObj *value; // NULL: unbound
};
extern QvType qv_cell_type;
QvObj *qv_cell_new(QvInterp *qi, QvObj *value /*NULL*/);

typedef struct QvMethod {
    QvObj h;
    QvObj *func, *self;
} QvMethod;
extern QvType qv_method_type;
static inline bool qv_is_method(const QvObj *o) { return o->type == &qv_method_type; }
QvObj *qv_method_new(QvInterp *qi, QvObj *func, QvObj *self);

typedef struct QvProperty {
    QvObj h;
    QvObj *get, *set, *del, *doc, *name;
    bool getter_doc;
} QvProperty;
typedef struct QvWrapDescr {
    QvObj h;
    QvObj *callable;
    QvObj *dict;
} QvWrapDescr; // classmethod and staticmethod
extern QvType qv_property_type, qv_classmethod_type, qv_staticmethod_type, qv_super_type;

// super(): zero-argument form resolved by the compiler's SUPER instructions.
QV_RUNS QvObj *qv_super_new(QvInterp *qi, QvType *type, QvObj *obj);
// super(type, obj).name without making the super object: new reference; *ret_method 1 when unbound
// function for LOAD_METHOD use.
QV_RUNS QvObj *qv_super_lookup(QvInterp *qi, QvType *type, QvObj *obj, QvObj *name,
                               int *ret_method /*NULL*/);

// Member of __slots__: fixed offset in the instance.
QvObj *qv_member_new(QvInterp *qi, QvType *type, QvObj *name, uint32_t offset);

#endif
