// SPDX-License-Identifier: MIT
// What the files of the translator share. Private to vm/jit_*.c.
//
// Machine registers while machine code runs:
//   rbx qi   r12 ts   r13 the frame   rbp its registers   r14 &qv_int_type   r15 &qv_float_type
// The others belong to the instruction that is being translated. Slow paths stand behind the
// unit's fast ones ("cold"); those that come back keep rax and lose all the others.
#ifndef QV_VM_JIT_INTERNAL_H
#define QV_VM_JIT_INTERNAL_H

#include "vm/eval_internal.h"
#include "vm/jit.h"
#include "vm/jit_x64.h"

#define JQI    RBX
#define JTS    R12
#define JFRAME R13
#define JREGS  RBP
#define JINT   R14
#define JFLOAT R15
#define JSPILL ((QvMem){RSP, 0}) // a word that C functions keep

// Fields of the object that a machine register points to.
#define JTYPE(reg)     ((QvMem){(reg), offsetof(QvObj, type)})
#define JREFS(reg)     ((QvMem){(reg), offsetof(QvObj, refs)})
#define JINT_AT(reg)   ((QvMem){(reg), offsetof(QvInt, value)})
#define JFLOAT_AT(reg) ((QvMem){(reg), offsetof(QvFloat, value)})

// One translation. Lives as long as nobody drops it; `next` links those that wait for that.
typedef struct QvJitUnit {
    struct QvJitUnit *next;
    const uint8_t *entry;  // of the first instruction
    const uint8_t *base;   // the machine code
    uint32_t *native;      // by word: where its machine code begins, from base; 0: nowhere
    uint8_t *ops;          // by word: its own opcode, where ENTER_JIT may stand
    uint8_t *left;         // by word: QvJitLeft
    uint32_t exits;        // by guards
    uint32_t nwords, size; // size: of the machine code, bytes
    struct QvJitPages *pages;
} QvJitUnit;

// What is known of an instruction from the last translation.
typedef enum QvJitLeft {
    QV_JIT_NONE = 1,  // it had no machine code
    QV_JIT_GUARD = 2, // a guard of it has failed: the next translation takes the general way there
    QV_JIT_COLD = 4,  // it was still in its general form: the eval loop was to find another
} QvJitLeft;

// Pages with machine code of one interpreter.
typedef struct QvJitPages {
    struct QvJitPages *next;
    uint32_t used, size; // bytes
    uint32_t units;      // that are in them
    uint8_t *bytes;
} QvJitPages;

// What is called from C: goes to `code`.
typedef QvJitExit (*QvJitEnterFn)(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj **r,
                                  const void *code);

typedef struct QvJit {
    QvJitPages *pages;    // the newest first
    QvJitUnit *dropped;   // to be freed when nothing runs
    uint32_t running;     // calls of machine code that have not returned, of all threads
    size_t bytes;         // of all pages
    QvJitEnterFn enter;   // these stand in the first pages
    const uint8_t *go_on; // leaves with rax, QV_JIT_GO_ON
    const uint8_t *error; // the same, QV_JIT_ERROR
    const uint8_t *box_float, *box_int; // qv_jit_put_boxing
    const uint8_t *go_back;             // goes on in the caller, which is the frame again
    const uint8_t *ended;               // qv_jit_frame_ended for result rcx, live r8, and goes on
    const uint8_t *unwind;              // QV_JIT_UNWIND
    const uint8_t *result;              // QV_JIT_RETURN
    const uint8_t *dealloc;             // qv_jit_put_dealloc
    const void *const *dispatch;        // the eval loop's labels when nothing traces
} QvJit;

// ---- jit_memory.c ----

// May machine code have n bytes? A script that is near its limit needs the rest more.
bool qv_jit_is_spare(const QvHeap *h, size_t n);

// Puts n bytes of code where they can run; NULL when there is no room (nothing is raised).
const uint8_t *qv_jit_place(QvInterp *qi, QvJit *jit, const uint8_t *code, uint32_t n,
                            QvJitPages **ret_pages);
// Takes one unit's part back.
void qv_jit_take_back(QvInterp *qi, QvJit *jit, QvJitPages *pages);
void qv_jit_free_pages(QvInterp *qi, QvJit *jit);

// ---- jit_box.c ----

// The code that puts the float xmm0 or the int rax, which it keeps, into a register that has no box
// of its own: rsi is the register's address, rcx what it holds, the pc is saved. edx: 0/-1.
void qv_jit_put_boxing(QvAsm *a, bool is_float);
// The code that ends rcx, whose last reference goes; rax stays, the pc is saved.
void qv_jit_put_dealloc(QvAsm *a);

// ---- what is known of a register, between two labels ----
typedef enum QvFact {
    QV_FACT_NULL = 1 << 0,     // it holds NULL
    QV_FACT_INT = 1 << 1,      // an exact int of 64 bits
    QV_FACT_FLOAT = 1 << 2,    // an exact float
    QV_FACT_OWN = 1 << 3,      // whose box nobody else has
    QV_FACT_BOUND = 1 << 4,    // it does not hold NULL
    QV_FACT_IMMORTAL = 1 << 5, // an object that is not counted
    QV_FACT_STR = 1 << 6,      // an exact str
} QvFact;

typedef enum QvColdKind {
    COLD_EXIT,      // leave at word `at`
    COLD_ERROR,     // the word before number `data` has raised
    COLD_DEALLOC,   // rcx has the last reference
    COLD_DROP,      // register `reg` has the last reference, of rcx: qv_reg_drop
    COLD_BOX_FLOAT, // xmm0 goes into register `reg`, whose old value is rcx
    COLD_BOX_INT,   // rax the same
    COLD_CUSTOM,    // fn is a QvJitCold
} QvColdKind;

typedef struct QvJitGen QvJitGen;
typedef struct QvCold QvCold;
typedef void (*QvJitCold)(QvJitGen *g, const QvCold *c);

struct QvCold {
    uint8_t kind; // QvColdKind
    bool number;  // DEALLOC, DROP, BOX: what goes is a number at most, so no Python runs
    uint16_t reg;
    uint32_t from; // where the displacement of the jump that leads here stands
    uint32_t back; // where it goes on
    uint32_t at;   // word of the instruction
    const void *fn;
    uint64_t data;
};

typedef struct QvFix {
    uint32_t from, word;
} QvFix;

// A guard that has held in this straight run, and still does.
typedef struct QvKnownGuard {
    uint16_t reg;
    uint32_t version; // of the type of its object
    size_t at;        // in the object: a word
    uint64_t guard;   // that is this
} QvKnownGuard;
enum { QV_KNOWN_GUARDS = 4 };

struct QvJitGen {
    QvInterp *qi;
    QvJit *jit;
    QvCode *code;
    const QvObj *globals, *builtins; // of the frame that is hot: dicts
    QvObj *const *hot_regs;          // its registers
    QvAsm a;
    QvInstr i;           // the instruction that is being translated
    uint32_t at;         // its word
    uint32_t leave_at;   // where its guards leave: itself, or what was translated together with it
    uint32_t saved;      // the pc that an exception of it is raised with: as it was last saved
    bool guarded;        // a guard of it has failed in the last translation
    QvJitCold otherwise; // where qv_jit_guard leads; NULL: leaves
    const QvObj *constant; // an operand that the LOAD_K at leave_at would have put into
                           // constant_reg
    uint16_t constant_reg;
    uint8_t at_hand;   // QvFact: rax has the int that is in hand_reg, or xmm0 the float; 0: neither
    uint8_t next_hand; // the same for the next instruction
    uint16_t hand_reg;
    bool generator;  // its frames' registers are on the heap
    bool comes_back; // it may enter a frame whose return is to come back to machine code
    uint8_t *facts;  // by register: QvFact
    QvObj **guess;   // by register: what a load will give, as far as that is known now; or NULL
    QvKnownGuard known[QV_KNOWN_GUARDS];
    unsigned nknown;
    bool known_globals, known_builtins; // their versions were checked
    bool runs; // the instruction may run Python, or is not known to do no such thing
    uint32_t *native;
    uint8_t *entry; // by word: JIT_LABEL, JIT_ENTRY
    uint8_t *left;  // by word: QvJitLeft
    QvFix *fixes;
    uint32_t nfixes, cap_fixes;
    QvCold lost; // instead of one that there is no room for
    QvCold *colds;
    uint32_t ncolds, cap_colds;
};

enum { JIT_LABEL = 1, JIT_ENTRY = 2, JIT_INSTR = 4 };

// ---- jit_translate.c ----

// The machine code of what frame f runs, or NULL. left: QvJitLeft by word, of a translation before,
// or NULL.
QvJitUnit *qv_jit_translate(QvInterp *qi, QvJit *jit, const QvFrame *f, const uint8_t *left);

// Did the guard hold already? It will from now on, when not: it is to be emitted.
bool qv_jit_is_known(QvJitGen *g, unsigned reg, uint32_t version, size_t at, uint64_t guard);

static inline QvMem qv_jit_reg(unsigned reg) { return x64_mem(JREGS, reg * sizeof(QvObj *)); }
static inline const QvInstr *qv_jit_pc(const QvJitGen *g, uint32_t word)
{
    return g->code->instrs + word;
}
static inline uint64_t qv_jit_cache(const QvJitGen *g, unsigned n)
{
    return ((const uint64_t *)(g->code->instrs + g->at + 1))[n];
}
// The word behind the instruction and its caches.
static inline uint32_t qv_jit_after(const QvJitGen *g)
{
    return g->at + 1u + qv_op_info[g->i.op].words;
}

// The word to which an instruction with a short jump in c jumps.
static inline uint32_t qv_jit_near(const QvJitGen *g)
{
    return (uint32_t)((int32_t)qv_jit_after(g) + (int16_t)g->i.c);
}

// The jump at `from` leads to a cold part. The last one made, for its further fields.
QvCold *qv_jit_cold(QvJitGen *g, QvColdKind kind, uint32_t from);
// The cold parts from number `first` on, of fn if it is given, go on here.
void qv_jit_come_back(QvJitGen *g, uint32_t first, QvJitCold fn /*NULL*/);
// Leaves before this instruction (g->leave_at) when the condition holds.
void qv_jit_exit_if(QvJitGen *g, QvCc cc);
// Leaves for the word in any case.
void qv_jit_exit(QvJitGen *g, uint32_t word);
// In a cold part: this instruction has raised.
void qv_jit_raised(QvJitGen *g);
// This instruction has raised when the condition holds. (With the pc as saved.)
void qv_jit_error_if(QvJitGen *g, QvCc cc);
// The frame in JSPILL, which is fresh, is entered when the condition holds.
void qv_jit_called_if(QvJitGen *g, QvCc cc);
// After a call of C, by eax: -1 this instruction has raised; 1: the frame whose address is in
// JSPILL is entered, as enter_new in eval.c does; 0: goes on.
void qv_jit_perhaps_called(QvJitGen *g);
// Goes on in the frame rdi of the code rdx, whose registers are rsi: all is pushed.
void qv_jit_enter(QvJitGen *g);
// Calls fn(qi, ts, f, the instruction, &JSPILL) as `op` with the pc behind the caches; what it
// answers is in eax.
void qv_jit_helper(QvJitGen *g, const void *fn, QvOp op);
// What C code says of where machine code goes on, in the frame ts->frame: in rax and rdx.
typedef struct QvJitTo {
    const void *pc;   // or the result, with jit->result
    const void *code; // machine code, or one of the ways out
} QvJitTo;
// For C code: in frame f, which runs, at pc.
QvJitTo qv_jit_to(QvInterp *qi, QvFrame *f, QvInstr *pc);
// A C function that does an instruction of frame f; pc is behind its word, not saved yet.
typedef QvJitTo (*QvJitStep)(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc);
// The instruction is this function; what follows it is an entry.
void qv_jit_step(QvJitGen *g, QvJitStep fn);
// To the word; a jump backward looks at the poll flag.
void qv_jit_jump(QvJitGen *g, uint32_t word);
void qv_jit_jump_if(QvJitGen *g, QvCc cc, uint32_t word);
// f->pc = the word. Changes rdx.
void qv_jit_save(QvJitGen *g, uint32_t word);
// Leaves at the word if a hook was set meanwhile. Changes rcx.
void qv_jit_check_hooks(QvJitGen *g, uint32_t word);

// References. Those that drop keep rax and change rcx and rdx.
// The value of register `from` comes into rax, owned: taken when the flag is set. Changes rdx.
void qv_jit_give(QvJitGen *g, unsigned from, unsigned flag);
void qv_jit_incref(QvJitGen *g, QvReg o); // changes rdx; o is not rdx
void qv_jit_decref_rcx(QvJitGen *g, bool may_be_null);
// The same, but for the last reference: the jump that is taken then, for a cold part.
uint32_t qv_jit_count_down_rcx(QvJitGen *g, bool may_be_null);
void qv_jit_put(QvJitGen *g, unsigned reg);                  // qv_reg_put of rax
void qv_jit_drop(QvJitGen *g, unsigned reg);                 // qv_reg_drop
void qv_jit_taken(QvJitGen *g, unsigned flag, unsigned reg); // if the flag is set
void qv_jit_put_float(QvJitGen *g, unsigned reg);            // xmm0
void qv_jit_put_int(QvJitGen *g, unsigned reg);              // rax
void qv_jit_forget_owners(QvJitGen *g); // Python may have run: boxes may be shared now

// ---- instructions that C functions do, whole (jit_object.c) ----

// fn(qi, f, pc): pc is behind the instruction's word; -1: it has raised. (At pc[-1] may stand
// ENTER_JIT: its opcode is not to be looked at.) Both give true.
typedef int (*QvJitFn)(QvInterp *qi, QvFrame *f, QvInstr *pc);
bool qv_jit_by_c(QvJitGen *g, QvJitFn fn);
// The same for what may come to a Python function: 1 with its frame in *ret_new.
typedef int (*QvJitMadeFn)(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new);
bool qv_jit_by_c_made(QvJitGen *g, QvJitMadeFn fn);
// When the condition holds, fn does the instruction, in a cold part that comes back to where
// qv_jit_back_here is called with what this gave.
uint32_t qv_jit_rare_if(QvJitGen *g, QvCc cc, QvJitFn fn);
void qv_jit_back_here(QvJitGen *g, uint32_t cold);
// A call of fn as that with r9 as a sixth argument.
void qv_jit_call_made(QvJitGen *g, const void *fn);
// After a call of C: rax (owned; NULL: it has raised) goes to register a, b is taken.
void qv_jit_put_made(QvJitGen *g);
// Has the instruction been translated in its general form before? The first time it is left to the
// eval loop, which finds a better one, if there is any.
bool qv_jit_seen_general(QvJitGen *g);

// ---- the instructions: false when it has no translation ----
bool qv_jit_move(QvJitGen *g);      // jit_flow.c: moves, cells, jumps, iteration
bool qv_jit_number(QvJitGen *g);    // jit_number.c: arithmetic
bool qv_jit_compare(QvJitGen *g);   // jit_compare.c: comparison and truth
bool qv_jit_object(QvJitGen *g);    // jit_object.c: names, and by way of the next three:
bool qv_jit_attribute(QvJitGen *g); // jit_attribute.c
bool qv_jit_item(QvJitGen *g);      // jit_item.c: subscripts
bool qv_jit_build(QvJitGen *g);     // jit_build.c: displays, formatting, functions, imports, match
bool qv_jit_call(QvJitGen *g);      // jit_call.c: calls of whatever may be Python's
bool qv_jit_native(QvJitGen *g);    // jit_native.c: calls of C functions
bool qv_jit_return(QvJitGen *g);    // jit_return.c: returns

// The end of frame f, which is no plain call's and no generator's, with `result`. Its first `live`
// registers may hold something. (jit_return.c)
QV_RUNS QvJitExit qv_jit_frame_ended(QvInterp *qi, QvThread *ts, QvFrame *f,
                                     QV_STOLEN QvObj *result, size_t live);
// The general call of an instruction with a form of its own, by the eval loop's rules: 0, 1 with
// *ret_new, -1. f->pc is behind the caches. (jit_call.c)
QV_RUNS int qv_jit_call_any(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new);
// An instruction that had no form when f's code was translated has one now. (jit.c)
void qv_jit_outdated(QvInterp *qi, QvFrame *f);
bool qv_jit_iterate(QvJitGen *g);   // jit_iterate.c: loops that need more than a few instructions
bool qv_jit_generator(QvJitGen *g); // jit_generator.c: generators and coroutines
bool qv_jit_except(QvJitGen *g);    // jit_except.c: exceptions, with

// ---- operands (jit_number.c) ----
typedef enum QvJitKind {
    QV_JIT_UNKNOWN,
    QV_JIT_INT,
    QV_JIT_FLOAT,
    QV_JIT_STR,
    QV_JIT_OTHER
} QvJitKind;

// Can the constant k, loaded into the register by the instruction before `then`, be translated
// together with that?
bool qv_jit_takes_constant(const QvJitGen *g, unsigned reg, const QvObj *k, QvInstr then);
// What is known of a register, or what it held at the last look if it is a variable.
QvJitKind qv_jit_kind(const QvJitGen *g, unsigned reg);
bool qv_jit_is_constant(const QvJitGen *g, unsigned reg);
// This instruction goes another way when the condition holds: out of machine code, or the general
// one. Nothing has changed yet.
void qv_jit_guard(QvJitGen *g, QvCc cc);
// The general ways that began since cold part number `first` come back here.
void qv_jit_join(QvJitGen *g, uint32_t first);
// The value of an operand, an exact int. Changes no other register.
void qv_jit_int_value(QvJitGen *g, QvReg to, unsigned reg);
// The same as a double, whose kind is QV_JIT_INT or taken to be a float. Changes rdx too.
void qv_jit_float_value(QvJitGen *g, QvXmm to, unsigned reg, QvJitKind kind);
// The constant goes into its register after all. Only rax, rcx and rdx are changed.
void qv_jit_put_constant(QvJitGen *g, const QvObj *k, unsigned reg);
// qi, ts, f, pc, operation, &JSPILL are the arguments, and the pc is saved.
void qv_jit_call_general(QvJitGen *g, const void *fn, unsigned operation);

#endif
