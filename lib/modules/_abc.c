// SPDX-License-Identifier: MIT
// The module _abc: what ABCMeta needs in C.
//
// Each abstract base class has an _abc_data object (attribute _abc_impl) with its registry and two
// caches of weak references to classes. The negative cache is valid for one value of the token, a
// counter that every registration raises.
#include <string.h>

#include "modules/modules.h"
#include "object/dict.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/set.h"
#include "object/str.h"
#include "object/tuple.h"
#include "object/type_ids.h"
#include "object/weakref.h"

typedef struct AbcData {
    QvObj h;
    QvObj *registry, *cache, *negative; // sets of weak references, or NULL: empty
    uint64_t version;                   // token for which `negative` holds
    // Versions of a few classes found in `cache` and in `negative`: no reference need be made.
    uint32_t yes[4], no[4];
} AbcData;

typedef struct State {
    uint64_t token;
} State;

static AbcData *as_data(QvObj *o) { return (AbcData *)o; }
static State *state_of(QvObj *m) { return qv_module_state(m); }

static QvObj *data_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)args, (void)nargs, (void)kwnames;
    return qv_obj_new(qi, type);
}

static void data_fini(QvInterp *qi, QvObj *o)
{
    qv_clear(qi, &as_data(o)->registry);
    qv_clear(qi, &as_data(o)->cache);
    qv_clear(qi, &as_data(o)->negative);
}

static int data_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QV_VISIT(as_data(o)->registry);
    QV_VISIT(as_data(o)->cache);
    QV_VISIT(as_data(o)->negative);
    return 0;
}

QV_SEALED QvType qv_abc_data_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_abc._abc_data",
    .id = QV_TID_abc_data,
    .flags = QV_T_GC,
    .base = &qv_object_type,
    .size = sizeof(AbcData),
    .doc = "Internal state held by ABC machinery.",
    .new_ = data_new,
    .fini = data_fini,
    .clear = data_fini,
    .traverse = data_traverse,
};

// The state of an abstract class: new reference.
static QvObj *data_of(QvInterp *qi, QvObj *cls)
{
    QvObj *data = qv_getattr(qi, cls, QV_N(_abc_impl));
    if (data && data->type != &qv_abc_data_type) {
        qv_decref(qi, data);
        return qv_raise(qi, &qv_exc_TypeError, "_abc_impl is set to a wrong type");
    }
    return data;
}

// ---- sets of weak references --------------------------------------------------------------------

static int contains(QvInterp *qi, QvObj *set, uint32_t *versions, QvObj *cls)
{
    if (!set || qv_set_len(set) == 0) {
        return 0;
    }
    uint32_t version = qv_is_type(cls) ? ((QvType *)cls)->version : 0;
    if (version && versions[version % 4] == version) {
        return 1;
    }
    QvObj *ref = qv_weakref_new(qi, cls, NULL);
    if (!ref) {
        if (qv_err_matches(qi, &qv_exc_TypeError)) {
            qv_err_clear(qi);
            return 0;
        }
        return -1;
    }
    int found = qv_set_contains(qi, set, ref);
    if (found > 0) {
        versions[version % 4] = version;
    }
    qv_decref(qi, ref);
    return found;
}

// Callback of a reference in a set: self is a weak reference to the set.
static QvObj *forget(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *set = qv_weakref_get(qi, self);
    if (set) {
        int removed = qv_set_discard(qi, set, args[0]);
        qv_decref(qi, set);
        if (removed < 0) {
            return NULL;
        }
    }
    return QV_NONE;
}

static const QvNativeDef forget_row = {"_destroy", forget, "($self, ref, /)", NULL};

static int add(QvInterp *qi, QvObj **set, QvObj *cls)
{
    if (!*set && !(*set = qv_set_new(qi, NULL))) {
        return -1;
    }
    QvObj *self = qv_weakref_new(qi, *set, NULL);
    QvObj *callback = self ? qv_builtin_from_def(qi, &forget_row, self, NULL) : NULL;
    QvObj *ref = callback ? qv_weakref_new(qi, cls, callback) : NULL;
    int status = ref ? qv_set_add(qi, *set, ref) : -1;
    qv_xdecref(qi, self);
    qv_xdecref(qi, callback);
    qv_xdecref(qi, ref);
    return status;
}

// ---- making a class -----------------------------------------------------------------------------

static int is_abstract(QvInterp *qi, QvObj *value)
{
    QvObj *flag;
    int found = qv_getattr_try(qi, value, QV_N(__isabstractmethod__), &flag);
    if (found <= 0) {
        return found;
    }
    int is = qv_is_true(qi, flag);
    qv_decref(qi, flag);
    return is;
}

static int add_own_abstract(QvInterp *qi, QvObj *cls, QvObj *names)
{
    QvObj *ns = qv_getattr(qi, cls, QV_N(__dict__));
    QvObj *items = ns ? qv_call_method0(qi, ns, QV_N(items)) : NULL;
    QvObj *list = items ? qv_to_list(qi, items) : NULL;
    int status = list ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < qv_list_len(list); k++) {
        QvObj *item = qv_list_peek(list, k);
        int is = is_abstract(qi, qv_tuple_peek(item, 1));
        status = is < 0 || (is > 0 && qv_set_add(qi, names, qv_tuple_peek(item, 0)) < 0) ? -1 : 0;
    }
    qv_xdecref(qi, ns);
    qv_xdecref(qi, items);
    qv_xdecref(qi, list);
    return status;
}

static int add_inherited(QvInterp *qi, QvObj *cls, QvObj *base, QvObj *names)
{
    QvObj *theirs;
    int found = qv_getattr_try(qi, base, QV_N(__abstractmethods__), &theirs);
    if (found <= 0) {
        return found;
    }
    QvObj *list = qv_to_list(qi, theirs);
    qv_decref(qi, theirs);
    int status = list ? 0 : -1;
    for (QvSsize k = 0; status == 0 && k < qv_list_len(list); k++) {
        QvObj *name = qv_list_peek(list, k), *value;
        if (!qv_is_str(name)) {
            status = qv_raise_int(qi, &qv_exc_TypeError, "attribute name must be string, not '%T'",
                                  name);
            break;
        }
        found = qv_getattr_try(qi, cls, name, &value);
        int is = found > 0 ? is_abstract(qi, value) : found;
        if (found > 0) {
            qv_decref(qi, value);
        }
        status = is < 0 || (is > 0 && qv_set_add(qi, names, name) < 0) ? -1 : 0;
    }
    qv_xdecref(qi, list);
    return status;
}

static int compute_abstract(QvInterp *qi, QvObj *cls)
{
    QvObj *names = qv_set_new(qi, NULL), *bases = NULL, *frozen = NULL;
    int status = names ? add_own_abstract(qi, cls, names) : -1;
    if (status == 0) {
        bases = qv_getattr(qi, cls, QV_N(__bases__));
        status = bases ? 0 : -1;
    }
    if (status == 0 && !qv_is_tuple(bases)) {
        status = qv_raise_int(qi, &qv_exc_TypeError, "__bases__ is not tuple");
    }
    for (QvSsize k = 0; status == 0 && k < qv_tuple_len(bases); k++) {
        status = add_inherited(qi, cls, qv_tuple_peek(bases, k), names);
    }
    if (status == 0) {
        frozen = qv_frozenset_new(qi, names);
        status = frozen ? qv_setattr(qi, cls, QV_N(__abstractmethods__), frozen) : -1;
    }
    qv_xdecref(qi, names);
    qv_xdecref(qi, bases);
    qv_xdecref(qi, frozen);
    return status;
}

// The class and all classes made from it so far get the flag. Static types are sealed: those that
// match patterns have it.
static void set_pattern_flag(QvType *type, uint32_t flag)
{
    if (!qv_type_has(type, QV_T_HEAP) || (type->flags & flag)) {
        return;
    }
    type->flags = (type->flags & ~(uint32_t)(QV_T_SEQUENCE | QV_T_MAPPING)) | flag;
    for (uint32_t k = 0; k < type->nsubclasses; k++) {
        set_pattern_flag(type->subclasses[k], flag);
    }
}

// __abc_tpflags__ of collections.abc: CPython's bits 5 (sequence) and 6 (mapping), taken off again.
static int take_pattern_flags(QvInterp *qi, QvObj *cls)
{
    if (!qv_is_type(cls)) {
        return 0;
    }
    QvObj *flags;
    int found = qv_dict_get(qi, ((QvType *)cls)->dict, QV_N(__abc_tpflags__), &flags);
    if (found <= 0) {
        return found;
    }
    if (qv_is_int(flags)) {
        uint64_t bits = qv_int_as_u64_mask(flags) & (1u << 5 | 1u << 6);
        if (bits == (1u << 5 | 1u << 6)) {
            return qv_raise_int(
                qi, &qv_exc_TypeError,
                "__abc_tpflags__ cannot be both Py_TPFLAGS_SEQUENCE and Py_TPFLAGS_MAPPING");
        }
        if (bits) {
            set_pattern_flag((QvType *)cls, bits & 1u << 5 ? QV_T_SEQUENCE : QV_T_MAPPING);
        }
    }
    return qv_setattr(qi, cls, QV_N(__abc_tpflags__), NULL);
}

static QvObj *abc_init(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    if (compute_abstract(qi, args[0]) < 0) {
        return NULL;
    }
    QvObj *data = qv_obj_new(qi, &qv_abc_data_type);
    int status = data ? qv_setattr(qi, args[0], QV_N(_abc_impl), data) : -1;
    if (status == 0) {
        as_data(data)->version = state_of(m)->token;
        status = take_pattern_flags(qi, args[0]);
    }
    qv_xdecref(qi, data);
    return status < 0 ? NULL : QV_NONE;
}

// ---- questions ----------------------------------------------------------------------------------

static QvObj *abc_register(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *self = args[0], *subclass = args[1];
    if (!qv_is_type(subclass)) {
        return qv_raise(qi, &qv_exc_TypeError, "Can only register classes");
    }
    int is = qv_issubclass(qi, subclass, self);
    if (is != 0) {
        return is < 0 ? NULL : qv_new_ref(qi, subclass); // already a subclass
    }
    // Now it is certain that subclass is none; the other way round would make a cycle.
    is = qv_issubclass(qi, self, subclass);
    if (is != 0) {
        return is < 0
                   ? NULL
                   : qv_raise(qi, &qv_exc_RuntimeError, "Refusing to create an inheritance cycle");
    }
    QvObj *data = data_of(qi, self);
    int status = data ? add(qi, &as_data(data)->registry, subclass) : -1;
    qv_xdecref(qi, data);
    if (status < 0) {
        return NULL;
    }
    state_of(m)->token++; // negative caches are void
    if (qv_is_type(self)) {
        uint32_t flag = ((QvType *)self)->flags & (QV_T_SEQUENCE | QV_T_MAPPING);
        if (flag) {
            set_pattern_flag((QvType *)subclass, flag);
        }
    }
    return qv_new_ref(qi, subclass);
}

// A copy of the live classes of a set: new list.
static QvObj *live_classes(QvInterp *qi, QvObj *set)
{
    QvObj *list = qv_list_new(qi, set ? qv_set_len(set) : 0), *ref;
    for (QvSsize pos = 0; list && set && qv_set_next(set, &pos, &ref);) {
        QvObj *cls = qv_weakref_get(qi, ref);
        if (cls && qv_list_append_take(qi, list, cls) < 0) {
            qv_clear(qi, &list);
        }
    }
    return list;
}

// Is subclass a subclass of one of the classes in the list? 1/0/-1.
static int below_one_of(QvInterp *qi, QvObj *subclass, QvObj *list)
{
    int is = qv_list_box(qi, list);
    for (QvSsize k = 0; is == 0 && k < qv_list_len(list); k++) {
        QvObj *cls = qv_new_ref(qi, qv_list_peek(list, k));
        is = qv_issubclass(qi, subclass, cls);
        qv_decref(qi, cls);
    }
    return is;
}

// The long way round: hook, real inheritance, registry, subclasses. 1/0/-1; *ret_keep false: do not
// cache a true answer.
static int ask(QvInterp *qi, QvObj *self, AbcData *data, QvObj *subclass)
{
    QvObj *hook = qv_call_method1(qi, self, QV_N(__subclasshook__), subclass);
    if (!hook) {
        return -1;
    }
    if (hook == QV_TRUE || hook == QV_FALSE) {
        return hook == QV_TRUE;
    }
    bool undecided = hook == QV_NOTIMPLEMENTED;
    qv_decref(qi, hook);
    if (!undecided) {
        return qv_raise_int(qi, &qv_exc_AssertionError,
                            "__subclasshook__ must return either False, True, or NotImplemented");
    }
    if (qv_is_type(self) && qv_type_is_subtype((QvType *)subclass, (QvType *)self)) {
        return 1;
    }
    QvObj *list = live_classes(qi, data->registry);
    int is = list ? below_one_of(qi, subclass, list) : -1;
    qv_xdecref(qi, list);
    if (is != 0) {
        return is;
    }
    QvObj *subclasses = qv_call_method0(qi, self, QV_N(__subclasses__));
    if (!subclasses) {
        return -1;
    }
    if (!qv_is_list(subclasses)) {
        is = qv_raise_int(qi, &qv_exc_TypeError, "__subclasses__() must return a list");
    } else {
        is = below_one_of(qi, subclass, subclasses);
    }
    qv_decref(qi, subclasses);
    return is;
}

static int subclasscheck(QvInterp *qi, QvObj *m, QvObj *self, QvObj *subclass)
{
    if (!qv_is_type(subclass)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "issubclass() arg 1 must be a class");
    }
    QvObj *o = data_of(qi, self);
    if (!o) {
        return -1;
    }
    AbcData *data = as_data(o);
    int is = contains(qi, data->cache, data->yes, subclass);
    if (is == 0) {
        if (data->version < state_of(m)->token) {
            data->version = state_of(m)->token;
            qv_clear(qi, &data->negative);
            memset(data->no, 0, sizeof data->no);
        }
        is = contains(qi, data->negative, data->no, subclass);
        if (is == 0) {
            is = ask(qi, self, data, subclass);
            if (is >= 0 && add(qi, is ? &data->cache : &data->negative, subclass) < 0) {
                is = -1;
            }
        } else if (is > 0) {
            is = 0;
        }
    }
    qv_decref(qi, o);
    return is;
}

static QvObj *answer(int is) { return is < 0 ? NULL : qv_bool(is); }

static QvObj *abc_subclasscheck(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return answer(subclasscheck(qi, m, args[0], args[1]));
}

static QvObj *abc_instancecheck(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *self = args[0], *o = args[1], *data = data_of(qi, self), *ret = NULL;
    QvObj *subclass = data ? qv_getattr(qi, o, QV_N(__class__)) : NULL;
    if (!subclass) {
        goto done;
    }
    int is = contains(qi, as_data(data)->cache, as_data(data)->yes, subclass);
    if (is != 0) {
        ret = answer(is);
        goto done;
    }
    QvObj *type = (QvObj *)qv_type_of(o);
    if (type == subclass && as_data(data)->version == state_of(m)->token) {
        is = contains(qi, as_data(data)->negative, as_data(data)->no, subclass);
        if (is != 0) {
            ret = is < 0 ? NULL : QV_FALSE;
            goto done;
        }
    }
    // Through the method, which a metaclass may have overridden.
    ret = qv_call_method1(qi, self, QV_N(__subclasscheck__), subclass);
    if (ret && type != subclass) {
        int yes = qv_is_true(qi, ret);
        if (yes <= 0) {
            qv_clear(qi, &ret);
            ret = yes < 0 ? NULL : qv_call_method1(qi, self, QV_N(__subclasscheck__), type);
        }
    }
done:
    qv_xdecref(qi, data);
    qv_xdecref(qi, subclass);
    return ret;
}

// ---- for debugging ------------------------------------------------------------------------------

static QvObj *get_cache_token(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)args, (void)nargs;
    return qv_int_from_u64(qi, state_of(m)->token);
}

static QvObj *copy_set(QvInterp *qi, QvObj *set) { return qv_set_new(qi, set); }

static QvObj *get_dump(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *o = data_of(qi, args[0]);
    if (!o) {
        return NULL;
    }
    QvObj *parts[4] = {copy_set(qi, as_data(o)->registry), copy_set(qi, as_data(o)->cache),
                       copy_set(qi, as_data(o)->negative),
                       qv_int_from_u64(qi, as_data(o)->version)};
    QvObj *dump = qv_tuple_of(qi, 4, parts[0], parts[1], parts[2], parts[3]);
    for (int k = 0; k < 4; k++) {
        qv_xdecref(qi, parts[k]);
    }
    qv_decref(qi, o);
    return dump;
}

static QvObj *reset_registry(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *o = data_of(qi, args[0]);
    if (!o) {
        return NULL;
    }
    qv_clear(qi, &as_data(o)->registry);
    qv_decref(qi, o);
    return QV_NONE;
}

static QvObj *reset_caches(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)m, (void)nargs;
    QvObj *o = data_of(qi, args[0]);
    if (!o) {
        return NULL;
    }
    qv_clear(qi, &as_data(o)->cache);
    qv_clear(qi, &as_data(o)->negative);
    memset(as_data(o)->yes, 0, sizeof as_data(o)->yes);
    memset(as_data(o)->no, 0, sizeof as_data(o)->no);
    qv_decref(qi, o);
    return QV_NONE;
}

static const QvNativeDef functions[] = {
    {"_abc_init", abc_init, "($module, self, /)",
     "Internal ABC helper for class set-up. Should be never used outside abc module."},
    {"_abc_instancecheck", abc_instancecheck, "($module, self, instance, /)",
     "Internal ABC helper for instance checks. Should be never used outside abc module."},
    {"_abc_register", abc_register, "($module, self, subclass, /)",
     "Internal ABC helper for subclasss registration. Should be never used outside abc module."},
    {"_abc_subclasscheck", abc_subclasscheck, "($module, self, subclass, /)",
     "Internal ABC helper for subclasss checks. Should be never used outside abc module."},
    {"_get_dump", get_dump, "($module, self, /)",
     "Internal ABC helper for cache and registry debugging.\n\nReturn shallow copies of registry, "
     "of both caches, and\nnegative cache version. Don't call this function directly,\ninstead use "
     "ABC._dump_registry() for a nice repr."},
    {"_reset_caches", reset_caches, "($module, self, /)",
     "Internal ABC helper to reset both caches of a given class.\n\nShould be only used by "
     "refleak.py"},
    {"_reset_registry", reset_registry, "($module, self, /)",
     "Internal ABC helper to reset registry of a given class.\n\nShould be only used by "
     "refleak.py"},
    {"get_cache_token", get_cache_token, "($module, /)",
     "Returns the current ABC cache token.\n\nThe token is an opaque object (supporting equality "
     "testing) identifying the\ncurrent version of the ABC cache for virtual subclasses. The token "
     "changes\nwith every call to register() on any ABC."},
    {0},
};

const QvModuleDef qv_module__abc = {
    .name = "_abc",
    .doc = "Module contains faster C implementation of abc.ABCMeta",
    .functions = functions,
    .state_size = sizeof(State),
};
