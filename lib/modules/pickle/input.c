// SPDX-License-Identifier: MIT
// Where a pickle's bytes come from: memory, or a file that gives them piece by piece.
//
// From a file no byte is taken behind the pickle's end: what peek() shows ahead is only read at the
// end, up to where the pickle stopped (qv_unpickle_skip_consumed). Nothing is allocated by a length
// that the input only claims.
#include "modules/pickle/pickle.h"
#include "object/bytes.h"
#include "object/int.h"
#include "object/slice.h"

enum {
    PREFETCH = 128 * 1024, // bytes asked of peek()
    STEP = 1 << 20,        // bytes that are read before more memory is taken
};

static int truncated(QvUnpickler *u)
{
    return qv_unpickle_fail(u->qi, "pickle data was truncated");
}

int qv_unpickle_set_memory(QvUnpickler *u, QvObj *data)
{
    QvBufferView view;
    if (qv_buffer_get(u->qi, data, &view, QV_BUF_SIMPLE) < 0) {
        return -1;
    }
    qv_buffer_release(u->qi, &u->view);
    u->view = view;
    u->p = view.len ? view.buf : (const uint8_t *)"";
    u->end = u->p + view.len;
    u->unread = NULL;
    return 0;
}

void qv_unpickle_drop_input(QvUnpickler *u)
{
    u->p = u->end = u->unread = NULL;
    qv_buffer_release(u->qi, &u->view);
}

int qv_unpickle_set_file(QvUnpickler *u, QvObj *file)
{
    QvInterp *qi = u->qi;
    QvObj *read = NULL, *readline = NULL, *readinto = NULL, *peek = NULL;
    if (qv_getattr_try(qi, file, QV_N(peek), &peek) < 0 ||
        qv_getattr_try(qi, file, QV_N(readinto), &readinto) < 0 ||
        qv_getattr_try(qi, file, QV_N(read), &read) < 0 ||
        qv_getattr_try(qi, file, QV_N(readline), &readline) < 0) {
        goto failed;
    }
    if (!read || !readline) {
        qv_raise(qi, &qv_exc_TypeError, "file must have 'read' and 'readline' attributes");
        goto failed;
    }
    qv_unpickle_drop_input(u);
    qv_set_take(qi, &u->peek, peek);
    qv_set_take(qi, &u->readinto, readinto);
    qv_set_take(qi, &u->read, read);
    qv_set_take(qi, &u->readline, readline);
    return 0;
failed:
    qv_xdecref(qi, peek);
    qv_xdecref(qi, readinto);
    qv_xdecref(qi, read);
    qv_xdecref(qi, readline);
    return -1;
}

// What the file answers to f(n), as the input from now on. 0/-1.
static int fetch(QvUnpickler *u, QvObj *f, QvSsize n)
{
    QvInterp *qi = u->qi;
    QvObj *arg = n >= 0 ? qv_int_from_i64(qi, n) : NULL;
    QvObj *data = n < 0 ? qv_call0(qi, f) : arg ? qv_call1(qi, f, arg) : NULL;
    qv_xdecref(qi, arg);
    int status = data ? qv_unpickle_set_memory(u, data) : -1;
    qv_xdecref(qi, data);
    return status;
}

int qv_unpickle_skip_consumed(QvUnpickler *u)
{
    if (!u->unread) {
        return 0;
    }
    QvSsize n = u->p - u->unread;
    u->unread = NULL;
    if (n <= 0) {
        return 0;
    }
    QvObj *arg = qv_int_from_i64(u->qi, n);
    QvObj *r = arg ? qv_call1(u->qi, u->read, arg) : NULL;
    qv_xdecref(u->qi, arg);
    qv_xdecref(u->qi, r);
    return r ? 0 : -1;
}

// Reads ahead what peek() shows. 1 there is something, 0 not, -1.
static int prefetch(QvUnpickler *u)
{
    if (!u->peek) {
        return 0;
    }
    if (fetch(u, u->peek, PREFETCH) < 0) {
        if (!qv_err_matches(u->qi, &qv_exc_NotImplementedError)) {
            return -1;
        }
        qv_err_clear(u->qi);
        qv_clear(u->qi, &u->peek);
        return 0;
    }
    u->unread = u->p;
    return 1;
}

// Fewer than n bytes are left: replaces the input by what read(n) gives. What is left is only
// peeked bytes (which the file still has); of a chunk that was read nothing can be left behind by
// a frame that ends early, so those are put in front.
static int read_more(QvUnpickler *u, size_t n)
{
    QvInterp *qi = u->qi;
    if (u->unread) { // go back to before the bytes that are left
        if (qv_unpickle_skip_consumed(u) < 0) {
            return -1;
        }
        u->p = u->end;
    }
    size_t left = (size_t)(u->end - u->p);
    if (left == 0) {
        int ahead = n < PREFETCH ? prefetch(u) : 0;
        if (ahead < 0) {
            return -1;
        }
        if (ahead > 0 && (size_t)(u->end - u->p) >= n) {
            return 0;
        }
        u->unread = NULL;
    }
    if (left == 0 && n <= STEP) {
        return fetch(u, u->read, (QvSsize)n);
    }
    // Piece by piece.
    QvObj *all = qv_bytearray_new(qi, left ? (const void *)u->p : "", (QvSsize)left);
    bool good = all != NULL;
    while (good && left < n) {
        size_t step = n - left < STEP ? n - left : STEP;
        good = fetch(u, u->read, (QvSsize)step) == 0;
        size_t got = good ? (size_t)(u->end - u->p) : 0;
        if (got == 0) {
            break;
        }
        good = qv_bytearray_resize(qi, all, (QvSsize)(left + got)) == 0;
        if (good) {
            memcpy(((QvByteArray *)all)->data + left, u->p, got);
            left += got;
        }
    }
    good = good && qv_unpickle_set_memory(u, all) == 0;
    qv_xdecref(qi, all);
    return good ? 0 : -1;
}

int qv_unpickle_take_slow(QvUnpickler *u, size_t n, const uint8_t **ret)
{
    if (!u->read) {
        return truncated(u);
    }
    if (n > PTRDIFF_MAX) {
        return qv_unpickle_fail(u->qi, "read would overflow (invalid bytecode)");
    }
    if (read_more(u, n) < 0) {
        return -1;
    }
    if ((size_t)(u->end - u->p) < n) {
        return truncated(u);
    }
    *ret = u->p;
    u->p += n;
    return 0;
}

int qv_unpickle_line(QvUnpickler *u, const uint8_t **ret, size_t *ret_n)
{
    size_t left = (size_t)(u->end - u->p);
    const uint8_t *nl = left ? memchr(u->p, '\n', left) : NULL;
    if (!nl && u->read) {
        bool peeked = u->unread != NULL;
        if (peeked && qv_unpickle_skip_consumed(u) < 0) {
            return -1;
        }
        u->p = peeked ? u->end : u->p;
        if (u->p == u->end && fetch(u, u->readline, -1) < 0) {
            return -1;
        }
        left = (size_t)(u->end - u->p);
        nl = left ? memchr(u->p, '\n', left) : NULL;
    }
    if (!nl) {
        return truncated(u);
    }
    *ret = u->p;
    *ret_n = (size_t)(nl - u->p) + 1;
    u->p = nl + 1;
    return 0;
}

// What readinto() puts into all[done..done+n): the number of bytes, or -1.
static QvSsize read_into(QvUnpickler *u, QvObj *all, QvSsize done, QvSsize n)
{
    QvInterp *qi = u->qi;
    QvObj *whole = qv_memoryview_new(qi, all), *from = NULL, *to = NULL, *part = NULL, *r = NULL;
    QvSsize got = -1;
    (void)from;
    if (whole) {
        to = qv_int_from_i64(qi, done);
        from = qv_int_from_i64(qi, done + n);
        QvObj *slice = to && from ? qv_call2(qi, &qv_slice_type.h, to, from) : NULL;
        part = slice ? qv_getitem(qi, whole, slice) : NULL;
        qv_xdecref(qi, slice);
        r = part ? qv_call1(qi, u->readinto, part) : NULL;
        got = r && qv_index_ssize(qi, r, &got, &qv_exc_OverflowError) == 0 ? got : -1;
    }
    qv_xdecref(qi, to);
    qv_xdecref(qi, from);
    qv_xdecref(qi, r);
    for (int i = 0; i < 2; i++) { // whoever kept them must not see the memory after this
        QvObj *view = i ? whole : part;
        QvObj *err = view ? qv_err_fetch(qi) : NULL;
        QvObj *done_ = view ? qv_call_method0(qi, view, QV_N(release)) : NULL;
        if (view && !done_) {
            got = -1;
        }
        if (err) {
            qv_err_restore(qi, err);
        }
        qv_xdecref(qi, done_);
        qv_xdecref(qi, view);
    }
    return got;
}

QvObj *qv_unpickle_bytes(QvUnpickler *u, size_t n, bool array)
{
    QvInterp *qi = u->qi;
    size_t left = (size_t)(u->end - u->p);
    if (n <= left || !u->read || n <= STEP || !u->readinto) {
        const uint8_t *p;
        if (qv_unpickle_take(u, n, &p) < 0) {
            return NULL;
        }
        return array ? qv_bytearray_new(qi, n ? (const void *)p : "", (QvSsize)n)
                     : qv_bytes_new(qi, n ? (const void *)p : "", (QvSsize)n);
    }
    // Large, from a file: straight into its place, in pieces.
    if (u->unread) {
        if (qv_unpickle_skip_consumed(u) < 0) {
            return NULL;
        }
        u->p = u->end;
        left = 0;
    }
    QvObj *all = qv_bytearray_new(qi, left ? (const void *)u->p : "", (QvSsize)left);
    u->p = u->end;
    size_t done = left;
    while (all && done < n) {
        size_t step = n - done < STEP ? n - done : STEP;
        QvSsize got = qv_bytearray_resize(qi, all, (QvSsize)(done + step)) == 0
                          ? read_into(u, all, (QvSsize)done, (QvSsize)step)
                          : -1;
        if (got >= 0 && (size_t)got < step) {
            truncated(u);
            got = -1;
        }
        if (got < 0 || (size_t)got > step) {
            if (got > 0) {
                qv_raise(qi, &qv_exc_ValueError, "readinto() returned too much");
            }
            qv_clear(qi, &all);
            break;
        }
        done += (size_t)got;
    }
    if (all && !array) {
        QvObj *bytes = qv_bytes_new(qi, ((QvByteArray *)all)->data, (QvSsize)n);
        qv_decref(qi, all);
        return bytes;
    }
    return all;
}
