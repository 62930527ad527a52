// SPDX-License-Identifier: MIT
// Frame objects: what sys._getframe and tracebacks show of a frame.
//
// A frame object is made only when somebody looks. While its frame runs it points to the record;
// when the frame ends, the registers of named variables move into the object (qv_frame_detach), so
// tracebacks keep locals alive as in CPython.
#include "object/descr.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/gc.h"
#include "object/list.h"
#include "object/module.h"
#include "object/type_ids.h"
#include "code/linejump.h"
#include "vm/eval_internal.h"
#include "vm/generator.h"
#include "vm/jump.h"

QvFrameObj *qv_frame_object(QvInterp *qi, QvFrame *f)
{
    if (f->obj) {
        qv_incref(qi, (QvObj *)f->obj);
        return f->obj;
    }
    QvFrameObj *fo = (QvFrameObj *)qv_obj_new(qi, &qv_frame_type);
    if (!fo) {
        return NULL;
    }
    fo->frame = f;
    fo->code = (QvCode *)qv_new_ref(qi, (QvObj *)f->code);
    fo->globals = qv_new_ref(qi, f->globals);
    fo->builtins = qv_new_ref(qi, f->builtins);
    fo->locals = qv_xnew_ref(qi, f->locals);
    f->obj = fo;
    f->kind |= QV_FRAME_WATCHED;
    return fo;
}

void qv_frame_keep(QvInterp *qi, QvFrameObj *fo)
{
    if (fo->frame && !fo->kept) {
        fo->kept = true;
        qv_incref(qi, (QvObj *)fo);
    }
}

static uint32_t frame_word(const QvFrame *f)
{
    if (f->obj && f->obj->jump) {
        return f->obj->jump->word;
    }
    ptrdiff_t at = f->pc - f->code->instrs;
    return at > 0 ? (uint32_t)at - 1 : 0;
}

int qv_frame_lineno(const QvFrame *f)
{
    return f->obj && f->obj->jump ? f->obj->jump->line : qv_code_line(f->code, frame_word(f));
}

// Registers that have names: locals, cells, free variables.
static uint16_t named_registers(const QvCode *code)
{
    return (uint16_t)(code->nlocals + code->ncells + code->nfree);
}

void qv_frame_detach(QvInterp *qi, QvFrame *f)
{
    QvFrameObj *fo = f->obj;
    uint16_t n = named_registers(f->code);
    // Nothing here may replace the exception that leaves the frame: its traceback can be all that
    // holds fo.
    QvObj *pending = qv_err_fetch(qi);
    qv_jump_forget(qi, fo);
    fo->lasti = (int32_t)frame_word(f);
    if (n > 0) {
        fo->values = qv_alloc(qi, n * sizeof *fo->values);
        if (fo->values) {
            for (uint16_t j = 0; j < n; j++) {
                fo->values[j] = f->regs[j];
                f->regs[j] = NULL;
            }
            fo->nvalues = n;
        } else {
            qv_err_clear(qi); // the object then shows no locals
        }
    }
    if (f->prev) {
        fo->back = qv_frame_object(qi, f->prev);
        if (!fo->back) {
            qv_err_clear(qi);
        }
    }
    fo->frame = NULL;
    f->obj = NULL;
    if (fo->kept) {
        fo->kept = false;
        qv_decref(qi, (QvObj *)fo);
    }
    qv_err_restore(qi, pending);
}

// ---- locals -------------------------------------------------------------------------------------

static QvObj **frame_values(const QvFrameObj *fo, uint16_t *ret_n)
{
    if (fo->frame) {
        *ret_n = named_registers(fo->code);
        return fo->frame->regs;
    }
    *ret_n = fo->nvalues;
    return fo->values;
}

// Brings the dict of locals up to date with the registers. 0/-1.
int qv_frame_locals_load(QvInterp *qi, QvFrameObj *fo)
{
    const QvCode *code = fo->code;
    if (!fo->locals) {
        fo->locals = qv_dict_new(qi);
        if (!fo->locals) {
            return -1;
        }
    }
    if (fo->frame && !fo->frame->locals) {
        // The frame keeps the dict: each call of locals() gives the same one, and what exec() has
        // put there stays.
        fo->frame->locals = qv_new_ref(qi, fo->locals);
    }
    if (!(code->flags & QV_CO_OPTIMIZED)) {
        return 0;
    }
    uint16_t n;
    QvObj **values = frame_values(fo, &n);
    for (uint16_t j = 0; j < n; j++) {
        QvObj *value = values[j];
        QvObj *name;
        if (j < code->nlocals) {
            name = code->localnames[j];
        } else {
            name = code->cellnames[j - code->nlocals];
            value = value && value->type == &qv_cell_type ? ((QvCell *)value)->value : NULL;
        }
        if (value) {
            if (qv_dict_set(qi, fo->locals, name, value) < 0) {
                return -1;
            }
        } else if (j >= code->nlocals || qv_dict_peek_str(fo->locals, name)) {
            QvObj *old;
            int had = qv_dict_pop(qi, fo->locals, name, &old);
            if (had < 0) {
                return -1;
            }
            if (had) {
                qv_decref(qi, old);
            }
        }
    }
    return 0;
}

bool qv_frame_is_captured(const QvCode *code, uint16_t local)
{
    for (uint16_t j = 0; j < code->ncells; j++) {
        if (code->cell_param[j] == local) {
            return true;
        }
    }
    return false;
}

void qv_frame_locals_store(QvInterp *qi, QvFrameObj *fo)
{
    const QvCode *code = fo->code;
    if (!(code->flags & QV_CO_OPTIMIZED) || !qv_is_dict_exact(fo->locals)) {
        return;
    }
    uint16_t n;
    bool unbinds = false;
    QvObj **values = frame_values(fo, &n);
    for (uint16_t j = 0; j < n; j++) {
        bool is_local = j < code->nlocals;
        QvObj *name = is_local ? code->localnames[j] : code->cellnames[j - code->nlocals];
        QvObj **slot = &values[j];
        if (!is_local) {
            if (!*slot || (*slot)->type != &qv_cell_type) {
                continue;
            }
            slot = &((QvCell *)*slot)->value;
        }
        QvObj *value = qv_dict_peek_str(fo->locals, name);
        // A parameter that a cell has captured left its register: it stays empty.
        if (value != *slot && (*slot || !is_local || !qv_frame_is_captured(code, j))) {
            unbinds = unbinds || !value;
            qv_set_take(qi, slot, qv_xnew_ref(qi, value));
        }
    }
    if (unbinds) {
        qv_jump_check_locals(qi, fo);
    }
}

QvObj *qv_frame_locals(QvInterp *qi, QvFrame *f)
{
    if (f->locals && !(f->code->flags & QV_CO_OPTIMIZED)) {
        return qv_new_ref(qi, f->locals);
    }
    QvFrameObj *fo = qv_frame_object(qi, f);
    if (!fo) {
        return NULL;
    }
    QvObj *result = qv_frame_locals_load(qi, fo) < 0 ? NULL : qv_new_ref(qi, fo->locals);
    qv_decref(qi, (QvObj *)fo);
    return result;
}

// ---- the type -----------------------------------------------------------------------------------

static int frame_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    QV_VISIT(fo->code);
    QV_VISIT(fo->globals);
    QV_VISIT(fo->builtins);
    QV_VISIT(fo->locals);
    QV_VISIT(fo->back);
    QV_VISIT(fo->trace);
    QV_VISIT(fo->c_call);
    for (uint16_t j = 0; j < fo->nvalues; j++) {
        QV_VISIT(fo->values[j]);
    }
    return 0;
}

static void drop_values(QvInterp *qi, QvFrameObj *fo)
{
    QvObj **values = fo->values;
    uint16_t n = fo->nvalues;
    fo->values = NULL;
    fo->nvalues = 0;
    for (uint16_t j = 0; j < n; j++) {
        qv_xdecref(qi, values[j]);
    }
    qv_free(qi, values, n * sizeof *values);
}

static void frame_clear_slot(QvInterp *qi, QvObj *o)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    qv_clear(qi, &fo->locals);
    qv_clear(qi, &fo->trace);
    qv_clear(qi, &fo->c_call);
    QvObj *back = (QvObj *)fo->back;
    fo->back = NULL;
    qv_xdecref(qi, back);
    if (fo->values) {
        drop_values(qi, fo);
    }
}

static void frame_fini(QvInterp *qi, QvObj *o)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    qv_jump_forget(qi, fo);
    if (fo->frame) {
        fo->frame->obj = NULL;
        fo->frame = NULL;
    }
    frame_clear_slot(qi, o);
    QvObj *code = (QvObj *)fo->code;
    fo->code = NULL;
    qv_xdecref(qi, code);
    qv_clear(qi, &fo->globals);
    qv_clear(qi, &fo->builtins);
}

static QvObj *frame_repr(QvInterp *qi, QvObj *o)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    int line = fo->frame ? qv_frame_lineno(fo->frame) : qv_code_line(fo->code, (uint32_t)fo->lasti);
    return qv_str_format(qi, "<frame at %p, file %R, line %d, code %S>", (void *)o,
                         fo->code->filename, line, fo->code->name);
}

static QvObj *get_back(QvInterp *qi, QvObj *o)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    if (fo->frame) {
        return fo->frame->prev ? (QvObj *)qv_frame_object(qi, fo->frame->prev) : QV_NONE;
    }
    return fo->back ? qv_new_ref(qi, (QvObj *)fo->back) : QV_NONE;
}
static QvObj *get_code(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, (QvObj *)((QvFrameObj *)o)->code);
}
static QvObj *get_globals(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvFrameObj *)o)->globals);
}
static QvObj *get_builtins(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvFrameObj *)o)->builtins);
}
static QvObj *get_locals(QvInterp *qi, QvObj *o)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    return qv_frame_locals_load(qi, fo) < 0 ? NULL : qv_new_ref(qi, fo->locals);
}
static QvObj *get_lineno(QvInterp *qi, QvObj *o)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    return qv_int_from_i64(qi, fo->shown_line && !fo->jump ? fo->shown_line
                               : fo->frame                 ? qv_frame_lineno(fo->frame)
                                           : qv_code_line(fo->code, (uint32_t)fo->lasti));
}
// Python code halves it to index co_positions(), which count two for a word.
static QvObj *get_lasti(QvInterp *qi, QvObj *o)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    return qv_int_from_i64(qi, 2 * (fo->frame ? (int64_t)frame_word(fo->frame) : fo->lasti));
}
static QvObj *get_trace(QvInterp *qi, QvObj *o)
{
    QvFrameObj *fo = (QvFrameObj *)o;
    return fo->trace ? qv_new_ref(qi, fo->trace) : QV_NONE;
}
static int set_trace(QvInterp *qi, QvObj *o, QvObj *value)
{
    qv_frame_keep(qi, (QvFrameObj *)o);
    qv_set_take(qi, &((QvFrameObj *)o)->trace,
                value && value != QV_NONE ? qv_new_ref(qi, value) : NULL);
    return 0;
}

static QvObj *get_trace_lines(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(!((QvFrameObj *)o)->no_trace_lines);
}
static QvObj *get_trace_opcodes(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(((QvFrameObj *)o)->trace_opcodes);
}
static int set_trace_flag(QvInterp *qi, QvObj *value, bool on, bool *flag)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "cannot delete attribute");
    }
    if (!qv_is_bool(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "attribute value type must be bool");
    }
    *flag = (value == QV_TRUE) == on;
    return 0;
}
static int set_trace_lines(QvInterp *qi, QvObj *o, QvObj *value)
{
    return set_trace_flag(qi, value, false, &((QvFrameObj *)o)->no_trace_lines);
}
static int set_trace_opcodes(QvInterp *qi, QvObj *o, QvObj *value)
{
    return set_trace_flag(qi, value, true, &((QvFrameObj *)o)->trace_opcodes);
}
static int set_lineno(QvInterp *qi, QvObj *o, QvObj *value)
{
    return qv_jump_set(qi, (QvFrameObj *)o, value);
}

static QvObj *frame_clear(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvFrameObj *fo = (QvFrameObj *)self;
    if (fo->frame) {
        QvGenerator *g = fo->frame->gen;
        if (!g || g->state == QV_GEN_RUNNING) {
            return qv_raise(qi, &qv_exc_RuntimeError, "cannot clear an executing frame");
        }
        // Its finally blocks run, if it was started.
        qv_incref(qi, &g->h);
        qv_generator_finalize(qi, &g->h);
        qv_generator_finish(qi, g); // detaches
        qv_decref(qi, &g->h);
    }
    frame_clear_slot(qi, self);
    return QV_NONE;
}

static const QvGetSet frame_getsets[] = {
    {"f_back", get_back, NULL, NULL},
    {"f_code", get_code, NULL, NULL},
    {"f_globals", get_globals, NULL, NULL},
    {"f_builtins", get_builtins, NULL, NULL},
    {"f_locals", get_locals, NULL, NULL},
    {"f_lineno", get_lineno, set_lineno, NULL},
    {"f_lasti", get_lasti, NULL, NULL},
    {"f_trace", get_trace, set_trace, NULL},
    {"f_trace_lines", get_trace_lines, set_trace_lines, NULL},
    {"f_trace_opcodes", get_trace_opcodes, set_trace_opcodes, NULL},
    {0},
};

static const QvNativeDef frame_methods[] = {
    {"clear", frame_clear, "($self, /)", "F.clear(): clear most references held by the frame"},
    {0},
};

QV_SEALED QvType qv_frame_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "frame",
    .id = QV_TID_frame,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .size = sizeof(QvFrameObj),
    .base = &qv_object_type,
    .methods = frame_methods,
    .getsets = frame_getsets,
    .fini = frame_fini,
    .clear = frame_clear_slot,
    .traverse = frame_traverse,
    .repr = frame_repr,
};

// ---- traceback entries --------------------------------------------------------------------------

void qv_traceback_add(QvInterp *qi, QvObj *exc, QvFrame *f, uint32_t at)
{
    // Pending, it is set aside: the MemoryError of a failed allocation would take its place, and
    // with it what may be the last reference.
    bool pending = qi->ts->exc == exc;
    if (pending) {
        qi->ts->exc = NULL;
    }
    QvTraceback *tb = (QvTraceback *)qv_obj_new(qi, &qv_traceback_type);
    QvFrameObj *fo = tb ? qv_frame_object(qi, f) : NULL;
    if (!fo) { // no memory for an entry: the exception goes on without it
        qv_err_clear(qi);
        qv_xdecref(qi, (QvObj *)tb);
    }
    if (pending) {
        qi->ts->exc = exc;
    }
    if (!fo) {
        return;
    }
    QvExc *e = (QvExc *)exc;
    tb->next = (QvTraceback *)e->traceback; // takes over the reference
    tb->frame = (QvObj *)fo;
    tb->lasti = (int32_t)(2 * at);
    tb->lineno = qv_code_line(f->code, at);
    e->traceback = (QvObj *)tb;
}

void qv_frame_blame(QvInterp *qi, QvObj *exc)
{
    QvFrame *f = qi->ts->frame;
    if (f && !qi->ts->exc) {
        qv_traceback_add(qi, exc, f, frame_word(f));
    }
}

static int tb_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvTraceback *tb = (QvTraceback *)o;
    QV_VISIT(tb->next);
    QV_VISIT(tb->frame);
    return 0;
}

static void tb_fini(QvInterp *qi, QvObj *o)
{
    QvTraceback *tb = (QvTraceback *)o;
    QvObj *next = (QvObj *)tb->next;
    tb->next = NULL;
    qv_clear(qi, &tb->frame);
    qv_xdecref(qi, next);
}

static QvObj *tb_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *slot[4];
    if (qv_args(qi, "TracebackType(tb_next, tb_frame, tb_lasti, tb_lineno)", args, nargs, kwnames,
                slot) < 0) {
        return NULL;
    }
    if (slot[1]->type != &qv_frame_type) {
        return qv_raise(qi, &qv_exc_TypeError,
                        "TracebackType() argument 'tb_frame' must be frame, not %T", slot[1]);
    }
    if (slot[0] != QV_NONE && slot[0]->type != &qv_traceback_type) {
        return qv_raise(qi, &qv_exc_TypeError, "expected traceback object or None, got '%T'",
                        slot[0]);
    }
    int64_t lasti, line;
    if (qv_int_to_i64(qi, slot[2], &lasti) < 0 || qv_int_to_i64(qi, slot[3], &line) < 0) {
        return NULL;
    }
    QvTraceback *tb = (QvTraceback *)qv_obj_new(qi, type);
    if (!tb) {
        return NULL;
    }
    tb->next = slot[0] == QV_NONE ? NULL : (QvTraceback *)qv_new_ref(qi, slot[0]);
    tb->frame = qv_new_ref(qi, slot[1]);
    tb->lasti = (int32_t)lasti;
    tb->lineno = (int32_t)line;
    return (QvObj *)tb;
}

static QvObj *tb_get_next(QvInterp *qi, QvObj *o)
{
    QvTraceback *tb = (QvTraceback *)o;
    return tb->next ? qv_new_ref(qi, (QvObj *)tb->next) : QV_NONE;
}
static int tb_set_next(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "can't delete tb_next attribute");
    }
    if (value != QV_NONE && value->type != &qv_traceback_type) {
        return qv_raise_int(qi, &qv_exc_TypeError, "expected traceback object, got '%T'", value);
    }
    for (QvTraceback *t = value == QV_NONE ? NULL : (QvTraceback *)value; t; t = t->next) {
        if (t == (QvTraceback *)o) {
            return qv_raise_int(qi, &qv_exc_ValueError, "traceback loop detected");
        }
    }
    QvTraceback *tb = (QvTraceback *)o;
    QvObj *old = (QvObj *)tb->next;
    tb->next = value == QV_NONE ? NULL : (QvTraceback *)qv_new_ref(qi, value);
    qv_xdecref(qi, old);
    return 0;
}
static QvObj *tb_get_frame(QvInterp *qi, QvObj *o)
{
    QvTraceback *tb = (QvTraceback *)o;
    return tb->frame ? qv_new_ref(qi, tb->frame) : QV_NONE;
}
static QvObj *tb_get_lasti(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, ((QvTraceback *)o)->lasti);
}
static QvObj *tb_get_lineno(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, ((QvTraceback *)o)->lineno);
}

static const QvGetSet tb_getsets[] = {
    {"tb_next", tb_get_next, tb_set_next, NULL},
    {"tb_frame", tb_get_frame, qv_getset_readonly, NULL},
    {"tb_lasti", tb_get_lasti, qv_getset_readonly, NULL},
    {"tb_lineno", tb_get_lineno, qv_getset_readonly, NULL},
    {0},
};

static QvObj *tb_dir(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self;
    (void)args;
    (void)nargs;
    QvObj *list = qv_list_new(qi, 4);
    for (const QvGetSet *row = tb_getsets; list && row->name; row++) {
        if (qv_list_append_take(qi, list, qv_str_new_cstr(qi, row->name)) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

static const QvNativeDef tb_methods[] = {
    {"__dir__", tb_dir, "($self, /)", "The four attributes."},
    {0},
};

QV_SEALED QvType qv_traceback_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "traceback",
    .id = QV_TID_traceback,
    .flags = QV_T_GC,
    .size = sizeof(QvTraceback),
    .base = &qv_object_type,
    .methods = tb_methods,
    .getsets = tb_getsets,
    .new_ = tb_new,
    .fini = tb_fini,
    .clear = tb_fini,
    .traverse = tb_traverse,
};
