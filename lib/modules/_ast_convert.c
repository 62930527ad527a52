// SPDX-License-Identifier: MIT
// Syntax trees as Python objects, and back; both walk the rows of compile/ast.def.
//
// Members of the C structs are reached by offset and copied with memcpy: a node, a `QvObj *`, an
// int or an enum, or one of the sequence structs, which all look like Seq.
#include <stdio.h>
#include <string.h>

#include "modules/_ast.h"
#include "object/bytes.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/int.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct Seq {
    QvSsize count;
    void *items; // pointers; ints where the items are of an enum
} Seq;
_Static_assert(sizeof(Seq) == sizeof(QvExprSeq) && sizeof(Seq) == sizeof(QvCmpOpSeq) &&
                   sizeof(int) == sizeof(QvCmpOperator) && sizeof(int) == sizeof(QvExprContext),
               "sequences look alike");

#define POLL_MASK 255 // items of a list between two looks at the poll flag

static bool is_field(unsigned row)
{
    return row < QV_AST_ROWS && qv_ast_rows[row].form == QV_AST_FIELD;
}

static bool is_enum(unsigned what)
{
    return what < QV_AST_ROWS && qv_ast_rows[what].form == QV_AST_ENUM;
}

static int poll_now(QvInterp *qi, QvSsize i)
{
    return (i & POLL_MASK) == POLL_MASK && qv_poll_peek(qi) ? qv_poll(qi) : 0;
}

// ---- tree to objects ----------------------------------------------------------------------------

typedef struct Out {
    QvInterp *qi;
    QvObj *const *classes;
    uint32_t depth; // nodes that stand around this one
} Out;

static QvObj *node_out(Out *out, unsigned what, const void *node);

static QvObj *enum_out(const Out *out, unsigned what, int number)
{
    for (unsigned row = what + 1; row < QV_AST_ROWS && qv_ast_rows[row].what == what; row++) {
        if (qv_ast_rows[row].kind == number) {
            return qv_new_ref(out->qi, out->classes[QV_AST_SINGLETON + row]);
        }
    }
    return qv_raise(out->qi, &qv_exc_SystemError, "unknown %s found", qv_ast_rows[what].name);
}

// One value, or one item of a sequence, that stands at p.
static QvObj *value_out(Out *out, unsigned what, const char *p)
{
    if (what == QV_AST_int || is_enum(what)) {
        int number;
        memcpy(&number, p, sizeof number);
        return what == QV_AST_int ? qv_int_from_i64(out->qi, number) : enum_out(out, what, number);
    }
    const void *pointer;
    memcpy(&pointer, p, sizeof pointer);
    if (!pointer) {
        return QV_NONE;
    }
    return what < QV_AST_ROWS ? node_out(out, what, pointer)
                              : qv_new_ref(out->qi, (QvObj *)(uintptr_t)pointer);
}

static QvObj *field_out(Out *out, const QvAstRow *f, const char *p)
{
    if (f->quantity != QV_AST_SEQ) {
        return value_out(out, f->what, p);
    }
    Seq seq;
    memcpy(&seq, p, sizeof seq);
    QvObj *list = qv_list_new(out->qi, seq.count);
    size_t width = is_enum(f->what) ? sizeof(int) : sizeof(void *);
    for (QvSsize i = 0; list && i < seq.count; i++) {
        QvObj *item = value_out(out, f->what, (const char *)seq.items + (size_t)i * width);
        if (qv_list_append_take(out->qi, list, item) < 0 || poll_now(out->qi, i) < 0) {
            qv_clear(out->qi, &list);
        }
    }
    return list;
}

static int set_take(Out *out, QvObj *o, QvObj *name, QV_STOLEN QvObj *value)
{
    int set = value ? qv_inst_set(out->qi, o, name, value) : -1;
    qv_xdecref(out->qi, value);
    return set < 0 ? -1 : 0;
}

// A class row's constructor for this node: itself, or the row of the kind.
static unsigned constructor_of(unsigned what, const void *node)
{
    if (qv_ast_rows[what].form != QV_AST_SUM) {
        return what;
    }
    int kind;
    memcpy(&kind, node, sizeof kind);
    for (unsigned row = what + 1; row < QV_AST_ROWS; row++) {
        const QvAstRow *r = &qv_ast_rows[row];
        if (r->form == QV_AST_NODE && r->what == what && (r->kind == kind || r->kind == 0)) {
            return row;
        }
    }
    return QV_AST_ROWS;
}

static QvObj *node_out(Out *out, unsigned what, const void *node)
{
    QvInterp *qi = out->qi;
    if ((char *)__builtin_frame_address(0) < qi->ts->c_limit ||
        out->depth >= qi->recursion_limit * 3) {
        return qv_raise(qi, &qv_exc_RecursionError,
                        "maximum recursion depth exceeded during ast construction");
    }
    unsigned row = constructor_of(what, node);
    if (row == QV_AST_ROWS) {
        return qv_raise(qi, &qv_exc_SystemError, "unknown %s found", qv_ast_rows[what].name);
    }
    QvObj *o = qv_obj_new(qi, (QvType *)out->classes[row]);
    out->depth++;
    for (unsigned k = row + 1; o && is_field(k); k++) {
        const QvAstRow *f = &qv_ast_rows[k];
        if (set_take(out, o, out->classes[k], field_out(out, f, (const char *)node + f->offset)) <
            0) {
            qv_clear(qi, &o);
        }
    }
    out->depth--;
    if (o && qv_ast_rows[row].positions != QV_AST_NO_POS) {
        int32_t pos[4];
        memcpy(pos, (const char *)node + qv_ast_rows[row].pos_offset, sizeof pos);
        for (int k = 0; o && k < 4; k++) {
            if (set_take(out, o, out->classes[QV_AST_POS_NAMES + k], qv_int_from_i64(qi, pos[k])) <
                0) {
                qv_clear(qi, &o);
            }
        }
    }
    return o;
}
_Static_assert(sizeof(QvPos) == 4 * sizeof(int32_t), "a position is four numbers");

QvObj *qv_ast_to_objects(QvInterp *qi, const QvMod *mod)
{
    QvObj *classes = qv_ast_classes(qi);
    if (!classes) {
        return NULL;
    }
    Out out = {.qi = qi, .classes = qv_tuple_items(classes)};
    return node_out(&out, QV_AST_mod, mod);
}

// ---- objects to tree ----------------------------------------------------------------------------

typedef struct In {
    QvInterp *qi;
    QvArena *arena;
    QvObj *const *classes;
} In;

static int node_in(In *in, unsigned what, QvObj *o, void **ret);

static int object_in(In *in, unsigned what, QvObj *o, QvObj **ret)
{
    QvInterp *qi = in->qi;
    *ret = NULL;
    if (what != QV_AST_constant) {
        if (o == QV_NONE) {
            return 0;
        }
        if (what == QV_AST_identifier && !qv_is_str_exact(o)) {
            return qv_raise_int(qi, &qv_exc_TypeError, "AST identifier must be of type str");
        }
        if (what == QV_AST_string && !qv_is_str_exact(o) && o->type != &qv_bytes_type) {
            return qv_raise_int(qi, &qv_exc_TypeError, "AST string must be of type str");
        }
    }
    QvObj *own = qv_new_ref(qi, o);
    if (what == QV_AST_identifier && qv_str_intern(qi, &own) < 0) {
        qv_xdecref(qi, own);
        return -1;
    }
    *ret = qv_arena_take(in->arena, own);
    return *ret ? 0 : -1;
}

static int int_in(QvInterp *qi, QvObj *o, int *ret)
{
    int64_t value;
    if (!qv_has_flag(o, QV_T_INT)) {
        return qv_raise_int(qi, &qv_exc_ValueError, "invalid integer value: %R", o);
    }
    if (!qv_int_as_i64(o, &value) || value < INT32_MIN || value > INT32_MAX) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    *ret = (int)value;
    return 0;
}

static int unexpected(QvInterp *qi, unsigned what, QvObj *o)
{
    return qv_raise_int(qi, &qv_exc_TypeError, "expected some sort of %s, but got %R",
                        qv_ast_rows[what].name, o);
}

// The constructor of sum or enum `what` that o is an instance of; 0: none; -1: exception.
static int find_constructor(In *in, unsigned what, QvObj *o)
{
    for (int exact = 1; exact >= 0; exact--) {
        for (unsigned row = what + 1; row < QV_AST_ROWS; row++) {
            if (qv_ast_rows[row].form == QV_AST_FIELD) {
                continue;
            }
            if (qv_ast_rows[row].what != what) {
                break;
            }
            int is = exact ? o->type == (QvType *)in->classes[row]
                           : qv_isinstance(in->qi, o, in->classes[row]);
            if (is) {
                return is < 0 ? -1 : (int)row;
            }
        }
    }
    return 0;
}

// One value, or one item of a sequence, to p.
static int value_in(In *in, unsigned what, QvObj *o, char *p)
{
    void *pointer = NULL;
    int number = 0;
    if (what == QV_AST_int) {
        if (int_in(in->qi, o, &number) < 0) {
            return -1;
        }
        memcpy(p, &number, sizeof number);
        return 0;
    }
    if (is_enum(what)) {
        int row = find_constructor(in, what, o);
        if (row <= 0) {
            return row < 0 ? -1 : unexpected(in->qi, what, o);
        }
        number = qv_ast_rows[row].kind;
        memcpy(p, &number, sizeof number);
        return 0;
    }
    QvObj *object;
    if (what < QV_AST_ROWS) {
        if (node_in(in, what, o, &pointer) < 0) {
            return -1;
        }
    } else if (object_in(in, what, o, &object) < 0) {
        return -1;
    } else {
        pointer = object;
    }
    memcpy(p, &pointer, sizeof pointer);
    return 0;
}

// None may stand in a list of expressions or statements: whether it may here is for the validator,
// which has the words. Type ignores are not looked at. Elsewhere nothing could be made of it.
static int check_item(QvInterp *qi, const QvAstRow *cls, const QvAstRow *f, const char *p)
{
    const void *pointer;
    if (is_enum(f->what) || f->what == QV_AST_expr || f->what == QV_AST_stmt ||
        f->what == QV_AST_type_ignore) {
        return 0;
    }
    memcpy(&pointer, p, sizeof pointer);
    return pointer ? 0
                   : qv_raise_int(qi, &qv_exc_ValueError, "None disallowed in %s field \"%s\"",
                                  cls->name, f->name);
}

static int list_in(In *in, const QvAstRow *cls, const QvAstRow *f, QvObj *o, char *p)
{
    QvInterp *qi = in->qi;
    if (!qv_is_list(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s field \"%s\" must be a list, not a %.200T",
                            cls->name, f->name, o);
    }
    if (qv_list_box(qi, o) < 0) {
        return -1;
    }
    Seq seq = {.count = qv_list_len(o)};
    size_t width = is_enum(f->what) ? sizeof(int) : sizeof(void *);
    if (seq.count > 0) {
        seq.items = qv_arena_alloc(in->arena, (size_t)seq.count * width);
        if (!seq.items) {
            return -1;
        }
    }
    for (QvSsize i = 0; i < seq.count; i++) {
        char *slot = (char *)seq.items + (size_t)i * width;
        QvObj *item = qv_new_ref(qi, qv_list_peek(o, i));
        int status = value_in(in, f->what, item, slot);
        qv_decref(qi, item);
        if (status < 0 || check_item(qi, cls, f, slot) < 0 || poll_now(qi, i) < 0) {
            return -1;
        }
        if (qv_list_len(o) != seq.count) { // an attribute's getter did it
            return qv_raise_int(qi, &qv_exc_RuntimeError,
                                "%s field \"%s\" changed size during iteration", cls->name,
                                f->name);
        }
    }
    memcpy(p, &seq, sizeof seq);
    return 0;
}

static int missing(QvInterp *qi, const char *field, const char *cls)
{
    return qv_raise_int(qi, &qv_exc_TypeError, "required field \"%s\" missing from %s", field, cls);
}

static int field_in(In *in, const QvAstRow *cls, unsigned row, QvObj *o, char *node)
{
    const QvAstRow *f = &qv_ast_rows[row];
    QvObj *value = NULL;
    int found = qv_getattr_try(in->qi, o, in->classes[row], &value);
    if (found < 0) {
        return -1;
    }
    int status = 0;
    if (f->quantity == QV_AST_OPT) {
        if (found && value != QV_NONE) {
            status = value_in(in, f->what, value, node + f->offset);
        }
    } else if (!found) {
        status = missing(in->qi, f->name, cls->name);
    } else if (f->quantity == QV_AST_SEQ) {
        status = list_in(in, cls, f, value, node + f->offset);
    } else {
        status = value_in(in, f->what, value, node + f->offset);
    }
    qv_xdecref(in->qi, value);
    return status;
}

// Required fields that were given as None.
static int check_required(QvInterp *qi, unsigned row, const char *node)
{
    for (unsigned k = row + 1; is_field(k); k++) {
        const QvAstRow *f = &qv_ast_rows[k];
        const void *pointer;
        if (f->quantity != QV_AST_ONE || f->what == QV_AST_int || is_enum(f->what)) {
            continue;
        }
        memcpy(&pointer, node + f->offset, sizeof pointer);
        if (!pointer) {
            return qv_raise_int(qi, &qv_exc_ValueError, "field '%s' is required for %s", f->name,
                                qv_ast_rows[row].name);
        }
    }
    return 0;
}

static int positions_in(In *in, const QvAstRow *cls, QvObj *o, char *node)
{
    int32_t pos[4];
    if (cls->positions == QV_AST_NO_POS) {
        return 0;
    }
    for (int k = 0; k < 4; k++) {
        QvObj *name = in->classes[QV_AST_POS_NAMES + k], *value = NULL;
        int found = qv_getattr_try(in->qi, o, name, &value);
        bool optional = k >= 2 && cls->positions == QV_AST_END_OPT;
        int number = k >= 2 ? pos[k - 2] : 0, status = 0;
        if (found < 0) {
            return -1;
        }
        if (!found && !optional) {
            return missing(in->qi, qv_ast_pos_names[k], cls->name);
        }
        if (found && !(optional && value == QV_NONE)) {
            status = int_in(in->qi, value, &number);
        }
        qv_xdecref(in->qi, value);
        if (status < 0) {
            return -1;
        }
        pos[k] = number;
    }
    memcpy(node + cls->pos_offset, pos, sizeof pos);
    return 0;
}

static int fill_node(In *in, unsigned what, QvObj *o, char *node)
{
    const QvAstRow *cls = &qv_ast_rows[what];
    unsigned row = what;
    if (cls->form == QV_AST_SUM) {
        if (positions_in(in, cls, o, node) < 0) {
            return -1;
        }
        int found = find_constructor(in, what, o);
        if (found <= 0) {
            return found < 0 ? -1 : unexpected(in->qi, what, o);
        }
        row = (unsigned)found;
        int kind = qv_ast_rows[row].kind;
        if (kind) {
            memcpy(node, &kind, sizeof kind);
        }
    }
    for (unsigned k = row + 1; is_field(k); k++) {
        if (field_in(in, &qv_ast_rows[row], k, o, node) < 0) {
            return -1;
        }
    }
    if (cls->form != QV_AST_SUM && positions_in(in, cls, o, node) < 0) {
        return -1;
    }
    return check_required(in->qi, row, node);
}

static int node_in(In *in, unsigned what, QvObj *o, void **ret)
{
    QvInterp *qi = in->qi;
    const QvAstRow *cls = &qv_ast_rows[what];
    *ret = NULL;
    if (cls->form == QV_AST_SUM && o == QV_NONE) {
        return 0;
    }
    char where[64];
    snprintf(where, sizeof where, " while traversing '%s' node", cls->name);
    if (qv_enter_recursive(qi, where) < 0) {
        return -1;
    }
    char *node = qv_arena_alloc(in->arena, cls->size);
    int status = node ? fill_node(in, what, o, node) : -1;
    qv_leave_recursive(qi);
    *ret = status == 0 ? node : NULL;
    return status;
}

QvMod *qv_ast_from_objects(QvInterp *qi, QvArena *arena, QvObj *o, QvAstRowId root)
{
    QvObj *classes = qv_ast_classes(qi);
    if (!classes) {
        return NULL;
    }
    In in = {.qi = qi, .arena = arena, .classes = qv_tuple_items(classes)};
    int is = qv_isinstance(qi, o, in.classes[root]);
    if (is <= 0) {
        if (is == 0) {
            qv_raise(qi, &qv_exc_TypeError, "expected %s node, got %.400T", qv_ast_rows[root].name,
                     o);
        }
        return NULL;
    }
    void *mod;
    return node_in(&in, QV_AST_mod, o, &mod) < 0 ? NULL : mod;
}
