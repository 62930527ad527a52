// SPDX-License-Identifier: MIT
// compile: source or tree, to tree or code; and how source text is handed to the compiler.
#include <string.h>

#include "code/code.h"
#include "compile/compile.h"
#include "compile/parser.h"
#include "modules/_ast.h"
#include "modules/builtins.h"
#include "object/audit.h"
#include "object/bytes.h"
#include "object/interp.h"
#include "vm/frame.h"

// Flags that compile() takes; 0x10 and 0x200000 are left from features of old.
#define KNOWN_FLAGS                                                                   \
    (QV_CF_FUTURES | QV_CF_ONLY_AST | QV_CF_DONT_IMPLY_DEDENT | QV_CF_TYPE_COMMENTS | \
     QV_CF_ALLOW_TOP_LEVEL_AWAIT | QV_CF_ALLOW_INCOMPLETE_INPUT | 0x10)

int qv_source_get(QvInterp *qi, QvObj *o, const char *function, const char *what, QvSourceText *src)
{
    *src = (QvSourceText){0};
    if (qv_is_str(o)) {
        if (qv_str_utf8(qi, o, &src->utf8) < 0) {
            return -1;
        }
        src->s = src->utf8.s;
        src->n = src->utf8.n;
        src->from_str = true;
    } else if (qv_has_buffer(o)) {
        if (qv_buffer_get(qi, o, &src->view, QV_BUF_SIMPLE) < 0) {
            return -1;
        }
        src->s = src->view.buf;
        src->n = src->view.len;
    } else {
        return qv_raise_int(qi, &qv_exc_TypeError, "%s() arg 1 must be a %s object", function,
                            what);
    }
    if (memchr(src->s, 0, (size_t)src->n)) {
        qv_source_release(qi, src);
        return qv_raise_int(qi, &qv_exc_ValueError, "source code string cannot contain null bytes");
    }
    return 0;
}

void qv_source_release(QvInterp *qi, QvSourceText *src)
{
    if (src->from_str) {
        qv_utf8_release(qi, &src->utf8);
    } else {
        qv_buffer_release(qi, &src->view);
    }
}

int qv_source_audit(QvInterp *qi, const char *s, QvSsize n, QvObj *filename)
{
    QvObj *text = qv_bytes_new(qi, s, n);
    int status = text ? qv_audit(qi, "compile", "OO", text, filename) : -1;
    qv_xdecref(qi, text);
    return status;
}

QvObj *qv_source_filename(QvInterp *qi, QvObj *o)
{
    QvUtf8 path;
    if (!qv_is_str(o) && !qv_is_bytes(o) && qv_has_buffer(o)) { // deprecated, but still taken
        QvBufferView view;
        if (qv_warn(qi, &qv_exc_DeprecationWarning, 1,
                    "path should be string, bytes, or os.PathLike, not %.200T", o) < 0 ||
            qv_buffer_get(qi, o, &view, QV_BUF_SIMPLE) < 0) {
            return NULL;
        }
        QvObj *bytes = qv_bytes_new(qi, view.buf, view.len);
        qv_buffer_release(qi, &view);
        QvObj *filename = bytes ? qv_source_filename(qi, bytes) : NULL;
        qv_xdecref(qi, bytes);
        return filename;
    }
    if (qv_fspath_utf8(qi, o, &path) < 0) {
        return NULL;
    }
    QvObj *filename = qv_str_fsdecode(qi, path.s);
    qv_utf8_release(qi, &path);
    return filename;
}

unsigned qv_source_inherited(QvInterp *qi)
{
    QvFrame *f = qi->ts->frame;
    return f ? f->code->flags & QV_CF_FUTURES : 0;
}

// The whole call, arguments checked.
typedef struct Call {
    QvObj *source, *filename;
    QvParseMode mode;
    unsigned flags;
    int optimize; // -1, 0, 1, 2
    int version;  // _feature_version: minor version of the grammar of trees; -1: ours
} Call;

static int get_mode(QvInterp *qi, QvObj *o, unsigned flags, QvParseMode *ret)
{
    static const char *const names[] = {
        [QV_PARSE_EXEC] = "exec", [QV_PARSE_EVAL] = "eval", [QV_PARSE_SINGLE] = "single"};
    if (!qv_is_str(o)) {
        return qv_raise_int(qi, &qv_exc_TypeError, "compile() argument 'mode' must be str, not %T",
                            o);
    }
    for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++) {
        if (qv_str_eq_ascii(o, names[k])) {
            *ret = (QvParseMode)k;
            return 0;
        }
    }
    if (qv_str_eq_ascii(o, "func_type")) {
        if (flags & QV_CF_ONLY_AST) {
            *ret = QV_PARSE_FUNC_TYPE;
            return 0;
        }
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "compile() mode 'func_type' requires flag PyCF_ONLY_AST");
    }
    return qv_raise_int(qi, &qv_exc_ValueError, "compile() mode must be 'exec', 'eval'%s",
                        flags & QV_CF_ONLY_AST ? ", 'single' or 'func_type'" : " or 'single'");
}

static QvObj *compile_objects(QvInterp *qi, const Call *call)
{
    static const QvAstRowId roots[] = {[QV_PARSE_EXEC] = QV_AST_Module,
                                       [QV_PARSE_EVAL] = QV_AST_Expression,
                                       [QV_PARSE_SINGLE] = QV_AST_Interactive};
    QvArena arena;
    qv_arena_init(&arena, qi);
    QvMod *mod = qv_ast_from_objects(qi, &arena, call->source, roots[call->mode]);
    QvObj *code =
        mod && qv_ast_validate(qi, mod) == 0
            ? qv_compile_tree(qi, &arena, mod, call->filename, NULL, 0, call->flags, call->optimize)
            : NULL;
    qv_arena_fini(&arena);
    return code;
}

static QvObj *parse_only(QvInterp *qi, const Call *call, const QvSourceText *src, unsigned flags)
{
    QvArena arena;
    qv_arena_init(&arena, qi);
    unsigned parse_flags = qv_compile_parse_flags(flags);
    if (call->version >= 0) {
        unsigned version = (unsigned)(call->version < 1     ? 1
                                      : call->version > 255 ? 255
                                                            : call->version);
        parse_flags |= version << QV_PARSE_VERSION_SHIFT;
    }
    QvMod *mod = qv_parse(qi, &arena, src->s, src->n, call->filename, call->mode, parse_flags);
    QvObj *tree = mod ? qv_ast_to_objects(qi, mod) : NULL;
    qv_arena_fini(&arena);
    return tree;
}

static QvObj *run(QvInterp *qi, const Call *call)
{
    int is_node = qv_ast_is_node(qi, call->source);
    if (is_node < 0) {
        return NULL;
    }
    if (is_node) {
        return call->flags & QV_CF_ONLY_AST ? qv_new_ref(qi, call->source)
                                            : compile_objects(qi, call);
    }
    QvSourceText src;
    if (qv_source_get(qi, call->source, "compile", "string, bytes or AST", &src) < 0) {
        return NULL;
    }
    if (qv_audit_on(qi) && qv_source_audit(qi, src.s, src.n, call->filename) < 0) {
        qv_source_release(qi, &src);
        return NULL;
    }
    unsigned flags = call->flags | (src.from_str ? QV_CF_SOURCE_IS_UTF8 : 0);
    QvObj *result = flags & QV_CF_ONLY_AST
                        ? parse_only(qi, call, &src, flags)
                        : qi->hooks.compile(qi, src.s, src.n, call->filename, (int)call->mode,
                                            flags, call->optimize);
    qv_source_release(qi, &src);
    return result;
}

// An int argument of C's size.
static int get_int(QvInterp *qi, QvObj *o, int *ret)
{
    QvObj *index = qv_index(qi, o);
    int64_t value;
    if (!index) {
        return -1;
    }
    bool fits = qv_int_as_i64(index, &value) && value >= INT32_MIN && value <= INT32_MAX;
    qv_decref(qi, index);
    if (!fits) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C int");
    }
    *ret = (int)value;
    return 0;
}

QvObj *qv_builtin_compile(QvInterp *qi, QvObj *m, QvObj *const *a, QvSsize n)
{
    (void)m, (void)n;
    Call call = {.source = a[0], .optimize = -1, .version = -1};
    call.filename = qv_source_filename(qi, a[1]);
    QvObj *result = NULL;
    int flags = 0, dont_inherit = 0;
    if (!call.filename) {
        return NULL;
    }
    if (!qv_is_str(a[2])) {
        qv_raise(qi, &qv_exc_TypeError, "compile() argument 'mode' must be str, not %T", a[2]);
        goto done;
    }
    if ((a[3] && get_int(qi, a[3], &flags) < 0) ||
        (a[4] && (dont_inherit = qv_is_true(qi, a[4])) < 0) ||
        (a[5] && get_int(qi, a[5], &call.optimize) < 0) ||
        (a[6] && get_int(qi, a[6], &call.version) < 0)) {
        goto done;
    }
    if (flags & ~KNOWN_FLAGS) {
        qv_raise(qi, &qv_exc_ValueError, "compile(): unrecognised flags");
        goto done;
    }
    if (call.optimize < -1 || call.optimize > 2) {
        qv_raise(qi, &qv_exc_ValueError, "compile(): invalid optimize value");
        goto done;
    }
    call.flags = (unsigned)flags | (dont_inherit ? 0 : qv_source_inherited(qi));
    if (get_mode(qi, a[2], call.flags, &call.mode) == 0) {
        result = run(qi, &call);
    }
done:
    qv_decref(qi, call.filename);
    return result;
}
