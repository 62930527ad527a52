// SPDX-License-Identifier: MIT
// sys.stdin, sys.stdout, sys.stderr: text over buffer over FileIO, like any file, but the FileIO
// goes to the host's functions where the host has set them.
#include <fcntl.h>
#include <unistd.h>

#include "modules/io/io.h"
#include "modules/modules.h"
#include "object/dict.h"
#include "object/protocol.h"
#include "object/str.h"

QvObj *qv_io_standard_stream(QvInterp *qi, int fd)
{
    static const char *const names[3] = {"<stdin>", "<stdout>", "<stderr>"};
    bool out = fd != 0;
    bool host = qi->hooks.streams >> fd & 1;
    if (!host && fcntl(fd, F_GETFD) < 0) {
        return QV_NONE; // closed when the process was started
    }
    QvObj *name = qv_str_intern_cstr(qi, names[fd]);
    QvObj *raw = name ? qv_fileio_new_fd(qi, fd, out, name, host) : NULL;
    qv_xdecref(qi, name);
    if (!raw) {
        return NULL;
    }
    // Unbuffered: what is written goes to the raw stream at once.
    bool direct = out && qi->config.unbuffered;
    QvObj *buffer =
        direct ? qv_new_ref(qi, raw)
               : qv_buffered_new(qi, out ? &qv_io_bufferedwriter_type : &qv_io_bufferedreader_type,
                                 raw, QV_IO_BUFFER_SIZE);
    QvTextArgs args = {
        .encoding = qi->config.stdio_encoding ? qi->config.stdio_encoding : "utf-8",
        .errors = fd == 2                   ? "backslashreplace"
                  : qi->config.stdio_errors ? qi->config.stdio_errors
                                            : "strict",
        .newline = out ? "\n" : NULL,
        .line_buffering = fd == 2 || host || qv_fileio_isatty(qi, (QvFileIO *)raw) > 0,
        .write_through = direct,
    };
    QvObj *mode = qv_str_intern_cstr(qi, out ? "w" : "r");
    QvObj *text = buffer && mode ? qv_textio_new(qi, buffer, &args, mode) : NULL;
    qv_xdecref(qi, mode);
    qv_xdecref(qi, buffer);
    qv_decref(qi, raw);
    return text;
}

int qv_io_flush_standard(QvInterp *qi)
{
    QvObj *const names[] = {QV_N(stdout), QV_N(stderr)};
    int status = 0;
    for (int k = 0; k < 2; k++) {
        QvObj *stream = qi->sys_dict ? qv_dict_peek_str(qi->sys_dict, names[k]) : NULL;
        if (!stream || stream == QV_NONE) {
            continue;
        }
        qv_incref(qi, stream);
        int closed = qv_io_is_closed(qi, stream);
        QvObj *r = closed == 0 ? qv_call_method0(qi, stream, QV_N(flush)) : NULL;
        if (closed < 0 || (closed == 0 && !r)) {
            qv_err_unraisable(qi, stream);
            status = -1;
        }
        qv_xdecref(qi, r);
        qv_decref(qi, stream);
    }
    return status;
}
