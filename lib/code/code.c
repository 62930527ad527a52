// SPDX-License-Identifier: MIT
// The code type: what Python sees of a code object; look-up of positions and handlers; the opcode
// table.
#include "code/code.h"

#include <string.h>

#include "base/hash.h"
#include "code/codefile.h"
#include "code/tables.h"
#include "object/bytes.h"
#include "object/descr.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"

// ---- the opcode table ---------------------------------------------------------------------------

enum { // the words of the traits column
    RAISE = QV_TR_RAISE,
    RUN = QV_TR_RUN,
    JUMP = QV_TR_JUMP,
    END = QV_TR_END,
    SPEC = QV_TR_SPEC,
    POLL = QV_TR_POLL,
    CALL = QV_TR_CALL,
};

const QvOpInfo qv_op_info[256] = {
#define OP(name_, a_, b_, c_, words_, traits_) \
    [QV_INS_##name_] = {.name = #name_,        \
                        .a = QV_K_##a_,        \
                        .b = QV_K_##b_,        \
                        .c = QV_K_##c_,        \
                        .words = (words_),     \
                        .traits = (traits_)},
#include "code/opcodes.def"
#undef OP
    [QV_INS_LOAD_GLOBAL_MODULE].general = QV_INS_LOAD_GLOBAL,
    [QV_INS_LOAD_GLOBAL_BUILTIN].general = QV_INS_LOAD_GLOBAL,
    [QV_INS_ADD_FLOAT].general = QV_INS_ADD,
    [QV_INS_SUB_FLOAT].general = QV_INS_SUB,
    [QV_INS_MUL_FLOAT].general = QV_INS_MUL,
    [QV_INS_TRUEDIV_FLOAT].general = QV_INS_TRUEDIV,
    [QV_INS_ADD_STR].general = QV_INS_ADD,
    [QV_INS_LOAD_ATTR_SLOT].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_MODULE].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_CLASS].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_TYPE].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_MEMBER].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_PROPERTY].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_ANY].general = QV_INS_LOAD_ATTR,
    [QV_INS_STORE_ATTR_SLOT].general = QV_INS_STORE_ATTR,
    [QV_INS_STORE_ATTR_ADD].general = QV_INS_STORE_ATTR,
    [QV_INS_STORE_ATTR_MEMBER].general = QV_INS_STORE_ATTR,
    [QV_INS_STORE_ATTR_PROPERTY].general = QV_INS_STORE_ATTR,
    [QV_INS_STORE_ATTR_ANY].general = QV_INS_STORE_ATTR,
    [QV_INS_LOAD_METHOD_CACHED].general = QV_INS_LOAD_METHOD,
    [QV_INS_LOAD_METHOD_ANY].general = QV_INS_LOAD_METHOD,
    [QV_INS_GETITEM_LIST_INT].general = QV_INS_GETITEM,
    [QV_INS_GETITEM_TUPLE_INT].general = QV_INS_GETITEM,
    [QV_INS_GETITEM_STR_INT].general = QV_INS_GETITEM,
    [QV_INS_GETITEM_DICT].general = QV_INS_GETITEM,
    [QV_INS_SETITEM_LIST_INT].general = QV_INS_SETITEM,
    [QV_INS_SETITEM_DICT].general = QV_INS_SETITEM,
    [QV_INS_FOR_ITER_RANGE].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_LIST].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_TUPLE].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_DICT].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_ITEMS].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_ENUM].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_ZIP].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_TUPLES].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_ANY].general = QV_INS_FOR_ITER,
    [QV_INS_FOR_ITER_GEN].general = QV_INS_FOR_ITER,
    [QV_INS_CALL_PY].general = QV_INS_CALL,
    [QV_INS_CALL_PY_GEN].general = QV_INS_CALL,
    [QV_INS_CALL_PY_ANY].general = QV_INS_CALL,
    [QV_INS_CALL_NATIVE].general = QV_INS_CALL,
    [QV_INS_CALL_TYPED].general = QV_INS_CALL,
    [QV_INS_CALL_ONE_TYPE].general = QV_INS_CALL,
    [QV_INS_CALL_CLASS].general = QV_INS_CALL,
    [QV_INS_CALL_NEW].general = QV_INS_CALL,
    [QV_INS_CALL_TYPE1].general = QV_INS_CALL,
    [QV_INS_CALL_LEN].general = QV_INS_CALL,
    [QV_INS_CALL_NEXT].general = QV_INS_CALL,
    [QV_INS_CALL_ISINSTANCE].general = QV_INS_CALL,
    [QV_INS_CALL_METHOD_PY].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_PY_GEN].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_NATIVE].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_NATIVE_ANY].general = QV_INS_CALL_METHOD,
    [QV_INS_LOAD_ATTR_BOUND].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_GETSET].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_GET_PY].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_ATTR_TUPLE_ITEM].general = QV_INS_LOAD_ATTR,
    [QV_INS_LOAD_METHOD_VALUE].general = QV_INS_LOAD_METHOD,
    [QV_INS_LOAD_METHOD_SLOT].general = QV_INS_LOAD_METHOD,
    [QV_INS_LOAD_METHOD_MODULE].general = QV_INS_LOAD_METHOD,
    [QV_INS_CALL_NATIVE_FEWER].general = QV_INS_CALL,
    [QV_INS_CALL_GETATTR].general = QV_INS_CALL,
    [QV_INS_CALL_CLASS_PLAIN].general = QV_INS_CALL,
    [QV_INS_CALL_METHOD_NATIVE_FEWER].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_KW_PY].general = QV_INS_CALL_KW,
    [QV_INS_CALL_METHOD_KW_PY].general = QV_INS_CALL_METHOD_KW,
    [QV_INS_CALL_METHOD_VALUE_PY].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_VALUE_NATIVE].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_VALUE_TYPED].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_PY_ANY].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_CLASS].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_APPEND].general = QV_INS_CALL_METHOD,
    [QV_INS_CALL_METHOD_SEND].general = QV_INS_CALL_METHOD,
    [QV_INS_ENTER_JIT].general = QV_INS_NOP, // never looked at: see qv_code_instr
};

// A specialised opcode without its general form above would be written to files as NOP: none may be
// missing.
#define OP(name_, a_, b_, c_, words_, traits_) +(((traits_)&QV_TR_SPEC) != 0)
_Static_assert((0
#include "code/opcodes.def"
                ) == 74,
               "give every SPEC row its general opcode in qv_op_info");
#undef OP

// ---- look-up ------------------------------------------------------------------------------------

const QvPosEntry *qv_code_position(const QvCode *code, uint32_t at)
{
    uint32_t lo = 0;
    uint32_t hi = code->nposs; // the first entry that starts behind `at` is in [lo, hi]
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (code->poss[mid].start <= at) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo > 0 ? &code->poss[lo - 1] : NULL;
}

int qv_code_line(const QvCode *code, uint32_t at)
{
    const QvPosEntry *pos = qv_code_position(code, at);
    return pos ? pos->line : code->firstline;
}

const QvExcEntry *qv_code_handler(const QvCode *code, uint32_t at)
{
    uint32_t lo = 0;
    uint32_t hi = code->nexcs;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (code->excs[mid].start <= at) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    // The compiler writes disjoint ranges: each word has its innermost handler.
    return lo > 0 && at < code->excs[lo - 1].end ? &code->excs[lo - 1] : NULL;
}

// ---- life ---------------------------------------------------------------------------------------

QvObj *qv_code_new(QvInterp *qi) { return qv_obj_new(qi, &qv_code_type); }

static void free_objects(QvInterp *qi, QvObj **items, uint32_t n)
{
    if (!items) {
        return;
    }
    for (uint32_t i = 0; i < n; i++) {
        qv_xdecref(qi, items[i]);
    }
    qv_free(qi, items, n * sizeof(QvObj *));
}

void qv_code_drop_body(QvInterp *qi, QvCode *code)
{
    if (code->jit) {
        qi->jit.forget(qi, code);
    }
    if (code->instrs) {
        qv_free(qi, code->instrs, code->ninstrs * sizeof(QvInstr));
    }
    free_objects(qi, code->consts, code->nconsts);
    free_objects(qi, code->names, code->nnames);
    free_objects(qi, code->localnames, code->nlocals);
    free_objects(qi, code->cellnames, (uint32_t)code->ncells + code->nfree);
    if (code->cell_param) {
        qv_free(qi, code->cell_param, code->ncells * sizeof(*code->cell_param));
    }
    if (code->excs) {
        qv_free(qi, code->excs, code->nexcs * sizeof(*code->excs));
    }
    if (code->poss) {
        qv_free(qi, code->poss, code->nposs * sizeof(*code->poss));
    }
}

static void code_fini(QvInterp *qi, QvObj *o)
{
    QvCode *code = (QvCode *)o;
    qv_code_drop_body(qi, code);
    qv_code_leave_image(qi, code);
    qv_xdecref(qi, code->filename);
    qv_xdecref(qi, code->name);
    qv_xdecref(qi, code->qualname);
}

void qv_code_general(const QvCode *code, QvInstr *out)
{
    for (uint32_t i = 0; i < code->ninstrs;) {
        QvInstr w = qv_code_instr(code, i);
        const QvOpInfo *info = &qv_op_info[w.op];
        if (info->traits & QV_TR_SPEC) {
            w.op = info->general;
        }
        out[i] = w;
        memset(out + i + 1, 0, info->words * sizeof(QvInstr));
        if (w.op == QV_INS_CALL_KW || w.op == QV_INS_CALL_METHOD_KW) {
            // The low half of the first word is the compiler's, the rest is cache.
            memcpy(out + i + 1, code->instrs + i + 1, sizeof(uint32_t));
        }
        i += 1u + info->words;
    }
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *tuple_of(QvInterp *qi, QvObj *const *items, uint32_t n)
{
    return qv_tuple_from_array(qi, items, (QvSsize)n);
}

// The code object with its body; NULL with an exception.
static QvCode *whole(QvInterp *qi, QvObj *o)
{
    return qv_code_load(qi, (QvCode *)o) < 0 ? NULL : (QvCode *)o;
}

static QvObj *get_argcount(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, ((QvCode *)o)->argcount);
}
static QvObj *get_posonly(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, ((QvCode *)o)->posonly);
}
static QvObj *get_kwonly(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, ((QvCode *)o)->kwonly);
}
static QvObj *get_nlocals(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? qv_int_from_i64(qi, code->nlocals) : NULL;
}
static QvObj *get_flags(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, ((QvCode *)o)->flags);
}
static QvObj *get_firstline(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, ((QvCode *)o)->firstline);
}
static QvObj *get_filename(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvCode *)o)->filename);
}
static QvObj *get_name(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, ((QvCode *)o)->name); }
static QvObj *get_qualname(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, ((QvCode *)o)->qualname);
}

static QvObj *get_stacksize(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? qv_int_from_i64(qi, code->nregs - code->nlocals - code->ncells - code->nfree)
                : NULL;
}

static QvObj *get_consts(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? tuple_of(qi, code->consts, code->nconsts) : NULL;
}

static QvObj *get_names(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? tuple_of(qi, code->names, code->nnames) : NULL;
}

static QvObj *get_varnames(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? tuple_of(qi, code->localnames, code->nlocals) : NULL;
}

static QvObj *get_cellvars(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? tuple_of(qi, code->cellnames, code->ncells) : NULL;
}

static QvObj *get_freevars(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    if (!code) {
        return NULL;
    }
    return code->nfree ? tuple_of(qi, code->cellnames + code->ncells, code->nfree)
                       : tuple_of(qi, NULL, 0);
}

static QvObj *get_code(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    QvObj *bytes = code ? qv_bytes_new(qi, NULL, (QvSsize)(code->ninstrs * sizeof(QvInstr))) : NULL;
    if (bytes) {
        qv_code_general(code, (QvInstr *)(void *)qv_bytes_data(bytes));
    }
    return bytes;
}

static QvObj *get_linetable(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? qv_code_linetable(qi, code) : NULL;
}

static QvObj *get_lnotab(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? qv_code_lnotab(qi, code) : NULL;
}

static QvObj *get_exceptiontable(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    return code ? qv_code_exceptiontable(qi, code) : NULL;
}

static const QvGetSet code_getsets[] = {
    {"co_argcount", get_argcount, qv_getset_readonly, NULL},
    {"co_posonlyargcount", get_posonly, qv_getset_readonly, NULL},
    {"co_kwonlyargcount", get_kwonly, qv_getset_readonly, NULL},
    {"co_nlocals", get_nlocals, NULL, NULL},
    {"co_stacksize", get_stacksize, qv_getset_readonly, NULL},
    {"co_flags", get_flags, qv_getset_readonly, NULL},
    {"co_code", get_code, NULL, NULL},
    {"_co_code_adaptive", get_code, NULL, NULL},
    {"co_consts", get_consts, qv_getset_readonly, NULL},
    {"co_names", get_names, qv_getset_readonly, NULL},
    {"co_varnames", get_varnames, NULL, NULL},
    {"co_freevars", get_freevars, NULL, NULL},
    {"co_cellvars", get_cellvars, NULL, NULL},
    {"co_filename", get_filename, qv_getset_readonly, NULL},
    {"co_name", get_name, qv_getset_readonly, NULL},
    {"co_qualname", get_qualname, qv_getset_readonly, NULL},
    {"co_firstlineno", get_firstline, qv_getset_readonly, NULL},
    {"co_linetable", get_linetable, qv_getset_readonly, NULL},
    {"co_lnotab", get_lnotab, NULL, NULL},
    {"co_exceptiontable", get_exceptiontable, qv_getset_readonly, NULL},
    {0},
};

// ---- positions ----------------------------------------------------------------------------------

static QvObj *int_or_none(QvInterp *qi, int64_t v)
{
    return v < 0 ? qv_new_ref(qi, QV_NONE) : qv_int_from_i64(qi, v);
}

static QvObj *position_tuple(QvInterp *qi, const QvPosEntry *pos)
{
    QvObj *tuple = qv_tuple_new(qi, 4);
    if (!tuple) {
        return NULL;
    }
    int64_t values[4] = {-1, -1, -1, -1};
    if (pos) {
        values[0] = pos->line;
        bool columns = !qi->config.no_debug_ranges;
        values[1] = columns ? pos->end_line : pos->line;
        values[2] = columns ? pos->col : -1;
        values[3] = columns ? pos->end_col : -1;
    }
    for (int i = 0; i < 4; i++) {
        QvObj *item = int_or_none(qi, values[i]);
        if (!item) {
            qv_decref(qi, tuple);
            return NULL;
        }
        qv_tuple_items(tuple)[i] = item;
    }
    return tuple;
}

static QvObj *iter_take(QvInterp *qi, QvObj *list)
{
    QvObj *it = qv_iter(qi, list);
    qv_decref(qi, list);
    return it;
}

// One tuple for each instruction word, so that the word of tb_lasti is found at index tb_lasti //
// 2, as in CPython.
static QvObj *code_positions(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvCode *code = whole(qi, self);
    QvObj *list = code ? qv_list_new(qi, (QvSsize)code->ninstrs) : NULL;
    if (!list) {
        return NULL;
    }
    for (uint32_t at = 0, next = 0; at < code->ninstrs; next++) {
        uint32_t end = next < code->nposs ? code->poss[next].start : code->ninstrs;
        QvObj *tuple = position_tuple(qi, next > 0 ? &code->poss[next - 1] : NULL);
        for (; tuple && at < end; at++) {
            if (qv_list_append(qi, list, tuple) < 0) {
                qv_clear(qi, &tuple);
            }
        }
        if (!tuple) {
            qv_decref(qi, list);
            return NULL;
        }
        qv_decref(qi, tuple);
    }
    return iter_take(qi, list);
}

// (start, end, line) for runs of words of one line; offsets count two for each word.
static QvObj *code_lines(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    const QvCode *code = whole(qi, self);
    QvObj *list = code ? qv_list_new(qi, 0) : NULL;
    if (!list) {
        return NULL;
    }
    for (uint32_t i = 0; i < code->nposs;) {
        uint32_t first = i;
        while (i < code->nposs && code->poss[i].line == code->poss[first].line) {
            i++;
        }
        uint32_t end = i < code->nposs ? code->poss[i].start : code->ninstrs;
        QvObj *start_obj = qv_int_from_i64(qi, 2 * (int64_t)code->poss[first].start);
        QvObj *end_obj = qv_int_from_i64(qi, 2 * (int64_t)end);
        QvObj *line = qv_int_from_i64(qi, code->poss[first].line);
        QvObj *tuple = start_obj && end_obj && line ? qv_tuple_of(qi, 3, start_obj, end_obj, line)
                                                    : NULL;
        qv_xdecref(qi, start_obj);
        qv_xdecref(qi, end_obj);
        qv_xdecref(qi, line);
        if (qv_list_append_take(qi, list, tuple) < 0) {
            qv_decref(qi, list);
            return NULL;
        }
    }
    return iter_take(qi, list);
}

// ---- replace() ----------------------------------------------------------------------------------

static void *copy_block(QvInterp *qi, const void *p, size_t n, bool *ok)
{
    if (!p || !*ok) {
        return NULL;
    }
    void *copy = qv_alloc(qi, n);
    if (!copy) {
        *ok = false;
        return NULL;
    }
    return memcpy(copy, p, n);
}

static QvObj **copy_objects(QvInterp *qi, QvObj *const *items, uint32_t n, bool *ok)
{
    QvObj **copy = copy_block(qi, items, n * sizeof(*items), ok);
    for (uint32_t i = 0; copy && i < n; i++) {
        qv_incref(qi, copy[i]);
    }
    return copy;
}

QvObj *qv_code_copy(QvInterp *qi, QvCode *from)
{
    QvObj *o = qv_code_load(qi, from) < 0 ? NULL : qv_code_new(qi);
    if (!o) {
        return NULL;
    }
    QvCode *code = (QvCode *)o;
    bool ok = true;
    code->filename = qv_new_ref(qi, from->filename);
    code->name = qv_new_ref(qi, from->name);
    code->qualname = qv_new_ref(qi, from->qualname);
    code->instrs = copy_block(qi, from->instrs, from->ninstrs * sizeof(QvInstr), &ok);
    if (code->instrs) {
        code->ninstrs = from->ninstrs;
        qv_code_general(from, code->instrs);
    }
    code->consts = copy_objects(qi, from->consts, from->nconsts, &ok);
    code->nconsts = code->consts ? from->nconsts : 0;
    code->names = copy_objects(qi, from->names, from->nnames, &ok);
    code->nnames = code->names ? from->nnames : 0;
    code->localnames = copy_objects(qi, from->localnames, from->nlocals, &ok);
    code->nlocals = code->localnames ? from->nlocals : 0;
    code->cellnames = copy_objects(qi, from->cellnames, (uint32_t)from->ncells + from->nfree, &ok);
    if (code->cellnames) {
        code->ncells = from->ncells;
        code->nfree = from->nfree;
    }
    code->cell_param =
        copy_block(qi, from->cell_param, from->ncells * sizeof(*from->cell_param), &ok);
    code->excs = copy_block(qi, from->excs, from->nexcs * sizeof(*from->excs), &ok);
    code->nexcs = code->excs ? from->nexcs : 0;
    code->poss = copy_block(qi, from->poss, from->nposs * sizeof(*from->poss), &ok);
    code->nposs = code->poss ? from->nposs : 0;
    if (!ok) {
        qv_decref(qi, o);
        return NULL;
    }
    code->flags = from->flags;
    code->argcount = from->argcount;
    code->posonly = from->posonly;
    code->kwonly = from->kwonly;
    code->nregs = from->nregs;
    code->firstline = from->firstline;
    qv_code_set_call_form(code);
    code->doc = from->doc ? code->consts[0] : NULL;
    return o;
}

// The parts in the order of replace()'s parameters.
static const struct {
    QvCodePart part;
    QvUnaryFn get;
} replaceable[] = {
    {QV_CODE_ARGCOUNT, get_argcount},   {QV_CODE_POSONLY, get_posonly},
    {QV_CODE_KWONLY, get_kwonly},       {QV_CODE_NLOCALS, get_nlocals},
    {QV_CODE_STACKSIZE, get_stacksize}, {QV_CODE_FLAGS, get_flags},
    {QV_CODE_FIRSTLINE, get_firstline}, {QV_CODE_CODE, get_code},
    {QV_CODE_CONSTS, get_consts},       {QV_CODE_NAMES, get_names},
    {QV_CODE_VARNAMES, get_varnames},   {QV_CODE_FREEVARS, get_freevars},
    {QV_CODE_CELLVARS, get_cellvars},   {QV_CODE_FILENAME, get_filename},
    {QV_CODE_NAME, get_name},           {QV_CODE_QUALNAME, get_qualname},
    {QV_CODE_LINETABLE, get_linetable}, {QV_CODE_EXCEPTIONTABLE, get_exceptiontable},
};
_Static_assert(sizeof(replaceable) / sizeof(replaceable[0]) == QV_CODE_PARTS, "all parts");

static QvObj *code_replace(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *parts[QV_CODE_PARTS] = {NULL};
    bool ok = true;
    for (int k = 0; ok && k < QV_CODE_PARTS; k++) {
        QvObj *part = args[k] ? qv_new_ref(qi, args[k]) : replaceable[k].get(qi, self);
        parts[replaceable[k].part] = part;
        ok = part != NULL;
    }
    QvObj *code = ok ? qv_code_build(qi, parts, "replace") : NULL;
    if (code && ((QvCode *)self)->doc && ((QvCode *)code)->nconsts &&
        qv_is_str(((QvCode *)code)->consts[0])) {
        ((QvCode *)code)->doc = ((QvCode *)code)->consts[0]; // also where instructions share it
    }
    for (int k = 0; k < QV_CODE_PARTS; k++) {
        qv_xdecref(qi, parts[k]);
    }
    return code;
}

static QvObj *code_varname(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    const QvCode *code = whole(qi, self);
    QvSsize k;
    if (!code || qv_index_ssize(qi, args[0], &k, &qv_exc_IndexError) < 0) {
        return NULL;
    }
    if (k >= 0 && k < code->nlocals) {
        return qv_new_ref(qi, code->localnames[k]);
    }
    k -= code->nlocals;
    if (k >= 0 && k < (QvSsize)code->ncells + code->nfree) {
        return qv_new_ref(qi, code->cellnames[k]);
    }
    return qv_raise(qi, &qv_exc_IndexError, "tuple index out of range");
}

static QvObj *code_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)type; // no subclasses
    QvObj *parts[QV_CODE_PARTS];
    if (kwnames && qv_tuple_len(kwnames)) {
        return qv_raise(qi, &qv_exc_TypeError, "code() takes no keyword arguments");
    }
    if (nargs < QV_CODE_FREEVARS || nargs > QV_CODE_PARTS) {
        return qv_raise(qi, &qv_exc_TypeError, "code expected at %s arguments, got %zd",
                        nargs < QV_CODE_FREEVARS ? "least 16" : "most 18", nargs);
    }
    for (QvSsize k = 0; k < QV_CODE_PARTS; k++) {
        parts[k] = k < nargs ? args[k] : QV_EMPTY_TUPLE;
    }
    return qv_code_build(qi, parts, "code");
}

static const QvNativeDef code_methods[] = {
    {"_varname_from_oparg", code_varname, "($self, /, oparg)",
     "(internal-only) Return the local variable name for the given oparg.\n\nWARNING: this method "
     "is for internal use only and may change or go away."},
    {"co_lines", code_lines, "($self, /)",
     "Iterates over (start, end, line) of runs of instructions."},
    {"co_positions", code_positions, "($self, /)",
     "Iterates over (line, end_line, column, end_column) of the instruction words."},
    {"replace", code_replace,
     "($self, /, *, co_argcount=-1, co_posonlyargcount=-1, co_kwonlyargcount=-1, co_nlocals=-1, "
     "co_stacksize=-1, "
     "co_flags=-1, co_firstlineno=-1, co_code=None, co_consts=None, co_names=None, "
     "co_varnames=None, "
     "co_freevars=None, co_cellvars=None, co_filename=None, co_name=None, co_qualname=None, "
     "co_linetable=None, "
     "co_exceptiontable=None)",
     "Return a copy of the code object with new values for the specified fields."},
    {0},
};

// ---- the type -----------------------------------------------------------------------------------

static QvObj *code_repr(QvInterp *qi, QvObj *o)
{
    const QvCode *code = (QvCode *)o;
    return qv_str_format(qi, "<code object %U at %p, file \"%U\", line %d>", code->name, (void *)o,
                         code->filename, code->firstline);
}

static bool same_names(QvObj *const *a, QvObj *const *b, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        if (!qv_str_equal(a[i], b[i])) {
            return false;
        }
    }
    return true;
}

static bool same_instrs(const QvCode *a, const QvCode *b)
{
    for (uint32_t i = 0; i < a->ninstrs;) {
        QvInstr v = qv_code_instr(a, i);
        QvInstr w = qv_code_instr(b, i);
        const QvOpInfo *info = &qv_op_info[v.op];
        uint8_t vop = info->traits & QV_TR_SPEC ? info->general : v.op;
        uint8_t wop = qv_op_info[w.op].traits & QV_TR_SPEC ? qv_op_info[w.op].general : w.op;
        if (vop != wop || v.flags != w.flags || v.a != w.a || v.b != w.b || v.c != w.c) {
            return false;
        }
        if ((vop == QV_INS_CALL_KW || vop == QV_INS_CALL_METHOD_KW) &&
            memcmp(a->instrs + i + 1, b->instrs + i + 1, sizeof(uint32_t)) != 0) {
            return false;
        }
        i += 1u + info->words;
    }
    return true;
}

// Constants are compared with their types: 1 is not True here. 1/0/-1.
static int same_const(QvInterp *qi, QvObj *a, QvObj *b)
{
    if (a == b) {
        return 1;
    }
    if (qv_type_of(a) != qv_type_of(b)) {
        return 0;
    }
    if (qv_is_tuple(a)) {
        if (qv_tuple_len(a) != qv_tuple_len(b)) {
            return 0;
        }
        for (QvSsize i = 0; i < qv_tuple_len(a); i++) {
            int same = same_const(qi, qv_tuple_peek(a, i), qv_tuple_peek(b, i));
            if (same <= 0) {
                return same;
            }
        }
        return 1;
    }
    return qv_eq(qi, a, b);
}

static QvObj *code_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if ((op != QV_EQ && op != QV_NE) || !qv_is_code(v) || !qv_is_code(w)) {
        return QV_NOTIMPLEMENTED;
    }
    const QvCode *a = whole(qi, v);
    const QvCode *b = a ? whole(qi, w) : NULL;
    if (!b) {
        return NULL;
    }
    bool same = v == w ||
                (a->argcount == b->argcount && a->posonly == b->posonly && a->kwonly == b->kwonly &&
                 a->flags == b->flags && a->firstline == b->firstline && a->ninstrs == b->ninstrs &&
                 a->nconsts == b->nconsts && a->nnames == b->nnames && a->nlocals == b->nlocals &&
                 a->ncells == b->ncells && a->nfree == b->nfree && a->nposs == b->nposs &&
                 a->nexcs == b->nexcs && qv_str_equal(a->name, b->name) &&
                 same_names(a->names, b->names, a->nnames) &&
                 same_names(a->localnames, b->localnames, a->nlocals) &&
                 same_names(a->cellnames, b->cellnames, (uint32_t)a->ncells + a->nfree) &&
                 same_instrs(a, b) &&
                 memcmp(a->poss ? (const void *)a->poss : "", b->poss ? (const void *)b->poss : "",
                        a->nposs * sizeof(*a->poss)) == 0);
    for (uint32_t i = 0; same && v != w && i < a->nconsts; i++) {
        int result = same_const(qi, a->consts[i], b->consts[i]);
        if (result < 0) {
            return NULL;
        }
        same = result;
    }
    return qv_bool(same == (op == QV_EQ));
}

static QvHash code_hash(QvInterp *qi, QvObj *o)
{
    const QvCode *code = whole(qi, o);
    if (!code) {
        return -1;
    }
    uint64_t acc = qv_hash_tuple_start();
    acc = qv_hash_tuple_add(acc, qv_str_hash(code->name));
    acc = qv_hash_tuple_add(acc, code->argcount);
    acc = qv_hash_tuple_add(acc, code->firstline);
    acc = qv_hash_tuple_add(acc, (QvHash)code->flags);
    acc = qv_hash_tuple_add(acc, code->ninstrs);
    for (uint32_t i = 0; i < code->nnames; i++) {
        acc = qv_hash_tuple_add(acc, qv_str_hash(code->names[i]));
    }
    return qv_hash_tuple_end(acc, 5 + (QvSsize)code->nnames);
}

QV_SEALED QvType qv_code_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "code",
    .id = QV_TID_code,
    .flags = QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvCode),
    .doc = "Create a code object.  Not for the faint of heart.",
    .new_ = code_new,
    .methods = code_methods,
    .getsets = code_getsets,
    .fini = code_fini,
    .repr = code_repr,
    .hash = code_hash,
    .richcmp = code_richcmp,
};
