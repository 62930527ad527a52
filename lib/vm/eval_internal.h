// SPDX-License-Identifier: MIT
// What the eval loop shares with its out-of-line parts. Private to vm/.
#ifndef QV_VM_EVAL_INTERNAL_H
#define QV_VM_EVAL_INTERNAL_H

#include <string.h>

#include "object/bytes.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/float.h"
#include "object/int.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/list_numbers.h"
#include "object/protocol.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/frame.h"

// ---- registers ----------------------------------------------------------------------------------

// Stores a new reference (or NULL) in a register and drops what was there.
static inline void qv_reg_put(QvInterp *qi, QvObj **slot, QV_STOLEN QvObj *v)
{
    QvObj *old = *slot;
    if (v) {
        qv_check_owner(qi, v);
    }
    *slot = v;
    if (old) {
        qv_decref(qi, old);
    }
}

// A dead register may keep an exact int or float that nobody else holds: the next arithmetic result
// is written into the same box. Everything else is dropped.
static inline bool qv_reg_reusable(const QvObj *o)
{
    return o->refs == 1 && (o->type == &qv_int_type || o->type == &qv_float_type);
}

static inline void qv_reg_drop(QvInterp *qi, QvObj **slot)
{
    QvObj *o = *slot;
    if (!o) {
        return;
    }
    qv_check_owner(qi, o);
    int32_t refs = o->refs;
    if (refs > 1) { // most are held elsewhere, too
        *slot = NULL;
        o->refs = refs - 1;
    } else if (refs < 0) {
        *slot = NULL;
    } else if (!qv_reg_reusable(o)) {
        *slot = NULL;
        qv_decref(qi, o);
    }
}

static inline void qv_regs_drop(QvInterp *qi, QvObj **slots, size_t n)
{
    for (size_t k = 0; k < n; k++) { // slots may be NULL where there are none
        qv_reg_drop(qi, &slots[k]);
    }
}

// Result of an int operation: written into the register's old box when nobody else holds it. 0/-1.
static inline int qv_reg_put_int(QvInterp *qi, QvObj **slot, int64_t v)
{
    QvObj *old = *slot;
    if (QV_LIKELY(old != NULL) && QV_LIKELY(old->type == &qv_int_type && old->refs == 1)) {
        qv_check_owner(qi, old);
        ((QvInt *)old)->value = v;
        return 0;
    }
    QvObj *o = qv_small_int(qi, v);
    if (!o) {
        o = qv_heap_alloc(&qi->heap, sizeof(QvInt));
        if (QV_UNLIKELY(!o)) {
            qv_raise_oom(qi);
            return -1;
        }
        *(uint64_t *)o = qi->header;
        o->type = &qv_int_type;
        ((QvInt *)o)->value = v;
    }
    *slot = o;
    if (old) {
        qv_decref(qi, old);
    }
    return 0;
}

static inline int qv_reg_put_float(QvInterp *qi, QvObj **slot, double v)
{
    QvObj *old = *slot;
    if (QV_LIKELY(old != NULL) && old->type == &qv_float_type && old->refs == 1) {
        qv_check_owner(qi, old);
        ((QvFloat *)old)->value = v;
        return 0;
    }
    QvObj *o = qv_heap_alloc(&qi->heap, sizeof(QvFloat));
    if (QV_UNLIKELY(!o)) {
        qv_raise_oom(qi);
        return -1;
    }
    *(uint64_t *)o = qi->header;
    o->type = &qv_float_type;
    ((QvFloat *)o)->value = v;
    *slot = o;
    if (old) {
        qv_decref(qi, old);
    }
    return 0;
}

// Number i of a packed list. 0/-1.
static QV_ALWAYS_INLINE int qv_reg_put_number(QvInterp *qi, QvObj **slot, const QvNumbers *n,
                                              QvSsize i)
{
    if (n->kind == QV_NUM_F64) {
        return qv_reg_put_float(qi, slot, qv_numbers_float(n, i));
    }
    int64_t v = qv_numbers_int(n, i);
    uint64_t small = (uint64_t)v - (uint64_t)QV_SMALL_INT_MIN;
    if (QV_LIKELY(small < qi->small_ints)) { // most are
        QvObj *old = *slot;
        *slot = &qi->ints.small[small].h;
        qv_xdecref(qi, old);
        return 0;
    }
    return qv_reg_put_int(qi, slot, v);
}

// ---- frame records ------------------------------------------------------------------------------

// A frame record for fn over window w, whose arguments are bound. The caller has checked both
// stacks and gives its reference to fn.
static inline QvFrame *qv_push_record(QvThread *ts, QvFrame *f, QvFunction *fn, QvCode *co,
                                      QvObj **w, QvObj **top, uint16_t dst, uint8_t kind)
{
    QvFrame *nf = ts->frames_top;
    ts->frames_top = nf + 1;
    nf->prev = f;
    nf->regs = w;
    nf->top = top;
    nf->code = co;
    nf->owner = (QvObj *)fn;
    // Both at once: the two structs have them side by side.
    memcpy(&nf->globals, &fn->globals, sizeof fn->globals + sizeof fn->builtins);
    nf->dst = dst;
    nf->kind = kind;
    return nf;
}

// What a frame that ends knows of the call that made it.
typedef struct QvCall {
    QvObj *self;
    uint16_t dst;
    uint8_t kind, stage, operation;
} QvCall;

static inline QvCall qv_call_of(const QvFrame *f)
{
    return (QvCall){.self = f->init_self,
                    .dst = f->dst,
                    .kind = f->kind,
                    .stage = f->stage,
                    .operation = f->operation};
}

// Locals that no argument fills start unbound; dead temporaries may lie there.
static inline void qv_unbind_locals(QvInterp *qi, QvObj **w, unsigned from, unsigned to)
{
    for (unsigned j = from; j < to; j++) {
        if (w[j]) {
            qv_clear(qi, &w[j]);
        }
    }
}

// ---- arguments of calls -------------------------------------------------------------------------

// Arguments of a call go from a generator's window to the callee's.
static inline void qv_move_arguments(QvInterp *qi, QvObj **to, QvObj **from, unsigned n)
{
    for (unsigned j = 0; j < n; j++) {
        QvObj *x = from[j];
        from[j] = NULL;
        qv_reg_put(qi, &to[j], x);
    }
}

// After a call of something in C: the callable, which mostly lives on, and the n registers behind
// it.
static inline void qv_drop_call(QvInterp *qi, QvObj **base, size_t n)
{
    QvObj *callable = *base;
    *base = NULL;
    qv_decref(qi, callable);
    qv_regs_drop(qi, base + 1, n);
}

// Parameters that a call does not give get the last `missing` defaults of fn, from `to` on.
static inline void qv_fill_defaults(QvInterp *qi, QvObj **to, const QvFunction *fn, int missing)
{
    if (missing) {
        QvObj **x = qv_tuple_items(fn->defaults) + qv_tuple_len(fn->defaults) - missing;
        for (int j = 0; j < missing; j++) {
            qv_incref(qi, x[j]);
            qv_reg_put(qi, &to[j], x[j]);
        }
    }
}

// How many defaults make up for the rest when fn is entered with so many positional values; -1: it
// cannot be. (exact_args is -1 where binding is not that simple.)
static inline int qv_missing(const QvFunction *fn, QvSsize given)
{
    QvSsize missing = fn->code->exact_args - given;
    bool good = missing == 0 ||
                (missing > 0 && fn->defaults && missing <= qv_tuple_len(fn->defaults));
    return good ? (int)missing : -1;
}

// ---- strings ------------------------------------------------------------------------------------

// Two strings; most are one object, or two interned ones.
static inline bool qv_str_same(const QvObj *x, const QvObj *y)
{
    return x == y || (!(x->flags & y->flags & QV_F_INTERNED) && qv_str_equal(x, y));
}

// ---- lengths ------------------------------------------------------------------------------------

// The length of what is most often asked for it; -1: of another type.
static inline QvSsize qv_plain_len(const QvObj *o)
{
    const QvType *t = o->type;
    return t == &qv_list_type    ? qv_list_len(o)
           : t == &qv_str_type   ? qv_str_len(o)
           : t == &qv_tuple_type ? qv_tuple_len(o)
           : t == &qv_dict_type  ? qv_dict_len(o)
           : t == &qv_bytes_type ? qv_bytes_len(o)
                                 : -1;
}

// ---- the shared cache of attribute look-ups -----------------------------------------------------

static inline bool qv_attr_fits(const QvAttrEntry *e, const QvObj *o, uintptr_t key,
                                uint32_t version)
{
    return e->key == key && e->version == version &&
           *(const uintptr_t *)((const char *)o + e->at) == e->guard;
}

// What it has for o, or NULL. It has two places for each (specialise.c fills them), so that objects
// of one class with two shapes do not take turns.
static inline const QvAttrEntry *qv_find_attr(QvInterp *qi, const QvObj *o, const QvObj *name,
                                              QvAttrUse use)
{
    uintptr_t key = (uintptr_t)name + use;
    uint32_t version = o->type->version, at = qv_attr_slot(version, key);
    const QvAttrEntry *e = &qi->types.attrs[at];
    if (QV_LIKELY(qv_attr_fits(e, o, key, version))) {
        return e;
    }
    e = &qi->types.attrs[at ^ 1];
    return qv_attr_fits(e, o, key, version) ? e : NULL;
}

// `offset` of a QvAttrEntry whose value the object has in a dict.
#define QV_ATTR_IN_DICT SIZE_MAX

// The dict that has an object's own attributes (borrowed): of an instance in dict mode, or of a
// function and the like. NULL when there is none.
static inline QvObj *qv_attr_dict(const QvObj *o)
{
    const QvType *t = o->type;
    if (t->inst_offset == 0) {
        return t->dict_offset ? *(QvObj **)((char *)o + t->dict_offset) : NULL;
    }
    if (t->inst_offset == QV_INST_VAR) {
        return NULL;
    }
    const QvInstPart *part = qv_inst_part(o);
    return part->shape && part->shape->is_dict ? part->slots[0] : NULL;
}

// The value that a hit in the shared cache tells (borrowed), or NULL: look it up.
static inline QvObj *qv_attr_value(const QvAttrEntry *e, const QvObj *o, QvObj *name)
{
    if (QV_UNLIKELY(e->value != NULL)) {
        return e->value;
    }
    if (QV_UNLIKELY(e->offset == QV_ATTR_IN_DICT)) {
        const QvObj *dict = qv_attr_dict(o);
        return dict ? qv_dict_peek_str(dict, name) : NULL;
    }
    return *(QvObj **)((char *)o + e->offset);
}

// ---- special methods written in Python (special.c) ----------------------------------------------

// Each gives the fresh frame of the method's call, ready to be entered; NULL: the general way. The
// instruction (before the caller's saved pc) gets the result: by the frame's kind.
QvFrame *qv_special_binary(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvBinOp op, QvObj *v,
                           QvObj *w);
QvFrame *qv_special_compare(QvInterp *qi, QvThread *ts, QvFrame *f, uint16_t dst, uint8_t kind,
                            QvCmpOp op, QvObj *v, QvObj *w);
QvFrame *qv_special_unary(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvObj *name, QvObj *o);
QvFrame *qv_special_getitem(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvObj *o,
                            QvObj *key);
QvFrame *qv_special_setitem(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *o, QvObj *key,
                            QvObj *value /*NULL: del*/);
QvFrame *qv_special_contains(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *o, QvObj *item);
QvFrame *qv_special_len(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *o);
QvFrame *qv_special_truth(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *o);
// descr.__get__(o, type(o)).
QvFrame *qv_special_get(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj *descr, QvObj *o,
                        uint16_t dst);
QvFrame *qv_special_setter(QvInterp *qi, QvThread *ts, QvFrame *f, QvFunction *fn, QvObj *o,
                           QvObj *value);
// The operator's value after its method answered NotImplemented.
QV_RUNS QvObj *qv_special_rest(QvInterp *qi, QvObj **r, QvInstr i, QvOpStage stage,
                               unsigned operation);
// Instruction i gets what its method returned (a frame of kind QV_FRAME_RESULT): 0, 1 when it
// jumps, -1.
QV_RUNS int qv_special_result(QvInterp *qi, QvObj **r, QvInstr i, QvOpStage stage,
                              unsigned operation, QV_STOLEN QvObj *x);

// ---- out-of-line instruction bodies (eval_slow.c). 0 or -1 with an exception, unless told
// otherwise. They honour the TAKE flags of the instruction; `pc` points behind the instruction
// word. ------------------------------
// Those with ret_new can come to call a Python function: 1, and its frame is to be entered.
QV_RUNS int qv_slow_binary(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvBinOp op,
                           QvFrame **ret_new);
QV_RUNS int qv_slow_binary_imm(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvBinOp op,
                               QvFrame **ret_new);
QV_RUNS int qv_slow_unary(QvInterp *qi, QvObj **r, QvInstr *pc, QvUnaryFn fn);
QV_RUNS int qv_slow_compare(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvCmpOp op,
                            QvFrame **ret_new);
// Compare and jump: truth 1/0/-1, or 2 with *ret_new.
QV_RUNS int qv_slow_test(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvCmpOp op,
                         QvFrame **ret_new);
QV_RUNS int qv_slow_test_imm(QvInterp *qi, QvObj **r, QvInstr *pc, QvCmpOp op);
// 1/0/-1; drops those of the registers `taken` (QV_TAKE_ bits) that the instruction takes.
QV_RUNS int qv_slow_contains(QvInterp *qi, QvObj **r, QvInstr *pc, int container, int item,
                             unsigned taken);
QV_RUNS int qv_slow_load_global(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_load_name(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_store_name(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_del_name(QvInterp *qi, QvFrame *f, QvInstr *pc);
QV_RUNS int qv_slow_del_global(QvInterp *qi, QvFrame *f, QvInstr *pc);
QV_RUNS int qv_slow_load_class_cell(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
int qv_raise_unbound(QvInterp *qi, QvFrame *f, unsigned reg);
int qv_raise_unbound_cell(QvInterp *qi, QvFrame *f, unsigned reg);
QV_RUNS int qv_slow_load_attr(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_store_attr(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_del_attr(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_load_method(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_load_super(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc, bool method);
QV_RUNS int qv_slow_getitem(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new);
QV_RUNS int qv_slow_setitem(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr *pc, QvFrame **ret_new);
QV_RUNS int qv_slow_getitem_slice(QvInterp *qi, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_getitem_slice_k(QvInterp *qi, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_setitem_slice(QvInterp *qi, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_delitem(QvInterp *qi, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_for_iter(QvInterp *qi, QvObj **r, QvInstr *pc); // 1 item in a, 0 at the end
                                                                    // (iterator dropped), -1
// The call of getattr for what the shared cache does not know; n arguments, two or three.
QV_RUNS QvObj *qv_slow_getattr(QvInterp *qi, QvObj *getattr, QvObj *const *args, QvSsize n);
QV_RUNS int qv_slow_unpack(QvInterp *qi, QvObj **r, QvInstr *pc, bool star);
QV_RUNS int qv_slow_build(QvInterp *qi, QvObj **r, QvInstr *pc); // BUILD_*
QV_RUNS int qv_slow_make_function(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_import(QvInterp *qi, QvFrame *f, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_list_extend(QvInterp *qi, QvObj **r, QvInstr *pc);
QV_RUNS int qv_slow_dict_update(QvInterp *qi, QvObj **r, QvInstr *pc);

// A call that is not specialised. `first` is the register of the first argument, nargs counts all
// values (self included when it sits at `first`), kwnames as in qv_call. What it finds decides: 1:
// a Python function: its frame record is ready in *ret_new (pushed, window bound) and only has to
// be entered; 0: done, the result is in register a; -1 error. All registers from base b on are
// consumed.
QV_RUNS int qv_slow_call(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj **r, QvInstr at,
                         QvObj **first, QvSsize nargs, QvObj *kwnames, QvFrame **ret_new);
// The __init__ function (borrowed) of a class whose call can be inlined (object.__new__, Python
// __init__), or NULL.
QV_BORROWED QvObj *qv_inline_init(QvInterp *qi, QvType *type);
// Does a call of the class without arguments just make an instance (object's own __new__ and
// __init__)?
bool qv_makes_plain_instance(QvInterp *qi, QvType *type);
// 0 done, 1 with *ret_new, -1.
QV_RUNS int qv_slow_call_ex(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr at, QvFrame **ret_new);
// A call with keywords whose parameters qv_spec_call_kw has found: the frame (the function is taken
// from its register), or NULL with an exception.
QV_RUNS QvFrame *qv_call_mapped(QvInterp *qi, QvThread *ts, QvFrame *f, QvObj **base, QvObj **first,
                                unsigned nvalues, uint64_t map, uint16_t dst);
// A call that f made has ended with `result`; it was neither entered from C nor a generator's. f's
// registers get what they are to get: where f goes on, or NULL: an exception, raised by the word
// before f->pc.
QV_RUNS QvInstr *qv_call_result(QvInterp *qi, QvFrame *f, QvCall ended, QV_STOLEN QvObj *result);
// The function __new__ (borrowed) of a class whose call is the call of that: a Python __new__ and
// object.__init__. Or NULL.
QV_BORROWED QvObj *qv_inline_new(QvInterp *qi, QvType *type);
// WITH_ENTER and WITH_EXIT: 0 done, 1 with *ret_new, -1.
QV_RUNS int qv_slow_with_enter(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i,
                               QvFrame **ret_new);
QV_RUNS int qv_slow_with_exit(QvInterp *qi, QvThread *ts, QvFrame *f, QvInstr i, QvFrame **ret_new);

// Pushes a frame record for func over a bound window; takes the reference `func`. NULL:
// RecursionError or MemoryError (the window is untouched, func dropped).
QvFrame *qv_frame_push(QvInterp *qi, QvThread *ts, QV_STOLEN QvObj *func, QvObj **window,
                       uint16_t dst, uint8_t kind);

// No fuel is left for the next instruction (poll.c). 0 (handlers may run), or -1.
QV_RUNS int qv_fuel_out(QvInterp *qi);

// The next entry of a dict's iterator, borrowed. False: at the end, over a hole, or after a change,
// which its own step knows how to tell.
static inline bool qv_dict_iter_step(QvDictIter *it, QvObj **ret_key, QvObj **ret_value)
{
    const QvDict *d = (const QvDict *)it->dict;
    if (QV_UNLIKELY(d == NULL || it->used != (QvSsize)d->used || it->left == 0 ||
                    it->pos >= (QvSsize)d->nentries)) {
        return false;
    }
    const QvDictEntry *e = &d->entries[it->pos];
    if (QV_UNLIKELY(e->key == NULL)) {
        return false;
    }
    it->pos++;
    it->left--;
    *ret_key = e->key;
    *ret_value = e->value;
    return true;
}

// Has it given all entries of a dict that has not changed?
static inline bool qv_dict_iter_ended(const QvDictIter *it)
{
    const QvDict *d = (const QvDict *)it->dict;
    return d != NULL && it->left == 0 && it->used == (QvSsize)d->used &&
           it->pos >= (QvSsize)d->nentries;
}

// ---- loops over pairs (for_iter.c) --------------------------------------------------------------
typedef enum QvForStep {
    QV_FOR_DONE,    // the targets of the UNPACK have their values
    QV_FOR_END,     // the iterator may go
    QV_FOR_ERROR,   // with an exception
    QV_FOR_GENERAL, // nothing done: by way of a tuple
} QvForStep;
// The form of FOR_ITER at pc[-1] that does the UNPACK behind it too, with the iterator it has now;
// FOR_ITER itself when there is none.
QvOp qv_for_unpack_op(QvObj **r, const QvInstr *pc);
// One step with n targets. GENERAL also when there are not as many values.
QV_RUNS QvForStep qv_for_zip(QvInterp *qi, QvObj *zip, QvObj **to, unsigned n);
QV_RUNS QvForStep qv_for_tuples(QvInterp *qi, QvObj *list_iterator, QvObj **to, unsigned n);
QV_RUNS QvForStep qv_for_enumerate(QvInterp *qi, QvObj *enumerate, QvObj **to, unsigned n);

// The iterator in a register of a for loop has given NULL: it is dropped, 0; or -1.
QV_RUNS int qv_for_iter_end(QvInterp *qi, QvObj **slot);

static inline bool qv_is_generator(const QvObj *o) // or a coroutine
{
    return o->type == &qv_generator_type || o->type == &qv_coroutine_type;
}

// The frame of g, whose prev is its resumer, runs from here on.
static inline void qv_generator_enter(QvThread *ts, QvGenerator *g)
{
    g->exc_info.prev = ts->exc_info;
    ts->exc_info = &g->exc_info;
    g->state = QV_GEN_RUNNING;
    // Its own window is on the heap: what it calls uses the stack above its caller.
    g->frame.top = g->frame.prev ? g->frame.prev->top : ts->stack_base;
}

static inline void qv_generator_leave(QvThread *ts, QvGenerator *g)
{
    ts->exc_info = g->exc_info.prev;
}

// Can a generator be entered with this value of its yield, or first, and nobody looks on?
static inline bool qv_generator_ready(const QvInterp *qi, const QvThread *ts, const QvGenerator *g,
                                      const QvObj *value)
{
    return (g->state == QV_GEN_SUSPENDED || (g->state == QV_GEN_CREATED && value == QV_NONE)) &&
           ts->frames_top < ts->frames_limit && qi->tracing == 0;
}

// A generator that stands still goes on with this value (borrowed) of its yield, if it stands at
// one; where nobody looks at that, behind the DROP of it. Its frame.
QV_RUNS static inline QvFrame *qv_generator_sent(QvInterp *qi, QvGenerator *g, QvObj *value)
{
    QvFrame *f = &g->frame;
    if (g->state != QV_GEN_SUSPENDED) {
        return f;
    }
    QvInstr at = qv_code_instr(f->code, (uint32_t)(f->pc - f->code->instrs));
    unsigned dst = at.op == QV_INS_YIELD_FROM ? at.a : f->pc[-1].a;
    if (at.op == QV_INS_DROP && at.a == dst && qi->tracing == 0) {
        f->pc++;
        return f;
    }
    qv_incref(qi, value);
    qv_reg_put(qi, &f->regs[dst], value);
    return f;
}

// ---- the specialiser (specialise.c): rewrites pc[-1] when it sees a chance ----------------------
void qv_spec_binary(QvInstr *at, QvBinOp op, QvObj *v, QvObj *w);
void qv_spec_load_attr(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name);
void qv_spec_store_attr(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name);
// The same for sites that met several types: what they look up goes into the shared cache.
void qv_spec_load_attr_any(QvInterp *qi, QvObj *o, QvObj *name);
void qv_spec_store_attr_any(QvInterp *qi, QvObj *o, QvObj *name);
void qv_spec_load_method_any(QvInterp *qi, QvObj *o, QvObj *name);
void qv_spec_load_method(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name);
// After LOAD_METHOD found a value that takes no self.
void qv_spec_load_method_value(QvInterp *qi, QvInstr *at, QvObj *o, QvObj *name);
void qv_spec_load_global(QvInterp *qi, QvFrame *f, QvInstr *at, QvObj *name);
void qv_spec_getitem(QvInstr *at, QvObj *o, QvObj *key);
void qv_spec_setitem(QvInstr *at, QvObj *o, QvObj *key);
// The version that guards calls of functions with this code, given on first use; 0: none is left.
uint32_t qv_spec_code_version(QvInterp *qi, QvCode *code);
void qv_spec_call(QvInterp *qi, QvInstr *at, QvObj *callable, QvSsize nargs);
void qv_spec_call_kw(QvInterp *qi, QvInstr *at, QvObj *callable, bool self, QvSsize nvalues,
                     QvObj *kwnames);
void qv_spec_call_method(QvInterp *qi, QvInstr *at, QvObj *callable, QvObj *self, QvSsize nargs);
// The form just chosen at a call that a generator makes: the callee's window can't overlap there.
void qv_spec_call_in_generator(QvInstr *at);

// Drops those of the operand registers `which` (QV_TAKE_ bits) whose last use was here; the
// destination is never among them.
static inline void qv_take(QvInterp *qi, QvObj **r, QvInstr i, unsigned which)
{
    if (i.flags & which & QV_TAKE_A) {
        qv_reg_drop(qi, &r[i.a]);
    }
    if (i.flags & which & QV_TAKE_B) {
        qv_reg_drop(qi, &r[i.b]);
    }
    if (i.flags & which & QV_TAKE_C) {
        qv_reg_drop(qi, &r[i.c]);
    }
}

#endif
