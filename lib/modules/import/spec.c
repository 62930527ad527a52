// SPDX-License-Identifier: MIT
// ModuleSpec in C. importlib's own class of that name is replaced by this one when importlib is
// loaded, so that there is one type whoever made a spec.
#include "modules/import/import.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/type_ids.h"

static QvModuleSpec *as_spec(QvObj *o) { return (QvModuleSpec *)o; }

static QvObj *spec_new_(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                        QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    QvObj *o = qv_obj_new(qi, type);
    if (!o) {
        return NULL;
    }
    as_spec(o)->initializing = as_spec(o)->set_fileattr = false;
    as_spec(o)->dict = qv_dict_new_presized(qi, 8);
    if (!as_spec(o)->dict) {
        qv_clear(qi, &o);
    }
    return o;
}

static int fill(QvInterp *qi, QvObj *spec, QvObj *name, QvObj *loader, QvObj *origin, QvObj *state,
                QvObj *search)
{
    QvObj *d = as_spec(spec)->dict;
    return qv_dict_set(qi, d, QV_N(name), name) < 0 ||
                   qv_dict_set(qi, d, QV_N(loader), loader) < 0 ||
                   qv_dict_set(qi, d, QV_N(origin), origin) < 0 ||
                   qv_dict_set(qi, d, QV_N(loader_state), state) < 0 ||
                   qv_dict_set(qi, d, QV_N(submodule_search_locations), search) < 0 ||
                   qv_dict_set_take(qi, d, QV_N(_uninitialized_submodules), qv_list_new(qi, 0)) <
                       0 ||
                   qv_dict_set(qi, d, QV_N(_cached), QV_NONE) < 0
               ? -1
               : 0;
}

static int spec_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    QvObj *a[5];
    if (qv_args(qi,
                "ModuleSpec.__init__(name, loader, *, origin=None, loader_state=None, "
                "is_package=None)",
                args, nargs, kwnames, a) < 0) {
        return -1;
    }
    int package = a[4] ? qv_is_true(qi, a[4]) : 0;
    QvObj *search = package > 0 ? qv_list_new(qi, 0) : package == 0 ? QV_NONE : NULL;
    if (!search) {
        return -1;
    }
    as_spec(self)->set_fileattr = false;
    int status = fill(qi, self, a[0], a[1], a[2] ? a[2] : QV_NONE, a[3] ? a[3] : QV_NONE, search);
    qv_decref(qi, search);
    return status;
}

QvObj *qv_spec_new(QvInterp *qi, QvObj *name, QvObj *loader, QvObj *origin, bool located,
                   QvObj *search)
{
    QvObj *spec = spec_new_(qi, &qv_modulespec_type, NULL, 0, NULL);
    if (spec && fill(qi, spec, name, loader, origin ? origin : QV_NONE, QV_NONE,
                     search ? search : QV_NONE) < 0) {
        qv_clear(qi, &spec);
    }
    if (spec) {
        as_spec(spec)->set_fileattr = located;
    }
    return spec;
}

// An attribute that __init__ sets: borrowed; NULL with AttributeError.
static QvObj *field(QvInterp *qi, QvObj *spec, QvObj *name)
{
    QvObj *value = qv_dict_peek_str(as_spec(spec)->dict, name);
    return value ? value : qv_attr_error(qi, spec, name);
}

// ---- computed attributes ------------------------------------------------------------------------

QvObj *qv_spec_cached(QvInterp *qi, QvObj *o)
{
    QvObj *now = field(qi, o, QV_N(_cached));
    if (!now || now != QV_NONE || !as_spec(o)->set_fileattr) {
        return qv_xnew_ref(qi, now);
    }
    QvObj *origin = field(qi, o, QV_N(origin));
    if (!origin || origin == QV_NONE) {
        return qv_xnew_ref(qi, origin);
    }
    if (!qv_is_str(origin)) {
        return qv_raise(qi, &qv_exc_AttributeError, "'%T' object has no attribute 'endswith'",
                        origin);
    }
    QvSsize n = qv_str_len(origin);
    QvObj *tail = qv_str_slice(qi, origin, n > 4 ? n - 4 : 0, n);
    if (!tail) {
        return NULL;
    }
    QvObj *cached = QV_NONE;
    if (qv_str_eq_ascii(tail, ".pyc")) {
        cached = qv_new_ref(qi, origin);
    } else if (n > 2 && qv_str_read(origin, n - 3) == '.' && qv_str_read(origin, n - 2) == 'p' &&
               qv_str_read(origin, n - 1) == 'y') {
        cached = qv_import_cache_path(qi, origin);
    }
    qv_decref(qi, tail);
    if (cached && qv_dict_set(qi, as_spec(o)->dict, QV_N(_cached), cached) < 0) {
        qv_clear(qi, &cached);
    }
    return cached;
}

static int set_cached(QvInterp *qi, QvObj *o, QvObj *value)
{
    return qv_dict_set(qi, as_spec(o)->dict, QV_N(_cached), value ? value : QV_NONE);
}

static QvObj *get_parent(QvInterp *qi, QvObj *o)
{
    QvObj *search = field(qi, o, QV_N(submodule_search_locations));
    QvObj *name = search ? field(qi, o, QV_N(name)) : NULL;
    if (!name || search != QV_NONE) {
        return qv_xnew_ref(qi, name);
    }
    if (!qv_is_str(name)) {
        return qv_raise(qi, &qv_exc_AttributeError, "'%T' object has no attribute 'rpartition'",
                        name);
    }
    QvSsize dot = qv_str_rfind(name, QV_N(dot), 0, qv_str_len(name));
    return dot < 0 ? QV_N(empty) : qv_str_slice(qi, name, 0, dot);
}

static QvObj *get_location(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_spec(o)->set_fileattr);
}

static int set_location(QvInterp *qi, QvObj *o, QvObj *value)
{
    int yes = value ? qv_is_true(qi, value) : 0;
    as_spec(o)->set_fileattr = yes > 0;
    return yes < 0 ? -1 : 0;
}

static QvObj *get_initializing(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_spec(o)->initializing);
}

static int set_initializing(QvInterp *qi, QvObj *o, QvObj *value)
{
    int yes = value ? qv_is_true(qi, value) : 0;
    as_spec(o)->initializing = yes > 0;
    return yes < 0 ? -1 : 0;
}

static QvObj *get_dict(QvInterp *qi, QvObj *o) { return qv_new_ref(qi, as_spec(o)->dict); }

static const QvGetSet getsets[] = {
    {"__dict__", get_dict, NULL, NULL},
    {"cached", qv_spec_cached, set_cached, NULL},
    {"parent", get_parent, NULL, "The name of the module's parent."},
    {"has_location", get_location, set_location, NULL},
    {"_set_fileattr", get_location, set_location, NULL},
    {"_initializing", get_initializing, set_initializing, NULL},
    {0},
};

// ---- basic --------------------------------------------------------------------------------------

static QvObj *spec_repr(QvInterp *qi, QvObj *o)
{
    QvObj *name = field(qi, o, QV_N(name));
    QvObj *loader = name ? field(qi, o, QV_N(loader)) : NULL;
    QvObj *origin = loader ? field(qi, o, QV_N(origin)) : NULL;
    QvObj *search = origin ? field(qi, o, QV_N(submodule_search_locations)) : NULL;
    if (!search) {
        return NULL;
    }
    QvObj *parts[4] = {qv_new_ref(qi, name), qv_new_ref(qi, loader), qv_new_ref(qi, origin),
                       qv_new_ref(qi, search)};
    QvObj *head =
        qv_str_format(qi, "%s(name=%R, loader=%R", qv_type_short_name(o->type), parts[0], parts[1]);
    if (head && parts[2] != QV_NONE) {
        QvObj *s = qv_str_format(qi, "%U, origin=%R", head, parts[2]);
        qv_set_take(qi, &head, s);
    }
    if (head && parts[3] != QV_NONE) {
        QvObj *s = qv_str_format(qi, "%U, submodule_search_locations=%S", head, parts[3]);
        qv_set_take(qi, &head, s);
    }
    if (head) {
        QvObj *s = qv_str_format(qi, "%U)", head);
        qv_set_take(qi, &head, s);
    }
    for (int k = 0; k < 4; k++) {
        qv_decref(qi, parts[k]);
    }
    return head;
}

static QvObj *spec_richcmp(QvInterp *qi, QvObj *v, QvObj *w, QvCmpOp op)
{
    if ((op != QV_EQ && op != QV_NE) || !qv_is_instance_of(v, &qv_modulespec_type)) {
        return QV_NOTIMPLEMENTED;
    }
    QvObj *const names[] = {QV_N(name),   QV_N(loader), QV_N(submodule_search_locations),
                            QV_N(origin), QV_N(cached), QV_N(has_location)};
    int same = 1;
    for (size_t k = 0; same > 0 && k < sizeof names / sizeof *names; k++) {
        QvObj *a, *b = NULL;
        int have = qv_getattr_try(qi, v, names[k], &a);
        if (have > 0) {
            have = qv_getattr_try(qi, w, names[k], &b);
            if (have <= 0) {
                qv_decref(qi, a);
            }
        }
        if (have <= 0) {
            return have < 0 ? NULL : QV_NOTIMPLEMENTED;
        }
        same = qv_eq(qi, a, b);
        qv_decref(qi, a);
        qv_decref(qi, b);
    }
    return same < 0 ? NULL : qv_bool((same > 0) == (op == QV_EQ));
}

static QvHash spec_hash(QvInterp *qi, QvObj *o)
{
    qv_raise(qi, &qv_exc_TypeError, "unhashable type: '%s'", qv_type_short_name(o->type));
    return -1;
}

static void spec_fini(QvInterp *qi, QvObj *o) { qv_clear(qi, &as_spec(o)->dict); }

static int spec_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_spec(o)->dict);
    return 0;
}

QV_SEALED QvType qv_modulespec_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_frozen_importlib.ModuleSpec",
    .id = QV_TID_modulespec,
    .flags = QV_T_GC | QV_T_BASE | QV_T_WEAK,
    .base = &qv_object_type,
    .size = sizeof(QvModuleSpec),
    .dict_offset = offsetof(QvModuleSpec, dict),
    .doc = "The specification for a module, used for loading.\n\n"
           "A module's spec is the source for information about the module.",
    .getsets = getsets,
    .new_ = spec_new_,
    .init = spec_init,
    .fini = spec_fini,
    .traverse = spec_traverse,
    .repr = spec_repr,
    .hash = spec_hash,
    .richcmp = spec_richcmp,
};
