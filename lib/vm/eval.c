// SPDX-License-Identifier: MIT
// The eval loop: one function, a label for each row of opcodes.def.
//
// Fast paths stand here; whatever may run Python or needs many lines is out of line (eval_slow.c).
// Python-to-Python calls do not recurse in C: a call pushes a frame record and goes on in the
// callee; a return pops it. The loop ends when the frame it was entered with ends (or yields).
//
// The loop's private words are defined just above it and undefined below: NEXT dispatches the next
// instruction, SAVE stores the pc where others may look at it, GO_ERROR leaves with the pending
// exception. No other macro hides control flow.
#include "vm/eval_internal.h"

#include "object/descr.h"
#include "object/module.h"
#include "object/set.h"
#include "object/walk.h"
#include "vm/call_enter.h"
#include "vm/frame.h"
#include "vm/jit.h"
#include "vm/jump.h"
#include "vm/trace.h"

// Drops the window of a frame that ends, leaving reusable boxes.
static inline void drop_window(QvInterp *qi, QvFrame *f)
{
    qv_regs_drop(qi, f->regs, f->code->nregs);
}

// Python's % and // on inline ints; w != 0, and not (INT64_MIN, -1).
static inline int64_t int_mod(int64_t v, int64_t w)
{
    int64_t m = v % w;
    return m != 0 && (m ^ w) < 0 ? m + w : m;
}
static inline int64_t int_floordiv(int64_t v, int64_t w)
{
    int64_t q = v / w;
    return (v % w != 0 && (v ^ w) < 0) ? q - 1 : q;
}

// Pops the record of a frame that ended without a generator: window dropped, what it owned dropped.
// Leaves ts->frame at the caller.
static void frame_end(QvInterp *qi, QvThread *ts, QvFrame *f)
{
    if (QV_UNLIKELY(f->obj != NULL)) {
        qv_frame_detach(qi, f);
    }
    drop_window(qi, f);
    if (QV_UNLIKELY(f->locals != NULL)) {
        qv_clear(qi, &f->locals);
    }
    ts->frame = f->prev;
    ts->frames_top = f;
    qv_decref(qi, f->owner);
}

// Fields of the instruction word. It is held as one integer: gcc keeps a struct of five fields in a
// vector register.
#define FLAGS ((uint8_t)(w >> 8))
#define A     ((uint16_t)(w >> 16))
#define B     ((uint16_t)(w >> 32))
#define C     ((uint16_t)(w >> 48))
#define NEXT                             \
    do {                                 \
        w = *(uint64_t *)pc++;           \
        goto * qi->dispatch[(uint8_t)w]; \
    } while (0)
#define TARGET(name) L_##name:
#define SAVE()       (f->pc = pc)
#define GO_ERROR     goto error
#define CHECK(call)                    \
    do {                               \
        SAVE();                        \
        if (QV_UNLIKELY((call) < 0)) { \
            GO_ERROR;                  \
        }                              \
    } while (0)
// The instruction takes another form, which runs in its place.
#define BECOME(name)               \
    do {                           \
        pc[-1].op = QV_INS_##name; \
        goto L_##name;             \
    } while (0)
#define CACHE(n)  (((uint64_t *)pc)[n])
#define IS_INT(o) ((o)->type == &qv_int_type)
#define IVAL(o)   (((QvInt *)(o))->value)
#define FVAL(o)   (((QvFloat *)(o))->value)
// Where f has come to what may be done often.
#if QV_JIT
#define COUNT(condition)                                       \
    do {                                                       \
        if ((condition) && QV_UNLIKELY(--qi->jit.heat == 0)) { \
            goto hot;                                          \
        }                                                      \
    } while (0)
#else
#define COUNT(condition) ((void)0)
#endif
#define JUMP_BY(offset)                      \
    do {                                     \
        int32_t by = (offset);               \
        pc += by;                            \
        if (QV_UNLIKELY(qv_poll_peek(qi))) { \
            goto poll;                       \
        }                                    \
        COUNT(by < 0);                       \
    } while (0)
#define LONG_JUMP ((int32_t)(w >> 32)) // b and c together
// Drops register x when its last use was here.
#define TAKEN(flag, x)              \
    do {                            \
        if (FLAGS & (flag)) {       \
            qv_reg_drop(qi, &r[x]); \
        }                           \
    } while (0)

// Goes on in the fresh frame f of code co over window win.
#define ENTER                                \
    do {                                     \
        ts->frame = f;                       \
        r = win;                             \
        pc = co->instrs;                     \
        if (QV_UNLIKELY(qv_poll_peek(qi))) { \
            goto poll;                       \
        }                                    \
        COUNT(true);                         \
        NEXT;                                \
    } while (0)

#define ARITH(NAME, OP, OVERFLOW)                                                              \
    TARGET(NAME)                                                                               \
    {                                                                                          \
        QvObj *x = r[B], *y = r[C];                                                            \
        int64_t v;                                                                             \
        if (QV_LIKELY(IS_INT(x) && IS_INT(y)) && QV_LIKELY(!OVERFLOW(IVAL(x), IVAL(y), &v))) { \
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], v) < 0)) {                               \
                GO_ERROR;                                                                      \
            }                                                                                  \
            NEXT;                                                                              \
        }                                                                                      \
        which = OP;                                                                            \
        goto binary_slow;                                                                      \
    }
#define ARITH_I(NAME, OP, OVERFLOW)                                                           \
    TARGET(NAME)                                                                              \
    {                                                                                         \
        QvObj *x = r[B];                                                                      \
        int64_t v;                                                                            \
        if (QV_LIKELY(IS_INT(x)) && QV_LIKELY(!OVERFLOW(IVAL(x), (int64_t)(int16_t)C, &v))) { \
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], v) < 0)) {                              \
                GO_ERROR;                                                                     \
            }                                                                                 \
            NEXT;                                                                             \
        }                                                                                     \
        which = OP;                                                                           \
        goto binary_imm_slow;                                                                 \
    }
#define ARITH_F(NAME, GENERAL, OP, SIGN)                                              \
    TARGET(NAME)                                                                      \
    {                                                                                 \
        QvObj *x = r[B], *y = r[C];                                                   \
        if (QV_LIKELY(x->type == &qv_float_type && y->type == &qv_float_type)) {      \
            if (QV_UNLIKELY(qv_reg_put_float(qi, &r[A], FVAL(x) SIGN FVAL(y)) < 0)) { \
                GO_ERROR;                                                             \
            }                                                                         \
            NEXT;                                                                     \
        }                                                                             \
        pc[-1].op = QV_INS_##GENERAL;                                                 \
        which = OP;                                                                   \
        goto binary_slow;                                                             \
    }
#define BITWISE(NAME, OP, SIGN)                                                     \
    TARGET(NAME)                                                                    \
    {                                                                               \
        QvObj *x = r[B], *y = r[C];                                                 \
        if (QV_LIKELY(IS_INT(x) && IS_INT(y))) {                                    \
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], IVAL(x) SIGN IVAL(y)) < 0)) { \
                GO_ERROR;                                                           \
            }                                                                       \
            NEXT;                                                                   \
        }                                                                           \
        which = OP;                                                                 \
        goto binary_slow;                                                           \
    }
#define COMPARE(NAME, OP, SIGN)                                                                   \
    TARGET(NAME)                                                                                  \
    {                                                                                             \
        QvObj *x = r[B], *y = r[C];                                                               \
        if (QV_LIKELY(IS_INT(x) && IS_INT(y))) {                                                  \
            qv_reg_put(qi, &r[A], qv_bool(IVAL(x) SIGN IVAL(y)));                                 \
            NEXT;                                                                                 \
        }                                                                                         \
        if ((OP == QV_EQ || OP == QV_NE) && x->type == &qv_str_type && y->type == &qv_str_type) { \
            bool same = qv_str_same(x, y);                                                        \
            TAKEN(QV_TAKE_B, B);                                                                  \
            TAKEN(QV_TAKE_C, C);                                                                  \
            qv_reg_put(qi, &r[A], qv_bool(same == (OP == QV_EQ)));                                \
            NEXT;                                                                                 \
        }                                                                                         \
        which = OP;                                                                               \
        goto compare_slow;                                                                        \
    }
// Compare and jump, in both senses and with an immediate.
#define TEST(NAME, OP, SIGN, WANT)                                            \
    TARGET(NAME)                                                              \
    {                                                                         \
        QvObj *x = r[A], *y = r[B];                                           \
        int truth;                                                            \
        if (QV_LIKELY(IS_INT(x) && IS_INT(y))) {                              \
            truth = IVAL(x) SIGN IVAL(y);                                     \
        } else if (x->type == &qv_float_type && y->type == &qv_float_type) {  \
            truth = FVAL(x) SIGN FVAL(y);                                     \
        } else if ((OP == QV_EQ || OP == QV_NE) && x->type == &qv_str_type && \
                   y->type == &qv_str_type) {                                 \
            truth = qv_str_same(x, y) == (OP == QV_EQ);                       \
            TAKEN(QV_TAKE_A, A);                                              \
            TAKEN(QV_TAKE_B, B);                                              \
        } else {                                                              \
            which = OP;                                                       \
            goto test_slow;                                                   \
        }                                                                     \
        if (truth == WANT) {                                                  \
            JUMP_BY((int16_t)C);                                              \
        }                                                                     \
        NEXT;                                                                 \
    }
#define TEST_I(NAME, OP, SIGN, WANT)                  \
    TARGET(NAME)                                      \
    {                                                 \
        QvObj *x = r[A];                              \
        int truth;                                    \
        if (QV_LIKELY(IS_INT(x))) {                   \
            truth = IVAL(x) SIGN(int64_t)(int16_t) B; \
        } else if (x->type == &qv_float_type) {       \
            truth = FVAL(x) SIGN(double)(int16_t) B;  \
        } else {                                      \
            SAVE();                                   \
            truth = qv_slow_test_imm(qi, r, pc, OP);  \
            if (QV_UNLIKELY(truth < 0)) {             \
                GO_ERROR;                             \
            }                                         \
        }                                             \
        if (truth == WANT) {                          \
            JUMP_BY((int16_t)C);                      \
        }                                             \
        NEXT;                                         \
    }

// Jumps where the truth of a is the one wanted.
#define TEST_TRUTH(NAME, WANT)                                                                   \
    TARGET(NAME)                                                                                 \
    {                                                                                            \
        QvObj *x = r[A];                                                                         \
        int truth;                                                                               \
        if (x == QV_TRUE || x == QV_FALSE) {                                                     \
            truth = x == QV_TRUE;                                                                \
        } else if (IS_INT(x)) {                                                                  \
            truth = IVAL(x) != 0;                                                                \
        } else if (x == QV_NONE) {                                                               \
            truth = 0;                                                                           \
        } else {                                                                                 \
            SAVE();                                                                              \
            if ((x->type->flags & QV_T_HEAP) && (nf = qv_special_truth(qi, ts, f, x)) != NULL) { \
                goto enter_new;                                                                  \
            }                                                                                    \
            truth = qv_is_true(qi, x);                                                           \
            if (QV_UNLIKELY(truth < 0)) {                                                        \
                GO_ERROR;                                                                        \
            }                                                                                    \
            TAKEN(QV_TAKE_A, A);                                                                 \
        }                                                                                        \
        if (truth == (WANT)) {                                                                   \
            JUMP_BY(LONG_JUMP);                                                                  \
        }                                                                                        \
        NEXT;                                                                                    \
    }

// A call of a Python function whose parameters are the N values given, the first at b+1. They lie
// in the callee's window already, or are moved there from the window of a generator, which is on
// the heap.
#define CALL_PYTHON(NAME, GENERAL, GUARD, N, WINDOW, IN_GENERATOR)                        \
    TARGET(NAME)                                                                          \
    {                                                                                     \
        QvFunction *fn = (QvFunction *)r[B];                                              \
        if (QV_UNLIKELY(fn->h.type != &qv_function_type || fn->code->exact_args != (N) || \
                        !(GUARD))) {                                                      \
            pc[-1].op = QV_INS_##GENERAL;                                                 \
            goto L_##GENERAL;                                                             \
        }                                                                                 \
        QvCode *co = fn->code;                                                            \
        QvObj **win = (WINDOW);                                                           \
        QvObj **top = win + co->nregs;                                                    \
        if (QV_UNLIKELY(!qv_has_room(ts, top))) {                                         \
            goto L_##GENERAL; /* a limit: the general way */                              \
        }                                                                                 \
        pc += 3;                                                                          \
        SAVE();                                                                           \
        if (IN_GENERATOR) {                                                               \
            qv_move_arguments(qi, win, &r[B + 1], (unsigned)(N));                         \
        }                                                                                 \
        qv_unbind_locals(qi, win, (unsigned)(N), co->nlocals);                            \
        r[B] = NULL; /* the frame takes the function */                                   \
        f = qv_push_record(ts, f, fn, co, win, top, A, QV_FRAME_PLAIN);                   \
        ENTER;                                                                            \
    }

// A call of something in C, whose callable and n registers behind it are dropped.
#define CALL_IN_C(CALL, N)          \
    do {                            \
        pc += 3;                    \
        SAVE();                     \
        QvObj *x = (CALL);          \
        if (QV_UNLIKELY(!x)) {      \
            GO_ERROR;               \
        }                           \
        qv_drop_call(qi, &r[B], N); \
        qv_reg_put(qi, &r[A], x);   \
        NEXT;                       \
    } while (0)

// FOR_ITER and the UNPACK behind it, of an iterator that makes tuples otherwise (for_iter.c).
#define FOR_FUSED(NAME, TYPE, STEP)                            \
    TARGET(NAME)                                               \
    {                                                          \
        if (QV_UNLIKELY(r[B]->type != &(TYPE))) {              \
            BECOME(FOR_ITER);                                  \
        }                                                      \
        if (QV_UNLIKELY(qi->tracing)) {                        \
            goto for_iter_any;                                 \
        }                                                      \
        SAVE();                                                \
        QvForStep step = STEP(qi, r[B], &r[pc[1].a], pc[1].c); \
        if (QV_LIKELY(step == QV_FOR_DONE)) {                  \
            pc += 3;                                           \
            NEXT;                                              \
        }                                                      \
        if (step == QV_FOR_GENERAL) {                          \
            pc[-1].op = QV_INS_FOR_ITER;                       \
            goto for_iter_any;                                 \
        }                                                      \
        if (QV_UNLIKELY(step == QV_FOR_ERROR)) {               \
            GO_ERROR;                                          \
        }                                                      \
        qv_clear(qi, &r[B]);                                   \
        pc += 1 + (int16_t)C;                                  \
        NEXT;                                                  \
    }

// A profile is not taken of this function (tools/dev pgo): its order and its guesses are tuned by
// hand.
__attribute__((no_profile_instrument_function)) QvObj *qv_eval_run(QvInterp *qi, QvThread *ts,
                                                                   QvFrame *f)
{
    static const void *const labels[] = {
#define OP(name, a, b, c, words, traits) [QV_INS_##name] = &&L_##name,
#include "code/opcodes.def"
#undef OP
    };
    static const void *const traced[] = {
#define OP(name, a, b, c, words, traits) [QV_INS_##name] = &&before_instr,
#include "code/opcodes.def"
#undef OP
    };
    if (QV_UNLIKELY(!f)) { // from qv_eval_choose_dispatch: only this function knows the labels
        qi->dispatch = qi->tracing || qi->fuel_on ? traced : labels;
        return NULL;
    }
    QvObj **r = f->regs;
    QvInstr *pc = f->pc;
    uint64_t w; // the instruction word: op, flags, a, b, c from the low end
    QvObj *result;
    QvFrame *nf;    // of a call, to be entered
    int made;       // 1: nf is such a one; 0: all is done; -1 an exception
    unsigned which; // operator whose operands the fast forms do not know: QvBinOp, QvCmpOp
    QvCall ended;   // the call whose result is there
    QvObj **live;   // a frame that returns: end of its registers that are not dead temporaries

    ts->frame = f;
    if (f->kind & QV_FRAME_GEN) {
        qv_generator_enter(ts, f->gen);
        if (QV_UNLIKELY(ts->exc != NULL)) {
            if (f->obj && f->obj->jump) {
                pc = qv_jump_thrown(qi, ts, f);
            }
            QvObj *handled = f->gen->exc_info.value;
            if (handled && handled != QV_NONE) { // that is the context
                qv_raise_exc(qi, qv_err_fetch(qi));
            }
            GO_ERROR; // throw(): the pending exception is raised where the generator stopped
        }
    }
    if (QV_UNLIKELY(qv_poll_peek(qi))) {
        goto poll_resumed;
    }
    COUNT(true);
    NEXT;

before_instr: // a thread of this interpreter traces or profiles, or fuel is limited
    if (qi->fuel_on) {
        if (QV_UNLIKELY(qi->fuel == 0)) {
            SAVE();
            if (qv_fuel_out(qi) < 0) {
                GO_ERROR;
            }
        } else {
            __atomic_store_n(&qi->fuel, qi->fuel - 1, __ATOMIC_RELAXED);
        }
    }
    if (QV_UNLIKELY(f->code->jit != NULL)) { // no machine code under a tracer
        qi->jit.forget(qi, f->code);
        w = *(uint64_t *)(pc - 1);
    }
    if (qv_trace_on(qi, ts) || (f->obj && f->obj->watched)) {
        SAVE();
        int traced_status = qv_trace_instr(qi, ts, f);
        pc = f->pc; // perhaps at another line now
        if (traced_status < 0) {
            GO_ERROR;
        }
        w = *(uint64_t *)(pc - 1);
    }
    goto *labels[(uint8_t)w];

    // ---- moves ----
    TARGET(NOP) { NEXT; }
    TARGET(MOVE)
    {
        QvObj *x = r[B];
        qv_incref(qi, x);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(TAKE)
    {
        QvObj *x = r[B];
        r[B] = NULL;
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(LOAD_K)
    {
        QvObj *x = f->code->consts[(uint32_t)B | (uint32_t)C << 16];
        qv_incref(qi, x);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(DROP)
    {
        SAVE();
        qv_clear(qi, &r[A]);
        NEXT;
    }
    TARGET(DROP_RANGE)
    {
        SAVE();
        qv_regs_drop(qi, &r[A], B);
        NEXT;
    }
    TARGET(CHECK_BOUND)
    {
        if (QV_UNLIKELY(r[A] == NULL)) {
            qv_raise_unbound(qi, f, A);
            GO_ERROR;
        }
        NEXT;
    }
    TARGET(DEL_FAST)
    {
        if (QV_UNLIKELY(r[A] == NULL)) {
            qv_raise_unbound(qi, f, A);
            GO_ERROR;
        }
        SAVE();
        qv_clear(qi, &r[A]);
        NEXT;
    }

    // ---- cells ----
    TARGET(MAKE_CELL)
    {
        QvObj *x = NULL;
        if (C) {
            x = r[B];
        }
        QvObj *cell = qv_cell_new(qi, x);
        if (QV_UNLIKELY(!cell)) {
            GO_ERROR;
        }
        if (C) {
            qv_clear(qi, &r[B]);
        }
        qv_reg_put(qi, &r[A], cell);
        NEXT;
    }
    TARGET(COPY_FREE)
    {
        QvObj *closure = ((QvFunction *)f->owner)->closure;
        for (unsigned j = 0; j < B; j++) {
            qv_reg_put(qi, &r[A + j], qv_new_ref(qi, qv_tuple_peek(closure, j)));
        }
        NEXT;
    }
    TARGET(LOAD_CELL)
    {
        QvObj *x = ((QvCell *)r[B])->value;
        if (QV_UNLIKELY(!x)) {
            qv_raise_unbound_cell(qi, f, B);
            GO_ERROR;
        }
        qv_incref(qi, x);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(STORE_CELL)
    {
        QvObj *x = r[B];
        if (FLAGS & QV_TAKE_B) {
            r[B] = NULL;
        } else {
            qv_incref(qi, x);
        }
        qv_reg_put(qi, &((QvCell *)r[A])->value, x);
        NEXT;
    }
    TARGET(DEL_CELL)
    {
        QvCell *cell = (QvCell *)r[A];
        if (QV_UNLIKELY(!cell->value)) {
            qv_raise_unbound_cell(qi, f, A);
            GO_ERROR;
        }
        SAVE();
        qv_clear(qi, &cell->value);
        NEXT;
    }
    TARGET(LOAD_CLASS_CELL)
    {
        CHECK(qv_slow_load_class_cell(qi, f, r, pc));
        NEXT;
    }

    // ---- names ----
    TARGET(LOAD_GLOBAL)
    {
        CHECK(qv_slow_load_global(qi, f, r, pc));
        pc += 2;
        NEXT;
    }
    TARGET(LOAD_GLOBAL_MODULE)
    {
        QvDict *g = (QvDict *)f->globals;
        if (QV_LIKELY(g->version == CACHE(0))) {
            QvObj *x = *(QvObj **)CACHE(1);
            qv_incref(qi, x);
            qv_reg_put(qi, &r[A], x);
            pc += 2;
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_GLOBAL;
        CHECK(qv_slow_load_global(qi, f, r, pc));
        pc += 2;
        NEXT;
    }
    TARGET(LOAD_GLOBAL_BUILTIN)
    {
        QvDict *g = (QvDict *)f->globals;
        QvDict *b = (QvDict *)f->builtins;
        if (QV_LIKELY(g->version == CACHE(0) && b->version == CACHE(1) >> 16)) {
            QvObj *x = b->entries[CACHE(1) & 0xFFFF].value;
            qv_incref(qi, x);
            qv_reg_put(qi, &r[A], x);
            pc += 2;
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_GLOBAL;
        CHECK(qv_slow_load_global(qi, f, r, pc));
        pc += 2;
        NEXT;
    }
    TARGET(STORE_GLOBAL)
    {
        CHECK(qv_dict_set(qi, f->globals, f->code->names[B], r[A]));
        TAKEN(QV_TAKE_A, A);
        pc += 1;
        NEXT;
    }
    TARGET(DEL_GLOBAL)
    {
        CHECK(qv_slow_del_global(qi, f, pc));
        NEXT;
    }
    TARGET(LOAD_NAME)
    {
        // Module code: locals are globals, and the cache is that of LOAD_GLOBAL.
        QvDict *g = (QvDict *)f->globals;
        if (QV_LIKELY(f->locals == (QvObj *)g && g->version == CACHE(0) && CACHE(0) != 0)) {
            QvObj *x = *(QvObj **)CACHE(1);
            qv_incref(qi, x);
            qv_reg_put(qi, &r[A], x);
            pc += 2;
            NEXT;
        }
        CHECK(qv_slow_load_name(qi, f, r, pc));
        pc += 2;
        NEXT;
    }
    TARGET(STORE_NAME)
    {
        CHECK(qv_slow_store_name(qi, f, r, pc));
        pc += 1;
        NEXT;
    }
    TARGET(DEL_NAME)
    {
        CHECK(qv_slow_del_name(qi, f, pc));
        NEXT;
    }
    TARGET(LOAD_LOCALS)
    {
        if (QV_UNLIKELY(!f->locals)) {
            qv_raise(qi, &qv_exc_SystemError, "no locals");
            GO_ERROR;
        }
        qv_reg_put(qi, &r[A], qv_new_ref(qi, f->locals));
        NEXT;
    }

    // ---- arithmetic ----
    ARITH(ADD, QV_BIN_ADD, __builtin_add_overflow)
    ARITH(SUB, QV_BIN_SUB, __builtin_sub_overflow)
    ARITH(MUL, QV_BIN_MUL, __builtin_mul_overflow)
    ARITH_I(ADD_I, QV_BIN_ADD, __builtin_add_overflow)
    ARITH_I(SUB_I, QV_BIN_SUB, __builtin_sub_overflow)
    ARITH_I(MUL_I, QV_BIN_MUL, __builtin_mul_overflow)
    ARITH_F(ADD_FLOAT, ADD, QV_BIN_ADD, +)
    ARITH_F(SUB_FLOAT, SUB, QV_BIN_SUB, -)
    ARITH_F(MUL_FLOAT, MUL, QV_BIN_MUL, *)
    BITWISE(AND, QV_BIN_AND, &)
    BITWISE(OR, QV_BIN_OR, |)
    BITWISE(XOR, QV_BIN_XOR, ^)
    TARGET(TRUEDIV_FLOAT)
    {
        QvObj *x = r[B], *y = r[C];
        if (QV_LIKELY(x->type == &qv_float_type && y->type == &qv_float_type && FVAL(y) != 0.0)) {
            if (QV_UNLIKELY(qv_reg_put_float(qi, &r[A], FVAL(x) / FVAL(y)) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        pc[-1].op = QV_INS_TRUEDIV;
        which = QV_BIN_TRUEDIV;
        goto binary_slow;
    }
    TARGET(FLOORDIV)
    {
        QvObj *x = r[B], *y = r[C];
        if (QV_LIKELY(IS_INT(x) && IS_INT(y) && IVAL(y) > 0)) {
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], int_floordiv(IVAL(x), IVAL(y))) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_FLOORDIV;
        goto binary_slow;
    }
    TARGET(MOD)
    {
        QvObj *x = r[B], *y = r[C];
        if (QV_LIKELY(IS_INT(x) && IS_INT(y) && IVAL(y) > 0)) {
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], int_mod(IVAL(x), IVAL(y))) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_MOD;
        goto binary_slow;
    }
    TARGET(FLOORDIV_I)
    {
        QvObj *x = r[B];
        if (QV_LIKELY(IS_INT(x) && (int16_t)C > 0)) {
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], int_floordiv(IVAL(x), (int16_t)C)) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_FLOORDIV;
        goto binary_imm_slow;
    }
    TARGET(MOD_I)
    {
        QvObj *x = r[B];
        if (QV_LIKELY(IS_INT(x) && (int16_t)C > 0)) {
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], int_mod(IVAL(x), (int16_t)C)) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_MOD;
        goto binary_imm_slow;
    }
    TARGET(AND_I)
    {
        QvObj *x = r[B];
        if (QV_LIKELY(IS_INT(x))) {
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], IVAL(x) & (int64_t)(int16_t)C) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_AND;
        goto binary_imm_slow;
    }
    TARGET(LSHIFT)
    {
        QvObj *x = r[B], *y = r[C];
        if (QV_LIKELY(IS_INT(x) && IS_INT(y) && (uint64_t)IVAL(y) < 32 &&
                      IVAL(x) == (int32_t)IVAL(x))) {
            int64_t v = (int64_t)((uint64_t)IVAL(x) << IVAL(y));
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], v) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_LSHIFT;
        goto binary_slow;
    }
    TARGET(LSHIFT_I)
    {
        QvObj *x = r[B];
        if (QV_LIKELY(IS_INT(x) && C < 32 && IVAL(x) == (int32_t)IVAL(x))) {
            int64_t v = (int64_t)((uint64_t)IVAL(x) << C);
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], v) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_LSHIFT;
        goto binary_imm_slow;
    }
    TARGET(RSHIFT)
    {
        QvObj *x = r[B], *y = r[C];
        if (QV_LIKELY(IS_INT(x) && IS_INT(y) && (uint64_t)IVAL(y) < 64)) {
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], IVAL(x) >> IVAL(y)) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_RSHIFT;
        goto binary_slow;
    }
    TARGET(RSHIFT_I)
    {
        QvObj *x = r[B];
        if (QV_LIKELY(IS_INT(x) && C < 64)) {
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], IVAL(x) >> C) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_RSHIFT;
        goto binary_imm_slow;
    }
    TARGET(MATMUL)
    {
        which = QV_BIN_MATMUL;
        goto binary_slow;
    }
    TARGET(TRUEDIV)
    {
        QvObj *x = r[B], *y = r[C];
        // Both below 2**53: the quotient of the doubles is the correctly rounded one.
        if (IS_INT(x) && IS_INT(y) && IVAL(y) != 0 &&
            (uint64_t)IVAL(x) + (1ULL << 53) <= (1ULL << 54) &&
            (uint64_t)IVAL(y) + (1ULL << 53) <= (1ULL << 54)) {
            if (QV_UNLIKELY(qv_reg_put_float(qi, &r[A], (double)IVAL(x) / (double)IVAL(y)) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        which = QV_BIN_TRUEDIV;
        goto binary_slow;
    }
    TARGET(POW)
    {
        which = QV_BIN_POW;
        goto binary_slow;
    }
    TARGET(ADD_STR)
    {
        QvObj *x = r[B], *y = r[C];
        if (QV_UNLIKELY(x->type != &qv_str_type || y->type != &qv_str_type)) {
            pc[-1].op = QV_INS_ADD;
            which = QV_BIN_ADD;
            goto binary_slow;
        }
        if (A == B && x->refs == 1 && x != y) { // s += t: nobody else sees s, it grows in place
            r[A] = NULL;
            if (QV_UNLIKELY(qv_str_append(qi, &x, y) < 0)) {
                GO_ERROR;
            }
            r[A] = x;
            TAKEN(QV_TAKE_C, C);
            NEXT;
        }
        x = qv_str_concat(qi, x, y);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        TAKEN(QV_TAKE_C, C);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
binary_slow : {
    SAVE();
    made = qv_slow_binary(qi, ts, f, pc, (QvBinOp)which, &nf);
    goto perhaps_called;
}
binary_imm_slow : {
    SAVE();
    made = qv_slow_binary_imm(qi, ts, f, pc, (QvBinOp)which, &nf);
    goto perhaps_called;
}
    TARGET(NEG)
    {
        QvObj *x = r[B];
        if (QV_LIKELY(IS_INT(x) && IVAL(x) != INT64_MIN)) {
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], -IVAL(x)) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        SAVE();
        if ((x->type->flags & QV_T_HEAP) &&
            (nf = qv_special_unary(qi, ts, f, pc[-1], QV_N(__neg__), x)) != NULL) {
            TAKEN(QV_TAKE_B, B);
            goto enter_new;
        }
        CHECK(qv_slow_unary(qi, r, pc, qv_neg));
        NEXT;
    }
    TARGET(POS)
    {
        CHECK(qv_slow_unary(qi, r, pc, qv_pos));
        NEXT;
    }
    TARGET(INVERT)
    {
        CHECK(qv_slow_unary(qi, r, pc, qv_invert));
        NEXT;
    }
    TARGET(NOT)
    {
        QvObj *x = r[B];
        int truth;
        if (x == QV_TRUE || x == QV_FALSE) {
            truth = x == QV_TRUE;
        } else {
            SAVE();
            if ((x->type->flags & QV_T_HEAP) && (nf = qv_special_truth(qi, ts, f, x)) != NULL) {
                goto enter_new;
            }
            truth = qv_is_true(qi, x);
            if (QV_UNLIKELY(truth < 0)) {
                GO_ERROR;
            }
        }
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], qv_bool(!truth));
        NEXT;
    }

    // ---- comparison ----
    COMPARE(LT, QV_LT, <)
    COMPARE(LE, QV_LE, <=)
    COMPARE(EQ, QV_EQ, ==)
    COMPARE(NE, QV_NE, !=)
    COMPARE(GT, QV_GT, >)
    COMPARE(GE, QV_GE, >=)
compare_slow : {
    SAVE();
    made = qv_slow_compare(qi, ts, f, pc, (QvCmpOp)which, &nf);
    goto perhaps_called;
}
    TARGET(IS)
    {
        bool same = qv_is_same(r[B], r[C]);
        TAKEN(QV_TAKE_B, B);
        TAKEN(QV_TAKE_C, C);
        qv_reg_put(qi, &r[A], qv_bool(same));
        NEXT;
    }
    TARGET(IS_NOT)
    {
        bool same = qv_is_same(r[B], r[C]);
        TAKEN(QV_TAKE_B, B);
        TAKEN(QV_TAKE_C, C);
        qv_reg_put(qi, &r[A], qv_bool(!same));
        NEXT;
    }
    TARGET(IN)
    {
        SAVE();
        if ((r[C]->type->flags & QV_T_HEAP) &&
            (nf = qv_special_contains(qi, ts, f, r[C], r[B])) != NULL) {
            goto enter_new;
        }
        int found = qv_slow_contains(qi, r, pc, C, B, QV_TAKE_B | QV_TAKE_C);
        if (QV_UNLIKELY(found < 0)) {
            GO_ERROR;
        }
        qv_reg_put(qi, &r[A], qv_bool(found));
        NEXT;
    }
    TARGET(NOT_IN)
    {
        SAVE();
        if ((r[C]->type->flags & QV_T_HEAP) &&
            (nf = qv_special_contains(qi, ts, f, r[C], r[B])) != NULL) {
            goto enter_new;
        }
        int found = qv_slow_contains(qi, r, pc, C, B, QV_TAKE_B | QV_TAKE_C);
        if (QV_UNLIKELY(found < 0)) {
            GO_ERROR;
        }
        qv_reg_put(qi, &r[A], qv_bool(!found));
        NEXT;
    }
    TEST(JLT, QV_LT, <, 1)
    TEST(JLE, QV_LE, <=, 1)
    TEST(JEQ, QV_EQ, ==, 1)
    TEST(JNE, QV_NE, !=, 1)
    TEST(JGT, QV_GT, >, 1)
    TEST(JGE, QV_GE, >=, 1)
    TEST(JNLT, QV_LT, <, 0)
    TEST(JNLE, QV_LE, <=, 0)
    TEST(JNEQ, QV_EQ, ==, 0)
    TEST(JNNE, QV_NE, !=, 0)
    TEST(JNGT, QV_GT, >, 0)
    TEST(JNGE, QV_GE, >=, 0)
test_slow : {
    SAVE();
    int truth = qv_slow_test(qi, ts, f, pc, (QvCmpOp)which, &nf);
    if (truth > 1) {
        goto enter_new;
    }
    if (QV_UNLIKELY(truth < 0)) {
        GO_ERROR;
    }
    if (truth == ((uint8_t)w < QV_INS_JNLT)) {
        JUMP_BY((int16_t)C);
    }
    NEXT;
}
    TEST_I(JLT_I, QV_LT, <, 1)
    TEST_I(JLE_I, QV_LE, <=, 1)
    TEST_I(JEQ_I, QV_EQ, ==, 1)
    TEST_I(JNE_I, QV_NE, !=, 1)
    TEST_I(JGT_I, QV_GT, >, 1)
    TEST_I(JGE_I, QV_GE, >=, 1)
    TEST_I(JNLT_I, QV_LT, <, 0)
    TEST_I(JNLE_I, QV_LE, <=, 0)
    TEST_I(JNEQ_I, QV_EQ, ==, 0)
    TEST_I(JNNE_I, QV_NE, !=, 0)
    TEST_I(JNGT_I, QV_GT, >, 0)
    TEST_I(JNGE_I, QV_GE, >=, 0)

    // ---- jumps ----
    TARGET(JUMP)
    {
        JUMP_BY(LONG_JUMP);
        NEXT;
    }
    TEST_TRUTH(JTRUE, 1)
    TEST_TRUTH(JFALSE, 0)
    TARGET(JNONE)
    {
        bool none = r[A] == QV_NONE;
        TAKEN(QV_TAKE_A, A);
        if (none) {
            JUMP_BY(LONG_JUMP);
        }
        NEXT;
    }
    TARGET(JNOTNONE)
    {
        bool none = r[A] == QV_NONE;
        TAKEN(QV_TAKE_A, A);
        if (!none) {
            JUMP_BY(LONG_JUMP);
        }
        NEXT;
    }
    TARGET(JIN)
    {
        SAVE();
        if ((r[B]->type->flags & QV_T_HEAP) &&
            (nf = qv_special_contains(qi, ts, f, r[B], r[A])) != NULL) {
            goto enter_new;
        }
        int found = qv_slow_contains(qi, r, pc, B, A, QV_TAKE_A | QV_TAKE_B);
        if (QV_UNLIKELY(found < 0)) {
            GO_ERROR;
        }
        if (found) {
            JUMP_BY((int16_t)C);
        }
        NEXT;
    }
    TARGET(JNOTIN)
    {
        SAVE();
        if ((r[B]->type->flags & QV_T_HEAP) &&
            (nf = qv_special_contains(qi, ts, f, r[B], r[A])) != NULL) {
            goto enter_new;
        }
        int found = qv_slow_contains(qi, r, pc, B, A, QV_TAKE_A | QV_TAKE_B);
        if (QV_UNLIKELY(found < 0)) {
            GO_ERROR;
        }
        if (!found) {
            JUMP_BY((int16_t)C);
        }
        NEXT;
    }
    TARGET(JIS)
    {
        bool same = qv_is_same(r[A], r[B]);
        TAKEN(QV_TAKE_A, A);
        TAKEN(QV_TAKE_B, B);
        if (same) {
            JUMP_BY((int16_t)C);
        }
        NEXT;
    }
    TARGET(JISNOT)
    {
        bool same = qv_is_same(r[A], r[B]);
        TAKEN(QV_TAKE_A, A);
        TAKEN(QV_TAKE_B, B);
        if (!same) {
            JUMP_BY((int16_t)C);
        }
        NEXT;
    }

    // ---- attributes ----
    // Caches: word 0 low half: type version, high half: byte offset of the slot in the instance.
    TARGET(LOAD_ATTR)
    {
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_SLOT)
    {
        QvObj *o = r[B];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) &&
                      *(uint64_t *)((char *)o + CACHE(2)) == CACHE(1))) {
            QvObj *x = *(QvObj **)((char *)o + (CACHE(0) >> 32));
            qv_incref(qi, x);
            pc += 3;
            if (FLAGS & QV_TAKE_B) {
                r[B] = NULL;
                qv_decref(qi, o);
            }
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_ATTR_ANY;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_MODULE)
    {
        QvObj *o = r[B];
        if (QV_LIKELY(o->type == &qv_module_type)) {
            QvDict *d = (QvDict *)((QvModule *)o)->dict;
            if (QV_LIKELY(d->version == CACHE(0))) {
                QvObj *x = d->entries[CACHE(1)].value;
                qv_incref(qi, x);
                pc += 3;
                TAKEN(QV_TAKE_B, B);
                qv_reg_put(qi, &r[A], x);
                NEXT;
            }
        }
        pc[-1].op = QV_INS_LOAD_ATTR;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_CLASS)
    {
        // A value of the type, no instance attribute of that name. Word 1: shape (the type, when
        // instances have none), word 2: the value; word 0 high half: where word 1 stands in the
        // object.
        QvObj *o = r[B];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) &&
                      *(uint64_t *)((char *)o + (CACHE(0) >> 32)) == CACHE(1))) {
            QvObj *x = (QvObj *)(uintptr_t)CACHE(2);
            qv_incref(qi, x);
            pc += 3;
            TAKEN(QV_TAKE_B, B);
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_ATTR_ANY;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_TYPE)
    {
        // o is itself a class: word 0 its version, word 2 the value.
        QvObj *o = r[B];
        if (QV_LIKELY(o->type == &qv_type_type && ((QvType *)o)->version == (uint32_t)CACHE(0))) {
            QvObj *x = (QvObj *)(uintptr_t)CACHE(2);
            qv_incref(qi, x);
            pc += 3;
            TAKEN(QV_TAKE_B, B);
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_ATTR;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_MEMBER)
    {
        QvObj *o = r[B];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0))) {
            QvObj *x = *(QvObj **)((char *)o + (CACHE(0) >> 32));
            if (QV_LIKELY(x != NULL)) {
                qv_incref(qi, x);
                pc += 3;
                TAKEN(QV_TAKE_B, B);
                qv_reg_put(qi, &r[A], x);
                NEXT;
            }
        }
        pc[-1].op = QV_INS_LOAD_ATTR_ANY;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_PROPERTY)
    {
        // A property whose getter is a plain Python function of one argument: word 2 the function.
        // Its frame is entered here.
        QvObj *o = r[B];
        QvFunction *fn = (QvFunction *)(uintptr_t)CACHE(2);
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) &&
                      fn->code->version == (uint32_t)CACHE(1))) {
            QvObj **win = f->top;
            SAVE();
            if (QV_UNLIKELY(win + fn->code->nregs > ts->stack_soft) &&
                qv_stack_grow(qi, ts, win + fn->code->nregs) < 0) {
                GO_ERROR;
            }
            pc += 3;
            SAVE();
            qv_unbind_locals(qi, win, 1, fn->code->nlocals);
            qv_incref(qi, (QvObj *)fn);
            nf = qv_frame_push(qi, ts, (QvObj *)fn, win, A, QV_FRAME_PLAIN);
            if (QV_UNLIKELY(!nf)) {
                GO_ERROR;
            }
            qv_incref(qi, o);
            TAKEN(QV_TAKE_B, B);
            qv_reg_put(qi, &win[0], o);
            goto enter_new;
        }
        pc[-1].op = QV_INS_LOAD_ATTR;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_ANY)
    {
        QvObj *o = r[B];
        const QvAttrEntry *e = qv_find_attr(qi, o, f->code->names[C], QV_ATTR_LOAD);
        if (QV_LIKELY(e != NULL)) {
            QvObj *x = qv_attr_value(e, o, f->code->names[C]);
            if (QV_LIKELY(x != NULL)) {
                qv_incref(qi, x);
                pc += 3;
                TAKEN(QV_TAKE_B, B);
                qv_reg_put(qi, &r[A], x);
                NEXT;
            }
        }
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_BOUND)
    {
        // As LOAD_ATTR_CLASS; word 2 is a function or a built-in type's method, and a bound one is
        // made.
        QvObj *o = r[B];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) &&
                      *(uint64_t *)((char *)o + (CACHE(0) >> 32)) == CACHE(1))) {
            QvObj *d = (QvObj *)(uintptr_t)CACHE(2);
            QvObj *x = d->type == &qv_function_type
                           ? qv_method_new(qi, d, o)
                           : d->type->descr_get(qi, d, o, (QvObj *)o->type);
            if (QV_UNLIKELY(!x)) {
                GO_ERROR;
            }
            pc += 3;
            TAKEN(QV_TAKE_B, B);
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_ATTR;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_GETSET)
    {
        // Word 2: the descriptor, which fits the type.
        QvObj *o = r[B];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) && (uintptr_t)o->type == CACHE(1))) {
            SAVE();
            QvObj *x = ((QvGetSetDescr *)(uintptr_t)CACHE(2))->def->get(qi, o);
            if (QV_UNLIKELY(!x)) {
                GO_ERROR;
            }
            pc += 3;
            TAKEN(QV_TAKE_B, B);
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_ATTR;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_GET_PY)
    {
        // Guards as LOAD_ATTR_CLASS; word 2: the descriptor.
        QvObj *o = r[B];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) &&
                      *(uint64_t *)((char *)o + (CACHE(0) >> 32)) == CACHE(1))) {
            SAVE();
            nf = qv_special_get(qi, ts, f, (QvObj *)(uintptr_t)CACHE(2), o, A);
            if (QV_LIKELY(nf != NULL)) {
                pc += 3;
                SAVE();
                TAKEN(QV_TAKE_B, B);
                goto enter_new;
            }
        }
        pc[-1].op = QV_INS_LOAD_ATTR;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_ATTR_TUPLE_ITEM)
    {
        QvObj *o = r[B];
        QvSsize at = (QvSsize)(CACHE(0) >> 32);
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) && at < qv_tuple_len(o))) {
            QvObj *x = qv_tuple_peek(o, at);
            qv_incref(qi, x);
            pc += 3;
            TAKEN(QV_TAKE_B, B);
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_ATTR;
        CHECK(qv_slow_load_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(STORE_ATTR)
    {
        CHECK(qv_slow_store_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(STORE_ATTR_SLOT)
    {
        QvObj *o = r[A];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) &&
                      *(uint64_t *)((char *)o + CACHE(2)) == CACHE(1))) {
            QvObj **slot = (QvObj **)((char *)o + (CACHE(0) >> 32));
            QvObj *x = r[C];
            if (FLAGS & QV_TAKE_C) {
                r[C] = NULL;
            } else {
                qv_incref(qi, x);
            }
            pc += 3;
            SAVE();
            qv_reg_put(qi, slot, x);
            TAKEN(QV_TAKE_A, A);
            NEXT;
        }
        pc[-1].op = QV_INS_STORE_ATTR_ANY;
        CHECK(qv_slow_store_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(STORE_ATTR_ADD)
    {
        // The shape moves on to its child: words 1 and 2 old and new shape; word 0 high half:
        // offset of the slot; the shape's own offset is where the type says.
        QvObj *o = r[A];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0))) {
            QvInstPart *part = (QvInstPart *)((char *)o + o->type->inst_offset);
            QvShape *next = (QvShape *)(uintptr_t)CACHE(2);
            if (QV_LIKELY((uintptr_t)part->shape == CACHE(1) && next->count <= qv_inst_cap(o))) {
                QvObj *x = r[C];
                if (FLAGS & QV_TAKE_C) {
                    r[C] = NULL;
                } else {
                    qv_incref(qi, x);
                }
                part->shape = next;
                *(QvObj **)((char *)o + (CACHE(0) >> 32)) = x;
                pc += 3;
                TAKEN(QV_TAKE_A, A);
                NEXT;
            }
        }
        pc[-1].op = QV_INS_STORE_ATTR_ANY;
        CHECK(qv_slow_store_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(STORE_ATTR_MEMBER)
    {
        QvObj *o = r[A];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0))) {
            QvObj *x = r[C];
            if (FLAGS & QV_TAKE_C) {
                r[C] = NULL;
            } else {
                qv_incref(qi, x);
            }
            QvObj **slot = (QvObj **)((char *)o + (CACHE(0) >> 32));
            pc += 3;
            SAVE();
            qv_reg_put(qi, slot, x);
            TAKEN(QV_TAKE_A, A);
            NEXT;
        }
        pc[-1].op = QV_INS_STORE_ATTR_ANY;
        CHECK(qv_slow_store_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(STORE_ATTR_PROPERTY)
    {
        // A property whose setter is a plain Python function of two arguments: word 2 the function.
        QvObj *o = r[A];
        QvFunction *fn = (QvFunction *)(uintptr_t)CACHE(2);
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) &&
                      fn->code->version == (uint32_t)CACHE(1))) {
            SAVE();
            nf = qv_special_setter(qi, ts, f, fn, o, r[C]);
            if (QV_LIKELY(nf != NULL)) {
                goto enter_new;
            }
        } else {
            pc[-1].op = QV_INS_STORE_ATTR;
        }
        CHECK(qv_slow_store_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(STORE_ATTR_ANY)
    {
        QvObj *o = r[A];
        const QvAttrEntry *e = qv_find_attr(qi, o, f->code->names[B], QV_ATTR_STORE);
        QvShape *after = e ? e->after : NULL;
        if (e != NULL && QV_UNLIKELY(e->offset == QV_ATTR_IN_DICT)) {
            QvObj *dict = qv_attr_dict(o);
            if (dict) {
                SAVE();
                qv_incref(qi, dict); // the object may let go of it while the old value dies
                made = qv_dict_set(qi, dict, f->code->names[B], r[C]);
                qv_decref(qi, dict);
                if (QV_UNLIKELY(made < 0)) {
                    GO_ERROR;
                }
                pc += 3;
                TAKEN(QV_TAKE_C, C);
                TAKEN(QV_TAKE_A, A);
                NEXT;
            }
        } else if (QV_LIKELY(e != NULL && (after == NULL || after->count <= qv_inst_cap(o)))) {
            QvObj *x = r[C];
            if (FLAGS & QV_TAKE_C) {
                r[C] = NULL;
            } else {
                qv_incref(qi, x);
            }
            QvObj **slot = (QvObj **)((char *)o + e->offset);
            pc += 3;
            if (after) {
                *(QvShape **)((char *)o + e->at) = after;
                *slot = x;
            } else {
                SAVE();
                qv_reg_put(qi, slot, x);
            }
            TAKEN(QV_TAKE_A, A);
            NEXT;
        }
        CHECK(qv_slow_store_attr(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(DEL_ATTR)
    {
        CHECK(qv_slow_del_attr(qi, f, r, pc));
        NEXT;
    }
    TARGET(LOAD_METHOD)
    {
        CHECK(qv_slow_load_method(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_METHOD_CACHED)
    {
        QvObj *o = r[B];
        if (QV_LIKELY(o->type->version == (uint32_t)CACHE(0) &&
                      *(uint64_t *)((char *)o + (CACHE(0) >> 32)) == CACHE(1))) {
            QvObj *x = (QvObj *)(uintptr_t)CACHE(2);
            qv_incref(qi, x);
            pc += 3;
            if (B == A) {
                r[A] = x;
            } else {
                if (FLAGS & QV_TAKE_B) {
                    r[B] = NULL;
                } else {
                    qv_incref(qi, o);
                }
                qv_reg_put(qi, &r[A], x);
            }
            qv_reg_put(qi, &r[A + 1], o);
            NEXT;
        }
        pc[-1].op = QV_INS_LOAD_METHOD_ANY;
        CHECK(qv_slow_load_method(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_METHOD_ANY)
    {
        QvObj *o = r[B];
        const QvAttrEntry *e = qv_find_attr(qi, o, f->code->names[C], QV_ATTR_METHOD);
        if (QV_LIKELY(e != NULL)) {
            QvObj *x = e->value;
            qv_incref(qi, x);
            pc += 3;
            if (B == A) {
                r[A] = x;
            } else {
                if (FLAGS & QV_TAKE_B) {
                    r[B] = NULL;
                } else {
                    qv_incref(qi, o);
                }
                qv_reg_put(qi, &r[A], x);
            }
            qv_reg_put(qi, &r[A + 1], o);
            NEXT;
        }
        CHECK(qv_slow_load_method(qi, f, r, pc));
        pc += 3;
        NEXT;
    }
    TARGET(LOAD_METHOD_VALUE)
    {
        QvObj *o = r[B];
        if (QV_UNLIKELY(o->type->version != (uint32_t)CACHE(0) ||
                        *(uint64_t *)((char *)o + (CACHE(0) >> 32)) != CACHE(1))) {
            goto load_method_again;
        }
        result = (QvObj *)(uintptr_t)CACHE(2);
        qv_incref(qi, result);
        goto load_method_value;
    }
    TARGET(LOAD_METHOD_SLOT)
    {
        QvObj *o = r[B];
        if (QV_UNLIKELY(o->type->version != (uint32_t)CACHE(0) ||
                        *(uint64_t *)((char *)o + CACHE(2)) != CACHE(1))) {
            goto load_method_again;
        }
        result = *(QvObj **)((char *)o + (CACHE(0) >> 32));
        qv_incref(qi, result);
        goto load_method_value;
    }
    TARGET(LOAD_METHOD_MODULE)
    {
        QvObj *o = r[B];
        if (QV_UNLIKELY(o->type != &qv_module_type ||
                        ((QvDict *)((QvModule *)o)->dict)->version != CACHE(0))) {
            goto load_method_again;
        }
        result = ((QvDict *)((QvModule *)o)->dict)->entries[CACHE(1)].value;
        qv_incref(qi, result);
        goto load_method_value;
    }
load_method_value: // `result` (owned) takes no self
    pc += 3;
    SAVE();
    if ((FLAGS & QV_TAKE_B) && B != A && B != A + 1) {
        qv_reg_drop(qi, &r[B]);
    }
    qv_reg_put(qi, &r[A], result);
    qv_reg_put(qi, &r[A + 1], NULL);
    NEXT;
load_method_again:
    pc[-1].op = QV_INS_LOAD_METHOD;
    CHECK(qv_slow_load_method(qi, f, r, pc));
    pc += 3;
    NEXT;
    TARGET(LOAD_SUPER)
    {
        CHECK(qv_slow_load_super(qi, f, r, pc, false));
        NEXT;
    }
    TARGET(LOAD_SUPER_METHOD)
    {
        CHECK(qv_slow_load_super(qi, f, r, pc, true));
        NEXT;
    }

    // ---- subscripts ----
    TARGET(GETITEM) { goto getitem_slow; }
    TARGET(GETITEM_LIST_INT)
    {
        QvObj *o = r[B], *k = r[C];
        if (QV_LIKELY(o->type == &qv_list_type && IS_INT(k))) {
            int64_t at = IVAL(k);
            QvList *list = (QvList *)o;
            if (at < 0) {
                at += list->boxed;
            }
            if (QV_LIKELY((uint64_t)at < (uint64_t)list->boxed)) {
                QvObj *x = list->items[at];
                qv_incref(qi, x);
                pc += 1;
                TAKEN(QV_TAKE_B, B);
                qv_reg_put(qi, &r[A], x);
                NEXT;
            }
            const QvNumbers *packed = list->numbers;
            if (packed != NULL) {
                at = IVAL(k);
                at += at < 0 ? packed->len : 0;
                if (QV_LIKELY((uint64_t)at < (uint64_t)packed->len)) {
                    pc += 1;
                    if (QV_UNLIKELY(A == B || (FLAGS & QV_TAKE_B))) { // the list may end
                        QvObj *x = qv_list_number(qi, o, at);
                        if (QV_UNLIKELY(!x)) {
                            GO_ERROR;
                        }
                        TAKEN(QV_TAKE_B, B);
                        qv_reg_put(qi, &r[A], x);
                    } else if (QV_UNLIKELY(qv_reg_put_number(qi, &r[A], packed, at) < 0)) {
                        GO_ERROR;
                    }
                    NEXT;
                }
            }
        } else {
            pc[-1].op = QV_INS_GETITEM;
        }
        goto getitem_slow;
    }
    TARGET(GETITEM_TUPLE_INT)
    {
        QvObj *o = r[B], *k = r[C];
        if (QV_LIKELY(o->type == &qv_tuple_type && IS_INT(k))) {
            int64_t at = IVAL(k);
            if (at < 0) {
                at += qv_tuple_len(o);
            }
            if (QV_LIKELY((uint64_t)at < (uint64_t)qv_tuple_len(o))) {
                QvObj *x = qv_tuple_peek(o, at);
                qv_incref(qi, x);
                pc += 1;
                TAKEN(QV_TAKE_B, B);
                qv_reg_put(qi, &r[A], x);
                NEXT;
            }
        } else {
            pc[-1].op = QV_INS_GETITEM;
        }
        goto getitem_slow;
    }
    TARGET(GETITEM_STR_INT)
    {
        QvObj *o = r[B], *k = r[C];
        if (QV_LIKELY(o->type == &qv_str_type && IS_INT(k))) {
            int64_t at = IVAL(k);
            if (at < 0) {
                at += qv_str_len(o);
            }
            if (QV_LIKELY((uint64_t)at < (uint64_t)qv_str_len(o))) {
                QvObj *x = qv_str_from_char(qi, qv_str_read(o, at));
                if (QV_UNLIKELY(!x)) {
                    GO_ERROR;
                }
                pc += 1;
                TAKEN(QV_TAKE_B, B);
                qv_reg_put(qi, &r[A], x);
                NEXT;
            }
        } else {
            pc[-1].op = QV_INS_GETITEM;
        }
        goto getitem_slow;
    }
    TARGET(GETITEM_DICT)
    {
        QvObj *o = r[B], *k = r[C];
        if (QV_LIKELY(o->type == &qv_dict_type)) {
            QvObj *x;
            SAVE();
            int found = qv_dict_get(qi, o, k, &x);
            if (QV_UNLIKELY(found < 0)) {
                GO_ERROR;
            }
            if (QV_LIKELY(found)) {
                qv_incref(qi, x);
                pc += 1;
                TAKEN(QV_TAKE_B, B);
                TAKEN(QV_TAKE_C, C);
                qv_reg_put(qi, &r[A], x);
                NEXT;
            }
            qv_raise_obj(qi, &qv_exc_KeyError, k);
            GO_ERROR;
        }
        pc[-1].op = QV_INS_GETITEM;
        goto getitem_slow;
    }
    TARGET(SETITEM) { goto setitem_slow; }
    TARGET(SETITEM_LIST_INT)
    {
        QvObj *o = r[A], *k = r[B];
        if (QV_LIKELY(o->type == &qv_list_type && IS_INT(k))) {
            int64_t at = IVAL(k);
            QvList *list = (QvList *)o;
            if (at < 0) {
                at += list->boxed;
            }
            if (QV_LIKELY((uint64_t)at < (uint64_t)list->boxed)) {
                QvObj *x = r[C];
                if (FLAGS & QV_TAKE_C) {
                    r[C] = NULL;
                } else {
                    qv_incref(qi, x);
                }
                QvObj *old = list->items[at];
                list->items[at] = x;
                pc += 1;
                SAVE();
                qv_decref(qi, old);
                TAKEN(QV_TAKE_A, A);
                NEXT;
            }
            QvNumbers *packed = list->numbers;
            if (packed != NULL) {
                at = IVAL(k);
                at += at < 0 ? packed->len : 0;
                if (QV_LIKELY((uint64_t)at < (uint64_t)packed->len &&
                              qv_numbers_put(packed, at, r[C]))) {
                    pc += 1;
                    SAVE();
                    TAKEN(QV_TAKE_C, C);
                    TAKEN(QV_TAKE_A, A);
                    NEXT;
                }
            }
        } else {
            pc[-1].op = QV_INS_SETITEM;
        }
        goto setitem_slow;
    }
    TARGET(SETITEM_DICT)
    {
        QvObj *o = r[A];
        if (QV_LIKELY(o->type == &qv_dict_type)) {
            CHECK(qv_dict_set(qi, o, r[B], r[C]));
            pc += 1;
            TAKEN(QV_TAKE_A, A);
            TAKEN(QV_TAKE_B, B);
            TAKEN(QV_TAKE_C, C);
            NEXT;
        }
        pc[-1].op = QV_INS_SETITEM;
        goto setitem_slow;
    }
getitem_slow : {
    SAVE();
    made = qv_slow_getitem(qi, ts, f, pc, &nf);
    if (made > 0) {
        goto enter_new;
    }
    if (QV_UNLIKELY(made < 0)) {
        GO_ERROR;
    }
    pc += 1;
    NEXT;
}
setitem_slow : {
    SAVE();
    made = qv_slow_setitem(qi, ts, f, pc, &nf);
    if (made > 0) {
        goto enter_new;
    }
    if (QV_UNLIKELY(made < 0)) {
        GO_ERROR;
    }
    pc += 1;
    NEXT;
}
    TARGET(GETITEM_SLICE)
    {
        CHECK(qv_slow_getitem_slice(qi, r, pc));
        NEXT;
    }
    TARGET(GETITEM_SLICE_K)
    {
        CHECK(qv_slow_getitem_slice_k(qi, r, pc));
        NEXT;
    }
    TARGET(SETITEM_SLICE)
    {
        CHECK(qv_slow_setitem_slice(qi, r, pc));
        NEXT;
    }
    TARGET(DELITEM)
    {
        SAVE();
        if ((r[A]->type->flags & QV_T_HEAP) &&
            (nf = qv_special_setitem(qi, ts, f, r[A], r[B], NULL)) != NULL) {
            goto enter_new;
        }
        CHECK(qv_slow_delitem(qi, r, pc));
        NEXT;
    }
    TARGET(BUILD_SLICE)
    {
        QvObj *x = qv_slice_new(qi, r[B], r[B + 1], C == 3 ? r[B + 2] : NULL);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        qv_regs_drop(qi, &r[B], C);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }

    // ---- iteration ----
    TARGET(GET_ITER)
    {
        SAVE();
        QvObj *x = qv_iter(qi, r[B]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(FOR_ITER)
    {
        QvObj *it = r[B];
        if (it->type == &qv_range_iterator_type) {
            BECOME(FOR_ITER_RANGE);
        }
        QvOp fused = qv_for_unpack_op(r, pc);
        if (fused != QV_INS_FOR_ITER) {
            pc[-1].op = (uint8_t)fused;
            goto *labels[fused];
        }
        if (it->type == &qv_list_iterator_type) {
            BECOME(FOR_ITER_LIST);
        }
        if (it->type == &qv_tuple_iterator_type) {
            BECOME(FOR_ITER_TUPLE);
        }
        if (it->type == &qv_generator_type) {
            BECOME(FOR_ITER_GEN);
        }
        if (it->type == &qv_dict_keyiterator_type || it->type == &qv_dict_valueiterator_type) {
            BECOME(FOR_ITER_DICT);
        }
        CACHE(0) = (uintptr_t)it->type;
        BECOME(FOR_ITER_ANY);
    }
    TARGET(FOR_ITER_ANY)
    {
        // Word 0: the type, which has no form of its own.
        QvObj *it = r[B];
        if (QV_UNLIKELY((uintptr_t)it->type != CACHE(0) || it->type->next == NULL)) {
            pc[-1].op = QV_INS_FOR_ITER;
            goto for_iter_any; // changes its mind at the next round
        }
        SAVE();
        QvObj *x = it->type->next(qi, it);
        if (QV_LIKELY(x != NULL)) {
            pc += 1;
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        if (QV_UNLIKELY(qv_for_iter_end(qi, &r[B]) < 0)) {
            GO_ERROR;
        }
        pc += 1 + (int16_t)C;
        NEXT;
    }
for_iter_any : {
    SAVE();
    int more = qv_slow_for_iter(qi, r, pc);
    if (QV_UNLIKELY(more < 0)) {
        GO_ERROR;
    }
    pc += 1;
    if (!more) {
        pc += (int16_t)C;
    }
    NEXT;
}
for_iter_end: // nobody else has the iterator, which is at its end
    SAVE();
    qv_clear(qi, &r[B]);
    pc += 1 + (int16_t)C;
    NEXT;
    TARGET(FOR_ITER_RANGE)
    {
        QvRangeIter *it = (QvRangeIter *)r[B];
        if (QV_UNLIKELY(it->h.type != &qv_range_iterator_type)) {
            BECOME(FOR_ITER);
        }
        pc += 1;
        if (QV_LIKELY(it->left != 0)) {
            int64_t v = it->next;
            it->left--;
            it->next = (int64_t)((uint64_t)v + (uint64_t)it->step);
            if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], v) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        qv_clear(qi, &r[B]);
        pc += (int16_t)C;
        NEXT;
    }
    TARGET(FOR_ITER_LIST)
    {
        QvSeqIter *it = (QvSeqIter *)r[B];
        if (QV_UNLIKELY(it->h.type != &qv_list_iterator_type)) {
            BECOME(FOR_ITER);
        }
        QvList *list = (QvList *)it->seq;
        if (QV_LIKELY(list != NULL && it->index < list->boxed)) {
            QvObj *x = list->items[it->index++];
            qv_incref(qi, x);
            pc += 1;
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        if (list != NULL && list->numbers != NULL && it->index < list->numbers->len) {
            pc += 1;
            if (QV_UNLIKELY(qv_reg_put_number(qi, &r[A], list->numbers, it->index++) < 0)) {
                GO_ERROR;
            }
            NEXT;
        }
        if (QV_LIKELY(it->h.refs == 1)) {
            goto for_iter_end;
        }
        goto for_iter_any;
    }
    TARGET(FOR_ITER_TUPLE)
    {
        QvSeqIter *it = (QvSeqIter *)r[B];
        if (QV_UNLIKELY(it->h.type != &qv_tuple_iterator_type)) {
            BECOME(FOR_ITER);
        }
        QvObj *t = it->seq;
        if (QV_LIKELY(t != NULL && it->index < qv_tuple_len(t))) {
            QvObj *x = qv_tuple_peek(t, it->index++);
            qv_incref(qi, x);
            pc += 1;
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        if (QV_LIKELY(it->h.refs == 1)) {
            goto for_iter_end;
        }
        goto for_iter_any;
    }
    TARGET(FOR_ITER_DICT)
    {
        QvDictIter *it = (QvDictIter *)r[B];
        bool keys = it->h.type == &qv_dict_keyiterator_type;
        if (QV_UNLIKELY(!keys && it->h.type != &qv_dict_valueiterator_type)) {
            BECOME(FOR_ITER);
        }
        QvObj *key, *x;
        if (QV_LIKELY(qv_dict_iter_step(it, &key, &x))) {
            x = keys ? key : x;
            qv_incref(qi, x);
            pc += 1;
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        if (QV_LIKELY(it->h.refs == 1 && qv_dict_iter_ended(it))) {
            goto for_iter_end;
        }
        goto for_iter_any;
    }
    // The UNPACK behind these is part of them: no tuple is made. Under a tracer it is told apart.
    TARGET(FOR_ITER_ITEMS)
    {
        QvDictIter *it = (QvDictIter *)r[B];
        if (QV_UNLIKELY(it->h.type != &qv_dict_itemiterator_type)) {
            BECOME(FOR_ITER);
        }
        QvObj *key, *value;
        if (QV_UNLIKELY(qi->tracing) || QV_UNLIKELY(!qv_dict_iter_step(it, &key, &value))) {
            if (it->h.refs == 1 && qv_dict_iter_ended(it)) {
                goto for_iter_end;
            }
            goto for_iter_any;
        }
        QvObj **to = &r[pc[1].a];
        qv_incref(qi, key);
        qv_incref(qi, value);
        pc += 3;
        SAVE();
        qv_reg_put(qi, &to[0], key);
        qv_reg_put(qi, &to[1], value);
        NEXT;
    }
    FOR_FUSED(FOR_ITER_ENUM, qv_enumerate_type, qv_for_enumerate)
    FOR_FUSED(FOR_ITER_ZIP, qv_zip_type, qv_for_zip)
    FOR_FUSED(FOR_ITER_TUPLES, qv_list_iterator_type, qv_for_tuples)
    TARGET(FOR_ITER_GEN)
    {
        // The generator's frame is entered in this loop: no C recursion. It comes back through
        // YIELD or its end.
        QvGenerator *g = (QvGenerator *)r[B];
        if (QV_UNLIKELY(g->h.type != &qv_generator_type)) {
            BECOME(FOR_ITER);
        }
        if (QV_UNLIKELY(g->state > QV_GEN_SUSPENDED)) {
            goto for_iter_any; // running ("generator already executing") or done
        }
        if (QV_UNLIKELY(ts->frames_top >= ts->frames_limit)) {
            goto for_iter_any; // reports the recursion error
        }
        SAVE(); // behind the word: the jump and the cache are looked at when it comes back
        nf = qv_generator_sent(qi, g, QV_NONE);
        nf->stage = QV_RESUMED_BY_FOR;
        nf->dst = A;
        goto enter_generator;
    }
enter_generator: // nf, a generator's frame that stands still, goes on in this loop; f, which is
                 // saved, gets what it gives by nf->stage
    nf->prev = f;
    nf->kind = QV_FRAME_GEN | QV_FRAME_GEN_INLINE;
    qv_generator_enter(ts, nf->gen);
    ts->frames_top++; // a record that stays empty: the depth counts
    f = nf;
    ts->frame = f;
    r = f->regs;
    pc = f->pc;
    if (QV_UNLIKELY(qv_poll_peek(qi))) {
        goto poll_resumed;
    }
    COUNT(true);
    NEXT;
    TARGET(UNPACK)
    {
        QvObj *seq = r[B];
        if (QV_LIKELY(seq->type == &qv_tuple_type && qv_tuple_len(seq) == C)) {
            bool mine = (FLAGS & QV_TAKE_B) || (B >= A && B < A + C);
            if (mine) {
                r[B] = NULL;
            }
            pc += 1;
            SAVE();
            QvObj **items = qv_tuple_items(seq);
            for (unsigned j = 0; j < C; j++) {
                QvObj *x = items[j];
                qv_incref(qi, x);
                qv_reg_put(qi, &r[A + j], x);
            }
            if (mine) {
                qv_decref(qi, seq);
            }
            NEXT;
        }
        CHECK(qv_slow_unpack(qi, r, pc, false));
        pc += 1;
        NEXT;
    }
    TARGET(UNPACK_EX)
    {
        CHECK(qv_slow_unpack(qi, r, pc, true));
        NEXT;
    }

    // ---- building ----
    TARGET(BUILD_TUPLE)
    {
        result = qv_tuple_new(qi, C);
        if (QV_UNLIKELY(!result)) {
            GO_ERROR;
        }
        for (unsigned j = 0; j < C; j++) {
            qv_tuple_items(result)[j] = r[B + j];
            r[B + j] = NULL;
        }
        SAVE();
        qv_reg_put(qi, &r[A], result);
        NEXT;
    }
    TARGET(BUILD_LIST)
    {
        result = qv_list_new(qi, C);
        if (QV_UNLIKELY(!result)) {
            GO_ERROR;
        }
        for (unsigned j = 0; j < C; j++) {
            ((QvList *)result)->items[j] = r[B + j];
            r[B + j] = NULL;
        }
        ((QvList *)result)->boxed = C;
        SAVE();
        qv_reg_put(qi, &r[A], result);
        NEXT;
    }
    TARGET(BUILD_SET)
    {
        CHECK(qv_slow_build(qi, r, pc));
        NEXT;
    }
    TARGET(BUILD_DICT)
    {
        CHECK(qv_slow_build(qi, r, pc));
        NEXT;
    }
    TARGET(BUILD_STRING)
    {
        CHECK(qv_slow_build(qi, r, pc));
        NEXT;
    }
    TARGET(LIST_APPEND)
    {
        QvObj *x = r[B];
        QvList *list = (QvList *)r[A];
        if (list->numbers != NULL && qv_numbers_add(list->numbers, x)) {
            if (FLAGS & QV_TAKE_B) {
                r[B] = NULL;
                qv_number_drop(qi, x);
            }
            NEXT;
        }
        if (FLAGS & QV_TAKE_B) {
            r[B] = NULL;
        } else {
            qv_incref(qi, x);
        }
        if (QV_LIKELY(list->boxed < list->cap)) {
            list->items[list->boxed++] = x;
            NEXT;
        }
        CHECK(qv_list_push_take(qi, (QvObj *)list, x));
        NEXT;
    }
    TARGET(LIST_EXTEND)
    {
        CHECK(qv_slow_list_extend(qi, r, pc));
        NEXT;
    }
    TARGET(LIST_TO_TUPLE)
    {
        QvObj *x = qv_list_as_tuple(qi, r[B]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        qv_reg_drop(qi, &r[B]);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(SET_ADD)
    {
        CHECK(qv_set_add(qi, r[A], r[B]));
        TAKEN(QV_TAKE_B, B);
        NEXT;
    }
    TARGET(SET_UPDATE)
    {
        CHECK(qv_set_update(qi, r[A], r[B]));
        TAKEN(QV_TAKE_B, B);
        NEXT;
    }
    TARGET(DICT_PUT)
    {
        CHECK(qv_dict_set(qi, r[A], r[B], r[C]));
        TAKEN(QV_TAKE_B, B);
        TAKEN(QV_TAKE_C, C);
        NEXT;
    }
    TARGET(DICT_UPDATE)
    {
        CHECK(qv_slow_dict_update(qi, r, pc));
        NEXT;
    }
    TARGET(DICT_MERGE)
    {
        CHECK(qv_dict_merge_unique(qi, r[A], r[B], r[C]));
        TAKEN(QV_TAKE_B, B);
        NEXT;
    }
    TARGET(FORMAT)
    {
        SAVE();
        QvObj *x = qv_op_format(qi, r[B], (FLAGS >> QV_CONV_SHIFT) & 3, C == 0xFFFF ? NULL : r[C]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        if (C != 0xFFFF) {
            TAKEN(QV_TAKE_C, C);
        }
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }

    // ---- functions and classes ----
    TARGET(MAKE_FUNCTION)
    {
        CHECK(qv_slow_make_function(qi, f, r, pc));
        NEXT;
    }
    TARGET(LOAD_BUILD_CLASS)
    {
        QvObj *x;
        SAVE();
        int found = qv_dict_get(qi, f->builtins, QV_N(__build_class__), &x);
        if (QV_UNLIKELY(found <= 0)) {
            if (found == 0) {
                qv_raise(qi, &qv_exc_NameError, "__build_class__ not found");
            }
            GO_ERROR;
        }
        qv_reg_put(qi, &r[A], qv_new_ref(qi, x));
        NEXT;
    }
    TARGET(SETUP_ANNOTATIONS)
    {
        CHECK(qv_op_setup_annotations(qi, f));
        NEXT;
    }

    // ---- calls ----
    TARGET(CALL)
    {
        pc += 3;
        SAVE();
        made = qv_slow_call(qi, ts, f, r, pc[-4], &r[B + 1], C, NULL, &nf);
        goto perhaps_called;
    }
    CALL_PYTHON(CALL_PY, CALL, true, C, &r[B + 1], false)
    CALL_PYTHON(CALL_PY_GEN, CALL, true, C, f->top, true)
    TARGET(CALL_PY_ANY)
    TARGET(CALL_METHOD_PY_ANY)
    {
        bool method = (uint8_t)w == QV_INS_CALL_METHOD_PY_ANY;
        QvEntered entered = qv_enter_any(qi, ts, f, r, A, B, C, method, pc + 3, &nf);
        if (QV_LIKELY(entered == QV_ENTERED)) {
            f = nf;
            QvObj **win = f->regs;
            QvCode *co = f->code;
            ENTER;
        }
        if (entered == QV_ENTER_LIMIT) {
            goto call_general;
        }
    }
call_again: // the guard of a form has failed
    pc[-1].op = qv_op_info[(uint8_t)w].general;
call_general: // a limit
    goto *labels[qv_op_info[(uint8_t)w].general];
    TARGET(CALL_METHOD)
    {
        pc += 3;
        SAVE();
        bool self = r[B + 1] != NULL;
        made =
            qv_slow_call(qi, ts, f, r, pc[-4], self ? &r[B + 1] : &r[B + 2], C + self, NULL, &nf);
        goto perhaps_called;
    }
    CALL_PYTHON(CALL_METHOD_PY, CALL_METHOD, r[B + 1] != NULL, C + 1, &r[B + 1], false)
    CALL_PYTHON(CALL_METHOD_PY_GEN, CALL_METHOD, r[B + 1] != NULL, C + 1, f->top, true)
    TARGET(CALL_NATIVE)
    {
        // Word 0: the signature; all its parameters are given.
        QvBuiltin *fn = (QvBuiltin *)r[B];
        if (QV_UNLIKELY(fn->h.type != &qv_builtin_type || (uintptr_t)fn->sig != CACHE(0))) {
            BECOME(CALL);
        }
        CALL_IN_C(fn->sig->def->fn(qi, fn->self, &r[B + 1], C), C);
    }
    TARGET(CALL_NATIVE_FEWER)
    {
        // Word 0: the signature, whose other parameters have defaults.
        QvBuiltin *fn = (QvBuiltin *)r[B];
        if (QV_UNLIKELY(fn->h.type != &qv_builtin_type || (uintptr_t)fn->sig != CACHE(0))) {
            BECOME(CALL);
        }
        CALL_IN_C(qv_native_call_padded(qi, fn->sig, fn->self, &r[B + 1], C), C);
    }
    TARGET(CALL_GETATTR)
    {
        // Word 0: the builtin object `getattr`. The shared cache knows what names it has met.
        if (QV_UNLIKELY((uintptr_t)r[B] != CACHE(0))) {
            BECOME(CALL);
        }
        QvObj *o = r[B + 1], *name = r[B + 2];
        const QvAttrEntry *e = qv_find_attr(qi, o, name, QV_ATTR_LOAD);
        if (QV_LIKELY(e != NULL)) {
            result = qv_attr_value(e, o, name);
            if (QV_LIKELY(result != NULL)) {
                qv_incref(qi, result);
                pc += 3;
                SAVE();
                qv_regs_drop(qi, &r[B], C + 1u);
                qv_reg_put(qi, &r[A], result);
                NEXT;
            }
        }
        CALL_IN_C(qv_slow_getattr(qi, r[B], &r[B + 1], C), C);
    }
    TARGET(CALL_TYPED)
    {
        // Word 0: the callable's type, which is built in.
        if (QV_UNLIKELY((uintptr_t)r[B]->type != CACHE(0))) {
            BECOME(CALL);
        }
        CALL_IN_C(r[B]->type->call(qi, r[B], &r[B + 1], C, NULL), C);
    }
    TARGET(CALL_ONE_TYPE)
    {
        // Word 0: the type, which has no metaclass but type.
        if (QV_UNLIKELY((uintptr_t)r[B] != CACHE(0) || r[B]->type != &qv_type_type)) {
            BECOME(CALL);
        }
        CALL_IN_C(qv_type_call(qi, r[B], &r[B + 1], C, NULL), C);
    }
    TARGET(CALL_NEXT)
    {
        // Word 0: the builtin object `next`.
        QvBuiltin *fn = (QvBuiltin *)r[B];
        if (QV_UNLIKELY((uintptr_t)fn != CACHE(0))) {
            BECOME(CALL);
        }
        QvGenerator *g = (QvGenerator *)r[B + 1];
        if (QV_LIKELY(g->h.type == &qv_generator_type) && qv_generator_ready(qi, ts, g, QV_NONE)) {
            nf = qv_generator_sent(qi, g, QV_NONE);
            nf->operation = 1;
            goto enter_called;
        }
        CALL_IN_C(qv_native_call_padded(qi, fn->sig, fn->self, &r[B + 1], 1), 1);
    }
    TARGET(CALL_METHOD_SEND)
    {
        // Word 0: the method.
        QvMethodDescr *fn = (QvMethodDescr *)r[B];
        QvGenerator *g = (QvGenerator *)r[B + 1];
        if (QV_UNLIKELY((uintptr_t)fn != CACHE(0) || g == NULL || g->h.type != fn->type)) {
            BECOME(CALL_METHOD);
        }
        if (QV_LIKELY(qv_generator_ready(qi, ts, g, r[B + 2]))) {
            nf = qv_generator_sent(qi, g, r[B + 2]);
            nf->operation = 2;
            goto enter_called;
        }
        CALL_IN_C(fn->sig->def->fn(qi, r[B + 1], &r[B + 2], 1), 2);
    }
enter_called: // nf, a generator's, by a call
    pc += 3;
    SAVE();
    nf->stage = QV_RESUMED_BY_CALL;
    nf->dst = A;
    goto enter_generator;
    TARGET(CALL_METHOD_NATIVE)
    {
        // Word 0: the signature; all its parameters are given. A class may have the method of a
        // type that it does not derive from: self is looked at.
        QvMethodDescr *fn = (QvMethodDescr *)r[B];
        QvObj *self = r[B + 1];
        if (QV_UNLIKELY(fn->h.type != &qv_method_descriptor_type ||
                        (uintptr_t)fn->sig != CACHE(0) || self == NULL ||
                        (self->type != fn->type && !qv_type_is_subtype(self->type, fn->type)))) {
            BECOME(CALL_METHOD);
        }
        CALL_IN_C(fn->sig->def->fn(qi, r[B + 1], &r[B + 2], C), C + 1u);
    }
    TARGET(CALL_METHOD_NATIVE_FEWER)
    {
        QvMethodDescr *fn = (QvMethodDescr *)r[B];
        QvObj *self = r[B + 1];
        if (QV_UNLIKELY(fn->h.type != &qv_method_descriptor_type ||
                        (uintptr_t)fn->sig != CACHE(0) || self == NULL ||
                        (self->type != fn->type && !qv_type_is_subtype(self->type, fn->type)))) {
            BECOME(CALL_METHOD);
        }
        CALL_IN_C(qv_native_call_padded(qi, fn->sig, self, &r[B + 2], C), C + 1u);
    }
    TARGET(CALL_METHOD_VALUE_NATIVE)
    {
        // A function that LOAD_METHOD gave without a self, all its parameters given. Word 0: the
        // signature.
        QvBuiltin *fn = (QvBuiltin *)r[B];
        if (QV_UNLIKELY(fn->h.type != &qv_builtin_type || (uintptr_t)fn->sig != CACHE(0) ||
                        r[B + 1] != NULL)) {
            BECOME(CALL_METHOD);
        }
        CALL_IN_C(fn->sig->def->fn(qi, fn->self, &r[B + 2], C), C + 1u);
    }
    CALL_PYTHON(CALL_METHOD_VALUE_PY, CALL_METHOD, r[B + 1] == NULL, C, &r[B + 2], false)
    TARGET(CALL_METHOD_VALUE_TYPED)
    {
        if (QV_UNLIKELY((uintptr_t)r[B]->type != CACHE(0) || r[B + 1] != NULL)) {
            BECOME(CALL_METHOD);
        }
        CALL_IN_C(r[B]->type->call(qi, r[B], &r[B + 2], C, NULL), C + 1u);
    }
    TARGET(CALL_METHOD_NATIVE_ANY)
    {
        if (QV_UNLIKELY(r[B]->type != &qv_method_descriptor_type || r[B + 1] == NULL)) {
            BECOME(CALL_METHOD);
        }
        CALL_IN_C(qv_method_descriptor_type.call(qi, r[B], &r[B + 1], C + 1, NULL), C + 1u);
    }
    TARGET(CALL_METHOD_APPEND)
    {
        QvMethodDescr *fn = (QvMethodDescr *)r[B];
        QvList *list = (QvList *)r[B + 1];
        if (QV_UNLIKELY((uintptr_t)fn != CACHE(0) || list == NULL ||
                        list->h.type != &qv_list_type)) {
            BECOME(CALL_METHOD);
        }
        QvObj *x = r[B + 2];
        r[B + 2] = NULL;
        pc += 3;
        SAVE();
        if (QV_LIKELY(list->boxed < list->cap)) {
            list->items[list->boxed++] = x;
        } else if (QV_UNLIKELY(qv_list_push_take(qi, (QvObj *)list, x) < 0)) {
            GO_ERROR;
        }
        qv_regs_drop(qi, &r[B], 2);
        qv_reg_put(qi, &r[A], QV_NONE);
        NEXT;
    }
    TARGET(CALL_CLASS)
    TARGET(CALL_METHOD_CLASS)
    {
        bool method = (uint8_t)w == QV_INS_CALL_METHOD_CLASS;
        QvEntered entered =
            qv_enter_class(qi, ts, f, r, A, B, C, method, (uint64_t *)pc, pc + 3, &nf);
        if (QV_LIKELY(entered == QV_ENTERED)) {
            goto enter_new;
        }
        if (entered == QV_ENTER_RAISED) {
            pc += 3;
            GO_ERROR;
        }
        if (entered == QV_ENTER_LIMIT) {
            goto call_general;
        }
        goto call_again;
    }
    TARGET(CALL_NEW)
    {
        QvEntered entered = qv_enter_new(qi, ts, f, r, A, B, C, (uint64_t *)pc, pc + 3, &nf);
        if (QV_LIKELY(entered == QV_ENTERED)) {
            goto enter_new;
        }
        if (entered == QV_ENTER_LIMIT) {
            goto call_general;
        }
        goto call_again;
    }
    TARGET(CALL_CLASS_PLAIN)
    {
        // A heap type whose call without arguments only makes the instance: word 0 its version.
        QvType *type = (QvType *)r[B];
        if (QV_UNLIKELY(type->h.type != &qv_type_type || type->version != (uint32_t)CACHE(0) ||
                        C != 0)) {
            BECOME(CALL);
        }
        pc += 3;
        SAVE();
        result = qv_obj_new(qi, type);
        if (QV_UNLIKELY(!result)) {
            GO_ERROR;
        }
        qv_reg_drop(qi, &r[B]);
        qv_reg_put(qi, &r[A], result);
        NEXT;
    }
    TARGET(CALL_TYPE1)
    {
        if (QV_UNLIKELY(r[B] != (QvObj *)&qv_type_type)) {
            BECOME(CALL);
        }
        pc += 3;
        QvObj *x = qv_new_ref(qi, (QvObj *)qv_type_of(r[B + 1]));
        SAVE();
        qv_regs_drop(qi, &r[B], 2);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(CALL_LEN)
    {
        // Word 0: the builtin object `len`.
        if (QV_UNLIKELY((uintptr_t)r[B] != CACHE(0))) {
            BECOME(CALL);
        }
        QvSsize n = qv_plain_len(r[B + 1]);
        if (QV_UNLIKELY(n < 0)) {
            SAVE();
            if ((r[B + 1]->type->flags & QV_T_HEAP) &&
                (nf = qv_special_len(qi, ts, f, r[B + 1])) != NULL) {
                goto enter_new;
            }
        }
        pc += 3;
        SAVE();
        if (n < 0) {
            n = qv_len(qi, r[B + 1]);
            if (QV_UNLIKELY(n < 0)) {
                GO_ERROR;
            }
        }
        qv_drop_call(qi, &r[B], 1);
        if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], n) < 0)) {
            GO_ERROR;
        }
        NEXT;
    }
    TARGET(CALL_ISINSTANCE)
    {
        if (QV_UNLIKELY((uintptr_t)r[B] != CACHE(0))) {
            BECOME(CALL);
        }
        pc += 3;
        SAVE();
        int yes = qv_isinstance(qi, r[B + 1], r[B + 2]);
        if (QV_UNLIKELY(yes < 0)) {
            GO_ERROR;
        }
        qv_regs_drop(qi, &r[B], 3);
        qv_reg_put(qi, &r[A], qv_bool(yes));
        NEXT;
    }
    TARGET(CALL_KW)
    {
        QvObj *kwnames = f->code->consts[(uint32_t)CACHE(0)];
        pc += 2;
        SAVE();
        made = qv_slow_call(qi, ts, f, r, pc[-3], &r[B + 1], C, kwnames, &nf);
        goto perhaps_called;
    }
    TARGET(CALL_METHOD_KW)
    {
        QvObj *kwnames = f->code->consts[(uint32_t)CACHE(0)];
        pc += 2;
        SAVE();
        bool self = r[B + 1] != NULL;
        made = qv_slow_call(qi, ts, f, r, pc[-3], self ? &r[B + 1] : &r[B + 2], C + self, kwnames,
                            &nf);
        goto perhaps_called;
    }
    TARGET(CALL_KW_PY)
    {
        QvFunction *fn = (QvFunction *)r[B];
        if (QV_UNLIKELY(fn->h.type != &qv_function_type ||
                        fn->code->version != (uint32_t)(CACHE(0) >> 32))) {
            BECOME(CALL_KW);
        }
        uint64_t map = CACHE(1);
        pc += 2;
        SAVE();
        nf = qv_call_mapped(qi, ts, f, &r[B], &r[B + 1], C, map, A);
        if (QV_UNLIKELY(!nf)) {
            GO_ERROR;
        }
        goto enter_new;
    }
    TARGET(CALL_METHOD_KW_PY)
    {
        QvFunction *fn = (QvFunction *)r[B];
        bool self = r[B + 1] != NULL;
        if (QV_UNLIKELY(fn->h.type != &qv_function_type ||
                        fn->code->version != (uint32_t)(CACHE(0) >> 32) ||
                        self != (CACHE(1) >> 63))) {
            BECOME(CALL_METHOD_KW);
        }
        uint64_t map = CACHE(1);
        pc += 2;
        SAVE();
        nf = qv_call_mapped(qi, ts, f, &r[B], self ? &r[B + 1] : &r[B + 2], C + self, map, A);
        if (QV_UNLIKELY(!nf)) {
            GO_ERROR;
        }
        goto enter_new;
    }
    TARGET(CALL_EX)
    {
        SAVE();
        made = qv_slow_call_ex(qi, ts, f, pc[-1], &nf);
        goto perhaps_called;
    }

perhaps_called:
    if (made == 0) {
        NEXT;
    }
    if (QV_UNLIKELY(made < 0)) {
        GO_ERROR;
    }
enter_new: // nf is a fresh frame record, its window bound
    f = nf;
    ts->frame = f;
    r = f->regs;
    pc = f->code->instrs;
    if (QV_UNLIKELY(qv_poll_peek(qi))) {
        goto poll;
    }
    COUNT(true);
    NEXT;

    TARGET(RETURN)
    {
        result = r[A];
        live = r + B;
        if (QV_LIKELY(f->kind == QV_FRAME_PLAIN)) {
            r[A] = NULL;
            goto leave_plain;
        }
        if (QV_LIKELY(!(f->kind & (QV_FRAME_GEN | QV_FRAME_WATCHED)))) {
            r[A] = NULL;
            goto leave_light;
        }
        if (f->obj != NULL) {
            qv_incref(qi, result); // the frame object keeps its locals
        } else {
            r[A] = NULL;
        }
        goto leave;
    }
    TARGET(RETURN_K)
    {
        result = f->code->consts[(uint32_t)A | (uint32_t)B << 16];
        qv_incref(qi, result);
        live = r + C;
        if (QV_LIKELY(f->kind == QV_FRAME_PLAIN)) {
            goto leave_plain;
        }
        if (QV_LIKELY(!(f->kind & (QV_FRAME_GEN | QV_FRAME_WATCHED)))) {
            goto leave_light;
        }
        goto leave;
    }

leave_plain : { // a called function ends with `result` (owned): nobody watches its frame
    SAVE();
    for (QvObj **p = r; p < live; p++) {
        qv_reg_drop(qi, p);
    }
    QvObj *owner = f->owner;
    QvFrame *back = f->prev;
    r = back->regs;
    QvObj **dst = &r[f->dst];
    pc = back->pc;
    ts->frames_top = f;
    ts->frame = f = back;
    qv_decref(qi, owner);
    qv_reg_put(qi, dst, result);
    NEXT;
}

leave_light : { // the same where more is to be done with the result than to store it
    SAVE();
    for (QvObj **p = r; p < live; p++) {
        qv_reg_drop(qi, p);
    }
    QvObj *owner = f->owner;
    ended = qv_call_of(f);
    ts->frames_top = f;
    ts->frame = f = f->prev;
    qv_decref(qi, owner);
}
have_result: // of the call `ended`, made by f
    if (ended.kind & QV_FRAME_ENTRY) {
        return result;
    }
    r = f->regs;
    pc = qv_call_result(qi, f, ended, result);
    if (QV_UNLIKELY(!pc)) {
        pc = f->pc;
        GO_ERROR;
    }
    if (QV_UNLIKELY(qv_poll_peek(qi))) { // it may have jumped backward
        goto poll;
    }
    NEXT;

leave: // f ends with `result` (owned)
    SAVE();
    if (QV_UNLIKELY(f->kind & QV_FRAME_GEN)) {
        QvGenerator *g = f->gen;
        uint8_t kind = f->kind;
        QvFrame *back = f->prev;
        qv_generator_leave(ts, g);
        qv_generator_finish(qi, g);
        ts->frame = back;
        if (!(kind & QV_FRAME_GEN_INLINE)) {
            return result;
        }
        ts->frames_top--;
        f = back;
        r = f->regs;
        pc = f->pc;
        w = *(uint64_t *)(pc - 1);
        if (g->frame.stage == QV_RESUMED_BY_FROM) {
            goto delegate_returned;
        }
        if (g->frame.stage == QV_RESUMED_BY_CALL) {
            if (result == QV_NONE) {
                qv_raise_none(qi, &qv_exc_StopIteration);
            } else {
                qv_raise_stop(qi, result);
                qv_decref(qi, result);
            }
            GO_ERROR;
        }
        // Exhausted inside a for loop: its value is dropped, the iterator too.
        qv_decref(qi, result);
        qv_clear(qi, &r[B]);
        pc += 1 + (int16_t)C;
        NEXT;
    }
    {
        QvFrame *back = f->prev;
        ended = qv_call_of(f);
        frame_end(qi, ts, f);
        f = back;
        goto have_result;
    }

    // ---- generators ----
    TARGET(GEN_START)
    {
        result = qv_generator_from_frame(qi, f, pc);
        if (QV_UNLIKELY(!result)) {
            GO_ERROR;
        }
        QvFrame *back = f->prev;
        uint8_t kind = f->kind;
        uint16_t dst = f->dst;
        ts->frame = back;
        ts->frames_top = f;
        if (kind & QV_FRAME_ENTRY) {
            return result;
        }
        f = back;
        r = f->regs;
        pc = f->pc;
        qv_reg_put(qi, &r[dst], result);
        NEXT;
    }
    TARGET(YIELD)
    {
        result = r[B];
        QvSink *sink = f->gen->sink;
        if (sink != NULL && qi->tracing == 0 && sink->take(qi, sink, result)) {
            // Nothing could tell whether it was suspended: it goes on, sent None.
            if (A == B || (FLAGS & QV_TAKE_B)) {
                qv_reg_drop(qi, &r[B]);
            }
            if (pc->op == QV_INS_DROP && pc->a == A) {
                pc++;
            } else {
                qv_reg_put(qi, &r[A], QV_NONE);
            }
            NEXT;
        }
        if ((FLAGS & QV_TAKE_B) || (A == B && B >= f->code->nlocals)) {
            r[B] = NULL; // a temporary: the generator does not keep what it has given away
        } else {
            qv_incref(qi, result);
        }
        goto suspend;
    }
suspend : { // the generator frame f stops with `result`; pc is where it goes on
    QvGenerator *g = f->gen;
    SAVE();
    qv_generator_leave(ts, g);
    g->state = QV_GEN_SUSPENDED;
    QvFrame *back = f->prev;
    f->prev = NULL;
    ts->frame = back;
    if (!(f->kind & QV_FRAME_GEN_INLINE)) {
        return result;
    }
    ts->frames_top--;
    uint16_t dst = f->dst;
    f = back;
    r = f->regs;
    if (g->frame.stage == QV_RESUMED_BY_FROM) {
        g->sink = NULL; // lent by f
        pc = f->pc;
        goto delegate_yielded;
    }
    if (g->frame.stage == QV_RESUMED_BY_CALL) {
        pc = f->pc;
        w = *(uint64_t *)(pc - 4);
        qv_drop_call(qi, &r[B], g->frame.operation);
        qv_reg_put(qi, &r[dst], result);
        NEXT;
    }
    pc = f->pc + 1;
    qv_reg_put(qi, &r[dst], result);
    NEXT;
}
    TARGET(YIELD_FROM)
    {
        QvGenerator *g = (QvGenerator *)r[B];
        QvObj *sent = r[A];
        SAVE();
        if (QV_LIKELY(qv_is_generator(&g->h)) &&
            QV_LIKELY(g->state == QV_GEN_SUSPENDED ||
                      (g->state == QV_GEN_CREATED && sent == QV_NONE)) &&
            QV_LIKELY(ts->frames_top < ts->frames_limit)) {
            // In this loop, as in FOR_ITER_GEN: a chain of any depth needs no C stack. A sink takes
            // what the innermost one yields.
            r[A] = NULL;
            nf = qv_generator_sent(qi, g, sent);
            qv_decref(qi, sent);
            g->sink = f->gen->sink;
            nf->stage = QV_RESUMED_BY_FROM;
            goto enter_generator;
        }
        r[A] = NULL;
        int got = qv_yield_from_send(qi, r[B], sent, &result);
        qv_decref(qi, sent);
        if (QV_UNLIKELY(got < 0)) {
            GO_ERROR;
        }
        if (got) {
            QvSink *sink = f->gen->sink;
            if (sink != NULL && qi->tracing == 0 && !qv_poll_peek(qi) &&
                sink->take(qi, sink, result)) {
                qv_decref(qi, result); // something plain
                r[A] = QV_NONE;
                pc--;
                NEXT;
            }
        delegate_yielded:
            pc--; // executed again when resumed, with what was sent in a
            if (QV_UNLIKELY(qv_trace_on(qi, ts)) && qv_trace_yield(qi, ts, f, result) < 0) {
                qv_decref(qi, result);
                pc = f->pc; // behind the word, or at another line
                GO_ERROR;
            }
            goto suspend;
        }
    delegate_returned:
        if (QV_UNLIKELY(qv_trace_on(qi, ts)) && qv_trace_stop(qi, ts, f, r[B], result) < 0) {
            qv_decref(qi, result);
            GO_ERROR;
        }
        qv_clear(qi, &r[B]);
        qv_reg_put(qi, &r[A], result);
        NEXT;
    }
    TARGET(GET_YIELD_FROM_ITER)
    {
        SAVE();
        QvObj *x = qv_get_yield_from_iter(
            qi, r[B], (f->code->flags & (QV_CO_COROUTINE | QV_CO_ITERABLE_COROUTINE)) != 0);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(GET_AWAITABLE)
    {
        QvObj *x = r[B];
        if (QV_LIKELY(x->type == &qv_coroutine_type) &&
            QV_LIKELY(((QvGenerator *)x)->state == QV_GEN_CREATED)) {
            if (FLAGS & QV_TAKE_B) {
                r[B] = NULL;
            } else {
                qv_incref(qi, x);
            }
            qv_reg_put(qi, &r[A], x);
            NEXT;
        }
        SAVE();
        x = qv_get_awaitable(qi, x, C);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(GET_AITER)
    {
        SAVE();
        QvObj *x = qv_get_aiter(qi, r[B]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(GET_ANEXT)
    {
        SAVE();
        QvObj *x = qv_get_anext(qi, r[B]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(ASYNC_GEN_WRAP)
    {
        QvObj *x = qv_async_gen_wrap(qi, r[B]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(END_ASYNC_FOR)
    {
        QvObj *exc = r[A + 1];
        SAVE();
        if (qv_is_instance_of(exc, &qv_exc_StopAsyncIteration)) {
            qv_clear(qi, &r[A + 1]);
            qv_clear(qi, &r[A]);
            NEXT;
        }
        r[A + 1] = NULL;
        qv_clear(qi, &r[A]);
        qv_err_restore(qi, exc);
        goto unwind;
    }

    // ---- exceptions ----
    TARGET(RAISE0)
    {
        SAVE();
        bool active = qv_err_handled(qi) != NULL;
        qv_op_raise(qi, NULL, NULL);
        if (active) {
            goto unwind; // its traceback has this frame already
        }
        GO_ERROR;
    }
    TARGET(RAISE1)
    {
        SAVE();
        qv_op_raise(qi, r[A], NULL);
        GO_ERROR;
    }
    TARGET(RAISE2)
    {
        SAVE();
        qv_op_raise(qi, r[A], r[B]);
        GO_ERROR;
    }
    TARGET(RERAISE)
    {
        QvObj *exc = r[A];
        r[A] = NULL;
        SAVE();
        qv_err_restore(qi, exc);
        if (QV_UNLIKELY(f->obj != NULL) && (FLAGS & QV_IMPLICIT)) {
            const QvTraceback *tb = (QvTraceback *)((QvExc *)exc)->traceback;
            if (tb && tb->frame == (QvObj *)f->obj) {
                f->pc = f->code->instrs + tb->lasti / 2 + 1;
            }
        }
        goto unwind;
    }
    TARGET(PUSH_EXC)
    {
        QvExcInfo *info = ts->exc_info;
        qv_reg_put(qi, &r[A + 1], info->value); // may be NULL
        info->value = qv_new_ref(qi, r[A]);
        NEXT;
    }
    TARGET(POP_EXC)
    {
        QvExcInfo *info = ts->exc_info;
        QvObj *old = info->value;
        info->value = r[A + 1];
        r[A + 1] = NULL;
        SAVE();
        qv_xdecref(qi, old);
        qv_clear(qi, &r[A]);
        NEXT;
    }
    TARGET(JNOT_EXC_MATCH)
    {
        SAVE();
        int match = qv_op_exc_match(qi, r[A], r[B]);
        if (QV_UNLIKELY(match < 0)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        if (!match) {
            pc += (int16_t)C;
        }
        NEXT;
    }
    TARGET(CHECK_EG_MATCH)
    {
        QvObj *match, *rest;
        CHECK(qv_op_eg_match(qi, r[B], r[C], &match, &rest));
        TAKEN(QV_TAKE_B, B);
        TAKEN(QV_TAKE_C, C);
        qv_reg_put(qi, &r[A], match);
        qv_reg_put(qi, &r[A + 1], rest);
        if (match != QV_NONE) {
            qv_incref(qi, match);
            qv_reg_put(qi, &ts->exc_info->value, match);
        }
        NEXT;
    }
    TARGET(PREP_RERAISE_STAR)
    {
        SAVE();
        QvObj *x = qv_op_prep_reraise_star(qi, r[B], r[C]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        TAKEN(QV_TAKE_C, C);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(WITH_ENTER)
    {
        SAVE();
        made = qv_slow_with_enter(qi, ts, f, pc[-1], &nf);
        goto perhaps_called;
    }
    TARGET(ASYNC_WITH_ENTER)
    {
        QvObj *leave_fn, *entered;
        CHECK(qv_op_with_enter(qi, r[B], true, &leave_fn, &entered));
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], leave_fn);
        qv_reg_put(qi, &r[A + 1], entered);
        NEXT;
    }
    TARGET(WITH_EXIT)
    {
        SAVE();
        made = qv_slow_with_exit(qi, ts, f, pc[-1], &nf);
        goto perhaps_called;
    }
    TARGET(LOAD_ASSERTION_ERROR)
    {
        qv_reg_put(qi, &r[A], (QvObj *)&qv_exc_AssertionError);
        NEXT;
    }

    // ---- import ----
    TARGET(IMPORT_NAME)
    {
        CHECK(qv_slow_import(qi, f, r, pc));
        NEXT;
    }
    TARGET(IMPORT_FROM)
    {
        SAVE();
        QvObj *x = qv_op_import_from(qi, r[B], f->code->names[C]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(IMPORT_STAR)
    {
        CHECK(qv_op_import_star(qi, f, r[A]));
        TAKEN(QV_TAKE_A, A);
        NEXT;
    }

    // ---- match ----
    TARGET(MATCH_MAPPING)
    {
        bool yes = qv_op_match_mapping(r[B]);
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], qv_bool(yes));
        NEXT;
    }
    TARGET(MATCH_SEQUENCE)
    {
        bool yes = qv_op_match_sequence(r[B]);
        TAKEN(QV_TAKE_B, B);
        qv_reg_put(qi, &r[A], qv_bool(yes));
        NEXT;
    }
    TARGET(JNOT_SEQUENCE)
    {
        QvObj *o = r[A];
        bool fits = qv_op_match_sequence(o);
        if (QV_LIKELY(o->type == &qv_tuple_type)) {
            fits = qv_tuple_len(o) == B;
        } else if (fits) {
            SAVE();
            QvSsize n = qv_len(qi, o);
            if (QV_UNLIKELY(n < 0)) {
                GO_ERROR;
            }
            fits = n == B;
        }
        if (!fits) {
            JUMP_BY((int16_t)C);
        }
        NEXT;
    }
    TARGET(GET_LEN)
    {
        SAVE();
        QvSsize n = qv_len(qi, r[B]);
        if (QV_UNLIKELY(n < 0)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        if (QV_UNLIKELY(qv_reg_put_int(qi, &r[A], n) < 0)) {
            GO_ERROR;
        }
        NEXT;
    }
    TARGET(MATCH_KEYS)
    {
        SAVE();
        QvObj *x = qv_op_match_keys(qi, r[B], r[C]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        TAKEN(QV_TAKE_C, C);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(MATCH_CLASS)
    {
        SAVE();
        QvObj *x = qv_op_match_class(qi, r[B], r[B + 1], C, r[B + 2]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        qv_regs_drop(qi, &r[B], 3);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(MATCH_REST)
    {
        SAVE();
        QvObj *x = qv_op_match_rest(qi, r[B], r[C]);
        if (QV_UNLIKELY(!x)) {
            GO_ERROR;
        }
        TAKEN(QV_TAKE_B, B);
        TAKEN(QV_TAKE_C, C);
        qv_reg_put(qi, &r[A], x);
        NEXT;
    }
    TARGET(PRINT_EXPR)
    {
        CHECK(qv_op_print_expr(qi, r[A]));
        TAKEN(QV_TAKE_A, A);
        NEXT;
    }

    TARGET(ENTER_JIT)
    {
#if QV_JIT
        QvJitExit left = qv_jit_run(qi, ts, f, pc - 1);
        if (left.how == QV_JIT_RETURN) {
            return left.result;
        }
        f = ts->frame;
        r = f->regs;
        pc = left.pc;
        if (QV_UNLIKELY(left.how == QV_JIT_UNWIND)) {
            goto unwind;
        }
        if (QV_UNLIKELY(left.how == QV_JIT_ERROR)) {
            GO_ERROR;
        }
        if (QV_UNLIKELY(qv_poll_peek(qi))) {
            goto poll;
        }
        COUNT(pc == f->code->instrs); // called by machine code
#endif
        NEXT;
    }
#if QV_JIT
hot: // the instruction that pc points to
    SAVE();
    qv_jit_sample(qi, f);
    NEXT;
#endif

poll:                                       // a safepoint at the instruction that pc points to
    if (qv_poll_peek(qi) == QV_POLL_FUEL) { // the instructions themselves are counted
        NEXT;
    }
    SAVE();
    if (QV_UNLIKELY(qv_poll_work(qi, 0) < 0)) {
        pc++; // raised by that instruction: a jump's target can be in another `try` than the word
              // before it
        GO_ERROR;
    }
#if QV_JIT
    if (QV_UNLIKELY(qv_poll_peek(qi))) { // something stays: machine code would come back at once
        qv_jit_skip(f, pc);
    }
#endif
    NEXT;

poll_resumed: // the same in a frame that goes on where it stopped: raised there, at the word before
              // pc
    SAVE();
    if (QV_UNLIKELY(qv_poll_work(qi, 0) < 0)) {
        GO_ERROR;
    }
    NEXT;

error : { // pending exception raised by the word before pc
    uint32_t at = (uint32_t)(pc - f->code->instrs);
    SAVE();
    qv_traceback_add(qi, ts->exc, f, at ? at - 1 : 0);
    if (QV_UNLIKELY(qv_trace_on(qi, ts))) {
        qv_trace_exception(qi, ts, f);
    }
}
unwind : {
    uint32_t at = (uint32_t)(pc - f->code->instrs);
    const QvExcEntry *h =
        QV_UNLIKELY(ts->past_handlers) ? NULL : qv_code_handler(f->code, at ? at - 1 : 0);
    if (h) {
        QvObj *exc = ts->exc;
        ts->exc = NULL;
        qv_regs_drop(qi, &r[h->depth], f->code->nregs - h->depth);
        qv_reg_put(qi, &r[h->depth], exc);
        pc = f->code->instrs + h->handler;
        NEXT;
    }
    if (QV_UNLIKELY(qv_trace_on(qi, ts))) {
        qv_trace_unwind(qi, ts, f);
    }
    QvFrame *back = f->prev;
    if (QV_UNLIKELY(f->kind & QV_FRAME_GEN)) {
        QvGenerator *g = f->gen;
        bool inlined = (f->kind & QV_FRAME_GEN_INLINE) != 0;
        qv_generator_leave(ts, g);
        qv_generator_convert_stop(qi, g);
        qv_generator_finish(qi, g);
        ts->frame = back;
        if (!inlined) {
            return NULL;
        }
        ts->frames_top--;
        f = back;
        r = f->regs;
        pc = f->pc;
        GO_ERROR;
    }
    uint8_t kind = f->kind;
    QvObj *self = f->init_self;
    QvObj *exc = ts->exc; // finalizers of locals must not see it
    ts->exc = NULL;
    frame_end(qi, ts, f);
    if (kind & QV_FRAME_INIT) {
        qv_decref(qi, self);
    }
    ts->exc = exc;
    if (kind & QV_FRAME_ENTRY) {
        return NULL;
    }
    f = back;
    r = f->regs;
    pc = f->pc;
    GO_ERROR;
}
}

#undef NEXT
#undef TARGET
#undef SAVE
#undef GO_ERROR
#undef BECOME
#undef CHECK
#undef CACHE
#undef IS_INT
#undef IVAL
#undef FVAL
#undef JUMP_BY
#undef COUNT
#undef LONG_JUMP
#undef TAKEN
#undef ENTER
#undef CALL_PYTHON
#undef CALL_IN_C
#undef FOR_FUSED
#undef ARITH
#undef ARITH_I
#undef ARITH_F
#undef BITWISE
#undef COMPARE
#undef TEST
#undef TEST_I
#undef TEST_TRUTH

void qv_eval_choose_dispatch(QvInterp *qi) { qv_eval_run(qi, NULL, NULL); }
