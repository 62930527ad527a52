// SPDX-License-Identifier: MIT
// SyntaxError (and through it IndentationError and TabError): message and place.
#include "object/exception_base.h"
#include "object/gc.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

QV_EXC_FIELD(QvSyntaxError, msg)
QV_EXC_FIELD(QvSyntaxError, filename)
QV_EXC_FIELD(QvSyntaxError, lineno)
QV_EXC_FIELD(QvSyntaxError, offset)
QV_EXC_FIELD(QvSyntaxError, end_lineno)
QV_EXC_FIELD(QvSyntaxError, end_offset)
QV_EXC_FIELD(QvSyntaxError, text)
QV_EXC_FIELD(QvSyntaxError, print_file_and_line)

// SyntaxError(msg, (filename, lineno, offset, text[, end_lineno, end_offset])).
static int fill_place(QvInterp *qi, QvObj *self, QvObj *place)
{
    QvObj *info = qv_to_tuple(qi, place);
    if (!info) {
        return -1;
    }
    QvSsize n = qv_tuple_len(info);
    int result = -1;
    if (n < 4) {
        qv_raise(qi, &qv_exc_TypeError, "function takes at least 4 arguments (%zd given)", n);
    } else if (n > 6) {
        qv_raise(qi, &qv_exc_TypeError, "function takes at most 6 arguments (%zd given)", n);
    } else {
        QvObj **items = qv_tuple_items(info);
        set_filename(qi, self, items[0]);
        set_lineno(qi, self, items[1]);
        set_offset(qi, self, items[2]);
        set_text(qi, self, items[3]);
        set_end_lineno(qi, self, n > 4 ? items[4] : NULL);
        set_end_offset(qi, self, n > 5 ? items[5] : NULL);
        result = 0;
        if (n == 5) {
            result = qv_raise_int(qi, &qv_exc_TypeError,
                                  "end_offset must be provided when end_lineno is provided");
        }
    }
    qv_decref(qi, info);
    return result;
}

static int syntax_init(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs, QvObj *kwnames)
{
    if (qv_exc_base_init(qi, self, args, nargs, kwnames) < 0) {
        return -1;
    }
    if (nargs >= 1) {
        set_msg(qi, self, args[0]);
    }
    return nargs == 2 ? fill_place(qi, self, args[1]) : 0;
}

// The part behind the last slash: new str.
static QvObj *base_name(QvInterp *qi, QvObj *filename)
{
    QvSsize n = qv_str_len(filename), start = n;
    while (start > 0 && qv_str_read(filename, start - 1) != '/') {
        start--;
    }
    return qv_str_slice(qi, filename, start, n);
}

static QvObj *syntax_str(QvInterp *qi, QvObj *o)
{
    QvSyntaxError *e = (QvSyntaxError *)o;
    QvObj *msg = e->msg ? e->msg : QV_NONE;
    bool has_line = e->lineno && qv_is_int_exact(e->lineno);
    if (!e->filename || !qv_is_str(e->filename)) {
        return has_line ? qv_str_format(qi, "%S (line %S)", msg, e->lineno) : qv_str(qi, msg);
    }
    QvObj *file = base_name(qi, e->filename);
    if (!file) {
        return NULL;
    }
    QvObj *r = has_line ? qv_str_format(qi, "%S (%U, line %S)", msg, file, e->lineno)
                        : qv_str_format(qi, "%S (%U)", msg, file);
    qv_decref(qi, file);
    return r;
}

static void syntax_clear_fields(QvInterp *qi, QvObj *o)
{
    QvSyntaxError *e = (QvSyntaxError *)o;
    qv_clear(qi, &e->msg);
    qv_clear(qi, &e->filename);
    qv_clear(qi, &e->lineno);
    qv_clear(qi, &e->offset);
    qv_clear(qi, &e->end_lineno);
    qv_clear(qi, &e->end_offset);
    qv_clear(qi, &e->text);
    qv_clear(qi, &e->print_file_and_line);
}

static void syntax_fini(QvInterp *qi, QvObj *o)
{
    syntax_clear_fields(qi, o);
    qv_exc_base_fini(qi, o);
}

static void syntax_clear(QvInterp *qi, QvObj *o)
{
    syntax_clear_fields(qi, o);
    qv_exc_base_clear(qi, o);
}

static int syntax_traverse(QvObj *o, QvVisit visit, void *ctx)
{
    QvSyntaxError *e = (QvSyntaxError *)o;
    QV_VISIT(e->msg);
    QV_VISIT(e->filename);
    QV_VISIT(e->lineno);
    QV_VISIT(e->offset);
    QV_VISIT(e->end_lineno);
    QV_VISIT(e->end_offset);
    QV_VISIT(e->text);
    QV_VISIT(e->print_file_and_line);
    return qv_exc_base_traverse(o, visit, ctx);
}

static const QvGetSet syntax_getsets[] = {
    {"msg", get_msg, set_msg, "exception msg"},
    {"filename", get_filename, set_filename, "exception filename"},
    {"lineno", get_lineno, set_lineno, "exception lineno"},
    {"offset", get_offset, set_offset, "exception offset"},
    {"text", get_text, set_text, "exception text"},
    {"end_lineno", get_end_lineno, set_end_lineno, "exception end lineno"},
    {"end_offset", get_end_offset, set_end_offset, "exception end offset"},
    {"print_file_and_line", get_print_file_and_line, set_print_file_and_line,
     "exception print_file_and_line"},
    {0},
};

QV_SEALED QvType qv_exc_SyntaxError = {
    QV_EXC_TYPE(SyntaxError, Exception, QvSyntaxError),
    .doc = "Invalid syntax.",
    .getsets = syntax_getsets,
    .init = syntax_init,
    .fini = syntax_fini,
    .clear = syntax_clear,
    .traverse = syntax_traverse,
    .str = syntax_str,
};
