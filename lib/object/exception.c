// SPDX-License-Identifier: MIT
// BaseException, the exceptions that add nothing to their base, and what interpreters keep of
// exceptions.
#include "object/exception.h"

#include "object/dict.h"
#include "object/dictattr.h"
#include "object/exception_base.h"
#include "object/gc.h"
#include "object/interp.h"
#include "object/list.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

// ---- construction -------------------------------------------------------------------------------

static QvExc *as_exc(QvObj *o) { return (QvExc *)o; }

int qv_exc_no_keywords(QvInterp *qi, const QvType *type, QvObj *kwnames)
{
    if (kwnames && qv_tuple_len(kwnames) > 0) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%.200N() takes no keyword arguments", type);
    }
    return 0;
}

int qv_exc_keywords(QvInterp *qi, const char *func, QvObj *const *kwvalues, QvObj *kwnames,
                    QvObj *const *names, int n, QvObj **ret)
{
    for (int i = 0; i < n; i++) {
        ret[i] = NULL;
    }
    QvSsize given = kwnames ? qv_tuple_len(kwnames) : 0;
    if (given > n) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "%s() takes at most %d keyword argument%s (%zd given)", func, n,
                            n == 1 ? "" : "s", given);
    }
    for (QvSsize k = 0; k < given; k++) {
        QvObj *key = qv_tuple_peek(kwnames, k);
        int i = 0;
        while (i < n && !qv_str_equal(key, names[i])) {
            i++;
        }
        if (i == n) {
            return qv_raise_int(qi, &qv_exc_TypeError,
                                "'%U' is an invalid keyword argument for %s()", key, func);
        }
        ret[i] = kwvalues[k];
    }
    return 0;
}

int qv_exc_set_args(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    QvObj *old = as_exc(self)->args;
    if (old && qv_tuple_len(old) == nargs) {
        // __init__ usually gets what __new__ got.
        QvSsize i = 0;
        while (i < nargs && qv_tuple_peek(old, i) == args[i]) {
            i++;
        }
        if (i == nargs) {
            return 0;
        }
    }
    QvObj *t = qv_tuple_from_array(qi, args, nargs);
    if (!t) {
        return -1;
    }
    qv_set_take(qi, &as_exc(self)->args, t);
    return 0;
}

QvObj *qv_exc_base_new(QvInterp *qi, QvType *type, QvObj *const *args, QvSsize nargs,
                       QvObj *kwnames)
{
    (void)kwnames; // __init__ has the say
    QvObj *o = qv_obj_new(qi, type);
    if (o && qv_exc_set_args(qi, o, args, nargs) < 0) {
        qv_decref(qi, o);
        return NULL;
    }
    return o;
}

int qv_exc_base_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_no_keywords(qi, self->type, kwnames) < 0) {
        return -1;
    }
    return qv_exc_set_args(qi, self, args, nargs);
}

void qv_exc_base_clear(QvInterp *qi, QvObj *o)
{
    QvExc *e = as_exc(o);
    qv_clear(qi, &e->dict);
    // args stays a tuple: other code relies on it.
    qv_set_take(qi, &e->args, QV_EMPTY_TUPLE);
    qv_clear(qi, &e->traceback);
    qv_clear(qi, &e->context);
    qv_clear(qi, &e->cause);
}

void qv_exc_base_fini(QvInterp *qi, QvObj *o)
{
    QvExc *e = as_exc(o);
    qv_clear(qi, &e->dict);
    qv_clear(qi, &e->args);
    qv_clear(qi, &e->traceback);
    qv_clear(qi, &e->context);
    qv_clear(qi, &e->cause);
}

int qv_exc_base_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvExc *e = as_exc(o);
    QV_VISIT(e->dict);
    QV_VISIT(e->args);
    QV_VISIT(e->traceback);
    QV_VISIT(e->context);
    QV_VISIT(e->cause);
    return 0;
}

// ---- text ---------------------------------------------------------------------------------------

// args, for code that may see an instance whose making failed half way.
static QvObj *args_of(QvObj *o)
{
    QvObj *args = as_exc(o)->args;
    return args ? args : QV_EMPTY_TUPLE;
}

QvObj *qv_exc_base_str(QvInterp *qi, QvObj *o)
{
    QvObj *args = args_of(o);
    switch (qv_tuple_len(args)) {
    case 0: return qv_new_ref(qi, QV_N(empty));
    case 1: {
        QvObj *arg = qv_new_ref(qi, qv_tuple_peek(args, 0));
        QvObj *r = qv_str(qi, arg);
        qv_decref(qi, arg);
        return r;
    }
    default: {
        qv_incref(qi, args);
        QvObj *r = qv_str(qi, args);
        qv_decref(qi, args);
        return r;
    }
    }
}

static QvObj *exc_repr(QvInterp *qi, QvObj *o)
{
    QvObj *args = qv_new_ref(qi, args_of(o));
    const char *name = qv_type_short_name(o->type);
    QvObj *r;
    if (qv_tuple_len(args) == 1) {
        r = qv_str_format(qi, "%s(%R)", name, qv_tuple_peek(args, 0));
    } else {
        r = qv_str_format(qi, "%s%R", name, args);
    }
    qv_decref(qi, args);
    return r;
}

// ---- chaining -----------------------------------------------------------------------------------

void qv_exc_set_cause(QvInterp *qi, QvObj *exc, QvObj *cause)
{
    as_exc(exc)->suppress_context = true;
    qv_set_take(qi, &as_exc(exc)->cause, cause);
}

// A chain that comes back to exc is cut where it does; a loop that exists already elsewhere in it
// is noticed by a second pointer of half the speed.
void qv_exc_set_context(QvInterp *qi, QvObj *exc, QvObj *context)
{
    if (context == exc) {
        qv_decref(qi, context);
        return;
    }
    QvObj *o = context, *slow = context, *next;
    bool step = false;
    while (o && (next = as_exc(o)->context) != NULL) {
        if (next == exc) {
            qv_clear(qi, &as_exc(o)->context);
            break;
        }
        o = next;
        if (o == slow) {
            break;
        }
        if (step) {
            slow = as_exc(slow)->context;
        }
        step = !step;
    }
    qv_set_take(qi, &as_exc(exc)->context, context);
}

QvObj *qv_exc_make(QvInterp *qi, QvObj *type_or_instance)
{
    if (qv_is_exc(type_or_instance)) {
        return qv_new_ref(qi, type_or_instance);
    }
    if (!qv_is_type(type_or_instance) || !qv_type_has((QvType *)type_or_instance, QV_T_EXC)) {
        return qv_raise(qi, &qv_exc_TypeError, "exceptions must derive from BaseException");
    }
    QvObj *exc = qv_call0(qi, type_or_instance);
    if (exc && !qv_is_exc(exc)) {
        qv_raise(qi, &qv_exc_TypeError,
                 "calling %R should have returned an instance of BaseException, not %R",
                 type_or_instance, exc->type);
        qv_clear(qi, &exc);
    }
    return exc;
}

// ---- attributes ---------------------------------------------------------------------------------

static QvObj *get_args(QvInterp *qi, QvObj *o)
{
    return qv_new_ref(qi, as_exc(o)->args ? as_exc(o)->args : QV_NONE);
}

static int set_args(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "args may not be deleted");
    }
    QvObj *t = qv_to_tuple(qi, value);
    if (!t) {
        return -1;
    }
    qv_set_take(qi, &as_exc(o)->args, t);
    return 0;
}

static QvObj *get_traceback(QvInterp *qi, QvObj *o)
{
    QvObj *tb = as_exc(o)->traceback;
    return qv_new_ref(qi, tb ? tb : QV_NONE);
}

static int set_traceback(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__traceback__ may not be deleted");
    }
    if (value != QV_NONE && value->type != &qv_traceback_type) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__traceback__ must be a traceback or None");
    }
    qv_set_take(qi, &as_exc(o)->traceback, value == QV_NONE ? NULL : qv_new_ref(qi, value));
    return 0;
}

static QvObj *get_context(QvInterp *qi, QvObj *o)
{
    QvObj *v = as_exc(o)->context;
    return qv_new_ref(qi, v ? v : QV_NONE);
}

static int set_context(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__context__ may not be deleted");
    }
    if (value != QV_NONE && !qv_is_exc(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "exception context must be None or derive from BaseException");
    }
    qv_set_take(qi, &as_exc(o)->context, value == QV_NONE ? NULL : qv_new_ref(qi, value));
    return 0;
}

static QvObj *get_cause(QvInterp *qi, QvObj *o)
{
    QvObj *v = as_exc(o)->cause;
    return qv_new_ref(qi, v ? v : QV_NONE);
}

static int set_cause(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "__cause__ may not be deleted");
    }
    if (value != QV_NONE && !qv_is_exc(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError,
                            "exception cause must be None or derive from BaseException");
    }
    qv_exc_set_cause(qi, o, value == QV_NONE ? NULL : qv_new_ref(qi, value));
    return 0;
}

static QvObj *get_suppress_context(QvInterp *qi, QvObj *o)
{
    (void)qi;
    return qv_bool(as_exc(o)->suppress_context);
}

static int set_suppress_context(QvInterp *qi, QvObj *o, QvObj *value)
{
    if (!value) {
        return qv_raise_int(qi, &qv_exc_TypeError, "can't delete numeric/char attribute");
    }
    if (!qv_is_bool(value)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "attribute value type must be bool");
    }
    as_exc(o)->suppress_context = value == QV_TRUE;
    return 0;
}

static const QvGetSet exc_getsets[] = {
    {"__dict__", qv_dictattr_get, qv_dictattr_set, NULL},
    {"args", get_args, set_args, NULL},
    {"__traceback__", get_traceback, set_traceback, NULL},
    {"__context__", get_context, set_context, "exception context"},
    {"__cause__", get_cause, set_cause, "exception cause"},
    {"__suppress_context__", get_suppress_context, set_suppress_context, NULL},
    {0},
};

// ---- methods ------------------------------------------------------------------------------------

QvObj *qv_exc_base_reduce(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)args;
    (void)nargs;
    QvObj *dict = as_exc(self)->dict;
    return dict ? qv_tuple_of(qi, 3, self->type, args_of(self), dict)
                : qv_tuple_of(qi, 2, self->type, args_of(self));
}

static QvObj *exc_setstate(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *state = args[0];
    if (state == QV_NONE) {
        return QV_NONE;
    }
    if (!qv_is_dict(state)) {
        return qv_raise(qi, &qv_exc_TypeError, "state is not a dictionary");
    }
    // A copy: setting attributes can run Python, which can change the dict.
    QvObj *items = qv_dict_items_list(qi, state);
    if (!items) {
        return NULL;
    }
    QvObj *result = QV_NONE;
    for (QvSsize i = 0; i < qv_list_len(items) && result; i++) {
        QvObj *pair = qv_list_peek(items, i);
        if (qv_setattr(qi, self, qv_tuple_peek(pair, 0), qv_tuple_peek(pair, 1)) < 0) {
            result = NULL;
        }
    }
    qv_decref(qi, items);
    return result;
}

static QvObj *exc_with_traceback(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    return set_traceback(qi, self, args[0]) < 0 ? NULL : qv_new_ref(qi, self);
}

static QvObj *exc_add_note(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)
{
    (void)nargs;
    QvObj *note = args[0];
    if (!qv_is_str(note)) {
        return qv_raise(qi, &qv_exc_TypeError, "note must be a str, not '%T'", note);
    }
    QvObj *notes;
    int has = qv_getattr_try(qi, self, QV_N(__notes__), &notes);
    if (has < 0) {
        return NULL;
    }
    if (!has) {
        notes = qv_list_new(qi, 1);
        if (!notes || qv_setattr(qi, self, QV_N(__notes__), notes) < 0) {
            qv_xdecref(qi, notes);
            return NULL;
        }
    }
    QvObj *result = QV_NONE;
    if (!qv_is_list(notes)) {
        result = qv_raise(qi, &qv_exc_TypeError, "Cannot add note: __notes__ is not a list");
    } else if (qv_list_append(qi, notes, note) < 0) {
        result = NULL;
    }
    qv_decref(qi, notes);
    return result;
}

static const QvNativeDef exc_methods[] = {
    {"__reduce__", qv_exc_base_reduce, "($self, /)", NULL},
    {"__setstate__", exc_setstate, "($self, state, /)", NULL},
    {"with_traceback", exc_with_traceback, "($self, tb, /)",
     "Sets self.__traceback__ to tb and returns self."},
    {"add_note", exc_add_note, "($self, note, /)", "Adds a note, shown below the traceback."},
    {0},
};

QV_SEALED QvType qv_exc_BaseException = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "BaseException",
    .id = QV_TID_exc_BaseException,
    .flags = QV_EXC_FLAGS,
    .base = &qv_object_type,
    .size = sizeof(QvExc),
    .dict_offset = offsetof(QvExc, dict),
    .doc = "Common base class of all exceptions.",
    .methods = exc_methods,
    .getsets = exc_getsets,
    .new_ = qv_exc_base_new,
    .init = qv_exc_base_init,
    .fini = qv_exc_base_fini,
    .clear = qv_exc_base_clear,
    .traverse = qv_exc_base_traverse,
    .repr = exc_repr,
    .str = qv_exc_base_str,
};

// ---- the exceptions that only have a name -------------------------------------------------------

// Sizes follow the base; the others' structs are known.
enum {
    SIZE_BaseException = sizeof(QvExc),
    SIZE_BaseExceptionGroup = sizeof(QvExcGroup),
    SIZE_SystemExit = sizeof(QvSystemExit),
    SIZE_AttributeError = sizeof(QvAttributeError),
    SIZE_ImportError = sizeof(QvImportError),
    SIZE_KeyError = sizeof(QvExc),
    SIZE_NameError = sizeof(QvNameError),
    SIZE_OSError = sizeof(QvOSError),
    SIZE_StopIteration = sizeof(QvStopIteration),
    SIZE_SyntaxError = sizeof(QvSyntaxError),
    SIZE_LimitExceeded = sizeof(QvLimitExceeded),
#define EXC_OWN(name, base)
#define EXC(name_, base_) SIZE_##name_ = SIZE_##base_,
#include "object/exceptions.def"
#undef EXC
};

// Their texts for help().
#define DOC_ArithmeticError        "Base class of the errors of arithmetic."
#define DOC_AssertionError         "An assert statement failed."
#define DOC_BlockingIOError        "An operation would have to wait."
#define DOC_BrokenPipeError        "The other end of the pipe or socket is closed."
#define DOC_BufferError            "An operation on a buffer is not possible."
#define DOC_BytesWarning           "Base class of warnings about bytes that are mixed with str."
#define DOC_ChildProcessError      "An operation on a child process failed."
#define DOC_ConnectionAbortedError "The connection was aborted."
#define DOC_ConnectionError        "A connection failed."
#define DOC_ConnectionRefusedError "The connection was refused."
#define DOC_ConnectionResetError   "The connection was reset by the other side."
#define DOC_DeprecationWarning     "Base class of warnings about what is deprecated."
#define DOC_EOFError               "The input ended where more was needed."
#define DOC_EncodingWarning        "Base class of warnings about encodings."
#define DOC_Exception              "Common base class of the exceptions that do not end the program."
#define DOC_FileExistsError        "The file exists already."
#define DOC_FileNotFoundError      "The file was not found."
#define DOC_FloatingPointError     "A floating point operation failed."
#define DOC_FutureWarning          "Base class of warnings about what will mean something else in future."
#define DOC_GeneratorExit          "Asks a generator to end."
#define DOC_ImportWarning          "Base class of warnings about probable mistakes in imports."
#define DOC_IndentationError       "The indentation is wrong."
#define DOC_IndexError             "The index is out of range."
#define DOC_InterruptedError       "A signal interrupted the call."
#define DOC_IsADirectoryError      "The operation does not work on folders."
#define DOC_KeyboardInterrupt      "The user interrupted the program."
#define DOC_LookupError            "Base class of the errors of look-ups."
#define DOC_MemoryError            "No memory is left."
#define DOC_ModuleNotFoundError    "The module was not found."
#define DOC_NotADirectoryError     "The operation works on folders only."
#define DOC_NotImplementedError    "The method or function is still to be written."
#define DOC_OverflowError          "The result is too large."
#define DOC_PendingDeprecationWarning \
    "Base class of warnings about what will be deprecated in future."
#define DOC_PermissionError    "Not enough permissions."
#define DOC_ProcessLookupError "The process was not found."
#define DOC_RecursionError     "The recursion is too deep."
#define DOC_ReferenceError     "A weak proxy outlived what it stands for."
#define DOC_ResourceWarning    "Base class of warnings about the use of resources."
#define DOC_RuntimeError       "An error of no other class."
#define DOC_RuntimeWarning     "Base class of warnings about dubious behaviour at run time."
#define DOC_StopAsyncIteration "Signals the end of an iteration from __anext__."
#define DOC_SyntaxWarning      "Base class of warnings about dubious syntax."
#define DOC_SystemError        "Something is wrong inside the interpreter."
#define DOC_TabError           "Tabs and spaces are mixed in a way that depends on the width of tabs."
#define DOC_TimeoutError       "The time was up."
#define DOC_TypeError          "The argument has the wrong type."
#define DOC_UnboundLocalError  "A local name has no value."
#define DOC_UnicodeError       "Base class of the errors of encodings."
#define DOC_UnicodeWarning     "Base class of warnings about Unicode."
#define DOC_UserWarning        "Base class of the warnings that programs make."
#define DOC_ValueError         "The argument has the right type and the wrong value."
#define DOC_Warning            "Base class of the categories of warnings."
#define DOC_ZeroDivisionError  "The divisor of a division or modulo is zero."

#define EXC_OWN(name, base)
#define EXC(name_, base_)                     \
    QV_SEALED QvType qv_exc_##name_ = {       \
        .h = QV_STATIC_HEADER(&qv_type_type), \
        .name = #name_,                       \
        .id = QV_TID_exc_##name_,             \
        .flags = QV_EXC_FLAGS,                \
        .base = &qv_exc_##base_,              \
        .size = SIZE_##name_,                 \
        .dict_offset = offsetof(QvExc, dict), \
        .doc = DOC_##name_,                   \
    };
#include "object/exceptions.def"
#undef EXC

// ---- MemoryError --------------------------------------------------------------------------------

// The preallocated one is idle with a count of 0: raising it is its first reference, and when the
// last one goes it lets go of its traceback (frames, and through them whatever filled the memory)
// and is idle again. The collector passes over objects with a count of 0.
static void mem_error_dealloc(QvInterp *qi, QvObj *o)
{
    if (o != qi->mem_error) {
        qv_obj_dealloc(qi, o);
        return;
    }
    QvExc *e = as_exc(o);
    QvObj *held[] = {e->dict, e->args, e->traceback, e->context, e->cause};
    e->dict = e->traceback = e->context = e->cause = NULL;
    e->args = qi->mem_error_args ? qv_new_ref(qi, qi->mem_error_args) : QV_EMPTY_TUPLE;
    e->suppress_context = false;
    o->flags = QV_F_OLD;
    // Drops may run finalizers; the exception is idle by now, they may raise it.
    for (size_t i = 0; i < sizeof(held) / sizeof(held[0]); i++) {
        qv_xdecref(qi, held[i]);
    }
}

QV_SEALED QvType qv_exc_MemoryError = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "MemoryError",
    .id = QV_TID_exc_MemoryError,
    .flags = QV_EXC_FLAGS,
    .base = &qv_exc_Exception,
    .size = sizeof(QvExc),
    .dict_offset = offsetof(QvExc, dict),
    .doc = DOC_MemoryError,
    .dealloc = mem_error_dealloc,
};

int qv_exc_init(QvInterp *qi)
{
    QvObj *o = qv_exc_base_new(qi, &qv_exc_MemoryError, NULL, 0, NULL);
    if (!o) {
        return -1;
    }
    o->refs = 0;
    qi->mem_error = o;
    qv_exc_tell_memory_limit(qi);
    return 0;
}

void qv_exc_tell_memory_limit(QvInterp *qi)
{
    QvExc *e = as_exc(qi->mem_error);
    bool idle = e->h.refs == 0 &&
                e->args == (qi->mem_error_args ? qi->mem_error_args : QV_EMPTY_TUPLE);
    QvObj *args = NULL;
    QvHeapStats heap;
    qv_heap_stats(&qi->heap, &heap);
    if (heap.limit) { // without memory for it, it says nothing
        QvObj *text = qv_str_format(qi, "memory limit of %zu bytes exceeded", heap.limit);
        args = text ? qv_tuple_of(qi, 1, text) : NULL;
        qv_xdecref(qi, text);
        if (!args) {
            qv_err_clear(qi);
        }
    }
    qv_set_take(qi, &qi->mem_error_args, args);
    if (idle) {
        qv_set_take(qi, &e->args, args ? qv_new_ref(qi, args) : QV_EMPTY_TUPLE);
    }
}

void qv_exc_fini(QvInterp *qi)
{
    QvObj *o = qi->mem_error;
    qv_clear(qi, &qi->mem_error_args);
    qi->mem_error = NULL; // one in use is freed by its last user
    if (o && o->refs == 0) {
        qv_obj_dealloc(qi, o);
    }
}
