// SPDX-License-Identifier: MIT
// Writing what is known by name or by its state: modules, classes, functions, exceptions,
// instances.
//
// A function goes by name when the receiver can import it; else its code goes, with its defaults,
// its cells, and those globals that its code names, as far as they can be sent. What cannot be sent
// among the globals is left out: the function may never come to need it.
#include <stdlib.h>

#include "channels/block.h"
#include "channels/box.h"
#include "channels/packer.h"
#include "code/codefile.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/function.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/shape.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- by name ------------------------------------------------------------------------------------

// The attribute at a dotted path: new reference, or NULL without an exception when there is none.
static QvObj *walk(QvInterp *qi, QvObj *o, QvObj *path)
{
    QvSsize n = qv_str_len(path), start = 0;
    qv_incref(qi, o);
    while (o && start <= n) {
        QvSsize dot = qv_str_find(path, QV_N(dot), start, n);
        QvSsize end = dot < 0 ? n : dot;
        QvObj *name = qv_str_slice(qi, path, start, end);
        QvObj *next = NULL;
        if (!name || qv_str_intern(qi, &name) < 0 || qv_getattr_try(qi, o, name, &next) <= 0) {
            qv_err_clear(qi);
            next = NULL;
        }
        qv_xdecref(qi, name);
        qv_decref(qi, o);
        o = next;
        start = end + 1;
    }
    return o;
}

// True when `module`.`qualname` is this very object here, and another interpreter can import it.
static bool is_importable(QvInterp *qi, QvObj *module, QvObj *qualname, QvObj *o)
{
    if (!module || !qualname || !qv_is_str(module) || !qv_is_str(qualname) ||
        qv_str_eq_ascii(module, "__main__")) {
        return false;
    }
    QvObj *m;
    if (qv_dict_get(qi, qi->modules, module, &m) <= 0) {
        qv_err_clear(qi);
        // What is built in is in its module, also while that is not loaded here.
        return qv_is_sealed(o);
    }
    QvObj *found = walk(qi, m, qualname);
    bool same = found == o;
    qv_xdecref(qi, found);
    return same;
}

static int pack_name(QvPack *p, QvWireTag tag, QvObj *module, QvObj *qualname)
{
    return qv_pack_tag(p, tag) < 0 || qv_pack_value(p, module) < 0 ? -1
                                                                   : qv_pack_value(p, qualname);
}

// The types of None, ... and NotImplemented have no name in builtins.
static QvObj *singleton_of(const QvObj *type)
{
    QvObj *const all[] = {QV_NONE, QV_ELLIPSIS, QV_NOTIMPLEMENTED};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        if (&all[k]->type->h == type) {
            return all[k];
        }
    }
    return NULL;
}

static bool is_type_of_singleton(const QvObj *type) { return singleton_of(type) != NULL; }

// As a call: type(None).
static int pack_singletons_type(QvPack *p, QvObj *o)
{
    QvObj *args = qv_tuple_of(p->qi, 1, singleton_of(o));
    int r = !args || qv_pack_tag(p, QV_WIRE_REDUCED) < 0 || qv_pack_value(p, &qv_type_type.h) < 0 ||
                    qv_pack_value(p, args) < 0 || qv_pack_value(p, QV_NONE) < 0 ||
                    qv_pack_value(p, QV_NONE) < 0
                ? -1
                : qv_pack_value(p, QV_NONE);
    qv_xdecref(p->qi, args);
    return r;
}

static int pack_class(QvPack *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    QvObj *module = qv_type_get_module(qi, (QvType *)o);
    QvObj *qualname = module ? qv_type_get_qualname(qi, (QvType *)o) : NULL;
    int r = -1;
    if (qualname && qv_is_str(module)) {
        QvObj *mark = qv_str_new_ascii(qi, "<locals>", 8);
        bool own = qv_str_eq_ascii(module, "__main__");
        if (mark && is_type_of_singleton(o)) {
            r = pack_singletons_type(p, o);
        } else if (mark && qv_str_find(qualname, mark, 0, qv_str_len(qualname)) >= 0) {
            r = qv_pack_refuse(p, o, "(a class made inside a function has no name to go by)");
        } else if (mark && !own && !is_importable(qi, module, qualname, o)) {
            r = qv_pack_refuse(p, o, "(its module does not have it by its name)");
        } else if (mark) {
            r = pack_name(p, QV_WIRE_CLASS, module, qualname);
        }
        qv_xdecref(qi, mark);
    } else if (qualname) {
        r = qv_pack_refuse(p, o, "(a class without a module)");
    }
    qv_xdecref(qi, module);
    qv_xdecref(qi, qualname);
    return r;
}

static int pack_module(QvPack *p, QvObj *o)
{
    QvObj *name = qv_dict_peek_str(qv_module_dict(o), QV_N(__name__));
    QvObj *there;
    if (!name || !qv_is_str(name) || qv_dict_get(p->qi, p->qi->modules, name, &there) <= 0 ||
        there != o) {
        return qv_pack_refuse(p, o, "(not an importable module)");
    }
    return qv_pack_tag(p, QV_WIRE_MODULE) < 0 ? -1 : qv_pack_value(p, name);
}

// A function in C: by name, or as an attribute of what it is bound to.
static int pack_builtin(QvPack *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    const QvBuiltin *b = (QvBuiltin *)o;
    QvObj *name = qv_str_intern_cstr(qi, b->sig->def->name);
    QvObj *module = NULL, *get = NULL, *args = NULL;
    int r = -1;
    if (!name || qv_getattr_try(qi, o, QV_N(__module__), &module) < 0) {
        goto done;
    }
    if (is_importable(qi, module, name, o)) {
        r = pack_name(p, QV_WIRE_FUNCTION, module, name);
        goto done;
    }
    get = qv_dict_peek_str(qi->builtins, QV_N(getattr));
    if (!b->self || qv_is_module(b->self) || !get) {
        r = qv_pack_refuse(p, o, NULL);
        goto done;
    }
    args = qv_tuple_of(qi, 2, b->self, name);
    if (args && qv_pack_tag(p, QV_WIRE_REDUCED) == 0 && qv_pack_value(p, get) == 0 &&
        qv_pack_step(p, QV_STEP_WORD, NULL, ".__self__", args) == 0 &&
        qv_pack_value(p, QV_NONE) == 0 && qv_pack_value(p, QV_NONE) == 0) {
        r = qv_pack_value(p, QV_NONE);
    }
done:
    qv_xdecref(qi, args);
    qv_xdecref(qi, module);
    qv_xdecref(qi, name);
    return r;
}

// ---- functions by value -------------------------------------------------------------------------

static int space_of(QvPack *p, QvObj *globals, uint32_t *ret)
{
    for (uint32_t k = 0; k < p->nspaces; k++) {
        if (p->spaces[k] == globals) {
            *ret = k;
            return 0;
        }
    }
    if (p->nspaces == p->cap_spaces) {
        uint32_t cap = p->cap_spaces * 2 + 2;
        QvObj **spaces = qv_pack_pay(p, (cap - p->cap_spaces) * sizeof *spaces) < 0
                             ? NULL
                             : realloc(p->spaces, cap * sizeof *spaces);
        if (!spaces) {
            qv_raise_oom(p->qi);
            return -1;
        }
        p->spaces = spaces;
        p->cap_spaces = cap;
    }
    p->spaces[p->nspaces] = qv_new_ref(p->qi, globals);
    *ret = p->nspaces++;
    return 0;
}

// 1: the name of that namespace is new and noted; 0: it was noted before.
static int note_name(QvPack *p, uint32_t space, QvObj *name)
{
    for (uint32_t k = p->nnames; k-- > 0;) {
        if (p->names[k].name == name && p->names[k].space == space) {
            return 0;
        }
    }
    if (p->nnames == p->cap_names) {
        uint32_t cap = p->cap_names * 2 + 8;
        QvPackedName *names = qv_pack_pay(p, (cap - p->cap_names) * sizeof *names) < 0
                                  ? NULL
                                  : realloc(p->names, cap * sizeof *names);
        if (!names) {
            qv_raise_oom(p->qi);
            return -1;
        }
        p->names = names;
        p->cap_names = cap;
    }
    p->names[p->nnames++] = (QvPackedName){space, name};
    return 1;
}

// Name and value of one global, unless it has gone before, is none, or cannot be sent.
static int pack_global(QvPack *p, uint32_t space, QvObj *globals, QvObj *name)
{
    QvObj *value = qv_dict_peek_str(globals, name);
    if (!value) {
        return 0;
    }
    int fresh = note_name(p, space, name);
    if (fresh <= 0) {
        return fresh;
    }
    if (qv_is_type(value)) {
        // A class of the program itself goes by name, and the receiver has no such name.
        QvObj *module = qv_type_get_module(p->qi, (QvType *)value);
        bool own = !module || !qv_is_str(module) || qv_str_eq_ascii(module, "__main__");
        qv_err_clear(p->qi);
        qv_xdecref(p->qi, module);
        if (own) {
            return 0;
        }
    }
    QvPackMark mark = qv_pack_mark(p);
    qv_incref(p->qi, value);
    int r = qv_pack_value(p, name) < 0 ? -1 : qv_pack_step(p, QV_STEP_KEY, name, NULL, value);
    qv_decref(p->qi, value);
    if (r < 0 && qv_pack_forgive(p)) {
        qv_pack_rewind(p, &mark);
        r = 0;
    }
    return r;
}

// The globals named by the code and by the code inside it.
static int pack_globals_of(QvPack *p, uint32_t space, QvObj *globals, QvCode *code)
{
    if (qv_code_load(p->qi, code) < 0) {
        return -1;
    }
    for (uint32_t at = 0; at < code->ninstrs; at += qv_op_info[code->instrs[at].op].words + 1u) {
        const QvInstr *ins = &code->instrs[at];
        uint8_t op = ins->op;
        if (qv_op_info[op].traits & QV_TR_SPEC) {
            op = qv_op_info[op].general;
        }
        // Reading counts, and so does writing: `global n; n += 1` does both.
        if ((op == QV_INS_LOAD_GLOBAL || op == QV_INS_LOAD_NAME) &&
            pack_global(p, space, globals, code->names[ins->b]) < 0) {
            return -1;
        }
    }
    for (uint32_t k = 0; k < code->nconsts; k++) {
        if (qv_is_code(code->consts[k]) &&
            pack_globals_of(p, space, globals, (QvCode *)code->consts[k]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int pack_code(QvPack *p, QvCode *code)
{
    QvBuf buf;
    qv_buf_init(&buf);
    int r = qv_code_write(p->qi, code, &buf);
    if (r == 0 && buf.oom) {
        qv_raise_oom(p->qi);
        r = -1;
    }
    if (r == 0 && (qv_pack_uint(p, buf.len) < 0 || qv_pack_raw(p, buf.data, buf.len) < 0)) {
        r = -1;
    }
    qv_buf_fini(&buf);
    return r;
}

static int pack_attribute(QvPack *p, QvObj *name, QvObj *value)
{
    return qv_pack_value(p, name) < 0 ? -1 : qv_pack_step(p, QV_STEP_ATTR, name, NULL, value);
}

// Those of a dict whose names are strings.
static int pack_attributes(QvPack *p, QvObj *dict)
{
    QvObj *copy = qv_dict_copy(p->qi, dict), *name, *value; // packing may run Python
    QvSsize pos = 0;
    int r = copy ? 0 : -1;
    while (r == 0 && qv_dict_next(copy, &pos, &name, &value)) {
        r = qv_is_str(name) ? pack_attribute(p, name, value) : 0;
    }
    qv_xdecref(p->qi, copy);
    return r;
}

// They say nothing to whoever calls the function, and may name what has no name elsewhere: where
// they cannot be sent, it goes without.
static int pack_annotations(QvPack *p, QvObj *annotations)
{
    QvPackMark mark = qv_pack_mark(p);
    int r = pack_attribute(p, QV_N(__annotations__), annotations);
    if (r < 0 && qv_pack_forgive(p)) {
        qv_pack_rewind(p, &mark);
        r = 0;
    }
    return r;
}

static int pack_function_attributes(QvPack *p, QvFunction *f)
{
    QvInterp *qi = p->qi;
    if (f->doc && pack_attribute(p, QV_N(__doc__), f->doc) < 0) {
        return -1;
    }
    if (f->annotations) {
        QvObj *annotations = qv_function_annotations(qi, &f->h);
        int r = annotations ? pack_annotations(p, annotations) : -1;
        qv_xdecref(qi, annotations);
        if (r < 0) {
            return -1;
        }
    }
    return f->dict ? pack_attributes(p, f->dict) : 0;
}

static int pack_function(QvPack *p, QvObj *o)
{
    QvFunction *f = (QvFunction *)o;
    QvInterp *qi = p->qi;
    if (is_importable(qi, f->module, f->qualname, o)) {
        return pack_name(p, QV_WIRE_FUNCTION, f->module, f->qualname);
    }
    uint32_t space;
    QvObj *module = f->module && qv_is_str(f->module) ? f->module : QV_NONE;
    if (qv_pack_tag(p, QV_WIRE_CODE) < 0 || pack_code(p, f->code) < 0 ||
        qv_pack_value(p, f->name) < 0 || qv_pack_value(p, f->qualname) < 0 ||
        qv_pack_value(p, module) < 0 || space_of(p, f->globals, &space) < 0 ||
        qv_pack_uint(p, space) < 0 ||
        qv_pack_step(p, QV_STEP_WORD, NULL, ".__defaults__", f->defaults ? f->defaults : QV_NONE) <
            0 ||
        qv_pack_step(p, QV_STEP_WORD, NULL, ".__kwdefaults__",
                     f->kwdefaults ? f->kwdefaults : QV_NONE) < 0 ||
        qv_pack_step(p, QV_STEP_WORD, NULL, ".__closure__", f->closure ? f->closure : QV_NONE) <
            0) {
        return -1;
    }
    QvPackStep step = {.up = p->step, .kind = QV_STEP_WORD, .word = ".__globals__"};
    p->step = &step;
    int r = pack_globals_of(p, space, f->globals, f->code);
    p->step = step.up;
    return r < 0 || qv_pack_value(p, QV_NONE) < 0 || pack_function_attributes(p, f) < 0
               ? -1
               : qv_pack_value(p, QV_NONE);
}

// ---- exceptions ---------------------------------------------------------------------------------

// What the constructor does not get from args.
static int pack_exception_fields(QvPack *p, QvObj *o)
{
    if (qv_is_instance_of(o, &qv_exc_ImportError)) {
        const QvImportError *e = (QvImportError *)o;
        if ((e->name && pack_attribute(p, QV_N(name), e->name) < 0) ||
            (e->path && pack_attribute(p, QV_N(path), e->path) < 0)) {
            return -1;
        }
    } else if (qv_is_instance_of(o, &qv_exc_NameError)) {
        const QvNameError *e = (QvNameError *)o;
        return e->name ? pack_attribute(p, QV_N(name), e->name) : 0;
    } else if (qv_is_instance_of(o, &qv_exc_AttributeError)) {
        const QvAttributeError *e = (QvAttributeError *)o;
        return e->name ? pack_attribute(p, QV_N(name), e->name) : 0;
    }
    return 0;
}

// OSError keeps its file names apart from args: back to the form that the constructor takes.
static QvObj *exception_args(QvInterp *qi, QvObj *o)
{
    QvObj *args = ((QvExc *)o)->args;
    if (!args) {
        return QV_EMPTY_TUPLE;
    }
    if (!qv_is_instance_of(o, &qv_exc_OSError)) {
        return qv_new_ref(qi, args);
    }
    const QvOSError *e = (QvOSError *)o;
    if (qv_tuple_len(args) != 2 || !e->filename || e->filename == QV_NONE) {
        return qv_new_ref(qi, args);
    }
    QvObj *a = qv_tuple_peek(args, 0), *b = qv_tuple_peek(args, 1);
    return e->filename2 && e->filename2 != QV_NONE
               ? qv_tuple_of(qi, 5, a, b, e->filename, QV_NONE, e->filename2)
               : qv_tuple_of(qi, 3, a, b, e->filename);
}

static int pack_exception(QvPack *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    QvExc *e = (QvExc *)o;
    QvObj *text = NULL, *args = NULL;
    int r = -1;
    bool in_chain = p->in_chain;
    uint8_t suppress = e->suppress_context;
    if (qv_pack_tag(p, QV_WIRE_EXCEPTION) < 0 || qv_pack_value(p, &o->type->h) < 0) {
        return -1;
    }
    args = exception_args(qi, o);
    QvPackMaking making = {.up = p->making, .o = o};
    p->making = &making;
    int made = args ? qv_pack_step(p, QV_STEP_WORD, NULL, ".args", args) : -1;
    p->making = making.up;
    if (made < 0 || qv_pack_raw(p, &suppress, 1) < 0) {
        goto done;
    }
    p->in_chain = true;
    r = qv_pack_step(p, QV_STEP_WORD, NULL, ".__cause__", e->cause ? e->cause : QV_NONE) < 0
            ? -1
            : qv_pack_step(p, QV_STEP_WORD, NULL, ".__context__",
                           e->context ? e->context : QV_NONE);
    p->in_chain = in_chain;
    if (r < 0) {
        goto done;
    }
    r = -1;
    if (!in_chain && e->traceback && e->traceback != QV_NONE) { // the text of the outermost has the
                                                                // whole chain
        text = qv_exc_format(qi, o);
        if (!text) {
            qv_err_clear(qi);
        }
    }
    if (qv_pack_value(p, text ? text : QV_NONE) < 0 || pack_exception_fields(p, o) < 0) {
        goto done;
    }
    if (e->dict && pack_attributes(p, e->dict) < 0) {
        goto done;
    }
    r = qv_pack_value(p, QV_NONE);
done:
    qv_xdecref(qi, text);
    qv_xdecref(qi, args);
    return r;
}

// ---- instances ----------------------------------------------------------------------------------

static bool is_objects_own(QvInterp *qi, QvType *t, QvObj *name)
{
    return qv_type_lookup(qi, t, name) == qv_dict_peek_str(qv_object_type.dict, name);
}

// copyreg.dispatch_table, borrowed; NULL: nobody has imported copyreg.
static QvObj *peek_dispatch_table(QvInterp *qi)
{
    QvObj *copyreg, *table = NULL;
    int loaded = qv_dict_get(qi, qi->modules, QV_N(copyreg), &copyreg);
    if (loaded > 0 && qv_is_module(copyreg) && qv_module_dict(copyreg)) {
        QvObj *key = qv_str_intern_cstr(qi, "dispatch_table");
        table = key ? qv_dict_peek_str(qv_module_dict(copyreg), key) : NULL;
        qv_xdecref(qi, key);
    }
    qv_err_clear(qi);
    return table && qv_is_dict(table) ? table : NULL;
}

static bool has_copyreg(QvInterp *qi, QvType *t)
{
    QvObj *f, *table = peek_dispatch_table(qi);
    bool has = table && qv_dict_get(qi, table, &t->h, &f) > 0;
    qv_err_clear(qi);
    return has;
}

// True for instances that are nothing but attributes.
static bool is_plain(QvPack *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    QvType *t = o->type;
    if (t == p->plain && t->version == p->plain_version && t->version) {
        return true;
    }
    const QvType *solid = t;
    while (solid->flags & QV_T_HEAP) {
        if (solid->nmembers) {
            return false;
        }
        solid = solid->base;
    }
    if (solid != &qv_object_type || t == solid || has_copyreg(qi, t) ||
        !is_objects_own(qi, t, QV_N(__reduce_ex__)) || !is_objects_own(qi, t, QV_N(__reduce__)) ||
        !is_objects_own(qi, t, QV_N(__getstate__)) || qv_type_lookup(qi, t, QV_N(__setstate__)) ||
        qv_type_lookup(qi, t, QV_N(__getnewargs__)) ||
        qv_type_lookup(qi, t, QV_N(__getnewargs_ex__))) {
        return false;
    }
    p->plain = t;
    p->plain_version = t->version;
    return true;
}

// Attributes straight from the instance's slots.
static int pack_slots(QvPack *p, QvObj *o, QvShape *shape)
{
    QvObj *names[32];
    QvSsize n = shape->count;
    for (const QvShape *s = shape; s->parent; s = s->parent) {
        names[s->count - 1] = s->name;
    }
    if (qv_pack_tag(p, QV_WIRE_DICT) < 0 || qv_pack_uint(p, (uint64_t)n) < 0) {
        return -1;
    }
    for (QvSsize k = 0; k < n; k++) {
        const QvInstPart *part = qv_inst_part(o);
        if (!part || part->shape != shape || !part->slots[k]) {
            return qv_raise_int(p->qi, &qv_exc_RuntimeError,
                                "'%T' object changed while it was being sent", o);
        }
        if (qv_pack_value(p, names[k]) < 0 ||
            qv_pack_step(p, QV_STEP_ATTR, names[k], NULL, part->slots[k]) < 0) {
            return -1;
        }
    }
    return 0;
}

static int pack_plain(QvPack *p, QvObj *o)
{
    if (qv_pack_tag(p, QV_WIRE_OBJECT) < 0 || qv_pack_value(p, &o->type->h) < 0) {
        return -1;
    }
    const QvInstPart *part = qv_inst_part(o);
    if (!part || !part->shape) {
        return qv_pack_tag(p, QV_WIRE_DICT) < 0 ? -1 : qv_pack_uint(p, 0);
    }
    if (!part->shape->is_dict && part->shape->count <= 32) {
        return pack_slots(p, o, part->shape);
    }
    QvObj *state = qv_inst_copy_dict(p->qi, o);
    int r = -1;
    if (state) {
        QvObj *name, *value;
        QvSsize pos = 0;
        r = qv_pack_tag(p, QV_WIRE_DICT) < 0 ? -1 : qv_pack_uint(p, (uint64_t)qv_dict_len(state));
        while (r == 0 && qv_dict_next(state, &pos, &name, &value)) {
            r = qv_pack_value(p, name) < 0 ? -1 : qv_pack_step(p, QV_STEP_ATTR, name, NULL, value);
        }
        qv_decref(p->qi, state);
    }
    return r;
}

// What copyreg.dispatch_table or __reduce_ex__(4) says: new reference.
static QvObj *reduction(QvInterp *qi, QvObj *o)
{
    QvObj *f, *table = peek_dispatch_table(qi);
    if (table && qv_dict_get(qi, table, &qv_type_of(o)->h, &f) > 0) {
        qv_incref(qi, f);
        QvObj *r = qv_call1(qi, f, o);
        qv_decref(qi, f);
        return r;
    }
    qv_err_clear(qi);
    QvObj *four = qv_int_from_i64(qi, 4);
    QvObj *r = qv_call_method1(qi, o, QV_N(__reduce_ex__), four);
    qv_decref(qi, four);
    return r;
}

// An iterator of items or pairs, gathered.
static QvObj *gather(QvInterp *qi, QvObj *it, bool pairs)
{
    if (!it || it == QV_NONE) {
        return QV_NONE;
    }
    if (!pairs) {
        return qv_to_list(qi, it);
    }
    QvObj *dict = qv_dict_new(qi);
    if (dict && qv_dict_update(qi, dict, it) < 0) {
        qv_clear(qi, &dict);
    }
    return dict;
}

static int pack_parts_of_reduction(QvPack *p, const QvObj *o, QvObj *r)
{
    QvInterp *qi = p->qi;
    QvSsize n = qv_tuple_len(r);
    QvObj *state = n > 2 ? qv_tuple_peek(r, 2) : QV_NONE;
    QvObj *setter = n > 5 && qv_tuple_peek(r, 5) != QV_NONE ? qv_tuple_peek(r, 5) : NULL;
    QvPackMaking making = {.up = p->making, .o = o};
    p->making = &making;
    int made =
        qv_pack_tag(p, setter ? QV_WIRE_REDUCED_SET : QV_WIRE_REDUCED) < 0 ||
                qv_pack_step(p, QV_STEP_WORD, NULL, ".__reduce_ex__()[0]", qv_tuple_peek(r, 0)) < 0
            ? -1
            : qv_pack_step(p, QV_STEP_WORD, NULL, ".__reduce_ex__()[1]", qv_tuple_peek(r, 1));
    p->making = making.up;
    if (made < 0 || qv_pack_step(p, QV_STEP_WORD, NULL, "", state) < 0) {
        return -1;
    }
    QvObj *items = gather(qi, n > 3 ? qv_tuple_peek(r, 3) : NULL, false);
    QvObj *pairs = items ? gather(qi, n > 4 ? qv_tuple_peek(r, 4) : NULL, true) : NULL;
    int done = -1;
    if (pairs) {
        done = qv_pack_value(p, items) < 0 ? -1 : qv_pack_value(p, pairs);
        if (done == 0 && setter) {
            done = qv_pack_step(p, QV_STEP_WORD, NULL, ".__reduce_ex__()[5]", setter);
        }
    }
    qv_xdecref(qi, items);
    qv_xdecref(qi, pairs);
    return done;
}

static int pack_reduced(QvPack *p, QvObj *o)
{
    QvInterp *qi = p->qi;
    uint8_t share = p->share; // Python may run before our tag is written
    p->share = 0;
    QvObj *r = reduction(qi, o);
    if (!r) {
        return qv_err_matches(qi, &qv_exc_TypeError) ? qv_pack_refuse(p, o, NULL) : -1;
    }
    p->share = share;
    int done;
    QvBlock *hold = NULL;
    if (!p->whole && qv_interpqueues_hold(qi, o, &hold) < 0) {
        qv_decref(qi, r);
        return -1;
    }
    if (hold && !qv_block_charge(qi, hold, sizeof *hold)) {
        qv_block_release(hold);
        qv_decref(qi, r);
        qv_raise_oom(qi);
        return -1;
    }
    if (hold && qv_pack_block_take(p, hold) < 0) {
        done = -1;
    } else if (qv_is_str(r)) {
        QvObj *module = NULL;
        done = qv_getattr_try(qi, o, QV_N(__module__), &module);
        if (done > 0 && qv_is_str(module)) {
            done = pack_name(p, QV_WIRE_FUNCTION, module, r);
        } else if (done >= 0) {
            done = qv_pack_refuse(p, o, "(its __reduce_ex__ gives a name, but it has no module)");
        }
        qv_xdecref(qi, module);
    } else if (!qv_is_tuple(r) || qv_tuple_len(r) < 2 || qv_tuple_len(r) > 6 ||
               !qv_is_tuple(qv_tuple_peek(r, 1))) {
        done =
            qv_pack_refuse(p, o, "(__reduce_ex__ must return a string or a tuple of 2 to 6 items)");
    } else {
        done = pack_parts_of_reduction(p, o, r);
    }
    qv_decref(qi, r);
    return done;
}

// ---- dispatch -----------------------------------------------------------------------------------

int qv_pack_object(QvPack *p, QvObj *o)
{
    const QvType *t = o->type;
    if (qv_is_type(o)) {
        return pack_class(p, o);
    }
    if (t == &qv_function_type) {
        return pack_function(p, o);
    }
    if (t == &qv_builtin_type) {
        return pack_builtin(p, o);
    }
    if (qv_is_module(o)) {
        return pack_module(p, o);
    }
    if (t == &qv_cell_type) {
        QvObj *value = ((QvCell *)o)->value;
        if (!value) {
            return qv_pack_tag(p, QV_WIRE_EMPTY_CELL);
        }
        return qv_pack_tag(p, QV_WIRE_CELL) < 0 ? -1 : qv_pack_value(p, value);
    }
    if (qv_is_exc(o)) {
        QvObj *f = qv_type_lookup(p->qi, o->type, QV_N(__reduce__));
        if (f && f->type == &qv_method_descriptor_type &&
            is_objects_own(p->qi, o->type, QV_N(__reduce_ex__))) {
            return pack_exception(p, o);
        }
    }
    return is_plain(p, o) ? pack_plain(p, o) : pack_reduced(p, o);
}
