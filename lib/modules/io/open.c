// SPDX-License-Identifier: MIT
// The module _io: open and the other functions, the table of its types.
#include <string.h>

#include "modules/io/io.h"
#include "modules/io/textio.h"
#include "modules/modules.h"
#include "object/dict.h"
#include "object/exception.h"
#include "object/int.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/tuple.h"

typedef struct Mode {
    bool creating, reading, writing, appending, updating, text, binary;
    char raw[5]; // for FileIO
} Mode;

static int parse_mode(QvInterp *qi, QvObj *mode, Mode *m)
{
    *m = (Mode){0};
    QvUtf8 u = {.s = "r", .n = 1};
    if (mode && qv_str_utf8(qi, mode, &u) < 0) {
        return -1;
    }
    bool ok = true;
    for (QvSsize k = 0; k < u.n && ok; k++) {
        bool *flag = u.s[k] == 'x'   ? &m->creating
                     : u.s[k] == 'r' ? &m->reading
                     : u.s[k] == 'w' ? &m->writing
                     : u.s[k] == 'a' ? &m->appending
                     : u.s[k] == '+' ? &m->updating
                     : u.s[k] == 't' ? &m->text
                     : u.s[k] == 'b' ? &m->binary
                                     : NULL;
        ok = flag && !*flag;
        if (ok) {
            *flag = true;
        }
    }
    if (mode) {
        qv_utf8_release(qi, &u);
    }
    if (!ok) {
        return qv_raise_int(qi, &qv_exc_ValueError, "invalid mode: %R", mode);
    }
    char *p = m->raw;
    const char *letters = "xrwa"; // none at all is left to FileIO to complain about
    const bool given[4] = {m->creating, m->reading, m->writing, m->appending};
    for (int k = 0; k < 4 && p == m->raw; k++) {
        if (given[k]) {
            *p++ = letters[k];
        }
    }
    if (m->updating) {
        *p++ = '+';
    }
    *p = 0;
    if (m->text && m->binary) {
        return qv_raise_int(qi, &qv_exc_ValueError, "can't have text and binary mode at once");
    }
    if (m->creating + m->reading + m->writing + m->appending > 1) {
        return qv_raise_int(qi, &qv_exc_ValueError,
                            "must have exactly one of create/read/write/append mode");
    }
    return 0;
}

static int check_args(QvInterp *qi, const Mode *m, QvObj *const *args, QvSsize buffering)
{
    static const char *const names[3] = {"an encoding", "an errors", "a newline"};
    for (int k = 0; k < 3 && m->binary; k++) {
        if (args[3 + k] && args[3 + k] != QV_NONE) {
            return qv_raise_int(qi, &qv_exc_ValueError, "binary mode doesn't take %s argument",
                                names[k]);
        }
    }
    if (m->binary && buffering == 1) {
        return qv_warn(qi, &qv_exc_RuntimeWarning, 1,
                       "line buffering (buffering=1) isn't supported in binary mode, the default "
                       "buffer size will be used");
    }
    return 0;
}

static QvObj *open_raw(QvInterp *qi, QvObj *file, const Mode *m, QvObj *closefd, QvObj *opener)
{
    QvObj *mode = qv_str_intern_cstr(qi, m->raw);
    QvObj *const a[4] = {file, mode, closefd ? closefd : QV_TRUE, opener ? opener : QV_NONE};
    QvObj *raw = mode ? qv_call(qi, &qv_io_fileio_type.h, a, 4, NULL) : NULL;
    qv_xdecref(qi, mode);
    return raw;
}

// os.fspath for what is not a file descriptor; new reference.
static QvObj *path_or_fd(QvInterp *qi, QvObj *file)
{
    if (qv_is_int(file) || qv_is_str(file) || file->type->index || file->type->to_int) {
        return qv_new_ref(qi, file);
    }
    QvObj *fspath;
    int has = qv_lookup_special(qi, file, QV_N(__fspath__), &fspath);
    if (has <= 0) {
        if (has == 0 && qv_has_flag(file, QV_T_BYTES)) {
            return qv_new_ref(qi, file);
        }
        return has < 0 ? NULL
                       : qv_raise(qi, &qv_exc_TypeError,
                                  "expected str, bytes or os.PathLike object, not %.200T", file);
    }
    QvObj *path = qv_call0(qi, fspath);
    qv_decref(qi, fspath);
    if (path && !qv_is_str(path) && !qv_has_flag(path, QV_T_BYTES)) {
        qv_raise(qi, &qv_exc_TypeError,
                 "expected %.200T.__fspath__() to return str or bytes, not %.200T", file, path);
        qv_clear(qi, &path);
    }
    return path;
}

static QvObj *open_layers(QvInterp *qi, QvObj *raw, const Mode *m, QvObj *const *args,
                          QvSsize buffering)
{
    bool regular = qv_is_fileio_exact(raw) && ((QvFileIO *)raw)->seekable == 1; // then it is no
                                                                                // terminal
    int tty = regular || buffering >= 0 ? 0 : qv_io_call_bool(qi, raw, QV_N(isatty));
    if (tty < 0) {
        return NULL;
    }
    bool lines = buffering == 1 || tty;
    if (buffering < 0 || buffering == 1) {
        buffering = QV_IO_BUFFER_SIZE;
        if (qv_is_fileio_exact(raw) && ((QvFileIO *)raw)->blksize > QV_IO_BUFFER_SIZE) {
            buffering = ((QvFileIO *)raw)->blksize;
        }
    }
    if (buffering == 0) {
        return m->binary ? qv_new_ref(qi, raw)
                         : qv_raise(qi, &qv_exc_ValueError, "can't have unbuffered text I/O");
    }
    QvType *type = m->updating  ? &qv_io_bufferedrandom_type
                   : m->reading ? &qv_io_bufferedreader_type
                                : &qv_io_bufferedwriter_type;
    QvObj *buffer;
    if (m->updating) { // asks whether it can seek
        QvObj *size = qv_int_from_i64(qi, buffering);
        buffer = size ? qv_call2(qi, &type->h, raw, size) : NULL;
        qv_xdecref(qi, size);
    } else {
        buffer = qv_buffered_new(qi, type, raw, buffering);
    }
    if (!buffer || m->binary) {
        return buffer;
    }
    QvObj *const a[5] = {buffer, args[3] ? args[3] : QV_NONE, args[4] ? args[4] : QV_NONE,
                         args[5] ? args[5] : QV_NONE, qv_bool(lines)};
    QvObj *text = qv_call(qi, &qv_io_textiowrapper_type.h, a, 5, NULL);
    if (!text) { // closes here, lest its end warns of a file that nobody has seen
        QvObj *exc = qv_err_fetch(qi);
        QvObj *closed = qv_call_method0(qi, buffer, QV_N(close));
        qv_xdecref(qi, closed);
        qv_io_chain(qi, exc);
    }
    qv_decref(qi, buffer);
    if (text) {
        QvTextIO *t = qv_as_textio(text);
        t->mode = qv_new_ref(qi, args[1] ? args[1] : QV_N(r));
    }
    return text;
}

QvObj *qv_io_open(QvInterp *qi, QvObj *module, QvObj *const *args, QvSsize nargs)
{
    (void)module, (void)nargs;
    static const char *const names[4] = {"mode", "encoding", "errors", "newline"};
    static const int places[4] = {1, 3, 4, 5};
    for (int k = 0; k < 4; k++) {
        QvObj *o = args[places[k]];
        if (o && !qv_is_str(o) && (k == 0 || o != QV_NONE)) {
            return qv_raise(qi, &qv_exc_TypeError, "open() argument '%s' must be str%s, not %T",
                            names[k], k ? " or None" : "", o);
        }
    }
    QvSsize buffering = -1;
    Mode m;
    if (args[2] && qv_index_ssize(qi, args[2], &buffering, &qv_exc_OverflowError) < 0) {
        return NULL;
    }
    QvObj *file = path_or_fd(qi, args[0]);
    if (!file) {
        return NULL;
    }
    if (parse_mode(qi, args[1], &m) < 0 || check_args(qi, &m, args, buffering) < 0) {
        qv_decref(qi, file);
        return NULL;
    }
    QvObj *raw = open_raw(qi, file, &m, args[6], args[7]);
    qv_decref(qi, file);
    if (!raw) {
        return NULL;
    }
    QvObj *result = open_layers(qi, raw, &m, args, buffering);
    if (!result) {
        QvObj *exc = qv_err_fetch(qi);
        QvObj *closed = qv_call_method0(qi, raw, QV_N(close));
        qv_xdecref(qi, closed);
        qv_io_chain(qi, exc);
    }
    qv_decref(qi, raw);
    return result;
}

QV_IO_METHOD(io_open_code)
{
    (void)nargs;
    if (!qv_is_str(args[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "open_code() argument 'path' must be str, not %T",
                        args[0]);
    }
    QvObj *mode = qv_str_intern_cstr(qi, "rb");
    QvObj *const a[8] = {args[0], mode};
    QvObj *f = mode ? qv_io_open(qi, self, a, 8) : NULL;
    qv_xdecref(qi, mode);
    return f;
}

QV_IO_METHOD(io_text_encoding)
{
    (void)self, (void)nargs;
    int level = 2;
    if (args[1] && qv_index_int(qi, args[1], &level) < 0) {
        return NULL;
    }
    if (args[0] != QV_NONE) {
        return qv_new_ref(qi, args[0]);
    }
    if (qi->config.warn_default_encoding &&
        qv_warn(qi, &qv_exc_EncodingWarning, level, "'encoding' argument not specified") < 0) {
        return NULL;
    }
    return qi->config.locale_streams ? qv_str_intern_cstr(qi, "locale") : QV_N(utf8);
}

static const QvNativeDef functions[] = {
    {"open", qv_io_open,
     "($module, /, file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, "
     "closefd=True, opener=None)",
     "Open file and return a stream.  Raise OSError upon failure."},
    {"open_code", io_open_code, "($module, /, path)",
     "Opens the provided file with the intent to import the contents."},
    {"text_encoding", io_text_encoding, "($module, encoding, stacklevel=2, /)",
     "A helper function to choose the text encoding."},
    {0},
};

static int add_unsupported(QvInterp *qi, QvObj *module)
{
    QvObj *bases = qv_tuple_of(qi, 2, (QvObj *)&qv_exc_OSError, (QvObj *)&qv_exc_ValueError);
    QvObj *type = bases ? qv_type_new_exception(qi, "io.UnsupportedOperation", bases, NULL) : NULL;
    qv_xdecref(qi, bases);
    return qv_module_add_take(qi, module, "UnsupportedOperation", type);
}

static int init(QvInterp *qi, QvObj *module)
{
    static QvType *const types[] = {
        &qv_io_iobase_type,         &qv_io_rawiobase_type,      &qv_io_bufferediobase_type,
        &qv_io_textiobase_type,     &qv_io_fileio_type,         &qv_io_bytesio_type,
        &qv_io_stringio_type,       &qv_io_bufferedreader_type, &qv_io_bufferedwriter_type,
        &qv_io_bufferedrwpair_type, &qv_io_bufferedrandom_type, &qv_io_textiowrapper_type,
        &qv_io_newlinedecoder_type,
    };
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        if (qv_module_add(qi, module, qv_type_short_name(types[k]), &types[k]->h) < 0) {
            return -1;
        }
    }
    // The function that builtins has until now imports this module when it is called: here is what
    // it stood for.
    QvObj *here = qv_dict_peek_str(qv_module_dict(module), QV_N(open)),
          *there = qv_dict_peek_str(qi->builtins, QV_N(open));
    if (there && there->type == &qv_builtin_type &&
        qv_dict_set(qi, qi->builtins, QV_N(open), here) < 0) {
        return -1;
    }
    if (qv_module_add(qi, module, "BlockingIOError", (QvObj *)&qv_exc_BlockingIOError) < 0 ||
        qv_module_add_int(qi, module, "DEFAULT_BUFFER_SIZE", QV_IO_BUFFER_SIZE) < 0) {
        return -1;
    }
    return add_unsupported(qi, module);
}

const QvModuleDef qv_module__io = {
    .name = "_io",
    .doc = "The io module provides the Python interfaces to stream handling. The\nbuiltin open "
           "function is defined in this module.",
    .functions = functions,
    .init = init,
};
