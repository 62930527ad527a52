// SPDX-License-Identifier: MIT
// Units of code under construction: registers, emission, labels, constants, names.
#include "compile/codegen.h"

#include <stdarg.h>
#include <string.h>

#include "object/bytes.h"
#include "object/error.h"
#include "object/float.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"

#define MAX_REGISTERS 65000u
#define MAX_OPERAND   65535u

bool qv_gen_check(QvGen *g, const void *p)
{
    if (!p) {
        g->failed = true;
    }
    return p != NULL;
}

void qv_gen_error(QvGen *g, QvPos pos, const char *fmt, ...)
{
    if (g->failed) {
        return;
    }
    g->failed = true;
    va_list ap;
    va_start(ap, fmt);
    QvObj *msg = qv_str_format_v(g->qi, fmt, ap);
    va_end(ap);
    if (msg) {
        qv_scope_error(g->qi, g->scopes, pos, "%U", msg);
        qv_decref(g->qi, msg);
    }
}

void qv_gen_warn(QvGen *g, QvPos pos, const char *fmt, ...)
{
    if (g->failed) {
        return;
    }
    va_list ap;
    va_start(ap, fmt);
    QvObj *msg = qv_str_format_v(g->qi, fmt, ap);
    va_end(ap);
    if (!qv_gen_check(g, msg)) {
        return;
    }
    if (qv_warn_explicit(g->qi, &qv_exc_SyntaxWarning, msg, g->filename, pos.lineno) < 0) {
        if (qv_err_matches(g->qi, &qv_exc_SyntaxWarning)) {
            // A filter made it an error: show it where it stands.
            qv_err_clear(g->qi);
            qv_gen_error(g, pos, "%U", msg);
        }
        g->failed = true;
    }
    qv_decref(g->qi, msg);
}

// Makes room for one more item in a raw array.
static bool grow(QvGen *g, void **items, uint32_t *cap, uint32_t count, size_t size, uint32_t first)
{
    if (count < *cap) {
        return true;
    }
    uint32_t new_cap = *cap ? *cap * 2 : first;
    void *p = qv_realloc(g->qi, *items, *cap * size, new_cap * size);
    if (!qv_gen_check(g, p)) {
        return false;
    }
    *items = p;
    *cap = new_cap;
    return true;
}

// ---- constants and names ------------------------------------------------------------------------

static uint64_t mix(uint64_t h, uint64_t v) { return (h ^ v) * UINT64_C(0x9E3779B97F4A7C15); }

// Constants are the same when they cannot be told apart: 0.0 and -0.0, 1 and True, and so on are
// kept apart.
static uint64_t const_hash(const QvObj *o)
{
    uint64_t h = (uint64_t)(uintptr_t)o->type;
    if (qv_is_str(o)) {
        return mix(h, (uint64_t)qv_str_hash((QvObj *)o));
    }
    if (qv_is_int(o)) {
        return mix(h, qv_int_as_u64_mask(o));
    }
    if (qv_is_float_exact(o)) {
        uint64_t bits;
        memcpy(&bits, &((const QvFloat *)o)->value, sizeof(bits));
        return mix(h, bits);
    }
    if (o->type == &qv_complex_type) {
        uint64_t bits[2];
        memcpy(bits, &((const QvComplex *)o)->real, sizeof(bits));
        return mix(mix(h, bits[0]), bits[1]);
    }
    if (qv_is_bytes(o)) {
        return mix(h, (uint64_t)qv_bytes_hash((QvObj *)o));
    }
    if (qv_is_tuple(o)) {
        for (QvSsize i = 0; i < qv_tuple_len(o); i++) {
            h = mix(h, const_hash(qv_tuple_peek(o, i)));
        }
        return h;
    }
    if (o->type == &qv_frozenset_type) {
        return mix(h, (uint64_t)qv_set_len(o));
    }
    return mix(h, (uint64_t)(uintptr_t)o);
}

static bool const_same(const QvObj *a, const QvObj *b)
{
    if (a == b) {
        return true;
    }
    if (a->type != b->type) {
        return false;
    }
    if (qv_is_str(a)) {
        return qv_str_equal(a, b);
    }
    if (qv_is_int(a)) {
        return qv_int_compare(a, b) == 0;
    }
    if (qv_is_float_exact(a)) {
        return memcmp(&((const QvFloat *)a)->value, &((const QvFloat *)b)->value, sizeof(double)) ==
               0;
    }
    if (a->type == &qv_complex_type) {
        return memcmp(&((const QvComplex *)a)->real, &((const QvComplex *)b)->real,
                      2 * sizeof(double)) == 0;
    }
    if (qv_is_bytes(a)) {
        return qv_bytes_len(a) == qv_bytes_len(b) &&
               memcmp(qv_bytes_data(a), qv_bytes_data(b), (size_t)qv_bytes_len(a)) == 0;
    }
    if (qv_is_tuple(a)) {
        if (qv_tuple_len(a) != qv_tuple_len(b)) {
            return false;
        }
        for (QvSsize i = 0; i < qv_tuple_len(a); i++) {
            if (!const_same(qv_tuple_peek(a, i), qv_tuple_peek(b, i))) {
                return false;
            }
        }
        return true;
    }
    return false;
}

// Index of o, added if new. by_identity: names.
static uint32_t table_add(QvGen *g, QvGenTable *t, QvObj *o, uint64_t hash, bool by_identity)
{
    if ((t->count + 1) * 2 > t->index_cap) {
        uint32_t cap = t->index_cap ? t->index_cap * 2 : 16;
        uint32_t *index = qv_alloc(g->qi, cap * sizeof(*index));
        if (!qv_gen_check(g, index)) {
            return 0;
        }
        memset(index, 0, cap * sizeof(*index));
        for (uint32_t i = 0; i < t->count; i++) {
            uint64_t h = by_identity ? mix(0, (uint64_t)(uintptr_t)t->items[i])
                                     : const_hash(t->items[i]);
            uint32_t slot = (uint32_t)(h >> 32) & (cap - 1);
            while (index[slot]) {
                slot = (slot + 1) & (cap - 1);
            }
            index[slot] = i + 1;
        }
        qv_free(g->qi, t->index, t->index_cap * sizeof(*index));
        t->index = index;
        t->index_cap = cap;
    }
    uint32_t slot = (uint32_t)(hash >> 32) & (t->index_cap - 1);
    while (t->index[slot]) {
        QvObj *there = t->items[t->index[slot] - 1];
        if (by_identity ? there == o : const_same(there, o)) {
            return t->index[slot] - 1;
        }
        slot = (slot + 1) & (t->index_cap - 1);
    }
    if (!grow(g, (void **)&t->items, &t->cap, t->count, sizeof(*t->items), 8)) {
        return 0;
    }
    t->items[t->count] = qv_new_ref(g->qi, o);
    t->index[slot] = ++t->count;
    return t->count - 1;
}

static void table_fini(QvInterp *qi, QvGenTable *t)
{
    for (uint32_t i = 0; i < t->count; i++) {
        qv_decref(qi, t->items[i]);
    }
    qv_free(qi, t->items, t->cap * sizeof(*t->items));
    qv_free(qi, t->index, t->index_cap * sizeof(*t->index));
}

// Strings that look like names are interned, as CPython does: they often meet attribute names in
// look-ups.
static bool looks_like_name(const QvObj *s)
{
    if (!qv_str_is_ascii(s)) {
        return false;
    }
    for (QvSsize i = 0; i < qv_str_len(s); i++) {
        uint32_t c = qv_str_read(s, i);
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
              c == '_')) {
            return false;
        }
    }
    return true;
}

// New reference to the constant to keep for o: strings in it interned.
static QvObj *intern_const(QvGen *g, QvObj *o)
{
    if (qv_is_str(o)) {
        QvObj *s = qv_new_ref(g->qi, o);
        if (!qv_str_is_interned(s) && looks_like_name(s) && qv_str_intern(g->qi, &s) < 0) {
            qv_decref(g->qi, s);
            return NULL;
        }
        return s;
    }
    if (qv_is_tuple(o) && qv_tuple_len(o) > 0) {
        QvObj *copy = qv_tuple_new(g->qi, qv_tuple_len(o));
        for (QvSsize i = 0; copy && i < qv_tuple_len(o); i++) {
            QvObj *item = intern_const(g, qv_tuple_peek(o, i));
            if (!item) {
                qv_clear(g->qi, &copy);
                break;
            }
            qv_tuple_items(copy)[i] = item;
        }
        return copy;
    }
    return qv_new_ref(g->qi, o);
}

uint32_t qv_gen_const(QvGen *g, QvObj *o)
{
    if (g->failed) {
        return 0;
    }
    o = intern_const(g, o);
    if (!qv_gen_check(g, o)) {
        return 0;
    }
    uint32_t index = table_add(g, &g->u->consts, o, const_hash(o), false);
    qv_decref(g->qi, o);
    return index;
}

unsigned qv_gen_name(QvGen *g, QvObj *name)
{
    if (g->failed) {
        return 0;
    }
    name = qv_scope_mangle(g->arena, g->u->scope->private_name, name);
    if (!qv_gen_check(g, name)) {
        return 0;
    }
    uint32_t index = table_add(g, &g->u->names, name, mix(0, (uint64_t)(uintptr_t)name), true);
    if (index > MAX_OPERAND) {
        qv_gen_error(g, g->u->pos, "too many names in one block of code (more than %u)",
                     MAX_OPERAND);
        return 0;
    }
    return index;
}

// ---- units --------------------------------------------------------------------------------------

static void unit_free(QvInterp *qi, QvUnit *u)
{
    table_fini(qi, &u->consts);
    table_fini(qi, &u->names);
    qv_free(qi, u->ins, u->ins_cap * sizeof(*u->ins));
    qv_free(qi, u->labels, u->labels_cap * sizeof(*u->labels));
    qv_free(qi, u->handlers, u->handlers_cap * sizeof(*u->handlers));
    qv_xdecref(qi, u->name);
    qv_xdecref(qi, u->qualname);
}

static bool is_free(const QvSymbol *sym)
{
    return sym->home == QV_HOME_FREE || (sym->flags & QV_SYM_FREE_CLASS);
}

// Insertion sort by name (CPython keeps cell and free variables sorted).
static void sort_symbols(QvSymbol **syms, unsigned n)
{
    for (unsigned i = 1; i < n; i++) {
        QvSymbol *s = syms[i];
        unsigned j = i;
        for (; j > 0 && qv_str_compare(syms[j - 1]->name, s->name) > 0; j--) {
            syms[j] = syms[j - 1];
        }
        syms[j] = s;
    }
}

static void add_param(QvGen *g, QvUnit *u, QvObj *raw_name)
{
    QvObj *name = qv_scope_mangle(g->arena, u->scope->private_name, raw_name);
    if (!qv_gen_check(g, name)) {
        return;
    }
    QvSymbol *sym = qv_scope_lookup(u->scope, name);
    qv_assert(sym);
    sym->reg = (uint16_t)u->nlocals;
    u->locals[u->nlocals++] = sym;
}

static void add_params(QvGen *g, QvUnit *u, const QvArguments *args)
{
    for (QvSsize i = 0; i < args->posonlyargs.count; i++) {
        add_param(g, u, args->posonlyargs.items[i]->arg);
    }
    for (QvSsize i = 0; i < args->args.count; i++) {
        add_param(g, u, args->args.items[i]->arg);
    }
    u->posonly = (unsigned)args->posonlyargs.count;
    u->argcount = u->nlocals;
    for (QvSsize i = 0; i < args->kwonlyargs.count; i++) {
        add_param(g, u, args->kwonlyargs.items[i]->arg);
    }
    u->kwonly = u->nlocals - u->argcount;
    if (args->vararg) {
        add_param(g, u, args->vararg->arg);
    }
    if (args->kwarg) {
        add_param(g, u, args->kwarg->arg);
    }
}

static bool assign_registers(QvGen *g, QvUnit *u, const QvArguments *args)
{
    QvScope *scope = u->scope;
    if (scope->nsymbols > MAX_REGISTERS && scope->kind == QV_SCOPE_FUNCTION) {
        qv_gen_error(g, scope->pos, "too many variables in one block of code (more than %u)",
                     MAX_REGISTERS);
        return false;
    }
    u->locals = qv_arena_alloc(g->arena, (scope->nsymbols + 1) * sizeof(*u->locals));
    u->cells = qv_arena_alloc(g->arena, (scope->nsymbols + 1) * sizeof(*u->cells));
    if (!qv_gen_check(g, u->locals) || !qv_gen_check(g, u->cells)) {
        return false;
    }
    if (args) {
        add_params(g, u, args);
    } else if (scope->form >= QV_FORM_LIST_COMP) {
        add_param(g, u, QV_N(dot0));
        u->argcount = 1;
    }
    if (g->failed) {
        return false;
    }
    u->class_cell = -1;
    if (scope->kind == QV_SCOPE_FUNCTION) {
        for (QvSymbol *sym = scope->first; sym; sym = sym->next) {
            if (sym->home == QV_HOME_LOCAL && !(sym->flags & QV_SYM_PARAM)) {
                sym->reg = (uint16_t)u->nlocals;
                u->locals[u->nlocals++] = sym;
            } else if (sym->home == QV_HOME_CELL) {
                u->cells[u->ncells++] = sym;
            }
        }
        sort_symbols(u->cells, u->ncells);
        for (unsigned i = 0; i < u->ncells; i++) {
            // A parameter that is a cell keeps its argument register too: see the prologue.
            u->cells[i]->reg = (uint16_t)(u->nlocals + i);
        }
    } else if (scope->class_closure) {
        u->class_cell = 0;
        u->ncells = 1;
    }
    QvSymbol **frees = u->cells + u->ncells;
    for (QvSymbol *sym = scope->first; sym; sym = sym->next) {
        if (is_free(sym)) {
            frees[u->nfree++] = sym;
        }
    }
    sort_symbols(frees, u->nfree);
    for (unsigned i = 0; i < u->nfree; i++) {
        frees[i]->reg = (uint16_t)(u->nlocals + u->ncells + i);
    }
    u->first_temp = u->nlocals + u->ncells + u->nfree;
    u->top = u->max_top = u->first_temp;
    return true;
}

static void set_qualname(QvGen *g, QvUnit *u)
{
    QvUnit *outer = u->outer;
    QvObj *name = u->scope->name;
    u->name = qv_new_ref(g->qi, name);
    QvObj *qualname = NULL;
    if (outer && outer->scope->kind != QV_SCOPE_MODULE) {
        bool global = false;
        if (u->scope->kind == QV_SCOPE_CLASS || u->scope->form <= QV_FORM_ASYNC) {
            QvObj *mangled = qv_scope_mangle(g->arena, outer->scope->private_name, name);
            const QvSymbol *sym = mangled ? qv_scope_lookup(outer->scope, mangled) : NULL;
            global = sym && sym->home == QV_HOME_GLOBAL_EXPLICIT;
        }
        if (!global) {
            qualname = qv_str_format(
                g->qi, outer->scope->kind == QV_SCOPE_FUNCTION ? "%U.<locals>.%U" : "%U.%U",
                outer->qualname, name);
            if (!qv_gen_check(g, qualname)) {
                return;
            }
        }
    }
    u->qualname = qualname ? qualname : qv_new_ref(g->qi, name);
}

static uint32_t code_flags(const QvGen *g, const QvScope *scope)
{
    uint32_t flags = g->code_flags;
    if (scope->kind == QV_SCOPE_FUNCTION) {
        flags |= QV_CO_NEWLOCALS | QV_CO_OPTIMIZED;
        if (scope->nested) {
            flags |= QV_CO_NESTED;
        }
        if (scope->generator) {
            flags |= scope->coroutine ? QV_CO_ASYNC_GENERATOR : QV_CO_GENERATOR;
        } else if (scope->coroutine) {
            flags |= QV_CO_COROUTINE;
        }
        if (scope->varargs) {
            flags |= QV_CO_VARARGS;
        }
        if (scope->varkeywords) {
            flags |= QV_CO_VARKEYWORDS;
        }
    } else if (scope->kind == QV_SCOPE_MODULE && scope->coroutine && g->top_level_await) {
        flags |= QV_CO_COROUTINE;
    }
    return flags;
}

static void init_bound(QvGen *g, QvUnit *u)
{
    u->nwords = (u->nlocals + 63) / 64;
    if (u->nwords == 0) {
        return;
    }
    u->bound = qv_arena_alloc(g->arena, u->nwords * 2 * sizeof(uint64_t));
    if (!qv_gen_check(g, u->bound)) {
        return;
    }
    u->deletable = u->bound + u->nwords;
    for (unsigned i = 0; i < u->nlocals; i++) {
        if ((u->locals[i]->flags & QV_SYM_PARAM) && u->locals[i]->home == QV_HOME_LOCAL) {
            u->bound[i / 64] |= UINT64_C(1) << (i % 64);
        }
        if (u->locals[i]->flags & QV_SYM_DEL) {
            u->deletable[i / 64] |= UINT64_C(1) << (i % 64);
        }
    }
}

static void prologue(QvGen *g, QvUnit *u)
{
    qv_gen_at(g, (QvPos){u->firstline, -1, u->firstline, -1});
    if (u->flags & (QV_CO_GENERATOR | QV_CO_COROUTINE | QV_CO_ASYNC_GENERATOR)) {
        qv_gen_emit(g, QV_INS_GEN_START, 0, 0, 0, 0);
        u->reachable = true; // "does not fall through" is true of this activation only
    }
    for (unsigned i = 0; i < u->ncells; i++) {
        const QvSymbol *sym = u->cells[i];
        bool param = sym && (sym->flags & QV_SYM_PARAM);
        unsigned from = 0;
        if (param) {
            while (u->locals[from] != sym) {
                from++;
            }
        }
        qv_gen_emit(g, QV_INS_MAKE_CELL, 0, u->nlocals + i, from, param);
    }
    if (u->class_cell >= 0) {
        u->class_cell = (int)u->nlocals;
    }
    if (u->nfree) {
        qv_gen_emit(g, QV_INS_COPY_FREE, 0, u->nlocals + u->ncells, u->nfree, 0);
    }
}

bool qv_gen_enter(QvGen *g, QvUnit *u, QvScope *scope, const QvArguments *args, int32_t firstline)
{
    if (g->failed) {
        return false;
    }
    *u = (QvUnit){
        .outer = g->u, .scope = scope, .handler = -1, .reachable = true, .firstline = firstline};
    u->flags = code_flags(g, scope);
    if (!assign_registers(g, u, args)) {
        return false;
    }
    set_qualname(g, u);
    init_bound(g, u);
    if (g->failed) {
        unit_free(g->qi, u);
        return false;
    }
    g->u = u;
    prologue(g, u);
    return true;
}

QvObj *qv_gen_leave(QvGen *g)
{
    QvUnit *u = g->u;
    QvObj *code = g->failed ? NULL : qv_gen_assemble(g, u);
    g->u = u->outer;
    unit_free(g->qi, u);
    if (!code) {
        g->failed = true;
    }
    return code;
}

QvObj *qv_gen_module(QvGen *g, const QvMod *mod)
{
    QvUnit u;
    if (!qv_gen_enter(g, &u, g->scopes->top, NULL, 1)) {
        return NULL;
    }
    g->interactive = mod->kind == QV_MOD_INTERACTIVE;
    if (mod->kind == QV_MOD_EXPRESSION) {
        unsigned r = qv_gen_expr(g, mod->body_expr, QV_WANT_PUSH);
        qv_gen_return(g, r);
    } else if (mod->kind == QV_MOD_INTERACTIVE) {
        qv_gen_setup_annotations(g, mod->body);
        qv_gen_stmts(g, mod->body);
    } else {
        qv_gen_body(g, mod->body);
    }
    return qv_gen_leave(g);
}

// ---- emission -----------------------------------------------------------------------------------

static QvGenIns *append(QvGen *g)
{
    QvUnit *u = g->u;
    if (g->failed || !u->reachable ||
        !grow(g, (void **)&u->ins, &u->ins_cap, u->nins, sizeof(*u->ins), 64)) {
        return NULL;
    }
    QvGenIns *ins = &u->ins[u->nins++];
    *ins = (QvGenIns){.label = -1, .handler = u->handler, .pos = u->pos};
    return ins;
}

void qv_gen_emit(QvGen *g, QvOp op, unsigned flags, unsigned a, unsigned b, unsigned c)
{
    QvGenIns *ins = append(g);
    if (!ins) {
        return;
    }
    qv_assert(a <= MAX_OPERAND && b <= MAX_OPERAND && c <= MAX_OPERAND);
    ins->w = (QvInstr){.op = (uint8_t)op,
                       .flags = (uint8_t)(flags | (g->u->no_line ? QV_NO_LINE : 0u)),
                       .a = (uint16_t)a,
                       .b = (uint16_t)b,
                       .c = (uint16_t)c};
    if (qv_op_info[op].traits & QV_TR_END) {
        g->u->reachable = false;
    }
}

void qv_gen_emit_extra(QvGen *g, QvOp op, unsigned a, unsigned b, unsigned c, uint32_t extra)
{
    qv_gen_emit(g, op, 0, a, b, c);
    if (!g->failed && g->u->reachable) {
        g->u->ins[g->u->nins - 1].extra = extra;
    }
}

int qv_gen_label(QvGen *g)
{
    QvUnit *u = g->u;
    if (g->failed ||
        !grow(g, (void **)&u->labels, &u->labels_cap, u->nlabels, sizeof(*u->labels), 32)) {
        return 0;
    }
    u->labels[u->nlabels] = (QvGenLabel){.at = -1};
    return (int)u->nlabels++;
}

// What is bound here is bound at the label only if it is on the other paths too.
static void merge_into(QvGen *g, QvGenLabel *label)
{
    QvUnit *u = g->u;
    if (u->nwords) {
        if (!label->reached) {
            label->bound = qv_arena_alloc(g->arena, u->nwords * sizeof(uint64_t));
            if (!qv_gen_check(g, label->bound)) {
                return;
            }
            memcpy(label->bound, u->bound, u->nwords * sizeof(uint64_t));
        } else {
            for (uint32_t i = 0; i < u->nwords; i++) {
                label->bound[i] &= u->bound[i];
            }
        }
    }
    label->reached = true;
}

void qv_gen_jump(QvGen *g, QvOp op, unsigned flags, unsigned a, unsigned b, int label)
{
    QvGenIns *ins = append(g);
    if (!ins) {
        return;
    }
    ins->w = (QvInstr){.op = (uint8_t)op,
                       .flags = (uint8_t)(flags | (g->u->no_line ? QV_NO_LINE : 0u)),
                       .a = (uint16_t)a,
                       .b = (uint16_t)b};
    ins->label = label;
    QvGenLabel *l = &g->u->labels[label];
    if (l->at < 0) {
        merge_into(g, l);
    }
    if (qv_op_info[op].traits & QV_TR_END) {
        g->u->reachable = false;
    }
}

void qv_gen_goto(QvGen *g, int label) { qv_gen_jump(g, QV_INS_JUMP, 0, 0, 0, label); }

void qv_gen_place(QvGen *g, int label)
{
    if (g->failed) {
        return;
    }
    QvUnit *u = g->u;
    QvGenLabel *l = &u->labels[label];
    l->at = (int32_t)u->nins;
    if (!l->reached) {
        return;
    }
    for (uint32_t i = 0; i < u->nwords; i++) {
        u->bound[i] = u->reachable ? u->bound[i] & l->bound[i] : l->bound[i];
    }
    u->reachable = true;
}

void qv_gen_place_loop(QvGen *g, int label)
{
    qv_gen_place(g, label);
    QvUnit *u = g->u;
    for (uint32_t i = 0; !g->failed && i < u->nwords; i++) {
        u->bound[i] &= ~u->deletable[i];
    }
}

QvGenCover qv_gen_cover(QvGen *g, unsigned depth)
{
    QvUnit *u = g->u;
    QvGenCover cover = {.label = qv_gen_label(g), .index = u->handler, .reachable = u->reachable};
    if (g->failed ||
        !grow(g, (void **)&u->handlers, &u->handlers_cap, u->nhandlers, sizeof(*u->handlers), 8)) {
        return cover;
    }
    if (u->nwords) {
        cover.bound = qv_arena_alloc(g->arena, u->nwords * sizeof(uint64_t));
        if (!qv_gen_check(g, cover.bound)) {
            return cover;
        }
        for (uint32_t i = 0; i < u->nwords; i++) {
            cover.bound[i] = u->bound[i] & ~u->deletable[i];
        }
    }
    cover.index = (int32_t)u->nhandlers;
    u->handlers[u->nhandlers++] = (QvGenHandler){cover.label, (uint16_t)depth};
    u->handler = cover.index;
    return cover;
}

void qv_gen_place_handler(QvGen *g, const QvGenCover *cover)
{
    if (g->failed) {
        return;
    }
    QvUnit *u = g->u;
    u->labels[cover->label].at = (int32_t)u->nins;
    if (!cover->reachable) {
        return;
    }
    for (uint32_t i = 0; i < u->nwords; i++) {
        u->bound[i] = u->reachable ? u->bound[i] & cover->bound[i] : cover->bound[i];
    }
    u->reachable = true;
}

// ---- registers ----------------------------------------------------------------------------------

unsigned qv_gen_temps(QvGen *g, unsigned n)
{
    QvUnit *u = g->u;
    unsigned first = u->top;
    if (n > MAX_REGISTERS || first + n > MAX_REGISTERS) {
        qv_gen_error(g, u->pos, "expression too large: more than %u values at once", MAX_REGISTERS);
        return u->first_temp;
    }
    u->top += n;
    if (u->top > u->max_top) {
        u->max_top = u->top;
    }
    return first;
}

unsigned qv_gen_temp(QvGen *g) { return qv_gen_temps(g, 1); }

void qv_gen_return(QvGen *g, unsigned r)
{
    qv_gen_emit(g, QV_INS_RETURN, qv_gen_take_a(g, r), r, g->u->top, 0);
}

void qv_gen_return_k(QvGen *g, QvObj *value, unsigned flags)
{
    uint32_t k = qv_gen_const(g, value);
    qv_gen_emit(g, QV_INS_RETURN_K, flags, k & 0xFFFF, k >> 16, g->u->top);
}

unsigned qv_gen_dest(QvGen *g, int want, unsigned t)
{
    g->u->top = t;
    return want >= 0 ? (unsigned)want : qv_gen_temp(g);
}

unsigned qv_gen_take_b(QvGen *g, unsigned b, int d)
{
    return qv_gen_is_temp(g, b) && (int)b != d ? QV_TAKE_B : 0u;
}

unsigned qv_gen_take_bc(QvGen *g, unsigned b, unsigned c, int d)
{
    return qv_gen_take_b(g, b, d) | (qv_gen_is_temp(g, c) && (int)c != d ? QV_TAKE_C : 0u);
}

void qv_gen_load_k(QvGen *g, unsigned dst, QvObj *o)
{
    if (g->failed || !g->u->reachable) {
        return;
    }
    uint32_t k = qv_gen_const(g, o);
    qv_gen_emit(g, QV_INS_LOAD_K, 0, dst, k & 0xFFFF, k >> 16);
}

unsigned qv_gen_push_k(QvGen *g, QvObj *o)
{
    unsigned t = qv_gen_temp(g);
    qv_gen_load_k(g, t, o);
    return t;
}

static bool is_bound(const QvGen *g, unsigned reg)
{
    return (g->u->bound[reg / 64] >> (reg % 64)) & 1;
}

void qv_gen_mark_bound(QvGen *g, unsigned reg, bool bound)
{
    QvUnit *u = g->u;
    if (reg < u->nlocals) {
        uint64_t bit = UINT64_C(1) << (reg % 64);
        u->bound[reg / 64] = bound ? u->bound[reg / 64] | bit : u->bound[reg / 64] & ~bit;
    }
}

// ---- names --------------------------------------------------------------------------------------

typedef enum NameKind { NAME_FAST, NAME_CELL, NAME_CLASS_CELL, NAME_GLOBAL, NAME_NAME } NameKind;

typedef struct NameRef {
    NameKind kind;
    unsigned reg; // FAST, CELL, CLASS_CELL
} NameRef;

static NameRef resolve_name(QvGen *g, QvObj *raw_name)
{
    QvUnit *u = g->u;
    QvObj *name = qv_scope_mangle(g->arena, u->scope->private_name, raw_name);
    if (!qv_gen_check(g, name)) {
        return (NameRef){NAME_NAME, 0};
    }
    const QvSymbol *sym = qv_scope_lookup(u->scope, name);
    bool function = u->scope->kind == QV_SCOPE_FUNCTION;
    switch (sym ? sym->home : QV_HOME_UNKNOWN) {
    case QV_HOME_FREE: return (NameRef){function ? NAME_CELL : NAME_CLASS_CELL, sym->reg};
    case QV_HOME_CELL: return (NameRef){NAME_CELL, sym->reg};
    case QV_HOME_LOCAL: return (NameRef){function ? NAME_FAST : NAME_NAME, sym->reg};
    case QV_HOME_GLOBAL_IMPLICIT: return (NameRef){function ? NAME_GLOBAL : NAME_NAME, 0};
    case QV_HOME_GLOBAL_EXPLICIT: return (NameRef){NAME_GLOBAL, 0};
    case QV_HOME_UNKNOWN: break;
    }
    return (NameRef){NAME_NAME, 0};
}

int qv_gen_local_reg(QvGen *g, QvObj *raw_name)
{
    NameRef ref = resolve_name(g, raw_name);
    return ref.kind == NAME_FAST ? (int)ref.reg : -1;
}

unsigned qv_gen_load_name(QvGen *g, QvObj *raw_name, QvPos pos, int want)
{
    if (g->failed) {
        return g->u->first_temp;
    }
    NameRef ref = resolve_name(g, raw_name);
    qv_gen_at(g, pos);
    if (ref.kind == NAME_FAST) {
        if (!is_bound(g, ref.reg)) {
            qv_gen_emit(g, QV_INS_CHECK_BOUND, 0, ref.reg, 0, 0);
            qv_gen_mark_bound(g, ref.reg, true);
        }
        if (want == QV_WANT_ANY || want == (int)ref.reg) {
            return ref.reg;
        }
        unsigned d = qv_gen_dest(g, want, g->u->top);
        qv_gen_emit(g, QV_INS_MOVE, 0, d, ref.reg, 0);
        return d;
    }
    unsigned d = qv_gen_dest(g, want, g->u->top);
    switch (ref.kind) {
    case NAME_CELL: qv_gen_emit(g, QV_INS_LOAD_CELL, 0, d, ref.reg, 0); break;
    case NAME_CLASS_CELL:
        qv_gen_emit(g, QV_INS_LOAD_CLASS_CELL, 0, d, ref.reg, qv_gen_name(g, raw_name));
        break;
    case NAME_GLOBAL: qv_gen_emit(g, QV_INS_LOAD_GLOBAL, 0, d, qv_gen_name(g, raw_name), 0); break;
    case NAME_NAME:
    case NAME_FAST: qv_gen_emit(g, QV_INS_LOAD_NAME, 0, d, qv_gen_name(g, raw_name), 0); break;
    }
    return d;
}

static bool forbidden(QvGen *g, QvObj *raw_name, QvPos pos, const char *what)
{
    if (raw_name == QV_N(__debug__)) {
        qv_gen_error(g, pos, "cannot %s __debug__", what);
        return true;
    }
    return false;
}

void qv_gen_store_name(QvGen *g, QvObj *raw_name, QvPos pos, unsigned reg, bool take)
{
    if (g->failed || forbidden(g, raw_name, pos, "assign to")) {
        return;
    }
    NameRef ref = resolve_name(g, raw_name);
    take = take && qv_gen_is_temp(g, reg);
    qv_gen_at(g, pos);
    switch (ref.kind) {
    case NAME_FAST:
        if (ref.reg != reg) {
            qv_gen_emit(g, take ? QV_INS_TAKE : QV_INS_MOVE, 0, ref.reg, reg, 0);
        }
        qv_gen_mark_bound(g, ref.reg, true);
        break;
    case NAME_CELL:
    case NAME_CLASS_CELL:
        qv_gen_emit(g, QV_INS_STORE_CELL, take ? QV_TAKE_B : 0, ref.reg, reg, 0);
        break;
    case NAME_GLOBAL:
        qv_gen_emit(g, QV_INS_STORE_GLOBAL, take ? QV_TAKE_A : 0, reg, qv_gen_name(g, raw_name), 0);
        break;
    case NAME_NAME:
        qv_gen_emit(g, QV_INS_STORE_NAME, take ? QV_TAKE_A : 0, reg, qv_gen_name(g, raw_name), 0);
        break;
    }
}

void qv_gen_del_name(QvGen *g, QvObj *raw_name, QvPos pos)
{
    if (g->failed || forbidden(g, raw_name, pos, "delete")) {
        return;
    }
    NameRef ref = resolve_name(g, raw_name);
    qv_gen_at(g, pos);
    switch (ref.kind) {
    case NAME_FAST:
        qv_gen_emit(g, QV_INS_DEL_FAST, 0, ref.reg, 0, 0);
        qv_gen_mark_bound(g, ref.reg, false);
        break;
    case NAME_CELL:
    case NAME_CLASS_CELL: qv_gen_emit(g, QV_INS_DEL_CELL, 0, ref.reg, 0, 0); break;
    case NAME_GLOBAL: qv_gen_emit(g, QV_INS_DEL_GLOBAL, 0, qv_gen_name(g, raw_name), 0, 0); break;
    case NAME_NAME: qv_gen_emit(g, QV_INS_DEL_NAME, 0, qv_gen_name(g, raw_name), 0, 0); break;
    }
}

void qv_gen_unbind_name(QvGen *g, QvObj *raw_name, QvPos pos)
{
    int reg = qv_gen_local_reg(g, raw_name);
    if (reg >= 0) {
        qv_gen_at(g, pos);
        qv_gen_emit(g, QV_INS_DROP, 0, (unsigned)reg, 0, 0);
        qv_gen_mark_bound(g, (unsigned)reg, false);
        return;
    }
    // The clause may have deleted the name itself: bind it first.
    unsigned t = qv_gen_push_k(g, QV_NONE);
    qv_gen_store_name(g, raw_name, pos, t, true);
    g->u->top = t;
    qv_gen_del_name(g, raw_name, pos);
}

unsigned qv_gen_push_closure(QvGen *g, const QvScope *scope)
{
    QvUnit *u = g->u;
    unsigned n = 0;
    QvSymbol **frees = qv_arena_alloc(g->arena, (scope->nsymbols + 1) * sizeof(*frees));
    if (!qv_gen_check(g, frees)) {
        return 0;
    }
    for (QvSymbol *sym = scope->first; sym; sym = sym->next) {
        if (is_free(sym)) {
            frees[n++] = sym;
        }
    }
    sort_symbols(frees, n);
    for (unsigned i = 0; i < n; i++) {
        unsigned from;
        if (u->class_cell >= 0 && frees[i]->name == QV_N(__class__)) {
            from = (unsigned)u->class_cell;
        } else {
            const QvSymbol *sym = qv_scope_lookup(u->scope, frees[i]->name);
            qv_assert(sym);
            from = sym->reg;
        }
        qv_gen_emit(g, QV_INS_MOVE, 0, qv_gen_temp(g), from, 0);
    }
    return n;
}
