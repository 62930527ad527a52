// SPDX-License-Identifier: MIT
// Functions and modules written in C: const tables, signatures in Python syntax, argument binding.
//
// A signature such as "($self, iterable, /, *, key=None, reverse=False)" serves argument parsing,
// the error texts, and inspect. The first word says how the function is bound:
//   $self    method of an instance        $type    class method (self is the type)
//   $module  function of a module         none     static method
// The native gets one slot per parameter, in order ($self and so on not counted): NULL where the
// caller gave nothing (the default in the signature is documentation; the native supplies it); a
// *name parameter gets a tuple, a **name parameter a dict or NULL. Exception: when *name is the
// last parameter (no keyword-only ones, no **), nothing is packed: args/nargs are fixed parameters
// first, then the positional tail.
//
// A `!` before the parenthesis asks for the arguments as they stand whenever no keyword is given
// and their number is right: args/nargs are then just what the caller wrote, and the native looks
// at nargs before it reads an optional one. When there were keywords it gets slots as above, and
// nargs QV_NARGS_SLOTS.
#ifndef QV_OBJECT_NATIVE_H
#define QV_OBJECT_NATIVE_H

#include "object/type.h"

#define QV_NARGS_SLOTS (-1)

typedef QvObj *(*QvNativeFn)(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

struct QvNativeDef {
    const char *name;
    QvNativeFn fn;
    const char *sig;
    const char *doc;
};

typedef enum QvSigKind { QV_SIG_STATIC, QV_SIG_SELF, QV_SIG_TYPE, QV_SIG_MODULE } QvSigKind;

// A parsed signature. Sealed (static tables) or owned by the interpreter (host functions).
typedef struct QvSig {
    const QvNativeDef *def;
    const char *owner; // what stands before the name in messages: type or module; NULL: nothing
    QvSigKind kind;
    uint16_t nparams;   // slots, *args and **kw included
    uint16_t nposonly;  // leading positional-only
    uint16_t npos;      // positional (incl. positional-only)
    uint16_t nrequired; // leading positional without default
    uint16_t nkwonly;
    int16_t varargs; // slot of *args or -1
    int16_t varkw;   // slot of **kw or -1
    bool simple;     // positional only, no *args, no **kw: the fast call path
    bool tail;       // *args last: nothing packed
    bool raw;        // `!`: arguments as they stand
    uint64_t kwreq;  // keyword-only parameters without default, by slot
    QvObj **names;   // interned parameter names, by slot
} QvSig;

// A builtin function or method object: bound native. `self` may be NULL (static) or the module.
typedef struct QvBuiltin {
    QvObj h;
    const QvSig *sig;
    bool owns_sig; // sig was parsed for this object alone
    QvObj *self;   // owned; NULL when unbound or sealed
    QvObj *module; // __module__ str or NULL
} QvBuiltin;

// method_descriptor, classmethod_descriptor (and static functions of types use QvBuiltin).
typedef struct QvMethodDescr {
    QvObj h;
    const QvSig *sig; // of a heap type's: its own
    QvType *type;     // the type it was defined for; counted in those of heap types
} QvMethodDescr;

// Is a call with so many positional arguments, and no keywords, one that hands them on unchanged?
static inline bool qv_sig_takes(const QvSig *sig, QvSsize nargs)
{
    return sig->simple && nargs == sig->nparams  ? true
           : sig->tail                           ? nargs >= sig->npos
           : sig->raw && nargs >= sig->nrequired ? nargs <= sig->npos || sig->varargs >= 0
                                                 : false;
}

extern QvType qv_builtin_type, qv_method_descriptor_type, qv_classmethod_descriptor_type;
extern QvType qv_wrapper_descriptor_type, qv_method_wrapper_type;
extern QvType qv_getset_descriptor_type, qv_member_descriptor_type;

// __text_signature__ of a row: new reference.
QvObj *qv_sig_text(QvInterp *qi, const QvNativeDef *def);

// Binds the caller's arguments to slots. `slots` has room for sig->nparams; borrowed except what
// `owned` says (packed tuple/dict, to be dropped by qv_sig_release). 0 or -1 with the TypeError of
// CPython.
int qv_sig_bind(QvInterp *qi, const QvSig *sig, QvObj *const *args, QvSsize nargs, QvObj *kwnames,
                QvObj **slots, uint64_t *ret_owned);
void qv_sig_release(QvInterp *qi, const QvSig *sig, QvObj **slots, uint64_t owned);

// Calls through a signature: the fast path for simple ones, binding otherwise.
QV_RUNS QvObj *qv_native_call(QvInterp *qi, const QvSig *sig, QvObj *self, QvObj *const *args,
                              QvSsize nargs, QvObj *kwnames);

// The same for fewer positional arguments than parameters, of a signature that needs no more
// (qv_sig_takes_fewer): no check is made.
QV_RUNS QvObj *qv_native_call_padded(QvInterp *qi, const QvSig *sig, QvObj *self,
                                     QvObj *const *args, QvSsize nargs);
static inline bool qv_sig_takes_fewer(const QvSig *sig, QvSsize nargs)
{
    return sig->varargs < 0 && sig->varkw < 0 && sig->kwreq == 0 && nargs >= sig->nrequired &&
           nargs <= sig->npos;
}

// Binds arguments for constructors (new_ and init slots) by an on-the-spot signature text, e.g.
// qv_args(qi, "list(iterable=(), /)", args, nargs, kwnames, slots): number of slots filled or -1.
// Name before the parenthesis is for messages (none: "function"). No *args or **kw here. All slots
// borrowed. The text must be a literal: it is known by its address when it comes again.
int qv_args(QvInterp *qi, const char *sig, QvObj *const *args, QvSsize nargs, QvObj *kwnames,
            QvObj **slots);

// Drops what qv_args keeps; at the end of the interpreter.
void qv_args_cache_free(QvInterp *qi);

// A builtin function object for a row whose signature is parsed now (modules at import, host
// functions). `sig` must outlive the object.
QvObj *qv_builtin_new(QvInterp *qi, const QvSig *sig, QvObj *self, QvObj *module_name);

// A builtin function object for any row: with the signature parsed at the seal when the row is one
// of a static type or of modules.def, else with one of its own. Functions of builtins are sealed
// objects.
QvObj *qv_builtin_from_def(QvInterp *qi, const QvNativeDef *def, QvObj *self, QvObj *module_name);

// A method_descriptor for a heap type that a module makes; def must outlive it.
QvObj *qv_method_descr_new(QvInterp *qi, QvType *type, const QvNativeDef *def);
// What a method_descriptor that is no part of a static type holds.
void qv_method_descr_fini(QvInterp *qi, QvObj *descr);

// Parses a signature; only during the seal (sealed memory). 0 or -1 (no memory, or a bad text,
// which is told on stderr).
int qv_sig_parse(const QvNativeDef *def, const char *owner, QvSig *ret);

// A signature in the interpreter's heap for a row that the seal has not seen; def must outlive it.
// NULL with SystemError for a bad text. free: NULL is fine.
QvSig *qv_sig_new(QvInterp *qi, const QvNativeDef *def);
void qv_sig_free(QvInterp *qi, QvSig *sig);

#define QV_SIG_MAX 24 // most parameters of a native

// ---- modules in C -------------------------------------------------------------------------------

struct QvModuleDef {
    const char *name; // "math", "concurrent.interpreters"
    const char *doc;
    const QvNativeDef *functions; // rows ended by {0}, or NULL
    size_t state_size;            // bytes of per-interpreter state, zeroed; at QvModule.state
    int (*init)(QvInterp *qi, QvObj *module);  // after functions are in; adds constants and types;
                                               // or NULL
    void (*fini)(QvInterp *qi, QvObj *module); // drops what the state holds; or NULL
    int (*traverse)(QvObj *module, QvVisit visit, void *ctx); // state's references, for the
                                                              // collector; or NULL
};

// All modules of modules.def: { name, def } rows, ended by {0}. Defined in modules/modules.c.
typedef struct QvModuleRow {
    const char *name;
    const QvModuleDef *def;
} QvModuleRow;
extern const QvModuleRow qv_module_rows[];

// What the module builtins has besides its functions: static types and constants, ended by {0}.
// Defined in modules/builtins.c; the seal makes the template of every interpreter's builtins of it.
typedef struct QvBuiltinRow {
    const char *name;
    QvObj *value; // static, immortal
} QvBuiltinRow;
extern const QvBuiltinRow qv_builtin_rows[];

#endif
