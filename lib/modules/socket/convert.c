// SPDX-License-Identifier: MIT
// _socket: byte order, texts of addresses, sizes of control messages.
#include <arpa/inet.h>
#include <limits.h>

#include "modules/socket/socket.h"
#include "object/bytes.h"
#include "object/int.h"

// ---- byte order ---------------------------------------------------------------------------------

// An argument as a C int, with the texts of the functions that convert numbers. 0/-1.
static int int_argument(QvInterp *qi, QvObj *o, int *ret)
{
    int64_t x = 0;
    QvObj *n = qv_index(qi, o);
    if (!n) {
        return -1;
    }
    int fits = qv_int_as_i64(n, &x);
    qv_decref(qi, n);
    if (!fits) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "Python int too large to convert to C long");
    }
    if (x > INT_MAX || x < INT_MIN) {
        return qv_raise_int(qi, &qv_exc_OverflowError, "signed integer is %s",
                            x > 0 ? "greater than maximum" : "less than minimum");
    }
    *ret = (int)x;
    return 0;
}

static QvObj *swap16(QvInterp *qi, QvObj *o, const char *name)
{
    int x = 0;
    if (int_argument(qi, o, &x) < 0) {
        return NULL;
    }
    if (x < 0) {
        return qv_raise(qi, &qv_exc_OverflowError,
                        "%s: can't convert negative Python int to C 16-bit unsigned integer", name);
    }
    if (x > 0xFFFF) {
        return qv_raise(qi, &qv_exc_OverflowError,
                        "%s: Python int too large to convert to C 16-bit unsigned integer", name);
    }
    return qv_int_from_i64(qi, ntohs((uint16_t)x));
}

static QvObj *swap32(QvInterp *qi, QvObj *o)
{
    if (!qv_is_int(o)) {
        return qv_raise(qi, &qv_exc_TypeError, "expected int, %T found", o);
    }
    int64_t x = 0;
    int fits = qv_int_as_i64(o, &x);
    if (qv_int_sign(o) < 0) {
        return qv_raise(qi, &qv_exc_OverflowError, "can't convert negative value to unsigned int");
    }
    if (!fits && qv_int_bit_length(o) > 64) {
        return qv_raise(qi, &qv_exc_OverflowError,
                        "Python int too large to convert to C unsigned long");
    }
    if (!fits || x > UINT32_MAX) {
        return qv_raise(qi, &qv_exc_OverflowError, "int larger than 32 bits");
    }
    return qv_int_from_i64(qi, ntohl((uint32_t)x));
}

SOCK_FN(qv_socket_ntohs) { return (void)self, (void)nargs, swap16(qi, args[0], "ntohs"); }
SOCK_FN(qv_socket_htons) { return (void)self, (void)nargs, swap16(qi, args[0], "htons"); }
SOCK_FN(qv_socket_ntohl) { return (void)self, (void)nargs, swap32(qi, args[0]); }
SOCK_FN(qv_socket_htonl) { return (void)self, (void)nargs, swap32(qi, args[0]); }

// ---- texts of addresses -------------------------------------------------------------------------

SOCK_FN(qv_socket_inet_aton)
{
    (void)self, (void)nargs;
    QvUtf8 text;
    struct in_addr in;
    if (qv_sock_cstr(qi, args[0], "inet_aton", 1, &text) < 0) {
        return NULL;
    }
    bool good = inet_aton(text.s, &in) != 0;
    qv_utf8_release(qi, &text);
    return good ? qv_bytes_new(qi, &in, sizeof in)
                : qv_raise(qi, &qv_exc_OSError, "illegal IP address string passed to inet_aton");
}

SOCK_FN(qv_socket_inet_ntoa)
{
    (void)self, (void)nargs;
    QvBufferView view;
    if (qv_buffer_get(qi, args[0], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    char text[INET_ADDRSTRLEN];
    bool good = view.len == sizeof(struct in_addr);
    if (good) {
        inet_ntop(AF_INET, view.buf, text, sizeof text);
    }
    qv_buffer_release(qi, &view);
    return good ? qv_str_new_cstr(qi, text)
                : qv_raise(qi, &qv_exc_OSError, "packed IP wrong length for inet_ntoa");
}

SOCK_FN(qv_socket_inet_pton)
{
    (void)self, (void)nargs;
    int family;
    QvUtf8 text;
    uint8_t packed[sizeof(struct in6_addr)];
    if (qv_index_int(qi, args[0], &family) < 0 ||
        qv_sock_cstr(qi, args[1], "inet_pton", 2, &text) < 0) {
        return NULL;
    }
    int result = inet_pton(family, text.s, packed), err = errno;
    qv_utf8_release(qi, &text);
    if (result < 0) {
        return qv_raise_errno(qi, err, NULL, NULL);
    }
    if (result == 0) {
        return qv_raise(qi, &qv_exc_OSError, "illegal IP address string passed to inet_pton");
    }
    return qv_bytes_new(qi, packed,
                        family == AF_INET ? (QvSsize)sizeof(struct in_addr)
                                          : (QvSsize)sizeof(struct in6_addr));
}

SOCK_FN(qv_socket_inet_ntop)
{
    (void)self, (void)nargs;
    int family;
    QvBufferView view;
    if (qv_index_int(qi, args[0], &family) < 0 ||
        qv_buffer_get(qi, args[1], &view, QV_BUF_SIMPLE) < 0) {
        return NULL;
    }
    char text[INET6_ADDRSTRLEN];
    QvObj *ret = NULL;
    if (family != AF_INET && family != AF_INET6) {
        qv_raise(qi, &qv_exc_ValueError, "unknown address family %d", family);
    } else if (view.len != (family == AF_INET ? (QvSsize)sizeof(struct in_addr)
                                              : (QvSsize)sizeof(struct in6_addr))) {
        qv_raise(qi, &qv_exc_ValueError, "invalid length of packed IP address string");
    } else if (!inet_ntop(family, view.buf, text, sizeof text)) {
        qv_raise_errno(qi, errno, NULL, NULL);
    } else {
        ret = qv_str_new_cstr(qi, text);
    }
    qv_buffer_release(qi, &view);
    return ret;
}

// ---- control messages ---------------------------------------------------------------------------

bool qv_sock_cmsg_len(size_t n, size_t *ret)
{
    if (n > INT_MAX - CMSG_LEN(0)) { // socklen_t has to hold it, as does recvmsg()'s result
        return false;
    }
    *ret = CMSG_LEN(n);
    return true;
}

bool qv_sock_cmsg_space(size_t n, size_t *ret)
{
    if (n > INT_MAX - CMSG_SPACE(1)) {
        return false;
    }
    *ret = CMSG_SPACE(n);
    return true;
}

static QvObj *cmsg_size(QvInterp *qi, QvObj *o, const char *name,
                        bool (*size)(size_t n, size_t *ret))
{
    QvSsize n;
    size_t result;
    if (qv_arg_ssize(qi, o, &n) < 0) {
        return NULL;
    }
    if (n < 0 || !size((size_t)n, &result)) {
        return qv_raise(qi, &qv_exc_OverflowError, "%s() argument out of range", name);
    }
    return qv_int_from_i64(qi, (int64_t)result);
}

SOCK_FN(qv_socket_cmsg_len)
{
    (void)self, (void)nargs;
    return cmsg_size(qi, args[0], "CMSG_LEN", qv_sock_cmsg_len);
}

SOCK_FN(qv_socket_cmsg_space)
{
    (void)self, (void)nargs;
    return cmsg_size(qi, args[0], "CMSG_SPACE", qv_sock_cmsg_space);
}
