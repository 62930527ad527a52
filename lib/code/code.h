// SPDX-License-Identifier: MIT
// Code objects: instructions, constants, names, exception and position tables.
#ifndef QV_CODE_CODE_H
#define QV_CODE_CODE_H

#include "object/interp.h"
#include "object/object.h"
#include "object/type.h"

typedef struct QvInstr {
    uint8_t op;    // QvOp
    uint8_t flags; // QvInstrFlags
    uint16_t a, b, c;
} QvInstr;

typedef enum QvOp {
#define OP(name, a, b, c, words, traits) QV_INS_##name,
#include "code/opcodes.def"
#undef OP
} QvOp;

typedef enum QvInstrFlags {
    QV_TAKE_A = 1 << 0,
    QV_TAKE_B = 1 << 1,
    QV_TAKE_C = 1 << 2,
    QV_INPLACE = 1 << 3,
    QV_STAR_CALL = 1 << 3, // LIST_EXTEND
    QV_JUMP_STMT = 1 << 3, // JUMP: a break or continue, a line of its own for tracers
    QV_IMPLICIT = 1 << 3,  // RETURN_K, RERAISE: not written in the source, at no line of its own;
                           // RERAISE: the frame then stands where the exception was raised
    QV_CONV_SHIFT = 4,     // FORMAT: two bits
    QV_HAS_DEFAULTS = 1 << 4, // MAKE_FUNCTION
    QV_HAS_KWDEFAULTS = 1 << 5,
    QV_HAS_ANNOTATIONS = 1 << 6,
    QV_HAS_CLOSURE = 1 << 7,
    QV_NO_LINE = 1 << 7, // all but MAKE_FUNCTION: tracers see no line here
} QvInstrFlags;

typedef enum QvCodeFlags { // numbers as CPython's co_flags
    QV_CO_OPTIMIZED = 0x1,
    QV_CO_NEWLOCALS = 0x2,
    QV_CO_VARARGS = 0x4,
    QV_CO_VARKEYWORDS = 0x8,
    QV_CO_NESTED = 0x10,
    QV_CO_GENERATOR = 0x20,
    QV_CO_COROUTINE = 0x80,
    QV_CO_ITERABLE_COROUTINE = 0x100,
    QV_CO_ASYNC_GENERATOR = 0x200,
    QV_CO_FUTURE_ANNOTATIONS = 0x1000000,
} QvCodeFlags;

typedef struct QvExcEntry { // sorted by start, inner before outer where nested
    uint32_t start, end;    // instruction word range [start, end)
    uint32_t handler;       // word index
    uint16_t depth;         // first dead register at the handler; the exception goes there
    uint16_t lasti;         // 1: unused
} QvExcEntry;

// Source position of the instruction words from `start` on (until the next entry). Columns are
// utf-8 bytes; -1 unknown.
typedef struct QvPosEntry {
    uint32_t start;
    int32_t line, end_line;
    int16_t col, end_col;
} QvPosEntry;

// Bytes in which the bodies of code objects still are (codefile.c).
typedef struct QvCodeImage QvCodeImage;

// While `image` is set only the head is here: flags, counts of parameters, nregs, nfree, firstline,
// filename, name, qualname. qv_code_load brings the rest.
struct QvCode {
    QvObj h;
    // The specialised copy and its caches are written in place: a code object belongs to one
    // interpreter. What the code cache and the wire carry is the serialised form (code/codefile.h),
    // which is unspecialised.
    QvInstr *instrs; // raw block, ninstrs words, caches included
    uint32_t ninstrs;
    uint32_t flags;    // QvCodeFlags
    uint16_t argcount; // positional parameters, positional-only included
    uint16_t posonly;
    uint16_t kwonly;
    uint16_t nlocals;   // registers of named locals (parameters first: positional, keyword-only,
                        // *args, **kw)
    uint16_t ncells;    // registers nlocals .. nlocals+ncells-1: cells made here
    uint16_t nfree;     // then free variables
    uint16_t nregs;     // the whole window
    QvObj **consts;     // raw block
    QvObj **names;      // interned strs
    QvObj **localnames; // interned: nlocals names
    QvObj **cellnames;  // interned: ncells, then nfree names
    uint32_t nconsts, nnames;
    uint16_t *cell_param; // for each cell: the parameter register it captures at entry, or 0xFFFF
    QvExcEntry *excs;
    uint32_t nexcs;
    QvPosEntry *poss;
    uint32_t nposs;
    QvObj *filename, *name, *qualname; // str
    int32_t firstline;
    uint32_t version;   // unique in the interpreter, for caches at calls; 0: none given yet
    bool library;       // the importer made it from the library's own file (modules/import/)
    bool simple_args;   // no *args, **kw, keyword-only: fast calls
    int32_t exact_args; // this many positional arguments are bound by lying in the first registers;
                        // -1: more is to be done
    QvObj *doc;         // first constant when it is the docstring, else NULL (borrowed from consts)
    QvCodeImage *image; // where the body still is, or NULL: it is here
    uint32_t in_image;  // where in it
    bool has_doc;       // in the image
    struct QvJitUnit *jit;  // its machine code (vm/jit.h) or NULL
    const uint8_t *own_ops; // then: by word, the opcode in whose place ENTER_JIT may stand
    uint16_t jit_marks;     // samples since the last translation
    uint8_t jit_times;      // translations
};
extern QvType qv_code_type;
static inline bool qv_is_code(const QvObj *o) { return o->type == &qv_code_type; }

typedef enum QvOpKind {
    QV_K__,
    QV_K_D,
    QV_K_R,
    QV_K_T,
    QV_K_B,
    QV_K_W,
    QV_K_K,
    QV_K_N,
    QV_K_U,
    QV_K_I,
    QV_K_J,
    QV_K_L
} QvOpKind;
typedef enum QvOpTraits {
    QV_TR_RAISE = 1,
    QV_TR_RUN = 2,
    QV_TR_JUMP = 4,
    QV_TR_END = 8,
    QV_TR_SPEC = 16,
    QV_TR_POLL = 32,
    QV_TR_CALL = 64,
} QvOpTraits;
typedef struct QvOpInfo {
    const char *name;
    uint8_t a, b, c; // QvOpKind
    uint8_t words;
    uint16_t traits;
    uint8_t general; // for SPEC rows: the general opcode it came from (for the disassembler and the
                     // serialiser)
} QvOpInfo;
extern const QvOpInfo qv_op_info[256];

// Sets what calls look at, from the fields that say how arguments are bound.
static inline void qv_code_set_call_form(QvCode *code)
{
    code->simple_args = code->kwonly == 0 &&
                        (code->flags & (QV_CO_VARARGS | QV_CO_VARKEYWORDS)) == 0;
    code->exact_args = code->simple_args && (code->flags & QV_CO_OPTIMIZED) ? code->argcount : -1;
}

// Brings the body, if it is still in an image. 0; -1 MemoryError, or ValueError: a damaged image.
// To be called before anything that is not in the head is looked at; a frame's code is whole.
int qv_code_load_body(QvInterp *qi, QvCode *code);
// The instruction at a word, as it is without machine code.
static inline QvInstr qv_code_instr(const QvCode *code, uint32_t at)
{
    QvInstr i = code->instrs[at];
    if (QV_UNLIKELY(i.op == QV_INS_ENTER_JIT)) {
        i.op = code->own_ops[at];
    }
    return i;
}
static inline int qv_code_load(QvInterp *qi, QvCode *code)
{
    return QV_LIKELY(!code->image) ? 0 : qv_code_load_body(qi, code);
}
// For codefile.c and the code type: the parts that a body has, and the reference on the image.
void qv_code_drop_body(QvInterp *qi, QvCode *code);
void qv_code_leave_image(QvInterp *qi, QvCode *code);
// As qv_code_self_attrs, for a body that is still in its image.
uint32_t qv_code_image_self_attrs(const QvCode *code, const void **names, uint32_t n, uint32_t max);

// Position of the instruction at word index `at`; NULL when there is none.
const QvPosEntry *qv_code_position(const QvCode *code, uint32_t at);
int qv_code_line(const QvCode *code, uint32_t at);
// Innermost handler that covers word `at`, or NULL.
const QvExcEntry *qv_code_handler(const QvCode *code, uint32_t at);
QvObj *qv_code_new(QvInterp *qi); // all fields empty; the assembler fills it
// Checks that a code object is well formed (registers, jumps, indices in range): for code that came
// from outside. 0/-1 ValueError.
int qv_code_verify(QvInterp *qi, const QvCode *code);
// Disassembly as text (quiver --dis), recursive into code constants: new str.
QvObj *qv_code_dis(QvInterp *qi, QvCode *code);

#endif
