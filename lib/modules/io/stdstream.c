// SPDX-License-Identifier: MIT
// sys.stdin, sys.stdout and sys.stderr: provisional form, until the text layer of _io stands.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "modules/modules.h"
#include "object/dict.h"
#include "object/error.h"
#include "object/int.h"
#include "object/interp.h"
#include "object/protocol.h"
#include "object/str.h"
#include "object/type_ids.h"

#define BUFFER 8192

typedef struct StdStream {
    QvObj h;
    int fd;
    bool line_buffering;
    size_t len;
    char *buf;
} StdStream;

static int flush(QvInterp *qi, StdStream *s) {
    size_t done = 0;
    size_t n = s->len;
    s->len = 0;
    if (n == 0 || s->fd == 0) {
        return 0;
    }
    if (qi->hooks.write) {
        return qi->hooks.write(qi, s->fd, s->buf, (QvSsize)n);
    }
    while (done < n) {
        ssize_t w = write(s->fd, s->buf + done, n - done);
        if (w < 0 && errno != EINTR) {
            qv_raise_errno(qi, errno, NULL, NULL);
            return -1;
        }
        done += w > 0 ? (size_t)w : 0;
    }
    return 0;
}

static QvObj *stream_write(QvInterp *qi, QvObj *self, QvObj *const *a, QvSsize n) {
    (void)n;
    StdStream *s = (StdStream *)self;
    if (!qv_is_str(a[0])) {
        return qv_raise(qi, &qv_exc_TypeError, "write() argument must be str, not %T", a[0]);
    }
    QvUtf8 u;
    if (qv_str_utf8_surrogates(qi, a[0], &u, s->fd == 1) < 0) {
        return NULL;
    }
    if (!s->buf) {
        s->buf = qv_alloc(qi, BUFFER);
    }
    int status = s->buf ? 0 : -1;
    for (QvSsize at = 0; status == 0 && at < u.n;) {
        size_t take = (size_t)(u.n - at) < BUFFER - s->len ? (size_t)(u.n - at) : BUFFER - s->len;
        memcpy(s->buf + s->len, u.s + at, take);
        s->len += take;
        at += (QvSsize)take;
        if (s->len == BUFFER) {
            status = flush(qi, s);
        }
    }
    if (status == 0 && s->line_buffering && memchr(u.s, '\n', (size_t)u.n)) {
        status = flush(qi, s);
    }
    qv_utf8_release(qi, &u);
    return status < 0 ? NULL : qv_int_from_i64(qi, qv_str_len(a[0]));
}

static QvObj *stream_flush(QvInterp *qi, QvObj *self, QvObj *const *a, QvSsize n) {
    (void)a, (void)n;
    return flush(qi, (StdStream *)self) < 0 ? NULL : QV_NONE;
}

static QvObj *stream_readline(QvInterp *qi, QvObj *self, QvObj *const *a, QvSsize n) {
    (void)a, (void)n;
    StdStream *s = (StdStream *)self;
    char line[4096];
    size_t len = 0;
    char c = 0;
    while (len < sizeof line && c != '\n') {
        ssize_t got = qi->hooks.read ? (ssize_t)qi->hooks.read(qi, &c, 1) : read(s->fd, &c, 1);
        if (got <= 0) {
            break;
        }
        line[len++] = c;
    }
    return qv_str_new_utf8(qi, line, (QvSsize)len);
}

static QvObj *stream_isatty(QvInterp *qi, QvObj *self, QvObj *const *a, QvSsize n) {
    (void)qi, (void)a, (void)n;
    return qv_bool(isatty(((StdStream *)self)->fd));
}
static QvObj *stream_fileno(QvInterp *qi, QvObj *self, QvObj *const *a, QvSsize n) {
    (void)a, (void)n;
    return qv_int_from_i64(qi, ((StdStream *)self)->fd);
}

static void stream_fini(QvInterp *qi, QvObj *o) {
    StdStream *s = (StdStream *)o;
    flush(qi, s);
    if (s->buf) {
        qv_free(qi, s->buf, BUFFER);
        s->buf = NULL;
    }
}

static const QvNativeDef methods[] = {
    {"fileno", stream_fileno, "($self, /)", NULL},
    {"flush", stream_flush, "($self, /)", NULL},
    {"isatty", stream_isatty, "($self, /)", NULL},
    {"readline", stream_readline, "($self, size=-1, /)", NULL},
    {"write", stream_write, "($self, text, /)", NULL},
    {0},
};

QV_SEALED QvType qv_io_stdstream_type = {
    .h = QV_STATIC_HEADER(&qv_type_type),
    .name = "_io.StdStream",
    .id = QV_TID_io_stdstream,
    .flags = QV_T_NO_NEW,
    .base = &qv_object_type,
    .size = sizeof(StdStream),
    .methods = methods,
    .fini = stream_fini,
};

QvObj *qv_io_standard_stream(QvInterp *qi, int fd) {
    StdStream *s = (StdStream *)qv_obj_new(qi, &qv_io_stdstream_type);
    if (s) {
        s->fd = fd;
        s->line_buffering = fd == 2 || qi->hooks.write || isatty(fd);
    }
    return (QvObj *)s;
}

int qv_io_flush_standard(QvInterp *qi) {
    QvObj *const names[] = {QV_N(stdout), QV_N(stderr)};
    int status = 0;
    for (int k = 0; k < 2; k++) {
        QvObj *stream = qi->sys_dict ? qv_dict_peek_str(qi->sys_dict, names[k]) : NULL;
        if (stream && stream != QV_NONE) {
            qv_incref(qi, stream);
            QvObj *x = qv_call_method0(qi, stream, QV_N(flush));
            if (!x) {
                qv_err_unraisable(qi, stream);
                status = -1;
            }
            qv_xdecref(qi, x);
            qv_decref(qi, stream);
        }
    }
    return status;
}
