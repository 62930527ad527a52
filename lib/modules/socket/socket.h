// SPDX-License-Identifier: MIT
// What the files of the module _socket share: the socket object, addresses, calls that wait.
#ifndef QV_MODULES_SOCKET_SOCKET_H
#define QV_MODULES_SOCKET_SOCKET_H

#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "modules/modules.h"
#include "modules/posix/posix.h"

#define SOCK_FN(name) QvObj *name(QvInterp *qi, QvObj *self, QvObj *const *args, QvSsize nargs)

// Per-interpreter state of the module.
typedef struct QvSocketState {
    int64_t timeout; // of new sockets, ns; -1: none
    QvObj *gaierror, *herror;
} QvSocketState;
QV_BORROWED QvSocketState *qv_sock_state(QvInterp *qi); // NULL with an exception

typedef struct QvSocket {
    QvObj h;
    int fd; // -1: closed
    int family, type, proto;
    int64_t timeout; // ns; -1: none (blocking); from 0 on the descriptor does not block
} QvSocket;

static inline QvSocket *qv_as_socket(QvObj *o) { return (QvSocket *)o; }

typedef struct QvSockAddr {
    union {
        struct sockaddr sa;
        struct sockaddr_un un;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
        struct sockaddr_storage storage;
    };
    socklen_t len;
} QvSockAddr;

// ---- wait.c -------------------------------------------------------------------------------------

// One system call on a socket. run gets MSG_DONTWAIT in extra when it must not wait by itself.
typedef struct QvSockCall QvSockCall;
struct QvSockCall {
    ssize_t (*run)(QvSockCall *c, int fd, int extra);
    short events;    // of poll, to wait for
    bool wait_first; // run knows no flag against waiting
    int flags;
    void *buf;
    size_t n;
    QvSockAddr *addr;   // or NULL
    struct msghdr *msg; // of recvmsg and sendmsg
};

// When the waiting of a call that starts now ends: monotonic ns, or QV_NEVER.
int64_t qv_sock_deadline(const QvSocket *s);
// Makes the call, waiting as the socket's timeout says: -1 with an exception.
QV_RUNS QV_BLOCKS ssize_t qv_sock_call(QvInterp *qi, QvSocket *s, QvSockCall *c, int64_t deadline);
// Waits for events: 1, 0 when the deadline has passed, -1 with an exception.
QV_RUNS QV_BLOCKS int qv_sock_wait(QvInterp *qi, QvSocket *s, short events, int64_t deadline);
QvObj *qv_sock_timed_out(QvInterp *qi); // raises TimeoutError: NULL
// Sets whether the descriptor blocks: 0, -1 with errno.
int qv_sock_set_blocking(int fd, bool blocking);

// ---- address.c ----------------------------------------------------------------------------------

// An address from Python for a socket; caller names the function in messages. 0/-1.
QV_RUNS QV_BLOCKS int qv_sock_addr_get(QvInterp *qi, const QvSocket *s, QvObj *o,
                                       const char *caller, QvSockAddr *ret);
// An address for Python; len 0: None. fd is a socket to ask for names of interfaces, or -1.
QvObj *qv_sock_addr_make(QvInterp *qi, int fd, const struct sockaddr *sa, size_t len);

// ---- resolve.c ----------------------------------------------------------------------------------

// A host name as bytes for the system.
typedef struct QvSockHost {
    const char *s;
    QvObj *bytes; // owned; holds s
} QvSockHost;
QV_RUNS int qv_sock_host_get(QvInterp *qi, QvObj *o, QvSockHost *ret);
void qv_sock_host_release(QvInterp *qi, QvSockHost *host);

// The address of a host, port 0: 0/-1. family may be AF_UNSPEC.
QV_RUNS QV_BLOCKS int qv_sock_resolve(QvInterp *qi, const char *name, int family, QvSockAddr *ret);

// A C string of a str argument without zeros: 0/-1.
int qv_sock_cstr(QvInterp *qi, QvObj *o, const char *func, int argument, QvUtf8 *ret);

SOCK_FN(qv_socket_getaddrinfo);
SOCK_FN(qv_socket_getnameinfo);
SOCK_FN(qv_socket_gethostbyname);
SOCK_FN(qv_socket_gethostbyname_ex);
SOCK_FN(qv_socket_gethostbyaddr);
SOCK_FN(qv_socket_getservbyname);
SOCK_FN(qv_socket_getservbyport);
SOCK_FN(qv_socket_getprotobyname);

// ---- convert.c ----------------------------------------------------------------------------------

SOCK_FN(qv_socket_ntohs);
SOCK_FN(qv_socket_htons);
SOCK_FN(qv_socket_ntohl);
SOCK_FN(qv_socket_htonl);
SOCK_FN(qv_socket_inet_aton);
SOCK_FN(qv_socket_inet_ntoa);
SOCK_FN(qv_socket_inet_pton);
SOCK_FN(qv_socket_inet_ntop);
SOCK_FN(qv_socket_cmsg_len);
SOCK_FN(qv_socket_cmsg_space);
bool qv_sock_cmsg_len(size_t n, size_t *ret);   // CMSG_LEN; false: too large
bool qv_sock_cmsg_space(size_t n, size_t *ret); // CMSG_SPACE; false: too large

// ---- object.c, message.c ------------------------------------------------------------------------

// A timeout argument in ns: None is -1. 0/-1.
int qv_sock_timeout_get(QvInterp *qi, QvObj *o, int64_t *ret);
QvObj *qv_sock_timeout_make(QvInterp *qi, int64_t timeout);

SOCK_FN(qv_sock_recv);
SOCK_FN(qv_sock_recv_into);
SOCK_FN(qv_sock_recvfrom);
SOCK_FN(qv_sock_recvfrom_into);
SOCK_FN(qv_sock_send);
SOCK_FN(qv_sock_sendall);
SOCK_FN(qv_sock_sendto);
SOCK_FN(qv_sock_recvmsg);
SOCK_FN(qv_sock_recvmsg_into);
SOCK_FN(qv_sock_sendmsg);

#endif
