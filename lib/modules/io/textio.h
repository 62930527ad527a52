// SPDX-License-Identifier: MIT
// Layout of TextIOWrapper, for its two files: textio.c (life, writing, attributes) and
// textio_read.c (reading, position).
#ifndef QV_MODULES_IO_TEXTIO_H
#define QV_MODULES_IO_TEXTIO_H

#include "modules/io/textcodec.h"

#define QV_TEXT_CHUNK 8192

typedef struct QvTextIO {
    QvIoBase b;
    QvObj *buffer;   // NULL: not initialised, or detached
    QvObj *encoding; // str as given
    QvObj *mode;     // str or NULL
    QvTextCodec codec;
    bool ok, detached, finalizing;
    bool can_read, can_write; // what the buffer answered
    bool line_buffering, write_through;
    bool seekable, telling; // telling: off during iteration
    bool has_read1;
    bool sum_up; // newline=None: \r\n and \r are read as \n
    char readnl[3],
        writenl[3]; // terminator looked for ("" : universal), and written for \n ("": as it is)
    QvSsize chunk;  // bytes asked of the buffer at a time
    // reading
    QvObj *decoded;    // str from the last chunk, or NULL
    QvSsize used;      // characters of it already given out
    QvObj *snap_input; // bytes that made `decoded`, from snap_flags on; NULL: tell() has no anchor
    int64_t snap_flags;
    double bytes_per_char;
    // writing
    char *out; // encoded text not yet handed to the buffer
    size_t out_len, out_cap;
} QvTextIO;

static inline QvTextIO *qv_as_textio(QvObj *o) { return (QvTextIO *)o; }

int qv_textio_check(QvInterp *qi, QvTextIO *t);      // initialised and attached
int qv_textio_check_open(QvInterp *qi, QvTextIO *t); // and not closed
int qv_textio_flush_out(QvInterp *qi, QvTextIO *t,
                        bool through); // hands pending text to the buffer; through: and flushes it
void qv_textio_drop_decoded(QvInterp *qi, QvTextIO *t); // and the snapshot
// buffer.name(*args); the buffer stays alive during the call, whoever detaches it.
QV_RUNS QvObj *qv_textio_call(QvInterp *qi, QvTextIO *t, QvObj *name, QvObj *const *args,
                              QvSsize nargs);
int qv_textio_flush_all(QvInterp *qi,
                        QvTextIO *t); // self.flush(), through attribute look-up for subclasses

// textio_read.c
QvObj *qv_textio_next(QvInterp *qi, QvObj *self);
QvObj *qv_textio_read(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_textio_readline(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_textio_seek(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);
QvObj *qv_textio_tell(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs);

#endif
