// SPDX-License-Identifier: MIT
// From syntax tree and symbol tables to register code: what the files of the code generator share.
//
// Errors are sticky: after the first one g->failed is set and every function is a no-op that
// returns something harmless.
//
// Registers. Locals, cells and free variables come first; temporaries above them are used as a
// stack whose top is u->top. An expression leaves its value in the first temporary that was free
// when it began, in a local it was asked to write ("want"), or, when the caller takes what it gets,
// in the local variable that it names.
//
// Code that cannot be reached is walked (it may contain errors) but emits nothing: u->reachable.
#ifndef QV_COMPILE_CODEGEN_H
#define QV_COMPILE_CODEGEN_H

#include "code/code.h"
#include "compile/ast.h"
#include "compile/scope.h"

typedef struct QvGenIns {
    QvInstr w;
    uint32_t extra;  // first word behind the instruction, where the compiler writes it
    int32_t label;   // jump target, or -1
    int32_t handler; // innermost exception handler (index in handlers), or -1
    bool skip;       // the assembler has found it to be useless
    QvPos pos;       // lineno 0: none
} QvGenIns;

typedef struct QvGenLabel {
    int32_t at;   // instruction index; -1: not placed yet
    bool reached; // some jump leads here
    // Locals that are bound on all paths seen so far (u->nwords words, from the arena).
    uint64_t *bound;
} QvGenLabel;

typedef struct QvGenHandler {
    int32_t label;
    uint16_t depth; // first register that is dead there; the exception goes into it
} QvGenHandler;

// Objects with indices: constants or names of a unit.
typedef struct QvGenTable {
    QvObj **items; // owned references; raw block
    uint32_t count, cap;
    uint32_t *index; // open addressing, index + 1, 0 free; raw block
    uint32_t index_cap;
} QvGenTable;

// What break, continue and return have to do on their way out.
typedef enum QvGenBlockKind {
    QV_BLOCK_WHILE,
    QV_BLOCK_FOR,         // reg: the iterator
    QV_BLOCK_TRY,         // body of a try with except clauses
    QV_BLOCK_FINALLY_TRY, // body of a try with finally
    QV_BLOCK_FINALLY_END, // the finally body itself, entered by an exception; reg
    QV_BLOCK_WITH,        // reg: the bound __exit__
    QV_BLOCK_ASYNC_WITH,
    QV_BLOCK_HANDLER,      // except clause; reg: the exception
    QV_BLOCK_HANDLER_NAME, // except ... as name
    QV_BLOCK_STAR_HANDLER, // except* clause: nothing may leave it
    QV_BLOCK_VALUE         // a pending return value in reg while a finally body runs
} QvGenBlockKind;

typedef struct QvGenBlock {
    QvGenBlockKind kind;
    struct QvGenBlock *outer;
    int depth;
    int32_t outer_handler; // handler in force outside
    unsigned reg;
    int break_label, continue_label; // loops
    QvStmtSeq finalbody;
    QvObj *name;
    QvPos pos;
} QvGenBlock;

typedef struct QvUnit {
    struct QvUnit *outer;
    QvScope *scope;
    QvObj *name, *qualname; // owned
    QvGenIns *ins;          // raw block
    uint32_t nins, ins_cap;
    QvGenLabel *labels; // raw block
    uint32_t nlabels, labels_cap;
    QvGenHandler *handlers; // raw block
    uint32_t nhandlers, handlers_cap;
    int32_t handler; // in force now
    QvGenTable consts, names;
    QvGenBlock *block;
    uint64_t *bound;     // locals certainly bound here
    uint64_t *deletable; // locals that some statement deletes
    uint32_t nwords;
    bool reachable;
    bool docstring; // constant 0 is the docstring
    bool no_line;   // what is being emitted belongs to no line of its own
    QvPos pos;      // of what is being emitted
    int32_t firstline;
    uint32_t flags; // QvCodeFlags
    unsigned argcount, posonly, kwonly;
    unsigned nlocals, ncells, nfree;
    unsigned first_temp; // = nlocals + ncells + nfree
    unsigned top;        // first free temporary
    unsigned max_top;
    int class_cell;    // class body: register of the __class__ cell, or -1
    QvSymbol **locals; // arena: nlocals
    QvSymbol **cells;  // arena: ncells + nfree; entry NULL: the class cell
} QvUnit;

typedef struct QvGen {
    QvInterp *qi;
    QvArena *arena;
    QvScopes *scopes;
    QvObj *filename;
    QvUnit *u;
    int optimize;
    uint32_t code_flags; // future flags
    bool top_level_await;
    bool interactive; // expression statements print
    bool failed;
} QvGen;

// Where an expression's value goes: a local's register, or one of these.
enum { QV_WANT_ANY = -1, QV_WANT_PUSH = -2 };

#define QV_NO_REGISTER 0xFFFFu // an optional operand that is not there

// ---- codegen.c: units, emission, constants, names -----------------------------------------------

// The whole of a module, interactive statement or expression. New code object or NULL.
QvObj *qv_gen_module(QvGen *g, const QvMod *mod);

void qv_gen_error(QvGen *g, QvPos pos, const char *fmt, ...);
// SyntaxWarning, which a filter may turn into an error.
void qv_gen_warn(QvGen *g, QvPos pos, const char *fmt, ...);
// NULL means that an exception is set.
bool qv_gen_check(QvGen *g, const void *p);

// Starts the code of a scope: registers, prologue. False on failure (nothing to leave then).
bool qv_gen_enter(QvGen *g, QvUnit *u, QvScope *scope, const QvArguments *args, int32_t firstline);
// Ends it: an owned code object or NULL.
QvObj *qv_gen_leave(QvGen *g);

void qv_gen_emit(QvGen *g, QvOp op, unsigned flags, unsigned a, unsigned b, unsigned c);
void qv_gen_emit_extra(QvGen *g, QvOp op, unsigned a, unsigned b, unsigned c, uint32_t extra);
// Jumps fill the operand of kind J or L from the label.
void qv_gen_jump(QvGen *g, QvOp op, unsigned flags, unsigned a, unsigned b, int label);
void qv_gen_goto(QvGen *g, int label);
int qv_gen_label(QvGen *g);
void qv_gen_place(QvGen *g, int label);
// For labels that are jumped back to.
void qv_gen_place_loop(QvGen *g, int label);
static inline void qv_gen_at(QvGen *g, QvPos pos) { g->u->pos = pos; }

// Exception handlers: state at the beginning of the covered range.
typedef struct QvGenCover {
    int label;
    int32_t index;
    bool reachable;
    uint64_t *bound;
} QvGenCover;
// Makes a handler entered with `depth` live registers and puts it in force.
QvGenCover qv_gen_cover(QvGen *g, unsigned depth);
// Places its code here; the covered range has ended (u->handler set by the caller). Code that falls
// in joins it.
void qv_gen_place_handler(QvGen *g, const QvGenCover *cover);

unsigned qv_gen_temp(QvGen *g);
// Emits the end of a function: with the value in r, or a constant. The blocks have been left; what
// still lives below u->top is dropped by the instruction.
void qv_gen_return(QvGen *g, unsigned r);
void qv_gen_return_k(QvGen *g, QvObj *value, unsigned flags);
unsigned qv_gen_temps(QvGen *g, unsigned n); // n consecutive; the first
static inline bool qv_gen_is_temp(const QvGen *g, unsigned reg) { return reg >= g->u->first_temp; }
static inline bool qv_gen_is_local(const QvGen *g, unsigned reg) { return reg < g->u->nlocals; }
// Resets the top to t and gives the result register: the wanted local or the temporary t.
unsigned qv_gen_dest(QvGen *g, int want, unsigned t);
// TAKE flags of operands read by an instruction that writes d (d = -1: writes nothing).
unsigned qv_gen_take_b(QvGen *g, unsigned b, int d);
unsigned qv_gen_take_bc(QvGen *g, unsigned b, unsigned c, int d);
static inline unsigned qv_gen_take_a(const QvGen *g, unsigned a)
{
    return qv_gen_is_temp(g, a) ? QV_TAKE_A : 0u;
}

uint32_t qv_gen_const(QvGen *g, QvObj *o);   // borrowed
unsigned qv_gen_name(QvGen *g, QvObj *name); // mangles
void qv_gen_load_k(QvGen *g, unsigned dst, QvObj *o);
unsigned qv_gen_push_k(QvGen *g, QvObj *o);
void qv_gen_mark_bound(QvGen *g, unsigned reg, bool bound);

// The register of a plain local of this unit, or -1.
int qv_gen_local_reg(QvGen *g, QvObj *raw_name);
unsigned qv_gen_load_name(QvGen *g, QvObj *raw_name, QvPos pos, int want);
// Stores register `reg`; take: it is a temporary that dies here.
void qv_gen_store_name(QvGen *g, QvObj *raw_name, QvPos pos, unsigned reg, bool take);
void qv_gen_del_name(QvGen *g, QvObj *raw_name, QvPos pos);
// The end of `except ... as name`: unbinds it, bound or not.
void qv_gen_unbind_name(QvGen *g, QvObj *raw_name, QvPos pos);
// Registers with the cells that a function made from `scope` closes over go to fresh temporaries;
// their number.
unsigned qv_gen_push_closure(QvGen *g, const QvScope *scope);

// ---- assemble.c ---------------------------------------------------------------------------------

// Turns u's instructions into a code object (NULL with an exception).
QvObj *qv_gen_assemble(QvGen *g, QvUnit *u);

// ---- codegen_expr.c, codegen_call.c, codegen_display.c ------------------------------------------

unsigned qv_gen_expr(QvGen *g, const QvExpr *e, int want);
void qv_gen_effect(QvGen *g, const QvExpr *e); // evaluate and drop
void qv_gen_cond(QvGen *g, const QvExpr *e, int label, bool jump_if);
// A local that is read before `next` is evaluated, and might be rebound there, is copied first.
unsigned qv_gen_pin(QvGen *g, unsigned reg, const QvExpr *next);
// Assigns register `reg` to a target; take: it is a temporary that dies here.
void qv_gen_store(QvGen *g, const QvExpr *target, unsigned reg, bool take);
// r op= v or l op v: result in the wanted place. t: top before both operands.
QvOp qv_gen_binary_op(QvOperator op);
unsigned qv_gen_binary(QvGen *g, QvOperator op, unsigned l, const QvExpr *right, bool inplace,
                       int want, unsigned t, QvPos pos);
// The subject of x.a or x[i] as CPython reports its position in method chains.
QvPos qv_gen_attr_pos(QvPos pos, const QvExpr *attr);
// Turns the iterator pushed at `it` (top = it + 1, GET_AWAITABLE done) to its result in `it - 1`:
// LOAD_K None, YIELD_FROM.
void qv_gen_await_at(QvGen *g, unsigned it);

unsigned qv_gen_call(QvGen *g, const QvExpr *e, int want);
// super().name in a method; QV_NO_REGISTER (and nothing emitted) when e is something else.
unsigned qv_gen_super_attr(QvGen *g, const QvExpr *e, int want);
// SyntaxError for a keyword given twice.
void qv_gen_check_keywords(QvGen *g, QvKeywordSeq keywords, QvPos pos);
// Calls what is in register `base` with the arguments: base is the result. first_extra positional
// arguments are already pushed behind it.
void qv_gen_call_args(QvGen *g, unsigned base, unsigned first_extra, QvExprSeq args,
                      QvKeywordSeq keywords, QvPos pos, int want);

unsigned qv_gen_list(QvGen *g, const QvExpr *e, int want);
unsigned qv_gen_tuple(QvGen *g, const QvExpr *e, int want);
unsigned qv_gen_set(QvGen *g, const QvExpr *e, int want);
unsigned qv_gen_dict(QvGen *g, const QvExpr *e, int want);
unsigned qv_gen_joined_str(QvGen *g, const QvExpr *e, int want);
// Pushes a list of the items (stars expanded) after `pushed` values that already lie at base.
void qv_gen_push_list(QvGen *g, unsigned base, unsigned pushed, QvExprSeq elts, unsigned star_flag);

// ---- codegen_func.c -----------------------------------------------------------------------------

void qv_gen_function(QvGen *g, const QvStmt *s);
void qv_gen_class(QvGen *g, const QvStmt *s);
unsigned qv_gen_lambda(QvGen *g, const QvExpr *e, int want);
// Function from a code constant; its parts lie at base ... in order; the closure is added here.
void qv_gen_make_function(QvGen *g, QvObj *code, const QvScope *scope, unsigned base,
                          unsigned flags, unsigned d);
void qv_gen_annotation_value(QvGen *g, const QvExpr *e); // pushes it, or its text

// ---- codegen_comp.c -----------------------------------------------------------------------------

unsigned qv_gen_comprehension(QvGen *g, const QvExpr *e, int want);

// ---- codegen_stmt.c, codegen_try.c, codegen_match.c ---------------------------------------------

void qv_gen_stmts(QvGen *g, QvStmtSeq body);
void qv_gen_setup_annotations(QvGen *g, QvStmtSeq body);
// A body that may begin with a docstring and contain annotations (module, class).
void qv_gen_body(QvGen *g, QvStmtSeq body);
// Leaves the blocks up to (not including) `until`, emitting what that takes. value: register of a
// return value or -1.
void qv_gen_unwind(QvGen *g, QvGenBlock *until, int value);

void qv_gen_push_block(QvGen *g, QvGenBlock *b); // sets outer and depth
void qv_gen_try(QvGen *g, const QvStmt *s);
void qv_gen_with(QvGen *g, const QvStmt *s);
void qv_gen_with_exit(QvGen *g, const QvGenBlock *b); // normal exit from a with block

void qv_gen_match(QvGen *g, const QvStmt *s);

// ---- unparse.c ----------------------------------------------------------------------------------

// The source text of an expression as `from __future__ import annotations` keeps it: new str or
// NULL.
QvObj *qv_unparse(QvInterp *qi, const QvExpr *e);

#endif
