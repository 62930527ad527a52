// SPDX-License-Identifier: MIT
// The module _symtable: the compiler's symbol tables as objects, with CPython's numbers.
#include <stddef.h>

#include "compile/compile.h"
#include "modules/builtins.h"
#include "modules/modules.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/type_ids.h"

enum { // of a name
    DEF_GLOBAL = 1,
    DEF_LOCAL = 2,
    DEF_PARAM = 4,
    DEF_NONLOCAL = 8,
    USE = 16,
    DEF_FREE = 32,
    DEF_FREE_CLASS = 64,
    DEF_IMPORT = 128,
    DEF_ANNOT = 256,
    DEF_COMP_ITER = 512,
    SCOPE_OFF = 11, // above: where it lives
};

enum { LOCAL = 1, GLOBAL_EXPLICIT, GLOBAL_IMPLICIT, FREE, CELL };

enum { TYPE_FUNCTION, TYPE_CLASS, TYPE_MODULE };

typedef struct Entry {
    QvObj h;
    QvObj *name;     // str
    QvObj *symbols;  // dict: name to number
    QvObj *varnames; // list of parameter names
    QvObj *children; // list of Entry
    int type;
    int lineno;
    bool nested;
} Entry;

static Entry *as_entry(QvObj *o) { return (Entry *)o; }

static void entry_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_entry(o)->name);
    qv_clear(qi, &as_entry(o)->symbols);
    qv_clear(qi, &as_entry(o)->varnames);
    qv_clear(qi, &as_entry(o)->children);
}

static int entry_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_entry(o)->symbols);
    QV_VISIT(as_entry(o)->varnames);
    QV_VISIT(as_entry(o)->children);
    return 0;
}

static void entry_clear(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_entry(o)->symbols);
    qv_clear(qi, &as_entry(o)->varnames);
    qv_clear(qi, &as_entry(o)->children);
}

static QvObj *entry_repr(QvInterp *qi, QvObj *o)
{
    return qv_str_format(qi, "<symtable entry %U(%lld), line %d>", as_entry(o)->name,
                         (long long)(intptr_t)o, as_entry(o)->lineno);
}

static QvObj *get_id(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, (intptr_t)o); }
static QvObj *get_name(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_entry(o)->name); }
static QvObj *get_type(QvInterp *qi, QvObj *o) { return qv_int_from_i64(qi, as_entry(o)->type); }
static QvObj *get_lineno(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_entry(o)->lineno);
}
static QvObj *get_nested(QvInterp *qi, QvObj *o)
{
    return qv_int_from_i64(qi, as_entry(o)->nested);
}

// The collector may have cleared what others still see.
static QvObj *or_none(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, o ? o : QV_NONE); }
static QvObj *get_symbols(QvInterp *qi, QvObj *o) { return or_none(qi, as_entry(o)->symbols); }
static QvObj *get_varnames(QvInterp *qi, QvObj *o) { return or_none(qi, as_entry(o)->varnames); }
static QvObj *get_children(QvInterp *qi, QvObj *o) { return or_none(qi, as_entry(o)->children); }

static const QvGetSet entry_getsets[] = {
    {"id", get_id, qv_getset_readonly, NULL},
    {"name", get_name, qv_getset_readonly, NULL},
    {"symbols", get_symbols, qv_getset_readonly, NULL},
    {"varnames", get_varnames, qv_getset_readonly, NULL},
    {"children", get_children, qv_getset_readonly, NULL},
    {"nested", get_nested, qv_getset_readonly, NULL},
    {"type", get_type, qv_getset_readonly, NULL},
    {"lineno", get_lineno, qv_getset_readonly, NULL},
    {0},
};

QV_SEALED QvType qv_symtable_entry_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "symtable entry",
    .id = QV_TID_symtable_entry,
    .flags = QV_T_GC | QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(Entry),
    .fini = entry_fini,
    .clear = entry_clear,
    .traverse = entry_traverse,
    .repr = entry_repr,
    .getsets = entry_getsets,
};

// ---- from the compiler's tables -----------------------------------------------------------------

static int number_of(const QvSymbol *sym)
{
    static const struct {
        uint32_t from;
        int to;
    } bits[] = {
        {QV_SYM_GLOBAL, DEF_GLOBAL},
        {QV_SYM_LOCAL, DEF_LOCAL},
        {QV_SYM_PARAM, DEF_PARAM},
        {QV_SYM_NONLOCAL, DEF_NONLOCAL},
        {QV_SYM_USE, USE},
        {QV_SYM_FREE_CLASS, DEF_FREE_CLASS},
        {QV_SYM_IMPORT, DEF_IMPORT},
        {QV_SYM_ANNOT, DEF_ANNOT},
        {QV_SYM_COMP_ITER, DEF_COMP_ITER},
    };
    static const uint8_t homes[] = {
        [QV_HOME_UNKNOWN] = 0,
        [QV_HOME_LOCAL] = LOCAL,
        [QV_HOME_CELL] = CELL,
        [QV_HOME_FREE] = FREE,
        [QV_HOME_GLOBAL_EXPLICIT] = GLOBAL_EXPLICIT,
        [QV_HOME_GLOBAL_IMPLICIT] = GLOBAL_IMPLICIT,
    };
    int number = homes[sym->home] << SCOPE_OFF;
    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
        number |= sym->flags & bits[i].from ? bits[i].to : 0;
    }
    return number;
}

static bool is_comprehension(const QvScope *scope) { return scope->form >= QV_FORM_LIST_COMP; }

static const char *form_name(const QvScope *scope)
{
    switch (scope->form) {
    case QV_FORM_LAMBDA: return "lambda";
    case QV_FORM_LIST_COMP: return "listcomp";
    case QV_FORM_SET_COMP: return "setcomp";
    case QV_FORM_DICT_COMP: return "dictcomp";
    case QV_FORM_GENEXP: return "genexpr";
    default: return NULL;
    }
}

static int add_number(QvInterp *qi, QvObj *symbols, QvObj *name, int number)
{
    return qv_dict_set_take(qi, symbols, name, qv_int_from_i64(qi, number));
}

// What a `global` statement names is known to the module too.
static int add_global(QvInterp *qi, QvObj *top, QvObj *name)
{
    QvObj *have = qv_dict_peek_str(top, name);
    int64_t number = (int64_t)GLOBAL_EXPLICIT << SCOPE_OFF | DEF_GLOBAL;
    if (have) {
        qv_int_as_i64(have, &number);
        number |= DEF_GLOBAL;
    }
    return add_number(qi, top, name, (int)number);
}

static int fill_names(QvInterp *qi, Entry *e, const QvScope *scope, QvObj *top)
{
    QvObj *dot0 = is_comprehension(scope) ? qv_str_intern_cstr(qi, ".0") : NULL;
    if (is_comprehension(scope)) {
        int status = dot0 && add_number(qi, e->symbols, dot0, LOCAL << SCOPE_OFF | DEF_PARAM) == 0
                         ? qv_list_append(qi, e->varnames, dot0)
                         : -1;
        qv_xdecref(qi, dot0);
        if (status < 0) {
            return -1;
        }
    }
    for (const QvSymbol *sym = scope->first; sym; sym = sym->next) {
        if (qv_str_eq_ascii(sym->name, ".0")) {
            continue;
        }
        if (add_number(qi, e->symbols, sym->name, number_of(sym)) < 0 ||
            ((sym->flags & QV_SYM_PARAM) && qv_list_append(qi, e->varnames, sym->name) < 0) ||
            ((sym->flags & QV_SYM_GLOBAL) && scope->parent && add_global(qi, top, sym->name) < 0)) {
            return -1;
        }
    }
    return 0;
}

// top: the symbols of the module, or NULL when this is it.
static QvObj *make_entry(QvInterp *qi, const QvScope *scope, QvObj *top)
{
    if (qv_enter_recursive(qi, " during compilation") < 0) {
        return NULL;
    }
    QvObj *o = qv_obj_new(qi, &qv_symtable_entry_type);
    bool ok = o != NULL;
    if (ok) {
        Entry *e = as_entry(o);
        const char *form = form_name(scope);
        e->type = scope->kind == QV_SCOPE_MODULE  ? TYPE_MODULE
                  : scope->kind == QV_SCOPE_CLASS ? TYPE_CLASS
                                                  : TYPE_FUNCTION;
        e->lineno = top ? scope->pos.lineno : 0;
        e->nested = scope->nested;
        e->name = !top   ? qv_str_intern_cstr(qi, "top")
                  : form ? qv_str_intern_cstr(qi, form)
                         : qv_new_ref(qi, scope->name);
        e->symbols = qv_dict_new(qi);
        e->varnames = qv_list_new(qi, 0);
        e->children = qv_list_new(qi, 0);
        top = top ? top : e->symbols;
        ok = e->name && e->symbols && e->varnames && e->children &&
             fill_names(qi, e, scope, top) == 0;
        for (const QvScope *child = scope->first_child; ok && child; child = child->sibling) {
            if (child->kind != QV_SCOPE_ANNOTATION) {
                ok = qv_list_append_take(qi, e->children, make_entry(qi, child, top)) == 0;
            }
        }
    }
    if (!ok) {
        qv_clear(qi, &o);
    }
    qv_leave_recursive(qi);
    return o;
}

static QvObj *build(QvInterp *qi, QvObj *source, QvObj *filename, int mode)
{
    QvSourceText src;
    if (qv_source_get(qi, source, "symtable", "string or bytes", &src) < 0) {
        return NULL;
    }
    QvArena arena;
    qv_arena_init(&arena, qi);
    QvScopes scopes;
    QvObj *entry = NULL;
    if (qv_compile_scopes(qi, &arena, src.s, src.n, filename, mode,
                          src.from_str ? QV_CF_SOURCE_IS_UTF8 : 0, &scopes) == 0) {
        entry = make_entry(qi, scopes.top, NULL);
    }
    qv_arena_fini(&arena);
    qv_source_release(qi, &src);
    return entry;
}

static QvObj *symtable(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    static const char *const modes[] = {"exec", "eval", "single"};
    QvObj *filename = qv_source_filename(qi, args[1]);
    if (!filename) {
        return NULL;
    }
    QvObj *entry = NULL;
    int mode = -1;
    if (!qv_is_str(args[2])) {
        qv_raise(qi, &qv_exc_TypeError, "symtable() argument 3 must be str, not %T", args[2]);
    } else {
        for (int k = 0; k < 3; k++) {
            mode = qv_str_eq_ascii(args[2], modes[k]) ? k : mode;
        }
        entry = mode < 0 ? qv_raise(qi, &qv_exc_ValueError,
                                    "symtable() arg 3 must be 'exec' or 'eval' or 'single'")
                         : build(qi, args[0], filename, mode);
    }
    qv_decref(qi, filename);
    return entry;
}

static const QvNativeDef functions[] = {
    {"symtable", symtable, "($module, source, filename, startstr, /)",
     "Return symbol and scope dictionaries used internally by compiler."},
    {0},
};

static int module_init(QvInterp *qi, QvObj *module)
{
    static const struct {
        const char *name;
        int value;
    } numbers[] = {
        {"USE", USE},
        {"DEF_GLOBAL", DEF_GLOBAL},
        {"DEF_NONLOCAL", DEF_NONLOCAL},
        {"DEF_LOCAL", DEF_LOCAL},
        {"DEF_PARAM", DEF_PARAM},
        {"DEF_FREE", DEF_FREE},
        {"DEF_FREE_CLASS", DEF_FREE_CLASS},
        {"DEF_IMPORT", DEF_IMPORT},
        {"DEF_BOUND", DEF_LOCAL | DEF_PARAM | DEF_IMPORT},
        {"DEF_ANNOT", DEF_ANNOT},
        {"TYPE_FUNCTION", TYPE_FUNCTION},
        {"TYPE_CLASS", TYPE_CLASS},
        {"TYPE_MODULE", TYPE_MODULE},
        {"LOCAL", LOCAL},
        {"GLOBAL_EXPLICIT", GLOBAL_EXPLICIT},
        {"GLOBAL_IMPLICIT", GLOBAL_IMPLICIT},
        {"FREE", FREE},
        {"CELL", CELL},
        {"SCOPE_OFF", SCOPE_OFF},
        {"SCOPE_MASK", 15},
    };
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        if (qv_module_add_int(qi, module, numbers[i].name, numbers[i].value) < 0) {
            return -1;
        }
    }
    return 0;
}

const QvModuleDef qv_module__symtable = {
    .name = "_symtable",
    .functions = functions,
    .init = module_init,
};
