// SPDX-License-Identifier: MIT
// The module _warnings: which warnings are shown. What warnings are before this module is loaded is
// in object/error_report.c.
//
// Filters, default action and once registry are those of the Python module `warnings` when it is
// loaded (programs assign to its attributes), else the ones kept here.
#include "modules/modules.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/exception.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct State {
    QvObj *filters;        // list of (action, message, category, module, lineno)
    QvObj *once;           // dict
    QvObj *default_action; // str
    int64_t version;       // of the filters: registries of another one are void
} State;

static State *state_of(QvObj *m) { return qv_module_state(m); }

// An attribute of the module warnings: 1 (*ret new), 0 (no such module, or none), -1. import: load
// the module for it.
static int warnings_attr(QvInterp *qi, const char *name, bool import, QvObj **ret)
{
    QvObj *module = qv_is_dict(qi->modules)
                        ? qv_xnew_ref(qi, qv_dict_peek_str(qi->modules, QV_N(warnings)))
                        : NULL;
    if (!module && import && !qi->finalizing) {
        module = qv_import(qi, "warnings");
        if (!module) {
            if (!qv_err_matches(qi, &qv_exc_ImportError)) {
                return -1;
            }
            qv_err_clear(qi);
        }
    }
    if (!module) {
        return 0;
    }
    QvObj *key = qv_str_intern_cstr(qi, name);
    int found = key ? qv_getattr_try(qi, module, key, ret) : -1;
    qv_xdecref(qi, key);
    qv_decref(qi, module);
    return found;
}

// The same, or `own` when there is none: new reference or NULL.
static QvObj *current(QvInterp *qi, const char *name, QvObj *own)
{
    QvObj *value;
    int found = warnings_attr(qi, name, false, &value);
    return found < 0 ? NULL : found ? value : qv_new_ref(qi, own);
}

// ---- registries ---------------------------------------------------------------------------------

// Is key in the registry? set: it is put there. 1/0/-1.
static int already_warned(QvInterp *qi, State *s, QvObj *registry, QvObj *key, bool set)
{
    QvObj *value;
    int64_t version = -1;
    int found = qv_dict_get(qi, registry, QV_N(version), &value);
    if (found < 0) {
        return -1;
    }
    if (!found || !qv_is_int(value) || !qv_int_as_i64(value, &version) || version != s->version) {
        qv_dict_clear(qi, registry);
        if (qv_dict_set_take(qi, registry, QV_N(version), qv_int_from_i64(qi, s->version)) < 0) {
            return -1;
        }
    } else {
        found = qv_dict_get(qi, registry, key, &value);
        int yes = found > 0 ? qv_is_true(qi, value) : found;
        if (yes != 0) {
            return yes;
        }
    }
    return set ? qv_dict_set(qi, registry, key, QV_TRUE) : 0;
}

// For the actions once and module: by (text, category).
static int seen_anywhere(QvInterp *qi, State *s, QvObj *registry, QvObj *text, QvObj *category)
{
    QvObj *key = qv_tuple_of(qi, 2, text, category);
    int seen = key ? already_warned(qi, s, registry, key, true) : -1;
    qv_xdecref(qi, key);
    return seen;
}

// ---- filters ------------------------------------------------------------------------------------

// A message or module of a filter: None matches all; a str must be equal; else its match() is
// asked.
static int matches(QvInterp *qi, QvObj *pattern, QvObj *text)
{
    if (pattern == QV_NONE) {
        return 1;
    }
    if (qv_is_str_exact(pattern)) {
        return qv_eq(qi, pattern, text);
    }
    QvObj *name = qv_str_intern_cstr(qi, "match"),
          *r = name ? qv_call_method1(qi, pattern, name, text) : NULL;
    int yes = r ? qv_is_true(qi, r) : -1;
    qv_xdecref(qi, name);
    qv_xdecref(qi, r);
    return yes;
}

// 1/0/-1; item is one of the filters.
static int filter_matches(QvInterp *qi, QvObj *item, QvObj *category, QvObj *text, QvObj *lineno,
                          QvObj *module)
{
    int yes = matches(qi, qv_tuple_peek(item, 1), text);
    yes = yes > 0 ? matches(qi, qv_tuple_peek(item, 3), module) : yes;
    yes = yes > 0 ? qv_issubclass(qi, category, qv_tuple_peek(item, 2)) : yes;
    if (yes <= 0) {
        return yes;
    }
    int64_t at, here;
    QvObj *line = qv_tuple_peek(item, 4);
    if (!qv_is_int(line)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "'%.200T' object cannot be interpreted as an integer", line);
    }
    return !qv_int_as_i64(line, &at) || at == 0 || (qv_int_as_i64(lineno, &here) && at == here);
}

// What is to be done: new str, or NULL. *ret_item: the filter (new reference), for the message
// about a bad action.
static QvObj *find_action(QvInterp *qi, State *s, QvObj *category, QvObj *text, QvObj *lineno,
                          QvObj *module, QvObj **ret_item)
{
    *ret_item = NULL;
    QvObj *filters = current(qi, "filters", s->filters);
    if (!filters || !qv_is_list(filters)) {
        if (filters) {
            qv_raise(qi, &qv_exc_ValueError, "_warnings.filters must be a list");
            qv_decref(qi, filters);
        }
        return NULL;
    }
    qv_set_take(qi, &s->filters, qv_new_ref(qi, filters)); // for when the module has none any more
    QvObj *action = NULL;
    bool failed = qv_list_box(qi, filters) < 0;
    for (QvSsize k = 0; !action && !failed && k < qv_list_len(filters); k++) {
        QvObj *item = qv_new_ref(qi, qv_list_peek(filters, k));
        if (!qv_is_tuple(item) || qv_tuple_len(item) != 5) {
            qv_raise(qi, &qv_exc_ValueError, "_warnings.filters item %zd isn't a 5-tuple", k);
            failed = true;
        } else if (!qv_is_str(qv_tuple_peek(item, 0))) {
            qv_raise(qi, &qv_exc_TypeError, "action must be a string, not '%.200T'",
                     qv_tuple_peek(item, 0));
            failed = true;
        } else {
            int yes = filter_matches(qi, item, category, text, lineno, module);
            failed = yes < 0;
            if (yes > 0) {
                action = qv_new_ref(qi, qv_tuple_peek(item, 0));
                *ret_item = qv_new_ref(qi, item);
            }
        }
        qv_decref(qi, item);
    }
    qv_decref(qi, filters);
    if (action || failed) {
        return action;
    }
    action = current(qi, "defaultaction", s->default_action);
    if (action && !qv_is_str(action)) {
        qv_raise(qi, &qv_exc_TypeError, "_warnings.defaultaction must be a string, not '%.200T'",
                 action);
        qv_clear(qi, &action);
    }
    *ret_item = action ? QV_NONE : NULL;
    return action;
}

// ---- showing ------------------------------------------------------------------------------------

// One warning on its way. All borrowed; what may be NULL says so.
typedef struct Warning {
    QvObj *category, *message, *text, *filename, *lineno;
    QvObj *module;   // its name, or NULL: from the file name
    QvObj *registry; // dict, None or NULL
    QvObj *source;   // NULL or the object that has caused it
} Warning;

static int show(QvInterp *qi, const Warning *w)
{
    QvObj *show_fn = NULL, *make = NULL;
    int found = warnings_attr(qi, "_showwarnmsg", w->source != NULL, &show_fn);
    if (found == 0) {
        int64_t line;
        qv_warn_show(qi, (QvType *)w->category, w->text, w->filename,
                     qv_int_as_i64(w->lineno, &line) ? (int)line : 0);
        return 0;
    }
    if (found < 0) {
        return -1;
    }
    if (!qv_is_callable(show_fn)) {
        qv_decref(qi, show_fn);
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "warnings._showwarnmsg() must be set to a callable");
    }
    found = warnings_attr(qi, "WarningMessage", false, &make);
    if (found == 0) {
        qv_raise(qi, &qv_exc_RuntimeError, "unable to get warnings.WarningMessage");
    }
    int status = -1;
    if (found > 0) {
        QvObj *args[] = {w->message,
                         w->category,
                         w->filename,
                         w->lineno,
                         QV_NONE,
                         QV_NONE,
                         w->source ? w->source : QV_NONE};
        QvObj *message = qv_call(qi, make, args, 7, NULL),
              *r = message ? qv_call1(qi, show_fn, message) : NULL;
        status = r ? 0 : -1;
        qv_xdecref(qi, message);
        qv_xdecref(qi, r);
        qv_decref(qi, make);
    }
    qv_decref(qi, show_fn);
    return status;
}

// Does the action; 0/-1. key: (text, category, lineno).
static int act(QvInterp *qi, State *s, const Warning *w, QvObj *action, QvObj *item, QvObj *key)
{
    QvObj *registry = w->registry && w->registry != QV_NONE ? w->registry : NULL;
    if (qv_str_eq_ascii(action, "error")) {
        qv_raise_exc(qi, qv_new_ref(qi, w->message));
        return -1;
    }
    if (qv_str_eq_ascii(action, "ignore")) {
        return 0;
    }
    int seen = 0;
    if (!qv_str_eq_ascii(action, "always")) {
        if (registry && qv_dict_set(qi, registry, key, QV_TRUE) < 0) {
            return -1;
        }
        if (qv_str_eq_ascii(action, "once")) {
            QvObj *once = registry ? qv_new_ref(qi, registry)
                                   : current(qi, "onceregistry", s->once);
            if (once && !qv_is_dict(once)) {
                qv_raise(qi, &qv_exc_TypeError,
                         "_warnings.onceregistry must be a dict, not '%.200T'", once);
                qv_clear(qi, &once);
            }
            seen = once ? seen_anywhere(qi, s, once, w->text, w->category) : -1;
            qv_xdecref(qi, once);
        } else if (qv_str_eq_ascii(action, "module")) {
            seen = registry ? seen_anywhere(qi, s, registry, w->text, w->category) : 0;
        } else if (!qv_str_eq_ascii(action, "default")) {
            return qv_raise_int(qi, &qv_exc_RuntimeError,
                                "Unrecognized action (%R) in warnings.filters:\n %R", action, item);
        }
    }
    return seen < 0 ? -1 : seen ? 0 : show(qi, w);
}

// "spam.py" is the module spam. New str.
static QvObj *module_of(QvInterp *qi, QvObj *filename)
{
    QvSsize n = qv_str_len(filename);
    if (n == 0) {
        return qv_str_new_ascii(qi, "<unknown>", 9);
    }
    if (n >= 3 && qv_str_read(filename, n - 3) == '.' && qv_str_read(filename, n - 2) == 'p' &&
        qv_str_read(filename, n - 1) == 'y') {
        return qv_str_slice(qi, filename, 0, n - 3);
    }
    return qv_new_ref(qi, filename);
}

// w->message and w->text are not set yet: message is a Warning or what one is to be made of. 0/-1.
static int warn_explicitly(QvInterp *qi, State *s, Warning w, QvObj *message)
{
    if (w.module == QV_NONE) {
        return 0;
    }
    if (w.registry && w.registry != QV_NONE && !qv_is_dict(w.registry)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "'registry' must be a dict or None");
    }
    QvObj *module = w.module ? qv_new_ref(qi, w.module) : module_of(qi, w.filename), *text = NULL,
          *instance = NULL, *key = NULL;
    QvObj *action = NULL, *item = NULL;
    int status = -1;
    int is = module ? qv_isinstance(qi, message, (QvObj *)&qv_exc_Warning) : -1;
    if (is < 0) {
        goto done;
    }
    if (is) {
        instance = qv_new_ref(qi, message);
        text = qv_str(qi, message);
        w.category = (QvObj *)message->type;
    } else {
        text = qv_new_ref(qi, message);
        instance = qv_call1(qi, w.category, message);
    }
    w.text = text;
    w.message = instance;
    key = text && instance ? qv_tuple_of(qi, 3, text, w.category, w.lineno) : NULL;
    if (!key) {
        goto done;
    }
    if (w.registry && w.registry != QV_NONE) {
        int seen = already_warned(qi, s, w.registry, key, false);
        if (seen != 0) {
            status = seen < 0 ? -1 : 0;
            goto done;
        }
    }
    action = find_action(qi, s, w.category, text, w.lineno, module, &item);
    status = action ? act(qi, s, &w, action, item, key) : -1;
done:
    qv_xdecref(qi, module);
    qv_xdecref(qi, text);
    qv_xdecref(qi, instance);
    qv_xdecref(qi, key);
    qv_xdecref(qi, action);
    qv_xdecref(qi, item);
    return status;
}

// ---- warn ---------------------------------------------------------------------------------------

// The class of a warning: new reference, or NULL with TypeError.
static QvObj *category_of(QvInterp *qi, QvObj *message, QvObj *category)
{
    int is = qv_isinstance(qi, message, (QvObj *)&qv_exc_Warning);
    if (is < 0) {
        return NULL;
    }
    if (is) {
        return qv_new_ref(qi, (QvObj *)message->type);
    }
    if (!category || category == QV_NONE) {
        return (QvObj *)&qv_exc_UserWarning;
    }
    is = qv_is_type(category) ? qv_issubclass(qi, category, (QvObj *)&qv_exc_Warning) : 0;
    if (is == 0) {
        qv_raise(qi, &qv_exc_TypeError, "category must be a Warning subclass, not '%T'", category);
    }
    return is > 0 ? qv_new_ref(qi, category) : NULL;
}

static bool is_import_frame(const QvObj *filename)
{
    QvSsize n = qv_str_len(filename);
    static const char *const words[] = {"importlib", "_bootstrap"};
    for (int w = 0; w < 2; w++) {
        bool found = false;
        for (QvSsize k = 0; !found && k < n; k++) {
            QvSsize i = 0;
            while (words[w][i] && k + i < n &&
                   qv_str_read(filename, k + i) == (uint32_t)words[w][i]) {
                i++;
            }
            found = words[w][i] == 0;
        }
        if (!found) {
            return false;
        }
    }
    return true;
}

// Where the warning points to: 1 (new references), 0 beyond the outermost frame, -1. The import
// system's own frames do not count.
static int find_place(QvInterp *qi, QvSsize stack_level, QvObj **filename, int *lineno,
                      QvObj **globals)
{
    bool skip = stack_level > 0;
    QvSsize counted = 0;
    for (int level = 1;; level++) {
        int found = qv_frame_location(qi, level, filename, lineno, globals);
        if (found <= 0) {
            return found;
        }
        bool internal = is_import_frame(*filename);
        if (level == 1 && internal) {
            skip = false;
        }
        counted += level == 1 || !skip || !internal;
        if (counted >= stack_level && (level == 1 || !skip || !internal)) {
            return 1;
        }
        qv_decref(qi, *filename);
        qv_decref(qi, *globals);
    }
}

static QvObj *warnings_warn(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvSsize stack_level = 1;
    if (args[2] && qv_arg_ssize(qi, args[2], &stack_level) < 0) {
        return NULL;
    }
    QvObj *category = category_of(qi, args[0], args[1]);
    if (!category) {
        return NULL;
    }
    QvObj *filename = NULL, *globals = NULL, *registry = NULL, *module = NULL, *line = NULL;
    int lineno = 1, status = -1;
    int found = find_place(qi, stack_level, &filename, &lineno, &globals);
    if (found == 0) {
        QvObj *sys = qv_sys_module(qi);
        globals = sys ? qv_new_ref(qi, qv_module_dict(sys)) : NULL;
        filename = qv_str_new_ascii(qi, "sys", 3);
        lineno = 1;
    }
    line = globals && filename ? qv_int_from_i64(qi, lineno) : NULL;
    QvObj *fresh = line ? qv_dict_new(qi) : NULL;
    if (fresh && qv_dict_setdefault(qi, globals, QV_N(__warningregistry__), fresh, &registry) < 0) {
        registry = NULL;
    }
    qv_xdecref(qi, fresh);
    if (registry) {
        QvObj *name;
        int has = qv_dict_get(qi, globals, QV_N(__name__), &name);
        module = has < 0 ? NULL
                 : has && (name == QV_NONE || qv_is_str(name))
                     ? qv_new_ref(qi, name)
                     : qv_str_new_ascii(qi, "<string>", 8);
    }
    if (module) {
        Warning w = {.category = category,
                     .filename = filename,
                     .lineno = line,
                     .module = module,
                     .registry = registry,
                     .source = args[3] == QV_NONE ? NULL : args[3]};
        status = warn_explicitly(qi, state_of(m), w, args[0]);
    }
    qv_decref(qi, category);
    qv_xdecref(qi, filename);
    qv_xdecref(qi, globals);
    qv_xdecref(qi, registry);
    qv_xdecref(qi, module);
    qv_xdecref(qi, line);
    return status < 0 ? NULL : QV_NONE;
}

static QvObj *warnings_warn_explicit(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    if (!qv_is_str(args[2])) {
        return qv_raise(qi, &qv_exc_TypeError, "warn_explicit() argument 3 must be str, not %T",
                        args[2]);
    }
    QvSsize lineno;
    if (qv_index_ssize(qi, args[3], &lineno, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    if (args[6] && args[6] != QV_NONE && !qv_is_dict(args[6])) {
        return qv_raise(qi, &qv_exc_TypeError, "module_globals must be a dict, not '%.200T'",
                        args[6]);
    }
    QvObj *line = qv_int_from_i64(qi, lineno);
    if (!line) {
        return NULL;
    }
    Warning w = {.category = args[1],
                 .filename = args[2],
                 .lineno = line,
                 .module = args[4],
                 .registry = args[5],
                 .source = args[7] == QV_NONE ? NULL : args[7]};
    int status = warn_explicitly(qi, state_of(m), w, args[0]);
    qv_decref(qi, line);
    return status < 0 ? NULL : QV_NONE;
}

static QvObj *filters_mutated(QvInterp *qi, QvObj *m, QvObj *const *args, QvSsize nargs)
{
    (void)qi, (void)args, (void)nargs;
    state_of(m)->version++;
    return QV_NONE;
}

// ---- the module ---------------------------------------------------------------------------------

static int add_filter(QvInterp *qi, QvObj *list, const char *action, QvType *category,
                      const char *module)
{
    QvObj *verb = qv_str_intern_cstr(qi, action),
          *name = module ? qv_str_intern_cstr(qi, module) : QV_NONE, *zero = qv_int_from_i64(qi, 0);
    QvObj *item = qv_tuple_of(qi, 5, verb, QV_NONE, category, name, zero);
    qv_xdecref(qi, verb);
    qv_xdecref(qi, name);
    qv_xdecref(qi, zero);
    return qv_list_append_take(qi, list, item);
}

static int init(QvInterp *qi, QvObj *m)
{
    State *s = state_of(m);
    s->filters = qv_list_new(qi, 5);
    s->once = qv_dict_new(qi);
    s->default_action = QV_N(default);
    if (!s->filters || !s->once ||
        add_filter(qi, s->filters, "default", &qv_exc_DeprecationWarning, "__main__") < 0 ||
        add_filter(qi, s->filters, "ignore", &qv_exc_DeprecationWarning, NULL) < 0 ||
        add_filter(qi, s->filters, "ignore", &qv_exc_PendingDeprecationWarning, NULL) < 0 ||
        add_filter(qi, s->filters, "ignore", &qv_exc_ImportWarning, NULL) < 0 ||
        add_filter(qi, s->filters, "ignore", &qv_exc_ResourceWarning, NULL) < 0) {
        return -1;
    }
    QvObj *warn = qv_dict_peek_str(qv_module_dict(m), QV_N(warn)); // for the end, see qv_warn
    if (!qi->warn_state && warn) {
        qi->warn_state = qv_new_ref(qi, warn);
    }
    return qv_module_add(qi, m, "filters", s->filters) < 0 ||
                   qv_module_add(qi, m, "_onceregistry", s->once) < 0 ||
                   qv_module_add(qi, m, "_defaultaction", s->default_action) < 0
               ? -1
               : 0;
}

static void fini(QvInterp *qi, QvObj *m)
{
    qv_clear(qi, &state_of(m)->filters);
    qv_clear(qi, &state_of(m)->once);
    qv_clear(qi, &state_of(m)->default_action);
}

static int traverse(QvObj *m, QvVisit visit, void *ctx)
{
    QV_VISIT(state_of(m)->filters);
    QV_VISIT(state_of(m)->once);
    return 0;
}

static const QvNativeDef functions[] = {
    {"warn", warnings_warn, "($module, /, message, category=None, stacklevel=1, source=None)",
     "Issue a warning, or maybe ignore it or raise an exception."},
    {"warn_explicit", warnings_warn_explicit,
     "($module, /, message, category, filename, lineno, module=None, registry=None, "
     "module_globals=None, source=None)",
     "Low-level interface to warnings functionality."},
    {"_filters_mutated", filters_mutated, "($module, /)", NULL},
    {0},
};

const QvModuleDef qv_module__warnings = {
    .name = "_warnings",
    .doc = "_warnings provides basic warning filtering support.\nIt is a helper module to speed up "
           "interpreter start-up.",
    .functions = functions,
    .state_size = sizeof(State),
    .init = init,
    .fini = fini,
    .traverse = traverse,
};
