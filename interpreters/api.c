// SPDX-License-Identifier: MIT
// quiver.h: life, running, calling.
//
// Every function enters the interpreter, works on QvObj, turns a pending exception into the error
// that quiver_error shows, and leaves.
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "code/code.h"
#include "compile/compile.h"
#include "base/buf.h"
#include "compile/parser.h"
#include "interpreters/api.h"
#include "modules/modules.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/module.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

#define VERSION_TEXT_(a, b, c) #a "." #b "." #c
#define VERSION_TEXT(a, b, c)  VERSION_TEXT_(a, b, c)

const char *quiver_version(void)
{
    return VERSION_TEXT(QUIVER_VERSION_MAJOR, QUIVER_VERSION_MINOR, QUIVER_VERSION_PATCH);
}

// ---- what a host passes -------------------------------------------------------------------------

QvObj *qv_api_bad_arg(QvInstance *inst, const QuiverValue *v)
{
    return qv_raise(&inst->qi, &qv_exc_ValueError,
                    v ? "the value belongs to another interpreter" : "a value is NULL");
}

bool qv_api_args(QvInstance *inst, QuiverValue *const *values, size_t n)
{
    if (n && !qv_api_given(inst, values, "the array of values")) {
        return false;
    }
    if (n > PTRDIFF_MAX / sizeof *values) {
        return qv_raise_oom(&inst->qi);
    }
    for (size_t k = 0; k < n; k++) {
        if (!qv_api_arg(inst, values[k])) {
            return false;
        }
    }
    return true;
}

bool qv_api_given(QvInstance *inst, const void *p, const char *what)
{
    return p || qv_raise(&inst->qi, &qv_exc_ValueError, "%s is NULL", what);
}

// ---- life ---------------------------------------------------------------------------------------

Quiver *quiver_new(const QuiverConfig *config) { return (Quiver *)qv_instance_new(config); }

int quiver_free(Quiver *q) { return q ? qv_instance_free(qv_api_inst(q)) : 0; }

int quiver_reset(Quiver *q) { return q ? qv_instance_reset(qv_api_inst(q)) : -1; }

int quiver_enter(Quiver *q) { return q ? qv_attach(qv_api_inst(q)) : -1; }

void quiver_leave(Quiver *q)
{
    QvThreadRec *rec = q ? qv_attached_record(qv_api_inst(q)) : NULL;
    if (rec && rec->enters > rec->host_floor) { // a host function cannot leave what it did not
                                                // enter
        qv_detach(qv_api_inst(q));
    }
}

int quiver_blocking_begin(Quiver *q)
{
    QvThreadRec *rec = q ? qv_attached_record(qv_api_inst(q)) : NULL;
    if (!rec || !rec->holds) {
        return -1;
    }
    qv_attach_unlock(&rec->inst->qi);
    return 0;
}

int quiver_blocking_end(Quiver *q)
{
    QvThreadRec *rec = q ? qv_attached_record(qv_api_inst(q)) : NULL;
    if (!rec || rec->holds) {
        return 0;
    }
    QvInterp *qi = &rec->inst->qi;
    qv_attach_lock(qi);
    return rec->host_depth > 0 && qv_poll_peek(qi) && !qv_err_occurred(qi) && qv_poll(qi) < 0 ? -1
                                                                                              : 0;
}

void quiver_interrupt(Quiver *q)
{
    QvInstance *inst = qv_api_inst(q);
    if (!inst) {
        return;
    }
    qv_atomic_store_u32(&inst->interrupted, 1);
    qv_poll_set(&inst->qi, QV_POLL_STOP);
    qv_wait_interrupt(inst);
}

void quiver_stop(Quiver *q)
{
    QvInstance *inst = qv_api_inst(q);
    if (inst) {
        qv_atomic_add_u32(&inst->limits.stops, 1);
        qv_poll_set(&inst->qi, QV_POLL_STOP);
        qv_wait_stop(inst);
    }
}

// ---- running ------------------------------------------------------------------------------------

QvObj *qv_api_main_dict(QvInstance *inst)
{
    return inst->main ? qv_module_dict(inst->main)
                      : qv_raise(&inst->qi, &qv_exc_RuntimeError, "the interpreter is ending");
}

static QvObj *main_dict(QvInstance *inst) { return qv_module_dict(inst->main); }

// qv_api_begin for what needs __main__: NULL with RuntimeError while the interpreter ends.
static QvInstance *begin_main(Quiver *q)
{
    QvInstance *inst = qv_api_begin(q);
    if (inst && !qv_api_main_dict(inst)) {
        qv_api_status(inst, -1);
        return NULL;
    }
    return inst;
}

// Runs source in __main__; the value (None for statements). file: taken; NULL is passed through.
static QvObj *run_source(QvInstance *inst, const char *src, size_t n, QvObj *file, int mode,
                         unsigned flags)
{
    QvInterp *qi = &inst->qi;
    QvObj *dict = main_dict(inst);
    QvObj *code = file ? qv_compile(qi, src, (QvSsize)n, file, mode, flags, qi->optimize) : NULL;
    qv_xdecref(qi, file);
    if (!code) {
        return NULL;
    }
    QvObj *result = qv_eval_code(qi, (QvCode *)code, dict, dict, NULL);
    qv_decref(qi, code);
    return result;
}

// A host that has its own streams sees what was printed when the outermost call returns, also
// without a newline at its end. -1: that was too much output.
static int show_output(QvInstance *inst)
{
    QvInterp *qi = &inst->qi;
    QvThreadRec *rec = qi->ts->owner;
    if (inst->config.write && rec->enters == 1 && qv_io_flush_standard(qi) < 0) {
        qv_err_clear(qi);
        return qv_limits_due(inst, rec) ? qv_limits_stop(inst) : 0;
    }
    return 0;
}

QuiverValue *qv_api_give(QvInstance *inst, QvObj *o)
{
    bool failed = !o;
    if (o && show_output(inst) < 0) {
        qv_clear(&inst->qi, &o);
    }
    o = qv_api_own(inst, o); // last: the scope has it from here on
    if (!o) {
        qv_error_capture(inst);
    }
    if (failed && show_output(inst) < 0) {
        qv_err_clear(&inst->qi);
    }
    qv_detach(inst);
    return (QuiverValue *)o;
}

static int done(QvInstance *inst, QvObj *result)
{
    QvInterp *qi = &inst->qi;
    bool shown = false;
    if (result) {
        qv_decref(qi, result);
        shown = true;
        result = show_output(inst) < 0 ? NULL : QV_NONE;
    }
    if (!result) {
        if (inst->config.report_uncaught) {
            qv_uncaught(qi);
        }
        qv_error_capture(inst);
    }
    if (!shown && show_output(inst) < 0) {
        qv_err_clear(qi);
    }
    qv_detach(inst);
    return result ? 0 : -1;
}

int quiver_run(Quiver *q, const char *source, const char *filename)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return -1;
    }
    if (!qv_api_given(inst, source, "source")) {
        return done(inst, NULL);
    }
    QvObj *file = qv_str_new_cstr(&inst->qi, filename ? filename : "<string>");
    return done(inst, run_source(inst, source, strlen(source), file, 0, QV_CF_SOURCE_IS_UTF8));
}

int quiver_run_source(Quiver *q, const char *source, size_t size, const char *filename)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return -1;
    }
    QvObj *file = qv_str_fsdecode(&inst->qi, filename ? filename : "<string>");
    return done(inst, run_source(inst, source, size, file, 0, QV_CF_FROM_FILE));
}

QuiverValue *quiver_eval(Quiver *q, const char *expression)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return NULL;
    }
    if (!qv_api_given(inst, expression, "expression")) {
        return qv_api_value(inst, NULL);
    }
    QvObj *file = qv_new_ref(&inst->qi, QV_N(string_));
    return qv_api_give(
        inst, run_source(inst, expression, strlen(expression), file, 1, QV_CF_SOURCE_IS_UTF8));
}

// The whole file in a malloc'ed block, or NULL with an exception.
static char *read_file(QvInterp *qi, const char *path, size_t *ret_n)
{
    FILE *f = fopen(path, "rb");
    char *data = NULL;
    size_t n = 0, cap = 0;
    if (!f) {
        qv_raise_errno_path(qi, errno, path);
        return NULL;
    }
    for (;;) {
        if (n == cap) {
            cap = cap ? 2 * cap : 16384;
            char *more = realloc(data, cap);
            if (!more) {
                qv_raise_oom(qi);
                break;
            }
            data = more;
        }
        size_t got = fread(data + n, 1, cap - n, f);
        n += got;
        if (got == 0) {
            if (ferror(f)) {
                qv_raise_errno_path(qi, errno, path);
                break;
            }
            fclose(f);
            *ret_n = n;
            return data;
        }
    }
    free(data);
    fclose(f);
    return NULL;
}

// The path as tracebacks show it and as __file__ has it.
static QvObj *absolute_path(QvInterp *qi, const char *path)
{
    char *cwd = *path == '/' ? NULL : getcwd(NULL, 0);
    if (!cwd) {
        return qv_str_fsdecode(qi, path);
    }
    QvBuf joined;
    qv_buf_init(&joined);
    qv_buf_printf(&joined, "%s/%s", cwd, path);
    QvObj *ret = qv_str_fsdecode(qi, qv_buf_cstr(&joined));
    qv_buf_fini(&joined);
    free(cwd);
    return ret;
}

int quiver_run_file(Quiver *q, const char *path)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    size_t n = path ? strlen(path) : 0;
    if (n > 4 && strcmp(path + n - 4, ".pyc") == 0) {
        return done(inst, qv_import_run_compiled(qi, path, main_dict(inst)) < 0 ? NULL : QV_NONE);
    }
    char *src = qv_api_given(inst, path, "path") ? read_file(qi, path, &n) : NULL;
    QvObj *result = NULL;
    if (src) {
        QvObj *dict = main_dict(inst);
        QvObj *file = absolute_path(qi, path);
        if (file && qv_dict_set(qi, dict, QV_N(__file__), file) == 0 &&
            qv_dict_set(qi, dict, QV_N(__cached__), QV_NONE) == 0 &&
            qv_import_mark_main(qi, dict, file) == 0) {
            result = run_source(inst, src, n, qv_new_ref(qi, file), 0, QV_CF_FROM_FILE);
        }
        qv_xdecref(qi, file);
        free(src);
    }
    return done(inst, result);
}

int quiver_run_module(Quiver *q, const char *name)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return -1;
    }
    QvObj *text = qv_api_given(inst, name, "name") ? qv_str_intern_cstr(&inst->qi, name) : NULL;
    int status = text ? qv_import_run_as_main(&inst->qi, text, main_dict(inst)) : -1;
    qv_xdecref(&inst->qi, text);
    return done(inst, status < 0 ? NULL : QV_NONE);
}

// The compiler says so when more lines could make the text valid.
static bool is_incomplete(QvInterp *qi)
{
    if (!qv_err_matches(qi, &qv_exc_SyntaxError)) {
        return false;
    }
    QvObj *msg = ((QvSyntaxError *)qi->ts->exc)->msg;
    return msg && qv_is_str(msg) && qv_str_eq_ascii(msg, "incomplete input");
}

// Only blank lines and comments.
static bool is_empty_input(const char *s)
{
    for (;;) {
        s += strspn(s, " \t\r\n\f");
        if (*s != '#') {
            return *s == 0;
        }
        s += strcspn(s, "\n");
    }
}

// The code of one interactive input, or NULL: *ret_more tells whether more lines are wanted (no
// exception then). As codeop does it: the text is complete when it compiles without the newline at
// its end, so that a compound statement ends with an empty line.
static QvObj *compile_interactive(QvInterp *qi, const char *source, QvObj *file, bool *ret_more)
{
    const unsigned flags = QV_CF_SOURCE_IS_UTF8 | QV_CF_DONT_IMPLY_DEDENT;
    const unsigned may_end = flags | QV_CF_ALLOW_INCOMPLETE_INPUT;
    QvSsize n = (QvSsize)strlen(source);
    QvSsize bare = n > 0 && source[n - 1] == '\n' ? n - 1 : n;
    *ret_more = false;
    QvObj *code = qv_compile(qi, source, bare, file, 2, may_end, qi->optimize);
    if (code || bare == n || !qv_err_matches(qi, &qv_exc_SyntaxError)) {
        *ret_more = !code && is_incomplete(qi);
    } else {
        qv_err_clear(qi);
        code = qv_compile(qi, source, n, file, 2, may_end, qi->optimize);
        *ret_more = code || is_incomplete(qi);
        qv_xdecref(qi, code);
        code = NULL;
        if (!*ret_more && qv_err_matches(qi, &qv_exc_SyntaxError)) {
            // The words for a text that is whole.
            qv_err_clear(qi);
            code = qv_compile(qi, source, n, file, 2, flags, qi->optimize);
        }
    }
    if (*ret_more) {
        qv_err_clear(qi);
    }
    return code;
}

int quiver_run_interactive(Quiver *q, const char *source, const char *filename)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    if (!qv_api_given(inst, source, "source")) {
        return done(inst, NULL);
    }
    if (is_empty_input(source)) {
        return done(inst, QV_NONE);
    }
    QvObj *file = qv_str_new_cstr(qi, filename ? filename : "<stdin>");
    if (!file) {
        return done(inst, NULL);
    }
    bool more;
    QvObj *code = compile_interactive(qi, source, file, &more);
    qv_decref(qi, file);
    if (more) {
        qv_detach(inst);
        return 1;
    }
    QvObj *result = NULL;
    if (code) {
        result = qv_eval_code(qi, (QvCode *)code, main_dict(inst), main_dict(inst), NULL);
        qv_decref(qi, code);
    }
    return done(inst, result);
}

void quiver_flush(Quiver *q)
{
    QvInstance *inst = qv_api_inst(q);
    if (inst && qv_attach(inst) == 0) {
        QvErrorText *kept = qv_error_take(inst); // flushing must not lose the error that is about
                                                 // to be shown
        if (qv_io_flush_standard(&inst->qi) < 0) {
            qv_err_clear(&inst->qi);
        }
        if (kept) {
            qv_error_forget(inst);
            qv_error_put(inst, kept);
        }
        qv_detach(inst);
    }
}

static int write_buf(void *ctx, const char *s, QvSsize n)
{
    qv_buf_append(ctx, s, (size_t)n);
    return 0;
}

static QvObj *show_tree(QvInterp *qi, const char *src, size_t n, QvObj *file)
{
    QvArena arena;
    QvBuf out;
    QvObj *text = NULL;
    qv_arena_init(&arena, qi);
    qv_buf_init(&out);
    QvMod *mod = qv_parse(qi, &arena, src, (QvSsize)n, file, QV_PARSE_EXEC, 0);
    if (mod && qv_ast_dump(qi, mod, false, 2, write_buf, &out) == 0) {
        text = qv_str_new_utf8(qi, qv_buf_cstr(&out), (QvSsize)out.len);
    }
    qv_buf_fini(&out);
    qv_arena_fini(&arena);
    return text;
}

static QvObj *show_instructions(QvInterp *qi, const char *src, size_t n, QvObj *file)
{
    QvObj *code = qv_compile(qi, src, (QvSsize)n, file, 0, 0, qi->optimize);
    QvObj *text = code ? qv_code_dis(qi, (QvCode *)code) : NULL;
    qv_xdecref(qi, code);
    return text;
}

int quiver_show_code(Quiver *q, const char *source, const char *filename, bool tree, char **ret)
{
    QvInstance *inst = qv_api_begin(q);
    if (!inst) {
        return -1;
    }
    QvInterp *qi = &inst->qi;
    if (!qv_api_given(inst, filename, "filename") || !qv_api_given(inst, ret, "ret")) {
        return qv_api_status(inst, -1);
    }
    size_t n = source ? strlen(source) : 0;
    char *from_file = source ? NULL : read_file(qi, filename, &n);
    const char *src = source ? source : from_file;
    QvObj *file = src ? qv_str_fsdecode(qi, filename) : NULL;
    QvObj *text = !file  ? NULL
                  : tree ? show_tree(qi, src, n, file)
                         : show_instructions(qi, src, n, file);
    free(from_file);
    qv_xdecref(qi, file);
    int status = -1;
    QvUtf8 u;
    if (text && qv_str_utf8_surrogates(qi, text, &u, true) == 0) {
        *ret = strdup(u.s);
        qv_utf8_release(qi, &u);
        status = *ret ? 0 : -1;
    }
    qv_xdecref(qi, text);
    return qv_api_status(inst, status);
}

QuiverValue *quiver_import(Quiver *q, const char *name)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return NULL;
    }
    bool given = qv_api_given(inst, name, "name");
    return qv_api_value(inst, given ? qv_import(&inst->qi, name) : NULL);
}

// ---- names --------------------------------------------------------------------------------------

QuiverValue *quiver_get(Quiver *q, const char *name)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return NULL;
    }
    QvInterp *qi = &inst->qi;
    QvObj *key = qv_api_given(inst, name, "name") ? qv_str_intern_cstr(qi, name) : NULL;
    QvObj *value = NULL;
    if (key) {
        int found = qv_dict_get(qi, main_dict(inst), key, &value);
        if (found > 0) {
            qv_incref(qi, value);
        } else {
            value = NULL;
            if (found == 0) {
                qv_raise(qi, &qv_exc_NameError, "name '%U' is not defined", key);
            }
        }
        qv_decref(qi, key);
    }
    return qv_api_value(inst, value);
}

int quiver_set(Quiver *q, const char *name, QuiverValue *value)
{
    QvInstance *inst = begin_main(q);
    if (!inst) {
        return -1;
    }
    bool good = qv_api_given(inst, name, "name") && qv_api_arg(inst, value);
    return qv_api_status(
        inst, good ? qv_dict_set_cstr(&inst->qi, main_dict(inst), name, qv_api_obj(value)) : -1);
}
