// SPDX-License-Identifier: MIT
// Frames, the register stack, generators' frames, frame objects.
//
// Each thread state has a reserved address range of frame records (used as a stack) and one of
// registers. A frame's registers are a window; a callee's window starts at its first argument,
// inside the caller's window. Generators, coroutines and async generators own their record and
// window: they sit in the generator object.
//
// Invariants:
// - Registers from qv_stack_top on hold NULL or an exact inline int/float (dead temporaries are
// left
//   for reuse by the next call); the window of a running frame likewise in its dead temporaries.
// - A free frame record has obj, locals and gen NULL; a push need not write them.
// - f->pc is only valid while the frame is not the one running in the innermost eval loop, or after
// a slow path saved it.
#ifndef QV_VM_FRAME_H
#define QV_VM_FRAME_H

#include "code/code.h"
#include "object/function.h"
#include "object/interp.h"

typedef enum QvFrameKind {
    QV_FRAME_PLAIN = 0, // called from the eval loop: result goes to the caller's register dst
    QV_FRAME_ENTRY = 1, // called from C: the eval loop returns
    QV_FRAME_INIT = 2,  // __init__ of CALL_CLASS: result must be None; the instance is already in
                        // the caller's dst
    QV_FRAME_GEN = 4,   // with another kind: registers belong to a generator object
    QV_FRAME_GEN_INLINE = 8, // generator resumed in this eval loop, by what QvFrame.stage says
    QV_FRAME_WATCHED = 16,   // a frame object exists (its end must move the registers there), or
                             // it owns `locals` although it was called
    QV_FRAME_OPERATOR = 32,  // special method of an operator or subscript: its instruction's
                             // operands are dropped, then the result goes to dst
    QV_FRAME_RESULT = 64,    // special method: the instruction has more to do with the result
    QV_FRAME_NEW = 128, // __new__ of a called class: the call's registers are dropped after it;
                        // `operation` is the number of the instruction's words
} QvFrameKind;

// The instruction before prev->pc, which resumed a generator in its own eval loop.
typedef enum QvResumer {
    QV_RESUMED_BY_FOR,
    QV_RESUMED_BY_FROM,
    QV_RESUMED_BY_CALL, // of next() or send(), with three words behind it; `operation` registers
                        // behind the callable
} QvResumer;

typedef struct QvFrameObj QvFrameObj;
typedef struct QvGenerator QvGenerator;

struct QvFrame {
    QvFrame *prev;     // caller in this thread, or NULL
    QvObj **regs;      // the window
    QvObj **top;       // where the thread's register stack goes on while this frame runs
    QvInstr *pc;       // next word to run (saved)
    QvCode *code;      // kept alive by owner; whole (qv_code_load)
    QvObj *owner;      // owned: the function, or the code object (module, exec, class body keep the
                       // function)
    QvObj *globals;    // dict, kept alive by owner or by whoever called qv_eval_code
    QvObj *builtins;   // dict
    QvObj *locals;     // owned: mapping of a module, class body or exec; for functions the
                       // dict of locals() once that was called, or NULL
    QvFrameObj *obj;   // frame object made for this frame (borrowed: it clears this field when it
                       // dies first) or NULL
    QvGenerator *gen;  // the generator that owns the record, or NULL
    uint16_t dst;      // caller's register for the result
    uint8_t kind;      // QvFrameKind bits
    uint8_t stage;     // QvOpStage, only in frames with QV_FRAME_OPERATOR or QV_FRAME_RESULT;
                       // QvResumer with QV_FRAME_GEN_INLINE
    uint8_t operation; // QvBinOp or QvCmpOp, by stage
    QvObj *init_self;  // owned, only in frames with QV_FRAME_INIT: the instance that the call
                       // evaluates to
};

// A frame object (sys._getframe, tracebacks). While the frame runs, `frame` points to it; when it
// ends, the code, globals and the values of its registers move here.
struct QvFrameObj {
    QvObj h;
    QvFrame *frame;            // NULL when the frame has ended
    QvCode *code;              // owned
    QvObj *globals, *builtins; // owned
    QvObj *locals;             // owned mapping: f_locals as last asked for, or the frame's own
    QvFrameObj *back;          // owned: f_back once the frame has ended or NULL
    QvObj *trace;              // f_trace or NULL
    QvObj *c_call;             // owned: C callable whose return the profiler waits for, or NULL
    int32_t last_line;         // of the last line event
    uint32_t last_at;          // word of the last traced instruction
    uint8_t trace_state;       // trace.c
    bool kept;                 // the traced frame holds a reference until it ends
    bool no_trace_lines, trace_opcodes;
    char event;              // first letter of the event that is being told, else 0
    bool watched;            // jump.c: qi->tracing counts this frame
    bool unbound;            // jump.c: instructions are looked at before they run
    struct QvLineJump *jump; // raw block: where the frame is to go next, or NULL
    int32_t shown_line;      // what f_lineno says during a call event, else 0
    int32_t lasti;           // word index, once ended
    uint16_t nvalues;
    QvObj **values; // raw block: locals and cells of the ended frame, or NULL
};
extern QvType qv_frame_type;

typedef enum QvGenState {
    QV_GEN_CREATED,
    QV_GEN_SUSPENDED,
    QV_GEN_RUNNING,
    QV_GEN_DONE
} QvGenState;

// Generator, coroutine and async generator share the layout.
struct QvGenerator {
    QvObj h;
    QvFrame frame;      // kind has QV_FRAME_GEN
    QvExcInfo exc_info; // what it is handling
    QvObj *name, *qualname;
    QvObj *origin;       // coroutine origin / async generator hooks finalizer, or NULL
    QvObj *code;         // owned code object (outlives the frame)
    struct QvSink *sink; // what takes its values while it runs (object/walk.h), or NULL
    uint8_t state;       // QvGenState
    bool hooks_inited, closed, running_async; // async generators
    uint16_t nregs;
    QvObj *regs[];
};
extern QvType qv_generator_type, qv_coroutine_type, qv_async_generator_type;

// ---- thread stack (vm/stack.c) ------------------------------------------------------------------
// Where the first free register above the current window is kept. C code that uses registers there
// while Python may run raises it meanwhile.
static inline QvObj ***qv_stack_top(QvThread *ts)
{
    return ts->frame ? &ts->frame->top : &ts->stack_base;
}
int qv_stack_init(QvInterp *qi, QvThread *ts);  // reserves the ranges; 0/-1 no memory. Needs no
                                                // lock, raises nothing
void qv_stack_fini(QvInterp *qi, QvThread *ts); // drops dead temporaries, gives the ranges back
int qv_stack_grow(QvInterp *qi, QvThread *ts, QvObj **need); // raises the soft limit up to `need`;
                                                             // -1 RecursionError
void qv_stack_set_limit(QvInterp *qi, QvThread *ts);         // after recursion_limit changed

// ---- running ------------------------------------------------------------------------------------
// Runs frame f (top of the thread, kind has ENTRY) to its return, yield or error. New reference or
// NULL.
QV_RUNS QvObj *qv_eval_run(QvInterp *qi, QvThread *ts, QvFrame *f);

// Called from C: binds arguments in a fresh window and runs. The call slot of function is this.
QV_RUNS QvObj *qv_function_call(QvInterp *qi, QvObj *func, QvObj *const *args, QvSsize nargs,
                                QvObj *kwnames);
// Runs the function's code with this locals mapping (class bodies).
QV_RUNS QvObj *qv_function_run_body(QvInterp *qi, QvObj *func, QvObj *locals);

// Arguments already sit at window[0 .. nargs+nkw) as owned references: puts them in parameter order
// with defaults, * and **. Everything beyond is NULLed. 0, or -1 with TypeError (window dropped).
int qv_bind_args(QvInterp *qi, QvFunction *func, QvObj **window, QvSsize nargs, QvObj *kwnames);

// The same where the keyword values are in a dict that only its register *kwargs holds: it may
// become the callee's own **kwargs (the register is NULL then).
int qv_bind_args_dict(QvInterp *qi, QvFunction *func, QvObj **window, QvSsize nargs,
                      QvObj **kwargs);
// Parameters that are still NULL get their defaults: 0, or -1 with TypeError (window untouched).
int qv_bind_defaults(QvInterp *qi, QvFunction *func, QvObj **window);

// ---- frames and tracebacks (vm/frame_object.c, vm/traceback.c) ----------------------------------
QvFrameObj *qv_frame_object(QvInterp *qi, QvFrame *f); // new reference, made when needed
void qv_frame_detach(QvInterp *qi, QvFrame *f); // f ends: its object takes what it needs (registers
                                                // moved out). f->obj becomes NULL
QvObj *qv_frame_locals(QvInterp *qi, QvFrame *f); // locals(): new reference to a mapping, up to
                                                  // date
int qv_frame_lineno(const QvFrame *f);            // by saved pc
void qv_frame_keep(QvInterp *qi, QvFrameObj *fo); // a running frame keeps its object until it ends
// The dict fo->locals is brought up to date with the registers, and the other way round (what a
// trace function changed there). 0/-1; the second cannot fail.
int qv_frame_locals_load(QvInterp *qi, QvFrameObj *fo);
// Has a cell taken this parameter? Its register stays empty.
bool qv_frame_is_captured(const QvCode *code, uint16_t local);
QV_RUNS void qv_frame_locals_store(QvInterp *qi, QvFrameObj *fo);
// Adds an entry for f at word index `at` to exc.__traceback__.
void qv_traceback_add(QvInterp *qi, QvObj *exc, QvFrame *f, uint32_t at);

// ---- generators (vm/generator.c) ----------------------------------------------------------------
// GEN_START: makes the object of the code's kind and moves the frame's window, owner and code into
// it (nothing is left in f's window but NULLs and dead temporaries). pc: where to go on. NULL with
// MemoryError (f untouched).
QvObj *qv_generator_from_frame(QvInterp *qi, QvFrame *f, QvInstr *pc);
// Sends a value (borrowed): 1 yielded (*ret new), 0 returned (*ret new: its value), -1 raised.
QV_RUNS int qv_generator_send(QvInterp *qi, QvGenerator *g, QvObj *value, QvObj **ret);
// Throws the pending exception (qi->ts->exc) into it: the same results.
QV_RUNS int qv_generator_throw(QvInterp *qi, QvGenerator *g, QvObj **ret);
// The frame has ended (return or exception): marks done, drops window, owner. Called by the eval
// loop.
void qv_generator_finish(QvInterp *qi, QvGenerator *g);
// A generator-like frame is ending with the pending exception: StopIteration (and
// StopAsyncIteration in async generators) becomes RuntimeError "generator raised StopIteration",
// cause and context set.
void qv_generator_convert_stop(QvInterp *qi, QvGenerator *g);
// What YIELD_FROM does with its iterator: 1 yielded, 0 finished (value), -1 error.
QV_RUNS int qv_yield_from_send(QvInterp *qi, QvObj *iter, QvObj *value, QvObj **ret);
QV_RUNS QvObj *qv_get_yield_from_iter(QvInterp *qi, QvObj *o, bool in_coroutine);
QV_RUNS QvObj *qv_get_awaitable(QvInterp *qi, QvObj *o, int context);
QV_RUNS QvObj *qv_get_aiter(QvInterp *qi, QvObj *o);
QV_RUNS QvObj *qv_get_anext(QvInterp *qi, QvObj *aiter);
// The awaitable of anext() with a default; takes what __anext__ returned.
QvObj *qv_anext_default(QvInterp *qi, QV_STOLEN QvObj *awaitable, QvObj *dflt);
QvObj *qv_async_gen_wrap(QvInterp *qi, QvObj *value);
// The iterator that a suspended generator delegates to, borrowed, or NULL (gi_yieldfrom, throw,
// close).
QV_BORROWED QvObj *qv_generator_delegate(const QvGenerator *g);

// ---- out-of-line pieces of opcodes (vm/ops_*.c) -------------------------------------------------
QV_RUNS QvObj *qv_op_build_class(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs,
                                 QvObj *kwnames); // builtins.__build_class__
QV_RUNS QvObj *qv_op_import_from(QvInterp *qi, QvObj *module, QvObj *name);
QV_RUNS int qv_op_import_star(QvInterp *qi, QvFrame *f, QvObj *module);
bool qv_op_match_mapping(QvObj *o);
bool qv_op_match_sequence(QvObj *o);
QV_RUNS QvObj *qv_op_match_keys(QvInterp *qi, QvObj *subject, QvObj *keys); // tuple or None
QV_RUNS QvObj *qv_op_match_class(QvInterp *qi, QvObj *subject, QvObj *cls, QvSsize npos,
                                 QvObj *kwnames);                           // tuple or None
QV_RUNS QvObj *qv_op_match_rest(QvInterp *qi, QvObj *subject, QvObj *keys); // dict
QV_RUNS int qv_op_exc_match(QvInterp *qi, QvObj *exc, QvObj *type);         // except clause: 1/0/-1
                                                                    // ("catching classes that do
                                                                    // not inherit from
                                                                    // BaseException is not
                                                                    // allowed")
QV_RUNS int qv_op_eg_match(QvInterp *qi, QvObj *exc, QvObj *type, QvObj **ret_match,
                           QvObj **ret_rest);                                   // None-able
QV_RUNS QvObj *qv_op_prep_reraise_star(QvInterp *qi, QvObj *orig, QvObj *list); // exception or None
QV_RUNS int qv_op_raise(QvInterp *qi, QvObj *exc /*NULL: re-raise*/,
                        QvObj *cause /*NULL: none*/); // always -1
QV_RUNS int qv_op_with_enter(QvInterp *qi, QvObj *mgr, bool async, QvObj **ret_exit,
                             QvObj **ret_entered);
QV_RUNS QvObj *qv_op_format(QvInterp *qi, QvObj *value, int conversion, QvObj *spec /*NULL*/);
QV_RUNS int qv_op_print_expr(QvInterp *qi, QvObj *value);
QV_RUNS int qv_op_setup_annotations(QvInterp *qi, QvFrame *f);

void qv_stack_pool_fork(bool before); // around fork(): its mutex is held

#endif
