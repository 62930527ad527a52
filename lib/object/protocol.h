// SPDX-License-Identifier: MIT
// The operations of Python on any object. Those marked (vm) are upward calls: declared here,
// implemented in vm/, because they may enter Python code. The rest dispatches on slots, in
// object/abstract*.c.
#ifndef QV_OBJECT_PROTOCOL_H
#define QV_OBJECT_PROTOCOL_H

#include "object/error.h"
#include "object/native.h"

// ---- calls (object/call.c; Python functions through the call slot of function, which is in vm/) -
QV_RUNS QvObj *qv_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs, QvObj *kwnames);
QV_RUNS QvObj *qv_call0(QvInterp *qi, QvObj *f);
QV_RUNS QvObj *qv_call1(QvInterp *qi, QvObj *f, QvObj *a);
QV_RUNS QvObj *qv_call2(QvInterp *qi, QvObj *f, QvObj *a, QvObj *b);
QV_RUNS QvObj *qv_call3(QvInterp *qi, QvObj *f, QvObj *a, QvObj *b, QvObj *c);
QV_RUNS QvObj *qv_call_tuple(QvInterp *qi, QvObj *f, QvObj *args_tuple,
                             QvObj *kwargs_dict /*NULL*/);
QV_RUNS QvObj *qv_call_method(QvInterp *qi, QvObj *o, QvObj *name, QvObj *const *args,
                              QvSsize nargs); // o.name(*args), no bound object
QV_RUNS QvObj *qv_call_method0(QvInterp *qi, QvObj *o, QvObj *name);
QV_RUNS QvObj *qv_call_method1(QvInterp *qi, QvObj *o, QvObj *name, QvObj *a);
bool qv_is_callable(const QvObj *o);
// C recursion guard (message as CPython: "maximum recursion depth exceeded" + where). 0 or -1.
int qv_enter_recursive(QvInterp *qi, const char *where);
int qv_enter_compiler(QvInterp *qi); // the same for the compiler, which may go deeper
void qv_leave_recursive(QvInterp *qi);

// (vm) runs a code object in a namespace; the result of its return. closure: tuple or NULL.
QV_RUNS QvObj *qv_eval_code(QvInterp *qi, QvCode *code, QvObj *globals, QvObj *locals,
                            QvObj *closure);
// (vm) the call slot of qv_function_type.
QV_RUNS QvObj *qv_function_call(QvInterp *qi, QvObj *f, QvObj *const *args, QvSsize nargs,
                                QvObj *kwnames);
// (vm) where the Python frame `level` calls up stands (1: the innermost). 1: new references
// filename (str) and globals (dict), and the line; 0: there is no such frame; -1 error.
int qv_frame_location(QvInterp *qi, int level, QvObj **ret_filename, int *ret_lineno,
                      QvObj **ret_globals);
// (vm) the dict of builtins that the innermost Python frame sees, or the interpreter's own.
QV_BORROWED QvObj *qv_frame_builtins(QvInterp *qi);
// (vm) gives an exception without a traceback one of the innermost frame alone, if there is any.
void qv_frame_blame(QvInterp *qi, QvObj *exc);
// (vm) what super() without arguments means in the innermost frame: the class and the first
// argument of the method, borrowed from the frame. 0, or -1 with RuntimeError.
int qv_frame_super_args(QvInterp *qi, QvObj **ret_pair);
// (vm) locals() of the innermost Python frame: new reference. SystemError "frame does not exist"
// without one.
QvObj *qv_frame_locals_now(QvInterp *qi);
// (vm) safepoint: handles lock requests, signals, stop, limits, collection. 0 or -1 with an
// exception.
QV_RUNS QV_BLOCKS int qv_poll(QvInterp *qi);
// (vm) the same after `steps` steps of work, which count as so many instructions where fuel is
// limited (qv_poll: one).
QV_RUNS QV_BLOCKS int qv_poll_work(QvInterp *qi, uint64_t steps);
// (vm) notices a stop, and nothing else: no Python runs, no other thread gets the lock. For what
// must not change meanwhile. 0 or -1 with an exception.
int qv_poll_stop(QvInterp *qi);
// (vm) source to code. filename str; mode "exec"/"eval"/"single" by QvParseMode value 0/1/2. Set by
// compile/ through qi->hooks (vm never includes compile).

// ---- attributes --------------------------------------------------------------------------------
// Names must be str; interned ones are fast.
QV_RUNS QvObj *qv_getattr(QvInterp *qi, QvObj *o, QvObj *name);
QV_RUNS int qv_getattr_try(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret); // 1/0/-1;
                                                                              // AttributeError
                                                                              // becomes 0
QV_RUNS int qv_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value);    // NULL deletes
QV_RUNS QvObj *qv_getattr_cstr(QvInterp *qi, QvObj *o, const char *name);
QV_RUNS QvObj *qv_object_getattr(QvInterp *qi, QvObj *o, QvObj *name); // the generic slot: data
                                                                       // descriptors, instance,
                                                                       // type, __getattr__ not
                                                                       // included
QV_RUNS int qv_object_setattr(QvInterp *qi, QvObj *o, QvObj *name, QvObj *value);
// The same, without making an AttributeError when there is none: 1/0/-1.
QV_RUNS int qv_object_getattr_try(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret);
// AttributeError "'X' object has no attribute 'name'" (for types "type object 'X' ..."), name and
// obj set on it. Always NULL.
QvObj *qv_attr_error(QvInterp *qi, QvObj *o, QvObj *name);
// The same with any message: sets name and obj on the pending AttributeError.
void qv_attr_error_details(QvInterp *qi, QvObj *o, QvObj *name);
// LOAD_METHOD: 1: *ret is the function and o is the first argument; 0: *ret is a bound value; -1
// error.
QV_RUNS int qv_get_method(QvInterp *qi, QvObj *o, QvObj *name, QvObj **ret);

// ---- basic --------------------------------------------------------------------------------------
QV_RUNS QvObj *qv_repr(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_str(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_ascii(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_bytes_of(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_format(QvInterp *qi, QvObj *o, QvObj *spec /*NULL: empty*/);
QV_RUNS QvHash qv_hash(QvInterp *qi, QvObj *o); // -1 with exception
QV_RUNS int qv_is_true(QvInterp *qi, QvObj *o);
QV_RUNS int qv_not(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_compare(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op);
// The same when v's method has answered NotImplemented.
QV_RUNS QvObj *qv_compare_rest(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op);
QV_RUNS int qv_compare_bool(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op); // identity first for ==
                                                                           // and !=
QV_RUNS int qv_eq(QvInterp *qi, QvObj *v, QvObj *w);           // = qv_compare_bool(..., QV_EQ)
QV_RUNS int qv_isinstance(QvInterp *qi, QvObj *o, QvObj *cls); // __instancecheck__, tuples, unions
QV_RUNS int qv_issubclass(QvInterp *qi, QvObj *cls, QvObj *of);
// The same without __instancecheck__/__subclasscheck__: what type's own methods of these names do.
QV_RUNS int qv_isinstance_real(QvInterp *qi, QvObj *o, QvObj *cls);
QV_RUNS int qv_issubclass_real(QvInterp *qi, QvObj *cls, QvObj *of);
// The hash slot of unhashable types: TypeError "unhashable type: 'x'".
QvHash qv_hash_not_implemented(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_dir(QvInterp *qi, QvObj *o /*NULL: locals*/);
// repr recursion guard ("[...]"): 1 when o is already being printed, 0 entered, -1 error.
int qv_repr_enter(QvInterp *qi, QvObj *o);
void qv_repr_leave(QvInterp *qi, QvObj *o);

// ---- iteration ----------------------------------------------------------------------------------
QV_RUNS QvObj *qv_iter(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_next(QvInterp *qi, QvObj *it); // NULL without exception at the end (a raised
                                                 // StopIteration is cleared)
QV_RUNS int qv_unpack_iterable(QvInterp *qi, QvObj *o, QvSsize before,
                               QvSsize after /*-1: no star*/, QvObj **ret); // fills before + 1 +
                                                                            // after

// ---- numbers ------------------------------------------------------------------------------------
typedef enum QvBinOp {
    QV_BIN_ADD,
    QV_BIN_SUB,
    QV_BIN_MUL,
    QV_BIN_MATMUL,
    QV_BIN_TRUEDIV,
    QV_BIN_FLOORDIV,
    QV_BIN_MOD,
    QV_BIN_LSHIFT,
    QV_BIN_RSHIFT,
    QV_BIN_AND,
    QV_BIN_OR,
    QV_BIN_XOR,
    QV_BIN_POW,
    QV_BIN_COUNT
} QvBinOp;
QV_RUNS QvObj *qv_binary(QvInterp *qi, QvBinOp op, QvObj *v, QvObj *w);
QV_RUNS QvObj *qv_inplace(QvInterp *qi, QvBinOp op, QvObj *v, QvObj *w); // v += w: new reference
                                                                         // (maybe v)
// The eval loop calls special methods itself (vm/special.c). What v op w comes to when the method
// of that stage was the first to be asked and answered NotImplemented:
typedef enum QvOpStage {
    QV_STAGE_NONE,    // no operator
    QV_STAGE_INPLACE, // v.__iop__(w)
    QV_STAGE_LEFT,    // v.__op__(w)
    QV_STAGE_RIGHT,   // w.__rop__(v), where v is a plain number
    QV_STAGE_COMPARE, // a comparison
    QV_STAGE_LEN,     // __len__
    QV_STAGE_BOOL,    // __bool__
} QvOpStage;
QV_RUNS QvObj *qv_binary_rest(QvInterp *qi, QvBinOp op, QvOpStage stage, bool inplace, QvObj *v,
                              QvObj *w);
QV_RUNS QvObj *qv_pow(QvInterp *qi, QvObj *v, QvObj *w, QvObj *mod /*None*/);
QV_RUNS QvObj *qv_divmod(QvInterp *qi, QvObj *v, QvObj *w);
QV_RUNS QvObj *qv_neg(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_pos(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_abs(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_invert(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_index(QvInterp *qi, QvObj *o); // int; "'str' object cannot be interpreted as an
                                                 // integer"
QV_RUNS int qv_index_ssize(QvInterp *qi, QvObj *o, QvSsize *ret, QvType *overflow /*NULL: clip*/);
QV_RUNS int qv_index_int(QvInterp *qi, QvObj *o, int *ret); // a C int; OverflowError
// An argument that is a number: the same with "Python int too large to convert to C ssize_t".
QV_RUNS int qv_arg_ssize(QvInterp *qi, QvObj *o, QvSsize *ret);
QV_RUNS QvObj *qv_to_int(QvInterp *qi, QvObj *o);              // int(o) for one argument
QV_RUNS QvObj *qv_to_float(QvInterp *qi, QvObj *o);            // float(o)
QV_RUNS int qv_as_double(QvInterp *qi, QvObj *o, double *ret); // float, int, __float__, __index__

// ---- containers ---------------------------------------------------------------------------------
QV_RUNS QvSsize qv_len(QvInterp *qi, QvObj *o);        // -1 with exception
QV_RUNS QvSsize qv_len_result(QvInterp *qi, QvObj *x); // the length that __len__ returned, checked
QV_RUNS QvSsize qv_length_hint(QvInterp *qi, QvObj *o, QvSsize dflt);
QV_RUNS QvObj *qv_getitem(QvInterp *qi, QvObj *o, QvObj *key);
QV_RUNS int qv_setitem(QvInterp *qi, QvObj *o, QvObj *key, QvObj *value);
QV_RUNS int qv_delitem(QvInterp *qi, QvObj *o, QvObj *key);
QV_RUNS QvObj *qv_getitem_i(QvInterp *qi, QvObj *o, QvSsize i);
QV_RUNS int qv_contains(QvInterp *qi, QvObj *o, QvObj *item); // item in o
QV_RUNS QvObj *qv_to_list(QvInterp *qi, QvObj *o);            // list(o)
QV_RUNS QvObj *qv_to_tuple(QvInterp *qi, QvObj *o); // tuple(o); same object when already an exact
                                                    // tuple
bool qv_is_sequence(const QvObj *o);
bool qv_is_mapping(const QvObj *o);

// ---- buffers ------------------------------------------------------------------------------------
struct QvBufferView {
    QvObj *obj; // owner (owned reference)
    void *buf;
    QvSsize len; // bytes
    QvSsize itemsize;
    int ndim;
    bool readonly;
    const char *format;       // NULL: "B"
    QvSsize *shape, *strides; // ndim entries or NULL (ndim 1, contiguous)
    QvSsize shape1, stride1;  // storage for ndim 1
    void *internal;
};
enum { QV_BUF_SIMPLE = 0, QV_BUF_WRITABLE = 1, QV_BUF_FULL = 2 /* any strides, format */ };
int qv_buffer_get(QvInterp *qi, QvObj *o, QvBufferView *view, unsigned flags); // TypeError "a
                                                                               // bytes-like object
                                                                               // is required, not
                                                                               // 'x'"
void qv_buffer_release(QvInterp *qi, QvBufferView *view);
bool qv_has_buffer(const QvObj *o);

// ---- end of life --------------------------------------------------------------------------------
// Runs the functions registered with atexit, last first; errors are printed. (modules/atexit.c)
QV_RUNS void qv_atexit_run(QvInterp *qi);
// (vm) drops the dead temporaries that a thread's register stack still holds.
// Sets qi->dispatch: once before the first run, and when qi->tracing becomes or leaves zero.
void qv_eval_choose_dispatch(QvInterp *qi);
// The interpreter ends: what machine code it has (vm/jit.h) goes.
void qv_jit_fini(QvInterp *qi);
void qv_stack_purge(QvInterp *qi, QvThread *ts);

#endif
