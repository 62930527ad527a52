// SPDX-License-Identifier: MIT
// What the files of the module _io share: the layouts of its types and the calls that skip
// attribute look-up when a layer stands on an exact type of ours.
//
// Raw calls (files, pipes, terminals) release the interpreter's lock. While one is under way other
// threads may use the same objects, so a buffered object is entered (qv_buffered_enter) by one
// thread at a time, and a text object takes its pending block out of itself before it hands it
// down.
#ifndef QV_MODULES_IO_IO_H
#define QV_MODULES_IO_IO_H

#include "object/blocking.h"
#include "object/error.h"
#include "object/interp.h"
#include "object/native.h"
#include "object/protocol.h"
#include "object/type_ids.h"

#define QV_IO_BUFFER_SIZE 8192

#define QV_IO_METHOD(name) \
    static QvObj *name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)

// First fields of every type here.
typedef struct QvIoBase {
    QvObj h;
    QvObj *dict; // __dict__, made when needed
} QvIoBase;

typedef struct QvFileIO {
    QvIoBase b;
    QvObj *name; // what open was given; NULL: none yet
    int fd;      // -1: closed
    int host;    // 0, 1, 2: a standard stream that the host reads or writes; -1: none
    bool created, readable, writable, appending, closefd;
    bool finalizing;
    bool given;      // a standard stream, which the host has given: no capability is asked for
    bool shut;       // close() has been called
    int8_t seekable; // -1: not asked yet
    uint32_t blksize;
} QvFileIO;

typedef struct QvBuffered {
    QvIoBase b;
    QvObj *raw; // NULL: not initialised, or detached
    bool ok, detached, finalizing;
    bool readable, writable;
    bool busy;            // a thread is inside
    QvThread *busy_owner; // it
    QvRow waiters;        // threads that wait for it
    uint8_t *buf;         // block of size bytes, made at the first use
    QvSsize size;
    QvSsize rpos, rend; // bytes read ahead: buf[rpos, rend)
    QvSsize wpos, wend; // bytes to be written: buf[wpos, wend); not together with read-ahead
    int64_t raw_pos;    // where the raw stream stands; -1: unknown
} QvBuffered;

// ---- iobase.c ----
QvObj *qv_io_unsupported(QvInterp *qi, const char *text); // raises io.UnsupportedOperation; NULL
int qv_io_is_closed(QvInterp *qi, QvObj *o);              // o.closed: 1/0/-1
int qv_io_check_closed(QvInterp *qi, QvObj *o); // ValueError "I/O operation on closed file."
int qv_io_is_finalizing(QvInterp *qi, QvObj *o);
void qv_io_finalize(QvInterp *qi, QvObj *o); // finalize slot: closes what is open
QvObj *qv_io_no_pickle(QvInterp *qi, QvObj *self, QvObj *const *args,
                       QvSsize nargs); // __getstate__
QvObj *qv_io_base_close(QvInterp *qi, QvObj *self, QvObj *const *args,
                        QvSsize nargs); // _IOBase.close
// obj.name() as a truth value. 1/0/-1
int qv_io_call_bool(QvInterp *qi, QvObj *o, QvObj *name);
// After a failed step: runs o.close-like second step is the caller's; joins two exceptions: first
// becomes the context.
void qv_io_chain(QvInterp *qi, QV_STOLEN QvObj *first);
// A size argument: missing or None is dflt. 0/-1
int qv_io_size_arg(QvInterp *qi, QvObj *o, QvSsize dflt, QvSsize *ret);
// Writable memory for func(): TypeError "func() argument must be read-write bytes-like object, not
// x". 0/-1
int qv_io_writable_buffer(QvInterp *qi, QvObj *o, const char *func, QvBufferView *ret);
int qv_io_traverse(QvObj *o, QvVisit visit, void *ctx); // dict
QvObj *qv_io_iter_self(QvInterp *qi, QvObj *o);         // iter slot with the closed check

static inline void qv_io_unlock(QvInterp *qi)
{
    if (qi->hooks.unlock) {
        qi->hooks.unlock(qi);
    }
}
static inline void qv_io_lock(QvInterp *qi)
{
    if (qi->hooks.lock) {
        qi->hooks.lock(qi);
    }
}

// ---- fileio.c ----
enum { QV_IO_BLOCKED = -2 }; // the call would block
QvObj *qv_fileio_new_fd(QvInterp *qi, int fd, bool writable, QvObj *name,
                        bool host); // does not close fd
QV_BLOCKS QvSsize qv_fileio_read(QvInterp *qi, QvFileIO *f, void *p,
                                 QvSsize n); // bytes, -1, or QV_IO_BLOCKED
QV_BLOCKS QvSsize qv_fileio_write(QvInterp *qi, QvFileIO *f, const void *p, QvSsize n); // the same
QV_BLOCKS int64_t qv_fileio_seek(QvInterp *qi, QvFileIO *f, int64_t offset,
                                 int whence); // -1 with OSError
// Reads to the end after `head` bytes at p; new bytes, or None when it would block at once.
QV_BLOCKS QvObj *qv_fileio_readall(QvInterp *qi, QvFileIO *f, const void *p, QvSsize head);
int qv_fileio_isatty(QvInterp *qi, QvFileIO *f);
static inline bool qv_is_fileio_exact(const QvObj *o) { return o->type == &qv_io_fileio_type; }

// ---- buffered.c ----
QvObj *qv_buffered_new(QvInterp *qi, QvType *type, QvObj *raw, QvSsize size);
QV_BLOCKS QvObj *qv_buffered_read1(QvInterp *qi, QvBuffered *b,
                                   QvSsize n); // exact BufferedReader/Random
QV_BLOCKS int qv_buffered_write(QvInterp *qi, QvBuffered *b, const void *p, QvSsize n,
                                bool flush); // exact Writer/Random
static inline bool qv_is_buffered_reader(const QvObj *o)
{
    return o->type == &qv_io_bufferedreader_type || o->type == &qv_io_bufferedrandom_type;
}
static inline bool qv_is_buffered_writer(const QvObj *o)
{
    return o->type == &qv_io_bufferedwriter_type || o->type == &qv_io_bufferedrandom_type;
}

// ---- bytesio.c ----
// The rest of the bytes up to n, at the position (which moves). Exact BytesIO only; NULL with
// ValueError when closed.
QvObj *qv_bytesio_read(QvInterp *qi, QvObj *o, QvSsize n);

// ---- newline.c ----
// State of universal newlines over pieces of text.
enum { QV_NL_CR = 1, QV_NL_LF = 2, QV_NL_CRLF = 4 };
typedef struct QvNewlines {
    bool translate;
    bool pending_cr; // the last piece ended with \r, held back
    uint8_t seen;    // QV_NL_* kinds
} QvNewlines;
// The next piece (stolen) as the reader shall see it; NULL on error or when text is NULL.
QvObj *qv_newlines_decode(QvInterp *qi, QvNewlines *nl, QV_STOLEN QvObj *text, bool final);
// Is the ASCII character in s? 1/0, or -1: a stop.
int qv_newlines_has(QvInterp *qi, const QvObj *s, char c);
QvObj *qv_newlines_seen(QvInterp *qi, unsigned seen); // the `newlines` attribute

// ---- textio.c ----
typedef struct QvTextArgs {
    const char *encoding; // "utf-8"...; NULL: the default
    const char *errors;   // NULL: strict
    const char *newline;  // NULL: universal
    bool line_buffering, write_through;
} QvTextArgs;
QvObj *qv_textio_new(QvInterp *qi, QvObj *buffer, const QvTextArgs *args, QvObj *mode /*NULL*/);

// ---- open.c ----
QV_BLOCKS QvObj *qv_io_open(QvInterp *qi, QvObj *module, QvObj *const *args,
                            QvSsize nargs); // io.open's parameters as slots

#endif
