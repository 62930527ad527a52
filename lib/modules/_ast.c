// SPDX-License-Identifier: MIT
// The module _ast: the node classes, made from compile/ast.def when first asked for.
#include "modules/_ast.h"

#include <stddef.h>
#include <string.h>

#include "compile/compile.h"
#include "object/descr.h"
#include "object/dict.h"
#include "object/interp.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"

#define POS_AT(type, positions) POS_AT_##positions(type)
#define POS_AT_NO_POS(type)     0
#define POS_AT_END_OPT(type)    offsetof(type, pos)
#define POS_AT_NEED_END(type)   offsetof(type, pos)

const QvAstRow qv_ast_rows[QV_AST_ROWS] = {
    [QV_AST_AST] = {.name = "AST", .form = QV_AST_SUM},
#define SUM(id, type, pos)                            \
    [QV_AST_##id] = {.name = #id,                     \
                     .form = QV_AST_SUM,              \
                     .positions = QV_AST_##pos,       \
                     .pos_offset = POS_AT(type, pos), \
                     .size = sizeof(type)},
#define NODE(id, sum, kind_, type, pos)               \
    [QV_AST_##id] = {.name = #id,                     \
                     .form = QV_AST_NODE,             \
                     .positions = QV_AST_##pos,       \
                     .pos_offset = POS_AT(type, pos), \
                     .what = QV_AST_##sum,            \
                     .size = sizeof(type),            \
                     .kind = kind_},
#define PRODUCT(id, type, pos)                        \
    [QV_AST_##id] = {.name = #id,                     \
                     .form = QV_AST_PRODUCT,          \
                     .positions = QV_AST_##pos,       \
                     .pos_offset = POS_AT(type, pos), \
                     .size = sizeof(type)},
#define ENUM(id) [QV_AST_##id] = {.name = #id, .form = QV_AST_ENUM},
#define VALUE(id, sum, number) \
    [QV_AST_##id] = {.name = #id, .form = QV_AST_VALUE, .what = QV_AST_##sum, .kind = number},
#define FIELD(cls, id, what_, quantity_, type, member)        \
    [QV_AST_##cls##__##id] = {.name = #id,                    \
                              .form = QV_AST_FIELD,           \
                              .quantity = QV_AST_##quantity_, \
                              .what = QV_AST_##what_,         \
                              .offset = offsetof(type, member)},
#include "compile/ast.def"
#undef SUM
#undef NODE
#undef PRODUCT
#undef ENUM
#undef VALUE
#undef FIELD
};

// The conversions find the kind of a node in its first word.
_Static_assert(offsetof(QvMod, kind) == 0 && offsetof(QvStmt, kind) == 0 &&
                   offsetof(QvExpr, kind) == 0 && offsetof(QvPattern, kind) == 0,
               "kind comes first");

const char *const qv_ast_pos_names[4] = {"lineno", "col_offset", "end_lineno", "end_col_offset"};

// ---- the base class -----------------------------------------------------------------------------

// _fields of the node's class: 1 (*ret new), 0: there are none, -1.
static int get_fields(QvInterp *qi, QvObj *self, QvObj **ret)
{
    QvObj *name = qv_str_intern_cstr(qi, "_fields");
    int found = name ? qv_getattr_try(qi, (QvObj *)self->type, name, ret) : -1;
    qv_xdecref(qi, name);
    return found;
}

// A keyword that names a field given by position: an error. 0 or -1.
static int check_keyword(QvInterp *qi, QvObj *self, QvObj *fields, QvSsize nargs, QvObj *key)
{
    int is_field = qv_contains(qi, fields, key);
    if (is_field <= 0) {
        return is_field;
    }
    for (QvSsize i = 0; i < nargs; i++) {
        QvObj *name = qv_getitem_i(qi, fields, i);
        int same = name ? qv_eq(qi, name, key) : -1;
        qv_xdecref(qi, name);
        if (same > 0) {
            qv_raise(qi, &qv_exc_TypeError, "%.400N got multiple values for argument %R",
                     self->type, key);
        }
        if (same) {
            return -1;
        }
    }
    return 0;
}

static int set_positional(QvInterp *qi, QvObj *self, QvObj *fields, QvObj *const *args,
                          QvSsize nargs)
{
    for (QvSsize i = 0; i < nargs; i++) {
        QvObj *name = qv_getitem_i(qi, fields, i);
        if (name && !qv_is_str(name)) {
            qv_raise(qi, &qv_exc_TypeError, "attribute name must be string, not '%.200T'", name);
            qv_clear(qi, &name);
        }
        if (!name || qv_str_intern(qi, &name) < 0) {
            qv_xdecref(qi, name);
            return -1;
        }
        int set = qv_setattr(qi, self, name, args[i]);
        qv_decref(qi, name);
        if (set < 0) {
            return -1;
        }
    }
    return 0;
}

static int ast_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *fields = NULL;
    int found = get_fields(qi, self, &fields);
    if (found < 0) {
        return -1;
    }
    int status = 0;
    QvSsize n = found ? qv_len(qi, fields) : 0;
    if (n < 0) {
        status = -1;
    } else if (nargs > n) {
        status = qv_raise_int(qi, &qv_exc_TypeError,
                              "%.400N constructor takes at most %zd positional argument%s",
                              self->type, n, n == 1 ? "" : "s");
    } else if (found) {
        status = set_positional(qi, self, fields, args, nargs);
    }
    QvSsize nkw = kwnames ? qv_tuple_len(kwnames) : 0;
    for (QvSsize i = 0; status == 0 && i < nkw; i++) {
        QvObj *key = qv_new_ref(qi, qv_tuple_peek(kwnames, i));
        if ((found && check_keyword(qi, self, fields, nargs, key) < 0) ||
            qv_str_intern(qi, &key) < 0 || qv_setattr(qi, self, key, args[nargs + i]) < 0) {
            status = -1;
        }
        qv_xdecref(qi, key);
    }
    qv_xdecref(qi, fields);
    return status;
}

static QvObj *ast_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    QvObj *dict = NULL;
    int found = qv_getattr_try(qi, self, QV_N(__dict__), &dict);
    if (found < 0) {
        return NULL;
    }
    QvObj *r = found ? qv_tuple_of(qi, 3, self->type, QV_EMPTY_TUPLE, dict)
                     : qv_tuple_of(qi, 2, self->type, QV_EMPTY_TUPLE);
    qv_xdecref(qi, dict);
    return r;
}

// Arguments are __init__'s business.
static QvObj *ast_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type);
}

// AST.__new__ as Python calls it, with the class first; the type's own slot is ast_new.
static QvObj *ast_new_method(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)self, (void)nargs;
    QvObj *base = qi->ast ? qv_tuple_peek(qi->ast, QV_AST_AST) : NULL;
    if (!qv_is_type(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "AST.__new__(X): X is not a type object (%T)",
                        args[0]);
    }
    QvType *type = (QvType *)args[0];
    if (!base || !qv_type_is_subtype(type, (QvType *)base)) {
        return qv_raise(qi, &qv_exc_TypeError, "AST.__new__(%N): %N is not a subtype of AST", type,
                        type);
    }
    return ast_new(qi, type, NULL, 0, NULL);
}

static const QvNativeDef new_def = {"__new__", ast_new_method, "(type, /, *args, **kwargs)",
                                    "Create and return a new object.  See help(type) for accurate "
                                    "signature."};
static const QvNativeDef reduce_def = {"__reduce__", ast_reduce, "($self, /)", NULL};

// ---- making the classes -------------------------------------------------------------------------

static QvObj *names_tuple(QvInterp *qi, QvObj *classes, unsigned row)
{
    QvSsize n = 0;
    while (row + 1 + n < QV_AST_ROWS && qv_ast_rows[row + 1 + n].form == QV_AST_FIELD) {
        n++;
    }
    return qv_tuple_from_array(qi, qv_tuple_items(classes) + row + 1, n);
}

// "Name(identifier id, expr_context ctx)"
static void doc_signature(QvStrBuf *b, unsigned row)
{
    static const char *const builtin[] = {"identifier", "string", "constant", "int"};
    static const char *const marks[] = {
        [QV_AST_ONE] = " ", [QV_AST_OPT] = "? ", [QV_AST_SEQ] = "* "};
    qv_strbuf_cstr(b, qv_ast_rows[row].name);
    bool first = true;
    for (unsigned k = row + 1; k < QV_AST_ROWS && qv_ast_rows[k].form == QV_AST_FIELD; k++) {
        const QvAstRow *f = &qv_ast_rows[k];
        qv_strbuf_cstr(b, first ? "(" : ", ");
        qv_strbuf_cstr(b, f->what < QV_AST_ROWS ? qv_ast_rows[f->what].name
                                                : builtin[f->what - QV_AST_ROWS]);
        qv_strbuf_cstr(b, marks[f->quantity]);
        qv_strbuf_cstr(b, f->name);
        first = false;
    }
    if (!first) {
        qv_strbuf_char(b, ')');
    }
}

static QvObj *doc_of(QvInterp *qi, unsigned row)
{
    const QvAstRow *r = &qv_ast_rows[row];
    QvStrBuf b;
    qv_strbuf_init(qi, &b);
    if (r->form != QV_AST_SUM && r->form != QV_AST_ENUM) {
        doc_signature(&b, row);
        return qv_strbuf_finish(&b);
    }
    qv_strbuf_cstr(&b, r->name);
    const char *separator = " = ";
    for (unsigned k = row + 1; k < QV_AST_ROWS; k++) {
        const QvAstRow *c = &qv_ast_rows[k];
        if (c->form == QV_AST_FIELD) {
            continue;
        }
        if ((c->form != QV_AST_NODE && c->form != QV_AST_VALUE) || c->what != row) {
            break;
        }
        if (separator[1] == '|' && r->form == QV_AST_SUM) {
            qv_strbuf_char(&b, '\n');
            qv_strbuf_fill(&b, ' ', (QvSsize)strlen(r->name));
        }
        qv_strbuf_cstr(&b, separator);
        doc_signature(&b, k);
        separator = " | ";
    }
    return qv_strbuf_finish(&b);
}

static int set_none(QvInterp *qi, QvObj *ns, const char *name)
{
    return qv_dict_set_cstr(qi, ns, name, QV_NONE);
}

// The namespace of a class.
static QvObj *make_namespace(QvInterp *qi, QvObj *classes, unsigned row)
{
    const QvAstRow *r = &qv_ast_rows[row];
    QvObj *ns = qv_dict_new(qi);
    QvObj *names = names_tuple(qi, classes, row);
    if (!ns || !names || qv_dict_set_cstr(qi, ns, "_fields", names) < 0 ||
        qv_dict_set(qi, ns, QV_N(__match_args__), names) < 0 ||
        qv_dict_set_cstr_take(qi, ns, "__module__", qv_str_intern_cstr(qi, "ast")) < 0 ||
        qv_dict_set_cstr_take(qi, ns, "__doc__", row == QV_AST_AST ? QV_NONE : doc_of(qi, row)) <
            0) {
        goto fail;
    }
    if (r->form != QV_AST_NODE && r->form != QV_AST_VALUE) { // these inherit
        QvObj *attributes = qv_tuple_from_array(qi, qv_tuple_items(classes) + QV_AST_POS_NAMES,
                                                r->positions == QV_AST_NO_POS ? 0 : 4);
        if (qv_dict_set_cstr_take(qi, ns, "_attributes", attributes) < 0) {
            goto fail;
        }
    }
    for (unsigned k = row + 1; k < QV_AST_ROWS && qv_ast_rows[k].form == QV_AST_FIELD; k++) {
        if (qv_ast_rows[k].quantity == QV_AST_OPT && set_none(qi, ns, qv_ast_rows[k].name) < 0) {
            goto fail;
        }
    }
    if (r->form != QV_AST_NODE && r->positions == QV_AST_END_OPT &&
        (set_none(qi, ns, qv_ast_pos_names[2]) < 0 || set_none(qi, ns, qv_ast_pos_names[3]) < 0)) {
        goto fail;
    }
    qv_decref(qi, names);
    return ns;
fail:
    qv_xdecref(qi, ns);
    qv_xdecref(qi, names);
    return NULL;
}

// AST itself gets its two methods in C.
static int add_base_methods(QvInterp *qi, QvObj *type)
{
    QvObj *init = qv_wrapper_new(qi, (QvType *)type, QV_N(__init__), (QvSlotFn)ast_init);
    QvObj *reduce = qv_method_descr_new(qi, (QvType *)type, &reduce_def);
    QvObj *make = qv_builtin_from_def(qi, &new_def, NULL, NULL);
    int status = init && reduce && make && qv_type_setattr(qi, type, QV_N(__new__), make) == 0 &&
                         qv_type_setattr(qi, type, QV_N(__init__), init) == 0 &&
                         qv_type_setattr(qi, type, QV_N(__reduce__), reduce) == 0
                     ? 0
                     : -1;
    qv_xdecref(qi, init);
    qv_xdecref(qi, reduce);
    qv_xdecref(qi, make);
    ((QvType *)type)->new_ = ast_new; // the classes below inherit it: no look-up for each instance
    return status;
}

static QvObj *make_class(QvInterp *qi, QvObj *classes, unsigned row)
{
    const QvAstRow *r = &qv_ast_rows[row];
    QvObj *base = row == QV_AST_AST ? &qv_object_type.h : qv_tuple_peek(classes, r->what); // 0 is
                                                                                           // AST
    QvObj *bases = qv_tuple_of(qi, 1, base);
    QvObj *name = qv_str_intern_cstr(qi, r->name);
    QvObj *ns = make_namespace(qi, classes, row);
    QvObj *type =
        bases && name && ns ? qv_type_build(qi, &qv_type_type, name, bases, ns, NULL, NULL) : NULL;
    if (type && row == QV_AST_AST && add_base_methods(qi, type) < 0) {
        qv_clear(qi, &type);
    }
    qv_xdecref(qi, bases);
    qv_xdecref(qi, name);
    qv_xdecref(qi, ns);
    return type;
}

static int fill_classes(QvInterp *qi, QvObj *classes)
{
    QvObj **items = qv_tuple_items(classes);
    for (int k = 0; k < 4; k++) {
        items[QV_AST_POS_NAMES + k] = qv_str_intern_cstr(qi, qv_ast_pos_names[k]);
        if (!items[QV_AST_POS_NAMES + k]) {
            return -1;
        }
    }
    for (unsigned row = 0; row < QV_AST_ROWS; row++) {
        if (qv_ast_rows[row].form == QV_AST_FIELD) {
            items[row] = qv_str_intern_cstr(qi, qv_ast_rows[row].name);
            if (!items[row]) {
                return -1;
            }
        }
    }
    for (unsigned row = 0; row < QV_AST_ROWS; row++) {
        const QvAstRow *r = &qv_ast_rows[row];
        items[QV_AST_SINGLETON + row] = QV_NONE;
        if (r->form != QV_AST_FIELD) {
            items[row] = make_class(qi, classes, row);
            if (!items[row]) {
                return -1;
            }
        }
        if (r->form == QV_AST_VALUE) {
            QvObj *one = qv_obj_new(qi, (QvType *)items[row]);
            if (!one) {
                return -1;
            }
            items[QV_AST_SINGLETON + row] = one;
        }
    }
    return 0;
}

QvObj *qv_ast_classes(QvInterp *qi)
{
    if (!qi->ast) {
        QvObj *classes = qv_tuple_new(qi, QV_AST_POS_NAMES + 4);
        if (!classes || fill_classes(qi, classes) < 0) {
            qv_xdecref(qi, classes);
            return NULL;
        }
        qi->ast = classes;
    }
    return qi->ast;
}

int qv_ast_is_node(QvInterp *qi, QvObj *o)
{
    if (!qi->ast) { // no class, no instance
        return 0;
    }
    return qv_isinstance(qi, o, qv_tuple_peek(qi->ast, QV_AST_AST));
}

// ---- the module ---------------------------------------------------------------------------------

static int module_init(QvInterp *qi, QvObj *module)
{
    QvObj *classes = qv_ast_classes(qi);
    if (!classes) {
        return -1;
    }
    for (unsigned row = 0; row < QV_AST_ROWS; row++) {
        if (qv_ast_rows[row].form != QV_AST_FIELD &&
            qv_module_add(qi, module, qv_ast_rows[row].name, qv_tuple_peek(classes, row)) < 0) {
            return -1;
        }
    }
    return qv_module_add_int(qi, module, "PyCF_ALLOW_TOP_LEVEL_AWAIT",
                             QV_CF_ALLOW_TOP_LEVEL_AWAIT) < 0 ||
                   qv_module_add_int(qi, module, "PyCF_ONLY_AST", QV_CF_ONLY_AST) < 0 ||
                   qv_module_add_int(qi, module, "PyCF_TYPE_COMMENTS", QV_CF_TYPE_COMMENTS) < 0
               ? -1
               : 0;
}

const QvModuleDef qv_module__ast = {
    .name = "_ast",
    .init = module_init,
};
