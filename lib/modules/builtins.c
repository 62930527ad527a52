// SPDX-License-Identifier: MIT
// The module builtins: functions, the built-in types and exceptions by name. (exec, eval, compile:
// builtins_code.c)
#include "modules/builtins.h"

#include <string.h>

#include "modules/modules.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/dict.h"
#include "object/float.h"
#include "object/function.h"
#include "object/interp.h"
#include "object/iter.h"
#include "object/list.h"
#include "object/seal.h"
#include "object/set.h"
#include "object/slice.h"
#include "object/str.h"
#include "object/tuple.h"
#include "vm/frame.h"

// ---- numbers and characters ---------------------------------------------------------------------

static QvObj *builtin_abs(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return qv_abs(qi, a[0]);
}

static QvObj *to_base(QvInterp *qi, QvObj *o, int base)
{
    QvObj *i = qv_index(qi, o);
    QvObj *s = i ? qv_int_to_text(qi, i, base, true) : NULL;
    qv_xdecref(qi, i);
    return s;
}
static QvObj *builtin_bin(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return to_base(qi, a[0], 2);
}
static QvObj *builtin_oct(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return to_base(qi, a[0], 8);
}
static QvObj *builtin_hex(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return to_base(qi, a[0], 16);
}

static QvObj *builtin_chr(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *i = qv_index(qi, a[0]);
    int64_t c;
    if (!i) {
        return NULL;
    }
    int fits = qv_int_as_i64(i, &c);
    qv_decref(qi, i);
    if (!fits || c < 0 || c > 0x10FFFF) {
        if (!fits || c != (int32_t)c) {
            return qv_raise(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
        }
        return qv_raise(qi, &qv_exc_ValueError, "chr() arg not in range(0x110000)");
    }
    return qv_str_from_char(qi, (uint32_t)c);
}

static QvObj *builtin_ord(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvSsize size;
    if (qv_is_str(a[0])) {
        size = qv_str_len(a[0]);
        if (size == 1) {
            return qv_int_from_i64(qi, qv_str_read(a[0], 0));
        }
    } else if (qv_is_bytes(a[0])) {
        size = qv_bytes_len(a[0]);
        if (size == 1) {
            return qv_int_from_i64(qi, qv_bytes_data(a[0])[0]);
        }
    } else if (qv_is_bytearray(a[0])) {
        size = ((QvByteArray *)a[0])->len;
        if (size == 1) {
            return qv_int_from_i64(qi, ((QvByteArray *)a[0])->data[0]);
        }
    } else {
        return qv_raise(qi, &qv_exc_TypeError, "ord() expected string of length 1, but %T found",
                        a[0]);
    }
    return qv_raise(qi, &qv_exc_TypeError,
                    "ord() expected a character, but string of length %zd found", size);
}

static QvObj *builtin_divmod(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return qv_divmod(qi, a[0], a[1]);
}

static QvObj *builtin_pow(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return qv_pow(qi, a[0], a[1], a[2] ? a[2] : QV_NONE);
}

static QvObj *builtin_round(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *round;
    int found = qv_lookup_special(qi, a[0], QV_N(__round__), &round);
    if (found <= 0) {
        return found < 0 ? NULL
                         : qv_raise(qi, &qv_exc_TypeError,
                                    "type %T doesn't define __round__ method", a[0]);
    }
    QvObj *result = a[1] && a[1] != QV_NONE ? qv_call1(qi, round, a[1]) : qv_call0(qi, round);
    qv_decref(qi, round);
    return result;
}

// ---- objects ------------------------------------------------------------------------------------

static QvObj *builtin_ascii(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return qv_ascii(qi, a[0]);
}
static QvObj *builtin_repr(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return qv_repr(qi, a[0]);
}
static QvObj *builtin_callable(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)qi, (void)m, (void)n;
    return qv_bool(qv_is_callable(a[0]));
}
static QvObj *builtin_format(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (a[1] && !qv_is_str(a[1])) {
        return qv_raise(qi, &qv_exc_TypeError, "format() argument 2 must be str, not %s",
                        qv_arg_type_name(a[1]));
    }
    return qv_format(qi, a[0], a[1]);
}
static QvObj *builtin_hash(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvHash h = qv_hash(qi, a[0]);
    return h == -1 && qv_err_occurred(qi) ? NULL : qv_int_from_i64(qi, h);
}
static QvObj *builtin_id(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *id = qv_int_from_u64(qi, (uint64_t)(uintptr_t)qv_identity(qi, a[0]));
    if (id && qv_audit_on(qi) && qv_audit(qi, "builtins.id", "O", id) < 0) {
        qv_clear(qi, &id);
    }
    return id;
}
static QvObj *builtin_isinstance(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int yes = qv_isinstance(qi, a[0], a[1]);
    return yes < 0 ? NULL : qv_bool(yes);
}
static QvObj *builtin_issubclass(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int yes = qv_issubclass(qi, a[0], a[1]);
    return yes < 0 ? NULL : qv_bool(yes);
}
static QvObj *builtin_len(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvSsize len = qv_len(qi, a[0]);
    return len < 0 ? NULL : qv_int_from_i64(qi, len);
}

static int check_attr_name(QvInterp *qi, QvObj *name, const char *function)
{
    if (qv_is_str(name)) {
        return 0;
    }
    if (function) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s(): attribute name must be string", function);
    }
    return qv_raise_int(qi, &qv_exc_TypeError, "attribute name must be string, not '%T'", name);
}
static QvObj *builtin_getattr(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (check_attr_name(qi, a[1], NULL) < 0) {
        return NULL;
    }
    if (!a[2]) {
        return qv_getattr(qi, a[0], a[1]);
    }
    QvObj *value;
    int found = qv_getattr_try(qi, a[0], a[1], &value);
    return found < 0 ? NULL : found ? value : qv_new_ref(qi, a[2]);
}
static QvObj *builtin_hasattr(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (check_attr_name(qi, a[1], NULL) < 0) {
        return NULL;
    }
    QvObj *value;
    int found = qv_getattr_try(qi, a[0], a[1], &value);
    if (found > 0) {
        qv_decref(qi, value);
    }
    return found < 0 ? NULL : qv_bool(found);
}
static QvObj *builtin_setattr(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return check_attr_name(qi, a[1], NULL) < 0 || qv_setattr(qi, a[0], a[1], a[2]) < 0 ? NULL
                                                                                       : QV_NONE;
}
static QvObj *builtin_delattr(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return check_attr_name(qi, a[1], NULL) < 0 || qv_setattr(qi, a[0], a[1], NULL) < 0 ? NULL
                                                                                       : QV_NONE;
}

// ---- iteration ----------------------------------------------------------------------------------

static QvObj *builtin_iter(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (!a[1]) {
        return qv_iter(qi, a[0]);
    }
    if (!qv_is_callable(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "iter(v, w): v must be callable");
    }
    return qv_calliter_new(qi, a[0], a[1]);
}
static QvObj *builtin_next(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *it = a[0];
    if (!it->type->next) {
        return qv_raise(qi, &qv_exc_TypeError, "'%T' object is not an iterator", it);
    }
    QvObj *item = it->type->next(qi, it);
    if (item) {
        return item;
    }
    if (qv_err_occurred(qi)) {
        if (!a[1] || !qv_err_matches(qi, &qv_exc_StopIteration)) {
            return NULL;
        }
        qv_err_clear(qi);
    }
    return a[1] ? qv_new_ref(qi, a[1]) : qv_raise_none(qi, &qv_exc_StopIteration);
}
static QvObj *builtin_aiter(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (!a[0]->type->aiter) {
        return qv_raise(qi, &qv_exc_TypeError, "'%T' object is not an async iterable", a[0]);
    }
    QvObj *it = a[0]->type->aiter(qi, a[0]);
    if (it && !it->type->anext) {
        qv_raise(qi, &qv_exc_TypeError, "aiter() returned not an async iterator of type '%T'", it);
        qv_clear(qi, &it);
    }
    return it;
}
static QvObj *builtin_anext(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    if (!a[0]->type->anext) {
        return qv_raise(qi, &qv_exc_TypeError, "'%T' object is not an async iterator", a[0]);
    }
    QvObj *awaitable = a[0]->type->anext(qi, a[0]);
    return awaitable && a[1] ? qv_anext_default(qi, awaitable, a[1]) : awaitable;
}

// ---- namespaces ---------------------------------------------------------------------------------

static QvObj *builtin_globals(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    QvFrame *f = qi->ts->frame;
    return f ? qv_new_ref(qi, f->globals) : QV_NONE;
}
static QvObj *builtin_locals(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)a, (void)n;
    QvFrame *f = qi->ts->frame;
    return f ? qv_frame_locals(qi, f) : qv_raise(qi, &qv_exc_SystemError, "frame does not exist");
}
static QvObj *builtin_vars(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    if (!a[0]) {
        return builtin_locals(qi, m, a, n);
    }
    QvObj *d;
    int found = qv_getattr_try(qi, a[0], QV_N(__dict__), &d);
    return found < 0 ? NULL
           : found
               ? d
               : qv_raise(qi, &qv_exc_TypeError, "vars() argument must have __dict__ attribute");
}
static QvObj *builtin_dir(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    return qv_dir(qi, a[0]); // NULL: the names of the caller's namespace
}

static QvObj *builtin_import(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    int64_t level = 0;
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "module name must be a string");
    }
    if (a[4] && qv_int_to_i64(qi, a[4], &level) < 0) {
        return NULL;
    }
    return qv_import_level(qi, a[0], a[1], a[3], level > 1000 ? 1000 : level < 0 ? -1 : (int)level);
}

// ---- input and output ---------------------------------------------------------------------------

static int write_to(QvInterp *qi, QvObj *file, QvObj *text)
{
    QvObj *result = qv_call_method1(qi, file, QV_N(write), text);
    if (!result) {
        return -1;
    }
    qv_decref(qi, result);
    return 0;
}

static int write_item(QvInterp *qi, QvObj *file, QvObj *item)
{
    QvObj *text = qv_str(qi, item);
    int status = text ? write_to(qi, file, text) : -1;
    qv_xdecref(qi, text);
    return status;
}

static int check_none_or_str(QvInterp *qi, QvObj **o, const char *name)
{
    if (*o == QV_NONE) {
        *o = NULL;
    }
    if (*o && !qv_is_str(*o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s must be None or a string, not %T", name, *o);
    }
    return 0;
}

static QvObj *builtin_print(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *items = a[0], *sep = a[1], *end = a[2], *file = a[3];
    int wants = a[4] ? qv_is_true(qi, a[4]) : 0; // before anything is written
    if (wants < 0) {
        return NULL;
    }
    if (check_none_or_str(qi, &sep, "sep") < 0 || check_none_or_str(qi, &end, "end") < 0) {
        return NULL;
    }
    if (!file || file == QV_NONE) {
        file = qv_sys_peek(qi, QV_N(stdout));
        if (!file) {
            return qv_err_occurred(qi) ? NULL
                                       : qv_raise(qi, &qv_exc_RuntimeError, "lost sys.stdout");
        }
        if (file == QV_NONE) {
            return QV_NONE;
        }
    }
    qv_incref(qi, file);
    QvObj *result = NULL;
    for (QvSsize k = 0; k < qv_tuple_len(items); k++) {
        if (k > 0 && write_to(qi, file, sep ? sep : QV_N(space)) < 0) {
            goto done;
        }
        if (write_item(qi, file, qv_tuple_peek(items, k)) < 0) {
            goto done;
        }
    }
    if (write_to(qi, file, end ? end : QV_N(newline_)) < 0) {
        goto done;
    }
    if (wants > 0) {
        QvObj *x = qv_call_method0(qi, file, QV_N(flush));
        wants = x ? 0 : -1;
        qv_xdecref(qi, x);
    }
    result = wants < 0 ? NULL : QV_NONE;
done:
    qv_decref(qi, file);
    return result;
}

// Writes the prompt and reads a line, which need not be a str.
static QvObj *ask_line(QvInterp *qi, QvObj *prompt, QvObj *in, QvObj *out)
{
    if ((qv_audit_on(qi) && qv_audit(qi, "builtins.input", "O", prompt) < 0) ||
        (prompt && write_item(qi, out, prompt) < 0)) {
        return NULL;
    }
    QvObj *flushed = qv_call_method0(qi, out, QV_N(flush));
    if (!flushed) {
        qv_err_clear(qi); // as in CPython: what stands there may have no flush()
    }
    qv_xdecref(qi, flushed);
    return qv_call_method0(qi, in, QV_N(readline));
}

static QvObj *builtin_input(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *in = qv_sys_peek(qi, QV_N(stdin)), *out = qv_sys_peek(qi, QV_N(stdout));
    if (!in || in == QV_NONE) {
        return qv_raise(qi, &qv_exc_RuntimeError, "input(): lost sys.stdin");
    }
    if (!out || out == QV_NONE) {
        return qv_raise(qi, &qv_exc_RuntimeError, "input(): lost sys.stdout");
    }
    qv_incref(qi, in); // what runs now may put others in their place
    qv_incref(qi, out);
    QvObj *line = ask_line(qi, a[0], in, out);
    qv_decref(qi, in);
    qv_decref(qi, out);
    if (!line) {
        return NULL;
    }
    if (!qv_is_str(line)) {
        qv_decref(qi, line);
        return qv_raise(qi, &qv_exc_TypeError, "object.readline() returned non-string");
    }
    QvSsize len = qv_str_len(line);
    if (len == 0) {
        qv_decref(qi, line);
        return qv_raise(qi, &qv_exc_EOFError, "EOF when reading a line");
    }
    if (qv_str_read(line, len - 1) == '\n') {
        QvObj *cut = qv_str_slice(qi, line, 0, len - 1);
        qv_decref(qi, line);
        line = cut;
    }
    return line;
}

// open() is io.open: the module is made when the first file is opened.
static QvObj *builtin_open(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *io = qv_import(qi, "_io");
    QvObj *open = io ? qv_getattr(qi, io, QV_N(open)) : NULL;
    qv_xdecref(qi, io);
    QvObj *result = open ? qv_call_tuple(qi, open, a[0], a[1]) : NULL;
    qv_xdecref(qi, open);
    return result;
}

static QvObj *builtin_breakpoint(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    QvObj *sys = qv_sys_module(qi);
    QvObj *hook = sys ? qv_getattr_cstr(qi, sys, "breakpointhook") : NULL;
    QvObj *result = hook ? qv_call_tuple(qi, hook, a[0], a[1]) : NULL;
    qv_xdecref(qi, hook);
    return result;
}

// __build_class__ takes its arguments as they come: the signature machinery would pack them.
static QvObj *builtin_build_class(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)n;
    QvObj *args = a[0], *kwargs = a[1];
    QvSsize npos = qv_tuple_len(args), nkw = kwargs ? qv_dict_len(kwargs) : 0;
    if (!nkw) {
        return qv_op_build_class(qi, m, qv_tuple_items(args), npos, NULL);
    }
    QvObj *values[512];
    if (npos + nkw > 512) {
        return qv_raise(qi, &qv_exc_TypeError, "__build_class__: too many arguments");
    }
    QvObj *kwnames = qv_tuple_new(qi, nkw);
    if (!kwnames) {
        return NULL;
    }
    memcpy(values, qv_tuple_items(args), (size_t)npos * sizeof *values);
    QvSsize pos = 0, k = 0;
    QvObj *key, *value;
    while (qv_dict_next(kwargs, &pos, &key, &value)) {
        qv_tuple_items(kwnames)[k] = qv_new_ref(qi, key);
        values[npos + k++] = value;
    }
    QvObj *result = qv_op_build_class(qi, m, values, npos, kwnames);
    qv_decref(qi, kwnames);
    return result;
}

static const QvNativeDef functions[] = {
    {"__build_class__", builtin_build_class, "($module, /, *args, **kwargs)",
     "__build_class__(func, name, /, *bases, [metaclass], **kwds) -> class"},
    {"__import__", builtin_import,
     "($module, /, name, globals=None, locals=None, fromlist=(), level=0)", "Import a module."},
    {"abs", builtin_abs, "($module, x, /)", "Return the absolute value of the argument."},
    {"aiter", builtin_aiter, "($module, async_iterable, /)",
     "Return an AsyncIterator for an AsyncIterable object."},
    {"all", qv_builtin_all, "($module, iterable, /)",
     "Return True if bool(x) is True for all values x in the iterable."},
    {"anext", builtin_anext, "($module, aiterator, default=<unrepresentable>, /)",
     "Return the next item from the async iterator."},
    {"any", qv_builtin_any, "($module, iterable, /)",
     "Return True if bool(x) is True for any x in the iterable."},
    {"ascii", builtin_ascii, "($module, obj, /)",
     "Return an ASCII-only representation of an object."},
    {"bin", builtin_bin, "($module, number, /)", "Return the binary representation of an integer."},
    {"breakpoint", builtin_breakpoint, "($module, /, *args, **kws)",
     "Call sys.breakpointhook(*args, **kws)."},
    {"callable", builtin_callable, "($module, obj, /)",
     "Return whether the object is callable (i.e., some kind of function)."},
    {"chr", builtin_chr, "($module, i, /)",
     "Return a Unicode string of one character with ordinal i; 0 <= i <= 0x10ffff."},
    {"compile", qv_builtin_compile,
     "($module, /, source, filename, mode, flags=0, dont_inherit=False, optimize=-1, *, "
     "_feature_version=-1)",
     "Compile source into a code object that can be executed by exec() or eval()."},
    {"delattr", builtin_delattr, "($module, obj, name, /)",
     "Deletes the named attribute from the given object."},
    {"dir", builtin_dir, "($module, object=<unrepresentable>, /)",
     "Names in the current scope, or attributes of an object, sorted."},
    {"divmod", builtin_divmod, "($module, x, y, /)",
     "Return the tuple (x//y, x%y).  Invariant: div*y + mod == x."},
    {"eval", qv_builtin_eval, "($module, source, globals=None, locals=None, /)",
     "Evaluate the given source in the context of globals and locals."},
    {"exec", qv_builtin_exec, "($module, source, globals=None, locals=None, /, *, closure=None)",
     "Execute the given source in the context of globals and locals."},
    {"format", builtin_format, "($module, value, format_spec='', /)",
     "Return type(value).__format__(value, format_spec)"},
    {"getattr", builtin_getattr, "($module, object, name, default=<unrepresentable>, /)",
     "Get a named attribute from an object."},
    {"globals", builtin_globals, "($module, /)",
     "Return the dictionary containing the current scope's global variables."},
    {"hasattr", builtin_hasattr, "($module, obj, name, /)",
     "Return whether the object has an attribute with the given name."},
    {"hash", builtin_hash, "($module, obj, /)", "Return the hash value for the given object."},
    {"hex", builtin_hex, "($module, number, /)",
     "Return the hexadecimal representation of an integer."},
    {"id", builtin_id, "($module, obj, /)", "Return the identity of an object."},
    {"input", builtin_input, "($module, prompt='', /)",
     "Read a string from standard input.  The trailing newline is stripped."},
    {"isinstance", builtin_isinstance, "($module, obj, class_or_tuple, /)",
     "Return whether an object is an instance of a class or of a subclass thereof."},
    {"issubclass", builtin_issubclass, "($module, cls, class_or_tuple, /)",
     "Return whether 'cls' is derived from another class or is the same class."},
    {"iter", builtin_iter, "($module, object, sentinel=<unrepresentable>, /)",
     "Get an iterator from an object."},
    {"len", builtin_len, "($module, obj, /)", "Return the number of items in a container."},
    {"locals", builtin_locals, "($module, /)",
     "Return a dictionary containing the current scope's local variables."},
    {"max", qv_builtin_max, "!($module, /, *args, key=None, default=<unrepresentable>)",
     "max(iterable, *[, default=obj, key=func]) -> value\nmax(arg1, arg2, *args, *[, key=func]) -> "
     "value\n\nWith a single iterable argument, return its biggest item. The\ndefault keyword-only "
     "argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more "
     "arguments, return the largest argument."},
    {"min", qv_builtin_min, "!($module, /, *args, key=None, default=<unrepresentable>)",
     "min(iterable, *[, default=obj, key=func]) -> value\nmin(arg1, arg2, *args, *[, key=func]) -> "
     "value\n\nWith a single iterable argument, return its smallest item. The\ndefault "
     "keyword-only "
     "argument specifies an object to return if\nthe provided iterable is empty.\nWith two or more "
     "arguments, return the smallest argument."},
    {"next", builtin_next, "($module, iterator, default=<unrepresentable>, /)",
     "Return the next item from the iterator."},
    {"oct", builtin_oct, "($module, number, /)", "Return the octal representation of an integer."},
    {"open", builtin_open, "($module, /, *args, **kwargs)",
     "Open file and return a stream.  Raise OSError upon failure."},
    {"ord", builtin_ord, "($module, c, /)",
     "Return the Unicode code point for a one-character string."},
    {"pow", builtin_pow, "($module, /, base, exp, mod=None)",
     "Equivalent to base**exp with 2 arguments or base**exp % mod with 3 arguments."},
    {"print", builtin_print, "($module, /, *args, sep=' ', end='\\n', file=None, flush=False)",
     "Prints the values to a stream, or to sys.stdout by default."},
    {"repr", builtin_repr, "($module, obj, /)",
     "Return the canonical string representation of the object."},
    {"round", builtin_round, "($module, /, number, ndigits=None)",
     "Round a number to a given precision in decimal digits."},
    {"setattr", builtin_setattr, "($module, obj, name, value, /)",
     "Sets the named attribute on the given object to the specified value."},
    {"sorted", qv_builtin_sorted, "!($module, iterable, /, *, key=None, reverse=False)",
     "Return a new list containing all items from the iterable in ascending order."},
    {"sum", qv_builtin_sum, "!($module, iterable, /, start=0)",
     "Return the sum of a 'start' value (default: 0) plus an iterable of numbers"},
    {"vars", builtin_vars, "($module, object=<unrepresentable>, /)",
     "The __dict__ of an object, or locals()."},
    {0},
};

#define TYPE(stem, exposed) extern QvType qv_##stem##_type;
#include "object/types.def"
#undef TYPE

// Types that Python code does not find in builtins have no name in types.def: the value alone.
const QvBuiltinRow qv_builtin_rows[] = {
#define TYPE(stem, exposed) {exposed, &qv_##stem##_type.h},
#include "object/types.def"
#undef TYPE
#define EXC_HIDDEN(name, base) {NULL, &qv_exc_##name.h},
#define EXC(name, base)        {#name, &qv_exc_##name.h},
#include "object/exceptions.def"
#undef EXC
    {"EnvironmentError", &qv_exc_OSError.h},
    {"IOError", &qv_exc_OSError.h},
    {"None", QV_NONE},
    {"True", QV_TRUE},
    {"False", QV_FALSE},
    {"Ellipsis", QV_ELLIPSIS},
    {"NotImplemented", QV_NOTIMPLEMENTED},
    {"__debug__", QV_TRUE}, // qv_modules_init puts False for -O
    {0},
};

// When a program has thrown the first one out of sys.modules and imports it again; that one was
// made in qv_modules_init.
static int init(QvInterp *qi, QvObj *module)
{
    QvObj *dict = qv_module_dict(module);
    return qv_dict_update(qi, dict, qv_shared.builtins) < 0
               ? -1
               : qv_dict_set(qi, dict, QV_N(__debug__), qv_bool(qi->optimize == 0));
}

const QvModuleDef qv_module_builtins = {
    .name = "builtins",
    .doc = "Built-in functions, types, exceptions, and other objects.",
    .functions = functions,
    .init = init,
};
